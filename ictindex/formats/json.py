"""JSON of a result: plain data with a published JSON Schema (result.schema.json in this folder)."""

from __future__ import annotations

import json

from attrs import frozen

from ictindex.formats.result_data import result_data
from ictindex.result import Result


@frozen
class JsonFormat:
    """One JSON object, indented."""

    name: str = "json"
    suffixes: tuple[str, ...] = (".json",)

    def write(self, result: Result) -> str:
        """Return the whole result as JSON text."""
        return json.dumps(result_data(result), ensure_ascii=False, indent=1) + "\n"
