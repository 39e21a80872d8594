"""Ranks that units can still have, from the lowest and the highest key of each.

Where a rank counts who is above (competition, ordinal and average ties), every rival counts by itself, so a unit's best
rank is that of its highest key against the lowest of each rival: the ends are reached. Dense ranks count different
scores, which rivals may share or not: between open rivals those are bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from attrs import frozen

from ictindex.analysis.pending.ends import Range

Numbers = npt.NDArray[np.int64]
Ties = Literal["competition", "dense", "ordinal", "average"]


@frozen
class Place:
    """The ranks that a unit can still have, None for one that is never ranked.

    `reach` is how many ranks a change of this unit's score can move at most, its own included.
    """

    best: float | None
    worst: float | None
    exact: bool
    reach: int


NOWHERE = Place(None, None, exact=True, reach=0)


def places_of(
    ranges: Sequence[Range], ties: Ties, labels: Sequence[str], pools: Sequence[str] | None, ranked: Sequence[bool]
) -> list[Place]:
    """Return the ranks that each unit can still have among the ranked units of its pool."""
    places = [NOWHERE] * len(ranges)
    members: dict[str, list[int]] = {}
    for unit, one in enumerate(ranges):
        if ranked[unit] and one.low is not None:
            members.setdefault("" if pools is None else pools[unit], []).append(unit)
    for units in members.values():
        pool = _Pool([ranges[unit] for unit in units], ties, [labels[unit] for unit in units])
        for at, unit in enumerate(units):
            places[unit] = pool.place(at)
    return places


class _Pool:
    """The units of one pool that may be ranked: whole numbers that order their lowest and highest keys."""

    def __init__(self, ranges: Sequence[Range], ties: Ties, labels: Sequence[str]) -> None:
        self.ties, self.size = ties, len(ranges)
        ends = np.array([one.low for one in ranges] + [one.high for one in ranges], np.int64)
        numbers = np.unique(ends, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
        if ties == "ordinal":  # the code decides between equals: the first of the alphabet is above
            order = sorted(range(self.size), key=labels.__getitem__, reverse=True)
            after = np.empty(self.size, np.int64)
            after[order] = np.arange(self.size)
            numbers = numbers * self.size + np.concatenate((after, after))
        self.low, self.high = numbers[: self.size], numbers[self.size :]
        self.always = np.array([one.always for one in ranges], np.bool_)
        self.exact = all(one.exact for one in ranges)
        self.open = self.low != self.high

    def place(self, at: int) -> Place:
        """Return the ranks of one unit."""
        rest = np.arange(self.size) != at
        sure, others = rest & self.always, rest
        low, high = self.low[at], self.high[at]
        exact = self.exact
        if self.ties == "dense":
            best = 1.0 + _fewest(self.low[sure & (self.low > high)], self.high[sure & (self.low > high)])
            above = others & (self.high > low)
            fixed = above & ~self.open
            worst = 1.0 + len(np.unique(self.low[fixed])) + int((above & self.open).sum())
            exact = exact and not (rest & (self.open | ~self.always)).any()
        else:
            half = 0.5 if self.ties == "average" else 0.0
            best = 1.0 + int((sure & (self.low > high)).sum()) + half * int((sure & (self.low == high)).sum())
            worst = 1.0 + int((others & (self.high > low)).sum()) + half * int((others & (self.high == low)).sum())
        return Place(best, worst, exact, self._reach(at, rest))

    def _reach(self, at: int, rest: npt.NDArray[np.bool_]) -> int:
        """Return how many ranks may move: those of the rivals that it may pass, meet or leave, and its own."""
        if not self.open[at] and self.always[at]:
            return 0
        met = rest & (self.low <= self.high[at])
        if self.always[at]:
            near = met & (self.high >= self.low[at])
            met = met if self.ties == "dense" and near.any() else near
            return int(met.sum()) + bool(met.any())
        return int(met.sum()) + 1


def _fewest(low: Numbers, high: Numbers) -> int:
    """Return the fewest different keys that units between these ends can have: as few as points meet all of them."""
    count, last = 0, None
    for at in np.argsort(high, kind="stable").tolist():
        if last is None or low[at] > last:
            count, last = count + 1, high[at]
    return count
