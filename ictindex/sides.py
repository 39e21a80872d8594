"""The same units scored from two sides, as declared and as decided: what differs at a row, and why."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from attrs import frozen

from ictindex.errors import Problem, WrongUse
from ictindex.exact import Settled
from ictindex.messages import say
from ictindex.model import Indicator, Row, walk
from ictindex.origins import Reason
from ictindex.plan import Plan
from ictindex.publication import Keys, text
from ictindex.strategies.base import DECIMAL, Array, Mask
from ictindex.table import Column, Table


class Side(Protocol):
    """What is asked of a result."""

    @property
    def plan(self) -> Plan:
        """The compiled scheme."""
        ...

    @property
    def table(self) -> Table:
        """The figures, one row per unit."""
        ...

    @property
    def settled(self) -> Settled:
        """The matrix, with every open question settled."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The units' names."""
        ...

    def points(self, code: str = "") -> Array:
        """Every unit's points at a row."""
        ...

    def keys(self, code: str = "") -> Keys:
        """Every unit's published score as a whole number of last digits."""
        ...

    def published(self, code: str = "") -> list[str | None]:
        """Every unit's published score as it is printed."""
        ...


@frozen(kw_only=True)
class Difference:
    """One unit at one row: its score as declared, its score, and what lies between the two.

    `declared`, `published` and `difference` (the second less the first) are on the scale that the row publishes, as
    printed; None where one of the two has no score. `declared_points` and `points` are unrounded; `exact` is the exact
    difference in points: a Fraction, or a Decimal of 60 digits where roots or logarithms enter. `reasons` are those
    that were given where figures of the row were changed.
    """

    unit: str
    name: str
    row: str
    declared: str | None
    published: str | None
    difference: str | None
    declared_points: float | None
    points: float | None
    exact: Fraction | Decimal | None
    reasons: tuple[Reason, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the unit has other points than it declared, be it less than is printed."""
        absent = self.points is None, self.declared_points is None
        return self.declared != self.published or bool(self.exact) or absent in ((True, False), (False, True))


def differences(declared: Side, decided: Side, row: Row) -> tuple[Difference, ...]:
    """Return what differs at a row, one answer for each unit in the order of the units.

    Raises WrongUse where the sides have not the same units in the same order, or not the same scheme.
    """
    if declared.table.units != decided.table.units or declared.plan.scheme.sha256 != decided.plan.scheme.sha256:
        hint = say("compare two tracks of one round, scored under one scheme")
        raise WrongUse(Problem("U194", say("the two results are not of the same units and scheme"), hint=hint))
    place = decided.plan.place(row.code)
    before, after = (_absent_as_none(side.points(row.code)) for side in (declared, decided))
    printed = zip(declared.published(row.code), decided.published(row.code), strict=True)
    keys = (decided.keys(row.code) - declared.keys(row.code)).tolist()
    moved, names = _moved(declared, decided, row), decided.names
    units = np.flatnonzero(moved)
    for side in (declared, decided):
        side.settled.settle(units)
    found = []
    for unit, (old, new) in enumerate(printed):
        exact: Any = None
        if before[unit] is not None and after[unit] is not None:
            exact = _exact(declared, decided, unit, place) if moved[unit] else Fraction(0)
        found.append(
            Difference(
                unit=decided.table.units[unit],
                name=names[unit],
                row=row.code,
                declared=old,
                published=new,
                difference=None if old is None or new is None else text(keys[unit], row.publish),
                declared_points=before[unit],
                points=after[unit],
                exact=exact,
                reasons=_reasons(decided.table, unit, row) if moved[unit] else (),
            )
        )
    return tuple(found)


def _absent_as_none(points: Array) -> list[float | None]:
    return [None if np.isnan(one) else one for one in points.tolist()]


def _moved(declared: Side, decided: Side, row: Row) -> Mask:
    """Return the units whose exact points at a row may differ: figures of it do, or those of a pool that teaches."""
    moved = np.zeros(len(decided.table.units), np.bool_)
    if decided.settled.merge is not None or declared.settled.merge is not None:
        return ~moved  # figures of several rows were put together
    one, other = declared.table, decided.table
    about = set(_figures(decided.plan.scheme.root if decided.plan.relative else row))
    about |= {f"{heading.code}.score" for heading in decided.plan.scheme.above(row.code)}  # there rows have no points
    for code in about & {*one.columns, *other.columns}:
        moved |= _differing(one.columns.get(code), other.columns.get(code), len(moved))
    for code in {*one.evidence, *other.evidence}:
        shown = [table.evidence.get(code, np.ones(len(moved), np.bool_)) for table in (one, other)]
        moved |= shown[0] != shown[1]
        if one.without_evidence != other.without_evidence:
            moved |= ~shown[1]
    return np.ones_like(moved) if decided.plan.relative and moved.any() else moved


def _differing(one: Column | None, other: Column | None, size: int) -> Mask:
    if one is None or other is None:
        return np.full(size, one is not other)
    values: Mask = ~((one.values == other.values) | (np.isnan(one.values) & np.isnan(other.values)))
    if one.states is None and other.states is None:
        return values
    states = [np.zeros(size, np.uint8) if column.states is None else column.states for column in (one, other)]
    differing: Mask = values | (states[0] != states[1])
    return differing


def _exact(declared: Side, decided: Side, unit: int, place: int) -> Any:
    after, before = (side.settled.column(unit)[place] for side in (decided, declared))
    if isinstance(after, Fraction):
        return after - before
    with DECIMAL.context():
        between = after - before
        return between if abs(between) > DECIMAL.tolerance else Decimal(0)


def _reasons(table: Table, unit: int, row: Row) -> tuple[Reason, ...]:
    """Return the reasons that the table's origin gives for the unit's figures below a row, once each."""
    return tuple(dict.fromkeys(reason for key in _figures(row) for reason in table.origin.reasons(unit, key)))


def history_of(table: Table, unit: int, row: Row) -> tuple[str, ...]:
    """Return what became of a unit's figures at a row and below it since they were declared, an event a line.

    A figure that is not the row's own is named by its code.
    """
    own = (row.code, f"{row.code}.score")
    return tuple(
        line if key in own else say("{code}: {words}", code=key.removesuffix(".score"), words=line)
        for key in dict.fromkeys(_figures(row))
        for line in table.origin.history(unit, key)
    )


def _figures(row: Row) -> Iterator[str]:
    """Yield the columns that a row and the rows below it may have in a table."""
    for one in walk(row):
        yield from (f"{one.code}.score", f"{one.code}.excluded")
        if isinstance(one, Indicator):
            yield from (*one.inputs, f"{one.code}.evidence")
