// SPDX-License-Identifier: Apache-2.0
//! RDF/XML (RDF 1.1 XML Syntax) and JSON-LD 1.1 in, statement by statement with their places. Names and layouts of the
//! interface are those of `src/rdf/engine.h`.

use crate::ffi::Text;
use crate::term;
use crate::worker::{self, Ended};
use oxrdf::{BlankNode, GraphName, Literal, NamedOrBlankNode, Term};
use std::collections::HashMap;
use std::ffi::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};

mod json;
mod layout;
mod order;
mod trail;
mod xml;

/// Where statements go. `add` takes the four terms in canonical N-Triples text (no graph: no text), and the place: the
/// element that makes the statement, or the object that names its subject. A blank node without a label of its own is
/// `_:?` with a number, from 0.
#[repr(C)]
pub struct Reader {
    pub this: *mut c_void,
    pub add: unsafe extern "C" fn(*mut c_void, *const Text, u64, u64) -> i32,
    pub fail: unsafe extern "C" fn(*mut c_void, u64, *const u8, usize),
}

/// A JSON-LD context that is given beforehand.
#[repr(C)]
pub struct Context {
    pub url: Text,
    pub document: Text,
}

struct Fault {
    offset: u64,
    why: String,
}

struct Sender(*const Reader);
unsafe impl Send for Sender {}

/// Language tags as a document writes them first, where that is not in lower case, by their lower case: what the
/// readers give.
#[derive(Default)]
struct Written {
    first: HashMap<String, String>,
}

/// By the grammar of Turtle and N-Triples.
fn is_tag(tag: &str) -> bool {
    tag.split('-').enumerate().all(|(i, part)| {
        !part.is_empty()
            && part.bytes().all(|b| if i == 0 { b.is_ascii_alphabetic() } else { b.is_ascii_alphanumeric() })
    })
}

impl Written {
    fn add(&mut self, tag: &str) {
        if tag.len() <= 255 && tag.bytes().any(|b| b.is_ascii_uppercase()) && is_tag(tag) {
            self.first.entry(tag.to_ascii_lowercase()).or_insert_with(|| tag.to_owned());
        }
    }
}

/// What the caller puts for xml:lang="", which the reader does not take (`src/rdf/read.hpp`).
const NO_LANGUAGE: &str = "x-provgate-none";

struct Target<'a> {
    reader: &'a Reader,
    labels: HashMap<u128, usize>,
    text: [String; 4],
    tags: Written,
    /// What a term of the statement cannot be.
    wrong: Option<String>,
    /// Whether NO_LANGUAGE stands for none.
    no_language: bool,
}

impl Target<'_> {
    fn blank(&mut self, at: usize, node: &BlankNode) {
        let out = &mut self.text[at];
        out.push_str("_:");
        match node.as_ref().unique_id() {
            Some(id) => {
                let next = self.labels.len();
                out.push('?');
                out.push_str(&self.labels.entry(id).or_insert(next).to_string());
            }
            None => {
                if BlankNode::new(node.as_str()).is_err() {
                    self.wrong = Some(format!("not a label of a blank node: _:{}", node.as_str()));
                }
                out.push_str(node.as_str());
            }
        }
    }

    fn put(&mut self, at: usize, term: &Term) {
        match term {
            Term::BlankNode(node) => self.blank(at, node),
            Term::Literal(literal) => {
                if self.no_language && literal.language() == Some(NO_LANGUAGE) {
                    return term::write(&mut self.text[at], &Literal::new_simple_literal(literal.value()).into());
                }
                if literal.language().is_some_and(|tag| !is_tag(tag)) {
                    self.wrong = Some(format!("not a language tag: {}", literal.language().unwrap_or_default()));
                }
                term::write(&mut self.text[at], term);
                if let Some(written) = literal.language().and_then(|tag| self.tags.first.get(tag)) {
                    let end = self.text[at].len() - written.len();
                    self.text[at].replace_range(end.., written);
                }
            }
            term => term::write(&mut self.text[at], term),
        }
    }

    /// Tells that what stands at a name was left out, since no context defines that: a predicate without a statement.
    fn left_out(&mut self, name: &str) -> Result<(), Fault> {
        let predicate = format!("<{name}>");
        let texts = [Text::NONE, Text::of(&predicate), Text::NONE, Text::NONE];
        // Safety: the text lives through the call.
        match unsafe { (self.reader.add)(self.reader.this, texts.as_ptr(), 0, 0) } {
            0 => Ok(()),
            _ => Err(Fault { offset: 0, why: String::new() }),
        }
    }

    fn add(
        &mut self,
        subject: &NamedOrBlankNode,
        predicate: &oxrdf::NamedNode,
        object: &Term,
        graph: &GraphName,
        place: impl FnOnce(&str) -> (u64, u64),
    ) -> Result<(), Fault> {
        self.text.iter_mut().for_each(String::clear);
        match subject {
            NamedOrBlankNode::NamedNode(node) => term::write_iri(&mut self.text[0], node.as_str()),
            NamedOrBlankNode::BlankNode(node) => self.blank(0, node),
        }
        term::write_iri(&mut self.text[1], predicate.as_str());
        self.put(2, object);
        match graph {
            GraphName::NamedNode(node) => term::write_iri(&mut self.text[3], node.as_str()),
            GraphName::BlankNode(node) => self.blank(3, node),
            GraphName::DefaultGraph => (),
        }
        let (begin, end) = place(&self.text[0]);
        if let Some(why) = self.wrong.take() {
            return Err(Fault { offset: begin, why });
        }
        let mut texts = [Text::NONE; 4];
        for (text, made) in texts.iter_mut().zip(&self.text) {
            if !made.is_empty() {
                *text = Text::of(made);
            }
        }
        // Safety: the texts live through the call.
        match unsafe { (self.reader.add)(self.reader.this, texts.as_ptr(), begin, end) } {
            0 => Ok(()),
            _ => Err(Fault { offset: begin, why: String::new() }),
        }
    }
}

/// `syntax`: 0 RDF/XML; 8 the same, with NO_LANGUAGE for none; 1 JSON-LD with its members put in order (a fault of
/// this is none of the document's); 2 more: as it stands; 4 more:
/// without the statements that are none. Returns 0, 1 after a fault (which was said), 2 when a callback failed, 7
/// without a thread, 70 for a bug.
/// Safety: the texts are UTF-8 and, as the reader and the contexts, hold until this returns.
#[no_mangle]
pub unsafe extern "C" fn provgate_rdf_read(
    syntax: u32,
    text: Text,
    base: Text,
    contexts: *const Context,
    count: usize,
    reader: *const Reader,
) -> u32 {
    crate::ffi::silence_panics();
    let done = catch_unwind(AssertUnwindSafe(|| {
        let (Some(text), Some(base)) = (text.get(), base.get()) else { return 70 };
        let contexts: usize = contexts as usize;
        let sender = Sender(reader);
        let work = move || {
            let sender = &sender;
            let reader = &*sender.0;
            let mut target = Target {
                reader,
                labels: HashMap::new(),
                text: Default::default(),
                tags: Written::default(),
                wrong: None,
                no_language: syntax == 8,
            };
            let contexts = if count == 0 { &[] } else { std::slice::from_raw_parts(contexts as *const Context, count) };
            let read = match syntax {
                0 | 8 => xml::read(text, base, &mut target),
                json => json::read(
                    text,
                    base,
                    contexts,
                    json::How { in_order: json & 2 == 0, lenient: json & 4 == 0 },
                    &mut target,
                ),
            };
            match read {
                Ok(()) => 0,
                Err(Fault { why, .. }) if why.is_empty() => 2,
                Err(Fault { offset, why }) => {
                    (reader.fail)(reader.this, offset, why.as_ptr(), why.len());
                    1
                }
            }
        };
        match worker::run(work) {
            Ok(status) => status,
            Err(Ended::NoThread) => 7,
            Err(_) => 70,
        }
    }));
    done.unwrap_or(70)
}
