"""Texts that a spreadsheet would take for a formula: written so that it does not, and read back as they were.

A text that begins with one of these signs gets an apostrophe before it. So does one that begins with apostrophes and
then such a sign, else it could not be told from a text that got its apostrophe here.
"""

from __future__ import annotations

from collections.abc import Sequence

_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_APOSTROPHE = "'"


def defused(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"{_APOSTROPHE}{text}" if text.lstrip(_APOSTROPHE).startswith(_SIGNS) else text


def all_defused(texts: Sequence[str]) -> Sequence[str]:
    """Return the texts so that no spreadsheet takes one of them for a formula."""
    whole = "".join(texts)
    return [*map(defused, texts)] if any(sign in whole for sign in _SIGNS) else texts


def restored(text: str) -> str:
    """Return the text that `defused` made this of."""
    return text[1:] if text.startswith(_APOSTROPHE) and text.lstrip(_APOSTROPHE).startswith(_SIGNS) else text


def hides_formulas(whole: str) -> bool:
    """Whether any text in a file may be one that `defused` made."""
    return _APOSTROPHE in whole and any(f"{_APOSTROPHE}{sign}" in whole for sign in (*_SIGNS, "\n"))
