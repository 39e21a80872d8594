"""A result as JSON lines: the head on the first line, then a line for each unit, for programs that read in a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ictindex.formats.result_data import head_data, unit_data
from ictindex.result import Result


def result_lines(result: Result) -> str:
    """Return the result as text; each line is an object of result.schema.json, the first one its `head`."""
    return "".join(_lines(result))


def _lines(result: Result) -> Iterator[str]:
    yield _line(head_data(result))
    yield from map(_line, unit_data(result))


def _line(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
