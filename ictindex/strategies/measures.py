"""Measures: inputs to one number (docs/rules.md, shapes 1-8 and 12-15 of the published decisions).

Each class holds exact parameters; `bind` gives the kernel. Inputs are read in the order of `inputs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np
from attrs import frozen

from ictindex.messages import say
from ictindex.model import Case, Quantity
from ictindex.strategies.base import ROUNDING, Arithmetic, Array, Mask, Matched, MeasureKernel, Work, common, short_text
from ictindex.strategies.quantities import (
    bind_quantity,
    percent_text,
    quantity_formula,
    quantity_grain,
    quantity_of,
    ten,
)

_WORDS: Mapping[str, Any] = {"$ref": "#/$defs/words"}


@frozen
class _Single:
    """A measure that is the cell itself."""

    input: str
    bounded: ClassVar[bool] = False
    plain: ClassVar[bool] = True
    gives: ClassVar[Literal["points", "share", "quantity"]] = "quantity"

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.input,)

    @property
    def relative_error(self) -> float:
        return 0.0

    def bind(self, maths: Arithmetic) -> MeasureKernel:
        def kernel(cells: Sequence[Array], out: Array, work: Work) -> tuple[Array, Mask | None]:
            return cells[0], None

        return kernel

    def breaks(self) -> tuple[Fraction, ...]:
        return ()

    def grain(self, decimals: Sequence[int | None]) -> int | None:
        return ten(decimals[0])

    def denominator(self, decimals: Sequence[int | None], largest: Sequence[float]) -> float:
        return 0.0  # a typed decimal compares exactly with a typed decimal

    def formula(self, cells: Mapping[str, str]) -> str:
        return cells[self.input]


@frozen
class Value(_Single):
    """A reported number: x = value."""

    schema: ClassVar[Mapping[str, Any]] = _WORDS
    title: ClassVar[str] = "A number / Một con số"
    description: ClassVar[str] = (
        "The reported number itself; without a scale it is points from 0 to max / "
        "Chính con số báo cáo; không có cách tính điểm thì là điểm từ 0 đến tối đa"
    )


@frozen
class Count(_Single):
    """A reported whole number >= 0: x = count (shapes 3 and 7)."""

    schema: ClassVar[Mapping[str, Any]] = _WORDS
    title: ClassVar[str] = "A count / Số lượng"
    description: ClassVar[str] = (
        "A whole number of things; needs a scale (steps, each) unless max is 0 / "
        "Số lượng, là số nguyên; cần cách tính điểm (steps, each) trừ khi max là 0"
    )


@frozen
class Assessed(_Single):
    """Points given by an assessor, on the scale that the row publishes: x = factor * cell (shape 14).

    `factor` turns that scale into points: 1 for points, the maximum for an index, maximum / 100 for a percent.
    """

    factor: Fraction = Fraction(1)
    plain: ClassVar[bool] = False
    schema: ClassVar[Mapping[str, Any]] = _WORDS
    title: ClassVar[str] = "Assessed points / Điểm thẩm định"
    description: ClassVar[str] = (
        "Points from 0 to max given by an assessor; the words say who / "
        "Điểm từ 0 đến tối đa do người thẩm định chấm; ghi ai chấm"
    )
    gives: ClassVar[Literal["points", "share", "quantity"]] = "points"

    @property
    def relative_error(self) -> float:
        return 0.0 if self.factor == 1 else 4 * ROUNDING

    def bind(self, maths: Arithmetic) -> MeasureKernel:
        factor = maths.number(self.factor)
        if self.factor == 1:
            return super().bind(maths)

        def kernel(cells: Sequence[Array], out: Array, work: Work) -> tuple[Array, Mask | None]:
            return np.multiply(cells[0], factor, out=out), None

        return kernel

    def grain(self, decimals: Sequence[int | None]) -> int | None:
        power = ten(decimals[0])
        return power and common(power * self.factor.denominator)

    def denominator(self, decimals: Sequence[int | None], largest: Sequence[float]) -> float:
        return 0.0 if self.factor == 1 else float(self.grain(decimals) or np.inf)


@frozen
class YesNo(_Single):
    """Yes is the whole maximum, no is 0 (shape 4)."""

    schema: ClassVar[Mapping[str, Any]] = _WORDS
    title: ClassVar[str] = "Yes or no / Có hoặc không"
    description: ClassVar[str] = "Yes earns max, no earns 0 / Có được điểm tối đa, không được 0 điểm"
    gives: ClassVar[Literal["points", "share", "quantity"]] = "share"
    bounded: ClassVar[bool] = True

    def formula(self, cells: Mapping[str, str]) -> str:
        return say("yes") if cells[self.input] == "1" else say("no")


@frozen
class Choice(_Single):
    """Exactly one case holds; the cell is its position and x its points (shapes 5 and 25)."""

    cases: tuple[Case, ...] = ()
    plain: ClassVar[bool] = False
    schema: ClassVar[Mapping[str, Any]] = {"$ref": "#/$defs/choice"}
    title: ClassVar[str] = "One of several cases / Chọn một trường hợp"
    description: ClassVar[str] = (
        "Exactly one case holds and earns its points; the cell has the case's code / "
        "Đúng một trường hợp xảy ra và được điểm của nó; ô ghi mã trường hợp"
    )
    gives: ClassVar[Literal["points", "share", "quantity"]] = "points"

    @property
    def relative_error(self) -> float:
        return 2 * ROUNDING

    def bind(self, maths: Arithmetic) -> MeasureKernel:
        points = np.array([maths.number(case.points) for case in self.cases], maths.dtype)

        def kernel(cells: Sequence[Array], out: Array, work: Work) -> tuple[Array, Mask | None]:
            np.copyto(work.index, cells[0], casting="unsafe")
            return points.take(work.index, out=out, mode="raise" if maths.exact else "clip"), None

        return kernel

    def grain(self, decimals: Sequence[int | None]) -> int | None:
        return common(*(case.points.denominator for case in self.cases))

    def formula(self, cells: Mapping[str, str]) -> str:
        return next((f"{case.code} {case.name}" for case in self.cases if case.code == cells[self.input]), "")

    def matched(self, cells: Mapping[str, str]) -> Matched:
        """Return the case that holds, and the one that earns the least above it."""
        held = next(case for case in self.cases if case.code == cells[self.input])
        better = [case for case in self.cases if case.points > held.points]
        above = min(better, key=lambda case: case.points) if better else None
        return Matched(
            kind="case",
            matched=held.code,
            words=held.name,
            points=held.points,
            next="" if above is None else above.code,
            next_words="" if above is None else above.name,
            next_points=None if above is None else above.points,
        )


@frozen
class Checks:
    """Each yes adds its points: x = sum of points (shape 6). A case's code is its input's."""

    cases: tuple[Case, ...]
    plain: ClassVar[bool] = False
    schema: ClassVar[Mapping[str, Any]] = {"$ref": "#/$defs/lines-of-points"}
    title: ClassVar[str] = "Independent checks / Các điều kiện độc lập"
    description: ClassVar[str] = (
        "Each yes adds its points; all of them add up to max / "
        "Mỗi điều kiện đạt cộng điểm của nó; tất cả bằng điểm tối đa"
    )
    gives: ClassVar[Literal["points", "share", "quantity"]] = "points"
    bounded: ClassVar[bool] = True

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(case.code for case in self.cases)

    @property
    def relative_error(self) -> float:
        return (len(self.cases) + 2) * ROUNDING

    def bind(self, maths: Arithmetic) -> MeasureKernel:
        points = [maths.number(case.points) for case in self.cases]

        def kernel(cells: Sequence[Array], out: Array, work: Work) -> tuple[Array, Mask | None]:
            np.multiply(cells[0], points[0], out=out)
            for cell, point in zip(cells[1:], points[1:], strict=True):
                np.multiply(cell, point, out=work.first)
                np.add(out, work.first, out=out)
            return out, None

        return kernel

    def breaks(self) -> tuple[Fraction, ...]:
        return ()

    def grain(self, decimals: Sequence[int | None]) -> int | None:
        return common(*(case.points.denominator for case in self.cases))

    def denominator(self, decimals: Sequence[int | None], largest: Sequence[float]) -> float:
        return float(self.grain(decimals) or np.inf)

    def formula(self, cells: Mapping[str, str]) -> str:
        held = [case for case in self.cases if cells[case.code] == "1"]
        return " + ".join(f"{short_text(case.points)} ({case.name})" for case in held) or "0"


@frozen
class AllOf:
    """All conditions hold: the whole maximum, else 0 (shape 15)."""

    inputs: tuple[str, ...]
    plain: ClassVar[bool] = False
    schema: ClassVar[Mapping[str, Any]] = {"$ref": "#/$defs/lines-of-words"}
    title: ClassVar[str] = "All of these / Đủ mọi điều kiện"
    description: ClassVar[str] = (
        "All yes earns max, otherwise 0 / Đạt đủ mọi điều kiện được điểm tối đa, nếu không được 0"
    )
    gives: ClassVar[Literal["points", "share", "quantity"]] = "share"
    bounded: ClassVar[bool] = True

    @property
    def relative_error(self) -> float:
        return 0.0

    def bind(self, maths: Arithmetic) -> MeasureKernel:
        def kernel(cells: Sequence[Array], out: Array, work: Work) -> tuple[Array, Mask | None]:
            np.copyto(out, cells[0])
            for cell in cells[1:]:
                np.minimum(out, cell, out=out)
            return out, None

        return kernel

    def breaks(self) -> tuple[Fraction, ...]:
        return ()

    def grain(self, decimals: Sequence[int | None]) -> int | None:
        return 1

    def denominator(self, decimals: Sequence[int | None], largest: Sequence[float]) -> float:
        return 1.0

    def formula(self, cells: Mapping[str, str]) -> str:
        held = sum(cells[code] == "1" for code in self.inputs)
        return say("{held} of {count} conditions hold", held=held, count=len(self.inputs))


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
            undefined = work.mask.copy() if work.mask.any() else None
            if undefined is not None:
                denominator = np.where(undefined, one, denominator)
            np.divide(above(cells[:split], out, work.second), denominator, out=out)
            if per != 1:
                np.multiply(out, per, out=out)
            if floor is not None:
                out[np.less(out, floor)] = maths.number(Fraction(0))
            return out, undefined

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


MEASURES: Mapping[str, type[Any]] = {
    "value": Value,
    "count": Count,
    "yes-no": YesNo,
    "assessed": Assessed,
    "choice": Choice,
    "checks": Checks,
    "all-of": AllOf,
    "ratio": Ratio,
}
