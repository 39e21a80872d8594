"""What a form holds: the cells to fill in, what they take, and what stands beside them."""

from __future__ import annotations

import io
import subprocess
import sys
from fractions import Fraction as Q
from typing import Any

import openpyxl
import pytest
from acme.ictindex_acme.sigmoid import Sigmoid
from attrs import evolve
from filled import calculation_of, fill, form_of, order_of, record_in
from made import value
from test_schemes import IDS

from ictindex import Scheme, compile_scheme
from ictindex.compiling import compile_scheme as compile_made
from ictindex.errors import WrongUse
from ictindex.forms.lines import lines_of
from ictindex.forms.making import height
from ictindex.forms.numbers import lowered, number, printed, raised
from ictindex.forms.record import SHEET, FormUnit, read_record
from ictindex.forms.requests import ordered
from ictindex.model import Group, Input, InputKind, Publication, Rule
from ictindex.plugins import vocabulary
from ictindex.units.lists import Unit, UnitList

COMMUNE, DEPARTMENT, DISTRICT = "btttt-2392/2017-commune", "dak-lak-366/2018-department", "dong-thap-1397/2022-district"


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def lines(book: Any, sheet: str = "Số liệu") -> dict[str, Any]:
    """Return the rows of a sheet by the code that stands before them."""
    return {str(row[0].value): row for row in book[sheet].iter_rows(min_row=5) if row[0].value}


def validations(book: Any, sheet: str = "Số liệu") -> dict[str, Any]:
    return {str(one.sqref): one for one in book[sheet].data_validations.dataValidation}


@pytest.mark.parametrize("name", IDS)
def test_every_input_has_one_line_and_one_cell(name: str) -> None:
    plan = compile_scheme(name)
    content = form_of(plan)
    record, shown = record_in(content), lines(opened(content))
    keys = [key for unit, key in record.cells if unit == 0]
    for given in plan.scheme.inputs:
        assert keys.count(given.code) == 1
        spot = record.cells[0, given.code]
        assert spot.sheet == "Số liệu" and shown[given.code][0].row == spot.row
    in_order = [row.code for row in plan.scheme.rows() if row.code in shown]
    assert [code for code in shown if code in in_order] == in_order  # as the annex has them


@pytest.mark.parametrize("name", IDS)
def test_only_what_is_filled_in_is_unlocked_and_nothing_has_a_password(name: str) -> None:
    plan = compile_scheme(name)
    content = form_of(plan)
    book, record = opened(content), record_in(content)
    open_cells = {
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert open_cells == {(spot.sheet, spot.address) for spot in record.cells.values()}
    for sheet in book:
        assert sheet.protection.sheet and not sheet.protection.password
    assert {sheet.title for sheet in book if sheet.sheet_state != "visible"} == {"_points", "_lists", SHEET}


def test_the_same_order_gives_the_same_bytes() -> None:
    plan = compile_scheme(DEPARTMENT)
    units = (FormUnit("01", "Sở A"), FormUnit("02", "Sở B"))
    for more in ({}, {"unit": units[0]}, {"units": units}, {"units": units, "many": True}):
        assert form_of(plan, **more) == form_of(plan, **more)


def test_the_hidden_sheet_says_of_which_scheme_the_form_is() -> None:
    plan = compile_scheme("ict-index/2017-province", variant="z-score")
    about = record_in(form_of(plan)).about
    assert about["scheme"] == "ict-index/2017-province" and about["variant"] == "z-score"
    assert about["sha256"] == plan.scheme.sha256 and about["overlay"] == "" and about["revision"] == "1"
    assert read_record([["another sheet"]]) is None and read_record([]) is None
    assert read_record([["ictindex form", "1"], ["cell", "0", "x", "s", "no address"]]) is None


def test_rules_marks_and_the_notice_stand_on_the_form() -> None:
    book = opened(form_of(compile_scheme(COMMUNE)))
    shown = lines(book)
    assert shown["A.1.1"][3].value.startswith("[số máy tính / Tổng số cán bộ, công chức của xã × 10]")
    assert shown["A.1.1"][7].value.startswith("[10] (") and shown["cb"][2].value == "người"
    first = [row[0].value for row in book["Đơn vị"].iter_rows()]
    assert any(str(text).startswith("! tạm thời: ") for text in first)
    assert any("Chỉ điền các ô màu vàng" in str(text) for text in first)
    reasons = [(row[0].value, row[1].value) for row in book["Căn cứ"].iter_rows()]
    assert any(label == "(2)" and text.startswith("giả định: như Huế 2020") for label, text in reasons)


def test_each_kind_of_cell_says_what_it_takes() -> None:
    content = form_of(compile_scheme(DISTRICT))
    book, record = opened(content), record_in(content)
    found, lists = validations(book), book["_lists"]

    def at(key: str) -> Any:
        return found[record.cells[0, key].address]

    choice = at("1.1")
    options = [cell.value for (cell,) in lists[choice.formula1.split("!")[1].replace("$", "")]]
    assert choice.type == "list" and options[0] == "a Trưởng ban là Bí thư hoặc Chủ tịch" and len(options) == 3
    assert choice.prompt.startswith("Chọn một dòng trong danh sách.") and choice.error
    assert at("1.4").formula1.replace(" ", "") == "IF(ISNUMBER(E10),AND(E10>=0,E10<=30),FALSE)".replace(
        "E10", record.cells[0, "1.4"].address
    )
    assert "Con số từ 0 đến 30." in at("1.4").prompt and "để trống" in at("1.4").prompt
    for part in ("number", "date", "title", "link"):
        assert (0, f"1.1@{part}") in record.cells
    assert "Tài liệu kiểm chứng cần nộp: Số hiệu, tên, ngày, trích yếu văn bản" in lines(book)["1.1"][3].value


def test_what_does_not_apply_can_be_entered_where_the_scheme_takes_it() -> None:
    content = form_of(compile_scheme(COMMUNE))
    book, record = opened(content), record_in(content)
    found, lists = validations(book), book["_lists"]
    number_cell, choice = (found[record.cells[0, key].address] for key in ("A.1.1.a", "B.1.1"))
    assert "LOWER(TRIM(E" in number_cell.formula1 and '"không áp dụng"' in number_cell.formula1
    assert "n/a" in number_cell.prompt
    options = [cell.value for (cell,) in lists[choice.formula1.split("!")[1].replace("$", "")]]
    assert options[-1] == "không áp dụng"
    strict = form_of(compile_scheme(DISTRICT))
    assert all("n/a" not in one.prompt for one in validations(opened(strict)).values())


def test_points_that_are_not_assessed_have_a_cell_where_they_are_converted_back() -> None:
    record = record_in(form_of(compile_scheme("hue-1784/2020-district")))
    assert {"A", "A.excluded", "B", "B.excluded"} <= {key for _, key in record.cells}
    assert not any(key.endswith(".excluded") for _, key in record_in(form_of(compile_scheme(DISTRICT))).cells)


def test_a_row_with_levels_has_a_column_for_them() -> None:
    """Also where the row is filled in itself, as the totals of Hue are."""
    shown = lines(opened(form_of(compile_scheme("hue-1784/2020-district"))))
    assert [shown[code][6].data_type for code in ("A", "B", "A.excluded")] == ["f", "f", "n"]
    header = [cell.value for cell in opened(form_of(compile_scheme(DISTRICT)))["Số liệu"][4]]
    assert "Điểm" in header and "Xếp loại" not in header


def test_rows_that_compare_units_have_no_formula_and_say_so() -> None:
    plan = compile_scheme(DEPARTMENT)
    shown = lines(opened(form_of(plan)))
    told = calculation_of(plan).told
    assert shown["1.1"][5].data_type == "f" and "1.3" not in told and "1" not in told and "total" not in told
    assert shown["1.3"][5].value == shown["1"][5].value == "chưa biết (*)"
    notes = [row[0].value for row in opened(form_of(plan))["Số liệu"].iter_rows(max_row=4)]
    assert any("khi mọi đơn vị đã báo cáo" in str(text) for text in notes)


def test_a_text_never_becomes_a_formula() -> None:
    leaf = evolve(value("1", 10), name='=HYPERLINK("http://x")')
    given = Input(code="1", name="@SUM(1)", kind=InputKind.AMOUNT, owner="1", low=Q(0), high=Q(10))
    root = Group(code="total", name="+1", max=Q(10), children=(leaf,))
    scheme = Scheme(id="made/2024-unit", title="=1+1", unit="unit", edition=2024, root=root, inputs=(given,))
    book = opened(form_of(compile_made(scheme, vocabulary()), unit=FormUnit("=2+2", "-x")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" and str(cell.value).startswith(("=HYPER", "=1+1", "=2+2")) for cell in cells)
    assert {'=HYPERLINK("http://x")\n→ @SUM(1)', "=1+1", "=2+2"} <= {cell.value for cell in cells if cell.value}


def test_a_form_in_english_has_the_english_names() -> None:
    content = form_of(compile_scheme(COMMUNE), language="en")
    book = opened(content)
    assert book.sheetnames[:3] == ["Unit", "Figures", "Sources"]
    shown = lines(book, "Figures")
    assert shown["A"][1].value == "Readiness" and shown["A.1.1"][1].value == "Tỷ lệ cán bộ, công chức có máy tính"
    assert record_in(content).about["language"] == "en"


def test_a_form_for_one_unit_has_it_filled_in_and_one_for_a_list_offers_it() -> None:
    plan, units = (
        compile_scheme(COMMUNE),
        (FormUnit("00004", "Phường Phúc Xá", "Ba Đình"), FormUnit("00007", "Xã Cổ Bi")),
    )
    one = form_of(plan, unit=units[0])
    texts = {row[0].value: row[1].value for row in opened(one)["Đơn vị"].iter_rows() if row[0].value}
    assert texts["Mã đơn vị"] == "00004" and texts["Tên đơn vị"] == "Phường Phúc Xá" and texts["Huyện"] == "Ba Đình"
    assert not any(key in ("@unit", "@name", "@pool", "@chosen") for _, key in record_in(one).cells)
    chosen = form_of(plan, units=units)
    record = record_in(chosen)
    assert (0, "@chosen") in record.cells and [unit.label for unit in record.listed] == [
        "00004 Phường Phúc Xá",
        "00007 Xã Cổ Bi",
    ]
    (found,) = (one for one in validations(opened(chosen), "Đơn vị").values() if one.type == "list")
    offered = opened(chosen)["_lists"][found.formula1.split("!")[1].replace("$", "")]
    assert [cell.value for (cell,) in offered] == ["00004 Phường Phúc Xá", "00007 Xã Cổ Bi"]


def test_a_form_for_many_has_a_column_a_unit() -> None:
    plan, units = compile_scheme(DEPARTMENT), (FormUnit("a", "Sở A"), FormUnit("b", "Sở B"))
    content = form_of(plan, units=units, many=True)
    record = record_in(content)
    assert record.many and record.cells[0, "cb"].row == record.cells[1, "cb"].row
    assert record.cells[0, "cb"].letters != record.cells[1, "cb"].letters
    evidence = opened(content)["Tài liệu kiểm chứng"]
    rows = [(row[0].value, row[2].value) for row in evidence.iter_rows(min_row=2)]
    asked = [line.code for line in lines_of(plan, order_of(plan).annex) if line.asked]
    assert rows == [(unit.code, code) for unit in units for code in asked]


def test_wishes_that_do_not_go_together_are_refused() -> None:
    plan, roster = compile_scheme(COMMUNE), UnitList((Unit(code="1", name="Xã A"),)).on()
    more = {"language": "vi"}
    for wrong, code in (
        ({"unit": FormUnit("1"), "roster": roster}, "U185"),
        ({"many": True}, "U185"),
        ({"unit": FormUnit(" ")}, "U185"),
        ({"roster": UnitList(()).on()}, "U186"),
        ({"roster": UnitList(tuple(Unit(code=f"{at}") for at in range(201))).on(), "many": True}, "U187"),
    ):
        with pytest.raises(WrongUse) as caught:
            ordered(plan, vocabulary(), **more, **wrong)
        assert caught.value.problems[0].code == code


@pytest.mark.parametrize("name", IDS)
def test_a_form_keeps_within_what_excel_takes(name: str) -> None:
    """A workbook beyond these limits opens with an error, or not at all."""
    plan = compile_scheme(name)
    for more in ({}, {"units": (FormUnit("1", "A"), FormUnit("2", "B")), "many": True}):
        book = opened(form_of(plan, **more))
        for sheet in book:
            assert len(sheet.title) <= 31
            for one in sheet.data_validations.dataValidation:
                assert len(one.formula1) <= 255 and len(one.prompt or "") <= 255 and len(one.error or "") <= 255
                assert len(one.promptTitle or "") <= 32 and len(one.errorTitle or "") <= 32
            for cells in sheet.conditional_formatting:
                assert all("!" not in formula for rule in cells.rules for formula in rule.formula)
            formulas = [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
            assert all(len(formula) <= 8192 for formula in formulas)
            assert all(
                _depth(formula) <= 64 and max(map(len, formula.split('"')[1::2]), default=0) <= 255
                for formula in formulas
            )


def _depth(formula: str) -> int:
    """Return how deep the brackets of a formula go."""
    deepest = depth = 0
    for sign in formula:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest


def test_an_input_may_be_called_like_what_a_unit_says_of_itself() -> None:
    leaf = evolve(value("date", 10), name="ngày", inputs=("date",))
    given = Input(code="date", name="số ngày", kind=InputKind.AMOUNT, owner="date", low=Q(0), high=Q(10))
    root = Group(code="total", name="Tổng", max=Q(10), children=(leaf,))
    scheme = Scheme(id="made/2024-unit", title="Thử", unit="unit", edition=2024, root=root, inputs=(given,))
    record = record_in(form_of(compile_made(scheme, vocabulary())))
    assert record.cells[0, "date"].sheet == "Số liệu" and record.cells[0, "@date"].sheet == "Đơn vị"


def test_the_rule_of_a_package_is_told_as_known_later() -> None:
    """The formulas know the built-in rules only: a row that they do not know shows no points, never wrong ones."""
    known = vocabulary()
    scales = known.normalizations.adding_things("ictindex-acme", {"acme.sigmoid": Sigmoid})
    leaf = evolve(value("1", 10), scale=Rule("acme.sigmoid", (("middle", Q(12)),)))
    given = Input(code="1", name="số giờ", kind=InputKind.AMOUNT, owner="1")
    root = Group(code="total", name="Tổng", max=Q(10), children=(leaf,))
    scheme = Scheme(id="made/2024-unit", title="Thử", unit="unit", edition=2024, root=root, inputs=(given,))
    plan = compile_made(scheme, evolve(known, normalizations=scales))
    assert not calculation_of(plan).told
    shown = lines(opened(form_of(plan)))
    assert shown["1"][5].value == "chưa biết (*)" and (0, "1") in record_in(form_of(plan)).cells


def test_what_a_spreadsheet_cannot_nest_is_told_as_known_later() -> None:
    def plan(steps: int) -> Any:
        table = tuple((Q(steps - at), Q(steps - at, 10)) for at in range(steps))
        leaf = evolve(value("1", 10), scale=Rule("steps", (("table", table),)))
        given = Input(code="1", name="số", kind=InputKind.AMOUNT, owner="1")
        root = Group(code="total", name="Tổng", max=Q(10), children=(leaf,))
        scheme = Scheme(id="made/2024-unit", title="Thử", unit="unit", edition=2024, root=root, inputs=(given,))
        return compile_made(scheme, vocabulary())

    assert calculation_of(plan(50)).told == {"1", "total"} and not calculation_of(plan(51)).told
    cells = [cell.value for row in opened(form_of(plan(50)))["_points"].iter_rows() for cell in row]
    assert max(_depth(str(cell)) for cell in cells) <= 64


def test_numbers_in_formulas_keep_what_was_meant() -> None:
    assert [number(one) for one in (Q(20), Q(1, 2), Q(1, 3), Q(-1, 4))] == ["20", "0.5", "(1/3)", "(-0.25)"]
    assert float(number(Q("0.1234567890123456789"))) == pytest.approx(0.1234567890123456789, abs=1e-17)
    assert lowered(Q(9, 10), plain=True) == "0.9" and 0.9 - 1e-13 < float(lowered(Q(9, 10), plain=False)) < 0.9
    assert 0.9 < float(raised(Q(9, 10), plain=False)) < 0.9 + 1e-13 and lowered(Q(0), plain=False) == "0"
    row = value("1", 20, publish=Publication("index", 4, "cut"))
    assert printed("P", row) == "INT(P*500+1E-9)/10000"
    assert printed("P", value("1", 20, publish=Publication("points", 0))) == "INT(P*1+0.5+1E-9)"


def test_without_xlsxwriter_one_line_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['xlsxwriter'] = None\n"
        "from ictindex.cli import main\n"
        f"sys.exit(main(['form', '{COMMUNE}', '-o', 'never.xlsx']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stderr.strip().endswith('(pip install "ictindex[excel]")')
    assert "U123 to write Excel workbooks, xlsxwriter must be installed" in done.stderr


def test_filling_leaves_the_record_alone() -> None:
    content = form_of(compile_scheme(COMMUNE))
    assert record_in(fill(content, {"cb": 3})) == record_in(content)


def test_every_row_is_as_high_as_the_words_in_it() -> None:
    """No program grows the rows of a protected sheet: a line too few is printed over the next row."""
    units = (FormUnit("1", "Huyện A"), FormUnit("2", "Ban Quản lý khu công nghệ cao và các khu công nghiệp"))
    for content in (form_of(compile_scheme(DISTRICT)), form_of(compile_scheme(DISTRICT), units=units, many=True)):
        book = opened(content)
        for sheet in (
            one for one in book.worksheets if one.title in ("Căn cứ", "Số liệu", "Điểm", "Tài liệu kiểm chứng")
        ):
            for row in sheet.iter_rows(min_row=3):
                for cell in row:
                    if cell.data_type != "s" or not cell.alignment.wrap_text:
                        continue
                    room = sheet.column_dimensions[cell.column_letter].width * 1.25
                    lines = sum(max(1, -(-len(one) // int(room))) for one in cell.value.split("\n"))
                    high = sheet.row_dimensions[cell.row].height or 15
                    assert high >= 13.5 * lines, (sheet.title, cell.coordinate, high, lines)


def test_a_row_is_high_enough_for_words_that_do_not_break() -> None:
    address = "https://example.vn/" + "a" * 60
    assert height("Trang của tỉnh, " + address, 80) == height("a\nb", 80)
    assert height(address * 3, 80) == height("a\nb\nc", 80) and height("a\n" * 100, 80) == 409


def test_the_foot_of_a_form_is_in_its_language() -> None:
    for language, words in ("vi", "lần sửa đổi 1"), ("en", "rev. 1"):
        book = opened(form_of(compile_scheme(DISTRICT), language=language))
        assert all(words in sheet.oddFooter.left.text for sheet in book.worksheets[:3])
