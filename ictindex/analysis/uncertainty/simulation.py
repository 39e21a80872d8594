"""Draw after draw: the assumptions are drawn, the units scored and ranked, and what came of it is counted.

Work is cut into blocks of draws whose random numbers and shapes are always the same, so a result does not depend on who
computes which block. What a block gives back is whole numbers, which add up in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import frozen

from ictindex.analysis.uncertainty.assumptions import Aggregating, Assumptions, Missing, Normalizing
from ictindex.analysis.uncertainty.draws import BLOCK, Draws, Factor
from ictindex.analysis.uncertainty.fixed import fixed_rows
from ictindex.analysis.uncertainty.headings import Evaluation, Leaves, Tree, shares_of, weighted
from ictindex.analysis.uncertainty.leaves import NUMBERS, Figures, noisy_cells
from ictindex.analysis.uncertainty.ranks import CELLS, Positions, Ranker, Score, Scored
from ictindex.plan import Heading, Plan, points_per_unit
from ictindex.publication import level_bound
from ictindex.result import Result
from ictindex.strategies.base import Array, Mask
from ictindex.strategies.classifications import first_reached, key_bound
from ictindex.working import done as worked

_CELLS = 2**21
"""So many floats the arrays of one step hold at most, each draw whole: 16 MB, however many draws there are."""

_NEAR = 1e-12
"""Points within this share of a maximum below a bound have reached it."""

Progress = Callable[[int, int], None]
"""(done, of): told after each piece of work."""


@frozen
class Tally:
    """What came of one block: ranks of a window of units, a line for each draw, and counts over the draws.

    Units stand in the simulation's order. `kept` has, for each draw, how many of the published first ones are still
    among them; `moved` by how much all ranks together differ from the published ones. `ahead` counts the draws in which
    each ranked unit is ahead of the next one, `levels` those in which each unit has each level.
    """

    ranks: Array
    kept: Array
    moved: Array
    ahead: Array
    levels: Array


@frozen(slots=False)
class Simulation:
    """One row of one result, and what is varied. It can be pickled, and knows nothing of how many draws there are.

    Its units stand in the published order, those never ranked at the end: neighbours in it are neighbours in memory,
    and the order of the table does not matter.
    """

    plan: Plan
    place: int
    assumptions: Assumptions
    tree: Tree
    ranker: Ranker
    order: Positions  # the place in the table of each unit: pool after pool from first to last, then the unranked
    published: Array  # ranks, times ranker.times; 0 for a unit that is not ranked
    top: int
    seed: int
    noise_order: Array  # the place of each unit among all, by code

    @classmethod
    def of(cls, result: Result, code: str, assumptions: Assumptions, seed: int, top: int = 0) -> Simulation:
        """Return the simulation of one row of a result; `top` 0 is ten, or a third of few units."""
        plan, place = result.plan, result.plan.place(code)
        row = plan.nodes[place].row
        ranks, labels = result.ranks(code), result.units
        units = len(labels)
        pools = np.zeros(units, np.intp)
        if result.table.pool is not None:
            pools = np.unique(np.array(result.table.pool, object), return_inverse=True)[1]
        codes = np.empty(units, np.intp)
        codes[np.argsort(np.array(labels), kind="stable")] = np.arange(units)
        order = np.lexsort((np.where(ranks > 0, codes, np.arange(units)), ranks, np.where(ranks > 0, pools, units)))
        ranked = int(np.count_nonzero(ranks))
        edges: list[int] = (np.flatnonzero(np.diff(pools[order[:ranked]])) + 1).tolist()
        ends = list(pairwise([0, *edges, ranked])) if ranked else []
        slices = tuple(slice(start, stop) for start, stop in ends)
        ranker = Ranker(row.rank.ties, tuple([labels[unit] for unit in order.tolist()]), slices)
        largest = max((stop - start for start, stop in ends), default=0)
        fixed = {place: one.taken(order) for place, one in fixed_rows(result).items()}
        return cls(
            plan,
            place,
            assumptions,
            Tree(plan, Figures.of(result).taken(order), fixed),
            ranker,
            order,
            np.rint(ranks[order] * ranker.times).astype(ranker.dtype),
            top or min(10, max(1, -(-largest // 3))),
            seed,
            codes[order],
        )

    @cached_property
    def ranked(self) -> int:
        """How many units are ranked."""
        return int(np.count_nonzero(self.published))

    @cached_property
    def followed(self) -> Mask:
        """Of the ranked units, which have a next one in their pool."""
        found = np.ones(self.ranked, np.bool_)
        found[[pool.stop - 1 for pool in self.ranker.pools]] = False
        return found

    @cached_property
    def first(self) -> Positions:
        """The published first ones of every pool."""
        return np.flatnonzero((self.published > 0) & (self.published <= self.top * self.ranker.times))

    # --- what is varied -------------------------------------------------------------------------------------------

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The headings at or below the row whose weights are varied."""
        varied = np.isfinite(self.assumptions.concentration_of(2))
        below = self.plan.below(self.place)
        nodes = (node for node in self.plan.nodes if node.place in below)
        return tuple(node for node in nodes if varied and isinstance(node, Heading) and weighted(node))

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """What is varied, each by itself."""
        found = [Factor("weights", heading.place) for heading in self.headings]
        methods = ("normalization", "aggregation", "missing")
        found += [Factor(kind) for kind in methods if len(getattr(self.assumptions, kind)) > 1 and self._matters(kind)]
        return (*found, Factor("noise")) if self.assumptions.noise and self._matters("noise") else tuple(found)

    def _matters(self, kind: str) -> bool:
        """Whether there is anything at or below the row that a method or noise could change."""
        below, bases = self.plan.below(self.place), self.tree.figures.bases
        if kind == "missing":
            return any(place in below and base.missing is not None for place, base in bases.items())
        if kind == "noise":
            inputs = {code for place, base in bases.items() if place in below for code in base.leaf.inputs}
            return any(self.plan.scheme.input(code).kind in NUMBERS for code in inputs)
        return True

    # --- a block --------------------------------------------------------------------------------------------------

    def tally(self, draws: Draws, window: slice, counts: bool = True) -> Tally:
        """Return what came of a block of draws; `window` are the units whose ranks are given back.

        Without `counts` nothing else is, and nothing else is sent.
        """
        levels = np.zeros(self._level_shape if counts else (0, 0), np.int64)
        ahead = np.zeros(self.ranked if counts else 0, np.int64)
        ranks, kept, moved = [], [], []
        for found, reached in self._ranked(draws, counts):
            ranks.append(found[:, window])
            if not counts:
                continue
            kept.append(np.count_nonzero(found[:, self.first] <= self.top * self.ranker.times, axis=1))
            moved.append(_distance(found, self.published))
            ahead[:-1] += _counted(found[:, : self.ranked - 1] < found[:, 1 : self.ranked])
            if reached is not None:
                for level in range(levels.shape[1]):
                    levels[:, level] += _counted(reached == level)
        return Tally(_whole(ranks), _whole(kept), _whole(moved), ahead, levels)

    @property
    def _level_shape(self) -> tuple[int, int]:
        levels = self.plan.nodes[self.place].row.levels
        return len(self.published), 0 if levels is None else len(levels.levels)

    def _ranked(self, draws: Draws, levels: bool) -> Iterator[tuple[Array, Array | None]]:
        """Yield the ranks of some draws after the others, in their order, and the position of each unit's level."""
        shares = {place: draws.weights(place, *around) for place, around in self._around.items()}
        choices = [draws.choices(kind, len(getattr(self.assumptions, kind))) for kind in _METHODS]
        shocks = self._shocks(draws)
        for start in range(0, draws.size, self._lines):
            part = range(start, min(start + self._lines, draws.size))
            cells = None if shocks is None else shocks(len(part))
            chosen = list(zip(*(choice[part.start : part.stop] for choice in choices), strict=True))
            groups = {one: [line for line, other in enumerate(chosen) if other == one] for one in sorted(set(chosen))}
            found = []
            for methods, lines in groups.items():
                rows = [start + line for line in lines]
                evaluation = self._evaluation(
                    methods,
                    {place: one[rows] for place, one in shares.items()},
                    None if cells is None else {code: one[lines] for code, one in cells.items()},
                    len(lines),
                )
                wanted = levels and self._level_shape[1]
                found.append((self._ranks(evaluation), self._levels(evaluation) if wanted else None))
            again = np.argsort(np.concatenate([*groups.values()]), kind="stable")
            yield _together([one for one, _ in found], again), _together([one for _, one in found], again)

    @cached_property
    def _around(self) -> dict[int, tuple[Array, float]]:
        """The shares around which the weights of each heading are drawn, and how closely."""
        return {
            heading.place: (shares_of(heading), self.assumptions.concentration_of(len(weighted(heading))))
            for heading in self.headings
        }

    @cached_property
    def _lines(self) -> int:
        """How many draws are computed at once."""
        noisy = bool(self.assumptions.noise)
        widest = max((len(node.children) for node in self.plan.nodes), default=0)
        arrays = len(self.plan.nodes) + 4 if noisy else widest + 4
        return int(max(1, min(BLOCK, _CELLS * 8 // (arrays * max(1, len(self.published))))))

    def _shocks(self, draws: Draws) -> Callable[[int], Mapping[str, Array]] | None:
        """Return what gives the noisy cells of the next so many draws; None where there is no noise."""
        if not self.assumptions.noise:
            return None
        inputs = {one.code: one for one in self.plan.scheme.inputs}
        figures, units = self.tree.figures, len(self.published)
        streams = {
            code: draws.noise(position)
            for position, (code, one) in enumerate(inputs.items())
            if code in figures.cells and one.kind in NUMBERS
        }

        def following(count: int) -> Mapping[str, Array]:
            def shocks(code: str) -> Array:
                return streams[code].standard_normal((count, units))[:, self.noise_order]

            return noisy_cells(figures, inputs, shocks, self.assumptions.noise)

        return following

    def _evaluation(
        self, methods: tuple[int, ...], weights: Mapping[int, Array], cells: Mapping[str, Array] | None, draws: int
    ) -> Evaluation:
        normalization: Normalizing = self.assumptions.normalization[methods[0]]
        aggregation: Aggregating = self.assumptions.aggregation[methods[1]]
        missing: Missing = self.assumptions.missing[methods[2]]

        leaves = Leaves(self.tree.figures, normalization, missing, cells)
        if cells is None:
            leaves = self._leaves.setdefault((normalization, missing), leaves)
        return self.tree.evaluation(leaves, weights, draws, aggregation)

    @cached_property
    def _leaves(self) -> dict[Any, Leaves]:
        """The indicators that are the same in all draws of one choice of methods."""
        return {}

    def _ranks(self, evaluation: Evaluation) -> Array:
        rule = self.plan.nodes[self.place].row.rank
        chain = [
            Scored(Score.of(self.plan.nodes[place].row, rule.on), *self._points(evaluation, place))
            for place in self.plan.rank_chain(self.place)
        ]
        return self.ranker.ranks(chain)

    def _points(self, evaluation: Evaluation, place: int) -> tuple[Array, Mask | None]:
        """Return the points of a row in every draw, and who has a score there; None: everybody."""
        state, row = evaluation.state(place), self.plan.nodes[place].row
        shape = (evaluation.draws, evaluation.units)
        left = state.left(row.max)
        fixed = self.tree.fixed.get(place)
        if fixed is not None and fixed.covered is not None:
            left = fixed.covered[None] if left is None else left | fixed.covered
        return np.broadcast_to(state.points, shape), None if left is None else ~np.broadcast_to(left, shape)

    def _levels(self, evaluation: Evaluation) -> Array:
        """Return the position of every unit's level in every draw, -1 where it has none."""
        row = self.plan.nodes[self.place].row
        points, scored = self._points(evaluation, self.place)
        per_unit, reached = points_per_unit(row), []
        keys = Score.of(row, "published").keys(points)
        for position, level in enumerate(() if row.levels is None else row.levels.levels):
            score, strict = level_bound(row, position)
            if row.rank.on == "published":
                mask = keys >= key_bound(score, strict, row.publish.decimals)
            else:
                mask = _reaches(points, score * per_unit, row.max, strict=strict)
            for code, needs in level.only_if:
                place = self.plan.place(code)
                other = self._points(evaluation, place)[0]
                mask = mask & _reaches(other, needs, self.plan.nodes[place].row.max)
            reached.append(mask)
        found = first_reached(reached) if reached else np.full(points.shape, -1, np.intp)
        return found if scored is None else np.where(scored, found, -1)


_METHODS = ("normalization", "aggregation", "missing")


def _reaches(points: Array, needed: Fraction, maximum: Fraction, *, strict: bool = False) -> Mask:
    near = _NEAR * max(float(maximum), 1.0)
    found: Mask = points > float(needed) + near if strict else points >= float(needed) - near
    return found


def _distance(ranks: Array, published: Array) -> Array:
    """Return by how much the ranks of each draw differ from the published ones, all together."""
    found, rows = np.empty(len(ranks), np.int64), max(1, CELLS // max(1, len(published)))
    for start in range(0, len(ranks), rows):
        part = ranks[start : start + rows]
        far = np.maximum(part, published)
        far -= np.minimum(part, published)  # whole numbers without a sign
        np.sum(far, axis=1, dtype=np.int64, out=found[start : start + rows])
    return found


def _counted(masks: Mask) -> Array:
    """Return in how many of at most `BLOCK` draws it is so."""
    found: Array = masks.view(np.uint8).sum(axis=0, dtype=np.uint8)
    return found


def _whole(parts: Sequence[Array]) -> Array:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _together(parts: Sequence[Any], order: Positions) -> Any:
    """Return the lines of parts in their order; None where there are none."""
    if parts[0] is None or len(parts) == 1:
        return parts[0]
    return np.concatenate(parts)[order]


def computed(
    simulation: Simulation,
    tasks: Iterable[tuple[Draws, slice, bool]],
    executor: Executor | None,
    done: Callable[[], None],
) -> Iterator[Tally]:
    """Yield the tally of each task, in order; with an executor, computed by it, few at a time."""
    for tally in worked(Simulation.tally, simulation, tasks, executor):
        yield tally
        done()
