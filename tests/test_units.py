"""A table held against a list of units: who is unknown, missing, doubled, ended, under another name, in which pool."""

from __future__ import annotations

import io
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from made import group, ratio, scheme

from ictindex import TableInvalid, read_table
from ictindex.api import read_crosswalk, read_units
from ictindex.errors import Problem, Severity, WrongUse
from ictindex.model import Pool, Pools, Scheme
from ictindex.table import Table
from ictindex.units.dates import read_date
from ictindex.units.lists import Unit, UnitList
from ictindex.units.names import level_of, name_key, same_name
from ictindex.units.shares import read_share

LIST = """mã,tên,loại,cấp trên,từ ngày,đến ngày
98,Tỉnh Mẫu,tỉnh,,,
981,Huyện Thượng,huyện,98,,30/06/2025
982,Thị xã Hạ,thị xã,98,,2025-06-30
00004,Xã Hoà An,xã,981,,30/06/2025
00005,Xã Tân Lập,xã,981,,30/06/2025
00006,Phường 1,phường,982,,30/06/2025
00007,Xã Tân Lập,xã,982,,30/06/2025
00004,Xã Hoà An,xã,98,1/7/2025,
00006,Phường Hạ,phường,98,01/07/2025,
"""
BEFORE, AFTER = "2025-06-30", "2025-07-01"
COMMUNES = scheme(group("total", 10, ratio("1", 10)), pools=None)
COMMUNES = evolve(COMMUNES, unit="commune")
IN_DISTRICTS = evolve(COMMUNES, pools=Pools("huyện"))


def units(text: str = LIST) -> UnitList:
    return read_units(io.StringIO(text))


def told(text: str) -> list[Problem]:
    """Return what is wrong with a list."""
    with pytest.raises(TableInvalid) as caught:
        units(text)
    return list(caught.value.problems)


def read(rows: str, made: Scheme = COMMUNES, header: str = "unit,1.a,1.b", on: Any = BEFORE, **more: Any) -> Table:
    text = f"{header}\n" + "".join(f"{row},1,2\n" for row in rows.split("\n"))
    return read_table(io.StringIO(text), scheme=made, units=more.pop("units", units()), on=on, **more)


def wrong(rows: str, *arguments: Any, **more: Any) -> list[Problem]:
    with pytest.raises(TableInvalid) as caught:
        read(rows, *arguments, **more)
    return list(caught.value.problems)


def codes(found: list[Problem] | tuple[Problem, ...]) -> list[tuple[str, int]]:
    return [(one.code, one.where.line) for one in found]


# --- reading the list


def test_a_list_is_read_with_vietnamese_headings_and_either_kind_of_date() -> None:
    found = units()
    assert found.units[3] == Unit(code="00004", name="Xã Hoà An", kind="xã", parent="981", last=date(2025, 6, 30))
    assert found.units[7].first == date(2025, 7, 1) and found.units[7].line == 9
    english = units("code,name,kind,parent,from,to\n00004,Hoà An,commune,,2020-01-01,\n")
    assert english.units[0].level == "commune" and english.units[0].first == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("lines", "code", "line", "words"),
    [
        ("mã,tên,ngày\n1,A,\n", "T090", 1, "unknown column 'ngày'"),
        ("tên\nA\n", "T090", 1, "no column 'code'"),
        ("mã,code\n1,1\n", "T090", 1, "stands twice"),
        ("mã,tên\n,A\n1,B\n", "T091", 2, "empty"),
        ("mã,tên\n", "T091", 0, "no units"),
        ("mã,tên\n1,A\n2,B\n1,C\n", "T092", 4, "line 2"),
        ("mã,cấp trên\n00098,\n1,98\n", "T093", 3, "write '00098'"),
        ("mã,tên,cấp trên\n98,Tỉnh Mẫu,\n1,A,Tỉnh Mẫu\n", "T093", 3, "write the code '98', not the name"),
        ("mã,cấp trên\n98,\n1,77\n", "T093", 3, "add a line for it"),
        ("mã,cấp trên\n1,2\n2,1\n", "T093", 2, "stands below it"),
        ("mã,cấp trên,từ,đến\n9,,,2020-12-31\n1,9,2021-01-01,\n", "T093", 3, "does not exist in these days"),
        ("mã,từ ngày\n1,31/02/2025\n", "T094", 2, "no date"),
        ("mã,từ ngày,đến ngày\n1,2025-07-01,2025-06-30\n", "T095", 2, "before it begins"),
        ("mã,tên\n1,A,B,C\n", "T012", 2, "4 cells"),
    ],
)
def test_every_mistake_of_a_list_is_told_with_its_line(lines: str, code: str, line: int, words: str) -> None:
    found = told(lines)
    assert (code, line) in codes(found)
    assert any(words in f"{one.message} {one.hint}" for one in found if one.code == code)


def test_all_mistakes_of_a_list_come_at_once() -> None:
    found = told("mã,cấp trên,từ ngày\n1,7,\n1,,x\n,,\n,7,\n")
    assert codes(found) == [("T093", 2), ("T094", 3), ("T092", 3), ("T091", 5)]


def test_a_code_may_stand_again_in_another_period() -> None:
    assert [unit.on(date(2025, 6, 30)) for unit in units().periods["00004"]] == [True, False]
    assert [unit.on(date(2025, 7, 1)) for unit in units().periods["00004"]] == [False, True]
    assert [unit.on(None) for unit in units().periods["00004"]] == [False, True]


def test_remarks_and_numbers_of_lines_do_no_harm() -> None:
    assert units("STT,mã,tên,Ghi chú,# nguồn\n1,00004,A,x,y\n").units[0].code == "00004"


# --- names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Xã Hoà An", "Xã Hòa An"),
        ("Xã Hoà An", "hoà an"),
        ("Phường 01", "phường 1"),
        ("P. 1", "Phường 1"),
        ("TP. Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ("TP Hồ Chí Minh", "Hồ Chí Minh"),
        ("TP.HCM", "Thành phố HCM"),
        ("TX. Hạ", "Thị xã Hạ"),
        ("Bà Rịa - Vũng Tàu", "tỉnh Bà Rịa–Vũng Tàu"),
        ("Xã Ea H’leo", "Xã Ea H'leo"),
        (unicodedata.normalize("NFD", "Thị trấn Quỳ"), "thị trấn Quỳ"),
    ],
)
def test_names_are_the_same_in_spite_of_tones_and_words_before_them(one: str, other: str) -> None:
    assert same_name(one, other) and same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("Xã Tân Lập", "Phường Tân Lập"), ("Hoà An", "Hoa An"), ("Phường 1", "Phường 10"), ("A", "")]
)
def test_names_of_others_are_not_the_same(one: str, other: str) -> None:
    assert not same_name(one, other)


_SYLLABLES = st.sampled_from(["hoà", "hòa", "thuỷ", "thủy", "khoẻ", "khỏe", "an", "tân", "Đắk", "ea", "1", "10"])


@given(st.lists(_SYLLABLES, min_size=1, max_size=4), st.sampled_from(["Xã", "Phường", "Thị trấn", "Tỉnh"]))
def test_neither_tone_nor_case_nor_the_word_before_changes_whom_a_name_means(words: list[str], kind: str) -> None:
    name = " ".join(words)
    other = name.replace("oà", "òa").replace("uỷ", "ủy").replace("oẻ", "ỏe")
    for one in (name, other, name.upper(), f"{kind} {name}", f"{kind.upper()}  {other}"):
        assert same_name(f"{kind} {name}", one)
    for another in {"Xã", "Phường", "Thị trấn", "Tỉnh"} - {kind}:
        assert not same_name(f"{kind} {name}", f"{another} {other}")


@given(st.text(max_size=30))
def test_any_text_has_a_name_key_that_is_its_own(text: str) -> None:
    assert name_key(text).fits(name_key(text))


def test_the_level_of_a_kind() -> None:
    assert [level_of(kind) for kind in ("Tỉnh", "THỊ XÃ", "đặc khu", "sở", "Cục")] == [
        *("province", "district", "commune", "department", "cục")
    ]
    assert level_of("thành phố") == "province" and level_of("thành phố", under=True) == "district"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-07-01", date(2025, 7, 1)), ("1/7/2025", date(2025, 7, 1)), ("01.07.2025", date(2025, 7, 1)),
        ("2025-07-01 00:00:00", date(2025, 7, 1)), ("31/02/2025", None), ("2025", None), ("7/2025", None), ("", None),
    ],
)  # fmt: skip
def test_dates(text: str, day: date | None) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize(
    ("text", "share"),
    [("0.25", "1/4"), ("0,25", "1/4"), ("25%", "1/4"), ("1/3", "1/3"), ("1/0", None), ("-1", None), ("x", None)],
)
def test_shares_are_exact(text: str, share: str | None) -> None:
    found = read_share(text)
    assert (found is None) if share is None else str(found) == share


# --- a table against the list


def test_a_table_of_the_list_has_its_names_and_nothing_to_be_told() -> None:
    found = read("00004\n00005\n00006\n00007")
    assert found.units == ("00004", "00005", "00006", "00007")
    assert found.names == ("Xã Hoà An", "Xã Tân Lập", "Phường 1", "Xã Tân Lập") and found.doubts == ()


def test_an_unknown_unit_is_told_with_the_one_that_was_meant() -> None:
    (one,) = wrong("00004\n00009")
    assert (one.code, one.where.line, one.where.cell) == ("T096", 3, "unit")
    assert "did you mean '00004 Xã Hoà An'" in wrong("Hoà Anh")[0].hint
    assert "did you mean '00006 Phường 1'" in wrong("Xã 1")[0].hint
    assert "did you mean '00006 Phường 1'" in wrong("99999,P. 1", header="unit,name,1.a,1.b")[0].hint


def test_a_unit_of_another_level_is_told() -> None:
    (one,) = wrong("981\n00004")
    assert one.code == "T096" and "as 'huyện'" in one.message and "commune" in one.hint


def test_a_unit_outside_its_days_is_told_by_code_by_name_and_without_its_zeros() -> None:
    for text in ("00005", "5", "Tân Lập"):
        (one,) = wrong(text, on=AFTER)
        assert one.code == "T099" and "has ended on 2025-06-30" in one.message
    assert "exists from 2025-07-01 on" in wrong("Phường Hạ")[0].message
    assert read("00004", on=None).names == ("Xã Hoà An",)  # without a day those without an end
    assert codes(wrong("00005", on=None)) == [("T099", 2)]


def test_missing_units_are_a_warning_and_an_error_where_the_table_must_be_complete() -> None:
    (doubt,) = read("00004\n00006").doubts
    assert doubt.code == "T097" and doubt.severity is Severity.WARNING
    assert "2 of 4 units of the list are missing: 00005 Xã Tân Lập; 00007 Xã Tân Lập" in doubt.message
    (one,) = wrong("00004\n00006", complete=True)
    assert one.code == "T097" and one.severity is Severity.ERROR
    assert not read("00004\n00005\n00006\n00007", complete=True).doubts


def test_many_missing_units_are_counted() -> None:
    many = "code,name\n" + "".join(f"{at:05},Xã {at}\n" for at in range(1, 31))
    (doubt,) = read("00001", units=units(many), on=None).doubts
    assert "29 of 30 units of the list are missing, among them 00002 Xã 2" in doubt.message
    assert "00012" not in doubt.message


def test_a_unit_twice_is_told_whatever_it_is_called() -> None:
    assert codes(wrong("00004\nHòa An\n00004")) == [("T098", 3), ("T098", 4)]
    assert read("00004\n00004", evolve(COMMUNES, merged="sum-of-inputs")).units == ("00004", "00004")


def test_a_code_with_the_name_of_another_is_told_with_that_ones_code() -> None:
    header = "unit,name,1.a,1.b"
    (one,) = wrong("00004,Phường 01", header=header)
    assert one.code == "T100" and one.where.cell == "name" and "under the code '00006'" in one.hint
    assert codes(wrong("00004,Phường Hoà An", header=header)) == [("T100", 2)]
    assert "on other days" in wrong("00006,Phường 1", header=header, on=AFTER)[0].hint
    for name in ("Hòa An", "xã Hoà An", "X. Hoà An", "", "00004"):
        assert read(f"00004,{name}", header=header).units == ("00004",)


def test_a_name_stands_for_its_code_where_one_unit_has_it() -> None:
    found = read("Hòa An\nP. 1")
    assert found.units == ("00004", "00006") and found.names == ("Xã Hoà An", "Phường 1")
    (one,) = wrong("Tân Lập")
    assert one.code == "T101" and "00005 Xã Tân Lập (Huyện Thượng), 00007 Xã Tân Lập (Thị xã Hạ)" in one.message


def test_the_pool_says_which_of_two_units_of_one_name_is_meant() -> None:
    found = read("Tân Lập,TX. Hạ\nTân Lập,huyện Thượng", IN_DISTRICTS, header="unit,huyện,1.a,1.b")
    assert found.units == ("00007", "00005") and found.pool == ("Thị xã Hạ", "Huyện Thượng")


def test_codes_that_lost_their_zeros_are_restored_and_told() -> None:
    found = read("4\n5\n00006\n7")
    assert found.units == ("00004", "00005", "00006", "00007")
    (doubt,) = found.doubts
    assert doubt.code == "T103" and "(3 in all), such as '4' for '00004 Xã Hoà An'" in doubt.message
    numbers = read_table(
        {"unit": [4, 5, 6, 7], "1.a": [1] * 4, "1.b": [2] * 4}, scheme=COMMUNES, units=units(), on=BEFORE
    )
    assert numbers.units == found.units


def test_a_code_without_zeros_that_two_units_may_have_is_asked_for() -> None:
    (one,) = wrong("4", units=units("code,name\n004,A\n0004,B\n"), on=None)
    assert one.code == "T101"


# --- pools


def test_the_pool_is_filled_in_from_the_unit_above_and_nobody_asks_for_its_column() -> None:
    assert read("00004\n00006", IN_DISTRICTS).pool == ("Huyện Thượng", "Thị xã Hạ")
    in_province = evolve(COMMUNES, pools=Pools("tỉnh"))
    assert read("00004\n00006", in_province).pool == ("Tỉnh Mẫu", "Tỉnh Mẫu")
    directly = evolve(COMMUNES, pools=Pools("địa bàn"))
    assert read("00004\n00006", directly).pool == ("Huyện Thượng", "Thị xã Hạ")
    assert read("00004\n00006", directly, on=AFTER).pool == ("Tỉnh Mẫu", "Tỉnh Mẫu")


def test_pools_that_a_scheme_lists_are_found_by_code_or_name() -> None:
    listed = evolve(COMMUNES, pools=Pools("khu", (Pool("a", "thị xã Hạ"), Pool("981", "Nơi khác"))))
    assert read("00004\n00006", listed).pool == ("981", "a")


def test_a_column_that_the_list_cannot_fill_is_asked_for() -> None:
    for day, by in ((AFTER, "huyện"), (BEFORE, "khối")):
        (one,) = wrong("00004", evolve(COMMUNES, pools=Pools(by)), on=day)
        assert one.code == "T025" and one.where.cell == by


def test_a_pool_that_is_not_the_lists_is_told() -> None:
    header = "unit,huyện,1.a,1.b"
    (one,) = wrong("00004,Thị xã Hạ", IN_DISTRICTS, header=header)
    assert one.code == "T102" and "'Huyện Thượng'" in one.message
    assert read("00004,thượng\n00005,981", IN_DISTRICTS, header=header).pool == ("Huyện Thượng", "Huyện Thượng")


def test_pools_of_one_name_are_told_apart_by_their_codes() -> None:
    twice = "code,name,kind,parent\n1,Huyện A,huyện,\n2,Huyện A,huyện,\n11,Xã X,xã,1\n12,Xã Y,xã,2\n"
    assert read("11\n12", IN_DISTRICTS, units=units(twice), on=None).pool == ("1 Huyện A", "2 Huyện A")


# --- who names the list


def test_a_table_names_its_list_and_its_day_itself(tmp_path: Path) -> None:
    folder = tmp_path / "bảng"
    folder.mkdir()
    (folder / "xa.csv").write_text(LIST, "utf-8")
    table = folder / "bang.csv"
    table.write_text("# units: xa.csv\n# on: 30/06/2025\nunit,1.a,1.b\n5,1,2\n", "utf-8")
    assert read_table(table, scheme=COMMUNES).units == ("00005",)
    assert read_table(table, scheme=COMMUNES, units=units("code\n5\n"), on=None).units == ("5",)
    table.write_text("# danh sách đơn vị: xa.csv\n# tại ngày: hôm nay\nunit,1.a,1.b\n00004,1,2\n", "utf-8")
    with pytest.raises(TableInvalid, match="T094 'hôm nay' is no date"):
        read_table(table, scheme=COMMUNES)
    table.write_text("# units: no.csv\nunit,1.a,1.b\n00004,1,2\n", "utf-8")
    with pytest.raises(TableInvalid, match=r"no.csv: T001 .*`# units: no.csv`"):
        read_table(table, scheme=COMMUNES)


SCHEME_TEXT = """scheme: tinh-mau/2025-commune
title: Bộ thử
unit: commune
edition: 2025
sources: {qd Quyết định bịa ra: {date: 2025-01-01}}
cited: qd
max: 10
unit-list: xa.csv
1 Máy tính: {max: 10, ratio: {a: số máy, b: số cán bộ}}
"""


def test_a_scheme_names_a_list_beside_it(tmp_path: Path, run: Any) -> None:
    (tmp_path / "xa.csv").write_text(LIST, "utf-8")
    path = tmp_path / "bo.yaml"
    path.write_text(SCHEME_TEXT, "utf-8")
    source = "unit,1.a,1.b\n5,1,2\n"
    assert read_table(io.StringIO(source), scheme=path, on=BEFORE).units == ("00005",)
    assert "list of units: xa.csv" in run("show", path).out
    assert "unit-list: xa.csv" in run("show", path, "--expanded").out
    assert "S258" not in run("check", path).out
    (tmp_path / "xa.csv").write_text("mã,cấp trên\n00004,98\n", "utf-8")
    told = run("check", path)
    assert told.code == 1 and "xa.csv:2 [cấp trên]: T093" in told.out
    (tmp_path / "xa.csv").unlink()
    assert "S258" in run("check", path).out
    with pytest.raises(TableInvalid, match=r"T001.*unit-list: xa\.csv"):
        read_table(io.StringIO(source), scheme=path)


def test_an_overlay_names_a_list_beside_itself(tmp_path: Path) -> None:
    (tmp_path / "ban").mkdir()
    (tmp_path / "bo.yaml").write_text(SCHEME_TEXT.replace("unit-list: xa.csv\n", ""), "utf-8")
    (tmp_path / "ban" / "xa.csv").write_text(LIST, "utf-8")
    overlay = tmp_path / "ban" / "lop.yaml"
    overlay.write_text("overlay: ../bo.yaml\nby: Sở\ndate: 2025-07-01\nchanges: {unit-list: xa.csv}\n", "utf-8")
    assert read_table(io.StringIO("unit,1.a,1.b\n4,1,2\n"), scheme=overlay).units == ("00004",)


def test_a_day_without_a_list_is_wrong_use() -> None:
    source = "unit,1.a,1.b\n00004,1,2\n"
    for more in ({"on": BEFORE}, {"complete": True}):
        with pytest.raises(WrongUse, match="U180"):
            read_table(io.StringIO(source), scheme=COMMUNES, **more)  # type: ignore[arg-type]
    with pytest.raises(WrongUse, match="U181 'mai' is no date"):
        read_table(io.StringIO(source), scheme=COMMUNES, units=units(), on="mai")


def test_the_command_line_reads_a_list(tmp_path: Path, run: Any) -> None:
    (tmp_path / "xa.csv").write_text(LIST, "utf-8")
    (tmp_path / "bo.yaml").write_text(SCHEME_TEXT.replace("unit-list: xa.csv\n", ""), "utf-8")
    (tmp_path / "bang.csv").write_text("unit,1.a,1.b\n5,1,2\nHòa An,2,2\n", "utf-8")
    told = run(
        "score", tmp_path / "bo.yaml", tmp_path / "bang.csv", "--units", tmp_path / "xa.csv", "--on", "30/6/2025"
    )
    assert told.code == 0 and "00005  Xã Tân Lập" in told.out and "T103" in told.err and "T097" in told.err
    told = run(
        *("explain", tmp_path / "bo.yaml", tmp_path / "bang.csv", "00004", "--units", tmp_path / "xa.csv"),
        *("--on", "30/6/2025", "--complete"),
    )
    assert told.code == 1 and "error" not in told.err and "T097" in told.err


@given(st.permutations(["00004", "5", "Phường 1", "00007"]))
def test_the_order_of_the_rows_changes_nothing(rows: list[str]) -> None:
    found = read("\n".join(rows), IN_DISTRICTS)
    pools = dict(zip(found.units, found.pool or (), strict=True))
    assert pools == {"00004": "Huyện Thượng", "00005": "Huyện Thượng", "00006": "Thị xã Hạ", "00007": "Thị xã Hạ"}


@given(st.binary(max_size=200), st.sampled_from([b"", b"code,name,parent,from,to\n", b"old,new,date,share\n"]))
def test_nothing_but_problems_comes_out_of_any_bytes(content: bytes, header: bytes) -> None:
    for read_file in (read_units, read_crosswalk):
        try:
            read_file(io.BytesIO(header + content))
        except TableInvalid as error:
            assert error.problems


@given(st.lists(st.text(max_size=12), min_size=1, max_size=5, unique=True))
def test_no_list_and_no_table_of_any_texts_brings_a_traceback(texts: list[str]) -> None:
    columns = {"unit": texts, "name": texts[::-1], "1.a": [1] * len(texts), "1.b": [2] * len(texts)}
    try:
        read_table(columns, scheme=COMMUNES, units=units(), on=BEFORE)
        units("mã,tên,cấp trên,từ ngày\n" + "\n".join(texts))
    except TableInvalid as error:
        assert error.problems
