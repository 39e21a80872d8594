"""A score as it is printed: on the row's published scale, with its decimals, as a whole number of last digits.

A *key* is the published score times 10^decimals. Ranks, ties and levels are made on keys, so what is equal on paper is
equal here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ictindex.model import Publication, Row
from ictindex.plan import points_per_unit
from ictindex.strategies.base import DECIMAL, ROUNDING, Array, Mask, to_decimal
from ictindex.strategies.classifications import bound

Keys = npt.NDArray[np.int64]

BLOCK = 16384
"""So many scores are rounded at once: they stay in the processor's cache."""

NEGLIGIBLE = Fraction(1, 10**40)
"""Decimals of 60 digits leave traces smaller than this; what is smaller is nothing."""

POINTS = Publication("points", 8)
"""How the points of a row are shown beside the published score: exact, half up, without zeros at the end."""


def key_per_point(row: Row) -> Fraction:
    """Return what one point adds to the key of a row whose maximum is not 0."""
    return Fraction(10) ** row.publish.decimals / points_per_unit(row)


def level_bound(row: Row, position: int) -> tuple[Fraction, bool]:
    """Return the score, on the scale that the row publishes, from which the level at a position (0: best) is earned.

    The second says whether it must be exceeded. Only asked of rows with levels.
    """
    if row.levels is None:
        raise AssertionError("only asked of rows with levels")
    return bound(row.levels, position, row.max / (points_per_unit(row) or 1))


def float_keys(points: Array, row: Row, error: float) -> tuple[Keys, Mask, float]:
    """Return the keys of float points with a known error, the units in doubt, and the width of the doubt.

    In doubt is a unit for which the error leaves two keys open; the width is in keys.
    """
    factor, half = float(key_per_point(row)), 0.5 if row.publish.rounding == "half-up" else 0.0
    keys, doubt = np.zeros(len(points), np.int64), np.ones(len(points), np.bool_)
    low, high = (float(end(points, initial=0.0)) * factor + half for end in (np.min, np.max))
    slack = error * factor + 4 * ROUNDING * max(1.0, -low, high)
    if not all(map(math.isfinite, (slack, low, high))):
        return keys, doubt, slack
    for start in range(0, len(points), BLOCK):
        where = slice(start, start + BLOCK)
        scaled = points[where] * factor
        scaled += half
        whole = scaled + slack
        np.floor(whole, out=whole)
        keys[where] = whole
        np.less(np.subtract(scaled, whole, out=scaled), slack, out=doubt[where])
    return keys, doubt, slack


def float_key(points: float, factor: float, half: float, error: float) -> tuple[int | None, bool, float]:
    """Return what `float_keys` does for one unit; no key where the error is without bounds.

    `factor` is that of `key_per_point`, `half` is 0.5 where the row rounds half up and else 0.
    """
    scaled = points * factor + half
    slack = error * factor + 4 * ROUNDING * max(abs(scaled), 1.0)
    if not math.isfinite(slack):
        return None, True, slack
    key = math.floor(scaled + slack)
    return key, scaled - key < slack, slack


def on_boundary(slack: float, grain: int | None, row: Row) -> bool:
    """Whether points so near a boundary are on it: so it is when all points are multiples of a coarse 1/`grain`."""
    return grain is not None and 8 * slack * grain * key_per_point(row).denominator < 1


def exact_key(points: Fraction | Decimal, row: Row) -> int:
    """Return the key of exact points (a Fraction, or a decimal that stands for a root or logarithm)."""
    half = Fraction(1, 2) if row.publish.rounding == "half-up" else Fraction(0)
    if isinstance(points, Decimal):
        with DECIMAL.context():
            return math.floor(points * to_decimal(key_per_point(row)) + to_decimal(half) + Decimal(DECIMAL.tolerance))
    key: int = math.floor(points * key_per_point(row) + half)
    return key


def half_up(number: Fraction) -> int:
    """Return the nearest whole number, halves upward."""
    return math.floor(number + Fraction(1, 2))


def apportioned(parts: Sequence[Fraction], whole: int) -> list[int]:
    """Return whole numbers that add up to `whole`, each a part cut or rounded up: the largest remainders go up.

    `whole` is less than 1 away from the sum of the parts, as rounded numbers are. A part of nothing stays 0.
    """
    some = [at for at, part in enumerate(parts) if abs(part) > NEGLIGIBLE]
    numbers = [math.floor(part) if at in some else 0 for at, part in enumerate(parts)]
    missing = max(whole - sum(numbers), 0)  # below 0 only where decimals leave a trace
    for at in sorted(some, key=lambda one: (numbers[one] - parts[one], one))[:missing]:
        numbers[at] += 1
    return numbers


def text(key: int, publication: Publication) -> str:
    """Return the published number that the key stands for, such as `0.4655`."""
    sign, digits = ("-", -key) if key < 0 else ("", key)
    if not publication.decimals:
        return f"{sign}{digits}"
    whole, part = divmod(digits, 10**publication.decimals)
    return f"{sign}{whole}.{part:0{publication.decimals}d}"
