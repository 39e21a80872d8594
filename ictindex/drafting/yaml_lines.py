"""Lines of a scheme document: words quoted where YAML needs it, texts of several lines as blocks, comments folded."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from ictindex.documents.source import Scalar
from ictindex.documents.yaml_text import block, flow, quoted
from ictindex.errors import Location

WIDTH = 118
LONGEST_KEY = 1000
"""Characters of a key that can stand before its colon; YAML takes 1,024, quotation marks included."""

_SHORT = 24  # characters: so short a text is easier to read in quotation marks than as a block
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]{4,}")  # yes, no, on and off are shorter
_MEAN_MORE = ("true", "false", "null")


def words(text: str) -> str:
    """Return words on one line as a value in block style; what YAML could take for more than words is quoted."""
    return block(_scalar(text)) if _is_words(text) else quoted(text)


def flow_words(text: str) -> str:
    """Return words as a value inside `{ }`."""
    return flow(_scalar(text)) if _is_words(text) else quoted(text)


def _is_words(text: str) -> bool:
    if " " in text:
        return _LETTER.search(text) is not None
    return _WORD.fullmatch(text) is not None and text.casefold() not in _MEAN_MORE


def line_key(code: str, name: str) -> str:
    """Return the key of a line `code words`, with its colon; one that is very long begins with a `?`."""
    text = f"{code} {name}"
    key = block(_scalar(text))
    return f"{key}:" if len(key) <= LONGEST_KEY else f"? {quoted(text)}\n:"


def text_value(key: str, text: str) -> Iterator[str]:
    """Yield `key: words`, or the text as a block below it where it has several lines or would need quotation marks."""
    plain = words(text)
    if "\n" not in text and (not plain.startswith('"') or text.startswith(" ") or len(text) < _SHORT):
        yield f"{key}: {plain}"
        return
    yield f"{key}: |2-" if text.startswith((" ", "\n")) else f"{key}: |-"
    for line in text.split("\n"):
        yield f"  {line}" if line else ""


def comment(text: str) -> Iterator[str]:
    """Yield a comment, folded to the width of a page."""
    yield from textwrap.wrap(" ".join(text.split()), WIDTH, initial_indent="# ", subsequent_indent="#   ")


def indented(lines: Iterator[str]) -> Iterator[str]:
    """Yield lines two blanks further in; empty lines stay empty."""
    for line in lines:
        for one in line.split("\n"):
            yield f"  {one}" if one else ""


def _scalar(text: str) -> Scalar:
    return Scalar(text, text, Location())
