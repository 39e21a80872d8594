"""Laws of the pending ranking, on schemes and tables drawn at random, against every outcome tried one by one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
from attrs import evolve, frozen
from hypothesis import Phase, assume, event, given, settings
from hypothesis import strategies as st

from ictindex.analysis.pending import comparing, ends
from ictindex.analysis.pending.aims import aim_of
from ictindex.analysis.pending.answer import Pending
from ictindex.analysis.pending.asking import pending_of
from ictindex.analysis.pending.figures import OpenFigures
from ictindex.analysis.pending.opens import Open
from ictindex.analysis.pending.outcomes import Trial, matrix_of, seen
from ictindex.analysis.pending.outlook import open_criteria
from ictindex.analysis.pending.standings import Ranking, Standing
from ictindex.analysis.rescoring import rescored
from ictindex.api import compile_scheme, score
from ictindex.cells import CellState
from ictindex.editing import Edit
from ictindex.leafrun import without_evidence
from ictindex.model import InputKind
from ictindex.plan import Leaf, points_per_unit
from ictindex.publication import text
from ictindex.result import Result
from ictindex.table import Table
from ictindex.testing.drawing import Tape
from ictindex.testing.making import SIZE, scheme_from
from ictindex.testing.rows import Wanted, rows_from
from ictindex.testing.written import table_of


def reported(table: Table) -> dict[str, Any]:
    """Return by column the units whose figure is reported."""
    return {
        key: np.ones(len(table), np.bool_) if one.states is None else one.states == CellState.REPORTED
        for key, one in table.columns.items()
    }


@frozen
class Case:
    """A result with a few figures that nobody verified."""

    result: Result
    figures: OpenFigures


def case(tape: Tape, *, one_in: int = 3, **kinds: bool) -> Case:
    scheme = scheme_from(tape, refusals=False, **{"negative": False, **kinds})
    tape = tape.cut(SIZE)
    rows = rows_from(compile_scheme(scheme), Wanted(2, 4, given=True), tape)
    table = evolve(table_of(scheme, rows), without_evidence="zero")
    unverified = {key: mask & np.array([tape.chance(one_in) for _ in mask]) for key, mask in reported(table).items()}
    return Case(score(scheme, table), OpenFigures(unverified=unverified))


def cases(**kinds: bool) -> st.SearchStrategy[Case]:
    """Return a strategy of cases; a number says more in a report than a thousand bytes, and nothing is shrunk."""
    return st.integers(0, 2**32).map(lambda seed: case(Tape(Random(seed).randbytes(SIZE + 900)), **kinds))


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


def checked(drawn: Case, most: int) -> None:
    """Hold the answer against every outcome of all open criteria, unless there are more than so many."""
    result, figures = drawn.result, drawn.figures
    claims = opened(result, figures)
    assume(math.prod(len(one.outcomes) for one in claims) <= most)
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
        printed = tuple(text(f(one.published for one in found), row.publish) for f in (min, max))
        if told.exact:
            assert (told.lowest_points, told.highest_points) == (least, most)
            assert (told.lowest, told.highest) == printed
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


FEW = settings(max_examples=30, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
"""Each example tries hundreds of outcomes; shrinking would try them a thousand times over."""


@FEW
@given(cases(relative=False, irrational=False))
def test_ranges_and_ranks_are_those_of_every_outcome(drawn: Case) -> None:
    checked(drawn, 300)


@FEW
@given(cases(relative=True, irrational=True, negative=True))
def test_so_are_they_where_units_are_compared_and_roots_enter(drawn: Case) -> None:
    checked(drawn, 40)


@FEW
@given(cases(relative=True, irrational=True, negative=True))
def test_bounds_hold_every_outcome(drawn: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "TOGETHER", 1)
        patch.setattr(ends, "TRIED", 2)
        checked(drawn, 40)


@FEW
@given(cases(relative=False, irrational=False, one_in=2), st.randoms(use_true_random=False))
def test_closing_a_criterion_widens_nothing(drawn: Case, random: Any) -> None:
    """Whatever a figure is found to be between nothing and what was declared, no range and no rank grows wider."""
    result, figures = drawn.result, drawn.figures
    aim = aim_of(result, "")
    able = [
        one
        for one in opened(result, figures)
        if one.why == ("unverified",) and aim.direction(one.place) > 0 and not one.figures[0].endswith(".excluded")
    ]
    assume(able)
    one = random.choice(able)
    row = result.plan.nodes[one.place].row
    per_unit, declared = points_per_unit(row), one.outcomes[0].points
    least = min((outcome.points for outcome in one.outcomes if outcome.left != row.max), default=declared)
    found = [Fraction(step, 100) for step in range(101) if least <= Fraction(step, 100) * row.max <= declared]
    share = random.choice([None, *found])
    before = pending_of(result, figures)
    unverified = {key: mask.copy() for key, mask in figures.unverified.items()}
    for key in one.figures:
        unverified[key][one.unit] = False
    closed = result
    if share is not None:
        value = float(share * row.max / per_unit)
        assume(Fraction(repr(value)) * per_unit <= declared and Fraction(repr(value)) * per_unit >= least)
        closed = rescored(result, [Edit(one.unit, f"{row.code}.score", value)])
    event(f"closed at {'declared' if share is None else 'less'}")
    after = {told.unit: told for told in pending_of(closed, OpenFigures(unverified=unverified)).units}
    for old in before.units:
        new = after[old.unit]
        if new.lowest_points is None or old.lowest_points is None:
            assert old.lowest_points is None or not old.always_scored
            continue
        assert old.lowest_points <= new.lowest_points and new.highest_points <= old.highest_points
        assert set(new.levels) <= set(old.levels)
        assert new.always_scored >= old.always_scored
        if new.best is not None and new.worst is not None:
            assert old.best is not None and old.worst is not None
            assert old.best <= new.best and new.worst <= old.worst


def findings(result: Result, figures: OpenFigures, random: Any) -> Iterator[Edit]:
    """Yield edits of open figures as a verification may end: lowered, struck out, their evidence rejected, reported."""
    plan, table = result.plan, result.table
    readers = Counter(code for node in plan.nodes if isinstance(node, Leaf) and node.row.max for code in node.inputs)
    aim = aim_of(result, "")
    for one in opened(result, figures):
        leaf = plan.nodes[one.place]
        if not isinstance(leaf, Leaf) or aim.direction(one.place) < 1 or leaf.scale.monotone < 1:
            continue
        for key in one.figures:
            if readers[key] != 1 or random.random() < 0.3:
                continue
            given = plan.scheme.input(key)
            column = table.columns.get(key)
            missing = column is None or (column.states is not None and column.states[one.unit] != CellState.REPORTED)
            now = None if missing or column is None else Fraction(repr(float(column.values[one.unit])))
            if now is not None and leaf.missing != "refuse" and random.random() < 0.2:
                yield Edit(one.unit, key, 0.0, CellState.MISSING)
            elif given.kind is InputKind.YES_NO:
                yield Edit(one.unit, key, float(random.choice([0, 1] if now is None else [0, int(now)])))
            elif given.kind is InputKind.CHOICE:
                points = [case.points for case in leaf.row.measure.get("cases")]
                able = [at for at, each in enumerate(points) if now is None or each <= points[int(now)]]
                yield Edit(one.unit, key, float(random.choice(able)))
            elif given.kind is InputKind.POINTS and (now is None or now > 0):
                most = leaf.row.max / points_per_unit(leaf.row) if now is None else now
                yield Edit(one.unit, key, float(random.choice([0, Fraction(math.floor(most * 50), 100)])))
            elif now is not None and now > 0 and leaf.row.measure.name in ("value", "count"):
                yield Edit(one.unit, key, float(random.choice([max(given.low or 0, 0), now])))
        costs = leaf.row.code in table.evidence and without_evidence(leaf.row, table) == "zero"
        if costs and "unverified" in one.why and one.figures[0] in leaf.inputs and random.random() < 0.3:
            yield Edit(one.unit, f"{leaf.row.code}.evidence", 0.0)


@FEW
@given(cases(relative=False, irrational=False, one_in=2), st.randoms(use_true_random=False))
def test_whatever_a_verification_finds_lies_within(drawn: Case, random: Any) -> None:
    """Tables of other figures, scored as any table: no outcome of this module's own is asked for."""
    before = pending_of(drawn.result, drawn.figures)
    for _ in range(6):
        edits = list(findings(drawn.result, drawn.figures, random))
        event(f"figures {min(len(edits), 4)}")
        found = rescored(drawn.result, edits)
        ranks, levels, code = found.ranks().tolist(), found.levels(), before.total
        for told in before.units:
            at = found.position(told.unit)
            if not found.scored(code)[at]:
                assert not told.always_scored
                continue
            points = found.settled.column(at)[found.plan.place(code)]
            assert told.lowest_points <= points <= told.highest_points
            assert not told.levels or levels[at] in told.levels
            if ranks[at]:
                assert told.best is not None and told.worst is not None
                assert told.best <= ranks[at] <= told.worst
