"""A corpus of broken schemes: each mistake is found at its place, nothing else is said, and every code is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from corpus import FOLDER, SCHEMES, expected_of, found_in, wrong_and_right
from problem_codes import problem_codes

from ictindex.documents.source import MAX_BYTES, MAX_NODES
from ictindex.errors import Severity


def test_the_right_one_has_nothing_to_be_said() -> None:
    assert [str(one) for one in found_in(FOLDER / "right.yaml")] == []


@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_the_mistake_is_found_where_it_is_and_nothing_else(path: Path) -> None:
    expected, found = list(expected_of(path)), found_in(path)
    assert expected[0][2] == path.stem[:4]
    told = {(one.where.line, one.where.column, one.code) for one in found}
    doubts = {
        (one.where.line, one.where.column, one.code)
        for one in found
        if one.severity is not Severity.ADVICE or one.code == expected[0][2]
    }
    assert doubts == set(expected), "\n".join(map(str, found))
    assert told >= doubts and all(one.hint or one.code in NO_HINT for one in found)


NO_HINT = ("S106", "S200")
"""What is wrong says all there is to say: which package is broken, and what was expected."""


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


def test_every_code_of_a_scheme_is_in_the_corpus(tmp_path: Path) -> None:
    here = {path.stem[:4] for path in SCHEMES} | {code for code, _ in files_that_no_corpus_holds(tmp_path)}
    codes = {code for code in problem_codes() if code.startswith("S") and not "S262" <= code <= "S279"}
    assert codes - here == set()
    assert len(SCHEMES) >= 80


def test_an_example_shows_the_lines_that_are_wrong_and_those_that_are_right() -> None:
    wrong, right = wrong_and_right(FOLDER / "S235-steps-below-max.yaml")
    assert "steps: {4: 9, 3: 7, 2: 4}" in wrong and "steps: {4: 10, 3: 7, 2: 4}" in right
    assert wrong.splitlines()[:-3] == right.splitlines()[:-3] and len(wrong.splitlines()) == 5
