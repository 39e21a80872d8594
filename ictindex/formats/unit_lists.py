"""A list of units in CSV: code, name, kind, the unit above, and the days between which it exists.

The headings are English or Vietnamese. Every mistake is told with its line (`units.lists`, `formats.listed`).
"""

from __future__ import annotations

from ictindex.formats import Readable
from ictindex.formats.csv import read_grid
from ictindex.formats.listed import read_lines
from ictindex.messages import say
from ictindex.units.lists import Unit, UnitList, check_units

WORDS = {
    "code": ("code", "mã", "mã đơn vị", "unit"),
    "name": ("name", "tên", "tên đơn vị"),
    "kind": ("kind", "loại", "loại đơn vị", "cấp", "loại hình"),
    "parent": ("parent", "cấp trên", "trực thuộc", "mã cấp trên", "đơn vị cấp trên"),
    "first": ("from", "valid from", "từ ngày", "từ"),
    "last": ("to", "valid to", "đến ngày", "đến"),
}
"""What the columns may be called."""


def read_units(source: Readable) -> UnitList:
    """Return the list of units in a file or stream. Raises TableInvalid with everything that is wrong."""
    grid = read_grid(source)
    lists = read_lines(grid, WORDS, ("code",))
    units = []
    for one in lists.lines:
        code = lists.filled(one, "code", say("every unit has a code, such as 00004"))
        first, last = lists.date(one, "first"), lists.date(one, "last")
        cells = {field: one.cells[field] for field in ("name", "kind", "parent")}
        if code:
            units.append(Unit(code=code, **cells, first=first, last=last, line=one.line))
    whole = UnitList(tuple(units), grid.source)
    if not units and not lists.found:
        lists.found.add("T091", say("there are no units below the column names"), hint=say("add a line for each"))
    check_units(whole, lists.found, lists.headings)
    lists.found.raise_any()
    return whole
