"""The criteria that differ from what units declared, on a sheet: a line for each, with what became of its figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ictindex.formats.changes import Change, changes_of, reasons_told
from ictindex.formats.excel.writing import FAINT, HEAD, LINE, Sheet, signed_digits
from ictindex.messages import joined, say
from ictindex.model import Row
from ictindex.result import Result
from ictindex.sides import Difference, history_of

if TYPE_CHECKING:
    from ictindex.formats.excel.result import Look

# A sheet whose first columns are the code and the name of units is read back as the points: this begins otherwise.
_HEADS = (
    say("No."), say("Code"), say("Unit"), say("Criterion"), say("Declared"), say("Score"), say("Difference"), say("Why")
)  # fmt: skip
_WIDTHS = (6.0, 12.0, 26.0, 38.0, 11.0, 11.0, 12.0, 56.0)
_CELL = {"border": 1, "border_color": LINE, "valign": "top"}


@frozen(kw_only=True)
class _Line:
    """One criterion of one unit."""

    change: Change
    row: Row
    found: Difference


def has_changes(result: Result) -> bool:
    """Whether a unit has another score at a total than it declared."""
    return any(one.changed for total in result.totals for one in result.differences(total.code))


def write_changes(sheet: Sheet, result: Result, look: Look, language: str) -> None:
    """Write every criterion of every unit whose score is another than was declared."""
    sheet.widths(_WIDTHS)
    head = look.above(sheet, _WIDTHS, look.told(say("Scores that differ from what was declared")))
    heading = {"bold": True, "bg_color": HEAD, "font_color": "#FFFFFF", "align": "center", "text_wrap": True}
    for column, word in enumerate(_HEADS):
        sheet.text(head, column, look.told(word), **{**_CELL, **heading, "valign": "vcenter"})
    sheet.height(head, 24)
    at = head
    for number, line in enumerate(_lines(result), 1):
        at += 1
        _write(sheet, at, number, line, result, look, language)
    sheet.table(head, at, len(_HEADS), frozen=3)
    sheet.printed(look.title, look.mark, look.receipt, repeat=(head, head), fit=True)


def _lines(result: Result) -> Iterator[_Line]:
    for total in result.totals:
        for change in changes_of(result, total):
            for row, found in change.criteria:
                yield _Line(change=change, row=row, found=found)


def _write(sheet: Sheet, at: int, number: int, line: _Line, result: Result, look: Look, language: str) -> None:
    row, found = line.row, line.found
    name = row.en if language == "en" and row.en else row.name
    texts = (found.unit, found.name, f"{row.code} {name}".strip(), look.told(_why(result, line)))
    columns = (1, 2, 3, 7)
    sheet.number(at, 0, number, **_CELL, align="center")
    for column, text in zip(columns, texts, strict=True):
        sheet.text(at, column, text, **_CELL, text_wrap=True, align="left", indent=1)
    digits = "0" if not row.publish.decimals else f"0.{'0' * row.publish.decimals}"
    signed = signed_digits(digits)
    scores = ((4, found.declared, digits), (5, found.published, digits), (6, found.difference, signed))
    for column, score, form in scores:
        look_of: dict[str, Any] = {**_CELL, "bold": column == 5}
        if score is None:
            sheet.text(at, column, "–", **look_of, align="center", font_color=FAINT)
        else:
            sheet.number(at, column, float(score), **look_of, num_format=form, align="right", indent=1)
    sheet.fit(at, texts, [_WIDTHS[column] - 1 for column in columns])


def _why(result: Result, line: _Line) -> str:
    """Return what became of the figures of a criterion, with the reasons; without a round, the reasons alone."""
    at, row = line.change.position, line.row
    told = history_of(result.table, at, row)
    return joined(told or tuple(reasons_told(result, at, line.found, [row])), by="\n")
