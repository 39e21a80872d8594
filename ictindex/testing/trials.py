"""Tables that are made on purpose: one unit a trial, everything but what is tried at its simplest."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import frozen

from ictindex.plan import Leaf, Plan
from ictindex.strategies.base import FLOAT, Array, Mask, Work
from ictindex.table import Table
from ictindex.testing.figures import refuses_nothing
from ictindex.testing.rows import POOLS, columns_of, mended
from ictindex.testing.written import Cells, table_of

MOST = 20_000
"""So many combinations of a row's figures are tried; beyond, one figure at a time."""

Trial = Mapping[str, Fraction]


def trials_table(plan: Plan, trials: Sequence[Trial]) -> Table:
    """Return a table with a unit for each trial. Everyone is in one pool and shows every evidence."""
    return table_of(plan.scheme, [_row(plan, f"u{at}", trial) for at, trial in enumerate(trials, 1)])


def _row(plan: Plan, unit: str, trial: Trial) -> Cells:
    scheme = plan.scheme
    row: dict[str, Any] = {"unit": unit}
    if scheme.pools is not None:
        row[scheme.pools.by] = next((pool.code for pool in scheme.pools.pools if pool.ranked), POOLS[0])
    row |= {one.code: one.figures[0] for one in columns_of(plan)} | dict(trial)
    mended(plan, row)
    row |= {f"{leaf.code}.evidence": True for leaf in scheme.indicators if leaf.evidence is not None}
    return row


@frozen
class Grid:
    """Combinations of the figures of a leaf's inputs that no rule refuses, and what each of them earns.

    `worth` is the points, or the measured number (the better the higher) where other units decide what it earns.
    """

    codes: tuple[str, ...]
    cells: Array
    worth: Array

    def trial(self, at: int) -> dict[str, Fraction]:
        """Return one combination."""
        return {code: Fraction(repr(float(value))) for code, value in zip(self.codes, self.cells[at], strict=True)}

    @property
    def best(self) -> int:
        """The first combination that earns the most."""
        return int(np.argmax(self.worth))

    @property
    def worst(self) -> int:
        """The first combination that earns the least."""
        return int(np.argmin(self.worth))


def grid_of(leaf: Leaf, figures: Mapping[str, Sequence[Fraction]]) -> Grid | None:
    """Return every combination of the figures, None where the scheme refuses them all."""
    codes = tuple(dict.fromkeys(leaf.inputs))
    cells = np.array(_combinations([[float(one) for one in figures[code]] for code in codes]))
    if not codes or not len(cells):
        return None
    size = len(cells)
    work = Work.of(size, FLOAT)
    columns = [np.ascontiguousarray(cells[:, codes.index(code)]) for code in leaf.inputs]
    with np.errstate(all="ignore"):
        numbers, undefined = leaf.measure.bind(FLOAT)(columns, np.zeros(size), work)
        numbers = np.array(numbers, np.float64)
        worth = _worth(leaf, numbers, work)
    refused = np.isnan(worth)
    if undefined is not None:
        worth, never = _undefined(leaf, worth, undefined)
        refused |= never
    if leaf.row.measure.get("over") == "refuse":
        refused |= numbers > 1
    return None if refused.all() else Grid(codes, cells[~refused], worth[~refused])


def _worth(leaf: Leaf, numbers: Array, work: Work) -> Array:
    if leaf.scale.fitting != "none":
        return numbers * (leaf.scale.monotone or 1)
    points = np.zeros(len(numbers))
    leaf.scale.bind(leaf.row.max, FLOAT, leaf.slack)(numbers, points, work, None, None)
    return points


def _undefined(leaf: Leaf, worth: Array, undefined: Mask) -> tuple[Array, Mask]:
    """Return what combinations without a denominator earn, and which of them are no trial at all."""
    meaning = leaf.row.measure.get("if_none", "refuse")
    if meaning not in ("zero", "full") or refuses_nothing(leaf):
        return worth, undefined
    return np.where(undefined, float(leaf.row.max) if meaning == "full" else 0.0, worth), np.zeros_like(undefined)


def _combinations(figures: Sequence[Sequence[float]]) -> list[tuple[float, ...]]:
    size = 1
    for one in figures:
        size *= len(one)
    if size <= MOST:
        return list(itertools.product(*figures))
    ends = [tuple(one[0] for one in figures), tuple(min(one) for one in figures), tuple(max(one) for one in figures)]
    alone = ((*end[:at], value, *end[at + 1 :]) for end in ends for at, one in enumerate(figures) for value in one)
    return list(dict.fromkeys([*ends, *alone]))
