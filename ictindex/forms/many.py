"""One form for many units: a column each for the figures and the points, a line each for the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ictindex.forms import words
from ictindex.forms.entries import unit_words, validation
from ictindex.forms.figures import POINTS, ask_words, footer_of, redden, unfilled
from ictindex.forms.lines import Line
from ictindex.forms.lists import Lists
from ictindex.forms.making import Making, height, row_height
from ictindex.forms.styles import decimals_format, for_print, protect
from ictindex.messages import either, in_language

_FIGURES = {"code": 11, "name": 38, "unit": 11, "rule": 42, "max": 9}
_POINTS = {"code": 11, "name": 44, "max": 9}
_EVIDENCE = {"code": 11, "name": 38, "ask": 24, "number": 16, "date": 12, "title": 26, "link": 22}
_UNIT, _UNIT_NAME = 17, 26
"""The widths of a unit's column, and of the column of their names."""

_TOP = 2
"""The row of the units' codes, counted from 0; below it stand their names and, where they are asked, their pools."""


def write_many(making: Making, sheets: Mapping[str, Any], lists: Lists) -> None:
    """Write the sheets of figures, of points, and of evidence where any is asked."""
    many = _Many(making, lists)
    many.figures(sheets["figures"])
    many.points(sheets["points"])
    if making.asks:
        many.evidence(sheets["evidence"])


class _Many:
    def __init__(self, making: Making, lists: Lists) -> None:
        self.making, self.lists = making, lists
        self.say, self.styles = making.say, making.styles
        self.units = making.order.units
        pools = making.scheme.pools
        self.anchored = False
        self.pool = pools.by.capitalize() if pools and not all(unit.pool for unit in self.units) else ""

    def figures(self, sheet: Any) -> None:
        """Write the sheet to fill in."""
        self.anchored = True
        first = self._head(sheet, _FIGURES)
        row = _TOP + 2
        if self.pool:
            sheet.write_string(row, 1, self.pool, self.styles("label"))
            self.making.anchor(sheet, row, 1, self.pool)
            for unit in range(len(self.units)):
                sheet.write_blank(row, first + unit, None, self.styles("fill_text"))
                self.making.spot(unit, "@pool", sheet, row, first + unit)
                if self.lists.pools:
                    place = row, first + unit, row, first + unit
                    sheet.data_validation(*place, {"validate": "list", "source": f"={self.lists.pools}"})
            row += 1
        for line in self.making.lines:
            self._figures_line(sheet, row, line, first)
            row += 1
        beside = first + len(self.units)
        sheet.set_column(beside, beside + len(self.units) - 1, 3, None, {"hidden": True})
        self._finish(sheet, row=row, first=first)

    def _figures_line(self, sheet: Any, row: int, line: Line, first: int) -> None:
        style = "heading" if line.kind in ("heading", "total", "section") else "cell"
        for at in range(first + len(self.units)):
            sheet.write_blank(row, at, None, self.styles(style))
        self._named(sheet, row, line, style)
        rule, measure = "", self.say(unit_words(line.entry)) if line.entry else ""
        if line.row is not None:
            rule = "" if line.row.combine == "sum" else in_language(line.row.how, self.say.language)
            sheet.write_string(row, 3, rule, self.styles("rule" if style == "cell" else "heading_rule"))
            worth = "" if line.row.informational else in_language(line.row.short, self.say.language)
            sheet.write_string(row, 4, worth, self.styles("heading_right" if style == "heading" else "right"))
        wide = _FIGURES["name"] - 2 * _indent(line)
        high = row_height(self._name(line), wide, rule, _FIGURES["rule"], unit=measure, unit_wide=_FIGURES["unit"])
        sheet.set_row(row, high)
        entry = line.entry
        if entry is None:
            return
        sheet.write_string(row, 2, measure, self.styles("cell"))
        options = self.lists.ranges.options.get(entry.key, "")
        for unit in range(len(self.units)):
            place = row, first + unit, row, first + unit
            sheet.write_blank(row, first + unit, None, self.styles("fill"))
            self.making.spot(unit, entry.key, sheet, row, first + unit)
            address = self.making.spots[unit, entry.key].address
            sheet.data_validation(*place, validation(entry, address, options, self.say, title=line.code))
            state = f"'{POINTS}'!{self.making.calculation.input_state(entry.key, unit)}"
            redden(sheet, row, first + unit, first + len(self.units) + unit, state, self.styles("wrong"))

    def points(self, sheet: Any) -> None:
        """Write the sheet of points, with how much each unit has filled in and its levels. Nothing is read from it."""
        self.anchored = False
        calculation, first = self.making.calculation, self._head(sheet, _POINTS)
        row = _TOP + 2
        if calculation.wanted:
            sheet.write_string(row, 1, self.say(either("Cells filled in", "Số ô đã điền")), self.styles("cell"))
            for unit in range(len(self.units)):
                states = f"'{POINTS}'!{calculation.entries_range(unit)}"
                formula, value = unfilled(states, calculation.wanted, self.say)
                sheet.write_formula(row, first + unit, formula, self.styles("right"), value)
            row += 1
        for line in self.making.lines:
            if line.row is not None and line.row.max and not line.row.informational:
                row = self._points_line(sheet, row, line, first)
        self._finish(sheet, row=row, first=first)

    def _points_line(self, sheet: Any, row: int, line: Line, first: int) -> int:
        """Write the points of a row and, where it has levels, a line of them; return the next row."""
        calculation = self.making.calculation
        style = "heading" if line.kind in ("heading", "total") else "cell"
        right = "heading_right" if style == "heading" else "right"
        sheet.set_row(row, row_height(self._name(line), _POINTS["name"] - 2 * _indent(line), "", _POINTS["name"]))
        self._named(sheet, row, line, style)
        if line.row is not None:
            sheet.write_string(row, 2, in_language(line.row.short, self.say.language), self.styles(right))
        told = line.code in calculation.told
        number = decimals_format(self.making.scheme.row(line.code).publish.decimals)
        for unit in range(len(self.units)):
            if told:
                cell = f"='{POINTS}'!{calculation.shown(line.code, unit)}"
                sheet.write_formula(row, first + unit, cell, self.styles(right, number=number), "")
            else:
                sheet.write_string(row, first + unit, self.say(words.WAITING), self.styles(right))
        if not calculation.has_level(line.code):
            return row + 1
        sheet.write_string(row + 1, 1, self.say(words.LEVEL), self.styles(style))
        for unit in range(len(self.units)):
            cell = f"='{POINTS}'!{calculation.level(line.code, unit)}"
            sheet.write_formula(row + 1, first + unit, cell, self.styles(right), "")
        return row + 2

    def evidence(self, sheet: Any) -> None:
        """Write the sheet of evidence: a line for each unit and criterion, unit by unit."""
        sheet.hide_gridlines(2)
        names = [self.say(words.IDENTITY["unit"]), self.say(words.IDENTITY["name"])]
        names += [self.say(words.HEADINGS[key]) for key in _EVIDENCE]
        for at, (text, width) in enumerate(zip(names, (12, _UNIT_NAME, *_EVIDENCE.values()), strict=True)):
            sheet.set_column(at, at, width)
            fills = at >= 2 + list(_EVIDENCE).index("number")
            sheet.write_string(0, at, text, self.styles("header_fill" if fills else "header"))
            self.making.anchor(sheet, 0, at, text)
        asked = [line for line in self.making.lines if line.asked]
        for row, (unit, line) in enumerate(((at, one) for at in range(len(self.units)) for one in asked), 1):
            self._evidence_line(sheet, row, unit, line)
        sheet.freeze_panes(1, 4)
        for_print(sheet, header=0, footer=footer_of(self.making))
        protect(sheet)

    def _evidence_line(self, sheet: Any, row: int, unit: int, line: Line) -> None:
        ask = ask_words(line, self.say)
        texts = (self.units[unit].code, self.units[unit].name, line.code, self.making.name(line), ask)
        name = self.units[unit].name
        high = row_height(texts[3], _EVIDENCE["name"], ask, _EVIDENCE["ask"], unit=name, unit_wide=_UNIT_NAME)
        sheet.set_row(row, high)
        for at, text in enumerate(texts):
            sheet.write_string(row, at, text, self.styles("rule" if at == 4 else "cell"))
        self.making.anchor(sheet, row, 0, texts[0])
        self.making.anchor(sheet, row, 2, texts[2])
        for at, part in enumerate(words.PARTS, len(texts)):
            sheet.write_blank(row, at, None, self.styles("fill_date" if part == "date" else "fill_text"))
            self.making.spot(unit, f"{line.code}@{part}", sheet, row, at)

    def _named(self, sheet: Any, row: int, line: Line, style: str) -> None:
        """Write the code and the name of a line."""
        code = "" if line.kind in ("total", "section") else line.code
        sheet.write_string(row, 0, code, self.styles(style))
        sheet.write_string(row, 1, self._name(line), self.styles(style, indent=_indent(line)))
        if self.anchored:
            self.making.anchor(sheet, row, 0, code)

    def _name(self, line: Line) -> str:
        special = {"section": words.SHARED, "total": words.TOTAL, "excluded": words.LEFT_OUT}
        return self.say(special[line.kind]) if line.kind in special else self.making.name(line)

    def _head(self, sheet: Any, columns: Mapping[str, int]) -> int:
        """Write the heading of a sheet with a column for each unit; return the first of them."""
        sheet.hide_gridlines(2)
        title = self.making.scheme.title
        sheet.write_string(0, 0, title, self.styles("part"))
        note = self.say(words.WAITING_NOTE) if self.making.relative else ""
        sheet.write_string(1, 0, note, self.styles("small"))
        for at, (name, width) in enumerate(columns.items()):
            sheet.set_column(at, at, width)
            text = self.say(words.HEADINGS[name])
            sheet.write_string(_TOP, at, text, self.styles("header"))
            sheet.write_blank(_TOP + 1, at, None, self.styles("header"))
            if self.anchored:
                self.making.anchor(sheet, _TOP, at, text)
        first = len(columns)
        for at, unit in enumerate(self.units, first):
            sheet.set_column(at, at, _UNIT)
            sheet.write_string(_TOP, at, unit.code, self.styles("header_fill"))
            sheet.write_string(_TOP + 1, at, unit.name, self.styles("header_fill"))
            if self.anchored:
                self.making.anchor(sheet, _TOP, at, unit.code)
        sheet.set_row(_TOP + 1, max(height(unit.name, _UNIT) for unit in self.units))
        return first

    def _finish(self, sheet: Any, *, row: int, first: int) -> None:
        sheet.freeze_panes(_TOP + 2, 2)
        sheet.print_area(0, 0, max(row - 1, 0), first + len(self.units) - 1)
        for_print(sheet, header=_TOP, footer=footer_of(self.making))
        protect(sheet)


def _indent(line: Line) -> int:
    return min(max(line.depth - 1, 0), 6)
