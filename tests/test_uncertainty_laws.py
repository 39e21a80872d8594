"""What every analysis of uncertainty keeps: without anything varied, the draws are the published result."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import Cells, worlds
from test_laws import scored

from ictindex import api
from ictindex.analysis.uncertainty import ranks, simulation, summary
from ictindex.analysis.uncertainty.assumptions import Assumptions
from ictindex.analysis.uncertainty.draws import BLOCK, Draws
from ictindex.analysis.uncertainty.leaves import State
from ictindex.analysis.uncertainty.simulation import Simulation
from ictindex.editing import taken
from ictindex.errors import TableInvalid
from ictindex.matrix import Flag
from ictindex.model import Group, Scheme, walk
from ictindex.questions import uncertainty
from ictindex.result import Result

LAW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
EXAMPLES = sorted((Path(__file__).parent.parent / "schemes").rglob("*.example*.csv"))
STILL = Assumptions(weights=0)
EVERYTHING = Assumptions(
    normalization=("scheme", "min-max", "z-score", "rank"),
    aggregation=("arithmetic", "geometric"),
    missing=("zero", "left-out"),
    noise=0.1,
)


def result_of(path: Path) -> Result:
    plan = api.compile_scheme(f"{path.parent.name}/{path.name.split('.')[0]}")
    return api.score(plan, api.read_table(path, scheme=plan))


def world_result(world: tuple[Scheme, list[Cells]]) -> Result:
    try:
        return scored(*world)
    except TableInvalid:
        assume(False)
        raise


def tally(result: Result, code: str, assumptions: Assumptions, draws: int = 3, seed: int = 7) -> simulation.Tally:
    """Return what came of a block, the units in the order of the table."""
    made = Simulation.of(result, code, assumptions, seed)
    found, places = made.tally(Draws(seed, 0, draws), slice(None)), np.argsort(made.order)
    return evolve(found, ranks=found.ranks[:, places], levels=found.levels[places])


def has_ranks(result: Result, code: str) -> bool:
    return bool(result.scheme.row(code).max) and bool((result.ranks(code) > 0).any())


def assert_published(result: Result, code: str, assumptions: Assumptions) -> None:
    """Every draw has the published ranks, and the published levels."""
    found = tally(result, code, assumptions)
    ranks, times = result.ranks(code), 2 if result.scheme.row(code).rank.ties == "average" else 1
    assert (found.ranks == np.rint(ranks * times)).all()
    levels = result.scheme.row(code).levels
    for at, level in enumerate(() if levels is None else levels.levels):
        held = np.array([name == level.name for name in result.levels(code)])
        assert (found.levels[:, at] == held * 3).all()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_with_nothing_varied_every_draw_is_the_published_result(path: Path) -> None:
    result = result_of(path)
    for row in result.scheme.rows():
        if has_ranks(result, row.code):
            assert_published(result, row.code, STILL)


@LAW
@given(worlds())
def test_with_nothing_varied_no_scheme_and_table_is_scored_otherwise(world: Any) -> None:
    result = world_result(world)
    made = Simulation.of(result, result.totals[0].code, STILL, 1)
    evaluation = made._evaluation((0, 0, 0), {}, None, 2)
    for row in result.scheme.rows():
        place = result.plan.place(row.code)
        state = evaluation.state(place)
        has = ~result.settled.matrix.holds(place, Flag.COVERED)[made.order]
        expected = result.settled.whole.points[place][made.order]
        size = max(1.0, float(row.max))
        assert np.allclose(np.broadcast_to(state.points, (2, len(expected)))[:, has], expected[has], 1e-9, 1e-9 * size)
    for row in result.totals:
        if has_ranks(result, row.code):
            assert_published(result, row.code, STILL)


@LAW
@given(worlds())
def test_figures_that_noise_leaves_alone_score_as_they_did(world: Any) -> None:
    result = world_result(world)
    figures = Simulation.of(result, result.totals[0].code, STILL, 1).tree.figures
    cells = {code: np.repeat(values[None], 2, axis=0) for code, values in figures.cells.items()}
    for place, base in figures.bases.items():
        again: State = figures.state(place, "scheme", "scheme", cells)
        size = max(1.0, float(base.leaf.row.max))
        assert np.allclose(again.points, base.state.points, 1e-9, 1e-9 * size)


# --- the same numbers, whoever computes them -------------------------------------------------------------------------


def asked(result: Result, **more: Any) -> dict[str, Any]:
    options = {"assumptions": EVERYTHING, "draws": 70, "effect_draws": 3, "leave_one_out": False, "reversals": False}
    return uncertainty(result, **options | more).to_dict()  # type: ignore[arg-type]


def test_a_seed_repeats_to_the_bit_and_another_differs() -> None:
    result = result_of(EXAMPLES[2])
    assert asked(result, seed=5) == asked(result, seed=5) != asked(result, seed=6)


def test_neither_workers_nor_the_size_of_the_work_change_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    result = result_of(EXAMPLES[2])
    alone = asked(result, unit=result.units[0])
    for kind, workers in ((ThreadPoolExecutor, 1), (ThreadPoolExecutor, 2), (ProcessPoolExecutor, 2)):
        with kind(workers) as executor:
            assert asked(result, unit=result.units[0], executor=executor) == alone
    monkeypatch.setattr(simulation, "_CELLS", 1)  # one draw at a time
    monkeypatch.setattr(summary, "KEPT", 70 * 4)  # ranks are counted
    assert asked(result, unit=result.units[0]) == alone
    monkeypatch.setattr(summary, "COUNTED", 0)  # the ranks of four units at a time
    monkeypatch.setattr(summary, "BESIDE", 3)
    monkeypatch.setattr(ranks, "CELLS", 1)
    assert asked(result, unit=result.units[0]) == alone


def test_progress_goes_from_the_first_piece_to_the_last() -> None:
    told: list[tuple[int, int]] = []
    uncertainty(result_of(EXAMPLES[2]), draws=150, effect_draws=70, progress=lambda *one: told.append(one))
    assert [done for done, _ in told] == list(range(1, told[0][1] + 1))


def test_a_block_does_not_depend_on_how_many_there_are() -> None:
    result = result_of(EXAMPLES[2])
    simulation = Simulation.of(result, "total", EVERYTHING, 1)
    whole = simulation.tally(Draws(1, 0, BLOCK), slice(None)).ranks
    assert (
        Draws(1, 0, BLOCK).weights(0, np.full(4, 0.25), 9.0)[:9] == Draws(1, 0, 9).weights(0, np.full(4, 0.25), 9.0)
    ).all()
    assert whole.shape == (BLOCK, len(result.units))


@LAW
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_the_units_changes_nothing_of_them(world: Any, random: Any) -> None:
    result = world_result(world)
    assume(has_ranks(result, result.totals[0].code))
    order = list(range(len(result.units)))
    random.shuffle(order)
    options = {"assumptions": EVERYTHING, "draws": 8, "effect_draws": 0, "leave_one_out": False, "reversals": False}
    one = uncertainty(result, **options)
    other = uncertainty(api.score(result.plan, taken(result.table, order)), **options)
    assert {unit.unit: unit for unit in one.units} == {unit.unit: unit for unit in other.units}
    assert one.stability == other.stability


@LAW
@given(worlds())
def test_the_surer_the_weights_the_nearer_to_the_published_ranks(world: Any) -> None:
    result = world_result(world)
    code = result.totals[0].code
    # A composite stretched over the units, or a root near 0, makes anything of next to nothing.
    assume(
        not any(
            row.combine.name == "geometric" or row.scale for row in walk(result.scheme.root) if isinstance(row, Group)
        )
    )
    assume(has_ranks(result, code) and result.scheme.row(code).rank.on == "published")
    exact = np.array(tally(result, code, Assumptions(weights=0)).ranks[0], np.int64)
    points = result.points(code)
    near = tally(result, code, Assumptions(concentration=1e14)).ranks.astype(np.int64)
    keys = result.keys(code)
    for one in range(len(points)):  # whoever is more than one last digit above another stays above
        for two in range(len(points)):
            if keys[one] > keys[two] + 1 and exact[one] and exact[two] and same_pool(result, one, two):
                assert (near[:, one] < near[:, two]).all()


def same_pool(result: Result, one: int, two: int) -> bool:
    return result.table.pool is None or result.table.pool[one] == result.table.pool[two]


@settings(LAW, max_examples=20)
@given(worlds())
def test_any_scheme_and_table_has_an_answer_that_adds_up(world: Any) -> None:
    result = world_result(world)
    code = result.totals[-1].code
    assume(has_ranks(result, code))
    answer = uncertainty(result, code=code, assumptions=EVERYTHING, draws=20, effect_draws=4)
    levels = result.scheme.row(code).levels
    for unit in answer.units:
        if unit.rank is None:
            assert unit.mean is None
            continue
        ends = [unit.best, unit.low, unit.median, unit.high, unit.worst]
        assert ends == sorted(ends) and unit.best <= unit.mean <= unit.worst  # type: ignore[type-var, operator]
        assert sum(unit.levels.values()) <= 1 + 1e-9 and (levels is None) == (not unit.levels)
    assert answer.told() and answer.told("vi") and answer.markdown("vi") and answer.to_columns()
