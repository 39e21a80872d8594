"""What every strategy is: the protocols, the arithmetics that kernels run on, and what a pool teaches.

A strategy is a thin frozen class with exact parameters. `bind` turns it into a *kernel*, a function over arrays of one
arithmetic: float64 for speed, `Fraction` objects where a float is not sure enough, 60-digit decimals where roots and
logarithms enter. There is one kernel, so the exact run and the fast run cannot disagree about a rule.

A strategy may have `bind_one` beside `bind`: the same operations in the same order on the Python floats of one unit,
for who scores a form as it is typed (`ictindex.single`). Both give the same bits, which tests hold against one another;
without it, or where it returns None, the kernel runs on arrays of one.

**How sure a float is** is known: each strategy bounds the error that it adds (`error`), and names the places where its
result jumps (`breaks`). The engine re-computes exactly whatever lies within the bound of a jump or of a rounding
boundary. This is the filter of exact geometric predicates, applied to points.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

Array: TypeAlias = npt.NDArray[Any]
Mask: TypeAlias = npt.NDArray[np.bool_]
Scope = Literal["pool", "all"]

ROUNDING = 2.0**-53
"""The largest relative error of one float64 operation."""

DIGITS = 60
"""Significant digits of the decimals that stand in for fractions where roots, powers and logarithms enter."""


CONTEXT = decimal.Context(prec=DIGITS)
"""The context of those decimals. It is never made the current one for longer than a `with`."""


def to_decimal(number: Fraction) -> Decimal:
    """Return the fraction as a decimal of that many digits."""
    return CONTEXT.divide(Decimal(number.numerator), Decimal(number.denominator))


def _same(number: Fraction) -> Fraction:
    return number


@frozen
class Arithmetic:
    """A kind of number: how a parameter becomes one, the arrays that hold it, and when two of them are equal."""

    name: Literal["float", "fraction", "decimal"]
    number: Callable[[Fraction], Any]
    dtype: Any
    tolerance: Any
    exact: bool = field(init=False)  # whether results need no further check

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "exact", self.name != "float")

    def context(self) -> Any:
        """Return the context manager to compute in."""
        return decimal.localcontext(CONTEXT)


FLOAT = Arithmetic("float", float, np.float64, 0.0)
FRACTION = Arithmetic("fraction", _same, object, Fraction(0))
DECIMAL = Arithmetic("decimal", to_decimal, object, Decimal(10) ** -45)


@frozen
class Work:
    """Scratch arrays of one block, reused by every kernel; `cut` gives them the length of a shorter last block.

    `tally` counts up to 255, in an eighth of the memory of `index`.
    """

    first: Array
    second: Array
    mask: Mask
    index: npt.NDArray[np.intp]
    tally: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, size: int, maths: Arithmetic) -> Work:
        """Return scratch arrays for blocks of `size` units."""
        kinds = (maths.dtype, maths.dtype, np.bool_, np.intp, np.uint8)
        return cls(*(np.empty(size, kind) for kind in kinds))

    def cut(self, size: int) -> Work:
        """Return views of the first `size` places."""
        if size == len(self.mask):
            return self
        return Work(self.first[:size], self.second[:size], self.mask[:size], self.index[:size], self.tally[:size])


def above(x: Array, end: Any, work: Work) -> Mask | None:
    """Return where numbers are above an end, in the scratch mask; None where none is."""
    mask = np.greater(x, end, out=work.mask)
    return mask if np.count_nonzero(mask) else None


def between(x: Array, low: Any, high: Any, out: Array) -> None:
    """Write the numbers cut to two ends."""
    if out.dtype == object:
        np.minimum(np.maximum(x, low, out=out), high, out=out)
    else:
        x.clip(low, high, out=out)  # one pass, where two with scalars cost seven times as much


@frozen
class Fit:
    """What a normalization learned: named numbers, one per pool (`low`, `high`, `mean`, `deviation`).

    `holders` names, per pool, the units at the low and the high end, by their position in the table. A `borrowed` fit
    was learned from other units, so the ones it is used on may lie outside its ends; `flat` says then of which pools
    the exact ends are known to be equal. `sums` are the exact sums that a fit was made of, where it keeps them.
    """

    numbers: Mapping[str, Array]
    holders: Mapping[str, npt.NDArray[np.intp]] = field(factory=dict)
    borrowed: bool = False
    flat: Mask | None = None
    sums: Mapping[str, Sequence[Any]] = field(factory=dict)

    def at(self, name: str, pools: Array | None) -> Any:
        """Return the number of each unit's pool: a scalar where there is one pool (`pools` is None)."""
        values = self.numbers[name]
        return values[0] if pools is None else np.take(values, pools)


@frozen
class Lesson:
    """What some units of one pool teach at one row: the ends, and exact sums (`sums`), if the fit needs any.

    Without units the ends are None. Lessons of parts can be put together in any order.
    """

    low: Any = None
    high: Any = None
    sums: tuple[Any, ...] = ()

    def merge(self, other: Lesson) -> Lesson:
        """Return what the units of both teach."""
        if self.low is None or other.low is None:
            return other if self.low is None else self
        sums = tuple(one + more for one, more in zip(self.sums, other.sums, strict=True))
        return Lesson(min(self.low, other.low), max(self.high, other.high), sums)


@frozen
class Sample:
    """The numbers that a fit may look at: one row of all units, who counts, and in which pool each one is."""

    values: Array
    counts: Mask | None  # None: every unit counts
    pools: Array | None  # None: one pool
    pool_count: int
    ends: tuple[float, float] | None = None  # the lowest and the highest of all who count, where they are known


@frozen(kw_only=True)
class Matched:
    """What a number reached in a rule, and what is next above it.

    A `step` is a threshold, an `end` the number that earns the whole maximum in proportion, a `case` the one that
    holds, a `level` the band of a score. `matched` is the threshold, the end, the case's code or the level's name;
    empty below the lowest, and before an end. `points` are what it earns; for a level, the score from which it is
    earned, on the scale that its row publishes, and so are the next ones. `next` is empty where nothing is better.
    `needs` is how far the number is from the next, never below 0, in the unit of the number.
    """

    kind: Literal["step", "end", "case", "level"]
    matched: str = ""
    words: str = ""
    points: Fraction | Decimal | None = None
    next: str = ""
    next_words: str = ""
    next_points: Fraction | Decimal | None = None
    needs: Fraction | Decimal | None = None


def short_text(number: Fraction) -> str:
    """Return a parameter for a person: whole, or to 6 significant digits."""
    return str(number.numerator) if number.denominator == 1 else f"{float(number):g}"


def distance(number: Any, mark: Fraction) -> Any:
    """Return how far an exact number is below a mark, 0 where it is near enough to have reached it."""
    if isinstance(number, Decimal):
        with DECIMAL.context():
            apart = to_decimal(mark) - number
            return Decimal(0) if abs(apart) <= DECIMAL.tolerance else apart
    return mark - number


MeasureKernel: TypeAlias = Callable[[Sequence[Array], Array, Work], tuple[Array, Mask | None]]
"""(cells of each input, out, work) -> (the measured numbers, where they are undefined or None)."""

ScaleKernel: TypeAlias = Callable[[Array, Array, Work, Fit | None, Array | None], Mask | None]
"""(numbers, out for points, work, fit, pool of each unit) -> where the number was cut, or None.

The mask may be scratch: it is good until the next kernel runs."""

CombineKernel: TypeAlias = Callable[[Sequence[Array], Sequence[Mask | None], Array, Work], Mask | None]
"""(points of each child, where each child is left out, out, work) -> where the sum was cut, or None."""

MeasureOne: TypeAlias = Callable[[Sequence[float]], float | None]
"""One unit's cells -> its measured number, None where it is undefined."""

ScaleOne: TypeAlias = Callable[[float], tuple[float, bool]]
"""One unit's number -> its points, and whether the number was cut."""

CombineOne: TypeAlias = Callable[[Sequence[float]], tuple[float, bool]]
"""One unit's points at all rows, none of them left out -> the heading's points, and whether the sum was cut."""


class Measure(Protocol):
    """Inputs to one number.

    `gives` says what the number is: points, a share 0..1 of the maximum, or a quantity that needs a scale.
    `bounded` shares cannot exceed 1. The number of a `plain` measure is the cell itself.

    Kernels find 0 in place of a cell that is not there, and what they make of it is not looked at. Where the classes of
    a row's measure and scale both have `bears_nan = True`, they find NaN in floats instead, which saves a copy.

    Explanations ask for two more methods and do without where a class lacks them: `words(cells, number)` returns the
    formula in words, with the exact number that was measured, and `matched(cells)` what of several the cells chose.
    """

    schema: ClassVar[Mapping[str, Any]]
    title: ClassVar[str]
    description: ClassVar[str]
    gives: ClassVar[Literal["points", "share", "quantity"]]
    bounded: ClassVar[bool]
    plain: ClassVar[bool]

    @property
    def inputs(self) -> tuple[str, ...]:
        """The codes of the inputs that it reads, in the order that its kernel takes them."""

    @property
    def relative_error(self) -> float:
        """The largest relative error of the measured number in float64; 0 means that it is the typed decimal."""

    def bind(self, maths: Arithmetic) -> MeasureKernel:
        """Return the kernel for this arithmetic."""

    def breaks(self) -> tuple[Fraction, ...]:
        """Return the measured numbers at which the measure itself jumps."""

    def grain(self, decimals: Sequence[int | None]) -> int | None:
        """Return n where every number is a multiple of 1/n, given the decimals of each input; None: unknown."""

    def denominator(self, decimals: Sequence[int | None], largest: Sequence[float]) -> float:
        """Return a bound on the denominators of the measured numbers, given each input's decimals and size."""

    def formula(self, cells: Mapping[str, str]) -> str:
        """Return the rule with the numbers in it, for a person."""


class Normalization(Protocol):
    """One number to points: 0..1 of the maximum, times the maximum.

    `fitting` says what must be known of the other units first; `over` (where there is fitting) which units those are.
    `monotone` is +1 where more is never worse, -1 where more is never better; `bounded` where points stay in 0..max.

    Explanations ask for two more methods and do without where a class lacks them: `matched(number, maximum)` returns
    what an exact number reached (`Matched`), `words(number, maximum, fit)` the formula in words, without its outcome.

    Scoring in parts asks for two more: `lessons(fit)` returns what each pool taught a fit (`Lesson`), which is the same
    however the units are divided, and `fit_of(lessons, maths)` the fit that lessons of all parts make. A scheme with a
    class that lacks them is scored in one piece.
    """

    schema: ClassVar[Mapping[str, Any]]
    title: ClassVar[str]
    description: ClassVar[str]
    fitting: ClassVar[Literal["none", "moments"]]
    irrational: ClassVar[bool]
    monotone: ClassVar[int]
    bounded: ClassVar[bool]

    def breaks(self) -> tuple[Fraction, ...]:
        """Return the numbers at which the points jump."""

    def bind(self, maximum: Fraction, maths: Arithmetic, slack: float = 0.0) -> ScaleKernel:
        """Return the kernel. Numbers within `slack` (relative) below a break count as having reached it."""

    def fit(self, sample: Sample, maths: Arithmetic) -> Fit | None:
        """Return what the units of each pool teach, None where nothing needs to be known."""

    def error(self, relative: float, absolute: float, maximum: Fraction, fit: Fit | None) -> float:
        """Bound the error of the points, in points, when the number's error is relative * |x| + absolute."""

    def grain(self, grain: int | None, maximum: Fraction) -> int | None:
        """Return n where all points are multiples of 1/n; `grain` is that of the number. None: unknown."""

    def formula(self, number: str, maximum: str, fit: Mapping[str, str]) -> str:
        """Return the rule with the numbers in it, for a person."""


class NormalizationDefaults:
    """What most normalizations have in common; a new one may begin with it and say only what differs."""

    __slots__ = ()
    irrational: ClassVar[bool] = False
    monotone: ClassVar[int] = 1
    bounded: ClassVar[bool] = True

    def breaks(self) -> tuple[Fraction, ...]:
        """No number at which the points jump."""
        return ()

    def grain(self, grain: int | None, maximum: Fraction) -> int | None:
        """Nothing is known of which fraction the points are multiples."""
        return None


@frozen
class Child:
    """What an aggregation needs to know of a child: its maximum, its weight, and what its points do.

    The points of a `bounded` child stay in 0..maximum; those of a z-score do not.
    """

    maximum: Fraction
    weight: Fraction
    role: Literal["max", "bonus", "deduct"] = "max"
    bounded: bool = True
    most: float = field(init=False)  # the maximum, as a float

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "most", float(self.maximum))


class Aggregation(Protocol):
    """Children's points to the heading's points.

    `additive`: points of left-out children are carried upward to where they are rescaled; other aggregations leave a
    child out on the spot. A `steep` one turns a tiny error near 0 into a large one, as a root does.
    """

    title: ClassVar[str]
    description: ClassVar[str]
    additive: ClassVar[bool]
    irrational: ClassVar[bool]
    steep: ClassVar[bool]

    def reach(self, maximum: Fraction, children: Sequence[Child]) -> Fraction:
        """Return the points that full marks in every child give."""

    def bind(self, maximum: Fraction, children: Sequence[Child], maths: Arithmetic) -> CombineKernel:
        """Return the kernel for these children."""

    def error(self, maximum: Fraction, children: Sequence[Child], errors: Sequence[float]) -> float:
        """Bound the error of the heading's points, given that of each child."""

    def grain(self, maximum: Fraction, children: Sequence[Child], grains: Sequence[int | None]) -> int | None:
        """Return n where the heading's points are multiples of 1/n, None where unknown."""

    def contributions(
        self, maximum: Fraction, children: Sequence[Child], points: Sequence[Any | None], score: Any
    ) -> tuple[Any, ...]:
        """Split one unit's score among the children; the parts add up to it. A None child was left out: 0."""


def common(*grains: int | None) -> int | None:
    """Return the least common multiple of the grains, None where one is unknown or it grows beyond use."""
    result = 1
    for grain in grains:
        if grain is None:
            return None
        result = result * grain // _gcd(result, grain)
        if result > 10**12:
            return None
    return result


def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a
