"""The search where no exact one is possible: a plan is built greedily and trimmed, then all cheaper sets are tried.

Sets of moves are tried in the order of their effort, up to so many. Where the trying ends before the effort of the best
plan, what is known is only a bound: no plan takes less than the effort up to which all sets were tried.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np
from attrs import frozen

from ictindex.analysis.climbing.fronts import Pick
from ictindex.analysis.climbing.goals import Way
from ictindex.analysis.climbing.looks import Looks
from ictindex.analysis.rescoring import alternatives
from ictindex.errors import TableInvalid
from ictindex.result import Result

MOST_LOOKS = 12_000
"""So many sets of moves are tried where the unit alone need be scored for it."""

MOST_TABLES, MOST_SCORED = 300, 6_000
"""Where every try needs the whole table, so many are made, and of so many units in all; a few at least."""

_BATCH = 1000

Picks = tuple[Pick, ...]


@frozen
class Bound:
    """The best plan that was found; it is `proven` where all cheaper sets were tried, else up to `at_least`."""

    picks: Picks | None
    proven: bool
    at_least: Fraction


def tried(
    looks: Looks,
    ways: Sequence[Way],
    everything: Picks,
    reaches: Callable[[Sequence[Pick]], bool],
    whole_table: bool,
) -> Bound:
    """Return the best plan that a bounded search finds. `reaches` scores the whole table with some moves made.

    `whole_table` says that nothing less can tell whether a goal is reached, since a move changes others' points.
    """
    return _Trial(looks, ways, everything, reaches, whole_table).run()


@frozen(slots=False)
class _Trial:
    looks: Looks
    ways: Sequence[Way]
    everything: Picks
    reaches: Callable[[Sequence[Pick]], bool]
    whole_table: bool

    def run(self) -> Bound:
        return self._cheaper(self._trimmed(self._greedy()))

    def _greedy(self) -> Picks | None:
        """Return a plan made of the moves that bring most for their effort, one after the other."""
        picks: Picks = ()
        for _ in range(len(self.looks.offers) * 4):
            if picks and self.reaches(picks):
                return picks
            have = dict(picks)
            nexts = [
                tuple(sorted((have | {offer: move}).items()))
                for offer, move in self.looks.moved
                if move > have.get(offer, -1)
            ]
            if not nexts:
                break
            lacks = self._lacks([picks, *nexts])
            gains = [
                ((lacks[0] - lack) / (float(self._effort(one)) - float(self._effort(picks)) or 1e-9), one)
                for lack, one in zip(lacks[1:], nexts, strict=True)
            ]
            gain, best = max(gains, key=lambda pair: pair[0])
            if gain <= 0:
                break
            picks = best
        return self.everything if self.reaches(self.everything) else None

    def _lacks(self, sets: Sequence[Picks]) -> list[float]:
        """Return how much each set still lacks of the nearest way, as a share of the points that are needed."""
        found = self._scored(sets)
        if found is None:
            return [np.inf] * len(sets)
        points = found.settled.whole.points
        lacking = np.full(len(sets), np.inf)
        for way in self.ways:
            lack = np.zeros(len(sets))
            for need in way:
                most = float(self.looks.result.plan.nodes[need.place].row.max) or 1.0
                lack += np.maximum(float(need.least) - points[need.place], 0) / most
                # A tie is not yet enough, and rivals may gain where this unit does.
                lack -= 1e-6 * np.minimum(points[need.place], most) / most
            lacking = np.minimum(lacking, lack)
        return [float(one) for one in lacking]

    def _trimmed(self, plan: Picks | None) -> Picks | None:
        """Return the plan without the moves that it can do without, each made as small as it may be."""
        if plan is None:
            return None
        for pick in sorted(plan, key=lambda one: -self._effort([one])):
            rest = tuple(one for one in plan if one != pick)
            smaller = [(pick[0], move) for move in range(pick[1]) if (pick[0], move) in self.looks.moved]
            for less in (rest, *(tuple(sorted((*rest, one))) for one in smaller)):
                if less and self._reach([less])[0] and self.reaches(less):
                    plan = less
                    break
        return plan

    def _cheaper(self, plan: Picks | None) -> Bound:
        """Try all sets that cost less than the plan, the cheapest first."""
        size = len(self.looks.result.units)
        budget = min(MOST_TABLES, max(24, MOST_SCORED // size)) if self.whole_table else MOST_LOOKS
        limit = None if plan is None else (self._effort(plan), len(plan))
        batch: list[Picks] = []
        reached = Fraction(0)
        for picks in by_effort(self.looks):
            cost = (self._effort(picks), len(picks))
            over = limit is not None and cost >= limit
            if over or budget == 0 or len(batch) == (1 if self.whole_table else _BATCH):
                found = self._first(batch)
                if found is not None:
                    return Bound(found, True, self._effort(found))
                batch = []
            if over and plan is not None:
                return Bound(plan, True, self._effort(plan))
            reached = cost[0]
            if budget == 0:
                return Bound(plan, False, reached)
            budget -= 1
            batch.append(picks)
        found = self._first(batch)
        if found is not None:
            return Bound(found, True, self._effort(found))
        return Bound(plan, True, reached if plan is None else self._effort(plan))

    def _first(self, sets: Sequence[Picks]) -> Picks | None:
        """Return the first of these sets that reaches the goal."""
        seem = self._reach(sets)
        return next((one for one, good in zip(sets, seem, strict=True) if good and self.reaches(one)), None)

    def _reach(self, sets: Sequence[Picks]) -> list[bool]:
        """Return which sets meet the needs of a way; all of them where only the whole table can tell."""
        if self.whole_table or not sets:
            return [True] * len(sets)
        found = self._scored(sets)
        if found is None:
            return [True] * len(sets)
        good = np.zeros(len(sets), np.bool_)
        for way in self.ways:
            met = np.ones(len(sets), np.bool_)
            for need in way:
                met &= found.settled.reaches(need.place, need.least, strict=need.strict)
            good |= met
        return [bool(one) for one in good]

    def _scored(self, sets: Sequence[Picks]) -> Result | None:
        """Return the unit with each set of moves made, None where the scheme refuses one of them."""
        try:
            return alternatives(self.looks.result, self.looks.unit, [self.looks.edits(one) for one in sets])
        except TableInvalid:
            return None

    def _effort(self, picks: Sequence[Pick]) -> Fraction:
        return sum((self._efforts[pick] for pick in picks), Fraction(0))

    @cached_property
    def _efforts(self) -> Mapping[Pick, Fraction]:
        return {pick: self.looks.effort([pick]) for pick in self.looks.moved}


def by_effort(looks: Looks) -> Iterator[Picks]:
    """Yield every set of moves, at most one of each offer, by effort and then by the number of moves.

    A set leads to others that cost no less: with the next move of its last offer, with the next offer's first move
    added, or, where its last move is a first one, with that of the next offer in its place. Offers stand in the
    order of their first moves' efforts, so each set is reached once.
    """
    efforts = {pick: looks.effort([pick]) for pick in looks.moved}
    by_offer: dict[int, list[Pick]] = {}
    for pick in sorted(looks.moved, key=lambda one: (efforts[one], one)):
        by_offer.setdefault(pick[0], []).append(pick)
    offers = list(by_offer.values())
    if not offers:
        return
    heap: list[tuple[Fraction, int, tuple[tuple[int, int], ...]]] = [(efforts[offers[0][0]], 1, ((0, 0),))]
    while heap:
        cost, count, chosen = heapq.heappop(heap)
        yield tuple(sorted(offers[at][move] for at, move in chosen))
        (at, move), before = chosen[-1], chosen[:-1]
        rest = cost - efforts[offers[at][move]]
        if move + 1 < len(offers[at]):
            more = rest + efforts[offers[at][move + 1]]
            heapq.heappush(heap, (more, count, (*before, (at, move + 1))))
        if at + 1 < len(offers):
            first = efforts[offers[at + 1][0]]
            heapq.heappush(heap, (cost + first, count + 1, (*chosen, (at + 1, 0))))
            if move == 0:
                heapq.heappush(heap, (rest + first, count, (*before, (at + 1, 0))))
