"""JSON lines: an object a line."""

from __future__ import annotations

from attrs import frozen

from ictindex.formats.result_lines import result_lines
from ictindex.result import Result


@frozen
class JsonLinesFormat:
    """One JSON object on each line."""

    name: str = "jsonl"
    suffixes: tuple[str, ...] = (".jsonl", ".ndjson")

    def write(self, result: Result) -> str:
        """Return the result: its head on the first line, then a line for each unit."""
        return result_lines(result)
