"""Laws of a comparison of two results, on random pairs of tables and schemes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from attrs import evolve
from compared import Pair, expected, pairs
from edits import edited
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import schemes

from ictindex import compare, score
from ictindex.analysis.comparing.answers import CAUSES, Comparison, PrintedSplit, Split
from ictindex.analysis.comparing.shapley import shapley
from ictindex.plan import points_per_unit
from ictindex.publication import NEGLIGIBLE, apportioned, half_up
from ictindex.ranking import rank, rank_of
from ictindex.result import Result
from ictindex.testing.rows import tables

FEW = settings(max_examples=12)


def parts(split: Split) -> list[Fraction]:
    return [split.part(cause) for cause in CAUSES]


def adds_up(found: Comparison) -> None:
    """Assert that every part adds up, exact and printed, and that both ends are those of the results."""
    for one in found.units:
        assert sum(parts(one.score)) == one.score.whole == one.after - one.before
        assert printed_sum(one.printed) == Fraction(one.printed.whole.rstrip("%"))
        ends = (Fraction(text.rstrip("%")) for text in (one.printed_before, one.printed_after))
        before, after = ends
        assert after - before == Fraction(one.printed.whole.rstrip("%"))
        if one.places is not None and one.rank_before is not None and one.rank_after is not None:
            assert sum(parts(one.places)) == one.places.whole
            assert one.places.whole == Fraction(one.rank_before) - Fraction(one.rank_after)
            assert one.printed_places is not None
            assert printed_sum(one.printed_places) == Fraction(one.printed_places.whole)
        moved = sum((row.change.whole for row in one.rows), Fraction(0))
        assert abs(moved - one.score.whole) <= NEGLIGIBLE
        for row in one.rows:
            assert sum(parts(row.change)) == row.change.whole == row.brought_after - row.brought_before
            assert printed_sum(row.printed) == Fraction(row.printed.whole.rstrip("%"))


def printed_sum(printed: PrintedSplit) -> Fraction:
    texts = (printed.part(cause).rstrip("%") for cause in CAUSES)
    return sum((Fraction(text) for text in texts if text), Fraction(0))


def ends_are_those_of(found: Comparison, before: Result, after: Result) -> None:
    for one in found.units:
        for result, code, told, rank_told in (
            (before, found.row_before, one.before, one.rank_before),
            (after, found.row_after, one.after, one.rank_after),
        ):
            row, at = result.scheme.row(code), result.position(one.unit)
            per = row.max if found.scale == "share" else points_per_unit(row)
            exact = Fraction(result.settled.column(at)[result.plan.place(code)]) / per
            assert abs(told - exact) <= NEGLIGIBLE
            assert (rank_told or 0) == result.ranks(code)[at]


@FEW
@given(pairs(irrational=True))
def test_the_parts_add_up_exactly(pair: Pair) -> None:
    before, after = pair.results
    found = compare(before, after)
    adds_up(found)
    ends_are_those_of(found, before, after)
    assert len(found.units) + len(found.apart) == len(before.units)


@settings(max_examples=8)
@given(pairs())
def test_the_parts_are_the_means_over_all_orders(pair: Pair) -> None:
    """A plain walk through every order of the causes, on tables put together row by row, says the same."""
    found = compare(*pair.results)
    told = {one.unit: one for one in found.units}
    for unit, row in enumerate(pair.final[0][:1]):
        wanted = expected(pair, unit)
        one = told.get(str(row["unit"]))
        assert (one is None) == (wanted is None)
        if one is None or wanted is None:
            continue
        for cause in CAUSES:
            assert one.score.part(cause) == wanted[cause][0]
            assert one.places is None or one.places.part(cause) == -wanted[cause][1]


@FEW
@given(pairs())
def test_the_other_way_round_every_part_is_negative(pair: Pair) -> None:
    there, back = compare(*pair.results), compare(*pair.back.results)
    assert [one.unit for one in there.units] == [one.unit for one in back.units]
    for one, other in zip(there.units, back.units, strict=True):
        assert parts(one.score) == [-part for part in parts(other.score)]
        assert (one.places is None) == (other.places is None)
        if one.places is not None and other.places is not None:
            assert parts(one.places) == [-part for part in parts(other.places)]


@FEW
@given(pairs(other_scheme=False))
def test_nothing_changes_from_a_result_to_itself(pair: Pair) -> None:
    result = pair.results[0]
    found = compare(result, result)
    for one in found.units:
        assert not any(parts(one.score)) and not one.rows
        assert one.places is None or not any(parts(one.places))


@FEW
@given(pairs(other_scheme=False, verified=False))
def test_only_figures_change_only_own_figures_and_the_others(pair: Pair) -> None:
    before, after = pair.results
    found = compare(before, after)
    for one in found.units:
        assert one.score.scheme == one.score.verification == 0
        if not before.plan.relative:
            assert one.score.own == one.score.whole and "others" not in found.causes


@FEW
@given(pairs(verified=False))
def test_only_the_scheme_changes_only_the_scheme(pair: Pair) -> None:
    one_table = evolve(pair, final=(pair.final[0], pair.final[0]))
    found = compare(*one_table.results)
    for one in found.units:
        assert one.score.scheme == one.score.whole and one.score.own == one.score.others == 0
        assert one.places is None or one.places.scheme == one.places.whole


@FEW
@given(pairs(other_scheme=False))
def test_only_verification_changes_only_verification(pair: Pair) -> None:
    """From the declared track of a table to its final one."""
    both = evolve(pair, declared=(None, pair.final[0]), final=(pair.final[0], pair.final[1]))
    found = compare(*both.results)
    for one in found.units:
        assert one.score.own == one.score.scheme == 0
        if not found.subject.scheme.root.scale and "others" not in found.causes:
            assert one.score.verification == one.score.whole


@settings(max_examples=25)
@given(st.data())
def test_any_two_schemes_can_be_compared_and_the_parts_add_up(data: st.DataObject) -> None:
    """Rows and columns come, go, are renumbered and worth something else; what cannot be compared is said."""
    scheme = data.draw(schemes())
    other = data.draw(st.one_of(edited(scheme), schemes()))
    sides = [data.draw(tables(one, units=3, given=True)) for one in (scheme, other)]
    assume(len(scheme.totals) == len(other.totals))
    before, after = (score(one, table) for one, table in zip((scheme, other), sides, strict=True))
    rows = [one.scheme.totals[0] for one in (before, after)]
    assume(all(row.max for row in rows))
    found = compare(before, after)
    adds_up(found)
    ends_are_those_of(found, before, after)
    assert {one.unit for one in (*found.units, *found.apart)} == {*before.units, *after.units}
    assert all(one.why for one in found.apart)
    assert found.told("vi") and found.told("en") and found.to_columns() is not None


@given(st.lists(st.fractions(min_value=-5, max_value=5, max_denominator=30), min_size=1, max_size=5))
def test_what_is_printed_adds_up_and_is_near(given_parts: list[Fraction]) -> None:
    whole = half_up(sum(given_parts))
    printed = apportioned(given_parts, whole)
    assert sum(printed) == whole or not any(given_parts)
    assert all(abs(number - part) < 1 for number, part in zip(printed, given_parts, strict=True))
    assert all(not number for number, part in zip(printed, given_parts, strict=True) if not part)


@given(st.dictionaries(st.frozensets(st.sampled_from("abc")), st.integers(-9, 9)))
def test_the_parts_of_any_game_add_up_and_an_idle_cause_has_none(game: dict[frozenset[str], int]) -> None:
    def value(moved: frozenset[str]) -> dict[str, Fraction]:
        return {"x": Fraction(game.get(moved - {"idle"}, 0))}

    found = shapley(("a", "b", "c", "idle"), value)
    assert sum(part["x"] for part in found.values()) == value(frozenset("abc"))["x"] - value(frozenset())["x"]
    assert found["idle"]["x"] == 0


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.sampled_from(["competition", "dense", "average"]))
def test_the_rank_among_others_is_the_rank_in_the_table(keys: list[int], ties: Any) -> None:
    ranks = rank([np.array(keys)], ties, [""] * len(keys))
    for at, key in enumerate(keys):
        others = np.sort(np.array(keys[:at] + keys[at + 1 :], np.int64))
        assert rank_of(key, others, ties) == ranks[at]
