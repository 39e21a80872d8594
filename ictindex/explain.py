"""Why a unit has its score: the tree of rows with inputs, formula, points, contribution, citation and flags.

Every number here is exact. At every row the contributions of the rows below add up to the row's points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from ictindex.citations import Citation, Statement
from ictindex.exact import Settled
from ictindex.matrix import Flag
from ictindex.model import InputKind, Row, Scheme
from ictindex.notices import scheme_identity, scheme_notices
from ictindex.plan import Heading, Leaf, Plan, points_per_unit
from ictindex.strategies.base import to_decimal
from ictindex.table import CellState, Table


@frozen
class Verdict:
    """What was published of a row: its score, rank and level, None where there is none."""

    published: str | None
    rank: int | float | None
    level: str | None


@frozen
class ExplainedInput:
    """One cell as it was read: `text` is the number, the case or yes/no; `state` says whether it was reported."""

    code: str
    name: str
    text: str
    state: str


@frozen(kw_only=True)
class Explained:
    """One row explained. `points`, `max` and `contribution` (to the row above) are in points, exact.

    `formula` is the rule with its numbers; `statements` are the row's numbers with where each comes from.
    """

    code: str
    name: str
    en: str
    points: Any  # a Fraction, or a Decimal of 60 digits where roots or logarithms enter; None: not counted
    max: Fraction
    weight: Fraction
    contribution: Any
    verdict: Verdict
    formula: str
    inputs: tuple[ExplainedInput, ...]
    fit: Mapping[str, str] = field(factory=dict)
    flags: tuple[str, ...]
    citation: Citation
    statements: tuple[Statement, ...]
    children: tuple[Explained, ...]

    def walk(self) -> Iterator[Explained]:
        """Yield this row and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain data; numbers are given to 10 decimals."""
        return {
            "code": self.code,
            "name": self.name,
            "en": self.en or None,
            "points": _plain(self.points),
            "max": _plain(self.max),
            "weight": _plain(self.weight),
            "contribution": _plain(self.contribution),
            "published": self.verdict.published,
            "rank": self.verdict.rank,
            "level": self.verdict.level,
            "formula": self.formula,
            "inputs": [
                {"code": one.code, "name": one.name, "value": one.text, "state": one.state} for one in self.inputs
            ],
            "fit": dict(self.fit),
            "flags": list(self.flags),
            "citation": {"status": str(self.citation.status), "words": self.citation.words},
            "children": [child.to_dict() for child in self.children],
        }


@frozen(kw_only=True)
class Explanation:
    """Why one unit has its score under one scheme, from one row (usually the top) down."""

    unit: str
    name: str
    scheme: Scheme
    root: Explained
    notes: tuple[str, ...] = ()  # those at the head of the table

    def row(self, code: str) -> Explained:
        """Return the explained row of that code. Raises KeyError."""
        return next(row for row in self.root.walk() if row.code == code)

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as plain data, for JSON."""
        return {
            "unit": self.unit,
            "name": self.name,
            "scheme": scheme_identity(self.scheme),
            "provisional": self.scheme.provisional,
            "assumed": self.scheme.assumed,
            "notes": list(self.notes),
            "explanation": self.root.to_dict(),
        }

    def __str__(self) -> str:
        lines = [f"{self.name} ({self.unit}), {self.scheme.id}: {self.scheme.title}"]
        lines += scheme_notices(self.scheme)
        lines += self.notes
        return "\n".join([*lines, *_lines(self.root, "", "")])


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
        parts = self._parts(node, points) if isinstance(node, Heading) else ()
        fit = self._fit(place)
        return Explained(
            code=row.code,
            name=row.name,
            en=row.en,
            points=points,
            max=row.max,
            weight=row.weight,
            contribution=points if contribution is None else contribution,
            verdict=self.verdict(row.code),
            formula=self._formula(node, points, flag, fit),
            inputs=self._inputs(node) if isinstance(node, Leaf) and not flag & (Flag.GIVEN | Flag.COVERED) else (),
            fit=fit,
            flags=tuple(one.label for one in Flag if one in flag),
            citation=row.citation,
            statements=self._statements(row),
            children=tuple(self.row(child, part) for child, part in zip(node.children, parts, strict=True)),
        )

    def _statements(self, row: Row) -> tuple[Statement, ...]:
        """Return what the scheme states in the row, and the scale that a heading above states for it."""
        own = [one for one in self.plan.scheme.statements if one.at == row.code]
        scale = self.plan.scheme.scale_statement(row)
        return tuple(own if scale is None else [*own, scale])

    def _has_score(self, place: int) -> bool:
        node = self.plan.nodes[place]
        return isinstance(node, Leaf) or node.aggregation is not None

    def _parts(self, heading: Heading, points: Any) -> tuple[Any, ...]:
        """Return what each child contributes to the heading's points; they add up to them."""
        if heading.aggregation is None:
            return tuple(None for _ in heading.children)
        if points is None or self.matrix.flag(heading.place, self.unit) & Flag.GIVEN:
            return tuple(0 for _ in heading.children)
        left = Flag.LEFT_OUT | Flag.COVERED
        below = [
            None if self.matrix.flag(child, self.unit) & left else self.points[child] for child in heading.children
        ]
        number = self.trace.numbers.get(heading.place)
        if heading.scale is None or number is None:
            return heading.aggregation.contributions(heading.row.max, heading.below, below, points)
        composite = number * self._number(heading.row.max)
        parts = heading.aggregation.contributions(heading.row.max, heading.below, below, composite)
        whole = sum((child.weight for child in heading.below), Fraction(0))
        shift = points - composite  # what the rescaling adds or takes is spread by weight
        return tuple(
            part + shift * self._number(child.weight / whole) for part, child in zip(parts, heading.below, strict=True)
        )

    def _number(self, value: Fraction) -> Any:
        return to_decimal(value) if self.plan.arithmetic.name == "decimal" else value

    def _formula(self, node: Leaf | Heading, points: Any, flag: Flag, fit: Mapping[str, str]) -> str:
        """Return the rule with this unit's numbers, and how points left out were converted back."""
        row = node.row
        if flag & Flag.COVERED:
            return ""
        if flag & Flag.LEFT_OUT:
            return "left out"
        left = self.trace.converted.get(node.place)
        if left:
            reach = self._number(row.max) - left
            achieved = number_text(points * reach / self._number(row.max))
            return f"{achieved} / ({number_text(row.max)} − {number_text(left)}) × {number_text(row.max)}"
        if flag & Flag.GIVEN:
            typed = number_text(points / self._number(points_per_unit(row)) if row.max else points)
            return f"given: {_in_points(typed, row)}"
        if isinstance(node, Heading):
            return self._combined(node, flag)
        return self._rule(node, fit)

    def _combined(self, heading: Heading, flag: Flag) -> str:
        """Return how a heading combines its rows; a sum that was cut is written out."""
        if heading.aggregation is None:
            return ""
        name = heading.row.combine.name
        if not flag & Flag.CUT or name not in ("sum", "capped"):
            return f"{name} of {len(heading.children)} rows"
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
            return f"{measured} × {number_text(row.max)}" if leaf.measure.gives == "share" else measured
        number = self.trace.numbers.get(leaf.place)
        if number is None or len(leaf.measure.inputs) == 1:
            return leaf.scale.formula(measured, number_text(row.max), fit)
        scaled = leaf.scale.formula(number_text(number), number_text(row.max), fit)
        return f"{measured} = {number_text(number)}; {scaled}"

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
                text = "yes" if value else "no"
        return ExplainedInput(code, given.name, text, state.name.lower().replace("_", "-"))


def _in_points(typed: str, row: Row) -> str:
    """Return how a score typed on the scale that the row publishes becomes points."""
    per_unit = points_per_unit(row)
    return f"{typed} × {number_text(per_unit)}" if per_unit not in (0, 1) else typed


def number_text(number: Any) -> str:
    """Return a number for a person: exact where a few decimals are enough, else to 6 significant digits."""
    if number is None:
        return "-"
    if isinstance(number, Fraction) and 10**6 % number.denominator == 0:
        return f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return f"{float(number):.6g}"


def _plain(number: Any) -> float | None:
    return None if number is None else round(float(number), 10)


def _lines(row: Explained, lead: str, below: str, cited: Citation | None = None) -> Iterator[str]:
    """Yield the lines of a row and of the rows below it, drawn as a tree."""
    head = f"{lead}{row.code} {row.name}: {_points(row)}"
    yield head + (f"  [{', '.join(row.flags)}]" if row.flags else "")
    inner = below + ("│    " if row.children else "     ")
    told = _told(row)
    if told:
        yield inner + told
    for one in row.inputs:
        if one.code != row.code or one.state != "reported" or not row.formula:  # else the formula shows it already
            yield f"{inner}{one.code} {one.name}: {one.text or one.state}"
    if row.fit:
        yield f"{inner}of the pool: {_learned(row.fit)}"
    if row.citation != cited:  # a row that says nothing of its own is told by the row above
        yield f"{inner}{row.citation}"
    for statement in row.statements:  # a number that rests on something else than its row says so
        if statement.citation != row.citation and statement.key not in _OF_HEADINGS:
            yield f"{inner}{statement.key.removeprefix('below.')} {statement.text}: {statement.citation}"
    for position, child in enumerate(row.children):
        last = position == len(row.children) - 1
        ends = ("└─ ", "   ") if last else ("├─ ", "│  ")
        yield from _lines(child, below + ends[0], below + ends[1], row.citation)


def _told(row: Explained) -> str:
    """Return the rule with its numbers and what came of it; a heading tells only what its rows do not show."""
    points, untold = number_text(row.points), {"rescaled", "given", "cut"}
    if not row.formula or (row.children and not untold & set(row.flags)):
        return ""
    if row.points is None or row.formula == points:
        return row.formula
    if "rescaled" not in row.flags and "given" not in row.flags:
        if "no-denominator" in row.flags:
            return f"{row.formula}: divided by 0, so {points}"
        if "no-evidence" in row.flags and not row.points:
            return f"{row.formula}; without evidence {points}"
        if "cut" in row.flags and not row.formula.startswith("min("):
            return f"{row.formula}, cut to {points}"
    return f"{row.formula} = {points}"


_OF_HEADINGS = ("rows", "criteria", "missing", "not-applicable")
"""Statements about the decision's table rather than about one unit's points."""


def _learned(fit: Mapping[str, str]) -> str:
    """Return what the pool taught in one line: each number with the unit that holds it."""
    told = []
    for name, value in fit.items():
        if not name.endswith("_unit"):
            holder = fit.get(f"{name}_unit")
            told.append(f"{name} {value} ({holder})" if holder else f"{name} {value}")
    return ", ".join(told)


def _points(row: Explained) -> str:
    if row.points is None:
        return "not counted" if "left-out" in row.flags else "-"
    if not row.max:
        return "informational"
    text = f"{number_text(row.points)} of {number_text(row.max)}"
    if row.verdict.rank is not None or row.verdict.level is not None:
        text += f", published {row.verdict.published}"
        text += f", rank {row.verdict.rank}" if row.verdict.rank is not None else ""
        text += f", level {row.verdict.level}" if row.verdict.level is not None else ""
    if row.contribution is not None and row.contribution != row.points:
        text += f", contributes {number_text(row.contribution)}"
    return text
