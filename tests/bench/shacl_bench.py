# SPDX-License-Identifier: Apache-2.0
"""provgate beside other SHACL engines on the same data in one run.

usage: shacl_bench.py PROVGATE PROV_DATA [--triples N] [--install] [--runs R]

Engines that are not there are named and left out; --install fetches Jena (Maven), pySHACL and pyrudof (pip)
into build/bench. All that
run must find the same number of results. Times in seconds, best of R runs; ratio: wall time over provgate's.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "build/bench"
SHAPE = ROOT / "tests/bench/prov_shape.ttl"
JENA = "org.apache.jena:jena-cmds:5.6.0"

PYSHACL = """
import sys, time
import pyshacl, rdflib
t = time.time()
data = rdflib.Graph().parse(sys.argv[1], format="nt")
shapes = rdflib.Graph().parse(sys.argv[2])
load = time.time() - t
t = time.time(); conforms, graph, text = pyshacl.validate(data, shacl_graph=shapes)
results = list(graph.objects(None, rdflib.URIRef("http://www.w3.org/ns/shacl#result")))
print("RESULTS", len(results), "LOAD", load, "VALIDATE", time.time() - t)
"""
PYRUDOF = """
import sys, time
import pyrudof
r = pyrudof.Rudof(pyrudof.RudofConfig())
t = time.time()
r.read_data(open(sys.argv[1]).read(), pyrudof.RDFFormat.NTriples)
r.read_shacl(open(sys.argv[2]).read(), pyrudof.ShaclFormat.Turtle)
load = time.time() - t
t = time.time(); report = r.validate_shacl(); print("RESULTS", len(report), "LOAD", load, "VALIDATE", time.time() - t)
"""
NPM = """
import { createReadStream, readFileSync } from 'node:fs'
import { Parser, StreamParser, Store } from 'n3'
import factory from 'rdf-validate-shacl/src/defaultEnv.js'
const [, , engine, data, shapes] = process.argv
let start = performance.now()
const store = new Store()
const parser = createReadStream(data).pipe(new StreamParser({ factory, format: 'N-Triples' }))
await new Promise((resolve, reject) => parser.on('data', (q) => store.add(q)).on('end', resolve).on('error', reject))
const shapeQuads = factory.dataset(new Parser({ factory }).parse(readFileSync(shapes, 'utf8')))
const load = (performance.now() - start) / 1000
start = performance.now()
let report
if (engine === 'shacl-engine') {
  const { Validator } = await import('shacl-engine')
  report = await new Validator(shapeQuads, { factory }).validate({ dataset: store })
} else {
  const { default: SHACLValidator } = await import('rdf-validate-shacl')
  report = await new SHACLValidator(shapeQuads, { factory }).validate(store)
}
console.log('RESULTS', report.results.length, 'LOAD', load, 'VALIDATE', (performance.now() - start) / 1000)
"""


def install():
    BENCH.mkdir(parents=True, exist_ok=True)
    venv = BENCH / "venv"
    if not venv.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin/pip", "install", "-q", "pyshacl==0.40.1", "pyrudof==0.3.35"], check=False)
    jena = BENCH / "jena"
    if not jena.exists() and shutil.which("mvn"):
        jena.mkdir()
        group, artifact, version = JENA.split(":")
        (jena / "pom.xml").write_text(
            "<project><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId>"
            "<version>1</version><dependencies><dependency>"
            f"<groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>"
            "</dependency></dependencies></project>"
        )
        subprocess.run(
            ["mvn", "-q", "-B", "-f", jena / "pom.xml", "dependency:copy-dependencies", "-DoutputDirectory=lib"],
            check=False,
        )


def engines(provgate, data):
    """name -> command, or the reason why it is not there."""
    out = {"provgate": [provgate, "check", data, "--shapes", SHAPE, "-o", "json", "--stats"]}
    jena = BENCH / "jena/lib"
    out["Jena 5.6.0"] = (
        ["java", "-Xmx4g", "-cp", f"{jena}/*", "shacl.shacl", "validate", "--shapes", SHAPE, "--data", data]
        if jena.is_dir() and shutil.which("java")
        else "not installed (--install)"
    )
    python = BENCH / "venv/bin/python"
    for name, code in (("pySHACL", PYSHACL), ("pyrudof", PYRUDOF)):
        there = (
            python.exists()
            and subprocess.run([python, "-c", f"import {name.lower()}"], capture_output=True).returncode == 0
        )
        out[name] = [python, "-c", code, data, SHAPE] if there else "not installed (--install)"
    modules = ROOT / "build/differential"
    for name in ("rdf-validate-shacl", "shacl-engine"):
        if (modules / "node_modules" / name).is_dir() and shutil.which("node"):
            script = modules / "bench.mjs"
            script.write_text(NPM)
            out[name] = ["node", "--max-old-space-size=12000", script, name, data, SHAPE]
        else:
            out[name] = "not installed (scripts/test_services.sh)"
    return out


def measure(command):
    """Wall seconds, what it printed, exit code."""
    begin = time.perf_counter()
    child = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = child.communicate()
    wall = time.perf_counter() - begin
    return wall, out.decode(errors="replace"), err.decode(errors="replace"), child.returncode


def peak_of(command):
    """Runs once more under /usr/bin/time where that is there: peak resident memory in MB."""
    if not os.path.exists("/usr/bin/time"):
        return None
    done = subprocess.run(
        ["/usr/bin/time", "-f", "PEAK %M", *[str(c) for c in command]], capture_output=True, text=True
    )
    found = re.search(r"PEAK (\d+)", done.stderr)
    return int(found[1]) / 1024 if found else None


def numbers(name, out, err):
    """Results, load seconds, validation seconds."""
    if name == "provgate":
        text = re.search(r"read in ([\d.]+) ms, indexed in ([\d.]+) ms, validated in ([\d.]+) ms", err)
        return json.loads(out)["shacl"]["results"], (float(text[1]) + float(text[2])) / 1000, float(text[3]) / 1000
    if name.startswith("Jena"):
        return len(re.findall(r"rdf:type\s+sh:ValidationResult|a\s+sh:ValidationResult", out)), None, None
    found = re.search(r"RESULTS (\d+) LOAD ([\d.]+) VALIDATE ([\d.]+)", out)
    return (int(found[1]), float(found[2]), float(found[3])) if found else (None, None, None)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("provgate")
    parser.add_argument("prov_data")
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--install", action="store_true")
    args = parser.parse_args()
    if args.install:
        install()
    BENCH.mkdir(parents=True, exist_ok=True)
    data = BENCH / f"prov-{args.triples}.nt"
    with open(data, "wb") as file:
        made = subprocess.run([args.prov_data, str(args.triples)], stdout=file, stderr=subprocess.PIPE, check=True)
    print(made.stderr.decode().splitlines()[-1])
    wanted = int(re.search(r"(\d+) faults", made.stderr.decode())[1])
    rows, base = [], None
    for name, command in engines(args.provgate, data).items():
        if args.only and name not in args.only and name != "provgate":
            continue
        if isinstance(command, str):
            rows.append((name, command))
            continue
        best = None
        for _ in range(args.runs):
            wall, out, err, code = measure(command)
            found, load, validate = numbers(name, out, err)
            if found is None:
                print(f"{name} failed ({code}): {err.strip()[-300:]}", file=sys.stderr)
                break
            if best is None or wall < best[0]:
                best = (wall, load, validate, found)
        if best is None:
            rows.append((name, "failed"))
            continue
        base = base or best[0]
        rows.append((name, *best, peak_of(command), best[0] / base))
    show = lambda x, form: "-" if x is None else format(x, form)
    print(f"{'engine':22}{'load s':>10}{'validate s':>12}{'wall s':>9}{'peak MB':>9}{'ratio':>8}{'results':>9}")
    wrong = False
    for row in rows:
        if len(row) == 2:
            print(f"{row[0]:22}{row[1]}")
            continue
        name, wall, load, validate, found, peak, ratio = row
        wrong = wrong or found != wanted
        times = f"{show(load, '.3f'):>10}{show(validate, '.4f'):>12}{wall:9.3f}"
        note = "" if found == wanted else f"  (not the {wanted} that there are)"
        print(f"{name:22}{times}{show(peak, '.0f'):>9}{ratio:8.1f}{found:9}{note}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
