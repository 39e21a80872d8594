"""What LibreOffice saves is read: results of formulas, days, formats, and what a person does not see.

Run with `pytest -m libreoffice`.
"""

from __future__ import annotations

import datetime as dt

import pytest
from test_forms_libreoffice import compute
from workbooks import cells_of, workbook

from ictindex.cells import Unfit
from ictindex.formats.excel.cells import Cells

pytestmark = pytest.mark.libreoffice

DAY = dt.date(2025, 3, 5)
FORMATS = {"B2": "0%", "C2": "00000", "F2": "dd/mm/yyyy", "D4": "[h]:mm", "E4": "h:mm"}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Cells:
    folder = tmp_path_factory.mktemp("books")
    rows = [
        ["Đơn vị", "Tỷ lệ", "Mã", "Có", "Số", "Ngày"],
        ["Huế", 0.85, 70, True, 4.35, DAY],
        ["=1/0", "=40+2", '=IF(E2>9,"x","")', "=0.1+0.2", "=A2", "=1=1"],
        ["  x ", None, "1,5", 1.5, 0.3125, "_x0041_"],
        ["a", "b"],
    ]
    data = workbook(*rows, formats=FORMATS, merged=["A5:A6"], hidden=[4, "C"])
    (folder / "a.xlsx").write_bytes(data)
    compute(folder)
    return cells_of((folder / "out" / "a.xlsx").read_bytes())


def test_cells_are_those_that_were_typed(saved: Cells) -> None:
    head, typed, _, other, last = (row.cells for row in saved.rows)
    assert head == ["Đơn vị", "Tỷ lệ", "Mã", "Có", "Số", "Ngày"] and last == ["a", "b"]
    assert [str(value) for value in typed[1:3]] == ["85%", "00070"]
    assert [typed[0], *typed[3:]] == ["Huế", True, 4.35, DAY]
    assert other == ["  x ", None, "1,5", dt.timedelta(days=1, hours=12), dt.time(7, 30), "_x0041_"]


def test_formulas_have_the_results_that_were_calculated(saved: Cells) -> None:
    error, *results = saved.rows[2].cells
    assert isinstance(error, Unfit) and error.text == "#DIV/0!"
    assert results == [42, None, 0.3, "Huế", True] and saved.formulas


def test_what_a_person_does_not_see_is_known(saved: Cells) -> None:
    assert [row.line for row in saved.rows if row.hidden] == [4] and saved.hidden_columns == {3}
    (area,) = saved.merged
    assert (area.top, area.left, area.bottom, area.right) == (5, 1, 6, 1)
