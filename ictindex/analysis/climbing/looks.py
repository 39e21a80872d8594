"""What each move of a unit changes, and which moves touch one indicator alone: the ground that a search stands on."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen

from ictindex.analysis.climbing.fronts import Pick
from ictindex.analysis.climbing.offers import Offer
from ictindex.analysis.rescoring import alternatives, rescored
from ictindex.editing import Edit
from ictindex.errors import TableInvalid
from ictindex.matrix import Flag
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


@frozen(kw_only=True)
class Looks:
    """A unit as it is and with each single move made.

    `narrow` offers change one of the indicators that matter, the `wide` ones several. `leaves` says that a move changes
    what is left out, so that the unit's rows are no longer combined as they are now.
    """

    result: Result = field(repr=False)
    unit: int
    offers: tuple[Offer, ...] = field(repr=False)
    now: Look
    moved: Mapping[Pick, Look] = field(repr=False)
    narrow: Mapping[int, int]  # the offer: the indicator's row
    wide: tuple[int, ...]
    leaves: bool

    def edits(self, picks: Sequence[Pick]) -> tuple[Edit, ...]:
        """Return the cells that these moves change."""
        return tuple(edit for offer, move in picks for edit in self.offers[offer].moves[move].edits)

    def effort(self, picks: Sequence[Pick]) -> Fraction:
        """Return what these moves cost together."""
        return sum((self.offers[offer].moves[move].effort for offer, move in picks), Fraction(0))

    def contexts(self) -> tuple[Look, ...] | None:
        """Return the unit with every combination of wide moves, None where there are too many."""
        count = 1
        for offer in self.wide:
            count *= 1 + len(self.offers[offer].moves)
        if count > MOST_CONTEXTS:
            return None
        choices = ([None, *((offer, at) for at in range(len(self.offers[offer].moves)))] for offer in self.wide)
        sets = [tuple(pick for pick in one if pick is not None) for one in itertools.product(*choices)]
        known = {(): self.now} | {(pick,): look for pick, look in self.moved.items()}
        new = [one for one in sets if one not in known]
        found = known | dict(
            zip(new, looked(self.result, self.unit, [(one, self.edits(one)) for one in new]), strict=True)
        )
        return tuple(look for one in sets if (look := found[one]) is not None)

    def teaches(self) -> bool:
        """Whether any move changes what other units' points depend on."""
        if not self.result.plan.relative or self.result.options.get("reference"):
            return False
        now = self.result.settled.exact_fits()
        for number in range(max((len(one.moves) for one in self.offers), default=0)):
            picks = [(at, number) for at, one in enumerate(self.offers) if number < len(one.moves)]
            if not _same_fits(now, rescored(self.result, self.edits(picks)).settled.exact_fits()):
                return True
        return False


def looks_of(result: Result, unit: int, offers: tuple[Offer, ...], rows: Collection[int]) -> Looks:
    """Return what every single move of these offers makes of the unit; `rows` are the indicators that matter."""
    picks = [(at, number) for at, one in enumerate(offers) for number in range(len(one.moves))]
    sets: list[tuple[tuple[Pick, ...], Sequence[Edit]]] = [((), ())]
    sets += [((pick,), offers[pick[0]].moves[pick[1]].edits) for pick in picks]
    now, *moved = looked(result, unit, sets)
    if now is None:
        raise AssertionError("a table that was scored is not refused")
    kept = {pick: look for pick, look in zip(picks, moved, strict=True) if look is not None}
    narrow: dict[int, int] = {}
    wide: list[int] = []
    for at, _ in enumerate(offers):
        mine = [look for pick, look in kept.items() if pick[0] == at]
        touched = {place for look in mine for place in rows if look.points[place] != now.points[place]}
        if len(touched) == 1:
            narrow[at] = touched.pop()
        elif touched:
            wide.append(at)
    leaves = any(look.left != now.left for look in kept.values())
    return Looks(
        result=result, unit=unit, offers=offers, now=now, moved=kept, narrow=narrow, wide=tuple(wide), leaves=leaves
    )


def looked(result: Result, unit: int, sets: Sequence[tuple[tuple[Pick, ...], Sequence[Edit]]]) -> Iterator[Look | None]:
    """Yield the unit with each set of moves made; None for one that the scheme refuses."""
    if not sets:
        return
    try:
        found = alternatives(result, unit, [edits for _, edits in sets])
    except TableInvalid:
        if len(sets) == 1:
            yield None
            return
        middle = len(sets) // 2
        yield from looked(result, unit, sets[:middle])
        yield from looked(result, unit, sets[middle:])
        return
    matrix = found.settled.matrix
    holding = [(place, matrix.holds(place, Flag.LEFT_OUT)) for place in range(len(result.plan.nodes))]
    rows = [(place, mask) for place, mask in holding if mask.any()]
    found.settled.settle(np.arange(len(sets)))
    for at, (picks, _) in enumerate(sets):
        left = frozenset(place for place, mask in rows if mask[at])
        yield Look(picks=picks, points=found.settled.column(at).tolist(), left=left)


def _same_fits(now: Mapping[int, Fit], then: Mapping[int, Fit]) -> bool:
    return now.keys() == then.keys() and all(
        fit.numbers.keys() == then[place].numbers.keys()
        and all(bool((numbers == then[place].numbers[name]).all()) for name, numbers in fit.numbers.items())
        for place, fit in now.items()
    )
