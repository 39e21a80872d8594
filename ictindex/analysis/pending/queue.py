"""What each open criterion can do by itself, and which of them decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from ictindex.analysis.pending.aims import Aim
from ictindex.analysis.pending.comparing import standing_under
from ictindex.analysis.pending.opens import Open
from ictindex.analysis.pending.outcomes import Seen, Trial, matrix_of, seen
from ictindex.analysis.pending.standings import Ranking
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
    looked_at = sum(len(one.outcomes) - 1 for one in moving) <= LOOKS
    far = set(map(id, moving))
    compared = standing_under(result, aim, (), ranks) if far and looked_at else now
    at = size
    for one in claims:
        count = len(one.outcomes) - 1
        points = [matrix.points[one.place, column] for column in (one.unit, *range(at, at + count))]
        mine = found[at : at + count]
        if id(one) in far and looked_at:
            others = [standing_under(result, aim, ((one, each),), ranks) for each in one.outcomes[1:]]
            mine = [each.units[one.unit] for each in others]
            moved = {unit for each in others for unit, rank in enumerate(each.ranks) if rank != compared.ranks[unit]}
            level = any(map(_another_level, (each for one in others for each in one.units), compared.units * count))
        else:
            moved = set().union(*(ranks.moved(now, one.unit, each) for each in mine))
            level = any(_another_level(each, now.units[one.unit]) for each in mine)
        with result.plan.arithmetic.context():
            totals = [each.points for each in (compared.units[one.unit], *mine) if each.key is not None]
            swing = max(totals) - min(totals) if totals else 0
            row = min(points), max(points)
        yield Effect(one, swing, len(moved), level, row, whole=looked_at or id(one) not in far)
        at += count


def _another_level(one: Seen, other: Seen) -> bool:
    return (one.level, one.key is None) != (other.level, other.key is None)
