"""What each change does by itself, and why one does nothing: each is scored alone beside the table as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from attrs import evolve, frozen

from ictindex.analysis.doubts import doubts_of
from ictindex.analysis.rescoring import rescored
from ictindex.analysis.whatif.answer import Effect
from ictindex.analysis.whatif.reading import Read
from ictindex.cells import CellState
from ictindex.editing import Edit, taken
from ictindex.errors import TableInvalid
from ictindex.headers import Target
from ictindex.leafrun import without_evidence
from ictindex.matrix import Flag
from ictindex.model import Indicator, Row, walk
from ictindex.result import Result

MOST_ALONE = 20
"""Where each change needs a run of its own (units are compared), so many are scored alone at most."""


@frozen
class Done:
    """What a change does: the row that it counts for, the total above, and what it brings there by itself."""

    row: str
    total: str
    alone: Fraction | None
    effect: Effect
    covered: str
    overrides: tuple[str, ...]


def row_of(result: Result, target: Target) -> Row:
    """Return the row whose score, evidence or points left out a cell holds."""
    return result.scheme.row(target.key.removesuffix(".score").removesuffix(".excluded"))


def done_by(result: Result, new: Result, read: Sequence[Read], same: Sequence[bool]) -> list[Done]:
    """Return what each change does; `same` says which of them leave the cell as it was."""
    for one in (result, new):
        one.settled.settle(np.array(sorted({each.edit.unit for each in read}), np.intp))
    rows = [_rows(new, one.target) for one in read]
    totals = [_total(new, those) for those in rows]
    alone = _alone(result, new, read, totals)
    return [
        _done(result, new, each, those, total, by_itself, kept=kept)
        for each, those, total, by_itself, kept in zip(read, rows, totals, alone, same, strict=True)
    ]


def _done(
    result: Result, new: Result, one: Read, rows: Sequence[Row], total: str, alone: Fraction | None, *, kept: bool
) -> Done:
    covered = _covered(new, one.edit.unit, one.target, rows)
    effect: Effect = "covered" if covered else _effect(result, new, one, rows)
    return Done(
        row=rows[0].code if rows else "",
        total=total,
        alone=alone,
        effect="same" if kept else effect,
        covered=covered,
        overrides=() if kept or covered else tuple(_overrides(result, new, one)),
    )


def _rows(new: Result, target: Target) -> list[Row]:
    """Return the rows that a cell counts for."""
    if target.key.endswith((".score", ".excluded")):
        return [row_of(new, target)]
    return [
        row
        for row in new.scheme.rows()
        if isinstance(row, Indicator) and row.max and (target.key in row.inputs or target.key == row.code)
    ]


def _total(new: Result, rows: Sequence[Row]) -> str:
    """Return the code of the first total that one of the rows counts to, empty where there is none."""
    codes = {total.code for total in new.totals}
    for row in rows:
        place = new.plan.place(row.code)
        above = [row.code]
        while place:
            place = new.plan.parent(place)
            above.append(new.plan.nodes[place].row.code)
        found = next((code for code in above if code in codes), "")
        if found:
            return found
    return ""


# --- each change by itself -------------------------------------------------------------------------------------------


def _alone(result: Result, new: Result, read: Sequence[Read], totals: Sequence[str]) -> list[Fraction | None]:
    """Return what each change brings at its total, in published figures; None where that is not known."""
    found: list[Fraction | None] = []
    for one, total, (scored, at) in zip(read, totals, _scored_alone(result, new, read), strict=True):
        if scored is None or not total:
            found.append(None)
            continue
        before, after = result.published(total)[one.edit.unit], scored.published(total)[at]
        found.append(None if before is None or after is None else Fraction(after) - Fraction(before))
    return found


def _scored_alone(result: Result, new: Result, read: Sequence[Read]) -> list[tuple[Result | None, int]]:
    """Return for each change the result of making it alone, and where its unit stands there."""
    if len(read) == 1:
        return [(new, read[0].edit.unit)]
    if not result.plan.relative:  # no unit's score depends on another's, so each change is a line of one table
        edits = [evolve(one.edit, unit=at) for at, one in enumerate(read)]
        units = [one.edit.unit for one in read]
        table = taken(evolve(result.table, declared=None), units, [str(at) for at in range(len(read))])
        try:
            together = rescored(result, edits, table=table)
        except TableInvalid:
            pass  # one of them cannot be made without the others
        else:
            return [(together, at) for at in range(len(read))]
    if len(read) > MOST_ALONE:
        return [(None, 0)] * len(read)
    return [(_scored_with(result, one.edit), one.edit.unit) for one in read]


def _scored_with(result: Result, edit: Edit) -> Result | None:
    try:
        return rescored(result, [edit])
    except TableInvalid:
        return None


# --- what a change does not do ---------------------------------------------------------------------------------------


def _covered(new: Result, unit: int, target: Target, rows: Sequence[Row]) -> str:
    """Return the code of a given score that stands in the place of everything that the cell counts for, or nothing."""
    plan, matrix, over = new.plan, new.settled.matrix, ""
    own = target.key.endswith((".score", ".excluded"))
    hiding = Flag.COVERED if own else Flag.COVERED | Flag.GIVEN
    for row in rows:
        place = plan.place(row.code)
        if not matrix.flag(place, unit) & hiding:
            return ""
        while not matrix.flag(place, unit) & Flag.GIVEN:
            place = plan.parent(place)
        over = plan.nodes[place].row.code
    return over


def _effect(result: Result, new: Result, one: Read, rows: Sequence[Row]) -> Effect:
    """Return whether a change counts, or what it lacks to do so."""
    unit, places = one.edit.unit, [new.plan.place(row.code) for row in rows]
    before, after = ([each.settled.column(unit)[place] for place in places] for each in (result, new))
    if one.target.role != "evidence":
        for row, place, old, now in zip(rows, places, before, after, strict=True):
            if new.settled.matrix.flag(place, unit) & Flag.NO_EVIDENCE:
                without = without_evidence(row, new.table)
                if without == "zero":
                    return "no-evidence"
                if now > old:
                    return "unshown"
    states = ([each.settled.matrix.state(place, unit) for place in places] for each in (result, new))
    return "none" if before == after and next(states) == next(states) else "counts"


def _overrides(result: Result, new: Result, one: Read) -> Iterator[str]:
    """Yield the columns that no longer count since the change gives a score in their place."""
    if not one.target.key.endswith(".score") or one.edit.state is not CellState.REPORTED:
        return
    row, unit = row_of(new, one.target), one.edit.unit
    if result.settled.matrix.flag(result.plan.place(row.code), unit) & (Flag.GIVEN | Flag.COVERED):
        return
    codes = (code for below in walk(row) if isinstance(below, Indicator) for code in below.inputs)
    yield from dict.fromkeys(codes)


# --- what looks wrong now --------------------------------------------------------------------------------------------


def new_doubts(result: Result, new: Result) -> Iterator[str]:
    """Yield what looks wrong in the changed table and did not before."""
    known = {(one.code, str(one.message), one.where) for one in doubts_of(result.table, result.scheme)}
    for doubt in doubts_of(new.table, new.scheme):
        if (doubt.code, str(doubt.message), doubt.where) not in known:
            yield doubt.message
