"""A result in the columns of a Parquet or Arrow file, read back; its receipt and notices are in the metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ictindex.canonical import plain_number
from ictindex.formats.written import Written, no_result, written_table
from ictindex.formats.written_data import parsed, receipt_in

_NOTICE = "notice"


def written_columns(
    source: str, columns: Mapping[str, Sequence[Any]], metadata: Mapping[bytes, bytes] | None
) -> Written:
    """Return the result in columns of numbers and texts, None where there is nothing. Raises ResultInvalid."""
    told = {key.decode(errors="replace"): value.decode(errors="replace") for key, value in (metadata or {}).items()}
    if "ictindex.receipt" not in told:
        raise no_result(source)
    receipt = receipt_in(parsed(told["ictindex.receipt"], source), source)
    notices = [line for line in told.get(f"ictindex.{_NOTICE}", "").split("\n") if line.strip()]
    cells = {name: list(map(_text, cells)) for name, cells in columns.items() if name != _NOTICE}
    return written_table(source, notices, list(cells), cells.values(), receipt=receipt)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else plain_number(repr(cell)) if _is_number(cell) else str(cell)


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)
