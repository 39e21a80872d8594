"""Meaning checks of the columns: declared and used, named once, and not the name of something else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ictindex.cells import fold
from ictindex.documents.draft import Draft
from ictindex.errors import Location, Problem, Severity, did_you_mean
from ictindex.messages import say
from ictindex.model import RESERVED_SUFFIXES, TOTAL, Input, InputKind, Scheme


def list_problems(draft: Draft, scheme: Scheme) -> Iterable[Problem]:
    """Yield what is wrong with the file that the scheme names as its list of units: that it is not there."""
    if not scheme.unit_list:
        return
    path = Path(scheme.unit_list_in).parent / scheme.unit_list
    try:
        there = path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        there = False
    if not there:
        message = say("there is no file '{file}' with a list of units", file=scheme.unit_list)
        hint = say("name a CSV file by its path from this file")
        yield Problem("S258", message, draft.places[TOTAL].of("unit-list"), hint, Severity.WARNING)


def input_problems(draft: Draft) -> Iterable[Problem]:
    """Yield what is wrong with the columns of a scheme."""
    yield from _unused(draft)
    yield from _clashes(draft)
    yield from _weights(draft)
    yield from _same_words(draft)


def _unused(draft: Draft) -> Iterable[Problem]:
    weights = {one.weighted_by for one in draft.shared.values()}
    for code, where in draft.shared_at.items():
        if code not in draft.used and code not in weights and not _misspelt(draft, code):
            message = say("the input '{code}' is declared and no row uses it", code=code)
            hint = say("write `${code}` in the row that reads it, or delete the line", code=code)
            yield Problem("S240", message, where, hint)
    for code, (key, _) in draft.lists.items():
        if code not in draft.lists_used and not _misspelt(draft, code):
            message = say("the list '{code}' is declared and no row uses it", code=code)
            hint = say("write `choice: ${code}` in a row, or delete the list", code=code)
            yield Problem("S240", message, key.where, hint)


def _misspelt(draft: Draft, code: str) -> bool:
    """Whether a row seems to mean this input or list and spells it wrongly, which is told there."""
    return any(did_you_mean(name, [code]) for name in draft.unknown)


def _clashes(draft: Draft) -> Iterable[Problem]:
    """A column's code is its own, except that a row and its only input share one."""
    columns = [(one, where) for one, where in draft.columns.values()]
    columns += [(one, draft.shared_at[code]) for code, one in draft.shared.items()]
    for one, where in columns:
        if one.code in draft.places and one.owner != one.code:
            line = draft.places[one.code].line.line
            message = say("the column '{code}' has the code of the row on line {line}", code=one.code, line=line)
            yield Problem("S243", message, where, say("give one of them another code"))
        if not one.owner and one.code in draft.columns:
            owner = draft.columns[one.code][0].owner
            message = say("the shared input '{code}' has the code of a column of {row}", code=one.code, row=owner)
            yield Problem("S243", message, where, say("give one of them another code"))
        ending = next((suffix for suffix in RESERVED_SUFFIXES if one.code.endswith(suffix)), "")
        if ending and one.owner != one.code:
            message = say("the code '{code}' ends in '{ending}', which tables use", code=one.code, ending=ending)
            yield Problem("S212", message, where, say("choose another code"))


def _weights(draft: Draft) -> Iterable[Problem]:
    known = {*draft.shared, *draft.columns}
    for one in draft.shared.values():
        if one.weighted_by and one.weighted_by not in known:
            hint = did_you_mean(one.weighted_by, known) or say("name another input")
            message = say(
                "`weighted-by` of '{code}' names '{named}', which is no input", code=one.code, named=one.weighted_by
            )
            yield Problem("S245", message, draft.shared_at[one.code], hint)


def _same_words(draft: Draft) -> Iterable[Problem]:
    """Offer `$code` where two rows ask for the same quantity in the same words."""
    first: dict[tuple[str, InputKind], tuple[Input, Location]] = {}
    for said, one, where in draft.worded:
        if one.kind is InputKind.POINTS:  # its words say who assesses: one council gives the points of many rows
            continue
        same = (fold(said), one.kind)
        before = first.setdefault(same, (one, where))
        if before[0].owner != one.owner:
            message = say(
                "'{words}' makes a second column; {row} has one in the same words on line {line}",
                words=said,
                row=before[0].owner,
                line=before[1].line,
            )
            hint = say("if it is one quantity, declare it once under `inputs:` and write `$code` in both rows")
            yield Problem("S242", message, where, hint, Severity.WARNING)
