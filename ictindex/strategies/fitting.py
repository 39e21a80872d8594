"""What a pool teaches: the lowest and the highest number, the mean and the standard deviation.

Sums are exact and rounded once at the end, so neither the order of the rows nor the parts in which they are looked at
change a bit. What one part teaches is a `Lesson`; lessons of several parts make the fit that all units together make.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from ictindex.strategies.base import FLOAT, Arithmetic, Array, Fit, Lesson, Sample
from ictindex.strategies.sums import exact_sums, exact_total


def extremes(sample: Sample, maths: Arithmetic) -> Fit:
    """Return `low` and `high` of each pool, with who holds them: -1 and both ends 0 for a pool without units."""
    values = sample.values
    if sample.pools is None and sample.ends is not None:  # those of a column, to which nobody writes
        ends = _signless(np.array(sample.ends, maths.dtype), maths)
        return Fit({"low": ends[:1], "high": ends[1:]}, _Held(values))
    if sample.pools is None and sample.counts is None and len(values):
        first, last = int(np.argmin(values)), int(np.argmax(values))  # found now: points will stand where numbers are
        ends = _signless(np.array([values[first], values[last]], maths.dtype), maths)
        return Fit({"low": ends[:1], "high": ends[1:]}, {"low": np.array([first]), "high": np.array([last])})
    zero = maths.number(Fraction(0))
    low, high = np.full(sample.pool_count, zero, maths.dtype), np.full(sample.pool_count, zero, maths.dtype)
    lowest, highest = np.full(sample.pool_count, -1, np.intp), np.full(sample.pool_count, -1, np.intp)
    for pool, positions in _pools(sample):
        values = sample.values[positions]
        first, last = int(np.argmin(values)), int(np.argmax(values))
        low[pool], high[pool] = values[first], values[last]
        lowest[pool], highest[pool] = positions[first], positions[last]
    return Fit({"low": _signless(low, maths), "high": _signless(high, maths)}, {"low": lowest, "high": highest})


class _Held(Mapping[str, npt.NDArray[np.intp]]):
    """Who holds the two ends of a column, looked for when somebody asks: the column knows its ends without looking."""

    def __init__(self, values: Array) -> None:
        self._values = values

    def __getitem__(self, name: str) -> npt.NDArray[np.intp]:
        return np.array([{"low": np.nanargmin, "high": np.nanargmax}[name](self._values)])

    def __iter__(self) -> Iterator[str]:
        return iter(("low", "high"))

    def __len__(self) -> int:
        return 2

    def __reduce__(self) -> tuple[Any, ...]:  # the numbers themselves need not travel
        return dict, (dict(self),)


def mean_and_deviation(sample: Sample, maths: Arithmetic) -> Fit:
    """Return `mean`, `deviation` (of the population), `low` and `high` of each pool. All equal: deviation 0.

    The fit keeps the exact sums that both were made of.
    """
    ends = extremes(sample, maths)
    counts, totals, squares = (list[Any]([0]) * sample.pool_count for _ in _SUMS)
    for pool, positions in _pools(sample):
        values = sample.values[positions]
        counts[pool] = len(values)
        totals[pool], squares[pool] = exact_total(values) if maths.exact else exact_sums(values)
    return _with_moments(ends, counts, totals, squares, maths)


def typed_moments(sample: Sample, decimals: int | None, maths: Arithmetic) -> Fit:
    """Return what `mean_and_deviation` does with exact numbers, from floats that stand for typed decimals.

    `decimals` are enough for every number, None where that is not known. Runs in the context of the arithmetic.
    """
    ends = typed_ends(extremes(sample, FLOAT), maths)
    counts, totals, squares = (list[Any]([0]) * sample.pool_count for _ in _SUMS)
    for pool, positions in _pools(sample):
        values = sample.values[positions]
        counts[pool] = len(values)
        if decimals is None:
            known, times = np.unique(values, return_counts=True)
            typed = [Fraction(repr(value)) for value in known.tolist()]
            totals[pool] = sum((one * count for one, count in zip(typed, times.tolist(), strict=True)), Fraction(0))
            squares[pool] = sum((one**2 * count for one, count in zip(typed, times.tolist(), strict=True)), Fraction(0))
        else:  # whole numbers over 10^decimals, which floats hold
            total, square = exact_sums(np.rint(values * 10.0**decimals))
            totals[pool], squares[pool] = total / 10**decimals, square / 10 ** (2 * decimals)
    return _with_moments(ends, counts, totals, squares, maths)


def typed_ends(fit: Fit, maths: Arithmetic) -> Fit:
    """Return what `extremes` does with exact numbers, from one of floats that stand for typed decimals."""
    numbers = {
        name: np.array([maths.number(Fraction(repr(one))) for one in found.tolist()], maths.dtype)
        for name, found in fit.numbers.items()
    }
    return Fit(numbers, fit.holders)


def lessons_of(fit: Fit) -> tuple[Lesson, ...]:
    """Return what each pool taught a fit that `extremes` or `mean_and_deviation` made."""
    low, high = fit.numbers["low"].tolist(), fit.numbers["high"].tolist()
    held = fit.holders["low"].tolist() if "low" in fit.holders else [0] * len(low)
    sums = list(zip(*(fit.sums[name] for name in _SUMS), strict=True)) if fit.sums else [()] * len(low)
    return tuple(
        Lesson(first, last, added) if unit >= 0 else Lesson()
        for first, last, added, unit in zip(low, high, sums, held, strict=True)
    )


def fit_of_ends(lessons: Sequence[Lesson], maths: Arithmetic) -> Fit:
    """Return `low` and `high` of each pool, as `extremes` does of the units that were learned from."""
    zero = maths.number(Fraction(0))
    low, high = (
        np.array([zero if one.low is None else end(one) for one in lessons], maths.dtype)
        for end in (attrgetter("low"), attrgetter("high"))
    )
    return Fit({"low": low, "high": high})


def fit_of_moments(lessons: Sequence[Lesson], maths: Arithmetic) -> Fit:
    """Return what `mean_and_deviation` does of the units that were learned from."""
    counts, totals, squares = ([one.sums[at] if one.sums else 0 for one in lessons] for at in range(len(_SUMS)))
    return _with_moments(fit_of_ends(lessons, maths), counts, totals, squares, maths)


_SUMS = ("count", "total", "squares")


def _with_moments(
    ends: Fit, counts: Sequence[Any], totals: Sequence[Any], squares: Sequence[Any], maths: Arithmetic
) -> Fit:
    """Return the fit with the mean and the deviation that exact sums make, rounded once."""
    mean, deviation = np.copy(ends.numbers["low"]), np.full(len(counts), maths.number(Fraction(0)), maths.dtype)
    widths = ends.numbers["high"] - ends.numbers["low"]
    for pool in np.flatnonzero(widths > maths.tolerance).tolist():
        count = counts[pool]
        mean[pool] = maths.number(Fraction(totals[pool]) / count)
        variance = _number((Fraction(squares[pool]) * count - Fraction(totals[pool]) ** 2) / count**2, maths)
        deviation[pool] = variance.sqrt() if maths.exact else math.sqrt(variance)
    numbers = {**ends.numbers, "mean": mean, "deviation": deviation}
    return Fit(numbers, ends.holders, sums=dict(zip(_SUMS, (counts, totals, squares), strict=True)))


def _number(number: Fraction, maths: Arithmetic) -> Any:
    """Return a number in this arithmetic; one that no float holds is infinite."""
    try:
        return maths.number(number)
    except OverflowError:
        return math.inf


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


def _signless(ends: Array, maths: Arithmetic) -> Array:
    """Return the ends without a sign before zero: which of 0 and -0 is met first depends on the order."""
    return ends if maths.exact else ends + 0.0
