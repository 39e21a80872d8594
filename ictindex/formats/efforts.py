"""What criteria take, as a list in CSV or on a sheet: a row's code, its effort, whether it is feasible, a line each.

Problems beside those of `listed` and of cells (T040 to T054): T220 a code that is no row of the scheme, T221 a line
that says nothing, T222 an effort that is not above 0, T223 a row twice, T224 a list without a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from ictindex.analysis.climbing.efforts import EffortLine, Efforts
from ictindex.cells import CellRule, fold, read_cell, shown
from ictindex.errors import did_you_mean
from ictindex.figures import figures, read_figures, signs_of, stated_sign
from ictindex.findings import Found
from ictindex.formats import Readable
from ictindex.formats.listed import Listed, Lists, list_grid, read_lines
from ictindex.messages import say
from ictindex.model import InputKind, Scheme
from ictindex.table import CellState

WORDS = {
    "code": ("code", "mã", "mã chỉ tiêu", "mã tiêu chí", "chỉ tiêu", "tiêu chí", "criterion"),
    "effort": ("effort", "công sức", "ngày công", "chi phí", "days", "cost"),
    "feasible": ("feasible", "khả thi", "làm được"),
    "unit": ("unit", "đơn vị", "mã đơn vị", "tên đơn vị"),
    "remark": ("remark", "remarks", "nhận xét", "ghi chú"),
}
"""What the columns may be called."""

_EFFORT = CellRule(kind=InputKind.AMOUNT)
_FEASIBLE = CellRule(kind=InputKind.YES_NO)


def read_efforts(source: Readable, scheme: Scheme) -> Efforts:
    """Return what a file or stream says of a scheme's rows. Raises TableInvalid with everything that is wrong in it."""
    grid = list_grid(source, WORDS, ("code", "effort", "feasible"))
    lists = read_lines(grid, WORDS, ("code",))
    if not lists.lines:
        hint = say("write the code of a criterion, and what it takes")
        lists.found.add("T224", say("there are no lines below the headings"), line=grid.header_line, hint=hint)
    stated, _ = stated_sign("", grid.notes, lists.found)
    efforts = _efforts(lists, stated)
    rows = _Rows(scheme)
    lines = [
        EffortLine(
            code=rows.code(one, lists),
            effort=efforts[at],
            feasible=_feasible(one, lists),
            unit=one.cells["unit"],
            remark=one.cells["remark"],
            line=one.line,
        )
        for at, one in enumerate(lists.lines)
    ]
    _check(lines, lists)
    lists.found.raise_any()
    return Efforts(tuple(lines), grid.source)


class _Rows:
    """The rows of a scheme by what people write for them: a code in any case, or a name that one row has."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.codes = {fold(row.code): row.code for row in scheme.rows()}
        self.named: dict[str, list[str]] = {}
        for row in scheme.rows():
            self.named.setdefault(fold(row.name), []).append(row.code)

    def code(self, one: Listed, lists: Lists) -> str:
        """Return the code that a line means, empty where it means none: then a problem is added."""
        text = lists.filled(one, "code", say("write the code of a criterion"))
        word = fold(text)
        meant = self.codes.get(word) or (self.named[word][0] if len(self.named.get(word, ())) == 1 else "")
        if text and not meant:
            message = say("{scheme} has no row {code}", scheme=self.scheme.id, code=shown(text))
            # A list of another scheme may have thousands, and each search takes a while.
            hint = "" if lists.found.told_enough("T220") else self._hint(text)
            lists.found.add("T220", message, line=one.line, cell=lists.headings["code"], hint=hint, across=True)
        return meant

    def _hint(self, text: str) -> str:
        owner = next((given.owner for given in self.scheme.inputs if given.code == text and given.owner), "")
        if owner:
            return say("this is a figure: write the row that it belongs to, {row}", row=owner)
        usual = say("write a code: `ictindex show` lists the rows of a scheme")
        return did_you_mean(text[:80], (row.code for row in self.scheme.rows())) or usual


def _efforts(lists: Lists, stated: Literal["", "point", "comma"]) -> Sequence[Fraction | None]:
    """Return the effort of each line, None where it is empty or, with a problem added, no number above 0."""
    heading, lines = lists.headings["effort"], [one.line for one in lists.lines]
    column = figures(heading, _EFFORT, [one.held.get("effort") or "" for one in lists.lines])
    (sign,) = signs_of([column], stated, lines, lists.found)
    if sign is None:
        return [None] * len(lines)
    read = read_figures(column, sign)
    for at, (code, message, hint) in read.complaints:
        lists.found.add(code, message, line=lines[at], cell=heading, hint=hint)
    return [
        _above_nothing(value, line, lists.found, lists) for value, line in zip(read.values.tolist(), lines, strict=True)
    ]


def _above_nothing(value: float, line: int, found: Found, lists: Lists) -> Fraction | None:
    if value <= 0:
        hint = say("write what it takes from nothing to full marks, or `no` under `feasible` where it cannot be done")
        found.add("T222", say("an effort is above 0"), line=line, cell=lists.headings["effort"], hint=hint)
    return Fraction(repr(value)) if value > 0 else None


def _feasible(one: Listed, lists: Lists) -> bool | None:
    cell = read_cell(one.cells["feasible"], _FEASIBLE)
    if cell.complaint is not None:
        code, message, hint = cell.complaint
        lists.found.add(code, message, line=one.line, cell=lists.headings["feasible"], hint=hint)
    return bool(cell.value) if cell.state is CellState.REPORTED and cell.complaint is None else None


def _check(lines: Sequence[EffortLine], lists: Lists) -> None:
    """Add a problem for each line that says nothing, and for each row that is said twice for the same units."""
    seen: dict[tuple[str, str], int] = {}
    for one, listed in zip(lines, lists.lines, strict=True):
        if not (listed.cells["effort"] or listed.cells["feasible"]):
            hint = say("write an effort, or `no` under `feasible`")
            lists.found.add("T221", say("the line says nothing of the criterion"), line=one.line, hint=hint)
        key = (one.code, fold(one.unit))
        if one.code and key in seen:
            message = say("{code} stands in line {line} already", code=one.code, line=seen[key])
            hint = say("keep one of the two lines, or name in each the unit that it holds for")
            lists.found.add("T223", message, line=one.line, cell=lists.headings["code"], hint=hint)
        seen.setdefault(key, one.line)
