"""Filled-in forms as files: which files are forms, and what stands in their cells.

Problems: T131 a form whose hidden sheet cannot be understood, T134 a folder without a form, T138 a workbook in a folder
of forms that is none, T139 (a warning) a file beside forms that is not read.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from ictindex.cells import clean
from ictindex.errors import Location, Problem, Severity, TableInvalid, reason_of
from ictindex.formats import contents, source_name, unreadable
from ictindex.formats.excel.cells import Cells, Value, read_cells
from ictindex.formats.excel.package import open_workbook
from ictindex.formats.excel.values import text_of
from ictindex.forms.record import SHEET, Record, Spot, read_record
from ictindex.messages import say

_WORKBOOKS = (".xlsx", ".xlsm")

_OTHER_WORKBOOKS = (".xls", ".xlsb", ".ods", ".xltx", ".csv")
_NOISE = ("thumbs.db", "desktop.ini")
_LONGEST_LIST = 1 << 20  # bytes: the list of a workbook's sheets is far shorter


@frozen
class Form:
    """An opened form: its file's name, what its hidden sheet says, and the cells of each sheet by name."""

    source: str
    record: Record
    sheets: Mapping[str, Cells]

    def at(self, spot: Spot) -> Value:
        """Return what stands in a cell; None where it is empty, or where its sheet is gone."""
        cells = self.sheets.get(spot.sheet)
        return None if cells is None else cells.at(spot.address)

    def text(self, spot: Spot) -> str:
        """Return what stands in a cell as a person reads it."""
        return clean(text_of(self.at(spot)))

    def place(self, spot: Spot, cell: str = "") -> Location:
        """Return the place of a cell."""
        return Location(self.source, spot.row, cell=cell, sheet=spot.sheet, address=spot.address)


@frozen
class Opened:
    """What was found in a source: the forms, and what is wrong with the files themselves; warnings are apart."""

    forms: tuple[Form, ...]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def holds_forms(source: Any) -> bool:
    """Whether a file, or a stream of bytes that can be read twice, is a form."""
    try:
        if isinstance(source, str | os.PathLike):
            with Path(source).open("rb") as stream:
                return _has_the_sheet(stream)
        if not source.seekable():
            return False
        at = source.tell()
        try:
            return _has_the_sheet(source)
        finally:
            source.seek(at)
    except (OSError, ValueError, TypeError, AttributeError):  # whoever reads it says why it cannot be read
        return False


def open_forms(source: Any) -> Opened:
    """Return the forms in a file, a stream, or a folder.

    Problems of single files of a folder are gathered. Raises TableInvalid where there is no form at all, WrongUse where
    a package is not installed.
    """
    if isinstance(source, str | os.PathLike) and Path(source).is_dir():
        return _folder(Path(source))
    return Opened((form_in(contents(source), source_name(source)),))


def _folder(folder: Path) -> Opened:
    forms: list[Form] = []
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for path in _files(folder):
        name, ending = str(path), path.suffix.lower()
        if ending in _WORKBOOKS:
            try:
                forms.append(form_in(contents(path), name))
            except TableInvalid as error:
                problems += error.problems
        elif ending in _OTHER_WORKBOOKS:
            message = say("this is no form as it was sent out")
            if ending == ".csv":
                message = say("this is a CSV file, not a form")
            hint = say("fill in the .xlsx form, or move this file away")
            problems.append(Problem("T138", message, Location(name), hint))
        else:
            what = (
                say("it is a folder: only the files in this one are read")
                if path.is_dir()
                else say("it is no workbook and is not read")
            )
            warnings.append(Problem("T139", what, Location(name), severity=Severity.WARNING))
    if not forms and not problems:
        message = say("there is no form in this folder")
        hint = say("name the folder that holds the filled-in .xlsx forms, or name a file")
        if any(path.suffix.lower() == ".parquet" for path in _files(folder)):
            hint = say("a folder of Parquet files is scored with `--engine local`; else name one of its files")
        raise TableInvalid(Problem("T134", message, Location(str(folder)), hint))
    return Opened(tuple(forms), tuple(problems), tuple(warnings))


def _files(folder: Path) -> Iterator[Path]:
    """Yield what is in a folder by name, but for what programs leave there: locks of Excel, hidden files."""
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        message = say("it cannot be read: {reason}", reason=reason_of(error))
        raise unreadable(str(folder), message, say("check the path and the permissions")) from None
    for path in found:
        if not path.name.startswith(("~$", ".")) and path.name.lower() not in _NOISE:
            yield path


def form_in(data: bytes | str, name: str) -> Form:
    """Return the form in these bytes; `name` is what messages call it. Raises TableInvalid where they are none."""
    book = open_workbook(data if isinstance(data, bytes) else data.encode(errors="replace"), name)
    hidden = next((sheet for sheet in book.sheets if sheet.name == SHEET), None)
    if hidden is None:
        message = say("this workbook is no form of `ictindex form`: it has no sheet '{sheet}'", sheet=SHEET)
        hint = say("fill in the form as it was sent out, or move this file away")
        raise TableInvalid(Problem("T138", message, Location(name), hint))
    lines = read_cells(book, hidden).rows
    whole = all(row.line == number for number, row in enumerate(lines, 1))
    record = read_record([[text_of(value) for value in row.cells] for row in lines]) if whole else None
    if record is None:
        message = say("the hidden sheet of the form cannot be understood: it was changed, or another version made it")
        hint = say("fill in the form again as it was sent out")
        raise TableInvalid(Problem("T131", message, Location(name, sheet=SHEET), hint))
    wanted = {spot.sheet for spot in record.cells.values()}
    sheets = {sheet.name: read_cells(book, sheet) for sheet in book.sheets if sheet.name in wanted}
    return Form(name, record, sheets)


def _has_the_sheet(stream: Any) -> bool:
    """Whether the list of a workbook's sheets names the hidden one; nothing else of it is read."""
    try:
        with zipfile.ZipFile(stream) as package, package.open("xl/workbook.xml") as part:
            return f'name="{SHEET}"'.encode() in part.read(_LONGEST_LIST)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, NotImplementedError, EOFError, RuntimeError):
        return False
