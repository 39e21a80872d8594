"""Meaning checks of one criterion: its measure, its scale, and the points that they can reach."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from ictindex.documents.draft import Draft
from ictindex.documents.grammar import write_number
from ictindex.errors import Location, Problem, Severity
from ictindex.model import Case, Indicator, Rule


def rule_problems(draft: Draft, row: Indicator) -> Iterable[Problem]:
    """Yield what is wrong with the measure and the scale of a row."""
    if row.code in draft.half_read | draft.doubtful | draft.no_max:
        return
    if row.measure.name == "count" and row.scale is None and row.max:
        where = draft.places[row.code].of("count")
        hint = "add `steps:`, `each:` or another scale, or `max: 0` if it only informs"
        yield Problem("S218", f"{row.code} counts, but nothing says how a count becomes points", where, hint)
    elif row.measure.name == "checks":
        yield from _checks(draft, row)
    elif row.measure.name == "choice":
        yield from _choice(draft, row)
    if row.scale is not None and row.scale.name in ("steps", "steps-down"):
        yield from _steps(draft, row, row.scale)


def _cases(row: Indicator) -> tuple[Case, ...]:
    return tuple(row.measure.get("cases", ()))


def _checks(draft: Draft, row: Indicator) -> Iterable[Problem]:
    total, where = sum((case.points for case in _cases(row)), Fraction(0)), draft.places[row.code].of("checks")
    if total == row.max:
        return
    message = f"the checks of {row.code} add up to {write_number(total)}, not to its max {write_number(row.max)}"
    biggest = max(_cases(row), key=lambda case: case.points)
    fitting = biggest.points + row.max - total
    hint = f"`max: {write_number(total)}` would close the sum"
    if fitting >= 0:
        hint += f", or {write_number(fitting)} for {biggest.code}"
    yield Problem("S234", message, where, hint)


def _choice(draft: Draft, row: Indicator) -> Iterable[Problem]:
    where, best = draft.places[row.code].of("choice"), max(case.points for case in _cases(row))
    for case in _cases(row):
        if case.points > row.max:
            yield _above(f"case {case.code} of {row.code}", case.points, row, where)
    if best < row.max:
        yield _out_of_reach("case", best, row, where)


def _steps(draft: Draft, row: Indicator, scale: Rule) -> Iterable[Problem]:
    where, table = draft.places[row.code].of(scale.name), scale.get("table", ())
    for threshold, points in table:
        if points > row.max:
            yield _above(f"the step at {write_number(threshold)} of {row.code}", points, row, where)
    best = max((points for _, points in table), default=row.max)
    if best < row.max:
        yield _out_of_reach("step", best, row, where)
    for (better, more), (worse, less) in pairwise(table):
        if less > more:
            message = (
                f"the step at {write_number(worse)} of {row.code} earns more than the one at {write_number(better)}"
            )
            yield Problem("S237", message, where, "is a step mistyped?", Severity.WARNING)


def _above(what: str, points: Fraction, row: Indicator, where: Location) -> Problem:
    message = f"{what} earns {write_number(points)}, more than its max {write_number(row.max)}"
    return Problem("S236", message, where, f"raise the max of {row.code}, or lower the points")


def _out_of_reach(what: str, best: Fraction, row: Indicator, where: Location) -> Problem:
    message = (
        f"the best {what} of {row.code} earns {write_number(best)}, so its max {write_number(row.max)} is not reached"
    )
    return Problem("S235", message, where, f"write `max` for the best {what}, or `max: {write_number(best)}`")
