"""Scores given at a heading that are not what the scores given at its rows make.

The heading's own score counts and the rows' are not asked, so a slip in either goes unseen. Problem: T118.
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from ictindex.analysis.doubts.figures import figure, rough
from ictindex.analysis.doubts.gathering import Doubts
from ictindex.cells import Floats
from ictindex.messages import say
from ictindex.model import Group, InputKind, Row, Scheme
from ictindex.plan import points_per_unit
from ictindex.table import Table


@frozen
class _Made:
    """The points of a row for each unit, NaN where not known, and by how much rounding may have changed them."""

    points: Floats
    slack: float


def doubt_totals(scheme: Scheme, table: Table, doubts: Doubts) -> None:
    """Doubt given scores of headings that differ from what the given scores of their rows add up to."""
    _points(scheme, table, scheme.root, doubts)


def _points(scheme: Scheme, table: Table, row: Row, doubts: Doubts) -> _Made | None:
    """Return the points of a row, as given or made of its rows; None where they are not known of any unit."""
    given = _given(scheme, table, row)
    made = _combined(scheme, table, row, doubts) if isinstance(row, Group) else None
    if given is None or made is None:
        return given or made
    slack = given.slack + made.slack + 1e-9 * float(row.max or 1)
    with np.errstate(invalid="ignore"):
        units = np.flatnonzero(np.abs(given.points - made.points) > slack)
    off = np.abs(given.points - made.points)[units]
    key, unit_of = f"{row.code}.score", float(points_per_unit(row)) or 1.0
    for unit in doubts.worst("T118", key, units.tolist(), off):
        message = say(
            "{unit}: the score {given} of row {code} is not what its rows make, {made}",
            unit=table.units[unit],
            given=figure(table.columns[key].values[unit]),
            code=row.code,
            made=_rounded(made.points[unit] / unit_of, row),
        )
        hint = say("the score of the row itself counts; which of them is right?")
        doubts.add("T118", message, unit=unit, key=key, hint=hint)
    return given


def _rounded(value: float, row: Row) -> str:
    return (
        rough(value)
        if value and abs(value) < 10.0**-row.publish.decimals
        else f"{round(value, row.publish.decimals):g}"
    )


def _given(scheme: Scheme, table: Table, row: Row) -> _Made | None:
    """Return the points given at a row: its score, or what an assessor gave."""
    key = f"{row.code}.score"
    if key not in table.columns:
        kind = next((one.kind for one in scheme.inputs if one.code == row.code), None)
        key = row.code if kind is InputKind.POINTS else ""
    column = table.columns.get(key)
    if column is None:
        return None
    factor = float(points_per_unit(row))
    points = column.values * factor
    excluded = table.columns.get(f"{row.code}.excluded")
    if excluded is not None:  # what is left out is converted somewhere above, so nothing adds up plainly
        points = np.where(excluded.values > 0, np.nan, points)
    decimals = column.decimals if column.decimals is not None else row.publish.decimals
    return _Made(points, 0.5 * 10.0**-decimals * factor)


def _combined(scheme: Scheme, table: Table, row: Group, doubts: Doubts) -> _Made | None:
    """Return the points that the rows of a heading make, where all of them are known and the rule is a plain one."""
    rows = [child for child in row.children if child.max]
    parts = {child.code: _points(scheme, table, child, doubts) for child in row.children}
    known = [parts[child.code] for child in rows]
    if row.scale is not None or not rows or any(one is None for one in known):
        return None
    made = [one for one in known if one is not None]
    points, slack = [one.points for one in made], [one.slack for one in made]
    match row.combine.name:
        case "sum" | "capped":
            total = sum(
                (-one if child.role == "deduct" else one for child, one in zip(rows, points, strict=True)),
                np.zeros(len(table)),
            )
            if row.combine.name == "capped" or any(child.role != "max" for child in rows):
                total = np.clip(total, 0.0, float(row.max))
            return _Made(total, sum(slack))
        case "mean":
            weights = [float(child.weight) for child in rows]
            shares = [
                float(row.max) * weight / sum(weights) / float(child.max)
                for child, weight in zip(rows, weights, strict=True)
            ]
            total = sum((one * share for one, share in zip(points, shares, strict=True)), np.zeros(len(table)))
            return _Made(total, sum(one * share for one, share in zip(slack, shares, strict=True)))
        case "best":
            return _Made(np.maximum.reduce(points), max(slack))
        case "least":
            return _Made(np.minimum.reduce(points), max(slack))
    return None
