"""A table as a workbook that reads back as the same table: codes as text, figures as numbers, notes above."""

from __future__ import annotations

from ictindex.cells import plain_numbers
from ictindex.findings import Found
from ictindex.formats.excel.shapes import digits_15
from ictindex.formats.excel.writing import GROUP, LINE, Book, Sheet, width_of
from ictindex.headers import Columns
from ictindex.model import Scheme
from ictindex.table import Table
from ictindex.typed import typed_columns

_CELL = {"border": 1, "border_color": LINE}
_SHOWN = 200  # so many cells of a column decide its width


def table_workbook(table: Table, scheme: Scheme) -> bytes:
    """Return the figures of a table as a workbook with one sheet."""
    book = Book(scheme.title, scheme.id, scheme.edition, "\n".join(table.notes))
    sheet = book.sheet(scheme.unit)
    for at, note in enumerate(table.notes):
        sheet.text(at, 0, f"# {note}")
    columns = list(typed_columns(scheme, table))
    targets = Columns(scheme).resolve([name for name, _ in columns], Found(""), 0, pooled=True)
    head = len(table.notes)
    for column, ((name, cells), target) in enumerate(zip(columns, targets, strict=True)):
        sheet.text(head, column, name, bold=True, bg_color=GROUP, **_CELL)
        numeric = target is not None and target.rule is not None and target.rule.numeric
        for at, text in enumerate(cells, head + 1):
            if text:
                _write(sheet, at, column, text, numeric=numeric)
    sheet.widths(width_of([name, *cells[:_SHOWN]], most=30) for name, cells in columns)
    sheet.table(head, head + len(table), len(columns), frozen=1)
    return book.content()


def _write(sheet: Sheet, row: int, column: int, text: str, *, numeric: bool) -> None:
    """Write a figure as a number where Excel keeps all its digits, else as text."""
    value = plain_numbers([text]) if numeric else None
    if value is not None and digits_15(float(text)) == float(text):
        sheet.number(row, column, float(text))
    else:
        sheet.text(row, column, text, num_format="@")
