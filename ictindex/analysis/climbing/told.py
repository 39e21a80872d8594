"""The parts of an answer about climbing, as data."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from attrs import frozen


@frozen(kw_only=True)
class Aim:
    """The goal: a `rank`, a `level` or a published `score` of a row; the other two are None."""

    kind: Literal["rank", "level", "score"]
    code: str
    row: str
    rank: int | float | None = None
    level: str | None = None
    score: str | None = None


@frozen(kw_only=True)
class Place:
    """Where a unit stands at a row: its published score, exact points, rank and level; None where it has none."""

    score: str
    points: Fraction
    rank: int | float | None
    level: str | None


@frozen(kw_only=True)
class NextMove:
    """One thing that a unit can do at a criterion.

    `adds` are the points that it alone brings to the row that the goal is about. `effort_from` says who says what it
    takes. `small`: less than one step, and below 1 % of the criterion's maximum; `assessed`: an assessor gives the
    points; `left` are those that the criterion has not yet. `enough`: it is the least move of the criterion that
    reaches the goal alone, which scoring the whole table again has shown; `planned`: it is part of the plan.
    """

    code: str
    name: str
    words: str
    adds: Fraction
    steps: Fraction
    effort: Fraction
    effort_from: Literal["file", "scheme", "nobody"]
    evidence: str
    small: bool
    assessed: bool
    left: Fraction
    enough: bool
    planned: bool


@frozen(kw_only=True)
class PlannedMove:
    """One move of a plan. `adds` are the points that it brings once those before it are made.

    `cells` are the figures as they are then, by column: a choice is the position of its case, a yes 1, evidence that is
    shown 1. `done_by` supplies the figures, `received_by` verifies them, as the scheme says, empty where it does not.
    """

    code: str
    name: str
    words: str
    adds: Fraction
    effort: Fraction
    evidence: str
    cells: Mapping[str, float]
    done_by: str
    received_by: str


@frozen(kw_only=True)
class Plan:
    """Moves that reach the goal, and where the unit stands then: the whole table was scored again to know it."""

    moves: tuple[PlannedMove, ...]
    effort: Fraction
    after: Place


@frozen(kw_only=True)
class TieBreak:
    """What an equal score still needs: a score at another row, which must be exceeded unless `equal`."""

    code: str
    row: str
    score: str
    equal: bool


@frozen(kw_only=True)
class Rung:
    """What a better rank needs: a score, which must be exceeded unless `equal`, and behind it what breaks a tie.

    `away` is how far the score is above the unit's, both as published. `holders` have the score that must be reached.
    """

    rank: int | float
    score: str
    equal: bool
    tie_breaks: tuple[TieBreak, ...]
    away: str
    holders: tuple[str, ...]


@frozen(kw_only=True)
class Lack:
    """What is still missing when everything is done: the points of a row, and those that the goal needs there."""

    code: str
    row: str
    points: Fraction
    needs: Fraction


@frozen(kw_only=True)
class Closed:
    """A criterion that offers no move, and why."""

    code: str
    name: str
    why: str


@frozen(kw_only=True)
class Outlook:
    """What it takes to reach the goal, with rivals as they are or as they are expected.

    `there`: the goal is reached already; else `short` is how far the published score is below what the goal needs,
    None where it is not that which is lacking. `plan` has the least effort that was found, None where none was. It was
    found among the steps that are tried at each criterion, and each of its moves was then brought down to what just
    meets the goal; `proven` is about those steps alone: no choice among them takes less, or none reaches the goal.
    Else no choice among them takes less than `at_least`. `single` are moves that are each
    enough alone. `ladder` is what better ranks need, the nearest first. `everything` is where the unit stands with all
    moves made, and `lacking` what the goal still lacks then; both only where there is no plan.
    """

    there: bool
    short: str | None
    rank: int | float | None
    plan: Plan | None
    proven: bool
    at_least: Fraction
    single: tuple[Plan, ...]
    ladder: tuple[Rung, ...]
    everything: Place | None
    lacking: tuple[Lack, ...]
