"""What is gathered while a document is read: problems, statements, sources, inputs, and where each row stands.

Reading never stops at a problem. What has the wrong *shape* is left out and noted in `unread`: `structure` says the
same in better words, so those notes matter only where it has said nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Map
from fractions import Fraction
from typing import Any

from attrs import define, field, frozen

from ictindex.citations import Source, Statement
from ictindex.documents.grammar import read_number, split_line
from ictindex.documents.source import Mapping, Node, Scalar
from ictindex.errors import IctIndexError, Location, Problem, Severity
from ictindex.messages import say
from ictindex.model import TOTAL, Input
from ictindex.registry import Registry, Vocabulary


@frozen
class Place:
    """Where a row stands: its line (the top has none) and the mapping under it."""

    line: Location
    node: Mapping

    def of(self, key: str) -> Location:
        """Return where the value of a key stands, or the row's line where it has no such key."""
        found = self.node.get(key)
        return found.where if found is not None else self.line

    def key(self, key: str) -> Location:
        """Return where a key itself stands, or the row's line where it has no such key."""
        found = self.node.key(key)
        return found.where if found is not None else self.line

    def within(self, key: str, inner: str | Fraction) -> Location:
        """Return where a line, word or number stands in the mapping under a key, else where that mapping stands."""
        for name, _ in mapping_items(self.node.get(key)):
            line = split_line(name.text)
            found = read_number(name.text) if isinstance(inner, Fraction) else line[0] if line else name.text
            if inner in (found, name.text):
                return name.where
        return self.of(key)


@frozen
class LaidOver:
    """Which nodes are an overlay's, and the statuses that it states: they cover its own nodes and no others.

    `said` has, by row and path of keys, the mapping whose status holds for what the overlay puts in there.
    """

    source: str
    below: Node | None = None
    said: Map[tuple[str, str], Mapping] = field(factory=dict)


@define
class Draft:
    """A scheme in the making."""

    vocabulary: Vocabulary
    overlay: LaidOver | None = None
    problems: list[Problem] = field(factory=list)
    unread: list[Problem] = field(factory=list)
    statements: list[Statement] = field(factory=list)
    sources: dict[str, Source] = field(factory=dict)
    uses: dict[str, str] = field(factory=dict)
    shared: dict[str, Input] = field(factory=dict)
    shared_at: dict[str, Location] = field(factory=dict)
    used: set[str] = field(factory=set)  # shared inputs that a row reads
    lists: dict[str, tuple[Scalar, Mapping]] = field(factory=dict)  # `choices`, by code
    lists_used: set[str] = field(factory=set)
    columns: dict[str, tuple[Input, Location]] = field(factory=dict)  # inputs that rows declare
    worded: list[tuple[str, Input, Location]] = field(factory=list)  # of those, the ones declared in words
    places: dict[str, Place] = field(factory=dict)
    doubtful: set[str] = field(factory=set)  # rows whose maximum or rows could not be read: no sums over these
    half_read: set[str] = field(factory=set)  # rows whose rule could not be read whole
    unjoined: set[str] = field(factory=set)  # headings whose `combine` could not be read
    unknown: set[str] = field(factory=set)  # `$names` that nothing declares
    no_max: set[str] = field(factory=set)  # rows that need a `max` and state none
    gates: list[tuple[str, str, Fraction, Location]] = field(factory=list)  # row, code, points, where

    def is_laid(self, node: Node | None) -> bool:
        """Return whether a node was written in an overlay."""
        return self.overlay is not None and node is not None and node.where.source == self.overlay.source

    def error(
        self, code: str, message: str, where: Location, hint: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        """Note a problem."""
        self.problems.append(Problem(code, message, where, hint, severity))

    def skip(self, what: str, node: Node | None, where: Location | None = None, row: str = "") -> None:
        """Note a part of the wrong shape, which is left out; `row` is the row whose rule it leaves half read.

        `what` says in words what was expected, such as `say("a name")`.
        """
        place = where or (node.where if node is not None else Location())
        if isinstance(node, Scalar):
            message = say("{what} was expected, '{text}' was found", what=what, text=node.text)
        else:
            message = say("{what} was expected, a value of another shape was found", what=what)
        self.unread.append(Problem("S200", message, place))
        if row:
            self.half_read.add(row)

    def strategy(self, registry: Registry[Any], name: str, where: Location) -> Any | None:
        """Return the strategy of that name, None (with its problem noted) where it cannot be loaded."""
        try:
            return registry.get(name)
        except IctIndexError as broken:
            self.problems.extend(Problem(one.code, one.message, where, one.hint) for one in broken.problems)
            return None


def mapping_items(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    """Return the keys and values of a mapping, none where the node is something else."""
    return node.items if isinstance(node, Mapping) else ()


def row_lines(node: Node | None, prefix: str = "") -> Iterator[tuple[str, str, Node]]:
    """Yield (code, words, value) of every row beneath a node, parts included, before anything is built."""
    for key, value in mapping_items(node):
        line = split_line(key.text)
        if line:
            code = prefix + line[0]
            yield code, line[1], value
            yield from row_lines(value)
            if isinstance(value, Mapping):
                yield from row_lines(value.get("parts"), f"{code}.")


def name_of(row: str) -> str:
    """Return what messages call the row of a code: the code, or `the top`."""
    return say("the top") if row == TOTAL else row


def key_of(key: str, row: str) -> str:
    """Return what messages call a key: with the code of the row that it stands in, unless that is the top."""
    return f"`{key}`" if row in ("", TOTAL) else say("`{key}` of {row}", key=key, row=row)


def words(node: Node | None) -> str:
    """Return the text of a scalar, empty where there is none."""
    return node.text if isinstance(node, Scalar) and node.value is not None else ""
