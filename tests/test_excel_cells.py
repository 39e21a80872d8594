"""Cells of workbooks: typed values with addresses, what Excel hides in them, and files that are no workbook."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import zipfile
from typing import Any

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st
from workbooks import cells_of, changed, sheet_xml, workbook

from ictindex.cells import Unfit
from ictindex.errors import IctIndexError, Problem, TableInvalid, WrongUse
from ictindex.formats.excel.cells import Shown, read_cells
from ictindex.formats.excel.layout import place_of
from ictindex.formats.excel.package import open_workbook
from ictindex.formats.excel.shapes import Shape, digits_15, shape_of, shown_as
from ictindex.origins import column_letters


def refused(data: bytes) -> Problem:
    with pytest.raises(TableInvalid) as caught:
        cells_of(data)
    (problem,) = caught.value.problems
    return problem


def only(data: bytes) -> Any:
    """Return the value of the cell A1."""
    return cells_of(data).at("A1")


def test_cells_are_typed_values_with_addresses() -> None:
    day, moment = dt.date(2025, 3, 5), dt.datetime.fromisoformat("2025-03-05T07:30")
    found = cells_of(workbook((70, 70.5, "Hà Nội", True, day), (None, moment, None, dt.time(7, 30), "")))
    assert [found.at(f"{letter}1") for letter in "ABCDE"] == [70, 70.5, "Hà Nội", True, day]
    assert found.at("B2") == moment and found.at("D2") == dt.time(7, 30)
    assert found.at("A2") is found.at("E2") is found.at("XFD1048576") is None
    assert [(row.line, len(row.cells)) for row in found.rows] == [(1, 5), (2, 4)]


def test_a_number_has_the_15_digits_that_excel_keeps() -> None:
    # Excel itself stores 17 digits of a typed 4.35 and shows what was typed.
    for stored, meant in {"0.30000000000000004": 0.3, "4.3499999999999996": 4.35, "70.0": 70, "7E1": 70}.items():
        value = only(sheet_xml(f'<row r="1"><c r="A1"><v>{stored}</v></c></row>'))
        assert value == meant and type(value) is type(meant)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6))
def test_a_typed_decimal_comes_back_from_the_float_that_excel_stores(typed: Any) -> None:
    assert digits_15(float(f"{float(typed):.17g}")) == float(typed)


def test_a_percent_and_zeros_are_kept_as_they_are_shown() -> None:
    formats = {"A1": "0%", "B1": "0.00%", "C1": "00000", "D1": '0"%"', "E1": "#,##0", "F1": '#,##0 "đ"'}
    found = cells_of(workbook((0.85, 0.12345, 70, 85, 1234, 5), formats=formats)).rows[0].cells
    assert [str(value) for value in found] == ["85%", "12.345%", "00070", "85%", "1234", "5"]
    assert found[0] == Shown("85%", 0.85, Shape("percent")) and found[2] == Shown("00070", 70, Shape("zeros", 5))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *[("0.00", None), ("General", None), ("@", None), ('#,##0 "days"', None), ("[Red]0;[Blue]-0", None)],
        *[
            (r"_-* #,##0\ _₫_-;-* #,##0\ _₫_-", None),
            ("0%", "percent"),
            ("0.0%;-0.0%", "percent"),
            ("#,##0,", "scaled"),
            ("#,##0.0", None),
            (r"0\%", "sign"),
        ],
        *[("000", "zeros"), ("0", None), ("0000.0", None), ('"x"000', "zeros")],
    ],
)
def test_what_a_number_format_shows(code: str, kind: str | None) -> None:
    found = shape_of(code)
    assert (found and found.kind) == kind


def counted(code: str, *numbers: float, **parts: Any) -> list[Any]:
    """Return what cells of a format hold for these numbers."""
    formats = {f"{column_letters(column)}1": code for column in range(len(numbers))}
    return cells_of(changed(workbook(numbers, formats=formats), **parts)).rows[0].cells


@pytest.mark.parametrize("code", ["dd/mm/yyyy", "[$-42A]dd mmmm yyyy", "d-mmm;@", 'dd" tháng "mm'])
def test_days_are_counted_as_excel_counts_them(code: str) -> None:
    days = [dt.date(1900, 1, 1), dt.date(1900, 2, 28), dt.date(1900, 3, 1), dt.date(2025, 3, 5)]
    assert counted(code, 1, 59, 61, 45721) == days
    from_1904 = counted(
        code, 45721 - 1462, workbook=lambda text: text.replace("<workbookPr ", '<workbookPr date1904="1" ')
    )
    assert from_1904 == [dt.date(2025, 3, 5)]


def test_times_and_spans_of_time_are_no_figures() -> None:
    assert counted("h:mm", 0.3125, 45721.3125) == [dt.time(7, 30), dt.datetime.fromisoformat("2025-03-05T07:30")]
    assert counted("[h]:mm:ss", 1.5) == [dt.timedelta(days=1, hours=12)]


def test_a_number_that_is_no_day_is_an_error() -> None:
    (found,) = counted("dd/mm/yyyy", 1e9)
    assert isinstance(found, Unfit) and found.text == "#VALUE!"


@pytest.mark.parametrize(("code", "number"), [("#,##0,", 1_234_567), ('0.0,,"tr"', 1_234_567), ("#,##0.00,", 1_234)])
def test_a_number_whose_format_leaves_out_thousands_is_no_figure(code: str, number: int) -> None:
    (cell,) = counted(code, number)
    assert isinstance(cell, Unfit) and cell.complaint.code == "T088" and f"'{number}'" in cell.complaint.message


def test_a_number_keeps_the_width_of_its_zeros_as_long_as_it_is_whole() -> None:
    assert shown_as(-7.0, Shape("zeros", 3)) == "-7" and shown_as(0.5, Shape("zeros", 3)) == "0.5"


def test_an_error_is_no_empty_cell() -> None:
    value = only(workbook(("#DIV/0!",)))
    assert isinstance(value, Unfit) and value.text == "#DIV/0!" and value.complaint.code == "T072"


def test_a_formula_whose_result_is_not_stored_is_told() -> None:
    value = only(workbook(("=1+1",)))
    assert isinstance(value, Unfit) and value.text == "=1+1" and value.complaint.code == "T073"


def shared(**cells: Any) -> bytes:
    """Return a workbook as xlsxwriter makes it: its texts are shared, its formulas were never calculated."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for address, value in (cells or {"A1": "x"}).items():
            sheet.write(address, value)
    return out.getvalue()


def test_texts_that_cells_share_are_read() -> None:
    assert cells_of(shared(A1="Đắk Lắk", B1="x", C1="Đắk Lắk")).rows[0].cells == ["Đắk Lắk", "x", "Đắk Lắk"]


def test_a_formula_that_was_never_calculated_does_not_count_as_the_0_that_is_stored() -> None:
    data = shared(A1="=40+2")
    value = only(data)
    assert isinstance(value, Unfit) and value.complaint.code == "T073"
    opened = changed(data, workbook=lambda text: text.replace('fullCalcOnLoad="1"', ""))
    assert only(opened) == 0  # a spreadsheet says that it calculated it


def test_a_formula_that_gives_no_text_is_an_empty_cell() -> None:
    row = '<row r="1"><c r="A1" t="str"><f>IF(B1="","",B1)</f><v></v></c><c r="B1"><v>5</v></c></row>'
    calculated = sheet_xml(row, workbook=lambda text: text.replace('fullCalcOnLoad="1"', ""))
    assert cells_of(calculated).rows[0].cells == [None, 5]


def test_rich_text_and_control_signs_are_plain_text() -> None:
    runs = '<is><r><rPr><b/></rPr><t>Đắk</t></r><r><t> Lắk</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is>'
    assert only(sheet_xml(f'<row r="1"><c r="A1" t="inlineStr">{runs}</c></row>')) == "Đắk Lắk"
    assert only(sheet_xml('<row r="1"><c r="A1" t="str"><v>a_x000D_b_x005F_x0041_</v></c></row>')) == "a\rb_x0041_"
    assert only(sheet_xml('<row r="1"><c r="A1" t="str"><v>_xD83D__xDE00_ _xD800_</v></c></row>')) == "😀 \ufffd"


def test_cells_without_addresses_stand_side_by_side() -> None:
    found = cells_of(sheet_xml("<row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c><v>4</v></c></row>"))
    assert [(row.line, row.cells) for row in found.rows] == [(1, [1, None, 3]), (2, [4])]


def test_a_strict_workbook_is_refused_with_advice() -> None:
    def strict(text: str) -> str:
        old = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        return text.replace(old, "http://purl.oclc.org/ooxml/spreadsheetml/main")

    parts: dict[str, Any] = dict.fromkeys(("sheet1", "workbook", "styles", "sharedStrings"), strict)
    found = refused(changed(workbook(("x",)), **parts))
    assert found.code == "T070" and "'Strict Open XML'" in found.message and "(.xlsx)" in found.hint


def test_formatted_empty_cells_cost_nothing() -> None:
    empty = "".join(f'<row r="{row}"><c r="A{row}" s="0"/><c r="XFD{row}" s="0"/></row>' for row in range(2, 2000))
    found = cells_of(sheet_xml(f'<row r="1"><c r="A1"><v>1</v></c></row>{empty}'))
    assert len(found.rows) == 1 and found.rows[0].cells == [1]


def test_days_written_as_text_of_iso_8601_are_days() -> None:
    days = ("2025-03-05", "2025-03-05T00:00:00", "2025-03-05T07:30:00Z", "07:30:00")
    row = "".join(f'<c t="d"><v>{day}</v></c>' for day in days)
    found = cells_of(sheet_xml(f'<row r="1">{row}</row>')).rows[0].cells
    day, moment = dt.date(2025, 3, 5), dt.datetime.fromisoformat("2025-03-05T07:30")
    assert found == [day, day, moment, dt.time(7, 30)]


@pytest.mark.parametrize("address", ["", "7", "A", "A0", "a1", "XFE1", "A1048577", "AAAA1", "A1:B2"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ValueError, match=address or ".*"):
        place_of(address)


def test_merged_cells_hidden_rows_and_columns_are_known() -> None:
    found = cells_of(workbook(("a", "b"), ("c", "d"), merged=["A1:B1"], hidden=[2, "B"]))
    (area,) = found.merged
    assert (area.top, area.left, area.bottom, area.right) == (1, 1, 1, 2)
    assert [row.hidden for row in found.rows] == [False, True] and found.hidden_columns == {2}


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"/><row r="1"/>',
        '<row r="0"/>',
        '<row r="9999999"/>',
        '<row r="x"/>',
        '<row r="1"><c r="B1"/><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="AAAA1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>abc</v></c></row>',
        '<row r="1"><c r="A1"><v>nan</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        '<row r="1"><c r="A1" t="z"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="d"><v>soon</v></c></row>',
        '<row r="1"><c r="A1" s="99"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1e999</v></c></row>',
        "<row",
        "</sheetData>",
    ],
)
def test_a_sheet_whose_xml_says_nonsense_is_refused(rows: str) -> None:
    problem = refused(sheet_xml(rows))
    assert problem.code == "T070" and problem.message.startswith("the workbook cannot be read: ")


def package(*names: str, **texts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, texts.get("text", "x"))
    return out.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (OLD + "Workbook".encode("utf-16-le"), "this is an old Excel workbook (.xls)", "save it as .xlsx"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "the workbook is locked with a password", "remove the password"),
        (OLD, "this is an old Excel workbook (.xls), or one with a password", "without a password"),
        (package("xl/workbook.bin"), "this is a binary Excel workbook (.xlsb)", "save it as .xlsx"),
        (package("content.xml", "mimetype"), "this is a LibreOffice workbook (.ods)", "save it as .xlsx"),
        (package("word/document.xml"), "this is a Word document", "copy its table"),
        (package("a.txt"), "this is a zip file, but not an Excel workbook", "unpack it"),
        (b"unit,1\nhue,2\n", "this is not an Excel workbook", "is a .csv file"),
        (b"<html><table>", "this is not an Excel workbook", "save the table as .xlsx"),
        (b"", "this is not an Excel workbook", ""),
    ],
)
def test_another_kind_of_file_is_named_with_advice(data: bytes, message: str, hint: str) -> None:
    problem = refused(data)
    assert (problem.code, problem.message) == ("T070", message) and hint in problem.hint


def test_an_entity_that_grows_is_not_followed() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    for part in ("sheet1", "workbook", "styles", "sharedStrings"):
        found = refused(changed(shared(), **{part: lambda _: bomb}))
        assert "it has a document type" in found.message


def test_a_part_in_an_unknown_encoding_is_refused() -> None:
    for part in ("sheet1", "workbook"):
        found = refused(changed(shared(), **{part: lambda text: '<?xml version="1.0" encoding="UTF-99"?>' + text[55:]}))
        assert "UTF-99" in str(found)


def test_a_part_that_is_encrypted_is_refused() -> None:
    data = bytearray(workbook(("x",)))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # bit 0 of the flags of each part
        at = data.find(mark)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(mark, at + 4)
    assert refused(bytes(data)).code == "T070"


def test_a_package_that_unpacks_to_too_much_is_refused_before_it_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 2_000_000)
    with pytest.raises(TableInvalid) as caught:
        open_workbook(out.getvalue(), "t.xlsx", max_unpacked=1_000_000)
    assert caught.value.problems[0].code == "T071"


def test_a_sheet_that_is_too_large_is_refused() -> None:
    book = open_workbook(workbook(("x",), A9="y"), "t.xlsx")
    with pytest.raises(TableInvalid) as caught:
        read_cells(book, book.sheets[0], max_rows=8)
    assert caught.value.problems[0].code == "T071" and caught.value.problems[0].where.sheet == "Bảng"


@pytest.mark.parametrize(("limit", "read"), [(18, True), (17, False)])
def test_the_cells_of_a_sheet_are_limited(monkeypatch: pytest.MonkeyPatch, limit: int, read: bool) -> None:
    monkeypatch.setattr("ictindex.formats.excel.cells.MAX_CELLS", limit)
    data = workbook((*"abcdef",), ("a",), (), ("a",), formats={"J9": "0%"})
    if read:
        assert len(cells_of(data).rows) == 3
    else:
        problem = refused(data)
        assert problem.code == "T071" and "CSV or Parquet" in problem.hint


def test_texts_that_do_not_fit_into_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ictindex.formats.excel.package.MAX_PART", 20_000)
    assert cells_of(shared(A1="x" * 15_000)).rows
    assert refused(shared(A1="x" * 25_000)).code == "T071"


def test_a_workbook_that_python_is_told_not_to_guard_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openpyxl.DEFUSEDXML", False)
    with pytest.raises(WrongUse, match="defusedxml must be installed"):
        cells_of(workbook(("x",)))


@given(st.integers(1, 16_384))
def test_the_letters_of_a_column_lead_back_to_it(column: int) -> None:
    assert place_of(f"{column_letters(column - 1)}7") == (7, column)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    TEXTS.filter(lambda text: not text.startswith(("=", "#"))),  # openpyxl writes formulas and errors of them
    st.integers(-(10**14), 10**14),
    st.floats(-1e12, 1e12).map(lambda number: float(f"{number:.15g}")),
    st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31)),
)


def by_xlsxwriter(rows: list[list[Any]]) -> bytes:
    """Return a workbook with these cells as xlsxwriter writes it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(line, column, cell, *[day] * isinstance(cell, dt.date))
    return out.getvalue()


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_what_was_typed_is_read_whoever_wrote_the_file(rows: list[list[Any]]) -> None:
    for data in (workbook(*rows), by_xlsxwriter(rows)):
        found = cells_of(data)
        for line, row in enumerate(rows, 1):
            for column, typed in enumerate(row, 1):
                value = found.at(f"{column_letters(column - 1)}{line}")
                assert value == typed and (type(value) is type(typed) or isinstance(typed, float))


def test_a_result_counts_where_the_workbook_says_nothing_of_its_calculation() -> None:
    row = '<row r="1"><c r="A1"><f>40+2</f><v>42</v></c></row>'
    for said in ('<calcPr calcId="191029"/>', "<calcPr/>", ""):
        assert only(sheet_xml(row, workbook=lambda text, said=said: re.sub("<calcPr[^>]*>", said, text))) == 42


WORKBOOK = workbook(("unit", "1.1"), ("hue", 5), formats={"B2": "0%"}, merged=["A1:A1"])


@given(st.binary(max_size=40), st.integers(0, len(WORKBOOK)), st.integers(0, 40))
@example(b"", 0, 0)
def test_whatever_the_bytes_are_only_our_own_errors_leave(junk: bytes, start: int, cut: int) -> None:
    with contextlib.suppress(IctIndexError):
        cells_of(WORKBOOK[:start] + junk + WORKBOOK[start + cut :])


PIECES = [*'<>/="rcvtsiA1B0.-% _x', "<c ", "<v>", "</v>", "<row ", "</row>", "&#x0;", "t=", "<f>", "</f>"]
XML = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)


@given(XML, st.sampled_from(["sheet1", "workbook", "styles", "sharedStrings", "rels"]), st.integers(0, 400))
def test_whatever_a_part_says_only_our_own_errors_leave(junk: str, part: str, at: int) -> None:
    with contextlib.suppress(IctIndexError):
        cells_of(changed(WORKBOOK, **{part: lambda text: text[:at] + junk + text[at:]}))
