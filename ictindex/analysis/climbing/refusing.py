"""Why a criterion offers nothing."""

from __future__ import annotations

from ictindex.analysis.climbing.criterion import Criterion, state_of
from ictindex.analysis.climbing.dials import FIGURES, dial_of, missing_below, value_of
from ictindex.analysis.climbing.efforts import Price
from ictindex.cells import number_text
from ictindex.matrix import Flag
from ictindex.messages import joined, say
from ictindex.strategies.measures import Ratio
from ictindex.table import CellState


def why_not(criterion: Criterion, price: Price) -> str:
    """Return why nothing can be done at a criterion, empty where something may be."""
    place, row = criterion.leaf.place, criterion.leaf.row
    flag = criterion.result.settled.matrix.flag(place, criterion.unit)
    if not row.max:
        return say("it has no points: it is there for information")
    if flag & Flag.COVERED:
        return say("a score is given at {row}, above it", row=_given_above(criterion))
    if flag & Flag.GIVEN:
        return say("its score is given, not computed from figures")
    absent = flag & (Flag.NOT_APPLICABLE_LEFT_OUT | Flag.NOT_APPLICABLE_ZERO)
    states = (state_of(criterion.table, criterion.unit, code) for code in criterion.cells)
    if absent or CellState.NOT_APPLICABLE in states:
        return say("it does not apply to the unit")
    if flag & Flag.LEFT_OUT and criterion.missing:
        return say(
            "it is left out, and its points with it, because figures are missing: {figures}",
            figures=_missing(criterion),
        )
    if flag & Flag.LEFT_OUT:
        return say("it is left out, and its points with it")
    if price.unlisted:
        return say("the efforts do not name it, so nothing is done there")
    if not price.feasible:
        if price.remark:
            return say("the efforts say that it is not feasible: {remark}", remark=price.remark)
        return say("the efforts say that it is not feasible")
    return _figures(criterion)


def full(criterion: Criterion) -> str:
    """Return that nothing can be added to the points of a criterion, empty where something may be."""
    plan, points = criterion.result.plan, criterion.result.settled.column(criterion.unit)[criterion.leaf.place]
    with plan.arithmetic.context():
        if criterion.wants < 0:
            return "" if points > plan.arithmetic.tolerance else say("nothing is deducted")
        most = plan.arithmetic.number(criterion.leaf.row.max) - plan.arithmetic.tolerance
        return say("it has all of its points") if criterion.leaf.scale.bounded and points >= most else ""


def nothing_earns(criterion: Criterion) -> str:
    """Return that no figure earns more, in the words that fit the rule."""
    if all(code in criterion.fixed for code in criterion.leaf.inputs):
        return say("its figures are what other criteria are divided by, and are not changed for its sake")
    measure = criterion.leaf.measure
    if isinstance(measure, Ratio) and all(code in criterion.fixed for code in measure.a.inputs):
        return say("only what it is divided by could change, and that is not changed for its sake")
    if criterion.better > 0 and (bound := _bounded(criterion)):
        return bound
    if criterion.leaf.scale.fitting != "none":
        return say("no unit that it is compared with does better")
    rule = "" if criterion.leaf.row.scale is None else criterion.leaf.row.scale.name
    if "." in rule:  # of another package
        return say("no other unit does better; what would earn more under the rule '{rule}' is not known", rule=rule)
    return say("no figure that may be reported earns more")


def _bounded(criterion: Criterion) -> str:
    """Return what holds the figures where they are, though the scheme would take greater ones."""
    dial = dial_of(criterion) if isinstance(criterion.leaf.measure, FIGURES) else None
    if dial is None:
        return ""
    if dial.room is not None and all(dial.room < knob.weight * knob.grid for knob in dial.knobs):
        return say("its parts are all of the whole already")
    if criterion.cap is not None and all(knob.now + knob.grid > criterion.cap for knob in dial.knobs):
        return say("the efforts say that there can be at most {most}", most=number_text(criterion.cap))
    return ""


def _figures(criterion: Criterion) -> str:
    """Return which figures stand in the way of any other."""
    measure = criterion.leaf.measure
    if not isinstance(measure, Ratio):
        return ""
    below = missing_below(criterion)
    if below:
        names = joined((criterion.input(code).name or code for code in below), ", ")
        return say("what it is divided by is not reported: {figures}", figures=names)
    return say("what it is divided by is 0") if not value_of(measure.b, criterion.cells) else ""


def _missing(criterion: Criterion) -> str:
    return joined((criterion.input(code).name or code for code in criterion.missing), ", ")


def _given_above(criterion: Criterion) -> str:
    plan, place = criterion.result.plan, criterion.leaf.place
    while place > 0 and not criterion.result.settled.matrix.flag(place, criterion.unit) & Flag.GIVEN:
        place = plan.parent(place)
    row = plan.nodes[place].row
    return f"{row.code} {row.name}".strip()
