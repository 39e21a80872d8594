"""A workbook opened by openpyxl, behind guards: its sheets, their cells, and what it says of its formulas.

openpyxl opens it in read-only mode, in which a sheet passes by row by row and only the sheet that is asked is read. A
package that could harm or mislead is refused before: one that unpacks to too much, another kind of file under this
name. openpyxl parses with defusedxml, which refuses documents that grow.

Problems: T070 a file that is no workbook, T071 a workbook too large, U123 a package is not installed, U124 a sheet
that is not there or not named.
"""

from __future__ import annotations

import contextlib
import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import ParseError

from attrs import field, frozen

from ictindex.errors import IctIndexError, Location, Problem, TableInvalid, UnknownName, WrongUse, did_you_mean
from ictindex.formats.excel.layout import Layout, layout_of
from ictindex.messages import Text, joined, say

MAX_BYTES = 200 * 1024 * 1024
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_PART = 128 * 1024 * 1024
"""The most bytes of a part that is no sheet: the texts that cells share are held in memory together."""

_OLD = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_XLS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_SAVE_AS = say("open it in Excel and save it as .xlsx")
_SHEETS = "xl/worksheets/"
_STRICT = "{http://purl.oclc.org/ooxml/"


@frozen
class SheetPart:
    """A sheet of a workbook: its name, whether a person sees it, and its part of the package."""

    name: str
    visible: bool
    part: str


@frozen(kw_only=True)
class Workbook:
    """An open workbook.

    `stale`: results of formulas were never calculated by a spreadsheet; `by_hand`: they may be old.
    """

    source: str
    sheets: tuple[SheetPart, ...]
    stale: bool = False
    by_hand: bool = False
    _book: Any = field(repr=False)
    _archive: zipfile.ZipFile = field(repr=False)

    def layout(self, sheet: SheetPart) -> Layout:
        """Return where cells of a sheet are filled. Raises TableInvalid (T070) where the part is broken."""
        with reading(self.source), self._archive.open(sheet.part) as stream:
            return layout_of(stream)

    def rows(self, sheet: SheetPart, *, lines: int, width: int) -> Iterator[tuple[Any, ...]]:
        """Yield the cells of openpyxl of each line from 1 on, each line `width` cells wide or empty."""
        part = self._book[sheet.name]
        part.reset_dimensions()  # programs say there what they like
        yield from part.iter_rows(max_row=lines, max_col=width)

    def sheet(self, wanted: str, is_empty: Callable[[SheetPart], bool]) -> SheetPart:
        """Return the sheet of that name; without a name, the only visible one that is not empty.

        Raises UnknownName or WrongUse (U124) where the sheet is not there or not said.
        """
        names = [sheet.name for sheet in self.sheets]
        listed = joined((f"'{name}'" for name in names), ", ")
        if wanted:
            found = next((sheet for sheet in self.sheets if sheet.name == wanted), None)
            if found is not None:
                return found
            message = say("the workbook has no sheet '{name}'", name=wanted)
            hint = joined((did_you_mean(wanted, names), say("it has: {sheets}", sheets=listed)), "; ")
            raise UnknownName(Problem("U124", message, Location(self.source), hint))
        visible = [sheet for sheet in self.sheets if sheet.visible]
        filled = [sheet for sheet in visible if not is_empty(sheet)] if len(visible) != 1 else visible
        if len(filled) == 1 or (not filled and visible):
            return (filled or visible)[0]
        if not visible:
            message = say("every sheet of the workbook is hidden: {sheets}", sheets=listed)
        else:
            listed = joined((f"'{sheet.name}'" for sheet in filled), ", ")
            message = say("the workbook has several sheets: {sheets}", sheets=listed)
        raise WrongUse(Problem("U124", message, Location(self.source), say("say which with --sheet")))


def open_workbook(
    data: bytes, source: str, *, max_bytes: int = MAX_BYTES, max_unpacked: int = MAX_UNPACKED
) -> Workbook:
    """Return the workbook in these bytes.

    Raises TableInvalid (T070, T071) where they are none, or too much; WrongUse (U123) where a package is missing.
    """
    load = _load_workbook()
    archive = _archive(data, source)
    unpacked = sum(one.file_size for one in archive.infolist())
    held = max((one.file_size for one in archive.infolist() if not one.filename.startswith(_SHEETS)), default=0)
    if len(data) > max_bytes or unpacked > max_unpacked or held > MAX_PART:
        raise too_large(source, say("the workbook is too large for a table"))
    with reading(source):
        said = _calculation(archive, source)
        book = load(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        # openpyxl tells the part of a sheet nowhere else.
        sheets = [SheetPart(one.title, one.sheet_state == "visible", one._worksheet_path) for one in book.worksheets]
    if not sheets:
        raise broken(source, say("it has no sheet"))
    return Workbook(
        source=source,
        sheets=tuple(sheets),
        stale=said.get("fullCalcOnLoad") in ("1", "true"),
        by_hand=said.get("calcMode") == "manual",
        book=book,
        archive=archive,
    )


def too_large(source: str, message: str, sheet: str = "") -> TableInvalid:
    """Return the error of a workbook or sheet with more than is read (T071)."""
    hint = say("delete what stands beside and below the table, or save it as CSV or Parquet, which may have more")
    return TableInvalid(Problem("T071", message, Location(source, sheet=sheet), hint))


def broken(source: str, reason: str) -> TableInvalid:
    """Return the error of a workbook whose parts cannot be read (T070)."""
    message = say("the workbook cannot be read: {reason}", reason=reason)
    return TableInvalid(Problem("T070", message, Location(source), say("open it in Excel and save it anew as .xlsx")))


@contextlib.contextmanager
def reading(source: str) -> Iterator[None]:
    """Turn whatever a broken workbook makes openpyxl raise into TableInvalid (T070), and silence its warnings."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (IctIndexError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises what its parts happen to raise
        raise broken(source, _reason(error)) from None


def _reason(error: Exception) -> str:
    told = error.args[0] if error.args else ""
    cause = error.__cause__ or error  # openpyxl wraps what it could not read
    if isinstance(told, Text):
        return told
    if type(cause).__module__.startswith("defusedxml"):
        return say("it has a document type, which may hide something")
    if isinstance(cause, ParseError):
        return say("its XML is broken: {reason}", reason=str(cause).splitlines()[0])
    if isinstance(cause, KeyError):
        return say("a part is missing: {part}", part=str(cause.args[0])[:80] if cause.args else "")
    return str(cause).splitlines()[0][:120] if str(cause) else type(cause).__name__


def _archive(data: bytes, source: str) -> zipfile.ZipFile:
    """Return the package of a workbook. Raises TableInvalid (T070) with advice where the bytes are something else."""
    if data.startswith(_OLD):
        _refuse_old(data, source)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = {name.casefold() for name in archive.namelist()}
    except Exception:  # noqa: BLE001 - whatever a file that is no package makes zipfile raise
        hint = say("save the table as .xlsx in a spreadsheet; text with commas is a .csv file")
        raise _no_workbook(source, say("this is not an Excel workbook"), hint) from None
    if any(name.endswith("workbook.bin") for name in names):
        raise _no_workbook(source, say("this is a binary Excel workbook (.xlsb)"), _SAVE_AS)
    if "content.xml" in names:
        raise _no_workbook(source, say("this is a LibreOffice workbook (.ods)"), say("save it as .xlsx"))
    if "word/document.xml" in names:
        hint = say("copy its table into a spreadsheet and save that as .xlsx")
        raise _no_workbook(source, say("this is a Word document"), hint)
    if not any(name.endswith("workbook.xml") for name in names):
        message = say("this is a zip file, but not an Excel workbook")
        raise _no_workbook(source, message, say("unpack it and name the .xlsx file in it"))
    return archive


def _refuse_old(data: bytes, source: str) -> None:
    if _ENCRYPTED in data:
        hint = say("open it in Excel, remove the password (File, Info, Protect Workbook), and save it")
        raise _no_workbook(source, say("the workbook is locked with a password"), hint)
    if any(name in data for name in _XLS):
        raise _no_workbook(source, say("this is an old Excel workbook (.xls)"), _SAVE_AS)
    hint = say("open it in Excel and save it as .xlsx, without a password")
    raise _no_workbook(source, say("this is an old Excel workbook (.xls), or one with a password"), hint)


def _no_workbook(source: str, message: str, hint: str) -> TableInvalid:
    return TableInvalid(Problem("T070", message, Location(source), hint))


def _load_workbook() -> Any:
    try:
        import defusedxml  # noqa: F401 - openpyxl parses with it where it is installed
        import openpyxl

        if not openpyxl.DEFUSEDXML:
            raise ImportError(name="defusedxml")
    except ImportError as error:
        message = say("to read Excel workbooks, {package} must be installed", package=error.name)
        raise WrongUse(Problem("U123", message, hint=say('pip install "ictindex[excel]"'))) from None
    return openpyxl.load_workbook


def _calculation(archive: zipfile.ZipFile, source: str) -> Mapping[str, str]:
    """Return what the workbook says of its calculation: openpyxl takes `fullCalcOnLoad` for said where it is not."""
    from defusedxml.ElementTree import fromstring

    part = next(name for name in archive.namelist() if name.casefold().endswith("workbook.xml"))
    root = fromstring(archive.read(part))
    if root.tag.startswith(_STRICT):  # openpyxl would find nothing in its sheets
        message = say("this is a workbook of the kind 'Strict Open XML'")
        raise _no_workbook(source, message, say("open it in Excel and save it as 'Excel Workbook (.xlsx)'"))
    found = root.find("{*}calcPr")
    return {} if found is None else found.attrib
