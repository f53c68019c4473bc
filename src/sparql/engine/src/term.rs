// SPDX-License-Identifier: Apache-2.0
//! Terms as canonical N-Triples text (the key a term is stored under; the C++ half writes the same form) and back.

use oxrdf::{BlankNode, Literal, NamedNode, Term};

pub fn parse(text: &str) -> Term {
    if let Some(rest) = text.strip_prefix('<') {
        return NamedNode::new_unchecked(&rest[..rest.len().saturating_sub(1)]).into();
    }
    if let Some(label) = text.strip_prefix("_:") {
        return BlankNode::new_unchecked(label).into();
    }
    let bytes = text.as_bytes();
    let mut end = 1;
    let mut escaped = false;
    while end < bytes.len() && bytes[end] != b'"' {
        if bytes[end] == b'\\' {
            escaped = true;
            end += 1;
        }
        end += 1;
    }
    let end = end.min(bytes.len());
    let raw = &text[1.min(end)..end];
    let value = if escaped { unescape(raw) } else { raw.to_owned() };
    let rest = text.get(end + 1..).unwrap_or("");
    if let Some(tag) = rest.strip_prefix('@') {
        return Literal::new_language_tagged_literal_unchecked(value, tag).into();
    }
    if let Some(datatype) = rest.strip_prefix("^^<") {
        let datatype = &datatype[..datatype.len().saturating_sub(1)];
        return Literal::new_typed_literal(value, NamedNode::new_unchecked(datatype)).into();
    }
    Literal::new_simple_literal(value).into()
}

fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some(width @ ('u' | 'U')) => {
                let digits: String = chars.by_ref().take(if width == 'u' { 4 } else { 8 }).collect();
                out.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            Some(c) => out.push(c),
            None => (),
        }
    }
    out
}

pub fn write_iri(out: &mut String, iri: &str) {
    out.push('<');
    out.push_str(iri);
    out.push('>');
}

pub fn write(out: &mut String, term: &Term) {
    match term {
        Term::NamedNode(node) => write_iri(out, node.as_str()),
        Term::BlankNode(node) => {
            out.push_str("_:");
            out.push_str(node.as_str());
        }
        Term::Literal(literal) => {
            out.push('"');
            for c in literal.value().chars() {
                match c {
                    '"' => out.push_str("\\\""),
                    '\\' => out.push_str("\\\\"),
                    '\n' => out.push_str("\\n"),
                    '\r' => out.push_str("\\r"),
                    '\t' => out.push_str("\\t"),
                    '\u{8}' => out.push_str("\\b"),
                    '\u{c}' => out.push_str("\\f"),
                    c if (c as u32) < 0x20 || c as u32 == 0x7F => out.push_str(&format!("\\u{:04X}", c as u32)),
                    c => out.push(c),
                }
            }
            out.push('"');
            if let Some(tag) = literal.language() {
                out.push('@');
                out.push_str(tag);
            } else if literal.datatype() != oxrdf::vocab::xsd::STRING {
                out.push_str("^^<");
                out.push_str(literal.datatype().as_str());
                out.push('>');
            }
        }
    }
}

pub fn text(term: &Term) -> String {
    let mut out = String::new();
    write(&mut out, term);
    out
}
