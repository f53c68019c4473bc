// SPDX-License-Identifier: Apache-2.0
//! What has to be known of a JSON-LD document before its members can be put in order: where its brackets end, and what
//! its contexts say of names.

use super::trail::Prefixes;
use std::borrow::Cow;
use std::collections::HashSet;

/// The end of a bracket, and the number of the first bracket that opens after it.
type End = (u32, u32);

/// Where the brackets of a document end, numbered as they open, and what its contexts say of names.
#[derive(Default)]
pub struct Layout {
    pub ends: Vec<End>,
    types: HashSet<Box<[u8]>>,
    ids: HashSet<Box<[u8]>>,
    graphs: HashSet<Box<[u8]>>,
    values: HashSet<Box<[u8]>>,
    /// What any context defines.
    names: HashSet<Box<[u8]>>,
    /// Members whose names no context defines can be left out, with what stands in them: no context defines all names,
    /// no map has keys that are not names, and no value is JSON as such.
    pub omits: bool,
    pub prefixes: Prefixes,
}

struct Opened {
    number: usize,
    key: (usize, usize),
    context: bool,
}

/// A JSON string without its escapes; one that is none, as it is.
pub fn unescaped(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let kind = rest[at + 1..].chars().next();
        let mut used = 2;
        match kind {
            Some(c @ ('"' | '\\' | '/')) => out.push(c),
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('u') => {
                let Some(c) =
                    rest.get(at + 2..at + 6).and_then(|d| u32::from_str_radix(d, 16).ok()).and_then(char::from_u32)
                else {
                    return Cow::Borrowed(raw);
                };
                out.push(c);
                used = 6;
            }
            _ => return Cow::Borrowed(raw),
        }
        rest = &rest[at + used..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Past the string that begins at `at`.
pub fn past_string(text: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

pub fn past_space(text: &[u8], mut at: usize) -> usize {
    while text.get(at).is_some_and(|c| matches!(c, b' ' | b'\t' | b'\r' | b'\n')) {
        at += 1;
    }
    at
}

impl Layout {
    /// Nothing where the brackets do not match, or the document is larger than 4 GiB.
    pub fn of(text: &str) -> Option<Self> {
        let mut out = Self { omits: true, ..Self::default() };
        out.read(text, true)?;
        Some(out)
    }

    /// What a context that is given beforehand defines.
    pub fn learn(&mut self, context: &str) -> Option<()> {
        self.read(context, false)
    }

    fn read(&mut self, text: &str, places: bool) -> Option<()> {
        let bytes = text.as_bytes();
        u32::try_from(bytes.len()).ok()?;
        let mut open: Vec<Opened> = Vec::new();
        let (mut at, mut count) = (0, 0);
        let mut key = None;
        while at < bytes.len() {
            match bytes[at] {
                b'"' => at = self.string(text, at, &open, &mut key)?,
                b'{' | b'[' => {
                    let above = open.last();
                    let own = key.take().unwrap_or_default();
                    let context = &bytes[own.0..own.1] == b"@context" || above.is_some_and(|o| o.context);
                    open.push(Opened { number: count, key: own, context });
                    count += 1;
                    if places {
                        self.ends.push((0, 0));
                    }
                    at += 1;
                }
                b'}' | b']' => {
                    let closed = open.pop()?;
                    at += 1;
                    if places {
                        self.ends[closed.number] = (at as u32, count as u32);
                    }
                }
                _ => at += 1,
            }
        }
        open.is_empty().then_some(())
    }

    /// Reads the string that begins at `at`: a name, or a value. Where to go on.
    fn string(&mut self, text: &str, at: usize, open: &[Opened], key: &mut Option<(usize, usize)>) -> Option<usize> {
        let bytes = text.as_bytes();
        let end = past_string(bytes, at)?;
        let inner = (at + 1, end - 1);
        let after = past_space(bytes, end);
        // Names and keywords in escapes, but for that of the solidus, are for the other way of reading.
        let name = bytes.get(after) == Some(&b':');
        let odd = text[inner.0..inner.1].match_indices('\\').any(|(n, _)| bytes.get(inner.0 + n + 1) != Some(&b'/'));
        if odd
            && (name || open.last().is_some_and(|o| o.context) || unescaped(&text[inner.0..inner.1]).starts_with('@'))
        {
            return None;
        }
        if name {
            let top = open.last()?;
            if top.context {
                let name = unescaped(&text[inner.0..inner.1]);
                self.omits &= name != "@vocab";
                self.names.insert(name.as_bytes().into());
            }
            *key = Some(inner);
            return Some(after + 1);
        }
        let word = &bytes[inner.0..inner.1];
        // Of containers, only lists and sets have no names of their own.
        let container = |k: (usize, usize)| &bytes[k.0..k.1] == b"@container";
        let plain = key.is_some() && (word == b"@list" || word == b"@set");
        if word == b"@json" || (key.or(open.last().map(|o| o.key)).is_some_and(container) && !plain) {
            self.omits = false;
        }
        if let (Some(key), Some(top)) = (key.take(), open.last()) {
            let key = if &bytes[key.0..key.1] == b"@id" { top.key } else { key };
            self.define(&unescaped(&text[key.0..key.1]), &unescaped(&text[inner.0..inner.1]), top.context);
        }
        Some(end)
    }

    fn define(&mut self, name: &str, value: &str, in_context: bool) {
        let set = match value {
            "@type" => &mut self.types,
            "@id" => &mut self.ids,
            "@graph" => &mut self.graphs,
            "@value" => &mut self.values,
            _ if in_context => return self.prefixes.add(name, value),
            _ => return,
        };
        set.insert(name.as_bytes().into());
    }

    /// Whether no context of the document can give this name a meaning.
    pub fn means_nothing(&self, key: &[u8]) -> bool {
        !key.starts_with(b"@") && !key.contains(&b':') && !self.names.contains(key)
    }

    pub fn class(&self, key: &[u8]) -> Class {
        match key {
            b"@value" => Class::Value,
            b"@context" => Class::Context,
            b"@type" => Class::Type,
            b"@id" => Class::Id,
            b"@graph" => Class::Graph,
            key if self.types.contains(key) => Class::Type,
            key if self.ids.contains(key) => Class::Id,
            key if self.graphs.contains(key) => Class::Graph,
            key if self.values.contains(key) => Class::Value,
            _ => Class::Other,
        }
    }
}

/// In which order a reader can use the members of an object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Context,
    Type,
    Id,
    Value,
    Other,
    Graph,
}
