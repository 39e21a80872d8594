"""Uncertainty against scipy, and against results that are scored again one by one."""

from __future__ import annotations

import json
import math
import re
import shlex
from collections.abc import Sequence
from fractions import Fraction as Q
from itertools import combinations
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import scipy.stats
from attrs import evolve
from made import assessed, group, leaf, rule, scheme
from test_uncertainty_brute import VARIED, five, scored
from test_uncertainty_laws import EXAMPLES, result_of

import ictindex
from ictindex.analysis.uncertainty import effects, ranks
from ictindex.analysis.uncertainty.answer import Uncertainty
from ictindex.analysis.uncertainty.assumptions import Assumptions
from ictindex.analysis.uncertainty.draws import Draws
from ictindex.analysis.uncertainty.headings import shares_of
from ictindex.analysis.uncertainty.reversing import changes
from ictindex.analysis.uncertainty.simulation import Simulation
from ictindex.assembling import table_from_columns
from ictindex.compiling import compile_scheme
from ictindex.editing import taken
from ictindex.engine import run
from ictindex.errors import UnknownName, WrongUse
from ictindex.model import TOTAL
from ictindex.plugins import vocabulary
from ictindex.questions import answer_schema, uncertainty
from ictindex.ranking import rank
from ictindex.result import Result

DAK_LAK = next(path for path in EXAMPLES if path.name.startswith("2018-department"))


# --- weights ---------------------------------------------------------------------------------------------------------


def test_weights_are_drawn_around_those_of_the_scheme() -> None:
    shares, size = np.array([0.5, 0.3, 0.2]), 20_000
    drawn = Draws(3, 0, size).weights(0, shares, 50.0)
    assert np.allclose(drawn.sum(axis=1), 1) and (drawn >= 0).all()
    assert np.allclose(drawn.mean(axis=0), shares, atol=0.005)
    assert np.allclose(drawn.std(axis=0), np.sqrt(shares * (1 - shares) / 51), rtol=0.03)  # as the handbook says
    equal = Draws(3, 0, size).weights(0, np.full(8, 1 / 8), Assumptions(weights=0.2).concentration_of(8))
    assert np.allclose(equal.std(axis=0) * 8, 0.2, rtol=0.03)


def test_the_weights_of_a_sum_are_its_maxima() -> None:
    result = scored(
        scheme(group(TOTAL, 60, assessed("a", 10), assessed("b", 20), assessed("c", 30))),
        a=[5, 9],
        b=[10, 5],
        c=[12, 25],
    )
    simulation = Simulation.of(result, TOTAL, Assumptions(), 1)
    (heading,) = simulation.headings
    assert np.allclose(shares_of(heading), [1 / 6, 1 / 3, 1 / 2])
    shares = Draws(1, 0, 4).weights(0, shares_of(heading), simulation.assumptions.concentration_of(3))
    points = simulation._evaluation((0, 0, 0), {0: shares}, None, 4).state(0).points
    earned = np.array([[5 / 10, 9 / 10], [10 / 20, 5 / 20], [12 / 30, 25 / 30]])
    assert np.allclose(points, 60 * shares @ earned[:, simulation.order])


def test_bonuses_and_caps_are_those_of_the_scheme() -> None:
    rows = (assessed("a", 10), assessed("b", 20), assessed("c", 10, role="bonus"), assessed("d", 5, role="deduct"))
    result = scored(scheme(group(TOTAL, 30, *rows)), a=[5, 10, 1], b=[10, 18, 0], c=[1, 10, 0], d=[0, 0, 5])
    shares = Draws(1, 0, 6).weights(0, np.array([1 / 3, 2 / 3]), 10.0)
    simulation = Simulation.of(result, TOTAL, Assumptions(), 1)
    points = simulation._evaluation((0, 0, 0), {0: shares}, None, 6).state(0).points[:, np.argsort(simulation.order)]
    raw = 30 * shares @ [[0.5, 1.0, 0.1], [0.5, 0.9, 0.0]] + [1, 10, -5]
    assert np.allclose(points, np.clip(raw, 0, 30)) and (raw > 30).any() and (raw < 0).any()


# --- ranks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ties", ["competition", "dense", "ordinal", "average"])
@pytest.mark.parametrize("width", [3, 200, 100_000, 2**40])
def test_ranks_are_those_of_the_ranking(ties: Any, width: int) -> None:
    random = np.random.default_rng(width)
    keys = random.integers(-width, width, size=(20, 31)) // (width // 3 if width > 1000 else 1) * (width // 300 + 1)
    labels = tuple(f"u{at % 7}{at}" for at in range(31))
    pools = (slice(0, 12), slice(12, 30))  # the last unit is never ranked
    score = ranks.Score(1.0, 1.0, 0.0, True)
    ranker = ranks.Ranker(ties, labels, pools)
    found = ranker.ranks([ranks.Scored(score, keys.astype(float))]) / ranker.times
    chained = ranker.ranks([ranks.Scored(score, keys.astype(float) // 2), ranks.Scored(score, -keys.astype(float))])
    assert not found[:, 30].any()
    for draw in range(20):
        for pool in pools:
            own, named = keys[draw, pool], labels[pool]
            assert found[draw, pool].tolist() == rank([own], ties, named).tolist()
            assert (chained[draw, pool] / ranker.times).tolist() == rank([own // 2, -own], ties, named).tolist()


def test_scores_that_are_equal_on_paper_tie() -> None:
    exact = ranks.Score(100.0, 1.0, 0.5, False)
    thirds = np.array([[0.1 + 0.2, 0.3, 0.30001, 0.7, 0.1 * 7]])
    ranker = ranks.Ranker("competition", tuple("abcde"), (slice(0, 5),))
    assert ranker.ranks([ranks.Scored(exact, thirds)]).tolist() == [[4, 4, 3, 1, 1]]
    published = ranks.Score(100.0, 1.0, 0.5, True)
    assert published.keys(np.array([[0.285, 0.575, 1.005, 2.675]])).tolist() == [[29, 58, 101, 268]]


# --- Sobol' effects --------------------------------------------------------------------------------------------------


def ishigami(x: Any) -> Any:
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def test_effects_are_those_of_scipy_on_the_ishigami_function() -> None:
    random = np.random.default_rng(5)
    a, b = random.uniform(-np.pi, np.pi, (2, 3, 2**14))
    mixed = np.array([ishigami(np.where(np.arange(3)[:, None] == factor, b, a)) for factor in range(3)])
    first, total = effects.sobol_effects(ishigami(a), ishigami(b), mixed)
    samples = {"f_A": ishigami(a)[None], "f_B": ishigami(b)[None], "f_AB": mixed[:, None]}
    theirs = scipy.stats.sobol_indices(func=samples, n=2**14)
    assert np.allclose(first, theirs.first_order.ravel(), rtol=1e-9, atol=1e-12)
    assert np.allclose(total, theirs.total_order.ravel(), rtol=1e-9, atol=1e-12)
    assert np.allclose(first, [0.3139, 0.4424, 0], atol=0.03) and np.allclose(
        total, [0.5576, 0.4424, 0.2437], atol=0.03
    )
    ends = effects.intervals(ishigami(a), ishigami(b), mixed, 1)
    assert (ends[:, 0] < [first, total]).all() and (ends[:, 1] > [first, total]).all()


def test_effects_of_the_draws_are_those_of_draws_made_one_by_one() -> None:
    result, size = five(), 100
    answer = uncertainty(
        result, assumptions=VARIED, draws=20, seed=4, effect_draws=size, unit="u1", leave_one_out=False, reversals=False
    )
    simulation = Simulation.of(result, TOTAL, VARIED, 4)

    def of(other: frozenset[Any]) -> Any:
        parts = [
            simulation.tally(Draws(4, block, count, other=other), slice(None)) for block, count in ((0, 64), (1, 36))
        ]
        ranked = [part.ranks[:, simulation.order.tolist().index(1)] for part in parts]
        return np.concatenate(ranked), np.concatenate([part.moved for part in parts]) / 5

    factors = simulation.factors
    numbers = [of(frozenset()), of(frozenset(factors)), *(of(frozenset({one})) for one in factors)]
    for place, on in enumerate(("u1", "shift")):
        a, b, *mixed = (one[place].astype(float) for one in numbers)
        first, total = effects.sobol_effects(a, b, np.array(mixed))
        told = [effect for effect in answer.effects if effect.on == on]
        assert np.allclose([effect.first for effect in told], first) and np.allclose(
            [effect.total for effect in told], total
        )
    assert not (numbers[0][1] == numbers[1][1]).all()


def test_what_never_varies_has_no_effects() -> None:
    columns = {"a": [9, 1, 1], "b": [9, 1, 1]}
    result = scored(scheme(group(TOTAL, 20, assessed("a", 10), assessed("b", 10))), **columns)
    assumptions = Assumptions(aggregation=("scheme", "geometric"))
    answer = uncertainty(result, assumptions=assumptions, draws=30, effect_draws=30, unit="u0")
    assert {effect.first for effect in answer.effects} == {None} and "It never changes" in answer.told()


# --- one indicator left out, one unit removed ------------------------------------------------------------------------


def test_leaving_an_indicator_out_is_a_scheme_without_it() -> None:
    columns = {"a": [5, 9, 2], "b": [10, 5, 12], "c": [12, 20, 28]}
    rows = {"a": assessed("a", 10), "b": assessed("b", Q(61, 3)), "c": assessed("c", Q(89, 3))}
    result = scored(scheme(group(TOTAL, 60, *rows.values())), **columns)
    answer = uncertainty(result, draws=10, effect_draws=0, reversals=False)
    assert {one.code for one in answer.leave_one_out} == {"a", "b", "c"}
    for one in answer.leave_one_out:
        kept = [row for code, row in rows.items() if code != one.code]
        other = scored(
            scheme(group(TOTAL, sum(row.max for row in kept), *kept)), **{row.code: columns[row.code] for row in kept}
        )
        shifts = np.abs(other.ranks() - result.ranks())
        assert (one.shift, one.most) == (shifts.mean(), shifts.max())
        assert one.becomes == other.ranks()[result.position(one.unit)]
    assert [one.shift for one in answer.leave_one_out] == sorted(
        (one.shift for one in answer.leave_one_out), reverse=True
    )


def test_the_only_indicator_cannot_be_left_out() -> None:
    result = scored(scheme(group(TOTAL, 10, assessed("a", 10))), a=[5, 9])
    assert uncertainty(result, draws=10).leave_one_out == ()


def turned(result: Result, other: Result, kept: Sequence[str]) -> set[frozenset[str]]:
    before, after = ({unit: one.ranks()[one.position(unit)] for unit in kept} for one in (result, other))
    pairs = combinations(kept, 2)
    return {frozenset((a, b)) for a, b in pairs if (before[a] - before[b]) * (after[a] - after[b]) < 0}


@pytest.mark.parametrize(("how", "seed"), [("min-max", 3), ("z-score", 3), ("of-best", 5)])
def test_reversals_are_those_of_scoring_every_change_again(how: str, seed: int) -> None:
    rows = [
        leaf(code, 1, rule("value", input=code), scale=rule(how), weight=Q(weight))
        for code, weight in (("a", 2), ("b", 3), ("c", 3))
    ]
    made = scheme(group(TOTAL, 1, *rows, combine="mean"))
    random = np.random.default_rng(seed)
    columns = {code: [int(one) for one in random.integers(1, 40, 9)] for code in "abc"}
    result = scored(made, **columns)
    found, units, pairs = uncertainty(result, draws=10, effect_draws=0, leave_one_out=False).reversals, set(), 0
    assert found is not None and found.possible
    for unit in range(9):
        others = [at for at in range(9) if at != unit]
        kept = [result.units[at] for at in others]
        removed = run(result.plan, taken(result.table, others))
        doubled = run(result.plan, taken(result.table, [*range(9), unit], [*result.units, "again"]))
        count = len(turned(result, removed, kept)) + len(turned(result, doubled, kept))
        pairs, units = pairs + count, units | ({unit} if count else set())
    assert (found.pairs, found.units) == (pairs, len(units)) and pairs
    assert len(changes(result, TOTAL)) == (18 if how == "z-score" else found.changes) and found.checked == found.changes


def test_where_points_depend_on_nobody_else_no_order_changes() -> None:
    for path in EXAMPLES:
        result = result_of(path)
        if result.plan.relative or result.settled.merge is not None:
            continue
        answer = uncertainty(result, draws=5, effect_draws=0, leave_one_out=False).reversals
        assert answer is not None and not answer.possible and not answer.pairs
        for unit in range(min(4, len(result.units))):
            others = np.delete(np.arange(len(result.units)), unit)
            removed = run(result.plan, taken(result.table, others))
            assert not turned(result, removed, [result.units[at] for at in others])


# --- the answer ------------------------------------------------------------------------------------------------------


def test_the_page_begins_with_the_verdict() -> None:
    answer = uncertainty(result_of(DAK_LAK), draws=200, effect_draws=32)
    told = answer.told()
    assert f"In 95 % of the draws, at least {answer.stability.kept_sure} of the first 7 stay among the first 7." in told
    for title in (
        "Ranks over 200 draws",
        "Without one indicator",
        "What matters most",
        "When one unit comes or goes",
        "What was varied",
    ):
        assert f"\n{title}\n" in told
    assert "assumption of this analysis, not of the decision" in told.replace("\n", " ")
    assert answer.markdown("vi").startswith("# ")
    jsonschema.validate(json.loads(json.dumps(answer.to_dict())), answer_schema("uncertainty"))
    columns = answer.to_columns()
    assert set(map(len, columns.values())) == {19} and "level Tốt" in columns
    for one in answer.units:
        assert math.isclose(sum(one.levels.values()), 1) and one.low <= one.median <= one.high


def test_units_without_a_rank_are_told_and_not_drawn() -> None:
    made = scheme(group(TOTAL, 20, assessed("a", 10, missing="rescale"), assessed("b", 10, missing="rescale")))
    answer = uncertainty(scored(made, a=[5, 9, None, 7], b=[10, 5, None, 6]), draws=20)
    assert [unit.rank for unit in answer.units] == [1, 2, 3, None]
    assert (answer.units[3].mean, answer.units[3].low, answer.units[3].top) == (None, None, None)


def test_a_unit_that_has_no_score_in_a_draw_is_last() -> None:
    made = scheme(group(TOTAL, 20, assessed("a", 10, missing="zero"), assessed("b", 10, missing="zero")))
    result = scored(made, a=[5, 9, None], b=[10, 5, None])
    answer = uncertainty(result, assumptions=Assumptions(weights=0, missing=("left-out",)), draws=4)
    assert answer.units[2].low == 4 and answer.units[0].low == 1


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("U270", {"assumptions": {"weights": 0.6}}),
        ("U270", {"assumptions": {"noise": math.nan}}),
        ("U271", {"assumptions": {"concentration": 0}}),
        ("U271", {"assumptions": {"concentration": 1e-10}}),
        ("U272", {"assumptions": {"missing": ("nothing",)}}),
        ("U272", {"assumptions": {"aggregation": ()}}),
        ("U273", {"code": "none"}),
        ("U275", {"draws": 0}),
        ("U275", {"seed": -1}),
        ("U276", {"unit": "u2"}),
    ],
)
def test_what_cannot_be_meant_is_said(code: str, options: dict[str, Any]) -> None:
    rows = (assessed("a", 10, missing="rescale"), assessed("none", 0, missing="zero"))
    result = scored(scheme(group(TOTAL, 10, *rows)), a=[5, 9, None], none=[1, 1, 1])
    assumed = options.pop("assumptions", {})
    with pytest.raises(WrongUse) as raised:
        uncertainty(result, assumptions=Assumptions(**assumed), **options)
    assert raised.value.problems[0].code == code and raised.value.problems[0].hint


def test_nobody_to_rank_and_unknown_names_are_said() -> None:
    made = scheme(group(TOTAL, 10, assessed("a", 10, missing="rescale")))
    with pytest.raises(WrongUse, match="no unit is ranked"):
        uncertainty(scored(made, a=[None, None]))
    for options in ({"code": "x"}, {"unit": "nobody"}):
        with pytest.raises(UnknownName):
            uncertainty(scored(made, a=[1, 2]), **options)


def test_units_that_are_means_of_rows_are_refused() -> None:
    made = evolve(scheme(group(TOTAL, 10, assessed("a", 10))), merged="mean-of-rows")
    table = table_from_columns(made, {"unit": ["u", "u", "v"], "a": [1, 2, 3]})
    with pytest.raises(WrongUse, match="means of several rows"):
        uncertainty(run(compile_scheme(made, vocabulary()), table))


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command(run: Any) -> None:
    told = run(
        "robustness",
        "dak-lak-366/2018-department",
        DAK_LAK,
        "--draws",
        "50",
        "--effects",
        "16",
        "--vary",
        "aggregation",
        "--noise",
        "2,5%",
        "--workers",
        "2",
        "--format",
        "json",
        "--no-doubts",
    )
    assert told.code == 0
    found = json.loads(told.out)
    assert found["draws"] == 50 and {one["source"] for one in found["varied"]} == {"weights", "aggregation", "noise"}
    again = ictindex.uncertainty(
        result_of(DAK_LAK),
        assumptions=ictindex.assumptions(noise=0.025, vary=("aggregation",)),
        draws=50,
        effect_draws=16,
    )
    assert isinstance(again, Uncertainty)
    assert json.loads(json.dumps(again.to_dict())) | {"receipt": None, "notes": None} == found | {
        "receipt": None,
        "notes": None,
    }


def test_where_nothing_can_be_varied_no_certainty_is_claimed(run: Any) -> None:
    hue = DAK_LAK.parent.parent / "hue-1784" / "2020-district.example.csv"
    told = run("robustness", "hue-1784/2020-district", hue, "--no-doubts", "--draws", "50")
    said = " ".join(told.out.split())
    assert told.code == 0 and "Nothing could be varied here" in said and "`--noise 2`" in said
    assert "100 %" not in said and "In 95 % of the draws" not in said
    assert "about A Điều kiện sẵn sàng. About B Kết quả Chính quyền điện tử: --total B." in said
    noisy = run(
        "robustness", "hue-1784/2020-district", hue, "--no-doubts", "--draws", "50", "--noise", "2", "--total", "B"
    )
    assert "In 95 % of the draws" in noisy.out and "--total A." in noisy.out


def test_what_matters_most_is_said_in_a_sentence() -> None:
    told = " ".join(
        ictindex.uncertainty(
            result_of(DAK_LAK), assumptions=ictindex.assumptions(noise=0.001), draws=64, effect_draws=64
        )
        .told()
        .split()
    )
    assert "What matters most: weights of the top rows" in told and "one of average size by about 20 %" in told
    assert told.index("What matters most:") < told.index("On how far ranks move:")


@pytest.mark.parametrize(
    ("options", "code"), [(["--weights", "much"], "U277"), (["--vary", "units"], "U278"), (["--weights", "70"], "U270")]
)
def test_wrong_options_end_with_what_to_do(run: Any, options: list[str], code: str) -> None:
    told = run("robustness", "dak-lak-366/2018-department", DAK_LAK, "--no-doubts", *options)
    assert told.code == 2 and code in told.err and ("choose" in told.err or "write" in told.err)


def test_the_guide_shows_what_is_printed(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Word for word; numpy may draw other numbers in another version."""
    top = Path(__file__).parent.parent
    monkeypatch.chdir(top)
    command, shown = re.findall(
        r"```console\n\$ ictindex (.*?)\n(.*?)```", (top / "docs/robustness.md").read_text("utf-8"), re.DOTALL
    )[0]
    told = run(*shlex.split(command))
    assert told.code == 0
    printed, rest = words(told.out), 0
    for part in shown.split("…\n"):
        found = words(part)
        places = [at for at in range(rest, len(printed) - len(found) + 1) if printed[at : at + len(found)] == found]
        assert places
        rest = places[0] + len(found)


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)
