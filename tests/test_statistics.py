"""The statistics themselves, against scipy, numpy and numbers worked by hand; and the weights in effect."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import scipy.stats
from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from made import assessed, group, rule, scheme, totals, value
from strategies import schemes, tables
from test_explain import scored
from test_laws import as_table

import ictindex
from ictindex.analysis.statistics import numbers
from ictindex.analysis.statistics.answer import Statistics
from ictindex.analysis.statistics.parts import GroupStatistics, IndicatorStatistics
from ictindex.analysis.statistics.weights import exact_rows, nominal_weights
from ictindex.compiling import compile_scheme
from ictindex.editing import taken
from ictindex.engine import run
from ictindex.errors import UnknownName, WrongUse
from ictindex.model import TOTAL, Pool, Pools, Scheme
from ictindex.plugins import vocabulary
from ictindex.result import Result

NEAR = 1e-9
LAW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def columns(least: int, most: int = 5) -> st.SearchStrategy[list[np.ndarray[Any, np.dtype[np.float64]]]]:
    """Draw columns of points to two decimals, all of one length and none the same everywhere."""
    cell = st.integers(-5000, 5000).map(lambda one: one / 100)
    sizes = st.tuples(st.integers(least, most), st.integers(4, 12))
    drawn = sizes.flatmap(
        lambda size: st.lists(st.lists(cell, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0])
    )
    return drawn.map(lambda rows: [np.array(row) for row in rows]).filter(lambda rows: all(map(numbers.varies, rows)))


def close(one: float | None, other: float) -> bool:
    return one is not None and math.isclose(one, other, rel_tol=1e-7, abs_tol=1e-7)


# --- against scipy and numpy ---------------------------------------------------------------------------------------


@given(columns(1, 1))
def test_moments_are_those_of_a_spreadsheet(drawn: list[Any]) -> None:
    (values,) = drawn
    found = numbers.moments(values)
    assert close(found.mean, float(np.mean(values))) and close(found.deviation, float(np.std(values, ddof=1)))
    assert (found.low, found.high) == (values.min(), values.max())
    assert close(found.skewness, float(scipy.stats.skew(values, bias=False)))
    assert close(found.kurtosis, float(scipy.stats.kurtosis(values, bias=False)))


@given(columns(2, 2))
def test_correlations_are_those_of_numpy_and_scipy(drawn: list[Any]) -> None:
    one, other = drawn
    assert close(numbers.pearson(one, other), float(np.corrcoef(one, other)[0, 1]))
    assert close(numbers.spearman(one, other), float(scipy.stats.spearmanr(one, other).statistic))
    assert np.array_equal(numbers.ranks(one), scipy.stats.rankdata(one))


@given(columns(2, 2), st.integers(1, 1000), st.integers(-1000, 1000))
def test_another_scale_changes_no_correlation(drawn: list[Any], factor: int, shift: int) -> None:
    one, other = drawn
    straight, turned = one * factor / 7 + shift, shift - one * factor / 7
    plain = numbers.pearson(one, other)
    assert plain is not None and close(numbers.pearson(straight, other), plain)
    assert close(numbers.pearson(turned, other), -plain)
    ranked = numbers.spearman(one, other)
    assert ranked is not None and close(numbers.spearman(straight, other), ranked)
    assert close(numbers.standard_alpha([straight, other]) or 0, numbers.standard_alpha([one, other]) or 0)


@given(columns(2))
def test_components_are_the_singular_values_of_what_is_standardised(drawn: list[Any]) -> None:
    found, count = numbers.components(drawn), len(drawn[0])
    standard = np.array([(one - one.mean()) / one.std(ddof=1) for one in drawn])
    expected = np.linalg.svd(standard, compute_uv=False) ** 2 / (count - 1)
    expected = np.pad(expected, (0, len(drawn) - len(expected)))
    assert np.allclose(found.eigenvalues, expected, atol=1e-9)
    assert math.isclose(sum(found.eigenvalues), len(drawn), rel_tol=1e-9)
    assert np.allclose(found.loadings @ found.loadings.T, np.corrcoef(drawn), atol=1e-9)
    for loadings in found.loadings.T:
        assert loadings[np.argmax(np.abs(loadings) >= np.abs(loadings).max() - 1e-9)] >= 0


@given(columns(2))
def test_a_loading_is_the_correlation_with_the_component(drawn: list[Any]) -> None:
    found = numbers.components(drawn)
    standard = np.array([(one - one.mean()) / one.std(ddof=1) for one in drawn])
    scores = found.loadings[:, 0] @ standard
    for loading, column in zip(found.loadings[:, 0], drawn, strict=True):
        assert close(float(loading), float(np.corrcoef(scores, column)[0, 1]))


def test_what_has_no_answer_is_none() -> None:
    same, two = np.array([0.3, 0.1 + 0.2, 0.3]), np.array([1.0, 2.0])
    assert not numbers.varies(same)
    assert numbers.pearson(same, np.array([1.0, 2.0, 4.0])) is None and numbers.spearman(same, same) is None
    assert numbers.pearson(two, two) is None
    assert numbers.moments(np.array([])) == numbers.Moments()
    assert numbers.moments(np.array([5.0])) == numbers.Moments(5.0, None, 5.0, 5.0)
    found = numbers.moments(np.array([1.0, 2.0, 4.0]))
    assert found.skewness is not None and found.kurtosis is None
    assert numbers.raw_alpha([np.array([1.0, 2.0, 3.0])]) is None
    assert numbers.raw_alpha([np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 1.0])]) is None  # the sum is the same


def test_a_tiny_spread_is_a_spread() -> None:
    values = np.array([1e-200, 2e-200, 4e-200])
    assert numbers.pearson(values, np.array([1.0, 2.0, 4.0])) == pytest.approx(1)


# --- Cronbach's alpha ----------------------------------------------------------------------------------------------


def test_alpha_of_the_mini_haq_scale() -> None:
    """Bland and Altman, BMJ 1997;314:572: ten items, their variances add up to 11.16, the score's is 77.44: 0.95."""
    own, shared = 11.16 / 10, (77.44 - 11.16) / 90
    wanted = np.full((10, 10), shared) + np.eye(10) * (own - shared)
    waves = np.array([[math.cos(2 * math.pi * k * t / 50) for t in range(50)] for k in range(1, 11)])
    waves *= math.sqrt(49 / 25)  # ten uncorrelated columns of variance 1
    items = [*(np.linalg.cholesky(wanted) @ waves)]
    assert sum(map(numbers.variance, items)) == pytest.approx(11.16)
    assert numbers.variance(np.sum(items, axis=0)) == pytest.approx(77.44)
    assert round(numbers.raw_alpha(items) or 0, 2) == 0.95


def test_alpha_worked_by_hand() -> None:
    """The variances 20/12, 19/12 and 3/12 add up to 7/2; the sums 2, 5, 6, 9 have 25/3: 3/2 x (1 - 21/50) = 0.87."""
    items = [np.array([1.0, 2, 3, 4]), np.array([1.0, 2, 2, 4]), np.array([0.0, 1, 1, 1])]
    assert np.sum(items, axis=0).tolist() == [2, 5, 6, 9]
    assert numbers.raw_alpha(items) == pytest.approx(0.87)


@given(columns(2))
def test_alpha_follows_from_the_covariances(drawn: list[Any]) -> None:
    between = np.cov(drawn)
    assume(between.sum() > 1e-6)
    count = len(drawn)
    assert close(numbers.raw_alpha(drawn), count / (count - 1) * (1 - np.trace(between) / between.sum()))
    alike = np.corrcoef(drawn)
    assume(alike.sum() > 1e-6)
    mean = (alike.sum() - count) / (count * (count - 1))
    assert close(numbers.standard_alpha(drawn), count * mean / (1 + (count - 1) * mean))


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=4, max_size=12))
def test_alpha_of_yes_and_no_is_kuder_richardson_20(answers: list[tuple[bool, ...]]) -> None:
    items = [np.array(column, np.float64) for column in zip(*answers, strict=True)]
    whole = np.sum(items, axis=0)
    assume(numbers.varies(whole))
    shares = [float(item.mean()) for item in items]
    kr20 = 1.5 * (1 - sum(share * (1 - share) for share in shares) / float(np.var(whole)))
    assert close(numbers.raw_alpha(items), kr20)


# --- weights by the scheme -----------------------------------------------------------------------------------------


def nominal(made: Scheme) -> dict[str, float | None]:
    plan = compile_scheme(made, vocabulary())
    weights = nominal_weights(plan, plan.totals[0])
    return {plan.nodes[at].row.code: None if one is None else float(one) for at, one in weights.items()}


def test_weights_by_the_scheme() -> None:
    summed = scheme(group(TOTAL, 100, group("1", 60, assessed("1.1", 45), assessed("1.2", 15)), assessed("2", 40)))
    assert nominal(summed) == {TOTAL: 1, "1": 0.6, "1.1": 0.45, "1.2": 0.15, "2": 0.4}
    mean = scheme(group(TOTAL, 1, assessed("1", 10, weight=3), assessed("2", 50), combine="mean"))
    assert nominal(mean) == {TOTAL: 1, "1": 0.75, "2": 0.25}
    capped = scheme(group(TOTAL, 60, assessed("1", 60), assessed("2", 20), combine="capped"))
    assert nominal(capped) == {TOTAL: 1, "1": 0.75, "2": 0.25}
    bonus = scheme(
        group(TOTAL, 50, assessed("1", 50), assessed("2", 5, role="bonus"), assessed("3", 10, role="deduct"))
    )
    assert nominal(bonus) == {TOTAL: 1, "1": 1, "2": 0.1, "3": 0.2}
    best = scheme(group(TOTAL, 50, group("1", 50, assessed("1.1", 50), assessed("1.2", 30), combine="best")))
    assert nominal(best) == {TOTAL: 1, "1": 1, "1.1": None, "1.2": None}
    idle = scheme(group(TOTAL, 1, assessed("1", 10), assessed("2", 0), combine="mean"))
    assert nominal(idle) == {TOTAL: 1, "1": 1, "2": 0}


# --- weights in effect ---------------------------------------------------------------------------------------------


def statistics(result: Result, **options: Any) -> Statistics:
    return ictindex.indicator_statistics(result, **options)


def row(found: Statistics, code: str) -> IndicatorStatistics:
    return next(one for one in found.indicators if one.code == code)


def heading(found: Statistics, code: str) -> GroupStatistics:
    return next(one for one in found.groups if one.code == code)


def test_the_share_of_the_variance_worked_by_hand() -> None:
    """Points 1, 2, 3 and 4, 6, 5: the sums 5, 8, 8 have variance 3; the covariances are 3/2 and 3/2: half each."""
    found = statistics(scored(scheme(group(TOTAL, 20, assessed("a", 10), assessed("b", 10))), a=[1, 2, 3], b=[4, 6, 5]))
    assert [one.nominal for one in found.indicators] == [0.5, 0.5]
    assert [one.effective for one in found.indicators] == pytest.approx([0.5, 0.5])
    assert row(found, "a").squared == pytest.approx(0.75)  # (3/2)^2 / (1 x 3)
    assert row(found, "a").total_pearson == row(found, "a").heading_pearson == pytest.approx(math.sqrt(0.75))
    assert row(found, "a").total_spearman == pytest.approx(math.sqrt(0.75))
    assert found.pairs[0].pearson == found.pairs[0].spearman == pytest.approx(0.5)


@LAW
@given(st.lists(st.tuples(*[st.integers(0, 100)] * 4), min_size=4, max_size=9))
def test_shares_of_a_weighted_mean_are_those_of_its_terms(cells: list[tuple[int, ...]]) -> None:
    inner = group("1", 30, assessed("a", 100, weight=2), assessed("b", 100), combine="mean")
    made = scheme(group(TOTAL, 1, inner, assessed("c", 100, weight=3), assessed("d", 100), combine="mean"))
    a, b, c, d = np.array(cells, np.float64).T
    terms = np.array([a * 2 / 3 / 5, b / 3 / 5, c * 3 / 5, d / 5])
    total = terms.sum(axis=0)
    assume(np.ptp(total) > 1e-9)
    found = statistics(
        scored(made, **{name: [*map(int, column)] for name, column in zip("abcd", (a, b, c, d), strict=True)})
    )
    expected = [np.cov(term, total)[0, 1] / np.var(total, ddof=1) for term in terms]
    assert [one.effective for one in found.indicators] == pytest.approx(expected, abs=1e-9)
    assert heading(found, "1").effective == pytest.approx(expected[0] + expected[1], abs=1e-9)


@LAW
@given(st.data(), schemes())
def test_contributions_add_up_and_so_do_the_shares(data: st.DataObject, made: Scheme) -> None:
    rows = data.draw(tables(made, least=3))
    result = run(compile_scheme(made, vocabulary()), as_table(made, rows))
    for place in result.plan.totals:
        node = result.plan.nodes[place]
        if not node.children or not node.row.max or not result.scored(node.row.code).all():
            continue
        plan, units = result.plan, np.arange(len(result.units))
        parts = exact_rows(result, place, units)[0]
        assert np.allclose(parts[place], result.points(node.row.code), atol=1e-9)
        for one in plan.nodes[place:]:
            if one.children and getattr(one, "aggregation", None) is not None:
                given_here = np.array(["given" in result.flags(one.row.code, unit) for unit in result.units])
                size = 1e-9 * max(1.0, float(np.abs(parts).max()))
                sums = parts[list(one.children)].sum(axis=0)
                assert np.allclose(np.where(given_here, 0.0, parts[one.place] - sums), 0.0, atol=size)
        if len(units) >= 3 and numbers.varies(result.points(node.row.code)):
            found = statistics(result, code=node.row.code)
            shares = [one.effective or 0 for one in found.indicators] + [one.given or 0 for one in found.groups]
            assert sum(shares) == pytest.approx(1, abs=1e-6 * max(1, *map(abs, shares)))


@LAW
@given(st.data(), schemes())
def test_the_order_of_the_units_changes_nothing(data: st.DataObject, made: Scheme) -> None:
    rows = data.draw(tables(made, least=3))
    plan, table = compile_scheme(made, vocabulary()), as_table(made, rows)
    order = data.draw(st.permutations(range(len(table))))
    try:
        found = statistics(run(plan, table))
    except (WrongUse, UnknownName):
        assume(False)
    again = statistics(run(plan, taken(table, order)))
    assert evolve(again, subject=found.subject) == found


def test_a_scale_over_the_pool_passes_on_what_lies_below() -> None:
    """A composite brought to 0..1 is a straight line of its parts, so its parts share its weight as they share it."""
    scaled = group(
        "1",
        1,
        value("a", scale=rule("z-score", over="all")),
        value("b", scale=rule("z-score", over="all")),
        combine="mean",
    )
    plain = scheme(group(TOTAL, 1, scaled, combine="mean"))
    again = scheme(group(TOTAL, 1, evolve(scaled, scale=rule("min-max", over="all")), combine="mean"))
    cells = {"a": [1, 5, 2, 8, 4], "b": [3, 1, 4, 2, 7]}
    one, other = statistics(scored(plain, **cells)), statistics(scored(again, **cells))
    assert [each.effective for each in one.indicators] == pytest.approx([each.effective for each in other.indicators])


def test_deductions_weigh_by_what_they_take() -> None:
    made = scheme(group(TOTAL, 50, assessed("a", 50), assessed("b", 10, role="deduct")))
    found = statistics(scored(made, a=[20, 30, 40, 35], b=[8, 5, 0, 3]))
    less = row(found, "b")
    assert less.total_pearson is not None and less.total_pearson > 0.9  # who loses less has more
    assert (less.mean, less.high) == (4, 8) and less.effective == pytest.approx(1 - (row(found, "a").effective or 0))
    assert "against-total" not in less.flags


def test_points_given_to_a_group_are_nobodys_below() -> None:
    made = scheme(group(TOTAL, 20, group("1", 10, assessed("1.1", 4), assessed("1.2", 6)), assessed("2", 10)))
    found = statistics(scored(made, **{"1.score": [3, 5, 9, 4], "2": [1, 7, 2, 6]}))
    inside = heading(found, "1")
    assert inside.given == pytest.approx(inside.effective) and inside.alpha is None and inside.units == 0
    assert row(found, "1.1").flags == ("absent",) and row(found, "1.1").not_computed == 4
    assert sum(one.effective or 0 for one in found.indicators) + inside.given == pytest.approx(1)


def test_units_made_of_several_rows_have_statistics() -> None:
    made = evolve(scheme(group(TOTAL, 20, assessed("a", 10), assessed("b", 10))), merged="mean-of-rows")
    cells = {"unit": ["x", "x", "y", "z"], "a": [2, 4, 5, 9], "b": [1, 2, 8, 3]}
    found = statistics(run(compile_scheme(made, vocabulary()), ictindex.table_from_columns(made, cells)))
    assert found.units == 3 and row(found, "a").low == 3
    assert sum(one.effective or 0 for one in found.indicators) == pytest.approx(1)


# --- flags ---------------------------------------------------------------------------------------------------------


def flags(made: Scheme, **cells: Any) -> dict[str, tuple[str, ...]]:
    return {one.code: one.flags for one in statistics(scored(made, **cells)).indicators}


def test_flags() -> None:
    rows = [assessed(code, top) for code, top in (("a", 50), ("b", 10), ("c", 10), ("d", 10), ("e", 10), ("f", 10))]
    cells = {
        "a": [5, 10, 15, 20, 25, 30, 35, 40, 45, 50],
        "b": [7] * 10,
        "c": [10] * 9 + [9],
        "d": [0, 0, 0, 0, 0, 0, 0, 0, 0, 4],
        "e": [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
        "f": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    }
    found = flags(scheme(group(TOTAL, 100, *rows)), **cells)
    assert found["a"] == ("double",) == found["f"]
    assert found["b"] == ("constant",)
    assert found["c"] == ("at-maximum", "against-total", "skewed")
    assert found["d"] == ("at-zero", "skewed")
    assert found["e"] == ("against-total",)


def test_an_indicator_that_weighs_less_than_a_tenth_of_what_it_should() -> None:
    made = scheme(group(TOTAL, 100, assessed("a", 50), assessed("b", 50)))
    found = statistics(scored(made, a=[10, 30, 20, 40], b=[25, 26, 24, 25]))
    assert abs(row(found, "b").effective or 1) < 0.05 and row(found, "b").flags == ("no-effect",)
    assert row(found, "a").flags == () and "hardly move the total" in str(found)


def test_an_indicator_against_its_group_alone() -> None:
    inner = group("1", 20, assessed("a", 10), assessed("b", 10))
    found = flags(
        scheme(group(TOTAL, 100, inner, assessed("c", 80))), a=[10, 2, 6, 1], b=[1, 5, 4, 10], c=[80, 20, 50, 10]
    )
    assert found["a"] == () or "against-total" not in found["a"]
    assert "against-total" in found["b"] and "against-heading" not in found["b"]


def test_missing_figures_are_counted() -> None:
    rows = [assessed("a", 10, missing="zero"), assessed("b", 10), assessed("c", 10)]
    made = scheme(group(TOTAL, 30, *rows, missing="rescale"))
    found = statistics(scored(made, a=[None, 4, 6, 8], b=[2, None, 3, 4], c=[5, 6, 7, 9]))
    assert (row(found, "a").as_zero, row(found, "a").units, row(found, "a").at_zero) == (1, 4, 0.25)
    assert (row(found, "b").left_out, row(found, "b").units, row(found, "b").mean) == (1, 3, 3)
    assert heading(found, TOTAL).units == 3  # who has all three
    assert sum(one.effective or 0 for one in found.indicators) == pytest.approx(1)


def test_rows_without_spread_are_left_out_of_alpha_and_named() -> None:
    made = scheme(group(TOTAL, 40, *(assessed(code, 10) for code in "abcd")))
    found = heading(statistics(scored(made, a=[1, 2, 3, 5], b=[2, 2, 4, 9], c=[5, 5, 5, 5], d=[1, 0, 2, 3])), TOTAL)
    assert found.rows == ("a", "b", "d") and found.flat == ("c",)
    assert found.alpha is not None and found.components is not None
    assert [one.code for one in found.alpha.without] == ["a", "b", "d"] == [one.code for one in found.components.rows]
    rest = [np.array([1.0, 2, 3, 5]), np.array([1.0, 0, 2, 3])]
    assert found.alpha.without[1].raw == numbers.raw_alpha(rest)
    assert found.alpha.without[1].standardised == numbers.standard_alpha(rest)
    assert sum(found.components.explained) == pytest.approx(1)


def test_a_group_of_two_has_no_alpha_without_one() -> None:
    found = statistics(scored(scheme(group(TOTAL, 20, assessed("a", 10), assessed("b", 10))), a=[1, 2, 3], b=[4, 6, 5]))
    assert found.groups[0].alpha is not None and found.groups[0].alpha.without == ()


def test_all_units_alike() -> None:
    found = statistics(scored(scheme(group(TOTAL, 20, assessed("a", 10), assessed("b", 10))), a=[1, 2, 3], b=[3, 2, 1]))
    assert not found.differs and all(one.effective is None and one.squared is None for one in found.indicators)
    assert "All units have the same total" in str(found)
    five = scored(scheme(group(TOTAL, 20, assessed("a", 10), assessed("b", 10))), a=[1, 2, 3, 4, 5], b=[5, 4, 3, 2, 1])
    assert "with its group and the total" not in str(statistics(five))  # nothing goes with what is the same


def test_an_indicator_that_some_units_have_is_not_said_to_be_the_same_for_all() -> None:
    made = scheme(group(TOTAL, 20, assessed("a", 10), assessed("b", 10), missing="rescale"))
    some = str(statistics(scored(made, a=[5, 5, 5, None], b=[1, 2, 3, 4])))
    assert "all units have the same points" not in some and "all units that have points have the same (1): a." in some
    assert "all units have the same points (1): a." in str(statistics(scored(made, a=[5] * 4, b=[1, 2, 3, 4])))


# --- what is asked for ---------------------------------------------------------------------------------------------


def pooled() -> Result:
    pools = Pools("khoi", (Pool("s", "Sở"), Pool("h", "Huyện", ranked=False)))
    made = scheme(group(TOTAL, 20, assessed("a", 10), assessed("b", 10)), pools=pools)
    cells = {"khoi": ["s"] * 4 + ["h"] * 3 + ["s"], "a": [1, 2, 3, 5, 9, 8, 6, 4], "b": [2, 2, 4, 9, 1, 2, 3, 4]}
    return scored(made, **cells)


def test_one_pool_is_the_table_of_its_units() -> None:
    result = pooled()
    one = statistics(result, pool="h")
    alone = statistics(run(result.plan, taken(result.table, [4, 5, 6])))
    assert one.units == 3 and evolve(alone, subject=one.subject, pool="h") == one
    assert statistics(result).units == 8


def test_wrong_asking() -> None:
    result = pooled()
    for options, code, words in (
        ({"pool": "S"}, "U286", "did you mean 's'?"),
        ({"pool": "x"}, "U286", "pools: h, s"),
        ({"code": "c"}, "U105", "no row 'c'"),
        ({"code": "a"}, "U287", "rows that have: total"),
        ({"group": "zz"}, "U105", "no row 'zz'"),
    ):
        with pytest.raises((UnknownName, WrongUse)) as caught:
            statistics(result, **options)
        (problem,) = caught.value.problems
        assert problem.code == code and words in str(problem)
    few = run(result.plan, taken(result.table, [0, 1]))
    with pytest.raises(WrongUse, match="U285 2 units have a score at total"):
        statistics(few)


def test_no_pools_is_said() -> None:
    with pytest.raises(UnknownName, match="the table has no pools"):
        statistics(scored(scheme(group(TOTAL, 10, assessed("a", 10))), a=[1, 2, 3]), pool="s")


def test_a_group_of_another_total() -> None:
    parts = [group(code, 10, assessed(f"{code}1", 5), assessed(f"{code}2", 5)) for code in "AB"]
    result = scored(totals(*parts), A1=[1, 2, 3], A2=[2, 1, 5], B1=[3, 2, 1], B2=[1, 5, 4])
    assert statistics(result).total == "A" and statistics(result, code="B").indicators[0].code == "B1"
    with pytest.raises(WrongUse, match="U287 B does not stand below A"):
        statistics(result, group="B")
    with pytest.raises(WrongUse, match="U287 total has no points"):
        statistics(result, code=TOTAL)


def test_a_group_is_a_part_of_the_whole() -> None:
    made = scheme(group(TOTAL, 20, group("1", 10, assessed("a", 4), assessed("b", 6)), assessed("c", 10)))
    result = scored(made, a=[1, 2, 3, 4], b=[2, 6, 1, 5], c=[4, 3, 9, 1])
    whole, part = statistics(result), statistics(result, group="1")
    assert part.indicators == whole.indicators[:2] and part.groups == whole.groups[1:]
    assert part.pairs == tuple(one for one in whole.pairs if one.heading == "1") and len(whole.pairs) == 2


def test_parts_of_one_criterion_are_one_indicator() -> None:
    parts = evolve(group("1", 10, assessed("1.a", 4), assessed("1.b", 6)), parts=True)
    result = scored(
        scheme(group(TOTAL, 20, parts, assessed("2", 10))), **{"1.a": [1, 2, 3], "1.b": [5, 1, 2], "2": [1, 8, 3]}
    )
    found = statistics(result)
    assert [one.code for one in found.indicators] == ["1", "2"] and [one.code for one in found.groups] == [TOTAL]
    assert [one.code for one in statistics(result, group="1").indicators] == ["1.a", "1.b"]


def test_rules_without_a_weight() -> None:
    best = group("1", 10, assessed("a", 10), assessed("b", 10), combine="best")
    found = statistics(scored(scheme(group(TOTAL, 10, best)), a=[1, 9, 3, 2], b=[4, 2, 3, 8]))
    assert [one.nominal for one in found.indicators] == [None, None]
    assert sum(one.effective or 0 for one in found.indicators) == pytest.approx(1)


def test_roots_are_carried_too() -> None:
    inner = group("1", 1, value("a"), value("b"), combine="mean")
    made = scheme(group(TOTAL, 1, inner, value("c"), combine="geometric"))
    found = statistics(
        scored(made, a=["0.1", "0.5", "1", "0"], b=["0.5", "0.2", "1", "0"], c=["0.3", "1", "0.4", "0.5"])
    )
    assert sum(one.effective or 0 for one in found.indicators) == pytest.approx(1)
