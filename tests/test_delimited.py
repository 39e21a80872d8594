"""The traps of CSV: what stands between cells, how the file was saved, texts that are formulas, Vietnamese letters."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tabled import GOOD, HEADER, SCHEME

from ictindex.errors import IctIndexError, Problem, TableInvalid
from ictindex.formats.csv import CsvFormat, read_grid
from ictindex.formats.defused import defused
from ictindex.table import Table

CSV = CsvFormat()
ROWS = [["Mã đơn vị", "Tên đơn vị", *HEADER[1:]], ["001", "TP. Huế; A, B", *GOOD[1:]], ["002", "Hòa | Bình", *GOOD[1:]]]
WINDOWS = {"cp1258": "Xã Hà Nội", "cp1252": "Province de Huế".replace("ế", "é"), "tcvn3": "H\xb5 N\xe9i"}


def written(sign: str = ",", rows: list[list[str]] = ROWS, quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=sign, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def read(content: str | bytes) -> Table:
    return CSV.read(io.BytesIO(content if isinstance(content, bytes) else content.encode()), SCHEME)


def trouble(content: str | bytes) -> Problem:
    with pytest.raises(TableInvalid) as caught:
        read(content)
    (found,) = caught.value.problems
    return found


PLAIN = read(written())


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_sign_between_cells_is_found_in_the_heading(sign: str, quoting: int) -> None:
    made = read(written(sign, quoting=quoting))
    assert made == PLAIN and made.names == ("TP. Huế; A, B", "Hòa | Bình") and made.units == ("001", "002")


def test_signs_inside_headings_do_not_mislead() -> None:
    names = ["unit", "Số cuộc họp", "số máy tính", "Số cán bộ", "# a; b; c; d; e; f; g; h; i; j", *HEADER[4:]]
    row = ["x", *GOOD[1:4], "", *GOOD[4:]]
    for sign in ",\t|":
        assert read(written(sign, [names, row])).units == ("x",)
    # In quotation marks they count for nothing; without, the headings that are known decide.
    assert read(written(";", [["unit", "# a, b, c, d, e, f, g, h, i, j, k, l", *HEADER[1:]], ["x", "", *GOOD[1:]]]))
    bare = ";".join(["unit", "#1,2,3,4,5,6,7,8,9,10,11,12", *HEADER[1:]]) + "\n" + ";".join(["x", "", *GOOD[1:]])
    assert read(bare).units == ("x",)


def test_a_heading_in_quotation_marks_may_run_over_lines() -> None:
    assert read(
        written(";", [["unit", "số\nmáy tính", *HEADER[1:2], *HEADER[3:]], ["x", "5", "4", *GOOD[3:]]])
    ).lines == (3,)


@pytest.mark.parametrize("first", ["sep=;", "SEP=;", '"sep=;"'])
def test_the_line_that_excel_obeys_and_does_not_show(first: str) -> None:
    made = read(f"{first}\r\n" + written(";"))
    assert made == PLAIN and made.lines == (3, 4)
    assert read("sep=\t\n" + written("\t")) == PLAIN
    assert trouble("sep=!\nunit!1\n").code == "T055"


def test_a_title_above_the_column_names_is_passed_over_with_a_warning() -> None:
    title = "UBND TỈNH MẪU;;;CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM;\n\nBẢNG SỐ LIỆU, NĂM 2025;;;\n# ghi chú;;\n;;;\n"
    made = read(title + written(";"))
    assert made == evolve(PLAIN, notes=("ghi chú",)) and made.lines == (7, 8)
    (doubt,) = made.doubts
    assert str(doubt).startswith("input:6: warning T079 2 lines above the column names are not read: 'UBND TỈNH MẪU")
    # Where no line names the units, the first one is the heading.
    with pytest.raises(TableInvalid) as caught:
        read("a;b\nname;1.1\nx;1\n")
    assert {one.where.line for one in caught.value.problems} == {1} and not PLAIN.doubts
    # A line with more cells is no title.
    with pytest.raises(TableInvalid):
        read("a;b;c\n" + written(";"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_way_in_which_excel_saves_unicode(encoding: str) -> None:
    mark = "\ufeff" if encoding.startswith("utf-16-") else ""
    assert read((mark + written("\t")).encode(encoding)) == PLAIN


@pytest.mark.parametrize(("encoding", "text"), WINDOWS.items())
def test_letters_of_another_encoding_are_refused_with_advice(encoding: str, text: str) -> None:
    code = "latin-1" if encoding == "tcvn3" else encoding
    found = trouble(unicodedata.normalize("NFC", f"unit,name\nx,{text}\n").encode(code, "replace"))
    assert found.code == "T002" and found.where.line == 2
    assert "CSV UTF-8" in found.hint and "TCVN3" in found.hint


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Hµ Néi", "'Hµ'"),
        ("§µ N½ng", "'N½ng'"),
        ("Tr­êng thµnh", "'thµnh'"),
        ("B¾c Giang", "'B¾c'"),
        ("HoÃ  BÃ¬nh", ""),
        ("Ä‘áº·t", ""),
        ("Huáº¿", "'Huáº¿'"),
    ],
)
def test_letters_that_went_through_a_wrong_encoding_are_refused(name: str, said: str) -> None:
    found = trouble(f"unit,name,1\nx,Huế,1\ny,{name},2\n")
    assert found.code == "T059" and found.where.line == 3 and said in found.message


@pytest.mark.parametrize(
    "name", ["Đà Nẵng", "ÂN THI", "Ấp Á", "xã Ã", "5 m²", "Excel® 2016", "½ tỉnh", "Việt·Nam", "10 µg"]
)
def test_vietnamese_letters_and_signs_are_not_taken_for_garbled_ones(name: str) -> None:
    assert read(written(rows=[ROWS[0], ["1", name, *GOOD[1:]]])).names == (unicodedata.normalize("NFC", name),)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_are_brought_to_one_form(form: str) -> None:
    text = unicodedata.normalize(form, written()) if form == "NFC" else unicodedata.normalize("NFD", written())
    assert read(text) == PLAIN
    names = ["unit", "name", "số cuộc họp", "SỐ MÁY TÍNH", "số cán bộ", "Có quy chế Hòa giải", *HEADER[5:]]
    assert read(unicodedata.normalize(form, written(rows=[names, *ROWS[1:]]))) == PLAIN


def test_notes_with_anything_in_them_are_read_as_they_were() -> None:
    grid = read_grid(io.BytesIO(b'"# a ""quoted"" note, with; signs",,\n# plain,,,\n"# two\nlines"\n\nunit,1\nx,1\n'))
    assert list(grid.notes) == ['a "quoted" note, with; signs', "plain", "two\nlines"] and grid.header_line == 6
    assert trouble('"# never closed\nunit,1\nx,1\n').code == "T004"


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-1 x", "@a", "'=1", "''-2", "'x", "=", "O'Neil"])
def test_texts_that_a_spreadsheet_would_run_are_read_back_as_they_were(text: str) -> None:
    made = read(written(rows=[ROWS[0], [defused(text), defused(text), *GOOD[1:]]]))
    assert made.units == made.names == (text,)


def test_a_negative_number_stays_a_number() -> None:
    header, row = [*HEADER, "3"], [*GOOD, "-7.5"]
    table = read(written(rows=[header, row]))
    assert table.columns["3"].values[0] == -7.5
    assert ",-7.5" in CSV.write_table(table, SCHEME) and read(CSV.write_table(table, SCHEME)) == table
    assert read(written(rows=[header, [*GOOD, "'-7.5"]])) == table  # a spreadsheet's sign of a text


@given(st.binary(max_size=80), st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"sep=;\n", b'"#']))
def test_any_bytes_behind_any_beginning_are_a_table_or_an_error_of_ours(content: bytes, start: bytes) -> None:
    for whole in (
        start + content,
        start + written(";").encode("utf-16-le" if start[:1] == b"\xff" else "utf-8") + content,
    ):
        try:
            read(whole)
        except IctIndexError as error:
            assert error.problems and all(one.code.startswith("T") for one in error.problems)


TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="µ¶¸¹¼½¾¨©ª«¬®·»º"), max_size=12)


@given(
    st.lists(TEXTS, max_size=3), st.lists(TEXTS, min_size=1, max_size=4, unique_by=lambda text: " ".join(text.split()))
)
def test_what_is_written_is_read_back(notes: list[str], units: list[str]) -> None:
    rows = [[f"{at} {text}", text, *GOOD[1:]] for at, text in enumerate(units)]
    table = read(written(rows=[["unit", "name", *HEADER[1:]], *[[defused(cell) for cell in row] for row in rows]]))
    noted = evolve(table, notes=tuple(" ".join(note.split()).strip("#").strip() for note in notes))
    for form in (CSV, CsvFormat(separator=";", decimal="comma", mark="\ufeff")):
        again = read(form.write_table(noted, SCHEME))
        assert again == evolve(noted, notes=again.notes)
        assert list(again.notes) == [" ".join(note.splitlines()) for note in noted.notes]
