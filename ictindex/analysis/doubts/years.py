"""Jumps against the table of the year before.

A figure is compared with itself a year ago, and its change with the changes of the other units: where everybody grew
by half, half more is nothing to ask about. Problems: T112 a change far from the others', T113 a whole column changed,
T114 from nothing to much or back, T115 the same figures as last year, T121 nothing to compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from attrs import frozen

from ictindex.analysis.doubts.copies import telling
from ictindex.analysis.doubts.figures import NUMBERS, Positions, alike, figure, median, middle, rough
from ictindex.analysis.doubts.gathering import Doubts
from ictindex.cells import Floats, fold
from ictindex.messages import say
from ictindex.model import InputKind, Row, Scheme
from ictindex.table import Table

MANY = 8
"""From so many units on, their changes show what is usual; with fewer, only a plain limit holds."""

SPREADS = 6.0
"""A change must be so many spreads off the usual one."""

THREEFOLD = 3.0
"""And so many times more or less than the usual one: offices do double their computers in a year."""

PLAIN = 10.0
"""With few units, a figure must be so many times that of last year."""

COLUMN = 5.0
"""Where the usual change is more than this, the column is asked about and not every unit."""

ROOTS = 2.0
"""The square roots of two whole numbers differ by so much: 1 and 9, 4 and 16. Small counts jump by themselves."""

SAME = 4
"""So many figures must be last year's, of those that are not 0 and not a yes, a no or a case."""

SLACK = 1e-9
"""Logarithms and differences err by less."""

POINTS = 0.3
"""Points must change by so much of what can be had, more than is usual; with few units by half of it."""


@frozen
class LastYear:
    """A table and the one of the year before, with the schemes that they were read under."""

    scheme: Scheme
    table: Table
    previous_scheme: Scheme
    previous: Table

    def units(self) -> tuple[Positions, Positions]:
        """Return the positions of the units that stand once in either table: here, and in the one before."""
        before, here = _once(self.previous.units), _once(self.table.units)
        both = [code for code in here if code in before]
        return np.array([here[code] for code in both], np.intp), np.array([before[code] for code in both], np.intp)

    def columns(self) -> Iterator[tuple[str, str]]:
        """Yield the columns that mean the same in either table: here, and in the one before."""
        same = self.scheme.id == self.previous_scheme.id
        for key in self.table.columns:
            was = key if same else self._was(key)
            if was in self.previous.columns:
                yield key, was

    def _was(self, key: str) -> str:
        """Return what a column was called in the edition before; empty where that is not sure."""
        before = self.previous_scheme
        rows, inputs = {row.code: row for row in before.rows()}, {one.code: one for one in before.inputs}
        stem = key.removesuffix(".score").removesuffix(".excluded")
        row = self._row(stem)
        if row is not None and row.was and stem.startswith(row.code):
            return f"{row.was}{key[len(row.code) :]}"
        here = next((one.name for one in self.scheme.inputs if one.code == stem), row.name if row else "")
        there = inputs[stem].name if stem in inputs else rows[stem].name if stem in rows else ""
        return key if here and fold(here) == fold(there) else ""  # a code may be another thing's by now

    def _row(self, code: str) -> Row | None:
        """Return the row of a code, or the one that declares the input of that code."""
        rows = {row.code: row for row in self.scheme.rows()}
        owners = {one.code: one.owner for one in self.scheme.inputs}
        return rows.get(code) or rows.get(owners.get(code, ""))


def doubt_changes(years: LastYear, doubts: Doubts) -> None:
    """Doubt what changed far more than the same figures of other units did."""
    here, before = years.units()
    columns = list(years.columns())
    if not len(here) or not columns:
        message = say("no figure can be compared with last year's: the two tables have no unit in common")
        if len(here):
            message = say("no figure can be compared with last year's: the two tables have no column in common")
        doubts.add("T121", message, hint=say("is it the right table, and are the codes the same?"))
        return
    _doubt_copies(years, here, before, columns, doubts)
    groups = alike(years.scheme, years.table)
    kinds = {one.code: one.kind for one in years.scheme.inputs}
    full = _most(years.scheme)
    for key, was in columns:
        kind = kinds.get(key, InputKind.POINTS)
        old = np.full(len(years.table), np.nan)
        old[here] = years.previous.columns[was].values[before]
        pair = (years.table.columns[key].values, old)
        if kind in NUMBERS:
            _doubt_quantity(years.table, key, pair, groups, doubts)
        elif kind is InputKind.POINTS and full.get(key):
            _doubt_points(years.table, key, pair, full[key], groups, doubts)


def _doubt_quantity(
    table: Table, key: str, pair: tuple[Floats, Floats], groups: list[Positions], doubts: Doubts
) -> None:
    new, old = pair
    logs = np.full(len(table), np.nan)
    some = np.flatnonzero((new > 0) & (old > 0))
    logs[some] = np.log(new[some]) - np.log(old[some])
    enough = np.ones(len(table), np.bool_)
    if bool((new[some] % 1 == 0).all() and (old[some] % 1 == 0).all()):  # whole numbers, so most likely counts
        enough[some] = np.abs(np.sqrt(new[some]) - np.sqrt(old[some])) >= ROOTS
    far: dict[int, float] = {}
    usual_of: dict[int, float | None] = {}
    for group in groups:
        units = group[~np.isnan(logs[group])]
        if not len(units):
            continue
        usual, spread = middle(logs[units])
        limit, told = max(np.log(THREEFOLD), SPREADS * spread), True
        if len(units) < MANY:
            usual, limit, told = 0.0, np.log(PLAIN), False
        elif abs(usual) > np.log(COLUMN):
            _tell_column(key, usual, len(units), doubts)
        off = np.abs(logs[units] - usual)
        for unit, value in zip(units.tolist(), off.tolist(), strict=True):
            if value >= limit - SLACK and enough[unit]:
                far[unit], usual_of[unit] = value, usual if told else None
    for unit in doubts.worst("T112", key, far, list(far.values())):
        _tell_change(table.units[unit], (new[unit], old[unit]), usual_of[unit], unit, key, doubts)
    _doubt_zeros(table, key, pair, groups, doubts)


def _tell_change(
    name: str, pair: tuple[float, float], usual: float | None, unit: int, key: str, doubts: Doubts
) -> None:
    new, old = pair
    parts = {
        "unit": name,
        "new": figure(new),
        "old": figure(old),
        "times": _times(np.log(new) - np.log(old)),
    }
    message = say("{unit}: {new} is {times} times last year's {old}", **parts)
    if usual is not None:
        usually = _times(usual)
        message = say(
            "{unit}: {new} is {times} times last year's {old}; usual is {usual} times", usual=usually, **parts
        )
    hint = say("is it a mistake in one of the two years, or is there a reason to note?")
    doubts.add("T112", message, unit=unit, key=key, hint=hint)


def _times(log: float) -> str:
    """Return how many times it is, by its natural logarithm."""
    return rough(np.exp(min(log, 700.0)))


def _tell_column(key: str, usual: float, count: int, doubts: Doubts) -> None:
    message = say(
        "the figures of {count} units are usually {times} times those of last year",
        count=count,
        times=_times(usual),
    )
    doubts.add("T113", message, key=key, hint=say("was the unit of measure another one, or the question?"))


def _doubt_zeros(table: Table, key: str, pair: tuple[Floats, Floats], groups: list[Positions], doubts: Doubts) -> None:
    """Doubt what came from nothing, or went to nothing, and is no small figure in its column."""
    new, old = pair
    gone: dict[int, float] = {}
    for group in groups:
        known = group[~np.isnan(new[group]) & ~np.isnan(old[group])]
        some = known[(new[known] > 0) & (old[known] > 0)]
        if len(some) < MANY:
            continue
        usual = median(np.maximum(new[some], old[some]))
        larger = np.maximum(new[known], old[known])
        turned = known[((new[known] == 0) != (old[known] == 0)) & (larger >= usual)]
        if len(turned) <= max(1, len(known) // 10):
            gone |= {int(unit): float(max(new[unit], old[unit])) for unit in turned}
    for unit in doubts.worst("T114", key, gone, list(gone.values())):
        parts = {"unit": table.units[unit], "new": figure(new[unit]), "old": figure(old[unit])}
        message = say("{unit}: {new}, while last year it was {old}", **parts)
        doubts.add("T114", message, unit=unit, key=key, hint=say("is the 0 a figure that was not reported?"))


def _doubt_points(
    table: Table, key: str, pair: tuple[Floats, Floats], most: float, groups: list[Positions], doubts: Doubts
) -> None:
    changes = (pair[0] - pair[1]) / most
    far: dict[int, float] = {}
    usual_of: dict[int, float | None] = {}
    for group in groups:
        units = group[~np.isnan(changes[group])]
        if not len(units):
            continue
        usual, spread = middle(changes[units])
        limit, told = max(POINTS, SPREADS * spread), True
        if len(units) < MANY:
            usual, limit, told = 0.0, 0.5, False
        off = np.abs(changes[units] - usual)
        for unit, value in zip(units.tolist(), off.tolist(), strict=True):
            if value > limit + SLACK:
                far[unit], usual_of[unit] = value, usual if told else None
    for unit in doubts.worst("T112", key, far, list(far.values())):
        parts = {"unit": table.units[unit], "new": figure(pair[0][unit]), "old": figure(pair[1][unit])}
        message = say("{unit}: {new}, last year {old}", **parts)
        if (change := usual_of[unit]) is not None:
            usually = f"{change * most:+.3g}"
            message = say("{unit}: {new}, last year {old}; the usual change is {usual}", usual=usually, **parts)
        hint = say("is it a mistake in one of the two years, or is there a reason to note?")
        doubts.add("T112", message, unit=unit, key=key, hint=hint)


def _doubt_copies(
    years: LastYear, here: Positions, before: Positions, columns: list[tuple[str, str]], doubts: Doubts
) -> None:
    """Doubt units whose every figure is last year's."""
    every, told = np.ones(len(here), np.bool_), np.zeros(len(here), np.intp)
    moving = told.copy()
    for key, was in columns:
        new, old = years.table.columns[key].values[here], years.previous.columns[was].values[before]
        same = (new == old) | (np.isnan(new) & np.isnan(old))
        every &= same
        tells = telling(years.scheme, key, new)
        told += tells
        if 2 * np.count_nonzero(same) <= len(same):  # what stands still for most units is no sign of a copy
            moving += tells
    units = here[every & (told >= SAME)]
    if len(units) > 1 and 2 * len(units) > len(here):
        message = say(
            "all figures of {same} of {count} units are the same as last year's", same=len(units), count=len(here)
        )
        doubts.add("T115", message, hint=say("is it the table of the same year?"))
        return
    units = here[every & (moving >= SAME)]
    for unit in doubts.worst("T115", "", units.tolist(), [0.0] * len(units)):
        message = say(
            "{unit}: all figures in {count} columns are the same as last year's",
            unit=years.table.units[unit],
            count=len(columns),
        )
        doubts.add("T115", message, unit=unit, hint=say("was last year's report handed in again?"))


def _most(scheme: Scheme) -> Mapping[str, float]:
    """Return what can be had in each column of scores, on the scale that the column is on."""
    found: dict[str, float] = {}
    for row in scheme.rows():
        most = {"points": float(row.max), "percent": 100.0, "index": 1.0}[row.publish.scale]
        found[row.code] = found[f"{row.code}.score"] = most
    return found


def _once(units: tuple[str, ...]) -> dict[str, int]:
    """Return the positions of the units that stand once; a unit of several lines is several figures."""
    found: dict[str, int] = {}
    twice = set()
    for at, unit in enumerate(units):
        if unit in found:
            twice.add(unit)
        found[unit] = at
    return {unit: at for unit, at in found.items() if unit not in twice}
