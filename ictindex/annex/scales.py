"""Every scale in words: how a number becomes points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from attrs import frozen

from ictindex.annex.marks import Pen
from ictindex.cells import number_text
from ictindex.messages import joined, say
from ictindex.model import Rule


@frozen
class Scaled:
    """A scale that is to be told.

    `max` is the most points; `share` says that the number is a share, so that its steps are read as percents. `keys`
    are the keys under which the document states the steps, by their numbers.
    """

    rule: Rule
    max: str
    share: bool
    keys: Mapping[Fraction, str]
    pen: Pen

    def mark(self, number: Fraction) -> str:
        """Return a threshold: a percent where it is one of a share, or typed as one."""
        percent = self.share or self.keys.get(number, "").endswith("%")
        return f"{number_text(number * 100)}%" if percent else number_text(number)

    @property
    def whom(self) -> str:
        """The units that one is compared with."""
        everyone = self.rule.get("over", "pool") == "all"
        return say("all units") if everyone else say("the units of the same pool")


def _steps(told: Scaled) -> str:
    table: tuple[tuple[Fraction, Fraction], ...] = told.rule.get("table")
    up = told.rule.name == "steps"
    lines: list[str] = []
    for number, points in table:
        mark, earned = told.mark(number), number_text(points)
        earned = told.pen(told.keys.get(number, ""), earned)
        step = (
            say("from {mark}: {points}", mark=mark, points=earned)
            if up
            else say("up to {mark}: {points}", mark=mark, points=earned)
        )
        lines.append(step)
    last, points = table[-1]
    if points and up and last > 0:
        lines.append(say("below {mark}: 0", mark=told.mark(last)))
    elif points and not up:
        lines.append(say("above {mark}: 0", mark=told.mark(last)))
    return joined(lines, "; ")


def _each(told: Scaled) -> str:
    points = told.pen("each", number_text(told.rule.get("points")))
    return say("{points} for each, at most {max}", points=points, max=told.max)


def _goalposts(told: Scaled) -> str:
    start = told.pen("goalposts.from", number_text(told.rule.get("start")))
    end = told.pen("goalposts.to", number_text(told.rule.get("end")))
    if told.rule.get("log"):
        return say("{start} earns 0, {end} earns {max}, by logarithm between", start=start, end=end, max=told.max)
    return say("{start} earns 0, {end} earns {max}, in proportion between", start=start, end=end, max=told.max)


def _min_max(told: Scaled) -> str:
    return say("from the lowest (0) to the highest ({max}) of {whom}", whom=told.whom, max=told.max)


def _z_score(told: Scaled) -> str:
    return say("the distance from the mean of {whom}, in standard deviations, × {max}", whom=told.whom, max=told.max)


def _of_best(told: Scaled) -> str:
    return say("the share of the highest of {whom}, × {max}", whom=told.whom, max=told.max)


SCALES: Mapping[str, Callable[[Scaled], str]] = {
    "steps": _steps,
    "steps-down": _steps,
    "each": _each,
    "goalposts": _goalposts,
    "min-max": _min_max,
    "z-score": _z_score,
    "of-best": _of_best,
}
