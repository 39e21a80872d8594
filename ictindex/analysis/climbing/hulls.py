"""How much value can be had at a cost at most, bounded from above by a concave line: what a search may leave aside.

A row's hull is never below what its moves can bring, and is quick to add up: the steepest pieces come first. So it says
what the rest of a tree costs at least, and labels that cannot become a cheaper plan are dropped. Hulls are floats; they
only sort and prune, with a margin that is far wider than their errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from attrs import frozen

Floats: TypeAlias = npt.NDArray[np.float64]

MARGIN = 1e-9
"""A bound counts as missed only by more than this share of the numbers around."""


ROUNDING = 1e-12
"""More than the share by which a difference of two floats can be off."""


@frozen(slots=False)
class Hull:
    """A concave line: the value `base` at no cost, then pieces of (cost, value), the steepest first."""

    base: float
    pieces: tuple[tuple[float, float], ...] = ()

    @classmethod
    def around(cls, points: Iterable[tuple[float, float]]) -> Hull:
        """Return the lowest hull over points of (cost, value), of which one costs nothing."""
        corners: list[tuple[float, float]] = []
        for cost, value in sorted(points, key=lambda one: (one[0], -one[1])):
            if corners and value <= corners[-1][1]:
                continue
            while len(corners) > 1 and _flatter(corners[-2], corners[-1], (cost, value)):
                corners.pop()
            corners.append((cost, value))
        pieces = ((b[0] - a[0], b[1] - a[1]) for a, b in pairwise(corners))
        return cls(corners[0][1], tuple(pieces))

    @classmethod
    def sum(cls, hulls: Sequence[Hull]) -> Hull:
        """Return the hull of rows whose values are added."""
        pieces = [piece for one in hulls for piece in one.pieces]
        pieces.sort(key=lambda piece: piece[1] / piece[0] if piece[0] else float("inf"), reverse=True)
        return cls(sum(one.base for one in hulls), tuple(pieces))

    @cached_property
    def corners(self) -> list[tuple[float, float]]:
        """The corners of the line, as (cost, value)."""
        return list(
            accumulate(self.pieces, lambda at, piece: (at[0] + piece[0], at[1] + piece[1]), initial=(0.0, self.base))
        )

    @property
    def top(self) -> float:
        """The highest value."""
        return self.corners[-1][1]

    def cost_of(self, value: float) -> float:
        """Return what a value costs at least; infinity where it cannot be had."""
        return float(self.costs_of(np.array([value]))[0])

    def costs_of(self, values: Floats) -> Floats:
        """Return what values cost at least; infinity where one cannot be had."""
        costs, highs = self._line
        wanted = values - MARGIN * (np.abs(values) + abs(self.base) + abs(self.top))
        return np.asarray(np.interp(wanted, highs, costs, left=0.0, right=np.inf))

    @cached_property
    def _line(self) -> tuple[Floats, Floats]:
        costs, values = zip(*self.corners, strict=True)
        return np.array(costs), np.array(values)


def _flatter(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """Whether the corner b lies on or below the line from a to c."""
    return (b[1] - a[1]) * (c[0] - a[0]) <= (c[1] - a[1]) * (b[0] - a[0])
