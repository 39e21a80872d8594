"""One indicator of one unit as it stands: its cells, what would be better, and the figures that it is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen

from ictindex.allowed import figure_rule
from ictindex.analysis.doubts.shares import share_weights
from ictindex.cells import CellRule
from ictindex.matrix import Flag
from ictindex.model import Input, InputKind
from ictindex.plan import Leaf
from ictindex.reading import Reader
from ictindex.result import Result
from ictindex.strategies.base import FLOAT, FRACTION, Arithmetic, Mask, Work
from ictindex.strategies.measures import Ratio
from ictindex.table import CellState, Table

MOST_DECIMALS = 6
"""A column whose decimals are not known is moved in steps of so many."""


@frozen(kw_only=True, slots=False)
class Criterion:
    """An indicator of a unit, before any move.

    `wants` is +1 where the total is better for more of its points, -1 where they are deducted. `fixed` are the inputs
    that something is divided by: none of them is moved. `cells` are its figures, None where one is missing. `fine` is
    how many moves of a figure that can take any value are wanted beside the usual ones. No figure is raised above the
    `cap`.
    """

    result: Result = field(repr=False)
    unit: int
    leaf: Leaf
    wants: int
    fixed: frozenset[str]
    cells: Mapping[str, Fraction | None]
    fine: int = 0
    cap: Fraction | None = None

    @property
    def table(self) -> Table:
        """The table of the result."""
        return self.result.table

    @property
    def evidence_column(self) -> str:
        """The column that says whether its evidence is shown."""
        return f"{self.leaf.row.code}.evidence"

    @property
    def better(self) -> int:
        """+1 where a greater measured number is better for the total, -1 where a smaller one is."""
        return self.leaf.scale.monotone * self.wants

    @property
    def missing(self) -> tuple[str, ...]:
        """The inputs that are not reported."""
        return tuple(code for code, cell in self.cells.items() if cell is None)

    @cached_property
    def number(self) -> Fraction | None:
        """The exact measured number, None where a figure is missing."""
        return None if self.missing else _exact(self, (self.unit,))[0]

    def input(self, code: str) -> Input:
        """Return an input of the scheme."""
        return self.result.scheme.input(code)

    def rule(self, code: str) -> CellRule:
        """Return what a cell of the input may hold."""
        given = self.input(code)
        rows = {row.code: row for row in self.result.scheme.rows()} if given.kind is InputKind.POINTS else {}
        return figure_rule(given, rows.get(given.owner or given.code))

    def decimals(self, codes: Sequence[str]) -> int:
        """Return how many decimals the figures of these inputs have in the table, the most of them."""
        columns = (self.table.columns.get(code) for code in codes)
        found = [MOST_DECIMALS if one.decimals is None else one.decimals for one in columns if one is not None]
        return max(found, default=0)

    @cached_property
    def weights(self) -> Mapping[str, Fraction] | None:
        """With which weights the parts of a share count towards its whole; None where there is no share."""
        row = self.leaf.row
        if not isinstance(self.leaf.measure, Ratio):
            return None
        return share_weights(self.result.scheme, self.table, row)

    @cached_property
    def others(self) -> tuple[tuple[float, int], ...]:
        """The measured numbers of the units compared, the best first, with their positions; this unit among them.

        Those of its pool, unless the row's scale compares all units.
        """
        size, place = len(self.table), self.leaf.place
        cells = Reader(self.result.plan, self.table, FLOAT).cells(self.leaf)
        numbers, undefined = _measured(self.leaf, cells.values, size, FLOAT)
        counts: Mask = ~self.result.settled.matrix.holds(place, Flag.GIVEN | Flag.COVERED | Flag.LEFT_OUT)
        for out in (cells.absent, undefined):
            if out is not None:
                counts &= ~out
        if self.table.pool is not None and getattr(self.leaf.scale, "over", "pool") == "pool":
            counts &= np.array([pool == self.table.pool[self.unit] for pool in self.table.pool])
        found = np.flatnonzero(counts)
        values = np.asarray(numbers, np.float64)[found]
        order = np.argsort(-self.better * values, kind="stable")
        return tuple(zip(values[order].tolist(), found[order].tolist(), strict=True))

    @property
    def ahead(self) -> tuple[int, ...]:
        """Of each better number among the units compared, a unit that has it, the next one first."""
        own = next((number for number, unit in self.others if unit == self.unit), None)
        best_first = {
            number: unit for number, unit in self.others if own is not None and self.better * (number - own) > 0
        }
        return tuple(best_first.values())[::-1]

    def numbers(self, units: Sequence[int]) -> list[Fraction]:
        """Return the exact measured numbers of units that have one."""
        return _exact(self, units)


def _exact(criterion: Criterion, units: Sequence[int]) -> list[Fraction]:
    if not units:
        return []
    reader = Reader(criterion.result.plan, criterion.table, FRACTION, np.array(units, np.intp))
    numbers, _ = _measured(criterion.leaf, reader.cells(criterion.leaf).values, len(units), FRACTION)
    return [Fraction(one) for one in numbers]


def _measured(leaf: Leaf, cells: Sequence[Any], size: int, maths: Arithmetic) -> tuple[Any, Mask | None]:
    with np.errstate(all="ignore"):
        return leaf.measure.bind(maths)(cells, np.empty(size, maths.dtype), Work.of(size, maths))


def cells_of(table: Table, unit: int, codes: Sequence[str]) -> dict[str, Fraction | None]:
    """Return a unit's figures as they were typed, None where one is not reported."""
    found: dict[str, Fraction | None] = {}
    for code in codes:
        column = table.columns.get(code)
        reported = state_of(table, unit, code) is CellState.REPORTED
        found[code] = Fraction(repr(float(column.values[unit]))) if column is not None and reported else None
    return found


def state_of(table: Table, unit: int, code: str) -> CellState:
    """Return what a unit's cell says; a column that the table lacks is missing."""
    column = table.columns.get(code)
    if column is None:
        return CellState.MISSING
    return CellState.REPORTED if column.states is None else CellState(int(column.states[unit]))
