"""The sheet of a form that says where its numbers come from: documents, policies, and a reason for every mark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ictindex.annex.marks import LEGEND
from ictindex.annex.rows import source_words
from ictindex.forms.figures import footer_of
from ictindex.forms.making import Making, height
from ictindex.forms.styles import for_print, protect
from ictindex.messages import either, in_language, joined

_LABEL, _TEXT = 22, 100
"""The widths of the two columns."""


def write_sources(making: Making, sheet: Any) -> None:
    """Write the sheet."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, _LABEL)
    sheet.set_column(1, 1, _TEXT)
    for row, (style, *texts) in enumerate(_lines(making)):
        label, text = (in_language(one, making.say.language) for one in texts)
        sheet.write_string(row, 0, label, making.styles(style))
        sheet.write_string(row, 1, text, making.styles("text"))
        sheet.set_row(row, max(height(label, _LABEL), height(text, _TEXT * 11 // 10)))
    for_print(sheet, header=None, footer=footer_of(making))
    protect(sheet)


def _lines(making: Making) -> Iterator[tuple[str, str, str]]:
    annex, scheme = making.order.annex, making.scheme
    yield "part", either("Documents", "Văn bản"), ""
    for source in scheme.sources:
        yield "text", source.code, source_words(source)
    if scheme.notes:
        yield "text", either("Notes", "Ghi chú"), scheme.notes
    yield "part", either("Rules for the whole", "Quy định chung"), ""
    for fact in annex.policies:
        yield "text", fact.about, fact.words
    yield "part", either("Marks", "Dấu hiệu"), ""
    yield "text", "", annex.counted
    yield "text", "", LEGEND
    for note in annex.footnotes:
        yield "text", f"({note.number})", note.words
    people = [(row.code, joined(row.people[len(row.sources) :], "; ")) for row in annex.rows]
    notes = {row.code: row.notes for row in annex.rows}
    told = [(code, joined((who, notes[code]), "; ")) for code, who in people]
    if any(text for _, text in told):
        yield "part", either("Row by row", "Từng dòng"), ""
        yield from (("text", code, text) for code, text in told if text)
