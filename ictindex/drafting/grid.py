"""A sheet of text cells, whatever file it was in, and where each cell stands for whoever has to mend it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from attrs import field, frozen

from ictindex.errors import Location, Problem
from ictindex.messages import say
from ictindex.origins import column_letters

_BLANKS = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BREAKS = re.compile("\r\n?|\u2028|\u2029")


@frozen
class GridRow:
    """The cells of one row. `line` is its line in a text file; in a workbook it is the row's number."""

    line: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        """Return the text in a column, counted from 0; empty where the row ends before."""
        return self.cells[column] if column < len(self.cells) else ""


@frozen
class Grid:
    """Rows of cells from the first row of the sheet on, so that a row's position is its number less 1.

    `merged` are the merged cells as (top, left, bottom, right), counted from 0, all included: the text of a merged
    cell stands in its first one.
    """

    source: str
    rows: tuple[GridRow, ...]
    merged: tuple[tuple[int, int, int, int], ...] = field(factory=tuple)

    def where(self, row: int, column: int, heading: str = "") -> Location:
        """Return the place of a cell: its line, and its column by heading and as a spreadsheet calls it (C12)."""
        address = f"{column_letters(column)}{row + 1}"
        cell = f"{one_line(heading)}, {address}" if heading else address
        return Location(self.source, self.rows[row].line, 0, cell)


def grid_of(source: str, rows: Iterable[tuple[int, Iterable[str]]], merged: Iterable[tuple[int, ...]] = ()) -> Grid:
    """Return a grid of (line, cells) pairs, every text tidied."""
    tidied = tuple(GridRow(line, tuple(tidy(cell) for cell in cells)) for line, cells in rows)
    return Grid(source, tidied, tuple((one[0], one[1], one[2], one[3]) for one in merged))


def tidy(text: str) -> str:
    """Return the text in NFC, each line without blanks around it and with single blanks inside.

    Line breaks stay; empty lines at either end go. What is left of a cell is kept letter by letter in the scheme.
    """
    lines = _BREAKS.sub("\n", unicodedata.normalize("NFC", text)).split("\n")
    return "\n".join(_BLANKS.sub(" ", line).strip(" ") for line in lines).strip("\n")


def one_line(text: str) -> str:
    """Return the text on one line, with single blanks."""
    return " ".join(text.split())


def no_rows(source: str) -> Problem:
    """Return the problem of a sheet with nothing in it (A004)."""
    hint = say("is this the right file, or the right sheet?")
    return Problem("A004", say("there is no row of criteria in the table"), Location(source), hint)
