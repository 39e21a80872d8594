"""The cells of a sheet as typed values, row by row, each with its address.

A cell is None where nothing stands in it, else a `str`, `bool`, `int` or `float` (with the 15 digits that Excel keeps),
a date or time of `datetime`, `Shown` for a number that its format shows as another text (85%, 00070), or `Unfit` for
what nobody may count: an error, a formula whose result was never calculated. Formulas are never computed: the result
that a spreadsheet stored is read.

Problems: T072 an error in a cell, T073 a formula without a result.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias
from xml.etree.ElementTree import Element

from attrs import define, field, frozen

from ictindex.cells import Complaint, Unfit
from ictindex.formats.excel.package import (
    SheetPart,
    Workbook,
    plain_text,
    reading,
    too_large,
    unescaped,
)
from ictindex.formats.excel.shapes import Day, Shape, day_of, digits_15, shown_as
from ictindex.messages import say

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
"""The rows and columns of a sheet in Excel."""

MAX_CELLS = 20_000_000
"""The most filled cells of a sheet: 100,000 units with 200 figures each."""

_ADDRESS = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_ALL_DIGITS = 16  # a shorter number keeps all of them
_HIDDEN = ("1", "true")


class Shown(NamedTuple):
    """A number that its cell shows as another text: 85% of 0.85, 00070 of 70."""

    text: str
    number: int | float
    shape: Shape

    def __str__(self) -> str:
        return self.text


Value: TypeAlias = str | bool | int | float | dt.date | dt.datetime | dt.time | Shown | Unfit | None


@frozen
class SheetRow:
    """One row: its number, its cells from column A to the last filled one, and whether a person sees it."""

    line: int
    cells: list[Value]
    hidden: bool = False


@frozen
class Area:
    """Merged cells, counted from 1, all included: their value stands in the first."""

    top: int
    left: int
    bottom: int
    right: int


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


def place_of(address: str) -> tuple[int, int]:
    """Return the row and the column, counted from 1, of an address such as `B7`. Raises ValueError where it is none."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError(address)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    if column > MAX_COLUMNS or int(found[2]) > MAX_ROWS:
        raise ValueError(address)
    return int(found[2]), column


def letters_of(column: int) -> str:
    """Return what a spreadsheet calls a column, counted from 1: A, Z, AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_empty(book: Workbook, sheet: SheetPart) -> bool:
    """Whether no cell of a sheet is filled; reading stops at the first that is."""
    return next(_Sheet(book, sheet).filled_rows(), None) is None


def read_cells(book: Workbook, sheet: SheetPart, *, max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS) -> Cells:
    """Return the cells of a sheet.

    Raises TableInvalid: T070 where the sheet is broken, T071 where it is too large.
    """
    reader = _Sheet(book, sheet, max_rows, max_columns)
    rows = list(reader.filled_rows())
    return Cells(book.source, sheet.name, rows, reader.merged, reader.hidden_columns, reader.formulas)


class _Sheet:
    """Reads one sheet from its XML in one pass."""

    def __init__(
        self, book: Workbook, sheet: SheetPart, max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS
    ) -> None:
        self.book, self.sheet = book, sheet
        self.max_rows, self.max_columns = max_rows, max_columns
        self.merged: list[Area] = []
        self.hidden_columns: set[int] = set()
        self.formulas = False
        self._columns: dict[str, int] = {}  # by letters
        self._line = self._count = 0

    def filled_rows(self) -> Iterator[SheetRow]:
        """Yield the rows in which a cell is filled; merged cells and hidden columns are known after the last."""
        with reading(self.book.source):
            for element in self.book.elements(self.sheet):
                tag = element.tag
                if tag.endswith("}row"):
                    row = self._row(element)
                    element.clear()
                    if row is not None:
                        yield row
                elif tag.endswith("}mergeCell"):
                    self._merge(element.get("ref", ""))
                elif tag.endswith("}col"):
                    self._column(element)

    def _row(self, element: Element) -> SheetRow | None:
        given = element.get("r")
        line = self._line + 1 if given is None else int(given)
        if not self._line < line <= MAX_ROWS:
            raise ValueError(say("row {row} is out of order", row=line))
        self._line = line
        cells: list[Value] = []
        place = 0
        for cell in element:
            place = self._place(cell.get("r"), place)
            if len(cell) and (value := self._value(cell)) is not None:
                cells.extend([None] * (place - 1 - len(cells)))
                cells.append(value)
        if not cells:
            return None
        self._count += len(cells)
        if line > self.max_rows or len(cells) > self.max_columns or self._count > MAX_CELLS:
            message = say("the sheet goes down to row {row} or beyond, {columns} columns wide", row=line, columns=place)
            raise too_large(self.book.source, message, self.sheet.name)
        return SheetRow(line, cells, element.get("hidden") in _HIDDEN or element.get("ht") == "0")

    def _place(self, address: str | None, before: int) -> int:
        """Return the column of a cell; one without an address stands beside the one before."""
        if address is None:
            return before + 1
        letters = address.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = place_of(f"{letters}1")[1]
        if column <= before:
            raise ValueError(say("cell {cell} is out of order", cell=address[:20]))
        return column

    def _value(self, cell: Element) -> Value:
        kind, text, formula, inline = cell.get("t"), "", None, None
        for part in cell:
            tag = part.tag
            if tag.endswith("}v"):
                text = part.text or ""
            elif tag.endswith("}f"):
                formula = part
            elif tag.endswith("}is"):
                inline = part
        if formula is not None:
            self.formulas = True
            if kind != "e" and (self.book.stale or (not text and kind != "str")):
                return _uncalculated(formula.text or "")
        if inline is not None:
            return plain_text(inline) or None
        if not text:
            return None
        return self._number(text, cell.get("s")) if kind is None or kind == "n" else self._other(kind, text)

    def _number(self, text: str, style: str | None) -> Value:
        shape = None
        if style is not None and style != "0":
            position = int(style)
            shape = self.book.shapes[position] if 0 <= position < len(self.book.shapes) else None
        if shape is None and len(text) < _ALL_DIGITS and text.isdecimal():  # most cells, and the fastest way
            return int(text)
        number = float(text)
        if not math.isfinite(number):
            raise ValueError(say("{cell} is no number", cell=text[:20]))
        if shape is None:
            return digits_15(number)
        if shape.kind == "date":
            day = day_of(number, from_1904=self.book.from_1904)
            return digits_15(number) if day is None else day
        return Shown(shown_as(number, shape), digits_15(number), shape)

    def _other(self, kind: str, text: str) -> Value:
        match kind:
            case "s":
                position = int(text)
                if not 0 <= position < len(self.book.texts):
                    raise ValueError(say("text {number} is not there", number=text[:20]))
                return self.book.texts[position] or None
            case "str":
                return unescaped(text)
            case "b":
                return text.strip() in ("1", "true")
            case "e":
                return _failed(unescaped(text))
            case "d":
                return _iso_day(text)
        raise ValueError(say("a cell of an unknown type: {kind}", kind=kind[:20]))

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        (top, left), (bottom, right) = place_of(first), place_of(last or first)
        if top <= bottom and left <= right:
            self.merged.append(Area(top, left, bottom, right))

    def _column(self, element: Element) -> None:
        if element.get("hidden") in _HIDDEN or float(element.get("width", "9")) == 0:
            first, last = int(element.get("min", "1")), int(element.get("max", "1"))
            self.hidden_columns.update(range(max(first, 1), min(last, MAX_COLUMNS) + 1))


def _failed(error: str) -> Unfit:
    message = say("the cell holds the error {error}", error=error[:40])
    return Unfit(error, Complaint("T072", message, say("mend the formula, or type the value")))


def _uncalculated(formula: str) -> Unfit:
    message = say("the result of the formula is not stored in the file")
    hint = say("open the workbook in Excel and save it, or type the value")
    return Unfit(f"={formula}", Complaint("T073", message, hint))


def _iso_day(text: str) -> Day | str:
    for kind in (dt.date, dt.datetime, dt.time):
        try:
            found: Any = kind.fromisoformat(text.removesuffix("Z"))
        except ValueError:
            continue
        return found.date() if kind is dt.datetime and found.time() == dt.time() else found  # type: ignore[no-any-return]
    return text
