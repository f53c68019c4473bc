# SPDX-License-Identifier: Apache-2.0
"""Trees that the published CKP client library writes: checked, sealed, verified, traced; every edit is found."""

import json
import shutil
import subprocess
import sys
import textwrap
import unittest
from pathlib import Path

from support import Case, ROOT, SHARED, need_shared

PYTHON = ROOT / "build/venv/bin/python"

SESSION = textwrap.dedent("""
    import os, sys
    from cklib.instance import create_instance, seal_instance, append_ledger
    from cklib.ledger import log_action
    from cklib.occurrent import ActionOccurrent
    from cklib.execution import hash_data, hash_step, build_execution_proof, seal_execution
    root = sys.argv[1]
    urn = "ckp://Kernel#Acme.Shop:v1.0"
    log_action(root, "order.take", task_id="T001", goal_id="G001", status="completed", instance_id="i-order-1")
    used = {"prov:used": [urn + "/ontology.yaml"]}
    one = create_instance(root, instance_type="order", instance_id="i-order-1", metadata=used)
    append_ledger(one["path"], "pending", "in_progress", "taken")
    append_ledger(one["path"], "in_progress", "completed", "done")
    output = {"title": "two books", "price": 12.50, "sum": {"10": 1, "9": 2}, "who": "J\\u00f6rg"}
    seal_instance(one["path"], output=output)
    create_instance(root, instance_type="order", instance_id="i-order-2")
    with ActionOccurrent("shop.open", kernel_urn=urn, ck_dir=root) as action:
        action.step("open.accepted", {"host": "shop.example.org", "ratio": 1.0})
        with action.substep("open.checked") as step:
            step.detail("kernels", 3)
            step.verify("ready", True)
        action.step("open.done", {"url": "https://shop.example.org/"})
    steps, previous = [], hash_data({"request": 1})
    for i in range(3):
        step = hash_step(i, "https://s.example/%d" % i, {"in": i}, {"out": i}, previous)
        steps.append(step); previous = step.chain_hash
    seal_execution(root, build_execution_proof("exec-1", "route-1", urn, "base", steps))
""")

KERNEL = """apiVersion: conceptkernel/v3.5
kind: ConceptKernel
metadata: {name: Acme.Shop, urn: "ckp://Kernel#Acme.Shop:v1.0", version: v1.0}
domain: shop.example.org
"""


class RealClient(Case):
    def setUp(self):
        super().setUp()
        self.root = self.dir / "concepts/Acme.Shop"
        self.write("concepts/Acme.Shop/conceptkernel.yaml", KERNEL)
        done = subprocess.run([str(PYTHON), "-c", SESSION, str(self.root)], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.instance = self.root / "storage/instances/i-order-1"

    def proof_file(self):
        return next((self.root / "storage/proof").glob("proof-shop.open*.json"))

    def test_checks_seals_verifies_traces(self):
        self.assertEqual(self.rules("concepts"), [])
        done = self.run_gate("seal", "concepts")
        self.assertIn("skipped  ckp://Instance#i-order-2", done.stdout)
        self.assertIn("3 sealed", done.stderr)
        self.run_gate("verify", "concepts")
        trace = json.loads(self.run_gate("trace", "ckp://Instance#i-order-1", "--format", "json").stdout)
        self.assertEqual(trace["what"]["attributed_to"][0]["urn"], "ckp://Kernel#Acme.Shop:v1.0")
        self.assertTrue(trace["how"][0]["urn"].startswith("ckp://Action#Acme.Shop/order-"))

    def expect(self, path, change, *rules):
        original = path.read_bytes()
        path.write_bytes(change(original.decode()).encode())
        self.assertNotEqual(path.read_bytes(), original)
        found = self.rules("concepts", code=1)
        path.write_bytes(original)
        for rule in rules:
            self.assertIn(rule, found)

    def test_every_kind_of_edit_is_found(self):
        data, manifest, proof = (
            self.instance / "data.json",
            self.instance / "manifest.json",
            self.instance / "proof.json",
        )
        self.expect(data, lambda t: t.replace("two books", "ten books"), "PROOF-003", "PROOF-005")
        self.expect(data, lambda t: t.replace("\n", "\r\n"), "PROOF-003")
        self.expect(manifest, lambda t: t.replace('"order"', '"refund"'), "PROOF-004")
        self.expect(proof, lambda t: t.replace('"outcome": "PASS"', '"outcome": "FAIL"'), "PROOF-011")
        self.expect(proof, lambda t: t.replace('"instance_id": "i-order-1"', '"instance_id": "i-order-2"'), "PROOF-002")
        steps = self.proof_file()
        self.expect(steps, lambda t: t.replace('"kernels": 3', '"kernels": 4'), "PROOF-007", "PROOF-009")
        self.expect(steps, lambda t: t.replace('"final_hash": "', '"final_hash": "0'), "PROOF-008")
        self.expect(
            self.root / "storage/instances/exec-1/data.json",
            lambda t: t.replace('"chain_hash": "', '"chain_hash": "f', 1),
            "PROOF-014",
        )

    def test_reformatted_data_is_said_to_be_reformatted(self):
        data = self.instance / "data.json"
        data.write_text(json.dumps(json.loads(data.read_text())))
        messages = [f["message"] for f in self.report("concepts", code=1)["findings"] if f["rule"] == "PROOF-003"]
        self.assertIn("only reformatted", messages[0])

    def test_a_swapped_proof_is_found(self):
        shutil.copy(self.root / "storage/instances/exec-1/proof.json", self.instance / "proof.json")
        self.assertTrue({"PROOF-002", "PROOF-003"} <= set(self.rules("concepts", code=1)))

    def test_a_swapped_action_proof_is_found(self):
        path = self.proof_file()
        document = json.loads(path.read_text())
        document["proof"]["action_urn"] = "ckp://Action#Acme.Shop/shop.close-1760000000000"
        path.write_text(json.dumps(document, indent=2))
        self.assertIn("PROOF-007", self.rules("concepts", code=1))

    def test_a_removed_step_is_found(self):
        path = self.proof_file()
        document = json.loads(path.read_text())
        del document["occurrents"][1]
        path.write_text(json.dumps(document, indent=2))
        self.assertIn("PROOF-007", self.rules("concepts", code=1))

    def test_edits_after_sealing_are_found_by_verify(self):
        self.run_gate("seal", "concepts")
        for name in ("data.json", "manifest.json", "proof.json"):
            path = self.instance / name
            original = path.read_bytes()
            path.chmod(0o644)
            path.write_bytes(original.replace(b"i-order-1", b"i-order-9") if name != "data.json" else original + b" ")
            self.assertIn(
                f"changed  concepts/Acme.Shop/storage/instances/i-order-1/{name}",
                self.run_gate("verify", "concepts", code=5).stdout,
            )
            path.write_bytes(original)
            path.chmod(0o444)
        self.run_gate("verify", "concepts")


@need_shared
class PublishedSamples(Case):
    def test_the_clean_tree_passes_as_it_stands(self):
        report = self.report(SHARED / "samples/cklib-1.3.0")
        self.assertEqual([f for f in report["findings"] if f["severity"] == "error"], [])
        self.assertEqual(report["score"]["conforming"], report["score"]["of"])

    def test_the_page_s_own_records(self):
        samples = SHARED / "samples/ckp"
        self.write(
            "Delvinator.Core/storage/instances/i-tx-a8f3c1-1712345678/manifest.json",
            (samples / "instance-manifest.exchange.v3.6.json").read_text(),
        )
        self.write(
            "Delvinator.Core/storage/proof/proof-exchange.parse-1712345678.json",
            (samples / "action-proof.exchange.v3.6.json").read_text(),
        )
        self.write(
            "Delvinator.Core/storage/decisions/d.yaml",
            (samples / "decision-activity.provenance-page.v3.6.yaml").read_text(),
        )
        report = self.report("Delvinator.Core")
        self.assertEqual([f["rule"] for f in report["findings"] if f["severity"] != "info"], [])
        dangling = [f["rule"] for f in report["findings"] if "has no record" in f["message"]]
        self.assertEqual(sorted(dangling), ["CHAIN-005", "CHAIN-006"])
        self.run_gate("seal", "Delvinator.Core")


if __name__ == "__main__":
    unittest.main()
