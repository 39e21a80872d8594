"""What the texts of a scheme document mean: lines, exact numbers, points.

Nothing here goes through a float: `0.1` is one tenth, `1/3` is one third.
"""

from __future__ import annotations

import re
from fractions import Fraction

STATUS_KEYS = ("cited", "derived", "assumed")

ROW_KEYS = frozenset(
    (
        *(*STATUS_KEYS, "notes", "en", "was", "below", "evidence", "data-from", "verified-by", "effort"),
        *("max", "bonus", "deduct", "weight", "rows", "criteria", "combine", "parts"),
        *("missing", "not-applicable", "publish", "rank", "levels", "between-levels"),
    )
)
"""What may stand in a row besides lines, measures and scales."""

TOP_KEYS = frozenset(
    (
        *("scheme", "title", "unit", "edition", "data-year", "revision", "replaces", "history", "sources"),
        *("inputs", "choices", "uses", "variants", "pools", "merged", "self-scored", "unit-list", "reasons"),
    )
)
"""What stands at the top only."""

ADDING = ("sum", "capped")
"""Aggregations that add points up: every row beneath needs a maximum."""

WEIGHING = ("mean", "geometric")
"""Aggregations that take the shares of the rows beneath by their weights."""

_CODE = r"[0-9A-Za-z][0-9A-Za-z._-]*"
_LINE = re.compile(rf"({_CODE})[ \n]+(\S.*)", re.DOTALL)
_DECIMAL = r"[-+]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})"
_NUMBER = re.compile(rf"({_DECIMAL})(?:[eE]([-+]?[0-9]{{1,2}}))?(?: ?/ ?([0-9]{{1,40}}(?:\.[0-9]{{1,40}})?))?( ?%)?")
_SHARE = re.compile(r"(?:(.+?)[ ]*[*x×]?[ ]+)?max")
_BAND = re.compile(r"([0-9.]{1,40} ?%?) ?[-\u2013] ?([0-9.]{1,40} ?%?)")


def split_line(text: str) -> tuple[str, str] | None:
    """Return (code, words) of a line such as `1.1 Ban chỉ đạo`, None where the text is not a line.

    The first blank ends the code; a keyword has no blank, so it is never a line.
    """
    found = _LINE.fullmatch(text)
    return (found[1], found[2]) if found else None


def is_code(text: str) -> bool:
    """Return whether the text can be the code of a line."""
    return re.fullmatch(_CODE, text) is not None


def read_number(text: str) -> Fraction | None:
    """Return the exact number that a text such as `20`, `0.5`, `1/3` or `90%` says, None where it says none."""
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        return None
    number, exponent, below, percent = found.groups()
    result = Fraction(number) * Fraction(10) ** int(exponent or 0)
    if below is not None:
        if not Fraction(below):
            return None
        result /= Fraction(below)
    return result / 100 if percent else result


def read_points(text: str, maximum: Fraction) -> Fraction | None:
    """Return the points that `15`, `max`, `1/2 max` or `50% max` say, given the row's maximum; None where none.

    A bare percent says nothing: it could be a share of the maximum or a number.
    """
    found = _SHARE.fullmatch(text.strip())
    if found:
        share = Fraction(1) if found[1] is None else read_number(found[1])
        return None if share is None else share * maximum
    return None if text.rstrip().endswith("%") else read_number(text)


def read_band(text: str) -> tuple[Fraction, Fraction | None, bool] | None:
    """Return (lower, upper, whether a share of the maximum) of a bound: `90%`, `85` or, as printed, `85-100`."""
    found = _BAND.fullmatch(text.strip())
    lower_text, upper_text = (found[1], found[2]) if found else (text, None)
    lower, upper = read_number(lower_text), read_number(upper_text) if upper_text else None
    shares = {one.rstrip().endswith("%") for one in (lower_text, upper_text) if one}
    if lower is None or (upper_text and upper is None) or len(shares) > 1:
        return None
    return lower, upper, shares.pop()


def write_number(number: Fraction) -> str:
    """Return the shortest exact text of a number: a decimal where there is one, else `1/3`."""
    below = number.denominator
    twos = fives = 0
    while below % 2 == 0:
        below, twos = below // 2, twos + 1
    while below % 5 == 0:
        below, fives = below // 5, fives + 1
    places = max(twos, fives)
    if below != 1 or places > 30:
        return f"{number.numerator}/{number.denominator}"
    if not places:
        return str(number.numerator)
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"
