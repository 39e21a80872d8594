"""What one case shows of a scheme: which rules its figures went through, as the result of its table says.

Nothing is computed here a second time: every answer is read from the result that the case was scored in.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from attrs import frozen

from ictindex.analysis.cases import CaseRun, UnitCase
from ictindex.exact import Trace
from ictindex.matrix import Flag
from ictindex.model import Quantity, Row, walk
from ictindex.strategies.base import DECIMAL, to_decimal
from ictindex.table import CellState

ABSENT = (
    Flag.GIVEN
    | Flag.COVERED
    | Flag.LEFT_OUT
    | Flag.MISSING_ZERO
    | Flag.MISSING_LEFT_OUT
    | Flag.NOT_APPLICABLE_ZERO
    | Flag.NOT_APPLICABLE_LEFT_OUT
    | Flag.NO_DENOMINATOR
)
"""What keeps a row from being computed from what is reported."""


@frozen(eq=False)
class Sight:
    """One case in the table that it was scored in."""

    run: CaseRun
    case: UnitCase

    @property
    def label(self) -> str:
        """The case's name in a report."""
        return "ranking" if self.run.ranking else self.case.code

    @cached_property
    def unit(self) -> int:
        """The unit's position in the result."""
        return self.run.result.units.index(self.case.code)

    @cached_property
    def expected(self) -> frozenset[str]:
        """The rows that the case looks at: those it expects something of, and all below them."""
        scheme = self.run.result.scheme
        return frozenset(below.code for one in self.case.expect for below in walk(scheme.row(one.row)))

    @property
    def pool(self) -> str | None:
        """The pool that the case names; the lines of a ranking name none."""
        pools = self.run.result.table.pool
        return None if pools is None or self.run.ranking else pools[self.unit]

    def others(self) -> Iterator[Sight]:
        """The other cases of the same table."""
        return (Sight(self.run, case) for case in self.run.cases if case is not self.case)

    def same_pool(self, other: Sight) -> bool:
        """Whether a case of the same table is in the same pool."""
        pools = self.run.result.table.pool
        return pools is None or pools[self.unit] == pools[other.unit]

    def expects(self, row: Row, what: str) -> bool:
        """Whether the case expects a level, or a rank, of a row."""
        return any(one.row == row.code and one.what == what for one in self.case.expect)

    def place(self, row: Row) -> int:
        """Where a row stands in the matrix."""
        return self.run.result.plan.place(row.code)

    def flag(self, row: str) -> Flag:
        """What happened to the unit's score at a row."""
        result = self.run.result
        return result.settled.matrix.flag(result.plan.place(row), self.unit)

    def computed(self, row: str) -> bool:
        """Whether the unit's points at a row were computed from what is reported, or from the rows below."""
        return not self.flag(row) & ABSENT

    def points(self, row: str) -> Any:
        """The unit's exact points at a row, None where it has none."""
        if self.flag(row) & (Flag.COVERED | Flag.LEFT_OUT):
            return None
        return self._trace.points[self.run.result.plan.place(row)]

    def number(self, row: str) -> Any:
        """The exact number that the row measured, before its scale; None where it measured nothing."""
        if not self.computed(row):
            return None
        return self._trace.numbers.get(self.run.result.plan.place(row))

    def reports(self, column: str) -> Fraction | None:
        """The number in a cell of the table, None where it holds none."""
        found = self.run.result.table.columns.get(column)
        if found is None or (found.states is not None and found.states[self.unit] != CellState.REPORTED):
            return None
        return Fraction(repr(float(found.values[self.unit])))

    def quantity(self, quantity: Quantity) -> Fraction:
        """What a quantity of the scheme is for this unit; a cell without a number counts as 0."""
        cells = ((self.reports(code) or Fraction(0), factor) for code, factor in quantity.terms)
        return quantity.constant + sum((cell * factor for cell, factor in cells), Fraction(0))

    @cached_property
    def _trace(self) -> Trace:
        return self.run.result.settled.trace(self.unit)


def at_least(number: Any, mark: Fraction) -> bool:
    """Whether an exact number has reached a mark; decimals that differ by rounding alone are equal."""
    if isinstance(number, Decimal):
        with DECIMAL.context():
            return bool(number >= to_decimal(mark) - DECIMAL.tolerance)
    return bool(number >= mark)
