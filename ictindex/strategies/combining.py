"""What several aggregations do alike: rounding beyond a maximum, one unit's sum, contributions that add up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from ictindex.strategies.base import DECIMAL, Child


def beyond(children: Sequence[Child], errors: Sequence[float]) -> float:
    """Bound the rounding of one operation on points beyond their maximum: a z-score's error says how far it reaches."""
    return sum(error for child, error in zip(children, errors, strict=True) if not child.bounded) / 8


def total_one(at: Sequence[int], factors: Sequence[float]) -> Callable[[Sequence[float]], float]:
    """Return one unit's points at all rows -> the sum of some, each times its factor; 1 and -1 change no bit."""
    (first, lead), *rest = zip(at, factors, strict=True)

    def total(points: Sequence[float]) -> float:
        out = points[first] * lead
        for place, factor in rest:
            out += points[place] * factor
        return out

    return total


def scaled(parts: Sequence[Any], score: Any) -> tuple[Any, ...]:
    """Stretch the parts in proportion so that they add up to the score; parts that do already stay as they are.

    So parts that cancel stay what they are, and decimals of 60 digits are not divided by what only rounding left.
    """
    whole = sum(parts)
    if abs(score - whole) <= (DECIMAL.tolerance if isinstance(score, Decimal) else 0):
        return tuple(part + score * 0 for part in parts)
    if not whole:
        return tuple(score / len(parts) for _ in parts)
    return tuple(part * score / whole for part in parts)
