"""Every example of docs/rules.md is loaded as a scheme, scored on its figures, and gives what the page says."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from attrs import frozen

from ictindex import Result, load_scheme, read_table, score

PAGE = Path(__file__).parent.parent / "docs" / "rules.md"
SECTION = re.compile(r"^### (\d+)\. (.+)$", re.MULTILINE)
EXAMPLE = re.compile(
    r"^```yaml\n(?P<yaml>.*?)^```\n\n```text\n(?P<csv>.*?)^```\n\n"
    r"^\| unit \| row \| gives \| because \|\n\|---\|---\|---\|---\|\n(?P<rows>(?:^\|[^\n]*\|\n)+)",
    re.MULTILINE | re.DOTALL,
)
FIRST = {
    "scheme": "shapes/2020-unit",
    "title": "Ví dụ",
    "unit": "unit",
    "edition": "2020",
    "sources": "{qd Quyết định mẫu: }",
}


@frozen
class Example:
    """One scheme of the page with its figures and what it gives: (unit, row, what was published)."""

    name: str
    yaml: str
    csv: str
    gives: tuple[tuple[str, str, str], ...]


def sections() -> list[tuple[int, str]]:
    found = list(SECTION.finditer(PAGE.read_text(encoding="utf-8")))
    ends = [one.start() for one in found[1:]] + [None]
    return [(int(one[1]), one.string[one.end() : end]) for one, end in zip(found, ends, strict=True)]


def examples() -> list[Example]:
    made = []
    for number, body in sections():
        for at, one in enumerate(EXAMPLE.finditer(body)):
            rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in one["rows"].splitlines()]
            gives = tuple((unit, row, text) for unit, row, text, _ in rows)
            made.append(Example(f"{number}{'ab'[at]}", one["yaml"], one["csv"], gives))
    return made


def whole(yaml: str) -> str:
    """Return the document of an example: the keys that every one begins with, and each row a total if no top is."""
    keys = set(re.findall(r"^([a-z-]+):", yaml, re.MULTILINE))
    lines = [f"{key}: {value}\n" for key, value in FIRST.items() if key not in keys]
    if not keys & {"max", "combine"}:
        lines.append("combine: none\n")
    return "".join(lines) + yaml


def told(result: Result, unit: str, row: str) -> str:
    """Return what was published of a unit's row: `1.2`, `total rank`, `A level` or `total self`."""
    code, _, what = row.partition(" ")
    if what == "self":
        assert result.declared is not None
        return told(result.declared, unit, code)
    read = {"": result.published, "rank": lambda one: result.ranks(one).tolist(), "level": result.levels}[what]
    return str(read(code)[result.position(unit)] or "-")


def test_the_page_has_every_shape_in_order_and_each_an_example() -> None:
    assert [number for number, _ in sections()] == list(range(1, 37))
    for number, body in sections():
        assert len(EXAMPLE.findall(body)) == body.count("```yaml") > 0, number
        assert body.count("*Found") + body.count("*Not found*") == 1, number
        assert "*Made by*" in body, number


@pytest.mark.parametrize("example", examples(), ids=lambda one: one.name)
def test_an_example_gives_what_the_page_says(example: Example, tmp_path: Path) -> None:
    path = tmp_path / "2020-unit.yaml"
    path.write_text(whole(example.yaml), encoding="utf-8")
    scheme = load_scheme(path)
    result = score(scheme, read_table(io.StringIO(example.csv), scheme=scheme))
    assert [(unit, row, told(result, unit, row)) for unit, row, _ in example.gives] == list(example.gives)
