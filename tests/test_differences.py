"""What changed between two schemes: each kind of change in words, and what can still be compared."""

from __future__ import annotations

import json
from typing import Any

import pytest
from worked import HEAD, VOCABULARY, build, build_top

import ictindex
from ictindex.analysis.differences.compare import differences
from ictindex.analysis.differences.report import written
from ictindex.analysis.differences.results import Change, Differences
from ictindex.authoring import diff_schemes, differences_text
from ictindex.errors import UnknownName
from ictindex.model import Scheme

BASE = """max: 30
below: {cited: qd}
cited: qd
levels: {I: 90%, II: 0%}
inputs: {cb Cán bộ: {kind: count, unit: người}}
A Hạ tầng:
  max: 20
  A.1 Máy tính: {max: 10, ratio: {a: số máy tính, b: $cb}}
  A.2 Trung tâm dữ liệu: {max: 10, yes-no: }
B Nhân lực:
  max: 10
  B.1 Đào tạo: {max: 10, count: số lớp, steps: {4: 10, 2: 5}, evidence: Kế hoạch}
"""
NEXT = "replaces: test/2020-unit\n"


def later(text: str, head: str = NEXT) -> Scheme:
    """Return the scheme in a text as the next edition."""
    return build(HEAD.replace("2020", "2021") + head + text)


def changed(*pairs: tuple[str, str], base: str = BASE, head: str = NEXT) -> Differences:
    """Return what a few replacements in the text make of the scheme."""
    text = base
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return differences(build_top(base), later(text, head), VOCABULARY)


def told(found: Differences) -> list[tuple[str, str]]:
    """Return (code, words) of every change in the rows."""
    return [(change.code, str(change.words)) for row in found.rows for change in row.changes]


def verdict(found: Differences) -> tuple[bool, bool, bool]:
    return found.verdict.scores, found.verdict.ranks, found.verdict.levels


def only(found: Differences, kind: str) -> Change:
    (change,) = (one for one in found.changes if one.kind == kind)
    return change


FINE, SCORES, RANKS, LEVELS = (True, True, True), (False, False, False), (True, False, True), (True, True, False)


@pytest.mark.parametrize(
    ("old", "new", "code", "words", "expected"),
    [
        ("A.1 Máy tính", "A.1 Máy vi tính", "A.1", "renamed: Máy tính → Máy vi tính", FINE),
        ("A.1 Máy tính", "A.1 MÁY TÍNH", "A.1", "spelt differently: Máy tính → MÁY TÍNH", FINE),
        ("số máy tính, b", "số máy vi tính, b", "A.1",
         "worded otherwise: số máy tính / Cán bộ × 10 → số máy vi tính / Cán bộ × 10", FINE),
        ("ratio: {a: số máy tính, b: $cb}", "ratio: {a: số máy tính, b: $cb, floor: 50%}", "A.1",
         "scored otherwise: số máy tính / Cán bộ × 10 → số máy tính / Cán bộ × 10; below 50%: 0", SCORES),
        ("ratio: {a: số máy tính, b: $cb}", "ratio: {a: số máy tính, b: $cb, if-none: zero}", "A.1",
         "scored otherwise: số máy tính / Cán bộ × 10 → số máy tính / Cán bộ × 10; without a denominator: 0 points",
         SCORES),
        ("yes-no: }", "assessed: }", "A.2",
         "scored otherwise: yes 10, no 0 → points from 0 to 10, given by an assessor", SCORES),
        ("steps: {4: 10, 2: 5}", "steps: {5: 10, 2: 5}", "B.1",
         "scored otherwise: from 4: 10; from 2: 5; below 2: 0 → from 5: 10; from 2: 5; below 2: 0", SCORES),
        ("steps: {4: 10, 2: 5}", "steps: {4: max, 2: 1/2 max}", "", "", FINE),
        ("B Nhân lực:\n  max: 10\n", "B Nhân lực:\n  max: 10\n  combine: capped\n", "B",
         "scored otherwise: the rows below added up → the rows below added up, at most the max", SCORES),
        ("levels: {I: 90%", "levels: {I: 85%", "total",
         "levels: I from 90%; II from 0% → I from 85%; II from 0%", LEVELS),
        ("levels: {I: 90%", "rank: {ties: dense}\nlevels: {I: 90%", "total",
         ("ranks: equal scores share a rank, as 1 2 2 4, on published scores → "
          "equal scores share a rank, as 1 2 2 3, on published scores"), RANKS),
        ("levels: {I: 90%", "publish: {decimals: 1}\nlevels: {I: 90%", "total",
         "published: as points, decimals: 2, rounded half up → as points, decimals: 1, rounded half up", SCORES),
        ("levels: {I: 90%", "missing: zero\nlevels: {I: 90%", "total",
         "missing figures: refused until it is mended → 0 points", SCORES),
        ("A Hạ tầng:\n", "A Hạ tầng:\n  not-applicable: rescale\n", "A",
         "what does not apply: refused until it is mended → left out, and the rest is converted back", SCORES),
        ("evidence: Kế hoạch", "evidence: Quyết định", "B.1",
         "evidence: Kế hoạch; without it the score is flagged → Quyết định; without it the score is flagged", FINE),
        ("evidence: Kế hoạch", "evidence: {ask: Kế hoạch, without: zero}", "B.1",
         "evidence: Kế hoạch; without it the score is flagged → Kế hoạch; without it 0 points", SCORES),
        ("A.2 Trung tâm dữ liệu: {", "A.2 Trung tâm dữ liệu: {verified-by: Sở, ", "A.2",
         "verified by: nobody named → Sở", FINE),
        ("A Hạ tầng:\n", "A Hạ tầng:\n  rows: 2\n", "A",
         "rows and criteria that the source counts: not stated → 2", FINE),
        ("A Hạ tầng:\n", "A Hạ tầng:\n  notes: Hai dòng.\n", "A", "the note now says: Hai dòng.", FINE),
    ],
)  # fmt: skip
def test_one_change_of_a_row(old: str, new: str, code: str, words: str, expected: tuple[bool, ...]) -> None:
    found = changed((old, new))
    assert told(found) == ([(code, words)] if words else [] if expected == FINE else None)
    assert verdict(found) == expected
    assert bool(found.verdict.reasons) == (expected != FINE)


def test_points_tell_their_share_of_the_total_and_what_is_still_made_as_before() -> None:
    found = changed(
        ("{max: 10, yes-no: }", "{max: 20, yes-no: }"), ("max: 30", "max: 40"), ("  max: 20\n", "  max: 30\n")
    )
    assert told(found) == [
        ("total", "points: max 30 → max 40, still 100% of the total"),
        ("A", "points: max 20 → max 30, 66.67% → 75% of the total"),
        ("A.1", "share of the total: 33.33% → 25%"),
        ("A.2", "points: max 10 → max 20, 33.33% → 50% of the total"),
        ("B", "share of the total: 33.33% → 25%"),
    ]
    assert verdict(found) == SCORES and found.verdict.reasons == ("points or weights changed: total, A, A.2",)
    assert found.verdict.unchanged == ("A.1", "B")


def test_a_rule_that_follows_its_maximum_is_not_told_as_another_rule() -> None:
    base = "max: 10\ncombine: mean\ncited: qd\n1 Một: {max: 10, choice: {a có: max, b không: 0}}\n"
    found = changed(("1 Một: {max: 10", "1 Một: {max: 20"), base=base)
    assert [change.kind for change in found.changes if change.code == "1"] == ["max"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("choice: {a có: 10, b không: 0}", "value: ", "1 takes: a or b → a number, at least 0, at most 10"),
        ("choice: {a có: 10, b không: 0}", "yes-no: ", "1 takes: a or b → yes or no"),
        ("choice: {a có: 10, b không: 0}", "choice: {m1 có: 10, b không: 0}", "1 takes: a or b → m1 or b"),
        ("yes-no: ", "assessed: ", "1 takes: yes or no → points, at least 0, at most 10"),
        ("choice: {a có: 10, b không: 0}", "choice: {a có: 9, b không: 10}", ""),
    ],
)
def test_a_column_whose_cells_are_typed_otherwise_says_so(old: str, new: str, words: str) -> None:
    base = f"max: 10\ncited: qd\n1 Một: {{max: 10, {old}}}\n"
    found = changed((old, new), base=base)
    assert [change.words for change in found.inputs] == [words] * bool(words)
    assert {change.kind for change in found.changes if change.code == "1"} >= {"measure"}


NOTED = (("A Hạ tầng:\n", "A Hạ tầng:\n  notes: Hai dòng.\n"), ("max: 30\n", "max: 30\nnotes: Sửa năm nay.\n"))


def noted(*pairs: tuple[str, str]) -> Differences:
    """Return what two notes change, and a few replacements more, in one edition."""
    text = BASE
    for old, new in (*NOTED, *pairs):
        text = text.replace(old, new)
    return differences(build_top(BASE), build_top(text), VOCABULARY)


def test_a_brief_comparison_leaves_out_notes_and_counts_them() -> None:
    named = ("A.2 Trung tâm dữ liệu: {", "A.2 Trung tâm dữ liệu: {verified-by: Sở, ")
    whole = noted(named)
    brief = whole.without_notes()
    assert [change.kind for change in whole.changes] == ["notes", "notes", "verified-by"]
    assert [change.kind for change in brief.changes] == ["verified-by"] and brief.left_out == 2
    assert [row.code for row in brief.rows] == ["total", "A", "A.2"] and not brief.empty
    assert brief.to_dict()["notes_left_out"] == 2 and brief.verdict == whole.verdict
    for form in ("text", "markdown"):
        told = differences_text(whole, format=form, brief=True)
        assert "Notes that changed and are left out: 2" in told and "Hai dòng" not in told and "Sửa năm" not in told
        assert differences_text(whole, format=form) == differences_text(whole, format=form, brief=False) != told
    assert whole.left_out == 0


def test_a_brief_comparison_of_schemes_that_differ_in_notes_alone_says_so() -> None:
    told = differences_text(noted(), brief=True)
    assert "Nothing is different but notes." in told and "Row by row" not in told
    same = differences(build_top(BASE), build_top(BASE), VOCABULARY)
    assert "Nothing is different.\n" in differences_text(same, brief=True)


def test_weights_count_where_the_heading_asks_for_them() -> None:
    base = "combine: mean\ncited: qd\n1 Một: {weight: 0.4, value: }\n2 Hai: {weight: 0.6, value: }\n"
    found = changed(("weight: 0.4", "weight: 0.2"), ("weight: 0.6", "weight: 0.8"), base=base)
    assert told(found) == [
        ("1", "weight: 0.4 → 0.2, 40% → 20% of the total"),
        ("2", "weight: 0.6 → 0.8, 60% → 80% of the total"),
    ]
    same = changed(("weight: 0.4", "weight: 2"), ("weight: 0.6", "weight: 3"), base=base)
    assert told(same)[0] == ("1", "weight: 0.4 → 2, still 40% of the total")


def test_rows_that_are_new_and_gone() -> None:
    found = changed(("  B.1 Đào tạo: {max: 10, count: số lớp, steps: {4: 10, 2: 5}, evidence: Kế hoạch}\n",
                     "  B.2 Kế hoạch năm: {max: 10, assessed: }\n"))  # fmt: skip
    assert told(found) == [
        ("B.2", "new: max 10; points from 0 to 10, given by an assessor"),
        ("B.1", "gone: max 10; số lớp; from 4: 10; from 2: 5; below 2: 0"),
    ]
    assert found.verdict.reasons == ("rows are new: B.2", "rows are gone: B.1")
    assert found.verdict.unchanged == ("A",)
    assert [str(one.words) for one in found.inputs] == [
        "the column B.1 is gone: số lớp",
        "the column B.2 is new: Kế hoạch năm",
    ]


def test_an_informational_row_more_or_less_changes_no_score() -> None:
    found = changed(("  A.2 Trung", "  A.3 Ghi nhận: {max: 0, count: }\n  A.2 Trung"))
    assert verdict(found) == FINE and only(found, "added").code == "A.3"


def test_a_row_that_says_what_it_was_is_the_same_row() -> None:
    found = changed(("A.2 Trung tâm dữ liệu: {", "A.3 Trung tâm: {was: A.2, "))
    assert told(found) == [("A.3", "renumbered: A.2 → A.3"), ("A.3", "renamed: Trung tâm dữ liệu → Trung tâm")]
    assert verdict(found) == FINE and [row.matched_by for row in found.rows if row.changes] == ["was"]
    assert [str(one.words) for one in found.inputs] == ["column of Trung tâm: A.2 → A.3"]


def test_what_a_row_was_counts_only_in_the_next_edition() -> None:
    text = BASE.replace("A.2 Trung tâm dữ liệu: {", "A.2 Trung tâm dữ liệu: {was: A.1, ")
    assert differences(build_top(text), build_top(text), VOCABULARY).empty


def test_a_name_alone_is_a_guess_and_told_as_one() -> None:
    found = changed(("  A.1 Máy tính", "  A.1 Mạng nội bộ: {max: 0, yes-no: }\n  A.4 MÁY TÍNH"))
    assert ("A.4", "renumbered: A.1 → A.4") in told(found)
    assert "taken for the same rows because of their names alone: A.4" in found.verdict.cautions
    assert "A.1 → A.4 MÁY TÍNH (renumbered?)" in written(found, "text", "en")


def test_a_row_under_another_heading() -> None:
    row = "  A.2 Trung tâm dữ liệu: {max: 10, yes-no: }\n"
    found = changed(("  max: 20\n", "  max: 10\n"), (row, ""), ("  max: 10\n  B.1", f"  max: 20\n{row}  B.1"))
    assert ("A.2", "stands under another heading: A → B") in told(found)
    assert not {"added", "removed"} & {change.kind for change in found.changes}
    assert found.verdict.unchanged == ("A.1", "B.1")


def test_a_policy_is_told_where_it_begins_and_reaches_everything_below() -> None:
    found = changed(("A Hạ tầng:\n", "A Hạ tầng:\n  missing: zero\n"))
    assert [code for code, _ in told(found)] == ["A"]
    assert found.verdict.unchanged == ("B",)
    assert changed(("A Hạ tầng:\n", "A Hạ tầng:\n  missing: refuse\n")).empty is False  # counted, but decides nothing
    assert not told(changed(("A Hạ tầng:\n", "A Hạ tầng:\n  missing: refuse\n")))


def test_a_criterion_made_of_parts_says_which_part_is_as_before() -> None:
    parts = "{max: 10, combine: mean, parts: {a Máy tính cũ: {ratio: {a: số máy tính, b: $cb}}, b Mạng: {yes-no: }}}"
    found = changed(("{max: 10, ratio: {a: số máy tính, b: $cb}}", parts))
    change = only(found, "measure")
    assert change.before == "số máy tính / Cán bộ × 10"
    assert change.after == "the plain mean of the rows below: A.1.a Máy tính cũ (as before); A.1.b Mạng (yes 1, no 0)"
    assert found.verdict.reasons == ("rows are scored otherwise: A.1",)


def test_figures_in_another_unit_and_bounds() -> None:
    found = changed(("unit: người", "unit: nghìn người"))
    assert verdict(found) == SCORES and found.verdict.unchanged == ("A.2", "B")
    assert str(found.inputs[0].words) == "cb is measured in: người → nghìn người"
    found = changed(("unit: người", "unit: người, low: 1"))
    assert verdict(found) == FINE
    assert str(found.inputs[0].words) == "cb takes: a whole number, at least 0 → a whole number, at least 1"
    assert "a figure that one scheme takes may be refused by the other: cb" in found.verdict.cautions
    assert verdict(changed(("kind: count, unit: người", "kind: count"))) == FINE


def test_pools_and_merged_units() -> None:
    found = changed(("levels: {I", "pools: {by: khối}\nlevels: {I"))
    assert verdict(found) == RANKS
    assert (
        str(only(found, "pools").words) == "pools: all units are one pool → every value of the column 'khối' is a pool"
    )
    assert verdict(changed(("levels: {I", "merged: mean-of-rows\nlevels: {I"))) == SCORES
    pooled = BASE.replace("count: số lớp, steps: {4: 10, 2: 5}", "count: số lớp, of-best: pool")
    assert verdict(changed(("levels: {I", "pools: {by: khối}\nlevels: {I"), base=pooled)) == SCORES


def test_ranks_made_on_exact_scores_change_levels_too() -> None:
    assert verdict(changed(("levels: {I", "rank: {on: exact}\nlevels: {I"))) == (True, False, False)
    plain = BASE.replace("levels: {I: 90%, II: 0%}\n", "")
    assert verdict(changed(("inputs:", "rank: {on: exact}\ninputs:"), base=plain)) == RANKS


def test_statuses_sources_and_what_holds_for_the_whole() -> None:
    found = changed(
        ("{max: 10, yes-no: }", "{max: {is: 10, assumed: tạm}, yes-no: }"),
        head=f"{NEXT}data-year: 2020\nnotes: Câu một.\nself-scored: true\n",
    )
    assert verdict(found) == FINE
    (status,) = found.statuses
    assert (status.before, status.after, status.places) == ("cited", "assumed", (("A.2", "max"),))
    assert "now assumed, was cited: points (A.2)" in written(found, "text", "en")
    assert [str(one.words) for one in found.about] == [
        "edition: 2020 → 2021",
        "data of the year: not stated → 2020",
        "units now score themselves too",
        "the note now says: Câu một.",
    ]
    other = build(HEAD.replace("qd Quyết định mẫu: ", "qd Quyết định khác: ") + BASE)
    sources = differences(build_top(BASE), other, VOCABULARY).sources
    assert [str(one.words) for one in sources] == [
        "qd is no longer a source: Quyết định mẫu",
        "qd is a new source: Quyết định khác",
    ]


def test_another_kind_of_unit_is_no_comparison() -> None:
    other = build(HEAD.replace("unit: unit", "unit: commune") + BASE)
    found = differences(build_top(BASE), other, VOCABULARY)
    assert verdict(found) == SCORES and found.verdict.unchanged == ()
    assert found.verdict.reasons == ("units of another kind are scored",)


def test_the_same_change_in_many_rows_is_told_once() -> None:
    text = differences_text(diff_schemes("ict-index/2017-province", "ict-index/2017-province", variant_b="z-score"))
    assert "ict-index/2017-province  →  ict-index/2017-province, variant z-score" in text
    assert "in 32 rows: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 22 more" in " ".join(text.split())
    assert "points depend on which units stand in the table" in text


def test_the_worked_example_says_what_really_changed() -> None:
    found = diff_schemes("ict-index/2016-province", "ict-index/2017-province")
    assert not found.verdict.scores and found.verdict.reasons == ("rows are scored otherwise: 29, 30",)
    assert found.verdict.unchanged == ("HTKT", "HTNL", "UD.nb", "27", "28")
    third, fourth = (change for change in found.changes if change.kind == "measure")
    assert third.after.startswith(
        "the plain mean of the rows below: 29.a Cung cấp DVCTT mức độ 3 (as before); 29.b Sử dụng"
    )
    assert "số hồ sơ nộp trực tuyến ở mức độ 4 / tổng số hồ sơ" in fourth.after
    assert any("tính cả việc sử dụng dịch vụ mức độ 3 và 4" in one.after for one in found.about)
    assert dict(found.before.counts)["cited"] == 3 and dict(found.after.counts)["cited"] == 13


def test_as_plain_data_and_as_markdown() -> None:
    found = diff_schemes("ict-index/2016-province", "ict-index/2017-province")
    data: dict[str, Any] = json.loads(differences_text(found, format="json"))
    assert data["before"]["scheme"] == "ict-index/2016-province" and data["after"]["counts"]["cited"] == 13
    assert data["verdict"]["scores_comparable"] is False and data["verdict"]["unchanged"][0] == "HTKT"
    assert {one["kind"] for row in data["rows"] for one in row["changes"]} == {"measure", "notes"}
    assert data["statuses"][0]["places"][0] == {"code": "total", "key": "criteria"}
    text = differences_text(found, format="markdown")
    assert text.startswith("# ict-index/2016-province → ict-index/2017-province\n\n**Scores are NOT comparable.**\n")
    assert "      - **29 Tỷ lệ cung cấp DVCTT mức độ 3**\n        - scored otherwise\n          - before: " in text
    with pytest.raises(UnknownName, match="U142"):
        differences_text(found, format="html")


def test_markdown_is_escaped() -> None:
    found = changed(("A.1 Máy tính", '"A.1 <b>|x|* [y](z)"'.replace('"', "'")[1:-1]))
    text = written(found, "markdown", "en")
    assert r"renamed: Máy tính → \<b\>\|x\|\* \[y\](z)" in text


def test_every_shipped_scheme_against_every_other() -> None:
    made = [ictindex.load_scheme(one.id) for one in ictindex.list_schemes()]
    for one in made:
        for other in made:
            found = differences(one, other, VOCABULARY)
            assert found.empty == (one is other) and found.verdict.scores == (one is other)
