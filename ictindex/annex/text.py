"""The annex as text for a terminal: the rows as an indented list, so that long names have room."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from attrs import frozen

from ictindex.annex.rows import Annex, AnnexRow, source_words
from ictindex.messages import in_language, joined, say

_WIDTH = 110


def as_text(annex: Annex, language: str = "en") -> str:
    """Return the annex as text, 110 letters wide, its words in a language."""
    return "\n".join(_Writer(annex, language).lines()) + "\n"


@frozen
class _Writer:
    annex: Annex
    language: str

    def lines(self) -> Iterator[str]:
        """Yield the head, the policies, the rows, the footnotes and the columns."""
        yield from self._head()
        yield ""
        for fact in self.annex.policies:
            yield from self.line(say("{about}: {words}", about=fact.about, words=fact.words))
        yield ""
        for row in self.annex.rows:
            yield from self._row(row)
        yield ""
        for note in self.annex.footnotes:
            yield from self.line(note.words, f"({note.number}) ")
        yield from [""] * bool(self.annex.footnotes)
        yield from self._columns()

    def line(self, text: str, lead: str = "") -> list[str]:
        """Return a text in lines, the first one behind the lead and the others under it."""
        told = in_language(text, self.language)
        lines = textwrap.TextWrapper(_WIDTH, lead, " " * len(lead), break_on_hyphens=False, break_long_words=False)
        return lines.wrap(told)

    def _head(self) -> Iterator[str]:
        scheme = self.annex.scheme
        yield from self.line(scheme.title)
        yield from self.line(scheme.en)
        named = [
            say("{about} {words}", about=fact.about, words=fact.words) for fact in self.annex.facts if not fact.long
        ]
        yield from self.line(joined((scheme.id, *named[1:]), ", "))
        yield from self.line(self.annex.counted)
        yield from self.line(scheme.notes)
        yield ""
        for source in scheme.sources:
            lead = in_language(say("source {code}: ", code=source.code), self.language)
            yield from self.line(source_words(source), lead)
        for fact in self.annex.facts:
            if fact.long:
                yield from self.line(say("{about} {words}", about=fact.about, words=fact.words))

    def _row(self, row: AnnexRow) -> Iterator[str]:
        lead = "  " * row.depth
        inner = lead + "    "
        facts = joined((row.worth, say("weight {weight}", weight=row.weight) if row.weight else ""), ", ")
        named = say("{name}  ({facts})", name=row.name, facts=facts) if facts else row.name
        yield from self.line(named, f"{lead}{row.code} ")
        if row.combine != "sum":  # what every table of points means without saying it
            yield from self.line(row.how, inner)
        yield from self.line(row.levels, inner)
        yield from self.line(joined((*row.remarks, row.notes), "; "), inner)
        if row.evidence:
            yield from self.line(say("evidence: {what}", what=row.evidence), inner)
        source = say("source: {place}", place="; ".join(row.sources)) if row.sources else ""
        data = say("data from: {who}", who=row.data_from) if row.data_from else ""
        verified = say("verified by: {who}", who=row.verified_by) if row.verified_by else ""
        yield from self.line(joined((source, data, verified, row.effort), "; "), inner)

    def _columns(self) -> Iterator[str]:
        yield in_language(say("columns of a table:"), self.language)
        width = max(len(one.heading) for one in self.annex.columns)
        for one in self.annex.columns:
            words, *more = one.about
            named = say("{words}: {holds}", words=words, holds=one.holds) if one.holds else words
            yield from self.line(joined((named, *more), "; "), f"  {one.heading.ljust(width)}  ")
