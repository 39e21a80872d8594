"""The cells of a sheet as typed values, row by row, each with its address.

A cell is None where nothing stands in it, else a `str`, `bool`, `int` or `float` (with the 15 digits that Excel keeps),
a date, time or span of time of `datetime`, `Shown` for a number that its format shows as another text (85%, 00070), or
`Unfit` for what nobody may count: an error, a formula whose result was never calculated. Formulas are never computed:
the result that a spreadsheet stored is read.

Problems: T072 an error in a cell, T073 a formula without a result, T088 a number shown in thousands or millions.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from attrs import define, field, frozen

from ictindex.cells import Complaint, Unfit
from ictindex.formats.excel.layout import MAX_COLUMNS, MAX_ROWS, Area, Layout, place_of
from ictindex.formats.excel.package import SheetPart, Workbook, reading, too_large
from ictindex.formats.excel.shapes import Day, Shape, digits_15, plain, shape_of, shown_as
from ictindex.messages import say

MAX_CELLS = 6_000_000
"""The most cells of a sheet, from A1 to its last filled column: 100,000 units with 50 figures and a few words."""

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class Shown(NamedTuple):
    """A number that its cell shows as another text: 85% of 0.85, 00070 of 70."""

    text: str
    number: int | float
    shape: Shape

    def __str__(self) -> str:
        return self.text


Value: TypeAlias = str | bool | int | float | Day | Shown | Unfit | None


@frozen
class SheetRow:
    """One row: its number, its cells from column A to the last filled one, and whether a person sees it."""

    line: int
    cells: list[Value]
    hidden: bool = False


@define
class Cells:
    """The cells of one sheet, its filled rows in order. Columns are counted from 1."""

    source: str
    sheet: str
    rows: list[SheetRow] = field(factory=list)
    merged: list[Area] = field(factory=list)
    hidden_columns: set[int] = field(factory=set)
    formulas: bool = False

    def at(self, address: str) -> Value:
        """Return the value of a cell such as `B7`, None where it is empty or outside the sheet's filled cells."""
        line, column = place_of(address)
        row = self._by_line.get(line)
        return row.cells[column - 1] if row is not None and column <= len(row.cells) else None

    @property
    def _by_line(self) -> dict[int, SheetRow]:
        if self._lines is None:
            self._lines = {row.line: row for row in self.rows}
        return self._lines

    _lines: dict[int, SheetRow] | None = field(default=None, init=False, repr=False, eq=False)


def is_empty(book: Workbook, sheet: SheetPart) -> bool:
    """Whether no cell of a sheet is filled."""
    return not book.layout(sheet).hidden


def read_cells(book: Workbook, sheet: SheetPart, *, max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS) -> Cells:
    """Return the cells of a sheet.

    Raises TableInvalid: T070 where the sheet is broken, T071 where it is too large.
    """
    layout = book.layout(sheet)
    last, width = max(layout.hidden, default=0), layout.width
    if last > max_rows or width > max_columns or len(layout.hidden) * width > MAX_CELLS:
        message = say("the sheet goes down to row {row} or beyond, {columns} columns wide", row=last, columns=width)
        raise too_large(book.source, message, sheet.name)
    with reading(book.source):
        rows = list(_rows(book, sheet, layout, last))
    return Cells(book.source, sheet.name, rows, layout.merged, layout.hidden_columns, bool(layout.formulas))


def _rows(book: Workbook, sheet: SheetPart, layout: Layout, last: int) -> Iterator[SheetRow]:
    """Yield the rows in which a cell is filled."""
    if not last:
        return
    for line, cells in enumerate(book.rows(sheet, lines=last, width=layout.width), 1):
        if line not in layout.hidden:
            continue
        values = [None if cell.value is None else _value(cell) for cell in cells]
        for column, formula in layout.formulas.get(line, {}).items():
            cell = cells[column - 1]
            is_calculated = not book.stale and (cell.value is not None or cell.data_type == "str")  # str: no text
            if not is_calculated and cell.data_type != "e":
                values[column - 1] = _uncalculated(formula)
        while values and values[-1] is None:
            values.pop()
        if values:
            yield SheetRow(line, values, layout.hidden[line])


def _value(cell: Any) -> Value:
    """Return the value of a cell of openpyxl that is not empty."""
    value: Any = cell.value
    match cell.data_type:
        case "n":
            return _number(value, shape_of(cell.number_format) if cell.has_style else None)
        case "s":
            return unescaped(value) or None
        case "b":
            return bool(value)
        case "e":
            return _failed(unescaped(value))
        case "d":
            return value.date() if isinstance(value, dt.datetime) and value.time() == dt.time() else value
    raise ValueError(say("a cell of an unknown type: {kind}", kind=str(cell.data_type)[:20]))


def _number(number: float, shape: Shape | None) -> Value:
    if not math.isfinite(number):
        raise ValueError(say("{cell} is no number", cell=str(number)[:20]))
    if shape is not None and shape.kind == "scaled":
        return _scaled(number)
    return digits_15(number) if shape is None else Shown(shown_as(number, shape), digits_15(number), shape)


def unescaped(text: str) -> str:
    """Return the text with `_x000D_` as the character that it stands for, as workbooks write control characters.

    openpyxl leaves them, but takes off what guards a typed `_x0041_`: no letter or other sign is made of one.
    """
    if "_x" not in text or not _ESCAPED.search(text):
        return text
    plain = _ESCAPED.sub(_meant, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _meant(found: re.Match[str]) -> str:
    sign = chr(int(found[1], 16))
    return found[0] if sign.isprintable() and sign != "_" else sign


def _failed(error: str) -> Unfit:
    message = say("the cell holds the error {error}", error=error[:40])
    return Unfit(error, Complaint("T072", message, say("mend the formula, or type the value")))


def _scaled(number: float) -> Unfit:
    text = plain(digits_15(number))
    message = say("the cell holds {cell} and shows it in thousands or millions", cell=repr(text))
    return Unfit(
        text, Complaint("T088", message, say("format it as a plain number, and see whether it is what is meant"))
    )


def _uncalculated(formula: str) -> Unfit:
    message = say("the result of the formula is not stored in the file")
    hint = say("open the workbook in Excel and save it, or type the value")
    return Unfit(f"={formula}", Complaint("T073", message, hint))
