"""A result in a workbook, read back as far as its sheets show it: the ranking under each total and the points.

What happened to points, and the pools by code, do not stand there, so its own hash cannot be made of it alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from ictindex.canonical import plain_number
from ictindex.errors import Location, Problem, ResultInvalid
from ictindex.formats.excel.cells import Shown, read_cells
from ictindex.formats.excel.package import Workbook
from ictindex.formats.written import Written, no_result, written_table
from ictindex.messages import LANGUAGES, in_language, say
from ictindex.model import TOTAL
from ictindex.receipt import read_line
from ictindex.result_columns import points_name

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
_NOTHING, _NOTICE = "–", "! "
_HEADINGS = {
    "rank": say("Rank"),
    "unit": say("Code"),
    "name": say("Unit"),
    "score": say("Score"),
    "score.self": say("Declared"),
    "score.difference": say("Difference"),
    "level": say("Level"),
}

Row = Sequence[str]


def written_workbook(book: Workbook) -> Written:
    """Return the result in a workbook. Raises ResultInvalid (T180, T181) where there is none, TableInvalid."""
    sheets = [[list(map(_text, row.cells)) for row in read_cells(book, sheet).rows] for sheet in book.sheets]
    cells = (cell.lstrip("# ") for rows in sheets for row in rows for cell in row)
    receipt = next(filter(None, map(read_line, cells)), None)
    rankings = [ranking for ranking in map(_ranking, sheets) if ranking is not None]
    if receipt is None:
        raise no_result(book.source)
    if not rankings:
        return _as_csv(sheets, book)
    units = rankings[0].units
    columns = {"unit": list(units), "name": rankings[0].cells["name"]}
    for ranking in rankings:
        lead = f"{ranking.total}." if len(rankings) > 1 else ""
        told = {name: cells for name, cells in ranking.cells.items() if name not in columns}
        columns |= {f"{lead}{name}": _aligned(cells, ranking.units, units, book) for name, cells in told.items()}
    for rows in sheets:
        points = _points(rows)
        if points is not None:
            columns |= {name: _aligned(cells, points.units, units, book) for name, cells in points.cells.items()}
    return Written(
        source=book.source,
        receipt=receipt,
        notices=_notices(sheets),
        columns=columns,
        complete=False,
    )


def _as_csv(sheets: Sequence[Sequence[Row]], book: Workbook) -> Written:
    """Return the result on the first sheet of a workbook that somebody made of a CSV file."""
    rows = list(sheets[0])
    notes = [row[0].lstrip("# ") for row in rows if row and row[0].startswith("#")]
    header, *body = rows[len(notes) :] or [[]]
    columns = [[_cell(row, column) for row in body] for column in range(len(header))]
    return written_table(book.source, notes, header, columns)


@frozen
class _Table:
    """What one sheet shows of the units: cells by the column's name, and the total that it is about."""

    units: list[str]
    cells: dict[str, list[str]]
    total: str = ""


def _ranking(rows: Sequence[Row]) -> _Table | None:
    """Return the ranking on a sheet; None where there is none."""
    for at, row in enumerate(rows):
        names = _named(row)
        if "rank" in names and "unit" in names:
            below = list(_below(rows[at + 1 :], names.index("unit")))
            cells = {name: [_cell(one, column) for one in below] for column, name in enumerate(names) if name}
            code = _CODE.match(next(filter(None, rows[1]), "")) if at > 1 else None
            return _Table(cells.pop("unit"), cells, code[0] if code else "")
    return None


def _points(rows: Sequence[Row]) -> _Table | None:
    """Return every row's points; None where the sheet has none.

    Three lines are above them: the rows' codes, their names, their maxima.
    """
    for at, row in enumerate(rows[:-2]):
        if _named(row)[:2] == ["unit", "name"]:
            below = list(_below(rows[at + 3 :], 0))
            columns = [column for column in range(2, len(rows[at + 1])) if rows[at + 1][column]]  # a pool has no name
            codes = [points_name(_cell(row, column) or TOTAL, "") for column in columns]
            cells = {code: [_cell(one, column) for one in below] for code, column in zip(codes, columns, strict=True)}
            return _Table([_cell(one, 0) for one in below], cells)
    return None


def _named(row: Row) -> list[str]:
    """Return the name of each column, empty where its heading is none of a ranking's."""
    known = {in_language(word, language): name for language in LANGUAGES for name, word in _HEADINGS.items()}
    return [known.get(cell, "") for cell in row]


def _below(rows: Sequence[Row], unit: int) -> Iterator[Row]:
    """Yield the lines of a table: as far as each of them names a unit and says more of it."""
    for row in rows:
        if not _cell(row, unit) or sum(map(bool, row)) < 2:
            return
        yield row


def _notices(sheets: Sequence[Sequence[Row]]) -> list[str]:
    """Return the notices above the first table."""
    first = (cell for row in sheets[0] for cell in row[:1])
    return [cell.removeprefix(_NOTICE) for cell in first if cell.startswith(_NOTICE)]


def _aligned(cells: Sequence[str], theirs: Sequence[str], units: Sequence[str], book: Workbook) -> list[str]:
    known = dict(zip(theirs, cells, strict=True))
    if known.keys() != set(units):
        message, hint = say("its sheets do not name the same units"), say("write the result again")
        raise ResultInvalid(Problem("T181", message, Location(book.source), hint))
    return [known[unit] for unit in units]


def _cell(row: Row, column: int) -> str:
    found = row[column] if column < len(row) else ""
    return "" if found == _NOTHING else found


def _text(value: Any) -> str:
    value = value.number if isinstance(value, Shown) else value
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return plain_number(repr(value))
    return str(value)
