"""The lowest and the highest that each unit can come to where units do not depend on one another.

Points below never pull a total both ways, so its ends lie where every open criterion is at its own end. One that may be
left out is the exception: the rest is then converted back to the whole maximum. Where nothing but maxima is added up,
leaving it out is never worse than no points and never better than full marks of what it counts for (`Aim.falls_short`
says where it may be); where it can end otherwise, both are tried, for as many criteria as `TRIED` allows, and beyond
that no points and full marks stand for it: the ends are then bounds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from attrs import evolve, frozen

from ictindex.analysis.pending.aims import Aim
from ictindex.analysis.pending.opens import Open, Outcome
from ictindex.analysis.pending.outcomes import LAST, Key, Seen, Trial
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
    with maths.context():
        ways = [aim.direction(one.place) for one in claims]
        out = any(_may_be_out(one, aim, maths) for one in claims)
        # A row that breaks ties without a score stands below one of no points; what has no bounds may beat full marks.
        if not all(ways) or (out and (len(aim.chain) > 1 or not aim.bounded)):
            return _all(unit, claims, aim, maths)
        trials, exact, known = [Trial(unit)], True, True
        for towards in (-1, 1):
            ends = [_ends(one, way * towards, aim, maths) for one, way in zip(claims, ways, strict=True)]
            if math.prod(len(each.outcomes) for each in ends) <= TRIED:
                trials += (_trial(unit, claims, chosen) for chosen in product(*(each.outcomes for each in ends)))
            else:
                trials.append(Trial(unit, tuple(each.beyond for each in ends)))
                exact, known = False, known and not any(each.hides for each in ends)
        trials.append(_trial(unit, claims, [max(one.outcomes, key=lambda outcome: outcome.left) for one in claims]))
        return Plans(tuple(trials), exact, known)


def _all(unit: int, claims: Sequence[Open], aim: Aim, maths: Arithmetic) -> Plans:
    """Return every combination of outcomes, or, where there are too many, what bounds the total's points at least."""
    if math.prod(len(one.outcomes) for one in claims) <= TRIED:
        every = product(*(one.outcomes for one in claims))
        return Plans(tuple(_trial(unit, claims, chosen) for chosen in every), exact=True, known=True)
    trials = [Trial(unit)]
    below = [one for one in claims if one.place == aim.total or aim.is_below(one.place, aim.total)]
    unsure = not all(aim.scores_by(one.place) for one in below)
    for towards in (-1, 1):
        if unsure or not aim.bounded:
            ends = [(evolve(below[0], place=aim.total), aim.furthest(towards, maths))] if below else []
        else:
            ends = [_ends(one, aim.scores_by(one.place) * towards, aim, maths).beyond for one in below]
        trials.append(Trial(unit, tuple(ends)))
    return Plans(tuple(trials), exact=False, known=False)


def _may_be_out(one: Open, aim: Aim, maths: Arithmetic) -> bool:
    most = maths.number(aim.plan.nodes[one.place].row.max)
    return any(equal_points(outcome.left, most) for outcome in one.outcomes)


def _trial(unit: int, claims: Sequence[Open], chosen: Sequence[Outcome]) -> Trial:
    return Trial(unit, tuple((one, outcome) for one, outcome in zip(claims, chosen, strict=True) if outcome.put))


@frozen
class _Ends:
    """The outcomes of a criterion of which one is at an end of its unit; `beyond` is never short of any of them.

    `hides`: what stands for it hides a row that ranks or levels look at.
    """

    outcomes: list[Outcome]
    beyond: tuple[Open, Outcome]
    hides: bool = False


def _ends(one: Open, way: int, aim: Aim, maths: Arithmetic) -> _Ends:
    """Return the ends that more points of a criterion (+1) or fewer (-1) lead to."""
    most = maths.number(aim.plan.nodes[one.place].row.max)
    counted = [outcome for outcome in one.outcomes if not equal_points(outcome.left, most)]
    out = [outcome for outcome in one.outcomes if equal_points(outcome.left, most)]
    counted.sort(key=lambda outcome: outcome.points, reverse=way > 0)
    alike = all(equal_points(other.left, counted[0].left) for other in counted)
    if counted and alike and not out:
        return _Ends(counted[:1], (one, counted[0]))
    short = aim.falls_short(one.place, way)
    if short is not None:
        whole = maths.number(aim.plan.nodes[short].row.max)
        hides = any(aim.is_below(place, short) for place in aim.looked_at)
        beyond = evolve(one, place=short), Outcome(whole if way > 0 else whole * 0, most * 0)
        return _Ends([*counted[:1], *out] if alike else list(one.outcomes), beyond, hides)
    beyond = one, Outcome(most if way > 0 else most * 0, most * 0)
    if counted and alike and equal_points(counted[0].points, most - counted[0].left if way > 0 else most * 0):
        return _Ends(counted[:1], beyond)
    return _Ends([*counted[:1], *out] if alike else list(one.outcomes), beyond)


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
