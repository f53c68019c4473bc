// SPDX-License-Identifier: Apache-2.0
//! A prepared query: parsed, judged and rewritten once; run for one set of bindings after the other.

use crate::budget::{raise, Budget, Stop};
use crate::dataset::{graphs_of, View};
use crate::ffi::{RunOptions, Sink, Source};
use crate::output::{self, Output};
use crate::{algebra, forms, functions, graphs, guard, order, paths, prebind, rewrite, scan, syntax, term};
use oxrdf::{GraphName, Variable};
use spareval::{QueryEvaluator, QueryResults, QuerySolutionIter};
use spargebra::algebra::GraphPattern;
use spargebra::{Query, SparqlParser};
use std::time::{Duration, Instant};

pub enum Refusal {
    Refused(String),
    Syntax { line: u32, column: u32, message: String },
}

/// SELECT * gives its variables as the text first names them.
fn order_star(query: &mut Query, text: &str) {
    let tokens = syntax::tokens(text);
    let words = || tokens.iter().map(|t| &text[t.clone()]);
    let select = words().position(|w| w.eq_ignore_ascii_case("SELECT"));
    let star = select.is_some_and(|at| {
        words().skip(at + 1).find(|w| !["DISTINCT", "REDUCED"].iter().any(|k| w.eq_ignore_ascii_case(k))) == Some("*")
    });
    let Query::Select { pattern, .. } = query else { return };
    if !star {
        return;
    }
    let mut rest = pattern;
    while let GraphPattern::Slice { inner, .. } | GraphPattern::Distinct { inner } | GraphPattern::Reduced { inner } =
        rest
    {
        rest = inner;
    }
    if let GraphPattern::Project { variables, .. } = rest {
        variables.sort_by_cached_key(|v| {
            words().position(|w| w.strip_prefix(['?', '$']) == Some(v.as_str())).unwrap_or(usize::MAX)
        });
    }
}

pub struct Prepared {
    query: Query,
    dataset: Option<spargebra::algebra::QueryDataset>,
    order: Option<order::Plan>,
    slots: Vec<prebind::Slot>,
    /// Whether a path may have length zero from a constant (any end may be one once it is bound).
    zero_length: bool,
    /// Whether a GRAPH is to be spelled out over the named graphs.
    by_graph: bool,
    /// Whether it asks for the form of a term.
    forms: bool,
}

impl Prepared {
    /// `slots`: names of variables that will be pre-bound; one that begins with `?` is optional.
    pub fn new(text: &str, slots: &[&str], path: Option<&str>) -> Result<Self, Refusal> {
        let text = scan::admit(text, path).map_err(Refusal::Refused)?;
        let mut query = SparqlParser::new().parse_query(&text).map_err(|e| {
            let (line, column, message) = syntax::explain(&text, &e.to_string());
            Refusal::Syntax { line, column, message }
        })?;
        let slots: Vec<_> = slots
            .iter()
            .map(|name| prebind::Slot {
                variable: Variable::new_unchecked(name.trim_start_matches('?')),
                optional: name.starts_with('?'),
            })
            .collect();
        if !slots.is_empty() {
            prebind::judge(&query, &slots).map_err(Refusal::Refused)?;
            let (Query::Select { dataset, .. }
            | Query::Construct { dataset, .. }
            | Query::Describe { dataset, .. }
            | Query::Ask { dataset, .. }) = &query;
            if dataset.is_some() {
                return Err(Refusal::Refused(
                    "FROM cannot be used with pre-bound variables: the query is about the data graph".into(),
                ));
            }
        }
        guard::judge(&query).map_err(Refusal::Refused)?;
        rewrite::rewrite(&mut query);
        order_star(&mut query, &text);
        let (Query::Select { dataset, .. }
        | Query::Construct { dataset, .. }
        | Query::Describe { dataset, .. }
        | Query::Ask { dataset, .. }) = &mut query;
        let dataset = dataset.take();
        let order = order::take(&mut query);
        rewrite::rank_orders(algebra::pattern_of_mut(&mut query));
        let zero_length = paths::has_zero_length(algebra::pattern_of_mut(&mut query), !slots.is_empty());
        let by_graph = graphs::needed(algebra::pattern_of(&query));
        let forms = forms::needed(algebra::pattern_of(&query));
        Ok(Self { query, dataset, order, slots, zero_length, by_graph, forms })
    }

    /// 0 SELECT, 1 ASK, 2 CONSTRUCT, 3 DESCRIBE.
    pub fn kind(&self) -> u32 {
        match self.query {
            Query::Select { .. } => 0,
            Query::Ask { .. } => 1,
            Query::Construct { .. } => 2,
            Query::Describe { .. } => 3,
        }
    }

    /// The projected variables, in order.
    pub fn variables(&self) -> Vec<Variable> {
        let Query::Select { pattern, .. } = &self.query else { return Vec::new() };
        let mut names = Vec::new();
        pattern.on_in_scope_variable(|v| {
            if !names.contains(v) {
                names.push(v.clone());
            }
        });
        if let Some(order) = &self.order {
            names.truncate(order.width());
        }
        names
    }

    /// Runs the query once for each set of bindings (`options.sets`; once without any). Counts rows into `rows`.
    pub fn run(
        &self,
        source: &Source,
        options: &RunOptions,
        sink: &Sink,
        rows: &std::cell::Cell<u64>,
    ) -> Result<(), String> {
        let end = (options.deadline_ms > 0).then(|| Instant::now() + Duration::from_millis(options.deadline_ms));
        let _budget = Budget::start(end, options.max_memory, options.cancel);
        let evaluator = functions::evaluator();
        if self.slots.is_empty() {
            return self.run_once(self.query.clone(), source, options, sink, rows, evaluator, 0);
        }
        for set in 0..options.sets {
            let mut query = self.query.clone();
            let values = self
                .slots
                .iter()
                .enumerate()
                .filter_map(|(i, slot)| {
                    // Safety: run() requires sets × slots texts.
                    let text = unsafe { (*options.bindings.add(set * self.slots.len() + i)).get() }?;
                    Some((slot.variable.clone(), term::parse(text)))
                })
                .collect();
            prebind::bind(&mut query, &values);
            self.run_once(query, source, options, sink, rows, evaluator, set as u32)?;
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments)]
    fn run_once(
        &self,
        mut query: Query,
        source: &Source,
        options: &RunOptions,
        sink: &Sink,
        rows: &std::cell::Cell<u64>,
        evaluator: &QueryEvaluator,
        set: u32,
    ) -> Result<(), String> {
        let view = View::new(source, graphs_of(source, self.dataset.as_ref()), self.forms);
        if self.forms {
            forms::rewrite(algebra::pattern_of_mut(&mut query));
        }
        view.defer(self.order.is_some());
        if self.by_graph {
            graphs::spell_out(algebra::pattern_of_mut(&mut query), &view)?;
        }
        if self.zero_length {
            paths::complete(algebra::pattern_of_mut(&mut query), &|term, graph| view.lacks(term, graph));
        }
        let mut prepared = evaluator.prepare(&query);
        prepared.dataset_mut().set_default_graph(vec![GraphName::DefaultGraph]);
        let count = || {
            rows.set(rows.get() + 1);
            if rows.get() > options.max_rows {
                rows.set(options.max_rows);
                raise(Stop::Rows);
            }
        };
        // The last steps of a query may not have been looked at.
        let over = crate::budget::check;
        match prepared.execute(view.clone()).map_err(|e| e.to_string())? {
            QueryResults::Boolean(value) => {
                over();
                output::boolean(sink, options.format, set, value)?;
            }
            QueryResults::Graph(triples) => {
                let mut out = Output::triples(sink, options.format)?;
                for triple in triples {
                    count();
                    out.triple(triple.map_err(|e| e.to_string())?);
                }
                over();
                out.finish();
            }
            QueryResults::Solutions(solutions) => self.rows(solutions, &view, options, sink, set, &count)?,
        }
        Ok(())
    }

    /// Writes the rows of a SELECT, sorted where the query says so.
    fn rows(
        &self,
        solutions: QuerySolutionIter<'_>,
        view: &View<'_>,
        options: &RunOptions,
        sink: &Sink,
        set: u32,
        count: &dyn Fn(),
    ) -> Result<(), String> {
        let names = solutions.variables().to_vec();
        let width = self.order.as_ref().map_or(names.len(), order::Plan::width);
        let mut out = Output::solutions(sink, options.format, set, &names[..width])?;
        let mut failure = None;
        let mut cells = solutions.map_while(|s| match s {
            Ok(s) => Some(s.values().to_vec()),
            Err(e) => {
                failure = Some(e.to_string());
                None
            }
        });
        if let Some(order) = &self.order {
            let sorted = order.sort(&mut cells, |t| view.resolve(t));
            for row in sorted {
                count();
                let row: Vec<_> = row.iter().map(|c| c.as_ref().map(|t| view.resolve(t))).collect();
                out.row(&row);
            }
        } else {
            for row in &mut cells {
                count();
                out.row(&row);
            }
        }
        drop(cells);
        if let Some(why) = failure {
            return Err(why);
        }
        crate::budget::check();
        out.finish();
        Ok(())
    }
}
