"""Which units of a list a scheme scores: none vanishes without a word; a city is what its place in the list says."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from made import group, ratio, scheme

from ictindex import TableInvalid, read_table
from ictindex.api import read_units
from ictindex.collecting import form_doubts
from ictindex.model import Pools
from ictindex.units.levels import Scored, nobody, scored
from ictindex.units.names import level_of

MADE = scheme(group("total", 10, ratio("1", 10)), pools=None)


def found(text: str, level: str) -> Scored:
    return scored(read_units(io.StringIO(text)).on(), level)


def codes(units: Any) -> list[str]:
    return [unit.code for unit in units]


def test_a_city_among_districts_is_one() -> None:
    for names in (("Thành phố Sa Đéc", "TP. Hồng Ngự"), ("TP Sa Đéc", "tp hồng ngự")):
        here = found(f"mã,tên\n1,Huyện A\n2,Thị xã B\n3,{names[0]}\n4,{names[1]}\n", "district")
        assert list(here.units) == ["1", "2", "3", "4"] and not here.unsure and not here.apart
    kinds = found("mã,tên,loại\n1,A,huyện\n3,Sa Đéc,thành phố\n", "district")
    assert list(kinds.units) == ["1", "3"] and not kinds.unsure
    assert list(found("mã,tên\n1,Thành phố Sa Đéc\n2,TP Cao Lãnh\n", "district").units) == ["1", "2"]


def test_a_city_among_provinces_is_one() -> None:
    text = "mã,tên\n1,Tỉnh A\n2,Thành phố Hà Nội\n3,Thành phố Huế\n"
    here = found(text, "province")
    assert list(here.units) == ["1", "2", "3"] and not here.unsure
    assert not found(text, "district").units


def test_what_stands_above_and_below_a_city_says_what_it_is() -> None:
    text = (
        "mã,tên,cấp trên\n1,Tỉnh A,\n2,Thành phố Hà Nội,\n3,Huyện C,1\n4,Thành phố D,1\n5,Quận E,2\n"
        "6,Thành phố F,2\n7,Phường G,4\n8,Thành phố Hải Phòng,\n9,Quận H,8\n"
    )
    assert list(found(text, "province").units) == ["1", "2", "8"]
    assert list(found(text, "district").units) == ["3", "4", "5", "6", "9"]
    assert list(found(text, "commune").units) == ["7"]
    assert not any(found(text, level).unsure for level in ("province", "district", "commune"))
    regions = "mã,tên,loại,cấp trên\nv,Miền Bắc,vùng,\n1,Tỉnh A,tỉnh,v\n2,Thành phố Hà Nội,thành phố,v\n"
    assert list(found(regions, "province").units) == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "level", "unsure"),
    [
        ("mã,tên\n1,Huyện A\n2,Thị xã B\n3,Thành phố Huế\n", "district", ["3"]),  # a province since 2025
        ("mã,tên\n1,Tỉnh A\n2,Huyện B\n3,Thành phố C\n", "district", ["3"]),
        ("mã,tên\n1,Tỉnh A\n2,Huyện B\n3,Thành phố C\n", "province", ["3"]),
        ("mã,tên,cấp trên\n1,Tỉnh A,\n2,Huyện B,1\n3,Thành phố C,\n", "district", ["3"]),  # its parent was forgotten
        ("mã,tên,cấp trên\n1,Tỉnh A,\n2,Huyện B,1\n3,Thành phố C,\n4,Phường D,3\n", "district", ["3"]),
        ("mã,tên,cấp trên\nv,Miền A,\nw,Miền B,\n1,Tỉnh A,v\n2,Thành phố Hà Nội,w\n", "province", ["2"]),
        ("mã,tên\n1,Huyện A\n2,Sa Đéc\n", "district", ["2"]),
    ],
)
def test_where_the_list_does_not_say_it_a_unit_is_kept_and_told(text: str, level: str, unsure: list[str]) -> None:
    here = found(text, level)
    assert codes(here.unsure) == unsure and set(unsure) <= set(here.units)
    (doubt,) = here.doubts("dv.csv")
    assert doubt.code == "T122" and doubt.where.source == "dv.csv" and here.units[unsure[0]].told in doubt.message


def test_units_of_another_kind_are_left_out_and_named_where_they_stand_alone() -> None:
    text = "mã,tên\n1,Huyện A\n2,Sở Y tế\n3,Xã B\n"
    here = found(text, "district")
    assert list(here.units) == ["1"] and codes(here.apart) == ["2", "3"]
    (told,) = here.left_out("")
    assert "2 Sở Y tế; 3 Xã B" in told.message
    assert not found("mã,tên\n1,Huyện A\n2,Huyện B\n", "commune").units
    tree = found("mã,tên,cấp trên\n1,Tỉnh A,\n2,Huyện B,1\n3,Xã C,2\n", "district")
    assert list(tree.units) == ["2"] and not tree.apart


def test_names_without_any_word_and_departments_are_taken_as_they_are() -> None:
    assert list(found("mã,tên\n1,Sa Đéc\n2,Lai Vung\n", "district").units) == ["1", "2"]
    text = "mã,tên\n1,Sở Y tế\n2,Thanh tra tỉnh\n3,Văn phòng\n"
    here = found(text, "department")
    assert list(here.units) == ["1", "2", "3"] and not here.unsure
    assert list(found(text + "4,Huyện A\n", "agency").units) == ["1", "2", "3", "4"]
    under = found("mã,tên,loại,cấp trên\n1,A,huyện,\n2,B,,1\n", "district")
    assert list(under.units) == ["1"] and not under.unsure


_NAMES = st.lists(
    st.tuples(st.sampled_from(["Huyện", "Thị xã", "Thành phố", "TP.", "Tỉnh", ""]), st.sampled_from("ABCDE")),
    min_size=1,
    max_size=8,
)


@given(_NAMES, st.sampled_from(["district", "province"]))
def test_no_unit_of_a_plain_list_vanishes_without_a_word(names: list[tuple[str, str]], level: str) -> None:
    text = "mã,tên\n" + "".join(f"{at},{' '.join(name).strip()}\n" for at, name in enumerate(names))
    here = found(text, level)
    assert len(here.units) + len(here.apart) + _cities_of_the_other_level(here, names) == len(names)


def _cities_of_the_other_level(here: Scored, names: list[tuple[str, str]]) -> int:
    """Return how many cities are left out because all other words beside them say the other level."""
    words = {level_of(word) for word, _ in names if word and word not in ("Thành phố", "TP.")}
    cities = [str(at) for at, (word, _) in enumerate(names) if word in ("Thành phố", "TP.")]
    out = [code for code in cities if code not in here.units and code not in codes(here.apart)]
    assert not out or here.level not in words
    return len(out)


def test_a_table_says_that_a_city_is_taken_for_another_kind() -> None:
    made = evolve(MADE, unit="district")
    units = read_units(io.StringIO("mã,tên,cấp trên\n1,Thành phố A,\n2,Quận B,1\n"))
    with pytest.raises(TableInvalid) as caught:
        read_table(io.StringIO("unit,1.a,1.b\n1,1,2\n2,1,2\n"), scheme=made, units=units)
    (problem,) = caught.value.problems
    assert problem.code == "T096" and "taken for a unit of the kind 'province'" in problem.message
    assert "code of the unit above" in problem.hint


def test_a_table_has_the_doubt_of_its_list() -> None:
    made = evolve(MADE, unit="district")
    units = read_units(io.StringIO("mã,tên\n1,Huyện A\n2,Thành phố Huế\n"))
    table = read_table(io.StringIO("unit,1.a,1.b\n1,1,2\n2,1,2\n"), scheme=made, units=units)
    assert table.units == ("1", "2") and [one.code for one in table.doubts] == ["T122"]


def test_the_names_of_the_list_stand_in_the_table() -> None:
    made = evolve(MADE, unit="district")
    units = read_units(io.StringIO("mã,tên\n1,Huyện Lai Vung\n2,\n"))
    table = read_table(io.StringIO("unit,name,1.a,1.b\n1,Lai Vung,1,2\n2,Lấp Vò,1,2\n"), scheme=made, units=units)
    assert table.names == ("Huyện Lai Vung", "Lấp Vò")


def test_a_list_without_a_unit_of_the_kind_says_what_it_has() -> None:
    roster = read_units(io.StringIO("mã,tên\n1,Tỉnh A\n2,Huyện B\n3,Thành phố C\n")).on()
    assert "it has province: 1, district: 1, city: 1" in nobody(roster, "commune").message


DISTRICT, COMMUNE = "dong-thap-1397/2022-district", "btttt-2392/2017-commune"


def test_each_unit_of_a_plain_list_gets_a_form(run: Any, tmp_path: Path) -> None:
    listed = tmp_path / "dv.csv"
    listed.write_text("mã,tên\n1,Huyện A\n2,Thành phố Sa Đéc\n3,TP C\n4,Sở D\n", "utf-8")
    told = run("form", DISTRICT, "--units", listed, "--each", "-o", tmp_path / "bieu")
    assert told.code == 0 and told.out.startswith("3 forms") and told.err.count("U188") == 1
    assert "4 Sở D" in told.err
    assert run("form", DISTRICT, "--units", listed, "--many", "-o", tmp_path / "many.xlsx").err.count("U188") == 1
    assert [one.code for one in form_doubts(DISTRICT, units=listed)] == ["U188"]
    told = run("form", COMMUNE, "--units", listed, "--each", "-o", tmp_path / "xa")
    assert told.code == 2 and "U186" in told.err and "district: 3" in told.err and not (tmp_path / "xa").exists()


def test_a_city_is_the_pool_of_its_wards_in_a_list_without_a_province() -> None:
    made = evolve(MADE, unit="commune", pools=Pools("huyện"))
    units = read_units(io.StringIO("mã,tên,cấp trên\n1,Huyện A,\n2,Thành phố B,\n11,Xã C,1\n21,Phường D,2\n"))
    table = read_table(io.StringIO("unit,1.a,1.b\n11,1,2\n21,1,2\n"), scheme=made, units=units)
    assert table.pool == ("Huyện A", "Thành phố B") and not table.doubts
    under = read_units(io.StringIO("mã,tên,cấp trên\n1,Tỉnh A,\n2,Thành phố B,1\n21,Phường D,2\n"))
    province = evolve(made, pools=Pools("tỉnh"))
    assert read_table(io.StringIO("unit,1.a,1.b\n21,1,2\n"), scheme=province, units=under).pool == ("Tỉnh A",)


def test_a_city_by_its_kind_is_told_as_what_it_is_taken_for() -> None:
    made = evolve(MADE, unit="district")
    units = read_units(io.StringIO("mã,tên,loại,cấp trên\n1,A,thành phố,\n2,B,quận,1\n3,C,sở,\n"))
    with pytest.raises(TableInvalid) as caught:
        read_table(io.StringIO("unit,1.a,1.b\n1,1,2\n3,1,2\n"), scheme=made, units=units)
    city, department = caught.value.problems
    assert "taken for a unit of the kind 'province'" in city.message and "as 'sở'" in department.message


@pytest.mark.parametrize(
    ("kind", "level"), [("TX", "district"), ("P.", "commune"), ("h.", "district"), ("x", "commune")]
)
def test_kinds_may_be_abbreviated(kind: str, level: str) -> None:
    assert level_of(kind) == level
    text = "mã,tên,loại\n1,A,huyện\n2,Sa Đéc,TP\n3,Hồng Ngự,tp.\n"
    here = found(text, "district")
    assert list(here.units) == ["1", "2", "3"] and not here.unsure
    assert here.units["2"].key.kind == here.units["3"].key.kind != ""
