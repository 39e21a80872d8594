"""What a pool teaches: the lowest and the highest number, the mean and the standard deviation.

Sums are correctly rounded (`math.fsum`), so neither the order of the rows nor the number of workers changes a bit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from ictindex.strategies.base import Arithmetic, Array, Fit, Sample


def extremes(sample: Sample, maths: Arithmetic) -> Fit:
    """Return `low` and `high` of each pool, with who holds them: -1 and both ends 0 for a pool without units."""
    if sample.pools is None and sample.counts is None and len(sample.values):
        values, first, last = sample.values, int(sample.values.argmin()), int(sample.values.argmax())
        ends = {"low": values[first : first + 1].copy(), "high": values[last : last + 1].copy()}
        return Fit(ends, {"low": np.array([first]), "high": np.array([last])})
    zero = maths.number(Fraction(0))
    low, high = np.full(sample.pool_count, zero, maths.dtype), np.full(sample.pool_count, zero, maths.dtype)
    lowest, highest = np.full(sample.pool_count, -1, np.intp), np.full(sample.pool_count, -1, np.intp)
    for pool, positions in _pools(sample):
        values = sample.values[positions]
        first, last = int(np.argmin(values)), int(np.argmax(values))
        low[pool], high[pool] = values[first], values[last]
        lowest[pool], highest[pool] = positions[first], positions[last]
    return Fit({"low": low, "high": high}, {"low": lowest, "high": highest})


def mean_and_deviation(sample: Sample, maths: Arithmetic) -> Fit:
    """Return `mean`, `deviation` (of the population), `low` and `high` of each pool. All equal: deviation 0."""
    ends = extremes(sample, maths)
    zero = maths.number(Fraction(0))
    mean = np.full(sample.pool_count, zero, maths.dtype)
    deviation = np.full(sample.pool_count, zero, maths.dtype)
    for pool, positions in _pools(sample):
        values = sample.values[positions]
        if ends.numbers["high"][pool] - ends.numbers["low"][pool] <= maths.tolerance:
            mean[pool] = values[0]
            continue
        mean[pool] = _total(values, maths) / len(values)
        spread = values - mean[pool]
        variance = _total(spread * spread, maths) / len(values)
        deviation[pool] = variance.sqrt() if maths.exact else math.sqrt(variance)
    return Fit({**ends.numbers, "mean": mean, "deviation": deviation}, ends.holders)


def _pools(sample: Sample) -> Iterator[tuple[int, npt.NDArray[np.intp]]]:
    """Yield each pool that has units with their positions."""
    keys = np.zeros(len(sample.values), np.intp) if sample.pools is None else sample.pools
    positions = np.arange(len(keys)) if sample.counts is None else np.flatnonzero(sample.counts)
    order = positions[np.argsort(keys[positions], kind="stable")]
    bounds = np.searchsorted(keys[order], np.arange(sample.pool_count + 1))
    for pool in range(sample.pool_count):
        members = order[bounds[pool] : bounds[pool + 1]]
        if len(members):
            yield pool, members


def _total(values: Array, maths: Arithmetic) -> Any:
    return sum(values.tolist()) if maths.exact else math.fsum(values)
