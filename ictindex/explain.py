"""Makes the tree that says why a unit has its score: rows with inputs, formula, points, contribution and flags."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from ictindex.choices import COMBINES
from ictindex.citations import Statement
from ictindex.exact import Settled
from ictindex.explanation import Explained, ExplainedInput, Explanation, Verdict, number_text
from ictindex.matrix import Flag
from ictindex.messages import Text, joined, say
from ictindex.model import Indicator, InputKind, Row
from ictindex.plan import Heading, Leaf, Plan, points_per_unit
from ictindex.strategies.base import to_decimal
from ictindex.table import CellState, Table

IN_WORDS = ("yes-no", "choice", "all-of")
"""Measures that tell what was found in words, not as a calculation."""


def explain_unit(
    plan: Plan, table: Table, settled: Settled, unit: int, place: int, verdict: Callable[[str], Verdict]
) -> Explanation:
    """Return why the unit at that position has its points at a row of the matrix, and at all rows below.

    `verdict` says what was published of a row, by its code.
    """
    teller = _Teller(plan, table, settled, unit, verdict)
    with plan.arithmetic.context():
        root = teller.row(place, None)
    return Explanation(
        unit=table.units[unit],
        name=table.names[unit] or table.units[unit],
        scheme=plan.scheme,
        root=root,
        notes=table.notes,
    )


def contributions(plan: Plan, settled: Settled, unit: int, heading: Heading) -> tuple[Any, ...]:
    """Return what each child contributes to a heading's exact points of one unit; they add up to them.

    None for each where the heading combines nothing; 0 where its points are given, left out or not computed. Call it
    in the context of the plan's arithmetic.
    """
    if heading.aggregation is None:
        return tuple(None for _ in heading.children)
    matrix, trace, left = settled.matrix, settled.trace(unit), Flag.LEFT_OUT | Flag.COVERED
    if matrix.flag(heading.place, unit) & (left | Flag.GIVEN):
        return tuple(0 for _ in heading.children)
    points = trace.points[heading.place]
    below = [None if matrix.flag(child, unit) & left else trace.points[child] for child in heading.children]
    number = trace.numbers.get(heading.place)
    if heading.scale is None or number is None:
        return heading.aggregation.contributions(heading.row.max, heading.below, below, points)
    composite = number * _number(plan, heading.row.max)
    parts = heading.aggregation.contributions(heading.row.max, heading.below, below, composite)
    whole = sum((child.weight for child in heading.below), Fraction(0))
    shift = points - composite  # what the rescaling adds or takes is spread by weight
    return tuple(
        part + shift * _number(plan, child.weight / whole) for part, child in zip(parts, heading.below, strict=True)
    )


def _number(plan: Plan, value: Fraction) -> Any:
    return to_decimal(value) if plan.arithmetic.name == "decimal" else value


class _Teller:
    """Tells the rows of one unit, from the exact numbers of its column."""

    def __init__(
        self, plan: Plan, table: Table, settled: Settled, unit: int, verdict: Callable[[str], Verdict]
    ) -> None:
        self.plan, self.table, self.settled, self.unit, self.verdict = plan, table, settled, unit, verdict
        self.trace = settled.trace(unit)
        self.points = self.trace.points
        self.matrix = settled.matrix

    def row(self, place: int, contribution: Any) -> Explained:
        """Return a row explained with everything below it; a row without points contributes what it has."""
        node, row = self.plan.nodes[place], self.plan.nodes[place].row
        flag = self.matrix.flag(place, self.unit)
        points = None if flag & (Flag.LEFT_OUT | Flag.COVERED) or not self._has_score(place) else self.points[place]
        parts = contributions(self.plan, self.settled, self.unit, node) if isinstance(node, Heading) else ()
        fit = self._fit(place)
        return Explained(
            code=row.code,
            name=row.name,
            en=row.en,
            role=row.role,
            points=points,
            max=row.max,
            weight=row.weight,
            contribution=points if contribution is None else contribution,
            verdict=self.verdict(row.code),
            formula=self._formula(node, points, flag, fit),
            in_words=isinstance(node, Leaf) and row.scale is None and node.row.measure.name in IN_WORDS,
            inputs=self._inputs(node) if isinstance(node, Leaf) and not flag & (Flag.GIVEN | Flag.COVERED) else (),
            fit=fit,
            flags=tuple(one.label for one in Flag if one in flag),
            citation=row.citation,
            statements=self._statements(row),
            history=tuple(self._history(row)),
            rejected=self.table.origin.is_rejected(self.unit, row.code),
            children=tuple(self.row(child, part) for child, part in zip(node.children, parts, strict=True)),
        )

    def _statements(self, row: Row) -> tuple[Statement, ...]:
        """Return what the scheme states in the row, and the scale that a heading above states for it."""
        own = [one for one in self.plan.scheme.statements if one.at == row.code]
        scale = self.plan.scheme.scale_statement(row)
        return tuple(own if scale is None else [*own, scale])

    def _history(self, row: Row) -> Iterator[str]:
        """Yield what became of the row's figures since they were declared; a figure of several is named."""
        inputs = row.inputs if isinstance(row, Indicator) else ()
        for key in dict.fromkeys((*inputs, *(f"{row.code}.{kind}" for kind in ("score", "excluded", "evidence")))):
            for line in self.table.origin.history(self.unit, key):
                yield line if key in (row.code, f"{row.code}.score") else say("{code}: {words}", code=key, words=line)

    def _has_score(self, place: int) -> bool:
        node = self.plan.nodes[place]
        return isinstance(node, Leaf) or node.aggregation is not None

    def _number(self, value: Fraction) -> Any:
        return _number(self.plan, value)

    def _formula(self, node: Leaf | Heading, points: Any, flag: Flag, fit: Mapping[str, str]) -> str:
        """Return the rule with this unit's numbers, and how points left out were converted back."""
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
        return self._rule(node, fit)

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
                minus = row.role == "deduct"
                raw += -self.points[place] if minus else self.points[place]
                sign = ("−" if minus else "") if not terms else (" − " if minus else " + ")
                terms += sign + number_text(self.points[place])
        return f"{terms} = {number_text(raw)}"

    def _rule(self, leaf: Leaf, fit: Mapping[str, str]) -> str:
        """Return a leaf's rule with its numbers; nothing where a cell is absent or the row is informational."""
        row = leaf.row
        if not row.max or any(one.state != "reported" for one in self._inputs(leaf)):
            return ""
        measured = leaf.measure.formula({one.code: one.text for one in self._inputs(leaf, codes=True)})
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

    def _fit(self, place: int) -> dict[str, str]:
        """Return what the unit's pool taught at this row, with who holds the ends."""
        fit = self.matrix.fits.get(place)
        if fit is None:
            return {}
        pool = 0
        if self.table.pool is not None and self.plan.pooled(place):
            pool = sorted(set(self.table.pool)).index(self.table.pool[self.unit])
        told = {name: f"{float(values[pool]):.10g}" for name, values in fit.numbers.items()}
        if not fit.borrowed and self.settled.merge is None:
            told |= {
                f"{name}_unit": self.table.units[int(at[pool])] for name, at in fit.holders.items() if at[pool] >= 0
            }
        return told

    def _inputs(self, leaf: Leaf, *, codes: bool = False) -> tuple[ExplainedInput, ...]:
        """Return the cells that the leaf read, once each; a choice is told with its words unless `codes`."""
        return tuple(self._cell(code, codes) for code in dict.fromkeys(leaf.measure.inputs))

    def _cell(self, code: str, codes: bool) -> ExplainedInput:
        given, column = self.plan.scheme.input(code), self.table.columns.get(code)
        state = CellState.MISSING if column is None else CellState.REPORTED
        if column is not None and column.states is not None:
            state = CellState(int(column.states[self.unit]))
        text = ""
        if column is not None and state is CellState.REPORTED:
            value = column.values[self.unit]
            text = f"{value:.15g}"
            if given.kind is InputKind.CHOICE:
                case = given.cases[int(value)]
                text = case.code if codes else f"{case.code} {case.name}"
            elif given.kind is InputKind.YES_NO and not codes:
                text = say("yes") if value else say("no")
        return ExplainedInput(code, given.name, text, state.name.lower().replace("_", "-"))


def _in_points(typed: str, row: Row) -> str:
    """Return how a score typed on the scale that the row publishes becomes points."""
    per_unit = points_per_unit(row)
    return f"{typed} × {number_text(per_unit)}" if per_unit not in (0, 1) else typed
