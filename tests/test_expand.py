"""The expanded document is a scheme again, with the same rows and every number's status beside it."""

from __future__ import annotations

import pytest
from attrs import evolve
from worked import HEAD, NAMES, TOPS, VOCABULARY, build, document, text_of, without_lines

from ictindex.documents.build import check_document
from ictindex.documents.expand import expanded
from ictindex.errors import Severity
from ictindex.model import Scheme

MIXED = (
    HEAD
    + """max: {is: 60, cited: qd, between: [50, 70]}
uses: {acme: ictindex-acme}
history: {1: "bản đầu: thử"}
below: {steps: {100%: max, 1/2: 50% max}, evidence: {ask: "văn bản: số", due: 30/01, without: zero}, assumed: mẫu}
inputs:
  tt Có trung tâm: yes-no
  ho Số hộ: {kind: count, high: {is: 900, cited: qd}, unit: hộ}
  tb Thu nhập: {kind: amount, weighted-by: $dan, additive: true, notes: "a: b"}
  dan Dân số: count
"1 Đủ: mọi điều kiện, # và hơn nữa":
  max: 10
  en: "All: of"
  was: "1.10"
  all-of: {a Có kế hoạch: , b Có báo cáo: hằng quý, c Có trung tâm: $tt}
2 Máy móc:
  max: 20
  below: {goalposts: {from: {is: 0, cited: qd}, to: 60}, data-from: Sở}
  2.1 A: {max: 10, value: $tb}
  2.2 B: {max: 10, ratio: {a: {sum: {x X: 1/3, $ho: 0.5}}, b: {is: 12, cited: qd}, floor: 10%}, evidence: xem}
3 Thêm: {max: 10, acme.gap: {more: số máy, less: $ho}, notes: "yes"}
4 Nữa: {max: 10, acme.cell: , acme.sigmoid: {middle: 1/3, words: êm, top: 1/2 max}}
5 Nữa: {max: 10, value: , publish: {as: percent, decimals: 0, cited: qd}, rank: {then: ['1']}}
"""
)
TEXTS = {**{name: text_of(name) for name in NAMES}, **{f"top {n}": HEAD + top for n, top in enumerate(TOPS)}}
TEXTS["mixed"] = MIXED


def columns(scheme: Scheme) -> dict[str, object]:
    return {one.code: evolve(one, line=0) for one in scheme.inputs}


@pytest.mark.parametrize("name", TEXTS)
def test_an_expanded_document_builds_to_the_same_rows(name: str) -> None:
    source = document(TEXTS[name])
    scheme = build(TEXTS[name])
    again = build(expanded(source, scheme))
    assert without_lines(again.root) == without_lines(scheme.root)
    assert columns(again) == columns(scheme)
    assert (again.id, again.sources, again.pools, again.merged) == (
        scheme.id,
        scheme.sources,
        scheme.pools,
        scheme.merged,
    )
    errors = [one for one in check_document(document(expanded(source, scheme)), VOCABULARY) if one.code != "S242"]
    assert [str(one) for one in errors if one.severity is Severity.ERROR] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_statement_keeps_its_status(name: str) -> None:
    scheme = build(TEXTS[name])
    again = build(expanded(document(TEXTS[name]), scheme))
    later = {(one.at, one.key): one for one in again.statements}
    for one in scheme.statements:
        if one.key.startswith(("below.", "choices.")) or one.key == "rule":
            continue  # written out in the rows
        same = later[one.at, one.key]
        assert (same.text, str(same.citation), same.between) == (one.text, str(one.citation), one.between)


@pytest.mark.parametrize("name", TEXTS)
def test_expanding_twice_changes_nothing(name: str) -> None:
    once = expanded(document(TEXTS[name]), build(TEXTS[name]))
    again = expanded(document(once), build(once))
    assert [line.partition("  #")[0] for line in again.splitlines()] == [
        line.partition("  #")[0] for line in once.splitlines()
    ]


def test_a_variant_is_written_out_as_the_scheme() -> None:
    text = text_of("ict-index")
    scheme = build(text, "z-score")
    said = expanded(document(text), scheme)
    assert said.startswith("# variant z-score of ict-index/2017-province\n")
    assert without_lines(build(said).root) == without_lines(scheme.root)


def test_it_reads_like_the_annex() -> None:
    said = expanded(document(text_of("dong-thap")), build(text_of("dong-thap")))
    assert (
        """
  1.1 Người đứng đầu huyện, thành phố là Trưởng ban Chỉ đạo chuyển đổi số:
    cited: "cl nhóm 1"
    max: {is: 10, cited: "cl nhóm 1"}
    evidence:
      ask: Số hiệu, tên, ngày, trích yếu văn bản
      without: {is: flag, assumed: "default"}
    verified-by: Sở Thông tin và Truyền thông
    choice:
      a Trưởng ban là Bí thư hoặc Chủ tịch: {is: max, cited: "cl nhóm 1"}
      b Trưởng ban là Phó Bí thư hoặc Phó Chủ tịch: {is: 1/2 max, cited: "cl nhóm 1"}
"""
        in said
    )
