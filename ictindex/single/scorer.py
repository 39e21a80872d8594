"""Scores one unit at a time under a plan, with what others taught where units are compared.

Problems: U330 units are compared and no result says with whom; U331 the inputs are no mapping.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NoReturn

from attrs import evolve

from ictindex.analysis.doubts import doubts_of
from ictindex.assembling import ReadOptions, assemble_columns
from ictindex.engine import check_reference, run
from ictindex.errors import Problem, TableInvalid, WrongUse, retold
from ictindex.findings import Found
from ictindex.learned import Learned
from ictindex.matrix import Flag
from ictindex.messages import Text, say
from ictindex.plan import Plan
from ictindex.result import Result
from ictindex.single.entries import Cells, Entry
from ictindex.single.filled import Line
from ictindex.single.rows import Rows
from ictindex.single.score import UnitScore
from ictindex.single.settled import ByEngine, ByFloats
from ictindex.table import Table

Inputs = Mapping[str, Any]
"""The cells of one unit by the headings that a table's columns may have: numbers, texts as they are typed, None."""

Reference = Result | Learned
"""What units are compared with: an earlier result, or what was learned from units."""

_UNNAMED = "1"
_OF_UNIT = say("{unit}: {problem}", unit="", problem="").template


class Scorer:
    """Scores one unit at a time; made once for a plan, and for what its units are compared with (`reference`).

    `decimal` is the sign before the decimals of numbers that are typed as text, where they do not show it themselves.
    Nothing of one unit is kept for the next; threads may share a scorer.
    """

    def __init__(
        self, plan: Plan, reference: Reference | None = None, *, decimal: Literal["", "point", "comma"] = ""
    ) -> None:
        self._options = ReadOptions(decimal=decimal)
        if reference is not None:
            check_reference(plan, reference)
        elif plan.relative:
            message = say("{scheme} compares units with one another", scheme=plan.scheme.id)
            raise WrongUse(
                Problem(
                    "U330",
                    message,
                    hint=say("give the result of the others, or what was learned of them, with `reference=`"),
                )
            )
        self.plan, self.reference = plan, reference
        self._cells = Cells(plan, decimal)
        self._rows = Rows(plan, self._cells)
        self._pooled = any(plan.pooled(node.place) for node in plan.nodes)
        self._lines: dict[str, Line] = {} if plan.relative else {"": Line(plan, self._cells, {})}

    def score(self, inputs: Inputs) -> UnitScore:
        """Return what the unit earns: the same bits, flags and levels as in a table of this one unit.

        An input that is not there is a missing cell. Raises TableInvalid with every problem of the inputs, as a table
        of them would have; the place of each is its input. Raises WrongUse where the inputs are no mapping.
        """
        if not isinstance(inputs, Mapping):
            _no_mapping(inputs)
        entry = self._cells.read(inputs)
        pool = entry.pool if entry is not None and self._pooled else ""
        line = self._lines.get(pool)
        filled = line.run(entry) if line is not None and line.sure and entry is not None else None
        if line is None or entry is None or filled is None:
            return self._by_engine(inputs, entry, pool)
        typed = dict(inputs)
        settled = ByFloats(line, self._rows, entry, filled, lambda: self.result(typed))
        return UnitScore(entry.unit, self._rows, filled.points, filled.flags, settled)

    def result(self, inputs: Inputs) -> Result:
        """Return the engine's result of the one unit, from which everything else is read, such as an explanation.

        Raises as `score`.
        """
        table = self.table(inputs)
        with retold(_of_inputs(inputs)):
            return run(self.plan, table, reference=self.reference)

    def table(self, inputs: Inputs) -> Table:
        """Return the inputs as the table of one unit. Raises as `score`, where a cell cannot be read."""
        if not isinstance(inputs, Mapping):
            _no_mapping(inputs)
        cells = {str(key): cell for key, cell in inputs.items() if not (key == "unit" and cell in (None, ""))}
        targets = [self._cells.columns.column(key) for key in cells]
        if not any(target is not None and target.role in ("unit", "either") for target in targets):
            cells = {"unit": _UNNAMED, **cells}
        there = {target.key for target in targets if target is not None and not target.declared}
        cells |= {code: None for code in self._cells.codes if code not in there}
        columns = [[cell] for cell in cells.values()]
        with retold(_of_inputs(inputs)):
            return assemble_columns(list(cells), columns, self.plan.scheme, Found(""), options=self._options)

    def problems(self, inputs: Inputs) -> tuple[Problem, ...]:
        """Return everything that is wrong with the inputs, or else what looks wrong in them, as warnings."""
        try:
            result = self.result(inputs)
        except TableInvalid as error:
            return error.problems
        return tuple(map(_of_inputs(inputs), doubts_of(result.table, self.plan.scheme)))

    def _by_engine(self, inputs: Inputs, entry: Entry | None, pool: str) -> UnitScore:
        """Return the score of the engine, and keep what it took from the reference for the unit's pool."""
        result = self.result(inputs)
        matrix = result.settled.matrix
        if entry is not None and pool not in self._lines and not matrix.flag(0, 0) & Flag.EXACT:
            # Under a reference that needs exact numbers everyone does: then there is never a line.
            self._lines[pool] = Line(self.plan, self._cells, result.fits)
        points: Sequence[float] = matrix.points[:, 0].tolist()
        flags = {place: int(matrix.flag(place, 0)) for place in range(len(points))}
        unit = result.units[0] if entry is None or entry.unit else ""
        return UnitScore(unit, self._rows, points, flags, ByEngine(result))


def _of_inputs(inputs: Inputs) -> Callable[[Problem], Problem]:
    """Return what tells a problem of a table of one unit as one of its inputs: their places are inputs, not lines."""
    named = bool(inputs.get("unit"))

    def told(one: Problem) -> Problem:
        message = one.message
        if not named and isinstance(message, Text) and message.template == _OF_UNIT:
            message = message.parts["problem"]
        return evolve(one, message=message, where=evolve(one.where, source="", line=0))

    return told


def _no_mapping(inputs: object) -> NoReturn:
    message = say("the inputs of a unit are no {kind}", kind=type(inputs).__name__)
    raise WrongUse(Problem("U331", message, hint=say("give a mapping from the codes of inputs to their values")))
