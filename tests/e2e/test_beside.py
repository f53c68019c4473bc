# SPDX-License-Identifier: Apache-2.0
"""What lies beside records and kernels, in their way or in their place: nothing of it is passed over."""

import os
import shutil
import subprocess
import threading
import time
import unittest

from support import PROVGATE, ROOT, Case

FLEET = ROOT / "examples/delvinator/fleet"
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix prov: <http://www.w3.org/ns/prov#> .
<urn:s> a sh:NodeShape ; sh:targetClass prov:Entity ; sh:property [ sh:path <urn:missing> ; sh:minCount 1 ] .
"""


class Beside(Case):
    def notes(self, count=3):
        for i in range(count):
            self.note(instance=f"i-{i}")
        return self.dir / "Acme.Notes/storage/instances"

    def fleet(self):
        shutil.copytree(FLEET, self.dir / "fleet")
        return self.dir / "fleet/concepts"

    def seal(self, *paths, code=0):
        return self.run_gate("seal", *(paths or ["Acme.Notes"]), "-q", code=code)

    def test_foreign_temporaries_are_no_ones_to_take_away(self):
        name = ".provgate-0123456789abcdef"
        for place in ("proof/i-note-1", "instances/i-note-1"):
            for make in (lambda path: path.write_text("mine"), os.mkfifo):
                self.note()
                path = self.dir / "Acme.Notes/storage" / place / name
                path.parent.mkdir(parents=True, exist_ok=True)
                make(path)
                fifo = not path.is_file()
                done = self.run_gate("seal", "Acme.Notes", code=None)
                # Beside an instance's own files a file is an attachment like others.
                attached = place.startswith("instances") and not fifo
                self.assertEqual(done.returncode, 0 if attached else 3, (place, fifo, done.stdout))
                self.assertTrue(os.path.lexists(path), place)
                if attached:
                    path.write_text("other")
                    self.run_gate("verify", "Acme.Notes", "--strict", code=5)
                subprocess.run(["rm", "-rf", "Acme.Notes", "store"], cwd=self.dir, check=True)

    def test_shapes_that_are_no_file_are_not_left_out(self):
        self.notes()
        shapes = self.dir / "Acme.Notes/rules.shacl"
        (self.dir / "elsewhere").write_text(SHAPES)
        for make in (lambda: shapes.symlink_to(self.dir / "elsewhere"), lambda: os.mkfifo(shapes), shapes.mkdir):
            make()
            self.seal(code=3)
            self.run_gate("check", "Acme.Notes", code=3)
            shapes.rmdir() if shapes.is_dir() else shapes.unlink()
        shapes.write_text(SHAPES)
        self.seal(code=1)
        shapes.unlink()
        self.seal()

    def test_attachments_that_are_no_files_keep_their_record_out(self):
        place = self.notes()
        in_the_way = (os.mkfifo, lambda p: p.symlink_to("/etc/hostname"), lambda p: os.mkfifo(p.with_suffix(".tmp")))
        for make in in_the_way:
            make(place / "i-1/attached")
            self.assertIn("i-1/attached", self.run_gate("seal", "Acme.Notes", "--dry-run", code=3).stdout)
            for left in place.glob("i-1/attached*"):
                left.unlink()
        os.mkfifo(place / "i-1/attached")
        self.assertIn("2 sealed", self.seal(code=3).stderr)
        (place / "i-1/attached").unlink()
        self.assertIn("1 sealed", self.seal().stderr)
        (place / "i-0/logs").symlink_to("/etc")
        self.run_gate("verify", "Acme.Notes", "--strict", code=3)

    def test_every_attachment_is_witnessed_however_deep_and_whatever_lies_beside_it(self):
        place = self.notes()
        deep = place / "i-0" / "/".join(["d"] * 40)
        deep.mkdir(parents=True)
        (place / "i-1/proof").mkdir()
        (place / "i-1/proof/data.json").write_text("{}")
        attached = [deep / "a.bin", place / "i-1/proof/a.bin", place / "i-2/.hidden"]
        for one in attached:
            one.write_text("a")
        self.seal()
        self.run_gate("verify", "Acme.Notes", "--strict")
        for one in attached:
            one.write_text("b")
            self.assertIn(one.name, self.run_gate("verify", "Acme.Notes", "--strict", code=5).stdout)
            self.seal()
            one.with_name("new").write_text("n")
            self.run_gate("verify", "Acme.Notes", "--strict", code=5)
            self.seal()
            one.unlink()
            self.run_gate("verify", "Acme.Notes", "--strict", code=5)
            one.write_text("b")
        self.run_gate("verify", "Acme.Notes", "--strict")

    def test_only_the_proof_lies_where_it_goes(self):
        self.notes()
        proof = self.dir / "Acme.Notes/storage/proof/i-1"
        proof.mkdir(parents=True)
        (proof / "note.txt").write_text("x")
        self.assertIn("2 sealed", self.seal(code=3).stderr)
        (proof / "note.txt").unlink()
        self.seal()
        for name in ("note.txt", "proof.json.tmp", ".hidden"):
            (proof / name).write_text("x")
            self.run_gate("verify", "Acme.Notes", code=5)
            (proof / name).unlink()
        self.run_gate("verify", "Acme.Notes")

    def test_files_of_a_kernel_without_instances_are_witnessed(self):
        place = self.fleet()
        self.seal("fleet")
        for name in ("conceptkernel.yaml", "ontology.yaml", "rules.shacl"):
            with open(place / "CK.Task" / name, "a") as file:
                file.write("# more\n")
            self.run_gate("verify", "fleet")
            self.assertIn(name, self.run_gate("verify", "fleet", "--strict", code=5).stdout)
            self.seal("fleet")
            self.run_gate("verify", "fleet", "--strict")
            self.run_gate("fsck", "fleet")

    def test_what_came_in_steps_is_sound(self):
        place = self.fleet()
        late = next(place.rglob("proof-exchange.parse-*.json"))
        late.rename(self.dir / "late")
        self.seal("fleet/concepts/Delvinator.Core")
        self.seal("fleet")
        (self.dir / "late").rename(late)
        self.seal("fleet")
        self.run_gate("verify", "fleet", "--strict")
        self.assertIn("the graph says the same", self.run_gate("fsck", "fleet").stderr)

    def test_a_record_that_is_gone_is_one_to_complete(self):
        place = self.fleet()
        self.seal("fleet")
        task = next(place.rglob("tasks/T-*.json"))
        text = task.read_text()
        task.unlink()
        self.run_gate("verify", "fleet")
        self.run_gate("verify", "fleet", "--complete", code=5)
        task.write_text(text)
        self.run_gate("verify", "fleet", "--complete")

    def test_a_kernel_that_was_moved_within_the_tree(self):
        self.fleet()
        self.seal("fleet")
        (self.dir / "fleet/concepts/Delvinator.Core").rename(self.dir / "fleet/Delvinator.Core")
        self.assertIn("missing", self.run_gate("verify", "fleet", code=5).stdout)
        self.seal("fleet")
        self.run_gate("verify", "fleet")
        # A copy of everything, somewhere else, is as good.
        shutil.copytree(self.dir / "fleet", self.dir / "copy")
        shutil.rmtree(self.dir / "fleet")
        self.run_gate("verify", "copy")

    def test_another_directory_takes_a_kernels_place(self):
        for swap in ("link", "copy"):
            for delay in (0.005, 0.02, 0.04, 0.08):
                tree, outside = self.dir / "tree", self.dir / "outside"
                for i in range(120):
                    manifest = self.note("tree/Acme.Notes", f"i-{i}")
                    manifest.write_text(manifest.read_text().replace("tree/", ""))
                shutil.copytree(tree, outside)
                running = subprocess.Popen(
                    [PROVGATE, "seal", "tree", "-q", "--batch", "30"], cwd=self.dir, env=self.env,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

                def take_its_place(delay=delay, tree=tree, outside=outside, swap=swap):
                    time.sleep(delay)
                    (tree / "Acme.Notes").rename(tree / ".aside")
                    if swap == "link":
                        (tree / "Acme.Notes").symlink_to(outside / "Acme.Notes")
                    else:
                        shutil.copytree(outside / "Acme.Notes", tree / "Acme.Notes")

                beside = threading.Thread(target=take_its_place)
                beside.start()
                said, _ = running.communicate(timeout=60)
                beside.join()
                self.assertIn(running.returncode, (0, 1, 3, 4, 5, 6), said)
                self.assertEqual([str(p) for p in outside.rglob("proof.json")], [], said)
                touched = [str(p) for p in outside.rglob("*.json") if not p.stat().st_mode & 0o222]
                self.assertEqual(touched, [], said)
                # A copy that was there from the beginning is what was sealed.
                if swap == "link":
                    (tree / "Acme.Notes").unlink()
                    (tree / ".aside").rename(tree / "Acme.Notes")
                    self.seal("tree")
                    self.assertIn("all as sealed", self.run_gate("verify", "tree").stderr)
                for left in (tree, outside, self.dir / "store"):
                    shutil.rmtree(left)


if __name__ == "__main__":
    unittest.main()
