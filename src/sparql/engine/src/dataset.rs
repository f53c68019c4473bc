// SPDX-License-Identifier: Apache-2.0
//! A quad source as the evaluator sees it. The default graph is the union of all graphs without duplicates, or of the
//! FROM graphs; the source's orders keep the graph last, so equal triples are neighbours.

use crate::budget::{raise, tick, weigh, Stop};
use crate::ffi::{Quad, Source};
use crate::{forms, graphs, numbers, paths, prebind, term};
use oxrdf::{BlankNode, NamedNode, Term};
use spareval::{ExpressionTerm, InternalQuad, QueryableDataset};
use spargebra::term::{NamedNodePattern, TermPattern};
use std::ffi::c_void;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::{cell::Cell as StdCell, collections::HashSet, convert::Infallible};

/// A term: of the source, by its number, or one the source does not hold.
pub enum Cell {
    Id(u64),
    New(Rc<Term>),
}

impl Clone for Cell {
    #[inline]
    fn clone(&self) -> Self {
        tick(1);
        match self {
            Self::Id(id) => Self::Id(*id),
            Self::New(term) => Self::New(Rc::clone(term)),
        }
    }
}

impl PartialEq for Cell {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Id(a), Self::Id(b)) => a == b,
            (Self::New(a), Self::New(b)) => numbers::alike(a, b),
            _ => false,
        }
    }
}
impl Eq for Cell {}

impl Hash for Cell {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Id(id) => id.hash(state),
            Self::New(term) => match &**term {
                // The tag's case makes no difference.
                Term::Literal(literal) if literal.language().is_some() => literal.value().hash(state),
                term => term.hash(state),
            },
        }
    }
}

/// FROM and FROM NAMED, as numbers of the source (an unknown graph is left out: it is empty).
#[derive(Clone, Default)]
pub struct Graphs {
    pub default: Option<Rc<[u64]>>,
    pub named: Option<Rc<[u64]>>,
}

#[derive(Clone)]
pub struct View<'a> {
    source: &'a Source,
    graphs: Graphs,
    /// While on, terms of the source leave as marked blank nodes (`numbered`), to be read later or never.
    deferred: Rc<StdCell<bool>>,
    /// Whether the query asks for the form of terms (`forms.rs`).
    forms: bool,
}

const MARK: u128 = 0x7072_6f76_6761_7465 << 64;

impl<'a> View<'a> {
    pub fn new(source: &'a Source, graphs: Graphs, forms: bool) -> Self {
        Self { source, graphs, deferred: Rc::default(), forms }
    }

    pub fn defer(&self, on: bool) {
        self.deferred.set(on);
    }

    /// The term behind what a deferred read gave.
    pub fn resolve(&self, held: &Term) -> Term {
        if let Term::BlankNode(node) = held {
            if let Some(id) = node.as_ref().unique_id().filter(|id| id >> 64 == MARK >> 64) {
                return self.read(id as u64);
            }
        }
        held.clone()
    }

    pub fn find(&self, wanted: &Term) -> Option<u64> {
        find(self.source, wanted)
    }

    /// Whether a constant of the query is not a node of the default graph, or of the graph named.
    pub fn lacks(&self, constant: &TermPattern, graph: Option<&NamedNodePattern>) -> bool {
        let cell = |term: Option<Term>| term.map(|t| self.internalize_term(t).unwrap_or_else(|e| match e {}));
        let graph = match graph {
            None => None,
            Some(NamedNodePattern::NamedNode(name)) => cell(Some(name.clone().into())),
            Some(NamedNodePattern::Variable(_)) => return false,
        };
        let Some(node) = cell(paths::term(constant)) else { return false };
        let holds = |s, o| self.internal_quads_for_pattern(s, None, o, Some(graph.as_ref())).next().is_some();
        !holds(Some(&node), None) && !holds(None, Some(&node))
    }

    fn externalize(&self, cell: Cell) -> Term {
        match cell {
            Cell::Id(id) => self.read(id),
            Cell::New(term) => copy(&term),
        }
    }

    fn read(&self, id: u64) -> Term {
        tick(48);
        let (mut text, mut length) = (std::ptr::null(), 0);
        // Safety: the source's own functions, called with its own pointer; the text is borrowed for this call only.
        unsafe {
            if (self.source.text)(self.source.this, id, &mut text, &mut length) != 0 || text.is_null() {
                raise(Stop::Source);
            }
            weigh(length);
            let bytes = std::slice::from_raw_parts(text, length);
            term::parse(std::str::from_utf8(bytes).unwrap_or_else(|_| raise(Stop::Source)))
        }
    }

    fn scan(&self, pattern: Quad, mode: Mode) -> Scan<'a> {
        tick(8);
        let mut scan = Scan {
            source: self.source,
            cursor: std::ptr::null_mut(),
            buffer: Vec::new(),
            at: 0,
            done: false,
            mode,
            last: (0, 0, 0),
        };
        // Safety: as above; the cursor is closed in drop().
        if unsafe { (self.source.open)(self.source.this, &pattern, &mut scan.cursor) } != 0 {
            raise(Stop::Source);
        }
        scan
    }
}

fn copy(term: &Term) -> Term {
    weigh(match term {
        Term::Literal(literal) => literal.value().len(),
        _ => 0,
    });
    term.clone()
}

pub fn find(source: &Source, wanted: &Term) -> Option<u64> {
    tick(16);
    let text = term::text(wanted);
    let mut id = 0;
    // Safety: the text lives through the call.
    if unsafe { (source.find)(source.this, text.as_ptr(), text.len(), &mut id) } != 0 {
        raise(Stop::Source);
    }
    (id != 0).then_some(id)
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    /// Each triple once, whatever graphs hold it.
    Union,
    /// Quads of named graphs.
    Named,
}

struct Scan<'a> {
    source: &'a Source,
    cursor: *mut c_void,
    buffer: Vec<Quad>,
    at: usize,
    done: bool,
    mode: Mode,
    last: (u64, u64, u64),
}

impl Drop for Scan<'_> {
    fn drop(&mut self) {
        if !self.cursor.is_null() {
            // Safety: opened by scan(), closed once.
            unsafe { (self.source.close)(self.source.this, self.cursor) }
        }
    }
}

impl Iterator for Scan<'_> {
    type Item = Quad;

    #[inline]
    fn next(&mut self) -> Option<Quad> {
        loop {
            if self.at == self.buffer.len() && !self.fill() {
                return None;
            }
            let quad = self.buffer[self.at];
            self.at += 1;
            tick(1);
            match self.mode {
                Mode::Union => {
                    let triple = (quad.s, quad.p, quad.o);
                    if triple == self.last {
                        continue;
                    }
                    self.last = triple;
                }
                Mode::Named if quad.g == 0 => continue,
                Mode::Named => (),
            }
            return Some(quad);
        }
    }
}

impl Scan<'_> {
    /// Reads 4 quads first, then 128 at a time: most scans end early.
    #[cold]
    fn fill(&mut self) -> bool {
        if self.done {
            return false;
        }
        let wanted = if self.buffer.capacity() == 0 { 4 } else { 128 };
        self.buffer.clear();
        self.buffer.reserve_exact(wanted);
        self.buffer.resize(wanted, Quad::default());
        let mut count = 0;
        // Safety: the buffer holds `wanted` quads; the cursor is open.
        if unsafe {
            (self.source.next)(self.source.this, self.cursor, self.buffer.as_mut_ptr(), wanted as u32, &mut count)
        } != 0
        {
            raise(Stop::Source);
        }
        self.done = (count as usize) < wanted;
        self.buffer.truncate(count as usize);
        self.at = 0;
        !self.buffer.is_empty()
    }
}

type Quads<'a> = Box<dyn Iterator<Item = Quad> + 'a>;
type Found = Result<InternalQuad<Cell>, Infallible>;

impl<'a> QueryableDataset<'a> for View<'a> {
    type InternalTerm = Cell;
    type Error = Infallible;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&Cell>,
        predicate: Option<&Cell>,
        object: Option<&Cell>,
        graph_name: Option<Option<&Cell>>,
    ) -> impl Iterator<Item = Found> + use<'a> {
        let number = |cell: Option<&Cell>| match cell {
            None => Some(0),
            Some(Cell::Id(id)) => Some(*id),
            Some(Cell::New(_)) => None, // not in the source: nothing matches
        };
        let quads: Quads<'a> = match (number(subject), number(predicate), number(object)) {
            (Some(s), Some(p), Some(o)) => self.matching(Quad { s, p, o, g: 0 }, graph_name),
            _ => {
                tick(8);
                Box::new(std::iter::empty())
            }
        };
        let default = graph_name == Some(None);
        quads.map(move |q| {
            Ok(InternalQuad {
                subject: Cell::Id(q.s),
                predicate: Cell::Id(q.p),
                object: Cell::Id(q.o),
                graph_name: if default { None } else { Some(Cell::Id(q.g)) },
            })
        })
    }

    fn internal_named_graphs(&self) -> impl Iterator<Item = Result<Cell, Infallible>> + use<'a> {
        let source = self.source;
        let mut last = 0;
        let all = std::iter::from_fn(move || {
            tick(8);
            let mut graph = 0;
            // Safety: the source's own function with its own pointer.
            if unsafe { (source.next_graph)(source.this, last, &mut graph) } != 0 {
                raise(Stop::Source);
            }
            last = graph;
            (graph != 0).then_some(graph)
        });
        let graphs: Box<dyn Iterator<Item = u64> + 'a> = match &self.graphs.named {
            Some(list) => Box::new(list.to_vec().into_iter()),
            None => Box::new(all),
        };
        graphs.map(|g| Ok(Cell::Id(g)))
    }

    fn contains_internal_graph_name(&self, graph_name: &Cell) -> Result<bool, Infallible> {
        let Cell::Id(g) = graph_name else { return Ok(false) };
        Ok(match &self.graphs.named {
            Some(list) => list.contains(g),
            None => self.scan(Quad { g: *g, ..Quad::default() }, Mode::Named).next().is_some(),
        })
    }

    fn internalize_term(&self, term: Term) -> Result<Cell, Infallible> {
        if let Term::NamedNode(node) = &term {
            if let Some(label) = node.as_str().strip_prefix(prebind::BLANK) {
                return self.internalize_term(BlankNode::new_unchecked(label).into());
            }
        }
        let term = if self.forms { forms::restored(term) } else { term };
        Ok(match self.find(&term) {
            Some(id) => Cell::Id(id),
            None => Cell::New(Rc::new(term)),
        })
    }

    fn externalize_term(&self, term: Cell) -> Result<Term, Infallible> {
        Ok(match term {
            Cell::Id(id) if self.deferred.get() => BlankNode::new_from_unique_id(MARK | u128::from(id)).into(),
            Cell::Id(id) => self.read(id),
            Cell::New(term) => copy(&term),
        })
    }

    fn externalize_expression_term(&self, term: Cell) -> Result<ExpressionTerm, Infallible> {
        let term = self.externalize(term);
        if self.forms {
            forms::note(&term);
        }
        Ok(term.into())
    }
}

impl<'a> View<'a> {
    fn matching(&self, pattern: Quad, graph_name: Option<Option<&Cell>>) -> Quads<'a> {
        let in_graphs = |graphs: Rc<[u64]>| {
            let view = self.clone();
            (0..graphs.len()).flat_map(move |i| view.scan(Quad { g: graphs[i], ..pattern }, Mode::Named))
        };
        match graph_name {
            Some(None) => match &self.graphs.default {
                None => Box::new(self.scan(pattern, Mode::Union)),
                Some(list) if list.len() < 2 => Box::new(in_graphs(Rc::clone(list))),
                Some(list) => {
                    let mut seen = HashSet::new();
                    Box::new(in_graphs(Rc::clone(list)).filter(move |q| seen.insert((q.s, q.p, q.o))))
                }
            },
            Some(Some(Cell::Id(g))) if self.graphs.named.as_ref().is_none_or(|n| n.contains(g)) => {
                Box::new(self.scan(Quad { g: *g, ..pattern }, Mode::Named))
            }
            Some(Some(_)) => Box::new(std::iter::empty()),
            None => match &self.graphs.named {
                None => Box::new(self.scan(pattern, Mode::Named)),
                Some(list) => Box::new(in_graphs(Rc::clone(list))),
            },
        }
    }
}

/// The graphs a query names, as numbers of the source.
pub fn graphs_of(source: &Source, dataset: Option<&spargebra::algebra::QueryDataset>) -> Graphs {
    let Some(dataset) = dataset else { return Graphs::default() };
    let numbers = |names: &[NamedNode]| -> Rc<[u64]> {
        let mut seen = HashSet::new();
        names.iter().filter_map(|n| find(source, &n.clone().into())).filter(|id| seen.insert(*id)).collect()
    };
    Graphs { default: Some(numbers(&dataset.default)), named: Some(numbers(dataset.named.as_deref().unwrap_or(&[]))) }
}

impl graphs::Named for View<'_> {
    fn all(&self) -> Vec<NamedNode> {
        let name = |cell: Cell| match self.externalize(cell) {
            Term::NamedNode(node) => Some(node),
            Term::BlankNode(node) => Some(NamedNode::new_unchecked(format!("{}{}", prebind::BLANK, node.as_str()))),
            Term::Literal(_) => None,
        };
        self.internal_named_graphs().filter_map(|g| name(g.unwrap_or_else(|e| match e {}))).collect()
    }

    fn has(&self, graph: &NamedNode) -> bool {
        let cell = self.internalize_term(graph.clone().into()).unwrap_or_else(|e| match e {});
        self.contains_internal_graph_name(&cell).unwrap_or_else(|e| match e {})
    }
}
