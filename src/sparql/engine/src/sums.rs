// SPDX-License-Identifier: Apache-2.0
//! SUM and AVG, exact or refused.

use crate::numbers::{beyond, number, Number};
use oxrdf::vocab::xsd;
use oxrdf::{Literal, Term};
use oxsdatatypes::{Decimal, Double, Float};
use spareval::AggregateFunctionAccumulator;

/// SUM and AVG (SPARQL 1.1, 18.5.1.3, 18.5.1.4), exact for integers.
pub struct Sum {
    total: Option<Number>,
    count: i64,
    average: bool,
}

impl Sum {
    pub fn new(average: bool) -> Self {
        Self { total: Some(Number::Integer(0)), count: 0, average }
    }
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
            Number::Integer(v) => literal(
                Decimal::try_from(v)
                    .unwrap_or_else(|_| beyond())
                    .checked_div(count)
                    .unwrap_or_else(|| beyond())
                    .to_string(),
                xsd::DECIMAL,
            ),
            Number::Decimal(v) => literal(v.checked_div(count).unwrap_or_else(|| beyond()).to_string(), xsd::DECIMAL),
            Number::Float(v) => literal((v / Float::from(count as f32)).to_string(), xsd::FLOAT),
            Number::Double(v) => literal((v / Double::from(count as f64)).to_string(), xsd::DOUBLE),
        })
    }
}
