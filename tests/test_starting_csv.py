"""Reading and writing columns at once is reading and writing them cell by cell: the same bits, texts and problems."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from worked import build_top

from ictindex import Table, score
from ictindex.assembling import ReadOptions
from ictindex.canonical import plain_number, result_sha256, sha256_of
from ictindex.cells import plain_numbers
from ictindex.decimals import Decimals, between, letters_of, lines
from ictindex.errors import TableInvalid
from ictindex.formats import csv as csv_format
from ictindex.formats.csv import VIETNAMESE, CsvFormat
from ictindex.formats.csv_lines import lines_together, texts_of
from ictindex.formats.even_lines import even_lines
from ictindex.messages import say
from ictindex.model import Publication
from ictindex.numerals import look, look_plainly
from ictindex.plain_columns import PlainColumn, plain_column
from ictindex.publication import text as published

SCHEME = build_top(
    "max: 30\n"
    "1 Một: {max: 10, ratio: {a: số đạt, b: tổng số}}\n"
    "2 Hai: {max: 10, value: , min-max: all}\n"
    "3 Ba: {max: 4, choice: {1 Thấp: 1, 2 Cao: 4}}\n"
    "4 Bốn: {max: 6, yes-no: }\n"
)
HEADER = ["unit", "name", "1.a", "1.b", "2", "3", "4"]
ROWS = 40
ODD = [
    *(
        "",
        " ",
        "n/a",
        "-",
        "--5",
        "5-",
        "-",
        "+5",
        "1_000",
        "0x10",
        "1e5",
        "1E-5",
        "1e400",
        "nan",
        "NaN",
        "inf",
        "-inf",
    ),
    *("12,5", "1.234", "1,234.5", "1.234,5", "1 000", "1.2.3", ".5", "5.", ".", "-.5", "-0", "-0.0", "00012", "7%"),
    *("123456789012345", "-12345678901234", "0.1234567890123", "123456789012345678", "0.12345678901234567", "1" * 16),
    *("٣", "１２", "½", "1\u00a0000", " 7", "7 ", "7\t", "#DIV/0!", "=1+1", "'=1", "'5", '"7"', '"a,b"', '"', "a\rb"),
    *("999999999999999", "99999999.9999999", "2.675", "0.1", "1e", "e5", "۵", "−5", "true", "có", "x" * 1100),
]
NUMBERS = st.one_of(
    st.integers(0, 3000).map(str),
    st.decimals(-1, 3000, places=3).map(str),
    st.text("0123456789.-", max_size=17),
)
UNITS = ["Tổng cộng", "Trung bình", "", " ", "u1", "Tô Hiệu", "Xã Trung Bình", "=u", "'=u", "u 2", "Cộng huyện A", "ơ"]


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, str]:
    """A table that is plain but for some cells, as text; and the sign before decimals that is stated of it, if any."""
    rows = [[f"u{at:03d}", f"Xã {at}", str(at), str(at + 1), f"{at}.5", "1", "yes"] for at in range(ROWS)]
    for _ in range(draw(st.integers(0, 4))):
        column = draw(st.integers(0, len(HEADER) - 1))
        cell = draw(st.sampled_from(UNITS) if column < 2 else st.one_of(st.sampled_from(ODD), NUMBERS))
        rows[draw(st.integers(0, ROWS - 1))][column] = cell
    if draw(st.booleans()):  # a whole column in one form
        column, form = (
            draw(st.integers(2, 4)),
            draw(st.sampled_from(["{},5", "{}.25", "{}.000", "-{}", "1.{:03d}", ""])),
        )
        for at, row in enumerate(rows):
            row[column] = form.format(at)
    separator = draw(st.sampled_from([",", ";", "\t", "|"]))
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    header = HEADER if draw(st.booleans()) else [*HEADER, "STT", "# ghi chú"]
    rows = [[*row, str(at), "x"][: len(header)] for at, row in enumerate(rows, 1)]
    told = [separator.join(row) for row in [header, *rows]]
    if draw(st.integers(0, 9)) == 0:
        told.insert(draw(st.integers(1, ROWS)), draw(st.sampled_from(["", separator, f"u9{separator}", "#", " "])))
    before = draw(st.sampled_from(["", "", "# ghi chú\n", "# decimal: comma\n", "Bảng điểm\n", "\ufeff"]))
    after = draw(st.sampled_from(["", end, end * 3, f"{end} {end}"]))
    return before + end.join(told) + after, draw(st.sampled_from(["", "", "point", "comma"]))


def outcome(text: str, decimal: Any, form: CsvFormat = CsvFormat()) -> Any:  # noqa: B008 - frozen
    """What reading gives: everything of the table, or every problem."""
    try:
        table = form.read(io.StringIO(text, newline=""), SCHEME, ReadOptions(decimal=decimal))
    except TableInvalid as error:
        return error.problems
    bits = {
        key: (one.values.tobytes(), None if one.states is None else one.states.tobytes()) for key, one in _all(table)
    }
    words = (table.units, table.names, table.notes, table.doubts, table.scheme)
    return bits, words, table.origin, {key: list(texts) for key, texts in table.evidence_texts.items()}


def _all(table: Table) -> Any:
    return table.columns.items()


def _odd_last(cell: str) -> tuple[str, str]:
    rows = [f"u{at},x,{at},{at + 1},{at}.5,1,yes" for at in range(ROWS)]
    return "\n".join([",".join(HEADER), *rows, f"u99,x,{cell},9,1.5,1,yes"]), ""


@given(tables())
@example(_odd_last("1_000"))
@example(_odd_last("٣"))
@example(_odd_last(" 7"))
@example(_odd_last("-0"))
@example(_odd_last("123456789012345678"))
@settings(deadline=None)
def test_a_table_read_at_once_is_the_table_read_line_by_line(drawn: tuple[str, str]) -> None:
    at_once = outcome(*drawn)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_format, "_even", lambda *_: None)
        assert outcome(*drawn) == at_once


def test_plain_tables_are_read_at_once_and_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("read line by line")

    monkeypatch.setattr(csv_format, "assemble", refuse)
    text, _ = _odd_last("n/a")  # an odd cell makes its column slow, not the table
    assert len(outcome(text, "")[1][0]) == ROWS + 1
    assert len(outcome(text.replace(",", ";").replace("\n", "\r\n"), "", VIETNAMESE)[1][0]) == ROWS + 1
    for odd in ('"7"', "7\n\nu9,x,1,2,3,1,yes", "7,8", "'=7"):
        with pytest.raises(AssertionError, match="line by line"):
            outcome(_odd_last(odd)[0], "")


@given(st.lists(st.one_of(st.sampled_from(ODD), NUMBERS, st.text("0123456789.-", max_size=16)), min_size=1, max_size=9))
@settings(deadline=None)
def test_a_column_of_plain_numbers_is_what_float_makes_of_its_texts(texts: list[str]) -> None:
    texts = [text for text in texts if not {"\n", "\r", '"'} & {*text}] or ["1"]
    found = even_lines("\n".join(["0", *texts]), "\t" if "," in "".join(texts) else ",", 1)
    cells = ["0", *texts]
    if found is None:  # an empty line at the end, a cell too long, a separator
        assert not cells[-1] or max(map(len, cells)) > 1000 or "\t" in "".join(cells)
        return
    if found.size < len(cells):  # empty lines at the end
        assert not any(cells[found.size :])
        cells = cells[: found.size]
    column, floats = plain_column(found.body, found.starts[0], found.ends[0]), plain_numbers(cells)
    assert (column is None) == (floats is None)
    assert found.texts(0) == cells
    if isinstance(column, PlainColumn) and floats is not None:
        assert column.values.tobytes() == floats.tobytes()
        assert [*column] == cells == column[:] and column[-1] == cells[-1] and len(column) == len(cells)
        assert look_plainly(column) == look(cells, plain=True)


@given(st.integers(0, 10**15 - 1), st.integers(0, 14), st.booleans())
def test_digits_over_a_power_of_ten_are_the_nearest_float(digits: int, places: int, minus: bool) -> None:
    whole = f"{digits:0{places + 1}d}"
    text = f"{'-' if minus else ''}{whole[: len(whole) - places]}.{whole[len(whole) - places :]}"[:15]
    found = plain_column(f"{text}\n".encode(), np.zeros(1, np.int32), np.array([len(text)], np.int32))
    assert found is not None and found.values.tobytes() == np.float64(text).tobytes()


KEYS = st.lists(st.one_of(st.integers(-(10**6), 10**6), st.integers(-(2**62), 2**62)), min_size=1, max_size=8)


@given(KEYS, st.integers(0, 12), st.data())
def test_decimals_are_written_together_as_one_by_one(keys: list[int], places: int, data: st.DataObject) -> None:
    has = data.draw(st.lists(st.booleans(), min_size=len(keys), max_size=len(keys)))
    made = Decimals(np.array(keys, np.int64), np.array(has), places)
    wanted = [
        published(key, Publication("points", places)) if there else None for key, there in zip(keys, has, strict=True)
    ]
    assert [*made] == wanted and made[0] == wanted[0] and made[1:] == wanted[1:] and len(made) == len(keys)
    assert [*made.canonical] == [None if one is None else plain_number(one) for one in wanted]
    small = Decimals(made.keys // 100, None, places)
    assert small.even
    assert lines([*small.letters(slice(None), ","), *between(" ;")], len(keys)).decode() == "".join(
        f"{published(int(key), Publication('points', places)).replace('.', ',')} ;" for key in small.keys
    )


WORDS = st.text(st.one_of(st.sampled_from(",;\"\n\r\\'=+-@ \t\u2028éạ😀"), st.characters(codec="utf-8")), max_size=8)


@given(st.lists(st.tuples(WORDS, WORDS, st.integers(-(10**9), 10**9)), min_size=1, max_size=6), st.sampled_from(",;"))
def test_lines_written_together_are_those_of_the_standard_library(rows: list[tuple[str, str, int]], sign: str) -> None:
    words, more, keys = (list(column) for column in zip(*rows, strict=True))
    numbers = Decimals(np.array(keys, np.int64), None, 3, bare=True)
    columns = [words, numbers, more]
    found = lines_together(columns, sign, ".")
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign, lineterminator="\n")
    writer.writerows(zip(*(texts_of(one, ".") for one in columns), strict=True))
    if found is None:
        assert "\0" in "".join([*words, *more])
    else:
        assert found == out.getvalue()
    assert lines_together(columns, ",", ",") is None and lines_together([numbers], ",", ".") is None
    assert lines_together([words, more], ",", ".") is None
    assert [*texts_of(numbers, ",")] == [(one or "").replace(".", ",") for one in numbers]


@given(st.lists(st.tuples(WORDS, WORDS, st.integers(-(10**9), 10**9)), min_size=0, max_size=6), st.booleans())
def test_a_result_is_hashed_the_same_at_once_and_row_by_row(rows: list[tuple[str, str, int]], alike: bool) -> None:
    units, words, keys = ([row[at] for row in rows] for at in range(3))
    units = ["u" for _ in units] if alike else units
    numbers = Decimals(np.array(keys, np.int64), None, 8, bare=True)
    head, notices = ["a", "1"], ["#  ghi   chú "]
    at_once = result_sha256(head, notices, {"unit": units, "1": numbers, "states": words})
    told = sorted(
        [[one, *pair] for pair, one in zip(zip(words, units, strict=True), numbers, strict=True)],
        key=lambda row: (row[2], row),
    )
    slowly = sha256_of(["ictindex-result/1", head, ["ghi chú"], ["1", "states", "unit"], told])
    assert at_once == slowly == result_sha256(head, notices, {"unit": units, "1": list(numbers), "states": words})


def test_long_texts_and_nuls_are_left_to_the_slow_way() -> None:
    assert letters_of(["x" * 500]) is None and letters_of(["a\0b"]) is None
    assert letters_of([]) is not None
    numbers = Decimals(np.arange(2), None, 0)
    assert lines_together([["x" * 500, "y"], numbers], ",", ".") is None
    wide = result_sha256(["a"], [], {"unit": ["x" * 500, "y"], "n": numbers})
    assert wide == result_sha256(["a"], [], {"unit": ["x" * 500, "y"], "n": ["0", "1"]})


def test_the_written_result_is_as_its_columns_say() -> None:
    text, _ = _odd_last("7")
    table = CsvFormat().read(io.StringIO(text, newline=""), SCHEME)
    result = score(SCHEME, table)
    for form in (CsvFormat(), VIETNAMESE):
        body = [
            line for line in form.write(result).removeprefix("\ufeff").splitlines() if not line.startswith(("#", '"#'))
        ]
        read = [*csv.reader(body, delimiter=form.separator)]
        told = [column.texts for column in result.columns]
        assert len(read) == ROWS + 2 and form.name in ("csv", "csv-vi")
        point = "." if form.decimal == "point" else ","
        for at, (column, texts) in enumerate(zip(result.columns, told, strict=True)):
            if column.is_number:
                assert [row[at].replace(point, ".") for row in read[1:]] == texts
    assert Fraction(result.point_texts("2")[0] or 0) == 0 and say("unit") == "unit"
