"""Numbers as they are typed: with a point or a comma, thousands apart, percent signs; decided a file at a time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ictindex import read_table
from ictindex.allowed import score_rule
from ictindex.assembling import Grid, ReadOptions, assemble, table_from_columns
from ictindex.errors import Problem, TableInvalid, WrongUse
from ictindex.model import Group, Indicator, Input, InputKind, Publication, Row, Rule, Scheme
from ictindex.numerals import SIGNS, Sign, decide, is_open, look, needs_sign, number
from ictindex.table import Table


def indicator(code: str, measure: str, points: int, **more: Any) -> Indicator:
    return Indicator(code=code, name=code, max=Fraction(points), measure=Rule(measure), inputs=(code,), **more)


INPUTS = (
    Input(code="a", name="lượng a", kind=InputKind.AMOUNT, owner="a"),
    Input(code="b", name="lượng b", kind=InputKind.AMOUNT, owner="b"),
    Input(code="n", name="số lượng", kind=InputKind.COUNT, owner="n"),
    Input(code="s", name="phần", kind=InputKind.AMOUNT, owner="s", low=Fraction(0), high=Fraction(5)),
    Input(code="p", name="tỷ lệ", kind=InputKind.AMOUNT, owner="p", unit="%"),
    Input(code="h", name="tỷ lệ khác", kind=InputKind.AMOUNT, owner="h", low=Fraction(0), high=Fraction(100)),
    Input(code="i", name="chỉ số", kind=InputKind.AMOUNT, owner="i", low=Fraction(0), high=Fraction(1)),
    Input(code="c", name="đếm", kind=InputKind.COUNT, owner="c", high=Fraction(100)),
)
ROWS: tuple[Row, ...] = tuple(
    indicator(one.code, "count" if one.kind is InputKind.COUNT else "value", 0) for one in INPUTS
)
SCHEME = Scheme(
    id="test/2024-commune",
    title="Thử",
    unit="commune",
    edition=2024,
    inputs=INPUTS,
    root=Group(
        code="total",
        name="Tổng",
        max=Fraction(10),
        children=(*ROWS, indicator("given", "assessed", 10, publish=Publication("index", 4))),
    ),
)


def columns(**cells: Any) -> Table:
    """Return the table of columns of one length, read as a file would be."""
    return table_from_columns(SCHEME, _whole(cells))


def file(header: Sequence[str], rows: Sequence[Sequence[Any]], **more: Any) -> Table:
    options = ReadOptions(decimal=more.pop("decimal", ""))
    numbered = [(at, [f"u{at}", "0", *row]) for at, row in enumerate(rows, 2)]
    grid = Grid(header=["unit", "given.score", *header], rows=numbered, source="t.csv", **more)
    return assemble(grid, SCHEME, options)


def _whole(cells: dict[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    size = len(next(iter(cells.values())))
    return {"unit": [f"u{at}" for at in range(size)], "given.score": [0] * size, **cells}


def wrong(**cells: Sequence[Any]) -> list[Problem]:
    with pytest.raises(TableInvalid) as caught:
        columns(**cells)
    return list(caught.value.problems)


def values(table: Table, code: str) -> list[float]:
    return [float(value) for value in table.columns[code].values]


# ------------------------------------------------------------------------------------------------------- one number


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("12", "12", "12"),
        ("-3", "-3", "-3"),
        ("12.5", "12.5", None),
        ("12,5", None, "12.5"),
        ("0,4655", None, "0.4655"),
        ("0.4655", "0.4655", None),
        ("0.123", "0.123", None),
        ("0,123", None, "0.123"),
        ("-0,123", None, "-0.123"),
        ("1.234", "1.234", "1234"),
        ("1,234", "1234", "1.234"),
        ("-1.234", "-1.234", "-1234"),
        ("1.234,5", None, "1234.5"),
        ("1,234.5", "1234.5", None),
        ("1.234.567", None, "1234567"),
        ("1,234,567", "1234567", None),
        ("1 234 567", "1234567", "1234567"),
        ("1 234,5", None, "1234.5"),
        ("1'234.5", "1234.5", None),
        ("1’234", "1234", "1234"),
        ("1 234.567", "1234.567", None),
        ("1e3", "1e3", "1e3"),
        ("1,5e3", None, "1.5e3"),
        (".5", ".5", None),
        (",5", None, ".5"),
        ("1.23.456", None, None),
        ("0.123.456", None, None),
        ("1,234 567", None, None),
        ("1234,567,890", None, None),
        ("1 23", None, None),
        ("1_000", None, None),
        ("", None, None),
        ("١٢", None, None),
    ],
)
def test_a_number_under_either_sign(text: str, point: str | None, comma: str | None) -> None:
    assert (number(text, "point"), number(text, "comma")) == (point, comma)
    assert is_open(text) == (None not in (point, comma) and point != comma)


# -------------------------------------------------------------------------------------------------- what a file shows


def typed(value: Decimal, sign: Sign, apart: str) -> str:
    """Return a number as a person writes it with that sign before decimals, and that between thousands."""
    whole, dot, decimals = format(abs(value), "f").partition(".")
    groups = []
    while len(whole) > 3 and apart:
        groups.append(whole[-3:])
        whole = whole[:-3]
    text = apart.join([whole, *reversed(groups)])
    mark = "." if sign == "point" else ","
    return f"{'-' if value < 0 else ''}{text}{mark if dot else ''}{decimals}"


NUMBERS = st.decimals(min_value=-(10**7), max_value=10**7, places=3).map(lambda one: one.normalize() + 0)
STYLES = st.sampled_from([(sign, apart) for sign in SIGNS for apart in ("", " ", "\u00a0", "'", ",."[sign == "comma"])])


@given(st.lists(NUMBERS, min_size=1, max_size=6), STYLES, st.randoms(use_true_random=False))
def test_numbers_of_one_style_are_read_back_or_asked_for(
    numbers: list[Decimal], style: tuple[Sign, str], chance: random.Random
) -> None:
    sign, apart = style
    texts = [typed(one, sign, apart) for one in numbers]
    expected = [float(one) for one in numbers]
    assert values(file(["a"], [[text] for text in texts], decimal=sign), "a") == expected
    sure = any(
        len({number(text.replace("\u00a0", " "), one) for one in SIGNS}) == 2 and not is_open(text) for text in texts
    )
    unclear = any(is_open(text) for text in texts)
    if sure or not unclear:
        assert values(columns(a=texts), "a") == expected
        mixed = [*texts]
        chance.shuffle(mixed)
        assert sorted(values(columns(a=mixed), "a")) == sorted(expected)
        # What one column shows holds for the others, whichever stands first.
        other = [typed(Decimal(1234), sign, apart) if apart else "7"] * len(texts)
        assert columns(a=texts, b=other).columns == columns(b=other, a=texts).columns
    else:
        assert {one.code for one in wrong(a=texts)} == {"T052"}


@given(st.lists(st.sampled_from(["1.234", "12.345", "1,234", "999.999", "7", "1000", ""]), min_size=1))
def test_what_nothing_decides_is_asked_once(texts: list[str]) -> None:
    if any(is_open(text) for text in texts):
        (found,) = wrong(a=texts, b=texts)
        assert found.code == "T052" and "--decimal" in found.hint and found.where.cell == "a"
    else:
        assert columns(a=texts)


def test_the_question_shows_the_cell_and_both_readings() -> None:
    (found,) = wrong(a=["7", "1.234"])
    assert str(found) == (
        "memory:2 [a]: T052 '1.234' is 1.234 or 1234: nothing shows whether decimals have a point or a comma"
        " (say which, with --decimal or decimal=, or in a line `# decimal: comma` (`# dấu thập phân: phẩy`)"
        " above the column names)"
    )


def test_a_column_with_both_signs_is_refused_with_both_cells() -> None:
    (found,) = wrong(a=["1", "12.5", "3", "12,5"], b=["1,5", "1.234", "2", "2"])
    assert str(found) == (
        "memory:4 [a]: T053 '12,5' has a decimal comma, but '12.5' in line 2 a decimal point"
        " (write the numbers of a column in one way)"
    )
    (found,) = wrong(a=["1.234.567", "12.5"])
    assert found.code == "T053" and "'12.5' has a decimal point, but '1.234.567'" in found.message


def test_columns_of_two_places_may_differ_and_one_that_shows_nothing_is_asked() -> None:
    made = columns(a=["12,5", "1.234"], b=["0.5", "1,234"])
    assert values(made, "a") == [12.5, 1234] and values(made, "b") == [0.5, 1234]
    (found,) = wrong(a=["12,5"], b=["0.5"], s=["1.234"], p=["1.234"])
    assert (found.code, found.where.cell) == ("T052", "p") and "other columns differ" in found.message  # s is at most 5


def test_signs_that_cannot_be_seen_change_nothing() -> None:
    made = columns(a=["\ufeff12,5", "1\u202f234,5", "\u200b1.234"])
    assert values(made, "a") == [12.5, 1234.5, 1234]


def test_a_count_has_no_decimals_and_bounds_leave_one_reading() -> None:
    made = columns(n=["1.234", "5.000"], a=["2.345", "1"])
    assert values(made, "n") == [1234, 5000] and values(made, "a") == [2345, 1]
    made = columns(n=["1,234"], a=["2.345"])
    assert values(made, "n") == [1234] and values(made, "a") == [2.345]
    assert values(columns(s=["1.234"]), "s") == [1.234]
    assert values(columns(s=["1,234"], a=["2,345"]), "a") == [2.345]
    assert wrong(n=["4.000"])[0].code == "T052"  # four, or four thousand
    # Both are shown by the scheme alone: each column is what it can be.
    made = columns(n=["1.234"], s=["1.234"])
    assert values(made, "n") == [1234] and values(made, "s") == [1.234]


def test_cells_outweigh_what_the_scheme_allows() -> None:
    """A figure above its bound stays a mistake: it does not turn into a smaller one."""
    (found,) = wrong(a=["12,5"], s=["5.678"])
    assert found.code == "T045" and "'5.678' is above 5" in found.message
    (found,) = wrong(a=["12.5"], n=["1.234"])
    assert found.code == "T046" and "if the point separates thousands, write 1234" in found.hint
    (found,) = wrong(a=["12,5"], n=["1,234"])
    assert found.code == "T046" and "if the comma separates thousands, write 1234" in found.hint


def test_numbers_of_the_source_say_nothing_and_are_never_unclear() -> None:
    assert values(columns(a=[1.234, 2]), "a") == [1.234, 2]
    assert values(columns(a=np.array([1.234, 2.0])), "a") == [1.234, 2]
    made = columns(a=[1.234, "12,5", None, "n/a", Decimal("0.10"), Fraction(1, 4)])
    assert values(made, "a")[:2] == [1.234, 12.5] and values(made, "a")[4:] == [0.1, 0.25]
    states = made.columns["a"].states
    assert states is not None and states.tolist() == [0, 0, 1, 2, 0, 0]
    assert wrong(a=[1.234, "1.234"])[0].code == "T052"


def test_complaints_of_typed_and_of_other_cells_stand_together() -> None:
    found = wrong(s=[7, "x", "8,5", 9.5])
    assert [(one.code, one.where.line) for one in found] == [("T045", 1), ("T040", 2), ("T045", 3), ("T045", 4)]


# ---------------------------------------------------------------------------------------------------- what is stated


def test_a_stated_sign_is_kept_to() -> None:
    assert values(file(["a"], [["1.234"]], decimal="point"), "a") == [1.234]
    assert values(file(["a"], [["1.234"]], decimal="comma"), "a") == [1234]
    assert values(file(["a"], [["1.234"]], notes=["decimal: comma", "số liệu thử"]), "a") == [1234]
    assert values(file(["a"], [["1.234"]], notes=["Dấu thập phân: CHẤM"]), "a") == [1.234]
    with pytest.raises(TableInvalid) as caught:
        file(["a", "b"], [["12.5", "1.234,5"], ["1,5", "1,5"]], decimal="comma")
    (found,) = caught.value.problems
    assert (found.code, found.where.line, found.where.cell) == ("T041", 2, "a")
    assert "write 12,5, or say that its decimals have a point" in found.hint
    with pytest.raises(TableInvalid) as caught:
        file(["a"], [["0,4655"]], notes=["decimal: point"])
    assert "write 0.4655, or say that its decimals have a comma" in str(caught.value)


def test_the_note_of_the_sign_is_no_note_of_the_table() -> None:
    assert file(["a"], [["1"]], notes=["một", "decimal: point", "hai"]).notes == ("một", "hai")
    assert file(["a"], [["1"]], notes=["decimals: as published"]).notes == ("decimals: as published",)


@pytest.mark.parametrize(
    ("note", "decimal", "said"),
    [("decimal: coma", "", "does not say which sign"), ("decimal: comma", "point", "something else than was said")],
)
def test_a_note_that_helps_nobody_is_told(note: str, decimal: str, said: str) -> None:
    with pytest.raises(TableInvalid) as caught:
        file(["a"], [["1"]], notes=[note], decimal=decimal)
    (found,) = caught.value.problems
    assert found.code == "T054" and said in found.message


@given(st.lists(st.lists(NUMBERS, min_size=1, max_size=3), min_size=1, max_size=3))
def test_whoever_writes_knows_when_the_sign_must_be_stated(numbers: list[list[Decimal]]) -> None:
    texts = [[format(one, "f") for one in column] for column in numbers]
    decision = decide([look(column, plain=True) for column in texts], lambda *_: True)
    assert needs_sign(texts) == (None in decision.signs)


# ------------------------------------------------------------------------------------------------------ percent signs


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("p", "85%", 85),
        ("p", "85,36 %", 85.36),
        ("h", "85.36%", 85.36),
        ("i", "85%", 0.85),
        ("i", "85,36 %", 0.8536),
        ("i", "0.5%", 0.005),
        ("i", "7%", 0.07),
        ("i", "5e1%", 0.5),
        ("i", "5E+0%", 0.05),
        ("p", "1.234,5%", 1234.5),
    ],
)
def test_a_percent_sign_where_the_scheme_says_what_it_means(code: str, text: str, value: float) -> None:
    assert values(columns(**{code: [text, "1"]}), code) == [value, 1]


def test_a_given_score_may_be_in_percent_where_its_row_publishes_an_index() -> None:
    table = table_from_columns(SCHEME, {"unit": ["x"], "given": ["85%"]})
    assert values(table, "given.score") == [0.85]


@pytest.mark.parametrize("code", ["a", "s", "c", "n"])
def test_a_percent_sign_is_asked_about_elsewhere(code: str) -> None:
    (found,) = wrong(**{code: ["85%"]})
    assert found.code == "T042" and "write 85, or 0.85 where a share is asked" in found.hint


@pytest.mark.parametrize(("most", "meant"), [("0.5", ""), ("1", "share"), ("5", ""), ("100", "percent")])
def test_a_percent_of_less_than_a_point_is_asked_about(most: str, meant: str) -> None:
    """40 % of a row of half a point may be 0.4 or 0.2 points; of a row of one point both are the same."""
    row = SCHEME.row("given")
    asked = evolve(row, max=Fraction(most), publish=evolve(row.publish, scale="points"))
    assert score_rule(asked).percent == meant


def test_a_percentage_is_exact_and_within_the_bounds() -> None:
    assert values(columns(i=["29%", "57%", "58%"]), "i") == [0.29, 0.57, 0.58]
    assert wrong(i=["101%"])[0].code == "T045" and wrong(h=["101%"])[0].code == "T045"
    assert wrong(i=["0.123456789012345678%"])[0].code == "T044"


def test_another_word_for_the_sign_is_wrong_use() -> None:
    with pytest.raises(WrongUse, match="U161 'dot' is no sign before decimals"):
        read_table({"unit": ["a"]}, scheme=SCHEME, decimal="dot")  # type: ignore[arg-type]
