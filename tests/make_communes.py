"""Made-up communes for `btttt-2392/2017-commune`: the same ones for the same seed.

`python tests/make_communes.py > communes.csv` prints all of them; with `--count 30` it printed the scheme's
`2017-commune.example.synthetic.csv`.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys

COMMUNES = 3321
"""How many communes Viet Nam had after the mergers of 1 July 2025."""

PER_DISTRICT = 10
"""How many communes share a district, the pool that they are ranked in."""

NOTES = (
    "# Số liệu giả định: tên xã, tên huyện và mọi con số do máy sinh ra để thử bộ tiêu chí, không phải của xã nào.",
    "# Synthetic data: names and figures were made by a program to try the scheme; they are no real commune's.",
)

HEADER = (
    *("unit", "name", "huyện", "cb"),
    *("A.1.1.a", "A.1.2", "A.2.1.a", "A.2.2", "A.3.1.a", "A.3.1.b", "A.3.1.c"),
    *("B.1.1", "B.2.1", "B.2.2.a", "B.2.2.b", "B.3.1.a", "B.3.1.b", "B.4.1"),
)


def communes(count: int = COMMUNES, seed: int = 2392) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the header and one row of texts a commune; a longer table begins with the rows of a shorter one."""
    chance = random.Random(seed)
    return HEADER, [_commune(number, chance) for number in range(1, count + 1)]


def _commune(number: int, chance: random.Random) -> tuple[str, ...]:
    district = (number - 1) // PER_DISTRICT + 1
    staff = chance.randint(15, 30)
    # Some communes were asked nothing or received no dossier: those criteria do not apply to them.
    questions = chance.randint(1, 60) * _yes(chance, 0.8)
    dossiers = chance.randint(50, 2000) * _yes(chance, 0.9)
    figures = (
        staff,
        chance.randint(staff // 2, staff),  # A.1.1.a computers
        _yes(chance, 0.8),
        chance.randint(staff // 3, staff),  # A.2.1.a able to use the document software
        _yes(chance, 0.6),
        *(_yes(chance, share) for share in (0.9, 0.7, 0.4)),
        chance.randint(1, 4),  # B.1.1 maturity
        chance.randint(1, 4),
        chance.randint(questions // 2, questions),
        questions,
        chance.randint(0, dossiers),
        dossiers,
        chance.randint(1, 4),
    )
    name, district_name = f"Xã số {number} (số liệu giả định)", f"Huyện số {district} (giả định)"
    return (f"xa-{number:04}", name, district_name, *map(str, figures))


def _yes(chance: random.Random, share: float) -> int:
    return int(chance.random() < share)


def main(arguments: list[str] | None = None) -> None:
    """Print the communes as CSV, after two lines of notes."""
    parser = argparse.ArgumentParser(description="Print a synthetic table of communes for btttt-2392/2017-commune.")
    parser.add_argument("--count", type=int, default=COMMUNES, help="how many communes (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=2392, help="another seed gives other figures")
    chosen = parser.parse_args(arguments)
    header, rows = communes(chosen.count, chosen.seed)
    sys.stdout.writelines(f"{note}\n" for note in NOTES)
    csv.writer(sys.stdout, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    main()
