"""The same scores a second time: exact, slow, and written from the rules alone.

Everything is `fractions.Fraction`; a root or a logarithm is taken with 60 digits and brought back to the rational
it stands for where it is one. Nothing here knows the engine: `test_laws` holds the two against each other.

A row of the table is a mapping from column names to cells: a Fraction, None (missing) or NA (not applicable);
`unit` and the pool column hold texts, `CODE.evidence` a bool, `CODE.score` a given score on the scale that the row
publishes, `CODE.excluded` the points left out as not applicable.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve, field, frozen
from oracle_rules import (
    COMBINATIONS,
    FITTED,
    HALF,
    NA,
    ONE,
    SCALES,
    ZERO,
    Cells,
    Part,
    exact,
    from_published,
    measured,
    rescaled,
    settled,
    unscaled,
)

from ictindex.model import Group, Indicator, Level, Levels, Row, Scheme

__all__ = ["NA", "Refused", "Scored", "score"]


class Refused(Exception):
    """A rule of the scheme refuses the table: a missing cell, nothing to divide by, evidence not shown."""


@frozen
class Scored:
    """One unit: exact points by row code (None: left out, or beneath a given score), and what is published.

    `published` has every row, `level` every row with levels, `rank` every total; a rank may be a half under
    `average`.
    """

    unit: str
    points: dict[str, Fraction | None]
    published: dict[str, str | None] = field(factory=dict)
    rank: dict[str, Fraction | None] = field(factory=dict)
    level: dict[str, str | None] = field(factory=dict)


def score(scheme: Scheme, rows: Sequence[Cells]) -> list[Scored]:
    """Return the scores of every unit, in the order of the table. Raises Refused."""
    table = _merged_inputs(scheme, rows) if scheme.merged == "sum-of-inputs" else list(rows)
    points = _Scoring(scheme, table).points()
    units = list(dict.fromkeys(str(row["unit"]) for row in table))
    if len(units) < len(table) and scheme.merged != "mean-of-rows":
        raise Refused("a unit stands in the table twice")
    apart = [[one for row, one in zip(table, points, strict=True) if row["unit"] == unit] for unit in units]
    scored = [Scored(unit, _mean_of_rows(parts)) for unit, parts in zip(units, apart, strict=True)]
    for row in scheme.rows():
        for one in scored:
            one.published[row.code] = _published_text(row, one.points[row.code])
            if row.levels is not None:
                one.level[row.code] = _level(row, row.levels, one)
    pools = {str(row["unit"]): _pool(scheme, row) for row in table}
    for total in scheme.totals:
        _rank(scheme, total, scored, pools)
    return scored


# --- the tree ------------------------------------------------------------------------------------------------------


class _Scoring:
    """Goes down the tree once, a whole column at a time, because some scales look at the other units."""

    def __init__(self, scheme: Scheme, table: Sequence[Cells]) -> None:
        self.scheme, self.table = scheme, table
        self.columns: dict[str, list[Part | None]] = {}

    def points(self) -> list[dict[str, Fraction | None]]:
        self.visit(self.scheme.root, "refuse", "refuse", [False] * len(self.table), apart=True)
        return [
            {code: None if (part := column[at]) is None else part.points for code, column in self.columns.items()}
            for at in range(len(self.table))
        ]

    def visit(self, row: Row, missing: str, absent: str, hidden: list[bool], *, apart: bool) -> list[Part | None]:
        """Return the row's column; `missing` and `absent` are the policies in force above it.

        `apart`: points left out are converted back here at the latest, because the row above does not add up
        (or this one compares its composite with other units).
        """
        missing, absent = row.missing or missing, row.not_applicable or absent
        apart = apart or (isinstance(row, Group) and row.scale is not None)
        given = [None if hide else self.given(row, cells) for cells, hide in zip(self.table, hidden, strict=True)]
        skip = [hide or one is not None for hide, one in zip(hidden, given, strict=True)]
        if isinstance(row, Group):
            adds = row.combine.name in ("sum", "capped")
            below = [(child, self.visit(child, missing, absent, skip, apart=not adds)) for child in row.children]
            computed = self.group(row, below, skip)
        else:
            assert isinstance(row, Indicator)
            computed = self.indicator(row, missing, absent, skip)
        column = [self.settled(row, one or other, apart) for one, other in zip(given, computed, strict=True)]
        self.columns[row.code] = column
        return column

    def given(self, row: Row, cells: Cells) -> Part | None:
        """Return the score that the table gives for this row in place of a computation."""
        own = None if row.code in {one.code for one in self.scheme.inputs} else cells.get(row.code)
        cell = cells.get(f"{row.code}.score", own)
        return None if cell is None else Part(from_published(row, cell), cells.get(f"{row.code}.excluded") or ZERO)

    def settled(self, row: Row, part: Part | None, apart: bool) -> Part | None:
        """Convert pending points back where the row says so; a row with nothing left is left out."""
        if part is None or not part.excluded:
            return part
        if part.excluded >= row.max:
            return None
        states = isinstance(row, Group) and "rescale" in (row.missing, row.not_applicable)
        return rescaled(row, part) if states or apart else part

    # --- leaves

    def indicator(self, row: Indicator, missing: str, absent: str, skip: list[bool]) -> list[Part | None]:
        numbers: list[Fraction | None] = [None] * len(self.table)  # only where the measure gives one
        column: list[Part | None] = [None] * len(self.table)
        for at, cells in enumerate(self.table):
            if skip[at]:
                continue
            found = measured(row, cells, missing, absent)
            if isinstance(found, Fraction):
                numbers[at] = found
            elif row.max == 0:
                column[at] = Part(ZERO)
            elif found == "refuse":
                raise Refused(f"{row.code} of {cells['unit']}")
            elif found != "rescale":
                column[at] = Part(row.max if found == "full" else ZERO, _left(row, cells))
        for at, points in enumerate(self.scaled(row, numbers)):
            if points is not None:
                column[at] = Part(points, _left(row, self.table[at]))
        return [self.evidenced(row, cells, part) for cells, part in zip(self.table, column, strict=True)]

    def scaled(self, row: Indicator, numbers: list[Fraction | None]) -> list[Fraction | None]:
        if row.max == 0:
            return [None if number is None else ZERO for number in numbers]
        if row.scale is None:
            return [None if number is None else unscaled(row, number) for number in numbers]
        if row.scale.name in FITTED:
            return [None if share is None else share * row.max for share in self.fitted(row, numbers)]
        scale = SCALES[row.scale.name]
        return [None if number is None else scale(row, number) for number in numbers]

    def evidenced(self, row: Indicator, cells: Cells, part: Part | None) -> Part | None:
        if part is None or row.evidence is None or row.max == 0 or cells.get(f"{row.code}.evidence"):
            return part
        if any(cells.get(code) is None or cells.get(code) is NA for code in row.inputs):
            return part  # a figure that is not there needs no evidence
        if row.evidence.without == "refuse":
            raise Refused(f"no evidence for {row.code} of {cells['unit']}")
        return Part(ZERO, part.excluded) if row.evidence.without == "zero" else part

    def fitted(self, row: Row, numbers: list[Fraction | None]) -> list[Fraction | None]:
        """Return shares of the maximum under a scale that looks at the pool, or at all units."""
        assert row.scale is not None
        everyone = row.scale.get("over") == "all"
        pools = ["" if everyone else _pool(self.scheme, cells) for cells in self.table]
        numbers = [None if number is None else settled(number) for number in numbers]
        result: list[Fraction | None] = []
        for at, number in enumerate(numbers):
            fit = [one for one, pool in zip(numbers, pools, strict=True) if one is not None and pool == pools[at]]
            result.append(None if number is None else FITTED[row.scale.name](number, fit))
        return result

    # --- headings

    def group(self, row: Group, below: list[tuple[Row, list[Part | None]]], skip: list[bool]) -> list[Part | None]:
        combine = COMBINATIONS[row.combine.name]
        column = [
            None if skip[at] else combine(row, [(child, parts[at]) for child, parts in below])
            for at in range(len(self.table))
        ]
        if row.scale is None or row.max == 0:
            return column
        whole = [None if part is None or part.excluded >= row.max else rescaled(row, part) for part in column]
        shares = self.fitted(row, [None if part is None else part.points / row.max for part in whole])
        return [None if share is None else Part(share * row.max) for share in shares]


def _left(row: Indicator, cells: Cells) -> Fraction:
    """Return the points of an assessed row that the table leaves out, whether or not it has a figure for the row."""
    excluded = cells.get(f"{row.code}.excluded") if row.measure.name == "assessed" else None
    return Fraction(excluded or ZERO)


# --- what is published ---------------------------------------------------------------------------------------------


def _on_scale(row: Row, points: Fraction | None) -> Fraction | None:
    if points is None or row.max == 0:
        return None
    return exact(points * {"points": ONE, "index": 1 / row.max, "percent": 100 / row.max}[row.publish.scale])


def _published(row: Row, points: Fraction | None) -> Fraction | None:
    number = _on_scale(row, points)
    if number is None:
        return None
    unit = 10**row.publish.decimals
    return Fraction(math.floor(number * unit + (HALF if row.publish.rounding == "half-up" else 0)), unit)


def _published_text(row: Row, points: Fraction | None) -> str | None:
    number = _published(row, points)
    if number is None:
        return None
    digits = row.publish.decimals
    whole, rest = divmod(abs(int(number * 10**digits)), 10**digits)
    return ("-" if number < 0 else "") + (f"{whole}.{rest:0{digits}d}" if digits else f"{whole}")


def _number(row: Row, points: Fraction | None) -> Fraction | None:
    """Return the number that ranks and levels look at, on the scale that the row publishes."""
    return _published(row, points) if row.rank.on == "published" else _on_scale(row, points)


def _level(row: Row, levels: Levels, one: Scored) -> str | None:
    number = _number(row, one.points[row.code])
    if number is None:
        return None
    if levels.between == "round":
        number = Fraction(math.floor(number + HALF))
    for at, level in enumerate(levels.levels):
        reached = number >= _bound(row, level, level.lower)
        if levels.between == "upper" and at + 1 < len(levels.levels):
            under = levels.levels[at + 1]
            reached |= under.upper is not None and number > _bound(row, under, under.upper)
        if reached and all(_at_least(one.points[code], points) for code, points in level.only_if):
            return level.name
    return None


def _at_least(points: Fraction | None, needed: Fraction) -> bool:
    return points is not None and points >= needed


def _bound(row: Row, level: Level, bound: Fraction) -> Fraction:
    whole = {"points": row.max, "index": ONE, "percent": Fraction(100)}[row.publish.scale]
    return bound * whole if level.of_max else bound


def _rank(scheme: Scheme, total: Row, scored: Sequence[Scored], pools: Mapping[str, str]) -> None:
    """Write the ranks of one total, within each pool, into the units."""
    unranked = {pool.code for pool in scheme.pools.pools if not pool.ranked} if scheme.pools else set()
    then = [scheme.row(code) for code in total.rank.then]
    keys: dict[str, tuple[Fraction, ...]] = {}
    for one in scored:
        one.rank[total.code] = None
        chain = [_key(evolve(row, rank=total.rank), one.points[row.code]) for row in (total, *then)]
        if chain[0] != _LAST and pools[one.unit] not in unranked:
            keys[one.unit] = tuple(chain)
    for one in scored:
        if one.unit not in keys:
            continue
        rivals = {unit: key for unit, key in keys.items() if pools[unit] == pools[one.unit]}
        own_key = keys[one.unit]
        ahead = [key for key in rivals.values() if key > own_key]
        same = sorted(unit for unit, key in rivals.items() if key == own_key)
        one.rank[total.code] = {
            "competition": Fraction(len(ahead) + 1),
            "dense": Fraction(len(set(ahead)) + 1),
            "ordinal": Fraction(len(ahead) + 1 + same.index(one.unit)),
            "average": len(ahead) + Fraction(len(same) + 1, 2),
        }[total.rank.ties]


_LAST = Fraction(-(10**9))


def _key(row: Row, points: Fraction | None) -> Fraction:
    """Return what ranks compare; a row that is left out comes last."""
    number = _number(row, points)
    return _LAST if number is None else settled(number)


# --- units and numbers ---------------------------------------------------------------------------------------------


def _pool(scheme: Scheme, cells: Cells) -> str:
    return str(cells[scheme.pools.by]) if scheme.pools else ""


def _mean_of_rows(parts: Sequence[dict[str, Fraction | None]]) -> dict[str, Fraction | None]:
    result: dict[str, Fraction | None] = {}
    for code in parts[0]:
        found = [points for part in parts if (points := part[code]) is not None]
        result[code] = sum(found, ZERO) / len(found) if len(found) == len(parts) else None
    return result


def _merged_inputs(scheme: Scheme, rows: Sequence[Cells]) -> list[Cells]:
    """Add up counts and amounts of rows with one unit; whatever else they hold must be equal."""
    added = {one.code for one in scheme.inputs if one.kind in ("count", "amount")}
    merged: dict[str, dict[str, Any]] = {}
    for row in rows:
        whole = merged.setdefault(str(row["unit"]), {})
        for column, cell in row.items():
            if column not in whole:
                whole[column] = cell
            elif column in added:
                whole[column] = None if cell is None or whole[column] is None else whole[column] + cell
            elif whole[column] != cell:
                raise Refused(f"the rows of {row['unit']} differ in {column}")
    return list(merged.values())
