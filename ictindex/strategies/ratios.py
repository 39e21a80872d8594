"""The ratio of two sums of inputs: a share, or with a scale a quantity (docs/rules.md, shapes 1, 2, 12 and 13)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np
from attrs import frozen

from ictindex.messages import say
from ictindex.model import Quantity
from ictindex.strategies.base import ROUNDING, Arithmetic, Array, Mask, MeasureKernel, MeasureOne, Work, short_text
from ictindex.strategies.quantities import (
    bind_quantity,
    bind_quantity_one,
    percent_text,
    quantity_formula,
    quantity_grain,
    quantity_of,
)


@frozen
class Ratio:
    """x = a / b * per (shapes 1, 2, 12 and 13): a share of the maximum, or with a scale a quantity.

    `over` says what x > 1 means without a scale: cut at 1 and flagged, or refused. `if_none` says what b = 0 means.
    Below `floor` x counts as 0 (not found in a government text). `signed` says that the terms of a sum may have both
    signs: they may cancel, and then nothing is known of the float's error beyond its size.
    """

    a: Quantity
    b: Quantity
    per: Fraction = Fraction(1)
    over: Literal["clamp", "refuse"] = "clamp"
    if_none: Literal["refuse", "zero", "full", "not-applicable"] = "refuse"
    floor: Fraction | None = None
    signed: bool = False
    plain: ClassVar[bool] = False
    bears_nan: ClassVar[bool] = True
    schema: ClassVar[Mapping[str, Any]] = {"$ref": "#/$defs/ratio"}
    title: ClassVar[str] = "A ratio / Tỷ lệ"
    description: ClassVar[str] = (
        "a over b, times per; without a scale it is cut at 1 and taken times max / "
        "a trên b, nhân per; không có cách tính điểm thì cắt ở 1 rồi nhân điểm tối đa"
    )
    gives: ClassVar[Literal["points", "share", "quantity"]] = "share"
    bounded: ClassVar[bool] = False

    @property
    def inputs(self) -> tuple[str, ...]:
        return (*self.a.inputs, *self.b.inputs)

    @property
    def relative_error(self) -> float:
        return 1.0 if self.signed else 2 * (len(self.inputs) + 4) * ROUNDING

    def bind(self, maths: Arithmetic) -> MeasureKernel:
        above, below = bind_quantity(self.a, maths), bind_quantity(self.b, maths)
        split, per = len(self.a.terms), maths.number(self.per)
        floor = None if self.floor is None else maths.number(self.floor)
        if floor is not None and not maths.exact:
            floor *= 1 - 2 * self.relative_error
        one = maths.number(Fraction(1))

        def kernel(cells: Sequence[Array], out: Array, work: Work) -> tuple[Array, Mask | None]:
            denominator = below(cells[split:], work.first, work.second)
            np.equal(denominator, 0, out=work.mask)
            undefined = work.mask.copy() if np.count_nonzero(work.mask) else None
            if undefined is not None:
                denominator = np.where(undefined, one, denominator)
            np.divide(above(cells[:split], out, work.second), denominator, out=out)
            if per != 1:
                np.multiply(out, per, out=out)
            if floor is not None:
                out[np.less(out, floor)] = maths.number(Fraction(0))
            return out, undefined

        return kernel

    def bind_one(self, at: Sequence[int]) -> MeasureOne:
        split, per = len(self.a.terms), float(self.per)
        above, below = bind_quantity_one(self.a, at[:split]), bind_quantity_one(self.b, at[split:])
        floor = -math.inf if self.floor is None else float(self.floor) * (1 - 2 * self.relative_error)

        def kernel(cells: Sequence[float]) -> float | None:
            denominator = below(cells)
            if denominator == 0:
                return None
            x = above(cells) / denominator
            if per != 1:
                x *= per
            return 0.0 if x < floor else x

        return kernel

    def breaks(self) -> tuple[Fraction, ...]:
        return () if self.floor is None else (self.floor,)

    def grain(self, decimals: Sequence[int | None]) -> int | None:
        return None

    def denominator(self, decimals: Sequence[int | None], largest: Sequence[float]) -> float:
        split = len(self.a.terms)
        above = quantity_grain(self.a, decimals[:split])
        below = quantity_grain(self.b, decimals[split:])
        if above is None or below is None:
            return float(np.inf)
        size = float(abs(self.b.constant))
        size += sum(abs(float(factor)) * most for (_, factor), most in zip(self.b.terms, largest[split:], strict=True))
        size = max(size, 1.0)  # a denominator of 0 stands as 1 until the scheme says what it means
        return above * below * self.per.denominator * size

    def formula(self, cells: Mapping[str, str]) -> str:
        text = f"{quantity_formula(self.a, cells)} / {quantity_formula(self.b, cells)}"
        text = text if self.per == 1 else f"{text} × {short_text(self.per)}"
        return say("{number} (0 if below {floor})", number=text, floor=short_text(self.floor)) if self.floor else text

    def words(self, cells: Mapping[str, str], number: Any) -> str:
        """Return the ratio in words: 12 of 15, that is 80 %."""
        parts = {"a": quantity_formula(self.a, cells), "b": quantity_formula(self.b, cells)}
        found = self.before_floor(cells, number)
        least = None if self.floor is None or found >= self.floor or number else self.floor
        if self.per == 1:
            parts["percent"] = percent_text(found, Fraction(0), Fraction(1), self.floor)
            if least is None:
                return say("{a} of {b}, that is {percent} %", **parts)
            floor = percent_text(least, Fraction(0))
            return say("{a} of {b}, that is {percent} %, less than {floor} % and so counted as 0", floor=floor, **parts)
        parts |= {"number": f"{float(found):.6g}", "per": short_text(self.per)}
        if least is None:
            return say("{a} of {b}, that is {number} for every {per}", **parts)
        floor = short_text(least)
        return say(
            "{a} of {b}, that is {number} for every {per}, less than {floor} and so counted as 0", floor=floor, **parts
        )

    def before_floor(self, cells: Mapping[str, str], number: Any) -> Any:
        """Return the exact ratio before what lies below the floor was counted as 0; `number` is the one after."""
        if self.floor is None or number:
            return number
        return quantity_of(self.a, cells) * self.per / quantity_of(self.b, cells)
