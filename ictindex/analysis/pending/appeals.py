"""The appeals that are undecided: what each asks for, and what it would change if it alone were granted."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ictindex.analysis.pending.aims import Aim
from ictindex.analysis.pending.answer import PendingAppeal
from ictindex.analysis.pending.figures import Asked, OpenFigures
from ictindex.analysis.pending.opens import Open
from ictindex.analysis.rescoring import rescored
from ictindex.editing import Edit
from ictindex.plan import Leaf
from ictindex.result import Result

LOOKS = 200
"""So many appeals are scored anew one by one, the oldest first; what later ones would change is left out."""


def appeals_of(result: Result, figures: OpenFigures, aim: Aim, claims: Sequence[Open]) -> tuple[PendingAppeal, ...]:
    """Return the appeals about open criteria, the oldest first. Raises TableInvalid where the scheme refuses one."""
    about: dict[tuple[int, str], list[Open]] = {}
    for claim in claims:
        for key in claim.figures:
            if (claim.unit, key) in figures.appealed:
                about.setdefault((claim.unit, key), []).append(claim)
    order = sorted(about, key=lambda one: (str(figures.appealed[one].since or "9"), one[0]))
    return tuple(_told(result, figures.appealed, aim, order, about))


def _told(
    result: Result,
    appealed: Mapping[tuple[int, str], Asked],
    aim: Aim,
    order: Sequence[tuple[int, str]],
    about: Mapping[tuple[int, str], Sequence[Open]],
) -> Iterator[PendingAppeal]:
    code, names = aim.row.code, result.names
    result.settled.settle(np.arange(len(result.units)))
    for number, (unit, key) in enumerate(order):
        asked, place = appealed[unit, key], about[unit, key][0].place
        row = result.plan.nodes[place].row
        granted = gain = becomes = ranks = None
        if number < LOOKS:
            other = rescored(result, _edits(result, key, asked, about[unit, key]))
            granted = _points(other, unit, place)
            before, after = _points(result, unit, aim.total), _points(other, unit, aim.total)
            with result.plan.arithmetic.context():
                gain = None if before is None or after is None else after - before
            becomes = _rank(other, unit, code)
            ranks = int(np.count_nonzero(other.ranks(code) != result.ranks(code)))
        yield PendingAppeal(
            unit=result.units[unit],
            name=names[unit],
            code=row.code,
            criterion=row.name,
            figure=key,
            now=asked.now,
            asked=asked.text,
            evidence=asked.evidence,
            since=asked.since,
            remark=asked.remark,
            points=_points(result, unit, place),
            granted=granted,
            gain=gain,
            rank=_rank(result, unit, code),
            becomes=becomes,
            ranks=ranks,
        )


def _edits(result: Result, key: str, asked: Asked, about: Sequence[Open]) -> Iterator[Edit]:
    """Yield the cells of a table in which the appeal is granted: the figure, and the evidence for it."""
    unit = about[0].unit
    if asked.state is not None:
        yield Edit(unit, key, math.nan if asked.value is None else asked.value, asked.state)
    for claim in about:
        node = result.plan.nodes[claim.place]
        if isinstance(node, Leaf) and node.row.evidence is not None:
            yield Edit(unit, f"{node.row.code}.evidence", 1.0)


def _points(result: Result, unit: int, place: int) -> Any:
    result.settled.settle(np.array([unit]))
    return result.settled.column(unit)[place] if result.settled.matrix.scored(place)[unit] else None


def _rank(result: Result, unit: int, code: str) -> float | None:
    return float(result.ranks(code)[unit]) or None
