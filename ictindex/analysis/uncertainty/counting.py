"""The ranks of very many draws, counted: how often each unit has each rank.

Such a table does not grow with the draws, and says of them what the ranks themselves say, to the bit.
"""

from __future__ import annotations

import numpy as np

from ictindex.strategies.base import Array

_BESIDE = 256
"""So many units are summed up at once."""


class Counts:
    """How often each unit had each rank, from 0 to `most`."""

    def __init__(self, units: int, most: int) -> None:
        self.table = np.zeros((units, most + 1), np.uint32)
        self._rows = np.arange(units) * (most + 1)

    def add(self, ranks: Array) -> None:
        """Count the ranks of some draws: a line for each draw, whose units are all different."""
        cells = self.table.reshape(-1)
        for draw in ranks:
            cells[self._rows + draw] += 1

    def facts(self, places: list[int], top: int, draws: int) -> Array:
        """Return the mean rank of each unit, its ranks at some places of their order, and its share up to a rank."""
        units, ranks = self.table.shape
        facts = np.zeros((len(places) + 2, units))
        for start in range(0, units, _BESIDE):
            part = slice(start, min(start + _BESIDE, units))
            counts = self.table[part].astype(np.int64)
            up_to = np.cumsum(counts, axis=1)
            facts[0, part] = counts @ np.arange(ranks) / draws
            for row, place in enumerate(places, start=1):
                facts[row, part] = np.argmax(up_to > place, axis=1)
            facts[-1, part] = up_to[:, min(top, ranks - 1)] / draws
        return facts
