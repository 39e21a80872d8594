"""The hidden sheet of lists: what drop-down lists offer, and the words and points that the formulas look up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ictindex.answers import NO, NOT_APPLICABLE_WORDS, NOTHING_SHOWN, YES
from ictindex.forms.entries import Ranges, label_of, options_of
from ictindex.forms.making import Making
from ictindex.model import InputKind
from ictindex.origins import column_letters
from ictindex.plan import Leaf
from ictindex.strategies.measures import Choice

NAME = "_lists"


class Lists:
    """Writes columns of words and numbers and says where they are."""

    def __init__(self, making: Making, sheet: Any) -> None:
        self._sheet, self._column = sheet, 0
        self._known: dict[tuple[str | float, ...], str] = {}
        entries = [line.entry for line in making.lines if line.entry]
        choices = [one for one in entries if one.rule.kind is InputKind.CHOICE]
        self.nothing = self.put(sorted(NOTHING_SHOWN))
        self.ranges = Ranges(
            yes=self.put(sorted(YES)),
            no=self.put(sorted(NO)),
            absent=self.put(sorted(NOT_APPLICABLE_WORDS)),
            codes={one.key: self.put([case.code.lower() for case in one.rule.cases]) for one in choices},
            labels={one.key: self.put([label_of(case).lower() for case in one.rule.cases]) for one in choices},
            options={one.key: self.put(found) for one in entries if (found := options_of(one, making.say))},
        )
        leaves = (node for node in making.order.plan.nodes if isinstance(node, Leaf))
        chosen = [leaf.measure for leaf in leaves if isinstance(leaf.measure, Choice)]
        self.points = {one.input: self.put([float(case.points) for case in one.cases]) for one in chosen}
        units = making.order.units
        self.units = self.put([unit.label for unit in units]) if units else ""
        self.unit_pools = self.put([unit.pool for unit in units]) if units else ""
        pools = making.scheme.pools.pools if making.scheme.pools else ()
        self.pools = self.put([f"{one.code} {one.name}".strip() for one in pools]) if pools else ""

    def put(self, values: Sequence[str | float]) -> str:
        """Write a column and return its range as another sheet names it; equal columns are written once."""
        key = tuple(values)
        if key not in self._known:
            for row, value in enumerate(values):
                if isinstance(value, str):
                    self._sheet.write_string(row, self._column, value)
                else:
                    self._sheet.write_number(row, self._column, value)
            letter = column_letters(self._column)
            self._known[key] = f"'{NAME}'!${letter}$1:${letter}${len(values)}"
            self._column += 1
        return self._known[key]
