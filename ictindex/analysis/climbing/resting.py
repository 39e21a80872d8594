"""What the page about climbing says behind the plan: who does it, what effort means, and what else could be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from ictindex.analysis.climbing.told import NextMove, Plan
from ictindex.explanation import number_text
from ictindex.messages import joined, say
from ictindex.pages import Grid, Lines, Section

if TYPE_CHECKING:
    from ictindex.analysis.climbing.answer import Climb

MOST_NEXT = 10
"""So many next moves are told, those that bring the most for their effort; the data have all of them."""


def effort_text(effort: Fraction) -> str:
    """Return an effort with one decimal, two below 0.1, and never as nothing."""
    return number_text(round(effort, 1) if effort >= Fraction(1, 10) else max(round(effort, 2), Fraction(1, 100)))


def together(said: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return each text once, behind the codes of all that it is said of."""
    codes: dict[str, list[str]] = {}
    for code, words in said:
        codes.setdefault(words, []).append(code)
    return tuple(joined((", ".join(found), words), ": ") for words, found in codes.items())


def who_lines(plan: Plan) -> Iterator[str]:
    """Yield who supplies the figures of a move and who verifies them, where the scheme says so."""
    said: list[tuple[str, str]] = []
    for one in plan.moves:
        parts = (
            say("figures from {who}", who=one.done_by) if one.done_by else "",
            say("verified by {who}", who=one.received_by) if one.received_by else "",
        )
        if any(parts):
            said.append((one.code, joined(parts, "; ")))
    yield from together(said)


def effort_lines(climb: Climb) -> Iterator[str]:
    """Yield where efforts come from."""
    said = climb.efforts
    if said.get("file"):
        yield say("The file has the effort from nothing to full marks; a move takes its part of the way.")
    if said.get("scheme"):
        yield say("Effort as the scheme says: {count} criteria.", count=said["scheme"])
    if said.get("nobody"):
        yield say(
            "Nobody told the effort of {count} criteria, so for now each step, each yes and each piece of evidence "
            "counts 1; where there are no steps, each 10 % of the maximum counts 1. This is no real effort: write an "
            "efforts file and ask again (--efforts).",
            count=said["nobody"],
        )


def rest_sections(climb: Climb) -> Iterator[Section]:
    """Yield the best next moves, and the criteria that offer none."""
    blocks = [*_nexts(climb), *_assessed(climb)]
    if blocks:
        yield Section(say("The next moves, those that bring most for their effort first"), tuple(blocks))
    if climb.closed:
        closed = together((one.code, one.why) for one in climb.closed)
        yield Section(say("Criteria at which no move is known"), (Lines(closed, bullets=True),))


def _nexts(climb: Climb) -> Iterator[Grid | Lines]:
    nexts: dict[str, NextMove] = {}
    for one in climb.moves:
        if not one.small and not one.assessed:
            nexts.setdefault(one.code, one)
    if not nexts:
        return
    best = sorted(nexts.values(), key=lambda one: -Fraction(one.adds) / one.effort)
    told = best[: climb.shown]
    body = [
        (joined((one.code, one.name), " "), one.words, climb.added(one.adds), effort_text(one.effort)) for one in told
    ]
    header = (say("criterion"), say("next move"), say("adds"), say("effort"))
    yield Grid(header, body, right=(2, 3))
    if len(told) < len(best):
        yield Lines((say("{count} more with --all.", count=len(best) - len(told)),))
    if climb.compared:
        words = say(
            "Units are compared with one another here: what a move adds is counted with the others as they are."
        )
        yield Lines((words,))


def _short(points: Fraction) -> str:
    """Return points with two decimals at most: what an assessor may still give is no matter of more."""
    return number_text(round(points, 2))


def _assessed(climb: Climb) -> Iterator[Lines]:
    left = {one.code: one.left for one in climb.moves if one.assessed}
    if left:
        first, *others = left.items()
        rows = [
            say("{code} ({points} points left)", code=first[0], points=_short(first[1])),
            *(f"{code} ({_short(points)})" for code, points in others),
        ]
        told = say("Scored by an assessor, no concrete step is known: {rows}.", rows=joined(rows, ", "))
        yield Lines((told,))
