"""A result as Markdown, for a report or the annex of a decision: ranking, points by group, changes, receipt.

Whatever stands in a scheme or a table is escaped: a name with a bar or a star in it stays a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from attrs import evolve, frozen

from ictindex.cells import number_text
from ictindex.formats.changes import CHANGED, HEADINGS, changes_of
from ictindex.formats.text import notices
from ictindex.markup import begun, escaped, table
from ictindex.messages import LANGUAGES, in_language, say
from ictindex.model import Group, Row
from ictindex.result import Result
from ictindex.standings import Standing


@frozen
class MarkdownFormat:
    """The ranking under each total, pool by pool, and beneath it the points by group."""

    name: str = "markdown"
    suffixes: tuple[str, ...] = (".md",)
    language: str = LANGUAGES[0]

    def speaking(self, language: str) -> MarkdownFormat:
        """Return the format that writes in a language."""
        return evolve(self, language=language)

    def write(self, result: Result) -> str:
        """Return the result as Markdown."""
        return "\n".join(self._lines(result)) + "\n"

    def _lines(self, result: Result) -> Iterator[str]:
        yield f"# {escaped(self._name(result.scheme.title, result.scheme.en)).strip()}"
        yield ""
        told = "\n>\n".join(f"> **{escaped(line)}**" for line in notices(result))
        yield from (told, "") if told else ()
        for total in result.totals:
            if len(result.totals) > 1:
                yield from (f"## {begun(escaped(f'{total.code} {self._name(total.name, total.en)}'))}", "")
            yield from self._total(result, total)
        yield f"`{result.receipt_line()}`"

    def _total(self, result: Result, total: Row) -> Iterator[str]:
        names = {} if result.scheme.pools is None else {pool.code: pool.name for pool in result.scheme.pools.pools}
        for pool, standings in groupby(result.ranking(total.code), key=lambda one: one.pool):
            if pool:
                yield from (f"### {begun(escaped(names.get(pool) or pool))}", "")
            rows = list(standings)
            yield from (*self._ranking(rows, total, _differences(result, total)), "")
            yield from self._groups(result, rows, total)
        yield from self._changes(result, total)

    def _ranking(self, rows: Sequence[Standing], total: Row, differences: Mapping[str, str]) -> Iterator[str]:
        """Yield the units from first to last; `differences` are those from what they declared, if they did."""
        heads = [say("rank"), say("unit"), say("name"), say("score")]
        heads += [say("declared"), say("difference")] if differences else []
        heads += [say("level")] if total.levels is not None else []
        body = (
            [
                "-" if row.rank is None else str(row.rank),
                escaped(row.unit),
                escaped(row.name),
                row.published or "-",
                *([row.declared or "-", differences[row.unit] or "-"] if differences else []),
                *([escaped(row.level or "-")] if total.levels is not None else []),
            ]
            for row in rows
        )
        right = (0, 3, 4, 5) if differences else (0, 3)
        yield from table([self._told(head) for head in heads], body, right=right)

    def _groups(self, result: Result, rows: Sequence[Standing], total: Row) -> Iterator[str]:
        """Yield a table with the points of the rows directly below the total."""
        below = [row for row in total.children if row.max] if isinstance(total, Group) else []
        if not below:
            return
        heads = [self._told(say("name")), *map(self._group, below)]
        points = [_points(result, row) for row in below]
        places = [result.position(row.unit) for row in rows]
        body = (
            [escaped(row.name), *(column[place] for column in points)] for row, place in zip(rows, places, strict=True)
        )
        yield from (*table(heads, body, right=range(1, len(heads))), "")

    def _changes(self, result: Result, total: Row) -> Iterator[str]:
        """Yield the units whose score is another than they declared, with the criteria and the reasons."""
        body = [list(map(escaped, one.cells(self.language))) for one in changes_of(result, total)]
        if body:
            yield from (f"**{self._told(CHANGED)}**", "")
            yield from (*table([self._told(head) for head in HEADINGS], body, right=(2, 3, 4)), "")

    def _group(self, row: Row) -> str:
        return f"{escaped(f'{row.code} {self._name(row.name, row.en)}')} (/{number_text(row.max)})"

    def _name(self, name: str, english: str) -> str:
        """Return a name of the scheme in the language, as far as it has one."""
        return english if english and self.language == LANGUAGES[0] else name

    def _told(self, text: str) -> str:
        return escaped(in_language(text, self.language))


def _differences(result: Result, total: Row) -> dict[str, str]:
    """Return each unit's published score less the declared one; nothing where nothing was declared."""
    for column in result.columns:
        if column.row is total and (column.tells, column.track) == ("score", "difference"):
            return dict(zip(result.units, column.texts, strict=True))
    return {}


def _points(result: Result, row: Row) -> list[str]:
    """Return the points of every unit, rounded as published where the row publishes points."""
    texts = result.published(row.code) if row.publish.scale == "points" else result.point_texts(row.code)
    return [text or "-" for text in texts]
