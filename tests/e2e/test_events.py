# SPDX-License-Identifier: Apache-2.0
"""Logs of experience events as their users have them: globs, pipes, links, trees with other things in them."""

import os
import subprocess
import unittest

from support import PROVGATE, ROOT, Case

RUN = (ROOT / "examples/ferry/run.ndjson").read_text()


class Logs(Case):
    def setUp(self):
        super().setUp()
        self.write("logs/run.ndjson", RUN)

    def test_what_a_path_is_is_told_from_its_content(self):
        lines = RUN.splitlines()
        self.write("odd-name.txt", RUN)
        self.write("one.json", lines[0])
        self.write("bom.ndjson", "\ufeff" + RUN)
        self.write("crlf.ndjson", RUN.replace("\n", "\r\n"))
        self.write("blank.ndjson", "\n\n" + RUN + "\n \n")
        self.write("no-end.ndjson", RUN.rstrip("\n"))
        for path, n in (("odd-name.txt", 19), ("bom.ndjson", 19), ("crlf.ndjson", 19), ("blank.ndjson", 19),
                        ("no-end.ndjson", 19), ("logs", 19), ("logs/", 19), (str(self.dir / "logs"), 19)):
            self.assertIn(f"{n} events", self.run_gate("check", path).stdout, path)
        self.run_gate("check", "one.json")
        for stdin in (RUN, RUN.encode()):
            self.assertIn("19 events", str(self.run_gate("check", "-", stdin=stdin).stdout))

    def test_a_log_in_a_tree_with_other_things(self):
        self.note()
        self.write("Acme.Notes/storage/ledger/actions.jsonl", '{"x": 1}\n')
        self.write("data.ttl", "<urn:a> <urn:b> <urn:c> .\n")
        done = self.run_gate("check", ".", code=None)
        self.assertIn("19 events", done.stdout)
        self.assertIn("1 instance", done.stdout)
        graph = self.run_gate("convert", "Acme.Notes", "logs", "--to", "nquads").stdout
        self.assertIn("urn:converge:event:north:e-01", graph)
        self.assertIn("ckp://Instance#i-note-1", graph)

    def test_twice_named_it_is_read_once(self):
        os.symlink(self.dir / "logs", self.dir / "linked")
        for paths in (["logs", "logs"], ["logs", "logs/run.ndjson"], ["logs/run.ndjson", "linked"]):
            self.assertIn("19 events", self.run_gate("check", *paths).stdout, paths)

    def test_what_is_no_file_is_never_waited_for(self):
        os.mkfifo(self.dir / "logs/pipe.ndjson")
        self.run_gate("check", "logs", code=None)
        (self.dir / "logs/pipe.ndjson").unlink()
        os.symlink(self.dir / "logs/run.ndjson", self.dir / "logs/again.ndjson")
        self.assertIn("19 events", self.run_gate("check", "logs", code=None).stdout)
        with open(self.dir / "logs/run.ndjson") as log:
            done = subprocess.run([PROVGATE, "check", "/dev/stdin"], stdin=log, cwd=self.dir, env=self.env,
                                  capture_output=True, text=True, timeout=60)
        self.assertIn(done.returncode, (0, 3), done.stderr)

    def test_a_name_that_is_not_utf8_is_refused(self):
        odd = os.fsencode(self.dir) + b"/logs/x\xff.ndjson"
        with open(odd, "w") as log:
            log.write(RUN)
        for path in ("logs", odd):
            done = subprocess.run([PROVGATE, "check", path, "-o", "json"], cwd=self.dir, env=self.env,
                                  capture_output=True, timeout=60)
            self.assertIn(done.returncode, (1, 3), done.stderr)
            done.stdout.decode()

    def test_a_broken_line_takes_nothing_from_the_others(self):
        lines = RUN.splitlines()
        self.write("logs/run.ndjson", "\n".join(lines[:5] + ["{"] + lines[5:]) + "\n")
        done = self.run_gate("check", "logs", code=3)
        self.assertIn("logs/run.ndjson:6:", done.stdout)
        self.assertIn("19 events", done.stdout)

    def test_every_output_format_takes_its_findings(self):
        self.write("logs/run.ndjson", RUN.replace('"all_passed":true', '"all_passed":false'))
        found = self.rules("logs", code=1)
        self.assertEqual(found, ["EVT-017", "EVT-032"])
        for name in ("json", "human"):
            self.run_gate("check", "logs", "-o", name, code=1)

    def test_flags(self):
        self.run_gate("check", "logs", "--ids", "some", code=2)
        self.run_gate("check", "logs", "--profile", "converge-3.7")
        self.run_gate("check", "logs", "--profile", "converge-1", code=2)
        self.assertIn("EVT-032", self.run_gate("rules").stdout)
        self.assertIn("breaks it:", self.run_gate("explain", "EVT-033").stdout)


if __name__ == "__main__":
    unittest.main()
