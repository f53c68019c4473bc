# SPDX-License-Identifier: Apache-2.0
"""SPARQL on the embedded store: against a real Fuseki with the same quads, and against hostile queries."""

import collections
import decimal
import json
import os
import re
import resource
import subprocess
import time
import unittest

from support_sparql import DIFFERENCES, GRAPHS, ORDERED, PER_GRAPH, PREFIX, QUADS, QUERIES
from support import Case, FusekiCase, ROOT

CHAIN = """PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?action ?agent ?time WHERE { ?instance prov:wasGeneratedBy ?action . ?action prov:wasAssociatedWith
?agent ; prov:startedAtTime ?time . }"""
BY_KERNEL = """PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX ckp: <https://conceptkernel.org/ontology/v3.6/>
SELECT ?instance ?time WHERE { ?instance prov:wasAttributedTo ?kernel ; prov:generatedAtTime ?time . ?kernel
ckp:hasUrn "ckp://Kernel#Delvinator.Core:v1.0" . }"""


def load(case, quads):
    file = case.dir / "quads.nq"
    file.write_text(quads)
    case.env["PROVGATE_STORE"] = str(case.dir / "store")
    subprocess.run(
        [os.environ["LOAD_STORE"], str(case.dir / "store"), str(file)], check=True, stdout=subprocess.DEVNULL
    )


def rows_of(text):
    """Results as (variables, rows); the labels of blank nodes are not part of an answer."""
    answer = json.loads(text)
    if "boolean" in answer:
        return answer["boolean"], None
    names = answer["head"]["vars"]

    def cell(value):
        if value is None or value["type"] == "bnode":
            return value and "_:"
        datatype = value.get("datatype", "")
        text = value["value"]
        # TDB2 keeps the values of numbers, not their lexical forms.
        if datatype.endswith(("#double", "#float")):
            text = str(float(text))
        elif datatype.endswith("#integer"):
            text = str(int(text))  # Jena's DAY() says "03"
        elif datatype.endswith("#decimal"):
            text = str(decimal.Decimal(text).normalize())
        return (
            value["type"],
            text,
            "" if datatype.endswith("#string") else datatype,
            value.get("xml:lang", "").lower(),
        )  # language tags compare without case

    names = sorted(names)  # SELECT * does not say in which order its variables come
    return names, [tuple(cell(row.get(name)) for name in names) for row in answer["results"]["bindings"]]


def triples_of(text):
    """The lines of N-Triples with blank nodes made alike; enough to tell the graphs of these tests apart."""
    return collections.Counter(
        re.sub(r"_:[A-Za-z0-9]+", "_:", line).replace("^^<http://www.w3.org/2001/XMLSchema#string>", "")
        for line in text.splitlines()
        if line.strip()
    )


class AgainstFuseki(FusekiCase):
    PORT = 3942

    def setUp(self):
        super().setUp()
        self.maxDiff = None
        quads = QUADS + self.run_gate("convert", "fleet", "--to", "nquads").stdout
        load(self, quads)
        self.fuseki.send("/data", quads.encode(), "application/n-quads")

    def both(self, query, form):
        here = self.run_gate("query", "-", "--format", form, stdin=query).stdout
        there = self.run_gate("query", "-", "--on", self.fuseki.url, "--format", form, stdin=query).stdout
        return here, there

    def test_select_and_ask(self):
        library = [path.read_text() for path in sorted((ROOT / "fuseki/queries").glob("*.rq"))] + [CHAIN, BY_KERNEL]
        self.assertGreaterEqual(len(QUERIES) + len(ORDERED) + len(GRAPHS), 60)
        answered = 0
        for query in library + [PREFIX + q for q in QUERIES]:
            with self.subTest(query=query.removeprefix(PREFIX)):
                here, there = (rows_of(text) for text in self.both(query, "json"))
                self.assertEqual(here[0], there[0])
                if here[1] is not None:
                    answered += bool(here[1])
                    same = collections.Counter(here[1]) == collections.Counter(there[1])
                    if query.removeprefix(PREFIX) in DIFFERENCES:
                        self.assertFalse(same, "no longer different: " + DIFFERENCES[query.removeprefix(PREFIX)])
                    else:
                        self.assertEqual(collections.Counter(here[1]), collections.Counter(there[1]))
        self.assertGreater(answered, 70)

    def test_order(self):
        for query in ORDERED:
            with self.subTest(query=query):
                here, there = (rows_of(text) for text in self.both(PREFIX + query, "json"))
                self.assertTrue(here[1])
                self.assertEqual(here, there)

    def test_graphs(self):
        for query in GRAPHS:
            with self.subTest(query=query):
                if query in DIFFERENCES:
                    done = self.run_gate(
                        "query", "-", "--on", self.fuseki.url, "--format", "ntriples", stdin=PREFIX + query, code=6
                    )
                    self.assertIn("expected a subject", done.stderr, "no longer different: " + DIFFERENCES[query])
                    continue
                here, there = (triples_of(text) for text in self.both(PREFIX + query, "ntriples"))
                self.assertEqual(here, there)

    def test_formats_say_the_same(self):
        query = PREFIX + "SELECT ?s ?n { ?s :name ?n } ORDER BY ?s ?n"
        self.assertEqual(self.run_gate("query", "-", "--format", "csv", stdin=query).stdout.splitlines()[0], "s,n")
        for form in ("tsv", "xml"):
            self.assertIn("line", self.run_gate("query", "-", "--format", form, stdin=query).stdout)
        turtle = self.run_gate(
            "query", "-", "--format", "turtle", stdin=PREFIX + "CONSTRUCT WHERE { ?s :next ?o }"
        ).stdout
        self.assertEqual(turtle.count("http://e/next"), 4)


def pattern_of(query):
    """The query's first group: where it begins and ends."""
    start = query.index("{")
    depth = 0
    for at in range(start, len(query)):
        depth += (query[at] == "{") - (query[at] == "}")
        if depth == 0:
            return start, at
    raise ValueError(query)


def per_graph(query):
    """The same query within GRAPH ?graph; the graph's name is among the answers where the head allows another."""
    start, end = pattern_of(query)
    head = query[:start]
    if not re.search(
        r"GROUP BY|SELECT \*|SELECT DISTINCT|SELECT REDUCED|ASK|(COUNT|SUM|SAMPLE|GROUP_CONCAT)\(", head + query[end:]
    ):
        head = head.replace("SELECT ", "SELECT ?graph ", 1)
    return f"{head}{{ GRAPH ?graph {{ {query[start + 1:end]}\n}} }}{query[end + 1:]}"


class AgainstFusekiPerGraph(FusekiCase):
    """Every query once more, on data in three named graphs and asked of each of them."""

    PORT = 3943

    def setUp(self):
        super().setUp()
        self.maxDiff = None
        lines = self.run_gate("convert", "fleet", "--to", "ntriples").stdout.splitlines()
        quads = QUADS + "".join(
            f"{line.removesuffix(' .')} <http://g/{graph}> .\n"  # the first whole, of the others a part
            for graph in (1, 2, 3)
            for n, line in enumerate(lines)
            if n % graph == 0
        )
        load(self, quads)
        self.fuseki.send("/data", quads.encode(), "application/n-quads")

    def rows(self, query, *where):
        return rows_of(self.run_gate("query", "-", *where, "--format", "json", stdin=query).stdout)

    def test_each_graph_answers_for_itself(self):
        library = [path.read_text() for path in sorted((ROOT / "fuseki/queries").glob("*.rq"))] + [CHAIN, BY_KERNEL]
        answered = 0
        for query in library + [PREFIX + q for q in QUERIES + ORDERED]:
            asked = per_graph(query)
            with self.subTest(query=asked.removeprefix(PREFIX)):
                here, there = self.rows(asked), self.rows(asked, "--on", self.fuseki.url)
                self.assertEqual(here[0], there[0])
                if query.removeprefix(PREFIX) in PER_GRAPH:
                    self.assertNotEqual(
                        collections.Counter(here[1]), collections.Counter(there[1]), "no longer different"
                    )
                elif here[1] is not None:
                    answered += bool(here[1])
                    self.assertEqual(collections.Counter(here[1]), collections.Counter(there[1]))
        self.assertGreater(answered, 90)

    def test_where_the_engines_differ_the_definition_decides(self):
        """SPARQL 1.1, 18.6: the rows of GRAPH ?graph { P } are those of P asked of each named graph in turn."""
        for query in PER_GRAPH:
            with self.subTest(query=query):
                start, end = pattern_of(query)
                here = self.rows(PREFIX + f"SELECT * {{ GRAPH ?graph {query[start:end + 1]} }}")
                there = []
                for graph in ("http://g/1", "http://g/2", "http://g/3"):
                    named = f"FROM <{graph}> FROM NAMED <http://g/1> FROM NAMED <http://g/2> FROM NAMED <http://g/3>"
                    names, rows = self.rows(
                        PREFIX + f"SELECT * {named} {query[start:end + 1]}", "--on", self.fuseki.url
                    )
                    at = sorted([*names, "graph"]).index("graph")
                    there += [(*row[:at], ("uri", graph, "", ""), *row[at:]) for row in rows]
                self.assertTrue(there)
                self.assertEqual(collections.Counter(here[1]), collections.Counter(there))


def chain(n, template, join=" "):
    return join.join(template.replace("#", str(i)).replace("@", str(i + 1)) for i in range(n))


class Hostile(Case):
    """Each dangerous query is refused before it runs (3) or ended in time (6), and stderr says what did it."""

    REFUSED = {
        "nests deeper than 32": "SELECT * {" + "{" * 40 + "}" * 41,
        "operators in a row": "SELECT * { FILTER(" + "!" * 5000 + "true) }",
        "65536 are read": "SELECT * { ?s ?p ?o } #" + "x" * 70_000,
        "200 triple patterns": "SELECT * {" + chain(200, "?a# ?p ?a@ .") + "}",
        "too much to plan": "SELECT * {" + chain(120, "?a ?p# ?b# .") + "}",
        "5000 algebra nodes": "SELECT * { ?s ?p ?o " + chain(1500, "FILTER(?s != ?p && ?o != #)") + "}",
        "chains more than": "SELECT * {" + chain(2000, "{}", " UNION ") + "}",
        "OPTIONAL nests deeper": "SELECT * { ?a ?b ?c " + chain(12, "OPTIONAL { ?a ?b ?c#") + "}" * 13,
        "more than 1000000 rows": (
            "SELECT * {" + chain(4, "VALUES ?x# { " + " ".join(map(str, range(101))) + " }") + "}"
        ),
        "VALUES and UNION": "SELECT * {" + chain(14, "{ { VALUES ?x# { 1 2 } } UNION { VALUES ?x# { 3 } } }") + "}",
        "SERVICE <http://localhost:1/>": "SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }",
        "refused: queries never": "SELECT * { SERVICE SILENT <http://localhost:1/> { ?s ?p ?o } }",
        "never leave this machine": "SELECT * { ?s ?p ?o FILTER NOT EXISTS { SERVICE SILENT ?s { ?s ?p ?o } } }",
        "unknown function <http://x/f>": "SELECT (<http://x/f>(1) AS ?y) {}",
        "unknown function <urn:x-provgate:fn:blank>": 'SELECT (<urn:x-provgate:fn:blank>("p1") AS ?y) {}',
        "LATERAL is not": "SELECT * { ?s ?p ?o LATERAL { ?s ?q ?r } }",
        "INSERT is SPARQL Update": "PREFIX e: <http://e/> INSERT DATA { e:a e:b e:c }",
        "DELETE is SPARQL Update": "DELETE WHERE { ?s ?p ?o }",
        "DROP is SPARQL Update": "DROP ALL",
    }
    SQUARE = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
    ENDED = {
        "within 500 ms": [
            "SELECT (COUNT(*) AS ?n) {" + SQUARE + "}",
            "SELECT * {" + SQUARE + " FILTER(?a = ?nothing) }",
            "SELECT (COUNT(*) AS ?n) { ?a (!<a:b>|^!<a:b>)* ?b . ?c (!<a:b>|^!<a:b>)* ?d . ?e (!<a:b>)* ?f }",
            (
                "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS { ?x ?y ?z . ?u ?v ?w OPTIONAL { ?z ?q"
                " ?u } FILTER(?w = ?zz) } }"
            ),
            "SELECT * { ?a ?b ?c . ?d ?e ?f MINUS { ?a ?b ?c . ?d ?e ?f . ?x ?y ?z . ?u ?v ?w FILTER(?z = ?zz) } }",
        ],
        "more than 4 MiB": [
            "SELECT (STRLEN(?v39) AS ?n) { BIND('xxxxxxxxxxxxxxxx' AS ?v0) "
            + chain(39, "BIND(CONCAT(?v#,?v#) AS ?v@)")
            + "}",
            "SELECT (STRLEN(?v9) AS ?n) { BIND('xxxxxxxxxxxxxxxx' AS ?v0) "
            + chain(9, "BIND(REPLACE(?v#,'.','" + "$0" * 16 + "') AS ?v@)")
            + "}",
        ],
        "more than 32 MiB": ["SELECT (GROUP_CONCAT(STR(?c)) AS ?x) {" + SQUARE + "}"],
        "needs more than 32": [
            "SELECT (STRLEN(CONCAT("
            + ",".join(["?v17"] * 62)
            + ")) AS ?n) { BIND('xxxxxxxxxxxxxxxx' AS ?v0) "
            + chain(17, "BIND(CONCAT(?v#,?v#) AS ?v@)")
            + "}"
        ],
        "too long for its pattern": [
            "SELECT (REGEX(?v14, '[xy]*y[xy]{900}z') AS ?n) { BIND('xxyxyyxyxxyyxyxx' AS ?v0) "
            + chain(14, "BIND(CONCAT(?v#,?v#) AS ?v@)")
            + "}"
        ],
    }

    def setUp(self):
        super().setUp()
        load(
            self,
            "".join(
                f"<http://e/s{i}> <http://e/p{i % 7}> <http://e/s{i * 7 % 600}> <http://g/{i % 5}> .\n"
                for i in range(600)
            ),
        )

    def test_refused_before_it_runs(self):
        for why, query in self.REFUSED.items():
            with self.subTest(why=why):
                start = time.monotonic()
                done = self.run_gate("query", "-", stdin=query, code=3)
                self.assertIn(why, done.stderr)
                self.assertEqual(done.stdout, "")
                self.assertLess(time.monotonic() - start, 5)

    def test_ended_in_time(self):
        for why, queries in self.ENDED.items():
            for query in queries:
                with self.subTest(why=why, query=query[:80]):
                    start = time.monotonic()
                    flags = ["--timeout", "500"] if "500 ms" in why else ["--max-memory", "32", "--timeout", "60000"]
                    done = self.run_gate("query", "-", "--format", "csv", *flags, stdin=query, code=6)
                    self.assertIn(why, done.stderr)
                    self.assertLess(time.monotonic() - start, 30)

    def test_exists_with_several_patterns_is_join_ordered(self):
        load(
            self,
            "".join(
                f'<http://e/s{i}> <http://e/p> <http://e/s{i + 1}> .\n<http://e/s{i}> <http://e/q> "{i % 9}" .\n'
                for i in range(20_000)
            ),
        )
        query = (
            "SELECT (COUNT(*) AS ?n) { ?s <http://e/p> ?o FILTER NOT EXISTS { ?x <http://e/q> ?v . ?y <http://e/p> ?x ."
            " ?o <http://e/p> ?y FILTER(?v != '0') } }"
        )
        done = self.run_gate("query", "-", "--format", "csv", "--timeout", "8000", stdin=query)
        # Three steps on lies a record with 0 one time in nine, and the last three have nothing three steps on.
        self.assertEqual(
            int(done.stdout.split()[1]), sum(1 for i in range(20_000) if i + 3 >= 20_000 or (i + 3) % 9 == 0)
        )

    @unittest.skipIf(os.environ.get("PROVGATE_SANITIZE"), "sanitizers need the address space themselves")
    def test_no_room_for_a_thread_is_said(self):
        limit = 300 << 20
        done = self.run_gate(
            "query",
            "-",
            stdin="ASK {}",
            code=6,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        )
        self.assertIn("thread", done.stderr)

    def test_a_sub_select_sorts_unlike_terms(self):
        kinds = [
            "_:b",
            "<http://e/x>",
            '"NaN"^^<{}double>',
            '"2"^^<{}integer>',
            '"1.5"^^<{}decimal>',
            '"2001-01-01T00:00:00"^^<{}dateTime>',
            '"2001-01-01T00:00:00Z"^^<{}dateTime>',
            '"s"',
            '"s"@en',
            '"2001"^^<{}gYear>',
        ]
        xsd = "http://www.w3.org/2001/XMLSchema#"
        load(
            self,
            "".join(f"<http://e/s{i}> <http://e/p> {kinds[i * 7 % len(kinds)].format(xsd)} .\n" for i in range(400)),
        )
        done = self.run_gate(
            "query",
            "-",
            "--format",
            "csv",
            stdin="SELECT (COUNT(*) AS ?n) { { SELECT ?s ?o { ?s ?p ?o } ORDER BY ?o DESC(?s) LIMIT 399 } }",
        )
        self.assertEqual(done.stdout.split()[1], "399")

    def test_incomplete_output_is_said(self):
        done = self.run_gate(
            "query", "-", "--format", "csv", "--max-rows", "100", stdin="SELECT * { ?s ?p ?o }", code=6
        )
        self.assertIn("more than 100 rows", done.stderr)
        self.assertIn("the output is incomplete: it ends after 100 rows", done.stderr)

    def test_from_file_reads_nothing(self):
        done = self.run_gate("query", "-", "--format", "csv", stdin="SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }")
        self.assertEqual(done.stdout.split(), ["s,p,o"])

    def test_syntax_errors_have_a_place(self):
        done = self.run_gate("query", "-", stdin="SELECT *\nWHERE { ?s ?p }", code=3)
        self.assertIn("-:2:15", done.stderr)
        self.assertIn("2 | WHERE { ?s ?p }\n    |               ^", done.stderr)

    def test_table_and_formats(self):
        table = self.run_gate("query", "-", stdin="SELECT ?s { ?s <http://e/p1> ?o } ORDER BY ?s LIMIT 2").stdout
        self.assertEqual(table.splitlines()[-1], "2 rows")
        self.assertEqual(self.run_gate("query", "-", stdin="ASK { ?s ?p ?o }").stdout, "true\n")
        self.assertIn("0 rows", self.run_gate("query", "-", stdin="SELECT * { <a:b> ?p ?o }").stdout)
        self.run_gate("query", "-", "--format", "table", stdin="CONSTRUCT WHERE { ?s ?p ?o }", code=2)
        self.assertIn("<http://e/p1>", self.run_gate("query", "-", stdin="CONSTRUCT WHERE { ?s ?p ?o }").stdout)
        self.run_gate("query", "-", "--format", "turtle", stdin="ASK {}", code=2)
        self.run_gate("query", "-", "--format", "yaml", stdin="ASK {}", code=2)
        self.run_gate("query", "-", "--timeout", "0", stdin="ASK {}", code=2)
        self.run_gate("query", "-", "--on", "http://localhost:1/x", "--store", "x", stdin="ASK {}", code=2)
        self.run_gate("query", "-", stdin="ASK {}", code=4, env={"PROVGATE_STORE": str(self.dir / "none")})

    def test_the_terminal_is_safe(self):
        load(self, '<http://e/s> <http://e/p> "red \\u001B[31m" .\n')
        self.assertNotIn("\x1b", self.run_gate("query", "-", stdin="SELECT ?o { <http://e/s> ?p ?o }").stdout)


if __name__ == "__main__":
    unittest.main()
