"""An answer about a result as text, Markdown, JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ictindex.answer import Answer
from ictindex.errors import Problem, UnknownName, did_you_mean
from ictindex.formats.csv import VIETNAMESE, CsvFormat
from ictindex.messages import LANGUAGES, in_language, say

ANSWER_FORMATS = ("text", "markdown", "json", "csv", "csv-vi")
"""What an answer can be written as."""

ENDINGS = {".md": "markdown", ".json": "json", ".csv": "csv"}
"""The format that the ending of a file stands for; any other ending is text."""


def written_answer(answer: Answer, form: str, language: str = LANGUAGES[0]) -> str:
    """Return an answer in one of the formats; words for people are in the language.

    CSV has the answer's main table. Raises UnknownName where there is no such format.
    """
    if form == "json":
        return json.dumps(answer.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    if form == "markdown":
        return answer.markdown(language)
    if form == "text":
        return answer.told(language) + "\n"
    if form in ("csv", "csv-vi"):
        return _as_csv(answer, VIETNAMESE if form == "csv-vi" else CsvFormat(), language)
    hint = did_you_mean(form, ANSWER_FORMATS) or say("known: {names}", names=", ".join(ANSWER_FORMATS))
    raise UnknownName(Problem("U201", say("an answer cannot be written as '{format}'", format=form), hint=hint))


def _as_csv(answer: Answer, form: CsvFormat, language: str) -> str:
    columns = answer.to_columns()
    cells = ((list(map(_cell, values)), _are_numbers(values)) for values in columns.values())
    return form.text_of([in_language(one, language) for one in answer.subject.notices], columns, cells)


def _are_numbers(values: Sequence[Any]) -> bool:
    told = [one for one in values if one is not None]
    return bool(told) and all(isinstance(one, int | float) and not isinstance(one, bool) for one in told)


def _cell(value: Any) -> str:
    """Return a cell: an empty one for None, a number as short as it can be."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:z.10f}".rstrip("0").rstrip(".")
    return str(value)
