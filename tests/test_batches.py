"""Scoring in parts gives what one piece gives: whatever the batches and their order, to the bit."""

from __future__ import annotations

import itertools
import json
import pickle
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import Cells, worlds
from test_laws import as_table

from ictindex.batching import (
    Learned,
    learn,
    learn_batches,
    merge_learned,
    rank_batches,
    score_batches,
    stages_to_learn,
)
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.formats.arrow import figures_table, result_table
from ictindex.model import TOTAL, Pool, Pools, RankRule, Scheme
from ictindex.plan import Plan
from ictindex.plugins import vocabulary
from ictindex.result import Result
from ictindex.strategies.base import Fit
from ictindex.table import Table

LAW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
World = tuple[Scheme, list[Cells]]


def compiled(scheme: Scheme) -> Plan:
    return compile_scheme(scheme, vocabulary())


def cut(rows: Sequence[Any], places: Sequence[int]) -> Iterator[Sequence[Any]]:
    """Cut a sequence at places between 0 and 1000; no part is empty."""
    edges = sorted({0, len(rows), *(place * len(rows) // 1000 for place in places)})
    for start, stop in itertools.pairwise(edges):
        yield rows[start:stop]


@st.composite
def divisions(draw: Any) -> tuple[Any, list[int], Any]:
    """A way to shuffle units, places at which to cut them, and a way to shuffle the parts."""
    cuts = draw(st.lists(st.integers(1, 999), max_size=4))
    return draw(st.randoms(use_true_random=False)), cuts, draw(st.randoms(use_true_random=False))


def parts_of(table: Table, scheme: Scheme, division: tuple[Any, list[int], Any]) -> list[Any]:
    """The table's units in another order, as Arrow record batches in another order."""
    shuffler, cuts, mixer = division
    order = list(range(len(table)))
    shuffler.shuffle(order)
    whole = figures_table(table, scheme)
    parts = [whole.take(pa.array(some)).combine_chunks().to_batches()[0] for some in cut(order, cuts)]
    mixer.shuffle(parts)
    return parts


def by_unit(table: Any) -> dict[str, dict[str, Any]]:
    return {row["unit"]: row for row in table.to_pylist()}


def agrees(plan: Plan, whole: Result, parts: list[Any]) -> None:
    """What is scored in parts is what a written result of all units has, and so are the ranks."""
    learned = learn_batches(plan, parts, decimal="point")
    scored = list(score_batches(plan, parts, reference=learned, keep="all", decimal="point"))
    ranks = by_unit(rank_batches(plan, scored, batches=parts, reference=learned, decimal="point"))
    expected = by_unit(result_table(whole))
    found = by_unit(pa.concat_tables([pa.Table.from_batches([one]) for one in scored]))
    assert found.keys() == expected.keys() == ranks.keys()
    for unit, row in expected.items():
        got = {name: cell for name, cell in found[unit].items() if not name.startswith("#")} | ranks[unit]
        assert got == {name: cell for name, cell in row.items() if name != "notice"}


@LAW
@given(worlds(), divisions())
def test_any_batches_in_any_order_give_what_one_machine_gives(world: World, division: Any) -> None:
    scheme, rows = world
    plan, table = compiled(scheme), as_table(scheme, rows)
    agrees(plan, run(plan, table), parts_of(table, scheme, division))


@LAW
@given(worlds(), divisions(), st.integers(0, 2))
def test_batches_know_pools_tie_breaks_and_exact_ranks(world: World, division: Any, names: int) -> None:
    scheme, rows = world
    pools = Pools("khối", (Pool("a", "A"), Pool("b", "B", ranked=False), Pool("c", "C")) if names else ())
    codes = [row.code for row in scheme.rows() if row.max and row.code != TOTAL]
    ranked = RankRule(("competition", "dense", "ordinal", "average")[len(rows) % 4], "exact", tuple(codes[:2]))
    scheme = evolve(scheme, pools=pools, root=evolve(scheme.root, rank=ranked))
    plan = compiled(scheme)
    table = as_table(scheme, rows, khối=["abc"[(at * at + names) % 3] for at in range(len(rows))])
    agrees(plan, run(plan, table), parts_of(table, scheme, division))


@LAW
@given(worlds(), divisions())
def test_what_parts_teach_is_what_the_whole_teaches(world: World, division: Any) -> None:
    scheme, rows = world
    plan = compiled(scheme)
    shuffler, cuts, mixer = division
    mixed = list(rows)
    shuffler.shuffle(mixed)
    parts = [as_table(scheme, some) for some in cut(mixed, cuts)]
    names = dict.fromkeys(name for row in rows for name in row)
    assume(all({*part.columns} == {*parts[0].columns} for part in parts) and names)
    whole = learned = None
    for _ in range(stages_to_learn(plan)):
        whole = learn(plan, as_table(scheme, rows), after=whole)
        found = [learn(plan, part, after=learned) for part in parts]
        mixer.shuffle(found)
        middle = len(found) // 2
        halves = [merge_learned(half) for half in (found[:middle], found[middle:]) if half]
        learned = merge_learned(halves)
    assert learned == whole
    if learned is not None:
        assert Learned.from_dict(json.loads(json.dumps(learned.to_dict()))) == learned
        assert pickle.loads(pickle.dumps(learned)) == learned  # noqa: S301
        fits, lent = run(plan, as_table(scheme, rows)).fits, run(plan, as_table(scheme, rows), reference=learned).fits
        assert {at: _bits(fit) for at, fit in fits.items()} == {at: _bits(fit) for at, fit in lent.items()}


def _bits(fit: Fit) -> dict[str, list[str]]:
    return {name: [one.hex() for one in numbers.tolist()] for name, numbers in fit.numbers.items()}
