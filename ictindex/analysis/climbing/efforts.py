"""What criteria take, from nothing to full marks, as a file says: an effort, and whether anything can be done at all.

Problems: T226 a unit that the result does not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from attrs import evolve, frozen

from ictindex.cells import fold, shown
from ictindex.errors import Problem, TableInvalid, did_you_mean
from ictindex.findings import MANY
from ictindex.messages import say
from ictindex.model import Row, Scheme
from ictindex.origins import placed
from ictindex.result import Result


@frozen(kw_only=True)
class EffortLine:
    """What one row of a scheme takes: `effort` from nothing to full marks, in any unit such as days.

    None where nothing is said. What holds for one unit only names it by its code or name. `line` is counted from 1.
    """

    code: str
    effort: Fraction | None = None
    feasible: bool | None = None
    unit: str = ""
    remark: str = ""
    line: int = 0


@frozen
class Efforts:
    """The lines of a file of efforts; `source` is what messages call it."""

    lines: tuple[EffortLine, ...] = ()
    source: str = ""

    def of(self, code: str, names: Sequence[str]) -> EffortLine:
        """Return what is said of a row for a unit of these names; what is said of the unit wins over the general."""
        called = {fold(name) for name in names if name}
        said = EffortLine(code=code)
        for one in sorted(self.lines, key=lambda line: bool(line.unit)):  # the general first
            if one.code == code and (not one.unit or fold(one.unit) in called):
                said = evolve(
                    said,
                    effort=said.effort if one.effort is None else one.effort,
                    feasible=said.feasible if one.feasible is None else one.feasible,
                    remark=one.remark or said.remark,
                )
        return said

    def check_units(self, result: Result) -> None:
        """Raise TableInvalid (T226) with every line of a unit that the result does not have."""
        known = {fold(name) for name in (*result.units, *result.names)}
        problems = []
        for one in self.lines:
            if one.unit and fold(one.unit) not in known:
                message = say("the result has no unit {unit}", unit=shown(one.unit))
                advice = say("write its code or name, or leave the cell empty: then the line holds for every unit")
                close = len(problems) < MANY and did_you_mean(one.unit[:80], (*result.units, *result.names))
                hint = close or advice  # each search takes a while
                problems.append(Problem("T226", message, placed(self.source, "", one.line, "unit"), hint))
        if problems:
            raise TableInvalid(problems)


@frozen
class Price:
    """What full marks of a row take, for whom it was said, and whether the row is feasible.

    `row` is the row that the effort was said of: the indicator or a heading of it, None where nobody says anything.
    """

    row: Row | None = None
    effort: Fraction = Fraction(0)
    said_by: Literal["file", "scheme", "nobody"] = "nobody"
    feasible: bool = True
    remark: str = ""


def price_of(scheme: Scheme, code: str, efforts: Efforts, names: Sequence[str]) -> Price:
    """Return what an indicator takes: as the file says of it or of the nearest heading, else as the scheme does.

    A heading that is not feasible makes everything below it so, unless something below says otherwise.
    """
    chain: tuple[Row, ...] = (scheme.row(code), *scheme.above(code))
    said = [(row, efforts.of(row.code, names)) for row in chain]
    verdict = next((one for _, one in said if one.feasible is not None), EffortLine(code=code, feasible=True))
    prices = [Price(row, one.effort, "file") for row, one in said if one.effort is not None]
    prices += [Price(row, row.effort.number, "scheme") for row in chain if row.effort is not None]
    stated = next(iter(prices), Price())
    return evolve(stated, feasible=bool(verdict.feasible), remark="" if verdict.feasible else verdict.remark)
