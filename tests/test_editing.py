"""Tables with some cells changed or other rows, and results scored again from them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from made import assessed, group, scheme, value
from strategies import cell as valid
from strategies import schemes, tables
from test_explain import scored
from test_laws import as_table

from ictindex.analysis.rescoring import alternatives, refuse_merged, rescored, subject_of
from ictindex.assembling import table_from_columns
from ictindex.compiling import compile_scheme
from ictindex.editing import Edit, edited, taken
from ictindex.engine import run
from ictindex.errors import TableInvalid, WrongUse
from ictindex.model import TOTAL, Evidence, Pools, Rule, Scheme
from ictindex.plugins import vocabulary
from ictindex.result import Result
from ictindex.table import CellState, Column, Table

LAW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
STATES = [CellState.REPORTED, CellState.REPORTED, CellState.MISSING, CellState.NOT_APPLICABLE]


def cell(table: Table, column: str, unit: int) -> Edit:
    """The edit that leaves a cell as it is."""
    if column.endswith(".evidence"):
        return Edit(unit, column, float(table.evidence[column.removesuffix(".evidence")][unit]))
    found = table.columns[column]
    state = CellState.REPORTED if found.states is None else CellState(int(found.states[unit]))
    return Edit(unit, column, float(found.values[unit]), state)


def columns_of(table: Table) -> list[str]:
    return [*table.columns, *(f"{code}.evidence" for code in table.evidence)]


@st.composite
def edits_of(draw: st.DrawFn, made: Scheme, table: Table) -> list[Edit]:
    """Draw some cells of a table with something else in them that may stand there."""
    inputs = {one.code: one for one in made.inputs}
    cells = st.tuples(st.integers(0, len(table) - 1), st.sampled_from(columns_of(table)))
    found = []
    for unit, column in draw(st.lists(cells, max_size=6)):
        if column.endswith(".evidence"):
            found.append(Edit(unit, column, draw(st.sampled_from([0, 1]))))
        else:
            known = [one for one in table.columns[column].values.tolist() if not math.isnan(one)]
            values = valid(inputs[column]).map(float) if column in inputs else st.sampled_from([*known, 0.0])
            found.append(Edit(unit, column, draw(values), draw(st.sampled_from(STATES))))
    return found


def worlds(**options: Any) -> st.SearchStrategy[tuple[Scheme, Table]]:
    """Draw a scheme and a table of it that has cells."""
    drawn = schemes(**options).flatmap(lambda made: tables(made).map(lambda rows: (made, as_table(made, rows))))
    return drawn.filter(lambda world: bool(columns_of(world[1])))


# --- tables --------------------------------------------------------------------------------------------------------


@LAW
@given(worlds(), st.data())
def test_what_is_not_edited_stays_and_what_is_holds_the_last_edit(
    world: tuple[Scheme, Table], data: st.DataObject
) -> None:
    _, table = world
    edits = data.draw(edits_of(*world))
    after = edited(table, edits)
    last = {(one.unit, one.column): one for one in edits}
    for column in columns_of(table):
        for unit in range(len(table)):
            expected = last.get((unit, column), cell(table, column, unit))
            found = cell(after, column, unit)
            if column.endswith(".evidence"):
                assert found.value == bool(expected.value)
            elif expected.state is CellState.REPORTED:
                assert (found.value, found.state) == (expected.value, expected.state)
            else:
                assert math.isnan(found.value) and found.state is expected.state
    assert (after.units, after.names, after.pool, after.notes) == (table.units, table.names, table.pool, table.notes)
    assert columns_of(after) == columns_of(table)


@LAW
@given(worlds(), st.data())
def test_there_and_back_is_the_same_table(world: tuple[Scheme, Table], data: st.DataObject) -> None:
    _, table = world
    edits = data.draw(edits_of(*world))
    back = [cell(table, one.column, one.unit) for one in edits]
    assert edited(edited(table, edits), back) == edited(table, back) == edited(table, []) == table
    assert edited(edited(table, edits), edits) == edited(table, edits)


@LAW
@given(worlds(), st.data())
def test_taking_rows_is_what_typing_them_would_be(world: tuple[Scheme, Table], data: st.DataObject) -> None:
    _, table = world
    everyone = range(len(table))
    assert taken(table, everyone) == table
    order = data.draw(st.permutations(everyone))
    back = [order.index(unit) for unit in everyone]
    assert taken(taken(table, order), back) == table
    edits = data.draw(edits_of(*world))
    moved = [evolve(one, unit=order.index(one.unit)) for one in edits]
    assert edited(taken(table, order), moved) == taken(edited(table, edits), order)
    twice = taken(table, [0, 0], ["x", "y"])
    assert twice.units == ("x", "y") and taken(twice, [1], [table.units[0]]) == taken(table, [0])


def small() -> Scheme:
    rows = [assessed("a", 10), assessed("b", 10, evidence=Evidence("văn bản", without="zero")), assessed("c", 10)]
    return scheme(group(TOTAL, 30, *rows, missing="zero", not_applicable="rescale"), self_scored=True)


def table(**more: Any) -> Table:
    cells = {"unit": ["x", "y", "z"], "name": ["X", "Y", "Z"], "a": [1, None, 3], "b": [4, 5, 6], "c": [7, 8, 9]}
    return table_from_columns(small(), {**cells, **more})


def test_a_column_that_the_table_lacks_is_missing_for_everybody_else() -> None:
    few = evolve(table(), columns={code: one for code, one in table().columns.items() if code != "c"})
    column = edited(few, [Edit(1, "c", 7)]).columns["c"]
    assert column == Column(
        np.array([np.nan, 7, np.nan]), np.array([CellState.MISSING, 0, CellState.MISSING], np.uint8)
    )
    assert "c" not in few.columns


def test_evidence_that_the_table_lacks_is_shown_by_everybody_else() -> None:
    after = edited(table(), [Edit(1, "b.evidence", 0)])
    assert after.evidence["b"].tolist() == [True, False, True] and not table().evidence
    shown = edited(table(**{"b.evidence": ["12/QĐ", "", ""]}), [Edit(2, "b.evidence", 1), Edit(0, "b.evidence", 0)])
    assert shown.evidence["b"].tolist() == [False, False, True]


def test_a_column_without_gaps_has_no_states() -> None:
    filled = edited(table(), [Edit(1, "a", 2)])
    assert filled.columns["a"].states is None
    emptied = edited(filled, [Edit(1, "a", 2, CellState.NOT_APPLICABLE)])
    assert emptied.columns["a"].states is not None and math.isnan(emptied.columns["a"].values[1])


def test_what_was_declared_stays_and_is_taken_along() -> None:
    given_table = table(**{"a.self": [9, 8, 7]})
    assert given_table.declared is not None
    assert edited(given_table, [Edit(0, "a", 5)]).declared == given_table.declared
    declared = taken(given_table, [2, 0]).declared
    assert declared is not None and declared.columns["a"].values.tolist() == [7, 9] and declared.units == ("z", "x")


def test_places_of_cells_follow_the_rows() -> None:
    given_table = evolve(table(), origin=evolve(table().origin, lines=(2, 3, 4)))
    assert taken(given_table, [2, 0]).lines == (4, 2) and edited(given_table, []).lines == (2, 3, 4)


def test_edits_that_cannot_be_meant() -> None:
    for unit in (-1, 3):
        with pytest.raises(IndexError, match="3 units"):
            edited(table(), [Edit(unit, "a", 1)])
    for number in (math.nan, math.inf):
        with pytest.raises(ValueError, match="a reported cell holds a number"):
            edited(table(), [Edit(0, "a", number)])
    assert edited(table(), [Edit(0, "a", math.nan, CellState.MISSING)]).columns["a"].states is not None
    with pytest.raises(ValueError, match="1 codes for 2 rows"):
        taken(table(), [0, 1], ["one"])
    assert len(taken(table(), [])) == 0


def test_a_table_is_never_changed_in_place() -> None:
    before, after = table(), edited(table(), [Edit(0, "a", 5), Edit(0, "b.evidence", 0)])
    assert before == table()
    for array in (after.columns["a"].values, after.evidence["b"], taken(after, [0]).columns["b"].values):
        assert not array.flags.writeable


# --- results -------------------------------------------------------------------------------------------------------


def points(result: Result) -> list[list[float]]:
    return [[float(one) for one in result.settled.column(unit)] for unit in range(len(result.units))]


def rows_told(result: Result) -> dict[str, Any]:
    return {one.name: [*one.texts] for one in result.columns}


@LAW
@given(worlds())
def test_nothing_edited_scores_the_same(world: tuple[Scheme, Table]) -> None:
    made, drawn = world
    result = run(compile_scheme(made, vocabulary()), drawn)
    again = rescored(result)
    assert rows_told(again) == rows_told(result) and points(again) == points(result)


@LAW
@given(worlds(), st.data())
def test_edits_score_as_the_edited_table_does(world: tuple[Scheme, Table], data: st.DataObject) -> None:
    made, drawn = world
    plan = compile_scheme(made, vocabulary())
    result, edits = run(plan, drawn), data.draw(edits_of(*world))
    try:
        expected = run(plan, edited(drawn, edits))
    except TableInvalid as refused:
        with pytest.raises(TableInvalid) as caught:
            rescored(result, edits)
        assert [one.code for one in caught.value.problems] == [one.code for one in refused.problems]
    else:
        assert rows_told(rescored(result, edits)) == rows_told(expected)
        assert rows_told(rescored(result, table=edited(drawn, edits))) == rows_told(expected)


@LAW
@given(worlds(relative=False), st.data())
def test_alternatives_are_scored_as_one_by_one(world: tuple[Scheme, Table], data: st.DataObject) -> None:
    made, drawn = world
    result = run(compile_scheme(made, vocabulary()), drawn)
    unit = data.draw(st.integers(0, len(drawn) - 1))
    sets = [
        [evolve(one, unit=unit) for one in edits]
        for edits in data.draw(st.lists(edits_of(*world), min_size=1, max_size=3))
    ]
    alone = []
    for edits in sets:
        try:
            alone.append(points(rescored(result, edits))[unit])
        except TableInvalid:
            assume(False)
    found = alternatives(result, unit, sets)
    assert found.units == tuple(map(str, range(len(sets)))) and points(found) == alone
    elsewhere = [[evolve(one, unit=(unit + 1) % len(drawn)) for one in edits] for edits in sets]
    assert points(alternatives(result, unit, elsewhere)) == alone  # whose position an edit has does not matter


def test_alternatives_keep_what_the_pools_taught() -> None:
    pooled = scheme(group(TOTAL, 10, value("a", 10, scale=Rule("min-max", (("over", "pool"),)))), pools=Pools("khoi"))
    result = scored(pooled, a=[0, 10, 5, 2, 4], khoi=["s", "s", "s", "h", "h"])
    found = alternatives(result, 2, [[], [Edit(0, "a", 8)], [Edit(0, "a", 2)]])
    assert points(found) == [[5, 5], [8, 8], [2, 2]] and found.table.pool == ("s", "s", "s")
    assert points(alternatives(result, 4, [[], [Edit(0, "a", 3)]])) == [[10, 10], [5, 5]]


def test_no_alternatives_are_none() -> None:
    result = scored(scheme(group(TOTAL, 10, assessed("a", 10))), a=[1, 2])
    assert alternatives(result, 0, []).units == ()


def test_a_reference_is_kept() -> None:
    made = scheme(group(TOTAL, 10, value("a", 10, scale=Rule("min-max", (("over", "all"),)))))
    everyone = scored(made, a=[0, 10, 5])
    few = run(everyone.plan, taken(everyone.table, [2]), reference=everyone)
    assert points(few) == [[5, 5]] == points(rescored(few))
    assert points(rescored(few, [Edit(0, "a", 8)])) == [[8, 8]]
    assert points(rescored(everyone, [Edit(1, "a", 20)]))[2] == [2.5, 2.5]  # without one, the pool teaches anew


def test_what_was_declared_is_not_scored_again() -> None:
    shown = {"b.evidence": ["12/QĐ", "13/QĐ", ""]}
    result = run(compile_scheme(small(), vocabulary()), table(**{"a.self": [9, 8, 7]}, **shown))
    assert result.declared is not None and rescored(result).declared is None
    assert alternatives(result, 0, [[]]).declared is None


def test_units_of_several_rows_are_refused() -> None:
    made = evolve(scheme(group(TOTAL, 10, assessed("a", 10))), merged="mean-of-rows")
    plan = compile_scheme(made, vocabulary())
    merged = run(plan, table_from_columns(made, {"unit": ["x", "x", "y"], "a": [1, 3, 5]}))
    for asked in (refuse_merged, rescored, lambda result: alternatives(result, 0, [[]])):
        with pytest.raises(WrongUse, match="U200 units of this result are means of several rows"):
            asked(merged)
    apart = run(plan, table_from_columns(made, {"unit": ["x", "y"], "a": [1, 5]}))
    refuse_merged(apart)
    assert points(rescored(apart, [Edit(0, "a", 2)])) == [[2, 2], [5, 5]]


def test_added_up_units_are_edited_as_they_were_scored() -> None:
    made = evolve(scheme(group(TOTAL, 10, value("a", 10))), merged="sum-of-inputs")
    plan = compile_scheme(made, vocabulary())
    result = run(plan, table_from_columns(made, {"unit": ["x", "x", "y"], "a": [1, 3, 5]}))
    assert points(rescored(result)) == points(result) == [[4, 4], [5, 5]]
    assert points(rescored(result, [Edit(0, "a", 6)])) == [[6, 6], [5, 5]]


def test_the_subject_tells_what_an_answer_is_about() -> None:
    noted = evolve(table(**{"b.evidence": ["12/QĐ", "13/QĐ", ""]}), notes=("Số liệu giả định",))
    result = run(compile_scheme(small(), vocabulary()), noted)
    subject = subject_of(result)
    assert subject.receipt == result.receipt() and subject.notices[-1] == "Số liệu giả định."
    told = subject.to_dict()
    assert told["notes"] == ["Số liệu giả định"] and told["scheme"]["id"] == result.scheme.id
    assert set(told) == {"scheme", "provisional", "assumed", "notes", "receipt"}
