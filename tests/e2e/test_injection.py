# SPDX-License-Identifier: Apache-2.0
"""Each kind of system call that sealing makes fails at some moment: the next run completes what was begun."""

import random
import re
import shutil
import subprocess
import unittest

from support import LONG, PROVGATE, Case

NOTES = 3
# What ends a program before it is one, or fails by itself all the time.
NOT_INJECTED = {
    "execve", "exit_group", "exit", "arch_prctl", "set_tid_address", "set_robust_list", "rseq", "brk", "futex"}


def may_trace():
    done = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, check=False)
    return done.returncode == 0


@unittest.skipUnless(shutil.which("strace") and may_trace(), "strace is not here, or may not trace")
class Injection(Case):
    def tree(self, name):
        place = self.dir / name
        for i in range(NOTES):
            manifest = self.note(f"{name}/Acme.Notes", f"i-note-{i}")
            manifest.write_text(manifest.read_text().replace(f"{name}/", ""))
        return place

    def gate(self, place, *args, trace=()):
        return subprocess.run(
            [*trace, PROVGATE, *args, "--store", "store"], cwd=place, env=self.env, capture_output=True, text=True,
            timeout=120)

    def state(self, place):
        return self.as_sealed("Acme.Notes", place=place)

    def calls(self):
        """How often sealing makes each kind of call."""
        place = self.tree("counted")
        count = ["strace", "-f", "-c", "-o", "calls"]
        seal = self.gate(place, "seal", "Acme.Notes", "-q", "--threads", "1", trace=count)
        self.assertEqual(seal.returncode, 0, seal.stderr)
        rows = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +\d* *(\w+)$", (place / "calls").read_text(), re.M)
        self.assertGreater(len(rows), 20)
        return {name: int(n) for n, name in rows if name not in NOT_INJECTED}, self.state(place)

    def one(self, number, call, when, error, whole):
        place = self.tree(f"run-{number}")
        inject = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={call}:error={error}:when={when}"]
        first = self.gate(place, "seal", "Acme.Notes", "-q", "--threads", "1", trace=inject)
        what = f"{call} #{when} {error}: {first.returncode} {first.stdout}{first.stderr}"
        # Before the program is one the loader ends it, as it likes; afterwards nothing does.
        begun = (place / "store").exists()
        self.assertIn(first.returncode, (0, 1, 3, 4, 5, 6) if begun else range(-64, 128), what)
        self.assertNotEqual(first.returncode, 70, what)
        if (place / "store").exists():
            verified = self.gate(place, "verify", "Acme.Notes")
            self.assertIn(verified.returncode, (0, 4, 6), what + verified.stdout + verified.stderr)
        again = self.gate(place, "seal", "Acme.Notes", "-q")
        self.assertEqual(again.returncode, 0, what + again.stdout + again.stderr)
        for verb in (("verify", "Acme.Notes"), ("fsck", "Acme.Notes")):
            done = self.gate(place, *verb)
            self.assertEqual(done.returncode, 0, what + done.stdout + done.stderr)
        self.assertEqual(self.state(place), whole, what)
        shutil.rmtree(place, ignore_errors=True)
        return first.returncode

    def test_every_kind_of_call_fails_once(self):
        calls, whole = self.calls()
        self.assertGreaterEqual(calls.keys(), {"openat2", "fchmod", "renameat2", "write"})
        random_ = random.Random(31)
        codes, runs = {}, 0
        for call, count in sorted(calls.items()):
            # Each thread counts its own calls, so that the last ones may not be met.
            few = {random_.randint(1, count), random_.randint(1, max(1, count // 2))}
            moments = range(1, count + 1) if LONG else few
            for when in sorted(moments):
                runs += 1
                code = self.one(runs, call, when, random_.choice(["EIO", "ENOSPC", "ENOMEM"]), whole)
                codes[code] = codes.get(code, 0) + 1
        print(f"{runs} faults in {len(calls)} kinds of calls, exit codes {codes}")
        self.assertGreater(codes.get(6, 0) + codes.get(3, 0), 5, "the alarm works: faults are seen")


if __name__ == "__main__":
    unittest.main()
