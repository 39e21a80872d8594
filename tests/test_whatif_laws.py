"""What if some cells were others: the same as a table that says so, read anew."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import NA
from strategies import Cells, tables, worlds
from test_laws import LAW as USUAL
from test_laws import World, as_table, bits

from ictindex import whatif
from ictindex.analysis.whatif.answer import WhatIf
from ictindex.analysis.whatif.comparing import changed_result
from ictindex.analysis.whatif.effects import MOST_ALONE
from ictindex.analysis.whatif.reading import changes_of, read_changes
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.errors import TableInvalid
from ictindex.model import InputKind, Scheme
from ictindex.plugins import vocabulary
from ictindex.result import Result
from ictindex.texts import number_text

LAW = settings(USUAL, max_examples=25)
Triple = tuple[str, str, str]


@st.composite
def changed(draw: st.DrawFn) -> tuple[World, list[Cells], list[Triple]]:
    """A world, its table with some cells changed by hand, and the same changes as one would type them."""
    scheme, rows = draw(worlds(refusals=True))
    others = draw(tables(scheme, refusals=True, least=len(rows)))
    by_hand = [dict(row) for row in rows]
    choices = {one.code: [case.code for case in one.cases] for one in scheme.inputs if one.kind is InputKind.CHOICE}
    everywhere = [name for name in others[0] if all(name in row for row in rows) or name.endswith(".score")]
    everywhere = [name for name in everywhere if name != "unit" and not (scheme.pools and name == scheme.pools.by)]
    triples = []
    for at, name in draw(_cells_of(len(rows), everywhere)):
        cell = others[at % len(others)].get(name)
        by_hand[at][name] = cell
        triples.append((str(rows[at]["unit"]), name, _typed(cell, choices.get(name))))
    return (scheme, rows), by_hand, triples


def _cells_of(size: int, names: list[str]) -> st.SearchStrategy[list[tuple[int, str]]]:
    if not names:
        return st.just([])
    return st.lists(st.tuples(st.integers(0, size - 1), st.sampled_from(names)), max_size=4, unique=True)


def _typed(cell: Any, cases: list[str] | None) -> str:
    if cell is None or cell is NA:
        return "" if cell is None else "n/a"
    if isinstance(cell, bool):
        return "12/QĐ-UBND" if cell else ""
    return cases[int(cell)] if cases else number_text(Fraction(cell))


def scored(scheme: Scheme, rows: list[Cells]) -> Result | None:
    """The result of the rows, None where the scheme refuses them."""
    try:
        return run(compile_scheme(scheme, vocabulary()), as_table(scheme, rows))
    except TableInvalid:
        return None


def asked(result: Result, triples: list[Triple]) -> WhatIf | None:
    try:
        return whatif(result, triples, decimal="point")
    except TableInvalid:
        return None


@given(changed())
@LAW
def test_the_answer_is_that_of_a_table_changed_by_hand(made: tuple[World, list[Cells], list[Triple]]) -> None:
    (scheme, rows), by_hand, triples = made
    old, new = scored(scheme, rows), scored(scheme, by_hand)
    if old is None:
        return
    answer = asked(old, triples)
    assert (answer is None) == (new is None)
    if answer is None or new is None:
        return
    edited = {unit for unit, _, _ in triples}
    for total in old.totals:
        moved = {one.unit: one for one in answer.moved if one.total == total.code}
        before, after = ([*_published(one, total.code)] for one in (old, new))
        for unit, was, now in zip(old.units, before, after, strict=True):
            assert (unit in moved) == (unit in edited or was != now)
            if unit in moved:
                one = moved[unit]
                assert (one.old_score, one.old_rank, one.old_level) == was
                assert (one.new_score, one.new_rank, one.new_level) == now
                assert (one.because == "edited") == (unit in edited)
                assert one.because != "overtaken" or (was[0], was[2]) == (now[0], now[2])
    assert not old.plan.relative or answer.relearned or bits_of_others(old, edited) == bits_of_others(new, edited)


def bits_of_others(result: Result, edited: set[str]) -> dict[str, bytes]:
    return {unit: found for unit, found in bits(result).items() if unit not in edited}


def _as_typed(state: str, text: str) -> str:
    return {"shown": "x", "not-applicable": "n/a"}.get(state, text)


def _published(result: Result, code: str) -> Any:
    ranks = [rank.item() or None for rank in result.ranks(code)]
    return zip(result.published(code), ranks, result.levels(code), strict=True)


@given(changed(), st.randoms(use_true_random=False))
@LAW
def test_the_order_of_the_changes_is_irrelevant(made: tuple[World, list[Cells], list[Triple]], random: Any) -> None:
    (scheme, rows), _, triples = made
    old = scored(scheme, rows)
    if old is not None:
        other = random.sample(triples, len(triples))
        assert asked(old, triples) == asked(old, other + other[:1])


@given(changed())
@LAW
def test_there_and_back_is_the_old_result_to_the_bit(made: tuple[World, list[Cells], list[Triple]]) -> None:
    (scheme, rows), _, triples = made
    old = scored(scheme, rows)
    answer = None if old is None else asked(old, triples)
    if old is None or answer is None:
        return
    there = changed_result(old, read_changes(old, [changes_of(triples)], "point"))
    back = [(one.unit, one.code, _as_typed(one.old_state, one.old)) for one in answer.changes]
    again = changed_result(there, read_changes(there, [changes_of(back)], "point"))
    assert bits(again) == bits(old)
    assert [one.cells for one in again.columns] == [one.cells for one in old.columns]


@given(changed())
@LAW
def test_what_a_change_brings_alone_is_what_it_brings_without_the_others(
    made: tuple[World, list[Cells], list[Triple]],
) -> None:
    (scheme, rows), _, triples = made
    old = scored(scheme, rows)
    answer = None if old is None else asked(old, triples)
    if old is None or answer is None:
        return
    assert answer.told()
    for one in answer.changes:
        single = asked(old, [(one.unit, one.code, _as_typed(one.new_state, one.new))])
        expected = None
        if single is not None:
            found = [each for each in single.moved if each.unit == one.unit and each.total == one.total]
            expected = found[0].difference if found else None
        assert one.alone == expected or (len(answer.changes) > MOST_ALONE and one.alone is None)
        assert one.effect not in ("same", "covered") or len(answer.changes) > 1 or not one.alone


@given(changed())
@LAW
def test_the_next_better_rank_is_the_nearest_of_the_pool(made: tuple[World, list[Cells], list[Triple]]) -> None:
    (scheme, rows), by_hand, triples = made
    old, new = scored(scheme, rows), scored(scheme, by_hand)
    answer = None if old is None else asked(old, triples)
    if answer is None or new is None:
        return
    for one in answer.moved:
        pools = new.table.pool or ("",) * len(new.units)
        ranked = zip(pools, new.ranks(one.total).tolist(), new.published(one.total), strict=True)
        ahead = [(rank, Fraction(score or 0)) for pool, rank, score in ranked if pool == one.pool and rank]
        better = [each for each in ahead if one.new_rank is not None and each[0] < one.new_rank]
        assert one.ahead_rank == max((rank for rank, _ in better), default=None)
        if one.ahead_score is not None and one.new_score is not None:
            assert Fraction(one.ahead_score) == min(score for rank, score in better if rank == one.ahead_rank)
            assert one.short == Fraction(one.ahead_score) - Fraction(one.new_score)
            assert one.short >= 0


@given(worlds())
@LAW
def test_no_change_is_nobody_moved(world: World) -> None:
    old = scored(*world)
    assert old is not None
    answer = whatif(old, [])
    assert answer.changes == answer.moved == answer.relearned == ()
