// SPDX-License-Identifier: Apache-2.0
//! Puts the looks of `numbers.rs` into a pattern: every operation on numbers is followed by one.

use crate::algebra::{expressions_mut, inners_mut, operands, operands_mut};
use crate::numbers::{custom, name, INTEGERS, XSD};
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, Function, GraphPattern};

/// Puts the looks in, everywhere in a pattern.
pub fn guard(pattern: &mut GraphPattern) {
    inners_mut(pattern).into_iter().for_each(guard);
    if let GraphPattern::Group { aggregates, .. } = pattern {
        for (_, aggregate) in aggregates {
            let AggregateExpression::FunctionCall { name: function, expr, .. } = aggregate else { continue };
            match function {
                AggregateFunction::Sum => *function = AggregateFunction::Custom(name("sum")),
                AggregateFunction::Avg => *function = AggregateFunction::Custom(name("avg")),
                AggregateFunction::Min | AggregateFunction::Max => call(expr, "held"),
                _ => (),
            }
        }
    }
    let filter = matches!(pattern, GraphPattern::Filter { .. } | GraphPattern::LeftJoin { .. });
    for e in expressions_mut(pattern) {
        guard_in(e);
        if filter {
            judge_truth(e);
        }
    }
}

fn call(expression: &mut Expression, what: &str) {
    let inner = std::mem::replace(expression, Expression::Literal(false.into()));
    *expression = Expression::FunctionCall(Function::Custom(name(what)), vec![inner]);
}

/// An operand that is asked for its truth and may not be a boolean.
fn judge_truth(expression: &mut Expression) {
    let boolean = matches!(
        expression,
        Expression::Or(..)
            | Expression::And(..)
            | Expression::Equal(..)
            | Expression::SameTerm(..)
            | Expression::Greater(..)
            | Expression::GreaterOrEqual(..)
            | Expression::Less(..)
            | Expression::LessOrEqual(..)
            | Expression::In(..)
            | Expression::Not(_)
            | Expression::Exists(_)
            | Expression::Bound(_)
            | Expression::NamedNode(_)
            | Expression::FunctionCall(
                Function::Regex
                    | Function::StrStarts
                    | Function::StrEnds
                    | Function::Contains
                    | Function::LangMatches
                    | Function::IsIri
                    | Function::IsBlank
                    | Function::IsLiteral
                    | Function::IsNumeric,
                _
            )
    );
    if let Expression::Coalesce(list) = expression {
        if looks(list) {
            return;
        }
    }
    if !boolean {
        call(expression, "truth");
    }
}

/// A comparison with its look.
fn looks(list: &[Expression]) -> bool {
    let Some(Expression::FunctionCall(Function::Custom(n), _)) = list.get(1) else { return false };
    ["compared", "less", "less-or-equal", "greater", "greater-or-equal"]
        .iter()
        .any(|k| n.as_str().strip_prefix("urn:x-provgate:fn:") == Some(k))
}

fn holds_exists(expression: &Expression) -> bool {
    matches!(expression, Expression::Exists(_)) || operands(expression).into_iter().any(holds_exists)
}

/// Whether a value can be a number or a boolean at all, as far as the text tells.
fn may_be_number(expression: &Expression) -> bool {
    match expression {
        Expression::NamedNode(_) => false,
        Expression::Literal(l) => l
            .datatype()
            .as_str()
            .strip_prefix(XSD)
            .is_some_and(|t| ["decimal", "double", "float", "boolean"].contains(&t) || INTEGERS.contains(&t)),
        Expression::FunctionCall(f, _) => !matches!(
            f,
            Function::Str
                | Function::Lang
                | Function::Datatype
                | Function::Iri
                | Function::Concat
                | Function::LCase
                | Function::UCase
                | Function::SubStr
        ),
        _ => true,
    }
}

fn may_have_language(expression: &Expression) -> bool {
    match expression {
        Expression::Variable(_) | Expression::If(..) | Expression::Coalesce(_) => true,
        Expression::Literal(l) => l.language().is_some(),
        Expression::FunctionCall(f, _) => matches!(
            f,
            Function::StrLang
                | Function::Custom(_)
                | Function::LCase
                | Function::UCase
                | Function::SubStr
                | Function::StrBefore
                | Function::StrAfter
        ),
        _ => false,
    }
}

fn guard_in(expression: &mut Expression) {
    // The look takes the operands as they were: what is wrong inside them, they say themselves.
    let raw: Vec<Expression> = match expression {
        Expression::FunctionCall(Function::Custom(f), _) if !f.as_str().starts_with(XSD) => Vec::new(),
        Expression::Or(..)
        | Expression::And(..)
        | Expression::Not(_)
        | Expression::If(..)
        | Expression::Coalesce(_) => Vec::new(),
        _ => operands(expression).into_iter().cloned().collect(),
    };
    operands_mut(expression).into_iter().for_each(guard_in);
    match expression {
        Expression::Exists(inner) => guard(inner),
        Expression::Or(a, b) | Expression::And(a, b) => {
            judge_truth(a);
            judge_truth(b);
        }
        Expression::Not(a) => judge_truth(a),
        Expression::If(a, ..) => judge_truth(a),
        _ => (),
    }
    if raw.is_empty() || raw.iter().any(holds_exists) {
        return;
    }
    let look = match expression {
        Expression::Add(..) | Expression::Subtract(..) | Expression::Multiply(..) | Expression::UnaryMinus(_) => {
            Some("computed")
        }
        Expression::Divide(..) | Expression::UnaryPlus(_) => Some("compared"),
        Expression::Greater(..) => Some("greater"),
        Expression::GreaterOrEqual(..) => Some("greater-or-equal"),
        Expression::Less(..) => Some("less"),
        Expression::LessOrEqual(..) => Some("less-or-equal"),
        Expression::Equal(..) | Expression::In(..) => Some("compared"),
        Expression::FunctionCall(Function::Abs | Function::Ceil | Function::Floor | Function::Round, _) => {
            Some("compared")
        }
        Expression::FunctionCall(Function::Custom(f), _) => match f.as_str().strip_prefix(XSD) {
            Some("integer" | "decimal") => Some("cast"),
            Some("double") => Some("cast-double"),
            Some("float") => Some("cast-float"),
            Some("boolean") => Some("cast-boolean"),
            _ => None,
        },
        _ => None,
    };
    if let Expression::FunctionCall(Function::IsNumeric, _) = expression {
        let done = std::mem::replace(expression, Expression::Literal(false.into()));
        *expression = Expression::Or(Box::new(done), Box::new(custom("numeric", raw)));
        return;
    }
    let tagged: Vec<Expression> = match (&*expression, raw.split_first()) {
        (Expression::Equal(..) | Expression::In(..), Some((first, rest))) if may_have_language(first) => rest
            .iter()
            .filter(|other| may_have_language(other))
            .map(|other| custom("alike", vec![first.clone(), other.clone()]))
            .collect(),
        _ => Vec::new(),
    };
    if let Some(look) = look.filter(|what| what.starts_with("cast") || raw.iter().all(may_be_number)) {
        let done = std::mem::replace(expression, Expression::Literal(false.into()));
        *expression = Expression::Coalesce(vec![done, custom(look, raw)]);
    }
    for alike in tagged {
        let done = std::mem::replace(expression, Expression::Literal(false.into()));
        *expression = Expression::Or(Box::new(done), Box::new(alike));
    }
}
