"""A result scored again with some cells changed: the one way in which questions of the kind "what if" are answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen

from ictindex.answer import Subject
from ictindex.editing import Edit, edited, taken
from ictindex.engine import run
from ictindex.errors import Problem, TableInvalid, WrongUse
from ictindex.matrix import Flag
from ictindex.messages import say
from ictindex.result import Result
from ictindex.table import Table


@frozen
class Earned:
    """The exact points of every row of the matrix, and the rows that are left out."""

    points: Sequence[Any]
    left: frozenset[int]


def subject_of(result: Result) -> Subject:
    """Return what an answer about a result is about."""
    return Subject(scheme=result.scheme, notes=result.table.notes, receipt=result.receipt())


def rescored(result: Result, edits: Iterable[Edit] = (), *, table: Table | None = None) -> Result:
    """Return the result with these cells changed, or of another table, scored in the very same way.

    What was declared is not scored again. Raises TableInvalid where the scheme refuses a cell, WrongUse as
    `refuse_merged`.
    """
    refuse_merged(result)
    changed = edited(result.table if table is None else table, edits)
    reference = result if result.options.get("reference") else None
    return run(result.plan, evolve(changed, declared=None), reference=reference)


def alternatives(result: Result, unit: int, sets: Sequence[Sequence[Edit]]) -> Result:
    """Return a result in which each set of edits of one unit is a unit of its own, named `0`, `1`, ...

    The position in an edit does not matter. What the pools taught is kept as it was, so the points are those that the
    unit would have only where it teaches nothing: under a relative scheme they are a first look; `rescored` decides.
    """
    refuse_merged(result)
    codes = [str(number) for number in range(len(sets))]
    rows = taken(evolve(result.table, declared=None), np.full(len(sets), unit), codes)
    edits = (evolve(edit, unit=at) for at, one in enumerate(sets) for edit in one)
    return run(result.plan, edited(rows, edits), reference=result if result.plan.relative else None)


def earned(result: Result, unit: int, sets: Sequence[Sequence[Edit]]) -> Iterator[Earned | None]:
    """Yield what the unit has with each set of edits, in exact points, as `alternatives`; None for what is refused."""
    if not sets:
        return
    try:
        found = alternatives(result, unit, sets)
    except TableInvalid:
        if len(sets) == 1:
            yield None
            return
        middle = len(sets) // 2
        yield from earned(result, unit, sets[:middle])
        yield from earned(result, unit, sets[middle:])
        return
    holding = [(place, found.settled.matrix.holds(place, Flag.LEFT_OUT)) for place in range(len(result.plan.nodes))]
    rows = [(place, mask) for place, mask in holding if mask.any()]
    found.settled.settle(np.arange(len(sets)))
    for at in range(len(sets)):
        yield Earned(found.settled.column(at).tolist(), frozenset(place for place, mask in rows if mask[at]))


def refuse_merged(result: Result) -> None:
    """Raise WrongUse (U200) for a result whose units are means of several rows of the table."""
    if result.settled.merge is not None:
        message = say("units of this result are means of several rows of the table")
        hint = say("ask about a table that has one row for each unit; `ictindex regroup` makes one")
        raise WrongUse(Problem("U200", message, hint=hint))
