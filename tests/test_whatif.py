"""What if some figures were others: golden numbers, how changes may be typed, every mistake at once, the command."""

from __future__ import annotations

import io
import json
import sys
from fractions import Fraction as Q
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from workbooks import workbook

from ictindex import TableInvalid, load_scheme, read_table, score, table_from_columns, whatif
from ictindex.cli import FINE, PROBLEMS, WRONG_USE
from ictindex.errors import WrongUse
from ictindex.questions import answer_schema
from ictindex.result import Result

TOP = Path(__file__).parent.parent
DTI = "dti-922/2022-province"
HUE = "hue-1784/2020-district"
ICT = "ict-index/2017-province"
DONG_THAP = "dong-thap-1397/2022-district"
COMMUNES = "btttt-2392/2017-commune"
PROVINCES = TOP / "schemes" / f"{DTI}.example.csv"
DISTRICTS = TOP / "schemes" / f"{DONG_THAP}.example.synthetic.csv"


def shipped(name: str) -> Result:
    made = load_scheme(name)
    (path,) = (TOP / "schemes").glob(f"{name}.example*.csv")
    return score(made, read_table(path, scheme=made))


def codes(error: TableInvalid) -> list[tuple[str, int]]:
    return [(one.code, one.where.line) for one in error.problems]


def test_who_overtakes_whom() -> None:
    answer = whatif(shipped(DTI), [("quang-ninh", "5", "75%"), ("Quảng Ninh", "9", "0,5197")])
    assert [
        (one.unit, one.because, one.old_score, one.new_score, one.old_rank, one.new_rank) for one in answer.moved
    ] == [
        ("quang-ninh", "edited", "0.7024", "0.7340", 3, 2),
        ("hcm", "overtaken", "0.7164", "0.7164", 2, 3),
    ]
    assert answer.moved[0].difference == Q("0.0316") and answer.units == 5 and answer.relearned == ()
    assert [(one.code, one.old, one.new) for one in answer.changes] == [
        ("5", "0.5382", "0.75"),
        ("9", "0.4505", "0.5197"),
    ]


def test_levels_and_points_left_out() -> None:
    answer = whatif(shipped(HUE), sets=["tp-hue:A=45", "UBND thành phố Huế:A.excluded="])
    (one,) = (one for one in answer.moved if one.total == "A")
    assert (one.old_score, one.new_score, one.old_level, one.new_level) == ("44.41", "45.00", "II", "I")
    assert [(one.code, one.old, one.new) for one in answer.changes] == [("A", "42.63", "45"), ("A.excluded", "2", "0")]


def test_others_move_where_units_are_compared() -> None:
    result = shipped(ICT)
    answer = whatif(result, [("tinh-62", "26.a", 40)])
    assert answer.relearned == ("26",) and {one.because for one in answer.moved} == {"edited", "compared"}
    assert answer.moved[0].unit == "tinh-62" and len(answer.moved) == 63
    told = answer.told()
    assert "Units are compared anew at: 26." in told and "and 42 more units" in told
    assert [one.new_rank for one in answer.moved[1:]] == sorted(one.new_rank or 0 for one in answer.moved[1:])


def test_what_may_be_typed() -> None:
    result = shipped(DONG_THAP)
    changes = [
        ("HUYEN-02", "1.1", "B"),
        ("Huyện thứ hai (số liệu giả định)", "1.1.evidence", "Quyết định 12"),
        ("huyen-03", "1.2.a", "có"),
        ("huyen-04", "Kinh tế số", "60,5"),
        ("huyen-05", "6.score", None),
        ("huyen-01", "1.1.evidence", "chưa có"),
        ("huyen-06", "2", 17.5),
    ]
    with pytest.raises(TableInvalid) as error:
        whatif(result, changes)
    assert codes(error.value) == [("T201", 5)] and error.value.problems[0].where.cell == "6.score"
    answer = whatif(result, changes[:4] + changes[5:])
    assert [(one.unit, one.code, one.old, one.new, one.old_state, one.new_state) for one in answer.changes] == [
        ("huyen-01", "1.1.evidence", "", "", "shown", "not-shown"),
        ("huyen-02", "1.1", "c", "b", "reported", "reported"),
        ("huyen-02", "1.1.evidence", "", "", "not-shown", "shown"),
        ("huyen-03", "1.2.a", "no", "yes", "reported", "reported"),
        ("huyen-04", "7", "42", "60.5", "reported", "reported"),
        ("huyen-06", "2", "7.5", "17.5", "reported", "reported"),
    ]


def test_the_sign_before_decimals_is_the_tables_where_the_changes_show_none() -> None:
    made = load_scheme("dong-thap-1397/2022-district")
    rows = {code: ["1", "2"] for code in ("2", "3", "4", "5", "6", "7", "8", "1.4")}
    rows |= {"unit": ["a", "b"], "1.1": ["a", "b"], "1.2.a": ["1", "0"], "1.2.b": ["1", "0"]}
    rows |= {"1.3.a": ["1", "2"], "1.3.b": ["2", "2"], "3": ["12,5", "2"]}
    result = score(made, table_from_columns(made, rows))
    with pytest.raises(TableInvalid, match=r"T045 '1\.234' is above 50"):
        whatif(result, [("a", "3", "1.234")])
    (one,) = whatif(result, [("a", "3", "1.234")], decimal="point").changes
    assert one.new == "1.234"


def test_a_given_score_hides_the_figures_below_it() -> None:
    result = shipped(DONG_THAP)
    answer = whatif(result, sets=["huyen-01:1=50", "huyen-01:1.2.a=0", "huyen-01:1.1.evidence=", "huyen-01:2=20"])
    assert {one.code: one.covered for one in answer.changes} == {
        "1.score": "",
        "1.2.a": "1",
        "1.1.evidence": "1",
        "2": "",
    }
    assert "1.2.a of Huyện thứ nhất (số liệu giả định) changes nothing: the score of 1 is given." in answer.told()
    assert "not given" in answer.told()


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    text = """unit,code,value
so-2,1,3
,2,3
huyen-02,,4
huyen-02,1.9,4
huyen-02,name,x
huyen-02,3,tám
huyen-02,1.1,z
huyen-03,2,5
huyen-03,2,6
huyen-03,8,21
"""
    stream = io.StringIO(text)
    stream.name = "changes.csv"
    with pytest.raises(TableInvalid) as error:
        whatif(shipped(DONG_THAP), stream, sets=["huyen-03:2=7", "huyen-99:2=7"])
    assert codes(error.value) == [
        *(("T210", 2), ("T210", 3), ("T211", 4), ("T211", 5), ("T212", 6), ("T040", 7), ("T047", 8)),
        *(("T213", 10), ("T045", 11), ("T213", 1), ("T210", 2)),
    ]
    told = [str(one) for one in error.value.problems]
    assert told[3].startswith("changes.csv:5 [code]: T211") and "did you mean" in told[3]
    assert told[-1].startswith("--set:2 [2]: T210") and "did you mean 'huyen-" in told[-1]


def test_what_the_scheme_refuses_is_wrong_where_it_was_changed() -> None:
    with pytest.raises(TableInvalid) as error:
        whatif(shipped(DONG_THAP), [("huyen-01", "2", "3"), ("huyen-02", "1.3.b", "0"), ("huyen-04", "3", "n/a")])
    found = [(one.code, str(one.where)) for one in error.value.problems]
    assert found == [("T204", "changes:2 [1.3.b]"), ("T202", "changes:3 [3]")]


def test_a_list_needs_its_columns_and_a_line() -> None:
    result = shipped(DONG_THAP)
    with pytest.raises(TableInvalid, match="T090"):
        whatif(result, io.StringIO("unit,code,valeu\na,b,c\n"))
    with pytest.raises(TableInvalid, match="T214"):
        whatif(result, io.StringIO("đơn vị;mã;giá trị\n"))


def test_a_sheet_of_changes_says_the_same(tmp_path: Path) -> None:
    result = shipped(DONG_THAP)
    rows = [["Thử thay đổi"], ["đơn vị", "mã", "giá trị"], ["huyen-02", "6", 70.5], ["huyen-02", "1.2.a", "có"]]
    path = tmp_path / "changes.xlsx"
    path.write_bytes(workbook(*rows))
    assert whatif(result, path) == whatif(result, [("huyen-02", "6", "70.5"), ("huyen-02", "1.2.a", "yes")])
    rows[2][2] = 1000
    path.write_bytes(workbook(*rows))
    with pytest.raises(TableInvalid) as error:
        whatif(result, path)
    assert error.value.problems[0].where.address == "C3"


def test_a_colon_and_an_equals_sign_in_a_name() -> None:
    made = load_scheme(DTI)
    rows = [{"unit": unit, **{str(at): "0.5" for at in (1, 2, 3, 4, 5, 7, 8, 9)}} for unit in ("a:1=b", "a")]
    answer = whatif(score(made, table_from_columns(made, rows)), sets=["a:1=b:2=0.75", "a:1=1"])
    assert [(one.unit, one.code, one.new) for one in answer.changes] == [("a:1=b", "2", "0.75"), ("a", "1", "1")]
    with pytest.raises(WrongUse, match="U218") as error:
        whatif(shipped(DTI), sets=["quang-ninh=3", "quang-ninh:3"])
    assert len(error.value.problems) == 2


@pytest.mark.parametrize("text", [":=" * 30_000, ":" * 60_000 + "=1", "quang-ninh:3" + "=" * 60_000])
def test_an_option_of_many_signs_is_taken_apart_in_few_ways(text: str) -> None:
    with pytest.raises((WrongUse, TableInvalid)):
        whatif(shipped(DTI), sets=[text])


def test_a_list_of_another_table_is_searched_for_few_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []

    def searching(word: str, _: Any) -> str:
        searched.append(word)
        return ""

    for module in ("ictindex.analysis.whatif.reading", "ictindex.headers"):
        monkeypatch.setattr(f"{module}.did_you_mean", searching)
    with pytest.raises(TableInvalid) as error:
        whatif(shipped(DTI), [(f"u{at}", f"c{at}", 1) for at in range(500)])
    assert len(error.value.problems) == 1000
    assert len(searched) <= 50


def test_several_units_of_one_name() -> None:
    made = load_scheme(DTI)
    rows = [{"unit": unit, "name": "A", **{str(at): "0.5" for at in (1, 2, 3, 4, 5, 7, 8, 9)}} for unit in ("x", "y")]
    result = score(made, table_from_columns(made, rows))
    with pytest.raises(TableInvalid, match="T210 several units are called 'a'"):
        whatif(result, [("a", "1", "1")])
    assert whatif(result, [("X", "1", "1")]).changes[0].unit == "x"


def test_the_data_fits_its_schema() -> None:
    answer = whatif(shipped(COMMUNES), [("xa-0001", "A.1.2", "1")])
    jsonschema.Draft202012Validator(answer_schema("whatif")).validate(answer.to_dict())
    columns = answer.to_columns()
    assert columns["unit"][0] == "xa-0001" and len({len(cells) for cells in columns.values()}) == 1
    assert {one.pool for one in answer.moved} == {"Huyện số 1 (giả định)"}


def test_the_command(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "changes.csv"
    path.write_text("đơn vị;mã;giá trị\nhuyen-02;6;70,5\n", "utf-8")
    told = run("whatif", DONG_THAP, DISTRICTS, path, "--set", "huyen-02:1.2.a=có")
    both = whatif(shipped(DONG_THAP), path, sets=["huyen-02:1.2.a=có"])
    assert told.code == FINE and told.out == both.told() + "\n"
    assert run("whatif", DONG_THAP, DISTRICTS, path, "-o", tmp_path / "a.json").code == FINE
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["format"] == "ictindex-whatif/1"
    nothing = run("whatif", DONG_THAP, DISTRICTS)
    assert nothing.code == WRONG_USE and "U217" in nothing.err
    assert run("whatif", DONG_THAP, DISTRICTS, path, "-o", path).code == WRONG_USE
    assert run("whatif", DONG_THAP, DISTRICTS, "--set", "huyen-02:6=x").code == PROBLEMS
    assert run("whatif", DONG_THAP, DISTRICTS, "--set", "6=x").code == WRONG_USE
    twice = run("whatif", DONG_THAP, "-", "-")
    assert twice.code == WRONG_USE and "U115" in twice.err
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    assert run("whatif", DONG_THAP, DISTRICTS, "-").out == whatif(shipped(DONG_THAP), path).told() + "\n"
    monkeypatch.setattr(sys, "stdin", None)
    assert run("whatif", DONG_THAP, DISTRICTS, "-").code == PROBLEMS


def test_the_command_on_a_track_of_a_round(run: Any) -> None:
    events = TOP / "docs" / "rounds" / "2022-district.synthetic.csv"
    told = run(
        "whatif", DONG_THAP, DISTRICTS, "--set", "huyen-01:1.1.evidence=có", "--round", events, "--track", "final"
    )
    assert told.code == FINE and "328.64 → 333.64 (+5.00)" in told.out
