"""The header, the units and the pools of a table, and how many problems are told at once."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from attrs import evolve
from tabled import GOOD, HEADER, SCHEME, column, measured, problem, problems, table

from ictindex.model import (
    Group,
    InputKind,
    Pool,
    Pools,
    Rule,
)

# ------------------------------------------------------------------------------------------------------ the header


@pytest.mark.parametrize(
    ("heading", "code", "said"),
    [
        ("1.2.b", "T021", "did you mean"),
        ("Số cán bô", "T021", "did you mean 'Số cán bộ'?"),
        ("ghi chú", "T021", "a column of remarks begins with #"),
        ("cb.score", "T021", "unknown column"),
        ("cb.excluded", "T021", "unknown column"),
        ("1.rank", "T021", "unknown column"),
        ("số CUỘC họp", "T023", "stands for the same as '1.1'"),
        ("1.1.self", "T026", "self-scored: true"),
    ],
)
def test_a_heading_that_cannot_be_taken_says_what_to_do(heading: str, code: str, said: str) -> None:
    found = problem(heading, "1")
    assert found.code == code and found.where.line == 1 and said in str(found)


def test_missing_columns_say_what_would_do() -> None:
    header, row = ["unit", "1.1", "cb", "2"], ["hue", "1", "2", "50"]
    first, second = problems(header, row)
    assert str(first) == (
        "t.csv:1 [1.2.a]: T022 there is no column '1.2.a' (số máy tính)"
        " (add it, or give a score in its place: '1.2' or '1' or 'total')"
    )
    assert second.where.cell == "1.3" and "'1.3.score' or '1' or 'total'" in second.hint


def test_the_score_of_an_assessed_row_is_its_own_column() -> None:
    (found,) = problems(HEADER[:-1], GOOD[:-1])
    assert found.hint.endswith("in its place: '2' or 'total'")


def test_a_shared_input_is_asked_once_and_an_unread_one_not_at_all() -> None:
    group = Group(
        code="total",
        name="Tổng",
        max=Fraction(20),
        combine=Rule("none"),
        children=(measured("1", "Một", "ratio", ["cb"]), measured("2", "Hai", "ratio", ["cb", "gone"])),
    )
    scheme = evolve(SCHEME, root=group)
    found = problems(["unit"], ["hue"], scheme=scheme)
    assert [one.where.cell for one in found] == ["cb", "gone"]
    assert found[0].hint.endswith("in its place: '1'")  # a heading that combines nothing has no score to give
    assert problems(["unit", "total", "1", "2"], ["hue", "1", "1", "1"], scheme=scheme)[0].code == "T021"


def test_a_self_declared_column_does_not_replace_the_verified_one() -> None:
    header = [*HEADER[:-1], "2.3.self"]
    (found,) = problems(header, GOOD, scheme=evolve(SCHEME, self_scored=True))
    assert found.code == "T022" and found.where.cell == "2.3"
    header = [*HEADER, "1.3.evidence.self"]
    (found,) = problems(header, [*GOOD, "x"], scheme=evolve(SCHEME, self_scored=True))
    assert found.code == "T021"


def test_a_name_of_several_things_is_refused() -> None:
    other = column("4", "SỐ MÁY TÍNH", InputKind.AMOUNT)
    scheme = evolve(SCHEME, inputs=(*SCHEME.inputs, other))
    found = problems(["unit", "1.1", "số máy tính", *HEADER[3:]], GOOD, scheme=scheme)
    assert [one.code for one in found] == ["T022", "T024"] or [one.code for one in found] == ["T024", "T022"]
    assert any("stands for 1.2.a, 4" in one.message for one in found)


def test_there_must_be_a_header_a_unit_column_and_units() -> None:
    assert [one.code for one in problems([], *[])] == ["T010"]
    assert [one.code for one in problems(["", " "], ["a", "b"])] == ["T010"]
    assert [one.code for one in problems(HEADER)] == ["T011"]
    assert [one.code for one in problems(HEADER, [""] * 8)] == ["T011"]
    assert [one.code for one in problems(["name", *HEADER[1:]], GOOD)] == ["T020"]


def test_a_cell_below_no_heading_is_refused() -> None:
    (found,) = problems([*HEADER, ""], [*GOOD, "ghi chú"])
    assert found.code == "T013" and found.where.line == 2


def test_lines_of_another_length() -> None:
    first, second = problems(HEADER, GOOD[:-1], [*GOOD, "5"])
    assert (first.code, first.where.line, second.code, second.where.line) == ("T012", 2, "T012", 3)
    assert "needs its separator" in first.hint and '"0,4655"' in second.hint


# ------------------------------------------------------------------------------------------------- units and pools


def test_units_are_named_once() -> None:
    found = problems(HEADER, GOOD, [" ", *GOOD[1:]], GOOD)
    assert [(one.code, one.where.line) for one in found] == [("T030", 3), ("T031", 4)]
    assert "stands in line 2 already" in found[1].message
    assert table(HEADER, GOOD, GOOD, scheme=evolve(SCHEME, merged="mean-of-rows")).units == ("hue", "hue")


def test_units_are_compared_in_one_unicode_form() -> None:
    assert problems(HEADER, ["Huế", *GOOD[1:]], ["Hue\u0302\u0301", *GOOD[1:]])[0].code == "T031"


def test_every_pool_is_one_where_the_scheme_lists_none() -> None:
    scheme = evolve(SCHEME, pools=Pools("huyện"))
    assert table(["Huyện", *HEADER], ["Krông  Ana", *GOOD], scheme=scheme).pool == ("Krông Ana",)
    (found,) = problems(["huyện", *HEADER], ["", *GOOD], scheme=scheme)
    assert found.code == "T032" and "has no pool" in found.message
    assert problems(HEADER, GOOD, scheme=scheme)[0].code == "T025"
    assert "did you mean 'huyện'?" in problems(["huyên", *HEADER], ["a", *GOOD], scheme=scheme)[0].hint


def test_listed_pools_are_kept_by_their_codes() -> None:
    scheme = evolve(SCHEME, pools=Pools("khối", (Pool("so", "Các sở"), Pool("nd", "Ngành dọc", ranked=False))))
    rows = [[f"u{number}", *GOOD[1:], pool] for number, pool in enumerate(["so", "các Sở", "Ngành dọc", "ND"])]
    assert table([*HEADER, "khối"], *rows, scheme=scheme).pool == ("so", "so", "nd", "nd")
    (found,) = problems([*HEADER, "khối"], [*GOOD, "huyện"], scheme=scheme)
    assert found.code == "T032" and "the pools are: so Các sở, nd Ngành dọc" in found.hint


def test_a_text_too_long_is_refused_in_every_column() -> None:
    (found,) = problems(HEADER, ["h" * 10_000_000, *GOOD[1:]])
    assert found.code == "T050" and len(str(found)) < 200


# --------------------------------------------------------------------------------------------------- all at once


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    found = problems(
        [*HEADER, "lạ"],
        ["hue", "-1", "1_5", "2", "x", "9", "a", "1", ""],
        ["hue", "1", "2", "3", "có lẽ", "1", "q", "11", ""],
    )
    assert [(one.where.line, one.code) for one in found] == [
        (1, "T021"),
        *[(2, "T045"), (2, "T041"), (2, "T047")],
        *[(3, "T031"), (3, "T048"), (3, "T047"), (3, "T045")],
    ]
    assert found[1].where.source == "t.csv" and found[1].where.cell == "1.1"


def test_every_problem_is_kept_up_to_a_bound_and_the_rest_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[f"u{number}", "abc" if number < 50 else "-1", *GOOD[2:]] for number in range(52)]
    assert Counter(one.code for one in problems(HEADER, *rows)) == {"T040": 50, "T045": 2}
    monkeypatch.setattr("ictindex.findings.MOST_KEPT", 0)
    found = problems(HEADER, *rows)
    assert Counter(one.code for one in found) == {"T040": 21, "T045": 2} and sum(one.count for one in found) == 52
    (rest,) = [one for one in found if one.count > 1]
    assert (rest.message, rest.count, rest.where.line) == ("and 30 more of the same kind", 30, 22)


def test_a_file_of_another_kind_is_not_searched_for_long() -> None:
    found = problems([f"cột {number}" * 50 for number in range(3000)], ["1"] * 3000)
    assert sum(one.code == "T021" for one in found) == 3000
    assert sum(one.code == "T021" and bool(one.hint) for one in found) == 20
