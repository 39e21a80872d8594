"""Measures: inputs to one number (docs/rules.md, shapes 1-8 and 12-15 of the published decisions); see also `ratios`.

Each class holds exact parameters; `bind` gives the kernel. Inputs are read in the order of `inputs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from operator import itemgetter
from typing import Any, ClassVar, Literal

import numpy as np
from attrs import frozen

from ictindex.messages import say
from ictindex.model import Case
from ictindex.strategies.base import (
    ROUNDING,
    Arithmetic,
    Array,
    Mask,
    Matched,
    MeasureKernel,
    MeasureOne,
    Work,
    common,
    short_text,
)
from ictindex.strategies.quantities import ten
from ictindex.strategies.ratios import Ratio

__all__ = ["MEASURES", "AllOf", "Assessed", "Checks", "Choice", "Count", "Ratio", "Value", "YesNo"]

_WORDS: Mapping[str, Any] = {"$ref": "#/$defs/words"}


@frozen
class _Single:
    """A measure that is the cell itself."""

    input: str
    bounded: ClassVar[bool] = False
    plain: ClassVar[bool] = True
    bears_nan: ClassVar[bool] = True
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

    def bind_one(self, at: Sequence[int]) -> MeasureOne:
        return itemgetter(at[0])

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

    def bind_one(self, at: Sequence[int]) -> MeasureOne:
        factor, cell = float(self.factor), at[0]
        return super().bind_one(at) if self.factor == 1 else lambda cells: cells[cell] * factor

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

    def bind_one(self, at: Sequence[int]) -> MeasureOne:
        points, cell = [float(case.points) for case in self.cases], at[0]
        return lambda cells: points[int(cells[cell])]

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
    bears_nan: ClassVar[bool] = True
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

    def bind_one(self, at: Sequence[int]) -> MeasureOne:
        first, points = at[0], float(self.cases[0].points)
        others = [(cell, float(case.points)) for cell, case in zip(at[1:], self.cases[1:], strict=True)]

        def kernel(cells: Sequence[float]) -> float:
            total = cells[first] * points
            for cell, more in others:
                total += cells[cell] * more
            return total

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
    bears_nan: ClassVar[bool] = True
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

    def bind_one(self, at: Sequence[int]) -> MeasureOne:
        return lambda cells: min(cells[cell] for cell in at)

    def breaks(self) -> tuple[Fraction, ...]:
        return ()

    def grain(self, decimals: Sequence[int | None]) -> int | None:
        return 1

    def denominator(self, decimals: Sequence[int | None], largest: Sequence[float]) -> float:
        return 1.0

    def formula(self, cells: Mapping[str, str]) -> str:
        held = sum(cells[code] == "1" for code in self.inputs)
        return say("{held} of {count} conditions hold", held=held, count=len(self.inputs))


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
