"""A mapping in CSV: a heading as a form has it, and the code of the scheme that it stands for, a line each.

Problems: those of `listed`; `headers` tells what the table and the scheme do not have.
"""

from __future__ import annotations

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


def read_mapping(source: Readable) -> ColumnMapping:
    """Return the mapping in a file or stream. Raises TableInvalid with everything that is wrong with its lines."""
    grid = read_grid(source)
    lists = read_lines(grid, WORDS, ("heading", "code"))
    entries = []
    for one in lists.lines:
        heading = lists.filled(one, "heading", say("write the heading as it stands in the table"))
        code = lists.filled(one, "code", say("write the code that the heading stands for, or # to skip the column"))
        entries.append(Entry(heading, code, one.line))
    if not entries:
        lists.found.add("T091", say("there are no lines below the two headings"), hint=say("add a line a heading"))
    lists.found.raise_any()
    return ColumnMapping(tuple(entries), grid.source)
