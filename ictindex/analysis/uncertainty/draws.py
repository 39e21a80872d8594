"""The random numbers of a block of draws.

Every block has its own, made of the seed, what they are for and the number of the block alone: it does not matter who
computes a block, or when, or what else is varied. Two *sides* of them are independent of each other, as Sobol' effects
need it: a draw may take one factor from the other side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen

from ictindex.strategies.base import Array

BLOCK = 64
"""So many draws share one stream of random numbers."""

_KINDS = {"weights": 1, "normalization": 2, "aggregation": 3, "missing": 4, "noise": 5}


@frozen
class Factor:
    """What is varied by itself: `weights` of one heading (its row of the matrix), or a method, or the noise."""

    kind: str
    place: int = 0


@frozen
class Draws:
    """The random numbers of one block. `other` are the factors that are drawn from the other side."""

    seed: int
    block: int
    size: int
    side: int = 0
    other: frozenset[Factor] = frozenset()

    def weights(self, place: int, shares: Array, concentration: float) -> Array:
        """Return the shares of the weights of one heading, a line for each draw; each line adds up to 1."""
        if not np.isfinite(concentration):
            return np.repeat(shares[None], self.size, axis=0)
        numbers = self._random(Factor("weights", place)).standard_gamma(
            concentration * shares, size=(self.size, len(shares))
        )
        whole = numbers.sum(axis=1, keepdims=True)
        return np.where(whole > 0, numbers / np.where(whole > 0, whole, 1.0), shares)

    def choices(self, kind: str, count: int) -> Sequence[int]:
        """Return which of so many methods each draw takes."""
        if count == 1:
            return [0] * self.size
        chosen: list[int] = self._random(Factor(kind)).integers(count, size=self.size).tolist()
        return chosen

    def noise(self, position: int) -> np.random.Generator:
        """Return the random numbers for the input at a position, to be used draw after draw."""
        return self._random(Factor("noise"), position)

    def _random(self, factor: Factor, *more: int) -> np.random.Generator:
        side = 1 - self.side if factor in self.other else self.side
        key = (side, _KINDS[factor.kind], factor.place, *more, self.block)
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=key)))


def blocks(draws: int) -> Mapping[int, int]:
    """Return the size of each block, by its number."""
    return {start // BLOCK: min(BLOCK, draws - start) for start in range(0, draws, BLOCK)}
