"""Three laws that look at a table as it is: bounds, order and additivity."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ictindex.engine import run
from ictindex.messages import say
from ictindex.model import Row
from ictindex.plan import Plan
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
)

# --- bounds --------------------------------------------------------------------------------------------------------


def bounds_asked(plan: Plan) -> Asked:
    """Not asked of rows with something below whose points have no bounds, such as a z-score."""
    bounded = inside(plan)
    outside = [node.row.code for node in counted(plan) if node.place not in bounded]
    if len(outside) == len(list(counted(plan))):
        return Asked(say("no row's points have bounds"))
    if outside:
        return Asked(remarks=(say("not asked of {rows}: a scale there has no bounds", rows=listed(outside)),))
    return Asked()


def bounds(world: World) -> Broken | None:
    """Points lie between 0 and the maximum of their row, and a published total on its scale.

    That nothing earns 0 and everything the maximum is what makes a mean of scores an aggregation function (Grabisch,
    Marichal, Mesiar and Pap, Aggregation Functions, 2009).
    """
    points, bounded = matrix_of(world.result), inside(world.plan)
    for node in world.plan.order:
        if node.place not in bounded:
            continue
        most = float(node.row.max)
        slack = NEAR * most
        wrong = (points[node.place] < -slack) | (points[node.place] > most + slack)
        if wrong.any():
            unit = int(np.flatnonzero(wrong)[0])
            found = points_text(points[node.place, unit])
            told = say(
                "row {row} has {found} points; they must lie between 0 and {most}",
                row=name_of(world.plan, node.row.code),
                found=found,
                most=points_text(node.row.max),
            )
            return world.broken("bounds", node.row.code, told, unit)
    return _published(world, bounded)


def _published(world: World, bounded: frozenset[int]) -> Broken | None:
    for total in world.result.totals:
        if world.plan.place(total.code) not in bounded:
            continue
        whole = whole_of(total)
        for unit, text in enumerate(world.result.published(total.code)):
            if text is not None and not 0 <= Fraction(text) <= whole:
                told = say(
                    "{row} is published as {found}; it must lie between 0 and {most}",
                    row=name_of(world.plan, total.code),
                    found=text,
                    most=points_text(whole),
                )
                return world.broken("bounds", total.code, told, unit)
    return None


def whole_of(row: Row) -> Fraction:
    """Return what full marks are on the scale that a row publishes."""
    return {"points": row.max, "index": Fraction(1), "percent": Fraction(100)}[row.publish.scale]


def inside(plan: Plan) -> frozenset[int]:
    """Return the rows whose points stay in 0..max by what their strategies say, by their place."""
    found: set[int] = set()
    for node in plan.order:
        below = all(child in found or not plan.nodes[child].row.max for child in node.children)
        if (below if node.scale is None else node.scale.bounded) and counts(node):
            found.add(node.place)
    return frozenset(found)


# --- order ---------------------------------------------------------------------------------------------------------


def order_asked(plan: Plan) -> Asked:
    """Asked of every scheme; what a further unit does only of rows that compare no units."""
    among = comparing(plan)
    codes = [node.row.code for node in counted(plan) if node.place in among]
    if not codes:
        return Asked()
    return Asked(remarks=(say("a further unit may move {rows}: units are compared there", rows=listed(codes)),))


def order(world: World) -> Broken | None:
    """The order of the units changes no score, rank or level, and a further unit no score that compares nobody.

    Of ranking rules this is asked as anonymity and as independence of irrelevant alternatives (Arrow, Social Choice
    and Individual Values, 1951); of programs, as a metamorphic relation (Chen, Cheung and Yiu, 1998).
    """
    size = len(world.table)
    for turned in dict.fromkeys([tuple(range(size))[::-1], (*range(1, size), 0)]):
        found = _moved(world, turned)
        if found is not None:
            return found
    return _added(world) if size > 1 else None


def _moved(world: World, turned: tuple[int, ...]) -> Broken | None:
    table = picked(world.table, turned)
    other = run(world.plan, table)
    one, two = matrix_of(world.result)[:, list(turned)], matrix_of(other)
    for node in world.plan.order:
        unit = _first(one[node.place], two[node.place], float(node.row.max))
        if unit is not None:
            told = say(
                "row {row} has {found} points, and {other} when the units stand in another order",
                row=name_of(world.plan, node.row.code),
                found=points_text(one[node.place, unit]),
                other=points_text(two[node.place, unit]),
            )
            return world.broken("order", node.row.code, told, turned[unit], table)
    for total in world.result.totals:
        for unit, (rank, after) in enumerate(
            zip(world.result.ranks(total.code)[list(turned)], other.ranks(total.code), strict=True)
        ):
            if rank != after:
                told = say(
                    "{row} has rank {rank}, and {after} when the units stand in another order",
                    row=name_of(world.plan, total.code),
                    rank=f"{rank:g}",
                    after=f"{after:g}",
                )
                return world.broken("order", total.code, told, turned[unit], table)
    return None


def _added(world: World) -> Broken | None:
    among = comparing(world.plan)
    fewer = picked(world.table, range(len(world.table) - 1))
    one, two = matrix_of(run(world.plan, fewer)), matrix_of(world.result)[:, :-1]
    for node in world.plan.order:
        if node.place in among:
            continue
        unit = _first(one[node.place], two[node.place], float(node.row.max))
        if unit is not None:
            told = say(
                "row {row} has {found} points without the last unit and {other} with it, though it compares no units",
                row=name_of(world.plan, node.row.code),
                found=points_text(one[node.place, unit]),
                other=points_text(two[node.place, unit]),
            )
            return world.broken("order", node.row.code, told, unit, fewer)
    return None


def _first(one: np.ndarray, two: np.ndarray, most: float) -> int | None:
    """Return the first unit whose points differ, None where nobody's do."""
    differs = ~np.isclose(one, two, rtol=0, atol=NEAR * most, equal_nan=True)
    return int(np.flatnonzero(differs)[0]) if differs.any() else None


# --- additivity ----------------------------------------------------------------------------------------------------


def additivity(world: World) -> Broken | None:
    """What the rows of a heading contribute adds up to its points.

    The handbook on composite indicators asks that a score can be taken apart again (OECD and JRC, 2008, step 9); that
    the parts add up to the whole is the efficiency of a value that is shared out (Shapley, 1953).
    """
    explained = world.result.explain(world.table.units[0])
    for row in explained.root.walk():
        parts = [Fraction(child.contribution) for child in row.children if child.contribution is not None]
        if row.points is None or not parts or "given" in row.flags:
            continue
        whole = sum(parts, Fraction(0))
        if abs(whole - Fraction(row.points)) > Fraction(1, 10**9) * (row.max or 1):
            told = say(
                "the rows below {row} contribute {found} points together, but it has {points}",
                row=name_of(world.plan, row.code),
                found=points_text(whole),
                points=points_text(row.points),
            )
            return world.broken("additivity", row.code, told)
    return None
