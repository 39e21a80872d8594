"""Ranks: against another library's, in pools, and down the chain of tie-breakers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ictindex.ranking import rank, rank_within

Ties = Literal["competition", "dense", "ordinal", "average"]
SCIPY = {"competition": "min", "dense": "dense", "average": "average"}


@pytest.fixture(scope="module", name="rankdata")
def _rankdata() -> Callable[..., Any]:
    return pytest.importorskip("scipy.stats").rankdata


def keys(*values: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(values, np.int64)


def labels(count: int) -> list[str]:
    return [f"u{at}" for at in range(count)]


@pytest.mark.parametrize("ties", list(SCIPY))
@given(values=st.lists(st.integers(0, 9) | st.integers(-(10**12), 10**12), max_size=40))
def test_ranks_are_those_of_scipy(ties: Ties, values: list[int], rankdata: Callable[..., Any]) -> None:
    found = rank([keys(*values)], ties, labels(len(values)))
    assert found.tolist() == rankdata([-value for value in values], method=SCIPY[ties]).tolist()


@pytest.mark.parametrize("ties", list(SCIPY))
@given(values=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=20))
def test_a_tie_is_broken_by_the_next_key(
    ties: Ties, values: list[tuple[int, int]], rankdata: Callable[..., Any]
) -> None:
    first, second = zip(*values, strict=True)
    found = rank([keys(*first), keys(*second)], ties, labels(len(values)))
    assert found.tolist() == rankdata([-4 * one - two for one, two in values], method=SCIPY[ties]).tolist()


@pytest.mark.parametrize("spread", [1, 10**9])  # counted where keys are close together, sorted where they are not
@pytest.mark.parametrize(
    ("ties", "ranks"),
    [
        ("competition", [1, 2, 2, 4, 5]),
        ("dense", [1, 2, 2, 3, 4]),
        ("average", [1, 2.5, 2.5, 4, 5]),
        ("ordinal", [1, 3, 2, 4, 5]),
    ],
)
def test_four_ways_to_rank_a_tie(ties: Ties, ranks: list[float], spread: int) -> None:
    units = ["a", "z", "b", "d", "e"]  # `b` comes before `z` where nothing else decides
    assert rank([keys(9, 7, 7, 4, 0) * spread], ties, units).tolist() == ranks


def test_only_an_average_is_no_whole_number() -> None:
    kinds = {ties: rank([keys(2, 2, 1)], ties, labels(3)).dtype.kind for ties in (*SCIPY, "ordinal")}  # type: ignore[arg-type]
    assert kinds == {"competition": "i", "dense": "i", "average": "f", "ordinal": "i"}


def test_ordinal_ranks_go_down_the_chain_and_end_with_the_unit_codes() -> None:
    chain = [keys(5, 5, 5, 5), keys(1, 2, 1, 1), keys(0, 0, 3, 0)]
    assert rank(chain, "ordinal", ["d", "c", "b", "a"]).tolist() == [4, 1, 2, 3]


@pytest.mark.parametrize("ties", [*SCIPY, "ordinal"])
def test_nobody_is_ranked_where_there_is_nobody(ties: Ties) -> None:
    assert rank([keys()], ties, []).tolist() == []


def test_units_are_ranked_within_their_pool() -> None:
    pools = np.array([0, 1, 0, 1, 0])
    found = rank_within([keys(5, 9, 7, 8, 7)], "competition", labels(5), pools, np.ones(5, np.bool_))
    assert found.tolist() == [3, 1, 1, 2, 1]


def test_a_unit_that_is_not_ranked_takes_nobodys_place() -> None:
    ranked = np.array([False, True, True])
    assert rank_within([keys(9, 7, 5)], "competition", labels(3), None, ranked).tolist() == [0, 1, 2]
    pools = np.array([0, 0, 1])
    assert rank_within([keys(9, 7, 5)], "average", labels(3), pools, ranked).tolist() == [0, 1, 1]


def test_a_pool_where_nobody_is_ranked_is_no_trouble() -> None:
    nobody = np.zeros(3, np.bool_)
    assert rank_within([keys(9, 7, 5)], "dense", labels(3), np.array([0, 0, 1]), nobody).tolist() == [0, 0, 0]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.booleans()), min_size=1, max_size=20))
def test_ranks_within_pools_are_those_of_each_pool_alone(units: list[tuple[int, int, bool]]) -> None:
    scores, pools, ranked = (np.array(column) for column in zip(*units, strict=True))
    found = rank_within([scores], "competition", labels(len(units)), pools, ranked)
    for score, pool, has, own in zip(scores, pools, ranked, found, strict=True):
        assert own == (1 + (scores[ranked & (pools == pool)] > score).sum() if has else 0)
