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

Keys = npt.NDArray[np.int64]
Positions = npt.NDArray[np.intp]

SNAP = 1e-9
"""So much of the last published digit is rounding; more where a score has very many digits."""

_DIGITS = 2**32 - 8
_SAME = 2
CELLS = 2**15
"""So many cells are ranked at once, so that they stay in the processor's cache; but not too few lines of them."""

_LINES = 6

_FEW = 256
"""Lines of no more units are sorted at once."""

_SPARSE = 4
"""Numbers are counted where there are at most so many for each unit."""

_SWAPS = 2
"""So often do neighbours change places three times before a line is sorted whole."""


@frozen
class Numbers:
    """What ranks are made on: whole numbers from 0 to `high`, a line for each draw and a column for each unit.

    Two in a line are a tie if no more than `tie` apart, or if others lie between them that are: of all draws, or a line
    for each.
    """

    keys: Keys
    tie: Any
    high: int

    def of(self, pool: slice) -> Numbers:
        """Return the numbers of one pool."""
        if pool == slice(0, self.keys.shape[1]):
            return self
        keys = self.keys[:, pool]
        low, high = int(keys.min()), int(keys.max())
        return Numbers(keys - low, self.tie, high - low)


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

    def numbers(self, points: Array, scored: Mask | None) -> Numbers:
        """Return the scores of each draw and unit as whole numbers that are ties where they are near enough.

        Units without a score have the lowest number, which no other unit has.
        """
        values = self.keys(points) if self.published else points
        if scored is not None:
            first = np.take_along_axis(values, scored.argmax(axis=1)[:, None], axis=1)  # of anyone who has a score
            values = np.where(scored, values, first)
        low = values.min(axis=1, keepdims=True)
        values = np.subtract(values, low, out=values if self.published else None)
        highest = float(values.max())
        tie: Any = np.int64(0)
        if not self.published or highest > _DIGITS:
            values, tie = self._scaled(values, low)
            highest = float(_DIGITS + 2 + _SAME)
        elif scored is not None:
            values += 1
        if scored is not None:
            values[~scored] = 0
        return Numbers(values.astype(np.int64), tie, int(highest) + 1)

    def _scaled(self, values: Array, low: Array) -> tuple[Array, Any]:
        """Return values as numbers up to 2^32 where they are unrounded or have too many digits, and what is a tie."""
        width = values.max(axis=1, keepdims=True)
        told = width > 64 * 2.0**-52 * np.maximum(np.abs(low), self.maximum)  # wider than rounding alone
        scale = np.where(told, _DIGITS / np.where(told, width, 1.0), 0.0)
        tie: Any = np.int64(_SAME)
        if self.published:
            wide = width > _DIGITS
            scale, tie = np.where(wide, scale, 1.0), np.where(wide, _SAME, 0)
        values *= scale
        values += 1.5 + _SAME
        return values, tie


@frozen
class Scored:
    """The points of one row in every draw, how they become numbers, and who has a score; None: everybody."""

    score: Score
    points: Array
    has: Mask | None = None

    def numbers(self, part: slice) -> Numbers:
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
        rows = max(_LINES, CELLS // max((pool.stop - pool.start for pool in self.pools), default=1))
        for start in range(0, draws, rows):
            part = slice(start, min(start + rows, draws))
            numbers = [one.numbers(part) for one in chain]
            for pool in self.pools:
                found[part, pool] = self._ranked([one.of(pool) for one in numbers], self.labels[pool])
        has = chain[0].has
        if has is not None:
            np.copyto(found, self.last, where=~has)
        return found

    def _ranked(self, chain: Sequence[Numbers], labels: Sequence[str]) -> Array:
        if len(chain) == 1 and self.ties == "competition":
            return competition(chain[0], self.dtype)
        keys = [competition(one, np.int64) for one in chain]  # equal where the numbers tie, and lower is better
        ranked = [rank([-one[draw] for one in keys], self.ties, labels) for draw in range(len(keys[0]))]
        made: Array = np.rint(np.array(ranked) * self.times)
        return made


def competition(numbers: Numbers, kind: Any) -> Array:
    """Return one more than how many are above, in each line; what is a tie with its neighbour has its rank."""
    lines, units = numbers.keys.shape
    if units <= _FEW or numbers.high >= _SPARSE * units or numbers.tie.any():
        return _sorted(numbers, kind)
    found = np.empty((lines, units), kind)
    rows = max(1, CELLS // (numbers.high + 1))
    for start in range(0, lines, rows):
        _count(numbers.keys[start : start + rows], numbers.high + 1, found[start : start + rows])
    return found


def _count(keys: Keys, width: int, out: Array) -> None:
    """Write the ranks of numbers in a short range: counting is faster than sorting."""
    lines, units = keys.shape
    places = keys + np.arange(0, lines * width, width)[:, None]
    counts = np.bincount(places.reshape(-1), minlength=lines * width).reshape(lines, width)
    up_to = np.cumsum(counts, axis=1, dtype=np.int32)
    np.take((units + 1 - up_to).astype(out.dtype), places, out=out, mode="clip")


def _sorted(numbers: Numbers, kind: Any) -> Array:
    """Return the ranks of any numbers, sorted with the place of each unit in their lowest bits."""
    lines, units = numbers.keys.shape
    bits = max(1, (units - 1).bit_length())
    packed = numbers.keys << bits
    packed |= np.arange(units)
    even, odd = in_order(packed, numbers.high.bit_length() + bits)
    near = numbers.tie + 2 << bits  # whatever the lowest bits are, what is farther apart is no tie
    ties = (odd - even[:, : odd.shape[1]] < near).any(axis=1)
    ties |= (even[:, 1:] - odd[:, : even.shape[1] - 1] < near).any(axis=1)
    ranks, begin = np.arange(units, 0, -1).astype(kind), np.arange(0, lines * units, units)[:, None]
    found = np.empty((lines, units), kind)
    for half, own in ((even, ranks[::2]), (odd, ranks[1::2])):
        places = half & (1 << bits) - 1
        places += begin
        found.reshape(-1)[places.reshape(-1)] = np.tile(own, lines)  # numpy is fastest along one axis
    some = np.flatnonzero(ties)
    if some.size:
        whole = np.empty((len(some), units), np.int64)
        whole[:, ::2], whole[:, 1::2] = even[some], odd[some]
        tie = numbers.tie[some] if numbers.tie.ndim else numbers.tie
        same = np.diff(whole >> bits, axis=1) <= tie
        shared = np.repeat(ranks[None], len(some), axis=0)
        shared[:, :-1][same] = 0
        turned = shared[:, ::-1]
        np.maximum.accumulate(turned, axis=1, out=turned)  # the rank of the best of those that tie
        found[some[:, None], whole & (1 << bits) - 1] = shared
    return found


def in_order(packed: Keys, bits: int) -> tuple[Keys, Keys]:
    """Return different numbers of so many bits, each line sorted: those at even places, and those at odd ones.

    Numpy sorts 16 bits several times faster than 64. So the upper ones put nearly everything in its place, and then
    neighbours change places until all are in order; a line in which too much has the same upper bits is sorted whole.
    """
    units = packed.shape[1]
    if units <= _FEW:
        found = np.sort(packed, axis=1)
        return found[:, ::2], found[:, 1::2]
    order = np.argsort((packed >> max(0, bits - 16)).astype(np.uint16), axis=1, kind="stable")
    order += np.arange(0, packed.size, units)[:, None]
    flat = packed.reshape(-1)
    even, odd = np.take(flat, order[:, ::2], mode="clip"), np.take(flat, order[:, 1::2], mode="clip")
    left, right, between = even[:, : odd.shape[1]], even[:, 1:], odd[:, : even.shape[1] - 1]
    for _ in range(_SWAPS):
        for _ in range(3):
            _exchange(left, odd)
            _exchange(between, right)
        done = (left < odd).all(axis=1) & (between < right).all(axis=1)
        if done.all():
            return even, odd
    for line in np.flatnonzero(~done).tolist():
        whole = np.sort(packed[line])
        even[line], odd[line] = whole[::2], whole[1::2]
    return even, odd


def _exchange(lower: Keys, upper: Keys) -> None:
    """Put the smaller of each two into the first."""
    smaller = np.minimum(lower, upper)
    np.maximum(lower, upper, out=upper)
    lower[...] = smaller
