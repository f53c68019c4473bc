// SPDX-License-Identifier: Apache-2.0
//! CONCAT, REPLACE and the text of REGEX with a bound on what one step may make (SPARQL 1.1, 17.4.3).

use crate::budget::{check, raise, reserve, tick, Stop};
use crate::{numbers, order};
use oxrdf::{BlankNode, Literal, NamedNode, Term};
use regex::{Regex, RegexBuilder};
use spareval::QueryEvaluator;
use std::cell::RefCell;
use std::sync::LazyLock;

/// Text length times pattern weight: about a second of matching in the worst case.
const MAX_REGEX_WORK: usize = 1 << 28;
/// No step of a query looks at its limits while it works on one text, so no text is made longer than this.
const MAX_TEXT: usize = 4 << 20;
const REGEX_SIZE_LIMIT: usize = 1_000_000;

pub fn concat_name() -> NamedNode {
    NamedNode::new_unchecked("urn:x-provgate:fn:concat")
}
pub fn replace_name() -> NamedNode {
    NamedNode::new_unchecked("urn:x-provgate:fn:replace")
}
pub fn fit_name() -> NamedNode {
    NamedNode::new_unchecked("urn:x-provgate:fn:fit")
}
/// The functions that make the order of a sub-SELECT total (`order.rs`), in the order of the keys.
pub fn order_names() -> [NamedNode; 3] {
    ["rank", "rounded", "exact"].map(|name| NamedNode::new_unchecked(format!("urn:x-provgate:fn:{name}")))
}
/// A blank node by its label: how a pre-bound blank node stands in an expression.
pub fn blank_name() -> NamedNode {
    NamedNode::new_unchecked("urn:x-provgate:fn:blank")
}

/// The evaluator with all functions of ours, made once.
pub fn evaluator() -> &'static QueryEvaluator {
    static MADE: LazyLock<QueryEvaluator> = LazyLock::new(|| register(QueryEvaluator::new()));
    &MADE
}

fn register(evaluator: QueryEvaluator) -> QueryEvaluator {
    let [rank, rounded, exact] = order_names();
    numbers::register(evaluator)
        .with_custom_function(concat_name(), concat)
        .with_custom_function(replace_name(), replace)
        .with_custom_function(fit_name(), fit)
        .with_custom_function(rank, |arguments| Some(Literal::from(order::rank(arguments.first()?)).into()))
        .with_custom_function(rounded, |arguments| Some(order::rounded(arguments.first()?)))
        .with_custom_function(exact, |arguments| Some(Literal::from(order::exact(arguments.first()?)).into()))
        .with_custom_function(blank_name(), |arguments| match arguments {
            [Term::Literal(label)] => Some(BlankNode::new_unchecked(label.value()).into()),
            _ => None,
        })
}

/// A string literal: simple or with a language.
fn string(term: &Term) -> Option<&Literal> {
    match term {
        Term::Literal(l) if l.language().is_some() || l.datatype() == oxrdf::vocab::xsd::STRING => Some(l),
        _ => None,
    }
}

fn like(value: String, language: Option<&str>) -> Term {
    match language {
        Some(tag) => Literal::new_language_tagged_literal_unchecked(value, tag).into(),
        None => Literal::new_simple_literal(value).into(),
    }
}

fn concat(arguments: &[Term]) -> Option<Term> {
    let parts = arguments.iter().map(string).collect::<Option<Vec<_>>>()?;
    let length = parts.iter().map(|p| p.value().len()).sum();
    bound_text(length);
    reserve(length);
    let mut out = String::with_capacity(length);
    for part in &parts {
        out.push_str(part.value());
    }
    let language = parts
        .first()
        .and_then(|p| p.language())
        .filter(|tag| parts.iter().all(|p| p.language().is_some_and(|t| t.eq_ignore_ascii_case(tag))));
    tick(256);
    Some(like(out, language))
}

fn replace(arguments: &[Term]) -> Option<Term> {
    let (text, pattern, replacement) =
        (string(arguments.first()?)?, plain(arguments.get(1)?)?, plain(arguments.get(2)?)?);
    let flags = arguments.get(3).map_or(Some(""), plain)?;
    bound_work(text.value(), pattern);
    judge_dialect(pattern, flags);
    let regex = compiled(pattern, flags)?;
    // XPath Functions 3.1, 5.6.4: a pattern that matches the empty string, or a bad replacement, is an error.
    if regex.is_match("") {
        return None;
    }
    let pieces = pieces(replacement, flags.contains('q'), regex.captures_len() - 1)?;
    let mut out = String::new();
    let mut last = 0;
    for found in regex.captures_iter(text.value()) {
        let whole = found.get(0)?;
        out.push_str(&text.value()[last..whole.start()]);
        for piece in &pieces {
            let part = match piece {
                Piece::Text(text) => text,
                Piece::Group(n) => found.get(*n).map_or("", |m| m.as_str()),
            };
            bound_text(out.len() + part.len());
            reserve(part.len());
            out.push_str(part);
        }
        last = whole.end();
        check();
    }
    out.push_str(&text.value()[last..]);
    bound_text(out.len());
    Some(like(out, text.language()))
}

enum Piece {
    Text(String),
    Group(usize),
}

/// A replacement string in its parts; none when it is not a valid one. `$12` is group 1 and a 2 where there are fewer
/// than 12.
fn pieces(replacement: &str, literal: bool, groups: usize) -> Option<Vec<Piece>> {
    if literal {
        return Some(vec![Piece::Text(replacement.to_owned())]);
    }
    let mut out = Vec::new();
    let mut held = String::new();
    let mut rest = replacement.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => held.push(rest.next().filter(|c| matches!(c, '\\' | '$'))?),
            '$' => {
                let mut group = rest.next()?.to_digit(10)? as usize;
                while let Some(digit) = rest.peek().and_then(|c| c.to_digit(10)) {
                    let longer = group * 10 + digit as usize;
                    if longer > groups {
                        break;
                    }
                    group = longer;
                    rest.next();
                }
                out.push(Piece::Text(std::mem::take(&mut held)));
                if group <= groups {
                    out.push(Piece::Group(group));
                }
            }
            c => held.push(c),
        }
    }
    out.push(Piece::Text(held));
    Some(out)
}

fn bound_text(bytes: usize) {
    if bytes > MAX_TEXT {
        raise(Stop::LongText("CONCAT or REPLACE makes a text of more than 4 MiB"));
    }
}

fn plain(term: &Term) -> Option<&str> {
    string(term).filter(|l| l.language().is_none()).map(|l| l.value())
}

fn fit(arguments: &[Term]) -> Option<Term> {
    let [text, pattern, flags @ ..] = arguments else { return None };
    if let (Some(text), Some(pattern)) = (string(text), string(pattern)) {
        bound_work(text.value(), pattern.value());
        judge_dialect(pattern.value(), flags.first().and_then(plain).unwrap_or(""));
    }
    Some(text.clone())
}

/// Ends the query where a pattern means something else to the engine of regular expressions than to XPath (Functions
/// 3.1, 5.6.1), or is one that it does not know. What is not a pattern to either has no value.
fn judge_dialect(pattern: &str, flags: &str) {
    thread_local! {
        static LAST: RefCell<(String, String)> = const { RefCell::new((String::new(), String::new())) };
    }
    let known = LAST.with(|last| matches!(&*last.borrow(), (p, f) if p == pattern && f == flags));
    if known {
        return;
    }
    if let Some(why) = foreign(pattern, flags) {
        raise(Stop::Refused(why));
    }
    LAST.with(|last| *last.borrow_mut() = (pattern.to_owned(), flags.to_owned()));
}

/// What is foreign in a pattern.
pub fn foreign(pattern: &str, flags: &str) -> Option<&'static str> {
    if flags.contains('q') {
        return None;
    }
    let spaced = flags.contains('x');
    let mut in_class = false;
    let mut before = ' ';
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        match c {
            '\\' => match rest.next() {
                Some('1'..='9') => {
                    return Some(
                        "a pattern of REGEX or REPLACE refers back to a group, which is not \
                    supported",
                    )
                }
                Some('i' | 'I' | 'c' | 'C') => {
                    return Some(
                        "a pattern of REGEX or REPLACE has \\i or \\c, which are \
                    not supported",
                    )
                }
                Some(letter) if letter.is_ascii_alphanumeric() && !"nrtdDsSwWpP".contains(letter) => {
                    return Some("a pattern of REGEX or REPLACE has an escape that XPath does not have");
                }
                _ => (),
            },
            '[' if in_class && before == '-' => {
                return Some(
                    "a pattern of REGEX or REPLACE takes one class of \
                characters out of another, which is not supported",
                )
            }
            '[' if in_class => {
                return Some("a pattern of REGEX or REPLACE has a [ in a class of characters; write \\[")
            }
            '&' | '-' | '~' if in_class && next == c => {
                return Some(
                    "a pattern of REGEX or REPLACE has &&, -- or ~~ \
                in a class of characters, which means something else here; write one, or \\-",
                )
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class && next == '?' => {
                rest.next();
                if rest.peek() != Some(&':') {
                    return Some("a pattern of REGEX or REPLACE has (?, which XPath has as (?: only");
                }
            }
            '#' if spaced && !in_class => {
                return Some(
                    "a pattern of REGEX or REPLACE has a # with flag x, which \
                begins a comment here; write [#]",
                )
            }
            _ => (),
        }
        before = c;
    }
    None
}

fn bound_work(text: &str, pattern: &str) {
    if text.len().saturating_mul(weight(pattern)) > MAX_REGEX_WORK {
        raise(Stop::LongText("REGEX or REPLACE runs over a text too long for its pattern"));
    }
}

/// The pattern's length, times every number of repetitions in it.
fn weight(pattern: &str) -> usize {
    let mut weight = pattern.len().max(1);
    for part in pattern.split('{').skip(1) {
        let numbers = part.split('}').next().unwrap_or("");
        let most = numbers.split(',').filter_map(|n| n.trim().parse::<usize>().ok()).max().unwrap_or(1);
        weight = weight.saturating_mul(most.max(1));
    }
    weight
}

fn compiled(pattern: &str, flags: &str) -> Option<Regex> {
    type Entry = (String, String, Option<Regex>);
    thread_local! {
        static LAST: RefCell<Option<Entry>> = const { RefCell::new(None) };
    }
    LAST.with(|last| {
        let mut last = last.borrow_mut();
        if let Some((p, f, regex)) = last.as_ref() {
            if p == pattern && f == flags {
                return regex.clone();
            }
        }
        let regex = compile(pattern, flags);
        *last = Some((pattern.to_owned(), flags.to_owned(), regex.clone()));
        regex
    })
}

fn compile(pattern: &str, flags: &str) -> Option<Regex> {
    let escaped;
    let pattern = if flags.contains('q') {
        escaped = regex::escape(pattern);
        escaped.as_str()
    } else {
        pattern
    };
    let mut builder = RegexBuilder::new(pattern);
    builder.size_limit(REGEX_SIZE_LIMIT);
    for flag in flags.chars() {
        match flag {
            's' => _ = builder.dot_matches_new_line(true),
            'm' => _ = builder.multi_line(true),
            'i' => _ = builder.case_insensitive(true),
            'x' => _ = builder.ignore_whitespace(true),
            'q' => (),
            _ => return None,
        }
    }
    builder.build().ok()
}
