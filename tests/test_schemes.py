"""House rules: what holds for every scheme that is shipped.

What the sources state about a scheme is listed here as data, so that a changed count or maximum fails a test.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import ictindex_schemes
import pytest

from ictindex import check_scheme, compile_scheme, list_schemes, load_scheme, read_table, score
from ictindex.analysis.cases import CaseFile, run_cases
from ictindex.analysis.coverage import cover
from ictindex.citations import Citation, Status
from ictindex.documents.case_files import cases_beside
from ictindex.documents.cases import cases_path, read_cases_file
from ictindex.documents.source import read_document_file
from ictindex.errors import Severity
from ictindex.model import Group, Scheme
from ictindex.table import Table

HOME = Path(ictindex_schemes.__file__).parent
DATA = Path(__file__).parent / "data"
COMPANIONS = (".cases.yaml", ".example.csv", ".example.synthetic.csv")
IDS = (
    "btttt-2392/2017-commune",
    "btttt-2392/2017-district",
    "dak-lak-366/2018-department",
    "dak-lak-366/2018-district",
    "dong-thap-1397/2022-department",
    "dong-thap-1397/2022-district",
    "dti-1726/2020-province",
    "dti-922/2022-province",
    "hue-1784/2020-district",
    "ict-index/2016-province",
    "ict-index/2017-province",
    "quang-ngai-42/2012-agency",
)
PUBLISHED = ("dti-1726/2020-province", "dti-922/2022-province", "hue-1784/2020-district")
"""The schemes whose example table holds published figures; every other example is made up."""

ICT_GROUPS = {"total": 3, "HTKT.xh": 8, "HTKT.cq": 4, "HTNL.xh": 4, "HTNL.cq": 5, "UD.nb": 5, "UD.dv": 4}
ROWS = {  # how many rows the sources put directly below a heading
    "btttt-2392/2017-commune": {"total": 2, "A": 3, "B": 4},
    "btttt-2392/2017-district": {"total": 2, "A": 3, "B": 4},
    "dak-lak-366/2018-department": {"total": 4},
    "dak-lak-366/2018-district": {"total": 4},
    "dong-thap-1397/2022-department": {"total": 6},
    "dong-thap-1397/2022-district": {"total": 8},
    "dti-1726/2020-province": {"total": 3},
    "dti-922/2022-province": {"total": 9},
    "hue-1784/2020-district": {"total": 2},
    "ict-index/2016-province": ICT_GROUPS,
    "ict-index/2017-province": ICT_GROUPS,
    "quang-ngai-42/2012-agency": {"total": 5},
}
CRITERIA = {
    "dak-lak-366/2018-department": 22,
    "dak-lak-366/2018-district": 25,
    "ict-index/2016-province": 30,
    "ict-index/2017-province": 30,
}
COMPONENTS = {  # how many components the source counts inside a row that is scored as a whole
    "dti-922/2022-province": (10, 11, 7, 13, 12, 3, 22, 12, 8),
    "dti-1726/2020-province": (7, 7, 7),
}
MAXIMA = {
    "dong-thap-1397/2022-department": (200, (20, 20, 40, 30, 40, 50)),
    "dong-thap-1397/2022-district": (400, (60, 20, 50, 50, 40, 90, 70, 20)),
    "dti-922/2022-province": (1000, (100, 100, 100, 100, 100, 0, 200, 150, 150)),
    "hue-1784/2020-district": (None, (50, 100)),
    "btttt-2392/2017-commune": (None, (50, 100)),
    "btttt-2392/2017-district": (None, (50, 100)),
}
VARIANTS = [(name, variant.code) for name in IDS for variant in load_scheme(name).variants]
UNTOUCHED = {  # what no case touches, with the reason
    ("hue-1784/2020-district", "B", "level I, from 90%"): "such a score would push back the ranks that were published",
}


@pytest.fixture(params=IDS)
def scheme(request: pytest.FixtureRequest) -> Scheme:
    """Each shipped scheme in turn."""
    return load_scheme(request.param)


@pytest.fixture
def cases(scheme: Scheme) -> CaseFile:
    """The cases beside the scheme."""
    return read_cases_file(cases_path(scheme.path), scheme)


@pytest.fixture
def example(scheme: Scheme) -> Table:
    """The example table beside the scheme."""
    return read_table(example_path(scheme), scheme=scheme)


def example_path(scheme: Scheme) -> Path:
    ending = ".example.csv" if scheme.id in PUBLISHED else ".example.synthetic.csv"
    return Path(scheme.path).with_suffix(ending)


def citations(scheme: Scheme) -> Iterator[tuple[str, Citation]]:
    """Yield every citation of a scheme with the place that it stands for."""
    yield from ((f"{one.at} {one.key}", one.citation) for one in scheme.statements)
    yield from ((row.code, row.citation) for row in scheme.rows())


def test_the_list_is_the_folder() -> None:
    assert tuple(info.id for info in list_schemes()) == IDS
    files = {path.relative_to(HOME).as_posix() for path in HOME.glob("*/*")}
    expected = {f"{name}.yaml" for name in IDS} | {f"{name}.cases.yaml" for name in IDS}
    expected |= {f"{name}.{variant}.cases.yaml" for name, variant in VARIANTS}
    expected |= {f"{name}.example.csv" if name in PUBLISHED else f"{name}.example.synthetic.csv" for name in IDS}
    assert {name for name in files if "__pycache__" not in name} == expected


def test_every_scheme_stands_in_the_readme() -> None:
    text = (HOME / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| \[([^\]]+)\]\(\1\.yaml\) \|", text, re.MULTILINE)) == list(IDS)


def test_the_id_is_the_path_and_says_edition_and_unit(scheme: Scheme) -> None:
    path = Path(scheme.path)
    assert scheme.id == f"{path.parent.name}/{path.stem}"
    assert path.stem == f"{scheme.edition}-{scheme.unit}"


def test_names_are_vietnamese_and_whole(scheme: Scheme) -> None:
    names = [scheme.title, *(row.name for row in scheme.rows()), *(one.name for one in scheme.inputs)]
    names += [source.title for source in scheme.sources]
    for name in names:
        assert name == unicodedata.normalize("NFC", name).strip() != ""
    # Words without any mark are possible (`bao gồm tin`), but no shipped name is.
    assert [name for name in names[: -len(scheme.sources)] if name.isascii()] == []


def test_the_title_and_the_headings_are_in_english_too(scheme: Scheme) -> None:
    assert scheme.en and scheme.en.isascii()
    headings = [row for row in scheme.rows() if isinstance(row, Group) and not row.parts and row is not scheme.root]
    assert [row.code for row in headings if not row.en] == []


def test_no_loose_ends(scheme: Scheme) -> None:
    paths = {Path(scheme.path).with_suffix(ending) for ending in (".yaml", *COMPANIONS)}
    for path in paths | {*cases_beside(Path(scheme.path))}:
        if path.exists():
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\b(TODO|FIXME|XXX|TBD)\b", text)
            assert text.endswith("\n") and not re.search(r"[ \t]\n", text)


def test_the_check_has_nothing_to_say(scheme: Scheme) -> None:
    assert [str(one) for one in check_scheme(scheme.id) if one.severity is not Severity.ADVICE] == []
    for path in cases_beside(Path(scheme.path)):
        assert [str(one) for one in check_scheme(path)] == []


def test_every_number_says_where_it_comes_from(scheme: Scheme) -> None:
    assert scheme.statements
    assert [place for place, citation in citations(scheme) if not citation.words] == []


def test_what_is_cited_names_a_source(scheme: Scheme) -> None:
    declared = {source.code: source for source in scheme.sources}
    for place, citation in citations(scheme):
        if citation.status is Status.CITED:
            assert citation.source in declared, place
    assert all(source.date or source.url or source.page for source in declared.values())


def test_an_interval_of_a_number_holds(scheme: Scheme) -> None:
    for one in scheme.statements:
        if one.between:
            low, high = one.between
            assert low <= Fraction(one.text.removesuffix("%")) / 100 <= high


def test_maxima_add_up(scheme: Scheme) -> None:
    for row in scheme.rows():
        if isinstance(row, Group) and row.combine.name in ("sum", "capped"):
            total = sum(child.max for child in row.children if child.role == "max")
            assert total == row.max if row.combine.name == "sum" else total >= row.max, row.code


def test_maxima_are_those_of_the_source(scheme: Scheme) -> None:
    if scheme.id in MAXIMA:
        total, groups = MAXIMA[scheme.id]
        assert tuple(row.max for row in scheme.root.children) == groups
        assert total is None or scheme.root.max == total == sum(groups)


def test_counts_are_those_of_the_source(scheme: Scheme) -> None:
    for code, rows in ROWS[scheme.id].items():
        heading = scheme.row(code)
        assert isinstance(heading, Group)
        assert heading.stated_rows == len(heading.children) == rows, code
    if scheme.id in CRITERIA:
        assert scheme.root.stated_criteria == len(scheme.criteria) == CRITERIA[scheme.id]
    if scheme.id in COMPONENTS:
        stated = [one for one in scheme.statements if one.key == "rows" and one.at != "total"]
        assert tuple(int(one.text) for one in stated) == COMPONENTS[scheme.id]


def test_the_index_of_2022_has_98_components() -> None:
    assert sum(COMPONENTS["dti-922/2022-province"]) == 98


@pytest.mark.parametrize("name", ["ict-index/2016-province", "ict-index/2017-province"])
def test_the_indicators_of_the_ict_index_are_named_as_printed(name: str) -> None:
    with (DATA / "ict_indicators_30.csv").open(encoding="utf-8", newline="") as file:
        printed = list(csv.DictReader(file))
    scheme = load_scheme(name)
    assert [(row.code, row.name) for row in scheme.criteria] == [(one["no"], one["indicator_vi"]) for one in printed]


def test_what_nobody_published_is_assumed() -> None:
    for name in ("dak-lak-366/2018-department", "dak-lak-366/2018-district", "quang-ngai-42/2012-agency"):
        scheme = load_scheme(name)
        cited = {one.key for one in scheme.statements if one.citation.status is not Status.ASSUMED}
        assert cited <= {"rows", "criteria"}
        assert "bản tạm" in scheme.title


def test_cases_pass(scheme: Scheme, cases: CaseFile) -> None:
    assert [str(one) for one in run_cases(compile_scheme(scheme), cases).differences] == []
    assert cases.units


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_the_cases_of_a_variant_pass(name: str, variant: str) -> None:
    plan = compile_scheme(name, variant=variant)
    cases = read_cases_file(Path(plan.scheme.path).with_suffix(f".{variant}.cases.yaml"), plan.scheme)
    report = run_cases(plan, cases)
    assert [str(one) for one in report.differences] == [] and cases.variant == variant
    assert [one.what for one in cover(report).untouched] == []


def test_cases_touch_every_part(scheme: Scheme, cases: CaseFile) -> None:
    coverage = cover(run_cases(compile_scheme(scheme), cases))
    untouched = [(scheme.id, one.row, one.what) for one in coverage.untouched]
    assert untouched == [one for one in UNTOUCHED if one[0] == scheme.id]
    assert coverage.computed == coverage.criteria


def test_cases_say_where_their_figures_come_from(cases: CaseFile) -> None:
    blocks = [*cases.units, *([cases.ranking] if cases.ranking else [])]
    assert [one for one in blocks if not one.citation.words] == []
    assert read_document_file(cases.source).warnings == ()


def test_a_wide_tolerance_has_a_reason(scheme: Scheme, cases: CaseFile) -> None:
    for case in cases.units:
        last_digit = max(Fraction(1, 10 ** scheme.row(one.row).publish.decimals) for one in case.expect)
        assert case.within <= last_digit or case.notes, case.code


def test_the_example_scores_without_a_problem(scheme: Scheme, example: Table) -> None:
    result = score(scheme, example)
    assert len(example) >= 5
    for total in result.totals:
        published = result.published(total.code)
        assert any(published)
        assert scheme.id in PUBLISHED or all(published)
        for text in filter(None, published):
            assert 0 <= Decimal(text) <= (total.max if total.publish.scale == "points" else 1)


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_every_variant_scores_the_example(name: str, variant: str) -> None:
    plan = compile_scheme(name, variant=variant)
    result = score(plan, read_table(example_path(plan.scheme), scheme=plan))
    assert all(result.published())
    assert result.published() != score(name, result.table).published()


def test_an_example_says_in_both_languages_what_it_is(scheme: Scheme, example: Table) -> None:
    told = " ".join(example.notes).lower()
    made_up = ("giả định" in told or "số bịa" in told) and ("synthetic" in told or "made up" in told)
    assert made_up == (scheme.id not in PUBLISHED)
    assert scheme.id not in PUBLISHED or ("đã công bố" in told and "published" in told)
