"""A goal among rivals as they would be in a year, if they moved as they did in the last one."""

from __future__ import annotations

from attrs import evolve, frozen

from ictindex.analysis.climbing.field import Chain, chains_of, comparable, field_of
from ictindex.analysis.climbing.goals import Goal
from ictindex.analysis.climbing.rivals import Projection, projected
from ictindex.errors import WrongUse
from ictindex.result import Result


@frozen
class Expected:
    """The goal among the expected rivals, and the positions of those that had no score last year."""

    goal: Goal
    new: tuple[int, ...]


def expected_of(result: Result, previous: Result, goal: Goal) -> Expected:
    """Return the goal among rivals as they are expected to be.

    A row that breaks ties and that last year did not have stays as it is. Raises WrongUse as `rivals.projected` does
    where last year has no scores at the goal's own row.
    """
    row, now = goal.row, field_of(result, goal.row, goal.unit)
    moved = [projected(result, previous, row.code)]
    behind = result.plan.rank_chain(result.plan.place(row.code))[1:]
    found: list[Projection | None] = [*moved, *(_or_none(result, previous, at) for at in behind)]
    units = [one.position for one in now.rivals]
    chains: dict[int, Chain] = {}
    for unit, chain in chains_of(result, row, units).items():
        chains[unit] = tuple(_number(one, unit, number, now.on) for one, number in zip(found, chain, strict=True))
    rivals = field_of(result, row, goal.unit, chains)
    return Expected(evolve(goal, rivals=rivals, projected=True), tuple(one for one in moved[0].new if one in chains))


def _or_none(result: Result, previous: Result, place: int) -> Projection | None:
    try:
        return projected(result, previous, result.plan.nodes[place].row.code)
    except WrongUse:
        return None


def _number(one: Projection | None, unit: int, number: object, on: str) -> object:
    """Return what a unit is expected to have at a row of the chain, what it has now where nothing is expected."""
    if one is None or unit not in one.points:
        return number
    return one.keys[unit] if on == "published" else comparable(one.points[unit])
