"""Rows of drawn cells to a table.

A row of cells is a mapping from column names to cells: a Fraction (a choice by the position of its case, yes as 1),
None for a missing cell or NOT_APPLICABLE; `unit` and the pool column hold texts, `CODE.evidence` whether it was shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from ictindex.cells import CellState
from ictindex.model import Scheme
from ictindex.origins import Origin
from ictindex.table import Column, Table

NOT_APPLICABLE = CellState.NOT_APPLICABLE
Cells: TypeAlias = Mapping[str, Any]


def table_of(scheme: Scheme, rows: Sequence[Cells]) -> Table:
    """Return the table that a reader would make of the cells, typed."""
    by = scheme.pools.by if scheme.pools is not None else ""
    names = dict.fromkeys(name for row in rows for name in row)
    columns: dict[str, Column] = {}
    evidence: dict[str, Any] = {}
    for name in names:
        cells = [row.get(name) for row in rows]
        if name.endswith(".evidence"):
            evidence[name.removesuffix(".evidence")] = np.array([bool(cell) for cell in cells], np.bool_)
        elif name.endswith(".excluded"):
            columns[name] = Column(np.array([float(cell or 0) for cell in cells]))
        elif name not in ("unit", by):
            columns[name] = _column(cells)
    units = tuple(str(row["unit"]) for row in rows)
    return Table(
        units=units,
        names=units,
        columns=columns,
        pool=tuple(str(row[by]) for row in rows) if by else None,
        evidence=evidence,
        origin=Origin("drawn", lines=tuple(range(2, len(rows) + 2))),
    )


def _column(cells: Sequence[Any]) -> Column:
    values = np.array([float(cell) if isinstance(cell, Fraction) else np.nan for cell in cells])
    states = np.array([_state(cell) for cell in cells], np.uint8)
    return Column(values, states if states.any() else None)


def _state(cell: Any) -> int:
    if isinstance(cell, Fraction):
        return int(CellState.REPORTED)
    return int(CellState.MISSING if cell is None else cell)
