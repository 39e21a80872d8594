"""The units that a unit is ranked with, and the score that each rank needs: ties and tie-breaks as the scheme has them.

What is compared is a *chain*: the number at the row that is ranked, then at each row that breaks a tie; whole numbers
of published scores, or exact points where ranks are made on these. A higher chain is better, row by row.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from ictindex.model import Row
from ictindex.publication import key_per_point
from ictindex.ranking import Ties
from ictindex.result import Result
from ictindex.strategies.base import CONTEXT

Chain: TypeAlias = tuple[Any, ...]

_ABSENT = float("-inf")
"""In a chain, for a row at which a unit has no score: it comes after those that have one."""

_DIGITS = Decimal(10) ** -44
"""Decimals that agree to so many places count as equal, as in `strategies.base`."""


@frozen
class Rival:
    """Another ranked unit of the pool: its position in the table and its chain."""

    position: int
    chain: Chain


@frozen
class Threshold:
    """What a rank needs: a chain at least as good as `chain`, or a better one where `above`.

    `holders` are the positions of the units that have this chain.
    """

    rank: int | float
    chain: Chain
    above: bool
    holders: tuple[int, ...]


@frozen(kw_only=True, slots=False)
class Field:
    """The ranked units of a pool at one row, without the one that climbs, whose code is `label`.

    `rows` are the rows of the matrix that a chain goes through. Projections of what rivals will do make another field
    of the same rows (`with_rivals`).
    """

    rows: tuple[int, ...]
    ties: Ties
    on: Literal["published", "exact"]
    label: str
    units: tuple[str, ...] = field(repr=False)
    rivals: tuple[Rival, ...] = field(repr=False)

    def rank(self, chain: Chain) -> int | float:
        """Return the rank that the unit would have with this chain."""
        above = sum(one.chain > chain for one in self.rivals)
        same = [self.units[one.position] for one in self.rivals if one.chain == chain]
        return self._rank(above, same, len({one.chain for one in self.rivals if one.chain > chain}))

    def threshold(self, rank: float) -> Threshold | None:
        """Return what it takes to have at least this rank, None where the last place is good enough."""
        good = [one for one in self._thresholds if one.rank <= rank]
        return None if not self._thresholds or self._last_rank <= rank else good[-1] if good else self._thresholds[0]

    def better(self, rank: float) -> tuple[Threshold, ...]:
        """Return what each better rank that can be had needs, the nearest first."""
        lowest = {one.rank: one for one in self._thresholds if one.rank < rank}
        return tuple(sorted(lowest.values(), key=lambda one: -one.rank))

    @cached_property
    def _thresholds(self) -> tuple[Threshold, ...]:
        """What can be had, from the first rank down: above a group of equal rivals, then level with it."""
        found: list[Threshold] = []
        above = 0
        ordered = sorted(self.rivals, key=lambda one: one.chain, reverse=True)
        for number, (chain, group) in enumerate(itertools.groupby(ordered, key=lambda one: one.chain)):
            members = tuple(one.position for one in group)
            found.append(Threshold(self._rank(above, (), number), chain, True, members))
            labels = [self.units[one] for one in members]
            found.append(Threshold(self._rank(above, labels, number), chain, False, members))
            above += len(members)
        return tuple(found)

    @property
    def _last_rank(self) -> int | float:
        return self._rank(len(self.rivals), (), len({one.chain for one in self.rivals}))

    def _rank(self, above: int, same: Sequence[str], distinct: int) -> int | float:
        if self.ties == "dense":
            return distinct + 1
        if self.ties == "average":
            return above + (len(same) + 2) / 2
        return above + 1 + (sum(one < self.label for one in same) if self.ties == "ordinal" else 0)


def field_of(result: Result, row: Row, unit: int, chains: Mapping[int, Chain] | None = None) -> Field:
    """Return the field of a ranked unit at a row; `chains` are other chains than the units have now, by position."""
    rows = result.plan.rank_chain(result.plan.place(row.code))
    pool = result.table.pool
    ranked = np.asarray(result.ranks(row.code)) != 0
    members = [
        one for one in np.flatnonzero(ranked).tolist() if one != unit and (pool is None or pool[one] == pool[unit])
    ]
    if row.rank.on == "exact":
        result.settled.settle(np.array(members, np.intp))
    now = chains_of(result, row, members)
    return Field(
        rows=rows,
        ties=row.rank.ties,
        on=row.rank.on,
        label=result.units[unit],
        units=result.units,
        rivals=tuple(Rival(one, (chains or {}).get(one, now[one])) for one in members),
    )


def chains_of(result: Result, row: Row, units: Sequence[int]) -> dict[int, Chain]:
    """Return the chains of the units at these positions, as ranks at the row are made of them."""
    rows, settled = result.plan.rank_chain(result.plan.place(row.code)), result.settled
    published = row.rank.on == "published"
    keys = [settled.keys(one) if published else None for one in rows]
    scored = [settled.matrix.scored(one) for one in rows]

    def number(at: int, unit: int) -> Any:
        if not scored[at][unit]:
            return _ABSENT
        column = keys[at]
        return int(column[unit]) if column is not None else comparable(settled.column(unit)[rows[at]])

    return {unit: tuple(number(at, unit) for at in range(len(rows))) for unit in units}


def comparable(points: Any) -> Any:
    """Return exact points so that equal ones compare as equal."""
    return Fraction(CONTEXT.quantize(points, _DIGITS)) if isinstance(points, Decimal) else points


def least_points(row: Row, key: int) -> Fraction:
    """Return the smallest points of which the published score is a key, or more."""
    half = Fraction(1, 2) if row.publish.rounding == "half-up" else Fraction(0)
    return (key - half) / key_per_point(row)


def absent(number: Any) -> bool:
    """Whether a number of a chain stands for no score."""
    return bool(number == _ABSENT)
