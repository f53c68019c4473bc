// SPDX-License-Identifier: Apache-2.0
//! Property paths where the evaluator differs from SPARQL 1.1: an alternative is a union that keeps duplicates
//! (18.2.2.6), and a path of length zero from a constant that the graph lacks leads to that constant (18.4).

use crate::algebra::{expressions_mut, inners_mut, operands_mut};
use oxrdf::{BlankNode, Term, Variable};
use spargebra::algebra::{Expression, GraphPattern, PropertyPathExpression as Path};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern, TriplePattern};

/// Where a path may be empty, one or more of it is zero or more of it: the evaluator's `+` would look for a first step.
pub fn loosen(pattern: &mut GraphPattern) {
    if let GraphPattern::Path { path, .. } = pattern {
        loosen_path(path);
    }
}

fn loosen_path(path: &mut Path) {
    match path {
        Path::NamedNode(_) | Path::NegatedPropertySet(_) => (),
        Path::Sequence(a, b) | Path::Alternative(a, b) => {
            loosen_path(a);
            loosen_path(b);
        }
        Path::Reverse(p) | Path::ZeroOrMore(p) | Path::ZeroOrOne(p) => loosen_path(p),
        Path::OneOrMore(p) => {
            loosen_path(p);
            if may_be_empty(p) {
                *path = Path::ZeroOrMore(std::mem::replace(p, Box::new(Path::NegatedPropertySet(Vec::new()))));
            }
        }
    }
}

fn may_be_empty(path: &Path) -> bool {
    match path {
        Path::NamedNode(_) | Path::NegatedPropertySet(_) => false,
        Path::Sequence(a, b) => may_be_empty(a) && may_be_empty(b),
        Path::Alternative(a, b) => may_be_empty(a) || may_be_empty(b),
        Path::Reverse(p) | Path::OneOrMore(p) => may_be_empty(p),
        Path::ZeroOrMore(_) | Path::ZeroOrOne(_) => true,
    }
}

/// An alternative at the top of a path becomes a union. (Under `*`, `+` and `?` duplicates do not count.)
pub fn unfold(pattern: &mut GraphPattern) {
    if let GraphPattern::Path { subject, path, object } = pattern {
        if alternates(path) {
            *pattern = spell_out(subject.clone(), path, object.clone());
        }
    }
}

fn alternates(path: &Path) -> bool {
    match path {
        Path::Alternative(..) => true,
        Path::Sequence(a, b) => alternates(a) || alternates(b),
        Path::Reverse(p) => alternates(p),
        _ => false,
    }
}

fn spell_out(subject: TermPattern, path: &Path, object: TermPattern) -> GraphPattern {
    let boxed = Box::new;
    match path {
        Path::NamedNode(p) => {
            GraphPattern::Bgp { patterns: vec![TriplePattern { subject, predicate: p.clone().into(), object }] }
        }
        Path::Reverse(p) => spell_out(object, p, subject),
        Path::Alternative(a, b) => GraphPattern::Union {
            left: boxed(spell_out(subject.clone(), a, object.clone())),
            right: boxed(spell_out(subject, b, object)),
        },
        Path::Sequence(a, b) => {
            let middle: TermPattern = BlankNode::default().into();
            GraphPattern::Join {
                left: boxed(spell_out(subject, a, middle.clone())),
                right: boxed(spell_out(middle, b, object)),
            }
        }
        _ => GraphPattern::Path { subject, path: path.clone(), object },
    }
}

/// Whether `complete` may have anything to do: any path of length zero when variables are to be bound.
pub fn has_zero_length(pattern: &mut GraphPattern, bound: bool) -> bool {
    let mut found = false;
    each(pattern, None, &mut |p, _| found |= is_zero_length(p) && (bound || has_constant(p)));
    found
}

/// Puts the one answer of `c p* ?v` and `c p? ?v` in place where the graph holds no `c`: `?v` is `c`.
/// Under GRAPH with a variable the paths stay as they are. `lacks` tells whether a constant is not a node of a graph.
pub fn complete(pattern: &mut GraphPattern, lacks: &impl Fn(&TermPattern, Option<&NamedNodePattern>) -> bool) {
    let mut same: Vec<(TermPattern, TermPattern)> = Vec::new();
    loop {
        each(pattern, None, &mut |p, graph| {
            if !is_zero_length(p) || !has_constant(p) || matches!(graph, Some(NamedNodePattern::Variable(_))) {
                return;
            }
            let GraphPattern::Path { subject, object, .. } = p else { return };
            let (constant, other) = if is_constant(subject) {
                (subject.clone(), object.clone())
            } else {
                (object.clone(), subject.clone())
            };
            if !lacks(&constant, graph) {
                return;
            }
            *p = match other {
                TermPattern::Variable(v) => values(vec![v], vec![vec![ground(constant)]]),
                TermPattern::BlankNode(_) => {
                    same.push((other, constant));
                    GraphPattern::Bgp { patterns: Vec::new() }
                }
                // The graph lacks it, so nothing but itself is reached.
                _ if other == constant => GraphPattern::Bgp { patterns: Vec::new() },
                _ => values(Vec::new(), Vec::new()),
            };
        });
        // A blank node is the middle of a sequence: what it stands for is known now.
        let Some((blank, constant)) = same.pop() else { return };
        each(pattern, None, &mut |p, _| {
            let put = |end: &mut TermPattern| {
                if *end == blank {
                    *end = constant.clone();
                }
            };
            match p {
                GraphPattern::Bgp { patterns } => {
                    patterns.iter_mut().flat_map(|t| [&mut t.subject, &mut t.object]).for_each(put)
                }
                GraphPattern::Path { subject, object, .. } => [subject, object].into_iter().for_each(put),
                _ => (),
            }
        });
    }
}

fn is_constant(end: &TermPattern) -> bool {
    matches!(end, TermPattern::NamedNode(_) | TermPattern::Literal(_))
}

fn is_zero_length(pattern: &GraphPattern) -> bool {
    matches!(pattern, GraphPattern::Path { path: Path::ZeroOrMore(_) | Path::ZeroOrOne(_), .. })
}

fn has_constant(pattern: &GraphPattern) -> bool {
    matches!(pattern, GraphPattern::Path { subject, object, .. } if is_constant(subject) || is_constant(object))
}

fn values(variables: Vec<Variable>, bindings: Vec<Vec<Option<GroundTerm>>>) -> GraphPattern {
    GraphPattern::Values { variables, bindings }
}

fn ground(constant: TermPattern) -> Option<GroundTerm> {
    match constant {
        TermPattern::NamedNode(n) => Some(n.into()),
        TermPattern::Literal(l) => Some(l.into()),
        _ => None,
    }
}

/// The term a constant stands for.
pub fn term(constant: &TermPattern) -> Option<Term> {
    match constant {
        TermPattern::NamedNode(n) => Some(n.clone().into()),
        TermPattern::Literal(l) => Some(l.clone().into()),
        _ => None,
    }
}

/// Visits every pattern, those in EXISTS too, with the graph it reads.
fn each(
    pattern: &mut GraphPattern,
    graph: Option<&NamedNodePattern>,
    visit: &mut impl FnMut(&mut GraphPattern, Option<&NamedNodePattern>),
) {
    visit(pattern, graph);
    expressions_mut(pattern).into_iter().for_each(|e| each_in(e, graph, visit));
    let name = match pattern {
        GraphPattern::Graph { name, .. } => Some(name.clone()),
        _ => graph.cloned(),
    };
    inners_mut(pattern).into_iter().for_each(|p| each(p, name.as_ref(), visit));
}

fn each_in(
    expression: &mut Expression,
    graph: Option<&NamedNodePattern>,
    visit: &mut impl FnMut(&mut GraphPattern, Option<&NamedNodePattern>),
) {
    operands_mut(expression).into_iter().for_each(|e| each_in(e, graph, visit));
    if let Expression::Exists(inner) = expression {
        each(inner, graph, visit);
    }
}
