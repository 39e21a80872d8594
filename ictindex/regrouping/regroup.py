"""A table of old units and a crosswalk to a table of new units, with a report of what could not be carried.

Problems beside those of `columns` and of lists of units: T102 parts in different pools, T106 (a warning) units that the
crosswalk says nothing of, T108 (a warning) a new unit of which the table lacks a part.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
from attrs import evolve, frozen

from ictindex.cells import shown
from ictindex.errors import Location, Problem, Severity, TableInvalid
from ictindex.findings import Found, Heading
from ictindex.merging import shown_by_all
from ictindex.messages import say
from ictindex.model import Scheme
from ictindex.origins import placed
from ictindex.regrouping.columns import Carrying
from ictindex.regrouping.parts import Parts, parts_of
from ictindex.strategies.base import Mask
from ictindex.table import Table
from ictindex.units.chosen import is_about_units
from ictindex.units.crosswalks import Crosswalk
from ictindex.units.lists import Roster
from ictindex.units.matching import Named, place

LISTED = 10
"""So many units are named in one message."""


@frozen
class Regrouped:
    """The table of the new units, and what could not be carried into it: warnings, which are the table's doubts too."""

    table: Table
    report: tuple[Problem, ...]


def regroup(
    table: Table,
    crosswalk: Crosswalk,
    scheme: Scheme,
    *,
    roster: Roster | None = None,
    since: date | None = None,
    whole_counts: bool = False,
) -> Regrouped:
    """Return the table of the new units, in the order in which the old table meets them.

    `roster` says who they are, by what name and in which pool; `since` is the day of the table: earlier changes are
    past. With `whole_counts` the counts of split units are divided into whole numbers. Raises TableInvalid where a new
    unit is not in the list, has no pool, or stands beside its own parts.
    """
    parts = parts_of(table, crosswalk, since)
    carrying = Carrying(table, scheme, parts, whole_counts)
    columns = carrying.columns(table.columns)
    units, names, pools, doubts = _known(table, crosswalk, scheme, parts, roster)
    report = [*doubts, *_absent(table, parts), *carrying.report]
    made = Table(
        units=units,
        names=names,
        columns=columns,
        pool=pools,
        evidence={code: _shown(shown, parts) for code, shown in table.evidence.items()},
        notes=(*(note for note in table.notes if not is_about_units(note)), _note(table, crosswalk, parts)),
        origin=table.origin.of(_first_rows(parts)),
    )
    if table.declared is not None:
        own = Carrying(table.declared, scheme, parts, whole_counts)
        made = evolve(made, declared=evolve(made, columns=own.columns(table.declared.columns)))
        report = list(dict.fromkeys([*report, *own.report]))
    return Regrouped(evolve(made, doubts=tuple(report)), tuple(report))


_Known = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...] | None, tuple[Problem, ...]]


def _known(table: Table, crosswalk: Crosswalk, scheme: Scheme, parts: Parts, roster: Roster | None) -> _Known:
    """Return the codes, names and pools of the new units, and warnings about them."""
    if roster is None:
        return parts.units, _names(table, crosswalk, parts), _pools(table, parts), tuple(_kept(table, parts))
    found = Found(table.origin.source, table.origin.sheet)
    numbers = range(1, len(parts.units) + 1)  # in place of lines: a unit's place may be in either file
    named = Named(units=parts.units, lines=numbers, cells={"unit": Heading("unit", -1)})
    here = place(named, roster, scheme, found)
    places = _places(table, crosswalk, parts)
    if found:
        raise TableInvalid([_placed(problem, places) for problem in found.problems()])
    return here.units, here.names, here.pools, tuple(_placed(doubt, places) for doubt in here.doubts)


def _places(table: Table, crosswalk: Crosswalk, parts: Parts) -> list[Location]:
    """Return where each new unit is named: in the last line of the crosswalk that makes it, else in the table."""
    lines = {one.new: one.line for one in crosswalk.changes if one.line}
    rows = zip(parts.units, _first_rows(parts), strict=True)
    return [
        Location(crosswalk.source, lines[code], cell=crosswalk.heading)
        if code in lines
        else table.origin.at(row, "unit")
        for code, row in rows
    ]


def _placed(problem: Problem, places: list[Location]) -> Problem:
    at = problem.where.line
    return evolve(problem, where=places[at - 1]) if at else problem


def _first_rows(parts: Parts) -> list[int]:
    return [int(row) for row in parts.rows[parts.merge.first]]


def _names(table: Table, crosswalk: Crosswalk, parts: Parts) -> tuple[str, ...]:
    """Return the names that the crosswalk says; of a unit that did not change its own; else the code."""
    said, first = crosswalk.names(), _first_rows(parts)
    found = []
    for at, code in enumerate(parts.units):
        same = parts.whole(at) and table.units[first[at]] == code
        found.append(said.get(code) or (table.names[first[at]] if same else code))
    return tuple(found)


def _pools(table: Table, parts: Parts) -> tuple[str, ...] | None:
    """Return the pool that all parts of a unit are in. Raises TableInvalid where they are in several."""
    if table.pool is None:
        return None
    found: list[set[str]] = [set() for _ in parts.units]
    for row, unit in zip(parts.rows.tolist(), parts.merge.members.tolist(), strict=True):
        found[unit].add(table.pool[row])
    problems = []
    for unit, pools in enumerate(found):
        if len(pools) > 1:
            told = {"unit": shown(parts.units[unit]), "pools": ", ".join(sorted(pools))}
            message = say("the parts of {unit} are in several pools: {pools}", **told)
            where = table.origin.at(_first_rows(parts)[unit], "pool")
            hint = say("name the list of the new units: the units above them are their pools")
            problems.append(Problem("T102", message, where, hint))
    if problems:
        raise TableInvalid(problems)
    return tuple(next(iter(pools)) for pools in found)


def _kept(table: Table, parts: Parts) -> Iterator[Problem]:
    """Yield one warning for all units that nothing is said of: a mistyped code would look like that."""
    if parts.kept:
        units = ", ".join(parts.units[at] for at in parts.kept[:LISTED])
        message = say(
            "the crosswalk does not name these units, which stay ({count}): {units}", count=len(parts.kept), units=units
        )
        hint = say("with a list of the new units, those that are not in it are refused")
        yield Problem(
            "T106", message, placed(table.origin.source, table.origin.sheet, 0, "unit"), hint, Severity.WARNING
        )


def _absent(table: Table, parts: Parts) -> Iterator[Problem]:
    """Yield a warning for each new unit that the table has some parts of only: all of its figures stay empty."""
    first = _first_rows(parts)
    for unit, olds in parts.lacking.items():
        told = {"unit": shown(parts.units[unit]), "parts": ", ".join(olds[:LISTED])}
        message = say("{unit} is left empty: the table lacks {parts}, which went into it too", **told)
        hint = say("add their lines to the table, with what they reported")
        yield Problem("T108", message, table.origin.at(first[unit], "unit"), hint, Severity.WARNING)


def _shown(shown: Mask, parts: Parts) -> Mask:
    """Return which new units showed their evidence: those all of whose parts did."""
    made = shown_by_all(shown[parts.rows], parts.merge)
    made[np.array(sorted(parts.lacking), np.intp)] = False
    return made


def _note(table: Table, crosswalk: Crosswalk, parts: Parts) -> str:
    told = {"old": len(table), "new": len(parts.units), "file": Path(crosswalk.source).name}
    return say("regrouped by {file}: {old} units became {new}", **told)
