"""Numbers and points as a decision prints them: 10, 10,5, 10 điểm, tối đa 10. Exact, and never guessed."""

from __future__ import annotations

import re
from fractions import Fraction

FIGURE = r"[0-9]{1,6}(?:[.,][0-9]{1,4})?"
"""What a number looks like, as a part of a pattern."""

_THOUSANDS = re.compile(r"([0-9]{1,3})\.000")
_UNSURE = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")
_POINTS = re.compile(
    rf"(?P<capped>tối đa:? |không quá )?\(?({FIGURE})\)? ?(?:điểm|đ|points?|pts)?\.?(?: tối đa)?", re.IGNORECASE
)
_IN_WORDS = re.compile(rf"(?:\(|[-–:,] ?)(?:tối đa:? )?({FIGURE}) ?điểm\)?[.:]?$", re.IGNORECASE)
_WORD = r"(?P<word>cộng|thưởng|trừ)(?: thêm)?"
_NUMBER = rf"(?P<figure>{FIGURE}) ?(?:điểm|đ)?"
_EXTRA = (
    re.compile(rf"(?P<word>[-–−+]) ?{_NUMBER}"),
    re.compile(
        rf"(?:điểm )?(?:được |bị )?{_WORD}(?: điểm)?:? ?(?:tối đa:? ?|không quá )?{_NUMBER}(?: tối đa)?", re.IGNORECASE
    ),
    re.compile(rf"{_NUMBER} ?\(?(?:điểm )?{_WORD}\)?", re.IGNORECASE),
)
_DASHES = frozenset("-–—")


def read_figure(text: str) -> Fraction | None:
    """Return the number that a text says with a decimal comma or point, None where it says none or may say two.

    1.000 is a thousand; 1.250 may be one and a quarter, or more than a thousand.
    """
    thousands = _THOUSANDS.fullmatch(text)
    if thousands:
        return Fraction(int(thousands[1]) * 1000)
    if _UNSURE.fullmatch(text) or not re.fullmatch(FIGURE, text):
        return None
    return Fraction(text.replace(",", "."))


def read_max(text: str) -> Fraction | None:
    """Return the points in a cell of maxima: `10`, `10,5 điểm`, `Tối đa 10`; None where there are none to be read."""
    found = _POINTS.fullmatch(text)
    return read_figure(found[2]) if found else None


def read_extra(text: str) -> tuple[str, Fraction] | None:
    """Return (bonus or deduct, points) of a cell such as `cộng 5` or `-10`, None where it says no such thing."""
    found = next(filter(None, (pattern.fullmatch(text) for pattern in _EXTRA)), None)
    points = read_figure(found["figure"]) if found else None
    if not found or not points:
        return None
    return ("bonus" if found["word"].casefold() in ("+", "cộng", "thưởng") else "deduct"), points


def says_no_points(text: str) -> bool:
    """Return whether a cell of maxima is empty, or a dash as printed where there is nothing to say."""
    return not text or text in _DASHES


def says_more(text: str) -> bool:
    """Return whether a cell of maxima has words that are more than a number and its unit: `Tối đa 10`, `cộng 5`."""
    found = _POINTS.fullmatch(text)
    return bool(found["capped"]) if found else read_extra(text) is not None


def points_in_words(words: str) -> Fraction | None:
    """Return the points at the end of a heading's words: `Hạ tầng số (30 điểm)`; None where there are none."""
    found = _IN_WORDS.search(words)
    return read_figure(found[1]) if found else None
