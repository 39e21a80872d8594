"""How the cost of W1's rules grows with the number of units and of indicators, as nanoseconds a cell.

    python benchmarks/growth.py            from 1,000 to 10,000,000 units and from 10 to 1,000 indicators
    python benchmarks/growth.py --quick

A cost that grows with the work alone stays the same for each cell. 10,000,000 units x 30 float64 are 2.4 GB, and about
12 GB of memory are needed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import data
import written
from timing import Times, rounds

UNITS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
INDICATORS = (10, 30, 100, 300, 1_000)
BESIDE = 10_600  # units while the indicators grow
FILES = ("reference", "ictindex", "polars")


@dataclass(frozen=True)
class Row:
    """The times of each library for a number of units and indicators."""

    units: int
    indicators: int
    times: dict[str, Times]

    def cell(self, name: str) -> float:
        """Return the nanoseconds a cell of a library."""
        return self.times[name].median * 1e9 / self.units / self.indicators


def grown(sizes: Sequence[tuple[int, int]], *, seed: int = 1, box: float = 2.0) -> Iterator[Row]:
    """Yield a row for each number of units and of indicators; every answer is compared with the reference's first."""
    for units, indicators in sizes:
        print(f"growth: {units:,} units, {indicators:,} indicators", file=sys.stderr, flush=True)
        work = workload(units, indicators)
        calls: dict[str, Callable[[], Any]] = {}
        right = written.expected(work)
        for peer in written.peers(FILES):
            if isinstance(peer, written.Peer):
                calls[peer.name] = call = peer.written["W1"](work)
                written.difference(work, peer, peer.answer(work, call()), right)
        yield Row(units, indicators, rounds(calls, seed=seed, box=box))


def workload(units: int, indicators: int) -> data.Workload:
    """Return W1 with another number of indicators, a multiple of ten: in three groups, as 4 to 3 to 3."""
    tenth = indicators // 10
    return data.w1(units, ((4 * tenth, 3), (3 * tenth, 2), (3 * tenth, 5)))


def table(rows: Sequence[Row], over: str) -> str:
    """Return the Markdown table of rows; `over` is what grows, `units` or `indicators`."""
    names = list(rows[0].times)
    lines = [f"| {over} | {names[0]}, ns a cell | " + " | ".join(f"{name} | ratio" for name in names[1:]) + " |"]
    lines.append("|--:|--:|" + "--:|--:|" * (len(names) - 1))
    for row in rows:
        first = row.times[names[0]]
        cells = [f"{row.cell(name):.2f} | {row.times[name].to(first):.2f}" for name in names[1:]]
        lines.append(f"| {getattr(row, over):,} | {row.cell(names[0]):.2f} | {' | '.join(cells)} |")
    return "\n".join(lines)


def sizes(quick: bool) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the sizes by which units and indicators grow."""
    units, indicators = (UNITS[:2], INDICATORS[:2]) if quick else (UNITS, INDICATORS)
    return [(size, 30) for size in units], [(BESIDE, size) for size in indicators]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="Measure how the cost grows.")
    parser.add_argument("--quick", action="store_true", help="small sizes alone, for a trial")
    parser.add_argument("--seed", type=int, default=1, help="another seed orders the runs otherwise (default: 1)")
    options = parser.parse_args()
    for over, wanted in zip(("units", "indicators"), sizes(options.quick), strict=True):
        print(table(list(grown(wanted, seed=options.seed)), over), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
