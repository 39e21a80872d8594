"""What a ranking looks at: its total, the rows that break ties, the gates of its levels; and which way each pulls.

Problems: U263 a row without points.
"""

from __future__ import annotations

import math
from fractions import Fraction

from attrs import frozen

from ictindex.analysis.pending.opens import Outcome
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say
from ictindex.model import RankRule, Row
from ictindex.plan import Heading, Plan
from ictindex.result import Result
from ictindex.strategies.aggregations import Best, Capped, Least, Sum
from ictindex.strategies.base import Arithmetic
from ictindex.strategies.means import Geometric, Mean

_RISING = (Sum, Capped, Mean, Geometric, Best, Least)
"""The aggregations of which it is known that more points below are never fewer above."""


@frozen
class Aim:
    """The total of a ranking, by its row of the matrix, with the rows that its ranks and its levels look at.

    `chain` are the rows that ranks are made on, the total first; `gates` those whose points a level asks for. `units`
    is how many are ranked.
    """

    plan: Plan
    total: int
    chain: tuple[int, ...]
    gates: tuple[int, ...]
    units: int

    @property
    def row(self) -> Row:
        """The total's row."""
        return self.plan.nodes[self.total].row

    @property
    def rule(self) -> RankRule:
        """How ranks are made."""
        return self.row.rank

    @property
    def bounded(self) -> bool:
        """Whether no row's points leave 0 to its maximum."""
        return all(node.scale is None or node.scale.bounded for node in self.plan.nodes)

    def furthest(self, way: int, maths: Arithmetic) -> Outcome:
        """Return the most points (+1) or the fewest (-1) that the total may have at all.

        Of n units none is further from the mean than the root of n deviations; sums may pile that up.
        """
        most = maths.number(self.row.max)
        if self.bounded:
            return Outcome(most if way > 0 else most * 0, most * 0)
        far = maths.number(Fraction(way * (math.isqrt(self.units) + 1) * len(self.plan.nodes)))
        return Outcome(most * far, most * 0)

    @property
    def looked_at(self) -> tuple[int, ...]:
        """Every row that something is read from, the total first."""
        return tuple(dict.fromkeys((*self.chain, *self.gates)))

    def direction(self, place: int) -> int:
        """Return +1 where more points at a row are never worse for the unit, -1 where never better, 0: not known.

        Not known is it too where two of the rows that are looked at pull apart, such as a tie broken by a deduction.
        """
        found = {self._towards(top, place) for top in self.looked_at} - {None}
        return found.pop() or 0 if len(found) == 1 else 0

    def scores_by(self, place: int) -> int:
        """Return the direction as far as the total alone is concerned; 0 where it is not known or not below it."""
        return self._towards(self.total, place) or 0

    def falls_short(self, place: int, way: int) -> int | None:
        """Return the highest heading that leaving a row out may take further than the row's own end, else None.

        Of several cases the best counts, and one of them may have a lower maximum than its heading. What a deduction
        beside the row cannot take any more when the row is gone makes full marks (`way` +1) worse than leaving it out;
        a bonus that is lost with it makes no points (-1) better.
        """
        found, at, beside = None, place, "deduct" if way > 0 else "bonus"
        while (above := self.plan.parent(at)) >= 0:
            heading, row = self.plan.nodes[above], self.plan.nodes[at].row
            if isinstance(heading, Heading):
                lower = way > 0 and type(heading.aggregation) is Best and row.max < heading.row.max
                others = row.role == "max" and any(one.role == beside and one.maximum for one in heading.below)
                found = above if lower or others else found
            at = above
        return found

    def concerns(self, place: int) -> bool:
        """Whether a row is, or is below, one that is looked at."""
        return any(self._towards(top, place) is not None for top in self.looked_at)

    def is_below(self, place: int, top: int) -> bool:
        """Whether a row is below another one."""
        return place != top and self._towards(top, place) is not None

    def _towards(self, top: int, place: int) -> int | None:
        """Return the direction towards one row, 0 where it is not known, None where the place is not below it."""
        sign, at = 1, place
        while at != top:
            above = self.plan.parent(at)
            if above < 0:
                return None
            sign *= -1 if self.plan.nodes[at].row.role == "deduct" else 1
            heading = self.plan.nodes[above]
            if isinstance(heading, Heading):
                known = type(heading.aggregation) in _RISING
                sign *= (1 if heading.scale is None else heading.scale.monotone) if known else 0
            at = above
        return sign


def aim_of(result: Result, code: str) -> Aim:
    """Return what the ranking of a row looks at; without a code the first total is meant.

    Raises UnknownName for an unknown code, WrongUse (U263) for a row without points.
    """
    result.keys(code)  # says what is wrong with an unknown code
    plan = result.plan
    total = plan.place(code) if code else plan.totals[0]
    row = plan.nodes[total].row
    if not row.max:
        message = say("the row {code} has no points, so nobody is ranked on it", code=row.code)
        raise WrongUse(Problem("U263", message, hint=say("choose a row that has points; `ictindex show` prints them")))
    levels = () if row.levels is None else row.levels.levels
    gates = tuple(dict.fromkeys(plan.place(other) for one in levels for other, _ in one.only_if))
    return Aim(plan, total, plan.rank_chain(total), gates, len(result.units))
