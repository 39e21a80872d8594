"""What is published of one unit: keys and levels, by floats where they are sure enough, and else by exact numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from attrs import frozen

from ictindex.bounds import grains
from ictindex.matrix import Flag
from ictindex.plan import Leaf
from ictindex.publication import exact_key, float_key, on_boundary
from ictindex.result import Result
from ictindex.single.entries import Entry
from ictindex.single.filled import Filled, Line
from ictindex.single.rows import Grains, Printed, Rows
from ictindex.strategies.base import Work


class Settled(Protocol):
    """The answers to whatever a float may leave open, for one unit."""

    def key(self, place: int) -> int:
        """Return the published key at a row of the matrix (0 where the row has no maximum)."""

    def point_key(self, place: int) -> int:
        """Return the points at a row in whole numbers of the last digit that is ever shown of points."""

    def reaches(self, place: int, bound: Fraction, *, strict: bool = False) -> bool:
        """Whether there are at least so many points at a row, or more than that where `strict`."""


@frozen
class ByEngine:
    """The answers of the engine's result for the unit."""

    result: Result

    def key(self, place: int) -> int:
        """Return the published key at a row."""
        return int(self.result.settled.keys(place)[0])

    def point_key(self, place: int) -> int:
        """Return the points at a row in whole numbers of their last digit."""
        return int(self.result.settled.point_keys(place)[0])

    def reaches(self, place: int, bound: Fraction, *, strict: bool = False) -> bool:
        """Whether there are at least so many points at a row, or more."""
        return bool(self.result.settled.reaches(place, bound, strict=strict)[0])


class ByFloats:
    """The answers of floats with known errors; `ask` runs the engine, for what they leave open."""

    def __init__(self, line: Line, rows: Rows, entry: Entry, filled: Filled, ask: Callable[[], Result]) -> None:
        self._line, self._rows, self._entry, self._filled, self._ask = line, rows, entry, filled, ask

    @property
    def errors(self) -> Sequence[float]:
        """A bound on the error of each row's points."""
        return self._filled.errors

    def key(self, place: int) -> int:
        """Return the published key at a row."""
        key = self._key(place, self._rows.published[place])
        return self._engine.key(place) if key is None else key

    def point_key(self, place: int) -> int:
        """Return the points at a row in whole numbers of their last digit."""
        key = self._key(place, self._rows.as_points[place])
        return self._engine.point_key(place) if key is None else key

    def reaches(self, place: int, bound: Fraction, *, strict: bool = False) -> bool:
        """Whether there are at least so many points at a row, or more."""
        points, level = self._filled.points[place], float(bound)
        near = self._filled.errors[place] + 2.0**-52 * abs(level)
        if abs(points - level) > near:
            return points > level
        grain = self._grains[place]
        if grain is not None and 4 * (near * bound.denominator) * grain < 1:  # so near is equal
            return not strict
        return self._engine.reaches(place, bound, strict=strict)

    def _key(self, place: int, printed: Printed | None) -> int | None:
        """Return a row's key, None where the engine must be asked."""
        if printed is None:
            return 0
        error = self._filled.errors[place]
        key, doubted, slack = float_key(self._filled.points[place], printed.factor, printed.half, error)
        if not doubted or self._filled.flags.get(place, 0) & Flag.LEFT_OUT:
            return key or 0
        if key is not None and on_boundary(slack, self._grains[place], printed.row):
            return key
        exact = self._exact(place)
        return None if exact is None else exact_key(exact, printed.row)

    def _exact(self, place: int) -> Any | None:
        """Return the exact points of an indicator that was simply computed, by the kernels of an exact run."""
        leaf, maths = self._line.plan.nodes[place], self._line.plan.arithmetic
        if not isinstance(leaf, Leaf) or leaf.scale.fitting != "none" or self._filled.flags.get(place, 0) & ~Flag.CUT:
            return None
        kernels, work, out = self._line.plan.kernels(maths), Work.of(1, maths), np.full(1, None, object)
        values = [self._entry.values[self._line.cells.at[code]] for code in leaf.inputs]
        with maths.context(), np.errstate(all="ignore"):
            cells = [np.array([maths.number(Fraction(repr(value)))], object) for value in values]
            numbers, _ = kernels.measure(place)(cells, out, work)
            kernels.scale(place)(numbers, out, work, None, None)
        return out[0]

    @cached_property
    def _grains(self) -> Grains:
        """The grains of this unit's points; those of usual figures are known once for all units."""
        plain = self._filled.stretch is self._line.stretch
        if plain and self._line.cells.is_fine(self._entry):
            return self._rows.grains
        table = self._line.cells.table(self._entry, self._line.cells.codes)
        return grains(self._line.plan, table, self._filled.stretch)

    @cached_property
    def _engine(self) -> ByEngine:
        return ByEngine(self._ask())
