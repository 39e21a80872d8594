"""ictindex through its public API, with a compiled scheme and a table that was read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve
from data import Workload

import ictindex
from ictindex.table import Column, Table
from written import Answer, Peer

VERSION = version("ictindex")


def prepared(work: Workload) -> tuple[ictindex.Plan, Table]:
    """Return the workload's scheme, compiled, and its cells as a table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{work.name}.yaml"
        path.write_text(work.document, encoding="utf-8")
        plan = ictindex.compile_scheme(ictindex.load_scheme(path))
    units = [f"u{at}" for at in range(work.matrix.shape[1])]
    cells: dict[str, Iterable[Any]] = {"unit": units, **work.columns}
    return plan, ictindex.table_from_columns(plan.scheme, cells)


def fresh(table: Table) -> Table:
    """Return the same table as it is before its first score: nothing is known of its columns yet."""
    return evolve(table, columns={code: Column(one.values, one.states) for code, one in table.columns.items()})


def scored(plan: ictindex.Plan, table: Table, **options: Any) -> Any:
    """Return what every library returns here: the published scores, the ranks and the levels."""
    result = ictindex.score(plan, table, **options)
    return result.keys(), result.ranks(), result.levels()


def answer(work: Workload, made: Any) -> Answer:
    """Return the answer of what `scored` gave."""
    keys, ranks, levels = made
    if work.name == "W1":
        return Answer(keys, ranks)
    grades = {"Tốt": 0, "Khá": 1, "Trung bình": 2, "Yếu": 3}
    return Answer(keys, ranks, np.array([grades[level] for level in levels]))


def _call(work: Workload) -> Callable[[], Any]:
    plan, table = prepared(work)
    return lambda: scored(plan, table)


PEER = Peer("ictindex", "ictindex", VERSION, {"W1": _call, "W2": _call}, answer)
