"""The scores that differ from what units declared: each unit with the criteria that differ, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from ictindex.explanation import REJECTED
from ictindex.happened import FLAGS
from ictindex.matrix import Flag
from ictindex.messages import in_language, joined, say
from ictindex.model import Group, Indicator, Row, walk
from ictindex.pages import grid
from ictindex.result import Result
from ictindex.sides import Difference

HEADINGS = (say("unit"), say("name"), say("declared"), say("score"), say("difference"), say("changed"), say("why"))
"""The headings above the cells of `Change.cells`; the third to the fifth are numbers."""

CHANGED = say("scores that differ from what was declared:")


@frozen(kw_only=True)
class Change:
    """A unit whose score at a total is another than it declared: there, and at each criterion that differs."""

    position: int
    total: Difference
    criteria: tuple[tuple[Row, Difference], ...]
    why: tuple[str, ...]

    def cells(self, language: str) -> list[str]:
        """Return the unit, its scores, the criteria that differ and the reasons, as texts in a language."""
        one = self.total
        parts = [f"{row.code} {found.difference or '-'}" for row, found in self.criteria]
        why = "; ".join(in_language(reason, language) for reason in self.why)
        scores = (one.declared or "-", one.published or "-", one.difference or "-")
        return [one.unit, one.name, *scores, ", ".join(parts), why]


def changes_of(result: Result, total: Row) -> list[Change]:
    """Return the units whose score at a total is another than they declared, in the order of the result."""
    changed = [(at, one) for at, one in enumerate(result.differences(total.code)) if one.changed]
    if not changed:
        return []
    criteria = [(row, result.differences(row.code)) for row in _criteria(total)]
    found = []
    for at, one in changed:
        rows = tuple((row, told[at]) for row, told in criteria if told[at].changed)
        why = tuple(reasons_told(result, at, one, [row for row, _ in rows]))
        found.append(Change(position=at, total=one, criteria=rows, why=why))
    return found


def changes_told(result: Result, total: Row, language: str) -> str:
    """Return the units whose score at a total is another than they declared, in a language; empty where none is."""
    body = [one.cells(language) for one in changes_of(result, total)]
    return grid([in_language(word, language) for word in HEADINGS], body, right=(2, 3, 4)) if body else ""


def reasons_told(result: Result, unit: int, one: Difference, rows: Sequence[Row]) -> Iterator[str]:
    """Yield the reasons that were given, then that evidence was rejected or is lacking where it is."""
    yield from (joined((reason.code, reason.name), " ") for reason in one.reasons)
    matrix, plan, origin = result.settled.matrix, result.plan, result.table.origin
    below = {part.code for row in rows for part in walk(row)}
    without = sorted(code for code in below if Flag.NO_EVIDENCE in matrix.flag(plan.place(code), unit))
    rejected = [code for code in without if origin.is_rejected(unit, code)]
    lacking = [code for code in without if code not in rejected]
    for words, codes in ((REJECTED, rejected), (FLAGS["no-evidence"], lacking)):
        if codes:
            yield say("{flag}: {rows}", flag=words, rows=", ".join(codes))


def _criteria(row: Row) -> Iterator[Row]:
    """Yield the measured rows below a total: one criterion that is made of several parts is one."""
    if isinstance(row, Indicator) or (isinstance(row, Group) and row.parts):
        yield row
    elif isinstance(row, Group):
        for child in row.children:
            yield from _criteria(child)
