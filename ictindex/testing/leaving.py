"""What is left out is converted back as the decisions say, and what counts as zero is 0: worked out here once more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from attrs import frozen

from ictindex.cells import CellState
from ictindex.messages import say
from ictindex.plan import Heading, Leaf, Node, Plan, points_per_unit
from ictindex.testing.world import NEAR, Asked, Broken, World, counted, counts, listed, matrix_of, name_of, points_text

_KNOWN = ("sum", "capped", "mean", "geometric", "best", "least", "none")


@frozen
class Part:
    """The points of a row, and how many of its maximum are left out and not yet converted back."""

    points: float
    left: float = 0.0


def leaving_asked(plan: Plan) -> Asked:
    """Not asked of a scheme that refuses every absent cell and has no assessed rows, nor of foreign headings."""
    leaves = [node for node in counted(plan) if isinstance(node, Leaf)]
    if not any(_takes(leaf) or leaf.row.measure.name == "assessed" for leaf in leaves):
        return Asked(say("the scheme refuses every cell that is missing or not applicable"))
    others = [node.row.code for node in counted(plan) if isinstance(node, Heading) and not _known(node)]
    if others:
        return Asked(remarks=(say("not asked of {rows}: another package combines there", rows=listed(others)),))
    return Asked()


def _takes(leaf: Leaf) -> bool:
    return leaf.missing != "refuse" or leaf.not_applicable != "refuse"


def _known(heading: Heading) -> bool:
    return heading.row.combine.name in _KNOWN


def leaving(world: World) -> Broken | None:
    """Left out is converted back: achieved / (max - left out) x max; under a mean the other weights are the whole.

    So Hue published it in 2020: 42.63 points of 50 of which 2 did not apply are 42.63 / (50 - 2) x 50 = 44.41 (Decision
    1784/QD-UBND). Where the scheme says zero, an absent figure earns 0.
    """
    points = matrix_of(world.result)
    for unit in range(len(world.table)):
        expected: dict[int, Part | None] = {}
        for node in world.plan.order:
            found = points[node.place, unit]
            expected[node.place] = part = _part(world, node, expected, found, unit)
            if not counts(node) or _same(part, found, float(node.row.max)):
                continue
            told = say(
                "row {row} has {found} points; with what is left out or absent they must be {expected}",
                row=name_of(world.plan, node.row.code),
                found=points_text(found),
                expected=points_text(None if part is None else part.points),
            )
            return world.broken("not-applicable", node.row.code, told, unit)
    return None


def _same(part: Part | None, found: float, most: float) -> bool:
    if part is None or math.isnan(found):
        return part is None and math.isnan(found)
    return abs(part.points - found) <= NEAR * max(1.0, most)


def _part(world: World, node: Node, below: dict[int, Part | None], found: float, unit: int) -> Part | None:
    """Return what a row must have, from what the rows below it must have."""
    if isinstance(node, Leaf):
        part = _leaf(world, node, found, unit)
    elif node.aggregation is None:
        return None
    elif not _known(node) or node.scale is not None:  # what the pool teaches is not this law's concern
        return None if math.isnan(found) else Part(found)
    else:
        part = _combined(node, [below[child] for child in node.children], found)
    most = float(node.row.max)
    if part is None or not part.left:
        return part
    if part.left >= most * (1 - NEAR):
        return None
    return Part(part.points * most / (most - part.left)) if _converts(world.plan, node) else part


def _converts(plan: Plan, node: Node) -> bool:
    """Whether points left out are converted back at a row: it says so, or nothing above adds them up."""
    if isinstance(node, Heading) and "rescale" in (node.row.missing, node.row.not_applicable):
        return True
    parent = plan.parent(node.place)
    if parent < 0:
        return True
    above = plan.nodes[parent]
    return not (isinstance(above, Heading) and above.aggregation is not None and above.aggregation.additive)


def _leaf(world: World, leaf: Leaf, found: float, unit: int) -> Part | None:
    state = _state(world, leaf, unit)
    if not leaf.row.max:
        return Part(0.0)
    left = world.table.columns.get(f"{leaf.row.code}.excluded")
    reported = 0.0 if left is None else float(left.values[unit])
    if state is not CellState.REPORTED:
        policy = leaf.missing if state is CellState.MISSING else leaf.not_applicable
        return None if policy == "rescale" else Part(0.0, reported)
    if left is None or leaf.row.scale is not None or leaf.row.measure.name != "assessed":
        return None if math.isnan(found) else Part(found)
    cell = 0.0 if _unproved(world, leaf, unit) else float(world.table.columns[leaf.row.code].values[unit])
    return Part(cell * float(points_per_unit(leaf.row)), reported)


def _unproved(world: World, leaf: Leaf, unit: int) -> bool:
    asked, shown = leaf.row.evidence, world.table.evidence.get(leaf.row.code)
    return asked is not None and asked.without == "zero" and shown is not None and not shown[unit]


def _state(world: World, leaf: Leaf, unit: int) -> CellState:
    """Return whether the row can be measured; a missing figure outweighs one that does not apply."""
    states = set()
    for code in leaf.inputs:
        column = world.table.columns[code]
        states.add(CellState.REPORTED if column.states is None else CellState(int(column.states[unit])))
    if CellState.MISSING in states:
        return CellState.MISSING
    if CellState.NOT_APPLICABLE in states or _empty(world, leaf, unit):
        return CellState.NOT_APPLICABLE
    return CellState.REPORTED


def _empty(world: World, leaf: Leaf, unit: int) -> bool:
    """Whether there is nothing to divide by, and the scheme says that the row then does not apply."""
    rule: Any = leaf.row.measure
    if rule.name != "ratio" or rule.get("if_none") != "not-applicable":
        return False
    below = rule.get("b")
    cells = {code: Fraction(repr(float(world.table.columns[code].values[unit]))) for code in below.inputs}
    return not sum((cells[code] * factor for code, factor in below.terms), below.constant)


# --- headings ------------------------------------------------------------------------------------------------------


def _combined(heading: Heading, parts: Sequence[Part | None], found: float) -> Part | None:
    if heading.row.combine.name in ("sum", "capped"):
        return _sum(heading, parts)
    present = [
        (float(facts.weight), float(facts.maximum), part.points)
        for facts, part in zip(heading.below, parts, strict=True)
        if part is not None and facts.maximum
    ]
    most = float(heading.row.max)
    if not present:
        return None
    match heading.row.combine.name:
        case "best":
            return Part(min(most, max(points for _, _, points in present)))
        case "least":
            return Part(min(most, *(points for _, _, points in present)))
    whole = sum(weight for weight, _, _ in present)
    if not whole:  # only rows without a weight are left, and no rule says what that means
        return Part(found)
    if heading.row.combine.name == "mean":
        return Part(sum(weight * points / maximum for weight, maximum, points in present) / whole * most)
    shares = [(weight / whole, max(points / maximum, 0.0)) for weight, maximum, points in present]
    return Part(math.prod(share**power for power, share in shares) * most)


def _sum(heading: Heading, parts: Sequence[Part | None]) -> Part:
    """Add up. What is left out lowers what can be reached; a bonus does not lift above it, a deduction not below 0."""
    pairs = list(zip(heading.below, parts, strict=True))
    inside = [(facts, part) for facts, part in pairs if facts.role == "max"]
    lost = sum(float(facts.maximum) if part is None else part.left for facts, part in inside)
    most = float(heading.row.max)
    reachable = min(most, sum(float(facts.maximum) for facts, _ in inside) - lost) if lost else most
    points = sum((-1 if facts.role == "deduct" else 1) * part.points for facts, part in pairs if part is not None)
    if heading.row.combine.name == "capped" or len(inside) < len(pairs):
        points = min(max(points, 0.0), max(reachable, 0.0))
    return Part(points, most - reachable)
