"""Makes the tree that says why a unit has its score: rows with inputs, formula, points, contributions and flags."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from ictindex.citations import Statement, Status
from ictindex.exact import Settled
from ictindex.explaining.contributing import contributed, pool_at, printed_text
from ictindex.explaining.figures import Figures
from ictindex.explaining.formulas import IN_WORDS, Formulas
from ictindex.explanation import Explained, Verdict
from ictindex.matrix import Flag
from ictindex.model import Row
from ictindex.plan import Leaf, Plan
from ictindex.table import Table


def explained(
    plan: Plan, table: Table, settled: Settled, unit: int, place: int, verdict: Callable[[str], Verdict]
) -> Explained:
    """Return why the unit at that position has its points at a row of the matrix, and at all rows below.

    `verdict` says what was published of a row, by its code.
    """
    with plan.arithmetic.context():
        return _Teller(plan, table, settled, unit, verdict).row(place)


class _Teller:
    """Tells the rows of one unit, from the exact numbers of its column."""

    def __init__(
        self, plan: Plan, table: Table, settled: Settled, unit: int, verdict: Callable[[str], Verdict]
    ) -> None:
        self.plan, self.table, self.settled, self.unit, self.verdict = plan, table, settled, unit, verdict
        self.trace, self.matrix = settled.trace(unit), settled.matrix
        self.figures = Figures(plan.scheme, table, unit)
        self.parts = 1 if settled.merge is None else len(settled.merge.rows(np.array([unit], np.intp)))
        self.formulas = Formulas(plan, self.matrix, self.trace, unit, self.parts)
        self.contributed = contributed(plan, settled, unit)

    def row(self, place: int) -> Explained:
        """Return a row explained with everything below it."""
        node, row = self.plan.nodes[place], self.plan.nodes[place].row
        leaf = node if isinstance(node, Leaf) else None
        flag, part = self.matrix.flag(place, self.unit), self.contributed[place]
        counts = not flag & (Flag.LEFT_OUT | Flag.COVERED) and (leaf is not None or self._combines(place))
        points = self.trace.points[place] if counts else None
        read = leaf is not None and not flag & (Flag.GIVEN | Flag.COVERED) and self.parts == 1
        cells = self.figures.inputs(leaf, codes=True) if leaf is not None else ()
        fit, statements = self._fit(place), self._statements(row)
        return Explained(
            code=row.code,
            name=row.name,
            en=row.en,
            role=row.role,
            points=points,
            max=row.max,
            weight=row.weight,
            contribution=part.to_heading,
            total="" if part.total < 0 else self.plan.nodes[part.total].row.code,
            to_total=part.to_total,
            printed=printed_text(self.plan, part),
            verdict=self.verdict(row.code),
            formula=self.formulas.formula(node, points, flag, fit, cells),
            words=self.formulas.words(node, flag, fit, cells),
            in_words=leaf is not None and row.scale is None and leaf.row.measure.name in IN_WORDS,
            words_alone=self.formulas.words_alone(node),
            inputs=self.figures.inputs(leaf) if read and leaf is not None else (),
            evidence=self.figures.evidence(row),
            matched=self.formulas.matched(node, flag, cells),
            fit=fit,
            flags=(*(one.label for one in Flag if one in flag), *_assumed(statements)),
            citation=row.citation,
            statements=statements,
            history=tuple(self.figures.history(row)),
            rejected=self.table.origin.is_rejected(self.unit, row.code),
            children=tuple(self.row(child) for child in node.children),
        )

    def _combines(self, place: int) -> bool:
        return getattr(self.plan.nodes[place], "aggregation", None) is not None

    def _statements(self, row: Row) -> tuple[Statement, ...]:
        """Return what the scheme states in the row, and the scale that a heading above states for it."""
        own = [one for one in self.plan.scheme.statements if one.at == row.code]
        scale = self.plan.scheme.scale_statement(row)
        return tuple(own if scale is None else [*own, scale])

    def _fit(self, place: int) -> dict[str, str]:
        """Return what the unit's pool taught at this row, with the code and the name of who holds the ends."""
        fit = self.matrix.fits.get(place)
        if fit is None:
            return {}
        pool = pool_at(self.plan, self.table, place, self.unit)
        if not fit.borrowed and any(at[pool] < 0 for at in fit.holders.values()):
            return {}  # nobody in the pool has a figure
        told = _learned({name: float(values[pool]) for name, values in fit.numbers.items()})
        if not fit.borrowed and self.settled.merge is None:
            told |= dict(self._holders({name: int(at[pool]) for name, at in fit.holders.items()}))
        return told

    def _holders(self, holders: dict[str, int]) -> Iterator[tuple[str, str]]:
        for name, unit in holders.items():
            if unit >= 0:
                yield f"{name}_unit", self.table.units[unit]
                if self.table.names[unit] not in ("", self.table.units[unit]):
                    yield f"{name}_name", self.table.names[unit]


def _learned(numbers: Mapping[str, float]) -> dict[str, str]:
    """Return numbers with 10 digits; whole ones whole, and with all their digits where fewer make two of them equal."""
    told = {name: f"{one:.15g}" if one.is_integer() else f"{one:.10g}" for name, one in numbers.items()}
    alike = len(set(told.values())) < len(set(numbers.values()))
    return {name: f"{one:.15g}" for name, one in numbers.items()} if alike else told


def _assumed(statements: tuple[Statement, ...]) -> tuple[Any, ...]:
    """Return the flag of a row some of whose numbers nobody published."""
    return ("assumed",) if any(one.citation.status is Status.ASSUMED for one in statements) else ()
