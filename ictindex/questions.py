"""The public functions that answer questions about a result: what to do next, what if, what changed, how sure.

Each returns an answer (`answer.Answer`): typed, immutable, with `to_dict`, `to_columns` and `told`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ictindex.answer import Answer
from ictindex.answer_schema import answer_schema as _schema
from ictindex.api import write_file
from ictindex.errors import Problem, UnknownName, did_you_mean
from ictindex.messages import LANGUAGES, say
from ictindex.result import Result

if TYPE_CHECKING:
    from ictindex.analysis.statistics.answer import Statistics


def answer_kinds() -> dict[str, type[Answer]]:
    """Return every class of answers by its kind."""
    from ictindex.analysis.statistics.answer import Statistics

    kinds: tuple[type[Answer], ...] = (Statistics,)
    return {one.kind: one for one in kinds}


def indicator_statistics(result: Result, *, code: str = "", group: str = "", pool: str = "") -> Statistics:
    """Return statistics of the indicators and groups below a total, or below one `group` of it.

    Weights in effect beside those of the scheme, correlations, Cronbach's alpha, principal components, and flags for
    indicators that do nothing; of all units with a score at the total, or of those of one `pool`. Raises UnknownName
    where there is no such row or pool, WrongUse for fewer than three units or a row that has none below.
    """
    from ictindex.analysis.statistics.measuring import statistics_of

    return statistics_of(result, code, group, pool)


def answer_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an answer's data. Raises UnknownName where there is no such kind."""
    known = answer_kinds()
    if kind not in known:
        hint = did_you_mean(kind, known) or say("known: {names}", names=", ".join(known))
        raise UnknownName(Problem("U202", say("there is no answer of the kind '{kind}'", kind=kind), hint=hint))
    return _schema(known[kind])


def write_answer(
    answer: Answer,
    path: str | os.PathLike[str] | None = None,
    *,
    format: str = "",  # noqa: A002 - the field's word
    language: str = LANGUAGES[0],
) -> str:
    """Return an answer as `text`, `markdown`, `json`, `csv` or `csv-vi`, and write it to a file if a path is given.

    Without a format the file's ending decides, and without a path it is text. Raises UnknownName where there is no such
    format, WrongUse where the file cannot be written.
    """
    from ictindex.formats.answers import ENDINGS, written_answer

    form = format or ENDINGS.get("" if path is None else Path(path).suffix.lower(), "text")
    content = written_answer(answer, form, language)
    if path is not None:
        write_file(content, path)
    return content
