"""Units made of several rows of the table, as after the mergers of 2025 (docs/rules.md, shape 34).

`mean-of-rows`: every part is scored and the scores are averaged. `sum-of-inputs`: the figures are added up first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from ictindex.errors import Problem, TableInvalid
from ictindex.matrix import Flags, Matrix
from ictindex.messages import say
from ictindex.model import InputKind, Scheme
from ictindex.strategies.base import Array, Mask
from ictindex.table import CellState, Column, Table

Positions = npt.NDArray[np.intp]


@frozen
class Merge:
    """Which unit each row of the table belongs to: `members[row]` is the unit's position, in order of first rows."""

    members: Positions
    size: int

    def rows(self, units: Positions) -> Positions:
        """Return the rows of these units."""
        return np.flatnonzero(np.isin(self.members, units))

    def any(self, mask: Mask) -> Mask:
        """Return the units any of whose rows the mask names."""
        return np.bincount(self.members, weights=mask, minlength=self.size) > 0

    @property
    def first(self) -> Positions:
        """The first row of each unit."""
        return np.unique(self.members, return_index=True)[1]


def merge_of(table: Table) -> Merge | None:
    """Return which rows make up which unit, None where every row is a unit of its own."""
    position: dict[str, int] = {}
    members = [position.setdefault(unit, len(position)) for unit in table.units]
    return None if len(position) == len(members) else Merge(np.array(members, np.intp), len(position))


def averaged(matrix: Matrix, merge: Merge) -> Matrix:
    """Return the matrix with the mean of each unit's rows; a flag of any part is a flag of the unit."""
    means = np.zeros((len(matrix.rows), merge.size))
    for unit in range(merge.size):
        parts = matrix.rows[:, merge.members == unit]
        means[:, unit] = [math.fsum(row) / len(row) for row in parts]
    flags: list[Flags | None] = []
    for one in matrix.flags:
        if one is None:
            flags.append(None)
            continue
        joined = np.zeros(merge.size, np.uint16)
        np.bitwise_or.at(joined, merge.members, one)
        flags.append(joined)
    errors = tuple(
        error * 2 + 2.0**-50 * float(np.max(np.abs(row), initial=0))
        for error, row in zip(matrix.errors, means, strict=True)
    )
    return evolve(matrix, rows=means, flags=tuple(flags), errors=errors)


def first_rows(table: Table, merge: Merge) -> Table:
    """Return the table with one row per unit, for its names, pools and lines; its figures are the first part's."""
    return _chosen(
        table,
        merge,
        {code: Column(_at(column.values, merge), _at(column.states, merge)) for code, column in table.columns.items()},
    )


Joining = Literal["add", "average", "agree"]
"""What becomes of the figures of several parts: their sum, their weighted mean, or what all of them have in common."""


def joining(scheme: Scheme) -> Mapping[str, Joining]:
    """Return how the parts of a unit make its figure, by the code of each input.

    Counts are added, and amounts that are declared additive, are counted into a ratio, or belong to a scheme whose
    merged units have the sum of the inputs. `additive: false` with a weight is averaged. Of anything else nobody knows
    what its sum would mean.
    """
    counted = {code for row in scheme.indicators if row.measure.name == "ratio" for code in row.inputs}
    found: dict[str, Joining] = {}
    for one in scheme.inputs:
        summed = one.kind is InputKind.COUNT or one.code in counted or scheme.merged == "sum-of-inputs"
        if one.kind not in (InputKind.COUNT, InputKind.AMOUNT):
            found[one.code] = "agree"
        elif one.additive is False:
            found[one.code] = "average" if one.weighted_by else "agree"
        else:
            found[one.code] = "add" if one.additive or summed else "agree"
    return found


def summed(table: Table, scheme: Scheme) -> Table:
    """Return the table with the rows of each unit added up.

    What can be added (`joining`) is; a missing or inapplicable part makes the sum so. Anything else must be the same in
    every row of the unit, as adding it means nothing. Raises TableInvalid where it is not.
    """
    merge = merge_of(table)
    if merge is None:
        return table
    problems: list[Problem] = []
    columns: dict[str, Column] = {}
    how = joining(scheme)
    for code, column in table.columns.items():
        if how.get(code) != "add":
            problems += _unequal(table, merge, code, column)
            columns[code] = Column(_at(column.values, merge), _at(column.states, merge))
            continue
        states = joined_states(column, merge)
        sums = np.array([float(value) for value in added(column, merge)])
        columns[code] = Column(np.where(states == 0, sums, np.nan), states if states.any() else None)
    if problems:
        raise TableInvalid(problems)
    return _chosen(table, merge, columns)


def added(column: Column, merge: Merge, shares: Sequence[Fraction] = ()) -> list[Fraction]:
    """Return the exact sum of each unit's reported cells, each times its row's share where there are shares."""
    values = np.nan_to_num(column.values)
    if column.decimals is None or column.largest * 10.0**column.decimals * (len(values) + 1) >= 2.0**53:
        return _added_one_by_one(values, merge, shares or [Fraction(1)] * len(values), np.arange(len(values)))
    split = np.array([row for row, share in enumerate(shares) if share != 1], np.intp)
    scale = 10**column.decimals
    whole = np.rint(values * scale)
    whole[split] = 0
    # Sums of whole numbers below 2^53 are exact in any order.
    sums = [
        Fraction(int(one), scale) for one in np.bincount(merge.members, weights=whole, minlength=merge.size).tolist()
    ]
    if len(split):
        more = _added_one_by_one(values, merge, shares, split)
        sums = [one + other for one, other in zip(sums, more, strict=True)]
    return sums


def _added_one_by_one(values: Array, merge: Merge, shares: Sequence[Fraction], rows: Positions) -> list[Fraction]:
    sums = [Fraction(0)] * merge.size
    for row in rows.tolist():
        sums[merge.members[row]] += Fraction(repr(float(values[row]))) * shares[row]
    return sums


def joined_states(column: Column, merge: Merge) -> npt.NDArray[np.uint8]:
    """Return the state of each unit's sum: missing where a part is missing, else inapplicable where a part is."""
    states = np.zeros(merge.size, np.uint8)
    if column.states is not None:
        for state in (CellState.NOT_APPLICABLE, CellState.MISSING):  # missing wins
            states[merge.any(column.states == state)] = state
    return states


def differing(column: Column, merge: Merge) -> Mask:
    """Return the rows whose cell is not that of the unit's first row; missing is not the same as inapplicable."""
    first = merge.first[merge.members]
    same: Mask = (column.values == column.values[first]) | (np.isnan(column.values) & np.isnan(column.values[first]))
    return ~same if column.states is None else ~(same & (column.states == column.states[first]))


def shown_by_all(shown: Mask, merge: Merge) -> Mask:
    """Return the units all of whose rows showed their evidence."""
    return ~merge.any(~shown)


def _unequal(table: Table, merge: Merge, code: str, column: Column) -> list[Problem]:
    return [
        Problem(
            "T206",
            say(
                "{unit}: '{code}' differs between the unit's rows and cannot be added up",
                unit=table.units[row],
                code=code,
            ),
            table.origin.at(int(row), code),
            say("give every row of the unit the same value, or merge the rows by hand"),
        )
        for row in np.flatnonzero(differing(column, merge))
    ]


def _at(values: Any, merge: Merge) -> Any:
    return None if values is None else values[merge.first]


def _chosen(table: Table, merge: Merge, columns: Mapping[str, Column]) -> Table:
    first = merge.first.tolist()
    evidence = {code: shown_by_all(shown, merge) for code, shown in table.evidence.items()}
    return evolve(
        table,
        units=tuple(table.units[row] for row in first),
        names=tuple(table.names[row] for row in first),
        columns=columns,
        pool=None if table.pool is None else tuple(table.pool[row] for row in first),
        evidence=evidence,
        origin=table.origin.of(first),
        declared=None,
    )
