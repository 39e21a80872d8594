"""Statistics made from a result. Problems: U285 too few units, U286 no such pool, U287 a row without rows below."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from attrs import asdict, evolve, frozen

from ictindex.analysis.rescoring import subject_of
from ictindex.analysis.statistics import numbers
from ictindex.analysis.statistics.answer import Statistics
from ictindex.analysis.statistics.parts import (
    Alpha,
    AlphaWithout,
    Components,
    Correlation,
    Flag,
    GroupStatistics,
    IndicatorStatistics,
    Loading,
)
from ictindex.analysis.statistics.weights import Units, exact_rows, nominal_weights
from ictindex.errors import Problem, UnknownName, WrongUse, did_you_mean
from ictindex.matrix import Flag as Mark
from ictindex.messages import say
from ictindex.model import Group, Indicator, Row, walk
from ictindex.result import Result
from ictindex.strategies.base import Array, Mask

ALMOST_ALL = 0.9
"""So large a share of the units at one end: the indicator no longer tells units apart."""
DOUBLE = 0.95
"""Two indicators with a correlation above this count one thing twice."""
SKEWNESS, KURTOSIS = 2.0, 3.5
"""Beyond both, a few units decide what an indicator does."""
LITTLE = 0.1
"""An indicator whose weight in effect is below so much of its weight by the scheme does next to nothing."""
_ZERO = 1e-9


def statistics_of(
    result: Result, code: str = "", group: str = "", pool: str = "", executor: Executor | None = None
) -> Statistics:
    """Return the statistics of the indicators and groups below a total, or below one of its groups.

    `executor` computes the exact numbers, a portion of the units at a time. Raises UnknownName for a row (U105) or pool
    (U286) that is not there, WrongUse for a row that has no rows below or does not belong to the total (U287) and for
    fewer than three units with a score (U285).
    """
    total = _heading(result, code or result.totals[0].code)
    chosen = _heading(result, group) if group else total
    if chosen.code != total.code and total not in result.scheme.above(chosen.code):
        message = say("{group} does not stand below {total}", group=chosen.code, total=total.code)
        hint = say("choose another total with --total, or one of its groups")
        raise WrongUse(Problem("U287", message, hint=hint))
    return _Study(result, total, chosen, _units(result, total, pool), executor).answer(pool)


def _heading(result: Result, code: str) -> Group:
    result.scored(code)  # raises UnknownName
    row = result.scheme.row(code)
    if isinstance(row, Group) and row.combine.name != "none" and row.max:
        return row
    message = say("{code} has no points that are made of rows below it", code=code)
    if isinstance(row, Indicator) and row in result.totals:
        message = say("{code} has one score for the whole part; no indicators stand under it to analyse", code=code)
    groups = [one.code for one in _groups(result.scheme.root) if one.combine.name != "none"]
    hint = say("no row of this scheme is made of others, so there is nothing to analyse")
    if groups:
        hint = say("rows that have: {codes}", codes=", ".join(groups))
    raise WrongUse(Problem("U287", message, hint=hint))


def _units(result: Result, total: Row, pool: str) -> Units:
    """Return the positions of the units that are looked at, in the order of their codes."""
    scored = result.scored(total.code)
    if pool:
        names = result.table.pool or ()
        if pool not in names:
            known = sorted(set(names))
            hint = did_you_mean(pool, known) or (
                say("pools: {names}", names=", ".join(known)) if known else say("the table has no pools")
            )
            raise UnknownName(Problem("U286", say("no unit is in a pool '{pool}'", pool=pool), hint=hint))
        scored = scored & np.array([name == pool for name in names])
    units = sorted(np.flatnonzero(scored).tolist(), key=lambda unit: result.units[unit])
    if len(units) < numbers.LEAST:
        message = say("{count} units have a score at {total}", count=len(units), total=total.code)
        hint = say("statistics need at least {least} units", least=numbers.LEAST)
        raise WrongUse(Problem("U285", message, hint=hint))
    return np.array(units, np.intp)


def _groups(row: Row) -> Iterator[Group]:
    """Yield the row and the groups below it; what is inside one criterion is no group."""
    if isinstance(row, Group):
        yield row
        for child in row.children:
            if not (isinstance(child, Group) and child.parts):
                yield from _groups(child)


def _indicators(group: Group) -> Iterator[Row]:
    """Yield the measured criteria below a group that score points."""
    for child in group.children:
        if isinstance(child, Group) and not child.parts:
            yield from _indicators(child)
        elif child.max:
            yield child


@frozen(slots=False)
class _Study:
    """One look at a result: everything is of `units`, in that order, by the places of rows in the matrix."""

    result: Result
    total: Group
    chosen: Group
    units: Units
    executor: Executor | None = None

    def answer(self, pool: str) -> Statistics:
        """Return all statistics."""
        indicators = tuple(self.indicator(row) for row in self.rows)
        return Statistics(
            subject=subject_of(self.result),
            total=self.total.code,
            group=self.chosen.code,
            group_name=self.chosen.name,
            pool=pool,
            units=len(self.units),
            differs=numbers.varies(self.points(self.total)),
            indicators=tuple(evolve(one, flags=tuple(self.flags(one))) for one in indicators),
            groups=tuple(self.group(one) for one in _groups(self.chosen)),
            pairs=tuple(self.pairs()),
        )

    def place(self, code: str) -> int:
        """Return a row's place in the matrix."""
        return self.result.plan.place(code)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The indicators."""
        return tuple(_indicators(self.chosen))

    @cached_property
    def weights(self) -> Mapping[int, Fraction | None]:
        """The weights by the scheme."""
        return nominal_weights(self.result.plan, self.place(self.total.code))

    @cached_property
    def contributions(self) -> Array:
        """What each row contributes to the total, a row of the matrix by a unit."""
        return self._exact_rows[0]

    @cached_property
    def _exact_rows(self) -> tuple[Array, Array]:
        return exact_rows(self.result, self.place(self.total.code), self.units, self.executor)

    @cached_property
    def effective(self) -> Array | None:
        """The share of the total's variance of each row of the matrix; None where the total is the same everywhere."""
        total = self.points(self.total)
        if not numbers.varies(total):
            return None
        whole = numbers.variance(total)
        return np.array([numbers.covariance(row, total) / whole for row in self.contributions])

    @cached_property
    def exact(self) -> Array:
        """The points as floats nearest to the exact ones, a row of the matrix by a unit; a deduction's are minus."""
        found = self._exact_rows[1]
        signs = [-1.0 if node.row.role == "deduct" else 1.0 for node in self.result.plan.nodes]
        return np.asarray(np.array(signs)[:, None] * found) + 0.0  # no -0

    def points(self, row: Row) -> Array:
        """Return the points of all units at a row; those without points there count for nothing."""
        return np.asarray(self.exact[self.place(row.code)])

    @cached_property
    def present(self) -> Mask:
        """Which units have points, a row of the matrix by a unit."""
        matrix, units = self.result.settled.matrix, self.units
        return np.array([matrix.scored(node.place)[units] for node in self.result.plan.nodes])

    def has(self, row: Row) -> Mask:
        """Return which of the units have points at a row."""
        return np.asarray(self.present[self.place(row.code)])

    def marked(self, row: Row, mark: Mark) -> Mask:
        """Return the units for which a mark stands at a row."""
        holds = self.result.settled.matrix.holds(self.place(row.code), mark)
        return np.asarray(holds[self.units])

    def correlated(self, one: Row, other: Row) -> tuple[int, float | None, float | None]:
        """Return for how many units both have points, and both correlations."""
        both = self.has(one) & self.has(other)
        first, second = self.points(one)[both], self.points(other)[both]
        return int(both.sum()), numbers.pearson(first, second), numbers.spearman(first, second)

    def common(self, row: Row) -> dict[str, Any]:
        """Return what is told of every row: its weights, and its correlations upward."""
        place, weight = self.place(row.code), self.weights[self.place(row.code)]
        heading = self.result.scheme.above(row.code)[0] if row.code != self.total.code else self.total
        _, pearson, spearman = self.correlated(row, self.total)
        _, heading_pearson, heading_spearman = self.correlated(row, heading)
        return {
            "code": row.code,
            "name": row.name,
            "heading": "" if row is self.total else heading.code,
            "max": float(row.max),
            "nominal": None if weight is None else float(weight),
            "effective": None if self.effective is None else float(self.effective[place]),
            "squared": None if pearson is None else pearson**2,
            "heading_pearson": heading_pearson,
            "heading_spearman": heading_spearman,
            "total_pearson": pearson,
            "total_spearman": spearman,
        }

    def indicator(self, row: Row) -> IndicatorStatistics:
        """Return the statistics of an indicator; its flags are still to come."""
        has = self.has(row)
        values = np.abs(self.points(row)[has]) if row.role == "deduct" else self.points(row)[has]
        zero = Mark.MISSING_ZERO | Mark.NOT_APPLICABLE_ZERO
        as_zero = np.logical_or.reduce([self.marked(one, zero) for one in walk(row)]) & has
        return IndicatorStatistics(
            role=row.role,
            units=int(has.sum()),
            left_out=int(self.marked(row, Mark.LEFT_OUT).sum()),
            not_computed=int(self.marked(row, Mark.COVERED).sum()),
            as_zero=int(as_zero.sum()),
            at_zero=float(numbers.equal(values, 0.0).mean()) if len(values) else None,
            at_maximum=float(numbers.equal(values, float(row.max)).mean()) if len(values) else None,
            same_as=tuple(one.code for one in self.rows if frozenset((row.code, one.code)) in self.doubled),
            flags=(),
            **asdict(numbers.moments(values)),
            **self.common(row),
        )

    @cached_property
    def doubled(self) -> frozenset[frozenset[str]]:
        """The pairs of indicators that say the same twice."""
        found = []
        for one, other in itertools.combinations(self.rows, 2):
            both = self.has(one) & self.has(other)
            alike = numbers.pearson(self.points(one)[both], self.points(other)[both])
            if alike is not None and alike > DOUBLE:
                found.append(frozenset((one.code, other.code)))
        return frozenset(found)

    def flags(self, one: IndicatorStatistics) -> Iterator[Flag]:
        """Yield what is wrong with an indicator; of one that says nothing, only that."""
        if not one.units or one.low is None or one.high is None:
            yield "absent"
            return
        if one.deviation is None or one.deviation == 0:
            yield "constant"
            return
        if one.at_maximum is not None and one.at_maximum >= ALMOST_ALL:
            yield "at-maximum"
        if one.at_zero is not None and one.at_zero >= ALMOST_ALL:
            yield "at-zero"
        if one.effective is not None and one.nominal and abs(one.effective) < LITTLE * one.nominal:
            yield "no-effect"
        below_group = one.heading != self.total.code
        if below_group and one.heading_pearson is not None and one.heading_pearson < -_ZERO:
            yield "against-heading"
        if one.total_pearson is not None and one.total_pearson < -_ZERO:
            yield "against-total"
        if one.same_as:
            yield "double"
        if abs(one.skewness or 0) > SKEWNESS and (one.kurtosis or 0) > KURTOSIS:
            yield "skewed"

    def pairs(self) -> Iterator[Correlation]:
        """Yield the correlations of the rows right below each group."""
        for group in _groups(self.chosen):
            for one, other in itertools.combinations(_scoring(group), 2):
                units, pearson, spearman = self.correlated(one, other)
                yield Correlation(
                    heading=group.code,
                    first=one.code,
                    second=other.code,
                    units=units,
                    pearson=pearson,
                    spearman=spearman,
                )

    def group(self, group: Group) -> GroupStatistics:
        """Return the statistics of a group."""
        rows = _scoring(group)
        complete = np.logical_and.reduce([self.has(row) for row in rows], initial=True)
        complete = np.broadcast_to(complete, (len(self.units),))
        values = {row.code: self.points(row)[complete] for row in rows}
        used = tuple(code for code, column in values.items() if numbers.varies(column))
        columns = [values[code] for code in used]
        enough = len(used) > 1 and int(complete.sum()) >= numbers.LEAST
        given = None
        if self.effective is not None:
            below = [self.place(row.code) for row in group.children]
            given = float(self.effective[self.place(group.code)]) - float(np.sum(self.effective[below]))
        return GroupStatistics(
            given=None if given is None else (0.0 if abs(given) < _ZERO else given),
            units=int(complete.sum()),
            rows=used,
            flat=tuple(code for code in values if code not in used),
            alpha=_alpha(used, columns) if enough else None,
            components=_components(used, columns) if enough else None,
            **self.common(group),
        )


def _scoring(group: Group) -> list[Row]:
    return [row for row in group.children if row.max]


def _alpha(codes: Sequence[str], columns: Sequence[Array]) -> Alpha:
    without = []
    for at, code in enumerate(codes if len(codes) > 2 else ()):
        rest = [*columns[:at], *columns[at + 1 :]]
        raw, standardised = numbers.raw_alpha(rest), numbers.standard_alpha(rest)
        without.append(AlphaWithout(code=code, raw=raw, standardised=standardised))
    raw, standardised = numbers.raw_alpha(columns), numbers.standard_alpha(columns)
    return Alpha(raw=raw, standardised=standardised, without=tuple(without))


def _components(codes: Sequence[str], columns: Sequence[Array]) -> Components:
    axes = numbers.components(columns)
    whole = len(codes)
    return Components(
        eigenvalues=axes.eigenvalues,
        explained=tuple(one / whole for one in axes.eigenvalues),
        above_one=sum(one > 1 + _ZERO for one in axes.eigenvalues),
        rows=tuple(
            Loading(code=code, loadings=tuple(map(float, line)))
            for code, line in zip(codes, axes.loadings, strict=True)
        ),
    )
