"""What is told of each indicator, each group and each pair of rows."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

Flag = Literal[
    "absent",
    "constant",
    "at-maximum",
    "at-zero",
    "no-effect",
    "against-heading",
    "against-total",
    "double",
    "skewed",
]
"""What is wrong with an indicator, the gravest first; docs/statistics.md says when each is raised."""

Role = Literal["max", "bonus", "deduct"]


@frozen(kw_only=True)
class RowStatistics:
    """A row below the total. `heading` is the row right above.

    `nominal` is its weight by the scheme and `effective` its weight in effect, both shares of the total; `squared` is
    the square of its correlation with the total. Correlations are of points with points, a deduction's taken as
    minus. None: too few units, no spread, or no weight of its own.
    """

    code: str
    name: str
    heading: str
    max: float
    nominal: float | None
    effective: float | None
    squared: float | None
    heading_pearson: float | None
    heading_spearman: float | None
    total_pearson: float | None
    total_spearman: float | None


@frozen(kw_only=True)
class IndicatorStatistics(RowStatistics):
    """An indicator: a measured criterion. Mean, deviation (n - 1), ends, skewness and kurtosis are of its points.

    `units` have points here; for `left_out` it does not count, for `not_computed` a row above was given. `as_zero`
    are the units of which a figure was missing or did not apply, and counted as 0 points. `at_zero` and `at_maximum`
    are shares of the units with points. `same_as` are the indicators that say the same twice.
    """

    role: Role
    units: int
    left_out: int
    not_computed: int
    as_zero: int
    mean: float | None
    deviation: float | None
    low: float | None
    high: float | None
    skewness: float | None
    kurtosis: float | None
    at_zero: float | None
    at_maximum: float | None
    same_as: tuple[str, ...]
    flags: tuple[Flag, ...]


@frozen(kw_only=True)
class Correlation:
    """Two rows right below the same heading, and the units that have points at both."""

    heading: str
    first: str
    second: str
    units: int
    pearson: float | None
    spearman: float | None


@frozen(kw_only=True)
class AlphaWithout:
    """Cronbach's alpha of a group without one of its rows."""

    code: str
    raw: float | None
    standardised: float | None


@frozen(kw_only=True)
class Alpha:
    """Cronbach's alpha of a group: of the points as they are (`raw`), and of all rows brought to one spread."""

    raw: float | None
    standardised: float | None
    without: tuple[AlphaWithout, ...]


@frozen(kw_only=True)
class Loading:
    """The correlations of one row with each component, the largest component first."""

    code: str
    loadings: tuple[float, ...]


@frozen(kw_only=True)
class Components:
    """Principal components of the correlations: how much each explains, and how many explain more than one row does."""

    eigenvalues: tuple[float, ...]
    explained: tuple[float, ...]
    above_one: int
    rows: tuple[Loading, ...]


@frozen(kw_only=True)
class GroupStatistics(RowStatistics):
    """A group: the rows right below it that are compared with one another.

    `given` is its part of `effective` for which no row below answers, because the group's points were given. `rows`
    enter alpha and the components; `flat` are those that are the same for all `units` that have points at each of
    them, and are left out. None: fewer than two rows that differ, or fewer than three such units.
    """

    given: float | None
    units: int
    rows: tuple[str, ...]
    flat: tuple[str, ...]
    alpha: Alpha | None
    components: Components | None
