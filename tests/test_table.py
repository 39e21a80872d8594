"""Tables: what typed text and Python values become, and what is said about those that cannot be."""

from __future__ import annotations

import pickle
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ictindex.cells import (
    CELL_LIMIT,
    LACKING,
    NO,
    YES,
    Cell,
    CellRule,
    CellState,
    cell_text,
    clean,
    fold,
    number_text,
    read_cell,
    read_cells,
    read_numbers,
)
from ictindex.errors import IctIndexError, Problem, TableInvalid
from ictindex.model import (
    Case,
    Group,
    Indicator,
    Input,
    InputKind,
    Pool,
    Pools,
    Publication,
    Rule,
    Scheme,
)
from ictindex.table import Column, Table, assemble, table_from_columns

INDEX = Publication("index", 4)


def measured(code: str, name: str, measure: str, inputs: Sequence[str], points: int = 10, **more: Any) -> Indicator:
    return Indicator(code=code, name=name, max=Fraction(points), measure=Rule(measure), inputs=tuple(inputs), **more)


def column(code: str, name: str, kind: InputKind, **more: Any) -> Input:
    return Input(code=code, name=name, kind=kind, owner=more.pop("owner", code), **more)


CASES = (Case("1", "Hiện diện"), Case("2", "Tương tác"), Case("3", "Giao dịch"), Case("4", "Chuyển đổi"))
LETTERS = (Case("a", "Trưởng ban là Bí thư"), Case("b", "Trưởng ban là cấp phó"), Case("c", "Còn lại"))

SCHEME = Scheme(
    id="test/2024-commune",
    title="Thử",
    unit="commune",
    edition=2024,
    inputs=(
        column("1.1", "Số cuộc họp", InputKind.COUNT),
        column("1.2.a", "số máy tính", InputKind.AMOUNT, owner="1.2", low=Fraction(0)),
        column("cb", "Số cán bộ", InputKind.AMOUNT, owner="", low=Fraction(0), high=Fraction(5000)),
        column("1.3", "Có quy chế Hoà giải", InputKind.YES_NO),
        column("2.1", "Mức trưởng thành", InputKind.CHOICE, cases=CASES),
        column("2.2", "Trưởng ban", InputKind.CHOICE, cases=LETTERS),
        column("2.3", "Điểm hội đồng", InputKind.POINTS),
        column("3", "Đô thị thông minh", InputKind.AMOUNT),
    ),
    root=Group(
        code="total",
        name="Tổng",
        max=Fraction(60),
        publish=INDEX,
        children=(
            Group(
                code="1",
                name="Hạ tầng",
                max=Fraction(30),
                publish=INDEX,
                children=(
                    measured("1.1", "Số cuộc họp", "count", ["1.1"]),
                    measured("1.2", "Máy tính", "ratio", ["1.2.a", "cb"]),
                    measured("1.3", "Có quy chế Hoà giải", "yes-no", ["1.3"]),
                ),
            ),
            Group(
                code="2",
                name="Ứng dụng",
                max=Fraction(30),
                publish=Publication("percent", 1),
                children=(
                    measured("2.1", "Mức trưởng thành", "choice", ["2.1"]),
                    measured("2.2", "Trưởng ban", "choice", ["2.2"]),
                    measured("2.3", "Điểm hội đồng", "assessed", ["2.3"]),
                ),
            ),
            measured("3", "Đô thị thông minh", "value", ["3"], points=0),
        ),
    ),
)
HEADER = ["unit", "1.1", "1.2.a", "cb", "1.3", "2.1", "2.2", "2.3"]
GOOD = ["hue", "4", "12.5", "20", "x", "3", "b", "6.25"]


def table(header: Sequence[str], *rows: Sequence[str], scheme: Scheme = SCHEME, **more: Any) -> Table:
    return assemble(header, list(enumerate(rows, 2)), scheme, "t.csv", **more)


def problems(header: Sequence[str], *rows: Sequence[str], scheme: Scheme = SCHEME) -> list[Problem]:
    with pytest.raises(TableInvalid) as caught:
        table(header, *rows, scheme=scheme)
    return list(caught.value.problems)


def problem(heading: str, text: str, scheme: Scheme = SCHEME) -> Problem:
    """Return the one problem of a good line in which one cell is replaced, or added."""
    cells = {**dict(zip(HEADER, GOOD, strict=True)), heading: text}
    (found,) = problems(list(cells), list(cells.values()), scheme=scheme)
    assert found.where.line in (1, 2) and found.where.cell == heading
    return found


# ---------------------------------------------------------------------------------------------------- what is read


def test_every_kind_of_cell_is_read() -> None:
    made = table(HEADER, GOOD, ["da-nang", "0", ".5", "1e3", "không đạt", "1", "A", "0"])
    assert made.units == made.names == ("hue", "da-nang")
    assert {code: tuple(one.values) for code, one in made.columns.items()} == {
        "1.1": (4, 0),
        "1.2.a": (12.5, 0.5),
        "cb": (20, 1000),
        "1.3": (1, 0),
        "2.1": (2, 0),
        "2.2": (1, 0),
        "2.3": (6.25, 0),
    }
    assert all(one.states is None for one in made.columns.values())
    assert made.lines == (2, 3) and made.source == "t.csv" and made.pool is None and made.declared is None
    assert len(made) == 2


@pytest.mark.parametrize("word", ["yes", "Có", "1", "TRUE", "x", "Đạt", " co\u0301 "])
def test_words_for_yes(word: str) -> None:
    assert read_cell(word, CellRule(kind=InputKind.YES_NO)) == Cell(1.0)


@pytest.mark.parametrize("word", ["no", "Không", "0", "False", "không  đạt"])
def test_words_for_no(word: str) -> None:
    assert read_cell(word, CellRule(kind=InputKind.YES_NO)) == Cell(0.0)


@pytest.mark.parametrize("heading", HEADER[1:])
def test_empty_is_missing_and_na_is_not_applicable(heading: str) -> None:
    at = HEADER.index(heading)
    rows = [[*GOOD[:at], text, *GOOD[at + 1 :]] for text in (GOOD[at], "", "  ", "n/a", "N/A", "Không áp dụng")]
    made = table(HEADER, *[[f"u{number}", *row[1:]] for number, row in enumerate(rows)])
    states = made.columns[heading].states
    assert states is not None and states.tolist() == [0, 1, 1, 2, 2, 2]
    assert np.isnan(made.columns[heading].values).tolist() == [False, *[True] * 5]


def test_a_column_of_plain_numbers_and_empty_cells() -> None:
    made = read_cells(["1", "", "-0", "2.50"], CellRule(kind=InputKind.AMOUNT))
    assert made.states is not None and made.states.tolist() == [0, 1, 0, 0]
    assert made.values[[0, 2, 3]].tolist() == [1, 0, 2.5] and not np.signbit(made.values[2])


def test_columns_are_found_by_name_in_any_case_and_tone_placement() -> None:
    header = ["UNIT", "số cuộc  họp", "SỐ MÁY TÍNH", "Số cán bộ", "có quy chế Hòa giải", *HEADER[5:]]
    assert list(table(header, GOOD).columns) == HEADER[1:]


def test_a_given_score_stands_for_everything_below_it() -> None:
    made = table(["unit", "1", "2.score"], ["hue", "0.8575", "85.5"])
    assert {code: one.values[0] for code, one in made.columns.items()} == {"1.score": 0.8575, "2.score": 85.5}
    assert list(table(["unit", "Tổng"], ["hue", "1"]).columns) == ["total.score"]


def test_the_column_of_an_assessed_row_keeps_its_code() -> None:
    assert "2.3" in table([*HEADER[:-1], "2.3.score"], GOOD).columns
    assert "1.1.score" in table(["unit", "1.1.score", *HEADER[2:]], GOOD).columns


NOTHING_SHOWN = [
    *(
        "",
        "-",
        "–",
        "no",
        "No",
        "0",
        "n/a",
        "N/A",
        "không áp dụng",
        "không",
        "KHÔNG",
        "Không có",
        "chưa",
        "chưa có",
        "Chưa  có",
    ),
    *(
        "không đạt",
        "thiếu",
        "Thiếu.",
        "(thiếu)",
        "chưa nộp",
        "không nộp",
        "chưa có tài liệu",
        "thiếu tài liệu kiểm chứng",
    ),
    *("none", "missing", "not submitted", "not yet", "#N/A", "...", unicodedata.normalize("NFD", "chưa có"), 0, False),
]
SHOWN = [
    *(
        "12/QĐ-UBND",
        "có",
        "đã có",
        "x",
        "yes",
        "1",
        1,
        7,
        "Kế hoạch số 5",
        "Không gian mạng quốc gia (Đề án 05)",
        "số 0",
    ),
    *("Thiếu tá Nguyễn Văn A ký, 12/QĐ", "No. 12/QD", "Chưa kể 3 phụ lục: 45/KH"),
]


@pytest.mark.parametrize(("cells", "shows"), [(NOTHING_SHOWN, False), (SHOWN, True)])
def test_a_word_for_no_shows_no_evidence(cells: list[Any], shows: bool) -> None:
    columns = {name: [cell] * len(cells) for name, cell in zip(HEADER, GOOD, strict=True)}
    columns |= {"unit": [f"u{at}" for at in range(len(cells))], "1.3.evidence": cells}
    found = table_from_columns(SCHEME, columns).evidence["1.3"]
    assert [cell for cell, shown in zip(cells, found, strict=True) if bool(shown) != shows] == []


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (("có", "Đã có", "đạt", "đã đạt", "yes", "x", "1", "true"), 1),
        (("không", "chưa", "Chưa có", "không có", "không đạt", "chưa đạt", "no", "0", "false"), 0),
    ],
)
def test_a_yes_or_a_no_may_be_said_in_several_ways(words: tuple[str, ...], value: int) -> None:
    place = HEADER.index("1.3")
    rows = [[f"u{at}", *GOOD[1:place], word, *GOOD[place + 1 :]] for at, word in enumerate(words)]
    assert table(HEADER, *rows).columns["1.3"].values.tolist() == [value] * len(words)
    assert not YES & NO and not YES & LACKING


def test_excluded_points_evidence_and_informational_rows() -> None:
    made = table(
        [*HEADER, "1.excluded", "1.3.evidence", "3"],
        [*GOOD, "", "12/QĐ-UBND", ""],
        ["b", *GOOD[1:], "10", "không", "-7"],
        ["c", *GOOD[1:], "n/a", "", "n/a"],
    )
    assert made.columns["1.excluded"].values.tolist() == [0, 10, 0] and made.columns["1.excluded"].states is None
    assert made.evidence["1.3"].tolist() == [True, False, False]
    assert made.columns["3"].values[1] == -7


def test_names_and_remarks() -> None:
    made = table(["# ghi chú", *HEADER, "name", ""], ["mới", *GOOD, " TP. Huế ", ""], ["", "b", *GOOD[1:], "", " "])
    assert made.names == ("TP. Huế", "b") and made.units == ("hue", "b")


def test_lines_of_blanks_are_skipped_and_empty_cells_too_many_do_no_harm() -> None:
    made = table(HEADER, [""] * 8, [" "], [*GOOD, "", " "], [])
    assert made.lines == (4,)


def test_notes_are_kept() -> None:
    assert table(HEADER, GOOD, notes=["số liệu giả định"]).notes == ("số liệu giả định",)


def test_self_declared_figures_stand_beside_the_verified() -> None:
    scheme = evolve(SCHEME, self_scored=True)
    made = table([*HEADER, "1.1.self", "2.score.self"], [*GOOD, "5", "90"], scheme=scheme)
    assert made.columns["1.1"].values[0] == 4 and "2.score" not in made.columns
    assert made.declared is not None and made.declared.declared is None
    assert made.declared.columns["1.1"].values[0] == 5 and made.declared.columns["2.score"].values[0] == 90
    assert made.declared.columns["cb"] == made.columns["cb"] and made.declared.units == made.units


# ------------------------------------------------------------------------------------------------------- the cells


@pytest.mark.parametrize(
    ("heading", "text", "code", "said"),
    [
        ("1.2.a", "nhiều", "T040", "not a number"),
        ("1.2.a", "١٢", "T040", "not a number"),
        ("1.2.a", "1/3", "T040", "fraction"),
        ("1.2.a", "1.2e", "T040", "not a number"),
        ("1.2.a", "1" * 50 + "," + "1", "T040", "not a number"),
        ("1.2.a", "0,4655", "T041", "write 0.4655"),
        ("1.2.a", "1,234", "T041", "write 1.234 (decimals) or 1234 (thousands)"),
        ("1.2.a", "1,234.5", "T041", "write 1234.5"),
        ("1.2.a", "1.234,5", "T041", "write 1234.5"),
        ("1.2.a", "1.234.567", "T041", "write 1234567"),
        ("1.2.a", "1,234,567", "T041", "write 1234567"),
        ("1.2.a", "1 234", "T041", "write 1234"),
        ("1.2.a", "1\u00a0234,5", "T041", "write 1234.5"),
        ("1.2.a", "1_000", "T041", "write 1000"),
        ("1.2.a", "85%", "T042", "write 85, or 0.85 where a share is asked"),
        ("1", "85,36 %", "T042", "write 0.8536"),
        ("2", "85%", "T042", "write 85"),
        ("2", "mọi%", "T042", "write the number without it"),
        ("1.2.a", "nan", "T043", "leave a missing cell empty"),
        ("1.2.a", "-Infinity", "T043", "leave a missing cell empty"),
        ("1.2.a", "1e400", "T043", "too large"),
        ("1.2.a", "0.12345678901234567", "T044", "round it to 15 digits"),
        ("1.1", "9007199254740993", "T044", "round it to 15 digits"),
        ("1.2.a", "1e-999999999", "T044", "more digits"),
        ("1.2.a", "1e-99999999999999999999", "T044", "more digits"),
        ("1.1", "-3", "T045", "negative"),
        ("1.2.a", "-0.5", "T045", "below 0"),
        ("cb", "5000.5", "T045", "above 5000: the bound of cb Số cán bộ"),
        ("2.3", "10.01", "T045", "above 10: row 2.3 has at most 10 points"),
        ("1", "1.2", "T045", "above 1: row 1 publishes an index, from 0 to 1 (write points / maximum)"),
        ("2", "101", "T045", "above 100: row 2 publishes a percent, from 0 to 100"),
        ("1.excluded", "31", "T045", "above 30: row 1 has 30 points"),
        ("1.1", "2.5", "T046", "a count is a whole number"),
        ("1.1", "1.234", "T046", "write 1234"),
        ("2.1", "5", "T047", "'5' is outside 1-4 (the levels are: 1 Hiện diện, 2 Tương tác"),
        ("2.2", "e", "T047", "the cases are: a Trưởng ban là Bí thư, b Trưởng ban là cấp phó, c Còn lại"),
        ("1.3", "2", "T048", "neither yes nor no"),
        ("1.3", "chưa rõ", "T048", "có or không"),
        ("1.3", "thiếu", "T048", "neither yes nor no"),  # perhaps the figure is missing
        ("1.3", "chưa nộp", "T048", "neither yes nor no"),
        ("1.1", "-", "T049", "empty means missing, n/a means not applicable"),
        ("1.3", "–", "T049", "empty means missing"),
        ("1.1", "9" * (CELL_LIMIT + 1), "T050", "at most 32,767"),
        ("1.1", "#DIV/0!", "T051", "mend the formula"),
        ("2.2", "#N/A", "T051", "mend the formula"),
    ],
)
def test_a_cell_that_cannot_be_taken_says_what_to_do(heading: str, text: str, code: str, said: str) -> None:
    found = problem(heading, text)
    assert found.code == code
    assert said in str(found) and len(str(found)) < 400


def test_a_suggestion_for_a_mistyped_case() -> None:
    rule = CellRule(kind=InputKind.CHOICE, cases=(Case("dat-chuan", "Đạt chuẩn"), Case("khac", "Khác")))
    assert "did you mean 'dat-chuan'?" in str(read_cell("dat-chuann", rule).complaint)
    assert read_cell("x", CellRule(kind=InputKind.CHOICE)).complaint is not None


def test_long_numbers_are_taken_where_a_float_gives_them_back() -> None:
    texts = ["0.30000000000000004", "9007199254740992", "0.1", "100000000000000000000"]
    made = read_cells(texts, CellRule(kind=InputKind.AMOUNT))
    assert not made.complaints and made.values.tolist() == [float(text) for text in texts]


def test_bounds_that_no_float_holds_are_compared_exactly() -> None:
    tenth = CellRule(kind=InputKind.AMOUNT, low=Fraction(1, 10), high=Fraction(3, 10))
    assert not read_cells(["0.1", "0.3", "0.30"], tenth).complaints
    assert [at for at, _ in read_cells(["0.09", "0.3", "0.31"], tenth).complaints] == [0, 2]
    third = CellRule(kind=InputKind.AMOUNT, high=Fraction(1, 3))
    assert "above 1/3" in str(read_cell("0.34", third).complaint)


def test_bonus_points_are_outside_the_maximum_of_the_heading() -> None:
    bonus = measured("1.9", "Điểm thưởng", "yes-no", ["1.9"], points=3, role="bonus")
    first, *others = SCHEME.root.children
    assert isinstance(first, Group)
    group = evolve(first, children=(*first.children, bonus))
    extra = column("1.9", "Điểm thưởng", InputKind.YES_NO)
    scheme = evolve(SCHEME, inputs=(*SCHEME.inputs, extra), root=evolve(SCHEME.root, children=(group, *others)))
    assert table(["unit", "1", "2"], ["hue", "1.1", "50"], scheme=scheme).columns["1.score"].values[0] == 1.1
    (found,) = problems(["unit", "1", "2"], ["hue", "1.11", "50"], scheme=scheme)
    assert "above 1.1" in found.message


def test_text_is_folded_and_cleaned() -> None:
    assert fold("  HOÀ  Bình") == fold("Hòa bình") and fold("Thuý Hoè") == fold("thúy hòe")
    assert fold("Quý") == fold("Qúy") and fold("toán") != fold("toan") and fold("Đạt") == "đạt"
    assert clean("\ufeff a\u200b \n b ") == "a b"


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
    assert "needs its comma" in first.hint and "0.4655" in second.hint


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
        ["hue", "-1", "0,5", "2", "x", "9", "a", "1", ""],
        ["hue", "1", "2", "3", "có lẽ", "1", "q", "11", ""],
    )
    assert [(one.where.line, one.code) for one in found] == [
        (1, "T021"),
        *[(2, "T045"), (2, "T041"), (2, "T047")],
        *[(3, "T031"), (3, "T048"), (3, "T047"), (3, "T045")],
    ]
    assert found[1].where.source == "t.csv" and found[1].where.cell == "1.1"


def test_after_twenty_problems_of_one_kind_the_rest_are_counted() -> None:
    rows = [[f"u{number}", "abc" if number < 50 else "-1", *GOOD[2:]] for number in range(52)]
    found = problems(HEADER, *rows)
    assert [one.code for one in found].count("T040") == 21 and [one.code for one in found].count("T045") == 2
    (rest,) = [one for one in found if "more of the same kind" in one.message]
    assert rest.message == "and 30 more of the same kind" and rest.where.line == 22


def test_a_file_of_another_kind_is_not_searched_for_long() -> None:
    found = problems([f"cột {number}" * 50 for number in range(3000)], ["1"] * 3000)
    assert sum(one.code == "T021" for one in found) == 21


# ------------------------------------------------------------------------------------------------------ in memory


def test_a_table_of_python_values() -> None:
    values: dict[str, Any] = {
        "unit": [70.0, "b"],
        "1.1": np.array([4, 2]),
        "1.2.a": np.array([0.1, 2.5]),
        "cb": [Decimal("12.50"), Fraction(1, 8)],
        "1.3": [True, np.False_],
        "2.1": [3.0, 1],
        "2.2": ["a", None],
        "2.3": np.array([0.1, 5], dtype=np.float32),
    }
    made = table_from_columns(SCHEME, values)
    assert made.units == ("70", "b") and made.lines == (1, 2) and made.source == "memory"
    assert made.columns["cb"].values.tolist() == [12.5, 0.125]
    assert made.columns["1.3"].values.tolist() == [1, 0] and made.columns["2.1"].values.tolist() == [2, 0]
    assert made.columns["2.3"].values.tolist() == [0.1, 5]
    assert made.columns["2.2"].states is not None and made.columns["2.2"].states.tolist() == [0, 1]
    assert made.columns["1.2.a"].values.tolist() == [0.1, 2.5]


def test_a_table_of_records() -> None:
    records = [{"unit": "a", "1": 0.5, "2": 50}, {"unit": "b", "2": 75, "1.excluded": 3}]
    made = table_from_columns(SCHEME, records, source="api")
    assert made.columns["1.score"].states is not None and made.columns["1.score"].states.tolist() == [0, 1]
    assert made.columns["1.excluded"].values.tolist() == [0, 3] and made.source == "api"


def test_an_array_of_numbers_in_a_column_of_words() -> None:
    values: dict[str, Any] = {"unit": np.array([1.0, 2.0]), "1": [1, 1], "2.1": np.array([1.0, 4.0]), "2": [1, 2]}
    made = table_from_columns(SCHEME, values)
    assert made.units == ("1", "2") and made.columns["2.1"].values.tolist() == [0, 3]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (np.array([0.5, np.nan]), "T043"),
        (np.array([0.5, np.inf]), "T043"),
        (np.array([0.5, 1.5]), "T045"),
        (np.array([2**60 + 1, 1]), "T044"),
        (np.array([[1.0], [2.0]]), "T060"),
        ([Fraction(1, 3), 1], "T040"),
        (0.5, "T060"),
        ("ab", "T060"),
        ([0.5], "T060"),
        ([float("nan"), 1], "T043"),
        ([True, False], "T040"),
        ([object(), 1], "T040"),
    ],
)
def test_python_values_that_cannot_be_taken(values: Any, code: str) -> None:
    with pytest.raises(TableInvalid) as caught:
        table_from_columns(SCHEME, {"unit": ["a", "b"], "1": values, "2": [1, 2]})
    assert code in {one.code for one in caught.value.problems}


@pytest.mark.parametrize("nothing", [{}, [], {"unit": []}])
def test_nothing_in_memory(nothing: Any) -> None:
    with pytest.raises(TableInvalid):
        table_from_columns(SCHEME, nothing)


def test_the_text_of_values() -> None:
    values = [None, 70.0, 0.1, 2, "a", np.float32(0.1), np.float64(3), np.int64(4), Decimal("1.50"), Fraction(-1, 8)]
    assert [cell_text(value) for value in values] == ["", "70", "0.1", "2", "a", "0.1", "3", "4", "1.50", "-0.125"]
    assert number_text(Fraction(2, 3)) == "2/3" and number_text(Fraction(200)) == "200"


def test_only_numbers_as_they_stand_are_taken_whole() -> None:
    rule = CellRule(kind=InputKind.AMOUNT, high=Fraction(3))
    taken = read_numbers(np.array([1, 2]), rule)
    assert taken is not None and taken.tolist() == [1, 2]
    assert read_numbers(np.array([1, 4]), rule) is None
    assert read_numbers(np.array(["1"]), rule) is None
    assert read_numbers(np.array([1.0], dtype=np.float32), rule) is None
    assert read_numbers(np.array([1.0]), CellRule(kind=InputKind.YES_NO)) is None


# ----------------------------------------------------------------------------------------------- columns, tables


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([], 0),
        ([1, 2**53], 0),
        ([0.5], 1),
        ([0.1, 12.34], 2),
        ([0.4655, np.nan], 4),
        ([0.000001], 6),
        ([0.0000001], None),
        ([1 / 3], None),
        ([0.1 + 0.2], None),
        ([2.0**60], None),
        ([1e-300], None),
    ],
)
def test_the_decimals_of_a_column(values: list[float], decimals: int | None) -> None:
    absent = np.isnan(np.array(values, dtype=np.float64))
    made = Column(np.array(values), absent.astype(np.uint8) if absent.any() else None)
    assert made.decimals == decimals == made.decimals


@given(st.lists(st.decimals(-(10**6), 10**6, places=6), min_size=1, max_size=20))
def test_six_decimals_are_always_known_and_exact(numbers: list[Decimal]) -> None:
    made = Column(np.array([float(number) for number in numbers]))
    assert made.decimals is not None
    most = max(max(0, -int(number.normalize().as_tuple().exponent)) for number in numbers)
    assert made.decimals == most


def full() -> Table:
    scheme = evolve(SCHEME, self_scored=True, pools=Pools("huyện"))
    header = [*HEADER, "huyện", "1.1.self", "1.3.evidence", "1.excluded"]
    return table(header, [*GOOD, "Ana", "5", "x", "1"], ["b", "", *GOOD[2:], "Ana", "5", "", ""], scheme=scheme)


def test_a_table_stays_read_only_after_pickling() -> None:
    for made in (full(), pickle.loads(pickle.dumps(full()))):  # noqa: S301 - our own bytes
        assert made == full() and made.declared is not None
        for array in (made.columns["1.1"].values, made.columns["1.1"].states, made.evidence["1.3"]):
            assert array is not None
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1
        with pytest.raises(TypeError):
            made.columns["new"] = made.columns["1.1"]  # type: ignore[index]


def test_a_column_does_not_change_with_the_array_it_was_made_of() -> None:
    array = np.array([1.0, 2.0])
    whole, part = Column(array), Column(array[:1])
    array[0] = 9
    assert whole.values.tolist() == [1, 2] and part.values.tolist() == [1] and len(whole) == 2
    assert Column(whole.values).values is whole.values


def test_tables_differ_where_a_cell_does() -> None:
    one, other = table(HEADER, GOOD), table(HEADER, [*GOOD[:-1], "6.26"])
    assert one == table(HEADER, GOOD) and one != other
    assert table([*HEADER, "1.3.evidence"], [*GOOD, "x"]) != table([*HEADER, "1.3.evidence"], [*GOOD, ""])
    assert Column(np.array([1.0])) != Column(np.array([1.0]), np.array([0]))


# ------------------------------------------------------------------------------------------------------ any input

CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "n/a", "-", "1", "0.5", "a", "x", "3", "1,5", "85%", "nan", "1e400", "#REF!", "1.2.3", "--1"]),
    st.floats(allow_nan=True).map(str),
    st.integers().map(str),
)


@given(
    st.lists(st.one_of(st.sampled_from([*HEADER, "1", "2", "total", "1.self"]), st.text(max_size=8)), max_size=9),
    st.data(),
)
def test_any_text_is_a_table_or_an_error_of_ours(header: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header) + 1), max_size=4))
    try:
        made = table(header, *rows)
    except IctIndexError as error:
        assert error.problems and all(one.code.startswith("T") for one in error.problems)
    else:
        assert len(made) == len(made.units) == len(made.lines)


@given(st.sampled_from(list(InputKind)), st.lists(CELLS, max_size=6))
def test_a_column_reads_as_its_cells_do(kind: InputKind, texts: list[str]) -> None:
    rule = CellRule(kind=kind, low=Fraction(0), high=Fraction(7, 2), cases=LETTERS)
    made, alone = read_cells(texts, rule), [read_cell(text, rule) for text in texts]
    assert made.complaints == [(at, cell.complaint) for at, cell in enumerate(alone) if cell.complaint]
    if not made.complaints:
        assert np.array_equal(made.values, [cell.value for cell in alone], equal_nan=True)
        states = np.zeros(len(texts)) if made.states is None else made.states
        assert states.tolist() == [cell.state for cell in alone]


@given(st.decimals(-(10**9), 10**9, places=4))
def test_a_typed_decimal_comes_back(number: Decimal) -> None:
    cell = read_cell(str(number), CellRule(kind=InputKind.AMOUNT))
    assert cell.state is CellState.REPORTED and Fraction(repr(cell.value)) == Fraction(number)


@given(
    st.dictionaries(
        st.sampled_from([*HEADER, "1", "2"]),
        st.lists(
            st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.fractions(), st.text()), max_size=3
        ),
    )
)
def test_any_values_are_a_table_or_an_error_of_ours(columns: Mapping[str, list[Any]]) -> None:
    try:
        table_from_columns(SCHEME, columns)
    except IctIndexError as error:
        assert error.problems
