"""Which parts of a scheme its cases touch: every kind of part, both ways, and that more cases never touch less."""

from __future__ import annotations

import json
from pathlib import Path

import ictindex_schemes
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Cells, schemes, tables, worlds
from test_laws import as_table

from ictindex import authoring
from ictindex.analysis.cases import CaseReport, CaseRun, Expected, UnitCase, run_cases
from ictindex.analysis.coverage import Coverage, cover, probes
from ictindex.analysis.coverage.gaps import gap_lines, gaps, summary
from ictindex.compiling import compile_scheme
from ictindex.documents.build import build_scheme
from ictindex.documents.cases import read_cases
from ictindex.documents.source import read_document
from ictindex.engine import run
from ictindex.errors import Location
from ictindex.model import Levels, Scheme
from ictindex.plan import Plan
from ictindex.plugins import vocabulary

HEAD = "scheme: thu/2020-unit\ntitle: Bộ thử\nunit: unit\nedition: 2020\nsources: {qd Quyết định mẫu: }\n"
NOWHERE = Location("x", 1, 1)


def plan_of(text: str) -> Plan:
    return compile_scheme(build_scheme(read_document(HEAD + text, "thu.yaml"), vocabulary()), vocabulary())


def coverage_of(scheme: str, cases: str) -> Coverage:
    plan = plan_of(scheme)
    return cover(
        run_cases(plan, read_cases(read_document("cases: thu/2020-unit\n" + cases, "thu.cases.yaml"), plan.scheme))
    )


def touched(scheme: str, cells: str, expect: str = "{total: 0}", row: str = "1") -> list[str]:
    """Return the parts of a row that one case touches, in words, without that it was computed at all."""
    found = coverage_of(scheme, f"a A: {{given: {cells}, expect: {expect}}}")
    return [part.what for part in found.parts if part.touched_by and part.row == row and part.kind not in USUAL]


USUAL = ("computed", "combine", "rank")


def one(rule: str) -> str:
    """Return a scheme of one criterion of 10 points."""
    return f"max: 10\n1 Một:\n  max: 10\n  {rule}\n"


STEPS = one("count: số\n  steps: {4: max, 2: 5}")
DOWN = one("count: số ngày\n  steps-down: {3: max, 5: 1/2 max}")
SHARE = one("ratio: {a: số, b: tổng}\n  steps: {90%: max, 1/2: 5}")
CHOICE = one("choice:\n    x Tốt: max\n    y Khá: 5\n    z Kém: 0")
CHECKS = one("checks:\n    a Có a: 6\n    b Có b: 4")
ALL_OF = one("all-of:\n    a Có a:\n    b Có b:")
RATIO = one("ratio: {a: số, b: tổng, if-none: full, floor: 30%}")
POSTS = one("value: số\n  goalposts: {from: 0, to: 60}")
LESS = one("value: số ngày\n  goalposts: {from: 30, to: 1}")
FREE = """max: 10
inputs: {so Số đo: amount}
1 Một: {max: 10, value: $so}
"""
EVIDENCE = one("yes-no:\n  evidence: {ask: văn bản, without: zero}")


@pytest.mark.parametrize(
    ("scheme", "cells", "parts"),
    [
        (one("yes-no:"), '{"1": 1}', ["answered yes"]),
        (one("yes-no:"), '{"1": 0}', ["answered no"]),
        (STEPS, '{"1": 4}', ["from 4: 10"]),
        (STEPS, '{"1": 3}', ["from 2: 5"]),
        (STEPS, '{"1": 1}', ["below 2: 0"]),
        (DOWN, '{"1": 3}', ["up to 3: 10"]),
        (DOWN, '{"1": 4}', ["up to 5: 5"]),
        (DOWN, '{"1": 6}', ["above 5: 0"]),
        (SHARE, "{1.a: 9, 1.b: 10}", ["from 90%: 10"]),
        (SHARE, "{1.a: 1, 1.b: 2}", ["from 50%: 5"]),
        (CHOICE, '{"1": x}', ["case x Tốt"]),
        (CHOICE, '{"1": z}', ["case z Kém"]),
        (CHECKS, "{1.a: 1, 1.b: 0}", ["a answered yes", "b answered no"]),
        (ALL_OF, "{1.a: 1, 1.b: 1}", ["all answered yes"]),
        (ALL_OF, "{1.a: 1, 1.b: 0}", ["b answered no"]),
        (RATIO, "{1.a: 3, 1.b: 10}", []),
        (RATIO, "{1.a: 2, 1.b: 10}", ["below 30%: 0"]),
        (RATIO, "{1.a: 0, 1.b: 10}", []),  # nothing is 0 without a floor too
        (RATIO, "{1.a: 0, 1.b: 0}", ["divided by 0: full points"]),
        (RATIO, "{1.a: 11, 1.b: 10}", ["more than 10, cut"]),
        (one("count: số\n  each: 3"), '{"1": 4}', ["more than 10, cut"]),
        (one("count: số\n  each: 3"), '{"1": 3}', []),
        (FREE, "{so: 11}", ["more than 10, cut"]),
        (FREE, "{so: 10}", []),
        (POSTS, '{"1": 0}', ["at 0 or worse: 0"]),
        (POSTS, '{"1": 30}', ["between 0 and 60"]),
        (POSTS, '{"1": 60}', ["at 60 or better: 10"]),
        (LESS, '{"1": 31}', ["at 30 or worse: 0"]),
        (LESS, '{"1": 2}', ["between 30 and 1"]),
        (LESS, '{"1": 1}', ["at 1 or better: 10"]),
        (EVIDENCE, '{"1": 1, 1.evidence: không}', ["answered yes", "without evidence: 0 points"]),
        (EVIDENCE, '{"1": 1, 1.evidence: 7/QĐ}', ["answered yes"]),
    ],
)
def test_a_case_touches_what_it_went_through(scheme: str, cells: str, parts: list[str]) -> None:
    assert touched(scheme, cells) == parts


def test_what_is_given_is_not_computed() -> None:
    found = coverage_of(
        STEPS, "a A: {given: {1.score: 5}, expect: {total: 5}}\nb B: {given: {total: 7}, expect: {total.rank: 1}}"
    )
    assert [(part.row, part.what) for part in found.parts if part.touched_by] == [
        ("total", "made of the rows below"),
        ("total", "ranked among several units"),
    ]
    assert (found.criteria, found.computed) == (1, 0)


def test_what_nobody_expects_anything_of_is_not_touched() -> None:
    scheme = "max: 20\n1 Một: {max: 10, yes-no: }\n2 Hai: {max: 10, yes-no: }\n"
    cells = '{"1": 1, "2": 1}'
    assert touched(scheme, cells, '{"2": 10}', "1") == []
    assert touched(scheme, cells, '{"1": 10}', "1") == ["answered yes"]
    assert touched(scheme, cells, "{total: 20}", "1") == ["answered yes"]


# --- headings ------------------------------------------------------------------------------------------------------

TWO = "1 Một: {max: 8, assessed: }\n2 Hai: {max: 8, assessed: }\n"


@pytest.mark.parametrize(
    ("scheme", "cells", "parts"),
    [
        (f"max: 10\ncombine: capped\n{TWO}", '{"1": 7, "2": 8}', ["the rows below make more than 10, cut"]),
        (f"max: 10\ncombine: capped\n{TWO}", '{"1": 2, "2": 8}', []),
        (
            "max: 10\n1 Một: {max: 10, assessed: }\n2 Thưởng: {bonus: 3, assessed: }\n",
            '{"1": 9, "2": 3}',
            ["the rows below make more than 10, cut", "bonus points are added"],
        ),
        (
            "max: 10\n1 Một: {max: 10, assessed: }\n2 Trừ: {deduct: 3, assessed: }\n",
            '{"1": 1, "2": 3}',
            ["points are taken"],
        ),
        (
            f"max: 8\ncombine: best\n{TWO}",
            '{"1": 7, "2": 8}',
            ["has the most points of its heading"],
        ),
        (f"max: 8\ncombine: least\n{TWO}", '{"1": 7, "2": 8}', ["has the fewest of its heading"]),
        (f"max: 16\nmissing: zero\n{TWO}", '{"1": 7}', ["a missing cell: 0 points"]),
        (f"max: 16\nmissing: rescale\n{TWO}", '{"1": 7}', ["a missing cell: left out, the rest converted"]),
        (f"max: 16\nnot-applicable: zero\n{TWO}", '{"1": 7, "2": n/a}', ["not applicable: 0 points"]),
        (
            f"max: 16\nnot-applicable: rescale\n{TWO}",
            '{"1": 7, "2": n/a}',
            ["not applicable: left out, the rest converted"],
        ),
        (
            f"max: 16\nnot-applicable: rescale\n{TWO}",
            '{"1": 7, "2": 3, 2.excluded: 2}',
            ["not applicable: left out, the rest converted"],
        ),
        (f"max: 16\nnot-applicable: rescale\n{TWO}", '{"1": 7, "2": 3}', []),
    ],
)
def test_a_heading_has_parts_of_its_own(scheme: str, cells: str, parts: list[str]) -> None:
    found = coverage_of(scheme, f"a A: {{given: {cells}, expect: {{total: 1}}}}")
    assert [part.what for part in found.parts if part.touched_by and part.kind not in USUAL] == parts


def test_a_policy_belongs_to_the_row_that_states_it() -> None:
    scheme = "max: 16\nmissing: zero\n1 Một: {max: 8, assessed: , missing: rescale}\n2 Hai: {max: 8, assessed: }\n"
    assert touched(scheme, '{"2": 7}', row="1") == ["a missing cell: left out, the rest converted"]
    assert touched(scheme, '{"2": 7}', row="total") == []
    assert touched(scheme, '{"1": 7}', row="total") == ["a missing cell: 0 points"]


@pytest.mark.parametrize(("over", "parts"), [("pool", [[], ["a", "b"]]), ("all", [["a", "c"], ["a", "b", "c"]])])
def test_a_comparison_needs_units_that_differ(over: str, parts: list[list[str]]) -> None:
    scheme = f"max: 10\npools: {{by: khối}}\n1 Một:\n  max: 10\n  value: số\n  min-max: {over}\n"
    one_, other, third = (
        f'{unit} {unit}: {{given: {{khối: {pool}, "1": {value}}}, expect: {{total: 1}}}}\n'
        for unit, pool, value in (("a", "k1", 1), ("b", "k1", 2), ("c", "k2", 9))
    )
    for cases, expected in zip((one_ + third, one_ + other + third), parts, strict=True):
        found = coverage_of(scheme, cases)
        assert [list(part.touched_by) for part in found.parts if part.kind == "relative"] == [expected]


def test_units_that_are_all_alike_compare_nothing() -> None:
    alike = "".join(f'{unit} U: {{given: {{"1": 5}}, expect: {{total: 0}}}}\n' for unit in "ab")
    found = coverage_of("max: 10\n1 Một: {max: 10, value: số, min-max: all}\n", alike)
    assert [part.touched_by for part in found.parts if part.kind == "relative"] == [()]


# --- pools, levels, ranks ------------------------------------------------------------------------------------------

LEVELS = """max: 100
levels: {Tốt: {is: 85-100, only-if: {"1": 50}}, Khá: 70-84, Yếu: 0-69}
1 Một: {max: 60, assessed: }
2 Hai: {max: 40, assessed: }
"""


@pytest.mark.parametrize(
    ("cells", "parts"),
    [
        ('{"1": 55, "2": 40}', ["level Tốt, from 85"]),
        ('{"1": 48, "2": 40}', ["level Tốt refused, since 1 has less than 50 points", "level Khá, from 70"]),
        ('{"1": 40, "2": 30.5}', ["level Khá, from 70"]),
        ('{"1": 54.5, "2": 30}', ["level Khá, from 70", "a score between two bands"]),
        ('{"1": 2, "2": 2}', ["level Yếu, from 0"]),
    ],
)
def test_levels_are_touched_where_one_is_expected(cells: str, parts: list[str]) -> None:
    assert touched(LEVELS, cells, "{total.level: Tốt}", "total") == parts
    assert touched(LEVELS, cells, "{total: 1}", "total") == []


def test_a_unit_may_reach_no_level() -> None:
    plan = plan_of(LEVELS)
    root = plan.scheme.root
    levels = evolve(root.levels, levels=(root.levels or Levels(())).levels[:2])
    plan = compile_scheme(evolve(plan.scheme, root=evolve(root, levels=levels)), vocabulary())
    cases = 'cases: thu/2020-unit\na A: {given: {"1": 2, "2": 2}, expect: {total.level: none}}'
    found = cover(run_cases(plan, read_cases(read_document(cases, "thu.cases.yaml"), plan.scheme)))
    assert [part.what for part in found.parts if part.kind == "level" and part.touched_by] == [
        "too few points for any level"
    ]


def test_pools_and_ranks() -> None:
    scheme = """max: 10
pools: {by: khối, so Sở: ranked, kh Khác: not ranked}
rank: {ties: competition, on: published, then: ["2"]}
1 Một: {max: 6, assessed: }
2 Hai: {max: 4, assessed: }
"""
    units = {"a": ("so", 5, 2), "b": ("so", 4, 3), "c": ("so", 4, 2), "d": ("so", 4, 2), "e": ("kh", 4, 4)}
    lines = {
        unit: f'{unit} U: {{given: {{khối: {pool}, "1": {x}, "2": {y}}}, expect: {{total.rank: 1, total: 1}}}}\n'
        for unit, (pool, x, y) in units.items()
    }
    found = coverage_of(scheme, "".join(lines.values()))
    assert {
        part.what: part.touched_by for part in found.parts if part.kind in ("pool", "rank", "tie-break", "tie")
    } == {
        "a unit of the pool so Sở": ("a", "b", "c", "d"),
        "a unit of the pool kh Khác, which is not ranked": ("e",),
        "ranked among several units": ("a", "b", "c", "d"),
        "equal scores told apart by 2": ("a", "b"),  # both have 7 points
        "units with the same score (competition)": ("c", "d"),
    }
    alone = coverage_of(scheme, lines["a"] + lines["e"])
    assert [part.what for part in alone.untouched if part.kind == "rank"] == ["ranked among several units"]


def test_the_ranking_of_a_file_touches_ranks_alone() -> None:
    found = coverage_of(LEVELS, "ranking: {given: total, units: {a A: [90, 1], b B: [80, 2], c C: [80, 2]}}")
    assert [(part.kind, part.touched_by) for part in found.parts if part.touched_by] == [
        ("rank", ("ranking",)),
        ("tie", ("ranking",)),
    ]


# --- the whole -----------------------------------------------------------------------------------------------------

WHOLE = """max: 30
1 Một:
  max: 20
  1.1 A:
    max: 10
    count: số
    steps: {4: max, 2: 5}
  1.2 B: {max: 10, yes-no: }
2 Hai:
  max: 10
  2.1 C: {max: 10, assessed: }
3 Ba: {max: 0, value: số}
"""


def test_what_no_case_touches_stands_in_the_order_of_the_scheme() -> None:
    found = coverage_of(WHOLE, 'a A: {given: {1.1: 3, 1.2: 1, "2": 10}, expect: {total: 25}}')
    assert [(part.row, part.kind, part.line) for part in found.parts] == [
        ("total", "combine", 1),
        ("total", "rank", 1),
        ("total", "tie", 1),
        ("1", "combine", 7),
        ("1.1", "computed", 11),
        ("1.1", "steps", 12),
        ("1.1", "steps", 12),
        ("1.1", "steps", 12),
        ("1.2", "computed", 13),
        ("1.2", "yes-no", 13),
        ("1.2", "yes-no", 13),
        ("2", "combine", 14),
        ("2.1", "computed", 16),
    ]
    assert (found.touched, found.percent, found.criteria, found.computed) == (6, 46, 3, 2)
    assert summary(found) == (
        "cases touch 6 of 13 parts of the scheme (46%), and compute 2 of 3 criteria from what is reported"
    )
    left = gaps(found, plan_of(WHOLE).scheme)
    assert list(gap_lines(left)) == [
        "     1  total  ranked among several units",
        "     1  total  units with the same score (competition)",
        "    12  1.1    from 4: 10",
        "    12  1.1    below 2: 0",
        "    13  1.2    answered no",
        "    14  2      no case looks at it, nor at the rows below (2 parts)",
    ]


def test_a_criterion_that_is_never_computed_is_one_line() -> None:
    found = coverage_of(WHOLE, 'a A: {given: {1.1: n/a, "1": 5, "2": 10}, expect: {total: 15, "2": 10}}')
    told = [(one.row, one.what) for one in gaps(found, plan_of(WHOLE).scheme)]
    assert ("1", "no case looks at it, nor at the rows below (8 parts)") in told
    found = coverage_of(WHOLE, 'a A: {given: {1.1.score: 5, 1.2: 1, "2": 10}, expect: {total: 25}}')
    told = [(one.row, one.what) for one in gaps(found, plan_of(WHOLE).scheme)]
    assert ("1.1", "never computed from what is reported (4 parts)") in told


def test_it_is_plain_data() -> None:
    found = coverage_of(WHOLE, 'a A: {given: {1.1: 3, 1.2: 1, "2": 10}, expect: {total: 25}}')
    data = json.loads(json.dumps(found.to_dict()))
    assert (data["scheme"], data["parts"], data["touched"], data["criteria_computed"]) == ("thu/2020-unit", 13, 6, 2)
    assert data["list"][4] == {
        "row": "1.1",
        "kind": "computed",
        "what": "computed from what is reported",
        "line": 11,
        "touched_by": ["a"],
    }


SHIPPED = sorted(Path(ictindex_schemes.__file__).parent.glob("*/*.cases.yaml"))
REPORTS = [authoring.run_cases(path) for path in SHIPPED]


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.cases.scheme)
def test_every_part_of_a_shipped_scheme_stands_at_its_line(report: CaseReport) -> None:
    found = cover(report)
    text = Path(found.path).read_text(encoding="utf-8").splitlines()
    rows = [row.code for row in report.plan.scheme.rows()]
    assert [rows.index(part.row) for part in found.parts] == sorted(rows.index(part.row) for part in found.parts)
    for part in found.parts:
        line = text[part.line - 1]
        if part.kind in ("choice", "checks"):
            assert line.strip().startswith((part.what.removeprefix("case ").split()[0], "choice: $"))
        if part.kind == "level" and part.what.startswith("level"):
            assert part.what.removeprefix("level ").partition(",")[0] in line
        if part.kind in ("missing", "not-applicable"):
            assert part.kind in line + text[part.line - 2]
    assert 0 < found.touched <= len(found.parts)


def test_a_scheme_of_five_assessed_areas_is_covered_whole() -> None:
    (report,) = (one for one in REPORTS if one.cases.scheme == "quang-ngai-42/2012-agency")
    found = authoring.case_coverage(report)
    assert found.percent == 100 and gaps(found, report.plan.scheme) == ()


# --- laws ----------------------------------------------------------------------------------------------------------

ABSOLUTE = [one for one in REPORTS if not one.plan.relative]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ABSOLUTE), st.data())
def test_a_further_case_never_touches_less(report: CaseReport, data: st.DataObject) -> None:
    units = list(range(len(report.cases.units)))
    few = set(data.draw(st.lists(st.sampled_from(units), min_size=1, unique=True)))
    more = few | {data.draw(st.sampled_from(units))}
    less, further = (_of(report, chosen) for chosen in (few, more))
    assert less <= further <= _of(report, set(units))


def _of(report: CaseReport, chosen: set[int]) -> set[tuple[str, str, str]]:
    cases = evolve(report.cases, units=tuple(one for at, one in enumerate(report.cases.units) if at in chosen))
    return {(part.row, part.kind, part.what) for part in cover(run_cases(report.plan, cases)).parts if part.touched_by}


def _report(scheme: Scheme, rows: list[Cells], expect: dict[int, list[tuple[str, str]]]) -> CaseReport:
    """Return a report of the rows as cases that expect a score, a level or a rank, whatever it is."""
    plan = compile_scheme(scheme, vocabulary())
    result = run(plan, as_table(scheme, rows))
    cases = tuple(
        UnitCase(
            code=unit,
            name="",
            given=(),
            expect=tuple(Expected(code, what, None, NOWHERE) for code, what in expect.get(at, ())),  # type: ignore[arg-type]
            where=NOWHERE,
        )
        for at, unit in enumerate(result.units)
    )
    runs = tuple(CaseRun(total=total.code, cases=cases, result=result) for total in scheme.totals)
    (shipped, *_) = REPORTS
    return CaseReport(plan=plan, cases=shipped.cases, runs=runs, differences=())


@settings(max_examples=40, deadline=None)
@given(worlds(), st.data())
def test_what_is_expected_beside_never_takes_a_part_away(
    world: tuple[Scheme, list[Cells]], data: st.DataObject
) -> None:
    scheme, rows = world
    codes = [row.code for row in scheme.rows()]
    wanted = st.tuples(st.sampled_from(codes), st.sampled_from(["score", "level", "rank"]))
    some = data.draw(st.dictionaries(st.integers(0, len(rows) - 1), st.lists(wanted, max_size=3)))
    at, more = data.draw(st.integers(0, len(rows) - 1)), data.draw(wanted)
    less, further = (cover(_report(scheme, rows, expect)) for expect in (some, {**some, at: [*some.get(at, []), more]}))
    for one_, other in zip(less.parts, further.parts, strict=True):
        assert {*one_.touched_by} <= {*other.touched_by}
    assert not cover(_report(scheme, rows, {})).touched


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_further_unit_never_takes_a_part_away(data: st.DataObject) -> None:
    scheme = data.draw(schemes(relative=False))
    rows = data.draw(tables(scheme, least=2))
    codes = [row.code for row in scheme.rows()]
    expect = {at: [(code, what) for code in codes for what in ("score", "level", "rank")] for at in range(len(rows))}
    less, whole = cover(_report(scheme, rows[:-1], expect)), cover(_report(scheme, rows, expect))
    for one_, other in zip(less.parts, whole.parts, strict=True):
        assert {*one_.touched_by} <= {*other.touched_by}


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_parts_are_told_apart(world: tuple[Scheme, list[Cells]]) -> None:
    scheme, _ = world
    found = [(one.row, one.kind, one.what) for one in probes(compile_scheme(scheme, vocabulary()))]
    assert len(found) == len(set(found))
