"""Every strategy's kernel in floats, fractions and decimals, against values worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction as Q
from typing import Any

import numpy as np
import pytest

from ictindex.model import Case, Level, Levels, Quantity
from ictindex.strategies.aggregations import AGGREGATIONS, Best, Capped, Least, Sum
from ictindex.strategies.base import CONTEXT, DECIMAL, FLOAT, FRACTION, Arithmetic, Child, Fit, Work, common
from ictindex.strategies.classifications import bound, first_reached, key_bound
from ictindex.strategies.means import Geometric, Mean
from ictindex.strategies.measures import MEASURES, AllOf, Assessed, Checks, Choice, Count, Ratio, Value, YesNo
from ictindex.strategies.normalizations import NORMALIZATIONS, Each, Goalposts, Points, Proportional, Steps, StepsDown
from ictindex.strategies.relative import MinMax, OfBest, ZScore

arithmetics = pytest.mark.parametrize("maths", [FLOAT, FRACTION, DECIMAL], ids=lambda maths: maths.name)

A_OVER_B = {"a": Quantity((("a", Q(1)),)), "b": Quantity((("b", Q(1)),))}
WEIGHED = Quantity((("a", Q(1)), ("c", Q(1, 3))), Q(2))


def numbers(maths: Arithmetic, column: Sequence[Any]) -> Any:
    return np.array([maths.number(Q(str(one))) for one in column], maths.dtype)


def near(maths: Arithmetic, found: Any, expected: Any) -> bool:
    """Equal in fractions, and to the arithmetic's own digits otherwise."""
    if maths.name == "fraction":
        return bool(found == expected)
    return bool(abs(Q(found) - Q(expected)) <= Q(1, 10**14 if maths.name == "float" else 10**50))


def measured(measure: Any, maths: Arithmetic, *columns: Sequence[Any]) -> tuple[list[Any], list[bool]]:
    """Measure units given as columns of cells; return the numbers and who has no denominator."""
    size = len(columns[0]) if columns else 1
    cells = [numbers(maths, column) for column in columns]
    with maths.context():
        found, undefined = measure.bind(maths)(cells, np.empty(size, maths.dtype), Work.of(size, maths))
    return list(found), [False] * size if undefined is None else undefined.tolist()


def scaled(
    scale: Any, maths: Arithmetic, column: Sequence[Any], maximum: Any = 10, fit: Fit | None = None, pools: Any = None
) -> tuple[list[Any], list[bool]]:
    """Scale numbers; return the points and who was cut."""
    x, size = numbers(maths, column), len(column)
    with maths.context():
        out = np.empty(size, maths.dtype)
        cut = scale.bind(Q(maximum), maths)(x, out, Work.of(size, maths), fit, pools)
    return list(out), [False] * size if cut is None else cut.tolist()


def combined(
    aggregation: Any, maths: Arithmetic, children: Sequence[Child], points: Sequence[Any], maximum: Any = 10
) -> Any:
    """Combine one unit's points; None is a child that was left out."""
    return combine_all(aggregation, maths, children, [[one] for one in points], maximum)[0][0]


def combine_all(
    aggregation: Any, maths: Arithmetic, children: Sequence[Child], points: Sequence[Sequence[Any]], maximum: Any = 10
) -> tuple[list[Any], list[bool]]:
    size = len(points[0])
    columns = [numbers(maths, [0 if one is None else one for one in column]) for column in points]
    left = [np.array([one is None for one in column]) if None in column else None for column in points]
    with maths.context():
        out = np.empty(size, maths.dtype)
        cut = aggregation.bind(Q(maximum), children, maths)(columns, left, out, Work.of(size, maths))
    return list(out), [False] * size if cut is None else cut.tolist()


def child(maximum: Any, weight: Any = 1, role: Any = "max") -> Child:
    return Child(Q(str(maximum)), Q(str(weight)), role)


# --- measures ------------------------------------------------------------------------------------------------------


@arithmetics
@pytest.mark.parametrize("measure", [Value("x"), Count("x"), YesNo("x"), Assessed("x")], ids=lambda one: repr(one)[:6])
def test_a_single_cell_is_measured_as_typed(measure: Any, maths: Arithmetic) -> None:
    assert measured(measure, maths, ["0.1", "1", "0"])[0] == list(numbers(maths, ["0.1", "1", "0"]))


@arithmetics
def test_an_assessed_index_becomes_points_of_the_maximum(maths: Arithmetic) -> None:
    found, _ = measured(Assessed("x", Q(70, 100)), maths, ["85.5", "0"])
    assert near(maths, found[0], Q("59.85")) and found[1] == 0


@arithmetics
def test_a_choice_earns_the_points_of_its_case(maths: Arithmetic) -> None:
    cases = (Case("a", "đủ", Q(10)), Case("b", "một phần", Q(10, 3)), Case("c", "không"))
    found, _ = measured(Choice("x", cases), maths, [2, 0, 1])
    assert found[0] == 0 and found[1] == 10 and near(maths, found[2], Q(10, 3))


@arithmetics
def test_checks_add_the_points_of_every_yes(maths: Arithmetic) -> None:
    cases = (Case("a", "một", Q("0.1")), Case("b", "hai", Q("0.2")), Case("c", "ba", Q(2, 3)))
    found, _ = measured(Checks(cases), maths, [1, 0, 1], [1, 0, 0], [0, 0, 1])
    assert near(maths, found[0], Q("0.3")) and found[1] == 0 and near(maths, found[2], Q("0.1") + Q(2, 3))


@arithmetics
def test_all_conditions_must_hold(maths: Arithmetic) -> None:
    assert measured(AllOf(("a", "b", "c")), maths, [1, 1, 0], [1, 0, 0], [1, 1, 0])[0] == [1, 0, 0]


@arithmetics
def test_a_ratio_divides_sums_of_inputs_and_multiplies(maths: Arithmetic) -> None:
    measure = Ratio(WEIGHED, Quantity((), Q(7)), per=Q(100))
    found, undefined = measured(measure, maths, [3, 0], [1, 0])
    assert near(maths, found[0], (3 + Q(1, 3) + 2) / 7 * 100) and near(maths, found[1], Q(200, 7))
    assert undefined == [False, False]


@arithmetics
def test_a_ratio_without_a_denominator_is_undefined_for_that_unit_only(maths: Arithmetic) -> None:
    found, undefined = measured(Ratio(**A_OVER_B), maths, [3, 3], [0, 4])
    assert undefined == [True, False] and near(maths, found[1], Q(3, 4))


@arithmetics
def test_a_ratio_below_its_floor_counts_as_nothing(maths: Arithmetic) -> None:
    found, _ = measured(Ratio(**A_OVER_B, floor=Q(1, 3)), maths, [1, 1], [3, 4])
    assert near(maths, found[0], Q(1, 3)) and found[1] == 0


@pytest.mark.parametrize(
    ("measure", "cells", "text"),
    [
        (Value("x"), {"x": "0.5"}, "0.5"),
        (YesNo("x"), {"x": "1"}, "yes"),
        (YesNo("x"), {"x": "0"}, "no"),
        (Choice("x", (Case("a", "đủ", Q(2)),)), {"x": "a"}, "a đủ"),
        (Checks((Case("a", "một", Q(5, 2)), Case("b", "hai", Q(1)))), {"a": "1", "b": "1"}, "2.5 (một) + 1 (hai)"),
        (Checks((Case("a", "một", Q(1)),)), {"a": "0"}, "0"),
        (AllOf(("a", "b")), {"a": "1", "b": "0"}, "1 of 2 conditions hold"),
        (Ratio(**A_OVER_B), {"a": "3", "b": "4"}, "3 / 4"),
        (Ratio(A_OVER_B["a"], Quantity((), Q(12))), {"a": "3"}, "3 / 12"),
        (
            Ratio(Quantity((("a", Q(1)), ("c", Q(1, 2))), Q(2)), A_OVER_B["b"], Q(100)),
            {"a": "3", "b": "4", "c": "5"},
            "(3 + 5 × 0.5 + 2) / 4 × 100",
        ),
    ],
)
def test_a_measure_tells_its_formula_with_the_numbers(measure: Any, cells: dict[str, str], text: str) -> None:
    assert measure.formula(cells) == text


def test_the_inputs_of_a_measure_are_read_in_the_order_of_its_kernel() -> None:
    assert Ratio(WEIGHED, A_OVER_B["b"]).inputs == ("a", "c", "b")
    assert Checks((Case("1.a", "", Q(1)), Case("1.b", "", Q(1)))).inputs == ("1.a", "1.b")


# --- normalizations ------------------------------------------------------------------------------------------------


@arithmetics
def test_a_share_is_multiplied_by_the_maximum_and_cut_at_both_ends(maths: Arithmetic) -> None:
    points, cut = scaled(Proportional(), maths, ["-0.5", "0.25", "1", "1.5"])
    assert points == [0, maths.number(Q(5, 2)), 10, 10]
    assert cut == [False, False, False, True]  # a share of exactly 1 is not cut


@arithmetics
def test_points_are_cut_at_both_ends_unless_they_cannot_leave_them(maths: Arithmetic) -> None:
    assert scaled(Points(), maths, [-1, 3, 10, 12]) == ([0, 3, 10, 10], [False, False, False, True])
    assert scaled(Points(cut=False), maths, [3, 10]) == ([3, 10], [False, False])


@arithmetics
def test_steps_give_the_points_of_the_highest_threshold_reached(maths: Arithmetic) -> None:
    scale = Steps(((Q(9, 10), Q(10)), (Q(7, 10), Q(20, 3)), (Q(1, 2), Q(2))))
    points, _ = scaled(scale, maths, ["0.95", "0.9", "0.8999", "0.7", "0.5", "0.4999", "-1"])
    expected = [Q(10), Q(10), Q(20, 3), Q(20, 3), Q(2), Q(0), Q(0)]
    assert all(near(maths, *pair) for pair in zip(points, expected, strict=True))


@arithmetics
def test_steps_down_give_the_points_of_the_lowest_threshold_kept(maths: Arithmetic) -> None:
    scale = StepsDown(((Q(3), Q(10)), (Q(5), Q(5)), (Q(10), Q(1))))
    assert scaled(scale, maths, [0, 3, "3.1", 5, 10, 11])[0] == [10, 10, 5, 5, 1, 0]


@arithmetics
def test_each_piece_earns_points_up_to_the_maximum(maths: Arithmetic) -> None:
    points, cut = scaled(Each(Q(10, 3)), maths, [-1, 0, 1, 3, 4])
    assert all(near(maths, *pair) for pair in zip(points, [0, 0, Q(10, 3), 10, 10], strict=True))
    assert cut == [False, False, False, False, True]  # three thirds are the maximum, not above it


@arithmetics
def test_goalposts_run_upward_or_downward(maths: Arithmetic) -> None:
    points, cut = scaled(Goalposts(Q(20), Q(85)), maths, [10, 20, 72, 85, 90])
    assert points[:2] == [0, 0] and near(maths, points[2], Q(8)) and points[3:] == [10, 10]
    assert cut == [True, False, False, False, True]
    points, _ = scaled(Goalposts(Q(10), Q(0)), maths, [0, 4, 10, 12])
    assert points == [10, maths.number(Q(6)), 0, 0]


@pytest.mark.parametrize("maths", [FLOAT, DECIMAL], ids=lambda maths: maths.name)
def test_goalposts_on_logarithms_are_those_of_the_human_development_index(maths: Arithmetic) -> None:
    points, _ = scaled(Goalposts(Q(1), Q(16), log=True), maths, [1, 2, 4, 16, 32], maximum=1)
    assert all(near(maths, *pair) for pair in zip(points, [0, Q(1, 4), Q(1, 2), 1, 1], strict=True))
    points, _ = scaled(Goalposts(Q(100), Q(1), log=True), maths, [10], maximum=1)
    assert near(maths, points[0], Q(1, 2))


def fitted(maths: Arithmetic, borrowed: bool = False, **ends: Sequence[Any]) -> Fit:
    return Fit({name: numbers(maths, values) for name, values in ends.items()}, borrowed=borrowed)


@arithmetics
def test_min_max_gives_the_ends_nothing_and_everything(maths: Arithmetic) -> None:
    points, cut = scaled(MinMax(), maths, ["0.1", "0.2", "0.4"], fit=fitted(maths, low=["0.1"], high=["0.4"]))
    assert points[0] == 0 and near(maths, points[1], Q(10, 3)) and points[2] == 10 and cut == [False] * 3


@arithmetics
def test_min_max_of_a_reference_cuts_and_tells_what_lies_outside(maths: Arithmetic) -> None:
    ends = fitted(maths, borrowed=True, low=[2], high=[4])
    assert scaled(MinMax(), maths, [1, 2, 3, 4, 5], fit=ends) == ([0, 0, 5, 10, 10], [True, False, False, False, True])


@arithmetics
def test_min_max_is_half_in_a_pool_where_all_are_equal(maths: Arithmetic) -> None:
    pools = np.array([0, 1, 1])
    points, _ = scaled(MinMax(), maths, [7, 1, 3], fit=fitted(maths, low=[7, 1], high=[7, 3]), pools=pools)
    assert points == [5, 0, 10]


@arithmetics
def test_a_z_score_is_the_distance_from_the_mean_in_deviations(maths: Arithmetic) -> None:
    learned = fitted(maths, low=[1], high=[9], mean=[5], deviation=[2])
    points, _ = scaled(ZScore(), maths, [1, 5, 6], maximum=1, fit=learned)
    assert points == [-2, 0, maths.number(Q(1, 2))]
    flat = fitted(maths, low=[5], high=[5], mean=[5], deviation=[0])
    assert scaled(ZScore(), maths, [5], maximum=3, fit=flat)[0] == [0]


@arithmetics
def test_of_best_divides_by_the_largest_and_gives_nothing_where_nobody_has_any(maths: Arithmetic) -> None:
    pools = np.array([0, 0, 0, 1])
    learned = fitted(maths, low=[-1, 0], high=[4, 0])
    assert scaled(OfBest(), maths, [-1, 1, 4, 0], fit=learned, pools=pools)[0] == [0, maths.number(Q(5, 2)), 10, 0]


def test_a_relative_scale_does_not_run_before_it_was_fitted() -> None:
    with pytest.raises(AssertionError, match="before it was fitted"):
        scaled(MinMax(), FLOAT, [1])


@pytest.mark.parametrize(
    ("scale", "text"),
    [
        (Proportional(), "0.5 × 10"),
        (Points(), "0.5"),
        (Steps(((Q(9, 10), Q(10)), (Q(1, 2), Q(2)))), "0.5 (≥ 0.9: 10; ≥ 0.5: 2)"),
        (StepsDown(((Q(3), Q(10)),)), "0.5 (≤ 3: 10)"),
        (Each(Q(5, 2)), "min(0.5 × 2.5, 10)"),
        (Goalposts(Q(20), Q(85)), "(0.5 − 20) / (85 − 20) × 10"),
        (Goalposts(Q(1), Q(16), log=True), "(ln 0.5 − ln 1) / (ln 16 − ln 1) × 10"),
        (MinMax(), "(0.5 − 0.1) / (0.9 − 0.1) × 10"),
        (ZScore(), "(0.5 − 0.4) / 0.2 × 10"),
        (OfBest(), "0.5 / 0.9 × 10"),
    ],
)
def test_a_scale_tells_its_formula_with_the_numbers(scale: Any, text: str) -> None:
    learned = {"low": "0.1", "high": "0.9", "mean": "0.4", "deviation": "0.2"}
    assert scale.formula("0.5", "10", learned) == text


def test_a_scale_says_which_way_is_better_and_what_it_needs() -> None:
    assert (Goalposts(Q(0), Q(1)).monotone, Goalposts(Q(1), Q(0)).monotone, StepsDown(()).monotone) == (1, -1, -1)
    assert Goalposts(Q(1), Q(2), log=True).irrational and not Goalposts(Q(1), Q(2)).irrational
    assert [NORMALIZATIONS[name].fitting for name in NORMALIZATIONS] == ["none"] * 4 + ["moments"] * 3


# --- aggregations --------------------------------------------------------------------------------------------------


@arithmetics
def test_a_sum_adds_and_takes_bonuses_and_deductions(maths: Arithmetic) -> None:
    children = (child(6), child(4), child(1, role="bonus"), child(1, role="deduct"))
    assert near(maths, combined(Sum(), maths, children, ["0.1", "0.2", 1, "0.5"]), Q("0.8"))


@arithmetics
def test_a_bonus_does_not_lift_a_heading_above_its_maximum_nor_a_deduction_below_nothing(maths: Arithmetic) -> None:
    children = (child(6), child(4), child(1, role="bonus"), child(1, role="deduct"))
    points, cut = combine_all(Sum(), maths, children, [[6, 0], [4, 0], [1, 0], [0, 1]])
    assert points == [10, 0] and cut == [True, False]


@arithmetics
@pytest.mark.parametrize("first", [["0.5", "6"], ["6", "0.5"]])
def test_a_deduction_may_come_first(maths: Arithmetic, first: list[str]) -> None:
    roles = {"0.5": child(1, role="deduct"), "6": child(10)}
    assert near(maths, combined(Sum(), maths, [roles[one] for one in first], first), Q("5.5"))


@arithmetics
def test_a_capped_sum_stops_at_the_maximum(maths: Arithmetic) -> None:
    points, cut = combine_all(Capped(), maths, (child(6), child(6)), [[6, 6, 4], [6, 4, 4]])
    assert points == [10, 10, 8] and cut == [True, False, False]


@arithmetics
def test_a_weighted_mean_is_of_shares_of_each_maximum(maths: Arithmetic) -> None:
    children = (child(100, 2), child("0.5", 1), child(0, 5))  # an informational row weighs nothing
    assert near(maths, combined(Mean(), maths, children, [80, "0.25", 0]), (Q(8, 10) * 2 + Q(1, 2)) / 3 * 10)


@arithmetics
def test_the_mean_of_equals_is_one_division(maths: Arithmetic) -> None:
    assert near(maths, combined(Mean(), maths, (child(1), child(1), child(1)), ["0.1", "0.2", "0.3"], 1), Q("0.2"))


@arithmetics
def test_a_mean_leaves_out_who_is_left_out(maths: Arithmetic) -> None:
    children = (child(1, "0.4"), child(1, "0.3"), child(1, "0.3"))
    points, _ = combine_all(Mean(), maths, children, [["0.5", None], ["0.6", None], [None, None]], 1)
    assert near(maths, points[0], (Q("0.2") + Q("0.18")) / Q("0.7")) and points[1] == 0


@pytest.mark.parametrize("maths", [FLOAT, DECIMAL], ids=lambda maths: maths.name)
def test_a_geometric_mean_multiplies_shares(maths: Arithmetic) -> None:
    children = (child(1), child(1), child(0))
    assert near(maths, combined(Geometric(), maths, children, ["0.25", 1, 0], 1), Q(1, 2))
    assert combined(Geometric(), maths, children, [0, 1, 0], 1) == 0
    assert combined(Geometric(), maths, children, ["-0.5", 1, 0], 1) == 0  # below 0 counts as 0
    assert near(maths, combined(Geometric(), maths, children, [None, "0.3", 0], 1), Q("0.3"))
    weighed = (child(8, 3), child(16, 1))
    assert near(maths, combined(Geometric(), maths, weighed, [8, 1], 16), Q(8))  # 1^(3/4) * (1/16)^(1/4) * 16


@arithmetics
def test_the_best_and_the_least_take_one_child(maths: Arithmetic) -> None:
    children = (child(10), child(10), child(10))
    assert combined(Best(), maths, children, [3, 7, 5]) == 7
    assert combined(Least(), maths, children, [3, 7, 5]) == 3
    assert combined(Best(), maths, children, [3, None, 5]) == 5
    assert combined(Least(), maths, children, [None, 7, 5]) == 5
    assert combined(Best(), maths, children, [3, 7, 5], maximum=6) == 6


def test_what_full_marks_give_a_heading() -> None:
    children = (child(6), child(7), child(2, role="bonus"))
    reach = {name: AGGREGATIONS[name]().reach(Q(10), children) for name in AGGREGATIONS}
    assert reach == {"sum": 13, "capped": 10, "mean": 10, "geometric": 10, "best": 7, "least": 2}


@pytest.mark.parametrize("combine", [Mean(), Geometric()])
def test_a_mean_has_no_known_grain(combine: Any) -> None:
    assert combine.grain(Q(10), (child(1),), (1,)) is None


# --- contributions -------------------------------------------------------------------------------------------------


def test_a_sum_cut_by_its_maximum_is_shared_in_proportion() -> None:
    parts = Sum().contributions(Q(10), (child(8), child(4), child(1, role="deduct")), (Q(8), Q(4), Q(0)), Q(10))
    assert parts == (Q(20, 3), Q(10, 3), 0)


def test_a_score_that_no_child_explains_is_shared_evenly() -> None:
    assert Sum().contributions(Q(10), (child(8), child(2)), (Q(0), None), Q(4)) == (2, 2)


def test_the_first_child_with_the_deciding_points_brings_them_all() -> None:
    children = (child(10), child(10), child(10))
    assert Best().contributions(Q(10), children, (Q(3), Q(7), Q(7)), Q(7)) == (0, 7, 0)
    assert Least().contributions(Q(10), children, (None, Q(7), Q(3)), Q(3)) == (0, 0, 3)
    assert Best().contributions(Q(10), children, (None, None, None), Q(0)) == (0, 0, 0)


def test_in_a_geometric_mean_what_was_lost_is_lost_by_those_who_lost_it() -> None:
    with DECIMAL.context():
        parts = Geometric().contributions(Q(1), (child(1), child(1)), (Q(1), Q(1, 4)), Decimal("0.5"))
        assert parts == (Decimal("0.5"), Decimal(0))
        parts = Geometric().contributions(Q(1), (child(1), child(1), child(1)), (Q(1), Q(0), None), Decimal(0))
        assert parts == (Decimal("0.5"), Decimal("-0.5"), Decimal(0))
        parts = Geometric().contributions(Q(1), (child(1), child(1)), (Q(1), Q(1)), Decimal(1))
        assert parts == (Decimal("0.5"), Decimal("0.5"))


# --- levels, and small things --------------------------------------------------------------------------------------


def test_a_level_starts_at_its_lower_bound_a_share_or_a_score() -> None:
    levels = Levels((Level("I", Q(9, 10)), Level("II", Q(70), of_max=False)))
    assert bound(levels, 0, Q(200)) == (180, False)
    assert bound(levels, 1, Q(200)) == (70, False)


@pytest.mark.parametrize(
    ("between", "expected"), [("lower", (85, False)), ("round", (Q("84.5"), False)), ("upper", (84, True))]
)
def test_a_score_between_printed_bands_goes_where_the_scheme_says(between: Any, expected: Any) -> None:
    bands = (Level("Tốt", Q(85), Q(100), of_max=False), Level("Khá", Q(70), Q(84), of_max=False))
    assert bound(Levels(bands, between), 0, Q(100)) == expected
    shares = (Level("Tốt", Q(85, 100), Q(1)), Level("Khá", Q(7, 10), Q(84, 100)))
    assert bound(Levels(shares, between), 0, Q(100)) == expected


def test_the_lowest_band_starts_at_its_own_bound() -> None:
    bands = (Level("Tốt", Q(85), of_max=False), Level("Khá", Q(70), of_max=False))
    assert bound(Levels(bands, "upper"), 1, Q(100)) == (70, False)
    assert bound(Levels(bands, "upper"), 0, Q(100)) == (85, False)  # no upper end is printed below


def test_the_smallest_published_score_of_a_level() -> None:
    assert key_bound(Q("84.5"), False, 1) == 845
    assert key_bound(Q("84.5"), True, 1) == 846
    assert key_bound(Q(2, 3), False, 2) == 67
    assert key_bound(Q(2, 3), True, 2) == 67


def test_a_unit_has_the_first_level_it_reaches() -> None:
    reached = [np.array([True, False, False]), np.array([True, True, False])]
    assert first_reached(reached).tolist() == [0, 1, -1]


def test_grains_are_given_up_where_they_grow_beyond_use() -> None:
    assert common(4, 6) == 12
    assert common() == 1
    assert common(4, None) is None
    assert common(10**12, 7) is None


def test_every_built_in_strategy_has_words_for_a_person() -> None:
    for strategy in (*MEASURES.values(), *NORMALIZATIONS.values(), *AGGREGATIONS.values()):
        for text in (strategy.title, strategy.description):  # in English and in Vietnamese
            english, vietnamese = text.split(" / ")
            assert english and vietnamese != english


def test_decimals_have_sixty_digits() -> None:
    third = DECIMAL.number(Q(1, 3))
    assert len(third.as_tuple().digits) == CONTEXT.prec == 60
