"""The columns of a table of a scheme, with what a cell holds."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from ictindex.annex.marks import Marks
from ictindex.cells import number_text
from ictindex.messages import joined, one_of, say
from ictindex.model import TOTAL, Evidence, Group, Indicator, Input, InputKind, Row, Scheme


@frozen
class Column:
    """A column of the table: its heading, its words, and what a cell holds.

    A `shared` one is read by several rows; without a `needed` one a table is refused. `need` says so where the kind of
    the column does not.
    """

    heading: str
    words: str
    holds: str
    needed: bool = True
    need: str = ""
    shared: bool = False
    data_from: str = ""
    verified_by: str = ""
    notes: str = ""

    @property
    def about(self) -> tuple[str, ...]:
        """Its words, whether it is needed, who supplies and verifies it, and notes."""
        shared = say("read by several rows") if self.shared else ""
        data = say("data from: {who}", who=self.data_from) if self.data_from else ""
        verified = say("verified by: {who}", who=self.verified_by) if self.verified_by else ""
        return self.words, self.need, shared, data, verified, self.notes


def columns_of(scheme: Scheme, marks: Marks) -> tuple[Column, ...]:
    """Return the columns of a table, in the order in which they are typed; those of evidence are the last."""
    rows, counting = {row.code: row for row in scheme.rows()}, tuple(_counting(scheme.root))
    read = {code for row in counting for code in row.inputs}
    first = [
        Column("unit", say("code or name of the unit"), ""),
        Column("name", say("its name (optional)"), "", needed=False),
    ]
    if scheme.pools:
        first.append(Column(scheme.pools.by, say("the pool within which units are ranked"), ""))
    inputs = (_column(one, rows.get(one.owner), marks, needed=one.code in read) for one in scheme.inputs)
    return (*first, *inputs, *(_evidence(row, row.evidence) for row in counting if row.evidence))


def header_of(scheme: Scheme) -> tuple[str, ...]:
    """Return the headings of a table that can be filled in: all columns but those of evidence that nothing hangs on."""
    shown = columns_of(scheme, Marks())
    inputs = {one.code for one in scheme.inputs}
    return tuple(one.heading for one in shown if one.needed or one.heading == "name" or one.heading in inputs)


def _counting(row: Row) -> Iterator[Indicator]:
    """Yield the criteria that count: a table without their columns is refused."""
    if row.max and isinstance(row, Group):
        for child in row.children:
            yield from _counting(child)
    elif row.max and isinstance(row, Indicator):
        yield row


def _evidence(row: Row, asked: Evidence) -> Column:
    needed = asked.without != "flag"
    return Column(
        heading=f"{row.code}.evidence",
        words=asked.ask,
        holds=say("number or title of the document; empty or `không` is not shown"),
        needed=needed,
        need=say("needed") if needed else say("optional"),
    )


def _column(one: Input, owner: Row | None, marks: Marks, *, needed: bool) -> Column:
    shared = owner is None
    # Who supplies and who verifies stands with the row, except where the input has no row.
    return Column(
        heading=one.code,
        words=one.name,
        holds=joined((_kind(one, owner), one.unit, *_bounds(one, marks), *_merging(one)), ", "),
        needed=needed,
        need="" if needed else say("optional"),
        shared=shared,
        data_from=one.data_from if shared else "",
        verified_by=one.verified_by if shared else "",
        notes=one.notes,
    )


def _kind(one: Input, owner: Row | None) -> str:
    match one.kind:
        case InputKind.CHOICE:
            return one_of(case.code for case in one.cases)
        case InputKind.COUNT:
            return say("a whole number")
        case InputKind.AMOUNT:
            return say("a number")
        case InputKind.YES_NO:
            return say("yes or no")
    scale = owner.publish.scale if owner else "points"
    if scale == "index":
        return say("an index, 0 to 1")
    if scale == "percent":
        return say("a percent, 0 to 100")
    return say("points, 0 to {max}", max=number_text(one.high)) if one.high else say("points")


def _bounds(one: Input, marks: Marks) -> tuple[str, ...]:
    """Return the bounds of the cells that go without saying neither by the kind nor by the rule."""
    if one.kind not in (InputKind.COUNT, InputKind.AMOUNT):
        return ()

    def said(key: str, bound: Fraction) -> str:
        return marks.number(TOTAL, f"inputs.{one.code}.{key}", number_text(bound))

    low = say("at least {low}", low=said("low", one.low)) if one.low else ""
    high = say("at most {high}", high=said("high", one.high)) if one.high is not None else ""
    return low, high


def _merging(one: Input) -> tuple[str, ...]:
    """Return what becomes of the figures of units that merge, where the scheme says it."""
    if one.weighted_by:
        return (say("weighted by {input} where units merge", input=one.weighted_by),)
    if one.additive is None:
        return ()
    return (say("added up where units merge"),) if one.additive else (say("not added up where units merge"),)
