"""What the ranks of all draws come to: of each unit, and of the ranking as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial

import numpy as np

from ictindex.analysis.uncertainty.answer import SURE, Stability
from ictindex.analysis.uncertainty.counting import Counts
from ictindex.analysis.uncertainty.draws import Draws, blocks
from ictindex.analysis.uncertainty.simulation import Simulation, computed
from ictindex.strategies.base import Array

KEPT = 2**26
"""So many ranks are kept at once, 128 MB; where there are more, they are counted."""

COUNTED = 2**27
"""So many counts are kept, 512 MB; for more units, the draws are made once for each part of the units."""

BESIDE = 256
"""The ranks of so many units are sorted at once."""

_QUANTILES = (1 - SURE, 0.5, SURE)


def windows(units: int, draws: int, most: int) -> list[slice]:
    """Return the parts of the units whose ranks are kept or counted at once; ranks are from 0 to `most`."""
    if units * (most + 1) <= COUNTED:
        return [slice(0, units)]
    width = max(1, KEPT // draws)
    return [slice(start, min(start + width, units)) for start in range(0, units, width)]


def summed_up(
    simulation: Simulation,
    seed: int,
    draws: int,
    parts: Sequence[slice],
    executor: Executor | None,
    done: Callable[[], None],
) -> tuple[Array, Array, Array, Stability]:
    """Return the facts of each unit, the shares of draws ahead of the next one and at each level, and the stability.

    The facts have a line each for the mean, best, 5 %, median, 95 % and worst rank and the share among the first ones.
    """
    sizes, units, times = blocks(draws), len(simulation.order), simulation.ranker.times
    facts = np.empty((7, units))
    kept, moved = np.empty(draws, np.int64), np.empty(draws, np.int64)
    ahead: Array = np.zeros(simulation.ranked, np.int64)
    levels: Array = np.zeros((units, 0), np.int64)
    for number, window in enumerate(parts):
        width = window.stop - window.start
        # A part of the units is as wide as can be kept, or one unit.
        counts = Counts(width, (units + 1) * times) if width * draws > max(KEPT, draws) else None
        ranks = np.empty((0 if counts else draws, width), simulation.ranker.dtype)
        tasks = ((Draws(seed, block, size), window, not number) for block, size in sizes.items())
        start = 0
        for tally in computed(simulation, tasks, executor, done):
            part = slice(start, start + len(tally.ranks))
            start = part.stop
            if counts is None:
                ranks[part] = tally.ranks
            else:
                counts.add(tally.ranks)
            if not number:
                kept[part], moved[part] = tally.kept, tally.moved
                ahead, levels = ahead + tally.ahead, tally.levels + (levels if levels.size else 0)
        if counts is None:
            facts[:, window] = _facts(ranks, simulation.top * times, executor)
        else:
            facts[:, window] = counts.facts(_places(draws), simulation.top * times, draws)
    facts[:-1] /= times
    shares = ahead / draws
    return facts, shares, levels / draws, _stability(simulation, kept, moved, shares)


def _facts(ranks: Array, top: int, executor: Executor | None) -> Array:
    """Return the facts of units whose ranks are given; threads share the work, other workers would need the ranks."""
    pieces = [ranks[:, start : start + BESIDE] for start in range(0, ranks.shape[1], BESIDE)]
    apply = executor.map if isinstance(executor, ThreadPoolExecutor) else map
    return np.concatenate([np.zeros((7, 0)), *apply(partial(_facts_beside, top), pieces)], axis=1)


def _facts_beside(top: int, ranks: Array) -> Array:
    draws, units = ranks.shape
    ordered = np.ascontiguousarray(ranks.T)
    ordered.sort(axis=1, kind="stable")  # for 16 bits, this is numpy's fastest
    facts = np.zeros((7, units))
    facts[0] = ordered.sum(axis=1, dtype=np.int64) / draws
    facts[1:6] = ordered[:, _places(draws)].T
    some = np.flatnonzero(ordered[:, 0] <= top)
    facts[6, some] = np.count_nonzero(ordered[some] <= top, axis=1) / draws
    return facts


def _places(draws: int) -> list[int]:
    """Return the places of the best, 5 %, median, 95 % and worst rank in the order of so many."""
    return [0, *(-(-draws * round(100 * share) // 100) - 1 for share in _QUANTILES), draws - 1]


def _stability(simulation: Simulation, kept: Array, moved: Array, ahead: Array) -> Stability:
    published, units, followed = simulation.published, simulation.ranked, simulation.followed
    times, draws = simulation.ranker.times, len(kept)
    apart = followed[:-1] & (published[: units - 1] < published[1:units])
    return Stability(
        top=simulation.top,
        published=len(simulation.first),
        kept=float(kept.mean()),
        kept_sure=int(np.sort(kept)[draws - -(-draws * round(100 * SURE) // 100)]),
        shift=float(moved.sum() / draws / units / times),
        shift_sure=float(np.sort(moved)[-(-draws * round(100 * SURE) // 100) - 1] / units / times),
        neighbours=int(np.count_nonzero(apart)),
        unsure=int(np.count_nonzero(ahead[:-1][apart] < SURE)),
    )
