"""A unit's points as a tree of what each row brings to the row that is asked about, for schemes that allow it.

Sums, weighted means and points converted back are linear, so every row's points are multiplied by what one of them
brings to the nearest needed row above; caps and ends are multiplied alike. Then every heading is a sum, a best or a
least of whole numbers, cut at its ends. Headings with a scale of their own turn values into others.

Where one row's points depend on other units, or a heading is combined otherwise, there is no such tree (`NotATree`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from attrs import evolve, field, frozen

from ictindex.analysis.climbing.goals import Need, Way
from ictindex.plan import Heading, Leaf, Plan
from ictindex.reading import Reader
from ictindex.strategies.aggregations import Best, Capped, Least, Sum
from ictindex.strategies.base import FRACTION, Work
from ictindex.strategies.means import Mean
from ictindex.table import Table

ZERO = Fraction(0)


class NotATree(Exception):
    """The points of this unit are no tree of sums, means, bests and leasts; nothing is wrong with them."""


@frozen(kw_only=True)
class Facts:
    """One unit as it stands: its exact points by row of the matrix, and what of it is left out or given.

    `lost` are the points left out at each indicator and not converted back there.
    """

    points: Sequence[Fraction]
    left: frozenset[int]
    given: frozenset[int]
    lost: Mapping[int, Fraction]


@frozen(kw_only=True)
class Branch:
    """A row in the tree. `worth` is what one of its points brings to the nearest needed row at or above it.

    `counts` is False where its points bring nothing to the row above, only to needs at or below it. `low` and `high`
    are the ends at which values are cut, as values; `turned` brings a composite to points where there is such a scale.
    A heading that stands `apart` has no value that matters, only needs below it.
    """

    place: int
    worth: Fraction
    counts: bool
    kind: Literal["leaf", "fixed", "sum", "most", "fewest", "apart"]
    children: tuple[Branch, ...] = ()
    fixed: Fraction = ZERO
    low: Fraction | None = None
    high: Fraction | None = None
    turned: Callable[[Fraction], Fraction] | None = field(default=None, eq=False)
    needs: tuple[Need, ...] = ()

    def walk(self) -> Iterator[Branch]:
        """Yield this branch and those below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def value(self, leaves: Mapping[int, Fraction]) -> Fraction:
        """Return the branch's value, given the points of every leaf."""
        if self.kind == "fixed":
            return self.fixed
        if self.kind == "leaf":
            return leaves[self.place] * self.worth
        return self.cut(self.folded([one.value(leaves) for one in self.children if one.counts]))

    def folded(self, values: Sequence[Fraction]) -> Fraction:
        """Return what the values of the children make before ends and scale."""
        if self.kind in ("sum", "apart"):
            return sum(values, ZERO)
        return max(values) if self.kind == "most" else min(values)

    def cut(self, value: Fraction) -> Fraction:
        """Return a composite's value within its ends, and on its scale."""
        if self.low is not None and value < self.low:
            value = self.low
        if self.high is not None and value > self.high:
            value = self.high
        return value if self.turned is None else self.turned(value)


def facts_of(plan: Plan, table: Table, unit: int, points: Sequence[Any], left: Collection[int]) -> Facts:
    """Return the facts of one unit of a table from its exact points and the rows that are left out for it."""
    if plan.arithmetic.name != "fraction":
        raise NotATree
    reader = Reader(plan, table, FRACTION, np.array([unit], np.intp))
    given = frozenset(
        node.place for node in plan.nodes if (found := reader.given(node.place)) is not None and found.mask[0]
    )
    lost: dict[int, Fraction] = {}
    for node in plan.nodes:
        excluded = reader.excluded(node.place)
        out = ZERO if excluded is None else min(max(Fraction(excluded[0]), ZERO), node.row.max)
        if node.place in left:
            out = node.row.max
        elif node.rescales:
            out = ZERO
        if out and (isinstance(node, Leaf) or node.place in given):
            lost[node.place] = out
    return Facts(points=points, left=frozenset(left), given=given, lost=lost)


def tree_of(plan: Plan, facts: Facts, way: Way) -> Branch:
    """Return the tree of a unit, with the needs of a way at their rows. Raises NotATree where there is none."""
    needs: dict[int, tuple[Need, ...]] = {}
    for need in way:
        needs[need.place] = (*needs.get(need.place, ()), need)
    builder = _Builder(plan, facts, needs)
    tree = builder.branch(0, Fraction(1), counts=False)
    builder.check(tree)
    return tree


def places_of(plan: Plan, facts: Facts) -> frozenset[int]:
    """Return the rows that are computed or given: those below a given or a left out one are not."""
    found: set[int] = set()

    def visit(place: int) -> None:
        found.add(place)
        if place not in facts.given and place not in facts.left:
            for child in plan.nodes[place].children:
                visit(child)

    visit(0)
    return frozenset(found)


class _Builder:
    def __init__(self, plan: Plan, facts: Facts, needs: Mapping[int, tuple[Need, ...]]) -> None:
        self.plan, self.facts, self.needs = plan, facts, needs

    def branch(self, place: int, worth: Fraction, *, counts: bool) -> Branch:
        """Return the branch of a row; a worth of 0 is no measure of what is below, which then counts for itself."""
        node = self.plan.nodes[place]
        if not worth or not counts:
            worth, counts = Fraction(1), False
        bare = Branch(kind="sum", place=place, worth=worth, counts=counts, needs=self.needs.get(place, ()))
        if not node.row.max and any(self.plan.nodes[child].row.max for child in node.children):
            raise NotATree
        if place in self.facts.left or place in self.facts.given or not node.row.max:
            return evolve(bare, kind="fixed", fixed=self.facts.points[place] * worth)
        if isinstance(node, Leaf):
            return evolve(bare, kind="leaf")
        if (not counts and not bare.needs) or node.aggregation is None:
            children = tuple(self.branch(child, Fraction(1), counts=False) for child in node.children)
            return evolve(bare, kind="apart", children=children)
        return self._heading(node, bare) if node.scale is None else self._scaled(node, bare)

    def _heading(self, node: Heading, bare: Branch) -> Branch:
        kind = type(node.aggregation)
        if kind in (Sum, Capped):
            return self._sum(node, bare)
        if kind is Mean:
            return self._mean(node, bare)
        if kind in (Best, Least):
            return self._best(node, bare)
        raise NotATree

    def _sum(self, node: Heading, bare: Branch) -> Branch:
        lost, reach = self._lost(node)
        most = node.row.max
        factor = most / reach if lost and node.rescales else Fraction(1)
        inner = bare.worth * factor
        children = tuple(
            self.branch(place, -inner if child.role == "deduct" else inner, counts=True)
            for place, child in zip(node.children, node.below, strict=True)
        )
        cuts = getattr(node.aggregation, "capped", False) or any(child.role != "max" for child in node.below)
        if not cuts:
            return evolve(bare, children=children)
        ends = sorted((ZERO, (min(most, max(reach, ZERO)) if lost else most) * inner))
        return evolve(bare, children=children, low=ends[0], high=ends[1])

    def _lost(self, node: Heading) -> tuple[Fraction, Fraction]:
        """Return the points that are left out below a heading that adds up, and those that still can be had."""
        lost = sum(
            (
                self._carried(place)
                for place, child in zip(node.children, node.below, strict=True)
                if child.role == "max"
            ),
            ZERO,
        )
        whole = sum((child.maximum for child in node.below if child.role == "max"), ZERO)
        return lost, min(whole - lost, node.row.max)

    def _carried(self, place: int) -> Fraction:
        """Return the points left out at a row that its heading hears of."""
        node = self.plan.nodes[place]
        if isinstance(node, Leaf) or place in self.facts.given or place in self.facts.left:
            return self.facts.lost.get(place, ZERO)
        if node.rescales or node.aggregation is None or not node.aggregation.additive:
            return ZERO
        lost, reach = self._lost(node)
        return node.row.max - reach if lost else ZERO

    def _mean(self, node: Heading, bare: Branch) -> Branch:
        present = [
            (place, child)
            for place, child in zip(node.children, node.below, strict=True)
            if child.maximum and place not in self.facts.left
        ]
        whole = sum((child.weight for _, child in present), ZERO)
        shares = {
            place: bare.worth * child.weight / child.maximum * node.row.max / whole if whole else ZERO
            for place, child in present
        }
        children = (self.branch(place, shares.get(place, ZERO), counts=True) for place in node.children)
        return evolve(bare, children=tuple(children))

    def _best(self, node: Heading, bare: Branch) -> Branch:
        left, up, end = self.facts.left, bare.worth > 0, node.row.max * bare.worth
        children = tuple(self.branch(place, bare.worth, counts=place not in left) for place in node.children)
        highest = (type(node.aggregation) is Best) == up
        ends = (None, end) if up else (end, None)
        return evolve(bare, kind="most" if highest else "fewest", children=children, low=ends[0], high=ends[1])

    def _scaled(self, node: Heading, bare: Branch) -> Branch:
        """Return a heading with a scale of its own: its composite in points, turned into what the scale makes of it."""
        scale = node.scale
        if scale is None or scale.fitting != "none" or scale.monotone not in (-1, 1):
            raise NotATree
        kernel = self.plan.kernels(FRACTION).scale(node.place)
        most, worth = node.row.max, bare.worth
        sign = 1 if scale.monotone * worth > 0 else -1

        def turned(value: Fraction) -> Fraction:
            out = np.empty(1, object)
            kernel(np.array([Fraction(value) * sign / most], object), out, Work.of(1, FRACTION), None, None)
            return Fraction(out[0]) * worth

        inner = self._heading(node, evolve(bare, worth=Fraction(sign)))
        return evolve(inner, worth=worth, turned=turned)

    def check(self, tree: Branch) -> None:
        """Raise NotATree unless the tree gives the very points that the run gave, at every row that has a score."""
        leaves = {node.place: Fraction(self.facts.points[node.place]) for node in self.plan.nodes}
        for branch in tree.walk():
            if branch.kind != "apart" and branch.value(leaves) != self.facts.points[branch.place] * branch.worth:
                raise NotATree


def common_denominator(tree: Branch, points: Mapping[int, Sequence[Fraction]]) -> int | None:
    """Return the number that makes every value of the tree whole, None where a scale of its own stands in it.

    `points` are those that each leaf may have.
    """
    denominator = 1
    for branch in tree.walk():
        if branch.turned is not None:
            return None
        numbers = [one for one in (branch.low, branch.high, branch.fixed) if one is not None]
        numbers += [one * branch.worth for one in points.get(branch.place, ())]
        for one in numbers:
            denominator = math.lcm(denominator, one.denominator)
    return denominator
