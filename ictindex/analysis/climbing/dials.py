"""Figures turned until a measured number is where it shall be: the smallest change of the cells that gets there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import evolve, frozen

from ictindex.analysis.climbing.criterion import Criterion
from ictindex.model import InputKind, Quantity
from ictindex.strategies.measures import Assessed, Count, Ratio, Value

ZERO, ONE = Fraction(0), Fraction(1)
FIGURES = (Value, Count, Assessed, Ratio)
"""The measures of which a figure can be turned."""
_FINE = 10**4
"""A figure of up to four decimals that a rule names is taken as it is, also where the column has fewer."""


@frozen(kw_only=True)
class Knob:
    """One cell that can be turned: a change of 1 changes the measured number by `slope`.

    `low` and `high` bound it, `grid` is the smallest change; `free` allows other figures of few decimals as well. A
    change of 1 takes `weight` of the room that the parts of a whole share.
    """

    code: str
    slope: Fraction
    now: Fraction
    low: Fraction | None
    high: Fraction | None
    grid: Fraction
    free: bool
    weight: Fraction = ONE

    def turned(self, need: Fraction, way: int, *, strict: bool) -> Fraction:
        """Return the nearest figure that adds `need` to the number, or more in the way (+1, -1) that it shall go.

        `strict`: more than just that. Where the bounds forbid it, the last one that they allow.
        """
        exact, side = self.now + need / self.slope, way if self.slope > 0 else -way
        value = self._held(exact, side)
        if strict and value == exact:
            value += side * self.grid
        if self.low is not None and value < self.low:
            value = self._held(self.low, 1)
        if self.high is not None and value > self.high:
            value = self._held(self.high, -1)
        return value

    def _held(self, number: Fraction, side: int) -> Fraction:
        """Return the nearest figure on one side of a number that a cell may hold."""
        few = self.free and _FINE % number.denominator == 0
        return number if few else _rounded(number / self.grid, side) * self.grid


@frozen
class Dial:
    """The cells by which a measured number can be moved, the one that does most first, and the number as it stands.

    A missing cell stands at 0, or at the bound that is nearest to it. Where the cells are parts of one whole, `room` is
    what they leave of it: together they are raised by no more.
    """

    knobs: tuple[Knob, ...]
    number: Fraction
    room: Fraction | None = None

    def turned(self, target: Fraction, way: int, *, strict: bool = False) -> dict[str, Fraction]:
        """Return the cells that bring the number to a target or, in the way that it shall go, just beyond."""
        changed: dict[str, Fraction] = {}
        need, room = target - self.number, self.room
        for knob in self.knobs:
            value = knob.turned(need, way, strict=strict)
            if room is not None and value > knob.now:
                most = _rounded(room / knob.weight / knob.grid, -1) * knob.grid
                value = min(value, knob.now + most)
                room -= (value - knob.now) * knob.weight
            if value != knob.now:
                changed[knob.code] = value
                need -= (value - knob.now) * knob.slope
            if need * way < 0 or (not need and not strict):
                break
        return changed

    def less(self, changed: Mapping[str, Fraction], way: int) -> dict[str, Fraction]:
        """Return the changed cells with the last one a step back."""
        knob = next(one for one in self.knobs[::-1] if one.code in changed)
        back = changed[knob.code] - (way if knob.slope > 0 else -way) * knob.grid
        rest = {code: value for code, value in changed.items() if code != knob.code}
        return rest if back == knob.now else {**rest, knob.code: back}

    def fits(self, changed: Mapping[str, Fraction]) -> bool:
        """Whether the parts of a whole are within it with these cells changed."""
        moved = (changed.get(knob.code, knob.now) - knob.now for knob in self.knobs)
        taken = sum((by * knob.weight for by, knob in zip(moved, self.knobs, strict=True)), ZERO)
        return self.room is None or taken <= self.room

    def after(self, changed: Mapping[str, Fraction]) -> Fraction:
        """Return the number with these cells changed."""
        moved = (changed.get(knob.code, knob.now) - knob.now for knob in self.knobs)
        return self.number + sum((by * knob.slope for by, knob in zip(moved, self.knobs, strict=True)), ZERO)


def dial_of(criterion: Criterion) -> Dial | None:
    """Return the dial of an indicator that measures a figure or a ratio; None where none of its cells can be moved."""
    measure = criterion.leaf.measure
    if isinstance(measure, Ratio):
        return _ratio(criterion, measure)
    factor = measure.factor if isinstance(measure, Assessed) else ONE
    (code,) = measure.inputs
    if code in criterion.fixed:
        return None
    knob = _knob(criterion, code, factor, criterion.decimals((code,)), free=True)
    return Dial((knob,), knob.now * factor)


def _ratio(criterion: Criterion, measure: Ratio) -> Dial | None:
    """Return the dial of a ratio: only what stands above the line is moved."""
    below = value_of(measure.b, criterion.cells)
    slopes: dict[str, Fraction] = {}
    for code, factor in measure.a.terms:
        slopes[code] = slopes.get(code, ZERO) + factor * measure.per / below
    decimals = criterion.decimals(measure.inputs)
    knobs = {code: _knob(criterion, code, slope or ONE, decimals, free=False) for code, slope in slopes.items()}
    above = value_of(measure.a, {code: knob.now for code, knob in knobs.items()})
    movable = [knob for code, knob in knobs.items() if slopes[code] and code not in criterion.fixed]
    if not movable:
        return None
    number = above * measure.per / below
    weights = criterion.weights
    if weights is None:
        return Dial(_strongest_first(movable), number)
    parts = [evolve(knob, weight=weights[knob.code]) for knob in movable]
    taken = sum((weights[code] * knob.now for code, knob in knobs.items()), ZERO)
    return Dial(_strongest_first(parts), number, max(below - taken, ZERO))


def _strongest_first(knobs: Sequence[Knob]) -> tuple[Knob, ...]:
    return tuple(sorted(knobs, key=lambda knob: -abs(knob.slope)))


def _knob(criterion: Criterion, code: str, slope: Fraction, decimals: int, *, free: bool) -> Knob:
    rule, now = criterion.rule(code), criterion.cells[code]
    whole = rule.kind is InputKind.COUNT
    grid = ONE if whole else Fraction(1, 10**decimals)
    knob = Knob(code=code, slope=slope, now=ZERO, low=rule.low, high=rule.high, grid=grid, free=free and not whole)
    knob = evolve(knob, now=knob.turned(ZERO, 1, strict=False) if now is None else now)
    if criterion.cap is None:
        return knob
    cap = max(criterion.cap, knob.now)  # what is above it already is not lowered for its sake
    return evolve(knob, high=cap if knob.high is None else min(cap, knob.high))


def value_of(quantity: Quantity, cells: Mapping[str, Fraction | None]) -> Fraction:
    """Return what a sum of inputs comes to, a missing one counted as 0."""
    return sum((factor * (cells[code] or ZERO) for code, factor in quantity.terms), quantity.constant)


def finer_grid(criterion: Criterion, knob: Knob) -> Fraction:
    """Return the smallest change that is worth trying: of assessed points also the last digit that is published."""
    if not isinstance(criterion.leaf.measure, Assessed):
        return knob.grid
    published = Fraction(1, 10**criterion.leaf.row.publish.decimals)
    known = criterion.table.columns.get(knob.code)
    return published if known is None or known.decimals is None else min(published, knob.grid)


def _rounded(number: Fraction, side: int) -> int:
    return math.ceil(number) if side > 0 else math.floor(number)


def missing_below(criterion: Criterion) -> Sequence[str]:
    """Return the inputs below the line of a ratio that are not reported."""
    measure = criterion.leaf.measure
    return [code for code in criterion.missing if isinstance(measure, Ratio) and code in measure.b.inputs]
