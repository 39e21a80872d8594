"""What rivals score in a year if they move as they did: this year's and the rise since last year, within 0 and max."""

from __future__ import annotations

from fractions import Fraction as Q
from typing import Any

import made
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ictindex import compile_scheme, table_from_columns
from ictindex.analysis.climbing.rivals import projected
from ictindex.engine import run
from ictindex.errors import UnknownName, WrongUse
from ictindex.model import TOTAL, Publication, RankRule, Scheme
from ictindex.result import Result

HUNDRED = made.scheme(made.group(TOTAL, 100, made.assessed("A", 60), made.assessed("B", 40)))


def scored(scheme: Scheme, *rows: tuple[str, Any, Any]) -> Result:
    columns = {"unit": [one[0] for one in rows], "A": [one[1] for one in rows], "B": [one[2] for one in rows]}
    return run(compile_scheme(scheme), table_from_columns(scheme, columns))


def ranked(**more: Any) -> Scheme:
    return evolve(HUNDRED, root=evolve(HUNDRED.root, rank=RankRule(**more)))


def test_a_rise_is_made_once_more() -> None:
    last = scored(HUNDRED, ("u1", "20", "10"), ("u2", "30", "20"), ("u3", "40", "40"))
    now = scored(HUNDRED, ("u1", "25", "10.25"), ("u2", "30", "20"), ("u3", "30", "30"))
    found = projected(now, last)
    assert found.points == {0: Q("40.5"), 1: 50, 2: 40}
    assert found.keys == {0: 4050, 1: 5000, 2: 4000}
    assert (found.moved, found.still, found.new) == ((0, 2), (1,), ())


def test_nobody_goes_beyond_the_ends() -> None:
    last = scored(HUNDRED, ("u1", "20", "10"), ("u2", "60", "10"))
    now = scored(HUNDRED, ("u1", "60", "20"), ("u2", "10", "10"))
    assert projected(now, last).points == {0: 100, 1: 0}


def test_units_are_known_by_their_codes_and_new_ones_stay() -> None:
    last = scored(HUNDRED, ("gone", "1", "1"), ("u2", "30", "20"))
    now = scored(HUNDRED, ("u1", "25", "10"), ("u2", "31", "20"))
    found = projected(now, last)
    assert found.points == {0: 35, 1: 52}
    assert (found.moved, found.new) == ((1,), (0,))


def test_another_edition_counts_as_a_share_of_its_maximum() -> None:
    small = made.scheme(made.group(TOTAL, 10, made.assessed("A", 6), made.assessed("B", 4)))
    last, now = scored(small, ("u1", "3", "1")), scored(HUNDRED, ("u1", "30", "20"))
    assert projected(now, last).points == {0: 60}


def test_a_row_is_found_by_what_it_was_called() -> None:
    root = HUNDRED.root
    renamed = evolve(
        HUNDRED, root=evolve(root, children=(evolve(root.children[0], code="N", was="A"), root.children[1]))
    )
    last, now = scored(HUNDRED, ("u1", "30", "20")), scored(renamed, ("u1", "40", "20"))
    assert projected(now, last, "N").points == {0: 50}
    with pytest.raises(WrongUse, match="U240"):
        projected(last, now, "A")


def test_what_was_published_rises_where_ranks_are_made_on_it() -> None:
    whole = Publication("points", 0)
    scheme = evolve(HUNDRED, root=evolve(HUNDRED.root, publish=whole))
    last, now = scored(scheme, ("u1", "20", "0.4")), scored(scheme, ("u1", "20", "0.5"))
    assert projected(now, last).points == {0: 22}
    exact = evolve(scheme, root=evolve(scheme.root, rank=RankRule(on="exact")))
    last, now = scored(exact, ("u1", "20", "0.4")), scored(exact, ("u1", "20", "0.5"))
    assert projected(now, last).points == {0: Q("20.6")}
    assert projected(now, last).keys == {0: 21}


def test_what_is_asked_wrongly_is_said() -> None:
    last, now = scored(HUNDRED, ("x", "20", "0.4")), scored(HUNDRED, ("u1", "20", "0.5"))
    with pytest.raises(WrongUse, match="U241"):
        projected(now, last)
    with pytest.raises(UnknownName, match="U105"):
        projected(now, now, "C")


def test_what_has_no_ends_is_not_cut() -> None:
    scale = made.rule("z-score", over="pool")
    scheme = made.scheme(made.group(TOTAL, 10, made.value("A", 6, scale=scale), made.value("B", 4, scale=scale)))
    last = scored(scheme, ("u1", "2", "2"), ("u2", "2", "2"), ("u3", "2", "2"))
    now = scored(scheme, ("u1", "1", "1"), ("u2", "2", "2"), ("u3", "3", "3"))
    found = projected(now, last)
    assert found.keys[0] < -2000
    assert found.keys[0] == -found.keys[2]


SCORES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SCORES, SCORES, st.sampled_from(["published", "exact"]))
def test_the_same_year_twice_changes_nothing_and_everyone_stays_within(
    one: list[tuple[int, int]], other: list[tuple[int, int]], on: str
) -> None:
    scheme = ranked(on=on, then=("B",))
    now = scored(scheme, *((f"u{at}", str(a), str(b)) for at, (a, b) in enumerate(one)))
    last = scored(scheme, *((f"u{at}", str(a), str(b)) for at, (a, b) in enumerate(other)))
    units = list(range(len(one)))
    same = projected(now, now)
    assert ([same.keys[unit] for unit in units], same.moved) == (now.keys().tolist(), ())
    found = projected(now, last)
    for unit, (a, b) in enumerate(one):
        then = sum(other[unit]) if unit < len(other) else a + b
        assert found.points[unit] == min(max(2 * (a + b) - then, 0), 100)
    assert sorted((*found.moved, *found.still, *found.new)) == units
