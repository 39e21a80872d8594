"""Aggregations: children's points to their heading's points (docs/rules.md, shapes 9, 10, 27-29 and 31).

Sums run in the order of the rows, never through a matrix product, so a score is the same bits everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
from attrs import frozen

from ictindex.strategies.base import (
    DECIMAL,
    ROUNDING,
    Arithmetic,
    Array,
    Child,
    CombineKernel,
    CombineOne,
    Mask,
    Work,
    above,
    between,
    common,
    to_decimal,
)


@frozen
class Sum:
    """The children's points added up, bonuses added and deductions taken; cut to 0..max where there are any.

    That a bonus cannot lift a heading above its maximum is this library's rule: no source was found for one.
    """

    capped: ClassVar[bool] = False
    additive: ClassVar[bool] = True
    irrational: ClassVar[bool] = False
    steep: ClassVar[bool] = False
    title: ClassVar[str] = "Sum / Cộng điểm"
    description: ClassVar[str] = (
        "The points of the rows below added up; their maxima add up to this maximum / "
        "Cộng điểm các dòng bên dưới; tổng điểm tối đa của chúng bằng điểm tối đa này"
    )

    def reach(self, maximum: Fraction, children: Sequence[Child]) -> Fraction:
        return sum((child.maximum for child in children if child.role == "max"), Fraction(0))

    def bind(self, maximum: Fraction, children: Sequence[Child], maths: Arithmetic) -> CombineKernel:
        most, zero = maths.number(maximum), maths.number(Fraction(0))
        cuts = self.capped or any(child.role != "max" for child in children)
        near = most * (1 + (0 if maths.exact else 64 * ROUNDING))
        takes = [child.role == "deduct" for child in children]

        def kernel(points: Sequence[Array], left: Sequence[Mask | None], out: Array, work: Work) -> Mask | None:
            if len(points) == 1 or takes[0]:
                out[...] = -points[0] if takes[0] else points[0]
                rest = range(1, len(points))
            else:
                (np.subtract if takes[1] else np.add)(points[0], points[1], out=out)
                rest = range(2, len(points))
            for child in rest:
                (np.subtract if takes[child] else np.add)(out, points[child], out=out)
            if not cuts:
                return None
            cut = above(out, near, work)
            between(out, zero, most, out)
            return cut

        return kernel

    def bind_one(self, maximum: Fraction, children: Sequence[Child], at: Sequence[int]) -> CombineOne:
        most, total = float(maximum), _total_one(at, [-1.0 if child.role == "deduct" else 1.0 for child in children])
        if not (self.capped or any(child.role != "max" for child in children)):
            return lambda points: (total(points), False)
        near = most * (1 + 64 * ROUNDING)

        def kernel(points: Sequence[float]) -> tuple[float, bool]:
            out = total(points)
            return most if out > most else out if out >= 0 else 0.0, out > near

        return kernel

    def error(self, maximum: Fraction, children: Sequence[Child], errors: Sequence[float]) -> float:
        size = sum(child.most for child in children)
        return sum(errors) + len(children) * (ROUNDING * (size + sum(errors)) + _beyond(children, errors))

    def grain(self, maximum: Fraction, children: Sequence[Child], grains: Sequence[int | None]) -> int | None:
        return common(maximum.denominator, *grains)

    def contributions(
        self, maximum: Fraction, children: Sequence[Child], points: Sequence[Any | None], score: Any
    ) -> tuple[Any, ...]:
        signs = [-1 if child.role == "deduct" else 1 for child in children]
        raw = [0 if point is None else sign * point for sign, point in zip(signs, points, strict=True)]
        return _scaled(raw, score)


@frozen
class Capped(Sum):
    """The children's points added up, at most the maximum (shape 10)."""

    capped: ClassVar[bool] = True
    title: ClassVar[str] = "Sum, at most max / Cộng điểm, không quá điểm tối đa"
    description: ClassVar[str] = (
        "The points of the rows below added up and cut at this maximum / "
        "Cộng điểm các dòng bên dưới, không quá điểm tối đa này"
    )

    def reach(self, maximum: Fraction, children: Sequence[Child]) -> Fraction:
        return min(maximum, super().reach(maximum, children))


@frozen
class Mean:
    """The weighted mean of the children's shares, times the maximum (shapes 27-29)."""

    additive: ClassVar[bool] = False
    irrational: ClassVar[bool] = False
    steep: ClassVar[bool] = False
    title: ClassVar[str] = "Weighted mean / Trung bình có trọng số"
    description: ClassVar[str] = (
        "The mean of points over max of the rows below, by their weight, times this maximum / "
        "Trung bình của điểm trên điểm tối đa các dòng bên dưới, theo trọng số, nhân điểm tối đa này"
    )

    def reach(self, maximum: Fraction, children: Sequence[Child]) -> Fraction:
        return maximum

    def bind(self, maximum: Fraction, children: Sequence[Child], maths: Arithmetic) -> CombineKernel:
        exact, exact_lead, exact_final = _mean_factors(maximum, children)
        factors, lead, final = list(map(maths.number, exact)), maths.number(exact_lead), maths.number(exact_final)
        weights = [maths.number(child.weight if child.maximum else Fraction(0)) for child in children]
        most, one, zero = maths.number(maximum), maths.number(Fraction(1)), maths.number(Fraction(0))

        def kernel(points: Sequence[Array], left: Sequence[Mask | None], out: Array, work: Work) -> Mask | None:
            _weighted(points, factors, out, work)
            masks = [mask for mask in left if mask is not None]
            if not masks:
                np.multiply(out, final, out=out)
                return None
            # units with every child get the very same product as in a block where nobody lacks one
            lacking = np.flatnonzero(np.logical_or.reduce(masks))
            present = np.full(len(lacking), zero, maths.dtype)
            for weight, mask in zip(weights, left, strict=True):
                present = present + (weight if mask is None else np.where(mask[lacking], zero, weight))
            rest = out[lacking] * (most * lead) / np.where(present == zero, one, present)
            np.multiply(out, final, out=out)
            out[lacking] = rest
            return None

        return kernel

    def bind_one(self, maximum: Fraction, children: Sequence[Child], at: Sequence[int]) -> CombineOne:
        factors, _, exact_final = _mean_factors(maximum, children)
        total, final = _total_one(at, list(map(float, factors))), float(exact_final)
        return lambda points: (total(points) * final, False)

    def error(self, maximum: Fraction, children: Sequence[Child], errors: Sequence[float]) -> float:
        # a weighted mean of errors is at most the largest of them, whoever is left out
        counted = [child for child in children if child.most]
        shares = [error / child.most for child, error in zip(children, errors, strict=True) if child.most]
        operations = 2 * len(children) + 8
        return float(maximum) * (max(shares, default=0.0) + operations * (ROUNDING + _beyond(counted, shares)))

    def grain(self, maximum: Fraction, children: Sequence[Child], grains: Sequence[int | None]) -> int | None:
        return None

    def contributions(
        self, maximum: Fraction, children: Sequence[Child], points: Sequence[Any | None], score: Any
    ) -> tuple[Any, ...]:
        number = to_decimal if isinstance(score, Decimal) else _same
        whole = sum(
            child.weight for child, point in zip(children, points, strict=True) if point is not None and child.maximum
        )
        raw = [
            0
            if point is None or not child.maximum or not whole
            else point * number(maximum * child.weight / child.maximum / whole)
            for child, point in zip(children, points, strict=True)
        ]
        return _scaled(raw, score)


@frozen
class Geometric:
    """The weighted geometric mean of the children's shares, times the maximum (shape 31; UNDP HDI).

    A child below 0 counts as 0.
    """

    additive: ClassVar[bool] = False
    irrational: ClassVar[bool] = True
    steep: ClassVar[bool] = True
    title: ClassVar[str] = "Geometric mean / Trung bình nhân"
    description: ClassVar[str] = (
        "The geometric mean of points over max of the rows below, by their weight, times this maximum / "
        "Trung bình nhân của điểm trên điểm tối đa các dòng bên dưới, theo trọng số, nhân điểm tối đa này"
    )

    def reach(self, maximum: Fraction, children: Sequence[Child]) -> Fraction:
        return maximum

    def bind(self, maximum: Fraction, children: Sequence[Child], maths: Arithmetic) -> CombineKernel:
        used = [index for index, child in enumerate(children) if child.maximum and child.weight]
        most, one, zero = (maths.number(number) for number in (maximum, Fraction(1), Fraction(0)))

        def kernel(points: Sequence[Array], left: Sequence[Mask | None], out: Array, work: Work) -> Mask | None:
            whole = np.full(out.shape, zero, maths.dtype)
            for index in used:
                weight, mask = maths.number(children[index].weight), left[index]
                whole = whole + (weight if mask is None else np.where(mask, zero, weight))
            whole = np.where(whole == zero, one, whole)
            out[...] = most
            for index in used:
                share = np.maximum(points[index] / maths.number(children[index].maximum), zero)
                power = share ** (maths.number(children[index].weight) / whole)
                mask = left[index]
                np.multiply(out, power if mask is None else np.where(mask, one, power), out=out)
            return None

        return kernel

    def error(self, maximum: Fraction, children: Sequence[Child], errors: Sequence[float]) -> float:
        # (x + e)^w - x^w <= e^w for w <= 1: wide near 0, but never too narrow
        used = [(child, error) for child, error in zip(children, errors, strict=True) if child.maximum and child.weight]
        whole = sum(float(child.weight) for child, _ in used)
        spread = sum((error / child.most + 4 * ROUNDING) ** (float(child.weight) / whole) for child, error in used)
        return float(float(maximum) * (spread + 8 * len(used) * ROUNDING))

    def grain(self, maximum: Fraction, children: Sequence[Child], grains: Sequence[int | None]) -> int | None:
        return None

    def contributions(
        self, maximum: Fraction, children: Sequence[Child], points: Sequence[Any | None], score: Any
    ) -> tuple[Any, ...]:
        """Each child's weighted part of the maximum less its part of what was lost, by its logarithm."""
        present = [
            (index, child, to_decimal(Fraction(child.weight)), _share(point, child))
            for index, (child, point) in enumerate(zip(children, points, strict=True))
            if point is not None and child.maximum and child.weight
        ]
        whole = sum(weight for _, _, weight, _ in present)
        zeros = sum(weight for _, _, weight, share in present if share <= 0)
        logs = sum(weight * share.ln() for _, _, weight, share in present if share > 0)
        most, parts = to_decimal(maximum), [Decimal(0)] * len(children)
        for index, _, weight, share in present:
            if zeros:
                loss = weight / zeros if share <= 0 else Decimal(0)
            else:
                loss = weight * share.ln() / logs if logs else Decimal(0)
            parts[index] = weight / whole * most - loss * (most - score)
        return tuple(parts)


@frozen
class Best:
    """The highest points among the children, at most the maximum (shape 9: the case with the highest points)."""

    additive: ClassVar[bool] = False
    irrational: ClassVar[bool] = False
    steep: ClassVar[bool] = False
    title: ClassVar[str] = "Best of / Trường hợp điểm cao nhất"
    description: ClassVar[str] = "The highest points of the rows below / Điểm cao nhất trong các dòng bên dưới"
    worst: ClassVar[bool] = False

    def reach(self, maximum: Fraction, children: Sequence[Child]) -> Fraction:
        ends = [child.maximum for child in children]
        return min(maximum, (min if self.worst else max)(ends, default=Fraction(0)))

    def bind(self, maximum: Fraction, children: Sequence[Child], maths: Arithmetic) -> CombineKernel:
        most, better = maths.number(maximum), np.minimum if self.worst else np.maximum
        never = math.inf if self.worst else -math.inf  # a child that is left out is no candidate

        def kernel(points: Sequence[Array], left: Sequence[Mask | None], out: Array, work: Work) -> Mask | None:
            for place, (point, mask) in enumerate(zip(points, left, strict=True)):
                candidate = point if mask is None else np.where(mask, never, point)
                if place:
                    better(out, candidate, out=out)
                else:
                    np.copyto(out, candidate)
            np.minimum(out, most, out=out)
            return None

        return kernel

    def bind_one(self, maximum: Fraction, children: Sequence[Child], at: Sequence[int]) -> CombineOne:
        most, worst = float(maximum), self.worst

        def kernel(points: Sequence[float]) -> tuple[float, bool]:
            out = points[at[0]]
            for place in at[1:]:
                if points[place] <= out if worst else points[place] >= out:
                    out = points[place]
            return min(most, out), False

        return kernel

    def error(self, maximum: Fraction, children: Sequence[Child], errors: Sequence[float]) -> float:
        return max(errors, default=0.0)

    def grain(self, maximum: Fraction, children: Sequence[Child], grains: Sequence[int | None]) -> int | None:
        return common(maximum.denominator, *grains)

    def contributions(
        self, maximum: Fraction, children: Sequence[Child], points: Sequence[Any | None], score: Any
    ) -> tuple[Any, ...]:
        """The first child that has the deciding points brings all of them."""
        present = [(point, index) for index, point in enumerate(points) if point is not None]
        pick = -1
        if present:
            deciding = (min if self.worst else max)(point for point, _ in present)
            near = DECIMAL.tolerance if isinstance(deciding, Decimal) else 0
            pick = next(index for point, index in present if abs(point - deciding) <= near)
        return tuple(score if index == pick else score * 0 for index in range(len(points)))


@frozen
class Least(Best):
    """The lowest points among the children, at most the maximum: the weakest decides."""

    title: ClassVar[str] = "Least of / Trường hợp điểm thấp nhất"
    description: ClassVar[str] = "The lowest points of the rows below / Điểm thấp nhất trong các dòng bên dưới"
    worst: ClassVar[bool] = True


def _beyond(children: Sequence[Child], errors: Sequence[float]) -> float:
    """Bound the rounding of one operation on points beyond their maximum: a z-score's error says how far it reaches."""
    return sum(error for child, error in zip(children, errors, strict=True) if not child.bounded) / 8


def _mean_factors(maximum: Fraction, children: Sequence[Child]) -> tuple[list[Fraction], Fraction, Fraction]:
    """Return what each child's points are multiplied by, what all of them have in common, and what the sum is last."""
    whole = sum((child.weight for child in children if child.maximum), Fraction(0))
    shares = [child.weight / child.maximum if child.maximum else Fraction(0) for child in children]
    even = len(set(shares)) == 1  # one product at the end instead of one a child
    lead = shares[0] if even else Fraction(1)
    factors = [Fraction(1) if even else share for share in shares]
    return factors, lead, maximum * lead / whole if whole else Fraction(0)


def _total_one(at: Sequence[int], factors: Sequence[float]) -> Callable[[Sequence[float]], float]:
    """Return one unit's points at all rows -> the sum of some, each times its factor; 1 and -1 change no bit."""
    (first, lead), *rest = zip(at, factors, strict=True)

    def total(points: Sequence[float]) -> float:
        out = points[first] * lead
        for place, factor in rest:
            out += points[place] * factor
        return out

    return total


def _weighted(points: Sequence[Array], factors: Sequence[Any], out: Array, work: Work) -> None:
    """Write the sum of points times factors; a factor of 1 costs no product."""
    np.multiply(points[0], factors[0], out=out)
    for point, factor in zip(points[1:], factors[1:], strict=True):
        if factor == 1:
            np.add(out, point, out=out)
        else:
            np.multiply(point, factor, out=work.first)
            np.add(out, work.first, out=out)


def _scaled(parts: Sequence[Any], score: Any) -> tuple[Any, ...]:
    """Stretch the parts in proportion so that they add up to the score; parts that do already stay as they are.

    So parts that cancel stay what they are, and decimals of 60 digits are not divided by what only rounding left.
    """
    whole = sum(parts)
    if abs(score - whole) <= (DECIMAL.tolerance if isinstance(score, Decimal) else 0):
        return tuple(part + score * 0 for part in parts)
    if not whole:
        return tuple(score / len(parts) for _ in parts)
    return tuple(part * score / whole for part in parts)


def _same(number: Fraction) -> Any:
    return number


def _share(point: Any, child: Child) -> Decimal:
    return (point if isinstance(point, Decimal) else to_decimal(Fraction(point))) / to_decimal(child.maximum)


AGGREGATIONS: Mapping[str, type[Any]] = {
    "sum": Sum,
    "capped": Capped,
    "mean": Mean,
    "geometric": Geometric,
    "best": Best,
    "least": Least,
}
