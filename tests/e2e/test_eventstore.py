# SPDX-License-Identifier: Apache-2.0
"""The store of events as its users have it: pipes that do not end, kills, several processes, closed descriptors."""

import json
import os
import random
import subprocess
import time
import unittest

from support import PROVGATE, ROOT, Case

RUN = (ROOT / "examples/ferry/run.ndjson").read_text()


def event(tenant, number, **more):
    """One event whose id and time grow with the number."""
    data = {"chain_id": f"chain-{number // 10}", "step": "Planning", "passed": True, **more}
    return json.dumps({"event_id": f"{tenant}-{number:06}", "occurred_at": f"2026-03-02T{number // 3600 % 24:02}:"
                       f"{number // 60 % 60:02}:{number % 60:02}Z", "tenant_id": tenant,
                       "event": {"type": "OutcomeRecorded", "data": data}}, separators=(",", ":"))


class Store(Case):
    def events(self, *arguments, **more):
        return self.run_gate("events", *arguments, "--store", "store", **more)

    def kept(self, *arguments):
        done = self.events("query", *arguments, code=None)
        self.assertIn(done.returncode, (0, 4), done.stderr)
        return [json.loads(line)["event_id"] for line in done.stdout.splitlines()]

    def start(self, *arguments, **more):
        return subprocess.Popen([PROVGATE, "events", *arguments, "--store", "store"], cwd=self.dir, env=self.env,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                **more)

    def test_the_seed_interface(self):
        self.write("run.ndjson", RUN)
        self.assertIn("appended  #1  19 events", self.events("append", "run.ndjson").stdout)
        again = self.events("append", "run.ndjson", "run.ndjson")
        self.assertIn("38 already there", again.stderr)
        self.assertEqual(again.stdout, "")
        everything = self.events("query").stdout
        self.assertEqual(sorted(everything.splitlines()), sorted(RUN.splitlines()))
        self.assertEqual(self.kept("--kind", "FactPromoted", "--tenant", "north"), ["e-07"])
        self.assertEqual(len(self.kept("--kind", "FactPromoted", "--kind", "ProposalCreated", "--limit", "2")), 2)
        self.assertEqual(self.kept("--from", "2026-03-02T08:00:02Z", "--to", "2026-03-02T09:00:03+01:00"),
                         ["e-02", "e-03"])
        self.write("q.json", '{"kinds": [], "time_range": {"end": "2026-03-02T08:00:01Z"}}')
        self.assertEqual(self.kept("--query", "q.json"), ["e-01"])
        counts = json.loads(self.events("summary").stdout)
        self.assertEqual(counts["events"], 19)
        self.assertEqual(counts["kinds"]["trace_link_recorded"], 1)
        self.assertEqual(json.loads(self.events("trace-link", "t-1", "--tenant", "north").stdout)["type"], "Remote")
        state = json.loads(self.events("artifact", "pack/ferry").stdout)
        self.assertEqual((state["state"], state["artifact_kind"]), ("RolledBack", "Pack"))
        # Codes: no such thing, what is no query, what contradicts.
        self.events("query", "--chain", "none", code=4)
        self.events("trace-link", "t-9", code=4)
        self.events("artifact", "pack/none", code=4)
        self.events("query", "--kind", "FactPromotd", code=2)
        self.events("query", "--from", "yesterday", code=2)
        self.events("append", "none.ndjson", code=3)
        self.events("transition", "pack/ferry", "--tenant", "north", "--kind", "Pack", "--to", "Active", "--actor", "a",
                    "--reason", "r", code=1)
        self.run_gate("events", "query", "--store", "nowhere", code=4)
        self.run_gate("events", code=2)
        self.run_gate("events", "apend", code=2)

    def test_a_broken_line_keeps_its_batch_out_and_is_named(self):
        lines = [event("north", n) for n in range(30)]
        lines[17] = "not JSON"
        self.write("log.ndjson", "\n".join(lines) + "\n")
        done = self.events("append", "log.ndjson", "--batch", "10", code=3)
        self.assertIn("log.ndjson:18:1", done.stderr)
        self.assertEqual(len(self.kept()), 10)
        done = self.events("append", "log.ndjson", "--each", code=3)
        self.assertIn("10 already there", done.stderr)
        self.assertEqual(len(self.kept()), 29)
        self.run_gate("fsck", "--store", "store")

    def test_a_pipe_that_does_not_end(self):
        running = self.start("append", "-")
        for n in range(3):
            running.stdin.write(event("north", n) + "\n")
        running.stdin.write(event("north", 3)[:40])  # the rest of a line comes later
        running.stdin.flush()
        until = time.monotonic() + 30
        while len(self.kept()) < 3 and time.monotonic() < until:
            time.sleep(0.1)
        self.assertEqual(len(self.kept()), 3)
        running.stdin.write(event("north", 3)[40:])
        out, err = running.communicate(timeout=60)
        self.assertEqual(running.returncode, 0, err)
        self.assertEqual(len(self.kept()), 4)
        self.assertEqual(out.count("appended"), 2)
        # An interrupt ends it with what it has.
        running = self.start("append", "-")
        running.stdin.write(event("north", 9) + "\n")
        running.stdin.flush()
        until = time.monotonic() + 30
        while len(self.kept()) < 5 and time.monotonic() < until:
            time.sleep(0.1)
        running.send_signal(2)
        running.communicate(timeout=60)
        self.assertEqual(running.returncode, 130)
        self.assertEqual(len(self.kept()), 5)

    def test_streams_that_are_none(self):
        self.events("append", "-", stdin="", code=4)
        self.events("append", "-", stdin="\n\n", code=4)
        for closed in (0, 1, 2):
            done = subprocess.run(["sh", "-c", f'exec "$0" events append - --store store {closed}>&-', PROVGATE],
                                  input=event("north", closed) + "\n", cwd=self.dir, env=self.env, text=True,
                                  capture_output=True, timeout=60)
            self.assertEqual(done.returncode, 6 if closed == 0 else 0, (closed, done.stderr))
        self.assertEqual(len(self.kept()), 2)
        # Who reads the answer may go away.
        self.write("log.ndjson", "".join(event("south", n) + "\n" for n in range(5000)))
        self.events("append", "log.ndjson")
        done = subprocess.run(["sh", "-c", '"$0" events query --store store | head -1', PROVGATE], cwd=self.dir,
                              env=self.env, capture_output=True, text=True, timeout=60)
        self.assertEqual(len(done.stdout.splitlines()), 1)
        done = subprocess.run(["sh", "-c", '"$0" events query --store store > /dev/full', PROVGATE], cwd=self.dir,
                              env=self.env, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 6, done.stderr)

    def test_what_is_durable_is_told_at_once(self):
        running = self.start("append", "-")
        running.stdin.write(event("north", 1) + "\n")
        running.stdin.flush()
        self.assertIn("appended  #1", running.stdout.readline())
        self.assertIsNone(running.poll())
        out, _ = running.communicate(event("north", 2) + "\n", timeout=60)
        self.assertIn("appended  #2", out)

    def test_a_long_line_is_looked_at_once(self):
        """Twice the line, twice the work: counted in time of the processor, far from the square."""
        def seconds(megabytes):
            line = event("north", 1, extra="x" * (megabytes << 20))
            began = os.times()
            self.events("append", "-", stdin=line + "\n", code=None)
            ended = os.times()
            return ended.children_user + ended.children_system - began.children_user - began.children_system
        self.assertLess(min(seconds(32) for _ in range(3)), 40 * max(0.02, min(seconds(4) for _ in range(3))))

    def test_what_a_script_gets_wrong(self):
        self.write("run.ndjson", RUN)
        self.events("append", "run.ndjson")
        for arguments in (("query", "--tenant", ""), ("query", "--from", ""), ("query", "--kind", ""),
                          ("query", "--limit", ""), ("artifact", "--state", ""), ("append", ""), ("trace-link", ""),
                          ("append", "run.ndjson", "--profile", ""), ("append", "run.ndjson", "--batch", "")):
            self.assertIn("is empty", self.events(*arguments, code=2).stderr, arguments)
        self.assertIn("is empty", self.run_gate("prove", "", "--store", "store", code=2).stderr)
        self.events("summary", "--limit", "1", code=2)
        self.events("artifact", "--state", "Nonsense", code=2)
        self.events("artifact", "--kind", "Nonsense", code=2)
        self.events("trace-link", "t-1")
        move = ("transition", "pack/new", "--kind", "Pack", "--to", "Approved", "--actor", "a", "--reason", "r")
        self.events(*move, code=4)
        self.events(*move, "--from", "Draft", "--at", "today", code=2)
        self.events(*move[:-1], os.fsdecode(b"\xff"), "--from", "Draft", code=3)
        self.events(*move, "--from", "Draft")
        self.events("transition", "pack/new", "--kind", "Policy", "--to", "Active", "--actor", "a", "--reason", "r",
                    code=2)
        self.write("q.json", '{"kinds": [], "tenantid": "north"}')
        self.assertIn("passed over", self.events("query", "--query", "q.json", code=2).stderr)

    def test_kills_at_random_moments(self):
        kills = 200 if os.environ.get("PROVGATE_LONG") else 20
        self.write("log.ndjson", "".join(event("north", n) + "\n" for n in range(20_000)))
        whole = 0.5
        random.seed(3)
        for kill in range(kills):
            verb = ["append", "log.ndjson", "--batch", "500"]
            running = self.start(*verb)
            time.sleep(random.uniform(0, whole))
            running.kill()
            running.communicate()
            if (self.dir / "store").exists():
                self.assertEqual(len(self.kept()) % 500, 0, kill)
                # And while the graph catches up.
                graph = subprocess.Popen([PROVGATE, "query", "--store", "store", "-e", "ASK {?s ?p ?o}"], cwd=self.dir,
                                         env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(random.uniform(0, whole / 2))
                graph.kill()
                graph.wait()
                self.run_gate("fsck", "--store", "store")
        self.events("append", "log.ndjson")
        self.assertEqual(self.kept(), [f"north-{n:06}" for n in range(20_000)])
        self.run_gate("fsck", "--store", "store")

    def test_eight_processes_append(self):
        each, batch = 1500, 50
        running = []
        for number in range(8):
            tenant = f"t{number % 4}" if number < 4 else f"u{number}"
            self.write(f"log-{number}.ndjson", "".join(event(tenant, n) + "\n" for n in range(each)))
            running.append((tenant, self.start("append", f"log-{number}.ndjson", "--batch", str(batch))))
        for tenant, one in running:
            _, err = one.communicate(timeout=300)
            self.assertEqual(one.returncode, 0, (tenant, err))
        for tenant, _ in running:
            self.assertEqual(self.kept("--tenant", tenant), [f"{tenant}-{n:06}" for n in range(each)])
        self.assertEqual(len(self.kept()), 8 * each)
        self.assertIn("240 entries", self.run_gate("fsck", "--store", "store").stderr)

    def test_logs_are_sealed_and_verified(self):
        self.write("logs/run.ndjson", RUN)
        self.run_gate("verify", "logs", "--store", "store", code=4)
        self.run_gate("seal", "--dry-run", "logs", "--store", "store")
        self.assertIn("19 sealed", self.run_gate("seal", "logs", "--store", "store").stderr)
        self.assertIn("19 already sealed", self.run_gate("seal", "logs", "--store", "store").stderr)
        self.assertIn("all as sealed", self.run_gate("verify", "logs", "--store", "store").stderr)
        log = self.dir / "logs/run.ndjson"
        lines = RUN.splitlines(keepends=True)
        log.write_text(RUN + event("north", 1) + "\n")
        self.run_gate("verify", "logs", "--store", "store")
        for what, text in (("a byte", RUN.replace('"1000"', '"1001"')), ("a line less", "".join(lines[:-1])),
                           ("the first line less", "".join(lines[1:])), ("another order", "".join(reversed(lines)))):
            log.write_text(text)
            code = 0 if what == "another order" else 5
            self.run_gate("verify", "logs", "--store", "store", code=code)
            self.run_gate("verify", "logs/run.ndjson", "--store", "store", code=code)
        log.unlink()
        self.run_gate("verify", "logs", "--store", "store", code=5)
        # One that contradicts what is kept is refused, and the others are sealed.
        trace = next(line for line in lines if "ReplayTraceRecorded" in line)
        other = trace.replace("e-02", "x-02").replace("model-large-2", "model-large-3")
        log.write_text(other + event("north", 2) + "\n")
        done = self.run_gate("seal", "logs", "--store", "store", code=1)
        self.assertIn("1 sealed, 0 already sealed, 1 refused", done.stderr)
        self.run_gate("seal", "-", "--store", "store", stdin=RUN, code=2)

    def test_a_fact_is_traced_to_what_it_comes_from(self):
        self.write("run.ndjson", RUN)
        self.events("append", "run.ndjson")
        fact = "urn:converge:fact:north:f-1"
        text = self.run_gate("trace", fact, "--store", "store").stdout
        for origin in ("proposal:north:p-1", "event:north:e-05#report", "model:north:", "event:north:e-06#decision"):
            self.assertIn("urn:converge:" + origin, text)
        origins = json.loads(self.run_gate("trace", fact, "--store", "store", "--format", "json").stdout)["origins"]
        self.assertEqual(len({one["urn"] for one in origins}), len(origins))
        # A graph that is behind is caught up by whoever may write; who may not is told.
        self.events("append", "-", stdin=event("north", 5) + "\n")
        self.assertIn("1 batch not in the graph yet", self.run_gate("status", "--store", "store").stdout)
        self.run_gate("audit", "list", "--store", "store")
        self.run_gate("query", "--store", "store", "-e", "ASK {?s ?p ?o}")
        self.assertNotIn("not in the graph", self.run_gate("status", "--store", "store").stdout)


if __name__ == "__main__":
    unittest.main()
