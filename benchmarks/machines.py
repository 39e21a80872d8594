"""What it would cost on many machines: constants measured here, and a calculation on paper with them.

    python benchmarks/machines.py
    python benchmarks/machines.py --rows 400000 --cores 64 --network 1.25e9 --price 0.04 --repeat 5

Measured for W1 and W2 (benchmarks/data.py), on one core: how many rows a second a worker learns from and scores, with
reading its part of a Parquet file; how many bytes a row has in the file and on its way to whoever ranks; how many rows
a second are ranked and written there, and what that takes in memory; for Monte Carlo, how long a draw takes a worker.
Each line of the calculation says its formula, so that other constants can be put in.
"""

from __future__ import annotations

import argparse
import pickle
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import data
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ictindex import batching, compile_scheme, load_scheme, score, table_from_columns
from ictindex.analysis.uncertainty.assumptions import Assumptions
from ictindex.analysis.uncertainty.counting import Counts
from ictindex.analysis.uncertainty.draws import BLOCK, Draws
from ictindex.analysis.uncertainty.simulation import Simulation
from ictindex.analysis.uncertainty.summary import windows
from ictindex.plan import Plan
from ictindex.working import Shared

ROWS, DRAWS, UNITS = 100_000_000, 1_000_000, 10_600
"""What the calculation is made for."""


@dataclass(frozen=True)
class Rows:
    """The constants of one workload; rates are rows a second, sizes bytes a row."""

    name: str
    inputs: int
    stored: float  # in the Parquet file
    looks: int  # passes that learn
    learned: float
    scored: float
    lesson: int  # bytes that a part sends to be merged
    sent: float  # what comes back of a scored row
    ranked: float
    kept: float  # memory of whoever ranks
    written: float


@dataclass(frozen=True)
class Drawn:
    """The constants of Monte Carlo under W1: seconds a draw, bytes."""

    draw: float
    fixed: int  # what each worker is sent once
    rank: float  # of one unit in one draw, on its way
    summed: float  # seconds a rank, for whoever sums up


@dataclass(frozen=True)
class Machines:
    """What the calculation assumes of the machines: cores, bytes a second into one machine, price of a core-hour."""

    cores: int
    network: float
    price: float


def main() -> None:
    """Print the constants and the calculation."""
    parser = argparse.ArgumentParser(description="Measure what sharing costs, and calculate what many machines would.")
    parser.add_argument("--rows", type=int, default=262_144, help="rows that are measured")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each; the best one counts")
    parser.add_argument("--cores", type=int, default=100, help="cores of all workers (default: 100)")
    parser.add_argument("--network", type=float, default=125e6, help="bytes a second into one machine (1 Gbit/s)")
    parser.add_argument("--price", type=float, default=0.05, help="price of a core for an hour, in any currency")
    options = parser.parse_args()
    machines = Machines(options.cores, options.network, options.price)
    found = [_rows(make(options.rows), options.rows, options.repeat) for make in (data.w1, data.w2)]
    drawn = _drawn(options.repeat)
    _print_constants(found, drawn)
    for one in found:
        _print_rows(one, machines)
    _print_drawn(drawn, machines)


# --- measuring --------------------------------------------------------------------------------------------------------


def _best(call: Callable[[], Any], repeat: int) -> tuple[float, Any]:
    """Return the fewest seconds that a call took, and what it returned."""
    seconds, found = [], None
    for _ in range(repeat):
        start = time.perf_counter()
        found = call()
        seconds.append(time.perf_counter() - start)
    return min(seconds), found


def _peak(call: Callable[[], Any]) -> int:
    """Return the most bytes that a call adds, numpy's and Arrow's."""
    before, pool = pa.default_memory_pool(), pa.proxy_memory_pool(pa.default_memory_pool())
    pa.set_memory_pool(pool)
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    pa.set_memory_pool(before)
    return peak + int(pool.max_memory())


def _plan(work: data.Workload) -> Plan:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scheme.yaml"
        path.write_text(work.document, encoding="utf-8")
        return compile_scheme(load_scheme(path))


def _rows(work: data.Workload, rows: int, repeat: int) -> Rows:
    plan = _plan(work)
    with tempfile.TemporaryDirectory() as folder:
        path, output = Path(folder) / "units.parquet", Path(folder) / "scored.parquet"
        pq.write_table(pa.table({"unit": [f"{at:08}" for at in range(rows)], **work.columns}), path)
        units = batching.data_set(path)
        looks = batching.stages_to_learn(plan)
        to_learn, learned = _best(lambda: batching.learn_batches(plan, units), repeat)
        to_score, scored = _best(lambda: list(batching.score_batches(plan, units, reference=learned)), repeat)
        told = [batch.select([name for name in batch.schema.names if name[0] != "#"]) for batch in scored]
        of_ranks = [
            batch.select([name for name in batch.schema.names if name[0] == "#" or name == "unit"]) for batch in scored
        ]
        look: dict[str, Any] = {"batches": units, "reference": learned}

        def ranking() -> Any:
            return batching.rank_batches(plan, of_ranks, **look)

        to_rank, _ = _best(ranking, repeat)
        to_write, _ = _best(lambda: pq.write_table(pa.Table.from_batches(told), output), repeat)
        return Rows(
            name=work.name,
            inputs=len(work.codes),
            stored=path.stat().st_size / rows,
            looks=looks,
            learned=rows * looks / to_learn if looks else float("inf"),
            scored=rows / to_score,
            lesson=len(pickle.dumps(learned)),
            sent=sum(len(pickle.dumps(batch)) for batch in scored) / rows,
            ranked=rows / to_rank,
            kept=(sum(batch.nbytes for batch in of_ranks) + _peak(ranking)) / rows,
            written=rows / to_write,
        )


def _drawn(repeat: int) -> Drawn:
    work = data.w1(UNITS)
    plan = _plan(work)
    cells: dict[str, Any] = {"unit": [f"u{at}" for at in range(UNITS)], **work.columns}
    result = score(plan, table_from_columns(plan.scheme, cells))
    simulation = Simulation.of(result, "total", Assumptions(), 1)
    fixed = len(Shared(simulation).content)  # before it keeps what draws have in common
    to_draw, tally = _best(lambda: simulation.tally(Draws(1, 0, BLOCK), slice(0, UNITS)), repeat)
    counts = Counts(UNITS, UNITS + 1)
    to_count, _ = _best(lambda: counts.add(tally.ranks), repeat)
    return Drawn(
        draw=to_draw / BLOCK,
        fixed=fixed,
        rank=len(pickle.dumps(tally)) / tally.ranks.size,
        summed=to_count / tally.ranks.size,
    )


# --- calculating ------------------------------------------------------------------------------------------------------


def _print_constants(found: list[Rows], drawn: Drawn) -> None:
    print("| measured on one core | " + " | ".join(one.name for one in found) + " |")
    print("|---|" + "--:|" * len(found))
    lines: list[tuple[str, Callable[[Rows], str]]] = [
        ("inputs", lambda one: f"{one.inputs}"),
        ("bytes a row in the file, *s*", lambda one: f"{one.stored:.0f}"),
        ("looks that learn, *k*", lambda one: f"{one.looks}"),
        ("rows a second, reading and learning, *l*", lambda one: _rate(one.learned)),
        ("rows a second, reading and scoring, *c*", lambda one: _rate(one.scored)),
        ("bytes that a part has learned", lambda one: f"{one.lesson:,}"),
        ("bytes a row that come back, *g*", lambda one: f"{one.sent:.0f}"),
        ("rows a second ranked, *r*", lambda one: _rate(one.ranked)),
        ("bytes a row in memory of whoever ranks, *m*", lambda one: f"{one.kept:.0f}"),
        ("rows a second written, *w*", lambda one: _rate(one.written)),
    ]
    for words, told in lines:
        print(f"| {words} | " + " | ".join(map(told, found)) + " |")
    print()
    print(f"| Monte Carlo, W1, {UNITS:,} units | |")
    print("|---|--:|")
    print(f"| milliseconds a draw, *d* | {1e3 * drawn.draw:.3f} |")
    print(f"| megabytes that each worker is sent once, *f* | {drawn.fixed / 1e6:.1f} |")
    print(f"| bytes a rank on its way, *b* | {drawn.rank:.1f} |")
    print(f"| nanoseconds a rank to sum up, *u* | {1e9 * drawn.summed:.1f} |")


def _print_rows(one: Rows, machines: Machines) -> None:
    learning = ROWS * one.looks / one.learned
    scoring = ROWS / one.scored
    sending = ROWS * one.sent / machines.network
    after = ROWS / one.ranked + ROWS / one.written
    wall = (learning + scoring) / machines.cores + max(0.0, sending - scoring / machines.cores) + after
    print()
    print(f"| {one.name}, n = {ROWS:,} rows, C = {machines.cores} cores | formula | |")
    print("|---|---|--:|")
    print(f"| data set | n s | {ROWS * one.stored / 1e9:.0f} GB |")
    print(f"| learning | n k / l | {learning:,.0f} core-seconds |")
    print(f"| scoring | n / c | {scoring:,.0f} core-seconds |")
    print(f"| scores on their way, {machines.network / 1e6:,.0f} MB/s | n g / B | {sending:,.0f} s |")
    print(f"| ranking and writing, one core | n / r + n / w | {after:,.0f} s |")
    print(f"| memory of whoever ranks | n m | {ROWS * one.kept / 1e9:.0f} GB |")
    print(f"| time | (n k / l + n / c) / C + what of n g / B is left + n / r + n / w | {_long(wall)} |")
    print(f"| cores that are paid for | C x time | {machines.cores * wall / 3600:.1f} core-hours |")
    print(f"| cost, {machines.price} a core-hour | | {machines.price * machines.cores * wall / 3600:.2f} |")
    alone = learning + scoring + after
    print(f"| one core alone | n k / l + n / c + n / r + n / w | {_long(alone)} |")


def _print_drawn(drawn: Drawn, machines: Machines) -> None:
    passes = len(windows(UNITS, DRAWS, UNITS + 1))
    work = passes * DRAWS * drawn.draw
    sending = DRAWS * UNITS * drawn.rank / machines.network
    summing = DRAWS * UNITS * drawn.summed
    wall = max(work / machines.cores, sending, summing)  # all at once
    print()
    print(f"| Monte Carlo, N = {DRAWS:,} draws, U = {UNITS:,} units, C = {machines.cores} cores | formula | |")
    print("|---|---|--:|")
    print(f"| passes: more than one where counts do not fit | p | {passes} |")
    print(f"| memory of whoever sums up: a count for each rank of each unit | 4 U² | {4 * UNITS**2 / 1e6:.0f} MB |")
    print(f"| drawing | p N d | {work:,.0f} core-seconds |")
    print(f"| ranks on their way | N U b / B | {sending:,.0f} s |")
    print(f"| summing up, one core | N U u | {summing:,.0f} s |")
    print(f"| time | the longest of p N d / C, N U b / B, N U u | {_long(wall)} |")
    print(f"| cores that are paid for | C x time | {machines.cores * wall / 3600:.1f} core-hours |")
    print(f"| cost, {machines.price} a core-hour | | {machines.price * machines.cores * wall / 3600:.2f} |")
    print(f"| one core alone | p N d + N U u | {_long(work + summing)} |")


def _rate(rows: float) -> str:
    return "-" if np.isinf(rows) else f"{rows:,.0f}"


def _long(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


if __name__ == "__main__":
    main()
