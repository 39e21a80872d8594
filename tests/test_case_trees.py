"""Why a figure differs: where the points went, which bound or gate, which rivals; and that nothing else differs."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import ictindex_schemes
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Cells, worlds
from test_laws import as_table

from ictindex import authoring
from ictindex.analysis.cases import CaseFile, CaseReport, CaseRun, Difference, Expected, UnitCase, answer, run_cases
from ictindex.analysis.growing import score_tree
from ictindex.analysis.reasons import LevelReason, RankReason, Reason, reason, reasons
from ictindex.analysis.score_trees import ScoreTree
from ictindex.compiling import compile_scheme
from ictindex.documents.build import build_scheme
from ictindex.documents.cases import read_cases
from ictindex.documents.source import read_document
from ictindex.engine import run
from ictindex.errors import Location
from ictindex.messages import in_language
from ictindex.model import Scheme
from ictindex.plan import Plan
from ictindex.plugins import vocabulary

HEAD = "scheme: thu/2020-unit\ntitle: Bộ thử\nunit: unit\nedition: 2020\nsources: {qd Quyết định mẫu: }\n"
TREE = f"""{HEAD}
max: 100
not-applicable: rescale
levels: {{Tốt: {{is: 80-100, only-if: {{"1": 25}}}}, Khá: 50-79, Yếu: 0-49}}
1 Hạ tầng:
  max: 40
  1.1 Máy tính: {{max: 20, ratio: {{a: số máy, b: $cb}}}}
  1.2 Bậc: {{max: 10, count: số hệ thống, steps: {{4: max, 2: 1/2 max}}}}
  1.3 Có trung tâm: {{max: 10, yes-no: }}
2 Nhân lực:
  max: 60
  combine: mean
  2.1 Cán bộ: {{weight: 1, max: 10, assessed: }}
  2.2 Đào tạo: {{weight: 3, max: 10, assessed: }}
inputs:
  cb Cán bộ: count
"""
WHOLE = '"1.1.a": 15, cb: 20, "1.2": 3, "1.3": 1, "2.1": 6, "2.2": 8'  # 15 + 5 + 10, and (6 + 24) / 4 of 10 x 60 = 45


def plan_of(scheme: str) -> Plan:
    return compile_scheme(build_scheme(read_document(scheme, "thu.yaml"), vocabulary()), vocabulary())


def report(scheme: str, text: str) -> CaseReport:
    plan = plan_of(scheme)
    return run_cases(plan, read_cases(read_document("cases: thu/2020-unit\n" + text, "thu.cases.yaml"), plan.scheme))


def lines(scheme: str, text: str) -> list[str]:
    """Return every difference's line with its reason beneath, indented."""
    told = []
    for difference, why in reasons(report(scheme, text)):
        told.append(str(difference).partition(": ")[2])
        told += [f"  {line}" for line in ([] if why is None else why.lines())]
    return told


def only(scheme: str, text: str) -> Reason:
    """Return the reason of the one difference."""
    (difference,) = report(scheme, text).differences
    return reason(difference)


# --- scores --------------------------------------------------------------------------------------------------------


def test_a_criterion_shows_its_rule_with_its_numbers() -> None:
    assert lines(TREE, f'a A: {{given: {{{WHOLE}}}, expect: {{"1.1": 16, "1.2": 7.5}}}}') == [
        "C030 a A: 1.1 is 15, expected was 16",
        "  1.1 Máy tính: 15 of 20 = 15 / 20 × 20; expected was 16: 1 too low",
        "C030 a A: 1.2 is 5, expected was 7.5",
        "  1.2 Bậc: 5 of 10 = 3 (≥ 4: 10; ≥ 2: 5); expected was 7.5: 2.5 too low",
    ]


def test_the_rows_that_lost_points_are_shown_and_the_others_counted() -> None:
    assert lines(TREE, f"a A: {{given: {{{WHOLE}}}, expect: {{total: 80}}}}") == [
        "C030 a A: total is 75, expected was 80",
        "  total Bộ thử: 75 of 100; expected was 80: 5 too low",
        "  ├─ 1 Hạ tầng: 30 of 40",
        "  │  ├─ 1.1 Máy tính: 15 of 20 = 15 / 20 × 20",
        "  │  ├─ 1.2 Bậc: 5 of 10 = 3 (≥ 4: 10; ≥ 2: 5)",
        "  │  └─ ... 1 more, with full points",
        "  └─ 2 Nhân lực: 45 of 60",
        "     ├─ 2.1 Cán bộ: 6 of 10; counts 9",
        "     └─ 2.2 Đào tạo: 8 of 10; counts 36",
    ]


def test_where_the_score_is_too_high_the_rows_that_earn_are_shown() -> None:
    given_ = WHOLE.replace('"1.2": 3', '"1.2": 0')
    told = lines(TREE, f"a A: {{given: {{{given_}}}, expect: {{total: 60}}}}")
    assert told[1] == "  total Bộ thử: 70 of 100; expected was 60: 10 too high"
    assert "  │  └─ ... 1 more, without points" in told
    assert any("1.3 Có trung tâm: 10 of 10" in line for line in told)


def test_a_row_that_differs_says_how_much_it_explains() -> None:
    told = lines(TREE, f'a A: {{given: {{{WHOLE}}}, expect: {{"1.1": 16, "2.2": 9, "2.1": 6, total: 80.5}}}}')
    assert told == [
        "C030 a A: 1.1 is 15, expected was 16",
        "C030 a A: 2.2 is 8, expected was 9",
        "C030 a A: total is 75, expected was 80.5",
        "  total Bộ thử: 75 of 100; expected was 80.5: 5.5 too low",
        "  ├─ 1 Hạ tầng: 30 of 40",
        "  │  ├─ 1.1 Máy tính: 15 of 20 = 15 / 20 × 20; expected was 16: 1 too low; explains 1",
        "  │  └─ ... 2 more",  # what 1.2 lost is beside the point, since 1.1 and 2.2 explain everything
        "  └─ 2 Nhân lực: 45 of 60",
        "     ├─ 2.1 Cán bộ: 6 of 10, as expected; counts 9",
        "     └─ 2.2 Đào tạo: 8 of 10; counts 36; expected was 9: 1 too low; explains 4.5",
        "  the rows that differ explain all of it",
    ]


def test_what_is_left_lies_in_rows_that_nobody_looks_at() -> None:
    tree = only(TREE, f'a A: {{given: {{{WHOLE}}}, expect: {{"2": 45, total: 80}}}}')
    assert isinstance(tree, ScoreTree)
    assert (tree.left, tree.open_rows) == (-5, True)
    told = list(tree.lines())
    assert told[-1] == "└─ 2 Nhân lực: 45 of 60, as expected"  # it is not looked into; and all of it lies elsewhere
    both = lines(TREE, f'a A: {{given: {{{WHOLE}}}, expect: {{"2": 46, total: 80}}}}')
    assert both[-1] == "  4 lies in rows of which nothing is given or expected"


def test_figures_that_are_given_are_rounded() -> None:
    scheme = f"{HEAD}max: 3\ncombine: mean\npublish: {{as: index, decimals: 4}}\n" + "".join(
        f"{at} Nhóm {at}: {{max: 1, assessed: }}\n" for at in (1, 2, 3)
    )
    told = lines(scheme, 'a A: {given: {"1": 0.28, "2": 0.64, "3": 0.4}, expect: {total: 0.4355}}')  # 0.44: 0.0045 off
    assert told[-1] == "  what is given is rounded, which may come to 0.00505: `within` allows for that"
    told = lines(scheme, 'a A: {given: {"1": 0.28, "2": 0.64, "3": 0.4}, expect: {total: 0.4345}}')
    assert told[-1].startswith("  0.0055 comes from no row below")
    whole = lines(TREE, 'a A: {given: {"1": 30, "2": 45}, expect: {total: 75.01}}')  # whole points say of no rounding
    assert whole[-1].startswith("  0.01 comes from no row below")


def test_where_every_row_below_is_as_expected_the_heading_itself_is_in_question() -> None:
    given_ = 'given: {"1": 30, "2": 45}'
    told = lines(TREE, f"a A: {{{given_}, expect: {{total: 80}}}}")
    assert told[2:] == [
        "  ├─ 1 Hạ tầng: 30 of 40, as given",
        "  └─ 2 Nhân lực: 45 of 60, as given",
        "  5 comes from no row below: is it how total is made of them, or a figure of the source?",
    ]


def test_one_last_digit_is_not_explained_by_nothing() -> None:
    told = lines(TREE, 'a A: {given: {"1": 30, "2": 45}, expect: {total: 75.01}}')
    assert told[-1] == "  0.01 comes from no row below: is it how total is made of them, or a figure of the source?"
    told = lines(TREE, f"a A: {{given: {{{WHOLE}}}, expect: {{total: 75.01}}}}")
    assert "  ├─ 1 Hạ tầng: 30 of 40" in told and told[-1].endswith("2.2 Đào tạo: 8 of 10; counts 36")


def test_a_row_may_make_up_for_another() -> None:
    told = lines(TREE, f'a A: {{given: {{{WHOLE}}}, expect: {{"1.1": 18, "1.2": 4, total: 77}}}}')
    assert any(line.endswith("expected was 18: 3 too low; explains 3") for line in told)
    assert any(line.endswith("expected was 4: 1 too high; makes up for 1") for line in told)
    assert told[-1] == "  the rows that differ explain all of it"


def test_points_left_out_are_shown_with_the_conversion() -> None:
    given_ = WHOLE.replace('"1.3": 1', '"1.3": n/a')  # (20 + 45) / (100 - 10) x 100
    told = lines(TREE, f'a A: {{given: {{{given_}}}, expect: {{"1.1": 16, total: 73.33}}}}')
    assert (
        told[2]
        == "  total Bộ thử: 72.2222 of 100 = 65 / (100 − 10) × 100; published 72.22; expected was 73.33: 1.11 too low"
    )
    assert any(line.endswith("expected was 16: 1 too low; explains 1.11111") for line in told)
    whole = lines(TREE, f"a A: {{given: {{{given_}}}, expect: {{total: 73.33}}}}")
    assert any("1.3 Có trung tâm: left out; not applicable" in line for line in whole)
    assert told[-1] == "  the rows that differ explain all of it"


def test_an_index_is_compared_as_it_is_published() -> None:
    scheme = re.sub("^levels: .*$", "publish: {as: index, decimals: 4}", TREE, flags=re.MULTILINE)
    tree = only(scheme, f"a A: {{within: 0.0001, given: {{{_index()}}}, expect: {{total: 0.8}}}}")
    assert next(iter(tree.lines())) == "total Bộ thử: 75 of 100; published 0.75; expected was 0.8: 0.05 too low"


def _index() -> str:
    return WHOLE.replace('"2.1": 6, "2.2": 8', '"2.1": 0.6, "2.2": 0.8')


def test_a_row_below_a_given_score_has_none() -> None:
    told = lines(TREE, 'a A: {given: {total: 75}, expect: {"1": 30}}')
    assert (
        told[1] == "  1 Hạ tầng: not computed, since the score of a row above is given; published none; expected was 30"
    )


def test_a_sum_that_was_cut_explains_nothing_by_itself() -> None:
    scheme = f"{HEAD}max: 10\ncombine: capped\n1 Một: {{max: 8, assessed: }}\n2 Hai: {{max: 8, assessed: }}\n"
    tree = only(scheme, 'a A: {given: {"1": 7, "2": 8}, expect: {total: 9}}')
    assert isinstance(tree, ScoreTree) and tree.root.flags == ("cut",)
    assert next(iter(tree.lines())) == "total Bộ thử: 10 of 10 = 7 + 8 = 15; cut; expected was 9: 1 too high"
    (_, difference) = report(scheme, 'a A: {given: {"1": 7, "2": 8}, expect: {"1": 6, total: 9}}').differences
    tree = score_tree(difference)
    assert [one.explains for one in tree.root.children] == [None, None] and tree.left is None


def test_a_tree_stays_short() -> None:
    rows = "".join(f"{at} Tiêu chí {at}:\n  max: {at}\n  assessed:\n" for at in range(1, 31))
    scheme = f"{HEAD}max: {sum(range(1, 31))}\n{rows}"
    given_ = ", ".join(f'"{at}": 0' for at in range(1, 31))
    tree = only(scheme, f"a A: {{given: {{{given_}}}, expect: {{total: 5}}}}")
    told = list(tree.lines())
    assert len(told) == 11 and told[9] == "└─ ... 22 more"
    assert "23 Tiêu chí 23" in told[1] and "30 Tiêu chí 30" in told[8]  # those that lost most, in their order


def test_long_names_are_cut() -> None:
    name = "tỷ lệ cán bộ, công chức " * 6
    tree = only(f"{HEAD}max: 10\n1 {name}: {{max: 10, assessed: }}\n", 'a A: {given: {"1": 5}, expect: {"1": 6}}')
    (line,) = tree.lines()
    assert " …: 5 of 10; expected was 6: 1 too low" in line and len(line) < 110


# --- levels and ranks ----------------------------------------------------------------------------------------------


def test_a_level_is_explained_by_its_score_and_bounds() -> None:
    assert lines(TREE, "a A: {given: {total: 49.5}, expect: {total.level: Khá}}")[1:] == [
        "  the score of total is 49.5",
        "  expected: Khá, from 50, so 0.5 is lacking",
        "  found: Yếu, from 0",
        "  it lies between two printed bands, and belongs to the lower one (between-levels: lower)",
    ]
    assert lines(TREE, "a A: {given: {total: 60}, expect: {total.level: none}}")[1:] == [
        "  the score of total is 60",
        "  expected: no level",
        "  found: Khá, from 50",
    ]


def test_a_gate_that_refused_a_level_is_named() -> None:
    given_ = '"1": 24, "2": 60'
    why = only(TREE, f"a A: {{given: {{{given_}}}, expect: {{total.level: Tốt}}}}")
    assert isinstance(why, LevelReason) and [one.row for one in why.gates] == ["1"]
    assert list(why.lines()) == [
        "the score of total is 84",
        "expected: Tốt, from 80",
        "found: Khá, from 50",
        "Tốt is refused: it asks for 25 points of 1 Hạ tầng, which has 24",
    ]
    assert why.to_dict()["gates"] == [{"level": "Tốt", "row": "1", "points": "24", "needs": "25"}]


def test_a_level_of_a_row_without_a_score() -> None:
    scheme = TREE.replace("2 Nhân lực:\n", "2 Nhân lực:\n  levels: {A: 50%, B: 0%}\n")
    assert lines(scheme, 'a A: {given: {total: 60}, expect: {"2.level": A}}')[1:] == [
        "  2 has no score, so it has no level"
    ]


RANKING = "ranking: {{given: total, units: {{{}}}}}"


def test_a_rank_is_explained_by_its_neighbours_and_the_rule_for_ties() -> None:
    units = ", ".join(f"u{at} Xã {at}: [{90 - at}, {at}]" for at in range(1, 10))
    text = RANKING.format(units.replace("[85, 5]", "[86, 5]"))  # the fourth and the fifth are equal
    assert lines(TREE, text) == [
        "C030 u5 Xã 5: the rank of total is 4, expected was 5",
        "    2  u2 Xã 2  88.00",
        "    3  u3 Xã 3  87.00",
        "    4  u4 Xã 4  86.00",
        "  > 4  u5 Xã 5  86.00",
        "    6  u6 Xã 6  84.00",
        "    7  u7 Xã 7  83.00",
        "  equal scores share the best rank, and the ranks after it are left out: 1 2 2 4",
    ]


def test_a_rank_that_cannot_come_out_is_said_so() -> None:
    why = only(TREE, "a A: {given: {total: 60}, expect: {total.rank: 23}}")
    assert isinstance(why, RankReason)
    assert next(iter(why.lines())) == (
        "rank 23 cannot come out: there are ranks among the units of these cases alone, up to 1"
    )


def test_tie_breaks_and_exact_ranks_are_named() -> None:
    scheme = TREE.replace("max: 100\n", 'max: 100\nrank: {ties: dense, on: exact, then: ["1"]}\n', 1)
    told = lines(scheme, RANKING.format("a A: [3, 1], b B: [4, 2]"))
    assert told[3:6] == [
        "  equal scores share a rank, and no rank is left out: 1 2 2 3",
        "  equal scores are told apart by 1",
        "  ranks are made on exact scores, not on those that are printed",
    ]


def test_a_unit_without_a_rank() -> None:
    scheme = f"{HEAD}max: 10\npools: {{by: khối, so Sở: ranked, kh Khác: not ranked}}\n1 Một: {{max: 10, assessed: }}\n"
    assert lines(scheme, 'a A: {given: {khối: kh, "1": 3}, expect: {total.rank: 1}}')[1:] == [
        "  the unit is not ranked: it has no score of total, or its pool is not ranked"
    ]


# --- laws ----------------------------------------------------------------------------------------------------------

SHIPPED = sorted(Path(ictindex_schemes.__file__).parent.glob("*/*.cases.yaml"))
REPORTS = [authoring.run_cases(path) for path in SHIPPED]
SCORES = [
    (number, at, place)
    for number, one in enumerate(REPORTS)
    for at, case in enumerate(one.cases.units)
    for place, expected in enumerate(case.expect)
    if isinstance(expected.value, Fraction) and expected.what == "score"
]


def test_all_shipped_cases_hold() -> None:
    assert [str(one) for found in REPORTS for one in found.differences] == []
    assert sum(one.held for one in REPORTS) == sum(one.figures for one in REPORTS) > 150


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(SCORES), st.integers(1, 10**6), st.booleans())
def test_breaking_one_figure_gives_just_that_difference(chosen: tuple[int, int, int], more: int, up: bool) -> None:
    number, at, place = chosen
    before = REPORTS[number]
    case = before.cases.units[at]
    old = case.expect[place]
    found = next(
        Fraction(one.result.published(old.row)[one.result.units.index(case.code)] or "0")
        for one in before.runs
        if any(other.code == case.code and old in other.expect for other in one.cases)
    )
    off = case.within + Fraction(more, 10**5)
    broken = evolve(old, value=found + off if up else found - off)
    expect = (*case.expect[:place], broken, *case.expect[place + 1 :])
    units = (*before.cases.units[:at], evolve(case, expect=expect), *before.cases.units[at + 1 :])
    after = run_cases(before.plan, evolve(before.cases, units=units))
    (difference,) = after.differences
    assert (difference.unit, difference.row, difference.where) == (case.code, old.row, old.where)
    assert (difference.found, difference.expected) == (found, broken.value)
    tree = score_tree(difference)
    assert tree.high is not up and tree.root.apart == (-off if up else off)
    assert tree.root.code == old.row and next(iter(tree.lines()))
    assert after.held == after.figures - 1


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(["1.1", "1.2", "1.3", "2.1", "2.2"]), st.integers(-300, 300), min_size=1))
def test_the_rows_that_differ_explain_what_they_add_up_to(off: dict[str, int]) -> None:
    plan = plan_of(TREE)
    has = {"1.1": 15, "1.2": 5, "1.3": 10, "2.1": 6, "2.2": 8}
    weigh = {"1.1": 1, "1.2": 1, "1.3": 1, "2.1": Fraction(3, 2), "2.2": Fraction(9, 2)}
    moved = sum((Fraction(more, 100) * weigh[code] for code, more in off.items()), Fraction(0))
    wanted = {code: has[code] + Fraction(more, 100) for code, more in off.items()} | {"total": 75 + moved}
    cells = tuple((key.strip('" '), value.strip()) for key, value in (one.split(":") for one in WHOLE.split(",")))
    expect = tuple(Expected(code, "score", value, Location("x", 1, 1)) for code, value in wanted.items())
    case = UnitCase(code="a", name="A", given=cells, expect=expect, where=Location("x", 1))
    found = run_cases(plan, CaseFile(scheme=plan.scheme.id, units=(case,)))
    tops = [one for one in found.differences if one.row == "total"]
    assert bool(tops) is bool(moved)
    for one in tops:
        tree = score_tree(one)
        assert tree.left == 0
        shares = {branch.code: branch.explains for branch in tree.root.walk() if branch.state == "differs"}
        for code, more in off.items():
            if more:
                assert shares[code] == -Fraction(more, 100) * weigh[code]


@settings(max_examples=40, deadline=None)
@given(worlds(), st.data())
def test_whatever_differs_is_explained(world: tuple[Scheme, list[Cells]], data: st.DataObject) -> None:
    scheme, rows = world
    result = run(compile_scheme(scheme, vocabulary()), as_table(scheme, rows))
    codes = [row.code for row in scheme.rows() if row.max and not (row is scheme.root and row.combine.name == "none")]  # type: ignore[attr-defined]
    unit = data.draw(st.sampled_from(result.units))
    kinds = st.sampled_from(["score", "level", "rank"])
    chosen = data.draw(st.lists(st.tuples(st.sampled_from(codes), kinds), min_size=1, max_size=5, unique=True))
    expect = tuple(_wrong(scheme, code, what) for code, what in chosen if what != "level" or scheme.row(code).levels)
    case = UnitCase(code=unit, name="", given=(), expect=expect, where=Location("x", 1))
    one = CaseRun(total=scheme.totals[0].code, cases=(case,), result=result)
    for expected in expect:
        why = reason(_difference(one, case, expected))
        told = list(why.lines())
        assert told and all(in_language(line, "vi") for line in told)
        assert json.loads(json.dumps(why.to_dict("vi"), ensure_ascii=False))["kind"] == expected.what
        if isinstance(why, ScoreTree):
            assert len(list(why.root.walk())) <= len(codes)


def _wrong(scheme: Scheme, code: str, what: str) -> Expected:
    levels = scheme.row(code).levels
    value = levels.levels[0].name if what == "level" and levels else Fraction(1)
    return Expected(code, what, value, Location("x", 1))  # type: ignore[arg-type]


def _difference(one: CaseRun, case: UnitCase, expected: Expected) -> Difference:
    return Difference(
        unit=case.code,
        name="",
        row=expected.row,
        what=expected.what,
        expected=expected.value,
        found=answer(one.result, case.code, expected),
        where=expected.where,
        run=one,
        case=case,
    )
