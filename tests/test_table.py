"""A table in memory: from Python values and arrays, kept read-only; and whatever is put into one."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tabled import GOOD, HEADER, LETTERS, SCHEME, table

from ictindex.assembling import table_from_columns
from ictindex.cells import (
    CellRule,
    CellState,
    cell_text,
    number_text,
    read_cell,
    read_cells,
)
from ictindex.errors import IctIndexError, TableInvalid
from ictindex.figures import read_numbers
from ictindex.model import (
    InputKind,
    Pools,
)
from ictindex.table import Column, Table

# ------------------------------------------------------------------------------------------------------ in memory


def test_a_table_of_python_values() -> None:
    values: dict[str, Any] = {
        "unit": [70.0, "b"],
        "1.1": np.array([4, 2]),
        "1.2.a": np.array([0.1, 2.5]),
        "cb": [Decimal("12.50"), Fraction(1, 8)],
        "1.3": [True, np.False_],
        "2.1": [3.0, 1],
        "2.2": ["a", None],
        "2.3": np.array([0.1, 5], dtype=np.float32),
    }
    made = table_from_columns(SCHEME, values)
    assert made.units == ("70", "b") and made.lines == (1, 2) and made.source == "memory"
    assert made.columns["cb"].values.tolist() == [12.5, 0.125]
    assert made.columns["1.3"].values.tolist() == [1, 0] and made.columns["2.1"].values.tolist() == [2, 0]
    assert made.columns["2.3"].values.tolist() == [0.1, 5]
    assert made.columns["2.2"].states is not None and made.columns["2.2"].states.tolist() == [0, 1]
    assert made.columns["1.2.a"].values.tolist() == [0.1, 2.5]


def test_a_table_of_records() -> None:
    records = [{"unit": "a", "1": 0.5, "2": 50}, {"unit": "b", "2": 75, "1.excluded": 3}]
    made = table_from_columns(SCHEME, records, source="api")
    assert made.columns["1.score"].states is not None and made.columns["1.score"].states.tolist() == [0, 1]
    assert made.columns["1.excluded"].values.tolist() == [0, 3] and made.source == "api"


def test_an_array_of_numbers_in_a_column_of_words() -> None:
    values: dict[str, Any] = {"unit": np.array([1.0, 2.0]), "1": [1, 1], "2.1": np.array([1.0, 4.0]), "2": [1, 2]}
    made = table_from_columns(SCHEME, values)
    assert made.units == ("1", "2") and made.columns["2.1"].values.tolist() == [0, 3]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (np.array([0.5, np.nan]), "T043"),
        (np.array([0.5, np.inf]), "T043"),
        (np.array([0.5, 1.5]), "T045"),
        (np.array([2**60 + 1, 1]), "T044"),
        (np.array([[1.0], [2.0]]), "T060"),
        ([Fraction(1, 3), 1], "T040"),
        (0.5, "T060"),
        ("ab", "T060"),
        ([0.5], "T060"),
        ([float("nan"), 1], "T043"),
        ([True, False], "T040"),
        ([object(), 1], "T040"),
        ([10**5000, 1], "T043"),
        ([-(10**5000), 1], "T043"),
        ([Fraction(10**5000, 3), 1], "T043"),
        ([Fraction(1, 10**5000), 1], "T044"),
        (np.array(0.5), "T060"),
    ],
)
def test_python_values_that_cannot_be_taken(values: Any, code: str) -> None:
    with pytest.raises(TableInvalid) as caught:
        table_from_columns(SCHEME, {"unit": ["a", "b"], "1": values, "2": [1, 2]})
    assert code in {one.code for one in caught.value.problems}


@pytest.mark.parametrize("nothing", [{}, [], {"unit": []}, np.array(5), 5])
def test_nothing_in_memory(nothing: Any) -> None:
    with pytest.raises(TableInvalid):
        table_from_columns(SCHEME, nothing)


def test_the_text_of_values() -> None:
    values = [None, 70.0, 0.1, 2, "a", np.float32(0.1), np.float64(3), np.int64(4), Decimal("1.50"), Fraction(-1, 8)]
    assert [cell_text(value) for value in values] == ["", "70", "0.1", "2", "a", "0.1", "3", "4", "1.50", "-0.125"]
    assert number_text(Fraction(2, 3)) == "2/3" and number_text(Fraction(200)) == "200"


def test_only_numbers_as_they_stand_are_taken_whole() -> None:
    rule = CellRule(kind=InputKind.AMOUNT, high=Fraction(3))
    taken = read_numbers(np.array([1, 2]), rule)
    assert taken is not None and taken.tolist() == [1, 2]
    assert read_numbers(np.array([1, 4]), rule) is None
    assert read_numbers(np.array(["1"]), rule) is None
    assert read_numbers(np.array([1.0], dtype=np.longdouble), rule) is None
    assert read_numbers(np.array([2.0**60], dtype=np.float32), CellRule(kind=InputKind.AMOUNT)) is None
    assert read_numbers(np.array([1.0]), CellRule(kind=InputKind.YES_NO)) is None
    assert read_numbers(np.array([True]), rule) is None
    truths = read_numbers(np.array([True, False]), CellRule(kind=InputKind.YES_NO))
    assert truths is not None and truths.tolist() == [1, 0]


WIDE = CellRule(kind=InputKind.AMOUNT)
KINDS = [np.float64, np.float32, np.float16, np.int64, np.int8, np.uint64]


@given(st.data(), st.sampled_from(KINDS))
def test_an_array_with_a_mask_says_what_its_texts_say(data: st.DataObject, kind: Any) -> None:
    numbers = data.draw(arrays(kind, st.integers(0, 8)))
    absent = data.draw(arrays(np.bool_, len(numbers)))
    taken = read_numbers(np.ma.MaskedArray(numbers, absent), WIDE)
    texts = ["" if gone else cell_text(number) for number, gone in zip(numbers, absent, strict=True)]
    if taken is not None:
        typed = read_cells(texts, WIDE)
        assert typed.complaints == [] and np.array_equal(taken, typed.values, equal_nan=True)
        assert not np.signbit(taken[taken == 0]).any()


def test_masked_cells_are_missing_whatever_is_below_the_mask() -> None:
    hidden = np.ma.MaskedArray([0.5, 9.0], [False, True])
    words = np.ma.MaskedArray([1, 4], [True, False])
    truths = np.ma.MaskedArray([True, True], [False, True])
    values = {"unit": ["a", "b"], "1": hidden, "2.1": words, "2.2": ["a", "a"], "2.3": [1, 1], "2": [50, 60]}
    made = table_from_columns(SCHEME, {**values, "1.3": truths})
    score, choice, yes = made.columns["1.score"], made.columns["2.1"], made.columns["1.3"]
    for column, states in ((score, [0, 1]), (choice, [1, 0]), (yes, [0, 1])):
        assert column.states is not None and column.states.tolist() == states
    assert score.values[0] == 0.5 and np.isnan(score.values[1]) and choice.values[1] == 3 and yes.values[0] == 1


@pytest.mark.parametrize("name", ["unit", "name", "1.1.evidence"])
@pytest.mark.parametrize("several", [["a"], ("a", "b"), {"x": 1}, {"a"}])
def test_several_values_are_no_text(name: str, several: Any) -> None:
    values: dict[str, Any] = {"unit": ["a", "b"], "name": ["x", "y"], "1": [0.5, 1], "2": [1, 2]}
    with pytest.raises(TableInvalid) as caught:
        table_from_columns(SCHEME, values | {name: ["c", several]})
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.line) == ("T080", 2) and type(several).__name__ in problem.message
    assert table_from_columns(SCHEME, values | {"# said": ["c", several]}).units == ("a", "b")


@pytest.mark.parametrize("name", ["unit", "name", "1.1.evidence"])
def test_nan_is_no_text(name: str) -> None:
    values: dict[str, Any] = {"unit": ["a", "b"], "name": ["x", "y"], "1": [0.5, 1], "2": [1, 2]}
    for cells in ([float("nan"), "c"], np.array([np.nan, 1.0])):
        with pytest.raises(TableInvalid) as caught:
            table_from_columns(SCHEME, values | {name: cells})
        assert [(one.code, one.where.line) for one in caught.value.problems] == [("T043", 1)]
    assert table_from_columns(SCHEME, values | {"name": ["nan", "y"], "# said": [float("nan"), 1]}).names == (
        "nan",
        "y",
    )


# ----------------------------------------------------------------------------------------------- columns, tables


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([], 0),
        ([1, 2**53], 0),
        ([0.5], 1),
        ([0.1, 12.34], 2),
        ([0.4655, np.nan], 4),
        ([0.000001], 6),
        ([0.0000001], None),
        ([1 / 3], None),
        ([0.1 + 0.2], None),
        ([2.0**60], None),
        ([1e-300], None),
    ],
)
def test_the_decimals_of_a_column(values: list[float], decimals: int | None) -> None:
    absent = np.isnan(np.array(values, dtype=np.float64))
    made = Column(np.array(values), absent.astype(np.uint8) if absent.any() else None)
    assert made.decimals == decimals == made.decimals


@given(st.lists(st.decimals(-(10**6), 10**6, places=6), min_size=1, max_size=20))
def test_six_decimals_are_always_known_and_exact(numbers: list[Decimal]) -> None:
    made = Column(np.array([float(number) for number in numbers]))
    assert made.decimals is not None
    most = max(max(0, -int(number.normalize().as_tuple().exponent)) for number in numbers)
    assert made.decimals == most


@given(st.lists(st.sampled_from(list(CellState)), max_size=12))
def test_a_column_tells_who_lacks_its_cell_and_nobody_writes_to_that(states: list[CellState]) -> None:
    made = Column(np.where(np.array(states, np.uint8) > 0, np.nan, 1.0), np.array(states, np.uint8))
    for state, mask in ((CellState.MISSING, made.missing), (CellState.NOT_APPLICABLE, made.not_applicable)):
        assert ([] if mask is None else mask.tolist()) == ([one is state for one in states] if state in states else [])
        assert mask is None or mask.dtype == np.bool_
        assert mask is None or not mask.flags.writeable
    assert Column(np.ones(2)).missing is None


def full() -> Table:
    scheme = evolve(SCHEME, self_scored=True, pools=Pools("huyện"))
    header = [*HEADER, "huyện", "1.1.self", "1.3.evidence", "1.excluded"]
    return table(header, [*GOOD, "Ana", "5", "x", "1"], ["b", "", *GOOD[2:], "Ana", "5", "", ""], scheme=scheme)


def test_a_table_stays_read_only_after_pickling() -> None:
    for made in (full(), pickle.loads(pickle.dumps(full()))):  # noqa: S301 - our own bytes
        assert made == full() and made.declared is not None
        for array in (made.columns["1.1"].values, made.columns["1.1"].states, made.evidence["1.3"]):
            assert array is not None
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1
        with pytest.raises(TypeError):
            made.columns["new"] = made.columns["1.1"]  # type: ignore[index]


def test_a_column_does_not_change_with_the_array_it_was_made_of() -> None:
    array = np.array([1.0, 2.0])
    whole, part = Column(array), Column(array[:1])
    array[0] = 9
    assert whole.values.tolist() == [1, 2] and part.values.tolist() == [1] and len(whole) == 2
    assert Column(whole.values).values is whole.values


def test_tables_differ_where_a_cell_does() -> None:
    one, other = table(HEADER, GOOD), table(HEADER, [*GOOD[:-1], "6.26"])
    assert one == table(HEADER, GOOD) and one != other
    assert table([*HEADER, "1.3.evidence"], [*GOOD, "x"]) != table([*HEADER, "1.3.evidence"], [*GOOD, ""])
    assert Column(np.array([1.0])) != Column(np.array([1.0]), np.array([0]))


# ------------------------------------------------------------------------------------------------------ any input

CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "n/a", "-", "1", "0.5", "a", "x", "3", "1,5", "85%", "nan", "1e400", "#REF!", "1.2.3", "--1"]),
    st.floats(allow_nan=True).map(str),
    st.integers().map(str),
)


@given(
    st.lists(st.one_of(st.sampled_from([*HEADER, "1", "2", "total", "1.self"]), st.text(max_size=8)), max_size=9),
    st.data(),
)
def test_any_text_is_a_table_or_an_error_of_ours(header: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header) + 1), max_size=4))
    try:
        made = table(header, *rows)
    except IctIndexError as error:
        assert error.problems and all(one.code.startswith("T") for one in error.problems)
    else:
        assert len(made) == len(made.units) == len(made.lines)


@given(st.sampled_from(list(InputKind)), st.lists(CELLS, max_size=6))
def test_a_column_reads_as_its_cells_do(kind: InputKind, texts: list[str]) -> None:
    rule = CellRule(kind=kind, low=Fraction(0), high=Fraction(7, 2), cases=LETTERS)
    made, alone = read_cells(texts, rule), [read_cell(text, rule) for text in texts]
    assert made.complaints == [(at, cell.complaint) for at, cell in enumerate(alone) if cell.complaint]
    if not made.complaints:
        assert np.array_equal(made.values, [cell.value for cell in alone], equal_nan=True)
        states = np.zeros(len(texts)) if made.states is None else made.states
        assert states.tolist() == [cell.state for cell in alone]


@given(st.decimals(-(10**9), 10**9, places=4))
def test_a_typed_decimal_comes_back(number: Decimal) -> None:
    cell = read_cell(str(number), CellRule(kind=InputKind.AMOUNT))
    assert cell.state is CellState.REPORTED and Fraction(repr(cell.value)) == Fraction(number)


@given(
    st.dictionaries(
        st.sampled_from([*HEADER, "1", "2"]),
        st.lists(
            st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.fractions(), st.text()), max_size=3
        ),
    )
)
def test_any_values_are_a_table_or_an_error_of_ours(columns: Mapping[str, list[Any]]) -> None:
    try:
        table_from_columns(SCHEME, columns)
    except IctIndexError as error:
        assert error.problems
