"""What criteria take, from nothing to full marks, as a file says: an effort, and whether anything can be done at all.

Problems: T226 a unit that the result does not have, or that may be several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Literal

from attrs import evolve, field, frozen

from ictindex.cells import fold, shown
from ictindex.errors import Problem, TableInvalid, did_you_mean
from ictindex.findings import MANY
from ictindex.messages import one_of, say
from ictindex.model import Row, Scheme
from ictindex.origins import placed
from ictindex.result import Result
from ictindex.texts import bare


@frozen(kw_only=True)
class EffortLine:
    """What one row of a scheme takes: `effort` from nothing to full marks, in any unit such as days.

    None where nothing is said. `at_most` is the highest figure, or assessed points, that can be had there. What holds
    for one unit only names it by its code or name. `line` is counted from 1.
    """

    code: str
    effort: Fraction | None = None
    feasible: bool | None = None
    at_most: Fraction | None = None
    unit: str = ""
    remark: str = ""
    line: int = 0


@frozen(slots=False)
class Efforts:
    """The lines of a file of efforts; `source` is what messages call it.

    `only_listed`: nothing can be done at criteria that neither the file nor a line of a heading of theirs names.
    """

    lines: tuple[EffortLine, ...] = ()
    source: str = ""
    only_listed: bool = field(default=False, kw_only=True)

    @cached_property
    def _by_code(self) -> Mapping[str, Sequence[EffortLine]]:
        found: dict[str, list[EffortLine]] = {}
        for one in sorted(self.lines, key=lambda line: bool(line.unit)):  # the general first
            found.setdefault(one.code, []).append(one)
        return found

    def of(self, code: str, names: Sequence[str]) -> EffortLine | None:
        """Return what is said of a row for a unit of these names, None where nothing is.

        What is said of the unit wins over the general.
        """
        called = {fold(name) for name in names if name}
        said: EffortLine | None = None
        for one in self._by_code.get(code, ()):
            if not one.unit or fold(one.unit) in called:
                before = said or EffortLine(code=code)
                said = evolve(
                    before,
                    effort=before.effort if one.effort is None else one.effort,
                    feasible=before.feasible if one.feasible is None else one.feasible,
                    at_most=before.at_most if one.at_most is None else one.at_most,
                    remark=one.remark or before.remark,
                )
        return said

    def among(self, result: Result) -> Efforts:
        """Return the efforts with units as the result calls them: their accents need not be typed.

        Raises TableInvalid (T226) with every line of a unit that the result does not have.
        """
        if not any(one.unit for one in self.lines):
            return self
        known = {fold(name) for name in (*result.units, *result.names)}
        plain: dict[str, dict[str, str]] = {}
        for unit, name in zip(result.units, result.names, strict=True):
            for word in (unit, name):
                plain.setdefault(bare(word), {})[unit] = name
        lines, problems = [], []
        for one in self.lines:
            meant = [*plain.get(bare(one.unit), ())] if one.unit and fold(one.unit) not in known else [one.unit]
            if len(meant) == 1:
                lines.append(evolve(one, unit=meant[0]))
            elif meant:
                message = say("several units of the result may be {unit}", unit=shown(one.unit))
                hint = say("write the code of one of them: {codes}", codes=one_of(meant))
                problems.append(Problem("T226", message, placed(self.source, "", one.line, "unit"), hint))
            else:
                problems.append(self._unknown(one, result, search=len(problems) < MANY))
        if problems:
            raise TableInvalid(problems)
        return evolve(self, lines=tuple(lines))

    def _unknown(self, one: EffortLine, result: Result, *, search: bool) -> Problem:
        advice = say("write its code or name, or leave the cell empty: then the line holds for every unit")
        # Each search takes a while.
        hint = (search and did_you_mean(one.unit[:80], (*result.units, *result.names))) or advice
        message = say("the result has no unit {unit}", unit=shown(one.unit))
        return Problem("T226", message, placed(self.source, "", one.line, "unit"), hint)


@frozen
class Price:
    """What full marks of a row take, for whom it was said, and whether the row is feasible.

    `row` is the row that the effort was said of: the indicator or a heading of it, None where nobody says anything.
    `at_most` is the highest figure that can be had. An `unlisted` row is not feasible because the file names others.
    """

    row: Row | None = None
    effort: Fraction = Fraction(0)
    said_by: Literal["file", "scheme", "nobody"] = "nobody"
    feasible: bool = True
    remark: str = ""
    at_most: Fraction | None = None
    unlisted: bool = False


def price_of(scheme: Scheme, code: str, efforts: Efforts, names: Sequence[str]) -> Price:
    """Return what an indicator takes: as the file says of it or of the nearest heading, else as the scheme does.

    A heading that is not feasible makes everything below it so, unless something below says otherwise.
    """
    chain: tuple[Row, ...] = (scheme.row(code), *scheme.above(code))
    told = [(row, one) for row in chain if (one := efforts.of(row.code, names)) is not None]
    verdict = next((one for _, one in told if one.feasible is not None), EffortLine(code=code, feasible=True))
    prices = [Price(row, one.effort, "file") for row, one in told if one.effort is not None]
    prices += [Price(row, row.effort.number, "scheme") for row in chain if row.effort is not None]
    unlisted = efforts.only_listed and not told
    return evolve(
        next(iter(prices), Price()),
        feasible=bool(verdict.feasible) and not unlisted,
        remark="" if verdict.feasible else verdict.remark,
        at_most=next((one.at_most for row, one in told if row.code == code), None),
        unlisted=unlisted,
    )
