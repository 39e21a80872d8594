"""The reference kernels: the two workloads written plainly for speed in numpy, with no scheme in between.

One contiguous float64 row a column, blocks that stay in cache, scratch arrays reused, step tables by compare-and-add
and `take`, published scores as whole numbers, ranks and grades made from those. They check nothing, explain nothing
and know nothing of missing cells: what a general engine is measured against.
"""

from __future__ import annotations

import numpy as np
from data import Array, Group, Indicator
from numpy.typing import NDArray

BLOCK = 4096
SNAP = 1e-10  # what a score may lie below a half and still be one after floating-point arithmetic
TIE = 1e-15  # what two exactly equal scores may differ by

Keys = NDArray[np.int64]


def w1(matrix: Array, groups: tuple[Group, ...]) -> tuple[Keys, Keys]:
    """Return the scores published with 4 decimals, as whole numbers, and the ranks of the unrounded scores."""
    units = matrix.shape[1]
    low, high = matrix.min(axis=1), matrix.max(axis=1)
    plan = _weights(groups, high - low)
    scores = np.empty(units)
    scratch = np.empty(BLOCK)
    for start in range(0, units, BLOCK):
        block = matrix[:, start : start + BLOCK]
        part = scratch[: block.shape[1]]
        total = scores[start : start + BLOCK]
        total[:] = 0.0
        for row, factor in plan:
            np.subtract(block[row], low[row], out=part)
            np.multiply(part, factor, out=part)
            np.add(total, part, out=total)
    return published(scores, 4), competition(np.rint(scores / TIE).astype(np.int64))


def w2(matrix: Array, groups: tuple[Group, ...]) -> tuple[Keys, Keys, NDArray[np.int8]]:
    """Return the points published with 2 decimals, as whole numbers, the ranks, and the grades (0 is best)."""
    units = matrix.shape[1]
    scores = np.empty(units)
    scratch = _Scratch()
    tables = {one.code: _table(one) for group in groups for one in group.indicators}
    for start in range(0, units, BLOCK):
        block = matrix[:, start : start + BLOCK]
        width = block.shape[1]
        total = scores[start : start + BLOCK]
        total[:] = 0.0
        for group in groups:
            heading = scratch.heading[:width]
            heading[:] = 0.0
            for one in group.indicators:
                part = scratch.part[:width]
                _points(one, block, tables[one.code], scratch, part)
                np.add(heading, part, out=heading)
            np.minimum(heading, group.points, out=heading)
            np.add(total, heading, out=total)
    keys = published(scores, 2)
    most = sum(group.points for group in groups)
    return keys, competition(keys), grades(keys, [share * most * 100 for share in (0.9, 0.7, 0.5)])


class _Scratch:
    def __init__(self) -> None:
        self.heading = np.empty(BLOCK)
        self.part = np.empty(BLOCK)
        self.index = np.empty(BLOCK, dtype=np.intp)
        self.above = np.empty(BLOCK, dtype=np.bool_)


def _weights(groups: tuple[Group, ...], width: Array) -> list[tuple[int, float]]:
    """Return, for each row of the matrix, what one unit above its minimum adds to the total."""
    all_groups = sum(group.points for group in groups)
    plan = []
    for group in groups:
        within = sum(one.points for one in group.indicators)
        for one in group.indicators:
            (row,) = one.columns
            plan.append((row, one.points / within * group.points / all_groups / width[row]))
    return plan


def _table(one: Indicator) -> Array:
    """Return the points by index: below the first threshold, from the first up, ...; of a choice, by its level."""
    return np.array([0.0, *(points for _, points in one.table)])


def _points(one: Indicator, block: Array, table: Array, scratch: _Scratch, out: Array) -> None:
    index = scratch.index[: out.size]
    first = block[one.columns[0]]
    if one.kind == "ratio":
        np.divide(first, block[one.columns[1]], out=out)
        np.minimum(out, 1.0, out=out)
        np.multiply(out, one.points, out=out)
    elif one.kind == "each":
        np.multiply(first, one.table[0][1], out=out)
        np.minimum(out, one.points, out=out)
    else:
        if one.kind == "choice":
            np.copyto(index, first, casting="unsafe")
        else:
            above = scratch.above[: out.size]
            index[:] = 0
            for threshold, _ in one.table:
                np.greater_equal(first, threshold, out=above)
                np.add(index, above, out=index)
        np.take(table, index, out=out, mode="clip")


def published(scores: Array, decimals: int) -> Keys:
    """Return the scores as whole numbers of the last decimal, halves rounded up."""
    unit = 10.0**decimals
    keys = scores * unit
    keys += 0.5 + SNAP * unit
    np.floor(keys, out=keys)
    return keys.astype(np.int64)


def competition(keys: Keys) -> Keys:
    """Return ranks from 1, the highest first; equal keys share the better rank and the next one is skipped."""
    low, high = int(keys.min()), int(keys.max())
    if high - low < 4 * keys.size + 1000:
        offsets = keys - low
        counts = np.bincount(offsets)
        better = np.cumsum(counts[::-1])[::-1] - counts
        return (better + 1)[offsets]
    order = np.argsort(-keys)
    ordered = keys[order]
    first = np.empty(keys.size, dtype=np.bool_)
    first[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    places = np.where(first, np.arange(1, keys.size + 1), 0)
    ranks = np.empty(keys.size, dtype=np.int64)
    ranks[order] = np.maximum.accumulate(places)
    return ranks


def grades(keys: Keys, lower: list[float]) -> NDArray[np.int8]:
    """Return how many of the lower bounds (the highest first) a score stays below: 0 is the best grade."""
    found = np.zeros(keys.size, dtype=np.int8)
    for bound in lower:
        found += keys < bound
    return found
