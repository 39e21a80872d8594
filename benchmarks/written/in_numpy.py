"""numpy as it is usually written: a row a unit, expressions over whole arrays, a new array for each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from data import Array, Indicator, Workload
from numpy.typing import NDArray

from written import SHARES, Answer, Peer, most


def _w1(work: Workload) -> Callable[[], Any]:
    matrix = np.ascontiguousarray(work.matrix.T)
    groups = [
        ([one.columns[0] for one in group.indicators], [one.points for one in group.indicators])
        for group in work.groups
    ]
    own = [group.points for group in work.groups]

    def call() -> Any:
        low, high = matrix.min(axis=0), matrix.max(axis=0)
        scaled = (matrix - low) / (high - low)
        headings = [np.average(scaled[:, columns], axis=1, weights=weights) for columns, weights in groups]
        scores = np.average(np.column_stack(headings), axis=1, weights=own)
        return np.round(scores, 4), _ranks(scores)

    return call


def _w2(work: Workload) -> Callable[[], Any]:
    matrix = np.ascontiguousarray(work.matrix.T)
    bounds = [share * most(work) for share in SHARES]

    def call() -> Any:
        headings = []
        for group in work.groups:
            points = np.column_stack([_points(one, matrix) for one in group.indicators])
            headings.append(np.minimum(points.sum(axis=1), group.points))
        scores = np.round(np.column_stack(headings).sum(axis=1), 2)
        return scores, _ranks(scores), np.select([scores >= bound for bound in bounds], range(3), 3)

    return call


def _points(one: Indicator, matrix: Array) -> Array:
    first = matrix[:, one.columns[0]]
    if one.kind == "ratio":
        return np.minimum(first / matrix[:, one.columns[1]], 1) * one.points
    if one.kind == "each":
        return np.minimum(first * one.table[0][1], one.points)
    points = np.array([0.0, *(points for _, points in one.table)])
    if one.kind == "choice":
        return points[first.astype(int)]
    return points[np.digitize(first, [start for start, _ in one.table])]


def _ranks(scores: Array) -> NDArray[np.intp]:
    return np.searchsorted(np.sort(-scores), -scores) + 1


PEER = Peer(
    "numpy as usual",
    "numpy",
    np.__version__,
    {"W1": _w1, "W2": _w2},
    lambda work, made: Answer.of(work.name, *made),
    differs="rounds the float that it has, a half to the even digit; ranks floats",
)
