"""A scheme printed as a decision's annex: code, name, most points, how it is scored, and where each number comes from.

A cited number is printed plain (`20`), a derived one with a stroke (`20'`), an assumed one in brackets (`[20]`), each
reason as a footnote.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from fractions import Fraction

from ictindex.explain import number_text
from ictindex.model import Group, Indicator, Input, InputKind, Quantity, Row, Rule, Scheme, Statement, Status

_WIDTH = 110


def outline(scheme: Scheme) -> str:
    """Return the scheme as text for a terminal."""
    return "\n".join(_Outline(scheme).lines()) + "\n"


class _Outline:
    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.footnotes: dict[str, int] = {}
        self.statements: dict[tuple[str, str], Statement] = {(one.at, one.key): one for one in scheme.statements}

    def lines(self) -> Iterator[str]:
        """Yield the head, the rows, and then the footnotes that the rows asked for."""
        scheme = self.scheme
        yield scheme.title
        if scheme.en:
            yield scheme.en
        variant = f", variant {scheme.variant}" if scheme.variant else ""
        yield f"{scheme.id}, unit: {scheme.unit}, edition {scheme.edition}, revision {scheme.revision}{variant}"
        counts = ", ".join(f"{scheme.count(status)} {status}" for status in Status)
        yield f"numbers and rules: {counts}" + ("  PROVISIONAL" if scheme.provisional else "")
        yield from _wrapped(scheme.notes, "")
        yield ""
        for source in scheme.sources:
            yield from _wrapped(
                " ".join(filter(None, (source.title, source.date, source.url))), f"source {source.code}: "
            )
        for one in scheme.variants:
            yield f"variant {one.code}: {one.name}"
        yield ""
        yield from self._policies()
        yield from self._row(scheme.root, 0)
        yield ""
        for reason, number in self.footnotes.items():
            yield from _wrapped(reason, f"({number}) ")
        yield from [""] * bool(self.footnotes)
        yield from self._columns()

    def _columns(self) -> Iterator[str]:
        """Yield the columns of a table of the scheme, with what a cell holds."""
        columns = [("unit", "code or name of the unit"), ("name", "its name (optional)")]
        if self.scheme.pools:
            columns.append((self.scheme.pools.by, "the pool within which units are ranked"))
        scales = {row.code: row.publish.scale for row in self.scheme.rows()}
        columns += [
            (one.code, f"{one.name}: {_cell(one, scales.get(one.code, 'points'))}") for one in self.scheme.inputs
        ]
        width = max(len(heading) for heading, _ in columns)
        yield "columns of a table:"
        for heading, words in columns:
            yield from _wrapped(words, f"  {heading.ljust(width)}  ")

    def _policies(self) -> Iterator[str]:
        """Yield the choices that hold for the whole scheme."""
        for statement in self.scheme.statements:
            top = statement.at == self.scheme.root.code and statement.key not in ("max", "rows", "criteria")
            if top and not statement.key.startswith("levels"):
                yield f"{statement.key}: {self._marked(statement.text, statement)}"

    def _row(self, row: Row, depth: int) -> Iterator[str]:
        lead = "  " * depth
        apart = isinstance(row, Group) and row.combine.name == "none"
        facts = [] if apart else [self._maximum(row)]
        if (row.code, "weight") in self.statements:
            facts.append(f"weight {self._number(row, 'weight', row.weight)}")
        yield from _wrapped(row.name + (f"  ({', '.join(facts)})" if facts else ""), f"{lead}{row.code} ")
        inner = lead + "    "
        if isinstance(row, Indicator):
            yield from _wrapped(self._rule(row), inner)
        elif isinstance(row, Group):
            if row.combine.name == "none":
                yield f"{inner}{self._number(row, 'combine', 'not combined')}: each row below is a total of its own"
            elif row.combine.name != "sum":
                yield f"{inner}{self._number(row, 'combine', row.combine.name)} of the rows below"
            if row.scale is not None:
                yield f"{inner}then {_scale_words(row.scale)}"
        if row.levels is not None:
            bounds = (
                self._number(row, f"levels.{one.name}", _bound(one.lower, one.of_max)) for one in row.levels.levels
            )
            yield inner + "; ".join(
                f"{one.name} from {text}" for one, text in zip(row.levels.levels, bounds, strict=True)
            )
        yield from _wrapped("; ".join(self._told_apart(row)), inner)
        if row.evidence is not None:
            due = f" (due {row.evidence.due})" if row.evidence.due else ""
            yield from _wrapped(f"evidence: {row.evidence.ask}{due}, without it: {row.evidence.without}", inner)
        if isinstance(row, Group):
            for child in row.children:
                yield from self._row(child, depth + 1)

    def _told_apart(self, row: Row) -> Iterator[str]:
        """Yield what a row says beyond its rule: policies of its own, what no denominator means, and notes."""
        for key, policy in (("missing", row.missing), ("not-applicable", row.not_applicable)):
            if policy is not None and row is not self.scheme.root:
                yield f"{key}: {self._number(row, key, policy)}"
        if isinstance(row, Indicator) and row.measure.name == "ratio":
            if row.measure.get("if_none", "refuse") != "refuse":
                yield f"without a denominator: {self._number(row, 'ratio.if-none', row.measure.get('if_none'))}"
            if row.measure.get("floor") is not None:
                yield f"below {self._number(row, 'ratio.floor', row.measure.get('floor'))}: 0"
        if row.notes and row is not self.scheme.root:
            yield row.notes

    def _maximum(self, row: Row) -> str:
        key = row.role
        return (
            f"{key} {self._number(row, key, row.max)}"
            if row.max
            else f"{self._number(row, key, row.max)}, informational"
        )

    def _rule(self, row: Indicator) -> str:
        text = self._measure(row)
        inherited = self.scheme.scale_statement(row)
        if row.scale is not None and inherited is None:
            text += f"; {_scale_words(row.scale)}"
        elif row.scale is None and row.measure.name in ("ratio", "yes-no", "all-of"):
            text += " × max"
        statement = self.statements.get((row.code, "rule"))
        text = self._marked(text, statement) if statement is not None else text
        if row.scale is not None and inherited is not None:  # it rests on what the heading says, not on the row
            text += f"; {self._marked(_scale_words(row.scale), inherited)}"
        return text

    def _measure(self, row: Indicator) -> str:
        rule = row.measure
        names = {one.code: one.name for one in self.scheme.inputs}
        if rule.name in ("choice", "checks"):
            told = (
                f"{case.code.removeprefix(f'{row.code}.')} {case.name or names[case.code]}: {number_text(case.points)}"
                for case in rule.get("cases")
            )
            return ("one of: " if rule.name == "choice" else "each adds: ") + "; ".join(told)
        if rule.name == "ratio":
            text = f"{_quantity(rule.get('a'), names)} / {_quantity(rule.get('b'), names)}"
            per = rule.get("per", Fraction(1))
            return text if per == 1 else f"{text} × {number_text(per)}"
        if rule.name == "all-of":
            return "all of: " + "; ".join(names[code] for code in rule.get("inputs"))
        name = names.get(rule.get("input", ""), row.name)
        return rule.name if name == row.name else f"{rule.name}: {name}"

    def _number(self, row: Row, key: str, value: Fraction | str) -> str:
        text = value if isinstance(value, str) else number_text(value)
        statement = self.statements.get((row.code, key))
        return self._marked(text, statement) if statement is not None else text

    def _marked(self, text: str, statement: Statement) -> str:
        """Return the text marked by its status, with a footnote for the reason."""
        status = statement.citation.status
        if status is Status.CITED:
            return text
        number = self.footnotes.setdefault(str(statement.citation), len(self.footnotes) + 1)
        return f"{text}' ({number})" if status is Status.DERIVED else f"[{text}] ({number})"


def _quantity(quantity: Quantity, names: dict[str, str]) -> str:
    terms = [
        names[code] if factor == 1 else f"{names[code]} × {number_text(factor)}" for code, factor in quantity.terms
    ]
    if quantity.constant or not terms:
        terms.append(number_text(quantity.constant))
    return terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"


def _cell(column: Input, scale: str) -> str:
    """Return what a cell of the column holds, in words; a score is on that scale."""
    if column.kind is InputKind.CHOICE:
        return " or ".join(case.code for case in column.cases)
    words = {InputKind.COUNT: "a whole number", InputKind.AMOUNT: "a number", InputKind.YES_NO: "yes or no"}
    scores = {"points": "points", "index": "an index, 0 to 1", "percent": "a percent, 0 to 100"}
    text = words.get(column.kind, scores[scale])
    return f"{text}, {column.unit}" if column.unit else text


def _scale_words(rule: Rule) -> str:
    """Return a scale in words."""
    if rule.name in ("steps", "steps-down"):
        sign = "≥" if rule.name == "steps" else "≤"
        return "; ".join(f"{sign} {number_text(mark)}: {number_text(points)}" for mark, points in rule.get("table"))
    if rule.name == "goalposts":
        text = f"from {number_text(rule.get('start'))} to {number_text(rule.get('end'))}"
        return f"{text}, by logarithm" if rule.get("log") else text
    if rule.name == "each":
        return f"{number_text(rule.get('points'))} points each"
    told = (f"{key} {number_text(value) if isinstance(value, Fraction) else value}" for key, value in rule.parameters)
    return f"{rule.name} ({', '.join(told)})"


def _bound(lower: Fraction, of_max: bool) -> str:
    return f"{number_text(lower * 100)}%" if of_max else number_text(lower)


def _wrapped(text: str, lead: str) -> list[str]:
    """Return the text in lines, the first one behind the lead and the others under it."""
    return textwrap.wrap(text, _WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)
