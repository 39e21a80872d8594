"""The parts of a decision's table: headings, numbers, lines that go on, totals, and what is wrong in which cell."""

from __future__ import annotations

from fractions import Fraction

import pytest
from annexes import as_csv, drafted, read
from hypothesis import given
from hypothesis import strategies as st

from ictindex.drafting.annex_codes import Loose, code_and_words, outline, parts_of
from ictindex.drafting.annex_csv import read_annex_csv
from ictindex.drafting.annex_rows import AnnexRow, annex_rows, each_row
from ictindex.drafting.figures import points_in_words, read_figure, read_max
from ictindex.drafting.headings import header_of, meaning
from ictindex.errors import AnnexInvalid, Problem, Severity

HEAD = ("TT", "Tiêu chí", "Điểm")


def rows_of(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> tuple[list[AnnexRow], list[Problem]]:
    """Return every row of a table, and what is odd about it."""
    tops, problems = annex_rows(read(as_csv([head, *rows])))
    return list(each_row(tops)), problems


def refused(data: bytes) -> list[str]:
    """Return what is wrong with a table, as `CODE place`."""
    with pytest.raises(AnnexInvalid) as error:
        read(data)
    return [f"{problem.code} {problem.where}" for problem in error.value.problems if problem.severity is Severity.ERROR]


# --- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("I 1 2 II 1 2", "I I.1 I.2 II II.1 II.2"),
        ("I 1 2 II 3 4", "I 1 2 II 3 4"),
        ("I 1 1.1 1.2 2 II 1 1.1", "I I.1 I.1.1 I.1.2 I.2 II II.1 II.1.1"),
        ("1 1.1 1.1.1 1.1.2 1.2 2 2.1", "1 1.1 1.1.1 1.1.2 1.2 2 2.1"),
        ("I 1.1 1.2 II 2.1", "I 1.1 1.2 II 2.1"),
        ("A I 1 2 II 1 B I 1", "A A.I A.I.1 A.I.2 A.II A.II.1 B B.I B.I.1"),
        ("A B C D E G H I K", "A B C D E G H I K"),
        ("A B C D E F G H I J", "A B C D E F G H I J"),
        ("I II III IV V VI", "I II III IV V VI"),
        ("1 a) b) c) d) đ) e) 2 a) b)", "1 1.a 1.b 1.c 1.d 1.dd 1.e 2 2.a 2.b"),
        ("A A1 A2 B B1", "A A1 A2 B B1"),
        ("TC1 TC2 TC3", "TC1 TC2 TC3"),
        ("I i ii II i", "I I.i I.ii II II.i"),
        ("1,1 1,2", "1.1 1.2"),
        ("(1) 2. 3/", "1 2 3"),
    ],
)
def test_each_row_has_a_code_of_its_own(printed: str, codes: str) -> None:
    nodes = outline([parts_of(one) or Loose.BESIDE for one in printed.split()])
    assert [node.code for node in nodes] == codes.split()
    assert not [node for node in nodes if node.twice or node.missing]


def test_the_tenth_row_keeps_its_zero() -> None:
    nodes = outline([parts_of(f"1.{one}") or Loose.BESIDE for one in (*range(1, 10), 1, 11)])
    assert nodes[-2].code == "1.10" and nodes[-2].tenth and not nodes[-1].missing
    assert [node.code for node in outline([("1", "10"), ("1", "11")])] == ["1.10", "1.11"]


NUMBERS = ["1", "2", "10", "1.1", "1.2", "1.1.1", "1.a", "I", "II", "i", "A", "B", "a", "b", "đ", "A1", "TC1", "total"]


@given(st.lists(st.sampled_from(NUMBERS), max_size=30))
def test_codes_are_unique_whatever_is_printed(printed: list[str]) -> None:
    codes = [node.code.casefold() for node in outline([parts_of(one) or Loose.BENEATH for one in printed])]
    assert len(set(codes)) == len(codes)
    assert not {"total", "unit", "name"} & set(codes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I. Hạ tầng số", ("I.", "Hạ tầng số")),
        ("1.1 Tỷ lệ", ("1.1", "Tỷ lệ")),
        ("4. Cuộc họp", ("4.", "Cuộc họp")),
        ("A - Nhận thức", ("A", "Nhận thức")),
        ("Nhóm 1: Nhận thức", ("Nhóm 1", "Nhận thức")),
        ("4 cuộc họp", None),
        ("Các tiêu chí", None),
        ("a: số máy tính", None),
        ("10 điểm", None),
    ],
)
def test_a_number_inside_the_words(text: str, expected: tuple[str, str] | None) -> None:
    assert code_and_words(text) == expected


def test_a_number_that_stands_twice_or_is_missing_is_told() -> None:
    rows, problems = rows_of(("1", "Một", "5"), ("1", "Hai", "5"), ("3", "Ba", "5"))
    assert [row.code for row in rows] == ["1", "1-2", "3"]
    told = [(problem.code, problem.where.line, problem.where.cell) for problem in problems]
    assert told == [("A014", 3, "TT, A3"), ("A015", 4, "TT, A4")]
    assert "2 is missing before 3" in str(problems[1])


def test_a_date_that_a_spreadsheet_made_of_a_number_is_told() -> None:
    table = read(as_csv([HEAD, ("2025-01-01", "Một", "5"), ("2", "Hai", "5")]))
    (problem,) = table.warnings
    assert problem.code == "A013" and problem.where.cell == "TT, A2" and "a date" in problem.hint


# --- points ---------------------------------------------------------------------------------------------------------


PRINTED = {"10": 10, "10,5": Fraction(21, 2), "10.5": Fraction(21, 2), "10 điểm": 10, "10đ": 10, "Tối đa 10": 10}
PRINTED |= {"Tối đa: 10 điểm": 10, "(10)": 10, "1.000": 1000, "0": 0, "1.250": None, "mười": None, "5-10": None}


@pytest.mark.parametrize(("text", "points"), PRINTED.items())
def test_points_as_they_are_printed(text: str, points: int | None) -> None:
    assert read_max(text) == points


def test_a_figure_that_may_be_two_is_none() -> None:
    assert read_figure("1.250") is None and read_figure("1,25") == Fraction(5, 4) and read_figure("2.000") == 2000
    assert points_in_words("Hạ tầng số (30 điểm)") == 30 and points_in_words("Có 30 điểm truy cập") is None


def test_points_that_the_table_leaves_out_follow_where_they_can() -> None:
    rows, problems = rows_of(
        ("1", "Nhóm", ""), ("1.1", "Một", "5"), ("1.2", "Hai", "7"), ("2", "B", "10"), ("2.1", "Ba", "")
    )
    points = {row.code: (row.maximum, row.max_how) for row in rows}
    assert points["1"] == (12, "cộng điểm các dòng thuộc 1")
    assert points["2.1"] == (10, "bằng điểm của 2") and not problems
    rows, problems = rows_of(("1", "Một", ""), ("2", "Hai", "5"))
    assert [problem.code for problem in problems] == ["A017"] and rows[0].maximum is None


def test_a_total_line_is_the_maximum_and_subtotals_are_looked_at() -> None:
    rows = [HEAD, ("I", "Nhóm", ""), ("1", "Một", "5"), ("", "Cộng", "5"), ("II", "Nhóm khác", "7"), ("1", "Hai", "7")]
    table = read(as_csv([*rows, ("", "Cộng nhóm II", "8"), ("", "TỔNG CỘNG (I + II)", "12")]))
    found, problems = annex_rows(table)
    assert table.total == 12 and [row.maximum for row in found] == [5, 7]
    assert [problem.code for problem in problems] == ["A018"] and "a subtotal says 8, but row II says 7" in str(
        problems[0]
    )


# --- lines that go on, lines without a number -------------------------------------------------------------------------


def test_a_row_that_is_empty_but_for_some_cells_goes_on_with_the_one_above() -> None:
    head = (*HEAD, "Cách tính điểm", "Minh chứng", "Ghi chú")
    rows, _ = rows_of(
        ("1", "Một", "10", "Có: 10 điểm", "Kế hoạch", "x"), ("", "", "", "Không: 0 điểm", "Báo cáo", "y"), head=head
    )
    (row,) = rows
    assert row.line.texts == {"scoring": "Có: 10 điểm\nKhông: 0 điểm", "evidence": "Kế hoạch\nBáo cáo"}
    assert row.line.others == {"Ghi chú": "x\ny"}


def test_rows_without_a_number_are_parts_steps_or_neighbours_as_their_points_say() -> None:
    parts, told = rows_of(("1", "Một", "10"), ("", "Phần đầu", "4"), ("", "Phần sau", "6"))
    assert [row.code for row in parts] == ["1", "1.1", "1.2"] and [one.code for one in told] == ["A016", "A016"]
    (steps,), told = rows_of(("1", "Một", "10"), ("", "Từ 90% trở lên", "10"), ("", "Dưới 90%", "4"))
    assert steps.line.texts["scoring"] == "Từ 90% trở lên: 10\nDưới 90%: 4" and not told
    beside, _ = rows_of(("1", "Một", "10"), ("", "Hai", "3"), ("2", "Ba", "5"))
    assert [row.code for row in beside] == ["1", "2", "2-2"]
    (words,), _ = rows_of(("1", "Một", "10"), ("", "(tính đến 31/12)", ""))
    assert words.line.texts["scoring"] == "(tính đến 31/12)"


def test_rows_with_letters_are_cases_where_the_best_of_them_is_worth_the_row() -> None:
    (cases,), _ = rows_of(("1", "Một", "10"), ("a)", "Giám đốc", "10"), ("b)", "Phó Giám đốc", "5"))
    assert cases.line.texts["scoring"] == "a) Giám đốc: 10\nb) Phó Giám đốc: 5"
    parts, _ = rows_of(("1", "Một", "10"), ("a)", "Có kế hoạch", "4"), ("b)", "Có kinh phí", "6"))
    assert [row.code for row in parts] == ["1", "1.a", "1.b"]


def test_steps_with_their_points_in_the_column_of_the_maxima() -> None:
    (row,), told = rows_of(
        ("1", "Hồ sơ", "10", "Từ 90% trở lên"), ("", "", "4", "Dưới 90%"), head=(*HEAD, "Cách tính điểm")
    )
    assert row.line.texts["scoring"] == "Từ 90% trở lên: 10\nDưới 90%: 4" and row.maximum == 10 and not told
    (row,), _ = rows_of(("1", "Người đứng đầu", ""), ("", "Giám đốc", "10"), ("", "Khác", "0"))
    assert row.line.texts["scoring"] == "Giám đốc: 10\nKhác: 0"
    assert (row.maximum, row.max_how) == (10, "mức cao nhất của cách tính điểm")


BONUS = ("cộng 5", "Thưởng 5", "+5", "+ 5 điểm", "điểm cộng tối đa 5", "Điểm thưởng: 5", "cộng thêm tối đa 5 điểm")
BONUS += ("5 (điểm cộng)", "5 điểm thưởng", "cộng không quá 5")
DEDUCT = ("trừ 5", "-5", "– 5 điểm", "−5", "điểm trừ 5", "bị trừ tối đa 5 điểm", "5 (trừ)")


@pytest.mark.parametrize("text", [*BONUS, *DEDUCT])
def test_points_outside_the_maximum_are_read_and_pointed_out(text: str) -> None:
    rows = [HEAD, ("1", "Nhóm", "10"), ("1.1", "Một", "10"), ("1.2", "Hai", text), ("", "Tổng cộng", "10")]
    made, scheme = drafted(read(as_csv(rows)))
    role = "bonus" if text in BONUS else "deduct"
    assert (scheme.row("1.2").role, scheme.row("1.2").max) == (role, 5) and scheme.root.max == 10
    assert f"# XEM LẠI: bảng ghi '{text}': đọc là điểm" in made.text and f"{role}: {{is: 5, cited: qd}}" in made.text
    assert made.checked == () and f"Điểm trong bảng: {text}" in scheme.row("1.2").notes


@pytest.mark.parametrize("text", ["điểm trừ", "trừ", "trừ 0", "+", "cộng trừ 5", "-5%", "cộng 1.250", "- 5 - 10"])
def test_what_is_added_or_taken_must_be_one_number(text: str) -> None:
    with pytest.raises(AnnexInvalid, match="`cộng 5` or `trừ 5`"):
        read(as_csv([HEAD, ("1", "Báo cáo chậm", text)]))


def test_points_outside_the_maximum_stand_in_no_sum() -> None:
    rows, told = rows_of(("1", "Nhóm", ""), ("1.1", "Một", "10"), ("1.2", "Hai", "trừ 5"), ("1.3", "Ba", "+2"))
    assert [(row.maximum, row.role) for row in rows] == [(10, "max"), (10, "max"), (5, "deduct"), (2, "bonus")]
    rows, _ = rows_of(("1", "Nhóm", "10"), ("1.1", "Một", ""), ("1.2", "Hai", "cộng 5"))
    assert rows[1].maximum == 10 and not told
    made, scheme = drafted(read(as_csv([HEAD, ("1", "Một", "10"), ("2", "Thưởng", "cộng 3")])))
    assert (scheme.root.max, scheme.row("2").role, made.checked) == (10, "bonus", ())
    assert made.text.count("đọc là điểm cộng (bonus)") == 1


def test_rows_without_a_number_that_take_points_are_no_steps() -> None:
    rows, _ = rows_of(("1", "Một", "10"), ("", "Nộp chậm", "-2"), ("", "Không nộp", "-10"))
    assert [(row.code, row.role) for row in rows] == [("1", "max"), ("2", "deduct"), ("3", "deduct")]


@pytest.mark.parametrize("points", ["cộng 10", ""])
def test_a_heading_of_nothing_but_bonuses_is_the_bonus(points: str) -> None:
    rows = [HEAD, ("1", "Một", "90"), ("2", "Điểm thưởng", points), ("2.1", "Giải", "cộng 6"), ("2.2", "Khác", "+4")]
    made, scheme = drafted(read(as_csv(rows)))
    assert made.checked == () and scheme.root.max == 90
    assert [(row.role, row.max) for row in scheme.rows()][2:] == [("bonus", 10), ("max", 6), ("max", 4)]


def test_beneath_a_heading_that_is_taken_away_only_what_takes_points_is_read() -> None:
    head = (*HEAD, "Cách tính điểm")
    rows = [head, ("1", "Một", "90", ""), ("2", "Điểm trừ", "trừ 10", ""), ("2.1", "Lộ, lọt", "4", "Mỗi vụ trừ 2 điểm")]
    _, scheme = drafted(read(as_csv([*rows, ("2.2", "Báo cáo", "6", "Đúng hạn: 6 điểm; chậm: 0 điểm")])))
    assert scheme.row("2").role == "deduct"
    assert [row.measure.name for row in scheme.indicators] == ["assessed", "count", "assessed"]


def test_a_heading_of_bonuses_and_deductions_is_left_to_a_person() -> None:
    rows, told = rows_of(("1", "Một", "90"), ("2", "Cộng, trừ", ""), ("2.1", "Giải", "cộng 5"), ("2.2", "Vụ", "trừ 5"))
    assert rows[1].maximum is None and [one.code for one in told] == ["A017"]


def test_a_table_without_numbers_has_its_headings_from_what_has_no_points() -> None:
    rows, _ = rows_of(("", "Hạ tầng", ""), ("", "Máy tính", "10"), ("", "Nhân lực", ""), ("", "Cán bộ", "5"))
    assert [(row.code, row.maximum) for row in rows] == [("N1", 10), ("N1.1", 10), ("N2", 5), ("N2.1", 5)]


# --- headings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("STT", "code"),
        ("Mã tiêu chí", "code"),
        ("TIÊU CHÍ/CHỈ TIÊU", "words"),
        ("Tiêu chí đánh giá chuyển đổi số", "words"),
        ("Điểm tối đa (100 điểm)", "max"),
        ("ĐIỂM\nTỐI ĐA", "max"),
        ("Điểm tự chấm", None),
        ("Số điểm đạt được", None),
        ("Phương pháp tính điểm", "scoring"),
        ("Tài liệu kiểm chứng (bản sao)", "evidence"),
        ("Cơ quan thẩm định:", "agency"),
        ("Nguồn số liệu", "source"),
        ("Max points", "max"),
        ("How scored", "scoring"),
    ],
)
def test_headings_in_either_language_are_known(heading: str, kind: str | None) -> None:
    found = meaning(heading)
    assert (found[0] if found else None) == kind


def test_the_row_below_may_divide_a_heading() -> None:
    rows = [("TT", "Tiêu chí", "Điểm", ""), ("", "", "Tối đa", "Tự chấm"), ("1", "Một", "10", "8")]
    header = header_of(read_annex_csv(as_csv(rows), "x.csv"))
    assert (header.first, header.last) == (0, 1) and header.columns["max"] == 2
    (row,), _ = annex_rows(read(as_csv(rows)))
    assert row.line.others == {"Tự chấm": "8"}


def test_columns_that_are_only_counted_and_headings_printed_again_are_no_rows() -> None:
    rows, _ = rows_of(("(1)", "(2)", "(3)"), ("1", "Một", "10"), HEAD, ("2", "Hai", "5"))
    assert [row.code for row in rows] == ["1", "2"]


def test_a_second_column_of_one_kind_is_kept_in_the_notes_and_told() -> None:
    table = read(as_csv([("TT", "Nội dung", "Tiêu chí", "Điểm"), ("1", "Hạ tầng", "Máy tính", "10")]))
    assert table.lines[0].words == "Máy tính" and table.lines[0].others == {"Nội dung": "Hạ tầng"}
    (problem,) = table.warnings
    assert problem.code == "A003" and problem.where.cell == "Nội dung, B1"


# --- what is wrong --------------------------------------------------------------------------------------------------


def test_everything_that_is_wrong_is_told_at_once_with_row_and_column() -> None:
    rows = [HEAD, ("1", "", "10"), ("2", "Hai", "mười"), ("3", "Ba\u200b", "5"), ("4", "Bốn", "1.250")]
    assert refused(as_csv(rows)) == [
        "A011 bang.csv:4 [Tiêu chí, B4]",
        "A010 bang.csv:2 [Tiêu chí, B2]",
        "A012 bang.csv:3 [Điểm, C3]",
        "A012 bang.csv:5 [Điểm, C5]",
    ]


def test_lines_are_those_of_the_file_where_a_cell_has_several() -> None:
    assert refused(as_csv([HEAD, ("1", "Một\nhai\nba", "5"), ("2", "Hai", "x")])) == ["A012 bang.csv:5 [Điểm, C3]"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "A004"),
        (as_csv([HEAD]), "A004"),
        (as_csv([HEAD, ("", "Tổng cộng", "10")]), "A004"),
        (as_csv([("a", "b"), ("1", "2")]), "A001"),
        (as_csv([("TT", "Tiêu chí", "Ghi chú"), ("1", "Một", "x")]), "A002"),
        (as_csv([HEAD, ("", "", "5")]), "A010"),
        (b"PK\x03\x04 a workbook", "A005"),
        ("Tiêu chí".encode("cp1258", "replace"), "A005"),
        (b"a\0b", "A005"),
        ('TT,Tiêu chí,Điểm\n1,"Một,5'.encode(), "A006"),
        ('TT,Tiêu chí,Điểm\n1,"Một"x,5'.encode(), "A006"),
    ],
)
def test_a_file_that_is_no_table_of_a_decision(data: bytes, code: str) -> None:
    (problem,) = refused(data)
    assert problem.startswith(f"{code} bang.csv")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        table = read(data)
    except AnnexInvalid as error:
        assert error.problems
    else:
        assert table.lines


CELLS = ["", "1", "1.1", "I", "a)", "Một", "Tổng cộng", "10", "x", "-", "≥ 90%"]


@given(st.lists(st.lists(st.sampled_from(CELLS), min_size=4, max_size=4)))
def test_any_table_is_read_or_refused(rows: list[list[str]]) -> None:
    try:
        table = read(as_csv([(*HEAD, "Cách chấm"), *rows]))
    except AnnexInvalid as error:
        assert error.problems
        return
    found = list(each_row(annex_rows(table)[0]))
    assert len({row.code for row in found}) == len(found)
    # No line is lost: it is a row, or it goes on with one.
    kept = {row.line.row for row in found} | {row for one in found for row in one.line.merged_in}
    assert kept >= {line.row for line in table.lines}


def test_what_is_odd_is_marked_in_the_scheme() -> None:
    made, _ = drafted(read(as_csv([HEAD, ("1", "Một", "5"), ("1", "Hai", "5"), ("5", "Ba", "5")])))
    for doubt in ("số 1 có hai lần trong bảng; dòng này tạm mang mã 1-2", "trước dòng này thiếu số 2"):
        assert f"# XEM LẠI: {doubt}" in made.text
