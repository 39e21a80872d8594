"""Explanations as answers: the schema of every kind of answer, and what `explain` and `schema` print."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from fractions import Fraction as Q
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import pytest
from hypothesis import given
from made import group, scheme, value
from make_schema import ANSWERS, answers
from strategies import worlds
from test_laws import LAW
from test_laws import scored as scored_world

import ictindex
from ictindex import questions
from ictindex.answer import Answer
from ictindex.cli import main
from ictindex.explaining.answer import Explanation
from ictindex.explanation import Explained
from ictindex.formats.answers import written_answer
from ictindex.messages import LANGUAGES
from ictindex.model import TOTAL
from ictindex.result import Result

SCHEMES = Path(__file__).parent.parent / "schemes"
HUE, BRIEF = "hue-1784/2020-district", "ict-index/2017-province"
TABLES = {HUE: SCHEMES / f"{HUE}.example.csv", BRIEF: SCHEMES / f"{BRIEF}.example.synthetic.csv"}


def result_of(name: str) -> Result:
    made = ictindex.load_scheme(name)
    return ictindex.score(made, ictindex.read_table(TABLES[name], scheme=made))


@pytest.fixture(scope="module")
def result() -> Result:
    return result_of(BRIEF)


@pytest.fixture(scope="module")
def explained(result: Result) -> Explanation:
    return result.explain("tinh-02")


# --- schemas ---------------------------------------------------------------------------------------------------------

BUILT: dict[str, Callable[[Result, str], Answer]] = {
    "climb": questions.climb,
    "comparison": lambda result, _: questions.compare(result, result),
    "explanation": ictindex.explain,
    "headroom": questions.headroom,
    "statistics": lambda result, _: questions.indicator_statistics(result),
    "uncertainty": lambda result, _: questions.uncertainty(result, draws=20, effect_draws=16),
    "whatif": lambda result, unit: questions.whatif(result, [(unit, "1.a", 200000)]),
}
"""How an answer of a kind is made of a result and a unit."""


def test_the_schemas_beside_the_guide_are_current() -> None:
    written = {path.name: path.read_text("utf-8") for path in ANSWERS.glob("*.json")}
    assert written == answers(), "run: python docs/make_schema.py"


@pytest.mark.parametrize("kind", sorted(questions.answer_kinds()))
def test_the_schema_of_every_kind_of_answer_is_one_and_is_printed(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", "--kind", kind]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["format"]["const"].startswith(f"ictindex-{kind}/")


@pytest.mark.parametrize("kind", BUILT)
def test_an_answer_is_what_its_schema_says(kind: str, result: Result) -> None:
    data = BUILT[kind](result, "tinh-02").to_dict()
    assert json.loads(json.dumps(data)) == data
    jsonschema.Draft202012Validator(questions.answer_schema(kind)).validate(data)


@LAW
@given(worlds())
def test_every_random_explanation_is_what_its_schema_says(world: Any) -> None:
    made, rows = world
    result = scored_world(made, rows)
    validator = jsonschema.Draft202012Validator(questions.answer_schema("explanation"))
    explanation = result.explain(result.units[0])
    validator.validate(json.loads(written_answer(explanation, "json")))
    for language in LANGUAGES:
        assert explanation.told(language) and explanation.markdown(language)


def test_a_schema_that_does_not_exist_is_told_with_a_near_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--kind", "explanaton", "--lang", "en"]) == 2
    told = capsys.readouterr().err
    assert told == "U210 there is no schema of the kind 'explanaton' (did you mean 'explanation'?)\n"
    assert main(["schema", "--kind", "x", "--lang", "en"]) == 2
    assert "known: scheme, overlay, result, " in capsys.readouterr().err


# --- data and tables -------------------------------------------------------------------------------------------------


def test_the_columns_are_a_line_for_each_row(explained: Explanation) -> None:
    columns = explained.to_columns()
    rows = list(explained.root.walk())
    assert list(columns) == [
        "depth", "code", "name", "points", "max", "contribution", "to_total", "printed", "flags",
    ]  # fmt: skip
    assert all(len(cells) == len(rows) for cells in columns.values())
    assert columns["depth"][:3] == [0, 1, 2] and columns["code"][0] == TOTAL
    ends = [at for at, row in enumerate(rows) if not row.children]
    published = float(explained.root.verdict.published or "nan")
    assert sum(columns["printed"][at] for at in ends) == pytest.approx(published, abs=1e-12)
    assert sum(columns["to_total"][at] for at in ends) == pytest.approx(columns["points"][0], abs=1e-8)


def test_the_subject_of_an_explanation_is_its_result(result: Result, explained: Explanation) -> None:
    assert dict(explained.subject.receipt) == result.receipt() and explained.scheme is result.scheme
    assert explained.sources and {one.code for one in explained.sources} <= {one.code for one in result.scheme.sources}
    cited = {citation.source for row in explained.root.walk() for citation in row.cited} - {None}
    assert {one.code for one in explained.sources} == cited


def test_the_pool_of_the_unit_is_named() -> None:
    made = scheme(group(TOTAL, 1, value("x", 1)))
    assert ictindex.score(made, ictindex.table_from_columns(made, {"unit": ["u"], "x": [1]})).explain("u").pool == ""


# --- the command -----------------------------------------------------------------------------------------------------


def printed(capsys: pytest.CaptureFixture[str], *more: str, name: str = HUE, unit: str = "tp-hue") -> str:
    assert main(["explain", name, str(TABLES[name]), unit, *more]) == 0
    return capsys.readouterr().out


def test_a_tree_is_what_is_printed_without_a_format(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys, "--lang", "en")
    assert told == printed(capsys, "--lang", "en", "--format", "tree")
    assert "2 of 50 points do not count, the rest is converted: 42.63 / (50 − 2) × 50 = 44.40625" in told
    assert "next level: I from 45, 0.59 away" in told


def test_markdown_tells_the_parts_the_rules_and_the_sources(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys, "--lang", "en", "--format", "markdown", name=BRIEF, unit="tinh-02")
    lines = told.splitlines()
    assert lines[0].startswith("# Tỉnh giả định 02 (tinh-02), ict-index/2017-province")
    heads = [line for line in lines if line.startswith("## ")]
    assert heads == ["## What each row contributes", "## How the points came about", "## Where the rules come from"]
    cells = {line.split(" | ")[0].removeprefix("| "): line.split(" | ") for line in lines if line.startswith("| ")}
    assert cells["Total"][2:7] == ["0.255013", "1", "0.255013", "0.255013", "0.2550"]
    top = [cells[code][6] for code in ("HTKT", "HTNL", "UD")]
    assert sum(map(Q, top), Q(0)) == Q("0.2550")


def test_markdown_tells_every_total_that_counts_and_the_one_that_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "--lang", "en", "--format", "markdown").splitlines()
    found = "44.40625 of 50 points, published 44.41, rank 8, level II; next level: I from 45, 0.59 away"
    assert f"A Điều kiện sẵn sàng: {found}" in lines and "B Kết quả Chính quyền điện tử: not counted" in lines
    assert any(line.startswith("| Total |") and line.endswith("| - | - | - | - | - | assumed |") for line in lines)


def test_a_row_without_a_maximum_is_informational_in_markdown_too() -> None:
    made = scheme(group(TOTAL, 1, value("x", 1), value("y", 0)))
    result = ictindex.score(made, ictindex.table_from_columns(made, {"unit": ["u"], "x": [1], "y": [3]}))
    assert "y y: informational" in result.explain("u", "y").markdown().splitlines()


@pytest.mark.parametrize(("ending", "beginning"), [(".md", "# "), (".json", "{"), (".csv", '"# '), (".txt", "UBND")])
def test_the_ending_of_the_file_decides(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, ending: str, beginning: str
) -> None:
    path = tmp_path / f"hue{ending}"
    assert printed(capsys, "-o", str(path)) == ""
    assert path.read_text("utf-8-sig").startswith(beginning)


def test_csv_has_what_every_row_contributes(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys, "--format", "csv")
    rows = list(csv.DictReader(line for line in io.StringIO(told) if not line.startswith(('"#', "#"))))
    assert [(row["depth"], row["code"], row["points"], row["printed"]) for row in rows] == [
        ("0", "total", "", ""), ("1", "A", "44.40625", "44.41"), ("1", "B", "", ""),
    ]  # fmt: skip
    assert "44,40625" in printed(capsys, "--format", "csv-vi")


# --- the guide -------------------------------------------------------------------------------------------------------

GUIDE = (SCHEMES.parent / "docs" / "explain.md").read_text("utf-8")


def test_the_example_of_the_guide_is_what_is_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(SCHEMES.parent)
    (block,) = re.findall(r"```console\n\$ ictindex (.*?)\n(.*?)```", GUIDE, re.DOTALL)
    assert main(block[0].split()) == 0
    shown = "".join(r"(?:.*\n)*?" if line == "…" else f"{re.escape(line)}\n" for line in block[1].splitlines())
    assert re.fullmatch(shown, capsys.readouterr().out)


def test_the_guide_names_what_a_row_has() -> None:
    plain = {"code", "name", "en", "role", "weight", "in_words", "rejected", "children"}  # what needs no word
    assert {one.name for one in attrs.fields(Explained)} - plain <= set(re.findall(r"`(\w+)`", GUIDE))
