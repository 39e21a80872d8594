"""What a goal takes: the plan, the moves that are enough alone, and what is lacking where nothing is enough.

The search knows the moves that the offers stop at. What it finds is brought down to what just meets the goal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from attrs import evolve, frozen

from ictindex.analysis.climbing.efforts import Efforts
from ictindex.analysis.climbing.field import Field, Threshold, absent, chains_of
from ictindex.analysis.climbing.finer import lowered
from ictindex.analysis.climbing.fronts import Pick
from ictindex.analysis.climbing.goals import Goal, Way
from ictindex.analysis.climbing.looks import looked
from ictindex.analysis.climbing.moves import standing_of
from ictindex.analysis.climbing.offers import Move
from ictindex.analysis.climbing.solving import Solution, Solver
from ictindex.analysis.climbing.told import Lack, Outlook, Place, Plan, PlannedMove, Rung, TieBreak
from ictindex.analysis.climbing.trials import Standing
from ictindex.exact import as_fraction
from ictindex.explanation import number_text
from ictindex.model import Row
from ictindex.plan import points_per_unit
from ictindex.publication import level_bound, text
from ictindex.result import Result
from ictindex.strategies.classifications import key_bound

MOST_SINGLE = 6
"""So many moves that are enough alone are looked for."""

BEYOND = 3
"""The ladder goes so many ranks further than the goal."""

Step = tuple[int, Move]
"""A move that is made, behind the position of its offer."""

Steps = tuple[Step, ...]


@frozen(kw_only=True, slots=False)
class Reach:
    """The search for what a unit's goals take; `total` and `efforts` are those that its offers were made with."""

    solver: Solver
    total: int
    efforts: Efforts

    def lowered(self, goal: Goal, picks: Sequence[Pick]) -> Steps:
        """Return moves that reach the goal, each brought down in turn to what just meets it, the dearest first."""
        looks, result = self.solver.looks, self.solver.result
        whole = tuple((at, looks.offers[at].moves[number]) for at, number in sorted(picks))
        steps, ways = list(whole), goal.ways(result)
        for place in sorted(range(len(steps)), key=lambda one: -steps[one][1].effort):
            at, move = steps[place]
            others = [one for other, (_, one) in enumerate(steps) if other != place]

            def enough(tried: Move, others: Sequence[Move] = others) -> bool:
                return self._enough(goal, ways, [*others, tried])

            offer = looks.offers[at]
            least = lowered(result, looks.unit, self.total, offer, move, enough, self.efforts, standing=self._standing)
            steps[place] = (at, move if least is move else priced(least))
        found = self.solver.made([move for _, move in steps])
        return tuple(steps) if found is not None and goal.met(found) else whole

    @cached_property
    def _standing(self) -> list[Standing]:
        return standing_of(self.solver.result, self.solver.looks.unit, self.total, self.efforts)

    def _enough(self, goal: Goal, ways: Sequence[Way], moves: Sequence[Move]) -> bool:
        """Whether moves reach the goal; the whole table is scored again only where others' points may change."""
        if self.solver.looks.rounds:
            found = self.solver.made(moves)
            return found is not None and goal.met(found)
        edits = [edit for one in moves for edit in one.edits]
        (look,) = looked(self.solver.result, self.solver.looks.unit, [((), edits)])
        return look is not None and any(all(need.met(look.points[need.place]) for need in way) for way in ways)


def priced(move: Move) -> Move:
    """Return the move with its effort as it is told: half up to a thousandth, and never nothing."""
    thousandths = max(1, math.floor(move.effort * 1000 + Fraction(1, 2)))
    return evolve(move, effort=Fraction(thousandths, 1000))


def effort_of(steps: Steps) -> Fraction:
    """Return what moves cost together."""
    return sum((move.effort for _, move in steps), Fraction(0))


def outlook_of(reach: Reach, goal: Goal) -> tuple[Outlook, Steps, Steps]:
    """Return what a goal takes, with the moves of the plan and those that are enough alone."""
    solver = reach.solver
    result = solver.result
    there = goal.met(result)
    rank = goal.rank_in(result)
    ladder = () if goal.rivals is None or rank is None else _ladder(result, goal, goal.rivals, rank)
    none = Outlook(
        there=there,
        short=None if there else _short(result, goal),
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
    single: dict[tuple[Pick, ...], Steps] = {
        (pick,): reach.lowered(goal, [pick]) for pick in solver.enough(goal, MOST_SINGLE)
    }
    alone = sorted(single.values(), key=effort_of)
    several = single.get(found.picks) or reach.lowered(goal, found.picks)
    steps = min([several, *alone], key=lambda one: (effort_of(one), len(one)))
    plan = _plan(solver, goal, steps)
    at_least = min(plan.effort, Fraction(math.ceil(found.at_least * 1000), 1000))  # efforts are thousandths
    told = evolve(
        none,
        plan=plan,
        proven=found.proven or at_least == plan.effort,
        at_least=plan.effort if found.proven else at_least,
        single=tuple(_plan(solver, goal, one) for one in alone),
    )
    return told, steps, tuple(step for one in alone for step in one)


def _plan(solver: Solver, goal: Goal, steps: Steps) -> Plan:
    """Return a plan whose moves stand in the order of what each brings; it was scored again already."""
    looks, place = solver.looks, solver.result.plan.place(goal.row.code)
    alone = [] if len(steps) == 1 else looked(solver.result, looks.unit, [((), one.edits) for _, one in steps])
    brings = [looks.now.points[place] if one is None else one.points[place] for one in alone] or [0]
    ordered = [steps[at] for at in sorted(range(len(steps)), key=lambda at: -brings[at])]
    points = [looks.now.points[place], *_points_along(solver, [move for _, move in ordered], place)]
    moves = []
    for (offer, made), before, after in zip(ordered, points, points[1:], strict=False):
        criterion = looks.offers[offer]
        moves.append(
            PlannedMove(
                code=criterion.code,
                name=criterion.name,
                words=made.words,
                adds=after - before,
                effort=made.effort,
                evidence=made.evidence,
                cells={edit.column: edit.value for edit in made.edits},
                done_by=made.done_by,
                received_by=made.received_by,
            )
        )
    after_all = solver.made([move for _, move in steps])
    if after_all is None or not goal.met(after_all):
        raise AssertionError("a plan that does not reach its goal is not told")
    return Plan(moves=tuple(moves), effort=effort_of(steps), after=place_of(after_all, goal))


def _points_along(solver: Solver, moves: Sequence[Move], place: int) -> list[Any]:
    """Return the unit's points at a row after the first move, after the first two, and so on."""
    sets = [moves[: count + 1] for count in range(len(moves))]
    if solver.looks.rounds:
        scored = [solver.made(one) for one in sets]
        return [None if one is None else one.settled.column(solver.looks.unit)[place] for one in scored]
    edits = [((), [edit for one in made for edit in one.edits]) for made in sets]
    looks = looked(solver.result, solver.looks.unit, edits)
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
                points=as_fraction(points[need.place]),
                needs=as_fraction(need.least),
            )
            for need in way
            if not need.met(points[need.place])
            for node in [solver.result.plan.nodes[need.place]]
        )
        for way in goal.ways(found if goal.rivals is None else solver.result)
    )
    return place_of(found, goal), min(lacks, key=len, default=())


def _short(result: Result, goal: Goal) -> str | None:
    """Return how far the published score is below what the goal needs, None where the score is enough."""
    row = goal.row
    key = int(result.keys(row.code)[goal.unit])
    if goal.kind == "score":
        needs = goal.key
    elif goal.kind == "level":
        score, strict = level_bound(row, goal.level)
        needs = key_bound(score, strict, row.publish.decimals)
    else:
        threshold = None if goal.rivals is None else goal.rivals.threshold(goal.rank)
        if goal.rivals is None or threshold is None or absent(threshold.chain[0]):
            return None
        first, more = _needs(threshold)[0]
        if goal.rivals.on != "published":
            own = chains_of(result, row, [goal.unit])[goal.unit][0]
            return number_text((first - own) / points_per_unit(row)) if first > own else None
        needs = first + (1 if more else 0)
    return text(needs - key, row.publish) if needs > key else None


def place_of(result: Result, goal: Goal) -> Place:
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
