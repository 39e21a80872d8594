"""CSV with commas, decimal points and UTF-8, read and written with the standard library.

Lines that begin with # before the header are notes. Problems beside those of `table`: T001 a file that cannot be
opened, T002 a file of another kind, T003 another separator than the comma, T004 quotation marks or a cell that cannot
be read.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from ictindex.assembling import Grid, ReadOptions, assemble
from ictindex.errors import Location, Problem, TableInvalid
from ictindex.formats import Readable, contents, source_name
from ictindex.formats.defused import defused
from ictindex.formats.text import notices
from ictindex.messages import say
from ictindex.model import Scheme
from ictindex.result import Result
from ictindex.table import Table
from ictindex.typed import typed_columns

_SAVE_AS = say("in Excel, save it as 'CSV UTF-8 (Comma delimited)'")
_OTHER_KINDS = (
    (b"PK\x03\x04", say("this is an Excel workbook or a zip file, not CSV")),
    (b"\xd0\xcf\x11\xe0", say("this is an old Excel workbook (.xls), not CSV")),
    (b"%PDF", say("this is a PDF, not CSV")),
    (codecs.BOM_UTF16_LE, say("this is text in UTF-16, not CSV")),
    (codecs.BOM_UTF16_BE, say("this is text in UTF-16, not CSV")),
)
_BINARY = say("this is a binary file, not CSV")
_NO_TABLE = (".yaml", ".yml", ".json", ".md", ".html")
_ORDER = say("a table is a .csv file; on the command line the scheme comes first, then the table")
_SEPARATORS = {";": say("semicolons"), "\t": say("tabs"), "|": say("bars")}


@frozen
class CsvFormat:
    """Comma-separated text, in UTF-8 with or without a byte-order mark."""

    name: str = "csv"
    suffixes: tuple[str, ...] = (".csv",)

    def read(self, source: Readable, scheme: Scheme, options: ReadOptions | None = None) -> Table:
        """Return the table in a file, or in an open stream of bytes or text.

        Raises TableInvalid with everything that is wrong; where the file cannot be read as CSV at all, only that.
        """
        return assemble(read_grid(source), scheme, options)

    def write_table(self, table: Table, scheme: Scheme) -> str:
        """Return the figures of a table as CSV that reads back as the same table, its notes above the header."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([f"# {note}"] for note in table.notes)
        columns = list(typed_columns(scheme, table))
        writer.writerow([name for name, _ in columns])
        writer.writerows(zip(*(cells for _, cells in columns), strict=True))
        return out.getvalue()

    def write(self, result: Result) -> str:
        """Return the result as CSV: a line per unit with score, rank and level of each total, then every row's points.

        Notes that every reader must see stand above the header, each behind a #. A text that a spreadsheet would take
        for a formula begins with an apostrophe.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([f"# {line}"] for line in notices(result))
        writer.writerow([defused(column.name) for column in result.columns])
        cells = (column.texts if column.is_number else map(defused, column.texts) for column in result.columns)
        writer.writerows(zip(*cells, strict=True))
        return out.getvalue()


def read_grid(source: Readable) -> Grid:
    """Return the cells of a file or stream, the notes above them, and where they stand, whatever they mean.

    Raises TableInvalid where it cannot be read as CSV.
    """
    name = source_name(source)
    text = io.StringIO(_decoded(contents(source), name), newline="")
    notes, before, first = _notes_and_header(text)
    _check_separator(first, name, before + 1)
    rows = _rows(first, text, name, before)
    line, header = next(rows, (0, []))
    return Grid(header=header, rows=rows, source=name, header_line=line, notes=notes)


def _decoded(content: bytes | str, name: str) -> str:
    """Return the text of the file. Raises TableInvalid (T002) where it is something else."""
    if isinstance(content, bytes):
        for start, message in _OTHER_KINDS:
            if content.startswith(start):
                raise _invalid("T002", message, name, hint=_SAVE_AS)
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            if b"\0" in content[:4096]:
                raise _invalid("T002", _BINARY, name, hint=_SAVE_AS) from None
            raise _invalid("T002", say("the text is not UTF-8"), name, line, _SAVE_AS) from None
    else:
        text = content
    if "\0" in text:
        raise _invalid("T002", _BINARY, name, hint=_SAVE_AS)
    if name.lower().endswith(_NO_TABLE):
        message = say("a file that ends with {suffix} is no table", suffix=Path(name).suffix)
        raise _invalid("T002", message, name, hint=_ORDER)
    return text.removeprefix("\ufeff")


def _notes_and_header(text: io.StringIO) -> tuple[list[str], int, str]:
    """Return the notes above the header, the number of lines above it, and its first line."""
    notes = []
    for before, line in enumerate(text):
        bare = line.strip().rstrip(",").strip('"')  # a spreadsheet adds commas and quotation marks to a note
        if bare.startswith("#"):
            notes.append(bare.lstrip("#").strip())
        elif bare:
            return notes, before, line
    return notes, 0, ""


def _check_separator(header: str, name: str, line: int) -> None:
    for separator, words in _SEPARATORS.items():
        if header.count(separator) > header.count(","):
            message = say("the columns are separated by {signs}", signs=words)
            hint = say("use commas: in Excel, save it as 'CSV UTF-8 (Comma delimited)'")
            raise _invalid("T003", message, name, line, hint)


def _rows(first: str, rest: io.StringIO, name: str, before: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line with its number in the file; a cell may run over several lines."""

    def lines() -> Iterator[str]:
        yield first
        yield from rest

    reader = csv.reader(lines(), strict=True)
    start = before + 1
    try:
        for cells in reader:
            yield start, cells
            start = before + reader.line_num + 1
    except csv.Error as error:
        raise _invalid("T004", *_csv_trouble(str(error), name, start)) from None


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


def _invalid(code: str, message: str, name: str, line: int = 0, hint: str = "") -> TableInvalid:
    return TableInvalid(Problem(code, message, Location(name, line), hint))
