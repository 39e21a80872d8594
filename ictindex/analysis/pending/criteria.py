"""Which criteria of which units are still open, and why.

A criterion is open while a reported figure of it is unverified or under appeal, while a figure is missing that may
still be reported, or while its evidence is not shown and may still be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from attrs import frozen

from ictindex.analysis.pending.aims import Aim
from ictindex.analysis.pending.figures import OpenFigures
from ictindex.analysis.pending.opens import Why
from ictindex.cells import CellState
from ictindex.leafrun import without_evidence
from ictindex.model import InputKind
from ictindex.plan import Leaf, Node
from ictindex.reading import Given, Reader
from ictindex.result import Result
from ictindex.strategies.base import FLOAT, Mask

_LISTED = ("yes-no", "checks", "all-of", "choice")
"""Measures of figures that are each one of a few."""


@frozen
class Found:
    """A criterion that is open: its unit, its columns that are, each with why.

    `listed`: each of its figures is one of a few, so that each can be turned down by itself.
    """

    unit: int
    node: Node
    why: Mapping[str, Why]
    listed: bool


class Finder:
    """Looks for open criteria, row by row."""

    def __init__(self, result: Result, figures: OpenFigures, aim: Aim) -> None:
        self.plan, self.table, self.figures, self.aim = result.plan, result.table, figures, aim
        self.size = len(result.table)
        reader = Reader(self.plan, self.table, FLOAT)
        self.given = [_units_of(reader.given(place), self.size) for place in range(len(self.plan.nodes))]
        self.covered: list[Mask] = []
        for place in range(len(self.plan.nodes)):
            parent = self.plan.parent(place)
            none = np.zeros(self.size, np.bool_)
            self.covered.append(none if parent < 0 else self.covered[parent] | self.given[parent])
        self.lists = {one.code for one in self.plan.scheme.inputs if one.kind in (InputKind.YES_NO, InputKind.CHOICE)}

    def found(self) -> Iterator[Found]:
        """Yield what is open, row by row."""
        for node in self.plan.nodes:
            if not node.row.max or not self.aim.concerns(node.place):
                continue
            yield from self._scores(node)
            if isinstance(node, Leaf):
                yield from self._figures(node)

    def _scores(self, node: Node) -> Iterator[Found]:
        """Yield the units whose given score at a row is open."""
        code = node.row.code
        keys = (f"{code}.score", f"{code}.excluded")
        where = self.given[node.place] & ~self.covered[node.place]
        for unit in np.flatnonzero(where & self._doubted(keys)).tolist():
            yield Found(unit, node, self._why(unit, keys), listed=False)

    def _figures(self, leaf: Leaf) -> Iterator[Found]:
        """Yield the units of which a figure of an indicator is open, or its evidence."""
        code = leaf.row.code
        out = self.given[leaf.place] | self.covered[leaf.place]
        missing, absent = self._state(leaf, CellState.MISSING), self._state(leaf, CellState.NOT_APPLICABLE)
        out |= absent & ~missing
        missing &= ~out
        closed = np.zeros(self.size, np.bool_)  # a figure that was struck out, and nobody appealed
        for unit in np.flatnonzero(missing).tolist():
            closed[unit] = any((unit, key) in self.figures.decided for key in self._missing(leaf, unit))
        keys = (*leaf.inputs, f"{code}.excluded")
        lacking = self._lacking(leaf) & ~missing
        found = (self._doubted(keys) | missing | lacking) & ~out & ~closed
        listed = leaf.row.measure.name in _LISTED and self.lists.issuperset(leaf.inputs)
        for unit in np.flatnonzero(found).tolist():
            why = self._why(unit, keys)
            if missing[unit]:
                why |= dict.fromkeys(self._missing(leaf, unit), "missing")
            if lacking[unit] and "appealed" not in why.values():
                why[f"{code}.evidence"] = "evidence"
            yield Found(unit, leaf, why, listed)

    def _doubted(self, keys: tuple[str, ...]) -> Mask:
        """Return the units of which one of these figures is unverified or under appeal."""
        mask = np.zeros(self.size, np.bool_)
        for key in keys:
            if key in self.figures.unverified:
                mask |= self.figures.unverified[key]
        for unit, key in self.figures.appealed:
            if key in keys:
                mask[unit] = True
        return mask

    def _why(self, unit: int, keys: tuple[str, ...]) -> dict[str, Why]:
        why: dict[str, Why] = {}
        for key in keys:
            if (unit, key) in self.figures.appealed:
                why[key] = "appealed"
            elif key in self.figures.unverified and self.figures.unverified[key][unit]:
                why[key] = "unverified"
        return why

    def _state(self, leaf: Leaf, state: CellState) -> Mask:
        """Return the units of which a figure of the indicator is in that state."""
        mask = np.zeros(self.size, np.bool_)
        for code in leaf.inputs:
            column = self.table.columns.get(code)
            if column is None:
                mask |= state is CellState.MISSING
            elif column.states is not None:
                mask |= column.states == state
        return mask

    def _missing(self, leaf: Leaf, unit: int) -> tuple[str, ...]:
        columns = ((code, self.table.columns.get(code)) for code in leaf.inputs)
        return tuple(
            code
            for code, one in columns
            if one is None or (one.states is not None and one.states[unit] == CellState.MISSING)
        )

    def _lacking(self, leaf: Leaf) -> Mask:
        """Return the units that lose points for want of evidence that may still be shown."""
        shown = self.table.evidence.get(leaf.row.code)
        if shown is None or leaf.row.evidence is None or without_evidence(leaf.row, self.table) != "zero":
            return np.zeros(self.size, np.bool_)
        lacking = ~shown
        for unit, code in self.figures.judged:
            if code == leaf.row.code:
                lacking[unit] = False
        return np.asarray(lacking)


def _units_of(given: Given | None, size: int) -> Mask:
    return np.zeros(size, np.bool_) if given is None else given.mask
