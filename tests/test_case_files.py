"""Where cases are, which scheme and variant they hold in, and what `check` says of them."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import ictindex_schemes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ictindex import check_scheme
from ictindex.analysis.reasons import reasons
from ictindex.authoring import case_coverage, find_cases, run_cases
from ictindex.documents.case_files import cases_beside, scheme_beside
from ictindex.documents.cases import read_cases
from ictindex.documents.kinds import kind_of
from ictindex.documents.source import Mapping, Node, Scalar, read_document, read_document_file
from ictindex.errors import Problem, SchemeInvalid, Severity, TableInvalid, UnknownName

SCHEME = """scheme: thu/2020-unit
title: Bộ thử
unit: unit
edition: 2020
sources: {qd Quyết định mẫu: }
cited: qd
below: {cited: qd}
max: 20
missing: refuse
not-applicable: refuse
publish: {as: points, decimals: 2, rounding: half-up}
rank: {ties: competition, on: published}
levels: {Tốt: 80%, Khá: 50%, Yếu: 0%}
variants:
  doi Điểm gấp đôi:
    "1": {each: 2}
1 Máy tính: {max: 10, count: số máy, each: 1}
2 Điểm chấm: {max: 10, assessed: }
"""
CASES = 'cases: thu/2020-unit\na Xã A: {given: {"1": 3, "2": 4}, expect: {total: 7}}\n'
OTHER = 'cases: thu/2020-unit\nvariant: doi\na Xã A: {given: {"1": 3, "2": 4}, expect: {total: 10, "1": 6}}\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a scheme, its cases, and those of a variant."""
    (tmp_path / "2020-unit.yaml").write_text(SCHEME, encoding="utf-8")
    (tmp_path / "2020-unit.cases.yaml").write_text(CASES, encoding="utf-8")
    (tmp_path / "2020-unit.doi.cases.yaml").write_text(OTHER, encoding="utf-8")
    return tmp_path


def told(home: Path, text: str, name: str = "2020-unit.cases.yaml") -> list[Problem]:
    """Return what `check` says of cases in the folder."""
    (home / name).write_text(text, encoding="utf-8")
    return check_scheme(home / name)


def test_cases_stand_beside_their_scheme(home: Path) -> None:
    scheme, plain, more = (home / f"2020-unit{one}.yaml" for one in ("", ".cases", ".doi.cases"))
    assert cases_beside(scheme) == (plain, more)
    assert scheme_beside(plain) == scheme_beside(more) == scheme
    assert scheme_beside(home / "2021-unit.cases.yaml") is None
    assert scheme_beside(scheme) is None
    assert cases_beside(home / "nowhere" / "2020-unit.yaml") == ()


def test_cases_are_found_by_scheme_file_folder_and_id(home: Path) -> None:
    plain, more = home / "2020-unit.cases.yaml", home / "2020-unit.doi.cases.yaml"
    assert find_cases(home / "2020-unit.yaml").files == (plain, more)
    assert find_cases(more).files == (more,)
    inner = home / "inner"
    inner.mkdir()
    (inner / "2021-unit.yaml").write_text("# chưa có đối chiếu\n" + SCHEME, encoding="utf-8")
    (inner / "notes.yaml").write_text("a: b\n", encoding="utf-8")
    (home / ".hidden").mkdir()
    (home / ".hidden" / "x.cases.yaml").write_text(CASES, encoding="utf-8")
    found = find_cases(home)
    assert found.files == (plain, more)
    assert found.without == (inner / "2021-unit.yaml",)
    assert find_cases(inner / "2021-unit.yaml").without == (inner / "2021-unit.yaml",)
    (shipped,) = find_cases("dti-1726/2020-province").files
    assert shipped.name == "2020-province.cases.yaml"
    with pytest.raises(UnknownName, match="did you mean 'dti-1726/2020-province'"):
        find_cases("dti-1726/2020-provinc")
    with pytest.raises(SchemeInvalid, match="there is no such file"):
        find_cases(home / "2022-unit.yaml")


def test_figures_hold_in_the_variant_that_the_file_names(home: Path) -> None:
    report = run_cases(home / "2020-unit.doi.cases.yaml")
    assert (report.cases.variant, report.plan.scheme.variant) == ("doi", "doi")
    assert (report.figures, report.held, report.differences) == (2, 2, ())
    (home / "2020-unit.doi.cases.yaml").write_text(OTHER.replace("variant: doi\n", ""), encoding="utf-8")
    assert [one.row for one in run_cases(home / "2020-unit.doi.cases.yaml").differences] == ["total", "1"]


@pytest.mark.parametrize(
    ("variant", "words"),
    [("dooi", "C012 thu/2020-unit has no variant 'dooi' (did you mean 'doi'?)"), ("xxxx", "(known: doi)")],
)
def test_a_variant_that_is_not_there(home: Path, variant: str, words: str) -> None:
    with pytest.raises(SchemeInvalid) as caught:
        run_cases(_written(home / "x.doi.cases.yaml", OTHER.replace("doi\n", f"{variant}\n"), home))
    (problem,) = caught.value.problems
    assert words in str(problem) and (problem.where.line, problem.where.column) == (2, 10)


def _written(path: Path, text: str, home: Path) -> Path:
    (home / "x.yaml").write_text(SCHEME, encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    return path


def test_cases_of_an_installed_scheme_need_no_file_beside_them(tmp_path: Path) -> None:
    alone = tmp_path / "moi.cases.yaml"
    text = "cases: dti-1726/2020-province\na A: {given: {CQS: 0.5, KTS: 0.5, XHS: 0.5}, expect: {total: 0.5}}\n"
    alone.write_text(text, encoding="utf-8")
    assert run_cases(alone).held == 1
    assert check_scheme(alone) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "cases: dti-1726/2020-provinc\n",
            "1:8: C013 there is no scheme 'dti-1726/2020-provinc' for these cases, neit",
        ),
        ("cases: dti-1726/2020-provinc\n", "(did you mean 'dti-1726/2020-province'?)"),
        ("cases: qqqq\n", "(x.cases.yaml belongs to x.yaml beside it, or names an id: `cases: ID`)"),
        ("notes: x\n", "1:1: C013 there is no scheme for these cases: none stands beside them, and they name none"),
    ],
)
def test_cases_without_a_scheme(tmp_path: Path, text: str, words: str) -> None:
    alone = tmp_path / "moi.cases.yaml"
    alone.write_text(text, encoding="utf-8")
    with pytest.raises(SchemeInvalid) as caught:
        run_cases(alone)
    assert words in str(caught.value)
    assert check_scheme(alone) == list(caught.value.problems)


def test_the_problems_of_the_scheme_are_told_as_one(home: Path) -> None:
    (home / "2020-unit.yaml").write_text(SCHEME.replace("max: 20", "max: 21"), encoding="utf-8")
    (problem,) = check_scheme(home / "2020-unit.cases.yaml")
    assert problem.code == "C016" and f"ictindex check {home / '2020-unit.yaml'}" in problem.hint


def test_the_cases_of_an_overlay_stand_beside_it(home: Path) -> None:
    text = """overlay: dti-1726/2020-province
revision: 1
by: Người thử
date: 2021-01-01
sources: {pl Phụ lục: {date: 2020-10-12}}
below: {cited: pl}
changes:
  publish: {as: index, decimals: 2, rounding: half-up, cited: pl}
"""
    (home / "ban-hanh.yaml").write_text(text, encoding="utf-8")
    cases = home / "ban-hanh.cases.yaml"
    body = "cases: dti-1726/2020-province\na A: {given: {CQS: 0.51, KTS: 0.54, XHS: 0.52}, expect: {total: 0.52}}\n"
    cases.write_text(body, encoding="utf-8")
    report = run_cases(cases)
    assert report.held == 1 and report.plan.scheme.overlay is not None
    assert find_cases(home / "ban-hanh.yaml").files == (cases,)
    found = case_coverage(report)
    assert Path(found.path).name == "2020-province.yaml"  # whose lines the parts count
    rows = {row.code: row.line for row in report.plan.scheme.rows()}
    assert all(part.line == rows[part.row] for part in found.parts)


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("scheme: a/2020-b\n", "x.yaml", "scheme"),
        ("title: A\ncases: b\n", "x.yaml", "cases"),
        ("overlay: a/2020-b\nchanges: {}\n", "x.yaml", "overlay"),
        ("title: A\n", "x.cases.yaml", "cases"),
        ("title: A\n", "x.yaml", "scheme"),
        ("scheme: a/2020-b\ncases: b\n", "x.yaml", "scheme"),
    ],
)
def test_the_top_key_says_what_a_document_is(text: str, name: str, kind: str) -> None:
    assert kind_of(read_document(text, name)) == kind


# --- what may stand and does no good -------------------------------------------------------------------------------


def test_good_cases_have_no_problem(home: Path) -> None:
    assert check_scheme(home / "2020-unit.cases.yaml") == []
    assert check_scheme(home / "2020-unit.doi.cases.yaml") == []


WIDE = 'a X: {within: 0.02, given: {"1": 3, "2": 4}, expect: {total: 7}}\n'


def test_a_wide_tolerance_wants_a_reason(home: Path) -> None:
    (advice,) = told(home, f"cases: thu/2020-unit\n{WIDE}")
    assert (advice.code, advice.severity) == ("C014", Severity.ADVICE)
    assert (advice.where.line, advice.where.column) == (2, 15)
    assert "off by 0.02 here, more than the last digit that is printed (0.01)" in advice.message
    assert told(home, f"cases: thu/2020-unit\n{WIDE}".replace("0.02,", "0.01,")) == []
    assert told(home, f"cases: thu/2020-unit\n{WIDE}".replace("0.02,", "0.02, notes: in 1 số lẻ,")) == []


def test_a_wide_tolerance_for_all_is_told_once_and_may_have_one_reason(home: Path) -> None:
    two = WIDE.replace("within: 0.02, ", "") + WIDE.replace("within: 0.02, ", "").replace("a X", "b Y")
    text = f"cases: thu/2020-unit\nbelow: {{within: 0.5}}\n{two}"
    (advice,) = told(home, text)
    assert (advice.code, advice.where.line, advice.where.column) == ("C014", 2, 17)
    assert told(home, text.replace("below", "notes: nguồn in số tròn\nbelow")) == []


def test_what_is_expected_as_it_is_given_tests_nothing(home: Path) -> None:
    text = 'cases: thu/2020-unit\na X: {given: {"1": 3, "2": 4.0}, expect: {"2": 4, total: 7}}\n'
    (warning,) = told(home, text)
    assert (warning.code, warning.severity, warning.where.line) == ("C015", Severity.WARNING, 2)
    assert warning.where.column == text.splitlines()[1].index('"2": 4, ') + 1
    assert run_cases(home / "2020-unit.cases.yaml").held == 2  # a warning stops nothing
    left = text.replace('"2": 4.0', '"2": 4.0, 2.excluded: 5').replace('"2": 4,', '"2": 8,')
    assert told(home, left) == []
    assert [one.code for one in told(home, text.replace('"2": 4,', '"2": 5,'))] == []  # it differs: `test` says so


def test_cells_below_a_given_score_are_not_looked_at(home: Path) -> None:
    text = 'cases: thu/2020-unit\na X: {given: {total: 12, "1": 3, "2": 4}, expect: {total.level: Khá}}\n'
    found = told(home, text)
    assert [(one.code, one.severity) for one in found] == [("C017", Severity.WARNING)] * 2
    assert "the cell 1 is not looked at, since the score of total is given" in found[0].message
    assert found[0].where.column == text.splitlines()[1].index('"1"') + 1
    (own,) = told(home, 'cases: thu/2020-unit\na X: {given: {1.score: 5, "1": 3, "2": 4}, expect: {total: 9}}\n')
    assert "the cell 1 is not looked at, since the score of 1 is given" in own.message


def test_what_the_scheme_refuses_is_told_with_the_rest(home: Path) -> None:
    text = """cases: thu/2020-unit
a X: {within: 1, given: {"1": 3, "2": 14}, expect: {total: 7}}
b Y: {given: {"1": x, "2": 4}, expect: {total: 7}}
ranking: {given: total, units: {c Z: [21, 1]}}
"""
    found = told(home, text)
    assert [(one.code, one.where.line) for one in found] == [("T045", 2), ("C014", 2), ("T040", 3), ("T045", 4)]
    with pytest.raises(TableInvalid) as caught:
        run_cases(home / "2020-unit.cases.yaml")
    assert [one.where.line for one in caught.value.problems] == [2, 3, 4]


def test_figures_that_differ_are_no_problem_of_the_file(home: Path) -> None:
    assert told(home, CASES.replace("total: 7", "total: 8")) == []


def test_a_broken_file_is_told_of_by_its_lines(home: Path) -> None:
    text = 'cases: thu/2020-unit\na X: {given: {"3": 3}, expekt: {total: 7}}\n'
    assert [one.code for one in told(home, text)] == ["C007", "C002"]


# --- whatever stands in the file -----------------------------------------------------------------------------------

SHIPPED = sorted(Path(ictindex_schemes.__file__).parent.glob("*/*.cases.yaml"))


def _keywords(node: Node) -> Iterator[Scalar]:
    """Yield every key that is no line: those must be spelt right."""
    if isinstance(node, Mapping):
        for key, value in node.items:
            if " " not in key.text:
                yield key
            yield from _keywords(value)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_misspelt_key_is_told_at_its_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8").splitlines()
    scheme = run_cases(path).plan.scheme
    keys = [*_keywords(read_document_file(path).root)]
    for key in keys[:: len(keys) // 40 + 1]:
        line, start = key.where.line - 1, key.where.column - 1 + key.quoted
        broken = f"{text[line][:start]}{key.text}q{text[line][start + len(key.text) :]}"
        with pytest.raises(SchemeInvalid) as caught:
            read_cases(read_document("\n".join([*text[:line], broken, *text[line + 1 :]]), "x.cases.yaml"), scheme)
        assert any(one.where.line == line + 1 for one in caught.value.problems), broken


WORDS = (
    "",
    "none",
    "1",
    "-1",
    "1e5",
    "n/a",
    "x",
    "{}",
    "[]",
    "[1, 2]",
    "a b",
    "total.level",
    "9" * 30,
    "1/3",
    "50%",
    "~",
)


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(SHIPPED), st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 10**4), st.sampled_from(WORDS)))
)
def test_no_file_of_cases_ends_in_a_traceback(path: Path, changes: list[tuple[int, int, str]]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for at, which, word in changes:
        line = lines[at % len(lines)]
        parts = list(re.finditer(r"[\w.%-]+", line))
        if parts:
            part = parts[which % len(parts)]
            lines[at % len(lines)] = line[: part.start()] + word + line[part.end() :]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.cases.yaml"
        file.write_text("\n".join(lines), encoding="utf-8")
        errors = [one for one in check_scheme(file) if one.severity is Severity.ERROR]
        try:
            report = run_cases(file)
        except (SchemeInvalid, TableInvalid) as error:
            assert list(error.problems) == errors
        else:
            assert not errors
            case_coverage(report)
            assert [one for one, _ in reasons(report)] == list(report.differences)
