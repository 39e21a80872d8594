"""Rows of drawn cells to a table, and a table to the text of a CSV file that anyone can try again.

A row of cells is a mapping from column names to cells: a Fraction (a choice by the position of its case, yes as 1),
None for a missing cell or NOT_APPLICABLE; `unit` and the pool column hold texts, `CODE.evidence` whether it was shown.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from ictindex.cells import CellState, number_text
from ictindex.model import InputKind, Scheme
from ictindex.table import Column, Table

NOT_APPLICABLE = CellState.NOT_APPLICABLE
Cells: TypeAlias = Mapping[str, Any]
SHOWN = "x"
"""What stands in an evidence cell of evidence that was shown."""


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
        source="drawn",
        lines=tuple(range(2, len(rows) + 2)),
    )


def _column(cells: Sequence[Any]) -> Column:
    values = np.array([float(cell) if isinstance(cell, Fraction) else np.nan for cell in cells])
    states = np.array([_state(cell) for cell in cells], np.uint8)
    return Column(values, states if states.any() else None)


def _state(cell: Any) -> int:
    if isinstance(cell, Fraction):
        return int(CellState.REPORTED)
    return int(CellState.MISSING if cell is None else cell)


def csv_text(scheme: Scheme, table: Table) -> str:
    """Return the table as the text of a CSV file, which reads back as the same table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = list(_columns(scheme, table))
    writer.writerow(name for name, _ in columns)
    writer.writerows(zip(*(cells for _, cells in columns), strict=True))
    return out.getvalue()


def _columns(scheme: Scheme, table: Table) -> Iterator[tuple[str, Sequence[str]]]:
    yield "unit", table.units
    if scheme.pools is not None and table.pool is not None:
        yield scheme.pools.by, table.pool
    inputs = {one.code: one for one in scheme.inputs}
    for code, column in table.columns.items():
        one = inputs.get(code)
        cases = [case.code for case in one.cases] if one is not None and one.kind is InputKind.CHOICE else None
        truth = one is not None and one.kind is InputKind.YES_NO
        yield code, [_typed(column, at, cases, truth) for at in range(len(column))]
    for code, shown in table.evidence.items():
        yield f"{code}.evidence", [SHOWN if one else "" for one in shown]


def _typed(column: Column, at: int, cases: Sequence[str] | None, truth: bool) -> str:
    if column.states is not None and column.states[at] != CellState.REPORTED:
        return "n/a" if column.states[at] == CellState.NOT_APPLICABLE else ""
    value = float(column.values[at])
    if cases is not None:
        return cases[int(value)]
    if truth:
        return "yes" if value else "no"
    return number_text(Fraction(repr(value)))
