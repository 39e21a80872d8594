"""Units whose figures are the same in every column: a report that was copied, or one line that was pasted twice.

Problem: T116 the same figures in several units.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ictindex.analysis.doubts.figures import NUMBERS
from ictindex.analysis.doubts.gathering import Doubts
from ictindex.cells import Floats
from ictindex.messages import say
from ictindex.model import InputKind, Scheme
from ictindex.table import Table

LEAST = 4
"""So many figures must be telling; two units may have the same two or three by chance."""

COMMON = 10
"""A figure that more than one unit in so many has tells nothing."""

_ODD = np.uint64(0x9E3779B97F4A7C15)  # any odd number: multiplying by it loses nothing


def doubt_copies(scheme: Scheme, table: Table, doubts: Doubts) -> None:
    """Doubt units whose figures are those of another unit, all of them."""
    columns = {key: column.values for key, column in table.columns.items() if not key.endswith(".excluded")}
    if len(table) < 2 or not columns:
        return
    mixed = np.zeros(len(table), np.uint64)
    for values in columns.values():
        bits = np.where(np.isnan(values), np.inf, values + 0.0).view(np.uint64)
        with np.errstate(over="ignore"):
            mixed = (mixed ^ (bits >> np.uint64(29)) ^ bits) * _ODD
            mixed ^= mixed >> np.uint64(32)
    order = np.argsort(mixed, kind="stable")
    edges = np.flatnonzero(
        np.diff(mixed[order], prepend=mixed[order[:1]] + np.uint64(1), append=mixed[order[-1:]] + np.uint64(1))
    )
    sizes = np.diff(edges)
    for start, size in zip(edges[:-1][sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        _doubt_group(scheme, table, columns, order[start : start + size], doubts)


def _doubt_group(
    scheme: Scheme, table: Table, columns: dict[str, Floats], units: NDArray[np.intp], doubts: Doubts
) -> None:
    """Doubt a group of units if they are really the same, and not by chance."""
    names = sorted({table.units[unit] for unit in units.tolist()})
    if len(names) < 2:  # a unit that has several lines, because it was made of several
        return
    telling_figures = 0
    for key, values in columns.items():
        own = values[units]
        if not np.array_equal(own, np.full(len(own), own[0]), equal_nan=True):
            return
        if telling(scheme, key, own[:1])[0]:
            others = int(np.count_nonzero(values == own[0]))
            telling_figures += others <= max(len(units), len(table) // COMMON)
    if telling_figures < LEAST:
        return
    last = max(units.tolist(), key=lambda unit: table.units[unit])
    message = say("{units} have the same figures in all {count} columns", units=listed(names), count=len(columns))
    doubts.add("T116", message, unit=last, hint=say("was one report copied from the other?"))


def telling(scheme: Scheme, key: str, values: Floats) -> NDArray[np.bool_]:
    """Return which figures tell a unit from others: no yes or no, no choice, no 0, nothing missing."""
    kind = next((one.kind for one in scheme.inputs if one.code == key), InputKind.POINTS)
    if kind not in (*NUMBERS, InputKind.POINTS):
        return np.zeros(len(values), np.bool_)
    found: NDArray[np.bool_] = ~np.isnan(values) & (values != 0)
    return found


def listed(names: Sequence[str]) -> str:
    """Return the first few names in a row, and that there are more."""
    return ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
