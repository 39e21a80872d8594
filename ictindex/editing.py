"""Tables with some cells changed, or with other rows: what questions of the kind "what if" are asked of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from ictindex.cells import CellState
from ictindex.table import Column, Table

Positions = Sequence[int] | npt.NDArray[np.intp]


@frozen
class Edit:
    """One cell as it shall be: the unit's position, the column as a table keeps it, the value and its state.

    The column is an input's code, `CODE.score`, `CODE.excluded` or `CODE.evidence`; evidence is 1 (shown) or 0.
    """

    unit: int
    column: str
    value: float
    state: CellState = CellState.REPORTED


def edited(table: Table, edits: Iterable[Edit]) -> Table:
    """Return the table with these cells changed; a later edit of a cell wins over an earlier one.

    A column that the table lacks is added, missing for everybody else; evidence that it lacks is shown by everybody
    else. What was declared, the notes and the origin stay as they are. Raises IndexError for a unit that is not there,
    ValueError for a reported cell without a number.
    """
    by_column: dict[str, list[Edit]] = {}
    for one in edits:
        if not 0 <= one.unit < len(table):
            raise IndexError(f"the table has {len(table)} units, none at {one.unit}")
        if one.state is CellState.REPORTED and not math.isfinite(one.value):
            raise ValueError(f"{one.column}: a reported cell holds a number, not {one.value}")
        by_column.setdefault(one.column, []).append(one)
    columns, evidence = dict(table.columns), dict(table.evidence)
    for key, cells in by_column.items():
        if key.endswith(".evidence"):
            code = key.removesuffix(".evidence")
            shown = np.array(evidence[code]) if code in evidence else np.ones(len(table), np.bool_)
            for one in cells:
                shown[one.unit] = bool(one.value)
            evidence[code] = shown
        else:
            columns[key] = _edited(columns.get(key), len(table), cells)
    return evolve(table, columns=columns, evidence=evidence, doubts=())


def _edited(column: Column | None, size: int, cells: Sequence[Edit]) -> Column:
    if column is None:
        values, states = np.full(size, np.nan), np.full(size, CellState.MISSING, np.uint8)
    else:
        values = np.array(column.values)
        states = np.zeros(size, np.uint8) if column.states is None else np.array(column.states)
    for one in cells:
        reported = one.state is CellState.REPORTED
        values[one.unit], states[one.unit] = one.value if reported else np.nan, one.state
    return Column(values, states if states.any() else None)


def taken(table: Table, rows: Positions, units: Sequence[str] = ()) -> Table:
    """Return the table of these rows, in this order; one that is taken twice needs new codes in `units`.

    Raises ValueError where there are not as many codes as rows.
    """
    at = np.asarray(rows, np.intp)
    if len(units) not in (0, len(at)):
        raise ValueError(f"{len(units)} codes for {len(at)} rows")
    places = at.tolist()

    def picked(values: Any) -> Any:
        return None if values is None else values[at]

    columns: Mapping[str, Column] = {
        code: Column(picked(one.values), picked(one.states)) for code, one in table.columns.items()
    }
    return evolve(
        table,
        units=tuple(units) or tuple(table.units[row] for row in places),
        names=tuple(table.names[row] for row in places),
        columns=columns,
        pool=None if table.pool is None else tuple(table.pool[row] for row in places),
        evidence={code: shown[at] for code, shown in table.evidence.items()},
        evidence_texts={code: tuple(texts[row] for row in places) for code, texts in table.evidence_texts.items()},
        declared=None if table.declared is None else taken(table.declared, rows, units),
        doubts=(),
        origin=table.origin.of(places),
    )
