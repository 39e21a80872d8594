"""How the scores of a plan's rows are printed and graded, looked up once for all units."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from attrs import evolve

from ictindex.bounds import grains
from ictindex.model import Row
from ictindex.plan import Plan, points_per_unit
from ictindex.publication import POINTS, key_per_point, level_bound
from ictindex.single.entries import Cells
from ictindex.strategies.classifications import key_bound

Grains = tuple[int | None, ...]


class Printed(NamedTuple):
    """A row as it is printed: what a point adds to its key, and what is added before the key is cut to a whole one."""

    row: Row
    factor: float
    half: float


class Grade(NamedTuple):
    """A level of a row: the key that earns it, None where exact points do, then a bound, and whether it is exceeded."""

    name: str
    key: int | None
    points: Fraction
    strict: bool
    gates: tuple[tuple[int, Fraction], ...]


class Rows:
    """The rows of a plan, by their places in the matrix."""

    def __init__(self, plan: Plan, cells: Cells) -> None:
        self.plan, self._cells = plan, cells

    @cached_property
    def published(self) -> list[Printed | None]:
        """Each row as it is published; None for a row without a maximum."""
        return [_printed(node.row) for node in self.plan.nodes]

    @cached_property
    def as_points(self) -> list[Printed | None]:
        """Each row as its points are shown."""
        return [_printed(evolve(node.row, publish=POINTS)) for node in self.plan.nodes]

    @cached_property
    def grades(self) -> dict[int, tuple[Grade, ...]]:
        """The levels of the rows that have some, the best first."""
        return {node.place: tuple(self._grades(node.row)) for node in self.plan.nodes if node.row.levels}

    @cached_property
    def grains(self) -> Grains:
        """The grains of the rows where no figure has more than two decimals and nothing was converted back."""
        finest = self._cells.table(self._cells.finest(), self._cells.codes)
        return grains(self.plan, finest, [1.0] * len(self.plan.nodes))

    def _grades(self, row: Row) -> Iterator[Grade]:
        for position, level in enumerate(row.levels.levels if row.levels else ()):
            score, strict = level_bound(row, position)
            published = row.rank.on == "published"
            yield Grade(
                name=level.name,
                key=key_bound(score, strict, row.publish.decimals) if published else None,
                points=score * points_per_unit(row),
                strict=strict,
                gates=tuple((self.plan.place(other), points) for other, points in level.only_if),
            )


def _printed(row: Row) -> Printed | None:
    if not row.max:
        return None
    return Printed(row, float(key_per_point(row)), 0.5 if row.publish.rounding == "half-up" else 0.0)
