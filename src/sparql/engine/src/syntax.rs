// SPDX-License-Identifier: Apache-2.0
//! Where a query stops being SPARQL, and what could stand there. The parser reads ahead by whole keywords, so the place
//! it reports is up to a keyword too far, and what it expected there says little. So the text is parsed once more with
//! its tokens set apart, which makes the place exact; and what fits is found by trying.

use crate::scan::{iri_end, string_end};
use spargebra::SparqlParser;
use std::ops::Range;

/// Wider than any keyword of SPARQL.
const GAP: usize = 24;

const CANDIDATES: [(&str, &str); 21] = [
    ("?v", "a variable"),
    ("<x:y>", "an IRI"),
    ("\"x\"", "a literal"),
    ("1", "a number"),
    ("{", "\"{\""),
    ("}", "\"}\""),
    ("(", "\"(\""),
    (")", "\")\""),
    (".", "\".\""),
    (";", "\";\""),
    (",", "\",\""),
    ("SELECT", "SELECT"),
    ("CONSTRUCT", "CONSTRUCT"),
    ("ASK", "ASK"),
    ("DESCRIBE", "DESCRIBE"),
    ("WHERE", "WHERE"),
    ("AS", "AS"),
    ("FILTER", "FILTER"),
    ("ORDER", "ORDER BY"),
    ("LIMIT", "LIMIT"),
    ("=", "an operator"),
];

/// Line and column (in characters, from 1) of the first token that does not fit, and a sentence about it.
pub fn explain(text: &str, complaint: &str) -> (u32, u32, String) {
    let tokens = tokens(text);
    let (at, spread_complaint) = first_misfit(text, &tokens).unwrap_or((tokens.len(), String::new()));
    // An open string swallows the rest of its line: it is the fault, wherever the parser noticed.
    let open = tokens.iter().position(|t| {
        text[t.clone()].starts_with(['"', '\''])
            && (t.len() < 2 || !text[t.clone()].ends_with(&text[t.start..=t.start]))
    });
    let at = open.map_or(at, |o| o.min(at));
    let (begin, found) = match tokens.get(at) {
        Some(token) => (token.start, &text[token.clone()]),
        None => (text.trim_end().len(), ""),
    };
    let before = &text[..begin];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    let place = |message: String| (line as u32, column as u32, message);

    if let Some((prefix, _)) =
        found.split_once(':').filter(|(p, _)| !found.starts_with(['<', '"', '\'', '_']) && p.chars().all(|c| c != ' '))
    {
        let declared = tokens
            .windows(2)
            .any(|w| text[w[0].clone()].eq_ignore_ascii_case("PREFIX") && text[w[1].clone()] == format!("{prefix}:"));
        if !declared {
            return place(format!("the prefix {prefix}: is not declared"));
        }
    }
    // What the grammar's own checks say is a sentence; its lists of tokens are not.
    let sentence = |complaint: &str| {
        let list = complaint.split_once("expected ").map_or(complaint, |(_, list)| list);
        let list = list.strip_prefix("one of ").unwrap_or(list).to_owned();
        list.split(", ")
            .find(|i| i.contains(' ') && i.contains(|c: char| c.is_ascii_lowercase()) && !i.contains(['[', '\'', '|']))
            .map(str::to_owned)
    };
    if let Some(said) = sentence(complaint).or_else(|| sentence(&spread_complaint)) {
        return place(said);
    }
    if found.starts_with(['"', '\'']) && (found.len() < 2 || !found.ends_with(&found[..1])) {
        return place("the string is not closed".to_owned());
    }
    let fitting: Vec<&str> = CANDIDATES
        .iter()
        .filter(|(token, _)| fits(text, &tokens[..at], token))
        .map(|(_, name)| *name)
        .take(5)
        .collect();
    let what = if found.is_empty() {
        "the query ends too early".to_owned()
    } else {
        format!("unexpected {:?}", found.chars().take(40).collect::<String>())
    };
    place(if fitting.is_empty() { what } else { format!("{what}; {} would fit here", fitting.join(" or ")) })
}

/// True when `token` may follow the tokens before it.
fn fits(text: &str, before: &[Range<usize>], token: &str) -> bool {
    let mut trial: String = before.iter().map(|t| format!("{} ", &text[t.clone()])).collect();
    trial.push_str(token);
    trial.push_str(" \u{1}");
    let tokens = tokens(&trial);
    first_misfit(&trial, &tokens).is_none_or(|(at, _)| at > before.len())
}

/// The first token the parser cannot take; none when it takes them all.
fn first_misfit(text: &str, tokens: &[Range<usize>]) -> Option<(usize, String)> {
    let mut spread = String::with_capacity(text.len() + tokens.len() * GAP);
    let mut starts = Vec::with_capacity(tokens.len());
    for token in tokens {
        starts.push(spread.chars().count());
        // Line ends inside strings would move the column.
        spread.extend(text[token.clone()].chars().map(|c| if c == '\n' || c == '\r' { ' ' } else { c }));
        spread.extend(std::iter::repeat_n(' ', GAP));
    }
    let message = SparqlParser::new().parse_query(&spread).err()?.to_string();
    let column: usize = message.strip_prefix("error at 1:")?.split(':').next()?.parse().ok()?;
    let length = spread.chars().count();
    if column > length.saturating_sub(1) && !tokens.is_empty() {
        return Some((tokens.len(), message));
    }
    Some((starts.partition_point(|start| *start < column).saturating_sub(1), message))
}

/// The tokens of a query, without comments.
pub fn tokens(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let word = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c >= 0x80;
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let begin = at;
        match bytes[at] {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b'#' => {
                at = text[at..].find(['\n', '\r']).map_or(bytes.len(), |n| at + n);
                continue;
            }
            b'<' => at = iri_end(bytes, at).unwrap_or(at + if bytes.get(at + 1) == Some(&b'=') { 2 } else { 1 }),
            b'"' | b'\'' => at = string_end(bytes, at).min(bytes.len()),
            c if word(c)
                || (matches!(c, b'?' | b'$' | b'@' | b':') && bytes.get(at + 1).is_some_and(|n| word(*n)))
                || c == b':'
                || (matches!(c, b'-' | b'+' | b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)) =>
            {
                at += 1;
                while at < bytes.len()
                    && (word(bytes[at])
                        || matches!(bytes[at], b':' | b'%' | b'\\')
                        || (matches!(bytes[at], b'.' | b'-')
                            && bytes.get(at + 1).is_some_and(|n| word(*n))
                            && bytes[begin] != b'?'))
                {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'^' | b'&' | b'|' if bytes.get(at + 1) == Some(&bytes[at]) => at += 2,
            b'>' | b'!' if bytes.get(at + 1) == Some(&b'=') => at += 2,
            _ => at += 1,
        }
        at = at.min(bytes.len());
        while !text.is_char_boundary(at) {
            at += 1;
        }
        out.push(begin..at);
    }
    out
}
