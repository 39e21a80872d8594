"""Markdown in which nothing that stands in a scheme or a table is taken for Markdown or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>|~$^#&]")
_OPENING = re.compile(r"^([-+=:]|\d+(?=[.)]))")
_BLANKS = re.compile(r"\s+")


def escaped(text: str) -> str:
    """Return a text on one line in which nothing is taken for Markdown or HTML."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", _BLANKS.sub(" ", text))


def begun(text: str) -> str:
    """Return an escaped text that begins a line or an item: neither `1.` nor `-` at its start makes a list."""
    return _OPENING.sub(lambda found: f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}", text.lstrip())


def table(heads: Sequence[str], body: Iterable[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
    """Yield the lines of a table whose cells are Markdown; the columns at `right` are numbers."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'|'.join('--:' if place in right else '---' for place in range(len(heads)))}|"
    yield from (f"| {' | '.join(cells)} |" for cells in body)
