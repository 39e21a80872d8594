"""The normalization `acme.sigmoid`: little at first, then steep around the middle, then hardly more.

points = max * x^s / (x^s + middle^s). At the middle they are half of max; a larger steepness s makes the step sharper.
Powers of a whole number keep fractions exact, which an exponential would not.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar, Literal

import numpy as np
from attrs import frozen

from ictindex.strategies.base import (
    ROUNDING,
    Arithmetic,
    Array,
    Fit,
    Mask,
    NormalizationDefaults,
    Sample,
    ScaleKernel,
    Work,
)

STEEPEST = 20


@frozen
class Sigmoid(NormalizationDefaults):
    """An S-shaped curve through half of the points. Numbers below 0 count as 0 and are flagged."""

    middle: Fraction
    steepness: Fraction = Fraction(2)
    schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "required": ["middle"],
        "properties": {
            "middle": {
                "$ref": "#/$defs/number",
                "title": "Middle / Điểm giữa",
                "description": "The number that earns half of max, above 0 / Con số được nửa điểm tối đa, lớn hơn 0",
            },
            "steepness": {
                "type": "integer",
                "minimum": 1,
                "maximum": STEEPEST,
                "title": "Steepness / Độ dốc",
                "description": "a whole number from 1 to 20; without it 2 / số nguyên từ 1 đến 20; không ghi là 2",
            },
        },
        "additionalProperties": False,
    }
    title: ClassVar[str] = "S-curve / Đường cong chữ S"
    description: ClassVar[str] = (
        "Slow, then steep around the middle, then slow / Chậm, rồi dốc quanh điểm giữa, rồi chậm"
    )
    fitting: ClassVar[Literal["none", "moments"]] = "none"

    def __attrs_post_init__(self) -> None:
        if self.middle <= 0:
            raise ValueError("the middle must be above 0")
        if self.steepness not in range(1, STEEPEST + 1):
            raise ValueError(f"the steepness must be a whole number from 1 to {STEEPEST}")

    def bind(self, maximum: Fraction, maths: Arithmetic, slack: float = 0.0) -> ScaleKernel:
        """Return the curve as (middle / x)^s + 1 below max: large numbers cannot overflow that, small ones end at 0."""
        most, middle, one, zero = (maths.number(number) for number in (maximum, self.middle, Fraction(1), Fraction(0)))
        further = int(self.steepness) - 1

        def kernel(x: Array, out: Array, work: Work, fit: Fit | None, pools: Array | None) -> Mask | None:
            nothing, below = np.less_equal(x, zero), np.less(x, zero)
            ratio = np.divide(middle, np.where(nothing, middle, x), out=work.first)
            np.copyto(out, ratio)
            with np.errstate(over="ignore"):
                for _ in range(further):
                    np.multiply(out, ratio, out=out)
            np.divide(most, np.add(out, one, out=out), out=out)
            out[nothing] = zero
            return below if below.any() else None

        return kernel

    def fit(self, sample: Sample, maths: Arithmetic) -> Fit | None:
        """No other unit needs to be known."""
        return None

    def error(self, relative: float, absolute: float, maximum: Fraction, fit: Fit | None) -> float:
        """A relative error grows s-fold in the power; the curve is nowhere steeper than s / middle."""
        steepness = float(self.steepness)
        of_share = steepness * (relative + absolute / float(self.middle) + 4 * ROUNDING) + 4 * ROUNDING
        return 2 * float(maximum) * of_share

    def formula(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        """Return the rule with the numbers in it."""
        middle = f"{float(self.middle):g}"
        return f"{maximum} × {number}^{self.steepness} / ({number}^{self.steepness} + {middle}^{self.steepness})"
