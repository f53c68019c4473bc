// SPDX-License-Identifier: Apache-2.0
//! ORDER BY at the top of a SELECT. The evaluator decodes terms in every comparison; here each key is decoded once,
//! rows hold numbers instead of terms, and with a LIMIT only that many rows are kept.

use crate::budget::tick;
use crate::numbers;
use oxrdf::{Term, Variable};
use oxsdatatypes::Decimal;
use spareval::ExpressionTerm;
use spargebra::algebra::{Expression, GraphPattern, OrderExpression};
use spargebra::Query;
use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};

/// What was taken off the query.
pub struct Plan {
    /// For each key: its place among the projected variables, and whether it descends.
    keys: Vec<(usize, bool)>,
    width: usize,
    distinct: bool,
    start: usize,
    length: Option<usize>,
}

/// Takes ORDER BY, and the DISTINCT and LIMIT around it, off the query, and projects the keys. None: nothing to do.
pub fn take(query: &mut Query) -> Option<Plan> {
    let Query::Select { pattern, .. } = query else { return None };
    let mut plan = Plan { keys: Vec::new(), width: 0, distinct: false, start: 0, length: None };
    let mut rest = &*pattern;
    if let GraphPattern::Slice { inner, start, length } = rest {
        (plan.start, plan.length) = (*start, *length);
        rest = inner;
    }
    if let GraphPattern::Distinct { inner } = rest {
        plan.distinct = true;
        rest = inner;
    } else if let GraphPattern::Reduced { inner } = rest {
        rest = inner;
    }
    let GraphPattern::Project { inner, variables } = rest else { return None };
    let GraphPattern::OrderBy { inner, expression } = &**inner else { return None };
    plan.width = variables.len();
    let (mut inner, mut variables) = (inner.as_ref().clone(), variables.clone());
    for (i, comparator) in expression.iter().enumerate() {
        let (e, descending) = match comparator {
            OrderExpression::Asc(e) => (e, false),
            OrderExpression::Desc(e) => (e, true),
        };
        let place = match e {
            Expression::Variable(v) if variables.contains(v) => variables.iter().position(|w| w == v)?,
            Expression::Variable(v) => {
                variables.push(v.clone());
                variables.len() - 1
            }
            e => {
                let variable = Variable::new_unchecked(format!(" order {i}") /* a name no query can write */);
                inner =
                    GraphPattern::Extend { inner: Box::new(inner), variable: variable.clone(), expression: e.clone() };
                variables.push(variable);
                variables.len() - 1
            }
        };
        plan.keys.push((place, descending));
    }
    *pattern = GraphPattern::Project { inner: Box::new(inner), variables };
    Some(plan)
}

/// A sort key: SPARQL 1.1, 15.1, made total by ranking the kinds of literal, so that sorting always ends well.
#[derive(Clone)]
struct Key(u8, Value);

#[derive(Clone)]
enum Value {
    None,
    Number(f64, Exact),
    Text(String, String),
}

/// A number where a double may not tell it from its neighbours.
#[derive(Clone, Copy)]
enum Exact {
    None,
    Decimal(Decimal),
    Wide(i128),
}

impl Exact {
    fn is_some(self) -> bool {
        !matches!(self, Self::None)
    }

    /// Of two that have the same double nearest to them.
    fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Decimal(a), Self::Decimal(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
            (Self::Wide(a), Self::Wide(b)) => a.cmp(&b),
            // What no decimal holds is farther from zero than every decimal.
            (Self::Wide(a), Self::Decimal(_)) => a.cmp(&0),
            (Self::Decimal(_), Self::Wide(b)) => 0.cmp(&b),
            _ => Ordering::Equal,
        }
    }
}

fn key(term: Option<&Term>) -> Key {
    let Some(term) = term else { return Key(0, Value::None) };
    match ExpressionTerm::from(term.clone()) {
        ExpressionTerm::BlankNode(b) => Key(1, Value::Text(b.into_string(), String::new())),
        ExpressionTerm::NamedNode(n) => Key(2, Value::Text(n.into_string(), String::new())),
        ExpressionTerm::IntegerLiteral(v) => Key(3, Value::Number(i64::from(v) as f64, Exact::Decimal(v.into()))),
        ExpressionTerm::DecimalLiteral(v) => {
            Key(3, Value::Number(f64::from(oxsdatatypes::Double::from(v)), Exact::Decimal(v)))
        }
        ExpressionTerm::FloatLiteral(v) => Key(3, Value::Number(f64::from(f32::from(v)), Exact::None)),
        ExpressionTerm::DoubleLiteral(v) => Key(3, Value::Number(f64::from(v) + 0.0, Exact::None)),
        ExpressionTerm::DateTimeLiteral(v) => Key(4, since_epoch(v)),
        ExpressionTerm::BooleanLiteral(v) => Key(5, Value::Number(f64::from(u8::from(bool::from(v))), Exact::None)),
        ExpressionTerm::StringLiteral(v) => Key(6, Value::Text(v, String::new())),
        ExpressionTerm::LangStringLiteral { value, language } => Key(7, Value::Text(value, language)),
        ExpressionTerm::OtherTypedLiteral { value, datatype } => match numbers::wide(&value, datatype.as_str()) {
            Some(number) => Key(
                3,
                Value::Number(number as f64, Decimal::try_from(number).map_or(Exact::Wide(number), Exact::Decimal)),
            ),
            None => Key(8, Value::Text(value, datatype.into_string())),
        },
        ExpressionTerm::DurationLiteral(v) => Key(15, length_of(v)),
        ExpressionTerm::YearMonthDurationLiteral(v) => Key(15, length_of(v.into())),
        ExpressionTerm::DayTimeDurationLiteral(v) => Key(15, length_of(v.into())),
        _ => match term {
            Term::Literal(l) => {
                moment(l).unwrap_or_else(|| Key(8, Value::Text(l.value().to_owned(), l.datatype().as_str().to_owned())))
            }
            _ => Key(8, Value::None),
        },
    }
}

/// A moment in seconds; one without a zone as if in UTC.
fn since_epoch(v: oxsdatatypes::DateTime) -> Value {
    let v = if v.timezone_offset().is_none() { format!("{v}Z").parse().unwrap_or(v) } else { v };
    let seconds = v.checked_sub(epoch()).map(oxsdatatypes::DayTimeDuration::as_seconds);
    seconds.map_or(Value::Number(0.0, Exact::None), |s| {
        Value::Number(f64::from(oxsdatatypes::Double::from(s)), Exact::Decimal(s))
    })
}

/// A duration in seconds, its months of mean length: between the least and the greatest each can be, so that what is
/// less is less.
fn length_of(v: oxsdatatypes::Duration) -> Value {
    const MONTH: f64 = 30.436_875 * 86_400.0;
    let months = v.years() * 12 + v.months();
    let seconds = oxsdatatypes::DayTimeDuration::try_from(v).map(oxsdatatypes::DayTimeDuration::as_seconds);
    match seconds {
        Ok(seconds) if months == 0 => {
            Value::Number(f64::from(oxsdatatypes::Double::from(seconds)), Exact::Decimal(seconds))
        }
        _ => {
            let days = (v.days() * 86_400 + v.hours() * 3_600 + v.minutes() * 60) as f64
                + f64::from(oxsdatatypes::Double::from(v.seconds()));
            Value::Number(months as f64 * MONTH + days, Exact::None)
        }
    }
}

/// Dates, times and parts of dates by the moment at which they begin (XML Schema 1.1 part 2, E.3.3).
fn moment(literal: &oxrdf::Literal) -> Option<Key> {
    let kind = literal.datatype().as_str().strip_prefix("http://www.w3.org/2001/XMLSchema#")?;
    let value = literal.value().trim();
    let zone = match value.len() {
        _ if value.ends_with('Z') => 1,
        n if n > 6
            && value.is_char_boundary(n - 6)
            && value[n - 6..].starts_with(['+', '-'])
            && value[n - 3..].starts_with(':') =>
        {
            6
        }
        _ => 0,
    };
    let (said, zone) = value.split_at(value.len() - zone);
    let (rank, begin) = match kind {
        "date" => (9, format!("{said}T00:00:00{zone}")),
        "time" => (10, format!("1972-12-31T{said}{zone}")),
        "gYear" => (11, format!("{said}-01-01T00:00:00{zone}")),
        "gYearMonth" => (12, format!("{said}-01T00:00:00{zone}")),
        "gMonth" => (13, format!("1972-{}-01T00:00:00{zone}", said.strip_prefix("--")?)),
        "gMonthDay" => (14, format!("1972-{}T00:00:00{zone}", said.strip_prefix("--")?)),
        "gDay" => (16, format!("1972-12-{}T00:00:00{zone}", said.strip_prefix("---")?)),
        _ => return None,
    };
    Some(Key(rank, since_epoch(begin.parse().ok()?)))
}

/// The order of two terms.
pub fn compare(a: &Term, b: &Term) -> Ordering {
    key(Some(a)).compare(&key(Some(b)))
}

/// A number, a moment or a duration as the double nearest to it, what has no order of its own as text, everything
/// else as it is: with `rank` and
/// `exact` around it, an order.
pub fn rounded(term: &Term) -> Term {
    match key(Some(term)) {
        // The evaluator, which sorts sub-SELECTs, could not tell it from its neighbours.
        Key(3, Value::Number(..))
            if matches!(ExpressionTerm::from(term.clone()), ExpressionTerm::OtherTypedLiteral { .. }) =>
        {
            numbers::beyond()
        }
        Key(3 | 9.., Value::Number(v, _)) => oxrdf::Literal::from(v).into(),
        Key(8, Value::Text(value, datatype)) => oxrdf::Literal::from(format!("{value}^^{datatype}")).into(),
        _ => term.clone(),
    }
}

/// Tells exact numbers from doubles.
pub fn exact(term: &Term) -> i32 {
    i32::from(matches!(key(Some(term)), Key(3, Value::Number(_, Exact::Decimal(_) | Exact::Wide(_)))))
}

/// Terms of equal rank compare with each other by one order.
pub fn rank(term: &Term) -> i32 {
    let kind = key(Some(term));
    let number = match &kind.1 {
        Value::Number(v, _) if v.is_nan() => 0,
        // A dateTime without a zone compares with one that has a zone only when they are far apart.
        Value::Number(..) if kind.0 == 4 => match ExpressionTerm::from(term.clone()) {
            ExpressionTerm::DateTimeLiteral(v) => i32::from(v.timezone_offset().is_some()),
            _ => 0,
        },
        _ => 1,
    };
    i32::from(kind.0) * 2 + number
}

fn epoch() -> oxsdatatypes::DateTime {
    thread_local! {
        static EPOCH: oxsdatatypes::DateTime =
            "1970-01-01T00:00:00Z".parse().unwrap_or_else(|_| oxsdatatypes::DateTime::now());
    }
    EPOCH.with(|e| *e)
}

impl Key {
    fn compare(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0).then_with(|| match (&self.1, &other.1) {
            // By the double first, for every pair: comparing some pairs exactly and some not would be no order.
            (Value::Number(a, x), Value::Number(b, y)) => {
                a.total_cmp(b).then_with(|| x.is_some().cmp(&y.is_some())).then_with(|| x.compare(*y))
            }
            (Value::Text(a, x), Value::Text(b, y)) => a.cmp(b).then_with(|| x.cmp(y)),
            _ => Ordering::Equal,
        })
    }
}

struct Row {
    keys: Vec<(Key, bool)>,
    number: usize,
    cells: Vec<Option<Term>>,
}

impl Ord for Row {
    fn cmp(&self, other: &Self) -> Ordering {
        tick(1);
        for ((a, descending), (b, _)) in self.keys.iter().zip(&other.keys) {
            let order = if *descending { b.compare(a) } else { a.compare(b) };
            if order != Ordering::Equal {
                return order;
            }
        }
        self.number.cmp(&other.number)
    }
}
impl PartialOrd for Row {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Row {}

impl Plan {
    pub fn width(&self) -> usize {
        self.width
    }

    /// The rows in order, cut to the projection; cells are as the evaluator gave them (`resolve` reads a key's term).
    pub fn sort(
        &self,
        rows: impl Iterator<Item = Vec<Option<Term>>>,
        resolve: impl Fn(&Term) -> Term,
    ) -> Vec<Vec<Option<Term>>> {
        let keep = self.length.map(|n| n.saturating_add(self.start)).filter(|n| !self.distinct && *n <= 100_000);
        let made = rows.enumerate().map(|(number, mut cells)| {
            let keys = self
                .keys
                .iter()
                .map(|(place, descending)| (key(cells[*place].as_ref().map(&resolve).as_ref()), *descending))
                .collect();
            cells.truncate(self.width);
            Row { keys, number, cells }
        });
        let sorted = match keep {
            Some(0) => Vec::new(),
            Some(most) => {
                let mut heap = BinaryHeap::new();
                for row in made {
                    if heap.len() < most {
                        heap.push(row);
                    } else if heap.peek().is_some_and(|last| row < *last) {
                        heap.pop();
                        heap.push(row);
                    }
                }
                heap.into_sorted_vec()
            }
            None => {
                let mut all: Vec<Row> = made.collect();
                all.sort_unstable();
                all
            }
        };
        let mut seen = HashSet::new();
        let rows = sorted.into_iter().map(|r| r.cells).filter(|cells| !self.distinct || seen.insert(cells.clone()));
        rows.skip(self.start).take(self.length.unwrap_or(usize::MAX)).collect()
    }
}
