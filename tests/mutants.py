"""Every key of a scheme, and four things that happen to one: forgotten, misspelt, typed twice, given a wrong value.

A mutant knows where a report of it is at its place: at the key itself, at what it stands in, and at what refers to it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator

from attrs import field, frozen

from ictindex.documents import source
from ictindex.documents.grammar import STATUS_KEYS, split_line
from ictindex.documents.source import Document, Node, Scalar, Sequence

STATED = ("max", "rows", "criteria")
"""What a heading says of the rows beneath: where one of them is wrong, the sum or the count does not come out."""

SPEAKS_OF = {"between-levels": "levels", "levels": "between-levels"}
"""A key that says something of what stands under another one beside it."""


ALIKE = 3
"""Of keys that differ in nothing but the codes and words of the rows they stand in, so many are mutated."""


@frozen
class Key:
    """One key: the mappings that it stands in, from the top down, each with its own key, and then its value."""

    above: tuple[tuple[Scalar | None, source.Mapping], ...]
    key: Scalar
    value: Node

    @property
    def path(self) -> tuple[str, ...]:
        """The keys from the top down, a line by its code."""
        return tuple(map(_word, self.names))

    @property
    def names(self) -> tuple[str, ...]:
        """The keys from the top down, as they stand there."""
        return (*(name.text for name, _ in self.above if name is not None), self.key.text)

    @property
    def is_line(self) -> bool:
        """Whether it has a code and words."""
        return split_line(self.key.text) is not None

    @property
    def kind(self) -> tuple[object, ...]:
        """What it has in common with keys alike: where it stands, whatever the codes there, and what is beside it."""
        names = (*(name for name, _ in self.above if name is not None), self.key)
        path = tuple("*" if split_line(name.text) else name.text for name in names)
        beside = frozenset("*" if split_line(one.text) else one.text for one, _ in self.beside.items)
        return path, beside, type(self.value)

    @property
    def beside(self) -> source.Mapping:
        """The mapping that it stands in."""
        return self.above[-1][1]


@frozen
class Mutant:
    """A text with one mistake: at which key, and of which kind.

    `places` are the lines of the text as it was where a report of it is at its place; of that text, the lines from
    the first to the last became `now` lines.
    """

    key: Key
    mistake: str
    text: str = field(repr=False)
    places: frozenset[int] = field(repr=False)
    first: int
    last: int
    now: int

    @property
    def misspelt(self) -> str:
        """The key's word, or the code of its line, misspelt."""
        return _misspelt(self.key.path[-1])

    @property
    def lines(self) -> frozenset[int]:
        """The lines of this text where a report is at its place; of a key that stands twice, the second one."""
        if self.mistake == "twice":
            in_block = self.now == 2 * (self.last - self.first + 1)
            return frozenset({self.last + in_block})
        found = {self.moved(place) for place in self.places}
        if not self.now and self.key.beside.items[0][0] is self.key.key:
            found.add(self.first)  # what it stood in begins here now
        return frozenset(found - {0})

    def moved(self, line: int) -> int:
        """Return where a line of the text as it was stands now; 0 where it is gone."""
        if self.first <= line <= self.last:
            return min(line, self.first + self.now - 1) if self.now else 0
        return line + (self.now - (self.last - self.first + 1)) * (line > self.last)

    def __str__(self) -> str:
        return f"line {self.key.key.where.line}: {' > '.join(self.key.path)} {self.mistake}"


def mutants(document: Document, text: str) -> Iterator[Mutant]:
    """Yield the four mutants of every key of a document, from the top down; of many keys alike, of the first few.

    With ICTINDEX_EVERY_MUTANT in the environment, of all of them: that takes five minutes more.
    """
    written, places, seen = _Text(text), _Places(document), Counter[object]()
    for key in keys(document.root):
        seen[key.kind] += 1
        if seen[key.kind] > ALIKE and not os.environ.get("ICTINDEX_EVERY_MUTANT"):
            continue
        lines, (first, last) = places.of(key), written.lines(key)
        entry, name, block, word = written.entry(key), written.name(key), written.in_block(key), key.path[-1]
        other = f"{name}: {_another_kind(key.value)}"
        other = f"{written.indent(key)}{other}\n" if block else other
        wrong = {
            "removed": written.without(key),
            "misspelt": written.replaced(key, entry.replace(name, name.replace(word, _misspelt(word), 1), 1)),
            "twice": written.replaced(key, entry * 2 if block else f"{entry}, {entry}"),
            "mistyped": written.replaced(key, other),
        }
        for mistake, changed in wrong.items():
            more = changed.count("\n") - text.count("\n")
            yield Mutant(key, mistake, changed, lines, first, last, last - first + 1 + more)


def keys(node: Node, above: tuple[tuple[Scalar | None, source.Mapping], ...] = ()) -> Iterator[Key]:
    """Yield every key of a mapping, and of those in it."""
    if isinstance(node, source.Mapping):
        above = above or ((None, node),)
        for key, value in node.items:
            yield Key(above, key, value)
            if isinstance(value, source.Mapping):
                yield from keys(value, (*above, (key, value)))


def _word(text: str) -> str:
    line = split_line(text)
    return line[0] if line else text


def _misspelt(word: str) -> str:
    """Return a word with its last two letters the wrong way round; a short one, or one of digits, with one more."""
    plain = word.isalpha() and len(word) > 3 and word[-1] != word[-2]
    return f"{word[:-2]}{word[-1]}{word[-2]}" if plain else f"{word}x"


def _another_kind(value: Node) -> str:
    """Return a value of another kind: a word where there is a list or a number, and else a list."""
    number = isinstance(value, Scalar) and isinstance(value.value, int | float)
    return "abc" if number or isinstance(value, Sequence) else "[1, 2]"


class _Text:
    """The text of a document, cut at its keys."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rows = text.splitlines(keepends=True)
        self.starts = [0]
        for row in self.rows:
            self.starts.append(self.starts[-1] + len(row))

    def at(self, node: Node) -> int:
        """Return the offset of a key or value."""
        return self.starts[node.where.line - 1] + node.where.column - 1

    def in_block(self, key: Key) -> bool:
        """Whether the key stands on a line of its own, not between braces."""
        return not self.text.startswith("{", self.at(key.beside))

    def lines(self, key: Key) -> tuple[int, int]:
        """Return the first and the last line of a key with its value."""
        first = last = key.key.where.line
        if not self.in_block(key):
            return first, first + self.entry(key).count("\n")
        while last < len(self.rows) and (
            not self.rows[last].strip() or len(self.indent(key)) < len(self.rows[last]) - len(self.rows[last].lstrip())
        ):
            last += 1
        while not self.rows[last - 1].strip():
            last -= 1
        return first, last

    def indent(self, key: Key) -> str:
        """Return the blanks before a key."""
        return " " * (key.key.where.column - 1)

    def name(self, key: Key) -> str:
        """Return the key as it is typed, with its quotes."""
        start = self.at(key.key)
        quote = self.text[start] if self.text[start] in "\"'" else ""
        name = f"{quote}{key.key.text}{quote}"
        assert self.text.startswith(f"{name}:", start), name
        return name

    def entry(self, key: Key) -> str:
        """Return the key with its value as it is typed: whole lines, or what stands between the commas."""
        if self.in_block(key):
            first, last = self.lines(key)
            return self.text[self.starts[first - 1] : self.starts[last]]
        return self.text[self.at(key.key) : self._end(key)]

    def _end(self, key: Key) -> int:
        """Return the offset of the comma or brace behind a key and its value."""
        depth, quote = 0, ""
        for at in range(self.at(key.key), len(self.text)):
            here = self.text[at]
            if quote:
                quote = "" if here == quote else quote
            elif here in "\"'" and self.text[at - 1] in " {[,":
                quote = here
            elif here in ",}" and not depth:
                return at
            else:
                depth += (here in "{[") - (here in "}]")
        raise AssertionError(f"{key.path} has no end")

    def replaced(self, key: Key, new: str) -> str:
        """Return the text with something else in the place of a key and its value."""
        start = self.starts[key.key.where.line - 1] if self.in_block(key) else self.at(key.key)
        return self.text[:start] + new + self.text[start + len(self.entry(key)) :]

    def without(self, key: Key) -> str:
        """Return the text without a key and its value; between braces, without one comma too."""
        if self.in_block(key):
            return self.replaced(key, "")
        start, end = self.at(key.key), self._end(key)
        if self.text[end] == ",":
            return self.text[:start] + self.text[end + 1 :].lstrip(" ")
        return self.text[:start].rstrip(" ").removesuffix(",") + self.text[end:]


class _Places:
    """Where a report of a mistake at a key is at its place."""

    def __init__(self, document: Document) -> None:
        self.root = document.root
        self.referring: dict[str, set[int]] = {}
        for key in keys(document.root):
            for code in _referred(key):
                self.referring.setdefault(code, set()).add(key.key.where.line)

    def of(self, key: Key) -> frozenset[int]:
        """Return the lines: of the key, of all it stands in, of what is beside it there, and of what refers to it."""
        found = {self.root.where.line, key.key.where.line, key.value.where.line}
        for name, mapping in key.above:
            found |= {mapping.where.line} | ({name.where.line} if name is not None else set())
            found |= _lines(mapping, STATED)
        if len(key.above) > 1:
            name = key.above[-1][0]
            in_row = name is not None and split_line(name.text) is not None
            found |= {one.where.line for one, _ in key.beside.items if not (in_row and split_line(one.text))}
        elif key.key.text in STATUS_KEYS:  # what it is the status of
            found |= {one.where.line for one, _ in key.beside.items if not split_line(one.text)}
        other = key.beside.key(SPEAKS_OF.get(key.key.text, ""))
        if other is not None:
            found |= {other.where.line, *(one.key.where.line for one in keys(key.beside.get(other.text) or other))}
        if "below" in key.names:  # what it is for: the rows beneath
            at = 0 if "variants" in key.names else key.names.index("below")
            found |= {one.key.where.line for one in keys(key.above[at][1])}
        for code in {*key.path, *(_word(one.key.text) for one in keys(key.value))}:
            found |= self.referring.get(code, set())
        return frozenset(found)


def _lines(mapping: source.Mapping, names: Iterable[str]) -> set[int]:
    return {key.where.line for name in names if (key := mapping.key(name)) is not None}


def _referred(key: Key) -> Iterator[str]:
    """Yield the codes that a key, or its value, refers to."""
    texts = [one.text for one in getattr(key.value, "items", ()) if isinstance(one, Scalar)]
    if isinstance(key.value, Scalar):
        texts.append(key.value.text)
    for text in texts:
        if text.startswith("$"):
            yield text[1:]
        elif key.key.text in STATUS_KEYS:
            yield text.partition(" ")[0]
        elif key.key.text == "then":
            yield text
    if {"variants", "only-if"} & {*key.names[:-1]}:
        yield _word(key.key.text)
