"""What every answer is: plain data that fits its schema, a table, and each format it is written in."""

from __future__ import annotations

import csv
import enum
import io
import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal

import jsonschema
import numpy as np
import openpyxl
import pytest
from attrs import field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from made import assessed, group, scheme
from test_explain import scored

from ictindex import questions
from ictindex.analysis.rescoring import subject_of
from ictindex.answer import DECIMALS, Answer, columns_of, plain
from ictindex.answer_schema import answer_schema
from ictindex.errors import UnknownName, WrongUse
from ictindex.formats.answers import ANSWER_FORMATS, ENDINGS, written_answer
from ictindex.messages import either, say
from ictindex.model import TOTAL
from ictindex.pages import Grid, Page, Section

HOSTILE = ("=1+1", "+84", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", 'a"b', "a,b", "a;b", "hai\ndòng", "Hà Nội")


class Colour(enum.StrEnum):
    """A word."""

    RED = "red"
    BLUE = "blue"


class Number(enum.IntEnum):
    """No word."""

    ONE = 1


@frozen(kw_only=True)
class Part:
    """A line of the answer."""

    name: str
    points: Fraction
    share: float | None = None
    rank: int | None = None
    fine: bool = True
    colour: Colour = Colour.RED
    way: Literal["up", "down"] = "up"
    below: tuple[Part, ...] = ()
    counts: Mapping[str, int] = field(factory=dict)


@frozen(kw_only=True)
class Thing(Answer):
    """An answer with a field of every type that there may be."""

    kind: ClassVar[str] = "thing"
    version: ClassVar[int] = 3
    text: str = "a"
    exact: Fraction = Fraction(1, 3)
    long: Decimal = Decimal("0.12345678901234567890")
    maybe: Fraction | Decimal | None = None
    pair: tuple[str, int] = ("a", 1)
    triple: tuple[str, float, Part] = ("a", 0.5, Part(name="b", points=Fraction(1)))
    anything: Any = None
    parts: tuple[Part, ...] = ()
    named: Mapping[str, tuple[float, ...]] = field(factory=dict)

    def page(self) -> Page:
        """Return a page of names."""
        return Page(either("thing", "vật"), [Section("", [Grid(("name",), [[one.name] for one in self.parts])])])

    def to_columns(self) -> dict[str, list[Any]]:
        """Return the parts."""
        return columns_of(self.parts, Part)


SUBJECT = subject_of(scored(scheme(group(TOTAL, 10, assessed("a", 10))), a=[1, 2, 3]))


def thing(**fields: Any) -> Thing:
    return Thing(subject=SUBJECT, **fields)


def fits(answer: Answer) -> dict[str, Any]:
    """The data of an answer, when it fits its schema; it is read back from JSON first."""
    told: dict[str, Any] = json.loads(json.dumps(answer.to_dict(), allow_nan=False))
    validator(type(answer)).validate(told)
    return told


@cache
def validator(kind: type[Answer]) -> Any:
    schema = answer_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


# --- plain data ----------------------------------------------------------------------------------------------------

FRACTIONS = st.fractions(-1000, 1000, max_denominator=999)
PARTS = st.recursive(
    st.builds(
        Part,
        name=st.text(max_size=8),
        points=FRACTIONS,
        share=st.none() | st.floats(-10, 10),
        rank=st.none() | st.integers(0, 99),
        fine=st.booleans(),
        colour=st.sampled_from(Colour),
        way=st.sampled_from(["up", "down"]),
        counts=st.dictionaries(st.text(max_size=3), st.integers(0, 9), max_size=2),
    ),
    lambda inner: st.builds(
        Part, name=st.text(max_size=8), points=FRACTIONS, below=st.lists(inner, max_size=2).map(tuple)
    ),
    max_leaves=4,
)
THINGS = st.builds(
    thing,
    text=st.text(max_size=8),
    exact=FRACTIONS,
    maybe=st.none() | FRACTIONS | st.decimals(-100, 100, places=30),
    pair=st.tuples(st.text(max_size=3), st.integers(-5, 5)),
    triple=st.tuples(st.text(max_size=3), st.floats(-1, 1), PARTS),
    parts=st.lists(PARTS, max_size=3).map(tuple),
    named=st.dictionaries(st.text(max_size=3), st.lists(st.floats(-1, 1), max_size=2).map(tuple), max_size=2),
)


@settings(max_examples=40)
@given(THINGS)
def test_the_data_of_an_answer_fit_its_schema_and_have_its_fields(answer: Thing) -> None:
    told = fits(answer)
    assert told["format"] == "ictindex-thing/3"
    assert told["scheme"]["id"] == "made/2020-unit" and told["receipt"] == json.loads(json.dumps(SUBJECT.receipt))
    assert told["text"] == answer.text and told["pair"] == list(answer.pair)
    assert abs(told["exact"] - answer.exact) <= Fraction(1, 10**DECIMALS)
    assert [one["name"] for one in told["parts"]] == [one.name for one in answer.parts]
    assert [one["colour"] for one in told["parts"]] == [one.colour.value for one in answer.parts]
    assert set(told) == set(answer_schema(Thing)["required"]) == set(answer_schema(Thing)["properties"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(1, 3), 0.3333333333),
        (Decimal("0.12345678904"), 0.123456789),
        (Fraction(2), 2.0),
        (True, True),
        (0, 0),
        (None, None),
        (0.1, 0.1),
        (Colour.BLUE, "blue"),
        (say("a {b}", b=1), "a 1"),
        (np.float64(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.array([1, 2]), [1, 2]),
        (np.array([[0.5], [1.5]]), [[0.5], [1.5]]),
        ((1, (2, "x")), [1, [2, "x"]]),
        ({1: Fraction(1, 2)}, {"1": 0.5}),
    ],
)
def test_plain(value: Any, expected: Any) -> None:
    found = plain(value)
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize("value", [b"bytes", object(), {1, 2}, frozenset("a"), Number.ONE, 1j, range(2), Path("a")])
def test_what_no_answer_holds_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="a field of an answer cannot be"):
        plain(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float64("nan"), np.array([float("-inf")])])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="None where there is no number"):
        plain(value)


# --- schemas -------------------------------------------------------------------------------------------------------


def test_a_schema_refuses_what_is_not_of_its_types() -> None:
    told = thing(parts=(Part(name="a", points=Fraction(1)),)).to_dict()
    assert validator(Thing).is_valid(told)
    for change in (
        {"text": 1},
        {"exact": "1"},
        {"pair": ["a"]},
        {"pair": ["a", 1, 2]},
        {"pair": [1, "a"]},
        {"triple": ["a", 0.5]},
        {"triple": ["a", "b", "c"]},
        {"format": "ictindex-thing/2"},
        {"parts": [{**told["parts"][0], "colour": "green"}]},
        {"parts": [{**told["parts"][0], "way": "left"}]},
        {"parts": [{**told["parts"][0], "rank": 1.5}]},
        {"parts": [{**told["parts"][0], "more": 1}]},
        {"named": {"a": 1}},
        {"more": 1},
    ):
        assert not validator(Thing).is_valid({**told, **change}), change
    assert not validator(Thing).is_valid({key: value for key, value in told.items() if key != "parts"})


def test_a_schema_tells_what_things_are() -> None:
    schema = answer_schema(Thing)
    assert schema["title"] == "ictindex thing" and schema["description"].startswith("An answer with a field of every")
    assert list(schema["$defs"]) == ["Part"] and schema["$defs"]["Part"]["description"] == "A line of the answer."


def answer_of(hint: Any) -> type[Answer]:
    """A class of answers with one field of that type."""

    @frozen(kw_only=True)
    class Odd(Thing):
        """An answer with an odd field."""

        odd: Any = None

    Odd.__annotations__["odd"] = hint
    return Odd


@pytest.mark.parametrize("hint", [bytes, object, set[str], list[str], complex, Number, dict])
def test_a_field_of_an_unknown_type_has_no_schema(hint: Any) -> None:
    with pytest.raises(TypeError, match="a field of an answer cannot be"):
        answer_schema(answer_of(hint))


def test_two_classes_of_one_name_cannot_be_told_apart() -> None:
    @frozen
    class Other:
        """Another part."""

        name: str

    Other.__name__ = "Part"
    with pytest.raises(TypeError, match="have one name"):
        answer_schema(answer_of(Other))


# --- columns -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 3])
def test_columns_are_the_fields_that_are_cells(count: int) -> None:
    rows = [Part(name=str(at), points=Fraction(at, 3), counts={"a": 1}) for at in range(count)]
    columns = columns_of(rows, Part)
    assert list(columns) == ["name", "points", "share", "rank", "fine", "colour", "way"]
    assert columns["points"] == [0.0, 0.3333333333, 0.6666666667][:count] and columns["colour"] == ["red"] * count


# --- formats -------------------------------------------------------------------------------------------------------


def sheets_of(content: bytes) -> list[list[list[Any]]]:
    """The values of every sheet, without the cells that are empty."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[[cell for cell in row if cell is not None] for row in sheet.values] for sheet in book]


def text_of(written: str | bytes) -> str:
    assert isinstance(written, str)
    return written


def rows_of(text: str, separator: str = ",") -> list[list[str]]:
    body = [line for line in text.removeprefix("\ufeff").splitlines(keepends=True) if not line.startswith(("#", '"#'))]
    return list(csv.reader(io.StringIO("".join(body)), delimiter=separator))


@pytest.mark.parametrize("form", ANSWER_FORMATS)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_format_writes_every_name(form: str, language: str) -> None:
    written = written_answer(thing(parts=(Part(name="Hà Nội", points=Fraction(5, 2)),)), form, language)
    if isinstance(written, bytes):
        assert any("Hà Nội" in row for row in sheets_of(written)[0])
        return
    assert "Hà Nội" in written and written.endswith("\n") and not written.endswith("\n\n")
    if form in ("text", "markdown"):
        assert ("vật" in written) is (language == "vi")


def test_json_is_the_data_of_the_answer() -> None:
    answer = thing(parts=(Part(name="Đà Nẵng", points=Fraction(1, 3)),))
    assert json.loads(written := text_of(written_answer(answer, "json"))) == answer.to_dict() and "Đà Nẵng" in written


def test_numbers_in_csv() -> None:
    parts = [
        Part(name=str(share), points=Fraction(7, 2), share=share, rank=rank)
        for share, rank in ((0.5, 1), (None, None), (-1e-12, 3), (1234567.25, 4), (100.0, 5))
    ]
    english, vietnamese = (text_of(written_answer(thing(parts=tuple(parts)), form)) for form in ("csv", "csv-vi"))
    (header, *rows), (_, *lines) = rows_of(english), rows_of(vietnamese, ";")
    share, points, rank = (header.index(name) for name in ("share", "points", "rank"))
    assert [row[share] for row in rows] == ["0.5", "", "0", "1234567.25", "100"]
    assert [row[share] for row in lines] == ["0,5", "", "0", "1234567,25", "100"]
    assert {row[points] for row in rows} == {"3.5"} and {row[points] for row in lines} == {"3,5"}
    assert [row[rank] for row in rows] == [row[rank] for row in lines] == ["1", "", "3", "4", "5"]
    assert vietnamese.startswith("\ufeff") and {row[header.index("fine")] for row in lines} == {"có"}
    assert {row[header.index("fine")] for row in rows} == {"True"}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(("form", "separator"), [("csv", ","), ("csv-vi", ";")])
def test_a_text_is_no_formula_and_stays_in_its_cell(name: str, form: str, separator: str) -> None:
    written = written_answer(
        thing(parts=(Part(name=name, points=Fraction(-1)), Part(name="b", points=Fraction(2)))), form
    )
    _, first, second = rows_of(text_of(written), separator)
    header = list(columns_of([], Part))
    assert len(first) == len(header) and second[0] == "b"
    assert first[0].removeprefix("'") == name and not first[0].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert first[header.index("points")] == "-1"  # a number is no text


def test_an_answer_without_lines_has_its_headings() -> None:
    assert rows_of(text_of(written_answer(thing(), "csv"))) == [
        ["name", "points", "share", "rank", "fine", "colour", "way"]
    ]


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_ending_of_the_file_names_the_format(ending: str, tmp_path: Path) -> None:
    answer, path = thing(parts=(Part(name="a", points=Fraction(1)),)), tmp_path / f"a{ending}"
    content = questions.write_answer(answer, path)
    assert content == written_answer(answer, ENDINGS[ending])
    assert path.read_bytes() == (content if isinstance(content, bytes) else content.encode())
    assert isinstance(content, bytes) is (ending == ".xlsx")
    assert questions.write_answer(answer, path.with_suffix(ending.upper())) == content
    named = questions.write_answer(answer, path, format="json", language="vi")
    assert path.read_text("utf-8") == named == written_answer(answer, "json")


def test_without_a_file_it_is_text() -> None:
    assert questions.write_answer(thing(), language="vi") == written_answer(thing(), "text", "vi")


def test_an_unknown_format_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"U201 .*'jsn' \(did you mean 'json'\?\)"):
        questions.write_answer(thing(), tmp_path / "a.txt", format="jsn")
    assert not (tmp_path / "a.txt").exists()
    with pytest.raises(UnknownName, match=r"U201 .*\(known: text, markdown, json, csv, csv-vi, excel\)"):
        written_answer(thing(), "excel-workbook")


@pytest.mark.parametrize("ending", [".xls", ".docx", ".pdf", ".parquet", ".XLSM", ".2024"])
def test_another_kind_of_file_is_refused_before_anything_is_written(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{ending}"
    with pytest.raises(WrongUse, match=rf"U203 .*'{ending.lower()}' \(let it end with \.txt, .*\.xlsx\)"):
        questions.write_answer(thing(), path)
    assert not path.exists()
    assert questions.write_answer(thing(), path, format="json") == path.read_text("utf-8")


def test_without_the_package_a_workbook_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(WrongUse, match=r'U123 .* \(pip install "ictindex\[excel\]"\)'):
        questions.write_answer(thing(), tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()


def test_an_unknown_kind_is_told() -> None:
    with pytest.raises(UnknownName, match=r"U202 .*'statistic' \(did you mean 'statistics'\?\)"):
        questions.answer_schema("statistic")
    with pytest.raises(UnknownName, match=r"U202 .*\(known: .*statistics"):
        questions.answer_schema("zzzzzz")


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="U108 there is no folder"):
        questions.write_answer(thing(), tmp_path / "none" / "a.json")
    with pytest.raises(WrongUse, match="U108 this is a folder"):
        questions.write_answer(thing(), tmp_path)
    with pytest.raises(WrongUse, match="U108"):
        questions.write_answer(thing(), tmp_path / "a\0b.json")


def test_an_answer_prints_itself() -> None:
    answer = thing(parts=(Part(name="a", points=Fraction(1)),))
    assert str(answer) == answer.told() == "thing\n\nname\na" and answer.told("vi").startswith("vật")
    assert answer.markdown().startswith("# thing\n")
