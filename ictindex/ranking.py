"""Ranks from whole numbers: higher is better, equal numbers tie.

Competition ranking (1224) reproduces every published national table that was checked, such as 17, 17, 19.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ictindex.ordering import ascending

Keys = npt.NDArray[np.int64]
Ranks = npt.NDArray[Any]
"""int64, or float64 where ties share their average."""
Ties = Literal["competition", "dense", "ordinal", "average"]


def rank(keys: Sequence[Keys], ties: Ties, labels: Sequence[str]) -> Ranks:
    """Return the rank of every unit, 1 for the best; whole numbers, except that `average` gives halves.

    `keys` are the score and then the tie-breakers; `labels` (unit codes) decide what is left under `ordinal`.
    """
    single = keys[0] if len(keys) == 1 else joined(keys)
    if ties == "ordinal":
        order = sorted(range(len(labels)), key=lambda unit: (-int(single[unit]), labels[unit]))
        ranks = np.empty(len(labels), np.int64)
        ranks[order] = np.arange(1, len(labels) + 1)
        return ranks
    if not len(single):
        return np.zeros(0, np.int64)
    if ties == "dense":
        return _distinct_above(single) + 1
    up_to, same = _up_to(single)
    if ties == "average":
        return len(single) - up_to + (same + 1) / 2
    return len(single) + 1 - up_to


def rank_within(
    keys: Sequence[Keys],
    ties: Ties,
    labels: Sequence[str],
    pools: npt.NDArray[np.intp] | None,
    ranked: npt.NDArray[np.bool_],
) -> Ranks:
    """Return the rank of each ranked unit among the ranked units of its pool; 0 for a unit that is not ranked."""
    if pools is None and ranked.all():
        return rank(keys, ties, labels)
    ranks = np.zeros(len(labels), np.float64 if ties == "average" else np.int64)
    units = np.flatnonzero(ranked)
    places = np.zeros(len(labels), np.intp) if pools is None else pools
    units = units[np.argsort(places[units], kind="stable")]
    edges = np.flatnonzero(np.diff(places[units])) + 1
    for members in np.split(units, edges):
        if len(members):
            ranks[members] = rank([key[members] for key in keys], ties, [labels[unit] for unit in members])
    return ranks


def rank_of(key: int, others: Keys, ties: Ties) -> Fraction:
    """Return the rank that a unit with this key has among others, whose keys are sorted. Under `ordinal` no two tie."""
    first, last = int(np.searchsorted(others, key, "left")), int(np.searchsorted(others, key, "right"))
    above = len(others) - last
    if ties == "dense":
        above = int(np.count_nonzero(np.diff(others[last:]))) + bool(above)
    if ties == "average":
        return above + Fraction(last - first, 2) + 1
    return Fraction(above + 1)


def joined(keys: Sequence[Keys]) -> Keys:
    """Return one number per unit that orders as the chain of keys does, equal where the whole chain is equal."""
    order = np.lexsort(tuple(reversed(keys)))
    steps = np.zeros(len(order), np.int64)
    for key in keys:
        steps[1:] |= key[order][1:] != key[order][:-1]
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.cumsum(steps)
    return numbers


def _up_to(keys: Keys) -> tuple[Keys, Keys]:
    """Return, per unit, how many have at most its key, and how many have that very key."""
    low, high = int(keys.min()), int(keys.max())
    if high - low <= 4 * len(keys) + 1024:  # a short range: count instead of sorting
        position = keys - low
        counts = np.bincount(position)
        return np.cumsum(counts)[position], counts[position]
    order, starts = _runs(keys)
    ends = np.append(starts[1:], len(keys))
    up_to, same = np.empty_like(keys), np.empty_like(keys)
    up_to[order] = np.repeat(ends, ends - starts)
    same[order] = np.repeat(ends - starts, ends - starts)
    return up_to, same


def _distinct_above(keys: Keys) -> Keys:
    """Return, per unit, how many different keys are above its own."""
    order, starts = _runs(keys)
    sizes = np.diff(np.append(starts, len(keys)))
    above = np.empty_like(keys)
    above[order] = np.repeat(np.arange(len(starts))[::-1], sizes)
    return above


def _runs(keys: Keys) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the positions in ascending order of keys, and where in it each new key starts."""
    order = ascending(keys)
    ordered = keys[order]
    return order, np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
