"""The author's guide, in both languages: each wording that it shows is read as it says, each mistake is found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from annexes import FOLDER, as_csv, drafted, read

from ictindex.cli import FINE, main
from ictindex.documents.build import build_scheme, check_document
from ictindex.documents.source import Mapping, read_document, to_plain
from ictindex.errors import SchemeInvalid, Severity
from ictindex.model import Indicator, Scheme
from ictindex.plugins import vocabulary

DOCS = Path(__file__).parent.parent / "docs"
PAGES = ("authoring.md", "authoring.vi.md")
HEAD = "scheme: a/2025-b\ntitle: A\nunit: b\nedition: 2025\nsources:\n  qd B:\ncited: qd\nbelow: {cited: qd}\n"


def between(page: str, start: str, end: str) -> str:
    """Return the part of a page between two marks."""
    return (DOCS / page).read_text("utf-8").split(start)[1].split(end)[0]


def cells(text: str) -> list[list[str]]:
    """Return the cells of the rows of a table, without its headings."""
    rows = [line[1:-1].split("|") for line in text.strip().splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


WORDINGS = cells(between("authoring.md", "<!-- wordings -->", "<!-- end of wordings -->"))


def test_both_languages_show_the_same_wordings() -> None:
    assert cells(between("authoring.vi.md", "<!-- wordings -->", "<!-- end of wordings -->")) == WORDINGS
    assert len(WORDINGS) == 24


@pytest.mark.parametrize(("wording", "points", "rule"), WORDINGS)
def test_a_wording_is_read_as_the_guide_says(wording: str, points: str, rule: str) -> None:
    said = re.findall("`(.+?)`", rule)
    if points.isdigit():
        said.insert(0, f"max: {points}")
    total = 10 + (int(points) if points.isdigit() else 0)
    lines = "\n".join(f"  {line}" for line in said)
    shown = f"{HEAD}max: {total}\n0 Khác: {{max: 10, assessed: }}\n1 Tiêu chí:\n{lines}\n"
    meant = build_scheme(read_document(shown, "x.yaml"), vocabulary())
    head = ("TT", "Tiêu chí", "Điểm", "Cách tính điểm")
    rows = [("0", "Khác", "10", "Chấm theo hồ sơ"), ("1", "Tiêu chí", points, wording)]
    _, made = drafted(read(as_csv([head, *rows])))
    assert essence(made) == essence(meant)


def essence(scheme: Scheme) -> object:
    """Return what a criterion is scored by, and the names of the quantities that it divides."""
    row = scheme.row("1")
    assert isinstance(row, Indicator)
    names = [scheme.input(code).name for code in row.inputs] if row.measure.name == "ratio" else []
    return row.role, row.max, row.measure, row.scale, names, [scheme.input(code).cases for code in row.inputs]


RULES = re.compile("```yaml\n(.*?)```", re.DOTALL)


def rules_of(page: str) -> list[str]:
    """Return the rules that a page shows for what a person writes."""
    return RULES.findall(between(page, "<!-- rules -->", "<!-- end of rules -->"))


def test_both_languages_show_the_same_rules_each_with_its_words() -> None:
    shown = [between(page, "<!-- rules -->", "<!-- end of rules -->") for page in PAGES]
    assert rules_of(PAGES[0]) == rules_of(PAGES[1])
    assert [len(RULES.split(one)) for one in shown] == [25, 25]
    assert all(text.strip() for one in shown for text in RULES.split(one)[:-1:2])


@pytest.mark.parametrize("rule", rules_of(PAGES[0]))
def test_a_rule_that_the_guide_shows_has_no_error_and_no_warning(rule: str) -> None:
    top = read_document(rule, "x.yaml").root
    rows = [value for key, value in top.items if " " in key.text and isinstance(value, Mapping)]
    maxima = [to_plain(row)["max"] for row in rows]
    total = sum(one["is"] if isinstance(one, dict) else one for one in maxima)
    text = f"{HEAD}max: {total}\n{rule}"
    found = check_document(read_document(text, "x.yaml"), vocabulary())
    assert [str(one) for one in found if one.severity is not Severity.ADVICE] == []
    build_scheme(read_document(text, "x.yaml"), vocabulary())


def test_the_rules_of_the_guide_show_what_people_ask_for() -> None:
    shown = "".join(rules_of(PAGES[0]))
    keys = "bonus deduct combine:·best combine:·capped parts floor if-none inputs $ sum goalposts per evidence without"
    keys += " pools only-if then all-of criteria derived: max:·0 not-applicable"
    assert [key for key in keys.split() if key.replace("·", " ") not in shown] == []


@pytest.mark.parametrize(("page", "language"), [(PAGES[0], "en"), (PAGES[1], "vi")])
def test_new_says_what_the_guide_shows(
    page: str, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = FOLDER / "huyen-27-tieu-chi.bia-dat.csv"
    who = ["--family", "my-province-12", "--edition", "2025", "--unit", "district"]
    assert main(["new", *who, "--from-csv", str(table), "-o", f"{tmp_path}/schemes/", "--lang", language]) == FINE
    told = capsys.readouterr().err.replace(f"{tmp_path}/", "")
    for line in between(page, "```text\n", "```").splitlines():
        assert line in told


@pytest.mark.parametrize("page", PAGES)
def test_every_link_has_words(page: str) -> None:
    assert "[](" not in (DOCS / page).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_the_marks_that_the_guide_explains_are_those_that_are_written(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    drawn = "".join(drafted(read(path.read_bytes()))[0].text for path in sorted(FOLDER.iterdir()))
    for mark in (
        "đọc là số cố định 12",
        "lời văn không nói a và b là gì",
        "đọc là khi b bằng 0",
        "đọc là điểm cộng (bonus)",
    ):
        assert mark in text and mark in drawn


@pytest.mark.parametrize("page", PAGES)
def test_the_row_of_the_guide_is_what_its_table_gives(page: str) -> None:
    table = "| TT | Tiêu chí" + between(page, "| TT | Tiêu chí", "\n\n")
    head = [cell.strip() for cell in table.splitlines()[0].split("|")[1:-1]]
    made, scheme = drafted(read(as_csv([head, *cells(table)])))
    assert made.checked == () and scheme.root.max == 20
    assert between(page, "```yaml\n", "```") in made.text


MISTAKES = {
    "ratio: {a: đọc, viết, b: số người}": ("1 A:\n  max: 10\n  ratio: {a: đọc, viết, b: số người}", "S019"),
    "1 Hạ tầng: máy tính:": ("1 Hạ tầng: máy tính:\n  max: 10\n  assessed:", "S006"),
    "1 Dự án #1:": ("1 Dự án #1:\n  max: 10\n  assessed:", "S006"),
    "max: 0,5": ("1 A:\n  max: 0,5\n  assessed:", "S103"),
    "b Một nửa: 50%": ("1 A:\n  max: 10\n  choice:\n    a Có: max\n    b Một nửa: 50%", "S204"),
    "steps: {90: max}": ("1 A:\n  max: 10\n  ratio: {a: số a, b: số b}\n  steps: {90: max}", "S281"),
    "max:10": ("1 A:\n  max:10\n  assessed:", "S006"),
    "1.Hạ tầng:": ("1.Hạ tầng:\n  max: 10\n  assessed:", "S108"),
    "tab": ("1 A:\n\tmax: 10\n\tassessed:", "S007"),
    "trái|left": ("1 A:\n  max: 10\n   assessed:", "S006"),
    "1/4": ("1 A:\n  max: 10\n  choice:\n    a Hiện diện: 1/4\n    d Chuyển đổi: max", "S285"),
}


@pytest.mark.parametrize("page", PAGES)
def test_every_mistake_of_the_guide_is_found(page: str) -> None:
    shown = (DOCS / page).read_text("utf-8").split("## ")[-2]
    table = cells(shown)
    assert len(table) == len(MISTAKES)
    for (written, *_), (mark, (text, code)) in zip(table, MISTAKES.items(), strict=True):
        assert re.search(mark if "|" in mark else re.escape(mark), written)
        assert code in found(f"{HEAD}max: 10\n{text}\n")


def found(text: str) -> set[str]:
    """Return the codes that `check` finds in a document."""
    try:
        return {problem.code for problem in check_document(read_document(text, "x.yaml"), vocabulary())}
    except SchemeInvalid as error:
        return {problem.code for problem in error.problems}
