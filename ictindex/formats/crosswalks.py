"""A crosswalk in CSV: old code, new code, the day, and the share of the old unit that went into the new one.

The headings are English or Vietnamese. Without a share it is 1. Problems beside those of `listed`: T104 a share that is
no number from 0 to 1, T105 shares of one unit that do not add up to 1, or a line twice.
"""

from __future__ import annotations

from fractions import Fraction

from ictindex.cells import shown
from ictindex.formats import Readable
from ictindex.formats.csv import read_grid
from ictindex.formats.listed import Listed, Lists, read_lines
from ictindex.messages import say
from ictindex.units.crosswalks import Change, Crosswalk, check_crosswalk
from ictindex.units.shares import read_share

WORDS = {
    "old": ("old", "old code", "mã cũ"),
    "new": ("new", "new code", "mã mới"),
    "day": ("date", "ngày", "từ ngày", "ngày hiệu lực"),
    "share": ("share", "tỷ lệ", "phần"),
    "name": ("new name", "tên mới"),
    "was": ("old name", "tên cũ"),
}
"""What the columns may be called. The old name is for whoever reads the file."""


def read_crosswalk(source: Readable) -> Crosswalk:
    """Return the crosswalk in a file or stream. Raises TableInvalid with everything that is wrong."""
    grid = read_grid(source)
    lists = read_lines(grid, WORDS, ("old", "new"))
    changes, lost, unread = [], set[str](), set[int]()
    for one in lists.lines:
        old = lists.filled(one, "old", say("write the code of the old unit"))
        new = lists.filled(one, "new", say("write the code of the new unit; an old one that goes on has its own"))
        day, share = lists.date(one, "day"), _share(one, lists)
        whole = bool(old and new and share is not None and (day or not one.cells["day"]))
        if not whole:
            lost.add(old)
            unread.add(one.line)
        if old and new:
            name = one.cells["name"]
            changes.append(Change(old=old, new=new, day=day, share=share or Fraction(1), name=name, line=one.line))
    walk = Crosswalk(tuple(changes), grid.source, lists.headings["new"].text)
    if not lists.lines:
        lists.found.add("T091", say("there are no changes below the column names"), hint=say("add a line for each"))
    check_crosswalk(walk, lists.found, lists.headings, unread, lost)
    lists.found.raise_any()
    return walk


def _share(one: Listed, lists: Lists) -> Fraction | None:
    """Return the share of a line, 1 where none is written, None where it is wrong."""
    text = one.cells["share"]
    share = read_share(text) if text else Fraction(1)
    if share is None or not 0 < share <= 1:
        message = say("{cell} is no share", cell=shown(text))
        hint = say("write a number above 0 and up to 1, such as 0.25, 1/3 or 25%")
        lists.found.add("T104", message, line=one.line, cell=lists.headings["share"], hint=hint)
        return None
    return share
