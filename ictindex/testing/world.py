"""What a law is, what it looks at, and what is told of one that is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np
from attrs import evolve, field, frozen

from ictindex.engine import run
from ictindex.explaining.answer import Explanation
from ictindex.explanation import number_text
from ictindex.formats.csv import CsvFormat
from ictindex.messages import say
from ictindex.origins import Origin
from ictindex.plan import Heading, Node, Plan
from ictindex.result import Result
from ictindex.strategies.base import Array
from ictindex.table import Column, Table
from ictindex.testing.rows import Wanted

NEAR = 1e-9
"""Points that differ by less than this share of a maximum are equal: what rounding may do is no law's concern."""


@frozen(kw_only=True)
class Broken:
    """A law that does not hold: the smallest table that shows it, and what happened there.

    `row` is the code of the row that breaks it, `words` what was expected and what was found. `table` is the text of a
    CSV file, `unit` the one to look at; `before` and `after` explain its points at the row, where they can be told.
    """

    law: str
    row: str
    words: str
    table: str
    unit: str
    before: Explanation | None = field(default=None, eq=str, repr=False)
    after: Explanation | None = field(default=None, eq=str, repr=False)


@frozen
class World:
    """A scheme with one drawn table; `pick` draws one of several things that a law may try."""

    plan: Plan
    table: Table
    pick: Callable[[Sequence[Any]], Any]

    @cached_property
    def result(self) -> Result:
        """The scores of the table."""
        return run(self.plan, self.table)

    def broken(self, law: str, row: str, words: str, unit: int = 0, after: Table | None = None) -> Broken:
        """Return that the law is broken at a row of a unit; `after` is the table with what was changed."""
        return shown(self.plan, law, row, words, self.table, unit, after)


def shown(
    plan: Plan, law: str, row: str, words: str, table: Table, unit: int = 0, after: Table | None = None
) -> Broken:
    """Return that the law is broken in a table, with the explanations that can be given."""
    return Broken(
        law=law,
        row=row,
        words=words,
        table=CsvFormat().write_table(table, plan.scheme),
        unit=table.units[unit],
        before=_explained(plan, table, table.units[unit], row),
        after=None if after is None else _explained(plan, after, table.units[unit], row),
    )


def _explained(plan: Plan, table: Table, unit: str, row: str) -> Explanation | None:
    try:
        return run(plan, table).explain(unit, row)
    except Exception:  # noqa: BLE001 - a strategy of another package may fail on exact numbers; the words stand anyway
        return None


@frozen
class Asked:
    """Whether a law is asked of a scheme: why not at all, or of which rows it is not and why."""

    why_not: str = ""
    remarks: tuple[str, ...] = ()


Outcome = Literal["held", "not asked", "broken"]


@frozen(kw_only=True)
class LawReport:
    """What became of one law: how many tables it held on, why it was not asked, or how it is broken.

    `remarks` tell of rows that it was not asked of.
    """

    law: str
    outcome: Outcome
    tables: int = 0
    why: str = ""
    remarks: tuple[str, ...] = ()
    broken: Broken | None = None

    @property
    def words(self) -> str:
        """The outcome in one sentence."""
        if self.outcome == "broken" and self.broken is not None:
            return say("broken: {words}", words=self.broken.words)
        if self.outcome == "not asked":
            return say("not asked: {why}", why=self.why)
        return say("held on 1 table") if self.tables == 1 else say("held on {count} tables", count=self.tables)

    def __str__(self) -> str:
        return f"{self.law}: {self.words}"


def _always(_plan: Plan) -> Asked:
    return Asked()


Look = Callable[[World], Broken | None]
Examine = Callable[[Plan], tuple[int, Broken | None, tuple[str, ...]]]


@frozen(kw_only=True)
class Law:
    """Something that holds for every scheme, or that the scheme says why it does not.

    `words` say it in one sentence. `asked` says whether a scheme can be asked; without it every scheme can. A law
    either looks at tables that are drawn (`look`, `wanted` says which), or makes its own tables
    (`examine`: how many, what is broken, and what it has to remark).
    """

    name: str
    words: str
    asked: Callable[[Plan], Asked] = field(default=_always)
    look: Look | None = None
    wanted: Wanted = field(factory=Wanted)
    examine: Examine | None = None


def listed(codes: Sequence[str], most: int = 6) -> str:
    """Return row codes in words, the first few and how many more."""
    if len(codes) <= most:
        return ", ".join(codes)
    return say("{codes} and {count} more", codes=", ".join(codes[:most]), count=len(codes) - most)


def points_text(number: Any) -> str:
    """Return points for a person, or a dash where there are none."""
    return "–" if number is None or np.isnan(float(number)) else number_text(number)


def name_of(plan: Plan, code: str) -> str:
    """Return an input or a row as a person knows it: its code and its words."""
    known = {one.code: one.name for one in plan.scheme.inputs}
    name = known.get(code) or plan.scheme.row(code).name
    return code if name in ("", code) else f"{code} {name}"


def counts(node: Node) -> bool:
    """Whether a row has a score: it is not informational, nor a top that combines nothing."""
    return bool(node.row.max) and not (isinstance(node, Heading) and node.aggregation is None)


def counted(plan: Plan) -> Iterator[Node]:
    """Yield the rows that have a score, those below before their heading."""
    return filter(counts, plan.order)


def comparing(plan: Plan) -> frozenset[int]:
    """Return the rows whose points depend on other units, by their place."""
    found: set[int] = set()
    for node in plan.order:
        fitted = node.scale is not None and node.scale.fitting != "none"
        if fitted or any(child in found for child in node.children):
            found.add(node.place)
    return frozenset(found)


def matrix_of(result: Result) -> Array:
    """Return the points of every row and unit, NaN where there are none."""
    return np.array([result.points(node.row.code) for node in result.plan.nodes])


def picked(table: Table, units: Sequence[int], changes: Mapping[str, Array] | None = None) -> Table:
    """Return a table of some units of another, in that order, with the figures of some columns replaced.

    A unit that is taken twice gets a name of its own.
    """
    at = np.array(units, np.intp)
    again = len(set(units)) < len(units)
    names = tuple(f"{table.units[one]}.{place}" if again else table.units[one] for place, one in enumerate(units))
    columns: dict[str, Column] = {}
    for code, column in table.columns.items():
        values = (changes or {}).get(code)
        if values is not None:
            columns[code] = Column(values)
        else:
            columns[code] = Column(column.values[at], None if column.states is None else column.states[at])
    return Table(
        units=names,
        names=names,
        columns=columns,
        pool=None if table.pool is None else tuple(table.pool[one] for one in units),
        evidence={code: shown[at] for code, shown in table.evidence.items()},
        origin=Origin(table.source, lines=tuple(range(2, len(units) + 2))),
    )


def replaced(table: Table, unit: int, code: str, value: float) -> Table:
    """Return the table with one reported figure replaced."""
    column = table.columns[code]
    values = column.values.copy()
    values[unit] = value
    states = None if column.states is None else column.states.copy()
    if states is not None:
        states[unit] = 0
    return evolve(table, columns={**table.columns, code: Column(values, states)})
