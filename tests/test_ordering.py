"""Numbers are put in order as comparing them would, however near or far apart they lie."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ictindex.ordering import ascending

NEAR = st.builds(math.ldexp, st.integers(0, 3).map(float), st.integers(-60, 0)).map(lambda one: 1 + one)
FLOATS = st.floats(allow_nan=False, allow_infinity=False) | NEAR


@given(st.lists(FLOATS, max_size=40))
@example([5e-324, 0.0])
@example([1.7e308, -1.7e308])
@example([-1e308, 5e307, -1e308])
def test_floats_are_put_in_order(numbers: list[float]) -> None:
    array = np.array(numbers, np.float64)
    order = ascending(array)
    assert sorted(order.tolist()) == list(range(len(numbers)))
    assert array[order].tolist() == sorted(numbers)


@given(st.lists(st.integers(-(2**62), 2**62) | st.integers(2**61, 2**61 + 5), max_size=40))
def test_whole_numbers_are_put_in_order(numbers: list[int]) -> None:
    array = np.array(numbers, np.int64)
    assert array[ascending(array)].tolist() == sorted(numbers)


@pytest.mark.parametrize("size", [0, 1, 70_000])
def test_many_and_few_are_put_in_order(size: int) -> None:
    array = np.random.default_rng(size).gamma(2.0, 50.0, size)
    array[: size // 2] = np.round(array[: size // 2])
    assert (array[ascending(array)] == np.sort(array)).all()
