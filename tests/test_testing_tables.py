"""Drawn tables fit their scheme, find the edges of its rules, and shrink to what matters."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from fractions import Fraction as Q
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from made import alone, group, leaf, ratio, rule, scheme, value
from worked import build_top

import ictindex
from ictindex.compiling import compile_scheme
from ictindex.formats.csv import CsvFormat
from ictindex.model import TOTAL, Quantity, Scheme
from ictindex.plan import Plan
from ictindex.plugins import vocabulary
from ictindex.table import CellState, Table
from ictindex.testing import check_laws, schemes, tables
from ictindex.testing.drawing import Tape
from ictindex.testing.figures import bounds_of, figures_of, marks

FEW = settings(max_examples=25, suppress_health_check=list(HealthCheck))
IDS = [one.id for one in ictindex.list_schemes()]


def smallest(strategy: st.SearchStrategy[Table], wanted: Callable[[Table], Any]) -> Table:
    return find(strategy, lambda table: bool(wanted(table)), settings=settings(database=None, max_examples=2000))


def figures(made: Scheme, code: str) -> tuple[Q, ...]:
    return figures_of(compile_scheme(made, vocabulary()))[code]


# --- every table fits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", IDS)
@FEW
@given(data=st.data())
def test_a_shipped_scheme_takes_every_table_and_reads_it_back(name: str, data: st.DataObject) -> None:
    made = ictindex.load_scheme(name)
    table = data.draw(tables(made, given=data.draw(st.booleans())))
    ictindex.score(made, table)
    again = ictindex.read_table(io.BytesIO(CsvFormat().write_table(table, made).encode()), scheme=made)
    assert again == table


@FEW
@given(st.data())
def test_a_random_scheme_takes_every_table(data: st.DataObject) -> None:
    plan = compile_scheme(data.draw(schemes()), vocabulary())
    ictindex.score(plan, data.draw(tables(plan, units=(2, 3), given=True)))


@FEW
@given(schemes())
def test_a_random_scheme_keeps_the_laws(made: Scheme) -> None:
    found = check_laws(compile_scheme(made, vocabulary()), examples=4)
    assert [(one.words, made) for one in found if one.outcome == "broken"] == []


@FEW
@given(st.data())
def test_figures_are_within_their_bounds_and_simple(data: st.DataObject) -> None:
    plan = compile_scheme(data.draw(schemes()), vocabulary())
    bounds = bounds_of(plan)
    for code, found in figures_of(plan).items():
        assert len(found) == len(set(found)) > 0
        assert not bounds[code].numeric or not bounds[code].typable or all(map(bounds[code].hold, found)), code


def test_the_number_of_units_can_be_said() -> None:
    made = alone(value("1", 10))
    sizes: Counter[int] = Counter()

    @settings(max_examples=60, database=None)
    @given(tables(made, units=(2, 4)), tables(made, units=3))
    def look(some: Table, three: Table) -> None:
        sizes[len(some)] += 1
        assert len(three) == 3 and some.units == tuple(f"u{at}" for at in range(1, len(some) + 1))

    look()
    assert set(sizes) == {2, 3, 4}


@pytest.mark.parametrize("units", [0, (0, 3), (3, 1)])
def test_a_number_of_units_that_makes_no_sense(units: Any) -> None:
    with pytest.raises(ictindex.IctIndexError, match="U137 a table cannot have"):
        tables(alone(value("1", 10)), units=units)


# --- where the rules turn ------------------------------------------------------------------------------------------


def test_thresholds_are_tried_and_what_lies_just_beside() -> None:
    made = build_top("max: 9\n1 Số lớp: {max: 9, count: , steps: {7: 9, 3: 5}}\n")
    assert {Q(each) for each in (0, 2, 3, 4, 6, 7, 8)} <= set(figures(made, "1"))
    assert figures(made, "1")[:3] == (0, 1, 2)


def test_a_ratio_can_be_full_just_short_of_it_and_above() -> None:
    made = alone(ratio("1", 10, scale=rule("steps", table=((Q(9, 10), Q(10)), (Q(1, 3), Q(5))))))
    above, below = figures(made, "1.a"), figures(made, "1.b")
    assert {(Q(9), Q(10)), (Q("8.99"), Q(10)), (Q(1), Q(3))} <= {(a, b) for a in above for b in below}
    assert 0 not in below


def test_a_denominator_of_nothing_is_drawn_where_the_scheme_says_what_it_means() -> None:
    zero = ratio("1", 10, if_none="zero")
    assert figures(alone(zero), "1.b")[-1] == 0
    shared = ratio("2", 10, b=Quantity((("1.b", Q(1)),)))
    assert 0 not in figures(scheme(group(TOTAL, 20, zero, shared)), "1.b")


def test_marks_of_a_foreign_rule_are_its_numbers() -> None:
    made = alone(value("1", 10, scale=rule("goalposts", start=Q(5), end=Q(80), log=False)))
    plan = compile_scheme(made, vocabulary())
    assert marks(plan.nodes[1]) == (5, 80)


def test_a_sum_is_never_divided_by_nothing_nor_above_a_whole_that_is_refused() -> None:
    parts = Quantity((("x", Q(1)), ("y", Q(1, 2))))
    made = alone(ratio("1", 10, over="refuse", b=parts))
    made = evolve(made, inputs=tuple(evolve(one, low=Q(0)) for one in made.inputs))
    plan = compile_scheme(made, vocabulary())
    seen = Counter[str]()

    @settings(max_examples=150, database=None)
    @given(tables(plan))
    def look(table: Table) -> None:
        for a, x, y in zip(*(table.columns[code].values for code in ("1.a", "x", "y")), strict=True):
            assert x + y / 2 > 0 and a <= x + y / 2
            seen["full" if a == x + y / 2 else "nothing" if a == 0 else "between"] += 1

    look()
    assert len(seen) == 3


def test_a_missing_cell_is_drawn_only_where_every_row_takes_it() -> None:
    both = leaf("2", 10, rule("value", input="1"), "1")
    takes = scheme(group(TOTAL, 20, value("1", 10), both, missing="zero", not_applicable="rescale"))
    refuses = scheme(group(TOTAL, 20, value("1", 10, missing="refuse"), both, missing="zero", not_applicable="rescale"))
    states = {one: _states(compile_scheme(one, vocabulary())) for one in (takes, refuses)}
    assert states[takes] == {0, CellState.MISSING, CellState.NOT_APPLICABLE}
    assert states[refuses] == {0, CellState.NOT_APPLICABLE}
    assert _states(compile_scheme(takes, vocabulary()), not_applicable=False) == {0, CellState.MISSING}


def _states(plan: Plan, **options: bool) -> set[int]:
    found: set[int] = set()

    @settings(max_examples=60, database=None)
    @given(tables(plan, **options))
    def look(table: Table) -> None:
        states = table.columns["1"].states
        found.update([0] if states is None else states.tolist())

    look()
    return found


# --- what is left of a failing example -----------------------------------------------------------------------------


def test_a_table_shrinks_to_one_plain_unit() -> None:
    table = smallest(tables("dak-lak-366/2018-department"), lambda _: True)
    made = ictindex.load_scheme("dak-lak-366/2018-department")
    assert len(table) == 1 and all(column.states is None for column in table.columns.values())
    plain = figures_of(ictindex.compile_scheme(made))
    assert {code: column.values[0] for code, column in table.columns.items()} == {
        code: float(found[0]) for code, found in plain.items()
    }


def test_a_table_shrinks_to_the_one_figure_that_matters() -> None:
    table = smallest(tables("dti-922/2022-province"), lambda one: one.columns["8"].values.max() > 0.5)
    assert len(table) == 1
    assert {code for code, column in table.columns.items() if column.values[0] != 0} == {"8"}
    assert table.columns["8"].values[0] == 1


def test_a_tape_that_is_read_to_its_end_gives_the_first_of_everything() -> None:
    tape = Tape(b"\xff")
    assert [tape.below(3), tape.below(3), tape.choose("ab"), tape.chance(2)] == [2, 0, "a", False]
    assert Tape(b"").decimals(Q(-1), Q(1)) == 0 and Tape(b"").decimals(Q(1, 3), Q(1, 3)) == Q(1, 3)
    assert Tape(b"\xff\xff\xff").below(1000) == 999 and Tape(bytes([0, 255])).decimals(Q(-2), Q(2)) == -2
