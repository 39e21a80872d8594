"""What a pool teaches, in floats, fractions and decimals."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction as Q
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import ratio, rule, totals

from ictindex import table_from_columns
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.model import Evidence
from ictindex.plugins import vocabulary
from ictindex.strategies.base import DECIMAL, FLOAT, FRACTION, Arithmetic, Fit, Sample
from ictindex.strategies.fitting import extremes, mean_and_deviation

arithmetics = pytest.mark.parametrize("maths", [FLOAT, FRACTION, DECIMAL], ids=lambda maths: maths.name)


def sample(
    maths: Arithmetic, values: Sequence[Any], counts: Sequence[bool] | None = None, pools: Sequence[int] | None = None
) -> Sample:
    numbers = np.array([maths.number(Q(str(one))) for one in values], maths.dtype)
    places = None if pools is None else np.array(pools, np.intp)
    return Sample(numbers, None if counts is None else np.array(counts), places, 1 if pools is None else 3)


def test_extremes_name_who_holds_them() -> None:
    fit = extremes(sample(FLOAT, ["0.3", "0.1", "0.9", "0.1"]), FLOAT)
    assert (fit.numbers["low"].tolist(), fit.numbers["high"].tolist()) == ([0.1], [0.9])
    assert (fit.holders["low"].tolist(), fit.holders["high"].tolist()) == ([1], [2])  # the first of equals


@arithmetics
def test_each_pool_has_its_own_ends_and_an_empty_pool_has_none(maths: Arithmetic) -> None:
    fit = extremes(sample(maths, [5, 2, 7, 1], pools=[0, 2, 0, 2]), maths)
    assert fit.numbers["low"].tolist() == [5, 0, 1]
    assert fit.numbers["high"].tolist() == [7, 0, 2]
    assert fit.holders["low"].tolist() == [0, -1, 3]
    assert fit.holders["high"].tolist() == [2, -1, 1]


@arithmetics
def test_a_unit_that_does_not_count_teaches_nothing(maths: Arithmetic) -> None:
    fit = extremes(sample(maths, [5, 2, 7, 1], counts=[True, True, False, False]), maths)
    assert (fit.numbers["low"].tolist(), fit.numbers["high"].tolist()) == ([2], [5])
    assert (fit.holders["low"].tolist(), fit.holders["high"].tolist()) == ([1], [0])
    nobody = extremes(sample(maths, [5, 2], counts=[False, False]), maths)
    assert nobody.holders["low"].tolist() == [-1]


def test_no_units_teach_nothing() -> None:
    assert extremes(sample(FLOAT, []), FLOAT).holders["high"].tolist() == [-1]


@pytest.mark.parametrize("maths", [FLOAT, DECIMAL], ids=lambda maths: maths.name)
def test_the_deviation_is_that_of_the_population(maths: Arithmetic) -> None:
    with maths.context():
        fit = mean_and_deviation(sample(maths, [2, 4, 4, 4, 5, 5, 7, 9]), maths)
    assert (fit.numbers["mean"][0], fit.numbers["deviation"][0]) == (5, 2)
    assert (fit.numbers["low"][0], fit.numbers["high"][0]) == (2, 9)


@pytest.mark.parametrize("maths", [FLOAT, DECIMAL], ids=lambda maths: maths.name)
def test_the_deviation_of_equals_is_exactly_nothing(maths: Arithmetic) -> None:
    with maths.context():
        fit = mean_and_deviation(sample(maths, ["0.1", "0.1", "0.1", "0.7"], pools=[0, 0, 0, 2]), maths)
    assert fit.numbers["deviation"].tolist() == [0, 0, 0]
    assert fit.numbers["mean"].tolist() == [maths.number(Q(one)) for one in ("0.1", "0", "0.7")]


def test_the_deviation_in_decimals_has_more_than_forty_right_digits() -> None:
    with DECIMAL.context():
        fit = mean_and_deviation(sample(DECIMAL, [0, 0, 3]), DECIMAL)
        assert abs(fit.numbers["deviation"][0] - Decimal(2).sqrt()) < Decimal(10) ** -50


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_the_units_changes_no_bit(values: list[float], shuffler: random.Random) -> None:
    shuffled = list(values)
    shuffler.shuffle(shuffled)
    one, other = (mean_and_deviation(Sample(np.array(each), None, None, 1), FLOAT) for each in (values, shuffled))
    assert {key: value[0].hex() for key, value in one.numbers.items()} == {
        key: value[0].hex() for key, value in other.numbers.items()
    }


@given(st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=30, unique=True))
def test_float_moments_are_near_the_exact_ones(values: list[int]) -> None:
    with DECIMAL.context():
        exact = mean_and_deviation(sample(DECIMAL, values), DECIMAL)
    found = mean_and_deviation(sample(FLOAT, values), FLOAT)
    for name in ("mean", "deviation"):
        near = 1e-14 * max(map(abs, values))
        assert math.isclose(found.numbers[name][0], exact.numbers[name][0], rel_tol=1e-9, abs_tol=near)


def test_a_fit_gives_a_scalar_for_one_pool_and_a_number_per_unit_for_more() -> None:
    fit = Fit({"low": np.array([1.0, 2.0])})
    assert fit.at("low", None) == 1.0
    assert fit.at("low", np.array([1, 1, 0])).tolist() == [2.0, 2.0, 1.0]


@pytest.mark.parametrize("scale", ["min-max", "z-score", "of-best"])
def test_who_holds_an_end_is_known_by_the_numbers_that_were_compared_and_not_by_the_points(scale: str) -> None:
    asked = Evidence("the decision", without="zero")
    made = totals(ratio("1", 10, scale=rule(scale), evidence=asked))
    columns: dict[str, list[Any]] = {"unit": ["u0", "u1", "u2", "u3"], "1.a": [3, 1, 9, 5], "1.b": [10] * 4}
    table = table_from_columns(made, columns | {"1.evidence": ["1/QĐ", "2/QĐ", "", "4/QĐ"]})
    result = run(compile_scheme(made, vocabulary()), table)
    holders = result.fits[result.plan.place("1")].holders
    assert (holders["low"].tolist(), holders["high"].tolist()) == ([1], [2])
    fit = next(row for row in result.explain("u0").root.walk() if row.code == "1").fit
    assert (fit["low_unit"], fit["high_unit"]) == ("u1", "u2")
