"""Wordings of scoring columns: what is plain becomes a rule that means the same, what is not stays with a person."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ictindex.documents.grammar import read_number, write_number
from ictindex.drafting.reading import Reading
from ictindex.drafting.recognise import recognise

SHARE = "tỷ lệ, tính bằng %"
MACHINES = (("ratio", (("a", "số máy tính"), ("b", "tổng số cán bộ"))),)


def read(wording: str, maximum: str = "10") -> Reading | None:
    return recognise(wording, Fraction(maximum))


def rule(wording: str, maximum: str = "10") -> object:
    reading = read(wording, maximum)
    return reading and reading.rule


@pytest.mark.parametrize(
    "wording",
    [
        "a/b x điểm tối đa; a = số máy tính; b = tổng số cán bộ",
        "a/b x điểm tối đa. Trong đó: a là số máy tính, b là tổng số cán bộ",
        "Tỷ lệ cán bộ có máy tính: a/b*20\nTrong đó: a = số máy tính; b = tổng số cán bộ",
        "Điểm = (a/b) × 20\na: số máy tính\nb: tổng số cán bộ",
        "(A/B) * 100% * 20 điểm; A: số máy tính và B: tổng số cán bộ",
        "Điểm tối đa x a/b. Trong đó:\n- a: số máy tính;\n- b: tổng số cán bộ.",
        "Tỷ lệ số máy tính/tổng số cán bộ x điểm tối đa",
        "số máy tính / tổng số cán bộ nhân với 20",
        "Cách tính điểm:\na/b x 20,0\nvới a là số máy tính; b là tổng số cán bộ",
    ],
)
def test_a_ratio_times_the_points(wording: str) -> None:
    assert rule(wording, "20") == MACHINES


def test_a_denominator_fixed_by_the_authority() -> None:
    signed = (("ratio", (("a", "số văn bản đã ký"), ("b", "12"))),)
    assert rule("a/12 x điểm tối đa; a = số văn bản đã ký") == signed
    reading = read("a/b x điểm tối đa; a: số văn bản đã ký, b: số văn bản được yêu cầu (12 văn bản)")
    assert reading is not None and reading.rule == signed
    assert reading.doubts == (
        "mẫu số 'số văn bản được yêu cầu (12 văn bản)' đọc là số cố định 12, chung cho mọi đơn vị",
    )
    assert rule("Số nền tảng đã dùng/5 nền tảng x điểm tối đa") == (
        ("ratio", (("a", "Số nền tảng đã dùng"), ("b", "5"))),
    )


@pytest.mark.parametrize(
    "b", ["tổng số hộ (2024)", "tổng số hộ (12 xã)", "tổng số hộ (0 hộ)", "tổng số hộ (1.250 hộ)", "số hộ (năm 2024)"]
)
def test_a_number_in_brackets_that_is_not_how_many_there_are_stays_in_the_words(b: str) -> None:
    reading = read(f"a/b x 10; a: số hộ có mạng; b: {b}")
    assert reading is not None and reading.rule == (("ratio", (("a", "số hộ có mạng"), ("b", b))),)
    assert "có con số trong ngoặc" in reading.doubts[0]


def test_a_denominator_that_may_be_two_numbers_is_none() -> None:
    assert rule("Số hộ có mạng/1.250 hộ x 10") is None and rule("a/1.250 x 10; a: số hộ") is None
    assert rule("Số tài khoản/1000 dân x 10") is None  # not 1000 accounts


def test_a_formula_whose_letters_are_not_said_is_read_and_the_words_are_asked_for() -> None:
    assert read("a/b x 10") == Reading(
        (("ratio", (("a", ""), ("b", ""))),),
        "tỷ lệ nhân điểm tối đa",
        ("lời văn không nói a và b là gì: ghi lời cho số liệu đó",),
    )


FILES = "a = số hồ sơ trực tuyến; b = tổng số hồ sơ"
OF_FILES = (("a", "số hồ sơ trực tuyến"), ("b", "tổng số hồ sơ"))


@pytest.mark.parametrize(
    ("condition", "more", "asks"),
    [
        ("dưới 50% thì không tính điểm", ("floor", "50%"), False),
        ("nếu tỷ lệ dưới 62,5% thì được 0 điểm", ("floor", "62.5%"), False),
        ("a/b < 50%: 0 điểm", ("floor", "50%"), False),
        ("huyện không phát sinh hồ sơ thì không đánh giá", ("if-none", "not-applicable"), True),
        ("Nếu b = 0 thì không đánh giá", ("if-none", "not-applicable"), True),
        ("đơn vị không có hồ sơ thì được điểm tối đa", ("if-none", "full"), True),
    ],
)
def test_a_floor_and_what_holds_where_there_is_nothing_to_divide_by(
    condition: str, more: tuple[str, str], asks: bool
) -> None:
    for wording in (f"a/b x 10; {FILES}; {condition}", f"Tỷ lệ a/b x điểm tối đa.\n{condition};\n{FILES}"):
        reading = read(wording)
        assert reading is not None and reading.rule == (("ratio", (*OF_FILES, more)),)
        assert bool(reading.doubts) is asks


@pytest.mark.parametrize(
    "condition",
    [
        "dưới 50% thì trừ 2 điểm",
        "dưới 50% được 2 điểm",
        "dưới 5 hồ sơ thì không tính điểm",
        "dưới 50% thì không tính điểm; dưới 30% thì không tính điểm",
        "huyện không phát sinh văn bản thì không đánh giá",  # b are dossiers
        "huyện không phát sinh hồ sơ thì không tính điểm",  # 0 points, or left out?
        "huyện không phát sinh hồ sơ thì được 5 điểm",
        "từ 50% mới được tính điểm",
    ],
)
def test_a_condition_that_says_something_else_leaves_the_formula_to_a_person(condition: str) -> None:
    assert read(f"a/b x 10; {FILES}; {condition}") is None


@pytest.mark.parametrize(
    ("wording", "maximum", "expected"),
    [
        ("4 cuộc: 20 điểm; 3 cuộc: 15 điểm; 2 cuộc: 10 điểm", "20", "count số cuộc: 4 20, 3 15, 2 10"),
        ("4 cuộc: 20 điểm, 3 cuộc: 15 điểm, 2 cuộc: 10 điểm", "20", "count số cuộc: 4 20, 3 15, 2 10"),
        ("Từ 4 cuộc trở lên: 20 điểm\nTừ 2 đến 3 cuộc: 10 điểm\nKhông họp: 0 điểm", "20", "count số cuộc: 4 20, 2 10"),
        ("≥ 3 văn bản: 10 điểm; 1-2 văn bản: 5 điểm; không có: 0 điểm", "10", "count số văn bản: 3 10, 1 5"),
        ("trên 4 cuộc: 10 điểm; từ 1 đến 4 cuộc: 5 điểm", "10", "count số cuộc: 5 10, 1 5"),
        ("Dưới 3 dịch vụ: 2 điểm. Từ 3 dịch vụ trở lên: 10 điểm", "10", "count số dịch vụ: 3 10, 0 2"),
        ("≥ 90%: 10 điểm; từ 70% đến dưới 90%: 5 điểm; dưới 70%: 0 điểm", "10", f"value {SHARE}: 90 10, 70 5"),
        ("70% ≤ x < 90%: 5 điểm; ≥ 90%: 10 điểm; < 70%: 0", "10", f"value {SHARE}: 90 10, 70 5"),
        ("Đạt 100%: 10 điểm; còn lại: 0 điểm", "10", f"value {SHARE}: 100 10"),
        ("Từ 90% trở lên: điểm tối đa; từ 50% đến dưới 90%: 50% số điểm; dưới 50% không tính điểm", "10",
         f"value {SHARE}: 90 10, 50 5"),
        ("Không quá 3 ngày: 10 điểm; 4-5 ngày: 5 điểm; quá 5 ngày: 0 điểm", "10", "count số ngày down: 3 10, 5 5"),
        ("Tối đa 3 ngày: 10 điểm; trên 3 đến 5 ngày: 5 điểm; trên 5 ngày: 0", "10", "count số ngày down: 3 10, 5 5"),
        ("Từ 3 lần trở lên: 10 điểm; dưới 3 lần: 5 điểm; không có: 0 điểm", "10", "count số lần: 3 10, 1 5"),
        ("Từ 5 tỷ đồng trở lên: 10 điểm; dưới 5 tỷ đồng: 0 điểm", "10", "value số tỷ đồng: 5 10"),
        ("Chậm không quá 3 ngày: 10 điểm; không quá 7 ngày: 3 điểm; quá 7 ngày: 0", "10",
         "count số ngày chậm down: 3 10, 7 3"),
        ("Nộp chậm trong 2 ngày: 10 điểm; chậm từ 3 đến 5 ngày: 4 điểm; chậm quá 5 ngày: 0 điểm", "10",
         "count số ngày chậm down: 2 10, 5 4"),
        ("Tỷ lệ thôn, tổ có tổ công nghệ: 100%: 10 điểm; từ 80% đến dưới 100%: 8 điểm; dưới 80%: 0 điểm", "10",
         "value Tỷ lệ thôn, tổ có tổ công nghệ, tính bằng % (0 đến 100): 100 10, 80 8"),
        ("Tỷ lệ hộ có mạng:\n- từ 80% trở lên: 10 điểm\n- dưới 80%: 4 điểm", "10",
         "value Tỷ lệ hộ có mạng, tính bằng % (0 đến 100): 80 10, 0 4"),
        ("≤ 2,5 giờ: 10 điểm; ≤ 5 giờ: 5 điểm; còn lại: 0 điểm", "10", "value số giờ down: 2.5 10, 5 5"),
    ],
)  # fmt: skip
def test_step_tables(wording: str, maximum: str, expected: str) -> None:
    reading = read(wording, maximum)
    assert reading is not None
    (measure, words), (scale, steps) = reading.rule
    down = " down" if scale == "steps-down" else ""
    assert f"{measure} {words}{down}: {', '.join(f'{mark} {points}' for mark, points in steps)}" == expected


def test_steps_on_a_ratio_where_a_and_b_are_said() -> None:
    wording = "Tỷ lệ a/b:\n- Từ 90% trở lên: 10 điểm\n- Từ 70% đến dưới 90%: 5 điểm\n- Dưới 70%: 0 điểm\n"
    ratio, steps = rule(wording + "a: số máy tính; b: tổng số cán bộ")  # type: ignore[misc]
    assert ratio == MACHINES[0] and steps == ("steps", (("90%", "10"), ("70%", "5")))
    assert rule(wording) is None  # a and b are not said
    in_words = "Tỷ lệ cán bộ được tập huấn/tổng số cán bộ:\n- Từ 80% trở lên: 10 điểm;\n- Dưới 80%: 0 điểm"
    trained = ("ratio", (("a", "cán bộ được tập huấn"), ("b", "tổng số cán bộ")))
    assert rule(in_words) == (trained, ("steps", (("80%", "10"),)))


@st.composite
def worded_steps(draw: st.DrawFn) -> tuple[str, list[tuple[Fraction, Fraction]]]:
    """Draw the wording of a step table with the (from, points) that it says, the best first, the last from 0 on."""
    share = draw(st.booleans())
    marks = sorted(draw(st.sets(st.integers(1, 99), min_size=1, max_size=4)), reverse=True)
    points = sorted(draw(st.sets(st.integers(1, 40), min_size=len(marks), max_size=len(marks))), reverse=True)
    halves = [Fraction(one, 2) for one in points] + [Fraction(0)]
    unit = "%" if share else " cuộc"
    up = draw(st.sampled_from(("Từ {0} trở lên", "≥ {0}", "Đạt từ {0} trở lên", "{0} trở lên", "ít nhất {0}")))
    between = draw(st.sampled_from(("từ {0} đến dưới {1}", "Từ {0} - dưới {1}", "{0} đến dưới {1}")))
    rest = draw(st.sampled_from(("dưới {0}", "< {0}", "Còn lại", "Dưới {0}")))
    said = [up.format(f"{marks[0]}{unit}")]
    said += [between.format(f"{low}{unit}", f"{high}{unit}") for high, low in pairwise(marks)]
    said.append(rest.format(f"{marks[-1]}{unit}"))
    typed = [write_number(one).replace(".", ",") for one in halves]
    by = draw(st.sampled_from(("; ", "\n", ";\n- ")))
    scored = draw(st.sampled_from((": {0} điểm", " được {0} điểm", " ({0} điểm)")))
    clauses = [text + scored.format(points) for text, points in zip(said, typed, strict=True)]
    if draw(st.booleans()):
        clauses.reverse()
    return by.join(clauses), list(zip([*map(Fraction, marks), Fraction(0)], halves, strict=True))


@given(worded_steps())
def test_a_step_table_gives_each_number_the_points_that_the_wording_gives(
    drawn: tuple[str, list[tuple[Fraction, Fraction]]],
) -> None:
    wording, table = drawn
    reading = recognise(wording, table[0][1])
    assert reading is not None and not reading.doubts, wording
    _, (keyword, steps) = reading.rule
    assert keyword == "steps"
    said = [(read_number(mark), read_number(points)) for mark, points in steps]
    for number in (*range(101), *(mark for mark, _ in table)):
        meant = next(points for mark, points in table if number >= mark)
        assert next((points for mark, points in said if number >= mark), Fraction(0)) == meant  # type: ignore[operator]


@pytest.mark.parametrize(
    "wording",
    [
        "Có: 10 điểm; Không: 0 điểm",
        "Có: 10, không: 0",
        "Có (10 điểm), không (0 điểm)",
        "Đã ban hành: 10 điểm, chưa ban hành: 0",
        "Có ban hành: điểm tối đa; không ban hành: không tính điểm",
        "Đạt: 10 điểm\nKhông đạt: 0 điểm",
        "Không có: 0 điểm; có: 10 điểm",
        "Yes: 10 points; No: 0 points",
    ],
)
def test_yes_or_no(wording: str) -> None:
    assert rule(wording) == (("yes-no", ""),)


def test_a_condition_in_many_words_names_the_figure_that_is_asked_for() -> None:
    assert rule("Ban hành kế hoạch trước ngày 31/01: 10 điểm; còn lại: 0 điểm") == (
        ("yes-no", "Ban hành kế hoạch trước ngày 31/01"),
    )


def test_exclusive_cases_keep_their_letters() -> None:
    wording = "a) Trưởng ban là Bí thư, Chủ tịch: 10 điểm; b) cấp phó: 2,5 điểm; đ) Còn lại: 0 điểm"
    lines = (("a Trưởng ban là Bí thư, Chủ tịch", "10"), ("b cấp phó", "2.5"), ("dd Còn lại", "0"))
    assert read(wording) == Reading((("choice", lines),), "chọn một trường hợp")
    ((_, dashed),) = rule("- Giám đốc: 10 điểm\n- Phó Giám đốc: 5 điểm\n- Khác: 0 điểm")  # type: ignore[misc]
    assert [line for line, _ in dashed] == ["a Giám đốc", "b Phó Giám đốc", "c Khác"]


def test_levels_are_cases_with_their_numbers_and_no_steps() -> None:
    wording = "Mức 1: 2,5 điểm; mức 2: 5 điểm; mức 3: 7,5 điểm; mức 4: 10 điểm"
    lines = (("1 Mức 1", "2.5"), ("2 mức 2", "5"), ("3 mức 3", "7.5"), ("4 mức 4", "10"))
    reading = read(wording)
    assert reading is not None and reading.rule == (("choice", lines),)  # at steps, 5 would earn the 10 points of 4
    assert "trường hợp còn lại" in reading.doubts[0]
    whole = read("Đạt mức độ 4: 10 điểm; mức độ 3: 5 điểm; còn lại: 0 điểm")
    expected = (("4 Đạt mức độ 4", "10"), ("3 mức độ 3", "5"), ("0 còn lại", "0"))
    assert whole == Reading((("choice", expected),), "chọn một trường hợp")
    assert rule("Mức 1: 2 điểm; mức 2: 3 điểm; mức 3: 5 điểm") is None  # three levels are not added up


@pytest.mark.parametrize(
    "wording",
    [
        "Không quá 3 ngày: 10 điểm; chậm không quá 7 ngày: 3 điểm; quá 7 ngày: 0",  # late from the second on
        "Chậm 2 ngày: 10 điểm; chậm 1 ngày: 5 điểm",  # the later, the more?
        "Đúng hạn: 10 điểm; chậm không quá 3 ngày: 5 điểm; chậm hơn: 0 điểm",
    ],
)
def test_lateness_that_is_no_row_of_steps_is_no_step_table(wording: str) -> None:
    reading = read(wording)
    assert reading is not None and reading.rule[0][0] == "choice"


def test_a_number_that_may_be_two_is_kept_in_words() -> None:
    reading = read("1.250 hộ: 10 điểm; dưới 1.250 hộ: 0 điểm")  # a thousand, or one and a quarter?
    assert reading is not None and reading.rule == (("choice", (("a 1.250 hộ", "10"), ("b dưới 1.250 hộ", "0"))),)


def test_more_than_an_amount_is_no_whole_number_more() -> None:
    reading = read("Trên 5 tỷ đồng: 10 điểm; từ 3 đến 5 tỷ đồng: 5 điểm; dưới 3 tỷ đồng: 0 điểm")
    assert reading is not None and reading.rule[0][0] == "choice" and reading.doubts


def test_none_at_all_is_the_best_of_at_most_so_many_and_so_no_step() -> None:
    reading = read("Không quá 5 vụ: 10 điểm; từ 6 đến 9 vụ: 5 điểm; không có: 0 điểm")
    assert reading is not None and reading.rule[0][0] == "choice" and reading.doubts


def test_a_threshold_that_is_no_step_stays_in_the_words_of_the_input() -> None:
    assert rule("Trên 90%: 10 điểm; còn lại: 0 điểm") == (("yes-no", "Trên 90%"),)


def test_steps_with_a_gap_are_cases_and_a_person_is_asked() -> None:
    reading = read("Từ 80% trở lên: 10 điểm; từ 60% đến 79%: 5 điểm; dưới 60%: 0 điểm")
    assert reading is not None and reading.rule[0][0] == "choice" and "các bậc hở" in reading.doubts[0]


def test_independent_conditions_that_add_up_to_the_points() -> None:
    halves = (("a Dự đủ các phiên họp", "5"), ("b Chủ trì các cuộc họp", "5"))
    reading = read("Dự đủ các phiên họp: 1/2 số điểm; Chủ trì các cuộc họp: 1/2 số điểm")
    assert reading is not None and reading.rule == (("checks", halves),) and "cộng từng ý" in reading.doubts[0]
    each = read("Mỗi nội dung được 1/2 số điểm: a) Dự đủ các phiên họp; b) Chủ trì các cuộc họp")
    assert each == Reading((("checks", halves),), "cộng điểm từng ý")


@pytest.mark.parametrize(
    ("wording", "what", "points", "asks"),
    [
        ("Mỗi ứng dụng được 1 điểm, tối đa 5 điểm", "số ứng dụng", "1", False),
        ("Mỗi văn bản 0,5 điểm; tổng điểm không quá 5 điểm", "số văn bản", "0.5", False),
        ("1 điểm/văn bản, tối đa 5 điểm", "số văn bản", "1", False),
        ("Cứ mỗi lớp tập huấn: 2 điểm", "số lớp tập huấn", "2", True),
    ],
)
def test_a_count_times_points_each(wording: str, what: str, points: str, asks: bool) -> None:
    reading = read(wording, "5")
    assert reading is not None and reading.rule == (("count", what), ("each", points))
    assert bool(reading.doubts) is asks


@pytest.mark.parametrize(
    ("wording", "role", "what", "points", "asks"),
    [
        ("Mỗi giải 2 điểm, cộng tối đa 5 điểm", "bonus", "số giải", "2", False),
        ("Mỗi giải cộng 2 điểm", "bonus", "số giải", "2", True),
        ("Mỗi sáng kiến được thưởng 1 điểm, điểm thưởng không quá 5 điểm", "bonus", "số sáng kiến", "1", False),
        ("Mỗi vụ trừ 5 điểm", "deduct", "số vụ", "5", True),
        ("Mỗi lần chậm bị trừ 0,5 điểm, trừ tối đa 5 điểm", "deduct", "số lần chậm", "0.5", False),
        ("Trừ 1 điểm/vụ, tối đa 5 điểm", "deduct", "số vụ", "1", False),
    ],
)
def test_points_that_are_added_or_taken_for_each_piece(
    wording: str, role: str, what: str, points: str, asks: bool
) -> None:
    reading = recognise(wording, Fraction(5), role)
    assert reading is not None and reading.rule == (("count", what), ("each", points))
    assert bool(reading.doubts) is asks
    assert role != "deduct" or recognise(wording, Fraction(5)) is None


@pytest.mark.parametrize(
    "wording",
    [
        "Không có vụ nào: 5 điểm; 1 vụ: 2 điểm",  # the points would be taken where nothing has happened
        "Có: 5 điểm; Không: 0 điểm",
        "Mỗi vụ 5 điểm",
        "Mỗi vụ bị trừ 2 điểm, tối đa 4 điểm",  # not the row's points
        "Mỗi vụ trừ 6 điểm",
    ],
)
def test_what_gives_points_is_not_read_where_points_are_taken(wording: str) -> None:
    assert recognise(wording, Fraction(5), "deduct") is None


def test_what_is_only_counted_earns_nothing() -> None:
    counted = Reading((("value", ""),), "thống kê, không tính điểm")
    for wording in ("Thống kê, không tính điểm", "Chỉ thống kê", "không tính điểm", "Tham khảo; không chấm điểm."):
        assert recognise(wording, Fraction(0)) == counted
    assert recognise("Có: 5 điểm; Không: 0 điểm", Fraction(0)) is None


@pytest.mark.parametrize(
    ("wording", "who"),
    [
        ("Chấm theo hồ sơ", ""),
        ("Đánh giá theo hồ sơ minh chứng", ""),
        ("Hội đồng thẩm định chấm điểm", "hội đồng thẩm định"),
        ("Hội đồng thẩm định chấm theo hồ sơ", "hội đồng thẩm định"),
        ("Do Hội đồng đánh giá", "hội đồng"),
    ],
)
def test_points_of_an_assessor(wording: str, who: str) -> None:
    assert rule(wording) == (("assessed", who),)


@pytest.mark.parametrize(
    "wording",
    [
        "",
        "xem phụ lục 2",
        "Có: 8 điểm; Không: 0 điểm",  # not the row's points
        "a/b x 25; a = số máy; b = số người",  # not the row's points
        "Nếu tỷ lệ dưới 50% thì 0 điểm: a/b x 10; a = số máy; b = số người",  # a floor, which is more than the ratio
        "Mỗi ngày chậm trừ 1 điểm, tối đa 10 điểm",
        "01 cuộc: 1 điểm",
        "≥ 90%: 10 điểm; dưới 90%: a/b x điểm tối đa",
        "Có: 10 điểm; Không: 0 điểm; nộp chậm trừ 2 điểm",
        "6 điểm: có kế hoạch; 4 điểm: từ 50% trở lên",
        "a/b x 10; a = $so-may; b = số người",  # `$` would name a shared input
        "a/b x 10; a = số hồ sơ; b = tổng số hồ sơ; nếu a/b trên 90% thì được điểm tối đa",  # b is not all of that
        "a/b x 10; a = số hồ sơ; b = tổng số hồ sơ; trễ hạn trừ điểm",
        "a/b x 10; a = số hồ sơ; b = tổng số hồ sơ;\nkể cả hồ sơ liên thông",
        "a/b x 10; a = số hồ sơ; b = tổng số hồ sơ\ntrên 80% được tính tối đa",
        "Nộp đúng hạn: 10 điểm; nộp chậm: -2 điểm",  # taken away, not given
        "Nộp đúng hạn: 10 điểm; nộp chậm: – 2 điểm",
        "Nộp đúng hạn: 10 điểm; nộp chậm -2 điểm",
        "Nộp đúng hạn: 10 điểm; nộp chậm, trừ: 2 điểm",
        "Đạt 100%: 10 điểm, giảm 1% trừ 0,5 điểm",  # a comma between digits is a decimal one: it is not 5 points
        "Nộp đúng hạn 10 điểm; nộp chậm 2,5 điểm",
        "Mỗi lần chậm giảm 2 điểm, tối đa 10 điểm",
        "Mỗi vi phạm bớt 1 điểm, tối đa 10 điểm",
        "Mỗi ngày chậm mất 1 điểm",
        "Mỗi lần vi phạm - 1 điểm, tối đa 10 điểm",
        "Có kế hoạch: 10 điểm; có sáng kiến: cộng thêm 2 điểm",
        "Tỷ lệ xã báo cáo, quá hạn thì trừ điểm: 100%: 10 điểm; dưới 100%: 0 điểm; gửi chậm: trừ 2 điểm",
        "Có kế hoạch: 10 điểm; có sáng kiến được cộng 2 điểm",
        "x" * 500,
    ],
)
def test_what_is_not_plain_is_left_to_a_person(wording: str) -> None:
    assert read(wording) is None


def test_what_the_wording_leaves_open_is_asked() -> None:
    reading = read("≥ 90%: 10 điểm; từ 70% đến dưới 90%: 5 điểm")
    assert reading is not None and reading.doubts == ("lời văn không nói dưới 70% được mấy điểm; đọc là 0 điểm",)
    reading = read("≤ 3 ngày: 10 điểm; ≤ 5 ngày: 5 điểm")
    assert reading is not None and reading.doubts == ("lời văn không nói trên 5 được mấy điểm; đọc là 0 điểm",)
    reading = read("Từ 5 cuộc trở lên: 10 điểm; từ 3 đến 4 cuộc: 5 điểm; không có: 0 điểm")
    assert reading is not None and reading.doubts == ("lời văn không nói dưới 3 được mấy điểm; đọc là 0 điểm",)
    reading = read("Loại A: 10 điểm; loại B: 5 điểm")
    assert reading is not None and "trường hợp còn lại" in reading.doubts[0]


@given(st.text(max_size=200), st.integers(1, 40))
def test_any_text_is_read_or_left(wording: str, maximum: int) -> None:
    reading = recognise(wording, Fraction(maximum))
    assert reading is None or reading.rule


USUAL = [
    *"x;:,.-%=()≥",
    "a/b",
    "điểm",
    "tối đa",
    "10",
    "5",
    "từ",
    "đến",
    "dưới",
    "có",
    "không",
    "mỗi",
    "là",
    "\n",
    "cuộc",
]


@given(st.lists(st.sampled_from(USUAL), max_size=60))
def test_any_heap_of_the_usual_words_is_read_or_left(words: list[str]) -> None:
    reading = recognise(" ".join(words), Fraction(10))
    assert reading is None or reading.rule
