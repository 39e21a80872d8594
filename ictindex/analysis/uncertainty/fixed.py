"""Scores that no draw changes: those given at a row, and what they mean for the rows below."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from ictindex.analysis.uncertainty.leaves import State
from ictindex.matrix import Flag
from ictindex.plan import Leaf
from ictindex.reading import Positions, Reader
from ictindex.result import Result
from ictindex.strategies.base import FLOAT, Mask


@frozen
class Fixed:
    """Scores given at a row: whose, and their state. `covered` are units for which a row above is given."""

    given: Mask | None
    state: State
    covered: Mask | None

    def taken(self, order: Positions) -> Fixed:
        """Return the same scores with the units in another order."""
        given = None if self.given is None else self.given[order]
        return Fixed(given, self.state.taken(order), None if self.covered is None else self.covered[order])


def fixed_rows(result: Result) -> dict[int, Fixed]:
    """Return the rows at which something is covered, and the headings at which something is given."""
    matrix, reader = result.settled.matrix, Reader(result.plan, result.table, FLOAT)
    found = {}
    for node in result.plan.nodes:
        given, covered = matrix.holds(node.place, Flag.GIVEN), matrix.holds(node.place, Flag.COVERED)
        if isinstance(node, Leaf):
            given[:] = False  # it is among the points of the indicator
        if not (given.any() or covered.any()):
            continue
        most, excluded = float(node.row.max), reader.excluded(node.place)
        lost = np.zeros(len(given)) if excluded is None else np.clip(excluded, 0.0, most)
        converted = matrix.converted.get(node.place)
        if converted is not None:
            lost[converted > 0] = 0.0
        lost[matrix.holds(node.place, Flag.LEFT_OUT)] = most
        points = np.array(result.settled.row(node.place), np.float64)[None]
        state = State(points, lost[None] if lost[given].any() else None)
        found[node.place] = Fixed(given if given.any() else None, state, covered if covered.any() else None)
    return found
