"""A number that is missing in the numbering of cases, levels or rows, and a band that is missing between two others."""

from __future__ import annotations

import pytest
from worked import HEAD, build_top, document

from ictindex.documents.build import check_document
from ictindex.errors import Severity
from ictindex.plugins import vocabulary


def told(text: str, code: str = "S227") -> list[str]:
    """Return what a check says of a document, of one code only."""
    found = check_document(document(HEAD + text), vocabulary())
    return [f"{one.where.line}: {one.message} ({one.hint})" for one in found if one.code == code]


def cases(codes: str) -> str:
    lines = "".join(f"    {code} Trường hợp {place}: {place}\n" for place, code in enumerate(codes.split(), 1))
    return f"max: 9\n1 Một:\n  max: 9\n  choice:\n{lines}"


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        ("a c", "go from a to c, without b"),
        ("a b c e", "go from c to e, without d"),
        ("b c d", "begin with b, without a"),
        ("1 2 4", "go from 2 to 4, without 3"),
        ("4 3 1", "go from 1 to 3, without 2"),
        ("0 1 3", "go from 1 to 3, without 2"),
        ("B C", "begin with B, without A"),
        ("m-1 m-3", "go from 1 to 3, without 2"),
    ],
)
def test_one_number_is_missing(codes: str, said: str) -> None:
    (found,) = told(cases(codes))
    assert f": the lines beneath `choice` of 1 {said} (is a line missing?" in found


@pytest.mark.parametrize(
    "codes", ["a", "c", "a b c", "a d", "e g", "3 4", "10 20 30", "2018 2020", "a 2", "x y", "01 03"]
)
def test_a_numbering_of_its_own_is_left_alone(codes: str) -> None:
    assert told(cases(codes)) == []


def test_letters_that_vietnamese_lists_leave_out_are_not_missing() -> None:
    assert told(cases("a b c d e g h i k")) == []
    assert len(told(cases("a b c d e g h k"))) == 1


def test_a_number_that_is_misspelt_is_told_where_it_stands() -> None:
    assert told(cases("a bx c")) == [
        "11: the lines beneath `choice` of 1 go from a to c, without b (is 'bx' meant to be b?)"
    ]
    assert told(cases("a khac c")) == []


def test_levels_rows_and_lists_are_numbered_too() -> None:
    levels = "max: 9\n1 Một: {max: 9, assessed: }\nlevels: {I: 90%, III: 50%, IV: 0%}\n"
    assert told(levels)[0].startswith("8: the lines beneath `levels` go from I to III, without II")
    assert told(levels.replace("I: 90%, III", "Mức 1: 90%, Mức 2").replace("IV", "Mức 4"))
    rows = "max: 9\nA.1 Một: {max: 4, assessed: }\nA.3 Hai: {max: 5, assessed: }\n"
    assert told(rows)[0].startswith("8: the lines beneath the top go from 1 to 3, without 2")
    shared = cases("a b").replace("  choice:\n", "  choice: $muc\nchoices:\n  muc Mức:\n").replace("b Tr", "c Tr")
    assert told(shared)[0].startswith("13: the lines beneath the list 'muc' go from a to c, without b")


def test_it_is_advice() -> None:
    found = check_document(document(HEAD + cases("a c")), vocabulary())
    assert {one.severity for one in found if one.code == "S227"} == {Severity.ADVICE}


def bands(levels: str, most: int = 100, more: str = "") -> str:
    return f"max: {most}\n1 Một: {{max: {most}, assessed: }}\nbetween-levels: lower\nlevels: {levels}\n{more}"


@pytest.mark.parametrize(
    ("levels", "most", "between"),
    [
        ("{Tốt: 85-100, Trung bình: 50-69, Yếu: 0-49}", 100, "69 and 85"),
        ("{Tốt: 85%-100%, Trung bình: 50%-69%, Yếu: 0%-49%}", 40, "69% and 85%"),
        ("{Tốt: 9-10, Yếu: 0-6}", 10, "6 and 9"),
    ],
)
def test_a_band_is_missing_between_two(levels: str, most: int, between: str) -> None:
    (found,) = told(bands(levels, most), "S228")
    assert f"leave everything between {between} to no level" in found


def test_what_whole_numbers_leave_between_two_bands_is_no_missing_band() -> None:
    assert told(bands("{Tốt: 85-100, Khá: 70-84, Yếu: 0-69}"), "S228") == []
    assert told(bands("{Tốt: 9-10, Khá: 7-8, Yếu: 0-6}", 10), "S228") == []
    index = bands("{Tốt: 0.85-1, Khá: 0.70-0.84, Yếu: 0-0.69}", more="publish: {as: index, decimals: 2}\n")
    assert told(index, "S228") == []
    assert len(told(index.replace("Khá: 0.70-0.84, ", ""), "S228")) == 1
    assert build_top(bands("{Tốt: 85-100, Yếu: 0-49}")).root.levels is not None  # a warning stops nothing
