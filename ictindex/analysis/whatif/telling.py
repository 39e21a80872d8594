"""The page of `whatif`: what it does to the units, what each change brings, and old beside new for all affected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from ictindex.analysis.whatif.answer import Changed, Moved, WhatIf
from ictindex.explanation import STATES, number_text
from ictindex.messages import joined, listed, say
from ictindex.model import TOTAL, InputKind
from ictindex.pages import Grid, Lines, Page, Section

MOST = 20
"""So many of those who were not edited are told of one by one; the rest are counted."""

FEW = 5
"""So many of those who were edited have a sentence of their own at the head; all of them stand in the table."""

_SAYS = {**STATES, "shown": say("evidence shown"), "not-shown": say("no evidence")}


def page_of(answer: WhatIf) -> Page:
    """Return the page of an answer."""
    title = say("What if: old and new scores")
    if all(one.effect == "same" for one in answer.changes):
        lines = [_same(answer, one) for one in answer.changes] or [say("Nothing is changed.")]
        return Page(title, [Section("", [Lines(lines)])], answer.subject.notices)
    totals = tuple(dict.fromkeys(one.total for one in answer.moved if one.old_score or one.new_score))
    sections = [Section("", [Lines([*_verdicts(answer, totals), _others(answer)])]), *_changes(answer)]
    notes = list(_notes(answer))
    if notes:
        sections.append(Section("", [Lines(notes, bullets=True)]))
    for total in totals:
        sections += _total(answer, total, named=len(totals) > 1 or total != TOTAL)
    return Page(title, sections, answer.subject.notices)


# --- the sentences at the head ---------------------------------------------------------------------------------------


def _verdicts(answer: WhatIf, totals: Sequence[str]) -> Iterator[str]:
    """Yield what becomes of each of the first units that were edited, and what they lack to be one rank better."""
    edited = [one for one in answer.moved if one.because == "edited" and (one.old_score or one.new_score)]
    told = [one for one in edited if _has_moved(one)] or edited
    units = list(dict.fromkeys(one.unit for one in told))
    for one in told:
        if one.unit in units[:FEW]:
            yield _verdict(one, answer if len(totals) > 1 else None)
            yield from _short(one)
    if len(units) > FEW:
        yield say("and {count} more units", count=len(units) - FEW)


def _has_moved(one: Moved) -> bool:
    return (one.old_score, one.old_rank, one.old_level) != (one.new_score, one.new_rank, one.new_level)


def _verdict(one: Moved, answer: WhatIf | None) -> str:
    """Return a unit's score, rank and level before and after; of one of several totals with the total's name."""
    name = one.name
    if answer is not None:
        row = answer.subject.scheme.row(one.total)
        name = say("{unit}, {total}", unit=one.name, total=joined((row.code, row.name), " "))
    facts = {"before": _score(one.old_score), "after": _score(one.new_score)}
    score: str = say("{before} → {after}", **facts)
    if one.old_score == one.new_score:
        score = say("{score} as before", score=_score(one.new_score))
    elif one.difference is not None:
        score = say("{before} → {after} ({difference})", **facts, difference=_difference(one))
    rank: str = say("rank {before} → {after}", before=_rank(one.old_rank), after=_rank(one.new_rank))
    if one.old_rank == one.new_rank:
        rank = "" if one.new_rank is None else say("rank {rank} as before", rank=one.new_rank)
    level: str = ""
    if one.old_level != one.new_level:
        level = say("level {before} → {after}", before=one.old_level or "-", after=one.new_level or "-")
    return say("{unit}: {facts}.", unit=name, facts=joined((score, rank, level), "; "))


def _short(one: Moved) -> Iterator[str]:
    """Yield what the unit lacks to have the next better rank."""
    if one.ahead_rank is not None and one.short is not None:
        facts = {"rank": one.ahead_rank, "score": one.ahead_score}
        if one.short > 0:
            yield say("Rank {rank} has {score}: {short} more.", **facts, short=_like(one.short, one.ahead_score or ""))
        else:
            yield say("Rank {rank} has {score} too, and is ahead by what is not printed.", **facts)


def _others(answer: WhatIf) -> str:
    edited = {one.unit for one in answer.changes}
    others = len({one.unit for one in answer.moved} - edited)
    if not others:
        return say("Nobody else's score, rank or level changes.")
    return say("Others whose score, rank or level changes: {others} of {all} units.", others=others, all=answer.units)


# --- the changes -----------------------------------------------------------------------------------------------------


def _changes(answer: WhatIf) -> Iterator[Section]:
    """Yield the cells that were changed; where a unit has several, with what each brings by itself."""
    units = [one.unit for one in answer.changes]
    several = len(units) > len(set(units)) and any(one.alone is not None for one in answer.changes)
    printed = {one.total: one.new_score or one.old_score or "" for one in answer.moved}
    header = [say("unit"), say("figure"), say("old"), say("new"), *([say("brings alone")] if several else [])]
    body = []
    for one in answer.changes:
        figure = joined((one.code, one.words), " ")
        if one.code == f"{TOTAL}.score":
            figure = say("the score of the total")
        alone = [_alone(one, printed)] if several else []
        cells = (_told(answer, one.code, text, state) for text, state in _cells(one))
        body.append([one.name, figure, *cells, *alone])
    yield Section(say("What is changed"), [Grid(header, body, range(2, len(header)))])


def _cells(one: Changed) -> tuple[tuple[str, str], tuple[str, str]]:
    return (one.old, one.old_state), (one.new, one.new_state)


def _alone(one: Changed, printed: Mapping[str, str]) -> str:
    return "" if one.alone is None else _like(one.alone, printed.get(one.total, ""), "+")


def _told(answer: WhatIf, code: str, text: str, state: str) -> str:
    if state == "missing" and code.endswith(".score"):
        return say("not given")
    if state != "reported":
        return _SAYS[state]
    given = next((one for one in answer.subject.scheme.inputs if one.code == code), None)
    if given is not None and given.kind is InputKind.YES_NO:
        return say("yes") if text == "yes" else say("no")
    return text


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
    if not others and len(edited) <= FEW:
        return  # the sentences at the head say it all
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


def _like(number: Fraction, printed: str, sign: str = "") -> str:
    """Return a difference of published scores with as many decimals as they have; with its sign where that is asked."""
    decimals = max(0, -int(Decimal(printed or 0).as_tuple().exponent))
    return format(Decimal(number.numerator) / number.denominator, f"{sign if number else ''}.{decimals}f")


# --- what must be known ----------------------------------------------------------------------------------------------


def _notes(answer: WhatIf) -> Iterator[str]:
    if answer.relearned:
        yield say("Units are compared anew at: {rows}.", rows=", ".join(answer.relearned))
    for one in answer.changes:
        yield from _note(answer, one)
    yield from (say("Look again: {doubt}", doubt=doubt) for doubt in answer.doubts)


def _note(answer: WhatIf, one: Changed) -> Iterator[str]:
    """Yield what a change does not do, and what it takes the place of."""
    facts = {"code": one.code, "unit": one.name, "row": one.row}
    if one.overrides:
        rest = listed(one.overrides, MOST)
        yield say(
            "The score of {row} of {unit} is given now, so its figures no longer count: {rest}.", **facts, rest=rest
        )
    match one.effect:
        case "same":
            yield _same(answer, one)
        case "covered":
            facts["row"] = one.covered
            yield say("{code} of {unit} changes nothing: the score of {row} is given.", **facts)
        case "no-evidence":
            yield say(
                "{code} of {unit} counts only with evidence, and none is shown: change {row}.evidence as well.", **facts
            )
        case "unshown":
            yield say("{code} of {unit} counts although no evidence is shown; whoever verifies may take it.", **facts)
        case "none" if one.points is not None:
            facts |= {"points": number_text(one.points), "max": number_text(one.max)}
            yield say("{code} of {unit} brings nothing: {row} stays at {points} of {max} points.", **facts)
        case _:
            pass


def _same(answer: WhatIf, one: Changed) -> str:
    cell = _told(answer, one.code, one.new, one.new_state)
    return say("Nothing changes: {code} of {unit} already is {cell}.", code=one.code, unit=one.name, cell=cell)
