// SPDX-License-Identifier: Apache-2.0
//! A look at the query text before it is parsed: the parser recurses, and a stack overflow cannot be caught.

pub const MAX_BYTES: usize = 64 << 10;
pub const MAX_DEPTH: usize = 32;

const UPDATES: [&str; 10] = ["INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"];

/// `text` with every `$PATH` / `?PATH` outside strings, IRIs and comments replaced by `path`, or why it is refused.
pub fn admit(text: &str, path: Option<&str>) -> Result<String, String> {
    if text.len() > MAX_BYTES {
        return Err(format!("the query has {} bytes; at most {MAX_BYTES} are read", text.len()));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut prefix_run) = (0, 0_usize, 0_usize);
    let mut first_word: Option<&str> = None;
    let mut out = String::with_capacity(text.len());
    while at < bytes.len() {
        let begin = at;
        match bytes[at] {
            b'#' => at = text[at..].find(['\n', '\r']).map_or(bytes.len(), |n| at + n),
            b'<' => at = iri_end(bytes, at).unwrap_or(at + 1),
            b'"' | b'\'' => at = string_end(bytes, at),
            c @ (b'(' | b'{' | b'[') => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(format!(
                        "the query nests deeper than {MAX_DEPTH} brackets (the {:?} at byte {at})",
                        char::from(c)
                    ));
                }
                at += 1;
            }
            b')' | b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            b'!' | b'-' | b'+' | b'^' => {
                prefix_run += 1;
                if prefix_run > MAX_DEPTH {
                    return Err(format!("the query has more than {MAX_DEPTH} operators in a row (at byte {at})"));
                }
                at += 1;
            }
            b'\\' => {
                // Code points may be written \\uXXXX anywhere (19.2); those of names are put in here, those of
                // strings later.
                if let Some((c, length)) = code_point(&text[at..]).filter(|(c, _)| c.is_alphanumeric() || *c == '_') {
                    out.push(c);
                    at += length;
                    continue;
                }
                at = (at + 2).min(bytes.len());
            }
            c if c.is_ascii_alphabetic() || c == b'_' || c == b'?' || c == b'$' => {
                at = word_end(bytes, at);
                if first_word.is_none() && is_keyword(bytes, begin, at) {
                    first_word = Some(&text[begin..at]);
                }
            }
            _ => at += 1,
        }
        if !matches!(bytes[begin], b'!' | b'-' | b'+' | b'^' | b' ' | b'\t' | b'\r' | b'\n' | b'#') {
            prefix_run = 0;
        }
        while !text.is_char_boundary(at) {
            at += 1;
        }
        match (path, &text[begin..at]) {
            (Some(path), "$PATH" | "?PATH") => out.push_str(path),
            (_, piece) => out.push_str(piece),
        }
    }
    if let Some(word) = first_word.filter(|w| UPDATES.iter().any(|u| w.eq_ignore_ascii_case(u))) {
        return Err(format!("{} is SPARQL Update; provgate only reads", word.to_ascii_uppercase()));
    }
    Ok(once_each(out))
}

fn word_end(bytes: &[u8], begin: usize) -> usize {
    let more = |c: &u8| c.is_ascii_alphanumeric() || *c == b'_' || *c >= 0x80;
    begin + 1 + bytes[begin + 1..].iter().take_while(|c| more(c)).count()
}

/// Whether a word may be the one that says what the text is: no name, no label, not of the prologue.
fn is_keyword(bytes: &[u8], begin: usize, end: usize) -> bool {
    let label = bytes.get(end).is_some_and(|c| matches!(c, b':' | b'-' | b'.'));
    let prologue = ["BASE", "PREFIX"].iter().any(|k| bytes[begin..end].eq_ignore_ascii_case(k.as_bytes()));
    !label && bytes[begin].is_ascii_alphabetic() && !prologue
}

fn code_point(text: &str) -> Option<(char, usize)> {
    let length = match text.as_bytes().get(1)? {
        b'u' => 6,
        b'U' => 10,
        _ => return None,
    };
    let digits = text.get(2..length).filter(|d| d.bytes().all(|c| c.is_ascii_hexdigit()))?;
    Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, length))
}

/// SELECT ?x ?x is SELECT ?x: a variable that is named again is left out, and every place stays where it is.
fn once_each(text: String) -> String {
    let tokens = crate::syntax::tokens(&text);
    let word = |i: usize| tokens.get(i).map_or("", |t: &std::ops::Range<usize>| &text[t.clone()]);
    let mut again = Vec::new();
    for start in (0..tokens.len()).filter(|i| word(*i).eq_ignore_ascii_case("SELECT")) {
        let mut seen = std::collections::HashSet::new();
        let (mut i, mut depth) = (start + 1, 0_usize);
        loop {
            match word(i) {
                "" => break,
                "(" => depth += 1,
                ")" if depth > 0 => depth -= 1,
                _ if depth > 0 => (),
                w if w.eq_ignore_ascii_case("DISTINCT") || w.eq_ignore_ascii_case("REDUCED") => (),
                w if w.starts_with(['?', '$']) => {
                    if !seen.insert(w[1..].to_owned()) {
                        again.push(tokens[i].clone());
                    }
                }
                _ => break,
            }
            i += 1;
        }
    }
    if again.is_empty() {
        return text;
    }
    let mut out = text.clone();
    for range in again.into_iter().rev() {
        let blank = " ".repeat(text[range.clone()].chars().count());
        out.replace_range(range, &blank);
    }
    out
}

pub fn iri_end(bytes: &[u8], begin: usize) -> Option<usize> {
    for (n, c) in bytes[begin + 1..].iter().enumerate() {
        match c {
            b'>' => return Some(begin + n + 2),
            b'<' | b'"' | b'{' | b'}' | b'|' | b'^' | b'`' | 0..=b' ' => return None,
            _ => (),
        }
    }
    None
}

pub fn string_end(bytes: &[u8], begin: usize) -> usize {
    let quote = bytes[begin];
    let long = bytes.get(begin + 1) == Some(&quote) && bytes.get(begin + 2) == Some(&quote);
    let mut at = begin + if long { 3 } else { 1 };
    while at < bytes.len() {
        if bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at] == quote && (!long || bytes[at..].starts_with(&[quote; 3])) {
            return at + if long { 3 } else { 1 };
        } else if !long && matches!(bytes[at], b'\n' | b'\r') {
            return at;
        } else {
            at += 1;
        }
    }
    bytes.len()
}
