"""The figures of one year put under the scheme of another, so that this scheme can score them.

Columns are matched through the codes of the two schemes. What the other scheme asks for and this year's table cannot
say is taken from the other year's table: so what a new criterion adds counts as the scheme's change.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction

import numpy as np
from attrs import field, frozen

from ictindex.cells import CellState, fold
from ictindex.editing import taken
from ictindex.model import Input, InputKind, Row
from ictindex.plan import Leaf, Plan
from ictindex.strategies.base import Array, Mask
from ictindex.table import Column, Table

_NUMBERS = (InputKind.COUNT, InputKind.AMOUNT)
_DECIMALS = 12
"""A score on another scale is kept to so many decimals, cut, so that it never exceeds its maximum."""


@frozen
class Way:
    """From one scheme to another: the code in the first of rows and inputs of the second, those that are the same."""

    one: Plan
    to: Plan
    rows: Mapping[str, str]
    inputs: Mapping[str, str]


@frozen
class Taken:
    """What was not simply carried, by input or row of the scheme that it was carried to.

    `columns` are those that only the other year has; `cells` counts cells that the other scheme refuses to lack, or
    could not read; `scaled` are points brought to another maximum.
    """

    columns: frozenset[str] = frozenset()
    cells: Mapping[str, int] = field(factory=dict)
    scaled: frozenset[str] = frozenset()

    def beside(self, other: Taken) -> Taken:
        """Return what either took; of cells the larger number, since both may be of the same units."""
        cells = {code: max(self.cells.get(code, 0), other.cells.get(code, 0)) for code in {*self.cells, *other.cells}}
        return Taken(self.columns | other.columns, cells, self.scaled | other.scaled)


def carried(table: Table, other: Table, way: Way) -> tuple[Table, Taken]:
    """Return the units' figures as a table of the scheme at the end of the way, and what was taken from `other`.

    Units for which something had to be taken and that `other` does not have are left out.
    """
    return _Carrying(table, other, way).table()


def whole_of(row: Row) -> Fraction:
    """Return what a row's maximum is on the scale that it publishes."""
    return (
        {"points": row.max, "index": Fraction(1), "percent": Fraction(100)}[row.publish.scale] if row.max else row.max
    )


class _Carrying:
    """Makes one table. `there` is each unit's position in the other table, -1 for a unit that it lacks."""

    def __init__(self, table: Table, other: Table, way: Way) -> None:
        self.own, self.other, self.way, self.size = table, other, way, len(table)
        known = {unit: at for at, unit in enumerate(other.units)}
        self.there = np.array([known.get(unit, -1) for unit in table.units], np.intp)
        self.lacking = self.there < 0
        self.lost = np.zeros(self.size, np.bool_)
        self.columns: dict[str, Column] = {}
        self.given: dict[str, Mask] = {}
        self.borrowed, self.scaled, self.cells = set[str](), set[str](), Counter[str]()
        self.readers: dict[str, list[Leaf]] = {}
        for node in way.to.nodes:
            if isinstance(node, Leaf) and node.row.max:
                for code in node.inputs:
                    self.readers.setdefault(code, []).append(node)

    def table(self) -> tuple[Table, Taken]:
        """Return the table, and what was taken."""
        for row in self.way.to.scheme.rows():
            self._beside(row, ".score")
            self._beside(row, ".excluded")
        for one in self.way.to.scheme.inputs:
            self._input(one)
        evidence = dict(self._evidence())
        pool = self._pool()
        made = Table(
            units=self.own.units,
            names=self.own.names,
            columns=self.columns,
            pool=pool,
            evidence=evidence,
            without_evidence=self.own.without_evidence,
        )
        kept = made if not self.lost.any() else taken(made, np.flatnonzero(~self.lost))
        return kept, Taken(frozenset(self.borrowed), dict(self.cells), frozenset(self.scaled))

    def _beside(self, row: Row, end: str) -> None:
        """Carry given scores or points left out; those of a row that only the other scheme has are taken."""
        source = self.way.rows.get(row.code)
        if source is None:
            found = self._borrow(self.other.columns.get(row.code + end), row.code + end)
        else:
            found = self.own.columns.get(source + end)
            was = self.way.one.scheme.row(source)
            sides = (whole_of(was), whole_of(row)) if end == ".score" else (was.max, row.max)
            found = None if found is None or not all(sides) else self._scaled(found, *sides, row.code)
        if found is not None:
            self.columns[row.code + end] = found
            if end == ".score":
                self.given[row.code] = _states(found) == CellState.REPORTED

    def _input(self, one: Input) -> None:
        source = self.way.inputs.get(one.code)
        was = None if source is None else self.way.one.scheme.input(source)
        found = None
        if was is not None and _alike(was, one):
            found = self._translated(was, one, self.own.columns.get(was.code))
        if found is None:
            found = self._borrow(self.other.columns.get(one.code), one.code)
        else:
            found = self._filled(one.code, found)
        if found is not None:
            self.columns[one.code] = found

    def _translated(self, was: Input, one: Input, column: Column | None) -> Column | None:
        """Return a column in the words of the other scheme, None where these cannot say it."""
        if column is None:
            return Column(np.full(self.size, np.nan), np.full(self.size, CellState.MISSING, np.uint8))
        if one.kind is InputKind.CHOICE:
            return _recoded(was, one, column)
        if one.kind is InputKind.POINTS:
            rows = _assessed(self.way.one, was.code), _assessed(self.way.to, one.code)
            was_whole, whole = (whole_of(row) if row else Fraction(0) for row in rows)
            return self._scaled(column, was_whole, whole, one.code) if was_whole else None
        return column

    def _scaled(self, column: Column, was: Fraction, now: Fraction, code: str) -> Column:
        """Return points or scores as the same share of another maximum."""
        if was == now or not now:
            return column
        self.scaled.add(code)
        known = {value: _share(value, was, now) for value in set(column.values.tolist()) if not math.isnan(value)}
        return Column(np.array([known.get(value, math.nan) for value in column.values.tolist()]), column.states)

    def _filled(self, code: str, column: Column) -> Column:
        """Return a column with the cells taken that the other scheme would refuse, where the other year has them."""
        states = _states(column)
        refused = np.zeros(self.size, np.bool_)
        for leaf in self.readers.get(code, ()):
            rows = (leaf.row, *self.way.to.scheme.above(leaf.row.code))
            free = [self.given[row.code] for row in rows if row.code in self.given]
            needed = ~np.logical_or.reduce(free) if free else np.ones(self.size, np.bool_)
            refused |= needed & (states == CellState.MISSING) & (leaf.missing == "refuse")
            refused |= needed & (states == CellState.NOT_APPLICABLE) & (leaf.not_applicable == "refuse")
        return self._patched(code, column, refused | (states == _UNREADABLE))

    def _patched(self, code: str, column: Column, refused: Mask) -> Column:
        other = self.other.columns.get(code)
        states = np.where(_states(column) == _UNREADABLE, CellState.MISSING, _states(column)).astype(np.uint8)
        values = np.where(states == 0, column.values, np.nan)
        if other is not None:
            able = refused & ~self.lacking & (_states(other)[self.there] == CellState.REPORTED)
            values, states = values.copy(), states.copy()
            values[able], states[able] = other.values[self.there[able]], CellState.REPORTED
            if able.any():
                self.cells[code] += int(able.sum())
        return Column(values, states if states.any() else None)

    def _borrow(self, column: Column | None, code: str) -> Column | None:
        """Return the other year's column for these units; units that it does not have are lost."""
        if column is None:
            return None
        self.borrowed.add(code)
        self.lost |= self.lacking
        states = np.where(self.lacking, CellState.MISSING, _states(column)[self.there]).astype(np.uint8)
        values = np.where(states == 0, column.values[self.there], np.nan)
        return Column(values, states if states.any() else None)

    def _evidence(self) -> Iterable[tuple[str, Mask]]:
        """Yield which units showed the evidence for each row that asks for it."""
        for row in self.way.to.scheme.rows():
            if row.evidence is None:
                continue
            source = self.way.rows.get(row.code)
            was = None if source is None else self.way.one.scheme.row(source)
            if was is not None and was.code in self.own.evidence:
                yield row.code, self.own.evidence[was.code]
            elif (was is None or was.evidence is None) and row.code in self.other.evidence:
                self.borrowed.add(f"{row.code}.evidence")
                self.lost |= self.lacking
                yield row.code, np.where(self.lacking, True, self.other.evidence[row.code][self.there])
            else:
                yield row.code, np.ones(self.size, np.bool_)

    def _pool(self) -> tuple[str, ...] | None:
        """Return each unit's pool: its own where the other scheme knows it, else the one of the other year."""
        pools = self.way.to.scheme.pools
        if pools is None:
            return None
        known = {one.code for one in pools.pools}
        found: list[str] = []
        for at in range(self.size):
            own = self.own.pool[at] if self.own.pool is not None else None
            if own is None or (known and own not in known):
                self.lost[at] |= self.lacking[at]
                own = "" if self.lacking[at] or self.other.pool is None else self.other.pool[self.there[at]]
            found.append(own)
        return tuple(found)


_UNREADABLE = 9
"""The state of a cell whose choice the other scheme does not have, until it is taken from the other year."""


def _states(column: Column) -> Array:
    return np.zeros(len(column), np.uint8) if column.states is None else column.states


def _alike(one: Input, other: Input) -> bool:
    """Whether figures of one input can stand in the column of the other."""
    kinds = one.kind is other.kind or (one.kind in _NUMBERS and other.kind in _NUMBERS)
    return kinds and (not one.unit or not other.unit or fold(one.unit) == fold(other.unit))


def _assessed(plan: Plan, code: str) -> Row | None:
    """Return the row whose points the input holds."""
    rows = (row for row in plan.scheme.indicators if row.measure.name == "assessed" and code in row.inputs)
    return next(rows, None)


def _recoded(was: Input, one: Input, column: Column) -> Column:
    """Return choices by their place in the other list of cases: the case of the same words, else of the same code."""
    words = {fold(case.name): at for at, case in enumerate(one.cases)}
    codes = {fold(case.code): at for at, case in enumerate(one.cases)}
    places = [words.get(fold(case.name), codes.get(fold(case.code), -1)) for case in was.cases]
    states = _states(column)
    chosen = np.where(states == 0, column.values, 0).astype(np.intp)
    found = np.array(places, np.intp)[chosen]
    states = np.where((states == 0) & (found < 0), _UNREADABLE, states).astype(np.uint8)
    return Column(np.where(states == 0, found, np.nan), states if states.any() else None)


def _share(value: float, was: Fraction, now: Fraction) -> float:
    exact = Fraction(repr(value)) * now / was
    return float(Fraction(math.floor(exact * 10**_DECIMALS), 10**_DECIMALS))
