"""A rule that was read out of a wording gives each figure the points that the wording gives, when it is scored."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction

from annexes import as_csv, drafted, read
from hypothesis import given, settings
from hypothesis import strategies as st

from ictindex import read_table, score
from ictindex.documents.grammar import write_number

HEAD = ("TT", "Tiêu chí", "Điểm tối đa", "Cách tính điểm")
FIRST = 40
"""What each unit is given in the row beside the one under test, of the 50 points that it has."""

FEW = settings(max_examples=25)
halves = st.integers(1, 40).map(lambda one: Fraction(one, 2))


def typed(number: Fraction) -> str:
    """Return a number as a decision prints it."""
    return write_number(number).replace(".", ",")


def earned(points: str, wording: str, columns: Sequence[str], figures: Sequence[Sequence[object]]) -> list[Fraction]:
    """Return what units earn with a wording, to the published digits, as it moves the total of all rows."""
    rows = [HEAD, ("1", "Một", "50", "Chấm theo hồ sơ"), ("2", "Hai", points, wording)]
    made, scheme = drafted(read(as_csv(rows)))
    assert made.recognised == 2 and made.checked == (), wording
    lines = [("unit", "1", *columns), *((f"u{place}", FIRST, *one) for place, one in enumerate(figures))]
    result = score(scheme, read_table(io.BytesIO(as_csv(lines)), scheme=scheme, format="csv"))
    return [Fraction(text or "nothing") - FIRST for text in result.published("total")]


def rounded(points: Fraction) -> Fraction:
    """Return points as they are published: two digits, half up."""
    return Fraction(int(points * 100 + Fraction(1, 2)), 100)


@FEW
@given(st.sets(st.integers(1, 30), min_size=1, max_size=4), st.sets(halves, min_size=4, max_size=4))
def test_lateness_of_so_many_days(days: set[int], points: set[Fraction]) -> None:
    table = list(zip(sorted(days), sorted(points, reverse=True), strict=False))
    said = [f"không quá {day} ngày: {typed(worth)} điểm" for day, worth in table]
    wording = f"Chậm {'; '.join(said)}; quá {table[-1][0]} ngày: 0 điểm"
    late = sorted({0, *(day + one for day in days for one in (-1, 0, 1))})
    meant = [next((worth for day, worth in table if one <= day), Fraction(0)) for one in late]
    assert earned(typed(table[0][1]), wording, ("2",), [(one,) for one in late]) == meant


@FEW
@given(st.sets(st.integers(1, 99), min_size=1, max_size=4), st.sets(halves, min_size=4, max_size=4), st.booleans())
def test_percents_of_a_share_that_is_named(marks: set[int], points: set[Fraction], break_line: bool) -> None:
    table = list(zip(sorted(marks, reverse=True), sorted(points, reverse=True), strict=False))
    tops = ["trở lên", *(f"đến dưới {mark}%" for mark, _ in table)]
    said = [f"từ {mark}% {top}: {typed(worth)} điểm" for (mark, worth), top in zip(table, tops, strict=False)]
    wording = f"Tỷ lệ thôn có tổ:{chr(10) if break_line else ' '}{'; '.join(said)}; dưới {table[-1][0]}%: 0 điểm"
    shares = sorted({0, 100, *(mark + one for mark in marks for one in (-1, 0, 1))})
    meant = [next((worth for mark, worth in table if one >= mark), Fraction(0)) for one in shares]
    assert earned(typed(table[0][1]), wording, ("2",), [(one,) for one in shares]) == meant


@FEW
@given(st.lists(halves, min_size=2, max_size=6), st.sampled_from(("Mức", "Cấp độ", "Đạt mức độ", "loại")))
def test_levels(points: list[Fraction], word: str) -> None:
    wording = "; ".join(f"{word} {level}: {typed(worth)} điểm" for level, worth in enumerate(points, 1))
    made = [(level,) for level in range(1, len(points) + 1)]
    assert earned(typed(max(points)), wording, ("2",), made) == points


@FEW
@given(st.integers(1, 100), halves, st.lists(st.tuples(st.integers(0, 30), st.integers(1, 20)), min_size=1))
def test_a_ratio_with_a_floor(floor: int, points: Fraction, figures: list[tuple[int, int]]) -> None:
    wording = f"Tỷ lệ a/b x {typed(points)}; a: số hồ sơ trực tuyến; b: tổng số hồ sơ; dưới {floor}% không tính điểm"
    shares = [min(Fraction(a, b), Fraction(1)) for a, b in figures]
    meant = [rounded(share * points) if share * 100 >= floor else Fraction(0) for share in shares]
    assert earned(typed(points), wording, ("2.a", "2.b"), figures) == meant


@FEW
@given(st.integers(1, 40), halves, st.sampled_from(("b", "words")))
def test_a_denominator_that_is_fixed(whole: int, points: Fraction, way: str) -> None:
    wording = f"a/b x điểm tối đa; a: số văn bản đã ký; b: số văn bản phải ký ({whole} văn bản)"
    wording = wording if way == "b" else f"Số văn bản đã ký/{whole} văn bản x {typed(points)} điểm"
    figures = [(signed,) for signed in (0, 1, whole // 2, whole, whole + 1)]
    meant = [rounded(min(Fraction(signed, whole), Fraction(1)) * points) for (signed,) in figures]
    assert earned(typed(points), wording, ("2.a",), figures) == meant


@FEW
@given(st.integers(1, 20), st.integers(1, 10), st.lists(st.integers(0, 30), min_size=1), st.booleans())
def test_points_that_are_added_or_taken(most: int, one: int, counts: list[int], added: bool) -> None:
    each = min(Fraction(one, 2), Fraction(most))
    does = "được cộng" if added else "bị trừ"
    wording = f"Mỗi lần {does} {typed(each)} điểm, {does.split()[1]} tối đa {most} điểm"
    gained = [min(count * each, Fraction(most)) for count in counts]
    meant = [min(points, Fraction(50 - FIRST)) if added else -points for points in gained]
    points = f"{'cộng' if added else 'trừ'} {most}"
    assert earned(points, wording, ("2",), [(count,) for count in counts]) == meant


@FEW
@given(st.lists(st.integers(0, 10_000), min_size=1))
def test_what_is_only_counted_moves_nothing(figures: list[int]) -> None:
    assert set(earned("0", "Thống kê, không tính điểm", ("2",), [(one,) for one in figures])) == {Fraction(0)}
