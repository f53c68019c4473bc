# SPDX-License-Identifier: Apache-2.0
"""SHACL through the command line: what is refused, what is vacuous, where results stand, and that runs agree."""

import hashlib
import json
import subprocess
import unittest

from support import Case, PROVGATE, ROOT

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix ex: <https://example.org/> .
"""
GOOD = (
    PREFIXES
    + 'ex:e a prov:Entity ; prov:wasGeneratedBy ex:a ; prov:generatedAtTime "2026-01-02T03:04:05Z"^^xsd:dateTime'
    " .\nex:a a prov:Activity .\n"
)
BAD = PREFIXES + "ex:e a prov:Entity .\nex:a a prov:Activity .\n"
PROPERTY = "sh:property [ sh:path prov:wasGeneratedBy ; sh:minCount 1 ]"
SHAPE = f"ex:S a sh:NodeShape ; sh:targetClass prov:Entity ; {PROPERTY} .\n"
KIND = """ex:Kind a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ; sh:parameter [ sh:path ex:kind ] ;
  sh:select "SELECT ?this { ?this <https://example.org/of> $kind }" .
"""
SPARQL = """ex:S a sh:NodeShape ; sh:targetClass prov:Entity ; sh:sparql ex:Q .
ex:P sh:declare [ sh:prefix "prov" ; sh:namespace "http://www.w3.org/ns/prov#"^^xsd:anyURI ] .
ex:Q sh:prefixes ex:P ;
  sh:select "SELECT $this WHERE { $this a prov:Entity FILTER NOT EXISTS { $this prov:wasGeneratedBy ?a } }" .
"""


class Shacl(Case):
    def write(self, name, text):
        (self.dir / name).write_text(text, newline="")
        return name

    def check(self, shapes, *flags, data=BAD, code=None):
        self.write("data.ttl", data)
        self.write("shapes.ttl", PREFIXES + shapes)
        return self.run_gate("check", "data.ttl", "--shapes", "shapes.ttl", *flags, code=code)


# ---- the gate matrix: rows of shacl.md 4.2 and 9.3 -----------------------------------------------

MATRIX = [
    # name, shapes, data, flags, exit code, what it says
    ("good data", SHAPE, GOOD, [], 0, "conform to the shapes"),
    ("good data, sh:sparql", SPARQL, GOOD, [], 0, "conform to the shapes"),
    ("bad data", SHAPE, BAD, [], 1, "sh:MinCountConstraintComponent"),
    ("bad data, sh:sparql", SPARQL, BAD, [], 1, "sh:SPARQLConstraintComponent"),
    ("data file broken", SHAPE, GOOD + "ex:e prov:used <a b> .\n", [], 3, "data.ttl:9:18"),
    ("empty shapes graph", "", GOOD, [], 4, "the shapes graph holds no shape"),
    ("shape without target", f"ex:S a sh:NodeShape ; {PROPERTY} .", GOOD, [], 4, "no shape has a target"),
    ("targetClass misspelt", SHAPE.replace("Entity", "Entitty"), GOOD, [], 4, "did you mean prov:Entity?"),
    ("sh:mincount", SHAPE.replace("minCount", "mincount"), GOOD, [], 3, "did you mean sh:minCount?"),
    ('sh:minCount "one"', SHAPE.replace("minCount 1", 'minCount "one"'), GOOD, [], 3, "sh:minCount is an xsd:integer"),
    (
        "property shape without sh:path",
        SHAPE.replace("sh:path prov:wasGeneratedBy ;", ""),
        GOOD,
        [],
        3,
        "has no sh:path",
    ),
    (
        "severity Warning only",
        SHAPE.replace("minCount 1", "minCount 1 ; sh:severity sh:Warning"),
        BAD,
        [],
        0,
        "do not conform",
    ),
    (
        "severity Warning, --fail-on warning",
        SHAPE.replace("minCount 1", "minCount 1 ; sh:severity sh:Warning"),
        BAD,
        ["--fail-on", "warning"],
        1,
        "do not conform",
    ),
    ("unknown sh:entailment", SHAPE + "ex:G sh:entailment ex:Unknown .", GOOD, [], 3, "sh:entailment"),
    (
        "SHACL 1.2 parameters",
        SHAPE.replace("minCount 1", "minCount 1 ; sh:uniqueMembers true"),
        GOOD,
        [],
        3,
        "SHACL 1.2",
    ),
]

REFUSED = [
    (
        "sh:severity sh:Warn",
        SHAPE.replace("minCount 1", "minCount 1 ; sh:severity sh:Warn"),
        "did you mean sh:Warning?",
    ),
    ("sh:nodeKind sh:Iri", "ex:S sh:targetClass prov:Entity ; sh:nodeKind sh:Iri .", "did you mean sh:IRI?"),
    (
        "sh:target without a query",
        "ex:S a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ] ; sh:nodeKind sh:IRI .",
        "says no query",
    ),
    (
        "sh:target, a literal",
        "ex:S a sh:NodeShape ; sh:target 'SELECT ?this {}' ; sh:nodeKind sh:IRI .",
        "sh:target is a node",
    ),
    (
        "sh:target with two queries",
        "ex:S sh:target [ sh:select 'SELECT ?this {}' , 'SELECT ?this { ?this ?p ?o }' ] ; sh:nodeKind sh:IRI .",
        "one sh:select",
    ),
    ("sh:target with an ASK", "ex:S sh:target [ sh:select 'ASK {}' ] ; sh:nodeKind sh:IRI .", "is a SELECT query"),
    (
        "sh:target without ?this",
        "ex:S sh:target [ sh:select 'SELECT ?that { ?that ?p ?o }' ] ; sh:nodeKind sh:IRI .",
        "does not project ?this",
    ),
    (
        "sh:target that reaches out",
        "ex:S sh:target [ sh:select 'SELECT ?this { SERVICE <http://e/> { ?this ?p ?o } }' ] ; sh:nodeKind sh:IRI .",
        "SERVICE",
    ),
    (
        "sh:target of a type that is not declared",
        "ex:S sh:target [ a ex:Kind ] ; sh:nodeKind sh:IRI .",
        "says no query",
    ),
    (
        "sh:target without the type's parameter",
        KIND + "ex:S sh:target [ a ex:Kind ] ; sh:nodeKind sh:IRI .",
        "gives no value for <https://example.org/kind>",
    ),
    (
        "sh:target with two values for a parameter",
        KIND + "ex:S sh:target [ a ex:Kind ; ex:kind 1, 2 ] ; sh:nodeKind sh:IRI .",
        "two values",
    ),
    (
        "sh:target of two types",
        KIND
        + "ex:Sort a sh:SPARQLTargetType ; sh:select 'SELECT ?this { ?this ?p ?o }' . ex:S sh:target [ a ex:Kind,"
        " ex:Sort ; ex:kind 1 ] ; sh:nodeKind sh:IRI .",
        "two target types",
    ),
    (
        "sh:target with $PATH",
        "ex:S sh:target [ sh:select 'SELECT ?this { ?this $PATH ?o }' ] ; sh:nodeKind sh:IRI .",
        "the query of a target has none",
    ),
    (
        "sh:target of JavaScript",
        "ex:S sh:target [ a sh:JSTarget ; sh:select 'SELECT ?this {}' ] ; sh:nodeKind sh:IRI .",
        "JavaScript",
    ),
    ("sh:rule", SHAPE + "ex:S sh:rule [ a sh:TripleRule ] .", "Advanced Features"),
    ("sh:js", SHAPE + "ex:S sh:js [ a sh:JSConstraint ] .", "JavaScript"),
    ("sh:expression", SHAPE + "ex:S sh:expression [ ] .", "Advanced Features"),
    ("an unknown property of an untyped node", SHAPE + "ex:other sh:minCont 1 .", "did you mean sh:minCount?"),
    (
        "a shape that is not there",
        "ex:S sh:targetClass prov:Entity ; sh:node ex:missing .",
        "about which the shapes say nothing",
    ),
    (
        "sh:and that is no list",
        "ex:S sh:targetClass prov:Entity ; sh:and ex:T . ex:T sh:nodeKind sh:IRI .",
        "a well-formed list",
    ),
    (
        "sh:or with a list that goes round",
        (
            "ex:S sh:targetClass prov:Entity ; sh:or _:l . _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> ex:T"
            " ; <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:l . ex:T sh:nodeKind sh:IRI ."
        ),
        "a well-formed list",
    ),
    ("sh:xone with a literal", 'ex:S sh:targetClass prov:Entity ; sh:xone ( "x" ) .', "names a literal"),
    ("sh:in that is no list", "ex:S sh:targetClass prov:Entity ; sh:in ex:T .", "a well-formed list"),
    (
        "a regular expression that does not compile",
        'ex:S sh:targetClass prov:Entity ; sh:pattern "(" .',
        "does not compile",
    ),
    ("character class subtraction", 'ex:S sh:targetClass prov:Entity ; sh:pattern "[a-z-[aeiou]]" .', "subtraction"),
    ("sh:flags", 'ex:S sh:targetClass prov:Entity ; sh:pattern "a" ; sh:flags "z" .', "not one of s, m, i, x and q"),
    (
        "two values",
        "ex:S sh:targetClass prov:Entity ; sh:property [ sh:path prov:used ; sh:maxCount 1, 2 ] .",
        "2 values for sh:maxCount",
    ),
    (
        "two datatypes",
        "ex:S sh:targetClass prov:Entity ; sh:property [ sh:path prov:used ; sh:datatype xsd:string, xsd:date ] .",
        "2 values for sh:datatype",
    ),
    (
        "two paths",
        "ex:S sh:targetClass prov:Entity ; sh:property [ sh:path prov:used, prov:wasStartedBy ; sh:maxCount 1 ] .",
        "one sh:path",
    ),
    (
        "a path of two forms",
        (
            "ex:S sh:targetClass prov:Entity ; sh:property [ sh:path [ sh:inversePath prov:used ; sh:zeroOrMorePath"
            " prov:used ] ; sh:maxCount 1 ] ."
        ),
        "not a property path",
    ),
    ("a query without $this", SPARQL.replace("SELECT $this", "SELECT ?a"), "does not project $this"),
    ("a query without its prefix", SPARQL.replace("sh:prefixes ex:P ;", ""), "prefix"),
    ("a query with MINUS", SPARQL.replace("FILTER NOT EXISTS", "MINUS"), "MINUS"),
    (
        "sh:minCount at a node shape",
        "ex:S a sh:NodeShape ; sh:targetClass prov:Entity ; sh:minCount 1 .",
        "belongs to property shapes",
    ),
    (
        "a node shape with a path",
        "ex:S a sh:NodeShape ; sh:targetClass prov:Entity ; sh:path prov:used ; sh:minCount 1 .",
        "a node shape has no sh:path",
    ),
    ("sh:class with a literal", 'ex:S sh:targetClass prov:Entity ; sh:class "prov:Entity" .', "sh:class is an IRI"),
    (
        "a negative cycle",
        "ex:S a sh:NodeShape ; sh:targetClass prov:Entity ; sh:not ex:S .",
        "refers to itself through a negation",
    ),
    ("another namespace", SHAPE + "ex:T <https://www.w3.org/ns/shacl#minCount> 1 .", "not the SHACL namespace"),
    ("sh:deactivated with a string", SHAPE + 'ex:S sh:deactivated "yes" .', "sh:deactivated is true or false"),
    ("a blank target node", SHAPE + "ex:S sh:targetNode [] .", "an IRI or a literal"),
    (
        "a component without validator",
        SHAPE + "ex:C a sh:ConstraintComponent ; sh:parameter [ sh:path ex:p ] . ex:S ex:p 1 .",
        "no validator",
    ),
]

WARNED = [
    ("a typed node that is no shape", SHAPE + "ex:x a ex:Thing ; sh:minCont 1 .", "did you mean sh:minCount?"),
    ("another truth", SHAPE.replace("minCount 1", 'minCount 1 ; sh:uniqueLang "1"^^xsd:boolean'), "has no effect"),
    (
        "qualified counts without a shape",
        SHAPE.replace("minCount 1", "minCount 1 ; sh:qualifiedMinCount 1"),
        "without sh:qualifiedValueShape has no effect",
    ),
    ("an unused ill-formed path", SHAPE + "[] sh:inversePath ( ex:a ) .", "ill-formed property path"),
    (
        "an import that is not there",
        SHAPE + "ex:O owl:imports <https://example.org/other> .",
        "owl:imports is not followed",
    ),
    (
        "a target that selects nothing",
        SHAPE.replace("prov:Entity", "prov:Entity, prov:Agnt"),
        "did you mean prov:Agent?",
    ),
    ("owl:Class", SHAPE + "ex:T a owl:Class, sh:NodeShape ; sh:nodeKind sh:IRI .", "not an implicit target"),
    (
        "a datatype that is none",
        SHAPE.replace("minCount 1", "minCount 1 ] ; sh:property [ sh:path ex:none ; sh:datatype xsd:sting"),
        "no datatype",
    ),
]

REFUSED += [
    (
        "FROM in a query",
        SPARQL.replace("WHERE {", "FROM <urn:x> WHERE {").replace("$this {", "$this FROM <urn:x> {"),
        "FROM cannot be used",
    ),
    (
        "a very long chain of shapes",
        "".join(f"ex:C{i} a sh:NodeShape ; sh:node ex:C{i + 1} .\n" for i in range(50000))
        + "ex:C50000 sh:nodeKind sh:IRI . ex:C0 sh:targetClass prov:Entity .",
        "deep",
    ),
    (
        "an unknown severity of a query",
        SPARQL.replace("sh:prefixes ex:P ;", "sh:prefixes ex:P ; sh:severity sh:Warn ;"),
        "SHACL has no severity",
    ),
    (
        "a message that is not a string",
        SPARQL.replace("sh:prefixes ex:P ;", "sh:prefixes ex:P ; sh:message 5 ;"),
        "sh:message is a string",
    ),
    (
        "two values for sh:deactivated of a query",
        SPARQL.replace("sh:prefixes ex:P ;", "sh:prefixes ex:P ; sh:deactivated true, false ;"),
        "two values for sh:deactivated",
    ),
    ("lookahead", 'ex:S sh:targetClass prov:Entity ; sh:pattern "(?=a)b" .', "lookahead"),
    ("an escape of another language", 'ex:S sh:targetClass prov:Entity ; sh:pattern "\\\\bb" .', "not an escape"),
    ("a possessive quantifier", 'ex:S sh:targetClass prov:Entity ; sh:pattern "a++" .', "possessive"),
    ("a POSIX class", 'ex:S sh:targetClass prov:Entity ; sh:pattern "[[:alpha:]]" .', "[:name:]"),
    (
        "a path list of one",
        "ex:S sh:targetClass prov:Entity ; sh:property [ sh:path ( ex:p ) ; sh:maxCount 1 ] .",
        "without the list: sh:path",
    ),
    (
        "an empty path",
        "ex:S sh:targetClass prov:Entity ; sh:property [ sh:path () ; sh:maxCount 1 ] .",
        "not a property path",
    ),
]
WARNED += [
    (
        "an order that is not a number",
        SHAPE.replace("minCount 1", 'minCount 1 ; sh:order "two"'),
        "sh:order should be a number",
    ),
    (
        "a name that is not a string",
        SHAPE.replace("minCount 1", "minCount 1 ; sh:name 5"),
        "sh:name should be a string",
    ),
    ("a group that is no node", SHAPE.replace("minCount 1", 'minCount 1 ; sh:group "g"'), "sh:group should be a node"),
    ("a query at a shape", SHAPE + 'ex:S sh:select "SELECT $this WHERE {}" .', "sh:select has no effect at a shape"),
]

VACUOUS = [
    (
        "a deactivated shape behind sh:node",
        (
            "ex:S a sh:NodeShape ; sh:targetClass prov:Entity ; sh:node ex:D . ex:D a sh:NodeShape ; sh:deactivated"
            " true ; sh:nodeKind sh:Literal ."
        ),
        "no active constraint",
    ),
    (
        "sh:minCount 0",
        "ex:S a sh:NodeShape ; sh:targetClass prov:Entity ; sh:property [ sh:path prov:used ; sh:minCount 0 ] .",
        "no active constraint",
    ),
    ("an empty sh:and", "ex:S a sh:NodeShape ; sh:targetClass prov:Entity ; sh:and () .", "no active constraint"),
    ("no constraint", "ex:S a sh:NodeShape ; sh:targetClass prov:Entity .", "no active constraint"),
    ("everything deactivated", SHAPE.replace("a sh:NodeShape", "a sh:NodeShape ; sh:deactivated true"), "deactivated"),
    ("a target that selects nothing", SHAPE.replace("targetClass", "targetSubjectsOf"), "select no node"),
]


class Matrix(Shacl):
    def test_every_row(self):
        for name, shapes, data, flags, code, says in MATRIX:
            with self.subTest(name):
                done = self.check(shapes, *flags, data=data)
                self.assertEqual(done.returncode, code, done.stdout + done.stderr)
                self.assertIn(says, done.stdout + done.stderr)

    def test_only_good_data_and_mere_warnings_exit_0(self):
        self.assertEqual(
            sorted(row[0] for row in MATRIX if row[4] == 0),
            ["good data", "good data, sh:sparql", "severity Warning only"],
        )

    def test_missing_files(self):
        self.write("shapes.ttl", PREFIXES + SHAPE)
        self.run_gate("check", "none.ttl", "--shapes", "shapes.ttl", code=3)
        self.write("data.ttl", GOOD)
        self.run_gate("check", "data.ttl", "--shapes", "none.ttl", code=3)
        self.assertIn("no shapes were given", self.run_gate("check", "data.ttl", code=4).stdout)
        self.run_gate("check", "data.ttl", "--syntax-only", code=0)
        self.run_gate("check", "shapes.ttl", "--shapes", "data.ttl", code=2)  # the two swapped

    def test_refusals_have_a_place_and_no_report(self):
        for name, shapes, says in REFUSED:
            for fmt in ("human", "json", "turtle"):
                with self.subTest(name, format=fmt):
                    done = self.check(shapes, "-o", fmt, data=GOOD)
                    self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
                    self.assertEqual(done.stdout, "")
                    self.assertIn(says, done.stderr)
                    self.assertRegex(done.stderr, r"--> shapes\.ttl:\d+:\d+")

    def test_a_refusal_counts_what_is_alike(self):
        many = "".join(
            f"ex:C{i} a owl:Class, sh:NodeShape ; sh:property [ sh:path prov:used ; sh:minCount 0 ] .\n"
            for i in range(40)
        )
        done = self.check(SHAPE.replace("minCount 1", "minCont 1") + many, code=3)
        self.assertLess(done.stderr.count("\n"), 40)
        self.assertIn("and 74 more messages like these", done.stderr)
        self.assertEqual(
            self.check(SHAPE.replace("minCount 1", "minCont 1") + many, "--all-warnings", code=3).stderr.count(
                "an owl:Class is not an implicit target"
            ),
            40,
        )

    def test_warnings_are_no_results(self):
        for name, shapes, says in WARNED:
            with self.subTest(name):
                done = self.check(shapes, "-o", "turtle", data=GOOD)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertIn(says, done.stderr)
                self.assertNotIn("sh:result ", done.stdout)
                self.assertIn('sh:conforms "true"', done.stdout)
                self.assertIn(says, self.check(shapes, data=GOOD).stdout)

    def test_vacuous(self):
        for name, shapes, says in VACUOUS:
            with self.subTest(name):
                for fmt in ("human", "json", "turtle", "ntriples", "jsonld"):
                    done = self.check(shapes, "-o", fmt, data=GOOD, code=4)
                    self.assertIn(says, done.stdout + done.stderr)
                    self.assertTrue(done.stdout)
                    allowed = self.check(shapes, "-o", fmt, "--allow-vacuous", data=GOOD, code=0)
                    self.assertIn("vacuous", allowed.stdout)

    def test_rdf_data_in_a_directory_is_not_passed_over_in_silence(self):
        (self.dir / "tree").mkdir()
        self.write("tree/data.ttl", GOOD)
        self.write("shapes.ttl", PREFIXES + SHAPE)
        self.assertIn("1 focus node", self.run_gate("check", "tree", "--shapes", "shapes.ttl", code=0).stdout)
        (self.dir / "tree/deeper").mkdir()
        self.write(
            "tree/deeper/bad.nt",
            "<urn:e> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/prov#Entity> .\n",
        )
        self.write("tree/lost.n3", "")
        done = self.run_gate("check", "tree", "--shapes", "shapes.ttl", code=1)
        self.assertIn("tree/deeper/bad.nt", done.stdout)
        self.assertIn("Notation3", done.stdout)

    def test_a_failure_of_a_query_is_no_verdict(self):
        query = 'sh:sparql [ sh:select "SELECT $this ?failure { BIND(true AS ?failure) }" ]'
        for shape in (
            query,
            "sh:severity sh:Warning ; " + query,
            f"sh:not [ {query} ]",
            f"sh:property [ sh:path prov:used ; {query} ]",
        ):
            done = self.check(
                f"ex:S a sh:NodeShape ; sh:targetClass prov:Entity ; {shape} .", "-o", "turtle", data=GOOD, code=3
            )
            self.assertEqual(done.stdout, "")
            self.assertIn("reports a failure (?failure is true)", done.stderr)
        self.check(
            "ex:S a sh:NodeShape ; sh:targetClass prov:Entity ; " + query.replace("BIND(true", "BIND(false") + " .",
            data=GOOD,
            code=1,
        )

    def test_a_nested_property_without_values_is_a_check_all_the_same(self):
        nested = (
            "ex:S a sh:NodeShape ; sh:targetClass prov:Entity ; sh:property [ sh:path ex:none ; sh:property [ sh:path"
            " prov:agent ; sh:minCount 1 ] ] ."
        )
        self.check(nested, data=GOOD, code=0)
        self.check(nested.replace("minCount 1", "minCount 0"), data=GOOD, code=4)

    def test_one_report_for_standard_output(self):
        self.assertIn(
            "cannot share standard output", self.check(SHAPE, "-o", "json", "-o", "turtle", data=GOOD, code=2).stderr
        )
        for wrong in ("0", "-1", "many"):
            self.check(SHAPE, "--max-results", wrong, data=GOOD, code=2)

    def test_good_forms_of_what_does_not_validate(self):
        shape = SHAPE.replace(
            "minCount 1",
            'minCount 1 ; sh:order 1 ; sh:order 1.5 ; sh:name "n", "n"@en ; sh:description "d" ; sh:group ex:G',
        )
        self.assertNotIn("warning", self.check(shape, data=GOOD, code=0).stdout.replace("0 warnings", ""))

    def test_require_targets(self):
        shapes = SHAPE.replace("prov:Entity", "prov:Entity, prov:Agnt")
        self.check(shapes, data=GOOD, code=0)
        self.assertIn("error[SHACL-002]", self.check(shapes, "--require-targets", data=GOOD, code=1).stdout)

    def test_severities(self):
        for severity, code in (("sh:Info", 0), ("sh:Warning", 0), ("sh:Violation", 1), ("ex:Severe", 1)):
            shapes = SHAPE.replace("minCount 1", f"minCount 1 ; sh:severity {severity}")
            with self.subTest(severity):
                self.assertIn('sh:conforms "false"', self.check(shapes, "-o", "turtle", code=code).stdout)
        self.check(SHAPE.replace("minCount 1", "minCount 1 ; sh:severity sh:Info"), "--fail-on", "info", code=1)

    def test_a_limit_is_no_conformance(self):
        slow = SPARQL.replace(
            "$this a prov:Entity", "$this a prov:Entity . ?b ?c ?d . ?f ?g ?h . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r"
        )
        data = GOOD + "".join(f"ex:n{i} ex:p ex:n{i + 1} .\n" for i in range(60))
        done = self.check(slow, "--timeout", "100", "-o", "turtle", data=data, code=6)
        self.assertEqual(done.stdout, "")
        self.assertIn("--timeout", done.stderr)


# ---- positions, order, selection -----------------------------------------------------------------


class Results(Shacl):
    def generated(self, kind, triples=6000):
        done = subprocess.run(
            [ROOT / "build/release/tests/prov_data", str(triples), kind, "7"], capture_output=True, check=True
        )
        name = f"data.{kind}"
        (self.dir / name).write_bytes(done.stdout)
        faults = {}
        for line in done.stderr.decode().splitlines():
            parts = line.split()
            if len(parts) == 3:
                faults[parts[2]] = (parts[0], parts[1])
        return name, faults

    def results(self, name, *flags, shapes=None, code=1):
        shapes = shapes or str(ROOT / "tests/bench/prov_shape.ttl")
        return json.loads(self.run_gate("check", name, "--shapes", shapes, "-o", "json", *flags, code=code).stdout)

    def test_places_are_those_of_the_generator(self):
        for kind in ("nt", "ttl"):
            with self.subTest(kind):
                name, faults = self.generated(kind, 36000)
                found = {
                    f["focus"]: (f"{f['line']}:{f['column']}", f["component"]) for f in self.results(name)["findings"]
                }
                self.assertEqual(len(faults), 6)
                self.assertEqual(set(found), set(faults))
                for focus, (place, component) in faults.items():
                    self.assertEqual(found[focus][0], place, focus)
                    self.assertEqual(found[focus][1].lower(), f"sh:{component}constraintcomponent".lower())

    def test_the_same_triple_twice_is_the_first(self):
        self.write("d.nt", '<urn:e> <urn:p> "x" .\n<urn:f> <urn:p> "x" .\n\t<urn:e>  <urn:p>\t"x" . # again\n')
        self.write(
            "s.ttl",
            PREFIXES + "ex:S sh:targetSubjectsOf <urn:p> ; sh:property [ sh:path <urn:p> ; sh:nodeKind sh:IRI ] .",
        )
        found = self.results("d.nt", shapes="s.ttl")["findings"]
        self.assertEqual([(f["focus"], f["line"], f["column"]) for f in found], [("urn:e", 1, 1), ("urn:f", 2, 1)])

    def test_a_target_that_is_not_in_the_data(self):
        self.write("d.nt", '<urn:e> <urn:p> "x" .\n')
        self.write(
            "s.ttl",
            PREFIXES + "\nex:S sh:targetNode <urn:absent> ;\n  sh:property [ sh:path <urn:p> ; sh:minCount 1 ] .",
        )
        found = self.results("d.nt", shapes="s.ttl")["findings"][0]
        self.assertEqual((found["file"], found["line"], found["shape"]["file"]), (None, None, "s.ttl"))
        self.assertEqual(found["shape"]["line"], 9)

    def test_runs_and_threads_agree_to_the_byte(self):
        name, _ = self.generated("nt", 60000)
        for fmt in ("human", "json", "turtle", "ntriples", "jsonld"):
            outputs = {
                self.run_gate(
                    "check", name, "--shapes", ROOT / "tests/bench/prov_shape.ttl", "-o", fmt, "--threads", n, code=1
                ).stdout
                for n in (1, 1, 2, 3, 8)
            }
            self.assertEqual(len(outputs), 1, fmt)

    def test_focus_and_shape_are_the_full_run_filtered(self):
        name, faults = self.generated("nt", 36000)
        shapes = (
            PREFIXES
            + (ROOT / "tests/bench/prov_shape.ttl").read_text()
            + "ex:T sh:targetClass prov:Agent ; sh:nodeKind sh:Literal .\n"
        )
        self.write("s.ttl", shapes)
        full = self.results(name, shapes="s.ttl")["findings"]
        for focus in list(faults)[:3]:
            self.assertEqual(
                self.results(name, "--focus", focus, shapes="s.ttl")["findings"],
                [f for f in full if f["focus"] == focus],
            )
        only = self.results(name, "--shape", "https://example.org/T", shapes="s.ttl")["findings"]
        self.assertEqual(only, [f for f in full if f["shape"]["id"] == "https://example.org/T"])
        self.assertEqual(len(only), 20)
        self.assertIn(
            "did you mean",
            self.run_gate("check", name, "--shapes", "s.ttl", "--shape", "urn:shape:entiti", code=2).stderr,
        )
        self.run_gate("check", name, "--shapes", "s.ttl", "--focus", "urn:nobody", code=4)

    def test_fewer_results(self):
        name, _ = self.generated("nt", 36000)
        full = self.results(name)
        few = self.results(name, "--max-results", 2)
        self.assertEqual(few["findings"], full["findings"][:2])
        self.assertEqual((few["shacl"]["complete"], full["shacl"]["complete"]), (False, True))
        self.assertEqual({len(self.results(name, "--fail-fast", "--threads", n)["findings"]) for n in (1, 2, 5)}, {1})

    def test_results_left_out_count_for_the_verdict(self):
        self.write("d.ttl", PREFIXES + "ex:a a ex:C . ex:b a ex:C .\n")
        self.write(
            "s.ttl",
            PREFIXES
            + "ex:S1 a sh:NodeShape ; sh:targetClass ex:C ; sh:severity sh:Warning ; sh:nodeKind sh:Literal .\n"
            "ex:S2 a sh:NodeShape ; sh:targetClass ex:C ; sh:nodeKind sh:BlankNode .\n",
        )
        for flags in ([], ["--max-results", "1"], ["--fail-fast"]):
            self.run_gate("check", "d.ttl", "--shapes", "s.ttl", *flags, code=1)
        found = self.results("d.ttl", "--fail-fast", shapes="s.ttl")["findings"]
        self.assertEqual([f["severity"] for f in found], ["error"])

    def test_more_results_than_memory_holds_end_the_run(self):
        values = "".join(f"ex:e prov:used {i} ; ex:q {-i} .\n" for i in range(1, 4001))
        shape = (
            "ex:S a sh:NodeShape ; sh:targetSubjectsOf prov:used ; sh:property [ sh:path prov:used ; sh:lessThan ex:q"
            " ] .\n"
        )
        done = self.check(shape, "-o", "turtle", data=PREFIXES + values, code=6)
        self.assertEqual(done.stdout, "")
        self.assertIn("10,000,000 results", done.stderr)
        self.check(shape, data=PREFIXES + "ex:e prov:used 1 ; ex:q -1 .", code=1)

    def test_shapes_that_are_reached_in_many_ways_are_looked_at_once(self):
        for leaf, code in (("sh:IRI", 0), ("sh:Literal", 1)):
            levels = "".join(
                f"ex:S{i} sh:node ex:S{i + 1}, ex:T{i + 1} . ex:T{i} sh:node ex:S{i + 1}, ex:T{i + 1} .\n"
                for i in range(40)
            )
            self.write("d.ttl", PREFIXES + "ex:a a ex:C .\n")
            self.write(
                "s.ttl",
                PREFIXES
                + f"ex:S0 sh:targetClass ex:C .\n{levels}ex:S40 sh:nodeKind {leaf} . ex:T40 sh:nodeKind sh:IRI .\n",
            )
            self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "-q", code=code)

    def test_recursion(self):
        chain = "".join(f"ex:n{i} ex:p ex:n{i + 1} .\n" for i in range(2000))
        shapes = (
            PREFIXES
            + "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:nodeKind sh:BlankNodeOrIRI ; sh:property [ sh:path"
            " ex:p ; sh:node ex:S ] .\n"
        )
        self.write("s.ttl", shapes)
        self.write("good.ttl", PREFIXES + chain + "ex:n2000 ex:p ex:n0 .\n")
        self.run_gate("check", "good.ttl", "--shapes", "s.ttl", code=0)
        self.write("bad.ttl", PREFIXES + chain + "ex:n2000 ex:p 1 .\n")
        self.assertEqual(self.results("bad.ttl", shapes="s.ttl")["shacl"]["results"], 2001)

    def test_blank_nodes_of_two_files_are_never_one(self):
        self.write("d.ttl", PREFIXES + "_:shapes.b ex:q 1 . ex:a ex:p _:shapes.b .\n")
        self.write(
            "s.ttl",
            PREFIXES
            + "ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:hasValue _:b ] . _:b ex:k 1 .\n",
        )
        self.run_gate("check", "d.ttl", "--shapes", "s.ttl", code=1)
        self.write("1.nt", "_:x <urn:p> <urn:a> .\n")
        self.write("2.nt", "_:x <urn:p> <urn:b> .\n_:b1.x <urn:p> <urn:c> .\n")
        self.write(
            "s.ttl", PREFIXES + "ex:S sh:targetSubjectsOf <urn:p> ; sh:property [ sh:path <urn:p> ; sh:maxCount 1 ] .\n"
        )
        self.run_gate("check", "1.nt", "2.nt", "--shapes", "s.ttl", code=0)

    def test_a_query_may_speak_of_path_in_a_comment(self):
        self.write("d.ttl", GOOD)
        self.write("s.ttl", PREFIXES + SPARQL.replace("SELECT $this WHERE {", "# $PATH\\nSELECT $this WHERE {"))
        self.run_gate("check", "d.ttl", "--shapes", "s.ttl", code=0)

    def test_records_and_shapes_of_their_kernel(self):
        kernel = self.dir / "Acme.Notes"
        manifest = kernel / "storage/instances/i-note-7f3a-1760000000/manifest.json"
        manifest.parent.mkdir(parents=True)
        manifest.write_text(
            json.dumps(
                {
                    "instance_id": "i-note-7f3a-1760000000",
                    "instance_type": "note",
                    "status": "completed",
                    "prov:wasGeneratedBy": "ckp://Action#Acme.Notes/note.write-1760000000",
                    "prov:wasAttributedTo": "ckp://Kernel#Acme.Notes:v1.0",
                    "prov:generatedAtTime": "2025-10-09T08:53:20Z",
                },
                indent=1,
            )
        )
        self.run_gate("check", "Acme.Notes", code=0)
        ckp = "@prefix ckp: <https://conceptkernel.org/ontology/v3.6/> .\n"
        rule = (
            'ex:S sh:targetClass ckp:InstanceManifest ; sh:property [ sh:path ckp:instance_type ; sh:hasValue "letter"'
            " ] .\n"
        )
        (kernel / "rules.shacl").write_text(PREFIXES + ckp + rule)
        found = [f for f in self.report("Acme.Notes", code=1)["findings"] if f["rule"] == "SHACL-001"]
        self.assertEqual(
            [(f["component"], f["severity"]) for f in found], [("sh:HasValueConstraintComponent", "error")]
        )
        self.assertTrue(found[0]["file"].endswith("manifest.json"))
        self.assertTrue(found[0]["shape"]["file"].endswith("rules.shacl"))
        (kernel / "rules.shacl").write_text(PREFIXES + ckp + rule.replace("hasValue", "hasvalue"))
        self.assertIn("did you mean sh:hasValue?", self.run_gate("check", "Acme.Notes", code=3).stdout)
        refused = self.run_gate("seal", "Acme.Notes", code=None)
        self.assertNotEqual(refused.returncode, 0, refused.stdout)
        (kernel / "rules.shacl").write_text(PREFIXES + ckp + rule)
        self.assertEqual(
            self.run_gate("seal", "Acme.Notes", code=1).returncode, 1
        )  # what breaks its kernel's shapes is not sealed
        self.assertFalse((manifest.parent / "proof.json").exists())
        (kernel / "rules.shacl").write_text("this is no Turtle")
        self.assertNotEqual(self.run_gate("seal", "Acme.Notes", code=None).returncode, 0)
        self.assertIn("cannot be read", self.run_gate("check", "Acme.Notes", code=3).stdout)
        (kernel / "rules.shacl").unlink()
        self.write("mine.ttl", PREFIXES + ckp + rule)
        self.run_gate("check", "Acme.Notes", "--shapes", "mine.ttl", code=1)

    def kernel(self, name, **fields):
        """A kernel with one good instance; its manifest's path."""
        manifest = self.dir / "fleet" / name / "storage/instances/i-note-7f3a-1760000000/manifest.json"
        manifest.parent.mkdir(parents=True)
        manifest.write_text(
            json.dumps(
                {
                    "instance_id": "i-note-7f3a-1760000000",
                    "instance_type": "note",
                    "status": "completed",
                    "prov:wasGeneratedBy": f"ckp://Action#{name}/note.write-1760000000",
                    "prov:wasAttributedTo": f"ckp://Kernel#{name}:v1.0",
                    "prov:generatedAtTime": "2025-10-09T08:53:20Z",
                    **fields,
                },
                indent=1,
            )
        )
        return manifest

    def test_shapes_of_a_kernel_are_about_its_own_records(self):
        ckp = "@prefix ckp: <https://conceptkernel.org/ontology/v3.6/> .\n"
        for name in ("Acme.Notes", "Acme.Letters"):
            self.kernel(name)
        rule = (
            'ex:S sh:targetClass ckp:InstanceManifest ; sh:property [ sh:path ckp:instance_type ; sh:hasValue "letter"'
            " ] .\n"
        )
        (self.dir / "fleet/Acme.Letters/rules.shacl").write_text(PREFIXES + ckp + rule)
        files = [f["file"] for f in self.report("fleet", code=1)["findings"] if f["rule"] == "SHACL-001"]
        self.assertEqual(files, ["fleet/Acme.Letters/storage/instances/i-note-7f3a-1760000000/manifest.json"])
        # What its records lead to is looked at, wherever it is described.
        rule = (
            "ex:S sh:targetSubjectsOf prov:wasGeneratedBy ; sh:property [ sh:path prov:wasGeneratedBy ; sh:property ["
            " sh:path prov:startedAtTime ; sh:minCount 1 ] ] .\n"
        )
        (self.dir / "fleet/Acme.Letters/rules.shacl").write_text(PREFIXES + ckp + rule)
        found = [f["focus"] for f in self.report("fleet", code=1)["findings"] if f["rule"] == "SHACL-001"]
        self.assertEqual(found, ["ckp://Action#Acme.Letters/note.write-1760000000"])
        # One kernel's bad shapes do not hide what another's find.
        (self.dir / "fleet/Acme.Notes/rules.shacl").write_text("no Turtle")
        report = self.report("fleet", code=3)["findings"]
        self.assertEqual(
            [f["focus"] for f in report if f["rule"] == "SHACL-001"],
            ["ckp://Action#Acme.Letters/note.write-1760000000"],
        )
        self.assertIn("fleet/Acme.Notes/rules.shacl", [f["file"] for f in report if f["rule"] == "SHACL-002"])
        # Targets that select nothing of the kernel's own are said to check nothing.
        (self.dir / "fleet/Acme.Notes/rules.shacl").unlink()
        (self.dir / "fleet/Acme.Letters/rules.shacl").write_text(
            PREFIXES
            + ckp
            + "ex:S sh:targetClass ckp:Task ; sh:property [ sh:path prov:startedAtTime ; sh:minCount 1 ] .\n"
        )
        self.assertIn("the kernel's shapes check nothing", self.run_gate("check", "fleet", code=0).stdout)

    def test_an_rdf_report_of_records_holds_the_rules_findings(self):
        good = self.run_gate("check", str(ROOT / "examples/delvinator/fleet"), "-o", "ntriples", code=0).stdout
        self.assertIn('conforms> "true"', good)
        self.assertNotIn("shacl#result>", good)
        manifest = self.kernel("Acme.Notes")
        good = self.run_gate("check", "fleet", "-o", "ntriples", code=0).stdout
        self.assertIn('conforms> "false"', good)  # a warning is a result
        digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
        self.assertIn(f"prov#used> <urn:provgate:sha256:{digest}>", good)
        self.assertNotIn("sha256:>", good)
        manifest.write_text(manifest.read_text().replace('"2025-10-09T08:53:20Z"', '"yesterday"'))
        found = [f for f in self.report("fleet", code=1)["findings"] if f["severity"] == "error"]
        bad = self.run_gate("check", "fleet", "-o", "ntriples", code=1).stdout
        self.assertIn('conforms> "false"', bad)
        self.assertTrue(found)
        for finding in found:
            self.assertIn(f'ns#rule> "{finding["rule"]}"', bad)
            self.assertIn(f'ns#place> "{finding["file"]}:{finding["line"]}:{finding["column"]}"', bad)
        results = [line for line in bad.splitlines() if "shacl#result>" in line]
        self.assertEqual(len(results), len(set(results)))
        self.assertEqual(len(results), len(self.report("fleet", code=1)["findings"]))
        # What cannot be read is not judged.
        (self.dir / "fleet/Acme.Notes/rules.shacl").write_text("no Turtle")
        done = self.run_gate("check", "fleet", "-o", "turtle", code=3)
        self.assertEqual(done.stdout, "")
        self.assertIn("fleet/Acme.Notes/rules.shacl:1:1", done.stderr)
        # Nothing to check is not a report.
        (self.dir / "empty").mkdir()
        self.assertEqual(self.run_gate("check", "empty", "-o", "turtle", code=4).stdout, "")

    def test_only_what_a_change_affects(self):
        self.write("d.ttl", PREFIXES + "ex:a a ex:C ; ex:p ex:b . ex:c a ex:C . ex:x ex:other ex:y .\n")
        self.write(
            "s.ttl", PREFIXES + "ex:S sh:targetClass ex:C ; sh:property [ sh:path ( ex:p ex:q ) ; sh:minCount 1 ] .\n"
        )
        full = self.results("d.ttl", shapes="s.ttl")
        self.assertEqual(full["shacl"]["results"], 2)
        self.write("change.nt", "- <https://example.org/b> <https://example.org/q> <https://example.org/z> .\n")
        part = self.results("d.ttl", "--changed", "change.nt", shapes="s.ttl")
        self.assertEqual([f["focus"] for f in part["findings"]], ["https://example.org/a"])
        self.write("change.nt", "+ <https://example.org/x> <https://example.org/other> <https://example.org/y> .\n")
        self.assertIn(
            "affects no focus node",
            self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "--changed", "change.nt", code=0).stdout,
        )
        done = self.run_gate(
            "check",
            "d.ttl",
            "--shapes",
            "s.ttl",
            "--changed",
            "-",
            stdin="+<https://example.org/c> <https://example.org/p> <https://example.org/y> .\n",
            code=1,
        )
        self.assertIn("1 result", done.stdout)
        self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "--changed", "-", stdin="", code=4)
        self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "--changed", "-", stdin="no triple\n", code=3)

    def test_a_change_does_not_make_a_verdict_of_nothing(self):
        self.write("d.ttl", PREFIXES + "ex:a ex:p 1 .\n")
        for shape in (
            "ex:S a sh:NodeShape ; sh:targetNode ex:a .",
            (
                "ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:deactivated true ;"
                " sh:minCount 9 ] ."
            ),
        ):
            self.write("s.ttl", PREFIXES + shape)
            self.run_gate(
                "check", "d.ttl", "--shapes", "s.ttl", "--changed", "-", stdin="+ <urn:z> <urn:z> <urn:z> .\n", code=4
            )

    def test_a_change_of_blank_nodes_is_about_one_file_of_lines(self):
        typed = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
        self.write("1.nt", f"_:b {typed} <urn:D> .\n")
        self.write("2.nt", f"_:b {typed} <urn:C> .\n")
        self.write("3.ttl", "[] a <urn:C> .\n")
        self.write("s.ttl", PREFIXES + "ex:S sh:targetClass <urn:C> ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .\n")
        change = '- _:b <https://example.org/p> "x" .\n'
        for files in (("1.nt", "2.nt"), ("3.ttl",)):
            done = self.run_gate(
                "check", *files, "--shapes", "s.ttl", "--changed", "-", "-o", "turtle", stdin=change, code=3
            )
            self.assertEqual(done.stdout, "")
            self.assertIn("names blank nodes", done.stderr)
        self.run_gate("check", "2.nt", "--shapes", "s.ttl", "--changed", "-", stdin=change, code=1)

    def test_a_run_in_part_says_so(self):
        self.write("d.ttl", PREFIXES + "ex:a a ex:C . ex:d a ex:C ; ex:p 1 .\n")
        self.write("s.ttl", PREFIXES + "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .\n")
        change = "+ <https://example.org/d> <https://example.org/p> <urn:x> .\n"
        self.write("change.nt", change)
        for flags in (
            ("--changed", "change.nt"),
            ("--focus", "https://example.org/d"),
            ("--shape", "https://example.org/S"),
        ):
            code = 1 if flags[0] == "--shape" else 0
            turtle = self.run_gate("check", "d.ttl", "--shapes", "s.ttl", *flags, "-o", "turtle", code=code).stdout
            self.assertIn('provgate:partial "true"', turtle)
            said = json.loads(
                self.run_gate("check", "d.ttl", "--shapes", "s.ttl", *flags, "-o", "json", code=code).stdout
            )["shacl"]
            self.assertTrue(said["partial"])
            if flags[0] == "--changed":
                self.assertIn(hashlib.sha256(change.encode()).hexdigest(), turtle)
                self.assertEqual(said["coverage"]["focus_nodes"], 1)
        self.assertNotIn("partial", self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "-o", "turtle", code=1).stdout)

    def test_stats(self):
        name, _ = self.generated("nt")
        out = self.run_gate("check", name, "--shapes", ROOT / "tests/bench/prov_shape.ttl", "--stats", code=1).stdout
        self.assertIn("prov:Agent", out)
        self.assertIn("prov:Activity", out)
        self.assertRegex(out, r"990 focus nodes, 4,950 checks|\d+ focus nodes")

    def test_times_only_when_asked_for(self):
        self.write("data.ttl", BAD)
        self.write("shapes.ttl", PREFIXES + SHAPE)
        args = ("check", "data.ttl", "--shapes", "shapes.ttl", "-o", "turtle")
        plain = self.run_gate(*args, code=1).stdout
        self.assertNotIn("startedAtTime", plain)
        self.assertIn("startedAtTime", self.run_gate(*args, "--timestamps", code=1).stdout)
        dated = self.run_gate(*args, code=1, env={"SOURCE_DATE_EPOCH": "1790000000"}).stdout
        self.assertIn('prov:startedAtTime "2026-', dated)

    def test_targets_that_are_queries(self):
        data = (
            'ex:a ex:of "x" , ex:b . ex:b ex:of "y" . ex:c ex:of "x" ; ex:name "n" . ex:d ex:of "z" . ex:d ex:uses'
            " ex:gone .\n"
        )
        self.write("d.ttl", PREFIXES + data)
        named = "sh:property [ sh:path ex:name ; sh:minCount 1 ]"
        own = "sh:target [ a sh:SPARQLTarget ; sh:select \"SELECT ?this { ?this <https://example.org/of> 'x' }\" ]"
        absent = (
            "sh:target [ sh:select 'SELECT DISTINCT ?this { ?s ?p ?this FILTER(isIRI(?this)) FILTER NOT EXISTS { ?this"
            " ?q ?o } }' ]"
        )
        made = "sh:target [ sh:select 'SELECT ?this { BIND(IRI(\"https://example.org/new\") AS ?this) }' ]"
        union = own + " ; sh:targetNode ex:c, ex:d"
        free = (
            "sh:target [ sh:select \"SELECT ?this { VALUES ?x { 'x' 'y' } ?this <https://example.org/of> ?x MINUS {"
            ' ?this <https://example.org/name> ?n } }" ]'
        )
        for target, focus in (
            (own, "a"),
            (free, "ab"),
            (absent, "gone"),
            (made, "new"),
            (union, "ad"),
            ("sh:target [ a ex:Kind ; ex:kind 'y' ]", "b"),
            ("sh:target [ a ex:Kind ; ex:kind 'z' ] , [ a ex:Kind ; ex:kind ex:b ]", "ad"),
            ("sh:target [ a ex:Kin ; ex:kind 'y' ]", "b"),
        ):
            with self.subTest(target):
                self.write(
                    "s.ttl",
                    PREFIXES
                    + KIND
                    + f"ex:Kin a sh:SPARQLTargetType ; rdfs:subClassOf ex:Kind .\nex:S a sh:NodeShape ; {target} ;"
                    f" {named} .\n",
                )
                found = [
                    f["focus"].removeprefix("https://example.org/")
                    for f in self.results("d.ttl", shapes="s.ttl")["findings"]
                ]
                self.assertEqual(sorted(found), [focus] if len(focus) > 2 else list(focus))
        # What such a query selects is looked at again after any change.
        self.write("s.ttl", PREFIXES + f"ex:S {own} ; {named} .\n")
        self.run_gate(
            "check", "d.ttl", "--shapes", "s.ttl", "--changed", "-", stdin="+ <urn:z> <urn:z> <urn:z> .\n", code=1
        )
        # Nothing selected is nothing checked; a limit is not a verdict.
        self.write("s.ttl", PREFIXES + KIND + f"ex:S sh:target [ a ex:Kind ; ex:kind 'none' ] ; {named} .\n")
        self.assertIn(
            "the query of a target selects no node", self.run_gate("check", "d.ttl", "--shapes", "s.ttl", code=4).stdout
        )
        self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "--require-targets", code=1)
        self.write(
            "s.ttl",
            PREFIXES
            + f"ex:S sh:target [ sh:select 'SELECT ?this {{ {' '.join(f'?a{i} ?b{i} ?c{i} .' for i in range(12))} ?this"
            f" ?p ?o }}' ] ; {named} .\n",
        )
        self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "--timeout", "500", code=6)

    def test_a_faulty_target_is_refused_in_whichever_file_it_stands(self):
        self.write("d.ttl", GOOD)
        self.write("s.ttl", PREFIXES + SHAPE)
        # Without its target a shape would select nothing, and its file pass for a library.
        for shape in (
            "ex:T a sh:NodeShape ; sh:targetClas prov:Entity ; sh:nodeKind sh:Literal .",
            "ex:T a sh:NodeShape ; sh:tragetClass prov:Entity ; sh:nodeKind sh:Literal .",
            "ex:T a sh:NodeShape ; sh:TargetClass prov:Entity ; sh:nodeKind sh:Literal .",
            "ex:T a sh:NodeShape ; sh:targetWhere [ sh:nodeKind sh:IRI ] ; sh:nodeKind sh:Literal .",
            "ex:T a sh:NodeShape ; sh:targetClass 'x' ; sh:nodeKind sh:Literal .",
            "ex:T sh:target_class prov:Entity ; sh:nodeKind sh:Literal .",
            (
                "ex:T a <http://www.w3.org/ns/shacl/NodeShape> ; <http://www.w3.org/ns/shacl/targetClass> prov:Entity ;"
                " <http://www.w3.org/ns/shacl/nodeKind> sh:Literal ."
            ),
            "ex:T a <http://www.w3.org/ns/shacl/NodeShape> , rdfs:Class .",
            "ex:T sh:targetSubjectsOf [ ] ; sh:nodeKind sh:Literal .",
            "[] a sh:NodeShape , rdfs:Class ; sh:nodeKind sh:Literal .",
        ):
            with self.subTest(shape):
                self.write("t.ttl", PREFIXES + shape)
                self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "--shapes", "t.ttl", code=3)
        self.run_gate("check", "d.ttl", "--shapes", "s.ttl")
        for target in (
            "'x'",
            "[ ]",
            "[ sh:select 'SELECT ?this {' ]",
            "[ sh:select 'ASK {}' ]",
            "[ a ex:None ]",
            "[ a sh:JSTarget ]",
            "[ a ex:Kind ]",
            "[ a ex:Kind ; ex:kind 1, 2 ]",
        ):
            with self.subTest(target):
                self.write(
                    "t.ttl", PREFIXES + KIND + f"ex:T a sh:NodeShape ; sh:target {target} ; sh:nodeKind sh:Literal ."
                )
                self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "--shapes", "t.ttl", code=3)

    def test_targets_of_a_kernel_that_are_queries_are_about_its_own(self):
        for name in ("Acme.Notes", "Acme.Letters"):
            self.kernel(name)
        ckp = "PREFIX ckp: <https://conceptkernel.org/ontology/v3.6/>"
        rule = (
            f'ex:S sh:target [ sh:select "{ckp} SELECT ?this {{ ?this a ckp:InstanceManifest }}" ] ; sh:property ['
            " sh:path ex:none ; sh:minCount 1 ] .\n"
        )
        (self.dir / "fleet/Acme.Letters/rules.shacl").write_text(PREFIXES + rule)
        files = [f["file"] for f in self.report("fleet", code=1)["findings"] if f["rule"] == "SHACL-001"]
        self.assertEqual(files, ["fleet/Acme.Letters/storage/instances/i-note-7f3a-1760000000/manifest.json"])
        # What its records name and nothing describes, such as a literal.
        rule = (
            "ex:S sh:target [ sh:select \"SELECT ?this { ?x ?p ?this FILTER(isLiteral(?this) && STRSTARTS(?this, 'Title"
            " of')) }\" ] ; sh:nodeKind sh:IRI .\n"
        )
        (self.dir / "fleet/Acme.Letters/rules.shacl").write_text(PREFIXES + rule)
        for name in ("Acme.Notes", "Acme.Letters"):
            path = self.dir / f"fleet/{name}/storage/instances/i-note-7f3a-1760000000/manifest.json"
            path.write_text(json.dumps({**json.loads(path.read_text()), "title": f"Title of {name}"}))
        found = [f["focus"] for f in self.report("fleet", code=1)["findings"] if f["rule"] == "SHACL-001"]
        self.assertEqual(found, ['"Title of Acme.Letters"'])

    def test_reports_read_back(self):
        self.write("data.ttl", BAD)
        self.write("shapes.ttl", PREFIXES + SHAPE)
        self.run_gate(
            "check",
            "data.ttl",
            "--shapes",
            "shapes.ttl",
            "-o",
            "turtle=r.ttl",
            "-o",
            "ntriples=r.nt",
            "-o",
            "json=r.json",
            code=1,
        )
        # A report is data like any other.
        self.write(
            "report-shape.ttl",
            PREFIXES
            + "ex:R sh:targetClass sh:ValidationReport ; sh:property [ sh:path sh:result ; sh:minCount 1 ; sh:maxCount"
            " 1 ; sh:class sh:ValidationResult ], [ sh:path sh:conforms ; sh:hasValue false ], [ sh:path ("
            " prov:wasGeneratedBy prov:used ) ; sh:minCount 2 ; sh:class prov:Entity ] .",
        )
        for name in ("r.ttl", "r.nt"):
            self.run_gate("check", name, "--shapes", "report-shape.ttl", code=0)

    def test_a_store_is_not_needed(self):
        self.write("data.ttl", GOOD)
        self.write("shapes.ttl", PREFIXES + SHAPE)
        self.run_gate("check", "data.ttl", "--shapes", "shapes.ttl", code=0)
        self.assertFalse((self.dir / "store").exists())


if __name__ == "__main__":
    unittest.main()
