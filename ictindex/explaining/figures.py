"""What stands in a table about one unit: the cells that a row read, its evidence, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator

from ictindex.explanation import ExplainedEvidence, ExplainedInput
from ictindex.leafrun import without_evidence
from ictindex.messages import say
from ictindex.model import Indicator, InputKind, Row, Scheme
from ictindex.plan import Leaf
from ictindex.table import CellState, Table


class Figures:
    """Tells the figures of one unit."""

    def __init__(self, scheme: Scheme, table: Table, unit: int) -> None:
        self.scheme, self.table, self.unit = scheme, table, unit

    def inputs(self, leaf: Leaf, *, codes: bool = False) -> tuple[ExplainedInput, ...]:
        """Return the cells that the leaf read, once each; a choice is told with its words unless `codes`."""
        return tuple(self._cell(code, codes) for code in dict.fromkeys(leaf.measure.inputs))

    def evidence(self, row: Row) -> ExplainedEvidence | None:
        """Return the evidence that the row asks for, and whether the unit showed it; None where it asks for none."""
        asked, table = row.evidence, self.table
        if asked is None:
            return None
        shown, words = table.evidence.get(row.code), table.evidence_texts.get(row.code)
        return ExplainedEvidence(
            ask=asked.ask,
            due=asked.due,
            without=without_evidence(row, table),
            shown=None if shown is None else bool(shown[self.unit]),
            words="" if words is None else words[self.unit],
            rejected=table.origin.is_rejected(self.unit, row.code),
        )

    def history(self, row: Row) -> Iterator[str]:
        """Yield what became of the row's figures since they were declared; a figure of several is named."""
        inputs = row.inputs if isinstance(row, Indicator) else ()
        for key in dict.fromkeys((*inputs, *(f"{row.code}.{kind}" for kind in ("score", "excluded", "evidence")))):
            for line in self.table.origin.history(self.unit, key):
                yield line if key in (row.code, f"{row.code}.score") else say("{code}: {words}", code=key, words=line)

    def _cell(self, code: str, codes: bool) -> ExplainedInput:
        given, column = self.scheme.input(code), self.table.columns.get(code)
        state = CellState.MISSING if column is None else CellState.REPORTED
        if column is not None and column.states is not None:
            state = CellState(int(column.states[self.unit]))
        text = ""
        if column is not None and state is CellState.REPORTED:
            value = column.values[self.unit]
            text = f"{value:.15g}"
            if given.kind is InputKind.CHOICE:
                case = given.cases[int(value)]
                text = case.code if codes else f"{case.code} {case.name}"
            elif given.kind is InputKind.YES_NO and not codes:
                text = say("yes") if value else say("no")
        return ExplainedInput(code, given.name, text, state.name.lower().replace("_", "-"), given.unit)
