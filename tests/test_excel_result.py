"""Workbooks of results: what stands on each sheet, what is printed, and that nothing in them turns into a formula."""

from __future__ import annotations

import io
import sys
import time
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import wide
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from made import assessed, group, scheme
from tabled import HEADER, SCHEME
from workbooks import LINE, read, table

from ictindex import api
from ictindex.assembling import table_from_columns
from ictindex.errors import UnknownName, WrongUse
from ictindex.formats.csv import CsvFormat
from ictindex.formats.excel.format import ExcelFormat
from ictindex.formats.excel.writing import LEVELS, clipped, sheet_name, width_of
from ictindex.model import TOTAL, Level, Levels, Pools, Publication, Scheme
from ictindex.result import Result

EXCEL = ExcelFormat()
PROVISIONAL = "dti-922/2022-province"


@pytest.fixture(scope="module")
def dti() -> Result:
    return api.score(PROVISIONAL, api.read_table("schemes/dti-922/2022-province.example.csv", scheme=PROVISIONAL))


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def cells(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def below(sheet: Any, heading: str) -> list[Any]:
    """Return the lines below the one that begins with a heading, up to the first empty one."""
    lines = cells(sheet)
    start = next(at for at, line in enumerate(lines) if line[0] == heading) + 1
    return lines[start : next((at for at in range(start, len(lines)) if lines[at][0] is None), len(lines))]


LEVELLED = Levels((Level("Tốt", Fraction(4, 5)), Level("Khá", Fraction(1, 2)), Level("Yếu", Fraction(0))))


def small(**more: Any) -> Scheme:
    top = group(TOTAL, 20, assessed("1", 10), assessed("2", 10), levels=LEVELLED, publish=Publication("points", 1))
    return scheme(top, **more)


def scored(made: Scheme, *lines: dict[str, Any]) -> Result:
    return api.score(made, api.read_table(list(lines), scheme=made))


def test_the_ranking_goes_from_first_to_last_in_numbers_as_printed(dti: Result) -> None:
    sheet = opened(EXCEL.write(dti))["Ranking"]
    wanted = [[row.rank, row.unit, row.name, float(row.published or 0)] for row in dti.ranking()]
    assert below(sheet, "Rank") == wanted
    line = next(row for row in sheet.iter_rows() if row[0].value == 1)
    assert line[3].number_format == "0.0000" and line[3].data_type == "n" and line[1].data_type == "s"


def test_what_readers_must_be_told_stands_above_the_ranking_and_on_every_page(dti: Result) -> None:
    sheet = opened(EXCEL.write(dti))["Ranking"]
    lines = [line[0] for line in cells(sheet)]
    head = lines.index("Rank")
    assert sum("provisional" in str(line) for line in lines[:head]) == 1
    assert sum("tạm thời" in str(line) for line in lines[:head]) == 1
    assert all(f"! {note}" in lines[:head] for note in dti.table.notes)
    assert "PROVISIONAL: 5" in sheet.oddHeader.right.text and dti.scheme.en[:20] in sheet.oddHeader.left.text
    assert dti.receipt_line() in sheet.oddFooter.left.text and dti.receipt_line() in lines


def test_a_scheme_without_assumed_numbers_is_not_called_provisional() -> None:
    sheet = opened(EXCEL.write(scored(small(), {"unit": "a", "1": 5, "2": 5})))["Ranking"]
    assert "PROVISIONAL" not in str(sheet.oddHeader.right.text) and not any(
        str(line[0]).startswith("!") for line in cells(sheet)
    )


@pytest.mark.parametrize("name", ["Ranking", "Points"])
def test_the_header_is_frozen_filtered_and_printed_on_every_page_of_a4(dti: Result, name: str) -> None:
    sheet = opened(EXCEL.write(dti))[name]
    head = sheet.auto_filter.ref.split(":")[0]
    assert sheet.freeze_panes == sheet.cell(sheet[head].row + 1, 4 if name == "Ranking" else 3).coordinate
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight in (0, "0")
    assert f"${sheet[head].row}" in sheet.print_title_rows and "&P / &N" in sheet.oddFooter.right.text.replace(
        "&[Page]", "&P"
    )


def test_a_wide_sheet_has_the_units_on_every_page() -> None:
    made = api.score(
        wide.scheme(), api.read_table(io.StringIO(wide.csv_text(12)), scheme=wide.scheme(), decimal="point")
    )
    sheet = opened(EXCEL.write(made))["Points"]
    assert sheet.print_title_cols == "$A:$C" and not sheet.sheet_properties.pageSetUpPr.fitToPage


def test_every_row_has_its_points_below_code_name_and_maximum(dti: Result) -> None:
    sheet = opened(EXCEL.write(dti))["Points"]
    lines = cells(sheet)
    head = next(at for at, line in enumerate(lines) if line[0] == "Code")
    codes, names, most = (lines[head + down][2:] for down in range(3))
    rows = list(dti.scheme.rows())
    assert codes[1:] == [row.code for row in rows[1:]] and names[1] == rows[1].en
    assert most[:2] == ["at most 1000", "at most 100"] and "informational" in most
    first = dti.ranking().rows[0].unit
    line = next(line for line in lines[head + 3 :] if line[0] == first)
    assert line[2:] == [float(dti.point_texts(row.code)[dti.position(first)] or 0) for row in rows]


def test_declared_scores_stand_beside_the_final_ones_with_the_difference() -> None:
    result = scored(small(self_scored=True), {"unit": "a", "1": 5, "2": 5, "1.self": 7.5, "2.self": 5})
    sheet = opened(EXCEL.write(result))["Ranking"]
    heads = next(line for line in cells(sheet) if line[0] == "Rank")
    (line,) = below(sheet, "Rank")
    wanted = {"Rank": 1, "Code": "a", "Unit": "a", "Score": 10, "Declared": 12.5, "Difference": -2.5, "Level": "Khá"}
    assert dict(zip(heads, line, strict=True)) == wanted
    cell = next(row for row in sheet.iter_rows() if row[0].value == 1)[heads.index("Difference")]
    assert cell.number_format == "+0.0_ ;-0.0_ ;0.0_ "


def contrast(paper: str, ink: str) -> float:
    """Return the contrast of two colours as WCAG counts it."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(paper), light(ink)))
    return (bright + 0.05) / (dark + 0.05)


def test_levels_are_coloured_readably_and_named_in_the_cell() -> None:
    assert all(contrast(paper, ink) > 7 for paper, ink in LEVELS)
    lines = [{"unit": name, "1": points, "2": points} for name, points in (("a", 9), ("b", 6), ("c", 1))]
    sheet = opened(EXCEL.write(scored(small(), *lines)))["Ranking"]
    found = [row[4] for row in sheet.iter_rows() if row[0].value in (1, 2, 3)]
    assert [cell.value for cell in found] == ["Tốt", "Khá", "Yếu"]
    papers = [f"#{cell.fill.fgColor.rgb[2:]}" for cell in found]
    assert papers == [LEVELS[0][0], LEVELS[2][0], LEVELS[4][0]]


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@x", "{=1}", "http://x.vn", "'a"])
def test_a_text_never_becomes_a_formula_or_a_link(sign: str) -> None:
    result = scored(small(), {"unit": sign, "name": f"{sign} tên", "1": 5, "2": 5})
    content = EXCEL.explaining([sign]).write(result)
    book = opened(content)
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value in (sign, f"{sign} tên")]
    assert len(found) >= 4 and {cell.data_type for cell in found} == {"s"} and not any(cell.hyperlink for cell in found)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [package.read(name) for name in package.namelist() if "worksheets" in name]
    assert not any(b"<f>" in part or b"<f " in part for part in parts)
    written = EXCEL.write_table(result.table, result.scheme)
    assert api.read_table(io.BytesIO(written), scheme=result.scheme, format="excel") == result.table


def test_the_same_result_gives_the_same_bytes_whatever_the_clock_says(
    dti: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = EXCEL.explaining(["all"]).write(dti)
    later = time.time() + 90_000_000
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(later))
    assert EXCEL.explaining(["all"]).write(dti) == first


def test_units_are_explained_on_sheets_of_their_own(dti: Result) -> None:
    content = api.write_result(dti, format="excel", units=["quang-ninh", "da-nang", "quang-ninh"])
    assert isinstance(content, bytes)
    book = opened(content)
    assert book.sheetnames == ["Ranking", "Points", "quang-ninh Quảng Ninh", "da-nang TP. Đà Nẵng", "Notes"]
    sheet = book["quang-ninh Quảng Ninh"]
    lines = {line[0]: line for line in below(sheet, "Code")}
    assert (
        lines["1"][2:4] == [95.81, 100]
        and lines["Total"][2] == 702.445
        and lines["1"][4:6] == [0.0958, "points given directly: 0.9581 × 100"]
    )
    assert any("score 0.7024, rank 3" in str(line[0]) for line in cells(sheet))
    assert len(opened(EXCEL.explaining(["all"]).write(dti)).sheetnames) == 3 + len(dti.units)
    with pytest.raises(UnknownName, match="did you mean 'quang-ninh'"):
        EXCEL.explaining(["quang-nin"]).write(dti)
    with pytest.raises(WrongUse, match="no sheets for single units"):
        api.write_result(dti, format="csv", units=["quang-ninh"])


def test_a_long_name_has_the_lines_that_it_needs() -> None:
    long = "Ban Quản lý các khu công nghiệp và khu kinh tế cửa khẩu tỉnh Thừa Thiên Huế, văn phòng đại diện phía nam"
    sheet = opened(EXCEL.write(scored(small(), {"unit": "a", "name": long, "1": 5, "2": 5})))["Ranking"]
    row = next(row for row in sheet.iter_rows() if row[0].value == 1)
    assert row[2].alignment.wrap_text and sheet.row_dimensions[row[0].row].height > 28


def test_the_properties_of_the_document_name_the_scheme(dti: Result) -> None:
    properties = opened(EXCEL.write(dti)).properties
    assert properties.title == dti.scheme.en and dti.scheme.id in properties.subject
    assert "provisional" in properties.description and dti.receipt_line() in properties.description
    assert properties.created.year == dti.scheme.edition


def test_the_command_line_writes_a_workbook_with_a_sheet_for_a_unit(run: Any, tmp_path: Path) -> None:
    figures = "schemes/dti-922/2022-province.example.csv"
    out = tmp_path / "r.xlsx"
    assert run("score", PROVISIONAL, figures, "-o", out, "--sheet-of", "quang-ninh", "--lang", "vi").code == 0
    assert "quang-ninh Quảng Ninh" in opened(out.read_bytes()).sheetnames
    assert run("score", PROVISIONAL, out).code == 2  # a result is no table: several sheets
    told = run("score", PROVISIONAL, figures, "-o", tmp_path / "r.csv", "--sheet-of", "quang-ninh")
    assert told.code == 2 and "U166" in told.err


def test_the_notes_say_what_is_assumed_and_what_it_was_made_from(dti: Result) -> None:
    lines = cells(opened(EXCEL.write(dti))["Notes"])
    facts = {line[0]: line[1] for line in lines if line[0] and line[1]}
    assert facts["Receipt"] == dti.receipt_line() and facts["SHA-256 of the scheme"] == dti.scheme.sha256
    assumed = below(opened(EXCEL.write(dti))["Notes"], "Row")
    assert len(assumed) == dti.scheme.assumed == 5 and all(line[3] for line in assumed)


def test_the_notes_tell_a_variant_the_year_and_levels_on_the_published_scale() -> None:
    made = small(variant="thử", data_year=2023)
    levels = Levels((Level("Cao", Fraction(15), of_max=False), Level("Thấp", Fraction(0), of_max=False)))
    made = evolve(made, root=evolve(made.root, levels=levels))
    lines = cells(opened(EXCEL.write(scored(made, {"unit": "a", "1": 9, "2": 9})))["Notes"])
    facts = {line[0]: line[1] for line in lines if line[0]}
    assert facts["Variant"] == "thử" and facts["Year of the data"] == "2023" and facts["Cao"] == "from 15"


def test_a_row_that_is_left_out_has_a_dash_and_a_reason() -> None:
    made = small()
    root = evolve(made.root, not_applicable="rescale")
    result = scored(evolve(made, root=root), {"unit": "a", "1": 5, "2": "n/a"})
    book = opened(EXCEL.explaining(["a"]).write(result))
    lines = {line[0]: line for line in below(book["a"], "Code")}
    assert lines["2"][2] == "–" and "left-out" in str(lines["2"][7])
    assert "–" in [cell for line in cells(book["Points"]) if line[0] == "a" for cell in line]


def test_the_language_of_the_reader_names_the_rows(dti: Result) -> None:
    in_vietnamese = opened(EXCEL.speaking("vi").write(dti))
    first, english = in_vietnamese.worksheets[0], opened(EXCEL.write(dti)).worksheets[0]
    assert first["A1"].value == dti.scheme.title and english["A1"].value == (dti.scheme.en or dti.scheme.title)
    assert any("Nhận thức số" in line for line in cells(in_vietnamese.worksheets[1]))


NAMES = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    ["", "'a'", "history", "a" * 40, "[x]:*?/\\", "😀" * 20]
)


@given(st.lists(NAMES, min_size=1, max_size=12))
def test_names_of_sheets_are_names_that_a_workbook_may_have(names: list[str]) -> None:
    taken: set[str] = set()
    made = [sheet_name(name, taken) for name in names]
    assert len({name.casefold() for name in made}) == len(made) == len(taken)
    for name in made:
        assert 0 < len(name.encode("utf-16-le")) <= 62 and not set(name) & set("[]:*?/\\")
        assert name[0] != "'" and name[-1] != "'" and name.casefold() != "history"


@settings(max_examples=25)
@given(st.lists(st.text(max_size=12), min_size=1, max_size=3))
def test_whatever_names_units_have_the_workbook_opens(names: list[str]) -> None:
    units = {f"u{at} {name}".strip(): at for at, name in enumerate(names)}
    result = scored(small(), *({"unit": unit, "name": unit[::-1], "1": 5, "2": at} for unit, at in units.items()))
    book = opened(EXCEL.explaining(["all"]).write(result))
    shown = [line[1] for line in below(book["Ranking"], "Rank")]
    assert sorted(shown) == sorted(openpyxl.utils.escape.unescape(clipped(unit, 99)) for unit in result.units)


NUMBERS = st.floats(0, 5000) | st.integers(0, 5000) | st.decimals(0, 5000, places=3).map(float)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(NUMBERS, st.sampled_from([None, "n/a", "có", "không"]), st.sampled_from("abc")),
        min_size=1,
        max_size=4,
    )
)
def test_a_table_that_is_written_reads_back_as_the_same_table(lines: list[tuple[Any, Any, str]]) -> None:
    fixed = {"1.1": 4, "1.2.a": 1, "2.1": "3", "2.3": 6.25}
    rows = [{"unit": f"0{at}", "cb": cb, "1.3": yes, "2.2": case, **fixed} for at, (cb, yes, case) in enumerate(lines)]
    made = table_from_columns(SCHEME, rows)
    back = read(EXCEL.write_table(made, SCHEME))
    assert back == made and all(unit.startswith("0") for unit in back.units)


def test_pools_evidence_and_declared_figures_are_written_and_read_back() -> None:
    made = evolve(SCHEME, pools=Pools("huyện"), self_scored=True)
    header = [*HEADER, "name", "huyện", "1.1.evidence", "1.1.self", "2.excluded"]
    lines = [
        ["00004", *LINE[1:], "@Xã", "A Lưới", "Quyết định 5/QĐ-UBND", 5, 1],
        ["b", *LINE[1:], "Xã B", "A Lưới", None, None, None],
    ]
    one = table(header, *lines, scheme=made)
    assert one.declared is not None and one.evidence["1.1"].tolist() == [True, False]
    assert read(EXCEL.write_table(one, made), made) == one


def test_a_written_table_has_its_notes_above_and_its_codes_as_text() -> None:
    text = "# số liệu giả định\n" + ",".join(HEADER) + "\n00004,4,12.5,20,x,3,b,6.25\n"
    made = CsvFormat().read(io.StringIO(text), SCHEME)
    sheet = opened(EXCEL.write_table(made, SCHEME)).worksheets[0]
    assert sheet["A1"].value == "# số liệu giả định" and sheet["A3"].value == "00004"
    assert [cell.data_type for cell in sheet[3]] == list("snnnsssn")
    assert sheet.freeze_panes == "B3" and sheet.auto_filter.ref == "A2:H3"


def test_columns_are_wide_enough_for_vietnamese() -> None:
    assert width_of(["Thừa Thiên Huế"]) >= len("Thừa Thiên Huế")
    assert width_of(["THÀNH PHỐ HỒ CHÍ MINH"]) > width_of(["Thành phố Hồ Chí Minh"])
    assert width_of(["x" * 500]) == 48


def test_without_the_package_one_line_says_what_to_install(dti: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    for write in (lambda: EXCEL.write(dti), lambda: EXCEL.write_table(dti.table, dti.scheme)):
        with pytest.raises(WrongUse) as error:
            write()
        assert [(one.code, one.hint) for one in error.value.problems] == [("U123", 'pip install "ictindex[excel]"')]


def test_more_lines_than_a_sheet_has_are_refused(dti: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ictindex.formats.excel.writing.MAX_ROWS", 12)
    with pytest.raises(WrongUse, match="a sheet of Excel has 12 rows"):
        EXCEL.write(dti)
