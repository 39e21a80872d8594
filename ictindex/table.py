"""Units x inputs: the figures of one round, with a state for every cell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from attrs import cmp_using, field, fields, frozen
from numpy.typing import NDArray

from ictindex.cells import CellState, Floats, States
from ictindex.errors import Problem
from ictindex.origins import Origin

__all__ = ["CellState", "Column", "Table"]

MOST_DECIMALS = 6
"""A column with more decimals than this has no known number of decimals."""


def _same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f" and other.dtype.kind == "f"))


def _same_flags(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return one.keys() == other.keys() and all(_same(one[code], other[code]) for code in one)


def _sealed(array: Any, dtype: type) -> NDArray[Any]:
    """Return the array itself where nobody can write to it, else a read-only copy."""
    made: NDArray[Any] = np.asarray(array, dtype=dtype)
    if made.flags.writeable or made.base is not None:
        made = made.copy()
        made.flags.writeable = False
    return made


def _sealed_values(array: Any) -> Floats:
    return _sealed(array, np.float64)


def _sealed_states(array: Any) -> States | None:
    return None if array is None else _sealed(array, np.uint8)


def _sealed_flags(flags: Mapping[str, Any]) -> Mapping[str, NDArray[np.bool_]]:
    return MappingProxyType({code: _sealed(shown, np.bool_) for code, shown in flags.items()})


def _read_only_texts(texts: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({code: tuple(cells) for code, cells in texts.items()})


def _read_only(columns: Mapping[str, Column]) -> Mapping[str, Column]:
    return MappingProxyType(dict(columns))


def _read_only_options(options: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(options))


@frozen
class Column:
    """One column, a cell for each unit.

    `values` is NaN where nothing is reported; a choice is its position in the input's cases, yes is 1 and no is 0.
    `states` holds a CellState for each cell, or is None where all are reported. Both are read-only.
    """

    values: Floats = field(converter=_sealed_values, eq=cmp_using(eq=_same))
    states: States | None = field(default=None, converter=_sealed_states, eq=cmp_using(eq=_same))

    @cached_property
    def missing(self) -> NDArray[np.bool_] | None:
        """Which cells are missing; None where none is."""
        return self._in_state(CellState.MISSING)

    @cached_property
    def not_applicable(self) -> NDArray[np.bool_] | None:
        """Which cells are not applicable; None where none is."""
        return self._in_state(CellState.NOT_APPLICABLE)

    def _in_state(self, state: CellState) -> NDArray[np.bool_] | None:
        if self.states is None or not len(self.states):
            return None
        # Where no other states occur, those of reported and missing cells, 0 and 1, are the mask already.
        plain = self.states.max() <= CellState.MISSING
        mask = self.states.view(np.bool_) if plain and state == CellState.MISSING else self.states == state
        mask.flags.writeable = False
        return mask if mask.any() else None

    @cached_property
    def decimals(self) -> int | None:
        """How many decimals (0 to 6) are enough for every reported value, None where more are needed.

        With k decimals every value is the float nearest to a whole number over 10^k, so integers stand for it exactly.
        """
        reported = self.values if self.states is None else self.values[self.states == CellState.REPORTED]
        for decimals in range(MOST_DECIMALS + 1):
            scale = 10.0**decimals
            whole = np.rint(reported * scale)
            # Below 2^53 both parts are exact, so the quotient is the float that the typed decimals became.
            if bool((np.abs(whole) <= 2.0**53).all()) and bool((whole / scale == reported).all()):
                return decimals
        return None

    @cached_property
    def largest(self) -> float:
        """The largest absolute value of a reported cell; 0 where nothing is reported."""
        return float(np.max(np.abs(self.values), initial=0.0, where=~np.isnan(self.values)))

    @cached_property
    def ends(self) -> tuple[float, float] | None:
        """The lowest and the highest reported value; None where nothing is reported."""
        if not len(self.values):
            return None
        low, high = float(np.fmin.reduce(self.values)), float(np.fmax.reduce(self.values))
        return None if math.isnan(low) else (low, high)

    def __len__(self) -> int:
        return len(self.values)

    def __reduce__(self) -> tuple[Any, ...]:  # numpy forgets on pickling that an array is read-only
        return Column, (self.values, self.states)


@frozen(kw_only=True)
class Table:
    """The figures of the units that are scored together.

    `columns` are kept by input code, by `CODE.score` for a score given at a row (the column of an assessed row stays
    under its own code), and by `CODE.excluded` for points left out as not applicable. `pool` names each unit's pool,
    by code where the scheme lists them. `evidence` says per row code which units showed it, `evidence_texts` in what
    words, where they are known. `declared` holds the same units with their self-declared figures in place of the
    verified ones. `doubts` are warnings about figures that can be scored and look wrong. `without_evidence` is what a
    criterion scores without the evidence that it asks for, where the scheme does not say. `options` are choices made on
    the way to the figures that a result must tell, such as the track of a round. `scheme` is the id of the one that it
    was read for, empty where it was made otherwise. Tables are equal where their figures
    are, wherever they came from (`origin`).
    """

    units: tuple[str, ...]
    names: tuple[str, ...]
    columns: Mapping[str, Column] = field(converter=_read_only)
    pool: tuple[str, ...] | None = None
    evidence: Mapping[str, NDArray[np.bool_]] = field(
        factory=dict, converter=_sealed_flags, eq=cmp_using(eq=_same_flags)
    )
    evidence_texts: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=_read_only_texts, eq=False)
    declared: Table | None = None
    without_evidence: Literal["flag", "zero", "refuse"] = "flag"
    options: Mapping[str, Any] = field(factory=dict, converter=_read_only_options, eq=False)
    notes: tuple[str, ...] = ()
    doubts: tuple[Problem, ...] = field(default=(), eq=False)
    origin: Origin = field(factory=Origin, eq=False)
    scheme: str = field(default="", eq=False)

    @property
    def source(self) -> str:
        """What messages call the file or object that the table came from."""
        return self.origin.source

    @property
    def lines(self) -> tuple[int, ...]:
        """The units' lines in the source, empty where it has none."""
        return self.origin.lines

    def pool_of(self, position: int) -> str:
        """Return the pool of the unit at a position, empty where the table has no pools."""
        return "" if self.pool is None else self.pool[position]

    def __len__(self) -> int:
        return len(self.units)

    def __reduce__(self) -> tuple[Any, ...]:  # a read-only mapping cannot be pickled; the maker seals it again
        state = {one.name: getattr(self, one.name) for one in fields(Table)}
        mappings = {name: dict(state[name]) for name in ("columns", "evidence", "evidence_texts", "options")}
        return _remade, ({**state, **mappings},)


def _remade(state: dict[str, Any]) -> Table:
    return Table(**state)
