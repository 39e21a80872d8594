"""What full marks in a row add to the total, held against the oracle; ranks, medians and bests counted by hand."""

from __future__ import annotations

import statistics
from fractions import Fraction
from typing import Any

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import score
from strategies import Cells, worlds
from test_laws import LAW as USUAL
from test_laws import World, as_table

from ictindex import headroom
from ictindex.analysis.headroom.answer import Headroom, LostRow
from ictindex.compiling import compile_scheme
from ictindex.editing import Edit, edited, taken
from ictindex.engine import run
from ictindex.model import Scheme
from ictindex.plan import points_per_unit
from ictindex.plugins import vocabulary
from ictindex.result import Result

LAW = settings(USUAL, max_examples=25)
ZERO = Fraction(0)


def asked(world: World) -> tuple[Result, list[Headroom]]:
    """The result of a world, and the headroom of every unit at every total at which it has a score."""
    scheme, rows = world
    result = run(compile_scheme(scheme, vocabulary()), as_table(scheme, rows))
    totals = [row.code for row in result.totals if row.max]
    return result, [
        headroom(result, unit, code=code)
        for code in totals
        for unit, has in zip(result.units, result.scored(code), strict=True)
        if has
    ]


def takes(scheme: Scheme, total: str, code: str) -> bool:
    """Whether more points of a row are worse for the total."""
    turns = 0
    for row in (scheme.row(code), *scheme.above(code)):
        if row.code == total:
            return bool(turns % 2)
        turns += row.role == "deduct"
    raise AssertionError("the row is below the total")


def full(scheme: Scheme, total: str, cells: Cells, row: LostRow) -> Fraction:
    """Full marks as a given score, on the scale that the row publishes."""
    if takes(scheme, total, row.code):
        return ZERO
    left = cells.get(f"{row.code}.excluded") or ZERO
    points = row.max - left if left else max(row.max, row.points or ZERO)
    return points / points_per_unit(scheme.row(row.code))


def known(answer: Headroom) -> list[LostRow]:
    """The rows whose own score can be given: indicators, and what is given already, that count."""
    leaves = {one.code for one in answer.subject.scheme.indicators}
    rows = [row for row in (*answer.rows, answer.total) if row.lost is not None and row.state != "informational"]
    return [row for row in rows if row.code in leaves or row.state == "given"]


def total_of(world: World, answer: Headroom, scores: dict[str, Fraction]) -> Fraction:
    """The unit's total, by the oracle, where these scores are given."""
    scheme, rows = world
    at = next(at for at, row in enumerate(rows) if row["unit"] == answer.unit)
    changed = [*rows]
    changed[at] = rows[at] | {f"{code}.score": points for code, points in scores.items()}
    points = score(scheme, changed)[at].points[answer.total.code]
    assert points is not None
    return points


def counts(row: LostRow) -> bool:
    return row.state != "left-out"


ALONE = worlds(relative=False, irrational=False)


@given(ALONE)
@LAW
def test_a_row_that_really_has_full_marks_adds_what_is_lost_there(world: World) -> None:
    for answer in asked(world)[1]:
        cells = next(row for row in world[1] if row["unit"] == answer.unit)
        points = answer.total.points
        assert points is not None and points == total_of(world, answer, {})
        for row in known(answer):
            assert row.lost is not None
            if counts(row):
                marks = full(world[0], answer.total.code, cells, row)
                assert total_of(world, answer, {row.code: marks}) == points + row.lost, row.code
            else:
                assert row.lost == 0


@given(ALONE)
@LAW
def test_full_marks_everywhere_add_what_is_lost_at_the_total(world: World) -> None:
    for answer in asked(world)[1]:
        cells = next(row for row in world[1] if row["unit"] == answer.unit)
        rows = [row for row in known(answer) if counts(row)]
        scores = {row.code: full(world[0], answer.total.code, cells, row) for row in rows}
        assert answer.total.points is not None and answer.total.lost is not None
        assert total_of(world, answer, scores) == answer.total.points + answer.total.lost


@given(worlds())
@LAW
def test_the_parts_add_up_and_the_largest_loss_stands_first(world: World) -> None:
    for answer in asked(world)[1]:
        for row in (*answer.rows, answer.total):
            parts = (row.lost, row.substance, row.evidence, row.absence)
            assert all(part is None for part in parts) or row.lost == sum(parts[1:], ZERO)  # type: ignore[arg-type]
            assert (row.lost is None) is (row.state == "not-computed")
        lost = [row.lost for row in answer.rows if row.lost is not None]
        assert lost == sorted(lost, reverse=True)
        assert {row.code for row in answer.rows} < {row.code for row in world[0].rows()}


@given(worlds())
@LAW
def test_evidence_that_is_shown_brings_what_was_lost_in_evidence(world: World) -> None:
    result, answers = asked(world)
    for answer in answers:
        at = result.position(answer.unit)
        for row in known(answer):
            if row.state != "no-evidence" or not row.evidence:
                continue
            shown = run(
                result.plan, edited(result.table, [Edit(at, f"{row.code}.evidence", 1.0)]), reference=_kept(result)
            )
            there = shown.settled.column(at)[result.plan.place(answer.total.code)]
            assert abs(Fraction(there) - (answer.total.points or ZERO) - row.evidence) < Fraction(1, 10**30)


def _kept(result: Result) -> Result | None:
    return result if result.plan.relative else None


@given(worlds(), st.randoms(use_true_random=False))
@LAW
def test_the_order_of_the_units_is_irrelevant(world: World, random: Any) -> None:
    result, answers = asked(world)
    order = list(range(len(result.units)))
    random.shuffle(order)
    other = run(result.plan, taken(result.table, order))
    for answer in answers:
        again = headroom(other, answer.unit, code=answer.total.code)
        rows = [evolve(row, best_units=()) for row in answer.rows]
        assert [evolve(row, best_units=()) for row in again.rows] == rows
        assert again.strengths == answer.strengths and again.weaknesses == answer.weaknesses


@given(ALONE)
@LAW
def test_ranks_medians_and_bests_are_those_of_the_pool(world: World) -> None:
    scheme, rows = world
    scored = {one.unit: one for one in score(scheme, rows)}
    by = scheme.pools.by if scheme.pools else ""
    pools = {str(row["unit"]): row.get(by) for row in rows}
    for answer in asked(world)[1]:
        members = [one for one in scored if pools[one] == pools[answer.unit]]
        for row in (*answer.rows, answer.total):
            points = {one: scored[one].points[row.code] for one in members}
            has = {one: there for one, there in points.items() if there is not None}
            if answer.unit not in has or not row.max:
                assert row.rank is None and row.median is None and row.best_units == ()
                continue
            sign = -1 if takes(scheme, answer.total.code, row.code) else 1
            best = max(has.values(), key=lambda there: sign * there)
            assert (row.median, row.best, row.of) == (statistics.median(has.values()), best, len(has))
            assert row.best_count == sum(there == best for there in has.values())
            assert all(has[one] == best for one in row.best_units)
            keys = {one: Fraction(scored[one].published[row.code] or 0) for one in has}
            if scheme.row(row.code).rank.on == "exact":
                keys = has
            assert row.rank == 1 + sum(sign * keys[one] > sign * keys[answer.unit] for one in has)
