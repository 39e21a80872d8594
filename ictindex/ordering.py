"""The positions that put numbers in order, in time that grows with how many there are and no faster."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ictindex.strategies.base import Array

_WIDE = 2.0**32 - 1


def ascending(numbers: Array) -> npt.NDArray[np.intp]:
    """Return the positions that put finite float64 or int64 numbers in ascending order, equal ones in any.

    A number of 32 bits that never falls as the numbers rise is sorted in two halves: of 16 bits numpy sorts in one
    pass, three times as fast as by comparing. Those few that share one are then put in order among themselves.
    """
    low, high = (float(one) for one in (np.min(numbers, initial=0), np.max(numbers, initial=0)))
    width = high - low
    scale = _WIDE / width if width else math.inf
    if not width < math.inf or not scale < math.inf:  # nothing to tell apart, or too far from what a float can say
        return np.argsort(numbers)
    coarse = ((numbers - low) * scale).astype(np.uint32)
    order = np.argsort(coarse.astype(np.uint16), kind="stable")
    order = order[np.argsort((coarse >> np.uint32(16)).astype(np.uint16)[order], kind="stable")]
    ordered = coarse[order]
    same = ordered[1:] == ordered[:-1]
    if same.any():
        tied = np.zeros(len(order), np.bool_)
        tied[1:] = same
        tied[:-1] |= same
        units = order[tied]
        order[tied] = units[np.lexsort((numbers[units], coarse[units]))]
    return order
