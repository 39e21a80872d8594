"""How a unit stands among its pool at a row: its rank, the pool's median and the pool's best, all exact."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from attrs import frozen

from ictindex.exact import as_fraction
from ictindex.result import Result

MOST_NAMED = 5
"""So many of the best units of a row are named; beyond it they are counted."""

Positions = npt.NDArray[np.intp]


@frozen
class Standing:
    """A unit at a row among the `of` units of its pool that have a score there; rank 1 is best, and equals share it."""

    rank: int
    of: int
    median: Fraction
    best: Fraction
    best_units: tuple[str, ...]
    best_count: int


def pool_members(result: Result, unit: int) -> Positions:
    """Return the positions of the units of a unit's pool, itself among them; all units where there are no pools."""
    pools = result.table.pool
    if pools is None:
        return np.arange(len(result.units), dtype=np.intp)
    return np.flatnonzero(np.array([pool == pools[unit] for pool in pools])).astype(np.intp)


def standings(result: Result, unit: int, rows: Mapping[int, bool]) -> dict[int, Standing]:
    """Return how a unit stands at each of these rows of the matrix, those at which it has a score.

    `rows` says of each row whether fewer points are better there. Ranks are made on the score that the scheme makes
    ranks on (the published or the exact one), the median and the best on exact points.
    """
    members = pool_members(result, unit)
    sorted_members: dict[int, Positions] = {}
    for place, least in rows.items():
        scored = members[result.settled.matrix.scored(place)[members]]
        if unit not in scored:
            continue
        order = result.settled.order(place)[scored]
        sorted_members[place] = scored[np.argsort(order if least else -order, kind="stable")]
    _settle(result, sorted_members)
    return {place: _standing(result, unit, place, found, least=rows[place]) for place, found in sorted_members.items()}


def _middle(found: Positions) -> tuple[int, int]:
    """Return the unit in the middle, twice, or the two that share the middle."""
    size = len(found)
    return int(found[(size - 1) // 2]), int(found[size // 2])


def _settle(result: Result, sorted_members: Mapping[int, Positions]) -> None:
    """Have the exact numbers of every unit that is needed computed together."""
    units = {one for found in sorted_members.values() for one in (int(found[0]), *_middle(found))}
    result.settled.settle(np.array(sorted(units), np.intp))


def _standing(result: Result, unit: int, place: int, found: Positions, *, least: bool) -> Standing:
    settled, row = result.settled, result.plan.nodes[place].row
    keys = settled.keys(place) if row.rank.on == "published" else settled.order(place)
    better = keys[found] < keys[unit] if least else keys[found] > keys[unit]
    order = settled.order(place)[found]
    first = found[order == order[0]]
    median = sum(as_fraction(settled.column(one)[place]) for one in _middle(found)) / Fraction(2)
    return Standing(
        rank=int(better.sum()) + 1,
        of=len(found),
        median=median,
        best=as_fraction(settled.column(int(found[0]))[place]),
        best_units=tuple(result.units[int(one)] for one in np.sort(first)[:MOST_NAMED]),
        best_count=len(first),
    )
