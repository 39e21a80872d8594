"""The points of headings in many draws: the scheme's own rules, with other weights or another mean.

Rows below a sum are stretched by how much their part of the maximum grew, and then added up by the scheme's own kernel,
with its caps, bonuses and deductions. What is left out is converted back as in `leftout`. Where nothing but means and
plain sums of fixed points lies below a row, all of it is one matrix product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from attrs import evolve, field, frozen

from ictindex.analysis.uncertainty.assumptions import LOWEST, Aggregating, Missing, Normalizing
from ictindex.analysis.uncertainty.fixed import Fixed
from ictindex.analysis.uncertainty.leaves import Figures, State
from ictindex.leftout import NOTHING
from ictindex.plan import Heading, Leaf, Plan
from ictindex.strategies.aggregations import Best, Sum
from ictindex.strategies.base import FLOAT, Aggregation, Array, Mask, Work
from ictindex.strategies.means import Geometric, Mean

Weights = Mapping[int, Array]
"""The shares of the weights of the weighted rows below a heading, a line for each draw, by row of the matrix."""


def weighted(heading: Heading) -> tuple[int, ...]:
    """Return which rows below a heading have weights that can be varied, by position; none where there is one."""
    rule = heading.aggregation
    if rule is None or isinstance(rule, Best):
        return ()
    if rule.additive:
        found = [at for at, child in enumerate(heading.below) if child.role == "max" and child.maximum]
    else:
        found = [at for at, child in enumerate(heading.below) if child.weight > 0 and child.maximum]
    return tuple(found) if len(found) > 1 else ()


def shares_of(heading: Heading) -> Array:
    """Return the scheme's weights of these rows, as shares that add up to 1."""
    additive = heading.aggregation is not None and heading.aggregation.additive
    chosen = [heading.below[at] for at in weighted(heading)]
    weights = [child.maximum if additive else child.weight for child in chosen]
    whole = sum(weights, Fraction(0))
    return np.array([float(weight / whole) for weight in weights])


@frozen
class Leaves:
    """The indicators of some draws under one choice of methods, each computed once; `cells` are figures with noise."""

    figures: Figures
    normalization: Normalizing
    missing: Missing
    cells: Mapping[str, Array] | None = None
    states: dict[int, State] = field(factory=dict)
    rows: dict[tuple[int, ...], Array] = field(factory=dict)
    linear: dict[str, dict[int, bool]] = field(factory=dict)  # by the mean that headings take: whether rows are

    def state(self, place: int) -> State:
        """Return an indicator."""
        if place not in self.states:
            self.states[place] = self.figures.state(place, self.normalization, self.missing, self.cells)
        return self.states[place]

    def stacked(self, places: tuple[int, ...]) -> Array:
        """Return the points of indicators that are the same in all draws, a line for each."""
        if places not in self.rows:
            self.rows[places] = np.concatenate([self.state(place).points for place in places])
        return self.rows[places]


@frozen
class Tree:
    """The headings of one plan, its indicators, and what is given at headings."""

    plan: Plan
    figures: Figures
    fixed: Mapping[int, Fixed]
    _weighted: dict[int, tuple[tuple[int, ...], Array]] = field(factory=dict)
    _per_point: dict[int, Mapping[int, float]] = field(factory=dict)

    def weighted(self, heading: Heading) -> tuple[tuple[int, ...], Array]:
        """Return which rows below a heading have weights that can be varied, by position, and the scheme's shares."""
        if heading.place not in self._weighted:
            self._weighted[heading.place] = weighted(heading), shares_of(heading)
        return self._weighted[heading.place]

    def per_point(self, heading: Heading) -> Mapping[int, float]:
        """Return the points of a heading for each point of a row below that has any, by position."""
        if heading.place not in self._per_point:
            rows = {at: child.maximum for at, child in enumerate(heading.below) if child.maximum}
            self._per_point[heading.place] = {at: float(heading.row.max / most) for at, most in rows.items()}
        return self._per_point[heading.place]

    def evaluation(self, leaves: Leaves, weights: Weights, draws: int, aggregation: Aggregating) -> Evaluation:
        """Return what computes the rows of so many draws."""
        return Evaluation(self, leaves, weights, draws, aggregation)


class Evaluation:
    """The rows of the plan in one set of draws; each is computed once, when it is asked for."""

    def __init__(self, tree: Tree, leaves: Leaves, weights: Weights, draws: int, aggregation: Aggregating) -> None:
        self.tree, self.plan, self.draws = tree, tree.plan, draws
        self._leaves, self._weights, self._aggregation = leaves, weights, aggregation
        self._states: dict[int, State] = {}
        self._linear = leaves.linear.setdefault(aggregation, {})
        self.units = next(iter(tree.figures.bases.values())).values.shape[1] if tree.figures.bases else 0

    def state(self, place: int) -> State:
        """Return the points of a row, and what is left out there."""
        if place not in self._states:
            node = self.plan.nodes[place]
            if not node.row.max:
                self._states[place] = State(np.zeros((1, self.units)))
            elif isinstance(node, Leaf):
                self._states[place] = self._leaves.state(place)
            else:
                self._states[place] = self._product(node) if self._is_linear(place) else self._heading(node)
        return self._states[place]

    # --- one matrix product ---------------------------------------------------------------------------------------

    def _is_linear(self, place: int) -> bool:
        """Whether a row is a weighted sum of indicators that are the same in all draws."""
        if place not in self._linear:
            self._linear[place] = self._linear_node(place)
        return self._linear[place]

    def _linear_node(self, place: int) -> bool:
        node = self.plan.nodes[place]
        if not node.row.max:
            return True
        if isinstance(node, Leaf):
            state = self.state(place)
            return len(state.points) == 1 and state.lost is None
        rule = self._rule(node)
        plain = isinstance(rule, Mean) or (type(rule) is Sum and all(child.role == "max" for child in node.below))
        return (
            plain
            and node.scale is None
            and place not in self.tree.fixed
            and all(self._is_linear(child) for child in node.children)
        )

    def _product(self, heading: Heading) -> State:
        factors: dict[int, Array] = {}
        self._spread(heading, np.ones((self.draws, 1)), factors)
        places = tuple(sorted(factors))
        return State(np.concatenate([factors[place] for place in places], axis=1) @ self._leaves.stacked(places))

    def _spread(self, heading: Heading, above: Array, factors: dict[int, Array]) -> None:
        """Write what one point of each indicator below is worth above, a column of all draws."""
        mean = isinstance(self._rule(heading), Mean)
        worth = self._mean_weights(heading) if mean else self._stretches(heading)
        for at, per_point in self.tree.per_point(heading).items():
            if at not in worth:
                continue
            share = worth[at] * per_point if mean else worth[at]
            node = self.plan.nodes[heading.children[at]]
            if isinstance(node, Leaf):
                factors[node.place] = above * share[:, None]
            else:
                self._spread(node, above * share[:, None], factors)

    # --- the weights of a heading ---------------------------------------------------------------------------------

    def _mean_weights(self, heading: Heading) -> dict[int, Array]:
        """Return the weight of each row below that has one, as a share of all, by position; a line for each draw."""
        if heading.place in self._weights:
            shares = self._weights[heading.place]
            return {at: shares[:, column] for column, at in enumerate(self.tree.weighted(heading)[0])}
        additive = heading.aggregation is not None and heading.aggregation.additive
        counted = [at for at, child in enumerate(heading.below) if child.maximum and (additive or child.weight > 0)]
        weights = [heading.below[at].maximum if additive else heading.below[at].weight for at in counted]
        whole = sum(weights, Fraction(0)) or Fraction(1)
        return {at: np.full(1, float(weight / whole)) for at, weight in zip(counted, weights, strict=True)}

    def _stretches(self, heading: Heading) -> dict[int, Array]:
        """Return by what the points of each row below a sum are multiplied, as its part of the maximum grew."""
        found = {at: np.ones(1) for at in range(len(heading.below))}
        if heading.place in self._weights:
            positions, shares = self.tree.weighted(heading)
            stretched = self._weights[heading.place] / shares
            found |= {at: stretched[:, column] for column, at in enumerate(positions)}
        return found

    def _rule(self, heading: Heading) -> Aggregation | None:
        """Return how a heading combines in these draws; only means and sums of maxima can be taken for another mean."""
        rule = heading.aggregation
        plain = type(rule) in (Mean, Geometric) or (
            type(rule) is Sum and all(child.role == "max" for child in heading.below)
        )
        if not plain or self._aggregation == "scheme":
            return rule
        if self._aggregation == "geometric":
            return Geometric()
        return Mean() if type(rule) is Geometric else rule

    # --- one heading after the other ------------------------------------------------------------------------------

    def _heading(self, heading: Heading) -> State:
        fixed = self.tree.fixed.get(heading.place)
        if fixed is not None and fixed.given is not None and fixed.given.all():
            return fixed.state
        below = [self.state(place) for place in heading.children]
        rule = self._rule(heading)
        if rule is None:
            return State(np.zeros((1, self.units)))
        if rule.additive:
            state = self._added(heading, rule, below)
        elif isinstance(rule, Mean | Geometric):
            state = self._averaged(heading, rule, below)
        else:
            state = self._combined(heading, rule, below)
        state = self._scaled(heading, _converted(heading, state), fixed)
        if fixed is None or fixed.given is None:
            return state
        given = fixed.state
        lost = None
        if state.lost is not None or given.lost is not None:
            lost = np.where(fixed.given, _or_none(given.lost), _or_none(state.lost))
        return State(np.where(fixed.given, given.points, state.points), lost)

    def _added(self, heading: Heading, rule: Aggregation, below: Sequence[State]) -> State:
        stretches = self._stretches(heading)
        points = [state.points * stretches[at][:, None] for at, state in enumerate(below)]
        out = self._kernel(heading, rule, points, [None] * len(below))
        losing = [
            state.lost * stretches[at][:, None]
            for at, (state, child) in enumerate(zip(below, heading.below, strict=True))
            if state.lost is not None and child.role == "max"
        ]
        if not losing:
            return State(out)
        most = float(heading.row.max)
        whole = float(sum((child.maximum for child in heading.below if child.role == "max"), Fraction(0)))
        lost = sum(losing[1:], losing[0])
        reachable = np.minimum(whole - lost, most)
        if getattr(rule, "capped", False) or any(child.role != "max" for child in heading.below):
            out = np.where(lost > 0, np.minimum(out, np.maximum(reachable, 0.0)), out)
        return State(out, np.where(lost > 0, most - reachable, 0.0))

    def _averaged(self, heading: Heading, rule: Aggregation, below: Sequence[State]) -> State:
        """Return a mean. Where the scheme adds up, points left out go on to the row that converts them back."""
        additive = heading.aggregation is not None and heading.aggregation.additive
        own = type(heading.aggregation) is type(rule)
        weights, most = self._mean_weights(heading), float(heading.row.max)
        if not weights:
            return State(np.zeros((1, self.units)))
        total = np.zeros((1, 1)) if isinstance(rule, Mean) else np.ones((1, 1))
        present = np.zeros((1, 1))
        for at, weight in weights.items():
            part, maximum = weight[:, None], float(heading.below[at].maximum)
            state, room = below[at], np.full((1, 1), maximum)
            if state.lost is not None:
                gone = state.left(heading.below[at].maximum)
                if additive:
                    room = np.maximum(maximum - state.lost, 0.0)
                    part = part * (room / maximum)
                if gone is not None:
                    part, room = np.where(gone, 0.0, part), np.where(gone, 1.0, room)
            share = state.points / room
            present = present + part
            if isinstance(rule, Mean):
                total = total + part * share
            else:
                total = total * np.maximum(share, 0.0 if own else LOWEST) ** part
        nobody = present <= NOTHING
        present = np.where(nobody, 1.0, present)
        mean = total / present if isinstance(rule, Mean) else total ** (1 / present)
        points = np.broadcast_to(np.where(nobody, 0.0, mean) * most, (max(len(mean), 1), self.units))
        reach = most * present if additive else most
        lost = np.broadcast_to(np.where(nobody, most, most - reach if additive else 0.0), points.shape)
        return State(points * present if additive else points, lost if lost.any() else None)

    def _combined(self, heading: Heading, rule: Aggregation, below: Sequence[State]) -> State:
        """Combine by any other rule; a draw at a time where its weights vary."""
        left = [state.left(child.maximum) for state, child in zip(below, heading.below, strict=True)]
        points = [state.points for state in below]
        if heading.place in self._weights:
            out = np.concatenate([self._one(heading, rule, points, left, draw) for draw in range(self.draws)])
        else:
            out = self._kernel(heading, rule, points, left)
        counted = [mask for mask, child in zip(left, heading.below, strict=True) if child.maximum]
        gone = [mask for mask in counted if mask is not None]
        if not gone or len(gone) < len(counted):
            return State(out)
        lost = np.where(np.logical_and.reduce(np.broadcast_arrays(*gone)), float(heading.row.max), 0.0)
        return State(out, lost if lost.any() else None)

    def _one(
        self, heading: Heading, rule: Aggregation, points: Sequence[Array], left: Sequence[Mask | None], draw: int
    ) -> Array:
        """Combine one draw, with its weights in the place of the scheme's."""
        below, shares = list(heading.below), self._weights[heading.place][draw].tolist()
        positions = weighted(heading)
        whole = sum((below[at].weight for at in positions), Fraction(0))
        for at, share in zip(positions, shares, strict=True):
            below[at] = evolve(below[at], weight=Fraction(share) * whole)
        lines = [point[min(draw, len(point) - 1)][None] for point in points]
        masks = [None if mask is None else mask[min(draw, len(mask) - 1)][None] for mask in left]
        return self._kernel(evolve(heading, below=tuple(below)), rule, lines, masks)

    def _kernel(
        self, heading: Heading, rule: Aggregation, points: Sequence[Array], left: Sequence[Mask | None]
    ) -> Array:
        """Run the scheme's own kernel over all draws as if each were a unit."""
        lines = max((len(one) for one in (*points, *(mask for mask in left if mask is not None))), default=1)
        shape = (lines, self.units)

        def flat(values: Array) -> Array:
            return np.broadcast_to(values, shape).reshape(-1)

        kernel = rule.bind(heading.row.max, heading.below, FLOAT)
        out, work = np.empty(lines * self.units), Work.of(lines * self.units, FLOAT)
        with np.errstate(all="ignore"):
            kernel([flat(one) for one in points], [None if one is None else flat(one) for one in left], out, work)
        return out.reshape(shape)

    def _scaled(self, heading: Heading, state: State, fixed: Fixed | None) -> State:
        """Bring a heading's composite to points among the units, where the scheme does."""
        if heading.scale is None:
            return state
        figures, left = self.tree.figures, state.left(heading.row.max)
        kernel, pools = self.plan.kernels(FLOAT).scales[heading.place], figures.pools_of(heading.place)
        shares, work = state.points / float(heading.row.max), Work.of(self.units, FLOAT)
        out = np.zeros((max(len(shares), 1 if left is None else len(left)), self.units))
        if figures.untaught(heading.place):
            return State(out, state.lost)
        idle = np.zeros(self.units, np.bool_)
        for mask in () if fixed is None else (fixed.given, fixed.covered):
            idle |= False if mask is None else mask
        for line, points in enumerate(out):
            values = np.array(shares[min(line, len(shares) - 1)])
            gone = None if left is None else left[min(line, len(left) - 1)]
            out_of = idle if gone is None else idle | gone
            fit = figures.fit(heading.place, values, ~out_of if out_of.any() else None)
            if kernel is not None:
                kernel(values, points, work, fit if heading.scale.fitting != "none" else None, pools)
            if gone is not None:
                points[gone] = 0.0
        return State(out, state.lost)


def _converted(heading: Heading, state: State) -> State:
    """Convert points back to the whole maximum where the heading does; who has nothing left is left out itself."""
    if state.lost is None:
        return state
    most = float(heading.row.max)
    whole = state.lost >= most * (1 - NOTHING)
    part = (state.lost > 0) & ~whole
    points, lost = np.where(whole, 0.0, state.points), np.where(whole, most, state.lost)
    if heading.rescales:
        points = np.where(part, points * most / np.where(part, most - lost, 1.0), points)
        lost = np.where(part, 0.0, lost)
    return State(points, lost if lost.any() else None)


def _or_none(lost: Array | None) -> Array:
    return np.zeros((1, 1)) if lost is None else lost
