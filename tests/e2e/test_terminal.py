# SPDX-License-Identifier: Apache-2.0
"""What records, paths and servers say is shown, never obeyed: no control character reaches a terminal."""

import json
import os
import pty
import re
import subprocess
import unittest

from support import PROVGATE, Case

# Escape sequences, a title, a bell, C1, a line that forges another, a bidi override, a hidden character.
EVIL = "x\x1b[31mRED\x1b]0;title\x07\u009b5m\nwho   forged line\r\u202eevil\u2066\ufeff"
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def colourless(text):
    """Without the colours that provgate itself gives."""
    return re.sub(r"\x1b\[(?:0|1|2|1;3[136])m", "", text)


class Terminal(Case):
    def shown(self, *args, stdin=None):
        """What a terminal would get, on both streams."""
        parent, child = pty.openpty()
        process = subprocess.Popen(
            [PROVGATE, *args],
            cwd=self.dir,
            env={**self.env, "TERM": "xterm"},
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=child,
            stderr=child,
        )
        os.close(child)
        if stdin:
            process.stdin.write(stdin.encode())
            process.stdin.close()
        out = b""
        while True:
            try:
                piece = os.read(parent, 65536)
            except OSError:
                break
            if not piece:
                break
            out += piece
        os.close(parent)
        code = process.wait(timeout=60)
        self.assertLess(code, 70, (args, out))
        return out.decode("utf-8", "replace").replace("\r\n", "\n")

    def holds(self, text, *about, lines=True):
        """`lines`: the output is for people, so each line is provgate's. In data a literal may have more."""
        seen = BAD.search(colourless(text))
        self.assertIsNone(seen, (about, text[max(0, seen.start() - 60) : seen.start() + 60] if seen else ""))
        if lines:
            self.assertNotIn("\nwho   forged line", text, about)

    def tree(self):
        """One kernel whose every free text is hostile, and that is sealed all the same."""
        self.note(instance="i-note-1", instance_type=EVIL, title=EVIL, tool_ref=EVIL, kernel_class=EVIL)
        self.write("Acme.Notes/storage/instances/i-note-1/data.json", {"text": EVIL})
        self.write("Acme.Notes/storage/goals/G-1.json", {"goal_id": "G-1", "title": EVIL, "description": EVIL})
        self.write(
            "Acme.Notes/storage/tasks/T-1.json",
            {
                "task_id": "T-1",
                "decision_id": "D-1",
                "goal_id": "G-1",
                "target_file": EVIL,
                "instruction": EVIL,
                "constraints": [EVIL],
                "executor": EVIL,
                "status": "completed",
                "version_pin": EVIL,
            },
        )
        self.write(
            "Acme.Notes/consensus/d.json",
            {
                "decision_id": "D-1",
                "proposal_id": "P-1",
                "verdict": "pass",
                "prov:wasGeneratedBy": "ckp://Action#CK.Consensus/evaluate-1759996800",
                "prov:wasAttributedTo": "ckp://Actor#operator",
                "prov:generatedAtTime": "2025-10-09T08:00:00Z",
            },
        )
        self.write(
            "Acme.Notes/storage/proof/p.json",
            {
                "action_urn": "ckp://Action#Acme.Notes/note.write-1760000000",
                "prov:wasAssociatedWith": "ckp://Kernel#Acme.Notes:v1.0",
                "prov:wasStartedBy": "ckp://Task#T-1",
                "prov:wasInfluencedBy": "ckp://Goal#G-1",
                "prov:startedAtTime": "2025-10-09T08:53:19Z",
                "prov:endedAtTime": "2025-10-09T08:53:20Z",
            },
        )

    def test_every_verb_over_hostile_records(self):
        self.tree()
        self.run_gate("seal", "Acme.Notes")
        (self.dir / "all.rq").write_text("SELECT ?s ?p ?o { ?s ?p ?o }")
        (self.dir / "graph.rq").write_text("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        verbs = [
            ["check", "Acme.Notes", "--all", "--list-skipped"],
            ["check", "Acme.Notes", "-o", "json"],
            ["check", "Acme.Notes", "-o", "turtle"],
            ["seal", "Acme.Notes"],
            ["verify", "Acme.Notes"],
            ["status"],
            ["publish", "--dry-run"],
        ]
        verbs += [
            ["convert", "Acme.Notes", "--to", syntax]
            for syntax in ("turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml")
        ]
        verbs += [
            ["trace", urn, "--format", form]
            for urn in (
                "ckp://Instance#i-note-1",
                "ckp://Task#T-1",
                "ckp://Action#Acme.Notes/note.write-1760000000",
                "ckp://Goal#G-1",
                "ckp://Instance#D-1",
            )
            for form in ("text", "json", "turtle")
        ]
        verbs += [["query", "all.rq", "--format", form] for form in ("table", "json", "csv", "tsv", "xml")] + [
            ["query", "graph.rq", "--format", form] for form in ("turtle", "ntriples")
        ]
        verbs += [["audit", name] for name in re.findall(r"^([a-z-]+)  ", self.run_gate("audit", "list").stdout, re.M)]
        for verb in verbs:
            self.holds(self.shown(*verb), verb, lines=verb[-1] not in ("rdfxml", "xml", "csv"))

    def test_every_field_at_fault(self):
        self.tree()
        fields = [
            "instance_id",
            "instance_type",
            "status",
            "prov:wasGeneratedBy",
            "prov:wasAttributedTo",
            "prov:generatedAtTime",
            "prov:used",
            "prov:wasAssociatedWith",
            "prov:wasStartedBy",
            "prov:wasInfluencedBy",
            "prov:wasDerivedFrom",
            "sealed_at",
            "task_id",
            "goal_id",
            EVIL,
        ]
        good = json.loads((self.dir / "Acme.Notes/storage/instances/i-note-1/manifest.json").read_text())
        for field in fields:
            for value in (EVIL, [EVIL], {"@id": EVIL}, {EVIL: EVIL}):
                self.write("Acme.Notes/storage/instances/i-note-1/manifest.json", {**good, field: value})
                for verb in (
                    ["check", "Acme.Notes"],
                    ["seal", "Acme.Notes", "--dry-run"],
                    ["convert", "Acme.Notes", "--to", "turtle"],
                ):
                    self.holds(self.shown(*verb), verb, field, value)
        for raw in (
            '{"a": "' + EVIL,
            '{"' + EVIL.replace("\n", "\\n") + '": 1, "' + EVIL.replace("\n", "\\n") + '": 2}',
            EVIL,
        ):
            self.write("Acme.Notes/storage/instances/i-note-1/manifest.json", raw)
            self.holds(self.shown("check", "Acme.Notes"), raw)
            self.holds(self.shown("check", "-", stdin=raw), raw)
        for name, record in (
            ("tasks/T-2.json", {"task_id": EVIL}),
            ("goals/G-2.json", {"goal_id": EVIL}),
            ("d.json", {"decision_id": EVIL, "verdict": EVIL, "change_type": EVIL}),
            ("e.json", {"prov:Activity": {"id": EVIL}}),
            ("p.json", {"proposal_id": EVIL, "change_type": EVIL, "proposer": EVIL}),
            ("s.json", {"session_id": EVIL, "urn": EVIL, "actions": [EVIL]}),
        ):
            self.write("Acme.Notes/storage/" + name, record)
        self.write(
            "Acme.Notes/conceptkernel.yaml",
            json.dumps(
                {
                    "apiVersion": EVIL,
                    "kernel_id": EVIL,
                    "bfo_type": EVIL,
                    "metadata": {"name": EVIL},
                    "edges": {"outbound": [{"target_kernel": EVIL, "predicate": EVIL}]},
                }
            ),
        )
        self.holds(self.shown("check", "Acme.Notes", "--all"))

    def test_what_is_given_on_the_command_line(self):
        name = EVIL.replace("\n", " ")
        self.write(f"{name}/Acme.Notes/storage/instances/{name}/manifest.json", {"instance_id": EVIL})
        for verb in (
            ["check", name],
            ["check", EVIL],
            ["seal", name],
            ["verify", name],
            ["status", "--store", EVIL],
            ["urn", EVIL],
            ["trace", EVIL],
            ["explain", EVIL],
            ["query", EVIL],
            ["audit", EVIL],
            [EVIL],
            ["check", "--" + EVIL],
            ["check", ".", "--kernel", EVIL],
            ["check", ".", "--fleet", EVIL],
            ["check", ".", "--profile", EVIL],
            ["check", ".", "-o", EVIL],
            ["help", EVIL],
            ["check", ".", "--shapes", EVIL],
            ["convert", ".", "--to", EVIL],
            ["query", "-", "--format", EVIL],
            ["publish", "--to", EVIL],
            ["trace", "ckp://Actor#x", "--on", EVIL],
        ):
            self.holds(self.shown(*verb, stdin="SELECT * {"), verb)

    def test_a_very_long_literal_is_shortened(self):
        self.note(instance="i-note-1", title="x" * (3 << 20))
        self.run_gate("seal", "Acme.Notes")
        (self.dir / "q.rq").write_text("SELECT ?o { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o }")
        for verb in (
            ["query", "q.rq", "--format", "csv"],
            ["convert", "Acme.Notes", "--to", "nquads"],
            ["publish", "--dry-run"],
        ):
            self.assertLess(len(self.shown(*verb)), 2 << 20, verb)
        self.assertGreater(len(self.run_gate("query", "q.rq", "--format", "csv").stdout), 3 << 20)


if __name__ == "__main__":
    unittest.main()
