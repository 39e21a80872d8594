"""A corpus of broken documents: each mistake is found at its place, nothing else is said, and every code is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from corpus import FILES, FOLDER, OF_PACKAGES, RIGHT, expected_of, found_in, named_in, wrong_and_right
from problem_codes import problem_codes

from ictindex import check_scheme
from ictindex.documents.source import MAX_BYTES, MAX_NODES
from ictindex.errors import Problem

NO_HINT = ("S106", "S200")
"""What is wrong says all there is to say: which package is broken, and what was expected."""

NOT_OF_CHECK = ("C030", "S107")
"""Codes of documents that other commands give: a figure that differs, and cases given in the place of a scheme."""


def told(problems: list[Problem]) -> set[tuple[int, int, str]]:
    """Return (line, column, code) of problems."""
    return {(one.where.line, one.where.column, one.code) for one in problems}


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.name)
def test_the_right_one_has_nothing_to_be_said(path: Path) -> None:
    assert [str(one) for one in found_in(path)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_mistake_is_found_where_it_is_and_nothing_else(path: Path) -> None:
    expected, found = list(expected_of(path)), found_in(path)
    assert named_in(path)[0] in ("", expected[0][2])
    assert told(found) == set(expected), "\n".join(map(str, found))
    assert all(one.hint or one.code in NO_HINT for one in found)


def test_check_finds_every_mistake_in_one_run() -> None:
    """As `ictindex check tests/broken` does, with the packages that are really installed."""
    for path in FILES:
        text = path.read_text("utf-8")
        if not any(f"{prefix}." in text for prefix in OF_PACKAGES):
            assert next(expected_of(path)) in told(check_scheme(path)), path.name


def files_that_no_corpus_holds(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield (code, path) of files that are missing, too large or no text."""
    yield "S001", folder / "missing.yaml"
    yield "S002", folder
    for code, name, data in (
        ("S003", "large.yaml", b"# " + b"x" * MAX_BYTES),
        ("S004", "workbook.yaml", b"PK\x03\x04"),
        ("S016", "many.yaml", b"".join(b"k%d: 1\n" % number for number in range(MAX_NODES // 2 + 1))),
    ):
        (folder / name).write_bytes(data)
        yield code, folder / name


def test_files_that_no_corpus_holds(tmp_path: Path) -> None:
    for code, path in files_that_no_corpus_holds(tmp_path):
        assert [one.code for one in found_in(path)] == [code]


def test_every_code_of_documents_is_in_the_corpus(tmp_path: Path) -> None:
    here = {named_in(path)[0] for path in FILES} | {code for code, _ in files_that_no_corpus_holds(tmp_path)}
    codes = {code for code in problem_codes() if code[0] in "SC"}
    assert codes - here == set(NOT_OF_CHECK) and here - codes == {""}
    assert len(FILES) >= 80


def test_an_example_shows_the_lines_that_are_wrong_and_those_that_are_right() -> None:
    wrong, right = wrong_and_right(FOLDER / "S235-steps-below-max.yaml")
    assert "steps: {4: 9, 3: 7, 2: 4}" in wrong and "steps: {4: 10, 3: 7, 2: 4}" in right
    assert wrong.splitlines()[:-3] == right.splitlines()[:-3] and len(wrong.splitlines()) == 5
