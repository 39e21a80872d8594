"""A document as it was meant: what `structure` finds misspelt and knows a word for is read as that word.

A misspelt key is told once, with what was meant. Everything else is then looked at as if it were put right, so that one
slip of the pen does not make every row complain that it misses something.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Map

from attrs import evolve

from ictindex.documents.source import Mapping, Node, Scalar, Sequence
from ictindex.errors import Location, Problem, word_meant

_MISSPELT = ("S101", "S104", "S108")
_MOST = 100  # so many slips are none: it is another kind of file, and reading it twice takes long


def as_meant(root: Mapping, problems: Iterable[Problem]) -> Mapping:
    """Return the document with each misspelt key and word of a list replaced by the one that its hint names."""
    words = {one.where: word_meant(one.hint) for one in problems if is_misspelt(one)}
    return _mapping(root, words) if 0 < len(words) <= _MOST else root


def is_misspelt(problem: Problem) -> bool:
    """Return whether a problem is a misspelt word that `as_meant` replaces."""
    return problem.code in _MISSPELT and bool(word_meant(problem.hint))


def _mapping(node: Mapping, words: Map[Location, str]) -> Mapping:
    there = {key.text for key, _ in node.items}
    items = []
    for key, value in node.items:
        word = words.get(key.where, key.text)
        known = key.text if word in there else word
        there.add(known)
        items.append((evolve(key, text=known, value=known), _node(value, words)))
    return Mapping(tuple(items), node.where)


def _node(node: Node, words: Map[Location, str]) -> Node:
    if isinstance(node, Mapping):
        return _mapping(node, words)
    if isinstance(node, Sequence):
        return evolve(node, items=tuple(_node(one, words) for one in node.items))
    word = words.get(node.where)
    return node if word is None else Scalar(word, word, node.where, node.quoted)
