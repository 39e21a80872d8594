"""Files that list things for the tables, such as units: what their headings mean, and the cells by field.

Problems: T090 a heading that is unknown, twice, or missing; T091 a cell that must not be empty; T094 a text that is no
date.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from ictindex.assembling import Grid
from ictindex.cells import cell_text, clean, fold, shown
from ictindex.errors import did_you_mean
from ictindex.findings import Found, Heading
from ictindex.formats import Readable, contents, source_name
from ictindex.formats.csv import read_grid
from ictindex.messages import say
from ictindex.units.dates import read_date

_REMARKS = frozenset(map(fold, ("stt", "tt", "no.", "ghi chú", "notes", "note")))


@frozen
class Listed:
    """A line of a list: its cells by field, empty where the file has no such column.

    `held` are the same cells as the file holds them: a number of a sheet is a number there, an empty cell None.
    """

    line: int
    cells: Mapping[str, str]
    held: Mapping[str, Any]


@frozen
class Lists:
    """A list as it was read: the heading of each field, and the lines."""

    headings: Mapping[str, Heading]
    lines: tuple[Listed, ...]
    found: Found

    def date(self, one: Listed, field: str) -> date | None:
        """Return the day in a cell, None where it is empty or, with a problem added, no date."""
        text = one.cells[field]
        day = read_date(text) if text else None
        if text and day is None:
            message, hint = say("{cell} is no date", cell=shown(text)), say("write 2025-07-01 or 01/07/2025")
            self.found.add("T094", message, line=one.line, cell=self.headings[field], hint=hint)
        return day

    def filled(self, one: Listed, field: str, hint: str) -> str:
        """Return a cell that must not be empty; where it is, a problem is added."""
        if not one.cells[field]:
            self.found.add("T091", say("the cell is empty"), line=one.line, cell=self.headings[field], hint=hint)
        return one.cells[field]


def list_grid(source: Readable, words: Mapping[str, Sequence[str]], telling: Sequence[str]) -> Grid:
    """Return the cells of a list in CSV or on the sheet of a workbook that has two of the `telling` columns.

    Raises TableInvalid where it cannot be read.
    """
    name, content = source_name(source), contents(source)
    if isinstance(content, bytes) and content.startswith(b"PK") and b"xl/workbook" in content:
        from ictindex.formats.excel.plain import sheet_grid

        known = {fold(said) for one in telling for said in words[one]}
        return sheet_grid(content, name, lambda cells: len(known.intersection(map(fold, cells))) > 1)
    stream = io.BytesIO(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    stream.name = name  # as an open file has one
    return read_grid(stream)


def read_lines(grid: Grid, words: Mapping[str, Sequence[str]], required: Sequence[str]) -> Lists:
    """Return the lines of a list whose columns may be called by these words.

    What is wrong with the headings is raised at once (TableInvalid): nothing can be read without them. What is wrong
    with the lines is gathered in `found`.
    """
    found = Found(grid.source, grid.sheet, grid.letters)
    unknown: list[Heading] = []
    columns = dict(_columns(grid, words, found, unknown))
    if any(field in columns for field in required):  # else it is another kind of file, and none of its columns counts
        _tell_unknown(unknown, grid, words, found)
    for field in required:
        if field not in columns:
            message = say("there is no column {column}", column=shown(words[field][0]))
            hint = say("it may also be called: {names}", names=", ".join(words[field][1:]))
            found.add("T090", message, line=grid.header_line, hint=hint)
    found.raise_any()
    headings = {field: columns.get(field, Heading(words[field][0], -1)) for field in words}
    lines = []
    for line, cells in grid.rows:
        texts = [clean(cell_text(cell)) for cell in cells]
        if not any(texts):
            continue
        if len(texts) > len(grid.header) and any(texts[len(grid.header) :]):
            message = say(
                "the line has {count} cells, the header {columns}", count=len(texts), columns=len(grid.header)
            )
            hint = say('a cell with a comma in it needs quotation marks, such as "80,5"')
            found.add("T012", message, line=line, hint=hint)
            continue
        texts += [""] * (len(grid.header) - len(texts))
        known = {field: texts[columns[field].column] if field in columns else "" for field in words}
        held = {field: cells[one.column] for field, one in columns.items() if one.column < len(cells)}
        lines.append(Listed(line, known, held))
    return Lists(headings, tuple(lines), found)


def _columns(
    grid: Grid, words: Mapping[str, Sequence[str]], found: Found, unknown: list[Heading]
) -> Iterator[tuple[str, Heading]]:
    """Yield the field that each heading stands for; gather those that stand for none and are no remarks."""
    fields = {fold(word): field for field, said in words.items() for word in said}
    seen: set[str] = set()
    for at, text in enumerate(grid.header):
        heading = Heading(clean(text), at)
        word = fold(text)
        field = fields.get(word)
        if field is None:
            if word and not word.startswith("#") and word not in _REMARKS:
                unknown.append(heading)
        elif field in seen:
            message = say("the column {column} stands twice", column=shown(heading.text))
            hint = say("keep one of them")
            found.add("T090", message, line=grid.header_line, cell=heading, hint=hint, across=True)
        else:
            seen.add(field)
            yield field, heading


def _tell_unknown(unknown: Sequence[Heading], grid: Grid, words: Mapping[str, Sequence[str]], found: Found) -> None:
    for heading in unknown:
        listed = say("known here: {keys}", keys=", ".join(said[0] for said in words.values()))
        hint = did_you_mean(heading.text[:80], (one for said in words.values() for one in said)) or listed
        message = say("unknown column {column}", column=shown(heading.text))
        found.add("T090", message, line=grid.header_line, cell=heading, hint=hint, across=True)
