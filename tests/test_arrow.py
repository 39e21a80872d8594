"""Parquet and Arrow files: read batch by batch as the same table, refused where they are broken, written with nulls."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
import sys
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
import wide
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tabled import SCHEME
from worked import build_top

import ictindex
from ictindex.assembling import table_from_columns
from ictindex.compiling import compile_scheme
from ictindex.errors import IctIndexError, Problem, TableInvalid, WrongUse
from ictindex.formats import arrow
from ictindex.formats.arrow import ArrowFormat, ParquetFormat
from ictindex.plugins import vocabulary
from ictindex.result import Result
from ictindex.table import Table
from ictindex.testing import schemes, tables

BASE: dict[str, Any] = {"unit": ["a", "b"], "1": [0.5, 1.0], "2": [1, 2]}
KINDS = [ParquetFormat(), ArrowFormat()]
Format = ParquetFormat | ArrowFormat
SOME = settings(max_examples=25, suppress_health_check=list(HealthCheck))

either = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def file_of(kind: Format, table: pa.Table) -> bytes:
    out = io.BytesIO()
    if isinstance(kind, ParquetFormat):
        pq.write_table(table, out)
    else:
        with pa.ipc.new_file(out, table.schema) as writer:
            writer.write_table(table)
    return out.getvalue()


def read(kind: Format, content: Any) -> Table:
    return kind.read(io.BytesIO(content) if isinstance(content, bytes) else content, SCHEME)


def refused(kind: Format, content: Any) -> list[Problem]:
    with pytest.raises(TableInvalid) as caught:
        read(kind, content)
    return list(caught.value.problems)


def plain(columns: dict[str, Any]) -> Table:
    return table_from_columns(SCHEME, columns)


# ------------------------------------------------------------------------------------------------------ the same table


@cache
def typed() -> Table:
    return ictindex.read_table(io.StringIO(wide.csv_text()), scheme=wide.scheme(), doubts=False)


@either
def test_a_file_holds_the_table_of_the_csv_and_has_its_results(kind: Format, tmp_path: Path) -> None:
    path = tmp_path / f"communes{kind.suffixes[0]}"
    ictindex.api.write_table(typed(), path, scheme=wide.scheme())
    table = ictindex.read_table(path, scheme=wide.scheme(), doubts=False)
    assert len(table) == 3321 and len(table.columns) == 50 and table == typed()
    one, other = (ictindex.score(wide.scheme(), each) for each in (table, typed()))
    for row in wide.scheme().rows():
        assert one.points(row.code).tobytes() == other.points(row.code).tobytes()
        assert one.keys(row.code).tobytes() == other.keys(row.code).tobytes()
    assert one.ranks().tolist() == other.ranks().tolist() and one.receipt() == other.receipt()


@either
@pytest.mark.parametrize("maker", [pd.DataFrame.to_parquet, pd.DataFrame.to_feather])
def test_files_that_pandas_writes(kind: Format, maker: Callable[..., Any], tmp_path: Path) -> None:
    if (maker is pd.DataFrame.to_parquet) is not isinstance(kind, ParquetFormat):
        return
    path = tmp_path / f"table{kind.suffixes[-1]}"
    maker(pd.DataFrame(BASE | {"1": [0.5, None]}), path)
    assert ictindex.intake.read_source(path, SCHEME, ictindex.plugins.formats()) == plain(BASE | {"1": [0.5, None]})


@either
@SOME
@given(data=st.data())
def test_a_random_table_is_written_and_read_back(kind: Format, data: st.DataObject) -> None:
    plan = compile_scheme(data.draw(schemes()), vocabulary())
    table = data.draw(tables(plan, given=data.draw(st.booleans())))
    again = kind.read(io.BytesIO(kind.write_table(table, plan.scheme)), plan.scheme)
    assert again == table and again.notes == table.notes


@either
def test_notes_evidence_and_declared_figures_are_kept(kind: Format) -> None:
    scheme = build_top("max: 9\nself-scored: true\n1 Một: {max: 9, value: , evidence: {ask: văn bản, without: zero}}")
    text = "# Số liệu giả định\nunit,name,1,1.self,1.evidence\na,Huế,1.5,2,12/QĐ-UBND\nb,,,9,\n"
    table = ictindex.read_table(io.StringIO(text), scheme=scheme, doubts=False)
    again = kind.read(io.BytesIO(kind.write_table(table, scheme)), scheme)
    assert again == table and again.notes == ("Số liệu giả định",) and again.declared is not None
    assert dict(again.evidence_texts) == dict(table.evidence_texts)


@either
@pytest.mark.parametrize("metadata", [{}, {"ictindex.notes": "["}, {"ictindex.notes": "1"}, {"ictindex.notes": "[1]"}])
def test_notes_that_are_none_are_left(kind: Format, metadata: dict[str, str]) -> None:
    assert read(kind, file_of(kind, pa.table(BASE).replace_schema_metadata(metadata))).notes == ()


# ----------------------------------------------------------------------------------------------------- batch by batch


@either
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_size_of_the_batches_changes_nothing(kind: Format, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow, "BATCH", size)
    cells = wide.columns(60)
    whole = pa.table({name: [None if c is None else str(c) for c in column] for name, column in cells.items()})
    numbers = whole.set_column(3, "dan-so", pa.array(cells["dan-so"]))
    out = io.BytesIO()
    if isinstance(kind, ParquetFormat):
        pq.write_table(numbers, out, row_group_size=13)
    else:
        with pa.ipc.new_file(out, numbers.schema) as writer:
            writer.write_table(numbers, max_chunksize=size)
    assert kind.read(io.BytesIO(out.getvalue()), wide.scheme()) == table_from_columns(wide.scheme(), cells)


def test_a_large_file_is_never_held_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, width = 60_000, 20
    codes = [f"1.{at}" for at in range(1, width + 1)]
    lines = "".join(f"  {code} Hàng {code}: {{max: 1, value: , min-max: all}}\n" for code in codes)
    scheme = build_top(f"max: {width}\n1 Một:\n  max: {width}\n{lines}")
    random_numbers = np.random.default_rng(1)
    cells = {"unit": [f"{at:06}" for at in range(rows)]} | {code: random_numbers.random(rows) for code in codes}
    table = pa.table(cells)
    pq.write_table(table, tmp_path / "large.parquet", row_group_size=3_000, compression="none")
    monkeypatch.setattr(arrow, "BATCH", 3_000)
    pool, before = pa.proxy_memory_pool(pa.default_memory_pool()), pa.default_memory_pool()
    pa.set_memory_pool(pool)
    try:
        made = ParquetFormat().read(tmp_path / "large.parquet", scheme)
    finally:
        pa.set_memory_pool(before)
    assert len(made) == rows and 0 < pool.max_memory() < table.nbytes / 4
    assert np.array_equal(made.columns["1.7"].values, cells["1.7"])


def test_texts_that_repeat_are_one_object() -> None:
    pieces = pa.chunked_array([["Huế", "Đà Nẵng"], ["Huế", None]])
    table = read(ParquetFormat(), file_of(ParquetFormat(), pa.table(BASE | {"name": ["Huế", "Huế"]})))
    assert table.names == ("Huế", "Huế") and pieces.num_chunks == 2
    column = arrow.Pieces(pa, pa.string(), "name")
    for chunk in pieces.chunks:
        column.add(chunk)
    words: Any = column.whole()
    assert words == ["Huế", "Đà Nẵng", "Huế", ""] and words[0] is words[2]


# -------------------------------------------------------------------------------------------------------- kinds of cell


@either
@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (pa.array([1, None], pa.int8()), 1),
        (pa.array([1, None], pa.uint64()), 1),
        (pa.array([0.1, None], pa.float32()), 0.1),
        (pa.array(["0.1", None]), 0.1),
        (pa.array(["0.1", None], pa.large_string()), 0.1),
        (pa.array(["0.1", None]).dictionary_encode(), 0.1),
        (pa.array([0.1, None]).dictionary_encode(), 0.1),
        (pa.array([Decimal("0.10"), None]), 0.1),
        (pa.array([Decimal("0.10"), None]).dictionary_encode(), 0.1),
        (pa.array([Decimal("0.00"), None]).dictionary_encode(), 0),
        (pa.nulls(2), np.nan),
    ],
    ids=lambda one: str(one.type) if isinstance(one, pa.Array) else "",
)
def test_cells_of_every_kind(kind: Format, cells: pa.Array, first: float) -> None:
    column = read(kind, file_of(kind, pa.table(BASE | {"1": cells}))).columns["1.score"]
    assert column.values[0] == first or np.isnan(first)
    assert column.states is not None and column.states[1] == 1 and np.isnan(column.values[1])


def test_cells_that_parquet_does_not_have() -> None:
    for cells in (
        pa.array(["0.1", None], pa.string_view()),
        pa.RunEndEncodedArray.from_arrays([1, 2], [0.1, None]),
        pa.DictionaryArray.from_arrays([0, 1], pa.array(["0.1", None])),
    ):
        column = read(ArrowFormat(), file_of(ArrowFormat(), pa.table(BASE | {"1": cells}))).columns["1.score"]
        assert column.values[0] == 0.1 and column.states is not None
    opaque = pa.ExtensionArray.from_storage(pa.opaque(pa.float64(), "kind", "maker"), pa.array([0.1, None]))
    assert (
        read(ArrowFormat(), file_of(ArrowFormat(), pa.table(BASE | {"1": opaque}))).columns["1.score"].values[0] == 0.1
    )


@either
@pytest.mark.parametrize(
    "cells",
    [
        pa.array([[1], None]),
        pa.array([{"a": 1}, None]),
        pa.array([b"1", None]),
        pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())),
    ],
    ids=lambda one: str(one.type),
)
def test_nested_columns_are_refused_by_name(kind: Format, cells: pa.Array) -> None:
    (problem,) = refused(kind, file_of(kind, pa.table(BASE | {"1": cells})))
    assert (problem.code, problem.where.cell, problem.where.source) == ("T080", "1", "input")


@either
@pytest.mark.parametrize(
    "cells",
    [
        pa.array([1, None], pa.timestamp("ns")),
        pa.array([1, None], pa.timestamp("ms", "Asia/Ho_Chi_Minh")),
        pa.array([dt.date(2025, 7, 1), None]),
        pa.array([1, None], pa.time64("us")),
        pa.array([1, None], pa.duration("ns")),
    ],
    ids=lambda one: str(one.type),
)
def test_dates_and_times_are_no_numbers(kind: Format, cells: pa.Array) -> None:
    (problem,) = refused(kind, file_of(kind, pa.table(BASE | {"1": cells})))
    assert (problem.code, problem.where.line) == ("T040", 1)


@either
def test_nan_is_not_null(kind: Format) -> None:
    (problem,) = refused(kind, file_of(kind, pa.table(BASE | {"1": [0.5, float("nan")]})))
    assert (problem.code, problem.where.line, problem.where.cell) == ("T043", 2, "1")
    unit = refused(kind, file_of(kind, pa.table(BASE | {"unit": [1.0, float("nan")]})))
    assert [one.code for one in unit] == ["T043"]


@either
def test_an_index_without_a_name_is_not_read(kind: Format) -> None:
    nameless = pd.DataFrame(BASE).set_index("unit").rename_axis(None)
    codes = [one.code for one in refused(kind, file_of(kind, pa.Table.from_pandas(nameless)))]
    assert codes == ["T083", "T020"]
    filtered = pa.Table.from_pandas(pd.DataFrame(BASE, index=[7, 9]))
    assert "__index_level_0__" in filtered.column_names and read(kind, file_of(kind, filtered)) == plain(BASE)
    assert read(kind, file_of(kind, pa.Table.from_pandas(pd.DataFrame(BASE).set_index("unit")))) == plain(BASE)


# ------------------------------------------------------------------------------------------------------ broken sources


@either
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"unit,1\n", "another file"),
        (b"PK\x03\x04....", "workbook"),
        (b"\xd0\xcf\x11\xe0....", "old Excel"),
        (b"FEA1....", "version 1"),
    ],
)
def test_files_of_another_kind(kind: Format, content: bytes, words: str) -> None:
    (problem,) = refused(kind, content)
    assert problem.code == "T086" and words in problem.message


def test_one_kind_for_the_other_is_told() -> None:
    table = pa.table(BASE)
    for kind, other in (KINDS, KINDS[::-1]):
        (problem,) = refused(kind, file_of(other, table))
        assert problem.code == "T086" and problem.message.lower().startswith("this is a")
        assert other.name in problem.message.lower().split(", not ")[0]


@either
def test_a_stream_of_text_a_folder_and_no_file(kind: Format, tmp_path: Path) -> None:
    assert refused(kind, io.StringIO("PAR1"))[0].code == "T086"
    closed = io.BytesIO()
    closed.close()
    for source in (tmp_path, tmp_path / "none.parquet", closed):
        assert refused(kind, source)[0].code == "T001"


@either
def test_a_file_that_is_cut_is_told_wherever_it_is_cut(kind: Format) -> None:
    content = file_of(kind, pa.table(BASE))
    for end in range(8, len(content), 5):
        assert [one.code for one in refused(kind, content[:end])] in (["T087"], ["T086"])


@either
def test_only_problems_leave_a_file_with_damaged_bytes(kind: Format) -> None:
    content, chance = file_of(kind, pa.table(BASE | {"name": ["Huế", "Huế"]})), random.Random(7)
    told = 0
    for _ in range(400):
        damaged = bytearray(content)
        for at in chance.choices(range(len(content)), k=chance.randint(1, 4)):
            damaged[at] = chance.randrange(256)
        try:
            read(kind, bytes(damaged))
        except IctIndexError as error:
            told += 1
            assert all(str(problem) for problem in error.problems)
    assert told > 100


def test_the_stream_of_arrow_is_read_too() -> None:
    out, table = io.BytesIO(), pa.table(BASE)
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    assert read(ArrowFormat(), out.getvalue()) == plain(BASE)
    assert refused(ArrowFormat(), out.getvalue()[:-40])[0].code == "T087"
    packed = io.BytesIO()
    feather.write_feather(table, packed, compression="zstd")
    assert read(ArrowFormat(), packed.getvalue()) == plain(BASE)


@pytest.mark.parametrize("verb", ["read", "write"])
def test_without_pyarrow_there_is_one_line_to_install_it(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content, made = file_of(ParquetFormat(), pa.table(BASE)), result()
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyarrow"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(WrongUse) as caught:
        read(ParquetFormat(), content) if verb == "read" else ParquetFormat().write(made)
    told = 'U167 for Parquet and Arrow, pyarrow must be installed (pip install "ictindex[arrow]")'
    assert str(caught.value) == told


# -------------------------------------------------------------------------------------------------------------- results


def result() -> Result:
    scheme = build_top("max: 9\nmissing: rescale\nlevels: {Tốt: 80%, Yếu: 0%}\n1 Một: {max: 9, value: }")
    text = "# Số liệu giả định\nunit,1\na,9\nb,\nc,1.25\n"
    return ictindex.score(scheme, ictindex.read_table(io.StringIO(text), scheme=scheme, doubts=False))


def loaded(kind: Format, content: bytes) -> pa.Table:
    stream = io.BytesIO(content)
    return pq.read_table(stream) if isinstance(kind, ParquetFormat) else pa.ipc.open_file(stream).read_all()


@either
def test_a_result_has_nulls_where_there_is_nothing(kind: Format) -> None:
    made = result()
    table = loaded(kind, kind.write(made))
    assert table.column_names == [*made.to_columns()]
    assert table["score"].to_pylist() == [9, None, 1.25] and table["score"].null_count == 1
    assert table["rank"].to_pylist() == [1, None, 2] and table["1"].to_pylist() == [9, None, 1.25]
    assert table["level"].to_pylist() == ["Tốt", None, "Yếu"] and pa.types.is_dictionary(table["level"].type)
    assert table.schema.field("score").type == pa.float64() and table["unit"].to_pylist() == ["a", "b", "c"]


@either
def test_a_result_says_where_it_comes_from(kind: Format) -> None:
    made = result()
    table = loaded(kind, kind.write(made))
    told = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert told["ictindex.scheme"] == made.scheme.id and told["ictindex.scheme_sha256"] == made.scheme.sha256
    assert json.loads(told["ictindex.receipt"]) == made.receipt() and told["ictindex.provisional"] == "true"
    for notice in (told["ictindex.notice"], table["notice"][0].as_py()):
        assert "tạm thời" in notice and "provisional" in notice and "Số liệu giả định" in notice


@either
def test_the_same_result_gives_the_same_bytes(kind: Format) -> None:
    assert kind.write(result()) == kind.write(result())


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".feather"])
def test_the_command_line_reads_and_writes_them(suffix: str, tmp_path: Path, run: Any) -> None:
    scheme = "btttt-2392/2017-commune"
    example = next((Path(__file__).parent.parent / "schemes").glob("btttt-2392/2017-commune.example*.csv"))
    table, out = tmp_path / f"communes{suffix}", tmp_path / f"result{suffix}"
    ictindex.api.write_table(ictindex.read_table(example, scheme=scheme), table, scheme=scheme)
    told = run("score", scheme, table, "-o", out)
    assert told.code == 0, told.err
    kind = ParquetFormat() if suffix == ".parquet" else ArrowFormat()
    made = loaded(kind, out.read_bytes())
    assert made["unit"].to_pylist()[0] == "xa-0001" and "Synthetic" in made["notice"][0].as_py()
    broken = tmp_path / f"broken{suffix}"
    broken.write_bytes(table.read_bytes()[:100])
    told = run("score", scheme, broken)
    assert told.code == 1 and "T08" in told.err and "Traceback" not in told.err
