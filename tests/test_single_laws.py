"""One unit at a time gives what a table of this one unit gives, to the last bit: on drawn and on shipped schemes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import NA
from strategies import Cells, schemes, tables, worlds
from test_shipped import VARIANTS

from ictindex import load_scheme
from ictindex.assembling import table_from_columns
from ictindex.cells import number_text
from ictindex.compiling import compile_scheme as compiled
from ictindex.engine import run
from ictindex.errors import TableInvalid
from ictindex.model import Group, InputKind, Publication, Scheme
from ictindex.plan import Plan
from ictindex.plugins import vocabulary
from ictindex.result import Result
from ictindex.single.plan import CompiledScheme
from ictindex.single.score import UnitScore
from ictindex.single.scorer import Reference
from ictindex.single.settled import ByFloats

LAW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
FEW = settings(LAW, max_examples=3)


def plan_of(scheme: Scheme) -> CompiledScheme:
    return CompiledScheme.of(compiled(scheme, vocabulary()))


def typed(scheme: Scheme, row: Cells) -> dict[str, Any]:
    """The inputs that a portal would have: figures as numbers, cases by their codes, evidence in words."""
    cases = {one.code: [case.code for case in one.cases] for one in scheme.inputs if one.kind is InputKind.CHOICE}
    return {code: _typed(found, cases.get(code)) for code, found in row.items()}


def _typed(found: Any, cases: list[str] | None) -> Any:
    if found is NA:
        return "n/a"
    if isinstance(found, bool):
        return "12/QĐ-UBND" if found else ""
    if not isinstance(found, Fraction):
        return found
    if cases:
        return cases[int(found)]
    return int(found) if found.denominator == 1 else float(found)


def batch(plan: Plan, inputs: Mapping[str, Any], reference: Reference | None = None) -> Result:
    """The result of a table of the one unit, with a column for every input."""
    cells = {"unit": "u1"} | dict.fromkeys((one.code for one in plan.scheme.inputs), None) | dict(inputs)
    table = table_from_columns(plan.scheme, {code: [cell] for code, cell in cells.items()})
    return run(plan, table, reference=reference)


def same(one: UnitScore, result: Result) -> None:
    """Everything that is told of the unit is the same."""
    for node in result.plan.nodes:
        code = node.row.code
        points = one.points(code)
        assert np.float64(np.nan if points is None else points).tobytes() == result.points(code).tobytes(), code
        assert one.flags(code) == result.flags(code, result.units[0]), code
        assert [one.state(code)] == result.states(code), code
        assert [one.key(code)] == result.keys(code).tolist(), code
        assert [one.published(code)] == result.published(code), code
        assert [one.point_text(code)] == result.point_texts(code), code
        assert [one.level(code)] == result.levels(code), code
        assert [one.scored(code)] == result.scored(code).tolist(), code
        np.testing.assert_array_equal(np.array([one.score(code)], np.float64), result.scores(code))


def agrees(plan: CompiledScheme, inputs: Mapping[str, Any], reference: Reference | None = None) -> None:
    """Both score the unit alike, or both find the same wrong with it."""
    try:
        expected = batch(plan, inputs, reference)
    except TableInvalid as refused:
        with pytest.raises(TableInvalid) as caught:
            plan.score_one(inputs, reference=reference)
        told = [(one.code, str(one.message), one.hint, one.where.cell) for one in refused.problems]
        assert [(one.code, str(one.message), one.hint, one.where.cell) for one in caught.value.problems] == told
    else:
        for _ in range(2):  # the second time what the reference taught is known
            one = plan.score_one(inputs, reference=reference)
            same(one, expected)
            if isinstance(one._settled, ByFloats):
                assert tuple(one._settled.errors) == expected.settled.matrix.errors


@LAW
@given(worlds(relative=False))
def test_a_unit_alone_scores_as_in_a_table(world: tuple[Scheme, list[Cells]]) -> None:
    scheme, rows = world
    plan = plan_of(scheme)
    for row in rows:
        agrees(plan, typed(scheme, row))


@LAW
@given(worlds(relative=False, refusals=True))
def test_the_same_is_refused(world: tuple[Scheme, list[Cells]]) -> None:
    scheme, rows = world
    plan = plan_of(scheme)
    for row in rows:
        agrees(plan, typed(scheme, row))


@LAW
@given(st.data())
def test_a_unit_is_compared_with_those_of_a_reference(data: st.DataObject) -> None:
    scheme = data.draw(schemes())
    plan = plan_of(scheme)
    pool = data.draw(tables(scheme, given=False, least=2))
    every = [typed(scheme, row) for row in pool]
    names = dict.fromkeys(name for row in every for name in row)
    reference = run(plan, table_from_columns(scheme, {name: [row.get(name) for row in every] for name in names}))
    by = scheme.pools.by if scheme.pools else ""
    for row in data.draw(tables(scheme)):
        inputs = typed(scheme, row)
        if by:
            inputs[by] = data.draw(st.sampled_from([one[by] for one in every]))
        agrees(plan, inputs, reference)


@LAW
@given(worlds(relative=False), st.sampled_from(["cut", "half-up"]), st.integers(0, 3), st.booleans())
def test_boundaries_are_settled_alike(
    world: tuple[Scheme, list[Cells]], rounding: Any, decimals: int, exact: bool
) -> None:
    """Cut to few decimals, ordinary points stand on boundaries all the time."""
    scheme, rows = world

    def republished(row: Any) -> Any:
        row = evolve(row, publish=Publication(row.publish.scale, decimals, rounding))
        row = evolve(row, rank=evolve(row.rank, on="exact" if exact else "published"))
        return evolve(row, children=tuple(map(republished, row.children))) if isinstance(row, Group) else row

    plan = plan_of(evolve(scheme, root=republished(scheme.root)))
    for row in rows[:2]:
        agrees(plan, typed(scheme, row))


@LAW
@given(worlds(relative=False), st.sampled_from([".", ","]))
def test_typed_text_says_what_it_says_in_a_table(world: tuple[Scheme, list[Cells]], sign: str) -> None:
    scheme, rows = world
    plan = plan_of(scheme)
    for row in rows[:2]:
        inputs = {
            code: number_text(Fraction(str(cell))).replace(".", sign) if isinstance(cell, int | float) else cell
            for code, cell in typed(scheme, row).items()
            if not isinstance(cell, bool)
        }
        agrees(plan, inputs)


@FEW
@pytest.mark.parametrize(("name", "variant"), VARIANTS)
@given(data=st.data())
def test_shipped_schemes_score_alike(name: str, variant: str, data: st.DataObject) -> None:
    plan = plan_of(load_scheme(name, variant=variant))
    rows = data.draw(tables(plan.scheme, least=2))
    reference = None
    if plan.relative:
        every = [typed(plan.scheme, row) for row in rows]
        names = dict.fromkeys(name for row in every for name in row)
        columns = {name: [row.get(name) for row in every] for name in names}
        reference = run(plan, table_from_columns(plan.scheme, columns))
    for row in rows[:2]:
        agrees(plan, typed(plan.scheme, row), reference)
