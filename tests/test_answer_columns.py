"""The main tables of answers for people: every column has a heading, and every cell is a number or said in words."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from attrs import evolve

import ictindex
from ictindex import questions
from ictindex.answer import Answer
from ictindex.formats.answer_columns import DECIMAL_TEXTS, WORDS, heading_of, stable_columns, told_columns
from ictindex.formats.answers import written_answer
from ictindex.messages import LANGUAGES, Text, in_language
from ictindex.pages import Grid, Lines
from ictindex.result import Result

SCHEMES = Path(__file__).parent.parent / "schemes"
HUE, DAK_LAK = "hue-1784/2020-district.example", "dak-lak-366/2018-district.example.synthetic"
KINDS = sorted(questions.answer_kinds())


@cache
def result_of(name: str) -> Result:
    made = ictindex.load_scheme(name.partition(".")[0])
    return ictindex.score(made, ictindex.read_table(SCHEMES / f"{name}.csv", scheme=made))


@cache
def answer_of(kind: str) -> Answer:
    """An answer of that kind about the last of Dak Lak's made-up districts but one; some figures are absent."""
    result, unit = result_of(DAK_LAK), "huyen-11"
    changed = [(unit, "2.3", "có"), ("huyen-02", "3.3", 4)]
    made: dict[str, Any] = {
        "climb": lambda: questions.climb(result, unit),
        "comparison": lambda: questions.compare(result, evolve(result)),
        "explanation": lambda: result.explain(unit),
        "headroom": lambda: questions.headroom(result, unit),
        "pending": lambda: questions.pending(result),
        "statistics": lambda: questions.indicator_statistics(result),
        "uncertainty": lambda: questions.uncertainty(result, draws=5, effect_draws=0, reversals=False),
        "whatif": lambda: questions.whatif(result, changed),
    }
    found: Answer = made[kind]()
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_has_a_heading_of_its_own(kind: str) -> None:
    columns = answer_of(kind).to_columns()
    told = [heading_of(answer_of(kind), name) for name in columns]
    for name, heading in zip(columns, told, strict=True):
        assert isinstance(heading, Text), f"say what the column {name} of {kind} is called, in answer_columns.py"
    for language in LANGUAGES:
        assert len({in_language(heading, language) for heading in told}) == len(told)


@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_for_people_is_a_number_or_words(kind: str) -> None:
    answer = answer_of(kind)
    columns = answer.to_columns()
    for name, cells, told in zip(columns, columns.values(), told_columns(answer, "vi"), strict=True):
        for before, after in zip(cells, told.cells, strict=True):
            assert not isinstance(after, bool) and type(after) in (str, int, float, type(None))
            assert before in (True, False) or type(after) is not str or name == "flags" or (
                str(before) == after or isinstance(before, Text) or before in WORDS.get(name, {})
            )  # fmt: skip
        if told.is_number:
            assert all(float(one) < 1e9 for one in told.cells if one is not None)
        if name in DECIMAL_TEXTS:
            assert told.is_number and all(one is None or isinstance(one, str) for one in told.cells)


@pytest.mark.parametrize("kind", KINDS)
def test_plain_csv_keeps_the_stable_names(kind: str) -> None:
    answer = answer_of(kind)
    columns = list(stable_columns(answer))
    assert [one.heading for one in columns] == list(answer.to_columns())
    assert written_answer(answer, "csv", "vi").splitlines()[-1] == written_answer(answer, "csv", "en").splitlines()[-1]


def test_csv_vi_has_vietnamese_headings_words_and_commas() -> None:
    written = written_answer(answer_of("whatif"), "csv-vi", "en")
    assert isinstance(written, str)
    body = [line for line in written.removeprefix("\ufeff").splitlines() if not line.startswith(("#", '"#'))]
    header, first, *_ = csv.reader(io.StringIO("\n".join(body)), delimiter=";")
    columns = answer_of("whatif").to_columns()
    row = dict(zip(columns, first, strict=True))
    assert header[list(columns).index("old_rank")] == in_language(heading_of(answer_of("whatif"), "old_rank"), "vi")
    assert row["old_score"] == columns["old_score"][0].replace(".", ",") and "," in row["old_score"]
    assert row["unit"] == columns["unit"][0]
    assert "tạm thời" in written.lower() and "provisional:" not in written.lower()


def test_a_code_that_looks_like_a_number_stays_as_it_is() -> None:
    written = written_answer(answer_of("headroom"), "csv-vi")
    assert isinstance(written, str) and "\n1.4.a;" in written and "\n3.7;" in written


def test_a_cell_that_is_yes_or_no_is_said() -> None:
    planned = list(answer_of("climb").to_columns()).index("planned")
    for language, words in (("en", {"yes", "no"}), ("vi", {"có", "không"})):
        assert set(list(told_columns(answer_of("climb"), language))[planned].cells) == words


# --- workbooks -------------------------------------------------------------------------------------------------------


def sheets_of(answer: Answer, language: str) -> list[list[list[Any]]]:
    """The cells of both sheets that are filled, row by row."""
    written = written_answer(answer, "excel", language)
    assert isinstance(written, bytes) and written == written_answer(answer, "excel", language)
    book = openpyxl.load_workbook(io.BytesIO(written))
    assert len(book.sheetnames) == 2
    return [[[cell for cell in row if cell not in (None, "")] for row in sheet.values] for sheet in book]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_has_the_main_table_and_the_page(kind: str, language: str) -> None:
    answer = answer_of(kind)
    main, page = sheets_of(answer, language)
    columns = list(told_columns(answer, language))
    assert main[0] == page[0] == [in_language(answer.page().title, language)]
    head = next(at for at, row in enumerate(main) if row == [one.heading for one in columns])
    assert len(main) - head - 1 == len(columns[0].cells)
    for row, cells in zip(main[head + 1 :], zip(*(one.cells for one in columns), strict=True), strict=True):
        expected = [
            float(cell) if column.is_number else cell
            for column, cell in zip(columns, cells, strict=True)
            if cell not in (None, "")
        ]
        assert row == [pytest.approx(one) if isinstance(one, float) else one for one in expected]
    told = [cell for row in page for cell in row]
    for block in (block for section in answer.page().sections for block in section.blocks):
        texts = block.texts if isinstance(block, Lines) else [cell for row in block.body for cell in row]
        heads = block.header if isinstance(block, Grid) else ()
        for text in filter(None, (*texts, *heads)):
            said = in_language(text, language)
            assert said in told or f"• {said}" in told
