"""Where a unit wants to get: a rank, a level or a score, said in points.

A goal is reached in one of several ways, and each way is a list of needs: so many points of a row. A rank needs the
score outright, or a tie and what breaks it; a level its bound and its gates.

U230 not one goal, or a number that no goal can have
U231 the unit is not ranked
U232 the row has no levels
U233 no level of that name
U234 the unit has no score at the row, or the row has none to give
U235 more ranks than there are
"""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from numbers import Integral
from typing import Any, Literal

from attrs import evolve, frozen

from ictindex.analysis.climbing.field import Chain, Field, absent, chains_of, field_of, least_points
from ictindex.cells import cell_text
from ictindex.errors import Problem, UnknownName, WrongUse, did_you_mean
from ictindex.messages import say
from ictindex.model import Row
from ictindex.numerals import LONGEST_READ
from ictindex.plan import points_per_unit
from ictindex.publication import level_bound, text
from ictindex.result import Result
from ictindex.strategies.classifications import key_bound
from ictindex.texts import bare


@frozen
class Need:
    """At least so many exact points of a row of the matrix, or more than that where `strict`."""

    place: int
    least: Fraction
    strict: bool = False

    def met(self, points: Any) -> bool:
        """Whether so many points are enough."""
        number = Fraction(points)
        return number > self.least if self.strict else number >= self.least


Way = tuple[Need, ...]
"""Needs that together reach a goal."""


@frozen(kw_only=True)
class Goal:
    """A goal of one unit (its position) at one row: `rank`, `level` (its position, 0 the best) or `key` is meant.

    `rivals` is the field that ranks are made in, None where the unit is not ranked. A goal that is `projected` is
    about rivals as they are expected to be, so its rank is not the one of a result.
    """

    kind: Literal["rank", "level", "score"]
    row: Row
    unit: int
    rank: int | float = 0
    level: int = 0
    key: int = 0
    rivals: Field | None = None
    projected: bool = False

    def met(self, result: Result) -> bool:
        """Whether the unit has reached the goal in a result."""
        if not result.scored(self.row.code)[self.unit]:
            return False
        if self.kind == "score":
            return bool(result.keys(self.row.code)[self.unit] >= self.key)
        if self.kind == "level":
            names = [] if self.row.levels is None else [one.name for one in self.row.levels.levels]
            has = result.levels(self.row.code)[self.unit]
            return has is not None and names.index(has) <= self.level
        rank = self.rank_in(result)
        return rank is not None and rank <= self.rank

    def rank_in(self, result: Result) -> int | float | None:
        """Return the unit's rank in a result, among the rivals as they are expected to be where `projected`."""
        if self.projected and self.rivals is not None:
            chain = chains_of(result, self.row, [self.unit])[self.unit]
            return None if absent(chain[0]) else self.rivals.rank(chain)
        rank = result.ranks(self.row.code)[self.unit]
        return None if not rank else int(rank) if float(rank).is_integer() else float(rank)

    def ways(self, result: Result) -> tuple[Way, ...]:
        """Return the ways to the goal, in points, while nobody else's points change; an empty way needs nothing."""
        place = result.plan.place(self.row.code)
        if self.kind == "score":
            return ((Need(place, least_points(self.row, self.key)),),)
        if self.kind == "level":
            return tuple(_level_way(result, self.row, place, at) for at in range(self.level + 1))
        if self.rivals is None:
            raise AssertionError("only a ranked unit has a rank for a goal")
        threshold = self.rivals.threshold(self.rank)
        return (
            ((),) if threshold is None else chain_ways(result, self.unit, self.rivals, threshold.chain, threshold.above)
        )


def goal_of(
    result: Result,
    unit: int,
    *,
    ranks: int | None = None,
    to_rank: int | None = None,
    to_level: str | None = None,
    to_score: Any = None,
    code: str = "",
) -> Goal:
    """Return the goal that is asked for, one rank better where none is; the row is the first total without a code.

    Raises WrongUse and UnknownName as the codes above say.
    """
    asked = [one for one in (ranks, to_rank, to_level, to_score) if one is not None]
    if len(asked) > 1:
        message = say("more than one goal is given")
        hint = say("give one of: so many ranks, to a rank, to a level, to a score")
        raise WrongUse(Problem("U230", message, hint=hint))
    row = result.scheme.row(code) if code in _codes(result) else _row(result, code)
    if not row.max or not result.scored(row.code)[unit]:
        message = say("{unit} has no score at {row}", unit=result.names[unit], row=row.label)
        hint = say("ask about a row that it has a score at, with --code; `ictindex score` prints the totals")
        raise WrongUse(Problem("U234", message, hint=hint))
    rivals = field_of(result, row, unit) if result.ranks(row.code)[unit] else None
    if to_level is not None:
        return Goal(kind="level", row=row, unit=unit, level=_level(row, to_level), rivals=rivals)
    if to_score is not None:
        return Goal(kind="score", row=row, unit=unit, key=_key(row, to_score), rivals=rivals)
    if rivals is None:
        message = say("{unit} is not ranked", unit=result.names[unit])
        hint = say("its pool has no ranks; ask for a level or a score")
        raise WrongUse(Problem("U231", message, hint=hint))
    goal = Goal(kind="rank", row=row, unit=unit, rivals=rivals)
    if to_rank is not None:
        return evolve(goal, rank=_rank(to_rank, len(rivals.rivals) + 1))
    return evolve(goal, rank=_better(goal.rank_in(result) or 1, ranks))


def chain_ways(result: Result, unit: int, rivals: Field, chain: Chain, above: bool) -> tuple[Way, ...]:
    """Return the ways to a chain that is at least as good as this one, or better where `above`.

    Better is: more at the first row; or as much there, and more at the second; and so on. Where the unit has no score
    at a row, it is behind everybody who has one.
    """
    scored = [bool(result.settled.matrix.scored(row)[unit]) for row in rivals.rows]
    ways: list[Way] = []
    equal: Way = ()
    for at, row in enumerate(rivals.rows):
        if not scored[at]:
            if absent(chain[at]):
                continue
            return tuple(ways)
        if absent(chain[at]):  # whoever has a score there is better
            return (*ways, equal)
        ways.append((*equal, _more(result, rivals, row, chain[at])))
        equal = (*equal, _at_least(result, rivals, row, chain[at]))
    return tuple(ways) if above else (*ways, equal)


def _at_least(result: Result, rivals: Field, place: int, number: Any) -> Need:
    if rivals.on == "exact":
        return Need(place, number)
    return Need(place, least_points(result.plan.nodes[place].row, number))


def _more(result: Result, rivals: Field, place: int, number: Any) -> Need:
    if rivals.on == "exact":
        return Need(place, number, strict=True)
    return Need(place, least_points(result.plan.nodes[place].row, number + 1))


def _level_way(result: Result, row: Row, place: int, at: int) -> Way:
    """Return what a level needs: its bound, as `Result.reaches_level` asks for it, and its gates."""
    if row.levels is None:
        raise AssertionError("only asked of rows with levels")
    per_unit = points_per_unit(row)
    score, strict = level_bound(row, at)
    if row.rank.on == "published":
        own = Need(place, least_points(row, key_bound(score, strict, row.publish.decimals)))
    else:
        own = Need(place, score * per_unit, strict)
    gates = (Need(result.plan.place(code), points) for code, points in row.levels.levels[at].only_if)
    return (own, *gates)


def _codes(result: Result) -> set[str]:
    return {node.row.code for node in result.plan.nodes}


def _row(result: Result, code: str) -> Row:
    result.points(code)  # raises UnknownName with a suggestion
    return result.totals[0]


def _level(row: Row, name: str) -> int:
    names = [] if row.levels is None else [one.name for one in row.levels.levels]
    if not names:
        message = say("{row} has no levels", row=row.label)
        raise WrongUse(Problem("U232", message, hint=say("ask for a rank or a score")))
    meant = [one for one in names if bare(one) == bare(name)]
    if name not in names and len(meant) == 1:
        return names.index(meant[0])
    if name not in names:
        hint = did_you_mean(name, names) or say("known: {names}", names=", ".join(names))
        raise UnknownName(Problem("U233", say("{row} has no level '{level}'", row=row.label, level=name), hint=hint))
    return names.index(name)


def _key(row: Row, score: Any) -> int:
    """Return the smallest key that is at least a score as it is published."""
    said = cell_text(score).strip()
    number = score if isinstance(score, Fraction) else _number(said)
    most = row.max / points_per_unit(row)
    key = key_bound(number, False, row.publish.decimals)
    top = key_bound(most, False, row.publish.decimals)
    if key > top:
        message = say("{score} is more than the most that {row} can give", score=said[:LONGEST_READ], row=row.label)
        hint = say("ask for at most {most}", most=text(top, row.publish))
        raise WrongUse(Problem("U230", message, hint=hint))
    return key


def _number(said: str) -> Fraction:
    """Return the number that a text says. Raises WrongUse where it says none, or one far beyond every score."""
    try:
        number = Decimal(said.replace(",", "."))
        if number.is_finite() and max(abs(number.adjusted()), len(said)) <= LONGEST_READ:
            return Fraction(number)
    except InvalidOperation:
        pass
    message = say("'{text}' is not a score", text=said[:LONGEST_READ])
    raise WrongUse(Problem("U230", message, hint=say("write a number such as 85 or 85.5")))


def _at_least_one(number: Any) -> int:
    if not isinstance(number, Integral) or number < 1:
        message = say("'{text}' is not a rank, nor a number of ranks", text=number)
        raise WrongUse(Problem("U230", message, hint=say("write a whole number, 1 or more")))
    return int(number)


def _rank(rank: int, units: int) -> int:
    if _at_least_one(rank) > units:
        message = say("rank {rank} is asked for, and the number of ranked units is {count}", rank=rank, count=units)
        raise WrongUse(Problem("U235", message, hint=say("ask for a rank from 1 to {count}", count=units)))
    return rank


def _better(now: float, ranks: int | None) -> float:
    """Return the rank so many places up, one where nothing is said; the first has no place above it."""
    asked, most = _at_least_one(1 if ranks is None else ranks), math.ceil(now - 1)
    if most and asked > most:
        message = say("{ranks} ranks are asked for, and at most {count} places are above it", ranks=asked, count=most)
        raise WrongUse(Problem("U235", message, hint=say("ask for fewer ranks, or for --to-rank 1")))
    return max(1, now - asked)
