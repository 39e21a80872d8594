"""A scheme written by hand from a made-up decision: it is in order, and `new` reads the same table almost as it is."""

from __future__ import annotations

from pathlib import Path

from annexes import FOLDER, drafted, read

from ictindex import load_scheme, read_table, score
from ictindex.authoring import check_scheme, diff_schemes, run_cases
from ictindex.testing import check_laws

HERE = Path(__file__).parent / "data" / "authoring" / "tinh-mau-77"
SCHEME = HERE / "2025-district.yaml"
CASES = HERE / "2025-district.cases.yaml"
TABLE = HERE / "2025-district.example.synthetic.csv"
ANNEX = FOLDER / "huyen-cong-tru.bia-dat.csv"

LEFT_TO_A_PERSON = {
    "2.4": "in proportion up to 1%, in words of its own",
    "3.2": "compared with the best of the pool, and a sum",
    "3.3": "two ways of scoring in one row",
    "3.4": "the better of two ways",
    "4.3": "per 1,000 residents",
    "5.7": "the shares are said in passing",
}
"""Rows whose wording `new` does not read, and why: they stand as `assessed`, marked."""

CHOSEN_OTHERWISE = {
    "2.3": "three conditions under `all-of`, where `new` has two cases to choose from",
    "4.2": "two quantities, where `new` asks for the percent",
    "5.4": "a case for no level at all, which the decision does not name",
}
"""Rows that `new` reads, and the person wrote in another way."""

WORDED_OTHERWISE = {
    "1.1": "a longer name of what is counted",
    "2.1": "what yes means",
    "3.6": "a name of what is counted",
    "5.2": "the decision does not say what a and b are",
    "5.3": "the decision does not say what a and b are",
}


def test_it_has_no_error_and_no_warning() -> None:
    assert [str(one) for path in (SCHEME, CASES) for one in check_scheme(path)] == []


def test_its_cases_hold() -> None:
    report = run_cases(CASES)
    assert (report.figures, report.held, report.loose) == (32, 32, 0)


def test_its_laws_hold() -> None:
    found = check_laws(load_scheme(SCHEME), examples=3)
    assert {one.law: one.words for one in found if one.outcome != "held"} == {} and len(found) == 7


def test_its_table_gives_what_the_cases_say() -> None:
    scheme = load_scheme(SCHEME)
    result = score(scheme, read_table(TABLE, scheme=scheme))
    assert result.published("total") == ["239.20", "202.11", "157.90", "283.16"]


def test_new_reads_the_table_as_the_person_did_but_for_the_rows_that_are_named() -> None:
    made, drawn = drafted(read(ANNEX.read_bytes(), ANNEX.name))
    found = diff_schemes(drawn, load_scheme(SCHEME))
    kinds = {row.code: {change.kind for change in row.changes} for row in found.rows}
    scored = {code for code, changed in kinds.items() if changed & {"measure", "scale", "max", "role", "rule"}}
    assert scored == {*LEFT_TO_A_PERSON, *CHOSEN_OTHERWISE}
    assert {code for code, changed in kinds.items() if "wording" in changed} == set(WORDED_OTHERWISE)
    known = {"measure", "scale", "wording", "notes", "evidence"}
    assert all(changed <= known for code, changed in kinds.items() if code != "total")
    for code in LEFT_TO_A_PERSON:
        assert drawn.row(code).measure.name == "assessed"  # type: ignore[attr-defined]
        assert f"(assessed)\n  {code} " in made.text  # marked, in the line above
