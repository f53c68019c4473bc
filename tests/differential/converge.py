#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generated and mutated experience events, judged by provgate and by the original types.

converge.py OURS COUNT oracle PROGRAM   beside the original's own verdicts (tests/differential/converge-oracle)
converge.py OURS COUNT record FILE PROGRAM   writes those verdicts down
converge.py OURS COUNT recorded FILE    beside what was written down

With `--profile NAME` in front of all that, ours judge by that profile; before converge-3.9 there are no user events.

The same COUNT gives the same events anywhere."""
import hashlib
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
BASES = HERE.parents[1] / "examples/ferry/run.ndjson"
MAPS = {"metadata", "provider_metadata", "truth_preferences", "risk_tier_backends", "data_classification_backends"}


class Dice:
    """A generator that gives the same numbers everywhere (PCG, 64 bits of state)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % n

    def one_of(self, values):
        return values[self.below(len(values))]

    def once_in(self, n):
        return self.below(n) == 0


class Raw(str):
    """A piece of JSON as it stands."""


class Members(list):
    """An object: pairs of a name and a value, in order, names as often as they come."""


def parse(text):
    return json.loads(text, object_pairs_hook=Members, parse_float=Raw, parse_int=Raw)


def write(value):
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Members):
        return "{" + ",".join(json.dumps(k, ensure_ascii=False) + ":" + write(v) for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(write(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def read_values():
    """What may stand where something else stands, by the name of a member; numbers, other values, and queries."""
    out = {}
    for line in (HERE / "converge-values.tsv").read_text(encoding="utf-8").splitlines():
        name, _, text = line.partition("\t")
        out.setdefault(name, []).append(text)
    return out


OTHERS = read_values()
NUMBERS = OTHERS.pop("number")
VALUES = OTHERS.pop("value") + NUMBERS
QUERIES = [("query", text) for text in OTHERS.pop("query")]
QUERIES += [("artifact_query", text) for text in OTHERS.pop("artifact_query")]


def places(value, out):
    """Every pair of a container and an index into it."""
    if isinstance(value, list):
        for i, item in enumerate(value):
            out.append((value, i))
            places(item[1] if isinstance(value, Members) else item, out)


def put(container, i, new):
    container[i] = (container[i][0], new) if isinstance(container, Members) else new


def get(container, i):
    return container[i][1] if isinstance(container, Members) else container[i]


def mutate(root, dice):
    spots = []
    places(root, spots)
    if not spots:
        return
    container, i = dice.one_of(spots)
    name = container[i][0] if isinstance(container, Members) else ""
    kind = dice.below(12)
    named = [(c, j) for c, j in spots if isinstance(c, Members) and c[j][0] in OTHERS]
    if kind < 4 and named:
        c, j = dice.one_of(named)
        put(c, j, parse(dice.one_of(OTHERS[c[j][0]])))
    elif kind == 4:
        del container[i]
    elif kind == 5:
        put(container, i, parse(dice.one_of(VALUES)))
    elif kind == 6 and isinstance(get(container, i), Raw):
        put(container, i, Raw(dice.one_of(NUMBERS)))
    elif kind == 7 and isinstance(container, Members):
        container.append((name, get(container, i)))
    elif kind == 8 and isinstance(container, Members):
        container.insert(dice.below(len(container) + 1), ("extra", parse(dice.one_of(VALUES))))
    elif kind == 9 and isinstance(container, Members):
        container.sort(key=lambda pair: hashlib.sha256((pair[0] + str(dice.below(1000))).encode()).digest())
    elif kind == 10 and isinstance(get(container, i), Members):
        put(container, i, [value for _, value in get(container, i)])
    elif kind == 11 and name:
        container[i] = (dice.one_of([name.upper(), name + "_", "type", "data", "kind"]), get(container, i))
    else:
        numbers = [(c, j) for c, j in spots if isinstance(get(c, j), Raw)]
        if numbers:
            put(*dice.one_of(numbers), Raw(dice.one_of(NUMBERS)))


def of_type(text):
    return "user" if '"type":"User' in text else "engine"


def generate(count, users):
    bases = [(of_type(line), line) for line in BASES.read_text().splitlines()]
    records = [("record", '{"kind":"%s","value":%s}' % (of.title(), text)) for of, text in bases[::5]]
    bases += QUERIES + records
    if not users:
        bases = [(of, line) for of, line in bases if of not in ("user", "record")]
    dice = Dice(2026)
    for n in range(count):
        of, text = bases[n % len(bases)] if n < 2 * len(bases) else dice.one_of(bases)
        root = parse(text)
        for _ in range(0 if n < len(bases) else 1 + dice.below(3)):
            mutate(root, dice)
        yield of + "\t" + write(root)


def run(program, lines, *arguments):
    text = "\n".join(lines) + "\n"
    done = subprocess.run([program, *arguments], input=text, capture_output=True, text=True, encoding="utf-8",
                          check=True)
    out = done.stdout.split("\n")[:-1]
    if len(out) != len(lines):
        sys.exit(f"{program}: {len(out)} answers to {len(lines)} lines")
    return out


def settled(answer):
    """An answer without what is nobody's: reasons, and the order of maps."""
    word, _, text = answer.partition("\t")
    if word != "accept":
        return word

    def sort(value, name=""):
        if isinstance(value, Members):
            pairs = [(k, sort(v, k)) for k, v in value]
            return Members(sorted(pairs, key=lambda p: p[0]) if name in MAPS else pairs)
        return [sort(v, name) for v in value] if isinstance(value, list) else value
    return word + "\t" + write(sort(parse(text)))


def short(answer):
    return answer[0] + hashlib.sha256(settled(answer).encode()).hexdigest()[:10]


def main():
    given = sys.argv[1:]
    profile = given[1] if given[0] == "--profile" else ""
    ours, count, mode, *rest = given[2 if profile else 0 :]
    lines = list(generate(int(count), profile in ("", "converge-3.9")))
    mine = run(ours, lines, *([profile] if profile else []))
    if mode == "recorded":
        theirs = pathlib.Path(rest[0]).read_text().split()
        if len(theirs) < len(lines):
            sys.exit(f"{rest[0]}: {len(theirs)} verdicts, and {len(lines)} events")
        wrong = [i for i, answer in enumerate(mine) if short(answer) != theirs[i]]
        shown = theirs
    else:
        shown = run(rest[-1], lines)
        wrong = [i for i, answer in enumerate(mine) if settled(answer) != settled(shown[i])]
        if mode == "record":
            pathlib.Path(rest[0]).write_text("\n".join(short(answer) for answer in shown) + "\n")
    for i in wrong[:20]:
        print(f"{lines[i]}\n  provgate: {mine[i]}\n  original: {shown[i]}", file=sys.stderr)
    taken = sum(answer.startswith("accept") for answer in mine)
    print(f"{len(lines)} events, {taken} taken, {len(lines) - taken} refused, {len(wrong)} judged otherwise")
    sys.exit(1 if wrong or not 0 < taken < len(lines) else 0)


if __name__ == "__main__":
    main()
