"""What an explanation is made of: one row of the scheme explained for one unit, with everything below it.

Every number here is exact. At every row the contributions of the rows below add up to the row's points, and what they
contribute to the total adds up to what the row does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from attrs import field, frozen

from ictindex.citations import Citation, Statement
from ictindex.happened import FLAGS
from ictindex.messages import joined, say
from ictindex.model import TOTAL
from ictindex.strategies.base import Matched

REJECTED = say("evidence rejected")
"""What is printed for `no-evidence` where there was some, and it is rejected."""

STATES = {"missing": say("missing"), "not-applicable": say("not applicable")}
"""What stands in place of a figure that is absent."""

LEARNED = {"low": say("low"), "high": say("high"), "mean": say("mean"), "deviation": say("deviation")}
"""What a pool may teach."""

Exact = Fraction | Decimal | None
"""An exact number: a fraction, or a decimal of 60 digits where roots or logarithms enter; None: there is none."""


@frozen
class Gate:
    """A gate that refuses a level: the row that it looks at, the points there, and the points it asks for."""

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
            row=self._row,
            points=self.points,
        )

    def asked(self) -> str:
        """Return what the gate asks for besides a score that is not reached yet, as a sentence."""
        return say(
            "{level} also asks for {needs} points of {row}, which has {points}",
            level=self.level,
            needs=self.needs,
            row=self._row,
            points=self.points,
        )

    def to_dict(self) -> dict[str, str]:
        """Return the gate as plain data, for JSON."""
        return {"level": self.level, "row": self.row, "points": self.points, "needs": self.needs}

    @property
    def _row(self) -> str:
        return f"{self.row} {self.name}".strip()


@frozen
class Verdict:
    """What was published of a row: its score, rank and level, None where there is none.

    `refused` are the gates for which it has no better level, although its score is high enough. `reached` is the level
    with the next better one and the score that this needs; `gates` are the gates of the next one that it fails.
    """

    published: str | None
    rank: int | float | None
    level: str | None
    refused: tuple[Gate, ...] = ()
    reached: Matched | None = None
    gates: tuple[Gate, ...] = ()


@frozen
class ExplainedInput:
    """One cell as it was read: `text` is the number, the case or yes/no; `state` says whether it was reported.

    `measure` is the unit of measure, empty where the scheme states none.
    """

    code: str
    name: str
    text: str
    state: str
    measure: str = ""


@frozen(kw_only=True)
class ExplainedEvidence:
    """The evidence that a row asks for: what, by when, and what becomes of the points without it.

    `shown` is None where the table has no word of it, `words` in which words it was shown, `rejected` whether it was
    shown and then turned down.
    """

    ask: str
    due: str
    without: Literal["flag", "zero", "refuse"]
    shown: bool | None
    words: str
    rejected: bool


@frozen(kw_only=True)
class Explained:
    """One row explained. `points`, `max`, `contribution` (to the row above) and `to_total` are in points, exact.

    `total` is the code of the total that the row belongs to, empty above the totals. `printed` is its part of the
    published total, in whole last digits on the scale and with the decimals of that total: the nearest whole numbers
    below or above the exact ones that add up, so the printed parts below a heading add up to its own.

    `formula` is the rule with its numbers, or `in_words` what was found; `words` says the same without what it comes
    to, empty where the formula needs no words; `words_alone`: they say all that the formula does. `matched` is what a
    number reached in the rule, and what would be next. `fit` is what the pool taught, each end with the code and the
    name of the unit that holds it (`low_unit`, `low_name`).
    `statements` are the row's numbers with where each comes from. `history` is what became of its figures since they
    were declared, an event a line; `rejected` says that its evidence was shown and is rejected.
    """

    code: str
    name: str
    en: str
    role: Literal["max", "bonus", "deduct"]
    points: Exact  # None: not counted
    max: Fraction
    weight: Fraction
    contribution: Exact
    total: str
    to_total: Exact
    printed: str | None
    verdict: Verdict
    formula: str
    words: str = ""
    in_words: bool = False
    words_alone: bool = False
    inputs: tuple[ExplainedInput, ...]
    evidence: ExplainedEvidence | None = None
    matched: Matched | None = None
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

    @property
    def cited(self) -> tuple[Citation, ...]:
        """Everything that the row cites: its own place in the source, and those of its numbers."""
        return (self.citation, *(one.citation for one in self.statements))

    def walk(self) -> Iterator[Explained]:
        """Yield this row and everything below it."""
        return (row for row, _ in self.deep())

    def deep(self, depth: int = 0) -> Iterator[tuple[Explained, int]]:
        """Yield this row and everything below it, each with how deep it stands."""
        yield self, depth
        for child in self.children:
            yield from child.deep(depth + 1)


def number_text(number: Any) -> str:
    """Return a number for a person: exact where a few decimals are enough, else to 6 significant digits."""
    if number is None:
        return "-"
    if isinstance(number, Fraction) and 10**6 % number.denominator == 0:
        return f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return f"{float(number):.6g}"
