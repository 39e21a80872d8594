"""duckdb: a table in memory, one SQL query, fetched as numpy arrays."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
from data import Indicator, Workload

from written import SHARES, Answer, Peer, most

THREADS = min(2, os.cpu_count() or 1)


def _w1(work: Workload) -> Callable[[], Any]:
    names = {one.code: f"c{one.columns[0]}" for group in work.groups for one in group.indicators}
    extremes = ", ".join(f"min({name}) AS low_{name}, max({name}) AS high_{name}" for name in names.values())
    headings = []
    for group in work.groups:
        parts = [
            f"{one.points} * ({name} - low_{name}) / (high_{name} - low_{name})"
            for one in group.indicators
            for name in [names[one.code]]
        ]
        whole = sum(one.points for one in group.indicators)
        headings.append(f"{group.points} * ({' + '.join(parts)}) / {whole}")
    total = f"({' + '.join(headings)}) / {sum(group.points for group in work.groups)}"
    query = f"""
        WITH extremes AS (SELECT {extremes} FROM cells),
             totals AS (SELECT unit, ({total})::DOUBLE AS score FROM cells, extremes)
        SELECT unit, round(score, 4) AS published, rank() OVER (ORDER BY score DESC) AS rank FROM totals"""  # noqa: S608 - names of columns and numbers, no words of others
    return _asked(work, query)


def _w2(work: Workload) -> Callable[[], Any]:
    headings = [
        f"least({' + '.join(_points(one) for one in group.indicators)}, {group.points})" for group in work.groups
    ]
    cases = " ".join(f"WHEN published >= {share * most(work)} THEN {at}" for at, share in enumerate(SHARES))
    query = f"""
        WITH totals AS (SELECT unit, round(({" + ".join(headings)})::DOUBLE, 2) AS published FROM cells)
        SELECT unit, published, rank() OVER (ORDER BY published DESC) AS rank, CASE {cases} ELSE 3 END AS grade
        FROM totals"""  # noqa: S608 - names of columns and numbers, no words of others
    return _asked(work, query)


def _asked(work: Workload, query: str) -> Callable[[], Any]:
    database = duckdb.connect(config={"threads": THREADS})
    cells = {"unit": np.arange(work.matrix.shape[1]), **{f"c{at}": row for at, row in enumerate(work.matrix)}}
    database.register("given", cells)
    database.execute("CREATE TABLE cells AS SELECT * FROM given")
    database.unregister("given")
    return lambda: database.execute(query).fetchnumpy()


def _points(one: Indicator) -> str:
    first = f"c{one.columns[0]}"
    if one.kind == "ratio":
        return f"least({first} / c{one.columns[1]}, 1) * {one.points}"
    if one.kind == "each":
        return f"least({first} * {one.table[0][1]}::DOUBLE, {one.points})"
    cases = " ".join(f"WHEN {first} >= {start} THEN {points}::DOUBLE" for start, points in reversed(one.table))
    return f"CASE {cases} ELSE 0 END"


def _answer(work: Workload, made: Any) -> Answer:
    order = np.argsort(made.pop("unit"))
    return Answer.of(work.name, *(values[order] for values in made.values()))


PEER = Peer(
    "duckdb",
    "duckdb",
    duckdb.__version__,
    {"W1": _w1, "W2": _w2},
    _answer,
    differs="rounds the float that it has; ranks floats",
    threads=THREADS,
)
