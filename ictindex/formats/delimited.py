"""Text with a sign between its cells: how it is encoded, which sign that is, and the lines.

Problems: T002 a file of another kind, or letters in another encoding than UTF-8; T004 quotation marks or a cell that
cannot be read; T055 a `sep=` line that names no known sign; T059 letters that went through a wrong encoding; T079 (a
warning) lines of a title that are not read.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from attrs import evolve

from ictindex.cells import clean, shown
from ictindex.errors import Location, Problem, Severity, TableInvalid
from ictindex.formats.defused import restored
from ictindex.formats.kinds import kind_of
from ictindex.messages import joined, say

SEPARATORS = (",", ";", "\t", "|")

_SAVE_AS = say("in Excel, save it as 'CSV UTF-8 (Comma delimited)'")
_FONTS = say("text in .VnTime (TCVN3) or VNI fonts must be converted to Unicode first")
_BINARY = say("this is a binary file, not CSV")
_NO_TABLE = (".yaml", ".yml", ".json", ".md", ".html")
_ORDER = say("a table is a .csv file; on the command line the scheme comes first, then the table")
_SEPARATOR_LINE = re.compile(r'"?sep=(.*?)"?', re.IGNORECASE)
_BLANK = " \t\r\n\v\f,;|"
_LOOKED_AT = 200
"""So many headings are looked at to find the sign between them."""
_PIECE = 1 << 20
_TITLE_LINES = 20
_TITLE_CELLS = 2
"""So many cells a line of a title has at most: the office, and the motto of the state."""

# Letters of TCVN3 that stand in Unicode as signs: no Vietnamese word has one of them behind a letter.
_TCVN3 = re.compile("[A-Za-z](?:[µ¶¸¹¼½¾](?![0-9])|[¨©ª«¬®·»][a-z])")
# UTF-8 that was read as windows-1252 and saved again, such as `Ä‘` for đ and `áº` for the first half of ạ.
_TWICE = re.compile("á[º»]|Ä[‘\x91]|Æ[°¡]|Ã[\xa0-\xbf]")
_SIGNS_OF_THEM = "µ¶¸¹¼½¾¨©ª«¬®·»º‘\x91°¡Ã"


Known = Callable[[str], str | bool]
"""Says of a heading whether it is known: `unit` for what names units, anything true for others."""


class Top(NamedTuple):
    """What stands above the lines of the table: notes, the sign between cells, how many lines there are, and titles."""

    notes: list[str]
    separator: str
    before: int
    titles: list[str]


def decoded(content: bytes | str, name: str) -> str:
    """Return the text of a file. Raises TableInvalid (T002, T059) where it is something else, or garbled."""
    text = content if isinstance(content, str) else _text(content, name)
    if "\0" in text:
        raise invalid("T002", _BINARY, name, hint=_SAVE_AS)
    if name.lower().endswith(_NO_TABLE):
        message = say("a file that ends with {suffix} is no table", suffix=Path(name).suffix)
        raise invalid("T002", message, name, hint=_ORDER)
    if not text.isascii() and any(sign in text for sign in _SIGNS_OF_THEM):
        _check_letters(text, name)
    return text.removeprefix("\ufeff")


def encoding_of(path: str) -> str:
    """Return how the text in a file is encoded, all of which is looked at piece by piece.

    Raises TableInvalid (T002, T059) as `decoded` does.
    """
    with Path(path).open("rb") as file:
        start = file.read(_PIECE)
    if kind_of(start[:8]) or path.lower().endswith(_NO_TABLE):
        decoded(Path(path).read_bytes(), path)  # which says what it is
    encoding = "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    line = 0
    try:
        with Path(path).open(encoding=encoding, newline="\n") as text:
            while piece := "".join(text.readlines(_PIECE)):
                if "\0" in piece:
                    raise invalid("T002", _BINARY, path, hint=_SAVE_AS)
                if not piece.isascii() and any(sign in piece for sign in _SIGNS_OF_THEM):
                    _check_letters(piece, path, line)
                line += piece.count("\n")
    except UnicodeDecodeError:
        raise _not_text(path, start) from None
    return encoding


def _not_text(path: str, start: bytes) -> TableInvalid:
    """Return the error of a file whose bytes are no text, with the first line that is none."""
    with Path(path).open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                _text(line, path)
            except TableInvalid as error:
                if b"\0" in start[:4096]:
                    break
                where = evolve(error.problems[0].where, line=number)
                return TableInvalid(evolve(error.problems[0], where=where))
    return invalid("T002", _BINARY, path, hint=_SAVE_AS)


def _text(content: bytes, name: str) -> str:
    kind = kind_of(content)
    if kind:
        raise invalid("T002", kind.message, name, hint=kind.hint)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # what Excel calls Unicode text
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise invalid("T002", _BINARY, name, hint=_SAVE_AS) from None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        if b"\0" in content[:4096]:
            raise invalid("T002", _BINARY, name, hint=_SAVE_AS) from None
        advice = joined((_SAVE_AS, _FONTS), by="; ")
        raise invalid("T002", say("the text is not UTF-8"), name, line, advice) from None


def _check_letters(text: str, name: str, lines_before: int = 0) -> None:
    """Raise TableInvalid (T059) where letters went through a wrong encoding before the file was saved as UTF-8."""
    for pattern, hint in (
        (_TCVN3, say("these are letters of a .VnTime font (TCVN3): convert them to Unicode")),
        (_TWICE, say("the file was UTF-8 and was opened as something else: take it from where it was first saved")),
    ):
        found = pattern.search(text)
        if found:
            line = lines_before + text.count("\n", 0, found.start()) + 1
            before, behind = text[max(0, found.start() - 20) : found.start()], text[found.end() : found.end() + 20]
            word = re.split(r"[\s,;|\"]", before)[-1] + found[0] + re.split(r"[\s,;|\"]", behind)[0]
            message = say("the letters of {text} are garbled", text=repr(word))
            raise invalid("T059", message, name, line, hint)


def read_top(text: io.StringIO, name: str, known: Known) -> Top:
    """Read what stands above the column names, and leave the text there.

    Lines of a title are passed over where a line with a column of units follows. Raises TableInvalid (T004, T055).
    """
    notes: list[str] = []
    titles: list[str] = []
    separator, before, heading = "", 0, -1
    while True:
        start = text.tell()
        line = text.readline()
        bare = line.strip()
        stated = _SEPARATOR_LINE.fullmatch(bare) if not before else None
        if stated:
            separator = _stated_separator(line, name)
        elif bare.startswith(("#", '"#')):
            note, more = _note(line.lstrip(), text, name, before + 1)
            notes.append(note.lstrip("#").strip())
            before += more
        elif not line or line.strip(_BLANK):
            if heading < start:
                heading = max(start, _heading_ahead(text, start, known))
            if heading == start:
                text.seek(start)
                return Top(notes, separator or _separator(text, start, known), before if line else 0, titles)
            titles.append(line.strip(_BLANK + '"'))
        before += 1


def _heading_ahead(text: io.StringIO, start: int, known: Known) -> int:
    """Return where a line with a column of units begins, below nothing but lines of a title; -1 where there is none."""
    place = start
    for _ in range(_TITLE_LINES):
        text.seek(place)
        line = text.readline()
        if not line:
            break
        following = text.tell()
        if line.strip(_BLANK) and not line.lstrip().startswith(("#", '"#')):
            cells = _cells(text, place, _separator(text, place, known)) or []
            filled = sum(bool(cell.strip()) for cell in cells)
            if filled > 1 and "unit" in map(known, cells[:_LOOKED_AT]):
                text.seek(start)
                text.readline()
                return place
            if filled > _TITLE_CELLS:
                break
        place = following
    text.seek(start)
    text.readline()
    return -1


def _cells(text: io.StringIO, start: int, sign: str) -> list[str] | None:
    """Return the cells of the line that begins there, None where it cannot be read with that sign between them."""
    text.seek(start)
    try:
        return next(csv.reader(text, delimiter=sign, strict=True), [])
    except csv.Error:
        return None


def _stated_separator(line: str, name: str) -> str:
    """Return the sign that the line `sep=;` names, which Excel obeys and does not show."""
    stated = line.strip("\r\n \"'").partition("=")[2]
    if stated not in SEPARATORS:
        message = say("the line {line} names no sign that stands between cells", line=repr(line.strip()[:40]))
        raise invalid("T055", message, name, 1, say("write sep=, or sep=; or a tab"))
    return stated


def _note(line: str, text: io.StringIO, name: str, number: int) -> tuple[str, int]:
    """Return a note, and how many lines it takes beside the first one; one in quotation marks may have several."""
    if line.startswith("#"):  # a spreadsheet adds separators to a note
        return line.rstrip(_BLANK), 0
    more = 0
    while line.count('"') % 2:
        added = text.readline()
        if not added:
            raise invalid("T004", *_csv_trouble("unexpected end", name, number))
        line, more = line + added, more + 1
    quoted = re.match(r'"((?:[^"]|"")*)"', line)
    return (quoted[1].replace('""', '"') if quoted else line.strip(_BLANK)), more


def _separator(text: io.StringIO, start: int, known: Known) -> str:
    """Return the sign between the cells of the heading: the one with most known headings, or most headings."""
    text.seek(start)
    first = text.readline()
    able = [sign for sign in SEPARATORS if sign in first]
    scores = {}
    for sign in able if len(able) > 1 else ():
        cells = _cells(text, start, sign)
        scores[sign] = (0, first.count(sign) + 1)
        if cells is not None:
            scores[sign] = (sum(map(bool, map(known, cells[:_LOOKED_AT]))), len(cells))
    text.seek(start)
    return max(able, key=lambda sign: scores.get(sign, 0)) if scores else (able or SEPARATORS)[0]


def read_rows(text: io.StringIO, name: str, top: Top) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line with its number in the file; a cell may run over several lines.

    An apostrophe that keeps a text from being a formula is taken away. Raises TableInvalid (T004).
    """
    whole = text.getvalue()
    is_defused = "'" in whole and any(f"'{sign}" in whole for sign in "=+-@\t\r\n")
    for line, cells in rows_of(text, name, top):
        yield line, ([restored(cell) for cell in cells] if is_defused else cells)


def rows_of(lines: Iterable[str], name: str, top: Top) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells as they stand in lines of text, with the number of the line in the file that they begin in.

    Raises TableInvalid (T004).
    """
    start = top.before + 1
    reader = csv.reader(lines, delimiter=top.separator, strict=True)
    try:
        for cells in reader:
            yield start, cells
            start = top.before + reader.line_num + 1
    except csv.Error as error:
        raise invalid("T004", *_csv_trouble(str(error), name, start)) from None


def _csv_trouble(error: str, name: str, line: int) -> tuple[str, str, int, str]:
    """Return the message, the place and the advice for what the csv module found."""
    if "unexpected end" in error:
        message = say("a quotation mark opens here and is never closed")
        return message, name, line, say('close it, or write "" for one in a text')
    if "field limit" in error:
        message = say("a cell is too long, or a quotation mark is never closed")
        return message, name, line, say("look for a lone quotation mark")
    message = say("a quotation mark stands inside a cell")
    return message, name, line, say('put the cell in quotation marks and write "" for one')


def invalid(code: str, message: str, name: str, line: int = 0, hint: str = "") -> TableInvalid:
    """Return the error of a file that cannot be read."""
    return TableInvalid(Problem(code, message, Location(name, line), hint))


def titles_unread(top: Top, name: str, line: int) -> list[Problem]:
    """Return a warning of the lines above the column names that are not read (T079), if there are any."""
    if not top.titles:
        return []
    count, words = len(top.titles), shown(clean(top.titles[0]))
    message = say("{count} lines above the column names are not read: {text}", count=count, text=words)
    hint = say("begin a line with # to keep it as a note")
    return [Problem("T079", message, Location(name, line), hint, Severity.WARNING)]
