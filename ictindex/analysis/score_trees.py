"""Why a score differs from a published one: a tree of the rows in which the points went missing, or came from.

The tree is cut down to what matters: rows whose figure the case gives or expects, and those that lost the most points
(or, where the score is too high, that earn the most). A row whose expected figure holds is not looked into.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal

from attrs import frozen

from ictindex.analysis.cases import Answer, shown
from ictindex.explanation import number_text
from ictindex.messages import in_language, joined, say

MOST = 8
"""So many rows are shown for the points that they lost; those with an expected figure come on top."""

WIDTH = 60
"""So many letters of a row's name are shown."""

FLAGS = {
    "missing-zero": say("missing, so 0 points"),
    "not-applicable-zero": say("not applicable, so 0 points"),
    "missing-left-out": say("missing"),
    "not-applicable-left-out": say("not applicable"),
    "no-denominator": say("divided by 0"),
    "no-evidence": say("without evidence"),
    "cut": say("cut"),
}
"""What happened at a row, for a person; what a tree shows in another way is not here."""


@frozen(kw_only=True)
class Branch:
    """One row of the tree. Points are exact; `given` ones are the case's own.

    `expected` and `found` are as published, where the case expects a figure.

    `apart` is found less expected, `explains` how much of the whole difference follows from it (None where a row above
    does not simply add its rows up). `lost` is what the row adds to the difference, at most: points short of the
    maximum, or, where the score is too high, points. `folded` rows below are not shown, which lost `folded_lost`.
    """

    code: str
    name: str
    points: Any
    max: Fraction
    contribution: Any
    formula: str
    in_words: bool = False  # the formula says what was found
    flags: tuple[str, ...]
    given: bool = False
    state: Literal["", "holds", "differs"] = ""
    expected: Answer = None
    found: Answer = None
    apart: Fraction | None = None
    explains: Fraction | None = None
    weight: Fraction | None = None  # what one point of the row adds to the score that differs
    lost: Fraction = Fraction(0)
    children: tuple[Branch, ...] = ()
    folded: int = 0
    folded_lost: Fraction = Fraction(0)

    def walk(self) -> Iterator[Branch]:
        """Yield this row and every row shown below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the row as plain data, for JSON; numbers to 10 decimals."""
        return {
            "code": self.code,
            "name": self.name,
            "points": _plain(self.points),
            "max": _plain(self.max),
            "contribution": _plain(self.contribution),
            "formula": in_language(self.formula, language),
            "flags": list(self.flags),
            "state": self.state or None,
            "expected": in_language(shown(self.expected), language) if self.state else None,
            "found": in_language(shown(self.found), language) if self.state else None,
            "explains": _plain(self.explains),
            "folded": self.folded,
            "children": [child.to_dict(language) for child in self.children],
        }


@frozen
class ScoreTree:
    """Where the points of a score that differs went. `high`: it is higher than expected.

    `left` is what is left of the difference when the rows below that differ have explained their part, None where that
    is unknown; `open_rows` says whether there are rows below that a case neither gives nor expects, where it may lie.
    `rounding` is what it may come to that the figures which are given are rounded, as far as they are typed.
    """

    root: Branch
    high: bool
    left: Fraction | None
    open_rows: bool
    rounding: Fraction

    def lines(self) -> Iterator[str]:
        """Yield the tree as lines of text."""
        yield from _lines(self.root, "", "", self.high)
        if not self.root.children or self.left is None:
            return
        size, row = number_text(abs(self.left)), self.root.code
        if not self.left:
            yield say("the rows that differ explain all of it")
        elif abs(self.left) <= self.rounding:
            yield say(
                "what is given is rounded, which may come to {size}: `within` allows for that",
                size=number_text(self.rounding),
            )
        elif not self.open_rows:
            yield say(
                "{size} comes from no row below: is it how {row} is made of them, or a figure of the source?",
                size=size,
                row=row,
            )
        elif self.left != self.root.apart:
            yield say("{size} lies in rows of which nothing is given or expected", size=size)

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the tree as plain data, for JSON."""
        return {
            "kind": "score",
            "unexplained": _plain(self.left),
            "rounding": _plain(self.rounding),
            "row": self.root.to_dict(language),
        }


def _lines(branch: Branch, lead: str, below: str, high: bool) -> Iterator[str]:
    """Yield the lines of a row and of the rows below it, drawn as a tree."""
    facts = joined([*_points(branch), *_verdict(branch), *_share(branch, high, top=not lead)], "; ")
    name = textwrap.shorten(branch.name, WIDTH, placeholder=" …")
    yield joined((f"{lead}{branch.code} {name}:", facts), " ")
    for position, child in enumerate(branch.children):
        last = position == len(branch.children) - 1 and not branch.folded
        ends = ("└─ ", "   ") if last else ("├─ ", "│  ")
        yield from _lines(child, below + ends[0], below + ends[1], high)
    if branch.folded:
        yield joined((f"{below}└─ ", _more(branch, high)), "")


def _more(branch: Branch, high: bool) -> str:
    count = branch.folded
    if branch.folded_lost:
        return say("... {count} more", count=count)
    return (
        say("... {count} more, without points", count=count)
        if high
        else say("... {count} more, with full points", count=count)
    )


def _points(branch: Branch) -> Iterator[str]:
    if branch.points is None:
        if "covered" in branch.flags:
            yield say("not computed, since the score of a row above is given")
        else:
            yield say("left out") if "left-out" in branch.flags else say("no score")
    else:
        facts = {"points": number_text(branch.points), "max": number_text(branch.max)}
        if branch.state == "holds":
            yield say("{points} of {max}, as expected", **facts)
        elif "given" in branch.flags and "rescaled" not in branch.flags:
            yield say("{points} of {max}, as given", **facts)
        elif branch.formula and branch.in_words:
            yield say("{points} of {max}: {found}", **facts, found=branch.formula)
        elif branch.formula and branch.formula != facts["points"]:
            yield say("{points} of {max} = {formula}", **facts, formula=branch.formula)
        else:
            yield say("{points} of {max}", **facts)
    yield from (FLAGS[flag] for flag in branch.flags if flag in FLAGS)
    if branch.points is not None and branch.contribution not in (None, branch.points):
        yield say("counts {points}", points=number_text(branch.contribution))


def _verdict(branch: Branch) -> Iterator[str]:
    """Yield how a row's figure compares with the expected one."""
    if branch.state != "differs":
        return
    facts = {"found": shown(branch.found), "expected": shown(branch.expected)}
    if facts["found"] != number_text(branch.points):
        yield say("published {found}", **facts)
    if branch.apart is None:
        yield say("expected was {expected}", **facts)
    elif branch.apart < 0:
        yield say("expected was {expected}: {by} too low", **facts, by=number_text(-branch.apart))
    else:
        yield say("expected was {expected}: {by} too high", **facts, by=number_text(branch.apart))


def _share(branch: Branch, high: bool, *, top: bool) -> Iterator[str]:
    """Yield how much of the whole difference a row explains."""
    if top or branch.state != "differs" or not branch.explains:
        return
    size = number_text(abs(branch.explains))
    if (branch.explains > 0) is high:
        yield say("explains {size}", size=size)
    else:
        yield say("makes up for {size}", size=size)


def _plain(number: Any) -> float | None:
    return None if number is None else round(float(number), 10)
