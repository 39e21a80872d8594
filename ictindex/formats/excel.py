"""The sheets of an Excel workbook as text cells. openpyxl and defusedxml are imported in this file only, when used.

A cell is read as it was typed: 70 and not 70.0, 1.10 where it was typed as text. What a person does not see as such is
refused with the cell's address: an error, a formula whose result is not stored.

Problems: A020 a file that is no workbook, A021 an error in a cell, A022 a formula without a result, A023 a sheet too
large, U123 a package is not installed, U124 a sheet that is not there or not named.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from attrs import frozen

from ictindex.errors import AnnexInvalid, IctIndexError, Location, Problem, UnknownName, WrongUse, did_you_mean
from ictindex.formats import contents
from ictindex.messages import joined, say

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 1_000
_OLD = b"\xd0\xcf\x11\xe0"


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
    """Return a sheet of a workbook; without a name, the only one that is not hidden.

    Raises WrongUse or UnknownName where the sheet is not said or not there, AnnexInvalid where the file is no workbook
    or a cell cannot be taken as it stands, with all such cells.
    """
    source = os.fspath(path)
    data = _checked(_contents(path), source)
    typed, shown = (_workbook(data, source, data_only=values) for values in (False, True))
    name = _sheet_name(typed, sheet, source)
    formulas, values = typed[name], shown[name]
    if formulas.max_row > MAX_ROWS or formulas.max_column > MAX_COLUMNS:
        message = say("the sheet has {rows} rows and {columns} columns", rows=values.max_row, columns=values.max_column)
        hint = say("delete the empty rows below the table and the empty columns beside it")
        raise AnnexInvalid(Problem("A023", message, Location(source, 0, 0, name), hint))
    problems: list[Problem] = []
    rows = tuple(_row(above, below, source, problems) for above, below in _paired(formulas, values))
    if problems:
        raise AnnexInvalid(problems)
    merged = (
        (one.min_row - 1, one.min_col - 1, one.max_row - 1, one.max_col - 1) for one in values.merged_cells.ranges
    )
    return Sheet(name, rows, tuple(sorted(merged)))


def _paired(formulas: Any, values: Any) -> Iterator[tuple[Any, Any]]:
    ends = {"max_row": formulas.max_row, "max_col": formulas.max_column}
    return zip(formulas.iter_rows(**ends), values.iter_rows(**ends), strict=True)


def _row(typed: Any, shown: Any, source: str, problems: list[Problem]) -> tuple[str, ...]:
    cells = []
    for formula, value in zip(typed, shown, strict=True):
        where = Location(source, formula.row, 0, formula.coordinate)
        if value.data_type == "e" or formula.data_type == "e":
            hint = say("mend the formula, or type the value")
            message = say("the cell holds the error {error}", error=value.value or formula.value)
            problems.append(Problem("A021", message, where, hint))
        elif formula.data_type == "f" and value.value is None:
            hint = say("open the workbook in Excel and save it, or type the value")
            problems.append(Problem("A022", say("the result of the formula is not stored in the file"), where, hint))
        cells.append(_text(value))
    return tuple(cells)


def _text(cell: Any) -> str:
    """Return what was typed into a cell: whole numbers without a point, percents as such, dates as 2025-03-05."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        percent = "%" in str(cell.number_format)
        # 15 digits are what Excel keeps and shows; the float behind them may have more.
        number = f"{value * 100 if percent else value:.15g}"
        return f"{number}%" if percent else number
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)


def _contents(path: str | os.PathLike[str]) -> bytes:
    try:
        found = contents(path)
    except IctIndexError as error:
        raise AnnexInvalid(error.problems) from None
    return found if isinstance(found, bytes) else found.encode()


def _checked(data: bytes, source: str) -> bytes:
    if data.startswith(_OLD):
        message = say("this is an old Excel workbook (.xls), or one with a password")
        hint = say("open it in Excel and save it as .xlsx, without a password")
        raise AnnexInvalid(Problem("A020", message, Location(source), hint))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            unpacked = sum(one.file_size for one in package.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        hint = say("give a .xlsx file; a table as text is given with --from-csv")
        raise AnnexInvalid(Problem("A020", say("this is not an Excel workbook"), Location(source), hint)) from None
    if len(data) > MAX_BYTES or unpacked > MAX_UNPACKED:
        message = say("the workbook is too large for a table")
        hint = say("copy the sheet into a workbook of its own, without pictures")
        raise AnnexInvalid(Problem("A023", message, Location(source), hint))
    return data


def _workbook(data: bytes, source: str, *, data_only: bool) -> Any:
    openpyxl = _openpyxl()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of formats and validations that openpyxl does not keep
            return openpyxl.load_workbook(io.BytesIO(data), data_only=data_only)
    except Exception as error:  # noqa: BLE001 - a broken workbook makes openpyxl stumble in any of its parts
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = say("the workbook cannot be read: {reason}", reason=reason)
        hint = say("open it in Excel and save it anew as .xlsx")
        raise AnnexInvalid(Problem("A020", message, Location(source), hint)) from None


def _openpyxl() -> Any:
    try:
        import defusedxml  # noqa: F401 - openpyxl reads XML safely where it is installed
        import openpyxl
    except ImportError as error:
        message = say("to read Excel workbooks, {package} must be installed", package=error.name)
        raise WrongUse(Problem("U123", message, hint=say("pip install 'ictindex[excel]'"))) from None
    return openpyxl


def _sheet_name(workbook: Any, wanted: str, source: str) -> str:
    names = [sheet.title for sheet in workbook.worksheets]
    visible = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    listed = joined((f"'{name}'" for name in names), ", ")
    if wanted in names:
        return wanted
    if wanted:
        message = say("the workbook has no sheet '{name}'", name=wanted)
        hint = joined((did_you_mean(wanted, names), say("it has: {sheets}", sheets=listed)), "; ")
        raise UnknownName(Problem("U124", message, Location(source), hint))
    if len(visible) == 1:
        return str(visible[0])
    message = say("the workbook has several sheets: {sheets}", sheets=listed)
    raise WrongUse(Problem("U124", message, Location(source), say("say which with --sheet")))
