"""What a cell's number format makes of its number, as far as that changes what a person reads: 85%, 00070.

Dates and times are what openpyxl makes of numbers.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

Day = dt.date | dt.datetime | dt.time | dt.timedelta

# What a format shows as it stands: quoted words, a sign behind a backslash, one that is left blank (_) or repeated (*),
# and colours, conditions and languages in brackets.
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_SILENT = re.compile(r"\[[^\]]*\]|_.|\*.")
_ZEROS = re.compile("0{2,}")
_SCALED = re.compile("[0#?],+(?![0#?,])")  # each comma behind the last digit leaves out three
_FEW_ZEROS = 1e21  # a longer number is written with its exponent


class Shape(NamedTuple):
    """How a number is shown: `percent` a hundred times with a sign, `sign` with a sign only, `zeros` to a width.

    `scaled`: in thousands or millions, without a word of it.
    """

    kind: Literal["percent", "sign", "zeros", "scaled"]
    width: int = 0


@lru_cache(maxsize=512)
def shape_of(code: str) -> Shape | None:
    """Return how a number format such as `0.0%` shows numbers, None where it shows nothing else than their value."""
    first = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)[0]  # that of positive numbers
    bare = _SILENT.sub("", _LITERAL.sub("", first))
    if "%" in bare:
        return Shape("percent")
    if any("%" in (found[1] or found[2] or "") for found in _LITERAL.finditer(first)):
        return Shape("sign")
    if _SCALED.search(bare):
        return Shape("scaled")
    return Shape("zeros", len(bare)) if _ZEROS.fullmatch(bare) else None


def digits_15(number: float) -> int | float:
    """Return a number with the 15 digits that Excel keeps and shows: what was typed, and 0.3 for 0.1 + 0.2."""
    if abs(number) < 10**15 and (isinstance(number, int) or number.is_integer()):
        return int(number)
    return float(f"{number:.15g}")


def shown_as(number: float, shape: Shape) -> str:
    """Return the text that a cell shows for a number of a shape, with every digit that it has."""
    if shape.kind == "zeros":
        whole = digits_15(number)
        return f"{whole:0{shape.width}d}" if isinstance(whole, int) and whole >= 0 else plain(whole)
    return f"{plain(number * 100 if shape.kind == 'percent' else number)}%"


def plain(number: float) -> str:
    """Return a number of at most 15 digits as decimals."""
    text = f"{number:.15g}"
    return format(Decimal(text), "f") if "e" in text and abs(number) < _FEW_ZEROS else text
