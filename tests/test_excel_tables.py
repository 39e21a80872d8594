"""Tables in workbooks: every way in which a sheet may say something else than it seems to."""

from __future__ import annotations

import datetime as dt
import io
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tabled import GOOD, HEADER, SCHEME
from workbooks import LINE, changed, good, problems, read, table, told, workbook, wrong

from ictindex import api
from ictindex.assembling import ReadOptions
from ictindex.cells import CellState
from ictindex.errors import IctIndexError, Severity, TableInvalid, UnknownName, WrongUse
from ictindex.formats.excel.format import ExcelFormat
from ictindex.headers import Columns
from ictindex.model import Group, InputKind, Pools
from ictindex.table import Table

POOLED = evolve(SCHEME, pools=Pools("huyện"))


def value(made: Table, code: str, unit: int = 0) -> float:
    return float(made.columns[code].values[unit])


def doubts(made: Table) -> list[str]:
    assert {one.severity for one in made.doubts} <= {Severity.WARNING}
    return told(made.doubts)


def test_a_table_is_read_with_the_place_of_every_cell() -> None:
    made = table(*good())
    assert made.units == ("hue",) and made.doubts == ()
    assert [value(made, code) for code in HEADER[1:]] == [4, 12.5, 20, 1, 2, 1, 6.25]
    assert str(made.origin.at(0, "cb")) == "t.xlsx:Bảng!D2 [cb]"


def test_the_same_figures_typed_into_csv_are_the_same_table() -> None:
    text = ",".join(HEADER) + "\n" + ",".join(GOOD) + "\n"
    assert table(*good()) == ExcelFormat().read(io.BytesIO(workbook(*good())), SCHEME)
    from ictindex.formats.csv import CsvFormat

    assert table(*good()) == CsvFormat().read(io.StringIO(text), SCHEME)


def test_a_number_is_what_was_typed_and_not_the_float_behind_it() -> None:
    made = table(*good(C=0.1 + 0.2))
    assert value(made, "1.2.a") == 0.3 and made.columns["1.2.a"].decimals == 1


def test_everything_that_is_wrong_is_told_at_once_with_its_address() -> None:
    found = problems(*good(B=dt.date(2025, 3, 5), C="#REF!", D="=SUM(A1:A3)", E="có lẽ", F=9, H=None, G="a"))
    assert told(found) == ["T074 B2", "T072 C2", "T073 D2", "T048 E2", "T047 F2"]
    assert {one.where.source for one in found} == {"t.xlsx"} and {one.where.sheet for one in found} == {"Bảng"}


def test_a_date_that_excel_made_of_a_figure_is_refused_and_says_what_was_typed() -> None:
    (found,) = problems(*good(C=dt.date(2025, 3, 5)))
    assert "the date 2025-03-05" in found.message and "5/3, 5-3 or 5.3" in found.message
    (found,) = problems(*good(C=dt.time(1, 30)))
    assert found.code == "T074" and "the time 01:30:00" in found.message


def test_an_error_is_refused_in_every_column_but_those_of_remarks() -> None:
    header = [*HEADER, "name", "1.1.evidence", "# ghi chú"]
    found = problems(header, ["#REF!", *LINE[1:], "=A1", "#N/A", "#N/A"])
    assert told(found) == ["T072 A2", "T073 I2", "T072 J2"]
    assert table(header, [*LINE, "Huế", "Quyết định 1", "#N/A"]).units == ("hue",)


def test_a_heading_that_is_no_text_is_told_by_its_address() -> None:
    found = told(problems([*HEADER, dt.date(2025, 2, 1), "#REF!"], [*LINE, 1, 1]))
    assert {"T074 I1", "T072 J1"} <= {*found}


def test_a_date_is_a_text_where_texts_are_asked() -> None:
    made = table([*HEADER, "name"], [*LINE, dt.date(2025, 3, 5)])
    assert made.names == ("2025-03-05",)


@pytest.mark.parametrize(("cell", "yes"), [(True, 1.0), (False, 0.0), (1, 1.0), (0, 0.0), ("có", 1.0), ("Chưa", 0.0)])
def test_booleans_and_words_are_yes_and_no(cell: Any, yes: float) -> None:
    assert value(table(*good(E=cell)), "1.3") == yes


def test_a_percent_is_taken_as_a_typed_percent() -> None:
    # Group 2 publishes a percent, group 1 an index: the scheme says what 85% is there. Nothing says it of `cb`.
    header, line = [*HEADER[:1], "1", "2", "3"], ["hue", 0.855, 0.855, 1]
    made = table(header, line, formats={"B2": "0.0%", "C2": "0.0%"})
    rules = Columns(SCHEME)
    assert [rules.figure(code).rule.percent for code in ("1", "2")] == ["share", "percent"]  # type: ignore[union-attr]
    assert value(made, "1.score") == 0.855 and value(made, "2.score") == 85.5
    (found,) = problems(*good(D=0.85), formats={"D2": "0%"})
    assert found.code == "T042" and "'85%'" in found.message


def test_a_number_typed_as_text_follows_the_decimals_of_the_texts() -> None:
    assert value(table(*good(C="1,5")), "1.2.a") == 1.5
    assert value(table(HEADER, LINE, ["da-nang", 4, "1,5", *LINE[3:]]), "1.2.a", 1) == 1.5
    (found,) = problems(*good(C="1,234"))
    assert found.code == "T052" and found.where.address == "C2"
    assert value(table(*good(C="1,234"), options=ReadOptions(decimal="comma")), "1.2.a") == 1.234


def test_missing_and_not_applicable() -> None:
    made = table(HEADER, LINE, ["da-nang", None, "n/a", "  ", *LINE[4:]])
    states = [made.columns[code].states for code in ("1.1", "1.2.a", "cb")]
    found = [CellState(int(one[1])) for one in states if one is not None]
    assert found == [CellState.MISSING, CellState.NOT_APPLICABLE, CellState.MISSING]


def test_vietnamese_text_is_composed_and_blanks_around_it_go() -> None:
    made = table(["unit", *HEADER[1:]], ["  Hoà\u0300  Bi\u0300nh ".replace("\u0300", "", 1), *LINE[1:]])
    assert made.units == ("Hoà Bình",)


def test_a_cell_longer_than_a_cell_may_be_is_refused() -> None:
    data = changed(workbook(*good(A="XXX")), sheet1=lambda text: text.replace("XXX", "x" * 32_768))
    assert told(wrong(data)) == ["T050 A2"]


def test_codes_typed_as_numbers_have_no_point() -> None:
    assert table(*good(A=70)).units == ("70",)


def test_codes_keep_the_width_that_their_format_shows() -> None:
    made = table(HEADER, [4, *LINE[1:]], [70, *LINE[1:]], formats={"A2": "00000", "A3": "00000"})
    assert made.units == ("00004", "00070") and made.doubts == ()


def test_codes_get_the_width_of_the_other_codes_and_that_is_told() -> None:
    made = table(HEADER, ["00004", *LINE[1:]], [70, *LINE[1:]], [12345, *LINE[1:]])
    assert made.units == ("00004", "00070", "12345")
    assert doubts(made) == ["T078 A3"] and "70 as 00070" in made.doubts[0].message


def test_codes_whose_width_nothing_shows_are_left_as_they_are_and_told() -> None:
    made = table(HEADER, ["004", *LINE[1:]], ["00005", *LINE[1:]], [70, *LINE[1:]])
    assert made.units == ("004", "00005", "70") and doubts(made) == ["T078 A4"]
    assert [one.code for one in table(HEADER, [4, *LINE[1:]], [70, *LINE[1:]]).doubts] == ["T085"]


def test_a_heading_that_is_a_number_means_the_code_that_it_can_be() -> None:
    header = ["unit", 1.1, "1.2.a", "cb", 1.3, 2.1, 2.2, 2.3]
    assert table(header, LINE) == table(*good())
    group = SCHEME.root.children[0]
    assert isinstance(group, Group)
    twin = evolve(group.children[0], code="1.10", name="Mười", inputs=("1.10",))
    both = evolve(group, children=(*group.children, twin))
    given = evolve(SCHEME.inputs[0], code="1.10", name="Mười", owner="1.10")
    scheme = evolve(
        SCHEME,
        root=evolve(SCHEME.root, children=(both, *SCHEME.root.children[1:])),
        inputs=(*SCHEME.inputs, given),
    )
    found = wrong(workbook([*HEADER, 1.1], [*LINE, 5]), scheme)
    assert "T078 I1" in told(found) and "may be 1.1, 1.10" in str(found[0].message)


def test_titles_above_the_column_names_are_passed_over_and_told_and_notes_are_kept() -> None:
    made = table(["BẢNG SỐ LIỆU"], ["Đơn vị tính: máy"], ["# giả định", "hết"], [], *good())
    assert made.units == ("hue",) and made.notes == ("giả định, hết",)
    assert doubts(made) == ["T079 1"] and "2 lines" in made.doubts[0].message and "BẢNG" in made.doubts[0].message


def test_without_a_column_of_units_no_line_is_passed_over() -> None:
    found = problems(["BẢNG SỐ LIỆU", "x"], ["a", "b"], [1, 2])
    assert {one.where.line for one in found if one.code == "T021"} == {1}


def test_a_table_may_begin_anywhere_on_the_sheet() -> None:
    made = table([], [], [None, None, *HEADER], [None, None, *LINE])
    assert made.units == ("hue",) and made.origin.at(0, "1.1").address == "D4"


TWO_LINES = (["unit", "1 Hạ tầng", None, None, None, "2 Ứng dụng", None, None], [None, *HEADER[1:]])


@pytest.mark.parametrize("merged", [["A1:A2", "B1:E1", "F1:H1"], ["B1:E1", "F1:H1"]])
def test_below_groups_the_lowest_name_counts(merged: list[str]) -> None:
    assert table(*TWO_LINES, LINE, merged=merged) == table(*good())


def test_names_that_are_merged_down_beside_a_column_of_units_count() -> None:
    header = [None, "1 Hạ tầng", None, None, None, None, None, "2.3"]
    made = table(header, [*HEADER[:7], None], LINE, merged=["B1:E1", "H1:H2"])
    assert made == table(*good())


@pytest.mark.parametrize("numbers", [range(1, 9), [f"({one})" for one in range(1, 9)], ["A", "B", *range(1, 7)]])
def test_a_line_that_numbers_the_columns_is_no_unit(numbers: Any) -> None:
    made = table(HEADER, list(numbers), LINE)
    assert made.units == ("hue",) and doubts(made) == ["T079 2"]


@pytest.mark.parametrize(
    "word", ["Tổng cộng", "CỘNG:", "Trung bình", "Total", "Toàn tỉnh", "Cộng huyện A Lưới", "Tổng các xã"]
)
def test_a_line_of_totals_is_refused_and_never_scored(word: str) -> None:
    assert told(problems(*good(), [word, *LINE[1:]])) == ["T076 A3"]
    assert told(problems([*HEADER, "# ghi chú"], [*LINE, None], [None, *LINE[1:], word])) == ["T076 A3"]


@pytest.mark.parametrize("name", ["Tổng Công ty", "Xã Trung Bình", "Xã Cộng Hoà", "Trung Bình"])
def test_a_unit_whose_name_sounds_like_a_total_is_a_unit(name: str) -> None:
    assert table([*HEADER, "name"], [*LINE, name]).names == (name,)


def test_a_line_of_totals_may_have_a_number_in_the_column_of_codes() -> None:
    assert told(problems([*HEADER, "name"], [*LINE, "Huế"], [3, *LINE[1:], "Tổng cộng"])) == ["T076 A3"]


def test_a_level_in_a_remark_is_no_line_of_totals() -> None:
    assert table([*HEADER, "# xếp loại"], [*LINE, "Trung bình"]).units == ("hue",)


def test_a_remark_below_the_table_is_refused() -> None:
    (found,) = problems(*good(), [], ["Người lập biểu"])
    assert told([found]) == ["T076 A4"] and "'Người lập biểu' stands below the table" in found.message


def test_a_unit_that_reported_nothing_is_a_unit() -> None:
    assert table(*good(), ["da-nang"]).units == ("hue", "da-nang")


def test_a_heading_inside_the_table_is_refused() -> None:
    (found,) = problems(HEADER, ["I. Các huyện"], LINE, merged=["A2:H2"])
    assert told([found]) == ["T076 A2"]
    header, line = ["unit", "# ghi chú", *HEADER[1:]], [LINE[0], None, *LINE[1:]]
    assert table(header, line, merged=["A1:B1", "A2:B2"]).units == ("hue",)  # a unit over two columns is no heading


def test_a_pool_that_is_merged_over_its_units_holds_for_each() -> None:
    header = ["huyện", *HEADER]
    made = table(
        header, ["A Lưới", *LINE], [None, "b", *LINE[1:]], ["c", "d", *LINE[1:]], scheme=POOLED, merged=["A2:A3"]
    )
    assert made.pool == ("A Lưới", "A Lưới", "c")


def test_a_figure_that_is_merged_over_units_or_columns_is_nobodys() -> None:
    (found,) = problems(*good(), ["b", None, *LINE[2:]], merged=["B2:B3"])
    assert told([found]) == ["T075 B2"] and "B2:B3" in found.message
    assert told(problems(*good(C=None), merged=["B2:C2"])) == ["T075 B2"]


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    made = table(HEADER, LINE, ["b", *LINE[1:]], hidden=[3, "C"])
    assert made.units == ("hue", "b") and doubts(made) == ["T077 3", "T077 1"]
    assert "C 1.2.a" in made.doubts[1].message


def test_a_cell_beside_the_table_is_told_by_its_address() -> None:
    assert told(problems(*good(), J2=5)) == ["T013 J2"]
    assert table(*good(), J2="  ").units == ("hue",)


def test_a_workbook_that_is_calculated_by_hand_is_doubted_where_it_has_formulas() -> None:
    def by_hand(text: str) -> str:
        return text.replace('fullCalcOnLoad="1"', 'calcMode="manual"')

    def calculated(text: str) -> str:
        return text.replace("<f>1+3</f><v />", "<f>1+3</f><v>4</v>").replace("<f>1+3</f><v></v>", "<f>1+3</f><v>4</v>")

    made = read(changed(workbook(*good(B="=1+3")), workbook=by_hand, sheet1=calculated))
    assert value(made, "1.1") == 4 and [one.code for one in made.doubts] == ["T073"]
    assert read(changed(workbook(*good()), workbook=by_hand)).doubts == ()


def test_an_empty_sheet_and_one_without_units() -> None:
    assert [one.code for one in wrong(workbook())] == ["T010"]
    assert [one.code for one in problems(HEADER)] == ["T011"]


def sheets(**states: str) -> bytes:
    """Return a workbook whose sheets have these names and states; each but `Trống` has the table."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, state in states.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        for row in good() if name != "Trống" else []:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_only_visible_sheet_that_is_not_empty_is_meant() -> None:
    assert read(sheets(Trống="visible", Ẩn="hidden", Số="visible")).origin.sheet == "Số"
    assert read(sheets(Ẩn="veryHidden", Số="visible"), options=ReadOptions(sheet="Ẩn")).origin.sheet == "Ẩn"


def test_of_several_sheets_one_must_be_named() -> None:
    data = sheets(Xã="visible", Huyện="visible")
    with pytest.raises(WrongUse, match="several sheets: 'Xã', 'Huyện'"):
        read(data)
    with pytest.raises(UnknownName, match=r"did you mean 'Huyện'\?; it has: 'Xã', 'Huyện'"):
        read(data, options=ReadOptions(sheet="Huyen"))
    with pytest.raises(WrongUse, match="every sheet of the workbook is hidden"):
        read(changed(sheets(Ẩn="visible"), workbook=lambda text: text.replace('"visible"', '"hidden"')))


@pytest.mark.parametrize("ending", [".xls", ".xlsb", ".ods", ".xlsx"])
def test_files_that_cannot_be_read_are_refused_with_advice(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(TableInvalid) as caught:
        api.read_table(path, scheme="dti-922/2022-province")
    assert caught.value.problems[0].code == "T070" and ".xlsx" in caught.value.problems[0].hint


def test_a_workbook_with_macros_is_read_for_its_values(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsm"
    kind = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    path.write_bytes(changed(workbook(*good()), **{"[Content_Types]": lambda text: text.replace(plain, kind)}))
    assert ExcelFormat().read(path, SCHEME).units == ("hue",)
    with pytest.raises(WrongUse):  # a file of this ending without macros is one that Excel does not open
        api.table_format("a.xlsm")


@pytest.mark.parametrize("package", ["defusedxml", "openpyxl"])
def test_without_a_package_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    data = workbook(*good())
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(WrongUse) as error:
        read(data)
    (problem,) = error.value.problems
    assert problem.message == f"to read Excel workbooks, {package} must be installed"
    assert problem.code == "U123" and problem.hint == 'pip install "ictindex[excel]"'


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(dt.date(1900, 3, 1)),
    st.sampled_from([*HEADER, *GOOD, "#N/A", "=1/0", "1,234", "85%", "Tổng cộng", "#", "n/a", "-", "có", "1e999"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
)
AREAS = st.sampled_from(["A1:B1", "A1:A2", "B2:B3", "C1:D2", "A2:H2", "H1:H9"])
FORMATS = st.sampled_from(["0%", "00000", "dd/mm/yyyy", "General", '0"%"', "[h]:mm"])


@given(
    st.lists(st.lists(CELLS, max_size=9), max_size=4),
    st.booleans(),
    st.dictionaries(st.sampled_from(["A2", "B2", "C2", "A1", "B1"]), FORMATS),
    st.lists(AREAS, max_size=1),
)
def test_whatever_the_cells_are_only_our_own_errors_leave(
    rows: list[list[Any]], headed: bool, formats: dict[str, str], merged: list[str]
) -> None:
    try:
        made = table(*([HEADER] if headed else []), *rows, formats=formats, merged=merged)
    except IctIndexError as error:
        assert error.problems and all(str(problem) and problem.told("vi") for problem in error.problems)
    else:
        assert all(made.units) and len(made.lines) == len(made.units)
        kinds = {one.code: one.kind for one in SCHEME.inputs}
        counts = [made.columns[code].values for code in made.columns if kinds.get(code) is InputKind.COUNT]
        assert all((values[values == values] >= 0).all() for values in counts)
