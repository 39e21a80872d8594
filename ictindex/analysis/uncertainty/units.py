"""The ranks of every unit over the draws: columns of numbers, and a line of them where one is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import attrs
from attrs import frozen

from ictindex.answer import Lines

if TYPE_CHECKING:
    from ictindex.analysis.uncertainty.simulation import Simulation
    from ictindex.result import Result
    from ictindex.strategies.base import Array


@frozen(kw_only=True)
class UnitRanks:
    """The ranks of one unit over the draws.

    `rank` and `level` are published (None: not ranked; everything else is empty then). `low` and `high` hold the middle
    90 % of the draws: the ranks at 5 % and 95 % of them; `best` and `worst` are the ends. A draw in which it has no
    score counts as one in which it is last. `top` is the share of draws in which it is among the first ones, `ahead`
    that in which it is ahead of the next unit of its pool (None: the last), `levels` that of each level; nothing where
    the row has no levels.
    """

    unit: str
    name: str
    pool: str
    rank: float | None
    published: str | None
    level: str | None
    mean: float | None
    median: float | None
    low: float | None
    high: float | None
    best: float | None
    worst: float | None
    top: float | None
    ahead: float | None
    levels: Mapping[str, float]


NAMES = tuple(one.name for one in attrs.fields(UnitRanks))


class UnitLines(Lines[UnitRanks]):
    """The lines of all units in order, as a tuple would hold them. Each is made of the columns when it is asked for."""

    def __init__(self, size: int, columns: Callable[[], dict[str, list[Any]]]) -> None:
        self._size, self._columns = size, columns

    @cached_property
    def columns(self) -> Mapping[str, list[Any]]:
        """A list for each field, in the order of the lines."""
        return self._columns()

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> UnitRanks: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[UnitRanks, ...]: ...

    def __getitem__(self, at: int | slice) -> UnitRanks | tuple[UnitRanks, ...]:
        if isinstance(at, slice):
            return tuple(self[one] for one in range(*at.indices(self._size)))
        return UnitRanks(**{name: cells[at] for name, cells in self.columns.items()})

    def __iter__(self) -> Iterator[UnitRanks]:
        for cells in zip(*(self.columns[name] for name in NAMES), strict=True):
            yield UnitRanks(**dict(zip(NAMES, cells, strict=True)))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, UnitLines):
            return self.columns == other.columns
        return tuple(self) == other if isinstance(other, tuple) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # a line has a dictionary

    def __repr__(self) -> str:
        return repr(tuple(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return _kept, (self.columns,)


def lines_of(units: Iterable[UnitRanks]) -> UnitLines:
    """Return lines of units that are there already."""
    if isinstance(units, UnitLines):
        return units
    made = tuple(units)
    return _kept({name: [getattr(one, name) for one in made] for name in NAMES})


def _kept(columns: Mapping[str, list[Any]]) -> UnitLines:
    found = {name: list(columns[name]) for name in NAMES}
    return UnitLines(len(found["unit"]), lambda: found)


def unit_lines(
    simulation: Simulation, result: Result, code: str, facts: Array, ahead: Array, levels: Array
) -> UnitLines:
    """Return the lines of all units in the simulation's order.

    `facts` has a line each for the mean, best, 5 %, median, 95 % and worst rank and the share among the first ones;
    `ahead` the share of draws ahead of the next ranked unit, `levels` that of each level.
    """

    def columns() -> dict[str, list[Any]]:
        order, ranked = simulation.order.tolist(), simulation.ranked
        nothing: list[Any] = [None] * (len(order) - ranked)

        def taken(cells: Sequence[Any]) -> list[Any]:
            return [cells[unit] for unit in order]

        mean, best, low, median, high, worst, top = ([*line, *nothing] for line in facts[:, :ranked].tolist())
        row, pools = result.scheme.row(code), result.table.pool
        names = [] if row.levels is None else [level.name for level in row.levels.levels]
        next_one = [share if has else None for share, has in zip(ahead.tolist(), simulation.followed, strict=True)]
        return {
            "unit": taken(result.units),
            "name": taken(result.names),
            "pool": [""] * len(order) if pools is None else taken(pools),
            "rank": [float(one) if one else None for one in result.ranks(code)[simulation.order].tolist()],
            "published": taken(result.published(code)),
            "level": taken(result.levels(code)),
            "mean": mean,
            "median": median,
            "low": low,
            "high": high,
            "best": best,
            "worst": worst,
            "top": top,
            "ahead": [*next_one, *nothing],
            "levels": [dict(zip(names, shares, strict=True)) for shares in levels.tolist()],
        }

    return UnitLines(len(simulation.order), columns)
