"""Sheets of workbooks: cells as they were typed, merged cells, and what is refused by its address."""

from __future__ import annotations

import builtins
import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from annexes import FOLDER, drafted, read

from ictindex.drafting.annex_table import read_annex
from ictindex.drafting.new import xlsx_grid
from ictindex.drafting.read_back import read_back
from ictindex.errors import AnnexInvalid, IctIndexError, UnknownName, WrongUse
from ictindex.formats.excel.annex import MAX_ROWS, read_sheet

DISTRICT = FOLDER / "huyen-27-tieu-chi.bia-dat.csv"


def workbook(path: Path, *rows: tuple[Any, ...], **changes: Any) -> Path:
    """Write a workbook with one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for address, value in changes.items():
        sheet[address] = value
    book.save(path)
    return path


def refused(path: Path, **more: str) -> list[str]:
    """Return what is wrong with a workbook, as `CODE place`."""
    with pytest.raises(IctIndexError) as error:
        read_sheet(path, **more)
    return [
        f"{problem.code} {problem.where.address or problem.where.sheet or problem.message}"
        for problem in error.value.problems
    ]


def test_cells_are_read_as_they_were_typed(tmp_path: Path) -> None:
    typed = (70, 70.0, 10.5, 0.1 + 0.2, "1.10", "  Hà Nội ", None, True, dt.date(2025, 3, 5), 1e15)
    (row,) = read_sheet(workbook(tmp_path / "a.xlsx", typed)).rows
    assert row == ("70", "70", "10.5", "0.3", "1.10", "  Hà Nội ", "", "TRUE", "2025-03-05", "1000000000000000")


def test_a_percent_is_read_as_it_is_shown(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", (0.9, 0.07))
    book = openpyxl.load_workbook(path)
    for address in ("A1", "B1"):
        book.active[address].number_format = "0%"  # type: ignore[index]
    book.save(path)
    assert read_sheet(path).rows == (("90%", "7%"),)


def test_the_text_of_merged_cells_stands_in_the_first(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ("Hạ tầng", None, None), (1, "Máy tính", 5))
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A1:C1")  # type: ignore[union-attr]
    book.save(path)
    found = read_sheet(path)
    assert found.rows[0] == ("Hạ tầng", "", "") and found.merged == ((0, 0, 0, 2),)


def test_errors_and_formulas_without_a_result_are_refused_by_address(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", (1, 2), A2="=A1+B1", B2="#DIV/0!", C3="=1/0")
    assert refused(path) == ["T073 A2", "T072 B2", "T073 C3"]


def test_a_formula_gives_the_result_that_is_stored(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", (4, 6), A2="=A1+B1")
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():  # as Excel saves it
            text = old.read(name).replace(b'fullCalcOnLoad="1"', b"")
            new.writestr(
                name, text.replace(b"<f>A1+B1</f><v />", b"<f>A1+B1</f><v>10</v>").replace(b"<v></v>", b"<v>10</v>")
            )
    path.write_bytes(data.getvalue())
    assert read_sheet(path).rows[1] == ("10", "")


def test_a_sheet_is_named_where_there_are_several(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Phụ lục 1"  # type: ignore[union-attr]
    book.active["A1"] = "y"  # type: ignore[index]
    book.create_sheet("Phụ lục 2").append(["x"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(WrongUse, match="'Phụ lục 1', 'Phụ lục 2'"):
        read_sheet(tmp_path / "a.xlsx")
    assert read_sheet(tmp_path / "a.xlsx", sheet="Phụ lục 2").rows == (("x",),)
    with pytest.raises(UnknownName, match="did you mean 'Phụ lục 2'"):
        read_sheet(tmp_path / "a.xlsx", sheet="Phu luc 2")
    book["Phụ lục 2"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert read_sheet(tmp_path / "a.xlsx").name == "Phụ lục 1"


def test_files_that_are_no_workbook(tmp_path: Path) -> None:
    old, text, broken = tmp_path / "a.xls", tmp_path / "b.xlsx", tmp_path / "c.xlsx"
    old.write_bytes(b"\xd0\xcf\x11\xe0 old")
    text.write_bytes(b"TT;x")
    with zipfile.ZipFile(broken, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook")
    assert refused(old) == ["T070 this is an old Excel workbook (.xls), or one with a password"]
    assert refused(text) == ["T070 this is not an Excel workbook"]
    assert refused(broken)[0].startswith("T070 the workbook cannot be read")
    assert refused(tmp_path / "none.xlsx") == ["T001 there is no such file"]


def test_an_entity_that_grows_is_not_followed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ("x",))
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w") as new:
        for name in old.namelist():
            new.writestr(name, bomb if name.endswith("sheet1.xml") else old.read(name))
    path.write_bytes(data.getvalue())
    assert refused(path)[0].startswith("T070 the workbook cannot be read")


def test_a_sheet_that_goes_down_too_far_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ("x",), **{f"A{MAX_ROWS + 1}": "y"})
    assert refused(path) == ["T071 Sheet"]


def test_without_the_package_its_name_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "a.xlsx", ("x",))
    plain = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("defusedxml"):
            raise ImportError(name="defusedxml")
        return plain(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(WrongUse) as error:
        read_sheet(path)
    (problem,) = error.value.problems
    assert problem.code == "U123" and problem.hint == 'pip install "ictindex[excel]"'


def as_workbook(path: Path) -> Path:
    """Write the table of districts as a workbook: headings over the whole width, an agency for several rows."""
    table = read(DISTRICT.read_bytes())
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in table.grid.rows:
        number, *rest = (*row.cells, "", "", "")[:7]
        points = rest[1]
        sheet.append([int(number) if number.isdigit() else number, rest[0], _figure(points), *rest[2:]])
    for row in (1, 2, 3):
        sheet.merge_cells(f"A{row}:G{row}")
    for row in range(7, sheet.max_row):
        sheet[f"G{row}"].value = sheet[f"G{row}"].value or None
    # Three criteria in a row are verified by one agency, whose cell is merged over them.
    first = next(row for row in range(7, sheet.max_row) if sheet[f"B{row}"].value == "Tỷ lệ hồ sơ giải quyết đúng hạn")
    sheet.merge_cells(f"G{first}:G{first + 2}")
    book.save(path)
    return path


def _figure(text: str) -> Any:
    return float(text.replace(",", ".")) if text.replace(",", "").isdigit() else text


def test_a_workbook_with_merged_cells_gives_the_same_scheme_as_csv(tmp_path: Path) -> None:
    grid = xlsx_grid(as_workbook(tmp_path / "huyen.xlsx"), "")
    made, scheme = drafted(read_annex(grid))
    _, same = drafted(read(DISTRICT.read_bytes()))
    assert made.checked == () and made.recognised == 24
    assert read_back(scheme) == read_back(same)
    assert scheme.row("VI.3").verified_by == "Văn phòng UBND tỉnh"


def test_a_cell_of_a_workbook_is_named_as_excel_names_it(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ("TT", "Tiêu chí", "Điểm"), (1, "Một", "mười"))
    with pytest.raises(AnnexInvalid) as error:
        read_annex(xlsx_grid(path, ""))
    assert str(error.value.problems[0].where) == f"{path}:2 [Điểm, C2]"
