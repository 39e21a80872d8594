"""A scheme with everything written out: each row has its own status, each number says where it comes from.

What the document states is written as a scheme document again, its variant applied. What it leaves to `below`, to a
shared list or to a default is written beside it as a comment: there to be read, and no statement of the row's own.
So what comes out builds to the same rows and to the same statements with the same statuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from attrs import evolve, frozen

from ictindex.citations import Citation, Statement, Status
from ictindex.documents.draft import Draft, mapping_items, row_lines, words
from ictindex.documents.grammar import STATUS_KEYS, WEIGHING, split_line
from ictindex.documents.overlays import laid
from ictindex.documents.rules import SCOPES
from ictindex.documents.source import Document, Mapping, Node, Scalar, Sequence
from ictindex.documents.yaml_text import block, flow, quoted
from ictindex.model import TOTAL, Group, Row, Scheme
from ictindex.registry import Vocabulary

Lines: TypeAlias = Iterator[str]
Items: TypeAlias = Iterable[tuple[Scalar, Node]]

_DEFAULTS = {
    "ratio": {"per": "1", "over": "clamp", "if-none": "refuse"},
    "goalposts": {"log": "false"},
    "evidence": {"without": "flag"},
}
_ROLES = ("max", "bonus", "deduct")
_UNSAID = Citation(Status.ASSUMED, "không ghi căn cứ")
_OF_PARTS = ("evidence", "data-from", "verified-by")
"""What the parts of a criterion have from its row; a heading says it in its `below`."""


def expanded(document: Document, scheme: Scheme, vocabulary: Vocabulary, *, overlay: Document | None = None) -> str:
    """Return the document as YAML text with every default, inheritance and status written out.

    `scheme` is what was built from the document, the overlay and the vocabulary, in any of its variants.
    """
    root = laid(Draft(vocabulary), document, overlay, scheme.variant).root
    root = evolve(root, items=tuple((key, value) for key, value in root.items if key.text != "variants"))
    if scheme.overlay is not None:
        spoken = (evolve(one, citation=_spoken_for(one.citation)) for one in scheme.statements)
        scheme = evolve(scheme, statements=tuple(spoken))
        root = _with_statuses(root, scheme, TOTAL, "")
    nodes = {TOTAL: root, **{code: node for code, _, node in row_lines(root) if isinstance(node, Mapping)}}
    writer = _Writer(scheme, nodes, {(one.at, one.key): one for one in scheme.statements})
    lines = [*writer.row(scheme.root)]
    if scheme.variant:
        lines.insert(0, f"# variant {scheme.variant} of {scheme.id}")
    if scheme.overlay is not None:
        one = scheme.overlay
        lines.insert(
            0, f"# {scheme.id} with the overlay of {' '.join(one.by.split())}, {one.date}, revision {one.revision}"
        )
    return "\n".join(lines) + "\n"


def _spoken_for(citation: Citation) -> Citation:
    """Return the citation with words where nobody answers for a number.

    Where an overlay states a part of a row, the status that covers it must not come to cover the rest.
    """
    return _UNSAID if citation == Citation() else citation


def _with_statuses(node: Mapping, scheme: Scheme, code: str, prefix: str) -> Mapping:
    """Return a row's mapping with the status that each row, `rank` and `below` has in the scheme.

    Numbers are written with their own. These three have what can only be told by the mapping around it: a rule, the
    rows that break a tie, and a scale for the rows beneath.
    """
    around = {
        one.key.partition(".")[0]: one.citation
        for one in scheme.statements
        if one.at == code and (one.key == "rank.then" or (one.key.startswith("below.") and one.text in SCOPES))
    }
    items: list[tuple[Scalar, Node]] = []
    for key, value in node.items:
        line, found = split_line(key.text), value
        if line and isinstance(value, Mapping):
            found = _with_statuses(value, scheme, prefix + line[0], "")
        elif key.text == "parts" and isinstance(value, Mapping):
            found = _with_statuses(value, scheme, "", f"{code}.")
        elif key.text in around and isinstance(value, Mapping):
            found = _told_as(value, around[key.text])
        items.append((key, found))
    written = evolve(node, items=tuple(items))
    return _told_as(written, _spoken_for(scheme.row(code).citation)) if code else written


def _told_as(node: Mapping, citation: Citation) -> Mapping:
    """Return a mapping with this status in the place of its own; without one it goes behind what names a scheme."""
    key = Scalar(str(citation.status), str(citation.status), node.where)
    told = (key, Scalar(citation.words, citation.words, node.where))
    keys = [one.text for one, _ in node.items]
    place = next(
        (at for at, one in enumerate(keys) if one in STATUS_KEYS), keys.index("sources") + 1 if "sources" in keys else 0
    )
    items = [pair for pair in node.items if pair[0].text not in STATUS_KEYS]
    return evolve(node, items=(*items[:place], told, *items[place:]))


@frozen
class _Writer:
    """Writes the document of one scheme. A statement is found by its row and its path of keys."""

    scheme: Scheme
    nodes: dict[str, Mapping]
    said: dict[tuple[str, str], Statement]

    def row(self, row: Row) -> Lines:
        """Yield everything under the line of a row: what it says, what it has from elsewhere, the rows beneath."""
        node = self.nodes[row.code]
        if row.code != TOTAL and row.citation != Citation() and not _speaks(node):
            yield _status(row.citation)
        items = node.items if row.code == TOTAL else _status_first(node.items)
        keys = [key.text for key, _ in items]
        first = next((place for place, key in enumerate(keys) if key == "parts" or split_line(key)), len(keys))
        yield from self._entries(row, items[:first])
        yield from (f"# {line}" for line in self._elsewhere(row, node))
        yield from self._entries(row, items[first:])

    def _entries(self, row: Row, items: Items) -> Lines:
        for key, value in items:
            line = split_line(key.text)
            if line:
                yield from ("" for _ in range(row.code == TOTAL))
                yield from self._child(key, line[0])
            elif key.text == "parts":
                yield "parts:"
                for inner, part in mapping_items(value):
                    line = split_line(inner.text)
                    lines = self._child(inner, f"{row.code}.{line[0]}") if line else self._entry(row.code, inner, part)
                    yield from _indented(lines)
            else:
                yield from self._entry(row.code, key, value)

    def _child(self, key: Scalar, code: str) -> Lines:
        yield f"{block(key)}:"
        yield from _indented(self.row(self.scheme.row(code)))

    def _entry(self, at: str, key: Scalar, value: Node, path: str = "") -> Lines:
        """Yield a key with its value: a line for each number and choice of policy, with its status."""
        here, keyword = self._path(at, path, key), path in ("", "below.")
        if keyword and "." in key.text:  # what may stand in a plugin's own values is not known
            yield from evolve(self, said={})._entry(at, key, value, "plugin.")
            return
        value = _asked(value) if keyword and key.text == "evidence" else value
        if isinstance(value, Mapping) and value.items and not self._number(at, here, value):
            yield f"{block(key)}:"
            for inner, item in _status_first(value.items):
                yield from _indented(self._entry(at, inner, item, f"{here}."))
            yield from (f"  # {line}" for line in self._left_out(at, here, value))
            return
        text = self._flow(at, here, value)
        if isinstance(value, Scalar) and not self._number(at, here, value):
            text = quoted(words(value)) if key.text in STATUS_KEYS else block(value)
        beside = self._beside(at, here, value)
        yield f"{block(key)}: {text}".rstrip() + (f"  # {beside}" if beside else "")
        if keyword and key.text == "choice":
            yield from (f"# {line}" for line in self._shared_list(words(value).strip().removeprefix("$")))

    def _path(self, at: str, path: str, key: Scalar) -> str:
        """Return the path of keys to a value: a line counts by its code, a level or a step by its text."""
        line = split_line(key.text)
        return path + (key.text if line is None or (at, path + key.text) in self.said else line[0])

    def _number(self, at: str, path: str, node: Node) -> bool:
        """Return whether a value can be written with its status: `{is: 20, assumed: ...}`."""
        stated = self.said.get((at, path))
        plain = node.get("is") if isinstance(node, Mapping) else node
        return stated is not None and stated.text not in SCOPES and isinstance(plain, Scalar)

    def _beside(self, at: str, path: str, node: Node) -> str:
        """Return the status of what is stated and cannot be written with it, such as `min-max: all`."""
        stated = self.said.get((at, path))
        return _words(stated.citation) if stated and not self._number(at, path, node) else ""

    def _flow(self, at: str, path: str, node: Node) -> str:
        """Return a value on one line, each number in it with its status."""
        if self._number(at, path, node):
            return self._with_status(at, path, node)
        if isinstance(node, Mapping):
            return f"{{{', '.join(self._pairs(at, f'{path}.', _status_first(node.items)))}}}"
        if isinstance(node, Sequence):
            return f"[{', '.join(self._flow(at, f'{path}.{place}', one) for place, one in enumerate(node.items, 1))}]"
        return flow(node)

    def _pairs(self, at: str, path: str, items: Items) -> list[str]:
        return [
            f"{key.text}: {quoted(words(value))}"
            if key.text in STATUS_KEYS
            else f"{flow(key)}: {self._flow(at, self._path(at, path, key), value)}"
            for key, value in items
        ]

    def _with_status(self, at: str, path: str, node: Node) -> str:
        citation = self.said[at, path].citation
        items = node.items if isinstance(node, Mapping) else ((Scalar("is", "is", node.where), node),)
        pairs = self._pairs(at, f"{path}.", items)
        # Where nobody says anything, what stands around the number is enough.
        if not _speaks(node) and citation != Citation():
            pairs.insert(1, _status(citation))
        return flow(node) if isinstance(node, Scalar) and len(pairs) == 1 else f"{{{', '.join(pairs)}}}"

    def _left_out(self, at: str, path: str, node: Mapping) -> Lines:
        """Yield what a mapping leaves to a default."""
        absent = _DEFAULTS.get(path.removeprefix("below."), {})
        yield from (f"{key}: {text} (default)" for key, text in absent.items() if node.get(key) is None)
        for key, one in self._assumed(at, path).items():
            if node.get(key) is None:
                yield f"{key}: {one.text} ({_words(one.citation)})"

    def _assumed(self, at: str, path: str) -> dict[str, Statement]:
        """Return what is stated of `publish` or `rank` for the whole scheme, by key."""
        if at != TOTAL or path not in ("publish", "rank"):
            return {}
        top = {key: one for (at, key), one in self.said.items() if at == TOTAL}
        return {key.removeprefix(f"{path}."): one for key, one in top.items() if key.startswith(f"{path}.")}

    def _shared_list(self, code: str) -> Lines:
        """Yield the cases of a shared list, none where a row has its own."""
        lists = {(split_line(key.text) or ("",))[0]: value for key, value in mapping_items(self._top.get("choices"))}
        for key, value in mapping_items(lists.get(code)):
            line = split_line(key.text)
            if line:
                yield f"{flow(key)}: {self._flow(TOTAL, f'choices.{code}.{line[0]}', value)}"

    @property
    def _top(self) -> Mapping:
        return self.nodes[TOTAL]

    def _elsewhere(self, row: Row, node: Mapping) -> Lines:
        """Yield what a row does not say itself: its defaults, and what it has from a heading above."""
        yield from (f"{key}: {text} (default)" for key, text in self._defaults(row, node) if node.get(key) is None)
        if row.code == TOTAL:
            yield from self._policies()
        scale = row.scale.name if row.scale else ""
        had = {scale: row.scale, "evidence": row.evidence, "data-from": row.data_from, "verified-by": row.verified_by}
        for key, found in had.items():
            if found and node.get(key) is None:
                yield from self._from_above(row, key)

    def _defaults(self, row: Row, node: Mapping) -> Iterator[tuple[str, str]]:
        above = self.scheme.above(row.code)
        apart = isinstance(row, Group) and row.combine.name == "none"
        if not apart and all(node.get(role) is None for role in _ROLES):
            yield "max", "1"
        if above and above[0].combine.name in WEIGHING:
            yield "weight", "1"
        if isinstance(row, Group):
            yield "combine", "sum"
        if row.levels:
            yield "between-levels", "lower"
        if not above:
            yield from (("revision", "1"), ("merged", "refuse"), ("self-scored", "false"))

    def _policies(self) -> Lines:
        """Yield the policies for the whole scheme that the document does not state."""
        for key in ("missing", "not-applicable"):
            one = self.said.get((TOTAL, key))
            if one and self._top.get(key) is None:
                yield f"{key}: {one.text} ({_words(one.citation)})"
        for key in ("publish", "rank"):
            assumed = self._assumed(TOTAL, key)
            if assumed and self._top.get(key) is None:
                texts = ", ".join(f"{name}: {one.text}" for name, one in assumed.items())
                why = {_words(one.citation): "" for one in assumed.values()}
                yield f"{key}: {{{texts}}} ({'; '.join(why)})"

    def _from_above(self, row: Row, key: str) -> Lines:
        """Yield what the nearest heading says of a key for this row: in its `below`, or itself for its parts."""
        for heading in self.scheme.above(row.code):
            node, path = self.nodes[heading.code], "" if heading.parts else "below."
            said = node if heading.parts else node.get("below")
            found = said.get(key) if isinstance(said, Mapping) else None
            if found is not None and (path or key in _OF_PARTS):
                text = self._flow(heading.code, path + key, _asked(found) if key == "evidence" else found)
                beside = self._beside(heading.code, path + key, found)
                where = f"below, {heading.code}" if path else heading.code
                yield f"{key}: {text} ({where}; {beside})" if beside else f"{key}: {text} ({where})"
                return


def _asked(node: Node) -> Node:
    """Return what is asked as evidence in the form that has room for what happens without it."""
    return Mapping(((Scalar("ask", "ask", node.where), node),), node.where) if words(node) else node


def _speaks(node: Node) -> bool:
    """Return whether a mapping states a status of its own."""
    return isinstance(node, Mapping) and any(node.get(key) is not None for key in STATUS_KEYS)


def _status_first(items: Items) -> tuple[tuple[Scalar, Node], ...]:
    return tuple(sorted(items, key=lambda pair: pair[0].text not in STATUS_KEYS))


def _status(citation: Citation) -> str:
    return f"{citation.status}: {quoted(citation.words)}"


def _words(citation: Citation) -> str:
    return " ".join(str(citation).split())


def _indented(lines: Iterable[str]) -> Lines:
    return (f"  {line}" if line else line for line in lines)
