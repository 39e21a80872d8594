"""How sure the floats of a run are: a bound on each row's error, and of which fraction its points are multiples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from attrs import evolve

from ictindex.plan import Leaf, Plan, points_per_unit
from ictindex.reading import Reader
from ictindex.strategies.base import FLOAT, ROUNDING, Fit, common
from ictindex.table import Table


def error_bounds(plan: Plan, reader: Reader, fits: Mapping[int, Fit], stretch: Sequence[float]) -> tuple[float, ...]:
    """Return, for each row of the matrix, a bound on the float error of its points."""
    if not fits and max(stretch) == 1:
        return _plain_bounds(plan)
    return _bounds(plan, reader, fits, stretch)


@lru_cache(maxsize=64)
def _plain_bounds(plan: Plan) -> tuple[float, ...]:
    """Return the bounds of every run in which nothing is learned and nothing is converted back."""
    return _bounds(plan, None, {}, [1.0] * len(plan.nodes))


def _bounds(plan: Plan, reader: Reader | None, fits: Mapping[int, Fit], stretch: Sequence[float]) -> tuple[float, ...]:
    errors = [0.0] * len(plan.nodes)
    for node in plan.order:
        most, fit, whole = node.row.max, fits.get(node.place), plan.maxima[node.place]
        if not whole or (fit is None and node.scale is not None and node.scale.fitting != "none"):
            continue  # informational, or never computed
        if isinstance(node, Leaf):
            error = plan.leaf_errors.get(node.place, 0.0)
            if fit is not None and reader is not None:
                error = node.scale.error(node.measure.relative_error, 0.0, most, _without_flat(node, fit, reader))
        elif node.aggregation is not None:
            error = node.aggregation.error(most, node.below, [errors[child] for child in node.children])
            if node.scale is not None:
                error = node.scale.error(0.0, error / whole, most, fit)
        else:
            continue
        grown = stretch[node.place]
        errors[node.place] = (error + (16 * ROUNDING * whole if grown > 1 else 0.0)) * grown
        errors[node.place] += 4 * ROUNDING * whole  # a given score, converted to points
    return tuple(errors)


def grains(plan: Plan, table: Table, stretch: Sequence[float]) -> tuple[int | None, ...]:
    """Return, for each row, n where all its points are multiples of 1/n, None where that is not known."""
    reader = Reader(plan, table, FLOAT)
    found: list[int | None] = [1] * len(plan.nodes)
    for node in plan.order:
        if not node.row.max:
            continue
        grain: int | None = None
        if isinstance(node, Leaf):
            if node.scale.fitting == "none":
                grain = node.scale.grain(node.measure.grain(reader.decimals(node.inputs)), node.row.max)
        elif node.aggregation is not None and node.scale is None:
            below = [found[child] for child in node.children]
            grain = node.aggregation.grain(node.row.max, node.below, below)
        scores = reader.given(node.place)
        if scores is not None:
            ten = None if scores.decimals is None else 10**scores.decimals * points_per_unit(node.row).denominator
            grain = common(grain, ten)
        found[node.place] = common(grain, node.row.max.denominator) if stretch[node.place] == 1 else None
    return tuple(found)


def _without_flat(leaf: Leaf, fit: Fit, reader: Reader) -> Fit:
    """Return the fit without the pools in which all numbers are equal, where equal floats prove equal numbers.

    Two fractions with denominators up to d differ by 1/d² or not at all; the points of such a pool are then exact. Of a
    fit that was learned from other units it is known.
    """
    relative = leaf.measure.relative_error
    if not relative:
        return fit
    flat = np.asarray(fit.numbers["low"] == fit.numbers["high"])
    if not flat.any():
        return fit
    if fit.flat is not None:
        flat &= fit.flat
        return evolve(fit, numbers={name: values[~flat] for name, values in fit.numbers.items()})
    largest = leaf.measure.denominator(reader.decimals(leaf.inputs), reader.largest(leaf.inputs))
    most = float(np.max(np.abs(np.asarray(fit.numbers["high"], np.float64))))
    if 4 * relative * most * largest**2 >= 1:
        return fit
    return evolve(fit, numbers={name: values[~flat] for name, values in fit.numbers.items()})
