"""Units whose figures are the same in every column: a report that was copied, or one line that was pasted twice.

Problem: T116 the same figures in several units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ictindex.analysis.doubts.figures import NUMBERS, Positions
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
    order, sizes = _groups(list(columns.values()))
    if sizes.max() == 1:
        return
    told = _telling_figures(scheme, columns, order, sizes)
    starts = np.cumsum(sizes) - sizes
    found: dict[int, list[str]] = {}
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        units = order[start : start + size].tolist()
        names = sorted({table.units[unit] for unit in units})
        # One name: a unit that has several lines, because it was made of several.
        if len(names) > 1 and told[units[0]] >= LEAST:
            found[max(units, key=lambda unit: table.units[unit])] = names
    for unit in doubts.worst("T116", "", found, [len(names) for names in found.values()]):
        names = found[unit]
        message = say("{units} have the same figures in all {count} columns", units=listed(names), count=len(columns))
        doubts.add("T116", message, unit=unit, hint=say("was one report copied from the other?"))


def _groups(columns: Sequence[Floats]) -> tuple[Positions, Positions]:
    """Return the units in an order in which those with the same figures stand together, and the sizes of the groups.

    The figures of a unit are mixed to one number, to sort by; whether neighbours are the same is then looked at.
    """
    mixed = np.zeros(len(columns[0]), np.uint64)
    for values in columns:
        bits = np.where(np.isnan(values), np.inf, values + 0.0).view(np.uint64)
        mixed = (mixed ^ (bits >> np.uint64(29)) ^ bits) * _ODD
        mixed ^= mixed >> np.uint64(32)
    order = np.argsort(mixed, kind="stable")
    same = np.ones(len(order) - 1, np.bool_)
    for values in columns:
        one, next_one = values[order[:-1]], values[order[1:]]
        same &= (one == next_one) | (np.isnan(one) & np.isnan(next_one))
    edges = np.concatenate(([0], np.flatnonzero(~same) + 1, [len(order)])).astype(np.intp)
    return order, np.diff(edges)


def _telling_figures(scheme: Scheme, columns: Mapping[str, Floats], order: Positions, sizes: Positions) -> Positions:
    """Return how many figures of each unit tell it from units outside its group."""
    own = np.empty(len(order), np.intp)
    own[order] = np.repeat(sizes, sizes)
    told = np.zeros(len(order), np.intp)
    for key, values in columns.items():
        _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
        told += telling(scheme, key, values) & (counts[places] <= np.maximum(own, len(order) // COMMON))
    return told


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
