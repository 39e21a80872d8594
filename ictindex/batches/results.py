"""What was scored, put away block by block: whole numbers of last digits, levels, remarks; and read back for writing.

In memory are only the numbers that ranks are made on, eight bytes a unit for each row of a rank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import evolve

from ictindex.batches.scoring import rank_places
from ictindex.batches.spool import Positions, Rows, TableSpool, Texts
from ictindex.decimals import Decimals
from ictindex.layout import Keep
from ictindex.plan import Plan
from ictindex.ranking import Ranks
from ictindex.result import Result
from ictindex.result_columns import ResultColumn, even_digits, rank_column, result_columns
from ictindex.strategies.base import Mask, common

_NO_LEVEL = 255


class ResultSpool:
    """The columns of a result in files, and what its ranks are made on."""

    def __init__(self, folder: Path, plan: Plan, table: TableSpool, keep: Keep) -> None:
        self.plan, self.table, self.keep, self.size = plan, table, keep, 0
        self.ranks: Mapping[int, Ranks] = {}
        self._remarks = Texts((folder / "remarks").open("w+b"))
        self._figures = (folder / "results").open("w+b")
        self._rows: Rows | None = None
        self._like: tuple[ResultColumn, ...] = ()
        published, exact = rank_places(plan)
        self.keys: dict[int, list[npt.NDArray[Any]]] = {place: [] for place in published}
        self.points: dict[int, list[npt.NDArray[Any]]] = {place: [] for place in exact}
        self.scored: dict[int, list[Mask]] = {place: [] for place in (*published, *exact)}
        self.errors = dict.fromkeys(exact, 0.0)
        self.grains: dict[int, int | None] = dict.fromkeys(exact, 1)

    def add(self, result: Result) -> None:
        """Put what was scored of a block behind the rest."""
        columns = result_columns(result, self.keep)
        numbers = [one for one in columns if _is_decimal(one)]
        words = [one for one in columns if one.tells == "level"]
        if self._rows is None:
            self._like = tuple(evolve(one, cells=(), digits=None) for one in columns)
            self._places = {one.name: (_decimals(one).places, _decimals(one).bare) for one in numbers}
            self._rows = Rows(self._figures, 9 * len(numbers) + len(words))
        rows = np.zeros((len(result.units), self._rows.width), np.uint8)
        for at, one in enumerate(numbers):
            cells = _decimals(one)
            rows[:, 9 * at : 9 * at + 8] = cells.keys.astype("<i8").view(np.uint8).reshape(len(rows), 8)
            rows[:, 9 * at + 8] = True if cells.has is None else cells.has
        for at, one in enumerate(words, 9 * len(numbers)):
            known: dict[Any, int] = {name: place for place, name in enumerate(_levels(one))}
            rows[:, at] = [_NO_LEVEL if cell is None else known[cell] for cell in one.cells]
        self._rows.add(rows)
        self._remarks.add(columns[-1].texts)
        self._add_ranked(result)
        self.size += len(rows)

    def close(self) -> None:
        """Close the files."""
        self._figures.close()
        self._remarks.close()

    def columns(self, places: Positions) -> list[ResultColumn]:
        """Return the columns of a result for some units."""
        if self._rows is None:
            raise AssertionError("nothing was scored")
        rows, at, made = self._rows.take(places), 0, []
        numbers = sum(one.name in self._places for one in self._like)
        level = 9 * numbers
        for one in self._like:
            match one.tells:
                case "unit":
                    cells: Any = self.table.units.take(places)
                case "name":
                    cells = self.table.names(places)
                case "pool":
                    cells = self.table.pool_texts(places)
                case "states":
                    cells = [text or None for text in self._remarks.take(places)]
                case "level":
                    names = [*_levels(one), None]
                    cells = [names[min(place, len(names) - 1)] for place in rows[:, level].tolist()]
                    level += 1
                case "rank":
                    made.append(rank_column(one.name, _row(one), self.ranks[self.plan.place(_row(one).code)][places]))
                    continue
                case _:
                    keys = np.ascontiguousarray(rows[:, at : at + 8]).view("<i8").ravel().astype(np.int64)
                    digits, bare = self._places[one.name]
                    cells = Decimals(keys, rows[:, at + 8] != 0, digits, bare=bare)
                    at += 9
                    made.append(evolve(one, cells=cells, digits=even_digits(cells)))
                    continue
            made.append(evolve(one, cells=cells))
        return made

    def _add_ranked(self, result: Result) -> None:
        settled = result.settled
        for place in self.scored:
            self.scored[place].append(settled.matrix.scored(place))
        for place in self.keys:
            self.keys[place].append(settled.keys(place))
        for place in self.points:
            self.points[place].append(settled.row(place).copy())  # not a view, which would keep all rows
            self.errors[place] = max(self.errors[place], settled.matrix.errors[place])
            self.grains[place] = common(self.grains[place], settled.grain(place))


def _decimals(column: ResultColumn) -> Decimals:
    cells: Any = column.cells
    found: Decimals = cells
    return found


def _is_decimal(column: ResultColumn) -> bool:
    return column.tells in ("score", "points")


def _levels(column: ResultColumn) -> Sequence[str]:
    levels = _row(column).levels
    return [] if levels is None else [one.name for one in levels.levels]


def _row(column: ResultColumn) -> Any:
    return column.row
