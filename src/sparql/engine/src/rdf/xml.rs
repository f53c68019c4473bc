// SPDX-License-Identifier: Apache-2.0
//! RDF/XML (RDF 1.1 XML Syntax) by the crate `oxrdfxml`, with the tag that makes each statement.

use super::{Fault, Target, Written};
use oxrdf::GraphName;
use oxrdfxml::RdfXmlParser;

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
            let Some(begin) =
                memchr::memchr(b'<', &self.text[self.at..position.min(self.text.len())]).map(|n| self.at + n)
            else {
                break;
            };
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

    /// Past the `>` that closes a declaration: not one in quotes, nor in the brackets of a DOCTYPE.
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

    /// Past the `>` of a tag.
    fn close_tag(&mut self) {
        loop {
            let Some(n) = self.text.get(self.at..).and_then(|rest| memchr::memchr3(b'>', b'"', b'\'', rest)) else {
                return self.at = self.text.len();
            };
            let (quote, next) = (self.text[self.at + n], self.at + n + 1);
            self.at = next;
            if quote == b'>' {
                return;
            }
            self.at = memchr::memchr(quote, &self.text[next..]).map_or(self.text.len(), |n| next + n + 1);
        }
    }

    fn tag(&mut self, begin: usize) {
        self.close_tag();
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

/// Language tags, which the reader puts into lower case, as they are written first.
fn tags(text: &str) -> Written {
    let mut out = Written::default();
    let finder = memchr::memmem::Finder::new("xml:lang");
    for at in finder.find_iter(text.as_bytes()) {
        let rest = text[at + "xml:lang".len()..].trim_start().strip_prefix('=').map_or("", str::trim_start);
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let tag = rest[1..].split(quote).next().unwrap_or_default();
        out.add(tag);
    }
    out
}

/// Every statement with the start tag of the element that makes it.
pub fn read(text: &str, base: &str, target: &mut Target) -> Result<(), Fault> {
    target.tags = tags(text);
    let parser = RdfXmlParser::new();
    let parser = if base.is_empty() {
        parser
    } else {
        parser.with_base_iri(base).map_err(|e| Fault { offset: 0, why: e.to_string() })?
    };
    let mut parser = parser.for_slice(text);
    let mut tags = Tags { text: text.as_bytes(), at: 0, open: Vec::new(), last: (0, 0) };
    while let Some(triple) = parser.next() {
        let position = usize::try_from(parser.buffer_position()).unwrap_or(text.len());
        let (begin, end) = tags.element(position);
        let triple = triple.map_err(|e| Fault { offset: begin as u64, why: e.to_string() })?;
        target.add(&triple.subject, &triple.predicate, &triple.object, &GraphName::DefaultGraph, |_| {
            (begin as u64, end as u64)
        })?;
    }
    Ok(())
}
