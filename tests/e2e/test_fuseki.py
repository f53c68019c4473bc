# SPDX-License-Identifier: Apache-2.0
"""Publishing to and tracing from a real Fuseki."""

import http.server
import json
import os
import signal
import subprocess
import threading
import time
import unittest
import urllib.request
from pathlib import Path

import test_client
from support import Case, FusekiCase, PROVGATE, ROOT, SHARED, need_shared

PREFIXES = "PREFIX prov: <http://www.w3.org/ns/prov#>\nPREFIX ckp: <https://conceptkernel.org/ontology/v3.6/>\n"
# The two queries of the CKP provenance page.
CHAIN = PREFIXES + """SELECT ?action ?agent ?time WHERE {
  ?instance prov:wasGeneratedBy ?action .
  ?action prov:wasAssociatedWith ?agent ; prov:startedAtTime ?time . }"""
BY_KERNEL = PREFIXES + """SELECT ?instance ?time WHERE {
  ?instance prov:wasAttributedTo ?kernel ; prov:generatedAtTime ?time .
  ?kernel ckp:hasUrn "ckp://Kernel#Delvinator.Core:v1.0" . }"""
ALL = "SELECT * WHERE { GRAPH ?g { ?s ?p ?o } }"
INSTANCE = "ckp://Instance#i-tx-5c01aa-1775406000"


class RealFuseki(FusekiCase):
    PORT = 3941

    def setUp(self):
        super().setUp()
        self.env.update(self.fuseki.env)

    def update(self, text):
        self.fuseki.send("/update", text.encode(), "application/sparql-update")

    def rows(self, query):
        done = self.run_gate("query", "-", "--on", self.fuseki.url, "--format", "json", stdin=query)
        return [{k: v["value"] for k, v in row.items()} for row in json.loads(done.stdout)["results"]["bindings"]]

    def test_publish_query_trace(self):
        self.run_gate("seal", "fleet")
        done = self.run_gate("publish")
        self.assertIn("published 5 records", done.stderr)
        self.assertIn("0 pending", done.stderr)
        chain = self.rows(CHAIN)
        self.assertIn(
            {
                "action": "ckp://Action#Delvinator.Core/exchange.parse-1775406000",
                "agent": "ckp://Kernel#Delvinator.Core:v1.0",
                "time": "2026-04-05T16:19:59Z",
            },
            chain,
        )
        self.assertEqual(self.rows(BY_KERNEL), [{"instance": INSTANCE, "time": "2026-04-05T16:20:00Z"}])
        for form in ("text", "json", "turtle"):
            local = self.run_gate("trace", INSTANCE, "--format", form).stdout
            self.assertEqual(local, self.run_gate("trace", INSTANCE, "--on", self.fuseki.url, "--format", form).stdout)
        self.assertEqual(
            self.run_gate("trace", INSTANCE, "--on", self.fuseki.url).stdout,
            (ROOT / "examples/delvinator/trace.expected").read_text(),
        )
        self.run_gate("trace", "ckp://Instance#unknown", "--on", self.fuseki.url, code=4)

    @need_shared
    def test_the_page_s_own_records(self):
        """The records of the CKP provenance page: checked, sealed, published, both documented queries, four hops."""
        samples = SHARED / "samples/ckp"
        self.write(
            "Delvinator.Core/storage/instances/i-tx-a8f3c1-1712345678/manifest.json",
            (samples / "instance-manifest.exchange.v3.6.json").read_text(),
        )
        self.write(
            "Delvinator.Core/storage/proof/proof-exchange.parse-1712345678.json",
            (samples / "action-proof.exchange.v3.6.json").read_text(),
        )
        self.run_gate("seal", "Delvinator.Core")
        self.run_gate("publish")
        instance, action = (
            "ckp://Instance#i-tx-a8f3c1-1712345678",
            "ckp://Action#Delvinator.Core/exchange.parse-1712345678",
        )
        self.assertEqual(
            self.rows(CHAIN),
            [{"action": action, "agent": "ckp://Kernel#Delvinator.Core:v1.0", "time": "2026-04-05T16:37:24Z"}],
        )
        self.assertEqual(self.rows(BY_KERNEL), [{"instance": instance, "time": "2026-04-05T16:37:25Z"}])
        trace = self.run_gate("trace", instance, "--on", self.fuseki.url).stdout
        for hop in (
            instance,
            action,
            "prov:wasAssociatedWith ckp://Kernel#Delvinator.Core:v1.0",
            "prov:wasStartedBy ckp://Task#T-a1b2c3d4",
            "prov:wasInfluencedBy ckp://Goal#G-e5f6g7h8",
        ):
            self.assertIn(hop, trace)

    def test_what_the_real_client_wrote(self):
        root = self.dir / "concepts/Acme.Shop"
        self.write("concepts/Acme.Shop/conceptkernel.yaml", test_client.KERNEL)
        subprocess.run([str(test_client.PYTHON), "-c", test_client.SESSION, str(root)], check=True, timeout=120)
        self.run_gate("seal", "concepts")
        self.assertIn("published 3 records", self.run_gate("publish").stderr)
        local = self.run_gate("trace", "ckp://Instance#i-order-1").stdout
        self.assertEqual(local, self.run_gate("trace", "ckp://Instance#i-order-1", "--on", self.fuseki.url).stdout)
        self.assertIn("joined by instance_id: ckp://Action#Acme.Shop/order.take-", local)
        self.assertIn("prov:wasStartedBy ckp://Task#T001", local)
        self.assertIn("prov:wasInfluencedBy ckp://Goal#G001", local)

    def test_every_query_of_the_library_answers(self):
        self.run_gate("seal", "fleet")
        self.run_gate("events", "append", ROOT / "examples/ferry/run.ndjson")
        self.write("records.ndjson", (ROOT / "examples/experience/records.ndjson").read_text())
        self.run_gate("seal", "records.ndjson")
        self.run_gate("publish")
        names = [line for line in self.run_gate("audit", "list").stdout.splitlines() if not line.startswith(" ")]
        self.assertGreaterEqual(len(names), 12)
        empty = {
            "orphan-actions",
            "unsealed-instances",
            "failed-checks",
            "composes-closure",
            "instances-without-chain",
            "tasks-without-decision",
            "facts-without-validation",
            "disputed-experiences",
            "evidence-of-attestations",
        }
        for name in names:
            table = self.run_gate("audit", name, "--on", self.fuseki.url).stdout
            if name not in empty:
                self.assertNotIn("\n0 rows", table, name)
        self.run_gate("query", "-", "--on", self.fuseki.url, stdin="SELECT nonsense", code=3)

    def test_events_answer_here_as_there(self):
        """Kept events of two tenants: published, the queries of the library and a trace agree, and twice is once."""
        run = (ROOT / "examples/ferry/run.ndjson").read_text()
        south = run.replace('"tenant_id":"north"', '"tenant_id":"south"').replace('"f-1"', '"f-2"')
        self.write("run.ndjson", run + south)
        self.run_gate("events", "append", "run.ndjson", "--batch", "7")
        self.assertIn("0 pending", self.run_gate("publish").stderr)
        count = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), 'urn:converge:')) }"
        self.assertGreater(int(self.rows(count)[0]["n"]), 500)
        answered = 0
        for path in sorted((ROOT / "fuseki/queries/events").glob("*.rq")):
            here = self.run_gate("audit", path.stem, "--format", "csv").stdout
            there = self.run_gate("audit", path.stem, "--on", self.fuseki.url, "--format", "csv").stdout
            self.assertEqual(sorted(here.splitlines()), sorted(there.splitlines()), path.stem)
            answered += len(here.splitlines()) > 1
        self.assertGreaterEqual(answered, 5)
        fact = "urn:converge:fact:south:f-2"
        here = self.run_gate("trace", fact, "--format", "json").stdout
        self.assertEqual(here, self.run_gate("trace", fact, "--on", self.fuseki.url, "--format", "json").stdout)
        self.assertIn("model", here)
        self.assertIn("nothing to publish", self.run_gate("publish").stderr)

    def test_experience_answers_here_as_there(self):
        """Records that were sealed from a file and added to the store, with later states: the queries of the library
        and a trace agree; a trace of an assessment reaches evidence, session and beacon."""
        me, now = "03-1-NOR-0107-P-2602-0-41", ("--now", "2026-04-03T08:00:00Z")
        examples = ROOT / "examples/experience"
        self.write("records.ndjson", (examples / "records.ndjson").read_text())
        self.run_gate("seal", "records.ndjson")
        self.run_gate("experience", "add", examples / "new.ndjson", "--beacon", examples / "round.json", *now)
        self.run_gate("experience", "dispute", "00000053-0000-4000-8000-000000000053", "--by",
                      "03-1-NOR-0108-P-2602-3-39", "--details", "not so", *now)
        name = self.run_gate("experience", "assess", me, "--domain", "data_analysis", *now).stdout.split()[-1]
        self.assertIn("0 pending", self.run_gate("publish").stderr)
        for path in sorted((ROOT / "fuseki/queries/experience").glob("*.rq")):
            here = self.run_gate("audit", path.stem, "--format", "csv").stdout
            there = self.run_gate("audit", path.stem, "--on", self.fuseki.url, "--format", "csv").stdout
            self.assertEqual(sorted(here.splitlines()), sorted(there.splitlines()), path.stem)
            self.assertGreater(len(here.splitlines()), 1, path.stem)
        here = self.run_gate("trace", name, "--format", "json").stdout
        self.assertEqual(here, self.run_gate("trace", name, "--on", self.fuseki.url, "--format", "json").stdout)
        for thing in ("urn:chitty:provenance:00000052", "urn:chitty:session:s-0413", "urn:drand:"):
            self.assertIn(thing, here)
        self.run_gate("fsck")

    def test_twice_leaves_the_graph_as_it_was(self):
        self.run_gate("seal", "fleet")
        self.run_gate("publish")
        before = sorted(map(str, self.rows(ALL)))
        self.assertIn("nothing to publish", self.run_gate("publish").stderr)
        # The same records from a store that does not know they were published.
        subprocess.run(["chmod", "-R", "u+w", str(self.dir / "fleet")], check=True)
        self.env["PROVGATE_STORE"] = str(self.dir / "second")
        self.run_gate("seal", "fleet")
        self.run_gate("publish")
        self.assertEqual(sorted(map(str, self.rows(ALL))), before)

    def test_wrong_password_dataset_and_no_endpoint(self):
        self.run_gate("seal", "fleet")
        bad = self.write("bad-password", "wrong")
        bad.chmod(0o600)
        done = self.run_gate("publish", env={"PROVGATE_PASSWORD_FILE": str(bad)}, code=2)
        self.assertIn("401", done.stderr)
        self.assertNotIn("wrong", done.stderr)
        self.run_gate("publish", "--to", self.fuseki.url.replace("/ckp", "/nope"), code=2)
        bad.chmod(0o644)
        self.assertIn("chmod 600", self.run_gate("publish", env={"PROVGATE_PASSWORD_FILE": str(bad)}, code=2).stderr)
        self.env.pop("PROVGATE_ENDPOINT")
        self.run_gate("publish", code=2)
        self.assertIn("5 records pending", self.run_gate("status").stdout)
        self.run_gate("publish", "--to", self.fuseki.url)

    def test_path_selects_what_is_sent(self):
        self.note()
        self.note(instance="i-note-2")
        self.run_gate("seal", "Acme.Notes")
        self.assertIn("published 1 record", self.run_gate("publish", "Acme.Notes/storage/instances/i-note-2").stderr)
        self.assertIn("1 record pending", self.run_gate("status").stdout)

    def test_reading_is_open_and_writing_is_not(self):
        request = urllib.request.Request(
            self.fuseki.url + "/update",
            data=b"INSERT DATA { <urn:a> <urn:b> <urn:c> }",
            headers={"Content-Type": "application/sparql-update"},
        )
        with self.assertRaises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=30)
        self.assertEqual(caught.exception.code, 401)
        done = self.run_gate(
            "query",
            "-",
            "--on",
            self.fuseki.url,
            stdin="SELECT * { SERVICE <http://localhost:1/x> { ?s ?p ?o } }",
            code=None,
        )
        self.assertNotEqual(done.returncode, 0)
        password = Path(self.fuseki.env["PROVGATE_PASSWORD_FILE"])
        self.assertEqual(password.stat().st_mode & 0o777, 0o600)

    def test_killed_while_publishing(self):
        for i in range(60):
            self.note(instance=f"i-note-{i}")
        self.run_gate("seal", "Acme.Notes", "-q")
        for delay in (0.0, 0.01, 0.03, 0.06):
            process = subprocess.Popen(
                [PROVGATE, "publish", "-q"],
                cwd=self.dir,
                env=self.env,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.run_gate("publish")
        self.assertIn("0 records pending", self.run_gate("status").stdout)
        self.assertEqual(len(self.rows(PREFIXES + "SELECT DISTINCT ?i { ?i a ckp:SealedInstance }")), 60)


class Server(Case):

    def serve(self, behaviour):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                behaviour(self)

            def log_message(self, *args):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}/ckp"

    @staticmethod
    def answer(status, body):
        def behaviour(handler):
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        return behaviour


class OddServers(Server):
    """Servers that cut, lie or break: the right exit code, and nothing lost."""

    def test_each_has_its_exit_code_and_keeps_the_outbox(self):
        self.note()
        self.run_gate("seal", "Acme.Notes")

        def cut(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "100")
            handler.end_headers()
            handler.wfile.write(b"{")
            handler.close_connection = True

        for behaviour, code, required in (
            (self.answer(200, b'{"count": 1}'), 6, 6),
            (self.answer(200, b"ok"), 6, 6),
            (self.answer(400, b"bad"), 6, 6),
            (self.answer(500, b"<html>oops</html>"), 0, 6),
            (self.answer(503, b""), 0, 6),
            (self.answer(401, b""), 2, 2),
            (self.answer(403, b""), 2, 2),
            (self.answer(404, b""), 2, 2),
            (cut, 0, 6),
        ):
            url = self.serve(behaviour)
            done = self.run_gate("publish", "--to", url, code=code)
            self.assertIn("1 pending", done.stderr)
            self.run_gate("publish", "--to", url, "--require", code=required)


def answers():
    """Queries, formats, a body that is their result, and bodies that are not."""
    select, construct = "SELECT ?s ?o { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
    table = b'{"head": {"vars": ["s", "o"]}, "results": {"bindings": []}}'
    xml = (
        b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable'
        b' name="s"/><variable name="o"/></head><results/></sparql>'
    )
    page = b"<html><body>Sign in</body></html>"
    return (
        (
            select,
            ("table", "json"),
            table,
            (
                page,
                b"OK",
                b"[]",
                b'{"head": {}}',
                b'{"head": {"vars": ["s"]}',
                b'{"error": "\\u001b[31m"}',
                b"",
                xml,
                b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}',
                b'{"boolean": true}',
                table.replace(b"[]", b"{}"),
                table.replace(b"[]", b"[5]"),
                table.replace(b"[]", b'[{"z": {"type": "uri", "value": "a:b"}}]'),
                table.replace(b"[]", b'[{"s": {"type": "odd", "value": "a:b"}}]'),
                table.replace(b"[]", b'[{"s": "a:b"}]'),
            ),
        ),
        (select, ("xml",), xml, (page, b"OK", table, xml[:-9], b"<?xml version='1.0'?><error/>", b"")),
        (
            select,
            ("csv",),
            b"s,o\r\nhttp://e/a,1\r\n",
            (
                page,
                b"OK",
                table,
                xml,
                b"error\n",
                b"s\n1\n",
                b"",
                b's,o\r\n"unfinished',
                b"s,o\r\n1,2,3\r\n",
                b"s,o\r\nERROR 500: timed out\r\n",
            ),
        ),
        (
            select,
            ("tsv",),
            b"?s\t?o\n<http://e/a>\t1\n",
            (page, b"OK", table, xml, b"s\to\n", b"", b"?s\t?o\njava.lang.OutOfMemoryError\n"),
        ),
        (
            "ASK {}",
            ("table", "json"),
            b'{"head": {}, "boolean": false}',
            (table, b'{"boolean": "false"}', b'{"head": {}}'),
        ),
        ("ASK {}", ("csv",), b"_askResult\r\ntrue\r\n", (b"error", b"")),
        (
            construct,
            (None, "turtle", "ntriples"),
            b"<http://e/a> <http://e/p> <http://e/o> .\n",
            (page, b"OK", table, xml, b"<http://e/a> <http://e/p>"),
        ),
    )


class Answers(Server):
    """What an endpoint answers is the result of the query, or it is said that it is not."""

    def test_what_is_no_result_is_6(self):
        for query, formats, good, bad in answers():
            for how in formats:
                asked = ["query", "-e", query, *(["--format", how] if how else [])]
                self.run_gate(*asked, "--on", self.serve(self.answer(200, good)), code=0)
                for body in bad:
                    done = self.run_gate(*asked, "--on", self.serve(self.answer(200, body)), code=6)
                    self.assertEqual(done.stdout, "", (how, body))
                    self.assertNotIn("\x1b", done.stderr)
        # What only the server can read is asked all the same.
        self.run_gate(
            "query",
            "-e",
            "SELECT (<urn:theirs>(1) AS ?x) {}",
            "--format",
            "csv",
            "--on",
            self.serve(self.answer(200, b"x\r\n2\r\n")),
            code=0,
        )


class Scripts(Case):
    def test_start_says_what_is_wrong(self):
        start = str(ROOT / "fuseki/start")
        self.assertEqual(subprocess.run([start, "--port", "x"], capture_output=True).returncode, 2)
        self.assertEqual(subprocess.run([start, "--nope"], capture_output=True).returncode, 2)
        (self.dir / "bin").mkdir()
        for tool in ("sh", "dirname", "cat", "sed", "sha256sum"):
            os.symlink(
                subprocess.run(["which", tool], capture_output=True, text=True).stdout.strip(), self.dir / "bin" / tool
            )
        done = subprocess.run(
            [start], capture_output=True, text=True, env={"PATH": str(self.dir / "bin"), "HOME": str(self.dir)}
        )
        self.assertEqual(done.returncode, 2)
        self.assertIn("openjdk-17-jre-headless", done.stderr)


if __name__ == "__main__":
    unittest.main()
