"""A result as a workbook for an office: rankings, every row's points, what was changed, units explained, and notes.

What every reader must be told stands above the ranking and in the header of every printed page. Scores stay numbers,
shown with the scheme's decimals. A level has its name in the cell beside its colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from attrs import frozen

from ictindex.formats.excel.changed import has_changes, write_changes
from ictindex.formats.excel.explained import write_explanation
from ictindex.formats.excel.notes import write_notes
from ictindex.formats.excel.writing import (
    FAINT,
    GROUP,
    HEAD,
    LEVELS,
    LINE,
    NOTICE,
    Book,
    Sheet,
    signed_digits,
    width_of,
)
from ictindex.formats.text import notices
from ictindex.messages import in_language, say
from ictindex.model import Group, Row
from ictindex.result import Result
from ictindex.result_columns import shown_rows
from ictindex.standings import Standing

_SMALLEST = 195
"""So many letters fit across a page of A4 while they are not too small to read."""

_NARROWEST_NAMES = 36.0
_POINTS_WIDTH = 11.0
_CELL = {"border": 1, "border_color": LINE}
_WRAPPED = {"text_wrap": True}
_CENTRED = {"align": "center", "indent": 0, "bold": True}


def result_workbook(result: Result, language: str, units: Sequence[str]) -> bytes:
    """Return the workbook of a result in a language, with a sheet for each of the units named; `all` are all of them.

    Raises UnknownName where the result has no such unit.
    """
    everyone = tuple(units) == ("all",) and "all" not in result.units
    chosen = range(len(result.units)) if everyone else [result.position(unit) for unit in units]
    writer = _Writer(result, language)
    for total in result.totals:
        writer.ranking(total)
    writer.points()
    writer.changes()
    for unit in dict.fromkeys(chosen):
        writer.unit(unit)
    writer.notes()
    return writer.book.content()


@frozen
class Look:
    """What is the same on every sheet: the title, what readers must be told, the receipt, the words' language."""

    title: str
    subject: str
    notices: tuple[str, ...]
    mark: str
    receipt: str
    told: Callable[[str], str]

    def above(self, sheet: Sheet, widths: Sequence[float], *lines: str, first: int = 0) -> int:
        """Write the title, lines below it and the notices above a table; return the next row."""
        row = 0
        title = {"bold": True, "font_size": 15, "font_color": HEAD}
        sheet.across(row, self.title, widths, first=first, align="left" if first else "center", **title)
        for line in filter(None, (*lines, self.subject)):
            row += 1
            sheet.across(row, line, widths, first=first, align="left" if first else "center", font_color=FAINT)
        for notice in self.notices:
            row += 1
            sheet.across(row, f"! {notice}", widths, first=first, bold=True, bg_color=NOTICE, **_CELL)
        return row + 2


class _Writer:
    """Writes the sheets of one result."""

    def __init__(self, result: Result, language: str) -> None:
        self.result, self.language = result, language
        scheme = result.scheme
        title = scheme.en if language == "en" and scheme.en else scheme.title
        subject = say(
            "{scheme}, edition {edition}, revision {revision}",
            scheme=scheme.id,
            edition=scheme.edition,
            revision=scheme.revision,
        )
        mark = (
            say("PROVISIONAL: {count} numbers or rules are assumed", count=scheme.assumed) if scheme.provisional else ""
        )
        self.look = Look(
            title, self._told(subject), tuple(notices(result)), self._told(mark), result.receipt_line(), self._told
        )
        self.book = Book(
            title, self._told(subject), scheme.edition, "\n".join((*notices(result), result.receipt_line()))
        )
        self.pools = {} if scheme.pools is None else {pool.code: pool.name for pool in scheme.pools.pools}

    def _told(self, text: str) -> str:
        return in_language(text, self.language)

    def ranking(self, total: Row) -> None:
        """Write the units from first to last with score, rank and level, beside what they declared."""
        several = len(self.result.totals) > 1
        standings = self.result.ranking(total.code)
        columns = list(self._ranking_columns(standings.rows, total))
        widths = [width_of([head, *(str(cell) for cell in cells if cell is not None)]) for head, cells, _ in columns]
        widths[2] = max(widths[2], _NARROWEST_NAMES)
        sheet = self.book.sheet(self._told(say("Ranking {code}", code=total.code) if several else say("Ranking")))
        sheet.widths(widths)
        head = self.look.above(sheet, widths, f"{total.code} {total.name}" if several else "", *self._told_scale(total))
        for column, (name, _, _) in enumerate(columns):
            sheet.text(head, column, name, **_heading())
        sheet.height(head, 24)
        levels = [] if total.levels is None else [level.name for level in total.levels.levels]
        pool = standings.rows[0].pool if standings.rows else ""
        for at, standing in enumerate(standings.rows, head + 1):
            edge = {} if standing.pool == pool else {"top": 2, "top_color": HEAD}  # a line between pools
            pool = standing.pool
            for column, (_, cells, look) in enumerate(columns):
                cell = cells[at - head - 1]
                more = _level_look(standing.level, levels) if look.get("level") else {}
                _write(sheet, at, column, cell, {key: one for key, one in look.items() if key != "level"} | more | edge)
            sheet.fit(at, (standing.unit, standing.name), [width - 2 for width in widths[1:3]])
        last = head + len(standings.rows)
        sheet.across(last + 2, self.look.receipt, widths, font_size=8, font_color=FAINT)
        sheet.table(head, last, len(columns), frozen=3)
        sheet.printed(self.look.title, self.look.mark, self.look.receipt, repeat=(head, head), fit=True)

    def _ranking_columns(self, rows: Sequence[Standing], total: Row) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
        """Yield the heading, the cells and the look of each column of a ranking."""
        digits = _digits(total.publish.decimals)
        yield self._told(say("Rank")), [row.rank for row in rows], _CENTRED
        yield self._told(say("Code")), [row.unit for row in rows], _WRAPPED
        yield self._told(say("Unit")), [row.name for row in rows], _WRAPPED
        if self.result.table.pool is not None and self.result.scheme.pools is not None:
            by = self.result.scheme.pools.by
            yield by[:1].upper() + by[1:], [self.pools.get(row.pool) or row.pool for row in rows], _WRAPPED
        yield self._told(say("Score")), [_number(row.published) for row in rows], {"num_format": digits, "bold": True}
        if self.result.declared is not None:
            changes = {one.unit: one.difference for one in self.result.differences(total.code)}
            yield self._told(say("Declared")), [_number(row.declared) for row in rows], {"num_format": digits}
            signed = signed_digits(digits)
            differences = [_number(changes.get(row.unit)) for row in rows]
            yield self._told(say("Difference")), differences, {"num_format": signed}
        if total.levels is not None:
            yield (
                self._told(say("Level")),
                [row.level for row in rows],
                {**_CENTRED, "level": True},
            )

    def _told_scale(self, total: Row) -> Iterator[str]:
        """Yield what a score of the total is, in words: points of so many, an index or a percent."""
        match total.publish.scale:
            case "points":
                yield self._told(say("Points, at most {max}", max=f"{float(total.max):.15g}"))
            case "index":
                yield self._told(say("Index: points divided by {max}", max=f"{float(total.max):.15g}"))
            case _:
                yield self._told(say("Percent of the maximum"))

    def points(self) -> None:
        """Write every row's points of each unit, with code, name and maximum above."""
        result, rows = self.result, shown_rows(self.result.scheme)
        order = [result.position(one.unit) for one in result.ranking(result.totals[0].code)]
        who = [(self._told(say("Code")), result.units), (self._told(say("Unit")), result.names)]
        if result.table.pool is not None and result.scheme.pools is not None:
            by = result.scheme.pools.by
            who.append((by[:1].upper() + by[1:], tuple(self.pools.get(pool) or pool for pool in result.table.pool)))
        widths = [*(width_of([word, *cells]) for word, cells in who), *([_POINTS_WIDTH] * len(rows))]
        sheet = self.book.sheet(self._told(say("Points")))
        sheet.widths(widths)
        fit = sum(widths) <= _SMALLEST
        # Where the columns take several pages, the units stand on each, and the title beside them on the first.
        first = 0 if fit else len(who)
        pages = -(-len(rows) // max(3, int((_SMALLEST - sum(widths[:first])) / _POINTS_WIDTH)))
        beside = -(-len(rows) // pages)  # as many columns on each page, none of them alone on the last
        breaks = range(first + beside, len(widths), beside)
        head = self.look.above(sheet, widths if fit else widths[first : first + beside], first=first)
        for column, (word, cells) in enumerate(who):
            sheet.down(head, head + 2, column, word, **_heading())
            for at, unit in enumerate(order, head + 3):
                _write(sheet, at, column, cells[unit], _WRAPPED)
        for at, unit in enumerate(order, head + 3):
            sheet.fit(at, (result.units[unit], result.names[unit]), [width - 2 for width in widths[:2]])
        self._points_heading(sheet, head, rows, len(who))
        for column, row in enumerate(rows, len(who)):
            texts = result.point_texts(row.code)
            look = {"num_format": _digits(_decimals(row))} | (
                {"bold": True, "bg_color": GROUP} if _is_group(row) else {}
            )
            for at, unit in enumerate(order, head + 3):
                _write(sheet, at, column, _number(texts[unit]), look)
        last = head + 2 + len(order)
        sheet.table(head + 2, last, len(widths), frozen=len(who))
        sheet.printed(
            self.look.title,
            self.look.mark,
            self.look.receipt,
            repeat=(head, head + 2),
            fit=fit,
            keep=len(who),
            breaks=breaks,
        )

    def _points_heading(self, sheet: Sheet, head: int, rows: Sequence[Row], first: int) -> None:
        """Write three lines above the points: the code of each row, its name, its maximum."""
        tallest = 1.0
        for column, row in enumerate(rows, first):
            name = row.en if self.language == "en" and row.en else row.name
            top = row is self.result.scheme.root
            sheet.text(head, column, "" if top else row.code, **_heading())
            sheet.text(head + 1, column, self._told(say("Total")) if top else name, **_heading(font_size=9))
            most = f"{float(row.max):.15g}"
            taken = say("takes up to {max}", max=most) if row.role == "deduct" else say("at most {max}", max=most)
            told = say("informational") if not row.max else taken
            sheet.text(head + 2, column, self._told(told), **_heading(font_size=9, bold=False))
            tallest = max(tallest, 1.0 if top else _words_high(name, _POINTS_WIDTH))
        sheet.height(head + 1, min(tallest * 12.5 + 4, 180))
        sheet.height(head + 2, 28)

    def changes(self) -> None:
        """Write what differs from what the units declared, where anything does."""
        if has_changes(self.result):
            write_changes(self.book.sheet(self._told(say("Changes"))), self.result, self.look, self.language)

    def unit(self, position: int) -> None:
        """Write why a unit has its score, a row of the scheme on each line."""
        code, name = self.result.units[position], self.result.names[position]
        sheet = self.book.sheet(name if name == code else f"{code} {name}")
        write_explanation(sheet, self.result, code, self.look, self.language)

    def notes(self) -> None:
        """Write what the result was made from, and what in the scheme is assumed."""
        write_notes(self.book.sheet(self._told(say("Notes"))), self.result, self.look)


def _heading(**more: Any) -> dict[str, Any]:
    look = {"bold": True, "bg_color": HEAD, "font_color": "#FFFFFF", "align": "center", "text_wrap": True}
    return {**look, "border": 1, "border_color": LINE, **more}


def _level_look(level: str | None, levels: Sequence[str]) -> dict[str, Any]:
    """Return paper and ink of a level: the best and the last have the ends of the colours, others lie between."""
    if level not in levels:
        return {}
    place, last = levels.index(level), max(len(levels) - 1, 1)
    paper, ink = LEVELS[round(place * (len(LEVELS) - 1) / last)]
    return {"bg_color": paper, "font_color": ink}


def _write(sheet: Sheet, row: int, column: int, cell: Any, look: dict[str, Any]) -> None:
    """Write a number as a number, a text as a text, and a dash where there is nothing."""
    if cell is None:
        sheet.text(row, column, "–", **{**_CELL, **look, "align": "center", "font_color": FAINT})
    elif isinstance(cell, int | float):
        sheet.number(row, column, cell, **_CELL, **({"align": "right", "indent": 1} | look))
    else:
        sheet.text(row, column, cell, **_CELL, **({"align": "left", "indent": 1} | look))


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _digits(decimals: int) -> str:
    return "0" if not decimals else f"0.{'0' * decimals}"


def _decimals(row: Row) -> int:
    return row.publish.decimals if row.publish.scale == "points" else 2


def _is_group(row: Row) -> bool:
    return isinstance(row, Group) and not row.parts


def _words_high(name: str, width: float) -> float:
    """Return how many lines the words of a name take in a narrow column, where no word is split."""
    lines, room = 1, width
    for word in name.split():
        if len(word) + 1 > room:
            lines, room = lines + 1, width
        room -= len(word) + 1
    return lines
