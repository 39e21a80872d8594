"""Excel workbooks: a sheet is read as a table; tables and results are written."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from ictindex.assembling import ReadOptions
from ictindex.formats import Readable, contents, source_name
from ictindex.formats.excel.cells import is_empty, read_cells
from ictindex.formats.excel.package import open_workbook
from ictindex.formats.excel.reading import table_of
from ictindex.formats.written import Written
from ictindex.messages import LANGUAGES
from ictindex.model import Scheme
from ictindex.result import Result
from ictindex.table import Table


@frozen
class ExcelFormat:
    """A workbook of Excel (.xlsx); one with macros (.xlsm) is read for its values."""

    name: str = "excel"
    suffixes: tuple[str, ...] = (".xlsx",)
    reads: tuple[str, ...] = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")
    """The endings of files that are read, or refused with advice."""
    language: str = LANGUAGES[0]
    units: tuple[str, ...] = ()
    """The units that a result has a sheet of their own for."""

    def speaking(self, language: str) -> ExcelFormat:
        """Return the format that writes in a language."""
        return evolve(self, language=language)

    def explaining(self, units: Sequence[str]) -> ExcelFormat:
        """Return the format that explains these units, by code or name, each on a sheet of its own."""
        return evolve(self, units=tuple(units))

    def read(self, source: Readable, scheme: Scheme, options: ReadOptions | None = None) -> Table:
        """Return the table on a sheet: the one that the options name, else the only visible one that is not empty.

        Raises TableInvalid with everything that is wrong, WrongUse or UnknownName where the sheet is not said or there.
        """
        options, name = options or ReadOptions(), source_name(source)
        found = contents(source)
        book = open_workbook(found if isinstance(found, bytes) else found.encode(errors="replace"), name)
        chosen = book.sheet(options.sheet, lambda sheet: is_empty(book, sheet))
        return table_of(read_cells(book, chosen), scheme, options, by_hand=book.by_hand)

    def write(self, result: Result) -> bytes:
        """Return the result as a workbook; the same result gives the same bytes.

        Raises UnknownName where the result lacks a unit that is to be explained.
        """
        from ictindex.formats.excel.result import result_workbook

        return result_workbook(result, self.language, self.units)

    def read_result(self, source: Readable) -> Written:
        """Return the result in a workbook, as far as its sheets show it. Raises ResultInvalid, TableInvalid."""
        from ictindex.formats.excel.written import written_workbook

        name, found = source_name(source), contents(source)
        return written_workbook(open_workbook(found if isinstance(found, bytes) else found.encode(), name))

    def write_table(self, table: Table, scheme: Scheme) -> bytes:
        """Return the figures of a table as a workbook that reads back as the same table."""
        from ictindex.formats.excel.table import table_workbook

        return table_workbook(table, scheme)
