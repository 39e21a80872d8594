"""The author's guide, in both languages: each wording that it shows is read as it says, each mistake is found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from annexes import as_csv, drafted, read

from ictindex.documents.build import build_scheme, check_document
from ictindex.documents.source import read_document
from ictindex.errors import SchemeInvalid
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
    assert len(WORDINGS) == 13


@pytest.mark.parametrize(("wording", "points", "rule"), WORDINGS)
def test_a_wording_is_read_as_the_guide_says(wording: str, points: str, rule: str) -> None:
    lines = "\n".join(f"  {line}" for line in re.findall("`(.+?)`", rule))
    shown = f"{HEAD}max: {points}\n1 Tiêu chí:\n  max: {points}\n{lines}\n"
    meant = build_scheme(read_document(shown, "x.yaml"), vocabulary())
    head = ("TT", "Tiêu chí", "Điểm", "Cách tính điểm")
    _, made = drafted(read(as_csv([head, ("1", "Tiêu chí", points, wording)])))
    assert essence(made) == essence(meant)


def essence(scheme: Scheme) -> object:
    """Return what a criterion is scored by, and the names of the quantities that it divides."""
    row = scheme.row("1")
    assert isinstance(row, Indicator)
    names = [scheme.input(code).name for code in row.inputs] if row.measure.name == "ratio" else []
    parameters = [one for one in row.measure.parameters if one[0] != "if_none"]
    return row.max, row.measure.name, parameters, row.scale, names


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
