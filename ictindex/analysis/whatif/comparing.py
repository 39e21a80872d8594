"""`whatif`: the table with the changes in it, scored again, and held against what was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import evolve, frozen

from ictindex.analysis.rescoring import refuse_merged, rescored, subject_of
from ictindex.analysis.whatif.answer import Changed, Moved, State, WhatIf
from ictindex.analysis.whatif.effects import Done, done_by, new_doubts, row_of
from ictindex.analysis.whatif.reading import Decimal, Read, TypedChanges, read_changes
from ictindex.cells import CellState
from ictindex.errors import Location, Problem, TableInvalid
from ictindex.exact import as_fraction
from ictindex.headers import Target
from ictindex.model import Input, Row
from ictindex.origins import placed
from ictindex.result import Result
from ictindex.table import Column
from ictindex.typed import typed_cells

_STATES: dict[CellState, State] = {
    CellState.REPORTED: "reported",
    CellState.MISSING: "missing",
    CellState.NOT_APPLICABLE: "not-applicable",
}

Cell = tuple[str, State]
"""A cell as one would type it, and its state."""


def whatif_of(result: Result, lists: Sequence[TypedChanges], decimal: Decimal = "") -> WhatIf:
    """Return what changes where the cells in these lists are others.

    Raises TableInvalid with everything that is wrong in the lists, or that the scheme refuses of the new figures, each
    in its place there; WrongUse as `refuse_merged`.
    """
    refuse_merged(result)
    read = read_changes(result, lists, decimal)
    new = changed_result(result, read)
    edited = {one.edit.unit for one in read}
    cells = [(_cell(result, one), _cell(new, one)) for one in read]
    done = done_by(result, new, read, [before == after for before, after in cells])
    return WhatIf(
        subject=subject_of(result),
        changes=tuple(map(partial(_changed, result, new), read, cells, done)),
        moved=tuple(one for total in result.totals for one in _moved(result, new, total, edited)),
        units=len(result.units),
        relearned=tuple(_relearned(result, new)),
        doubts=tuple(new_doubts(result, new)),
    )


def changed_result(result: Result, read: Sequence[Read]) -> Result:
    """Return the result of the table with these changes. Raises TableInvalid as `whatif_of`."""
    try:
        return rescored(result, [one.edit for one in read])
    except TableInvalid as error:
        places = _Places(result, read)
        placed_there = (evolve(one, where=places.of(one)) for one in error.problems)
        raise TableInvalid(sorted(placed_there, key=lambda one: (one.where.source, one.where.line))) from None


class _Places:
    """Where in the lists a cell of the table was changed: what the scheme refuses is wrong there, not in the table."""

    def __init__(self, result: Result, read: Sequence[Read]) -> None:
        origin = result.table.origin
        self.cells: dict[Location, Read] = {}
        self.units: dict[tuple[str, str, int], Read] = {}
        for one in read:
            at = origin.at(one.edit.unit, one.edit.column)
            self.cells.setdefault(at, one)
            self.units.setdefault((at.source, at.sheet, at.line), one)

    def of(self, problem: Problem) -> Location:
        """Return the place of the change of that cell, else of the first change of that unit."""
        at = problem.where
        one = self.cells.get(at) or self.units.get((at.source, at.sheet, at.line))
        if one is None:
            return at
        heading, letters = one.typed.place("value"), one.found.letters
        letter = letters[heading.column] if 0 <= heading.column < len(letters) else ""
        return placed(one.found.source, one.found.sheet, one.typed.line, heading.text, letter)


# --- the changes -----------------------------------------------------------------------------------------------------


def _changed(result: Result, new: Result, one: Read, cells: tuple[Cell, Cell], done: Done) -> Changed:
    unit, target = one.edit.unit, one.target
    (old, old_state), (now, new_state) = cells
    place = new.plan.place(done.row) if done.row else None
    scored = place is not None and new.settled.matrix.scored(place)[unit]
    return Changed(
        unit=result.units[unit],
        name=result.names[unit],
        code=target.name,
        words=_words(result, target),
        old=old,
        new=now,
        old_state=old_state,
        new_state=new_state,
        covered=done.covered,
        overrides=done.overrides,
        row=done.row,
        total=done.total,
        alone=done.alone,
        effect=done.effect,
        points=as_fraction(new.settled.column(unit)[place]) if scored else None,
        max=new.scheme.row(done.row).max if done.row else Fraction(0),
    )


def _cell(result: Result, one: Read) -> Cell:
    """Return a cell as one would type it, and its state."""
    table, unit, target = result.table, one.edit.unit, one.target
    if target.role == "evidence":
        shown = table.evidence.get(target.key)
        return "", "shown" if shown is None or shown[unit] else "not-shown"
    column = table.columns.get(target.key)
    if column is None:
        return ("0", "reported") if target.role == "excluded" else ("", "missing")
    state = CellState.REPORTED if column.states is None else CellState(int(column.states[unit]))
    if state is not CellState.REPORTED:
        return "", _STATES[state]
    return typed_cells(Column(np.array([column.values[unit]])), _input(result, target))[0], "reported"


def _input(result: Result, target: Target) -> Input | None:
    return next((one for one in result.scheme.inputs if one.code == target.key), None)


def _words(result: Result, target: Target) -> str:
    """Return what the scheme calls the figure: the name of the input, or of the row."""
    given = _input(result, target)
    if given is None:
        return row_of(result, target).name
    owner = result.scheme.row(given.owner).name if given.owner else ""
    return given.name or owner


# --- who is affected -------------------------------------------------------------------------------------------------


def _moved(result: Result, new: Result, total: Row, edited: set[int]) -> Iterator[Moved]:
    """Yield the units with changed cells, then everyone else whose score, rank or level changed, by the new rank."""
    code = total.code
    before, after = (_Published.of(one, code) for one in (result, new))
    pools = result.table.pool or ("",) * len(result.units)
    ahead = after.ahead(pools)
    moved = np.flatnonzero(after.ranks != before.ranks).tolist()
    affected = edited.union(
        moved,
        (
            unit
            for unit in range(len(result.units))
            if before.scores[unit] != after.scores[unit] or before.levels[unit] != after.levels[unit]
        ),
    )
    last = len(result.units) + 1
    for unit in sorted(affected, key=lambda one: (one not in edited, after.ranks[one] or last, one)):
        rank, score = ahead.get((pools[unit], after.ranks[unit].item()), (None, None))
        same = before.scores[unit] == after.scores[unit] and before.levels[unit] == after.levels[unit]
        yield Moved(
            total=code,
            unit=result.units[unit],
            name=result.names[unit],
            pool=result.table.pool_of(unit),
            because="edited" if unit in edited else "overtaken" if same else "compared",
            old_score=before.scores[unit],
            new_score=after.scores[unit],
            difference=_difference(before.scores[unit], after.scores[unit]),
            old_rank=before.ranks[unit].item() or None,
            new_rank=after.ranks[unit].item() or None,
            old_level=before.levels[unit],
            new_level=after.levels[unit],
            ahead_rank=rank,
            ahead_score=score,
            short=_difference(after.scores[unit], score),
        )


@frozen
class _Published:
    """What was published of a row: scores, ranks (0 for none) and levels, by unit."""

    scores: Sequence[str | None]
    ranks: Any
    levels: Sequence[str | None]

    @classmethod
    def of(cls, result: Result, code: str) -> _Published:
        return cls(result.published(code), result.ranks(code), result.levels(code))

    def ahead(self, pools: Sequence[str]) -> dict[tuple[str, float], tuple[float, str | None]]:
        """Return by pool and rank the next better rank there, and the lowest score that has it."""
        scores: dict[tuple[str, float], list[str]] = {}
        for pool, rank, score in zip(pools, self.ranks.tolist(), self.scores, strict=True):
            if rank and score is not None:
                scores.setdefault((pool, rank), []).append(score)
        in_order = sorted(scores)
        return {
            one: (better[1], min(scores[better], key=Fraction))
            for better, one in pairwise(in_order)
            if better[0] == one[0]
        }


def _difference(old: str | None, new: str | None) -> Fraction | None:
    return None if old is None or new is None else Fraction(new) - Fraction(old)


def _relearned(result: Result, new: Result) -> Iterator[str]:
    """Yield the rows whose pools teach something else. The same figures teach the very same floats."""
    for place, fit in new.fits.items():
        old = result.fits.get(place)
        if old is None or any(not np.array_equal(old.numbers[name], learned) for name, learned in fit.numbers.items()):
            yield new.plan.nodes[place].row.code
