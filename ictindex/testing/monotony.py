"""A better figure never lowers a score: one figure of one unit is raised step by step, and all above it is watched.

Which way is better follows from the rules as written, not from what the engine made of them: the measured number is
worked out here again, a scale says whether more of it is better, a deduction turns that round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from attrs import frozen

from ictindex.engine import run
from ictindex.messages import say
from ictindex.model import InputKind, Quantity
from ictindex.plan import Heading, Leaf, Node, Plan
from ictindex.strategies.base import Array, Mask
from ictindex.table import Table
from ictindex.testing.figures import figures_of, refuses_nothing
from ictindex.testing.world import (
    NEAR,
    Asked,
    Broken,
    World,
    comparing,
    counted,
    counts,
    listed,
    matrix_of,
    name_of,
    picked,
    points_text,
    replaced,
)

_KNOWN = ("value", "count", "yes-no", "assessed", "choice", "checks", "all-of", "ratio")
_TRIED = 3
"""So many other figures are tried for one that other units are compared by: each of them is a run of its own."""


@frozen
class Ways:
    """For each step from one figure to the next: whether a row's points may rise, and whether they may fall."""

    rise: Mask
    fall: Mask

    @property
    def turned(self) -> Ways:
        """The same where less is better."""
        return Ways(self.fall, self.rise)

    @property
    def either(self) -> Ways:
        """The same where nothing is known of the direction."""
        both = self.rise | self.fall
        return Ways(both, both)


def monotony_asked(plan: Plan) -> Asked:
    """Not asked of rows whose rule does not say which way is better, nor of what compares the comparisons below it."""
    remarks = []
    unknown = [node.row.code for node in counted(plan) if not _directed(node)]
    if unknown:
        told = say("not asked of {rows}: the rule there does not say which way is better", rows=listed(unknown))
        if len([node for node in counted(plan) if isinstance(node, Leaf)]) <= len(unknown):
            return Asked(told)
        remarks.append(told)
    twice = [node.row.code for node in counted(plan) if _compares_twice(node, comparing(plan))]
    if twice:
        told = say(
            "not asked of {rows} and what is above: units are compared there by what compares units already, "
            "so a better figure of one changes what all figures are worth and may lower its own score",
            rows=listed(twice),
        )
        remarks.append(told)
    return Asked(remarks=tuple(remarks))


def _directed(node: Node) -> bool:
    if isinstance(node, Leaf):
        return node.row.measure.name in _KNOWN and bool(node.scale.monotone)
    scaled = node.scale is None or bool(node.scale.monotone)
    return scaled and bool(getattr(node.aggregation, "monotone", True))


def _compares_twice(node: Node, among: frozenset[int]) -> bool:
    """Whether a heading compares units by rows that compare units.

    Raising a figure then moves the others' composites too, unevenly, and with them the lowest, the highest or the
    spread that the unit's own composite is held against. The mean of the z-scores of (3, 0, 1) and (0, 2, 1), rescaled
    among the three units, gives the first one 0.896; with 4 in place of its 3 it has 0.849.
    """
    fitted = node.scale is not None and node.scale.fitting != "none"
    return fitted and any(child in among for child in node.children)


def monotony(world: World) -> Broken | None:
    """A better figure of one unit, everything else as it was, never lowers that unit's score.

    Together with the bounds this is what defines an aggregation function (Grabisch, Marichal, Mesiar and Pap,
    Aggregation Functions, 2009).
    """
    among = comparing(world.plan)
    found = _alone(world, among) if len(among) < len(world.plan.nodes) else None
    return _compared(world, among) if found is None and among else found


def _alone(world: World, among: frozenset[int]) -> Broken | None:
    """Try every figure of every column at once: each is a unit of its own, which is fair where none are compared."""
    tried = list(_tried(world))
    ladder = _ladder(world.plan, world.table, tried) if tried else None
    if ladder is None or not len(ladder.table):
        return None
    points = matrix_of(run(world.plan, ladder.table))
    return _fault(world, ladder, points, lambda place: place not in among)


def _compared(world: World, among: frozenset[int]) -> Broken | None:
    """Try a few figures of one column, each beside the very same other units."""
    able = list(_tried(world))
    if not able:
        return None
    code, own, figures = world.pick(able)
    tried = sorted({own, *(world.pick(figures) for _ in range(_TRIED))})
    ladder = _ladder(world.plan, world.table, [(code, own, tried)])
    runs = [run(world.plan, replaced(world.table, 0, code, value)) for value in ladder.values]
    if not runs:
        return None
    points = np.stack([matrix_of(one)[:, 0] for one in runs], axis=1)
    return _fault(world, ladder, points, lambda place: place in among)


def _tried(world: World) -> Iterator[tuple[str, float, Sequence[float]]]:
    """Yield each column that a counted row reads, with the first unit's figure and those to try."""
    read = {code for node in counted(world.plan) if isinstance(node, Leaf) for code in node.inputs}
    for code, figures in _floats(world.plan).items():
        column = world.table.columns.get(code)
        if code in read and column is not None and (column.states is None or column.states[0] == 0):
            yield code, float(column.values[0]), figures


@lru_cache(maxsize=8)
def _floats(plan: Plan) -> Mapping[str, tuple[float, ...]]:
    return {code: tuple(map(float, figures)) for code, figures in figures_of(plan).items()}


# --- a ladder of figures -------------------------------------------------------------------------------------------


@frozen
class _Ladder:
    """The first unit again and again, with one figure replaced: by column, then from the lowest figure up."""

    table: Table
    codes: tuple[str, ...]
    values: tuple[float, ...]


def _ladder(plan: Plan, table: Table, tried: Sequence[tuple[str, float, Sequence[float]]]) -> _Ladder:
    rungs = [(code, value) for code, own, figures in tried for value in sorted({own, *figures})]
    whole = _climbed(table, rungs)
    refused = np.zeros(len(rungs), np.bool_)
    for node in counted(plan):
        if isinstance(node, Leaf):
            refused |= _refused(node, whole)
    if not refused.any():
        return _Ladder(whole, *_split(rungs))
    kept = [rung for rung, never in zip(rungs, refused.tolist(), strict=True) if not never]
    return _Ladder(_climbed(table, kept), *_split(kept))


def _split(rungs: Sequence[tuple[str, float]]) -> tuple[tuple[str, ...], tuple[float, ...]]:
    return tuple(code for code, _ in rungs), tuple(value for _, value in rungs)


def _climbed(table: Table, rungs: Sequence[tuple[str, float]]) -> Table:
    changes: dict[str, Array] = {}
    for code in dict.fromkeys(code for code, _ in rungs):
        own = table.columns[code].values[0]
        changes[code] = np.array([value if one == code else own for one, value in rungs])
    return picked(table, [0] * len(rungs), changes)


# --- what the rules say of it ------------------------------------------------------------------------------------


def _numbers(leaf: Leaf, table: Table) -> Array | None:
    """Return what a row measures, NaN where there is nothing to divide by; None where its measure is not known."""
    rule, cells = leaf.row.measure, {code: table.columns[code].values for code in leaf.inputs}
    match rule.name:
        case "value" | "count" | "yes-no" | "assessed":
            return np.asarray(cells[rule.get("input")])
        case "choice":
            points = np.array([float(case.points) for case in rule.get("cases")])
            return np.asarray(points[cells[rule.get("input")].astype(np.intp)])
        case "checks":
            return _sum([(case.code, float(case.points)) for case in rule.get("cases")], 0.0, cells)
        case "all-of":
            return np.asarray(np.min(np.stack([cells[code] for code in rule.get("inputs")]), axis=0))
        case "ratio":
            below = _quantity(rule.get("b"), cells)
            whole = np.where(below == 0, np.nan, below)
            return np.asarray(_quantity(rule.get("a"), cells) * float(rule.get("per", 1)) / whole)
    return None


def _quantity(quantity: Quantity, cells: Mapping[str, Array]) -> Array:
    terms = [(code, float(factor)) for code, factor in quantity.terms]
    return _sum(terms, float(quantity.constant), cells)


def _sum(terms: Sequence[tuple[str, float]], constant: float, cells: Mapping[str, Array]) -> Array:
    size = len(next(iter(cells.values())))
    return sum((cells[code] * factor for code, factor in terms), np.full(size, constant))


def _absent(leaf: Leaf, table: Table) -> bool:
    """Whether the unit lacks a figure of the row, so that a policy decides its points."""
    columns = [table.columns.get(code) for code in leaf.inputs]
    return any(one is None or (one.states is not None and one.states[0] != 0) for one in columns)


def _refused(leaf: Leaf, table: Table) -> Mask:
    """Return which rungs the row would refuse."""
    rule = leaf.row.measure
    numbers = _numbers(leaf, table) if rule.name == "ratio" and not _absent(leaf, table) else None
    if numbers is None:
        return np.zeros(len(table), np.bool_)
    empty = np.isnan(numbers) if refuses_nothing(leaf) else np.zeros(len(table), np.bool_)
    return empty | (numbers > 1) if rule.get("over") == "refuse" else empty


def _ways(plan: Plan, ladder: _Ladder) -> Mapping[int, Ways]:
    """Return, for each row of the scheme, which way its points may go from each rung to the next."""
    found: dict[int, Ways] = {}
    for node in plan.order:
        ways = _leaf_ways(node, ladder) if isinstance(node, Leaf) else _heading_ways(plan, node, found, ladder)
        scale = node.scale
        if scale is not None and node.row.max:
            ways = {1: ways, -1: ways.turned}.get(scale.monotone, ways.either)
        found[node.place] = ways
    return found


def _leaf_ways(leaf: Leaf, ladder: _Ladder) -> Ways:
    size = max(len(ladder.codes) - 1, 0)
    never = np.zeros(size, np.bool_)
    if not leaf.row.max or _absent(leaf, ladder.table):
        return Ways(never, never)
    numbers = _numbers(leaf, ladder.table)
    if numbers is None:
        touched = np.isin(np.array(ladder.codes[1:]), leaf.inputs)
        return Ways(touched, touched)
    steps, nothing = np.diff(numbers), np.isnan(numbers)
    slack = 1e-12 * np.maximum(1, np.abs(numbers[1:]))
    unknown = nothing[1:] ^ nothing[:-1]  # the scheme says apart what a denominator of 0 means
    return Ways((steps > slack) | unknown, (steps < -slack) | unknown)


def _heading_ways(plan: Plan, heading: Heading, found: Mapping[int, Ways], ladder: _Ladder) -> Ways:
    never = np.zeros(max(len(ladder.codes) - 1, 0), np.bool_)
    whole = Ways(never, never)
    for child in heading.children:
        ways = found[child].turned if plan.nodes[child].row.role == "deduct" else found[child]
        whole = Ways(whole.rise | ways.rise, whole.fall | ways.fall)
    known = getattr(heading.aggregation, "monotone", True) and not _compares_twice(heading, comparing(plan))
    return whole if known else whole.either


def _fault(world: World, ladder: _Ladder, points: Array, watched: Any) -> Broken | None:
    """Return the first step at which a row's points go the wrong way."""
    ways = _ways(world.plan, ladder)
    same = np.array([one == other for one, other in zip(ladder.codes, ladder.codes[1:], strict=False)], np.bool_)
    first: tuple[int, Any, bool] | None = None
    for node in world.plan.order:
        if not watched(node.place) or not counts(node):
            continue
        with np.errstate(invalid="ignore"):
            steps, slack = np.diff(points[node.place]), NEAR * max(1.0, float(node.row.max))
            up = same & ways[node.place].rise & ~ways[node.place].fall & (steps < -slack)
            down = same & ways[node.place].fall & ~ways[node.place].rise & (steps > slack)
        wrong = np.flatnonzero(up | down)
        if len(wrong) and (first is None or int(wrong[0]) < first[0]):
            first = int(wrong[0]), node, bool(up[wrong[0]])
    return None if first is None else _told(world, ladder, points, *first)


def _told(world: World, ladder: _Ladder, points: Array, at: int, node: Any, up: bool) -> Broken:
    worse, better = (at, at + 1) if up else (at + 1, at)
    code = ladder.codes[at]
    before = replaced(world.table, 0, code, ladder.values[worse])
    after = replaced(world.table, 0, code, ladder.values[better])
    told = say(
        "{figure} goes from {old} to {new}, which is better, and row {row} from {found} points to {other}",
        figure=name_of(world.plan, code),
        old=_cell(world.plan, code, ladder.values[worse]),
        new=_cell(world.plan, code, ladder.values[better]),
        row=name_of(world.plan, node.row.code),
        found=points_text(points[node.place, worse]),
        other=points_text(points[node.place, better]),
    )
    return World(world.plan, before, world.pick).broken("monotony", node.row.code, told, 0, after)


def _cell(plan: Plan, code: str, value: float) -> str:
    one = plan.scheme.input(code)
    if one.kind is InputKind.YES_NO:
        return say("yes") if value else say("no")
    if one.kind is InputKind.CHOICE:
        case = one.cases[int(value)]
        return f"{case.code} {case.name}".strip()
    return points_text(value)
