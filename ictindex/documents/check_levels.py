"""Meaning checks of the levels: the best first, none out of reach, a lowest one, and gates that name rows."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from ictindex.documents.draft import Draft, Place, name_of
from ictindex.documents.grammar import write_number
from ictindex.errors import Location, Problem, Severity, did_you_mean
from ictindex.messages import say
from ictindex.model import Group, Level, Row, Scheme


def level_problems(draft: Draft, row: Row, scheme: Scheme) -> Iterable[Problem]:
    """Yield what is wrong with the levels of a row."""
    if row.levels is None:
        return
    where, levels = draft.places[row.code].of("levels"), row.levels.levels
    name = name_of(row.code)
    if isinstance(row, Group) and row.combine.name == "none":
        message = say("{row} has levels but no score: it combines none of its rows", row=name)
        yield Problem("S250", message, where, say("put `levels:` under each total"))
        return
    yield from _gates(draft, row, scheme)
    if len({level.of_max for level in levels}) > 1:
        message = say("some levels of {row} are shares of the maximum and others are points", row=name)
        yield Problem("S251", message, where, say("write all with % or none"))
        return
    place = draft.places[row.code]
    yield from _order(levels, name, place)
    if row.code not in draft.doubtful | draft.no_max:
        yield from _reach(row, levels, name, place)
    if any(level.upper is not None for level in levels):
        yield from _bands(levels, name, place)
        yield from _holes(row, levels, name, place)
        yield from _gaps(row, levels, name, place)


def _order(levels: tuple[Level, ...], name: str, place: Place) -> Iterable[Problem]:
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
            yield Problem("S251", message, _at(place, worse), say("write the best first"))
    lowest = min(levels, key=lambda level: level.lower)
    if lowest.lower > 0:
        message = say("{row} has no level below {bound}", row=name, bound=_bound(lowest))
        hint = say("add a lowest level that begins at {zero}", zero="0%" if lowest.of_max else "0")
        yield Problem("S252", message, _at(place, lowest), hint)


def _full(row: Row) -> Fraction:
    """Return the highest score of a row as it is published."""
    return {"index": Fraction(1), "percent": Fraction(100)}.get(row.publish.scale, row.max)


def _reach(row: Row, levels: tuple[Level, ...], name: str, place: Place) -> Iterable[Problem]:
    full = _full(row)
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
            yield Problem("S253", message, _at(place, level), hint)
    best, end = levels[0], Fraction(1) if levels[0].of_max else full
    if best.upper is not None and best.lower <= best.upper < end:
        about = {"level": best.name, "bound": _upper(best), "row": name}
        message = say(
            "the best level '{level}' ends at {bound}, but {row} goes up to {end}",
            end="100%" if best.of_max else write_number(full),
            **about,
        )
        hint = say("a higher score gets it all the same; correct its upper end, or is a level missing?")
        yield Problem("S257", message, _at(place, best), hint, Severity.WARNING)


def _bands(levels: tuple[Level, ...], name: str, place: Place) -> Iterable[Problem]:
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
            hint = say("let '{level}' end below {bound}", level=worse.name, bound=bound)
            yield Problem("S251", message, _at(place, worse), hint)
    for level in levels:
        if level.upper is not None and level.upper < level.lower:
            message = say("level '{level}' of {row} ends before it begins", level=level.name, row=name)
            yield Problem("S251", message, _at(place, level), say("write the lower end first, as in 85-100"))


def _is_hole(row: Row, better: Level, worse: Level) -> bool:
    """Whether more lies between two printed bands than what whole numbers, or whole percents, leave."""
    if worse.upper is None:
        return False
    full = Fraction(1) if worse.of_max else _full(row)
    return better.lower - worse.upper > (full / 100 if full <= 1 else max(Fraction(1), full / 100))


def _holes(row: Row, levels: tuple[Level, ...], name: str, place: Place) -> Iterable[Problem]:
    """A whole band is missing, whatever is said of the scores that fall between two."""
    for better, worse in pairwise(levels):
        if _is_hole(row, better, worse):
            message = say(
                "the levels '{worse}' and '{better}' of {row} leave everything between {low} and {high} to no level",
                worse=worse.name,
                better=better.name,
                row=name,
                low=_upper(worse),
                high=_bound(better),
            )
            hint = say("is a level missing between them? else let one begin where the other ends")
            yield Problem("S228", message, _at(place, worse), hint, Severity.WARNING)


def _gaps(row: Row, levels: tuple[Level, ...], name: str, place: Place) -> Iterable[Problem]:
    """Bands of whole numbers leave gaps (70-84, 85-100: what of 84.5?), unless scores are whole numbers too."""
    if place.node.get("between-levels") is not None:
        return
    whole_scores = row.publish.decimals == 0 and row.rank.on == "published"
    for better, worse in pairwise(levels):
        if worse.upper is None or worse.upper >= better.lower or _is_hole(row, better, worse):
            continue
        if whole_scores and not worse.of_max and worse.upper + 1 >= better.lower:
            continue
        between = (worse.upper + better.lower) / 2
        message = say(
            "a score of {score} falls between the levels '{worse}' and '{better}' of {row} as printed",
            score=f"{write_number(between * 100)}%" if worse.of_max else write_number(between),
            worse=worse.name,
            better=better.name,
            row=name,
        )
        hint = say("it gets the lower one; say so: `between-levels: lower`, or upper, or round")
        yield Problem("S254", message, _at(place, worse), hint, Severity.WARNING)


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
            yield Problem("S255", message, where, say("ask for {full} or less", full=full))


def _at(place: Place, level: Level) -> Location:
    return place.within("levels", level.name)


def _upper(level: Level) -> str:
    upper = level.upper or Fraction(0)
    return f"{write_number(upper * 100)}%" if level.of_max else write_number(upper)


def _bound(level: Level) -> str:
    return f"{write_number(level.lower * 100)}%" if level.of_max else write_number(level.lower)
