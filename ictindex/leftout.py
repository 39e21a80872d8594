"""Points that are left out, and where they are converted back: achieved / (max - left out) x max.

Under a sum the points left out travel upward to the nearest heading that says `rescale` (a total at the latest); under
a mean a child is left out on the spot. Published so by Hue in 2020: 42.63 / (50 - 2) x 50 = 44.41.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ictindex.marks import Marks
from ictindex.matrix import Flag
from ictindex.plan import Heading, Leaf, Node, Plan
from ictindex.reading import Positions
from ictindex.strategies.base import Arithmetic, Array, Mask

NOTHING = 1e-9
"""A float maximum of which less than this share is left counts as left out whole: decimals typed cannot come nearer."""

SUMMED = 2.0**-42
"""A difference of float sums of less than this share of them is what a thousand roundings leave: it stands for 0."""


class LeftOut:
    """The points left out at each row during one run, by unit; None for a row where there are none yet.

    `stretch` is the largest factor by which any unit's points were converted back at a row: errors grow by it.
    `converted` keeps, for rows that converted, the points that were left out there.
    """

    def __init__(self, plan: Plan, maths: Arithmetic, size: int, marks: Marks) -> None:
        self.plan, self.maths, self.size, self.mark = plan, maths, size, marks.mark
        self.points: list[Array | None] = [None] * len(plan.nodes)
        self.stretch = [1.0] * len(plan.nodes)
        self.converted: dict[int, Array] = {}
        self.zero = maths.number(Fraction(0))
        self._held = False

    @property
    def any(self) -> bool:
        """Whether points of anybody are left out so far."""
        return self._held

    def leave(self, leaf: Leaf, where: slice, mask: Mask, reported: Array | None) -> None:
        """Leave the whole of a leaf out for these units, which are marked so; the table may report parts of others."""
        self._held = True
        if reported is not None:
            np.copyto(self._at(leaf.place)[where], self.maths.number(leaf.row.max), where=mask)

    def settle_leaf(self, leaf: Leaf, reported: Array | None, where: slice, out: Array) -> None:
        """Take up the points that the table reports as left out at a leaf; convert back where the leaf does."""
        if reported is None:
            return  # left out whole or not at all: nothing is left to convert
        points, most = self._at(leaf.place), self.maths.number(leaf.row.max)
        points[where] = np.minimum(np.maximum(points[where], reported[where]), most)
        self._convert(leaf, where, out)

    def settle_heading(self, heading: Heading, left: Sequence[Mask | None], where: slice, out: Array) -> None:
        """Carry up or convert back what was left out below a heading."""
        if heading.aggregation is None:
            return
        if heading.aggregation.additive:
            self._add_up(heading, left, where, out)
            self._convert(heading, where, out)
            return
        counted = [mask for mask, facts in zip(left, heading.below, strict=True) if facts.maximum]
        whole = _all_of(counted)
        if whole is not None:
            self._at(heading.place)[where][whole] = self.maths.number(heading.row.max)
            self._convert(heading, where, out)

    def give(self, place: int, reported: Array | None, where: slice, out: Array, mask: Mask) -> None:
        """Take up what is left out at a given score: only what the table reports."""
        if reported is None and self.points[place] is None:
            return
        points = self._at(place)[where]
        points[mask] = self.zero if reported is None else reported[where][mask]
        node = self.plan.nodes[place]
        if isinstance(node, Heading):  # a leaf converts once everything about it is settled
            self._convert(node, where, out, mask)

    def _at(self, place: int) -> Array:
        points = self.points[place]
        if points is None:
            exact = self.maths.exact
            points = np.full(self.size, self.zero, object) if exact else np.zeros(self.size)
            self.points[place] = points
            self._held = True
        return points

    def _add_up(self, heading: Heading, left: Sequence[Mask | None], where: slice, out: Array) -> None:
        """Add up the points left out below; a capped heading loses only what its cap would have let through.

        Neither a bonus nor, under a cap, a row without bounds lifts a heading above what is left of its maximum.
        """
        lost: Array | None = None
        for child, facts, mask in zip(heading.children, heading.below, left, strict=True):
            points = self.points[child]
            if facts.role != "max" or (points is None and mask is None):
                continue
            if lost is None:
                lost = np.full(len(out), self.zero, self.maths.dtype)
            if points is not None:
                np.add(lost, points[where], out=lost)
            else:  # whoever is marked left the whole maximum out
                lost += mask * self.maths.number(facts.maximum)
        if lost is None:
            return
        most, slack = self.maths.number(heading.row.max), self.maths.number(heading.offered - heading.row.max)
        gone = lost - slack  # a cap lets through what is beyond it
        trace = self.maths.tolerance if self.maths.exact else float(heading.offered) * SUMMED
        np.copyto(gone, self.zero, where=gone <= trace if slack >= 0 else lost == 0)
        self._at(heading.place)[where] = gone
        if any(facts.role != "max" for facts in heading.below):
            # Units that lost nothing are cut by the heading itself: a bonus may reach the cap where rows cannot.
            (units,) = (lost != 0).nonzero()
            out[units] = np.minimum(out[units], np.maximum(most - gone[units], self.zero))
        elif getattr(heading.aggregation, "capped", False):
            np.minimum(out, np.maximum(most - gone, self.zero), out=out)

    def _convert(self, node: Node, where: slice, out: Array, only: Mask | None = None) -> None:
        """Convert the points of units with something left out back to the whole maximum, where this row does that.

        Units with nothing left to count are left out themselves, and the row's whole maximum with them.
        """
        held = self.points[node.place]
        if held is None or not node.row.max:
            return
        points, most = held[where], self.maths.number(node.row.max)
        # Decimals are exact to 45 digits: thirds that add up to the maximum leave a trace behind it.
        trace = self.maths.tolerance if self.maths.exact else most * NOTHING
        if not node.rescales and most - points.max() > trace:
            return  # what is left out travels on upward
        units = np.flatnonzero(points > 0 if only is None else (points > 0) & only)
        reachable = most - points[units]
        nothing = reachable <= trace
        whole, part, rest = units[nothing], units[~nothing], reachable[~nothing]
        if len(whole):
            out[whole], points[whole] = self.zero, most
            self.mark(node.place, where, _named(whole, len(out)), Flag.LEFT_OUT)
        if node.rescales and len(part):
            out[part] = out[part] * most / rest
            if node.place not in self.converted:
                self.converted[node.place] = np.full(self.size, self.zero, self.maths.dtype)
            self.converted[node.place][where][part] = points[part]
            points[part] = self.zero
            self.stretch[node.place] = max(self.stretch[node.place], float((most / rest).max()))
            self.mark(node.place, where, _named(part, len(out)), Flag.RESCALED)


def _all_of(masks: Sequence[Mask | None]) -> Mask | None:
    """Return the units that all masks name; None where there are none, which the first few masks tell."""
    whole: Mask | None = None
    for mask in masks:
        if mask is None:
            return None
        whole = mask if whole is None else whole & mask
        if not np.count_nonzero(whole):
            return None
    return whole


def _named(units: Positions, size: int) -> Mask:
    mask = np.zeros(size, np.bool_)
    mask[units] = True
    return mask
