"""Sobol' effects: how much of what varies is due to which of the things that are varied.

The estimators are those of Saltelli and others (Computer Physics Communications 181, 2010, table 2): the first effect
(b) and, after Jansen, the total effect (f). A factor may be a whole set of random numbers, as the weights of a heading.
"""

from __future__ import annotations

import numpy as np

from ictindex.strategies.base import Array

REPEATS = 200
"""So many times the draws are drawn again from themselves, for the interval of an effect."""


def sobol_effects(a: Array, b: Array, mixed: Array) -> tuple[Array, Array]:
    """Return the first and total effects of each factor; NaN where the number never varies.

    `a` and `b` are the numbers of two independent sets of draws (n), `mixed` those of the draws of `a` with one factor
    of `b` (a line for each factor, n each); further axes in front are kept.
    """
    middle = np.concatenate([a, b], axis=-1).mean(axis=-1, keepdims=True)
    a, b, mixed = a - middle, b - middle, mixed - middle[..., None, :]
    variance = np.concatenate([a, b], axis=-1).var(axis=-1)[..., None]
    with np.errstate(all="ignore"):
        first = (b[..., None, :] * (mixed - a[..., None, :])).mean(axis=-1) / variance
        total = ((a[..., None, :] - mixed) ** 2).mean(axis=-1) / 2 / variance
    return np.where(variance > 0, first, np.nan), np.where(variance > 0, total, np.nan)


def intervals(a: Array, b: Array, mixed: Array, seed: int) -> Array:
    """Return the 90 % intervals of both effects by drawing the draws again: (first or total, low or high, factor)."""
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(2,)))
    found = []
    for _ in range(REPEATS):
        again = random.integers(len(a), size=len(a))
        found.append(sobol_effects(a[again], b[again], mixed[:, again]))
    ends: Array = np.quantile(np.array(found), [0.05, 0.95], axis=0)
    return np.swapaxes(ends, 0, 1)
