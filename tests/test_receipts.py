"""Receipts: hashes of canonical forms that anybody can compute again, and the line for the annex."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from receipted import COMMUNES, DTI, EXAMPLES, HERE, HUE, drawn_results, name_of, result_of
from worked import build_top

from ictindex import Result, Table, load_scheme, read_table, score, table_from_columns, write_result
from ictindex.api import write_table
from ictindex.canonical import canonical_json, plain_number, table_sha256
from ictindex.documents.source import read_document
from ictindex.receipt import read_line, receipt_line

SLOW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
PAGE = (HERE / "docs" / "receipts.md").read_text(encoding="utf-8")


@cache
def program_of_the_page() -> dict[str, Callable[..., str]]:
    """Return the functions of the page's program, which knows nothing of ictindex."""
    (text,) = [one for one in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "def scheme_hash" in one]
    assert "ictindex import" not in text and "import ictindex" not in text
    found: dict[str, Any] = {}
    exec(compile(text, "receipts.md", "exec"), found)  # noqa: S102 - it is a page of our own
    return found


@pytest.fixture
def program() -> dict[str, Callable[..., str]]:
    """The functions of the page's program."""
    return program_of_the_page()


def parts_of(table: Table) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The figures of a table as the page's program takes them, plain Python numbers."""
    parts = []
    for part in [table] if table.declared is None else [table, table.declared]:
        columns = {}
        for code, column in part.columns.items():
            states = [0] * len(table) if column.states is None else column.states.tolist()
            values = [0.0 if np.isnan(one) else one for one in column.values.tolist()]
            columns[code] = list(zip(values, states, strict=True))
        parts.append((columns, {code: [int(one) for one in shown] for code, shown in part.evidence.items()}))
    return parts


# --- another program gets the same hashes --------------------------------------------------------------------------


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_the_program_of_the_page_computes_every_hash_of_every_example(program: Any, path: Path) -> None:
    result = result_of(path)
    told = result.receipt()
    text = Path(result.scheme.path).read_bytes().decode("utf-8-sig")
    assert program["scheme_hash"](text) == told["scheme_sha256"]
    table = result.given or result.table
    assert program["table_hash"](table.units, parts_of(table), table.pool) == told["data_sha256"]
    pool = result.scheme.pools.by if result.scheme.pools else ""
    assert program["result_hash"](write_result(result, format="csv"), pool) == told["result_sha256"]


def test_a_table_of_numbers_is_hashed_from_its_csv_alone(program: Any) -> None:
    path = HERE / "schemes" / "dti-922" / "2022-province.example.csv"
    lines = [line for line in csv.reader(path.read_text(encoding="utf-8").splitlines()) if not line[0].startswith("#")]
    header, *body = lines
    units = [line[header.index("unit")] for line in body]
    columns = {
        code: [(float(line[at]), 0) for line in body] for at, code in enumerate(header) if code not in ("unit", "name")
    }
    assert all(re.fullmatch(r"[0-9.]+(\.score)?", code) for code in columns)
    scheme = load_scheme("dti-922/2022-province")
    table = read_table(path, scheme=scheme)
    named = {
        next(one for one in table.columns if one.removesuffix(".score") == code): columns[code] for code in columns
    }
    assert program["table_hash"](units, [(named, {})]) == table_sha256(table)


@given(drawn_results())
@SLOW
def test_the_program_gets_the_same_for_any_table_and_result(result: Result) -> None:
    program = program_of_the_page()
    table, told = result.given or result.table, result.receipt()
    assert program["table_hash"](table.units, parts_of(table), table.pool) == told["data_sha256"]
    pool = result.scheme.pools.by if result.scheme.pools else ""
    assert program["result_hash"](write_result(result, format="csv"), pool) == told["result_sha256"]


# --- what makes another hash and what does not ---------------------------------------------------------------------

WITH_EVIDENCE = """
max: 20
missing: rescale
self-scored: true
pools: {by: khối}
1 Một: {max: 10, value: , evidence: {ask: văn bản}}
2 Hai: {max: 10, value: }
"""
CELLS: dict[str, list[Any]] = {
    "unit": ["a", "b", "c"],
    "khối": ["x", "x", "y"],
    "1": ["0.1", "2", "3"],
    "1.self": ["0.1", "2", "4"],
    "1.evidence": ["1/QĐ", "", "3/QĐ"],
    "2": [5, None, 7],
}


def hashed(**changes: list[Any]) -> str:
    made = build_top(WITH_EVIDENCE)
    return table_sha256(table_from_columns(made, CELLS | changes))


@pytest.mark.parametrize(
    "change",
    [
        {"1": ["0.1", "2", "3.5"]},
        {"1": ["0.1", None, "3"]},
        {"unit": ["a", "b", "d"]},
        {"khối": ["x", "y", "y"]},
        {"1.evidence": ["1/QĐ", "2/QĐ", "3/QĐ"]},
        {"1.self": ["0.1", "2", "3"]},
        {"2": [5, 0, 7]},
    ],
)
def test_every_kind_of_figure_is_hashed(change: dict[str, list[Any]]) -> None:
    assert hashed(**change) != hashed()


def test_remarks_names_and_the_words_of_evidence_are_not() -> None:
    assert hashed(**{"name": ["A", "B", "C"], "# ghi chú": ["", "x", ""]}) == hashed()
    assert hashed(**{"1.evidence": ["x", "", "y"], "1": [0.1, 2, "3.0"]}) == hashed()


@given(st.permutations(range(3)), st.permutations(list(CELLS)))
def test_neither_rows_nor_columns_have_an_order(rows: list[int], columns: list[str]) -> None:
    made = build_top(WITH_EVIDENCE)
    shuffled = {name: [CELLS[name][row] for row in rows] for name in columns}
    one, other = (score(made, table_from_columns(made, cells)) for cells in (CELLS, shuffled))
    assert one.receipt() == other.receipt() and one.receipt_line() == other.receipt_line()


@given(st.permutations(range(5)), st.integers(0, 4), st.sampled_from(["1.5", None]))
def test_every_row_of_units_that_are_merged_is_hashed(order: list[int], at: int, other: Any) -> None:
    made = build_top("max: 9\nmerged: mean-of-rows\nmissing: zero\n1 Một: {max: 9, value: }\n")
    cells = {"unit": ["a", "a", "b", "a", "b"], "1": ["1", "2", "3", "2", "1"]}
    shuffled = {name: [column[row] for row in order] for name, column in cells.items()}
    changed = cells | {"1": [other if row == at else one for row, one in enumerate(cells["1"])]}
    whole, same, differs = (
        score(made, table_from_columns(made, each)).receipt()["data_sha256"] for each in (cells, shuffled, changed)
    )
    assert whole == same != differs


def test_a_scheme_is_hashed_without_its_layout() -> None:
    text = 'max: 9\n# lời bình\n1 Một:\n  max: 9\n  value:\n  en: "One"\n'
    same = "max:  9\r\n\r\n1 Một: {max: 9, value: , en: One}   # khác\r\n"
    assert build_top(text).sha256 == build_top(same).sha256
    for other in (text.replace("9", "9.0"), text.replace("One", "one"), text.replace("Một", "Mot")):
        assert build_top(other).sha256 != build_top(text).sha256


def test_a_list_and_a_mapping_of_the_same_words_differ() -> None:
    one, other = (read_document(text, "x").sha256 for text in ("a: [map, b, c]\n", "a: {b: c}\n"))
    assert one != other


def test_the_same_from_every_format_of_table(tmp_path: Path) -> None:
    scheme = load_scheme(name_of(COMMUNES))
    table = read_table(COMMUNES, scheme=scheme)
    told = score(scheme, table).receipt()
    for name in ("t.csv", "t.xlsx", "t.parquet", "t.arrow", "t.jsonl"):
        write_table(table, tmp_path / name, scheme=scheme)
        again = read_table(tmp_path / name, scheme=scheme)
        assert score(scheme, again).receipt() == told, name


# --- the forms are held --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "hashes"),
    [
        (
            HUE,
            (
                "1254c71f47f9a1cdc1870699ad67a798d002a040d1c89faf10c98bbbf80184ea",
                "cdc4aee4911250582c30e7ac41006c45bea62e418e8f562e0ff2934c55178077",
                "c6f97fad7d331c280fed5e2d520cfaa5e0fdfa28d5040d5b645783c38cf02cf8",
            ),
        ),
        (
            DTI,
            (
                "82f67afd9d40e37c6d17de4c795f2263436c07c41bd13e10730662d16397c84f",
                "a50b7950748d8d5799c45c99bfc6e95f841190faae58f7396f3844ed85cb8448",
                "1ae35dab43a1eb6ddbd3d2e551bde50ced86bc861d5f7cd5d3ac839b199238dd",
            ),
        ),
    ],
    ids=["hue", "dti"],
)
def test_the_hashes_of_two_examples(path: Path, hashes: tuple[str, str, str]) -> None:
    """Another hash here is another canonical form, unless the scheme or the example was changed on purpose.

    Where a form was changed, count up its number and `FORM` in `ictindex.canonical`, and say so in docs/receipts.md.
    """
    told = result_of(path).receipt()
    assert (told["scheme_sha256"], told["data_sha256"], told["result_sha256"]) == hashes and told["form"] == 1


def test_the_page_shows_the_line_of_its_example() -> None:
    line = result_of(HUE).receipt_line()
    assert f"```text\n{re.sub('ictindex [0-9.]+ ', 'ictindex 0.1.0 ', line)}\n```" in PAGE


def test_the_commands_of_the_page_print_what_it_shows(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    (block,) = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    for one in block.removeprefix("$ ictindex ").split("\n$ ictindex "):
        command, _, shown = one.strip().partition("\n")
        told = run(*command.split(), "--lang", "en")
        assert (told.code, told.err) == (0, "") and told.out.splitlines()[0] == shown


def test_the_result_beside_the_page_is_the_one_of_its_example() -> None:
    def without_version(text: str) -> str:
        return re.sub(r"ictindex [0-9.a-z]+ \(", "ictindex (", text)

    there = (HERE / "docs" / "hue-2020.csv").read_text(encoding="utf-8")
    assert without_version(there) == without_version(str(write_result(result_of(HUE), format="csv")))


# --- the line ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", EXAMPLES, ids=name_of)
def test_the_line_of_every_example_fits_in_an_annex_and_can_be_read(path: Path) -> None:
    result = result_of(path)
    line, told = result.receipt_line(), result.receipt()
    assert len(line) <= 120 and "\n" not in line
    found = read_line(f"  {line} ")
    assert found is not None
    assert {name: found[name] for name in ("scheme", "revision", "variant", "form", "ictindex")} == {
        name: told[name] for name in ("scheme", "revision", "variant", "form", "ictindex")
    }
    for name in ("scheme_sha256", "data_sha256", "result_sha256"):
        assert len(found[name]) == 12 and told[name].startswith(found[name])
    assert receipt_line(found) == line


def test_variants_and_options_stand_in_the_line() -> None:
    path = HERE / "schemes" / "ict-index" / "2017-province.example.synthetic.csv"
    scheme = load_scheme("ict-index/2017-province", variant="z-score")
    table = read_table(path, scheme=scheme)
    first = score(scheme, table)
    result = score(scheme, table, reference=first)
    line = result.receipt_line()
    assert line.startswith(f"ict-index/2017-province#z-score r{scheme.revision} | scheme ")
    assert f" | reference {first.receipt()['data_sha256'][:12]} | result " in line
    found = read_line(line)
    assert found is not None and found["variant"] == "z-score"
    assert found["options"] == {"reference": first.receipt()["data_sha256"][:12]} and receipt_line(found) == line
    assert result.receipt()["result_sha256"] != first.receipt()["result_sha256"]


@pytest.mark.parametrize("text", ["", "x", "a r1 | scheme 12", "điểm | đơn vị", "a r1 | scheme " + "0" * 12])
def test_another_line_is_no_receipt(text: str) -> None:
    assert read_line(text) is None


# --- small parts ---------------------------------------------------------------------------------------------------


@given(st.recursive(st.text(), lambda inner: st.lists(inner, max_size=4), max_leaves=12))
def test_canonical_json_reads_back_and_has_no_blanks_of_its_own(content: Any) -> None:
    written = canonical_json(content)
    assert json.loads(written.decode("utf-8", "surrogatepass")) == content
    assert canonical_json(json.loads(written.decode("utf-8", "surrogatepass"))) == written


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("44.40", "44.4"),
        ("100", "100"),
        ("0.00", "0"),
        ("-0.0", "0"),
        ("-1.50", "-1.5"),
        ("1E+2", "100"),
        ("1e-8", "0.00000001"),
    ],
)
def test_numbers_have_one_form(typed: str, plain: str) -> None:
    assert plain_number(typed) == plain
