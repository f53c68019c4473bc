// SPDX-License-Identifier: Apache-2.0
//! JSON-LD 1.1 by the crate `oxjsonld`, with the object that names the subject of each statement. Nothing is fetched.

use super::layout::{past_space, past_string, unescaped, Layout};
use super::order::Ordered;
use super::trail::Trail;
use super::{Context, Fault, Target, Written};
use oxjsonld::{JsonLdParseError, JsonLdParser, JsonLdProfile, JsonLdRemoteDocument, ReaderJsonLdParser};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::Read;
use std::rc::Rc;

/// How a document is read. Lenient: statements with what is not an IRI, label or tag are given, and whoever takes them
/// looks at them; else they are left out without a word, as JSON-LD has it for members that no context defines, and
/// all that stands in these.
#[derive(Clone, Copy)]
pub struct How {
    pub in_order: bool,
    pub lenient: bool,
}

pub fn read(text: &str, base: &str, contexts: &[Context], how: How, target: &mut Target) -> Result<(), Fault> {
    target.tags = look(text)?;
    for context in contexts {
        // Safety: the texts live until the parser is done.
        if let Some(document) = unsafe { context.document.get() } {
            look(document).map_err(|fault| Fault { offset: 0, why: format!("in a given context: {}", fault.why) })?;
        }
    }
    if how.in_order {
        in_order(text, base, contexts, how, target)
    } else {
        as_it_stands(text, base, contexts, how, target)
    }
}

fn parser<R: Read>(reader: R, base: &str, contexts: &[Context], how: How) -> Result<ReaderJsonLdParser<R>, Fault> {
    // Safety: the texts live until the parser is done.
    let known: HashMap<String, Vec<u8>> = contexts
        .iter()
        .filter_map(|c| unsafe { Some((c.url.get()?.to_owned(), c.document.get()?.as_bytes().to_vec())) })
        .collect();
    let parser = JsonLdParser::new();
    let parser = if base.is_empty() {
        parser
    } else {
        parser.with_base_iri(base).map_err(|e| Fault { offset: 0, why: e.to_string() })?
    };
    let parser = if how.lenient { parser.lenient() } else { parser };
    let parser = if how.in_order { parser.with_profile(JsonLdProfile::Streaming) } else { parser };
    Ok(parser.for_reader(reader).with_load_document_callback(move |url, _| match known.get(url) {
        Some(document) => Ok(JsonLdRemoteDocument { document: document.clone(), document_url: url.to_owned() }),
        None => Err(format!("the context <{url}> is not given, and nothing is fetched").into()),
    }))
}

const KEYWORDS: [&str; 25] = [
    "@base",
    "@container",
    "@context",
    "@default",
    "@direction",
    "@explicit",
    "@graph",
    "@id",
    "@import",
    "@included",
    "@index",
    "@json",
    "@language",
    "@list",
    "@nest",
    "@none",
    "@prefix",
    "@propagate",
    "@protected",
    "@reverse",
    "@set",
    "@type",
    "@value",
    "@version",
    "@vocab",
];

/// An integer that the reader would make a double: below 10^21 JSON-LD has it exact (JSON-LD 1.1 API, 8.2.2).
fn wide_number(text: &str, begin: usize, end: usize) -> Result<(), Fault> {
    if end - begin < 19 {
        return Ok(());
    }
    let mut at = begin;
    for part in text[begin..end].split([',', ':', ' ', '\t', '\r', '\n']) {
        let digits = part.strip_prefix('-').unwrap_or(part);
        let whole = !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit());
        if whole && part.parse::<i64>().is_err() && digits.len() < 22 {
            let why = format!(
                "the integer {part} is beyond 64 bits; write {{\"@value\": \"{part}\", \"@type\": \
                \"http://www.w3.org/2001/XMLSchema#integer\"}}"
            );
            return Err(Fault { offset: at as u64, why });
        }
        at += part.len() + 1;
    }
    Ok(())
}

/// Within what of contexts something stands: none, one of an object, one of a term or type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    None,
    Whole,
    Scoped,
}

/// What the reader would pass over without a word: names that only look like keywords, and lists in lists, which it
/// makes one. And language tags, which it puts into lower case, as they are written first: what "@language" says, and
/// names (of language maps).
fn look(text: &str) -> Result<Written, Fault> {
    let bytes = text.as_bytes();
    let mut out = Written::default();
    // of each bracket: whether it is the value of @list, and of a context
    let mut open: Vec<(bool, Scope)> = Vec::new();
    let (mut at, mut language, mut list, mut context) = (0, false, false, false);
    while let Some(begin) =
        bytes[at..].iter().position(|c| matches!(c, b'"' | b'{' | b'[' | b'}' | b']')).map(|n| at + n)
    {
        wide_number(text, at, begin)?;
        at = begin + 1;
        match bytes[begin] {
            b'{' | b'[' => {
                if bytes[begin] == b'[' && open.last().is_some_and(|o| o.0) {
                    return Err(Fault { offset: begin as u64, why: "a list in a list (@list) is not read".into() });
                }
                let around = open.last().map_or(Scope::None, |o| o.1);
                let kind = match around {
                    Scope::None if context => Scope::Whole,
                    Scope::Whole if context => Scope::Scoped,
                    around => around,
                };
                open.push((list && bytes[begin] == b'[', kind));
                (language, list, context) = (false, false, false);
            }
            b'"' => {
                let Some(end) = past_string(bytes, begin) else { break };
                let inner = &text[begin + 1..end - 1];
                let name = bytes.get(past_space(bytes, end)) == Some(&b':');
                if name || language {
                    out.add(inner);
                }
                let keyword =
                    |t: &str| t.len() > 1 && t.starts_with('@') && t[1..].bytes().all(|b| b.is_ascii_alphabetic());
                if name && keyword(inner) && !KEYWORDS.contains(&inner) {
                    return Err(Fault {
                        offset: begin as u64,
                        why: format!("{inner} is not a keyword of JSON-LD 1.1"),
                    });
                }
                if name && inner == "@language" && open.last().is_some_and(|o| o.1 == Scope::Scoped) {
                    return Err(Fault {
                        offset: begin as u64,
                        why: "@language in a scoped context is not read: the strings it is for would lose it".into(),
                    });
                }
                (language, list, context) =
                    (name && inner == "@language", name && inner == "@list", name && inner == "@context");
                at = end;
            }
            _ => drop(open.pop()),
        }
    }
    Ok(out)
}

/// The document with the members of its objects put in order, so that each statement comes while its object is open,
/// and nothing is kept. A fault may be one of the order alone, and its place is none: `as_it_stands` tells.
fn in_order(text: &str, base: &str, contexts: &[Context], how: How, target: &mut Target) -> Result<(), Fault> {
    let unknown = || Fault { offset: 0, why: "the document cannot be put into order".into() };
    let mut layout = Layout::of(text).ok_or_else(unknown)?;
    for context in contexts {
        // Safety: the texts live until the parser is done.
        unsafe { context.document.get() }.and_then(|c| layout.learn(c)).ok_or_else(unknown)?;
    }
    layout.prefixes.settle();
    let layout = Rc::new(layout);
    let trail = Rc::new(RefCell::new(Trail::new(base)));
    let dropped = Rc::new(RefCell::new(BTreeSet::new()));
    for quad in
        parser(Ordered::new(text, Rc::clone(&layout), Rc::clone(&trail), Rc::clone(&dropped)), base, contexts, how)?
    {
        let quad = quad.map_err(|e| Fault { offset: 0, why: e.to_string() })?;
        target.add(&quad.subject, &quad.predicate, &quad.object, &quad.graph_name, |subject| {
            let begin = trail.borrow().place(subject, &layout.prefixes);
            (begin, begin + 1)
        })?;
    }
    for name in dropped.take() {
        target.left_out(&name)?;
    }
    Ok(())
}

/// JSON, handed out piece by piece, so that what was read tells in which object the parser is.
struct Tokens<'a> {
    text: &'a [u8],
    at: usize,
    /// Where the innermost object begins that is open, or has just been closed.
    objects: Vec<usize>,
    /// The end of a piece that did not fit.
    until: usize,
    place: Rc<Cell<u64>>,
}

impl Tokens<'_> {
    /// The end of the next piece: a brace, or all up to the next one that stands in no string.
    fn piece(&mut self) -> usize {
        let begin = self.at;
        match self.text[begin] {
            b'{' => {
                self.objects.push(begin);
                self.place.set(begin as u64);
                begin + 1
            }
            b'}' => {
                let closed = self.objects.pop();
                self.place.set(closed.unwrap_or(begin) as u64);
                begin + 1
            }
            _ => {
                if let Some(open) = self.objects.last() {
                    self.place.set(*open as u64);
                }
                let mut at = begin;
                while at < self.text.len() && !matches!(self.text[at], b'{' | b'}') {
                    at = if self.text[at] == b'"' {
                        past_string(self.text, at).unwrap_or(self.text.len())
                    } else {
                        at + 1
                    };
                }
                at
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

/// Where an object has a name for the second time. Of a document that is not JSON, as far as it can be told.
fn named_twice(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut open: Vec<HashSet<Cow<str>>> = Vec::new();
    let mut at = 0;
    while let Some(begin) = bytes[at..].iter().position(|c| matches!(c, b'"' | b'{' | b'}')).map(|n| at + n) {
        at = begin + 1;
        match bytes[begin] {
            b'{' => open.push(HashSet::new()),
            b'}' => drop(open.pop()),
            _ => {
                let end = past_string(bytes, begin)?;
                if bytes.get(past_space(bytes, end)) == Some(&b':')
                    && !open.last_mut()?.insert(unescaped(&text[begin + 1..end - 1]))
                {
                    return Some(begin);
                }
                at = end;
            }
        }
    }
    None
}

/// The document as it stands: every object is kept until it ends, which is when its statements come. Faults have
/// their place.
fn as_it_stands(text: &str, base: &str, contexts: &[Context], how: How, target: &mut Target) -> Result<(), Fault> {
    if let Some(at) = named_twice(text) {
        return Err(Fault { offset: at as u64, why: "a duplicate key: an object of JSON has each name once".into() });
    }
    let place = Rc::new(Cell::new(0));
    let tokens = Tokens { text: text.as_bytes(), at: 0, objects: Vec::new(), until: 0, place: Rc::clone(&place) };
    let fault = |why: String| Fault { offset: place.get(), why };
    for quad in parser(tokens, base, contexts, how)? {
        let quad = quad.map_err(|e| match e {
            JsonLdParseError::Syntax(e) => match e.location() {
                Some(at) => Fault { offset: at.start.offset, why: e.to_string() },
                None => fault(e.to_string()),
            },
            e => fault(e.to_string()),
        })?;
        target
            .add(&quad.subject, &quad.predicate, &quad.object, &quad.graph_name, |_| (place.get(), place.get() + 1))?;
    }
    Ok(())
}
