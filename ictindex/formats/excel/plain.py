"""A sheet of lines that are no units, such as the events of a round: its cells as they stand, dates as texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from ictindex.assembling import Grid
from ictindex.errors import Location, Problem, WrongUse
from ictindex.formats.excel.cells import Cells, Value, is_empty, read_cells
from ictindex.formats.excel.package import open_workbook
from ictindex.formats.excel.values import text_of
from ictindex.messages import say
from ictindex.origins import column_letters


def sheet_grid(content: bytes, name: str, is_header: Callable[[list[str]], bool]) -> Grid:
    """Return the lines of the sheet with a row that is a header, below the first such row; others are not looked at.

    Where no sheet has one, the first row of the first sheet is taken for it. A number stays a number. Raises
    TableInvalid, WrongUse (U124) where several sheets have one.
    """
    book = open_workbook(content, name)
    sheets = [read_cells(book, sheet) for sheet in book.sheets if not is_empty(book, sheet)]
    heads = {cells.sheet: head for cells in sheets if (head := _head(cells, is_header)) is not None}
    if len(heads) > 1:
        names = ", ".join(f"'{sheet}'" for sheet in heads)
        message = say("several sheets of the workbook have such lines: {sheets}", sheets=names)
        raise WrongUse(Problem("U124", message, Location(name), say("keep them on one sheet")))
    cells = next((one for one in sheets if one.sheet in heads), sheets[0] if sheets else Cells(name, ""))
    rows = [(row.line, [_plain(cell) for cell in row.cells]) for row in cells.rows]
    head = heads.get(cells.sheet, 0)
    line, header = rows[head] if rows else (1, [])
    width = len(header)
    below = [(number, [*row, *[None] * (width - len(row))]) for number, row in rows[head + 1 :]]
    return Grid(
        header=[str(cell or "") for cell in header],
        rows=below,
        source=name,
        sheet=cells.sheet,
        header_line=line,
        letters=[column_letters(column) for column in range(width)],
    )


def _head(cells: Cells, is_header: Callable[[list[str]], bool]) -> int | None:
    """Return which row of a sheet is a header, None where none is."""
    rows = ([str(_plain(cell) or "") for cell in row.cells] for row in cells.rows)
    return next((at for at, row in enumerate(rows) if is_header(row)), None)


def _plain(value: Value) -> Any:
    """Return a cell as a number or a text; a date without an hour is a day, an empty cell stays None."""
    if value is None or (isinstance(value, str | int | float) and not isinstance(value, bool)):
        return value
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return text_of(value)
