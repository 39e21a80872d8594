"""Meaning checks of the levels: the best first, none out of reach, a lowest one, and gates that name rows."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from ictindex.documents.draft import Draft
from ictindex.documents.grammar import write_number
from ictindex.errors import Location, Problem, Severity, did_you_mean
from ictindex.model import TOTAL, Group, Level, Row, Scheme


def level_problems(draft: Draft, row: Row, scheme: Scheme) -> Iterable[Problem]:
    """Yield what is wrong with the levels of a row."""
    if row.levels is None:
        return
    where, levels = draft.places[row.code].of("levels"), row.levels.levels
    name = "the top" if row.code == TOTAL else row.code
    if isinstance(row, Group) and row.combine.name == "none":
        message = f"{name} has levels but no score: it combines none of its rows"
        yield Problem("S250", message, where, "put `levels:` under each total")
        return
    yield from _gates(draft, row, scheme)
    if len({level.of_max for level in levels}) > 1:
        message = f"some levels of {name} are shares of the maximum and others are points"
        yield Problem("S251", message, where, "write all with % or none")
        return
    yield from _order(levels, name, where)
    yield from _reach(draft, row, name, where)
    if any(level.upper is not None for level in levels):
        yield from _bands(draft, row, levels, name, where)


def _order(levels: tuple[Level, ...], name: str, where: Location) -> Iterable[Problem]:
    for better, worse in pairwise(levels):
        if worse.lower >= better.lower:
            message = f"the levels of {name} are not in order: '{worse.name}' begins at {_bound(worse)}"
            yield Problem(
                "S251", f"{message}, not below '{better.name}' at {_bound(better)}", where, "write the best first"
            )
    lowest = min(levels, key=lambda level: level.lower)
    if lowest.lower > 0:
        message = f"{name} has no level below {_bound(lowest)}"
        zero = "0%" if lowest.of_max else "0"
        yield Problem("S252", message, where, f"add a lowest level that begins at {zero}")


def _reach(draft: Draft, row: Row, name: str, where: Location) -> Iterable[Problem]:
    scale, levels = row.publish.scale, row.levels.levels if row.levels else ()
    full = {"index": Fraction(1), "percent": Fraction(100)}.get(scale, row.max)
    if row.code in draft.doubtful | draft.no_max:
        return
    for level in levels:
        if level.lower > (1 if level.of_max else full):
            end = "100%" if level.of_max else write_number(full)
            message = f"level '{level.name}' begins at {_bound(level)}, but {name} ends at {end}"
            hint = "lower it, or write it as a share of the maximum (90%)"
            yield Problem("S253", message, where, hint)


def _bands(draft: Draft, row: Row, levels: tuple[Level, ...], name: str, where: Location) -> Iterable[Problem]:
    gap = False
    for better, worse in pairwise(levels):
        if worse.upper is None:
            continue
        if worse.upper >= better.lower:
            message = f"the levels '{better.name}' and '{worse.name}' of {name} overlap at {_bound(better)}"
            yield Problem("S251", message, where, f"'{worse.name}' ends below {_bound(better)}")
        gap = gap or worse.upper < better.lower
    for level in levels:
        if level.upper is not None and level.upper < level.lower:
            message = f"level '{level.name}' of {name} ends before it begins"
            yield Problem("S251", message, where, "write the lower end first, as in 85-100")
    if gap and draft.places[row.code].node.get("between-levels") is None:
        message = f"a score of {name} may fall between two levels as printed; it gets the lower one"
        hint = "say so: `between-levels: lower`, or upper, or round"
        yield Problem("S254", message, where, hint, Severity.WARNING)


def _gates(draft: Draft, row: Row, scheme: Scheme) -> Iterable[Problem]:
    for at, code, points, where in draft.gates:
        if at != row.code:
            continue
        if code not in draft.places:
            hint = did_you_mean(code, draft.places) or "a gate names the code of a row"
            yield Problem("S255", f"`only-if` names '{code}', which is no row", where, hint)
        elif points > scheme.row(code).max and code not in draft.doubtful | draft.no_max:
            full = write_number(scheme.row(code).max)
            message = f"`only-if` asks {write_number(points)} points of {code}, which has at most {full}"
            yield Problem("S255", message, where, f"{full} or less")


def _bound(level: Level) -> str:
    return f"{write_number(level.lower * 100)}%" if level.of_max else write_number(level.lower)
