"""The road of a measured number from nothing to full marks: where it is worth stopping, and how many steps lie between.

A step of a scale is one step, a piece that earns points is one, and a tenth of any other way is one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction

from attrs import frozen

from ictindex.analysis.climbing.criterion import Criterion
from ictindex.model import InputKind
from ictindex.plan import points_per_unit
from ictindex.strategies.normalizations import Each, Goalposts, Points, Proportional, Steps

ZERO, ONE = Fraction(0), Fraction(1)
TENTHS, RIVALS = 10, 3
MANY = 24
"""So many pieces are offered one by one; where there are more, some of them between the first and the last."""


@frozen
class Stop:
    """A measured number that is worth reaching, or with `beyond` worth passing."""

    number: Fraction
    beyond: bool = False


@frozen
class Road:
    """The stops of a measured number, in no order, and how far along a number is: 0 to `whole`, in steps."""

    stops: tuple[Stop, ...]
    position: Callable[[Fraction], Fraction]
    whole: Fraction
    full: Fraction | None = None  # the number of full marks, where every number on the way to it earns something


def road_of(criterion: Criterion) -> Road:
    """Return the road of an indicator that measures a figure or a ratio."""
    scale = criterion.leaf.scale
    if isinstance(scale, Steps):
        return _stairs(criterion, scale)
    counted = len(criterion.leaf.inputs) == 1 and criterion.input(criterion.leaf.inputs[0]).kind is InputKind.COUNT
    if isinstance(scale, Each) and counted:
        return _pieces(criterion, scale)
    return _way(criterion)


def _stairs(criterion: Criterion, scale: Steps) -> Road:
    """Return the road of steps: from each threshold up, or up to each, its points."""
    up = scale.monotone
    levels = sorted({ZERO, *(points for _, points in scale.table)})[:: criterion.wants]

    def position(number: Fraction) -> Fraction:
        reached = (points for mark, points in scale.table if up * number >= up * mark)
        return Fraction(levels.index(next(reached, ZERO)))

    marks = (*scale.breaks(), *criterion.leaf.measure.breaks())
    stops = tuple(Stop(mark, beyond=criterion.wants < 0) for mark in marks)
    return Road(stops, position, Fraction(len(levels) - 1))


def _pieces(criterion: Criterion, scale: Each) -> Road:
    """Return the road of pieces that earn the same points each: one more, two more, and so on."""
    most = math.ceil(criterion.leaf.row.max / scale.points)
    now, wants = criterion.number or ZERO, criterion.wants
    cut = min(max(math.floor(now), 0), most)
    ahead = list(range(cut + 1, most + 1) if wants > 0 else range(cut - (now == cut), -1, -1))
    wanted = max(MANY, criterion.fine)
    if len(ahead) > wanted:
        ahead = [ahead[math.ceil(len(ahead) * at / wanted) - 1] for at in range(1, wanted + 1)] + ahead[:1]

    def position(number: Fraction) -> Fraction:
        along = min(max(number, ZERO), Fraction(most))
        return along if wants > 0 else most - along

    return Road(tuple(Stop(Fraction(piece)) for piece in ahead), position, Fraction(most))


def _way(criterion: Criterion) -> Road:
    """Return the road of a number of which each bit earns something: the tenths of the way are its steps."""
    start, end = _ends(criterion)
    if criterion.wants < 0:
        start, end = end, start
    width = end - start

    def position(number: Fraction) -> Fraction:
        return min(max((number - start) / width, ZERO), ONE) * TENTHS if width else ZERO

    stops = dict.fromkeys(Stop(number) for number in (*_marks(criterion, start, width), *_compared(criterion)))
    return Road(tuple(stops), position, Fraction(TENTHS), end)


def _ends(criterion: Criterion) -> tuple[Fraction, Fraction]:
    """Return the measured numbers of no points and of full marks; among the units those of the worst and the best."""
    scale, most = criterion.leaf.scale, criterion.leaf.row.max
    match scale:
        case Proportional():
            return ZERO, ONE
        case Points():
            return ZERO, most
        case Each():
            return ZERO, most / scale.points
        case Goalposts():
            return scale.start, scale.end
    if not criterion.others:
        return ZERO, ZERO
    best, worst = criterion.numbers((criterion.others[0][1], criterion.others[-1][1]))
    return (worst, best) if criterion.wants > 0 else (best, worst)


def _marks(criterion: Criterion, start: Fraction, width: Fraction) -> Iterator[Fraction]:
    """Yield the numbers on the way that anybody would aim at: parts of it, and its end."""
    row, scale = criterion.leaf.row, criterion.leaf.scale
    yield from criterion.leaf.measure.breaks()
    if not isinstance(scale, Points | Proportional | Each | Goalposts):
        yield from scale.breaks()
        return
    yield from (start + width * tenth / TENTHS for tenth in range(1, TENTHS + 1))
    if isinstance(scale, Points):  # the next digit that is published, and the next whole one
        unit, now = points_per_unit(row), criterion.number or ZERO
        yield now + criterion.wants * unit / 10**row.publish.decimals
        if row.max > unit:
            yield (now // unit + (1 if criterion.wants > 0 else -1 if now % unit == 0 else 0)) * unit


def _compared(criterion: Criterion) -> Iterator[Fraction]:
    """Yield what the median and the best of the units compared have; under a relative scale the next ones too."""
    others = [unit for _, unit in criterion.others]
    if others:
        units = [others[0], others[(len(others) - 1) // 2]]
        if criterion.leaf.scale.fitting != "none":
            units += criterion.ahead[:RIVALS]
        yield from criterion.numbers(units)
