# SPDX-License-Identifier: Apache-2.0
"""Two, four and eight seal into one store at once, the same tree or trees of their own: as if one had."""

import subprocess
import time
import unittest

from support import PROVGATE, Case

NOTES = 48


class Sealers(Case):
    def kernel(self, name):
        for i in range(NOTES):
            manifest = self.note(f"{name}/Acme.{name.capitalize()}", f"i-{name}-{i:02}")
            manifest.write_text(manifest.read_text().replace(f"{name}/Acme", "Acme"))

    def gate(self, *args):
        return self.run_gate(*args, "--store", self.store)

    def seen(self, trees):
        return self.as_sealed(*trees, store=self.store)

    def at_once(self, trees, each):
        """Every one of `each` is what one sealer seals."""
        self.store = "one"
        for tree in trees:
            self.kernel(tree)
        self.gate("seal", *trees, "-q")
        alone = self.seen(trees)
        subprocess.run(["rm", "-rf", *trees, "one"], cwd=self.dir, check=True)
        self.store = "many"
        for tree in trees:
            self.kernel(tree)
        began = time.monotonic()
        sealers = [
            subprocess.Popen(
                [PROVGATE, "seal", tree, "-q", "--batch", "5", "--store", self.store], cwd=self.dir, env=self.env,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            for tree in each
        ]
        for sealer in sealers:
            said, _ = sealer.communicate(timeout=120)
            self.assertEqual(sealer.returncode, 0, said)
        took = time.monotonic() - began
        self.gate("verify", *trees)
        self.gate("fsck", *trees)
        self.assertIn(f"{NOTES * len(trees)} already sealed", self.gate("seal", *trees, "-q").stderr)
        many = self.seen(trees)
        for what, said in alone.items():
            self.assertEqual(many[what], said, what)
        print(f"{len(each)} sealers of {len(trees)}: {NOTES * len(trees)} records in {took:.1f} s")

    def test_two_of_one_tree(self):
        self.at_once(["a"], ["a"] * 2)

    def test_four_of_one_tree(self):
        self.at_once(["a"], ["a"] * 4)

    def test_eight_of_one_tree(self):
        self.at_once(["a"], ["a"] * 8)

    def test_two_trees(self):
        self.at_once(list("ab"), list("ab"))

    def test_four_trees(self):
        self.at_once(list("abcd"), list("abcd"))

    def test_eight_trees(self):
        self.at_once(list("abcdefgh"), list("abcdefgh"))

    def test_the_alarm_works(self):
        self.store = "one"
        self.kernel("a")
        self.gate("seal", "a", "-q")
        alone = self.seen(["a"])
        log = next((self.dir / "a").rglob("audit.jsonl"))
        log.write_text(log.read_text() + log.read_text().splitlines()[0] + "\n")
        self.assertNotEqual(self.seen(["a"]), alone)


class TwoStores(Case):
    """Sealers into two stores over one tree: each store knows what lies there in the end."""

    def test_both_verify(self):
        for round in range(6):
            kernel = f"Acme.Round{round}"
            for i in range(40):
                self.note(kernel, f"i-{i}")
            running = [subprocess.Popen([PROVGATE, "seal", kernel, "-q", "--store", store, "--batch", "7"],
                                        cwd=self.dir, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
                       for store in ("a.s", "b.s")]
            for one in running:
                error = one.communicate(timeout=60)[1]
                self.assertEqual(one.returncode, 0, error)
            for store in ("a.s", "b.s"):
                self.run_gate("seal", kernel, "-q", "--store", store)
                self.run_gate("verify", kernel, "--strict", "--store", store)


if __name__ == "__main__":
    unittest.main()
