"""The sets of moves that are tried where no exact search is possible: each allowed one once, and no other is made."""

from __future__ import annotations

from fractions import Fraction as Q
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ictindex.analysis.climbing.bounded import by_effort

Efforts = dict[tuple[int, int], Q]


def sets_of(efforts: Efforts) -> list[tuple[tuple[int, int], ...]]:
    looks: Any = SimpleNamespace(moved=dict.fromkeys(efforts), effort=lambda picks: sum(efforts[one] for one in picks))
    return list(by_effort(looks))


@given(st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=3), min_size=1, max_size=4))
def test_every_set_once_by_its_effort(offers: list[list[int]]) -> None:
    efforts = {(offer, move): Q(cost) for offer, costs in enumerate(offers) for move, cost in enumerate(costs)}
    ways = product(*([None, *range(len(costs))] for costs in offers))
    every = {tuple((offer, move) for offer, move in enumerate(way) if move is not None) for way in ways} - {()}
    found = sets_of(efforts)
    assert len(found) == len(every) and set(found) == every
    told = [(sum(efforts[one] for one in picks), len(picks)) for picks in found]
    assert told == sorted(told)


@pytest.mark.parametrize("offers", [1, 2])
def test_many_moves_of_one_offer_are_not_put_together(offers: int) -> None:
    """Two moves of one offer exclude each other: to look at all sets of 30 of them would never end."""
    efforts = {(offer, move): Q(1 + move) for offer in range(offers) for move in range(30)}
    assert len(sets_of(efforts)) == 31**offers - 1
