"""The cells of a decision's table, read back out of the scheme that was made of it: the proof that nothing is lost."""

from __future__ import annotations

from fractions import Fraction

from attrs import field, frozen

from ictindex.drafting.annex_notes import ANEW, NUMBER, POINTS, read_notes, usual_number
from ictindex.model import TOTAL, Row, Scheme


@frozen
class AnnexCells:
    """What the table says in one row: its number as printed, its words, its points and the text of every other cell.

    `others` are cells of columns that a scheme has no place for, by the heading of the column.
    """

    code: str
    number: str
    words: str
    points: Fraction
    points_text: str = ""
    scoring: str = ""
    evidence: str = ""
    source: str = ""
    agency: str = ""
    others: dict[str, str] = field(factory=dict)


def read_back(scheme: Scheme) -> tuple[AnnexCells, ...]:
    """Return the cells of the table that a scheme was made of, row by row, in the order of the table."""
    anew = ANEW[0] in read_notes(scheme.notes)[1]
    rows = (row for row in scheme.rows() if row.code != TOTAL)
    return tuple(_cells(row, scheme.above(row.code)[0].code if anew else "") for row in rows)


def _cells(row: Row, above: str) -> AnnexCells:
    wording, cells = read_notes(row.notes)
    others = dict(cells)
    return AnnexCells(
        code=row.code,
        number=others.pop(NUMBER, usual_number(row.code, above)),
        words=row.name,
        points=row.max,
        points_text=others.pop(POINTS, ""),
        scoring=wording,
        evidence=row.evidence.ask if row.evidence else "",
        source=row.data_from,
        agency=row.verified_by,
        others=others,
    )
