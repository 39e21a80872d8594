"""Aggregations: children's points to their heading's points (docs/rules.md, shapes 9 and 10; `means` has the others).

Sums run in the order of the rows, never through a matrix product, so a score is the same bits everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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
)
from ictindex.strategies.combining import beyond, scaled, total_one
from ictindex.strategies.means import Geometric, Mean


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
        most, total = float(maximum), total_one(at, [-1.0 if child.role == "deduct" else 1.0 for child in children])
        if not (self.capped or any(child.role != "max" for child in children)):
            return lambda points: (total(points), False)
        near = most * (1 + 64 * ROUNDING)

        def kernel(points: Sequence[float]) -> tuple[float, bool]:
            out = total(points)
            return most if out > most else out if out >= 0 else 0.0, out > near

        return kernel

    def error(self, maximum: Fraction, children: Sequence[Child], errors: Sequence[float]) -> float:
        size = sum(child.most for child in children)
        return sum(errors) + len(children) * (ROUNDING * (size + sum(errors)) + beyond(children, errors))

    def grain(self, maximum: Fraction, children: Sequence[Child], grains: Sequence[int | None]) -> int | None:
        return common(maximum.denominator, *grains)

    def contributions(
        self, maximum: Fraction, children: Sequence[Child], points: Sequence[Any | None], score: Any
    ) -> tuple[Any, ...]:
        signs = [-1 if child.role == "deduct" else 1 for child in children]
        raw = [0 if point is None else sign * point for sign, point in zip(signs, points, strict=True)]
        return scaled(raw, score)


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


AGGREGATIONS: Mapping[str, type[Any]] = {
    "sum": Sum,
    "capped": Capped,
    "mean": Mean,
    "geometric": Geometric,
    "best": Best,
    "least": Least,
}
