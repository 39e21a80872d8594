"""What the sheets of one form are made with: the order, the workbook, and what is noted for the hidden sheet."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from attrs import field, frozen

from ictindex.annex.rows import Annex
from ictindex.forms.calculation import Calculation
from ictindex.forms.lines import Line
from ictindex.forms.record import Anchor, FormUnit, Spot
from ictindex.forms.styles import Styles
from ictindex.forms.words import Speaker
from ictindex.model import Scheme
from ictindex.origins import column_letters
from ictindex.plan import Plan

HIGHEST = 409.0
"""No row is higher, in points."""


@frozen(kw_only=True)
class Order:
    """What form is wanted: of which scheme, in which language, for whom.

    `unit` is filled in where the form is for one unit; `units` are chosen from where it is not, or have a column each
    where `many`.
    """

    plan: Plan
    annex: Annex
    language: str = "vi"
    unit: FormUnit | None = None
    units: tuple[FormUnit, ...] = ()
    many: bool = False

    @property
    def scheme(self) -> Scheme:
        """The scheme that the form is of."""
        return self.plan.scheme


@frozen(kw_only=True)
class Making:
    """One form in the making.

    `spots` are the cells to fill in, by the unit's number and the key; `anchors` the texts that must not move.
    """

    order: Order
    book: Any
    say: Speaker
    styles: Styles
    lines: tuple[Line, ...]
    calculation: Calculation
    spots: dict[tuple[int, str], Spot] = field(factory=dict)
    anchors: list[Anchor] = field(factory=list)

    @property
    def scheme(self) -> Scheme:
        """The scheme that the form is of."""
        return self.order.scheme

    @property
    def asks(self) -> bool:
        """Whether any line asks for evidence."""
        return any(line.asked for line in self.lines)

    @property
    def relative(self) -> bool:
        """Whether points of any row are known only when all units have reported."""
        return any(self.waits(line) for line in self.lines)

    def waits(self, line: Line) -> bool:
        """Whether the points of a line cannot be told from one unit's figures."""
        return line.row is not None and not line.row.informational and line.code not in self.calculation.told

    def name(self, line: Line) -> str:
        """Return the words of a line in the language of the form."""
        return line.en if self.say.language == "en" and line.en else line.name

    def spot(self, unit: int, key: str, sheet: Any, row: int, column: int) -> None:
        """Note a cell to fill in; rows and columns are counted from 0."""
        self.spots[unit, key] = Spot(sheet.get_name(), f"{column_letters(column)}{row + 1}")

    def anchor(self, sheet: Any, row: int, column: int, text: str) -> None:
        """Note a text that must not move."""
        self.anchors.append(Anchor(Spot(sheet.get_name(), f"{column_letters(column)}{row + 1}"), text))

    def filled(self, unit: int) -> dict[str, str]:
        """Return the cells that one unit fills in, by key, as formulas on another sheet name them."""
        return {key: absolute(spot) for (one, key), spot in self.spots.items() if one == unit}


def absolute(spot: Spot) -> str:
    """Return a cell as a formula on another sheet names it."""
    name = spot.sheet.replace("'", "''")
    return f"'{name}'!${spot.letters}${spot.row}"


def height(text: str, letters: int, *, line: float = 15.0) -> float:
    """Return the height in points of a row that shows a text of so many letters a line.

    A word goes to the next line whole; one that is longer than a line, such as an address, is broken.
    """
    lines = sum(max(1, len(wrap(one, max(letters, 1), break_on_hyphens=False))) for one in text.split("\n"))
    return min(lines * line + 3, HIGHEST)


def row_height(name: str, wide: int, rule: str, rule_wide: int, *, unit: str = "", unit_wide: int = 10) -> float:
    """Return the height of a line of the form by its name, its rule, whose letters are smaller, and its unit.

    A column of a width holds somewhat more letters than the width says.
    """
    beside = max(height(rule, rule_wide * 5 // 4, line=13.5), height(unit, unit_wide * 11 // 10))
    return max(18.0, height(name, wide * 11 // 10), beside)
