// SPDX-License-Identifier: Apache-2.0
//! The evaluator computes with values: of "01"^^xsd:int it keeps 1 and that it is an xsd:integer. STR, DATATYPE, MIN,
//! MAX, SAMPLE and GROUP_CONCAT of a variable are about the term itself (SPARQL 1.1, 17.4.2.5, 17.4.2.7, 18.5.1). The
//! term that was read last is remembered, and these, which take it at once, ask for it. A term on its way back wears a
//! mark as its datatype.

use crate::algebra::{expressions_mut, inners_mut, operands_mut};
use crate::{numbers, order};
use oxrdf::{Literal, NamedNode, Term};
use spareval::{AggregateFunctionAccumulator, QueryEvaluator};
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, Function, GraphPattern};
use std::cell::RefCell;
use std::cmp::Ordering;

const MARK: &str = "urn:x-provgate:form:";

thread_local! {
    static LAST: RefCell<Option<Term>> = const { RefCell::new(None) };
}

/// Called with each term that the evaluator reads to compute with.
pub fn note(term: &Term) {
    LAST.with(|last| *last.borrow_mut() = Some(term.clone()));
}

/// The term behind what a variable just gave.
fn taken(given: &Term) -> Term {
    LAST.with(|last| last.borrow_mut().take()).unwrap_or_else(|| given.clone())
}

/// A literal that keeps its form on its way through the evaluator; nothing may compute with it.
pub fn marked(term: Term) -> Term {
    match term {
        Term::Literal(l) if l.language().is_none() && l.datatype() != oxrdf::vocab::xsd::STRING => {
            Literal::new_typed_literal(l.value(), NamedNode::new_unchecked(format!("{MARK}{}", l.datatype().as_str())))
                .into()
        }
        other => other,
    }
}

/// Takes the mark off.
pub fn restored(term: Term) -> Term {
    match &term {
        Term::Literal(l) => match l.datatype().as_str().strip_prefix(MARK) {
            Some(datatype) => Literal::new_typed_literal(l.value(), NamedNode::new_unchecked(datatype)).into(),
            None => term,
        },
        _ => term,
    }
}

fn name(what: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("urn:x-provgate:fn:{what}"))
}

/// STR of a term.
fn form(term: &Term) -> Option<Term> {
    match term {
        Term::NamedNode(node) => Some(Literal::new_simple_literal(node.as_str()).into()),
        Term::Literal(l) => Some(Literal::new_simple_literal(l.value()).into()),
        Term::BlankNode(_) => None,
    }
}

fn datatype(term: &Term) -> Option<Term> {
    match term {
        Term::Literal(l) => Some(l.datatype().into_owned().into()),
        _ => None,
    }
}

pub fn register(evaluator: QueryEvaluator) -> QueryEvaluator {
    evaluator
        .with_custom_function(name("form"), |operands| form(&taken(operands.first()?)))
        .with_custom_function(name("datatype"), |operands| datatype(&taken(operands.first()?)))
        .with_custom_function(name("is-numeric"), |operands| numeric(&taken(operands.first()?)))
        .with_custom_function(name("strdt-marked"), |operands| typed(operands).map(marked))
        .with_custom_aggregate_function(name("min"), || {
            Box::new(Kept { best: None, keep: |new, old| order::compare(new, old) == Ordering::Less })
        })
        .with_custom_aggregate_function(name("max"), || {
            Box::new(Kept { best: None, keep: |new, old| order::compare(new, old) == Ordering::Greater })
        })
        .with_custom_aggregate_function(name("sample"), || Box::new(Kept { best: None, keep: |_, _| false }))
}

/// One term of many.
struct Kept {
    best: Option<Term>,
    keep: fn(&Term, &Term) -> bool,
}

impl AggregateFunctionAccumulator for Kept {
    fn accumulate(&mut self, element: Term) {
        let element = taken(&element);
        numbers::judge(&element);
        if self.best.as_ref().is_none_or(|best| (self.keep)(&element, best)) {
            self.best = Some(element);
        }
    }

    fn finish(&mut self) -> Option<Term> {
        self.best.take().map(marked)
    }
}

/// Whether a pattern holds anything that `rewrite` changes.
pub fn needed(pattern: &GraphPattern) -> bool {
    rewrite(&mut pattern.clone())
}

/// Puts them in, once the values of pre-bound variables are. Says whether there was any.
pub fn rewrite(pattern: &mut GraphPattern) -> bool {
    let mut any = false;
    for inner in inners_mut(pattern) {
        any |= rewrite(inner);
    }
    if let GraphPattern::Group { aggregates, .. } = pattern {
        for (_, aggregate) in aggregates {
            any |= aggregated(aggregate);
        }
    }
    for expression in expressions_mut(pattern) {
        any |= rewrite_in(expression);
    }
    if let GraphPattern::Extend { expression, .. } = pattern {
        any |= keep_narrow(expression);
    }
    any
}

fn aggregated(aggregate: &mut AggregateExpression) -> bool {
    let AggregateExpression::FunctionCall { name: function, expr, .. } = aggregate else { return false };
    // It is about texts (18.5.1.7), and the evaluator takes strings only.
    if let AggregateFunction::GroupConcat { .. } = function {
        let inner = std::mem::replace(expr, Expression::Literal(false.into()));
        *expr = Expression::FunctionCall(Function::Str, vec![inner]);
        return true;
    }
    let variable = match &*expr {
        Expression::Variable(v) => v.clone(),
        Expression::FunctionCall(Function::Custom(f), list) if *f == name("held") => match &list[..] {
            [Expression::Variable(v)] => v.clone(),
            _ => return false,
        },
        _ => return false,
    };
    match function {
        AggregateFunction::Min => *function = AggregateFunction::Custom(name("min")),
        AggregateFunction::Max => *function = AggregateFunction::Custom(name("max")),
        AggregateFunction::Sample => *function = AggregateFunction::Custom(name("sample")),
        _ => return false,
    }
    *expr = variable.into();
    true
}

/// What STR, DATATYPE or isNumeric is of a term, and its name as a function of ours.
#[derive(Clone, Copy)]
struct Asked {
    name: &'static str,
    of: fn(&Term) -> Option<Term>,
    function: fn() -> Function,
}

const ASKED: [Asked; 3] = [
    Asked { name: "form", of: form, function: || Function::Str },
    Asked { name: "datatype", of: datatype, function: || Function::Datatype },
    Asked { name: "is-numeric", of: numeric, function: || Function::IsNumeric },
];

fn numeric(term: &Term) -> Option<Term> {
    Some(Literal::from(numbers::is_numeric(term)).into())
}

fn rewrite_in(expression: &mut Expression) -> bool {
    let mut any = false;
    for operand in operands_mut(expression) {
        any |= rewrite_in(operand);
    }
    if let Expression::Exists(inner) = expression {
        return rewrite(inner);
    }
    let Expression::FunctionCall(function, list) = expression else { return any };
    let Some(asked) = ASKED.iter().find(|a| (a.function)() == *function) else { return any };
    if list.len() == 1 {
        let operand = list.remove(0);
        any = true;
        *expression = distributed(operand, *asked);
    }
    any
}

/// The question asked of what an expression gives, where that is told by its parts.
fn distributed(operand: Expression, asked: Asked) -> Expression {
    let plain = |operand| Expression::FunctionCall((asked.function)(), vec![operand]);
    match operand {
        Expression::Variable(_) => custom(asked.name, vec![operand]),
        Expression::Literal(literal) => match (asked.of)(&literal.clone().into()) {
            Some(Term::Literal(l)) => l.into(),
            Some(Term::NamedNode(n)) => n.into(),
            _ => plain(literal.into()),
        },
        Expression::If(condition, yes, no) => {
            Expression::If(condition, Box::new(distributed(*yes, asked)), Box::new(distributed(*no, asked)))
        }
        Expression::Coalesce(mut list) if matches!(list.first(), Some(Expression::Variable(_))) => {
            let Expression::Variable(first) = list.remove(0) else { return plain(Expression::Coalesce(list)) };
            let found = distributed(first.clone().into(), asked);
            let rest = match list.len() {
                // Nothing is left, and nothing is bound: an error, as it was.
                0 => plain(Expression::Coalesce(Vec::new())),
                1 => distributed(list.remove(0), asked),
                _ => distributed(Expression::Coalesce(list), asked),
            };
            Expression::If(Box::new(Expression::Bound(first)), Box::new(found), Box::new(rest))
        }
        Expression::FunctionCall(Function::StrDt, list) if list.len() == 2 && asked.name != "is-numeric" => {
            let made = Box::new(Expression::FunctionCall(
                Function::IsLiteral,
                vec![Expression::FunctionCall(Function::StrDt, list.clone())],
            ));
            let part = Box::new(list[usize::from(asked.name == "datatype")].clone());
            Expression::If(made, part.clone(), part)
        }
        // The evaluator holds what a cast to a derived type gives as an integer.
        Expression::FunctionCall(Function::Custom(f), list) if asked.name == "datatype" => {
            match numbers::narrowed(f.as_str()) {
                Some(kind) => {
                    let cast = Expression::FunctionCall(
                        Function::IsLiteral,
                        vec![Expression::FunctionCall(Function::Custom(f), list)],
                    );
                    let kind = Expression::NamedNode(kind);
                    Expression::If(Box::new(cast), Box::new(kind.clone()), Box::new(kind))
                }
                None => plain(Expression::FunctionCall(Function::Custom(f), list)),
            }
        }
        operand => plain(operand),
    }
}

fn custom(what: &str, list: Vec<Expression>) -> Expression {
    Expression::FunctionCall(Function::Custom(name(what)), list)
}

/// A literal that is made and bound to a variable as it is: by STRDT, or a cast to a derived type.
fn keep_narrow(expression: &mut Expression) -> bool {
    let Expression::FunctionCall(function, _) = expression else { return false };
    match function {
        Function::StrDt => *function = Function::Custom(name("strdt-marked")),
        Function::Custom(f) if numbers::narrowed(f.as_str()).is_some() => {
            *f = NamedNode::new_unchecked(format!("{}-marked", f.as_str()))
        }
        _ => return false,
    }
    true
}

/// STRDT (17.4.2.10), of a simple literal.
fn typed(operands: &[Term]) -> Option<Term> {
    match operands {
        [Term::Literal(text), Term::NamedNode(datatype)]
            if text.language().is_none() && text.datatype() == oxrdf::vocab::xsd::STRING =>
        {
            Some(Literal::new_typed_literal(text.value(), datatype.clone()).into())
        }
        _ => None,
    }
}
