# SPDX-License-Identifier: Apache-2.0
"""Each kind of system call that sealing makes fails at some moment: the next run completes what was begun."""

import random
import re
import shutil
import subprocess
import unittest

from support import LONG, PROVGATE, ROOT, Case

NOTES = 3
RUN = (ROOT / "examples/ferry/run.ndjson").read_text()
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


@unittest.skipUnless(shutil.which("strace") and may_trace(), "strace is not here, or may not trace")
class KeptRecords(Case):
    """Every write of appending events, and of making their statements, is the last one or fails: whole batches are
    there or none, no cursor is ahead of what is there, and the next run completes it."""

    WRITES = ("pwrite64", "pwritev", "writev", "write", "fdatasync", "fsync", "ftruncate", "fallocate", "mkdir", "link",
              "linkat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "openat2", "msync")
    BATCH, EVENTS = 4, 14
    APPEND = ("events", "append", "log.ndjson", "--batch", str(BATCH))
    CATCH_UP = ("query", "-e", "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }", "--format", "csv")

    def setUp(self):
        super().setUp()
        self.log = "".join(line + "\n" for line in RUN.splitlines()[: self.EVENTS])

    def gate(self, place, *args, trace=(), codes=(0,)):
        done = subprocess.run([*trace, PROVGATE, *args, "--store", "store"], cwd=place, env=self.env,
                              capture_output=True, text=True, timeout=120)
        self.assertIn(done.returncode, codes, f"{place.name} {args} {trace}\n{done.stdout}{done.stderr}")
        return done

    def place(self, name, appended=False):
        place = self.dir / name
        place.mkdir()
        (place / "log.ndjson").write_text(self.log)
        if appended:
            self.gate(place, *self.APPEND)
        return place

    def end(self, place):
        """What is there once all was appended, and once the graph has caught up."""
        self.gate(place, *self.APPEND)
        events = self.gate(place, "events", "query").stdout
        graph = sorted(self.gate(place, *self.CATCH_UP).stdout.splitlines())
        self.gate(place, "fsck")
        return events, graph

    def calls(self, verb, appended):
        place = self.place("counted", appended)
        self.gate(place, *verb, trace=["strace", "-f", "-c", "-o", "calls"])
        rows = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +\d* *(\w+)$", (place / "calls").read_text(), re.M)
        whole = self.end(place)
        shutil.rmtree(place)
        self.assertEqual(len(whole[0].splitlines()), self.EVENTS)
        self.assertGreater(len(whole[1]), 2 * self.EVENTS)
        return {name: int(n) for n, name in rows if name in self.WRITES}, whole

    def one(self, number, verb, appended, fault, whole):
        place = self.place(f"run-{number}", appended)
        begun = self.gate(place, *verb, codes=(0, 2, 4, 5, 6, -9),
                          trace=["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=" + fault])
        if (place / "store").exists():
            # What is there is whole; the index and both cursors say the same.
            kept = self.gate(place, "events", "query", codes=(0, 4)).stdout.splitlines()
            self.assertTrue(len(kept) % self.BATCH == 0 or len(kept) == self.EVENTS, f"{fault}: {len(kept)}")
            self.gate(place, "fsck", codes=(0, 4))
        self.assertEqual(self.end(place), whole, fault)
        shutil.rmtree(place)
        return begun.returncode

    def every_write(self, verb, appended):
        calls, whole = self.calls(verb, appended)
        self.assertGreaterEqual(calls.keys(), {"pwrite64", "fdatasync", "write"})
        codes, number = {}, 0
        for call, count in sorted(calls.items()):
            for when in range(1, count + 1):
                for how in ("signal=KILL", "error=EIO", "error=ENOSPC"):
                    number += 1
                    code = self.one(number, verb, appended, f"{call}:{how}:when={when}", whole)
                    codes[code] = codes.get(code, 0) + 1
        print(f"{number} faults at {sum(calls.values())} writes of {verb[0]}, exit codes {codes}")
        self.assertGreater(codes.get(6, 0), 3, "the alarm works: faults are seen")
        self.assertGreater(codes.get(-9, 0), 10, "the alarm works: kills are met")

    def test_every_write_of_append(self):
        self.every_write(self.APPEND, appended=False)

    def test_every_write_of_the_catching_up(self):
        self.every_write(self.CATCH_UP, appended=True)


if __name__ == "__main__":
    unittest.main()
