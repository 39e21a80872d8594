"""What a result keeps in memory never changes what it answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from oracle import NA
from receipted import COMMUNES, name_of
from strategies import Cells, worlds

import ictindex
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.errors import WrongUse
from ictindex.layout import Keep, layout
from ictindex.model import Scheme
from ictindex.plan import Heading
from ictindex.plugins import vocabulary
from ictindex.result import Result
from ictindex.testing.written import NOT_APPLICABLE, table_of

LESS: tuple[Keep, ...] = ("groups", "totals")


def answers(result: Result, code: str) -> list[Any]:
    return [
        result.points(code).tobytes(),
        result.keys(code).tolist(),
        result.published(code),
        result.states(code),
        result.levels(code),
        result.ranks(code).tolist(),
    ]


@given(worlds())
def test_every_row_answers_the_same_whatever_is_kept(world: tuple[Scheme, list[Cells]]) -> None:
    scheme, cells = world
    rows = [{name: NOT_APPLICABLE if found is NA else found for name, found in row.items()} for row in cells]
    plan, table = compile_scheme(scheme, vocabulary()), table_of(scheme, rows)
    whole = run(plan, table, keep="all")
    for keep in LESS:
        result = run(plan, table, keep=keep)
        for total in scheme.totals:  # these first: nothing is filled again for them
            assert answers(result, total.code) == answers(whole, total.code)
            assert result.settled.matrix.keeps(plan.place(total.code))
        for row in scheme.rows():
            assert answers(result, row.code) == answers(whole, row.code)
        assert result.receipt() == whole.receipt()


@given(worlds())
def test_rooms_are_never_shared_by_rows_that_are_needed_together(world: tuple[Scheme, list[Cells]]) -> None:
    plan = compile_scheme(world[0], vocabulary())
    for keep in LESS:
        found = layout(plan, keep)
        for heading in plan.nodes:
            if not isinstance(heading, Heading):
                continue
            rooms = [found.scratch[place] for place in (heading.place, *heading.children)]
            used = [room for room in rooms if room >= 0]
            assert len(set(used)) == len(used) and all(room < found.rooms for room in used)


def test_a_thin_result_holds_the_totals_alone_until_it_is_asked_for_more() -> None:
    plan = ictindex.compile_scheme(name_of(COMMUNES))
    result = ictindex.score(plan, ictindex.read_table(COMMUNES, scheme=plan))
    result.ranks()
    assert len(result.settled.matrix.rows) < len(plan.nodes) / 2
    assert "whole" not in vars(result.settled)
    result.points(plan.nodes[-1].row.code)
    assert len(result.settled.whole.rows) == len(plan.nodes)


def test_a_word_that_is_none_of_them_is_refused() -> None:
    plan = ictindex.compile_scheme(name_of(COMMUNES))
    with pytest.raises(WrongUse, match="totals"):
        ictindex.score(plan, ictindex.read_table(COMMUNES, scheme=plan), keep="some")  # type: ignore[arg-type]
