"""Cases beside a scheme: what may stand in the file, how it is scored, what is said where a figure differs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from ictindex.analysis.cases import CaseFile, Difference, run_cases
from ictindex.citations import Citation, Source, Status
from ictindex.compiling import compile_scheme
from ictindex.documents.build import build_scheme
from ictindex.documents.cases import cases_path, read_cases, read_cases_file
from ictindex.documents.source import read_document
from ictindex.errors import Problem, SchemeInvalid, TableInvalid
from ictindex.model import Scheme
from ictindex.plugins import vocabulary

HEAD = "scheme: thu/2020-unit\ntitle: Bộ thử\nunit: unit\nedition: 2020\nsources: {qd Quyết định mẫu: }\n"
ONE = f"""{HEAD}
max: 20
levels: {{Tốt: 80%, Khá: 50%, Yếu: 0%}}
1 Máy tính:
  max: 10
  ratio: {{a: số máy, b: $cb}}
2 Điểm chấm: {{max: 10, assessed: }}
inputs:
  cb Cán bộ: count
"""
TWO = f"""{HEAD}
combine: none
rank: {{ties: ordinal, on: published}}
A Sẵn sàng:
  max: 10
  levels: {{I: 90%, II: 0%}}
  A.1 Máy tính:
    max: 10
    ratio: {{a: số máy, b: $cb}}
B Kết quả:
  max: 10
  B.1 Số đo:
    max: 10
    value: số đo
    min-max: pool
inputs:
  cb Cán bộ: count
"""
POOLS = f"{HEAD}max: 10\n1 Điểm: {{max: 10, assessed: }}\n2 Không tính: {{max: 0, value: số camera}}\npools: "


def scheme_of(text: str) -> Scheme:
    return build_scheme(read_document(text, "thu.yaml"), vocabulary())


def cases_of(scheme: str, text: str) -> CaseFile:
    return read_cases(read_document("cases: thu/2020-unit\n" + text, "thu.cases.yaml"), scheme_of(scheme))


def differences(scheme: str, text: str) -> list[str]:
    found = run_cases(compile_scheme(scheme_of(scheme), vocabulary()), cases_of(scheme, text))
    return [str(one) for one in found.differences]


def problems(scheme: str, text: str) -> list[Problem]:
    with pytest.raises(SchemeInvalid) as caught:
        cases_of(scheme, text)
    return list(caught.value.problems)


def test_what_is_read() -> None:
    cases = cases_of(
        ONE,
        """
sources:
  kq Bảng kết quả: {date: 2020-05, url: https://example.org, page: trang 3}
  tb Thông báo:
notes: Ghi chú chung
below: {cited: kq bảng 1, within: 0.01}
a Xã A:
  given: {"1.a": 3, cb: 4, "2": 5.50}
  expect: {"1": 7.5, total: 13, total.level: Khá, total.rank: 2}
b Xã B:
  derived: kq cộng lại
  within: 0
  notes: Riêng
  given: {total: 20}
  expect: {total.level: none}
ranking:
  given: total
  units: {c Xã C: [3.50, 1]}
""",
    )
    first, second = cases.units
    assert (cases.scheme, cases.source, cases.notes) == ("thu/2020-unit", "thu.cases.yaml", "Ghi chú chung")
    kq = Source("kq", "Bảng kết quả", "2020-05", "https://example.org", "trang 3")
    assert cases.sources == (kq, Source("tb", "Thông báo"))
    assert (first.code, first.name, first.where.line) == ("a", "Xã A", 8)
    assert first.given == (("1.a", "3"), ("cb", "4"), ("2", "5.50"))
    assert [(one.row, one.what, one.value) for one in first.expect] == [
        ("1", "score", Fraction(15, 2)),
        ("total", "score", 13),
        ("total", "level", "Khá"),
        ("total", "rank", 2),
    ]
    assert (first.within, second.within, second.notes) == (Fraction(1, 100), 0, "Riêng")
    assert first.citation == Citation(Status.CITED, "kq bảng 1", "kq")
    assert second.citation == Citation(Status.DERIVED, "kq cộng lại", "kq")
    assert second.expect[0].value is None
    assert cases.ranking is not None
    assert cases.ranking.citation == first.citation
    assert [(one.code, one.score, one.rank) for one in cases.ranking.units] == [("c", "3.50", 1)]


def test_without_a_status_a_case_is_assumed() -> None:
    assert cases_of(ONE, "a Xã A: {given: {total: 1}, expect: {total: 1}}").units[0].citation == Citation()


GOOD = "given: {total: 1}, expect: {total: 1}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("below: {within: 0}", ["thu.cases.yaml:1:1: C003 the file has no cases (add a line for each unit"]),
        ("a Xã A: 5", ["2:9: C004 a block of `key: value` was expected here, '5' was found"]),
        ("a Xã A:", ["C004 a block of `key: value` was expected here, nothing was found"]),
        ("a Xã A: {given: {total: 1}}", ["2:1: C003 `expect` of a is missing"]),
        (
            "a Xã A: {given: {}, expect: {total: 1}}",
            ["C004 a block of `key: value` was expected here, nothing was found"],
        ),
        (f"a Xã A: {{{GOOD}, withn: 1}}", ["2:49: C002 the key 'withn' is unknown (did you mean 'within'?)"]),
        (
            f"a Xã A: {{{GOOD}}}\nrankin: 1",
            ["C002 'rankin' is neither a key nor a line with a code (did you mean 'ranking'?)"],
        ),
        (
            f"a Xã A: {{{GOOD}}}\nxã-b Xã B: {{{GOOD}}}",
            ["3:1: C002 'xã-b Xã B' is neither a key nor a line with a code (write a"],
        ),
        (f"a Xã A: {{{GOOD}}}\na Xã khác: {{{GOOD}}}", ["3:1: C011 the code 'a' stands twice; first on line 2"]),
        (
            'a X: {given: {"1.b": 1}, expect: {total: 1}}',
            ["C007 a table of thu/2020-unit has no column '1.b' (did"],
        ),
        ('a X: {given: {"2.score": 1}, expect: {total: 1}}', ["has no column '2.score'"]),
        ("a X: {given: {qqqq: 1}, expect: {total: 1}}", ["C007", "(give the code of an input or of a row)"]),
        ("a X: {given: {cb: }, expect: {total: 1}}", ["2:19: C004 the cell cb is empty (write what the cell holds"]),
        (
            "a X: {given: {cb: [1]}, expect: {total: 1}}",
            ["C004 a text or a number was expected here, a list of 1 was found"],
        ),
        ("a X: {given: {total: 1}, expect: {totl: 1}}", ["C008 thu/2020-unit has no row 'totl' with a score (did you"]),
        ("a X: {given: {total: 1}, expect: {total.levle: Khá}}", ["C008", "(did you mean 'total.level'?)"]),
        ("a X: {given: {total: 1}, expect: {totl.rank: 1}}", ["no row 'totl' with a score (did you mean 'total'?)"]),
        ("a X: {given: {total: 1}, expect: {zzzz.rank: 1}}", ["C008", "(expect the code of a row"]),
        (
            "a X: {given: {total: 1}, expect: {total: '1,5'}}",
            ["2:42: C004 a number was expected here, '1,5' was found "],
        ),
        ("a X: {given: {total: 1}, expect: {total: 90%}}", ["C004 a number was expected here, '90%' was found"]),
        ("a X: {given: {total: 1}, expect: {total.level: Kha}}", ["C009 total has no level 'Kha' (did you mean 'Khá'"]),
        ("a X: {given: {total: 1}, expect: {total.level: I}}", ["C009 total has no level 'I' (its levels are: Tốt, "]),
        ('a X: {given: {total: 1}, expect: {"1.level": I}}', ["C009 1 has no levels (rows with levels: total)"]),
        (f"a X: {{within: -1, {GOOD}}}", ["2:15: C004 0 or more was expected here, '-1' was found"]),
        (f"a X: {{cited: xh, {GOOD}}}", ["C005 `cited` names the source 'xh', which `sources` does not declare (decl"]),
        (f"a X: {{cited: , {GOOD}}}", ["C005 `cited` names the source ''"]),
        (f"a X: {{derived: x, assumed: y, {GOOD}}}", ["C006 both `derived` and `assumed` stand here; a case has o"]),
        ("sources: {kq Bảng: {link: x}}", ["C002 the key 'link' is unknown (known here: date, url, page)", "C003"]),
        ("ranking: {given: tota, units: {a X: [1, 1]}}", ["C010 'tota' is not a total of thu/2020-unit (did you mea"]),
        (
            "ranking: {given: '1', units: {a X: [1, 1]}}",
            ["C010 '1' is not a total", "(a ranking gives a total: t"],
        ),
        ("ranking: {given: total}", ["2:10: C003 `units` of the ranking is missing"]),
        (
            "ranking: {given: total, units: {a X: [1]}}",
            ["C004 a pair of score and rank was expected here, a list of "],
        ),
        (
            "ranking: {given: total, units: {a X: 1}}",
            ["C004 a pair of score and rank was expected here, '1' was found"],
        ),
        ("ranking: {given: total, units: {a X: [x, y]}}", ["'x' was found", "'y' was found"]),
        ("ranking: 1", ["2:10: C004 a block of `key: value` was expected here, '1' was found"]),
    ],
)
def test_what_is_wrong_is_said_at_its_place(text: str, expected: list[str]) -> None:
    told = "\n".join(map(str, problems(ONE, text)))
    assert all(words in told for words in expected), told


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("notes: x", "C001 `cases` is missing (add `cases: thu/2020-unit`)"),
        ("cases: thu/2020-units", "1:8: C001 these are the cases of 'thu/2020-units', not of thu/2020-unit"),
    ],
)
def test_cases_belong_to_one_scheme(first: str, words: str) -> None:
    document = read_document(f"{first}\na Xã A: {{{GOOD}}}", "thu.cases.yaml")
    with pytest.raises(SchemeInvalid) as caught:
        read_cases(document, scheme_of(ONE))
    assert [words in str(problem) for problem in caught.value.problems] == [True]


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    found = problems(ONE, "a X: {given: {x: 1}, expect: {y: 1}}\nranking: {given: z, units: {b Y: [p, q]}}")
    assert [problem.code for problem in found] == ["C007", "C008", "C010", "C004", "C004"]
    assert [problem.where.line for problem in found] == [2, 2, 3, 3, 3]


def test_a_heading_that_combines_nothing_has_no_score() -> None:
    assert [one.code for one in problems(TWO, "a X: {given: {total: 1}, expect: {total: 1}}")] == ["C007", "C008"]


def test_a_file_beside_its_scheme(tmp_path: Path) -> None:
    scheme = tmp_path / "2020-unit.yaml"
    assert cases_path(scheme) == tmp_path / "2020-unit.cases.yaml"
    with pytest.raises(SchemeInvalid, match="there is no such file"):
        read_cases_file(cases_path(scheme), scheme_of(ONE))
    cases_path(scheme).write_text(f"cases: thu/2020-unit\na Xã A: {{{GOOD}}}", encoding="utf-8")
    assert len(read_cases_file(cases_path(scheme), scheme_of(ONE)).units) == 1


def test_what_differs_is_said_with_its_place() -> None:
    text = """
below: {within: 0.01}
a Xã A:
  given: {"1.a": 1, cb: 3, "2": 5}
  expect: {"1": 3.34, "2": 5.02, total: 8.33, total.level: Tốt, total.rank: 1}
b Xã B:
  given: {total: 18}
  expect: {total: none, "1": 3, total.level: none, total.rank: 2}
"""
    assert differences(ONE, text) == [
        "thu.cases.yaml:6:23: C030 a Xã A: 2 is 5, expected was 5.02 within 0.01",
        "thu.cases.yaml:6:47: C030 a Xã A: the level of total is Yếu, expected was Tốt",
        "thu.cases.yaml:6:65: C030 a Xã A: the rank of total is 2, expected was 1",
        "thu.cases.yaml:9:12: C030 b Xã B: total is 18, expected was none",
        "thu.cases.yaml:9:25: C030 b Xã B: 1 is none, expected was 3",
        "thu.cases.yaml:9:33: C030 b Xã B: the level of total is Tốt, expected was none",
        "thu.cases.yaml:9:52: C030 b Xã B: the rank of total is 1, expected was 2",
    ]


def test_a_difference_keeps_exact_figures() -> None:
    plan = compile_scheme(scheme_of(ONE), vocabulary())
    found = run_cases(plan, cases_of(ONE, "a X: {given: {total: 0.1}, expect: {total: 0.3}, within: 0.2}"))
    assert found.differences == ()
    found = run_cases(plan, cases_of(ONE, "a X: {given: {total: 0.1}, expect: {total: 0.3}, within: 0.19}"))
    assert [(one.found, one.expected, one.within) for one in found.differences] == [
        (Fraction(1, 10), Fraction(3, 10), Fraction(19, 100))
    ]
    assert isinstance(found.differences[0], Difference)


def test_published_scores_are_compared() -> None:
    assert differences(ONE, 'a X: {given: {"1.a": 1, cb: 3, "2": 0}, expect: {"1": 3.33}}') == []


def test_a_case_may_leave_a_total_out() -> None:
    text = """
a X: {given: {A.1.a: 1, cb: 2}, expect: {A: 5, A.rank: 2, A.level: II}}
b Y: {given: {A.1.a: 9, cb: 10, B.1: 3}, expect: {A: 9, A.rank: 1, B: 10, B.rank: 1}}
c Z: {given: {B: 0}, expect: {B.rank: 3}}
d W: {given: {B.1: 1}, expect: {B: 0, B.rank: 4}}
e V: {given: {B.1: 2}, expect: {B: 5, B.rank: 2}}
"""
    assert differences(TWO, text) == []


def test_a_total_that_is_expected_must_be_given() -> None:
    with pytest.raises(TableInvalid) as caught:
        differences(TWO, "a X: {given: {A: 1}, expect: {A: 1, B: 1}}")
    assert [str(one.where) for one in caught.value.problems] == ["thu.cases.yaml:2 [B.1]"]


def test_what_the_scheme_refuses_is_told_at_the_line_of_the_case() -> None:
    with pytest.raises(TableInvalid) as caught:
        differences(
            ONE, 'a X: {given: {total: 1}, expect: {total: 1}}\nb Y: {given: {"2": 1, cb: 1}, expect: {"2": 1}}'
        )
    assert [str(one.where) for one in caught.value.problems] == ["thu.cases.yaml:3 [1.a]"]
    with pytest.raises(TableInvalid) as caught:
        differences(ONE, "a X: {given: {total: 21}, expect: {total: 1}}\nb Y: {given: {cb: x}, expect: {total: 1}}")
    assert sorted(str(one.where) for one in caught.value.problems) == [
        "thu.cases.yaml:2 [total]",
        "thu.cases.yaml:3 [cb]",
    ]


def test_the_units_of_a_file_are_one_table() -> None:
    text = """
a X: {given: {B.1: 10}, expect: {B: 10, B.rank: 1}}
b Y: {given: {B.1: 5}, expect: {B: 5, B.rank: 2}}
c Z: {given: {B.1: 0}, expect: {B: 0, B.rank: 3}}
"""
    assert differences(TWO, text) == []


def test_every_value_a_pool_and_a_case_without_one_is_alone() -> None:
    text = """
a X: {given: {huyện: H1, "1": 3}, expect: {total.rank: 2}}
b Y: {given: {huyện: H1, "1": 5}, expect: {total.rank: 1, "2": none}}
c Z: {given: {"1": 4}, expect: {total.rank: 1}}
ranking:
  given: total
  units: {d D: [3, 1], e E: [2, 3], f F: [3, 1]}
"""
    assert differences(POOLS + "{by: huyện}", text) == []


def test_named_pools() -> None:
    pools = POOLS + "{by: khối, kh Thanh tra: not ranked, so Các sở: ranked}"
    text = """
a X: {given: {khối: kh, "1": 3}, expect: {total: 3, total.rank: none}}
b Y: {given: {khối: so, "1": 3}, expect: {total.rank: 1}}
ranking: {given: total, units: {c C: [3, 2], d D: [5, 1]}}
"""
    assert differences(pools, text) == []
    with pytest.raises(TableInvalid, match=r"thu.cases.yaml:2 \[khối\]: T032 the unit has no pool"):
        differences(pools, 'a X: {given: {"1": 3}, expect: {total: 3}}')


def test_a_ranking_differs() -> None:
    assert differences(ONE, "ranking: {given: total, units: {a X: [1.5, 1], b Y: [1.50, 2]}}") == [
        "thu.cases.yaml:2:48: C030 b Y: the rank of total is 1, expected was 2"
    ]
    assert differences(TWO, "ranking: {given: B, units: {a X: [3, 1], b Y: [2, 2]}}") == []


def test_a_ranking_of_averaged_ties() -> None:
    text = f"{HEAD}max: 10\nrank: {{ties: average, on: exact}}\n1 Điểm: {{max: 10, assessed: }}\n"
    assert differences(text, "ranking: {given: total, units: {a X: [3, 1.5], b Y: [3, 1.5], c Z: [1, 3]}}") == []


def test_the_score_of_a_row_whose_code_is_an_input() -> None:
    text = f"{HEAD}max: 10\nself-scored: true\n1 Số đo: {{max: 10, value: số đo, evidence: văn bản}}\n"
    assert differences(text, 'a X: {given: {"1.score": 3, "1.self": 4, "1.evidence": 7/QĐ}, expect: {"1": 3}}') == []
    alone = f"{HEAD}combine: none\n1 Số: {{max: 10, value: số}}\n2 Điểm: {{max: 5, assessed: }}\n"
    assert (
        differences(alone, 'a X: {given: {"2": 3}, expect: {"2": 3}}\nb Y: {given: {"1": 9}, expect: {"1": 9}}') == []
    )
