"""An answer as a workbook: its main table on the first sheet, its page on the second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ictindex.answer import Answer
from ictindex.formats.answer_columns import ToldColumn, told_columns
from ictindex.formats.excel.writing import FAINT, HEAD, LINE, NOTICE, Book, Sheet, width_of
from ictindex.messages import in_language, say
from ictindex.pages import Block, Grid, Lines, Page

_CELL: dict[str, Any] = {"border": 1, "border_color": LINE}
_WHITE = "#FFFFFF"
_HEADING: dict[str, Any] = {
    **_CELL,
    "bold": True,
    "bg_color": HEAD,
    "font_color": _WHITE,
    "align": "center",
    "text_wrap": True,
}
_TITLE: dict[str, Any] = {"bold": True, "font_size": 15, "font_color": HEAD, "align": "left"}
_PAGE_WIDTH, _FEWEST = 110.0, 8
"""The letters across a page of lines, and the columns that it has at least."""


def answer_workbook(answer: Answer, language: str) -> bytes:
    """Return an answer as a workbook, its words in a language; the same answer gives the same bytes.

    Raises WrongUse where the package that writes workbooks is not installed (U123), or a sheet is too long (U165).
    """
    page, scheme = answer.page(), answer.subject.scheme
    title = in_language(page.title, language)
    notices = " ".join(in_language(one, language) for one in page.notices)
    book = Book(title, scheme.id, scheme.edition, notices)
    _Writer(book, language, title, notices).table(list(told_columns(answer, language)))
    _Writer(book, language, title, notices).page(page)
    return book.content()


class _Writer:
    """Writes one sheet of an answer."""

    def __init__(self, book: Book, language: str, title: str, notices: str) -> None:
        self.book, self.language, self.title, self.notices = book, language, title, notices
        self.at = 0

    def told(self, text: str) -> str:
        """Return a text in the reader's language."""
        return in_language(text, self.language)

    def table(self, columns: Sequence[ToldColumn]) -> None:
        """Write the main table."""
        sheet = self.book.sheet(self.told(say("Table")))
        shown = [[_shown(cell) for cell in column.cells] for column in columns]
        widths = [width_of([*column.heading.split(), *texts]) for column, texts in zip(columns, shown, strict=True)]
        sheet.widths(widths)
        self._above(sheet, widths)
        head, rows = self.at, max((len(column.cells) for column in columns), default=0)
        for place, column in enumerate(columns):
            sheet.text(head, place, column.heading, **_HEADING)
            form = _number_format(column)
            for row, cell in enumerate(column.cells, head + 1):
                _write(sheet, row, place, cell, form if column.is_number else "")
        sheet.fit(head, [column.heading for column in columns], [width - 2 for width in widths])
        for row in range(rows):
            sheet.fit(head + 1 + row, [texts[row] for texts in shown], [width - 2 for width in widths])
        sheet.table(head, head + rows, len(columns), frozen=min(2, len(columns)))
        sheet.printed(self.title, "", "", repeat=(head, head), fit=True)

    def page(self, page: Page) -> None:
        """Write the page: its lines across the sheet, its tables below each other."""
        sheet = self.book.sheet(self.told(say("Page")))
        blocks = [block for section in page.sections for block in section.blocks]
        widths = self._widths([block for block in blocks if isinstance(block, Grid)])
        sheet.widths(widths)
        self._above(sheet, widths)
        for section in page.sections:
            if section.title:
                sheet.across(self.at, self.told(section.title), widths, bold=True, font_size=12, font_color=HEAD)
                self.at += 1
            for block in section.blocks:
                self._block(sheet, block, widths)
            self.at += 1
        sheet.printed(self.title, "", "", repeat=None, fit=True)

    def _above(self, sheet: Sheet, widths: Sequence[float]) -> None:
        sheet.across(0, self.title, widths, **_TITLE)
        self.at = 1
        if self.notices:
            sheet.across(1, self.notices, widths, bg_color=NOTICE, font_color=FAINT, **_CELL)
            self.at = 2
        self.at += 1

    def _block(self, sheet: Sheet, block: Block, widths: Sequence[float]) -> None:
        if isinstance(block, Lines):
            for text in block.texts:
                sheet.across(self.at, ("• " if block.bullets else "") + self.told(text), widths, align="left")
                self.at += 1
            return
        for row in (block.header, *block.body):
            texts = [self.told(cell) for cell in row]
            for place, text in enumerate(texts):
                right = {"align": "right"} if place in block.right else {"align": "left"}
                look = _HEADING if row is block.header else {**_CELL, **right, "text_wrap": True}
                sheet.text(self.at, place, text, **look)
            sheet.fit(self.at, texts, [width - 2 for width in widths[: len(texts)]])
            self.at += 1
        self.at += 1

    def _widths(self, grids: Sequence[Grid]) -> list[float]:
        """Return widths of columns in which every table of the page fits, and lines have the room of a page."""
        most = max([_FEWEST, *(len(grid.header) for grid in grids)])
        widths = [width_of(self._column(grids, place), most=40) for place in range(most)]
        spare = _PAGE_WIDTH - sum(widths)
        return [*widths, spare] if spare > 0 else widths

    def _column(self, grids: Sequence[Grid], place: int) -> Iterator[str]:
        for grid in grids:
            if place < len(grid.header):
                yield from (self.told(word) for word in self.told(grid.header[place]).split())
                yield from (self.told(row[place]) for row in grid.body)


def _write(sheet: Sheet, row: int, column: int, cell: Any, form: str) -> None:
    if cell is None or cell == "":
        sheet.blank(row, column, **_CELL)
    elif form:
        sheet.number(row, column, float(cell), num_format=form, align="right", **_CELL)
    else:
        sheet.text(row, column, str(cell), align="left", text_wrap=True, **_CELL)


def _number_format(column: ToldColumn) -> str:
    """Return how the numbers of a column are shown: published ones with their decimals, others with four at most."""
    told = [cell for cell in column.cells if cell is not None]
    decimals = max((len(cell.partition(".")[2]) for cell in told if isinstance(cell, str)), default=-1)
    if decimals >= 0:
        return f"0.{'0' * decimals}" if decimals else "0"
    return "0" if all(float(cell).is_integer() for cell in told) else "0.00##"


def _shown(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:.4f}".rstrip("0").rstrip(".")
    return "" if cell is None else str(cell)
