"""The points of one criterion as formulas: its measure, its scale, and what the scheme says of cells that are absent.

What is known of a row is a number: 0 it has points, 1 it is left out, 2 something is not filled in yet, 3 something is
wrong. Of an input: 0 it is reported, 1 it does not apply, 2 and 3 as before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from attrs import frozen

from ictindex.forms.numbers import NOTHING, added, lowered, number, product, raised
from ictindex.model import Quantity
from ictindex.plan import Leaf
from ictindex.strategies.measures import AllOf, Assessed, Checks, Choice, Count, Ratio, Value, YesNo
from ictindex.strategies.normalizations import Each, Goalposts, Points, Proportional, Steps, StepsDown

MANY_STEPS = 50
"""A spreadsheet nests 64 conditions; some more stand around those of the steps."""


@frozen
class Refs:
    """Where the formulas of one unit find what is known: of inputs and rows by code, on the hidden sheet.

    `state`, `number`, `points` and `left` are of a row, `input_state` and `input_number` of an input; `shown` is the
    cell that says whether a row's evidence is shown. `cases` are the ranges of the points of a choice, by its input;
    `excluded` the cells of points that a unit says are not assessed, by row.
    """

    state: Callable[[str], str]
    number: Callable[[str], str]
    points: Callable[[str], str]
    left: Callable[[str], str]
    input_state: Callable[[str], str]
    input_number: Callable[[str], str]
    shown: Callable[[str], str]
    cases: Mapping[str, str]
    excluded: Mapping[str, str]


@frozen
class Formulas:
    """What the hidden sheet has of a row: its state, the number it is made from, its points, the points left out."""

    state: str
    number: str
    points: str
    left: str


def can_tell(leaf: Leaf) -> bool:
    """Whether the points of a criterion can be told from one unit's figures, by formulas."""
    if type(leaf.measure) not in _MEASURES or type(leaf.scale) not in _SCALES:
        return False
    return not isinstance(leaf.scale, Steps) or len(leaf.scale.table) <= MANY_STEPS


def formulas_of(leaf: Leaf, at: Refs) -> Formulas:
    """Return the formulas of a criterion that can be told."""
    code, most = leaf.row.code, number(leaf.row.max)
    state, counted = at.state(code), at.number(code)
    points = _SCALES[type(leaf.scale)](leaf.scale, leaf, counted)
    undefined = ""
    if isinstance(leaf.measure, Ratio):
        undefined = f"{_quantity(leaf.measure.b, at)}=0" if leaf.measure.b.terms else ""
    evidence = leaf.row.evidence.without if leaf.row.evidence is not None else "flag"
    if evidence == "zero":
        points = f"IF({at.shown(code)},{points},0)"
    if undefined and isinstance(leaf.measure, Ratio):
        full = most if leaf.measure.if_none == "full" else "0"
        if evidence == "zero" and full != "0":
            full = f"IF({at.shown(code)},{full},0)"
        points = f"IF({undefined},{full},{points})"
    absent = _worst(leaf, at)
    points = f"IF({state}<>0,0,IF({absent}=1,0,{points}))"
    left_points = f"IF({state}=1,{most},0)" if can_leave(leaf, at) else "0"
    if code in at.excluded:  # converted back to the whole maximum
        points = f"{points}*IF({state}=0,{most}/({most}-{at.excluded[code]}),1)"
    told = _state(leaf, at, absent, undefined, evidence, counted, most)
    return Formulas(told, _number(leaf, at, absent), points, left_points)


def can_leave(leaf: Leaf, at: Refs) -> bool:
    """Whether a unit can have the criterion left out, in whole or in part."""
    return leaf.not_applicable == "rescale" or leaf.row.code in at.excluded


def _worst(leaf: Leaf, at: Refs) -> str:
    """Return the state of the inputs together; 0 where there are none."""
    inputs = (*leaf.inputs, f"{leaf.row.code}.excluded") if leaf.row.code in at.excluded else leaf.inputs
    states = ",".join(dict.fromkeys(map(at.input_state, inputs)))
    return f"MAX({states})" if states else "0"


def _state(leaf: Leaf, at: Refs, absent: str, undefined: str, evidence: str, counted: str, most: str) -> str:
    """Return the state of a criterion: the inputs', then what the policies make of it."""
    policies = {"refuse": "3", "zero": "0", "rescale": "1"}
    does_not_apply = policies[leaf.not_applicable]
    fine = "0"
    if evidence == "refuse":
        fine = f"IF({at.shown(leaf.row.code)},0,3)"
    proved = fine
    if isinstance(leaf.measure, Ratio):
        if leaf.measure.over == "refuse":
            fine = f"IF({counted}>{raised(Fraction(1), plain=False)},3,{fine})"
        if undefined:
            none = {"refuse": "3", "not-applicable": does_not_apply}.get(leaf.measure.if_none, "0")
            fine = f"IF({undefined},{none if none != '0' else proved},{fine})"
    if leaf.row.code in at.excluded:  # nothing is left of the maximum
        fine = f"IF({most}-{at.excluded[leaf.row.code]}<={most}*{NOTHING},1,{fine})"
    return f"IF({absent}>=2,{absent},IF({absent}=1,{does_not_apply},{fine}))"


def _number(leaf: Leaf, at: Refs, absent: str) -> str:
    """Return the measured number, 0 where an input is absent."""
    return f"IF({absent}>0,0,{_MEASURES[type(leaf.measure)](leaf.measure, at)})"


def _single(measure: Any, at: Refs) -> str:
    return at.input_number(measure.input)


def _assessed(measure: Assessed, at: Refs) -> str:
    return product(measure.factor, at.input_number(measure.input))


def _choice(measure: Choice, at: Refs) -> str:
    return f"INDEX({at.cases[measure.input]},{at.input_number(measure.input)})"


def _checks(measure: Checks, at: Refs) -> str:
    return added(product(case.points, at.input_number(case.code)) for case in measure.cases)


def _all_of(measure: AllOf, at: Refs) -> str:
    return f"MIN({','.join(map(at.input_number, measure.inputs))})"


def _ratio(measure: Ratio, at: Refs) -> str:
    below = _quantity(measure.b, at)
    share = f"{_quantity(measure.a, at)}/{below}"
    share = product(measure.per, share) if measure.per == 1 else f"{share}*{number(measure.per)}"
    if measure.floor is not None:
        share = f"IF({share}<{lowered(measure.floor, plain=False)},0,{share})"
    return f"IF({below}=0,0,{share})" if measure.b.terms else share


def _quantity(quantity: Quantity, at: Refs) -> str:
    terms = [product(factor, at.input_number(code)) for code, factor in quantity.terms]
    if quantity.constant or not terms:
        terms.append(number(quantity.constant))
    return f"({added(terms)})"


def _proportional(_scale: Proportional, leaf: Leaf, x: str) -> str:
    return f"MAX(0,MIN({x},1))*{number(leaf.row.max)}"


def _points(scale: Points, leaf: Leaf, x: str) -> str:
    return f"MAX(0,MIN({x},{number(leaf.row.max)}))" if scale.cut else x


def _steps(scale: Steps, leaf: Leaf, x: str) -> str:
    plain, down = leaf.measure.plain, isinstance(scale, StepsDown)
    told = "0"
    for mark, points in reversed(scale.table):
        reached = f"{x}<={raised(mark, plain=plain)}" if down else f"{x}>={lowered(mark, plain=plain)}"
        told = f"IF({reached},{number(points)},{told})"
    return told


def _each(scale: Each, leaf: Leaf, x: str) -> str:
    return f"MAX(0,MIN({x}*{number(scale.points)},{number(leaf.row.max)}))"


def _goalposts(scale: Goalposts, leaf: Leaf, x: str) -> str:
    start, end = number(scale.start), number(scale.end)
    low, high = (start, end) if scale.start < scale.end else (end, start)
    inside = f"MIN(MAX({x},{low}),{high})"
    if scale.log:
        inside, start, end = f"LN({inside})", f"LN({start})", f"LN({end})"
    return f"({inside}-{start})/({end}-{start})*{number(leaf.row.max)}"


_MEASURES: Mapping[type, Callable[[Any, Refs], str]] = {
    Value: _single,
    Count: _single,
    YesNo: _single,
    Assessed: _assessed,
    Choice: _choice,
    Checks: _checks,
    AllOf: _all_of,
    Ratio: _ratio,
}
_SCALES: Mapping[type, Callable[[Any, Leaf, str], str]] = {
    Proportional: _proportional,
    Points: _points,
    Steps: _steps,
    StepsDown: _steps,
    Each: _each,
    Goalposts: _goalposts,
}
