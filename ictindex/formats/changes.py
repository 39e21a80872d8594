"""The scores that differ from what units declared, as a text table: a line for each unit, with the criteria and why."""

from __future__ import annotations

from collections.abc import Iterator

from ictindex.explanation import FLAGS
from ictindex.matrix import Flag
from ictindex.messages import in_language, joined, say
from ictindex.model import Group, Indicator, Row, walk
from ictindex.result import Result
from ictindex.sides import Difference
from ictindex.standings import grid


def changes_told(result: Result, total: Row, language: str) -> str:
    """Return the units whose score at a total is another than they declared, in a language; empty where none is."""
    changed = [(at, one) for at, one in enumerate(result.differences(total.code)) if one.changed]
    if not changed:
        return ""
    criteria = [(row, result.differences(row.code)) for row in _criteria(total)]
    header = (say("unit"), say("name"), say("declared"), say("score"), say("difference"), say("changed"), say("why"))
    body = []
    for at, one in changed:
        rows = [(row, found[at]) for row, found in criteria if found[at].changed]
        parts = [f"{row.code} {found.difference or '-'}" for row, found in rows]
        why = [in_language(reason, language) for reason in _why(result, at, one, [row for row, _ in rows])]
        scores = [one.declared or "-", one.published or "-", one.difference or "-"]
        body.append([one.unit, one.name, *scores, ", ".join(parts), "; ".join(why)])
    return grid([in_language(word, language) for word in header], body, right=(2, 3, 4))


def _why(result: Result, unit: int, one: Difference, rows: list[Row]) -> Iterator[str]:
    """Yield the reasons that were given, then that evidence is lacking where it is."""
    yield from (joined((reason.code, reason.name), " ") for reason in one.reasons)
    matrix, plan = result.settled.matrix, result.plan
    below = {part.code for row in rows for part in walk(row)}
    lacking = [code for code in below if Flag.NO_EVIDENCE in matrix.flag(plan.place(code), unit)]
    if lacking:
        yield say("{flag}: {rows}", flag=FLAGS["no-evidence"], rows=", ".join(sorted(lacking)))


def _criteria(row: Row) -> Iterator[Row]:
    """Yield the measured rows below a total: one criterion that is made of several parts is one."""
    if isinstance(row, Indicator) or (isinstance(row, Group) and row.parts):
        yield row
    elif isinstance(row, Group):
        for child in row.children:
            yield from _criteria(child)
