"""What becomes of units under outcomes of their open criteria: exact points, keys and levels, without a new table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import frozen

from ictindex.analysis.pending.aims import Aim
from ictindex.analysis.pending.opens import Open, Outcome
from ictindex.exact import at_least, equal_points, more_than
from ictindex.filling import fill
from ictindex.matrix import Matrix
from ictindex.plan import points_per_unit
from ictindex.publication import exact_key, level_bound
from ictindex.reading import Given, Reader
from ictindex.result import Result
from ictindex.strategies.base import Fit
from ictindex.strategies.classifications import key_bound

Key = tuple[int, ...]

LAST = -(2**62)
"""Below every key: a row without a score."""


@frozen
class Trial:
    """One unit with outcomes of some of its open criteria; all others are as they are now."""

    unit: int
    chosen: tuple[tuple[Open, Outcome], ...] = ()


@frozen
class Seen:
    """What became of the unit of a trial: nothing of a unit without a score, whose key is None.

    `points` are the total's, exact; `key` orders units as their ranks do, the first number being the published score's
    where ranks are made on that; `level` is the position of its level, the number of levels where it reaches none.
    """

    points: Any
    key: Key | None
    published: int
    level: int


def matrix_of(result: Result, trials: Sequence[Trial], fits: Mapping[int, Fit] | None) -> Matrix:
    """Return the exact matrix of trials, a column for each. Without `fits` the trials are compared with one another."""
    plan, maths = result.plan, result.plan.arithmetic
    units = np.array([trial.unit for trial in trials], np.intp)
    reader = Reader(plan, result.table, maths, units)
    puts: dict[int, list[tuple[int, Outcome]]] = {}
    for at, trial in enumerate(trials):
        for one, outcome in trial.chosen:
            if outcome.put:
                puts.setdefault(one.place, []).append((at, outcome))
    given, excluded, zero = {}, {}, maths.number(Fraction(0))
    with maths.context():
        for place, cells in puts.items():
            known, left = reader.given(place), reader.excluded(place)
            mask = np.zeros(len(trials), np.bool_) if known is None else known.mask.copy()
            points = np.full(len(trials), zero, object) if known is None else known.points.copy()
            out = np.full(len(trials), zero, object) if left is None else left.copy()
            for at, outcome in cells:
                mask[at], points[at], out[at] = True, outcome.points, outcome.left
            given[place] = Given(mask, points, None)
            excluded[place] = out
    return fill(plan, result.table, maths, units=units, fits=fits, given=given, excluded=excluded)


def seen(aim: Aim, matrix: Matrix) -> list[Seen]:
    """Return what became of each column of an exact matrix; keys of one matrix can be compared with one another."""
    row = aim.row
    columns = []
    for place in aim.chain:
        points = matrix.points[place].tolist()
        keys = _published(points, aim, place) if aim.rule.on == "published" else ordered(points)
        columns.append([key if has else LAST for key, has in zip(keys, matrix.scored(place).tolist(), strict=True)])
    scored = matrix.scored(aim.total).tolist()
    points = matrix.points[aim.total].tolist()
    shown = columns[0] if aim.rule.on == "published" else _published(points, aim, aim.total)
    if row.levels is None:
        levels = [0] * len(points)
    else:
        gates = {place: matrix.points[place].tolist() for place in aim.gates}
        levels = [
            _level(aim, key, one, {place: column[at] for place, column in gates.items()})
            for at, (key, one) in enumerate(zip(shown, points, strict=True))
        ]
    return [
        Seen(one, key if has else None, print_key, level)
        for one, key, has, print_key, level in zip(
            points, zip(*columns, strict=True), scored, shown, levels, strict=True
        )
    ]


def _published(points: Sequence[Any], aim: Aim, place: int) -> list[int]:
    row = aim.plan.nodes[place].row
    known: dict[Any, int] = {}
    for one in points:
        if one not in known:
            known[one] = exact_key(one, row)
    return [known[one] for one in points]


def ordered(points: Sequence[Any]) -> list[int]:
    """Return whole numbers that order exact points: equal where these are equal."""
    numbers, rank, last = [0] * len(points), 0, None
    for at in sorted(range(len(points)), key=points.__getitem__):
        if last is not None and not equal_points(points[at], last):
            rank += 1
        numbers[at], last = rank, points[at]
    return numbers


def _level(aim: Aim, key: int, points: Any, gates: Mapping[int, Any]) -> int:
    """Return the position of the first level that is reached, the number of levels where none is."""
    row, levels = aim.row, aim.row.levels
    if levels is None:
        raise AssertionError("only asked of rows with levels")
    for position, level in enumerate(levels.levels):
        score, strict = level_bound(row, position)
        if row.rank.on == "published":
            reached = key >= key_bound(score, strict, row.publish.decimals)
        else:
            reached = (more_than if strict else at_least)(points, score * points_per_unit(row))
        if reached and all(at_least(gates[aim.plan.place(code)], needs) for code, needs in level.only_if):
            return position
    return len(levels.levels)
