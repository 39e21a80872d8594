"""What the cells of a column may hold, as the scheme says: a figure of an input, a score given at a row."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from ictindex.cells import CellRule, fold, number_text
from ictindex.messages import Text, say
from ictindex.model import Input, InputKind, Row, walk

_PERCENTS = frozenset({"%", "phần trăm", "percent", "per cent"})


def figure_rule(given: Input, row: Row | None) -> CellRule:
    """Return what a cell of the input may be; `row` is the one that the input belongs to."""
    if given.kind is InputKind.POINTS and row:
        return score_rule(row)
    low = given.low or Fraction(0) if given.kind is InputKind.COUNT else given.low
    words = say("the bound of {input}", input=f"{given.code} {given.name}".strip())
    percent = _percent(given.kind, given.unit, given.high)
    return CellRule(kind=given.kind, low=low, high=given.high, bounds=words, cases=given.cases, percent=percent)


def left_out_rule(row: Row) -> CellRule:
    """Return how many points of the row may be left out as not applicable."""
    words = say("row {code} has {points} points", code=row.code, points=number_text(row.max))
    return CellRule(kind=InputKind.POINTS, low=Fraction(0), high=row.max, bounds=words)


def score_rule(row: Row) -> CellRule:
    """Return what a given score of the row may be, on the scale that the row publishes."""
    bonus = sum((below.max for below in walk(row) if below is not row and below.role == "bonus"), Fraction(0))
    whole = row.max + bonus  # a bonus is outside the heading's maximum
    scale = row.publish.scale
    high = whole
    if scale != "points":
        high = (whole / row.max if row.max else Fraction(1)) * (1 if scale == "index" else 100)
    words, advice = _score_words(row.code, scale, number_text(high))
    percent = _percent(InputKind.POINTS, "", high) if high >= 1 else ""  # 40% of half a point: 0.4 or 0.2 points
    if scale != "points":  # a bonus may lift the highest above 1 or 100
        percent = "share" if scale == "index" else "percent"
    return CellRule(kind=InputKind.POINTS, low=Fraction(0), high=high, bounds=words, advice=advice, percent=percent)


def _percent(kind: InputKind, unit: str, high: Fraction | None) -> Literal["", "share", "percent"]:
    """Return what a percent sign means in a column: its unit of measure or its highest figure may say so."""
    share = high is not None and high <= 1
    if fold(unit) in _PERCENTS:
        return "" if share else "percent"
    if share and kind is not InputKind.COUNT:
        return "share"
    return "percent" if high == 100 and kind is not InputKind.COUNT else ""


def _score_words(code: str, scale: str, high: str) -> tuple[Text, str]:
    """Return in words how high a given score may be, and what to do about a higher one."""
    match scale:
        case "index":
            words = say("row {code} publishes an index, from 0 to {high}", code=code, high=high)
            return words, say("write points / maximum")
        case "percent":
            words = say("row {code} publishes a percent, from 0 to {high}", code=code, high=high)
            return words, say("write points / maximum x 100")
    return say("row {code} has at most {points} points", code=code, points=high), ""
