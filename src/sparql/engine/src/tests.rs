// SPDX-License-Identifier: Apache-2.0
//! The Rust half alone: the scan of query text, terms, and queries over a few quads in memory, through the C interface.

use crate::ffi::*;
use crate::{scan, syntax, term};
use std::ffi::c_void;

#[test]
fn scan_refuses_depth_size_and_updates() {
    assert!(scan::admit(&"(".repeat(32), None).is_ok());
    assert!(scan::admit(&"(".repeat(33), None).is_err());
    assert!(scan::admit(&"! ".repeat(33), None).is_err());
    assert!(scan::admit(&"-\n#c\n".repeat(33), None).is_err());
    assert!(scan::admit(&"x".repeat(scan::MAX_BYTES + 1), None).is_err());
    assert!(scan::admit("PREFIX insert: <http://e/> INSERT DATA {}", None).is_err_and(|e| e.contains("INSERT")));
    assert!(scan::admit("PREFIX insert: <http://e/> SELECT * { ?s insert:x ?o }", None).is_ok());
    // Brackets in strings, IRIs and comments do not count.
    assert!(scan::admit(
        &format!("'{0}' \"\"\"{0}\"\"\" <http://e/{1}> # {0}\n", "(".repeat(99), "(".repeat(99)),
        None
    )
    .is_ok());
}

#[test]
fn scan_puts_the_path_in_outside_strings_only() {
    let text =
        scan::admit("{ $this $PATH ?v ; ?PATH ?w } # $PATH\n'$PATH' \"a\\\"$PATH\" $PATHS", Some("<p>/<q>")).unwrap();
    assert_eq!(text, "{ $this <p>/<q> ?v ; <p>/<q> ?w } # $PATH\n'$PATH' \"a\\\"$PATH\" $PATHS");
}

#[test]
fn names_may_be_escaped_and_repeated() {
    assert_eq!(
        scan::admit("SELECT ?caf\\u00E9 { ?caf\\U000000E9 ?p '\\u00E9' }", None).unwrap(),
        "SELECT ?café { ?café ?p '\\u00E9' }"
    );
    assert_eq!(
        scan::admit("SELECT DISTINCT ?s $s (1 AS ?x) ?s { ?s ?p ?s }", None).unwrap(),
        "SELECT DISTINCT ?s    (1 AS ?x)    { ?s ?p ?s }"
    );
    // An escaped bracket stays as it is: no depth is hidden.
    assert_eq!(scan::admit("SELECT * { \\u007B }", None).unwrap(), "SELECT * { \\u007B }");
}

#[test]
fn syntax_errors_name_the_token_and_what_would_fit() {
    for (query, line, column, said) in [
        ("SELECT * { ?s ?p }", 1, 18, "unexpected \"}\""),
        ("SELECT ?x WHERE { ?x a }", 1, 24, "a variable"),
        ("SELEC * {}", 1, 1, "SELECT"),
        ("SELECT ?x {\n ?x <p:> ?y", 2, 12, "the query ends"),
        ("SELECT ?x { ?x foo:p ?y }", 1, 16, "prefix foo: is not declared"),
        ("PREFIX a: <b:c> SELECT ?x { ?x a:p ?y . FILTER(?x > ) }", 1, 53, "unexpected \")\""),
        ("SELECT (COUNT(?x) AS n) {}", 1, 22, "a variable"),
        ("SELECT * { ?s ?p ?o } LIMIT x", 1, 29, "a number"),
        ("SELECT ?x WHERE { ?x <p:> ?v . FILTER(?v > 3 }", 1, 46, "unexpected \"}\""),
        ("SELECT ?a { ?a <p:> 1 } LIMIT -1", 1, 31, "unexpected \"-1\""),
        ("SELECT ?x WHERE { ?x <p:> \"abc }", 1, 27, "not closed"),
    ] {
        let (l, c, message) = syntax::explain(query, "");
        assert_eq!((l, c), (line, column), "{query}: {message}");
        assert!(message.contains(said), "{query}: {message}");
        assert!(message.matches(" or ").count() + message.matches(',').count() < 6, "{message}");
    }
}

#[test]
fn terms_go_there_and_back() {
    for text in [
        "<http://e/x>",
        "_:b0",
        "\"\"",
        "\"a\\\"\\\\\\n\\t\\r\\b\\f\\u0001\\u007Fé\"",
        "\"x\"@en-GB",
        "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>",
    ] {
        assert_eq!(term::text(&term::parse(text)), text);
    }
}

const TERMS: [&str; 6] = ["", "<http://e/a>", "<http://e/p>", "<http://e/b>", "<http://e/c>", "<http://e/g>"];
const QUADS: [Quad; 3] =
    [Quad { s: 1, p: 2, o: 3, g: 5 }, Quad { s: 1, p: 2, o: 3, g: 6 }, Quad { s: 3, p: 2, o: 4, g: 5 }];

struct Scan {
    pattern: Quad,
    at: usize,
}

unsafe extern "C" fn open(_: *mut c_void, pattern: *const Quad, scan: *mut *mut c_void) -> i32 {
    *scan = Box::into_raw(Box::new(Scan { pattern: *pattern, at: 0 })).cast();
    0
}
unsafe extern "C" fn next(this: *mut c_void, scan: *mut c_void, out: *mut Quad, capacity: u32, count: *mut u32) -> i32 {
    if !this.is_null() {
        return 1; // a source that fails
    }
    let scan = &mut *scan.cast::<Scan>();
    let fits = |a: u64, b: u64| a == 0 || a == b;
    *count = 0;
    while scan.at < QUADS.len() && *count < capacity {
        let (q, p) = (QUADS[scan.at], scan.pattern);
        scan.at += 1;
        if fits(p.s, q.s) && fits(p.p, q.p) && fits(p.o, q.o) && fits(p.g, q.g) {
            *out.add(*count as usize) = q;
            *count += 1;
        }
    }
    0
}
unsafe extern "C" fn close(_: *mut c_void, scan: *mut c_void) {
    drop(Box::from_raw(scan.cast::<Scan>()));
}
unsafe extern "C" fn find(_: *mut c_void, text: *const u8, size: usize, id: *mut u64) -> i32 {
    let wanted = Text { data: text, size }.get().unwrap_or("");
    *id = TERMS.iter().position(|t| *t == wanted && !t.is_empty()).unwrap_or(0) as u64;
    0
}
unsafe extern "C" fn text(_: *mut c_void, id: u64, out: *mut *const u8, size: *mut usize) -> i32 {
    let Some(t) = TERMS.get(id as usize) else { return 1 };
    (*out, *size) = (t.as_ptr(), t.len());
    0
}
unsafe extern "C" fn next_graph(_: *mut c_void, after: u64, graph: *mut u64) -> i32 {
    *graph = match after {
        0 => 5,
        _ => 0,
    };
    0
}
unsafe extern "C" fn write(_: *mut c_void, _: *const u8, _: usize) -> i32 {
    0
}
unsafe extern "C" fn row(this: *mut c_void, _: u32, cells: *const Text, count: usize) -> i32 {
    let rows = &mut *this.cast::<Vec<String>>();
    let cells = (0..count).map(|i| (*cells.add(i)).get().unwrap_or("UNDEF").to_owned());
    rows.push(cells.collect::<Vec<_>>().join(" "));
    0
}
unsafe extern "C" fn say(this: *mut c_void, data: *const u8, size: usize) {
    *this.cast::<String>() = Text { data, size }.get().unwrap_or("").to_owned();
}
unsafe extern "C" fn name(_: *mut c_void, _: *const u8, _: usize) {}

fn ask(query: &str, broken: bool) -> (u32, Vec<String>, String) {
    let mut message = String::new();
    let mut rows: Vec<String> = Vec::new();
    let mut info =
        Info { status: 99, line: 0, column: 0, kind: 0, rows: 0, this: (&raw mut message).cast(), say, name };
    let this = if broken { std::ptr::dangling_mut() } else { std::ptr::null_mut() };
    let source = Source { this, open, next, close, find, text, next_graph };
    let sink = Sink { this: (&raw mut rows).cast(), write, row };
    let options = RunOptions {
        format: 0,
        deadline_ms: 2_000,
        max_rows: 100,
        max_memory: 64 << 20,
        cancel: std::ptr::null(),
        bindings: std::ptr::null(),
        sets: 0,
    };
    // Safety: everything lives until the calls return.
    unsafe {
        let prepared = provgate_sparql_prepare(Text::of(query), Text::NONE, Text::NONE, &raw mut info);
        if !prepared.is_null() {
            provgate_sparql_run(prepared, &raw const source, &raw const options, &raw const sink, &raw mut info);
            provgate_sparql_free(prepared);
        }
    }
    (info.status, rows, message)
}

#[test]
fn the_union_has_no_duplicates_and_paths_close() {
    assert_eq!(
        ask("SELECT ?s ?o { ?s <http://e/p> ?o } ORDER BY ?s", false).1,
        ["<http://e/a> <http://e/b>", "<http://e/b> <http://e/c>"]
    );
    assert_eq!(
        ask("SELECT ?o { <http://e/a> <http://e/p>+ ?o } ORDER BY ?o", false).1,
        ["<http://e/b>", "<http://e/c>"]
    );
}

#[test]
fn a_failing_source_is_never_an_empty_answer() {
    for query in [
        "SELECT * { ?s ?p ?o }",
        "ASK { ?s ?p ?o }",
        "SELECT * { BIND(1 AS ?x) FILTER NOT EXISTS { ?s ?p ?o } }",
        "SELECT * { BIND(1 AS ?x) MINUS { ?s ?p ?x } }",
    ] {
        assert_eq!(ask(query, true).0, 4, "{query}");
    }
}

#[test]
fn replace_is_xpaths() {
    for (call, wanted) in [
        ("REPLACE('abc','(b)','[$1x]')", "\"a[bx]c\""),
        ("REPLACE('ab','(a)(b)','$12')", "\"a2\""),
        ("REPLACE('a','a','\\\\$')", "\"$\""),
        ("REPLACE('a.c','.','$0','q')", "\"a$0c\""),
        ("REPLACE('abc','b','$')", "UNDEF"),
        ("REPLACE('abc','b*','-')", "UNDEF"),
        ("REPLACE('abc','B','x','i')", "\"axc\""),
    ] {
        assert_eq!(ask(&format!("SELECT ({call} AS ?x) {{}}"), false).1, [wanted], "{call}");
    }
}

#[test]
fn patterns_of_another_dialect_are_refused() {
    for (pattern, flags) in [
        ("^[a-z-[b]]+$", ""),
        ("a#b", "x"),
        ("[a&&b]", ""),
        ("[\\\\w--b]", ""),
        ("\\\\i", ""),
        ("(a)\\\\1", ""),
        ("(?i)a", ""),
        ("\\\\bx", ""),
        ("(?<n>a)", ""),
        ("[[a]]", ""),
        ("\\\\x41", ""),
    ] {
        for call in [format!("REGEX(?x, '{pattern}', '{flags}')"), format!("REPLACE(?x, '{pattern}', 'z', '{flags}')")]
        {
            assert_eq!(ask(&format!("SELECT ({call} AS ?y) {{ VALUES ?x {{ 'ab' }} }}"), false).0, 1, "{call}");
        }
    }
    for (pattern, flags) in [
        ("^[a\\\\-z]+b?$", ""),
        ("(?:a)(b)", ""),
        ("a\\\\.?b", "i"),
        ("[^&-]+", ""),
        ("(?i)a", "q"),
        ("a [#]?b", "x"),
        ("\\\\p{Ll}", ""),
        ("[\\\\[\\\\]a]", ""),
    ] {
        let (status, rows, message) = ask(&format!("SELECT (REGEX('ab', '{pattern}', '{flags}') AS ?y) {{}}"), false);
        assert_eq!((status, rows.len()), (0, 1), "{pattern}: {message}");
    }
}

mod terms;
