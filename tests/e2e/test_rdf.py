# SPDX-License-Identifier: Apache-2.0
"""RDF as users have it: streams, names, formats, files beside each other, questions without a store."""

import gzip
import json
import os
import subprocess
import unittest

from support import Case, PROVGATE

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <http://e/> .
"""
SHAPE = PREFIXES + "e:S a sh:NodeShape ; sh:targetClass e:Lamp ; sh:property [ sh:path e:keeper ; sh:minCount 1 ] .\n"
TURTLE = "@prefix e: <http://e/> .\ne:a a e:Lamp .\n"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
BAD = {
    "turtle": TURTLE,
    "trig": "@prefix e: <http://e/> .\ne:g { e:a a e:Lamp . }\n",
    "ntriples": f"<http://e/a> <{TYPE}> <http://e/Lamp> .\n",
    "nquads": f"<http://e/a> <{TYPE}> <http://e/Lamp> <http://e/g> .\n",
    "rdfxml": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">\n<e:Lamp'
        ' rdf:about="http://e/a"/></rdf:RDF>\n'
    ),
    "jsonld": '{"@id": "http://e/a", "@type": "http://e/Lamp"}\n',
}
ENDINGS = {"turtle": "ttl", "trig": "trig", "ntriples": "nt", "nquads": "nq", "rdfxml": "rdf", "jsonld": "jsonld"}


class Streams(Case):
    def setUp(self):
        super().setUp()
        self.write("s.ttl", SHAPE)

    def shell(self, command, stdin=None):
        return subprocess.run(
            ["bash", "-c", command],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=self.dir,
            env={**self.env, "PROVGATE": PROVGATE},
            timeout=60,
        )

    def test_every_format_from_every_place(self):
        for name, text in BAD.items():
            self.write("d." + ENDINGS[name], text)
            self.write("d." + ENDINGS[name].upper(), text)
            (self.dir / f"z.{ENDINGS[name]}.gz").write_bytes(gzip.compress(text.encode()))
            for path in ("d." + ENDINGS[name], "d." + ENDINGS[name].upper(), f"z.{ENDINGS[name]}.gz"):
                with self.subTest(path):
                    (finding,) = self.report(path, "--shapes", "s.ttl", code=1)["findings"]
                    self.assertEqual((finding["file"], finding["focus"]), (path, "http://e/a"))
                    self.assertEqual(finding["line"], {"turtle": 2, "trig": 2, "rdfxml": 2}.get(name, 1))
            for command in (
                "check - --format " + name,
                "check - ",
                "check /dev/stdin --format " + name,
                "check <(cat) --format " + name,
                "check <(cat)",
            ):
                if name == "jsonld" and "--format" not in command:
                    continue  # JSON on a stream is a record
                with self.subTest(name + ": " + command):
                    done = self.shell(f'"$PROVGATE" {command} --shapes s.ttl', text)
                    self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
            with self.subTest("convert " + name):
                done = self.run_gate("convert", "d." + ENDINGS[name], "--to", "ntriples")
                self.assertEqual(done.stdout, BAD["ntriples"])

    def test_the_content_tells_where_the_name_does_not(self):
        names = {
            "jsonld": ("d.json", "D.JSON"),
            "turtle": ("d", "d.txt"),
            "rdfxml": ("x", "d.xml"),
            "ntriples": ("data.txt",),
            "trig": ("g",),
        }
        for syntax, paths in names.items():
            for path in paths:
                with self.subTest(path):
                    self.write(path, BAD[syntax])
                    (finding,) = self.report(path, "--shapes", "s.ttl", code=1)["findings"]
                    self.assertEqual((finding["file"], finding["focus"]), (path, "http://e/a"))
                    self.assertEqual(self.run_gate("convert", path, "--to", "ntriples").stdout, BAD["ntriples"])
                    os.symlink(path, self.dir / ("to-" + path))
                    self.report("to-" + path, "--shapes", "s.ttl", code=1)
            if not path.endswith((".json", ".JSON", ".xml")):
                continue
            self.write("good.ttl", TURTLE.replace("e:Lamp", "e:Other"))
            (self.dir / "tree").mkdir(exist_ok=True)
            (self.dir / "tree/good.ttl").write_text("<http://e/z> <http://e/y> 1 .\n")
            (self.dir / "tree" / path).write_text(BAD[syntax])
            self.run_gate("check", "tree", "--shapes", "s.ttl", code=1)
            (self.dir / "tree" / path).unlink()
            (self.dir / (path + ".gz")).write_bytes(gzip.compress(BAD[syntax].encode()))
            self.run_gate("check", path + ".gz", "--shapes", "s.ttl", code=1)
        (self.dir / "u.xml").write_bytes(BAD["rdfxml"].encode("utf-16"))
        self.run_gate("check", "u.xml", "--shapes", "s.ttl", code=1)
        (self.dir / "m.json").write_bytes(b"\xef\xbb\xbf" + BAD["jsonld"].encode())
        self.run_gate("check", "m.json", "--shapes", "s.ttl", code=1)
        # Standard input that is closed was not read.
        for args in ("-", "d.json -", "/dev/stdin"):
            self.assertEqual(self.shell(f'"$PROVGATE" check {args} --format turtle --shapes s.ttl <&-').returncode, 6)
        # Records are records, and what is neither is named.
        self.write("manifest.json", '{"instance_id": "i-a-1", "@context": "https://example.org/c", "@type": "Lamp"}')
        self.assertNotIn(
            "SHACL-001", self.run_gate("check", "manifest.json", "--shapes", "s.ttl", "-o", "json", code=None).stdout
        )
        self.write("o.json", '{"lost": 1}')
        self.write("p.json", '{"prefix": {"e": "http://e/"}, "entity": {"e:a": {}}}')
        self.write("README.md", "http://e/a is a lamp\n")
        for path, says in (
            ("o.json", "nothing here is known"),
            ("p.json", "PROV-JSON"),
            ("README.md", "nothing here is known"),
        ):
            self.assertIn(says, self.run_gate("check", path, "--shapes", "s.ttl", code=3).stdout)
        # Without shapes to check against, other commands say what it is.
        self.assertIn("JSON-LD", self.run_gate("seal", "d.json", code=3).stderr)

    def test_shapes_from_a_stream(self):
        self.write("d.ttl", TURTLE)
        for command in ("check d.ttl --shapes -", "check d.ttl --shapes /dev/stdin", "check d.ttl --shapes <(cat)"):
            self.assertEqual(self.shell(f'"$PROVGATE" {command}', SHAPE).returncode, 1, command)
        self.assertEqual(self.shell('"$PROVGATE" check - --shapes -', SHAPE).returncode, 2)

    def test_what_cannot_be_told(self):
        self.assertIn(
            "-:1:", self.run_gate("check", "-", "--format", "ndjson", stdin='garbage\n{"a": 1}\n', code=3).stdout
        )
        self.assertIn(
            "true",
            subprocess.run(
                ["bash", "-c", '"$PROVGATE" query --data <(cat s.ttl) -e "ASK { ?s ?p ?o }"'],
                capture_output=True,
                text=True,
                cwd=self.dir,
                env={**self.env, "PROVGATE": PROVGATE},
            ).stdout,
        )
        # A prefix in a comment or a string is not declared there.
        query = "#PREFIX sh: <http://x/>\nASK { ?s a sh:NodeShape FILTER(\"PREFIX sh: <y>\" != 'PREFIX sh: <z>') }"
        self.assertIn("true", self.run_gate("query", "--data", "s.ttl", "-e", query).stdout)
        (self.dir / "bomb.ttl.gz").write_bytes(gzip.compress(b"#" * (300 << 20)))
        self.assertIn("unpacks to more", self.run_gate("check", "bomb.ttl.gz", "--shapes", "s.ttl", code=3).stderr)
        for text, says in (("lost", "cannot be told"), ("a: 1\nb: 2\n", "cannot be told")):
            done = self.run_gate("check", "-", "--shapes", "s.ttl", stdin=text, code=3)
            self.assertIn(says, done.stderr)
        self.assertIn(
            "did you mean turtle?", self.run_gate("check", "-", "--format", "turtel", stdin=TURTLE, code=2).stderr
        )
        self.run_gate("check", "-", "--format", "rdfxml", stdin=TURTLE, code=3)

    def test_contexts_are_given_never_fetched(self):
        self.write("d.jsonld", '{"@context": "https://c.example/lamp", "@id": "http://e/a", "@type": "Lamp"}')
        self.write("c.json", '{"@context": {"Lamp": "http://e/Lamp"}}')
        self.assertIn("--context URL=FILE", self.run_gate("check", "d.jsonld", "--shapes", "s.ttl", code=3).stderr)
        self.run_gate("check", "d.jsonld", "--shapes", "s.ttl", "--context", "https://c.example/lamp=c.json", code=1)
        self.run_gate("check", "d.jsonld", "--shapes", "s.ttl", "--context", "c.json", code=2)

    def test_a_mark_is_passed_over_and_said(self):
        (self.dir / "d.ttl").write_bytes(b"\xef\xbb\xbf" + TURTLE.encode())
        report = self.report("d.ttl", "--shapes", "s.ttl", code=1)
        self.assertEqual([f["severity"] for f in report["findings"] if "byte order mark" in f["message"]], ["info"])


class Files(Case):
    def test_shapes_named_as_data(self):
        self.write("s.ttl", SHAPE)
        self.write("more.ttl", SHAPE.replace("e:S", "e:T"))
        self.write("both.ttl", SHAPE.replace("e:S", "e:T") + "e:b a e:Other .\n")
        self.write("d.ttl", TURTLE + 'e:a e:keeper "k" .\n')
        self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "more.ttl", code=2)
        self.assertIn("both.ttl", self.run_gate("check", "d.ttl", "both.ttl", "--shapes", "s.ttl").stdout)
        self.assertNotIn(
            "both.ttl",
            self.run_gate("check", "d.ttl", "both.ttl", "--shapes", "s.ttl", "--shapes", "./both.ttl").stdout,
        )
        self.assertIn("--shapes FILE", self.run_gate("check", "--help").stdout)

    def test_without_shapes(self):
        self.write(
            "d.ttl",
            "@prefix prov: <http://www.w3.org/ns/prov#> . <urn:e> a prov:Entitty ; prov:wasGeneratedby <urn:a> .",
        )
        done = self.run_gate("check", "d.ttl", code=4)
        for said in ("prov:Entity", "prov:wasGeneratedBy", "no shapes were given"):
            self.assertIn(said, done.stdout)
        self.run_gate("check", "d.ttl", "--syntax-only")
        self.run_gate("check", "d.ttl", "--syntax-only", "--fail-on", "warning", code=1)

    def test_rdf_is_never_passed_over_beside_records(self):
        self.write(
            "K.A/conceptkernel.yaml",
            "apiVersion: conceptkernel/v3\nkind: Ontology\nmetadata:\n  name: K.A\n  urn: ckp://Kernel#K.A:v1.0\n",
        )
        self.write("docs/a.ttl", TURTLE)
        self.write("s.ttl", SHAPE)
        for verb in ("seal", "verify", "publish"):
            flags = ["--dry-run"] if verb == "publish" else []
            with self.subTest(verb):
                self.assertEqual(self.run_gate(verb, "K.A", "docs/a.ttl", *flags, code=None).returncode, 2)
                self.assertIn(self.run_gate(verb, "K.A", "docs", *flags, code=None).returncode, (3, 4))
        for path in ("docs", "docs/a.ttl"):
            self.assertIn("no shapes were given", self.run_gate("check", "K.A", path, code=4).stdout)
            self.run_gate("check", "K.A", path, "--syntax-only")
            self.run_gate("check", "K.A", path, "--shapes", "s.ttl", code=1)

    def test_a_library_beside_ones_shapes(self):
        library = PREFIXES + """
e:Spare a sh:ConstraintComponent ; sh:parameter [ sh:path e:spare ] .
e:Twice a sh:ConstraintComponent ; sh:parameter [ sh:path e:twice ] ; sh:validator [ sh:ask "ASK {}" ] , [
sh:ask "ASK { ?a ?b ?c }" ] .
e:f a sh:SPARQLFunction ; sh:parameter [ sh:path e:x ] ; sh:returnType xsd:boolean ; sh:ask "ASK {}" .
e:T a sh:SPARQLTargetType ; rdfs:subClassOf sh:Target ; sh:select "SELECT ?this {" .
e:Thing a rdfs:Class , sh:NodeShape ; e:twice 1 ; sh:rule [ a sh:TripleRule ] ; sh:property e:lost .
"""
        self.write("library.ttl", library)
        self.write("s.ttl", SHAPE)
        self.write("d.ttl", TURTLE + 'e:a e:keeper "k" .\n')
        done = self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "--shapes", "library.ttl")
        self.assertLess(done.stdout.count("\n"), 40)
        # A library may describe SHACL's own terms: declaring a parameter uses none of them.
        self.write("meta.ttl", PREFIXES + "e:Meta a sh:ConstraintComponent ; sh:parameter [ sh:path sh:parameter ] .")
        self.write(
            "own.ttl",
            SHAPE
            + "e:S e:kind 'x' ; sh:target [ a e:By ; e:of 'none' ] . e:By a sh:SPARQLTargetType ; sh:parameter ["
            " sh:path e:of ] ; sh:select 'SELECT ?this { ?this a $of }' . e:Kinds a sh:ConstraintComponent ;"
            " sh:parameter [ sh:path e:kind ] ; sh:validator [ sh:ask 'ASK {}' ] .",
        )
        self.run_gate("check", "d.ttl", "--shapes", "own.ttl", "--shapes", "meta.ttl")
        # Alone, and where a shape that selects something depends on it, it is refused.
        self.run_gate("check", "d.ttl", "--shapes", "library.ttl", code=3)
        for used in ("e:S e:spare 1 .", "e:S sh:node e:Thing .", "e:S sh:target [ a e:T ] ."):
            self.write("t.ttl", SHAPE + used)
            self.run_gate("check", "d.ttl", "--shapes", "t.ttl", "--shapes", "library.ttl", code=3)
        self.write("d.ttl", TURTLE + 'e:a e:keeper "k" . e:b a e:Thing .\n')
        self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "--shapes", "library.ttl", code=3)

    def test_a_shape_may_be_skipped_never_silently(self):
        self.write("d.ttl", TURTLE + 'e:a e:keeper "k" .\n')
        self.write("s.ttl", SHAPE + "e:R a sh:NodeShape ; sh:targetClass e:Lamp ; sh:rule [ a sh:TripleRule ] .")
        self.run_gate("check", "d.ttl", "--shapes", "s.ttl", code=3)
        done = self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "--skip-shapes", "http://e/R", code=4)
        self.assertIn("<http://e/R> is skipped", done.stdout)
        done = self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "--skip-shapes", "http://e/R", "--allow-partial")
        self.assertIn("<http://e/R> is skipped", done.stdout)
        self.assertTrue(
            self.report("d.ttl", "--shapes", "s.ttl", "--skip-shapes", "http://e/R", "--allow-partial")["shacl"][
                "partial"
            ]
        )
        self.write("d.ttl", TURTLE)
        self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "--skip-shapes", "http://e/R", "--allow-partial", code=1)
        self.run_gate("check", "d.ttl", "--shapes", "s.ttl", "--skip-shapes", "http://e/Lost", code=3)
        self.run_gate(
            "check", "d.ttl", "--shapes", "s.ttl", "--skip-shapes", "http://e/S", code=3
        )  # the faulty one still counts
        self.run_gate("check", "d.ttl", "--skip-shapes", "http://e/S", code=2)

    def test_what_no_active_shape_uses_is_no_refusal(self):
        """Rules, JavaScript and node expressions: refused where an active shape has them, and each has its way out."""
        self.write("n.ttl", "<http://e/a> <http://e/p> 1 .\n")
        head = (
            "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> . e:S a sh:NodeShape ;"
            " sh:targetSubjectsOf e:p ; sh:property [ sh:path e:p ; sh:minCount 1 ] .\n"
        )
        for what in (
            "sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate e:l ; sh:object 1 ]",
            "sh:rule [ sh:subject sh:this ; sh:predicate e:l ; sh:object 1 ]",
            'sh:rule [ a sh:SPARQLRule ; sh:construct "CONSTRUCT {} WHERE {}" ]',
            'sh:js [ a sh:JSConstraint ; sh:jsFunctionName "f" ]',
            "sh:expression [ sh:path e:p ]",
        ):
            target = "e:X a sh:NodeShape ; sh:targetSubjectsOf e:p ; "
            for shape, refused in (
                (target + what, True),
                (target + "sh:deactivated true ; " + what, False),
                ("e:X a sh:NodeShape ; " + what, False),
                (
                    "e:X a sh:NodeShape ; " + what + " . e:Y a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:node e:X",
                    True,
                ),
            ):
                self.write("x.ttl", head + shape + " .\n")
                with self.subTest(shape):
                    self.run_gate("check", "n.ttl", "--shapes", "x.ttl", code=3 if refused else 0)
                    done = self.run_gate(
                        "check", "n.ttl", "--shapes", "x.ttl", "--skip-shapes", "http://e/X", "--allow-partial"
                    )
                    self.assertIn("skipped: the shape http://e/X", done.stdout)

    def test_a_stream_is_read_as_something(self):
        self.write("n.ttl", "<http://e/a> <http://e/p> 1 .\n")
        self.write(
            "s.ttl",
            "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://e/S> a sh:NodeShape ; sh:targetSubjectsOf <http://e/p>"
            " ; sh:nodeKind sh:IRI .\n",
        )
        for text, said in (
            ('{"@id": "http://e/b"}', "--format jsonld"),
            ('{"entity": {"e:a": {}}, "prefix": {}}', "PROV-JSON"),
            ('{"a": 1}', "nothing on standard input is known"),
            ("", "empty"),
        ):
            for name in ("-", "/dev/stdin", "/dev/fd/0"):
                done = self.run_gate("check", name, "n.ttl", "--shapes", "s.ttl", stdin=text, code=3)
                self.assertIn(said, done.stdout + done.stderr)
        # A file behind the name of standard input; no base, so no relative IRI; a mark at its begin.
        file = self.write("l.jsonld", "\ufeff" + '{"@id": "http://e/b", "http://e/p": 1}')
        with file.open() as opened:
            done = subprocess.run(
                [PROVGATE, "convert", "/dev/stdin", "--format", "jsonld", "--to", "ntriples"],
                stdin=opened,
                capture_output=True,
                text=True,
                env=self.env,
            )
        self.assertEqual((done.returncode, done.stdout.count("\n")), (0, 1), done.stderr)
        for text, how in (("<rel> <http://e/p> 1 .", "turtle"), ('{"@id": "rel", "http://e/p": 1}', "jsonld")):
            self.assertIn(
                "IRI", self.run_gate("convert", "-", "--format", how, "--to", "ntriples", stdin=text, code=3).stderr
            )
        self.write("d/a.ttl", "<http://e/a> <http://e/p> 1 .\n")
        self.assertEqual(self.run_gate("convert", "d", "n.ttl", "--to", "ntriples").stdout.count("\n"), 1)
        # Nothing of a directory is left out in silence: records beside the RDF, and what cannot be read.
        self.write("m/a.ttl", "<http://e/a> <http://e/p> 1 .\n")
        self.write("m/r.json", {"instance_id": "i-note-1", "status": "completed"})
        self.assertIn("in one go", self.run_gate("convert", "m", "--to", "ntriples", code=2).stderr)
        self.write("m/r.json", '{"instance_id": "i-note-1",,')
        self.run_gate("convert", "m", "--to", "ntriples", code=3)

    def test_records_laid_out_one_after_the_other(self):
        records = [{"instance_id": f"i-note-{n}", "status": "completed", "text": 'a "}" {'} for n in range(3)]
        laid_out = "\n".join(json.dumps(record, indent=2) for record in records)
        for text in (
            laid_out,
            "\n".join(map(json.dumps, records)),
            "\n\n".join(json.dumps(record, indent=1) for record in records) + "\n\n",
            "\ufeff" + laid_out,
        ):
            self.assertEqual(self.report("-", "--kernel", "Acme.Notes", stdin=text, code=None)["checked"]["records"], 3)
        # The place of a fault is that of the stream.
        report = self.report("-", stdin=laid_out + '\n{\n  "a": 1,,\n}\n' + laid_out, code=3)
        fault = next(f for f in report["findings"] if f["rule"] == "INPUT-001")
        self.assertEqual((fault["line"], report["checked"]["records"]), (17, 6))

    def test_many_faulty_records_take_time_in_proportion(self):
        # One look at the graph for the details of all results; one for each took more than two minutes here.
        lines = "\n".join(f'{{"instance_id": "i-{n}"}}' for n in range(100_000))
        self.assertIn("100,000 errors", self.run_gate("check", "-", "-q", stdin=lines, code=1).stdout)

    def test_literals_are_looked_at_without_shapes(self):
        xsd = "http://www.w3.org/2001/XMLSchema#"
        self.write(
            "t.ttl",
            f'<http://e/a> <http://e/p> "abc"^^<{xsd}integer>, "x"^^<{xsd}strin>, "2020-01-01"^^<{xsd}dateTime>,'
            f' "1"^^<{xsd}integer>, "a:b"^^<{xsd}QName>, "x"@en, "x"^^<http://e/t> .\n',
        )
        found = self.report("t.ttl", "--syntax-only")["findings"]
        self.assertEqual(sorted(f["message"].split("^^")[0] for f in found), ['"2020-01-01"', '"abc"', '"x"'])
        self.assertEqual({f["severity"] for f in found}, {"warning"})

    def test_skipping_a_shape_makes_no_results(self):
        """What needs a skipped shape is skipped or checked in part: never a result that was none before."""
        self.write("n.ttl", "<http://e/a> <http://e/p> <http://e/b> . <http://e/b> <http://e/p> 1 .\n")
        head = (
            "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> . e:B sh:property [ sh:path e:q ;"
            " sh:minCount 1 ] . e:W sh:node e:B . e:T sh:nodeKind sh:IRI .\n"
        )
        for what in (
            "sh:node e:B",
            "sh:node e:W",
            "sh:not e:B",
            "sh:not e:W",
            "sh:not [ sh:not e:B ]",
            "sh:and ( e:B e:T )",
            "sh:or ( e:B e:W )",
            "sh:xone ( e:B e:T )",
            "sh:xone ( e:W e:T )",
            "sh:property [ sh:path e:p ; sh:qualifiedValueShape e:B ; sh:qualifiedMaxCount 0 ]",
            "sh:property [ sh:path e:p ; sh:qualifiedValueShape e:W ; sh:qualifiedMinCount 1 ]",
            (
                "sh:property [ sh:path e:p ; sh:qualifiedValueShape e:T ; sh:qualifiedMinCount 1 ;"
                " sh:qualifiedValueShapesDisjoint true ] , [ sh:path e:p ; sh:qualifiedValueShape e:W ;"
                " sh:qualifiedMaxCount 9 ]"
            ),
            "sh:property [ sh:path e:p ; sh:node e:W ]",
            "sh:not [ sh:property [ sh:path e:p ; sh:node e:B ] ]",
            "sh:xone ( [ sh:not e:B ] e:T )",
        ):
            self.write(
                "x.ttl", head + "e:X a sh:NodeShape ; sh:targetSubjectsOf e:p ; sh:nodeKind sh:IRI ; " + what + " .\n"
            )
            with self.subTest(what):
                found = [
                    {
                        (f["focus"], f["component"])
                        for f in self.report("n.ttl", "--shapes", "x.ttl", *more, code=None)["findings"]
                        if f["severity"] == "error"
                    }
                    for more in ((), ("--skip-shapes", "http://e/B", "--allow-partial"))
                ]
                self.assertLessEqual(found[1], found[0])
                done = self.run_gate(
                    "check",
                    "n.ttl",
                    "--shapes",
                    "x.ttl",
                    "--skip-shapes",
                    "http://e/B",
                    "--allow-partial",
                    "-o",
                    "turtle",
                    code=None,
                )
                self.assertIn("provgate:skippedShape <http://e/B>", done.stdout)
                self.assertIn("needs a shape that is skipped", done.stderr)

    def test_escapes_of_punctuation(self):
        self.write("d.ttl", '@prefix e: <http://e/> . e:a a e:Lamp ; e:v "a/b" , "a-b" , "a#b" .')
        for pattern, results in (("a\\\\/b", 2), ("a\\\\-b", 2), ("a\\\\#b", 2), ("a[\\\\/#]b", 1), ("\\\\/", 2)):
            with self.subTest(pattern):
                self.write(
                    "s.ttl",
                    PREFIXES + f'e:S sh:targetClass e:Lamp ; sh:property [ sh:path e:v ; sh:pattern "{pattern}" ] .',
                )
                report = self.report("d.ttl", "--shapes", "s.ttl", code=1)
                self.assertEqual(report["shacl"]["results"], results)
        for pattern in ("\\\\a", "\\\\z", "\\\\b", "\\\\x41"):
            self.write(
                "s.ttl",
                PREFIXES + f'e:S sh:targetClass e:Lamp ; sh:property [ sh:path e:v ; sh:pattern "{pattern}" ] .',
            )
            self.run_gate("check", "d.ttl", "--shapes", "s.ttl", code=3)


class Questions(Case):
    def test_files_and_text(self):
        self.write("d.trig", '@prefix e: <http://e/> . e:g { e:a e:p "x"@en-GB . } e:h { e:b e:p 1 . e:c e:p 2 . }')
        ask = lambda text, code=0: self.run_gate(
            "query", "--data", "d.trig", "-e", text, "--format", "csv", code=code
        ).stdout.split()
        self.assertEqual(
            sorted(ask("SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }")[1:]),
            ["http://e/g,1", "http://e/h,2"],
        )
        self.assertEqual(ask('SELECT ?s { ?s ?p "x"@EN-gb }'), ["s", "http://e/a"])
        self.assertEqual(ask("SELECT ?o { ?o a prov:Entity }"), ["o"])
        self.run_gate("query", code=2)
        self.run_gate("query", "-e", "ASK {}", "x.rq", code=2)
        self.run_gate("query", "-e", "ASK {}", "--data", "d.trig", "--store", "x", code=2)
        place = self.run_gate("query", "--data", "d.trig", "-e", "SELECT * {\n ?s prov:used }", code=3).stderr
        self.assertIn("-e:2:", place)

    def test_parameters(self):
        self.write(
            "Acme.Notes/conceptkernel.yaml",
            "apiVersion: conceptkernel/v3\nkind: Ontology\nmetadata:\n  name: Acme.Notes\n  urn:"
            " ckp://Kernel#Acme.Notes:v1.0\n",
        )
        for number in (1, 2):
            kernel = "ckp://Kernel#Acme.Notes:v1.0"
            self.write(
                f"Acme.Notes/storage/instances/i-{number}/manifest.json",
                {
                    "instance_id": f"i-{number}",
                    "kernel_class": "Acme.Notes",
                    "prov:wasGeneratedBy": f"ckp://Action#Acme.Notes/write-176000000{number}",
                    "prov:wasAttributedTo": kernel,
                    "prov:generatedAtTime": f"2025-10-0{number}T00:00:00Z",
                },
            )
        self.run_gate("seal", "Acme.Notes")
        rows = (
            lambda *flags: len(
                self.run_gate("audit", "instances-in-window", "--format", "csv", *flags).stdout.splitlines()
            )
            - 1
        )
        self.assertEqual(rows(), 3)  # and the gate's own proofs, of today
        for day, found in ((1, 1), (2, 1), (3, 0)):
            self.assertEqual(
                rows("--set", f"from=2025-10-0{day}T00:00:00Z", "--set", f"until=2025-10-0{day + 1}T00:00:00Z"), found
            )
        self.assertEqual(rows("--set", "until=2025-10-03T00:00:00Z"), 2)
        self.assertEqual(rows("--set", "from=2025-10-02T00:00:00Z"), 2)
        for wrong in ("from", "from=yesterday", "form=2025-10-02T00:00:00Z"):
            self.run_gate("audit", "instances-in-window", "--set", wrong, code=2)
        self.run_gate("audit", "provenance-chain", "--set", "instance=no iri", code=2)
        self.assertIn("--set from=xsd:dateTime", self.run_gate("audit").stdout)


if __name__ == "__main__":
    unittest.main()
