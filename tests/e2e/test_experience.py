# SPDX-License-Identifier: Apache-2.0
"""Experience as its users have it: every form of its tables, chains that are added and tampered with, later states of
records, assessments that can be recomputed, profiles that are handed on."""

import hashlib
import http.server
import json
import os
import sqlite3
import subprocess
import threading
import unittest

from support import PROVGATE, ROOT, Case

EXAMPLES = ROOT / "examples/experience"
ME, PEER = "03-1-NOR-0107-P-2602-0-41", "03-1-NOR-0108-P-2602-3-39"
NOW = ("--now", "2026-04-03T08:00:00Z")
CHANGES = {"verification_status", "verified_by", "verified_at", "dispute_details", "created_at"}


def uid(number):
    """A UUID with a number in it."""
    return f"{number:08}-0000-4000-8000-{number:012}"


def text(row):
    """JSON as a program writes it that does not care."""
    return json.dumps(row, separators=(",", ":"), ensure_ascii=False)


def record_hash(row):
    """The recipe provgate-record-1, as FORMAT.md has it, for experiences."""
    said = {k: v for k, v in row.items() if v is not None and k not in CHANGES and k not in ("table", "record_hash")}
    canonical = json.dumps(said, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"provgate-record-1:experience_provenance\n{canonical}".encode()).hexdigest()


def chain(count, start=1, **more):
    """Experiences that follow each other, as they are given to `add`."""
    for i in range(start, start + count):
        row = {"id": uid(i), "chitty_id": ME, "experience_type": "interaction", "domain": "data_analysis",
               "source_platform": "mcp", "source_session_id": "s-1", "experience_summary": f"step {i}",
               "experience_metadata": {"n": i}, "complexity_score": 5, "success_indicator": i % 5 != 0,
               "experienced_at": f"2026-03-02T08:{i % 60:02}:00Z", **more}
        if i > start:
            row["parent_provenance_id"] = uid(i - 1)
        yield text(row)


class Experience(Case):
    def experience(self, *arguments, **more):
        return self.run_gate("experience", *arguments, "--store", "store", **more)

    def add(self, lines, *arguments, **more):
        self.write("rows.ndjson", "".join(line + "\n" for line in lines))
        return self.experience("add", "rows.ndjson", *arguments, *NOW, **more)

    def found(self, *paths, code=1):
        report = self.run_gate("check", *paths, "-o", "json", code=code).stdout
        return [(f["rule"], f["line"], f["severity"]) for f in json.loads(report)["findings"]]

    def ask(self, query):
        """The rows of a query over the store."""
        query = "PREFIX c: <https://w3id.org/provgate/chitty#> " + query
        return self.run_gate("query", "-e", query, "--format", "csv", "--store", "store").stdout.split()[1:]

    # ---- what lies in files ----
    def rows(self):
        return [json.loads(line) for line in (EXAMPLES / "records.ndjson").read_text().splitlines()]

    def test_every_form_of_a_table_is_read(self):
        rows = self.rows()
        tables = {}
        for row in rows:
            tables.setdefault(row["table"], []).append({k: v for k, v in row.items() if k != "table"})
        self.write("all.json", json.dumps(tables, indent=2))
        first = tables["experience_provenance"]
        self.write("data/experience_provenance.ndjson", "".join(text(r) + "\n" for r in first))
        self.write("data/rest.jsonl", "".join(text(r) + "\n" for r in rows[3:]))
        base = sqlite3.connect(self.dir / "tables.db")
        for name, these in tables.items():
            columns = list(dict.fromkeys(k for r in these for k in r))
            base.execute(f"CREATE TABLE {name} ({','.join(columns)})")
            for r in these:
                values = [text(v) if isinstance(v, (dict, list)) else v for v in map(r.get, columns)]
                base.execute(f"INSERT INTO {name} VALUES ({','.join('?' * len(columns))})", values)
        base.commit()
        base.close()
        for path in ("all.json", "data", "tables.db", EXAMPLES / "records.ndjson"):
            done = self.run_gate("check", path)
            self.assertIn("checked 7 records", done.stdout + done.stderr, path)
        piped = self.run_gate("check", "-", stdin=(EXAMPLES / "records.ndjson").read_text())
        self.assertIn("7/7", piped.stdout + piped.stderr)
        # The same statements out of each.
        whole = self.run_gate("convert", EXAMPLES / "records.ndjson", "--to", "nquads").stdout
        for path in ("all.json", "data", "tables.db"):
            self.assertEqual(sorted(self.run_gate("convert", path, "--to", "nquads").stdout.splitlines()),
                             sorted(whole.splitlines()), path)

    def test_a_database_whose_log_is_not_in_it_is_refused(self):
        base = sqlite3.connect(self.dir / "x.db", isolation_level=None)
        base.execute("PRAGMA journal_mode=WAL")
        base.execute("CREATE TABLE experience_provenance (id, chitty_id)")
        base.execute("INSERT INTO experience_provenance VALUES ('a', 'b')")
        done = self.run_gate("check", "x.db", code=None)
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        base.close()

    def test_each_planted_fault_is_told_at_its_line(self):
        found = self.found(EXAMPLES / "broken.ndjson")
        for rule, line in (("XPR-005", 1), ("XPR-029", 2), ("XPR-036", 3), ("XPR-040", 4), ("XPR-060", 5),
                           ("XPR-054", 6), ("DRD-010", 7)):
            self.assertIn((rule, line, "error"), found)

    def test_lines_that_are_no_json_leave_the_others_judged(self):
        lines = (EXAMPLES / "records.ndjson").read_text().splitlines()
        self.write("x.ndjson", "\n".join([*lines[:3], "{nonsense", *lines[3:]]) + "\n")
        done = self.run_gate("check", "x.ndjson", code=3)
        self.assertIn("7/7", done.stdout + done.stderr)

    # ---- sealing files ----
    def test_sealed_tables_and_their_later_states(self):
        store = ("--store", "store")
        rows = self.rows()
        def put(these):
            self.write("x.ndjson", "".join(text(r) + "\n" for r in these))
        put(rows)
        self.assertIn("7 sealed", self.run_gate("seal", "x.ndjson", *store).stderr)
        self.assertIn("7 already sealed", self.run_gate("seal", "x.ndjson", *store).stderr)
        self.run_gate("verify", "x.ndjson", *store)
        # What may change, and follows from what it was, is no tampering; it is sealed as a later state.
        disputed = {**rows[2], "verification_status": "disputed", "dispute_details": {"why": "no"}}
        put([*rows[:2], disputed, *rows[3:]])
        self.run_gate("verify", "x.ndjson", *store)
        self.assertIn("1 sealed", self.run_gate("seal", "x.ndjson", *store).stderr)
        rows[2] = disputed
        put(rows)
        self.run_gate("verify", "x.ndjson", *store)
        # What was revoked stays so, and what may not change did not.
        revoked = {**rows[3], "revoked_at": "2026-05-01T08:00:00Z", "revocation_reason": "withdrawn"}
        put([*rows[:3], revoked, *rows[4:]])
        self.run_gate("seal", "x.ndjson", *store)
        for later in ({**revoked, "revoked_at": "2026-06-01T08:00:00Z"}, {**revoked, "revocation_reason": "for fun"},
                      rows[3]):
            put([*rows[:3], later, *rows[4:]])
            self.run_gate("verify", "x.ndjson", *store, code=5)
            self.run_gate("seal", "x.ndjson", *store, code=1)
        rows[3] = revoked
        # Nor has what was sealed another seal, another time of it, or none.
        for seal in ({"sealed_at": "2026-03-13T07:00:00Z", "seal_alg": None}, {"seal_drand_round": 5, "seal_alg": None},
                     {"is_sealed": False, "sealed_at": None, "seal_hash": None}):
            put([*rows[:4], {**rows[4], **seal}, *rows[5:]])
            self.run_gate("verify", "x.ndjson", *store, code=5)
            self.run_gate("seal", "x.ndjson", *store, code=1)
        other = {**rows[4], "action_type": "timetable_read"}
        put([*rows[:4], other, *rows[5:]])
        done = self.run_gate("verify", "x.ndjson", *store, code=5)
        self.assertIn("changed", done.stdout + done.stderr)
        put(rows[:6])
        done = self.run_gate("verify", "x.ndjson", *store, code=5)
        self.assertIn("missing", done.stdout + done.stderr)
        self.run_gate("fsck", *store)

    def test_documents_of_tables_are_sealed(self):
        """Rows that name their table, or do not; one that names another is none of it."""
        rows = self.rows()
        tables = {}
        for row in rows:
            tables.setdefault(row["table"], []).append(row)
        store = ("--store", "store")
        self.write("x.json", json.dumps(tables, indent=2))
        self.assertIn("7 sealed", self.run_gate("seal", "x.json", *store).stderr)
        self.run_gate("verify", "x.json", *store)
        for table in ("expertise_attestations", None, 1):
            self.write("y.json", json.dumps({"experience_provenance": [{**rows[3], "table": table}]}))
            self.assertIn("XPR-009", [f[0] for f in self.found("y.json")])
            self.run_gate("seal", "y.json", *store, code=1)

    def test_lines_in_any_order_are_sealed(self):
        self.write("x.ndjson", "".join(text(r) + "\n" for r in reversed(self.rows())))
        self.assertIn("7 sealed", self.run_gate("seal", "x.ndjson", "--store", "store").stderr)
        self.assertTrue(json.loads(self.experience("verify").stdout)["valid"])

    def test_a_table_named_by_escapes_is_verified(self):
        lines = "".join(text(r) + "\n" for r in self.rows()[:3])
        self.write("x.ndjson", lines.replace('"experience_provenance"', '"experience\\u005fprovenance"'))
        self.run_gate("seal", "x.ndjson", "--store", "store")
        report = json.loads(self.experience("verify", self.rows()[0]["id"]).stdout)
        self.assertEqual((report["valid"], report["depth"]), (True, 1))
        self.assertEqual(json.loads(self.experience("verify").stdout)["links"], 3)

    def test_damaged_databases_are_refused(self):
        base = sqlite3.connect(self.dir / "x.db")
        base.execute("CREATE TABLE experience_provenance (id, chitty_id, experience_summary)")
        base.executemany("INSERT INTO experience_provenance VALUES (?, 'a', ?)", [(i, "x" * 500) for i in range(50)])
        base.commit()
        base.close()
        whole = (self.dir / "x.db").read_bytes()
        (self.dir / "x.db-journal").write_bytes(b"journal")
        self.run_gate("check", "x.db", code=3)
        (self.dir / "x.db-journal").unlink()
        (self.dir / "x.db").write_bytes(whole[: len(whole) // 2])
        self.run_gate("check", "x.db", code=3)

    # ---- the store ----
    def test_chains_are_added_and_verified(self):
        self.assertIn("added  #1  30 records", self.add(chain(30)).stdout)
        report = json.loads(self.experience("verify", uid(3)).stdout)
        self.assertEqual(report["chain"], [uid(1), uid(2), uid(3)])
        self.assertEqual((report["valid"], report["depth"]), (True, 3))
        self.assertEqual(json.loads(self.experience("verify").stdout)["links"], 30)
        # More of it, after what is kept; two that follow one are a branch.
        more = list(chain(2, start=40, parent_provenance_id=uid(3)))
        self.add(more)
        self.assertEqual(json.loads(self.experience("verify").stdout)["branches"], 1)
        self.add(list(chain(1, start=90, parent_provenance_id=uid(99))), code=1)
        self.experience("verify", uid(77), code=4)
        self.experience("verify", "nonsense", code=4)

    def test_hashes_are_those_of_the_recipe(self):
        """An independent computation of the record hash: what is added with it is taken as it is, and verified."""
        row = {"table": "experience_provenance", "id": uid(50), "chitty_id": ME, "experience_type": "decision",
               "source_platform": "mcp", "experience_summary": "Öre 𝄞", "experience_metadata": {},
               "mood": {"ü": 1, "z": [1.5, 7]}, "hash_alg": "provgate-record-1", "beacon": None,
               "experienced_at": "2026-03-02T08:00:00Z", "verification_status": "pending"}
        row["content_hash"] = hashlib.sha256((row["experience_summary"] + "{}").encode()).hexdigest()
        row["record_hash"] = record_hash(row)
        self.add([text(row)])
        self.assertTrue(json.loads(self.experience("verify").stdout)["valid"])
        self.assertIn("XPR-029", self.add([text({**row, "id": uid(51)})], code=1).stderr)
        # What is completed has the hash that follows.
        self.add(chain(3))
        kept = self.ask("SELECT ?h { GRAPH ?g { ?s c:recordHash ?h } }")
        self.assertEqual(len(kept), 4)

    def test_nothing_of_a_batch_with_an_error_is_there(self):
        lines = [*chain(3), text({"id": uid(9), "chitty_id": ME, "experience_type": "insight"})]
        done = self.add(lines, code=1)
        self.assertIn("XPR-005", done.stderr)
        self.experience("verify", code=4)
        self.add([*chain(2), "{nonsense"], code=3)
        self.experience("verify", code=4)
        self.add([text({"table": "ships", "id": uid(1)})], code=1)
        self.add([], code=4)
        done = self.experience("add", "-", *NOW, stdin="".join(line + "\n" for line in chain(3)))
        self.assertIn("3 records", done.stdout)

    def test_states_follow_each_other(self):
        self.add(chain(2))
        self.experience("verify-record", uid(1), "--by", ME, *NOW, code=1)  # nobody vouches for themselves
        self.experience("verify-record", uid(1), "--by", PEER, *NOW)
        self.experience("dispute", uid(1), "--by", PEER, "--details", "not so", *NOW)
        self.experience("dispute", uid(1), "--by", PEER, "--details", '{"proof": 1}', "--invalidate", *NOW)
        self.experience("verify-record", uid(9), "--by", PEER, *NOW, code=4)
        self.experience("verify-record", uid(1), code=2)
        self.experience("dispute", uid(1), "--by", PEER, code=2)
        self.assertEqual(json.loads(self.experience("verify").stdout)["branches"], 0)
        summary = json.loads(self.experience("summary", ME).stdout)
        self.assertEqual((summary["total"], summary["invalidated"], summary["verified"]), (2, 1, 0))
        self.assertEqual(json.loads(self.experience("verify").stdout)["links"], 2)
        self.run_gate("fsck", "--store", "store")

    def test_attestations(self):
        self.experience("attest", ME, "--domain", "legal", "--type", "peer_reviewed", "--level", "expert", "--score",
                        "85", "--by", PEER, *NOW)
        for wrong in (("--level", "novice", "--score", "85", "--by", PEER), ("--level", "expert"),
                      ("--by", ME, "--level", "expert")):
            self.experience("attest", ME, "--domain", "legal", "--type", "peer_reviewed", *wrong, *NOW, code=1)
        self.experience("attest", ME, "--domain", "legal", "--type", "self_declared", "--level", "expert",
                        "--score", "101", code=2)
        self.experience("attest", ME, "--domain", "legal", code=2)
        profile = json.loads(self.experience("profile", ME, *NOW).stdout)
        self.assertEqual([e["level"] for e in profile["expertise"]], ["expert"])
        found = self.run_gate("audit", "active-attestations", "--format", "csv", "--store", "store").stdout
        self.assertEqual(len(found.splitlines()), 2)

    def test_assessments_can_be_recomputed(self):
        self.experience("assess", ME, "--domain", "data_analysis", code=4)
        self.add(chain(25))
        done = self.experience("assess", ME, "--domain", "data_analysis", *NOW)
        name = done.stdout.split()[-1]
        kept = json.loads(self.run_gate("trace", name, "--store", "store", "--format", "json").stdout)
        self.assertIn(f"urn:chitty:provenance:{uid(25)}", json.dumps(kept))
        self.assertIn("urn:chitty:session:s-1", json.dumps(kept))
        profile = json.loads(self.experience("profile", ME, *NOW).stdout)
        # 20 of 25 succeed: the lower bound is 0.6087; complexity 5, none verified, 25 of the last days.
        self.assertEqual(profile["expertise"][0]["proficiency"], 53.8)
        self.experience("assess", ME, "--domain", "legal", *NOW, code=4)
        self.experience("revoke", name, "--reason", "no", *NOW)
        self.experience("revoke", name, "--reason", "no", *NOW, code=1)
        self.assertEqual(json.loads(self.experience("profile", ME, *NOW).stdout)["expertise"], [])

    def test_actions_are_sealed_once_and_remediated(self):
        action = {"table": "accountability_records", "chitty_id": ME, "action_category": "write", "action_type": "edit",
                  "consequence_status": "harm", "harm_severity": 2, "initiated_by": ME}
        self.add([text({**action, "id": uid(1)}), text({**action, "id": uid(2)})])
        self.experience("seal", uid(1), "--beacon", str(EXAMPLES / "round.json"), *NOW)
        self.experience("seal", uid(1), *NOW, code=1)
        self.experience("remediate", uid(2), "--by", ME, "--action", "undo", *NOW)
        metrics = json.loads(self.experience("metrics", ME).stdout)
        self.assertEqual((metrics["total"], metrics["harmCount"], metrics["sealed"]), (3, 2, 1))
        self.assertEqual(metrics["remediationRate"], 1)
        table = self.run_gate("audit", "harm-and-remediation", "--format", "csv", "--store", "store").stdout
        self.assertIn(uid(2), table)
        self.experience("metrics", "03-1-NOR-0999-P-2602-0-41", code=4)
        # Forks and gaps cannot be added.
        self.add([text({**action, "id": uid(4), "subject_seq": 9})], code=1)
        self.add([text({**action, "id": uid(4), "subject_seq": 2})], code=1)

    def test_two_writers_leave_no_gap(self):
        action = {"table": "accountability_records", "chitty_id": ME, "action_category": "read", "action_type": "look",
                  "consequence_status": "success", "initiated_by": ME}
        self.write("a.ndjson", text(action) + "\n")
        self.experience("add", "a.ndjson", *NOW)
        running = [subprocess.Popen([PROVGATE, "experience", "add", "a.ndjson", "--store", "store", "-q"], cwd=self.dir,
                                    env=self.env, stdout=subprocess.DEVNULL) for _ in range(8)]
        self.assertEqual([one.wait() for one in running], [0] * 8)
        numbers = self.ask("SELECT ?n { GRAPH ?g { ?s c:subjectSequence ?n } }")
        self.assertEqual(sorted(map(int, numbers)), list(range(1, 10)))

    def test_adding_again_adds_nothing(self):
        """Whenever it is done: when a record was written down is no state of it."""
        lines = list(chain(5))
        self.add(lines)
        self.experience("verify-record", uid(2), "--by", PEER, *NOW)
        # What it does not say of the one that was verified since, it does not take back.
        again = self.experience("add", "rows.ndjson", "--now", "2026-05-01T08:00:00Z")
        self.assertIn("5 already there", again.stderr)
        action = text({"table": "accountability_records", "id": uid(70), "chitty_id": ME, "action_category": "read",
                       "action_type": "look", "consequence_status": "success", "initiated_by": ME})
        for code in (0, 0):
            self.write("action.ndjson", action + "\n")
            self.experience("add", "action.ndjson", code=code)
        self.assertEqual(json.loads(self.experience("verify").stdout)["links"], 5)
        self.assertIn("3 entries", self.run_gate("fsck", "--store", "store").stderr)

    # ---- the world ----
    def test_no_round_is_ever_invented(self):
        rows = list(chain(1))
        self.write("round.json", '{"round": 1773044400, "randomness": "' + "3f2b8c1d9e704a6f" * 4 + '"}')
        self.add(rows, "--beacon", "round.json", code=3)
        self.add(rows, "--beacon", "missing.json", code=3)
        self.add(rows, "--beacon", "http://127.0.0.1:9/", code=6)
        good = json.loads((EXAMPLES / "round.json").read_text())
        self.write("round.json", json.dumps({**good, "round": 1001}))
        self.assertIn("never signed", self.add(rows, "--beacon", "round.json", code=3).stderr)
        self.experience("verify", code=4)
        self.add(rows)

    def test_profiles_are_handed_on_once(self):
        self.add(chain(3))
        got, status = [], [503]

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_PUT(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got.append((self.headers["Idempotency-Key"], self.headers["Authorization"], json.loads(body)))
                self.send_response(status[0])
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"http://127.0.0.1:{server.server_port}/profiles/{ME}"
        self.write("token", "secret\n")
        push = ("profile", ME, "--push", url, "--token-file", "token", *NOW)
        self.experience(*push, code=6)
        status[0] = 201
        self.assertIn("urn:chitty:sync:", self.experience(*push).stdout)
        self.assertIn("there already", self.experience(*push).stderr)
        self.assertEqual(len(got), 2)
        self.assertEqual(got[1][0], got[1][2]["contentHash"])
        self.assertEqual(got[1][1], "Bearer secret")
        self.add(chain(1, start=9))
        self.experience(*push)
        self.assertEqual(len(got), 3)
        self.run_gate("fsck", "--store", "store")

    def test_profiles_are_drawn(self):
        self.add(chain(10))
        self.experience("assess", ME, "--domain", "data_analysis", *NOW)
        drawn = self.experience("profile", ME, "--format", "text", *NOW).stdout
        self.assertIn("data_analysis", drawn)
        self.assertIn("2026-03", drawn)
        svg = self.experience("profile", ME, "--format", "svg", *NOW).stdout
        self.assertTrue(svg.startswith("<svg ") and svg.endswith("</svg>\n"))
        self.assertEqual(svg, self.experience("profile", ME, "--format", "svg", *NOW).stdout)
        self.experience("profile", ME, "--format", "png", code=2)

    def test_usage(self):
        self.experience("summary", code=2)
        self.experience("summary", ME, ME, code=2)
        self.experience("summary", ME, code=4)
        self.add(chain(1))
        self.experience("verify", "--now", "x", code=2)
        for verb in (("verify",), ("summary", ME), ("metrics", ME)):
            self.experience(*verb, *NOW, code=None)
        self.experience("assess", ME, "--domain", "x", "--now", "yesterday", code=2)


if __name__ == "__main__":
    unittest.main()
