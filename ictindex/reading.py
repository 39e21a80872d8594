"""What a run reads of a table: the columns of each leaf in the run's arithmetic, and where there is nothing to read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from attrs import frozen

from ictindex.model import InputKind
from ictindex.plan import Leaf, Plan, points_per_unit
from ictindex.strategies.base import Arithmetic, Array, Mask
from ictindex.table import Column, Table

Positions = npt.NDArray[np.intp]


@frozen
class Cells:
    """The cells of one leaf: its inputs' values with 0 where there is none, and the units that lack one.

    `missing` and `not_applicable` are None where no unit lacks one; missing wins where both occur.
    """

    values: tuple[Array, ...]
    missing: Mask | None
    not_applicable: Mask | None

    @property
    def absent(self) -> Mask | None:
        """The units that cannot be measured."""
        if self.missing is None or self.not_applicable is None:
            return self.not_applicable if self.missing is None else self.missing
        return self.missing | self.not_applicable


@frozen
class Given:
    """The scores given at one row: who has one, the points, and the points left out as not applicable."""

    mask: Mask
    points: Array
    decimals: int | None


@frozen
class Reader:
    """A table seen through one arithmetic, for all units or for some (`units`, their positions)."""

    plan: Plan
    table: Table
    maths: Arithmetic
    units: Positions | None = None

    @property
    def size(self) -> int:
        """How many units are read."""
        return len(self.table.units) if self.units is None else len(self.units)

    def cells(self, leaf: Leaf, *, bare: bool = False) -> Cells:
        """Return the cells that the leaf's measure reads. A column that the table lacks is missing everywhere.

        `bare` cells are NaN where nothing is reported, and never copied; so only floats of all units can be.
        """
        values: list[Array] = []
        missing: Mask | None = None
        not_applicable: Mask | None = None
        for code in leaf.inputs:
            column = self.table.columns.get(code)
            if column is None:
                nothing = math.nan if bare else self.maths.number(Fraction(0))
                values.append(np.full(self.size, nothing, self.maths.dtype))
                missing = np.ones(self.size, np.bool_)
                continue
            values.append(column.values if bare else self._numbers(column))
            if column.states is not None:
                missing = either(missing, self._some(column.missing))
                not_applicable = either(not_applicable, self._some(column.not_applicable))
        if missing is not None and not_applicable is not None:
            not_applicable = _some(not_applicable & ~missing)
        return Cells(tuple(values), missing, not_applicable)

    def whole(self, leaf: Leaf) -> list[Array] | None:
        """Return the cells that the leaf's measure reads, as floats, where every one of them is reported."""
        if self.maths.exact or self.units is not None:
            return None
        values = []
        for code in leaf.inputs:
            column = self.table.columns.get(code)
            if column is None or column.states is not None:
                return None
            values.append(column.values)
        return values

    @property
    def plain(self) -> bool:
        """Whether the table has no column of given scores or of points left out."""
        return not any(code.endswith((".score", ".excluded")) for code in self.table.columns)

    def given(self, place: int) -> Given | None:
        """Return the scores given at that row, in points; None where there are none."""
        row = self.plan.nodes[place].row
        column = self.table.columns.get(f"{row.code}.score")
        if column is None:
            return None
        mask = np.ones(self.size, np.bool_) if column.states is None else self._pick(column.states) == 0
        factor = points_per_unit(row)
        points = self._numbers(column)
        return Given(mask, points if factor == 1 else points * self.maths.number(factor), column.decimals)

    def excluded(self, place: int) -> Array | None:
        """Return the points reported as left out at that row, 0 where none; None where there is no such column."""
        column = self.table.columns.get(f"{self.plan.nodes[place].row.code}.excluded")
        return None if column is None else self._numbers(column)

    def unshown(self, leaf: Leaf) -> Mask | None:
        """Return the units that did not show the evidence which the row asks for; None where all did."""
        shown = self.table.evidence.get(leaf.row.code)
        if leaf.row.evidence is None or shown is None:
            return None
        return _some(~self._pick(shown))

    def pools(self) -> tuple[npt.NDArray[np.intp] | None, tuple[str, ...]]:
        """Return the position of each unit's pool and the pools' names, sorted; None and one name where all are one."""
        if self.table.pool is None:
            return None, ("",)
        names, positions = np.unique(np.array(self.table.pool, object), return_inverse=True)
        return self._pick(positions.astype(np.intp)), tuple(str(name) for name in names)

    def decimals(self, codes: Sequence[str]) -> list[int | None]:
        """Return how many decimals the cells of each input have, None where unknown."""
        whole = (InputKind.COUNT, InputKind.YES_NO, InputKind.CHOICE)
        found = []
        for code in codes:
            column = self.table.columns.get(code)
            typed = column is not None and self.plan.scheme.input(code).kind not in whole
            found.append(column.decimals if typed and column is not None else 0)
        return found

    def largest(self, codes: Sequence[str]) -> list[float]:
        """Return the largest absolute value in each input's column."""
        columns = (self.table.columns.get(code) for code in codes)
        return [0.0 if column is None else column.largest for column in columns]

    def _pick(self, values: Array) -> Array:
        return values if self.units is None else values[self.units]

    def _some(self, mask: Mask | None) -> Mask | None:
        return mask if mask is None or self.units is None else _some(mask[self.units])

    def _numbers(self, column: Column) -> Array:
        """Return the column in this arithmetic, 0 in place of what was not reported."""
        values = self._pick(column.values)
        if column.states is not None:
            values = np.where(self._pick(column.states) == 0, values, 0.0)
        if not self.maths.exact:
            return values
        typed = {value: self.maths.number(Fraction(repr(value))) for value in set(values.tolist())}
        return np.array([typed[value] for value in values.tolist()], object)


def _some(mask: Mask) -> Mask | None:
    return mask if np.count_nonzero(mask) else None


def either(one: Mask | None, other: Mask | None) -> Mask | None:
    """Return the units that one mask or the other names; None names nobody."""
    if one is None or other is None:
        return other if one is None else one
    return one | other
