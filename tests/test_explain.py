"""Why a unit has its score: every number of every shipped scheme's example adds up and is told in words."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction as Q
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from made import alone, assessed, group, leaf, ratio, rule, scheme, totals, value
from test_strategies import combined
from worked import build_top

import ictindex
from ictindex import messages
from ictindex.assembling import table_from_columns
from ictindex.citations import Citation, Status
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.explanation import FLAGS, Explained, number_text
from ictindex.matrix import Flag
from ictindex.model import TOTAL, Case, Input, InputKind, Pools, Quantity, RankRule, Scheme
from ictindex.plugins import vocabulary
from ictindex.result import Result
from ictindex.strategies.aggregations import AGGREGATIONS
from ictindex.strategies.base import DECIMAL, FRACTION, Child, to_decimal

SCHEMES = Path(__file__).parent.parent / "schemes"
EXAMPLES = sorted(SCHEMES.glob("*/*.example*.csv"))
NEARLY = Decimal(10) ** -40


def scored(made: Scheme, **columns: Any) -> Result:
    named = {key.replace("_", "."): cells for key, cells in columns.items()}
    units = [f"u{at}" for at in range(len(next(iter(named.values()))))]
    return run(compile_scheme(made, vocabulary()), table_from_columns(made, {"unit": units, **named}))


def formula(made: Scheme, code: str, **cells: Any) -> str:
    return scored(made, **{key: [cell] for key, cell in cells.items()}).explain("u0").row(code).formula


# --- it adds up ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.name.split('.')[0]}")
def test_every_number_of_every_example_adds_up_exactly(path: Path) -> None:
    made = ictindex.load_scheme(f"{path.parent.name}/{path.name.split('.')[0]}")
    result = ictindex.score(made, ictindex.read_table(path, scheme=made))
    exact = result.plan.arithmetic is FRACTION
    for unit in result.units[:12]:
        for row in result.explain(unit).root.walk():
            _adds_up(row, exact=exact)
            if row.points is not None and row.max:
                assert float(row.points) == pytest.approx(result.points(row.code)[result.position(unit)], abs=1e-9)


def _adds_up(row: Explained, *, exact: bool) -> None:
    parts = [child.contribution for child in row.children if child.contribution is not None]
    if row.points is None or not parts or "given" in row.flags:
        return
    with DECIMAL.context():
        assert sum(parts) == row.points if exact else abs(sum(parts) - row.points) <= NEARLY, row.code


SHARES = st.sampled_from([Q(0), Q(1, 3), Q(1, 2), Q(2, 7), Q(1)])
ROLES = st.sampled_from(["max", "max", "max", "bonus", "deduct"])


@pytest.mark.parametrize("combine", list(AGGREGATIONS))
@given(
    st.lists(st.tuples(SHARES, st.booleans(), ROLES, st.sampled_from([Q(1), Q(2), Q(1, 3)])), min_size=1, max_size=5),
    st.sampled_from([Q(10), Q(1), Q(1, 3)]),
)
def test_contributions_add_up_for_every_aggregation(combine: str, drawn: list[tuple[Any, ...]], most: Q) -> None:
    aggregation, plain = AGGREGATIONS[combine](), combine not in ("sum", "capped")
    maths = DECIMAL if aggregation.irrational else FRACTION
    below = [Child(most / 2, weight, "max" if plain else role) for _, _, role, weight in drawn]
    points = [None if left else share * most / 2 for share, left, _, _ in drawn]
    present = [one for one in points if one is not None]
    with maths.context():
        score = combined(aggregation, maths, below, points, most) if present else maths.number(Q(0))
        numbers = [None if one is None else maths.number(one) for one in points]
        parts = aggregation.contributions(most, below, numbers, score)
        assert abs(sum(parts) - score) <= NEARLY if maths is DECIMAL else sum(parts) == score


def test_a_rescaled_heading_still_adds_up() -> None:
    made = scheme(group(TOTAL, 50, value("x", 30, missing="rescale"), value("y", 20), missing="rescale"))
    root = scored(made, x=[None], y=["17.3"]).explain("u0").root
    assert root.points == Q("43.25") and [child.contribution for child in root.children] == [0, Q("43.25")]


def test_a_heading_scaled_among_the_units_spreads_the_rescaling_by_weight() -> None:
    below = (value("x", 1, weight=Q(2)), value("y", 1))
    made = scheme(group(TOTAL, 6, group("A", 6, *below, combine="mean", scale=rule("min-max", over="all"))))
    result = scored(made, x=["0.2", "0.5", "0.8"], y=["0.1", "0.1", "0.4"])
    for unit in result.units:
        row = result.explain(unit).row("A")
        assert sum(child.contribution for child in row.children) == row.points
    composite = [(2 * x + y) / 3 for x, y in ((Q("0.2"), Q("0.1")), (Q("0.5"), Q("0.1")), (Q("0.8"), Q("0.4")))]
    shares = [(one - composite[0]) / (composite[2] - composite[0]) for one in composite]
    assert [result.explain(unit).row("A").points for unit in result.units] == [share * 6 for share in shares]


def test_what_stands_side_by_side_adds_up_to_nothing() -> None:
    result = scored(totals(value("x", 1), value("y", 1)), x=[1], y=["0.5"])
    root = result.explain("u0").root
    assert root.points is None and [child.contribution for child in root.children] == [1, Q(1, 2)]
    assert result.explain("u0", "y").root.points == Q(1, 2)


def test_below_a_given_score_nothing_is_explained() -> None:
    made = scheme(group(TOTAL, 2, group("A", 2, value("x", 2))))
    row = scored(made, x=[1], A_score=["1.5"]).explain("u0").row("A")
    assert (row.formula, row.flags, row.points) == ("given: 1.5", ("given",), Q(3, 2))
    below = row.children[0]
    assert (below.points, below.formula, below.inputs, below.flags) == (None, "", (), ("covered",))


# --- formulas ------------------------------------------------------------------------------------------------------


def test_points_left_out_are_converted_back_as_hue_did_in_2020() -> None:
    made = alone(assessed("x", 50, not_applicable="rescale"), not_applicable="rescale")
    assert formula(made, TOTAL, x="42.63", x_excluded=2) == "42.63 / (50 − 2) × 50"


@pytest.mark.parametrize(
    ("row", "cells", "told"),
    [
        (value("x", 5), {"x": "2.5"}, "2.5"),
        (ratio("x", 30), {"x.a": 3, "x.b": 4}, "3 / 4 × 30"),
        (ratio("x", 30, per=Q(100)), {"x.a": 3, "x.b": 4}, "3 / 4 × 100 × 30"),
        (ratio("x", 30, b=Quantity((), Q(12))), {"x.a": 3}, "3 / 12 × 30"),
        (value("x", 5, scale=rule("each", points=Q(2))), {"x": 2}, "min(2 × 2, 5)"),
        (
            ratio("x", 5, scale=rule("steps", table=((Q(9, 10), Q(5)), (Q(1, 2), Q(1))))),
            {"x.a": 3, "x.b": 4},
            "3 / 4 = 0.75; 0.75 (≥ 0.9: 5; ≥ 0.5: 1)",
        ),
        (
            value("x", 5, scale=rule("goalposts", start=Q(0), end=Q(10), log=False)),
            {"x": 4},
            "(4 − 0) / (10 − 0) × 5",
        ),
        (value("x", 5, scale=rule("min-max", over="all")), {"x": 4}, "all units equal: 1/2 × 5"),
        (leaf("x", 5, rule("yes-no", input="x")), {"x": 1}, "yes"),
        (leaf("x", 5, rule("all-of", inputs=("p", "q")), "p", "q"), {"p": 1, "q": 0}, "1 of 2 conditions hold"),
    ],
)
def test_a_leaf_tells_its_rule_with_its_numbers(row: Any, cells: dict[str, Any], told: str) -> None:
    made = alone(row)
    result = run(
        compile_scheme(made, vocabulary()),
        table_from_columns(made, {"unit": ["u0"]} | {k: [v] for k, v in cells.items()}),
    )
    assert result.explain("u0").row("x").formula == told


def test_a_leaf_without_its_figure_tells_no_rule() -> None:
    row = scored(alone(value("x", 5, missing="zero")), x=[None]).explain("u0").row("x")
    assert (row.formula, row.points, row.flags) == ("", 0, ("missing-zero",))
    assert [(one.text, one.state) for one in row.inputs] == [("", "missing")]
    out = scored(alone(value("x", 5, missing="rescale")), x=[None]).explain("u0").row("x")
    assert (out.formula, out.points, out.flags) == ("left out", None, ("missing-left-out", "left-out"))


def test_a_heading_names_its_aggregation() -> None:
    made = scheme(group(TOTAL, 1, value("x", 1), value("y", 1), combine="mean"))
    assert formula(made, TOTAL, x=1, y=1) == "the mean of the rows below, by weight"


# --- cells ---------------------------------------------------------------------------------------------------------

CASES = (Case("a", "đủ", Q(5)), Case("b", "một phần", Q(2)))


def test_cells_are_told_as_people_write_them() -> None:
    chosen = leaf("c", 5, rule("choice", input="c", cases=CASES), "c")
    checked = leaf("k", 5, rule("checks", cases=(Case("k.p", "một", Q(3)), Case("k.q", "hai", Q(2)))), "k.p", "k.q")
    made = scheme(group(TOTAL, 11, chosen, checked, value("v", 1)))
    kinds = {"c": (InputKind.CHOICE, CASES), "k.p": (InputKind.YES_NO, ()), "k.q": (InputKind.YES_NO, ())}
    inputs = [
        Input(code=one.code, name=f"tên {one.code}", kind=kinds.get(one.code, (one.kind, ()))[0],
              cases=kinds.get(one.code, (one.kind, ()))[1])
        for one in made.inputs
    ]  # fmt: skip
    result = scored(evolve(made, inputs=tuple(inputs)), c=["b"], k_p=["có"], k_q=["không"], v=["0.10"])
    root = result.explain("u0").root
    told = {one.code: (one.name, one.text, one.state) for row in root.walk() for one in row.inputs}
    assert told == {
        "c": ("tên c", "b một phần", "reported"),
        "k.p": ("tên k.p", "yes", "reported"),
        "k.q": ("tên k.q", "no", "reported"),
        "v": ("tên v", "0.1", "reported"),
    }
    formulas = [row.formula for row in root.children]
    assert formulas == ["b một phần", "3 (một)", "0.1"]


def test_an_input_that_is_read_twice_is_told_once() -> None:
    own = Quantity((("x.a", Q(1)), ("x.b", Q(1))))
    made = alone(ratio("x", 1, b=own))
    assert [one.code for one in scored(made, x_a=[1], x_b=[3]).explain("u0").row("x").inputs] == ["x.a", "x.b"]


def test_a_fit_tells_the_ends_of_the_units_own_pool_and_who_holds_them() -> None:
    made = evolve(alone(value("x", 1, scale=rule("min-max", over="pool"))), pools=Pools("khối"))
    row = scored(made, x=[1, 9, 3, 5], khối=["b", "a", "a", "a"]).explain("u3").row("x")
    assert row.fit == {"low": "3", "high": "9", "low_unit": "u2", "high_unit": "u1"}


# --- text and data -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (None, "-"),
        (Q(5, 2), "2.5"),
        (Q(50), "50"),
        (Q(1, 3), "0.333333"),
        (Decimal("0.5"), "0.5"),
        (Q(-1, 8), "-0.125"),
    ],
)
def test_a_number_for_a_person(number: Any, told: str) -> None:
    assert number_text(number) == told


def test_an_explanation_is_told_as_a_tree() -> None:
    top = "max: 30\nmissing: rescale\nlevels: {I: 50%, II: 0%}\nbelow: {cited: qd phụ lục}\ncited: qd\n"
    rows = (
        "A Hạ tầng:\n  max: 20\n  A.1 Tỷ lệ máy tính: {max: 15, ratio: {a: máy tính, b: cán bộ}}\n"
        "  A.2 Có mạng: {max: 5, yes-no: }\n"
        "B Nhân lực: {max: 10, min-max: all, value: }\n"
    )
    made = build_top(top + rows)
    cells = {"unit": ["tx1", "tx2"], "name": ["Xã Một", ""], "A.1.a": [3, 4], "A.1.b": [4, 4], "A.2": [1, None]}
    result = run(compile_scheme(made, vocabulary()), table_from_columns(made, {**cells, "B": [1, 3]}))
    told = str(result.explain("Xã Một"))
    assert told.splitlines()[0] == "Xã Một (tx1), test/2020-unit: Bộ thử"
    assert "└─ B Nhân lực: 0 of 10" in told
    assert "3 of 4, that is 75 %, of a maximum of 15\n" in told and "A.1.a máy tính: 3" in told
    assert "of the pool: low 1 (Xã Một, tx1), high 3 (tx2)" in told
    assert "rank 2, level I" in told
    other = str(result.explain("tx2"))
    assert (
        "A.2 Có mạng: not counted  [missing-left-out, left-out]" in other and "contributes" not in other.split("A.2")[1]
    )
    assert "5 of 30 points do not count, the rest is converted: 25 / (30 − 5) × 30 = 30" in other


def test_a_provisional_scheme_says_so_first() -> None:
    made = build_top("max: 9\n1 Một: {max: 9, assessed: }\n")
    told = str(scored(made, **{"1": [5]}).explain("u0"))
    assert told.splitlines()[1].startswith("Provisional: ") and "are assumed" in told.splitlines()[1]
    assert "Tạm thời" not in told
    vietnamese = scored(made, **{"1": [5]}).explain("u0").told("vi")
    assert vietnamese.splitlines()[1].startswith("Tạm thời: ") and "Provisional" not in vietnamese


def test_an_explanation_as_plain_data() -> None:
    made = alone(ratio("x", 3, citation=Citation(Status.CITED, "phụ lục")))
    data = scored(made, x_a=[1], x_b=[3]).explain("u0").to_dict()
    assert (data["unit"], data["scheme"]["id"], data["provisional"]) == ("u0", "made/2020-unit", False)
    assert data["format"] == "ictindex-explanation/1" and data["receipt"]["scheme"] == "made/2020-unit"
    below = data["root"]["children"][0]
    assert (below["points"], below["max"], below["contribution"], below["to_total"]) == (1.0, 3.0, 1.0, 1.0)
    assert below["inputs"][1] == {"code": "x.b", "name": "x.b", "text": "3", "state": "reported", "measure": ""}
    assert below["citation"] == {"status": "cited", "words": "phụ lục", "source": None}
    assert (below["verdict"]["published"], below["printed"]) == ("1.00", "1.00")
    assert below["verdict"]["rank"] is None and data["root"]["verdict"]["rank"] == 1


def test_an_average_rank_is_told_with_its_half() -> None:
    made = alone(value("x", 1), rank=RankRule("average"))
    assert scored(made, x=[1, 1]).explain("u0").root.verdict.rank == 1.5


def test_a_row_that_does_not_exist_is_no_part_of_an_explanation() -> None:
    with pytest.raises(KeyError):
        scored(alone(value("x", 1)), x=[1]).explain("u0").row("y")


def rows(result: Result) -> Iterator[Explained]:
    for unit in result.units:
        yield from result.explain(unit).root.walk()


def test_a_geometric_mean_adds_up_in_decimals() -> None:
    made = scheme(group(TOTAL, 10, value("x", 1), value("y", 1), combine="geometric"))
    result = scored(made, x=["0.25", "1", "0"], y=["0.75", "1", "0.5"])
    for row in rows(result):
        _adds_up(row, exact=False)
    with DECIMAL.context():
        assert abs(result.explain("u0").root.points - to_decimal(Q(3, 16)).sqrt() * 10) < NEARLY


# --- words for a person ----------------------------------------------------------------------------------------------

GATED = (
    "max: 20\nlevels:\n  Tốt: {is: 50%, only-if: {2: 9}}\n  Khá: {is: 25%, only-if: {1: 9}}\n  Yếu: 0%\ncited: qd\n"
    "1 Một: {max: 10, value: }\n2 Hai: {max: 10, value: }\n"
)


def test_a_level_that_a_gate_refused_is_told_at_the_row_with_the_levels() -> None:
    result = scored(build_top(GATED.replace(", only-if: {1: 9}", "")), **{"1": [10, 10, 1], "2": ["8.5", 9, 0]})
    said = "Tốt is refused: it asks for 9 points of 2 Hai, which has 8.5"
    root = result.explain("u0").root
    assert root.verdict.level == "Khá" and [gate.told() for gate in root.verdict.refused] == [said]
    assert f"│    {said}" in str(result.explain("u0")).splitlines()
    for unit in ("u1", "u2"):  # it passes; its score is too low anyway
        assert "refused" not in str(result.explain(unit)) and not result.explain(unit).root.verdict.refused
    told = result.explain("u0").to_dict()["root"]["verdict"]["refused"]
    assert told == [{"level": "Tốt", "row": "2", "name": "Hai", "points": "8.5", "needs": "9"}]


def test_every_better_level_that_was_refused_is_told_and_none_that_is_worse() -> None:
    result = scored(build_top(GATED.replace("{1: 9}", "{1: 10}")), **{"1": [9, 9], "2": [8, 9]})
    refused = {unit: [gate.level for gate in result.explain(unit).root.verdict.refused] for unit in result.units}
    assert refused == {"u0": ["Tốt", "Khá"], "u1": []}


def test_conditions_of_which_some_fail_are_counted_in_words() -> None:
    made = build_top("max: 8\n1 Quy chế:\n  max: 8\n  all-of:\n    a Một:\n    b Hai:\n    c Ba:\n")
    for cells, told in (([1, 1, 0], "2 of 3 conditions hold: 0"), ([1, 1, 1], "3 of 3 conditions hold: 8")):
        columns = {f"1.{name}": [cell] for name, cell in zip("abc", cells, strict=True)}
        assert f"     {told}\n" in str(
            scored(made, **{k.replace(".", "_"): v for k, v in columns.items()}).explain("u0")
        )


def test_a_deduction_tells_what_it_takes() -> None:
    made = build_top(
        "max: 30\n1 Một: {max: 30, value: }\n2 Lộ lọt: {deduct: 10, each: 5, count: }\n"
        "3 Thưởng: {bonus: 5, each: 5, count: }\n"
    )
    told = str(scored(made, **{"1": [25], "2": [3], "3": [1]}).explain("u0"))
    assert "2 Lộ lọt: takes 10 of at most 10  [cut]\n" in told and "3 Thưởng: 5 of 5\n" in told
    alone_ = str(scored(made, **{"1": [25], "2": [3], "3": [1]}).explain("u0", "2"))
    assert "takes 10 of at most 10  [cut]" in alone_


def test_a_deduction_that_is_converted_back_with_the_rest_says_what_it_comes_to() -> None:
    top = "max: 30\nnot-applicable: rescale\n"
    made = build_top(
        top + "1 Một: {max: 20, value: }\n2 Hai: {max: 10, value: }\n3 Lộ: {deduct: 10, each: 5, count: }\n"
    )
    told = str(scored(made, **{"1": [20], "2": ["n/a"], "3": [1]}).explain("u0"))
    assert "3 Lộ: takes 5 of at most 10, contributes -7.5\n" in told


class Bracketed(gettext.NullTranslations):
    """A catalog of a language in which every sentence stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"‹{message}›" if re.search("[a-z]", re.sub(r"\{.*?\}", "", message)) else message


def test_every_word_of_explain_can_be_said_in_the_language_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_catalog", lambda _: Bracketed())
    made = build_top(
        GATED.replace("cited: qd\n1 ", "missing: rescale\n1 ").replace(", only-if: {1: 9}", "")
        + "3 Ba: {max: 0, value: }\n4 Lộ: {deduct: 2, each: 1, count: }\n"
    )
    result = scored(made, **{"1": [10, 10], "2": ["8.5", None], "3": [1, 1], "4": [3, 0]})
    told = [result.explain(unit).with_sources() for unit in result.units]
    lines = [messages.in_language(line, "vi") for one in told for line in one.tree()]
    outside = {line.lstrip(" │├└─") for line in lines}
    for _ in range(9):  # the innermost first
        outside = {re.sub("‹[^‹›]*›", "", line) for line in outside}
    assert {"3 Ba: ", "4 Lộ:   []", "2 Hai: ", ""} <= outside
    english = re.compile(r"\b(of|published|rank|level|cited|assumed|missing|cut|left|refused|not)\b")
    assert not [line for line in outside if english.search(re.sub(r"^[a-z.-]+ .*?: ", "", line))]
    assert str(result.explain("u0")) == result.explain("u0").told("en") and "‹" not in str(result.explain("u0"))


def test_the_flags_are_printed_in_words_and_stay_the_same_in_data() -> None:
    assert list(FLAGS) == [*(flag.label for flag in Flag), "assumed"]
    assert {label: str(text) for label, text in FLAGS.items()} == {label: label for label in FLAGS}
    row = scored(build_top("max: 5\n1 Một: {max: 5, each: 1, count: }\n"), **{"1": [9]}).explain("u0").row("1")
    assert row.flags == ("cut", "assumed") and row.remarks == ("cut", "assumed")
