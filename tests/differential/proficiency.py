#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proficiency of random sets of records beside fractions.   usage: proficiency.py EXPERIENCE_SCORE [SETS]

`seed-v1` is compared to the cent. `sound-v1` has a square root in it: it is computed here with 50 digits."""

import random
import subprocess
import sys
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 50
NOW, DAY = 1_800_000_000_000_000, 86_400_000_000
LEVELS = [(8000, "expert"), (6000, "advanced"), (4000, "intermediate"), (2000, "beginner"), (0, "novice")]


def level(cents):
    """The level of a score in hundredths."""
    return next(name for least, name in LEVELS if cents >= least)


def rounded(points):
    """To the cent, halves up."""
    scaled = points * 100
    return int((scaled + (Fraction(1, 2) if isinstance(scaled, Fraction) else Decimal("0.5"))) // 1)


def parts(records):
    """What both scores are made of but for success."""
    known = [c for _, c, _, _, _ in records if c is not None]
    complexity = Fraction(sum(known), len(known) * 10) if known else Fraction(0)
    verified = Fraction(sum(v for _, _, v, _, _ in records), len(records))
    recent = sum(NOW - 90 * DAY <= t <= NOW for _, _, _, _, t in records)
    return 25 * complexity + 20 * verified + 20 * min(Fraction(1), Fraction(recent, 20))


def seed(records):
    """The original's score."""
    if not records:
        return None
    return rounded(Fraction(35 * sum(s is True for s, *_ in records), len(records)) + parts(records))


def sound(records):
    """Without what was invalidated and what is not known, with the lower bound of the interval, and its caps."""
    records = [r for r in records if not r[3] and r[0] is not None]
    if not records:
        return None
    n, z = Decimal(len(records)), Decimal("1.959964")
    p = Decimal(sum(s for s, *_ in records)) / n
    root = (p * (1 - p) / n + z * z / (4 * n * n)).sqrt()
    bound = max(Decimal(0), (p + z * z / (2 * n) - z * root) / (1 + z * z / n))
    rest = parts(records)
    score = rounded(35 * bound + Decimal(rest.numerator) / Decimal(rest.denominator))
    if len(records) < 20:
        score = min(score, 7999)
    if len(records) < 5:
        score = min(score, 5999)
    return score


def record(rng):
    """One record as the score sees it."""
    time = rng.choice([NOW, NOW + 1, NOW - 90 * DAY, NOW - 90 * DAY - 1, NOW - rng.randrange(200) * DAY])
    return (rng.choice([True, True, True, False, None]), rng.choice([None, *range(1, 11)]), rng.random() < 0.4,
            rng.random() < 0.1, time)


def line_of(records):
    """As the program reads it."""
    def word(value):
        return "-" if value is None else str(int(value))
    return " ".join([str(NOW)] + [f"{word(s)} {word(c)} {int(v)} {int(i)} {t}" for s, c, v, i, t in records])


def main():
    """Compares, and says how many sets agree."""
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    rng = random.Random(7)
    sizes = [rng.choice([0, 1, 2, 4, 5, 19, 20, 21, rng.randrange(80)]) for _ in range(count)]
    sets = [[record(rng) for _ in range(size)] for size in sizes]
    given = "".join(line_of(one) + "\n" for one in sets)
    done = subprocess.run([program], input=given, capture_output=True, text=True, check=True)
    answers = done.stdout.splitlines()
    assert len(answers) == count, len(answers)
    for records, answer in zip(sets, answers):
        wanted = []
        for score in (seed(records), sound(records)):
            wanted += ["none", "none"] if score is None else [str(score), level(score)]
        assert answer.split() == wanted, f"{line_of(records)}\ngives {answer}, not {' '.join(wanted)}"
    print(f"{count} sets agree to the cent")


main()
