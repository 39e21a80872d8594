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
from ictindex.ranking import Ties as Equal
from ictindex.ranking import rank
from ictindex.strategies.base import Array, Mask

Numbers = npt.NDArray[np.int64]
Positions = npt.NDArray[np.intp]
Ties = int | npt.NDArray[np.int64]
"""How near to each other two numbers are a tie: in all draws, or a line for each."""

SNAP = 1e-9
"""So much of the last published digit is rounding; more where a score has very many digits."""

_DIGITS = 2**32 - 8
_SAME = 2
_CELLS = 2**16
"""So many cells are ranked at once, so that they stay in the processor's cache."""

_FEW = 256
"""Lines of so many are sorted at once, and so many numbers more than four times the units are still counted."""

_SWAPS = 6
"""So often do neighbours change places before a line is sorted whole."""


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

    def numbers(self, points: Array, scored: Mask | None) -> tuple[Numbers, Ties]:
        """Return whole numbers from 0 for each draw and unit, at most 2^32, and how near to each other they are a tie.

        Units without a score have the lowest number, which no other unit has. How near a tie is, is the same for all
        draws or said of each.
        """
        values = self.keys(points) if self.published else np.array(points)
        if scored is not None:
            first = np.take_along_axis(values, scored.argmax(axis=1)[:, None], axis=1)  # of anyone who has a score
            values = np.where(scored, values, first)
        low, high = values.min(axis=1, keepdims=True), values.max(axis=1, keepdims=True)
        width = high - low
        values -= low
        wide = width > _DIGITS
        tie: Ties = 0
        if not self.published or wide.any():
            told = width > 64 * 2.0**-52 * np.maximum(np.abs(low), self.maximum)  # wider than rounding alone
            scale = np.where(told, _DIGITS / np.where(told, width, 1.0), 0.0)
            if self.published:
                scale, tie = np.where(wide, scale, 1.0), np.where(wide, _SAME, 0)
            else:
                tie = _SAME
            values *= scale
            values += 1.5 + _SAME
        elif scored is not None:
            values += 1
        if scored is not None:
            values[~scored] = 0
        return values.astype(np.int64), tie


@frozen
class Scored:
    """The points of one row in every draw, how they become numbers, and who has a score; None: everybody."""

    score: Score
    points: Array
    has: Mask | None = None

    def numbers(self, part: slice) -> tuple[Numbers, Ties]:
        """Return the numbers of some of the draws."""
        return self.score.numbers(self.points[part], None if self.has is None else self.has[part])


@frozen
class Ranker:
    """How units are ranked that stand in the published order, pool after pool, those never ranked at the end."""

    ties: Equal
    labels: tuple[str, ...]
    pools: tuple[slice, ...]

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
        last = np.zeros(len(self.labels), self.dtype)
        for pool in self.pools:
            last[pool] = (pool.stop - pool.start + 1) * self.times
        return last

    def ranks(self, chain: Sequence[Scored]) -> Array:
        """Return the rank of every unit in every draw, times `times`, 0 for a unit that is not ranked.

        `chain` has the scores and then the tie-breakers. Who has no score in a draw is last there.
        """
        draws, units = chain[0].points.shape
        found = np.zeros((draws, units), self.dtype)
        rows = max(1, _CELLS // max((pool.stop - pool.start for pool in self.pools), default=1))
        for start in range(0, draws, rows):
            part = slice(start, min(start + rows, draws))
            numbers = [one.numbers(part) for one in chain]
            for pool in self.pools:
                own = [(one[:, pool], tie) for one, tie in numbers]
                found[part, pool] = self._ranked(own, pool)
        has = chain[0].has
        if has is not None:
            np.copyto(found, self.last, where=~has)
        return found

    def _ranked(self, chain: Sequence[tuple[Numbers, Ties]], pool: slice) -> Array:
        if len(chain) == 1 and self.ties == "competition":
            return competition(*chain[0], self.dtype)
        labels = self.labels[pool]
        keys = [competition(*one, np.int64) for one in chain]  # equal where the numbers tie, and lower is better
        ranked = [rank([-one[draw] for one in keys], self.ties, labels) for draw in range(len(keys[0]))]
        made: Array = np.rint(np.array(ranked) * self.times)
        return made


def competition(numbers: Numbers, tie: Ties, kind: Any) -> Array:
    """Return one more than how many are above, in each line; what is within `tie` of its neighbour ties with it."""
    units = numbers.shape[1]
    high = int(numbers.max())
    if high > 4 * units + _FEW:
        low = int(numbers.min())
        if low:
            numbers, high = numbers - low, high - low
    if not np.any(tie) and high <= 4 * units + _FEW:
        return _counted(numbers, high + 1, kind)
    return _sorted(numbers, high, tie, kind)


def _counted(numbers: Numbers, width: int, kind: Any) -> Array:
    """Return the ranks of numbers in a short range: counting is faster than sorting."""
    lines, units = numbers.shape
    places = numbers + np.arange(0, lines * width, width)[:, None]
    counts = np.bincount(places.reshape(-1), minlength=lines * width).reshape(lines, width)
    up_to = np.cumsum(counts, axis=1, dtype=np.int32)
    return np.take((units + 1 - up_to).astype(kind), places, mode="clip")


def _sorted(numbers: Numbers, high: int, tie: Ties, kind: Any) -> Array:
    """Return the ranks of any numbers up to `high`, sorted with the place of each unit in their lowest bits."""
    lines, units = numbers.shape
    bits = max(1, (units - 1).bit_length())
    places = high - numbers  # the best first
    places <<= bits
    places |= np.arange(units)
    ordered = in_order(places, high.bit_length() + bits)
    places = ordered & ((1 << bits) - 1)
    ordered >>= bits
    apart: Mask = np.diff(ordered, axis=1) > np.asarray(tie)
    ranks = np.arange(1, units + 1, dtype=kind)
    found = np.empty((lines, units), kind)
    for place, out, alone, each in zip(places, found, list(apart.all(axis=1)), apart, strict=True):
        if alone:
            out[place] = ranks
        else:
            first = ranks.copy()
            first[1:][~each] = 1
            out[place] = np.maximum.accumulate(first)
    return found


def in_order(packed: Numbers, bits: int) -> Numbers:
    """Return each line of different numbers of so many bits sorted.

    Numpy sorts 16 bits several times faster than 64. So the upper ones put nearly everything in its place, and
    neighbours change places until nothing is left to do; a line in which too much has the same upper bits is sorted
    whole.
    """
    if packed.shape[1] <= _FEW:
        return np.sort(packed, axis=1)
    upper = (packed >> max(0, bits - 16)).astype(np.uint16)
    order = np.argsort(upper, axis=1, kind="stable")
    order += np.arange(0, packed.size, packed.shape[1])[:, None]
    found = np.take(packed.reshape(-1), order, mode="clip")
    for _ in range(_SWAPS):
        for start in (0, 1):
            one, other = found[:, start:-1:2], found[:, start + 1 :: 2]
            lower = np.minimum(one, other)
            np.maximum(one, other, out=other)
            one[...] = lower
        done = (found[:, 1:] > found[:, :-1]).all(axis=1)
        if done.all():
            return found
    found[~done] = np.sort(found[~done], axis=1)
    return found
