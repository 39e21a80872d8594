"""`headroom`: what full marks in one row alone would add to a total, and why it is lost.

Problems: U215 there is no total to lose points at, U216 the unit has no score there.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from attrs import frozen

from ictindex.analysis.headroom.answer import Headroom, LostRow
from ictindex.analysis.headroom.comparing import Standing, pool_members, standings
from ictindex.analysis.headroom.recombining import Recombined
from ictindex.analysis.rescoring import refuse_merged, subject_of
from ictindex.errors import Problem, WrongUse
from ictindex.exact import as_fraction
from ictindex.leafrun import without_evidence
from ictindex.matrix import Flag
from ictindex.messages import say
from ictindex.model import Group
from ictindex.plan import Heading
from ictindex.result import Result

NAMED = 5
"""So many strengths and so many weaknesses are named."""


@frozen
class _Loss:
    """Points lost at the total, and the parts that lie in evidence and in absent figures."""

    lost: Fraction
    evidence: Fraction
    absence: Fraction

    @property
    def substance(self) -> Fraction:
        return self.lost - self.evidence - self.absence


def headroom_of(result: Result, unit: str, code: str = "") -> Headroom:
    """Return where a unit loses points of a total: of the row `code`, or of the first total.

    Raises UnknownName where there is no such unit or row, WrongUse where the row has no points to lose or the unit no
    score there, or as `refuse_merged`.
    """
    refuse_merged(result)
    position = result.position(unit)
    at = result.plan.place(_total(result, code))
    if not result.settled.matrix.scored(at)[position]:
        message = say("{unit} has no score at {code}", unit=result.names[position], code=result.plan.nodes[at].row.code)
        hint = say("`ictindex explain` says why; name another total with --total")
        raise WrongUse(Problem("U216", message, hint=hint))
    known = Recombined(result, position, at)
    places = result.plan.below(at)[1:]
    least = {place: _least(result, at, place) for place in (at, *places)}
    losses = _losses(known, [at, *places])
    found = standings(result, position, least)
    made = {place: _row(result, position, place, losses.get(place), found.get(place)) for place in (at, *places)}
    rows = sorted((made[place] for place in places), key=lambda row: (row.lost is None, -(row.lost or 0)))
    total, members = made[at], pool_members(result, position)
    ranks = result.ranks(total.code)
    rank = ranks[position].item()
    return Headroom(
        subject=subject_of(result),
        unit=result.units[position],
        name=result.names[position],
        pool=result.table.pool_of(position),
        total=total,
        published=result.published(total.code)[position],
        rank=rank or None,
        ranked=int((ranks[members] > 0).sum()),
        level=result.levels(total.code)[position],
        rows=tuple(rows),
        strengths=_extremes([(made[place], least[place]) for place in places], best=True),
        weaknesses=_extremes([(made[place], least[place]) for place in places], best=False),
        names={one: _name(result, one) for row in (total, *rows) for one in row.best_units},
        relative=any(_fitted(result, place) for place in least),
    )


def _name(result: Result, unit: str) -> str:
    return result.names[result.position(unit)]


def _total(result: Result, code: str) -> str:
    """Return the code of the row at which points are lost. Raises UnknownName, WrongUse."""
    row = result.totals[0] if not code else result.scheme.row(_known(result, code))
    if not row.max or (isinstance(row, Group) and row.combine.name == "none"):
        message = say("{code} has no points that could be lost", code=row.code)
        totals = ", ".join(one.code for one in result.totals)
        raise WrongUse(
            Problem("U215", message, hint=say("name a total or a heading with points: {codes}", codes=totals))
        )
    return row.code


def _known(result: Result, code: str) -> str:
    result.scored(code)  # raises UnknownName with a suggestion
    return code


def _least(result: Result, at: int, place: int) -> bool:
    """Whether fewer points of a row are better for the total: deductions, and what is below one."""
    turns = 0
    while place != at:
        turns += result.plan.nodes[place].row.role == "deduct"
        place = result.plan.parent(place)
    return bool(turns % 2)


def _fitted(result: Result, place: int) -> bool:
    scale = result.plan.nodes[place].scale
    return scale is not None and scale.fitting != "none"


# --- losses ----------------------------------------------------------------------------------------------------------


def _losses(known: Recombined, places: Sequence[int]) -> dict[int, _Loss]:
    """Return what is lost at each row, nothing where that is not known; all are computed together.

    At what does not apply, and at a row without points, nothing is lost.
    """
    zero = Fraction(0)
    losses: dict[int, _Loss] = {}
    sets: list[dict[int, Any]] = [{}]
    at: dict[int, tuple[int, int, int]] = {}
    for place in places:
        below = known.below(place)
        if not below:
            if not known.hidden(place):
                losses[place] = _Loss(zero, zero, zero)
            continue
        evidence = _put(sets, {one.place: None for one in below if one.why == "evidence" and not one.least})
        absent = {one.place: one.full for one in below if one.why == "absence"}
        absence = _put(sets, sets[evidence] | absent)
        at[place] = evidence, absence, _put(sets, {one.place: one.full for one in below})
    totals = known.totals(sets)
    return losses | {
        place: _Loss(totals[full] - totals[0], totals[evidence] - totals[0], totals[absence] - totals[evidence])
        for place, (evidence, absence, full) in at.items()
    }


def _put(sets: list[dict[int, Any]], one: dict[int, Any]) -> int:
    """Return the position of a set of points, which is added where it is new."""
    if not one:
        return 0
    if sets[-1] != one:
        sets.append(one)
    return len(sets) - 1


# --- rows ------------------------------------------------------------------------------------------------------------


def _row(result: Result, unit: int, place: int, loss: _Loss | None, standing: Standing | None) -> LostRow:
    node, matrix = result.plan.nodes[place], result.settled.matrix
    row, flag = node.row, matrix.flag(place, unit)
    scored = row.max and not flag & (Flag.LEFT_OUT | Flag.COVERED)
    if not scored:
        standing = None
    points = as_fraction(result.settled.column(unit)[place]) if scored else None
    above = result.scheme.above(row.code)
    part = bool(above) and above[0].parts
    return LostRow(
        code=row.code,
        name=row.name,
        kind="part" if part else "group" if isinstance(node, Heading) and not node.row.parts else "criterion",
        above=above[0].code if above else "",
        role=row.role,
        state=_state(result, unit, place),
        rejected=bool(flag & Flag.NO_EVIDENCE) and result.table.origin.is_rejected(unit, row.code),
        unshown=bool(flag & Flag.NO_EVIDENCE and points) and without_evidence(row, result.table) == "flag",
        points=points,
        max=row.max,
        lost=None if loss is None else loss.lost,
        substance=None if loss is None else loss.substance,
        evidence=None if loss is None else loss.evidence,
        absence=None if loss is None else loss.absence,
        rank=None if standing is None else standing.rank,
        of=None if standing is None else standing.of,
        median=None if standing is None else standing.median,
        best=None if standing is None else standing.best,
        best_units=() if standing is None else standing.best_units,
        best_count=0 if standing is None else standing.best_count,
    )


def _state(result: Result, unit: int, place: int) -> str:
    """Return how the points came about; of a row that is left out whether that is for a missing figure."""
    matrix = result.settled.matrix
    if not result.plan.nodes[place].row.max:
        return "informational"
    if matrix.flag(place, unit) & Flag.MISSING_LEFT_OUT:
        return Flag.MISSING_LEFT_OUT.label
    return matrix.state(place, unit)


def _extremes(rows: list[tuple[LostRow, bool]], *, best: bool) -> tuple[str, ...]:
    """Return the codes of the criteria beyond the pool's median on one side, the most extreme by rank first.

    With each row comes whether fewer points are better there. Of equal ranks the row with more points comes first.
    """
    beyond: list[tuple[Fraction, Fraction, str]] = []
    for row, least in rows:
        if not row.is_finest or row.rank is None or row.of is None or row.points is None or row.median is None:
            continue
        ahead = (row.points < row.median) if least else (row.points > row.median)
        if row.points != row.median and ahead is best:
            share = Fraction(row.rank, row.of)
            beyond.append((share if best else -share, -row.max, row.code))
    return tuple(code for _, _, code in sorted(beyond, key=lambda one: one[:2])[:NAMED])
