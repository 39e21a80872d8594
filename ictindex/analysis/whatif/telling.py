"""The page of `whatif`: what was changed, and old beside new for everyone whom it affects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ictindex.analysis.whatif.answer import Changed, Moved, WhatIf
from ictindex.explanation import STATES
from ictindex.messages import joined, say
from ictindex.model import TOTAL
from ictindex.pages import Grid, Lines, Page, Section

MOST = 20
"""So many of those who were not edited are told of one by one; the rest are counted."""

_SAYS = {**STATES, "shown": say("evidence shown"), "not-shown": say("no evidence")}


def page_of(answer: WhatIf) -> Page:
    """Return the page of an answer."""
    sections = [Section("", [Lines([_summary(answer)])]), *_changes(answer)]
    totals = tuple(dict.fromkeys(one.total for one in answer.moved if one.old_score or one.new_score))
    for total in totals:
        sections += _total(answer, total, named=len(totals) > 1 or total != TOTAL)
    notes = list(_notes(answer))
    if notes:
        sections.append(Section("", [Lines(notes, bullets=True)]))
    return Page(say("What if: old and new scores"), sections, answer.subject.notices)


def _summary(answer: WhatIf) -> str:
    if not answer.changes:
        return say("Nothing is changed.")
    edited = {one.unit for one in answer.changes}
    others = {one.unit for one in answer.moved} - edited
    facts = {"cells": len(answer.changes), "units": len(edited), "others": len(others), "all": answer.units}
    return say(
        "Figures changed: {cells}, units: {units}. Others whose score, rank or level changes: {others} of {all} units.",
        **facts,
    )


# --- the changes -----------------------------------------------------------------------------------------------------


def _changes(answer: WhatIf) -> Iterator[Section]:
    if answer.changes:
        header = [say("unit"), say("figure"), say("old"), say("new")]
        body = [
            [
                one.name,
                joined((one.code, one.words), " "),
                _told(one.code, one.old, one.old_state),
                _told(one.code, one.new, one.new_state),
            ]
            for one in answer.changes
        ]
        yield Section(say("What is changed"), [Grid(header, body, (2, 3))])


def _told(code: str, text: str, state: str) -> str:
    if state == "missing" and code.endswith(".score"):
        return say("not given")
    return text if state == "reported" else _SAYS[state]


# --- old beside new --------------------------------------------------------------------------------------------------


def _total(answer: WhatIf, total: str, *, named: bool) -> Iterator[Section]:
    rows = [one for one in answer.moved if one.total == total and (one.old_score or one.new_score)]
    title = say("Old and new")
    if named:
        row = answer.subject.scheme.row(total)
        title = say("Old and new: {total}", total=f"{row.code} {row.name}".strip())
    edited = [one for one in rows if one.because == "edited"]
    others = [one for one in rows if one.because != "edited"]
    levels = any(one.old_level or one.new_level for one in rows)
    pools = len({one.pool for one in rows}) > 1
    blocks: list[Grid | Lines] = [_grid([*edited, *others[:MOST]], levels=levels, pools=pools)]
    if len(others) > MOST:
        blocks.append(Lines([say("and {count} more units", count=len(others) - MOST)]))
    yield Section(title, blocks)


def _grid(rows: Sequence[Moved], *, levels: bool, pools: bool) -> Grid:
    """Return the table of old and new; it has columns for pools and levels where there are any."""
    header = [say("unit"), *([say("pool")] if pools else [])]
    numbers = [say("old score"), say("new score"), say("difference"), say("old rank"), say("new rank")]
    right = range(len(header), len(header) + len(numbers))
    header += [*numbers, *([say("old level"), say("new level")] if levels else []), say("why")]
    body = []
    for one in rows:
        who = [one.name, *([one.pool] if pools else [])]
        scores = [_score(one.old_score), _score(one.new_score), _difference(one)]
        ranks = [_rank(one.old_rank), _rank(one.new_rank)]
        grades = [one.old_level or "", one.new_level or ""] if levels else []
        body.append([*who, *scores, *ranks, *grades, _WHY[one.because]])
    return Grid(header, body, right)


_WHY = {"edited": say("own figures"), "compared": say("compared with others"), "overtaken": say("place only")}


def _score(score: str | None) -> str:
    return score or say("none")


def _rank(rank: float | None) -> str:
    return say("not ranked") if rank is None else str(rank)


def _difference(one: Moved) -> str:
    """Return new less old with its sign and as many decimals as the scores have."""
    if one.old_score is None or one.new_score is None:
        return ""
    difference = Decimal(one.new_score) - Decimal(one.old_score)
    return f"{difference:+f}" if difference else f"{difference:f}"


# --- what must be known ----------------------------------------------------------------------------------------------


def _notes(answer: WhatIf) -> Iterator[str]:
    if answer.relearned:
        yield say("Units are compared anew at: {rows}.", rows=", ".join(answer.relearned))
    for one in answer.changes:
        if one.covered:
            yield _hidden(one)


def _hidden(one: Changed) -> str:
    return say(
        "{code} of {unit} changes nothing: the score of {row} is given.", code=one.code, unit=one.name, row=one.covered
    )
