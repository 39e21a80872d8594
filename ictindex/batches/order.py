"""Ranks from numbers that were gathered: keys of published scores, or floats with a bound on their error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from ictindex.engine import run_part
from ictindex.exact import clusters, spread
from ictindex.learned import Learned
from ictindex.plan import Plan
from ictindex.publication import Keys
from ictindex.ranking import Ranks, rank_within
from ictindex.result import LAST
from ictindex.strategies.base import Array, Mask
from ictindex.table import Table


@frozen(kw_only=True)
class Gathered:
    """What ranks are made of, gathered from all parts; a column has a number for each unit.

    Mappings are by row of the matrix. `pools` are the units' pools by number, None where all are one; `labels` returns
    the units' codes, which only ordinal ranks ask for.
    """

    size: int
    labels: Callable[[], Sequence[str]]
    pools: npt.NDArray[Any] | None
    pool_names: Sequence[str]
    scored: Mapping[int, Mask]
    keys: Mapping[int, Keys] = field(factory=dict)
    points: Mapping[int, Array] = field(factory=dict)
    errors: Mapping[int, float] = field(factory=dict)
    grains: Mapping[int, int | None] = field(factory=dict)


def orders_of(gathered: Gathered) -> tuple[dict[int, Keys], Mask]:
    """Return whole numbers that order the units by exact points at each row, and who cannot be told apart by floats."""
    orders: dict[int, Keys] = {}
    unclear = np.zeros(gathered.size, np.bool_)
    for place, points in gathered.points.items():
        orders[place], near, gap = clusters(points, gathered.errors[place])
        grain = gathered.grains[place]
        if not (grain is not None and 4 * gap * grain < 1):  # else so near is equal
            unclear |= near & gathered.scored[place]
    return orders, unclear


def settled_orders(
    gathered: Gathered, orders: Mapping[int, Keys], exact: Mapping[int, Sequence[Any]]
) -> dict[int, Keys]:
    """Return the orders with those units told apart that have exact points: `exact`, by unit, at each row in turn."""
    found = {}
    for at, place in enumerate(orders):
        scored = gathered.scored[place]
        found[place] = spread(orders[place], {unit: numbers[at] for unit, numbers in exact.items() if scored[unit]})
    return found


def exact_points(plan: Plan, table: Table, learned: Learned | None, places: Sequence[int]) -> list[list[Any]]:
    """Return the exact points of each unit of a table at some rows of the matrix, among all that were learned from."""
    settled = run_part(plan, table, learned).settled
    units = np.arange(len(table), dtype=np.intp)
    settled.settle(units)
    return [[settled.column(unit)[place] for place in places] for unit in units.tolist()]


def ranks_of(plan: Plan, gathered: Gathered, orders: Mapping[int, Keys]) -> dict[int, Ranks]:
    """Return the ranks at each total, 0 for a unit that is not ranked."""
    ranked, pools = np.ones(gathered.size, np.bool_), None
    if gathered.pools is not None and plan.scheme.pools is not None:
        pools = gathered.pools.astype(np.intp)
        ranked = np.array([plan.scheme.pools.ranks(name) for name in gathered.pool_names], np.bool_)[pools]
    found: dict[int, Ranks] = {}
    for place in plan.totals:
        rule = plan.nodes[place].row.rank
        source = gathered.keys if rule.on == "published" else orders
        keys = [np.where(gathered.scored[one], source[one], LAST) for one in plan.rank_chain(place)]
        labels = gathered.labels() if rule.ties == "ordinal" else [""] * gathered.size
        found[place] = rank_within(keys, rule.ties, labels, pools, gathered.scored[place] & ranked)
    return found
