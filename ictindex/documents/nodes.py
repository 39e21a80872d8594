"""What a document is made of: values, mappings and lists, each with its place in the file.

The canonical form of a document is its content without its layout: what is typed as a value stays as typed, and
comments, blank lines, indentation, quotation marks and line breaks inside a text change nothing.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from attrs import field, frozen

from ictindex.canonical import SCHEME, sha256_of
from ictindex.errors import Location


@frozen
class Scalar:
    """One value, or one key: the text as typed and what it means. The value of a key is always its text."""

    text: str
    value: int | float | bool | str | None
    where: Location
    quoted: bool = False


@frozen
class Mapping:
    """Keys and values in the order of the file. No key stands twice."""

    items: tuple[tuple[Scalar, Node], ...]
    where: Location
    _index: dict[str, tuple[Scalar, Node]] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_index", {item[0].text: item for item in self.items})

    def get(self, key: str) -> Node | None:
        """Return the value under the key, or None where there is no such key."""
        return self._index[key][1] if key in self._index else None

    def key(self, key: str) -> Scalar | None:
        """Return the key itself, with its place, or None where there is no such key."""
        return self._index[key][0] if key in self._index else None

    def __contains__(self, key: object) -> bool:
        return key in self._index


@frozen
class Sequence:
    """A list of values."""

    items: tuple[Node, ...]
    where: Location


Node: TypeAlias = Scalar | Mapping | Sequence


def content_sha256(root: Node) -> str:
    """Return the SHA-256 of a document's canonical form, which docs/receipts.md specifies."""
    return sha256_of([SCHEME, _content(root)])


def _content(node: Node) -> Any:
    """Return a scalar as its text; a list, or the keys and values of a mapping in turn, behind a word that says so."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return ["list", *map(_content, node.items)]
    return ["map", *(part for key, value in node.items for part in (key.text, _content(value)))]
