"""Workbooks as people and programs make them, for the tests that read them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

import openpyxl
import pytest
from tabled import GOOD, HEADER, SCHEME

from ictindex.assembling import ReadOptions
from ictindex.errors import Problem, TableInvalid
from ictindex.formats.excel.cells import Cells, read_cells
from ictindex.formats.excel.format import ExcelFormat
from ictindex.formats.excel.package import open_workbook
from ictindex.model import Scheme
from ictindex.table import Table

LINE = [GOOD[0], 4, 12.5, 20, "x", 3, "b", 6.25]
"""A line that the small scheme takes, under `HEADER`."""


def workbook(
    *rows: Iterable[Any],
    merged: Iterable[str] = (),
    formats: Mapping[str, str] | None = None,
    hidden: Iterable[int | str] = (),
    name: str = "Bảng",
    **cells: Any,
) -> bytes:
    """Return a workbook with one sheet of these rows. `hidden` are the numbers of rows and the letters of columns."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for address, value in cells.items():
        sheet[address] = value
    for area in merged:
        sheet.merge_cells(area)
    for address, code in (formats or {}).items():
        sheet[address].number_format = code
    for one in hidden:
        if isinstance(one, int):
            sheet.row_dimensions[one].hidden = True
        else:
            sheet.column_dimensions[one].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, **parts: Any) -> bytes:
    """Return the package with some parts changed: `sheet1=function` is given the text of `sheet1.xml`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            change = parts.get(re.split("[/.]", part)[-2], lambda text: text)
            new.writestr(part, change(old.read(part).decode()))
    return out.getvalue()


def sheet_xml(rows: str, **more: str) -> bytes:
    """Return a workbook whose one sheet has this XML between `sheetData` and its end, and other parts changed."""
    data = workbook(("x",))
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return changed(data, sheet1=lambda _: f"{head}{rows}</sheetData></worksheet>", **more)


def cells_of(data: bytes) -> Cells:
    """Return the cells of the first sheet."""
    book = open_workbook(data, "t.xlsx")
    return read_cells(book, book.sheets[0])


def table(*rows: Iterable[Any], scheme: Scheme = SCHEME, options: ReadOptions | None = None, **more: Any) -> Table:
    """Return the table in a workbook of these rows."""
    return read(workbook(*rows, **more), scheme, options)


def read(data: bytes, scheme: Scheme = SCHEME, options: ReadOptions | None = None) -> Table:
    """Return the table in a workbook."""
    stream = io.BytesIO(data)
    stream.name = "t.xlsx"
    return ExcelFormat().read(stream, scheme, options)


def problems(*rows: Iterable[Any], **more: Any) -> list[Problem]:
    """Return what is wrong with a workbook of these rows."""
    return wrong(workbook(*rows, **more))


def wrong(data: bytes, scheme: Scheme = SCHEME) -> list[Problem]:
    """Return what is wrong with a workbook."""
    with pytest.raises(TableInvalid) as caught:
        read(data, scheme)
    return list(caught.value.problems)


def told(found: Iterable[Problem]) -> list[str]:
    """Return code and address of problems."""
    return [f"{one.code} {one.where.address or one.where.line}" for one in found]


def good(**changes: Any) -> list[list[Any]]:
    """Return the header and one line, with some cells of the line changed by their column: `B=5`."""
    line = list(LINE)
    for letter, value in changes.items():
        line[ord(letter) - 65] = value
    return [list(HEADER), line]
