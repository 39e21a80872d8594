"""The annex as Markdown: a table as provinces publish it, then the reasons and the columns.

Whatever stands in a scheme is escaped: a name with a bar or a star in it stays a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from ictindex.annex.marks import LEGEND, SIGNS, Marked, rendered
from ictindex.annex.rows import Annex, AnnexRow, is_address, source_words
from ictindex.citations import Source, Status
from ictindex.markup import begun, escaped, table
from ictindex.messages import say


def as_markdown(annex: Annex, language: str = "en", *, spans: bool = False, under: Sequence[str] = ()) -> str:
    """Return the annex as Markdown, its words in a language.

    With `spans`, numbers stand in `<span class="assumed">`, for a page with a style sheet. `under` are lines of
    Markdown that follow the title.
    """
    return "\n".join(_Writer(annex, language, spans, tuple(under)).lines()) + "\n"


@frozen
class _Writer:
    annex: Annex
    language: str
    spans: bool
    under: tuple[str, ...]

    def told(self, text: str) -> str:
        """Return a text in the language, escaped."""
        return rendered(text, self.language, escaped, self._marked if self.spans else None)

    def _marked(self, text: Marked, words: str) -> str:
        if text.status is Status.CITED:
            return words
        sign = escaped(SIGNS[text.status]).replace("\\{text\\}", words)
        note = f" ({text.note})" if text.note else ""
        return f'<span class="{text.status}">{sign}{note}</span>'

    def paragraph(self, text: str) -> str:
        """Return a text that may stand at the beginning of a line."""
        return begun(self.told(text))

    def lines(self) -> Iterator[str]:
        """Yield the whole page."""
        scheme = self.annex.scheme
        yield f"# {self.told(scheme.title).strip()}"
        yield ""
        if scheme.en:
            yield from (f"*{self.told(scheme.en).strip()}*", "")
        yield from self.under
        yield from (f"**{self.told(self.annex.counted)}**", "")
        yield from (f"- {self.told(fact.about)}: {self.told(fact.words)}" for fact in self.annex.facts)
        yield ""
        if scheme.notes:
            yield from (self.paragraph(scheme.notes.strip()), "")
        yield from (f"- {self._source(one)}" for one in scheme.sources)
        yield from [""] * bool(scheme.sources)
        yield from self._policies()
        yield from self._rows()
        yield from self._reasons()
        yield from self._columns()

    def _policies(self) -> Iterator[str]:
        yield from (f"## {self.told(say('What holds for every row'))}", "")
        yield from (f"- {self.told(fact.about)}: {self.told(fact.words)}" for fact in self.annex.policies)
        yield ""

    def _rows(self) -> Iterator[str]:
        yield from (f"## {self.told(say('The criteria'))}", "", self.told(LEGEND), "")
        heads = (
            say("No."),
            say("criterion"),
            say("max"),
            say("how scored"),
            say("evidence"),
            say("source, verified by"),
        )
        cells = [self._cells(row) for row in self.annex.rows]
        kept = [place for place in range(len(heads)) if place < 4 or any(row[place] for row in cells)]
        yield from table(
            [self.told(heads[place]) for place in kept], ([row[place] for place in kept] for row in cells), right=(2,)
        )
        yield ""

    def _cells(self, row: AnnexRow) -> tuple[str, ...]:
        strong = "**" if row.kind in ("total", "heading") else ""
        name = say("Total") if row.kind == "total" else row.name  # the name of the whole is the title
        name = f"{strong}{self.told(name).strip()}{strong}"
        weight = say("weight {weight}", weight=row.weight) if row.weight else ""
        return (
            f"{strong}{self.told(row.code)}{strong}",
            self._below(name, f"*{self.told(row.en).strip()}*" if row.en and row.kind != "total" else ""),
            self._below(self.told(row.short), self.told(weight)),
            self._below(*map(self.told, row.scored)),
            self.told(row.evidence),
            self._below(*map(self.told, row.people)),
        )

    def _below(self, *texts: str) -> str:
        return "<br>".join(filter(None, texts))

    def _reasons(self) -> Iterator[str]:
        if not self.annex.footnotes:
            return
        yield from (f"## {self.told(say('The reasons'))}", "")
        for note in self.annex.footnotes:
            yield f"- ({note.number}) {self.told(note.words)}"
        yield ""

    def _columns(self) -> Iterator[str]:
        yield from (f"## {self.told(say('The columns of a table'))}", "")
        heads = [self.told(head) for head in (say("column"), say("words"), say("what a cell holds"))]
        yield from table(
            heads,
            (
                (self.told(one.heading), self._below(*map(self.told, one.about)), self.told(one.holds))
                for one in self.annex.columns
            ),
        )

    def _source(self, source: Source) -> str:
        """Return a source with its address as a link, where it is one."""
        label = f"{self.told(source.code)}: "
        if not is_address(source.url):
            return label + self.told(source_words(source))
        return f"{label}{self.told(source_words(source, address=False))}, <{source.url}>"
