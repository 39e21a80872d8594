"""The two workloads in ictindex, in the reference kernels and in other libraries: one command, a page and three charts.

    pip install -e '.[benchmarks]'
    python benchmarks/peers.py             all sizes, written to docs/benchmarks/
    python benchmarks/peers.py --quick     a trial at small sizes, printed and not written

The clock starts with the data in each library's own form, rules compiled or expressions built, and stops with published
scores, ranks and grades for every unit. Before that, each answer is compared with the reference kernel's. In each round
the order is drawn anew; a ratio is the median of those within the rounds.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chart
import data
import growth
import machine
from timing import Times, rounds
from written import FILES, Absent, Answer, Difference, Peer, difference, expected, peers, tied

COMMAND = ("python", "benchmarks/peers.py")
PAGES = Path(__file__).parent.parent / "docs" / "benchmarks"
Hard = Mapping[str, Mapping[str, Difference]]
WORKLOADS = {"W1": data.w1, "W2": data.w2}
SIZES = (1_000, 10_600, 100_000, 1_000_000)
SHOWN = 10_600  # the size of the chart: about the communes of Vietnam before 2025
BOX = {1_000: 0.5, 10_600: 2.0, 100_000: 3.0, 1_000_000: 8.0}  # seconds for each library
SLOW = 6.0  # seconds of one run that are too many: the library is not run at this size


@dataclass(frozen=True)
class Measured:
    """What one library took for one workload at one size, and how its answer differs."""

    name: str
    workload: str
    units: int
    times: Times
    ratio: float
    apart: Difference


def measured(
    found: Sequence[Peer], sizes: Sequence[int] = SIZES, *, seed: int = 1, box: float | None = None, slow: float = SLOW
) -> list[Measured]:
    """Return what each library took, the reference first; those too slow for a size are left out from there on.

    How long a run takes is foreseen from the size before it, growing as the units do.
    """
    rows: list[Measured] = []
    for name, workload in WORKLOADS.items():
        last: dict[str, Measured] = {}
        for units in sizes:
            able = [peer for peer in found if name in peer.written]
            quick = [peer for peer in able[1:] if _foreseen(last.get(peer.name), units) <= slow]
            taken = [able[0], *quick]
            print(f"{name}, {units:,} units: {', '.join(peer.name for peer in taken)}", file=sys.stderr, flush=True)
            now = _beside(workload(units), taken, seed, BOX.get(units, 3.0) if box is None else box)
            last = {row.name: row for row in now}
            rows += now
            gc.collect()
    return rows


def _foreseen(before: Measured | None, units: int) -> float:
    return before.times.median * units / before.units if before else 0.0


def _beside(work: data.Workload, taken: Sequence[Peer], seed: int, box: float) -> list[Measured]:
    right = expected(work)
    calls: dict[str, Callable[[], Any]] = {}
    apart: dict[str, Difference] = {}
    for peer in taken:
        calls[peer.name] = call = peer.written[work.name](work)
        apart[peer.name] = difference(work, peer, _answer(peer, work, call), right)
    times = rounds(calls, seed=seed, box=box)
    first = times[taken[0].name]
    units = work.matrix.shape[1]
    return [Measured(name, work.name, units, each, each.to(first), apart[name]) for name, each in times.items()]


def _answer(peer: Peer, work: data.Workload, call: Callable[[], Any]) -> Answer:
    return peer.answer(work, call())


def ratios(found: Sequence[Peer | Absent], rows: Sequence[Measured], name: str) -> str:
    """Return the Markdown table of one workload: versions, threads, and ratios to the reference at each size."""
    sizes = sorted({row.units for row in rows})
    lines = [_line("", "version", "threads", *(f"{size:,} units" for size in sizes))]
    lines.append("|---|---|--:|" + "--:|" * len(sizes))
    for peer in found:
        if isinstance(peer, Absent):
            lines.append(
                _line(peer.name, f"not installed (no `{peer.missing}`): `{peer.install}`", "", *("" for _ in sizes))
            )
        else:
            cells = [_ratio(peer, rows, name, size) for size in sizes]
            lines.append(_line(peer.name, peer.version, str(peer.threads), *cells))
    return "\n".join(lines)


def _ratio(peer: Peer, rows: Sequence[Measured], name: str, units: int) -> str:
    row = _row(rows, peer.name, name, units)
    return _figure(row.ratio) if row else "not run" if name in peer.written else "no rules"


def answers(found: Sequence[Peer | Absent], rows: Sequence[Measured], hard: Hard) -> str:
    """Return the Markdown table of how many answers differ, at each library's largest size and on the hard figures."""
    heads = ("W1", "W2", f"W1 with ties, {tied.UNITS:,} units", f"W2 with halves, {tied.UNITS:,} units")
    lines = [_line("other answers", *heads, "why they may differ"), "|---|---|---|---|---|---|"]
    for peer in found:
        if isinstance(peer, Peer):
            why = "; ".join(filter(None, (peer.differs, peer.lacks and f"W2: {peer.lacks}"))) or "they may not"
            counts = [_apart(peer, rows, name) for name in WORKLOADS]
            counts += [str(hard[name].get(peer.name, "no rules")) for name in WORKLOADS]
            lines.append(_line(peer.name, *counts, why))
    return "\n".join(lines)


def _apart(peer: Peer, rows: Sequence[Measured], name: str) -> str:
    own = [row for row in rows if row.name == peer.name and row.workload == name]
    if not own:
        return "no rules"
    last = max(own, key=lambda row: row.units)
    return f"{last.apart} ({last.units:,} units)"


def seconds(found: Sequence[Peer | Absent], rows: Sequence[Measured], name: str) -> str:
    """Return the Markdown table of the medians of one workload in milliseconds, with the spread."""
    sizes = sorted({row.units for row in rows})
    lines = [_line("milliseconds", *(f"{size:,} units" for size in sizes)), "|---|" + "--:|" * len(sizes)]
    names = [peer.name for peer in found if isinstance(peer, Peer) and name in peer.written]
    lines += [_line(own, *(_milliseconds(_row(rows, own, name, size)) for size in sizes)) for own in names]
    return "\n".join(lines)


def _milliseconds(row: Measured | None) -> str:
    if row is None:
        return "not run"
    low, high = (_figure(1e3 * end) for end in row.times.quartiles)
    return f"{_figure(1e3 * row.times.median)} ({low} to {high})"


def _figure(number: float) -> str:
    """Return three digits of a number, no fewer than its whole part."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _row(rows: Sequence[Measured], peer: str, name: str, units: int) -> Measured | None:
    return next((row for row in rows if (row.name, row.workload, row.units) == (peer, name, units)), None)


INTRODUCTION = """\
The clock starts with the data in each library's own form (an array, a frame, a table in memory), with the scheme
compiled or the expressions built, and stops when every unit has a published score, a rank and, in W2, a grade. Ratios
are to the reference kernel, the median over rounds; the libraries run in an order drawn anew for each round (seed
{seed}), after one run to warm up, 3 to 25 rounds each. A library is not run at a size where one run would take more
than {slow:.0f} seconds; "no rules" means that it cannot express the workload. Each answer is compared with the
reference kernel's first: no published score may be off by more than one in its last decimal, and where
ictindex and the reference disagree, exact arithmetic must agree with ictindex.
"""

ANSWERS = """\
Counted are the units whose score, rank or grade is another: than that of the reference kernel, at each library's
largest size; and than in exact arithmetic, on figures made to be hard. These are whole numbers from 0 to 4, so that
many units have the same score on paper, and ratios to 400, so that many scores end in half of the last decimal.
"""


def page(found: Sequence[Peer | Absent], rows: Sequence[Measured], hard: Hard, seed: int) -> str:
    """Return the page of the libraries in Markdown."""
    parts = [machine.told(COMMAND), INTRODUCTION.format(seed=seed, slow=SLOW).rstrip()]
    parts.append(f"![Times of each library as ratios to the reference kernel, {_shown(rows):,} units](peers.svg)")
    for name, words in (("W1", "min-max and weighted means"), ("W2", "ratios, steps, levels and caps")):
        parts += [f"**{name}, {words}**: ratios to the reference kernel.", ratios(found, rows, name)]
        parts += ["Medians, with the quartiles between which half of the rounds lie.", seconds(found, rows, name)]
    parts += [f"**Are the answers the same?** {ANSWERS.rstrip()}", answers(found, rows, hard)]
    return "\n\n".join(parts) + "\n"


def growing(grown: Sequence[Sequence[growth.Row]]) -> str:
    """Return the page of growth in Markdown."""
    units, indicators = grown
    parts = [
        machine.told(COMMAND),
        "Nanoseconds for each cell (units times indicators) of W1; level numbers: the cost grows as the work does.",
        "![Nanoseconds a cell from 1,000 units on](growth-units.svg)",
        f"30 indicators, a growing number of units:\n\n{growth.table(units, 'units')}",
        "![Nanoseconds a cell from 10 indicators on](growth-indicators.svg)",
        f"{growth.BESIDE:,} units, a growing number of indicators:\n\n{growth.table(indicators, 'indicators')}",
    ]
    return "\n\n".join(parts) + "\n"


def charts(
    found: Sequence[Peer | Absent], rows: Sequence[Measured], grown: Sequence[Sequence[growth.Row]]
) -> dict[str, str]:
    """Return the charts by the names of their files."""
    shown = _shown(rows)
    values: dict[str, dict[str, float | str]] = {}
    for peer in found:
        if isinstance(peer, Peer) and peer.name != "reference":
            values[peer.name] = {}
            for name in WORKLOADS:
                row = _row(rows, peer.name, name, shown)
                values[peer.name][name] = row.ratio if row else "not in its rules" if peer.lacks else "too slow"
    title = f"Time to score and rank {shown:,} units, as a ratio to the reference kernel"
    made = {"peers.svg": chart.bars(title, "Shorter is faster; the scale is logarithmic", values)}
    for over, each in zip(("units", "indicators"), grown, strict=True):
        points = {name: [(getattr(row, over), row.cell(name)) for row in each] for name in each[0].times}
        made[f"growth-{over}.svg"] = chart.lines(
            f"Nanoseconds a cell, by the number of {over}",
            "Level is linear growth; both scales are logarithmic",
            over,
            points,
        )
    return made


def _shown(rows: Sequence[Measured]) -> int:
    return max(row.units for row in rows if row.units <= SHOWN)


def main() -> None:
    """Measure, print, and write the pages and charts."""
    parser = argparse.ArgumentParser(description="Compare ictindex with other libraries.")
    parser.add_argument("--quick", action="store_true", help="small sizes, printed and not written: a trial")
    parser.add_argument("--out", type=Path, help="write here (default: docs/benchmarks, with --quick nowhere)")
    parser.add_argument("--seed", type=int, default=1, help="another seed orders the runs otherwise (default: 1)")
    options = parser.parse_args()
    found = peers(FILES)
    present = [peer for peer in found if isinstance(peer, Peer)]
    rows = measured(
        present, SIZES[:2] if options.quick else SIZES, seed=options.seed, box=0.3 if options.quick else None
    )
    for name in WORKLOADS:
        print(ratios(found, rows, name), end="\n\n", flush=True)
    hard = {name: tied.apart(make(tied.UNITS), present) for name, make in WORKLOADS.items()}
    grown = [list(growth.grown(sizes, seed=options.seed)) for sizes in growth.sizes(options.quick)]
    files = {
        "peers.md": page(found, rows, hard, options.seed),
        "growth.md": growing(grown),
        **charts(found, rows, grown),
    }
    out = options.out or (None if options.quick else PAGES)
    if out is None:
        print(files["growth.md"])
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
    print(f"written to {out}", file=sys.stderr)


if __name__ == "__main__":
    main()
