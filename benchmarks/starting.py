"""How long ictindex takes to start, and to score a file: whole processes, as ratios to `import numpy` in one run.

    python benchmarks/starting.py --units 10600 --repeat 15

Every process begins with compiled modules, as an installed package has them, in a folder of this run alone; so does the
cache of schemes, and what runs without a cache is told so. The order is drawn anew in each round, and each number is a
median. Two tables of 50 columns are scored: `points` has ratios, steps, levels and counts, published with 2 decimals;
`min-max` has 50 amounts that are compared over all units, ranked on exact scores.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import data
import numpy as np

from ictindex import load_scheme, table_from_columns, write_table

Columns = Mapping[str, data.Array]

FIRST = """
import ictindex
scheme = ictindex.load_scheme("points.yaml")
table = ictindex.table_from_columns(scheme, {"unit": ["a", "b"], **{one.code: [1, 2] for one in scheme.inputs}})
ictindex.score(ictindex.compile_scheme(scheme), table).ranks()
"""
SHARES, COUNTS = 16, 18
"""So many ratios (two columns each), and so many other indicators, half of them steps, half of them counts."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Compare starting with importing numpy.")
    parser.add_argument("--units", type=int, default=10_600, help="number of units (default: 10600)")
    parser.add_argument("--repeat", type=int, default=15, help="runs of each (default: 15)")
    options = parser.parse_args()
    seconds = measured(options.units, options.repeat)
    numpy = seconds["import numpy"]
    print(f"{options.units:,} units x 50 columns, medians of {options.repeat} runs\n")
    print("| process | ms | to `import numpy` |")
    print("|---|--:|--:|")
    for name, found in seconds.items():
        print(f"| {name} | {found * 1000:.0f} | {found / numpy:.2f} |")


def measured(units: int, repeat: int) -> dict[str, float]:
    """Return the median seconds of each process."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (document, columns) in {"points": points(units), "min-max": min_max(units)}.items():
            _write(Path(folder), name, document, columns)
        return _compare(Path(folder), repeat)


def points(units: int) -> tuple[str, Columns]:
    """Return a scheme of ratios, steps and counts, and a table of it in which no part exceeds its whole."""
    draw = np.random.default_rng(3)
    columns: dict[str, data.Array] = {}
    lines = []
    for place in range(1, SHARES + 1):
        whole = draw.integers(1, 500, units).astype(np.float64)
        columns |= {f"1.{place}.a": np.floor(whole * draw.uniform(0, 1, units)), f"1.{place}.b": whole}
        lines.append(f"  1.{place} Tỷ lệ 1.{place}: {{max: 10, ratio: {{a: số đạt, b: tổng số}}}}")
    lines.append(f"2 Nhóm 2:\n  max: {COUNTS * 5 - 5}\n  combine: capped")
    for place in range(1, COUNTS + 1):
        rule = "steps: {4: 5, 3: 3.5, 2: 2, 1: 1}" if place % 2 else "each: 0.5"
        columns[f"2.{place}"] = draw.integers(0, 9, units).astype(np.float64)
        lines.append(f"  2.{place} Số lượng 2.{place}: {{max: 5, count: , {rule}}}")
    head = data.HEAD.format(name="points", title="Điểm có trần")
    head += f"max: {SHARES * 10 + COUNTS * 5 - 10}\nlevels: {{Tốt: 90%, Khá: 70%, Trung bình: 50%, Yếu: 0%}}\n"
    head += "publish: {as: points, decimals: 2}\nrank: {ties: competition, on: published}\n"
    head += f"1 Nhóm 1:\n  max: {SHARES * 10 - 5}\n  combine: capped\n"
    return head + "\n".join(lines) + "\n", columns


def min_max(units: int) -> tuple[str, Columns]:
    """Return a scheme of 50 amounts that are compared over all units, and a table of it."""
    draw = np.random.default_rng(4)
    codes = [f"1.{place}" for place in range(1, 51)]
    head = data.HEAD.format(name="min-max", title="Chuẩn hóa theo nhỏ nhất và lớn nhất")
    head += "combine: mean\npublish: {as: index, decimals: 4}\nrank: {ties: competition, on: exact}\n"
    lines = [f"  {code} Chỉ tiêu {code}: {{weight: 1, value: , min-max: all}}" for code in codes]
    document = f"{head}1 Nhóm 1:\n  weight: 1\n  combine: mean\n" + "\n".join(lines) + "\n"
    return document, {code: np.round(draw.gamma(2.0, 50.0, units), 3) for code in codes}


def _write(folder: Path, name: str, document: str, columns: Columns) -> None:
    file = folder / f"{name}.yaml"
    file.write_text(document, encoding="utf-8")
    scheme = load_scheme(file)
    units = [f"{unit:05d}" for unit in range(len(next(iter(columns.values()))))]
    table = table_from_columns(scheme, {"unit": units, **columns})
    write_table(table, folder / f"{name}.csv", scheme=scheme)


def _compare(folder: Path, repeat: int) -> dict[str, float]:
    python = sys.executable
    commands = {
        "python without any import": [python, "-c", ""],
        "import numpy": [python, "-c", "import numpy"],
        "import ictindex": [python, "-c", "import ictindex"],
        "`ictindex --help`": [python, "-m", "ictindex", "--help"],
        "first score through the API": [python, "-c", FIRST],
        "first score through the API, no cache": [python, "-c", FIRST],
    }
    for name in ("points", "min-max"):
        score = [python, "-m", "ictindex", "score", f"{name}.yaml", f"{name}.csv", "-o", f"{name}.result.csv"]
        commands |= {f"`ictindex score`, {name}": score, f"`ictindex score`, {name}, no cache": score}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(repeat + 1):  # the first compiles modules and fills the cache
        for name in random.sample(list(commands), len(commands)):
            taken = _seconds(commands[name], folder, cached="no cache" not in name)
            if turn:
                seconds[name].append(taken)
    return {name: statistics.median(found) for name, found in seconds.items()}


def _seconds(command: list[str], folder: Path, *, cached: bool) -> float:
    kept = {
        "ICTINDEX_CACHE": str(folder / "cache") if cached else "off",
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | kept
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
