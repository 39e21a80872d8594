"""What a run must refuse, gathered: cells that the scheme wants and the table lacks, and ratios that mean nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ictindex.errors import Location, Problem, TableInvalid
from ictindex.plan import Leaf, Plan
from ictindex.reading import Cells, Reader
from ictindex.strategies.base import Mask
from ictindex.table import CellState

MOST = 50
"""Problems told one by one for each row of the scheme and each reason; the rest are counted."""


class Refusals:
    """The refusals of one run, in the order that they were found."""

    def __init__(self, plan: Plan, reader: Reader) -> None:
        self.plan, self.reader = plan, reader
        self.problems: list[Problem] = []

    def raise_any(self) -> None:
        """Raise TableInvalid with everything found so far, if there is anything."""
        if self.problems:
            raise TableInvalid(self.problems)

    def cells(self, leaf: Leaf, cells: Cells) -> None:
        """Refuse missing and not-applicable cells where the policy in force is `refuse`."""
        if cells.missing is None and cells.not_applicable is None:
            return
        name = f"{leaf.row.code} {leaf.row.name}"
        if cells.missing is not None and leaf.missing == "refuse":
            hint = "fill the cell in; the scheme says `missing: refuse`"
            self._each(leaf, cells.missing, "T201", f"a figure for {name} is missing", hint, CellState.MISSING)
        if cells.not_applicable is not None and leaf.not_applicable == "refuse":
            hint = "give a figure; the scheme says `not-applicable: refuse`"
            self._each(leaf, cells.not_applicable, "T202", f"{name} cannot be left out", hint, CellState.NOT_APPLICABLE)

    def no_evidence(self, leaf: Leaf, where: slice, mask: Mask) -> None:
        """Refuse evidence that was not shown."""
        ask = leaf.row.evidence.ask if leaf.row.evidence is not None else ""
        message = f"the evidence for {leaf.row.code} {leaf.row.name} is missing"
        self._each(leaf, self._whole(where, mask), "T203", message, f"fill in {leaf.row.code}.evidence: {ask}")

    def no_evidence_column(self, leaf: Leaf) -> None:
        """Refuse a table without the evidence on which points depend."""
        column, evidence = f"{leaf.row.code}.evidence", leaf.row.evidence
        hint = f"add the column: {evidence.ask}" if evidence is not None else ""
        message = f"the points of {leaf.row.code} {leaf.row.name} depend on evidence, and there is no column for it"
        self.problems.append(Problem("T207", message, Location(self.reader.table.source, cell=column), hint))

    def no_denominator(self, leaf: Leaf, where: slice, mask: Mask) -> None:
        """Refuse a ratio whose denominator is 0."""
        hint = "correct the denominator, or let the scheme say what it means with `if-none`"
        self._each(
            leaf, self._whole(where, mask), "T204", f"the denominator of {leaf.row.code} {leaf.row.name} is 0", hint
        )

    def above_one(self, leaf: Leaf, where: slice, mask: Mask) -> None:
        """Refuse a ratio above 1."""
        hint = "check both figures; the scheme says `over: refuse`"
        message = f"the numerator of {leaf.row.code} {leaf.row.name} is above its denominator"
        self._each(leaf, self._whole(where, mask), "T205", message, hint)

    def _whole(self, where: slice, mask: Mask) -> Mask:
        whole = np.zeros(self.reader.size, np.bool_)
        whole[where] = mask
        return whole

    def _each(self, leaf: Leaf, mask: Mask, code: str, what: str, hint: str, state: CellState | None = None) -> None:
        found = np.flatnonzero(mask)
        positions = found if self.reader.units is None else self.reader.units[found]
        for position in positions[:MOST]:
            for cell in self._columns(leaf, int(position), state):
                self.problems.append(
                    Problem(code, f"{self._unit(int(position))}: {what}", self._where(int(position), cell), hint)
                )
        if len(positions) > MOST:
            where = Location(self.reader.table.source, cell=leaf.row.code)
            self.problems.append(Problem(code, f"and {len(positions) - MOST} more units: {what}", where, hint))

    def _columns(self, leaf: Leaf, position: int, state: CellState | None) -> Iterator[str]:
        """Yield the columns at fault: those in that state, or the row's code where it is no single cell."""
        columns = self.reader.table.columns
        if state is None:
            yield leaf.row.code
            return
        for code in leaf.inputs:
            column = columns.get(code)
            if column is None:
                if state is CellState.MISSING:
                    yield code
            elif column.states is not None and column.states[position] == state:
                yield code

    def _unit(self, position: int) -> str:
        table = self.reader.table
        unit, name = table.units[position], table.names[position]
        return unit if name in ("", unit) else f"{unit} ({name})"

    def _where(self, position: int, cell: str) -> Location:
        lines = self.reader.table.lines
        return Location(self.reader.table.source, lines[position] if lines else 0, 0, cell)
