# SPDX-License-Identifier: Apache-2.0
"""The ledger as it is read: log, --expect-head, fsck; and runs of seal that end before their end."""

import fcntl
import hashlib
import json
import random
import re
import shutil
import signal
import subprocess
import time
import unittest

from support import LONG, PROVGATE, Case


class Log(Case):
    def setUp(self):
        super().setUp()
        for i in (1, 2):
            self.note(instance=f"i-note-{i}")
        self.run_gate("seal", "Acme.Notes", "-q")
        self.note("Acme.Bad", "i-bad-1", **{"prov:wasAttributedTo": "ckp://Kernel#Other.Kernel:v1.0"})
        self.run_gate("seal", "Acme.Bad", "-q", code=1)

    def head(self):
        return ":".join(re.search(r"head +#(\d+) ([0-9a-f]{64})", self.run_gate("status").stdout).groups())

    def test_entries_as_lines_and_whole(self):
        lines = self.run_gate("log").stdout.splitlines()
        self.assertEqual([line.split("  ")[0] for line in lines], ["#1", "#2", "#3"])
        self.assertRegex(lines[2], r"  rejected  local/Acme.Bad  ckp://Instance#i-bad-1  breaks PROV-\d+")
        self.assertEqual(self.run_gate("log", "i-note-2").stdout, lines[1] + "\n")
        self.assertEqual(self.run_gate("log", "ckp://Instance#i-note-2").stdout, lines[1] + "\n")
        self.assertEqual(self.run_gate("log", "--kind", "rejected").stdout, lines[2] + "\n")
        whole = self.run_gate("log", "show", "3").stdout
        for word in ("digest", "prev", "rejected", "Acme.Bad", "breaks", "storage/instances/i-bad-1/manifest.json"):
            self.assertIn(word, whole)

    def test_the_export_is_the_ledger_byte_for_byte(self):
        lines = self.run_gate("log", "export").stdout.splitlines()
        self.assertEqual(lines, self.run_gate("log", "-o", "json").stdout.splitlines())
        digest = "0" * 64
        for number, line in enumerate(lines, 1):
            entry = json.loads(line)
            self.assertEqual((entry["seq"], entry["prev"]), (number, digest))
            canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            self.assertEqual(line, canonical)
            digest = hashlib.sha256(line.encode()).hexdigest()
        self.assertEqual(self.head(), f"{len(lines)}:{digest}")

    def test_what_is_not_there_and_what_is_not_meant(self):
        for words in (["i-note-9"], ["note-1"], ["show", "4"], ["show", "0"]):
            self.run_gate("log", *words, code=2 if words == ["show", "0"] else 4)
        for words in (["show"], ["show", "x"], ["a", "b"], ["--kind", "odd"], ["-o", "xml"]):
            self.run_gate("log", *words, code=2)
        self.run_gate("log", "--store", "none", code=4)

    def test_an_expected_head(self):
        first = self.head()
        for verb in (["verify", "Acme.Notes"], ["fsck"]):
            self.run_gate(*verb, "--expect-head", first)
            for wrong in ("3", "x:y", "3:" + "0" * 63, "0:" + "0" * 64):
                self.run_gate(*verb, "--expect-head", wrong, code=2)
            self.run_gate(*verb, "--expect-head", "3:" + "0" * 64, code=5)
            self.run_gate(*verb, "--expect-head", "4:" + "0" * 64, code=5)
        shutil.copytree(self.dir / "store", self.dir / "earlier")
        self.note(instance="i-note-3")
        self.run_gate("seal", "Acme.Notes", "-q")
        later = self.head()
        for head in (first, later):
            self.run_gate("verify", "Acme.Notes", "--expect-head", head)
        # Rolled back, and begun anew.
        self.assertIn(
            "no entry 4", self.run_gate("fsck", "--store", "earlier", "--expect-head", later, code=5).stderr
        )
        shutil.rmtree(self.dir / "store")
        shutil.rmtree(self.dir / "Acme.Notes/storage/proof")
        (self.dir / "Acme.Notes/storage/ledger/audit.jsonl").unlink()
        self.run_gate("seal", "Acme.Notes", "-q")
        self.run_gate("verify", "Acme.Notes")
        self.assertIn("another entry 3", self.run_gate("verify", "Acme.Notes", "--expect-head", first, code=5).stderr)


class CutShort(Case):
    """A seal that is killed, interrupted, or kept waiting."""

    count = 500

    def setUp(self):
        super().setUp()
        for i in range(self.count):
            self.note(instance=f"i-note-{i:04}")

    def sealing(self, *more):
        return subprocess.Popen(
            [PROVGATE, "seal", "Acme.Notes", "-q", *more],
            cwd=self.dir,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def test_kills_at_random_moments(self):
        self.run_gate("seal", "Acme.Notes", "-q")
        whole = self.as_sealed("Acme.Notes")
        began = time.monotonic()
        shutil.rmtree(self.dir / "store")
        random.seed(11)
        counts = {}
        for _ in range(200 if LONG else 20):
            shutil.rmtree(self.dir / "Acme.Notes")
            shutil.rmtree(self.dir / "store", ignore_errors=True)
            for i in range(self.count):
                self.note(instance=f"i-note-{i:04}")
            running = self.sealing("--batch", random.choice(["20", "150", "1000"]))
            time.sleep(random.uniform(0.02, 0.35))
            running.kill()
            running.communicate()
            # A kill is no tampering, and what was sealed is as sealed.
            seen = self.run_gate("verify", "Acme.Notes", code=None).returncode
            self.assertIn(seen, (0, 4, 6))
            counts[seen] = counts.get(seen, 0) + 1
            if (self.dir / "store/data.mdb").exists():
                self.run_gate("fsck")
            self.run_gate("seal", "Acme.Notes", "-q")
            self.assertIn("all as sealed", self.run_gate("verify", "Acme.Notes").stderr)
            self.run_gate("fsck", "Acme.Notes")
            for what, said in self.as_sealed("Acme.Notes").items():
                self.assertEqual(said, whole[what], what)
        print(f"{sum(counts.values())} kills in {time.monotonic() - began:.0f} s, verify said {counts}")

    def test_an_interrupt_ends_with_what_was_done(self):
        running = self.sealing()
        deadline = time.monotonic() + 20
        while not (self.dir / "store/seal.lock").exists() and time.monotonic() < deadline:
            time.sleep(0.001)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate()
        self.assertIn(running.returncode, (130, 0), said)
        if running.returncode == 130:
            self.assertRegex(said, r"interrupted: [\d,]+ of 500 sealed; run it again")
        self.run_gate("seal", "Acme.Notes", "-q")
        self.assertIn("verified 500", self.run_gate("verify", "Acme.Notes").stderr)

    def test_who_waits_is_told_and_need_not_wait_for_ever(self):
        self.run_gate("seal", "Acme.Notes", "-q")
        self.note(instance="i-late")
        with open(self.dir / "store/seal.lock", "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = self.run_gate("seal", "Acme.Notes/storage/instances/i-late", "--wait", "0", code=6)
            self.assertIn("another process is sealing into this store", done.stdout)
            waiting = self.sealing()
            time.sleep(0.6)
            self.assertIsNone(waiting.poll())
        out, _ = waiting.communicate(timeout=60)
        self.assertEqual(waiting.returncode, 0, out)
        self.run_gate("verify", "Acme.Notes")

    def test_a_wait_is_over_for_all_records_at_once(self):
        self.note("Acme.First")
        self.run_gate("seal", "Acme.First", "-q")
        with open(self.dir / "store/seal.lock", "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            began = time.monotonic()
            done = self.run_gate("seal", "Acme.Notes", "--wait", "1", code=6)
            self.assertLess(time.monotonic() - began, 60, "it waited again for each record")
            self.assertIn("500 failed", done.stderr)
            self.assertNotIn("#", re.sub(r"ckp://Instance#", "", done.stdout), "what stands in no ledger has no number")
            waiting = self.sealing()
            time.sleep(0.6)
            waiting.send_signal(signal.SIGINT)
            self.assertIn("interrupted: ", waiting.communicate(timeout=60)[1])
            self.assertEqual(waiting.returncode, 130)
        self.run_gate("seal", "Acme.Notes", "-q")

    def test_who_holds_the_lock_hides_nothing(self):
        self.run_gate("seal", "Acme.Notes", "-q")
        proofs = self.dir / "Acme.Notes/storage/proof"
        (proofs / "i-false").mkdir()
        text = (proofs / "i-note-0001/proof.json").read_text().replace("i-note-0001", "i-false")
        (proofs / "i-false/proof.json").write_text(text)
        with open(self.dir / "store/seal.lock", "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertIn("forged", self.run_gate("verify", "Acme.Notes", code=5).stdout)

    def test_instances_behind_a_link_are_changed(self):
        self.run_gate("seal", "Acme.Notes", "-q")
        storage = self.dir / "Acme.Notes/storage"
        (storage / "instances").rename(storage / "elsewhere")
        (storage / "instances").symlink_to("elsewhere")
        self.assertIn("a link in its path", self.run_gate("verify", "Acme.Notes", code=5).stdout)


if __name__ == "__main__":
    unittest.main()
