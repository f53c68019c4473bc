//! SHACL pre-binding (SHACL, 5.3.2 and appendix A): values stand in for variables in the whole query, also where
//! SPARQL's scoping would hide them. Six constructs are refused; $PATH is put in before parsing (`scan.rs`).

use crate::functions;
use oxrdf::{NamedNode, Term, Variable};
use spargebra::algebra::{AggregateExpression, Expression, Function, GraphPattern, OrderExpression};
use spargebra::term::{NamedNodePattern, TermPattern};
use spargebra::Query;
use std::collections::HashMap;

/// Stands for a blank node where SPARQL has no syntax for one; `dataset.rs` turns it back.
pub const BLANK: &str = " blank:"; // no query can write an IRI with a space

pub type Values = HashMap<Variable, Term>;

/// A variable that may be pre-bound. An optional one ($shapesGraph, $currentShape) need not be projected by sub-SELECTs.
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
    match pattern {
        GraphPattern::Minus { .. } => return Err("MINUS cannot be used with pre-bound variables".into()),
        GraphPattern::Values { .. } => return Err("VALUES cannot be used with pre-bound variables".into()),
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
    let top = top && matches!(pattern, GraphPattern::Slice { .. } | GraphPattern::Distinct { .. } | GraphPattern::Reduced { .. });
    for e in expressions(pattern) {
        judge_expression(e, slots)?;
    }
    inners(pattern).into_iter().try_for_each(|p| judge_pattern(p, slots, top))
}

fn judge_expression(expression: &Expression, slots: &[Slot]) -> Result<(), String> {
    if let Expression::Exists(inner) = expression {
        return judge_pattern(inner, slots, false);
    }
    crate::guard::children(expression).into_iter().try_for_each(|e| judge_expression(e, slots))
}

fn inners(pattern: &GraphPattern) -> Vec<&GraphPattern> {
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Values { .. } => Vec::new(),
        GraphPattern::Join { left, right }
        | GraphPattern::LeftJoin { left, right, .. }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right } => vec![left, right],
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Graph { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. }
        | GraphPattern::Group { inner, .. }
        | GraphPattern::Service { inner, .. } => vec![inner],
    }
}

fn expressions(pattern: &GraphPattern) -> Vec<&Expression> {
    match pattern {
        GraphPattern::LeftJoin { expression, .. } => expression.iter().collect(),
        GraphPattern::Filter { expr, .. } => vec![expr],
        GraphPattern::Extend { expression, .. } => vec![expression],
        GraphPattern::OrderBy { expression, .. } => expression.iter().map(|(OrderExpression::Asc(e) | OrderExpression::Desc(e))| e).collect(),
        GraphPattern::Group { aggregates, .. } => aggregates
            .iter()
            .filter_map(|(_, a)| match a {
                AggregateExpression::FunctionCall { expr, .. } => Some(expr),
                AggregateExpression::CountSolutions { .. } => None,
            })
            .collect(),
        _ => Vec::new(),
    }
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
        GraphPattern::Values { .. } => (),
        GraphPattern::Join { left, right }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right } => {
            bind_pattern(left, values);
            bind_pattern(right, values);
        }
        GraphPattern::LeftJoin { left, right, expression } => {
            bind_pattern(left, values);
            bind_pattern(right, values);
            if let Some(e) = expression {
                bind_expression(e, values);
            }
        }
        GraphPattern::Filter { expr, inner } => {
            bind_expression(expr, values);
            bind_pattern(inner, values);
        }
        GraphPattern::Graph { name, inner } => {
            bind_pattern(inner, values);
            if !bind_name(name, values) {
                *pattern = nothing();
            }
        }
        GraphPattern::Extend { inner, expression, .. } => {
            bind_expression(expression, values);
            bind_pattern(inner, values);
        }
        GraphPattern::OrderBy { inner, expression } => {
            for OrderExpression::Asc(e) | OrderExpression::Desc(e) in expression {
                bind_expression(e, values);
            }
            bind_pattern(inner, values);
        }
        GraphPattern::Project { inner, variables } => {
            bind_pattern(inner, values);
            extend(inner, variables, values);
        }
        GraphPattern::Group { inner, variables, aggregates } => {
            bind_pattern(inner, values);
            extend(inner, variables, values);
            for (_, aggregate) in aggregates {
                if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                    bind_expression(expr, values);
                }
            }
        }
        GraphPattern::Distinct { inner } | GraphPattern::Reduced { inner } | GraphPattern::Slice { inner, .. } | GraphPattern::Service { inner, .. } => {
            bind_pattern(inner, values);
        }
    }
}

fn bind_expression(expression: &mut Expression, values: &Values) {
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
        Expression::NamedNode(_) | Expression::Literal(_) => (),
        Expression::Exists(inner) => bind_pattern(inner, values),
        Expression::Or(a, b)
        | Expression::And(a, b)
        | Expression::Equal(a, b)
        | Expression::SameTerm(a, b)
        | Expression::Greater(a, b)
        | Expression::GreaterOrEqual(a, b)
        | Expression::Less(a, b)
        | Expression::LessOrEqual(a, b)
        | Expression::Add(a, b)
        | Expression::Subtract(a, b)
        | Expression::Multiply(a, b)
        | Expression::Divide(a, b) => {
            bind_expression(a, values);
            bind_expression(b, values);
        }
        Expression::UnaryPlus(a) | Expression::UnaryMinus(a) | Expression::Not(a) => bind_expression(a, values),
        Expression::If(a, b, c) => [a, b, c].into_iter().for_each(|e| bind_expression(e, values)),
        Expression::In(a, list) => {
            bind_expression(a, values);
            list.iter_mut().for_each(|e| bind_expression(e, values));
        }
        Expression::Coalesce(list) | Expression::FunctionCall(_, list) => list.iter_mut().for_each(|e| bind_expression(e, values)),
    }
}
