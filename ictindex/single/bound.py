"""The strategies of a plan bound to the floats of one unit.

Where a strategy has a scalar form (`bind_one`), that is it; where it has none, its kernel runs on arrays of one. Both
are the very operations of a run, so the points have the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ictindex.plan import Heading, Leaf, Node, Plan
from ictindex.strategies.base import FLOAT, Array, CombineOne, Fit, Mask, MeasureOne, ScaleOne, Work


def measure_of(plan: Plan, leaf: Leaf, at: Sequence[int]) -> MeasureOne:
    """Return the measure of a leaf; `at` says where the cell of each of its inputs stands among those of the unit."""
    own = leaf.measure.bind_one(at) if _scalar(leaf.measure) else None  # type: ignore[attr-defined]
    if own is not None:
        found: MeasureOne = own
        return found
    kernel = plan.kernels(FLOAT).measure(leaf.place)

    def measure(cells: Sequence[float]) -> float | None:
        with np.errstate(all="ignore"):
            numbers, undefined = kernel([np.array([cells[place]]) for place in at], np.empty(1), Work.of(1, FLOAT))
        return None if undefined is not None and undefined[0] else float(numbers[0])

    return measure


def scale_of(plan: Plan, node: Node, fit: Fit | None) -> ScaleOne | None:
    """Return the scale of a row with what its pool taught; None where the row has none."""
    if node.scale is None:
        return None
    slack = node.slack if isinstance(node, Leaf) else 0.0
    own = node.scale.bind_one(node.row.max, slack, fit) if _scalar(node.scale) else None  # type: ignore[attr-defined]
    if own is not None:
        found: ScaleOne = own
        return found
    kernel = plan.kernels(FLOAT).scale(node.place)

    def scale(number: float) -> tuple[float, bool]:
        out = np.empty(1)
        with np.errstate(all="ignore"):
            cut = kernel(np.array([number]), out, Work.of(1, FLOAT), fit, None)
        return float(out[0]), cut is not None and bool(cut[0])

    return scale


def combine_of(plan: Plan, heading: Heading) -> CombineOne:
    """Return how a heading combines the points of its rows, where nothing is left out below."""
    own = None
    if _scalar(heading.aggregation):
        own = heading.aggregation.bind_one(heading.row.max, heading.below, heading.children)  # type: ignore[union-attr]
    if own is not None:
        found: CombineOne = own
        return found
    nobody = [None] * len(heading.children)

    def combine(points: Sequence[float]) -> tuple[float, bool]:
        out, cut = combined(plan, heading, points, nobody)
        return float(out[0]), cut

    return combine


def combined(plan: Plan, heading: Heading, points: Sequence[float], left: Sequence[Mask | None]) -> tuple[Array, bool]:
    """Return a heading's points as an array of one, and whether they were cut; `left` says which rows are left out."""
    kernel = plan.kernels(FLOAT).combines[heading.place]
    out = np.empty(1)
    if kernel is None:
        raise AssertionError("a heading that combines nothing is never combined")
    with np.errstate(all="ignore"):
        cut = kernel([np.array([points[child]]) for child in heading.children], left, out, Work.of(1, FLOAT))
    return out, cut is not None and bool(cut[0])


def _scalar(strategy: Any) -> bool:
    """Whether a strategy has the scalar form of its own kernel: a class that changes `bind` alone has none."""
    for kind in type(strategy).__mro__:
        if "bind_one" in vars(kind):
            return True
        if "bind" in vars(kind):
            return False
    return False
