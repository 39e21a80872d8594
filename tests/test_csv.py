"""CSV: what is read, and what is said about files that are something else."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ictindex.errors import IctIndexError, Problem, TableInvalid
from ictindex.formats import Readable, TableFormat
from ictindex.formats.csv import CsvFormat
from ictindex.model import Group, Indicator, Input, InputKind, Rule, Scheme
from ictindex.table import Table

CSV: TableFormat = CsvFormat()
SCHEME = Scheme(
    id="test/2024-province",
    title="Thử",
    unit="province",
    edition=2024,
    inputs=(Input(code="1", name="Nhận thức số", kind=InputKind.POINTS, owner="1"),),
    root=Group(
        code="total",
        name="Tổng",
        max=Fraction(100),
        children=(
            Indicator(code="1", name="Nhận thức số", max=Fraction(100), measure=Rule("assessed"), inputs=("1",)),
        ),
    ),
)
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXT = "unit,name,1\nhue,TP. Huế,87.5\nda-nang,Đà Nẵng,90\n"


def packed(part: str) -> bytes:
    """Return a zip file with one part in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(part, "x")
    return out.getvalue()


def read(content: str | bytes) -> Table:
    return CSV.read(io.BytesIO(content if isinstance(content, bytes) else content.encode()), SCHEME)


def trouble(content: str | bytes) -> Problem:
    with pytest.raises(TableInvalid) as caught:
        read(content)
    (found,) = caught.value.problems
    return found


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_utf8_with_or_without_a_mark_and_any_line_ends(mark: str, end: str) -> None:
    made = read(mark + TEXT.replace("\n", end))
    assert made.units == ("hue", "da-nang") and made.names == ("TP. Huế", "Đà Nẵng")
    assert made.columns["1"].values.tolist() == [87.5, 90] and made.lines == (2, 3)


def test_a_path_and_streams_of_bytes_and_text(tmp_path: Path) -> None:
    path = tmp_path / "tỉnh.csv"
    path.write_text(TEXT, encoding="utf-8")
    made = CSV.read(path, SCHEME)
    assert made.source == str(path) and CSV.read(str(path), SCHEME) == made
    with path.open("rb") as stream:
        assert CSV.read(stream, SCHEME) == made
    text = CSV.read(io.StringIO("\ufeff" + TEXT), SCHEME)
    assert text.source == "input" and text.columns == made.columns


def test_the_format_names_itself() -> None:
    assert CSV.name == "csv" and CSV.suffixes == (".csv",)


def test_lines_above_the_header_are_notes() -> None:
    made = read('# Số liệu giả định,,\n\n"# made up, all of it",,\n,,\n' + TEXT)
    assert made.notes == ("Số liệu giả định", "made up, all of it") and made.lines == (6, 7)


def test_a_cell_may_run_over_lines() -> None:
    made = read('unit,name,1\n\nhue,"TP.\nHuế",1\n   ,,\nda-nang,"Đà ""Nẵng""",2\n')
    assert made.names == ("TP. Huế", 'Đà "Nẵng"') and made.lines == (3, 6)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"PK\x03\x04rest", "T002", "an Excel workbook or a zip file"),
        (TEXT.encode("utf-16")[:-1], "T002", "a binary file"),
        (TEXT.encode("utf-32"), "T002", "a binary file"),
        (b"\x7fELF\0\0", "T002", "a binary file"),
        (b"unit,1\nhu\xea,1\n", "T002", "not UTF-8"),
    ],
)
def test_a_file_of_another_kind_says_how_to_save_it(content: str | bytes, code: str, said: str) -> None:
    found = trouble(content)
    assert found.code == code and said in found.message and "CSV UTF-8" in found.hint


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (packed("word/document.xml"), "this is a Word document (copy its table into a spreadsheet and save"),
        (OLD + "WordDocument".encode("utf-16-le"), "this is a Word document (copy its table into"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "this file has a password (open it, remove the password"),
        (OLD, "this is an old Excel workbook (.xls), not CSV (open it in Excel and save it as .xlsx)"),
        (packed("xl/workbook.xml"), "this is an Excel workbook, not CSV (let the name of the file end with .xlsx)"),
        (packed("xl/workbook.bin"), "this is a binary Excel workbook (.xlsb) (open it in Excel and save it as .xlsx)"),
        (packed("content.xml"), "this is a LibreOffice workbook (.ods) (save it as .xlsx)"),
        (packed("a.csv"), "this is a zip file, not CSV (unpack it and name the file with the table in it)"),
        (b"%PDF-1.7", "this is a PDF, not CSV (copy its table into a spreadsheet and save that as .xlsx)"),
    ],
)
def test_a_document_or_workbook_is_called_what_it_is(content: bytes, said: str) -> None:
    assert f"T002 {said}" in str(trouble(content))


@pytest.mark.parametrize(
    "line",
    [
        *("Tổng cộng,,190000", "TỔNG,x,-5", ",Tổng số,190000", "total,,x", "* Cộng:,,999", "tong,Cộng các huyện,999"),
        *("Trung bình,,88.75", unicodedata.normalize("NFD", "Điểm trung bình,,88.75"), "\u00a0Cả nước,,999"),
    ],
)
def test_a_line_of_totals_is_one_problem(line: str) -> None:
    found = trouble(f"{TEXT}{line}\n")
    assert (found.code, found.where.line, found.where.cell) == ("T076", 4, "unit")
    assert "is a line of totals, not a unit" in found.message and "delete the line" in found.hint


def test_a_total_is_seen_wherever_the_names_stand() -> None:
    assert trouble("name,unit,1\nHuế,hue,9\nTổng số,tong,9\n").code == "T076"
    assert trouble("name,unit,1\nHuế,hue,9\nTổng số,  ,9\n").code == "T076"
    assert trouble("1,unit,#\n9,hue,\n9,,Tổng số\n").code == "T076"


def test_what_else_is_wrong_is_told_beside_a_line_of_totals() -> None:
    with pytest.raises(TableInvalid) as caught:
        read("unit,name,1\nhue,TP. Huế,x\nTổng,,x\nda-nang,Đà Nẵng,y\n")
    assert [(one.code, one.where.line) for one in caught.value.problems] == [("T040", 2), ("T076", 3), ("T040", 4)]


@pytest.mark.parametrize("line", ["tct,Tổng Công ty,9", "Xã Cộng Hoà,,9", "tb,Trung bình,9", "cong-hoa,,9"])
def test_a_unit_that_begins_as_a_total_is_one(line: str) -> None:
    assert len(read(f"{TEXT}{line}\n")) == 3


def test_the_line_that_is_not_utf8_is_named() -> None:
    assert trouble(b"unit,1\na,1\nhu\xea,1\n").where.line == 3


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ('unit,1\na,1\n"b,2\nc,3\n', 3, "never closed"),
        ('unit,1\na,1\n"b"x,2\n', 3, "inside a cell"),
        ("unit,1\na,1\nb," + "9" * 10_000_000 + "\n", 3, "too long"),
    ],
)
def test_quotation_marks_and_cells_that_cannot_be_read(content: str, line: int, said: str) -> None:
    found = trouble(content)
    assert (found.code, found.where.line) == ("T004", line) and said in found.message


@pytest.mark.parametrize(
    ("content", "code"),
    [("", "T010"), ("\n \n,,\n", "T010"), ("# only a note\n", "T010"), ("\ufeff", "T010"), ("unit,1\n", "T011")],
)
def test_files_with_nothing_in_them(content: str, code: str) -> None:
    assert trouble(content).code == code


def test_problems_name_the_file_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("# ghi chú\nunit,1\nhue,87..5\nda-nang,101\n", encoding="utf-8")
    with pytest.raises(TableInvalid) as caught:
        CSV.read(path, SCHEME)
    first, second = map(str, caught.value.problems)
    assert first.startswith(f"{path}:3 [1]: T041 the digits of '87..5' are not apart as those of a number")
    assert second == f"{path}:4 [1]: T045 '101' is above 100: row 1 has at most 100 points"


class Silent(io.BytesIO):
    """A stream that has nothing to say yet."""

    def read(self, _size: int | None = -1) -> Any:
        return None


def test_a_path_that_cannot_be_read(tmp_path: Path) -> None:
    closed = io.BytesIO()
    closed.close()
    ansi = io.TextIOWrapper(io.BytesIO(b"hu\xea"), encoding="utf-8")
    sources: list[tuple[Readable, str]] = [
        (tmp_path / "none.csv", "no such file"),
        (tmp_path, "a directory"),
        ("a\0b", "cannot be read"),
        ("x" * 5000, "cannot be read"),
        (closed, "cannot be read"),
        (Silent(), "neither a path nor an open file"),
        (ansi, "not UTF-8"),
    ]
    for source, said in sources:
        with pytest.raises(TableInvalid) as caught:
            CSV.read(source, SCHEME)
        (found,) = caught.value.problems
        assert found.code == "T001" and said in found.message


@given(st.binary(max_size=200))
@example(b'unit,1\n"')
@example(b"\r\r\n\x0b,")
@example(b"unit,1\r\na\x1c,2\n")
def test_any_bytes_are_a_table_or_an_error_of_ours(content: bytes) -> None:
    try:
        read(content)
    except IctIndexError as error:
        assert error.problems and all(one.code.startswith("T") for one in error.problems)


@given(st.text(alphabet='unit,1\n\r"#;\t 2.5ế-/a', max_size=60))
def test_any_text_below_a_header_is_a_table_or_an_error_of_ours(text: str) -> None:
    for content in (text, "unit,1\n" + text):
        try:
            read(content)
        except IctIndexError as error:
            assert error.problems
