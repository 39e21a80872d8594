"""Meaning checks of names and codes that differ only in how they are typed.

Names are compared without case, doubled blanks, and the two placements of a tone (Hoà, Hòa): `ictindex.cells.fold`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ictindex.cells import fold
from ictindex.documents.draft import Draft
from ictindex.errors import Location, Problem, Severity
from ictindex.messages import say
from ictindex.model import Group, Indicator, Scheme


def name_problems(draft: Draft, scheme: Scheme) -> Iterable[Problem]:
    """Yield names and codes that stand twice, or nearly so."""
    yield from _codes(draft, scheme)
    for row in scheme.rows():
        if isinstance(row, Group):
            rows = [(child.code, child.name, draft.places[child.code].line) for child in row.children]
            yield from _names(rows)
        elif isinstance(row, Indicator) and row.measure.name in ("choice", "checks"):
            where = draft.places[row.code].of(row.measure.name)
            cases = [(case.code, case.name, where) for case in row.measure.get("cases", ())]
            yield from _cases(row.code, cases)
    inputs = [(code, one.name, draft.shared_at[code]) for code, one in draft.shared.items()]
    yield from _names(inputs)


def _codes(draft: Draft, scheme: Scheme) -> Iterator[Problem]:
    """Two codes that a reader takes for one: another case, or a point at the end."""
    first: dict[str, str] = {}
    for row in scheme.rows():
        same = row.code.casefold().rstrip(".")
        other = first.setdefault(same, row.code)
        if other != row.code:
            line = draft.places[other].line.line
            message = say(
                "the codes '{code}' and '{other}' (line {line}) look alike", code=row.code, other=other, line=line
            )
            hint = say("give one of them another code: a table's columns are named by it")
            yield Problem("S249", message, draft.places[row.code].line, hint, Severity.WARNING)


def _names(rows: Iterable[tuple[str, str, Location]]) -> Iterator[Problem]:
    first: dict[str, tuple[str, Location]] = {}
    for code, name, where in rows:
        other, line = first.setdefault(fold(name), (code, where))
        if other != code:
            message = say("{code} has the name of {other} on line {line}", code=code, other=other, line=line.line)
            hint = say("is a row copied and not yet renamed? delete it, or say in its name what differs")
            yield Problem("S247", message, where, hint, Severity.WARNING)


def _cases(row: str, cases: Iterable[tuple[str, str, Location]]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for code, name, where in cases:
        other = first.setdefault(fold(name), code)
        if name and other != code:
            short, before = (one.removeprefix(f"{row}.") for one in (code, other))
            message = say(
                "the cases {other} and {code} of {row} have the same words", other=before, code=short, row=row
            )
            yield Problem("S247", message, where, say("is a case copied and not yet rewritten?"), Severity.WARNING)
