"""What became of the laws of a scheme, in lines for a person and as plain data."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ictindex.errors import Location, Problem
from ictindex.explaining.answer import Explanation
from ictindex.messages import in_language, say
from ictindex.model import Indicator, Scheme, walk

if TYPE_CHECKING:  # what makes them needs hypothesis, and whoever tells only of cases does without
    from ictindex.testing.world import Broken, LawReport

WIDEST = 10
"""A table with more columns shows those that the broken row reads."""

LONGEST = 24
"""So many lines of a tree are shown."""

_IN = 4


Line = tuple[int, str]
"""How far a line is set in, and its words."""


def report_lines(report: LawReport, scheme: Scheme) -> Iterator[Line]:
    """Yield what became of a law: the outcome, of which rows it was not asked, and the table that breaks it."""
    yield 0, report.words
    yield from ((0, one) for one in report.remarks)
    if report.broken is not None:
        yield from broken_lines(report.broken, scheme)


def broken_lines(broken: Broken, scheme: Scheme) -> Iterator[Line]:
    """Yield the smallest table that breaks a law, and how the unit's points came about, before and after."""
    table, hidden = shown_table(broken, scheme)
    yield 0, say("the smallest table that shows it:")
    yield from ((_IN, line) for line in table.splitlines())
    if hidden:
        yield _IN, say("and {count} more columns, which {row} does not read", count=hidden, row=broken.row)
    if broken.before is not None:
        yield 0, say("the points of {unit} there:", unit=broken.unit)
        yield from _tree(broken.before)
    if broken.after is not None:
        yield 0, say("and with the change:")
        yield from _tree(broken.after)


def shown_table(broken: Broken, scheme: Scheme) -> tuple[str, int]:
    """Return the table as text, with how many columns are left out because the broken row does not read them."""
    rows = list(csv.reader(io.StringIO(broken.table)))
    read = {code for row in walk(scheme.row(broken.row)) for code in _read(row)}
    kept = [at for at, name in enumerate(rows[0]) if at == 0 or name in read]
    if len(rows[0]) <= WIDEST or len(kept) < 2:
        return broken.table, 0
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([row[at] for at in kept] for row in rows)
    return out.getvalue(), len(rows[0]) - len(kept)


def _read(row: Any) -> Iterator[str]:
    yield from (f"{row.code}{ending}" for ending in (".evidence", ".excluded"))
    if isinstance(row, Indicator):
        yield from row.inputs


def _tree(explanation: Explanation) -> Iterator[Line]:
    """Yield the lines of a tree, without what stands above it."""
    lines = list(explanation.tree())
    yield from ((_IN, line) for line in lines[:LONGEST])
    if len(lines) > LONGEST:
        yield _IN, say("and {count} more lines", count=len(lines) - LONGEST)


def problem_of(report: LawReport, scheme: Scheme) -> Problem:
    """Return a broken law as a problem (U139), at the line of the row that breaks it."""
    broken = report.broken
    row = scheme.root if broken is None else scheme.row(broken.row)
    words = report.words if broken is None else broken.words
    told = say("the law {law} is broken: {words}", law=report.law, words=words)
    if scheme.variant:
        told = say(
            "the law {law} is broken in the variant {variant}: {words}",
            law=report.law,
            variant=scheme.variant,
            words=words,
        )
    return Problem("U139", told, Location(scheme.path or scheme.id, row.line))


def plain(report: LawReport, language: str = "en") -> dict[str, Any]:
    """Return what became of a law as plain data, for JSON."""
    broken = report.broken
    return {
        "law": report.law,
        "outcome": report.outcome,
        "tables": report.tables,
        "why": in_language(report.why, language),
        "remarks": [in_language(one, language) for one in report.remarks],
        "broken": None
        if broken is None
        else {
            "row": broken.row,
            "words": in_language(broken.words, language),
            "table": broken.table,
            "unit": broken.unit,
            "before": None if broken.before is None else broken.before.to_dict(),
            "after": None if broken.after is None else broken.after.to_dict(),
        },
    }
