"""The last sheet of a result: what it was made from, the levels, and every number of the scheme that is assumed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from ictindex.choices import stated_about, stated_words
from ictindex.citations import Status
from ictindex.explanation import number_text
from ictindex.formats.excel.writing import GROUP, HEAD, LINE, Sheet
from ictindex.messages import say
from ictindex.model import TOTAL, Level, Row, Scheme
from ictindex.result import Result

if TYPE_CHECKING:
    from ictindex.formats.excel.result import Look

_WIDTHS = (34.0, 30.0, 40.0, 74.0)
_CELL = {"border": 1, "border_color": LINE, "valign": "top", "text_wrap": True}


def write_notes(sheet: Sheet, result: Result, look: Look) -> None:
    """Write the facts of a result, then the levels and the assumed numbers of its scheme."""
    sheet.widths(_WIDTHS)
    at = look.above(sheet, _WIDTHS)
    for label, text in _facts(result):
        sheet.text(at, 0, look.told(label), bold=True, valign="top")
        sheet.text(at, 1, look.told(text), valign="top")
        at += 1
    for total in result.totals:
        if total.levels is not None:
            at = _heading(sheet, at + 1, look.told(say("Levels of {row}", row=f"{total.code} {total.name}")))
            for level in total.levels.levels:
                sheet.text(at, 0, level.name, **_CELL)
                sheet.text(at, 1, look.told(_from(level, total)), **_CELL)
                at += 1
    repeat = None
    assumed = [one for one in result.scheme.statements if one.citation.status is Status.ASSUMED]
    if assumed:
        at = _heading(sheet, at + 1, look.told(say("Assumed numbers and rules: {count}", count=len(assumed))))
        for column, word in enumerate((say("Row"), say("What"), say("Choice or number"), say("Why"))):
            sheet.text(at, column, look.told(word), **{**_CELL, "bold": True, "bg_color": GROUP})
        repeat = (at, at)
        for one in assumed:
            at += 1
            told = (look.told(stated_about(one.key)), look.told(stated_words(one.key, one.text)))
            texts = (look.told(_row_named(result.scheme, one.at)), *told, one.citation.words)
            for column, text in enumerate(texts):
                sheet.text(at, column, text, **_CELL)
            sheet.fit(at, texts, _WIDTHS)
    sheet.printed(look.title, look.mark, look.receipt, repeat=repeat, fit=True)


def _heading(sheet: Sheet, at: int, text: str) -> int:
    sheet.text(at, 0, text, bold=True, font_size=12, font_color=HEAD)
    return at + 1


def _facts(result: Result) -> Iterator[tuple[str, str]]:
    scheme, receipt = result.scheme, result.receipt()
    yield say("Scheme"), f"{scheme.id}: {scheme.title}"
    if scheme.variant:
        yield say("Variant"), scheme.variant
    if scheme.data_year is not None:
        yield say("Year of the data"), str(scheme.data_year)
    for source in scheme.sources:
        yield say("Source"), " ".join(filter(None, (source.title, source.date, source.url)))
    yield say("Units"), str(len(result.units))
    yield say("SHA-256 of the scheme"), receipt["scheme_sha256"]
    yield say("SHA-256 of the table"), receipt["data_sha256"]
    yield say("SHA-256 of the result"), receipt["result_sha256"]
    yield say("Receipt"), result.receipt_line()


def _from(level: Level, row: Row) -> str:
    """Return from which score on a level is given."""
    if level.of_max:
        lower = number_text(level.lower * 100)
        points = number_text(level.lower * row.max)
        return say("from {percent}% of the maximum ({points} points)", percent=lower, points=points)
    return say("from {score}", score=number_text(Fraction(level.lower)))


def _row_named(scheme: Scheme, code: str) -> str:
    if code == TOTAL:
        return say("Scheme")
    try:
        return f"{code} {scheme.row(code).name}".strip()
    except KeyError:
        return code
