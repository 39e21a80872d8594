"""What a unit scores in exact arithmetic: who is right where ictindex and the reference kernel disagree.

The reference takes a score for a half that lies 1e-10 below one, and two scores for equal that differ by 1e-15. Among
millions of units there are some for which that is wrong. Both sides are then judged by fractions of whole numbers.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import reference
from data import Array, Indicator, Workload
from numpy.typing import NDArray

NEAR = 1e-12  # floats of scores that are farther apart are in the right order
MANY = 10_000  # units to be judged one by one; more are no matter of rounding


def settled(
    work: Workload, keys: NDArray[np.int64], ranks: NDArray[np.int64], doubted: NDArray[np.intp]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the reference's published scores and ranks with those of the doubted units worked out exactly.

    Raises AssertionError where so many are doubted that rounding cannot be the cause.
    """
    assert len(doubted) <= MANY, f"{work.name}: {len(doubted)} units differ from the reference"
    keys, ranks = keys.copy(), ranks.copy()
    if work.name == "W2":  # ranked on what is published
        for unit in doubted:
            keys[unit] = _half_up(_points(work, unit) * 100)
        return keys, reference.competition(keys)
    exact = _Means(work)
    floats = exact.floats()
    for unit in doubted:
        own = exact.score(unit)
        keys[unit] = _half_up(own * 10_000)
        near = np.flatnonzero(np.abs(floats - floats[unit]) <= NEAR)
        above = int(np.count_nonzero(floats > floats[unit] + NEAR))
        ranks[unit] = 1 + above + sum(exact.score(other) > own for other in near)
    return keys, ranks


class _Means:
    """The scores of W1."""

    def __init__(self, work: Workload) -> None:
        self.known: dict[int, Fraction] = {}
        self.matrix = work.matrix
        self.low, self.high = work.matrix.min(axis=1), work.matrix.max(axis=1)
        whole = sum(Fraction(group.points) for group in work.groups)
        self.weights = [
            Fraction(group.points)
            / whole
            * Fraction(one.points)
            / sum(Fraction(each.points) for each in group.indicators)
            for group in work.groups
            for one in group.indicators
        ]

    def score(self, unit: int) -> Fraction:
        if unit not in self.known:
            self.known[unit] = self._worked_out(unit)
        return self.known[unit]

    def _worked_out(self, unit: int) -> Fraction:
        parts = zip(self.weights, self.matrix[:, unit], self.low, self.high, strict=True)
        return sum(
            (weight * (_typed(cell) - _typed(low)) / (_typed(high) - _typed(low)) for weight, cell, low, high in parts),
            Fraction(0),
        )

    def floats(self) -> Array:
        scores = np.zeros(self.matrix.shape[1])
        for weight, row, low, high in zip(self.weights, self.matrix, self.low, self.high, strict=True):
            scores += (row - low) * (float(weight) / (high - low))
        return scores


def _points(work: Workload, unit: int) -> Fraction:
    """Return the points of a unit under W2."""
    total = Fraction(0)
    for group in work.groups:
        earned = sum((_earned(one, work.matrix[:, unit]) for one in group.indicators), Fraction(0))
        total += min(earned, Fraction(group.points))
    return total


def _earned(one: Indicator, cells: Array) -> Fraction:
    first = _typed(cells[one.columns[0]])
    if one.kind == "ratio":
        return min(first / _typed(cells[one.columns[1]]), Fraction(1)) * Fraction(one.points)
    if one.kind == "each":
        return min(first * _typed(one.table[0][1]), Fraction(one.points))
    return max((Fraction(points) for start, points in one.table if first >= start), default=Fraction(0))


def _typed(number: float) -> Fraction:
    """Return the decimal number that was typed, of which the float is the nearest."""
    return Fraction(repr(float(number)))


def _half_up(number: Fraction) -> int:
    return math.floor(number + Fraction(1, 2))
