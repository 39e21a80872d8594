"""What criteria offer: every move earns what it says, is no more than it takes, and can be typed into the table."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction as Q
from typing import Any

import made
import numpy as np
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_schemes import IDS, example_path

from ictindex import compile_scheme, load_scheme, read_table, score
from ictindex.analysis.climbing.moves import offers_of, wants_of
from ictindex.analysis.climbing.offers import Move, Offer
from ictindex.editing import edited, taken
from ictindex.engine import run
from ictindex.formats.csv import CsvFormat
from ictindex.messages import LANGUAGES, in_language
from ictindex.model import TOTAL, Case, Evidence, Group, Indicator, Input, InputKind, Publication, Quantity, Scheme
from ictindex.plan import Leaf
from ictindex.result import Result
from ictindex.strategies.measures import Ratio
from ictindex.table import Table
from ictindex.testing.drawing import Tape, tapes
from ictindex.testing.making import SIZE, scheme_from
from ictindex.testing.rows import Wanted, rows_from
from ictindex.testing.written import table_of

SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def worlds() -> st.SearchStrategy[tuple[Scheme, Table]]:
    """Draw a scheme and a table that it takes, with missing cells, given scores, points left out and lost evidence."""

    def drawn(tape: Tape) -> tuple[Scheme, Table]:
        scheme = scheme_from(tape, relative=True, irrational=True, negative=True, refusals=False)
        if tape.chance(3):
            scheme = sharing(scheme, tape)
        rows = rows_from(compile_scheme(scheme), Wanted(1, 4, given=True, left=True), tape.cut(SIZE))
        return scheme, table_of(scheme, rows)

    return tapes(SIZE + 800).map(drawn)


def sharing(scheme: Scheme, tape: Tape) -> Scheme:
    """Let some rows read each other's figures: inputs of one kind become one, within the bounds of all of them."""
    kept: dict[str, Input] = {}
    names: dict[str, str] = {}
    for one in scheme.inputs:
        alike = [other for other in kept.values() if other.kind is one.kind and one.kind in _SHARED]
        other = tape.choose(alike) if alike and tape.chance(2) else one
        low = max((end for end in (one.low, other.low) if end is not None), default=None)
        high = min((end for end in (one.high, other.high) if end is not None), default=None)
        if low is not None and high is not None and low >= high:
            other, low, high = one, one.low, one.high
        kept[other.code] = evolve(other, low=low, high=high)
        names[one.code] = other.code

    def named(value: Any) -> Any:
        if isinstance(value, Quantity):
            return evolve(value, terms=tuple((names[code], factor) for code, factor in value.terms))
        if isinstance(value, Case):
            return evolve(value, code=names.get(value.code, value.code))
        if isinstance(value, tuple):
            return tuple(map(named, value))
        return names.get(value, value) if isinstance(value, str) else value

    def row(one: Any) -> Any:
        if isinstance(one, Group):
            return evolve(one, children=tuple(map(row, one.children)))
        parameters = [(key, named(value) if key in _NAMING else value) for key, value in one.measure.parameters]
        inputs = tuple(dict.fromkeys(names[code] for code in one.inputs))
        return evolve(one, measure=evolve(one.measure, parameters=tuple(parameters)), inputs=inputs)

    return evolve(scheme, root=row(scheme.root), inputs=tuple(kept.values()))


_SHARED = (InputKind.COUNT, InputKind.AMOUNT, InputKind.YES_NO)
_NAMING = ("input", "inputs", "a", "b", "cases")


def everything(result: Result, unit: int, **more: Any) -> list[tuple[Offer, ...]]:
    return [offers_of(result, unit, total, **more) for total in result.plan.totals]


def keep_the_laws(result: Result, unit: int, **more: Any) -> int:
    """Hold every law against everything that a unit is offered; return how many moves there were."""
    count = 0
    for offers in everything(result, unit, **more):
        told_apart(result, offers)
        for offer in offers:
            assert bool(offer.moves) != bool(offer.why_not), offer
            each_better_than_the_cheaper_ones(result, unit, offer)
        moves = [move for offer in offers for move in offer.moves]
        earns_what_it_says(result, unit, moves)
        count += len(moves)
    return count


def told_apart(result: Result, offers: Sequence[Offer]) -> None:
    """No two offers change the same cell or the same points, and nothing is changed that something is divided by."""
    nodes = result.plan.nodes
    divisors = {
        code for one in nodes if isinstance(one, Leaf) and isinstance(one.measure, Ratio) for code in one.measure.b.inputs
    }
    for seen in (
        [{edit.column for move in offer.moves for edit in move.edits} for offer in offers],
        [{place for move in offer.moves for place in move.points} for offer in offers],
    ):
        together: set[Any] = set().union(*seen)
        assert len(together) == sum(map(len, seen))
        assert not together & divisors


def each_better_than_the_cheaper_ones(result: Result, unit: int, offer: Offer) -> None:
    wants, before = wants_of(result.plan), result.settled.column(unit)
    places = sorted({place for move in offer.moves for place in move.points})
    with result.plan.arithmetic.context():
        worth = [[wants[at] * one.points.get(at, before[at]) for at in places] for one in offer.moves]
        nothing = [wants[at] * before[at] for at in places]
    efforts = [move.effort for move in offer.moves]
    assert all(effort > 0 for effort in efforts)
    assert efforts == sorted(efforts)
    for at, one in enumerate(worth):
        for cheaper in (nothing, *worth[:at]):
            assert any(new > old for new, old in zip(one, cheaper, strict=True)), offer.moves[at]
        if len(places) == 1:
            assert not at or efforts[at] > efforts[at - 1]


def earns_what_it_says(result: Result, unit: int, moves: Sequence[Move]) -> None:
    """Type every move into a table of its own, read it, and score it: it has the points that the move says."""
    if not moves:
        return
    scheme, plan = result.scheme, result.plan
    codes = [f"move {at}" for at in range(len(moves))]
    table = taken(evolve(result.table, declared=None, notes=()), [unit] * len(moves), codes)
    edits = [evolve(edit, unit=at) for at, move in enumerate(moves) for edit in move.edits]
    text = CsvFormat().write_table(edited(table, edits), scheme)
    read = evolve(read_table(io.StringIO(text), scheme=scheme), without_evidence=result.table.without_evidence)
    scored = run(plan, read, reference=result if plan.relative else None)
    before = result.settled.column(unit)
    scored.settled.settle(np.arange(len(moves)))
    for at, move in enumerate(moves):
        after = scored.settled.column(at)
        for node in plan.nodes:
            if isinstance(node, Leaf):
                told = move.points.get(node.place, before[node.place])
                with plan.arithmetic.context():
                    assert abs(after[node.place] - told) <= plan.arithmetic.tolerance, (node.row.code, move)


@SOME
@given(worlds(), st.sampled_from([0, 7]))
def test_every_move_of_a_drawn_scheme_earns_what_it_says(world: tuple[Scheme, Table], fine: int) -> None:
    scheme, table = world
    result = run(compile_scheme(scheme), table)
    for unit in range(min(len(table), 2)):
        keep_the_laws(result, unit, fine=fine)


@pytest.mark.parametrize("name", IDS)
def test_every_move_of_the_examples_earns_what_it_says(name: str) -> None:
    scheme = load_scheme(name)
    result = score(scheme, read_table(example_path(scheme), scheme=scheme))
    found = sum(keep_the_laws(result, unit) for unit in range(0, len(result.units), 1 + len(result.units) // 4))
    assert found > 5
