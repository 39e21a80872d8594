"""A list of changes of a table, in CSV or on a sheet: a unit, what is changed, and its new value, a line each.

Problems: those of `listed`, T214 a list without a line; `analysis.whatif.reading` tells what the lines get wrong.
"""

from __future__ import annotations

import io

from ictindex.analysis.whatif.reading import Typed, TypedChanges
from ictindex.cells import fold
from ictindex.formats import Readable, contents, source_name
from ictindex.formats.csv import read_grid
from ictindex.formats.listed import read_lines
from ictindex.messages import say

WORDS = {
    "unit": ("unit", "đơn vị", "mã đơn vị", "tên đơn vị", "unit code", "unit name"),
    "code": ("code", "mã", "mã số liệu", "mã chỉ tiêu", "số liệu", "chỉ tiêu", "cột", "column"),
    "value": ("value", "giá trị", "giá trị mới", "new value", "new"),
}
"""What the three columns may be called."""


def read_changes(source: Readable) -> TypedChanges:
    """Return the changes in a file or stream, as they were typed.

    Raises TableInvalid where the file cannot be read or lacks one of the columns.
    """
    name, content = source_name(source), contents(source)
    if isinstance(content, bytes) and content.startswith(b"PK") and b"xl/workbook" in content:
        from ictindex.formats.excel.plain import sheet_grid

        words = {fold(said) for one in ("unit", "code") for said in WORDS[one]}
        grid = sheet_grid(content, name, lambda cells: len(words.intersection(map(fold, cells))) > 1)
    else:
        stream = io.BytesIO(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
        stream.name = name  # as an open file has one
        grid = read_grid(stream)
    lists = read_lines(grid, WORDS, tuple(WORDS))
    if not lists.lines:
        hint = say("write a unit, a code and a value")
        lists.found.add("T214", say("there are no lines below the headings"), line=grid.header_line, hint=hint)
    changes = tuple(
        Typed(one.cells["unit"], one.cells["code"], one.held.get("value"), one.line, lists.headings)
        for one in lists.lines
    )
    return TypedChanges(lists.found, changes)
