"""The statistics themselves: pure functions on arrays of floats, an entry a unit.

What has no answer (too few units, no spread) is None, never NaN. Sample skewness and kurtosis are those of SKEW and
KURT in a spreadsheet, so that anyone can count them again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from attrs import frozen

from ictindex.strategies.base import Array

LEAST = 3
"""No statistic that compares units is made of fewer of them."""

_EQUAL = 1e-12
"""Points that differ by less than this, as a share of the largest, are equal: only an arithmetic tells them apart."""


@frozen
class Moments:
    """What the points of one row are like. The deviation is that of a sample (n - 1)."""

    mean: float | None = None
    deviation: float | None = None
    low: float | None = None
    high: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None


@frozen
class Axes:
    """Principal components, the largest first: `loadings` has a row for each column, a number a component."""

    eigenvalues: tuple[float, ...]
    loadings: npt.NDArray[np.float64]


def moments(values: Array) -> Moments:
    """Return mean, deviation, ends, sample skewness (from 3 units) and sample excess kurtosis (from 4)."""
    count = len(values)
    if not count:
        return Moments()
    low, high = float(values.min()), float(values.max())
    if not varies(values):
        return Moments(low, 0.0 if count > 1 else None, low, high)
    apart = values - values.mean()
    squares = float(np.sum(apart**2))
    deviation = math.sqrt(squares / (count - 1))
    skewness = kurtosis = None
    if count >= 3:
        skewness = count / ((count - 1) * (count - 2)) * float(np.sum((apart / deviation) ** 3))
    if count >= 4:
        fourth = float(np.sum((apart / deviation) ** 4))
        lead = count * (count + 1) / ((count - 1) * (count - 2) * (count - 3))
        kurtosis = lead * fourth - 3 * (count - 1) ** 2 / ((count - 2) * (count - 3))
    return Moments(float(values.mean()), deviation, low, high, skewness, kurtosis)


def varies(values: Array) -> bool:
    """Whether the numbers are not all the same."""
    return bool(len(values)) and float(np.ptp(values)) > _EQUAL * float(np.max(np.abs(values)))


def equal(values: Array, number: float) -> npt.NDArray[np.bool_]:
    """Return which of the values are that number."""
    return np.asarray(np.abs(values - number) <= _EQUAL * max(abs(number), 1.0))


def variance(values: Array) -> float:
    """Return the variance of a sample."""
    return covariance(values, values)


def covariance(one: Array, other: Array) -> float:
    """Return the covariance of a sample."""
    return float(np.sum((one - one.mean()) * (other - other.mean()))) / (len(one) - 1)


def pearson(one: Array, other: Array) -> float | None:
    """Return the correlation of two rows; None for fewer than 3 units, or where one of them is the same everywhere."""
    if len(one) < LEAST or not varies(one) or not varies(other):
        return None
    first, second = _unit(one), _unit(other)
    return min(1.0, max(-1.0, float(np.sum(first * second))))


def spearman(one: Array, other: Array) -> float | None:
    """Return the correlation of the ranks, the mean rank for ties; None as `pearson`."""
    return pearson(ranks(one), ranks(other)) if varies(one) and varies(other) else None


def ranks(values: Array) -> Array:
    """Return the ranks from 1, the lowest first; equal numbers share the mean of theirs."""
    order = np.argsort(values, kind="stable")
    sorted_values = values[order]
    ends = np.append(
        np.flatnonzero(np.diff(sorted_values) > _EQUAL * np.max(np.abs(values), initial=0.0)) + 1, len(values)
    )
    starts = np.append(0, ends[:-1])
    shared = np.empty(len(values))
    shared[order] = np.repeat((starts + ends + 1) / 2, ends - starts)
    return shared


def correlations(columns: Sequence[Array]) -> Array:
    """Return the matrix of correlations of columns that all vary."""
    units = [_unit(column) for column in columns]
    return np.array([[float(np.sum(one * other)) for other in units] for one in units])


def raw_alpha(columns: Sequence[Array]) -> float | None:
    """Return Cronbach's alpha: k / (k - 1) x (1 - the columns' variances / the variance of their sum)."""
    count, whole = len(columns), sum(columns[1:], columns[0])
    if count < 2 or not varies(whole):
        return None
    return count / (count - 1) * (1 - sum(map(variance, columns)) / variance(whole))


def standard_alpha(columns: Sequence[Array]) -> float | None:
    """Return the alpha of the columns brought to one spread: k x r / (1 + (k - 1) x r), r their mean correlation."""
    count = len(columns)
    if count < 2:
        return None
    between = correlations(columns)
    mean = float(np.sum(np.triu(between, 1))) / (count * (count - 1) / 2)
    below = 1 + (count - 1) * mean
    return count * mean / below if below > _EQUAL else None


def components(columns: Sequence[Array]) -> Axes:
    """Return the principal components of the columns' correlations.

    A loading is the correlation of a column with a component. A component's sign is the one in which its largest
    loading is positive, the first of them where several are as large.
    """
    values, vectors = np.linalg.eigh(correlations(columns))
    values = np.maximum(values[::-1], 0.0)
    loadings = vectors[:, ::-1] * np.sqrt(values)
    sizes = np.abs(loadings)
    largest = np.argmax(sizes >= sizes.max(axis=0) - 1e-9, axis=0)  # the first of those that are as large
    signs = np.where(loadings[largest, np.arange(len(values))] < 0, -1.0, 1.0)
    return Axes(tuple(float(one) for one in values), loadings * signs)


def _unit(values: Array) -> Array:
    """Return the values about their mean, as a vector of length 1."""
    apart = values - values.mean()
    apart = apart / np.max(np.abs(apart))  # the square of a tiny number is none
    return np.asarray(apart / math.sqrt(float(np.sum(apart**2))))
