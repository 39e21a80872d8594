"""The points of every indicator before anything is varied, and under another normalization, policy or with noise.

Only what was plainly computed from figures is computed anew, by the scheme's own kernels: a given score, a cell without
a figure, a denominator of 0 or evidence that was not shown keeps what the scheme said of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np
from attrs import evolve, frozen

from ictindex.analysis.uncertainty.assumptions import Missing, Normalizing
from ictindex.leftout import NOTHING
from ictindex.matrix import Flag
from ictindex.model import Input, InputKind
from ictindex.plan import Leaf, Plan
from ictindex.reading import Positions, Reader
from ictindex.result import Result
from ictindex.strategies.base import FLOAT, Array, Fit, Mask, Sample, Work

_ABSENT = Flag.MISSING_ZERO | Flag.MISSING_LEFT_OUT
_WITHOUT = (
    Flag.GIVEN | Flag.COVERED | _ABSENT | Flag.NOT_APPLICABLE_ZERO | Flag.NOT_APPLICABLE_LEFT_OUT | Flag.NO_DENOMINATOR
)
NUMBERS = (InputKind.COUNT, InputKind.AMOUNT, InputKind.POINTS)
"""The inputs that noise is put on: numbers, neither yes or no nor a choice."""


@frozen
class State:
    """Points of a row, and the points left out below it that are still to be converted back; None: nobody's.

    Both have a line for each draw, or one line for all of them, and a column for each unit.
    """

    points: Array
    lost: Array | None = None

    def left(self, maximum: Fraction) -> Mask | None:
        """Return who has nothing of the row left, None where nobody is."""
        if self.lost is None:
            return None
        left: Mask = self.lost >= float(maximum) * (1 - NOTHING)
        return left if left.any() else None

    def taken(self, order: Positions) -> State:
        """Return the same state with the units in another order."""
        return State(self.points[:, order], None if self.lost is None else self.lost[:, order])


@frozen
class Base:
    """One indicator of a result: what it scored, who is computed anew, who is compared with others, who lacks a cell.

    `stretch` is the factor by which points were converted back at the row itself, `excluded` the points reported as
    left out, None: nobody's. `values` has what it measured.
    """

    leaf: Leaf
    state: State
    plain: Mask
    compared: Mask
    missing: Mask | None
    stretch: Array | None
    excluded: Array | None
    values: Array

    def taken(self, order: Positions) -> Base:
        """Return the same indicator with the units in another order."""
        return Base(
            self.leaf,
            self.state.taken(order),
            self.plain[order],
            self.compared[order],
            None if self.missing is None else self.missing[order],
            None if self.stretch is None else self.stretch[order],
            None if self.excluded is None else self.excluded[order],
            self.values[:, order],
        )


@frozen
class Figures:
    """The indicators of one result, and what is needed to compute them anew."""

    plan: Plan
    bases: Mapping[int, Base]
    cells: Mapping[str, Array]  # of every input that is a number
    pools: Positions | None
    pool_count: int
    fits: Mapping[int, Fit]
    borrowed: bool

    @classmethod
    def of(cls, result: Result) -> Figures:
        """Return the indicators of a result."""
        reader = Reader(result.plan, result.table, FLOAT)
        pools, names = reader.pools()
        leaves = [node for node in result.plan.nodes if isinstance(node, Leaf)]
        bases = {leaf.place: _base(leaf, result, reader) for leaf in leaves if leaf.row.max}
        cells: dict[str, Array] = {}
        for leaf in leaves:
            if leaf.place in bases:
                cells |= dict(zip(leaf.inputs, reader.cells(leaf).values, strict=True))
        borrowed = bool(result.options.get("reference"))
        return cls(result.plan, bases, cells, pools, len(names), result.fits, borrowed)

    def taken(self, order: Positions) -> Figures:
        """Return the same indicators with the units in another order."""
        bases = {place: base.taken(order) for place, base in self.bases.items()}
        cells = {code: values[order] for code, values in self.cells.items()}
        return evolve(self, bases=bases, cells=cells, pools=None if self.pools is None else self.pools[order])

    def pools_of(self, place: int) -> Positions | None:
        """Return the pools within which the scale of a row compares units."""
        return self.pools if self.plan.pooled(place) else None

    def state(
        self, place: int, normalization: Normalizing, missing: Missing, cells: Mapping[str, Array] | None
    ) -> State:
        """Return an indicator under one normalization and policy; with `cells`, lines of figures, in every draw."""
        base = self.bases[place]
        points = base.state.points
        if normalization != "scheme" or cells is not None:
            lines = self._lines(base, cells)
            points = np.repeat(points, len(lines), axis=0)
            scored = self._scored(base, lines, normalization)
            if base.stretch is not None:
                scored *= base.stretch
            points[:, base.plain] = scored[:, base.plain]
        return _with_policy(base, State(points, base.state.lost), missing)

    def fit(self, place: int, values: Array, counts: Mask | None) -> Fit | None:
        """Return what the units teach about one line of numbers; what was borrowed from a reference stays."""
        if self.borrowed:
            return self.fits.get(place)
        scale, pools = self.plan.nodes[place].scale, self.pools_of(place)
        return (
            None
            if scale is None
            else scale.fit(Sample(values, counts, pools, 1 if pools is None else self.pool_count), FLOAT)
        )

    def untaught(self, place: int) -> bool:
        """Whether a row is scored by what a reference teaches, and neither it nor this table has anybody there."""
        return self.borrowed and place not in self.fits

    def _lines(self, base: Base, cells: Mapping[str, Array] | None) -> Array:
        """Return the measured numbers, a line for each line of the cells."""
        if cells is None:
            return base.values
        draws = max((len(cells[code]) for code in base.leaf.inputs if code in cells), default=1)
        units = base.values.shape[1]
        flat = [
            np.broadcast_to(cells.get(code, self.cells[code]), (draws, units)).reshape(-1) for code in base.leaf.inputs
        ]
        return _measured(base.leaf, self.plan, flat, base.values).reshape(draws, units)

    def _scored(self, base: Base, lines: Array, normalization: Normalizing) -> Array:
        leaf, most = base.leaf, float(base.leaf.row.max)
        if normalization != "scheme" and leaf.scale.monotone:
            pools = np.zeros(lines.shape[1], np.intp) if self.pools is None else self.pools
            return normalized(lines, base.plain, pools, normalization, leaf.scale.monotone) * most
        kernel = self.plan.kernels(FLOAT).scale(leaf.place)
        out = np.empty(lines.shape)
        if leaf.scale.fitting == "none":
            kernel(lines.reshape(-1), out.reshape(-1), Work.of(lines.size, FLOAT), None, None)
            return out
        if self.untaught(leaf.place):
            return np.zeros(lines.shape)
        counts = None if base.compared.all() else base.compared
        own, work = self.pools_of(leaf.place), Work.of(lines.shape[1], FLOAT)
        for line, points in zip(lines, out, strict=True):
            kernel(line, points, work, self.fit(leaf.place, line, counts), own)
        return out


def _base(leaf: Leaf, result: Result, reader: Reader) -> Base:
    matrix, place, most = result.settled.matrix, leaf.place, float(leaf.row.max)
    points = np.array(result.settled.row(place), np.float64)
    excluded = reader.excluded(place)
    if excluded is not None:
        excluded = np.clip(excluded, 0.0, most)
    left, converted = matrix.holds(place, Flag.LEFT_OUT), matrix.converted.get(place)
    lost = np.zeros(len(points)) if excluded is None else excluded.copy()
    stretch = None
    if converted is not None:
        stretch = np.where(converted > 0, most / (most - np.where(converted > 0, converted, 0.0)), 1.0)
        lost[converted > 0] = 0.0
    lost[left] = most
    compared = ~matrix.holds(place, _WITHOUT)
    plain = compared & ~left
    unshown = matrix.holds(place, Flag.NO_EVIDENCE)
    plain &= ~(unshown & (points == 0))  # without its evidence a row scores nothing, or is only flagged
    missing = matrix.holds(place, _ABSENT)
    values = _measured(leaf, result.plan, list(reader.cells(leaf).values), None)
    return Base(
        leaf,
        State(points[None], lost[None] if lost.any() else None),
        plain,
        compared,
        missing if missing.any() else None,
        stretch,
        excluded,
        values[None],
    )


def _measured(leaf: Leaf, plan: Plan, cells: list[Array], base: Array | None) -> Array:
    """Return the measured numbers; where noise leaves nothing to divide by, those of the base."""
    size = len(cells[0])
    kernel = plan.kernels(FLOAT).measure(leaf.place)
    with np.errstate(all="ignore"):
        values, undefined = kernel(cells, np.empty(size), Work.of(size, FLOAT))
    values = np.array(values, np.float64)
    if undefined is not None and base is not None:
        values = np.where(undefined, np.broadcast_to(base, (size // base.shape[1], base.shape[1])).reshape(-1), values)
    return values


def _with_policy(base: Base, state: State, missing: Missing) -> State:
    """Return the state with another meaning of missing cells."""
    if missing == "scheme" or base.missing is None:
        return state
    points, most = np.where(base.missing, 0.0, state.points), float(base.leaf.row.max)
    lost = np.zeros((1, len(base.missing))) if state.lost is None else state.lost
    absent = most if missing == "left-out" else _still_lost(base, most)
    lost = np.where(base.missing, absent, lost)
    return State(points, lost if lost.any() else None)


def _still_lost(base: Base, most: float) -> Array | float:
    """Return the points left out of a row whose missing cells count as no points: what is reported as left out."""
    if base.excluded is None:
        return 0.0
    # A row that converts back itself makes 0 points of 0 points, unless nothing of it is left.
    return np.where(base.excluded >= most, most, 0.0) if base.leaf.rescales else base.excluded


def normalized(lines: Array, plain: Mask, pools: Positions, how: Normalizing, direction: int) -> Array:
    """Return every number's share of the maximum among the plain units of its pool, by one of the methods.

    Where all are equal, each has half.
    """
    shares = np.full(lines.shape, 0.5)
    method = {"min-max": _min_max, "z-score": _z_score, "rank": _by_rank}[how]
    for pool in np.unique(pools[plain]):
        members = np.flatnonzero(plain & (pools == pool))
        numbers = lines[:, members] * direction
        flat = numbers.max(axis=1, keepdims=True) - numbers.min(axis=1, keepdims=True) <= 0
        shares[:, members] = np.where(flat, 0.5, method(numbers))
    return shares


def _min_max(numbers: Array) -> Array:
    low = numbers.min(axis=1, keepdims=True)
    width = numbers.max(axis=1, keepdims=True) - low
    made: Array = (numbers - low) / np.where(width > 0, width, 1.0)
    return made


def _z_score(numbers: Array) -> Array:
    deviation = numbers.std(axis=1, keepdims=True)
    distance = (numbers - numbers.mean(axis=1, keepdims=True)) / np.where(deviation > 0, deviation, 1.0)
    made: Array = np.clip(0.5 + distance / 6, 0.0, 1.0)
    return made


def _by_rank(numbers: Array) -> Array:
    """Ranks that tie share their average."""
    made = np.empty(numbers.shape)
    for line, out in zip(numbers, made, strict=True):
        ordered = np.sort(line)
        below, up_to = np.searchsorted(ordered, line, "left"), np.searchsorted(ordered, line, "right")
        out[:] = (below + up_to - 1) / 2 / max(1, len(line) - 1)
    return made


def noisy(cells: Array, one: Input, shocks: Array, spread: float) -> Array:
    """Return figures with noise: `shocks` are standard normal numbers, a line for each draw.

    A figure keeps its sign and the ends of its input; a count stays whole, and 0 only where it was 0.
    """
    moved = cells * np.maximum(1 + spread * np.clip(shocks, -3.0, 3.0), 0.0)
    if one.kind is InputKind.COUNT:
        moved = np.where(cells >= 1, np.maximum(np.rint(moved), 1.0), cells)
    low = -np.inf if one.low is None else np.minimum(float(one.low), cells)
    high = np.inf if one.high is None else np.maximum(float(one.high), cells)
    made: Array = np.minimum(np.maximum(moved, low), high)
    return made


Shocks = Callable[[str], Array]
"""(input) -> standard normal numbers, a line for each draw."""


def noisy_cells(figures: Figures, inputs: Mapping[str, Input], shocks: Shocks, spread: float) -> dict[str, Array]:
    """Return the lines of every input that is a number; the cells without a figure stay 0."""
    return {
        code: noisy(cells[None], inputs[code], shocks(code), spread)
        for code, cells in figures.cells.items()
        if inputs[code].kind in NUMBERS
    }
