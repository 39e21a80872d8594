"""Why a score differs from a published one: a tree of the rows in which the points went missing, or came from.

The tree is cut down to what matters: rows whose figure the case gives or expects, and those that lost the most points
(or, where the score is too high, that earn the most). A row whose expected figure holds is not looked into.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal

from attrs import evolve, frozen

from ictindex.analysis.cases import Answer, Difference, Expected, answer, holds, shown
from ictindex.explain import Explained, number_text
from ictindex.matrix import Flag
from ictindex.messages import in_language, joined, say
from ictindex.plan import Heading, Plan, points_per_unit

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
    """One row of the tree. Points are exact; `expected` and `found` are as published, where the case expects a figure.

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
    flags: tuple[str, ...]
    state: Literal["", "holds", "differs"] = ""
    expected: Answer = None
    found: Answer = None
    apart: Fraction | None = None
    explains: Fraction | None = None
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
    """

    root: Branch
    high: bool
    left: Fraction | None
    open_rows: bool

    def lines(self) -> Iterator[str]:
        """Yield the tree as lines of text."""
        yield from _lines(self.root, "", "", self.high)
        if not self.root.children or self.left is None:
            return
        size, row = number_text(abs(self.left)), self.root.code
        if not self.left:
            yield say("the rows that differ explain all of it")
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
        return {"kind": "score", "unexplained": _plain(self.left), "row": self.root.to_dict(language)}


def score_tree(difference: Difference) -> ScoreTree:
    """Return the tree of a score that differs."""
    apart = _apart(difference.found, difference.expected)
    high = apart is not None and apart > 0
    grower = _Grower(difference, high)
    scheme = difference.run.result.scheme
    row = difference.run.result.explain(difference.unit, difference.row).root
    per_unit = points_per_unit(scheme.row(difference.row))
    whole = grower.branch(row, 1 / per_unit if per_unit else None)
    ends = list(_ends(whole, top=True))
    digit = Fraction(1, 10 ** scheme.row(difference.row).publish.decimals)
    left = _left(whole, ends, digit)
    # Where the rows that differ explain everything, the points that others lost are beside the point.
    where = [one for one in ends if one.state == "differs"] if left == 0 else [whole]
    return ScoreTree(_cut(whole, _losers(where)), high, left, not all(_told(one) for one in ends))


def _losers(branches: list[Branch]) -> set[str]:
    """Return the rows at the ends of these branches that lost the most points."""
    below = (one for branch in branches for one in branch.walk())
    ends = [one for one in below if not one.children and not one.state and one.lost > 0]
    return {one.code for one in sorted(ends, key=lambda one: one.lost, reverse=True)[:MOST]}


def _ends(branch: Branch, *, top: bool) -> Iterator[Branch]:
    """Yield the nearest rows below whose figure is expected, and the ends of the tree where none is."""
    if not branch.children or (branch.state and not top):
        yield branch
        return
    for child in branch.children:
        yield from _ends(child, top=False)


def _told(branch: Branch) -> bool:
    """Whether a case gives or expects the row's figure."""
    return bool(branch.state) or "given" in branch.flags


def _left(whole: Branch, ends: list[Branch], digit: Fraction) -> Fraction | None:
    """Return what the expected rows leave unexplained of the difference; what rounding may leave counts as nothing."""
    expected = [one for one in ends if one.state]
    parts = [one.explains for one in expected if one.explains is not None]
    if whole.apart is None or len(parts) < len(expected):
        return None
    left = whole.apart - sum(parts, Fraction(0))
    some = any(one.state == "differs" for one in expected)
    return Fraction(0) if some and abs(left) <= digit * (1 + len(parts)) else left


class _Grower:
    """Grows the whole tree of one difference."""

    def __init__(self, difference: Difference, high: bool) -> None:
        self.run, self.case, self.high = difference.run, difference.case, high
        self.plan: Plan = self.run.result.plan
        self.trace = self.run.result.settled.trace(self.run.result.units.index(self.case.code))
        self.scores: dict[str, Expected] = {one.row: one for one in self.case.expect if one.what == "score"}

    def branch(self, row: Explained, factor: Fraction | None) -> Branch:
        """Return a row with everything below it; `factor` turns its points into the score that differs."""
        expected = self.scores.get(row.code)
        state: Literal["", "holds", "differs"] = ""
        found: Answer = None
        apart = explains = None
        if expected is not None:
            state = "holds" if holds(self.run, self.case, expected) else "differs"
            found = answer(self.run.result, self.case.code, expected)
            apart = _apart(found, expected.value)
            if apart is not None and factor is not None:
                explains = apart * points_per_unit(self.plan.scheme.row(row.code)) * factor
        closed = state == "holds" or "given" in row.flags
        children = () if closed else tuple(self._below(row, factor))
        return Branch(
            code=row.code,
            name=row.name,
            points=row.points,
            max=row.max,
            contribution=row.contribution,
            formula=self._formula(row),
            flags=row.flags,
            state=state,
            expected=None if expected is None else expected.value,
            found=found,
            apart=apart,
            explains=explains,
            lost=self._lost(row, factor),
            children=children,
        )

    def _formula(self, row: Explained) -> str:
        """Return a criterion's rule with its numbers; of a heading only what the rows below do not show."""
        heading = isinstance(self.plan.nodes[self.plan.place(row.code)], Heading)
        return "" if heading and not {"rescaled", "cut"} & set(row.flags) else row.formula

    def _below(self, row: Explained, factor: Fraction | None) -> Iterator[Branch]:
        node = self.plan.nodes[self.plan.place(row.code)]
        if isinstance(node, Heading):
            for child, share in zip(row.children, self._shares(node), strict=True):
                if child.max:
                    yield self.branch(child, None if share is None or factor is None else share * factor)

    def _shares(self, heading: Heading) -> list[Fraction | None]:
        """Return what one point of each row below adds to the heading, None where it is no fixed number."""
        flag = self.run.result.settled.matrix.flag(heading.place, self.run.result.units.index(self.case.code))
        name, most = heading.row.combine.name, heading.row.max
        left = Fraction(self.trace.converted.get(heading.place, 0))
        if heading.scale is not None or flag & Flag.CUT or name not in ("sum", "capped", "mean"):
            return [None] * len(heading.below)
        back = most / (most - left) if name != "mean" and most != left else Fraction(1)
        if name != "mean":
            return [-back if child.role == "deduct" else back for child in heading.below]
        gone = Flag.LEFT_OUT | Flag.COVERED
        unit = self.run.result.units.index(self.case.code)
        counted = [
            bool(child.maximum) and not self.run.result.settled.matrix.flag(place, unit) & gone
            for place, child in zip(heading.children, heading.below, strict=True)
        ]
        weights = sum((one.weight for one, counts in zip(heading.below, counted, strict=True) if counts), Fraction(0))
        return [
            most * child.weight / child.maximum / weights if counts and weights else Fraction(0)
            for child, counts in zip(heading.below, counted, strict=True)
        ]

    def _lost(self, row: Explained, factor: Fraction | None) -> Fraction:
        """Return the points that the row lost, or earns where the score is too high, as they weigh in the score."""
        points = Fraction(row.points or 0)
        taken = self.plan.scheme.row(row.code).role == "deduct"
        short = points if self.high != taken else row.max - points
        return short if factor is None else short * abs(factor)


def _cut(branch: Branch, kept: set[str]) -> Branch:
    """Return the branch with the rows below that are kept, or hold one that is, or have an expected figure."""
    stay = [child for child in branch.children if any(one.code in kept or one.state for one in child.walk())]
    gone = [child for child in branch.children if child not in stay]
    return evolve(
        branch,
        children=tuple(_cut(child, kept) for child in stay),
        folded=len(gone),
        folded_lost=sum((child.lost for child in gone), Fraction(0)),
    )


def _apart(found: Answer, expected: Answer) -> Fraction | None:
    both = isinstance(found, Fraction) and isinstance(expected, Fraction)
    return found - expected if both else None  # type: ignore[operator]


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
