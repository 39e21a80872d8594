"""What criteria take, as a list in CSV or on a sheet: a row's code, its effort, whether it is feasible, a line each.

Problems beside those of `listed` and of cells (T040 to T054): T220 a code that is no row of the scheme, T221 a line
that says nothing, T222 an effort that is not above 0, T223 a row twice, T224 a list without a line, T225 a highest
figure at a row that has none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ictindex.analysis.climbing.efforts import EffortLine, Efforts
from ictindex.cells import CellRule, clean, fold, read_cell, shown
from ictindex.errors import did_you_mean
from ictindex.figures import figures, read_figures, signs_of, stated_sign
from ictindex.formats import Readable
from ictindex.formats.listed import Listed, Lists, list_grid, read_lines
from ictindex.messages import one_of, say
from ictindex.model import InputKind, Scheme
from ictindex.table import CellState
from ictindex.texts import bare
from ictindex.units.dates import codes_behind

WORDS = {
    "code": ("code", "mã", "mã chỉ tiêu", "mã tiêu chí", "chỉ tiêu", "tiêu chí", "tên tiêu chí", "criterion"),
    "effort": (
        *("effort", "công sức", "công sức (ngày)", "công sức (ngày công)", "ngày công", "số ngày", "chi phí"),
        *("effort (days)", "days", "cost"),
    ),
    "feasible": ("feasible", "khả thi", "làm được"),
    "at-most": ("at-most", "at most", "nhiều nhất", "tối đa"),
    "unit": ("unit", "đơn vị", "mã đơn vị", "tên đơn vị", "tên huyện", "tên xã", "tên tỉnh", "tên sở"),
    "remark": ("remark", "remarks", "nhận xét", "ghi chú"),
}
"""What the columns may be called."""

_FIGURE = CellRule(kind=InputKind.AMOUNT)
_FIGURES = frozenset({"assessed", "count", "ratio", "value"})
_DAYS = re.compile(r"(.*[0-9]) *(?:ngày công|ngày|days?)", re.IGNORECASE)
_FEASIBLE = CellRule(kind=InputKind.YES_NO)


def read_efforts(source: Readable, scheme: Scheme) -> Efforts:
    """Return what a file or stream says of a scheme's rows. Raises TableInvalid with everything that is wrong in it."""
    grid = list_grid(source, WORDS, ("code", "effort", "feasible", "at-most"))
    lists = read_lines(grid, WORDS, ("code",))
    if not lists.lines:
        hint = say("write the code of a criterion, and what it takes")
        lists.found.add("T224", say("there are no lines below the headings"), line=grid.header_line, hint=hint)
    efforts, highest = _figures(lists, grid.notes)
    rows = _Rows(scheme)
    lines = [
        EffortLine(
            code=rows.code(one, lists),
            effort=_above_nothing(efforts[at], one, lists),
            feasible=_feasible(one, lists),
            at_most=highest[at],
            unit=one.cells["unit"],
            remark=one.cells["remark"],
            line=one.line,
        )
        for at, one in enumerate(lists.lines)
    ]
    _check(lines, lists)
    _check_highest(lines, lists, scheme)
    lists.found.raise_any()
    return Efforts(tuple(lines), grid.source)


class _Rows:
    """The rows of a scheme by what people write for them: a code or a name that one row has, in any case.

    Accents need not be typed where only one row can be meant.
    """

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.known: list[tuple[Callable[[str], str], Mapping[str, Sequence[str]]]] = []
        for plain in (fold, bare):  # what is typed with its accents counts first
            codes: dict[str, list[str]] = {}
            names: dict[str, list[str]] = {}
            for row in scheme.rows():
                codes.setdefault(plain(row.code), []).append(row.code)
                names.setdefault(plain(row.name), []).append(row.code)
            self.known += [(plain, codes), (plain, names)]

    def code(self, one: Listed, lists: Lists) -> str:
        """Return the code that a line means, empty where it means none: then a problem is added."""
        text = lists.filled(one, "code", say("write the code of a criterion"))
        found = (known.get(plain(text), ()) for plain, known in self.known)
        meant = next((codes[0] for codes in found if len(codes) == 1), "")
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
        behind = codes_behind(text)
        if behind:
            known = {row.code for row in self.scheme.rows()}
            codes = [code for code in behind if code in known] or behind
            return say(
                "a spreadsheet made a date of the code: format the column as text, and type {code} again",
                code=one_of(codes),
            )
        usual = say("write a code: `ictindex show` lists the rows of a scheme")
        return did_you_mean(text[:80], (row.code for row in self.scheme.rows())) or usual


def _figures(lists: Lists, notes: Sequence[str]) -> list[Sequence[Fraction | None]]:
    """Return the effort and the highest figure of each line, None where there is none or a problem was added."""
    stated, _ = stated_sign("", notes, lists.found)
    lines = [one.line for one in lists.lines]
    columns = [
        figures(lists.headings[field], _FIGURE, [_without_days(one.held.get(field)) for one in lists.lines])
        for field in ("effort", "at-most")
    ]
    found: list[Sequence[Fraction | None]] = []
    for column, sign in zip(columns, signs_of(columns, stated, lines, lists.found), strict=True):
        if sign is None:
            found.append([None] * len(lines))
            continue
        read = read_figures(column, sign)
        for at, (code, message, hint) in read.complaints:
            lists.found.add(code, message, line=lines[at], cell=column.heading, hint=hint)
        found.append([None if math.isnan(value) else Fraction(repr(value)) for value in read.values.tolist()])
    return found


def _without_days(held: Any) -> Any:
    """Return a cell without the word for days behind its number."""
    days = _DAYS.fullmatch(clean(held)) if isinstance(held, str) else None
    return days[1] if days else "" if held is None else held


def _above_nothing(effort: Fraction | None, one: Listed, lists: Lists) -> Fraction | None:
    if effort is None or effort > 0:
        return effort
    feasible = lists.headings["feasible"].text
    hint = say("write what it takes from nothing to full marks, or `no` under `{feasible}`", feasible=feasible)
    lists.found.add("T222", say("an effort is above 0"), line=one.line, cell=lists.headings["effort"], hint=hint)
    return None


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
        if not (listed.cells["effort"] or listed.cells["feasible"] or listed.cells["at-most"]):
            feasible = lists.headings["feasible"].text
            hint = say("write an effort, or `no` under `{feasible}`", feasible=feasible)
            lists.found.add("T221", say("the line says nothing of the criterion"), line=one.line, hint=hint)
        key = (one.code, fold(one.unit))
        if one.code and key in seen:
            message = say("{code} stands in line {line} already", code=one.code, line=seen[key])
            hint = say("keep one of the two lines, or name in each the unit that it holds for")
            lists.found.add("T223", message, line=one.line, cell=lists.headings["code"], hint=hint)
        seen.setdefault(key, one.line)


def _check_highest(lines: Sequence[EffortLine], lists: Lists, scheme: Scheme) -> None:
    """Add a problem for each highest figure at a heading, or at a row that is no figure, such as a yes or a case."""
    figures_of = {row.code for row in scheme.indicators if row.measure.name in _FIGURES}
    for one in lines:
        if one.code and one.at_most is not None and one.code not in figures_of:
            message = say("{code} is no figure, so it can have no highest one", code=one.code)
            feasible = lists.headings["feasible"].text
            hint = say("leave the cell empty; what cannot be done is `no` under `{feasible}`", feasible=feasible)
            lists.found.add("T225", message, line=one.line, cell=lists.headings["at-most"], hint=hint)
