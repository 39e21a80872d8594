"""Why a figure differs from a published one: where the points went, which bound or gate, which rivals and ties."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from attrs import frozen

from ictindex.analysis.cases import Answer, CaseReport, Difference, shown
from ictindex.analysis.growing import score_tree
from ictindex.analysis.score_trees import ScoreTree
from ictindex.explanation import Gate, number_text
from ictindex.messages import in_language, say
from ictindex.model import Levels, RankRule, Row
from ictindex.plan import points_per_unit
from ictindex.publication import level_bound
from ictindex.result import Result
from ictindex.strategies.classifications import lies_between

AROUND = 2
"""So many neighbours are shown on each side of a rank."""

TIES = {
    "competition": say("equal scores share the best rank, and the ranks after it are left out: 1 2 2 4"),
    "dense": say("equal scores share a rank, and no rank is left out: 1 2 2 3"),
    "ordinal": say("equal scores get ranks one after the other, by the code of the unit: 1 2 3 4"),
    "average": say("equal scores share the mean of their ranks: 1 2.5 2.5 4"),
}
"""What the tie rules do."""

BETWEEN = {
    "lower": say("it lies between two printed bands, and belongs to the lower one (between-levels: lower)"),
    "upper": say("it lies between two printed bands, and belongs to the upper one (between-levels: upper)"),
    "round": say("it lies between two printed bands, and is rounded first (between-levels: round)"),
}
"""Who gets a score that no printed band has."""


@frozen(kw_only=True)
class LevelReason:
    """Why a unit has another level: its score, the bounds of the two levels, and the gates that refused the better."""

    row: str
    score: str | None
    expected: str | None
    found: str | None
    bounds: tuple[tuple[str, str], ...]  # level -> the score from which it is earned
    short: str  # how much the score lacks for the expected level, empty where nothing
    between: str  # what decides where the score lies between two printed bands, empty where it does not
    gates: tuple[Gate, ...]

    def lines(self) -> Iterator[str]:
        """Yield the reason as lines of text."""
        if self.score is None:
            yield say("{row} has no score, so it has no level", row=self.row)
            return
        bounds = dict(self.bounds)
        yield say("the score of {row} is {score}", row=self.row, score=self.score)
        if self.expected is None:
            yield say("expected: no level")
        else:
            facts = {"level": self.expected, "bound": bounds[self.expected], "short": self.short}
            yield (
                say("expected: {level}, {bound}, so {short} is lacking", **facts)
                if self.short
                else say("expected: {level}, {bound}", **facts)
            )
        if self.found is None:
            yield say("found: no level")
        else:
            yield say("found: {level}, {bound}", level=self.found, bound=bounds[self.found])
        if self.between:
            yield BETWEEN[self.between]
        yield from (gate.told() for gate in self.gates)

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the reason as plain data, for JSON."""
        return {
            "kind": "level",
            "row": self.row,
            "score": self.score,
            "bounds": {name: in_language(text, language) for name, text in self.bounds},
            "short": self.short or None,
            "between": self.between or None,
            "gates": [one.to_dict() for one in self.gates],
        }


@frozen
class Neighbour:
    """A unit near the one whose rank differs."""

    rank: str
    unit: str
    name: str
    scores: tuple[str, ...]  # as published: the row's, then those that break ties
    here: bool


@frozen(kw_only=True)
class RankReason:
    """Why a unit has another rank: the units around the two ranks with their scores, and the rule for ties."""

    row: str
    ranked: int  # so many units are ranked in the pool
    expected: Answer
    found: Answer
    neighbours: tuple[Neighbour, ...]
    rule: RankRule

    def lines(self) -> Iterator[str]:
        """Yield the reason as lines of text."""
        if self.found is None:
            yield say("the unit is not ranked: it has no score of {row}, or its pool is not ranked", row=self.row)
            return
        if isinstance(self.expected, Fraction) and self.expected > self.ranked:
            yield say(
                "rank {rank} cannot come out: there are ranks among the units of these cases alone, up to {count}",
                count=self.ranked,
                rank=shown(self.expected),
            )
        columns = [max((len(text) for text in column), default=0) for column in zip(*self._cells(), strict=True)]
        for cells, one in zip(self._cells(), self.neighbours, strict=True):
            told = [cells[0].rjust(columns[0]), cells[1].ljust(columns[1])]
            told += [cell.rjust(width) for cell, width in zip(cells[2:], columns[2:], strict=True)]
            yield f"{'>' if one.here else ' '} {'  '.join(told)}"
        yield TIES[self.rule.ties]
        if self.rule.then:
            yield say("equal scores are told apart by {rows}", rows=", ".join(self.rule.then))
        if self.rule.on == "exact":
            yield say("ranks are made on exact scores, not on those that are printed")

    def _cells(self) -> list[tuple[str, ...]]:
        return [(one.rank, f"{one.unit} {one.name}", *one.scores) for one in self.neighbours]

    def to_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the reason as plain data, for JSON."""
        return {
            "kind": "rank",
            "row": self.row,
            "ranked": self.ranked,
            "ties": self.rule.ties,
            "ties_in_words": in_language(TIES[self.rule.ties], language),
            "neighbours": [
                {"rank": one.rank, "unit": one.unit, "name": one.name, "scores": list(one.scores), "here": one.here}
                for one in self.neighbours
            ],
        }


Reason = ScoreTree | LevelReason | RankReason


def reason(difference: Difference) -> Reason:
    """Return why a figure differs."""
    if difference.what == "score":
        return score_tree(difference)
    return _level(difference) if difference.what == "level" else _rank(difference)


def reasons(report: CaseReport) -> Iterator[tuple[Difference, Reason | None]]:
    """Yield every difference with its reason, in the order of the file.

    A score that is shown in the tree of another one, of a row above, has no tree of its own: None.
    """
    found = [(one, reason(one)) for one in report.differences]
    trees = [(one, tree) for one, tree in found if isinstance(tree, ScoreTree)]
    for one, own in found:
        shown_above = one.what == "score" and any(
            one.case is other.case and any(row.code == one.row for row in tree.root.walk() if row is not tree.root)
            for other, tree in trees
        )
        yield one, None if shown_above else own


def _level(difference: Difference) -> LevelReason:
    result, row = difference.run.result, difference.run.result.scheme.row(difference.row)
    unit = result.units.index(difference.unit)
    levels = row.levels or Levels(())
    names = [one.name for one in levels.levels]
    wanted = names.index(str(difference.expected)) if difference.expected is not None else len(names)
    score = _score(result, row, unit)
    short = ""
    if wanted < len(names) and score is not None and not result.reaches_level(row.code, wanted)[unit]:
        short = number_text(level_bound(row, wanted)[0] - score)
    return LevelReason(
        row=row.code,
        score=None if score is None else number_text(score),
        expected=None if difference.expected is None else str(difference.expected),
        found=None if difference.found is None else str(difference.found),
        bounds=tuple((one.name, _told(row, position)) for position, one in enumerate(levels.levels)),
        short=short,
        between=levels.between if score is not None and lies_between(levels, score) else "",
        gates=tuple(
            one for one in result.refused_levels(row.code, difference.unit) if one.level in names[: wanted + 1]
        ),
    )


def _score(result: Result, row: Row, unit: int) -> Fraction | None:
    """Return the score that levels are made on: the published one, or the exact one."""
    published = result.published(row.code)[unit]
    if published is None or row.rank.on == "published":
        return None if published is None else Fraction(published)
    points = result.settled.column(unit)[result.plan.place(row.code)]
    return Fraction(points) / points_per_unit(row)


def _told(row: Row, position: int) -> str:
    score, strict = level_bound(row, position)
    mark = number_text(score)
    return say("above {mark}", mark=mark) if strict else say("from {mark}", mark=mark)


def _rank(difference: Difference) -> RankReason:
    result, row = difference.run.result, difference.run.result.scheme.row(difference.row)
    unit, ranks, pools = result.units.index(difference.unit), result.ranks(row.code), result.table.pool
    rivals = [
        other for other in range(len(result.units)) if ranks[other] and (pools is None or pools[other] == pools[unit])
    ]
    rivals.sort(key=lambda other: (ranks[other], result.units[other]))
    return RankReason(
        row=row.code,
        ranked=len(rivals),
        expected=difference.expected,
        found=difference.found,
        neighbours=tuple(_neighbour(result, row, other, unit) for other in _near(rivals, ranks, unit, difference)),
        rule=row.rank,
    )


def _near(rivals: list[int], ranks: Any, unit: int, difference: Difference) -> list[int]:
    """Return the units around the unit, and around the rank that was expected of it."""
    if unit not in rivals:
        return []
    at = rivals.index(unit)
    wanted, expected = at, difference.expected
    if isinstance(expected, Fraction):
        off = [abs(Fraction(float(ranks[other])) - expected) for other in rivals]
        wanted = off.index(min(off))
    return [other for place, other in enumerate(rivals) if abs(place - at) <= AROUND or abs(place - wanted) <= AROUND]


def _neighbour(result: Result, row: Row, other: int, unit: int) -> Neighbour:
    rank = Fraction(float(result.ranks(row.code)[other]))
    scores = (result.published(code)[other] for code in (row.code, *row.rank.then))
    return Neighbour(
        number_text(rank),
        result.units[other],
        result.names[other],
        tuple(score or "-" for score in scores),
        other == unit,
    )
