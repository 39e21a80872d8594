"""One unit explained: the answer to "why this number?"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from attrs import frozen

from ictindex.answer import Answer, plain
from ictindex.citations import Source
from ictindex.explaining.paper import sections
from ictindex.explaining.telling import tree
from ictindex.explanation import Explained
from ictindex.messages import LANGUAGES, in_language
from ictindex.model import Scheme
from ictindex.pages import Page


@frozen(kw_only=True)
class Explanation(Answer):
    """Why one unit has its score under one scheme, from one row (usually the top) down.

    `pool` is the unit's, empty where the table names none; `sources` are the documents that the rows cite.
    """

    kind: ClassVar[str] = "explanation"
    unit: str
    name: str
    pool: str
    root: Explained
    sources: tuple[Source, ...]

    @property
    def scheme(self) -> Scheme:
        """The scheme that was scored under."""
        return self.subject.scheme

    def row(self, code: str) -> Explained:
        """Return the explained row of that code. Raises KeyError."""
        try:
            return next(row for row in self.root.walk() if row.code == code)
        except StopIteration:
            raise KeyError(code) from None

    def page(self) -> Page:
        """Return the explanation as a page of tables."""
        return Page(self._title, sections(self.root, self.sources), self.subject.notices)

    def to_columns(self) -> dict[str, list[Any]]:
        """Return a line for each row of the tree, the top first: what it earned and what it contributes, in points.

        `printed` is the row's part of the published total. The columns are lists of one length, by name.
        """
        rows = list(self.root.deep())
        numbers = ("points", "max", "contribution", "to_total")
        return {
            "depth": [depth for _, depth in rows],
            "code": [row.code for row, _ in rows],
            "name": [row.name for row, _ in rows],
            **{name: [plain(getattr(row, name)) for row, _ in rows] for name in numbers},
            "printed": [None if row.printed is None else float(row.printed) for row, _ in rows],
            "flags": [" ".join(row.flags) for row, _ in rows],
        }

    def tree(self) -> Iterator[str]:
        """Yield the lines of the tree, as texts that can be said in another language."""
        return tree(self.root)

    def told(self, language: str = LANGUAGES[0]) -> str:
        """Return the explanation as a tree, its words in a language; what a decision says stays as it is."""
        lines = [self._title, *self.subject.notices, *self.tree()]
        return "\n".join(in_language(line, language) for line in lines)

    def __str__(self) -> str:
        return self.told()

    @property
    def _title(self) -> str:
        return f"{self.name} ({self.unit}), {self.scheme.id}: {self.scheme.title}"
