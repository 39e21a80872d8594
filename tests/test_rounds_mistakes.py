"""Every mistake in a round is told with its line and its column, and all of them at once."""

from __future__ import annotations

import io

import pytest
from rounded import HEAD, declared, line, problems, read, read_json, told
from tabled import SCHEME

from ictindex.errors import TableInvalid
from ictindex.model import Pool, Pools
from ictindex.rounds.opening import read_round_file

VERIFIED, APPEALED = line(), line(stage="appealed", old="", value="4", when="2026-01-20", by="", reason="")


@pytest.mark.parametrize(
    ("wrong", "code", "column", "words"),
    [
        (line(unit=""), "T156", "unit", "the line names no unit"),
        (line(unit="u9"), "T155", "unit", "the declared table has no unit 'u9'"),
        (line(code=""), "T156", "code", "the line names no figure"),
        (line(code="1.9"), "T157", "code", "the scheme has no figure '1.9'"),
        (line(code="1.1.evidence"), "T157", "code", "the scheme has no figure"),
        (line(stage=""), "T156", "stage", "does not say what happened"),
        (line(stage="checked"), "T158", "stage", "unknown stage 'checked'"),
        (line(when="31/02/2026"), "T159", "when", "'31/02/2026' is no date"),
        (line(when="15/01/26"), "T159", "when", "'15/01/26' is no date"),
        (line(when="2026-01-15 25:00"), "T159", "when", "is no date"),
        (line(seq="first"), "T167", "seq", "'first' is no whole number"),
        (line(reason="sai-sot"), "T160", "reason", "unknown reason 'sai-sot'"),
        (line(reason=""), "T161", "reason", "the value is changed without a reason"),
        (line(reason="khac"), "T161", "remark", "no remark says which"),
        (line(when=""), "T162", "when", "does not say when"),
        (line(by=""), "T162", "by", "does not say who decided"),
        (line(code="1.3.score"), "T163", "stage", "the unit never declared this figure"),
        (APPEALED, "T163", "stage", "the unit appeals what was not verified"),
        (line(old="5"), "T164", "old", "the old value is '5', but in force is '4'"),
        (line(old="5", value="4"), "T164", "old", "the old value is '5', but in force is '4'"),
        (line(old=""), "T164", "old", "the old value is not given; in force is '4'"),
        (line(unit="u2", code="3", old="1"), "T164", "old", "the old value is '1', but in force is none"),
        (line(value=""), "T168", "value", "an old value and no new one"),
        (line(old="", value=""), "T168", "value", "the line decides nothing"),
        (line(stage="declared", old="", value=""), "T168", "value", "neither a value nor evidence"),
        (line(evidence="maybe"), "T169", "evidence", "'maybe' does not say whether"),
        (line(stage="declared", evidence="accepted"), "T168", "evidence", "the unit cannot decide"),
        (line(code="cb", old="30", evidence="rejected"), "T168", "evidence", "cb is no figure of one criterion"),
        (line(old="", value="", evidence="rejected", reason=""), "T161", "reason", "evidence is rejected without"),
        (line(value="three"), "T040", "value", "'three' is not a number"),
        (line(value="-3"), "T045", "value", "'-3' is negative"),
        (line(value="2.5"), "T046", "value", "is not a whole number"),
        (line(code="2.1", old="2", value="7"), "T047", "value", "'7' is outside 1-4"),
        (line(code="1.3", old="yes", value="perhaps"), "T048", "value", "neither yes nor no"),
        (line(code="2.3", old="5", value="11"), "T045", "value", "'11' is above 10"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_column(wrong: str, code: str, column: str, words: str) -> None:
    right = line(unit="u2", code="2.2", old="b", value="c")
    (found,) = problems(right, wrong)
    assert (found.code, found.where.line, found.where.cell) == (code, 3, column)
    assert words in found.message and (found.hint or code == "T045")


def test_after_the_final_decision_nothing_follows() -> None:
    final = line(stage="final", old="3", value="4", when="2026-02-01")
    late = line(stage="appealed", old="", value="9", when="2026-02-02", by="", reason="")
    (found,) = problems(VERIFIED, late, final)
    assert (found.code, found.where.line) == ("T165", 3) and "final decision in line 4" in found.message


def test_a_unit_does_not_declare_what_was_verified() -> None:
    again = line(stage="declared", old="", value="6", when="2026-01-16", by="", reason="")
    (found,) = problems(again, VERIFIED)
    assert (found.code, found.where.line, found.where.cell) == ("T165", 2, "stage")
    assert "appealed" in found.hint


def test_a_declaration_that_was_edited_afterwards_is_noticed() -> None:
    (found,) = problems(VERIFIED, base=declared(**{"1.1": [5, 7]}))
    assert found.code == "T164" and "edited after it was verified" in found.hint


def test_what_is_in_force_is_told_as_it_would_be_typed() -> None:
    absent = declared(**{"1.1": ["n/a", None]})
    told_of = [one.message for one in problems(line(), line(unit="u2"), base=absent)]
    assert told_of == ["the old value is '4', but in force is 'n/a'", "the old value is '4', but in force is none"]
    assert read(line(old="n/a"), line(unit="u2", old=""), base=absent).claims


def test_two_events_at_the_same_time_have_no_order() -> None:
    other = line(old="3", value="2", when="15/01/2026")
    assert told(VERIFIED, other) == [("T166", 3, "when")]
    hours = line(when="2026-01-15 09:00"), line(old="3", value="2", when="2026-01-15 16:30")
    assert read(*hours).table().columns["1.1"].values[0] == 2
    assert told(hours[0], other) == [("T166", 3, "when")]  # a day and an hour of it
    numbered = line(seq="1"), line(old="3", value="2", when="15/01/2026", seq="2")
    assert read(*reversed(numbered)).table().columns["1.1"].values[0] == 2


def test_numbered_lines_are_numbered_once_and_go_forward_in_time() -> None:
    first = line(seq="1")
    assert told(first, line(old="3", value="2", seq="1", when="2026-01-16")) == [("T166", 3, "seq")]
    assert told(first, line(old="3", value="2", seq="2", when="2026-01-14")) == [("T167", 3, "when")]
    assert told(first, line(old="3", value="2", when="2026-01-16")) == [("T167", 3, "seq")]


def test_a_verification_before_the_declaration_is_about_nothing() -> None:
    own = io.StringIO("\n".join([HEAD, VERIFIED, line(stage="declared", old="", value="4", when="2026-01-20", by="")]))
    with pytest.raises(TableInvalid) as found:
        read_round_file(own, SCHEME)
    assert [(one.code, one.where.line) for one in found.value.problems] == [("T163", 2), ("T165", 3)]


def test_a_line_that_cannot_be_understood_brings_no_problems_of_its_followers() -> None:
    assert told(line(value="three"), line(old="3", value="2", when="2026-01-20")) == [("T040", 2, "value")]
    assert told(line(when="then"), line(old="3", value="2", when="2026-01-20")) == [("T159", 2, "when")]


def test_everything_is_told_at_once_in_the_order_of_the_file() -> None:
    found = told(line(unit="u9"), line(code="9"), line(stage="x"), line(code="2.2", old="c", value="b"))
    assert [(code, at) for code, at, _ in found] == [("T155", 2), ("T157", 3), ("T158", 4), ("T164", 5)]


def test_headings_that_are_missing_unknown_or_doubled() -> None:
    assert told("u1,1.1", head="unit,code") == [("T150", 1, "stage")]
    assert told(VERIFIED + ",x", head=HEAD + ",wen") == [("T151", 1, "wen")]
    assert told(VERIFIED + ",x", head=HEAD + ",Ngày") == [("T151", 1, "Ngày")]
    assert told("u1,4", head="unit,1.1") == [("T150", 1, "")]
    assert told("u1,1.1", head="unit,code,stage") == [("T152", 2, "")]
    assert told(head=HEAD) == [("T154", 1, "")]


def test_the_sign_before_decimals_is_asked_for_where_nothing_shows_it() -> None:
    wide = declared(**{"3": [1234, 5]})
    unclear = line(code="3", old="1234", value="1.234")
    (found,) = problems(unclear, base=wide)
    assert (found.code, found.where.line, found.where.cell) == ("T052", 2, "value")
    assert read(unclear, base=wide, decimal="point").table().columns["3"].values[0] == 1.234
    shown = line(code="2.3", old="5", value='"4,5"')
    assert read(unclear.replace("1234,1.234", "1234,1.235"), shown, base=wide).table().columns["3"].values[0] == 1235
    both = shown, line(unit="u2", code="2.3", old='"2,5"', value="3.5")
    assert told(*both) == [("T053", 3, "value")]


@pytest.mark.parametrize(
    ("wrong", "code", "words"),
    [
        ("{", "T153", "no JSON"),
        ("[1]", "T153", "no JSON object"),
        ("[" * 100_000, "T153", "no JSON"),
        ('{"unit": "u1", "code": "1.1"}', "T150", "no `stage`"),
        ('{"unit": "u1", "code": "1.1", "stage": "verified", "vlaue": 3}', "T153", "unknown key 'vlaue'"),
        ('{"unit": "u1", "unit": "u2", "code": "1.1", "stage": "verified"}', "T153", "stands twice"),
        ('{"unit": "u1", "code": "1.1", "stage": "verified", "value": [3]}', "T153", "a list or an object"),
        ('{"unit": "u1", "code": "1.1", "stage": "verified", "value": {"a": 3}}', "T153", "a list or an object"),
    ],
)
def test_json_lines_that_are_no_events(wrong: str, code: str, words: str) -> None:
    right = {"unit": "u2", "code": "1.1", "stage": "verified", "value": 7, "when": "2026-01-15", "by": "Tổ"}
    with pytest.raises(TableInvalid) as found:
        read_json(right, wrong)
    (one,) = found.value.problems
    assert (one.code, one.where.line) == (code, 2) and words in one.message


def test_files_that_are_none() -> None:
    for content, code in ((b"PK\x03\x04", "T002"), (b'{"unit": "\xff"}', "T001"), (b"", "T150"), (b"{}\n", "T150")):
        with pytest.raises(TableInvalid) as found:
            read_round_file(io.BytesIO(content), SCHEME, declared=declared())
        assert found.value.problems[0].code == code, content


def test_a_unit_that_stands_twice_in_the_declared_table_cannot_be_meant() -> None:
    from attrs import evolve

    base = declared()
    (found,) = problems(VERIFIED, base=evolve(base, units=("u1", "u1")))
    assert found.code == "T155" and "several lines" in found.message


def test_a_name_that_two_units_have_means_none_of_them() -> None:
    twins = declared(name=["Xã Hoà Bình", "Xã Hòa Bình"])
    (found,) = problems(line(unit="Xã Hoà Bình"), base=twins)
    assert found.code == "T155" and "several units are called" in found.message
    assert read(line(unit="u2", old="7", value="6"), base=twins).claims.keys() == {("u2", "1.1")}


def test_without_a_declared_table_the_lines_agree_on_names_and_pools() -> None:
    from attrs import evolve

    pooled = evolve(SCHEME, pools=Pools("khối", (Pool("so", "Các sở"), Pool("nd", "Ngành dọc"))))
    head = "unit,name,khối,code,stage,value,when"

    def wrong(*lines: str) -> list[tuple[str, int, str]]:
        with pytest.raises(TableInvalid) as found:
            read_round_file(io.StringIO("\n".join([head, *lines])), pooled)
        return [(one.code, one.where.line, one.where.cell) for one in found.value.problems]

    one = "u1,Sở A,so,1.1,declared,4,"
    assert wrong(one, "u1,Sở B,Các sở,cb,declared,4,") == [("T170", 3, "name"), ("T170", 3, "khối")]
    assert wrong("u1,Sở A,xx,1.1,declared,4,") == [("T170", 0, "")]
    assert wrong("u1,Sở A,,1.1,declared,4,") == [("T170", 0, "")]


def test_mistakes_of_several_lines_about_one_figure_are_told_at_once() -> None:
    verified = line(reason="khong-co")
    final = line(stage="final", old="3", value="2", when="")
    assert told(verified, final) == [("T160", 2, "reason"), ("T162", 3, "when")]
    other = line(stage="final", old="9", value="2", when="2026-01-20")
    assert told(verified, other) == [("T160", 2, "reason"), ("T164", 3, "old")]


def test_two_events_of_one_time_are_told_what_the_column_of_numbers_is_called() -> None:
    (one,) = problems(line(), line(stage="final", old="3", value="2"))
    assert one.code == "T166" and "`seq` (thứ tự)" in one.hint
