"""A plan run over the cells of one unit, on Python floats, where that is surely what the engine would compute.

`Line.run` gives the points and flags of every row, or None: then something is refused, lies too near a jump, or is rare
enough to be left to the engine, which is always right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ictindex.bounds import error_bounds
from ictindex.filling import LOOSE, STEEP
from ictindex.leafrun import unsure_breaks
from ictindex.leftout import LeftOut
from ictindex.marks import Marks
from ictindex.matrix import Flag
from ictindex.plan import Heading, Leaf, Plan
from ictindex.reading import Reader
from ictindex.single.bound import combine_of, combined, measure_of, scale_of
from ictindex.single.entries import Cells, Entry
from ictindex.strategies.base import FLOAT, Fit, MeasureOne, ScaleOne
from ictindex.strategies.measures import Ratio
from ictindex.table import CellState

_HUGE = 1e100
"""Points beyond this are left to the engine: nothing here can become infinite."""

_ALL = slice(None)
_CUT, _NO_DENOMINATOR = int(Flag.CUT), int(Flag.NO_DENOMINATOR)
_ZERO = {CellState.MISSING: Flag.MISSING_ZERO, CellState.NOT_APPLICABLE: Flag.NOT_APPLICABLE_ZERO}
_LEFT = {CellState.MISSING: Flag.MISSING_LEFT_OUT, CellState.NOT_APPLICABLE: Flag.NOT_APPLICABLE_LEFT_OUT}


class Filled(NamedTuple):
    """The points of every row of the matrix, the flags of those where something happened, and each row's error.

    `stretched` says that points were converted back somewhere.
    """

    points: Sequence[float]
    flags: Mapping[int, int]
    errors: Sequence[float]
    stretch: Sequence[float]


class _Leaf(NamedTuple):
    place: int
    measure: MeasureOne
    scale: ScaleOne
    breaks: tuple[tuple[float, float], ...]  # each number at which the points jump, and how near to it is in doubt
    most: float  # a number above this one is refused


class Line:
    """A plan compiled for one unit at a time; `fits` is what the unit's pool taught, by row of the matrix."""

    def __init__(self, plan: Plan, cells: Cells, fits: Mapping[int, Fit]) -> None:
        self.plan, self.cells, self.fits = plan, cells, fits
        self._nodes = {node.place: node for node in plan.nodes if isinstance(node, Leaf) and node.row.max}
        self._headings = [node for node in plan.order if isinstance(node, Heading) and node.aggregation is not None]
        self.stretch = (1.0,) * len(plan.nodes)
        self.errors = self._bounds(self.stretch)
        self.sure = self._sure()
        if not self.sure:
            return
        self._leaves = [self._leaf(leaf) for leaf in self._nodes.values()]
        self._combines = [
            (one.place, combine_of(plan, one), scale_of(plan, one, fits.get(one.place)), plan.maxima[one.place], one)
            for one in self._headings
        ]
        self._readers: list[list[int]] = [[] for _ in cells.codes]
        for place, leaf in self._nodes.items():
            for code in leaf.inputs:
                self._readers[cells.at[code]].append(place)

    def run(self, entry: Entry) -> Filled | None:
        """Return the points and flags of one unit, None where the engine must be asked."""
        values, absent = entry.values, self._absent(entry)
        points, flags = [0.0] * len(self.plan.nodes), dict[int, int]()
        left: list[tuple[int, Flag]] = []
        for place, measure, scale, breaks, most in self._leaves:
            number = measure(values)
            if breaks and self._doubted(place, number, breaks, entry):
                return None
            if number is None or (absent and place in absent):
                if not self._nothing(place, absent.get(place, CellState.REPORTED), points, flags, left):
                    return None
                continue
            if number > most:
                return None
            earned, cut = scale(number)
            if not -_HUGE < earned < _HUGE:
                return None
            if cut:
                flags[place] = _CUT
            points[place] = earned
        if entry.unshown and not self._unproved(entry.unshown, absent, points, flags, left):
            return None
        return self._with_left_out(points, flags, left) if left else self._combined(points, flags)

    def _combined(self, points: list[float], flags: dict[int, int]) -> Filled | None:
        """Combine the rows, none of which is left out."""
        for place, combine, rescale, whole, _ in self._combines:
            earned, cut = combine(points)
            if rescale is not None:
                earned, beyond = rescale(earned / whole)
                cut = cut or beyond
            if cut:
                flags[place] = _CUT
            points[place] = earned
        return self._certain(Filled(points, flags, self.errors, self.stretch))

    def _with_left_out(
        self, points: list[float], flags: dict[int, int], left: Sequence[tuple[int, Flag]]
    ) -> Filled | None:
        """Combine the rows where some are left out: those headings run as the engine runs them, on arrays of one."""
        marks = Marks(len(points), 1)
        leftout = LeftOut(self.plan, FLOAT, 1, marks)
        one = np.ones(1, np.bool_)
        for place, flag in left:
            out = np.zeros(1)
            marks.mark(place, _ALL, one, flag | Flag.LEFT_OUT)
            leftout.leave(self._nodes[place], _ALL, one, None)
            leftout.settle_leaf(self._nodes[place], None, _ALL, out)
            points[place] = float(out[0])
        for place, combine, rescale, whole, heading in self._combines:
            masks = [marks.left(child, _ALL) for child in heading.children]
            lost = (leftout.points[child] for child in heading.children)
            if all(mask is None and points is None for mask, points in zip(masks, lost, strict=True)):
                earned, cut = combine(points)
            else:
                array, cut = combined(self.plan, heading, points, masks)
                leftout.settle_heading(heading, masks, _ALL, array)
                earned = float(array[0])
            if rescale is not None:
                earned, beyond = rescale(earned / whole)
                cut = cut or beyond
                earned = 0.0 if marks.left(place, _ALL) is not None else earned
            if cut:
                flags[place] = _CUT
            points[place] = earned
        for place, found in enumerate(marks.flags):
            if found is not None:
                flags[place] = flags.get(place, 0) | int(found[0])
        stretch = tuple(leftout.stretch)
        errors = self.errors if stretch == self.stretch else self._bounds(stretch)
        return self._certain(Filled(points, flags, errors, stretch)) if self._tight(errors) else None

    def _absent(self, entry: Entry) -> Mapping[int, CellState]:
        """Return the rows that lack a cell; missing wins where one is missing and another does not apply."""
        found: dict[int, CellState] = {}
        if not any(entry.states):
            return found
        for readers, state in zip(self._readers, entry.states, strict=True):
            if state:
                for place in readers:
                    if found.get(place) is not CellState.MISSING:
                        found[place] = CellState(state)
        return found

    def _nothing(
        self,
        place: int,
        state: CellState,
        points: list[float],
        flags: dict[int, int],
        left: list[tuple[int, Flag]],
    ) -> bool:
        """Put in what the scheme says of a row without a cell or denominator; return False where it is refused."""
        leaf = self._nodes[place]
        if not state:
            meaning = leaf.measure.if_none if isinstance(leaf.measure, Ratio) else "refuse"
            if meaning == "refuse":
                return False
            flags[place] = _NO_DENOMINATOR
            if meaning != "not-applicable":
                points[place] = self.plan.maxima[place] if meaning == "full" else 0.0
                return True
            state = CellState.NOT_APPLICABLE
        policy = leaf.missing if state is CellState.MISSING else leaf.not_applicable
        if policy == "rescale":
            left.append((place, _LEFT[state]))
        elif policy == "zero":
            flags[place] = flags.get(place, 0) | _ZERO[state]
        return policy != "refuse"

    def _unproved(
        self,
        unshown: Iterable[str],
        absent: Mapping[int, CellState],
        points: list[float],
        flags: dict[int, int],
        left: Sequence[tuple[int, Flag]],
    ) -> bool:
        """Put in what it means that evidence was not shown, of no row left out; return False where it is refused."""
        out = {place for place, _ in left}
        for code in unshown:
            leaf = self._nodes.get(self.plan.place(code))
            if leaf is None or leaf.row.evidence is None or leaf.place in absent or leaf.place in out:
                continue
            if leaf.row.evidence.without == "refuse":
                return False
            if leaf.row.evidence.without == "zero":
                points[leaf.place] = 0.0
            flags[leaf.place] = flags.get(leaf.place, 0) | Flag.NO_EVIDENCE
        return True

    def _doubted(self, place: int, number: float | None, breaks: Sequence[tuple[float, float]], entry: Entry) -> bool:
        """Whether a number may be on either side of a jump: near it, and not so coarse that near means equal."""
        if number is None:
            return True  # the engine looks at what it puts in the place of a denominator of 0
        if not any(-near <= number - mark <= near for mark, near in breaks):
            return False
        leaf = self._nodes[place]
        reader = Reader(self.plan, self.cells.table(entry, leaf.inputs), FLOAT)
        return any(abs(number - mark) <= near for mark, near in unsure_breaks(leaf, reader))

    def _certain(self, filled: Filled) -> Filled | None:
        """Return what was filled, None where points below a steep heading are so near 0 that floats are not enough."""
        for heading in self.plan.steep:
            for child in heading.children:
                if 0 < abs(filled.points[child]) <= filled.errors[child] * STEEP:
                    return None
        return filled

    def _sure(self) -> bool:
        """Whether floats can do at all: not where what a pool taught is so narrow that rounding fills it."""
        for node in self.plan.nodes:
            fitted = node.scale is not None and node.scale.fitting != "none"
            fit = self.fits.get(node.place)
            if fitted and fit is None and (isinstance(node, Heading) or node.row.max):
                return False
            if isinstance(node, Leaf) and node.measure.relative_error and fit is not None and _flat(fit):
                return False  # the bound of its error depends on the cells
            if isinstance(node, Heading) and node.scale is not None and not node.row.max:
                return False
        return self._tight(self.errors)

    def _tight(self, errors: Sequence[float]) -> bool:
        return all(errors[place] <= LOOSE * self.plan.maxima[place] for place in self.fits)

    def _bounds(self, stretch: Sequence[float]) -> tuple[float, ...]:
        reader = Reader(self.plan, self.cells.table(None, ()), FLOAT)
        return error_bounds(self.plan, reader, self.fits, stretch)

    def _leaf(self, leaf: Leaf) -> _Leaf:
        scale = scale_of(self.plan, leaf, self.fits.get(leaf.place))
        if scale is None:
            raise AssertionError("every leaf has a scale")
        return _Leaf(
            place=leaf.place,
            measure=measure_of(self.plan, leaf, [self.cells.at[code] for code in leaf.inputs]),
            scale=scale,
            breaks=tuple((float(mark), leaf.slack * abs(float(mark))) for mark in leaf.marks) if leaf.slack else (),
            most=1 + 2 * leaf.measure.relative_error
            if isinstance(leaf.measure, Ratio) and leaf.measure.over == "refuse"
            else np.inf,
        )


def _flat(fit: Fit) -> bool:
    """Whether all numbers of a pool are equal as floats, and nobody knows whether they are."""
    return fit.flat is None and "low" in fit.numbers and bool((fit.numbers["low"] == fit.numbers["high"]).any())
