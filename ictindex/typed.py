"""A table as text: what a person would type into the cells so that the same table is read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ictindex.answers import is_shown
from ictindex.cells import number_text
from ictindex.model import Input, InputKind, Scheme
from ictindex.table import CellState, Column, Table

SHOWN = "x"
"""What stands in an evidence cell of evidence that was shown in unknown words."""
NOT_APPLICABLE = "n/a"


def typed_columns(scheme: Scheme, table: Table) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the heading and the cells of each column: who the units are, their figures, then their evidence.

    Evidence stands in the words that it was shown in, or as `x` where they are not known. Self-declared figures that
    differ from the verified ones stand in columns that end with `.self`, where the scheme knows such columns.
    """
    yield "unit", table.units
    if table.names != table.units:
        yield "name", table.names
    if scheme.pools is not None and table.pool is not None:
        yield scheme.pools.by, table.pool
    inputs = {one.code: one for one in scheme.inputs}
    for code, column in table.columns.items():
        yield code, typed_cells(column, inputs.get(code))
    for code, shown in table.evidence.items():
        texts = table.evidence_texts.get(code, ())
        known = texts if len(texts) == len(table) else [""] * len(table)
        yield f"{code}.evidence", [_evidence(text, one) for text, one in zip(known, shown.tolist(), strict=True)]
    if table.declared is not None and scheme.self_scored:
        for code, column in table.declared.columns.items():
            if column != table.columns.get(code):
                yield f"{code}.self", typed_cells(column, inputs.get(code))


def typed_cells(column: Column, given: Input | None = None) -> list[str]:
    """Return the cells of a column as text: numbers in plain decimals, a choice by its code, `yes` or `no`.

    `given` is the input that the column holds, None where it is a row's score or points left out.
    """
    values = column.values.tolist()
    known: dict[float, str] = {}
    for value in set(values):
        if value == value:  # NaN is no number to write
            known[value] = _typed(value, given)
    if column.states is None:
        return [known.get(value, "") for value in values]
    empty = {int(CellState.MISSING): "", int(CellState.NOT_APPLICABLE): NOT_APPLICABLE}
    states = column.states.tolist()
    return [empty.get(state, known.get(value, "")) for value, state in zip(values, states, strict=True)]


def _evidence(text: str, shown: bool) -> str:
    """Return the words of evidence, where they say that it is shown or is not, as it is."""
    return text if is_shown(text) == shown else SHOWN if shown else ""


def _typed(value: float, given: Input | None) -> str:
    if given is not None and given.kind is InputKind.CHOICE:
        return given.cases[int(value)].code
    if given is not None and given.kind is InputKind.YES_NO:
        return "yes" if value else "no"
    return number_text(Fraction(repr(value)))
