"""Headings as people write them, and mappings of a form's own headings."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from attrs import evolve
from tabled import GOOD, HEADER, SCHEME, column, measured, problem, problems, table

from ictindex import read_table
from ictindex.assembling import Grid, ReadOptions, assemble
from ictindex.cli import main
from ictindex.errors import Problem, TableInvalid
from ictindex.formats.mappings import read_mapping
from ictindex.model import Group, InputKind, Pools
from ictindex.naming import ColumnMapping, mapping_of
from ictindex.table import Table


def named(header: Sequence[str]) -> Table:
    return table(header, [*GOOD, *[""] * (len(header) - len(GOOD))][: len(header)])


# ----------------------------------------------------------------------------------------------------- the units


@pytest.mark.parametrize(
    "code", ["unit", "Unit", "mã", "MÃ ĐƠN VỊ", "Mã số đơn vị", "Code", "mã xã", "Đơn vị", "Xã, phường"]
)
def test_the_column_of_units_as_people_call_it(code: str) -> None:
    assert table([code, *HEADER[1:]], GOOD).units == ("hue",)


@pytest.mark.parametrize("name", ["name", "Tên", "tên đơn vị", "Tên xã", "Đơn vị", "Xã, phường", "xã"])
@pytest.mark.parametrize("first", [True, False])
def test_the_column_of_names_beside_one_of_codes(name: str, first: bool) -> None:
    pairs = [(name, "TP. Huế"), ("Mã đơn vị", "hue")]
    pairs = pairs if first else pairs[::-1]
    made = table([*(one for one, _ in pairs), *HEADER[1:]], [*(cell for _, cell in pairs), *GOOD[1:]])
    assert made.units == ("hue",) and made.names == ("TP. Huế",)


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        (("unit", "mã"), "'mã' stands for the same as 'unit'"),
        (("mã", "đơn vị", "tên"), "'tên' stands for the same as 'đơn vị'"),
        (("đơn vị", "xã"), "'xã' stands for the same as 'đơn vị'"),
    ],
)
def test_two_columns_that_may_be_meant_are_refused(headings: Sequence[str], said: str) -> None:
    found = problems([*headings, *HEADER[1:]], ["a"] * len(headings) + GOOD[1:])
    assert found[0].code == "T023" and said in found[0].message


def test_a_column_of_names_alone_is_no_column_of_units() -> None:
    assert problems(["Tên đơn vị", *HEADER[1:]], GOOD)[0].code == "T020"


def test_pools_as_people_call_them() -> None:
    scheme = evolve(SCHEME, pools=Pools("huyện"))
    for heading in ("huyện", "Tên huyện", "mã huyện", "Pool"):
        assert table([heading, *HEADER], ["A", *GOOD], scheme=scheme).pool == ("A",)
    found = problems(["huyện", "mã huyện", *HEADER], ["A", "B", *GOOD], scheme=scheme)
    assert [one.code for one in found] == ["T023"]


def test_a_code_or_name_of_the_scheme_goes_before_what_is_usual() -> None:
    first, *others = SCHEME.root.children
    assert isinstance(first, Group)
    group = evolve(first, children=(*first.children, measured("tt", "Mã", "value", ["tt"], points=0)))
    scheme = evolve(
        SCHEME,
        inputs=(*SCHEME.inputs, column("tt", "Mã", InputKind.AMOUNT)),
        root=evolve(SCHEME.root, children=(group, *others)),
    )
    for heading in ("tt", "TT", "mã"):
        assert table([*HEADER, heading], [*GOOD, "7"], scheme=scheme).columns["tt"].values[0] == 7


@pytest.mark.parametrize("heading", ["STT", "tt", "Số thứ tự", "No."])
def test_a_column_that_counts_the_lines_is_left_out_only_if_it_does(heading: str) -> None:
    rows = [[str(at), f"u{at}", *GOOD[1:]] for at in (1, 2, 3)]
    assert table([heading, *HEADER], *rows).units == ("u1", "u2", "u3")
    rows[2][0] = ""
    assert table([heading, *HEADER], *rows).units == ("u1", "u2", "u3")
    rows[1][0] = "7"
    (found,) = problems([heading, *HEADER], *rows)
    assert (found.code, found.where.line) == ("T056", 3) and "'7' does not count" in found.message


# ------------------------------------------------------------------------------------------------ inputs and rows


def in_english() -> Table:
    english = {"1.1": "Meetings", "1.3": "Has rules", "2": "Applications"}
    first, second, third = SCHEME.root.children
    assert isinstance(first, Group)
    one, two, three = first.children
    first = evolve(first, children=(evolve(one, en=english["1.1"]), two, evolve(three, en=english["1.3"])))
    second = evolve(second, en=english["2"])
    scheme = evolve(SCHEME, root=evolve(SCHEME.root, children=(first, second, third)))
    return table(["unit", "meetings", "1.2.A", "CB", "HAS  RULES", "applications"], [*GOOD[:5], "85"], scheme=scheme)


def test_columns_are_found_by_english_names_and_by_codes_in_any_case() -> None:
    assert list(in_english().columns) == ["1.1", "1.2.a", "cb", "1.3", "2.score"]


def test_the_name_of_a_row_with_one_input_of_its_own_name_means_two_things() -> None:
    """`4` is the row's score and `4.a` its one input: whoever writes the row's name must say which."""
    row = measured("4", "Văn bản đã ký", "ratio", ["4.a"])
    scheme = evolve(
        SCHEME,
        inputs=(*SCHEME.inputs, column("4.a", "số văn bản", InputKind.AMOUNT, owner="4")),
        root=evolve(SCHEME.root, children=(*SCHEME.root.children, row)),
    )
    assert "4.a" in table([*HEADER, "Số văn bản"], [*GOOD, "5"], scheme=scheme).columns
    found = problems([*HEADER, "văn bản đã ký"], [*GOOD, "5"], scheme=scheme)
    assert [one.code for one in found if one.code == "T024"] and "4.a, 4" in str(found)


@pytest.mark.parametrize(
    "heading",
    [
        "1.2.a Số máy tính",
        "1.2.a. SỐ MÁY TÍNH",
        "1.2.a) số máy tính:",
        "1.2.a - số máy tính",
        "1.2.a: Số máy",
        "1.2.a. số máy tính (máy)",
        "1.2.a.",
    ],
)
def test_a_code_and_its_words_together(heading: str) -> None:
    assert named(["unit", "1.1", heading, *HEADER[3:]]) == named(HEADER)


@pytest.mark.parametrize("heading", ["1.2.a Số cán bộ", "1.2.a ghi chú", "1.2.a Số máyy", "1.2.a tính"])
def test_words_that_are_not_those_of_the_code_are_refused(heading: str) -> None:
    found = problems(["unit", "1.1", heading, *HEADER[3:]], GOOD)[0]
    assert found.code == "T057" and "1.2.a is: 'số máy tính'" in found.hint


def test_what_stands_beside_a_row_may_have_words_too() -> None:
    made = table([*HEADER, "1.excluded Hạ tầng", "1.3.evidence Có quy chế Hòa giải"], [*GOOD, "3", "12/QĐ"])
    assert made.columns["1.excluded"].values[0] == 3 and made.evidence["1.3"][0]
    assert problem("1.5 Hạ tầng", "1").code == "T021"


# ------------------------------------------------------------------------------------------------------- mappings

FORM = ["Phường", "Cột A", "Cột B", *HEADER[3:], "Ghi chú"]
MAPPING = {"phường": "unit", "CỘT A": "1.1", "Cột B": "1.2.a", "ghi chú": "#"}


def mapped(mapping: ColumnMapping) -> Table:
    grid = Grid(header=FORM, rows=[(2, [*GOOD, "gì đó"])], source="form.csv")
    return assemble(grid, SCHEME, ReadOptions(mapping=mapping))


def refused(mapping: ColumnMapping) -> list[Problem]:
    with pytest.raises(TableInvalid) as caught:
        mapped(mapping)
    return list(caught.value.problems)


def test_a_dictionary_says_what_the_headings_of_a_form_stand_for() -> None:
    assert mapped(mapping_of(MAPPING)) == table(HEADER, GOOD)


@pytest.mark.parametrize("header", ["heading,code", "Tiêu đề;Mã", "code\theading"])
def test_a_file_says_the_same(header: str) -> None:
    sign = next(one for one in ",;\t" if one in header)
    pairs = [pair if header[0] != "c" else pair[::-1] for pair in MAPPING.items()]
    text = "\n".join([header, *(sign.join(pair) for pair in pairs)])
    assert mapped(read_mapping(io.StringIO(text))) == table(HEADER, GOOD)


def test_every_mistake_of_a_mapping_is_told_with_its_line() -> None:
    text = "heading,code\nPhường,unit\nCột A,1.1\nCột B,1.2.x\nCột C,cb\ncột a,1.1\nGhi chú,#\n"
    source = io.StringIO(text)
    source.name = "mapping.csv"
    found = {one.code: one for one in refused(read_mapping(source)) if one.where.source == "mapping.csv"}
    assert {code: one.where.line for code, one in found.items()} == {"T061": 4, "T062": 5, "T063": 6}
    assert "'1.2.x' is no column of the scheme" in found["T061"].message and "'1.2.a'" in found["T061"].hint
    assert "did you mean 'Cột" in found["T062"].hint and "line 3" in found["T063"].hint


def test_a_mapping_of_a_column_to_nothing_is_a_mistake() -> None:
    assert "T061" in {one.code for one in refused(mapping_of({**MAPPING, "ghi chú": ""}))}


def test_two_headings_for_one_code_are_a_column_twice() -> None:
    found = refused(mapping_of({**MAPPING, "Cột B": "1.1"}))
    assert "T023" in {one.code for one in found}


@pytest.mark.parametrize(
    ("text", "code"),
    [("a,b\nx,y\n", "T090"), ("heading,code\n", "T091"), ("heading,code\nx,\n", "T091"), ("heading\nx\n", "T090")],
)
def test_a_file_that_is_no_mapping(text: str, code: str) -> None:
    with pytest.raises(TableInvalid) as caught:
        read_mapping(io.StringIO(text))
    assert {one.code for one in caught.value.problems} == {code}


def test_the_two_tables_of_the_guide_are_one() -> None:
    guide = (Path(__file__).parent.parent / "docs" / "tables.md").read_text(encoding="utf-8")
    one, other, mapping = re.findall("```text\n(.*?)```", guide, re.DOTALL)
    tables = [read_table(io.StringIO(text), scheme="dti-922/2022-province") for text in (one, other)]
    assert (
        tables[0] == evolve(tables[1], notes=())
        and tables[0].units == ("001", "002")
        and tables[1].notes == ("Số liệu thử",)
    )
    assert len(read_mapping(io.StringIO(mapping)).entries) == 3


def test_a_mapping_on_the_command_line_and_in_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    codes = ("1", "2", "3", "4", "5", "7", "8", "9")
    Path("m.csv").write_text("tiêu đề,mã\n" + "".join(f"Nhóm {code},{code}\n" for code in codes), encoding="utf-8")
    header = ";".join(["unit", *(f"Nhóm {code}" for code in codes)])
    Path("t.csv").write_text(f"{header}\nhue{';0,5' * len(codes)}\n", encoding="utf-8")
    assert main(["score", "dti-922/2022-province", "t.csv", "--mapping", "m.csv", "--format", "csv"]) == 0
    assert "hue,hue,0.5000,1" in capsys.readouterr().out
    read = read_table("t.csv", scheme="dti-922/2022-province", mapping="m.csv")
    assert read == read_table("t.csv", scheme="dti-922/2022-province", mapping={f"Nhóm {one}": one for one in codes})
    assert main(["score", "dti-922/2022-province", "t.csv", "--mapping", "none.csv"]) == 1
    assert "none.csv: T001" in capsys.readouterr().err
