# SPDX-License-Identifier: Apache-2.0
"""Sealing against the floor under it, and against an earlier build where PROVGATE_OLD names one.

usage: seal_bench.py PROVGATE SEAL_FLOOR [INSTANCES]
All in one run, on copies of one tree, in turn; the best of three of each. Figures are ratios."""

import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KERNEL = "Acme.Notes"


def make(root, count):
    for i in range(count):
        place = root / KERNEL / f"storage/instances/i-{i}"
        place.mkdir(parents=True)
        (place / "manifest.json").write_text(json.dumps({
            "instance_id": f"i-{i}", "instance_type": "note", "status": "completed",
            "prov:wasGeneratedBy": f"ckp://Action#{KERNEL}/note.write-{1760000000 + i}",
            "prov:wasAttributedTo": f"ckp://Kernel#{KERNEL}:v1.0", "prov:generatedAtTime": "2025-10-09T08:53:20Z"}))
        (place / "data.json").write_text(json.dumps({"text": "x" * 200, "n": i}))


def timed(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, f"{command}: {done.returncode} {done.stderr[-500:]}"
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def hashed(root):
    started = time.perf_counter()
    for path in root.rglob("*"):
        if path.is_file():
            hashlib.sha256(path.read_bytes()).digest()
    return time.perf_counter() - started


def main():
    provgate, floor = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 20_000
    old = os.environ.get("PROVGATE_OLD")
    seen = {}
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as work:
        work = Path(work)
        make(work / "tree", count)
        for turn in range(3):
            for name, command in {
                "floor": lambda place: [floor, str(place / KERNEL), str(count)],
                "provgate": lambda place: [provgate, "seal", str(place), "-q", "--store", str(place) + "-store"],
                "old": old and (lambda place: [old, "seal", str(place), "-q", "--store", str(place) + "-store"]),
            }.items():
                if not command:
                    continue
                place = work / f"{name}-{turn}"
                shutil.copytree(work / "tree", place)
                os.sync()
                seen.setdefault(name, []).append(timed(command(place)))
        sealed = work / "provgate-2"
        verify = min(timed([provgate, "verify", str(sealed), "--store", f"{sealed}-store"])[0] for _ in range(3))
        sums = min(hashed(sealed) for _ in range(3))
        fsck = min(timed([provgate, "fsck", "--store", f"{sealed}-store"])[0] for _ in range(3))
    best = {name: (min(w for w, _ in runs), min(c for _, c in runs)) for name, runs in seen.items()}
    for name, (wall, cpu) in best.items():
        print(f"{name:9} {count / wall:10,.0f} instances/s  {wall:7.2f} s  {cpu:7.2f} s of processor time")
    print(f"of the floor's rate: {best['floor'][0] / best['provgate'][0]:.2f} (wanted: 0.40)")
    print(f"processor time, times the floor's: {best['provgate'][1] / best['floor'][1]:.1f} (wanted: 3 at most)")
    if "old" in best:
        print(f"times the rate of the earlier build: {best['old'][0] / best['provgate'][0]:.1f} (wanted: 7)")
    print(f"verify, times the digests of the same files (Python): {verify / sums:.1f} (wanted: 2 at most)")
    print(f"fsck: {count / fsck:,.0f} entries/s with all tables")


if __name__ == "__main__":
    main()
