"""Rank reversal: does removing one unit, or having it twice, change the order of two others?

Where points depend on no other unit it cannot. Where they do, every change that could matter is scored again in exact
numbers. A lowest and a highest number move only with the unit that holds them, and never when a unit comes twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from typing import Literal

import numpy as np

from ictindex.analysis.rescoring import rescored
from ictindex.analysis.uncertainty.answer import Reversal, Reversals
from ictindex.editing import taken
from ictindex.result import Result
from ictindex.strategies.base import Array
from ictindex.strategies.relative import MinMax, OfBest
from ictindex.working import done as worked

EXAMPLES = 20
"""So many pairs are named."""

MOST = 1000
"""So many changes are scored at most; the first units of the ranking come first."""

_ROWS = 2**22

Change = tuple[Literal["removed", "doubled"], int]


def changes(result: Result, code: str) -> list[Change]:
    """Return the changes that could matter, those of the first units first."""
    if not result.plan.relative or result.options.get("reference"):
        return []
    ends: set[int] = set()
    others = False
    for place, fit in result.fits.items():
        if isinstance(result.plan.nodes[place].scale, MinMax | OfBest) and fit.holders:
            ends |= {int(unit) for units in fit.holders.values() for unit in units}
        else:
            others = True
    ranks = result.ranks(code)
    order = sorted(range(len(ranks)), key=lambda unit: (not ranks[unit], ranks[unit]))
    if not others:
        return [("removed", unit) for unit in order if unit in ends]
    return [(change, unit) for unit in order for change in ("removed", "doubled")]


def reversals(
    result: Result, code: str, most: int, done: Callable[[], None], executor: Executor | None = None
) -> Reversals:
    """Return which pairs change places. Each change is scored by itself, by `executor` where there is one."""
    possible = bool(result.plan.relative and not result.options.get("reference"))
    could = changes(result, code)
    chosen = could[:most]
    examples: list[Reversal] = []
    pairs, units = 0, set()
    pieces = ((code, change, unit) for change, unit in chosen)
    for (change, unit), turned in zip(chosen, worked(_turned_by, result, pieces, executor), strict=True):
        for number, found in turned:
            pairs += number
            units.add(unit)
            examples += [_told(result, change, unit, *pair) for pair in found[: EXAMPLES - len(examples)]]
        done()
    return Reversals(
        possible=possible,
        changes=len(could),
        checked=len(chosen),
        units=len(units),
        pairs=pairs,
        examples=tuple(examples),
    )


def _turned_by(result: Result, code: str, change: str, unit: int) -> list[tuple[int, list[tuple[int, int]]]]:
    return list(_turned(result, code, *_changed(result, code, change, unit)))


def _changed(result: Result, code: str, change: str, unit: int) -> tuple[Array, Array]:
    """Return the other units, and their ranks when this one is removed or there twice."""
    size = len(result.units)
    others = np.delete(np.arange(size), unit)
    if change == "removed":
        return others, rescored(result, table=taken(result.table, others)).ranks(code)
    again = result.units[unit] + " 2"
    while again in result.units:
        again += "'"
    rows = np.append(np.arange(size), unit)
    doubled = taken(result.table, rows, (*result.units, again))
    return others, rescored(result, table=doubled).ranks(code)[:size][others]


def _turned(result: Result, code: str, kept: Array, becomes: Array) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Yield, pool after pool, how many pairs of units change places, and those pairs in part: (ahead, behind)."""
    before, table = result.ranks(code)[kept], result.table
    pools = np.zeros(len(kept), np.intp)
    if table.pool is not None:
        pools = np.unique(np.array(table.pool, object)[kept], return_inverse=True)[1]
    for pool in np.unique(pools):
        at = np.flatnonzero((pools == pool) & (before > 0) & (becomes > 0))
        at = at[np.lexsort((becomes[at], before[at]))]
        if not (np.diff(becomes[at]) < 0).any():  # sorted by both, any pair turned leaves two neighbours turned
            continue
        found: list[tuple[int, int]] = []
        rows, number = max(1, _ROWS // len(at)), 0
        for start in range(0, len(at), rows):
            upper = at[start : start + rows, None]
            turned = (before[upper] < before[at]) & (becomes[upper] > becomes[at])
            number += int(turned.sum())
            where = np.argwhere(turned)[: EXAMPLES - len(found)]
            found += [(int(kept[at[start + one]]), int(kept[at[two]])) for one, two in where]
        yield number, found


def _told(result: Result, change: Literal["removed", "doubled"], unit: int, ahead: int, behind: int) -> Reversal:
    units, names = result.units, result.names
    return Reversal(
        change=change,
        unit=units[unit],
        unit_name=names[unit],
        ahead=units[ahead],
        ahead_name=names[ahead],
        behind=units[behind],
        behind_name=names[behind],
    )
