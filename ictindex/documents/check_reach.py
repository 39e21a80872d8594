"""Meaning checks of what a figure can reach: steps that nobody can have, percents mistaken, denominators of 0."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from attrs import frozen

from ictindex.documents.draft import Draft
from ictindex.documents.grammar import write_number
from ictindex.documents.source import Mapping
from ictindex.errors import Problem, Severity
from ictindex.messages import say
from ictindex.model import Indicator, InputKind, Quantity, Rule, Scheme

_PERCENT_AT_LEAST = 10
"""Steps of a share that are all above 1 and reach this are percents without their sign."""


def reach_problems(draft: Draft, scheme: Scheme) -> Iterable[Problem]:
    """Yield steps that cannot be reached, and denominators that can be 0 while nothing says what that means."""
    for row in scheme.indicators:
        if row.code in draft.half_read | draft.doubtful | draft.no_max or not row.max:
            continue
        if row.scale is not None and row.scale.name in ("steps", "steps-down"):
            yield from _steps(draft, row, row.scale)
        if row.measure.name == "ratio":
            yield from _floor(draft, row)
    yield from _denominators(draft, scheme)


@frozen
class _Reach:
    """The numbers that a measure can give: both ends included, None where there is none; `whole` numbers only."""

    low: Fraction | None
    high: Fraction | None
    whole: bool = False


def _reach(draft: Draft, row: Indicator) -> _Reach:
    if row.measure.name == "ratio":
        above, below = row.measure.get("a"), row.measure.get("b")
        return _Reach(Fraction(0) if _never_negative(draft, above) and _never_negative(draft, below) else None, None)
    one = draft.columns.get(row.code, (None,))[0] or draft.shared.get(row.measure.get("input", ""))
    if one is None:
        return _Reach(None, None)
    if one.kind is InputKind.COUNT:
        return _Reach(one.low or Fraction(0), one.high, whole=True)
    return _Reach(one.low, one.high)


def _never_negative(draft: Draft, quantity: Quantity) -> bool:
    return quantity.constant >= 0 and all(factor >= 0 and _low(draft, code) >= 0 for code, factor in quantity.terms)


def _low(draft: Draft, code: str) -> Fraction:
    one = draft.columns[code][0] if code in draft.columns else draft.shared.get(code)
    return Fraction(-1) if one is None or one.low is None else one.low


def _steps(draft: Draft, row: Indicator, scale: Rule) -> Iterator[Problem]:
    table: tuple[tuple[Fraction, Fraction], ...] = scale.get("table", ())
    mistaken = _percents(draft, row, scale, [mark for mark, _ in table])
    if mistaken is not None:
        yield mistaken
        return
    reach, down = _reach(draft, row), scale.name == "steps-down"
    always = False  # whether every figure has already earned a step above this one
    for place, (mark, _) in enumerate(table):
        where = draft.places[row.code].within(scale.name, mark)
        text = write_number(mark)
        ends = {"low": reach.low, "high": reach.high}
        same = _same_whole(table, place, reach.whole, down)
        if always or same or _beyond(mark, reach, down):
            message = say("no figure of {row} can earn the step at {mark}", row=row.code, mark=text)
            yield Problem("S280", message, where, _why_unreached(ends, always, same), Severity.WARNING)
        elif reach.whole and mark.denominator != 1:
            whole = math.floor(mark) if down else math.ceil(mark)
            message = say(
                "{row} counts whole things, so the step at {mark} means {whole}", row=row.code, mark=text, whole=whole
            )
            yield Problem("S283", message, where, say("write {whole}", whole=whole), Severity.WARNING)
        end = reach.high if down else reach.low
        always = always or (end is not None and (mark >= end if down else mark <= end))
    yield from _idle(draft, row, scale, table)


def _beyond(mark: Fraction, reach: _Reach, down: bool) -> bool:
    end = reach.low if down else reach.high
    return end is not None and (mark < end if down else mark > end)


def _same_whole(table: tuple[tuple[Fraction, Fraction], ...], place: int, whole: bool, down: bool) -> bool:
    """Whether the step before takes every whole number that this one would."""
    near = math.floor if down else math.ceil
    return whole and place > 0 and near(table[place][0]) == near(table[place - 1][0])


def _why_unreached(ends: dict[str, Fraction | None], always: bool, same: bool) -> str:
    if always:
        return say("the step before it takes every figure there is; delete one of them")
    if same:
        return say("between two whole numbers there is none; delete one of the steps")
    low, high = (None if end is None else write_number(end) for end in ends.values())
    if high is None:
        return say("the figure is {low} or more; is the step mistyped?", low=low)
    if low is None:
        return say("the figure is {high} or less; is the step mistyped?", high=high)
    return say("the figure is between {low} and {high}; is the step mistyped?", low=low, high=high)


def _idle(draft: Draft, row: Indicator, scale: Rule, table: tuple[tuple[Fraction, Fraction], ...]) -> Iterator[Problem]:
    for (mark, points), (following, same) in pairwise(table):
        if points == same:
            parts = {"row": row.code, "mark": write_number(mark), "other": write_number(following)}
            message = say("the steps of {row} at {mark} and at {other} earn the same", **parts)
            hint = say("delete the step at {mark}, or correct its points", mark=parts["mark"])
            yield Problem("S282", message, draft.places[row.code].within(scale.name, mark), hint, Severity.WARNING)


def _percents(draft: Draft, row: Indicator, scale: Rule, marks: list[Fraction]) -> Problem | None:
    """Return the problem of a ratio whose steps are percents without a sign, or shares where it counts percents."""
    if row.measure.name != "ratio" or not marks:
        return None
    per, top = row.measure.get("per", Fraction(1)), max(marks)
    where = draft.places[row.code].within(scale.name, top)
    text = write_number(top)
    if per == 1 and not _stated(draft, row, "per") and all(mark > 1 for mark in marks if mark) and top > 100:
        message = say(
            "the ratio of {row} is a share, and its step at {mark} is {mark} times the whole", row=row.code, mark=text
        )
        hint = say("is it per 100 or per 1,000? add `per: 1000`; `per: 1` if it is meant so")
        return Problem("S281", message, where, hint, Severity.WARNING)
    percents = all(1 < mark <= 100 for mark in marks if mark) and top >= _PERCENT_AT_LEAST
    if per == 1 and not _stated(draft, row, "per") and percents:
        message = say(
            "the ratio of {row} is a share, and its step at {mark} is {mark} times the whole", row=row.code, mark=text
        )
        hint = say("write {mark}% for percents, and each other step likewise; `per: 1` if it is meant so", mark=text)
        if len(marks) == 1:
            hint = say("write {mark}% for percents; `per: 1` if it is meant so", mark=text)
        return Problem("S281", message, where, hint, Severity.WARNING)
    if per == 100 and all(mark <= 1 for mark in marks):
        share = write_number(top * 100)
        message = say(
            "with `per: 100` the ratio of {row} counts percents, and its step at {mark} is {mark} %",
            row=row.code,
            mark=text,
        )
        return Problem(
            "S281", message, where, say("write {share}, or leave out `per: 100`", share=share), Severity.WARNING
        )
    return None


def _floor(draft: Draft, row: Indicator) -> Iterator[Problem]:
    floor, per = row.measure.get("floor"), row.measure.get("per", Fraction(1))
    if floor is None or per != 1 or floor <= 1 or row.scale is not None:
        return
    node = draft.places[row.code].node.get("ratio")
    stated = node.get("floor") if isinstance(node, Mapping) else None
    where = draft.places[row.code].of("ratio") if stated is None else stated.where
    text = write_number(floor)
    message = say("the floor {floor} of {row} is above the whole, so nobody earns points", floor=text, row=row.code)
    yield Problem("S281", message, where, say("write {mark}% for percents", mark=text), Severity.WARNING)


def _denominators(draft: Draft, scheme: Scheme) -> Iterator[Problem]:
    shared: dict[str, list[str]] = {}
    for row in scheme.indicators:
        if row.measure.name != "ratio" or not row.max or row.code in draft.half_read or _stated(draft, row, "if-none"):
            continue
        below: Quantity = row.measure.get("b")
        if (
            not below.terms
            or below.constant > 0
            or any(_low(draft, code) > 0 for code, factor in below.terms if factor > 0)
        ):
            continue
        own = [code for code, _ in below.terms if code not in draft.shared]
        if own or len(below.terms) != 1:
            yield _may_be_none(draft, row)
        else:
            shared.setdefault(below.terms[0][0], []).append(row.code)
    for code, rows in shared.items():
        parts = {"code": code, "rows": ", ".join(rows)}
        message = say("`{code}` is the denominator of {rows} and can be 0; nothing says what that means", **parts)
        hint = say("write `low: 1` if it is never 0, or `if-none:` in those rows; as it is, a unit with 0 is refused")
        yield Problem("S284", message, draft.shared_at[code], hint, Severity.ADVICE)


def _may_be_none(draft: Draft, row: Indicator) -> Problem:
    message = say("the denominator of {row} can be 0, and nothing says what that means", row=row.code)
    hint = say(
        "add `if-none: {{is: not-applicable, assumed: why}}`, or zero, full, refuse; as it is, a unit with 0 is refused"
    )
    return Problem("S284", message, draft.places[row.code].of("ratio"), hint, Severity.ADVICE)


def _stated(draft: Draft, row: Indicator, key: str) -> bool:
    """Whether the ratio of a row states a key itself."""
    node = draft.places[row.code].node.get("ratio")
    return isinstance(node, Mapping) and node.get(key) is not None
