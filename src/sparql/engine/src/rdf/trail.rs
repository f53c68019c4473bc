// SPDX-License-Identifier: Apache-2.0
//! Which object of a JSON-LD document names the subject of a statement.

use std::borrow::Cow;
use std::collections::HashMap;

/// Of spaces that one prefix may stand for in all of a document, and of bytes in one: what is beyond them is not told
/// apart.
const MOST: usize = 8;
const LONGEST: usize = 4096;

/// What the contexts of a document put for prefixes. One name may stand for several, each in its own place.
#[derive(Default)]
pub struct Prefixes {
    spaces: HashMap<Box<str>, Vec<Box<str>>>,
}

impl Prefixes {
    pub fn add(&mut self, name: &str, value: &str) {
        if !value.contains(':') || name.contains(':') || name.starts_with('@') || value.len() > LONGEST {
            return;
        }
        let spaces = self.spaces.entry(name.into()).or_default();
        if spaces.len() < MOST && !spaces.iter().any(|s| **s == *value) {
            spaces.push(value.into());
        }
    }

    /// Prefixes that are written with others, written out: as deep as contexts nest them in use.
    pub fn settle(&mut self) {
        for _ in 0..3 {
            let mut more = Vec::new();
            for (name, spaces) in &self.spaces {
                for space in spaces {
                    let Some((prefix, rest)) = space.split_once(':') else { continue };
                    for outer in self.spaces.get(prefix).into_iter().flatten() {
                        more.push((name.clone(), format!("{outer}{rest}")));
                    }
                }
            }
            more.iter().for_each(|(name, value)| self.add(name, value));
        }
    }

    /// Whether a name, as it is written, can stand for this IRI or blank node.
    fn can_be(&self, written: &str, subject: &str, base: &str) -> bool {
        if written == subject {
            return true;
        }
        if subject.starts_with("_:") || written.starts_with("_:") {
            return false;
        }
        if written.is_empty() {
            return subject == base;
        }
        match written.split_once(':') {
            Some((prefix, rest)) => {
                self.spaces.get(prefix).into_iter().flatten().any(|space| subject.strip_prefix(&**space) == Some(rest))
            }
            None => subject.ends_with(written.trim_start_matches(['.', '/'])),
        }
    }

    /// Every IRI that a name which is not relative can stand for.
    fn iris(&self, written: &str) -> Vec<String> {
        let Some((prefix, rest)) = written.split_once(':') else { return Vec::new() };
        match self.spaces.get(prefix) {
            Some(spaces) if !rest.starts_with("//") => spaces.iter().map(|space| format!("{space}{rest}")).collect(),
            _ => vec![written.to_owned()],
        }
    }
}

struct Node<'a> {
    begin: u64,
    id: Option<Cow<'a, str>>,
    /// Without a name, the reader knows only at its end what it is: its statements come then, with those of what
    /// stands in it.
    waits: bool,
}

/// The objects that are open, and the one that has just been closed.
pub struct Trail<'a> {
    open: Vec<Node<'a>>,
    closed: Option<Node<'a>>,
    waiting: usize,
    /// The objects within those that wait, by what they may name.
    inside: HashMap<String, u64>,
    base: &'a str,
}

impl<'a> Trail<'a> {
    pub fn new(base: &'a str) -> Self {
        Self { open: Vec::new(), closed: None, waiting: 0, inside: HashMap::new(), base }
    }

    pub fn open(&mut self, begin: u64, id: Option<Cow<'a, str>>, has_graph: bool) {
        self.go_on();
        let waits = id.is_none() && !has_graph;
        self.waiting += usize::from(waits);
        self.open.push(Node { begin, id, waits });
    }

    /// Within an object that waits, the place of what is closed is kept.
    pub fn close(&mut self, prefixes: &Prefixes) {
        self.go_on();
        self.closed = self.open.pop();
        self.waiting -= usize::from(self.closed.as_ref().is_some_and(|n| n.waits));
        if self.waiting == 0 {
            return;
        }
        let Some(Node { begin, id: Some(id), .. }) = &self.closed else { return };
        for iri in prefixes.iris(id) {
            self.inside.entry(iri).or_insert(*begin);
        }
    }

    /// The next piece is handed out: nothing is just closed any more.
    pub fn go_on(&mut self) {
        self.closed = None;
        if self.waiting == 0 && !self.inside.is_empty() {
            self.inside.clear();
        }
    }

    /// Where the object begins that names the subject: the innermost that can; else the innermost of all.
    pub fn place(&self, subject: &str, prefixes: &Prefixes) -> u64 {
        let nearest = self.closed.iter().chain(self.open.iter().rev());
        let innermost = nearest.clone().next().map_or(0, |n| n.begin);
        if subject.starts_with("_:?") {
            return innermost;
        }
        let subject = subject.strip_prefix('<').and_then(|s| s.strip_suffix('>')).unwrap_or(subject);
        for node in nearest {
            if node.id.as_ref().is_some_and(|id| prefixes.can_be(id, subject, self.base)) {
                return node.begin;
            }
        }
        self.inside.get(subject).copied().unwrap_or(innermost)
    }
}
