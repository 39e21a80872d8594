"""A mapping in CSV: a heading as a form has it, and the code of the scheme that it stands for, a line each.

So is a mapping of rows from one scheme to another: the code before, and the code after.

Problems: those of `listed`; `headers` tells what the table and the scheme do not have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ictindex.formats import Readable
from ictindex.formats.csv import read_grid
from ictindex.formats.listed import read_lines
from ictindex.messages import say
from ictindex.naming import ColumnMapping, Entry

WORDS = {
    "heading": ("heading", "tiêu đề", "tên cột", "cột", "column"),
    "code": ("code", "mã", "mã chỉ tiêu", "mã số liệu"),
}
"""What the two columns may be called."""

ROWS = {
    "heading": ("before", "old", "trước", "mã trước", "mã cũ"),
    "code": ("after", "new", "sau", "mã sau", "mã mới"),
}
"""What the two columns of a mapping of rows may be called."""


def read_mapping(source: Readable) -> ColumnMapping:
    """Return the mapping in a file or stream. Raises TableInvalid with everything that is wrong with its lines."""
    heading = say("write the heading as it stands in the table")
    return _read(source, WORDS, heading, say("write the code that the heading stands for, or # to skip the column"))


def read_row_mapping(source: Readable) -> ColumnMapping:
    """Return a mapping of rows in a file or stream, its headings the codes before. Raises as `read_mapping`."""
    return _read(source, ROWS, say("write the code before"), say("write the code after, or # where there is none"))


def _read(source: Readable, words: Mapping[str, Sequence[str]], first: str, second: str) -> ColumnMapping:
    grid = read_grid(source)
    lists = read_lines(grid, words, ("heading", "code"))
    entries = []
    for one in lists.lines:
        heading = lists.filled(one, "heading", first)
        code = lists.filled(one, "code", second)
        entries.append(Entry(heading, code, one.line))
    if not entries:
        lists.found.add("T091", say("there are no lines below the two headings"), hint=say("add a line a heading"))
    lists.found.raise_any()
    return ColumnMapping(tuple(entries), grid.source)
