"""What a run must refuse, gathered: cells that the scheme wants and the table lacks, and ratios that mean nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ictindex.errors import MOST_KEPT, Problem, TableInvalid
from ictindex.messages import say
from ictindex.plan import Leaf, Plan
from ictindex.reading import Cells, Reader
from ictindex.strategies.base import Mask
from ictindex.strategies.measures import Ratio
from ictindex.table import CellState

MOST = 50
"""So many problems for each row of the scheme and each reason are kept of any table, beyond `errors.MOST_KEPT` too."""


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
        row = _named(leaf)
        if cells.missing is not None and leaf.missing == "refuse":
            message = say("a figure for {row} is missing", row=row)
            hint = say("fill the cell in; the scheme says `missing: refuse`")
            self._each(leaf, cells.missing, "T201", message, hint, CellState.MISSING)
        if cells.not_applicable is not None and leaf.not_applicable == "refuse":
            message = say("{row} cannot be left out", row=row)
            hint = say("give a figure; the scheme says `not-applicable: refuse`")
            self._each(leaf, cells.not_applicable, "T202", message, hint, CellState.NOT_APPLICABLE)

    def no_evidence(self, leaf: Leaf, where: slice, mask: Mask) -> None:
        """Refuse evidence that was not shown."""
        ask = leaf.row.evidence.ask if leaf.row.evidence is not None else ""
        message = say("the evidence for {row} is missing", row=_named(leaf))
        hint = say("fill in {column}: {evidence}", column=f"{leaf.row.code}.evidence", evidence=ask)
        self._each(leaf, self._whole(where, mask), "T203", message, hint)

    def no_evidence_column(self, leaf: Leaf) -> None:
        """Refuse a table without the evidence on which points depend."""
        column, evidence = f"{leaf.row.code}.evidence", leaf.row.evidence
        ask = evidence.ask if evidence is not None else ""
        hint = say("add a column named `{column}`, with: {evidence}", column=column, evidence=ask)
        message = say("the points of {row} depend on evidence, and there is no column for it", row=_named(leaf))
        self.problems.append(Problem("T207", message, self.reader.table.origin.at(cell=column), hint))

    def no_denominator(self, leaf: Leaf, where: slice, mask: Mask) -> None:
        """Refuse a ratio whose denominator is 0."""
        hint = say("correct the denominator, or let the scheme say what it means with `if-none`")
        message = say("the denominator of {row} is 0", row=_named(leaf))
        below = leaf.measure.b.inputs[:1] if isinstance(leaf.measure, Ratio) else ()
        self._each(leaf, self._whole(where, mask), "T204", message, hint, at=below)

    def above_one(self, leaf: Leaf, where: slice, mask: Mask) -> None:
        """Refuse a ratio above 1."""
        hint = say("check both figures; the scheme says `over: refuse`")
        message = say("the numerator of {row} is above its denominator", row=_named(leaf))
        above = leaf.measure.a.inputs[:1] if isinstance(leaf.measure, Ratio) else ()
        self._each(leaf, self._whole(where, mask), "T205", message, hint, at=above)

    def _whole(self, where: slice, mask: Mask) -> Mask:
        whole = np.zeros(self.reader.size, np.bool_)
        whole[where] = mask
        return whole

    def _each(
        self,
        leaf: Leaf,
        mask: Mask,
        code: str,
        what: str,
        hint: str,
        state: CellState | None = None,
        at: Sequence[str] = (),
    ) -> None:
        """Add a problem for each unit in each column at fault: those in that state, or `at`, or the row's own."""
        found = np.flatnonzero(mask)
        positions = found if self.reader.units is None else self.reader.units[found]
        room = max(MOST, MOST_KEPT - len(self.problems))
        for position in positions[:room]:
            for cell in self._columns(leaf, int(position), state) if state is not None else (*at, leaf.row.code)[:1]:
                message = say("{unit}: {problem}", unit=self._unit(int(position)), problem=what)
                self.problems.append(Problem(code, message, self.reader.table.origin.at(int(position), cell), hint))
        rest = positions[room:]
        if len(rest):
            where = self.reader.table.origin.at(cell=leaf.row.code)
            message = say("and {count} more units: {problem}", count=len(rest), problem=what)
            self.problems.append(Problem(code, message, where, hint, count=len(rest)))

    def _columns(self, leaf: Leaf, position: int, state: CellState) -> Iterator[str]:
        """Yield the columns of the leaf in which the unit's cell is in that state."""
        columns = self.reader.table.columns
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


def _named(leaf: Leaf) -> str:
    return f"{leaf.row.code} {leaf.row.name}"
