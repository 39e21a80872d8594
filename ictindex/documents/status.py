"""Who says so: every number and every choice of policy becomes a statement with its citation.

The nearest status wins: the number's own `{is: 20, assumed: ...}`, the mapping it stands in, its row, the nearest
`below` upward. With no statement anywhere a number is assumed.

Under an overlay two speak in one row. The statuses of the scheme cover what the scheme states, those of the overlay
what the overlay states; a node knows by its place which of the two it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, TypeVar

from attrs import field, frozen

from ictindex.citations import Citation, Statement, Status
from ictindex.documents.draft import Draft, key_of, words
from ictindex.documents.grammar import STATUS_KEYS, read_number
from ictindex.documents.source import Mapping, Node, Scalar, Sequence
from ictindex.errors import Location, did_you_mean
from ictindex.messages import say

T = TypeVar("T")
_NUMBER = say("a number such as 20, 0.5, 1/3 or 90%")


_STRENGTH = (Status.ASSUMED, Status.DERIVED, Status.CITED)


@frozen
class Speaker:
    """Who speaks in one mapping: the row it stands in, the path of keys to it, and the citation in force.

    `overlaid` is the one in force for what an overlay puts into the mapping.
    """

    draft: Draft
    at: str
    citation: Citation
    path: str = ""
    overlaid: Citation = field(factory=Citation)

    @property
    def line(self) -> Location:
        """Where the row stands."""
        return self.draft.places[self.at].line

    def within(self, node: Node | None, key: str) -> Speaker:
        """Return who speaks in the mapping under a key: its own status, else the one in force here."""
        return speaker_in(self.draft, self.at, node, (self.citation, self.overlaid), f"{self.path}{key}.")

    def told_by(self, node: Node) -> Citation:
        """Return the citation in force here for a node: what stands in the scheme, or what an overlay states."""
        return self.overlaid if self.draft.is_laid(node) else self.citation

    def state(self, key: str, text: str, *nodes: Node) -> Citation:
        """Note a statement that has no status of its own, and return its citation.

        Where it is made of several nodes it is no better founded than the weakest of them.
        """
        citation = min((self.told_by(node) for node in nodes), key=lambda one: _STRENGTH.index(one.status))
        self.draft.statements.append(Statement(self.at, self.path + key, text, citation, line=nodes[0].where.line))
        return citation

    def value(self, key: str, node: Node | None, read: Callable[[str], T | None], what: str) -> T | None:
        """Return what `read` makes of the value under a key, plain or `{is: ...}`, and note the statement.

        Returns None where there is nothing, or nothing that `read` understands (`what` says what was expected).
        """
        if node is None:
            return None
        plain, citation, between = node, self.told_by(node), None
        if isinstance(node, Mapping):
            found = node.get("is")
            if found is None:
                self._unread(key, what, node)
                return None
            plain, citation = found, citation_of(self.draft, node, citation)
            between = self._between(node)
        text = words(plain)
        result = read(text) if text else None
        if result is None:
            self._unread(key, what, plain)
            return None
        self.draft.statements.append(Statement(self.at, self.path + key, text, citation, between, node.where.line))
        self._check_between(key, text, result, between, node)
        return result

    def number(self, key: str, node: Node | None) -> Fraction | None:
        """Return the exact number under a key."""
        return self.value(key, node, read_number, _NUMBER)

    def word(self, key: str, node: Node | None, known: Iterable[str]) -> Any:
        """Return the word under a key where it is one of the known ones."""
        if node is None:
            return None
        choices = tuple(known)
        expected = say("one of {words}", words=", ".join(choices))
        return self.value(key, node, lambda text: text if text in choices else None, expected)

    def _unread(self, key: str, what: str, node: Node) -> None:
        self.draft.skip(what, node, row=self.at)
        if not self.path and key in ("max", "bonus", "deduct", "combine"):
            self.draft.doubtful.add(self.at)
        if not self.path and key == "combine":
            self.draft.unjoined.add(self.at)

    def _between(self, node: Mapping) -> tuple[Fraction, Fraction] | None:
        stated = node.get("between")
        if stated is None:
            return None
        ends = [read_number(words(one)) for one in stated.items] if isinstance(stated, Sequence) else []
        if len(ends) != 2 or ends[0] is None or ends[1] is None:
            self.draft.skip(say("an interval such as [80%, 85.5%]"), stated)
            return None
        return ends[0], ends[1]

    def _check_between(
        self, key: str, text: str, result: object, between: tuple[Fraction, Fraction] | None, node: Node
    ) -> None:
        number = result[0] if isinstance(result, tuple) else result
        if between is None or not isinstance(number, Fraction) or between[0] <= number <= between[1]:
            return
        ends = node.get("between") if isinstance(node, Mapping) else None
        low, high = (words(one) for one in ends.items) if isinstance(ends, Sequence) else ("", "")
        message = say(
            "{key} is {number}, but published results put it between {low} and {high}",
            key=key_of(self.path + key, self.at),
            number=text,
            low=low,
            high=high,
        )
        self.draft.error("S203", message, node.where, say("correct the number or the interval"))


def speaker_in(draft: Draft, at: str, node: Node | None, outer: tuple[Citation, Citation], path: str = "") -> Speaker:
    """Return who speaks in a mapping; `outer` are the citations in force around it, the scheme's and the overlay's."""
    if draft.is_laid(node):  # everything in it is the overlay's
        own = citation_of(draft, node, outer[1])
        return Speaker(draft, at, own, path, own)
    said = None if draft.overlay is None else draft.overlay.said.get((at, path))
    return Speaker(draft, at, citation_of(draft, node, outer[0]), path, citation_of(draft, said, outer[1]))


def citation_of(draft: Draft, node: Node | None, outer: Citation) -> Citation:
    """Return the status that a mapping states itself, else the outer one. `cited` must name a declared source."""
    if not isinstance(node, Mapping):
        return outer
    stated = [key for key in STATUS_KEYS if node.get(key) is not None]
    if not stated:
        return outer
    if len(stated) > 1:
        where = node.get(stated[1])
        message = say("both `{one}` and `{other}` stand here; a number has one status", one=stated[0], other=stated[1])
        draft.error("S202", message, where.where if where else node.where, say("keep the one that holds"))
    key = stated[0]
    said = node.get(key)
    if not isinstance(said, Scalar):
        draft.skip(say("words"), said)
        return outer
    text = words(said)
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    source = first if first in draft.sources else None
    if key == Status.CITED and source is None:
        known = ", ".join(draft.sources) or say("none is declared")
        listed = say("`cited` begins with the code of a source: {codes}", codes=known)
        message = say("`cited` names the source '{code}', which `sources` does not declare", code=first)
        draft.error("S201", message, said.where, did_you_mean(first, draft.sources) or listed)
    return Citation(Status(key), text, source)
