"""Normalizations among the units: of the unit's pool, or of all (docs/rules.md, shapes 11 and 30).

What they learn from the pool is fitted first (`fitting`). Every class bounds its own float64 error; see `base` for why.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np
from attrs import frozen

from ictindex.messages import say
from ictindex.strategies.base import (
    ROUNDING,
    Arithmetic,
    Array,
    Fit,
    Lesson,
    Mask,
    NormalizationDefaults,
    Sample,
    ScaleKernel,
    ScaleOne,
    Scope,
    Work,
    between,
)
from ictindex.strategies.fitting import extremes, fit_of_ends, fit_of_moments, lessons_of, mean_and_deviation


@frozen
class _Relative(NormalizationDefaults):
    """A normalization among the units: of the unit's pool, or of all."""

    over: Scope = "pool"
    bears_nan: ClassVar[bool] = True
    schema: ClassVar[Mapping[str, Any]] = {"$ref": "#/$defs/pool-scope"}
    fitting: ClassVar[Literal["none", "moments"]] = "moments"

    def fit(self, sample: Sample, maths: Arithmetic) -> Fit | None:
        return extremes(sample, maths)

    def lessons(self, fit: Fit) -> tuple[Lesson, ...]:
        return lessons_of(fit)

    def fit_of(self, lessons: Sequence[Lesson], maths: Arithmetic) -> Fit:
        return fit_of_ends(lessons, maths)


@frozen
class MinMax(_Relative):
    """points = (x - min) / (max - min) * maximum over the units (shape 30). All equal: half of the maximum."""

    title: ClassVar[str] = "Min-max over the units / Chuẩn hóa theo nhỏ nhất và lớn nhất"
    description: ClassVar[str] = (
        "The lowest unit gets 0 and the highest max; where all are equal, half of it / "
        "Đơn vị thấp nhất được 0, cao nhất được điểm tối đa; bằng nhau cả thì được một nửa"
    )

    def bind(self, maximum: Fraction, maths: Arithmetic, slack: float = 0.0) -> ScaleKernel:
        most, half = maths.number(maximum), maths.number(maximum / 2)
        one, scales = maths.number(Fraction(1)), maximum != 1

        def kernel(x: Array, out: Array, work: Work, fit: Fit | None, pools: Array | None) -> Mask | None:
            learned = _fitted(fit)
            low, high = learned.at("low", pools), learned.at("high", pools)
            beyond = None
            if learned.borrowed:  # learned from other units: these may lie outside
                beyond = (x < low) | (x > high)
                between(x, low, high, work.first)
                x = work.first
            width = high - low
            flat = width <= maths.tolerance
            some_flat = flat if pools is None else flat.any()
            np.subtract(x, low, out=out)
            np.divide(out, np.where(flat, one, width) if some_flat else width, out=out)
            if scales:
                np.multiply(out, most, out=out)
            if some_flat:
                out[...] = np.where(flat, half, out)
            return beyond

        return kernel

    def bind_one(self, maximum: Fraction, slack: float, fit: Fit | None) -> ScaleOne:
        low, high = _ends(fit)[0]
        most, half, borrowed = float(maximum), float(maximum / 2), _fitted(fit).borrowed
        width = high - low
        flat = width <= 0

        def kernel(x: float) -> tuple[float, bool]:
            beyond = borrowed and (x < low or x > high)
            if borrowed:
                x = min(max(x, low), high)
            return half if flat else (x - low) / width * most, beyond

        return kernel

    def error(self, relative: float, absolute: float, maximum: Fraction, fit: Fit | None) -> float:
        worst = 0.0
        for low, high in _ends(fit):
            most = max(high, -low)
            share = _share(6 * (relative * most + absolute + ROUNDING * most), high - low)
            worst = max(worst, share)
        return maximum.numerator / maximum.denominator * (worst + 4 * ROUNDING)

    def formula(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        if fit["low"] == fit["high"]:
            return say("all units equal: {points}", points=f"1/2 × {maximum}")
        return f"({number} − {fit['low']}) / ({fit['high']} − {fit['low']}) × {maximum}"

    def words(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        if fit["low"] == fit["high"]:
            return ""
        facts = {"number": number, "low": _brief(fit["low"]), "high": _brief(fit["high"]), "max": maximum}
        return say("{number} between {low}, the lowest, for 0 points and {high}, the highest, for {max}", **facts)


@frozen
class ZScore(_Relative):
    """points = (x - mean) / standard deviation * maximum over the units (shape 30; UN EGDI). All equal: 0.

    The population deviation is meant. Points are not bounded, so a heading above rescales its composite.
    """

    irrational: ClassVar[bool] = True
    bounded: ClassVar[bool] = False
    title: ClassVar[str] = "z-score over the units / Chuẩn hóa z"
    description: ClassVar[str] = (
        "The distance from the mean in standard deviations; where all are equal, 0 / "
        "Khoảng cách đến trung bình, tính bằng độ lệch chuẩn; bằng nhau cả thì được 0"
    )

    def fit(self, sample: Sample, maths: Arithmetic) -> Fit | None:
        return mean_and_deviation(sample, maths)

    def fit_of(self, lessons: Sequence[Lesson], maths: Arithmetic) -> Fit:
        return fit_of_moments(lessons, maths)

    def bind(self, maximum: Fraction, maths: Arithmetic, slack: float = 0.0) -> ScaleKernel:
        most, one, zero = (maths.number(number) for number in (maximum, Fraction(1), Fraction(0)))

        def kernel(x: Array, out: Array, work: Work, fit: Fit | None, pools: Array | None) -> Mask | None:
            mean, deviation = _fitted(fit).at("mean", pools), _fitted(fit).at("deviation", pools)
            flat = np.equal(deviation, zero)
            np.subtract(x, mean, out=out)
            np.divide(out, np.where(flat, one, deviation) if np.ndim(flat) or flat else deviation, out=out)
            if most != one:
                np.multiply(out, most, out=out)
            if np.any(flat):
                out[...] = np.where(flat, zero, out)
            return None

        return kernel

    def bind_one(self, maximum: Fraction, slack: float, fit: Fit | None) -> ScaleOne:
        most, mean, deviation = (
            float(maximum),
            *(float(_fitted(fit).numbers[name][0]) for name in ("mean", "deviation")),
        )
        return lambda x: ((x - mean) / deviation * most if deviation else 0.0, False)

    def error(self, relative: float, absolute: float, maximum: Fraction, fit: Fit | None) -> float:
        worst = 0.0
        deviations = _fitted(fit).numbers["deviation"].tolist()
        for (low, high), deviation in zip(_ends(fit), deviations, strict=True):
            most = max(abs(low), abs(high))
            furthest = 1 + _share(high - low, float(deviation)) if deviation else 1.0
            spread = 4 * (relative + 4 * ROUNDING) * most + 4 * absolute
            worst = max(worst, _share(spread, float(deviation)) * furthest + 8 * ROUNDING * furthest)
        return float(maximum) * worst

    def formula(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        if fit["deviation"] == "0":
            return say("all units equal: {points}", points=f"0 × {maximum}")
        return f"({number} − {fit['mean']}) / {fit['deviation']} × {maximum}"

    def words(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        if fit["deviation"] == "0":
            return ""
        facts = {"number": number, "mean": _brief(fit["mean"]), "deviation": _brief(fit["deviation"])}
        return say("{number} beside {mean}, the mean, in standard deviations of {deviation}", **facts)


@frozen
class OfBest(_Relative):
    """points = x / the largest x of the units * maximum, cut to 0..maximum (shape 11). Nobody above 0: all get 0."""

    title: ClassVar[str] = "Of the best / So với đơn vị cao nhất"
    description: ClassVar[str] = (
        "The number divided by the highest one of the units / Con số chia cho số cao nhất trong các đơn vị"
    )

    def bind(self, maximum: Fraction, maths: Arithmetic, slack: float = 0.0) -> ScaleKernel:
        most, one, zero = (maths.number(number) for number in (maximum, Fraction(1), Fraction(0)))

        def kernel(x: Array, out: Array, work: Work, fit: Fit | None, pools: Array | None) -> Mask | None:
            best = _fitted(fit).at("high", pools)
            nobody = np.less_equal(best, zero)
            np.divide(x, np.where(nobody, one, best) if np.any(nobody) else best, out=out)
            between(out, zero, one, out)
            np.multiply(out, most, out=out)
            if np.any(nobody):
                out[...] = np.where(nobody, zero, out)
            return None

        return kernel

    def bind_one(self, maximum: Fraction, slack: float, fit: Fit | None) -> ScaleOne:
        most, (_, best) = float(maximum), _ends(fit)[0]

        def kernel(x: float) -> tuple[float, bool]:
            share = x / best if best > 0 else 0.0
            return (1.0 if share > 1 else share if share >= 0 else 0.0) * most, False

        return kernel

    def error(self, relative: float, absolute: float, maximum: Fraction, fit: Fit | None) -> float:
        worst = max((_share(2 * absolute, high) for _, high in _ends(fit)), default=0.0)
        return float(maximum) * (3 * relative + 4 * ROUNDING + worst)

    def formula(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        if float(fit["high"]) <= 0:
            return say("no unit is above 0: {points}", points=f"0 × {maximum}")
        told = f"{number} / {fit['high']} × {maximum}"
        return f"max({told}, 0)" if number.startswith("-") else told

    def words(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        if float(fit["high"]) <= 0:
            return ""
        high = _brief(fit["high"])
        return say("{number} beside {high}, the highest, which earns {max}", number=number, high=high, max=maximum)


def _fitted(fit: Fit | None) -> Fit:
    if fit is None:
        raise AssertionError("a relative normalization ran before it was fitted")
    return fit


def _ends(fit: Fit | None) -> list[tuple[float, float]]:
    """Return the low and the high end of every pool; a pool without units has both at 0."""
    numbers = _fitted(fit).numbers
    ends = zip(numbers["low"].tolist(), numbers["high"].tolist(), strict=True)
    return [(float(low), float(high)) for low, high in ends]


def _brief(learned: str) -> str:
    """Return what the pool taught to 6 significant digits, a whole number whole; the formula has all of them."""
    return learned if learned.lstrip("-").isdigit() else f"{float(learned):.6g}"


def _share(spread: float, width: float) -> float:
    """Return spread / width; without a width a number is exact where it has no spread, else nothing is known of it."""
    if width > 0:
        return spread / width
    return math.inf if spread > 0 else 0.0
