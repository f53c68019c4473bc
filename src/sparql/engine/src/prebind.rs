// SPDX-License-Identifier: Apache-2.0
//! SHACL pre-binding (SHACL, 5.3.2 and appendix A): values stand in for variables in the whole query, also where
//! SPARQL's scoping would hide them. Six constructs are refused; $PATH is put in before parsing (`scan.rs`).

use crate::algebra::{expressions, expressions_mut, inners, inners_mut, operands, operands_mut};
use crate::functions;
use oxrdf::{NamedNode, Term, Variable};
use spargebra::algebra::{Expression, Function, GraphPattern};
use spargebra::term::{NamedNodePattern, TermPattern};
use spargebra::Query;
use std::collections::HashMap;

/// Stands for a blank node where SPARQL has no syntax for one; `dataset.rs` turns it back.
pub const BLANK: &str = " blank:"; // no query can write an IRI with a space

pub type Values = HashMap<Variable, Term>;

/// A variable that may be pre-bound. An optional one ($shapesGraph, $currentShape) need not be projected by
/// sub-SELECTs.
pub struct Slot {
    pub variable: Variable,
    pub optional: bool,
}

pub fn judge(query: &Query, slots: &[Slot]) -> Result<(), String> {
    match query {
        Query::Select { pattern, .. } | Query::Ask { pattern, .. } => judge_pattern(pattern, slots, true),
        _ => Err("only SELECT and ASK can be pre-bound".into()),
    }
}

fn judge_pattern(pattern: &GraphPattern, slots: &[Slot], top: bool) -> Result<(), String> {
    let assigned = |v: &Variable| slots.iter().any(|s| s.variable == *v);
    // The query of a target without parameters has optional ones only: nothing that MINUS or VALUES could hide.
    let bound = slots.iter().any(|s| !s.optional);
    match pattern {
        GraphPattern::Minus { .. } if bound => return Err("MINUS cannot be used with pre-bound variables".into()),
        GraphPattern::Values { .. } if bound => return Err("VALUES cannot be used with pre-bound variables".into()),
        GraphPattern::Service { .. } => return Err("SERVICE cannot be used with pre-bound variables".into()),
        GraphPattern::Extend { variable, .. } if assigned(variable) => {
            return Err(format!("AS {variable} assigns a pre-bound variable"));
        }
        GraphPattern::Project { variables, .. } if !top => {
            if let Some(slot) = slots.iter().find(|s| !s.optional && !variables.contains(&s.variable)) {
                return Err(format!("a sub-SELECT does not project the pre-bound variable {}", slot.variable));
            }
        }
        GraphPattern::Group { aggregates, .. } => {
            if let Some((v, _)) = aggregates.iter().find(|(v, _)| assigned(v)) {
                return Err(format!("AS {v} assigns a pre-bound variable"));
            }
        }
        _ => (),
    }
    // The projection of the query itself stands under its modifiers.
    let top = top
        && matches!(pattern, GraphPattern::Slice { .. } | GraphPattern::Distinct { .. } | GraphPattern::Reduced { .. });
    for e in expressions(pattern) {
        judge_expression(e, slots)?;
    }
    inners(pattern).into_iter().try_for_each(|p| judge_pattern(p, slots, top))
}

fn judge_expression(expression: &Expression, slots: &[Slot]) -> Result<(), String> {
    if let Expression::Exists(inner) = expression {
        return judge_pattern(inner, slots, false);
    }
    operands(expression).into_iter().try_for_each(|e| judge_expression(e, slots))
}

pub fn bind(query: &mut Query, values: &Values) {
    if values.is_empty() {
        return;
    }
    if let Query::Select { pattern, .. } | Query::Ask { pattern, .. } = query {
        bind_pattern(pattern, values);
    }
}

fn constant(term: &Term) -> TermPattern {
    match term {
        Term::NamedNode(n) => TermPattern::NamedNode(n.clone()),
        Term::BlankNode(b) => TermPattern::NamedNode(NamedNode::new_unchecked(format!("{BLANK}{}", b.as_str()))),
        Term::Literal(l) => TermPattern::Literal(l.clone()),
    }
}

fn bind_end(end: &mut TermPattern, values: &Values) {
    if let TermPattern::Variable(v) = end {
        if let Some(term) = values.get(v) {
            *end = constant(term);
        }
    }
}

/// False when the value can be no predicate or graph name: the pattern then matches nothing.
fn bind_name(name: &mut NamedNodePattern, values: &Values) -> bool {
    let NamedNodePattern::Variable(v) = &*name else { return true };
    let Some(term) = values.get(v) else { return true };
    let TermPattern::NamedNode(node) = constant(term) else { return false };
    *name = NamedNodePattern::NamedNode(node);
    true
}

fn nothing() -> GraphPattern {
    GraphPattern::Values { variables: Vec::new(), bindings: Vec::new() }
}

fn extend(inner: &mut Box<GraphPattern>, variables: &[Variable], values: &Values) {
    for v in variables {
        if let Some(term) = values.get(v) {
            let old = std::mem::replace(&mut **inner, nothing());
            **inner = GraphPattern::Extend { inner: Box::new(old), variable: v.clone(), expression: value(term) };
        }
    }
}

fn value(term: &Term) -> Expression {
    match term {
        Term::NamedNode(n) => Expression::NamedNode(n.clone()),
        Term::Literal(l) => Expression::Literal(l.clone()),
        Term::BlankNode(b) => {
            let label = oxrdf::Literal::new_simple_literal(b.as_str());
            Expression::FunctionCall(Function::Custom(functions::blank_name()), vec![Expression::Literal(label)])
        }
    }
}

fn bind_pattern(pattern: &mut GraphPattern, values: &Values) {
    match pattern {
        GraphPattern::Bgp { patterns } => {
            let mut possible = true;
            for t in patterns.iter_mut() {
                bind_end(&mut t.subject, values);
                bind_end(&mut t.object, values);
                possible &= bind_name(&mut t.predicate, values);
            }
            if !possible {
                *pattern = nothing();
            }
        }
        GraphPattern::Path { subject, object, .. } => {
            bind_end(subject, values);
            bind_end(object, values);
        }
        GraphPattern::Graph { name, .. } => {
            if !bind_name(name, values) {
                *pattern = nothing();
            }
        }
        _ => (),
    }
    expressions_mut(pattern).into_iter().for_each(|e| bind_expression(e, values));
    inners_mut(pattern).into_iter().for_each(|p| bind_pattern(p, values));
    if let GraphPattern::Project { inner, variables } | GraphPattern::Group { inner, variables, .. } = pattern {
        extend(inner, variables, values);
    }
}

fn bind_expression(expression: &mut Expression, values: &Values) {
    operands_mut(expression).into_iter().for_each(|e| bind_expression(e, values));
    match expression {
        Expression::Variable(v) => {
            if let Some(term) = values.get(v) {
                *expression = value(term);
            }
        }
        Expression::Bound(v) => {
            if values.contains_key(v) {
                *expression = Expression::Literal(true.into());
            }
        }
        Expression::Exists(inner) => bind_pattern(inner, values),
        _ => (),
    }
}
