"""What an explanation says is true of the unit: figures that are odd, rows that were merged, pools with nobody."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction as Q
from typing import Any

import pytest
from made import alone, group, ratio, rule, scheme, value

from ictindex.assembling import table_from_columns
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.explaining.telling import rule as told
from ictindex.explanation import Explained
from ictindex.model import TOTAL, Pools, Scheme
from ictindex.plugins import vocabulary
from ictindex.result import Result
from ictindex.strategies.aggregations import Best, Least
from ictindex.strategies.base import Child

STEPS = rule("steps", table=((Q(1), Q(10)), (Q(1, 2), Q(5))))
MIN_MAX = rule("min-max", over="pool")


def scored(made: Scheme, **cells: list[Any]) -> Result:
    columns = {key.replace("_", "."): column for key, column in cells.items()}
    columns.setdefault("unit", [f"u{at}" for at in range(len(next(iter(cells.values()))))])
    return run(compile_scheme(made, vocabulary()), table_from_columns(made, columns))


def explained(made: Scheme, code: str, unit: str = "u0", **cells: list[Any]) -> Explained:
    return scored(made, **cells).explain(unit).row(code)


def sentence(row: Explained) -> str:
    return " | ".join(told(row))


def test_a_ratio_below_its_floor_is_told_as_it_is() -> None:
    row = explained(alone(ratio("r", 10, floor=Q(2, 5))), "r", r_a=[3], r_b=[10])
    assert row.words == "3 of 10, that is 30 %, less than 40 % and so counted as 0, of a maximum of 10"
    assert row.matched is not None and row.matched.needs == Q(7, 10)
    per = explained(alone(ratio("r", 10, floor=Q(40), per=Q(100), scale=STEPS)), "r", r_a=[3], r_b=[10])
    assert per.words == "3 of 10, that is 30 for every 100, less than 40 and so counted as 0"


@pytest.mark.parametrize(("floor", "away"), [(Q(2, 5), Q(1, 5)), (Q(7, 10), Q(2, 5))])
def test_the_next_step_is_as_far_as_the_ratio_itself_and_never_below_the_floor(floor: Q, away: Q) -> None:
    made = alone(ratio("r", 10, floor=floor, scale=STEPS))
    row = explained(made, "r", r_a=[3], r_b=[10])
    assert row.matched is not None and (row.matched.next, row.matched.needs) == ("0.5", away)
    assert explained(made, "r", r_a=[3 + 10 * away], r_b=[10]).points == 5


@pytest.mark.parametrize(("meaning", "points"), [("zero", 0), ("full", 10)])
def test_what_is_divided_by_0_comes_to_no_number(meaning: str, points: int) -> None:
    row = explained(alone(ratio("r", 10, if_none=meaning, scale=STEPS)), "r", r_a=[5], r_b=[0])
    assert sentence(row) == f"5 / 0: divided by 0, so {points}"
    plain = explained(alone(ratio("r", 10, if_none=meaning)), "r", r_a=[5], r_b=[0])
    assert (plain.points, plain.flags) == (points, ("no-denominator",))


def test_a_unit_of_several_rows_is_their_mean_and_no_rule_of_the_first() -> None:
    made = scheme(group(TOTAL, 20, ratio("r", 10), value("v", 10)), merged="mean-of-rows")
    result = scored(made, unit=["a", "a", "b"], r_a=[3, 9, 5], r_b=[10, 10, 10], v=[4, 8, 2])
    row = result.explain("a").row("r")
    assert (row.points, sentence(row), row.inputs) == (6, "the mean of 2 rows of the table: 6", ())
    assert sentence(result.explain("b").row("r")).endswith("5 / 10 × 10 = 5")
    capped = group(TOTAL, 10, value("x", 8), value("y", 8), combine="capped")
    both = scored(scheme(capped, merged="mean-of-rows"), unit=["a", "a"], x=[8, 1], y=[8, 1])
    assert sentence(both.explain("a").root) == "the mean of 2 rows of the table: 6"


@pytest.mark.parametrize("policy", ["zero", "rescale"])
def test_a_pool_without_figures_teaches_nothing(policy: Any) -> None:
    made = scheme(group(TOTAL, 20, value("x", 10, scale=MIN_MAX), value("v", 10), missing=policy), pools=Pools("k", ()))
    row = explained(made, "x", "u2", k=["p", "p", "q"], x=[3, 5, None], v=[1, 2, 3])
    assert not row.fit


def test_large_figures_that_differ_are_not_told_as_equal() -> None:
    made = alone(value("x", 10, scale=MIN_MAX))
    row = explained(made, "x", "u1", x=[1000000000001, 1000000000002, 1000000000003])
    assert row.fit["low"] == "1000000000001" and "1000000000001, the lowest," in row.words
    assert row.formula == "(1000000000002 − 1000000000001) / (1000000000003 − 1000000000001) × 10"
    near = explained(made, "x", "u1", x=["0.300000000001", "0.300000000002", "0.300000000003"])
    assert (near.points, near.fit["low"]) == (5, "0.300000000001")


def test_a_heading_that_was_cut_or_converted_and_then_scaled_tells_both() -> None:
    top = {"combine": "capped", "scale": rule("z-score", over="all")}
    made = scheme(group(TOTAL, 10, group("A", 10, value("x", 9), value("y", 4), **top)))
    row = explained(made, "A", x=[9, 1, 2], y=[4, 2, 3])
    assert row.formula.startswith("min(9 + 4, 10) = 10; (1 − 0.6) / ") and "cut to" not in sentence(row)
    halves = group("A", 20, value("x", 10), value("y", 10), scale=MIN_MAX)
    left = explained(scheme(group(TOTAL, 20, halves, missing="rescale")), "A", x=[6, 1, 9], y=[None, 3, 5])
    assert left.formula == "6 / (20 − 10) × 20 = 12; (0.6 − 0.2) / (0.7 − 0.2) × 20" and left.points == 16


def test_a_figure_below_0_earns_0_and_the_calculation_says_so() -> None:
    each = explained(alone(value("x", 10, scale=rule("each", points=Q(2)))), "x", x=[-1])
    assert sentence(each).endswith("max(min(-1 × 2, 10), 0) = 0")
    best = explained(alone(value("x", 10, scale=rule("of-best", over="all"))), "x", x=[-1, 3])
    assert sentence(best).endswith("max(-1 / 3 × 10, 0) = 0")


@pytest.mark.parametrize("combine", [Best(), Least()])
def test_points_that_only_an_arithmetic_tells_apart_are_tied_and_the_first_brings_them(combine: Any) -> None:
    other = Decimal("2." + "9" * 58) if isinstance(combine, Least) else Decimal("3." + "0" * 57 + "1")
    children = (Child(Q(5), Q(1)), Child(Q(5), Q(1)))
    parts = combine.contributions(Q(5), children, (Decimal(3), other), Decimal(3))
    assert parts == (3, 0)


def test_below_a_heading_that_is_scaled_again_a_better_figure_contributes_more() -> None:
    """A line of slope 1 / (high - low): half of x and half of y, and the line's own end spread by weight."""
    below = (value("x", 10), value("y", 10))
    made = scheme(group(TOTAL, 10, group("A", 10, *below, combine="mean", scale=MIN_MAX)))
    row = explained(made, "A", x=[2, 6, 8], y=[2, 0, 8])  # composites 2, 3 and 8 of 10
    assert [one.contribution for one in row.children] == [0, 0]
    result = scored(made, x=[2, 6, 8], y=[2, 0, 8])
    parts = [one.contribution for one in result.explain("u1").row("A").children]
    assert parts == [(Q(3) - 1) / Q(6, 10), (Q(0) - 1) / Q(6, 10)]


def test_what_is_above_the_mean_adds_to_the_total_wherever_its_group_stands() -> None:
    z = rule("z-score", over="all")
    inner = group("A", 1, value("x", 1, scale=z), value("y", 1, scale=z), combine="mean")
    made = scheme(group(TOTAL, 1, inner, value("w", 1, scale=z), combine="mean", scale=rule("min-max", over="all")))
    result = scored(made, x=[1, 5, 9, 5], y=[6, 1, 1, 2], w=[3, 1, 9, 9])
    for code in ("x", "y", "w"):
        rows = sorted((result.explain(unit).row(code) for unit in result.units), key=lambda row: Q(row.points or 0))
        slopes = {
            round((Q(other.to_total) - Q(one.to_total)) / (Q(other.points) - Q(one.points)), 9)
            for one, other in itertools.pairwise(rows)
            if other.points != one.points
        }
        assert len(slopes) == 1 and slopes.pop() > 0


def test_below_a_weak_row_of_a_geometric_mean_the_better_row_still_contributes_more() -> None:
    weak = group("B", 10, value("x", 5), value("y", 5))
    made = scheme(group(TOTAL, 10, value("z", 10), weak, combine="geometric"))
    root = scored(made, z=[10], x=[1], y=["0.1"]).explain("u0").root
    found = {row.code: row.to_total for row in root.walk()}
    assert found["B"] < 0 and found["x"] > found["y"]
    assert abs(Q(found["x"]) + Q(found["y"]) - Q(found["B"])) < Q(1, 10**40)


def test_what_a_scale_adds_to_a_sum_is_spread_by_the_maxima_and_not_to_deductions() -> None:
    rows = (value("x", 8), value("y", 2), value("d", 5, role="deduct"))
    made = scheme(group(TOTAL, 10, group("A", 10, *rows, scale=MIN_MAX)))
    result = scored(made, x=[2, 6, 7], y=[2, 2, 1], d=[2, 0, 0])  # sums 2, 8 and 8 of 10
    found = [one.contribution for one in result.explain("u0").row("A").children]
    line, shift = 1 / Q(6, 10), -Q(2) / Q(6, 10)
    assert found == [2 * line + shift * Q(8, 10), 2 * line + shift * Q(2, 10), -2 * line]


def test_goalposts_of_a_heading_are_a_line_of_what_lies_below() -> None:
    """Composites from 20 % to 60 % bring 0 to 10 points: a point below is worth 2.5, and the start is spread."""
    goalposts = rule("goalposts", start=Q(1, 5), end=Q(3, 5))
    made = scheme(group(TOTAL, 10, group("A", 10, value("x", 8), value("y", 2), scale=goalposts)))
    found = [one.contribution for one in scored(made, x=[4], y=[1]).explain("u0").row("A").children]
    assert found == [4 * Q(5, 2) - 5 * Q(8, 10), Q(5, 2) - 5 * Q(2, 10)]
