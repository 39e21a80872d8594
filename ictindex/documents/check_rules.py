"""Meaning checks of one criterion: its measure, its scale, and the points that they can reach."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from ictindex.documents.draft import Draft, name_of
from ictindex.documents.grammar import write_number
from ictindex.errors import IctIndexError, Problem, Severity
from ictindex.messages import say
from ictindex.model import Case, Group, Indicator, Rule


def rule_problems(draft: Draft, row: Indicator) -> Iterable[Problem]:
    """Yield what is wrong with the measure and the scale of a row."""
    if row.code in draft.half_read | draft.doubtful | draft.no_max:
        return
    yield from _refused(draft, row)
    if row.measure.name == "count" and row.scale is None and row.max:
        where = draft.places[row.code].of("count")
        message = say("{row} counts, but nothing says how a count becomes points", row=row.code)
        hint = say("add `steps:`, `each:` or another scale, or `max: 0` if it only informs")
        yield Problem("S218", message, where, hint)
    elif row.measure.name == "checks":
        yield from _checks(draft, row)
    elif row.measure.name == "choice":
        yield from _choice(draft, row)
    if row.scale is not None and row.scale.name in ("steps", "steps-down"):
        yield from _steps(draft, row, row.scale)


def evidence_problems(draft: Draft, group: Group) -> Iterable[Problem]:
    """Evidence is asked of criteria, and of each part of one; at a heading nothing would ask for it."""
    if group.evidence is None:
        return
    where, without = draft.places[group.code].key("evidence"), group.evidence.without
    hint = say("state it in the rows beneath, or once for all of them under `below:`")
    if without == "flag":
        message = say("nobody is asked for the evidence of {row}, which has rows beneath it", row=name_of(group.code))
        yield Problem("S286", message, where, hint, Severity.WARNING)
        return
    message = say(
        "points of {row} cannot depend on its evidence (`without: {word}`): it has rows beneath it",
        row=name_of(group.code),
        word=without,
    )
    yield Problem("S286", message, where, hint)


def _refused(draft: Draft, row: Indicator) -> Iterable[Problem]:
    """A plugin's own rule may refuse what its schema let through."""
    known = draft.vocabulary
    for registry, rule in ((known.measures, row.measure), (known.normalizations, row.scale)):
        if rule is None or "." not in rule.name or rule.name not in registry:
            continue
        with contextlib.suppress(IctIndexError):  # a plugin that cannot be loaded is told of already
            strategy = registry.get(rule.name)
            try:
                strategy(**{key.replace("-", "_"): value for key, value in rule.parameters})
            except (TypeError, ValueError, ArithmeticError) as error:
                parts = {"row": row.code, "name": rule.name, "error": error}
                message = say("`{name}` of {row} refuses its parameters: {error}", **parts)
                hint = say(
                    "`ictindex schema` lists what it takes; ask {package} what it means",
                    package=registry.package(rule.name),
                )
                yield Problem("S301", message, draft.places[row.code].key(rule.name), hint)


def _cases(row: Indicator) -> tuple[Case, ...]:
    return tuple(row.measure.get("cases", ()))


def _checks(draft: Draft, row: Indicator) -> Iterable[Problem]:
    total, where = sum((case.points for case in _cases(row)), Fraction(0)), draft.places[row.code].of("checks")
    if total == row.max:
        return
    message = say(
        "the checks of {row} add up to {total}, not to its max {max}",
        row=row.code,
        total=write_number(total),
        max=write_number(row.max),
    )
    biggest = max(_cases(row), key=lambda case: case.points)
    fitting = biggest.points + row.max - total
    hint = say("`max: {max}` would close the sum", max=write_number(total))
    if fitting >= 0:
        hint = say(
            "`max: {max}` would close the sum, or {points} for {row}",
            max=write_number(total),
            points=write_number(fitting),
            row=biggest.code,
        )
    yield Problem("S234", message, where, hint)


def _choice(draft: Draft, row: Indicator) -> Iterable[Problem]:
    place = draft.places[row.code]
    best = max(_cases(row), key=lambda case: case.points)
    for case in _cases(row):
        if case.points > row.max:
            message = say(
                "case {case} of {row} earns {points}, more than its max {max}",
                case=case.code,
                row=row.code,
                points=write_number(case.points),
                max=write_number(row.max),
            )
            yield Problem("S236", message, place.within("choice", case.code), _mend_above(row))
    if best.points < row.max:
        about = {"row": row.code, "points": write_number(best.points), "max": write_number(row.max)}
        message = say("the best case of {row} earns {points}, so its max {max} is not reached", **about)
        hint = say("write `max` for the best case, or `max: {points}`", points=about["points"])
        yield Problem("S235", message, place.within("choice", best.code), hint)


def _steps(draft: Draft, row: Indicator, scale: Rule) -> Iterable[Problem]:
    place, table = draft.places[row.code], scale.get("table", ())
    for threshold, points in table:
        if points > row.max:
            message = say(
                "the step at {step} of {row} earns {points}, more than its max {max}",
                step=write_number(threshold),
                row=row.code,
                points=write_number(points),
                max=write_number(row.max),
            )
            yield Problem("S236", message, place.within(scale.name, threshold), _mend_above(row))
    best = max((points for _, points in table), default=row.max)
    if best < row.max:
        about = {"row": row.code, "points": write_number(best), "max": write_number(row.max)}
        message = say("the best step of {row} earns {points}, so its max {max} is not reached", **about)
        hint = say("write `max` for the best step, or `max: {points}`", points=about["points"])
        yield Problem("S235", message, place.within(scale.name, table[0][0]), hint)
    for (better, more), (worse, less) in pairwise(table):
        if more < less <= row.max:
            message = say(
                "the step at {worse} of {row} earns more than the one at {better}",
                worse=write_number(worse),
                row=row.code,
                better=write_number(better),
            )
            where = place.within(scale.name, worse)
            yield Problem("S237", message, where, say("is a step mistyped?"), Severity.WARNING)


def _mend_above(row: Indicator) -> str:
    return say("raise the max of {row}, or lower the points", row=row.code)
