// SPDX-License-Identifier: Apache-2.0
//! Rewritings of the algebra before planning. The planner orders joins, but not inside EXISTS: there each simple join
//! becomes a chain of lateral joins that begins where most is bound. Functions that can explode in one step become
//! guarded ones (`functions.rs`).

use crate::algebra::{expressions_mut, inners_mut, operands_mut, pattern_of_mut};
use crate::{exact, functions, numbers, paths};
use oxrdf::Variable;
use spargebra::algebra::{Expression, Function, GraphPattern, OrderExpression};
use spargebra::term::{NamedNodePattern, TermPattern};
use spargebra::Query;
use std::collections::HashSet;

type Scope = HashSet<Variable>;

pub fn rewrite(query: &mut Query) {
    walk(pattern_of_mut(query), None);
    exact::guard(pattern_of_mut(query));
}

/// Sub-SELECTs are sorted by the evaluator, whose order of unlike literals is not a total one, and sorting by such an
/// order may fail. A rank before each key keeps unlike terms apart. (The order at the top is taken off before:
/// `order.rs`.)
pub fn rank_orders(pattern: &mut GraphPattern) {
    if let GraphPattern::OrderBy { expression, .. } = pattern {
        *expression = std::mem::take(expression)
            .into_iter()
            .flat_map(|by| {
                let keys = |e: &Expression| {
                    functions::order_names()
                        .map(|name| Expression::FunctionCall(Function::Custom(name), vec![e.clone()]))
                };
                match by {
                    OrderExpression::Asc(e) => {
                        keys(&e).into_iter().chain([e]).map(OrderExpression::Asc).collect::<Vec<_>>()
                    }
                    OrderExpression::Desc(e) => keys(&e).into_iter().chain([e]).map(OrderExpression::Desc).collect(),
                }
            })
            .collect();
    }
    inners_mut(pattern).into_iter().for_each(rank_orders);
}

/// `bound`: inside EXISTS, the variables the solution outside may bind. (How often a path leads to a node does not
/// count there.)
fn walk(pattern: &mut GraphPattern, bound: Option<&Scope>) {
    paths::loosen(pattern);
    if let Some(scope) = bound {
        if let Some(leaves) = simple_leaves(pattern, None).filter(|l| l.len() > 1) {
            *pattern = chain(leaves, scope.clone());
            return;
        }
    } else {
        paths::unfold(pattern);
    }
    let mut scope: Scope = bound.cloned().unwrap_or_default();
    for inner in inners_mut(pattern) {
        walk(inner, bound);
        inner.on_in_scope_variable(|v| _ = scope.insert(v.clone()));
    }
    expressions_mut(pattern).into_iter().for_each(|e| expr(e, &scope));
}

fn expr(expression: &mut Expression, scope: &Scope) {
    operands_mut(expression).into_iter().for_each(|e| expr(e, scope));
    numbers::widen(expression);
    match expression {
        Expression::Exists(inner) => walk(inner, Some(scope)),
        Expression::FunctionCall(function @ Function::Concat, _) => {
            *function = Function::Custom(functions::concat_name())
        }
        Expression::FunctionCall(function @ Function::Replace, _) => {
            *function = Function::Custom(functions::replace_name())
        }
        // The text is held against the pattern before the engine of regular expressions sees it.
        Expression::FunctionCall(Function::Regex, list) if list.len() >= 2 => {
            let text = std::mem::replace(&mut list[0], Expression::Bound(Variable::new_unchecked("_")));
            list[0] = Expression::FunctionCall(
                Function::Custom(functions::fit_name()),
                [vec![text], list[1..].to_vec()].concat(),
            );
        }
        _ => (),
    }
}

/// The triple patterns and paths of a pattern that is nothing but a join of them; none when there is anything else.
fn simple_leaves(pattern: &GraphPattern, graph: Option<&NamedNodePattern>) -> Option<Vec<GraphPattern>> {
    let wrap = |leaf: GraphPattern| match graph {
        Some(name) => GraphPattern::Graph { name: name.clone(), inner: Box::new(leaf) },
        None => leaf,
    };
    match pattern {
        GraphPattern::Bgp { patterns } => {
            Some(patterns.iter().map(|t| wrap(GraphPattern::Bgp { patterns: vec![t.clone()] })).collect())
        }
        GraphPattern::Path { .. } => Some(vec![wrap(pattern.clone())]),
        GraphPattern::Join { left, right } => {
            let mut leaves = simple_leaves(left, graph)?;
            leaves.extend(simple_leaves(right, graph)?);
            Some(leaves)
        }
        GraphPattern::Graph { name, inner } if graph.is_none() => simple_leaves(inner, Some(name)),
        _ => None,
    }
}

fn chain(mut leaves: Vec<GraphPattern>, mut bound: Scope) -> GraphPattern {
    let mut blanks: HashSet<String> = HashSet::new();
    let mut out: Option<GraphPattern> = None;
    while !leaves.is_empty() {
        let best = (0..leaves.len()).min_by_key(|i| cost(&leaves[*i], &bound, &blanks)).unwrap_or(0);
        let next = leaves.remove(best);
        next.on_in_scope_variable(|v| _ = bound.insert(v.clone()));
        for end in ends(&next) {
            if let TermPattern::BlankNode(b) = end {
                blanks.insert(b.as_str().to_owned());
            }
        }
        out = Some(match out {
            None => next,
            Some(left) => GraphPattern::Lateral { left: Box::new(left), right: Box::new(next) },
        });
    }
    out.unwrap_or(GraphPattern::Bgp { patterns: Vec::new() })
}

fn ends(leaf: &GraphPattern) -> Vec<&TermPattern> {
    match leaf {
        GraphPattern::Bgp { patterns } => patterns.iter().flat_map(|t| [&t.subject, &t.object]).collect(),
        GraphPattern::Path { subject, object, .. } => vec![subject, object],
        GraphPattern::Graph { inner, .. } => ends(inner),
        _ => Vec::new(),
    }
}

/// How many rows a leaf may give, as orders of magnitude, by what is bound.
fn cost(leaf: &GraphPattern, bound: &Scope, blanks: &HashSet<String>) -> u32 {
    let known = |t: &TermPattern| match t {
        TermPattern::Variable(v) => bound.contains(v),
        TermPattern::BlankNode(b) => blanks.contains(b.as_str()),
        TermPattern::NamedNode(_) | TermPattern::Literal(_) => true,
    };
    let (subject, predicate, object) = match leaf {
        GraphPattern::Bgp { patterns } => {
            let Some(t) = patterns.first() else { return 0 };
            let p = match &t.predicate {
                NamedNodePattern::NamedNode(_) => true,
                NamedNodePattern::Variable(v) => bound.contains(v),
            };
            (known(&t.subject), p, known(&t.object))
        }
        GraphPattern::Path { subject, object, .. } => (known(subject), false, known(object)),
        GraphPattern::Graph { inner, .. } => return cost(inner, bound, blanks),
        _ => return 9,
    };
    match (subject, predicate, object) {
        (true, true, true) => 0,
        (true, _, true) => 1,
        (true, true, false) => 2,
        (true, false, false) => 3,
        (false, true, true) => 4,
        (false, false, true) => 5,
        (false, true, false) => 7,
        (false, false, false) => 8,
    }
}
