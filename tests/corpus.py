"""The corpus of broken documents in `tests/broken`, read by its test and by the pages of the problem codes.

A file is a right one with one mistake in it. It begins with what must be found, `LINE:COLUMN CODE`, the mistake itself
first, and then with what follows from it, where anything does. Its name has the code and says what the mistake is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from attrs import evolve
from worked import VOCABULARY

from ictindex.compiling import compile_scheme
from ictindex.documents.bases import check_overlay, read_layers
from ictindex.documents.build import build_scheme, check_document
from ictindex.documents.catalog import Catalog, read_catalog
from ictindex.documents.check_cases import check_cases
from ictindex.documents.kinds import kind_of
from ictindex.documents.source import read_document_file
from ictindex.errors import Problem, SchemeInvalid
from ictindex.plan import Plan
from ictindex.plugins import scheme_packages
from ictindex.registry import Entry

FOLDER = Path(__file__).parent / "broken"
RIGHT = (FOLDER / "right.yaml", FOLDER / "right.cases.yaml", FOLDER / "overlays" / "right.overlay.yml")
FILES = sorted(path for path in FOLDER.rglob("*.yaml") if path not in RIGHT)
HEADS = ("# expected: ", "# and so: ")
_MISTAKE = re.compile(r"(?:^|\.)([SC]\d{3})-([^.]+)(?:\.(?:cases|overlay))?\.yaml$")


def worn_out() -> None:
    """Stand for a plugin whose module is gone."""
    raise ImportError("no module named 'ictindex_worn'")


WORN = Entry("worn.out", "ictindex-worn", worn_out)
INSTALLED = evolve(VOCABULARY, normalizations=VOCABULARY.normalizations.adding([WORN]))
OF_PACKAGES = ("acme", "worn")
"""The prefixes of what those packages bring: no test installs them where `check` itself is run."""


def found_in(path: Path) -> list[Problem]:
    """Return what `check` says of a file, where the packages `ictindex-acme` and `ictindex-worn` are installed."""
    try:
        document = read_document_file(path, forgiving=True)
    except SchemeInvalid as invalid:
        return list(invalid.problems)
    match kind_of(document):
        case "cases":
            return check_cases(document, _catalog(), _compiled)
        case "overlay":
            return check_overlay(document, _catalog(), INSTALLED)
        case "scheme":
            return check_document(document, INSTALLED)


@cache
def _catalog() -> Catalog:
    return read_catalog(scheme_packages())


@cache
def _compiled(path: Path, variant: str) -> Plan:
    document, overlay = read_layers(path, _catalog())
    return compile_scheme(build_scheme(document, INSTALLED, variant=variant, overlay=overlay), INSTALLED)


def named_in(path: Path) -> tuple[str, str]:
    """Return the code in a file's name and what the mistake is; both empty where the file has several mistakes."""
    found = _MISTAKE.search(path.name)
    return (found[1], found[2]) if found else ("", "")


def examples(code: str) -> list[Path]:
    """Return the files whose mistake has a code."""
    return [path for path in FILES if named_in(path)[0] == code]


def expected_of(path: Path) -> Iterator[tuple[int, int, str]]:
    """Yield (line, column, code) of everything that a file must be told, the mistake itself first."""
    for line in path.read_text("utf-8").splitlines()[:2]:
        if line.startswith(HEADS):
            for where, column, code in re.findall(r"(\d+):(\d+) ([A-Z]\d{3})", line):
                yield int(where), int(column), code


def wrong_and_right(path: Path, around: int = 2) -> tuple[str, str]:
    """Return the lines of a file that are wrong and those that would be right, each with a few lines around them."""
    scheme, cases, overlay = RIGHT
    right = cases if ".cases." in path.name else overlay if ".overlay." in path.name else scheme
    after = right.read_text("utf-8").split("\n")
    before = [line for line in path.read_text("utf-8").split("\n") if not line.startswith(HEADS)]
    sides: tuple[list[str], list[str]] = ([], [])
    for block in SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(around):
        first, last = block[0], block[-1]
        sides[0].append("\n".join(before[first[1] : last[2]]).strip("\n"))
        sides[1].append("\n".join(after[first[3] : last[4]]).strip("\n"))
    return "\n...\n".join(sides[0]), "\n...\n".join(sides[1])
