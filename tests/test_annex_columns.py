"""The columns that a table of a scheme has: those that are needed, and the line of headings to fill in."""

from __future__ import annotations

import csv
import io

import pytest
from worked import VOCABULARY, build_top

import ictindex
from ictindex.annex import written
from ictindex.annex.columns import Column
from ictindex.annex.rows import annex_of
from ictindex.assembling import table_from_columns
from ictindex.authoring import table_header
from ictindex.errors import TableInvalid
from ictindex.model import Scheme

SCHEMES = [one.id for one in ictindex.list_schemes()]


def columns(made: Scheme) -> tuple[Column, ...]:
    return annex_of(made, VOCABULARY).columns


EVIDENCE = (
    "max: 9\nbelow: {cited: qd}\ncited: qd\npools: {by: 'khối, vùng'}\n"
    "1 Một: {max: 3, assessed: , evidence: {ask: Thông báo, without: zero}}\n"
    "2 Hai: {max: 3, assessed: , evidence: {ask: Sổ theo dõi, without: refuse}}\n"
    "3 Ba: {max: 3, assessed: , evidence: Ảnh}\n"
    "4 Bốn: {max: 0, count: , evidence: {ask: Sổ, without: zero}}\n"
)


def test_the_columns_of_evidence_are_listed_with_those_that_are_needed() -> None:
    made = annex_of(build_top(EVIDENCE), VOCABULARY)
    shown = {one.heading: (one.needed, one.need) for one in made.columns}
    assert shown == {
        "unit": (True, ""),
        "name": (False, ""),
        "khối, vùng": (True, ""),
        "1": (True, ""),
        "2": (True, ""),
        "3": (True, ""),
        "4": (False, "optional"),
        "1.evidence": (True, "needed"),
        "2.evidence": (True, "needed"),
        "3.evidence": (False, "optional"),
    }
    text, holds = (
        written(annex_of(build_top(EVIDENCE), VOCABULARY), "text", "en"),
        "number or title of the document; empty or `không` is not shown",
    )
    assert f"  1.evidence  Thông báo: {holds}; needed\n" in text
    assert f"  2.evidence  Sổ theo dõi: {holds}; needed\n" in text
    assert f"  3.evidence  Ảnh: {holds}; optional\n" in text
    data = {one["column"]: one["needed"] for one in made.to_dict()["columns"]}
    assert data == {heading: needed for heading, (needed, _) in shown.items()}


def test_a_table_needs_just_the_columns_that_are_said_to_be_needed() -> None:
    made = build_top(EVIDENCE)
    whole = {one.heading: ["1"] for one in columns(made)}
    assert ictindex.score(made, table_from_columns(made, whole)).points().tolist() == [3]
    for one in columns(made):
        rest = {heading: cells for heading, cells in whole.items() if heading != one.heading}
        if one.needed:
            with pytest.raises(TableInvalid):
                ictindex.score(made, table_from_columns(made, rest))
        else:
            ictindex.score(made, table_from_columns(made, rest))


def test_the_line_of_headings_is_read_as_a_table_with_one_filled_line() -> None:
    assert table_header(build_top(EVIDENCE)) == 'unit,name,"khối, vùng",1,2,3,4,1.evidence,2.evidence\n'
    for name in SCHEMES:
        header, made = table_header(name), ictindex.load_scheme(name)
        headings = next(csv.reader([header]))
        cells = [_filled(made, heading) for heading in headings]
        text = io.StringIO(f"{header}{','.join(cells)}\n")
        assert len(ictindex.read_table(text, scheme=made)) == 1
        needed = {one.heading for one in columns(made) if one.needed}
        assert needed <= set(headings)


def _filled(made: Scheme, heading: str) -> str:
    """Return a cell that a column takes."""
    if made.pools and heading == made.pools.by and made.pools.pools:
        return made.pools.pools[0].code
    given = next((one for one in made.inputs if one.code == heading), None)
    if given is None or not given.cases:
        return "1" if given is None or given.low is None else str(max(1, given.low))
    return given.cases[0].code
