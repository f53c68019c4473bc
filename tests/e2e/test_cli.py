# SPDX-License-Identifier: Apache-2.0
"""The command line as a user meets it: exit codes, formats, help, wrong flags, odd places."""

import json
import os
import subprocess
import unittest

from support import Case, PROVGATE, ROOT


class ExitCodes(Case):
    def test_0_conforms(self):
        self.note()
        self.assertEqual(self.report("Acme.Notes")["verdict"], "pass")

    def test_1_findings_and_fail_on(self):
        self.note(**{"prov:generatedAtTime": ""})
        self.assertEqual(self.report("Acme.Notes", code=1)["verdict"], "fail")
        self.note(**{"prov:generatedAtTime": "2025-10-09T08:53:20"})
        self.run_gate("check", "Acme.Notes", code=0)
        self.run_gate("check", "Acme.Notes", "--fail-on", "warning", code=1)

    def test_2_usage(self):
        self.note()
        for args in (
            ["check"],
            ["check", "Acme.Notes", "--nope"],
            ["check", "Acme.Notes", "--profile", "ckp-v9"],
            ["check", "Acme.Notes", "-o", "xml"],
            ["check", "Acme.Notes", "--urns", "loose"],
            ["check", "Acme.Notes", "--fail-on", "fatal"],
            ["convert", "Acme.Notes", "--to", "n3"],
            ["convert", "Acme.Notes"],
            ["frobnicate"],
            [],
            ["explain", "PROV-999"],
            ["trace", "not a urn"],
            ["audit", "nope"],
            ["publish"],
            ["check", "Acme.Notes", "--kernel", "lower"],
            ["query", "-", "--format", "yaml"],
        ):
            self.run_gate(*args, code=2)
        self.assertIn("did you mean check?", self.run_gate("chekc", "x", code=2).stderr)
        self.assertIn("did you mean PROV-001?", self.run_gate("explain", "PROV-01", code=2).stderr)

    def test_3_unreadable(self):
        self.run_gate("check", "missing", code=3)
        self.note().write_text("{")
        self.assertEqual(self.report("Acme.Notes", code=3)["verdict"], "unreadable")

    def test_4_nothing(self):
        (self.dir / "empty").mkdir()
        self.assertEqual(self.report("empty", code=4)["verdict"], "nothing")
        self.write("code/src/main.c", "int main;")
        self.run_gate("check", "code", code=4)
        self.run_gate("seal", "empty", code=4)
        self.run_gate("status", code=4, env={"PROVGATE_STORE": str(self.dir / "none")})
        self.note()
        self.run_gate("verify", "Acme.Notes", code=4)
        self.run_gate("trace", "ckp://Instance#unknown", code=4)
        self.run_gate("urn", "-", stdin="", code=4)
        # What is sealed lies somewhere.
        for verb in ("seal", "verify", "publish", "fsck"):
            self.assertIn("standard input has no place", self.run_gate(verb, "-", stdin="{}\n", code=2).stderr, verb)

    def test_5_integrity(self):
        manifest = self.note()
        self.run_gate("seal", "Acme.Notes")
        os.chmod(manifest, 0o644)
        done = self.run_gate("verify", "Acme.Notes", code=5)
        self.assertIn("writable  Acme.Notes/storage/instances/i-note-1/manifest.json", done.stdout)
        manifest.write_text(manifest.read_text() + "\n")
        self.assertIn("changed", self.run_gate("verify", "Acme.Notes", code=5).stdout)
        self.assertIn("CHANGED", self.run_gate("seal", "Acme.Notes", code=5).stdout)
        manifest.unlink()
        self.assertIn("missing", self.run_gate("verify", "Acme.Notes", code=5).stdout)

    def test_6_world(self):
        self.note()
        self.run_gate("seal", "Acme.Notes")
        done = self.run_gate("publish", "--to", "http://localhost:9/ckp", code=0)
        self.assertIn("warning", done.stderr)
        self.assertIn("1 pending", done.stderr)
        self.run_gate("publish", "--to", "http://localhost:9/ckp", "--require", code=6)
        self.run_gate("trace", "ckp://Instance#i-note-1", "--on", "http://localhost:9/ckp", code=6)
        self.run_gate("check", "Acme.Notes", "-o", "json=/nonexistent/dir/report.json", code=6)

    def test_output_that_cannot_be_written_is_an_error(self):
        self.note()
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [PROVGATE, "check", "Acme.Notes"], stdout=full, stderr=subprocess.PIPE, cwd=self.dir, env=self.env
            )
        self.assertEqual(done.returncode, 6)


class Verbs(Case):
    def test_help_lists_only_verbs_that_work(self):
        text = self.run_gate("--help").stdout
        listed = [
            line.split()[0]
            for line in text.split("Subcommands:")[1].split("Exit codes:")[0].splitlines()
            if line.startswith("  ")
        ]
        self.assertIn("check", listed)
        for verb in listed:
            self.assertIn("Usage:", self.run_gate(verb, "--help").stdout)
        for code in ("0", "1", "2", "3", "4", "5", "6", "70", "130"):
            self.assertRegex(text, rf"(?m)^ +{code}  ")

    def test_rules_and_explain(self):
        rules = [line.split()[0] for line in self.run_gate("rules").stdout.splitlines()]
        self.assertGreater(len(rules), 60)
        for rule in rules:
            text = self.run_gate("explain", rule).stdout
            self.assertIn("breaks it:", text)
            self.assertIn("keeps it:", text)

    def test_urn(self):
        done = self.run_gate("urn", "ckp://Kernel#CK.Task:v1.0", "ckp://Kernel#CK.Task:1.0", code=1)
        self.assertIn("kernel      CK.Task", done.stdout)
        self.assertIn("nearest     ckp://Kernel#CK.Task:v1.0", done.stdout)
        self.run_gate("urn", "-", stdin="ckp://Goal#G001\nckp://Task#T-1\n")

    def test_convert_every_syntax_twice_the_same(self):
        self.note()
        for syntax in ("turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml"):
            first = self.run_gate("convert", "Acme.Notes", "--to", syntax, "--threads", "1")
            self.assertEqual(
                first.stdout, self.run_gate("convert", "Acme.Notes", "--to", syntax, "--threads", "2").stdout
            )
            self.assertIn("wasGeneratedBy", first.stdout)
        self.assertIn("carries no graph names", first.stderr)

    def test_convert_of_bad_records_fails(self):
        self.note(**{"prov:wasGeneratedBy": "nobody"})
        done = self.run_gate("convert", "Acme.Notes", "--to", "nquads", code=1)
        self.assertNotIn("<nobody>", done.stdout)
        self.assertIn("URN-001", done.stderr)

    def test_stream_and_several_outputs(self):
        line = json.dumps(
            {
                "instance_id": "i-1",
                "prov:wasGeneratedBy": "ckp://Action#A.B/c-1760000000",
                "prov:wasAttributedTo": "ckp://Kernel#A.B:v1.0",
                "prov:generatedAtTime": "2025-10-09T08:53:20Z",
            }
        )
        report = self.report("-", stdin=line + "\n", code=4)  # which kernel stores it is not told
        self.assertEqual(report["score"]["percent"], None)
        self.assertEqual(self.report("-", "--kernel", "A.B", stdin=line)["score"]["conforming"], 1)
        self.run_gate("check", "-", "--kernel", "A.B", "-o", "human", "-o", "json=out.json", stdin=line)
        self.assertEqual(json.loads((self.dir / "out.json").read_text())["verdict"], "pass")
        laid_out = json.dumps(json.loads(line), indent=2)
        self.assertEqual(self.report("-", "--kernel", "A.B", stdin=laid_out)["score"]["conforming"], 1)
        done = self.run_gate("convert", "-", "--to", "nquads", "--kernel", "A.B", stdin=line)
        self.assertIn("ckp://Instance#i-1", done.stdout)

    def test_a_place_may_be_written_in_many_ways(self):
        for i in (1, 2):
            self.note(instance=f"i-{i}")
        (self.dir / "link").symlink_to("Acme.Notes")
        store = {"PROVGATE_STORE": str(self.dir / "store")}

        def from_inside(where, *paths):
            return subprocess.run(
                [PROVGATE, "check", *paths, "-o", "json"],
                cwd=self.dir / where,
                env={**self.env, **store},
                capture_output=True,
                text=True,
                timeout=60,
            )

        for where, paths, records in (
            ("Acme.Notes", ["storage/instances/i-1", "storage/instances/i-2"], 2),
            ("Acme.Notes", ["storage"], 2),
            ("Acme.Notes", ["."], 2),
            ("Acme.Notes/storage", ["instances"], 2),
            ("Acme.Notes/storage/instances", ["."], 2),
            ("Acme.Notes/storage/instances", ["i-1"], 1),
            ("Acme.Notes/storage/instances/i-1", ["."], 1),
            ("Acme.Notes/storage/instances/i-1", ["../i-2"], 1),
            (".", ["Acme.Notes", "./Acme.Notes"], 2),
            (".", ["Acme.Notes", str(self.dir / "Acme.Notes")], 2),
            (".", ["link", "Acme.Notes/storage/instances/i-1"], 2),
            (".", ["Acme.Notes/storage//instances/i-1", "./Acme.Notes/storage/instances/i-1"], 1),
        ):
            done = from_inside(where, *paths)
            self.assertEqual(
                (done.returncode, json.loads(done.stdout)["checked"]["records"]),
                (0, records),
                (where, paths, done.stdout),
            )

    def test_the_kernels_own_files_may_be_named(self):
        self.note(instance="i-1")
        self.write("Acme.Notes/ontology.yaml", "instance_mutability: sealed\n")
        self.write("Acme.Notes/rules.shacl", "@prefix sh: <http://www.w3.org/ns/shacl#> .\n")
        self.write("Acme.Notes/.ckproject", "domain: acme.example\n")
        self.run_gate("seal", "Acme.Notes")
        manifest = "Acme.Notes/storage/instances/i-1/manifest.json"
        for name in ("ontology.yaml", "rules.shacl", ".ckproject", "storage/proof/i-1/proof.json"):
            self.run_gate("check", manifest, f"Acme.Notes/{name}")
        self.run_gate("check", "Acme.Notes/storage/proof/i-1/proof.json")

    def test_words_that_were_nearly_right(self):
        for words, meant in (
            (["chek", "."], "check"),
            (["check", ".", "--shaps", "x"], "--shapes"),
            (["--versoin"], "--version"),
            (["audit", "lits"], "list"),
            (["check", ".", "-o", "jsn"], "json"),
            (["convert", ".", "--to", "turtel"], "turtle"),
            (["explain", "PROV-0001"], "PROV-001"),
            (["help", "chekc"], "check"),
        ):
            self.assertIn(f"did you mean {meant}?", self.run_gate(*words, code=2).stderr, words)

    def test_reports_go_where_they_are_sent(self):
        self.note()
        self.assertEqual(json.loads(self.run_gate("check", "Acme.Notes", "-o", "json=-").stdout)["verdict"], "pass")
        self.assertFalse((self.dir / "-").exists())
        for target in ("/dev/null", "/dev/stdout"):
            self.run_gate("check", "Acme.Notes", "-o", f"json={target}", "-o", "human=/dev/null")
        self.run_gate("check", "Acme.Notes", "-o", "json=/nowhere/x.json", code=6)
        self.assertEqual(self.report("Acme.Notes", "--fail-on", "info", code=1)["verdict"], "fail")

    def test_seal_says_what_it_does(self):
        self.note()
        self.note(instance="i-open", status="pending")
        self.note(instance="i-bad", **{"prov:wasAttributedTo": "ckp://Kernel#Other.One:v1.0"})
        self.assertIn("would seal", self.run_gate("seal", "Acme.Notes", "--dry-run", code=1).stdout)
        self.assertFalse((self.dir / "store").exists())
        done = self.run_gate("seal", "Acme.Notes", code=1)
        self.assertIn("sealed  ckp://Instance#i-note-1", done.stdout)
        self.assertIn("breaks PROV-005", done.stdout)
        self.assertIn("its status is pending", done.stdout)
        self.assertIn("error[PROV-005]", done.stderr)
        self.assertIn("1 sealed, 1 rejected", self.run_gate("status").stdout)
        self.assertIn(
            "not sealed: Acme.Notes/storage/instances/i-bad",
            self.run_gate("publish", "Acme.Notes", "--dry-run", code=1).stderr,
        )
        (self.dir / "empty").mkdir()
        (self.dir / "link").symlink_to("Acme.Notes/storage/instances/i-note-1")
        for path in ("./Acme.Notes/storage/../storage/instances/i-note-1/", "link", str(self.dir / "link")):
            self.assertIn("would publish 1 record", self.run_gate("publish", path, "--dry-run").stderr)
            self.assertIn("--> empty", self.run_gate("publish", path, "empty", "--dry-run", code=4).stderr)
        self.run_gate("publish", "Acme.Notes", "gone", "--dry-run", code=3)
        only = self.run_gate("seal", "Acme.Notes/storage/instances/i-note-1")
        self.assertIn("nothing was left to do", only.stderr)

    def test_colour_only_where_wanted(self):
        self.note(**{"prov:generatedAtTime": ""})
        self.assertNotIn("\x1b[", self.run_gate("check", "Acme.Notes", code=1).stdout)
        self.assertIn("\x1b[", self.run_gate("check", "Acme.Notes", code=1, env={"CLICOLOR_FORCE": "1"}).stdout)
        self.assertNotIn(
            "\x1b[", self.run_gate("check", "Acme.Notes", code=1, env={"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}).stdout
        )


class Collisions(Case):
    def test_two_kernels_with_one_instance_id(self):
        self.note("Acme.One", "i-same")
        self.note("Acme.Two", "i-same")
        self.run_gate("seal", "Acme.One")
        self.run_gate("seal", "Acme.Two")
        self.assertIn("Acme.One", self.run_gate("trace", "ckp://Instance#i-same").stdout)
        self.assertIn("Acme.Two", self.run_gate("trace", "ckp://Instance#Acme.Two/i-same").stdout)
        self.assertIn("already sealed", self.run_gate("seal", "Acme.Two").stdout)
        self.run_gate("verify", "Acme.One", "Acme.Two")


class Redland(Case):
    def test_rdfproc_lists_the_store(self):
        self.note()
        self.run_gate("seal", "Acme.Notes")
        env = {**os.environ, "REDLAND_MODULE_PATH": os.environ.get("PROVGATE_MODULES", str(ROOT / "build/release"))}
        if os.environ.get("PROVGATE_SANITIZE"):
            self.skipTest("rdfproc is not built with the sanitizers")
        done = subprocess.run(
            ["rdfproc", "-s", "provgate", str(self.dir / "store"), "serialize", "ntriples"],
            capture_output=True,
            text=True,
            env=env,
            timeout=60,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(
            "<ckp://Instance#i-note-1> <http://www.w3.org/ns/prov#wasGeneratedBy>"
            " <ckp://Action#Acme.Notes/note.write-1760000000> .",
            done.stdout,
        )
        lines = done.stdout.splitlines()
        status = self.run_gate("status").stdout
        self.assertIn(f"graph      {len(lines)} quads", status)
        write = self.write("more.nt", '<urn:a> <urn:b> "c"@en .\n<urn:a> <urn:b> _:x .\n<urn:a> <urn:b> <urn:c> .\n')
        store = [str(self.dir / "store")]
        for command in (
            ["parse", str(write), "ntriples"],
            ["find", "<urn:a>", "-", "-"],
            ["contexts"],
            ["remove", "urn:a", "urn:b", "urn:c"],
        ):
            again = subprocess.run(
                ["rdfproc", "-s", "provgate", *store, *command], capture_output=True, text=True, env=env, timeout=60
            )
            self.assertEqual(again.returncode, 0, again.stderr)


if __name__ == "__main__":
    unittest.main()
