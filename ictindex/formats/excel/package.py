"""A workbook as the package of parts that it is: opened, guarded, its sheets listed, its texts and formats looked up.

Only what a table needs is read, with the standard library; defusedxml, imported here alone, stands guard. A package
that could harm or mislead is refused: one with a document type (entities that grow), one that unpacks to too much,
another kind of file under this name.

Problems: T070 a file that is no workbook, T071 a workbook too large, U123 a package is not installed, U124 a sheet
that is not there or not named.
"""

from __future__ import annotations

import contextlib
import io
import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any
from xml.etree import ElementTree as ET

from attrs import field, frozen

from ictindex.errors import Location, Problem, TableInvalid, UnknownName, WrongUse, did_you_mean
from ictindex.formats.excel.shapes import Shape, shape_of
from ictindex.messages import Text, joined, say

MAX_BYTES = 200 * 1024 * 1024
MAX_UNPACKED = 1536 * 1024 * 1024
MAX_TEXTS = 256 * 1024 * 1024
"""The most bytes of all texts of a workbook: they are held in memory together."""

_OLD = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_XLS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_SAVE_AS = say("open it in Excel and save it as .xlsx")
_BREAKS = (
    *(ET.ParseError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, LookupError, OSError, RuntimeError, ValueError),  # RuntimeError: a part that is encrypted
)
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@frozen
class SheetPart:
    """A sheet of a workbook: its name, whether a person sees it, and its part of the package."""

    name: str
    visible: bool
    part: str


@frozen(kw_only=True)
class Workbook:
    """An open workbook.

    `texts` are those that cells share, `shapes` how a number of each style is shown. `from_1904`: days are counted
    from 1904. `stale`: results of formulas were never calculated by a spreadsheet; `by_hand`: they may be old.
    """

    source: str
    sheets: tuple[SheetPart, ...]
    texts: tuple[str, ...] = field(repr=False)
    shapes: tuple[Shape | None, ...] = field(repr=False)
    from_1904: bool = False
    stale: bool = False
    by_hand: bool = False
    _archive: zipfile.ZipFile = field(repr=False)

    def elements(self, sheet: SheetPart) -> Iterator[ET.Element]:
        """Yield the elements of a sheet as they end. Raises TableInvalid (T070) where the part is broken."""
        with reading(self.source), self._archive.open(sheet.part) as stream:
            yield from _elements(stream)

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
    _defused()
    archive = _archive(data, source)
    unpacked = sum(one.file_size for one in archive.infolist())
    if len(data) > max_bytes or unpacked > max_unpacked:
        raise too_large(source, say("the workbook is too large for a table"))
    with reading(source):
        return _opened(archive, source)


def too_large(source: str, message: str, sheet: str = "") -> TableInvalid:
    """Return the error of a workbook or sheet with more than is read (T071)."""
    hint = say("delete what stands beside and below the table, or copy the table into a workbook of its own")
    return TableInvalid(Problem("T071", message, Location(source, sheet=sheet), hint))


def broken(source: str, reason: str) -> TableInvalid:
    """Return the error of a workbook whose parts cannot be read (T070)."""
    message = say("the workbook cannot be read: {reason}", reason=reason)
    return TableInvalid(Problem("T070", message, Location(source), say("open it in Excel and save it anew as .xlsx")))


@contextlib.contextmanager
def reading(source: str) -> Iterator[None]:
    """Turn whatever a broken package makes the parsers raise into TableInvalid (T070)."""
    try:
        yield
    except _BREAKS as error:
        raise broken(source, _reason(error)) from None


def _reason(error: Exception) -> str:
    told = error.args[0] if error.args else ""
    if isinstance(told, Text):
        return told
    if type(error).__name__ == "DTDForbidden":
        return say("it has a document type, which may hide something")
    if isinstance(error, ET.ParseError):
        return say("its XML is broken: {reason}", reason=str(error).splitlines()[0])
    if isinstance(error, KeyError):
        return say("a part is missing: {part}", part=str(error.args[0])[:80] if error.args else "")
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__


def _archive(data: bytes, source: str) -> zipfile.ZipFile:
    """Return the package of a workbook. Raises TableInvalid (T070) with advice where the bytes are something else."""
    if data.startswith(_OLD):
        _refuse_old(data, source)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = {name.casefold() for name in archive.namelist()}
    except _BREAKS:
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


def _defused() -> Any:
    try:
        import defusedxml.ElementTree
    except ImportError as error:
        message = say("to read Excel workbooks, {package} must be installed", package=error.name)
        raise WrongUse(Problem("U123", message, hint=say("pip install 'ictindex[excel]'"))) from None
    return defusedxml.ElementTree


class _Begun(Exception):
    """The first element of a part has begun."""


class _Beginning:
    """Receives what stands before the first element."""

    def start(self, _tag: str, _attributes: Mapping[str, str]) -> None:
        raise _Begun


def _elements(stream: IO[bytes]) -> Iterator[ET.Element]:
    """Yield the elements of a part as they end.

    A document type can stand before the first element only. defusedxml reads so far and refuses one; the fast parser of
    the standard library reads the rest, in a third of the time.
    """
    guard = _defused().XMLParser(target=_Beginning(), forbid_dtd=True)
    read: list[bytes] = []
    try:
        while chunk := stream.read(4096):
            read.append(chunk)
            guard.feed(chunk)
    except _Begun:
        pass
    parser: Any = ET.XMLPullParser(("end",))
    chunk = b"".join(read)
    while chunk:
        parser.feed(chunk)
        for _, element in parser.read_events():
            yield element
        chunk = stream.read(1 << 16)
    parser.close()
    for _, element in parser.read_events():
        yield element


def local(tag: str) -> str:
    """Return the name of an element without its namespace: there are two for workbooks, and both are read."""
    return tag.rpartition("}")[2]


def _opened(archive: zipfile.ZipFile, source: str) -> Workbook:
    home = _target(archive, "_rels/.rels", "", "/officeDocument") or "xl/workbook.xml"
    folder, file = posixpath.split(home)
    related = _related(archive, posixpath.join(folder, "_rels", f"{file}.rels"), folder)
    sheets, facts = [], {"from_1904": False, "stale": False, "by_hand": False}
    with archive.open(home) as stream:
        for element in _elements(stream):
            match local(element.tag):
                case "sheet":
                    part = related.get(next((v for k, v in element.items() if local(k) == "id" and "}" in k), ""))
                    if part is not None and part[0].endswith("/worksheet"):
                        name, shown = element.get("name", ""), element.get("state", "visible") == "visible"
                        sheets.append(SheetPart(name, shown, part[1]))
                case "workbookPr":
                    facts["from_1904"] = _is_true(element.get("date1904"))
                case "calcPr":
                    facts["stale"] = _is_true(element.get("fullCalcOnLoad"))
                    facts["by_hand"] = element.get("calcMode") == "manual"
    if not sheets:
        raise broken(source, say("it has no sheet"))
    parts = {kind.rpartition("/")[2]: part for kind, part in related.values()}
    return Workbook(
        source=source,
        sheets=tuple(sheets),
        texts=tuple(_texts(archive, parts.get("sharedStrings", ""), source)),
        shapes=tuple(_shapes(archive, parts.get("styles", ""))),
        archive=archive,
        **facts,
    )


def _related(archive: zipfile.ZipFile, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """Return the kind and the part of each relation, by its id."""
    found = {}
    if part in archive.namelist():
        with archive.open(part) as stream:
            for element in _elements(stream):
                target = element.get("Target", "")
                if local(element.tag) == "Relationship" and element.get("TargetMode") != "External":
                    target = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                    found[element.get("Id", "")] = (element.get("Type", ""), posixpath.normpath(target))
    return found


def _target(archive: zipfile.ZipFile, part: str, folder: str, kind: str) -> str:
    return next((target for of, target in _related(archive, part, folder).values() if of.endswith(kind)), "")


def _texts(archive: zipfile.ZipFile, part: str, source: str) -> Iterator[str]:
    """Yield the texts that cells share, a rich one without its formats."""
    if part not in archive.namelist():
        return
    if archive.getinfo(part).file_size > MAX_TEXTS:
        raise too_large(source, say("the workbook is too large for a table"))
    with archive.open(part) as stream:
        for element in _elements(stream):
            if local(element.tag) == "si":
                yield plain_text(element)
                element.clear()


def plain_text(element: ET.Element) -> str:
    """Return the text of an element of runs, without how it is to be pronounced (`rPh`), its escapes undone."""
    runs = []
    for part in element:
        name = local(part.tag)
        if name == "t":
            runs.append(part.text or "")
        elif name == "r":
            runs += [one.text or "" for one in part if local(one.tag) == "t"]
    return unescaped("".join(runs))


def unescaped(text: str) -> str:
    """Return the text with `_x000D_` as the character that it stands for, as workbooks write control characters."""
    if "_x" not in text or not _ESCAPED.search(text):
        return text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _shapes(archive: zipfile.ZipFile, part: str) -> Iterator[Shape | None]:
    """Yield how numbers of each style are shown."""
    if part not in archive.namelist():
        return
    codes: dict[str, str] = {}
    with archive.open(part) as stream:
        for element in _elements(stream):
            match local(element.tag):
                case "numFmt":
                    codes[element.get("numFmtId", "")] = element.get("formatCode", "")
                case "cellXfs":
                    for style in element:
                        number = style.get("numFmtId", "0")
                        yield shape_of(number, codes.get(number, ""))


def _is_true(text: str | None) -> bool:
    return text in ("1", "true")
