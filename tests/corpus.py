"""The corpus of broken documents in `tests/broken`, read by its test and by the pages of the problem codes.

A file is `right.yaml` (or, by its ending, `right.cases.yaml` or `right.overlay.yaml`) with one mistake in it. It begins
with what must be found, `LINE:COLUMN CODE`, and then what follows from it, where anything does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from attrs import evolve
from worked import VOCABULARY

from ictindex.documents.build import check_document
from ictindex.documents.source import read_document_file
from ictindex.errors import Problem, SchemeInvalid
from ictindex.registry import Entry

FOLDER = Path(__file__).parent / "broken"
SCHEMES = sorted(FOLDER.glob("S*.yaml"))
HEADS = ("# expected: ", "# and so: ")


def worn_out() -> None:
    """Stand for a plugin whose module is gone."""
    raise ImportError("no module named 'ictindex_worn'")


WORN = Entry("worn.out", "ictindex-worn", worn_out)
INSTALLED = evolve(VOCABULARY, normalizations=VOCABULARY.normalizations.adding([WORN]))


def found_in(path: Path) -> list[Problem]:
    """Return every problem of a scheme's file, where the packages `ictindex-acme` and `ictindex-worn` are installed."""
    try:
        return check_document(read_document_file(path), INSTALLED)
    except SchemeInvalid as invalid:
        return list(invalid.problems)


def expected_of(path: Path) -> Iterator[tuple[int, int, str]]:
    """Yield (line, column, code) of everything that a file must be told, the mistake itself first."""
    for line in path.read_text("utf-8").splitlines()[:2]:
        if line.startswith(HEADS):
            for where, column, code in re.findall(r"(\d+):(\d+) ([A-Z]\d{3})", line):
                yield int(where), int(column), code


def wrong_and_right(path: Path, around: int = 2) -> tuple[str, str]:
    """Return the lines of a file that are wrong and those that would be right, each with a few lines around them."""
    right = (FOLDER / f"right{''.join(path.suffixes[-2:]) if len(path.suffixes) > 1 else '.yaml'}").read_text("utf-8")
    wrong = [line for line in path.read_text("utf-8").split("\n") if not line.startswith(HEADS)]
    blocks = SequenceMatcher(None, wrong, right.split("\n"), autojunk=False).get_grouped_opcodes(around)
    sides: tuple[list[str], list[str]] = ([], [])
    for block in blocks:
        first, last = block[0], block[-1]
        for side, lines, start, end in (
            (sides[0], wrong, first[1], last[2]),
            (sides[1], right.split("\n"), first[3], last[4]),
        ):
            side.append("\n".join(lines[start:end]).strip("\n"))
    return "\n...\n".join(sides[0]), "\n...\n".join(sides[1])
