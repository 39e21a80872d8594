"""openfisca-core: a variable for each input, indicator and heading, with formulas, as a country's rules are written.

Its values are float32. `get_rank` gives ordinal ranks and walks over the members of a group one by one, so that the
time grows with the square of their number: the ranks are a formula in numpy instead.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np
from data import Indicator, Workload
from openfisca_core.entities import build_entity
from openfisca_core.model_api import YEAR, Variable, max_, min_, round_, select
from openfisca_core.parameters import ParameterNode
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from written import SHARES, Answer, Peer, most

PERIOD = "2026"
UNIT = build_entity(key="unit", plural="units", label="A unit", is_person=True)
Formula = Callable[..., Any]


def _w1(work: Workload) -> Callable[[], Any]:
    rules: dict[str, Formula] = {}
    for group in work.groups:
        for one in group.indicators:
            rules[f"points_{one.columns[0]}"] = _scaled(f"input_{one.columns[0]}")
        parts = {f"points_{one.columns[0]}": one.points for one in group.indicators}
        rules[f"heading_{group.code}"] = _mean(parts)
    rules["score"] = _mean({f"heading_{group.code}": group.points for group in work.groups})
    return _asked(work, rules, {}, 4, "score", ("published", "ranks"))


def _w2(work: Workload) -> Callable[[], Any]:
    rules: dict[str, Formula] = {}
    scales: dict[str, Any] = {}
    for group in work.groups:
        for one in group.indicators:
            name = f"points_{one.columns[0]}"
            rules[name] = _points(one, name)
            if one.kind == "steps":
                scales[name] = _scale(one)
        rules[f"heading_{group.code}"] = _capped([f"points_{one.columns[0]}" for one in group.indicators], group.points)
    rules["score"] = _sum([f"heading_{group.code}" for group in work.groups])
    bounds = [share * most(work) for share in SHARES]

    def grade(unit: Any, period: Any) -> Any:
        score = unit("published", period)
        return select([score >= bound for bound in bounds], [0, 1, 2], 3)

    rules["grade"] = grade
    return _asked(work, rules, scales, 2, "published", ("published", "ranks", "grade"))


def _scaled(name: str) -> Formula:
    def formula(unit: Any, period: Any) -> Any:
        amount = unit(name, period)
        return (amount - amount.min()) / (amount.max() - amount.min())

    return formula


def _mean(weights: dict[str, float]) -> Formula:
    def formula(unit: Any, period: Any) -> Any:
        return sum(unit(name, period) * weight for name, weight in weights.items()) / sum(weights.values())

    return formula


def _sum(names: list[str]) -> Formula:
    return lambda unit, period: sum(unit(name, period) for name in names)


def _capped(names: list[str], cap: float) -> Formula:
    return lambda unit, period: min_(sum(unit(name, period) for name in names), cap)


def _points(one: Indicator, name: str) -> Formula:
    first = f"input_{one.columns[0]}"
    if one.kind == "ratio":
        whole = f"input_{one.columns[1]}"
        return lambda unit, period: min_(unit(first, period) / unit(whole, period), 1) * one.points
    if one.kind == "each":
        return lambda unit, period: min_(unit(first, period) * one.table[0][1], one.points)
    if one.kind == "choice":
        return lambda unit, period: select(
            [unit(first, period) == level for level, _ in one.table], [points for _, points in one.table]
        )
    return lambda unit, period, parameters: getattr(parameters(period), name).calc(max_(unit(first, period), 0))


def _scale(one: Indicator) -> dict[str, Any]:
    """Return a scale of single amounts, as a file of parameters would hold it."""

    def since(value: float) -> dict[str, Any]:
        return {"2026-01-01": {"value": value}}

    brackets = [{"threshold": since(start), "amount": since(points)} for start, points in ((0.0, 0.0), *one.table)]
    return {"brackets": brackets, "metadata": {"type": "single_amount", "threshold_unit": "/1"}}


def _ranks(name: str) -> Formula:
    def formula(unit: Any, period: Any) -> Any:
        score = unit(name, period)
        return np.searchsorted(np.sort(-score), -score) + 1

    return formula


def _asked(
    work: Workload,
    rules: dict[str, Formula],
    scales: dict[str, Any],
    decimals: int,
    ranked: str,
    asked: tuple[str, ...],
) -> Callable[[], Any]:
    rules["published"] = lambda unit, period: round_(unit("score", period), decimals)
    rules["ranks"] = _ranks(ranked)
    system = TaxBenefitSystem([UNIT])
    system.parameters = ParameterNode("", data=scales)
    for at in range(len(work.matrix)):
        system.add_variable(_variable(f"input_{at}"))
    for name, formula in rules.items():
        system.add_variable(_variable(name, formula, int if name in ("ranks", "grade") else float))
    simulation = SimulationBuilder().build_default_simulation(system, count=work.matrix.shape[1])
    for at, row in enumerate(work.matrix):
        simulation.set_input(f"input_{at}", PERIOD, row)

    def call() -> Any:
        for name in rules:  # what an earlier run worked out is kept otherwise
            simulation.delete_arrays(name)
        return [simulation.calculate(name, PERIOD) for name in asked]

    return call


def _variable(name: str, formula: Formula | None = None, value_type: type = float) -> type[Variable]:
    body: dict[str, Any] = {"value_type": value_type, "entity": UNIT, "definition_period": YEAR, "label": name}
    if formula is not None:
        body["formula"] = formula
    return type(name, (Variable,), body)


PEER = Peer(
    "openfisca-core",
    "openfisca-core",
    version("openfisca-core"),
    {"W1": _w1, "W2": _w2},
    lambda work, made: Answer.of(work.name, *made),
    differs="float32: halves and near scores fall to either side",
)
