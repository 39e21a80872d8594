"""How much each row weighs: by the scheme, and in effect.

By the scheme a row weighs what its maximum (under a sum) or its weight (under a mean) is of the total, along the tree.
In effect it weighs what it brings to the differences between units: the covariance of its contribution with the total,
as a share of the total's variance. Contributions add up to the total, so these shares add up to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ictindex.explaining import contributing
from ictindex.model import Row
from ictindex.plan import Heading, Plan
from ictindex.result import Result
from ictindex.strategies.base import Array
from ictindex.working import done, portions

Units = npt.NDArray[np.intp]

_PORTION = 100
"""So many units at least are handed to a worker at once: exact numbers of fewer cost less than sending them."""


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


def exact_rows(result: Result, top: int, units: Units, executor: Executor | None = None) -> tuple[Array, Array]:
    """Return what each row contributes to the points at `top`, and its points: a row of the matrix by a unit asked.

    What a row contributes is what an explanation of the unit tells; 0 where nothing is known of it, as below a given
    score. Both are the floats nearest to exact numbers, whatever `executor` computes them.
    """
    if executor is not None:
        result.settled.exact_fits()  # once, before the result is sent to workers
    pieces = ((top, units[part]) for part in portions(len(units), executor, _PORTION))
    found = list(done(_exact_rows, result, pieces, executor))
    return np.concatenate([one for one, _ in found], axis=1), np.concatenate([one for _, one in found], axis=1)


def _exact_rows(result: Result, top: int, units: Units) -> tuple[Array, Array]:
    result.settled.settle(units)
    contributions = [contributing.contributed(result.plan, result.settled, unit, top=top) for unit in units.tolist()]
    points = [[float(one) for one in result.settled.column(unit)] for unit in units.tolist()]
    return np.array([[float(one.to_total or 0) for one in column] for column in contributions]).T, np.array(points).T
