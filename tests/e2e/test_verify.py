# SPDX-License-Identifier: Apache-2.0
"""What was sealed is known again, whoever lies beside it and whatever its project is called meanwhile."""

import os
import resource
import shutil
import signal
import subprocess
import unittest

from support import ROOT, Case, NobodyCase

GOLDEN = ROOT / "tests/golden/store-0.1.0"
HOME = "Acme.Notes/storage/instances/i-note-1"


class Tampered(Case):
    def setUp(self):
        super().setUp()
        self.note()
        self.run_gate("seal", "Acme.Notes")

    def evil(self):
        return self.write("evil.json", {"evil": 1})

    def test_what_cannot_be_read_is_never_as_sealed(self):
        added = self.dir / HOME / "message.json"
        makes = {
            "a link": lambda: added.symlink_to(self.evil()),
            "a pipe": lambda: os.mkfifo(added),
            "a directory": lambda: added.mkdir(),
        }
        for what, make in makes.items():
            with self.subTest(what):
                make()
                done = self.run_gate("verify", "Acme.Notes", code=None)
                self.assertIn(done.returncode, (3, 5), done.stderr)
                self.assertIn("message.json", done.stdout + done.stderr)
                shutil.rmtree(added) if what == "a directory" else added.unlink()
        self.run_gate("verify", "Acme.Notes")

    def test_a_link_in_the_path_of_a_sealed_file_is_a_change(self):
        home = self.dir / HOME
        home.rename(self.dir / "out")
        home.symlink_to(self.dir / "out")
        self.assertIn("a link in its path", self.run_gate("verify", "Acme.Notes", code=5).stdout)

    def test_a_named_path_that_holds_nothing_is_said(self):
        self.write("README", "nothing\n")
        (self.dir / "empty").mkdir()
        for path in ("README", "empty"):
            self.run_gate("verify", path, "Acme.Notes", code=3)

    def test_proofs_may_be_named(self):
        proof = "Acme.Notes/storage/proof"
        for path in (proof, proof + "/i-note-1", proof + "/i-note-1/proof.json"):
            self.assertIn("1 sealed instance", self.run_gate("verify", path).stderr)
        manifest = self.dir / HOME / "manifest.json"
        manifest.chmod(0o644)
        manifest.write_text(manifest.read_text() + " ")
        for path in (proof, proof + "/i-note-1", "Acme.Notes"):
            self.run_gate("verify", path, code=5)

    def test_another_name_of_the_project_hides_no_change(self):
        self.write("Acme.Notes/.ckproject", "domain: other.example.org\n")
        done = self.run_gate("verify", "Acme.Notes")
        self.assertIn("here, and sealed as of local/Acme.Notes: 1 sealed instance", done.stderr)
        manifest = self.dir / HOME / "manifest.json"
        manifest.chmod(0o644)
        manifest.write_text(manifest.read_text() + " ")
        self.assertIn("changed", self.run_gate("verify", "Acme.Notes", code=5).stdout)


class Shut(NobodyCase):
    def test_what_one_may_not_look_at_is_not_missing(self):
        self.note()
        self.run_gate("seal", "Acme.Notes")
        subprocess.run(["chmod", "-R", "a+rX", str(self.dir)], check=True)
        self.as_nobody("verify", "Acme.Notes", code=0)
        for path in (HOME, HOME + "/manifest.json"):
            (self.dir / path).chmod(0o700 if path == HOME else 0)
            done = self.as_nobody("verify", "Acme.Notes", code=3)
            self.assertNotIn("missing", done.stdout)
            self.assertNotIn("changed", done.stdout)
            done = self.as_nobody("seal", "Acme.Notes", "--dry-run")
            self.assertIn(done.returncode, (3, 6), done.stdout + done.stderr)
            self.assertNotIn("have changed", done.stdout + done.stderr)
            (self.dir / path).chmod(0o755 if path == HOME else 0o444)


class NotRead(Case):
    def test_nothing_is_sealed_on_the_strength_of_what_was_not_looked_at(self):
        self.note()
        proofs = self.dir / "Acme.Notes/storage/proof"
        proofs.mkdir()
        proof = proofs / "proof-note.write-1760000000.json"
        for what, make in {
            "a link": lambda: proof.symlink_to(self.write("elsewhere.json", {"outcome": "FAIL"})),
            "a pipe": lambda: os.mkfifo(proof),
        }.items():
            with self.subTest(what):
                make()
                done = self.run_gate("seal", "Acme.Notes", code=3)
                self.assertIn("not read  ckp://Instance#i-note-1", done.stdout)
                self.assertIn("1 not read", done.stderr)
                self.assertIn("proof-note.write-1760000000.json", done.stderr)
                proof.unlink()
        self.run_gate("seal", "Acme.Notes")


class Scopes(Case):
    def project(self, name, domain):
        self.note()
        (self.dir / name).mkdir()
        shutil.move(self.dir / "Acme.Notes", self.dir / name / "Acme.Notes")
        self.write(f"{name}/.ckproject", f"domain: {domain}\n")

    def test_the_case_of_a_host_makes_no_other_project(self):
        self.project("a", "h.example.org")
        self.run_gate("seal", "a")
        for domain in ("H.Example.ORG", "h.example.org."):
            self.write("a/.ckproject", f"domain: {domain}\n")
            self.assertIn("all as sealed", self.run_gate("verify", "a").stderr)
            self.assertIn("1 already sealed", self.run_gate("seal", "a").stderr)

    def test_a_trace_is_of_one_project(self):
        for name in "abc":
            self.project(name, f"{name}.example.org")
            self.run_gate("seal", name)
        plain, shared = "ckp://Instance#i-note-1", "ckp://Instance#Acme.Notes/i-note-1"
        self.assertIn(plain, self.run_gate("trace", plain).stdout)
        done = self.run_gate("trace", shared, code=2)
        self.assertIn("urn:ckp:fleet:b-example-org, urn:ckp:fleet:c-example-org", done.stderr)
        self.assertIn("--graph", done.stderr)
        for name, iri in (("a", plain), ("b", shared), ("c", shared)):
            graph = f"urn:ckp:fleet:{name}-example-org"
            for asked in (iri, "i-note-1"):
                self.assertIn(f"what  {iri}", self.run_gate("trace", asked, "--graph", graph).stdout)
        self.run_gate("trace", shared, "--graph", "urn:ckp:fleet:a-example-org", code=4)
        # So is a query of the library where a graph is named.
        asked = ("audit", "instances-by-kernel", "--format", "csv")
        for name in "abc":
            rows = self.run_gate(*asked, "--graph", f"urn:ckp:fleet:{name}-example-org").stdout
            self.assertEqual(rows.count("ckp://Kernel#Acme.Notes:"), 1, rows)
            self.assertIn(f",{plain if name == 'a' else shared},", rows)
        self.assertIn(
            "did you mean urn:ckp:fleet:b-example-org?",
            self.run_gate(*asked, "--graph", "urn:ckp:fleet:b-exampel-org", code=4).stderr,
        )
        self.run_gate(*asked, "--graph", "default", code=2)

    def test_a_record_stays_sealed_when_another_kernel_gets_its_id(self):
        self.note("Acme.One", "i-same")
        self.run_gate("seal", ".")
        self.note("Acme.Two", "i-same")
        done = self.run_gate("seal", ".")
        self.assertIn("1 sealed", done.stderr)
        self.assertIn("1 already sealed", done.stderr)
        self.assertIn("verified 2 sealed instances", self.run_gate("verify", ".").stderr)

    def test_a_store_of_0_1_0_knows_which_project_was_sealed(self):
        shutil.copytree(GOLDEN / "fleet", self.dir / "fleet")
        (self.dir / "store").mkdir()
        shutil.copy(GOLDEN / "data.mdb", self.dir / "store/data.mdb")
        for path in (self.dir / "fleet").rglob("*"):
            if path.is_file():
                path.chmod(0o444)
        self.note(
            kernel="other/Delvinator.Core",
            instance="i-9",
            **{
                "prov:wasGeneratedBy": "ckp://Action#Delvinator.Core/note.write-1760000000",
                "prov:wasAttributedTo": "ckp://Kernel#Delvinator.Core:v1.0",
            },
        )
        self.write("other/.ckproject", "domain: other.example.org\n")
        self.run_gate("seal", "other")
        for path in ("fleet", "other", "."):
            self.run_gate("verify", path)

    def test_sealing_writes_through_no_link(self):
        for beside in ("proof", "ledger"):
            with self.subTest(beside):
                (self.dir / f"out-{beside}").mkdir()
                self.note(kernel=f"Acme.{beside.title()}")
                (self.dir / f"Acme.{beside.title()}/storage/{beside}").symlink_to(self.dir / f"out-{beside}")
                done = self.run_gate("seal", f"Acme.{beside.title()}", code=None)
                self.assertNotEqual(done.returncode, 0)
                self.assertEqual(list((self.dir / f"out-{beside}").iterdir()), [])


class ByPath(Case):
    """An instance that is sealed by its path alone has what led to it sealed with it."""

    def test_its_decision_is_covered(self):
        self.write("Acme.Notes/consensus/decisions/d.json", {
            "decision_id": "D-1", "verdict": "pass",
            "prov:wasGeneratedBy": "ckp://Action#Acme.Notes/evaluate-1759000000000",
            "prov:wasAttributedTo": "ckp://Actor#keeper.nora", "prov:generatedAtTime": "2025-10-08T20:00:00Z"})
        self.write("Acme.Notes/storage/tasks/T-1.json", {
            "task_id": "T-1", "target_file": "a", "instruction": "write", "executor": "headless",
            "status": "completed", "version_pin": "4be20c7", "created_at": "2025-10-09T08:00:00Z", "goal_id": "G-1",
            "decision_id": "D-1", "prov:wasStartedBy": "ckp://Instance#D-1"})
        self.note(instance="i-note-1", **{"prov:wasStartedBy": "ckp://Task#T-1"})
        one = "Acme.Notes/storage/instances/i-note-1"
        decision = self.dir / "Acme.Notes/consensus/decisions/d.json"
        self.run_gate("seal", one)
        self.run_gate("verify", one)
        self.assertEqual(decision.stat().st_mode & 0o222, 0)
        # All of it, later, and with something that went on.
        self.run_gate("seal", "Acme.Notes")
        self.write(one + "/more.txt", "more")
        self.run_gate("seal", "Acme.Notes")
        self.run_gate("verify", "Acme.Notes", "--strict")
        self.run_gate("fsck", "Acme.Notes")
        decision.chmod(0o644)
        decision.write_text(decision.read_text().replace("pass", "fail"))
        decision.chmod(0o444)
        self.run_gate("verify", one, code=5)
        self.run_gate("verify", "Acme.Notes", code=5)


    def test_what_is_forged_for_it_is_seen_and_what_is_forged_for_others_is_not_its_fault(self):
        for i in ("i-1", "i-2", "i-3"):
            self.note(instance=i)
        storage = self.dir / "Acme.Notes/storage"
        self.run_gate("seal", "Acme.Notes/storage/instances/i-1", "Acme.Notes/storage/instances/i-2")
        (storage / "proof/i-3").mkdir()
        proof = (storage / "proof/i-1/proof.json").read_text()
        (storage / "proof/i-3/proof.json").write_text(proof.replace("i-1", "i-3"))
        log = storage / "ledger/audit.jsonl"
        for path, code, kind in (("i-1", 0, ""), ("i-3", 5, "forged"), ("", 5, "forged")):
            done = self.run_gate("verify", "Acme.Notes/storage/instances/" + path, code=code)
            self.assertTrue(done.stdout.startswith(kind), done.stdout)
        shutil.rmtree(storage / "proof/i-3")
        lines = log.read_text().splitlines(True)
        log.write_text(lines[0] + lines[0].replace("i-1", "i-3") + lines[1])
        for path, code in (("i-1", 0), ("i-2", 0), ("i-3", 5), ("", 5)):
            self.run_gate("verify", "Acme.Notes/storage/instances/" + path, code=code)
        log.write_text(lines[0])
        for path, code, kind in (("i-1", 0, ""), ("i-2", 5, "missing"), ("", 5, "missing")):
            done = self.run_gate("verify", "Acme.Notes/storage/instances/" + path, code=code)
            self.assertTrue(done.stdout.startswith(kind), done.stdout)


class Parts(Case):
    """Whichever part of a fleet is named, and in whatever steps it was sealed: what nobody touched is whole."""

    CORE, TASK = "fleet/concepts/Delvinator.Core", "fleet/concepts/CK.Task"

    def setUp(self):
        super().setUp()
        shutil.copytree(ROOT / "examples/delvinator/fleet", self.dir / "fleet")

    def test_each_part_after_each_order_of_sealing(self):
        for steps in (["fleet"], [self.CORE], [self.CORE, "fleet"], [self.TASK, "fleet"], [self.CORE, self.TASK]):
            with self.subTest(steps):
                subprocess.run(["chmod", "-R", "u+w", str(self.dir / "fleet")], check=True)
                shutil.rmtree(self.dir / "fleet")
                shutil.rmtree(self.dir / "store", ignore_errors=True)
                shutil.copytree(ROOT / "examples/delvinator/fleet", self.dir / "fleet")
                for step in steps:
                    self.run_gate("seal", step, "-q")
                    for paths in (["fleet"], [self.CORE], [self.TASK], [self.CORE, self.TASK],
                                  [self.CORE + "/storage/instances/i-tx-5c01aa-1775406000"]):
                        self.run_gate("fsck", *paths)

    def test_a_decision_witnesses_what_it_is_about(self):
        proposal = self.write(self.TASK + "/consensus/proposals/P-52aa.json", {
            "proposal_id": "P-52aa", "change_type": "fix", "title": "Parse again",
            "prov:wasGeneratedBy": "ckp://Action#CK.Task/propose-1775400000",
            "prov:wasAttributedTo": "ckp://Actor#keeper.nora", "prov:generatedAtTime": "2026-04-05T14:40:00Z"})
        self.run_gate("seal", "fleet", "-q")
        self.run_gate("verify", "fleet", "--strict", "--complete")
        proposal.write_text(proposal.read_text().replace("keeper.nora", "keeper.vera"))
        self.run_gate("verify", "fleet")
        self.assertIn("P-52aa.json", self.run_gate("verify", "fleet", "--strict", code=5).stdout)
        self.run_gate("seal", "fleet", "-q")
        self.run_gate("verify", "fleet", "--strict")
        proposal.unlink()
        self.assertIn("P-52aa.json", self.run_gate("verify", "fleet", "--strict", code=5).stdout)

    def test_a_full_disk_is_not_told_by_writing_through_a_link(self):
        self.run_gate("seal", self.TASK, "-q")
        victim = self.write("victim", "precious")
        (self.dir / "store/space-probe.tmp").symlink_to(victim)
        limit = 80 << 10
        done = subprocess.run(
            [os.environ["PROVGATE"], "seal", "fleet", "-q"], cwd=self.dir, env=self.env, capture_output=True,
            preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
                                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))))
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertEqual(victim.read_text(), "precious")


class Gone(Case):
    """What was named and is not there is missing where something was sealed there, and a slip of the pen elsewhere."""

    def setUp(self):
        super().setUp()
        for kernel in ("Acme.One", "Acme.Two"):
            for i in range(2):
                self.note(kernel, f"i-{kernel[-3:].lower()}-{i}")
        self.run_gate("seal", ".", "-q")

    def test_a_named_kernel_or_instance_that_is_gone(self):
        shutil.move(self.dir / "Acme.One", self.dir / "aside")
        for paths in (["Acme.One"], ["Acme.One/"], [str(self.dir / "Acme.One")], ["Acme.One", "Acme.Two"],
                      ["Acme.One/storage/instances/i-one-0"], ["Acme.Two", "Acme.One/storage/instances/i-one-0"]):
            done = self.run_gate("verify", *paths, code=5)
            self.assertIn("Acme.One", done.stdout, paths)
            self.assertNotIn("= of \n", done.stdout)
            self.assertEqual("verified 2 sealed" in done.stderr, "Acme.Two" in paths, done.stderr)
        for paths in (["Acme.Three"], ["Acme.Two", "Acme.Three"], ["Acme.One/storage/instances/i-none"]):
            self.run_gate("verify", *paths, code=3)
        shutil.move(self.dir / "aside", self.dir / "Acme.One")
        shutil.rmtree(self.dir / "Acme.One/storage/instances/i-one-1")
        self.run_gate("verify", "Acme.One/storage/instances/i-one-1", code=5)
        self.run_gate("verify", "Acme.One/storage/instances/i-one-0")


if __name__ == "__main__":
    unittest.main()
