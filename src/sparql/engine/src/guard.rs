// SPDX-License-Identifier: Apache-2.0
//! What is refused from the algebra before planning: constructs provgate does not run, and sizes the planner or the
//! joins cannot take. (The planner is about cubic in joined patterns, plans each OPTIONAL inside OPTIONAL twice, and
//! cannot be stopped.)

use crate::algebra::{expressions, inners, operands, pattern_of};
use crate::{functions, numbers};
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, Function, GraphPattern};
use spargebra::Query;

pub const MAX_PATTERNS: usize = 128;
pub const MAX_NODES: usize = 5_000;
pub const MAX_CHAIN: usize = 400;
pub const MAX_OPTIONAL_DEPTH: usize = 8;
/// Triple patterns squared times variables: about half a second of planning.
pub const MAX_PLANNING: usize = 1_000_000;
pub const MAX_PRODUCT: u64 = 1_000_000;

const CASTS: [&str; 17] = [
    "boolean",
    "double",
    "float",
    "decimal",
    "integer",
    "dateTime",
    "string",
    "date",
    "time",
    "duration",
    "dayTimeDuration",
    "yearMonthDuration",
    "gYear",
    "gYearMonth",
    "gMonth",
    "gMonthDay",
    "gDay",
];

pub fn judge(query: &Query) -> Result<(), String> {
    let pattern = pattern_of(query);
    let mut seen = Seen::default();
    seen.pattern(pattern, 0, 0)?;
    if seen.patterns > MAX_PATTERNS {
        return Err(format!(
            "the query joins {} triple patterns; at most {MAX_PATTERNS} can be planned",
            seen.patterns
        ));
    }
    let mut variables = std::collections::HashSet::new();
    count_variables(pattern, &mut variables);
    if seen.patterns * seen.patterns * variables.len() > MAX_PLANNING {
        return Err(format!(
            "the query joins {} triple patterns over {} variables; that is too much to plan",
            seen.patterns,
            variables.len()
        ));
    }
    Ok(())
}

fn count_variables(pattern: &GraphPattern, variables: &mut std::collections::HashSet<oxrdf::Variable>) {
    pattern.on_in_scope_variable(|v| _ = variables.insert(v.clone()));
}

#[derive(Default)]
struct Seen {
    nodes: usize,
    patterns: usize,
}

type Judged = Result<(), String>;

impl Seen {
    fn node(&mut self) -> Judged {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(format!("the query has more than {MAX_NODES} algebra nodes"));
        }
        Ok(())
    }

    fn pattern(&mut self, pattern: &GraphPattern, chain: usize, optional: usize) -> Judged {
        self.node()?;
        if chain > MAX_CHAIN {
            return Err(format!("the query chains more than {MAX_CHAIN} graph patterns"));
        }
        let chain = chain + 1;
        if rows_without_source(pattern) > MAX_PRODUCT {
            return Err(format!("VALUES and UNION in the query multiply to more than {MAX_PRODUCT} rows"));
        }
        let mut deeper = optional;
        match pattern {
            GraphPattern::Bgp { patterns } => self.patterns += patterns.len(),
            GraphPattern::Path { .. } => self.patterns += 1,
            GraphPattern::Values { bindings, .. } => self.nodes += bindings.len() / 16,
            GraphPattern::LeftJoin { .. } if optional >= MAX_OPTIONAL_DEPTH => {
                return Err(format!("OPTIONAL nests deeper than {MAX_OPTIONAL_DEPTH}"));
            }
            GraphPattern::LeftJoin { .. } => deeper += 1,
            GraphPattern::Lateral { .. } => return Err("LATERAL is not SPARQL 1.1".into()),
            GraphPattern::Service { name, .. } => {
                return Err(format!("SERVICE {name} is refused: queries never leave this machine"))
            }
            GraphPattern::Group { aggregates, .. } => {
                for (_, aggregate) in aggregates {
                    if let AggregateExpression::FunctionCall { name: AggregateFunction::Custom(name), .. } = aggregate {
                        return Err(format!("unknown aggregate function {name}"));
                    }
                }
            }
            _ => (),
        }
        expressions(pattern).into_iter().try_for_each(|e| self.expression(e))?;
        // Only the right side of OPTIONAL lies deeper.
        inners(pattern)
            .into_iter()
            .enumerate()
            .try_for_each(|(i, p)| self.pattern(p, chain, if i == 0 { optional } else { deeper }))
    }

    fn expression(&mut self, expression: &Expression) -> Judged {
        self.node()?;
        if let Expression::Exists(inner) = expression {
            return self.pattern(inner, 0, 0);
        }
        if let Expression::FunctionCall(Function::Custom(name), _) = expression {
            let cast = name.as_str().strip_prefix("http://www.w3.org/2001/XMLSchema#");
            if !cast.is_some_and(|c| CASTS.contains(&c) || numbers::wider(c).is_some()) {
                return Err(format!("unknown function {name}"));
            }
        }
        if let Expression::FunctionCall(function @ (Function::Regex | Function::Replace), list) = expression {
            let flags = list.get(if *function == Function::Regex { 2 } else { 3 });
            let flags = flags.map_or(Some(""), |f| if let Expression::Literal(l) = f { Some(l.value()) } else { None });
            // The evaluator would take a constant that it does not know for one without matches.
            if let (Some(Expression::Literal(pattern)), Some(flags)) = (list.get(1), flags) {
                if let Some(why) = functions::foreign(pattern.value(), flags) {
                    return Err(why.into());
                }
            }
        }
        operands(expression).into_iter().try_for_each(|e| self.expression(e))
    }
}

/// An upper bound of the rows a pattern makes out of the query text alone; what reads the source counts as one row.
fn rows_without_source(pattern: &GraphPattern) -> u64 {
    match pattern {
        GraphPattern::Values { bindings, .. } => bindings.len() as u64,
        GraphPattern::Join { left, right } | GraphPattern::Lateral { left, right } => {
            rows_without_source(left).saturating_mul(rows_without_source(right))
        }
        GraphPattern::LeftJoin { left, right, .. } => {
            rows_without_source(left).saturating_mul(rows_without_source(right).max(1))
        }
        GraphPattern::Union { left, right } => rows_without_source(left).saturating_add(rows_without_source(right)),
        GraphPattern::Minus { left, .. } => rows_without_source(left),
        GraphPattern::Slice { inner, length, .. } => {
            rows_without_source(inner).min(length.map_or(u64::MAX, |n| n as u64))
        }
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Graph { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Group { inner, .. }
        | GraphPattern::Service { inner, .. } => rows_without_source(inner),
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => 1,
    }
}
