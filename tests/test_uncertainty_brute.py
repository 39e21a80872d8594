"""Uncertainty against brute force: five units, four indicators, everything varied, in plain loops."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction as Q
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import evolve
from made import group, leaf, ratio, rule, scheme, value

from ictindex.analysis.uncertainty.assumptions import Assumptions
from ictindex.analysis.uncertainty.draws import BLOCK, Draws
from ictindex.analysis.uncertainty.simulation import Simulation
from ictindex.assembling import table_from_columns
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.model import TOTAL, InputKind, Level, Levels, Scheme
from ictindex.plugins import vocabulary
from ictindex.questions import uncertainty
from ictindex.result import Result

BARE: dict[str, Any] = {"effect_draws": 0, "leave_one_out": False, "reversals": False}


def scored(made: Scheme, **columns: list[Any]) -> Result:
    units = [f"u{at}" for at in range(len(next(iter(columns.values()))))]
    named = {key.replace("_", "."): cells for key, cells in columns.items()}
    return run(compile_scheme(made, vocabulary()), table_from_columns(made, {"unit": units, **named}))


CELLS: dict[str, list[Any]] = {
    "a": [7.5, 3, None, 9.25, 6],
    "b_a": [40, 80, 65, 10, 90],
    "b_b": [100, 100, 100, 90, 120],
    "c": [12, 45, 30, 31, 5],
    "d": [9, 4, 12, 6, 10],
}
MAXIMA = {"a": 10.0, "b": 20.0, "c": 8.0, "d": 5.0}
WEIGHTS = {"G": {"a": 10.0, "b": 20.0}, "H": {"c": 1.0, "d": 3.0}, TOTAL: {"G": 2.0, "H": 1.0}}
VARIED = Assumptions(
    weights=0.3,
    normalization=("scheme", "min-max", "z-score", "rank"),
    aggregation=("scheme", "geometric"),
    missing=("zero", "left-out"),
    noise=0.1,
)


def five() -> Result:
    steps = rule("steps", table=((Q(10), Q(5)), (Q(5), Q(2))))
    goalposts = rule("goalposts", start=Q(0), end=Q(50))
    left = group("G", 30, value("a", 10, missing="rescale"), ratio("b", 20), weight=Q(2))
    right = group(
        "H",
        20,
        value("c", 8, scale=goalposts),
        leaf("d", 5, rule("count", input="d"), scale=steps, weight=Q(3)),
        combine="mean",
    )
    bands = Levels((Level("I", Q(1, 2)), Level("II", Q(1, 4))))
    made = scheme(group(TOTAL, 100, left, right, combine="mean", levels=bands))
    inputs = tuple(evolve(one, kind=InputKind.COUNT) if one.code == "d" else one for one in made.inputs)
    return scored(evolve(made, inputs=inputs), **CELLS)


def brute_force(result: Result, seed: int, size: int) -> tuple[list[list[int]], list[list[str]]]:
    """Every draw in plain loops, from the same random numbers."""
    draws, headings = Draws(seed, 0, size), {}
    for code, weights in WEIGHTS.items():
        shares = np.array([weight / sum(weights.values()) for weight in weights.values()])
        concentration = (len(weights) - 1) / 0.3**2 - 1
        headings[code] = draws.weights(result.plan.place(code), shares, concentration)
    methods = [draws.choices(kind, len(getattr(VARIED, kind))) for kind in ("normalization", "aggregation", "missing")]
    inputs = [one.code for one in result.scheme.inputs]
    shocks = {code: draws.noise(inputs.index(code)).standard_normal((size, 5)) for code in inputs}
    all_ranks, all_levels = [], []
    for draw in range(size):
        normalization, aggregation = VARIED.normalization[methods[0][draw]], VARIED.aggregation[methods[1][draw]]
        missing = VARIED.missing[methods[2][draw]]
        x: dict[str, list[float]] = {"a": [], "b": [], "c": [], "d": []}
        for unit in range(5):

            def cell(code: str, unit: int = unit, draw: int = draw) -> float:
                typed = CELLS[code.replace(".", "_")][unit]
                shock = min(3.0, max(-3.0, float(shocks[code][draw, unit])))
                moved = (typed or 0) * max(0.0, 1 + 0.1 * shock)
                return moved if code != "d" else max(1.0, float(round(moved)))

            x["a"].append(cell("a"))
            x["b"].append(cell("b.a") / cell("b.b"))
            x["c"].append(cell("c"))
            x["d"].append(cell("d"))
        share: dict[str, list[float]] = {}
        for code, numbers in x.items():
            known = [unit for unit in range(5) if CELLS[code if code != "b" else "b_a"][unit] is not None]
            share[code] = [0.0] * 5
            for unit in known:
                share[code][unit] = normalized(code, [numbers[one] for one in known], numbers[unit], normalization)
        keys, levels = [], []
        for unit in range(5):
            gone = {"a"} if CELLS["a"][unit] is None and missing == "left-out" else set()
            at_unit = {code: shares[unit] for code, shares in share.items()}
            for code in ("G", "H", TOTAL):
                weights = dict(zip(WEIGHTS[code], headings[code][draw].tolist(), strict=True))
                at_unit[code] = combined(
                    at_unit, {one: w for one, w in weights.items() if one not in gone}, aggregation
                )
            keys.append(math.floor(at_unit[TOTAL] * 100 * 100 + 0.5 + 1e-9))
            levels.append("I" if keys[-1] >= 5000 else "II" if keys[-1] >= 2500 else "")
        all_ranks.append([1 + sum(other > key for other in keys) for key in keys])
        all_levels.append(levels)
    return all_ranks, all_levels


def normalized(code: str, numbers: Sequence[float], x: float, how: str) -> float:
    if how == "scheme":
        if code == "a":
            return min(max(x, 0), 10) / 10
        if code == "b":
            return min(x, 1)
        return x / 50 if code == "c" else (1.0 if x >= 10 else 0.4 if x >= 5 else 0.0)
    low, high, mean = min(numbers), max(numbers), sum(numbers) / len(numbers)
    if low == high:
        return 0.5
    if how == "min-max":
        return (x - low) / (high - low)
    if how == "rank":
        below, same = sum(one < x for one in numbers), sum(one == x for one in numbers)
        return (below + (same - 1) / 2) / (len(numbers) - 1)
    deviation = math.sqrt(sum((one - mean) ** 2 for one in numbers) / len(numbers))
    return min(1, max(0, 0.5 + (x - mean) / deviation / 6))


def combined(shares: dict[str, float], weights: dict[str, float], how: str) -> float:
    whole = sum(weights.values())
    if how == "scheme":
        return sum(weight * shares[code] for code, weight in weights.items()) / whole
    return math.prod(max(shares[code], 0.01) ** (weight / whole) for code, weight in weights.items())


def test_every_draw_is_that_of_brute_force() -> None:
    result = five()
    simulation = Simulation.of(result, TOTAL, VARIED, 11)
    assert {factor.kind for factor in simulation.factors} == {
        "weights",
        "normalization",
        "aggregation",
        "missing",
        "noise",
    }
    found = simulation.tally(Draws(11, 0, BLOCK), slice(None))
    expected, levels = brute_force(result, 11, BLOCK)
    order, published = simulation.order.tolist(), np.rint(result.ranks()).astype(int).tolist()
    assert found.ranks.tolist() == [[one[unit] for unit in order] for one in expected]
    assert len({tuple(one) for one in expected}) > 10  # many orders came up
    assert found.levels.tolist() == [
        [sum(levels[draw][unit] == name for draw in range(BLOCK)) for name in ("I", "II")] for unit in order
    ]
    first = [unit for unit in range(5) if published[unit] <= simulation.top]
    assert found.kept.tolist() == [sum(one[unit] <= simulation.top for unit in first) for one in expected]
    assert found.moved.tolist() == [sum(abs(one[unit] - published[unit]) for unit in range(5)) for one in expected]
    assert [published[unit] for unit in order] == sorted(published)
    ahead = [sum(one[here] < one[there] for one in expected) for here, there in pairwise(order)]
    assert found.ahead.tolist() == [*ahead, 0]


def test_the_answer_sums_the_draws_up() -> None:
    result, size = five(), BLOCK
    answer = uncertainty(result, assumptions=VARIED, draws=size, seed=11, **BARE)
    every = np.array(brute_force(result, 11, size)[0])
    for unit in answer.units:
        drawn = np.sort(every[:, result.position(unit.unit)])
        low, median, high = (drawn[math.ceil(size * share) - 1] for share in (0.05, 0.5, 0.95))
        assert (unit.low, unit.median, unit.high) == (low, median, high)
        assert (unit.best, unit.worst, unit.mean) == (drawn[0], drawn[-1], drawn.mean())
        assert unit.top == (drawn <= answer.stability.top).mean()
    assert [unit.rank for unit in answer.units] == sorted(result.ranks())


def test_what_is_reported_as_left_out_stays_so_where_a_missing_figure_counts_as_no_points() -> None:
    made = scheme(group(TOTAL, 20, value("a", 10, missing="rescale"), value("b", 10)))
    result = scored(made, a=[None, 1], a_excluded=[4, 0], b=[6, 6])
    answer = uncertainty(result, assumptions=Assumptions(weights=0, missing=("zero",)), draws=1, **BARE)
    assert {one.unit: one.mean for one in answer.units} == {"u0": 1, "u1": 2}  # 6 of 16 are 7.5 of 20, before 7 of 20
