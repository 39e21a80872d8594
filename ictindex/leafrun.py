"""One indicator during a run: measure its cells, bring them to points, and put in what the scheme says of the rest.

Whatever a kernel makes of a missing cell, the scheme's policy is put in afterwards and flagged. In floats the cell is
NaN there where the row's strategies say that they bear it, else 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from attrs import evolve, frozen

from ictindex.leftout import LeftOut
from ictindex.marks import Marks
from ictindex.matrix import Flag
from ictindex.model import Row
from ictindex.plan import Kernels, Leaf
from ictindex.reading import Cells, Given, Positions, Reader, either
from ictindex.refusals import Refusals
from ictindex.strategies.base import Array, Fit, Mask, MeasureKernel, ScaleKernel, Work
from ictindex.strategies.measures import Ratio
from ictindex.table import Table

_MISSING = Flag.MISSING_ZERO, Flag.MISSING_LEFT_OUT | Flag.LEFT_OUT
_NOT_APPLICABLE = Flag.NOT_APPLICABLE_ZERO, Flag.NOT_APPLICABLE_LEFT_OUT | Flag.LEFT_OUT
"""What a cell is flagged with that counts as 0, and with what one that is left out."""


@frozen
class Whole:
    """What the rows of one run share: its numbers, and where it notes what happens."""

    reader: Reader
    kernels: Kernels
    marks: Marks
    leftout: LeftOut
    refusals: Refusals
    doubt: Mask


class LeafRun:
    """One leaf of one run.

    `idle` are the units whose measure does not matter: without a cell, given, or below a given row. `numbers` keeps
    the measured numbers, in exact runs only. What stands in the class is how it is where every cell is reported and
    nothing is to be put in afterwards: the usual case, kept short.
    """

    given: Given | None = None
    excluded: Array | None = None
    idle: Mask | None = None
    missing: Mask | None = None
    not_applicable: Mask | None = None
    unshown: Mask | None = None
    undefined: Mask | None = None
    numbers: Array | None = None
    breaks: tuple[tuple[float, float], ...] = ()
    refuses_above = False
    simple = True
    without: Literal["flag", "zero", "refuse"] = "flag"
    whole_column = True  # whether all reported cells count, and no others
    fit: Fit | None = None
    pools: Positions | None = None

    def __init__(
        self, leaf: Leaf, whole: Whole, given: Given | None, covered: Mask | None, excluded: Array | None
    ) -> None:
        self.leaf, self.place, self.whole = leaf, leaf.place, whole
        self._measure: MeasureKernel = whole.kernels.measure(leaf.place)
        self._scale: ScaleKernel = whole.kernels.scale(leaf.place)
        reader = whole.reader
        self.as_is = leaf.measure.plain and not reader.maths.exact  # the column needs no copy before it is scaled
        if not leaf.measure.plain:
            self.breaks = () if reader.maths.exact else unsure_breaks(leaf, reader)
            self.refuses_above = isinstance(leaf.measure, Ratio) and leaf.measure.over == "refuse"
        usual = given is None and covered is None and excluded is None and leaf.row.evidence is None
        values = reader.whole(leaf) if usual else None
        self.values: Sequence[Array] = self._put_by(given, covered, excluded) if values is None else values

    def _put_by(self, given: Given | None, covered: Mask | None, excluded: Array | None) -> Sequence[Array]:
        """Note what is to be put in once the cells are scored, and return the cells."""
        reader = self.whole.reader
        self.given, self.excluded = given, excluded
        free = either(None if given is None else given.mask, covered)
        bare = not reader.maths.exact and reader.units is None and self.leaf.bears_nan
        cells = reader.cells(self.leaf, bare=bare)
        self.whole_column = bare and free is None
        if free is not None and cells.absent is not None:
            cells = evolve(cells, missing=_but(cells.missing, free), not_applicable=_but(cells.not_applicable, free))
        self.missing, self.not_applicable = cells.missing, cells.not_applicable
        self.idle = either(cells.absent, free)
        if self.leaf.row.evidence is not None:
            self.unshown = _but(reader.unshown(self.leaf), self.idle)
            self.without = without_evidence(self.leaf.row, reader.table)
        self._refuse(cells)
        self.simple = self.idle is None and self.unshown is None and excluded is None
        if reader.maths.exact:
            self.numbers = np.empty(reader.size, object)
        return cells.values

    def score(self, where: slice, out: Array, work: Work) -> None:
        """Measure a block and bring it to points."""
        x, undefined = self._measured(where, out, work)
        cut = self._scale(x, out, work, None, None)
        if undefined is not None or not self.simple:
            self._settle(where, out, undefined, cut)
        elif cut is not None:
            self.whole.marks.mark(self.place, where, cut, Flag.CUT)

    def measure(self, where: slice, out: Array, work: Work) -> None:
        """Measure a block and keep the numbers, in the row itself, until they are fitted."""
        x, undefined = self._measured(where, out, work)
        if x is not out:
            np.copyto(out, x)
        if undefined is not None:
            if self.undefined is None:
                self.undefined = np.zeros(self.whole.reader.size, np.bool_)
            self.undefined[where] = undefined

    def fitted(self, row: Array) -> tuple[Array, Mask | None]:
        """Return the measured numbers of all units, and who counts when they are fitted; None: everyone."""
        out = either(self.idle, self.undefined)
        return self._kept(row), None if out is None else ~out

    @property
    def ends(self) -> tuple[float, float] | None:
        """The lowest and the highest number of those that are fitted, where the column knows them."""
        column = self.whole.reader.table.columns.get(self.leaf.inputs[0])
        if column is None or not (self.as_is and self.whole_column):
            return None
        return column.ends

    def scale(self, where: slice, out: Array, work: Work) -> None:
        """Bring a measured block to points, by what its `fit` learned of the units in the same of the `pools`."""
        pools = None if self.pools is None else self.pools[where]
        cut = self._scale(self._kept(out, where), out, work, self.fit, pools)
        if cut is not None or self.undefined is not None or not self.simple:
            self._settle(where, out, None if self.undefined is None else self.undefined[where], cut)

    def distinct(self, units: Positions, pools: Positions | None) -> Positions:
        """Return one of the units for each combination of cells (and pool): the others have the very same number."""
        cells = [cell[units] for cell in self.values] + ([] if pools is None else [pools[units]])
        if not cells or not len(units):
            return units
        return units[np.unique(np.stack(cells), axis=1, return_index=True)[1]]

    def _kept(self, row: Array, where: slice = slice(None)) -> Array:
        if self.numbers is not None:
            return self.numbers[where]
        return self.values[0][where] if self.as_is else row

    def _measured(self, where: slice, out: Array, work: Work) -> tuple[Array, Mask | None]:
        """Measure one block; note units that lie too near a break for a float to decide."""
        x, undefined = self._measure([cell[where] for cell in self.values], out, work)
        for mark, near in self.breaks:
            self.whole.doubt[where] |= np.abs(x - mark) <= near
        if self.numbers is not None:
            self.numbers[where] = x
        if undefined is not None and self.idle is not None:
            undefined = undefined & ~self.idle[where]
        if self.refuses_above:
            above = x > 1 if self.whole.reader.maths.exact else x > 1 + 2 * self.leaf.measure.relative_error
            for never in (undefined, None if self.idle is None else self.idle[where]):
                above = above if never is None else above & ~never
            self.whole.refusals.above_one(self.leaf, where, above)
        return x, undefined

    def _settle(self, where: slice, out: Array, undefined: Mask | None, cut: Mask | None) -> None:
        """Put in what the scheme says of units without a denominator, cell or evidence, and of given scores."""
        if cut is not None:
            for never in (undefined, None if self.idle is None else self.idle[where]):
                cut = cut if never is None else cut & ~never
            self.whole.marks.mark(self.place, where, cut, Flag.CUT)
        if undefined is not None and undefined.any():
            self._undefined(where, out, undefined)
        if self.simple:
            if undefined is not None:
                self.whole.leftout.settle_leaf(self.leaf, None, where, out)
            return
        if self.missing is not None:
            self._absent(where, out, self.missing[where], self.leaf.missing, *_MISSING)
        if self.not_applicable is not None:
            self._absent(where, out, self.not_applicable[where], self.leaf.not_applicable, *_NOT_APPLICABLE)
        if self.unshown is not None:
            self._unproved(where, out, self.unshown[where])
        if self.given is not None:
            put_given(self.place, self.given, self.excluded, where, out, self.whole.marks, self.whole.leftout)
        self.whole.leftout.settle_leaf(self.leaf, self.excluded, where, out)

    def _unproved(self, where: slice, out: Array, unshown: Mask) -> None:
        """Say what it means that evidence was not shown; of a row that was left out none is asked."""
        left = self.whole.marks.left(self.place, where)
        unshown = unshown if left is None else unshown & ~left
        if self.without == "refuse":
            self.whole.refusals.no_evidence(self.leaf, where, unshown)
        if self.without == "zero":
            out[unshown] = self.whole.kernels.zero
        self.whole.marks.mark(self.place, where, unshown, Flag.NO_EVIDENCE)

    def _undefined(self, where: slice, out: Array, undefined: Mask) -> None:
        """Say what a denominator of 0 means."""
        leaf = self.leaf
        meaning = leaf.measure.if_none if isinstance(leaf.measure, Ratio) else "refuse"
        refused = meaning == "refuse" or (meaning == "not-applicable" and leaf.not_applicable == "refuse")
        if refused:
            self.whole.refusals.no_denominator(leaf, where, undefined)
        out[undefined] = self.whole.reader.maths.number(leaf.row.max) if meaning == "full" else self.whole.kernels.zero
        self.whole.marks.mark(self.place, where, undefined, Flag.NO_DENOMINATOR)
        if meaning == "not-applicable":
            self._absent(where, out, undefined, leaf.not_applicable, *_NOT_APPLICABLE)

    def _absent(self, where: slice, out: Array, mask: Mask, policy: str, zero: Flag, left: Flag) -> None:
        """Give units whose measure is absent no points, and flag them; under `rescale` they leave the maximum."""
        goes = policy == "rescale"
        if not self.whole.marks.mark(self.place, where, mask, left if goes else zero):
            return
        np.copyto(out, self.whole.kernels.zero, where=mask)
        if goes:
            self.whole.leftout.leave(self.leaf, where, mask, self.excluded)

    def _refuse(self, cells: Cells) -> None:
        """Note what the scheme refuses among the cells."""
        row, shown = self.leaf.row, self.whole.reader.table.evidence
        asked = row.evidence is not None and row.evidence.without != "flag"
        if asked and row.code not in shown and (self.idle is None or not self.idle.all()):
            self.whole.refusals.no_evidence_column(self.leaf)
        self.whole.refusals.cells(self.leaf, cells)


def without_evidence(row: Row, table: Table) -> Literal["flag", "zero", "refuse"]:
    """Return what a row scores without its evidence: the scheme's word, or the table's where the scheme has none."""
    evidence = row.evidence
    if evidence is None:
        return "flag"
    silent = evidence.without == "flag" and not evidence.stated
    return table.without_evidence if silent else evidence.without


def put_given(
    place: int, given: Given, excluded: Array | None, where: slice, out: Array, marks: Marks, leftout: LeftOut
) -> None:
    """Replace the computed points of a block by given ones; what happened to the computed ones does not matter."""
    mask = given.mask[where]
    if not mask.any():
        return
    out[mask] = given.points[where][mask]
    marks.clear(place, where, mask)
    marks.mark(place, where, mask, Flag.GIVEN)
    leftout.give(place, excluded, where, out, mask)


def unsure_breaks(leaf: Leaf, reader: Reader) -> tuple[tuple[float, float], ...]:
    """Return the breaks near which a float may err, unless the inputs are so coarse that near means equal."""
    slack = leaf.slack
    if not slack or not leaf.marks:
        return ()
    largest = leaf.measure.denominator(reader.decimals(leaf.inputs), reader.largest(leaf.inputs))
    unsure = (mark for mark in leaf.marks if 4 * slack * abs(float(mark)) * largest * mark.denominator >= 1)
    return tuple((float(mark), slack * abs(float(mark))) for mark in unsure)


def _but(mask: Mask | None, other: Mask | None) -> Mask | None:
    """Return the mask without the other's units, None where nobody is left."""
    if mask is None or other is None:
        return mask
    rest = mask & ~other
    return rest if rest.any() else None
