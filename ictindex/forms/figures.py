"""The sheet on which one unit fills in its figures and its evidence, and sees its points."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from ictindex.forms import words
from ictindex.forms.entries import options_of, unit_words, validation
from ictindex.forms.lines import Line
from ictindex.forms.lists import Lists
from ictindex.forms.making import Making, row_height
from ictindex.forms.styles import decimals_format, for_print, protect
from ictindex.messages import either, in_language, joined
from ictindex.model import Row
from ictindex.origins import column_letters

_WIDTHS = {
    "code": 9,
    "name": 36,
    "unit": 10,
    "rule": 44,
    "cell": 17,
    "points": 9,
    "level": 11,
    "max": 9,
    "number": 14,
    "date": 11,
    "title": 22,
    "link": 17,
    "remark": 16,
}
HEADER = 3
"""The row of the column headings, counted from 0."""


@frozen
class Columns:
    """Which columns the sheet has, from left to right."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, making: Making) -> Columns:
        """Return the columns of a form; those of levels and of evidence only where there are any."""
        evidence = words.PARTS if making.asks else ()
        level = ("level",) if any(map(making.calculation.has_level, making.calculation.told)) else ()
        return cls(("code", "name", "unit", "rule", "cell", "points", *level, "max", *evidence, "remark"))

    def at(self, name: str) -> int:
        """Return the position of a column, counted from 0."""
        return self.names.index(name)


class Figures:
    """Writes the sheet, a line after the other."""

    def __init__(self, making: Making, sheet: Any, lists: Lists) -> None:
        self.making, self.sheet, self.lists = making, sheet, lists
        self.columns = Columns.of(making)
        self.say, self.styles = making.say, making.styles

    def write(self, unit_cell: str) -> None:
        """Write the sheet; `unit_cell` is where the name of the unit stands."""
        sheet, title = self.sheet, self.making.scheme.title
        if self.say.language == "en" and self.making.scheme.en:
            title = self.making.scheme.en
        sheet.hide_gridlines(2)
        for at, name in enumerate(self.columns.names):
            sheet.set_column(at, at, _WIDTHS[name])
            style = "header_fill" if name in ("cell", *words.PARTS, "remark") else "header"
            text = self.say(words.HEADINGS[name])
            sheet.write_string(HEADER, at, text, self.styles(style))
            self.making.anchor(sheet, HEADER, at, text)
        sheet.set_row(HEADER, 34)
        sheet.write_string(0, 0, title, self.styles("part"))
        sheet.write_formula(1, 0, f'={unit_cell}&""', self.styles("part"), "")
        note = self.say(words.WAITING_NOTE) if self.making.relative else ""
        sheet.write_string(2, 0, joined(filter(None, (note, self._scale_note())), "  "), self.styles("small"))
        for row, line in enumerate(self.making.lines, HEADER + 1):
            self._line(row, line)
        last = len(self.columns.names)
        sheet.set_column(last, last, 3, None, {"hidden": True})
        sheet.print_area(0, 0, HEADER + len(self.making.lines), last - 1)
        sheet.freeze_panes(HEADER + 1, 2)
        for_print(sheet, header=HEADER, footer=footer_of(self.making))
        protect(sheet)

    def points(self) -> None:
        """Write the points, which stand on the hidden sheet, and colour what the cells do not take."""
        calculation, at, unit = self.making.calculation, self.columns, 0
        if calculation.wanted:
            states = f"'{POINTS}'!{calculation.entries_range(unit)}"
            formula, value = unfilled(states, calculation.wanted, self.say)
            self.sheet.write_formula(1, at.at("rule"), formula, self.styles("part"), value)
        for row, line in enumerate(self.making.lines, HEADER + 1):
            if line.row is not None:
                head = "heading_right" if line.kind in ("heading", "total") else "right"
                self._points(row, line, unit, head)
                if calculation.has_level(line.code):
                    level = f"'{POINTS}'!{calculation.level(line.code, unit)}"
                    self.sheet.write_formula(row, at.at("level"), f"={level}", self.styles(head), "")
            if line.entry:
                state = f"'{POINTS}'!{calculation.input_state(line.entry.key, unit)}"
                redden(self.sheet, row, at.at("cell"), len(at.names), state, self.styles("wrong"))

    def _points(self, row: int, line: Line, unit: int, style: str) -> None:
        column, calculation = self.columns.at("points"), self.making.calculation
        if line.code in calculation.told:
            publish = self.making.scheme.row(line.code).publish
            cell = f"='{POINTS}'!{calculation.shown(line.code, unit)}"
            number = self.styles(style, number=decimals_format(publish.decimals))
            self.sheet.write_formula(row, column, cell, number, "")
        elif line.row is not None and line.row.informational:
            self.sheet.write_string(row, column, "–", self.styles(style))
        elif line.row is not None and line.row.max:
            self.sheet.write_string(row, column, self.say(words.WAITING), self.styles(style))

    def _line(self, row: int, line: Line) -> None:
        if line.kind == "section":
            for at in range(len(self.columns.names)):
                self.sheet.write_blank(row, at, None, self.styles("heading"))
            self.sheet.write_string(row, self.columns.at("name"), self.say(words.SHARED), self.styles("heading"))
            return
        big = line.kind in ("heading", "total")
        plain, right = ("heading", "heading_right") if big else ("cell", "right")
        for at in range(len(self.columns.names)):
            self.sheet.write_blank(row, at, None, self.styles(plain))
        code = "" if line.kind == "total" else line.code
        self.sheet.write_string(row, 0, code, self.styles(plain))
        self.making.anchor(self.sheet, row, 0, code)
        indent, name = min(max(line.depth - 1, 0), 6), self._name(line)
        inner = "heading" if big else "inner" if line.row is None else "cell"
        self.sheet.write_string(row, self.columns.at("name"), name, self.styles(inner, indent=indent))
        rule = self._rule(line)
        unit = self.say(unit_words(line.entry)) if line.entry else ""
        wide = _WIDTHS["name"] - 2 * indent
        high = row_height(name, wide, rule, _WIDTHS["rule"], unit=unit, unit_wide=_WIDTHS["unit"])
        self.sheet.set_row(row, high)
        if line.row is not None:
            self.sheet.write_string(row, self.columns.at("rule"), rule, self.styles("heading_rule" if big else "rule"))
            self.sheet.write_string(row, self.columns.at("max"), self._max(line), self.styles(right))
        if line.entry:
            self._entry(row, line)
        if line.asked:
            self._evidence(row, line)
        if line.entry or line.asked:
            remark = self.columns.at("remark")
            self.sheet.write_blank(row, remark, None, self.styles("fill_text"))
            self.making.spot(0, f"{line.code}@remark", self.sheet, row, remark)

    def _name(self, line: Line) -> str:
        match line.kind:
            case "total":
                return self.say(words.TOTAL)
            case "excluded":
                return self.say(words.LEFT_OUT)
        return self.making.name(line)

    def _rule(self, line: Line) -> str:
        if line.row is None:
            return ""
        if line.row.informational:
            return self.say(words.INFORMATIONAL)
        plain_sum = line.row.combine == "sum" and line.kind in ("heading", "total")
        how = "" if plain_sum else line.row.how
        asked = ask_words(line, self.say)
        evidence = f"{self.say(words.HEADINGS['ask'])}: {asked}" if asked else ""
        return "\n".join(filter(None, (in_language(joined((how, line.row.levels), "\n"), self.say.language), evidence)))

    def _max(self, line: Line) -> str:
        if line.row is None or line.row.informational:
            return ""
        return in_language(line.row.short, self.say.language)

    def _entry(self, row: int, line: Line) -> None:
        entry, column = line.entry, self.columns.at("cell")
        if entry is None:
            return
        options = self.lists.ranges.options.get(entry.key, "")
        self.sheet.write_string(row, self.columns.at("unit"), self.say(unit_words(entry)), self.styles("cell"))
        wide = any(len(one) > _WIDTHS["cell"] for one in options_of(entry, self.say))
        self.sheet.write_blank(row, column, None, self.styles("fill_words" if wide else "fill"))
        self.making.spot(0, entry.key, self.sheet, row, column)
        cell = self.making.spots[0, entry.key].address
        self.sheet.data_validation(
            row, column, row, column, validation(entry, cell, options, self.say, title=f"{line.code}")
        )

    def _evidence(self, row: int, line: Line) -> None:
        for part in words.PARTS:
            column = self.columns.at(part)
            self.sheet.write_blank(row, column, None, self.styles("fill_date" if part == "date" else "fill_text"))
            self.making.spot(0, f"{line.code}@{part}", self.sheet, row, column)

    def _scale_note(self) -> str:
        """Return what the column of points shows where that is not points."""
        scales = {self._row(line).publish.scale for line in self.making.lines if line.row is not None}
        if scales == {"points"}:
            return ""
        return self.say(
            either(
                "Points are shown as they are published: an index is points / maximum, a percent is out of 100.",
                "Cột Điểm ghi như khi công bố: chỉ số là điểm / điểm tối đa, phần trăm là trên 100.",
            )
        )

    def _row(self, line: Line) -> Row:
        return self.making.scheme.row(line.code)


POINTS = "_points"
"""The name of the hidden sheet on which points are computed."""

WITHOUT = {
    "flag": "",
    "zero": either("Without it: 0 points.", "Không có thì 0 điểm."),
    "refuse": either("Without it the form is not accepted.", "Không có thì biểu không được nhận."),
}
"""What becomes of a row without its evidence."""


def ask_words(line: Line, speak: words.Speaker) -> str:
    """Return what evidence a line asks for, by when, and what becomes of it without; empty where it asks for none."""
    if line.asked is None:
        return ""
    due = f"({speak(words.DUE)} {line.asked.due})" if line.asked.due else ""
    return " ".join(filter(None, (line.asked.ask, due, speak(WITHOUT[line.asked.without]))))


def footer_of(making: Making) -> str:
    """Return what stands at the foot of each page: which scheme and revision the form is of."""
    scheme = making.scheme
    revision = making.say(either(f"rev. {scheme.revision}", f"lần sửa đổi {scheme.revision}"))
    parts = (scheme.id, scheme.variant, revision, scheme.sha256[:12])
    return " · ".join(filter(None, parts))


def redden(sheet: Any, row: int, column: int, beside: int, state: str, style: Any) -> None:
    """Colour a cell that holds what it does not take.

    Its state stands in a hidden column `beside` it, since the condition of a format may not look at another sheet.
    """
    sheet.write_formula(row, beside, f"={state}", None, 2)
    condition = f"=${column_letters(beside)}${row + 1}=3"
    sheet.conditional_format(row, column, row, column, {"type": "formula", "criteria": condition, "format": style})


def unfilled(states: str, total: int, speak: words.Speaker) -> tuple[str, str]:
    """Return how many cells are filled in as a formula over a range of states, and its words on an empty form."""
    done, wrong = f"SUMPRODUCT(--({states}<2))", f"SUMPRODUCT(--({states}=3))"
    lead, of = (speak(either("Filled in: ", "Đã điền: ")), speak(either(f" of {total} cells", f" / {total} ô")))
    bad = speak(either(" cells to look at again", " ô cần xem lại"))
    return f'="{lead}"&{done}&"{of}"&IF({wrong}>0,"; "&{wrong}&"{bad}","")', f"{lead}0{of}"
