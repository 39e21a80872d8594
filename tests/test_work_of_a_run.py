"""How much a run does, counted instead of timed: calls, memory and operations on each cell."""

from __future__ import annotations

import sys
import tracemalloc
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from made import group, ratio, rule, scheme, value

from ictindex import Plan, Table, score
from ictindex.compiling import compile_scheme
from ictindex.model import TOTAL, RankRule, Scheme
from ictindex.plugins import vocabulary
from ictindex.table import Column

STEPS = rule("steps", table=((Fraction(3), Fraction(2)), (Fraction(2), Fraction(1)), (Fraction(1), Fraction(1, 2))))


def relative(rows: int) -> Scheme:
    """Rows of min-max over all units under a weighted mean."""
    scale = rule("min-max", over="all")
    below = [evolve(value(f"x{at}", 1, scale=scale), weight=Fraction(1 + at % 3)) for at in range(rows)]
    return scheme(group(TOTAL, 1, *below, combine="mean", rank=RankRule(on="exact")))


def absolute(rows: int) -> Scheme:
    """Rows of ratios and steps under a sum."""
    below = [ratio(f"x{at}", 2) if at % 2 else value(f"x{at}", 2, scale=STEPS) for at in range(rows)]
    return scheme(group(TOTAL, 2 * rows, *below))


def table(made: Scheme, units: int, *, missing: float = 0.0) -> Table:
    """Amounts with so many digits that no exact run is needed to settle a rank or a rounding."""
    random = np.random.default_rng(4)
    columns = {}
    for one in made.inputs:
        numbers = np.round(random.gamma(2.0, 50.0, units) + 1, 5)
        lacking = random.random(units) < missing
        states = lacking.astype(np.uint8) if missing else None
        columns[one.code] = Column(np.where(lacking, np.nan, numbers), states)
    names = tuple(f"u{at}" for at in range(units))
    return Table(units=names, names=names, columns=columns)


def planned(made: Scheme) -> Plan:
    return compile_scheme(made, vocabulary())


def answered(plan: Plan, cells: Table) -> None:
    result = score(plan, cells)
    result.keys(), result.ranks()


def calls(run: Callable[[], Any]) -> int:
    """How many functions are called, in Python and in C."""
    seen: Counter[str] = Counter()
    before = sys.getprofile()
    sys.setprofile(lambda _, event, __: seen.update((event,)))
    try:
        run()
    finally:
        sys.setprofile(before)
    return seen["call"] + seen["c_call"]


def most_memory(run: Callable[[], Any]) -> int:
    """The most bytes that are held at once, beyond what was held before."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("make", "most"), [(relative, 75), (absolute, 55)])
def test_a_row_costs_few_calls(make: Callable[[int], Scheme], most: int) -> None:
    counted = []
    for rows in (10, 60):
        plan = planned(make(rows))
        cells = table(plan.scheme, 100)
        answered(plan, cells)  # what is learned of a plan once is not counted
        counted.append(calls(lambda plan=plan, cells=cells: answered(plan, cells)))  # type: ignore[misc]
    assert (counted[1] - counted[0]) / 50 < most


def test_calls_grow_with_blocks_not_with_units() -> None:
    plan = planned(relative(10))
    few, many = (table(plan.scheme, units) for units in (100, 16_000))  # one block both
    for cells in (few, many):
        answered(plan, cells)
    assert calls(lambda: answered(plan, many)) < calls(lambda: answered(plan, few)) + 50


@pytest.mark.parametrize("make", [relative, absolute])
def test_memory_does_not_grow_with_rows(make: Callable[[int], Scheme]) -> None:
    units, held = 60_000, []
    for rows in (6, 48):
        plan = planned(make(rows))
        cells = table(plan.scheme, units)
        held.append(most_memory(lambda plan=plan, cells=cells: answered(plan, cells)))  # type: ignore[misc]
    assert held[1] - held[0] < 42 * units * 8 / 3  # of 42 rows more, a third of what their points would take


def test_a_missing_cell_costs_few_calls_more() -> None:
    made = evolve(relative(30), root=evolve(relative(30).root, missing="zero"), sha256="3")
    plan = planned(made)
    whole, lacking = table(made, 1000), table(made, 1000, missing=0.03)
    for cells in (whole, lacking):
        answered(plan, cells)
    more = calls(lambda: answered(plan, lacking)) - calls(lambda: answered(plan, whole))
    assert more / 30 < 60
