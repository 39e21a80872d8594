"""`ictindex form`, and commands that read a folder of filled-in forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from filled import fill, record_in

from ictindex.cli import FINE, PROBLEMS, WRONG_USE
from ictindex.collecting import form_cells, read_claims, write_form, write_forms
from ictindex.errors import TableInvalid, WrongUse

DISTRICT, COMMUNE = "dong-thap-1397/2022-district", "btttt-2392/2017-commune"
LIST = (
    "mã,tên,loại,cấp trên,từ ngày,đến ngày\n01,Huyện A,huyện,,,\n0101,Xã Một,xã,01,,\n0102,Xã Hai,xã,01,,30/06/2025\n"
)
FILLED = {"1.1": "a", "1.2.a": "Có", "1.2.b": "Không", "1.3.a": 3, "1.3.b": 4, "1.4": 12.5} | {
    str(row): 10 for row in range(2, 9)
}


@pytest.fixture
def units(tmp_path: Path) -> Path:
    path = tmp_path / "units.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_a_form_is_written_and_what_is_filled_in_is_scored(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "biểu.xlsx"
    assert run("form", DISTRICT, "-o", path) == run("form", DISTRICT, "-o", path)
    path.write_bytes(fill(path.read_bytes(), {**FILLED, "@unit": "sa-dec", "@name": "TP. Sa Đéc"}))
    told = run("score", DISTRICT, path)
    assert told.code == FINE and "sa-dec" in told.out and "TP. Sa Đéc" in told.out
    assert "105.00" in told.out  # 10 + 5 + 7.5 + 12.5 + 70


def test_a_form_is_in_vietnamese_unless_english_is_asked_for(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    for words, language in ((), "vi"), (("--lang", "en"), "en"), (("--lang", "vi"), "vi"):
        assert run("form", COMMUNE, *words, "-o", path).code == FINE
        assert record_in(path.read_bytes()).about["language"] == language
    assert run("--lang", "en", "form", COMMUNE, "-o", path).code == FINE
    assert record_in(path.read_bytes()).about["language"] == "en"


def test_each_unit_gets_its_file_and_a_folder_of_them_is_read(run: Any, tmp_path: Path, units: Path) -> None:
    folder = tmp_path / "biểu"
    told = run("form", COMMUNE, "--units", units, "--each", "--on", "2025-01-01", "-o", folder)
    assert told.code == FINE and told.out == f"2 forms are in {folder}\n"
    assert sorted(path.name for path in folder.iterdir()) == ["0101-xa-mot.xlsx", "0102-xa-hai.xlsx"]
    first = record_in((folder / "0101-xa-mot.xlsx").read_bytes())
    assert (first.units[0].code, first.units[0].name, first.units[0].pool) == ("0101", "Xã Một", "Huyện A")
    told = run("score", COMMUNE, folder)
    assert told.code == PROBLEMS and f"{folder / '0101-xa-mot.xlsx'}:Số liệu!E" in told.err and "T201" in told.err
    assert run("form", COMMUNE, "--units", units, "--each", "-o", folder).out.startswith("1 forms")


def test_one_form_for_many_and_one_to_choose_from(run: Any, tmp_path: Path, units: Path) -> None:
    path = tmp_path / "form.xlsx"
    assert run("form", COMMUNE, "--units", units, "--many", "-o", path).code == FINE
    assert [unit.label for unit in record_in(path.read_bytes()).units] == ["0101 Xã Một"]
    assert run("form", COMMUNE, "--units", units, "-o", path).code == FINE
    assert [unit.label for unit in record_in(path.read_bytes()).listed] == ["0101 Xã Một"]
    assert run("form", COMMUNE, "--unit", "7", "Xã Bảy", "-o", path).code == FINE
    assert record_in(path.read_bytes()).units[0].label == "7 Xã Bảy"


def test_the_cells_of_a_form_are_listed_for_programs(run: Any) -> None:
    told = run("form", DISTRICT, "--cells")
    lines = told.out.splitlines()
    assert told.code == FINE and lines[0] == "unit,key,sheet,cell" and "0,1.1,Số liệu,E7" in lines
    cells = form_cells(write_form(DISTRICT))
    assert [f"{one.unit},{one.key},{one.sheet},{one.address}" for one in cells] == lines[1:]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--each"], "U185"),
        (["--many"], "U185"),
        (["--on", "2025-01-01"], "U185"),
        (["--units", "{units}", "--each"], "U185"),
        (["--units", "{units}", "--unit", "1", "Xã"], "U185"),
        (["--units", "{units}", "--on", "hôm qua"], "U181"),
        (["--units", "{units}", "--on", "1990-01-01", "-o", "{folder}/no/such/form.xlsx"], "U108"),
        (["--units", "{units}", "--each", "-o", "{units}"], "U115"),
        (["--units", "{units}", "--each", "-o", "{folder}/no/such"], "U108"),
        (["--unit", " ", "Xã"], "U185"),
    ],
)
def test_wrong_use_is_told(run: Any, tmp_path: Path, units: Path, words: list[str], code: str) -> None:
    told = run("form", COMMUNE, *(word.format(units=units, folder=tmp_path) for word in words))
    assert told.code == WRONG_USE and code in told.err and told.out == ""


def test_functions_say_what_is_wrong_too(tmp_path: Path, units: Path) -> None:
    with pytest.raises(WrongUse):
        write_forms(COMMUNE, tmp_path / "no" / "such", units=units)
    with pytest.raises(TableInvalid):
        form_cells(b"no workbook")
    path = tmp_path / "form.xlsx"
    write_form(COMMUNE, path)
    with pytest.raises(TableInvalid) as caught:
        read_claims(path, scheme=DISTRICT)
    assert caught.value.problems[0].code == "T130"


def test_a_form_that_is_filled_in_is_not_written_over(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    assert run("form", DISTRICT, "-o", path).code == run("form", DISTRICT, "-o", path).code == FINE
    for filled in ({"1.4": 3}, {"1.1@title": "Quyết định"}, {"@name": "Huyện A"}):
        path.write_bytes(fill(write_form(DISTRICT), filled))
        before = path.read_bytes()
        told = run("form", DISTRICT, "-o", path)
        assert told.code == WRONG_USE and "U189" in told.err and "filled in" in told.err and "--replace" in told.err
        assert path.read_bytes() == before
    assert run("form", DISTRICT, "--replace", "-o", path).code == FINE
    assert path.read_bytes() == write_form(DISTRICT)
    told = run("form", COMMUNE, "-o", path)
    assert told.code == WRONG_USE and "another scheme" in told.err
    for content in (b"", b"unit,name\n", b"PK"):
        path.write_bytes(content)
        assert "no form that can be read" in run("form", DISTRICT, "-o", path).err and path.read_bytes() == content


def test_of_a_folder_with_a_filled_in_form_nothing_is_written(run: Any, tmp_path: Path, units: Path) -> None:
    folder = tmp_path / "biểu"
    words = ("form", COMMUNE, "--units", units, "--each", "--on", "2025-01-01", "-o", folder)
    assert run(*words).code == run(*words).code == FINE
    first, second = sorted(folder.iterdir())
    second.write_bytes(fill(second.read_bytes(), {"cb": 3}))
    first.unlink()
    told = run(*words)
    assert told.code == WRONG_USE and f"{second}: U189" in told.err and not first.exists()
    with pytest.raises(WrongUse):
        write_forms(COMMUNE, folder, units=units, on="2025-01-01")
    assert run(*words, "--replace").code == FINE and first.exists()


def test_many_files_in_the_way_are_counted(tmp_path: Path) -> None:
    units = tmp_path / "units.csv"
    units.write_text("mã,tên\n" + "".join(f"{at},Huyện {at}\n" for at in range(1, 14)), "utf-8")
    for path in write_forms(DISTRICT, tmp_path / "biểu", units=units):
        path.write_bytes(b"x")
    with pytest.raises(WrongUse) as caught:
        write_forms(DISTRICT, tmp_path / "biểu", units=units)
    assert len(caught.value.problems) == 11 and "3 more" in caught.value.problems[-1].message


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book["Số liệu"].__setattr__("title", "Số liệu của tôi"),
        lambda book: book["Số liệu"].insert_rows(6),
        lambda book: book["Số liệu"].__setitem__("E14", "=1+2"),
    ],
)
def test_a_form_that_somebody_worked_on_is_kept(change: Any, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(fill(write_form(DISTRICT), {"1.4": 3}, change=change))
    with pytest.raises(WrongUse) as caught:
        write_form(DISTRICT, path)
    assert caught.value.problems[0].code == "U189"
    path.write_bytes(fill(write_form(DISTRICT), {}))  # saved by another program, nothing in it
    assert write_form(DISTRICT, path) == path.read_bytes()
