"""Meaning checks of the levels: the best first, none out of reach, a lowest one, and gates that name rows."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from ictindex.documents.draft import Draft, name_of
from ictindex.documents.grammar import write_number
from ictindex.errors import Location, Problem, Severity, did_you_mean
from ictindex.messages import say
from ictindex.model import Group, Level, Row, Scheme


def level_problems(draft: Draft, row: Row, scheme: Scheme) -> Iterable[Problem]:
    """Yield what is wrong with the levels of a row."""
    if row.levels is None:
        return
    where, levels = draft.places[row.code].of("levels"), row.levels.levels
    name = name_of(row)
    if isinstance(row, Group) and row.combine.name == "none":
        message = say("{row} has levels but no score: it combines none of its rows", row=name)
        yield Problem("S250", message, where, say("put `levels:` under each total"))
        return
    yield from _gates(draft, row, scheme)
    if len({level.of_max for level in levels}) > 1:
        message = say("some levels of {row} are shares of the maximum and others are points", row=name)
        yield Problem("S251", message, where, say("write all with % or none"))
        return
    yield from _order(levels, name, where)
    yield from _reach(draft, row, name, where)
    if any(level.upper is not None for level in levels):
        yield from _bands(draft, row, levels, name, where)


def _order(levels: tuple[Level, ...], name: str, where: Location) -> Iterable[Problem]:
    for better, worse in pairwise(levels):
        if worse.lower >= better.lower:
            message = say(
                "the levels of {row} are not in order: '{worse}' begins at {low}, not below '{better}' at {high}",
                row=name,
                worse=worse.name,
                low=_bound(worse),
                better=better.name,
                high=_bound(better),
            )
            yield Problem("S251", message, where, say("write the best first"))
    lowest = min(levels, key=lambda level: level.lower)
    if lowest.lower > 0:
        message = say("{row} has no level below {bound}", row=name, bound=_bound(lowest))
        hint = say("add a lowest level that begins at {zero}", zero="0%" if lowest.of_max else "0")
        yield Problem("S252", message, where, hint)


def _reach(draft: Draft, row: Row, name: str, where: Location) -> Iterable[Problem]:
    scale, levels = row.publish.scale, row.levels.levels if row.levels else ()
    full = {"index": Fraction(1), "percent": Fraction(100)}.get(scale, row.max)
    if row.code in draft.doubtful | draft.no_max:
        return
    for level in levels:
        if level.lower > (1 if level.of_max else full):
            message = say(
                "level '{level}' begins at {bound}, but {row} ends at {end}",
                level=level.name,
                bound=_bound(level),
                row=name,
                end="100%" if level.of_max else write_number(full),
            )
            hint = say("lower it, or write it as a share of the maximum (90%)")
            yield Problem("S253", message, where, hint)


def _bands(draft: Draft, row: Row, levels: tuple[Level, ...], name: str, where: Location) -> Iterable[Problem]:
    gap = False
    for better, worse in pairwise(levels):
        if worse.upper is None:
            continue
        if worse.upper >= better.lower:
            bound = _bound(better)
            message = say(
                "the levels '{better}' and '{worse}' of {row} overlap at {bound}",
                better=better.name,
                worse=worse.name,
                row=name,
                bound=bound,
            )
            yield Problem("S251", message, where, say("'{level}' ends below {bound}", level=worse.name, bound=bound))
        gap = gap or worse.upper < better.lower
    for level in levels:
        if level.upper is not None and level.upper < level.lower:
            message = say("level '{level}' of {row} ends before it begins", level=level.name, row=name)
            yield Problem("S251", message, where, say("write the lower end first, as in 85-100"))
    if gap and draft.places[row.code].node.get("between-levels") is None:
        message = say("a score of {row} may fall between two levels as printed; it gets the lower one", row=name)
        hint = say("say so: `between-levels: lower`, or upper, or round")
        yield Problem("S254", message, where, hint, Severity.WARNING)


def _gates(draft: Draft, row: Row, scheme: Scheme) -> Iterable[Problem]:
    for at, code, points, where in draft.gates:
        if at != row.code:
            continue
        if code not in draft.places:
            hint = did_you_mean(code, draft.places) or say("a gate names the code of a row")
            yield Problem("S255", say("`only-if` names '{code}', which is no row", code=code), where, hint)
        elif points > scheme.row(code).max and code not in draft.doubtful | draft.no_max:
            full = write_number(scheme.row(code).max)
            message = say(
                "`only-if` asks {points} points of {row}, which has at most {full}",
                points=write_number(points),
                row=code,
                full=full,
            )
            yield Problem("S255", message, where, say("{full} or less", full=full))


def _bound(level: Level) -> str:
    return f"{write_number(level.lower * 100)}%" if level.of_max else write_number(level.lower)
