"""How a unit climbs: its goal, its offers and the search put together to one answer."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve

from ictindex.analysis.climbing.answer import Climb
from ictindex.analysis.climbing.efforts import Efforts
from ictindex.analysis.climbing.expecting import expected_of
from ictindex.analysis.climbing.field import Field, Threshold, absent, chains_of
from ictindex.analysis.climbing.fronts import Pick
from ictindex.analysis.climbing.goals import Goal, goal_of
from ictindex.analysis.climbing.looks import looked, looks_of
from ictindex.analysis.climbing.moves import offers_of
from ictindex.analysis.climbing.offers import Move, Offer
from ictindex.analysis.climbing.solving import Solution, Solver
from ictindex.analysis.climbing.told import (
    Aim,
    Closed,
    Lack,
    NextMove,
    Outlook,
    Place,
    Plan,
    PlannedMove,
    Rung,
    TieBreak,
)
from ictindex.analysis.rescoring import refuse_merged, subject_of
from ictindex.explanation import number_text
from ictindex.model import Row
from ictindex.plan import Leaf
from ictindex.publication import text
from ictindex.result import Result

MOST_SINGLE = 6
"""So many moves that are enough alone are looked for."""

BEYOND = 3
"""The ladder goes so many ranks further than the goal."""


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
    offers, indicators = _offers(result, goal, efforts)
    solver = Solver(looks_of(result, position, offers, indicators))
    outlook, picks, single = _outlook(solver, goal)
    expected = None if previous is None or goal.rivals is None else expected_of(result, previous, goal)
    later = None if expected is None else _outlook(solver, expected.goal)[0]
    return Climb(
        subject=subject_of(result),
        unit=result.units[position],
        name=result.names[position],
        pool="" if result.table.pool is None else result.table.pool[position],
        aim=_aim(goal),
        now=_place(result, goal),
        outlook=outlook,
        moves=_moves(solver, goal, picks, single),
        closed=tuple(
            Closed(code=one.code, name=one.name, why=one.why_not) for one in offers if not one.moves and one.why_not
        ),
        efforts=Counter(one.effort_from for one in offers if one.moves),
        compared=result.plan.relative,
        expected=later,
        expected_new=() if expected is None else tuple(result.names[one] for one in expected.new),
    )


def _offers(result: Result, goal: Goal, efforts: Efforts | None) -> tuple[tuple[Offer, ...], frozenset[int]]:
    """Return the offers that may matter for a goal, and the indicators that do: those below rows that it looks at."""
    plan = result.plan
    needed = {need.place for way in goal.ways(result) for need in way} | {plan.place(goal.row.code)}
    below = {place: _indicators(plan, place) for place in needed}
    matter = frozenset().union(*below.values())
    top = plan.place(goal.row.code)
    offers = offers_of(result, goal.unit, top if matter == below[top] else 0, efforts)
    codes = {plan.nodes[place].row.code for place in matter}
    touching = (one for one in offers if one.code in codes or any(matter & move.points.keys() for move in one.moves))
    return tuple(evolve(one, moves=tuple(map(_priced, one.moves))) for one in touching), matter


def _priced(move: Move) -> Move:
    """Return the move with its effort as it is told: half up to a thousandth, and never nothing."""
    thousandths = max(1, math.floor(move.effort * 1000 + Fraction(1, 2)))
    return evolve(move, effort=Fraction(thousandths, 1000))


def _indicators(plan: Any, place: int) -> frozenset[int]:
    node = plan.nodes[place]
    if isinstance(node, Leaf):
        return frozenset((place,))
    return frozenset().union(*(_indicators(plan, child) for child in node.children))


def _outlook(solver: Solver, goal: Goal) -> tuple[Outlook, tuple[Pick, ...], tuple[Pick, ...]]:
    """Return what a goal takes, with the moves of the plan and those that are enough alone."""
    result = solver.result
    there = goal.met(result)
    rank = goal.rank_in(result)
    ladder = () if goal.rivals is None or rank is None else _ladder(result, goal, goal.rivals, rank)
    none = Outlook(
        there=there,
        rank=rank,
        plan=None,
        proven=True,
        at_least=Fraction(0),
        single=(),
        ladder=ladder,
        everything=None,
        lacking=(),
    )
    if there:
        return none, (), ()
    found: Solution = solver.solve(goal)
    if found.picks is None:
        everything, lacking = _everything(solver, goal)
        told = evolve(none, proven=found.proven, at_least=found.at_least, everything=everything, lacking=lacking)
        return told, (), ()
    single = solver.enough(goal, MOST_SINGLE)
    plan = _plan(solver, goal, found.picks)
    at_least = min(plan.effort, Fraction(math.ceil(found.at_least * 1000), 1000))  # efforts are thousandths
    told = evolve(
        none,
        plan=plan,
        proven=found.proven or at_least == plan.effort,
        at_least=plan.effort if found.proven else at_least,
        single=tuple(_plan(solver, goal, (pick,)) for pick in single),
    )
    return told, found.picks, single


def _plan(solver: Solver, goal: Goal, picks: Sequence[Pick]) -> Plan:
    """Return a plan whose moves stand in the order of what each brings; it was scored again already."""
    looks, place = solver.looks, solver.result.plan.place(goal.row.code)
    ordered = sorted(picks, key=lambda pick: (-looks.moved[pick].points[place], pick))
    points = [looks.now.points[place], *_points_along(solver, ordered, place)]
    moves = []
    for (offer, move), before, after in zip(ordered, points, points[1:], strict=False):
        made, criterion = looks.offers[offer].moves[move], looks.offers[offer]
        moves.append(
            PlannedMove(
                code=criterion.code,
                name=criterion.name,
                words=made.words,
                adds=after - before,
                effort=made.effort,
                evidence=made.evidence,
            )
        )
    after_all = solver.after(tuple(sorted(picks)))
    if after_all is None or not goal.met(after_all):
        raise AssertionError("a plan that does not reach its goal is not told")
    return Plan(moves=tuple(moves), effort=looks.effort(picks), after=_place(after_all, goal))


def _points_along(solver: Solver, picks: Sequence[Pick], place: int) -> list[Any]:
    """Return the unit's points at a row after the first move, after the first two, and so on."""
    sets = [tuple(sorted(picks[: count + 1])) for count in range(len(picks))]
    if solver.looks.rounds:
        scored = [solver.after(one) for one in sets]
        return [None if one is None else one.settled.column(solver.looks.unit)[place] for one in scored]
    looks = looked(solver.result, solver.looks.unit, [(one, solver.looks.edits(one)) for one in sets])
    return [None if one is None else one.points[place] for one in looks]


def _everything(solver: Solver, goal: Goal) -> tuple[Place | None, tuple[Lack, ...]]:
    """Return where the unit stands with every offer's last move made, and what it still lacks then."""
    found = solver.after(solver.everything)
    if found is None:
        return None, ()
    points = found.settled.column(goal.unit)
    lacks = (
        tuple(
            Lack(
                code=node.row.code,
                row=node.row.name,
                points=Fraction(points[need.place]),  # a root or a logarithm is a decimal
                needs=Fraction(need.least),
            )
            for need in way
            if not need.met(points[need.place])
            for node in [solver.result.plan.nodes[need.place]]
        )
        for way in goal.ways(found if goal.rivals is None else solver.result)
    )
    return _place(found, goal), min(lacks, key=len, default=())


def _moves(solver: Solver, goal: Goal, picks: Sequence[Pick], single: Sequence[Pick]) -> tuple[NextMove, ...]:
    looks, place = solver.looks, solver.result.plan.place(goal.row.code)
    return tuple(
        NextMove(
            code=offer.code,
            name=offer.name,
            words=move.words,
            adds=looks.moved[at, number].points[place] - looks.now.points[place],
            steps=move.steps,
            effort=move.effort,
            effort_from=offer.effort_from,
            evidence=move.evidence,
            enough=(at, number) in single,
            planned=(at, number) in picks,
        )
        for at, offer in enumerate(looks.offers)
        for number, move in enumerate(offer.moves)
        if (at, number) in looks.moved
    )


def _aim(goal: Goal) -> Aim:
    row = goal.row
    aim = Aim(kind=goal.kind, code=row.code, row=row.name)
    if goal.kind == "rank":
        return evolve(aim, rank=goal.rank)
    if goal.kind == "score":
        return evolve(aim, score=text(goal.key, row.publish))
    return evolve(aim, level=None if row.levels is None else row.levels.levels[goal.level].name)


def _place(result: Result, goal: Goal) -> Place:
    """Return where the unit stands in a result."""
    row, unit = goal.row, goal.unit
    return Place(
        score=result.published(row.code)[unit] or "",
        points=result.settled.column(unit)[result.plan.place(row.code)],
        rank=goal.rank_in(result),
        level=result.levels(row.code)[unit],
    )


# --- the ladder -----------------------------------------------------------------------------------------------------


def _ladder(result: Result, goal: Goal, rivals: Field, rank: float) -> tuple[Rung, ...]:
    """Return what better ranks need, the nearest first, up to a few beyond the goal."""
    last = goal.rank if goal.kind == "rank" else 1
    steps = rivals.better(rank)
    near = [one for one in steps if one.rank >= last]
    beyond = [one for one in steps if one.rank < last][:BEYOND]
    own = chains_of(result, goal.row, [goal.unit])[goal.unit][0]
    return tuple(_rung(result, goal.row, rivals, one, own) for one in (*near, *beyond))


def _rung(result: Result, row: Row, rivals: Field, step: Threshold, own: Any) -> Rung:
    nodes = [result.plan.nodes[place].row for place in rivals.rows]
    needs = _needs(step)
    (score, equal), *behind = [
        _score(one, number, needs_more, rivals.on) for one, (number, needs_more) in zip(nodes, needs, strict=False)
    ]
    first, more = needs[0]
    published = rivals.on == "published"
    away = text(first + (1 if more else 0) - own, row.publish) if published else number_text(first - own)
    return Rung(
        rank=int(step.rank) if float(step.rank).is_integer() else step.rank,
        score=score,
        equal=equal,
        tie_breaks=tuple(
            TieBreak(code=one.code, row=one.name, score=told, equal=same)
            for one, (told, same) in zip(nodes[1:], behind, strict=False)
        ),
        away=away,
        holders=tuple(result.names[one] for one in step.holders),
    )


def _needs(step: Threshold) -> list[tuple[Any, bool]]:
    """Return the number of the chain that each row needs, and whether more than that, up to the last that matters."""
    needs: list[tuple[Any, bool]] = []
    for number in step.chain:
        if absent(number):  # having a score there is enough
            return needs
        needs.append((number, False))
    if step.above:
        needs[-1] = (needs[-1][0], True)
    return needs


def _score(row: Row, number: Any, more: bool, on: str) -> tuple[str, bool]:
    """Return a score as it is told, and whether it is enough to have just that."""
    if on == "published":
        return text(number + (1 if more else 0), row.publish), True
    return number_text(number), not more
