"""A decision's table becomes a scheme: whole tables as provinces publish them, and nothing of any table is lost."""

from __future__ import annotations

from fractions import Fraction

import pytest
from annexes import ABOUT, FOLDER, HEADINGS, Line, as_csv, drafted, read, tables, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from ictindex.citations import Status
from ictindex.drafting.annex_scheme import scheme_of_annex
from ictindex.drafting.grid import one_line, tidy
from ictindex.drafting.read_back import read_back
from ictindex.errors import AnnexInvalid
from ictindex.model import Group, Indicator

DISTRICT = FOLDER / "huyen-27-tieu-chi.bia-dat.csv"
DEPARTMENT = FOLDER / "so-nganh.bia-dat.csv"
ADDED_AND_TAKEN = FOLDER / "huyen-cong-tru.bia-dat.csv"
COMMUNE = FOLDER / "xa-phuong.bia-dat.txt"


@given(tables(), st.sampled_from(",;\t"), st.permutations(range(len(HEADINGS))))
def test_every_cell_is_found_again_in_the_scheme(lines: list[Line], separator: str, order: list[int]) -> None:
    rows = [HEADINGS, *(line.cells() for line in lines)]
    made, scheme = drafted(read(as_csv([[row[place] for place in order] for row in rows], separator)))
    assert made.checked == ()
    found = read_back(scheme)
    assert [cells.number for cells in found] == [line.number for line in lines]
    for cells, line in zip(found, lines, strict=True):
        assert cells.words == one_line(tidy(line.words))
        assert cells.points == line.points
        assert cells.scoring == tidy(line.scoring)
        said = (cells.evidence, cells.source, cells.agency)
        assert said == (tidy(line.evidence), tidy(line.source), tidy(line.agency))
        assert cells.others == ({"Ghi chú": tidy(line.note)} if tidy(line.note) else {})


@given(st.lists(texts(), min_size=1, max_size=4), texts())
def test_lines_of_title_and_notes_below_the_total_are_kept(titles: list[str], footer: str) -> None:
    rows = [[title] for title in titles]
    rows += [["TT", "Tiêu chí", "Điểm tối đa"], ["1", "Máy tính", "10"], ["", "Tổng cộng", "10"], ["", footer, ""]]
    _, scheme = drafted(read(as_csv(rows)))
    for text in (*titles, footer):
        assert one_line(tidy(text)) in one_line(scheme.notes)
    assert scheme.root.max == 10


@settings(max_examples=25)
@given(tables(), st.sampled_from("\u200b\u0000\u0007\u202e\u00ad\u2060"), st.data())
def test_what_a_scheme_cannot_hold_is_named_by_row_and_column(lines: list[Line], bad: str, data: st.DataObject) -> None:
    rows = [list(line.cells()) for line in lines]
    row, column = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(1, len(HEADINGS) - 1))
    rows[row][column] = f"x{bad}y"
    try:
        read(as_csv([HEADINGS, *rows]))
    except AnnexInvalid as error:
        if bad == "\0":
            assert {problem.code for problem in error.problems} == {"A005"}
            return
        place = f"{HEADINGS[column]}, {'ABCDEFGH'[column]}{row + 2}"
        assert place in {problem.where.cell for problem in error.problems if problem.code == "A011"}
    else:
        raise AssertionError("the character was let through")


def test_a_table_of_27_criteria_is_read_with_its_rules() -> None:
    made, scheme = drafted(read(DISTRICT.read_bytes(), DISTRICT.name))
    assert (made.rows, made.recognised, made.checked, made.problems) == (27, 24, (), ())
    assert scheme.root.max == 100 and [row.code for row in scheme.root.children] == [
        "I",
        "II",
        "III",
        "IV",
        "V",
        "VI",
        "VII",
    ]
    rules = {row.code: (row.measure.name, row.scale.name if row.scale else "") for row in scheme.indicators}
    assert rules["I.1"] == ("choice", "") and rules["I.2"] == ("count", "steps") and rules["I.3"] == ("checks", "")
    assert rules["II.1"] == ("yes-no", "") and rules["II.2"] == ("ratio", "") and rules["II.3"] == ("count", "each")
    assert rules["III.2"] == ("ratio", "steps") and rules["III.3"] == ("value", "steps")
    assert rules["V.2"] == ("count", "steps-down") and rules["VI.3"] == ("ratio", "")
    assessed = [code for code, (measure, _) in rules.items() if measure == "assessed"]
    assert assessed == ["III.5", "IV.4", "V.3", "VI.4"]
    (source,) = scheme.sources
    assert source.title == "Quyết định số 9999/QĐ-UBND của UBND tỉnh" and source.date == "2025-03-05"


def test_its_statuses_say_what_is_typed_what_is_read_and_what_is_assumed() -> None:
    _, scheme = drafted(read(DISTRICT.read_bytes()))
    said = {(one.at, one.key): one.citation.status for one in scheme.statements}
    assert all(status is Status.CITED for (_, key), status in said.items() if key == "max")
    assert said["I.2", "rule"] is said["I.2", "steps.4"] is Status.DERIVED
    assert said["III.5", "rule"] is said["V.3", "rule"] is Status.ASSUMED
    assert said["IV.4", "rule"] is Status.DERIVED  # `Chấm theo hồ sơ` is what the table says
    assert said["II.2", "ratio.if-none"] is said["total", "missing"] is Status.ASSUMED
    assert "XEM LẠI: chưa đọc được cách tính điểm; tạm chấm" in scheme_text(DISTRICT)


def scheme_text(path: object) -> str:
    """Return the text of the scheme of a table."""
    return scheme_of_annex(read(path.read_bytes()), ABOUT, "bang.csv").text  # type: ignore[attr-defined]


def test_two_rows_that_share_a_quantity_read_one_column() -> None:
    _, scheme = drafted(read(DISTRICT.read_bytes()))
    shared = [one.code for one in scheme.inputs if not one.owner]
    assert shared == ["tong-so-can-bo-cong"]
    for code in ("III.1", "IV.2"):
        assert scheme.row(code).inputs[-1] == shared[0]  # type: ignore[attr-defined]
    assert "XEM LẠI: lời văn này có ở các dòng III.1, IV.2." in scheme_text(DISTRICT)


def test_semicolons_two_rows_of_headings_lines_that_go_on_and_decimal_commas() -> None:
    made, scheme = drafted(read(DEPARTMENT.read_bytes()))
    assert (made.rows, made.recognised, made.checked, made.problems) == (10, 9, (), ())
    assert (
        scheme.root.max == 50 and scheme.row("1").max == Fraction("12.5") and scheme.row("2.1").max == Fraction("7.5")
    )
    assert scheme.row("1.2").notes == "Có: 2 điểm\nKhông: 0 điểm"
    assert [row.code for row in scheme.row("2.2").children] == ["2.2.1", "2.2.2"]  # type: ignore[attr-defined]
    assert scheme.title == "Bộ chỉ số để kiểm thử" and "Bộ chỉ số đánh giá chuyển đổi số các sở" in scheme.notes
    assert scheme.sources[0].title == "Quyết định số 8888/QĐ-UBND của Chủ tịch UBND tỉnh"
    back = {cells.code: cells for cells in read_back(scheme)}
    assert back["2.1"].points_text == "Tối đa 7,5" and back["2.1"].agency == "Văn phòng UBND tỉnh"


def test_utf_16_tabs_columns_in_another_order_and_steps_in_rows_of_their_own() -> None:
    made, scheme = drafted(read(COMMUNE.read_bytes()))
    assert made.checked == () and scheme.root.max == 100
    assert [row.code for row in scheme.rows()] == ["total", "A", "A1", "A2", "A3", "A3.1", "A3.2", "B", "B1", "B2"]
    a1, a3 = scheme.row("A1"), scheme.row("A3")
    assert isinstance(a1, Indicator) and a1.scale is not None
    assert a1.scale.get("table") == ((90, 20), (70, 15), (50, 10))
    assert a1.notes.splitlines() == [
        "Từ 90% trở lên: 20",
        "Từ 70% đến dưới 90%: 15",
        "Từ 50% đến dưới 70%: 10",
        "Dưới 50%: 0",
    ]
    assert isinstance(a3, Group) and scheme.row("A").max == 60  # the points stand in the words of its heading
    assert [problem.code for problem in made.problems] == ["A016", "A016"]


def test_points_that_are_added_or_taken_fixed_denominators_levels_and_lateness() -> None:
    made, scheme = drafted(read(ADDED_AND_TAKEN.read_bytes(), ADDED_AND_TAKEN.name))
    assert (made.rows, made.recognised, made.checked, made.problems) == (29, 23, (), ())
    assert scheme.root.max == 300 and scheme.row("5").max == 60
    roles = [(row.code, row.role, row.max) for row in scheme.rows() if row.role != "max"]
    assert roles == [("5.5", "bonus", 5), ("5.6", "deduct", 10)]
    rows = {row.code: row for row in scheme.indicators}
    assert rows["1.3"].inputs == ("1.3.a",)
    assert rows["3.5"].inputs == ("3.5.a",) and rows["5.1"].measure.get("floor") == Fraction(1, 2)
    assert rows["5.2"].measure.get("if_none") == "not-applicable"
    assert rows["3.6"].max == 0 and rows["3.6"].measure.name == "count"
    assert rows["4.2"].scale is not None and rows["4.2"].scale.get("table") == ((100, 10), (80, 8), (50, 5))
    assert rows["2.5"].scale is not None and rows["2.5"].scale.name == "steps-down"
    assert [case.code for case in scheme.input("5.4").cases] == ["1", "2", "3", "4"]
    assert scheme.input("4.4").name == "hội đồng thẩm định"
    assert made.review == 16 and "đọc là số cố định 12" in made.text


@pytest.mark.parametrize("path", [DISTRICT, DEPARTMENT, COMMUNE, ADDED_AND_TAKEN], ids=lambda path: path.name)
def test_every_line_of_a_published_table_is_a_line_of_the_scheme(path: object) -> None:
    table = read(path.read_bytes())  # type: ignore[attr-defined]
    _, scheme = drafted(table)
    kept = one_line(
        " ".join(
            (scheme.notes, *(f"{row.name} {row.notes} {row.data_from} {row.verified_by}" for row in scheme.rows()))
        )
    )
    kept += one_line(" ".join(row.evidence.ask for row in scheme.rows() if row.evidence))
    for line in table.lines:
        for text in (line.words, *line.texts.values(), *line.others.values()):
            assert one_line(text) in kept


def test_a_table_that_does_not_add_up_is_written_with_what_check_says_of_it() -> None:
    rows = [["TT", "Tiêu chí", "Điểm"], ["1", "Hạ tầng", "10"], ["1.1", "Máy tính", "4"], ["1.2", "Mạng", "5"]]
    table = read(as_csv([*rows, ["", "Tổng cộng", "12"]]))
    from ictindex.drafting.new import checked
    from ictindex.plugins import vocabulary

    made = checked(scheme_of_annex(table, ABOUT, "bang.csv"), "moi.yaml", vocabulary())
    told = [problem.message for problem in made.checked]
    assert [problem.code for problem in made.checked] == ["S230", "S230"] and "1.1 Máy tính" in made.text
    assert "add up to 10, 2 too few" in told[0] and "add up to 9, 1 too few" in told[1]
