"""The annex as one page of HTML that asks nothing of the network and needs no script; it prints on A4 across.

Whatever stands in a scheme is escaped. Statuses are coloured and marked, so that they are seen in black and white too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from attrs import frozen

from ictindex.annex.marks import LEGEND, SIGNS, Marked, rendered
from ictindex.annex.rows import Annex, AnnexRow, Fact, is_address, source_words
from ictindex.citations import Source, Status
from ictindex.messages import say

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light; --line: #b9c0c8; --shade: #eef1f4; --assumed: #9c2f00; --derived: #1f4f8f; }
body { font: 15px/1.45 "Noto Sans", "Segoe UI", Roboto, Arial, sans-serif; color: #16191d; background: #fff;
  margin: 0 auto; max-width: 76rem; padding: 1.5rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
.en, .aside { color: #4d5660; }
.counts { border-left: .3rem solid var(--derived); background: var(--shade); padding: .5rem .75rem; font-weight: 600; }
.counts.provisional { border-color: var(--assumed); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .75rem 0; }
dt { color: #4d5660; }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: 0 0 .5rem; }
th, td { border: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top; }
thead th { background: var(--shade); }
tbody th { font-weight: 400; white-space: nowrap; }
td.number { text-align: right; white-space: nowrap; }
tr.total th, tr.total td, tr.heading th, tr.heading td { background: var(--shade); }
tr.total .name, tr.heading .name, tr.total th, tr.heading th { font-weight: 600; }
tr.part .name { padding-left: 1.5rem; }
td p { margin: 0 0 .2rem; }
.assumed { color: var(--assumed); background: #fdf0e6; }
.derived { color: var(--derived); }
.assumed, .derived { border-radius: .2rem; padding: 0 .1rem; }
sup { line-height: 0; }
sup a { text-decoration: none; }
a { color: inherit; }
ol { padding-left: 2rem; }
li:target { background: #fff3bf; }
@page { size: A4 landscape; margin: 12mm; }
@media print {
  body { font-size: 9.5pt; max-width: none; padding: 0; }
  thead { display: table-header-group; }
  tr, li { break-inside: avoid; }
  h2 { break-after: avoid; }
  .counts, thead th, tr.total th, tr.total td, tr.heading th, tr.heading td, .assumed { print-color-adjust: exact; }
}
"""


def as_html(annex: Annex, language: str = "en") -> str:
    """Return the annex as a whole page of HTML, its words in a language."""
    return "\n".join(_Writer(annex, language).page()) + "\n"


@frozen
class _Writer:
    annex: Annex
    language: str

    def told(self, text: str) -> str:
        """Return a text in the language, escaped, its numbers marked by their status."""
        return rendered(text, self.language, escape, self._marked)

    def _marked(self, text: Marked, words: str) -> str:
        if text.status is Status.CITED:
            return words
        sign = SIGNS[text.status].format(text=words)
        note = f'&#8288;<sup><a href="#note-{text.note}">({text.note})</a></sup>' if text.note else ""
        return f'<span class="{text.status}">{sign}{note}</span>'

    def page(self) -> Iterator[str]:
        """Yield the whole page."""
        scheme = self.annex.scheme
        yield "<!doctype html>"
        yield f'<html lang="{self.language}">'
        yield '<head>\n<meta charset="utf-8">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        yield f"<title>{escape(scheme.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
        yield f'<header>\n<h1 lang="vi">{escape(scheme.title)}</h1>'
        if scheme.en:
            yield f'<p class="en" lang="en">{escape(scheme.en)}</p>'
        provisional = " provisional" if scheme.provisional else ""
        yield f'<p class="counts{provisional}">{self.told(self.annex.counted)}</p>\n</header>\n<main>'
        yield from self._facts(self.annex.facts)
        if scheme.notes:
            yield f'<p lang="vi">{escape(scheme.notes)}</p>'
        yield from self._sources()
        yield self._title(say("What holds for every row"))
        yield from self._facts(self.annex.policies)
        yield self._title(say("The criteria"))
        yield from self._rows()
        yield from self._reasons()
        yield self._title(say("The columns of a table"))
        yield from self._columns()
        yield "</main>\n</body>\n</html>"

    def _title(self, text: str) -> str:
        return f"<h2>{self.told(text)}</h2>"

    def _facts(self, facts: Sequence[Fact]) -> Iterator[str]:
        yield "<dl>"
        yield from (f"<dt>{self.told(fact.about)}</dt><dd>{self.told(fact.words)}</dd>" for fact in facts)
        yield "</dl>"

    def _sources(self) -> Iterator[str]:
        if not self.annex.scheme.sources:
            return
        yield f'{self._title(say("Sources"))}\n<dl lang="vi">'
        for one in self.annex.scheme.sources:
            yield f"<dt>{escape(one.code)}</dt><dd>{self._source(one)}</dd>"
        yield "</dl>"

    def _source(self, source: Source) -> str:
        if not is_address(source.url):
            return self.told(source_words(source))
        address = escape(source.url)
        return f'{self.told(source_words(source, address=False))}, <a href="{address}" rel="noreferrer">{address}</a>'

    def _rows(self) -> Iterator[str]:
        yield f"<table>\n<caption>{self.told(LEGEND)}</caption>\n<thead>\n<tr>"
        heads = (
            say("No."),
            say("criterion"),
            say("max"),
            say("how scored"),
            say("evidence"),
            say("source, verified by"),
        )
        yield "".join(f'<th scope="col">{self.told(head)}</th>' for head in heads)
        yield "</tr>\n</thead>\n<tbody>"
        yield from map(self._row, self.annex.rows)
        yield "</tbody>\n</table>"

    def _row(self, row: AnnexRow) -> str:
        english = f'<span class="aside" lang="en">{escape(row.en)}</span>' if row.en and row.kind != "total" else ""
        name = f'<span class="name" lang="vi">{escape(row.name)}</span>'
        if row.kind == "total":  # its name is the title of the page
            name = f'<span class="name">{self.told(say("Total"))}</span>'
        weight = self.told(say("weight {weight}", weight=row.weight)) if row.weight else ""
        cells = (
            f'<th scope="row">{escape(row.code)}</th>',
            f"<td>{_lines(name, english)}</td>",
            f'<td class="number">{_lines(self.told(row.short), weight)}</td>',
            f"<td>{_lines(*map(self.told, row.scored))}</td>",
            f"<td>{self.told(row.evidence)}</td>",
            f"<td>{_lines(*map(self.told, row.people))}</td>",
        )
        return f'<tr class="{row.kind}">{"".join(cells)}</tr>'

    def _reasons(self) -> Iterator[str]:
        if not self.annex.footnotes:
            return
        yield f"{self._title(say('The reasons'))}\n<ol>"
        for note in self.annex.footnotes:
            words = self.told(note.words)
            yield f'<li id="note-{note.number}" class="{note.citation.status}">{words}</li>'
        yield "</ol>"

    def _columns(self) -> Iterator[str]:
        heads = (say("column"), say("words"), say("what a cell holds"))
        yield "<table>\n<thead>\n<tr>" + "".join(f'<th scope="col">{self.told(head)}</th>' for head in heads)
        yield "</tr>\n</thead>\n<tbody>"
        for one in self.annex.columns:
            yield (
                f'<tr><th scope="row">{escape(one.heading)}</th><td>{_lines(*map(self.told, one.about))}</td>'
                f"<td>{self.told(one.holds)}</td></tr>"
            )
        yield "</tbody>\n</table>"


def _lines(*texts: str) -> str:
    """Return texts of HTML below one another."""
    lines = [text for text in texts if text]
    return lines[0] if len(lines) == 1 else "".join(f"<p>{line}</p>" for line in lines)
