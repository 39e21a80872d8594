"""How sure floats are: the claimed bounds hold, what they leave open is settled, and nothing else is run again."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction as Q
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import alone, assessed, group, leaf, ratio, rule, scheme, value
from strategies import worlds
from test_laws import as_table

from ictindex.assembling import table_from_columns
from ictindex.bounds import grains
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.filling import fill
from ictindex.matrix import Flag
from ictindex.model import TOTAL, Level, Levels, Publication, Quantity, RankRule, Scheme
from ictindex.plan import Leaf, Plan
from ictindex.plugins import vocabulary
from ictindex.reading import Reader
from ictindex.result import Result
from ictindex.strategies.base import FLOAT, FRACTION
from ictindex.table import Table

SLOW = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
LARGE = 9 * 10**15


def planned(made: Scheme) -> Plan:
    return compile_scheme(made, vocabulary())


def columns(made: Scheme, **cells: Iterable[Any]) -> Table:
    named = {key.replace("_", "."): list(found) for key, found in cells.items()}
    units = [f"u{at}" for at in range(max(map(len, named.values())))]
    return table_from_columns(made, {"unit": units, **named})


def scored(made: Scheme, **cells: Iterable[Any]) -> Result:
    return run(planned(made), columns(made, **cells))


def of_ratio(scale: Any = None, maximum: Any = 1, decimals: int = 2, **more: Any) -> Scheme:
    """A scheme of one ratio `1.a` / `1.b`; cells are given as `x1_a` and so on."""
    publish = Publication("points", decimals)
    return alone(ratio("x1", Q(maximum), scale=scale, publish=publish, **more), publish=publish)


# --- the claims hold -----------------------------------------------------------------------------------------------


@SLOW
@given(worlds())
def test_no_float_is_further_from_the_exact_number_than_claimed(world: Any) -> None:
    made, rows = world
    plan, table = planned(made), as_table(made, rows)
    floats, exact = fill(plan, table), fill(plan, table, plan.arithmetic)
    for node in plan.nodes:
        for unit in np.flatnonzero(~floats.doubt & floats.scored(node.place)):
            off = abs(Q(floats.points[node.place, unit]) - Q(exact.points[node.place, unit]))
            if np.isfinite(floats.errors[node.place]):
                assert off <= Q(floats.errors[node.place]), node.row.code


@SLOW
@given(worlds())
def test_points_are_multiples_of_the_claimed_grain(world: Any) -> None:
    made, rows = world
    plan, table = planned(made), as_table(made, rows)
    exact = fill(plan, table, plan.arithmetic)
    for place, grain in enumerate(grains(plan, table, exact.stretch)):
        if grain is not None:
            multiples = [Q(points) * grain for points in exact.points[place]]
            assert all(abs(one - round(one)) < Q(1, 10**40) for one in multiples), plan.nodes[place].row.code


@SLOW
@given(worlds(irrational=False, relative=False))
def test_measured_numbers_have_no_larger_denominator_than_claimed(world: Any) -> None:
    made, rows = world
    plan, table = planned(made), as_table(made, rows)
    exact, reader = fill(plan, table, FRACTION), Reader(plan, table, FLOAT)
    for single in (node for node in plan.nodes if isinstance(node, Leaf) and node.place in exact.numbers):
        inputs = single.measure.inputs
        claimed = single.measure.denominator(reader.decimals(inputs), reader.largest(inputs))
        if single.row.measure.name in ("ratio", "checks"):
            assert max(number.denominator for number in exact.numbers[single.place]) <= max(claimed, 1)


def test_a_denominator_of_zero_has_a_claim_too() -> None:
    made = of_ratio(b=Quantity((("x1.b", Q(1)),)), if_none="zero")
    plan, table = planned(made), columns(made, x1_a=[Q(3, 5)], x1_b=[0])
    measure, place = plan.nodes[1].measure, plan.nodes[1].place
    reader = Reader(plan, table, FLOAT)
    claimed = measure.denominator(reader.decimals(measure.inputs), reader.largest(measure.inputs))
    assert fill(plan, table, FRACTION).numbers[place][0].denominator <= claimed


AMOUNTS = st.integers(1, 10**13).map(lambda cell: Q(cell, 1000))
SCALES = {
    "none": None,
    "goalposts": rule("goalposts", start=Q(1, 10), end=Q(7, 3), log=False),
    "log": rule("goalposts", start=Q(1, 1000), end=Q(1000), log=True),
    "each": rule("each", points=Q(1, 3)),
    "min-max": rule("min-max", over="all"),
    "z-score": rule("z-score", over="all"),
    "of-best": rule("of-best", over="all"),
}


@pytest.mark.parametrize("combine", ["sum", "capped", "mean", "geometric", "best", "least"])
@pytest.mark.parametrize("scale", list(SCALES))
@settings(max_examples=25)
@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), min_size=2, max_size=5, unique_by=lambda row: row[0] / row[1]))
def test_the_claimed_error_covers_large_and_odd_figures(scale: str, combine: str, rows: list[tuple[Q, Q, Q]]) -> None:
    most = Q(10, 3)
    other = Quantity((("y.b", Q(1)), ("x.b", Q(1, 7))), Q(1, 9))
    root = group(
        TOTAL, most * (2 if combine == "sum" else 1), ratio("x", most, scale=SCALES[scale]), ratio("y", most, b=other)
    )
    made = scheme(evolve(root, combine=rule(combine)))
    a, b, c = zip(*rows, strict=True)
    plan, table = planned(made), columns(made, x_a=a, x_b=b, y_a=c, y_b=a)
    floats, exact = fill(plan, table), fill(plan, table, plan.arithmetic)
    for place, error in enumerate(floats.errors):
        for found, sure in zip(floats.points[place], exact.points[place], strict=True):
            assert not np.isfinite(error) or abs(Q(found) - Q(sure)) <= Q(error)


# --- thresholds ----------------------------------------------------------------------------------------------------

NINETY = rule("steps", table=((Q(9, 10), Q(1)),))
UP_TO_NINETY = rule("steps-down", table=((Q(9, 10), Q(1)),))


@pytest.mark.parametrize(
    ("numerator", "reached", "kept"),
    [(899_999_999_999_999, 0, 1), (900_000_000_000_000, 1, 1), (900_000_000_000_001, 1, 0)],
)
def test_a_hair_beside_a_threshold_is_not_on_it(numerator: int, reached: int, kept: int) -> None:
    for scale, points in ((NINETY, reached), (UP_TO_NINETY, kept)):
        result = scored(of_ratio(scale), x1_a=[numerator, 1], x1_b=[10**15, 10**15])
        assert result.points()[0] == points
        assert result.flags("total", "u0") == ("exact",) and result.flags("total", "u1") == ()
        assert result.settled.settled == 1


@pytest.mark.parametrize("factor", [1, 3, 7, 49, 10**6])
def test_a_threshold_is_reached_exactly_whatever_the_division_leaves(factor: int) -> None:
    for scale in (NINETY, UP_TO_NINETY):
        result = scored(of_ratio(scale), x1_a=[9 * factor], x1_b=[10 * factor])
        assert result.points().tolist() == [1]
        assert result.settled.settled == 0  # figures so coarse cannot come that near without being equal


def test_figures_of_many_decimals_are_settled_near_a_threshold() -> None:
    cells = {"x1_a": ["0.0899999999999999", "0.09", "0.05"], "x1_b": ["0.1", "0.1", "0.1"]}
    result = scored(of_ratio(NINETY), **cells)
    assert result.points().tolist() == [0, 1, 0] and result.settled.settled == 2


def test_an_assessed_index_a_hair_below_a_threshold_is_not_on_it() -> None:
    row = assessed("x1", 70, scale=rule("steps", table=((Q(63), Q(70)),)), publish=Publication("index", 4))
    result = scored(alone(row), x1=["0.8999999999999999", "0.9"])
    assert result.points().tolist() == [0, 70]


def test_a_threshold_of_a_third_is_reached_by_a_third() -> None:
    third = rule("steps", table=((Q(1, 3), Q(1)),))
    assert scored(of_ratio(third), x1_a=[1, 3, 333_333], x1_b=[3, 9, 10**6]).points().tolist() == [1, 1, 0]


def test_a_floor_is_a_threshold_too() -> None:
    floored = of_ratio(None, floor=Q(9, 10))
    result = scored(floored, x1_a=[899_999_999_999_999, 9, 89], x1_b=[10**15, 10, 100])
    assert result.points().tolist() == [0, 0.9, 0]


def test_a_ratio_a_hair_above_one_is_cut_and_told_and_one_is_not() -> None:
    result = scored(of_ratio(), x1_a=[3, 4], x1_b=[3, 3])
    assert result.flags("x1", "u0") == () and result.flags("x1", "u1") == ("cut",)


# --- rounding boundaries -------------------------------------------------------------------------------------------


def hair_beside(boundary: Q, side: int) -> tuple[int, int]:
    """Whole numbers whose ratio is a hair beside a boundary: nearer the finer the boundary's denominator."""
    over, under = boundary.numerator, boundary.denominator
    b = LARGE
    while (over * b + side) % under:
        b -= 1
    a = (over * b + side) // under
    assert 0 < side * (Q(a, b) - boundary) < Q(1, 10**16)
    return a, b


@pytest.mark.parametrize("boundary", [Q("0.345"), Q("0.005"), Q("0.995"), Q("0.115"), Q("0.675")])
def test_a_score_within_a_hair_of_a_half_is_rounded_as_exact_arithmetic_does(boundary: Q) -> None:
    (low_a, low_b), (high_a, high_b) = hair_beside(boundary, -1), hair_beside(boundary, 1)
    assert 0 < boundary - Q(low_a, low_b) < Q(1, 10**17)
    half = boundary.limit_denominator(1000)
    result = scored(of_ratio(), x1_a=[low_a, half.numerator, high_a, 1], x1_b=[low_b, half.denominator, high_b, 3])
    up, down = f"{float(boundary + Q('0.005')):.2f}", f"{float(boundary - Q('0.005')):.2f}"
    assert result.published() == [down, up, up, "0.33"]
    assert result.settled.settled == 3


def test_a_cut_score_a_hair_below_a_whole_digit_loses_it() -> None:
    publish = Publication("points", 2, "cut")
    made = alone(ratio("x1", 1, publish=publish), publish=publish)
    (a, b), (c, d) = hair_beside(Q("0.34"), -1), hair_beside(Q("0.34"), 1)
    result = scored(made, x1_a=[a, 17, c], x1_b=[b, 50, d])
    assert result.published() == ["0.33", "0.34", "0.34"]
    assert result.settled.settled == 3


def test_typed_decimals_at_a_half_need_no_second_run() -> None:
    publish = Publication("points", 2)
    made = alone(value("x1", 100, publish=publish), publish=publish)
    result = scored(made, x1=["2.675", "1.005", "0.125", "99.995", "2.674999"])
    assert result.published() == ["2.68", "1.01", "0.13", "100.00", "2.67"]
    assert result.settled.settled == 0


def test_ordinary_figures_need_no_second_run() -> None:
    steps = rule("steps", table=((Q(9, 10), Q(1, 2)), (Q(7, 10), Q(1, 4))))
    publish = Publication("points", 4)
    root = group(TOTAL, 1, ratio("x1", Q(1, 2)), ratio("x2", Q(1, 2), scale=steps), publish=publish)
    made = scheme(root)
    parts = list(range(1, 1000))
    result = scored(made, x1_a=parts, x1_b=[1009] * 999, x2_a=parts, x2_b=[1000] * 999)
    assert len(set(result.published())) > 500 and result.ranks().max() > 500 and result.levels() == [None] * 999
    assert result.settled.settled == 0


# --- ties ----------------------------------------------------------------------------------------------------------

PARTS = ("x1", "x2", "x3")
TENTHS = {"x1": ["0.1", "0.3", "0.1"], "x2": ["0.2", "0", "0.1"], "x3": ["0", "0", "0.1"]}


def three(on: str, **more: Any) -> Scheme:
    top: dict[str, Any] = {"publish": Publication("points", 2), "rank": RankRule(on=on, **more)}
    levels = Levels((Level("I", Q(1, 10)), Level("II", Q(0))))
    return scheme(group(TOTAL, 3, *(value(code, 1, **top) for code in PARTS), levels=levels, **top))


@pytest.mark.parametrize("on", ["published", "exact"])
def test_a_tenth_and_two_tenths_are_three_tenths(on: str) -> None:
    assert 0.1 + 0.2 != 0.3  # as floats are
    result = scored(three(on), **TENTHS)
    assert result.ranks().tolist() == [1, 1, 1]
    assert result.levels() == ["I", "I", "I"]
    assert result.published() == ["0.30"] * 3


def test_exact_ranks_part_what_a_float_or_a_printed_number_cannot() -> None:
    a, b = hair_beside(Q(1, 3), -1)
    cells = {"x1_a": [1, a, 2, 1], "x1_b": [3, b, 6, 2]}
    assert a / b == 1 / 3
    by_print = evolve(of_ratio(), root=evolve(of_ratio().root, rank=RankRule(on="published")))
    by_points = evolve(of_ratio(), root=evolve(of_ratio().root, rank=RankRule(on="exact")))
    assert scored(by_print, **cells).ranks().tolist() == [2, 2, 2, 1]
    assert scored(by_points, **cells).ranks().tolist() == [2, 4, 2, 1]


def test_exact_levels_part_what_a_float_cannot() -> None:
    a, b = hair_beside(Q(1, 3), -1)
    made = of_ratio()
    root = evolve(made.root, rank=RankRule(on="exact"), levels=Levels((Level("I", Q(1, 3)), Level("II", Q(0)))))
    assert scored(evolve(made, root=root), x1_a=[1, a], x1_b=[3, b]).levels() == ["I", "II"]


def test_a_gate_is_passed_exactly() -> None:
    gated = Levels((Level("I", Q(1, 2), only_if=(("x1", Q(3, 10)),)), Level("II", Q(0))))
    one, other = value("x1", 1), value("x2", 1)
    parted = group("A", 1, value("A1", Q(1, 2)), value("A2", Q(1, 2)))
    gated = evolve(gated, levels=(evolve(gated.levels[0], only_if=(("A", Q(3, 10)),)), gated.levels[1]))
    made = scheme(group(TOTAL, 3, one, other, parted, levels=gated))
    result = scored(made, x1=[1, 1], x2=[1, 1], A1=["0.1", "0.1"], A2=["0.2", "0.19999"])
    assert result.levels() == ["I", "II"]


def test_roots_and_logarithms_tie_within_sixty_digits() -> None:
    top: dict[str, Any] = {"publish": Publication("points", 4), "rank": RankRule(on="exact")}
    made = scheme(group(TOTAL, 1, value("x1", 1, **top), value("x2", 1, **top), combine="geometric", **top))
    result = scored(made, x1=["0.2", "0.4", "0.9"], x2=["0.4", "0.2", "0.9"])
    assert result.ranks().tolist() == [2, 2, 1]
    assert isinstance(result.explain("u0").root.points, Decimal)


@pytest.mark.parametrize(("between", "level"), [("upper", "Tốt"), ("lower", "Khá"), ("round", "Tốt")])
def test_a_score_between_printed_bands_is_placed_on_exact_points(between: Any, level: str) -> None:
    bands = (Level("Tốt", Q(85), Q(100), of_max=False), Level("Khá", Q(70), Q(84), of_max=False))
    top: dict[str, Any] = {"rank": RankRule(on="exact"), "levels": Levels(bands, between)}
    made = scheme(group(TOTAL, 100, value("x1", 50), value("x2", 50), **top))
    result = scored(made, x1=["50", "44.1", "44.1"], x2=["34.5", "39.9", "39.8"])
    assert result.levels() == [level, "Khá", "Khá"]


def test_a_root_on_the_upper_end_of_a_band_is_in_it() -> None:
    bands = Levels((Level("I", Q(7, 10), Q(1)), Level("II", Q(1, 10), Q(2, 3))), "upper")
    top: dict[str, Any] = {"rank": RankRule(on="exact"), "levels": bands}
    made = scheme(group(TOTAL, 1, ratio("x1", 1), ratio("x2", 1), combine="geometric", **top))
    assert scored(made, x1_a=[2, 3], x1_b=[3, 4], x2_a=[2, 3], x2_b=[3, 4]).levels() == ["II", "I"]


# --- relative scales -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", ["min-max", "z-score", "of-best"])
def test_a_jump_in_doubt_is_settled_for_everyone_it_moves(scale: str) -> None:
    relative = group(
        "A", 1, ratio("x1", 1, scale=NINETY), ratio("x2", 1), combine="mean", scale=rule(scale, over="all")
    )
    made = scheme(group(TOTAL, 1, relative))
    cells = {"x1_a": [899_999_999_999_999, 9, 1], "x1_b": [10**15, 10, 2], "x2_a": [1, 1, 0], "x2_b": [1, 2, 1]}
    result = scored(made, **cells)
    assert result.settled.settled == 3
    assert result.flags(TOTAL, "u2") == ("exact",)
    shares = {"min-max": [Q(2, 3), 1, 0], "of-best": [Q(2, 3), 1, 0]}
    if scale in shares:
        assert result.points().tolist() == pytest.approx([float(share) for share in shares[scale]])


def test_the_exact_fit_is_learned_from_those_who_may_hold_an_end() -> None:
    made = alone(ratio("x1", 1, scale=rule("min-max", over="all")), publish=Publication("points", 1))
    result = scored(made, x1_a=[1, 5, 9, 5], x1_b=[10, 100, 10, 10])
    assert result.published() == ["0.1", "0.0", "1.0", "0.5"]
    fit = result.settled.exact_fits()[result.plan.place("x1")]
    assert (fit.numbers["low"][0], fit.numbers["high"][0]) == (Q(1, 20), Q(9, 10))
    assert result.explain("u0").row("x1").points == (Q(1, 10) - Q(1, 20)) / (Q(9, 10) - Q(1, 20))


def test_a_flag_tells_that_exact_numbers_were_needed() -> None:
    assert Flag.EXACT.label == "exact"
    assert Flag(0).label == ""


# --- unrounded scores ----------------------------------------------------------------------------------------------


def converted(code: str, scale: Any) -> Any:
    """A row that measures `.a` and a tenth of `.b` added up, over 1: 0.1 + 2 / 10 and 0.3 + 0 / 10 are equal."""
    above = Quantity(((f"{code}.a", Q(1)), (f"{code}.b", Q(1, 10))))
    measure = rule("ratio", a=above, b=Quantity((), Q(1)), per=Q(1), over="clamp", if_none="refuse", floor=None)
    return leaf(code, 1, measure, f"{code}.a", f"{code}.b", scale=scale)


def test_a_column_that_only_rounding_spreads_gives_everyone_half() -> None:
    made = alone(converted("x1", rule("min-max", over="all")))
    result = scored(made, x1_a=[0.1, 0.3], x1_b=[2, 0])
    assert 0.1 + 2 / 10 != 0.3
    assert result.points("x1").tolist() == [0.5, 0.5]


def test_a_float_near_zero_does_not_grow_under_a_geometric_mean() -> None:
    goal = rule("goalposts", start=Q(3, 10), end=Q(1), log=False)
    made = scheme(group(TOTAL, 1, converted("x1", goal), value("x2"), combine="geometric"))
    result = scored(made, x1_a=[0.1, 0.3], x1_b=[2, 0], x2=[1, 1])
    assert result.points(TOTAL).tolist() == [0.0, 0.0]


def test_many_equal_scores_are_ranked_without_exact_numbers() -> None:
    made = alone(assessed("x1", 10), rank=RankRule("competition", "exact"))
    result = scored(made, x1=[7.5, 8, 7.5] * 200)
    assert result.ranks().tolist() == [201, 1, 201] * 200 and result.settled.settled == 0


def test_figures_that_cancel_are_never_trusted_as_floats() -> None:
    above = Quantity((("x1.a", Q(1)), ("x1.b", Q(-1))))
    measure = rule("ratio", a=above, b=Quantity((), Q(1)), per=Q(1), over="clamp", if_none="refuse", floor=None)
    steps = rule("steps", table=((Q(1, 10), Q(1)),))
    made = alone(leaf("x1", 1, measure, "x1.a", "x1.b", scale=steps))
    result = scored(made, x1_a=[100.3, 100.1], x1_b=[100.2, 100.05])
    assert 100.3 - 100.2 < 0.1 and result.points("x1").tolist() == [1.0, 0.0]


def test_thirds_that_are_all_left_out_leave_no_trace_in_decimals() -> None:
    log = rule("goalposts", start=Q(1), end=Q(100), log=True)  # fractions cannot follow, so the exact run has decimals
    thirds = group("A", 1, *(value(f"A.{at}", Q(1, 3)) for at in "123"))
    made = scheme(group(TOTAL, 1, thirds, value("B", 1, scale=log), combine="mean", missing="rescale"))
    result = scored(made, A_1=[None], A_2=[None], A_3=[None], B=[10])
    explained = result.explain("u0")
    assert explained.row("A").points is None
    assert float(result.points()[0]) == float(explained.root.points) == 0.5


def test_a_row_without_bounds_lifts_a_cap_no_higher_than_what_is_left() -> None:
    rows = [value("A", 2), value("B", 2, scale=rule("z-score", over="all"))]
    made = scheme(group(TOTAL, 3, *rows, combine="capped", missing="rescale"))
    result = scored(made, A=[None, 1, 1, 1], B=[9, 0, 0, 0])  # z-scores of √3 and -1/√3, times 2
    assert result.published() == ["3.00", "0.00", "0.00", "0.00"]
