"""What each move of a unit changes, alone and among the pools: the ground that a search stands on."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from attrs import field, frozen

from ictindex.analysis.climbing.fronts import Pick
from ictindex.analysis.climbing.offers import Offer
from ictindex.analysis.rescoring import earned, rescored
from ictindex.editing import Edit
from ictindex.result import Result
from ictindex.strategies.base import Fit

MOST_CONTEXTS = 1024
"""So many combinations of moves that touch several criteria are looked at one by one."""


@frozen(kw_only=True)
class Look:
    """A unit with some moves made: its exact points by row of the matrix, and the rows that are left out for it.

    Points under a relative scheme are those that it has while the pool teaches what it teaches now.
    """

    picks: tuple[Pick, ...]
    points: Sequence[Any] = field(repr=False)
    left: frozenset[int]


@frozen(kw_only=True, slots=False, eq=False)
class Looks:
    """A unit as it is and with each single move made.

    `touched` are the indicators that matter and that each offer changes; `wide` offers change several. `leaves` says
    that a move changes what is left out, so that the unit's rows are no longer combined as they are now.
    """

    result: Result = field(repr=False)
    unit: int
    offers: tuple[Offer, ...] = field(repr=False)
    now: Look
    moved: Mapping[Pick, Look] = field(repr=False)
    touched: Mapping[int, tuple[int, ...]]  # by offer: the rows of the indicators
    wide: tuple[int, ...]
    leaves: bool

    def edits(self, picks: Sequence[Pick]) -> tuple[Edit, ...]:
        """Return the cells that these moves change."""
        return tuple(edit for offer, move in picks for edit in self.offers[offer].moves[move].edits)

    def effort(self, picks: Sequence[Pick]) -> Fraction:
        """Return what these moves cost together."""
        return sum((self.offers[offer].moves[move].effort for offer, move in picks), Fraction(0))

    def contexts(self) -> tuple[tuple[Pick, ...], ...] | None:
        """Return every combination of wide moves, none of them first; None where there are too many."""
        choices = [[(), *(((at, number),) for number in range(len(self.offers[at].moves)))] for at in self.wide]
        if math.prod(map(len, choices)) > MOST_CONTEXTS:
            return None
        return tuple(tuple(itertools.chain(*one)) for one in itertools.product(*choices))

    def changed(self, pick: Pick) -> Mapping[int, Any]:
        """Return the points of the indicators that a move changes, whatever it teaches the pools."""
        at, number = pick
        points: Sequence[Any] = self.moved[pick].points
        if self.rounds:  # what others are compared with is another number then, and so may be the unit's own points
            points = self.rounds[number].settled.column(self.unit).tolist()
        return {place: points[place] for place in self.touched[at]}

    @cached_property
    def rounds(self) -> tuple[Result, ...]:
        """Where units are compared: the table with every offer's first move made, then its second, and so on.

        Every offer changes indicators of its own, so each round shows one move of each of them as it truly is.
        """
        if not self.result.plan.relative or self.result.options.get("reference"):
            return ()
        most = max((len(one.moves) for one in self.offers), default=0)
        rounds = ([(at, made) for at, one in enumerate(self.offers) if made < len(one.moves)] for made in range(most))
        return tuple(rescored(self.result, self.edits(picks)) for picks in rounds)

    @cached_property
    def teaches(self) -> bool:
        """Whether any move changes what other units' points depend on."""
        now = self.result.settled.exact_fits() if self.rounds else {}
        return any(not _same_fits(now, one.settled.exact_fits()) for one in self.rounds)


def looks_of(result: Result, unit: int, offers: tuple[Offer, ...], rows: Collection[int]) -> Looks:
    """Return what every single move of these offers makes of the unit; `rows` are the indicators that matter."""
    picks = [(at, number) for at, one in enumerate(offers) for number in range(len(one.moves))]
    sets: list[tuple[tuple[Pick, ...], Sequence[Edit]]] = [((), ())]
    sets += [((pick,), offers[pick[0]].moves[pick[1]].edits) for pick in picks]
    now, *moved = looked(result, unit, sets)
    if now is None:
        raise AssertionError("a table that was scored is not refused")
    kept = {pick: look for pick, look in zip(picks, moved, strict=True) if look is not None}
    touched = {
        at: tuple(
            place
            for place in sorted(rows)
            if any(look.points[place] != now.points[place] for pick, look in kept.items() if pick[0] == at)
        )
        for at in range(len(offers))
    }
    leaves = any(look.left != now.left for look in kept.values())
    return Looks(
        result=result,
        unit=unit,
        offers=offers,
        now=now,
        moved=kept,
        touched=touched,
        wide=tuple(at for at, places in touched.items() if len(places) > 1),
        leaves=leaves,
    )


def looked(result: Result, unit: int, sets: Sequence[tuple[tuple[Pick, ...], Sequence[Edit]]]) -> Iterator[Look | None]:
    """Yield the unit with each set of moves made; None for one that the scheme refuses."""
    for (picks, _), one in zip(sets, earned(result, unit, [edits for _, edits in sets]), strict=True):
        yield None if one is None else Look(picks=picks, points=one.points, left=one.left)


def _same_fits(now: Mapping[int, Fit], then: Mapping[int, Fit]) -> bool:
    return now.keys() == then.keys() and all(
        fit.numbers.keys() == then[place].numbers.keys()
        and all(bool((numbers == then[place].numbers[name]).all()) for name, numbers in fit.numbers.items())
        for place, fit in now.items()
    )
