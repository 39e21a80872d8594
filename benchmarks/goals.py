"""The goals of speed in one run: what was asked for, what was measured, and whether it is met or how far it is.

    pip install -e '.[benchmarks]'
    python benchmarks/goals.py             writes docs/benchmarks/goals.md
    python benchmarks/goals.py --quick     a trial without the largest sizes, printed and not written

Each part measures with the benchmark that describes it; this file only lays their numbers beside the goals.
"""

from __future__ import annotations

import argparse
import functools
import gc
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import data
import machine
import numpy as np
import reference
import single
import starting
from attrs import evolve
from timing import rounds
from written.in_ictindex import fresh, prepared, scored

from ictindex.table import CellState, Column, Table

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks" / "goals.md"
COMMAND = ("python", "benchmarks/goals.py")
SIZES = (10_600, 1_000_000)
COMPLETE, INCOMPLETE = 1.3, 1.3 * 1.5  # to the reference kernel, which knows no missing cells
STREAMED = ("blocks", "blocks, totals only")  # two ways of memory.py
MISSING = 0.03  # the share of cells


@dataclass(frozen=True)
class Goal:
    """One goal: at most `most` of the unit; `measured` is None where it could not be measured, and `why` tells."""

    what: str
    most: float
    unit: str
    measured: float | None
    why: str = ""

    @property
    def line(self) -> str:
        """The row of the table."""
        goal = f"{self.most:.3g} {self.unit}" if self.unit else ""
        if self.measured is None:
            return f"| {self.what} | {goal} | not measured: {self.why} | |"
        outcome = "met" if self.measured <= self.most else f"**missed**: {self.measured / self.most:.2f} times the goal"
        return f"| {self.what} | {goal} | {self.measured:.3g} | {outcome} |"


@dataclass(frozen=True)
class Trial:
    """How a run measures: whether quickly, and from which seed the order of the calls is drawn."""

    quick: bool = False
    seed: int = 1
    box: float = 4.0  # seconds for each call


def kernels(trial: Trial) -> Iterator[Goal]:
    """Yield W1 and W2 through the public API beside the reference kernels, with and without missing cells."""
    for make, kernel in ((data.w1, reference.w1), (data.w2, reference.w2)):
        for units in SIZES[:1] if trial.quick else SIZES:
            yield from kernels_of(make(units), kernel, trial)
            gc.collect()


def kernels_of(work: data.Workload, kernel: Callable[..., Any], trial: Trial) -> Iterator[Goal]:
    """Yield one workload: complete and with missing cells, with the totals and with every row kept.

    A table knows the ends of its columns once it has been scored; its first score is measured as well.
    """
    units = work.matrix.shape[1]
    plan, table = prepared(work)
    incomplete = _with_missing(table)
    cases = {"complete": (plan, table, COMPLETE)}
    for policy in ("zero", "rescale"):
        document = work.document.replace("\nrank: ", f"\nmissing: {policy}\nrank: ")
        small = data.Workload(work.name, work.groups, document, work.codes, work.matrix[:, :2])
        cases[f"3 % missing ({policy})"] = (prepared(small)[0], incomplete, INCOMPLETE)
    calls: dict[str, Callable[[], Any]] = {"reference": lambda: kernel(work.matrix, work.groups)}
    goals: dict[str, float] = {}
    for case, (own, cells, most) in cases.items():
        for kept, options in (("totals kept", {}), ("all rows kept", {"keep": "all"})):
            name = f"{work.name}, {units:,} units, {case}, {kept}"
            calls[name] = lambda own=own, cells=cells, options=options: scored(own, cells, **options)
            goals[name] = most
    first = f"{work.name}, {units:,} units, complete, totals kept, the first score of the table"
    calls[first], goals[first] = (lambda: scored(plan, fresh(table))), COMPLETE
    times = rounds(calls, seed=trial.seed, box=trial.box, most=31)
    for name, most in goals.items():
        yield Goal(name, most, "times the reference kernel", times[name].to(times["reference"]))


def _with_missing(table: Table) -> Table:
    """Return the table with a share of its cells missing, drawn from a fixed seed."""
    random = np.random.default_rng(3)
    columns = {}
    for code, column in table.columns.items():
        missing = random.random(len(column)) < MISSING
        states = np.where(missing, CellState.MISSING, CellState.REPORTED).astype(np.uint8)
        columns[code] = Column(np.where(missing, np.nan, column.values), states)
    return evolve(table, columns=columns)


def one_unit(trial: Trial) -> Iterator[Goal]:
    """Yield what one unit takes with a compiled plan; under W1 it is held against a thousand learned before."""
    for name in ("w1", "w2"):
        plan, forms, everyone = single.prepared(name, 1_000)
        learned = everyone if plan.relative else None
        published = [plan.score_one(form, reference=learned).published() for form in forms]
        assert published == everyone.published(), f"{name}: one unit is scored otherwise than a table"
        call = functools.partial(_one_by_one, plan, forms, learned)
        times = rounds({name: call}, seed=trial.seed, box=1.0)[name]
        yield Goal(f"one unit of {name.upper()}", 100, "microseconds", times.median / len(forms) * 1e6)


def _one_by_one(plan: Any, forms: list[single.Form], learned: Any) -> None:
    for form in forms:
        plan.score_one(form, reference=learned).published()


def start(trial: Trial) -> Iterator[Goal]:
    """Yield what starting and scoring a file take, whole processes."""
    seconds = starting.measured(10_600, 3 if trial.quick else 15)
    numpy = seconds.pop("import numpy")
    unit = "times `import numpy`"
    yield Goal("`import ictindex`", 1.3, unit, seconds["import ictindex"] / numpy)
    for name, found in seconds.items():
        if "`ictindex score`" in name:
            yield Goal(f"{name}, CSV to CSV, 10,600 units x 50 columns", 2.5, unit, found / numpy)


def memory(trial: Trial) -> Iterator[Goal]:
    """Yield the most memory of scoring a file in blocks, of which the columns alone would be 1."""
    units = 50_000 if trial.quick else 1_000_000
    for row in _printed("memory.py", "--units", str(units), "--ways", *STREAMED):
        what = f"{row['']}: {units:,} units from {row['file']}, {row['how']}"
        yield Goal(what, 3, "times the input columns", float(row["most memory, to the columns"]))


def draws(trial: Trial) -> Iterator[Goal]:
    """Yield what a thousand draws of the weights take beside their matrix product, with one thread of BLAS."""
    repeat = "1" if trial.quick else "7"
    printed = _printed("uncertainty.py", "--units", "10600", "--draws", "1000", "--repeat", repeat)
    goals = {"draws": 4.5, "2 threads: draws": 3.0, "analysis": 4.5, "2 threads": 3.0}
    words = {"draws": "draws alone", "2 threads: draws": "draws alone, 2 threads", "2 threads": "analysis, 2 threads"}
    for row in printed:
        for head, most in goals.items():
            what = f"1,000 draws, 10,600 units, ranks on {row['ranks on']} scores: {words.get(head, head)}"
            yield Goal(what, most, "times the matrix product", float(row[f"{head} ratio"]))


def _printed(script: str, *words: str) -> list[dict[str, str]]:
    """Return the rows of the tables that another benchmark prints, in a process of its own that starts small."""
    command = [sys.executable, str(HERE / script), *words]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    return list(rows(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment).stdout))


def rows(text: str) -> Iterator[dict[str, str]]:
    """Yield the rows of the Markdown tables of a text, each cell under its heading.

    A `ratio` stands under the heading before it as well: `draws ratio`. Under "" stands what the last line before the
    table says up to its colon.
    """
    heads: list[str] = []
    title = ""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            heads, title = [], line.split(":")[0] or title
        elif not heads:
            heads = [f"{before} {head}" if head == "ratio" else head for before, head in pairwise(["", *cells])]
        elif not line.startswith("|--"):
            yield {"": title, **dict(zip(heads, cells, strict=True))}


PARTS: dict[str, Callable[[Trial], Iterator[Goal]]] = {
    "Kernels": kernels,
    "One unit": one_unit,
    "Start-up": start,
    "Memory": memory,
    "Draws": draws,
}


def table(parts: dict[str, list[Goal]]) -> str:
    """Return the Markdown table of the goals, part by part."""
    lines = ["| goal | at most | measured | |", "|---|--:|--:|---|"]
    for part, goals in parts.items():
        lines += [f"| **{part}** | | | |", *(goal.line for goal in goals)]
    return "\n".join(lines)


def main() -> None:
    """Measure every part, print the table, and write the page."""
    parser = argparse.ArgumentParser(description="Measure the goals of speed.")
    parser.add_argument("--quick", action="store_true", help="without the largest sizes, printed and not written")
    parser.add_argument("--seed", type=int, default=1, help="another seed orders the runs otherwise (default: 1)")
    parser.add_argument("--parts", nargs="+", choices=list(PARTS), help="these alone, printed and not written")
    options = parser.parse_args()
    trial = Trial(options.quick, options.seed, 1.0 if options.quick else 4.0)
    parts: dict[str, list[Goal]] = {}
    for part in options.parts or PARTS:
        print(f"{part} ...", file=sys.stderr, flush=True)
        parts[part] = measured(part, trial)
        gc.collect()
    text = f"{machine.told(COMMAND)}\n\n{table(parts)}\n"
    print(text)
    if not options.quick and not options.parts:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")


def measured(part: str, trial: Trial) -> list[Goal]:
    """Return the goals of a part; one that fails says so in its place, and the others are still measured."""
    goals: list[Goal] = []
    try:
        goals.extend(PARTS[part](trial))
    except Exception as error:  # noqa: BLE001 - told in the table
        traceback.print_exc()
        goals.append(Goal(part, 0.0, "", None, f"{type(error).__name__}: {error}"))
    return goals


if __name__ == "__main__":
    main()
