"""A small scheme for the tests of rounds, and short ways to write and read one."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from tabled import SCHEME

from ictindex import table_from_columns
from ictindex.errors import Problem, TableInvalid
from ictindex.rounds.opening import read_round_file
from ictindex.rounds.round import Round
from ictindex.table import Table

HEAD = "unit,code,stage,old,value,evidence,number,when,seq,by,reason,remark"
"""The headings of the files that `line` writes lines for."""


def declared(**columns: list[Any]) -> Table:
    """Return the declared figures of two units, u1 and u2, with some columns changed."""
    usual: dict[str, list[Any]] = {
        "unit": ["u1", "u2"], "name": ["Xã Hoà Bình", "Xã Đông"], "1.1": [4, 7], "1.2.a": ["10.5", "20"],
        "cb": [30, 40], "1.3": ["yes", "no"], "2.1": ["2", "3"], "2.2": ["a", "b"], "2.3": [5, "2.5"], "3": [1, None],
    }  # fmt: skip
    return table_from_columns(SCHEME, usual | columns)


def line(
    unit: str = "u1", code: str = "1.1", stage: str = "verified", old: str = "4", value: str = "3", **more: str
) -> str:
    """Return a line of a round as CSV: a verification that changes 4 to 3, unless something else is said."""
    usual = {"when": "2026-01-15", "by": "Tổ thẩm định", "reason": "sai-so"}
    cells = {"unit": unit, "code": code, "stage": stage, "old": old, "value": value, **usual, **more}
    return ",".join(cells.get(key, "") for key in HEAD.split(","))


def read(*lines: str, base: Table | None = None, head: str = HEAD, **options: Any) -> Round:
    """Return the round of lines of CSV, beside the declared figures of u1 and u2 unless another base is given."""
    stream = io.StringIO("\n".join([head, *lines]) + "\n")
    return read_round_file(stream, SCHEME, declared=declared() if base is None else base, **options)


def read_json(*events: dict[str, Any] | str, base: Table | None = None) -> Round:
    """Return the round of JSON lines."""
    lines = (event if isinstance(event, str) else json.dumps(event, ensure_ascii=False) for event in events)
    return read_round_file(io.StringIO("\n".join(lines)), SCHEME, declared=declared() if base is None else base)


def problems(*lines: str, **options: Any) -> list[Problem]:
    """Return what is wrong with lines of CSV."""
    with pytest.raises(TableInvalid) as found:
        read(*lines, **options)
    return list(found.value.problems)


def told(*lines: str, **options: Any) -> list[tuple[str, int, str]]:
    """Return (code, line, column) of everything that is wrong."""
    return [(one.code, one.where.line, one.where.cell) for one in problems(*lines, **options)]
