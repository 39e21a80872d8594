"""The ranks of many draws at once, by the rules of the scheme.

What a float cannot tell apart is a tie: a published score is rounded half up after a snap of a billionth of its last
digit, and unrounded ones are equal within half a billionth of the widest distance in a draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from attrs import frozen

from ictindex.model import Row
from ictindex.publication import key_per_point
from ictindex.ranking import Ties, rank
from ictindex.strategies.base import Array, Mask

Numbers = npt.NDArray[np.int64]
Positions = npt.NDArray[np.intp]

SNAP = 1e-9
"""So much of the last published digit is rounding; more where a score has very many digits."""

_DIGITS = 2**32 - 8
_SAME = 2
_CELLS = 2**16
"""So many cells are ranked at once, so that they stay in the processor's cache."""


@frozen
class Score:
    """How the points of a row become a number that ranks are made on."""

    key_per_point: float
    maximum: float
    half: float
    published: bool

    @classmethod
    def of(cls, row: Row, on: Literal["published", "exact"]) -> Score:
        """Return how a row with a maximum is scored."""
        half = 0.5 if row.publish.rounding == "half-up" else 0.0
        return cls(float(key_per_point(row)), float(row.max), half, on == "published")

    def keys(self, points: Array) -> Array:
        """Return the published scores as whole numbers of last digits, in float64."""
        scaled = points * self.key_per_point
        scaled += self.half + max(SNAP, 1e-13 * self.maximum * self.key_per_point)
        return np.floor(scaled, out=scaled)

    def numbers(self, points: Array, scored: Mask | None) -> tuple[Numbers, int]:
        """Return whole numbers 0..2^32 for each draw and unit, and how near to each other they are a tie.

        Units without a score have the lowest number, which no other unit has.
        """
        values = self.keys(points) if self.published else np.array(points)
        if scored is not None:
            first = np.take_along_axis(values, scored.argmax(axis=1)[:, None], axis=1)  # of anyone who has a score
            values = np.where(scored, values, first)
        low, high = values.min(axis=1, keepdims=True), values.max(axis=1, keepdims=True)
        width = high - low
        values -= low
        tie = 0
        if not self.published or width.max() > _DIGITS:
            told = width > 64 * 2.0**-52 * np.maximum(np.abs(low), self.maximum)  # wider than rounding alone
            values *= np.where(told, _DIGITS / np.where(told, width, 1.0), 0.0)
            tie = _SAME
        values += 1.5 + tie
        if scored is not None:
            values[~scored] = 0
        return values.astype(np.int64), tie


@frozen
class Ranker:
    """How the units of one table are ranked: the pools of those that are, and the rule for ties."""

    ties: Ties
    labels: tuple[str, ...]
    members: tuple[Positions, ...]  # the ranked units of each pool

    @property
    def times(self) -> int:
        """Ranks are given times this: 2 where ties share their average."""
        return 2 if self.ties == "average" else 1

    @property
    def dtype(self) -> Any:
        """The smallest kind of whole number that holds every rank."""
        return np.uint16 if (len(self.labels) + 1) * self.times < 2**16 else np.uint32

    @property
    def last(self) -> Array:
        """The rank of a unit that has no score in a draw: behind everybody in its pool. 0 for a unit never ranked."""
        last = np.zeros(len(self.labels), np.int64)
        for members in self.members:
            last[members] = (len(members) + 1) * self.times
        return last

    def ranks(self, chain: Sequence[tuple[Numbers, int]]) -> Array:
        """Return the rank of every unit in every draw, times `times`, 0 for a unit that is not ranked.

        `chain` has the scores and then the tie-breakers as `Score.numbers` gives them.
        """
        draws, units = chain[0][0].shape
        found = np.zeros((draws, units), self.dtype)
        simple = len(chain) == 1 and self.ties == "competition"
        for members in self.members:
            everyone = len(members) == units
            rows = max(1, _CELLS // max(1, len(members)))
            for start in range(0, draws, rows):
                part = slice(start, min(start + rows, draws))
                numbers = [(one[part] if everyone else one[part][:, members], tie) for one, tie in chain]
                ranked = _competition(*numbers[0]) if simple else self._by_rule(numbers, members)
                if everyone:
                    found[part] = ranked
                else:
                    found[part, members] = ranked
        return found

    def _by_rule(self, chain: Sequence[tuple[Numbers, int]], members: Positions) -> Array:
        labels = [self.labels[unit] for unit in members]
        keys = [_competition(*one) for one in chain]  # equal where the numbers tie, and lower is better
        ranked = [
            rank([-one[draw].astype(np.int64) for one in keys], self.ties, labels) for draw in range(len(keys[0]))
        ]
        made: Array = np.rint(np.array(ranked) * self.times)
        return made


def _competition(numbers: Numbers, tie: int) -> Array:
    """Return one more than how many are above, in each line; what is within `tie` of its neighbour ties with it."""
    units = numbers.shape[1]
    low, high = int(numbers.min()), int(numbers.max())
    if not tie and high - low <= 4 * units + 1024:
        return _counted(numbers - low, high - low + 1)
    turned = high - numbers  # the best first
    order = _argsort(turned, high - low)
    ordered = turned.reshape(-1)[order]
    first = np.zeros(numbers.shape, np.int32)
    np.multiply(np.diff(ordered, axis=1) > tie, np.arange(1, units, dtype=np.int32), out=first[:, 1:])
    np.maximum.accumulate(first, axis=1, out=first)
    first += 1
    found = np.empty_like(first)
    found.reshape(-1)[order] = first
    return found


def _counted(numbers: Numbers, width: int) -> Array:
    """Return the ranks of numbers in a short range: counting is faster than sorting."""
    found = np.empty(numbers.shape, np.int64)
    for line, out in zip(numbers, found, strict=True):
        up_to = np.cumsum(np.bincount(line, minlength=width))
        np.take(numbers.shape[1] + 1 - up_to, line, out=out)
    return found


def _argsort(numbers: Numbers, high: int) -> Positions:
    """Return the order of each line of numbers 0..2^32, as positions among all numbers.

    Sixteen bits at a time, since numpy sorts those several times faster than sixty-four.
    """
    begin = np.arange(len(numbers))[:, None] * numbers.shape[1]
    order = np.argsort(numbers.astype(np.uint16), axis=1, kind="stable")  # the lower bits
    order += begin
    if high < 2**16:
        return order
    upper = (numbers >> 16).astype(np.uint16).reshape(-1)[order]
    again = np.argsort(upper, axis=1, kind="stable")
    again += begin
    return order.reshape(-1)[again]
