"""ictindex through its public API, with a compiled scheme and a table that was read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from data import Workload

import ictindex
from written import Answer, Peer


def prepared(work: Workload) -> tuple[ictindex.Plan, ictindex.Table]:
    """Return the workload's scheme, compiled, and its cells as a table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{work.name}.yaml"
        path.write_text(work.document, encoding="utf-8")
        plan = ictindex.compile_scheme(ictindex.load_scheme(path))
    units = [f"u{at}" for at in range(work.matrix.shape[1])]
    cells: dict[str, Iterable[Any]] = {"unit": units, **work.columns}
    return plan, ictindex.table_from_columns(plan.scheme, cells)


def _scored(work: Workload) -> Callable[[], Any]:
    plan, table = prepared(work)

    def call() -> Any:
        result = ictindex.score(plan, table)
        return result.keys(), result.ranks(), result.levels()

    return call


def answer(work: Workload, made: Any) -> Answer:
    """Return the answer of keys, ranks and the names of levels."""
    keys, ranks, levels = made
    if work.name == "W1":
        return Answer(keys, ranks)
    grades = {"Tốt": 0, "Khá": 1, "Trung bình": 2, "Yếu": 3}
    return Answer(keys, ranks, np.array([grades[level] for level in levels]))


PEER = Peer("ictindex", "ictindex", version("ictindex"), {"W1": _scored, "W2": _scored}, answer)
