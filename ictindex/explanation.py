"""One unit explained, and told as a tree in the language of the reader: what `explain` makes and people read.

Every number here is exact. At every row the contributions of the rows below add up to the row's points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from attrs import field, frozen

from ictindex.choices import stated
from ictindex.citations import Citation, Statement
from ictindex.messages import LANGUAGES, in_language, joined, say
from ictindex.model import TOTAL, Scheme
from ictindex.notices import scheme_identity, scheme_notices

FLAGS = {
    "given": say("given"),
    "covered": say("covered"),
    "missing-zero": say("missing-zero"),
    "not-applicable-zero": say("not-applicable-zero"),
    "missing-left-out": say("missing-left-out"),
    "not-applicable-left-out": say("not-applicable-left-out"),
    "left-out": say("left-out"),
    "rescaled": say("rescaled"),
    "cut": say("cut"),
    "no-denominator": say("no-denominator"),
    "no-evidence": say("no-evidence"),
    "exact": say("exact"),
}
"""The flags of a row as they are printed; in data they are always the stable English words."""

REJECTED = say("evidence rejected")
"""What is printed for `no-evidence` where there was some, and it is rejected."""

STATES = {"missing": say("missing"), "not-applicable": say("not applicable")}
"""What stands in place of a figure that is absent."""

LEARNED = {"low": say("low"), "high": say("high"), "mean": say("mean"), "deviation": say("deviation")}
"""What a pool may teach."""


@frozen
class Gate:
    """A gate that refused a level: the row that it looks at, the points there, and the points it asks for."""

    level: str
    row: str
    name: str
    points: str
    needs: str

    def told(self) -> str:
        """Return the refusal as a sentence."""
        return say(
            "{level} is refused: it asks for {needs} points of {row}, which has {points}",
            level=self.level,
            needs=self.needs,
            row=f"{self.row} {self.name}".strip(),
            points=self.points,
        )

    def to_dict(self) -> dict[str, str]:
        """Return the gate as plain data, for JSON."""
        return {"level": self.level, "row": self.row, "points": self.points, "needs": self.needs}


@frozen
class Verdict:
    """What was published of a row: its score, rank and level, None where there is none.

    `refused` are the gates for which it has no better level, although its score is high enough.
    """

    published: str | None
    rank: int | float | None
    level: str | None
    refused: tuple[Gate, ...] = ()


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

    `formula` is the rule with its numbers, or `in_words` what was found; `statements` are the row's numbers with where
    each comes from. `history` is what became of its figures since they were declared, an event a line; `rejected` says
    that its evidence was shown and is rejected.
    """

    code: str
    name: str
    en: str
    role: Literal["max", "bonus", "deduct"]
    points: Any  # a Fraction, or a Decimal of 60 digits where roots or logarithms enter; None: not counted
    max: Fraction
    weight: Fraction
    contribution: Any
    verdict: Verdict
    formula: str
    in_words: bool = False
    inputs: tuple[ExplainedInput, ...]
    fit: Mapping[str, str] = field(factory=dict)
    flags: tuple[str, ...]
    citation: Citation
    statements: tuple[Statement, ...]
    history: tuple[str, ...] = ()
    rejected: bool = False
    children: tuple[Explained, ...]

    @property
    def label(self) -> str:
        """The row's code and name as they are printed; the whole has no code of its own."""
        if self.code == TOTAL:
            return self.name or say("Total")
        return joined((self.code, self.name), " ")

    @property
    def remarks(self) -> tuple[str, ...]:
        """What happened to the row's points, in words: the flags as they are printed."""
        return tuple(REJECTED if self.rejected and one == "no-evidence" else FLAGS.get(one, one) for one in self.flags)

    def walk(self) -> Iterator[Explained]:
        """Yield this row and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain data, its words in English; numbers are given to 10 decimals."""
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
            "refused": [gate.to_dict() for gate in self.verdict.refused],
            "formula": self.formula,
            "inputs": [
                {"code": one.code, "name": one.name, "value": one.text, "state": one.state} for one in self.inputs
            ],
            "fit": dict(self.fit),
            "flags": list(self.flags),
            "history": [str(line) for line in self.history],
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

    def tree(self) -> Iterator[str]:
        """Yield the lines of the tree, as texts that can be said in another language."""
        yield from _lines(self.root, "", "")

    def told(self, language: str = LANGUAGES[0]) -> str:
        """Return the explanation for a person, its words in a language; what a decision says stays as it is."""
        lines = [f"{self.name} ({self.unit}), {self.scheme.id}: {self.scheme.title}"]
        lines += scheme_notices(self.scheme)
        lines += self.notes
        return "\n".join([*lines, *(in_language(line, language) for line in self.tree())])

    def __str__(self) -> str:
        return self.told()


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
    head = joined((lead, row.label, ": ", _points(row)), "")
    flags = joined(row.remarks, ", ")
    yield joined((head, "  [", flags, "]"), "") if row.flags else head
    inner = below + ("│    " if row.children else "     ")
    for line in _told(row, cited):
        yield joined((inner, line), "")
    for position, child in enumerate(row.children):
        last = position == len(row.children) - 1
        ends = ("└─ ", "   ") if last else ("├─ ", "│  ")
        yield from _lines(child, below + ends[0], below + ends[1], row.citation)


def _told(row: Explained, cited: Citation | None) -> Iterator[str]:
    """Yield what is said of a row below its head: its rule, its cells, what the pool taught, where it comes from."""
    yield from (gate.told() for gate in row.verdict.refused)
    rule = _rule(row)
    if rule:
        yield rule
    for one in row.inputs:
        if one.code != row.code or one.state != "reported" or not row.formula:  # else the formula shows it already
            yield joined((f"{one.code} {one.name}: ", one.text or STATES.get(one.state, one.state)), "")
    yield from row.history
    if row.fit:
        yield say("of the pool: {learned}", learned=_learned(row.fit))
    if row.citation != cited:  # a row that says nothing of its own is told by the row above
        yield row.citation.told()
    for statement in row.statements:  # a number that rests on something else than its row says so
        if statement.citation != row.citation and statement.key not in _OF_HEADINGS:
            yield joined((stated(statement.key, statement.text), statement.citation.told()), ": ")


def _rule(row: Explained) -> str:
    """Return the rule with its numbers and what came of it; a heading tells only what its rows do not show."""
    points, untold = number_text(row.points), {"rescaled", "given", "cut"}
    if not row.formula or (row.children and not untold & set(row.flags)):
        return ""
    if row.points is None or row.formula == points:
        return row.formula
    facts = {"formula": row.formula, "points": points}
    if "rescaled" not in row.flags and "given" not in row.flags:
        if "no-denominator" in row.flags:
            return say("{formula}: divided by 0, so {points}", **facts)
        if row.rejected and "no-evidence" in row.flags and not row.points:
            return say("{formula}; evidence rejected, so {points}", **facts)
        if "no-evidence" in row.flags and not row.points:
            return say("{formula}; without evidence {points}", **facts)
        if "cut" in row.flags and not row.formula.startswith("min("):
            return say("{formula}, cut to {points}", **facts)
    return joined((row.formula, points), ": " if row.in_words else " = ")


_OF_HEADINGS = ("rows", "criteria", "missing", "not-applicable")
"""Statements about the decision's table rather than about one unit's points."""


def _learned(fit: Mapping[str, str]) -> str:
    """Return what the pool taught in one line: each number with the unit that holds it."""
    told = []
    for name, value in fit.items():
        if not name.endswith("_unit"):
            holder = fit.get(f"{name}_unit")
            told.append(joined((LEARNED.get(name, name), f"{value} ({holder})" if holder else value), " "))
    return joined(told, ", ")


def _points(row: Explained) -> str:
    """Return what the row earned, what was published of it, and what it adds to the row above."""
    if row.points is None:
        return say("not counted") if "left-out" in row.flags else "-"
    if not row.max:
        return say("informational")
    facts = {"points": number_text(row.points), "max": number_text(row.max)}
    taken = row.role == "deduct"
    told = [say("takes {points} of at most {max}", **facts) if taken else say("{points} of {max}", **facts)]
    if row.verdict.rank is not None or row.verdict.level is not None:
        told.append(say("published {found}", found=row.verdict.published))
        if row.verdict.rank is not None:
            told.append(say("rank {rank}", rank=row.verdict.rank))
        if row.verdict.level is not None:
            told.append(say("level {level}", level=row.verdict.level))
    if row.contribution not in (None, row.points, -row.points if taken else None):
        told.append(say("contributes {points}", points=number_text(row.contribution)))
    return joined(told, ", ")
