"""What every row contributes: to its heading, to its total, and to the published total as it is printed.

The law: what the rows below a heading contribute adds up to what the heading does, up to the total's points.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from ictindex.exact import Settled
from ictindex.matrix import Flag
from ictindex.plan import Heading, Plan
from ictindex.publication import apportioned, key_per_point, text
from ictindex.strategies.base import DECIMAL
from ictindex.strategies.normalizations import Goalposts
from ictindex.table import Table

_UNCOUNTED = Flag.LEFT_OUT | Flag.COVERED


@frozen
class Contribution:
    """What one row contributes: to its heading and to its total (`total` is its place, -1 above the totals), in points.

    `printed` is in whole last digits of the published total. None: there is nothing to contribute to.
    """

    total: int
    to_heading: Any = None
    to_total: Any = None
    printed: int | None = None


def _split(plan: Plan, settled: Settled, unit: int, heading: Heading) -> tuple[tuple[Any, ...], list[Any]]:
    """Return what each child contributes to a heading, and what one point of each child adds to it.

    None for each where the heading combines nothing; 0 where its points are given, left out or not computed. A scale
    of the heading's own is a straight line of its composite: a child's part of the composite counts by the slope of
    that line, and what the line adds or takes beside that is spread by weight.
    """
    if heading.aggregation is None:
        return tuple(None for _ in heading.children), [0 for _ in heading.children]
    matrix, trace = settled.matrix, settled.trace(unit)
    if matrix.flag(heading.place, unit) & (_UNCOUNTED | Flag.GIVEN):
        return tuple(0 for _ in heading.children), [0 for _ in heading.children]
    points = trace.points[heading.place]
    below = [None if matrix.flag(child, unit) & _UNCOUNTED else trace.points[child] for child in heading.children]
    number = trace.numbers.get(heading.place)
    if heading.scale is None or number is None:
        parts = heading.aggregation.contributions(heading.row.max, heading.below, below, points)
        return parts, _slopes(plan, heading, below, parts)
    composite = number * plan.arithmetic.number(heading.row.max)
    parts = heading.aggregation.contributions(heading.row.max, heading.below, below, composite)
    line = _line(plan, settled, unit, heading)
    shift = points - line * composite
    shares = _shares(plan, heading, below)
    scaled = tuple(line * part + shift * share for part, share in zip(parts, shares, strict=True))
    return scaled, [line * slope for slope in _slopes(plan, heading, below, parts)]


def _line(plan: Plan, settled: Settled, unit: int, heading: Heading) -> Any:
    """Return how much a heading's points grow with its composite; 1 where all units are equal, or it is not known."""
    scale: Any = heading.scale
    if isinstance(scale, Goalposts) and not scale.log:
        return plan.arithmetic.number(1 / (scale.end - scale.start))
    fit, name = settled.exact_fits().get(heading.place), "" if heading.row.scale is None else heading.row.scale.name
    if fit is None or name not in ("min-max", "z-score", "of-best"):
        return 1
    pool = pool_at(plan, settled.table, heading.place, unit)
    learned = {one: values[pool] for one, values in fit.numbers.items()}
    width = learned["deviation"] if name == "z-score" else learned["high"]
    if name == "min-max":
        width -= learned["low"]
    return 1 / width if width > plan.arithmetic.tolerance else 1


def pool_at(plan: Plan, table: Table, place: int, unit: int) -> int:
    """Return the position of a unit's pool in what the pools taught at a row."""
    if table.pool is None or not plan.pooled(place):
        return 0
    return sorted(set(table.pool)).index(table.pool[unit])


def contributed(plan: Plan, settled: Settled, unit: int, *, top: int | None = None) -> tuple[Contribution, ...]:
    """Return what every row of the matrix contributes for one unit, in the order of the rows.

    With `top`, a place, to the row there in place of the totals.
    """
    with plan.arithmetic.context():
        return tuple(_Walk(plan, settled, unit, plan.totals if top is None else (top,)).found)


class _Walk:
    """Goes down from each total. A row that earned p points contributes factor * p + shift to its total.

    Where points enter a heading in proportion, the shift is 0; where a heading is scaled once more, or is a geometric
    mean, the rest is spread below by weight.
    """

    def __init__(self, plan: Plan, settled: Settled, unit: int, tops: Sequence[int]) -> None:
        self.plan, self.settled, self.unit = plan, settled, unit
        self.points = settled.trace(unit).points
        self.found = [Contribution(-1) for _ in plan.nodes]
        for total in tops:
            counts = not settled.matrix.flag(total, unit) & _UNCOUNTED
            points = self.points[total] if counts else 0
            printed = int(settled.keys(total)[unit]) if counts and plan.nodes[total].row.max else None
            self.found[total] = Contribution(total, points, points, printed)
            self._descend(total, plan.arithmetic.number(Fraction(1)), 0)

    def _descend(self, place: int, factor: Any, shift: Any) -> None:
        heading = self.plan.nodes[place]
        if not isinstance(heading, Heading):
            return
        own, (parts, slopes) = self.found[place], _split(self.plan, self.settled, self.unit, heading)
        below = [
            None if self.settled.matrix.flag(child, self.unit) & _UNCOUNTED else self.points[child]
            for child in heading.children
        ]
        closed = bool(self.settled.matrix.flag(place, self.unit) & (_UNCOUNTED | Flag.GIVEN))
        shares = [0] * len(parts) if closed or not shift else _shares(self.plan, heading, below)
        to_total = [factor * part + shift * share for part, share in zip(parts, shares, strict=True)]
        printed = None if closed or own.printed is None else self._printed(own.total, own.printed, to_total)
        for at, child in enumerate(heading.children):
            self.found[child] = Contribution(
                own.total, parts[at], to_total[at], None if printed is None or below[at] is None else printed[at]
            )
            rest = 0 if below[at] is None else to_total[at] - factor * slopes[at] * below[at]
            self._descend(child, factor * slopes[at], rest)

    def _printed(self, total: int, whole: int, parts: Sequence[Any]) -> list[int]:
        """Return the parts as whole last digits that add up to the heading's: the largest remainders are rounded up."""
        per_point = self.plan.arithmetic.number(key_per_point(self.plan.nodes[total].row))
        return apportioned([Fraction(part * per_point) for part in parts], whole)


def _slopes(plan: Plan, heading: Heading, below: Sequence[Any | None], parts: Sequence[Any]) -> list[Any]:
    """Return what one point of each child adds to the composite; under sums and means also of a child that has none."""
    if heading.row.combine.name in ("mean", "geometric"):
        whole, shares = heading.row.max, _shares(plan, heading, below)
        per_point = [
            plan.arithmetic.number(whole / child.maximum if child.maximum else Fraction(0)) for child in heading.below
        ]
        return [share * point for share, point in zip(shares, per_point, strict=True)]
    signs = [-1 if child.role == "deduct" else 1 for child in heading.below]
    slopes = [part / point if _counts(point) else None for part, point in zip(parts, below, strict=True)]
    additive = heading.aggregation is not None and heading.aggregation.additive
    like = next((slope * sign for slope, sign in zip(slopes, signs, strict=True) if slope is not None), 1)
    return [(sign * like if additive else 0) if one is None else one for one, sign in zip(slopes, signs, strict=True)]


def _counts(point: Any | None) -> bool:
    return point is not None and abs(point) > (DECIMAL.tolerance if isinstance(point, Decimal) else 0)


def _shares(plan: Plan, heading: Heading, below: Sequence[Any | None]) -> list[Any]:
    """Return each child's share of the weights of those that count; under a sum a maximum is what a child weighs.

    Bonuses and deductions stand beside them and have no share.
    """
    counted = [point is not None and child.maximum > 0 for child, point in zip(heading.below, below, strict=True)]
    sums = heading.row.combine.name in ("sum", "capped")
    weights = [
        (child.maximum if sums else child.weight) if counts and child.role == "max" else Fraction(0)
        for child, counts in zip(heading.below, counted, strict=True)
    ]
    whole = sum(weights, Fraction(0))
    return [plan.arithmetic.number(weight / whole) if whole else 0 for weight in weights]


def printed_text(plan: Plan, one: Contribution) -> str | None:
    """Return the printed part as it stands beside the published total, such as `0.0958`."""
    return None if one.printed is None else text(one.printed, plan.nodes[one.total].row.publish)
