"""How much each row weighs: by the scheme, and in effect.

By the scheme a row weighs what its maximum (under a sum) or its weight (under a mean) is of the total, along the tree.
In effect it weighs what it brings to the differences between units: the covariance of its contribution with the total,
as a share of the total's variance. Contributions add up to the total, so these shares add up to 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from ictindex.analysis.statistics.numbers import covariance, variance, varies
from ictindex.matrix import Flag
from ictindex.model import Row
from ictindex.plan import Heading, Plan
from ictindex.result import Result
from ictindex.strategies.base import Array, Mask, to_decimal

Units = npt.NDArray[np.intp]

LINEAR = ("sum", "capped", "mean", "best", "least")
"""Aggregations under which a row contributes in proportion to its points, whatever the factor is for that unit."""


def nominal_weights(plan: Plan, top: int) -> dict[int, Fraction | None]:
    """Return the weight by the scheme of the row at a place and of all below, as a share of that row's maximum.

    Under `capped` the maxima of the rows below are brought down together. Bonuses and deductions stand beside the
    100 %. None below `best`, `least` and aggregations of other packages: there no row has a weight of its own.
    """
    weights: dict[int, Fraction | None] = {top: Fraction(1)}
    for node in plan.nodes[top:]:
        above = weights.get(node.place)
        if node.place in weights and isinstance(node, Heading):
            for child, part in zip(node.children, _shares(node), strict=True):
                weights[child] = None if above is None or part is None else above * part
    return weights


def _shares(heading: Heading) -> Sequence[Fraction | None]:
    """Return what part of a heading each row below it is."""
    rows: Sequence[Row] = heading.row.children
    if heading.row.combine.name in ("sum", "capped"):
        whole = sum((row.max for row in rows if row.role == "max"), Fraction(0)) or heading.row.max
        return [row.max / whole if whole else None for row in rows]
    if heading.row.combine.name in ("mean", "geometric"):
        whole = sum((row.weight for row in rows if row.max), Fraction(0))
        return [row.weight / whole if row.max and whole else Fraction(0) for row in rows]
    return [None for _ in rows]


def contributed(result: Result, top: int, units: Units, weights: Mapping[int, Fraction | None]) -> Array:
    """Return what each row contributes to the points at `top`: a row per row of the matrix, a column per unit asked.

    The contributions of the rows below a heading add up to the heading's own, unless its points were given: then
    nothing is known of them, and they are 0. What a heading contributes beside its own composite is spread over its
    rows by weight: what a scale adds to the composite, and what a geometric mean above takes.
    """
    plan = result.plan
    points, found = exact_points(result, units), np.zeros((len(plan.nodes), len(units)))
    factors = np.zeros_like(found)  # what a point of the row is in points at the top
    found[top], factors[top] = points[top], 1.0
    for node in plan.nodes[top:]:
        if node.place not in weights or not isinstance(node, Heading) or node.aggregation is None:
            continue
        computed, parts = _parts(result, node, units)
        composite = np.where(computed, parts.sum(axis=0), 0.0)
        slope = _slope(result, node, units, composite, points[node.place], computed)
        inner = factors[node.place] * slope
        rest = np.where(computed, found[node.place] - inner * composite, 0.0)
        below = list(node.children)
        found[below] = inner * parts + rest * _spread(result, node, units)
        factors[below] = inner * _steps(node, parts, points[below])
    return found


def exact_points(result: Result, units: Units) -> Array:
    """Return the exact points as the nearest floats: a row per row of the matrix, a column per unit asked."""
    result.settled.settle(units)
    columns = [[float(one) for one in result.settled.column(unit)] for unit in units.tolist()]
    return np.asarray(np.array(columns).T)


def _parts(result: Result, heading: Heading, units: Units) -> tuple[Mask, Array]:
    """Return for which units a heading was computed, and what each row below brings to its composite.

    That is before the heading's own scale, in points; a row that does not count brings 0.
    """
    plan, settled, left = result.plan, result.settled, Flag.LEFT_OUT | Flag.COVERED
    computed = ~settled.matrix.holds(heading.place, left | Flag.GIVEN)[units]
    absent = np.array([settled.matrix.holds(child, left)[units] for child in heading.children])
    parts = np.zeros(absent.shape)
    if heading.aggregation is None:
        return computed, parts
    maximum: Any = heading.row.max if plan.arithmetic.name == "fraction" else to_decimal(heading.row.max)
    with plan.arithmetic.context():
        for at in np.flatnonzero(computed).tolist():
            trace = settled.trace(int(units[at]))
            below = [None if absent[row, at] else trace.points[child] for row, child in enumerate(heading.children)]
            number = trace.numbers.get(heading.place)
            score = trace.points[heading.place] if heading.scale is None or number is None else number * maximum
            parts[:, at] = heading.aggregation.contributions(heading.row.max, heading.below, below, score)
    return computed, parts


def _slope(result: Result, heading: Heading, units: Units, composite: Array, points: Array, computed: Mask) -> Array:
    """Return how many points of a heading a point of its composite makes, for each unit.

    1 without a scale. A scale over a pool, such as min-max, is one straight line in each pool; of any other the line
    is taken that lies nearest.
    """
    slopes = np.ones(len(units))
    if heading.scale is None:
        return slopes
    names = result.table.pool if result.plan.pooled(heading.place) else None
    pools = np.zeros(len(result.units), np.intp) if names is None else np.unique(names, return_inverse=True)[1]
    for pool in np.unique(pools[units]):
        here = computed & (pools[units] == pool)
        x, y = composite[here], points[here]
        if len(x) > 1 and varies(x):
            slopes[here] = covariance(x, y) / variance(x)
    return slopes


def _spread(result: Result, heading: Heading, units: Units) -> Array:
    """Return the shares by which what is left is spread over the rows below, for each unit; they add up to 1."""
    absent = [result.settled.matrix.holds(child, Flag.LEFT_OUT | Flag.COVERED)[units] for child in heading.children]
    own = [row.role == "max" for row in heading.row.children]  # bonuses and deductions stand beside the weights
    shares = np.array([float(one) if one and some else 0.0 for one, some in zip(_shares(heading), own, strict=True)])
    weights = (shares if shares.any() else np.ones(len(shares)))[:, None] * ~np.array(absent)
    whole = weights.sum(axis=0)
    return np.asarray(np.where(whole > 0, weights / np.where(whole > 0, whole, 1.0), 1.0 / len(shares)))


def _steps(heading: Heading, parts: Array, points: Array) -> Array:
    """Return what a point of each row below is in points of the heading's composite, for each unit."""
    usual = np.zeros((len(parts), 1))
    for at, (row, share) in enumerate(zip(heading.row.children, _shares(heading), strict=True)):
        if share is not None and row.max:
            usual[at] = float(share * heading.row.max / row.max) * (-1 if row.role == "deduct" else 1)
    if heading.row.combine.name not in LINEAR:
        return np.broadcast_to(usual, parts.shape)
    some = points != 0
    return np.asarray(np.where(some, parts / np.where(some, points, 1.0), usual))
