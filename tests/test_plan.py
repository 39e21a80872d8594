"""A compiled scheme: what is done in which order, and what a strategy may refuse."""

from __future__ import annotations

import pickle
from fractions import Fraction as Q
from typing import Any

import pytest
from attrs import evolve
from made import alone, assessed, group, leaf, ratio, rule, scheme, totals, value

from ictindex.compiling import compile_scheme
from ictindex.errors import SchemeInvalid, UnknownName
from ictindex.model import TOTAL, Publication, RankRule, Row, Scheme
from ictindex.plan import Heading, Leaf, Plan, points_per_unit, upward
from ictindex.plugins import vocabulary
from ictindex.strategies.base import DECIMAL, FRACTION


def planned(made: Scheme) -> Plan:
    return compile_scheme(made, vocabulary())


def two_levels() -> Scheme:
    below = group("A", 2, value("x", 1, scale=rule("min-max", over="pool")), value("y", 1), combine="mean")
    return scheme(group(TOTAL, 4, evolve(below, scale=rule("z-score", over="all")), value("z", 2)))


def test_a_plan_reads_as_its_stages() -> None:
    assert str(planned(two_levels())).splitlines() == [
        "stage 1",
        "  measure x",
        "  score y",
        "  score z",
        "  fit x over the units",
        "stage 2",
        "  scale x",
        "  combine A",
        "  fit A over the units",
        "stage 3",
        "  scale A",
        "  combine total",
    ]


def test_children_come_before_their_heading() -> None:
    plan = planned(two_levels())
    assert [node.row.code for node in upward(plan.nodes)] == ["x", "y", "A", "z", TOTAL]
    assert [node.row.code for node in plan.nodes] == [TOTAL, "A", "x", "y", "z"]


def test_places_and_parents() -> None:
    plan = planned(two_levels())
    assert [plan.parent(plan.place(code)) for code in (TOTAL, "A", "x", "z")] == [-1, 0, 1, 0]
    assert plan.totals == (0,)
    assert planned(totals(value("x", 1), value("y", 1))).totals == (1, 2)
    with pytest.raises(KeyError):
        plan.place("w")


def test_what_stands_below_a_row_is_found_with_the_row_first() -> None:
    plan = planned(two_levels())
    below = {node.row.code: [plan.nodes[place].row.code for place in plan.below(node.place)] for node in plan.nodes}
    assert below == {TOTAL: [TOTAL, "A", "x", "y", "z"], "A": ["A", "x", "y"], "x": ["x"], "y": ["y"], "z": ["z"]}


def test_ranks_are_made_on_a_row_and_on_those_that_break_its_ties() -> None:
    ranked = evolve(two_levels().root, rank=RankRule(then=("z", "i", "x")))
    root = evolve(ranked, children=(*ranked.children, value("i", 0)))
    plan = planned(scheme(root))
    assert [plan.nodes[place].row.code for place in plan.rank_chain(0)] == [TOTAL, "z", "x"]
    assert plan.rank_chain(plan.place("y")) == (plan.place("y"),)


def test_a_plan_says_whether_units_are_compared_and_where_within_pools() -> None:
    plan = planned(two_levels())
    assert plan.relative and [plan.pooled(place) for place in range(5)] == [False, False, True, False, False]
    assert not planned(alone(value("x", 1))).relative


@pytest.mark.parametrize(
    ("row", "arithmetic"),
    [
        (value("x", 1), FRACTION),
        (value("x", 1, scale=rule("min-max", over="all")), FRACTION),
        (value("x", 1, scale=rule("z-score", over="all")), DECIMAL),
        (value("x", 1, scale=rule("goalposts", start=Q(1), end=Q(2), log=True)), DECIMAL),
        (value("x", 1, scale=rule("goalposts", start=Q(1), end=Q(2), log=False)), FRACTION),
        (group("A", 1, value("x", 1), combine="geometric"), DECIMAL),
    ],
)
def test_the_exact_arithmetic_is_decimal_where_roots_or_logarithms_enter(row: Row, arithmetic: Any) -> None:
    assert planned(alone(row)).arithmetic is arithmetic


def test_the_nearest_policy_above_is_in_force() -> None:
    inner = group("A", 2, value("x", 1), value("y", 1, missing="refuse"), missing="zero", not_applicable="rescale")
    plan = planned(scheme(group(TOTAL, 3, inner, value("z", 1))))
    policies = {node.row.code: (node.missing, node.not_applicable) for node in plan.nodes if isinstance(node, Leaf)}
    assert policies == {"x": ("zero", "rescale"), "y": ("refuse", "rescale"), "z": ("refuse", "refuse")}


def test_points_left_out_are_converted_back_where_a_sum_ends() -> None:
    summed = group("A", 2, value("x", 1), value("y", 1))
    meant = group("B", 2, value("p", 1), value("q", 1), combine="mean")
    plan = planned(scheme(group(TOTAL, 4, summed, meant)))
    assert {node.row.code for node in plan.nodes if node.rescales} == {TOTAL, "p", "q"}
    stated = planned(scheme(group(TOTAL, 2, evolve(summed, missing="rescale"))))
    assert {node.row.code for node in stated.nodes if node.rescales} == {TOTAL, "A"}


def test_an_assessed_row_learns_how_its_published_scale_becomes_points() -> None:
    row = assessed("x", 70, publish=Publication("percent", 1))
    node = planned(alone(row)).nodes[1]
    assert isinstance(node, Leaf)
    assert node.measure.factor == points_per_unit(row) == Q(7, 10)


def test_a_top_that_combines_nothing_has_no_aggregation() -> None:
    node = planned(totals(value("x", 1))).nodes[0]
    assert isinstance(node, Heading) and node.aggregation is None and node.children == (1,)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (value("x", 1, scale=rule("each", pieces=Q(1))), "x: normalization 'each' refuses its parameters"),
        (leaf("x", 1, rule("ratio", above=1)), "x: measure 'ratio' refuses its parameters"),
    ],
)
def test_parameters_that_a_strategy_refuses_are_told_at_their_row(row: Row, told: str) -> None:
    with pytest.raises(SchemeInvalid, match=told) as caught:
        planned(alone(evolve(row, line=17)))
    assert caught.value.problems[0].where.line == 17


def test_a_strategy_that_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownName, match="no aggregation 'summe'"):
        planned(scheme(group(TOTAL, 1, value("x", 1), combine="summe")))


def test_a_row_is_an_indicator_or_a_group() -> None:
    with pytest.raises(TypeError, match="an Indicator or a Group, not Row"):
        planned(scheme(group(TOTAL, 1, Row(code="x", name="x"))))


def test_a_plan_survives_another_process() -> None:
    made = scheme(group(TOTAL, 2, ratio("x", 1), value("y", 1)))
    again = pickle.loads(pickle.dumps(planned(made)))  # noqa: S301 - our own bytes
    assert again.scheme == made and str(again) == str(planned(made)) and again.place("y") == 2
