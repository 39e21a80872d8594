"""The sheets of an Excel workbook as text cells: the table of a decision, of which a scheme is to be made.

A cell is read as it was typed: 70 and not 70.0, 1.10 where it was typed as text. What a person does not see as such is
refused with the cell's address: an error, a formula whose result is not stored.

Problems are those of any workbook: T070 no workbook, T071 too large, T072 an error, T073 a formula without a result.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from attrs import frozen

from ictindex.cells import Unfit
from ictindex.errors import AnnexInvalid, IctIndexError, Problem, TableInvalid
from ictindex.formats import contents
from ictindex.formats.excel.cells import Cells, is_empty, read_cells
from ictindex.formats.excel.package import open_workbook
from ictindex.formats.excel.values import text_of
from ictindex.origins import column_letters, placed

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 1_000


@frozen
class Sheet:
    """The cells of one sheet: `rows[0]` is its row 1, and every row has the same length. An empty cell is "".

    `merged` are the merged cells as (top, left, bottom, right), counted from 0, all included; their text stands in
    the first cell of each.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()


def read_sheet(path: str | os.PathLike[str], *, sheet: str = "") -> Sheet:
    """Return a sheet of a workbook; without a name, the only one that is not hidden and not empty.

    Raises WrongUse or UnknownName where the sheet is not said or not there, AnnexInvalid where the file is no workbook
    or a cell cannot be taken as it stands, with all such cells.
    """
    source = os.fspath(path)
    data = _contents(path)
    try:
        book = open_workbook(data, source, max_bytes=MAX_BYTES, max_unpacked=MAX_UNPACKED)
        chosen = book.sheet(sheet, lambda one: is_empty(book, one))
        cells = read_cells(book, chosen, max_rows=MAX_ROWS, max_columns=MAX_COLUMNS)
    except TableInvalid as error:
        raise AnnexInvalid(error.problems) from None
    problems = list(_problems(cells))
    if problems:
        raise AnnexInvalid(problems)
    width = max((len(row.cells) for row in cells.rows), default=0)
    rows = [("",) * width] * (cells.rows[-1].line if cells.rows else 0)
    for row in cells.rows:
        texts = [text_of(value) for value in row.cells]
        rows[row.line - 1] = (*texts, *[""] * (width - len(texts)))
    merged = ((one.top - 1, one.left - 1, one.bottom - 1, one.right - 1) for one in cells.merged)
    return Sheet(chosen.name, tuple(rows), tuple(sorted(merged)))


def _problems(cells: Cells) -> Iterator[Problem]:
    for row in cells.rows:
        for column, value in enumerate(row.cells, 1):
            if isinstance(value, Unfit):
                code, message, hint = value.complaint
                where = placed(cells.source, cells.sheet, row.line, "", column_letters(column - 1))
                yield Problem(code, message, where, hint)


def _contents(path: str | os.PathLike[str]) -> bytes:
    try:
        found = contents(path)
    except IctIndexError as error:
        raise AnnexInvalid(error.problems) from None
    return found if isinstance(found, bytes) else found.encode()
