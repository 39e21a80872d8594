"""The figures of new units out of those of their parts, one column after the other.

Every loss is told: T107 (a warning) a figure that cannot be carried, with the cell that keeps it from being; T109 (a
warning) numbers that were rounded: means whose decimals do not end, counts that do not divide evenly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property

import numpy as np
from attrs import field, frozen

from ictindex.cells import number_text, shown
from ictindex.errors import Problem, Severity
from ictindex.merging import Joining, added, differing, joined_states, joining
from ictindex.messages import either, joined, say
from ictindex.model import Input, InputKind, Scheme
from ictindex.regrouping.dividing import divided_sums
from ictindex.regrouping.parts import Parts
from ictindex.strategies.base import Array
from ictindex.table import CellState, Column, Table
from ictindex.typed import typed_cells

MEAN_DECIMALS = 6
"""A mean whose decimals do not end is rounded, half up, to so many."""

LISTED = 6
"""So many parts of a unit are named."""

_ANSWERS = {"yes": either("yes", "có"), "no": either("no", "không")}


@frozen
class Carrying:
    """One table on its way into new units; `report` gathers what is lost.

    `whole_counts`: the counts of a split unit are divided into whole numbers.
    """

    table: Table
    scheme: Scheme
    parts: Parts
    whole_counts: bool = False
    report: list[Problem] = field(factory=list)
    _inputs: Mapping[str, Input] = field(init=False)
    _how: Mapping[str, Joining] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_inputs", {one.code: one for one in self.scheme.inputs})
        object.__setattr__(self, "_how", joining(self.scheme))

    def columns(self, columns: Mapping[str, Column]) -> dict[str, Column]:
        """Return every column of the new units."""
        made: dict[str, Column] = {}
        for code, column in columns.items():
            how = self._how.get(code, "agree")
            weight = columns.get(self._inputs[code].weighted_by) if how == "average" else None
            taken = _taken(column, self.parts)
            if how == "average" and weight is None:
                how = "agree"
            work = _OneColumn(self, code, taken, self._inputs.get(code))
            if how == "add":
                made[code] = work.summed()
            elif weight is not None:
                made[code] = work.averaged(_taken(weight, self.parts))
            else:
                made[code] = work.agreed()
        return _without_doubtful_points(made)


def _taken(column: Column, parts: Parts) -> Column:
    """Return a column with a cell for each part."""
    return Column(column.values[parts.rows], None if column.states is None else column.states[parts.rows])


def _without_doubtful_points(columns: dict[str, Column]) -> dict[str, Column]:
    """Return the columns; where points left out are lost (NaN), the given score is missing too."""
    made = dict(columns)
    for code, column in columns.items():
        if code.endswith(".excluded"):
            lost = np.isnan(column.values)
            made[code] = Column(np.nan_to_num(column.values))
            row = code.removesuffix(".excluded")
            for score in (f"{row}.score", row):
                if score in columns and lost.any():
                    made[score] = _emptied(columns[score], lost)
    return made


def _emptied(column: Column, lost: Array) -> Column:
    states = np.zeros(len(column), np.uint8) if column.states is None else column.states.copy()
    states[lost] = CellState.MISSING
    return Column(np.where(lost, np.nan, column.values), states)


@frozen
class _OneColumn:
    """One column, with a cell for each part."""

    work: Carrying
    code: str
    taken: Column
    given: Input | None

    @cached_property
    def _states(self) -> Array:
        """The state of each part's cell."""
        return np.zeros(len(self.taken), np.uint8) if self.taken.states is None else self.taken.states

    @cached_property
    def _typed(self) -> list[str]:
        """The cells of the parts as they would be typed."""
        return typed_cells(self.taken, self.given)

    @cached_property
    def _members(self) -> list[list[int]]:
        """The parts of each new unit."""
        found: list[list[int]] = [[] for _ in range(self.work.parts.merge.size)]
        for part, unit in enumerate(self.work.parts.merge.members.tolist()):
            found[unit].append(part)
        return found

    def summed(self) -> Column:
        """Return the exact sums, each part by its share."""
        if self.work.whole_counts and self.given and self.given.kind is InputKind.COUNT:
            sums, uneven = divided_sums(self.taken.values.tolist(), self.work.parts)
            if uneven:
                self._divided(uneven)
        else:
            sums = added(self.taken, self.work.parts.merge, self.work.parts.shares)
        return self._made(lambda unit: sums[unit])

    def averaged(self, weights: Column) -> Column:
        """Return the means by weight and share; parts that agree need no weight."""
        parts, merge = self.work.parts, self.work.parts.merge
        whole = added(weights, merge, parts.shares)
        weighed = [Fraction(0)] * merge.size
        values, by = self.taken.values.tolist(), weights.values.tolist()
        for part, unit in enumerate(merge.members.tolist()):
            if values[part] == values[part] and by[part] == by[part]:
                share = parts.shares[part] * Fraction(repr(by[part]))
                weighed[unit] += share * Fraction(repr(values[part]))
        unequal = merge.any(differing(self.taken, merge))
        unweighed = joined_states(weights, merge)
        rounded: list[int] = []

        def mean(unit: int) -> Fraction | None:
            first = self._members[unit][0]
            if not unequal[unit]:
                return Fraction(repr(values[first]))
            weight = self.given.weighted_by if self.given else ""
            if unweighed[unit] or whole[unit] == 0:
                self._lost(
                    unit, first, say("its parts differ, and their weight '{weight}' is not there", weight=weight)
                )
                return None
            exact = weighed[unit] / whole[unit]
            kept = _to_decimals(exact)
            if kept != exact:
                rounded.append(unit)
            return kept

        made = self._made(mean)
        if rounded:
            self._rounded(rounded)
        return made

    def agreed(self) -> Column:
        """Return what all parts of a unit have in common; where they differ, nothing."""
        merge = self.work.parts.merge
        odd = differing(self.taken, merge)
        unequal = merge.any(odd)
        values, states = self.taken.values[merge.first].copy(), self._states[merge.first].copy()
        for unit in np.flatnonzero(unequal).tolist():
            part = next(part for part in self._members[unit] if odd[part])
            self._lost(unit, part, say("its parts differ: {parts}", parts=self._each(unit)), self._advice())
        for unit in (*np.flatnonzero(unequal).tolist(), *self.work.parts.lacking):
            values[unit], states[unit] = np.nan, CellState.MISSING
        return self._column(values, states)

    def _made(self, value: Callable[[int], Fraction | None]) -> Column:
        """Return the column of exact values, empty where a part has none or where the value cannot stand in a table."""
        merge = self.work.parts.merge
        states = joined_states(self.taken, merge)
        values = np.full(merge.size, np.nan)
        for unit in range(merge.size):
            if unit in self.work.parts.lacking:
                states[unit] = CellState.MISSING
            elif states[unit]:
                self._partly(unit)
            else:
                values[unit] = self._kept(unit, value(unit))
                if np.isnan(values[unit]):
                    states[unit] = CellState.MISSING
        return self._column(values, states)

    def _partly(self, unit: int) -> None:
        """Tell of a unit some of whose parts have a figure, and others none."""
        without = [part for part in self._members[unit] if self._states[part]]
        if len(without) < len(self._members[unit]):
            part = without[0]
            missing = self._states[part] == CellState.MISSING
            why = say("{part} has no figure", part=shown(self._old(part)))
            if not missing:
                why = say("it does not apply to {part}", part=shown(self._old(part)))
            self._lost(unit, part, why, say("report it, or make the sum by hand"))

    def _kept(self, unit: int, exact: Fraction | None) -> float:
        """Return a value as a table holds it; NaN, with its reason told, where it cannot be held."""
        if exact is None:
            return np.nan
        first, text = self._members[unit][0], number_text(exact)
        nearest = float(exact)
        if self.given and self.given.kind is InputKind.COUNT and exact.denominator != 1:
            hint = say("decide to whom the rest belongs, or let counts be divided into whole numbers (--whole-counts)")
            self._lost(unit, first, say("its share is {number}, no whole number", number=text), hint)
        elif Fraction(repr(nearest)) != exact:
            hint = say("round it by hand")
            self._lost(unit, first, say("{number} has more digits than can be kept exactly", number=text), hint)
        elif self.given and self._outside(exact, self.given):
            hint = say("is it a sum at all? say `additive: false` in the scheme where it is none")
            self._lost(unit, first, say("{number} is outside its bounds", number=text), hint)
        else:
            return nearest
        return np.nan

    def _outside(self, exact: Fraction, given: Input) -> bool:
        above = given.high is not None and exact > given.high
        return above or (given.low is not None and exact < given.low)

    def _each(self, unit: int) -> str:
        """Return what each part of a unit has, the first few."""
        told = [joined((self._old(part), self._answer(part)), by=" ") for part in self._members[unit][:LISTED]]
        return joined((*told, *(("…",) if len(self._members[unit]) > LISTED else ())), by=", ")

    def _answer(self, part: int) -> str:
        """Return what stands in the cell of a part, yes and no in the language of the reader."""
        typed = self._typed[part] or "–"
        return _ANSWERS.get(typed, typed) if self.given and self.given.kind is InputKind.YES_NO else typed

    def _advice(self) -> str:
        if self.given is None:
            return say("score the new unit from its inputs, or write its points")
        if self.given.kind is InputKind.AMOUNT and self.given.additive is None:
            return say(
                "where it can be added, declare it under `inputs` with `additive: true`; an intensity has "
                "`additive: false` and `weighted-by`"
            )
        return say("write what holds for the new unit")

    def _lost(self, unit: int, part: int, why: str, hint: str = "") -> None:
        new = self.work.parts.units[unit]
        message = say("'{code}' of {unit} cannot be carried: {reason}", code=self.code, unit=shown(new), reason=why)
        where = self.work.table.origin.at(int(self.work.parts.rows[part]), self.code)
        self.work.report.append(Problem("T107", message, where, hint, Severity.WARNING))

    def _divided(self, rows: list[int]) -> None:
        told = ", ".join(self.work.table.units[row] for row in rows[:LISTED])
        message = say(
            "'{code}' of {count} split units does not divide evenly; the rest went to the largest remainders: {units}",
            code=self.code,
            count=len(rows),
            units=told,
        )
        where = self.work.table.origin.at(rows[0], self.code)
        self.work.report.append(Problem("T109", message, where, say("check these numbers"), Severity.WARNING))

    def _rounded(self, units: list[int]) -> None:
        told = ", ".join(self.work.parts.units[unit] for unit in units[:LISTED])
        message = say(
            "{count} means of '{code}' have decimals that do not end and were rounded to {decimals}: {units}",
            count=len(units),
            code=self.code,
            decimals=MEAN_DECIMALS,
            units=told,
        )
        where = self.work.table.origin.at(None, self.code)
        self.work.report.append(Problem("T109", message, where, say("half up"), Severity.WARNING))

    def _old(self, part: int) -> str:
        return self.work.table.units[int(self.work.parts.rows[part])]

    def _column(self, values: Array, states: Array) -> Column:
        return Column(values, states if states.any() else None)


def _to_decimals(exact: Fraction) -> Fraction:
    """Return a mean as it stands where its decimals end soon enough, else rounded half up."""
    if len(number_text(exact)) <= 15 and "/" not in number_text(exact):
        return exact
    scale = 10**MEAN_DECIMALS
    return Fraction((exact * scale * 2 + 1) // 2, scale)
