"""JSON of a result: plain data with a published JSON Schema (result.schema.json in this folder)."""

from __future__ import annotations

import json

from attrs import frozen

from ictindex.assembling import ReadOptions
from ictindex.formats import Readable, source_name
from ictindex.formats.json_tables import read_table, written_lines
from ictindex.formats.result_data import result_data
from ictindex.formats.written import Written, text_of
from ictindex.formats.written_data import written_json
from ictindex.model import Scheme
from ictindex.result import Result
from ictindex.table import Table


@frozen
class JsonFormat:
    """A result is one JSON object, indented; a table is an array of objects, one for each unit."""

    name: str = "json"
    suffixes: tuple[str, ...] = (".json",)

    def read(self, source: Readable, scheme: Scheme, options: ReadOptions | None = None) -> Table:
        """Return the table in a file or stream: an array of objects. Raises TableInvalid."""
        return read_table(source, scheme, options)

    def write_table(self, table: Table, scheme: Scheme) -> str:
        """Return the figures of a table as an array that reads back as the same table."""
        return "[\n" + ",\n".join(written_lines(table, scheme)) + "\n]\n"

    def write(self, result: Result) -> str:
        """Return the whole result as JSON text."""
        return json.dumps(result_data(result), ensure_ascii=False, indent=1) + "\n"

    def read_result(self, source: Readable) -> Written:
        """Return the result in a file or stream. Raises ResultInvalid where there is none."""
        return written_json(text_of(source), source_name(source))
