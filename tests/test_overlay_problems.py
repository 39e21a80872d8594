"""What is wrong with an overlay: all of it at once, at the line of the overlay that is wrong or that caused it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from overlaid import BASE, NAMED, over, told
from worked import VOCABULARY, document

from ictindex import check_scheme, load_scheme
from ictindex.authoring import scheme_schema
from ictindex.documents.bases import base_of, check_overlay, read_layers
from ictindex.documents.build import check_document
from ictindex.documents.catalog import Catalog, read_catalog
from ictindex.documents.source import read_document
from ictindex.errors import SchemeInvalid, Severity, WrongUse
from ictindex.messages import in_language
from ictindex.plugins import scheme_packages

FOLDER = Path(__file__).parent / "broken" / "overlays"
CORPUS = sorted(FOLDER.glob("*.overlay.yaml"))
CATALOG = read_catalog(scheme_packages())


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name.removesuffix(".overlay.yaml"))
def test_every_problem_of_the_corpus_is_told_in_the_overlay_itself(path: Path) -> None:
    assert {one.where.source for one in check_scheme(path)} == {str(path)}  # where in it: test_broken


def test_every_code_of_overlays_is_in_the_corpus() -> None:
    source = (Path(__file__).parent.parent / "ictindex" / "documents").glob("*.py")
    codes = {code for path in source for code in re.findall(r'"(S2[67]\d)"', path.read_text("utf-8"))}
    assert codes == {path.name[:4] for path in CORPUS if path.name.startswith(("S26", "S27"))}


def test_the_right_one_has_no_problem() -> None:
    (right,) = FOLDER.glob("right.overlay.yml")
    assert check_scheme(right) == []
    assert load_scheme(right).overlay is not None


def test_consequences_are_told_at_the_change_that_caused_them() -> None:
    assert told("  1.2: {max: 8}\n") == [(2, 14, "S230")]
    assert told("  2.2: {notes: x}\n  1.1: {max: 6}\n  1.2: {max: 8, weight: 1}\n") == [
        (3, 14, "S230"),
        (4, 25, "S222"),
    ]
    assert told("  1: {max: 30}\n") == [(2, 12, "S230"), (2, 12, "S230")]
    assert told("  1: {rows: 4}\n") == [(2, 13, "S232")]
    assert told("  rank: {then: ['3']}\n") == [(2, 9, "S255")]
    assert told("  combine: mean\n") == [] == told("  2.2: {value: , missing: zero}\n")


def test_what_the_scheme_itself_is_warned_of_is_not_told_again() -> None:
    base = BASE.replace("2.2 Xe khác: {max: 8,", "2.2 Xe khác: {max: 8, weight: 2,")
    assert "S222" in {one.code for one in check_document(document(base), VOCABULARY)}
    assert told("  1.2: {name: Máy}\n", base=base) == []


def test_all_problems_are_told_at_once_with_those_of_the_structure() -> None:
    changes = "  1.2: {maxx: 8, max: tám}\n  9: {max: 1}\n  1.1: {cited: pl}\n  1.3: {steps: {}}\n"
    assert told(changes) == [
        *((2, 9, "S101"), (2, 23, "S103"), (3, 3, "S260"), (4, 9, "S271"), (5, 16, "S103")),
    ]


def test_a_scheme_with_errors_is_mended_first(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE.replace("max: 20", "max: 30", 1), encoding="utf-8")
    path = tmp_path / "x.overlay.yaml"
    path.write_text(NAMED.replace("test/2020-unit", "base.yaml") + "changes: {2.2: {maxx: 1}}\n", encoding="utf-8")
    found = check_scheme(path)
    assert [(Path(one.where.source).name, one.code) for one in found if one.severity is Severity.ERROR] == [
        ("base.yaml", "S230"),
        ("base.yaml", "S230"),
        ("x.overlay.yaml", "S101"),
    ]
    with pytest.raises(SchemeInvalid) as caught:
        load_scheme(path)
    assert {one.code for one in caught.value.problems} == {"S230", "S101"}


def test_the_base_is_an_id_or_a_path_as_seen_from_the_overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "schemes").mkdir()
    (tmp_path / "schemes" / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "mine").mkdir()
    path = tmp_path / "mine" / "x.overlay.yaml"
    path.write_text(NAMED.replace("test/2020-unit", "../schemes/base.yaml") + "changes: {2.2: {max: 8}}\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_scheme("mine/x.overlay.yaml").id == "test/2020-unit"
    document, overlay = read_layers(path, CATALOG)
    assert (overlay is not None, base_of(overlay or document, CATALOG).sha256) == (True, document.sha256)
    assert read_layers(tmp_path / "schemes" / "base.yaml", CATALOG)[1] is None


@pytest.mark.parametrize(
    ("base", "code", "hint"),
    [
        ("dti-922/2022-provinse", "S262", "did you mean 'dti-922/2022-province'?"),
        ("bse.yaml", "S262", "did you mean 'base.yaml'?"),
        ("gone/base.yaml", "S262", "as seen from this file's folder"),
        (".", "S262", "as seen from this file's folder"),
        (f"{'x' * 5000}.yaml", "S262", "as seen from this file's folder"),
        ("x.overlay.yaml", "S263", "name the scheme"),
        ("y.cases.yaml", "S263", "name the scheme"),
        ("''", "S262", "`overlay: family/edition-kind`"),
    ],
)
def test_a_base_that_is_none(tmp_path: Path, base: str, code: str, hint: str) -> None:
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "y.cases.yaml").write_text("cases: test/2020-unit\n", encoding="utf-8")
    path = tmp_path / "x.overlay.yaml"
    path.write_text(NAMED.replace("test/2020-unit", base) + "changes: {2.2: {maxx: 8}}\n", encoding="utf-8")
    found = {one.code: one for one in check_scheme(path)}
    assert {"S101"} < set(found)  # its own mistakes are told all the same
    if base != "''":
        assert hint in found[code].hint and found[code].where.line == 1
    with pytest.raises(SchemeInvalid) as caught:
        load_scheme(path)
    assert [one.code for one in caught.value.problems] == [code] and hint in caught.value.problems[0].hint


def test_an_overlay_without_its_first_line_is_known_by_the_name_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "x.overlay.yaml"
    path.write_text("by: Sở\ndate: 2020\nchanges: {1: {max: 1}}\n", encoding="utf-8")
    (found,) = check_scheme(path)
    assert (found.code, found.message) == ("S102", "`overlay` is missing")
    assert check_overlay(read_document(path.read_text("utf-8"), str(path)), Catalog(()), VOCABULARY) == [found]


def test_numbers_that_nobody_answers_for_are_told_of() -> None:
    assert told("  1.2: {max: 5, en: X}\n  1.1: {assumed: x, max: 5}\n", below="") == [(2, 9, "S206")]
    assert told("  1.2: {max: 5}\n", below="below: {notes: x}\n") == [(2, 9, "S206")]
    assert told("  publish: {decimals: 1}\n  1.2: {max: {is: 5, assumed: x}}\n", below="") == [(2, 3, "S206")]


def test_the_messages_can_be_said_in_another_language() -> None:
    found = check_document(document(BASE), VOCABULARY, overlay=over("  9: {max: 1}\n  1.1: {cited: pl}\n"))
    assert all(hasattr(one.message, "template") for one in found)
    assert all(in_language(one.message, "en") == one.message for one in found)


def test_the_grammar_of_overlays_is_composed_of_that_of_schemes() -> None:
    import jsonschema

    schema = scheme_schema(kind="overlay")
    jsonschema.Draft202012Validator.check_schema(schema)
    scheme = scheme_schema()
    assert set(scheme["$defs"]["row"]["properties"]) | {"name"} == set(schema["$defs"]["change"]["properties"])
    assert set(schema["required"]) == {"overlay", "by", "date", "changes"}
    assert not {"scheme", "unit", "edition", "revision", "sources", "variants"} & set(
        schema["$defs"]["changes"]["properties"]
    )
    references = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema)))
    assert references <= set(schema["$defs"])


def test_there_is_no_grammar_of_another_kind() -> None:
    with pytest.raises(WrongUse, match="did you mean 'overlay'"):
        scheme_schema(kind="overlays")
