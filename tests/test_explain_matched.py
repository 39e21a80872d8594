"""What a number reached in a rule and what would be next; the rule in words; the figures as they were reported."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction as Q
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import alone, assessed, group, leaf, ratio, rule, scheme, value
from test_explain import GATED, scored
from worked import build_top

import ictindex
from ictindex.explaining.telling import evidence
from ictindex.explanation import ExplainedEvidence
from ictindex.model import TOTAL, Case
from ictindex.result import Result
from ictindex.strategies.measures import Choice
from ictindex.strategies.normalizations import Each, Goalposts, Points, Proportional, Steps, StepsDown

THRESHOLDS = st.lists(st.fractions(-5, 20, max_denominator=4), min_size=1, max_size=5, unique=True)
UP = Steps(((Q(9, 10), Q(5)), (Q(1, 2), Q(2)), (Q(1, 10), Q(1))))
DOWN = StepsDown(((Q(3), Q(5)), (Q(7), Q(2))))


def found(one: Any) -> tuple[Any, ...]:
    return one.matched, one.points, one.next, one.next_points, one.needs


@pytest.mark.parametrize(
    ("scale", "number", "told"),
    [
        (UP, Q(3, 4), ("0.5", 2, "0.9", 5, Q(3, 20))),
        (UP, Q(9, 10), ("0.9", 5, "", None, None)),
        (UP, Q(0), ("", 0, "0.1", 1, Q(1, 10))),
        (UP, Decimal("0.9") - Decimal(10) ** -50, ("0.9", 5, "", None, None)),
        (DOWN, Q(3), ("3", 5, "", None, None)),
        (DOWN, Q(5), ("7", 2, "3", 5, 2)),
        (DOWN, Q(10), ("", 0, "7", 2, 3)),
        (Each(Q(2)), Q(2), ("", None, "2.5", 5, Q(1, 2))),
        (Each(Q(2)), Q(9), ("2.5", 5, "", None, None)),
        (Proportional(), Q(4, 5), ("", None, "1", 5, Q(1, 5))),
        (Proportional(), Q(3, 2), ("1", 5, "", None, None)),
        (Points(), Q(4), ("", None, "5", 5, 1)),
        (Goalposts(Q(0), Q(10)), Q(4), ("", None, "10", 5, 6)),
        (Goalposts(Q(10), Q(2)), Q(3), ("", None, "2", 5, 1)),
        (Goalposts(Q(10), Q(2)), Q(1), ("2", 5, "", None, None)),
    ],
)  # fmt: skip
def test_what_a_number_reached_and_what_is_next(scale: Any, number: Any, told: tuple[Any, ...]) -> None:
    assert found(scale.matched(number, Q(5))) == told


@given(THRESHOLDS, st.fractions(-6, 21, max_denominator=8), st.booleans())
def test_reaching_the_next_step_earns_its_points_and_nothing_nearer_earns_more(
    marks: list[Q], number: Q, down: bool
) -> None:
    """The brute force: points are what the table says at the number, and at no number before the next is more."""
    best = sorted(marks, reverse=not down)
    table = tuple((mark, Q(len(best) - at)) for at, mark in enumerate(best))
    scale, sign = (StepsDown if down else Steps)(table), -1 if down else 1

    def earned(at: Q) -> Q:
        return max((points for mark, points in table if sign * at >= sign * mark), default=Q(0))

    one = scale.matched(number, Q(len(best)))
    assert one.points == earned(number)
    if one.next:
        assert one.needs > 0 and earned(number + sign * one.needs) == one.next_points > one.points
        assert earned(number + sign * (one.needs - Q(1, 1000))) == one.points
    else:
        assert one.points == len(best)


def test_the_next_better_case_is_the_one_that_earns_the_least_more() -> None:
    cases = (
        Case("a", "đủ", Q(5)),
        Case("b", "một phần", Q(2)),
        Case("c", "không", Q(0)),
        Case("d", "cũng không", Q(0)),
    )
    choice = Choice("x", cases)
    told = {one.code: choice.matched({"x": one.code}) for one in cases}
    assert {code: one.next for code, one in told.items()} == {"a": "", "b": "a", "c": "b", "d": "b"}
    assert (told["d"].matched, told["d"].words, told["d"].next_words, told["d"].next_points) == (
        "d", "cũng không", "một phần", 2,
    )  # fmt: skip


def result_of(text: str, **cells: Any) -> Result:
    return scored(build_top(text), **cells)


def test_a_level_tells_the_next_better_one_the_score_it_needs_and_its_gates() -> None:
    result = scored(build_top(GATED.replace(", only-if: {1: 9}", "")), **{"1": [4, 10, 10], "2": [3, 10, 7]})
    first, best, refused = (result.explain(unit).root.verdict for unit in result.units)
    assert first.reached is not None and found(first.reached) == ("Khá", 5, "Tốt", 10, 3)
    assert [gate.asked() for gate in first.gates] == ["Tốt also asks for 9 points of 2 Hai, which has 3"]
    assert best.reached is not None and (best.reached.matched, best.reached.next, best.gates) == ("Tốt", "", ())
    assert refused.reached is not None and refused.reached.needs == 0 and refused.refused == refused.gates
    lines = str(result.explain("u0")).splitlines()
    assert "│    next level: Tốt from 10, 3 away" in lines
    assert "│    Tốt also asks for 9 points of 2 Hai, which has 3" in lines
    assert "next level" not in str(result.explain("u2"))  # only the gate is left, and it is told as one


@pytest.mark.parametrize("on", ["published", "exact"])
def test_the_score_that_a_level_needs_is_the_lowest_that_earns_it(on: str) -> None:
    top = f"max: 1000\npublish: {{as: index, decimals: 2}}\nrank: {{on: {on}}}\nlevels: {{I: 0.905, II: 0}}\n"
    result = result_of(top + "1 Một: {max: 1000, value: }\n", **{"1": [900, 905, 910]})
    needs = {unit: result.explain(unit).root.verdict.reached for unit in result.units}
    lowest = Q(91, 100) if on == "published" else Q(905, 1000)
    assert needs["u0"] is not None and (needs["u0"].next_points, needs["u0"].needs) == (lowest, lowest - Q(9, 10))
    assert [one is not None and one.matched for one in needs.values()] == ["II", "I", "I"]


def test_what_is_next_is_not_told_where_it_would_not_be_earned() -> None:
    asked = "{ask: văn bản, due: 31/12, without: zero}"
    text = f"max: 5\n1 Một: {{max: 5, choice: {{a Có: 5, b Ít: 2}}, evidence: {asked}}}\n"
    result = result_of(text, **{"1": ["b", "b"], "1_evidence": ["", "12/QĐ"]})
    without, shown = (result.explain(unit).row("1") for unit in result.units)
    assert without.matched is not None and without.matched.next == "a"
    assert "next case" not in str(result.explain("u0")) and "next case: a Có, worth 5" in str(result.explain("u1"))
    assert without.evidence == ExplainedEvidence(
        ask="văn bản", due="31/12", without="zero", shown=False, words="", rejected=False
    )
    assert shown.evidence is not None and (shown.evidence.shown, shown.evidence.words) == (True, "12/QĐ")
    assert "evidence not shown: văn bản, due 31/12" in str(result.explain("u0"))
    assert "evidence: 12/QĐ" in str(result.explain("u1"))


@pytest.mark.parametrize(
    ("shown", "words", "rejected", "told"),
    [
        (None, "", False, ""),
        (True, "", False, ""),
        (True, "12/QĐ", False, "evidence: 12/QĐ"),
        (False, "", False, "evidence not shown: văn bản"),
        (False, "12/QĐ", True, "evidence, shown and rejected: 12/QĐ"),
        (None, "", True, "evidence, shown and rejected: văn bản"),
    ],
)
def test_evidence_in_one_line(shown: Any, words: str, rejected: bool, told: str) -> None:
    one = ExplainedEvidence(ask="văn bản", due="", without="flag", shown=shown, words=words, rejected=rejected)
    assert evidence(one) == told


@pytest.mark.parametrize(
    ("row", "cells", "words"),
    [
        (ratio("x", 20), {"x.a": 12, "x.b": 15}, "12 of 15, that is 80 %, of a maximum of 20"),
        (ratio("x", 20, per=Q(100), scale=rule("steps", table=((Q(50), Q(20)),))), {"x.a": 3, "x.b": 4},
         "3 of 4, that is 75 for every 100"),
        (value("x", 5, scale=rule("each", points=Q(2))), {"x": 2}, "2 at 2 each, 5 at most"),
        (value("x", 5, scale=rule("goalposts", start=Q(0), end=Q(10), log=False)), {"x": 4},
         "4 between 0 for 0 points and 10 for 5"),
        (leaf("x", 5, rule("yes-no", input="x")), {"x": 1}, ""),
        (value("x", 5), {"x": 1}, "points as reported"),
        (assessed("x", 5), {"x": 1}, "points given directly"),
        (ratio("x", 20, if_none="zero"), {"x.a": 12, "x.b": 0}, ""),
        (value("x", 5, missing="zero", scale=rule("each", points=Q(2))), {"x": None}, ""),
    ],
)  # fmt: skip
def test_the_rule_in_words(row: Any, cells: dict[str, Any], words: str) -> None:
    result = scored(alone(row), **{code.replace(".", "_"): [cell] for code, cell in cells.items()})
    assert result.explain("u0").row("x").words == words


def test_the_rule_in_words_among_the_units_and_who_holds_the_ends() -> None:
    scales = {
        "a": rule("min-max", over="all"),
        "b": rule("of-best", over="all"),
        "c": rule("z-score", over="all"),
    }
    made = scheme(group(TOTAL, 3, *(value(code, 1, scale=one) for code, one in scales.items())))
    result = scored(made, name=["Một", "Hai", ""], a=[1, 2, 5], b=[1, 2, 5], c=[1, 2, 3])
    rows = [result.explain("u1").row(code) for code in scales]
    assert [row.words for row in rows] == [
        "2 between 1, the lowest, for 0 points and 5, the highest, for 1",
        "2 beside 5, the highest, which earns 1",
        "2 beside 2, the mean, in standard deviations of 0.816497",
    ]
    assert rows[0].fit == {"low": "1", "high": "5", "low_unit": "u0", "low_name": "Một", "high_unit": "u2"}
    assert rows[2].fit.keys() >= {"mean", "deviation", "low", "high"}
    assert "of the pool: low 1 (Một, u0), high 5 (u2)" in str(result.explain("u1", "a"))


class Bare:
    """A normalization of a plugin that knows nothing of words and steps."""

    def __getattr__(self, name: str) -> Any:
        if name in ("words", "matched"):
            raise AttributeError(name)
        return getattr(Proportional(), name)


def test_a_strategy_that_tells_nothing_of_itself_is_explained_all_the_same() -> None:
    result = scored(alone(ratio("x", 20)), x_a=[12], x_b=[15])
    leaf_ = result.plan.nodes[result.plan.place("x")]
    object.__setattr__(leaf_, "scale", Bare())
    row = result.explain("u0").row("x")
    assert (row.words, row.matched, row.points, row.formula) == ("12 of 15, that is 80 %", None, 16, "12 / 15 × 20")


def test_nothing_is_matched_where_the_points_are_given_or_a_figure_is_absent() -> None:
    steps = rule("steps", table=((Q(1), Q(5)),))
    made = scheme(group(TOTAL, 10, value("x", 5, scale=steps, missing="zero"), value("y", 5, scale=steps)))
    root = scored(made, x=[None], y=[1], y_score=[3]).explain("u0").root
    assert [row.matched for row in root.children] == [None, None]


def test_a_reported_figure_has_its_unit_of_measure() -> None:
    plan = ictindex.load_scheme("btttt-2392/2017-district")
    path = "schemes/btttt-2392/2017-district.example.synthetic.csv"
    result = ictindex.score(plan, ictindex.read_table(path, scheme=plan))
    row = result.explain("huyen-02").row("A.1.1")
    assert [(one.code, one.text, one.measure) for one in row.inputs] == [("A.1.1.a", "82", ""), ("cb", "87", "người")]
    assert "cb Tổng số cán bộ, công chức của huyện: 87 người" in str(result.explain("huyen-02", "A.1.1"))


def test_numbers_that_nobody_published_are_flagged_in_data() -> None:
    result = scored(build_top("max: 9\nbelow: {cited: qd}\n1 Một: {max: 9, assessed: }\n"), **{"1": [5]})
    assert result.explain("u0").row("1").flags == ()
    assumed = scored(build_top("max: 9\n1 Một: {max: 9, assessed: }\n"), **{"1": [5]}).explain("u0")
    assert assumed.row("1").flags == ("assumed",) and "[assumed]" not in str(assumed)  # its citation says so
