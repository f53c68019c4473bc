# SPDX-License-Identifier: Apache-2.0
"""How fast provgate starts, checks and reads each syntax, alone or beside another build of it, in one run.

usage: read_bench.py PROVGATE PROV_DATA [--beside PROVGATE] [--triples N] [--runs R]

Times in seconds, best of R runs, the two programs by turns; ratio: PROVGATE's over that of the one beside it.
"""

import argparse
import re
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHAPE = ROOT / "tests/bench/prov_shape.ttl"
ENDINGS = {"ntriples": "nt", "turtle": "ttl", "rdfxml": "rdf", "jsonld": "jsonld"}


def grouped(source, target):
    """RDF/XML as most programs write it: one element for a subject, one line for a statement."""
    last = None
    with source.open() as lines, target.open("w") as out:
        out.write(
            '<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
            ' xmlns:prov="http://www.w3.org/ns/prov#">\n'
        )
        for line in lines:
            subject, predicate, value = line.rstrip(" .\n").split(" ", 2)
            if subject != last:
                out.write("  </rdf:Description>\n" if last else "")
                out.write(f'  <rdf:Description rdf:about="{subject[1:-1]}">\n')
                last = subject
            name = (
                predicate[1:-1]
                .replace("http://www.w3.org/ns/prov#", "prov:")
                .replace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:")
            )
            if value.startswith("<"):
                out.write(f'    <{name} rdf:resource="{value[1:-1]}"/>\n')
            else:
                text, datatype = re.match(r'"(.*)"\^\^<(.*)>$', value).groups()
                out.write(f'    <{name} rdf:datatype="{datatype}">{text}</{name}>\n')
        out.write("  </rdf:Description>\n</rdf:RDF>\n")


def once(program, arguments):
    start = time.perf_counter()
    done = subprocess.run([program, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start, done.returncode


def measure(what, programs, arguments, runs, triples=0):
    best, codes = [float("inf")] * len(programs), [None] * len(programs)
    for run in range(runs):
        order = range(len(programs)) if run % 2 == 0 else reversed(range(len(programs)))
        for i in order:
            seconds, codes[i] = once(programs[i], arguments)
            best[i] = min(best[i], seconds)
    said = f"{what:34} {best[0]:8.4f} s  exit {codes[0]}"
    if triples:
        said += f"  {triples / best[0]:12,.0f} triples/s"
    if len(programs) > 1:
        said += f"  beside {best[1]:8.4f} s  exit {codes[1]}  ratio {best[0] / best[1]:.3f}"
    print(said, flush=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("provgate")
    parser.add_argument("prov_data")
    parser.add_argument("--beside")
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    programs = [given.provgate] + ([given.beside] if given.beside else [])
    with tempfile.TemporaryDirectory(prefix="provgate-bench-") as directory:
        home = Path(directory)
        data = home / "d.nt"
        with data.open("w") as out:
            subprocess.run([given.prov_data, str(given.triples)], stdout=out, stderr=subprocess.DEVNULL, check=True)
        count = sum(1 for _ in data.open())
        for syntax in ("turtle", "rdfxml", "jsonld"):
            with (home / f"d.{ENDINGS[syntax]}").open("w") as out:
                subprocess.run(
                    [given.provgate, "convert", str(data), "--to", syntax],
                    stdout=out,
                    stderr=subprocess.DEVNULL,
                    check=True,
                )
        grouped(data, home / "grouped.rdf")
        (home / "tiny.ttl").write_text("<http://e/a> <http://e/p> 1 .\n")
        measure("start: --version", programs, ["--version"], given.runs * 10)
        measure(
            "start: a file of one statement", programs, ["check", home / "tiny.ttl", "--shapes", SHAPE], given.runs * 10
        )
        measure("start: the example's fleet", programs, ["check", ROOT / "examples/delvinator/fleet"], given.runs * 6)
        measure("check: N-Triples with the shape", programs, ["check", data, "--shapes", SHAPE], given.runs, count)
        measure(
            "check: the same, one thread",
            programs,
            ["check", data, "--shapes", SHAPE, "--threads", "1"],
            given.runs,
            count,
        )
        for name in ("d.nt", "d.ttl", "d.rdf", "grouped.rdf", "d.jsonld"):
            measure("read: " + name, programs, ["check", home / name, "--syntax-only"], given.runs, count)


if __name__ == "__main__":
    main()
