# SPDX-License-Identifier: Apache-2.0
"""Shared by the end-to-end tests: the program under test, temporary trees, a Fuseki of their own."""

import base64
import json
import os
import shlex
import shutil
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
PROVGATE = os.environ.get("PROVGATE", str(ROOT / "build/release/provgate"))
MODULES = os.environ.get("PROVGATE_MODULES", str(ROOT / "build/release"))
LONG = bool(os.environ.get("PROVGATE_LONG"))  # ./test.sh --long
SCHEMA = json.loads((ROOT / "tests/schema/report-1.json").read_text())


class Case(unittest.TestCase):
    """A test with a directory of its own, a store in it, and a clean environment."""

    def setUp(self):
        self.dir = Path(tempfile.mkdtemp(prefix="provgate-e2e-"))
        self.dir.chmod(0o755)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.dir),
            "PROVGATE_STORE": str(self.dir / "store"),
            "LANG": "C.UTF-8",
        }

    def tearDown(self):
        subprocess.run(["chmod", "-R", "u+rwX", str(self.dir)], check=False)
        shutil.rmtree(self.dir, ignore_errors=True)

    def run_gate(self, *args, code=0, stdin=None, env=None, **kwargs):
        done = subprocess.run(
            [PROVGATE, *map(str, args)],
            input=stdin,
            capture_output=True,
            text=not isinstance(stdin, bytes),
            cwd=self.dir,
            env={**self.env, **(env or {})},
            timeout=120,
            **kwargs,
        )
        if code is not None:
            self.assertEqual(done.returncode, code, f"{args}\nstdout: {done.stdout}\nstderr: {done.stderr}")
        return done

    def report(self, *args, code=0, **kwargs):
        """`check … -o json`, validated against the schema."""
        document = json.loads(self.run_gate("check", *args, "-o", "json", code=code, **kwargs).stdout)
        jsonschema.validate(document, SCHEMA)
        return document

    def rules(self, *args, code=0, severity="error", **kwargs):
        return sorted(
            {f["rule"] for f in self.report(*args, code=code, **kwargs)["findings"] if f["severity"] == severity}
        )

    def write(self, path, text):
        path = self.dir / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if isinstance(text, str) else json.dumps(text, indent=2))
        return path

    def note(self, kernel="Acme.Notes", instance="i-note-1", **extra):
        """One good instance of a kernel."""
        manifest = {
            "instance_id": instance,
            "instance_type": "note",
            "status": "completed",
            "prov:wasGeneratedBy": f"ckp://Action#{kernel}/note.write-1760000000",
            "prov:wasAttributedTo": f"ckp://Kernel#{kernel}:v1.0",
            "prov:generatedAtTime": "2025-10-09T08:53:20Z",
            **extra,
        }
        return self.write(f"{kernel}/storage/instances/{instance}/manifest.json", manifest)

    def as_sealed(self, *trees, place=None, store="store"):
        """What ledger and graph say, which lines stand in the logs, and all rights: everything but when it was."""
        place = place or self.dir

        def gate(*args):
            command = [PROVGATE, *args, "--store", store]
            done = subprocess.run(command, cwd=place, env=self.env, capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout

        entries = [json.loads(line) for line in gate("log", "export").splitlines()]
        lines = []
        for tree in trees:
            for log in sorted((place / tree).rglob("audit.jsonl")):
                for line in map(json.loads, log.read_text().splitlines()):
                    lines.append((log.relative_to(place), line["event"], line["actor"], line["instance"]))
        query = "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(!CONTAINS(STR(?s), 'proof-')) } ORDER BY ?s ?p ?o"
        return {
            "ledger": sorted((e["kind"], e["iri"], tuple(e["files"])) for e in entries),
            "graph": gate("query", "-e", query, "--format", "csv"),
            "lines": sorted(lines),
            "rights": {
                path.relative_to(place): path.stat().st_mode & 0o777
                for tree in trees
                for path in sorted((place / tree).rglob("*"))
            },
        }


@unittest.skipUnless(os.geteuid() == 0, "needs root to become somebody else")
class NobodyCase(Case):
    """A test that also runs the program as a user who owns nothing."""

    def setUp(self):
        super().setUp()
        # A copy that anybody may run, wherever the build lies.
        self.program = Path(shutil.copy(PROVGATE, self.dir / "provgate"))
        self.program.chmod(0o755)

    def as_nobody(self, *args, code=None):
        done = subprocess.run(
            [str(self.program), *args],
            capture_output=True,
            text=True,
            cwd=self.dir,
            env=self.env,
            timeout=60,
            user=65534,
            group=65534,
            extra_groups=[],
        )
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done


def need_shared(test):
    """Skips where the sample records are not beside the checkout."""
    return unittest.skipUnless((SHARED / "samples").is_dir(), "no ../shared/samples beside this checkout")(test)


class Fuseki:
    """A real Fuseki on a port of its own, with data of its own."""

    def __init__(self, port):
        self.port = port

    def start(self, fresh=True):
        command = [str(ROOT / "fuseki/start"), "--port", str(self.port)] + (["--fresh"] if fresh else [])
        out = subprocess.run(command, capture_output=True, text=True, timeout=180)
        if out.returncode:
            raise RuntimeError(f"fuseki/start: {out.returncode} {out.stderr}")
        self.env = dict(shlex.split(line)[1].split("=", 1) for line in out.stdout.splitlines())
        self.url = self.env["PROVGATE_ENDPOINT"]
        return self

    def stop(self):
        subprocess.run([str(ROOT / "fuseki/stop"), "--port", str(self.port)], capture_output=True, timeout=60)

    def send(self, path, body, content_type):
        """POSTs as the user who may write."""
        token = base64.b64encode(
            f"provgate:{Path(self.env['PROVGATE_PASSWORD_FILE']).read_text().strip()}".encode()
        ).decode()
        request = urllib.request.Request(
            self.url + path, data=body, headers={"Content-Type": content_type, "Authorization": "Basic " + token}
        )
        urllib.request.urlopen(request, timeout=30).read()


class FusekiCase(Case):
    """Tests on one real, emptied Fuseki, with the example's fleet in their directory."""

    PORT = 0

    @classmethod
    def setUpClass(cls):
        cls.fuseki = Fuseki(cls.PORT).start()

    @classmethod
    def tearDownClass(cls):
        cls.fuseki.stop()

    def setUp(self):
        super().setUp()
        self.fuseki.send("/update", b"DROP ALL", "application/sparql-update")
        subprocess.run(["cp", "-R", str(ROOT / "examples/delvinator/fleet"), str(self.dir)], check=True)
