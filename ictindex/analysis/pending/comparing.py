"""Ranges and ranks under schemes that compare the units: there an open criterion of one unit moves the others.

Few open criteria are tried all together. Of many, the ends of what a pool can teach bound what each unit can come to:
a criterion that is turned down, or missing, is compared with nobody, so the lowest and the highest figure lie between
those of everybody and those of the units about whom nothing is open.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from ictindex.analysis.pending.aims import Aim
from ictindex.analysis.pending.ends import Plans, Range, range_of
from ictindex.analysis.pending.opens import Open, Outcome
from ictindex.analysis.pending.outcomes import Trial, matrix_of, seen
from ictindex.analysis.pending.places import Place
from ictindex.analysis.pending.standings import Ranking, Standing
from ictindex.exact import equal_points
from ictindex.matrix import Flag, Matrix
from ictindex.plan import Leaf, Plan
from ictindex.result import Result
from ictindex.strategies.base import Fit, Work
from ictindex.strategies.relative import MinMax, OfBest

TOGETHER = 256
"""So many outcomes of all units together are tried at most."""

_UNCOUNTED = (
    Flag.GIVEN
    | Flag.COVERED
    | Flag.MISSING_ZERO
    | Flag.MISSING_LEFT_OUT
    | Flag.NOT_APPLICABLE_ZERO
    | Flag.NOT_APPLICABLE_LEFT_OUT
    | Flag.NO_DENOMINATOR
)
"""What keeps a unit out of a comparison."""


def touched(plan: Plan, claims: Sequence[Open]) -> tuple[int, ...]:
    """Return the rows that compare units and at or below which a criterion is open, the highest first."""
    fitted = {place for stage in plan.stages for place in stage.fits}
    found = set()
    for at in {one.place for one in claims}:
        place = at
        while place >= 0:
            if place in fitted:
                found.add(place)
            place = plan.parent(place)
    return tuple(sorted(found))


def together(result: Result, aim: Aim, claims: Sequence[Open], ranks: Ranking) -> Iterator[Standing] | None:
    """Return the standings under every outcome of all open criteria together; None where there are too many."""
    if math.prod(len(one.outcomes) for one in claims) > TOGETHER:
        return None
    every = product(*([(one, outcome) for outcome in one.outcomes] for one in claims))
    return (standing_under(result, aim, chosen, ranks) for chosen in every)


def standing_under(result: Result, aim: Aim, chosen: Iterable[tuple[Open, Outcome]], ranks: Ranking) -> Standing:
    """Return the standings where some open criteria come to something, the others being as they are."""
    by_unit: dict[int, list[tuple[Open, Outcome]]] = {}
    for one, outcome in chosen:
        by_unit.setdefault(one.unit, []).append((one, outcome))
    trials = [Trial(unit, tuple(by_unit.get(unit, ()))) for unit in range(len(result.units))]
    return ranks.standing(seen(aim, matrix_of(result, trials, None)))


def summed_up(standings: Sequence[Standing], aim: Aim) -> tuple[list[Range], list[Place]]:
    """Return the ranges and the ranks of all units from the standings under every outcome."""
    ranges, places = [], []
    for unit in range(len(standings[0].units)):
        found = [one.units[unit] for one in standings]
        # The keys of two standings may not be compared: ranks are read off each standing itself.
        ranges.append(range_of(Plans((), exact=True, known=True), found, aim))
        ranks = [one.ranks[unit] for one in standings]
        known = [one for one in ranks if one is not None]
        best, worst = (min(known), max(known)) if known else (None, None)
        places.append(Place(best, worst, exact=True, reach=int(len(set(ranks)) > 1)))
    return ranges, places


def bounded(
    result: Result, aim: Aim, claims: Sequence[Open], rows: Sequence[int], fits: Mapping[int, Fit]
) -> tuple[list[Open], bool]:
    """Return open criteria that hold every outcome of the given ones, and compare nobody.

    Every row that compares units becomes one of its own at each of them, between the ends of what it can come to there,
    and those below it are gone. The second says whether ranks and levels can be read off them.
    """
    matrix = matrix_of(result, [Trial(unit) for unit in range(len(result.units))], fits)
    below = {row: result.plan.below(row) for row in rows}
    top = [row for row in rows if not any(row in below[other][1:] for other in rows)]
    kept = [one for one in claims if not any(one.place in below[row] for row in top)]
    known = not any(place in below[row][1:] for place in aim.looked_at for row in top)
    for row in top:
        kept += _Row(result, row, [one for one in claims if one.place in below[row]], matrix).opens()
    return sorted(kept, key=lambda one: (one.unit, one.place)), known


class _Row:
    """One row that compares units, and the ends between which each unit's points there lie."""

    def __init__(self, result: Result, place: int, claims: Sequence[Open], matrix: Matrix) -> None:
        self.plan, self.table, self.place, self.matrix = result.plan, result.table, place, matrix
        self.node, self.maths = result.plan.nodes[place], result.plan.arithmetic
        self.claims: dict[int, list[Open]] = {}
        for one in claims:
            self.claims.setdefault(one.unit, []).append(one)
        self.counts = ~matrix.holds(place, _UNCOUNTED)
        self.most = self.maths.number(self.node.row.max)

    def opens(self) -> Iterator[Open]:
        """Yield the row as an open criterion of every unit that its comparison concerns."""
        with self.maths.context():
            for members in self._scopes():
                if not any(unit in self.claims for unit in members):
                    continue
                for unit in members:
                    outcomes = self._outcomes(unit, members)
                    if outcomes:
                        yield Open(unit, self.place, (), (), tuple(outcomes))

    def _scopes(self) -> list[list[int]]:
        units = range(len(self.table))
        if self.table.pool is None or not self.plan.pooled(self.place):
            return [list(units)]
        return [[unit for unit in units if self.table.pool[unit] == pool] for pool in sorted(set(self.table.pool))]

    def _outcomes(self, unit: int, members: Sequence[int]) -> list[Outcome]:
        """Return the outcomes between which all others lie: those with points, and left out."""
        zero, own = self.most * 0, self.claims.get(unit, [])
        out = (
            [Outcome(zero, self.most)]
            if any(equal_points(each.left, self.most) for one in own for each in one.outcomes)
            else []
        )
        if not isinstance(self.node, Leaf) or not isinstance(self.node.scale, MinMax | OfBest):
            if self.matrix.holds(self.place, Flag.GIVEN | Flag.COVERED)[unit] and not own:
                return []
            return [*(Outcome(one, zero) for one in self._widest(len(members))), *out]
        if not self.counts[unit] and not own:
            return []
        ends = self._compared(unit, members) if self.counts[unit] else []
        ends += [each.points for one in own for each in one.outcomes if each.put]
        if not self.counts[unit]:
            ends += [each.points for one in own for each in one.outcomes]
        return [Outcome(min(ends), zero), Outcome(max(ends), zero), *out]

    def _widest(self, size: int) -> tuple[Any, Any]:
        """Return the fewest and the most points of any unit of a pool: of n units none is further off than the root."""
        scale = self.node.scale
        if scale is None or scale.bounded:
            return self.most * 0, self.most
        far = self.most * self.maths.number(Fraction(math.isqrt(size) + 1))
        return -far, far

    def _compared(self, unit: int, members: Sequence[int]) -> list[Any]:
        """Return the points of a unit against the narrowest and the widest that the others may be."""
        numbers = self.matrix.numbers[self.place]
        everybody = [numbers[one] for one in members if self.counts[one]]
        certain = [numbers[one] for one in members if self.counts[one] and (one == unit or one not in self.claims)]
        wide, narrow = (min(everybody), max(everybody)), (min(certain), max(certain))
        ends = ((narrow[0], wide[1]), (wide[0], narrow[1]), narrow, wide)
        return [self._points(numbers[unit], low, high) for low, high in ends]

    def _points(self, number: Any, low: Any, high: Any) -> Any:
        fit = Fit({"low": np.array([low], object), "high": np.array([high], object)})
        x, out = np.array([number], object), np.empty(1, object)
        self.plan.kernels(self.maths).scale(self.place)(x, out, Work.of(1, self.maths), fit, None)
        return out[0]
