"""Normalizations: one number to points, absolutely (docs/rules.md, shapes 1, 3, 7 and 31); `relative` has the others.

Every class bounds its own float64 error; see `base` for why.
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
    FLOAT,
    ROUNDING,
    Arithmetic,
    Array,
    Fit,
    Mask,
    Matched,
    NormalizationDefaults,
    Sample,
    ScaleKernel,
    ScaleOne,
    Work,
    above,
    between,
    common,
    distance,
    short_text,
)
from ictindex.strategies.relative import MinMax, OfBest, ZScore

Table = tuple[tuple[Fraction, Fraction], ...]


class _Absolute(NormalizationDefaults):
    """A normalization that needs no other unit."""

    bears_nan: ClassVar[bool] = True
    fitting: ClassVar[Literal["none", "moments"]] = "none"

    def fit(self, sample: Sample, maths: Arithmetic) -> Fit | None:
        return None

    def words(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        return ""


@frozen
class Proportional(_Absolute):
    """points = min(x, 1) * max: what a share means without a scale (shape 1). Below 0 counts as 0."""

    schema: ClassVar[Mapping[str, Any]] = {}
    title: ClassVar[str] = "Times max / Nhân điểm tối đa"
    description: ClassVar[str] = (
        "The share times max, cut at max / Phần đạt được nhân điểm tối đa, không quá điểm tối đa"
    )

    def bind(self, maximum: Fraction, maths: Arithmetic, slack: float = 0.0) -> ScaleKernel:
        most, one, zero = maths.number(maximum), maths.number(Fraction(1)), maths.number(Fraction(0))
        beyond = _raised(one, maths, slack)

        def kernel(x: Array, out: Array, work: Work, fit: Fit | None, pools: Array | None) -> Mask | None:
            cut = above(x, beyond, work)
            between(x, zero, one, out)
            np.multiply(out, most, out=out)
            return cut

        return kernel

    def bind_one(self, maximum: Fraction, slack: float, fit: Fit | None) -> ScaleOne:
        most, beyond = float(maximum), _raised(1.0, FLOAT, slack)
        return lambda x: (most if x > 1 else x * most if x >= 0 else 0.0, x > beyond)

    def error(self, relative: float, absolute: float, maximum: Fraction, fit: Fit | None) -> float:
        return float(maximum) * (relative + absolute + 2 * ROUNDING)

    def grain(self, grain: int | None, maximum: Fraction) -> int | None:
        return grain and common(grain * maximum.denominator)

    def formula(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        return f"{number} × {maximum}"

    def words(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        return say("of a maximum of {max}", max=maximum)

    def matched(self, number: Any, maximum: Fraction) -> Matched:
        return _end(number, Fraction(1), maximum)


@frozen
class Points(_Absolute):
    """The number is points: cut to 0..max where it may lie outside."""

    cut: bool = True
    schema: ClassVar[Mapping[str, Any]] = {}
    title: ClassVar[str] = "Points / Điểm"
    description: ClassVar[str] = "The number is points already / Con số đã là điểm"

    def bind(self, maximum: Fraction, maths: Arithmetic, slack: float = 0.0) -> ScaleKernel:
        most, zero = maths.number(maximum), maths.number(Fraction(0))
        beyond = _raised(most, maths, slack)

        def kernel(x: Array, out: Array, work: Work, fit: Fit | None, pools: Array | None) -> Mask | None:
            if not self.cut:
                np.copyto(out, x)
                return None
            cut = above(x, beyond, work)
            between(x, zero, most, out)
            return cut

        return kernel

    def bind_one(self, maximum: Fraction, slack: float, fit: Fit | None) -> ScaleOne:
        most, beyond = float(maximum), _raised(float(maximum), FLOAT, slack)
        if not self.cut:
            return lambda x: (x, False)
        return lambda x: (most if x > most else x if x >= 0 else 0.0, x > beyond)

    def error(self, relative: float, absolute: float, maximum: Fraction, fit: Fit | None) -> float:
        return float(maximum) * (relative + ROUNDING) + absolute

    def grain(self, grain: int | None, maximum: Fraction) -> int | None:
        return grain and common(grain, maximum.denominator)

    def formula(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        return number

    def matched(self, number: Any, maximum: Fraction) -> Matched:
        return _end(number, maximum, maximum)


@frozen
class Steps(_Absolute):
    """From each threshold up its points, below the last 0 (shape 3). `table` has the highest threshold first."""

    table: Table
    schema: ClassVar[Mapping[str, Any]] = {"$ref": "#/$defs/steps"}
    title: ClassVar[str] = "Steps / Bậc điểm"
    description: ClassVar[str] = (
        "From this number up: these points; below the last: 0 / Từ số này trở lên: số điểm này; dưới số nhỏ nhất: 0"
    )
    sign: ClassVar[str] = "≥"

    def breaks(self) -> tuple[Fraction, ...]:
        return tuple(threshold for threshold, _ in self.table)

    def bind(self, maximum: Fraction, maths: Arithmetic, slack: float = 0.0) -> ScaleKernel:
        steps, up = self.table[::-1], self.monotone
        marks = [up * _lowered(up * maths.number(mark), maths, slack) for mark, _ in steps]
        points = np.array([maths.number(Fraction(0)), *(maths.number(point) for _, point in steps)], maths.dtype)
        return _stairs(marks, points, np.greater_equal if up > 0 else np.less_equal)

    def bind_one(self, maximum: Fraction, slack: float, fit: Fit | None) -> ScaleOne:
        steps, up = self.table[::-1], self.monotone
        marks = [_lowered(up * float(mark), FLOAT, slack) for mark, _ in steps]
        results = [(0.0, False), *((float(points), False) for _, points in steps)]

        def kernel(x: float) -> tuple[float, bool]:
            reached, signed = 0, up * x
            for mark in marks:
                if signed >= mark:
                    reached += 1
            return results[reached]

        return kernel

    def error(self, relative: float, absolute: float, maximum: Fraction, fit: Fit | None) -> float:
        return float(maximum) * ROUNDING

    def grain(self, grain: int | None, maximum: Fraction) -> int | None:
        return common(*(points.denominator for _, points in self.table))

    def formula(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        table = "; ".join(f"{self.sign} {short_text(mark)}: {short_text(points)}" for mark, points in self.table)
        return f"{number} ({table})"

    def matched(self, number: Any, maximum: Fraction) -> Matched:
        """Return the threshold that is reached, and the nearest one that earns more."""
        apart = [(self.monotone * distance(number, mark), mark, points) for mark, points in self.table]
        reached = next(((mark, points) for far, mark, points in apart if far <= 0), None)
        earned = Fraction(0) if reached is None else reached[1]
        above = next((one for one in reversed(apart) if one[0] > 0 and one[2] > earned), None)
        return Matched(
            kind="step",
            matched="" if reached is None else short_text(reached[0]),
            points=earned,
            next="" if above is None else short_text(above[1]),
            next_points=None if above is None else above[2],
            needs=None if above is None else above[0],
        )


@frozen
class StepsDown(Steps):
    """Up to each threshold its points, above the last 0: at most 3 days is full marks. Lowest threshold first."""

    title: ClassVar[str] = "Steps downward / Bậc điểm, ít là tốt"
    description: ClassVar[str] = (
        "Up to this number: these points; above the last: 0 / Đến số này: số điểm này; trên số lớn nhất: 0"
    )
    sign: ClassVar[str] = "≤"
    monotone: ClassVar[int] = -1


@frozen
class Each(_Absolute):
    """points = min(max, x * points of a piece) (shape 7)."""

    points: Fraction
    schema: ClassVar[Mapping[str, Any]] = {"$ref": "#/$defs/points"}
    title: ClassVar[str] = "Points a piece / Điểm cho mỗi đơn vị đếm"
    description: ClassVar[str] = (
        "The number times these points, cut at max / Số lượng nhân số điểm này, không quá điểm tối đa"
    )

    def bind(self, maximum: Fraction, maths: Arithmetic, slack: float = 0.0) -> ScaleKernel:
        most, piece, zero = maths.number(maximum), maths.number(self.points), maths.number(Fraction(0))
        beyond = _raised(most, maths, slack + 4 * ROUNDING)

        def kernel(x: Array, out: Array, work: Work, fit: Fit | None, pools: Array | None) -> Mask | None:
            np.multiply(x, piece, out=out)
            cut = above(out, beyond, work)
            between(out, zero, most, out)
            return cut

        return kernel

    def bind_one(self, maximum: Fraction, slack: float, fit: Fit | None) -> ScaleOne:
        most, piece = float(maximum), float(self.points)
        beyond = _raised(most, FLOAT, slack + 4 * ROUNDING)

        def kernel(x: float) -> tuple[float, bool]:
            points = x * piece
            return most if points > most else points if points >= 0 else 0.0, points > beyond

        return kernel

    def error(self, relative: float, absolute: float, maximum: Fraction, fit: Fit | None) -> float:
        return float(maximum) * (relative + 4 * ROUNDING) + absolute * float(self.points)

    def grain(self, grain: int | None, maximum: Fraction) -> int | None:
        return grain and common(grain * self.points.denominator, maximum.denominator)

    def formula(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        told = f"min({number} × {short_text(self.points)}, {maximum})"
        return f"max({told}, 0)" if number.startswith("-") else told

    def words(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        each = short_text(self.points)
        return say("{number} at {each} each, {max} at most", number=number, each=each, max=maximum)

    def matched(self, number: Any, maximum: Fraction) -> Matched:
        return _end(number, maximum / self.points, maximum)


@frozen
class Goalposts(_Absolute):
    """points = (x - start) / (end - start) * max, cut to 0..max; `log` takes logarithms first (shape 31; UNDP HDI)."""

    start: Fraction
    end: Fraction
    log: bool = False
    schema: ClassVar[Mapping[str, Any]] = {"$ref": "#/$defs/goalposts"}
    title: ClassVar[str] = "Goalposts / Hai mốc"
    description: ClassVar[str] = (
        "From this number (0 points) to that one (max), in proportion; where to is below from, less is better / "
        "Từ số này (0 điểm) đến số kia (điểm tối đa), theo tỷ lệ; khi to nhỏ hơn from thì ít là tốt"
    )

    @property
    def irrational(self) -> bool:  # type: ignore[override]
        return self.log

    @property
    def monotone(self) -> int:  # type: ignore[override]
        return 1 if self.end > self.start else -1

    def bind(self, maximum: Fraction, maths: Arithmetic, slack: float = 0.0) -> ScaleKernel:
        start, end, most = (maths.number(number) for number in (self.start, self.end, maximum))
        low, high = min(start, end), max(start, end)
        begin, width = (_log(start), _log(end) - _log(start)) if self.log else (start, end - start)

        def kernel(x: Array, out: Array, work: Work, fit: Fit | None, pools: Array | None) -> Mask | None:
            beyond = (x < low) | (x > high)
            inside = work.first
            between(x, low, high, inside)
            if self.log:
                inside = _log(inside)
            np.subtract(inside, begin, out=out)
            np.divide(out, width, out=out)
            np.multiply(out, most, out=out)
            return beyond if beyond.any() else None

        return kernel

    def bind_one(self, maximum: Fraction, slack: float, fit: Fit | None) -> ScaleOne | None:
        if self.log:
            return None
        start, end, most = float(self.start), float(self.end), float(maximum)
        low, high, width = min(start, end), max(start, end), end - start

        def kernel(x: float) -> tuple[float, bool]:
            inside = min(max(x, low), high)
            return (inside - start) / width * most, x < low or x > high

        return kernel

    def error(self, relative: float, absolute: float, maximum: Fraction, fit: Fit | None) -> float:
        start, end = float(self.start), float(self.end)
        most = max(abs(start), abs(end))
        if self.log:
            spread = (
                relative
                + absolute / min(start, end)
                + 4 * ROUNDING * (1 + max(abs(math.log(start)), abs(math.log(end))))
            )
            width = abs(math.log(end) - math.log(start))
        else:
            spread, width = relative * most + absolute + 4 * ROUNDING * most, abs(end - start)
        return float(maximum) * (2 * spread / width + 4 * ROUNDING)

    def formula(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        start, end = short_text(self.start), short_text(self.end)
        if self.log:
            return f"(ln {number} − ln {start}) / (ln {end} − ln {start}) × {maximum}"
        return f"({number} − {start}) / ({end} − {start}) × {maximum}"

    def words(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        facts = {"number": number, "start": short_text(self.start), "end": short_text(self.end), "max": maximum}
        if self.log:
            return say("{number} between {start} for 0 points and {end} for {max}, by logarithms", **facts)
        return say("{number} between {start} for 0 points and {end} for {max}", **facts)

    def matched(self, number: Any, maximum: Fraction) -> Matched:
        return _end(number, self.end, maximum, sign=self.monotone)


def _end(number: Any, end: Fraction, maximum: Fraction, *, sign: int = 1) -> Matched:
    """Return whether a number has reached the end that earns the whole maximum, and else how far it is from there."""
    far = sign * distance(number, end)
    if far <= 0:
        return Matched(kind="end", matched=short_text(end), points=maximum)
    return Matched(kind="end", next=short_text(end), next_points=maximum, needs=far)


def _raised(end: Any, maths: Arithmetic, slack: float) -> Any:
    """Return the end and the slack above it: what rounding put just above the end is not beyond it."""
    return end if maths.exact else end * (1 + slack)


def _lowered(mark: Any, maths: Arithmetic, slack: float) -> Any:
    """Return the mark less the slack, so that a number that rounding put just below it has still reached it."""
    return mark - maths.tolerance if maths.exact else mark - slack * abs(mark)


def _stairs(marks: Sequence[Any], points: Array, reached: np.ufunc) -> ScaleKernel:
    """Count the marks that each number reached, then take the points of that count."""
    few = len(marks) <= 255  # a count in one byte

    def kernel(x: Array, out: Array, work: Work, fit: Fit | None, pools: Array | None) -> Mask | None:
        tally = work.tally if few else work.index
        tally.fill(0)
        for mark in marks:
            reached(x, mark, out=work.mask)
            np.add(tally, work.mask.view(np.uint8), out=tally)
        if few:
            np.copyto(work.index, tally)
        points.take(work.index, out=out, mode="clip")
        return None

    return kernel


def _log(x: Any) -> Any:
    """Return the natural logarithm of floats or of decimals."""
    if isinstance(x, np.ndarray):
        return np.log(x) if x.dtype != object else np.array([one.ln() for one in x], object)
    return math.log(x) if isinstance(x, float) else x.ln()


NORMALIZATIONS: Mapping[str, type[Any]] = {
    "steps": Steps,
    "steps-down": StepsDown,
    "each": Each,
    "goalposts": Goalposts,
    "min-max": MinMax,
    "z-score": ZScore,
    "of-best": OfBest,
}
