//! Numbers the evaluator cannot hold (integers beyond 64 bits, decimals beyond 128) end a query, where the evaluator alone would
//! give no value and say nothing. Every operation is followed by a look at its operands, which runs only when it gave nothing:
//! COALESCE(a + b, look(a, b)). SUM and AVG are ours.

use crate::algebra::{expressions_mut, inners_mut, operands, operands_mut};
use crate::budget::{raise, Stop};
use oxrdf::vocab::xsd;
use oxrdf::{Literal, NamedNode, Term};
use oxsdatatypes::{Decimal, Double, Float};
use spareval::{AggregateFunctionAccumulator, QueryEvaluator};
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, Function, GraphPattern};

const XSD: &str = "http://www.w3.org/2001/XMLSchema#";
const INTEGERS: [&str; 13] = [
    "integer", "nonPositiveInteger", "negativeInteger", "long", "int", "short", "byte", "nonNegativeInteger", "unsignedLong", "unsignedInt", "unsignedShort",
    "unsignedByte", "positiveInteger",
];

fn name(what: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("urn:x-provgate:fn:{what}"))
}

pub fn register(evaluator: QueryEvaluator) -> QueryEvaluator {
    evaluator
        .with_custom_function(name("computed"), |operands| look(operands, true))
        .with_custom_function(name("compared"), |operands| look(operands, false))
        .with_custom_function(name("less"), |operands| order(operands, |a, b| a < b))
        .with_custom_function(name("less-or-equal"), |operands| order(operands, |a, b| a <= b))
        .with_custom_function(name("greater"), |operands| order(operands, |a, b| a > b))
        .with_custom_function(name("greater-or-equal"), |operands| order(operands, |a, b| a >= b))
        .with_custom_function(name("cast"), cast)
        .with_custom_function(name("held"), |operands| {
            look(operands, false);
            operands.first().cloned()
        })
        .with_custom_function(name("truth"), |operands| operands.first().map(truth))
        .with_custom_function(name("alike"), |operands| Some(Literal::from(matches!(operands, [a, b] if alike(a, b))).into()))
        .with_custom_aggregate_function(name("sum"), || Box::new(Sum { total: Some(Number::Integer(0)), count: 0, average: false }))
        .with_custom_aggregate_function(name("avg"), || Box::new(Sum { total: Some(Number::Integer(0)), count: 0, average: true }))
}

#[derive(Clone, Copy)]
enum Number {
    Integer(i128),
    Decimal(Decimal),
    Float(Float),
    Double(Double),
}

fn beyond() -> ! {
    raise(Stop::Number("the query computes or compares a number beyond 64 bits (integers) or 38 digits (decimals)"))
}

/// The value of a numeric literal; none for anything else, and for what is ill-typed.
fn number(term: &Term) -> Option<Number> {
    let Term::Literal(literal) = term else { return None };
    let value = literal.value().trim_matches([' ', '\t', '\n', '\r']);
    let kind = literal.datatype().as_str().strip_prefix(XSD)?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let unsigned = value.strip_prefix(['+', '-']).unwrap_or(value);
    match kind {
        "float" => value.parse().ok().map(Number::Float),
        "double" => value.parse().ok().map(Number::Double),
        "decimal" => {
            let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
            if !(digits(whole) || whole.is_empty()) || !(digits(fraction) || fraction.is_empty()) || whole.len() + fraction.len() == 0 {
                return None;
            }
            Some(Number::Decimal(value.parse().unwrap_or_else(|_| beyond())))
        }
        _ if INTEGERS.contains(&kind) && digits(unsigned) => Some(Number::Integer(value.strip_prefix('+').unwrap_or(value).parse().unwrap_or_else(|_| beyond()))),
        _ => None,
    }
}

/// The double nearest to an integer that the evaluator cannot hold.
pub fn rounded(value: &str, datatype: &str) -> Option<f64> {
    let kind = datatype.strip_prefix(XSD)?;
    let unsigned = value.strip_prefix(['+', '-']).unwrap_or(value);
    (INTEGERS.contains(&kind) && !unsigned.is_empty() && unsigned.bytes().all(|c| c.is_ascii_digit())).then(|| value.parse().ok())?
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

/// Called when a cast to xsd:integer or xsd:decimal gave no value: texts of such numbers, and such numbers, have one.
fn cast(operands: &[Term]) -> Option<Term> {
    if let [Term::Literal(literal)] = operands {
        let plain = literal.datatype() == xsd::STRING;
        let as_number = |kind| number(&Literal::new_typed_literal(literal.value(), kind).into());
        if (plain && as_number(xsd::INTEGER).or_else(|| as_number(xsd::DECIMAL)).is_some_and(|n| !fits(n))) || number(&operands[0]).is_some_and(|n| !fits(n)) {
            beyond();
        }
    }
    None
}

/// The effective boolean value where the evaluator has none (SPARQL 1.1, 17.2.2: plain literals with a language tag have one).
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

/// SUM and AVG (SPARQL 1.1, 18.5.1.3, 18.5.1.4), exact for integers.
struct Sum {
    total: Option<Number>,
    count: i64,
    average: bool,
}

fn add(a: Number, b: Number) -> Number {
    use Number::{Decimal as Dec, Double as Dou, Float as Flo, Integer as Int};
    let exact = |v: i128| Decimal::try_from(v).unwrap_or_else(|_| beyond());
    let wide = |n: Number| match n {
        Int(v) => Double::from(v as f64),
        Dec(v) => v.into(),
        Flo(v) => v.into(),
        Dou(v) => v,
    };
    let narrow = |n: Number| match n {
        Int(v) => Float::from(v as f32),
        Dec(v) => v.into(),
        Flo(v) => v,
        Dou(v) => v.into(),
    };
    match (a, b) {
        (Int(a), Int(b)) => Int(a.checked_add(b).unwrap_or_else(|| beyond())),
        (Dou(_), _) | (_, Dou(_)) => Dou(wide(a) + wide(b)),
        (Flo(_), _) | (_, Flo(_)) => Flo(narrow(a) + narrow(b)),
        (Dec(a), Dec(b)) => Dec(a.checked_add(b).unwrap_or_else(|| beyond())),
        (Dec(a), Int(b)) | (Int(b), Dec(a)) => Dec(a.checked_add(exact(b)).unwrap_or_else(|| beyond())),
    }
}

impl AggregateFunctionAccumulator for Sum {
    fn accumulate(&mut self, element: Term) {
        self.count += 1;
        self.total = self.total.zip(number(&element)).map(|(total, n)| add(total, n));
    }

    fn finish(&mut self) -> Option<Term> {
        let total = self.total?;
        let literal = |value: String, kind| Term::from(Literal::new_typed_literal(value, kind));
        if !self.average || self.count == 0 {
            return Some(match total {
                Number::Integer(v) => literal(v.to_string(), xsd::INTEGER),
                Number::Decimal(v) => literal(v.to_string(), xsd::DECIMAL),
                Number::Float(v) => literal(v.to_string(), xsd::FLOAT),
                Number::Double(v) => literal(v.to_string(), xsd::DOUBLE),
            });
        }
        let count = self.count;
        Some(match total {
            Number::Integer(v) => literal(Decimal::try_from(v).unwrap_or_else(|_| beyond()).checked_div(count).unwrap_or_else(|| beyond()).to_string(), xsd::DECIMAL),
            Number::Decimal(v) => literal(v.checked_div(count).unwrap_or_else(|| beyond()).to_string(), xsd::DECIMAL),
            Number::Float(v) => literal((v / Float::from(count as f32)).to_string(), xsd::FLOAT),
            Number::Double(v) => literal((v / Double::from(count as f64)).to_string(), xsd::DOUBLE),
        })
    }
}

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
    ["compared", "less", "less-or-equal", "greater", "greater-or-equal"].iter().any(|k| n.as_str().strip_prefix("urn:x-provgate:fn:") == Some(k))
}

fn holds_exists(expression: &Expression) -> bool {
    matches!(expression, Expression::Exists(_)) || operands(expression).into_iter().any(holds_exists)
}

/// Whether a value can be a number or a boolean at all, as far as the text tells.
fn may_be_number(expression: &Expression) -> bool {
    match expression {
        Expression::NamedNode(_) => false,
        Expression::Literal(l) => l.datatype().as_str().strip_prefix(XSD).is_some_and(|t| ["decimal", "double", "float", "boolean"].contains(&t) || INTEGERS.contains(&t)),
        Expression::FunctionCall(f, _) => !matches!(f, Function::Str | Function::Lang | Function::Datatype | Function::Iri | Function::Concat | Function::LCase | Function::UCase | Function::SubStr),
        _ => true,
    }
}

fn may_have_language(expression: &Expression) -> bool {
    match expression {
        Expression::Variable(_) | Expression::If(..) | Expression::Coalesce(_) => true,
        Expression::Literal(l) => l.language().is_some(),
        Expression::FunctionCall(f, _) => matches!(f, Function::StrLang | Function::Custom(_) | Function::LCase | Function::UCase | Function::SubStr | Function::StrBefore | Function::StrAfter),
        _ => false,
    }
}

fn custom(what: &str, list: Vec<Expression>) -> Expression {
    Expression::FunctionCall(Function::Custom(name(what)), list)
}

fn guard_in(expression: &mut Expression) {
    // The look takes the operands as they were: what is wrong inside them, they say themselves.
    let raw: Vec<Expression> = match expression {
        Expression::FunctionCall(Function::Custom(f), _) if !f.as_str().starts_with(XSD) => Vec::new(),
        Expression::Or(..) | Expression::And(..) | Expression::Not(_) | Expression::If(..) | Expression::Coalesce(_) => Vec::new(),
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
        Expression::Add(..) | Expression::Subtract(..) | Expression::Multiply(..) | Expression::UnaryMinus(_) => Some("computed"),
        Expression::Divide(..) | Expression::UnaryPlus(_) => Some("compared"),
        Expression::Greater(..) => Some("greater"),
        Expression::GreaterOrEqual(..) => Some("greater-or-equal"),
        Expression::Less(..) => Some("less"),
        Expression::LessOrEqual(..) => Some("less-or-equal"),
        Expression::Equal(..) | Expression::In(..) => Some("compared"),
        Expression::FunctionCall(Function::Abs | Function::Ceil | Function::Floor | Function::Round, _) => Some("compared"),
        Expression::FunctionCall(Function::Custom(f), _) if ["integer", "decimal"].iter().any(|k| f.as_str().strip_prefix(XSD) == Some(k)) => Some("cast"),
        _ => None,
    };
    let tagged: Vec<Expression> = match (&*expression, raw.split_first()) {
        (Expression::Equal(..) | Expression::In(..), Some((first, rest))) if may_have_language(first) => {
            rest.iter().filter(|other| may_have_language(other)).map(|other| custom("alike", vec![first.clone(), other.clone()])).collect()
        }
        _ => Vec::new(),
    };
    if let Some(look) = look.filter(|what| *what == "cast" || raw.iter().all(may_be_number)) {
        let done = std::mem::replace(expression, Expression::Literal(false.into()));
        *expression = Expression::Coalesce(vec![done, custom(look, raw)]);
    }
    for alike in tagged {
        let done = std::mem::replace(expression, Expression::Literal(false.into()));
        *expression = Expression::Or(Box::new(done), Box::new(alike));
    }
}
