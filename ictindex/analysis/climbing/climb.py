"""How a unit climbs: its goal, its offers and the search put together to one answer."""

from __future__ import annotations

from collections import Counter
from typing import Any

from attrs import evolve

from ictindex.analysis.climbing.answer import Climb
from ictindex.analysis.climbing.efforts import Efforts
from ictindex.analysis.climbing.expecting import expected_of
from ictindex.analysis.climbing.goals import Goal, goal_of
from ictindex.analysis.climbing.looks import looked, looks_of
from ictindex.analysis.climbing.moves import offers_of
from ictindex.analysis.climbing.offers import Move, Offer
from ictindex.analysis.climbing.reaching import Reach, Steps, outlook_of, place_of, priced
from ictindex.analysis.climbing.solving import Solver
from ictindex.analysis.climbing.told import Aim, Closed, NextMove
from ictindex.analysis.rescoring import refuse_merged, subject_of
from ictindex.plan import Leaf
from ictindex.publication import text
from ictindex.result import Result


def climb_of(
    result: Result,
    unit: str,
    *,
    ranks: int | None = None,
    to_rank: int | None = None,
    to_level: str | None = None,
    to_score: Any = None,
    code: str = "",
    efforts: Efforts | None = None,
    previous: Result | None = None,
) -> Climb:
    """Return how a unit reaches a goal; see `questions.climb`."""
    refuse_merged(result)
    position = result.position(unit)
    goal = goal_of(result, position, ranks=ranks, to_rank=to_rank, to_level=to_level, to_score=to_score, code=code)
    total, offers, indicators = _offers(result, goal, efforts)
    solver = Solver(looks_of(result, position, offers, indicators))
    reach = Reach(solver=solver, total=total, efforts=efforts or Efforts())
    outlook, planned, single = outlook_of(reach, goal)
    expected = None if previous is None or goal.rivals is None else expected_of(result, previous, goal)
    later = None if expected is None else outlook_of(reach, expected.goal)[0]
    return Climb(
        subject=subject_of(result),
        unit=result.units[position],
        name=result.names[position],
        pool=result.table.pool_of(position),
        aim=_aim(goal),
        now=place_of(result, goal),
        outlook=outlook,
        moves=_moves(solver, goal, planned, single),
        closed=tuple(
            Closed(code=one.code, name=one.name, why=one.why_not) for one in offers if not one.moves and one.why_not
        ),
        efforts=Counter(one.effort_from for one in offers if one.moves),
        compared=result.plan.relative,
        expected=later,
        expected_new=() if expected is None else tuple(result.names[one] for one in expected.new),
    )


def _offers(result: Result, goal: Goal, efforts: Efforts | None) -> tuple[int, tuple[Offer, ...], frozenset[int]]:
    """Return the offers that may matter for a goal, behind the row of the matrix that they are below.

    Last are the indicators that matter: those below rows that the goal looks at.
    """
    plan = result.plan
    needed = {need.place for way in goal.ways(result) for need in way} | {plan.place(goal.row.code)}
    below = {place: _indicators(plan, place) for place in needed}
    matter = frozenset().union(*below.values())
    top = plan.place(goal.row.code)
    total = top if matter == below[top] else 0
    offers = offers_of(result, goal.unit, total, efforts)
    codes = {plan.nodes[place].row.code for place in matter}
    touching = (one for one in offers if one.code in codes or any(matter & move.points.keys() for move in one.moves))
    return total, tuple(evolve(one, moves=tuple(map(priced, one.moves))) for one in touching), matter


def _indicators(plan: Any, place: int) -> frozenset[int]:
    return frozenset(one for one in plan.below(place) if isinstance(plan.nodes[one], Leaf))


def _moves(solver: Solver, goal: Goal, planned: Steps, single: Steps) -> tuple[NextMove, ...]:
    """Return every move that can be made: those of the offers, and those that were brought down for the goal."""
    looks, place = solver.looks, solver.result.plan.place(goal.row.code)
    points = {id(looks.offers[at].moves[number]): one.points[place] for (at, number), one in looks.moved.items()}
    special: list[list[Move]] = [[] for _ in looks.offers]
    for at, move in (*planned, *single):
        if id(move) not in points and move not in special[at]:
            special[at].append(move)
    new = [move for moves in special for move in moves]
    for move, look in zip(new, looked(solver.result, looks.unit, [((), one.edits) for one in new]), strict=True):
        if look is not None:
            points[id(move)] = look.points[place]
    return tuple(
        NextMove(
            code=offer.code,
            name=offer.name,
            words=move.words,
            adds=points[id(move)] - looks.now.points[place],
            steps=move.steps,
            effort=move.effort,
            effort_from=offer.effort_from,
            evidence=move.evidence,
            small=move.small,
            assessed=move.assessed,
            left=offer.left,
            enough=(at, move) in single,
            planned=(at, move) in planned,
        )
        for at, offer in enumerate(looks.offers)
        for move in sorted((*offer.moves, *special[at]), key=lambda one: one.effort)
        if id(move) in points
    )


def _aim(goal: Goal) -> Aim:
    row = goal.row
    aim = Aim(kind=goal.kind, code=row.code, row=row.name)
    if goal.kind == "rank":
        return evolve(aim, rank=goal.rank)
    if goal.kind == "score":
        return evolve(aim, score=text(goal.key, row.publish))
    return evolve(aim, level=None if row.levels is None else row.levels.levels[goal.level].name)
