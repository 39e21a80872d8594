"""What a cell's number format makes of its number, as far as that changes what a person reads: 85%, 00070, a date."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

Day = dt.date | dt.datetime | dt.time

_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENTS = frozenset({9, 10})
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
# What a format shows as it stands: quoted words, a sign behind a backslash, one that is left blank (_) or repeated (*),
# and colours, conditions and languages in brackets.
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_SILENT = re.compile(r"\[[^\]]*\]|_.|\*.")
_ZEROS = re.compile("0{2,}")
_FEW_ZEROS = 1e21  # a longer number is written with its exponent
_LAST_LEAP = 60  # Excel counts a 29 February 1900 that never was


class Shape(NamedTuple):
    """How a number is shown: `percent` a hundred times with a sign, `sign` with a sign only, `zeros` to a width."""

    kind: Literal["percent", "sign", "zeros", "date"]
    width: int = 0


def shape_of(number: str, code: str) -> Shape | None:
    """Return how a number format shows numbers, None where it shows nothing else than their value.

    `number` is the format's number, `code` what the workbook says it is; built-in ones say nothing.
    """
    known = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else -1
    if code:
        return _shape_of_code(code)
    if known in _DATES:
        return Shape("date")
    return Shape("percent") if known in _PERCENTS else None


@lru_cache(maxsize=512)
def _shape_of_code(code: str) -> Shape | None:
    first = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)[0]  # that of positive numbers
    if _ELAPSED.search(first):
        return Shape("date")
    bare = _SILENT.sub("", _LITERAL.sub("", first))
    if re.search("[dmyhs]", bare.replace("General", ""), re.IGNORECASE):
        return Shape("date")
    if "%" in bare:
        return Shape("percent")
    if any("%" in (found[1] or found[2] or "") for found in _LITERAL.finditer(first)):
        return Shape("sign")
    return Shape("zeros", len(bare)) if _ZEROS.fullmatch(bare) else None


def day_of(number: float, *, from_1904: bool) -> Day | None:
    """Return the date or time that a number is shown as, None where it is none."""
    if not 0 <= number < 2_958_466:  # the year 9999 ends there
        return None
    seconds = round(number % 1 * 86_400)
    hours, rest = divmod(seconds % 86_400, 3600)
    time = dt.time(hours, *divmod(rest, 60))
    if number < 1 and not from_1904:
        return time
    days = int(number) + seconds // 86_400
    first = dt.date(1904, 1, 1) if from_1904 else dt.date(1899, 12, 30 if days >= _LAST_LEAP else 31)
    try:
        day = first + dt.timedelta(days=days)
    except OverflowError:
        return None
    return dt.datetime.combine(day, time) if seconds % 86_400 else day


def digits_15(number: float) -> int | float:
    """Return a number with the 15 digits that Excel keeps and shows: what was typed, and 0.3 for 0.1 + 0.2."""
    if number.is_integer() and abs(number) < 10**15:
        return int(number)
    return float(f"{number:.15g}")


def shown_as(number: float, shape: Shape) -> str:
    """Return the text that a cell shows for a number of a shape that is no date, with every digit that it has."""
    if shape.kind == "zeros":
        whole = digits_15(number)
        return f"{whole:0{shape.width}d}" if isinstance(whole, int) and whole >= 0 else plain(whole)
    return f"{plain(number * 100 if shape.kind == 'percent' else number)}%"


def plain(number: float) -> str:
    """Return a number of at most 15 digits as decimals."""
    text = f"{number:.15g}"
    return format(Decimal(text), "f") if "e" in text and abs(number) < _FEW_ZEROS else text
