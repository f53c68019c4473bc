// SPDX-License-Identifier: Apache-2.0
//! A JSON document handed out with the members of every object in the order in which a reader of JSON-LD can use them
//! as they come: `@context`, the types, the name, the others as they stand, and the graph. (Streaming JSON-LD, section
//! 3; the order in which the expansion algorithm of JSON-LD 1.1 looks at them. The order of members means nothing in
//! JSON.)

use super::layout::{past_space, past_string, unescaped, Class, Layout};
use super::trail::Trail;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};
use std::io::{Error, ErrorKind, Read};
use std::rc::Rc;

#[derive(Clone, Copy)]
struct Member {
    class: Class,
    key: (usize, usize),
    value: usize,
    end: usize,
    number: usize,
}

enum Frame {
    /// What is handed out as it stands, but for the objects in it. `number`: of the first bracket in it.
    Span {
        at: usize,
        end: usize,
        number: usize,
    },
    /// Members that are not in their order, and how many are out.
    Members {
        members: Vec<Member>,
        next: usize,
    },
    Close,
}

/// The document, piece by piece; `trail` knows in which object the last piece stands.
pub struct Ordered<'a> {
    text: &'a str,
    layout: Rc<Layout>,
    frames: Vec<Frame>,
    piece: &'a [u8],
    trail: Rc<RefCell<Trail<'a>>>,
    spare: Vec<Member>,
    /// Names that were left out, since no context gives them a meaning.
    dropped: Rc<RefCell<BTreeSet<String>>>,
}

/// Whether two members have one name.
fn twice(text: &str, members: &[Member]) -> bool {
    let raw = |m: &Member| &text[m.key.0..m.key.1];
    if members.len() > 8 || members.iter().any(|m| raw(m).contains('\\')) {
        let mut seen = HashSet::with_capacity(members.len());
        return !members.iter().all(|m| seen.insert(unescaped(raw(m))));
    }
    members.iter().enumerate().any(|(n, m)| members[..n].iter().any(|other| raw(other) == raw(m)))
}

fn odd() -> Error {
    Error::new(ErrorKind::InvalidData, "the document cannot be put into order")
}

impl<'a> Ordered<'a> {
    pub fn new(
        text: &'a str,
        layout: Rc<Layout>,
        trail: Rc<RefCell<Trail<'a>>>,
        dropped: Rc<RefCell<BTreeSet<String>>>,
    ) -> Self {
        Self {
            text,
            layout,
            frames: vec![Frame::Span { at: 0, end: text.len(), number: 0 }],
            piece: b"",
            trail,
            spare: Vec::new(),
            dropped,
        }
    }

    /// The members of the object that begins at `begin`, whose bracket has this number.
    fn members(&self, begin: usize, number: usize, out: &mut Vec<Member>) -> Option<()> {
        let bytes = self.text.as_bytes();
        out.clear();
        let (mut at, mut number) = (begin + 1, number + 1);
        loop {
            at = past_space(bytes, at);
            match bytes.get(at)? {
                b'}' => return Some(()),
                b'"' => (),
                _ => return None,
            }
            let after = past_string(bytes, at)?;
            let key = (at + 1, after - 1);
            let colon = past_space(bytes, after);
            if bytes.get(colon) != Some(&b':') {
                return None;
            }
            let value = past_space(bytes, colon + 1);
            let name = unescaped(&self.text[key.0..key.1]);
            let mut member = Member { class: self.layout.class(name.as_bytes()), key, value, end: 0, number };
            member.end = match bytes.get(value)? {
                b'{' | b'[' => {
                    let (end, next) = *self.layout.ends.get(number)?;
                    number = next as usize;
                    end as usize
                }
                b'"' => past_string(bytes, value)?,
                _ => {
                    value
                        + bytes[value..].iter().position(|c| matches!(c, b',' | b'}' | b' ' | b'\t' | b'\r' | b'\n'))?
                }
            };
            out.push(member);
            at = past_space(bytes, member.end);
            match bytes.get(at)? {
                b',' => at += 1,
                b'}' => return Some(()),
                _ => return None,
            }
            if bytes.get(past_space(bytes, at)) == Some(&b'}') {
                return None; // a comma too many
            }
        }
    }

    fn open(&mut self, begin: usize, end: usize, number: usize) -> Result<(), Error> {
        let mut members = std::mem::take(&mut self.spare);
        self.members(begin, number, &mut members).ok_or_else(odd)?;
        let bytes = self.text.as_bytes();
        let count = |class| members.iter().filter(|m| m.class == class).count();
        let (value, graph) = (count(Class::Value) > 0, count(Class::Graph) > 0);
        if count(Class::Context) > 1 || count(Class::Id) > 1 {
            return Err(odd());
        }
        if twice(self.text, &members) {
            return Err(odd());
        }
        let before = members.len();
        if self.layout.omits {
            let dropped = &self.dropped;
            members.retain(|m| {
                let name = unescaped(&self.text[m.key.0..m.key.1]);
                let nothing = m.class == Class::Other && self.layout.means_nothing(name.as_bytes());
                if nothing {
                    dropped.borrow_mut().insert(name.into_owned());
                }
                !nothing
            });
        }
        let id = members.iter().find(|m| m.class == Class::Id && bytes[m.value] == b'"').map(|m| {
            let raw = &self.text[m.value + 1..m.end - 1];
            if raw.contains('\\') {
                Cow::Owned(raw.replace("\\/", "/"))
            } else {
                Cow::Borrowed(raw)
            }
        });
        self.trail.borrow_mut().open(begin as u64, id, graph);
        self.frames.push(Frame::Close);
        // A value is known by its first member: else a name that is an alias elsewhere would make it a node.
        let rank = |m: &Member| match (m.class, &bytes[m.key.0..m.key.1]) {
            (Class::Context, _) => (0, &b""[..]),
            (Class::Type, key) if !value || key == b"@type" => (1, key),
            (Class::Value, _) if value => (2, &b""[..]),
            (Class::Id, _) if !value => (3, &b""[..]),
            (Class::Graph, _) if !value => (5, &b""[..]),
            _ => (4, &b""[..]),
        };
        if members.len() == before && members.is_sorted_by_key(rank) {
            self.frames.push(Frame::Span { at: begin + 1, end: end - 1, number: number + 1 });
            self.spare = members;
        } else {
            members.sort_by_key(rank);
            self.frames.push(Frame::Members { members, next: 0 });
        }
        Ok(())
    }

    /// The next piece; nothing at the end.
    fn advance(&mut self) -> Result<Option<&'a [u8]>, Error> {
        let bytes: &'a [u8] = self.text.as_bytes();
        loop {
            match self.frames.last_mut() {
                None => return Ok(None),
                Some(Frame::Close) => {
                    self.frames.pop();
                    self.trail.borrow_mut().close(&self.layout.prefixes);
                    return Ok(Some(b"}"));
                }
                Some(Frame::Members { members, next }) => {
                    let Some(member) = members.get(*next).copied() else {
                        self.frames.pop();
                        continue;
                    };
                    *next += 1;
                    let first = *next == 1;
                    self.frames.push(Frame::Span { at: member.key.0 - 1, end: member.end, number: member.number });
                    if !first {
                        self.trail.borrow_mut().go_on();
                        return Ok(Some(b","));
                    }
                }
                Some(Frame::Span { at, end, .. }) if *at >= *end => drop(self.frames.pop()),
                Some(Frame::Span { at, number, .. }) if bytes[*at] == b'{' => {
                    let (begin, own) = (*at, *number);
                    let (end, next) = *self.layout.ends.get(own).ok_or_else(odd)?;
                    (*at, *number) = (end as usize, next as usize);
                    self.open(begin, end as usize, own)?;
                    return Ok(Some(b"{"));
                }
                Some(Frame::Span { at, end, number }) => {
                    let begin = *at;
                    while *at < *end && bytes[*at] != b'{' {
                        *number += usize::from(bytes[*at] == b'[');
                        *at = if bytes[*at] == b'"' { past_string(bytes, *at).ok_or_else(odd)? } else { *at + 1 };
                    }
                    self.trail.borrow_mut().go_on();
                    return Ok(Some(&bytes[begin..*at]));
                }
            }
        }
    }
}

impl Read for Ordered<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.piece.is_empty() {
            match self.advance()? {
                Some(piece) => self.piece = piece,
                None => return Ok(0),
            }
        }
        // A piece that is larger than the room goes in parts.
        let n = self.piece.len().min(out.len());
        out[..n].copy_from_slice(&self.piece[..n]);
        self.piece = &self.piece[n..];
        Ok(n)
    }
}
