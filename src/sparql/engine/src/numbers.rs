// SPDX-License-Identifier: Apache-2.0
//! Numbers the evaluator cannot hold (integers beyond 64 bits, decimals beyond 128) end a query, where the evaluator
//! alone would give no value and say nothing. Every operation is followed by a look at its operands, which runs only
//! when it gave nothing: COALESCE(a + b, look(a, b)). SUM and AVG are ours.

use crate::budget::{raise, Stop};
use crate::forms;
use crate::sums::Sum;
use oxrdf::vocab::xsd;
use oxrdf::{Literal, NamedNode, Term};
use oxsdatatypes::{Decimal, Double, Float};
use spareval::QueryEvaluator;
use spargebra::algebra::{Expression, Function};

pub const XSD: &str = "http://www.w3.org/2001/XMLSchema#";
pub const INTEGERS: [&str; 13] = [
    "integer",
    "nonPositiveInteger",
    "negativeInteger",
    "long",
    "int",
    "short",
    "byte",
    "nonNegativeInteger",
    "unsignedLong",
    "unsignedInt",
    "unsignedShort",
    "unsignedByte",
    "positiveInteger",
];

pub fn name(what: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("urn:x-provgate:fn:{what}"))
}

/// A call of a function of ours.
pub fn custom(what: &str, list: Vec<Expression>) -> Expression {
    Expression::FunctionCall(Function::Custom(name(what)), list)
}

/// The casts to derived types, which are casts to the type they come from and a look at the range.
const NARROW: [(&str, i64, i64); 12] = [
    ("nonPositiveInteger", i64::MIN, 0),
    ("negativeInteger", i64::MIN, -1),
    ("long", i64::MIN, i64::MAX),
    ("int", i32::MIN as i64, i32::MAX as i64),
    ("short", i16::MIN as i64, i16::MAX as i64),
    ("byte", i8::MIN as i64, i8::MAX as i64),
    ("nonNegativeInteger", 0, i64::MAX),
    ("unsignedLong", 0, i64::MAX),
    ("unsignedInt", 0, u32::MAX as i64),
    ("unsignedShort", 0, u16::MAX as i64),
    ("unsignedByte", 0, u8::MAX as i64),
    ("positiveInteger", 1, i64::MAX),
];

/// What a cast to a derived type is a cast to first.
pub fn wider(datatype: &str) -> Option<&'static str> {
    match datatype {
        "dateTimeStamp" => Some("dateTime"),
        _ => NARROW.iter().any(|(name, ..)| *name == datatype).then_some("integer"),
    }
}

/// A cast to a derived type becomes one to the wider type and a look at the range.
pub fn widen(expression: &mut Expression) {
    let Expression::FunctionCall(Function::Custom(f), list) = expression else { return };
    // White space around the text of anything but a string means nothing (XPath Functions 3.1, 19.2).
    if let (Some(kind), [_]) = (f.as_str().strip_prefix(XSD), &list[..]) {
        if kind != "string" {
            let inner = std::mem::take(list);
            list.push(custom("collapsed", inner));
        }
    }
    let Some((kind, to)) = f.as_str().strip_prefix(XSD).and_then(|kind| Some((kind.to_owned(), wider(kind)?))) else {
        return;
    };
    let inner = Expression::FunctionCall(
        Function::Custom(NamedNode::new_unchecked(format!("{XSD}{to}"))),
        std::mem::take(list),
    );
    *expression = custom(&format!("narrow-{kind}"), vec![inner]);
}

/// The derived type that a function of ours casts to.
pub fn narrowed(function: &str) -> Option<NamedNode> {
    let kind = function.strip_prefix("urn:x-provgate:fn:narrow-")?;
    Some(NamedNode::new_unchecked(format!("{XSD}{kind}")))
}

// Each twice: what is computed with further is an integer to the evaluator; what is bound as it is keeps its type.
fn narrow(mut evaluator: QueryEvaluator) -> QueryEvaluator {
    let kinds = NARROW.iter().map(|(kind, ..)| *kind).chain(["dateTimeStamp"]);
    for kind in kinds {
        let cast = move |operands: &[Term]| match operands {
            [Term::Literal(l)] if in_range(l.value(), kind) => {
                Some(Literal::new_typed_literal(l.value(), NamedNode::new_unchecked(format!("{XSD}{kind}"))).into())
            }
            _ => None,
        };
        let marked = move |operands: &[Term]| cast(operands).map(forms::marked);
        evaluator = evaluator
            .with_custom_function(name(&format!("narrow-{kind}")), cast)
            .with_custom_function(name(&format!("narrow-{kind}-marked")), marked);
    }
    evaluator
}

fn in_range(value: &str, kind: &str) -> bool {
    match NARROW.iter().find(|(name, ..)| *name == kind) {
        Some((_, least, most)) => value.parse::<i64>().is_ok_and(|v| (*least..=*most).contains(&v)),
        None => value.ends_with('Z') || value.len() > 6 && value[value.len() - 6..].starts_with(['+', '-']),
    }
}

pub fn register(evaluator: QueryEvaluator) -> QueryEvaluator {
    narrow(forms::register(evaluator))
        .with_custom_function(name("computed"), |operands| look(operands, true))
        .with_custom_function(name("compared"), |operands| look(operands, false))
        .with_custom_function(name("less"), |operands| order(operands, |a, b| a < b))
        .with_custom_function(name("less-or-equal"), |operands| order(operands, |a, b| a <= b))
        .with_custom_function(name("greater"), |operands| order(operands, |a, b| a > b))
        .with_custom_function(name("greater-or-equal"), |operands| order(operands, |a, b| a >= b))
        .with_custom_function(name("cast"), cast)
        .with_custom_function(name("collapsed"), |operands| match operands {
            [Term::Literal(l)] if l.datatype() == xsd::STRING => {
                Some(Literal::new_simple_literal(l.value().trim_matches([' ', '\t', '\n', '\r'])).into())
            }
            [other] => Some(other.clone()),
            _ => None,
        })
        .with_custom_function(name("cast-double"), |operands| {
            nearest(operands.first()?).map(|v| Literal::from(v).into())
        })
        .with_custom_function(name("cast-float"), |operands| {
            nearest(operands.first()?).map(|v| Literal::from(v as f32).into())
        })
        .with_custom_function(name("cast-boolean"), |operands| {
            nearest(operands.first()?).map(|v| Literal::from(v != 0.0).into())
        })
        .with_custom_function(name("numeric"), |operands| {
            Some(Literal::from(nearest(operands.first()?).is_some()).into())
        })
        .with_custom_function(name("held"), |operands| {
            look(operands, false);
            operands.first().cloned()
        })
        .with_custom_function(name("truth"), |operands| operands.first().map(truth))
        .with_custom_function(name("alike"), |operands| {
            Some(Literal::from(matches!(operands, [a, b] if alike(a, b))).into())
        })
        .with_custom_aggregate_function(name("sum"), || Box::new(Sum::new(false)))
        .with_custom_aggregate_function(name("avg"), || Box::new(Sum::new(true)))
}

#[derive(Clone, Copy)]
pub enum Number {
    Integer(i128),
    Decimal(Decimal),
    Float(Float),
    Double(Double),
}

pub fn beyond() -> ! {
    raise(Stop::Refused(
        "the query computes or compares a number beyond 64 bits (integers), or beyond 20 digits \
        before or 18 after the point (decimals)",
    ))
}

/// The value of a numeric literal; none for anything else, and for what is ill-typed.
pub fn number(term: &Term) -> Option<Number> {
    let Term::Literal(literal) = term else { return None };
    let value = literal.value().trim_matches([' ', '\t', '\n', '\r']);
    let kind = literal.datatype().as_str().strip_prefix(XSD)?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let unsigned = value.strip_prefix(['+', '-']).unwrap_or(value);
    match kind {
        "float" => value.parse().ok().map(Number::Float),
        "double" => value.parse().ok().map(Number::Double),
        "decimal" => {
            if !is_decimal(unsigned) {
                return None;
            }
            Some(Number::Decimal(value.parse().unwrap_or_else(|_| beyond())))
        }
        _ if INTEGERS.contains(&kind) && digits(unsigned) => {
            Some(Number::Integer(value.strip_prefix('+').unwrap_or(value).parse().unwrap_or_else(|_| beyond())))
        }
        _ => None,
    }
}

/// The double nearest to an integer or decimal that is valid and that the evaluator cannot hold; none for anything
/// else.
fn nearest(term: &Term) -> Option<f64> {
    let Term::Literal(literal) = term else { return None };
    let value = literal.value().trim_matches([' ', '\t', '\n', '\r']);
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    let valid = match literal.datatype().as_str().strip_prefix(XSD)? {
        "integer" => true,
        "nonNegativeInteger" | "positiveInteger" => !value.starts_with('-'),
        "nonPositiveInteger" | "negativeInteger" => value.starts_with('-'),
        "unsignedLong" => value.strip_prefix('+').unwrap_or(value).parse::<u64>().is_ok(),
        "decimal" => return (is_decimal(digits) && value.parse::<Decimal>().is_err()).then(|| value.parse().ok())?,
        _ => false,
    };
    (valid && !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit()) && value.parse::<i64>().is_err())
        .then(|| value.parse().ok())?
}

/// Whether a term is a number, and one that its datatype has (17.4.2.4).
pub fn is_numeric(term: &Term) -> bool {
    let Term::Literal(literal) = term else { return false };
    let Some(kind) = literal.datatype().as_str().strip_prefix(XSD) else { return false };
    let value = literal.value().trim_matches([' ', '\t', '\n', '\r']);
    let unsigned = value.strip_prefix(['+', '-']).unwrap_or(value);
    let whole = !unsigned.is_empty() && unsigned.bytes().all(|c| c.is_ascii_digit());
    let zero = unsigned.bytes().all(|c| c == b'0');
    let minus = value.starts_with('-') && !zero;
    match kind {
        "float" => value.parse::<Float>().is_ok(),
        "double" => value.parse::<Double>().is_ok(),
        "decimal" => is_decimal(unsigned),
        "integer" => whole,
        "nonNegativeInteger" => whole && !minus,
        "positiveInteger" => whole && !minus && !zero,
        "nonPositiveInteger" => whole && (minus || zero),
        "negativeInteger" => whole && minus,
        "unsignedLong" => whole && !minus && (zero || unsigned.parse::<u64>().is_ok()),
        _ => {
            whole
                && NARROW.iter().find(|(name, ..)| *name == kind).is_some_and(|(_, least, most)| {
                    value.strip_prefix('+').unwrap_or(value).parse::<i64>().is_ok_and(|v| (*least..=*most).contains(&v))
                })
        }
    }
}

fn is_decimal(unsigned: &str) -> bool {
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    whole.len() + fraction.len() > 0 && whole.bytes().chain(fraction.bytes()).all(|c| c.is_ascii_digit())
}

/// An integer that the evaluator cannot hold, as far as anything here can; ends the query beyond that, and for such a
/// decimal.
pub fn wide(value: &str, datatype: &str) -> Option<i128> {
    let kind = datatype.strip_prefix(XSD)?;
    let unsigned = value.strip_prefix(['+', '-']).unwrap_or(value);
    if kind == "decimal" && is_decimal(unsigned) {
        beyond();
    }
    let whole = INTEGERS.contains(&kind) && !unsigned.is_empty() && unsigned.bytes().all(|c| c.is_ascii_digit());
    whole.then(|| value.parse().unwrap_or_else(|_| beyond()))
}

/// Ends the query where a number is beyond all that anything here can hold.
pub fn judge(term: &Term) {
    number(term);
}

fn fits(number: Number) -> bool {
    !matches!(number, Number::Integer(v) if i64::try_from(v).is_err())
}

/// Called when an operation gave no value: ends the query when that is for the size of numbers only.
fn look(operands: &[Term], computed: bool) -> Option<Term> {
    let numbers: Vec<Option<Number>> = operands.iter().map(number).collect();
    let all = numbers.iter().all(Option::is_some);
    if all && (computed || numbers.iter().flatten().any(|n| !fits(*n))) {
        beyond();
    }
    None
}

/// The order of booleans, which the evaluator does not have (SPARQL 1.1, 17.3); else as `look`.
fn order(operands: &[Term], holds: fn(bool, bool) -> bool) -> Option<Term> {
    let truth = |term: &Term| match term {
        Term::Literal(l) if l.datatype() == xsd::BOOLEAN => match l.value() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    };
    match operands {
        [a, b] => match (truth(a), truth(b)) {
            (Some(a), Some(b)) => Some(Literal::from(holds(a, b)).into()),
            _ => look(operands, false),
        },
        _ => None,
    }
}

/// Called when a cast to xsd:integer or xsd:decimal gave no value: numbers but for NaN and INF, and texts of such
/// numbers, have one.
fn cast(operands: &[Term]) -> Option<Term> {
    if let [Term::Literal(literal)] = operands {
        let plain = literal.datatype() == xsd::STRING;
        let as_number = |kind| number(&Literal::new_typed_literal(literal.value(), kind).into());
        let too_large = match number(&operands[0]) {
            Some(Number::Double(v)) => f64::from(v).is_finite(),
            Some(Number::Float(v)) => f32::from(v).is_finite(),
            Some(_) => true,
            None => plain && as_number(xsd::INTEGER).or_else(|| as_number(xsd::DECIMAL)).is_some_and(|n| !fits(n)),
        };
        if too_large {
            beyond();
        }
    }
    None
}

/// The effective boolean value where the evaluator has none (SPARQL 1.1, 17.2.2: plain literals with a language tag
/// have one).
fn truth(term: &Term) -> Term {
    match term {
        Term::Literal(l) if l.language().is_some() => Literal::from(!l.value().is_empty()).into(),
        _ => match number(term) {
            Some(n @ Number::Integer(v)) if !fits(n) => Literal::from(v != 0).into(),
            _ => term.clone(),
        },
    }
}

/// Literals with a language that differ in the tag's case only are one term (RDF 1.1 Concepts, 3.3).
pub fn alike(a: &Term, b: &Term) -> bool {
    match (a, b) {
        (Term::Literal(a), Term::Literal(b)) => match (a.language(), b.language()) {
            (Some(x), Some(y)) => a.value() == b.value() && x.eq_ignore_ascii_case(y),
            _ => a == b,
        },
        _ => a == b,
    }
}
