"""Where the cells of a sheet are filled, and what openpyxl does not tell while a sheet passes by.

Its read-only mode gives values only: not which rows and columns are hidden, which cells are merged, which values are
results of formulas; and it leaves out a cell that stands in the wrong place. So the sheet is looked at once more for
these alone. How far it is filled is known then, too: empty cells that have a format only cost little.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import IO
from xml.etree.ElementTree import Element

from attrs import define, field, frozen

from ictindex.messages import say

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
"""The rows and columns of a sheet in Excel."""

_LETTERS = re.compile("[A-Z]{1,2}|[A-W][A-Z]{2}|X[A-E][A-Z]|XF[A-D]")
_ADDRESS = re.compile(f"({_LETTERS.pattern})([1-9][0-9]{{0,6}})")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_VALUE, _FORMULA = f"{_MAIN}v", f"{_MAIN}f"
_YES = ("1", "true")


@frozen
class Area:
    """Merged cells, counted from 1, all included: their value stands in the first."""

    top: int
    left: int
    bottom: int
    right: int


@define
class Layout:
    """What is known of a sheet's cells but their values. Rows and columns are counted from 1.

    `hidden` says of each row with a filled cell, in order, whether it is hidden; `width` is the last column with a
    filled cell. `formulas` are the texts of formulas by row and column, empty where a cell shares that of another.
    """

    hidden: dict[int, bool] = field(factory=dict)
    width: int = 0
    merged: list[Area] = field(factory=list)
    hidden_columns: set[int] = field(factory=set)
    formulas: dict[int, dict[int, str]] = field(factory=dict)


def place_of(address: str) -> tuple[int, int]:
    """Return the row and the column, counted from 1, of an address such as `B7`. Raises ValueError where it is none."""
    found = _ADDRESS.fullmatch(address)
    if found is None or int(found[2]) > MAX_ROWS:
        raise ValueError(address)
    return int(found[2]), _column_of(found[1])


def layout_of(stream: IO[bytes]) -> Layout:
    """Return the layout of the sheet in a stream of its XML. Raises whatever broken XML makes its parser raise."""
    from defusedxml.ElementTree import iterparse

    layout, line = Layout(), 0
    for _, element in iterparse(stream, forbid_dtd=True):
        match element.tag.removeprefix(_MAIN):
            case "row":
                before, line = line, int(element.get("r", line + 1))
                if not before < line <= MAX_ROWS:
                    raise ValueError(say("row {row} is out of order", row=line))
                _look_at_row(element, line, layout)
                element.clear()
            case "mergeCell":
                first, _, last = element.get("ref", "").partition(":")
                area = Area(*place_of(first), *place_of(last or first))
                if area.top <= area.bottom and area.left <= area.right:
                    layout.merged.append(area)
            case "col":
                if element.get("hidden") in _YES or float(element.get("width", 9)) == 0:
                    first, last = int(element.get("min", 1)), int(element.get("max", 1))
                    layout.hidden_columns.update(range(max(first, 1), min(last, MAX_COLUMNS) + 1))
    return layout


def _look_at_row(row: Element, line: int, layout: Layout) -> None:
    column = width = 0
    for cell in row:
        before, address = column, cell.get("r")
        column = before + 1 if address is None else _column_of(address.rstrip("0123456789"))
        if column <= before:
            raise ValueError(say("cell {cell} is out of order", cell=str(address)[:20]))
        for part in cell:
            if part.tag == _FORMULA:
                layout.formulas.setdefault(line, {})[column] = part.text or ""
                width = column
            elif part.text if part.tag == _VALUE else any(part.itertext()):
                width = column
    if width:
        layout.hidden[line] = row.get("hidden") in _YES or row.get("ht") == "0"
        layout.width = max(layout.width, width)


@lru_cache(maxsize=MAX_COLUMNS)
def _column_of(letters: str) -> int:
    if not _LETTERS.fullmatch(letters):
        raise ValueError(say("{cell} is no column", cell=letters[:20]))
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column
