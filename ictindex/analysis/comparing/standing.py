"""Every unit under one scheme, with the figures of either year, declared or final, among the others of either year.

The figures of both years stand in one table, each as a unit of its own, so that one run compares all of them exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from attrs import evolve, frozen

from ictindex.editing import taken
from ictindex.engine import run
from ictindex.errors import TableInvalid
from ictindex.filling import fill
from ictindex.leafrun import without_evidence
from ictindex.model import Scheme
from ictindex.origins import Origin
from ictindex.plan import Plan
from ictindex.ranking import joined, rank_of
from ictindex.result import Result
from ictindex.strategies.base import Array, Mask
from ictindex.table import CellState, Column, Table

BEFORE, AFTER = 0, 1
Figures = tuple[int, bool]
"""Whose figures: of the year before or after, and whether as they were declared."""


@frozen(eq=False)
class Standing:
    """One unit's place in a result: the result, its position there, and its rank (None: not ranked)."""

    result: Result
    position: int
    rank: Fraction | None


class Field:
    """The units under one scheme. `tables` are their figures in its columns, `native` the year that the scheme is of.

    `refused` says of units which figure the scheme does not take from the year that is not its own, in words; those
    units then stand with their figures of its own year, where they have any.
    """

    def __init__(self, plan: Plan, code: str, tables: Mapping[Figures, Table], native: int | None) -> None:
        self.plan, self.code = plan, code
        distinct = list({id(table): table for table in tables.values()}.values())
        first = np.cumsum([0, *(len(table) for table in distinct)])
        starts = {id(table): int(start) for table, start in zip(distinct, first[:-1], strict=True)}
        self.rows: dict[Figures, dict[str, int]] = {
            whose: {unit: starts[id(table)] + at for at, unit in enumerate(table.units)}
            for whose, table in tables.items()
        }
        self.refused: dict[str, str] = {}
        self.table = stacked(plan, distinct)
        self._settle(native)

    def _settle(self, native: int | None) -> None:
        """Find out what the scheme refuses, and put figures of its own year in its place. Raises TableInvalid."""
        try:
            fill(self.plan, self.table)
        except TableInvalid as error:
            whose = {row: (year, unit) for (year, _), rows in self.rows.items() for unit, row in rows.items()}
            gone = np.zeros(len(self.table), np.bool_)
            for problem in error.problems:
                year, unit = whose.get(problem.where.line - 1, (native, ""))
                if native is None or year == native or problem.count > 1:
                    raise
                gone[problem.where.line - 1] = True
                self.refused.setdefault(unit, getattr(problem.message, "parts", {}).get("problem", problem.message))
            self._leave(gone, native)
            fill(self.plan, self.table)

    def _leave(self, gone: Mask, native: int | None) -> None:
        place = np.cumsum(~gone) - 1
        own = {declared: rows for (year, declared), rows in self.rows.items() if year == native}
        kept: dict[Figures, dict[str, int]] = {}
        for (year, declared), rows in self.rows.items():
            instead = {unit: own[declared].get(unit, -1) if gone[row] else row for unit, row in rows.items()}
            kept[year, declared] = {unit: int(place[row]) for unit, row in instead.items() if row >= 0}
        self.rows = kept
        self.table = _lined(taken(self.table, np.flatnonzero(~gone)))

    def has(self, unit: str) -> bool:
        """Whether a unit stands here with every figure, and the scheme takes all of them."""
        return unit not in self.refused and all(unit in rows for rows in self.rows.values())

    def standing(self, unit: str, own: Figures, others: int) -> Standing:
        """Return how a unit stands with these figures among the final figures of the others of that year."""
        row = self.rows[own][unit]
        if not self.plan.relative:
            return Standing(self.result, row, self._rank(unit, row, others))
        among = self.rows[others, False]
        result = self._among[others] if among[unit] == row else self._run({**among, unit: row})
        position = list(among).index(unit)
        return Standing(result, position, _ranked(result.ranks(self.code)[position]))

    @cached_property
    def result(self) -> Result:
        """All figures scored together, for a scheme under which nobody's points depend on others."""
        return run(self.plan, self.table)

    @cached_property
    def _among(self) -> dict[int, Result]:
        """Each year's final figures scored."""
        return {year: self._run(rows) for (year, declared), rows in self.rows.items() if not declared}

    def _run(self, rows: Mapping[str, int]) -> Result:
        return run(self.plan, taken(self.table, list(rows.values()), list(rows)))

    def settle(self, units: Iterable[str]) -> None:
        """Compute the exact points of these units together, as far as one result has them."""
        wanted = set(units)
        if not self.plan.relative:
            rows = {row for rows in self.rows.values() for unit, row in rows.items() if unit in wanted}
            self.result.settled.settle(np.array(sorted(rows), np.intp))
            return
        for year, result in self._among.items():
            places = [at for at, unit in enumerate(self.rows[year, False]) if unit in wanted]
            result.settled.settle(np.array(places, np.intp))

    def _rank(self, unit: str, row: int, others: int) -> Fraction | None:
        if not self._in_ranking[row]:
            return None
        pool, order = self._pools[row], self._order
        among = self._sorted(others, pool)
        there = self.rows[others, False].get(unit, -1)
        if there >= 0 and self._in_ranking[there] and self._pools[there] == pool:
            among = np.delete(among, np.searchsorted(among, order[there]))  # nobody is among the others of himself
        return rank_of(int(order[row]), among, self.plan.scheme.row(self.code).rank.ties)

    @cached_property
    def _order(self) -> Array:
        """One whole number for each row of figures that orders all of them; without ties where the code breaks them."""
        keys = self.result.rank_keys(self.code)
        if self.plan.scheme.row(self.code).rank.ties == "ordinal":
            names = {unit for rows in self.rows.values() for unit in rows}
            place = {unit: -at for at, unit in enumerate(sorted(names))}
            last = np.zeros(len(self.table), np.int64)
            for rows in self.rows.values():
                for unit, row in rows.items():
                    last[row] = place[unit]
            keys = [*keys, last]
        return joined(keys)

    @cached_property
    def _in_ranking(self) -> Mask:
        return np.asarray(self.result.ranks(self.code) != 0)

    @cached_property
    def _pools(self) -> Sequence[str]:
        return self.table.pool or ("",) * len(self.table)

    def _sorted(self, year: int, pool: str) -> Array:
        known = self._sorted_pools
        if (year, pool) not in known:
            rows = [
                row for row in self.rows[year, False].values() if self._in_ranking[row] and self._pools[row] == pool
            ]
            known[year, pool] = np.sort(self._order[rows])
        return known[year, pool]

    @cached_property
    def _sorted_pools(self) -> dict[tuple[int, str], Array]:
        return {}


def _ranked(rank: Any) -> Fraction | None:
    return Fraction(float(rank)) if rank else None


def stacked(plan: Plan, tables: Sequence[Table]) -> Table:
    """Return the rows of several tables of one scheme as one table, its units numbered."""
    sizes = [len(table) for table in tables]
    keys = dict.fromkeys(key for table in tables for key in table.columns)
    asked = dict.fromkeys(code for table in tables for code in table.evidence)
    shown = {code: np.concatenate([_shown(plan.scheme, table, code) for table in tables]) for code in asked}
    pools = [table.pool for table in tables]
    lenient = all(table.without_evidence == "flag" for table in tables)
    count = sum(sizes)
    return _lined(
        Table(
            units=tuple(str(row) for row in range(count)),
            names=tuple(name for table in tables for name in table.names),
            columns={key: _joined([table.columns.get(key) for table in tables], sizes) for key in keys},
            pool=None if None in pools else tuple(pool for one in pools if one is not None for pool in one),
            evidence=shown,
            without_evidence="flag" if lenient else "zero",
        )
    )


def _lined(table: Table) -> Table:
    """Return the table with its rows numbered, so that a problem says which one it is about."""
    return evolve(table, origin=Origin(lines=tuple(range(1, len(table) + 1))))


def _joined(columns: Sequence[Column | None], sizes: Sequence[int]) -> Column:
    values, states = [], []
    for column, size in zip(columns, sizes, strict=True):
        if column is None:
            values.append(np.full(size, np.nan))
            states.append(np.full(size, CellState.MISSING, np.uint8))
        else:
            values.append(column.values)
            states.append(np.zeros(size, np.uint8) if column.states is None else column.states)
    joined = np.concatenate(states)
    return Column(np.concatenate(values), joined if joined.any() else None)


def _shown(scheme: Scheme, table: Table, code: str) -> Mask:
    """Return who showed the evidence; all, where it is taken for nothing more than a remark."""
    if code not in table.evidence or without_evidence(scheme.row(code), table) == "flag":
        return np.ones(len(table), np.bool_)
    return np.asarray(table.evidence[code])
