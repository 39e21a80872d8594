"""Texts as they are compared, typed and shown: one Unicode form, either placement of a tone, numbers in decimals."""

from __future__ import annotations

import re
import unicodedata
from decimal import Context, Decimal, Inexact, InvalidOperation
from fractions import Fraction
from typing import Any

import numpy as np

CELL_LIMIT = 32_767
"""The most characters of a cell: what a spreadsheet allows."""

# The tone of oa, oe, uy stands on either vowel (Hoà, Hòa); both are written, and NFC does not make them one.
_LATE_TONE = re.compile("(o(?=[ae])|u(?=y))([aey])([\u0300\u0301\u0303\u0309\u0323])")
_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])

_LONG = 13_000
"""Python refuses to write out the digits of whole numbers of more bits than about this."""

_NOTHING = ("NAType", "NaTType")
"""The classes of pandas' own missing values, which is not imported to ask."""


def clean(text: str) -> str:
    """Return the text in NFC, without blanks around it and with single blanks inside."""
    if text.isascii() and text.isalnum():
        return text
    return " ".join(unicodedata.normalize("NFC", text.replace("\ufeff", "").replace("\u200b", "")).split())


def said(value: Any) -> str:
    """Return what a caller says for a code or name as `clean` text: a number is its digits, None is nothing."""
    return clean(cell_text(value))


def fold(text: str) -> str:
    """Return the text as names are compared: any case, any blanks, either placement of the tone (Hoà is Hòa)."""
    apart = unicodedata.normalize("NFD", clean(text).casefold())
    return unicodedata.normalize("NFC", _LATE_TONE.sub(r"\1\3\2", apart))


def bare(text: str) -> str:
    """Return the text folded and without tones and marks, as it is typed on a foreign keyboard: Lấp Vò is lap vo."""
    apart = unicodedata.normalize("NFD", fold(text))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).replace("đ", "d")


def cell_text(value: Any) -> str:
    """Return a plain Python or numpy value as the text that a person would have typed: None, NA and NaT are empty.

    A whole float loses its `.0`, because codes that were typed as numbers arrive as 70.0. A fraction without a finite
    decimal form stays `1/3`, which no column of numbers takes.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Fraction):
        return number_text(value)
    if isinstance(value, float | np.floating):
        number = float(value)
        if number.is_integer() and abs(number) < 2**53:
            return str(int(number))
    if isinstance(value, int) and value.bit_length() > _LONG:
        return _too_long(Fraction(value))
    return "" if type(value).__name__ in _NOTHING else str(value)


def number_text(number: Fraction) -> str:
    """Return an exact number as decimals, or as a fraction where decimals do not end."""
    try:
        return format(_EXACT.divide(Decimal(number.numerator), Decimal(number.denominator)), "f")
    except (Inexact, InvalidOperation):
        lengths = number.numerator.bit_length(), number.denominator.bit_length()
        return _too_long(number) if max(lengths) > _LONG else str(number)


def _too_long(number: Fraction) -> str:
    """Return about how large a number is whose digits Python refuses to write out."""
    bits = number.numerator.bit_length() - number.denominator.bit_length()
    return f"{'-' if number < 0 else ''}1e{round(bits * 0.30103)}"


def shown(text: str) -> str:
    """Return the text quoted for a message, cut where it is long."""
    return repr(text if len(text) <= 40 else text[:40] + "…")
