"""A wide table is the same table from CSV and from a workbook, and gives the same result to the last bit."""

from __future__ import annotations

import io
import time

import pytest
import wide

from ictindex import api
from ictindex.receipt import table_sha256
from ictindex.table import Table

SOME = 400
"""Enough communes for every kind of cell; all 3,321 take a few seconds more and show nothing else."""


@pytest.fixture(scope="module")
def typed() -> Table:
    return api.read_table(io.StringIO(wide.csv_text(SOME)), scheme=wide.scheme(), doubts=False)


def test_the_table_has_fifty_inputs_of_every_kind_and_longer_ones_begin_with_it() -> None:
    scheme = wide.scheme()
    assert len(scheme.inputs) == wide.INPUTS == 50 and len({one.kind for one in scheme.inputs}) == 5
    few, many = wide.columns(3), wide.columns(30)
    assert all(many[heading][:3] == cells for heading, cells in few.items())
    cells = [cell for column in many.values() for cell in column]
    assert None in cells and "n/a" in cells and many["unit"][0].startswith("0")


def test_csv_and_a_workbook_are_the_identical_table_and_result(typed: Table) -> None:
    scheme, columns = wide.scheme(), wide.columns(SOME)
    read = api.read_table(io.BytesIO(sheet(columns)), scheme=scheme, format="excel", doubts=False)
    assert read == typed and table_sha256(read) == table_sha256(typed)
    assert all(read.columns[code].values.tobytes() == typed.columns[code].values.tobytes() for code in typed.columns)
    one, other = api.score(scheme, typed), api.score(scheme, read)
    for row in scheme.rows():
        assert one.points(row.code).tobytes() == other.points(row.code).tobytes()
        assert one.published(row.code) == other.published(row.code)
    assert one.receipt() == other.receipt()


def test_a_workbook_that_was_written_reads_back_as_the_same_table(typed: Table) -> None:
    content = api.write_table(typed, scheme=wide.scheme(), format="excel")
    assert isinstance(content, bytes)
    assert api.read_table(io.BytesIO(content), scheme=wide.scheme(), format="excel", doubts=False) == typed


def test_a_wide_workbook_is_read_in_the_time_of_a_few_breaths(typed: Table) -> None:
    content = sheet(wide.columns(SOME))
    start = time.process_time()
    api.read_table(io.BytesIO(content), scheme=wide.scheme(), format="excel", doubts=False)
    assert time.process_time() - start < len(typed) / 100  # ten times what it takes


def sheet(columns: dict[str, list[object]]) -> bytes:
    """Return a workbook with these columns, as a program writes it."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    lines = book.create_sheet("Bảng")
    lines.append(list(columns))
    for line in zip(*columns.values(), strict=True):
        lines.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
