"""Scores given at a heading that are not what the scores given at its rows make.

The heading's own score counts and the rows' are not asked, so a slip in either goes unseen. Problem: T118.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from ictindex.analysis.doubts.figures import Mask, figure
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
    _Totals(scheme, table, doubts).points(scheme.root)


class _Totals:
    """Goes through the rows from below, and holds what is given at each heading against what its rows make."""

    def __init__(self, scheme: Scheme, table: Table, doubts: Doubts) -> None:
        self._table, self._doubts = table, doubts
        inputs = {one.code for one in scheme.inputs if one.kind is InputKind.POINTS}
        self._keys: dict[str, str] = {}
        self._decimals: dict[str, int] = {}
        for row in scheme.rows():
            key = row.code if row.code in inputs else f"{row.code}.score"
            if key in table.columns:
                self._keys[row.code] = key
                typed, scale = table.columns[key].decimals or 0, row.publish.scale
                self._decimals[scale] = max(self._decimals.get(scale, 0), typed)

    def points(self, row: Row) -> _Made | None:
        """Return the points of a row, as given or else made of its rows; None where they are known of no unit."""
        given, made = self._given(row), self._made(row) if isinstance(row, Group) else None
        if given is None or made is None:
            return given or made
        self._compare(row, given, made)
        left_out = self._left_out(row)
        points = np.where(np.isnan(given.points) & ~left_out, made.points, given.points)
        return _Made(points, max(given.slack, made.slack))

    def _compare(self, row: Row, given: _Made, made: _Made) -> None:
        off = np.abs(given.points - made.points)
        units = np.flatnonzero(off > given.slack + made.slack + 1e-9 * float(row.max or 1))
        key, one = self._keys[row.code], float(points_per_unit(row)) or 1.0
        for unit in self._doubts.worst("T118", key, units.tolist(), off[units]):
            message = say(
                "{unit}: the score {given} of row {code} is not what its rows make, {made}",
                unit=self._table.units[unit],
                given=figure(self._table.columns[key].values[unit]),
                code=row.code,
                made=f"{made.points[unit] / one:.10g}",
            )
            hint = say("the score of the row itself counts; which of them is right?")
            self._doubts.add("T118", message, unit=unit, key=key, hint=hint)

    def _given(self, row: Row) -> _Made | None:
        """Return the points given at a row: its score, or what an assessor gave."""
        if row.code not in self._keys:
            return None
        factor = float(points_per_unit(row))
        points = self._table.columns[self._keys[row.code]].values * factor
        # Scores are printed alike: to the most decimals of any. Whole numbers were not rounded to whole numbers.
        decimals = self._decimals[row.publish.scale] or row.publish.decimals
        return _Made(np.where(self._left_out(row), np.nan, points), 0.5 * 10.0**-decimals * factor)

    def _left_out(self, row: Row) -> Mask:
        """Return the units of which points were left out: they are converted above, so nothing adds up plainly."""
        excluded = self._table.columns.get(f"{row.code}.excluded")
        return np.zeros(len(self._table), np.bool_) if excluded is None else excluded.values > 0

    def _made(self, row: Group) -> _Made | None:
        """Return the points that the rows of a heading make, where all are known and the rule is a plain one."""
        rows = [child for child in row.children if child.max]
        parts = {child.code: self.points(child) for child in row.children}
        known = [one for child in rows if (one := parts[child.code]) is not None]
        if row.scale is not None or not rows or len(known) < len(rows):
            return None
        points, slack = [one.points for one in known], [one.slack for one in known]
        match row.combine.name:
            case "sum" | "capped":
                signs = [-1.0 if child.role == "deduct" else 1.0 for child in rows]
                total = _weighted(points, signs)
                if row.combine.name == "capped" or any(child.role != "max" for child in rows):
                    total = np.clip(total, 0.0, float(row.max))
                return _Made(total, sum(slack))
            case "mean":
                whole = sum(float(child.weight) for child in rows)
                shares = [float(row.max * child.weight / child.max) / whole for child in rows] if whole else []
                return _Made(_weighted(points, shares), float(np.dot(slack, shares))) if shares else None
            case "best":
                return _Made(np.maximum.reduce(points), max(slack))
            case "least":
                return _Made(np.minimum.reduce(points), max(slack))
        return None


def _weighted(points: Sequence[Floats], weights: Sequence[float]) -> Floats:
    total = np.zeros(len(points[0]))
    for one, weight in zip(points, weights, strict=True):
        total = total + one * weight
    return total
