"""What `whatif` answers: the changes as they were read, and everyone whose score, rank or level they change."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, ClassVar, Literal

from attrs import frozen

from ictindex.answer import Answer, columns_of
from ictindex.pages import Page

State = Literal["reported", "missing", "not-applicable", "shown", "not-shown"]
Effect = Literal["counts", "same", "covered", "no-evidence", "unshown", "none"]


@frozen(kw_only=True)
class Changed:
    """One cell that was changed: the unit, the column (by the code that a table keeps it under) and its words.

    `old` and `new` are the figures as one would type them, empty where there is none; the states say what is there,
    `shown` and `not-shown` being those of evidence. `covered` is the code of the row whose given score stands in the
    place of this figure, so that it changes nothing; empty where there is none. `overrides` are the columns that no
    longer count, since the change gives a score in their place.

    `row` is the row that the figure counts for, `total` the total above it, and `alone` what this change by itself
    brings there in published figures (None where it is not known: it cannot be made alone, or there are too many).
    `effect`: the change `counts`; the figure was the `same` before; it is `covered`; the row scores nothing because
    evidence is lacking (`no-evidence`); its points rise though no evidence is shown (`unshown`); or the row keeps its
    points (`none`), of which `points` and `max` are those after all changes.
    """

    unit: str
    name: str
    code: str
    words: str
    old: str
    new: str
    old_state: State
    new_state: State
    covered: str
    overrides: tuple[str, ...]
    row: str
    total: str
    alone: Fraction | None
    effect: Effect
    points: Fraction | None
    max: Fraction


@frozen(kw_only=True)
class Moved:
    """What a unit has at a total before and after: the published score, the rank in its pool, the level.

    A score or level is None where there is none, a rank also where the unit is not ranked. `difference` is new less
    old, in published figures. `because`: `edited` (the unit's own figures were changed), `compared` (its score moved as
    the scheme compares it with others) or `overtaken` (only its place or nothing of its own moved). `ahead_rank` is
    the next better rank in the pool after the changes, `ahead_score` the lowest score there, and `short` what the unit
    lacks to have it; None where nobody is ahead.
    """

    total: str
    unit: str
    name: str
    pool: str
    because: Literal["edited", "compared", "overtaken"]
    old_score: str | None
    new_score: str | None
    difference: Fraction | None
    old_rank: int | float | None
    new_rank: int | float | None
    old_level: str | None
    new_level: str | None
    ahead_rank: int | float | None
    ahead_score: str | None
    short: Fraction | None


@frozen(kw_only=True)
class WhatIf(Answer):
    """What changes where some cells are others.

    `changes` are the cells that were changed, as they were read, in the order of the table. `moved` has, for each
    total, every unit with changed cells, then everyone else whose score, rank or level changed, by the new rank;
    `units` counts all units of the table. `relearned` are the codes of rows whose pool now teaches something else (its
    highest figure, its mean). `doubts` say what looks wrong in the changed table and did not before.
    """

    kind: ClassVar[str] = "whatif"

    changes: tuple[Changed, ...]
    moved: tuple[Moved, ...]
    units: int
    relearned: tuple[str, ...]
    doubts: tuple[str, ...]

    def page(self) -> Page:
        """Return the changes, and old beside new for everyone whom they affect."""
        from ictindex.analysis.whatif.telling import page_of

        return page_of(self)

    def to_columns(self) -> dict[str, list[Any]]:
        """Return everyone who is affected, old beside new, a list for each column."""
        return columns_of(self.moved, Moved)
