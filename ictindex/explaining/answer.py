"""One unit explained: the answer to "why this number?"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from attrs import evolve, frozen

from ictindex.answer import Answer, plain
from ictindex.citations import Source
from ictindex.explaining.losing import most_lost
from ictindex.explaining.paper import documents, sections
from ictindex.explaining.telling import Branch, Marked, tree
from ictindex.explanation import Explained
from ictindex.messages import LANGUAGES, say
from ictindex.model import Scheme
from ictindex.pages import Lines, Page, Section, as_text


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
    _sourced: bool = False

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
        lost = most_lost(self.scheme, self.root)
        return Page(self._title, sections(self.root, self.sources, lost), self.subject.notices)

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
        """Yield the lines of the tree, as texts that can be said in another language; none is broken."""
        return (branch.line for branch in self._branches())

    def with_sources(self) -> Explanation:
        """Return the explanation whose tree says at each row where it and its numbers come from."""
        return evolve(self, sourced=True)

    def told(self, language: str = LANGUAGES[0]) -> str:
        """Return the explanation as a tree, its words in a language; what a decision says stays as it is.

        Above it stands where most is lost, below it what rests on assumed numbers, or with `with_sources` the sources.
        """
        lost = list(most_lost(self.scheme, self.root))
        above = [Section("", [Lines(lost)])] if lost else []
        head = as_text(Page(self._title, above, self.subject.notices), language)
        below = as_text(Page("", list(self._below())), language).lstrip("\n")
        lines = [line for branch in self._branches() for line in branch.told(language)]
        return "\n".join([head, "", *lines, *(["", below] if below else [])])

    def _branches(self) -> Iterator[Branch]:
        return tree(self.root, self._marked)

    @property
    def _marked(self) -> Marked:
        if self._sourced:
            return "sources"
        assumed = {"assumed" in row.flags for row in self._stating}
        return "assumed" if len(assumed) > 1 else "none"

    @property
    def _stating(self) -> list[Explained]:
        return [row for row in self.root.walk() if row.statements]

    def _below(self) -> Iterator[Section]:
        """Yield what is said below the tree of where its numbers come from."""
        if self._sourced:
            for block in documents(self.sources):
                yield Section(say("Sources"), [block])
            return
        told = say("Every number and rule is in a source or follows from one. With --sources, each says where from.")
        if self._marked == "assumed":
            told = say(
                "Where it says assumed, some number or rule of that row is in no source. With --sources, each says "
                "where it comes from."
            )
        elif any("assumed" in row.flags for row in self._stating):
            told = say(
                "The numbers and rules of these rows are assumed, all or in part: they are in no source. With "
                "--sources, each says where it comes from."
            )
        yield Section("", [Lines([told])])

    def __str__(self) -> str:
        return self.told()

    @property
    def _title(self) -> str:
        return f"{self.name} ({self.unit}), {self.scheme.id}: {self.scheme.title}"
