# SPDX-License-Identifier: Apache-2.0
"""The store survives: closed descriptors, damage, other users, killed readers, two sealers, no threads."""

import itertools
import os
import random
import resource
import shutil
import signal
import subprocess
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from support import LONG, PROVGATE, ROOT, Case, NobodyCase

GOLDEN = ROOT / "tests/golden/store-0.1.0"
SANITIZED = bool(os.environ.get("PROVGATE_SANITIZE"))


class Sealed(Case):
    """A store with some instances of one kernel."""

    count = 12

    def setUp(self):
        super().setUp()
        for i in range(self.count):
            self.note(instance=f"i-note-{i:03}")
        self.run_gate("seal", "Acme.Notes", "-q")
        (self.dir / "q.rq").write_text("SELECT ?s { ?s <http://www.w3.org/ns/prov#wasGeneratedBy> ?a } ORDER BY ?s")

    def answers(self):
        """What the reading verbs say, and that all is as sealed."""
        return [
            self.run_gate(*verb).stdout
            for verb in (
                ("verify", "Acme.Notes"),
                ("query", "q.rq", "--format", "csv"),
                ("status",),
                ("trace", "ckp://Instance#i-note-001"),
            )
        ]


class Descriptors(Sealed):
    count = 2

    def test_any_of_the_standard_descriptors_may_be_closed(self):
        before = self.answers()
        # Of those that judge the exit code is the answer; the others have nothing else to give than their output.
        judges = [
            ["verify", "Acme.Notes"],
            ["seal", "Acme.Notes"],
            ["check", "Acme.Notes"],
            ["check", "Acme.Notes", "-o", "json=report.json"],
        ]
        answers = [
            ["publish", "--dry-run"],
            ["seal", "Acme.Notes", "--dry-run"],
            ["status"],
            ["log"],
            ["query", "q.rq"],
            ["query", "q.rq", "--format", "json"],
            ["trace", "ckp://Instance#i-note-001"],
            ["rules"],
            ["explain", "PROV-001"],
            ["convert", "Acme.Notes", "--to", "turtle"],
            ["audit", "list"],
            ["urn", "ckp://Actor#operator"],
            ["check", "Acme.Notes", "-o", "json"],
            ["--help"],
        ]
        for verb in judges + answers:
            for size in (1, 2, 3):
                for closed in itertools.combinations((0, 1, 2), size):
                    shut = " ".join(f"{fd}{'<' if fd == 0 else '>'}&-" for fd in closed)
                    done = subprocess.run(
                        ["bash", "-c", f'exec "$0" "$@" {shut}', PROVGATE, *verb],
                        cwd=self.dir,
                        env=self.env,
                        capture_output=True,
                        timeout=60,
                    )
                    self.assertEqual(
                        done.returncode, 6 if verb in answers and 1 in closed else 0, (verb, closed, done.stderr)
                    )
        self.assertEqual(self.answers(), before)

    def test_sealing_with_nothing_open_loses_nothing(self):
        self.note(instance="i-late-1")
        subprocess.run(
            ["bash", "-c", 'exec "$0" seal Acme.Notes 0<&- 1>&- 2>&-', PROVGATE],
            cwd=self.dir,
            env=self.env,
            check=True,
            timeout=60,
        )
        self.assertIn("verified 3 sealed instances", self.run_gate("verify", "Acme.Notes").stderr)


class Pipes(Sealed):
    count = 2

    def with_no_reader(self, *args):
        read, write = os.pipe()
        os.close(read)
        try:
            return subprocess.run(
                [PROVGATE, *args],
                cwd=self.dir,
                env=self.env,
                stdout=write,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
            )
        finally:
            os.close(write)

    def test_reading_verbs_end_quietly_when_nobody_reads(self):
        for verb in (
            ["rules"],
            ["explain", "PROV-001"],
            ["audit", "list"],
            ["audit", "actions"],
            ["query", "q.rq"],
            ["status"],
            ["log"],
            ["trace", "ckp://Instance#i-note-001"],
            ["check", "Acme.Notes"],
            ["convert", "Acme.Notes", "--to", "nquads"],
            ["urn", "ckp://Actor#operator"],
            ["--help"],
            ["check", "--help"],
        ):
            done = self.with_no_reader(*verb)
            if verb == ["audit", "actions"] and done.returncode == 2:
                continue  # no query of that name
            self.assertEqual(done.returncode, 141, (verb, done.stderr))
            self.assertNotIn("could not be written", done.stderr, verb)

    def test_sealing_finishes_what_it_began(self):
        for i in range(5):
            self.note(instance=f"i-more-{i}")
        self.assertEqual(self.with_no_reader("seal", "Acme.Notes").returncode, 0)
        self.assertIn("verified 7 sealed instances", self.run_gate("verify", "Acme.Notes").stderr)

    def test_a_full_device_is_said(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [PROVGATE, "rules"],
                cwd=self.dir,
                env=self.env,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
            )
        self.assertEqual(done.returncode, 6)
        self.assertIn("could not be written", done.stderr)


class Golden(Case):
    def test_a_store_of_0_1_0_is_opened_verified_asked_and_written(self):
        shutil.copytree(GOLDEN / "fleet", self.dir / "fleet")
        (self.dir / "store").mkdir()
        shutil.copy(GOLDEN / "data.mdb", self.dir / "store/data.mdb")
        for path in (self.dir / "fleet").rglob("*"):
            if path.is_file():
                path.chmod(0o444)
        self.assertIn("1 sealed record", self.run_gate("verify", "fleet").stderr)
        self.assertIn("ckp://Goal#G-07", self.run_gate("trace", "ckp://Instance#i-tx-5c01aa-1775406000").stdout)
        self.assertIn("1 entry: 1 sealed", self.run_gate("status").stdout)
        (self.dir / "q.rq").write_text("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        self.assertRegex(self.run_gate("query", "q.rq", "--format", "csv").stdout, r"n\r?\n[1-9]")
        self.run_gate("audit", "led-to-by-goal")
        # What 0.1.0 did not seal is sealed now: the goal, the task, the decision and the action beside the instance.
        self.assertIn("4 sealed, 1 already sealed", self.run_gate("seal", "fleet").stderr)
        self.note(kernel="Acme.Late", instance="i-late-1")
        self.assertIn("1 sealed", self.run_gate("seal", "Acme.Late").stderr)
        self.assertIn("6 entries: 6 sealed", self.run_gate("status").stdout)
        self.run_gate("verify", "fleet")


class Damage(Sealed):
    count = 4

    def look(self, number, data, others):
        """verify in a store with this data file; gives what is wrong with the answer, or nothing."""
        store = self.dir / f"damaged-{number}"
        store.mkdir()
        (store / "data.mdb").write_bytes(data)
        env = {**self.env, "PROVGATE_STORE": str(store)}

        def ask(*args):
            return subprocess.run(
                [PROVGATE, *args], cwd=self.dir, env=env, capture_output=True, text=True, errors="replace", timeout=60
            )

        done = ask("verify", "Acme.Notes")
        wrong = None
        # So few bytes do not tell whose they were.
        right = (3, 5) if len(data) < 4096 else (5,)
        if not (done.returncode in right or (done.returncode, done.stdout, done.stderr) == self.whole):
            wrong = f"verify: {done.returncode} {done.stdout} {done.stderr}"
        if (store / "data.mdb").read_bytes() != data:
            wrong = "verify wrote to it"
        for args in (
            (["status"], ["query", "q.rq", "--format", "csv"], ["trace", "ckp://Instance#i-note-001"]) if others else ()
        ):
            done = ask(*args)
            if done.returncode < 0 or done.returncode >= 70:
                wrong = f"{args[0]}: {done.returncode} {done.stderr}"
        shutil.rmtree(store)
        return wrong

    def setUp(self):
        super().setUp()
        done = self.run_gate("verify", "Acme.Notes")
        self.whole = (done.returncode, done.stdout, done.stderr)
        self.data = (self.dir / "store/data.mdb").read_bytes()

    def all_hold(self, variants):
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda v: (v[0], self.look(v[1], v[2], v[3])), variants))
        bad = [(name, wrong) for name, wrong in found if wrong]
        self.assertFalse(bad, f"{len(bad)} of {len(found)}: {bad[:3]}")
        return len(found)

    @unittest.skipIf(SANITIZED, "a sanitizer reports what the program answers with exit code 5")
    def test_after_any_bit_flip_the_answer_is_right_or_5(self):
        seed = random.Random(20251009)

        def flips():
            for n in range(10_000 if LONG else 1_000):
                data = bytearray(self.data)
                # Half of them where the structure is: heads of pages and the entries that follow.
                at = (
                    seed.randrange(len(data))
                    if n % 2
                    else seed.randrange(len(data) // 4096) * 4096 + seed.randrange(96)
                )
                bit = seed.randrange(8)
                data[at] ^= 1 << bit
                yield f"bit {bit} of byte {at}", n, bytes(data), n % 10 == 0

        self.assertGreaterEqual(self.all_hold(flips()), 1_000)

    @unittest.skipIf(SANITIZED, "a sanitizer reports what the program answers with exit code 5")
    def test_cut_off_anywhere(self):
        cuts = [
            (f"cut to {size}", i, self.data[:size], True)
            for i, size in enumerate([*range(4096, len(self.data), 4096), 1, 100, 4097, len(self.data) - 1])
        ]
        self.all_hold(cuts)

    def test_zeroed_pages(self):
        self.all_hold(
            (
                f"page {page} zeroed",
                page,
                self.data[: page * 4096] + bytes(4096) + self.data[page * 4096 + 4096 :],
                True,
            )
            for page in range(len(self.data) // 4096)
        )

    def test_what_is_no_lmdb_file_is_left_as_it_is(self):
        for content in (b"x" * 20_000, b"SQLite format 3\0" + bytes(9_000)):
            store = self.dir / "foreign"
            store.mkdir()
            (store / "data.mdb").write_bytes(content)
            for verb in (["seal", "Acme.Notes"], ["status"], ["verify", "Acme.Notes"], ["query", "q.rq"]):
                self.assertIn("not a provgate store", self.run_gate(*verb, "--store", "foreign", code=3).stderr)
            self.assertEqual(sorted(p.name for p in store.iterdir()), ["data.mdb"])
            self.assertEqual((store / "data.mdb").read_bytes(), content)
            shutil.rmtree(store)


class OddFiles(Sealed):
    count = 2

    def test_what_is_no_regular_file_is_left_as_it_is(self):
        precious = self.write("precious", "precious\n")
        for name in ("data.mdb", "lock.mdb", "seal.lock"):
            for make in (lambda path: path.symlink_to(precious), os.mkfifo, lambda path: path.mkdir()):
                shutil.copytree(self.dir / "store", self.dir / "odd")
                path = self.dir / "odd" / name
                path.unlink(missing_ok=True)
                make(path)
                for verb in (
                    ["status"],
                    ["verify", "Acme.Notes"],
                    ["trace", "ckp://Instance#i-note-001"],
                    ["query", "q.rq"],
                    ["seal", "Acme.Notes"],
                    ["seal", "Acme.Notes", "--dry-run"],
                ):
                    self.assertIn(
                        "not a regular file", self.run_gate(*verb, "--store", "odd", code=3).stderr, (name, verb)
                    )
                self.assertEqual(precious.read_text(), "precious\n")
                shutil.rmtree(self.dir / "odd")

    def test_an_emptied_file_is_damage_and_is_not_begun_anew(self):
        (self.dir / "store/data.mdb").write_bytes(b"")
        for verb in (["status"], ["verify", "Acme.Notes"], ["seal", "Acme.Notes"], ["query", "q.rq"]):
            self.assertIn("damaged", self.run_gate(*verb, code=5).stderr, verb)
        self.assertEqual((self.dir / "store/data.mdb").stat().st_size, 0)


class Beside(Sealed):
    count = 20

    def test_verify_beside_a_sealer_of_another_kernel_never_cries_tampering(self):
        for i in range(120):
            self.note(kernel="Acme.More", instance=f"i-more-{i:03}")
        sealer = subprocess.Popen(
            [PROVGATE, "seal", "Acme.More", "-q"],
            cwd=self.dir,
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        runs = 0
        while sealer.poll() is None:
            done = self.run_gate("verify", "Acme.Notes", code=None)
            self.assertIn(done.returncode, (0, 6), done.stdout + done.stderr)
            self.assertTrue(done.returncode == 0 or "busy" in done.stderr)
            runs += 1
        self.assertEqual(sealer.returncode, 0)
        self.assertGreater(runs, 0)


class OtherUser(Sealed, NobodyCase):
    def setUp(self):
        super().setUp()
        subprocess.run(["chmod", "-R", "a+rX", str(self.dir)], check=True)

    def test_who_may_only_read_reads(self):
        for shut in (False, True):  # a store of another user, and one that nobody may write
            if shut:
                subprocess.run(["chmod", "-R", "a-w", str(self.dir / "store")], check=True)
            for verb in (
                ["status"],
                ["query", "q.rq", "--format", "csv"],
                ["trace", "ckp://Instance#i-note-001"],
                ["verify", "Acme.Notes"],
                ["audit", "led-to-by-goal"],
            ):
                done = self.as_nobody(*verb)
                self.assertEqual(done.returncode, 0, (verb, done.stderr))
                self.assertEqual(done.stdout, self.run_gate(*verb).stdout)
        self.assertIn("i-note-001", self.as_nobody("query", "q.rq").stdout)
        (self.dir / "store/data.mdb").chmod(0o600)
        for verb in (["status"], ["verify", "Acme.Notes"], ["query", "q.rq"]):
            done = self.as_nobody(*verb)
            self.assertEqual((done.returncode, "cannot be read" in done.stderr), (6, True), (verb, done.stderr))

    def test_sealing_says_that_it_may_not_write(self):
        done = self.as_nobody("seal", "Acme.Notes")
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertIn("cannot be written", done.stderr)

    def test_beside_a_writer_the_answer_is_right_or_busy(self):
        for i in range(150):
            self.note(kernel="Acme.More", instance=f"i-more-{i:03}")
        sealer = subprocess.Popen(
            [PROVGATE, "seal", "Acme.More", "-q"],
            cwd=self.dir,
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        asked = 0
        while sealer.poll() is None:
            for verb in (["query", "q.rq", "--format", "csv"], ["verify", "Acme.Notes"], ["status"]):
                done = self.as_nobody(*verb)
                asked += 1
                if done.returncode == 0:
                    self.assertTrue(verb[0] != "query" or "i-note-001" in done.stdout)
                else:
                    self.assertEqual((done.returncode, "busy" in done.stderr), (6, True), done.stderr)
        self.assertEqual(sealer.returncode, 0)
        self.assertGreater(asked, 0)
        self.assertIn("verified 150 sealed instances", self.run_gate("verify", "Acme.More").stderr)

    def test_no_threads(self):
        """Where the system gives no thread the answers are the same, or it is said."""
        for verb in (
            ["check", "Acme.Notes"],
            ["verify", "Acme.Notes"],
            ["fsck"],
            ["fsck", "Acme.Notes"],
            ["log"],
            ["log", "export"],
            ["log", "show", "1"],
            ["prove", "1"],
            ["trace", "ckp://Instance#i-note-001"],
            ["status"],
            ["query", "q.rq"],
        ):
            done = subprocess.run(
                ["bash", "-c", f'ulimit -u 1; exec {self.program} "$@"', "-", *verb],
                cwd=self.dir,
                env=self.env,
                capture_output=True,
                text=True,
                timeout=60,
                user=65534,
                group=65534,
                extra_groups=[],
            )
            whole = self.as_nobody(*verb)
            if verb[0] == "query" and done.returncode == 6:
                continue  # its engine runs in a process of its own
            self.assertEqual((done.returncode, done.stdout), (whole.returncode, whole.stdout), (verb, done.stderr))


class Limits(Sealed):
    count = 3

    def limited(self, name, amount, *args):
        return subprocess.run(
            [PROVGATE, *args],
            cwd=self.dir,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=60,
            preexec_fn=lambda: resource.setrlimit(name, (amount, amount)),
        )

    @unittest.skipIf(SANITIZED, "a sanitizer needs descriptors and address space of its own")
    def test_too_few_descriptors_or_too_little_memory_is_6(self):
        for files in range(4, 14):
            for verb in (["check", "Acme.Notes"], ["verify", "Acme.Notes"], ["query", "q.rq"], ["seal", "Acme.Notes"]):
                done = self.limited(resource.RLIMIT_NOFILE, files, *verb)
                self.assertIn(done.returncode, (0, 3, 6, 127), (files, verb, done.stderr))
                self.assertFalse(
                    done.returncode == 3 and "Too many open files" in done.stderr + done.stdout, (files, verb)
                )
        for mib in (40, 60, 80, 120):
            for verb in (["check", "Acme.Notes"], ["verify", "Acme.Notes"], ["query", "q.rq"]):
                done = self.limited(resource.RLIMIT_AS, mib << 20, *verb)
                self.assertIn(done.returncode, (0, 6, 127), (mib, verb, done.stderr))
        self.assertEqual(len(self.answers()), 4)


class Readers(Sealed):
    count = 1

    def test_the_places_of_killed_readers_are_taken_back(self):
        (self.dir / "long.rq").write_text(
            "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o . ?p ?q ?r }"
        )
        long = [PROVGATE, "query", "long.rq", "--timeout", "100000", "--max-memory", "4096"]
        silent = {"cwd": self.dir, "env": self.env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        held = subprocess.Popen(long, **silent)
        try:
            for _ in range(44):
                batch = [subprocess.Popen(long, **silent) for _ in range(12)]
                time.sleep(0.25)
                for one in batch:
                    one.send_signal(signal.SIGKILL)
                for one in batch:
                    one.wait()
            self.assertIsNone(held.poll(), "the reader that was to stay has ended")
            for verb in (
                ["status"],
                ["trace", "ckp://Instance#i-note-000"],
                ["query", "q.rq"],
                ["verify", "Acme.Notes"],
            ):
                self.run_gate(*verb)
        finally:
            held.kill()
            held.wait()


class Sealers(Case):
    def test_two_of_one_tree(self):
        for late in (0, 0.005, 0.02, 0.05):
            name = f"round-{late}"
            for i in range(30):
                self.note(
                    kernel=f"{name}/Acme.Notes",
                    instance=f"i-note-{i:03}",
                    **{
                        "prov:wasGeneratedBy": "ckp://Action#Acme.Notes/note.write-1760000000",
                        "prov:wasAttributedTo": "ckp://Kernel#Acme.Notes:v1.0",
                    },
                )
            env = {**self.env, "PROVGATE_STORE": str(self.dir / name / "store")}
            command = [PROVGATE, "seal", f"{name}/Acme.Notes", "-q"]
            first = subprocess.Popen(command, cwd=self.dir, env=env, stderr=subprocess.PIPE, text=True)
            time.sleep(late)
            second = subprocess.run(command, cwd=self.dir, env=env, capture_output=True, text=True, timeout=60)
            _, said = first.communicate(timeout=60)
            self.assertEqual((first.returncode, second.returncode), (0, 0), said + second.stderr)
            self.assertIn("verified 30 sealed instances", self.run_gate("verify", f"{name}/Acme.Notes", env=env).stderr)
            self.assertEqual(
                len((self.dir / name / "Acme.Notes/storage/ledger/audit.jsonl").read_text().splitlines()), 30
            )

    def test_of_different_kernels_nobody_fails(self):
        for k in range(4):
            for i in range(15):
                self.note(kernel=f"Acme.Notes{k}", instance=f"i-{k}-{i:03}")
        running = [
            subprocess.Popen(
                [PROVGATE, "seal", f"Acme.Notes{k}", "-q"],
                cwd=self.dir,
                env=self.env,
                stderr=subprocess.PIPE,
                text=True,
            )
            for k in range(4)
        ]
        for one in running:
            _, said = one.communicate(timeout=120)
            self.assertEqual(one.returncode, 0, said)
        self.assertIn("60 entries: 60 sealed", self.run_gate("status").stdout)


if __name__ == "__main__":
    unittest.main()
