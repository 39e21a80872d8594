"""A sheet to a table: its lines below the column names, each cell as its column takes it.

Hidden rows and columns are read, and told: a filter that was left on must not drop a unit from a ranking. A line of
totals, a heading inside the table or a remark below it is refused: none may be scored as a unit.

Problems: T074 a date or a time where a figure is asked, T075 a figure in merged cells, T076 a line that is no unit,
T077 (a warning) hidden rows or columns, T078 (a warning) codes of units that were typed as numbers, T073 (a warning) a
workbook that is calculated by hand.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import evolve

from ictindex.assembling import Grid, ReadOptions, assemble
from ictindex.cells import Complaint, Unfit, shown
from ictindex.errors import Problem, Severity, TableInvalid
from ictindex.findings import Found
from ictindex.formats.excel.cells import Cells, SheetRow
from ictindex.formats.excel.heading import Headings, headings_of
from ictindex.formats.excel.layout import Area
from ictindex.formats.excel.values import PLAIN, figure_of, text_of, word_of
from ictindex.formats.totals import ADVICE, total_word
from ictindex.headers import Columns, Target
from ictindex.messages import say
from ictindex.model import Scheme
from ictindex.origins import column_letters, placed
from ictindex.table import Table


def table_of(cells: Cells, scheme: Scheme, options: ReadOptions, *, by_hand: bool = False) -> Table:
    """Return the table on a sheet. Raises TableInvalid with everything that is wrong, each with its cell."""
    columns, scratch = Columns(scheme), Found("")

    def resolve(texts: Sequence[str]) -> list[Target | None]:
        return columns.resolve(texts, scratch, 0, pooled=True, mapping=options.mapping)

    headings = headings_of(cells, scheme, resolve)
    sheet = _Lines(cells, headings)
    grid = Grid(
        header=headings.names,
        rows=sheet.rows(),
        source=cells.source,
        sheet=cells.sheet,
        header_line=headings.last,
        letters=[column_letters(column) for column in range(len(headings.names))],
        notes=headings.notes,
    )
    try:
        table = assemble(grid, scheme, options)
    except TableInvalid as error:
        told = sorted((*headings.problems, *error.problems), key=lambda problem: problem.where.line)
        raise TableInvalid(told) from None
    if headings.problems:
        raise TableInvalid(headings.problems)
    doubts = [*headings.doubts, *sheet.doubts, *_hidden(cells, headings)]
    if by_hand and cells.formulas:
        doubts.append(_by_hand(cells))
    return evolve(table, doubts=(*table.doubts, *doubts))


class _Lines:
    """The lines of a sheet below its column names."""

    def __init__(self, cells: Cells, headings: Headings) -> None:
        self.cells, self.headings = cells, headings
        self.doubts: list[Problem] = []
        self._roles = ["" if target is None else target.role for target in headings.targets]
        self._unit = self._roles.index("unit") if "unit" in self._roles else -1
        self._named = [place for place, role in enumerate(self._roles) if role in ("unit", "name")]
        self._figures = [place for place, target in enumerate(headings.targets) if target is not None and target.rule]

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield the number and the cells of each line, all as wide as the column names."""
        width, rows = len(self.headings.names), self.cells.rows[self.headings.below :]
        lines = {row.line: [*row.cells, *[None] * (width - len(row.cells))] for row in rows}
        self._spread(lines)
        if self._unit >= 0:
            self._no_units(lines)
            self._restore(lines)
        is_figure = [place in set(self._figures) for place in range(width)]
        for line, row in lines.items():
            for place, cell in enumerate(row):
                if type(cell) not in PLAIN:
                    row[place] = self._taken(cell, place, figure=is_figure[place])
            yield line, row

    def _taken(self, cell: Any, place: int, *, figure: bool) -> Any:
        if self._roles[place] == "note":
            return text_of(cell)
        return figure_of(cell) if figure else word_of(cell)

    def _spread(self, lines: dict[int, list[Any]]) -> None:
        """Give each line the words of a cell that is merged over several; a figure is nobody's, and refused."""
        numbers = list(lines)
        for area in self.cells.merged:
            top = lines.get(area.top)
            if top is None or area.left > len(top) or top[area.left - 1] is None:
                continue
            covered = numbers[bisect_left(numbers, area.top) : bisect_right(numbers, area.bottom)]
            place = area.left - 1
            if place in self._figures or any(one in self._figures for one in range(area.left, area.right)):
                if place in self._figures and (len(covered) > 1 or self._covers_figures(area)):
                    top[place] = Unfit(text_of(top[place]), _merged(area))
            else:
                for line in covered:
                    lines[line][place] = top[place]

    def _covers_figures(self, area: Area) -> bool:
        return sum(area.left <= place + 1 <= area.right for place in self._figures) > 1

    def _no_units(self, lines: dict[int, list[Any]]) -> None:
        """Refuse the lines that are no units: totals, headings inside the table, remarks below it."""
        wide = {
            area.top
            for area in self.cells.merged
            if area.left - 1 <= self._unit <= area.right - 1 and area.left < area.right
        }
        before = self.headings.last
        below = False
        for line, row in lines.items():
            below = below or line > before + 1
            before = line
            words = [text_of(cell) for place, cell in enumerate(row) if place not in self._figures and cell is not None]
            first = next((word for word in words if word.strip()), "")
            unit = text_of(row[self._unit])
            filled = any(row[place] is not None for place in self._figures)
            total = total_word(unit, (text_of(row[place]) for place in self._named), words)
            if total:
                complaint = _no_unit(say("{text} is a line of totals, not a unit", text=shown(total)))
            elif line in wide and not filled:
                complaint = _no_unit(say("{text} is a heading inside the table, not a unit", text=shown(first)))
            elif below and first and not filled:
                complaint = _no_unit(say("{text} stands below the table and has no figures", text=shown(first)))
            else:
                continue
            row[self._unit] = Unfit(unit or total or first, complaint)

    def _restore(self, lines: dict[int, list[Any]]) -> None:
        """Give codes that were typed as numbers their zeros, where the other codes are digits of one width."""
        place = self._unit
        typed = {len(row[place]) for row in lines.values() if isinstance(row[place], str) and row[place].isdigit()}
        short = [
            (line, row)
            for line, row in lines.items()
            if type(row[place]) is int and row[place] >= 0 and len(str(row[place])) < max(typed, default=0)
        ]
        if not short:
            return
        line, row = short[0]
        first = str(row[place])
        if len(typed) == 1:
            width = typed.pop()
            for _, one in short:
                one[place] = str(one[place]).zfill(width)
            message = say(
                "{count} codes were typed as numbers, and are read with {width} digits as the others: {code} as {read}",
                count=len(short),
                width=width,
                code=first,
                read=row[place],
            )
        else:
            message = say(
                "{count} codes were typed as numbers, such as {code}: zeros before them are lost",
                count=len(short),
                code=first,
            )
        hint = say("format the column as text, and type the codes again")
        where = placed(self.cells.source, self.cells.sheet, line, self.headings.names[place], column_letters(place))
        self.doubts.append(Problem("T078", message, where, hint, Severity.WARNING))


def _merged(area: Area) -> Complaint:
    cells = f"{column_letters(area.left - 1)}{area.top}:{column_letters(area.right - 1)}{area.bottom}"
    message = say("a figure stands in merged cells, {cells}: nobody can say whose it is", cells=cells)
    return Complaint("T075", message, say("unmerge them, and write a figure into each"))


def _no_unit(message: str) -> Complaint:
    return Complaint("T076", message, ADVICE)


def _hidden(cells: Cells, headings: Headings) -> Iterator[Problem]:
    """Yield warnings of hidden rows and columns: they are read as all others."""
    rows = [row for row in cells.rows[headings.below :] if row.hidden]
    if rows:
        message = say("{count} hidden rows are read as well: {rows}", count=len(rows), rows=_listed(rows))
        hint = say("delete them where they are not to count")
        yield Problem("T077", message, placed(cells.source, cells.sheet, rows[0].line, ""), hint, Severity.WARNING)
    columns = [column for column in range(len(headings.names)) if column + 1 in cells.hidden_columns]
    names = [f"{column_letters(column)} {headings.names[column]}" for column in columns if headings.names[column]]
    if names:
        message = say(
            "{count} hidden columns are read as well: {columns}", count=len(names), columns=", ".join(names[:10])
        )
        where = placed(cells.source, cells.sheet, headings.last, "")
        yield Problem("T077", message, where, say("delete them where they are not to count"), Severity.WARNING)


def _listed(rows: Sequence[SheetRow]) -> str:
    told = ", ".join(str(row.line) for row in rows[:10])
    return told if len(rows) <= 10 else f"{told}, …"


def _by_hand(cells: Cells) -> Problem:
    message = say("the workbook is calculated by hand only: the results of its formulas may be old")
    hint = say("press F9 in Excel, save it, and set calculation to automatic")
    return Problem("T073", message, placed(cells.source, cells.sheet, 0, ""), hint, Severity.WARNING)
