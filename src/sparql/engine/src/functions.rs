//! CONCAT, REPLACE and the text of REGEX with a bound on what one step may make (SPARQL 1.1, 17.4.3).

use crate::budget::{check, raise, reserve, tick, Stop};
use oxrdf::{BlankNode, Literal, NamedNode, Term};
use regex::{Regex, RegexBuilder};
use spareval::QueryEvaluator;
use std::cell::RefCell;

/// Text length times pattern weight: about a second of matching in the worst case.
const MAX_REGEX_WORK: usize = 1 << 28;
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
/// The kind of a term as a number, for ORDER BY.
pub fn rank_name() -> NamedNode {
    NamedNode::new_unchecked("urn:x-provgate:fn:rank")
}
/// A blank node by its label: how a pre-bound blank node stands in an expression.
pub fn blank_name() -> NamedNode {
    NamedNode::new_unchecked("urn:x-provgate:fn:blank")
}

pub fn register(evaluator: QueryEvaluator) -> QueryEvaluator {
    evaluator
        .with_custom_function(concat_name(), concat)
        .with_custom_function(replace_name(), replace)
        .with_custom_function(fit_name(), fit)
        .with_custom_function(rank_name(), |arguments| Some(Literal::from(crate::order::rank(arguments.first()?)).into()))
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
    reserve(length);
    let mut out = String::with_capacity(length);
    for part in &parts {
        out.push_str(part.value());
    }
    let language = parts.first().and_then(|p| p.language()).filter(|tag| parts.iter().all(|p| p.language() == Some(*tag)));
    tick(256);
    Some(like(out, language))
}

fn replace(arguments: &[Term]) -> Option<Term> {
    let (text, pattern, replacement) = (string(arguments.first()?)?, plain(arguments.get(1)?)?, plain(arguments.get(2)?)?);
    let flags = arguments.get(3).map_or(Some(""), plain)?;
    bound_work(text.value(), pattern);
    let regex = compiled(pattern, flags)?;
    let mut out = String::new();
    let mut last = 0;
    for found in regex.captures_iter(text.value()) {
        let whole = found.get(0)?;
        out.push_str(&text.value()[last..whole.start()]);
        // Each reference in the replacement can bring in the whole match.
        let longest = replacement.len().saturating_add((replacement.matches('$').count()).saturating_mul(whole.len()));
        reserve(longest);
        found.expand(replacement, &mut out);
        last = whole.end();
        tick(16);
    }
    out.push_str(&text.value()[last..]);
    check();
    Some(like(out, text.language()))
}

fn plain(term: &Term) -> Option<&str> {
    string(term).filter(|l| l.language().is_none()).map(|l| l.value())
}

fn fit(arguments: &[Term]) -> Option<Term> {
    let [text, pattern] = arguments else { return None };
    if let (Some(text), Some(pattern)) = (string(text), string(pattern)) {
        bound_work(text.value(), pattern.value());
    }
    Some(text.clone())
}

fn bound_work(text: &str, pattern: &str) {
    if text.len().saturating_mul(weight(pattern)) > MAX_REGEX_WORK {
        raise(Stop::LongText("REGEX or REPLACE"));
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
