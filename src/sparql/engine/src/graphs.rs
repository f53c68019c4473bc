// SPDX-License-Identifier: Apache-2.0
//! GRAPH with a variable is evaluated once for each named graph (SPARQL 1.1, 18.6). The evaluator only hands the
//! variable down to the triple patterns, which is the same where every row takes it from one of them; elsewhere (a
//! sub-SELECT, an aggregate, LIMIT, MINUS, VALUES alone, a filter that looks at the variable) the pattern is spelled
//! out: a union over the named graphs.

use crate::algebra::{expressions, expressions_mut, inners, inners_mut, operands, operands_mut};
use oxrdf::{NamedNode, Variable};
use spargebra::algebra::{Expression, GraphPattern, PropertyPathExpression as Path};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern};
use std::collections::HashSet;

/// More nodes than this are not planned.
pub const MAX_SPELLED: usize = 20_000;

/// The named graphs of the data a query runs on.
pub trait Named {
    fn all(&self) -> Vec<NamedNode>;
    fn has(&self, graph: &NamedNode) -> bool;
}

/// What a pattern directly under GRAPH does with the graph's variable.
#[derive(PartialEq)]
enum Holds {
    /// Every row has it, from a triple pattern in that graph.
    Bound,
    /// It neither binds it nor reads the graph.
    Apart,
    /// Neither is sure.
    Unsure,
}

/// Whether `spell_out` has anything to do.
pub fn needed(pattern: &GraphPattern) -> bool {
    graph_to_spell(pattern)
        || inners(pattern).into_iter().any(needed)
        || expressions(pattern).into_iter().any(needed_in)
}

fn needed_in(expression: &Expression) -> bool {
    matches!(expression, Expression::Exists(inner) if needed(inner)) || operands(expression).into_iter().any(needed_in)
}

fn graph_to_spell(pattern: &GraphPattern) -> bool {
    let GraphPattern::Graph { name, inner } = pattern else { return false };
    let variable = match name {
        NamedNodePattern::Variable(v) => Some(v),
        NamedNodePattern::NamedNode(_) => None,
    };
    holds(inner, variable) != Holds::Bound
}

/// Errors when the named graphs are too many for that.
pub fn spell_out(pattern: &mut GraphPattern, named: &dyn Named) -> Result<(), String> {
    let mut nodes = 0;
    walk(pattern, named, &mut nodes)
}

fn walk(pattern: &mut GraphPattern, named: &dyn Named, nodes: &mut usize) -> Result<(), String> {
    let here = graph_to_spell(pattern);
    inners_mut(pattern).into_iter().try_for_each(|p| walk(p, named, nodes))?;
    expressions_mut(pattern).into_iter().try_for_each(|e| walk_in(e, named, nodes))?;
    if !here {
        return Ok(());
    }
    let GraphPattern::Graph { name, inner } = pattern else { return Ok(()) };
    match name {
        NamedNodePattern::NamedNode(graph) => {
            if !named.has(graph) {
                *pattern = nothing();
            }
        }
        NamedNodePattern::Variable(variable) => {
            let graphs = named.all();
            *nodes = nodes.saturating_add(graphs.len().saturating_mul(size(inner) + 3));
            if *nodes > MAX_SPELLED {
                return Err(format!(
                    "GRAPH {variable} holds a sub-SELECT, an aggregate or another pattern that is evaluated in each \
                        of the {} named graphs by itself; that is too much to plan: name the graph, or \
                        the graphs with FROM NAMED",
                    graphs.len()
                ));
            }
            let parts = graphs.into_iter().map(|graph| in_graph(variable, graph, inner)).collect();
            *pattern = union(parts);
        }
    }
    Ok(())
}

fn walk_in(expression: &mut Expression, named: &dyn Named, nodes: &mut usize) -> Result<(), String> {
    operands_mut(expression).into_iter().try_for_each(|e| walk_in(e, named, nodes))?;
    match expression {
        Expression::Exists(inner) => walk(inner, named, nodes),
        _ => Ok(()),
    }
}

fn nothing() -> GraphPattern {
    GraphPattern::Values { variables: Vec::new(), bindings: Vec::new() }
}

/// The pattern in one graph, joined with the variable's value. The pattern's own use of the variable goes by another
/// name, since the evaluator hands what is known of a variable down into what it joins, also into OPTIONAL.
fn in_graph(variable: &Variable, graph: NamedNode, inner: &GraphPattern) -> GraphPattern {
    let mut inner = inner.clone();
    let own = in_scope(&inner).contains(variable);
    // A name no query can write, and none that an inner GRAPH was given.
    let mut renamed = Variable::new_unchecked(format!(" {}", variable.as_str()));
    while in_scope(&inner).contains(&renamed) {
        renamed = Variable::new_unchecked(format!(" {}", renamed.as_str()));
    }
    rename(&mut inner, variable, &renamed);
    let named = GraphPattern::Values {
        variables: vec![variable.clone()],
        bindings: vec![vec![Some(GroundTerm::NamedNode(graph.clone()))]],
    };
    let inside = GraphPattern::Graph { name: NamedNodePattern::NamedNode(graph.clone()), inner: Box::new(inner) };
    let inside = if own { agreeing(inside, renamed, graph) } else { inside };
    GraphPattern::Join { left: Box::new(inside), right: Box::new(named) }
}

fn agreeing(inner: GraphPattern, variable: Variable, graph: NamedNode) -> GraphPattern {
    let unbound = Expression::Not(Box::new(Expression::Bound(variable.clone())));
    let same = Expression::SameTerm(Box::new(Expression::Variable(variable)), Box::new(Expression::NamedNode(graph)));
    GraphPattern::Filter { expr: Expression::Or(Box::new(unbound), Box::new(same)), inner: Box::new(inner) }
}

fn rename(pattern: &mut GraphPattern, from: &Variable, to: &Variable) {
    let put = |v: &mut Variable| {
        if v == from {
            v.clone_from(to);
        }
    };
    let end = |t: &mut TermPattern| {
        if let TermPattern::Variable(v) = t {
            put(v);
        }
    };
    match pattern {
        GraphPattern::Bgp { patterns } => {
            for t in patterns {
                end(&mut t.subject);
                end(&mut t.object);
                if let NamedNodePattern::Variable(v) = &mut t.predicate {
                    put(v);
                }
            }
        }
        GraphPattern::Path { subject, object, .. } => {
            end(subject);
            end(object);
        }
        GraphPattern::Graph { name: NamedNodePattern::Variable(v), .. } | GraphPattern::Extend { variable: v, .. } => {
            put(v)
        }
        GraphPattern::Values { variables, .. } | GraphPattern::Project { variables, .. } => {
            variables.iter_mut().for_each(put)
        }
        GraphPattern::Group { variables, aggregates, .. } => {
            variables.iter_mut().for_each(put);
            aggregates.iter_mut().for_each(|(v, _)| put(v));
        }
        _ => (),
    }
    expressions_mut(pattern).into_iter().for_each(|e| rename_in(e, from, to));
    inners_mut(pattern).into_iter().for_each(|p| rename(p, from, to));
}

fn rename_in(expression: &mut Expression, from: &Variable, to: &Variable) {
    match expression {
        Expression::Variable(v) | Expression::Bound(v) if v == from => v.clone_from(to),
        Expression::Exists(inner) => rename(inner, from, to),
        _ => operands_mut(expression).into_iter().for_each(|e| rename_in(e, from, to)),
    }
}

/// Halves, so that no chain grows with the number of graphs.
fn union(mut parts: Vec<GraphPattern>) -> GraphPattern {
    match parts.len() {
        0 => nothing(),
        1 => parts.remove(0),
        n => {
            let rest = parts.split_off(n / 2);
            GraphPattern::Union { left: Box::new(union(parts)), right: Box::new(union(rest)) }
        }
    }
}

fn size(pattern: &GraphPattern) -> usize {
    let own = match pattern {
        GraphPattern::Bgp { patterns } => patterns.len(),
        GraphPattern::Values { bindings, .. } => bindings.len(),
        _ => 1,
    };
    own + inners(pattern).into_iter().map(size).sum::<usize>()
        + expressions(pattern).into_iter().map(size_of).sum::<usize>()
}

fn size_of(expression: &Expression) -> usize {
    let inside = match expression {
        Expression::Exists(inner) => size(inner),
        _ => 0,
    };
    1 + inside + operands(expression).into_iter().map(size_of).sum::<usize>()
}

/// `graph`: the variable GRAPH has; none when it names the graph, and then Bound means that rows come from triples
/// only.
fn holds(pattern: &GraphPattern, graph: Option<&Variable>) -> Holds {
    use Holds::{Apart, Bound, Unsure};
    let both = |left: &GraphPattern, right: &GraphPattern| (holds(left, graph), holds(right, graph));
    match pattern {
        GraphPattern::Bgp { patterns } if patterns.is_empty() => Apart,
        GraphPattern::Bgp { .. } => Bound,
        GraphPattern::Path { path, .. } if may_have_no_length(path) => Unsure,
        GraphPattern::Path { .. } => Bound,
        GraphPattern::Values { variables, .. } if graph.is_none_or(|g| !variables.contains(g)) => Apart,
        // Another graph is read in there, and another variable bound.
        GraphPattern::Graph { inner, name } => {
            let other = !matches!((name, graph), (NamedNodePattern::Variable(v), Some(g)) if v == g);
            if other && graph.is_none_or(|g| !in_scope(inner).contains(g)) {
                Apart
            } else {
                Unsure
            }
        }
        GraphPattern::Join { left, right } | GraphPattern::Lateral { left, right } => match both(left, right) {
            (Bound, Bound | Apart) | (Apart, Bound) => Bound,
            (Apart, Apart) => Apart,
            _ => Unsure,
        },
        GraphPattern::Union { left, right } if both(left, right) == (Bound, Bound) => Bound,
        GraphPattern::LeftJoin { left, right, expression } => {
            let plain = expression.as_ref().is_none_or(|e| blind(e, graph));
            if plain && blind_inside(right, graph) && both(left, right) == (Bound, Bound) {
                Bound
            } else {
                Unsure
            }
        }
        // The variable must not be what left and right share, nor must it be all they share.
        GraphPattern::Minus { left, right } if blind_inside(right, graph) && both(left, right) == (Bound, Bound) => {
            let (left, right) = (certain(left), certain(right));
            if left.iter().any(|v| Some(v) != graph && right.contains(v)) {
                Bound
            } else {
                Unsure
            }
        }
        GraphPattern::Filter { expr, inner } if blind(expr, graph) => holds(inner, graph),
        GraphPattern::Extend { inner, variable, expression } if Some(variable) != graph && blind(expression, graph) => {
            holds(inner, graph)
        }
        _ => Unsure,
    }
}

fn may_have_no_length(path: &Path) -> bool {
    match path {
        Path::NamedNode(_) | Path::NegatedPropertySet(_) => false,
        Path::Sequence(a, b) | Path::Alternative(a, b) => may_have_no_length(a) || may_have_no_length(b),
        Path::Reverse(p) | Path::OneOrMore(p) => may_have_no_length(p),
        Path::ZeroOrMore(_) | Path::ZeroOrOne(_) => true,
    }
}

/// Whether an expression cannot tell that the graph's variable is bound already, and patterns in it read that graph.
fn blind(expression: &Expression, graph: Option<&Variable>) -> bool {
    match expression {
        Expression::Variable(v) | Expression::Bound(v) if Some(v) == graph => false,
        Expression::Exists(inner) => holds(inner, graph) == Holds::Bound && blind_inside(inner, graph),
        _ => operands(expression).into_iter().all(|e| blind(e, graph)),
    }
}

/// Inside the graph the variable is not bound yet: where a pattern is more than a condition on the rest, it may not
/// name it.
fn blind_inside(pattern: &GraphPattern, graph: Option<&Variable>) -> bool {
    graph.is_none_or(|g| !in_scope(pattern).contains(g))
}

fn in_scope(pattern: &GraphPattern) -> HashSet<Variable> {
    let mut scope = HashSet::new();
    pattern.on_in_scope_variable(|v| _ = scope.insert(v.clone()));
    scope
}

/// Variables that every row binds (some of them).
fn certain(pattern: &GraphPattern) -> HashSet<Variable> {
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => in_scope(pattern),
        GraphPattern::Join { left, right } | GraphPattern::Lateral { left, right } => &certain(left) | &certain(right),
        GraphPattern::Union { left, right } => &certain(left) & &certain(right),
        GraphPattern::LeftJoin { left, .. } | GraphPattern::Minus { left, .. } => certain(left),
        GraphPattern::Filter { inner, .. } | GraphPattern::Extend { inner, .. } => certain(inner),
        _ => HashSet::new(),
    }
}
