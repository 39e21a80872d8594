"""Overlays in use: the page's example, what names the scheme names both, overlays of packages, cases beside one."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import jsonschema
import pytest
from overlaid import BASE, NAMED

from ictindex import explain, list_schemes, load_scheme, read_table, score, write_result
from ictindex.api import broken_schemes
from ictindex.authoring import check_scheme, expand_scheme, find_cases, run_cases, scheme_annex
from ictindex.cli import main
from ictindex.documents.catalog import read_catalog
from ictindex.model import OverlayInfo
from ictindex.plugins import scheme_packages
from ictindex.registry import Registry
from ictindex.result import Result

HOME = Path(__file__).parent.parent
PAGE = (HOME / "docs" / "overlays.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
EXAMPLE = "dak-lak-366/2018-department"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the overlay of the page and a table, as the reader has it."""
    (yaml,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "366.overlay.yaml").write_text(yaml, encoding="utf-8")
    shutil.copy(HOME / "schemes" / f"{EXAMPLE}.example.synthetic.csv", tmp_path / "so-nganh.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def result(folder: Path) -> Result:
    scheme = load_scheme(folder / "366.overlay.yaml")
    return score(scheme, read_table(folder / "so-nganh.csv", scheme=scheme))


def of_page(shown: str) -> str:
    """Return a pattern of what a command prints: a line `...` stands for any lines."""
    return "".join(r"(?:.*\n)*?" if line == "..." else f"{re.escape(line)}\n" for line in shown.splitlines())


@pytest.mark.parametrize("block", COMMANDS, ids=lambda block: block.splitlines()[0])
@pytest.mark.usefixtures("folder")
def test_the_commands_of_the_page_print_what_it_shows(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    for one in block.removeprefix("$ ictindex ").split("\n$ ictindex "):
        command, _, shown = one.partition("\n")
        assert main([*command.split(), "--lang", "en"]) == 0
        printed = capsys.readouterr().out
        assert re.fullmatch(of_page(shown), printed) if shown else printed


def test_the_receipt_of_the_page(result: Result) -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    without_hashes = re.compile(r"[0-9a-f]{64}")
    told = json.loads(without_hashes.sub("", json.dumps(result.receipt())))
    assert json.loads(without_hashes.sub("", shown)) | {"ictindex": told["ictindex"]} == told


def test_the_example_of_the_syntax_has_no_problem(tmp_path: Path) -> None:
    (yaml,) = re.findall(r"```yaml\n(overlay: .*?)```", (HOME / "schemes" / "README.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "x.overlay.yaml").write_text(yaml, encoding="utf-8")
    assert check_scheme(tmp_path / "x.overlay.yaml") == []


def test_the_numbers_of_the_example_are_called_invented() -> None:
    assert "invented for this page" in PAGE and "bịa ra" in PAGE
    assert "eleven numbers and rules are now cited" in PAGE
    assert load_scheme(EXAMPLE).assumed - 86 == 11


def test_a_scheme_says_what_is_laid_over_it(folder: Path, result: Result) -> None:
    plain, scheme = load_scheme(EXAMPLE), result.scheme
    assert scheme.overlay == OverlayInfo(
        base_sha256=plain.sha256,
        base_path=plain.path,
        revision=1,
        by="Phòng Công nghệ thông tin, Sở Thông tin và Truyền thông Đắk Lắk (ví dụ)",
        date="2018-03-05",
        sha256=scheme.overlay.sha256 if scheme.overlay else "",
        path=str(folder / "366.overlay.yaml"),
    )
    assert (scheme.id, scheme.revision, plain.overlay) == (EXAMPLE, 1, None)
    assert len({scheme.sha256, plain.sha256, scheme.overlay.sha256}) == 3
    assert scheme.assumed == 86 and scheme.provisional


def test_whatever_names_the_scheme_names_both(result: Result) -> None:
    notice = "with the overlay of Phòng Công nghệ thông tin, Sở Thông tin và Truyền thông Đắk Lắk (ví dụ), 2018-03-05"
    texts = [write_result(result, format=name) for name in ("table", "csv")]
    for text in texts:
        assert EXAMPLE in text or text is texts[1]
        assert notice in text and "có bản điều chỉnh của Phòng" in text
        assert "provisional: 86 numbers" in text
    english, vietnamese = (" ".join(explain(result, "so-01").told(one).split()) for one in ("en", "vi"))
    assert EXAMPLE in english and notice[1:] in english and "Provisional: 86 numbers" in english
    assert "Có bản điều chỉnh của Phòng" in vietnamese and "Tạm thời: 86 số" in vietnamese
    told = explain(result, "so-01").to_dict()["scheme"]["overlay"]
    assert told["by"].startswith("Phòng Công nghệ thông tin")
    annex = scheme_annex(result.scheme)
    assert "366.overlay" not in json.dumps(told)
    assert any("2018-03-05" in fact.words for fact in annex.facts)


def test_the_json_names_both_and_fits_its_schema(result: Result) -> None:
    told = json.loads(write_result(result, format="json"))
    schema = json.loads((HOME / "docs" / "result.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(told)
    assert told["receipt"]["overlay"] == told["scheme"]["overlay"] == result.receipt()["overlay"]
    assert told["scheme"]["overlay"]["base_sha256"] == load_scheme(EXAMPLE).sha256
    plain = score(EXAMPLE, read_table("so-nganh.csv", scheme=EXAMPLE))
    assert plain.receipt()["overlay"] is None
    assert plain.receipt()["data_sha256"] == result.receipt()["data_sha256"]


def test_an_expanded_overlay_is_a_scheme_that_scores_the_same(folder: Path, result: Result) -> None:
    path = folder / "whole.yaml"
    path.write_text(expand_scheme("366.overlay.yaml"), encoding="utf-8")
    again = load_scheme(path)
    assert (again.overlay, again.assumed, again.count) != (None, 97, 0) and again.assumed == 86
    other = score(again, read_table("so-nganh.csv", scheme=again))
    assert [other.published(row.code) for row in again.rows()] == [result.published(row.code) for row in again.rows()]


@pytest.mark.usefixtures("folder")
def test_neither_an_overlay_nor_its_scheme_is_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("366.overlay.yaml").read_text(encoding="utf-8")
    assert main(["score", "366.overlay.yaml", "so-nganh.csv", "--format", "csv", "-o", "366.overlay.yaml"]) == 2
    assert Path("366.overlay.yaml").read_text(encoding="utf-8") == before
    assert "U115" in capsys.readouterr().err
    assert main(["show", "366.overlay.yaml", "--expanded", "-o", "base.yaml"]) == 0
    over_base = before.replace(EXAMPLE, "base.yaml").replace("phu-luc", "annex")
    Path("mine.overlay.yaml").write_text(over_base, encoding="utf-8")
    assert main(["show", "mine.overlay.yaml", "--expanded", "-o", "base.yaml"]) == 2
    assert "U115" in capsys.readouterr().err


# --- packages and cases --------------------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry[object]:
    """A package with a scheme of its own, an overlay over it, and one over a scheme that is installed."""
    family = tmp_path / "more_schemes" / "test"
    family.mkdir(parents=True)
    (family / "2020-unit.yaml").write_text(BASE, encoding="utf-8")
    text = NAMED.replace("test/2020-unit", "2020-unit.yaml") + "changes: {2.2: {max: 8, cited: pl}}\n"
    (family / "2020-unit.so-mau.overlay.yaml").write_text(text, encoding="utf-8")
    (family / "2020-unit.overlay.yaml").write_text(text, encoding="utf-8")  # without a name it has no id
    (family.parent / "dak-lak-366").mkdir()
    text = (
        NAMED.replace("test/2020-unit", EXAMPLE).replace("pl", "phu-luc") + "changes: {1.6: {max: 1, cited: phu-luc}}\n"
    )
    (family.parent / "dak-lak-366" / "2018-department.mau.overlay.yaml").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "more_schemes", raising=False)
    packages = scheme_packages().adding_things("more", {"more": "more_schemes"})
    monkeypatch.setattr("ictindex.api.scheme_packages", lambda: packages)
    return packages


def test_overlays_of_a_package_are_listed_and_loaded_by_their_id(package: Registry[object]) -> None:
    ids = (f"{EXAMPLE}+mau", "test/2020-unit", "test/2020-unit+so-mau")
    catalog = read_catalog(package)
    assert tuple(name for name, found, _ in catalog.files if found == "more") == ids
    assert catalog.path(ids[2]).name == "2020-unit.so-mau.overlay.yaml"
    assert broken_schemes() == ()
    told = {one.id: one for one in list_schemes()}
    assert [told[name].package for name in ids] == ["more"] * 3
    assert told[ids[2]].assumed == told[ids[1]].assumed - 1
    assert told[ids[0]].assumed == told[EXAMPLE].assumed - 1
    scheme = load_scheme(ids[2])
    assert (scheme.id, scheme.overlay.by if scheme.overlay else "") == (ids[1], "Sở Mẫu")
    assert load_scheme(ids[0]).id == EXAMPLE
    assert check_scheme(ids[0]) == []


def test_an_overlay_by_id_is_no_base(package: Registry[object], tmp_path: Path) -> None:
    path = tmp_path / "x.overlay.yaml"
    path.write_text(NAMED.replace("test/2020-unit", "test/2020-unit+so-mau") + "changes: {2.2: {max: 8, cited: pl}}\n")
    assert package and [one.code for one in check_scheme(path)] == ["S263"]


def test_the_schemes_that_come_with_ictindex_use_no_overlay() -> None:
    assert not [path for path in (HOME / "schemes").rglob("*") if ".overlay." in path.name]
    shipped = [name for name, package, _ in read_catalog(scheme_packages()).files if package == "ictindex"]
    assert len(shipped) >= 12 and not [name for name in shipped if "+" in name]
    assert {load_scheme(name).overlay for name in shipped} == {None}


def test_cases_beside_an_overlay_are_run_with_it(tmp_path: Path) -> None:
    base = BASE.replace(", evidence: {ask: văn bản, without: zero, cited: qd}", "")
    (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
    overlay = tmp_path / "base.tinh.overlay.yaml"
    text = (
        NAMED.replace("test/2020-unit", "base.yaml") + "below: {cited: pl}\nchanges: {2.1: {max: 8}, 2.2: {max: 12}}\n"
    )
    overlay.write_text(text, encoding="utf-8")
    cases = tmp_path / "base.tinh.overlay.cases.yaml"
    head = "cases: test/2020-unit\nsources: {pl Phụ lục: }\nbelow: {cited: pl}\n"
    unit = "x X: {given: {'1': 15, '2.1': 6, '2.2': 11}, expect: {total: 32}}\n"
    cases.write_text(head + unit, encoding="utf-8")
    assert find_cases(overlay).files == (cases,)
    assert run_cases(cases).differences == ()
    assert [one for one in check_scheme(cases) if str(one.severity) == "error"] == []
