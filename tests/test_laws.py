"""Laws that hold for every scheme: the engine against the oracle, and what no scheme may break."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from oracle import NA, Refused, Scored, score
from strategies import FITTED, THIRD, Cells, cell, rule, schemes, tables, worlds

from ictindex.assembling import table_from_columns
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.errors import TableInvalid
from ictindex.model import (
    TOTAL,
    Group,
    Indicator,
    Input,
    InputKind,
    Pools,
    Publication,
    Quantity,
    RankRule,
    Row,
    Rule,
    Scheme,
)
from ictindex.plugins import vocabulary
from ictindex.result import Result
from ictindex.table import Table

World = tuple[Scheme, list[Cells]]
LAW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
WIDE = settings(LAW, max_examples=300)


def as_table(scheme: Scheme, rows: Sequence[Cells], **columns: list[Any]) -> Table:
    """The table that a person would have typed."""
    cases = {one.code: [case.code for case in one.cases] for one in scheme.inputs if one.kind is InputKind.CHOICE}
    typed = [{code: _typed(found, cases.get(code)) for code, found in row.items()} for row in rows]
    names = dict.fromkeys(name for row in typed for name in row)
    return table_from_columns(scheme, {name: [row.get(name) for row in typed] for name in names} | columns)


def _typed(found: Any, cases: list[str] | None) -> Any:
    if found is NA:
        return "n/a"
    if isinstance(found, bool):
        return "12/QĐ-UBND" if found else ""
    return cases[int(found)] if cases and isinstance(found, Fraction) else found


def scored(scheme: Scheme, rows: Sequence[Cells], **options: Any) -> Result:
    return run(compile_scheme(scheme, vocabulary()), as_table(scheme, rows), **options)


def bits(result: Result) -> dict[str, bytes]:
    """Each unit's points, to the last bit."""
    points = np.array([result.points(row.code) for row in result.scheme.rows()])
    return {unit: points[:, at].tobytes() for at, unit in enumerate(result.units)}


def agree(result: Result, expected: Sequence[Scored]) -> None:
    """Everything that is published equals the oracle's; unrounded points are as near as floats can be."""
    assert list(result.units) == [one.unit for one in expected]
    for row in result.scheme.rows():
        if row not in result.totals and row is result.scheme.root:
            continue
        points = result.points(row.code)
        published, levels = result.published(row.code), result.levels(row.code)
        for at, one in enumerate(expected):
            exact = one.points[row.code]
            where = f"{row.code} of {one.unit}"
            assert (exact is None) == bool(np.isnan(points[at])), where
            assert exact is None or abs(float(exact) - points[at]) <= 1e-9 * max(1, abs(float(exact))), where
            assert published[at] == one.published[row.code], where
            assert levels[at] == one.level.get(row.code), where
    for total in result.totals:
        ranks = [Fraction(float(rank)) or None for rank in result.ranks(total.code)]
        assert ranks == [one.rank[total.code] for one in expected], total.code


def agrees_or_refuses(scheme: Scheme, rows: Sequence[Cells]) -> None:
    """The engine gives what the oracle gives, or both refuse the table."""
    try:
        expected = score(scheme, rows)
    except Refused:
        with pytest.raises(TableInvalid):
            scored(scheme, rows)
    else:
        agree(scored(scheme, rows), expected)


# --- the engine and the oracle -------------------------------------------------------------------------------------


@WIDE
@given(worlds())
def test_the_engine_agrees_with_exact_arithmetic(world: World) -> None:
    scheme, rows = world
    agree(scored(scheme, rows), score(scheme, rows))


@WIDE
@given(worlds(refusals=True))
def test_the_engine_refuses_what_the_rules_refuse(world: World) -> None:
    scheme, rows = world
    agrees_or_refuses(scheme, rows)


@LAW
@given(st.data(), st.sampled_from(["mean-of-rows", "sum-of-inputs"]))
def test_merged_units_agree_with_exact_arithmetic(data: st.DataObject, merged: Any) -> None:
    scheme = evolve(data.draw(schemes()), merged=merged)
    rows = data.draw(tables(scheme, absent=merged == "mean-of-rows", given=False))
    added = {one.code: one for one in scheme.inputs if one.kind in (InputKind.COUNT, InputKind.AMOUNT)}
    if merged == "sum-of-inputs":
        assume(all(one.high is None for one in added.values()))
    for row in list(rows[:2]):
        rows.append({code: data.draw(cell(added[code])) if code in added else old for code, old in row.items()})
    agrees_or_refuses(scheme, rows)


@LAW
@given(worlds())
def test_an_explanation_is_exact_and_its_contributions_add_up(world: World) -> None:
    scheme, rows = world
    result = scored(scheme, rows)
    for one in score(scheme, rows):
        for row in result.explain(one.unit).root.walk():
            exact = one.points[row.code]
            if exact is None:
                continue
            assert _near(row.points, exact) if isinstance(row.points, Decimal) else row.points == exact
            present = [child.contribution for child in row.children if child.contribution is not None]
            if present and "given" not in row.flags:
                assert _near(sum(map(Fraction, present)), exact)


def _near(found: Any, exact: Fraction) -> bool:
    return bool(abs(Fraction(found) - exact) <= Fraction(1, 10**40) * (1 + abs(exact)))


# --- points stay within the maximum --------------------------------------------------------------------------------


@LAW
@given(worlds(negative=False))
def test_points_are_between_zero_and_the_maximum(world: World) -> None:
    scheme, rows = world
    result = scored(scheme, rows)
    for row in scheme.rows():
        points = result.points(row.code)
        points = points[~np.isnan(points)]
        slack = 1e-12 * float(row.max)
        assert (points >= -slack).all(), row.code
        assert (points <= float(row.max) + slack).all(), row.code


# --- a better figure is never worse --------------------------------------------------------------------------------


@LAW
@given(st.data())
def test_a_better_figure_never_lowers_a_score(data: st.DataObject) -> None:
    scheme = data.draw(schemes(relative=False))
    rows = data.draw(tables(scheme, given=False))
    plan = compile_scheme(scheme, vocabulary())
    better = [(leaf, code, sign) for leaf in scheme.indicators for code, sign in _claims(plan, leaf)]
    better = [(leaf, code, sign) for leaf, code, sign in better if isinstance(rows[0][code], Fraction)]
    assume(better)
    leaf, code, sign = data.draw(st.sampled_from(better))
    raised = _raised(scheme.input(code), rows[0][code])
    assume(raised is not None)
    sign *= -1 if leaf.role == "deduct" else 1
    before, after = scored(scheme, rows), scored(scheme, [{**rows[0], code: raised}, *rows[1:]])
    for total in scheme.totals:
        old, new = before.points(total.code)[0], after.points(total.code)[0]
        assert np.isnan(old) == np.isnan(new)
        assert np.isnan(old) or sign * (new - old) >= -1e-9


def _claims(plan: Any, leaf: Indicator) -> Iterator[tuple[str, int]]:
    """The inputs of a row that move its points one way, and which way, as its strategies claim."""
    sign = plan.nodes[plan.place(leaf.code)].scale.monotone
    if leaf.measure.name == "choice" or not sign:
        return
    used = Counter(code for other in plan.scheme.indicators for code in other.inputs)
    codes = leaf.measure.get("a").inputs if leaf.measure.name == "ratio" else leaf.inputs
    yield from ((code, sign) for code in codes if used[code] == 1)


def _raised(one: Input, found: Fraction) -> Fraction | None:
    if one.kind is InputKind.YES_NO:
        return Fraction(1) if found == 0 else None
    raised = found + (1 if one.kind is InputKind.COUNT else Fraction(1, 10))
    return None if one.high is not None and raised > one.high else raised


@LAW
@given(st.sampled_from(FITTED), st.lists(st.integers(-3, 9), min_size=1, max_size=6), st.integers(1, 5))
def test_a_better_figure_never_lowers_a_relative_score(name: str, cells: list[int], more: int) -> None:
    scheme = _single(rule(name, over="all"))
    before = scored(scheme, _column(cells)).points("1")[0]
    after = scored(scheme, _column([cells[0] + more, *cells[1:]])).points("1")[0]
    assert after >= before - 1e-9 or len(set(cells)) == 1  # alone in a constant column there is nothing to compare


# --- nothing else moves a score ------------------------------------------------------------------------------------


@LAW
@given(st.data())
def test_row_order_block_size_and_other_columns_change_no_bit(data: st.DataObject) -> None:
    scheme, rows = data.draw(worlds())
    plain = bits(scored(scheme, rows))
    shuffled = data.draw(st.permutations(rows))
    assert bits(scored(scheme, shuffled)) == plain
    assert bits(scored(scheme, rows, block=data.draw(st.integers(1, 3)))) == plain
    remarks = as_table(scheme, rows, **{"# ghi chú": ["…"] * len(rows), "name": ["x"] * len(rows)})
    assert bits(run(compile_scheme(scheme, vocabulary()), remarks)) == plain


@LAW
@given(st.data())
def test_published_ranks_and_levels_do_not_depend_on_the_order_of_rows(data: st.DataObject) -> None:
    scheme, rows = data.draw(worlds())
    one, other = scored(scheme, rows), scored(scheme, data.draw(st.permutations(rows)))
    assert _printed(one) == _printed(other)


def _printed(result: Result) -> dict[str, list[Any]]:
    printed: dict[str, list[Any]] = {unit: [] for unit in result.units}
    for total in result.totals:
        columns = result.published(total.code), result.ranks(total.code).tolist(), result.levels(total.code)
        for unit, *found in zip(result.units, *columns, strict=True):
            printed[unit] += found
    return printed


@LAW
@given(st.data())
def test_a_new_unit_moves_nobody_unless_scores_are_relative(data: st.DataObject) -> None:
    scheme = data.draw(schemes(relative=False))
    rows = data.draw(tables(scheme, least=2))
    assert not compile_scheme(scheme, vocabulary()).relative
    fewer, all_units = bits(scored(scheme, rows[:-1])), bits(scored(scheme, rows))
    assert {unit: all_units[unit] for unit in fewer} == fewer


@LAW
@given(worlds())
def test_what_was_fitted_scores_the_same_units_the_same(world: World) -> None:
    scheme, rows = world
    result = scored(scheme, rows)
    again = scored(scheme, rows, reference=result)
    assert bits(again) == bits(result)
    assert _printed(again) == _printed(result)


@LAW
@given(st.sampled_from(FITTED), st.lists(st.integers(0, 9), min_size=2, max_size=6), st.integers(-5, 20))
def test_a_reference_scores_a_new_unit_without_the_others(name: str, cells: list[int], new: int) -> None:
    scheme = _single(rule(name, over="all"))
    reference = scored(scheme, _column(cells))
    result = scored(scheme, _column([*cells, new]), reference=reference)
    assert result.points("1")[:-1].tobytes() == reference.points("1").tobytes()


# --- scales and measures -------------------------------------------------------------------------------------------


@LAW
@given(st.lists(st.integers(-30, 30), min_size=2, max_size=8, unique=True), st.sampled_from([10, 100, 3]))
def test_a_min_max_column_runs_from_exactly_zero_to_exactly_one(cells: list[int], parts: int) -> None:
    numbers = [Fraction(cell, 10) for cell in cells]
    for maximum in (Fraction(1), THIRD, Fraction(parts)):
        points = scored(_single(rule("min-max", over="all"), maximum), _column(numbers)).points("1")
        assert points.min() == 0
        assert points.max() == float(maximum)


@pytest.mark.parametrize("maximum", [Fraction(1), THIRD, Fraction(70)])
@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize(("name", "share"), [("min-max", Fraction(1, 2)), ("z-score", 0), ("of-best", 1)])
def test_units_that_are_all_equal_have_a_stated_score(name: str, share: Fraction, size: int, maximum: Fraction) -> None:
    result = scored(_single(rule(name, over="all"), maximum), _column([Fraction(1, 10)] * size))
    assert result.points("1").tolist() == pytest.approx([float(share * maximum)] * size)
    assert result.ranks().tolist() == [1] * size


@LAW
@given(
    st.integers(0, 40),
    st.integers(1, 40),
    st.sampled_from([Fraction(2), Fraction(3), Fraction(1, 10), Fraction(700)]),
    st.sampled_from(["none", "steps", "goalposts"]),
)
def test_a_ratio_does_not_change_when_both_parts_grow(a: int, b: int, factor: Fraction, scale: str) -> None:
    made = {
        "none": None,
        "steps": rule("steps", table=((Fraction(9, 10), Fraction(30)), (THIRD, Fraction(10)))),
        "goalposts": rule("goalposts", start=Fraction(1, 10), end=Fraction(7, 10), log=False),
    }
    scheme = _ratio(made[scale])
    one = scored(scheme, [{"unit": "u", "1.a": Fraction(a), "1.b": Fraction(b)}])
    other = scored(scheme, [{"unit": "u", "1.a": a * factor, "1.b": b * factor}])
    assert one.published() == other.published()
    assert one.explain("u").row("1").points == other.explain("u").row("1").points


# --- ranks ---------------------------------------------------------------------------------------------------------


@LAW
@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from("ab")), min_size=1, max_size=9))
def test_a_competition_rank_counts_who_is_above(cells: list[tuple[int, str]]) -> None:
    scheme = evolve(_single(None, Fraction(3)), pools=Pools("khối"))
    rows = [{"unit": f"u{at}", "1": Fraction(cell, 4), "khối": pool} for at, (cell, pool) in enumerate(cells)]
    result = scored(scheme, rows)
    for (own, pool), rank in zip(cells, result.ranks(), strict=True):
        assert rank == 1 + sum(other > own for other, where in cells if where == pool)


@LAW
@given(worlds())
def test_a_better_published_score_never_ranks_lower(world: World) -> None:
    scheme, rows = world
    result = scored(scheme, rows)
    pools = result.table.pool or ("",) * len(result.units)
    for total in result.totals:
        keys, ranks = result.keys(total.code), result.ranks(total.code)
        for one in range(len(ranks)):
            for other in range(len(ranks)):
                if ranks[one] and ranks[other] and pools[one] == pools[other] and keys[one] > keys[other]:
                    assert ranks[one] < ranks[other]


# --- one criterion -------------------------------------------------------------------------------------------------


def _single(scale: Rule | None, maximum: Fraction = Fraction(1)) -> Scheme:
    measure = rule("value", input="1")
    row = Indicator(code="1", name="Tiêu chí", max=maximum, measure=measure, inputs=("1",), scale=scale)
    return _scheme(row, Input(code="1", name="số liệu", kind=InputKind.AMOUNT, owner="1"))


def _ratio(scale: Rule | None) -> Scheme:
    parts = {name: Quantity(((f"1.{name}", Fraction(1)),)) for name in "ab"}
    measure = rule("ratio", **parts, per=Fraction(1), over="clamp", if_none="refuse", floor=None)
    row = Indicator(code="1", name="Tỷ lệ", max=Fraction(30), measure=measure, inputs=("1.a", "1.b"), scale=scale)
    amounts = (Input(code=f"1.{name}", name=name, kind=InputKind.AMOUNT, owner="1", low=Fraction(0)) for name in "ab")
    return _scheme(row, *amounts)


def _scheme(row: Row, *inputs: Input) -> Scheme:
    publish = Publication("points", 4)
    root = Group(code=TOTAL, name="Tổng", max=row.max, children=(row,), publish=publish, rank=RankRule(on="exact"))
    return Scheme(id="made/2020-unit", title="made", unit="unit", edition=2020, root=root, inputs=inputs)


def _column(cells: Sequence[Fraction | int]) -> list[Cells]:
    return [{"unit": f"u{at}", "1": Fraction(cell)} for at, cell in enumerate(cells)]
