"""What was declared before the lines of a round begin: the cells of a table, with the evidence that stands beside."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from attrs import evolve, field, frozen

from ictindex.cells import CellState
from ictindex.model import Input, Scheme
from ictindex.rounds.events import Event, Figure, Proof, Stage
from ictindex.rounds.places import Places
from ictindex.table import Column, Table
from ictindex.typed import NOT_APPLICABLE, typed_cells

Details = Mapping[tuple[str, str], Event]
"""What forms say beside a figure, by unit and column, or by unit and `CODE.evidence`: documents, who, when, remarks."""


@frozen(slots=False)
class Declared:
    """A declared table seen as events, one for each cell; without a table nothing was declared."""

    scheme: Scheme
    table: Table | None
    details: Details = field(factory=dict)

    def event(self, unit: str, key: str) -> Event | None:
        """Return what was declared of a unit's figure, None where the table has no such column."""
        column = None if self.table is None else self.table.columns.get(key)
        if self.table is None or column is None:
            return None
        at, row = self._positions[unit], self._places.of(key).row
        event = (
            self.details.get((unit, key)) or self.details.get((unit, f"{row}.evidence")) or Event(stage=Stage.DECLARED)
        )
        shown = self.table.evidence.get(row)
        if shown is None or not shown[at]:
            event = evolve(event, proof=Proof())
        elif not event.proof:
            texts = self.table.evidence_texts.get(row, ())
            event = evolve(event, proof=Proof(title=texts[at] if len(texts) == len(self.table) else ""))
        return evolve(event, value=self._figure(column, at, key), source=self.table.source)

    def _figure(self, column: Column, at: int, key: str) -> Figure:
        state = CellState.REPORTED if column.states is None else CellState(int(column.states[at]))
        if state is not CellState.REPORTED:
            return Figure(None, state, NOT_APPLICABLE if state is CellState.NOT_APPLICABLE else "")
        number = float(column.values[at])
        return Figure(number, state, typed_cells(Column(np.array([number])), self._inputs.get(key))[0])

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {} if self.table is None else {unit: at for at, unit in enumerate(self.table.units)}

    @cached_property
    def _places(self) -> Places:
        return Places(self.scheme)

    @cached_property
    def _inputs(self) -> dict[str, Input]:
        return {one.code: one for one in self.scheme.inputs}
