"""Run a plan over a table: fill the matrix, block by block, in one arithmetic.

The same code serves floats over all units and exact numbers over a few.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial

import numpy as np
from attrs import evolve

from ictindex.bounds import error_bounds
from ictindex.layout import Keep, layout
from ictindex.leafrun import LeafRun, Whole, put_given
from ictindex.leftout import LeftOut
from ictindex.marks import Marks
from ictindex.matrix import Flag, Matrix
from ictindex.plan import Heading, Leaf, Plan, Step
from ictindex.reading import Given, Positions, Reader, either
from ictindex.refusals import Refusals
from ictindex.strategies.base import FLOAT, Arithmetic, Array, Fit, Mask, Sample, Work
from ictindex.table import Table

_ZERO = Fraction(0)

Act = Callable[[slice, Array, Work], None]
"""(the units of a block, their points at one row, scratch arrays) -> nothing; the points are written."""

BLOCK = 16384
"""Units per block: the scratch arrays of a block stay in the processor's cache, and few blocks cost few calls."""

STEEP = 2.0**20
"""Below a steep heading, points must be this many times their error, so that the root of the error stays small too."""

LOOSE = 1e-9
"""A float error of more than this share of a maximum could be seen in an unrounded score."""

_HEADING_ERROR = 2.0**-40
"""More than any composite's relative error, to find the units near an end: a few too many do no harm."""


def fill(
    plan: Plan,
    table: Table,
    maths: Arithmetic = FLOAT,
    *,
    units: Positions | None = None,
    fits: Mapping[int, Fit] | None = None,
    given: Mapping[int, Given] | None = None,
    excluded: Mapping[int, Array] | None = None,
    ends: bool = False,
    block: int = BLOCK,
    keep: Keep = "all",
) -> Matrix:
    """Return the filled matrix of the table's units, or of those at the positions `units`.

    `fits` are used instead of fitting, where given; so are the scores `given` at rows of the matrix, in points, and the
    points `excluded` there, in the place of those that the table gives there. With `ends` the matrix names the units
    that may hold an end of a fit; it has the points of the rows to `keep`, and what happened at all of them. Raises
    TableInvalid with every cell that the scheme refuses.
    """
    with maths.context(), np.errstate(all="ignore"):
        reader = Reader(plan, table, maths, units)
        return _Filling(plan, reader, fits or {}, given or {}, excluded or {}, block, ends, keep).run()


class _Filling:
    """One run. Rows of the matrix are filled in place, the units in blocks."""

    def __init__(
        self,
        plan: Plan,
        reader: Reader,
        fits: Mapping[int, Fit],
        given: Mapping[int, Given],
        excluded: Mapping[int, Array],
        block: int,
        ends: bool,
        keep: Keep,
    ) -> None:
        self.plan, self.reader, self.maths, self.block = plan, reader, reader.maths, block
        self.size, self.zero = reader.size, self.maths.number(_ZERO)
        self.layout = layout(plan, keep)
        self.points = self._blank(len(plan.nodes) if self.layout.kept is None else len(self.layout.kept), self.size)
        width = min(block, self.size)
        self.rooms = np.empty((self.layout.rooms, width), self.maths.dtype)
        self.nothing = self._blank(1, width)[0]
        self.numbers: dict[int, Array] = {}
        self.doubt = np.zeros(self.size, np.bool_)
        self.borrowed, self.fits = fits, dict[int, Fit]()
        self.ends: list[Positions] | None = [] if ends else None
        self.samples: dict[int, Sample] = {}
        self.kernels = plan.kernels(self.maths)
        self.marks = Marks(len(plan.nodes), self.size)
        self.leftout = LeftOut(plan, self.maths, self.size, self.marks)
        self.refusals = Refusals(plan, reader)
        self.pools, self.pool_names = reader.pools()
        places = range(len(plan.nodes))
        usual = reader.plain  # no score is given, no point left out: nothing to look for at the rows
        self.given = [given.get(place) or (None if usual else reader.given(place)) for place in places]
        self.excluded = [
            excluded[place] if place in excluded else None if usual else reader.excluded(place) for place in places
        ]
        self.covered = self._covered()
        self.runs = [
            counted and (covered is None or not covered.all())
            for counted, covered in zip(plan.counted, self.covered, strict=True)
        ]  # not an informational row, nor one below a row that is given for every unit
        whole = Whole(reader, self.kernels, self.marks, self.leftout, self.refusals, self.doubt)
        self.leaves = {
            node.place: LeafRun(node, whole, self.given[place], self.covered[place], self.excluded[place])
            for place, node in enumerate(plan.nodes)
            if self.runs[place] and isinstance(node, Leaf)
        }

    def _blank(self, rows: int, units: int) -> Array:
        shape = (rows, units)
        return np.full(shape, self.zero, object) if self.maths.exact else np.zeros(shape)

    def run(self) -> Matrix:
        """Fill every row, stage by stage, and return the matrix."""
        work = Work.of(min(self.block, self.size), self.maths)
        for stage in self.plan.stages:
            acts = [(self._act(step), step.place) for step in stage.steps if self._needed(step)]
            for start in range(0, self.size, self.block):
                where = slice(start, min(start + self.block, self.size))
                room = work.cut(where.stop - start)
                for act, place in acts:
                    act(where, self._points(place, where), room)
            for place in stage.fits:
                if self.runs[place]:
                    self._fit(place)
        self.refusals.raise_any()
        self.numbers |= {place: leaf.numbers for place, leaf in self.leaves.items() if leaf.numbers is not None}
        self._cover()
        errors = (0.0,) * len(self.plan.nodes)
        if not self.maths.exact:
            used = {place: fit for place, fit in self.fits.items() if place not in self.plan.stages[-1].fits}
            errors = error_bounds(self.plan, self.reader, used, self.leftout.stretch)
            self._doubt_loose(errors, used)
        return Matrix(
            maths=self.maths,
            rows=self.points,
            kept=self.layout.kept,
            flags=self.marks.flags,
            converted=self.leftout.converted,
            stretch=tuple(self.leftout.stretch),
            numbers=self.numbers,
            fits=self.fits,
            errors=errors,
            doubt=self.doubt,
            ends=np.unique(np.concatenate(self.ends)) if self.ends else np.zeros(0, np.intp),
            samples=self.samples,
        )

    def _doubt_loose(self, errors: Sequence[float], fits: Mapping[int, Fit]) -> None:
        """Doubt the units whose floats may be off by more than can be shown.

        That is everyone where a fit is so narrow that rounding fills it, and below a steep heading those with points
        so near 0 that their error is no longer small beside them.
        """
        if any(errors[place] > LOOSE * self.plan.maxima[place] for place in fits):
            self.doubt[:] = True
        for heading in self.plan.steep:
            for child in heading.children:
                size = np.abs(self._row(child))
                self.doubt |= (size > 0) & (size <= errors[child] * STEEP)

    def _row(self, place: int) -> Array:
        """Return the points of all units at a row that is kept."""
        row: Array = self.points[self.layout.rows[place]]
        return row

    def _points(self, place: int, where: slice) -> Array:
        """Return the points of a block at a row, to read or to write: kept ones, or those in scratch room."""
        row = self.layout.rows[place]
        points: Array = self.nothing
        if row >= 0:
            points = self.points[row, where]
        elif self.runs[place]:
            points = self.rooms[self.layout.scratch[place], : where.stop - where.start]
        else:
            points = points[: where.stop - where.start]
        return points

    def _needed(self, step: Step) -> bool:
        """Whether a step has anything to do: a plain column is fitted and scaled as it is."""
        leaf = self.leaves.get(step.place)
        return self.runs[step.place] and not (step.action == "measure" and leaf and leaf.as_is)

    def _covered(self) -> list[Mask | None]:
        """Return, for each row, the units for which a row above is given."""
        if not any(self.given):
            return [None] * len(self.given)
        covered: list[Mask | None] = []
        for place in range(len(self.plan.nodes)):
            parent = self.plan.parent(place)
            above = None if parent < 0 else covered[parent]
            given = None if parent < 0 else self.given[parent]
            covered.append(either(above, None if given is None else given.mask))
        return covered

    def _act(self, step: Step) -> Act:
        """Return what a step does to one block."""
        leaf, heading = self.leaves.get(step.place), self.plan.nodes[step.place]
        if leaf is not None:
            leaf.fit, leaf.pools = self.fits.get(step.place), self._pools(step.place)
            acts: Mapping[str, Act] = {"score": leaf.score, "measure": leaf.measure, "scale": leaf.scale}
            return acts[step.action]
        if not isinstance(heading, Heading):
            raise AssertionError("a step is for a leaf that runs or for a heading")
        return partial(self._combine if step.action == "combine" else self._scale_heading, heading)

    def _put_given(self, heading: Heading, where: slice, out: Array) -> None:
        """Put the scores given at a heading in the place of the computed ones."""
        given, excluded = self.given[heading.place], self.excluded[heading.place]
        if given is not None:
            put_given(heading.place, given, excluded, where, out, self.marks, self.leftout)

    def _fit(self, place: int) -> None:
        """Learn from the units that have a number at this row."""
        if place in self.borrowed:
            self.fits[place] = evolve(self.borrowed[place], borrowed=True)
            return
        node = self.plan.nodes[place]
        if node.scale is None:
            return
        leaf = self.leaves.get(place)
        if leaf is not None:
            values, counts = leaf.fitted(self.nothing if leaf.as_is else self._row(place))
        else:
            values, counts = self._row(place) / self.maths.number(node.row.max), self._counting(place)
        pools = self._pools(place)
        count = 1 if pools is None else len(self.pool_names)
        ends = None if leaf is None else leaf.ends
        sample = Sample(values, counts, pools, count, ends)
        fit = node.scale.fit(sample, self.maths)
        if fit is None:
            return
        self.fits[place] = fit
        if self.ends is not None:
            self.samples[place] = sample
            low, high = fit.at("low", pools), fit.at("high", pools)
            relative = _HEADING_ERROR if leaf is None else leaf.leaf.measure.relative_error
            near = 2 * relative * np.maximum(np.abs(low), np.abs(high))
            held = (values <= low + near) | (values >= high - near)
            found = np.flatnonzero(held if counts is None else held & counts)
            self.ends.append(found if leaf is None else leaf.distinct(found, pools))

    def _counting(self, place: int) -> Mask | None:
        """Return the units whose composite at a heading is compared with others'; None: all of them."""
        given = self.given[place]
        idle = either(None if given is None else given.mask, self.covered[place])
        out = either(self.marks.left(place, slice(None)), idle)
        return None if out is None or not out.any() else ~out

    def _pools(self, place: int) -> Positions | None:
        """Return the pools within which the row's scale compares the units; None where it compares all of them."""
        return self.pools if self.pools is not None and self.plan.pooled(place) else None

    def _combine(self, heading: Heading, where: slice, out: Array, work: Work) -> None:
        """Combine the children of one block, then convert back or carry up what was left out."""
        points = [self._points(child, where) for child in heading.children]
        left: list[Mask | None] = [None] * len(points)
        if self.marks.leaving:
            left = [self.marks.left(child, where) for child in heading.children]
        combine = self.kernels.combines[heading.place]
        cut = None if combine is None else combine(points, left, out, work)
        if cut is not None:
            self.marks.mark(heading.place, where, cut, Flag.CUT)
        if self.leftout.any:
            self.leftout.settle_heading(heading, left, where, out)
        if heading.scale is None:
            self._put_given(heading, where, out)

    def _scale_heading(self, heading: Heading, where: slice, out: Array, work: Work) -> None:
        """Bring the heading's composite share to points among the units."""
        pools = self._pools(heading.place)
        pools = None if pools is None else pools[where]
        np.divide(out, self.maths.number(heading.row.max), out=out)
        if self.maths.exact:
            self.numbers.setdefault(heading.place, np.empty(self.size, object))[where] = out
        scale = self.kernels.scales[heading.place]
        cut = None if scale is None else scale(out, out, work, self.fits.get(heading.place), pools)
        if cut is not None:
            self.marks.mark(heading.place, where, cut, Flag.CUT)
        left = self.marks.left(heading.place, where)
        if left is not None:
            out[left] = self.zero
        self._put_given(heading, where, out)

    def _cover(self) -> None:
        """Clear and flag the cells below a given score: they were not asked for."""
        for place, mask in enumerate(self.covered):
            if mask is None or not mask.any():
                continue
            if self.layout.rows[place] >= 0:
                self._row(place)[mask] = self.zero
            self.marks.clear(place, slice(None), mask)
            self.marks.mark(place, slice(None), mask, Flag.COVERED)
