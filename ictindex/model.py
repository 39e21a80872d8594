"""What a scheme is: frozen values, every number exact, every statement with its citation.

This module knows no numpy and no YAML. Numbers are `fractions.Fraction`, read from the text that an author typed.
The words are those of the OECD/JRC handbook and of the Vietnamese decisions (docs/glossary).
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal

from attrs import field, frozen

from ictindex.citations import Citation, Source, Statement, Status
from ictindex.origins import Reason

TOTAL = "total"
"""The code of the top heading."""

RESERVED_SUFFIXES = (".score", ".excluded", ".self", ".level", ".rank", ".evidence")
"""Endings that a code may not have: a table uses them for what stands beside a row's value."""


class InputKind(enum.StrEnum):
    """What a cell of an input's column may hold."""

    COUNT = "count"  # a whole number >= 0
    AMOUNT = "amount"  # a number
    YES_NO = "yes-no"  # 1 or 0
    CHOICE = "choice"  # the code of one case, kept as its position in `cases`
    POINTS = "points"  # a score given by an assessor, on the scale that its row publishes


@frozen
class Case:
    """One line of a list of cases: a code, its words, and the points it earns (exact, not a share)."""

    code: str
    name: str
    points: Fraction = Fraction(0)


@frozen(kw_only=True)
class Input:
    """One reported quantity: a column of the table.

    `owner` is the code of the row that declared it in words, empty for a shared input. `low` and `high` bound the
    cells, both included. `unit` is the unit of measure, not the unit that is scored.
    """

    code: str
    name: str
    kind: InputKind
    owner: str = ""
    unit: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    cases: tuple[Case, ...] = ()
    additive: bool | None = None
    weighted_by: str = ""  # for an intensity: the input that weights it when units merge
    data_from: str = ""
    verified_by: str = ""
    notes: str = ""
    line: int = 0


@frozen
class Quantity:
    """A sum of inputs times fixed factors, plus a fixed number: `a`, `12`, or a converted sum."""

    terms: tuple[tuple[str, Fraction], ...] = ()
    constant: Fraction = Fraction(0)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The codes of the inputs that it reads."""
        return tuple(code for code, _ in self.terms)


@frozen
class Rule:
    """A strategy by name with its parameters: what is done to a row's numbers.

    The parameters are plain exact values (Fraction, str, bool, Quantity, tuples of those), and the strategy of that
    name takes them by keyword.
    """

    name: str
    parameters: tuple[tuple[str, Any], ...] = ()

    def get(self, key: str, default: Any = None) -> Any:
        """Return a parameter, or the default where the rule has none of that name."""
        return dict(self.parameters).get(key, default)


Policy = Literal["refuse", "zero", "rescale"]


@frozen
class Publication:
    """How a score is printed: as points, as an index (points / max) or as a percent of max."""

    scale: Literal["points", "index", "percent"] = "points"
    decimals: int = 2
    rounding: Literal["half-up", "cut"] = "half-up"


@frozen
class RankRule:
    """How ranks are made: the tie rule, the score they are made on, and the rows that break a tie, in order."""

    ties: Literal["competition", "dense", "ordinal", "average"] = "competition"
    on: Literal["published", "exact"] = "published"
    then: tuple[str, ...] = ()


@frozen
class Level:
    """A band that a score earns from its lower bound on.

    `lower` (and `upper`, where the source prints both ends) is a share of the row's maximum where `of_max`, else a
    number on the scale that the row publishes. `only_if` are gates: the points that other rows need.
    """

    name: str
    lower: Fraction
    upper: Fraction | None = None
    of_max: bool = True
    only_if: tuple[tuple[str, Fraction], ...] = ()


@frozen
class Levels:
    """The bands of a row, the best first. `between` settles who gets a score that falls between printed bands."""

    levels: tuple[Level, ...]
    between: Literal["lower", "upper", "round"] = "lower"


@frozen
class Evidence:
    """What a unit must show for a row, by when, and what happens without it.

    `stated`: the scheme itself says `flag`. Where it says nothing, a round of declarations has a rule of its own.
    """

    ask: str
    due: str = ""
    without: Literal["flag", "zero", "refuse"] = "flag"
    stated: bool = False


@frozen
class Effort:
    """What a row takes from nothing to full marks, in any unit such as days. No score rests on it.

    Only what stands beside the number itself says where it comes from: the row's own status is about its points.
    """

    number: Fraction
    citation: Citation = field(factory=Citation)


@frozen(kw_only=True)
class Row:
    """What an indicator and a group have in common: one line of the decision's table.

    `max` is in points (0: informational); `role` says whether the points count inside the heading's maximum, are
    added as a bonus or taken as a deduction. `missing` and `not_applicable` are None where the row does not state
    them: the nearest heading above that does decides. `publish`, `rank` are the ones in force here.
    """

    code: str
    name: str
    en: str = ""
    max: Fraction = Fraction(1)
    weight: Fraction = Fraction(1)
    role: Literal["max", "bonus", "deduct"] = "max"
    scale: Rule | None = None
    missing: Policy | None = None
    not_applicable: Policy | None = None
    publish: Publication = Publication()
    rank: RankRule = RankRule()
    levels: Levels | None = None
    evidence: Evidence | None = None
    effort: Effort | None = None
    data_from: str = ""
    verified_by: str = ""
    notes: str = ""
    was: str = ""  # the code it had in the edition before
    citation: Citation = field(factory=Citation)
    line: int = 0

    @property
    def label(self) -> str:
        """Its code and its name, as messages and pages call it; the top heading goes by its name."""
        return self.name if self.code == TOTAL and self.name else f"{self.code} {self.name}".strip()


@frozen(kw_only=True)
class Indicator(Row):
    """A leaf: a measure of inputs, brought to points by at most one normalization (`scale`)."""

    measure: Rule
    inputs: tuple[str, ...] = ()


@frozen(kw_only=True)
class Group(Row):
    """A node above: its children and one aggregation.

    `parts` is true for one criterion made of several measures. `stated_rows` and `stated_criteria` are the counts
    that the source states: rows directly below, criteria anywhere below.
    """

    children: tuple[Row, ...] = ()
    combine: Rule = Rule("sum")
    parts: bool = False
    stated_rows: int | None = None
    stated_criteria: int | None = None


@frozen
class Pool:
    """A named pool of units. Units of a pool that is not ranked are scored and have no rank."""

    code: str
    name: str
    ranked: bool = True


@frozen
class Pools:
    """The units are compared within the pools that the column `by` names; where none are listed, every value is one."""

    by: str
    pools: tuple[Pool, ...] = ()

    def ranks(self, code: str) -> bool:
        """Whether the units of a pool are ranked."""
        return all(pool.ranked for pool in self.pools if pool.code == code)


@frozen
class Variant:
    """A named alternative inside a scheme document."""

    code: str
    name: str


@frozen(kw_only=True)
class OverlayInfo:
    """What was laid over a scheme: whose it is, and both texts, the `base` being the scheme's own."""

    by: str
    date: str
    revision: int
    sha256: str
    path: str
    base_sha256: str
    base_path: str


@frozen(kw_only=True)
class Scheme:
    """One scoring method: an edition for one kind of unit.

    `inputs` are all columns that the rows read, in the order of the document. `unit_list` is the file of a list of its
    units, its path relative to the document that names it (`unit_list_in`). `reasons` are those for which a declared
    figure may be changed, empty where the usual ones hold. `statements` are all numbers and
    choices of policy. `sha256` identifies the document that it was built from, with the overlay and the variant in
    force. Under an overlay the id and the revision are still the scheme's own, and `path` is the overlay's file.
    """

    id: str
    title: str
    en: str = ""
    unit: str
    edition: int
    data_year: int | None = None
    revision: int = 1
    replaces: str = ""
    history: tuple[tuple[str, str], ...] = ()
    notes: str = ""
    sources: tuple[Source, ...] = ()
    inputs: tuple[Input, ...] = ()
    root: Group
    pools: Pools | None = None
    merged: Literal["refuse", "mean-of-rows", "sum-of-inputs"] = "refuse"
    self_scored: bool = False
    unit_list: str = ""
    unit_list_in: str = ""
    reasons: tuple[Reason, ...] = ()
    uses: tuple[tuple[str, str], ...] = ()
    variants: tuple[Variant, ...] = ()
    variant: str = ""
    overlay: OverlayInfo | None = None
    statements: tuple[Statement, ...] = ()
    sha256: str = ""
    path: str = ""
    _rows: dict[str, Row] = field(init=False, eq=False, repr=False)
    _inputs: dict[str, Input] = field(init=False, eq=False, repr=False)
    _headings: dict[str, Group] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_rows", {row.code: row for row in walk(self.root)})
        object.__setattr__(self, "_inputs", {one.code: one for one in self.inputs})
        groups = (row for row in walk(self.root) if isinstance(row, Group))
        object.__setattr__(self, "_headings", {child.code: group for group in groups for child in group.children})

    def rows(self) -> Iterator[Row]:
        """Yield every row, the top first, in the order of the document."""
        return walk(self.root)

    def row(self, code: str) -> Row:
        """Return the row of that code. Raises KeyError."""
        return self._rows[code]

    def input(self, code: str) -> Input:
        """Return the input of that code. Raises KeyError."""
        return self._inputs[code]

    def above(self, code: str) -> tuple[Group, ...]:
        """Return the headings above a row, the nearest first. Raises KeyError."""
        chain: list[Group] = []
        while code in self._headings:
            chain.append(self._headings[code])
            code = chain[-1].code
        return tuple(chain)

    def scale_statement(self, row: Row) -> Statement | None:
        """Return where a row's scale is stated when it is not in the row itself but in a heading's `below`."""
        if row.scale is None:
            return None
        key, above = f"below.{row.scale.name}", self.above(row.code)
        found = (one for heading in above for one in self.statements if (one.at, one.key) == (heading.code, key))
        return next(found, None)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The leaves, in the order of the document."""
        return tuple(row for row in self.rows() if isinstance(row, Indicator))

    @property
    def criteria(self) -> tuple[Row, ...]:
        """The measured rows: indicators, with a criterion made of several parts counted once."""
        return tuple(_criteria(self.root))

    @property
    def totals(self) -> tuple[Row, ...]:
        """The rows that are published as totals: the top, or the rows below it where it combines none."""
        return self.root.children if self.root.combine.name == "none" else (self.root,)

    def count(self, status: Status) -> int:
        """Return how many numbers and choices of policy have this status."""
        return sum(statement.citation.status is status for statement in self.statements)

    @property
    def assumed(self) -> int:
        """How many numbers and choices of policy are assumed."""
        return self.count(Status.ASSUMED)

    @property
    def provisional(self) -> bool:
        """Whether anything in the scheme is assumed."""
        return self.assumed > 0


def walk(row: Row) -> Iterator[Row]:
    """Yield the row and everything below it, in the order of the document."""
    yield row
    if isinstance(row, Group):
        for child in row.children:
            yield from walk(child)


def _criteria(row: Row) -> Iterator[Row]:
    if isinstance(row, Group) and not row.parts:
        for child in row.children:
            yield from _criteria(child)
    else:
        yield row
