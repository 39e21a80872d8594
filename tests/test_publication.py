"""Published numbers: halves go up, cuts go down, and a float's doubt is known."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction as Q
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made import value

from ictindex.decimals import Decimals
from ictindex.model import Publication, Row
from ictindex.publication import exact_key, float_keys, key_per_point, on_boundary, text
from ictindex.strategies.base import DECIMAL


def row(maximum: Any = 100, scale: Any = "points", decimals: int = 2, rounding: Any = "half-up") -> Row:
    return value("1", Q(maximum), publish=Publication(scale, decimals, rounding))


@pytest.mark.parametrize(
    ("points", "decimals", "half_up", "cut"),
    [
        ("2.675", 2, "2.68", "2.67"),  # a float of 2.675 lies below it
        ("1.005", 2, "1.01", "1.00"),
        ("0.125", 2, "0.13", "0.12"),
        ("0.135", 2, "0.14", "0.13"),
        ("2.5", 0, "3", "2"),
        ("3.5", 0, "4", "3"),
        ("44.40625", 2, "44.41", "44.40"),
        ("0.00005", 4, "0.0001", "0.0000"),
        ("99.995", 2, "100.00", "99.99"),
        ("-0.125", 2, "-0.12", "-0.13"),  # up is toward the larger number
    ],
)
def test_halves_go_up_exactly(points: str, decimals: int, half_up: str, cut: str) -> None:
    for rounding, expected in (("half-up", half_up), ("cut", cut)):
        made = row(decimals=decimals, rounding=rounding)
        assert text(exact_key(Q(points), made), made.publish) == expected
        assert text(exact_key(Decimal(points), made), made.publish) == expected


def test_a_decimal_that_stands_for_a_root_is_at_a_half_within_its_tolerance() -> None:
    with DECIMAL.context():
        at, below = (Decimal("2.675") - Decimal(10) ** -digits for digits in (50, 30))
    assert (exact_key(at, row()), exact_key(below, row())) == (268, 267)


@pytest.mark.parametrize(
    ("scale", "decimals", "printed"), [("points", 2, "44.41"), ("index", 4, "0.8882"), ("percent", 1, "88.8")]
)
def test_a_score_is_printed_as_points_as_an_index_or_as_a_percent(scale: str, decimals: int, printed: str) -> None:
    made = row(50, scale, decimals)
    assert text(exact_key(Q("44.41"), made), made.publish) == printed


def test_what_one_point_adds_to_the_key() -> None:
    assert key_per_point(row(50, "points", 2)) == 100
    assert key_per_point(row(50, "index", 4)) == 200
    assert key_per_point(row(50, "percent", 0)) == 2


@pytest.mark.parametrize(
    ("key", "decimals", "printed"),
    [(0, 2, "0.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (-123, 1, "-12.3"), (7, 0, "7"), (4655, 4, "0.4655")],
)
def test_a_key_is_printed_with_all_its_decimals(key: int, decimals: int, printed: str) -> None:
    assert text(key, Publication("points", decimals)) == printed


def test_a_unit_without_a_score_has_nothing_printed() -> None:
    assert [*Decimals(np.array([100, 0]), np.array([True, False]), 2)] == ["1.00", None]


def floats(points: list[float], made: Row, error: float, grain: int | None) -> tuple[list[int], list[bool]]:
    """The keys of floats, and which are open once it is known of what the points are multiples."""
    keys, doubt, slack = float_keys(np.array(points), made, error)
    return keys.tolist(), [False] * len(points) if on_boundary(slack, grain, made) else doubt.tolist()


def test_a_float_at_a_half_is_in_doubt_unless_all_points_are_known_multiples() -> None:
    points = [2.675, 2.67, 2.674999]
    assert floats(points, row(), 1e-14, None)[1] == [True, False, False]
    assert floats(points, row(), 1e-14, 10**12)[1] == [True, False, False]  # too fine to tell
    assert floats(points[:2], row(), 1e-14, 1000) == ([268, 267], [False, False])  # so near the half is on it


def test_a_float_of_unknown_error_is_always_in_doubt() -> None:
    assert floats([1.0, 2.0], row(), float("inf"), 1) == ([0, 0], [True, True])


@given(
    st.integers(-(10**7), 10**7),
    st.sampled_from([1, 2, 3, 7, 8, 200, 1000, 2000, 12345]),
    st.integers(0, 4),
    st.sampled_from(["points", "index", "percent"]),
    st.sampled_from(["half-up", "cut"]),
    st.sampled_from([0, 1e-15, 1e-12, 1e-6]),
    st.floats(-1, 1),
    st.booleans(),
)
@example(2675, 1000, 2, "points", "half-up", 1e-12, -1.0, True)
@example(5, 1000, 2, "points", "half-up", 1e-12, 1.0, False)
def test_a_float_key_is_the_exact_one_or_in_doubt(
    parts: int, grain: int, decimals: int, scale: str, rounding: str, error: float, off: float, known: bool
) -> None:
    made, exact = row(50, scale, decimals, rounding), Q(parts, grain)
    claimed = error + 2.0**-52 * abs(float(exact))
    keys, doubt = floats([float(exact) + off * error], made, claimed, grain if known else None)
    assert doubt[0] or keys[0] == exact_key(exact, made)


def test_a_column_of_decimals_is_equal_to_its_texts() -> None:
    one = Decimals(np.array([125, 0, -5]), np.array([True, False, True]), 2)
    assert one == ["1.25", None, "-0.05"] and one == ("1.25", None, "-0.05")
    assert one == Decimals(np.array([125, 9, -5]), np.array([True, False, True]), 2)
    assert one != ["1.25", None] and one != "1.25"
