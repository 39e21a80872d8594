"""The doubts of one table: the worst few of each kind in each column are told, the rest are counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ictindex.errors import Problem, Severity
from ictindex.messages import say
from ictindex.table import Table

FEW = 5
"""So many doubts of one kind in one column are told; a hundred alike have one cause, and a reader stops at ten."""


class Doubts:
    """Gathers the doubts of a table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._order = {key: at for at, key in enumerate(table.columns)}
        self._told: list[tuple[tuple[str, int, str], int, Problem]] = []

    def worst(
        self, code: str, key: str, units: Iterable[int], weights: Sequence[float] | NDArray[np.float64]
    ) -> list[int]:
        """Return the few units that are to be told of, the heaviest first, and count the others.

        `weights` says of each of `units` how far off it is.
        """
        names = self._table.units
        pairs = sorted(zip(units, weights, strict=True), key=lambda pair: (-pair[1], names[pair[0]]))
        if len(pairs) > FEW:
            self._more(code, key, len(pairs) - FEW)
        return [int(unit) for unit, _ in pairs[:FEW]]

    def add(self, code: str, message: str, *, unit: int | None = None, key: str = "", hint: str = "") -> None:
        """Add a doubt about a unit (by its position) in a column; without a unit, about the column."""
        where = self._table.origin.at(unit, key)
        line = -1 if unit is None else unit
        self._told.append((self._rank(code, key), line, Problem(code, message, where, hint, Severity.WARNING)))

    def all(self) -> tuple[Problem, ...]:
        """Return every doubt, by code, column and line."""
        return tuple(problem for _, _, problem in sorted(self._told, key=lambda one: one[:2]))

    def _more(self, code: str, key: str, count: int) -> None:
        message = say("and {count} more of the same kind", count=count)
        where = self._table.origin.at(None, key)
        problem = Problem(code, message, where, severity=Severity.WARNING, count=count)
        self._told.append((self._rank(code, key), len(self._table), problem))

    def _rank(self, code: str, key: str) -> tuple[str, int, str]:
        return code, self._order.get(key, len(self._order)), key
