"""How long a table takes to be read and written in each format, as ratios to plain CSV in one run.

    python benchmarks/reading.py --units 10600 --repeat 5

Beside CSV as ictindex reads it stands what the standard library needs to make floats of the same file and nothing
else. Every format must give the identical table before anything is printed. The order of the formats is drawn anew in
each round, and each number is a median.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import data

from ictindex import load_scheme, read_table, table_from_columns, write_table

FORMATS = ("csv", "csv-vi", "jsonl", "excel", "parquet", "arrow")
ENDINGS = {"csv-vi": "vi.csv", "excel": "xlsx"}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Compare the formats of tables.")
    parser.add_argument("--units", type=int, default=10_600, help="number of units (default: 10600)")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each (default: 5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _compare(Path(folder), options.units, options.repeat)


def _compare(folder: Path, units: int, repeat: int) -> None:
    work = data.w2(units)
    document = folder / "scheme.yaml"
    document.write_text(work.document, encoding="utf-8")
    scheme = load_scheme(document)
    codes = {"unit": [f"{unit:05d}" for unit in range(units)]}
    table = table_from_columns(scheme, {**codes, **work.columns})
    files = {name: folder / f"table.{ENDINGS.get(name, name)}" for name in FORMATS}
    writing: dict[str, list[float]] = {name: [] for name in FORMATS}
    reading: dict[str, list[float]] = {name: [] for name in ("plain floats", *FORMATS)}

    def written(name: str) -> Any:
        return write_table(table, files[name], scheme=scheme, format=name)

    def read(name: str) -> Any:
        return _floats(files["csv"]) if name == "plain floats" else read_table(files[name], scheme=scheme, doubts=False)

    for name in FORMATS:
        written(name)
        assert read(name) == table, name
    for _ in range(repeat):
        for name in random.sample(FORMATS, len(FORMATS)):
            writing[name].append(_seconds(lambda name=name: written(name)))
        for name in random.sample(list(reading), len(reading)):
            reading[name].append(_seconds(lambda name=name: read(name)))
    print(f"{units:,} units x {len(work.columns)} inputs\n")
    print("| format | read, ms | to CSV | written, ms | to CSV |")
    print("|---|--:|--:|--:|--:|")
    for name, seconds in reading.items():
        cells = [_cells(seconds, reading["csv"]), _cells(writing[name], writing["csv"]) if name in writing else "| "]
        print(f"| {name} | {' | '.join(cells)} |")


def _floats(path: Path) -> list[list[float]]:
    """Return the cells of the file as floats: the least that any reader of it must do."""
    rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    next(rows)
    return [[float(cell) if cell else 0.0 for cell in row[1:]] for row in rows]


def _cells(seconds: list[float], beside: list[float]) -> str:
    median = statistics.median(seconds)
    return f"{median * 1000:.0f} | {median / statistics.median(beside):.2f}"


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
