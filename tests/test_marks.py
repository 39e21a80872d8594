"""The marks that `ictindex new` leaves: as long as one is there, `check` says so (S291)."""

from __future__ import annotations

import pytest
from annexes import FOLDER, drafted, read
from hypothesis import given
from hypothesis import strategies as st

from ictindex.documents.source import read_document
from ictindex.errors import Severity


def told(text: str) -> list[tuple[int, int, str]]:
    """Return (line, column, message) of what is said of the marks in a text."""
    found = [one for one in read_document(text, "x.yaml").warnings if one.code == "S291"]
    assert all(one.severity is Severity.ADVICE for one in found)
    return [(one.where.line, one.where.column, one.message) for one in found]


def test_the_first_place_and_how_many() -> None:
    text = "a: 1\n# XEM LẠI: một\nb: 2 # XEM LẠI: hai\n  #   XEM LẠI\nc: 3\n"
    ((line, column, message),) = told(text)
    assert (line, column) == (2, 1) and message.endswith("not settled yet: 3")


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n",
        "a: XEM LẠI\n",
        "# Chỗ có chữ XEM LẠI là chỗ phải đọc.\na: 1\n",  # a comment about marks is none
        'a: "một # XEM LẠI: hai"\n',
        "notes: |-\n  # XEM LẠI: chép nguyên văn\n  # XEM LẠI\n",
        "notes: >\n  một\n\n  # XEM LẠI\nb: 1\n",
        "a: 1#XEM LẠI\n",
    ],
)
def test_what_is_no_mark(text: str) -> None:
    assert told(text) == []


def test_a_mark_behind_a_block_of_text_and_in_either_normal_form() -> None:
    text = "a:\n  notes: |-\n    # XEM LẠI: lời\n\n  # XEM LẠI: thật\n  b: 1\n"
    assert [(line, column) for line, column, _ in told(text)] == [(5, 3)]
    assert told("# XEM LA\u0323I: x\na: 1\n") == told("# XEM LẠI: x\na: 1\n") != []


@given(st.lists(st.sampled_from(("b{0}: 1", "# XEM LẠI: x", "n{0}: |-\n  # XEM LẠI", "t{0}: 'y # XEM LẠI'", ""))))
def test_every_mark_is_counted_and_nothing_else(lines: list[str]) -> None:
    text = "\n".join(["a: 1", *(line.format(place) for place, line in enumerate(lines)), ""])
    count = lines.count("# XEM LẠI: x")
    assert [message.rpartition(" ")[2] for *_, message in told(text)] == ([str(count)] if count else [])


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_a_drafted_scheme_has_as_many_as_it_says(path: object) -> None:
    made, _ = drafted(read(path.read_bytes()))  # type: ignore[attr-defined]
    ((_, _, message),) = told(made.text)
    assert message.endswith(f" {made.review}") and made.review
