"""Steps are where they say: a figure just at a threshold earns that step, one just beside it the next."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from attrs import frozen

from ictindex.engine import run
from ictindex.messages import say
from ictindex.model import Rule
from ictindex.plan import Leaf, Plan
from ictindex.testing.figures import Bounds, bounds_of, figures_of
from ictindex.testing.rows import quantity_of
from ictindex.testing.trials import Trial, trials_table
from ictindex.testing.world import NEAR, Asked, Broken, counted, matrix_of, name_of, points_text, shown

ONE = Fraction(1)
_SCALES = ("steps", "steps-down")
_MEASURES = ("value", "count", "ratio")
_TIMES = (1, 10, 100, 1000)


def steps_asked(plan: Plan) -> Asked:
    """Not asked of a scheme without steps."""
    return Asked() if _stepped(plan) else Asked(say("no row has steps"))


def steps(plan: Plan) -> tuple[int, Broken | None, tuple[str, ...]]:
    """A figure just at a threshold earns that step's points, and one just beside it those of its own step.

    Programs are wrong at their boundaries more often than elsewhere (Myers, The Art of Software Testing, 1979), and so
    are tables of steps: `from 90 %` and `above 90 %` differ only there. A step that no figure can reach is broken too.
    """
    trials: list[_Tried] = []
    remarks: list[str] = []
    bounds = bounds_of(plan)
    for leaf in _stepped(plan):
        for threshold, points in leaf.row.scale.get("table") if leaf.row.scale else ():
            found = list(_around(plan, leaf, threshold, bounds))
            if any(one.number == threshold or one.near for one in found):
                trials += found
            elif _hidden(leaf, threshold) or _beyond(leaf, threshold, bounds):
                return len(trials) + 1, _unreachable(plan, leaf, threshold, points), ()
            else:
                name = name_of(plan, leaf.row.code)
                told = say(
                    "no figure of few decimals is just at the step {step} of row {row}",
                    step=points_text(threshold),
                    row=name,
                )
                remarks.append(told)
    if not trials:
        return 0, None, tuple(remarks)
    return len(trials), _wrong(plan, trials), tuple(remarks)


@frozen
class _Tried:
    """Figures of one row with the number they measure; `near`: the nearest that a count comes to a threshold."""

    leaf: Leaf
    trial: Trial
    number: Fraction
    near: bool = False

    @property
    def earns(self) -> Fraction:
        """What the row's steps say of the number."""
        return earned(self.leaf.row.scale, self.number) if self.leaf.row.scale else Fraction(0)


def earned(scale: Rule, number: Fraction) -> Fraction:
    """Return the points that a table of steps gives a number: of the last step that it reaches, else 0."""
    table: Sequence[tuple[Fraction, Fraction]] = scale.get("table")
    if scale.name == "steps":
        reached = [(threshold, points) for threshold, points in table if number >= threshold]
        return max(reached)[1] if reached else Fraction(0)
    reached = [(threshold, points) for threshold, points in table if number <= threshold]
    return min(reached)[1] if reached else Fraction(0)


def _stepped(plan: Plan) -> list[Leaf]:
    return [
        node
        for node in counted(plan)
        if isinstance(node, Leaf)
        and node.row.scale is not None
        and node.row.scale.name in _SCALES
        and node.row.measure.name in _MEASURES
    ]


def _wrong(plan: Plan, trials: Sequence[_Tried]) -> Broken | None:
    points = matrix_of(run(plan, trials_table(plan, [one.trial for one in trials])))
    for at, one in enumerate(trials):
        found = points[one.leaf.place, at]
        if abs(found - float(one.earns)) > NEAR * float(one.leaf.row.max):
            told = say(
                "row {row} measures {number} and has {found} points; its steps give {expected}",
                row=name_of(plan, one.leaf.row.code),
                number=points_text(one.number),
                found=points_text(found),
                expected=points_text(one.earns),
            )
            return shown(plan, "steps", one.leaf.row.code, told, trials_table(plan, [one.trial]))
    return None


def _unreachable(plan: Plan, leaf: Leaf, threshold: Fraction, points: Fraction) -> Broken:
    step, name = points_text(threshold), name_of(plan, leaf.row.code)
    told = say(
        "no figure reaches the step {step} of row {row}, so nobody earns its {points} points",
        step=step,
        row=name,
        points=points_text(points),
    )
    if _hidden(leaf, threshold):
        floor = points_text(leaf.row.measure.get("floor"))
        told = say(
            "the step {step} of row {row} lies below its floor {floor}, where all is 0",
            step=step,
            row=name,
            floor=floor,
        )
    return shown(plan, "steps", leaf.row.code, told, trials_table(plan, [{}]))


# --- figures at a threshold ----------------------------------------------------------------------------------------


def _around(plan: Plan, leaf: Leaf, threshold: Fraction, bounds: Mapping[str, Bounds]) -> Iterator[_Tried]:
    """Yield figures that measure just the threshold, and just less and more."""
    rule = leaf.row.measure
    if rule.name != "ratio":
        yield from _single(leaf, rule.get("input"), threshold, bounds)
        return
    found = next(_ratios(plan, leaf, threshold, bounds), None)
    if found is None:
        return
    yield _Tried(leaf, found, threshold)
    code = rule.get("a").terms[0][0]
    for side in (-1, 1):
        beside = {**found, code: found[code] + side * bounds[code].step}
        number = _ratio(rule, beside)
        if bounds[code].hold(beside[code]) and number is not None and not (rule.get("over") == "refuse" and number > 1):
            yield _Tried(leaf, beside, number)


def _single(leaf: Leaf, code: str, threshold: Fraction, bounds: Mapping[str, Bounds]) -> Iterator[_Tried]:
    one = bounds[code]
    if one.whole and threshold.denominator != 1:
        up = leaf.row.scale is not None and leaf.row.scale.name == "steps"
        whole = Fraction(math.ceil(threshold) if up else math.floor(threshold))
        tried = [(whole, True), (whole - 1, False), (whole + 1, False)]
    else:
        tried = [(threshold, False), (threshold - one.step, False), (threshold + one.step, False)]
    yield from (_Tried(leaf, {code: figure}, figure, near) for figure, near in tried if one.hold(figure))


def _ratios(plan: Plan, leaf: Leaf, threshold: Fraction, bounds: Mapping[str, Bounds]) -> Iterator[dict[str, Fraction]]:
    """Yield figures whose ratio is just the threshold: one term of each part, the others at their least."""
    rule = leaf.row.measure
    above, below, per = rule.get("a"), rule.get("b"), rule.get("per", ONE)
    figures = figures_of(plan)
    least = {code: min(figures[code], key=abs) for code in leaf.inputs}
    wanted = threshold / per
    for times in _TIMES:
        trial = dict(least)
        if below.terms:
            code, factor = below.terms[0]
            trial[code] = Fraction(wanted.denominator * times) / factor
        code, factor = above.terms[0] if above.terms else ("", ONE)
        if not code:
            return
        rest = quantity_of(above, {**trial, code: Fraction(0)})
        trial[code] = (wanted * quantity_of(below, trial) - rest) / factor
        if all(bounds[one].hold(trial[one]) for one in leaf.inputs) and _ratio(rule, trial) == threshold:
            yield trial


def _ratio(rule: Rule, trial: Trial) -> Fraction | None:
    """Return what the ratio measures; below its floor that is 0."""
    whole = quantity_of(rule.get("b"), trial)
    if not whole:
        return None
    number = quantity_of(rule.get("a"), trial) * rule.get("per", ONE) / whole
    if rule.get("over") == "refuse" and number > 1:
        return None
    floor = rule.get("floor")
    return Fraction(0) if floor is not None and number < floor else number


def _beyond(leaf: Leaf, threshold: Fraction, bounds: Mapping[str, Bounds]) -> bool:
    """Whether no figure whatever reaches a step: it lies above all that a row can measure, or for steps down below."""
    rule = leaf.row.measure
    up = leaf.row.scale is not None and leaf.row.scale.name == "steps"
    if rule.name != "ratio":
        one = bounds[rule.get("input")]
        end = one.high if up else one.low
        return end is not None and (threshold > end if up else threshold < end)
    return threshold > 1 and rule.get("over") == "refuse" if up else threshold < 0


def _hidden(leaf: Leaf, threshold: Fraction) -> bool:
    """Whether a figure at a step counts as nothing, because the floor of the ratio lies above it."""
    floor = leaf.row.measure.get("floor")
    up = leaf.row.scale is not None and leaf.row.scale.name == "steps"
    return up and floor is not None and 0 < threshold < floor
