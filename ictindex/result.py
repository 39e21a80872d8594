"""A result: everything that was computed about a table under a scheme, and the readings of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen

from ictindex.decimals import Decimals
from ictindex.errors import Problem, UnknownName, did_you_mean
from ictindex.exact import Settled
from ictindex.layout import Keep
from ictindex.matrix import Flag
from ictindex.messages import say
from ictindex.model import Level, Levels, Row, Scheme
from ictindex.notices import scheme_notices
from ictindex.plan import Plan, points_per_unit
from ictindex.publication import POINTS, Keys, level_bound, text
from ictindex.ranking import Ranks, rank_within
from ictindex.result_columns import ResultColumn, result_columns
from ictindex.strategies.base import Array, Fit, Mask
from ictindex.strategies.classifications import first_reached, key_bound
from ictindex.table import Table

if TYPE_CHECKING:
    from ictindex.explaining.answer import Explanation
    from ictindex.explanation import Gate, Verdict
    from ictindex.sides import Difference
    from ictindex.standings import Standings

Positions = npt.NDArray[np.intp]

LAST = -(2**62)
"""Below every key: a unit without a score at a tie-breaking row comes after those that have one."""


@frozen(eq=False, slots=False)
class Result:
    """The scores of a table's units: one column of the matrix per unit, in the order of `units`.

    Rows are asked for by code; without a code the (first) total is meant. `declared` is the same scoring of the
    self-declared figures, where the table has them, and `given` the table before rows were merged. Nothing here changes
    once it is made.
    """

    plan: Plan
    table: Table  # one row per unit; merged rows are one
    settled: Settled = field(repr=False)
    options: Mapping[str, Any] = field(factory=dict)
    declared: Result | None = None
    given: Table | None = field(default=None, repr=False)

    @property
    def scheme(self) -> Scheme:
        """The scheme that was scored under."""
        return self.plan.scheme

    @property
    def units(self) -> tuple[str, ...]:
        """The units' codes, as the table has them."""
        return self.table.units

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The units' names; a unit without one is named by its code."""
        return tuple(name or unit for unit, name in zip(self.table.units, self.table.names, strict=True))

    @property
    def totals(self) -> tuple[Row, ...]:
        """The rows that are published as totals."""
        return self.scheme.totals

    @property
    def provisional(self) -> bool:
        """Whether any number of the scheme is assumed."""
        return self.scheme.provisional

    @property
    def fits(self) -> Mapping[int, Fit]:
        """What the pools taught, by row of the matrix."""
        return self.settled.matrix.fits

    def points(self, code: str = "") -> Array:
        """Return every unit's points at a row; NaN where the unit has no score there."""
        place = self.plan.asked(code)
        return np.where(self.scored(code), self.settled.row(place), np.nan)

    def scores(self, code: str = "") -> Array:
        """Return every unit's unrounded score on the scale that the row publishes; NaN where there is none."""
        row = self.plan.nodes[self.plan.asked(code)].row
        per_unit = float(points_per_unit(row))
        return self.points(code) / per_unit if per_unit else np.full(len(self.units), np.nan)

    def scored(self, code: str = "") -> Mask:
        """Return which units have a score at a row: not those left out, nor those below a given score."""
        return self.settled.matrix.scored(self.plan.asked(code))

    def keys(self, code: str = "") -> Keys:
        """Return every unit's published score as a whole number of last digits."""
        return self.settled.keys(self.plan.asked(code))

    def order(self, code: str = "") -> Keys:
        """Return whole numbers that order the units by their exact points at a row: equal where these are equal."""
        return self.settled.order(self.plan.asked(code))

    def published(self, code: str = "") -> list[str | None]:
        """Return every unit's published score as it is printed, such as `0.4655`; None where there is none."""
        return self.score_cells(code).texts

    def score_cells(self, code: str = "") -> Decimals:
        """Return every unit's published score as a column, whose texts are made when they are asked for."""
        row = self.plan.nodes[self.plan.asked(code)].row
        has = self.scored(code) if row.max else np.zeros(len(self.units), np.bool_)
        return Decimals(self.keys(code), has, row.publish.decimals)

    def point_texts(self, code: str = "") -> list[str | None]:
        """Return every unit's points at a row as exact decimals, half up to 8 of them; None where there are none."""
        return self.point_cells(code).texts

    def point_cells(self, code: str = "") -> Decimals:
        """Return every unit's points at a row as a column, whose texts are made when they are asked for."""
        return Decimals(self.settled.point_keys(self.plan.asked(code)), self.scored(code), POINTS.decimals, bare=True)

    def states(self, code: str = "") -> list[str]:
        """Return how every unit's points at a row came about, as a stable word such as `computed` or `cut`."""
        return self.settled.matrix.states(self.plan.asked(code))

    def remarks(self, code: str = "") -> list[tuple[int, str]]:
        """Return the units whose points at a row were not simply computed, by position, and how they came about."""
        return self.settled.matrix.remarks(self.plan.asked(code))

    @cached_property
    def columns(self) -> tuple[ResultColumn, ...]:
        """Everything that is told of the units, column by column; every format writes these."""
        return result_columns(self, self.options.get("keep", "all"))

    def keeping(self, keep: Keep) -> Result:
        """Return the same result, of which a file tells less: the points of `totals`, of all headings, or of `all`.

        That is an option in its receipt, since the columns that are told are what is hashed.
        """
        options = {name: one for name, one in self.options.items() if name != "keep"}
        return evolve(self, options=options if keep == "all" else {**options, "keep": keep})

    def ranks(self, code: str = "") -> Ranks:
        """Return every unit's rank in its pool; 0 for a unit that is not ranked."""
        place = self.plan.asked(code)
        if place not in self._ranks:
            ties, ranked = self.plan.nodes[place].row.rank.ties, self.scored(code) & self.in_ranked_pool
            self._ranks[place] = rank_within(self.rank_keys(code), ties, self.units, self._pools, ranked)
        return self._ranks[place]

    def rank_keys(self, code: str = "") -> list[Keys]:
        """Return what ranks at a row are made on: whole numbers of every unit, then those that break ties."""
        place = self.plan.asked(code)
        published = self.plan.nodes[place].row.rank.on == "published"
        order = self.settled.keys if published else self.settled.order
        return [np.where(self.settled.matrix.scored(one), order(one), LAST) for one in self.plan.rank_chain(place)]

    def levels(self, code: str = "") -> list[str | None]:
        """Return every unit's level at a row; None where the row has no levels or the unit no score."""
        row = self.plan.nodes[self.plan.asked(code)].row
        if row.levels is None:
            return [None] * len(self.units)
        names = np.array([*(level.name for level in row.levels.levels), None], object)
        positions = np.where(self.scored(code), self._levels(row, row.levels), -1)  # -1 is the None at the end
        levels: list[str | None] = names[positions].tolist()
        return levels

    def reaches_level(self, code: str, position: int) -> Mask:
        """Return which units have the score for the level at a position (0: the best), whatever its gates say."""
        place = self.plan.asked(code)
        row = self.plan.nodes[place].row
        score, strict = level_bound(row, position)
        if row.rank.on == "published":
            return np.asarray(self.settled.keys(place) >= key_bound(score, strict, row.publish.decimals))
        return self.settled.reaches(place, score * points_per_unit(row), strict=strict)

    def passes(self, code: str, points: Fraction) -> Mask:
        """Return which units have at least so many points at a row, as a level's gate asks."""
        return self.settled.reaches(self.plan.asked(code), points)

    def refused_levels(self, code: str, unit: str) -> Iterator[Gate]:
        """Yield the gates that refuse the unit a level whose score it reaches, the best level first."""
        position, row = self.position(unit), self.plan.nodes[self.plan.asked(code)].row
        for at, level in enumerate(() if row.levels is None else row.levels.levels):
            if not level.only_if or not self.reaches_level(row.code, at)[position]:
                continue
            yield from self._failed(level, position)

    def flags(self, code: str, unit: str) -> tuple[str, ...]:
        """Return what happened to a unit's score at a row, as stable words."""
        flag = self.settled.matrix.flag(self.plan.asked(code), self.position(unit))
        return tuple(one.label for one in Flag if one in flag)

    def position(self, unit: str) -> int:
        """Return a unit's position, by its code or its name. Raises UnknownName with a suggestion."""
        if unit in self._positions:
            return self._positions[unit]
        advice = say("write its code or name as in the column `unit` or `name`")
        message = say("the table has no unit '{unit}'", unit=unit)
        raise UnknownName(Problem("U104", message, hint=did_you_mean(unit, self._positions) or advice))

    def ranking(self, code: str = "") -> Standings:
        """Return the units from first to last with their published score, rank and level."""
        from ictindex.standings import Standing, Standings

        row = self.plan.nodes[self.plan.asked(code)].row
        names = self.names
        published, ranks, levels = self.published(code), self.ranks(code), self.levels(code)
        declared = [None] * len(self.units) if self.declared is None else self.declared.published(code)
        rows = [
            Standing(
                unit=self.units[unit],
                name=names[unit],
                pool=self.table.pool_of(unit),
                rank=_rank(ranks[unit]),
                published=published[unit],
                level=levels[unit],
                declared=declared[unit],
            )
            for unit in range(len(self.units))
        ]
        return Standings.sorted(rows, row, self.scheme)

    def explain(self, unit: str, code: str = "") -> Explanation:
        """Return why a unit has its score, as a tree of rows that adds up to the last digit."""
        from ictindex.answer import Subject
        from ictindex.explaining.answer import Explanation
        from ictindex.explaining.making import explained

        position, place = self.position(unit), self.plan.asked(code) if code else 0
        root = explained(
            self.plan, self.table, self.settled, position, place, lambda row: self._verdict(row, unit, position)
        )
        named = {one.source for row in root.walk() for one in row.cited}
        return Explanation(
            subject=Subject(scheme=self.scheme, notes=self.table.notes, receipt=self.receipt()),
            unit=self.units[position],
            name=self.names[position],
            pool=self.table.pool_of(position),
            root=root,
            sources=tuple(one for one in self.scheme.sources if one.code in named),
        )

    def _verdict(self, code: str, unit: str, position: int) -> Verdict:
        """Return what was published of a row for one unit, and what keeps it from a better level."""
        from ictindex.explaining.reached import level_reached
        from ictindex.explanation import Verdict

        row, place = self.scheme.row(code), self.plan.asked(code)
        rank = _rank(self.ranks(code)[position]) if row in self.totals else None
        if not row.max or not self.scored(code)[position]:
            return Verdict(None, rank, None)
        key = int(self.keys(code)[position])
        if row.levels is None:
            return Verdict(text(key, row.publish), rank, None)
        level, points = self.levels(code)[position], self.settled.column(position)[place]
        reached = level_reached(row, level, points, key)
        names = [one.name for one in row.levels.levels]
        better = row.levels.levels[: len(names) if level is None else names.index(level)]
        refused = [gate for gate in self.refused_levels(code, unit) if gate.level in {one.name for one in better}]
        gates = self._failed(better[-1], position) if better else ()
        return Verdict(text(key, row.publish), rank, level, tuple(refused), reached, tuple(gates))

    def _failed(self, level: Level, position: int) -> Iterator[Gate]:
        """Yield the gates of a level that a unit does not pass."""
        from ictindex.explanation import Gate, number_text

        for other, needs in level.only_if:
            if not self.passes(other, needs)[position]:
                points = number_text(self.settled.column(position)[self.plan.place(other)])
                yield Gate(level.name, other, self.scheme.row(other).name, points, number_text(needs))

    def differences(self, code: str = "", *, against: Result | None = None) -> tuple[Difference, ...]:
        """Return how each unit's score at a row differs from what it declared, in the order of the units.

        With `against`, from another result of the same units in the same order, in the place of what they declared.
        Nothing where the table has no declared figures. Raises WrongUse where the other result has other units.
        """
        from ictindex.sides import differences

        row, other = self.plan.nodes[self.plan.asked(code)].row, against or self.declared
        return () if other is None else differences(other, self, row)

    def receipt(self) -> dict[str, Any]:
        """Return what identifies this result: scheme, data and the result by SHA-256, options and versions."""
        return dict(self._receipt)

    def receipt_line(self) -> str:
        """Return the receipt as one line that fits in an annex."""
        from ictindex.receipt import receipt_line

        return receipt_line(self._receipt)

    @cached_property
    def _receipt(self) -> dict[str, Any]:
        from ictindex.receipt import receipt

        return receipt(self.scheme, self.given or self.table, self.options, self.columns)

    def to_columns(self) -> dict[str, Array | list[Any]]:
        """Return the columns (`columns`) as every library of frames takes them: a line for each unit, by heading.

        Scores, ranks and points are arrays of float64, NaN where there is none; a published score is the float nearest
        to what is printed. All else is a list of texts, None where there is none. `notice` stands last, in every line,
        where the scheme is provisional, under an overlay, or the table has notes.
        """
        columns = {one.name: one.numbers if one.is_number else [*one.cells] for one in self.columns}
        told = "; ".join([*scheme_notices(self.scheme), *self.table.notes])
        return columns | {"notice": [told] * len(self.units)} if told else columns

    def _levels(self, row: Row, levels: Levels) -> Positions:
        """Return the position of each unit's level, -1 where it reaches none."""
        reached = []
        for position, level in enumerate(levels.levels):
            mask = self.reaches_level(row.code, position)
            for code, points in level.only_if:
                mask = mask & self.passes(code, points)
            reached.append(mask)
        return first_reached(reached)

    @cached_property
    def _ranks(self) -> dict[int, Ranks]:
        return {}

    @cached_property
    def _positions(self) -> dict[str, int]:
        names = {name: unit for unit, name in reversed(list(enumerate(self.table.names))) if name}
        return names | {code: unit for unit, code in enumerate(self.units)}

    @cached_property
    def _pools(self) -> Positions | None:
        if self.table.pool is None:
            return None
        return np.unique(np.array(self.table.pool, object), return_inverse=True)[1].astype(np.intp)

    @cached_property
    def in_ranked_pool(self) -> Mask:
        """The units whose pool is ranked."""
        pools = self.scheme.pools
        if pools is None or self.table.pool is None:
            return np.ones(len(self.units), np.bool_)
        ranked = {pool: pools.ranks(pool) for pool in set(self.table.pool)}  # few pools, perhaps a million units
        return np.array([ranked[pool] for pool in self.table.pool], np.bool_)


def _rank(rank: Any) -> int | float | None:
    if not rank:
        return None
    return int(rank) if float(rank).is_integer() else float(rank)
