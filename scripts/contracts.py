#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the public headers to their contracts.   usage: scripts/contracts.py

Every header says on which threads its things may be used, and which source it follows: a specification, or a document
of this project. Every function has a comment of its own or stands in a group under one. In its own comment, or in that
of its class for all: one that may fail says with what; one that is there for its effect says what is left when it
fails; one that takes a pointer says whether that may be null.
"""
import pathlib
import re
import sys

TYPE = r"(?:const )?[A-Za-z_][\w:]*(?:<.*>)?[ *&]+"
FIRST = r"^(?:\[\[nodiscard\]\] |virtual |static |inline |constexpr |friend )*"
FUNCTION = re.compile(FIRST + TYPE + r"(?:\(\*)?\w+\)?\(")
FAILS = re.compile(r"^(?:\[\[nodiscard\]\] |virtual |static |inline )*(?:Result|tl::expected)<")
ERRORS = re.compile(r"\bErrors?\b|\bCode::|On error|On a failure")
EFFECT = re.compile(r"^(?:\[\[nodiscard\]\] |virtual |static |inline )*Result<void>(?!.*\) const)")
LEFT = re.compile(r"[Oo]n error|[Cc]hanges nothing|[Nn]othing is changed|[Uu]nchanged|[Pp]ure\b|[Nn]othing is written")
POINTER = re.compile(r"\(.*?\b[A-Z]\w*\*(?: const)? \w+[,)]")
NULL = re.compile(r"\bnull\b|Requires|unless it is")
SOURCE = re.compile(r"Source: \S|\bFORMAT\.md|\bW3C\b|\bRFC \d")
CLASS = re.compile(r"^(?:class|struct) (\w+)(?: final)?(?: : .*)?\s*\{")


def comment_above(lines, i):
    """The `///` lines right above line i, and the trailing comment of line i itself; steps over a group's functions."""
    out = lines[i].partition("///")[2]
    at = i - 1
    ends = ("//", "}", "public", "class", "struct")
    while at >= 0 and lines[at].strip() and not lines[at].strip().startswith(ends):
        at -= 1
    while at >= 0 and lines[at].strip().startswith("///"):
        out += "\n" + lines[at].strip()
        at -= 1
    return out


def faults(path):
    text = path.read_text()
    lines = text.split("\n")
    if not re.search(r"//.*\bthreads?\b", text, re.IGNORECASE):
        yield 1, "does not say on which threads it may be used"
    if not SOURCE.search(text.partition("#pragma once")[0]):
        yield 1, "does not say which source it follows"
    promised = [""]  # what the class around says
    depth = 0
    private = False
    for i, line in enumerate(lines):
        bare = line.strip()
        indent = len(line) - len(line.lstrip())
        opened = CLASS.match(bare)
        if opened and "}" not in bare:
            promised.append(comment_above(lines, i))
            depth, private = indent, False
            continue
        if bare.startswith("};") and len(promised) > 1 and indent == depth:
            promised.pop()
            private = False
        if bare in ("private:", "protected:", "public:"):
            private = bare != "public:"
        member = len(promised) > 1
        if private or indent != (depth + 2 if member else 0) or not FUNCTION.match(bare) or bare.endswith("{"):
            continue
        said = comment_above(lines, i)
        if not member and not said:
            yield i + 1, "has no contract: " + bare
        elif FAILS.match(bare) and not ERRORS.search(said) and not ERRORS.search(promised[-1]):
            yield i + 1, "does not say how it fails: " + bare
        both = said + promised[-1]
        if EFFECT.match(bare) and not LEFT.search(both):
            yield i + 1, "does not say what is left when it fails: " + bare
        if POINTER.search(bare) and not NULL.search(both):
            yield i + 1, "does not say whether a pointer may be null: " + bare


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    headers = sorted((root / "include" / "provgate").rglob("*.hpp"))
    found = [f"{p.relative_to(root)}:{line}: {what}" for p in headers for line, what in faults(p)]
    print("\n".join(found), file=sys.stderr)
    if not headers:
        sys.exit("no header was found")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
