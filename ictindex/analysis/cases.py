"""Published figures that a scheme must reproduce, and where it does not.

The unit cases of a file are scored together, as one table, so that ranks and scales over the pool mean what they say.
Totals that stand side by side are scored one after the other: the table of a total has the cases that give or expect
something of it. So a case may leave a total out, and takes no part in that total's ranks. A case that names no pool is
a pool of its own where every value is a pool. A ranking is one table of given totals, all in one pool.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from ictindex.cells import number_text
from ictindex.engine import run
from ictindex.errors import Location
from ictindex.model import RESERVED_SUFFIXES, Citation, InputKind, Row, Scheme, Source, walk
from ictindex.plan import Plan
from ictindex.result import Result
from ictindex.table import Table, assemble

Answer = Fraction | str | None
"""A published score or a rank, the name of a level, or None where a unit has none."""


@frozen
class Expected:
    """What a case expects of one row. A score is on the scale that the row publishes."""

    row: str
    what: Literal["score", "level", "rank"]
    value: Answer
    where: Location


@frozen(kw_only=True)
class UnitCase:
    """One unit: the cells that are given, by column, as typed, and what must come of them.

    `within` is how far a published score may be from the expected one, both ends included.
    """

    code: str
    name: str
    given: tuple[tuple[str, str], ...]
    expect: tuple[Expected, ...]
    within: Fraction = Fraction(0)
    citation: Citation = field(factory=Citation)
    notes: str = ""
    where: Location


@frozen
class RankedUnit:
    """A line of a published ranking: a score as typed, and the rank it had."""

    code: str
    name: str
    score: str
    rank: Fraction
    where: Location


@frozen(kw_only=True)
class RankingCase:
    """Published scores of one total (`given`, its code) with the ranks that they must get."""

    given: str
    units: tuple[RankedUnit, ...]
    citation: Citation = field(factory=Citation)
    notes: str = ""


@frozen(kw_only=True)
class CaseFile:
    """Every case beside one scheme, and the sources that their citations name."""

    scheme: str
    units: tuple[UnitCase, ...] = ()
    ranking: RankingCase | None = None
    sources: tuple[Source, ...] = ()
    notes: str = ""
    source: str = ""


@frozen(kw_only=True)
class Difference:
    """One figure that the scheme does not reproduce."""

    unit: str
    name: str
    row: str
    what: Literal["score", "level", "rank"]
    expected: Answer
    found: Answer
    within: Fraction = Fraction(0)
    where: Location

    def __str__(self) -> str:
        subject = self.row if self.what == "score" else f"the {self.what} of {self.row}"
        message = f"{subject} is {_shown(self.found)}, expected was {_shown(self.expected)}"
        if self.within:
            message += f" within {_shown(self.within)}"
        return f"{self.where}: {self.unit} {self.name}: {message}"


def run_cases(plan: Plan, cases: CaseFile) -> tuple[Difference, ...]:
    """Return every figure that differs from what the cases expect, in the order of the file; empty where none does.

    Published scores are compared, exactly: a difference of just `within` is no difference. Raises TableInvalid, at the
    line of the case, where the scheme refuses what a case gives or leaves out.
    """
    found = [one for total in plan.scheme.totals for one in _unit_differences(plan, cases, total)]
    if cases.ranking is not None:
        found += _ranking_differences(plan, cases, cases.ranking)
    return tuple(sorted(found, key=lambda difference: difference.where))


def score_column(scheme: Scheme, code: str) -> str:
    """Return the column that gives a row's score: its code, unless an input that is no score has that code."""
    kinds = {one.code: one.kind for one in scheme.inputs}
    return code if kinds.get(code, InputKind.POINTS) is InputKind.POINTS else f"{code}.score"


def _unit_differences(plan: Plan, cases: CaseFile, total: Row) -> Iterator[Difference]:
    scheme = plan.scheme
    homes = _homes(scheme)
    concerned = [(case, _concerned(case, homes)) for case in cases.units]
    here = [(case, totals) for case, totals in concerned if total.code in totals]
    if not here:
        return
    lines = [
        (case.where.line, {**_heads(case, scheme), **dict(case.given), **_filler(scheme, totals)})
        for case, totals in here
    ]
    result = run(plan, _table(scheme, lines, cases.source))
    for case, _ in here:
        for expected in case.expect:
            if homes[expected.row] == total.code:
                yield from _difference(result, case.code, case.name, expected, case.within)


def _ranking_differences(plan: Plan, cases: CaseFile, ranking: RankingCase) -> Iterator[Difference]:
    scheme = plan.scheme
    column, filler = score_column(scheme, ranking.given), _filler(scheme, {ranking.given})
    pool = {}
    if scheme.pools is not None:
        pool = {scheme.pools.by: next((one.code for one in scheme.pools.pools if one.ranked), "ranking")}
    lines = [
        (unit.where.line, {"unit": unit.code, "name": unit.name, column: unit.score, **pool, **filler})
        for unit in ranking.units
    ]
    result = run(plan, _table(scheme, lines, cases.source))
    for unit in ranking.units:
        expected = Expected(ranking.given, "rank", unit.rank, unit.where)
        yield from _difference(result, unit.code, unit.name, expected, Fraction(0))


def _difference(result: Result, unit: str, name: str, expected: Expected, within: Fraction) -> Iterator[Difference]:
    found, value = _answer(result, result.units.index(unit), expected), expected.value
    same = found == value
    if expected.what == "score" and isinstance(found, Fraction) and isinstance(value, Fraction):
        same = abs(found - value) <= within
    else:
        within = Fraction(0)
    if not same:
        yield Difference(
            unit=unit,
            name=name,
            row=expected.row,
            what=expected.what,
            expected=value,
            found=found,
            within=within,
            where=expected.where,
        )


def _answer(result: Result, position: int, expected: Expected) -> Answer:
    if expected.what == "level":
        return result.levels(expected.row)[position]
    if expected.what == "rank":
        rank = result.ranks(expected.row)[position]
        return Fraction(float(rank)) if rank else None
    published = result.published(expected.row)[position]
    return None if published is None else Fraction(published)


def _homes(scheme: Scheme) -> dict[str, str]:
    """Return the total that each row, and each input which a row declares, belongs to. A shared input has none."""
    homes = {row.code: total.code for total in scheme.totals for row in walk(total)}
    return {one.code: homes[one.owner] for one in scheme.inputs if one.owner in homes} | homes


def _concerned(case: UnitCase, homes: Mapping[str, str]) -> set[str]:
    """Return the totals that a case gives or expects something of."""
    codes = [*(_stem(column) for column, _ in case.given), *(expected.row for expected in case.expect)]
    return {homes[code] for code in codes if code in homes}


def _stem(column: str) -> str:
    stem = column.removesuffix(".self")
    return next((stem.removesuffix(ending) for ending in RESERVED_SUFFIXES if stem.endswith(ending)), stem)


def _heads(case: UnitCase, scheme: Scheme) -> dict[str, str]:
    heads = {"unit": case.code, "name": case.name}
    if scheme.pools is not None:
        heads[scheme.pools.by] = "" if scheme.pools.pools else case.code
    return heads


def _filler(scheme: Scheme, totals: Iterable[str]) -> dict[str, str]:
    """Return a score of 0 for every other total: it is not looked at, and its cells are not asked for."""
    return {score_column(scheme, total.code): "0" for total in scheme.totals if total.code not in {*totals}}


def _table(scheme: Scheme, lines: Sequence[tuple[int, Mapping[str, str]]], source: str) -> Table:
    """Return the table of the lines. It has every input's column, so that a missing cell is told at its own line."""
    inputs = [one.code for one in scheme.inputs]
    header = list(dict.fromkeys([*(column for _, cells in lines for column in cells), *inputs]))
    return assemble(header, [(line, [cells.get(one, "") for one in header]) for line, cells in lines], scheme, source)


def _shown(answer: Answer) -> str:
    if answer is None:
        return "none"
    return number_text(answer) if isinstance(answer, Fraction) else answer
