"""What the cells of a table may say, and what is told of those that say something else."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from tabled import GOOD, HEADER, SCHEME, column, measured, problem, problems, table

from ictindex.answers import LACKING, NO, YES
from ictindex.assembling import table_from_columns
from ictindex.cells import (
    CELL_LIMIT,
    Cell,
    CellRule,
    clean,
    fold,
    read_cell,
    read_cells,
)
from ictindex.model import (
    Case,
    Group,
    InputKind,
)

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


def test_an_empty_cell_beside_one_that_is_out_of_bounds_is_missing() -> None:
    made = read_cells(["1", "", "-5"], CellRule(kind=InputKind.COUNT, low=Fraction(0)))
    assert made.states is not None and made.states.tolist() == [0, 1, 0]
    assert [at for at, _ in made.complaints] == [2]


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
        ("1.2.a", "1" * 50 + "," + "1", "T044", "round it to 15 digits"),
        ("1.2.a", "12.34.56", "T041", "thousands stand in groups of three"),
        ("1.2.a", "1,23,456", "T041", "groups of three"),
        ("1.2.a", "1.234,567.8", "T041", "groups of three"),
        ("1.2.a", "0.123.456", "T041", "groups of three"),
        ("1.2.a", "1 2345", "T041", "groups of three"),
        ("1.2.a", "1_000", "T041", "groups of three"),
        ("1.2.a", "85%", "T042", "write 85, or 0.85 where a share is asked"),
        ("2.3", "85,36 %", "T042", "write 85.36, or 0.8536 where a share is asked"),
        ("2", "mọi%", "T040", "not a number"),
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
