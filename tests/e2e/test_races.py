# SPDX-License-Identifier: Apache-2.0
"""Somebody swaps links, directories and names about while a tree is sealed: nothing outside it is touched."""

import contextlib
import os
import random
import re
import stat
import subprocess
import threading
import time
import unittest

from support import LONG, PROVGATE, Case

ROUNDS = 100 if LONG else 10
NOTES = 12


class Races(Case):
    """One round: a fresh tree, a swapper beside it, one seal; then what lies outside is as it was."""

    def round(self, number, swap):
        tree = self.dir / f"round-{number}"
        outside = tree / "outside"
        outside.mkdir(parents=True)
        for i in range(NOTES):
            manifest = self.note(f"round-{number}/Acme.Notes", f"i-note-{i}")
            text = manifest.read_text().replace(f"round-{number}/", "")
            manifest.write_text(text)
            # What a link may lead to has the bytes that were judged: only its rights would tell.
            target = outside / f"i-note-{i}"
            target.mkdir()
            (target / "manifest.json").write_text(text)
            (target / "manifest.json").chmod(0o666)
        before = self.state(outside)
        over = threading.Event()
        swaps = [0]

        def swapper():
            moments = random.Random(number)
            while not over.is_set():
                with contextlib.suppress(OSError):
                    swap(tree, outside)
                    swaps[0] += 1
                # Else nothing would ever be judged while everything is in its place.
                time.sleep(moments.choice((0, 0, 0.001, 0.004)))

        beside = threading.Thread(target=swapper)
        beside.start()
        try:
            done = subprocess.run(
                [PROVGATE, "seal", "Acme.Notes", "-q", "--store", "store"], cwd=tree, env=self.env,
                capture_output=True, text=True, timeout=60)
        finally:
            over.set()
            beside.join()
        self.assertIn(done.returncode, (0, 1, 3, 4, 5, 6), done.stderr)
        self.assertEqual(self.state(outside), before, f"{done.stdout}\n{done.stderr}")
        sealed = re.search(r"([\d,]+) sealed", done.stderr)
        return swaps[0], done.returncode, int(sealed[1].replace(",", "")) if sealed else 0

    def state(self, outside):
        found = {}
        for place, directories, files in os.walk(outside):
            for name in [*directories, *files]:
                path = os.path.join(place, name)
                seen = os.lstat(path)
                found[path] = (stat.S_IMODE(seen.st_mode), seen.st_size if name in files else 0)
        return found

    def rounds(self, name, swap):
        seen = [self.round(number, swap) for number in range(ROUNDS)]
        codes = {code: [c for _, c, _ in seen].count(code) for _, code, _ in seen}
        swaps, sealed = sum(n for n, _, _ in seen), sum(n for _, _, n in seen)
        print(f"{name}: {ROUNDS} rounds, {swaps} swaps, {sealed} sealed, exit codes {codes}")
        self.assertGreater(swaps, ROUNDS)
        self.assertGreater(sealed, 0, "there was something to race with")

    def test_an_instance_becomes_a_link(self):
        def swap(tree, outside):
            place = tree / "Acme.Notes/storage/instances/i-note-5"
            place.rename(tree / "aside")
            place.symlink_to(outside / "i-note-5")
            place.unlink()
            (tree / "aside").rename(place)

        self.rounds("an instance becomes a link", swap)

    def test_a_file_becomes_a_link(self):
        def swap(tree, outside):
            place = tree / "Acme.Notes/storage/instances/i-note-5/manifest.json"
            place.rename(tree / "aside")
            place.symlink_to(outside / "i-note-5/manifest.json")
            place.unlink()
            (tree / "aside").rename(place)

        self.rounds("a file becomes a link", swap)

    def test_a_parent_is_renamed(self):
        def swap(tree, outside):
            place = tree / "Acme.Notes/storage/instances"
            place.rename(tree / "aside")
            place.symlink_to(outside)
            place.unlink()
            (tree / "aside").rename(place)

        self.rounds("a parent is renamed", swap)

    def test_the_proof_directory_becomes_a_link(self):
        def swap(tree, outside):
            place = tree / "Acme.Notes/storage/proof"
            place.mkdir(exist_ok=True)
            place.rename(tree / "aside")
            place.symlink_to(outside)
            place.unlink()
            (tree / "aside").rename(place)

        self.rounds("the proof directory becomes a link", swap)

    def test_a_file_becomes_a_hard_link(self):
        def swap(tree, outside):
            place = tree / "Acme.Notes/storage/instances/i-note-5/manifest.json"
            place.rename(tree / "aside")
            os.link(outside / "i-note-5/manifest.json", place)
            place.unlink()
            (tree / "aside").rename(place)

        self.rounds("a file becomes a hard link", swap)

    def test_the_alarm_works(self):
        """Who goes by names alone touches what lies outside: the rounds above would see it."""
        touched = 0
        for number in range(50):
            tree = self.dir / f"canary-{number}"
            (tree / "in").mkdir(parents=True)
            (tree / "outside").mkdir()
            for name in ("in/file", "outside/file"):
                (tree / name).write_text("x")
            before = self.state(tree / "outside")
            (tree / "in").rename(tree / "aside")
            (tree / "in").symlink_to(tree / "outside")
            os.chmod(tree / "in/file", 0o444)
            touched += self.state(tree / "outside") != before
        self.assertEqual(touched, 50)


if __name__ == "__main__":
    unittest.main()
