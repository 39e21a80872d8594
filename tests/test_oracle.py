"""The oracle against sums done by hand: published figures, and each rule once."""

from __future__ import annotations

from fractions import Fraction as Q
from typing import Any

import pytest
from attrs import evolve
from made import INDEX, alone, assessed, group, leaf, points, ratio, rule, scheme, table, totals, value
from oracle import NA, Refused, score

from ictindex.model import (
    TOTAL,
    Case,
    Evidence,
    Level,
    Levels,
    Pool,
    Pools,
    Publication,
    Quantity,
    RankRule,
    Row,
    Rule,
)

# --- published figures ---------------------------------------------------------------------------------------------


def test_hue_converts_points_that_do_not_apply() -> None:
    cuts = Levels((Level("I", Q("0.9")), Level("II", Q("0.8")), Level("III", Q("0.65")), Level("IV", Q(0))))
    made = totals(assessed("A", 50, levels=cuts), assessed("B", 100, levels=cuts), not_applicable="rescale")
    city, nam_dong = score(
        made,
        table(
            {"A": 42.63, "A.excluded": 2, "B": 80},
            {"A": 50, "B": 78.53, "B.excluded": 8},
        ),
    )
    assert city.points["A"] == Q("42.63") * 50 / 48
    assert (city.published["A"], city.level["A"], city.rank["A"]) == ("44.41", "II", 2)
    assert (nam_dong.published["B"], nam_dong.level["B"], nam_dong.rank["B"]) == ("85.36", "II", 1)
    assert city.points[TOTAL] is None


def test_dong_thap_group_1() -> None:
    cases = (Case("a", "", Q(10)), Case("b", "", Q(5)), Case("c", "", Q(0)))
    checks = (Case("1.2.a", "", Q(5)), Case("1.2.b", "", Q(5)))
    made = scheme(
        group(
            TOTAL,
            30,
            leaf("1.1", 10, rule("choice", input="1.1", cases=cases)),
            leaf("1.2", 10, rule("checks", cases=checks), "1.2.a", "1.2.b"),
            ratio("1.3", 10),
        )
    )
    (one,) = score(made, table({"1.1": 1, "1.2.a": 1, "1.2.b": 0, "1.3.a": 3, "1.3.b": 5}))
    assert [one.points[code] for code in ("1.1", "1.2", "1.3", TOTAL)] == [5, 5, 6, 16]


def test_da_nang_2022_from_given_indexes() -> None:
    maxima = {"1": 100, "2": 100, "3": 100, "4": 100, "5": 100, "6": 0, "7": 200, "8": 150, "9": 150}
    rows = [assessed(code, top, publish=INDEX) for code, top in maxima.items()]
    made = scheme(group(TOTAL, 1000, *rows, publish=INDEX))
    given = {"1": "1", "2": ".9", "3": ".8253", "4": ".8487", "5": ".7578", "7": ".8575", "8": ".7836", "9": ".5197"}
    (one,) = score(made, table({**given, "6": None}))
    assert one.published[TOTAL] == "0.8002"
    assert (one.points["6"], one.published["6"]) == (0, None)


def test_competition_ranks_17_17_19() -> None:
    made = scheme(group(TOTAL, 1, value("1"), publish=INDEX))
    rows = table(*({"1": Q(40 - at, 100)} for at in range(16)), {"1": ".2"}, {"1": ".2"}, {"1": ".1"})
    assert [int(one.rank[TOTAL] or 0) for one in score(made, rows)][-3:] == [17, 17, 19]


def test_a_tenth_and_two_tenths_tie_with_three_tenths() -> None:
    made = scheme(group(TOTAL, 2, value("1"), value("2"), rank=RankRule(on="exact")))
    first, second = score(made, table({"1": ".1", "2": ".2"}, {"1": ".3", "2": 0}))
    assert first.points[TOTAL] == second.points[TOTAL]
    assert (first.rank[TOTAL], second.rank[TOTAL]) == (1, 1)


# --- measures and scales -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "cells", "expected"),
    [
        (value("1", 10), {"1": 12}, 10),
        (value("1", 10), {"1": -2}, 0),
        (leaf("1", 7, rule("yes-no", input="1")), {"1": 1}, 7),
        (assessed("1", 6, publish=Publication("percent")), {"1": 25}, Q(3, 2)),
        (leaf("1", 4, rule("all-of", inputs=("x", "y")), "x", "y"), {"x": 1, "y": 0}, 0),
        (leaf("1", 4, rule("all-of", inputs=("x", "y")), "x", "y"), {"x": 1, "y": 1}, 4),
        (ratio("1", 20), {"1.a": 3, "1.b": 2}, 20),
        (ratio("1", 20, per=Q(1, 2)), {"1.a": 1, "1.b": 3}, Q(10, 3)),
        (ratio("1", 20, floor=Q(1, 2)), {"1.a": 1, "1.b": 3}, 0),
        (ratio("1", 20, floor=Q(1, 2)), {"1.a": 1, "1.b": 2}, 10),
        (ratio("1", 20, if_none="zero"), {"1.a": 1, "1.b": 0}, 0),
        (ratio("1", 20, if_none="full"), {"1.a": 1, "1.b": 0}, 20),
        (ratio("1", 10, b=Quantity((), Q(12))), {"1.a": 3}, Q(5, 2)),
        (
            ratio("1", 10, b=Quantity((("x", Q(1)), ("y", Q(1, 2))))),
            {"1.a": 1, "x": 1, "y": 6},
            Q(5, 2),
        ),
    ],
)
def test_measures_without_a_scale(row: Row, cells: dict[str, Any], expected: Q) -> None:
    assert points(alone(row), cells) == expected


STEPS = rule("steps", table=((Q(4), Q(20)), (Q(3), Q(15)), (Q(1), Q(5))))
DAYS = rule("steps-down", table=((Q(3), Q(20)), (Q(5), Q(10))))
LOG = rule("goalposts", start=Q(10), end=Q(1000), log=True)


@pytest.mark.parametrize(
    ("scale", "cell", "expected"),
    [
        (STEPS, 9, 20),
        (STEPS, 3, 15),
        (STEPS, "2.9", 5),
        (STEPS, "0.9", 0),
        (DAYS, 3, 20),
        (DAYS, "3.1", 10),
        (DAYS, 6, 0),
        (rule("each", points=Q(3)), 2, 6),
        (rule("each", points=Q(3)), 7, 20),
        (rule("goalposts", start=Q(30), end=Q(10), log=False), 15, 15),
        (rule("goalposts", start=Q(0), end=Q(10), log=False), 12, 20),
        (LOG, 100, 10),
        (LOG, 0, 0),
        (LOG, 1000, 20),
    ],
)
def test_scales_that_look_at_no_other_unit(scale: Rule, cell: Any, expected: Q) -> None:
    assert points(alone(value("1", 20, scale=scale)), {"1": cell}) == expected


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("min-max", (1, 2, 5), (0, Q(5, 2), 10)),
        ("min-max", (3, 3), (5, 5)),
        ("z-score", (1, 3), (-10, 10)),
        ("z-score", (3, 3), (0, 0)),
        ("of-best", (1, 2, 4), (Q(5, 2), 5, 10)),
        ("of-best", (0, -1), (0, 0)),
    ],
)
def test_scales_that_look_at_the_pool(name: str, cells: tuple[int, ...], expected: tuple[Q, ...]) -> None:
    made = alone(value("1", 10, scale=rule(name, over="pool")))
    assert tuple(one.points["1"] for one in score(made, table(*({"1": cell} for cell in cells)))) == expected


def test_a_pool_is_fitted_and_ranked_by_itself() -> None:
    pools = Pools("kind", (Pool("a", "a"), Pool("b", "b", ranked=False)))
    made = evolve(alone(value("1", 10, scale=rule("min-max", over="pool"))), pools=pools)
    rows = table({"1": 1, "kind": "a"}, {"1": 3, "kind": "a"}, {"1": 5, "kind": "b"}, {"1": 9, "kind": "b"})
    assert [one.points["1"] for one in score(made, rows)] == [0, 10, 0, 10]
    assert [one.rank[TOTAL] for one in score(made, rows)] == [2, 1, None, None]
    whole = evolve(alone(value("1", 10, scale=rule("min-max", over="all"))), pools=pools)
    assert [one.points["1"] for one in score(whole, rows)] == [0, Q(5, 2), 5, 10]


def test_a_heading_scales_its_composite() -> None:
    rows = [value(code, scale=rule("z-score", over="all")) for code in ("1", "2")]
    made = scheme(group(TOTAL, 1, *rows, combine="mean", scale=rule("min-max", over="all")))
    cells = table({"1": 1, "2": 2}, {"1": 2, "2": 3}, {"1": 3, "2": 4})
    assert [one.points[TOTAL] for one in score(made, cells)] == [0, Q(1, 2), 1]


# --- aggregations --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("combine", "expected"),
    [("sum", 24), ("capped", 20), ("mean", Q(20 * 13, 15)), ("best", 16), ("least", 8)],
)
def test_aggregations(combine: str, expected: Q) -> None:
    rows = value("1", 20, weight=Q(1)), value("2", 8, weight=Q(1, 2))
    made = scheme(group(TOTAL, 28 if combine == "sum" else 20, *rows, combine=combine))
    assert points(made, {"1": 16, "2": 8}) == expected


def test_geometric_mean_is_exact_where_the_root_is() -> None:
    made = scheme(group(TOTAL, 10, value("1"), value("2", weight=Q(1)), combine="geometric"))
    assert points(made, {"1": ".9", "2": ".4"}) == 6
    assert points(made, {"1": ".9", "2": 0}) == 0


def test_a_bonus_lifts_up_to_the_maximum_and_a_deduction_down_to_zero() -> None:
    rows = value("1", 10), value("2", 3, role="bonus"), value("3", 5, role="deduct")
    made = scheme(group(TOTAL, 10, *rows))
    assert points(made, {"1": 5, "2": 2, "3": 1}) == 6
    assert points(made, {"1": 9, "2": 3, "3": 0}) == 10
    assert points(made, {"1": 2, "2": 0, "3": 5}) == 0


# --- absent cells --------------------------------------------------------------------------------------------------


def test_absent_is_refused_where_nothing_is_stated() -> None:
    for cell in (None, NA):
        with pytest.raises(Refused):
            points(alone(value("1", 10)), {"1": cell})
    with pytest.raises(Refused):
        points(alone(ratio("1", 10)), {"1.a": 0, "1.b": 0})
    with pytest.raises(Refused):
        points(alone(ratio("1", 10, over="refuse")), {"1.a": 2, "1.b": 1})


def test_the_nearest_statement_decides_and_missing_wins() -> None:
    made = scheme(
        group(TOTAL, 20, value("1", 10, missing="zero"), value("2", 10), missing="refuse", not_applicable="zero")
    )
    assert points(made, {"1": None, "2": NA}) == 0
    two = scheme(group(TOTAL, 1, ratio("1", 1), missing="zero", not_applicable="refuse"))
    assert points(two, {"1.a": None, "1.b": NA}) == 0


def test_left_out_points_are_converted_back_at_the_heading_that_says_so() -> None:
    inner = group("A", 50, value("A.1", 2), value("A.2", 48))
    outer = value("B", 50)
    at_total = scheme(group(TOTAL, 100, inner, outer, not_applicable="rescale"))
    cells = {"A.1": NA, "A.2": 24, "B": 25}
    (one,) = score(at_total, table(cells))
    assert (one.points["A.1"], one.points["A"], one.points[TOTAL]) == (None, 24, Q(4900, 98))
    inside = scheme(group(TOTAL, 100, evolve(inner, not_applicable="rescale"), outer))
    (one,) = score(inside, table(cells))
    assert (one.points["A"], one.points[TOTAL]) == (25, 50)


def test_a_heading_with_everything_left_out_is_left_out() -> None:
    made = scheme(group(TOTAL, 20, group("A", 10, value("A.1", 10)), value("B", 10), missing="rescale"))
    (one,) = score(made, table({"A.1": None, "B": 4}))
    assert (one.points["A"], one.points[TOTAL]) == (None, 8)
    (one,) = score(made, table({"A.1": None, "B": None}))
    assert (one.points[TOTAL], one.published[TOTAL], one.rank[TOTAL]) == (None, None, None)


def test_a_mean_leaves_out_and_renormalises() -> None:
    pending = group("A", 10, value("A.1", 4), value("A.2", 6))
    made = scheme(group(TOTAL, 1, pending, value("B", weight=Q(3)), value("C"), combine="mean", missing="rescale"))
    assert points(made, {"A.1": None, "A.2": 3, "B": ".1", "C": None}) == (Q(1, 2) + Q(3, 10)) / 4


def test_capped_reaches_what_is_left() -> None:
    made = scheme(group(TOTAL, 60, value("1", 35), value("2", 40), combine="capped", missing="rescale"))
    assert points(made, {"1": None, "2": 20}) == 30
    assert points(made, {"1": 35, "2": 40}) == 60


def test_informational_rows_never_refuse() -> None:
    made = scheme(group(TOTAL, 10, value("1", 10), value("2", 0), ratio("3", 0)))
    assert points(made, {"1": 7, "2": None, "3.a": 1, "3.b": 0}) == 7


# --- given scores, evidence, merged units --------------------------------------------------------------------------


def test_a_given_score_replaces_what_is_beneath() -> None:
    made = scheme(group(TOTAL, 20, group("A", 10, value("A.1", 10), publish=INDEX), value("B", 10)))
    (one,) = score(made, table({"A.score": ".5", "B": 3}))
    assert (one.points["A"], one.points["A.1"], one.points[TOTAL]) == (5, None, 8)


@pytest.mark.parametrize(("without", "expected"), [("zero", 0), ("flag", 10)])
def test_evidence(without: Any, expected: int) -> None:
    made = alone(value("1", 10, evidence=Evidence("số, ngày", without=without)))
    assert points(made, {"1": 10}) == expected
    assert points(made, {"1": 10, "1.evidence": True}) == 10


def test_evidence_refused() -> None:
    with pytest.raises(Refused):
        points(alone(value("1", 10, evidence=Evidence("số, ngày", without="refuse"))), {"1": 10})


def test_merged_units() -> None:
    made = alone(ratio("1", 10))
    rows = [{"unit": "x", "1.a": Q(1), "1.b": Q(2)}, {"unit": "x", "1.a": Q(1), "1.b": Q(1)}]
    assert score(evolve(made, merged="mean-of-rows"), rows)[0].points[TOTAL] == Q(15, 2)
    assert score(evolve(made, merged="sum-of-inputs"), rows)[0].points[TOTAL] == Q(20, 3)
    with pytest.raises(Refused):
        score(made, rows)


# --- published numbers, ranks and levels ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("publish", "cell", "expected"),
    [
        (Publication("points", 2), "1.005", "1.01"),
        (Publication("points", 2, "cut"), "1.009", "1.00"),
        (Publication("points", 0), "2.5", "3"),
        (Publication("index", 4), 5, "0.6250"),
        (Publication("percent", 1), 5, "62.5"),
    ],
)
def test_published(publish: Publication, cell: Any, expected: str) -> None:
    (one,) = score(alone(value("1", 8), publish=publish), table({"1": cell}))
    assert one.published[TOTAL] == expected


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        ("competition", (2, 1, 2, 4)),
        ("dense", (2, 1, 2, 3)),
        ("ordinal", (2, 1, 3, 4)),
        ("average", (Q(5, 2), 1, Q(5, 2), 4)),
    ],
)
def test_tie_rules(ties: Any, expected: tuple[Q, ...]) -> None:
    made = alone(value("1", 10), rank=RankRule(ties))
    rows = table({"1": 5}, {"1": 9}, {"1": 5}, {"1": 1})
    assert tuple(one.rank[TOTAL] for one in score(made, rows)) == expected


def test_a_chain_breaks_ties_in_order() -> None:
    rows = value("1", 10), value("2", 10)
    made = scheme(group(TOTAL, 20, *rows, rank=RankRule(then=("2",))))
    cells = table({"1": 5, "2": 4}, {"1": 4, "2": 5}, {"1": 4, "2": 5})
    assert [one.rank[TOTAL] for one in score(made, cells)] == [3, 1, 1]


def test_scores_that_print_alike_tie_only_when_ranked_as_published() -> None:
    cells = table({"1": "1.001"}, {"1": "1.002"})
    published, exact = (alone(value("1", 10), rank=RankRule(on=on)) for on in ("published", "exact"))
    assert [one.rank[TOTAL] for one in score(published, cells)] == [1, 1]
    assert [one.rank[TOTAL] for one in score(exact, cells)] == [2, 1]


BANDS = (Level("good", Q(85), Q(100), of_max=False), Level("fair", Q(70), Q(84), of_max=False))


@pytest.mark.parametrize(
    ("between", "cell", "expected"),
    [
        ("lower", "84.5", "fair"),
        ("upper", "84.5", "good"),
        ("upper", 84, "fair"),
        ("round", "84.5", "good"),
        ("round", "84.4", "fair"),
        ("lower", 69, None),
    ],
)
def test_printed_bands(between: Any, cell: Any, expected: str | None) -> None:
    (one,) = score(alone(value("1", 100), levels=Levels(BANDS, between)), table({"1": cell}))
    assert one.level[TOTAL] == expected


@pytest.mark.parametrize("publish", [Publication("points"), INDEX, Publication("percent")])
def test_bands_on_shares_of_the_maximum_and_gates(publish: Publication) -> None:
    levels = Levels((Level("I", Q("0.9"), only_if=(("2", Q(5)),)), Level("II", Q("0.7")), Level("III", Q(0))))
    made = scheme(group(TOTAL, 20, value("1", 10), value("2", 10), levels=levels, publish=publish))
    cells = table({"1": 10, "2": 8}, {"1": 10, "2": 4}, {"1": 6, "2": 0})
    assert [one.level[TOTAL] for one in score(made, cells)] == ["I", "II", "III"]
    gated = evolve(levels, levels=(evolve(levels.levels[0], only_if=(("2", Q(9)),)), *levels.levels[1:]))
    stricter = evolve(made, root=evolve(made.root, levels=gated))
    assert score(stricter, cells)[0].level[TOTAL] == "II"
