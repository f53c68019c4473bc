# SPDX-License-Identifier: Apache-2.0
"""Checkpoints, keys and proofs, verified by the program and by scripts/second_verifier.py, which must always agree."""

import base64
import contextlib
import importlib.util
import io
import random
import re
import shutil
import subprocess
import sys
import unittest
from unittest import mock

from support import ROOT, Case
from test_eventstore import event

VECTORS = 20  # of each kind


def load_second():
    spec = importlib.util.spec_from_file_location("second_verifier", ROOT / "scripts/second_verifier.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SECOND = load_second()


# Where the fault is: a line, an entry, or which of the things that have to agree does not.
LOCATED = re.compile(
    r"error: .*(line \d+|entry|entries|hashes|signature|signed|checkpoint|ledgers|its last line|file is empty)"
    r"|not YAML: |nothing here is known as a record")


class Proofs(Case):
    def setUp(self):
        super().setUp()
        self.gate("keygen", "key")
        self.gate("keygen", "other-key")
        self.key = (self.dir / "key.pub").read_text().strip()

    def gate(self, *args, **kwargs):
        return self.run_gate(*args, **kwargs).stdout

    def seal(self, numbers, store="store", kernel="Acme.Notes", key="key"):
        for i in numbers:
            self.note(kernel, f"i-note-{i}")
        self.gate("seal", kernel, "-q", "--key", key, "--store", store)

    def ledger(self):
        """Eleven entries, a checkpoint of five of them, and another ledger that the same key signs."""
        self.seal(range(4))
        self.old = self.gate("prove")
        self.seal(range(4, 10))
        self.new = self.gate("prove")
        self.seal(range(3), store="fork", kernel="Acme.Fork")
        self.fork = self.gate("prove", "--store", "fork")

    def both(self, text, *flags, key=None, kind=""):
        """What both say of a text, as exit codes; they must agree, and the program must say why."""
        path = self.dir / "vector"
        path.write_text(text, newline="")
        key = key or self.key
        done = self.run_gate("verify", "vector", "--public-key", key, *flags, code=None)
        theirs = [flag if flag.startswith("--") else str(self.dir / flag) for flag in flags]
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            with mock.patch.object(sys, "argv", ["second", str(path), "--public-key", key, *theirs]):
                second = SECOND.main()
        self.assertEqual(done.returncode == 0, second == 0, f"{kind}\n{text}\n{done.stderr}\n{out.getvalue()}")
        if done.returncode:
            self.assertIn(done.returncode, (3, 5), kind + done.stderr)
            self.assertRegex(done.stderr, LOCATED, kind)
        return done.returncode

    def file(self, name, text):
        (self.dir / name).write_text(text, newline="")
        return name


def lines_of(text):
    return text.splitlines(keepends=True)


def flip(random_, text):
    at = random_.randrange(len(text))
    return text[:at] + chr(ord(text[at]) ^ (1 << random_.randrange(5))) + text[at + 1 :]


class Tampering(Proofs):
    """Each kind of tampering, so many vectors of each: none passes, and what is sound does."""

    def setUp(self):
        super().setUp()
        self.ledger()
        self.random = random.Random(13)
        self.counts = {}

    def must_fail(self, kind, vectors):
        vectors = list(vectors)
        self.assertGreaterEqual(len(vectors), VECTORS, kind)
        for text, *flags in vectors:
            self.assertNotEqual(self.both(text, *flags, kind=kind), 0, f"{kind}:\n{text}")
        self.counts[kind] = len(vectors)

    def must_pass(self, vectors):
        for text, *flags in vectors:
            self.assertEqual(self.both(text, *flags), 0, text)
            self.counts["passes"] = self.counts.get("passes", 0) + 1

    def inclusion(self, seq, *flags):
        return self.gate("prove", f"#{seq}", *flags)

    def pick(self, items, n=VECTORS):
        return [self.random.choice(items) for _ in range(n)]

    def test_proofs_of_inclusion(self):
        proofs = [self.inclusion(seq) for seq in range(1, 12)]
        self.must_pass((proof, "--entry-only") for proof in proofs)
        fork = [self.inclusion(seq, "--store", "fork") for seq in (1, 2, 3, 4)]

        def parts(proof):
            head, extra, index, rest = proof.split("\n", 3)
            hashes, checkpoint = rest.split("\n\n", 1)
            return head, extra, index, hashes.split("\n"), checkpoint

        def joined(head, extra, index, hashes, checkpoint):
            return "\n".join([head, extra, index, *hashes, "", checkpoint])

        def changed(proof, **new):
            named = dict(zip(("head", "extra", "index", "hashes", "checkpoint"), parts(proof)))
            return joined(*{**named, **new}.values())

        def body(proof, line, to):
            checkpoint = lines_of(parts(proof)[4])
            checkpoint[line] = to
            return changed(proof, checkpoint="".join(checkpoint))

        chosen = self.pick(proofs[:8], 60)  # with several hashes each
        fail = self.must_fail
        fail("bit flips", [(flip(self.random, p), "--entry-only") for p in chosen])
        fail("truncations", [(p[: self.random.randrange(len(p))], "--entry-only") for p in chosen[:30]])
        fail("hashes swapped", [(changed(p, hashes=parts(p)[3][::-1]), "--entry-only") for p in chosen[:VECTORS]])
        fail("a hash dropped", [(changed(p, hashes=parts(p)[3][:-1]), "--entry-only") for p in chosen[:10]]
             + [(changed(p, hashes=parts(p)[3][1:]), "--entry-only") for p in chosen[10:20]])
        fail("a hash added", [
            (changed(p, hashes=[*parts(p)[3], parts(p)[3][0]]), "--entry-only") for p in chosen[:VECTORS]])
        fail("the index off by one", [
            (changed(p, index=f"index {int(parts(p)[2].split()[1]) + by}"), "--entry-only")
            for p in proofs for by in (-1, 1)])
        fail("another's entry", [
            (changed(p, extra=parts(q)[1]), "--entry-only") for p in proofs[:5] for q in proofs[5:10]])
        fail("another's place", [
            (changed(p, index=parts(q)[2], hashes=parts(q)[3]), "--entry-only")
            for p in proofs[:5] for q in proofs[5:10]])
        fail("an older checkpoint", [(changed(p, checkpoint=self.old), "--entry-only") for p in self.pick(proofs)])
        fail("a fork", [(changed(p, checkpoint=self.fork), "--entry-only") for p in self.pick(proofs)])
        fail("replayed into a fork", [
            (changed(p, extra=parts(q)[1], index=parts(q)[2], hashes=parts(q)[3]), "--entry-only")
            for p in proofs[:5] for q in fork])
        fail("another number of entries", [
            (body(p, 1, f"{n}\n"), "--entry-only") for p in proofs[:5] for n in (10, 12, 0, 99)])
        fail("another root", [
            (body(p, 2, base64.b64encode(self.random.randbytes(32)).decode() + "\n"), "--entry-only")
            for p in chosen[:20]])
        fail("another origin", [(body(p, 0, lines_of(self.fork)[0]), "--entry-only") for p in chosen[:20]])
        fail("another's signature", [(body(p, 4, lines_of(self.old)[4]), "--entry-only") for p in chosen[:20]])
        fail("no signature", [(body(p, 4, ""), "--entry-only") for p in chosen[:20]])
        edited = [base64.b64decode(parts(p)[1][6:]).replace(b"i-note", b"i-nota") for p in chosen[:40]]
        fail("an edited entry", [
            (changed(p, extra="extra " + base64.b64encode(e).decode()), "--entry-only")
            for p, e in zip(chosen, edited) if b"i-nota" in e])
        other = (self.dir / "other-key.pub").read_text().strip()
        for proof in proofs * 2:
            self.assertNotEqual(self.both(proof, "--entry-only", key=other), 0)
        self.counts["wrong key"] = 22
        self.assertGreaterEqual(len(self.counts), 14)
        print("proofs of inclusion:", self.counts)

    def test_proofs_of_kept_records(self):
        """Two levels: the record in its batch, the batch in the ledger."""
        for store in ("store", "fork"):
            for size in (1, 2, 7, 12):
                text = "\n".join(event(f"north{store}", size * 100 + n) for n in range(size))
                self.gate("events", "append", "-", "--key", "key", "--store", store, stdin=text)
        named = {store: f"urn:converge:event:north{store}:north{store}-" for store in ("store", "fork")}
        proofs = [self.gate("prove", f"{named['store']}{size * 100 + n:06}") for size in (1, 2, 7, 12)
                  for n in range(size)]
        fork = [self.gate("prove", f"{named['fork']}{700 + n:06}", "--store", "fork") for n in range(7)]
        self.must_pass((proof,) for proof in proofs)
        self.must_pass((proof, "--entry-only") for proof in proofs[:3])

        def parts(proof):
            head, record, number, rest = proof.split("\n", 3)
            hashes, batch = rest.split("\n\n", 1)
            return head, record, number, hashes.split("\n") if hashes else [], batch

        def changed(proof, **new):
            named = dict(zip(("head", "record", "number", "hashes", "batch"), parts(proof)))
            head, record, number, hashes, batch = {**named, **new}.values()
            return "\n".join([head, record, number, *hashes, "", batch])

        self.assertEqual([changed(p) for p in proofs[1:]], proofs[1:])
        fail, several = self.must_fail, proofs[3:]
        chosen = self.pick(several, 60)
        fail("bit flips", [(flip(self.random, p),) for p in chosen])
        fail("truncations", [(p[: self.random.randrange(len(p))],) for p in chosen[:30]])
        fail("hashes swapped", [(changed(p, hashes=parts(p)[3][::-1]),) for p in proofs[10:] * 2])
        fail("a hash dropped", [(changed(p, hashes=parts(p)[3][1:]),) for p in chosen[:VECTORS]])
        fail("a hash added", [(changed(p, hashes=[*parts(p)[3], parts(p)[3][0]]),) for p in chosen[:VECTORS]])
        fail("another number", [(changed(p, number=f"number {int(parts(p)[2].split()[1]) + by}"),)
                                for p in proofs for by in (-1, 1, 1 << 32)])
        fail("another record", [(changed(p, record=parts(q)[1]),) for p in proofs[:5] for q in proofs[5:10]])
        edited = [base64.b64decode(parts(p)[1][7:]).replace(b"true", b"false") for p in chosen[:VECTORS]]
        fail("an edited record", [(changed(p, record="record " + base64.b64encode(e).decode()),)
                                  for p, e in zip(chosen, edited)])
        fail("another batch", [(changed(p, batch=parts(q)[4]),) for p in proofs[3:10] for q in proofs[10:13]])
        fail("another ledger", [(changed(p, batch=parts(q)[4]),) for p in proofs[3:10] for q in fork[:3]])
        fail("no batch", [(changed(p, batch=batch),) for p in proofs[3:10]
                          for batch in ("", parts(p)[4].split("\n\n", 1)[1], proofs[0])])
        # A node of the tree is no record.
        inner = [(int(parts(p)[2].split()[1]), p) for p in proofs[10:]]
        forged = [changed(p, record="record " + parts(p)[3][0], hashes=parts(p)[3][1:], number=f"number {n // 2}")
                  for n, p in inner]
        fail("a node in place of a record", [(p,) for p in forged * 2])
        # What is no batch: an entry of the ledger that is about something else.
        self.seal(range(1))
        self.assertNotEqual(self.both(changed(proofs[0], batch=self.inclusion(6))), 0)
        print("proofs of kept records:", self.counts)

    def test_proofs_of_growth(self):
        self.file("old", self.old)
        self.file("fork-head", self.fork)
        proof = self.gate("prove", "--since", "old")
        same = self.gate("prove", "--since", self.file("new", self.new))
        self.must_pass([(proof, "--checkpoint", "old"), (same, "--checkpoint", "new")])
        flag, rest = ("--checkpoint", "old"), proof.split("\n\n", 1)[1]
        hashes = proof.split("\n\n", 1)[0].split("\n")[2:]

        def made(old=5, hashes_=hashes, checkpoint=rest):
            return "\n".join(["provgate/growth-proof@v1", f"old {old}", *hashes_, "", checkpoint])

        self.assertEqual(made(), proof)
        self.must_fail("bit flips", [(flip(self.random, proof), *flag) for _ in range(40)])
        self.must_fail("truncations", [(proof[: self.random.randrange(len(proof))], *flag) for _ in range(VECTORS)])
        self.must_fail("hashes in another order", [
            (made(hashes_=order), *flag)
            for order in (self.random.sample(hashes, len(hashes)) for _ in range(40)) if order != hashes])
        self.must_fail("hashes dropped and doubled", [
            (made(hashes_=hashes[:i] + [hashes[i]] * (n % 2 * 2) + hashes[i + 1 :]), *flag)
            for n, i in enumerate(self.pick(range(len(hashes))))])
        self.must_fail("another size", [(made(old=n), *flag) for n in range(25) if n != 5])
        self.must_fail("another checkpoint before", [
            (proof, "--checkpoint", self.file(f"c{n}", f"{lines_of(self.old)[0]}{size}\n{lines_of(self.old)[2]}\n"))
            for n, size in enumerate([*range(5), *range(6, 22)])])
        # Rolled back: the newer one is the older one; forked: of another ledger.
        back = self.pick([(made(old=11, hashes_=[], checkpoint=self.old), "--checkpoint", "new"),
                          (made(checkpoint=self.fork), *flag), (proof, "--checkpoint", "fork-head")])
        self.must_fail("rollbacks and forks", back)
        print("proofs of growth:", self.counts)

    def test_exported_ledgers(self):
        export = self.gate("log", "export")
        self.file("new", self.new)
        flag = ("--checkpoint", "new")
        self.must_pass([(export, *flag)])
        lines = lines_of(export)
        order = [self.random.sample(range(11), 2) for _ in range(VECTORS)]

        def swapped(a, b):
            out = list(lines)
            out[a], out[b] = out[b], out[a]
            return "".join(out)

        def forged(at):
            """The entry says something else, and the chain behind it is made anew."""
            out = list(lines)
            for i in range(at, len(out)):
                if i == at:
                    out[i] = out[i].replace('"time":"2', '"time":"1', 1)
                else:
                    before = SECOND.sha(out[i - 1].rstrip("\n").encode()).hex()
                    out[i] = out[i][: out[i].index('"prev":"') + 8] + before + out[i][out[i].index('"prev":"') + 72 :]
            return "".join(out)

        fail = self.must_fail
        fail("bit flips", [(flip(self.random, export), *flag) for _ in range(40)])
        fail("truncations", [(export[: self.random.randrange(len(export) - 1)], *flag) for _ in range(VECTORS)])
        fail("entries swapped", [(swapped(a, b), *flag) for a, b in order])
        fail("an entry dropped", [("".join(lines[:a] + lines[a + 1 :]), *flag) for a in [*range(11), *range(10)]])
        fail("an entry twice", [("".join(lines[: a + 1] + lines[a:]), *flag) for a in [*range(11), *range(10)]])
        fail("forged with its chain", [(forged(a), *flag) for a in [*range(11), *range(11)]])
        fail("another ledger", [("".join(lines[:a] + lines_of(self.gate("log", "export", "--store", "fork"))), *flag)
                                for a in [*range(11), *range(11)]])
        self.file("old", self.old)
        fail("an older checkpoint", [
            ("".join(lines[:n]), "--checkpoint", "old") for n in [*range(5), *range(6, 12)] * 2])
        print("exported ledgers:", self.counts)


class Keys(Proofs):
    def test_records_are_named_in_several_ways(self):
        both = event("north", 1) + "\n" + event("north", 2) + "\n" + event("south", 1).replace("south-", "north-")
        self.gate("events", "append", "-", "--key", "key", stdin=both)
        iri = "urn:converge:event:north:north-000002"
        self.assertEqual(len({self.gate("prove", name) for name in (iri, "north-000002", "2/1")}), 1)
        shown = self.run_gate("verify", self.file("proof", self.gate("prove", iri)), "--public-key", self.key)
        self.assertIn('= record 1: {"event_id":"north-000002"', shown.stdout)
        self.assertIn("the record is the one that was kept", shown.stderr)
        # It is in the proof: there is nothing else to compare.
        self.file("forged", "")
        for more in (("forged",), ("nowhere",), (".",), ("forged", "proof")):
            self.run_gate("verify", "proof", *more, "--public-key", self.key, code=2)
        self.assertIn("2/0, 2/2", self.run_gate("prove", "north-000001", code=2).stderr)
        for name in (iri + "9", "north-00000", "2/3", "9/0", "1/0", "2/", "2/x", "2/-1"):
            self.run_gate("prove", name, code=4)
        self.assertIn("tlog-proof", self.gate("prove", "#2"))

    def test_the_key_is_for_its_owner_alone_and_never_overwritten(self):
        self.assertEqual((self.dir / "key").stat().st_mode & 0o777, 0o600)
        before = (self.dir / "key").read_bytes()
        self.run_gate("keygen", "key", code=2)
        self.assertEqual((self.dir / "key").read_bytes(), before)
        self.note()
        (self.dir / "key").chmod(0o644)
        self.assertIn("chmod 600", self.run_gate("seal", "Acme.Notes", "--key", "key", code=2).stderr)
        self.assertFalse((self.dir / "store/data.mdb").exists())

    def test_a_passphrase(self):
        word = self.write("word", "open sesame\n")
        word.chmod(0o600)
        wrong = self.write("wrong", "sesame")
        wrong.chmod(0o600)
        self.gate("keygen", "locked", "--passphrase-file", "word")
        self.assertIn("ENCRYPTED", (self.dir / "locked").read_text())
        self.note()
        for env in ({}, {"PROVGATE_KEY_PASSPHRASE_FILE": str(wrong)}):
            self.run_gate("seal", "Acme.Notes", "--key", "locked", env=env, code=3)
        env = {"PROVGATE_KEY_PASSPHRASE_FILE": str(word), "PROVGATE_KEY_FILE": "locked"}
        self.run_gate("seal", "Acme.Notes", env=env)
        self.assertIn("\u2014 provgate-", self.gate("prove"))

    def test_a_key_of_openssl(self):
        for words in ("genpkey -algorithm ed25519 -out theirs", "pkey -in theirs -pubout -out theirs.pem"):
            subprocess.run(["openssl", *words.split()], check=True, capture_output=True, cwd=self.dir)
        (self.dir / "theirs").chmod(0o600)
        self.seal([1], key="theirs")
        self.file("proof", self.gate("prove", "i-note-1"))
        self.run_gate("verify", "proof", "Acme.Notes", "--public-key", "theirs.pem")

    def test_another_key_takes_its_place_in_the_ledger(self):
        self.seal([1])
        self.file("old", self.gate("prove"))
        self.note(instance="i-note-2")
        self.assertIn("--replaces", self.run_gate("seal", "Acme.Notes", "--key", "other-key", code=2).stderr)
        self.gate("keygen", "new-key")
        self.gate("keygen", "new-key", "--replaces", "key")  # one that was made before
        self.run_gate("seal", "Acme.Notes", "--key", "key", code=2)
        self.seal([2], key="new-key")
        new = (self.dir / "new-key.pub").read_text().strip()
        growth = self.gate("prove", "--since", "old")
        self.assertEqual(self.both(growth, "--checkpoint", "old", key=new), 0)
        self.assertEqual(self.both(growth, "--checkpoint", "old"), 5)
        self.assertIn("#1", self.gate("log", "urn:provgate:signing-key").splitlines()[0])
        self.assertEqual(len(self.gate("log", "urn:provgate:signing-key").splitlines()), 2)
        self.assertIn("agree", self.run_gate("fsck").stderr)
        self.assertNotIn("not here", self.run_gate("verify", "Acme.Notes").stderr)


class Witnesses(Proofs):
    def test_the_records_files_are_held_against_its_proof(self):
        self.seal([1, 2])
        self.file("proof", self.gate("prove", "ckp://Instance#i-note-1"))
        verify = ("verify", "proof", "Acme.Notes", "--public-key", "key.pub")
        shutil.rmtree(self.dir / "store")
        self.assertIn("as sealed", self.run_gate(*verify).stderr)
        self.run_gate("verify", "proof", "--public-key", "key.pub", code=4)
        self.run_gate("verify", "proof", "Acme.Notes/storage", "--public-key", "key.pub", code=4)
        self.run_gate("verify", "proof", "Acme.Notes", "Acme.Notes", "--public-key", "key.pub", code=2)
        manifest = self.dir / "Acme.Notes/storage/instances/i-note-1/manifest.json"
        manifest.chmod(0o644)
        manifest.write_text(manifest.read_text() + " ")
        said = self.run_gate(*verify, code=5).stdout
        self.assertIn("changed  Acme.Notes/storage/instances/i-note-1/manifest.json", said)
        self.assertEqual(self.both((self.dir / "proof").read_text(), "--entry-only"), 0)

    def test_a_checkpoint_elsewhere_sees_what_the_ledger_cannot(self):
        self.seal([1, 2])
        self.run_gate("seal", "Acme.Notes", "-q", "--key", "key", "--checkpoint", "elsewhere")
        shutil.copytree(self.dir / "store", self.dir / "early")
        self.note(instance="i-note-3")
        self.run_gate("seal", "Acme.Notes", "-q", "--key", "key", "--checkpoint", "elsewhere")
        kept = ("--checkpoint", "elsewhere", "--public-key", "key.pub")
        for verb in (["verify", "Acme.Notes"], ["fsck"]):
            self.run_gate(*verb, *kept)
        whole = (self.dir / "elsewhere").read_text()
        shutil.move(self.dir / "store", self.dir / "whole")
        # Rolled back to an older copy; begun anew.
        shutil.copytree(self.dir / "early", self.dir / "store")
        for said in ("rolled back", "another ledger"):
            for verb in (["verify", "Acme.Notes"], ["fsck"], ["seal", "Acme.Notes", "--key", "key"]):
                flags = kept if verb[0] != "seal" else kept[:2]
                self.assertIn(said, self.run_gate(*verb, *flags, code=5).stderr)
            self.assertEqual((self.dir / "elsewhere").read_text(), whole, "it is not overwritten")
            shutil.rmtree(self.dir / "store")
            self.seal([9], kernel="Acme.New")
        # What stands there must be a checkpoint, of somebody who is known, and said.
        whole = ("verify", "Acme.Notes", "--store", "whole")
        self.run_gate(*whole, "--checkpoint", "elsewhere", "--public-key", "other-key.pub", code=5)
        self.run_gate(*whole, "--checkpoint", "key.pub", code=3)
        self.run_gate("seal", "Acme.Notes", "--store", "whole", "--checkpoint", "key.pub", code=3)

    def test_what_turns_a_witness_off_is_refused(self):
        self.seal([1])
        self.file("head", self.gate("prove"))
        self.file("proof", self.gate("prove", "i-note-1"))
        for flags in (["--checkpoint", ""], ["--expect-head", ""], ["--public-key", ""], ["--store", ""]):
            self.run_gate("verify", "Acme.Notes", *flags, code=2)
        self.run_gate("seal", "Acme.Notes", "--checkpoint", "", code=2)
        # The key alone is held against what the ledger itself keeps.
        for verb in (["verify", "Acme.Notes"], ["fsck"]):
            self.run_gate(*verb, "--public-key", "key.pub")
            self.run_gate(*verb, "--public-key", "other-key.pub", code=5)
        # A proof of inclusion is held against its own checkpoint, and says so.
        proof = ("verify", "proof", "Acme.Notes", "--public-key", "key.pub")
        self.run_gate(*proof, "--checkpoint", "head", code=2)
        self.run_gate(*proof, "--expect-head", "1:" + "0" * 64, code=2)
        self.assertIn("--public-key", self.run_gate("verify", "proof", "Acme.Notes", code=2).stderr)

    def test_a_checkpoint_has_a_place_before_anything_is_sealed(self):
        self.note()
        self.run_gate("seal", "Acme.Notes", "--key", "key", "--checkpoint", "none/here", code=6)
        self.run_gate("seal", "Acme.Notes", "--key", "key", "--checkpoint", "Acme.Notes/storage/head", code=2)
        self.assertNotIn("i-note-1", self.run_gate("log", code=None).stdout)
        self.run_gate("seal", "Acme.Notes", "--key", "key", "--checkpoint", "head")

    def test_a_rejection_and_an_older_checkpoint_are_no_success(self):
        self.seal([1])
        self.note("Acme.Bad", "i-bad-1", **{"prov:wasAttributedTo": "ckp://Kernel#Other.Kernel:v1.0"})
        done = self.run_gate("seal", "Acme.Bad", code=1)
        self.assertIn("not signed", done.stderr)
        self.assertIn("1 more", self.run_gate("prove").stderr)
        self.file("proof", self.gate("prove", "i-bad-1", "--key", "key"))
        done = self.run_gate("verify", "proof", "Acme.Bad", "--public-key", "key.pub", code=1)
        self.assertIn("refused", done.stderr)
        self.assertIn("breaks PROV", done.stdout)

    def test_a_retired_key_does_not_come_back(self):
        self.seal([1])
        self.run_gate("keygen", "new-key", "--replaces", "other-key", code=2)
        self.assertFalse((self.dir / "new-key").exists(), "nothing is made before it can be used")
        self.gate("keygen", "new-key", "--replaces", "key")
        self.assertIn("replaced", self.run_gate("keygen", "key", "--replaces", "new-key", code=2).stderr)

    def test_without_a_key_it_is_said(self):
        self.note()
        done = self.run_gate("seal", "Acme.Notes", "--checkpoint", "elsewhere")
        self.assertIn("\n\n", (self.dir / "elsewhere").read_text())
        self.assertIn("not signed", done.stderr)
        self.assertIn("not signed", self.run_gate("prove", "i-note-1").stderr)
        self.file("proof", self.gate("prove", "i-note-1"))
        self.run_gate("verify", "proof", "--entry-only", code=2)
        self.run_gate("verify", "proof", "--entry-only", "--public-key", self.key, code=5)
        self.run_gate("verify", "Acme.Notes", "--checkpoint", "elsewhere")
        self.run_gate("prove", "i-note-9", code=4)
        self.run_gate("prove", "#99", code=4)

    def test_the_second_verifier_reads_the_golden_entries(self):
        golden = sorted((ROOT / "tests/golden").glob("ledger-*.hex"))
        self.assertGreaterEqual(len(golden), 3)
        for path in golden:
            entry = bytes.fromhex("".join(path.read_text().split()))
            self.assertIn(SECOND.entry_of(entry)["version"], (1, 2), path)


if __name__ == "__main__":
    unittest.main()
