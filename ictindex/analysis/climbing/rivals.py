"""What rivals would score in a year's time if they moved as they did in the last one.

Problems: U240 a row that last year's scheme does not have, U241 none of the units in last year's result.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import frozen

from ictindex.errors import Problem, WrongUse, did_you_mean
from ictindex.messages import say
from ictindex.model import Row
from ictindex.plan import Plan
from ictindex.publication import exact_key, key_per_point
from ictindex.result import Result
from ictindex.strategies.base import DECIMAL, FRACTION, Arithmetic


@frozen(kw_only=True)
class Projection:
    """Everyone's scores at a row one year on, by position in this year's table.

    `points` are in points, `keys` what would be published of them, in whole numbers of last digits. `moved` are the
    units whose score was another last year, `still` those whose score was the same, `new` those that had none then,
    which stay where they are. A unit without a score now is in none of them.
    """

    code: str
    points: Mapping[int, Any]
    keys: Mapping[int, int]
    moved: tuple[int, ...]
    still: tuple[int, ...]
    new: tuple[int, ...]


def projected(result: Result, last: Result, code: str = "") -> Projection:
    """Return everyone's scores at a row if each rose or fell once more as since last year; without a code at the total.

    What rose is the published score, where ranks are made on these, else the exact one; it is cut to 0 and the maximum.
    Last year's may be another edition: then its score counts as a share of its maximum, and its row is that of the same
    code, or of the one that this row had then (`was`). Units are known by their codes. Raises UnknownName (U105)
    where this year's scheme has no such row, WrongUse where last year's has none (U240) or none of the units had a
    score there (U241).
    """
    result.keys(code)  # an unknown row is told
    row = result.scheme.row(code) if code else result.totals[0]
    then = _row_then(last, row)
    positions = {unit: at for at, unit in enumerate(last.units)}
    scored, had = result.scored(row.code), last.scored(then.code)
    units = np.flatnonzero(scored).tolist()
    before = {unit: positions[result.units[unit]] for unit in units if result.units[unit] in positions}
    before = {unit: at for unit, at in before.items() if had[at]}
    if not before:
        message = say("none of the units had a score at {row} last year", row=then.label)
        hint = say("units are known by their codes: give last year's table of the same units")
        raise WrongUse(Problem("U241", message, hint=hint))
    maths = DECIMAL if DECIMAL in (result.plan.arithmetic, last.plan.arithmetic) else FRACTION
    with maths.context():
        now, past = _points(result, row, units, maths), _points(last, then, list(before.values()), maths)
        whole, ratio = maths.number(row.max), maths.number(row.max / then.max)
        rise = {unit: now[unit] - past[at] * ratio for unit, at in before.items()}
        points = {unit: now[unit] + rise.get(unit, 0) for unit in units}
        if _bounded(result.plan, result.plan.place(row.code)):
            points = {unit: min(max(one, one * 0), whole) for unit, one in points.items()}
    return Projection(
        code=row.code,
        points=points,
        keys={unit: exact_key(one, row) for unit, one in points.items()},
        moved=tuple(unit for unit, by in rise.items() if abs(by) > maths.tolerance),
        still=tuple(unit for unit, by in rise.items() if abs(by) <= maths.tolerance),
        new=tuple(unit for unit in units if unit not in before),
    )


def _row_then(last: Result, row: Row) -> Row:
    """Return the row of last year's scheme that a row of this year's was."""
    rows = {one.code: one for one in last.scheme.rows() if one.max}
    found = rows.get(row.code) or rows.get(row.was)
    if found is None:
        message = say("last year's scheme {scheme} has no row {row}", scheme=last.scheme.id, row=row.label)
        hint = did_you_mean(row.code, rows) or say("ask about a row that both schemes have, such as the total")
        raise WrongUse(Problem("U240", message, hint=hint))
    return found


def _points(result: Result, row: Row, units: list[int], maths: Arithmetic) -> dict[int, Any]:
    """Return the points of units at a row: those that were published where ranks are made on these, else exact ones."""
    if row.rank.on == "published":
        keys = result.keys(row.code)
        return {unit: maths.number(int(keys[unit]) / key_per_point(row)) for unit in units}
    result.settled.settle(np.array(units, np.intp))
    exact = {unit: result.settled.column(unit)[result.plan.place(row.code)] for unit in units}
    return {unit: maths.number(one) if isinstance(one, Fraction) else one for unit, one in exact.items()}


def _bounded(plan: Plan, place: int) -> bool:
    node = plan.nodes[place]
    return node.scale.bounded if node.scale is not None else all(_bounded(plan, child) for child in node.children)
