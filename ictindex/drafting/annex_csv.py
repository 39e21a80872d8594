"""A decision's table as text: UTF-8 or the UTF-16 of old Excel, with commas, semicolons or tabs between the cells.

Which of the three separates is not guessed from how often it occurs, since the cells of an annex are full of commas
and semicolons: it is the one under which a line reads as the headings of an annex.

Problems: A005 a file of another kind, A006 quotation marks that cannot be read.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from ictindex.drafting.grid import Grid, grid_of, no_rows
from ictindex.drafting.headings import header_of
from ictindex.errors import AnnexInvalid, Location, Problem
from ictindex.messages import say

_SEPARATORS = (",", ";", "\t")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CELL_LIMIT = 1024 * 1024


def read_annex_csv(data: bytes, source: str) -> Grid:
    """Return the cells of a CSV file. Raises AnnexInvalid where it is no CSV, or has nothing in it."""
    text = _decoded(data, source)
    if not text.strip():
        raise AnnexInvalid(no_rows(source))
    grids: list[tuple[int, Grid]] = []
    trouble: AnnexInvalid | None = None
    for separator in _SEPARATORS:
        try:
            grid = grid_of(source, _rows(text, separator, source))
        except AnnexInvalid as error:
            trouble = trouble or error
            continue
        grids.append((len(header_of(grid).columns), grid))
    if not grids or (trouble and not max(found for found, _ in grids)):
        raise trouble or AnnexInvalid(no_rows(source))
    # max keeps the first of equals: commas, where nothing speaks for another separator
    return max(grids, key=lambda pair: pair[0])[1]


def _decoded(data: bytes, source: str) -> str:
    if data.startswith(_WORKBOOKS):
        hint = say("give a workbook with --from-xlsx, or save it as 'CSV UTF-8 (Comma delimited)'")
        raise AnnexInvalid(Problem("A005", say("this is an Excel workbook, not CSV"), Location(source), hint))
    encoding = "utf-16" if data.startswith(_UTF_16) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = say("in Excel, save it as 'CSV UTF-8 (Comma delimited)'")
        raise AnnexInvalid(Problem("A005", say("the text is not UTF-8"), Location(source, line), hint)) from None
    if "\0" in text:
        hint = say("in Excel, save it as 'CSV UTF-8 (Comma delimited)'")
        raise AnnexInvalid(Problem("A005", say("this is a binary file, not CSV"), Location(source), hint))
    return text


def _rows(text: str, separator: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each row begins, and its cells; a cell may run over several lines."""
    limit = csv.field_size_limit(_CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        message = say("a quotation mark stands inside a cell")
        hint = say('put the cell in quotation marks and write "" for one')
        if "unexpected end" in str(error) or "field limit" in str(error):
            message = say("a quotation mark opens here and is never closed")
            hint = say('close it, or write "" for one in a text')
        raise AnnexInvalid(Problem("A006", message, Location(source, start), hint)) from None
    finally:
        csv.field_size_limit(limit)
