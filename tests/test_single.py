"""One unit at a time: its kernels, what a portal asks of it, what is wrong with its inputs, and how little it does."""

from __future__ import annotations

import importlib
import math
import pickle
import sys
import threading
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction as Q
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve, frozen
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made import alone, assessed, group, ratio, rule, scheme, value
from test_single_laws import batch, plan_of, same

from ictindex import compile_scheme, load_scheme, score, table_from_columns
from ictindex.engine import learned_from
from ictindex.errors import TableInvalid, UnknownName, WrongUse
from ictindex.model import TOTAL, Case, Evidence, InputKind, Level, Levels, Quantity, RankRule
from ictindex.plan import Leaf
from ictindex.single.plan import CompiledScheme
from ictindex.single.scorer import Scorer
from ictindex.strategies.aggregations import AGGREGATIONS
from ictindex.strategies.base import FLOAT, Child, Fit, Work
from ictindex.strategies.measures import AllOf, Assessed, Checks, Choice, Ratio, Value, YesNo
from ictindex.strategies.normalizations import Each, Goalposts, Points, Proportional, Steps, StepsDown
from ictindex.strategies.relative import MinMax, OfBest, ZScore

TOP = Path(__file__).parent.parent
SPECIAL = (
    0.0,
    -0.0,
    0.1,
    0.2,
    0.3,
    1.0,
    1 / 3,
    2.0,
    3.0,
    -1.0,
    9.999999999999998,
    10.0,
    10.000000000000002,
    1e-300,
    12.5,
)
NUMBERS = st.one_of(st.sampled_from(SPECIAL), st.floats(-100, 100))
FITTED = Fit(
    {name: np.array([number]) for name, number in (("low", 0.0), ("high", 10.0), ("mean", 3.7), ("deviation", 1.3))},
    borrowed=True,
)
FLAT = Fit(
    {name: np.array([number]) for name, number in (("low", 2.0), ("high", 2.0), ("mean", 2.0), ("deviation", 0.0))}
)
CASES = (Case("1", "", Q(1, 3)), Case("2", "", Q(5, 2)), Case("3", "", Q(7)))
TABLE = ((Q(10), Q(5)), (Q(3), Q(7, 2)), (Q(1, 3), Q(1)))


# --- every scalar form beside its kernel ---------------------------------------------------------------------------


MEASURES = (
    Value("a"),
    Assessed("a", factor=Q(1, 3)),
    Checks(CASES),
    Ratio(Quantity((("a", Q(1)),)), Quantity((("b", Q(1)),))),
    Ratio(Quantity((("a", Q(2, 3)),), Q(1, 7)), Quantity((("b", Q(1)), ("c", Q(-1, 3)))), per=Q(1000), floor=Q(1, 2)),
    Ratio(Quantity((("a", Q(1)),)), Quantity((), Q(12))),
)
SCALES = (
    Proportional(),
    Points(),
    Points(cut=False),
    Steps(TABLE),
    StepsDown(TABLE[::-1]),
    Each(Q(1, 3)),
    Each(Q(1, 10)),  # three of these are 0.3 and a rounding
    Goalposts(Q(0), Q(10)),
    Goalposts(Q(10), Q(1, 3)),
    *(kind() for kind in (MinMax, ZScore, OfBest)),
)


@given(st.sampled_from(MEASURES), st.lists(NUMBERS, min_size=3, max_size=3))
def test_a_measure_of_one_unit_has_the_bits_of_its_kernel(measure: Any, cells: list[float]) -> None:
    at = range(len(measure.inputs))
    arrays = [np.array([cells[place]]) for place in at]
    numbers, undefined = measure.bind(FLOAT)(arrays, np.empty(1), Work.of(1, FLOAT))
    found = measure.bind_one(at)(cells)
    assert (found is None) == (undefined is not None and bool(undefined[0]))
    assert found is None or np.float64(found).tobytes() == numbers.tobytes()


@pytest.mark.parametrize("measure", [YesNo("a"), AllOf(("a", "b", "c")), Choice("a", CASES)], ids=str)
def test_words_of_one_unit_have_the_bits_of_their_kernel(measure: Any) -> None:
    for cells in ((0.0, 1.0, 1.0), (1.0, 1.0, 1.0), (1.0, 1.0, 0.0)):
        arrays = [np.array([cell]) for cell in cells[: len(measure.inputs)]]
        numbers, _ = measure.bind(FLOAT)(arrays, np.empty(1), Work.of(1, FLOAT))
        assert np.float64(measure.bind_one(range(len(arrays)))(cells)).tobytes() == numbers.tobytes()


@settings(max_examples=200)
@given(
    st.sampled_from(SCALES),
    NUMBERS,
    st.sampled_from([0.0, 2.0**-50]),
    st.sampled_from([Q(1), Q(3, 10), Q(10)]),
    st.booleans(),
)
@example(Each(Q(1, 10)), 3.0, 0.0, Q(3, 10), False)  # 0.3 and a rounding: that is not beyond it
def test_a_scale_of_one_unit_has_the_bits_of_its_kernel(
    scale: Any, x: float, slack: float, most: Q, flat: bool
) -> None:
    fit = None if scale.fitting == "none" else FLAT if flat else FITTED
    points = np.empty(1)
    cut = scale.bind(most, FLOAT, slack)(np.array([x]), points, Work.of(1, FLOAT), fit, None)
    found, was_cut = scale.bind_one(most, slack, fit)(x)
    assert np.float64(found).tobytes() == points.tobytes()
    assert was_cut == (cut is not None and bool(cut[0]))


CHILDREN = st.lists(
    st.builds(
        Child,
        st.sampled_from([Q(0), Q(1), Q(10, 3), Q(7)]),
        st.sampled_from([Q(1), Q(2, 3)]),
        st.sampled_from(["max", "bonus", "deduct"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=200)
@given(st.sampled_from(sorted(set(AGGREGATIONS) - {"geometric"})), CHILDREN, st.lists(NUMBERS, min_size=5, max_size=5))
@example("capped", [Child(Q(1), Q(1))] * 2, [0.1, 0.2])
def test_a_heading_of_one_unit_has_the_bits_of_its_kernel(
    name: str, children: list[Child], points: list[float]
) -> None:
    aggregation, most = AGGREGATIONS[name](), Q(31, 3) if len(children) % 2 else Q(3, 10)
    out, nobody = np.empty(1), [None] * len(children)
    arrays = [np.array([one]) for one in points[: len(children)]]
    cut = aggregation.bind(most, children, FLOAT)(arrays, nobody, out, Work.of(1, FLOAT))
    found, was_cut = aggregation.bind_one(most, children, range(len(children)))(points)
    assert np.float64(found).tobytes() == out.tobytes()
    assert was_cut == (cut is not None and bool(cut[0]))


@frozen
class _Halved(Each):
    """A strategy of another package that changes the kernel of a known one, and brings no scalar form."""

    def bind(self, maximum: Q, maths: Any, slack: float = 0.0) -> Any:
        kernel = super().bind(maximum, maths, slack)

        def halved(x: Any, out: Any, work: Any, fit: Any, pools: Any) -> Any:
            cut = kernel(x, out, work, fit, pools)
            np.divide(out, maths.number(Q(2)), out=out)
            return cut

        return halved


def test_a_changed_kernel_is_not_passed_over() -> None:
    """The scalar form that a class inherits is of the kernel that it inherits, not of its own."""
    plan = plan_of(alone(value("a", 10, scale=rule("each", points=Q(3)))))
    (leaf,) = (node for node in plan.nodes if isinstance(node, Leaf))
    object.__setattr__(leaf, "scale", _Halved(Q(3)))
    assert plan.score_one({"a": 2}).points("a") == 3.0 == batch(plan, {"a": 2}).points("a")[0]


def test_too_near_a_threshold_exact_numbers_decide() -> None:
    """As floats both ratios may be 3; one of them is less by 5 of 10^15, which the threshold is not to forgive."""
    plan = plan_of(alone(ratio("a", 10, scale=rule("steps", table=((Q(3), Q(10)), (Q(1), Q(4)))))))
    for above, points in ((600000000.000003, 10.0), (600000000.000002, 4.0)):
        inputs = {"a.a": above, "a.b": 200000000.000001}
        one = plan.score_one(inputs)
        assert (one.points("a"), one.flags()) == (points, ("exact",))
        same(one, batch(plan, inputs))
    assert plan.score_one({"a.a": 0.3, "a.b": 0.1}).flags() == ()  # so coarse that near is equal


def test_so_near_to_nothing_below_a_root_exact_numbers_decide() -> None:
    rows = (value(code, scale=rule("goalposts", start=Q(0), end=Q(3))) for code in ("a", "b"))
    plan = plan_of(scheme(group(TOTAL, 1, *rows, combine="geometric")))
    for a, flags in ((1.5, ()), (1e-12, ("exact",)), (0, ())):
        inputs = {"a": a, "b": 2}
        one = plan.score_one(inputs)
        assert one.flags() == flags
        same(one, batch(plan, inputs))


def test_figures_of_many_decimals_are_not_taken_for_a_boundary() -> None:
    plan = plan_of(alone(value("a", 1)))
    for cell, published in ((0.00499999999999999, "0.00"), (0.005, "0.01")):
        assert plan.score_one({"a": cell}).published("a") == published
        same(plan.score_one({"a": cell}), batch(plan, {"a": cell}))


@pytest.mark.parametrize("on", ["exact", "published"])
@pytest.mark.parametrize("between", ["lower", "upper", "round"])
def test_a_score_on_the_bound_of_a_level(between: Any, on: Any) -> None:
    levels = Levels((Level("A", Q(3), Q(5), of_max=False), Level("B", Q(0), Q(5, 2), of_max=False)), between)
    top = group(TOTAL, 5, value("a", 2), value("b", 3), levels=levels, rank=RankRule(on=on))
    plan = plan_of(scheme(top))
    for a, b in ((0.5, 2), (0.1, 2.9), (0.7, 1.8), (0.51, 2), (0.49, 2)):
        same(plan.score_one({"a": a, "b": b}), batch(plan, {"a": a, "b": b}))


def test_a_scaled_heading_with_nothing_left_has_no_points() -> None:
    scale = rule("goalposts", start=Q(-1), end=Q(1))
    below = group("g", 3, value("a"), value("b"), combine="mean", scale=scale, not_applicable="rescale")
    plan = plan_of(scheme(group(TOTAL, 4, below, value("c"), not_applicable="rescale")))
    for a in ("n/a", 1):
        inputs = {"a": a, "b": "n/a", "c": Q(1, 2)}
        same(plan.score_one(inputs), batch(plan, inputs))


def test_minus_zero_is_zero() -> None:
    plan = plan_of(alone(value("a", 1)))
    same(plan.score_one({"a": -0.0}), batch(plan, {"a": -0.0}))
    assert math.copysign(1, plan.score_one({"a": -0.0}).points("a") or 0.0) == 1


# --- what a portal asks --------------------------------------------------------------------------------------------


LEVELS = Levels((Level("Tốt", Q(9, 10), only_if=(("b", Q(3)),)), Level("Khá", Q(1, 2)), Level("Yếu", Q(0))))


def two(**more: Any) -> CompiledScheme:
    rows = ratio("a", 10, if_none="zero"), assessed("b", 5, missing="zero", not_applicable="rescale")
    made = scheme(group(TOTAL, 15, *rows, **more))
    kinds = {"b": InputKind.POINTS}
    return plan_of(evolve(made, inputs=tuple(evolve(one, kind=kinds.get(one.code, one.kind)) for one in made.inputs)))


def test_a_score_is_read_as_a_result_is() -> None:
    one = two(levels=LEVELS).score_one({"unit": "hue", "a.a": 9, "a.b": "10", "b": Decimal("4.5")})
    assert (one.unit, one.points("a"), one.published(), one.level(), one.key()) == ("hue", 9.0, "13.50", "Tốt", 1350)
    assert (one.state("a"), one.flags("a"), one.point_text("b"), one.score("b")) == ("computed", (), "4.5", 4.5)
    assert one.to_dict() == {
        "scheme": "made/2020-unit",
        "revision": 1,
        "unit": "hue",
        "totals": [TOTAL],
        "rows": {
            TOTAL: {"points": 13.5, "published": "13.50", "state": "computed", "level": "Tốt"},
            "a": {"points": 9.0, "published": "9.00", "state": "computed"},
            "b": {"points": 4.5, "published": "4.50", "state": "computed"},
        },
        "notices": [],
    }


def test_a_gate_is_asked() -> None:
    plan = two(levels=LEVELS)
    assert plan.score_one({"a.a": 10, "a.b": 10, "b": 5}).level() == "Tốt"
    assert plan.score_one({"a.a": 11, "a.b": 10, "b": Q(7, 2)}).level() == "Tốt"
    assert plan.score_one({"a.a": 10, "a.b": 10, "b": 2.99}).level() == "Khá"


def test_what_is_left_out_has_no_score() -> None:
    one = two().score_one({"a.a": 9, "a.b": 10, "b": "n/a"})
    assert [one.points("b"), one.published("b"), one.point_text("b"), one.score("b")] == [None] * 4
    assert (one.state("b"), one.scored("b"), one.published(), one.state()) == ("left-out", False, "13.50", "rescaled")


def test_nothing_typed_is_missing() -> None:
    plan = two()
    for inputs in ({"a.a": 1, "a.b": 2}, {"a.a": 1, "a.b": 2, "b": ""}, {"a.a": 1, "a.b": 2, "b": None, "unit": ""}):
        assert (plan.score_one(inputs).state("b"), plan.score_one(inputs).published()) == ("missing-as-zero", "5.00")


def test_beside_the_inputs_stand_the_columns_of_a_table() -> None:
    plan = two()
    for inputs in ({"a.score": "8,5"}, {"a.score": 8.5, "a.excluded": 1}, {"total.score": 3, "b": 2}):
        same(plan.score_one({"b": 2, **inputs}), batch(plan, {"b": 2, **inputs}))
    usual = {"a.a": 1, "a.b": 2, "b": 3, "a.score": "", "a.excluded": None, "name": "Huế"}
    same(plan.score_one(usual), batch(plan, usual))


@pytest.mark.parametrize("without", ["flag", "zero"])
@pytest.mark.parametrize("shown", ["", None, "chưa có", "12/QĐ-UBND"])
def test_evidence_is_asked_for(without: Any, shown: Any) -> None:
    plan = plan_of(alone(value("a", 5, evidence=Evidence("văn bản", without=without))))
    inputs = {"a": 4, "a.evidence": shown}
    same(plan.score_one(inputs), batch(plan, inputs))


def test_the_engine_answers_everything_else() -> None:
    plan = two()
    scorer = plan.single()
    result = scorer.result({"unit": "hue", "a.a": 9, "a.b": 10, "b": 4.5})
    assert "9 of 10" in str(result.explain("hue"))
    assert scorer is plan.single() and scorer is not plan.single(decimal="comma")


# --- what is wrong -------------------------------------------------------------------------------------------------


def refused(plan: CompiledScheme, inputs: Any, **options: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(TableInvalid) as caught:
        plan.score_one(inputs, **options)
    return [(one.code, str(one.where), str(one.message)) for one in caught.value.problems]


def test_a_problem_stands_at_its_input() -> None:
    plan = two()
    assert refused(plan, {"a.a": "nine", "a.b": 10}) == [("T040", "input [a.a]", "'nine' is not a number")]
    assert refused(plan, {"a.a": 9, "a.b": 10, "b": 5.5}) == [
        ("T045", "input [b]", "'5.5' is above 5: row b has at most 5 points")
    ]
    assert refused(plan, {"a.a": 9}) == [("T201", "input [a.b]", "a figure for a a is missing")]
    assert refused(plan, {"a.a": 9, "unit": "hue"})[0][2] == "hue: a figure for a a is missing"


def test_evidence_on_which_points_depend_needs_its_field() -> None:
    plan = plan_of(alone(value("a", 5, evidence=Evidence("văn bản", without="zero"))))
    assert refused(plan, {"a": 4})[0][:2] == ("T207", "input [a.evidence]")


def test_a_count_is_whole() -> None:
    made = alone(value("a", 5))
    plan = plan_of(evolve(made, inputs=tuple(evolve(one, kind=InputKind.COUNT) for one in made.inputs)))
    for cell in (2.5, "2,5", "2.50"):
        assert [code for code, *_ in refused(plan, {"a": cell})] == ["T046"]
    assert plan.score_one({"a": "2"}).points("a") == plan.score_one({"a": 2.0}).points("a") == 2.0


def test_what_a_unit_declared_itself_is_no_figure() -> None:
    plan = plan_of(evolve(two().scheme, self_scored=True))
    one = plan.score_one({"a.a": 9, "a.b": 10, "b.self": 4})
    assert (one.state("b"), one.published()) == ("missing-as-zero", "9.00")


def test_the_nearest_code_is_named() -> None:
    with pytest.raises(TableInvalid, match=r"T021 unknown column 'a.q' \(did you mean 'a"):
        two().score_one({"a.q": 9})


def test_a_sign_that_nothing_shows_is_asked_for() -> None:
    plan = two()
    assert refused(plan, {"a.a": "1.234", "a.b": "2.000"})[0][0] == "T052"
    assert plan.score_one({"a.a": "1.234", "a.b": "2.000"}, decimal="comma").points("a") == 6.17
    assert plan.score_one({"a.a": "1.234,5", "a.b": "2.469"}).points("a") == 5.0  # a cell shows it for all


def test_inputs_are_a_mapping() -> None:
    with pytest.raises(WrongUse, match="U331"):
        two().score_one([("a", 1)])  # type: ignore[arg-type]
    with pytest.raises(WrongUse, match="U331"):
        two().single().result("a")  # type: ignore[arg-type]


def test_an_unknown_row_is_named() -> None:
    with pytest.raises(UnknownName, match="no row 'c'"):
        two().score_one({"a.a": 9, "a.b": 10, "b": 1}).points("c")


def test_problems_and_doubts_are_told_without_an_exception() -> None:
    scorer = two().single()
    assert [one.code for one in scorer.problems({"a.a": "x", "b": 9})] == ["T040", "T045"]
    assert scorer.problems({"a.a": 9, "a.b": 10, "b": 4}) == ()
    doubted = load_scheme("dti-922/2022-province")
    assert compile_scheme(doubted).single().problems({})[0].code == "T201"


# --- units that are compared ---------------------------------------------------------------------------------------


def relative() -> tuple[CompiledScheme, Any]:
    plan = plan_of(scheme(group(TOTAL, 1, value("a", scale=rule("min-max", over="all")), value("b"), combine="mean")))
    columns: dict[str, list[Any]] = {"unit": ["x", "y", "z"], "a": [1, 4.5, 9], "b": [0.5, 0.25, 1]}
    return plan, score(plan, table_from_columns(plan.scheme, columns))


def test_units_are_compared_with_a_reference() -> None:
    plan, result = relative()
    with pytest.raises(WrongUse, match="U330"):
        plan.score_one({"a": 3, "b": 1})
    learned = learned_from(plan, result)
    for reference in (result, learned):
        for inputs in ({"a": 3, "b": 1}, {"a": 12, "b": 0.1}, {"a": -1, "b": 0}, {"a": 3, "b": 1}):
            same(plan.score_one(inputs, reference=reference), batch(plan, inputs, reference))
    assert plan.single(learned) is plan.single(learned)
    unsure = evolve(learned, doubt=True)  # whoever is scored with this is scored with exact numbers
    for _ in range(2):
        assert plan.score_one({"a": 3, "b": 1}, reference=unsure).flags() == ("exact",)


def test_a_reference_of_another_scheme_is_refused() -> None:
    other, (_, result) = compile_scheme("dti-922/2022-province"), relative()
    with pytest.raises(WrongUse, match="U106"):
        other.score_one({}, reference=result)


# --- how little it does --------------------------------------------------------------------------------------------


def workload(name: str) -> tuple[CompiledScheme, list[dict[str, Any]], Any]:
    """A workload of the benchmarks: its plan, forms of units, and the result of all of them."""
    sys.path.insert(0, str(TOP / "benchmarks"))
    try:
        plan, forms, everyone = importlib.import_module("single").prepared(name, 60)
    finally:
        sys.path.pop(0)
    return plan, forms, everyone


def calls(call: Callable[[], Any]) -> tuple[int, set[str]]:
    """How many functions of Python a call calls, and the names of numpy's that it comes by."""
    count, numpy = 0, set[str]()

    def look(_: Any, event: str, what: Any) -> None:
        nonlocal count
        count += event == "call"
        if event == "c_call" and (what.__module__ or "").startswith("numpy"):
            numpy.add(what.__qualname__)

    sys.setprofile(look)
    try:
        call()
    finally:
        sys.setprofile(None)
    return count, numpy


@pytest.mark.parametrize("name", ["w1", "w2"])
def test_a_form_takes_few_calls_and_no_array(name: str) -> None:
    plan, forms, everyone = workload(name)
    reference = everyone if plan.relative else None
    for form in forms[:2]:  # what is prepared once
        plan.score_one(form, reference=reference).to_dict()
    indicators = sum(isinstance(node, Leaf) for node in plan.nodes)
    for form in forms[2:]:
        count, numpy = calls(lambda form=form: plan.score_one(form, reference=reference).published())  # type: ignore[misc]
        assert not numpy
        assert count <= 3 * indicators  # a measure, a scale, and what is there once


@pytest.mark.parametrize("name", ["w1", "w2"])
def test_forms_are_scored_without_the_engine(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All forms of the workloads, of which whole points and boundaries are many, and all that is told of them."""
    plan, forms, everyone = workload(name)
    reference = everyone if plan.relative else None
    plan.score_one(forms[0], reference=reference)
    asked: list[int] = []
    result = Scorer.result

    def counted(scorer: Scorer, inputs: Any) -> Any:
        asked.append(1)
        return result(scorer, inputs)

    monkeypatch.setattr(Scorer, "result", counted)
    for at, form in enumerate(forms):
        one = plan.score_one(form, reference=reference)
        one.to_dict()
        assert [one.key(), one.level()] == [everyone.keys()[at], everyone.levels()[at]]
        assert one.points() == everyone.points()[at]
    assert len(asked) <= 1


def test_threads_share_a_scorer() -> None:
    plan, forms, everyone = workload("w2")
    found: list[list[int]] = [[] for _ in range(4)]

    def work(keys: list[int]) -> None:
        keys += [plan.score_one(form).key() for form in forms]

    threads = [threading.Thread(target=work, args=(keys,)) for keys in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(keys == everyone.keys().tolist() for keys in found)


def test_nothing_of_a_unit_is_kept() -> None:
    plan = two()
    inputs = {"a.a": 9, "a.b": 10, "b": 4.5}
    first = plan.score_one(inputs)
    inputs["a.a"] = 1
    assert (first.points("a"), plan.score_one(inputs).points("a")) == (9.0, 1.0)


def test_a_compiled_scheme_travels() -> None:
    plan = two()
    plan.score_one({"a.a": 9, "a.b": 10, "b": 4.5})
    other = pickle.loads(pickle.dumps(plan))  # noqa: S301 - what was written here
    assert other.score_one({"a.a": 9, "a.b": 10, "b": 4.5}).published() == "13.50"


def test_a_word_that_is_no_sign_and_a_thing_that_is_no_reference_are_told() -> None:
    plan = compile_scheme("dong-thap-1397/2022-district")
    with pytest.raises(WrongUse, match="U161 'dot' is no sign before decimals"):
        plan.score_one({}, decimal="dot")  # type: ignore[arg-type]
    made = alone(value("x", 1))
    cells = table_from_columns(made, {"unit": ["a"], "x": [1]})
    asked: tuple[Callable[[Any], object], ...] = (plan.single, lambda one: score(made, cells, reference=one))
    for ask in asked:
        with pytest.raises(WrongUse, match="U332 int is no reference"):
            ask(5)
