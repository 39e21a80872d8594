"""The rule of one row with one unit's numbers: as a calculation, and in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve

from ictindex.choices import COMBINES
from ictindex.exact import Trace
from ictindex.explanation import ExplainedInput, number_text
from ictindex.matrix import Flag, Matrix
from ictindex.messages import Text, joined, say
from ictindex.model import Row
from ictindex.plan import Heading, Leaf, Plan, points_per_unit
from ictindex.strategies.base import Matched
from ictindex.strategies.measures import Ratio

IN_WORDS = ("yes-no", "choice", "all-of")
"""Measures that tell what was found in words, not as a calculation."""

_DIRECT = {
    "assessed": say("points given directly"),
    "value": say("points as reported"),
    "count": say("points as reported"),
}
"""What is said of a number that is points as it stands."""


class Formulas:
    """Tells the rules of one unit, from the exact numbers of its column.

    A unit made of several `parts`, rows of the table, has the mean of their points and no figures of its own.
    """

    def __init__(self, plan: Plan, matrix: Matrix, trace: Trace, unit: int, parts: int = 1) -> None:
        self.plan, self.matrix, self.trace, self.unit, self.parts = plan, matrix, trace, unit, parts

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
        if self.parts > 1:
            return number_text(points) if points is not None and row.max else ""
        left = self.trace.converted.get(node.place)
        if left:
            whole = self._composite(node, points)
            achieved = number_text(whole * (self._number(row.max) - left) / self._number(row.max))
            told = f"{achieved} / ({number_text(row.max)} − {number_text(left)}) × {number_text(row.max)}"
            return self._scaled_again(node, f"{told} = {number_text(whole)}", fit) or told
        if flag & Flag.GIVEN:
            typed = number_text(points / self._number(points_per_unit(row)) if row.max else points)
            return say("given: {points}", points=_in_points(typed, row))
        if isinstance(node, Heading):
            return self._combined(node, flag, fit)
        return self._rule(node, flag, fit, cells)

    def words(self, node: Leaf | Heading, flag: Flag, fit: Mapping[str, str], cells: Sequence[ExplainedInput]) -> str:
        """Return the rule in words, without what it comes to; nothing where the formula is in words already."""
        if flag & (Flag.COVERED | Flag.LEFT_OUT):
            return ""
        if self.parts > 1:
            return say("the mean of {count} rows of the table", count=self.parts) if node.row.max else ""
        left, most = self.trace.converted.get(node.place), number_text(node.row.max)
        if left:
            return say("{left} of {max} points do not count, the rest is converted", left=number_text(left), max=most)
        if not isinstance(node, Leaf) or not self._is_measured(node, flag, cells):
            return ""
        number = self.trace.numbers[node.place]
        measure, scale = getattr(node.measure, "words", None), getattr(node.scale, "words", None)
        measured = measure({one.code: one.text for one in cells}, number) if measure else ""
        if node.row.scale is None:
            measured = _DIRECT.get(node.row.measure.name, measured)
        if not measured and node.row.scale is None:
            return ""
        scaled = scale(number_text(number), most, fit) if scale else ""
        return joined((measured, scaled), ", " if node.row.scale is None else "; ")

    def words_alone(self, node: Leaf | Heading) -> bool:
        """Whether the words of the row's own figures say all that the formula does: a share of max, points a piece."""
        number = self.trace.numbers.get(node.place)
        if not isinstance(node, Leaf) or number is None or number < 0 or node.place in self.trace.converted:
            return False
        scale, measure = node.row.scale, node.row.measure.name
        if scale is None:
            return measure == "ratio"
        return scale.name == "each" and measure in _DIRECT

    def matched(self, node: Leaf | Heading, flag: Flag, cells: Sequence[ExplainedInput]) -> Matched | None:
        """Return what the row's number reached, where its strategies can say it."""
        if not isinstance(node, Leaf) or not self._is_measured(node, flag, cells):
            return None
        chosen, reached = getattr(node.measure, "matched", None), getattr(node.scale, "matched", None)
        if chosen is not None and node.row.scale is None:
            found: Matched = chosen({one.code: one.text for one in cells})
            return found
        number = self.trace.numbers[node.place]
        found_of_number: Matched | None = reached(number, node.row.max) if reached else None
        measure = node.measure
        if found_of_number is None or found_of_number.needs is None or not isinstance(measure, Ratio) or number:
            return found_of_number
        # a ratio below its floor counts as 0, yet it is as far from what is next as it is
        actual = measure.before_floor({one.code: one.text for one in cells}, number)
        further = max(found_of_number.needs, self._number(measure.floor or Fraction(0))) - self._exact(actual)
        return evolve(found_of_number, needs=further)

    def _is_measured(self, leaf: Leaf, flag: Flag, cells: Sequence[ExplainedInput]) -> bool:
        """Whether the row's points came from its own figures, all of them there."""
        if not leaf.row.max or flag & (Flag.COVERED | Flag.GIVEN | Flag.LEFT_OUT | Flag.NO_DENOMINATOR):
            return False
        return leaf.place in self.trace.numbers and all(one.state == "reported" for one in cells)

    def _number(self, value: Fraction) -> Any:
        return self.plan.arithmetic.number(value)

    def _exact(self, number: Any) -> Any:
        return self._number(number) if isinstance(number, Fraction) else number

    def _composite(self, node: Leaf | Heading, points: Any) -> Any:
        """Return a heading's points before its own scale; of other rows the points."""
        number = self.trace.numbers.get(node.place)
        if not isinstance(node, Heading) or node.scale is None or number is None:
            return points
        return number * self._number(node.row.max)

    def _scaled_again(self, node: Leaf | Heading, before: str, fit: Mapping[str, str]) -> str:
        """Return the calculation of a heading with a scale of its own, `before` first; nothing of any other row."""
        number = self.trace.numbers.get(node.place)
        if not isinstance(node, Heading) or node.scale is None or number is None:
            return ""
        return joined((before, node.scale.formula(number_text(number), number_text(node.row.max), fit)), "; ")

    def _combined(self, heading: Heading, flag: Flag, fit: Mapping[str, str]) -> str:
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
        composite = number_text(self._composite(heading, raw))
        again = self._scaled_again(heading, f"min({terms}, {number_text(heading.row.max)}) = {composite}", fit)
        return again or f"{terms} = {number_text(raw)}"

    def _rule(self, leaf: Leaf, flag: Flag, fit: Mapping[str, str], cells: Sequence[ExplainedInput]) -> str:
        """Return a leaf's rule with its numbers; nothing where a cell is absent or the row is informational."""
        row = leaf.row
        if not row.max or any(one.state != "reported" for one in cells):
            return ""
        measured = leaf.measure.formula({one.code: one.text for one in cells})
        if flag & Flag.NO_DENOMINATOR and row.scale is not None:
            return measured
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
