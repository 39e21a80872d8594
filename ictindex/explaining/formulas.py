"""The rule of one row with one unit's numbers: as a calculation, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ictindex.choices import COMBINES
from ictindex.exact import Trace
from ictindex.explanation import ExplainedInput, number_text
from ictindex.matrix import Flag, Matrix
from ictindex.messages import Text, joined, say
from ictindex.model import Row
from ictindex.plan import Heading, Leaf, Plan, points_per_unit
from ictindex.strategies.base import Matched, to_decimal

IN_WORDS = ("yes-no", "choice", "all-of")
"""Measures that tell what was found in words, not as a calculation."""


class Formulas:
    """Tells the rules of one unit, from the exact numbers of its column."""

    def __init__(self, plan: Plan, matrix: Matrix, trace: Trace, unit: int) -> None:
        self.plan, self.matrix, self.trace, self.unit = plan, matrix, trace, unit

    def formula(
        self,
        node: Leaf | Heading,
        points: Any,
        flag: Flag,
        fit: Mapping[str, str],
        cells: Sequence[ExplainedInput],
    ) -> str:
        """Return the rule with this unit's numbers, and how points left out were converted back.

        `cells` are what the row read, each choice by its code alone.
        """
        row = node.row
        if flag & Flag.COVERED:
            return ""
        if flag & Flag.LEFT_OUT:
            return say("left out")
        left = self.trace.converted.get(node.place)
        if left:
            reach = self._number(row.max) - left
            achieved = number_text(points * reach / self._number(row.max))
            return f"{achieved} / ({number_text(row.max)} − {number_text(left)}) × {number_text(row.max)}"
        if flag & Flag.GIVEN:
            typed = number_text(points / self._number(points_per_unit(row)) if row.max else points)
            return say("given: {points}", points=_in_points(typed, row))
        if isinstance(node, Heading):
            return self._combined(node, flag)
        return self._rule(node, fit, cells)

    def words(self, node: Leaf | Heading, flag: Flag, fit: Mapping[str, str], cells: Sequence[ExplainedInput]) -> str:
        """Return the rule in words, without what it comes to; nothing where the formula is in words already."""
        if flag & (Flag.COVERED | Flag.LEFT_OUT):
            return ""
        left, most = self.trace.converted.get(node.place), number_text(node.row.max)
        if left:
            return say("{left} of {max} points do not count, the rest is converted", left=number_text(left), max=most)
        if not isinstance(node, Leaf) or not self._is_measured(node, flag, cells):
            return ""
        number = self.trace.numbers[node.place]
        measure, scale = getattr(node.measure, "words", None), getattr(node.scale, "words", None)
        measured = measure({one.code: one.text for one in cells}, number) if measure else ""
        if not measured and node.row.scale is None:
            return ""
        scaled = scale(number_text(number), most, fit) if scale else ""
        return joined((measured, scaled), ", " if node.row.scale is None else "; ")

    def matched(self, node: Leaf | Heading, flag: Flag, cells: Sequence[ExplainedInput]) -> Matched | None:
        """Return what the row's number reached, where its strategies can say it."""
        if not isinstance(node, Leaf) or not self._is_measured(node, flag, cells):
            return None
        chosen, reached = getattr(node.measure, "matched", None), getattr(node.scale, "matched", None)
        if chosen is not None and node.row.scale is None:
            found: Matched = chosen({one.code: one.text for one in cells})
            return found
        found_of_number: Matched | None = reached(self.trace.numbers[node.place], node.row.max) if reached else None
        return found_of_number

    def _is_measured(self, leaf: Leaf, flag: Flag, cells: Sequence[ExplainedInput]) -> bool:
        """Whether the row's points came from its own figures, all of them there."""
        if not leaf.row.max or flag & (Flag.COVERED | Flag.GIVEN | Flag.LEFT_OUT | Flag.NO_DENOMINATOR):
            return False
        return leaf.place in self.trace.numbers and all(one.state == "reported" for one in cells)

    def _number(self, value: Fraction) -> Any:
        return to_decimal(value) if self.plan.arithmetic.name == "decimal" else value

    def _combined(self, heading: Heading, flag: Flag) -> str:
        """Return how a heading combines its rows; a sum that was cut is written out."""
        if heading.aggregation is None:
            return ""
        name = heading.row.combine.name
        if not flag & Flag.CUT or name not in ("sum", "capped"):
            return COMBINES.get(name) or say("{name} of {count} rows", name=name, count=len(heading.children))
        raw: Any = 0
        terms = ""
        for place in heading.children:
            row = self.plan.nodes[place].row
            if row.max and not self.matrix.flag(place, self.unit) & (Flag.LEFT_OUT | Flag.COVERED):
                points = self.trace.points[place]
                minus = row.role == "deduct"
                raw += -points if minus else points
                sign = ("−" if minus else "") if not terms else (" − " if minus else " + ")
                terms += sign + number_text(points)
        return f"{terms} = {number_text(raw)}"

    def _rule(self, leaf: Leaf, fit: Mapping[str, str], cells: Sequence[ExplainedInput]) -> str:
        """Return a leaf's rule with its numbers; nothing where a cell is absent or the row is informational."""
        row = leaf.row
        if not row.max or any(one.state != "reported" for one in cells):
            return ""
        measured = leaf.measure.formula({one.code: one.text for one in cells})
        if row.scale is None:
            if row.measure.name == "assessed":
                return _in_points(measured, row)
            calculated = leaf.measure.gives == "share" and row.measure.name not in IN_WORDS
            return joined((measured, number_text(row.max)), " × ") if calculated else measured
        number = self.trace.numbers.get(leaf.place)
        if number is None or (len(leaf.measure.inputs) == 1 and not isinstance(measured, Text)):
            return leaf.scale.formula(measured, number_text(row.max), fit)
        scaled = leaf.scale.formula(number_text(number), number_text(row.max), fit)
        equal = ": " if row.measure.name in IN_WORDS else " = "
        return joined((joined((measured, number_text(number)), equal), scaled), "; ")


def _in_points(typed: str, row: Row) -> str:
    """Return how a score typed on the scale that the row publishes becomes points."""
    per_unit = points_per_unit(row)
    return f"{typed} × {number_text(per_unit)}" if per_unit not in (0, 1) else typed
