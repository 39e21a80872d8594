"""The public functions: what they take, what they give, and what they say when used wrongly."""

from __future__ import annotations

import io
from importlib import metadata
from pathlib import Path

import pytest
from made import alone, value

import ictindex
from ictindex import authoring
from ictindex.canonical import table_sha256
from ictindex.errors import SchemeInvalid, TableInvalid, UnknownName, WrongUse
from ictindex.plan import Plan
from ictindex.result import Result
from ictindex.table import Table
from ictindex.version import VERSION

HUE = "hue-1784/2020-district"
TABLE = "unit,name,A,B\nx,Huyện X,45,90\ny,Huyện Y,46,80\n"


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    path = tmp_path / "t.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.fixture(name="result")
def _result(path: Path) -> Result:
    return ictindex.score(HUE, ictindex.read_table(path, scheme=HUE))


def test_a_scheme_is_named_by_id_path_or_itself() -> None:
    made = ictindex.load_scheme(HUE)
    plan = ictindex.compile_scheme(made)
    assert isinstance(plan, Plan) and ictindex.compile_scheme(plan) is plan
    assert ictindex.compile_scheme(made) is plan  # compiled once
    assert ictindex.compile_scheme(HUE).scheme == made == ictindex.load_scheme(made.path)


def test_a_scheme_that_does_not_exist_has_a_suggestion() -> None:
    with pytest.raises(UnknownName, match=f"did you mean '{HUE}'"):
        ictindex.load_scheme("hue-1784/2021-district")
    with pytest.raises(UnknownName):
        ictindex.check_scheme("nowhere/2020-unit")
    with pytest.raises(SchemeInvalid):
        ictindex.load_scheme("/nowhere/mine.yaml")
    assert [one.code for one in ictindex.check_scheme("/nowhere/mine.yaml")]


def test_a_variant_is_another_scheme() -> None:
    name, one = next((one.id, two) for one in ictindex.list_schemes() for two in ictindex.load_scheme(one.id).variants)
    plain, varied = ictindex.load_scheme(name), ictindex.load_scheme(name, variant=one.code)
    assert (plain.variant, varied.variant) == ("", one.code) and plain.sha256 != varied.sha256
    assert ictindex.compile_scheme(name, variant=one.code).scheme == varied
    assert ictindex.load_scheme(name, variant=one.code) == varied
    with pytest.raises(UnknownName):
        ictindex.load_scheme(name, variant="khác")


def test_the_list_counts_what_each_scheme_states() -> None:
    for one in ictindex.list_schemes():
        made = ictindex.load_scheme(one.id)
        assert one.cited + one.derived + one.assumed == len(made.statements) and one.package == "ictindex"
        assert (one.title, one.unit) == (made.title, made.unit)


def test_a_shipped_scheme_has_no_problems() -> None:
    assert ictindex.check_scheme(HUE) == []


def test_a_scheme_written_out_builds_the_same_scheme(tmp_path: Path) -> None:
    path = tmp_path / "whole.yaml"
    path.write_text(authoring.expand_scheme(HUE), encoding="utf-8")
    assert [row.max for row in ictindex.load_scheme(path).rows()] == [
        row.max for row in ictindex.load_scheme(HUE).rows()
    ]


def test_the_schema_describes_every_keyword() -> None:
    schema = authoring.scheme_schema()
    assert schema["$schema"].endswith("2020-12/schema") and "goalposts" in str(schema)


@pytest.mark.parametrize("stream", [io.StringIO(TABLE), io.BytesIO(TABLE.encode())], ids=["text", "bytes"])
def test_a_table_is_read_from_a_stream(stream: io.StringIO | io.BytesIO, path: Path) -> None:
    read = ictindex.read_table(stream, scheme=HUE)
    assert isinstance(read, Table) and read.columns == ictindex.read_table(str(path), scheme=HUE).columns


def test_the_format_is_named_or_follows_from_the_ending(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "t.txt"
    other.write_text(TABLE, encoding="utf-8")
    read = ictindex.read_table(path, scheme=HUE, format="csv")
    assert read.units == ictindex.read_table(other, scheme=HUE).units == ("x", "y")
    with pytest.raises(WrongUse, match="U107 the format 'table' cannot read"):
        ictindex.read_table(path, scheme=HUE, format="table")
    with pytest.raises(UnknownName, match=r"no format 'cvs'.*did you mean 'csv'"):
        ictindex.read_table(path, scheme=HUE, format="cvs")


def test_a_result_is_written_in_the_format_of_the_ending(result: Result, tmp_path: Path) -> None:
    for ending, part in (("csv", "\nx,Huyện X,45.00,2"), ("json", '"published": "45.00"')):
        path = tmp_path / f"out.{ending}"
        text = ictindex.write_result(result, path)
        assert path.read_text(encoding="utf-8") == text and part in text
    assert "Huyện X" in ictindex.write_result(result)
    assert ictindex.write_result(result, format="json").startswith("{")
    (tmp_path / "plain").write_text("old", encoding="utf-8")
    assert ictindex.write_result(result, tmp_path / "plain") == ictindex.write_result(result, format="table")


def test_a_file_of_an_unknown_ending_or_in_a_missing_folder_is_not_written(result: Result, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"U107 no format is known for files that end with '\.xls'"):
        ictindex.write_result(result, tmp_path / "out.xls")
    for place in (tmp_path / "none" / "out.csv", tmp_path):
        with pytest.raises(WrongUse, match="U108"):
            ictindex.write_result(result, place, format="csv")


def test_a_unit_is_explained_from_the_top_or_from_a_row(result: Result) -> None:
    assert ictindex.explain(result, "x").root.code == "total"
    assert ictindex.explain(result, "Huyện X", code="A").root.points == 45
    with pytest.raises(UnknownName, match="no unit 'z'"):
        ictindex.explain(result, "z")


def test_two_totals_are_ranked_each(result: Result) -> None:
    assert (result.ranks("A").tolist(), result.ranks("B").tolist()) == ([2, 1], [1, 2])
    told = str(result.ranking("B"))
    assert told.splitlines()[0].split() == ["rank", "unit", "name", "score", "level"]
    assert [one["unit"] for one in result.ranking("B").to_dict()] == ["x", "y"] and len(result.ranking()) == 2


def test_a_table_in_memory_scores_like_a_file(path: Path) -> None:
    made = ictindex.load_scheme(HUE)
    columns = {"unit": ["x", "y"], "name": ["Huyện X", "Huyện Y"], "A": [45, 46], "B": [90, 80]}
    table = ictindex.table_from_columns(made, columns)
    one, other = ictindex.score(made, table), ictindex.score(HUE, ictindex.read_table(path, scheme=HUE))
    assert one.published("B") == other.published("B") and one.receipt() == other.receipt()


def test_a_table_that_does_not_fit_tells_everything(path: Path) -> None:
    path.write_text("unit,A,C\nx,fifty,1\nx,60,2\n", encoding="utf-8")
    with pytest.raises(TableInvalid) as caught:
        ictindex.read_table(path, scheme=HUE)
    assert len(caught.value.problems) >= 3


# --- receipts ------------------------------------------------------------------------------------------------------


def test_a_receipt_names_scheme_data_options_and_library(result: Result) -> None:
    told = result.receipt()
    made = result.scheme
    assert (told["scheme"], told["revision"], told["scheme_sha256"]) == (made.id, made.revision, made.sha256)
    assert told["variant"] is None and told["options"] == {"variant": None} and told["ictindex"] == VERSION
    assert told["data_sha256"] == table_sha256(result.table)


@pytest.mark.parametrize(
    "change",
    [
        {"x": ["0.1", "0.3"]},
        {"unit": ["a", "c"]},
        {"x": ["0.1", None]},
        {"x": ["0.1", "n/a"]},
        {"x.score": ["0.1", None]},
    ],
)
def test_another_figure_is_another_receipt(change: dict[str, list[object]]) -> None:
    made = alone(value("x", 1))
    cells: dict[str, list[object]] = {"unit": ["a", "b"], "x": ["0.1", "0.2"]}
    one, other = (ictindex.table_from_columns(made, each) for each in (cells, cells | change))
    assert table_sha256(one) != table_sha256(other)


def test_names_remarks_and_how_a_number_is_typed_make_no_other_receipt() -> None:
    made = alone(value("x", 1))
    one = ictindex.table_from_columns(made, {"unit": ["a", "b"], "x": ["0.10", "-0"]})
    other = ictindex.table_from_columns(
        made, {"# ghi chú": ["", "…"], "x": [0.1, 0], "name": ["A", "B"], "unit": ["a", "b"]}
    )
    assert table_sha256(one) == table_sha256(other)


def test_the_version_is_that_of_the_installed_package() -> None:
    assert metadata.version("ictindex") == VERSION
