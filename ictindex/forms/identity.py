"""The first sheet of a form: what it is, how to fill it in, and which unit does."""

from __future__ import annotations

from typing import Any

from ictindex.forms import words
from ictindex.forms.figures import footer_of
from ictindex.forms.lists import Lists
from ictindex.forms.making import Making, absolute, height
from ictindex.forms.record import FormUnit
from ictindex.forms.styles import for_print, protect
from ictindex.messages import either
from ictindex.notices import scheme_notices

_LABEL, _VALUE = 34, 74


class Identity:
    """Writes the sheet; afterwards `unit_cell` is where the name of the unit stands."""

    def __init__(self, making: Making, sheet: Any, lists: Lists) -> None:
        self.making, self.sheet, self.lists = making, sheet, lists
        self.say, self.styles = making.say, making.styles
        self.unit_cell = ""
        self._at = 0

    def write(self) -> None:
        """Write the sheet."""
        sheet, scheme = self.sheet, self.making.scheme
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, _LABEL)
        sheet.set_column(1, 1, _VALUE)
        title = scheme.en if self.say.language == "en" and scheme.en else scheme.title
        self._wide(title, "title", line=20, letters=85)
        edition = self.say(either("edition", "kỳ đánh giá"))
        data = self.say(either("data of", "số liệu năm"))
        facts = [
            f"{edition} {scheme.edition}",
            f"{data} {scheme.data_year}" if scheme.data_year else "",
            footer_of(self.making),
        ]
        self._wide(" · ".join(filter(None, facts)), "small")
        for notice in self._notices():
            self._wide(f"! {notice}", "notice")
        self._at += 1
        self._part(either("How to fill in this form", "Cách điền biểu này"))
        for number, line in enumerate(self._instructions(), 1):
            self._wide(f"{number}. {self.say(line)}", "text")
        if self.making.scheme.statements:
            told = f"{self.say(words.SIGNS)} “{self.say.sheet('reasons')}”."
            self._wide(told, "small")
        self._at += 1
        self._part(either("The unit", "Đơn vị báo cáo"))
        self._who()
        for key in ("by", "date", "phone"):
            self._fill(f"@{key}", self.say(words.IDENTITY[key]), "fill_date" if key == "date" else "fill_text")
        for_print(sheet, header=None, footer=footer_of(self.making))
        sheet.set_portrait()
        protect(sheet)

    def _notices(self) -> list[str]:
        """Return what a reader must be told of the scheme, in the language of the form: Vietnamese comes first."""
        return scheme_notices(self.making.scheme)[1 if self.say.language == "en" else 0 :: 2]

    def _instructions(self) -> list[str]:
        making = self.making
        return words.instructions(
            chosen=bool(making.order.units),
            filled=making.order.unit is not None,
            live=bool(making.calculation.told),
            relative=making.relative,
            evidence=making.asks,
            not_applicable=any(line.entry and line.entry.takes_absent for line in making.lines),
            many=making.order.many,
        )

    def _who(self) -> None:
        """Write the unit, where it is known, or the cells in which it is said."""
        order, pools = self.making.order, self.making.scheme.pools
        if order.many:
            return
        if order.unit is not None:
            self._known(order.unit)
        elif order.units:
            self._fill("@chosen", self.say(words.IDENTITY["chosen"]), "fill_text", self.lists.units)
            chosen = absolute(self.making.spots[0, "@chosen"])
            self.unit_cell = chosen
            if pools and all(unit.pool for unit in order.units):
                found = f'=IFERROR(INDEX({self.lists.unit_pools},MATCH({chosen},{self.lists.units},0)),"")'
                self._told(pools.by.capitalize(), found)
                return
        else:
            self._fill("@unit", self.say(words.IDENTITY["unit"]), "fill_text")
            self._fill("@name", self.say(words.IDENTITY["name"]), "fill_text")
            self.unit_cell = absolute(self.making.spots[0, "@name"])
        if pools and not (order.unit and order.unit.pool):
            self._fill("@pool", pools.by.capitalize(), "fill_text", self.lists.pools)

    def _known(self, unit: FormUnit) -> None:
        self._told(self.say(words.IDENTITY["unit"]), unit.code)
        row = self._at
        self._told(self.say(words.IDENTITY["name"]), unit.name or unit.code)
        self.unit_cell = f"'{self.sheet.get_name()}'!$B${row + 1}"
        pools = self.making.scheme.pools
        if pools and unit.pool:
            self._told(pools.by.capitalize(), unit.pool)

    def _told(self, label: str, text: str) -> None:
        """Write something that is known already; a formula begins with an equals sign."""
        self.sheet.write_string(self._at, 0, label, self.styles("label"))
        if text.startswith("=IFERROR("):
            self.sheet.write_formula(self._at, 1, text, self.styles("fixed"), "")
        else:
            self.sheet.write_string(self._at, 1, text, self.styles("fixed"))
        self._at += 1

    def _fill(self, key: str, label: str, style: str, options: str = "") -> None:
        self.sheet.write_string(self._at, 0, label, self.styles("label"))
        self.sheet.write_blank(self._at, 1, None, self.styles(style))
        self.sheet.set_row(self._at, 20)
        self.making.spot(0, key, self.sheet, self._at, 1)
        self.making.anchor(self.sheet, self._at, 0, label)
        if options:
            message = self.say(either("Choose a line of the list.", "Chọn một dòng trong danh sách."))
            self.sheet.data_validation(
                self._at, 1, self._at, 1, {"validate": "list", "source": f"={options}", "error_message": message}
            )
        self._at += 1

    def _part(self, text: str) -> None:
        self.sheet.write_string(self._at, 0, self.say(text), self.styles("part"))
        self._at += 1

    def _wide(self, text: str, style: str, *, line: float = 15.0, letters: int = 120) -> None:
        """Write a text over both columns; merged cells do not grow by themselves."""
        self.sheet.merge_range(self._at, 0, self._at, 1, "", self.styles(style))
        self.sheet.write_string(self._at, 0, text, self.styles(style))
        self.sheet.set_row(self._at, height(text, letters, line=line))
        self._at += 1
