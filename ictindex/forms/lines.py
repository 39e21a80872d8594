"""The lines of a form: the rows of the decision's annex in their order, each with the cells that a unit fills in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from attrs import frozen

from ictindex.annex.rows import Annex, AnnexRow
from ictindex.cells import CellRule
from ictindex.findings import Found
from ictindex.headers import Columns
from ictindex.model import TOTAL, Evidence, Group, Indicator, Input, InputKind, Row
from ictindex.plan import Heading, Leaf, Plan

Kind = Literal["section", "heading", "criterion", "input", "excluded", "total"]


@frozen(kw_only=True)
class Entry:
    """What one cell takes: the column of the table that it fills, and the rule of that column's cells.

    `takes_absent` says that "not applicable" may be entered. `scale` is that of points: points, index, percent.
    """

    key: str
    rule: CellRule
    unit: str = ""
    takes_absent: bool = False
    scale: str = "points"


@frozen(kw_only=True)
class Line:
    """One line of a form. `row` has the words of the annex; `entry` is the cell to fill, None where there is none.

    `asked` is the evidence that a unit must show in this line.
    """

    kind: Kind
    depth: int
    code: str
    name: str
    en: str = ""
    row: AnnexRow | None = None
    entry: Entry | None = None
    asked: Evidence | None = None


def lines_of(plan: Plan, annex: Annex) -> tuple[Line, ...]:
    """Return the lines: inputs that several rows read, then the rows in the annex's order, with the total first."""
    return tuple(_Lines(plan, annex).lines())


class _Lines:
    def __init__(self, plan: Plan, annex: Annex) -> None:
        self.scheme = plan.scheme
        self.annex = annex
        self.leaves = {node.row.code: node for node in plan.nodes if isinstance(node, Leaf)}
        self.nodes = {node.row.code: node for node in plan.nodes}
        self.counting = _counting(plan)
        self.rules = _rules(plan)

    def lines(self) -> Iterator[Line]:
        own = {one.code for one in self.scheme.inputs if one.owner in self.leaves}
        shared = [one for one in self.scheme.inputs if one.code not in own]
        if shared:
            yield Line(kind="section", depth=0, code="", name="")
            yield from (self.input(one, 1) for one in shared)
        for row in self.annex.rows:
            node = self.nodes[row.code]
            if row.code == TOTAL:
                combines = isinstance(node, Heading) and node.aggregation is not None
                if combines:
                    yield Line(kind="total", depth=0, code=TOTAL, name=row.name, en=row.en, row=row)
                continue
            if isinstance(node, Heading):
                kind: Kind = "criterion" if node.row.parts else "heading"
                yield Line(kind=kind, depth=row.depth, code=row.code, name=row.name, en=row.en, row=row)
            else:
                yield from self.criterion(node, row)

    def criterion(self, leaf: Leaf, row: AnnexRow) -> Iterator[Line]:
        """Yield the line of a criterion; one with a single input of its own code is filled in there."""
        own = [one for one in self.scheme.inputs if one.owner == row.code]
        alone = own[0] if len(own) == 1 and own[0].code == row.code else None
        yield Line(
            kind="criterion",
            depth=row.depth,
            code=row.code,
            name=row.name if alone is None or alone.name in ("", row.name) else f"{row.name}\n→ {alone.name}",
            en=row.en,
            row=row,
            entry=None if alone is None else self.entry(alone),
            asked=leaf.row.evidence if leaf.row.max else None,
        )
        if alone is None:
            yield from (self.input(one, row.depth + 1) for one in own)
        if leaves_points_out(leaf):
            key = f"{row.code}.excluded"
            yield Line(
                kind="excluded",
                depth=row.depth + 1,
                code=key,
                name="",
                entry=Entry(key=key, rule=self.rules[key]),
            )

    def input(self, one: Input, depth: int) -> Line:
        return Line(kind="input", depth=depth, code=one.code, name=one.name, entry=self.entry(one))

    def entry(self, one: Input) -> Entry:
        readers = [leaf for code, leaf in self.leaves.items() if one.code in leaf.inputs and code in self.counting]
        owner = self.leaves.get(one.owner)
        return Entry(
            key=one.code,
            rule=self.rules[one.code],
            unit=one.unit,
            takes_absent=all(leaf.not_applicable != "refuse" for leaf in readers),
            scale=owner.row.publish.scale if owner and one.kind is InputKind.POINTS else "points",
        )


def leaves_points_out(leaf: Leaf) -> bool:
    """Whether a unit may say how many points of an assessed row are not assessed: where the row converts them back."""
    return (
        leaf.row.measure.name == "assessed" and leaf.rescales and leaf.not_applicable == "rescale" and leaf.row.max > 0
    )


def _counting(plan: Plan) -> frozenset[str]:
    """Return the codes of the criteria that count: neither they nor a heading above them is informational."""

    def below(row: Row) -> Iterator[str]:
        if row.max and isinstance(row, Group):
            for child in row.children:
                yield from below(child)
        elif row.max and isinstance(row, Indicator):
            yield row.code

    return frozenset(below(plan.scheme.root))


def _rules(plan: Plan) -> Mapping[str, CellRule]:
    """Return the rule of the cells of every column that a form may fill."""
    scheme = plan.scheme
    left = (f"{row.code}.excluded" for row in scheme.indicators)
    keys = ["unit", *(one.code for one in scheme.inputs), *left]
    found = Found("form")
    targets = Columns(scheme).resolve(keys, found, 1)
    return {target.key: target.rule for target in targets if target is not None and target.rule is not None}
