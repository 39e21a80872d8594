"""What the pools teach in exact numbers, with as few units run exactly as is enough.

The lowest and the highest number of a row are those of units that floats point out. A mean and a deviation need
everybody. Where the numbers are cells as they were typed nobody is run: the ends are told by the floats, and what
moments are made of is added up in whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ictindex.filling import fill
from ictindex.matrix import Matrix
from ictindex.plan import Leaf, Plan
from ictindex.strategies.base import Fit
from ictindex.strategies.fitting import typed_ends, typed_moments
from ictindex.strategies.relative import MinMax, OfBest, ZScore
from ictindex.table import Table


def exact_fits(
    plan: Plan, table: Table, matrix: Matrix, *, known: Mapping[int, Fit] | None = None, everyone: bool = False
) -> Mapping[int, Fit]:
    """Return the fits of a table in exact numbers, by row of the matrix.

    `matrix` is the same run in floats, asked for the units that may hold an end of a fit. `known` are exact fits that
    are used instead of fitting. With `everyone`, or where a float was in doubt about a jump, all units are run.
    """
    known, typed = known or {}, typed_fits(plan, table, matrix)
    doubtful = everyone or bool(matrix.doubt.any())
    if not doubtful and matrix.fits.keys() <= {*known, *typed}:
        return {**known, **typed}
    moments = any(place not in typed and _needs_all(plan, place, fit) for place, fit in matrix.fits.items())
    if doubtful or moments:
        typed, units = {}, np.arange(len(table))
    else:
        units = matrix.ends
    return fill(plan, table, plan.arithmetic, units=units, fits={**known, **typed}).fits


def typed_fits(plan: Plan, table: Table, matrix: Matrix) -> dict[int, Fit]:
    """Return the exact fits of the rows whose numbers are cells as they were typed, by row of the matrix.

    Those that need moments are among them only where `matrix` was asked for the ends.
    """
    found = {}
    with plan.arithmetic.context():
        for place, fit in matrix.fits.items():
            node = plan.nodes[place]
            if fit.borrowed or not isinstance(node, Leaf) or not node.measure.plain:
                continue
            kind = type(node.scale)  # a scale made of one of these may learn in another way
            if kind is ZScore and place in matrix.samples:
                column = table.columns.get(node.inputs[0])
                decimals = None if column is None else column.decimals
                found[place] = typed_moments(matrix.samples[place], decimals, plan.arithmetic)
            elif kind in (MinMax, OfBest):
                found[place] = typed_ends(fit, plan.arithmetic)
    return found


def _needs_all(plan: Plan, place: int, fit: Fit) -> bool:
    """Whether a fit is made of more than the ends."""
    scale = plan.nodes[place].scale
    return not fit.borrowed and (bool(fit.sums) or (scale is not None and scale.irrational))
