"""Whatever a round's file holds, nothing but IctIndexError leaves the reader."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from rounded import HEAD, declared
from tabled import SCHEME

from ictindex.errors import IctIndexError
from ictindex.rounds.events import Track
from ictindex.rounds.opening import read_round_file
from ictindex.rounds.report import report_of

HEADINGS = [*HEAD.split(","), "name", "title", "Đơn vị", "lý do", "#", ""]
WORDS = st.sampled_from(
    ["u1", "u2", "1.1", "1.2", "1.2.a", "2.1", "3", "1.1.excluded", "verified", "declared", "appealed", "final", "4",
     "1,5", "1.234", "n/a", "trống", "rejected", "sai-so", "2026-01-15", "31/02/2026", "\x00"]
)  # fmt: skip
CELLS = st.one_of(WORDS, st.text(max_size=8))
DECLARED = declared()


def looked_at(content: bytes | str) -> None:
    """Read a round with and without declared figures, and look at everything in it."""
    for base in (DECLARED, None):
        stream: Any = io.BytesIO(content) if isinstance(content, bytes) else io.StringIO(content)
        with contextlib.suppress(IctIndexError):
            found = read_round_file(stream, SCHEME, declared=base)
            for track in Track:
                found.table(track)
                found.table(track, unverified="missing", beside=False)
            report_of(found).told("vi")
            report_of(found, found.declared.units[0]).to_dict()


@given(st.binary(max_size=60))
def test_bytes(content: bytes) -> None:
    looked_at(content)
    looked_at(f"{HEAD}\n".encode() + content)
    looked_at(b'{"unit": "u1", ' + content)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(HEADINGS), min_size=1, max_size=14), st.lists(st.lists(CELLS, max_size=14), max_size=5))
def test_cells_under_any_headings(headings: list[str], rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    looked_at(out.getvalue())


@settings(max_examples=150)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(HEAD.split(","), CELLS)), max_size=6))
def test_cells_of_events(events: list[dict[str, str]]) -> None:
    looked_at("\n".join([HEAD, *(",".join(event[key] for key in HEAD.split(",")) for event in events)]))
    looked_at("\n".join(map(json.dumps, events)))


@given(st.recursive(st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), CELLS), st.lists, max_leaves=4))
def test_values_of_json(value: Any) -> None:
    event = {"unit": "u1", "code": "1.1", "stage": "verified", "old": 4, "by": "Tổ", "when": "2026-01-15"}
    looked_at(json.dumps(event | {"value": value, "reason": "sai-so"}))
    looked_at(json.dumps(event | {"when": value, "value": 3}))
    looked_at(json.dumps(value))
