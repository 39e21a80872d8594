"""What the analysis of uncertainty costs beside its matrix product: ratios in one run, never times between machines.

    python benchmarks/uncertainty.py
    python benchmarks/uncertainty.py --units 10600 --draws 1000 --repeat 5 --workers 2

The matrix product is that of the draws' weights with the points of 30 indicators, in the blocks that the analysis
uses, with one thread of BLAS and nothing else. Beside it stand the draws themselves (weights, scores, ranks, counts of
them), and the whole public analysis with weights alone, intervals and all; the lines of units are made when somebody
reads them, and not here. `published` ranks on four decimals, `exact` on unrounded scores. The most memory is what one
analysis adds, by tracemalloc.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import blas  # before numpy
import data
import machine
import numpy as np
from timing import rounds

from ictindex import Result, compile_scheme, load_scheme, score, table_from_columns, uncertainty, working
from ictindex.analysis.uncertainty.assumptions import Assumptions
from ictindex.analysis.uncertainty.draws import BLOCK, Draws, blocks
from ictindex.analysis.uncertainty.simulation import Simulation


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Compare the analysis of uncertainty with its matrix product.")
    parser.add_argument("--units", type=int, nargs="+", default=[63, 1_000, 10_600], help="numbers of units")
    parser.add_argument("--draws", type=int, default=1_000, help="draws of the weights")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each")
    parser.add_argument("--workers", type=int, default=2, help="threads of the last column")
    options = parser.parse_args()
    threads = f"{options.workers} threads"
    print(f"{machine.told(['python', *sys.argv])} Products: {blas.told()}.\n")
    heads = ("draws", f"{threads}: draws", "analysis", threads)
    print(f"| ranks on | units | product, ms | {' | ratio | '.join(heads)} | ratio | most memory, MB |")
    print("|---|--:|--:" + "|--:|--:" * len(heads) + "|--:|")
    for on in ("published", "exact"):
        for units in options.units:
            print(_line(on, units, options.draws, options.repeat, options.workers), flush=True)


def _result(on: str, units: int) -> Result:
    """Return W1 scored: 30 indicators by min-max in three groups of weighted means."""
    work = data.w1(units)
    document = work.document.replace("on: exact", f"on: {on}")
    if f"on: {on}" not in document:
        raise AssertionError("the workload does not say what it ranks on")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w1.yaml"
        path.write_text(document, encoding="utf-8")
        scheme = load_scheme(path)
    cells: dict[str, Iterable[Any]] = {"unit": [f"u{at}" for at in range(units)], **work.columns}
    return score(compile_scheme(scheme), table_from_columns(scheme, cells))


def _line(on: str, units: int, draws: int, repeat: int, workers: int) -> str:
    result = _result(on, units)
    points = np.array([result.points(row.code) for row in result.scheme.indicators])
    weights = np.random.default_rng(1).dirichlet(np.ones(len(points)), draws)

    def product() -> None:
        for start in range(0, draws, BLOCK):
            weights[start : start + BLOCK] @ points

    def analysis(executor: ThreadPoolExecutor | None = None) -> Callable[[], Any]:
        return lambda: uncertainty(
            result, draws=draws, effect_draws=0, leave_one_out=False, reversals=False, executor=executor
        )

    def drawn(executor: ThreadPoolExecutor | None = None) -> Callable[[], Any]:
        def tallied() -> None:
            simulation = Simulation.of(result, "total", Assumptions(), 1)
            tasks = ((Draws(1, block, size), slice(None)) for block, size in blocks(draws).items())
            for _ in working.done(Simulation.tally, simulation, tasks, executor):
                pass

        return tallied

    with ThreadPoolExecutor(workers) as executor:
        assert analysis()().to_dict() == analysis(executor)().to_dict(), "workers changed a number"
        calls = (product, drawn(), drawn(executor), analysis(), analysis(executor))
        named = {str(at): call for at, call in enumerate(calls)}
        one, *others = rounds(named, seed=1, box=0, least=repeat, most=repeat).values()
    tracemalloc.start()
    analysis()()
    most = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    ratios = " | ".join(f"{1e3 * each.median:.0f} | {each.to(one):.1f}" for each in others)
    return f"| {on} | {units:,} | {1e3 * one.median:.1f} | {ratios} | {most:.0f} |"


if __name__ == "__main__":
    main()
