"""One unit's total with other points at some of its rows: exact, by combining the unit's rows again.

The rules themselves are run, on exact numbers, so caps, means, the best of several, gates of evidence and points that
are converted back are what they are in a score. What the pool taught (its highest figure, its mean) is kept as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

import numpy as np
from attrs import evolve, field, frozen

from ictindex.exact import as_fraction
from ictindex.filling import fill
from ictindex.leafrun import without_evidence
from ictindex.matrix import Flag
from ictindex.plan import Leaf, Node, Plan
from ictindex.reading import Given, Reader
from ictindex.result import Result
from ictindex.table import Table

Why = Literal["substance", "evidence", "absence"]
"""Why a row may lack points: its figures, its evidence, or that a figure is absent."""


@frozen
class Source:
    """A row of one unit at which points are known and could be others: an indicator, or a row whose score is given.

    `full` are its full marks in points, as a given score would have them. `least` is true where fewer points are
    better, as at a deduction. `why` says why it lacks points now; `whole` that nothing of it counts as it does not
    apply.
    """

    place: int
    full: Any
    least: bool
    why: Why
    whole: bool = False


@frozen(slots=False)
class Recombined:
    """The rows of one unit, and what the total at a row of the matrix would be with other points at some of them."""

    result: Result
    unit: int
    at: int
    sources: Mapping[int, Source] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "sources", {one.place: one for one in self._sources(self.at, least=False)})

    def below(self, place: int) -> list[Source]:
        """Return the sources at a row and below it that count, in the order of the document."""
        return [
            self.sources[one] for one in self._plan.below(place) if one in self.sources and not self.sources[one].whole
        ]

    def hidden(self, place: int) -> bool:
        """Whether nothing is known of a row: it stands below a score that was given."""
        return bool(self._plan.nodes[place].row.max and self._flag(place) & Flag.COVERED)

    def totals(self, sets: Sequence[Mapping[int, Any]]) -> list[Fraction]:
        """Return the total with each set of points: `Source.full` to give full marks, None to show the evidence.

        The points are by row of the matrix, before what is left out is converted back, and the rows are `sources`.
        """
        size = len(sets)
        given = {place: one for place in self.sources if (one := self._given(place, sets)) is not None}
        matrix = fill(
            self._plan,
            self._shown,
            self._plan.arithmetic,
            units=np.full(size, self.unit, np.intp),
            fits=self.result.settled.exact_fits(),
            given=given,
        )
        return [as_fraction(one) for one in matrix.points[self.at]]

    def _given(self, place: int, sets: Sequence[Mapping[int, Any]]) -> Given | None:
        """Return the scores given at a row, a number for each set; None where they are the table's."""
        found = Reader(self._plan, self._shown, self._plan.arithmetic, np.full(len(sets), self.unit, np.intp))
        usual = found.given(place)
        unshown = self.sources[place].why == "evidence"
        if not unshown and not any(place in one for one in sets):
            return usual
        zero = self._number(Fraction(0))
        mask = np.zeros(len(sets), np.bool_) if usual is None else usual.mask.copy()
        points = np.full(len(sets), zero, object) if usual is None else usual.points.copy()
        for at, one in enumerate(sets):
            if place in one and one[place] is not None:
                mask[at], points[at] = True, one[place]
            elif unshown and place not in one:
                mask[at], points[at] = True, zero
        return Given(mask, points, None)

    @cached_property
    def _shown(self) -> Table:
        """The table with every evidence of the unit shown: without it points are put in as given."""
        table = self.result.table
        shown = {code: np.array(one) for code, one in table.evidence.items()}
        for one in shown.values():
            one[self.unit] = True
        return evolve(table, evidence=shown, declared=None)

    # --- the sources -------------------------------------------------------------------------------------------------

    def _sources(self, place: int, *, least: bool) -> list[Source]:
        node, flag = self._plan.nodes[place], self._flag(place)
        if not node.row.max or flag & Flag.COVERED:
            return []
        if isinstance(node, Leaf) or flag & Flag.GIVEN:
            return [self._source(node, flag, least=least)]
        found = []
        for child in node.children:
            turned = self._plan.nodes[child].row.role == "deduct"
            found += self._sources(child, least=least != turned)
        return found

    def _source(self, node: Node, flag: Flag, *, least: bool) -> Source:
        absent = flag & (Flag.MISSING_ZERO | Flag.MISSING_LEFT_OUT | Flag.NOT_APPLICABLE_ZERO)
        why: Why = "absence" if absent else "substance"
        if flag & Flag.NO_EVIDENCE and isinstance(node, Leaf):
            why = "evidence" if without_evidence(node.row, self.result.table) == "zero" else why
        whole = bool(flag & Flag.LEFT_OUT) and not flag & Flag.MISSING_LEFT_OUT
        return Source(node.place, self._full(node, least=least), least, why, whole)

    def _full(self, node: Node, *, least: bool) -> Any:
        """Return full marks: the maximum less what does not apply; where points know no bounds, the pool's best."""
        own = self._plan.nodes[node.place].row
        if node.scale is not None and not node.scale.bounded:
            return best_points(self.result, self.unit, node.place, least=least)
        if least:
            return self._number(Fraction(0))
        column = self.result.table.columns.get(f"{own.code}.excluded")
        left = Fraction(0) if column is None else Fraction(repr(float(column.values[self.unit])))
        if left:
            return self._number(max(own.max - left, Fraction(0)))
        return max(self._number(own.max), self.result.settled.column(self.unit)[node.place])

    def _flag(self, place: int) -> Flag:
        return self.result.settled.matrix.flag(place, self.unit)

    def _number(self, number: Fraction) -> Any:
        return self._plan.arithmetic.number(number)

    @property
    def _plan(self) -> Plan:
        return self.result.plan


def best_points(result: Result, unit: int, place: int, *, least: bool = False) -> Any:
    """Return the best exact points at a row among the units that its scale compares with this one."""
    among = result.settled.matrix.scored(place)
    pools = result.table.pool
    if pools is not None and result.plan.pooled(place):
        among = among & np.array([pool == pools[unit] for pool in pools])
    order = result.settled.order(place)
    units = np.flatnonzero(among)
    if not len(units):
        return result.settled.column(unit)[place]
    pick = np.argmin if least else np.argmax
    return result.settled.column(int(units[pick(order[units])]))[place]
