"""The answer about climbing as a page: what to do first, then what it gives, then what is behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from ictindex.analysis.climbing.resting import effort_lines, effort_text, rest_sections, together, who_lines
from ictindex.analysis.climbing.told import Outlook, Place, Plan, Rung
from ictindex.explanation import number_text
from ictindex.messages import joined, listed, say
from ictindex.model import TOTAL
from ictindex.pages import Grid, Lines, Section

if TYPE_CHECKING:
    from ictindex.analysis.climbing.answer import Climb

MOST_RUNGS = 12
"""So many ranks of the ladder are told: the nearest ones, and the last ones."""

MOST_HOLDERS = 3


def title_of(climb: Climb) -> str:
    """Return the title: who climbs, and where to."""
    aim = climb.aim
    parts = {"unit": climb.name, "code": climb.unit}
    if aim.kind == "rank" and climb.now.rank == 1:
        return say("{unit} ({code}): already first", **parts)
    if aim.kind == "rank":
        return say("{unit} ({code}): how to have rank {rank}", rank=aim.rank, **parts)
    if aim.kind == "level":
        return say("{unit} ({code}): how to have level {level}", level=aim.level, **parts)
    return say("{unit} ({code}): how to have a score of {score}", score=aim.score, **parts)


def sections_of(climb: Climb) -> tuple[Section, ...]:
    """Return the sections of the page, the most important first."""
    return tuple(_sections(climb))


def _sections(climb: Climb) -> Iterator[Section]:
    yield Section("", (Lines(tuple(_opening(climb))),))
    outlook = climb.outlook
    if outlook.plan is not None:
        yield _plan_section(climb, outlook, outlook.plan)
        told = together((one.code, one.evidence) for one in outlook.plan.moves if one.evidence)
        if told:
            yield Section(say("Evidence to have ready"), (Lines(told, bullets=True),))
    yield from _single(climb, outlook)
    yield from _ladder(outlook.ladder)
    yield from _expected(climb)
    if not outlook.there:
        yield from rest_sections(climb)


def _opening(climb: Climb) -> Iterator[str]:
    """Yield where the unit stands, and the goal in one sentence."""
    yield _standing(climb)
    outlook = climb.outlook
    if outlook.there:
        yield say("The goal is reached already: nothing needs to be done for it.")
        return
    yield from _shortfall(climb)
    if outlook.plan is not None:
        yield from _size(outlook, outlook.plan)
        yield say("This is for the next assessment: what is settled this year cannot change.")
    elif not climb.moves:
        yield say("There is no move that would bring points, so there is no plan.")
    else:
        yield from _out_of_reach(climb)


def _shortfall(climb: Climb) -> Iterator[str]:
    aim, short = climb.aim, climb.outlook.short
    if short is None:
        return
    if aim.kind == "rank":
        yield say("{points} more points are needed for rank {rank}.", points=short, rank=aim.rank)
    elif aim.kind == "level":
        yield say("{points} more points are needed for level {level}.", points=short, level=aim.level)
    else:
        yield say("{points} more points are needed for a score of {score}.", points=short, score=aim.score)


def _size(outlook: Outlook, plan: Plan) -> Iterator[str]:
    """Yield how many moves are enough, first that one is where the plan has several."""
    effort, count = effort_text(plan.effort), len(plan.moves)
    if count == 1:
        yield say("One move is enough, with an effort of {effort}.", effort=effort)
        return
    if outlook.single:
        (move,) = outlook.single[0].moves
        row = joined((move.code, move.name), " ")
        told = effort_text(move.effort)
        yield say(
            "Simplest: one move is enough: {row}: {words} (effort {effort}).", row=row, words=move.words, effort=told
        )
    yield say("{count} moves are enough, with an effort of {effort} together.", count=count, effort=effort)


def _standing(climb: Climb) -> str:
    row = say("the total") if climb.aim.code == TOTAL else joined((climb.aim.code, climb.aim.row), " ")
    parts = {"unit": climb.name, "score": climb.now.score, "row": row}
    if climb.now.rank is not None and climb.now.level is not None:
        return say(
            "{unit} now has {score} at {row}: rank {rank}, level {level}.",
            rank=climb.now.rank,
            level=climb.now.level,
            **parts,
        )
    if climb.now.rank is not None:
        return say("{unit} now has {score} at {row}: rank {rank}.", rank=climb.now.rank, **parts)
    if climb.now.level is not None:
        return say("{unit} now has {score} at {row}: level {level}.", level=climb.now.level, **parts)
    return say("{unit} now has {score} at {row}.", **parts)


def _out_of_reach(climb: Climb) -> Iterator[str]:
    outlook = climb.outlook
    if outlook.proven:
        yield say("The goal cannot be reached with the moves that are known.")
    else:
        yield say("No plan was found. Not every set of moves could be tried, so there may be one.")
    if outlook.everything is not None:
        yield say("With everything done that is listed below: {place}.", place=_place(outlook.everything))
    for one in outlook.lacking:
        yield say(
            "{row} would still lack {points} points: it would have {has}, and the goal needs {needs}.",
            row=say("The total") if one.code == TOTAL else joined((one.code, one.row), " "),
            points=number_text(one.needs - one.points),
            has=number_text(one.points),
            needs=number_text(one.needs),
        )


def _plan_section(climb: Climb, outlook: Outlook, plan: Plan) -> Section:
    body = [
        (str(at), joined((one.code, one.name), " "), one.words, climb.added(one.adds), effort_text(one.effort))
        for at, one in enumerate(plan.moves, 1)
    ]
    header = ("", say("criterion"), say("what to do"), say("adds"), say("effort"))
    told = [
        say("After that: {place}. The whole table was scored again to check this.", place=_place(plan.after)),
        _certain(outlook, plan),
        *who_lines(plan),
        *effort_lines(climb),
    ]
    return Section(say("What to do"), (Grid(header, body, right=(0, 3, 4)), Lines(tuple(told))))


def _certain(outlook: Outlook, plan: Plan) -> str:
    if outlook.proven:
        return say("Among the steps tried, none takes less effort.")
    if outlook.at_least * 5 < plan.effort * 4:
        return say("There may be a cheaper way; not all were tried.")
    effort = effort_text(outlook.at_least)
    return say(
        "Not every set of moves could be tried: a plan of less effort may exist, but none below {effort}.",
        effort=effort,
    )


def _place(place: Place) -> str:
    parts = {"score": place.score}
    if place.rank is not None and place.level is not None:
        return say("score {score}, rank {rank}, level {level}", rank=place.rank, level=place.level, **parts)
    if place.rank is not None:
        return say("score {score}, rank {rank}", rank=place.rank, **parts)
    if place.level is not None:
        return say("score {score}, level {level}", level=place.level, **parts)
    return say("score {score}", **parts)


def _single(climb: Climb, outlook: Outlook) -> Iterator[Section]:
    if outlook.plan is None or (len(outlook.plan.moves) == 1 and len(outlook.single) < 2):
        return
    if not outlook.single:
        told = say("No single move is enough alone.")
        yield Section(say("Single moves"), (Lines((told,)),))
        return
    body = [
        (
            joined((one.moves[0].code, one.moves[0].name), " "),
            one.moves[0].words,
            climb.added(one.moves[0].adds),
            effort_text(one.effort),
            _place(one.after),
        )
        for one in outlook.single
    ]
    header = (say("criterion"), say("what to do"), say("adds"), say("effort"), say("after that"))
    yield Section(say("Each of these moves is enough alone"), (Grid(header, body, right=(2, 3)),))


def _ladder(ladder: Sequence[Rung]) -> Iterator[Section]:
    if not ladder:
        return
    told = (
        [*ladder[: MOST_RUNGS // 2], *ladder[len(ladder) - MOST_RUNGS // 2 :]] if len(ladder) > MOST_RUNGS else ladder
    )
    body = [
        (number_text(Fraction(one.rank)), _needed(one), one.away, listed(one.holders, MOST_HOLDERS)) for one in told
    ]
    header = (say("rank"), say("score that it needs"), say("above yours"), say("who has that place or score now"))
    blocks: list[Grid | Lines] = [Grid(header, body, right=(0, 2))]
    if len(told) < len(ladder):
        blocks.append(Lines((say("{count} ranks between them are left out here.", count=len(ladder) - len(told)),)))
    yield Section(say("What better ranks need while nobody else moves"), tuple(blocks))


def _needed(rung: Rung) -> str:
    score = rung.score if rung.equal else say("more than {score}", score=rung.score)
    ties = [
        say("and {score} at {row}", score=_least(one.score, one.equal), row=joined((one.code, one.row), " "))
        for one in rung.tie_breaks
    ]
    return joined((score, *ties), ", ")


def _least(score: str, equal: bool) -> str:
    return say("at least {score}", score=score) if equal else say("more than {score}", score=score)


def _expected(climb: Climb) -> Iterator[Section]:
    later = climb.expected
    if later is None:
        return
    told = [say("Every rival's score is taken to rise or fall once more as it did since last year.")]
    if later.rank is not None:
        told.append(say("Without any move {unit} would then have rank {rank}.", unit=climb.name, rank=later.rank))
    if climb.expected_new:
        names = listed(climb.expected_new, MOST_HOLDERS)
        told.append(say("Not in last year's result, and so taken to stay where they are: {names}.", names=names))
    blocks: list[Grid | Lines] = [Lines(tuple(told))]
    if later.there:
        blocks.append(Lines((say("The goal would be reached without any move."),)))
    elif later.plan is None:
        blocks.append(Lines((say("No plan was found that reaches the goal then."),)))
    else:
        section = _plan_section(climb, later, later.plan)
        blocks += section.blocks
    yield Section(say("If rivals move as they did last year"), tuple(blocks))
