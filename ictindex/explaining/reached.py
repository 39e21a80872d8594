"""The level that a score earned, and what the next better one asks for."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from ictindex.model import Row
from ictindex.plan import points_per_unit
from ictindex.publication import level_bound
from ictindex.strategies.base import Matched, distance, to_decimal
from ictindex.strategies.classifications import key_bound


def level_reached(row: Row, level: str | None, points: Any, key: int) -> Matched | None:
    """Return a row's level with the next better one; None where the row has no levels.

    `points` are exact, `key` is the published score in last digits. Scores in the answer are on the scale that the row
    publishes; where ranks are made on published scores, they are the lowest published ones that earn the level.
    """
    if row.levels is None:
        return None
    names = [one.name for one in row.levels.levels]
    at = len(names) if level is None else names.index(level)
    per_unit = points_per_unit(row) or Fraction(1)
    digit = Fraction(1, 10**row.publish.decimals)
    published = row.rank.on == "published"

    def score(position: int) -> Fraction:
        lower, strict = level_bound(row, position)
        return key_bound(lower, strict, row.publish.decimals) * digit if published else lower

    own = None if level is None else score(at)
    if not at:
        return Matched(kind="level", matched=names[0], points=own)
    following = score(at - 1)
    if published:
        needs: Any = following - key * digit
    else:
        needs = distance(points, following * per_unit)
        needs = needs / (to_decimal(per_unit) if isinstance(needs, Decimal) else per_unit)
    return Matched(
        kind="level",
        matched=level or "",
        points=own,
        next=names[at - 1],
        next_points=following,
        needs=max(needs, needs * 0),
    )
