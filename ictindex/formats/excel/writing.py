"""The workbooks that are written: formats, names of sheets, widths, print set-up.

xlsxwriter is imported here, when it is used.

A text is always written as a text: one that begins with = + - or @ becomes no formula. The same content gives the same
bytes: no clock is read.

Problems: U123 a package is not installed, U165 more lines than a sheet has.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from ictindex.cells import CELL_LIMIT
from ictindex.errors import Problem, WrongUse
from ictindex.formats.excel.layout import MAX_ROWS
from ictindex.messages import say

FONT, SIZE = "Times New Roman", 11
"""The letters of Vietnamese official documents."""

INK, FAINT, LINE = "#1A1A1A", "#595959", "#A6A6A6"
HEAD, GROUP, NOTICE = "#1F3864", "#E9EDF5", "#FFF4CE"

LEVELS = (
    ("#CFE8D5", "#0B4A1E"),
    ("#D3E5F8", "#0B3A66"),
    ("#FFF0BF", "#553E00"),
    ("#FBDCC4", "#692B00"),
    ("#F6CDCD", "#660909"),
)
"""Paper and ink of levels from the best to the last: each ink has a contrast above 7 on its paper."""

A4 = 9
SCALE, SMALLEST_SCALE = 70, 62
"""The percent at which a sheet of several pages across is printed, and the least that is still read."""

PAGE_HEIGHT, ROW_HEIGHT = 490.0, 15.0
"""The points between the margins of a page, and those of a row that nobody set."""

_NARROWEST = 6
"""The letters that fit in every column, however short its texts."""

LONGEST_SHEET_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_HEADER = 255
_CUT = "…"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Book:
    """A workbook that is being written."""

    def __init__(self, title: str, subject: str, year: int, comments: str) -> None:
        self._out = io.BytesIO()
        # In memory, the parts of the package bear no time of a clock.
        # The widths of columns are counted in digits of the usual letters, so these are the same as in the cells.
        usual = {"font_name": FONT, "font_size": SIZE}
        self._book: Any = the_writer().Workbook(self._out, {"in_memory": True, "default_format_properties": usual})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = set()
        self._book.set_properties(
            {
                "title": clipped(title, CELL_LIMIT),
                "subject": clipped(subject, CELL_LIMIT),
                "author": "ictindex",
                "comments": clipped(comments, CELL_LIMIT),
                "created": dt.datetime(min(max(year, 1980), 9999), 1, 1, tzinfo=dt.UTC),
            }
        )

    def sheet(self, name: str) -> Sheet:
        """Return a new sheet; its name is made one that a workbook may have, and that no other sheet has."""
        return Sheet(self, self._book.add_worksheet(sheet_name(name, self._names)))

    def format(self, **look: Any) -> Any:
        """Return a format, made once for each look."""
        key = tuple(look.items())
        found = self._formats.get(key)
        if found is None:
            usual = {"font_name": FONT, "font_size": SIZE, "font_color": INK, "valign": "vcenter"}
            found = self._formats[key] = self._book.add_format(usual | look)
        return found

    def content(self) -> bytes:
        """Return the workbook's bytes; nothing can be added after it."""
        self._book.close()
        return self._out.getvalue()


class Sheet:
    """A sheet that is being written. Rows and columns are counted from 0."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self.book, self._sheet = book, sheet
        self._heights: dict[int, float] = {}
        self._last = 0

    def text(self, row: int, column: int, text: str, **look: Any) -> None:
        """Write a text, as a text."""
        self._within(row)
        self._sheet.write_string(row, column, clipped(text, CELL_LIMIT), self.book.format(**look))

    def number(self, row: int, column: int, number: float, **look: Any) -> None:
        """Write a number."""
        self._within(row)
        self._sheet.write_number(row, column, number, self.book.format(**look))

    def blank(self, row: int, column: int, **look: Any) -> None:
        """Write the look of a cell that holds nothing."""
        self._within(row)
        self._sheet.write_blank(row, column, None, self.book.format(**look))

    def across(self, row: int, text: str, widths: Sequence[float], *, first: int = 0, **look: Any) -> None:
        """Write a text over columns of these widths, from the `first` on, as high as its lines need."""
        self._within(row)
        form = self.book.format(text_wrap=True, **look)
        if len(widths) > 1:
            self._sheet.merge_range(row, first, row, first + len(widths) - 1, "", form)
        self._sheet.write_string(row, first, clipped(text, CELL_LIMIT), form)
        self.fit(row, [text], [sum(widths)], size=look.get("font_size", SIZE))

    def down(self, first: int, last: int, column: int, text: str, **look: Any) -> None:
        """Write a text over several rows of a column."""
        self._sheet.merge_range(first, column, last, column, "", self.book.format(**look))
        self.text(first, column, text, **look)

    def fit(self, row: int, texts: Sequence[str], widths: Sequence[float], *, size: float = SIZE) -> None:
        """Make a row as high as the wrapped texts need in columns of these widths."""
        needed = [
            sum(lines_of(part, width * SIZE / size) for part in text.split("\n"))
            for text, width in zip(texts, widths, strict=True)
        ]
        if max(needed) > 1 or size > SIZE:
            self.height(row, max(needed) * size * 1.36 + 3)

    def height(self, row: int, points: float) -> None:
        """Set the height of a row."""
        self._heights[row] = min(points, 409)
        self._sheet.set_row(row, self._heights[row])

    def widths(self, widths: Iterable[float]) -> None:
        """Set the widths of the columns, in letters."""
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)

    def table(self, head: int, last: int, columns: int, *, frozen: int = 0) -> None:
        """Freeze the header and so many columns, filter below the header, and repeat it on every page."""
        self._last = last
        self._sheet.freeze_panes(head + 1, frozen)
        if last > head:
            self._sheet.autofilter(head, 0, last, columns - 1)

    def printed(
        self,
        title: str,
        notice: str,
        receipt: str,
        *,
        repeat: tuple[int, int] | None,
        fit: bool,
        keep: int = 0,
        breaks: Sequence[int] = (),
    ) -> None:
        """Set the sheet up for A4 across: a header with title and notice, a footer with receipt and page.

        `repeat` are the rows that stand on every page. Where the columns do not `fit` on one page, the first `keep` of
        them stand on every page, and before each of `breaks` begins another one.
        """
        sheet = self._sheet
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.65)
        sheet.center_horizontally()
        if repeat is not None:
            sheet.repeat_rows(*repeat)
        if fit:
            sheet.fit_to_pages(1, 0)
        else:
            sheet.print_across()
            sheet.set_print_scale(self._scale(repeat))
            sheet.set_v_pagebreaks(list(breaks))
            if keep:
                sheet.repeat_columns(0, keep - 1)
        sheet.set_header(_header(title, notice))
        sheet.set_footer(_footer(receipt))
        sheet.hide_gridlines(2)

    def _scale(self, repeat: tuple[int, int] | None) -> int:
        """Return the percent to print at: the usual, or a little less where that spares a page with a few rows."""
        again = () if repeat is None else range(repeat[0], repeat[1] + 1)
        head = sum(self._heights.get(row, ROW_HEIGHT) for row in again)
        whole = sum(self._heights.get(row, ROW_HEIGHT) for row in range(self._last + 1))

        def pages(percent: int) -> int:
            room = PAGE_HEIGHT * 100 / percent
            return 1 if whole <= room else 1 + math.ceil((whole - room) / max(room - head, ROW_HEIGHT))

        fewer = (one for one in range(SCALE - 1, SMALLEST_SCALE - 1, -1) if pages(one) < pages(SCALE))
        return next(fewer, SCALE)

    def _within(self, row: int) -> None:
        if row >= MAX_ROWS:
            message = say("a sheet of Excel has {rows} rows, and the result has more", rows=MAX_ROWS)
            raise WrongUse(Problem("U165", message, hint=say("write it as CSV or Parquet")))


def sheet_name(wanted: str, taken: set[str]) -> str:
    """Return the name that a sheet may have, the nearest to what is wanted, and add it to those that are taken.

    At most 31 characters, none of those that Excel forbids, no apostrophe at an end, and no name twice in any case.
    """
    plain = " ".join(_FORBIDDEN.sub(" ", _UNPRINTABLE.sub("", unicodedata.normalize("NFC", wanted))).split())
    plain = plain.strip("' ") or "-"
    if plain.casefold() == "history":  # Excel keeps this name for itself
        plain += " 1"
    name, count = _cut_units(plain, LONGEST_SHEET_NAME).rstrip("' "), 1
    while name.casefold() in taken:
        count += 1
        end = f" ({count})"
        name = _cut_units(plain, LONGEST_SHEET_NAME - len(end)).rstrip("' ") + end
    taken.add(name.casefold())
    return name


def clipped(text: str, most: int) -> str:
    """Return a text that a cell can hold: without characters that no workbook may have, cut where it is too long."""
    text = _UNPRINTABLE.sub("", text)
    return text if len(text) <= most else text[: most - 1] + _CUT


def signed_digits(digits: str) -> str:
    """Return the format of a difference, with its sign. The room of a sign behind it stands in for an indent.

    LibreOffice prints some cells without their indent to the right.
    """
    return f"+{digits}_ ;-{digits}_ ;{digits}_ "


def width_of(texts: Iterable[str], *, most: float = 48) -> float:
    """Return the width of a column in letters, wide enough for the texts, their indent and what is bold."""
    return min(max([_NARROWEST, *(_letters(text) for text in texts)]) * 1.03 + 3.5, most)


def lines_of(text: str, width: float) -> int:
    """Return how many lines a text takes at a width in letters."""
    return max(1, math.ceil(_letters(text) * 1.02 / max(width, 1)))


def _letters(text: str) -> float:
    """Return how wide a text is, in widths of a digit."""
    text = unicodedata.normalize("NFC", text)
    return sum(
        1.2 if letter.isupper() else 2 if unicodedata.east_asian_width(letter) in "WF" else 0.85 for letter in text
    )


def _cut_units(text: str, most: int) -> str:
    """Return the beginning of a text that has at most so many characters as Excel counts them (UTF-16)."""
    while len(text.encode("utf-16-le")) > 2 * most:
        text = text[:-1]
    return text


def _header(title: str, notice: str) -> str:
    parts = (f'&L&"{FONT}"&9', f'&R&"{FONT},Bold"&9')
    room = _LONGEST_HEADER - len("".join(parts))
    right = _plain(notice, room // 2) if notice else ""
    left = _plain(title, room - len(right))
    return parts[0] + left + (parts[1] + right if right else "")


def _footer(receipt: str) -> str:
    page = f'&R&"{FONT}"&9&P / &N'
    lead = f'&L&"{FONT}"&8'
    told = _plain(receipt, _LONGEST_HEADER)
    return page if len(lead) + len(told) + len(page) > _LONGEST_HEADER else lead + told + page


def _plain(text: str, most: int) -> str:
    """Return a text that a page's header shows as it stands; one that begins with a digit is not taken for a size."""
    text = " ".join(_UNPRINTABLE.sub("", text).split())
    shown = " " * text[:1].isdigit() + text.replace("&", "&&")
    if len(shown) <= most:
        return shown
    return shown[: most - 1].rstrip("&") + _CUT


def the_writer() -> Any:
    """Return the package that writes workbooks. Raises WrongUse (U123) where it is not installed."""
    try:
        import xlsxwriter
    except ImportError as error:
        message = say("to write Excel workbooks, {package} must be installed", package=error.name)
        raise WrongUse(Problem("U123", message, hint=say('pip install "ictindex[excel]"'))) from None
    return xlsxwriter
