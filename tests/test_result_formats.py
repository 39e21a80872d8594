"""What is written of a result: the same columns in every format, what readers must be told, nothing that runs."""

from __future__ import annotations

import csv
import io
import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from receipted import COMMUNES, DTI, EXAMPLES, HERE, HUE, drawn_results, name_of, result_of
from test_receipts import SLOW
from worked import build_top

from ictindex import Result, load_scheme, read_table, score, table_from_columns, write_result
from ictindex.authoring import scheme_schema
from ictindex.decimals import Decimals
from ictindex.formats.defused import defused, restored
from ictindex.formats.result_data import score_of_points
from ictindex.formats.text import notices
from ictindex.messages import LANGUAGES, in_language
from ictindex.plugins import formats
from ictindex.publication import POINTS
from ictindex.result_columns import name_of_heading, points_name
from ictindex.verifying import read_result

TELLING = [name for name in formats() if hasattr(formats().get(name), "write")]
"""Every format that results are written in."""

DECLARED = """
max: 20
self-scored: true
publish: {as: index, decimals: 4}
1 Một: {max: 15, value: }
2 Hai: {max: 5, value: }
"""


def declared() -> Result:
    made = build_top(DECLARED)
    cells = {"unit": ["a", "b"], "name": ["Xã A", "Xã B"], "1": [10, 12.5], "2": ["1.25", 5], "1.self": [10, 15]}
    return score(made, table_from_columns(made, cells))


def cells_of(result: Result) -> dict[str, list[str]]:
    return {column.name: column.texts for column in result.columns}


# --- the columns ---------------------------------------------------------------------------------------------------


def test_the_columns_of_a_result_worked_by_hand() -> None:
    assert cells_of(declared()) == {
        "unit": ["a", "b"],
        "name": ["Xã A", "Xã B"],
        "score": ["0.5625", "0.8750"],  # 11.25 / 20, 17.5 / 20
        "rank": ["2", "1"],
        "score.self": ["0.5625", "1.0000"],
        "score.difference": ["0.0000", "-0.1250"],
        "total": ["11.25", "17.5"],
        "total.self": ["11.25", "20"],
        "total.difference": ["0.00", "-2.5"],
        "1": ["10", "12.5"],
        "1.self": ["10", "15"],
        "1.difference": ["0", "-2.5"],
        "2": ["1.25", "5"],
        "2.self": ["1.25", "5"],
        "2.difference": ["0.00", "0"],
        "states": ["", ""],
    }


def test_points_are_exact_and_rounded_half_up_to_eight_decimals() -> None:
    made = build_top("max: 3\n1 Một: {max: 3, ratio: {a: a, b: b}}\n")
    cells = {"unit": list("abcd"), "1.a": [2, 1, 1, 7], "1.b": [9, 3, 64, 7]}
    result = score(made, table_from_columns(made, cells))
    assert result.point_texts("1") == ["0.66666667", "1", "0.046875", "3"]
    column = next(one for one in result.columns if one.name == "1")
    assert column.numbers.tolist() == [0.66666667, 1.0, 0.046875, 3.0]


@given(drawn_results())
@SLOW
def test_the_points_of_any_result_are_those_that_exact_numbers_make(result: Result) -> None:
    for place, node in enumerate(result.plan.nodes):
        texts = result.point_texts(node.row.code)
        for unit, text in enumerate(texts):
            exact = result.settled.column(unit)[place]
            assert (text is None) == (not result.scored(node.row.code)[unit])
            if text is not None and isinstance(exact, Fraction) and node.row.max:
                assert Fraction(text) == Fraction(int((exact * 10**8 + Fraction(1, 2)) // 1), 10**8)
            if text is not None:
                assert abs(float(text) - float(exact)) <= 0.6e-8


@pytest.mark.parametrize(
    ("key", "text"),
    [(4440625000, "44.40625"), (100_00000000, "100"), (0, "0"), (1, "0.00000001"), (-150000000, "-1.5")],
)
def test_points_are_printed_without_zeros_at_their_end(key: int, text: str) -> None:
    made = Decimals(np.array([key, key]), np.array([True, False]), POINTS.decimals, bare=True)
    assert [*made] == [text, None] and POINTS.decimals == 8


def test_what_happened_to_points_is_told() -> None:
    columns = cells_of(result_of(HUE))
    assert dict(zip(columns["unit"], columns["states"], strict=True))["tp-hue"] == "A: rescaled; B: left-out"
    assert columns["states"][0] == "B: rescaled"


def test_a_row_with_the_name_of_a_column_keeps_its_points_apart() -> None:
    made = build_top("max: 9\nrank Hạng: {max: 4, value: }\nscore Điểm: {max: 5, value: }\n")
    result = score(made, table_from_columns(made, {"unit": ["a"], "rank": [3], "score": [2]}))
    columns = cells_of(result)
    assert len(columns) == len(result.columns)
    assert (columns["rank"], columns["rank.points"], columns["score.points"]) == (["1"], ["3"], ["2"])
    assert points_name("1.2", "") == "1.2" and points_name("huyen", "huyen") == "huyen.points"


@pytest.mark.parametrize(
    "result", [declared(), *map(result_of, (HUE, DTI, COMMUNES))], ids=["declared", "hue", "dti", "communes"]
)
def test_every_heading_for_people_leads_back_to_its_column(result: Result) -> None:
    for column in result.columns:
        if column.tells != "pool":
            for language in LANGUAGES:
                assert name_of_heading(in_language(column.heading, language)) == column.name


# --- what readers must be told -------------------------------------------------------------------------------------


def overlaid(tmp_path: Path) -> Result:
    path = tmp_path / "x.overlay.yaml"
    path.write_text(
        f"overlay: {name_of(DTI)}\nby: Sở | Mẫu\ndate: 2023-01-02\nsources: {{pl Phụ lục: {{date: 2023}}}}\n"
        "changes:\n  rank: {ties: dense, cited: pl}\n",
        encoding="utf-8",
    )
    scheme = load_scheme(path)
    return score(scheme, read_table(DTI, scheme=scheme))


def told_in(content: str | bytes, name: str) -> str:
    """What a reader of the content sees, as one text with single blanks."""
    if name == "excel":
        book = openpyxl.load_workbook(io.BytesIO(content if isinstance(content, bytes) else content.encode()))
        sheets = [[str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell] for sheet in book]
        told = "\n".join(sheets[0])
    elif name == "parquet":
        table = pq.read_table(io.BytesIO(content if isinstance(content, bytes) else content.encode()))
        told = "\n".join(str(cell) for cell in table.column("notice").to_pylist())
    elif isinstance(content, bytes):
        found = io.BytesIO(content)
        found.name = f"r.{name}"
        told = "\n".join(read_result(found).notices)
    elif name in ("json", "jsonl"):
        data = json.loads(content.splitlines()[0] if name == "jsonl" else content)
        assert data["provisional"] is True and data["assumed"] > 0
        found = io.BytesIO(content.encode())
        found.name = f"r.{name}"
        told = "\n".join(read_result(found).notices)
    else:
        told = content.replace("\\", "").replace('""', '"').replace("&lt;", "<").replace("&amp;", "&")
    return " ".join(told.split())


@pytest.mark.parametrize("name", TELLING)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_says_what_its_readers_must_be_told(name: str, language: str, tmp_path: Path) -> None:
    for result in (result_of(COMMUNES), overlaid(tmp_path)):
        told = told_in(write_result(result, format=name, language=language), name)
        assert len(notices(result)) >= 4 and result.provisional
        for notice in notices(result):
            assert notice in told, (name, notice)


@pytest.mark.parametrize("name", ["table", "markdown", "csv", "csv-vi", "excel"])
def test_the_receipt_stands_where_people_read(name: str) -> None:
    result = result_of(HUE)
    content = write_result(result, format=name, language="vi")
    if isinstance(content, bytes):
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert any(
            cell == result.receipt_line() for row in book.worksheets[0].iter_rows(values_only=True) for cell in row
        )
    else:
        assert result.receipt_line() in content


# --- JSON ----------------------------------------------------------------------------------------------------------


def checker(part: str = "") -> Any:
    schema = scheme_schema(kind="result")
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{part}", "$defs": schema["$defs"]} if part else schema)


def test_the_schema_is_the_one_of_the_pages_and_refuses_other_keys() -> None:
    schema = scheme_schema(kind="result")
    assert schema == json.loads((HERE / "docs" / "result.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads(write_result(declared(), format="json"))
    assert checker().is_valid(data)
    for place in ((), ("scheme",), ("receipt",), ("totals", 0), ("rows", 1), ("units", 0), ("units", 0, "nodes", "1")):
        other = json.loads(json.dumps(data))
        inner = other
        for key in place:
            inner = inner[key]
        inner["khác"] = 1
        assert not checker().is_valid(other), place


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_json_lines_of_every_example_fit_the_schema_and_say_what_json_says(path: Path) -> None:
    result = result_of(path)
    whole = json.loads(write_result(result, format="json"))
    checker().validate(whole)
    head, *units = map(json.loads, str(write_result(result, format="jsonl")).splitlines())
    checker("head").validate(head)
    for unit in units[:5]:
        checker("unit").validate(unit)
    assert head | {"units": units} == whole


def test_the_json_of_declared_figures_has_both_and_the_difference() -> None:
    data = json.loads(write_result(declared(), format="json"))
    checker().validate(data)
    assert data["format"] == "ictindex-result/1" and data["pools"] is None
    assert data["totals"] == [
        {"code": "total", "name": "Bộ thử", "max": 20.0, "scale": "index", "decimals": 4, "levels": None}
    ]
    unit = data["units"][1]
    assert (unit["score"], unit["published"], unit["declared"], unit["difference"]) == (
        0.875,
        "0.8750",
        "1.0000",
        "-0.1250",
    )
    assert unit["nodes"]["1"] == {"score": 12.5, "max": 15.0, "state": "computed", "declared": 15.0, "difference": -2.5}


@pytest.mark.parametrize(
    ("points", "per_unit", "score"),
    [
        ("44.40625", 1, 44.40625),
        ("465.512346", 1000, 0.465512346),
        ("1", 3, 0.3333333333),
        ("2", 3, 0.6666666667),
        (None, 1, None),
        ("1", 0, None),
    ],
)
def test_the_score_beside_the_published_one_follows_from_the_points(
    points: str | None, per_unit: int, score: float | None
) -> None:
    assert score_of_points(points, Fraction(per_unit)) == score


# --- nothing that runs ---------------------------------------------------------------------------------------------

NASTY = [
    "=1+1",
    "+84",
    "-x",
    "@a",
    "'=1",
    "''-",
    "\t=2",
    "a|b",
    "*đậm*",
    "<b>x</b>",
    "x\ny",
    '"',
    "a;b",
    "# x",
    "[l](u)",
]


def nasty() -> Result:
    made = build_top("max: 9\npools: {by: khối}\nlevels: {'=I': 50%, II: 0%}\n1 Một | hai <i>: {max: 9, value: }\n")
    cells = {"unit": NASTY, "name": NASTY[::-1], "khối": ["=x"] * len(NASTY), "1": [5] * len(NASTY)}
    return score(made, table_from_columns(made, cells))


@pytest.mark.parametrize("name", ["csv", "csv-vi"])
def test_no_cell_of_a_csv_is_taken_for_a_formula_and_each_reads_back(name: str) -> None:
    result = nasty()
    text = str(write_result(result, format=name)).removeprefix("\ufeff")
    lines = list(csv.reader(io.StringIO(text), delimiter=";" if name == "csv-vi" else ","))
    for line in lines:
        for cell in line:
            assert not cell.startswith(("=", "+", "@", "\t")) and not re.match("-[^0-9]", cell)
    found = io.BytesIO(text.encode())
    found.name = "r.csv"
    written = read_result(found)
    assert written.columns["unit"] == list(result.units) and written.columns["name"] == list(result.names)
    assert result.receipt()["result_sha256"] == written.sha256


@given(st.text(alphabet="'=+-@ax\t1"))
def test_what_is_defused_is_restored(text: str) -> None:
    assert restored(defused(text)) == text
    assert not defused(text).startswith(("=", "+", "-", "@", "\t"))


def test_markdown_escapes_what_a_name_holds() -> None:
    text = str(write_result(nasty(), format="markdown", language="vi"))
    body = [line for line in text.splitlines() if line.startswith("| 1 |")]
    assert len(body) == len(NASTY)
    for line in body:
        assert len(re.split(r"(?<!\\)\|", line)) == 7, line
    assert not re.search(r"(?<!\\)[<\[]", text) and not re.search(r"(?<!\\)\*đậm", text)
    assert "\\<b\\>x" in text and "a\\|b" in text and "\\*đậm\\*" in text


def test_markdown_has_ranking_groups_notices_and_receipt() -> None:
    text = str(write_result(result_of(DTI), format="markdown", language="vi"))
    lines = text.splitlines()
    assert lines[0] == "# Chỉ số đánh giá chuyển đổi số cấp tỉnh (DTI cấp tỉnh) năm 2022"
    assert lines[2].startswith("> **tạm thời: 5 số")
    assert "| 1 | da-nang | TP. Đà Nẵng | 0.8002 |" in lines
    assert "| TP. Đà Nẵng | 100 | 90 | 82.53 | 84.87 | 75.78 | 171.5 | 117.54 | 77.955 |" in lines
    assert lines[-1] == f"`{result_of(DTI).receipt_line()}`"
    english = str(write_result(result_of(DTI), format="markdown"))
    assert english.startswith(f"# {result_of(DTI).scheme.en}\n") and "| rank | unit | name | score |" in english
    pooled = str(write_result(result_of(COMMUNES), format="markdown", language="vi"))
    assert pooled.count("\n### ") == 6 and "\n## A Điều kiện sẵn sàng\n" in pooled


def test_declared_scores_stand_beside_in_text_and_markdown() -> None:
    assert "  0.8750    1.0000" in str(write_result(declared(), format="table"))
    lines = str(write_result(declared(), format="markdown")).splitlines()
    assert "| rank | unit | name | score | declared | difference |" in lines
    assert "| 1 | b | Xã B | 0.8750 | 1.0000 | -0.1250 |" in lines
