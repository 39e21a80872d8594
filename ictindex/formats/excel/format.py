"""Excel workbooks: a sheet is read as a table; tables and results are written."""

from __future__ import annotations

from attrs import frozen

from ictindex.assembling import ReadOptions
from ictindex.formats import Readable, contents, source_name
from ictindex.formats.excel.cells import is_empty, read_cells
from ictindex.formats.excel.package import open_workbook
from ictindex.formats.excel.reading import table_of
from ictindex.model import Scheme
from ictindex.table import Table


@frozen
class ExcelFormat:
    """A workbook of Excel (.xlsx); one with macros (.xlsm) is read for its values."""

    name: str = "excel"
    suffixes: tuple[str, ...] = (".xlsx",)
    reads: tuple[str, ...] = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")
    """The endings of files that are read, or refused with advice."""

    def read(self, source: Readable, scheme: Scheme, options: ReadOptions | None = None) -> Table:
        """Return the table on a sheet: the one that the options name, else the only visible one that is not empty.

        Raises TableInvalid with everything that is wrong, WrongUse or UnknownName where the sheet is not said or there.
        """
        options, name = options or ReadOptions(), source_name(source)
        found = contents(source)
        book = open_workbook(found if isinstance(found, bytes) else found.encode(errors="replace"), name)
        chosen = book.sheet(options.sheet, lambda sheet: is_empty(book, sheet))
        return table_of(read_cells(book, chosen), scheme, options, by_hand=book.by_hand)
