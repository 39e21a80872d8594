"""Laws of the pending ranking, on schemes and tables drawn at random, against every outcome tried one by one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from attrs import evolve
from hypothesis import assume, event, given
from hypothesis import strategies as st

from ictindex.analysis.pending.aims import aim_of
from ictindex.analysis.pending.answer import Pending
from ictindex.analysis.pending.asking import pending_of
from ictindex.analysis.pending.figures import OpenFigures
from ictindex.analysis.pending.opens import Open
from ictindex.analysis.pending.outcomes import Trial, matrix_of, seen
from ictindex.analysis.pending.outlook import open_criteria
from ictindex.analysis.pending.standings import Ranking, Standing
from ictindex.api import compile_scheme, score
from ictindex.cells import CellState
from ictindex.publication import text
from ictindex.result import Result
from ictindex.table import Table
from ictindex.testing.drawing import Tape, tapes
from ictindex.testing.making import SIZE, scheme_from
from ictindex.testing.rows import Wanted, rows_from
from ictindex.testing.written import table_of

MOST = 600
"""So many outcomes of a drawn case are tried at most."""


def reported(table: Table) -> dict[str, Any]:
    """Return by column the units whose figure is reported."""
    return {
        key: np.ones(len(table), np.bool_) if one.states is None else one.states == CellState.REPORTED
        for key, one in table.columns.items()
    }


def case(tape: Tape, **kinds: bool) -> tuple[Result, OpenFigures]:
    """Return a result with a few figures that nobody verified."""
    scheme = scheme_from(tape, refusals=False, **{"negative": False, **kinds})
    tape = tape.cut(SIZE)
    rows = rows_from(compile_scheme(scheme), Wanted(2, 4, given=True), tape)
    table = evolve(table_of(scheme, rows), without_evidence="zero")
    unverified = {key: mask & np.array([tape.chance(3) for _ in mask]) for key, mask in reported(table).items()}
    return score(scheme, table), OpenFigures(unverified=unverified)


def cases(**kinds: bool) -> st.SearchStrategy[tuple[Result, OpenFigures]]:
    return tapes(SIZE + 900).map(lambda tape: case(tape, **kinds))


def outcomes(result: Result, claims: list[Open]) -> Iterator[Standing]:
    """Yield the standings under every outcome of all open criteria together, each table scored as a whole."""
    aim = aim_of(result, "")
    pools = result.scheme.pools
    unranked = set() if pools is None else {pool.code for pool in pools.pools if not pool.ranked}
    in_pools = np.array([pool not in unranked for pool in result.table.pool or [""] * len(result.units)])
    ranks = Ranking(result.table, aim.rule, in_pools)
    for chosen in product(*([(one, outcome) for outcome in one.outcomes] for one in claims)):
        trials = [
            Trial(unit, tuple((one, outcome) for one, outcome in chosen if one.unit == unit))
            for unit in range(len(result.units))
        ]
        yield ranks.standing(seen(aim, matrix_of(result, trials, None)))


def opened(result: Result, figures: OpenFigures) -> list[Open]:
    return open_criteria(result, figures, aim_of(result, ""), result.settled.exact_fits())


def checked(result: Result, figures: OpenFigures) -> None:
    claims = opened(result, figures)
    assume(math.prod(len(one.outcomes) for one in claims) <= MOST)
    every = list(outcomes(result, claims))
    answer = pending_of(result, figures)
    event(f"open {min(len(claims), 5)}")
    event(f"relative {answer.compares}")
    row = aim_of(result, "").row
    levels = () if row.levels is None else (*(level.name for level in row.levels.levels), None)
    assert every[0].ranks == tuple(None if not one else float(one) for one in result.ranks().tolist())
    for told in answer.units:
        at = result.position(told.unit)
        ranks = [one.ranks[at] for one in every if one.ranks[at] is not None]
        found = [one.units[at] for one in every if one.units[at].key is not None]
        event(f"exact {told.exact} {told.exact_ranks}")
        if not found:
            assert told.lowest is None and told.best is None
            continue
        assert told.always_scored <= (len(found) == len(every))
        least, most = min(one.points for one in found), max(one.points for one in found)
        assert told.lowest_points <= least and most <= told.highest_points
        assert told.points is None or least <= told.points <= most
        ends = (text(f(one.published for one in found), row.publish) for f in (min, max))
        if told.exact:
            assert (told.lowest_points, told.highest_points) == (least, most)
            assert (told.lowest, told.highest) == tuple(ends)
            assert told.always_scored == (len(found) == len(every))
        if levels:
            assert {levels[one.level] for one in found} <= set(told.levels)
        if ranks:
            assert told.best <= min(ranks) and max(ranks) <= told.worst
            if told.exact_ranks:
                assert (told.best, told.worst) == (min(ranks), max(ranks))
        else:
            assert told.best is None
    compared(result, answer, claims, every)


def compared(result: Result, answer: Pending, claims: list[Open], every: list[Standing]) -> None:
    """Hold the queue against all outcomes: what a criterion does alone, and that none that can wait does anything."""
    shape = tuple(len(one.outcomes) for one in claims)
    grid = np.empty(shape, object)
    for index, one in zip(np.ndindex(*shape), every, strict=True):
        grid[index] = one
    told = {(one.unit, one.code): one for one in answer.queue}
    assert len(told) == len(claims)
    for axis, claim in enumerate(claims):
        mine = told[result.units[claim.unit], result.plan.nodes[claim.place].row.code]
        others = [grid[tuple(at if place == axis else 0 for place in range(len(shape)))] for at in range(shape[axis])]
        moved = {at for one in others for at, rank in enumerate(one.ranks) if rank != every[0].ranks[at]}
        assert mine.ranks == len(moved)
        totals = [one.units[claim.unit].points for one in others if one.units[claim.unit].key is not None]
        with result.plan.arithmetic.context():
            assert mine.swing == (max(totals) - min(totals) if totals else 0)
        ever: set[int] = set()
        level = False
        for rest in np.ndindex(*(1 if place == axis else size for place, size in enumerate(shape))):
            lines = [
                grid[tuple(at if place == axis else rest[place] for place in range(len(shape)))]
                for at in range(shape[axis])
            ]
            ever |= {at for one in lines for at, rank in enumerate(one.ranks) if rank != lines[0].ranks[at]}
            level |= any(
                one.units[at].key is not None
                and other.units[at].key is not None
                and one.units[at].level != other.units[at].level
                for one in lines
                for other in lines
                for at in range(len(result.units))
            )
        assert len(ever) <= mine.reach
        if mine.urgency == "can-wait":
            assert not ever and not level


@given(cases(relative=False, irrational=False))
def test_ranges_and_ranks_are_those_of_every_outcome(drawn: tuple[Result, OpenFigures]) -> None:
    checked(*drawn)


@given(cases(relative=False, irrational=True))
def test_so_are_they_where_roots_enter(drawn: tuple[Result, OpenFigures]) -> None:
    checked(*drawn)


@given(cases(relative=True, irrational=False))
def test_so_are_they_where_units_are_compared(drawn: tuple[Result, OpenFigures]) -> None:
    checked(*drawn)
