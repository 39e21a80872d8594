"""Frames in memory: pandas, polars, Arrow and what narwhals takes, read as the same table and given back in kind."""

from __future__ import annotations

import datetime as dt
import io
import pickle
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import wide
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tabled import SCHEME
from worked import build_top

import ictindex
from ictindex import result_frame
from ictindex.assembling import table_from_columns
from ictindex.compiling import compile_scheme
from ictindex.errors import IctIndexError, Problem, Severity, TableInvalid, WrongUse
from ictindex.formats.arrow import figures_table
from ictindex.intake import is_frame, read_source
from ictindex.model import Scheme
from ictindex.plugins import formats, vocabulary
from ictindex.result import Result
from ictindex.table import Table
from ictindex.testing import schemes, tables

BASE: dict[str, Any] = {"unit": ["a", "b"], "1": [0.5, 1.0], "2": [1, 2]}
SOME = settings(max_examples=25, suppress_health_check=list(HealthCheck))


def read(source: Any, scheme: Scheme = SCHEME) -> Table:
    return read_source(source, scheme, formats())


def refused(source: Any) -> list[Problem]:
    with pytest.raises(TableInvalid) as caught:
        read(source)
    return list(caught.value.problems)


def codes(source: Any) -> list[str]:
    return [one.code for one in refused(source)]


def missing(table: Table, code: str) -> list[bool]:
    states = table.columns[code].states
    return [False] * len(table) if states is None else [state == 1 for state in states.tolist()]


# ------------------------------------------------------------------------------------------- one table, every kind


def of_words(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Columns with `n/a` in them as texts: a typed column cannot hold both words and numbers."""
    return {
        name: [None if one is None else str(one) for one in cells] if "n/a" in cells else cells
        for name, cells in columns.items()
    }


KINDS: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": pd.DataFrame,
    "pandas nullable": lambda cells: pd.DataFrame(of_words(cells)).convert_dtypes(),
    "pandas of Arrow": lambda cells: pa.table(of_words(cells)).to_pandas(types_mapper=pd.ArrowDtype),
    "pandas indexed": lambda cells: pd.DataFrame(cells).set_index(["unit", "name"]),
    "polars": lambda cells: pl.DataFrame(of_words(cells)),
    "polars lazy": lambda cells: pl.LazyFrame(of_words(cells)),
    "arrow": lambda cells: pa.table(of_words(cells)),
    "arrow batch": lambda cells: pa.record_batch(of_words(cells)),
    "arrow reader": lambda cells: pa.table(of_words(cells)).to_reader(100),
    "narwhals": lambda cells: nw.from_native(pl.DataFrame(of_words(cells))),
    "dict": lambda cells: cells,
    "records": lambda cells: [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)],
}


@cache
def columns() -> dict[str, list[Any]]:
    return wide.columns()


@cache
def typed() -> Result:
    table = read(io.StringIO(wide.csv_text()), wide.scheme())
    assert len(table) == 3321 and len(table.columns) == 50
    return ictindex.score(wide.scheme(), table)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_frame_holds_the_table_of_the_csv_and_has_its_results(kind: str) -> None:
    table, other = read(KINDS[kind](columns()), wide.scheme()), typed()
    assert table == other.table
    one = ictindex.score(wide.scheme(), table)
    for row in wide.scheme().rows():
        assert one.points(row.code).tobytes() == other.points(row.code).tobytes()
        assert one.keys(row.code).tobytes() == other.keys(row.code).tobytes()
    assert one.ranks().tolist() == other.ranks().tolist() and one.levels() == other.levels()
    assert one.receipt() == other.receipt()


def test_numbers_are_read_as_arrays_and_never_cell_by_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = build_top(
        "max: 9\n1 Một: {max: 4, count: , each: 1}\n2 Hai: {max: 4, value: , min-max: all}\n3 Ba: {max: 1, yes-no: }"
    )
    cells: dict[str, list[Any]] = {"unit": ["a", "b", "c"], "1": [3, None, 4], "2": [0.1, 2.5, None], "3": [True] * 3}
    plain = read(cells, scheme)

    def never(*_: Any) -> Any:
        raise AssertionError("a column of numbers was read cell by cell")

    monkeypatch.setattr("ictindex.figures.read_cells", never)
    with pytest.raises(AssertionError, match="cell by cell"):
        read(cells, scheme)
    for kind in ("pandas", "pandas nullable", "pandas of Arrow", "polars", "arrow"):
        assert read(KINDS[kind](cells), scheme) == plain
    narrow = pl.DataFrame(cells).cast({"1": pl.Int8, "2": pl.Float32})
    assert read(narrow, scheme) == plain


def to_kinds(table: pa.Table) -> dict[str, Any]:
    return {
        "arrow": table,
        "pandas": table.to_pandas(),
        "pandas nullable": table.to_pandas().convert_dtypes(),
        "pandas of Arrow": table.to_pandas(types_mapper=pd.ArrowDtype),
        "polars": pl.from_arrow(table),
    }


@SOME
@given(st.data())
def test_a_random_table_to_each_kind_of_frame_and_back_is_the_same(data: st.DataObject) -> None:
    plan = compile_scheme(data.draw(schemes()), vocabulary())
    table = evolve(data.draw(tables(plan, given=data.draw(st.booleans()))), notes=())
    for kind, frame in to_kinds(figures_table(table, plan.scheme)).items():
        assert read(frame, plan.scheme) == table, kind


# --------------------------------------------------------------------------------------------------------- missing


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series([0.5, float("nan")]),
        pd.Series([0.5, None], dtype=object),
        pd.Series([0.5, float("nan")], dtype=object),
        pd.Series([0.5, pd.NA], dtype=object),
        pd.Series([0.5, pd.NaT], dtype=object),
        pd.Series([Decimal("0.50"), None], dtype=object),
        pd.Series(["0.5", None], dtype="string"),
        pd.array([0.5, None], dtype="Float64"),
        pd.array([1, None], dtype="Int64"),
        pd.Series([0.5, None], dtype="float32"),
        pd.Series([0.5, None], dtype="double[pyarrow]"),
        pd.Categorical([0.5, None]),
        pd.arrays.SparseArray([0.5, np.nan]),
    ],
    ids=str,
)
def test_what_pandas_marks_as_missing_is_missing(cells: Any) -> None:
    table = read(pd.DataFrame(BASE | {"1": cells}))
    assert missing(table, "1.score") == [False, True] and table.columns["1.score"].values[0] in (0.5, 1)


@pytest.mark.parametrize("name", ["name", "1.1.evidence"])
@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA, pd.NaT])
def test_a_missing_text_is_no_text(name: str, nothing: Any) -> None:
    for source in (pd.DataFrame(BASE | {name: ["x", nothing]}), pd.DataFrame(BASE | {name: pd.Series([nothing] * 2)})):
        table = read(source)
        assert table.names[1] == "b" and table.evidence.get("1.1", np.array([0, 0]))[1] == 0


@pytest.mark.parametrize("nothing", [None, pd.NA, pd.NaT])
def test_missing_values_in_records_are_empty(nothing: Any) -> None:
    table = read([{"unit": "a", "name": nothing, "1": nothing, "2": 1}])
    assert table.names == ("a",) and missing(table, "1.score") == [True]


def test_null_is_missing_and_nan_is_not() -> None:
    # 0/0 in a query is NaN: somebody calculated it, nobody left the cell empty.
    for frame in (pl.DataFrame(BASE | {"1": [0.5, None]}), pa.table(BASE | {"1": [0.5, None]})):
        assert missing(read(frame), "1.score") == [False, True]
    for frame in (pl.DataFrame(BASE | {"1": [0.5, float("nan")]}), pa.table(BASE | {"1": [0.5, float("nan")]})):
        (problem,) = refused(frame)
        assert (problem.code, problem.where.line, problem.where.cell) == ("T043", 2, "1") and "null" in problem.hint
    assert codes(pl.DataFrame(BASE | {"unit": [1.0, float("nan")]})) == ["T043"]


def test_a_column_of_nothing_is_missing() -> None:
    for frame in (
        pl.DataFrame(BASE | {"1": [None, None]}),
        pa.table(BASE | {"1": pa.nulls(2)}),
        pd.DataFrame(BASE | {"1": [None, None]}),
    ):
        assert missing(read(frame), "1.score") == [True, True]


# ----------------------------------------------------------------------------------------------------------- cells


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series([True, None], dtype="boolean"),
        pd.Series([True, None], dtype=object),
        pd.Series([1, None]),
        pd.Series(["có", None]),
        pd.Categorical(["yes", None]),
        pd.Series([True, None], dtype="bool[pyarrow]"),
    ],
    ids=str,
)
def test_truths_are_yes(cells: Any) -> None:
    values = BASE | {"1.1": [1, 1], "1.2.a": [1, 1], "cb": [1, 1], "1.3": cells, "2.1": [1, 1], "2.2": ["a", "b"]}
    table = read(pd.DataFrame({name: one for name, one in values.items() if name != "1"}))
    assert table.columns["1.3"].values[0] == 1 and missing(table, "1.3") == [False, True]
    arrow = pa.table(BASE | {"1.3": pa.array([True, None])})
    assert missing(read(arrow), "1.3") == [False, True]
    assert codes(pl.DataFrame(BASE | {"1": [True, False]})) == ["T040", "T040"]


@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_narrow_floats_are_the_number_that_was_typed(kind: Any) -> None:
    cells = np.array([0.1, 0.7], kind)
    for frame in (pd.DataFrame(BASE | {"1": cells}), pa.table(BASE | {"1": cells})):
        assert read(frame).columns["1.score"].values.tolist() == [0.1, 0.7]
    if kind is np.float32:
        assert read(pl.DataFrame(BASE | {"1": cells})).columns["1.score"].values.tolist() == [0.1, 0.7]


def test_decimals_and_large_numbers() -> None:
    decimals = [Decimal("0.10"), None]
    for frame in (pl.DataFrame(BASE | {"1": decimals}), pa.table(BASE | {"1": decimals})):
        table = read(frame)
        assert table.columns["1.score"].values[0] == 0.1 and missing(table, "1.score") == [False, True]
    exact, lost = 10**17, 10**17 + 1
    scheme = build_top("max: 9\n1 Một: {max: 9, value: , min-max: all}")
    for maker in (pd.DataFrame, pl.DataFrame, pa.table):
        assert read(maker({"unit": ["a"], "1": [exact]}), scheme).columns["1"].values.tolist() == [exact]
        with pytest.raises(TableInvalid) as caught:
            read(maker({"unit": ["a"], "1": [lost]}), scheme)
        assert [one.code for one in caught.value.problems] == ["T044"]
    wide_integer = pl.Series([1, None], dtype=pl.Int128)
    assert read(pl.DataFrame(BASE | {"1": wide_integer})).columns["1.score"].values[0] == 1


@pytest.mark.parametrize(
    "cells",
    [
        [dt.date(2025, 7, 1), None],
        [dt.datetime(2025, 7, 1, 12), None],  # noqa: DTZ001 - as a frame would hold it
        [dt.timedelta(1), None],
    ],
)
def test_dates_are_no_numbers(cells: list[Any]) -> None:
    for maker in (pd.DataFrame, pl.DataFrame, pa.table):
        assert codes(maker(BASE | {"1": cells})) == ["T040"]
        assert read(maker(BASE | {"1.1.evidence": cells})).evidence["1.1"].tolist() == [True, False]


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(BASE | {"1": [[1], [2]]}),
        pd.DataFrame(BASE | {"1": [{"a": 1}, None]}),
        pd.DataFrame(BASE | {"1": [b"1", b"2"]}),
        pd.DataFrame(BASE | {"1": [object(), 1]}),
        pd.DataFrame(BASE | {"1": pd.interval_range(0, 2)}),
        pd.DataFrame(BASE | {"unit": [("a", 1), ("b", 1)]}),
        pl.DataFrame(BASE | {"1": [[1], [2]]}),
        pl.DataFrame(BASE | {"1": [{"a": 1}, {"a": 2}]}),
        pl.DataFrame(BASE | {"1": [b"1", b"2"]}),
        pl.DataFrame(BASE | {"1": pl.Series([object(), 1], dtype=pl.Object)}),
        pl.DataFrame(BASE | {"unit": [b"a", b"b"]}),
        pa.table(BASE | {"1": [[1], [2]]}),
        pa.table(BASE | {"unit": [b"a", b"b"]}),
    ],
    ids=lambda frame: type(frame).__module__,
)
def test_a_cell_holds_one_value(frame: Any) -> None:
    (problem,) = refused(frame)
    assert problem.code == "T080" and problem.where.cell in ("1", "unit") and problem.where.line == 0


def test_remarks_may_hold_anything() -> None:
    for maker in (pd.DataFrame, pl.DataFrame, pa.table):
        assert read(maker(BASE | {"# remarks": [[1], None]})) == read(BASE)


def test_categories_are_their_words() -> None:
    values = BASE | {"2.2": ["a", None], "2.1": ["1", "4"], "2.3": [1, 1]}
    plain = read(values)
    for frame in (
        pd.DataFrame(values).astype({"2.2": "category", "2.1": "category", "unit": "category"}),
        pl.DataFrame(values).with_columns(pl.col("unit", "2.1", "2.2").cast(pl.Categorical)),
        pl.DataFrame(values).with_columns(pl.col("2.1").cast(pl.Enum(["4", "1"]))),
        pa.table({name: pa.array(cells).dictionary_encode() for name, cells in values.items()}),
        pd.DataFrame(values | {"2.1": pd.Categorical([1, 4])}),
    ):
        assert read(frame) == plain


# ----------------------------------------------------------------------------------------------- headings and codes


def test_a_named_index_is_a_column_and_a_nameless_one_is_told() -> None:
    frame = pd.DataFrame(BASE)
    indexed = frame.set_index("unit")
    assert read(indexed) == read(frame)
    assert read(frame[["unit", "1", "2"]].iloc[::-1]).units == ("b", "a")
    nameless, absent = refused(indexed.rename_axis(None))
    assert (nameless.code, absent.code) == ("T083", "T020") and "'a'" in nameless.message
    assert "rename_axis('unit')" in nameless.hint
    assert codes(frame.drop(columns="unit")) == ["T020"]  # a plain count of rows is nobody's code
    assert read(frame.set_axis(["x", "y"])).units == ("a", "b")  # there is a column `unit`: the index is not read
    grouped = pd.DataFrame(BASE | {"name": ["x", "y"]}).groupby(["unit", "name"]).sum()
    assert read(grouped).names == ("x", "y")
    assert "T023" in codes(frame.set_index(pd.Index(["a", "b"], name="unit")))


def test_headings_that_are_no_single_text() -> None:
    levels = pd.MultiIndex.from_tuples([("unit", ""), ("1", "a")])
    (several,) = refused(pd.DataFrame([["a", 1]], columns=levels))
    assert several.code == "T081" and "'.'.join" in several.hint
    assert codes(pd.DataFrame([["a", 1, 1, 2]], columns=["unit", "1", "1", "2"])) == ["T023"]
    twice = pa.table([pa.array(["a"]), pa.array([1]), pa.array([1]), pa.array([2])], names=["unit", "1", "1", "2"])
    assert codes(twice) == ["T023"]
    assert read(pd.DataFrame([["a", 1, 2]], columns=["unit", 1, np.int64(2)])).units == ("a",)
    number, *_ = refused(pd.DataFrame([["a", 1, 2]], columns=["unit", 1, 1.1]))
    assert number.code == "T082" and "1.10" in number.hint  # a code 1.10 became the number 1.1 somewhere
    nameless = pd.DataFrame([["a", 1, 2, "?"]], columns=["unit", "1", "2", None])
    assert codes(nameless) == ["T013"]
    assert read(nameless.assign(**{"2": 2}).iloc[:, :3]).units == ("a",)


def test_columns_called_like_attributes_are_columns() -> None:
    frame = pd.DataFrame(BASE | {"read": [1, 2]})
    assert [(one.code, one.where.cell) for one in refused(frame)] == [("T021", "read")]


def test_codes_that_are_numbers_are_told() -> None:
    for maker in (pd.DataFrame, pl.DataFrame, pa.table):
        for cells in ([7, 70], [7.0, 70.0]):
            table = read(maker(BASE | {"unit": cells}))
            (doubt,) = table.doubts
            assert table.units == ("7", "70") and doubt.severity is Severity.WARNING
            assert (doubt.code, doubt.where.cell) == ("T085", "unit")
        for cells in ([70, 71], ["7", "70"]):  # nothing shows that a zero is lost
            assert read(maker(BASE | {"unit": cells})).doubts == ()
    assert codes(pd.DataFrame(BASE | {"unit": [1.0, None]})) == ["T030"]


# ------------------------------------------------------------------------------------------------------ the sources


def test_problems_name_the_kind_of_frame_the_row_counted_from_1_and_the_column() -> None:
    bad = BASE | {"1": [0.5, 7]}
    for maker, source in ((pd.DataFrame, "pandas frame"), (pl.DataFrame, "polars frame"), (pa.table, "Arrow table")):
        (problem,) = refused(maker(bad))
        assert (problem.where.source, problem.where.line, problem.where.cell) == (source, 2, "1")
    (indexed,) = refused(pd.DataFrame(bad, index=[70, 80]))
    assert indexed.where.line == 2
    table = read(pd.DataFrame(BASE))
    assert table.lines == (1, 2) and str(table.origin.at(1, "1.score")) == "pandas frame:2 [1.score]"


@pytest.mark.parametrize("thing", [pd.Series([1]), pd.Index([1]), pl.Series([1]), pa.array([1]), pa.schema([])])
def test_a_column_is_no_frame(thing: Any) -> None:
    (problem,) = refused(thing)
    assert problem.code == "T084" and "whole frame" in problem.hint


@pytest.mark.parametrize("thing", [42, None, [1, 2], [["a", 1]], np.zeros(3), b"unit,1"])
def test_what_is_no_table_at_all(thing: Any) -> None:
    assert codes(thing) == ["T060"]


def test_a_query_is_computed_and_its_failure_told() -> None:
    query = pl.LazyFrame(BASE | {"x": [1, 2]}).filter(pl.col("x") > 1).drop("x")
    assert read(query).units == ("b",)
    (problem,) = refused(pl.LazyFrame(BASE).select("nope"))
    assert problem.code == "T084" and "nope" in problem.message
    broken = pa.RecordBatchReader.from_batches(pa.schema([("unit", pa.string())]), iter([1]))
    assert codes(broken) == ["T084"]


@pytest.mark.parametrize("maker", [pd.DataFrame, pl.DataFrame, pa.table, pl.LazyFrame])
def test_an_empty_frame(maker: Any) -> None:
    assert codes(maker({}))[:2] == ["T011", "T020"]


class Exported:
    """What any library may give that knows Arrow's interface and that narwhals does not know."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._table.__arrow_c_stream__(requested_schema)


class ExportedBatch:
    """The same, of one batch."""

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        return pa.record_batch(BASE).__arrow_c_array__(requested_schema)


class ExportedArray:
    """What knows Arrow's interface and is no frame."""

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        return pa.array([1]).__arrow_c_array__(requested_schema)


class Own(pd.DataFrame):
    """A frame of somebody's own class."""


def test_whatever_exports_arrow_is_a_frame() -> None:
    assert read(Exported(pa.table(BASE))) == read(BASE)
    assert read(ExportedBatch()) == read(BASE)
    assert read(Own(BASE)) == read(BASE)
    assert codes(ExportedArray()) == ["T084"]


def test_a_query_that_is_computed_to_another_kind_is_read_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    # As DuckDB's, which becomes an Arrow table.
    query = type("Query", (), {"__module__": "duckdb"})()
    for table in (pa.table(BASE), pd.DataFrame(BASE).set_index("unit")):
        monkeypatch.setattr("ictindex.formats.frames._computed", lambda *_, of=table: nw.from_native(of))
        assert read(query) == read(BASE)


def test_a_column_that_its_library_cannot_give_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> Any:
        raise RuntimeError("no such luck\nat all")

    monkeypatch.setattr("ictindex.formats.frames._values", fails)
    problems = refused(pl.DataFrame(BASE))
    assert [(one.code, one.where.cell) for one in problems] == [("T084", name) for name in BASE]
    assert problems[0].message == "it cannot be read: no such luck"


def test_polars_has_no_dataframe_protocol_and_is_a_frame_all_the_same() -> None:
    # A reader that asked for `__dataframe__` would take a polars frame for a list of columns.
    assert not hasattr(pl.DataFrame, "__dataframe__")
    assert is_frame(pl.DataFrame(BASE)) and read(pl.DataFrame(BASE)) == read(BASE)


def test_streams_of_pyarrow_are_no_frames() -> None:
    text = b"unit,1,2\na,0.5,1\nb,1.0,2\n"
    assert not is_frame(pa.BufferReader(text)) and not is_frame(BASE) and not is_frame([BASE])
    assert read(pa.BufferReader(text)) == read(BASE)


# ------------------------------------------------------------------------------------------- a table never changes


def test_a_frame_that_is_changed_later_does_not_change_the_table() -> None:
    numbers = np.array([0.5, 1.0])
    for frame in (pd.DataFrame({"unit": ["a", "b"], "1": numbers, "2": numbers}, copy=False), BASE | {"1": numbers}):
        table = read(frame)
        numbers[:] = 0.25
        assert table.columns["1.score"].values.tolist() == [0.5, 1.0]
        numbers[:] = [0.5, 1.0]
    buffer = np.array([0.5, 1.0])
    arrow = pa.table({"unit": ["a", "b"], "1": pa.Array.from_buffers(pa.float64(), 2, [None, pa.py_buffer(buffer)])})
    table = read(arrow.append_column("2", pa.array([1, 2])))
    buffer[:] = 0.25
    assert table.columns["1.score"].values.tolist() == [0.5, 1.0]


def test_frames_over_read_only_memory_are_read() -> None:
    numbers = np.array([0.5, 1.0])
    numbers.flags.writeable = False
    for cells in (numbers, pickle.loads(pickle.dumps(numbers))):  # noqa: S301 - our own; numpy forgets on the way
        assert read(pd.DataFrame(BASE | {"1": cells}, copy=False)) == read(BASE)
    assert read(pickle.loads(pickle.dumps(pl.DataFrame(BASE)))) == read(BASE)  # noqa: S301


def test_a_table_of_a_frame_is_read_only_after_pickling_too() -> None:
    for maker in (pd.DataFrame, pl.DataFrame, pa.table):
        table = read(maker(BASE | {"1": [0.5, None], "1.1.evidence": ["x", None]}))
        again = pickle.loads(pickle.dumps(table))  # noqa: S301
        assert again == table
        for column in again.columns.values():
            assert not column.values.flags.writeable and (column.states is None or not column.states.flags.writeable)
        assert not again.evidence["1.1"].flags.writeable


# ----------------------------------------------------------------------------------------------- results, in kind

RANKED = """
cited: qd
below: {cited: qd}
max: 9
missing: rescale
pools: {by: khối}
levels: {Tốt: 80%, Yếu: 0%}
self-scored: true
not-applicable: rescale
publish: {as: points, decimals: 2, rounding: half-up}
rank: {ties: competition, on: published}
1 Một: {max: 4, value: }
2 Hai: {max: 5, value: }
"""
CELLS: dict[str, Any] = {
    "unit": ["01", "02", "03"],
    "name": ["Huế", "Đà Nẵng", "Lào Cai"],
    "khối": ["x", "x", "y"],
    "1": [4, None, 1.25],
    "1.self": [4, None, 2.25],
    "2": [5, None, 1],
}


@pytest.fixture(scope="module")
def result() -> Result:
    scheme = build_top(RANKED)
    return ictindex.score(scheme, table_from_columns(scheme, CELLS))


@pytest.fixture(scope="module")
def provisional() -> Result:
    scheme = build_top(RANKED.replace("1 Một: {max: 4, value: }", "1 Một: {max: 4, value: , assumed: thử}"))
    assert scheme.provisional
    return ictindex.score(scheme, table_from_columns(scheme, CELLS))


def test_the_columns_of_a_result(result: Result) -> None:
    columns = result.to_columns()
    assert list(columns) == [one.name for one in result.columns]
    assert columns["unit"] == ["01", "02", "03"] and columns["khối"] == ["x", "x", "y"]
    for name in ("score", "rank", "1", "2", "score.self"):
        assert isinstance(columns[name], np.ndarray) and columns[name].dtype == np.float64
    assert np.array_equal(columns["score"], [9, np.nan, 2.25], equal_nan=True)
    assert np.array_equal(columns["rank"], [1, np.nan, 1], equal_nan=True)
    assert np.array_equal(columns["1"], [4, np.nan, 1.25], equal_nan=True)
    assert columns["score.self"][2] == 3.25 and columns["level"] == ["Tốt", None, "Yếu"]


def test_the_columns_are_those_of_the_csv(provisional: Result) -> None:
    text = str(ictindex.write_result(provisional, format="csv"))
    lines = [line for line in text.splitlines() if line.lstrip('"')[0] != "#"]
    columns = provisional.to_columns()
    assert lines[0].split(",") == [name for name in columns if name != "notice"]
    for name, cells in columns.items():
        assert len(cells) == 3, name


@pytest.mark.parametrize("maker", [pd.DataFrame, pl.DataFrame, pa.table])
def test_a_result_comes_back_in_the_callers_kind_of_frame(maker: Any, result: Result) -> None:
    made = result_frame(result, like=maker({"unit": ["a"]}))
    assert type(made) is type(maker({}))
    told = made.to_pydict() if isinstance(made, pa.Table) else nw.from_native(made).to_dict(as_series=False)
    assert list(told) == list(result.to_columns())
    assert told["unit"] == ["01", "02", "03"] and told["rank"][::2] == [1, 1]
    frame = nw.from_native(made)
    for name, cells in result.to_columns().items():  # NaN is not null: what has no score must be null
        nulls = [bool(cell is None or cell != cell) for cell in cells]
        assert frame[name].is_null().to_list() == nulls, name
    assert frame.schema["score"] == nw.Float64 and frame.schema["name"] == nw.String


def test_nobody_has_a_level_and_the_column_is_still_of_texts(result: Result) -> None:
    scheme = result.scheme
    nobody = ictindex.score(scheme, table_from_columns(scheme, CELLS | {"1": [None] * 3, "2": [None] * 3}))
    assert result_frame(nobody, like=pl.DataFrame()).schema["level"] == pl.String
    assert result_frame(nobody, like=pa.table({})).schema.field("level").type.value_type == pa.string()


def test_the_provisional_notice_is_in_every_kind(provisional: Result, result: Result) -> None:
    frame = result_frame(provisional, like=pd.DataFrame())
    facts = frame.attrs["ictindex"]
    assert facts["provisional"] and "provisional" in facts["notice"] and "tạm thời" in facts["notice"]
    assert facts["receipt"] == provisional.receipt() and facts["scheme_sha256"] == provisional.scheme.sha256
    arrow = result_frame(provisional, like=pa.table({}))
    assert "tạm thời" in arrow.schema.metadata[b"ictindex.notice"].decode()
    for told in (frame["notice"].tolist(), arrow["notice"].to_pylist(), provisional.to_columns()["notice"]):
        assert len(told) == 3 and all("provisional: 2 numbers" in str(one) for one in told)
    assert "provisional" in result_frame(provisional, like=pl.DataFrame())["notice"][0]
    assert (
        "notice" not in result.to_columns()
        and not result_frame(result, like=pd.DataFrame()).attrs["ictindex"]["notice"]
    )


def test_an_index_called_unit_comes_back(result: Result) -> None:
    made = result_frame(result, like=pd.DataFrame(CELLS).set_index("unit"))
    assert made.index.name == "unit" and made.loc["03", "score"] == 2.25 and made.attrs["ictindex"]["scheme"]
    assert isinstance(result_frame(result, like=pl.LazyFrame()), pl.LazyFrame)
    narwhals = result_frame(result, like=nw.from_native(pl.DataFrame()))
    assert isinstance(narwhals, nw.DataFrame) and narwhals.implementation.is_polars()
    twice = pd.DataFrame([[1, 2]], columns=["x", "x"])
    assert result_frame(result, like=twice)["unit"].tolist() == ["01", "02", "03"]


@pytest.mark.parametrize("like", [42, "pandas", pd.Series([1]), {"unit": []}])
def test_a_result_is_given_as_a_frame_only(like: Any, result: Result) -> None:
    with pytest.raises(WrongUse) as caught:
        result_frame(result, like=like)
    assert caught.value.problems[0].code == "U168" and "to_columns" in caught.value.problems[0].hint


# --------------------------------------------------------------------------------------------------------- packages


def test_without_narwhals_there_is_one_line_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("narwhals", "narwhals.stable", "narwhals.stable.v2"):
        monkeypatch.setitem(sys.modules, name, None)
    for source in (pd.DataFrame(BASE), pl.DataFrame(BASE)):
        with pytest.raises(WrongUse) as caught:
            read(source)
        assert str(caught.value) == 'U167 for frames, narwhals must be installed (pip install "ictindex[frames]")'
    assert read(BASE) == read([dict(zip(BASE, row, strict=True)) for row in zip(*BASE.values(), strict=True)])


def test_no_library_of_frames_is_imported_for_other_tables() -> None:
    code = (
        "import io, sys, ictindex; from ictindex import read_table, score, write_result;"
        "made = ictindex.load_scheme('dti-922/2022-province');"
        "table = read_table({'unit': ['a'], '1': [0.5], '2': [0.5], '3': [0.5]}, scheme=made) if 0 else None;"
        "ictindex.list_schemes();"
        "read_source = __import__('ictindex.intake', fromlist=['read_source']).read_source;"
        "from ictindex.plugins import formats;"
        "from contextlib import suppress;\n"
        "for source in (io.StringIO('unit\\na\\n'), {'unit': ['a']}, [{'unit': 'a'}]):\n"
        "    with suppress(ictindex.TableInvalid): read_source(source, made, formats())\n"
        "print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pandas", "polars", "pyarrow", "narwhals"} & set(loaded)


@SOME
@given(st.dictionaries(st.text(max_size=6), st.lists(st.none() | st.text() | st.floats() | st.booleans(), max_size=3)))
def test_only_problems_ever_leave_the_reader(columns: dict[str, list[Any]]) -> None:
    size = min(map(len, columns.values()), default=0)
    cells = {name: pd.Series(values[:size], dtype=object) for name, values in columns.items()}
    try:
        read(pd.DataFrame(cells))
    except IctIndexError as error:
        assert all(problem.code[0] in "TU" for problem in error.problems)
