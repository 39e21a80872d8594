"""What a round may be kept in, the words it may use, and what the evidence of a criterion counts as."""

from __future__ import annotations

import io
import json
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from attrs import evolve
from made import alone, value
from rounded import declared, line, read, read_json
from tabled import SCHEME

from ictindex import IctIndexError, table_from_columns
from ictindex.api import score
from ictindex.cells import CellState
from ictindex.errors import TableInvalid, WrongUse
from ictindex.model import Evidence, Scheme
from ictindex.origins import Reason
from ictindex.rounds.events import Track
from ictindex.rounds.opening import read_round_file
from ictindex.yearly import read_round, reasons, round_report, round_schema

TOP = Path(__file__).parent.parent
ASKS = alone(value("1", 10, evidence=Evidence("số, ngày")))
"""A scheme of one criterion that asks for evidence and does not say what happens without it."""


def of(scheme: Scheme, *events: dict[str, Any], base: dict[str, list[Any]] | None = None) -> Any:
    text = io.StringIO("\n".join(json.dumps(one) for one in events) or "\n")
    return read_round_file(text, scheme, declared=base and table_from_columns(scheme, base), format_name="jsonl")


def event(stage: str, **more: Any) -> dict[str, Any]:
    decided = {"when": f"2026-01-{10 + len(stage)}", "by": "Tổ"} if stage in ("verified", "final") else {}
    return {"unit": "u", "code": "1", "stage": stage, **decided, **more}


# --- words -----------------------------------------------------------------------------------------------------------


def test_headings_and_words_may_be_vietnamese_with_either_tone_and_any_case() -> None:
    head = "Đơn vị;Mã;Bước;Giá trị cũ;Giá trị mới;Ngày;Người thẩm định;Lý do;STT;# riêng"
    lines = "xã hòa bình;Số cuộc họp;THẨM ĐỊNH;4;3;5/1/2026 14h30;Tổ;Sai số học;1;x"
    found = read(lines, head=head)
    (claim,) = found.claims.values()
    assert (claim.unit, claim.key, found.table().columns["1.1"].values[0]) == ("u1", "1.1", 3)
    assert claim.history[-1].when is not None and claim.history[-1].when.isoformat() == "2026-01-05T14:30:00"


def test_words_may_be_typed_without_their_marks() -> None:
    head = "don vi,ma,buoc,gia tri cu,gia tri,minh chung,ngay,nguoi tham dinh,ly do"
    found = read("u1,1.1,tham dinh,4,trong,khong chap nhan,2026-01-15,Tổ,sai số học", head=head)
    (claim,) = found.claims.values()
    value = claim.value(Track.FINAL)
    assert value is not None and value.state is CellState.MISSING and str(claim.verdict(Track.FINAL)) == "rejected"


def test_a_reason_is_found_by_its_code_or_its_words_in_either_language() -> None:
    for said in ("sai-so", "Sai số học", "arithmetic mistake", "sai-so sai số học"):
        (claim,) = read(line(reason=said)).claims.values()
        assert [one.code for one in claim.reasons(Track.FINAL)] == ["sai-so"]


def test_a_scheme_has_reasons_of_its_own() -> None:
    own = evolve(SCHEME, reasons=(Reason("r1", "Không có biên bản"),))
    file = io.StringIO(
        f"unit,code,stage,old,value,when,by,reason\n{'u1,1.1,verified,4,3,2026-01-15,Tổ,không có biên bản'}"
    )
    found = read_round_file(file, own, declared=declared())
    assert [one.code for claim in found.claims.values() for one in claim.reasons(Track.FINAL)] == ["r1"]
    assert reasons(own) == own.reasons
    file = io.StringIO("unit,code,stage,old,value,when,by,reason\nu1,1.1,verified,4,3,2026-01-15,Tổ,sai-so")
    with pytest.raises(IctIndexError, match="T160 unknown reason 'sai-so'"):
        read_round_file(file, own, declared=declared())


# --- values ----------------------------------------------------------------------------------------------------------


def test_a_figure_may_be_struck_made_not_applicable_or_confirmed() -> None:
    struck = read(
        line(value="trống"), line(unit="u2", old="7", value="n/a"), line(code="cb", old="", value="30", reason="")
    )
    column = struck.table().columns["1.1"]
    assert column.states is not None
    assert column.states.tolist() == [CellState.MISSING, CellState.NOT_APPLICABLE]
    assert not struck.claims["u1", "cb"].unverified(Track.VERIFIED)


def test_a_unit_may_correct_itself_before_it_is_verified() -> None:
    again = line(stage="declared", old="", value="6", when="2026-01-10", by="", reason="")
    found = read(again, line(old="6", value="5"))
    assert [found.table(track).columns["1.1"].values[0] for track in Track] == [6, 5, 5]
    # a later declaration of a document alone keeps the value
    head = "unit,code,stage,number"
    assert read("u1,1.1,declared,12/QĐ", head=head).table("declared").columns["1.1"].values[0] == 4


def test_a_score_may_be_given_in_place_of_figures() -> None:
    file = io.StringIO("unit,code,stage,value\nu1,1.3.score,declared,0.5\nu2,1.3.score,declared,0.25\n")
    found = read_round_file(file, SCHEME)
    assert found.declared.columns["1.3.score"].values.tolist() == [0.5, 0.25]


def test_points_left_out_are_none_where_nobody_says_so() -> None:
    file = io.StringIO("unit,code,stage,value\nu1,1.1.excluded,declared,2\nu2,1.1,declared,4\n")
    table = read_round_file(file, SCHEME).declared
    assert table.columns["1.1.excluded"].values.tolist() == [2, 0]


def test_numbers_of_json_have_a_decimal_point_whatever_was_typed_elsewhere() -> None:
    usual = {"stage": "verified", "when": "2026-01-15", "by": "Tổ", "reason": "sai-so"}
    found = read_json(
        {"unit": "u1", "code": "2.3", "old": "5", "value": "4,5", **usual},
        {"unit": "u2", "code": "2.3", "old": 2.5, "value": 1.125, **usual},
        {"unit": "u1", "code": "1.3", "old": True, "value": False, **usual},
    )
    assert found.table().columns["2.3"].values.tolist() == [4.5, 1.125]
    assert found.table().columns["1.3"].values.tolist() == [0, 0]


# --- a round without a declared table --------------------------------------------------------------------------------


def test_a_round_alone_has_its_units_in_the_order_of_their_codes() -> None:
    file = io.StringIO("unit,name,code,stage,value\nu2,Xã B,1.1,declared,7\nu1,,1.1,declared,4\nu2,,cb,declared,40\n")
    found = read_round(file, scheme=SCHEME)
    assert (found.declared.units, found.declared.names) == (("u1", "u2"), ("u1", "Xã B"))
    states = found.declared.columns["cb"].states
    assert states is not None and states.tolist() == [CellState.MISSING, CellState.REPORTED]
    assert found.declared.origin.at(1, "cb").line == 4


def test_whatever_holds_a_table_is_a_round_in_which_nothing_happened_yet(tmp_path: Path) -> None:
    base = declared()
    found = read_round(base, scheme=SCHEME)
    assert not found.claims and found.table("final").columns["1.1"] == base.columns["1.1"]
    assert round_report(found).whole.unverified == round_report(found).whole.declared == 15
    columns = {"unit": ["u"], "1": [5]}
    assert read_round(columns, scheme=ASKS).declared.units == ("u",)
    (tmp_path / "declared.csv").write_text("unit,1\nu,5\n")
    (tmp_path / "round.jsonl").write_text(json.dumps(event("verified", old=5, value=4, reason="sai-so")))
    both = read_round(tmp_path / "round.jsonl", scheme=ASKS, declared=tmp_path / "declared.csv")
    assert both.table().columns["1"].values.tolist() == [4]


def test_the_track_of_a_round_is_no_declared_table() -> None:
    with pytest.raises(IctIndexError, match="U193 the declared table is the final track of a round"):
        read(line(), base=read(line()).table("final"))
    assert read(line(unit="u2", old="7", value="6"), base=read(line()).table("declared")).claims


def test_a_round_and_its_tables_can_be_sent_to_another_process() -> None:
    found = read(line())
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - what was just pickled
    assert again.table("final") == found.table("final")


# --- evidence --------------------------------------------------------------------------------------------------------


def test_evidence_that_was_declared_counts_until_it_is_rejected_and_an_appeal_brings_none() -> None:
    declared_ = event("declared", value=8, number="12/QĐ-UBND", when="2026-01-02")
    other = event("declared", value=6, when="2026-01-02") | {"unit": "v"}
    rejected = event("verified", evidence="rejected", reason="sai-ky")
    appeal = event("appealed", number="13/QĐ-UBND", when="2026-01-19")
    final = event("final", evidence="accepted", reason="bo-sung") | {"when": "2026-01-25"}
    for events, shown in (
        ((declared_, other), [True, False]),
        ((declared_, other, rejected), [False, False]),
        ((declared_, other, rejected, appeal), [False, False]),
        ((declared_, other, rejected, appeal, final), [True, False]),
    ):
        assert of(ASKS, *events).table("final").evidence["1"].tolist() == shown
    assert of(ASKS, declared_, other).table("declared").evidence_texts["1"] == ("12/QĐ-UBND", "")
    result = score(ASKS, of(ASKS, declared_, other, rejected).table("verified"))
    assert result.points("1").tolist() == [0, 0]
    assert result.flags("1", "u") == result.flags("1", "v") == ("no-evidence",)
    assert result.declared is not None and result.declared.points("1").tolist() == [8, 6]  # flagged, as in any table
    (lost, lacking) = result.differences("1")
    assert [one.code for one in lost.reasons] == ["sai-ky"] and lacking.reasons == ()


@pytest.mark.parametrize("said", [{"number": "không"}, {"title": "Chưa có."}, {"date": "05/03/2025"}, {}])
def test_a_word_for_no_and_a_date_alone_show_no_document(said: dict[str, str]) -> None:
    shown = event("declared", value=8, number="12/QĐ") | {"unit": "v"}
    assert of(ASKS, event("declared", value=8, **said), shown).declared.evidence["1"].tolist() == [False, True]


def test_what_the_scheme_says_of_evidence_wins() -> None:
    for without, stated, points in (("flag", True, 8), ("flag", False, 0), ("zero", False, 0)):
        told = alone(value("1", 10, evidence=Evidence("số", "", without, stated)))  # type: ignore[arg-type]
        rejected = event("verified", evidence="rejected", reason="sai-ky")
        found = of(told, event("declared", value=8, number="1"), rejected)
        assert score(told, found.table("verified")).points("1").tolist() == [points]


def test_evidence_that_nobody_declared_was_not_asked_for_and_the_notes_say_so() -> None:
    base = {"unit": ["u", "v"], "1": [8, 6]}
    rejected = event("verified", evidence="rejected", reason="thieu")
    table = of(ASKS, rejected, base=base).table("verified")
    assert table.evidence["1"].tolist() == [False, True]
    assert "evidence of 1 was not declared and counts as shown unless rejected" in table.notes[-1]
    shown = of(ASKS, rejected, base=base | {"1.evidence": ["12/QĐ", ""]}).table("verified")
    assert shown.evidence["1"].tolist() == [False, False] and "evidence of" not in shown.notes[-1]


def test_evidence_is_that_of_a_criterion_whichever_of_its_figures_brought_it() -> None:
    usual = {"stage": "verified", "when": "2026-01-15", "by": "Tổ"}
    accepted = {"unit": "u1", "code": "1.2.a", "evidence": "accepted", **usual}
    rejected = {"unit": "u1", "code": "1.2", "evidence": "rejected", "reason": "sai-ky", **usual}
    assert read_json(accepted).table().evidence["1.2"].tolist() == [True, True]
    both = read_json(accepted, rejected)
    assert both.table().evidence["1.2"].tolist() == [False, True]
    assert "1.2.score" not in both.table().columns and round_report(both).whole.verified == 1
    with pytest.raises(IctIndexError, match="T163 the unit never declared this figure"):
        read_json(rejected | {"value": 0.5})


# --- the schema ------------------------------------------------------------------------------------------------------


def test_the_schema_in_the_docs_is_current() -> None:
    written = json.loads((TOP / "docs" / "round.schema.json").read_text("utf-8"))
    assert written == round_schema(), "run: python docs/make_schema.py"
    jsonschema.Draft202012Validator.check_schema(written)


def test_the_schema_takes_what_the_reader_takes_and_refuses_what_it_refuses() -> None:
    schema = jsonschema.Draft202012Validator(round_schema())
    right = event("verified", old=5, value="4,5", reason="sai-so", evidence="chấp nhận", seq=2)
    assert not list(schema.iter_errors(right)) and of(ASKS, right, base={"unit": ["u"], "1": [5]})
    for wrong in (
        {key: text for key, text in right.items() if key != "unit"},
        right | {"stage": "checked"},
        right | {"value": [4]},
        right | {"evidence": "maybe"},
        right | {"seq": -1},
    ):
        assert list(schema.iter_errors(wrong)), wrong
        with pytest.raises(IctIndexError):
            of(ASKS, wrong, base={"unit": ["u"], "1": [5]})


def test_a_sheet_of_a_workbook_is_read_as_the_same_round_as_its_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Kết quả thẩm định"])
    sheet.append(["đơn vị", "mã", "bước", "giá trị cũ", "giá trị", "ngày", "người thực hiện", "lý do"])
    sheet.append(["u1", "1.1", "thẩm định", 4, 3, date(2026, 1, 15), "Tổ thẩm định", "sai-so"])
    sheet.append(["u1", "1.2.a", "thẩm định", "10,5", "9,5", "16/01/2026", "Tổ thẩm định", "sai-so"])
    book.save(tmp_path / "round.xlsx")
    found = read_round_file(tmp_path / "round.xlsx", SCHEME, declared=declared())
    same = read(
        line(when="2026-01-15"),
        line(code="1.2.a", old="10.5", value="9.5", when="2026-01-16"),
    )
    assert found.claims == same.claims
    book.create_sheet("Ghi chú").append(["chỉ để đọc"])
    sheet["H3"] = "khong-co"
    book.save(tmp_path / "round.xlsx")
    with pytest.raises(TableInvalid) as wrong:
        read_round_file(tmp_path / "round.xlsx", SCHEME, declared=declared())
    assert [(one.code, one.where.address) for one in wrong.value.problems] == [("T160", "H3")]
    book.copy_worksheet(sheet)
    book.save(tmp_path / "round.xlsx")
    with pytest.raises(WrongUse, match="U124"):
        read_round_file(tmp_path / "round.xlsx", SCHEME, declared=declared())
