"""What criteria take: read from a list with every mistake told, and shared out over the steps that a move takes."""

from __future__ import annotations

import io
from datetime import date
from fractions import Fraction as Q
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import made
import pytest
from attrs import evolve
from workbooks import workbook

from ictindex import compile_scheme, load_scheme, read_efforts
from ictindex.analysis.climbing.efforts import EffortLine, Efforts, price_of
from ictindex.analysis.climbing.moves import offers_of
from ictindex.analysis.climbing.offers import Offer
from ictindex.authoring import annex_text, diff_schemes, scheme_annex
from ictindex.citations import Citation, Status
from ictindex.engine import run
from ictindex.errors import SchemeInvalid, TableInvalid
from ictindex.model import TOTAL, Evidence, InputKind, Scheme
from ictindex.testing.written import table_of

HUE = "hue-1784/2020-district"
EACH = made.rule("each", points=Q(1))


def read(text: str, scheme: Scheme | str = HUE) -> Efforts:
    return read_efforts(io.StringIO(text), scheme=scheme)


def wrong(text: str) -> list[tuple[str, int, str]]:
    with pytest.raises(TableInvalid) as caught:
        read(text)
    return [(one.code, one.where.line, one.where.cell) for one in caught.value.problems]


def test_a_list_is_read_in_either_language() -> None:
    english = read("code,effort,feasible,unit,remark\nA,12.5,,,\nB,,no,Huế,no money\n")
    assert english.lines == (
        EffortLine(code="A", effort=Q("12.5"), line=2),
        EffortLine(code="B", feasible=False, unit="Huế", remark="no money", line=3),
    )
    vietnamese = read(
        "mã;ngày công;khả thi;đơn vị;ghi chú\na;12,5;;;\nKết quả Chính quyền điện tử;;không;Huế;no money\n"
    )
    assert vietnamese.lines == english.lines


def test_a_sheet_is_read_as_well() -> None:
    data = workbook(["code", "effort", "feasible"], ["A", 12.5, None], ["B", 3, "yes"])
    found = read_efforts(io.BytesIO(data), scheme=HUE)
    assert [(one.code, one.effort, one.feasible) for one in found.lines] == [("A", Q("12.5"), None), ("B", 3, True)]


def test_what_was_read_is_taken_as_it_is() -> None:
    efforts = Efforts((EffortLine(code="A", effort=Q(2)),))
    assert read_efforts(efforts, scheme=HUE) is efforts


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("code,effort\nC,5\n", [("T220", 2, "code")]),
        ("code,effort\nA,0\nB,-1\n", [("T222", 2, "effort"), ("T222", 3, "effort")]),
        ("code,effort\nA,many\n", [("T040", 2, "effort")]),
        ("code,effort,feasible\nA,5,maybe\n", [("T048", 2, "feasible")]),
        ("code,effort\nA,\n", [("T221", 2, "")]),
        ("code,effort\nA,5\nA,6\n", [("T223", 3, "code")]),
        ("code,effort\n", [("T224", 1, "")]),
        ("code,effort\n,5\n", [("T091", 2, "code")]),
        ("code,efort\nA,5\n", [("T090", 1, "efort")]),
        ("effort\n5\n", [("T090", 1, "")]),
        ('code,effort\nA,"1.234"\n', [("T052", 2, "effort")]),
        ("code,at most\nA,many\n", [("T040", 2, "at most")]),
        ("code,at-most\ntotal,5\n", [("T225", 2, "at-most")]),
        ("code,effort,feasible\nX,0,maybe\n", [("T220", 2, "code"), ("T222", 2, "effort"), ("T048", 2, "feasible")]),
    ],
)
def test_every_mistake_is_told_with_its_place(text: str, told: list[tuple[str, int, str]]) -> None:
    assert sorted(wrong(text)) == sorted(told)


def test_the_same_row_for_two_units_is_no_mistake() -> None:
    assert len(read("code,effort,unit\nA,5,\nA,6,u1\nA,7,u2\n").lines) == 3


def test_headings_of_a_list_made_by_hand_are_known() -> None:
    found = read("Mã tiêu chí;Công sức (ngày);Làm được;Nhiều nhất;Tên huyện\nA;5 ngày;có;45,5;Huế\nB;2,5;;;\n")
    assert found.lines == (
        EffortLine(code="A", effort=Q(5), feasible=True, at_most=Q("45.5"), unit="Huế", line=2),
        EffortLine(code="B", effort=Q("2.5"), line=3),
    )
    assert read("code,effort,Tên đơn vị,tối đa\nA,3 days,u1,0\n").lines[0].at_most == 0


def test_a_row_is_meant_without_its_accents_where_only_one_can_be() -> None:
    one, other = (made.assessed(code, 1) for code in ("Đ1", "2"))
    rows = [evolve(one, name="Hạ tầng số"), evolve(other, name="Nhân lực")]
    scheme = made.scheme(made.group(TOTAL, 2, *rows))
    found = read("code,effort\nd1,1\nNHAN LUC,2\n", scheme)
    assert [line.code for line in found.lines] == ["Đ1", "2"]
    assert read("code,effort\nha tang so,1\n", scheme).lines[0].code == "Đ1"
    alike = made.scheme(made.group(TOTAL, 2, rows[0], evolve(rows[1], name="Hà tầng số")))
    with pytest.raises(TableInvalid, match="T220"):
        read("code,effort\nha tang so,1\n", alike)
    assert read("code,effort\nhà tầng số,1\n", alike).lines[0].code == "2"


@pytest.mark.parametrize("cell", ["04-Apr", "4-Apr", "04-Thg4", "2026-04-04", "04/04/2026", "Apr-04"])
def test_a_code_that_became_a_date_is_told(cell: str) -> None:
    scheme = made.scheme(made.group(TOTAL, 1, made.assessed("4.4", 1)))
    with pytest.raises(TableInvalid, match=r"T220 .*made a date of the code: .* as text, and type 4\.4 again"):
        read(f"code,effort\n{cell},5\n", scheme)


def test_of_two_codes_that_a_date_may_have_been_the_one_that_is_a_row_is_told() -> None:
    scheme = made.scheme(made.group(TOTAL, 1, made.assessed("3.1", 1)))
    with pytest.raises(TableInvalid, match=r"type 3\.1 again"):
        read("code,effort\n2026-01-03,5\n", scheme)
    with pytest.raises(TableInvalid, match=r"type 2\.1 or 1\.2 again"):
        read("code,effort\n2026-01-02,5\n", scheme)
    data = workbook(["code", "effort"], [date(2026, 1, 3), 5])
    with pytest.raises(TableInvalid, match=r"type 3\.1 again"):
        read_efforts(io.BytesIO(data), scheme=scheme)


def test_a_heading_is_told_as_it_stands_in_the_file() -> None:
    with pytest.raises(TableInvalid, match="or `no` under `làm được`"):
        read("mã,công sức,làm được\nA,0,\n")
    with pytest.raises(TableInvalid, match="or `no` under `Khả thi`"):
        read("mã,công sức,Khả thi\nA,,\n")


def test_a_number_0_of_a_sheet_is_no_empty_cell() -> None:
    with pytest.raises(TableInvalid, match="T222"):
        read_efforts(io.BytesIO(workbook(["code", "effort"], ["A", 0])), scheme=HUE)


def test_hints_say_what_was_meant() -> None:
    with pytest.raises(TableInvalid, match="did you mean 'A-1'"):
        read("code,effort\nA-2,5\n", made.scheme(made.group(TOTAL, 1, made.assessed("A-1", 1))))
    with pytest.raises(TableInvalid, match=r"write the row that it belongs to, 1\.2"):
        read("code,effort\n1.2.a,5\n", load_scheme("dak-lak-366/2018-department"))


# --- what a move costs ------------------------------------------------------------------------------------------------


def offers(efforts: Efforts | None = None, unit: int = 0, **more: Any) -> dict[str, Offer]:
    """Return what a scheme of three counts, two of them below one heading, offers the first or second unit."""
    rows = [made.leaf(code, 4, made.rule("count", input=code), scale=EACH, **more) for code in ("1", "2.1", "2.2")]
    shown = {f"{row.code}.evidence": True for row in rows if more}
    scheme = made.scheme(made.group(TOTAL, 12, rows[0], made.group("2", 8, *rows[1:])))
    counts = tuple(evolve(one, kind=InputKind.COUNT, low=Q(0)) for one in scheme.inputs)
    table = table_of(scheme, [{**shown, "unit": name, "1": Q(1), "2.1": Q(0), "2.2": Q(4)} for name in ("u1", "u2")])
    result = run(compile_scheme(evolve(scheme, inputs=counts)), table)
    return {one.code: one for one in offers_of(result, unit, 0, efforts)}


def costs(offer: Offer) -> list[Q]:
    return [move.effort for move in offer.moves]


def said(*lines: EffortLine) -> Efforts:
    return Efforts(lines, "efforts.csv")


def test_without_efforts_every_document_counts_1() -> None:
    found = offers()
    assert costs(found["1"]) == [1, 2, 3]
    assert found["1"].effort_from == "nobody"


def test_an_effort_is_shared_out_over_the_steps() -> None:
    found = offers(said(EffortLine(code="1", effort=Q(10))))
    assert costs(found["1"]) == [Q(5, 2), 5, Q(15, 2)]
    assert (found["1"].effort_from, found["2.1"].effort_from) == ("file", "nobody")


def test_the_effort_of_a_heading_is_shared_by_all_below_it() -> None:
    found = offers(said(EffortLine(code="2", effort=Q(16))))
    assert costs(found["2.1"]) == [2, 4, 6, 8]


def test_what_is_said_of_a_row_wins_over_its_heading_and_of_a_unit_over_all() -> None:
    lines = (
        EffortLine(code="2", effort=Q(16)),
        EffortLine(code="2.1", effort=Q(4)),
        EffortLine(code="2.1", effort=Q(40), unit="U1"),
    )
    assert costs(offers(said(*lines))["2.1"]) == [10, 20, 30, 40]
    assert costs(offers(said(*lines), 1)["2.1"]) == [1, 2, 3, 4]


def test_what_is_not_feasible_is_not_offered() -> None:
    lines = (
        EffortLine(code="2", feasible=False, remark="no staff", unit="u1"),
        EffortLine(code="1", feasible=False),
    )
    found = offers(said(*lines))
    assert found["1"].why_not == "the efforts say that it is not feasible"
    assert found["2.1"].why_not == "the efforts say that it is not feasible: no staff"
    assert offers(said(*lines), 1)["2.1"].moves
    again = offers(said(*lines, EffortLine(code="2.1", feasible=True)))
    assert again["2.1"].moves


def test_a_unit_that_is_not_there_is_told() -> None:
    line = EffortLine(code="1", effort=Q(1), unit="u11", line=4)
    with pytest.raises(TableInvalid, match=r"efforts\.csv:4 \[unit\]: T226 .*did you mean"):
        offers(said(line))


def test_a_unit_is_meant_without_its_accents_where_only_one_can_be() -> None:
    scheme = made.scheme(made.group(TOTAL, 4, made.leaf("1", 4, made.rule("value", input="1"), scale=EACH)))
    names = ("Lấp Vò", "Hòa An", "Hoà Ân", "hoa")
    result = run(compile_scheme(scheme), table_of(scheme, [{"unit": name, "1": Q(0)} for name in names]))

    def first(word: str, unit: int) -> Q:
        return offers_of(result, unit, 0, said(EffortLine(code="1", effort=Q(40), unit=word)))[0].moves[0].effort

    assert first("LAP VO", 0) == 4
    assert first("lap vo", 1) == 1
    assert first("hoà an", 1) == 4
    assert first("hoà an", 2) == 1
    with pytest.raises(TableInvalid, match=r"several units of the result may be 'hoa an'.*Hòa An or Hoà Ân"):
        first("hoa an", 1)


def test_evidence_on_which_points_depend_is_one_step_more() -> None:
    proof = Evidence("x", without="zero")
    assert costs(offers(said(EffortLine(code="1", effort=Q(10))), evidence=proof)["1"]) == [2, 4, 6]


# --- efforts that a scheme states -------------------------------------------------------------------------------------

PLAIN = (Path(__file__).parent / "broken" / "S287-effort-of-nothing.yaml").read_text("utf-8")
STATED = "    effort: {is: 0, assumed: chưa ước lượng}\n"


def scheme_with(effort: str) -> Scheme:
    return load_scheme_text(PLAIN.replace(STATED, effort))


def load_scheme_text(text: str) -> Scheme:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "2025-district.yaml"
        path.write_text(text, "utf-8")
        return load_scheme(path)


def test_a_scheme_may_state_an_effort_and_no_number_more_is_assumed() -> None:
    without, stated = scheme_with(""), scheme_with("    effort: {is: 20, assumed: ngày công}\n")
    effort = stated.row("3.3").effort
    assert effort is not None
    assert (effort.number, effort.citation.told()) == (20, "assumed: ngày công")
    assert (stated.assumed, [one.key for one in stated.statements]) == (
        without.assumed,
        [one.key for one in without.statements],
    )


def test_an_effort_is_not_covered_by_the_status_of_its_row() -> None:
    effort = scheme_with("    effort: 20\n").row("3.3").effort
    assert effort is not None
    assert effort.citation == Citation()
    cited = scheme_with("    effort: {is: 20, cited: qd phụ lục}\n").row("3.3").effort
    assert cited is not None
    assert (cited.citation.status, cited.citation.source) == (Status.CITED, "qd")


def test_a_source_that_an_effort_cites_must_be_declared() -> None:
    with pytest.raises(SchemeInvalid, match="S201"):
        scheme_with("    effort: {is: 20, cited: nd phụ lục}\n")


def test_an_effort_is_shown_and_its_change_touches_no_score() -> None:
    without, stated = scheme_with(""), scheme_with("    effort: {is: 20, assumed: ngày công}\n")
    assert "effort to full marks: 20 (assumed: ngày công)" in " ".join(annex_text(scheme_annex(stated)).split())
    (change,) = [one for row in diff_schemes(without, stated).rows for one in row.changes]
    assert (change.kind, change.before, change.after, change.affects) == (
        "effort",
        "none",
        "20, assumed: ngày công",
        (),
    )


def test_the_effort_of_a_scheme_counts_where_no_list_says_another() -> None:
    scheme = scheme_with("    effort: {is: 20, assumed: ngày công}\n")
    names = ("u1",)
    assert price_of(scheme, "3.3", Efforts(), names).effort == 20
    assert price_of(scheme, "3.3", Efforts(), names).said_by == "scheme"
    listed = said(EffortLine(code="3", effort=Q(5)))
    assert (price_of(scheme, "3.3", listed, names).effort, price_of(scheme, "3.3", listed, names).said_by) == (
        5,
        "file",
    )
