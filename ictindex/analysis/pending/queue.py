"""What each open criterion can do by itself, and which of them decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from ictindex.analysis.pending.aims import Aim
from ictindex.analysis.pending.comparing import standing_under
from ictindex.analysis.pending.opens import Open
from ictindex.analysis.pending.outcomes import Trial, matrix_of, seen
from ictindex.analysis.pending.standings import Ranking, Standing
from ictindex.result import Result
from ictindex.strategies.base import Fit

LOOKS = 400
"""So many outcomes that move other units' scores are looked at one by one; beyond that the others' are kept."""


@frozen
class Effect:
    """What one open criterion can do, all others being as they are: `row` are its points, lowest and highest.

    `swing` is how far apart the total's points lie, `ranks` how many units' ranks are others for some outcome, and
    `level` whether some unit's level is. `whole`: every unit's score was looked at, not only its own unit's.
    """

    claim: Open
    swing: Any
    ranks: int
    level: bool
    row: tuple[Any, Any]
    whole: bool = True


def effects(
    result: Result,
    aim: Aim,
    claims: Sequence[Open],
    moving: Sequence[Open],
    ranks: Ranking,
    fits: Mapping[int, Fit] | None,
) -> Iterator[Effect]:
    """Yield what each open criterion can do by itself, in their order.

    `moving` are those that move other units' scores; where these are too many, others keep what the pools teach now.
    """
    size = len(result.units)
    pairs = [(one, outcome) for one in claims for outcome in one.outcomes[1:]]
    trials = [*(Trial(unit) for unit in range(size)), *(Trial(one.unit, ((one, outcome),)) for one, outcome in pairs)]
    matrix = matrix_of(result, trials, fits)
    found = seen(aim, matrix)
    now = ranks.standing(found[:size])
    far = set(map(id, moving)) if sum(len(one.outcomes) - 1 for one in moving) <= LOOKS else set()
    kept = set(map(id, moving)) - far
    compared = standing_under(result, aim, (), ranks) if far else now
    at = size
    for one in claims:
        count = len(one.outcomes) - 1
        points = [matrix.points[one.place, column] for column in (one.unit, *range(at, at + count))]
        if id(one) in far:
            before = compared
            others: Iterable[Standing] = [
                standing_under(result, aim, ((one, each),), ranks) for each in one.outcomes[1:]
            ]
        else:
            before, others = now, (ranks.changed(now, one.unit, each) for each in found[at : at + count])
        with result.plan.arithmetic.context():
            effect = _effect(one, before, list(others), points, whole=id(one) not in kept)
        yield effect
        at += count


def _effect(claim: Open, now: Standing, others: Sequence[Standing], points: Sequence[Any], *, whole: bool) -> Effect:
    unit = claim.unit
    totals = [one.units[unit].points for one in (now, *others) if one.units[unit].key is not None]
    moved = {at for one in others for at, rank in enumerate(one.ranks) if rank != now.ranks[at]}
    level = any(
        (mine.level, mine.key is None) != (theirs.level, theirs.key is None)
        for one in others
        for mine, theirs in zip(one.units, now.units, strict=True)
        if mine is not theirs
    )
    swing = max(totals) - min(totals) if totals else 0
    return Effect(claim, swing, len(moved), level, (min(points), max(points)), whole)
