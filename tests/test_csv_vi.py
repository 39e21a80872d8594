"""The profile of CSV that an Excel with Vietnamese settings opens with a double click."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

import pytest
import wide
from attrs import evolve
from tabled import GOOD, HEADER, SCHEME, table

from ictindex import compile_scheme, list_schemes, read_table, score, write_result
from ictindex.api import SchemeInfo, write_table
from ictindex.cli import main
from ictindex.formats.csv import VIETNAMESE, CsvFormat
from ictindex.headers import Columns
from ictindex.model import Scheme
from ictindex.plugins import formats
from ictindex.table import Table

CSV = CsvFormat()
SCHEMES = Path(__file__).parent.parent / "schemes"


def again(given: Table, scheme: Scheme = SCHEME) -> tuple[str, Table]:
    """Return what is written and what is read back, from bytes as Excel would save them."""
    text = VIETNAMESE.write_table(given, scheme)
    return text, CSV.read(io.BytesIO(text.encode()), scheme)


@cache
def communes() -> tuple[Scheme, Table]:
    scheme = wide.scheme()
    return scheme, CSV.read(io.StringIO(wide.csv_text(60)), scheme)


def test_a_table_in_the_profile_is_read_back() -> None:
    given = table(
        [*HEADER, "1.3.evidence", "3"], [*GOOD, "12/QĐ", "-7.5"], ["=x", *GOOD[1:4], "no", "4", "n/a", "", "", ""]
    )
    given = evolve(given, notes=("số liệu giả định; thử",))
    text, made = again(given)
    assert made == given and made.notes == given.notes and made.evidence_texts == given.evidence_texts
    assert text.splitlines() == [
        '\ufeff"# số liệu giả định; thử"',
        (
            "Mã đơn vị;1.1 Số cuộc họp;1.2.a số máy tính;cb Số cán bộ;1.3 Có quy chế Hoà giải;"
            "2.1 Mức trưởng thành;2.2 Trưởng ban;2.3 Điểm hội đồng;3 Đô thị thông minh;1.3.evidence Có quy chế Hoà giải"
        ),
        "hue;4;12,5;20;có;3;b;6,25;-7,5;12/QĐ",
        "'=x;4;12,5;20;không;4;n/a;;;",
    ]


def test_fifty_inputs_of_every_kind_are_read_back() -> None:
    scheme, given = communes()
    text, made = again(given, scheme)
    assert made == given and text.startswith("\ufeffMã đơn vị;Tên đơn vị;tỉnh;dan-so Dân số trung bình;")
    assert VIETNAMESE.write_table(made, scheme) == text


def test_the_note_of_the_sign_is_written_where_the_numbers_do_not_show_it() -> None:
    header, row = ["unit", "1", "2"], ["hue", "0.5", "1.125"]
    shown, hidden = table(header, row), CSV.read(io.StringIO("# decimal: point\nunit,total.score\nhue,1.125\n"), INDEX)
    assert CSV.write_table(shown, SCHEME) == "unit,1.score,2.score\nhue,0.5,1.125\n"
    for form, note in ((CSV, "# decimal: point"), (VIETNAMESE, "# dấu thập phân: phẩy")):
        text = form.write_table(hidden, INDEX)
        assert text.removeprefix("\ufeff").startswith(f"{note}\n")
        made = CSV.read(io.StringIO(text), INDEX)
        assert made == hidden and not made.notes


POINTS = evolve(SCHEME.root.publish, scale="points")
INDEX = evolve(SCHEME, root=evolve(SCHEME.root, publish=POINTS, max=SCHEME.root.max * 10**4))


def test_a_result_in_the_profile() -> None:
    scheme, given = communes()
    result = score(scheme, evolve(given, notes=("=a",)))
    text = VIETNAMESE.write(result)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    head = next(at for at, row in enumerate(rows) if not row[0].startswith("#"))
    assert ["# =a"] in rows[:head] and rows[head][:4] == ["đơn vị", "tên", "tỉnh", "điểm"]
    plain = list(csv.reader(io.StringIO(CSV.write(result))))
    first = next(row for row in plain if not row[0].startswith("#") and row[0] != "unit")
    assert rows[head + 1][3] == first[3].replace(".", ",") and "," in rows[head + 1][3]
    assert f"{scheme.root.children[0].code} {scheme.root.children[0].name}" in rows[head]


def test_no_cell_or_heading_of_a_result_begins_as_a_formula() -> None:
    scheme, given = communes()
    given = evolve(given, names=("=1", "@a", *given.names[2:]), units=("+1", "-2", *given.units[2:]))
    result = score(scheme, given)
    for form, sign in ((CSV, ","), (VIETNAMESE, ";")):
        for row in csv.reader(io.StringIO(form.write(result).removeprefix("\ufeff")), delimiter=sign):
            for cell in row:
                assert cell[:1] not in ("=", "+", "@") and (cell[:1] != "-" or cell[1:2].isdigit())


def test_it_is_asked_for_by_its_name() -> None:
    scheme, given = communes()
    assert formats().get("csv-vi") is VIETNAMESE or formats().get("csv-vi") == VIETNAMESE
    assert write_table(given, scheme=scheme, format="csv-vi") == VIETNAMESE.write_table(given, scheme)
    assert write_result(score(scheme, given), format="csv-vi") == VIETNAMESE.write(score(scheme, given))
    content = write_table(given, scheme=scheme, format="csv-vi")
    assert isinstance(content, str)
    assert read_table(io.BytesIO(content.encode()), scheme=scheme) == given


@pytest.mark.parametrize(
    "path", sorted(SCHEMES.glob("*/*.example*.csv")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_the_example_of_every_shipped_scheme_is_read_back_from_every_format(path: Path) -> None:
    scheme = compile_scheme(f"{path.parent.name}/{path.name.partition('.')[0]}").scheme
    given = read_table(path, scheme=scheme, doubts=False)
    for form in ("csv", "csv-vi", "json", "jsonl"):
        content = write_table(given, scheme=scheme, format=form)
        assert isinstance(content, str)
        assert read_table(io.BytesIO(content.encode()), scheme=scheme, format=form, doubts=False) == given


@pytest.mark.parametrize("one", list_schemes(), ids=lambda one: one.id)
def test_every_heading_in_words_is_understood(one: SchemeInfo) -> None:
    """Each column that a shipped scheme can have is found by its code with its name behind it."""
    scheme = compile_scheme(one.id).scheme
    columns = Columns(scheme)
    for code, name in [(one.code, one.name) for one in (*scheme.inputs, *scheme.rows())]:
        target = columns.figure(code)
        if target is not None:
            assert columns.figure(f"{code} {name}") == target


def test_the_command_writes_a_table_in_the_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    example = str(SCHEMES / "dti-922" / "2022-province.example.csv")
    assert main(["table", "dti-922/2022-province", example, "-o", "t.csv", "--as", "csv-vi"]) == 0
    assert Path("t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert ";0,8917;0,9;" in Path("t.csv").read_text(encoding="utf-8")
    assert main(["score", "dti-922/2022-province", "t.csv", "--format", "csv-vi"]) == 0
    assert main(["table", "dti-922/2022-province", "t.csv", "--as", "csv-vi"]) == 2
    assert "U160 --as is said of no file" in capsys.readouterr().err
