"""How much memory and time it takes to score a large file, whole and in blocks.

    python benchmarks/memory.py --units 1000000

Each run is a process of its own. Memory is the most that it ever had resident, less what it had after its imports, in
the unit of the input columns that the scheme reads: eight bytes a figure. Time is in the unit of the whole run of the
same file. What both wrote is compared, byte by byte (CSV) or cell by cell (Parquet), before a ratio is printed.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

WORKLOADS = ("W1", "W2")
WAYS = ("whole", "blocks", "blocks, totals only")


def main() -> None:
    """Measure, and print a table in Markdown."""
    options = _options()
    if options.run:
        folder, suffix, way = options.run
        if suffix in WORKLOADS:
            _write(Path(folder), suffix, int(way))
        elif way == "compare":
            print(json.dumps([_same(Path(folder), suffix)]))
        else:
            _one(folder, suffix, way)
        return
    with tempfile.TemporaryDirectory(dir=options.folder or None) as name:
        folder = Path(name)
        for number in options.workloads:
            (columns,) = _process(folder, number, str(options.units))
            kept = columns * options.units * 8
            print(f"\n{number}: {options.units:,} units, {columns} input columns, {kept / 1e6:,.0f} MB\n")
            print("| file | how | most memory, to the columns | time, to the whole run |")
            print("|---|---|--:|--:|")
            for suffix in options.formats:
                _file(folder, suffix, kept, options.ways)


def _file(folder: Path, suffix: str, kept: int, ways: list[str]) -> None:
    whole = 0.0
    for way in ways:
        memory, seconds = _process(folder, suffix, way)
        whole = whole or seconds
        print(f"| {suffix} | {way} | {memory / kept:.2f} | {seconds / whole:.2f} |", flush=True)
    if {"whole", "blocks"} <= {*ways} and _process(folder, suffix, "compare") != [True]:
        raise SystemExit(f"{suffix}: what was scored in blocks is not what was scored whole")


def _process(folder: Path, *words: str) -> list[Any]:
    """Return what another process prints. This one stays small: a child counts what its parent had as its own."""
    command = [sys.executable, __file__, "--run", str(folder), *words]
    found: list[Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return found


def _one(folder: str, suffix: str, way: str) -> None:
    """Score a file in this process, and print the bytes of memory and the seconds that it took."""
    import pyarrow.parquet

    from ictindex import api
    from ictindex.batches import streaming  # noqa: F401 - what is imported when it is used belongs to the imports
    from ictindex.batching import score_file

    del pyarrow
    source, target = Path(folder, f"table.{suffix}"), Path(folder, f"{way}.{suffix}")
    plan = api.compile_scheme(Path(folder, "scheme.yaml"))
    before, start = _resident(), time.perf_counter()
    if way == "whole":
        table = api.read_table(source, scheme=plan, doubts=False)
        api.write_result(api.score(plan, table), target)
    else:
        score_file(plan, source, target, keep="totals" if "totals" in way else "all")
    print(json.dumps([_resident() - before, time.perf_counter() - start]))


def _resident() -> int:
    """Return the most bytes that this process ever had resident."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _write(folder: Path, number: str, size: int) -> None:
    """Write the scheme, and the table as Parquet and as CSV; whole numbers without a point, as they are typed."""
    import data
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    workload = data.w1(size) if number == "W1" else data.w2(size)
    (folder / "scheme.yaml").write_text(workload.document, encoding="utf-8")
    units = [f"{number:07}" for number in range(workload.matrix.shape[1])]
    columns: dict[str, Any] = {"unit": units}
    for code, cells in workload.columns.items():
        columns[code] = cells.astype("int64") if (cells % 1 == 0).all() else cells
    table = pa.table(columns)
    pa.parquet.write_table(table, folder / "table.parquet")
    with (folder / "table.csv").open("wb") as file:  # without quotation marks, as most programs write it
        file.write(",".join(table.column_names).encode() + b"\n")
        pa.csv.write_csv(table, file, pa.csv.WriteOptions(include_header=False, quoting_style="none"))
    print(json.dumps([len(workload.codes)]))


def _same(folder: Path, suffix: str) -> bool:
    one, other = (folder / f"{way}.{suffix}" for way in ("whole", "blocks"))
    if suffix == "csv":
        with one.open("rb") as first, other.open("rb") as second:
            while piece := first.read(1 << 20):
                if second.read(1 << 20) != piece:
                    return False
            return not second.read(1)
    import pyarrow.parquet as pq

    first, second = (pq.ParquetFile(path) for path in (one, other))
    alike = first.schema_arrow.equals(second.schema_arrow, check_metadata=True)
    names = [name for name in first.schema_arrow.names if name != "notice"]
    return alike and all(
        first.read([name]).combine_chunks().equals(second.read([name]).combine_chunks()) for name in names
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=1_000_000)
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS))
    parser.add_argument("--formats", nargs="+", choices=("parquet", "csv"), default=["parquet", "csv"])
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--folder", default="", help="where the files are written, for a few GB")
    parser.add_argument("--run", nargs=3, metavar=("FOLDER", "FORMAT", "WAY"), help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
