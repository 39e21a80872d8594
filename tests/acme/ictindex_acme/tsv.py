"""The format `acme-tsv`: tables and results with tabs between the cells, as they are pasted from a spreadsheet."""

from __future__ import annotations

import math
from collections.abc import Iterator

from attrs import frozen

from ictindex.assembling import Grid, ReadOptions, assemble
from ictindex.errors import Location, Problem, TableInvalid
from ictindex.formats import Readable, contents, source_name
from ictindex.formats.text import notices
from ictindex.model import Scheme
from ictindex.result import Result
from ictindex.table import Table


@frozen
class TsvFormat:
    """Text in UTF-8 with a tab between cells and a line a unit; a cell holds neither a tab nor a line break."""

    name: str = "acme-tsv"
    suffixes: tuple[str, ...] = (".tsv",)

    def read(self, source: Readable, scheme: Scheme, options: ReadOptions | None = None) -> Table:
        """Return the table in a file or stream. Raises TableInvalid with everything that is wrong."""
        name, content = source_name(source), contents(source)
        try:
            text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        except UnicodeDecodeError:
            raise TableInvalid(Problem("T002", "the text is not UTF-8", Location(name))) from None
        header, *rows = [line.split("\t") for line in text.splitlines()] or [[]]
        return assemble(Grid(header=header, rows=enumerate(rows, 2), source=name), scheme, options)

    def write(self, result: Result) -> str:
        """Return the score, rank and points of every unit; what every reader must see stands above, behind a #."""
        lines = [f"# {notice}" for notice in notices(result)]
        columns = dict(_columns(result))
        lines += ["\t".join(cells) for cells in (columns, *zip(*columns.values(), strict=True))]
        return "\n".join(lines) + "\n"


def _columns(result: Result) -> Iterator[tuple[str, list[str]]]:
    yield "unit", [unit.replace("\t", " ") for unit in result.units]
    for total in result.totals:
        lead = "" if len(result.totals) == 1 else f"{total.code}."
        yield f"{lead}score", [text or "" for text in result.published(total.code)]
        yield f"{lead}rank", ["" if not rank else f"{rank:g}" for rank in result.ranks(total.code).tolist()]
    for row in result.scheme.rows():
        if row is not result.scheme.root:
            points = result.points(row.code).tolist()
            yield row.code, ["" if math.isnan(one) else f"{round(one, 10):.15g}" for one in points]
