"""A page for a person: a title, what every reader must know, and sections of lines and tables.

Whoever answers a question makes a page; here it becomes text for a terminal, or Markdown, in the reader's language.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from ictindex.markup import begun, escaped, table
from ictindex.messages import LANGUAGES, in_language

WIDTH = 110
"""A page of text is so many characters wide where its tables allow it."""

_GAP = "  "
_NARROWEST = 24
"""A column of words is broken into lines of at least so many characters."""
WHOLE_WORDS: Mapping[str, Any] = {"break_on_hyphens": False, "break_long_words": False}
"""How `textwrap` keeps words whole."""


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(texts)


def _rows(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, rows))


def _places(places: Iterable[int]) -> tuple[int, ...]:
    return tuple(places)


@frozen
class Lines:
    """Paragraphs, or with `bullets` the items of a list."""

    texts: tuple[str, ...] = field(converter=_texts)
    bullets: bool = False


@frozen
class Grid:
    """A table: its headings and its cells; the columns at `right` hold numbers and stand to the right."""

    header: tuple[str, ...] = field(converter=_texts)
    body: tuple[tuple[str, ...], ...] = field(converter=_rows)
    right: tuple[int, ...] = field(default=(), converter=_places)


Block = Lines | Grid
"""What stands in a section: paragraphs, a list or a table."""


def _blocks(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(blocks)


@frozen
class Section:
    """A part of a page: a title, empty for what stands before the first titled one, and what is told below it."""

    title: str
    blocks: tuple[Block, ...] = field(converter=_blocks)


def _sections(sections: Iterable[Section]) -> tuple[Section, ...]:
    return tuple(sections)


@frozen
class Page:
    """A page. `notices` are what every reader must know; they stand above everything else, as one paragraph."""

    title: str
    sections: tuple[Section, ...] = field(converter=_sections)
    notices: tuple[str, ...] = field(default=(), converter=_texts)


def as_text(page: Page, language: str = LANGUAGES[0]) -> str:
    """Return the page for a terminal, its words in a language, without an end of line behind the last one."""
    return "\n".join(_text(page, language))


def as_markdown(page: Page, language: str = LANGUAGES[0]) -> str:
    """Return the page as Markdown, its words in a language; whatever was filled in is escaped."""
    return "\n".join(_markdown(page, language)) + "\n"


def grid(header: Sequence[str], body: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Return a text table: columns as wide as their longest cell, the named ones to the right."""
    widths = _widths((header, *body))
    return "\n".join(_line(row, widths, right) for row in (header, *body))


def _text(page: Page, language: str) -> Iterator[str]:
    yield from _wrapped(in_language(page.title, language))
    yield from _wrapped(_paragraph(page.notices, language))
    for section in page.sections:
        yield ""
        if section.title:
            yield from _wrapped(in_language(section.title, language))
        lead = _GAP if section.title else ""
        for block in section.blocks:
            width = WIDTH - len(lead)
            lines = _grid_lines(block, language, width) if isinstance(block, Grid) else _list(block, language, width)
            yield from (f"{lead}{line}".rstrip() for line in lines)


def _paragraph(notices: Sequence[str], language: str) -> str:
    return " ".join(in_language(notice, language) for notice in notices)


def _list(block: Lines, language: str, width: int) -> Iterator[str]:
    lead, behind = ("- ", "  ") if block.bullets else ("", "")
    for text in block.texts:
        yield from _wrapped(in_language(text, language), width, lead, behind) or [""]


def _wrapped(text: str, width: int = WIDTH, lead: str = "", behind: str = "") -> list[str]:
    """Return a text as lines of at most so many characters; a longer word has a line of its own."""
    return textwrap.wrap(text, width, initial_indent=lead, subsequent_indent=behind, **WHOLE_WORDS)


def _grid_lines(block: Grid, language: str, width: int) -> Iterator[str]:
    """Yield the lines of a table; in one that is wider than that, words are broken into lines."""
    rows = [[in_language(cell, language) for cell in row] for row in (block.header, *block.body)]
    widths = _narrowed(rows, block.right, width)
    for number, row in enumerate(rows):
        cells = [
            textwrap.wrap(cell, most, break_on_hyphens=False, break_long_words=column not in block.right) or [""]
            for column, (cell, most) in enumerate(zip(row, widths, strict=True))
        ]
        height = max(map(len, cells))
        if not number:  # headings stand at the bottom of their line, as what is below them does
            cells = [[""] * (height - len(cell)) + cell for cell in cells]
        for line in range(height):
            part = [cell[line] if line < len(cell) else "" for cell in cells]
            yield _line(part, widths, block.right)


def _narrowed(rows: Sequence[Sequence[str]], right: Sequence[int], width: int) -> list[int]:
    """Return the widths of columns that fit in a width where they can.

    The widest column of words gives way first; then the headings of numbers, down to their longest word.
    """
    widths, gaps = _widths(rows), len(_GAP) * (len(rows[0]) - 1)
    words = [column for column in range(len(widths)) if column not in right and widths[column] > _NARROWEST]
    while words and sum(widths) + gaps > width:
        widest = max(words, key=lambda column: widths[column])
        spare = width - sum(widths) - gaps + widths[widest]
        second = max((widths[column] for column in words if column != widest), default=0)
        widths[widest] = max(_NARROWEST, spare, min(second, widths[widest] - 1))
        if widths[widest] <= _NARROWEST:
            words.remove(widest)
    least = {column: _longest_word(rows, column) for column in right}
    while sum(widths) + gaps > width:
        column = max(least, key=lambda one: widths[one] - least[one], default=-1)
        if column < 0 or widths[column] <= least[column]:
            break
        widths[column] -= 1
    return widths


def _longest_word(rows: Sequence[Sequence[str]], column: int) -> int:
    """Return the width that a column of numbers needs at least: its longest number, and word of its heading."""
    numbers = max((len(row[column]) for row in rows[1:]), default=0)
    return max([numbers, *map(len, rows[0][column].split())])


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    cells = [
        cell.rjust(width) if column in right else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return _GAP.join(cells).rstrip()


def _markdown(page: Page, language: str) -> Iterator[str]:
    def told(text: str) -> str:
        return escaped(in_language(text, language))

    yield f"# {told(page.title).strip()}"
    if page.notices:
        yield ""
        yield f"> **{escaped(_paragraph(page.notices, language)).strip()}**"
    for section in page.sections:
        if section.title:
            yield from ("", f"## {begun(told(section.title))}")
        for block in section.blocks:
            yield ""
            if isinstance(block, Grid):
                heads = [told(cell) for cell in block.header]
                yield from table(heads, ([told(cell) for cell in row] for row in block.body), block.right)
            elif block.bullets:
                yield from (f"- {begun(told(text))}" for text in block.texts)
            else:
                yield "\n\n".join(begun(told(text)) for text in block.texts)
