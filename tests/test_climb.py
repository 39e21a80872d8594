"""Climbing: plans against brute force, ranks against ranking itself, goals by hand, and what is told of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction as Q
from typing import Any

import made
import numpy as np
import pytest
from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from make_communes import communes

from ictindex import Result, climb, compile_scheme, score, table_from_columns
from ictindex.analysis.climbing.answer import Climb
from ictindex.analysis.climbing.climb import climb_of
from ictindex.analysis.climbing.field import Field, Rival
from ictindex.analysis.climbing.fronts import Choice, Fronts
from ictindex.analysis.climbing.goals import Need, goal_of
from ictindex.analysis.climbing.hulls import Hull
from ictindex.analysis.climbing.looks import looks_of
from ictindex.analysis.climbing.moves import offers_of
from ictindex.analysis.climbing.offers import Offer
from ictindex.analysis.climbing.solving import Solution, Solver
from ictindex.analysis.climbing.trees import Branch
from ictindex.analysis.rescoring import rescored
from ictindex.compiling import compile_scheme as compile_with
from ictindex.editing import Edit
from ictindex.engine import run
from ictindex.errors import TableInvalid, WrongUse
from ictindex.model import TOTAL, Group, Level, Levels, RankRule, Rule, Scheme
from ictindex.plan import Leaf, points_per_unit
from ictindex.plugins import vocabulary
from ictindex.ranking import rank
from ictindex.testing.drawing import Tape, tapes
from ictindex.testing.making import SIZE, scheme_from
from ictindex.testing.rows import Wanted, rows_from
from ictindex.testing.written import table_of

LAW = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
FEW = settings(LAW, max_examples=12)
MOST = 250
"""So many sets of moves brute force tries at most."""


def worlds(*, hard: bool = False) -> st.SearchStrategy[Result]:
    """Draw a scheme and score a table; `hard` ones compare units, or have roots in them."""

    def drawn(tape: Tape) -> Result | None:
        scheme = scheme_from(tape, relative=hard, irrational=hard, negative=hard, refusals=False)
        rows = rows_from(compile_scheme(scheme), Wanted(2, 4, given=True, left=True), tape.cut(SIZE))
        try:
            return run(compile_with(scheme, vocabulary()), table_of(scheme, rows))
        except TableInvalid:
            return None

    return tapes(SIZE + 800).map(drawn).filter(lambda one: one is not None).map(lambda one: one)  # type: ignore[arg-type,return-value]


def wishes(draw: Any, result: Result, code: str) -> dict[str, Any]:
    row = result.scheme.row(code)
    whole = row.max / points_per_unit(row)
    some: list[dict[str, Any]] = [{"to_rank": one} for one in (1, 2)] + [{"ranks": one} for one in (1, 2)]
    some += [{"to_score": whole * share} for share in (Q(1, 2), Q(3, 4), Q(1))]
    some += [{"to_level": one.name} for one in ([] if row.levels is None else row.levels.levels)]
    return dict(draw(st.sampled_from(some)), code=code)


def small(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """The first offers, as many as brute force can try."""
    kept: list[Offer] = []
    count = 1
    for one in offers:
        if one.moves and count * (1 + len(one.moves)) <= MOST:
            count *= 1 + len(one.moves)
            kept.append(one)
    return tuple(kept)


def cheapest(solver: Solver, goal: Any) -> tuple[Q, int] | None:
    """The least effort and number of moves of all sets of moves that reach the goal, each scored again."""
    best = None
    for choice in itertools.product(*([None, *range(len(one.moves))] for one in solver.looks.offers)):
        picks = tuple((at, move) for at, move in enumerate(choice) if move is not None)
        cost = (solver.looks.effort(picks), len(picks))
        if best is None or cost < best:
            try:
                reached = goal.met(rescored(solver.result, solver.looks.edits(picks)))
            except TableInvalid:
                continue
            best = cost if reached else best
    return best


def solved(data: Any, result: Result) -> tuple[Solver, Any, Solution, tuple[Q, int] | None]:
    unit = data.draw(st.integers(0, len(result.units) - 1))
    code = data.draw(st.sampled_from([row.code for row in result.totals]))
    try:
        goal = goal_of(result, unit, **wishes(data.draw, result, code))
    except WrongUse as error:
        assert error.problems[0].code in ("U231", "U234", "U235")
        assume(False)
    assume(not goal.met(result))
    offers = small(offers_of(result, unit, 0))
    leaves = [node.place for node in result.plan.nodes if isinstance(node, Leaf)]
    solver = Solver(looks_of(result, unit, offers, leaves))
    return solver, goal, solver.solve(goal), cheapest(solver, goal)


# --- plans against brute force ---------------------------------------------------------------------------------------


@LAW
@given(worlds(), st.data())
def test_the_plan_is_the_least_of_all_sets_of_moves(result: Result, data: Any) -> None:
    solver, goal, found, best = solved(data, result)
    assert found.proven
    if found.picks is None:
        assert best is None
    else:
        assert solver.reaches(goal, found.picks)
        assert (solver.looks.effort(found.picks), len(found.picks)) == best


@FEW
@given(worlds(hard=True), st.data())
def test_where_units_are_compared_a_plan_is_the_least_or_says_that_it_may_not_be(result: Result, data: Any) -> None:
    solver, goal, found, best = solved(data, result)
    if found.picks is not None:
        assert solver.reaches(goal, found.picks) and best is not None
        assert best[0] <= solver.looks.effort(found.picks)
    if found.proven:
        assert (found.picks is None) == (best is None)
        assert best is None or solver.looks.effort(found.picks or ()) == best[0]
    elif best is not None:
        assert found.at_least <= best[0]


@FEW
@given(worlds(), st.data())
def test_a_move_that_is_enough_alone_is_one_and_the_cheapest_of_its_criterion(result: Result, data: Any) -> None:
    solver, goal, _, _ = solved(data, result)
    found = solver.enough(goal, 9)
    for offer, one in enumerate(solver.looks.offers):
        good = [move for move in range(len(one.moves)) if solver.reaches(goal, [(offer, move)])]
        assert [move for at, move in found if at == offer] == good[:1]


@pytest.mark.parametrize("width", [1, 2, 1000])
def test_a_narrow_search_says_that_it_is_not_sure(width: int) -> None:
    leaves = tuple(Branch(place=at, worth=Q(1), counts=True, kind="leaf") for at in range(1, 11))
    tree = Branch(place=0, worth=Q(1), counts=False, kind="sum", children=leaves, needs=(Need(0, Q(50)),))
    costs = [(7 * at % 10 + 3, 5 * at % 9 + 4) for at in range(10)]
    choices = {
        at + 1: [Choice(0, Q(0)), Choice(cost, Q(points), (at, 0)), Choice(2 * cost + 1, Q(2 * points), (at, 1))]
        for at, (cost, points) in enumerate(costs)
    }
    best = min(
        sum(choices[at + 1][pick].cost for at, pick in enumerate(picks))
        for picks in itertools.product(range(3), repeat=10)
        if sum(choices[at + 1][pick].points for at, pick in enumerate(picks)) >= 50
    )
    fronts = Fronts(tree, choices)
    found = fronts.least(10**6, width)
    assert found.label is not None and fronts.at_least() <= best <= found.label[0]
    assert found.sure == (width == 1000) and (not found.sure or found.label[0] == best)
    assert Fronts(tree, choices).least(best - 1, 1000).label is None


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(-9, 9)), max_size=6))
def test_a_hull_is_never_below_what_can_be_had(points: list[tuple[int, int]]) -> None:
    hull = Hull.around([(0.0, 0.0), *((float(cost), float(value)) for cost, value in points)])
    for cost, value in points:
        assert hull.cost_of(value) <= cost + 1e-6
    steep = [value / cost for cost, value in hull.pieces]
    assert steep == sorted(steep, reverse=True) and hull.cost_of(hull.top + 1) == float("inf")


# --- the ladder against ranking itself -------------------------------------------------------------------------------

CHAINS = st.tuples(st.integers(0, 3), st.integers(0, 2))


@given(
    st.lists(st.tuples(CHAINS, st.sampled_from("abcdefgh")), max_size=6, unique_by=lambda one: one[1]),
    st.sampled_from(["competition", "dense", "ordinal", "average"]),
    st.sampled_from(["A", "dd", "z"]),
)
def test_thresholds_are_what_a_rank_needs_and_no_more(rivals: list[Any], ties: Any, label: str) -> None:
    names = tuple(name for _, name in rivals)
    here = Field(
        rows=(0, 1),
        ties=ties,
        on="published",
        label=label,
        units=names,
        rivals=tuple(Rival(at, chain) for at, (chain, _) in enumerate(rivals)),
    )
    for own in itertools.product(range(-1, 5), range(-1, 4)):
        keys = [np.array([own[at], *(chain[at] for chain, _ in rivals)]) for at in (0, 1)]
        true = rank(keys, ties, [label, *names])[0]
        assert here.rank(own) == true
        for wanted in (1, 2, 3, 5, 7):
            needed = here.threshold(wanted)
            enough = needed is None or own > needed.chain or (own == needed.chain and not needed.above)
            assert enough == (true <= wanted) or (needed is not None and needed.rank > wanted)
    ladder = [one.rank for one in here.better(99)]
    assert ladder == sorted(set(ladder), reverse=True)


# --- by hand ---------------------------------------------------------------------------------------------------------


def result_of(scheme: Scheme, *rows: dict[str, Any], **columns: list[Any]) -> Result:
    cells = made.table(*rows)
    by_column = {name: [row.get(name) for row in cells] for name in cells[0]}
    return run(compile_with(scheme, vocabulary()), table_from_columns(scheme, by_column | columns))


def two(combine: str = "sum", top: int = 20, rank_rule: RankRule | None = None, **more: Any) -> Scheme:
    return made.scheme(
        made.group(
            TOTAL,
            top,
            made.assessed("1", 10),
            made.assessed("2", 10),
            combine=combine,
            rank=rank_rule or RankRule(),
            **more,
        )
    )


def test_a_score_that_ties_is_enough_under_competition_ranks() -> None:
    result = result_of(two(), {"1": 4, "2": 4}, {"1": 10, "2": 5}, {"1": 6, "2": 5})
    answer = climb(result, "u0", to_rank=2)
    assert answer.outlook.plan is not None and answer.outlook.plan.after.rank == 2
    (second, first) = answer.outlook.ladder
    assert (second.rank, second.score, second.away, second.holders) == (2, "11.00", "3.00", ("u2",))
    assert (first.rank, first.score, first.away) == (1, "15.00", "7.00")


def test_what_breaks_a_tie_is_asked_for() -> None:
    scheme = two(rank_rule=RankRule(then=("1",)))
    result = result_of(scheme, {"1": 4, "2": 4}, {"1": 8, "2": 2})
    (rung,) = climb(result, "u0").outlook.ladder
    assert (rung.score, rung.away) == ("10.00", "2.00")
    ((tie),) = rung.tie_breaks
    assert (tie.code, tie.score, tie.equal) == ("1", "8.00", True)
    plan = climb(result, "u0").outlook.plan
    assert plan is not None and plan.after.rank == 1
    assert "10.00, and at least 8.00 at 1" in climb(result, "u0").told()


def test_a_level_needs_its_gate() -> None:
    levels = Levels((Level("I", Q(1, 2), only_if=(("2", Q(6)),)), Level("II", Q(0))))
    result = result_of(two(levels=levels), {"1": 10, "2": 1}, {"1": 1, "2": 1})
    answer = climb(result, "u0", to_level="I")
    assert answer.outlook.plan is not None and {one.code for one in answer.outlook.plan.moves} == {"2"}
    assert answer.outlook.plan.after.level == "I"
    assert result.settled.column(0)[0] + sum(one.adds for one in answer.outlook.plan.moves) >= 16


def test_points_above_a_cap_do_not_count() -> None:
    result = result_of(two("capped", 12), {"1": 9, "2": 1}, {"1": 10, "2": 2})
    answer = climb(result, "u0", to_rank=1)
    assert answer.outlook.plan is not None and answer.outlook.plan.after.score == "12.00"
    assert sum(one.adds for one in answer.outlook.plan.moves) == 2


def test_a_goal_that_is_reached_needs_nothing() -> None:
    answer = climb(result_of(two(), {"1": 4, "2": 4}, {"1": 1, "2": 1}), "u0", to_rank=2)
    assert answer.outlook.there and answer.outlook.plan is None and answer.effort is None
    assert "reached already" in answer.told()


def test_what_is_below_a_given_score_cannot_be_moved() -> None:
    scheme = made.scheme(made.group(TOTAL, 20, made.group("A", 10, made.assessed("A.1", 10)), made.assessed("B", 10)))
    result = result_of(scheme, {"A": 4, "B": 10}, {"A": 9, "B": 10})
    answer = climb(result, "u0", to_rank=1)
    assert answer.outlook.plan is None and answer.outlook.proven and not answer.moves
    assert {one.code for one in answer.closed} == {"A.1", "B"}


def test_a_goal_out_of_reach_says_what_is_lacking() -> None:
    result = result_of(two(), {"1": 4, "2": 4}, {"1": 10, "2": 10})
    capped = evolve(result, plan=result.plan)
    answer = climb_of(capped, "u0", to_score=20, efforts=not_feasible("2"))
    assert answer.outlook.plan is None and answer.outlook.proven
    assert answer.outlook.everything is not None and answer.outlook.everything.score == "14.00"
    ((lack),) = answer.outlook.lacking
    assert (lack.code, lack.points) == (TOTAL, 14) and lack.needs > 19
    assert "cannot be reached" in answer.told() and "14" in answer.told()


def not_feasible(code: str) -> Any:
    from ictindex.analysis.climbing.efforts import EffortLine, Efforts

    return Efforts((EffortLine(code=code, feasible=False),))


def test_efforts_decide_between_plans() -> None:
    from ictindex.analysis.climbing.efforts import EffortLine, Efforts

    result = result_of(two(), {"1": 4, "2": 4}, {"1": 6, "2": 6})
    for cheap, dear in (("1", "2"), ("2", "1")):
        lines = (EffortLine(code=cheap, effort=Q(1)), EffortLine(code=dear, effort=Q(100)))
        plan = climb(result, "u0", to_rank=1, efforts=Efforts(lines)).outlook.plan
        assert plan is not None and [one.code for one in plan.moves] == [cheap]


def test_two_totals_are_climbed_one_at_a_time() -> None:
    scheme = made.totals(made.assessed("A", 10), made.assessed("B", 10))
    result = result_of(scheme, {"A": 4, "B": 4}, {"A": 6, "B": 9})
    for code in ("A", "B"):
        answer = climb(result, "u0", to_rank=1, code=code)
        assert answer.outlook.plan is not None and [one.code for one in answer.outlook.plan.moves] == [code]
        assert {one.code for one in answer.moves} == {code}


def test_the_best_of_cases_is_climbed_where_it_is_cheapest() -> None:
    scheme = two("best", 10)
    result = result_of(scheme, {"1": 2, "2": 7}, {"1": 9, "2": 1})
    plan = climb(result, "u0", to_rank=1).outlook.plan
    assert plan is not None and [one.code for one in plan.moves] == ["2"] and plan.after.rank == 1


# --- rivals as last year ---------------------------------------------------------------------------------------------


def test_rivals_that_move_as_last_year_are_climbed_past() -> None:
    before = result_of(two(), {"1": 4, "2": 4}, {"1": 4, "2": 4})
    now = result_of(two(), {"1": 4, "2": 4}, {"1": 6, "2": 6})
    answer = climb(now, "u0", to_rank=1, previous=before)
    assert answer.outlook.ladder[0].score == "12.00" and answer.expected is not None
    assert answer.expected.ladder[0].score == "16.00"  # it rose by 4, and rises by 4 again
    assert answer.outlook.plan is not None and float(answer.outlook.plan.after.score) >= 12
    assert answer.expected.plan is not None and float(answer.expected.plan.after.score) >= 16
    assert answer.expected.plan.after.rank == 1
    assert "If rivals move as they did last year" in answer.told()


def test_rivals_that_fall_leave_the_goal_to_the_unit() -> None:
    before = result_of(two(), {"1": 4, "2": 4}, {"1": 10, "2": 10})
    now = result_of(two(), {"1": 4, "2": 4}, {"1": 6, "2": 6})
    answer = climb(now, "u0", to_rank=1, previous=before)
    assert answer.expected is not None and answer.expected.there and answer.expected.rank == 1
    assert answer.outlook.plan is not None


def test_a_scheme_of_another_combination_is_only_bounded() -> None:
    root = Group(
        code=TOTAL, name="", max=Q(1), combine=Rule("geometric"), children=(made.value("1", 1), made.value("2", 1))
    )
    result = result_of(made.scheme(root), {"1": Q(2, 5), "2": Q(2, 5)}, {"1": Q(3, 5), "2": Q(9, 10)})
    answer = climb(result, "u0", to_rank=1)
    assert answer.outlook.plan is not None and answer.outlook.plan.after.rank == 1
    check(result, answer)


# --- every answer ----------------------------------------------------------------------------------------------------


@FEW
@given(worlds(hard=True), st.data())
def test_every_answer_is_told_and_its_plans_reach_their_goal(result: Result, data: Any) -> None:
    unit = data.draw(st.sampled_from(result.units))
    code = data.draw(st.sampled_from([row.code for row in result.totals]))
    try:
        answer = climb(result, unit, **wishes(data.draw, result, code))
    except WrongUse as error:
        assert error.problems[0].code in ("U231", "U234", "U235")
        return
    for language in ("en", "vi"):
        assert answer.told(language) and answer.markdown(language)
    assert len({len(column) for column in answer.to_columns().values()}) <= 1
    check(result, answer)


def check(result: Result, answer: Climb) -> None:
    """Make every plan of an answer again from the cells that it tells, and score the table."""
    if not answer.outlook.plan:
        return
    position = result.position(answer.unit)
    for plan in (answer.outlook.plan, *answer.outlook.single):
        edits = [Edit(position, *cell) for one in plan.moves for cell in one.cells.items()]
        after = rescored(result, edits)
        assert after.published(answer.aim.code)[position] == plan.after.score
        aim = answer.aim
        if aim.kind == "rank":
            assert aim.rank is not None and after.ranks(aim.code)[position] <= aim.rank
        elif aim.kind == "score":
            assert aim.score is not None and Q(plan.after.score) >= Q(aim.score)
        else:
            names = [one.name for one in result.scheme.row(aim.code).levels.levels]  # type: ignore[union-attr]
            assert names.index(after.levels(aim.code)[position] or "") <= names.index(aim.level or "")


@pytest.fixture(scope="module")
def vietnam() -> Result:
    """All synthetic communes of the country."""
    scheme = compile_scheme("btttt-2392/2017-commune")
    header, rows = communes()
    return score(
        scheme, table_from_columns(scheme.scheme, dict(zip(header, map(list, zip(*rows, strict=True)), strict=True)))
    )


@pytest.mark.parametrize(
    ("unit", "goal"),
    [
        ("xa-0007", {"ranks": 3}),
        ("xa-0108", {"to_rank": 1}),
        ("xa-1500", {"to_level": "I", "code": "A"}),
        ("xa-2000", {"to_score": "75,5", "code": "B"}),
        ("xa-3321", {"to_rank": 1, "code": "B"}),
    ],
)
def test_communes_of_the_whole_country_climb(vietnam: Result, unit: str, goal: dict[str, Any]) -> None:
    answer = climb(vietnam, unit, **goal)
    assert answer.outlook.proven and (answer.outlook.plan is not None or answer.outlook.there)
    check(vietnam, answer)
