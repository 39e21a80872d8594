"""The score of one unit, and the readings of it that a portal shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen

from ictindex.matrix import Flag, state_of
from ictindex.model import Row, Scheme
from ictindex.notices import scheme_notices
from ictindex.plan import Plan, points_per_unit
from ictindex.publication import POINTS, text
from ictindex.single.rows import Rows
from ictindex.single.settled import Settled

_COMPUTED = state_of(0)
_UNSCORED = int(Flag.LEFT_OUT | Flag.COVERED)


@frozen(eq=False)
class UnitScore:
    """What one unit earns: the numbers of a `Result` for it, one in the place of each column.

    Rows are asked for by code; without a code the (first) total is meant. `unit` is empty where the inputs name none.
    """

    unit: str
    _rows: Rows = field(repr=False)
    _points: Sequence[float] = field(repr=False)
    _flags: Mapping[int, int] = field(repr=False)
    _settled: Settled = field(repr=False)

    @property
    def plan(self) -> Plan:
        """The plan that was scored with."""
        return self._rows.plan

    @property
    def scheme(self) -> Scheme:
        """The scheme that was scored under."""
        return self.plan.scheme

    def points(self, code: str = "") -> float | None:
        """Return the points at a row; None where there is no score. Raises UnknownName, as everything here."""
        place = self.plan.asked(code)
        return self._points[place] if self._scored(place) else None

    def score(self, code: str = "") -> float | None:
        """Return the unrounded score on the scale that the row publishes; None where there is none."""
        points, per_unit = self.points(code), float(points_per_unit(self._row(code)))
        return None if points is None or not per_unit else points / per_unit

    def scored(self, code: str = "") -> bool:
        """Whether there is a score at a row: it is not left out, nor below a given score."""
        return self._scored(self.plan.asked(code))

    def key(self, code: str = "") -> int:
        """Return the published score as a whole number of last digits."""
        return self._settled.key(self.plan.asked(code))

    def published(self, code: str = "") -> str | None:
        """Return the published score as it is printed, such as `44.41`; None where there is none."""
        return self._published(self.plan.asked(code))

    def point_text(self, code: str = "") -> str | None:
        """Return the points at a row as exact decimals, half up to 8 of them; None where there are none."""
        place = self.plan.asked(code)
        if not self._scored(place):
            return None
        return text(self._settled.point_key(place), POINTS).rstrip("0").rstrip(".")

    def state(self, code: str = "") -> str:
        """Return how the points at a row came about, as a stable word such as `computed` or `cut`."""
        return state_of(self._flags.get(self.plan.asked(code), 0))

    def flags(self, code: str = "") -> tuple[str, ...]:
        """Return what happened to the score at a row, as stable words."""
        flag = Flag(self._flags.get(self.plan.asked(code), 0))
        return tuple(one.label for one in Flag if one in flag)

    def level(self, code: str = "") -> str | None:
        """Return the level at a row; None where the row has no levels, the unit no score, or none is reached."""
        return self._level(self.plan.asked(code))

    def to_dict(self) -> dict[str, Any]:
        """Return all rows as plain data for JSON: a dictionary by code, the totals by their codes, and the notices.

        A row has `points` (a number) and `published` (a text), null where there are none, its `state`, and its `level`
        where it has levels.
        """
        return {
            "scheme": self.scheme.id,
            "revision": self.scheme.revision,
            "unit": self.unit or None,
            "totals": [row.code for row in self.scheme.totals],
            "rows": {node.row.code: self._told(node.place, node.row) for node in self.plan.nodes},
            "notices": [str(notice) for notice in scheme_notices(self.scheme)],
        }

    def _told(self, place: int, row: Row) -> dict[str, Any]:
        flags = self._flags.get(place, 0)
        told = {
            "points": None if flags & _UNSCORED else self._points[place],
            "published": self._published(place),
            "state": state_of(flags) if flags else _COMPUTED,
        }
        return told if row.levels is None else {**told, "level": self._level(place)}

    def _published(self, place: int) -> str | None:
        row = self.plan.nodes[place].row
        return text(self._settled.key(place), row.publish) if row.max and self._scored(place) else None

    def _level(self, place: int) -> str | None:
        if not self._scored(place):
            return None
        for grade in self._rows.grades.get(place, ()):
            if grade.key is None:
                reached = self._settled.reaches(place, grade.points, strict=grade.strict)
            else:
                reached = self._settled.key(place) >= grade.key
            if reached and all(self._settled.reaches(*gate) for gate in grade.gates):
                return grade.name
        return None

    def _scored(self, place: int) -> bool:
        return not self._flags.get(place, 0) & _UNSCORED

    def _row(self, code: str) -> Row:
        return self.plan.nodes[self.plan.asked(code)].row
