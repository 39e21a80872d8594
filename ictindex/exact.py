"""The scores of a run, settled: floats where they are sure enough, exact numbers for the units where they are not.

Every question asked here (which key, at least so many points, who is above whom) is answered as exact arithmetic on the
typed decimals would answer it. The floats say which units that question leaves open, and only those are run again.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from ictindex.bounds import grains
from ictindex.exactfits import exact_fits, typed_fits
from ictindex.filling import fill
from ictindex.layout import Keep
from ictindex.matrix import Flag, Matrix
from ictindex.merging import Merge, averaged
from ictindex.model import Row
from ictindex.ordering import ascending
from ictindex.plan import Plan
from ictindex.publication import POINTS, Keys, exact_key, float_keys, on_boundary
from ictindex.strategies.base import DECIMAL, Array, Fit, Mask, to_decimal
from ictindex.table import Table

Positions = npt.NDArray[np.intp]


@frozen
class Trace:
    """One unit's exact numbers, by row of the matrix.

    `points` has every row. `numbers` has the measured numbers before a scale, and `converted` the points that were left
    out where a row was brought back to the whole maximum; both only the rows that have them.
    """

    points: Array
    numbers: Mapping[int, Any]
    converted: Mapping[int, Any]


class Filled(Protocol):
    """A run of a plan over a table, as often as it is wanted."""

    def __call__(self, *, keep: Keep) -> Matrix:
        """Return the matrix with at least the rows to keep."""


class Settled:
    """The matrix of a run with every open question settled on demand; `matrix` has the floats, exact ones put in.

    `filled` runs the plan over the table and returns the matrix with the rows to keep. `matrix` has at least the rows
    that were to be kept, and the flags of all; `row` returns the points of any row, and fills the whole matrix for one
    that was not kept. `merge` says which rows of the table make up each unit, None where each row is a unit.
    """

    def __init__(
        self,
        plan: Plan,
        table: Table,
        filled: Filled,
        merge: Merge | None = None,
        exact_fits: Mapping[int, Fit] | None = None,
        keep: Keep = "all",
    ) -> None:
        self.plan, self.table, self.merge = plan, table, merge
        self._filled, self._given_fits = filled, exact_fits
        # The means of several rows are made of every row at once.
        self._raw = filled(keep=keep if merge is None else "all")
        self.matrix = self._raw if merge is None else averaged(self._raw, merge)
        self._exact: dict[int, Trace] = {}
        self._keys: dict[int, Keys] = {}
        self._point_keys: dict[int, Keys] = {}
        self._jumped = self._beside_jumps()
        self.matrix = self._put_in(self.matrix)

    @property
    def size(self) -> int:
        """How many units there are."""
        return self.matrix.size

    @cached_property
    def whole(self) -> Matrix:
        """The matrix with every row; it is filled again where the run kept less."""
        return self.matrix if self.matrix.kept is None else self._put_in(self._filled(keep="all"))

    def row(self, place: int) -> Array:
        """Return the points of every unit at a row of the scheme."""
        return (self.matrix if self.matrix.keeps(place) else self.whole).row(place)

    @property
    def settled(self) -> int:
        """For how many units exact numbers were needed."""
        return len(self._exact)

    def keys(self, place: int) -> Keys:
        """Return the published key of every unit at that row of the matrix (0 where the row has no maximum)."""
        if place not in self._keys:
            self._keys[place] = self._settled_keys(place, self.plan.nodes[place].row)
        return self._keys[place]

    def point_keys(self, place: int) -> Keys:
        """Return every unit's points at that row in whole numbers of the last digit that is ever shown of points."""
        if place not in self._point_keys:
            row = evolve(self.plan.nodes[place].row, publish=POINTS)
            self._point_keys[place] = self._settled_keys(place, row)
        return self._point_keys[place]

    def _settled_keys(self, place: int, row: Row) -> Keys:
        if not row.max:
            return np.zeros(self.size, np.int64)
        keys, doubt, slack = float_keys(self.row(place), row, self.matrix.errors[place])
        if doubt.any() and self.merge is None and on_boundary(slack, self._grains[place], row):
            doubt[:] = False
        for unit in np.flatnonzero(self._open(place, doubt)):
            keys[unit] = exact_key(self.column(int(unit))[place], row)
        return keys

    def reaches(self, place: int, bound: Fraction, *, strict: bool = False) -> Mask:
        """Return the units with at least so many points at that row, or with more than that where `strict`."""
        points, level = self.row(place), float(bound)
        near = self.matrix.errors[place] + 2.0**-52 * abs(level)
        if self._coarse(place, near * bound.denominator):  # so near is equal
            return np.asarray(points > level + near if strict else points >= level - near)
        reached = np.asarray(points > level if strict else points >= level)
        for unit in np.flatnonzero(self._open(place, np.abs(points - level) <= near)):
            exact = self.column(int(unit))[place]
            reached[unit] = more_than(exact, bound) if strict else at_least(exact, bound)
        return reached

    def order(self, place: int) -> Keys:
        """Return whole numbers that order the units by exact points at that row: equal where the points are equal."""
        points = self.row(place)
        numbers, crowded, gap = clusters(points, self.matrix.errors[place])
        if not crowded.any() or self._coarse(place, gap):  # so near is equal
            return numbers
        units = np.flatnonzero(self._open(place, crowded)).tolist()
        return spread(numbers, {unit: self.column(unit)[place] for unit in units})

    def _coarse(self, place: int, width: float) -> bool:
        """Whether all points at a row are multiples of something much wider than `width`."""
        grain = self.grain(place)
        return grain is not None and 4 * width * grain < 1

    def grain(self, place: int) -> int | None:
        """Return n where all points at a row are multiples of 1/n, None where that is not known."""
        return self._grains[place] if self.merge is None else None

    def column(self, unit: int) -> Array:
        """Return one unit's exact points, a number per row of the matrix."""
        return self.trace(unit).points

    def trace(self, unit: int) -> Trace:
        """Return one unit's exact numbers; a unit made of several rows has points only."""
        if unit not in self._exact:
            self._run(np.array([unit], np.intp))
        return self._exact[unit]

    def settle(self, units: Positions) -> None:
        """Compute the exact numbers of these units together, those that are not known yet."""
        new = [unit for unit in units.tolist() if unit not in self._exact]
        if new:
            self._run(np.array(new, np.intp))

    def exact_fits(self) -> Mapping[int, Fit]:
        """Return what the pools teach, in exact numbers."""
        if self._given_fits is not None or not self._raw.fits:
            return self._given_fits or {}
        # Units beside jumps may have been put in doubt by who filled the matrix.
        doubtful, typed = bool(self._raw.doubt.any()), typed_fits(self.plan, self.table, self._raw)
        if not doubtful and typed.keys() == self._raw.fits.keys():
            self._given_fits = typed
        else:
            floats = fill(self.plan, self.table, ends=True, keep="totals")
            self._given_fits = exact_fits(self.plan, self.table, floats, everyone=doubtful)
        return self._given_fits

    def _beside_jumps(self) -> Positions:
        """Return the units that lie too near a jump; all of them where others' points depend on theirs."""
        doubt = self._raw.doubt
        if not doubt.any():
            return np.zeros(0, np.intp)
        if self.plan.relative:
            return np.arange(self.size)
        return np.flatnonzero(doubt if self.merge is None else self.merge.any(doubt))

    def _put_in(self, matrix: Matrix) -> Matrix:
        """Return the matrix with the exact points of the units beside jumps in place of their floats."""
        if not len(self._jumped):
            return matrix
        self.settle(self._jumped)
        rows, flags = matrix.rows.copy(), list(matrix.flags)
        top = flags[0] = np.zeros(self.size, np.uint16) if flags[0] is None else flags[0].copy()
        places = slice(None) if matrix.kept is None else list(matrix.kept)
        for unit in self._jumped.tolist():
            rows[:, unit] = [float(one) for one in self._exact[unit].points[places]]
        top[self._jumped] |= np.uint16(Flag.EXACT)
        return evolve(matrix, rows=rows, flags=tuple(flags))

    def _open(self, place: int, doubt: Mask) -> Mask:
        """Return the units in doubt that have a score here; those are run together."""
        found: Mask = doubt & self.matrix.scored(place)
        new = [unit for unit in np.flatnonzero(found).tolist() if unit not in self._exact]
        if new:
            self._run(np.array(new, np.intp))
        return found

    def _run(self, units: Positions) -> None:
        rows = units if self.merge is None else self.merge.rows(units)
        exact = self._fill(rows)
        place_of = {int(row): column for column, row in enumerate(rows)}
        for unit in units.tolist():
            if self.merge is None:
                at = place_of[unit]
                numbers, converted = (
                    {place: row[at] for place, row in kept.items()} for kept in (exact.numbers, exact.converted)
                )
                self._exact[unit] = Trace(exact.points[:, at], numbers, converted)
            else:
                parts = exact.points[:, [place_of[int(row)] for row in self.merge.rows(np.array([unit]))]]
                with self.plan.arithmetic.context():
                    self._exact[unit] = Trace(parts.sum(axis=1) / parts.shape[1], {}, {})

    def _fill(self, rows: Positions) -> Matrix:
        return fill(self.plan, self.table, self.plan.arithmetic, units=rows, fits=self.exact_fits())

    @cached_property
    def _grains(self) -> tuple[int | None, ...]:
        return grains(self.plan, self.table, self._raw.stretch)


def clusters(points: Array, error: float) -> tuple[Keys, Mask, float]:
    """Return whole numbers that order float points, equal where they are too near to tell; who is so near; how near.

    `error` bounds the error of the floats.
    """
    order = ascending(points)
    gap = 2 * error + 2.0**-51 * float(np.max(np.abs(points), initial=0.0))
    apart = np.diff(points[order]) > gap
    numbers = np.zeros(len(points), np.int64)
    numbers[order[1:]] = np.cumsum(apart)
    crowded = np.zeros(len(points), np.bool_) if apart.all() else np.bincount(numbers, minlength=1)[numbers] > 1
    return numbers, crowded, gap


def spread(numbers: Keys, exact: Mapping[int, Any]) -> Keys:
    """Return the numbers of `clusters` with the units that floats cannot tell apart in the order of exact points."""
    numbers = numbers * (len(numbers) + 1)  # room to spread them
    cluster, last, rank = -1, None, 0
    for unit in sorted(exact, key=lambda one: (numbers[one], exact[one])):
        if numbers[unit] != cluster:
            cluster, rank = int(numbers[unit]), 0
        elif not equal_points(exact[unit], last):
            rank += 1
        last = exact[unit]
        numbers[unit] += rank
    return numbers


def as_fraction(points: Any) -> Fraction:
    """Return exact points as a fraction; what stands for a root is rounded to where such numbers count as equal."""
    if isinstance(points, Decimal):
        with DECIMAL.context():
            return Fraction(points.quantize(DECIMAL.tolerance))
    return Fraction(points)


def at_least(points: Any, bound: Fraction) -> bool:
    """Whether exact points are at least so many."""
    if isinstance(points, Fraction):
        return points >= bound
    with DECIMAL.context():
        return bool(points >= to_decimal(bound) - DECIMAL.tolerance)


def more_than(points: Any, bound: Fraction) -> bool:
    """Whether exact points are more than so many."""
    if isinstance(points, Fraction):
        return points > bound
    with DECIMAL.context():
        return bool(points > to_decimal(bound) + DECIMAL.tolerance)


def equal_points(one: Any, other: Any) -> bool:
    """Whether two exact numbers of points are the same."""
    if isinstance(one, Fraction):
        return bool(one == other)
    with DECIMAL.context():
        return bool(abs(one - other) <= DECIMAL.tolerance)
