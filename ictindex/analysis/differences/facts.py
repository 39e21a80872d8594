"""What decides scores, ranks and levels in a scheme, freed of codes and of words, so that two schemes can be compared.

Facts speak of rows and inputs by the codes that they have in the first of the two schemes.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import field, frozen

from ictindex.annex.words import Words
from ictindex.cells import fold
from ictindex.model import Case, Group, Indicator, Policy, Quantity, Row, Rule, Scheme

_WEIGHTLESS = ("sum", "capped", "best", "least", "none")
"""Aggregations that ask for no weights."""


@frozen(eq=False)
class Rules:
    """A rule with its points as they stand, and as shares of the row's maximum.

    Where only the maximum changed, one of the two is the same: the rule was not rewritten.
    """

    points: Any
    shares: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rules) and (self.points == other.points or self.shares == other.shares)

    __hash__ = None  # type: ignore[assignment]  # equality is not transitive


@frozen
class SchemeFacts:
    """One of the two schemes: `rows` and `inputs` translate its codes into those of the first."""

    scheme: Scheme
    words: Words
    rows: Mapping[str, str]
    inputs: Mapping[str, str]
    columns: frozenset[str] = field(init=False)  # the codes of its own inputs

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "columns", frozenset(one.code for one in self.scheme.inputs))

    def row(self, code: str) -> tuple[str, str]:
        """Return a row's code in the first scheme, and that of a row that has none as its own."""
        return ("", self.rows[code]) if code in self.rows else ("new", code)

    def column(self, code: str) -> tuple[str, str]:
        """Return an input's code in the first scheme, and that of an input that has none as its own."""
        return ("", self.inputs[code]) if code in self.inputs else ("new", code)

    def heading(self, row: Row) -> tuple[str, str] | None:
        """Return the heading that a row stands under."""
        above = self.scheme.above(row.code)
        return self.row(above[0].code) if above else None

    def policies(self, row: Row) -> tuple[Policy, Policy]:
        """Return what a cell is that is missing, and one that does not apply, in force at a row."""
        rows = (row, *self.scheme.above(row.code))
        missing: Policy = next((one.missing for one in rows if one.missing), "refuse")
        not_applicable: Policy = next((one.not_applicable for one in rows if one.not_applicable), "refuse")
        return missing, not_applicable

    def weight(self, row: Row) -> Fraction | None:
        """Return a row's weight, None where its heading asks for none."""
        above = self.scheme.above(row.code)
        return row.weight if above and above[0].combine.name not in _WEIGHTLESS else None

    def share(self, row: Row) -> Fraction | None:
        """Return what part of its heading a row is, None where that has no answer."""
        above = self.scheme.above(row.code)
        if not above or row.role != "max":
            return None
        heading = above[0]
        if heading.combine.name in ("sum", "capped"):
            return row.max / heading.max if heading.max else None
        if heading.combine.name in ("mean", "geometric"):
            whole = sum((child.weight for child in heading.children if child.max), Fraction(0))
            return row.weight / whole if whole and row.max else Fraction(0)
        return None

    def of_total(self, row: Row) -> Fraction | None:
        """Return what part of its total a row is, None where that has no answer."""
        share = Fraction(1)
        totals = {one.code for one in self.scheme.totals}
        while row.code not in totals:
            own = self.share(row)
            if own is None:
                return None
            share *= own
            row = self.scheme.above(row.code)[0]
        return share

    def kind(self, row: Row) -> str:
        """Return whether a row is measured itself, made of parts, or a heading."""
        if isinstance(row, Group):
            return "parts" if row.parts else "heading"
        return "criterion"

    def measure(self, row: Row) -> Rules | None:
        """Return a criterion's measure; None for a heading."""
        return self._rules(row, row.measure) if isinstance(row, Indicator) else None

    def scale(self, row: Row) -> Rules | None:
        """Return a row's scale, None where it has none."""
        return None if row.scale is None else self._rules(row, row.scale)

    def combine(self, row: Row) -> str | None:
        """Return how a heading joins its rows; None for a criterion."""
        return row.combine.name if isinstance(row, Group) else None

    def converts(self, row: Row) -> bool:
        """Return whether points that are left out below a heading are converted back there because it says so."""
        return isinstance(row, Group) and "rescale" in (row.missing, row.not_applicable)

    def without(self, row: Row) -> str:
        """Return what a row is without its evidence."""
        return row.evidence.without if row.evidence else "flag"

    def levels(self, row: Row) -> Any:
        """Return the bands of a row; the gates name rows."""
        if row.levels is None:
            return None
        bands = tuple(
            (one.name, one.lower, one.upper, one.of_max, tuple((self.row(code), least) for code, least in one.only_if))
            for one in row.levels.levels
        )
        return bands, row.levels.between

    def ranks(self, row: Row) -> Any:
        """Return how ranks are made; the rows that break a tie are named."""
        return row.rank.ties, row.rank.on, tuple(self.row(code) for code in row.rank.then)

    def wording(self, row: Row) -> Any:
        """Return the words of what a criterion counts, as names are compared."""
        if not isinstance(row, Indicator):
            return None
        codes = () if row.measure.get("cases") else row.inputs  # the cases have words of their own
        names = {self.column(code): fold(self.scheme.input(code).name) for code in codes}
        cases = {self._case(row.measure, one): fold(one.name) for one in row.measure.get("cases", ())}
        return {key: name for key, name in names.items() if name != fold(row.name)}, cases

    def _rules(self, row: Row, rule: Rule) -> Rules:
        return Rules(self._rule(rule, Fraction(1)), self._rule(rule, row.max or Fraction(1)))

    def _rule(self, rule: Rule, whole: Fraction) -> Any:
        return rule.name, tuple(sorted((key, repr(self._value(rule, key, one, whole))) for key, one in rule.parameters))

    def _value(self, rule: Rule, key: str, value: Any, whole: Fraction) -> Any:
        match value:
            case Quantity():
                terms = ((self.column(code), factor) for code, factor in value.terms)
                return sorted(terms), value.constant
            case tuple() if key == "cases":
                return sorted((self._case(rule, one), one.points / whole) for one in value)
            case tuple() if key == "table" and "." not in rule.name:
                return [(number, points / whole) for number, points in value]
            case Fraction() if rule.name == "each":
                return value / whole
            case tuple() if key == "inputs":
                return sorted(map(self.column, value))
            case str() if key == "input" or value in self.columns:
                return self.column(value)
        return value

    def _case(self, rule: Rule, case: Case) -> tuple[str, str]:
        """Return a case by its code; one of `checks` is an input."""
        return self.column(case.code) if rule.name == "checks" else ("", case.code)
