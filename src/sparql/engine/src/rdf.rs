//! RDF/XML (RDF 1.1 XML Syntax) and JSON-LD 1.1 in, statement by statement with their places. The parsers are the crates
//! `oxrdfxml` and `oxjsonld`; names and layouts of the interface are those of `src/rdf/engine.h`. Nothing is fetched.

use crate::ffi::Text;
use crate::term;
use crate::worker::{self, Ended};
use oxjsonld::{JsonLdParseError, JsonLdParser, JsonLdRemoteDocument};
use oxrdf::{BlankNode, GraphName, NamedOrBlankNode, Term};
use oxrdfxml::RdfXmlParser;
use std::collections::HashMap;
use std::ffi::c_void;
use std::io::Read;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

/// Where statements go. `add` takes the four terms in canonical N-Triples text (no graph: no text), and the place: the element
/// or object that makes the statement. A blank node without a label of its own is `_:?` with a number, from 0.
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

struct Target<'a> {
    reader: &'a Reader,
    labels: HashMap<u128, usize>,
    text: [String; 4],
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
            None => out.push_str(node.as_str()),
        }
    }

    fn put(&mut self, at: usize, term: &Term) {
        match term {
            Term::BlankNode(node) => self.blank(at, node),
            term => term::write(&mut self.text[at], term),
        }
    }

    fn add(&mut self, subject: &NamedOrBlankNode, predicate: &oxrdf::NamedNode, object: &Term, graph: &GraphName, begin: u64, end: u64) -> Result<(), Fault> {
        self.text.iter_mut().for_each(String::clear);
        match subject {
            NamedOrBlankNode::NamedNode(node) => self.put(0, &node.clone().into()),
            NamedOrBlankNode::BlankNode(node) => self.blank(0, node),
        }
        self.put(1, &predicate.clone().into());
        self.put(2, object);
        match graph {
            GraphName::NamedNode(node) => self.put(3, &node.clone().into()),
            GraphName::BlankNode(node) => self.blank(3, node),
            GraphName::DefaultGraph => (),
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

/// The tags of an XML document, each with the element it belongs to.
struct Tags<'a> {
    text: &'a [u8],
    at: usize,
    open: Vec<(usize, usize)>,
    last: (usize, usize),
}

impl Tags<'_> {
    fn skip_to(&mut self, end: &[u8]) {
        let rest = &self.text[self.at..];
        self.at += rest.windows(end.len()).position(|w| w == end).map_or(rest.len(), |n| n + end.len());
    }

    /// Begin and end of the start tag of the element whose tag ends at `position` or last before it.
    fn element(&mut self, position: usize) -> (usize, usize) {
        while self.at < position.min(self.text.len()) {
            let Some(begin) = self.text[self.at..].iter().position(|c| *c == b'<').map(|n| self.at + n).filter(|b| *b < position) else { break };
            self.at = begin;
            let rest = &self.text[begin..];
            if rest.starts_with(b"<!--") {
                self.skip_to(b"-->");
            } else if rest.starts_with(b"<![CDATA[") {
                self.skip_to(b"]]>");
            } else if rest.starts_with(b"<?") {
                self.skip_to(b"?>");
            } else if rest.starts_with(b"<!") {
                self.close();
            } else {
                self.tag(begin);
            }
        }
        self.last
    }

    /// Past the `>` that closes a tag or a declaration: not one in quotes, nor in the brackets of a DOCTYPE.
    fn close(&mut self) {
        let (mut depth, mut quote) = (0_i32, 0_u8);
        while self.at < self.text.len() {
            let c = self.text[self.at];
            if depth > 0 && quote == 0 && self.text[self.at..].starts_with(b"<!--") {
                self.skip_to(b"-->");
                continue;
            }
            self.at += 1;
            match c {
                _ if quote != 0 => quote = if c == quote { 0 } else { quote },
                b'"' | b'\'' => quote = c,
                b'[' => depth += 1,
                b']' => depth -= 1,
                b'>' if depth <= 0 => return,
                _ => (),
            }
        }
    }

    fn tag(&mut self, begin: usize) {
        self.close();
        if self.text[begin + 1..].starts_with(b"/") {
            self.last = self.open.pop().unwrap_or((begin, self.at));
        } else {
            self.last = (begin, self.at);
            if self.at < 2 || self.text[self.at - 2] != b'/' {
                self.open.push(self.last);
            }
        }
    }
}

fn rdfxml(text: &str, base: &str, target: &mut Target) -> Result<(), Fault> {
    let parser = RdfXmlParser::new().with_base_iri(base).map_err(|e| Fault { offset: 0, why: e.to_string() })?;
    let mut parser = parser.for_slice(text);
    let mut tags = Tags { text: text.as_bytes(), at: 0, open: Vec::new(), last: (0, 0) };
    while let Some(triple) = parser.next() {
        let position = usize::try_from(parser.buffer_position()).unwrap_or(text.len());
        let (begin, end) = tags.element(position);
        let triple = triple.map_err(|e| Fault { offset: begin as u64, why: e.to_string() })?;
        target.add(&triple.subject, &triple.predicate, &triple.object, &GraphName::DefaultGraph, begin as u64, end as u64)?;
    }
    Ok(())
}

/// JSON, handed out token by token, so that what was read tells where the parser is.
struct Tokens<'a> {
    text: &'a [u8],
    at: usize,
    /// Where the innermost object begins that is open, or has just been closed.
    objects: Vec<usize>,
    /// The end of a piece that did not fit.
    until: usize,
    place: Arc<AtomicU64>,
}

impl Tokens<'_> {
    /// The end of the next piece: a string, a bracket, a comma, or what stands between them.
    fn piece(&mut self) -> usize {
        let begin = self.at;
        match self.text[begin] {
            b'"' => {
                let mut at = begin + 1;
                while at < self.text.len() && self.text[at] != b'"' {
                    at += if self.text[at] == b'\\' { 2 } else { 1 };
                }
                (at + 1).min(self.text.len())
            }
            b'{' => {
                self.objects.push(begin);
                self.place.store(begin as u64, Ordering::Relaxed);
                begin + 1
            }
            b'}' => {
                let closed = self.objects.pop();
                self.place.store(closed.unwrap_or(begin) as u64, Ordering::Relaxed);
                begin + 1
            }
            _ => {
                if let Some(open) = self.objects.last() {
                    self.place.store(*open as u64, Ordering::Relaxed);
                }
                let rest = &self.text[begin + 1..];
                begin + 1 + rest.iter().position(|c| matches!(c, b'"' | b'{' | b'}')).unwrap_or(rest.len())
            }
        }
    }
}

impl Read for Tokens<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.at >= self.text.len() || out.is_empty() {
            return Ok(0);
        }
        // A piece that is larger than the room goes in parts.
        if self.at >= self.until {
            self.until = self.piece();
        }
        let end = self.until.min(self.at + out.len());
        let n = end - self.at;
        out[..n].copy_from_slice(&self.text[self.at..end]);
        self.at = end;
        Ok(n)
    }
}

fn jsonld(text: &str, base: &str, contexts: &[Context], target: &mut Target) -> Result<(), Fault> {
    // Safety: the texts live until the parser is done.
    let known: HashMap<String, Vec<u8>> =
        contexts.iter().filter_map(|c| unsafe { Some((c.url.get()?.to_owned(), c.document.get()?.as_bytes().to_vec())) }).collect();
    let place = Arc::new(AtomicU64::new(0));
    let tokens = Tokens { text: text.as_bytes(), at: 0, objects: Vec::new(), until: 0, place: Arc::clone(&place) };
    let fault = |why: String| Fault { offset: place.load(Ordering::Relaxed), why };
    let parser = JsonLdParser::new().with_base_iri(base).map_err(|e| Fault { offset: 0, why: e.to_string() })?;
    let parser = parser.for_reader(tokens).with_load_document_callback(move |url, _| match known.get(url) {
        Some(document) => Ok(JsonLdRemoteDocument { document: document.clone(), document_url: url.to_owned() }),
        None => Err(format!("the context <{url}> is not given, and nothing is fetched").into()),
    });
    for quad in parser {
        let quad = quad.map_err(|e| match e {
            JsonLdParseError::Syntax(e) => match e.location() {
                Some(at) => Fault { offset: at.start.offset, why: e.to_string() },
                None => fault(e.to_string()),
            },
            e => fault(e.to_string()),
        })?;
        let begin = place.load(Ordering::Relaxed);
        target.add(&quad.subject, &quad.predicate, &quad.object, &quad.graph_name, begin, begin + 1)?;
    }
    Ok(())
}

/// `syntax`: 0 RDF/XML, 1 JSON-LD. Returns 0, 1 after a fault (which was said), 2 when a callback failed, 7 without a thread, 70 for a bug.
/// Safety: the texts are UTF-8 and, as the reader and the contexts, hold until this returns.
#[no_mangle]
pub unsafe extern "C" fn provgate_rdf_read(syntax: u32, text: Text, base: Text, contexts: *const Context, count: usize, reader: *const Reader) -> u32 {
    let done = catch_unwind(AssertUnwindSafe(|| {
        let (Some(text), Some(base)) = (text.get(), base.get()) else { return 70 };
        let contexts: usize = contexts as usize;
        let sender = Sender(reader);
        let work = move || {
            let sender = &sender;
            let reader = &*sender.0;
            let mut target = Target { reader, labels: HashMap::new(), text: Default::default() };
            let contexts = if count == 0 { &[] } else { std::slice::from_raw_parts(contexts as *const Context, count) };
            let read = if syntax == 0 { rdfxml(text, base, &mut target) } else { jsonld(text, base, contexts, &mut target) };
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
