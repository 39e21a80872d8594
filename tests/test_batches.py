"""Scoring in parts gives what one piece gives: whatever the batches and their order, to the bit."""

from __future__ import annotations

import itertools
import json
import math
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from made import leaf, rule, value
from made import scheme as made_scheme
from strategies import Cells, worlds
from test_laws import as_table

from ictindex import learning, score, table_from_columns
from ictindex.batching import (
    Learned,
    learn,
    learn_batches,
    merge_learned,
    rank_batches,
    score_batch,
    score_batches,
    stages_to_learn,
)
from ictindex.compiling import compile_scheme
from ictindex.engine import run, run_part
from ictindex.errors import TableInvalid, WrongUse
from ictindex.formats.arrow import figures_table, result_table
from ictindex.model import TOTAL, Group, Pool, Pools, RankRule, Rule, Scheme
from ictindex.plan import Plan
from ictindex.plugins import vocabulary
from ictindex.result import Result
from ictindex.strategies.base import Fit, NormalizationDefaults
from ictindex.strategies.sums import exact_sums
from ictindex.table import Table

LAW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
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


def test_what_was_not_learned_is_no_lesson() -> None:
    row = value("x", scale=rule("min-max", over="all"))
    plan = compiled(made_scheme(Group(code=TOTAL, name=TOTAL, max=row.max, children=(row,), combine=Rule("sum"))))
    learned = learn(plan, as_table(plan.scheme, [{"unit": "u", "x": "0.25"}, {"unit": "v", "x": "0.5"}]))
    whole = learned.to_dict()
    assert Learned.from_dict(whole) == learned
    lacking = [{key: one for key, one in whole.items() if key != name} for name in whole]
    spoilt = [{**whole, **one} for one in ({"learned": 2}, {"stages": [1]}, {"pools": None})]
    for told in (None, [], "x", *lacking, *spoilt):
        with pytest.raises(WrongUse) as caught:
            Learned.from_dict(told)  # type: ignore[arg-type]
        assert str(caught.value).startswith("U319 this does not say what was learned (give what `to_dict` wrote")


def _bits(fit: Fit) -> dict[str, list[str]]:
    return {name: [one.hex() for one in numbers.tolist()] for name, numbers in fit.numbers.items()}


# --- exact sums ----------------------------------------------------------------------------------------------------

FLOATS = st.floats(-1e18, 1e18) | st.floats(-1e-9, 1e-9) | st.integers(-9, 9).map(float)


@given(st.lists(FLOATS, min_size=1, max_size=12), st.integers(1, 60), st.randoms(use_true_random=False))
def test_sums_of_floats_are_exact_however_many_there_are(some: list[float], times: int, shuffler: Any) -> None:
    values = some * times  # with 256 or more they are added together, with fewer one by one
    shuffler.shuffle(values)
    total, squares = exact_sums(np.array(values))
    assert total == sum(map(Fraction, some)) * times
    assert squares == sum(Fraction(one) ** 2 for one in some) * times


# --- what is refused, and what is the same -------------------------------------------------------------------------


def relative() -> Plan:
    children = (value("a", scale=rule("min-max", over="all")), value("b"))
    root = Group(code=TOTAL, name=TOTAL, max=Fraction(2), children=children, combine=Rule("sum"))
    return compiled(made_scheme(root))


def batch(**columns: list[Any]) -> Any:
    return pa.record_batch(columns)


def absolute() -> Plan:
    root = Group(code=TOTAL, name=TOTAL, max=Fraction(2), children=(value("a"), value("b")), combine=Rule("sum"))
    return compiled(made_scheme(root))


ONE = batch(unit=["u", "v"], a=[1, 5], b=[0.5, 0.25])
TWO = batch(unit=["w"], a=[9], b=[1.0])


def refused(work: Any, code: str) -> str:
    with pytest.raises((WrongUse, TableInvalid)) as caught:
        work()
    assert [problem.code for problem in caught.value.problems] == [code]
    return str(caught.value)


def test_what_cannot_be_scored_in_parts_is_refused_with_what_to_do() -> None:
    plan = relative()
    assert "more than once" in refused(lambda: list(score_batches(plan, iter([ONE, TWO]))), "U314")
    refused(lambda: score_batch(plan, ONE), "U312")
    learned = learn_batches(plan, [ONE, TWO])
    typed = batch(unit=["u"], a=["1,5"], b=["1"])
    assert "--decimal comma for 12,5" in refused(lambda: score_batch(plan, typed, learned), "U313")
    assert score_batch(plan, typed, learned, decimal="comma").column("score")[0].as_py() == 1.06
    refused(lambda: merge_learned([]), "U311")
    refused(lambda: merge_learned([learn(plan, as_batch_table(plan, ONE)), evolve_scheme(learned)]), "U311")
    refused(lambda: score_batch(plan, ONE, evolve_scheme(learned)), "U106")
    scored = list(score_batches(plan, [ONE, TWO]))
    refused(lambda: rank_batches(plan, []), "U316")
    refused(lambda: rank_batches(plan, [one.drop_columns(["#key total"]) for one in scored]), "U316")
    merging = compiled(evolve(plan.scheme, merged="mean-of-rows"))
    assert "one machine" in refused(lambda: learn_batches(merging, [ONE]), "U310")


def evolve_scheme(learned: Learned | None) -> Learned:
    assert learned is not None
    return evolve(learned, scheme_sha256="other")


def as_batch_table(plan: Plan, one: Any) -> Table:
    return table_from_columns(plan.scheme, one.to_pydict())


def test_what_is_wrong_with_several_batches_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = [ONE, batch(unit=["x", "y"], a=[1, math.nan], b=[1.0, 1.0]), TWO, batch(unit=["z"], a=[1], b=[math.nan])]
    for plan in (relative(), absolute()):
        with pytest.raises(TableInvalid) as caught:
            list(score_batches(plan, wrong))
        places = [(one.code, one.where.source, one.where.line) for one in caught.value.problems]
        assert places == [("T043", "record batch 2", 2), ("T043", "record batch 4", 1)]
    monkeypatch.setattr("ictindex.batches.refused.MOST_KEPT", 1)
    scored = score_batches(plan, wrong)
    assert next(scored).column("unit").to_pylist() == ["u", "v"]
    with pytest.raises(TableInvalid) as caught:
        next(scored)
    assert [one.where.source for one in caught.value.problems] == ["record batch 2"]


def test_a_unit_in_two_batches_is_found_when_ranks_are_made() -> None:
    plan = relative()
    scored = list(score_batches(plan, [ONE, TWO]))
    with pytest.raises(TableInvalid, match="the unit u of batch 3 is in batch 1 already") as caught:
        rank_batches(plan, [*scored, scored[0]])
    assert [problem.code for problem in caught.value.problems] == ["T031", "T031"]


def test_a_row_that_cannot_be_learned_in_parts_is_named() -> None:
    @frozen
    class Median(NormalizationDefaults):
        title = description = ""
        schema = {}  # noqa: RUF012 - as protocols have it
        fitting = "moments"
        over = "all"

        def fit(self, *_: Any) -> Fit | None:
            raise AssertionError("nobody asks")

        def bind(self, *_: Any) -> Any:
            return None

    plan = relative()
    nodes = tuple(evolve(one, scale=Median()) if one.row.code == "a" else one for one in plan.nodes)
    with pytest.raises(WrongUse, match="U310 a a compares units in a way that cannot be learned in parts"):
        learn_batches(evolve(plan, nodes=nodes), [ONE])


def test_what_was_learned_is_a_reference_as_a_result_is_one() -> None:
    plan = relative()
    table = table_from_columns(plan.scheme, {"unit": ["u", "v", "w"], "a": [1, 5, 9], "b": [0.5, 0.25, 1]})
    new = table_from_columns(plan.scheme, {"unit": ["x", "y"], "a": [3, 12], "b": [0, 1]})
    learned = learn_batches(plan, [TWO, ONE])
    assert learned is not None
    one, other = (score(plan, new, reference=known) for known in (score(plan, table), learned))
    assert one.points().tolist() == other.points().tolist() == [0.25, 2.0]
    assert one.states("a") == other.states("a") == ["computed", "cut"]
    assert other.receipt()["options"]["reference"] == learned.sha256
    (through,) = score_batches(plan, [batch(unit=["x", "y"], a=[3, 12], b=[0, 1])], reference=score(plan, table))
    assert through.column("total").to_pylist() == [0.25, 2.0]
    assert run_part(plan, table, learned).points().tolist() == score(plan, table).points().tolist()


def test_pools_that_nobody_learned_of_are_named() -> None:
    scheme = evolve(relative().scheme, pools=Pools("khối"))
    children = (value("a", scale=rule("min-max", over="pool")), value("b"))
    plan = compiled(evolve(scheme, root=evolve(scheme.root, children=children)))
    known = batch(unit=["u", "v"], a=[1, 5], b=[0, 0], khối=["A", "A"])
    learned = learn_batches(plan, [known])
    with pytest.raises(WrongUse, match="U109 the reference has no units of B"):
        score_batch(plan, batch(unit=["w"], a=[1], b=[0], khối=["B"]), learned)


def test_workers_give_the_same_batches_in_the_same_order() -> None:
    plan = relative()
    parts = [batch(unit=[f"u{at}"], a=[at], b=[0.5]) for at in range(40)]
    with ThreadPoolExecutor(3) as executor:
        shared = list(score_batches(plan, lambda: iter(parts), executor=executor))
    assert shared == list(score_batches(plan, parts)) and len(shared) == 40


def test_units_that_floats_cannot_tell_apart_are_looked_up_in_the_batches() -> None:
    ranked = RankRule("competition", "exact")
    thirds = leaf("a", 1, rule("value", input="a"), scale=rule("min-max", over="all"))
    root = Group(code=TOTAL, name=TOTAL, max=Fraction(1), children=(thirds,), combine=Rule("sum"), rank=ranked)
    plan = compiled(made_scheme(root))
    parts = [batch(unit=["u", "v"], a=[0.0, 3.0]), batch(unit=["w", "x"], a=[1.0, 1.0])]
    learned = learn_batches(plan, parts)
    scored = list(score_batches(plan, parts, reference=learned))
    assert "batches=" in refused(lambda: rank_batches(plan, scored), "U315")
    for reference in (None, learned):
        ranks = rank_batches(plan, scored, batches=parts, reference=reference)
        assert ranks.column("rank").to_pylist() == [4.0, 1.0, 2.0, 2.0]
    refused(lambda: rank_batches(plan, scored, batches=parts[:1], reference=learned), "U316")


@pytest.mark.parametrize("keep", ["totals", "groups", "all"])
def test_what_is_kept_is_what_is_told(keep: Any) -> None:
    (scored,) = score_batches(relative(), [ONE], keep=keep)
    told = [name for name in scored.schema.names if not name.startswith("#")]
    assert told == ["unit", "name", "score", "total", *(["a", "b"] if keep == "all" else []), "states"]


@pytest.mark.parametrize("places", [2, 9])
def test_exact_moments_of_typed_figures_need_no_run_of_every_unit(places: int, monkeypatch: pytest.MonkeyPatch) -> None:
    row = value("a", scale=rule("z-score", over="all"), missing="rescale")
    root = Group(code=TOTAL, name=TOTAL, max=Fraction(1), children=(row,), combine=Rule("mean"))
    plan = compiled(made_scheme(root))
    typed = [None if at % 9 == 4 else round((at * 37 % 101) / 7, places) for at in range(60)]
    table = table_from_columns(plan.scheme, {"unit": [f"u{at}" for at in range(60)], "a": typed})
    expected = run(plan, table).settled.exact_fits()
    most = 0
    fill = learning.fill

    def counted(*arguments: Any, units: Any = None, **more: Any) -> Any:
        nonlocal most
        most = max(most, 0 if units is None else len(units))
        return fill(*arguments, units=units, **more)

    monkeypatch.setattr(learning, "fill", counted)
    (lent,) = learning.lend(plan, learn(plan, table), table).exact_fits.values()  # type: ignore[union-attr]
    (fit,) = expected.values()
    assert {name: one.tolist() for name, one in lent.numbers.items()} == {
        name: one.tolist() for name, one in fit.numbers.items()
    }
    assert most <= 2  # the two ends
