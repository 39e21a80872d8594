"""The lowest and the highest that each unit can come to where units do not depend on one another.

Points below never pull a total both ways, so its ends lie where every open criterion is at its own end. One that may be
left out is the exception: the rest is then converted back to the whole maximum. Leaving it out is never worse than no
points and never better than full marks; where it can end otherwise, both are tried, as many criteria as `TRIED` allows,
and beyond that no points and full marks stand for it: the ends are then bounds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from attrs import frozen

from ictindex.analysis.pending.aims import Aim
from ictindex.analysis.pending.outcomes import LAST, Key, Open, Outcome, Seen, Trial
from ictindex.exact import equal_points
from ictindex.strategies.base import Arithmetic

TRIED = 256
"""So many outcomes of one unit are tried at most for each of its ends."""

FIRST = -LAST
"""Above every key."""


@frozen
class Range:
    """What one unit can come to: its keys and its exact points at the total, and its levels by position, best first.

    `low` and `high` are None for a unit that never has a score; `always` says that it has one whatever becomes of it.
    `exact`: each end is reached by some outcome; else the range is a bound that holds every outcome.
    """

    low: Key | None
    high: Key | None
    least: Any
    most: Any
    lowest: int
    highest: int
    best_level: int
    worst_level: int
    always: bool
    exact: bool


@frozen
class Plans:
    """The trials that show a unit's range, and how far they can be trusted."""

    trials: tuple[Trial, ...]
    exact: bool
    known: bool  # whether the ranks' keys and the levels lie between those of the trials

    def bounding(self, known: bool) -> Plans:
        """Return the same trials where they are known to be bounds at most, and perhaps of the total's points alone."""
        return Plans(self.trials, exact=False, known=self.known and known)


def plans_of(unit: int, claims: Sequence[Open], aim: Aim, maths: Arithmetic) -> Plans:
    """Return the trials whose range holds that of every outcome of a unit's open criteria."""
    if not claims:
        return Plans((Trial(unit),), exact=True, known=True)
    ways = [aim.direction(one.place) for one in claims]
    if not all(ways):
        return _all(unit, claims, aim, maths)
    with maths.context():
        highs, high_exact = _combined([_ends(one, way, aim, maths) for one, way in zip(claims, ways, strict=True)])
        lows, low_exact = _combined([_ends(one, -way, aim, maths) for one, way in zip(claims, ways, strict=True)])
    trials = [Trial(unit), *(_trial(unit, claims, chosen) for chosen in (*lows, *highs))]
    trials.append(_trial(unit, claims, [max(one.outcomes, key=lambda outcome: outcome.left) for one in claims]))
    return Plans(tuple(trials), exact=high_exact and low_exact, known=True)


def _all(unit: int, claims: Sequence[Open], aim: Aim, maths: Arithmetic) -> Plans:
    """Return every combination of outcomes, or, where there are too many, what bounds the total's points at least."""
    if math.prod(len(one.outcomes) for one in claims) <= TRIED:
        every = product(*(one.outcomes for one in claims))
        return Plans(tuple(_trial(unit, claims, chosen) for chosen in every), exact=True, known=True)
    trials = [Trial(unit)]
    with maths.context():
        for towards in (1, -1):
            ways = [aim.scores_by(one.place) * towards for one in claims]
            ends = [_ends(one, way or 1, aim, maths)[1] for one, way in zip(claims, ways, strict=True)]
            trials.append(_trial(unit, claims, ends))
    return Plans(tuple(trials), exact=False, known=False)


def _trial(unit: int, claims: Sequence[Open], chosen: Sequence[Outcome]) -> Trial:
    return Trial(unit, tuple((one, outcome) for one, outcome in zip(claims, chosen, strict=True) if outcome.put))


def _ends(one: Open, way: int, aim: Aim, maths: Arithmetic) -> tuple[list[Outcome], Outcome]:
    """Return the outcomes of a criterion of which one is at the end that more points (+1) or fewer (-1) lead to.

    The second is what stands for all of them where there are too many: it is never short of any.
    """
    most = maths.number(aim.plan.nodes[one.place].row.max)
    counted = [outcome for outcome in one.outcomes if not equal_points(outcome.left, most)]
    out = [outcome for outcome in one.outcomes if equal_points(outcome.left, most)]
    zero = most * 0
    end = Outcome(most if way > 0 else zero, zero)
    if not counted:
        return out, end
    first, *others = sorted(counted, key=lambda outcome: outcome.points, reverse=way > 0)
    alike = all(equal_points(other.left, first.left) for other in others)
    if alike and (not out or equal_points(first.points, end.points if way < 0 else most - first.left)):
        return [first], first
    return ([first, *out] if alike else list(one.outcomes)), end


def _combined(ends: Sequence[tuple[list[Outcome], Outcome]]) -> tuple[Iterator[tuple[Outcome, ...]], bool]:
    """Return the combinations of outcomes that hold an end, and whether the end is one of them."""
    if math.prod(len(outcomes) for outcomes, _ in ends) <= TRIED:
        return iter(list(product(*(outcomes for outcomes, _ in ends)))), True
    return iter([tuple(end for _, end in ends)]), False


def range_of(plans: Plans, found: Sequence[Seen], aim: Aim) -> Range:
    """Return the range of a unit from what became of its trials."""
    scored = [one for one in found if one.key is not None]
    bands = 0 if aim.row.levels is None else len(aim.row.levels.levels)
    if not scored:
        return Range(None, None, None, None, 0, 0, bands, bands, always=False, exact=plans.exact)
    keys = [one.key for one in scored if one.key is not None]
    low, high = min(keys), max(keys)
    if not plans.known:
        low, high = (low[0], *[LAST] * (len(low) - 1)), (high[0], *[FIRST] * (len(high) - 1))
    return Range(
        low,
        high,
        min(one.points for one in scored),
        max(one.points for one in scored),
        min(one.published for one in scored),
        max(one.published for one in scored),
        min(one.level for one in scored) if plans.known else 0,
        max(one.level for one in scored) if plans.known else bands,
        always=len(scored) == len(found) and plans.known,
        exact=plans.exact,
    )


def grouped(claims: Sequence[Open]) -> Mapping[int, list[Open]]:
    """Return the open criteria by unit."""
    found: dict[int, list[Open]] = {}
    for one in claims:
        found.setdefault(one.unit, []).append(one)
    return found
