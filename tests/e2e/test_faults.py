# SPDX-License-Identifier: Apache-2.0
"""Faults of the world on a real disk: no space, no rights, kill -9 at any moment, a large file."""

import os
import resource
import shutil
import signal
import subprocess
import time
import unittest

from support import PROVGATE, Case, NobodyCase


class Faults(Case):
    def test_no_space_left(self):
        """A file size limit stands in for a full disk: the same path through write() and LMDB."""
        for i in range(40):
            self.note(instance=f"i-note-{i}")
        hit = False
        for limit in (4096, 20000, 60000, 150000):

            def limited(limit=limit):
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

            done = self.run_gate("seal", "Acme.Notes", "-q", code=None, preexec_fn=limited)
            if done.returncode:
                hit = True
                self.assertEqual(done.returncode, 6, done.stderr + done.stdout)
                self.assertRegex(done.stderr + done.stdout, "File too large|No space left")
        self.assertTrue(hit)
        self.run_gate("seal", "Acme.Notes", "-q")
        self.run_gate("verify", "Acme.Notes")
        self.assertIn("40 sealed", self.run_gate("status").stdout)

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("mount"), "needs root and mount")
    def test_a_disk_that_is_really_full(self):
        small = self.dir / "small"
        small.mkdir()
        if subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(small)], capture_output=True
        ).returncode:
            self.skipTest("this system does not let root mount a tmpfs")
        try:
            for i in range(30):
                self.note(instance=f"i-note-{i}")
            env = {"PROVGATE_STORE": str(small / "store")}
            done = self.run_gate("seal", "Acme.Notes", code=6, env=env)
            self.assertIn("No space left on device", done.stderr + done.stdout)
            subprocess.run(["mount", "-o", "remount,size=64m", str(small)], check=True)
            self.run_gate("seal", "Acme.Notes", "-q", env=env)
            self.run_gate("verify", "Acme.Notes", env=env)
        finally:
            subprocess.run(["umount", str(small)], check=False)

    def test_killed_at_any_moment_of_sealing(self):
        for i in range(30):
            self.note(instance=f"i-note-{i}")
        for delay in (0.005, 0.01, 0.02, 0.04, 0.08, 0.12):
            process = subprocess.Popen(
                [PROVGATE, "seal", "Acme.Notes", "-q"],
                cwd=self.dir,
                env=self.env,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.run_gate("seal", "Acme.Notes", "-q")
        self.run_gate("verify", "Acme.Notes")
        self.assertIn("30 sealed, 0 rejected", self.run_gate("status").stdout)
        audit = (self.dir / "Acme.Notes/storage/ledger/audit.jsonl").read_text().splitlines()
        self.assertEqual(len([line for line in audit if '"event":"sealed"' in line]), 30)

    def test_two_sealers_at_once(self):
        for kernel in ("Acme.One", "Acme.Two"):
            for i in range(15):
                self.note(kernel, f"i-{kernel[-3:].lower()}-{i}")
        both = [
            subprocess.Popen(
                [PROVGATE, "seal", kernel, "-q"],
                cwd=self.dir,
                env=self.env,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for kernel in ("Acme.One", "Acme.Two")
        ]
        for process in both:
            self.assertIn(process.wait(timeout=60), (0, 6))
        self.run_gate("seal", ".", "-q")
        self.run_gate("verify", ".")
        self.assertIn("30 sealed", self.run_gate("status").stdout)

    def test_a_file_over_the_limit(self):
        manifest = self.note()
        with open(manifest, "r+b") as file:
            file.truncate(1 << 30)
        done = self.run_gate("check", "Acme.Notes", code=3)
        self.assertIn("the limit is 67,108,864", done.stdout)

    def test_odd_file_names(self):
        self.note()
        for name in ("new\nline", 'quo"te', "x> . <urn:evil> a <urn:y", "\x1b[31mred"):
            self.write(f"Acme.Notes/storage/instances/{name}/manifest.json", {"instance_id": name})
        os.makedirs(os.path.join(os.fsencode(self.dir), b"Acme.Notes/storage/instances/\xff\xfe"))
        with open(
            os.path.join(os.fsencode(self.dir), b"Acme.Notes/storage/instances/\xff\xfe/manifest.json"), "w"
        ) as file:
            file.write("{}")
        report = self.report("Acme.Notes", code=1)
        self.assertEqual(report["score"]["of"], 5)  # a name that is not UTF-8 is refused, not read
        self.assertIn("INPUT-008", {f["rule"] for f in report["findings"]})
        self.assertNotIn("\x1b", self.run_gate("check", "Acme.Notes", code=1).stdout)
        done = self.run_gate("convert", "Acme.Notes", "--to", "nquads", code=1)
        self.assertEqual(done.stdout, "", "all or nothing")
        self.assertIn("nothing was written", done.stderr)
        self.run_gate("seal", "Acme.Notes", code=1)


class Unprivileged(NobodyCase):
    def setUp(self):
        super().setUp()
        self.note()
        self.env["PROVGATE_STORE"] = str(self.dir / "theirs/store")
        (self.dir / "theirs").mkdir()
        os.chown(self.dir / "theirs", 65534, 65534)

    def test_a_tree_that_cannot_be_written(self):
        done = self.as_nobody("seal", "Acme.Notes", code=6)
        self.assertIn("another user's", done.stdout)
        self.assertIn("0 sealed", self.as_nobody("status", code=0).stdout)
        subprocess.run(["chown", "-R", "65534:65534", str(self.dir / "Acme.Notes")], check=True)
        self.as_nobody("seal", "Acme.Notes", code=0)
        self.as_nobody("verify", "Acme.Notes", code=0)

    def test_unreadable_places(self):
        closed = self.note(instance="i-closed")
        closed.chmod(0)
        shut = self.note(instance="i-shut").parent
        shut.chmod(0)
        done = self.as_nobody("check", "Acme.Notes", code=3)
        self.assertEqual(done.stdout.count("Permission denied"), 2)
        self.assertIn("1/", done.stdout)

    def test_a_store_that_cannot_be_made(self):
        self.env["PROVGATE_STORE"] = str(self.dir / "store")
        self.as_nobody("seal", "Acme.Notes", code=6)


if __name__ == "__main__":
    unittest.main()
