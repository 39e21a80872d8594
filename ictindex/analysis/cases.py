"""Published figures that a scheme must reproduce, and where it does not.

The unit cases of a file are scored together, as one table, so that ranks and scales over the pool mean what they say.
Totals that stand side by side are scored one after the other: the table of a total has the cases that give or expect
something of it. So a case may leave a total out, and takes no part in that total's ranks. A case that names no pool is
a pool of its own where every value is a pool. A ranking is one table of given totals, all in one pool.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Literal

from attrs import evolve, field, frozen

from ictindex.assembling import Grid, ReadOptions, assemble
from ictindex.cells import number_text
from ictindex.citations import Citation, Source
from ictindex.engine import run
from ictindex.errors import Location, Problem, TableInvalid
from ictindex.messages import say
from ictindex.model import RESERVED_SUFFIXES, InputKind, Row, Scheme, walk
from ictindex.plan import Plan
from ictindex.result import Result
from ictindex.table import Table

_YAML_NUMBERS = ReadOptions(decimal="point")

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
    """Every case beside one scheme, and the sources that their citations name.

    `variant` is the variant of the scheme in which the figures hold, empty for the scheme as it stands.
    """

    scheme: str
    variant: str = ""
    units: tuple[UnitCase, ...] = ()
    ranking: RankingCase | None = None
    sources: tuple[Source, ...] = ()
    notes: str = ""
    source: str = ""


@frozen(kw_only=True, eq=False)
class CaseRun:
    """The cases of one table, scored together: those of one total, or the lines of the ranking.

    Each case expects here only what belongs to that total.
    """

    total: str
    cases: tuple[UnitCase, ...]
    result: Result = field(repr=False)
    ranking: bool = False


@frozen(kw_only=True)
class Difference:
    """One figure that the scheme does not reproduce; `run` and `case` are the table and the case that show it."""

    unit: str
    name: str
    row: str
    what: Literal["score", "level", "rank"]
    expected: Answer
    found: Answer
    within: Fraction = Fraction(0)
    where: Location
    run: CaseRun = field(eq=False, repr=False)
    case: UnitCase = field(eq=False, repr=False)

    @property
    def problem(self) -> Problem:
        """The difference as a problem, at the line of the figure."""
        facts = {"unit": f"{self.unit} {self.name}", "row": self.row}
        facts |= {"found": shown(self.found), "expected": shown(self.expected)}
        if self.what == "rank":
            message = say("{unit}: the rank of {row} is {found}, expected was {expected}", **facts)
        elif self.what == "level":
            message = say("{unit}: the level of {row} is {found}, expected was {expected}", **facts)
        elif self.within:
            near = number_text(self.within)
            message = say("{unit}: {row} is {found}, expected was {expected} within {near}", **facts, near=near)
        else:
            message = say("{unit}: {row} is {found}, expected was {expected}", **facts)
        return Problem("C030", message, self.where)

    def to_dict(self, language: str = "en") -> dict[str, object]:
        """Return the difference as plain data, for JSON; figures are texts, as exact as they are."""
        return {
            **self.problem.to_dict(language),
            "unit": self.unit,
            "name": self.name,
            "row": self.row,
            "what": self.what,
            "expected": None if self.expected is None else str(shown(self.expected)),
            "found": None if self.found is None else str(shown(self.found)),
            "within": str(shown(self.within)),
        }

    def __str__(self) -> str:
        return str(self.problem)


@frozen(kw_only=True, eq=False)
class CaseReport:
    """What became of every figure in a file of cases: the tables that were scored, and the figures that differ."""

    plan: Plan = field(repr=False)
    cases: CaseFile
    runs: tuple[CaseRun, ...]
    differences: tuple[Difference, ...]

    @property
    def figures(self) -> int:
        """How many figures are expected."""
        return sum(len(case.expect) for one in self.runs for case in one.cases)

    @property
    def held(self) -> int:
        """How many of them the scheme gives."""
        return self.figures - len(self.differences)

    @property
    def loose(self) -> int:
        """How many scores hold only because `within` allows more than the last digit that is printed."""
        return sum(
            _is_loose(one, case, expected) for one in self.runs for case in one.cases for expected in case.expect
        )


def run_cases(plan: Plan, cases: CaseFile) -> CaseReport:
    """Return what the scheme makes of the cases; its differences stand in the order of the file.

    Published scores are compared, exactly: a difference of just `within` is no difference. Raises TableInvalid, at the
    line of the case, where the scheme refuses what a case gives or leaves out.
    """
    runs = tuple(_runs(plan, cases))
    found = (difference for one in runs for case in one.cases for difference in _differences(one, case))
    return CaseReport(
        plan=plan,
        cases=cases,
        runs=runs,
        differences=tuple(sorted(found, key=lambda difference: difference.where)),
    )


def score_column(scheme: Scheme, code: str) -> str:
    """Return the column that gives a row's score: its code, unless an input that is no score has that code."""
    kinds = {one.code: one.kind for one in scheme.inputs}
    return code if kinds.get(code, InputKind.POINTS) is InputKind.POINTS else f"{code}.score"


def _runs(plan: Plan, cases: CaseFile) -> Iterator[CaseRun]:
    """Yield the run of each total, and of the ranking. Raises TableInvalid with what the scheme refuses in any."""
    refused: dict[Problem, None] = {}
    tables: list[Callable[[], CaseRun | None]] = [partial(_unit_run, plan, cases, one) for one in plan.scheme.totals]
    if cases.ranking is not None:
        tables.append(partial(_ranking_run, plan, cases, cases.ranking))
    for table in tables:
        try:
            one = table()
        except TableInvalid as error:
            refused |= dict.fromkeys(error.problems)
            continue
        if one is not None:
            yield one
    if refused:
        raise TableInvalid(sorted(refused, key=lambda problem: (problem.where, problem.code)))


def _unit_run(plan: Plan, cases: CaseFile, total: Row) -> CaseRun | None:
    """Return the run of the cases that give or expect something of a total, None where no case does."""
    scheme = plan.scheme
    homes = _homes(scheme)
    concerned = [(case, _concerned(case, homes)) for case in cases.units]
    here = [(case, totals) for case, totals in concerned if total.code in totals]
    if not here:
        return None
    lines = [
        (case.where.line, {**_heads(case, scheme), **dict(case.given), **_filler(scheme, totals)})
        for case, totals in here
    ]
    own = (evolve(case, expect=tuple(one for one in case.expect if homes[one.row] == total.code)) for case, _ in here)
    return CaseRun(total=total.code, cases=tuple(own), result=run(plan, _table(scheme, lines, cases.source)))


def _ranking_run(plan: Plan, cases: CaseFile, ranking: RankingCase) -> CaseRun:
    """Return the run of a published ranking: each line is a case that gives a score and expects a rank."""
    scheme = plan.scheme
    column, filler = score_column(scheme, ranking.given), _filler(scheme, {ranking.given})
    pool = {}
    if scheme.pools is not None:
        pool = {scheme.pools.by: next((one.code for one in scheme.pools.pools if one.ranked), "ranking")}
    own = [
        UnitCase(
            code=unit.code,
            name=unit.name,
            given=((column, unit.score),),
            expect=(Expected(ranking.given, "rank", unit.rank, unit.where),),
            citation=ranking.citation,
            where=unit.where,
        )
        for unit in ranking.units
    ]
    lines = [
        (case.where.line, {"unit": case.code, "name": case.name, **dict(case.given), **pool, **filler}) for case in own
    ]
    result = run(plan, _table(scheme, lines, cases.source))
    return CaseRun(total=ranking.given, cases=tuple(own), result=result, ranking=True)


def _differences(one: CaseRun, case: UnitCase) -> Iterator[Difference]:
    for expected in case.expect:
        found = answer(one.result, case.code, expected)
        near = Fraction(0) if _apart(expected, found) is None else case.within
        if not _same(expected, found, near):
            yield Difference(
                unit=case.code,
                name=case.name,
                row=expected.row,
                what=expected.what,
                expected=expected.value,
                found=found,
                within=near,
                where=expected.where,
                run=one,
                case=case,
            )


def holds(one: CaseRun, case: UnitCase, expected: Expected) -> bool:
    """Return whether the scheme gives a figure that a case expects."""
    return _same(expected, answer(one.result, case.code, expected), case.within)


def _is_loose(one: CaseRun, case: UnitCase, expected: Expected) -> bool:
    apart = _apart(expected, answer(one.result, case.code, expected))
    digit = Fraction(1, 10 ** one.result.scheme.row(expected.row).publish.decimals)
    return apart is not None and digit < apart <= case.within


def answer(result: Result, unit: str, expected: Expected) -> Answer:
    """Return what a result has where a figure is expected of a unit."""
    position = result.units.index(unit)
    if expected.what == "level":
        return result.levels(expected.row)[position]
    if expected.what == "rank":
        rank = result.ranks(expected.row)[position]
        return Fraction(float(rank)) if rank else None
    published = result.published(expected.row)[position]
    return None if published is None else Fraction(published)


def _same(expected: Expected, found: Answer, within: Fraction) -> bool:
    apart = _apart(expected, found)
    return found == expected.value if apart is None else apart <= within


def _apart(expected: Expected, found: Answer) -> Fraction | None:
    """Return how far a score is from the expected one, None where they are no two numbers of a score."""
    if expected.what == "score" and isinstance(found, Fraction) and isinstance(expected.value, Fraction):
        return abs(found - expected.value)
    return None


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
    rows = [(line, [cells.get(one, "") for one in header]) for line, cells in lines]
    return assemble(Grid(header=header, rows=rows, source=source), scheme, _YAML_NUMBERS)


def shown(value: Answer) -> str:
    """Return an answer for a person; `none` where there is none."""
    if value is None:
        return say("none")
    return number_text(value) if isinstance(value, Fraction) else value
