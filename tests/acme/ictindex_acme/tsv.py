"""The format `acme-tsv`: tables and results with tabs between the cells, as they are pasted from a spreadsheet."""

from __future__ import annotations

from attrs import frozen

from ictindex.assembling import Grid, ReadOptions, assemble
from ictindex.errors import Location, Problem, TableInvalid
from ictindex.formats import Readable, contents, source_name
from ictindex.formats.text import notices
from ictindex.formats.written import Written, text_of, written_grid
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
        """Return the result; what every reader must see stands above, and the receipt, each behind a #."""
        lines = [f"# {line}" for line in (*notices(result), result.receipt_line())]
        columns = {column.name: column.texts for column in result.columns}
        lines += ["\t".join(cells) for cells in (columns, *zip(*columns.values(), strict=True))]
        return "\n".join(lines) + "\n"

    def read_result(self, source: Readable) -> Written:
        """Return a result that was written so, for `ictindex verify`. Raises ResultInvalid."""
        lines = text_of(source).splitlines()
        notes = [line.lstrip("# ") for line in lines if line.startswith("#")]
        header, *rows = [line.split("\t") for line in lines[len(notes) :]] or [[]]
        grid = Grid(header=header, rows=enumerate(rows, 2), source=source_name(source), notes=notes)
        return written_grid(grid)
