"""The expanded document is a scheme again, with the same rows and the same statements, each with its status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from worked import HEAD, NAMES, TOPS, VOCABULARY, build, document, text_of, without_lines

from ictindex import list_schemes, load_scheme, read_table, score
from ictindex.authoring import expand_scheme
from ictindex.citations import Status
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
TEXTS["notes among lines"] = (
    HEAD
    + """max: 9
notes: "một\\nhai"
1 A: {max: 4, parts: {notes: "x: y", cited: qd, a B: {max: 4, yes-no: }}}
2 C: {max: 5, choice: {notes: x, cited: qd, a D: max, b E: {is: 0, notes: z}}, levels: {is: 10%, Kém: 0}}
"""
)
SHIPPED = [
    (one.id, variant) for one in list_schemes() for variant in ("", *(v.code for v in load_scheme(one.id).variants))
]


def expand(text: str, variant: str = "") -> str:
    return expanded(document(text), build(text, variant), VOCABULARY)


def meant(scheme: Scheme) -> dict[str, Any]:
    """Return everything a scheme says, save the lines of the file, the file itself and the order of statements."""
    statements = [(evolve(one, line=0), one.citation) for one in scheme.statements]
    return {
        "rows": without_lines(scheme.root),
        "columns": [evolve(one, line=0) for one in scheme.inputs],
        "statements": sorted(statements, key=str),
        "head": (scheme.id, scheme.title, scheme.unit, scheme.edition, scheme.history, scheme.notes),
        "rest": (scheme.sources, scheme.pools, scheme.merged, scheme.self_scored, scheme.uses),
    }


def assert_same(text: str, variant: str = "") -> str:
    """Check that the expanded text means what the text does, has no errors, and expands to itself."""
    once = expand(text, variant)
    assert meant(build(once)) == meant(build(text, variant))
    assert [str(one) for one in check_document(document(once), VOCABULARY) if one.severity is Severity.ERROR] == []
    assert expand(once) == "".join(line for line in once.splitlines(keepends=True) if not line.startswith("# variant"))
    return once


@pytest.mark.parametrize("name", TEXTS)
def test_an_expanded_document_means_the_same(name: str) -> None:
    assert_same(TEXTS[name])


def test_a_variant_is_written_out_as_the_scheme() -> None:
    said = assert_same(text_of("ict-index"), "z-score")
    assert said.startswith("# variant z-score of ict-index/2017-province\n")


@pytest.mark.parametrize(("name", "variant"), SHIPPED)
def test_an_expanded_scheme_scores_the_same(name: str, variant: str, tmp_path: Path) -> None:
    path = tmp_path / "scheme.yaml"
    path.write_text(expand_scheme(name, variant=variant), encoding="utf-8")
    scheme, again = load_scheme(name, variant=variant), load_scheme(path)
    assert meant(again) == meant(scheme)
    assert (again.provisional, again.assumed) == (scheme.provisional, scheme.assumed)
    (example,) = Path(scheme.path).parent.glob(f"{Path(scheme.path).stem}.example*.csv")
    before, after = (score(one, read_table(example, scheme=one)) for one in (scheme, again))
    for row in scheme.rows():
        if row is not scheme.root or scheme.root.combine.name != "none":
            assert after.published(row.code) == before.published(row.code)


@pytest.mark.parametrize(("name", "variant"), SHIPPED)
def test_each_number_stands_beside_its_own_status(name: str, variant: str) -> None:
    lines = expand_scheme(name, variant=variant).splitlines()
    written = [line for line in lines if not line.lstrip().startswith("#")]
    apart = ("all", "pool")  # a scale over units has no room for a status: it stands behind it
    stated = [one for one in load_scheme(name, variant=variant).statements if one.line and one.key != "rule"]
    numbers = [one for one in stated if one.text not in apart]
    assert sum(line.count("{is: ") for line in written) == len(numbers)
    assert sum("  # " in line for line in written) == sum(one.text in apart for one in stated)


STATUSES = (
    {},
    {},
    {"cited": "qd mục 1"},
    {"derived": "cộng: lại"},
    {"assumed": "như # Huế"},
    {"assumed": "yes"},
)
statuses = st.sampled_from(STATUSES)


def stated(*values: str | int) -> st.SearchStrategy[Any]:
    """Return a number or a word, plain or with a status of its own."""
    plain = st.sampled_from(values)
    return plain | st.builds(lambda value, status: {"is": value, **status}, plain, statuses)


def keys(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a mapping that has some of the keys, and perhaps a status."""
    named = {key.replace("_", "-"): part for key, part in parts.items()}
    return st.builds(lambda some, status: {**some, **status}, st.fixed_dictionaries({}, optional=named), statuses)


def with_status(mapping: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda status, some: {**status, **some}, statuses, st.fixed_dictionaries(mapping))


publish = keys(**{"as": stated("points", "index"), "decimals": stated(2, 4), "rounding": stated("half-up", "cut")})
rank = keys(ties=stated("dense"), on=stated("exact"), then=st.just(["1"]))
policies = {"publish": publish, "rank": rank, "missing": stated("refuse", "zero"), "not_applicable": stated("rescale")}
evidence = st.just("số: ngày") | keys(without=stated("zero")).map(lambda some: {"ask": "văn bản", **some})
told = {"evidence": evidence, "data_from": st.just("Sở"), "verified_by": st.just("Sở: một")}
scales = st.sampled_from(
    (
        {"min-max": st.sampled_from(("all", "pool"))},
        {"steps": with_status({"100%": stated("max"), "1 / 2": stated("50% max", "0")})},
        {"goalposts": with_status({"from": stated("0"), "to": stated("60")})},
    )
).flatmap(st.fixed_dictionaries)
quantity = st.just("số máy") | stated("12") | st.just({"sum": {"x Số xe": {"is": "0.5", "cited": "qd"}}})
counted = with_status({"2": stated("max"), "1": stated("1/3 max")})
cases = with_status({"a Có đủ": stated("max"), "b Chưa": stated("0", "1/2 max")})
ratio = keys(per=stated("100"), over=stated("refuse"), if_none=stated("zero"), floor=stated("10%"))
measures = st.one_of(
    st.builds(lambda some, a: {"ratio": {"a": a, "b": "số dân", **some}}, ratio, quantity),
    st.just({"value": "số giờ"}),
    st.just({"yes-no": ""}),
    st.just({"choice": "$muc"}),
    st.builds(lambda scale: {"count": "số cuộc", "steps": scale}, counted),
    st.builds(lambda found: {"choice": found}, cases),
)
facts = {"max": stated("9", "1/3"), "weight": stated("2"), "effort": stated("20"), "notes": st.just("một\nhai"), **told}
rows = st.builds(lambda some, measure: {**some, **measure}, keys(**facts, **policies), measures)
below = st.builds(lambda some, scale: {**some, **scale}, keys(**told), st.just({}) | scales)


@st.composite
def headings(draw: st.DrawFn) -> dict[str, Any]:
    """Return a heading, or a criterion of several parts: its rows have a `below` from near, from far, or none."""
    parts = draw(st.booleans())
    found = draw(keys(max=stated("9"), below=below, **policies, **(told if parts else {})))
    found["combine"] = draw(stated("mean", "geometric"))
    beneath = {"a Phần một": draw(rows), "b Phần hai": draw(rows)}
    return found | ({"parts": beneath} if parts else beneath)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Return the text of a small scheme: YAML in the shape of JSON."""
    top = draw(keys(below=below, merged=stated("refuse"), **policies)) | {"combine": draw(stated("mean", "none"))}
    top |= {"1 Một": draw(headings()), "2 Hai": draw(rows)}
    if "$muc" in json.dumps(top):
        top["choices"] = {"muc Mức": draw(cases)}
    return HEAD + "".join(f"{json.dumps(key)}: {json.dumps(value)}\n" for key, value in top.items())


@given(documents())
def test_any_document_expands_to_the_same_statements(text: str) -> None:
    assert_same(text)


def test_defaults_are_comments_and_make_no_statement() -> None:
    said = expand(HEAD + "combine: mean\n1 Một: {ratio: {a: x, b: y}}\n2 Hai: {value: , goalposts: {from: 0, to: 9}}\n")
    for line in (
        "# max: 1 (default)",
        "# weight: 1 (default)",
        "  # over: clamp (default)",
        "  # log: false (default)",
    ):
        assert f"\n  {line}\n" in said
    assert "\n# missing: refuse (assumed: mặc định của ictindex)\n" in said
    assert "\n# rank: {ties: competition, on: published} (assumed: mặc định của ictindex)\n" in said


def test_what_stands_in_below_stays_there_with_its_status() -> None:
    said = expand(text_of("ict-index"))
    why = "assumed: nguồn không công bố cách chuẩn hóa và trọng số trong nhóm"
    assert f"\n  min-max: all  # {why}\n" in said
    assert said.count(f"\n      # min-max: all (below, total; {why})\n") == 8
    shared = expand(text_of("commune"))
    assert "\n  muc Mức trưởng thành:\n    1 Hiện diện: {is: 1/4 max, assumed: " in shared
    assert "\n      choice: $muc\n      # 1 Hiện diện: {is: 1/4 max, assumed: " in shared


def test_a_rule_that_is_derived_does_not_take_in_an_assumed_scale() -> None:
    text = HEAD + "combine: mean\nbelow: {min-max: all, assumed: mẫu}\n1 Một: {value: , derived: theo tên}\n"
    said = {(one.at, one.key): one for one in build(expand(text)).statements}
    assert said["1", "rule"].text == "value"
    assert said["1", "rule"].citation.status is Status.DERIVED
    assert said["total", "below.min-max"].citation.status is Status.ASSUMED


def test_it_reads_like_the_annex() -> None:
    assert """
  1.1 Người đứng đầu huyện, thành phố là Trưởng ban Chỉ đạo chuyển đổi số:
    cited: "cl nhóm 1"
    max: {is: 10, cited: "cl nhóm 1"}
    choice:
      a Trưởng ban là Bí thư hoặc Chủ tịch: {is: max, cited: "cl nhóm 1"}
      b Trưởng ban là Phó Bí thư hoặc Phó Chủ tịch: {is: 1/2 max, cited: "cl nhóm 1"}
      c Chưa có Ban Chỉ đạo, hoặc Trưởng ban không phải lãnh đạo huyện: {is: 0, cited: "cl nhóm 1"}
    evidence:
      ask: Số hiệu, tên, ngày, trích yếu văn bản
      # without: flag (default)
    # verified-by: Sở Thông tin và Truyền thông (below, 1)
""" in expand(text_of("dong-thap"))
