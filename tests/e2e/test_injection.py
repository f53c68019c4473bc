# SPDX-License-Identifier: Apache-2.0
"""Each kind of system call that sealing makes fails at some moment: the next run completes what was begun."""

import json
import random
import re
import shutil
import subprocess
import unittest

from support import LONG, PROVGATE, ROOT, Case

NOTES = 3
RUN = (ROOT / "examples/ferry/run.ndjson").read_text()
NOW = ("--now", "2026-04-03T08:00:00Z")
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
    VERBS, MOST = ((APPEND, False), (CATCH_UP, True)), 24

    def setUp(self):
        super().setUp()
        self.log = "".join(line + "\n" for line in RUN.splitlines()[: self.EVENTS])

    def gate(self, place, *args, trace=(), codes=(0,)):
        done = subprocess.run([*trace, PROVGATE, *args, "--store", "store"], cwd=place, env=self.env,
                              capture_output=True, text=True, timeout=120)
        self.assertIn(done.returncode, codes, f"{place.name} {args} {trace}\n{done.stdout}{done.stderr}")
        return done

    def place(self, name, begun):
        place = self.dir / name
        place.mkdir()
        (place / "log.ndjson").write_text(self.log)
        if begun:
            self.gate(place, *self.APPEND)
        return place

    def end(self, place):
        """What is there once all was appended, and once the graph has caught up."""
        self.gate(place, *self.APPEND)
        events = self.gate(place, "events", "query").stdout
        graph = sorted(self.gate(place, *self.CATCH_UP).stdout.splitlines())
        self.gate(place, "fsck")
        self.assertEqual(len(events.splitlines()), self.EVENTS)
        self.assertGreater(len(graph), 2 * self.EVENTS)
        return events, graph

    def between(self, place, fault):
        """What is there is whole; the index and both cursors say the same."""
        kept = self.gate(place, "events", "query", codes=(0, 4)).stdout.splitlines()
        self.assertTrue(len(kept) % self.BATCH == 0 or len(kept) == self.EVENTS, f"{fault}: {len(kept)}")

    def calls(self, verb, begun):
        place = self.place("counted", begun)
        self.gate(place, *verb, trace=["strace", "-f", "-c", "-o", "calls"])
        rows = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +\d* *(\w+)$", (place / "calls").read_text(), re.M)
        whole = self.end(place)
        shutil.rmtree(place)
        return {name: int(n) for n, name in rows if name in self.WRITES}, whole

    def one(self, number, verb, begun, fault, whole):
        place = self.place(f"run-{number}", begun)
        done = self.gate(place, *verb, codes=(0, 2, 4, 5, 6, -9),
                         trace=["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=" + fault])
        if (place / "store").exists():
            self.between(place, fault)
            self.gate(place, "fsck", codes=(0, 4))
        self.assertEqual(self.end(place), whole, fault)
        shutil.rmtree(place)
        return done.returncode

    def every_write(self, verb, begun, most):
        """Of all writes and ways to fail in a long run; else of `most` that are drawn."""
        calls, whole = self.calls(verb, begun)
        self.assertGreaterEqual(calls.keys(), {"pwrite64", "fdatasync", "write"})
        faults = [f"{call}:{how}:when={when}" for call, count in sorted(calls.items()) for when in range(1, count + 1)
                  for how in ("signal=KILL", "error=EIO", "error=ENOSPC")]
        if not LONG:
            faults = random.Random(len(verb)).sample(faults, min(most, len(faults)))
        codes = {}
        for number, fault in enumerate(faults):
            code = self.one(number, verb, begun, fault, whole)
            codes[code] = codes.get(code, 0) + 1
        print(f"{len(faults)} faults at {sum(calls.values())} writes of {' '.join(verb[:2])}, exit codes {codes}")
        self.assertGreater(codes.get(6, 0), 0, "the alarm works: faults are seen")
        self.assertGreater(codes.get(-9, 0), 0, "the alarm works: kills are met")

    def test_every_write(self):
        for verb, begun in self.VERBS:
            self.every_write(verb, begun, self.MOST)


class KeptExperience(KeptRecords):
    """The same of adding records, of sealing one and of revoking one: the old or the new state, never one between."""

    ADD, SEAL, REVOKE = STEPS = (("experience", "add", "log.ndjson", *NOW),
                                 ("experience", "seal", "00000061-0000-4000-8000-000000000061", *NOW),
                                 ("experience", "revoke", "00000021-0000-4000-8000-000000000021", "--reason", "no",
                                  *NOW))
    VERBS, MOST = ((ADD, 0), (SEAL, 1), (REVOKE, 2)), 14

    def setUp(self):
        super().setUp()
        examples = ROOT / "examples/experience"
        self.log = (examples / "new.ndjson").read_text() + (examples / "records.ndjson").read_text().splitlines(True)[3]

    def place(self, name, begun):
        place = self.dir / name
        place.mkdir()
        (place / "log.ndjson").write_text(self.log)
        for step in self.STEPS[:begun]:
            self.gate(place, *step)
        return place

    def end(self, place):
        for step in self.STEPS:
            # What was sealed or revoked is not that twice.
            self.gate(place, *step, codes=(0, 1))
        graph = sorted(self.gate(place, *self.CATCH_UP).stdout.splitlines())
        self.gate(place, "fsck")
        self.assertIn("chitty#Sealing", "".join(graph))
        self.assertIn("chitty#Revocation", "".join(graph))
        return graph

    def between(self, place, fault):
        kept = self.gate(place, "experience", "verify", codes=(0, 4)).stdout
        self.assertIn(kept and json.loads(kept)["links"], ("", 0, 3), fault)


if __name__ == "__main__":
    unittest.main()
