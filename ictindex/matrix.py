"""The matrix that a plan fills: a row per row of the scheme, a column per unit, and what happened in each cell."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from ictindex.strategies.base import Arithmetic, Array, Fit, Mask, Sample

Flags = npt.NDArray[np.uint16]


class Flag(enum.IntFlag):
    """What happened to a unit's score at a row, besides plain computing."""

    GIVEN = 1  # the score was given, not computed
    COVERED = 2  # not computed, because a row above was given
    MISSING_ZERO = 4  # an input was missing and counted as zero points
    NOT_APPLICABLE_ZERO = 8  # not applicable, counted as zero points
    MISSING_LEFT_OUT = 16  # left out because an input was missing
    NOT_APPLICABLE_LEFT_OUT = 32  # left out because it does not apply
    LEFT_OUT = 64  # nothing of the row counts
    RESCALED = 128  # the points were brought back to the whole maximum
    CUT = 256  # the number or the sum was beyond its end and was cut
    NO_DENOMINATOR = 512  # the denominator was 0, and the scheme says what that means
    NO_EVIDENCE = 1024  # the evidence asked for was not shown
    EXACT = 2048  # a float was not sure enough: computed with exact numbers

    @property
    def label(self) -> str:
        """The flag's stable name in JSON: lower case with hyphens."""
        return (self.name or "").lower().replace("_", "-")


_STATES = (
    (Flag.COVERED, "not-computed"),
    (Flag.LEFT_OUT, "left-out"),
    (Flag.GIVEN, "given"),
    (Flag.MISSING_ZERO, "missing-as-zero"),
    (Flag.NOT_APPLICABLE_ZERO, "not-applicable-as-zero"),
    (Flag.NO_EVIDENCE, "no-evidence"),
    (Flag.RESCALED, "rescaled"),
    (Flag.CUT, "cut"),
)
"""The state of a cell is the first of these that holds, else `computed`."""


@frozen(kw_only=True)
class Matrix:
    """Everything that one run computed.

    `rows` has a row of points per row of the scheme (document order) and a column per unit; a cell that was left out
    or not computed is 0 and flagged. A run that was asked to keep less has only the rows at the places `kept` (None:
    all). `flags` is None for a row where nothing happened. `numbers` are the measured
    numbers before the scale, kept by exact runs only. `converted` has, for rows that brought points back to the whole
    maximum, the points that were left out there, and `stretch` the largest factor of doing so at each row. `errors`
    bounds the float error of each row. `doubt` marks the units for which a float could not decide on which side of a
    jump they are; `ends` are, where they were asked for, the units that may hold an end of a fit, and `samples` what
    each fit looked at.
    """

    maths: Arithmetic
    rows: Array
    kept: tuple[int, ...] | None = None
    flags: Sequence[Flags | None]
    converted: Mapping[int, Array]
    stretch: tuple[float, ...]
    numbers: Mapping[int, Array]
    fits: Mapping[int, Fit]
    errors: tuple[float, ...]
    doubt: Mask
    ends: npt.NDArray[np.intp]
    samples: Mapping[int, Sample] = field(factory=dict)

    @property
    def points(self) -> Array:
        """The points of every row, of a run that kept all of them."""
        if self.kept is not None:
            raise AssertionError("only asked of a matrix with every row")
        return self.rows

    @property
    def size(self) -> int:
        """How many units there are."""
        return int(self.rows.shape[1])

    def keeps(self, row: int) -> bool:
        """Whether the points of that row were kept."""
        return self.kept is None or row in self.kept

    def row(self, row: int) -> Array:
        """Return the points of every unit at a row that was kept."""
        points: Array = self.rows[row if self.kept is None else self.kept.index(row)]
        return points

    def flag(self, row: int, unit: int) -> Flag:
        """Return what happened to that unit at that row."""
        flags = self.flags[row]
        return Flag(0) if flags is None else Flag(int(flags[unit]))

    def holds(self, row: int, flag: Flag) -> Mask:
        """Return the units for which any of these flags stands at that row."""
        flags = self.flags[row]
        return np.zeros(self.size, np.bool_) if flags is None else (flags & flag) != 0

    def states(self, row: int) -> list[str]:
        """Return how each unit's points at that row came about, as a stable word: `computed` where nothing happened."""
        flags = self.flags[row]
        if flags is None:
            return ["computed"] * self.size
        words = {flag: state_of(flag) for flag in set(flags.tolist())}
        return [words[flag] for flag in flags.tolist()]

    def remarks(self, row: int) -> list[tuple[int, str]]:
        """Return the units whose points at that row were not simply computed, and how they came about."""
        flags = self.flags[row]
        if flags is None:
            return []
        units = np.flatnonzero(flags)
        words = {flag: state_of(flag) for flag in set(flags[units].tolist())}
        told = zip(units.tolist(), flags[units].tolist(), strict=True)
        return [(unit, words[flag]) for unit, flag in told if words[flag] != "computed"]

    def state(self, row: int, unit: int) -> str:
        """Return how one unit's points at that row came about, as `states` says it."""
        return state_of(self.flag(row, unit))

    def scored(self, row: int) -> Mask:
        """Return the units that have a score at that row."""
        return ~self.holds(row, Flag.LEFT_OUT | Flag.COVERED)


def state_of(flags: int) -> str:
    """Return how points with these flags came about: `computed` where nothing happened."""
    return next((word for flag, word in _STATES if flags & flag), "computed")
