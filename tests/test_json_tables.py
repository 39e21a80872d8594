"""Tables in JSON: an object for each unit, a line each or in one array; numbers as their digits stand."""

from __future__ import annotations

import io
import json

import pytest
import wide
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st
from tabled import GOOD, HEADER, SCHEME, table

from ictindex import read_table, score, write_result
from ictindex.api import write_table
from ictindex.errors import IctIndexError, Problem, TableInvalid
from ictindex.formats.csv import CsvFormat
from ictindex.formats.json import JsonFormat
from ictindex.formats.jsonl import JsonLinesFormat
from ictindex.table import Table

LINES, ARRAY = JsonLinesFormat(), JsonFormat()
RECORD = {**dict(zip(HEADER, GOOD, strict=True)), "1.1": 4, "1.2.a": 12.5, "cb": 20, "2.3": 6.25, "1.3": True}


def read(text: str | bytes) -> Table:
    return LINES.read(io.BytesIO(text if isinstance(text, bytes) else text.encode()), SCHEME)


def refused(text: str | bytes) -> list[Problem]:
    with pytest.raises(TableInvalid) as caught:
        read(text)
    return list(caught.value.problems)


def test_an_object_a_line_or_an_array() -> None:
    line = json.dumps(RECORD)
    expected = table(HEADER, GOOD)
    for text in (line, f"\ufeff{line}\r\n\n", f"[{line}]", f"\n[\n {line}\n]\n", json.dumps([RECORD], indent=2)):
        assert read(text) == expected
    assert read(f"\n\n{line}\n").lines == (3,)
    two = [RECORD, {**RECORD, "unit": "x"}]
    assert read(json.dumps(two, indent=1)).lines == (2, 12)


def test_keys_that_an_object_lacks_and_null_are_missing() -> None:
    less = {key: value for key, value in RECORD.items() if key != "cb"} | {"unit": "b", "2.3": None}
    made = read("\n".join(json.dumps(one) for one in (RECORD, less)))
    for code in ("cb", "2.3"):
        states = made.columns[code].states
        assert states is not None and states.tolist() == [0, 1]


def test_digits_are_taken_as_they_stand() -> None:
    """1.10 and 0.30000000000000004 are what was written; more digits than a float holds are refused, not rounded."""
    text = json.dumps(RECORD).replace("12.5", "0.1e1").replace("6.25", "1.1000")
    made = read(text)
    assert made.columns["1.2.a"].values[0] == 1 and made.columns["2.3"].values[0] == 1.1
    (found,) = refused(json.dumps(RECORD).replace("12.5", "0.1234567890123456789"))
    assert found.code == "T044"
    (found,) = refused(json.dumps(RECORD).replace("12.5", "9" * 5000))
    assert found.code == "T043"
    assert (
        read(json.dumps({**RECORD, "1.2.a": 1.234})).columns["1.2.a"].values[0] == 1.234
    )  # a number is never asked about


def test_texts_follow_the_rules_of_texts() -> None:
    assert refused(json.dumps({**RECORD, "1.2.a": "1.234"}))[0].code == "T052"
    assert read(json.dumps({**RECORD, "1.2.a": "12,5"})) == table(HEADER, GOOD)


def test_every_problem_comes_at_once_with_its_line() -> None:
    good = json.dumps(RECORD)
    bad = [
        good,
        good[:-1],
        "[1]",
        "7",
        good + " x",
        good.replace('"cb": 20', '"cb": 20, "cb": 21').replace("hue", "b"),
        good.replace("20", "[20]").replace("hue", "c"),
        good.replace("20", "NaN").replace("hue", "d"),
        good.replace("20", "-1").replace("hue", "e"),
        '{"unit": "\\ud800"}',
    ]
    found = refused("\n".join(bad))
    assert [(one.where.line, one.code) for one in found] == [
        (2, "T065"),
        (3, "T066"),
        (4, "T066"),
        (5, "T065"),
        (6, "T068"),
        (7, "T067"),
        (8, "T043"),
        (9, "T045"),
        (10, "T065"),
    ]
    assert "'x' is not what stands there" in found[3].message and found[4].where.cell == "cb"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "T010", ""),
        ("[]", "T010", ""),
        ("[" * 100_000, "T065", "["),
        ('{"a":' * 100_000, "T065", ""),
        ('[{"unit": 1} {"unit": 2}]', "T065", ""),
        ('[{"unit": 1}', "T065", "ends before"),
        ("[1, 2]", "T066", "'1' is no unit"),
        ('[{"unit": 1}] x', "T065", "'x'"),
        (json.dumps({"unit": ["a", "b"]}, indent=1), "T066", "one object"),
        (b'{"unit": "\xea"}', "T002", "not UTF-8"),
    ],
)
def test_what_is_no_table_in_json(text: str | bytes, code: str, said: str) -> None:
    found = refused(text)
    assert code in {one.code for one in found} and any(said in one.message for one in found)


def test_a_result_is_no_table() -> None:
    scheme = wide.scheme()
    result = score(scheme, CsvFormat().read(io.StringIO(wide.csv_text(3)), scheme))
    for form in ("json", "jsonl"):
        content = write_result(result, format=form)
        assert isinstance(content, str)
        (found,) = refused(content)
        assert found.code == "T066" and "is a result, not a table" in found.message


@pytest.mark.parametrize("form", [LINES, ARRAY], ids=["lines", "array"])
def test_what_is_written_is_read_back(form: JsonLinesFormat | JsonFormat) -> None:
    scheme = wide.scheme()
    given = CsvFormat().read(io.StringIO(wide.csv_text(40)), scheme)
    given = evolve(given, notes=('số liệu "giả định"',))
    text = form.write_table(given, scheme)
    made = form.read(io.StringIO(text), scheme)
    assert made == given and made.notes == given.notes
    lines = json.loads(text) if form is ARRAY else [json.loads(line) for line in text.splitlines()]
    assert lines[0] == {"#": 'số liệu "giả định"'} and len(lines) == 41
    assert write_table(given, scheme=scheme, format=form.name) == text
    assert read_table(io.StringIO(text), scheme=scheme, format=form.name) == given


@given(st.binary(max_size=100), st.sampled_from([b"", b"[", b'{"unit": "a", "1.1": ', b"[{}, "]))
@example(b"1}", b'{"unit": "a", "1.1": ')
@example(b"{}]", b"[")
def test_any_bytes_are_a_table_or_an_error_of_ours(content: bytes, start: bytes) -> None:
    try:
        read(start + content)
    except IctIndexError as error:
        assert error.problems and all(one.code.startswith("T") for one in error.problems)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5), lambda one: st.lists(one, max_size=2)
)


@given(st.lists(st.dictionaries(st.sampled_from([*HEADER, "x", "#", ""]), VALUES), max_size=3))
def test_any_objects_are_a_table_or_an_error_of_ours(records: list[dict[str, object]]) -> None:
    for text in ("\n".join(map(json.dumps, records)), json.dumps(records)):
        try:
            read(text)
        except IctIndexError as error:
            assert error.problems
