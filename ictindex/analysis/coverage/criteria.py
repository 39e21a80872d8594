"""The parts of a criterion: its answers, its steps, and what it does at its ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from ictindex.analysis.coverage.probes import Lines, Probe, Touch, computed, flagged
from ictindex.analysis.coverage.sights import Sight, at_least
from ictindex.cells import number_text
from ictindex.matrix import Flag
from ictindex.messages import say
from ictindex.model import Row
from ictindex.plan import Leaf
from ictindex.strategies.measures import Ratio
from ictindex.strategies.normalizations import Each, Goalposts, Points, Proportional, Steps, StepsDown

IF_NONE = {
    "zero": say("divided by 0: 0 points"),
    "full": say("divided by 0: full points"),
    "not-applicable": say("divided by 0: not applicable"),
}
"""What a denominator of 0 means, where the scheme does not refuse it."""


def criterion(leaf: Leaf, lines: Lines) -> Iterator[Probe]:
    """Yield the parts of a criterion, in the order of its rule."""
    row = leaf.row
    yield Probe(row.code, "computed", say("computed from what is reported"), lines.of(row.code, "rule"), computed(row))
    if row.measure.name in _MEASURES:
        yield from _MEASURES[row.measure.name](leaf, lines)
    yield from _scale(leaf, lines)
    if row.evidence is not None and row.evidence.without == "zero":
        told, line = say("without evidence: 0 points"), lines.of(row.code, "evidence")
        yield Probe(row.code, "evidence", told, line, flagged(row, Flag.NO_EVIDENCE))


def _answers(row: Row, column: str, value: int) -> Touch:
    return lambda sight: sight.computed(row.code) and sight.reports(column) == value


def _yes_no(leaf: Leaf, lines: Lines) -> Iterator[Probe]:
    row, (column,), line = leaf.row, leaf.inputs, lines.of(leaf.row.code, "rule")
    yield Probe(row.code, "yes-no", say("answered yes"), line, _answers(row, column, 1))
    yield Probe(row.code, "yes-no", say("answered no"), line, _answers(row, column, 0))


def _choice(leaf: Leaf, lines: Lines) -> Iterator[Probe]:
    row, (column,) = leaf.row, leaf.inputs
    for position, case in enumerate(row.measure.get("cases")):
        told = say("case {code} {name}", code=case.code, name=case.name)
        line = lines.of(row.code, f"choice.{case.code}", "rule")
        yield Probe(row.code, "choice", told, line, _answers(row, column, position))


def _checks(leaf: Leaf, lines: Lines) -> Iterator[Probe]:
    row = leaf.row
    for case in row.measure.get("cases"):
        code = case.code.removeprefix(f"{row.code}.")
        line = lines.of(row.code, f"checks.{code}", "rule")
        yield Probe(row.code, "checks", say("{code} answered yes", code=code), line, _answers(row, case.code, 1))
        yield Probe(row.code, "checks", say("{code} answered no", code=code), line, _answers(row, case.code, 0))


def _all_of(leaf: Leaf, lines: Lines) -> Iterator[Probe]:
    row, line = leaf.row, lines.of(leaf.row.code, "rule")
    every = [_answers(row, column, 1) for column in leaf.inputs]
    yield Probe(row.code, "all-of", say("all answered yes"), line, lambda sight: all(one(sight) for one in every))
    for column in leaf.inputs:
        told = say("{code} answered no", code=column.removeprefix(f"{row.code}."))
        yield Probe(row.code, "all-of", told, line, _answers(row, column, 0))


def _ratio(leaf: Leaf, lines: Lines) -> Iterator[Probe]:
    row, measure = leaf.row, leaf.measure
    if not isinstance(measure, Ratio):
        return
    if measure.floor is not None:
        told, line = say("below {mark}: 0", mark=_mark(leaf, measure.floor)), lines.of(row.code, "ratio.floor")
        yield Probe(row.code, "floor", told, line, partial(_floored, row, measure))
    if measure.if_none in IF_NONE:
        line = lines.of(row.code, "ratio.if-none")
        yield Probe(row.code, "if-none", IF_NONE[measure.if_none], line, flagged(row, Flag.NO_DENOMINATOR))


def _floored(row: Row, measure: Ratio, sight: Sight) -> bool:
    return sight.number(row.code) == 0 and sight.quantity(measure.a) != 0


_MEASURES: Mapping[str, Callable[[Leaf, Lines], Iterator[Probe]]] = {
    "yes-no": _yes_no,
    "choice": _choice,
    "checks": _checks,
    "all-of": _all_of,
    "ratio": _ratio,
}


def _scale(leaf: Leaf, lines: Lines) -> Iterator[Probe]:
    row, scale, cut = leaf.row, leaf.scale, flagged(leaf.row, Flag.CUT)
    told = say("more than {max}, cut", max=number_text(row.max))
    match scale:
        case Steps():
            yield from _steps(leaf, scale, lines)
        case Goalposts():
            yield from _goalposts(leaf, scale, lines)
        case Each() if scale.points > 0 and _may_reach(leaf, lines, row.max / scale.points):
            yield Probe(row.code, "each", told, lines.of(row.code, "each"), cut)
        case Proportional() if not leaf.measure.bounded and getattr(leaf.measure, "over", "clamp") == "clamp":
            yield Probe(row.code, "over", told, lines.of(row.code, "ratio.over", "rule"), cut)
        case Points(cut=True) if row.measure.name == "value" and _may_reach(leaf, lines, row.max):
            yield Probe(row.code, "over", told, lines.of(row.code, "max"), cut)
    yield from relative(row, scale, lines)


def _may_reach(leaf: Leaf, lines: Lines, most: Fraction) -> bool:
    """Whether a cell may be above this number: a table with a cell above the bound of its input is refused."""
    highs = [lines.scheme.input(code).high for code in leaf.inputs]
    return not any(high is not None and high <= most for high in highs)


def relative(row: Row, scale: Any, lines: Lines) -> Iterator[Probe]:
    """Yield the comparison of a row with other units, where its scale compares."""
    if scale is not None and row.scale is not None and scale.fitting != "none":
        told = say("compared with units that differ ({scale})", scale=row.scale.name)
        yield Probe(row.code, "relative", told, lines.of(row.code, "rule"), partial(_differs, row))


def _differs(row: Row, sight: Sight) -> bool:
    """Whether a unit that this one is compared with has other points at the row."""
    others = (
        one for one in sight.others() if sight.same_pool(one) or not sight.run.result.plan.pooled(sight.place(row))
    )
    return sight.computed(row.code) and any(
        one.computed(row.code) and one.points(row.code) != sight.points(row.code) for one in others
    )


def _steps(leaf: Leaf, scale: Steps, lines: Lines) -> Iterator[Probe]:
    row, down, last = leaf.row, isinstance(scale, StepsDown), scale.table[-1][0]
    for position, (mark, points) in enumerate(scale.table):
        facts = {"mark": _mark(leaf, mark), "points": number_text(points)}
        told = say("up to {mark}: {points}", **facts) if down else say("from {mark}: {points}", **facts)
        yield Probe(row.code, "steps", told, lines.step(row, mark), partial(_on_step, row, scale, position))
    if down or last > 0:  # no count, share or amount of anything lies below 0
        end = _mark(leaf, last)
        told = say("above {mark}: 0", mark=end) if down else say("below {mark}: 0", mark=end)
        yield Probe(row.code, "steps", told, lines.step(row, last), partial(_on_step, row, scale, len(scale.table)))


def _on_step(row: Row, scale: Steps, position: int, sight: Sight) -> bool:
    """Whether the step at this position is the first that the unit's number has reached; after the last: none."""
    number = sight.number(row.code)
    if number is None:
        return False
    down = isinstance(scale, StepsDown)
    reached = [at_least(-number, -mark) if down else at_least(number, mark) for mark, _ in scale.table]
    return (reached.index(True) if True in reached else len(reached)) == position


def _goalposts(leaf: Leaf, scale: Goalposts, lines: Lines) -> Iterator[Probe]:
    row, start, end = leaf.row, _mark(leaf, scale.start), _mark(leaf, scale.end)
    yield Probe(
        row.code,
        "goalposts",
        say("at {mark} or worse: 0", mark=start),
        lines.of(row.code, "goalposts.from"),
        partial(_at_post, row, scale.start, scale.end),
    )
    yield Probe(
        row.code,
        "goalposts",
        say("between {start} and {end}", start=start, end=end),
        lines.of(row.code, "rule"),
        lambda sight: (
            sight.computed(row.code)
            and not _at_post(row, scale.start, scale.end, sight)
            and not _at_post(row, scale.end, scale.start, sight)
        ),
    )
    yield Probe(
        row.code,
        "goalposts",
        say("at {mark} or better: {max}", mark=end, max=number_text(row.max)),
        lines.of(row.code, "goalposts.to"),
        partial(_at_post, row, scale.end, scale.start),
    )


def _at_post(row: Row, post: Fraction, other: Fraction, sight: Sight) -> bool:
    """Whether the unit's number is at a post, or on the far side of it as seen from the other one."""
    number = sight.number(row.code)
    if number is None:
        return False
    return at_least(number, post) if post > other else at_least(-number, -post)


def _mark(leaf: Leaf, mark: Fraction) -> str:
    """Return a threshold for a person; that of a share is a percent."""
    share = isinstance(leaf.measure, Ratio) and leaf.measure.per == 1
    return f"{number_text(mark * 100)}%" if share else number_text(mark)
