"""The pending ranking of a result: its open criteria, what they leave open, and which of them decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ictindex.analysis.pending.aims import Aim, aim_of
from ictindex.analysis.pending.answer import Pending, PendingClaim, PendingCriterion, PendingUnit, Urgency
from ictindex.analysis.pending.appeals import appeals_of
from ictindex.analysis.pending.comparing import bounded, summed_up, together, touched
from ictindex.analysis.pending.ends import Range, grouped, plans_of, range_of
from ictindex.analysis.pending.figures import OpenFigures
from ictindex.analysis.pending.opens import Open
from ictindex.analysis.pending.outcomes import matrix_of, seen
from ictindex.analysis.pending.outlook import open_criteria
from ictindex.analysis.pending.places import Place, places_of
from ictindex.analysis.pending.queue import Effect, effects
from ictindex.analysis.pending.standings import Ranking
from ictindex.analysis.rescoring import refuse_merged, subject_of
from ictindex.publication import text
from ictindex.result import Result
from ictindex.strategies.base import Fit


def pending_of(result: Result, figures: OpenFigures, code: str = "", shown: int | None = 20) -> Pending:
    """Return what is still open in a result. Raises UnknownName for an unknown row, WrongUse as `refuse_merged`."""
    refuse_merged(result)
    aim = aim_of(result, code)
    fits = result.settled.exact_fits()
    claims = open_criteria(result, figures, aim, fits)
    ranks = Ranking(result.table, aim.rule, result.in_ranked_pool)
    rows = () if result.options.get("reference") else touched(result.plan, claims)
    ranges, places = _open_ends(result, aim, claims, rows, ranks, fits)
    moving = [one for one in claims if touched(result.plan, [one])] if rows else []
    found = effects(result, aim, claims, moving, ranks, fits)
    result.settled.settle(np.arange(len(result.units)))
    names = result.names
    queue = [_claim(result, names, one, moving, ranges, places) for one in found]
    return Pending(
        subject=subject_of(result),
        total=aim.row.code,
        track=str(result.table.options.get("track", "")),
        compares=bool(rows),
        units=_units(result, aim, claims, ranges, places),
        appeals=appeals_of(result, figures, aim, claims),
        criteria=_by_criterion(result, queue),
        queue=tuple(sorted(queue, key=_order)),
        shown=shown,
    )


def _open_ends(
    result: Result,
    aim: Aim,
    claims: Sequence[Open],
    rows: Sequence[int],
    ranks: Ranking,
    fits: Mapping[int, Fit],
) -> tuple[list[Range], list[Place]]:
    """Return what each unit can come to, and the ranks that it can have."""
    known = True
    if rows:
        every = together(result, aim, claims, ranks)
        if every is not None:
            return summed_up(list(every), aim)
        claims, known = bounded(result, aim, claims, rows, fits)
    by_unit = grouped(claims)
    plans = [plans_of(unit, by_unit.get(unit, ()), aim, result.plan.arithmetic) for unit in range(len(result.units))]
    if rows:
        plans = [one.bounding(known) for one in plans]
    found = seen(aim, matrix_of(result, [trial for one in plans for trial in one.trials], fits))
    ranges, at = [], 0
    for one in plans:
        ranges.append(range_of(one, found[at : at + len(one.trials)], aim))
        at += len(one.trials)
    places = places_of(ranges, aim.rule.ties, result.units, result.table.pool, ranks.ranked.tolist())
    return ranges, places


def _concerned(result: Result, claim: Open, moving: Sequence[Open]) -> Sequence[int]:
    """Return the units whose ranks or levels a criterion may move where units are compared with one another."""
    pool = result.table.pool
    everybody = range(len(result.units))
    if pool is None or any(claim is one for one in moving):
        return everybody
    return [at for at in everybody if pool[at] == pool[claim.unit]]


def _claim(
    result: Result,
    names: Sequence[str],
    effect: Effect,
    moving: Sequence[Open],
    ranges: Sequence[Range],
    places: Sequence[Place],
) -> PendingClaim:
    claim, row = effect.claim, result.plan.nodes[effect.claim.place].row
    near = _concerned(result, claim, moving) if moving else [claim.unit]
    reach, several = places[claim.unit].reach, any(ranges[at].best_level != ranges[at].worst_level for at in near)
    if moving:
        reach = sum(places[at].best != places[at].worst or not ranges[at].always for at in near)
    if len(claim.outcomes) == 1:
        reach, several = 0, False
    urgency: Urgency = "together" if reach or several else "can-wait"
    if effect.ranks or effect.level:
        urgency = "decisive"
    return PendingClaim(
        unit=result.units[claim.unit],
        name=names[claim.unit],
        code=row.code,
        criterion=row.name,
        figures=claim.figures,
        why=claim.why,
        points=result.settled.column(claim.unit)[claim.place],
        lowest_points=effect.row[0],
        highest_points=effect.row[1],
        swing=effect.swing,
        ranks=effect.ranks,
        level=effect.level,
        reach=reach,
        urgency=urgency,
        first_look=not effect.whole,
    )


_URGENT = ("decisive", "together", "can-wait")


def _order(one: PendingClaim) -> tuple[object, ...]:
    return (_URGENT.index(one.urgency), -one.ranks, not one.level, -one.reach, -(one.swing or 0), one.unit, one.code)


def _by_criterion(result: Result, queue: Sequence[PendingClaim]) -> tuple[PendingCriterion, ...]:
    """Return the queue summed up by criterion: a team verifies one criterion of all units."""
    found: dict[str, list[PendingClaim]] = {}
    for claim in queue:
        found.setdefault(claim.code, []).append(claim)
    criteria = [
        PendingCriterion(
            code=code,
            criterion=claims[0].criterion,
            units=len(claims),
            decisive=sum(one.urgency == "decisive" for one in claims),
            together=sum(one.urgency == "together" for one in claims),
            ranks=max(one.ranks for one in claims),
            swing=max((one.swing for one in claims if one.swing is not None), default=None),
        )
        for code, claims in sorted(found.items(), key=lambda one: result.plan.place(one[0]))
    ]
    return tuple(sorted(criteria, key=lambda one: (-one.ranks, -one.decisive, -one.together, -one.units)))


def _units(
    result: Result, aim: Aim, claims: Sequence[Open], ranges: Sequence[Range], places: Sequence[Place]
) -> tuple[PendingUnit, ...]:
    """Return every unit in the order of the ranking."""
    row, code = aim.row, aim.row.code
    levels = () if row.levels is None else row.levels.levels
    names = [*(level.name for level in levels), None]
    scored = result.scored(code)
    by_unit = grouped(claims)
    found = []
    for standing in result.ranking(code):
        at = result.position(standing.unit)
        one, place = ranges[at], places[at]
        never = one.low is None
        found.append(
            PendingUnit(
                unit=standing.unit,
                name=standing.name,
                pool=standing.pool,
                rank=None if standing.rank is None else float(standing.rank),
                best=place.best,
                worst=place.worst,
                published=standing.published,
                lowest=None if never else text(one.lowest, row.publish),
                highest=None if never else text(one.highest, row.publish),
                points=result.settled.column(at)[aim.total] if scored[at] else None,
                lowest_points=one.least,
                highest_points=one.most,
                level=standing.level,
                levels=tuple(names[one.best_level : one.worst_level + 1]) if levels and not never else (),
                open=len(by_unit.get(at, ())),
                always_scored=one.always,
                exact=one.exact,
                exact_ranks=place.exact,
            )
        )
    return tuple(found)
