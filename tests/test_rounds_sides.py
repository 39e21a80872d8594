"""What was declared beside what was decided: the difference of each unit at each row, exact and as printed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from attrs import evolve
from made import alone, group, ratio, rule, scheme, value

from ictindex import table_from_columns
from ictindex.api import score
from ictindex.errors import WrongUse
from ictindex.model import TOTAL, Publication, Scheme
from ictindex.result import Result

Q = Fraction
TWO = evolve(
    scheme(group(TOTAL, 12, ratio("1", 10), value("2", 2), publish=Publication("points", 2))), self_scored=True
)


def scored(made: Scheme, **columns: list[object]) -> Result:
    count = len(next(iter(columns.values())))
    units: dict[str, list[object]] = {"unit": [f"u{at}" for at in range(count)]}
    named = {name.replace("_", ".").replace("x", ""): cells for name, cells in columns.items()}
    return score(made, table_from_columns(made, {**units, **named}))


def test_the_difference_is_exact_in_points_and_as_printed() -> None:
    # 2 of 3 declared, 1 of 3 found: 20/3 and 10/3 of 10 points; printed 8.67 and 5.33 with the 2 points of row 2
    result = scored(TWO, x1_a=[1, 1], x1_a_self=[2, 1], x1_b=[3, 2], x2=[2, 1])
    moved, same = result.differences()
    assert (moved.declared, moved.published, moved.difference) == ("8.67", "5.33", "-3.34")
    assert moved.exact == Q(-10, 3) and moved.changed
    assert (same.declared, same.published, same.difference, same.exact) == ("6.00", "6.00", "0.00", 0)
    assert not same.changed


def test_what_the_rows_lose_adds_up_to_what_the_sum_loses() -> None:
    result = scored(TWO, x1_a=[1], x1_a_self=[2], x1_b=[3], x2=["0.5"], x2_self=["1.75"])
    parts = [result.differences(code)[0].exact for code in ("1", "2")]
    assert parts == [Q(-10, 3), Q(-5, 4)]
    assert sum(parts, Q(0)) == result.differences()[0].exact


def test_a_figure_that_is_missing_on_one_side_is_a_change() -> None:
    made = evolve(alone(value("2", 2), missing="rescale"), self_scored=True)
    (found,) = scored(made, x2=[None], x2_self=["1.5"]).differences("2")
    assert (found.declared_points, found.points, found.exact, found.difference) == (1.5, None, None, None)
    assert found.changed


def test_floats_that_are_equal_do_not_hide_an_exact_difference() -> None:
    near = [999_999_998 * 10**6, 999_999_999 * 10**6]  # (n - 1) / n of two large n: their floats are one
    made = evolve(alone(ratio("1", 1)), self_scored=True)
    result = scored(made, x1_a=[near[0] - 1], x1_b=[near[0]], x1_a_self=[near[1] - 1], x1_b_self=[near[1]])
    (found,) = result.differences()
    assert found.declared_points == found.points and found.difference == "0.00"
    assert found.exact == Q(1, near[1]) - Q(1, near[0]) and found.changed


def test_under_a_scale_over_the_pool_a_unit_may_lose_by_what_another_declared() -> None:
    made = evolve(alone(value("2", 1, scale=rule("min-max", over="all"))), self_scored=True)
    middle = scored(made, x2=[0, 5, 10], x2_self=[0, 5, 20]).differences()[1]
    assert (middle.declared, middle.published, middle.exact) == ("0.25", "0.50", Q(1, 4))


def test_roots_leave_a_difference_of_sixty_digits_that_is_zero_where_nothing_changed() -> None:
    rows = group(TOTAL, 1, value("1"), value("2"), combine="geometric")
    made = evolve(scheme(rows), self_scored=True)
    same, moved = scored(made, x1=["0.5", "0.5"], x2=["0.3", "0.3"], x2_self=["0.3", "0.7"]).differences()
    assert same.exact == 0 and not same.changed
    assert moved.exact is not None and round(float(moved.exact), 6) == round(0.15**0.5 - 0.35**0.5, 6)


def test_results_of_other_units_or_schemes_are_not_compared() -> None:
    one, other = scored(TWO, x1_a=[1], x1_b=[3], x2=[1]), scored(TWO, x1_a=[1, 2], x1_b=[3, 3], x2=[1, 1])
    assert [found.exact for found in one.differences(against=one)] == [0]
    with pytest.raises(WrongUse, match="U194"):
        one.differences(against=other)
    with pytest.raises(WrongUse, match="U194"):
        one.differences(against=scored(evolve(TWO, sha256="x"), x1_a=[1], x1_b=[3], x2=[1]))


def test_units_of_several_rows_are_compared_by_their_exact_means() -> None:
    made = evolve(alone(value("2", 2)), self_scored=True, merged="mean-of-rows")
    columns = {"unit": ["u", "u", "v"], "2": [1, "0.5", 2], "2.self": [2, "0.5", 2]}
    moved, same = score(made, table_from_columns(made, columns)).differences()
    assert (moved.exact, moved.difference, same.exact, same.changed) == (Q(-1, 2), "-0.50", 0, False)


def test_a_score_that_is_given_on_one_side_covers_what_is_below_it() -> None:
    made = evolve(scheme(group(TOTAL, 12, group("A", 10, value("1", 10)), value("2", 2))), self_scored=True)
    result = scored(made, x1=[5], x2=[1], xA_score=[None], xA_score_self=[8])
    (below,), (heading,) = result.differences("1"), result.differences("A")
    assert (below.declared_points, below.points, below.exact, below.changed) == (None, 5, None, True)
    assert (heading.declared_points, heading.points, heading.exact) == (8, 5, Q(-3))


def test_without_declared_figures_there_is_nothing_to_compare() -> None:
    assert scored(TWO, x1_a=[1], x1_b=[3], x2=[1]).differences() == ()
