"""JSON lines: an object a line."""

from __future__ import annotations

from attrs import frozen

from ictindex.assembling import ReadOptions
from ictindex.formats import Readable, source_name
from ictindex.formats.json_tables import read_table, written_lines
from ictindex.formats.result_lines import result_lines
from ictindex.formats.written import Written, text_of
from ictindex.formats.written_data import written_in_lines
from ictindex.model import Scheme
from ictindex.result import Result
from ictindex.table import Table


@frozen
class JsonLinesFormat:
    """One JSON object on each line."""

    name: str = "jsonl"
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson")

    def read(self, source: Readable, scheme: Scheme, options: ReadOptions | None = None) -> Table:
        """Return the table in a file or stream: an object for each unit. Raises TableInvalid."""
        return read_table(source, scheme, options)

    def write_table(self, table: Table, scheme: Scheme) -> str:
        """Return the figures of a table, a line for each note and each unit, that read back as the same table."""
        return "".join(f"{line}\n" for line in written_lines(table, scheme))

    def write(self, result: Result) -> str:
        """Return the result: its head on the first line, then a line for each unit."""
        return result_lines(result)

    def read_result(self, source: Readable) -> Written:
        """Return the result in a file or stream. Raises ResultInvalid where there is none."""
        return written_in_lines(text_of(source), source_name(source))
