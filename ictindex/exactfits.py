"""What the pools teach in exact numbers, with as few units run exactly as is enough.

The lowest and the highest number of a row are those of units that floats point out. A mean and a deviation need
everybody, unless the numbers are cells as they were typed: then whole numbers are added up, and nobody is run.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ictindex.filling import fill
from ictindex.matrix import Matrix
from ictindex.plan import Leaf, Plan
from ictindex.strategies.base import Fit
from ictindex.strategies.fitting import typed_moments
from ictindex.strategies.relative import ZScore
from ictindex.table import Table


def exact_fits(
    plan: Plan, table: Table, matrix: Matrix, *, known: Mapping[int, Fit] | None = None, everyone: bool = False
) -> Mapping[int, Fit]:
    """Return the fits of a table in exact numbers, by row of the matrix.

    `matrix` is the same run in floats, asked for the units that may hold an end of a fit. `known` are exact fits that
    are used instead of fitting. With `everyone`, or where a float was in doubt about a jump, all units are run.
    """
    typed = _typed_moments(plan, table, matrix)
    moments = any(place not in typed and _needs_all(plan, place, fit) for place, fit in matrix.fits.items())
    if everyone or moments or matrix.doubt.any():
        typed, units = {}, np.arange(len(table))
    else:
        units = matrix.ends
    return fill(plan, table, plan.arithmetic, units=units, fits={**(known or {}), **typed}).fits


def _needs_all(plan: Plan, place: int, fit: Fit) -> bool:
    """Whether a fit is made of more than the ends."""
    scale = plan.nodes[place].scale
    return not fit.borrowed and (bool(fit.sums) or (scale is not None and scale.irrational))


def _typed_moments(plan: Plan, table: Table, matrix: Matrix) -> dict[int, Fit]:
    """Return exact moments of the rows whose numbers are cells as they were typed."""
    found = {}
    for place, sample in matrix.samples.items():
        node = plan.nodes[place]
        if isinstance(node, Leaf) and node.measure.plain and isinstance(node.scale, ZScore):
            column = table.columns.get(node.inputs[0])
            decimals = None if column is None else column.decimals
            with plan.arithmetic.context():
                found[place] = typed_moments(sample, decimals, plan.arithmetic)
    return found
