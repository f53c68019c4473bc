// SPDX-License-Identifier: Apache-2.0
//! The shape of the algebra, once: what a pattern and an expression hold directly. All walks go by these.
//! EXISTS holds a pattern inside an expression; it is not an operand, and each walk says what becomes of it.

use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression};
use spargebra::Query;

macro_rules! walks {
    ($inners:ident, $expressions:ident, $operands:ident, $of:ident, $iter:ident $(, $m:tt)?) => {
        /// The pattern of a query.
        pub fn $of(query: &$($m)? Query) -> &$($m)? GraphPattern {
            let (Query::Select { pattern, .. }
            | Query::Construct { pattern, .. }
            | Query::Describe { pattern, .. }
            | Query::Ask { pattern, .. }) = query;
            pattern
        }

        /// The patterns directly inside a pattern, left before right.
        pub fn $inners(pattern: &$($m)? GraphPattern) -> Vec<&$($m)? GraphPattern> {
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

        /// The expressions directly inside a pattern.
        pub fn $expressions(pattern: &$($m)? GraphPattern) -> Vec<&$($m)? Expression> {
            match pattern {
                GraphPattern::LeftJoin { expression, .. } => expression.$iter().collect(),
                GraphPattern::Filter { expr, .. } => vec![expr],
                GraphPattern::Extend { expression, .. } => vec![expression],
                GraphPattern::OrderBy { expression, .. } => {
                    expression.$iter().map(|(OrderExpression::Asc(e) | OrderExpression::Desc(e))| e).collect()
                }
                GraphPattern::Group { aggregates, .. } => aggregates
                    .$iter()
                    .filter_map(|(_, a)| match a {
                        AggregateExpression::FunctionCall { expr, .. } => Some(expr),
                        AggregateExpression::CountSolutions { .. } => None,
                    })
                    .collect(),
                _ => Vec::new(),
            }
        }

        /// The expressions directly inside an expression.
        pub fn $operands(expression: &$($m)? Expression) -> Vec<&$($m)? Expression> {
            match expression {
                Expression::NamedNode(_)
                | Expression::Literal(_)
                | Expression::Variable(_)
                | Expression::Bound(_)
                | Expression::Exists(_) => Vec::new(),
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
                | Expression::Divide(a, b) => vec![a, b],
                Expression::UnaryPlus(a) | Expression::UnaryMinus(a) | Expression::Not(a) => vec![a],
                Expression::If(a, b, c) => vec![a, b, c],
                Expression::In(a, list) => std::iter::once(&$($m)? **a).chain(list).collect(),
                Expression::Coalesce(list) | Expression::FunctionCall(_, list) => list.$iter().collect(),
            }
        }
    };
}

walks!(inners, expressions, operands, pattern_of, iter);
walks!(inners_mut, expressions_mut, operands_mut, pattern_of_mut, iter_mut, mut);
