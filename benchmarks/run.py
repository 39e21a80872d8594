"""How fast ictindex is beside the reference kernels: ratios in one run, never times to compare between machines.

    python benchmarks/run.py                          all sizes
    python benchmarks/run.py --units 10600 --repeat 9

Both sides score the same cells. What they publish, their ranks and their grades are asserted identical before anything
is printed. The order of the two alternates, and each number is a median.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import data
import numpy as np
import reference

from ictindex import Scheme, Table, compile_scheme, load_scheme, score, table_from_columns

SIZES = (1_000, 10_600, 100_000, 1_000_000)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Compare ictindex with hand-written numpy kernels.")
    parser.add_argument("--units", type=int, nargs="+", default=SIZES, help="numbers of units (default: all four)")
    parser.add_argument("--repeat", type=int, default=0, help="runs of each (default: 25 for small, 5 for large)")
    options = parser.parse_args()

    print("| workload | units | reference, ms | ictindex, ms | ratio |")
    print("|---|---|---|---|---|")
    for workload, kernel in ((data.w1, reference.w1), (data.w2, reference.w2)):
        for units in options.units:
            repeat = options.repeat or (25 if units <= 20_000 else 5)
            print(_compared(workload(units), kernel, repeat), flush=True)
    print()
    print("| also | ictindex | beside | ratio |")
    print("|---|---|---|---|")
    for workload in (data.w1, data.w2):
        print(_single(workload(1_000), options.repeat or 200), flush=True)
    print(_imports(options.repeat or 9))


def _loaded(work: data.Workload) -> Scheme:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{work.name}.yaml"
        path.write_text(work.document, encoding="utf-8")
        return load_scheme(path)


def _compared(work: data.Workload, kernel: Callable[..., tuple[Any, ...]], repeat: int) -> str:
    scheme = _loaded(work)
    plan, table = compile_scheme(scheme), _table(scheme, work.columns)

    def ours() -> tuple[Any, ...]:
        result = score(plan, table)
        return result.keys(), result.ranks(), result.levels()

    def theirs() -> tuple[Any, ...]:
        return kernel(work.matrix, work.groups)

    _assert_same(scheme, ours(), theirs())
    times = _interleaved([theirs, ours], repeat)
    units = work.matrix.shape[1]
    return f"| {work.name} | {units:,} | {times[0] * 1e3:.2f} | {times[1] * 1e3:.2f} | {times[1] / times[0]:.2f} |"


def _table(scheme: Scheme, columns: Mapping[str, data.Array]) -> Table:
    units = len(next(iter(columns.values())))
    cells: dict[str, Iterable[Any]] = {"unit": [f"u{at}" for at in range(units)], **columns}
    return table_from_columns(scheme, cells)


def _assert_same(scheme: Scheme, ours: tuple[Any, ...], expected: tuple[Any, ...]) -> None:
    keys, ranks, levels = ours
    assert np.array_equal(keys, expected[0]), "the published scores differ"
    assert np.array_equal(ranks, expected[1]), "the ranks differ"
    if scheme.root.levels:
        names = [level.name for level in scheme.root.levels.levels]
        assert levels == [names[grade] for grade in expected[2]], "the grades differ"


def _interleaved(calls: list[Callable[[], Any]], repeat: int) -> list[float]:
    """Return the median seconds of each call; the order is turned round every time."""
    seconds: list[list[float]] = [[] for _ in calls]
    for turn in range(repeat):
        for at in range(len(calls)) if turn % 2 else reversed(range(len(calls))):
            start = time.perf_counter()
            calls[at]()
            seconds[at].append(time.perf_counter() - start)
    return [statistics.median(each) for each in seconds]


def _single(work: data.Workload, repeat: int) -> str:
    """Return the line of one unit alone with a compiled plan; what min-max learned comes from 1,000 others."""
    scheme = _loaded(work)
    plan = compile_scheme(scheme)
    everyone = score(plan, _table(scheme, work.columns))
    alone = _table(scheme, {code: column[:1] for code, column in work.columns.items()})
    assert score(plan, alone, reference=everyone).keys()[0] == everyone.keys()[0]
    (seconds,) = _interleaved([lambda: score(plan, alone, reference=everyone).keys()], repeat)
    return f"| one unit of {work.name} | {seconds * 1e6:.0f} µs | | |"


def _imports(repeat: int) -> str:
    def importing(name: str) -> Callable[[], Any]:
        return lambda: subprocess.run([sys.executable, "-c", f"import {name}"], check=True)

    numpy, ours = _interleaved([importing("numpy"), importing("ictindex")], repeat)
    return f"| import | {ours * 1e3:.0f} ms | import numpy {numpy * 1e3:.0f} ms | {ours / numpy:.2f} |"


if __name__ == "__main__":
    main()
