"""Where the cells of a table stand in the file that they were read from, and why they were changed on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve, field, frozen

from ictindex.errors import Location
from ictindex.messages import Text

LONGEST_NAME = 60
"""A column's name is cut to so many characters in a place."""


def _in_each_language(text: str) -> tuple[object, ...]:
    """Return what tells texts apart that are the same in English only."""
    return (text.template, *map(str, text.parts.values())) if isinstance(text, Text) else (text,)


@frozen
class Reason:
    """Why a figure that a unit declared was changed: a code, and its words, which may be in both languages."""

    code: str
    name: str = field(eq=_in_each_language)


@frozen
class Origin:
    """Where a table came from: the units' lines in a file or on a sheet, and the letters of a sheet's columns.

    `letters` are kept by what the table calls a column; without them the source has no addresses such as `C5`. `signs`
    say which sign stands before the decimals of a column that was typed, `point` or `comma`. `unit_list` is the list
    that the units were held against. A source that is put together from several (a folder of forms) overrides `at` and
    `of`; one whose figures were changed after they were declared overrides `reasons`, `history` and what follows it.
    """

    source: str = ""
    sheet: str = ""
    lines: tuple[int, ...] = ()
    letters: Mapping[str, str] = field(factory=dict)
    signs: Mapping[str, str] = field(factory=dict)
    unit_list: str = ""

    def at(self, unit: int | None = None, cell: str = "") -> Location:
        """Return the place of a unit (by its position) in a column; without a unit, of the column."""
        line = 0 if unit is None or not self.lines else self.lines[unit]
        return placed(self.source, self.sheet, line, cell, self.letters.get(cell, ""))

    def reasons(self, unit: int, cell: str) -> tuple[Reason, ...]:  # noqa: ARG002 - what was only read has none
        """Return why a unit's figure in a column (named as the table names it) is another than was declared."""
        return ()

    def history(self, unit: int, cell: str) -> tuple[str, ...]:  # noqa: ARG002
        """Return what became of a unit's figure in a column since it was declared, an event a line, oldest first."""
        return ()

    def is_rejected(self, unit: int, row: str) -> bool:  # noqa: ARG002
        """Whether a unit's evidence of a criterion was shown and then rejected."""
        return False

    @property
    def has_events(self) -> bool:
        """Whether anything is known to have happened to the figures since they were declared."""
        return False

    def of(self, units: Iterable[int]) -> Origin:
        """Return where these units came from, in this order."""
        return evolve(self, lines=tuple(self.lines[unit] for unit in units) if self.lines else ())


def placed(source: str, sheet: str, line: int, cell: str, letters: str = "") -> Location:
    """Return a place in a column of a table; `letters` are the column's in a sheet."""
    name = cell if len(cell) <= LONGEST_NAME else f"{cell[:LONGEST_NAME]}…"
    address = f"{letters}{line}" if letters and line else ""
    return Location(source, line, cell=name, sheet=sheet, address=address)


def column_letters(column: int) -> str:
    """Return what a spreadsheet calls a column that is counted from 0: A, B, ..., Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
