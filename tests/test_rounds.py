"""A round worked by hand: what each track says of the example of the guide, with its scores, differences and state."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from ictindex.api import read_table, score
from ictindex.errors import TableInvalid, UnknownName
from ictindex.result import Result
from ictindex.rounds.events import Stage, Track, Unverified
from ictindex.rounds.round import Round
from ictindex.yearly import read_round, reasons, round_report

Q = Fraction
TOP = Path(__file__).parent.parent
SCHEME = "dong-thap-1397/2022-district"
DECLARED = TOP / "schemes" / f"{SCHEME}.example.synthetic.csv"
LINES = TOP / "docs" / "rounds" / "2022-district.synthetic.csv"


@pytest.fixture(scope="module")
def example() -> Round:
    return read_round(LINES, scheme=SCHEME, declared=DECLARED)


def exact(result: Result) -> dict[str, Fraction]:
    return {one.unit: one.exact for one in result.differences() if one.changed}  # type: ignore[misc]


def test_the_declared_track_is_the_declared_table(example: Round) -> None:
    declared, table = example.table("declared"), read_table(DECLARED, scheme=SCHEME)
    assert dict(declared.columns) == dict(table.columns)
    assert [shown.tolist() for shown in declared.evidence.values()] == [one.tolist() for one in table.evidence.values()]
    assert declared.options == {"track": "declared"} and declared.declared is None


def test_the_verified_track_by_hand(example: Round) -> None:
    result = score(SCHEME, example.table("verified"))
    # 01: 1.1 b without its evidence, 5 less; 1.3 5/7 in place of 7/7 of 10. 02: 40.5 for 45. 08: 4/12 for 4/10 of 10.
    # 09: 1.1 a without its evidence, 10 less. 10: 28 for 34.5. 04 was confirmed.
    assert exact(result) == {
        "huyen-01": -5 - Q(20, 7), "huyen-02": Q(-9, 2), "huyen-08": Q(-2, 3), "huyen-09": Q(-10),
        "huyen-10": Q(-13, 2),
    }  # fmt: skip
    assert result.published()[0] == "328.64" and result.declared is not None
    assert result.declared.published()[0] == "336.50"


def test_the_final_track_by_hand(example: Round) -> None:
    result = score(SCHEME, example.table("final"))
    # 02: 43, not 45. 08: the appeal is open, the verified figure stands. 09: the evidence was accepted. 10: 30.
    assert exact(result) == {
        "huyen-01": -5 - Q(20, 7), "huyen-02": Q(-2), "huyen-08": Q(-2, 3), "huyen-10": Q(-9, 2),
    }  # fmt: skip
    by_unit = {one.unit: one for one in result.differences("1")}
    assert (by_unit["huyen-01"].declared, by_unit["huyen-01"].published) == ("48.00", "40.14")
    assert by_unit["huyen-01"].difference == "-7.86"
    assert [one.code for one in by_unit["huyen-01"].reasons] == ["sai-ky", "trung"]
    assert result.flags("1.1", "huyen-01") == ("no-evidence",)


def test_the_result_tells_its_track_and_the_choices_that_were_made(example: Round) -> None:
    result = score(SCHEME, example.table(Track.FINAL))
    told = result.receipt()["options"]
    assert (told["track"], told["unverified"], told["without_evidence"]) == ("final", "declared", "zero")
    assert "149 figures not verified, as declared" in result.table.notes[-1]
    assert "149 số liệu chưa ai thẩm định, lấy theo tự khai" in result.table.notes[-2]


def test_verified_beside_final_and_one_track_alone(example: Round) -> None:
    verified = score(SCHEME, example.table("verified", beside=False))
    final = score(SCHEME, example.table("final", beside=False))
    assert verified.declared is None and final.differences() == ()
    changed = {one.unit: one.exact for one in final.differences(against=verified) if one.changed}
    assert changed == {"huyen-02": Q(5, 2), "huyen-09": Q(10), "huyen-10": Q(2)}


def test_what_a_figure_counts_as_that_nobody_verified_is_said(example: Round) -> None:
    column = example.table("verified", unverified="missing").columns["1.4"]
    assert column.values[3] == 18.5 and column.states is not None
    assert column.states.tolist() == [1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1]
    with pytest.raises(TableInvalid, match=r"T171 huyen-01: nobody verified 1\.2\.a") as refused:
        example.table("final", unverified=Unverified.REFUSE)
    first = refused.value.problems[0]
    assert (first.where.source, first.where.line) == (str(DECLARED), 4)


def test_a_choice_that_is_none_is_told(example: Round) -> None:
    for wrong in ({"track": "finall"}, {"unverified": "declare"}, {"without_evidence": "none"}):
        with pytest.raises(UnknownName, match="U190"):
            example.table(**wrong)  # type: ignore[arg-type]


def test_without_evidence_a_criterion_scores_what_was_chosen_where_the_scheme_is_silent(example: Round) -> None:
    flagged = score(SCHEME, example.table("verified", without_evidence="flag"))
    assert flagged.points("1.1")[0] == 5 and flagged.flags("1.1", "huyen-01") == ("no-evidence",)
    with pytest.raises(TableInvalid, match=r"the evidence for 1\.1 .* is missing"):
        score(SCHEME, example.table("verified", without_evidence="refuse"))


def test_a_figure_of_a_track_knows_the_line_that_decided_it(example: Round) -> None:
    final = example.table("final")
    assert (final.origin.at(1, "3").source, final.origin.at(1, "3").line) == (str(LINES), 8)
    assert (final.origin.at(0, "3").source, final.origin.at(0, "3").line) == (str(DECLARED), 4)
    turned = final.origin.of([1, 0])
    assert (turned.at(0, "3").line, turned.at(1, "3").line) == (8, 4)
    assert [one.code for one in turned.reasons(0, "3")] == ["lech-nguon", "bo-sung"]


def test_the_state_of_the_round(example: Round) -> None:
    whole = round_report(example).whole
    assert (whole.declared, whole.verified, whole.unverified) == (12 * 13, 7, 12 * 13 - 7)
    assert (whole.changed, whole.rejected, whole.closed) == (4, 1, 3)
    assert (whole.appealed, whole.appeals_open) == (3, 1)


def test_one_unit_with_its_histories_in_either_language(example: Round) -> None:
    report = round_report(example, unit="Huyện thứ hai (số liệu giả định)")
    document = "12/BC-UBND, 14/01/2026, Báo cáo hạ tầng số (giả định)"
    assert report.told("en").splitlines()[3:] == [
        "3 Hạ tầng số",
        "  declared: 45",
        "  verified: 45 → 40.5 (2026-01-12, Tổ thẩm định) differs from another source",
        f"  appealed: 45, {document} (2026-01-15) đề nghị tính cả tuyến cáp mới",
        "  final: 40.5 → 43 (2026-01-22, Hội đồng thẩm định) evidence or explanation added: tính một phần",
    ]
    assert "số liệu lệch nguồn khác" in report.told("vi")
    (claim,) = report.to_dict("vi")["claims"]
    assert (claim["declared"], claim["verified"], claim["final"]) == ("45", "40.5", "43")
    assert claim["history"][1]["reason"] == {"code": "lech-nguon", "words": "số liệu lệch nguồn khác"}


def test_a_claim_can_be_asked_for_even_if_nothing_happened_to_it(example: Round) -> None:
    known, untouched = example.claim("huyen-02", "3"), example.claim("huyen-02", "4")
    assert known is not None and [one.stage for one in known.history][-1] is Stage.FINAL
    assert untouched is not None and untouched.unverified(Track.FINAL)
    figure = untouched.value(Track.FINAL)
    assert figure is not None and figure.number == 47.5
    assert example.claim("huyen-02", "no such") is None and example.claim("nobody", "4") is None


def test_the_usual_reasons_hold_where_a_scheme_has_none() -> None:
    assert [one.code for one in reasons(SCHEME)][:3] == ["thieu", "sai-ky", "khong-hop-le"]
