"""Which rows of a table make up which new unit, with which share, and which parts the table lacks.

Problems: T098 a unit that stands beside its own parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import numpy as np
from attrs import frozen

from ictindex.cells import shown
from ictindex.errors import Problem, TableInvalid
from ictindex.merging import Merge, Positions
from ictindex.messages import say
from ictindex.table import Table
from ictindex.units.crosswalks import Crosswalk, Shares


@frozen
class Parts:
    """The parts of each new unit: `rows[part]` is its row in the old table, `merge.members[part]` its new unit.

    `units` are the new codes, in the order in which the table meets them. `lacking` are the old units that a new one is
    made of too and that the table does not have, by the new unit's position; `kept` the units that nothing is said of.
    """

    units: tuple[str, ...]
    rows: Positions
    shares: tuple[Fraction, ...]
    merge: Merge
    lacking: Mapping[int, tuple[str, ...]]
    kept: tuple[int, ...]

    def whole(self, unit: int) -> bool:
        """Whether a new unit is one old one, and all of it."""
        mine = np.flatnonzero(self.merge.members == unit)
        return len(mine) == 1 and self.shares[mine[0]] == 1 and unit not in self.lacking


def parts_of(table: Table, crosswalk: Crosswalk, since: date | None) -> Parts:
    """Return what each new unit is made of, by the changes after the day `since`.

    Raises TableInvalid where the table has a new unit beside its own parts: its figures would count twice.
    """
    went = crosswalk.went(table.units, since)
    begun = set(crosswalk.went((), since))
    into: dict[str, set[str]] = {}
    for old, shares in went.items():
        for new in shares:
            into.setdefault(new, set()).add(old)
    _check_twice(table, went, begun, into)
    position: dict[str, int] = {}
    rows, members, parts = [], [], []
    for row, unit in enumerate(table.units):
        for new, share in went[unit].items():
            rows.append(row)
            members.append(position.setdefault(new, len(position)))
            parts.append(share)
    present = set(table.units)
    late = present - begun  # such a unit is there instead of its parts
    lacking = {
        at: tuple(sorted(into[new] - present))
        for new, at in position.items()
        if into[new] - present and not into[new] & late
    }
    kept = tuple(at for new, at in position.items() if new in present and new not in begun and into[new] == {new})
    merge = Merge(np.array(members, np.intp), len(position))
    return Parts(tuple(position), np.array(rows, np.intp), tuple(parts), merge, lacking, kept)


def _check_twice(table: Table, went: Mapping[str, Shares], begun: set[str], into: Mapping[str, set[str]]) -> None:
    problems = []
    present = set(table.units)
    for row, unit in enumerate(table.units):
        beside = sorted({old for new in went[unit] for old in into[new] & present} - {unit})
        if unit not in begun and beside:
            message = say(
                "{unit} is what {part} became, and the table has both", unit=shown(unit), part=shown(beside[0])
            )
            hint = say("leave one of them out, or say on which day the table stands")
            problems.append(Problem("T098", message, table.origin.at(row, "unit"), hint))
    if problems:
        raise TableInvalid(problems)
