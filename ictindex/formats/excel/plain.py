"""A sheet of lines that are no units, such as the events of a round: its cells as they stand, dates as texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from ictindex.assembling import Grid
from ictindex.formats.excel.cells import Value, is_empty, read_cells
from ictindex.formats.excel.layout import letters_of
from ictindex.formats.excel.package import open_workbook
from ictindex.formats.excel.values import text_of


def sheet_grid(content: bytes, name: str, is_header: Callable[[list[str]], bool]) -> Grid:
    """Return the lines of the only visible sheet that is not empty, below the first row that is a header.

    Where no row is one, the first row is taken for it. A number stays a number. Raises TableInvalid, WrongUse.
    """
    book = open_workbook(content, name)
    cells = read_cells(book, book.sheet("", lambda sheet: is_empty(book, sheet)))
    rows = [(row.line, [_plain(cell) for cell in row.cells]) for row in cells.rows]
    found = (at for at, (_, row) in enumerate(rows) if is_header([str(cell or "") for cell in row]))
    head = next(found, 0)
    line, header = rows[head] if rows else (1, [])
    width = len(header)
    below = [(number, [*row, *[None] * (width - len(row))]) for number, row in rows[head + 1 :]]
    return Grid(
        header=[str(cell or "") for cell in header],
        rows=below,
        source=name,
        sheet=cells.sheet,
        header_line=line,
        letters=[letters_of(column) for column in range(1, width + 1)],
    )


def _plain(value: Value) -> Any:
    """Return a cell as a number or a text; a date without an hour is a day, an empty cell stays None."""
    if value is None or (isinstance(value, str | int | float) and not isinstance(value, bool)):
        return value
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return text_of(value)
