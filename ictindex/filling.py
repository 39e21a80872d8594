"""Run a plan over a table: fill the matrix, block by block, in one arithmetic.

The same code serves floats over all units and exact numbers over a few. Missing cells never reach a kernel as NaN: they
are 0 there, and what the scheme says of them is put in afterwards and flagged.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from attrs import evolve, frozen

from ictindex.bounds import error_bounds, grains
from ictindex.leftout import LeftOut
from ictindex.matrix import Flag, Flags, Matrix
from ictindex.plan import Heading, Leaf, Plan, Step
from ictindex.reading import Cells, Positions, Reader
from ictindex.refusals import Refusals
from ictindex.strategies.base import FLOAT, Arithmetic, Array, Fit, Mask, MeasureKernel, Sample, ScaleKernel, Work
from ictindex.strategies.measures import Ratio
from ictindex.table import Table

_ZERO = Fraction(0)

BLOCK = 4096
"""Units per block: a block of every array in use stays in the processor's cache."""


def fill(
    plan: Plan,
    table: Table,
    maths: Arithmetic = FLOAT,
    *,
    units: Positions | None = None,
    fits: Mapping[int, Fit] | None = None,
    block: int = BLOCK,
) -> Matrix:
    """Return the filled matrix of the table's units, or of those at the positions `units`.

    `fits` are used instead of fitting, where given. Raises TableInvalid with every cell that the scheme refuses.
    """
    with maths.context():
        return _Filling(plan, Reader(plan, table, maths, units), fits or {}, block).run()


@frozen
class _Leaf:
    """What one leaf needs during a run: its cells and its kernels."""

    leaf: Leaf
    cells: Cells
    measure: MeasureKernel
    scale: ScaleKernel
    breaks: tuple[tuple[float, float], ...]  # numbers near which a float cannot decide, with how near
    unshown: Mask | None
    idle: Mask | None  # units whose measure does not matter: absent, given or covered


class _Filling:
    """One run. Rows of the matrix are filled in place; a row's flags exist only once something happened there."""

    def __init__(self, plan: Plan, reader: Reader, fits: Mapping[int, Fit], block: int) -> None:
        self.plan, self.reader, self.maths, self.block = plan, reader, reader.maths, block
        self.size = reader.size
        zero = self.maths.number(_ZERO)
        shape = (len(plan.nodes), self.size)
        self.points = np.full(shape, zero, object) if self.maths.exact else np.zeros(shape)
        self.flags: list[Flags | None] = [None] * len(plan.nodes)
        self.numbers: dict[int, Array] = {}
        self.undefined: dict[int, Mask] = {}
        self.borrowed = fits
        self.fits: dict[int, Fit] = {}
        self.ends: list[Positions] = []
        self.doubt = np.zeros(self.size, np.bool_)
        self.refusals = Refusals(plan, reader)
        self.pools, self.pool_names = reader.pools()
        self.given = [reader.given(place) for place in range(len(plan.nodes))]
        self.excluded = [reader.excluded(place) for place in range(len(plan.nodes))]
        self.covered = self._covered()
        self.leaves = {
            node.place: self._leaf(node) for node in plan.nodes if isinstance(node, Leaf) and self._active(node.place)
        }
        self.leftout = LeftOut(plan, self.maths, self.size, self.mark)
        self.combines = {
            node.place: node.aggregation.bind(node.row.max, node.below, self.maths)
            for node in plan.nodes
            if isinstance(node, Heading) and node.aggregation is not None
        }
        self.scales = {
            node.place: node.scale.bind(node.row.max, self.maths)
            for node in plan.nodes
            if isinstance(node, Heading) and node.scale is not None
        }

    def run(self) -> Matrix:
        """Fill every row, stage by stage, and return the matrix."""
        self.refusals.raise_any()
        work = Work.of(min(self.block, self.size), self.maths)
        with np.errstate(all="ignore"):
            for stage in self.plan.stages:
                steps = [step for step in stage.steps if self._active(step.place)]
                for start in range(0, self.size, self.block):
                    stop = min(start + self.block, self.size)
                    for step in steps:
                        self._do(step, slice(start, stop), work.cut(stop - start))
                for place in stage.fits:
                    if self._active(place):
                        self._fit(place)
        self.refusals.raise_any()
        self._cover()
        exact = (0.0,) * len(self.plan.nodes)
        errors = exact if self.maths.exact else error_bounds(self.plan, self.fits, self.leftout.stretch)
        return Matrix(
            self.maths,
            self.points,
            tuple(self.flags),
            tuple(self.leftout.points),
            self.leftout.converted,
            self.numbers,
            self.fits,
            errors,
            grains(self.plan, self.reader, self.given, self.leftout.stretch),
            self.doubt,
            np.unique(np.concatenate(self.ends)) if self.ends else np.zeros(0, np.intp),
        )

    def mark(self, place: int, where: slice, mask: Mask, flag: Flag) -> None:
        """Put a flag on the units of this block that the mask names."""
        flags = self.flags[place]
        if flags is None:
            flags = self.flags[place] = np.zeros(self.size, np.uint16)
        flags[where][mask] |= np.uint16(flag)

    def _active(self, place: int) -> bool:
        """Whether anything must be computed at this row: not where a row above is given for every unit."""
        covered = self.covered[place]
        return covered is None or not covered.all()

    def _covered(self) -> list[Mask | None]:
        """Return, for each row, the units for which a row above is given."""
        covered: list[Mask | None] = []
        for place in range(len(self.plan.nodes)):
            parent = self.plan.parent(place)
            above = None if parent < 0 else covered[parent]
            given = None if parent < 0 else self.given[parent]
            mask = None if given is None else given.mask
            covered.append(above if mask is None else mask if above is None else above | mask)
        return covered

    def _leaf(self, leaf: Leaf) -> _Leaf:
        """Read a leaf's cells, note what the scheme refuses among them, and bind its kernels."""
        cells = self.reader.cells(leaf)
        given, covered = self.given[leaf.place], self.covered[leaf.place]
        free = None if given is None else given.mask
        free = free if covered is None else covered if free is None else free | covered
        missing, not_applicable = _but(cells.missing, free), _but(cells.not_applicable, free)
        cells = evolve(cells, missing=missing, not_applicable=not_applicable)
        absent = cells.absent
        idle = free if absent is None else absent if free is None else absent | free
        unshown = _but(self.reader.unshown(leaf), idle)
        if leaf.row.max:
            self.refusals.cells(leaf, cells, unshown)
        slack = 2 * leaf.measure.relative_error
        breaks = () if self.maths.exact else self._breaks(leaf, slack)
        scale = leaf.scale.bind(leaf.row.max, self.maths, slack)
        return _Leaf(leaf, cells, leaf.measure.bind(self.maths), scale, breaks, unshown, idle)

    def _breaks(self, leaf: Leaf, slack: float) -> tuple[tuple[float, float], ...]:
        """Return the breaks near which a float may err, unless the inputs are so coarse that near means equal."""
        if not slack:
            return ()
        inputs = leaf.measure.inputs
        largest = leaf.measure.denominator(self.reader.decimals(inputs), self.reader.largest(inputs))
        marks = (*leaf.measure.breaks(), *leaf.scale.breaks())
        unsure = (mark for mark in marks if 4 * slack * abs(float(mark)) * largest * mark.denominator >= 1)
        return tuple((float(mark), slack * abs(float(mark))) for mark in unsure)

    def _do(self, step: Step, where: slice, work: Work) -> None:
        node = self.plan.nodes[step.place]
        out = self.points[step.place, where]
        if isinstance(node, Heading):
            if step.action == "combine":
                self._combine(node, where, out, work)
            else:
                self._scale_heading(node, where, out, work)
            last = step.action == "scale" or node.scale is None
            if last:
                self._put_given(node.place, where, out)
            return
        if not node.row.max:
            return
        run = self.leaves[step.place]
        if step.action == "measure":
            self._measure(run, where, out, work)
        elif step.action == "scale":
            numbers = self.numbers.get(step.place)
            x = out if numbers is None else numbers[where]
            pools = self._pools(node)
            cut = run.scale(x, out, work, self.fits[step.place], None if pools is None else pools[where])
            undefined = self.undefined.get(step.place)
            self._settle(run, where, out, None if undefined is None else undefined[where], cut)
        else:
            x, undefined = self._measured(run, where, out, work)
            self._settle(run, where, out, undefined, run.scale(x, out, work, None, None))

    def _measured(self, run: _Leaf, where: slice, out: Array, work: Work) -> tuple[Array, Mask | None]:
        """Measure one block; note units that lie too near a break for a float to decide."""
        x, undefined = run.measure([cell[where] for cell in run.cells.values], out, work)
        for mark, near in run.breaks:
            self.doubt[where] |= np.abs(x - mark) <= near
        if self.maths.exact:
            self.numbers.setdefault(run.leaf.place, np.empty(self.size, object))[where] = x
        if undefined is not None and run.idle is not None:
            undefined = undefined & ~run.idle[where]
        measure = run.leaf.measure
        if isinstance(measure, Ratio) and measure.over == "refuse":
            above = x > 1 if self.maths.exact else x > 1 + 2 * measure.relative_error
            for never in (undefined, None if run.idle is None else run.idle[where]):
                above = above if never is None else above & ~never
            self.refusals.above_one(run.leaf, where, above)
        return x, undefined

    def _measure(self, run: _Leaf, where: slice, out: Array, work: Work) -> None:
        """Measure one block and keep the numbers to be fitted in the row itself."""
        x, undefined = self._measured(run, where, out, work)
        if x is not out:
            np.copyto(out, x)
        if undefined is not None:
            self.undefined.setdefault(run.leaf.place, np.zeros(self.size, np.bool_))[where] = undefined

    def _fit(self, place: int) -> None:
        """Learn from the units that have a number at this row."""
        node = self.plan.nodes[place]
        if place in self.borrowed:
            self.fits[place] = evolve(self.borrowed[place], borrowed=True)
            return
        values = self.points[place]
        if isinstance(node, Leaf):
            out = _or(self.leaves[place].idle, self.undefined.get(place))
        else:
            values = values / self.maths.number(node.row.max)
            given = self.given[place]
            out = _or(self.covered[place], None if given is None else given.mask)
            flags = self.flags[place]
            out = _or(out, None if flags is None else (flags & Flag.LEFT_OUT) != 0)
        counts = None if out is None or not out.any() else ~out
        pools = self._pools(node)
        sample = Sample(values, counts, pools, 1 if pools is None else len(self.pool_names))
        fit = None if node.scale is None else node.scale.fit(sample, self.maths)
        if fit is not None:
            self.fits[place] = fit
            if not self.maths.exact:
                self.ends.append(self._near_ends(node, fit, values, counts))

    def _pools(self, node: Leaf | Heading) -> Positions | None:
        """Return the pools that the row's scale compares the units within; None where it compares all of them."""
        return self.pools if self.plan.pooled(node.place) else None

    def _near_ends(self, node: Leaf | Heading, fit: Fit, values: Array, counts: Mask | None) -> Positions:
        """Return the units that may hold an end of the fit: an exact run needs no others to fit exactly.

        Of a leaf's units with the very same cells one is enough.
        """
        pools = self._pools(node)
        low, high = fit.at("low", pools), fit.at("high", pools)
        relative = node.measure.relative_error if isinstance(node, Leaf) else 2.0**-40
        near = 2 * relative * np.maximum(np.abs(low), np.abs(high))
        found = np.flatnonzero(
            ((values <= low + near) | (values >= high - near)) & (True if counts is None else counts)
        )
        if isinstance(node, Heading):
            return found
        cells = [cell[found] for cell in self.leaves[node.place].cells.values]
        if pools is not None:
            cells.append(pools[found])
        _, first = np.unique(np.stack(cells), axis=1, return_index=True)
        return found[first]

    def _settle(self, run: _Leaf, where: slice, out: Array, undefined: Mask | None, cut: Mask | None) -> None:
        """Put in what the scheme says of units without a denominator, cell or evidence, and of given scores."""
        leaf, zero = run.leaf, self.maths.number(_ZERO)
        if cut is not None:
            if run.idle is not None:
                cut = cut & ~run.idle[where]
            self.mark(leaf.place, where, cut, Flag.CUT)
        if undefined is not None and undefined.any():
            self._undefined(leaf, where, out, undefined)
        for mask, policy, flag, left in (
            (run.cells.missing, leaf.missing, Flag.MISSING_ZERO, Flag.MISSING_LEFT_OUT),
            (run.cells.not_applicable, leaf.not_applicable, Flag.NOT_APPLICABLE_ZERO, Flag.NOT_APPLICABLE_LEFT_OUT),
        ):
            if mask is not None and mask[where].any():
                out[mask[where]] = zero
                self._absent(leaf, where, mask[where], policy, flag, left)
        if run.unshown is not None and run.unshown[where].any():
            if leaf.row.evidence is not None and leaf.row.evidence.without == "zero":
                out[run.unshown[where]] = zero
            self.mark(leaf.place, where, run.unshown[where], Flag.NO_EVIDENCE)
        self._put_given(leaf.place, where, out)
        self.leftout.settle_leaf(leaf, self.excluded[leaf.place], where, out)

    def _undefined(self, leaf: Leaf, where: slice, out: Array, undefined: Mask) -> None:
        """Say what a denominator of 0 means."""
        meaning = leaf.measure.if_none if isinstance(leaf.measure, Ratio) else "refuse"
        if meaning == "refuse":
            self.refusals.no_denominator(leaf, where, undefined)
        out[undefined] = self.maths.number(leaf.row.max if meaning == "full" else _ZERO)
        self.mark(leaf.place, where, undefined, Flag.NO_DENOMINATOR)
        if meaning == "not-applicable":
            if leaf.not_applicable == "refuse":
                self.refusals.no_denominator(leaf, where, undefined)
            self._absent(
                leaf, where, undefined, leaf.not_applicable, Flag.NOT_APPLICABLE_ZERO, Flag.NOT_APPLICABLE_LEFT_OUT
            )

    def _absent(self, leaf: Leaf, where: slice, mask: Mask, policy: str, zero: Flag, left: Flag) -> None:
        """Flag units whose measure is absent; under `rescale` their points leave the maximum."""
        if policy == "rescale":
            self.mark(leaf.place, where, mask, left | Flag.LEFT_OUT)
            self.leftout.leave(leaf, where, mask)
        else:
            self.mark(leaf.place, where, mask, zero)

    def _combine(self, heading: Heading, where: slice, out: Array, work: Work) -> None:
        """Combine the children of one block, then convert back or carry up what was left out."""
        points = [self.points[child, where] for child in heading.children]
        left = [self._left(child, where) for child in heading.children]
        cut = self.combines[heading.place](points, left, out, work)
        if cut is not None:
            self.mark(heading.place, where, cut, Flag.CUT)
        self.leftout.settle_heading(heading, left, where, out)

    def _left(self, place: int, where: slice) -> Mask | None:
        """Return the units of the block for which this row is left out; None where it is for none."""
        flags = self.flags[place]
        if flags is None:
            return None
        mask: Mask = (flags[where] & Flag.LEFT_OUT) != 0
        return mask if mask.any() else None

    def _scale_heading(self, heading: Heading, where: slice, out: Array, work: Work) -> None:
        """Bring the heading's composite share to points among the units."""
        pools = self._pools(heading)
        pools = None if pools is None else pools[where]
        np.divide(out, self.maths.number(heading.row.max), out=out)
        if self.maths.exact:
            self.numbers.setdefault(heading.place, np.empty(self.size, object))[where] = out
        cut = self.scales[heading.place](out, out, work, self.fits.get(heading.place), pools)
        if cut is not None:
            self.mark(heading.place, where, cut, Flag.CUT)
        left = self._left(heading.place, where)
        if left is not None:
            out[left] = self.maths.number(_ZERO)

    def _put_given(self, place: int, where: slice, out: Array) -> None:
        """Replace computed points by given ones."""
        given = self.given[place]
        if given is None or not given.mask[where].any():
            return
        mask = given.mask[where]
        out[mask] = given.points[where][mask]
        flags = self.flags[place]
        if flags is not None:
            flags[where][mask] = 0
        self.mark(place, where, mask, Flag.GIVEN)
        self.leftout.give(place, self.excluded[place], where, out, mask)

    def _cover(self) -> None:
        """Clear and flag the cells below a given score: they were not asked for."""
        zero = self.maths.number(_ZERO)
        for place, mask in enumerate(self.covered):
            if mask is None or not mask.any():
                continue
            self.points[place, mask] = zero
            flags = self.flags[place]
            if flags is not None:
                flags[mask] = 0
            self.mark(place, slice(0, self.size), mask, Flag.COVERED)


def _or(one: Mask | None, other: Mask | None) -> Mask | None:
    if one is None or other is None:
        return other if one is None else one
    return one | other


def _but(mask: Mask | None, other: Mask | None) -> Mask | None:
    """Return the mask without the other's units, None where nobody is left."""
    if mask is None or other is None:
        return mask
    rest = mask & ~other
    return rest if rest.any() else None
