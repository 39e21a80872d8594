"""The public functions that answer questions about a result: what to do next, what if, what changed, how sure.

Each returns an answer (`answer.Answer`): typed, immutable, with `to_dict`, `to_columns` and `told`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ictindex.answer import Answer
from ictindex.answer_schema import answer_schema as _schema
from ictindex.api import write_file
from ictindex.cells import clean
from ictindex.errors import Problem, UnknownName, did_you_mean
from ictindex.formats import Readable
from ictindex.messages import LANGUAGES, say
from ictindex.result import Result

if TYPE_CHECKING:
    from ictindex.analysis.headroom.answer import Headroom
    from ictindex.analysis.statistics.answer import Statistics
    from ictindex.analysis.whatif.answer import WhatIf

ChangesLike = Readable | Iterable[tuple[str, str, Any]]
"""A CSV file, sheet or stream of changes, or triples of unit, column and value."""


def answer_kinds() -> dict[str, type[Answer]]:
    """Return every class of answers by its kind."""
    from ictindex.analysis.headroom.answer import Headroom
    from ictindex.analysis.statistics.answer import Statistics
    from ictindex.analysis.whatif.answer import WhatIf
    from ictindex.explaining.answer import Explanation

    kinds: tuple[type[Answer], ...] = (
        Explanation,
        Headroom,
        Statistics,
        WhatIf,
    )
    return {one.kind: one for one in kinds}


def indicator_statistics(result: Result, *, code: str = "", group: str = "", pool: str = "") -> Statistics:
    """Return statistics of the indicators and groups below a total, or below one `group` of it.

    Weights in effect beside those of the scheme, correlations, Cronbach's alpha, principal components, and flags for
    indicators that do nothing; of all units with a score at the total, or of those of one `pool`. Raises UnknownName
    where there is no such row or pool, WrongUse for fewer than three units or a row that has none below.
    """
    from ictindex.analysis.statistics.measuring import statistics_of

    return statistics_of(result, code, group, pool)


def headroom(result: Result, unit: str, *, code: str = "") -> Headroom:
    """Return where a unit's points are lost, row by row: in its figures, its evidence, or figures that are absent.

    `code` is the row at which losses are counted, without it the first total. Raises UnknownName where there is no such
    unit or row, WrongUse where the row has no points, the unit no score there, or units are means of several rows.
    """
    from ictindex.analysis.headroom.losing import headroom_of

    return headroom_of(result, clean(unit), clean(code))


def whatif(
    result: Result,
    changes: ChangesLike = (),
    *,
    sets: Sequence[str] = (),
    decimal: Literal["", "point", "comma"] = "",
) -> WhatIf:
    """Return everyone whose score, rank or level is another where some cells are others, old beside new.

    `changes` are triples of unit, column and value, or a CSV file, sheet or stream with the columns `unit`, `code` and
    `value`; `sets` are texts such as `tp-hue:A=45`. Each value says what it says in a cell of the table. `decimal` is
    the sign before decimals, where the values do not show it and the table neither. Raises TableInvalid with everything
    that is wrong with the changes, or that the scheme refuses of them; WrongUse for a text that is no change.
    """
    from ictindex.analysis.whatif.comparing import whatif_of
    from ictindex.analysis.whatif.reading import changes_of, changes_of_options
    from ictindex.formats.change_lists import read_changes

    if isinstance(changes, str | os.PathLike) or hasattr(changes, "read"):
        lists = [read_changes(changes)]  # type: ignore[arg-type]
    else:
        lists = [changes_of(changes)]
    return whatif_of(result, [*lists, changes_of_options(sets, result)], decimal)


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
