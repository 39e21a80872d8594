"""A table that breaks a law, made as small as can be: fewer units, then simpler figures, as long as it still does.

Hypothesis can do this without knowing what a table is, in a minute where a scheme has fifty columns. Here it is known
that units can go and that most columns do not matter, so it takes a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, TypeAlias

from ictindex.plan import Plan
from ictindex.testing.rows import POOLS, columns_of, mended
from ictindex.testing.world import Broken

Rows: TypeAlias = list[dict[str, Any]]
_ROUNDS = 4


def smallest(plan: Plan, rows: Rows, broken: Broken, look: Callable[[Rows], Broken | None], *, least: int) -> Broken:
    """Return how the smallest table breaks the law that `rows` break in the way of `broken`.

    `look` returns None for a table that keeps the law or cannot be scored. At least so many units are kept.
    """
    return _Reducer(plan, rows, broken, look, least).run()


class _Reducer:
    """The smallest rows so far, and how they break the law."""

    def __init__(
        self, plan: Plan, rows: Rows, broken: Broken, look: Callable[[Rows], Broken | None], least: int
    ) -> None:
        self.plan, self.rows, self.broken, self.look, self.least = plan, rows, broken, look, least
        self.figures = {one.code: one.figures for one in columns_of(plan)}

    def run(self) -> Broken:
        """Try everything that makes the rows smaller until nothing does."""
        for _ in range(_ROUNDS):
            before = self.rows
            self._units()
            self._columns()
            self._cells()
            if self.rows == before:
                break
        return self.broken

    def _takes(self, rows: Rows) -> bool:
        """Go on with these rows if they still break the law."""
        if not all(mended(self.plan, row) for row in rows):
            return False
        broken = self.look(rows)
        if broken is None:
            return False
        self.rows, self.broken = rows, broken
        return True

    def _units(self) -> None:
        at = 0
        while at < len(self.rows) > self.least:
            rest = self.rows[:at] + self.rows[at + 1 :]
            if not self._takes([{**row, "unit": f"u{place}"} for place, row in enumerate(rest, 1)]):
                at += 1

    def _columns(self) -> None:
        for name in self.rows[0]:
            plain = next(self._simpler(name, None), None)
            if plain is not None and any(row[name] != plain for row in self.rows):
                self._takes([{**row, name: plain} for row in self.rows])

    def _cells(self) -> None:
        for at in range(len(self.rows)):
            for name in self.rows[0]:
                for simple in self._simpler(name, self.rows[at][name]):
                    rows = [dict(row) for row in self.rows]
                    rows[at][name] = simple
                    if self._takes(rows):
                        break

    def _simpler(self, name: str, cell: Any) -> Iterator[Any]:
        """Yield what is simpler than a cell, the simplest first; all that there is where the cell is absent."""
        if name.endswith(".evidence"):
            choices: tuple[Any, ...] = (True,)
        elif name.endswith(".excluded"):
            choices = (Fraction(0),)
        elif self.plan.scheme.pools is not None and name == self.plan.scheme.pools.by:
            choices = tuple(pool.code for pool in self.plan.scheme.pools.pools) or POOLS
        else:
            choices = self.figures.get(name, ())
        for choice in choices:
            if choice == cell:
                return
            yield choice
