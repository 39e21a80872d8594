"""An answer about a result as text, Markdown, JSON, CSV or a workbook.

Problems: U201 no such format, U203 the ending of a file names a kind of file that no answer is written as.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ictindex.answer import Answer
from ictindex.errors import Location, Problem, UnknownName, WrongUse, did_you_mean
from ictindex.formats.answer_columns import stable_columns, told_columns
from ictindex.formats.csv import VIETNAMESE, CsvFormat
from ictindex.messages import LANGUAGES, in_language, say

ANSWER_FORMATS = ("text", "markdown", "json", "csv", "csv-vi", "excel")
"""What an answer can be written as."""

ENDINGS = {"": "text", ".txt": "text", ".md": "markdown", ".json": "json", ".csv": "csv", ".xlsx": "excel"}
"""The format that the ending of a file stands for."""


def answer_format(path: str | os.PathLike[str] | None, form: str = "") -> str:
    """Return the format of that name, or else the one that the ending of a file stands for; text without a file.

    Raises UnknownName (U201) where there is no such format, WrongUse where the ending names another kind of file (U203)
    or the package that writes workbooks is not installed (U123).
    """
    if form and form not in ANSWER_FORMATS:
        hint = did_you_mean(form, ANSWER_FORMATS) or say("known: {names}", names=", ".join(ANSWER_FORMATS))
        raise UnknownName(Problem("U201", say("an answer cannot be written as '{format}'", format=form), hint=hint))
    ending = "" if path is None else Path(path).suffix.lower()
    found = form or ENDINGS.get(ending, "")
    if not found:
        message = say("no answer is written as a file that ends with '{ending}'", ending=ending)
        hint = say("let it end with {endings}", endings=", ".join(filter(None, ENDINGS)))
        raise WrongUse(Problem("U203", message, Location(str(path)), hint))
    if found == "excel":
        from ictindex.formats.excel.writing import the_writer

        the_writer()
    return found


def written_answer(answer: Answer, form: str, language: str = LANGUAGES[0]) -> str | bytes:
    """Return an answer in one of the formats; words for people are in the language.

    CSV has the answer's main table, under stable English names, or as `csv-vi` in Vietnamese. A workbook has the main
    table and the page. Raises as `answer_format`.
    """
    match answer_format(None, form):
        case "json":
            return json.dumps(answer.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        case "markdown":
            return answer.markdown(language)
        case "csv":
            return _as_csv(answer, CsvFormat(), language)
        case "csv-vi":
            return _as_csv(answer, VIETNAMESE, VIETNAMESE.language)
        case "excel":
            from ictindex.formats.excel.answer import answer_workbook

            return answer_workbook(answer, language)
    return answer.told(language) + "\n"


def _as_csv(answer: Answer, form: CsvFormat, language: str) -> str:
    is_stable = form.language == LANGUAGES[0]
    columns = list(stable_columns(answer) if is_stable else told_columns(answer, form.language))
    notices = [in_language(one, language) for one in answer.subject.notices]
    cells = ((_texts(column.cells), column.is_number) for column in columns)
    return form.text_of(notices, [column.heading for column in columns], cells)


def _texts(cells: Sequence[Any]) -> list[str]:
    return list(map(_cell, cells))


def _cell(value: Any) -> str:
    """Return a cell: an empty one for None, a number as short as it can be."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:z.10f}".rstrip("0").rstrip(".")
    return str(value)
