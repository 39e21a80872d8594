"""What each change of a what-if does: what it brings by itself, why it brings nothing, and what the page says first."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction as Q
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from ictindex import TableInvalid, load_scheme, read_table, score, table_from_columns, whatif
from ictindex.analysis.whatif.answer import WhatIf
from ictindex.result import Result

TOP = Path(__file__).parent.parent
HUE = "hue-1784/2020-district"
ICT = "ict-index/2017-province"
DONG_THAP = "dong-thap-1397/2022-district"
DAK_LAK = "dak-lak-366/2018-district"


def shipped(name: str) -> Result:
    made = load_scheme(name)
    (path,) = (TOP / "schemes").glob(f"{name}.example*.csv")
    return score(made, read_table(path, scheme=made))


def asked(name: str, *sets: str) -> WhatIf:
    return whatif(shipped(name), sets=sets)


def told(answer: WhatIf) -> str:
    return " ".join(answer.told().split())


def effects(answer: WhatIf) -> dict[str, str]:
    return {one.code: one.effect for one in answer.changes}


def test_the_answer_comes_first_with_what_is_short_of_the_next_rank() -> None:
    answer = asked(HUE, "tp-hue:A=45")
    one = answer.moved[0]
    assert (one.ahead_rank, one.ahead_score, one.short) == (5, "47.77", Q("0.89"))
    page = told(answer)
    assert "44.41 → 46.88 (+2.47); rank 8 → 6; level II → I." in page and "Rank 5 has 47.77: 0.89 more." in page
    assert page.index("rank 8 → 6") < page.index("What is changed") < page.index("Old and new")


def test_nobody_is_ahead_of_the_first() -> None:
    answer = asked(DONG_THAP, "huyen-07:6=90")
    one = answer.moved[0]
    assert (one.new_rank, one.ahead_rank, one.ahead_score, one.short) == (1, None, None, None)
    assert "rank 1 as before" in told(answer) and "Nobody else's score, rank or level changes." in told(answer)


def test_several_changes_are_each_scored_by_themselves() -> None:
    answer = asked(DONG_THAP, "huyen-02:1.2.a=yes", "huyen-02:6=80", "huyen-11:6=70.5")
    assert {(one.unit, one.code): one.alone for one in answer.changes} == {
        ("huyen-02", "1.2.a"): 5,
        ("huyen-02", "6"): 4,
        ("huyen-11", "6"): -1,
    }
    assert "brings alone" in answer.told() and "+5.00" in answer.told() and "-1.00" in answer.told()
    assert "brings alone" not in asked(DONG_THAP, "huyen-02:6=80").told()


def test_where_units_are_compared_each_change_has_a_run_of_its_own() -> None:
    result, sets = shipped(ICT), ["tinh-62:26.a=40", "tinh-62:27.a=0"]
    both = whatif(result, sets=sets)
    for one, text in zip(both.changes, sets, strict=True):
        (single,) = (moved for moved in whatif(result, sets=[text]).moved if moved.unit == "tinh-62")
        assert one.alone == single.difference


def test_where_a_change_cannot_be_made_alone_its_part_is_not_known() -> None:
    """Without a given score in its place the scheme refuses a denominator of 0."""
    answer = asked(DONG_THAP, "huyen-02:1.3.b=0", "huyen-02:1.3=5", "huyen-02:6=80")
    assert {one.code: one.alone for one in answer.changes} == {"1.3.b": None, "1.3.score": -5, "6": 4}


def test_the_same_value_changes_nothing_and_says_so() -> None:
    answer = asked(DONG_THAP, "huyen-02:6=76.0", "huyen-02:1.2.a=không")
    assert effects(answer) == {"6": "same", "1.2.a": "same"}
    page = told(answer)
    assert "Nothing changes: 6 of Huyện thứ hai (số liệu giả định) already is 76." in page
    assert "1.2.a of Huyện thứ hai (số liệu giả định) already is no." in page
    assert "0.00" not in page and "What is changed" not in page
    mixed = asked(DONG_THAP, "huyen-02:6=76", "huyen-02:7=60")
    assert "already is 76" in told(mixed) and "What is changed" in told(mixed)


def test_a_given_score_says_which_figures_it_replaces() -> None:
    answer = asked(DONG_THAP, "huyen-02:1.2=5")
    (one,) = answer.changes
    assert (one.code, one.overrides, one.effect) == ("1.2.score", ("1.2.a", "1.2.b"), "counts")
    assert "so its figures no longer count: 1.2.a, 1.2.b." in told(answer)
    again = asked(DONG_THAP, "huyen-02:6=70")
    assert all(not one.overrides for one in again.changes)  # an assessed row takes its score anyway


def _lenient(without: str, evidence: str = "") -> Result:
    made = load_scheme(DONG_THAP)
    rows: dict[str, Sequence[Any]] = {code: ["1", "2"] for code in ("2", "3", "4", "5", "6", "7", "8", "1.4")}
    rows |= {"unit": ["a", "b"], "1.1": ["c", "a"], "1.2.a": ["1", "0"], "1.2.b": ["1", "0"]}
    rows |= {"1.3.a": ["1", "2"], "1.3.b": ["2", "2"], "1.1.evidence": [evidence, "12/QĐ"]}
    return score(made, evolve(table_from_columns(made, rows), without_evidence=without))


@pytest.mark.parametrize(
    ("without", "evidence", "effect", "words"),
    [
        ("zero", "", "no-evidence", "counts only with evidence, and none is shown: change 1.1.evidence as well."),
        ("flag", "", "unshown", "counts although no evidence is shown"),
        ("zero", "x", "counts", "5.00"),
    ],
)
def test_a_better_figure_without_its_evidence(without: str, evidence: str, effect: str, words: str) -> None:
    answer = whatif(_lenient(without, evidence), sets=["a:1.1=b"])
    assert effects(answer) == {"1.1": effect} and words in told(answer)
    assert answer.changes[0].alone == (0 if effect == "no-evidence" else 5)


def test_a_yes_that_earns_nothing_as_another_condition_lacks() -> None:
    answer = asked(DAK_LAK, "huyen-11:4.4.a=có")
    (one,) = answer.changes
    assert (one.effect, one.row, one.points, one.max, one.alone) == ("none", "4.4", 0, 5, 0)
    assert f"4.4.a of {one.name} brings nothing: 4.4 stays at 0 of 5 points." in told(answer)
    both = asked(DAK_LAK, "huyen-11:4.4.a=có", "huyen-11:4.4.b=có")
    assert effects(both) == {"4.4.a": "unshown", "4.4.b": "unshown"} and both.moved[0].difference == 5
    assert [one.alone for one in both.changes] == [0, 0]


def test_what_looks_wrong_now_is_told() -> None:
    answer = asked(DAK_LAK, "huyen-11:3.7.a=100000")
    assert any("is above 822 in 3.7.b" in doubt for doubt in answer.doubts)
    assert "Look again: huyen-11: 100000 in 3.7.a is above 822 in 3.7.b" in told(answer)
    assert asked(DAK_LAK, "huyen-11:3.7.a=266").doubts == ()


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("ubnd thanh pho hue", "tp-hue"),
        ("UBND huyen Nam Dong", "nam-dong"),
        ("UBND HUYỆN PHÚ VANG", "phu-vang"),
    ],
)
def test_units_are_found_without_case_and_accents(typed: str, unit: str) -> None:
    assert asked(HUE, f"{typed}:A=40").changes[0].unit == unit


def test_the_word_before_a_name_may_be_left_out_where_one_unit_is_meant() -> None:
    made = load_scheme("dti-922/2022-province")
    rows = [
        {"unit": code, "name": name, **{str(at): "0.5" for at in (1, 2, 3, 4, 5, 7, 8, 9)}}
        for code, name in (("a", "TP. Đà Nẵng"), ("b", "Tỉnh Hoà Bình"), ("c", "Huyện Lấp Vò"), ("d", "Thị xã Lấp Vò"))
    ]
    result = score(made, table_from_columns(made, rows))
    meant = {"da nang": "a", "Hòa Bình": "b", "hoa binh": "b", "huyen lap vo": "c", "Thị xã lấp vò": "d"}
    assert {text: whatif(result, [(text, "1", "1")]).changes[0].unit for text in meant} == meant
    with pytest.raises(TableInvalid, match="T210 several units are called 'lap vo'"):
        whatif(result, [("lap vo", "1", "1")])
    with pytest.raises(TableInvalid, match="T210 the table has no unit"):
        whatif(result, [("huyện đà nẵng", "1", "1")])


@pytest.mark.parametrize("text", ["04-Feb", "2-Apr", "2026-02-04", "2026-04-02 00:00:00"])
def test_a_code_that_a_spreadsheet_made_a_date_of(text: str) -> None:
    with pytest.raises(TableInvalid, match=r"T211.*format the column as text, and type .*4\.2.* again"):
        whatif(shipped(DAK_LAK), [("huyen-11", text, "1")])


def test_a_percent_of_a_given_score_is_told_what_the_row_takes() -> None:
    with pytest.raises(TableInvalid, match=r"1\.3 takes 0 to 10 points; or change 1\.3\.a or 1\.3\.b"):
        asked(DONG_THAP, "huyen-02:1.3=100%")
    with pytest.raises(TableInvalid, match=r"T042.*write 100"):
        asked(DONG_THAP, "huyen-02:6=100%")  # no given score stands in the place of anything


def test_a_decimal_comma_in_a_file_of_commas_is_one_mistake() -> None:
    with pytest.raises(TableInvalid) as error:
        whatif(shipped(DONG_THAP), io.StringIO("unit,code,value\nhuyen-02,6,80,5\n"))
    (one,) = error.value.problems
    assert one.code == "T012" and '"80,5"' in one.hint


def test_headings_of_a_list_in_the_words_of_an_office() -> None:
    text = "Tên huyện;Mã tiêu chí;Giá trị mới\nhuyện thứ hai (so lieu gia dinh);6;80,5\n"
    (one,) = whatif(shipped(DONG_THAP), io.StringIO(text)).changes
    assert (one.unit, one.code, one.new) == ("huyen-02", "6", "80.5")
