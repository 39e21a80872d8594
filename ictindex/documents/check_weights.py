"""Meaning checks of weights, and the handbook's advice on the size of a group."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ictindex.documents.draft import Draft, name_of
from ictindex.documents.grammar import WEIGHING, write_number
from ictindex.errors import Location, Problem, Severity
from ictindex.messages import say
from ictindex.model import Group, Indicator, Row

_ADD_MAX = say("add `max:`; `max: 1` where it is meant so")
_FEWEST, _MOST = 3, 7
"""How many indicators a group should have: fewer hardly make an index, more hide one another."""


def weight_problems(draft: Draft, group: Group) -> Iterable[Problem]:
    """Yield weights that are forgotten or do not add up, and groups of an unusual size."""
    if group.combine.name in WEIGHING and group.code not in draft.doubtful:
        rows = [row for row in group.children if row.role == "max"]
        stated = [row for row in rows if draft.places[row.code].node.get("weight") is not None]
        silent = [row for row in rows if row not in stated]
        if stated and silent:
            yield from (_forgotten(draft, row) for row in silent)
        elif stated:
            yield from _sum(draft, group, stated)
    if group.combine.name in (*WEIGHING, "best", "least") and group.code not in draft.doubtful:
        yield from _unequal_maxima(draft, group)
    yield from _size(draft, group)


def _unequal_maxima(draft: Draft, group: Group) -> Iterable[Problem]:
    """Where nothing is added a maximum may be left out and is 1; beside others, or above them, it looks forgotten."""
    rows = [row for row in group.children if row.role == "max"]
    stated = [row for row in rows if _states_max(draft, row)]
    for row in rows:
        if stated and row not in stated:
            parts = {"row": row.code, "other": stated[0].code, "max": write_number(stated[0].max)}
            message = say("{row} has no `max`, so it is 1, and {other} beside it has {max}", **parts)
            yield Problem("S225", message, draft.places[row.code].line, _ADD_MAX, Severity.WARNING)
    whole = rows and len(stated) == len(rows) and all(row.max != 1 for row in rows)
    if whole and not _states_max(draft, group) and group.code not in draft.no_max and group.publish.scale == "points":
        parts = {"group": name_of(group.code), "max": write_number(rows[0].max)}
        message = say("{group} has no `max`, so its points go from 0 to 1, while its rows have {max}", **parts)
        yield Problem("S225", message, draft.places[group.code].line, _ADD_MAX, Severity.WARNING)


def _states_max(draft: Draft, row: Row) -> bool:
    return draft.places[row.code].node.get("max") is not None


def _forgotten(draft: Draft, row: Row) -> Problem:
    message = say("{row} has no weight and the rows beside it have, so it weighs 1", row=row.code)
    hint = say("add `weight:`; 0 where it does not count")
    return Problem("S224", message, draft.places[row.code].line, hint, Severity.WARNING)


def _sum(draft: Draft, group: Group, rows: list[Row]) -> Iterable[Problem]:
    """Weights that are shares of one whole should make it; other weights are relative, and any sum is right."""
    total = sum((row.weight for row in rows), Fraction(0))
    if total == 1 or any(not 0 <= row.weight <= 1 for row in rows) or all(row.weight in (0, 1) for row in rows):
        return
    last = rows[-1]
    name = name_of(group.code)
    parts = {"group": name, "total": write_number(total)}
    message = say("the weights beneath {group} add up to {total}, not to 1", **parts)
    fitting = last.weight + 1 - total
    hint = say("they are taken in proportion; correct one of them")
    if fitting > 0:
        fit = {"weight": write_number(fitting), "row": last.code}
        hint = say("they are taken in proportion; `weight: {weight}` for {row} would close the sum", **fit)
    yield Problem("S223", message, _weight_at(draft, rows[0]), hint, Severity.WARNING)


def _weight_at(draft: Draft, row: Row) -> Location:
    return draft.places[row.code].of("weight")


def _size(draft: Draft, group: Group) -> Iterable[Problem]:
    """The OECD/JRC handbook warns of groups in which an indicator hardly counts, or stands for the whole group."""
    count = len(group.children)
    if (
        group.parts
        or group.combine.name == "none"
        or not count
        or not all(isinstance(row, Indicator) or _is_parts(row) for row in group.children)
    ):
        return
    if _FEWEST <= count <= _MOST:
        return
    name = name_of(group.code)
    message = say("{group} has {count} indicators", group=name, count=count)
    if count == 1:
        message = say("{group} has one indicator only", group=name)
    hint = say("the handbook advises 3 to 7 in a group; if the decision has it so, keep it")
    yield Problem("S290", message, draft.places[group.code].line, hint, Severity.ADVICE)


def _is_parts(row: Row) -> bool:
    return isinstance(row, Group) and row.parts
