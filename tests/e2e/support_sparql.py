# SPDX-License-Identifier: Apache-2.0
"""Queries that the embedded store and Fuseki must answer alike, and the quads they run on."""

X = "http://www.w3.org/2001/XMLSchema#"
QUADS = f"""\
<http://e/a> <http://e/next> <http://e/b> <http://g/1> .
<http://e/b> <http://e/next> <http://e/c> <http://g/1> .
<http://e/c> <http://e/next> <http://e/d> <http://g/2> .
<http://e/d> <http://e/next> <http://e/b> <http://g/2> .
<http://e/a> <http://e/next> <http://e/b> <http://g/2> .
<http://e/a> <http://e/knows> <http://e/c> <http://g/3> .
<http://e/a> <http://e/name> "Ada" <http://g/1> .
<http://e/b> <http://e/name> "Bo"@en <http://g/1> .
<http://e/b> <http://e/name> "Bo"@de-CH <http://g/1> .
<http://e/c> <http://e/name> "C\\u00E9cile \\"C\\"" <http://g/2> .
<http://e/d> <http://e/name> "line\\nbreak\\ttab\\\\" <http://g/2> .
<http://e/a> <http://e/age> "36"^^<{X}integer> <http://g/1> .
<http://e/b> <http://e/age> "7"^^<{X}integer> <http://g/1> .
<http://e/c> <http://e/age> "36.5"^^<{X}decimal> <http://g/1> .
<http://e/d> <http://e/age> "4.0E1"^^<{X}double> <http://g/1> .
<http://e/a> <http://e/born> "1815-12-10T08:30:00Z"^^<{X}dateTime> <http://g/1> .
<http://e/b> <http://e/born> "2001-02-03T04:05:06.5+02:00"^^<{X}dateTime> <http://g/1> .
<http://e/a> <http://e/alive> "false"^^<{X}boolean> <http://g/1> .
<http://e/b> <http://e/alive> "true"^^<{X}boolean> <http://g/1> .
<http://e/a> <http://e/odd> "x"^^<http://e/type> <http://g/3> .
<http://e/a> <http://e/part> _:p1 <http://g/3> .
_:p1 <http://e/name> "part one" <http://g/3> .
_:p1 <http://e/part> _:p2 <http://g/3> .
_:p2 <http://e/name> "part two" <http://g/3> .
<http://e/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/Person> <http://g/1> .
<http://e/b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/Person> <http://g/1> .
<http://e/Person> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e/Agent> <http://g/3> .
<http://e/e> <http://e/name> "" <http://g/3> .
"""
PREFIX = f"PREFIX : <http://e/>\nPREFIX xsd: <{X}>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"

# Rows are compared as a multiset; where the query orders them, `ORDERED` lists it and their order counts, too.
QUERIES = [
    "SELECT * { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT DISTINCT ?g { GRAPH ?g { } }",
    "SELECT ?s { GRAPH <http://g/2> { ?s :next ?o } }",
    "SELECT ?s { GRAPH <http://g/none> { ?s ?p ?o } }",
    "SELECT ?g { GRAPH ?g { :a :next :b } }",
    "SELECT * FROM <http://g/1> { ?s :next ?o }",
    "SELECT * FROM <http://g/1> FROM <http://g/2> { ?s :next ?o }",
    "SELECT * FROM <http://g/1> { GRAPH ?g { ?s :next ?o } }",
    "SELECT * FROM NAMED <http://g/2> { GRAPH ?g { ?s :next ?o } }",
    "SELECT * FROM NAMED <http://g/2> { ?s :next ?o }",
    "SELECT * FROM <http://g/3> FROM NAMED <http://g/1> { ?s :knows ?o GRAPH ?g { ?o :age ?a } }",
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "SELECT ?o { :a :next+ ?o }",
    "SELECT ?o { :a :next* ?o }",
    "SELECT ?o { :a :next? ?o }",
    "SELECT ?s { ?s :next+ :d }",
    "SELECT * { ?s :next+ ?o }",
    "SELECT * { ?s :next* ?o . ?s a :Person }",
    "SELECT ?o { :a :next/:next ?o }",
    "SELECT ?o { :a (:next/:next)+ ?o }",
    "SELECT ?s { :b ^:next ?s }",
    "SELECT ?s { :d (^:next)+ ?s }",
    "SELECT ?o { :a (:next|:knows) ?o }",
    "SELECT ?o { :a (:next|:knows)+ ?o }",
    "SELECT ?o { :a (:next|:next) ?o }",
    "SELECT * { ?s (:next|(:next|:knows)) ?o }",
    "SELECT ?o { :a (:next/(:next|:name)|^:next|:next) ?o }",
    "SELECT ?o { :a (:knows|:next)/:name ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s (:next|!:nothing) ?o }",
    "SELECT ?s { ?s :name ?n FILTER EXISTS { ?s (:next|:knows) ?o } }",
    "SELECT ?o { :nobody :next* ?o }",
    "SELECT ?o { :nobody :next? ?o }",
    "SELECT ?o { :nobody :next+ ?o }",
    "SELECT ?s { ?s :next* :nobody }",
    'SELECT ?s { ?s :next* "no such" }',
    "SELECT ?o { :nobody :next*/:knows* ?o }",
    "SELECT ?o { :nobody :next*/:knows ?o }",
    "SELECT ?o { :nobody (:next*|:knows) ?o }",
    "SELECT ?o { :nobody (:next?)+ ?o }",
    "SELECT ?o { :a (:next?)+ ?o }",
    "SELECT ?o { :nobody (:next*/:knows?)+ ?o }",
    "SELECT ?s { ?s (:next*)+ :nobody }",
    "SELECT ?o { :nobody (:next*/:knows)+ ?o }",
    "SELECT ?o { GRAPH <http://g/1> { :d :next* ?o } }",
    "SELECT ?o FROM <http://g/1> { :d :next* ?o }",
    "SELECT ?s { ?s :age ?a FILTER EXISTS { :nobody :next* ?o . ?s :next ?b } }",
    "ASK { :nobody :next* :nobody }",
    "ASK { :nobody :next* :noone }",
    "SELECT ?o { :a !:next ?o }",
    "SELECT ?o { :b !(:next|^:next) ?o }",
    "SELECT ?o { :b !(:next|:name|:age|:born|:alive|^:knows) ?o }",
    "SELECT ?g ?o { GRAPH ?g { :a :next+ ?o } }",
    "SELECT ?c { :a a/rdfs:subClassOf* ?c }",
    "ASK { :a :next+ :d }",
    "ASK { :d :next+ :a }",
    "SELECT ?s { ?s :age ?a FILTER EXISTS { ?s :next ?o } }",
    "SELECT ?s { ?s :name ?n FILTER NOT EXISTS { ?s :age ?a } }",
    "SELECT ?s { ?s :age ?a FILTER NOT EXISTS { ?s :next ?o . ?o :next ?x . ?x :age ?b FILTER(?b > ?a) } }",
    "SELECT ?s { ?s :age ?a FILTER EXISTS { ?o :next ?s . ?o :age ?b FILTER(?b < ?a) } }",
    "SELECT ?s { ?s a :Person FILTER NOT EXISTS { GRAPH ?g { ?s :knows ?k } } }",
    "SELECT ?s { ?s :name ?n FILTER EXISTS { { ?s :age ?a } UNION { ?s :part ?q } } }",
    "SELECT ?s { ?s :next ?o MINUS { ?s a :Person } }",
    "SELECT ?s { ?s :next ?o MINUS { ?x a :Person } }",
    "SELECT ?s ?o { VALUES ?s { :a :b :zz } ?s :next ?o }",
    'SELECT * { VALUES (?x ?y) { (1 2) (UNDEF 3) (:a "z"@en) } }',
    "SELECT ?s ?a { ?s :age ?a } VALUES ?s { :a :c }",
    "SELECT ?s ?d { ?s :age ?a BIND(?a * 2 AS ?d) }",
    "SELECT ?s ?k { ?s :age ?a OPTIONAL { ?s :knows ?k } }",
    'SELECT ?s ?n ?k { ?s :age ?a OPTIONAL { ?s :name ?n FILTER(LANG(?n) = "en") } OPTIONAL { ?s :knows ?k } }',
    (
        "SELECT ?s ?k { ?s :age ?a OPTIONAL { ?s :knows ?k OPTIONAL { ?k :age ?b FILTER(?b > ?a) } } FILTER(!BOUND(?k)"
        " || ?a > 1) }"
    ),
    "SELECT ?x { { ?x :knows ?y } UNION { ?y :knows ?x } }",
    "SELECT ?s ?m { ?s :next ?o { SELECT (MAX(?a) AS ?m) { ?x :age ?a } } }",
    "SELECT ?s ?n { { SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s } FILTER(?n > 3) }",
    "SELECT (SUM(?a) AS ?x) (AVG(?a) AS ?y) (MIN(?a) AS ?z) (MAX(?a) AS ?w) { ?s :age ?a }",
    "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    "SELECT ?p (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?p HAVING (COUNT(?o) > 2)",
    'SELECT (GROUP_CONCAT(?n; SEPARATOR="|") AS ?all) { SELECT ?n { :a :name ?n } }',
    "SELECT (SAMPLE(?n) AS ?one) { :a :name ?n }",
    "SELECT (COUNT(*) AS ?n) { ?s :nothing ?o }",
    "SELECT ?s (COUNT(*) AS ?n) { ?s :nothing ?o } GROUP BY ?s",
    "SELECT ?s { ?s :name ?n FILTER(STRLEN(?n) > 3) }",
    "SELECT (UCASE(?n) AS ?u) (LCASE(?n) AS ?l) { ?s :name ?n }",
    'SELECT (SUBSTR(?n, 2, 2) AS ?x) (STRBEFORE(STR(?n), "o") AS ?y) (STRAFTER(STR(?n), "o") AS ?z) { ?s :name ?n }',
    'SELECT (CONCAT(?n, "-", ?n) AS ?x) (CONCAT(?n, ?n) AS ?y) { ?s :name ?n }',
    'SELECT (CONCAT() AS ?x) (CONCAT("a", 1) AS ?y) {}',
    'SELECT (REPLACE(?n, "([a-c])", "<$1>") AS ?x) (REPLACE(?n, "A", "_", "i") AS ?y) { ?s :name ?n }',
    'SELECT (REPLACE("a.b.c", ".", "-") AS ?x) (REPLACE("abab", "B", "Z", "i") AS ?y) {}',
    'SELECT ?s { ?s :name ?n FILTER REGEX(?n, "^c", "i") }',
    'SELECT ?s { ?s :name ?n FILTER(CONTAINS(?n, "a") && STRSTARTS(?n, "p") && STRENDS(?n, "e")) }',
    "SELECT (ENCODE_FOR_URI(?n) AS ?x) { ?s :name ?n }",
    'SELECT ?s ?n { ?s :name ?n FILTER LANGMATCHES(LANG(?n), "de") }',
    "SELECT ?n (LANG(?n) AS ?l) (DATATYPE(?n) AS ?d) { ?s :name ?n }",
    'SELECT (STRLANG("x", "fr") AS ?a) (STRDT("1", xsd:integer) AS ?b) (IRI("http://e/z") AS ?c) {}',
    "SELECT (ABS(-3) AS ?a) (CEIL(1.2) AS ?b) (FLOOR(-1.2) AS ?c) (ROUND(2.5) AS ?d) (7 / 2 AS ?e) (1 + 2.5 AS ?f) {}",
    (
        'SELECT (xsd:integer("7") AS ?a) (xsd:boolean(1) AS ?b) (xsd:string(5) AS ?c) (xsd:decimal("1.5") AS ?d)'
        ' (xsd:double("x") AS ?e) {}'
    ),
    (
        "SELECT (YEAR(?b) AS ?y) (MONTH(?b) AS ?m) (DAY(?b) AS ?d) (HOURS(?b) AS ?h) (MINUTES(?b) AS ?i) (TZ(?b) AS ?z)"
        " { ?s :born ?b }"
    ),
    'SELECT ?s { ?s :born ?b FILTER(?b < "1900-01-01T00:00:00Z"^^xsd:dateTime) }',
    "SELECT ?s { ?s :age ?a FILTER(?a IN (7, 40, 36.50)) }",
    "SELECT ?s { ?s :age ?a FILTER(?a NOT IN (7, 40)) }",
    'SELECT ?s (IF(?a > 30, "old", "young") AS ?x) (COALESCE(?nope, ?a) AS ?y) { ?s :age ?a }',
    "SELECT ?s ?v { ?s :alive ?v FILTER(?v) }",
    "SELECT ?o { ?s ?p ?o FILTER(ISBLANK(?o)) }",
    "SELECT ?n { :a :part [ :part [ :name ?n ] ] }",
    "SELECT ?n { :a :part/:name ?n }",
    "SELECT ?o (ISIRI(?o) AS ?i) (ISLITERAL(?o) AS ?l) (ISNUMERIC(?o) AS ?n) { :a ?p ?o }",
    'SELECT ?s { ?s :odd ?o FILTER(?o = "x"^^:type) }',
    'SELECT (MD5("abc") AS ?a) (SHA1("abc") AS ?b) (SHA256("abc") AS ?c) (SHA512("abc") AS ?d) {}',
    "SELECT ?a ?b { ?a :age ?x . ?b :age ?y FILTER(?x = ?y && ?a != ?b) }",
    "SELECT ?a ?b { ?a :name ?n . ?b :name ?m FILTER(SAMETERM(?n, ?m) && STR(?a) < STR(?b)) }",
    "SELECT REDUCED ?p { :a ?p ?o }",
    "SELECT * { ?s ?p ?o . ?o ?q ?s }",
    "SELECT ?s (BNODE() AS ?b) { ?s :knows ?o }",
    "SELECT ?x { BIND(:a AS ?x) FILTER EXISTS { ?x :next ?y } }",
]
ORDERED = [
    "SELECT ?s ?a { ?s :age ?a } ORDER BY ?a",
    "SELECT ?s ?a { ?s :age ?a } ORDER BY DESC(?a) LIMIT 2 OFFSET 1",
    "SELECT ?s { ?s :born ?b } ORDER BY DESC(?b)",
    'SELECT ?n { ?s :name ?n FILTER(LANG(?n) = "") } ORDER BY STRLEN(?n) ?n',
    "SELECT DISTINCT ?s { ?s ?p ?o FILTER(ISIRI(?s)) } ORDER BY DESC(?s)",
    "SELECT ?s ?k { ?s :age ?a OPTIONAL { ?s :knows ?k } } ORDER BY ?k ?s",
    "SELECT DISTINCT ?p { ?s ?p ?o } ORDER BY ?p LIMIT 3 OFFSET 2",
    "SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o FILTER(ISIRI(?s)) } GROUP BY ?s ORDER BY DESC(?n) ?s",
]
GRAPHS = [
    "CONSTRUCT { ?o :before ?s } WHERE { ?s :next ?o }",
    "CONSTRUCT { ?s :hasPart [ :named ?n ] } WHERE { ?s :part/:name ?n }",
    "CONSTRUCT WHERE { :a ?p ?o }",
    "CONSTRUCT { ?s :self ?s . ?n :bad ?s } WHERE { ?s :name ?n }",
    "DESCRIBE :a",
    "DESCRIBE ?s WHERE { ?s :knows ?o }",
    "DESCRIBE :nobody",
]
# Where the two engines differ on purpose: query -> why. Each is checked to differ still.
DIFFERENCES = {
    "CONSTRUCT { ?s :self ?s . ?n :bad ?s } WHERE { ?s :name ?n }": (
        "a template triple with a literal as subject is left out (SPARQL 1.1, 16.2); Jena writes it, which is no RDF"
    ),
}
# Asked within GRAPH ?graph, these are answered otherwise by a TDB2 store. It gives every pattern of triples the
# graph's name as a fourth
# term, so that where the pattern has no triples of its own (VALUES, BIND, a GRAPH or a subselect within) nothing
# binds ?graph or it is one
# graph for all, and MINUS sees ?graph on both its sides. By the definition (SPARQL 1.1, 18.6) each named graph
# answers for itself.
PER_GRAPH = [
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT ?s { GRAPH <http://g/2> { ?s :next ?o } }",
    "SELECT ?g { GRAPH ?g { :a :next :b } }",
    "SELECT ?o { GRAPH <http://g/1> { :d :next* ?o } }",
    "SELECT ?g ?o { GRAPH ?g { :a :next+ ?o } }",
    "SELECT ?s { ?s :next ?o MINUS { ?x a :Person } }",
    'SELECT * { VALUES (?x ?y) { (1 2) (UNDEF 3) (:a "z"@en) } }',
    "SELECT ?s ?m { ?s :next ?o { SELECT (MAX(?a) AS ?m) { ?x :age ?a } } }",
    "SELECT ?s ?n { { SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s } FILTER(?n > 3) }",
    "SELECT ?x { BIND(:a AS ?x) FILTER EXISTS { ?x :next ?y } }",
]
