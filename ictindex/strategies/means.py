"""Means of the children's shares of their maxima, weighted (docs/rules.md, shapes 27-29 and 31)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
from attrs import frozen

from ictindex.strategies.base import (
    ROUNDING,
    Arithmetic,
    Array,
    Child,
    CombineKernel,
    CombineOne,
    Mask,
    Work,
    to_decimal,
)
from ictindex.strategies.combining import beyond, scaled, total_one


@frozen
class _OfShares:
    """A mean of the children's shares of their maxima: a child that is left out is left out on the spot."""

    additive: ClassVar[bool] = False

    def reach(self, maximum: Fraction, children: Sequence[Child]) -> Fraction:
        return maximum

    def grain(self, maximum: Fraction, children: Sequence[Child], grains: Sequence[int | None]) -> int | None:
        return None


@frozen
class Mean(_OfShares):
    """The weighted mean of the children's shares, times the maximum (shapes 27-29)."""

    irrational: ClassVar[bool] = False
    steep: ClassVar[bool] = False
    title: ClassVar[str] = "Weighted mean / Trung bình có trọng số"
    description: ClassVar[str] = (
        "The mean of points over max of the rows below, by their weight, times this maximum / "
        "Trung bình của điểm trên điểm tối đa các dòng bên dưới, theo trọng số, nhân điểm tối đa này"
    )

    def bind(self, maximum: Fraction, children: Sequence[Child], maths: Arithmetic) -> CombineKernel:
        exact, exact_lead, exact_final = _mean_factors(maximum, children)
        factors, lead, final = list(map(maths.number, exact)), maths.number(exact_lead), maths.number(exact_final)
        weights = [child.weight if child.maximum else Fraction(0) for child in children]
        distinct = list(dict.fromkeys(weights))
        kinds = [distinct.index(weight) for weight in weights]
        alike = [(maths.number(weight), weights.count(weight)) for weight in distinct]
        counted = np.min_scalar_type(len(children))
        most, one, zero = maths.number(maximum), maths.number(Fraction(1)), maths.number(Fraction(0))

        def kernel(points: Sequence[Array], left: Sequence[Mask | None], out: Array, work: Work) -> Mask | None:
            _weighted(points, factors, out, work)
            if all(mask is None for mask in left):
                np.multiply(out, final, out=out)
                return None
            # units with every child get the very same product as in a block where nobody lacks one
            gone = np.zeros((len(alike), len(out)), counted)
            for kind, mask in zip(kinds, left, strict=True):
                if mask is not None:
                    np.add(gone[kind], mask.view(np.uint8), out=gone[kind])
            lacking = np.flatnonzero(gone.any(axis=0))
            present = np.full(len(lacking), zero, maths.dtype)
            for (weight, count), lost in zip(alike, gone, strict=True):
                present = present + (count - lost[lacking]) * weight
            rest = out[lacking] * (most * lead) / np.where(present == zero, one, present)
            np.multiply(out, final, out=out)
            out[lacking] = rest
            return None

        return kernel

    def bind_one(self, maximum: Fraction, children: Sequence[Child], at: Sequence[int]) -> CombineOne:
        factors, _, exact_final = _mean_factors(maximum, children)
        total, final = total_one(at, list(map(float, factors))), float(exact_final)
        return lambda points: (total(points) * final, False)

    def error(self, maximum: Fraction, children: Sequence[Child], errors: Sequence[float]) -> float:
        # a weighted mean of errors is at most the largest of them, whoever is left out
        counted = [child for child in children if child.most]
        shares = [error / child.most for child, error in zip(children, errors, strict=True) if child.most]
        operations = 2 * len(children) + 8
        return float(maximum) * (max(shares, default=0.0) + operations * (ROUNDING + beyond(counted, shares)))

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
        return scaled(raw, score)


@frozen
class Geometric(_OfShares):
    """The weighted geometric mean of the children's shares, times the maximum (shape 31; UNDP HDI).

    A child below 0 counts as 0.
    """

    irrational: ClassVar[bool] = True
    steep: ClassVar[bool] = True
    title: ClassVar[str] = "Geometric mean / Trung bình nhân"
    description: ClassVar[str] = (
        "The geometric mean of points over max of the rows below, by their weight, times this maximum / "
        "Trung bình nhân của điểm trên điểm tối đa các dòng bên dưới, theo trọng số, nhân điểm tối đa này"
    )

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


def _mean_factors(maximum: Fraction, children: Sequence[Child]) -> tuple[list[Fraction], Fraction, Fraction]:
    """Return what each child's points are multiplied by, what all of them have in common, and what the sum is last."""
    whole = sum((child.weight for child in children if child.maximum), Fraction(0))
    shares = [child.weight / child.maximum if child.maximum else Fraction(0) for child in children]
    even = len(set(shares)) == 1  # one product at the end instead of one a child
    lead = shares[0] if even else Fraction(1)
    factors = [Fraction(1) if even else share for share in shares]
    return factors, lead, maximum * lead / whole if whole else Fraction(0)


def _weighted(points: Sequence[Array], factors: Sequence[Any], out: Array, work: Work) -> None:
    """Write the sum of points times factors; a factor of 1 costs no product."""
    np.multiply(points[0], factors[0], out=out)
    for point, factor in zip(points[1:], factors[1:], strict=True):
        if factor == 1:
            np.add(out, point, out=out)
        else:
            np.multiply(point, factor, out=work.first)
            np.add(out, work.first, out=out)


def _same(number: Fraction) -> Any:
    return number


def _share(point: Any, child: Child) -> Decimal:
    return (point if isinstance(point, Decimal) else to_decimal(Fraction(point))) / to_decimal(child.maximum)
