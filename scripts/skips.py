#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the last ctest runs left out, and why.   usage: scripts/skips.py tests/allowed_skips.txt BUILD_DIRECTORY…

Reads each build's Testing/Temporary/LastTest.log. Prints every test that was skipped with its reason; exits 1
when one of them
is not on the list. A line of the list is TEST: REASON, where TEST may end with *; it allows that test to be skipped for
that reason."""

import fnmatch
import re
import sys
from pathlib import Path


def skipped(log):
    """(test, reason) of GoogleTest and of unittest."""
    said = "no reason given"
    for line in log.splitlines():
        if line.startswith("/") and line.endswith(": Skipped"):
            said = None
        elif said is None:
            said = line.strip() or "no reason given"
        elif match := re.match(r"\[  SKIPPED \] (\S+) \(", line):
            yield match[1], said
            said = "no reason given"
        elif match := re.match(r"(?:\w+ \()?([\w.]+)\)? \.\.\. skipped '(.*)'$", line):
            yield match[1], match[2]


def main():
    allowed = [
        line.split(": ", 1) for line in Path(sys.argv[1]).read_text().splitlines() if line and not line.startswith("#")
    ]
    bad = []
    seen = 0
    for build in sys.argv[2:]:
        log = Path(build) / "Testing/Temporary/LastTest.log"
        for test, reason in sorted(set(skipped(log.read_text(errors="replace")))):
            seen += 1
            good = any(fnmatch.fnmatchcase(test, name) and why == reason for name, why in allowed)
            print(f"   not run ({build}): {test}: {reason}" + ("" if good else "   <- not on the list"))
            if not good:
                bad.append(test)
    if not seen:
        print("   no test was skipped")
    if bad:
        print(f"{len(bad)} tests were skipped that must not be: see {sys.argv[1]}", file=sys.stderr)
        sys.exit(1)


main()
