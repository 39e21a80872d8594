"""Grows the tree of a score that differs: every row, with what it adds to the difference; then those that matter."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from attrs import evolve

from ictindex.analysis.cases import Answer, Difference, Expected, answer, holds, score_column
from ictindex.analysis.score_trees import MOST, Branch, ScoreTree
from ictindex.explanation import Explained
from ictindex.matrix import Flag
from ictindex.model import Indicator
from ictindex.plan import Heading, Plan, points_per_unit


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
    rounding = grower.rounding(ends, digit)
    return ScoreTree(_cut(whole, _losers(where)), high, left, not all(_told(one) for one in ends), rounding)


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
    return bool(branch.state) or branch.given


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
            in_words=row.in_words,
            flags=tuple(one for one in row.flags if one != "assumed"),
            given=self._given(row),
            state=state,
            expected=None if expected is None else expected.value,
            found=found,
            apart=apart,
            explains=explains,
            weight=factor,
            lost=self._lost(row, factor),
            children=children,
        )

    def rounding(self, ends: list[Branch], digit: Fraction) -> Fraction:
        """Return what half a last digit of every given figure comes to in the score, with half of the score's own.

        All are taken to be printed as finely as the finest: a 0.9 among figures such as 0.8253 is 0.9000.
        """
        given = [(one.code, one.weight) for one in ends if one.given and one.weight is not None]
        cells = dict(self.case.given)
        typed = (cells.get(score_column(self.plan.scheme, code), "") for code, _ in given)
        finest = max((len(text.partition(".")[2]) for text in typed), default=0)
        if not given or not finest:
            return Fraction(0)
        moves = (abs(weight) * points_per_unit(self.plan.scheme.row(code)) for code, weight in given)
        return (sum(moves, Fraction(0)) * Fraction(1, 10**finest) + digit) / 2

    def _given(self, row: Explained) -> bool:
        """Whether the case gives the row's points: as its score, or as an assessor's."""
        node = self.plan.nodes[self.plan.place(row.code)].row
        assessed = isinstance(node, Indicator) and node.measure.name == "assessed" and row.points is not None
        return "given" in row.flags or (assessed and not {"missing-zero", "not-applicable-zero"} & set(row.flags))

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
