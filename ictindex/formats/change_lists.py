"""A list of changes of a table, in CSV or on a sheet: a unit, what is changed, and its new value, a line each.

Problems: those of `listed`, T214 a list without a line; `analysis.whatif.reading` tells what the lines get wrong.
"""

from __future__ import annotations

from ictindex.analysis.whatif.reading import Typed, TypedChanges
from ictindex.formats import Readable
from ictindex.formats.listed import list_grid, read_lines
from ictindex.messages import say

_KINDS = ("tỉnh", "huyện", "xã", "sở")

WORDS = {
    "unit": (
        *("unit", "đơn vị", "mã đơn vị", "tên đơn vị", "unit code", "unit name"),
        *(f"{word}{kind}" for word in ("", "tên ", "mã ") for kind in _KINDS),
    ),
    "code": (
        *("code", "mã", "mã số liệu", "mã chỉ tiêu", "mã tiêu chí", "số liệu", "chỉ tiêu", "tiêu chí"),
        *("tên chỉ tiêu", "tên tiêu chí", "cột", "column"),
    ),
    "value": ("value", "giá trị", "giá trị mới", "new value", "new"),
}
"""What the three columns may be called."""


def read_changes(source: Readable) -> TypedChanges:
    """Return the changes in a file or stream, as they were typed.

    Raises TableInvalid where the file cannot be read or lacks one of the columns.
    """
    grid = list_grid(source, WORDS, ("unit", "code"))
    lists = read_lines(grid, WORDS, tuple(WORDS))
    if not lists.lines and not lists.found:
        hint = say("write a unit, a code and a value")
        lists.found.add("T214", say("there are no lines below the headings"), line=grid.header_line, hint=hint)
    changes = tuple(
        Typed(one.cells["unit"], one.cells["code"], one.held.get("value"), one.line, lists.headings)
        for one in lists.lines
    )
    return TypedChanges(lists.found, changes)
