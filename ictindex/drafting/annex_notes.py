"""The notes of a row that was made from a table: the wording of its scoring letter by letter, then all other cells.

What is no wording begins with two blanks, as no line of a tidied cell does, and with the heading of its column:

    Có: 10 điểm; Không: 0 điểm
      Số thứ tự trong bảng: 1
      Ghi chú: áp dụng từ năm 2025
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ictindex.drafting.annex_table import AnnexLine
from ictindex.drafting.figures import says_more

NUMBER = "Số thứ tự trong bảng"
POINTS = "Điểm trong bảng"
"""What the number and the points are called that a row's code and `max` do not say as they were printed."""

ANEW = ("Số thứ tự", "bắt đầu lại trong mỗi nhóm; mã ở đây có thêm mã nhóm đứng trước")
"""Noted at the top where numbers begin anew under each heading: 1 beneath I has the code I.1."""

_AROUND = " ().:/"
_SECTION = re.compile(r"  (\S.*?): (.*)")


def notes_of(code: str, line: AnnexLine, above: str = "") -> str:
    """Return the notes of a line of the table, whose row has that code; empty where there is nothing to note.

    `above` is the code of its heading where numbers begin anew under each one.
    """
    cells = dict(line.others)
    if line.number and line.number.strip(_AROUND) != usual_number(code, above):
        cells = {NUMBER: line.number, **cells}
    if says_more(line.max_text):
        cells[POINTS] = line.max_text
    wording = line.texts.get("scoring", "")
    return "\n".join(filter(None, (wording, *(section(label, text) for label, text in cells.items()))))


def usual_number(code: str, above: str) -> str:
    """Return the number that a row's code says was printed: the code itself, without its heading's before it."""
    return code.removeprefix(f"{above}.") if above else code


def read_notes(notes: str) -> tuple[str, Mapping[str, str]]:
    """Return the wording and the other cells by their labels, from the notes that `notes_of` made."""
    wording: list[str] = []
    cells: dict[str, list[str]] = {}
    into = wording
    for line in notes.split("\n"):
        found = _SECTION.fullmatch(line)
        if found:
            into = cells.setdefault(found[1], [])
            into.append(found[2])
        else:
            into.append(line.removeprefix("    ") if into is not wording else line)
    return "\n".join(wording), {label: "\n".join(lines) for label, lines in cells.items()}


def section(label: str, text: str) -> str:
    """Return a cell that is no wording as it stands in notes."""
    first, *more = text.split("\n")
    return "\n".join((f"  {label}: {first}", *(f"    {line}" if line else "" for line in more)))
