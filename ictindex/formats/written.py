"""What a file says of a result that was written into it, in the terms of the canonical form.

Problems: T180 a file in which no result was written, or one without its receipt; T181 something is missing in a result,
or of the wrong kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import field, frozen

from ictindex.assembling import Grid
from ictindex.canonical import plain_number, result_sha256
from ictindex.errors import Location, Problem, ResultInvalid
from ictindex.formats import Readable, contents, source_name
from ictindex.messages import say
from ictindex.receipt import read_line, receipt_head
from ictindex.result_columns import name_of_heading, sorted_states, states_read

_COMMA = re.compile("-?[0-9]+,[0-9]+")
NUMBER = re.compile("[-+]?[0-9]{1,40}(?:[.][0-9]{0,40})?(?:[eE][-+]?[0-9]{1,2})?")


@frozen(kw_only=True)
class Written:
    """A result as a file has it.

    `receipt` is as `Result.receipt` or, where only its line stands in the file, with shortened hashes. `notices` are
    what readers are told. `columns` are the canonical cells by the column's name; without `complete` the file does not
    have them all. `contradictions` are places where the file says one thing twice, and differently. `head` is what JSON
    tells of the scheme.
    """

    source: str
    receipt: Mapping[str, Any]
    notices: Sequence[str]
    columns: Mapping[str, Sequence[str]] = field(repr=False)
    complete: bool = True
    contradictions: Sequence[str] = ()
    head: Mapping[str, Any] = field(factory=dict, repr=False)

    @property
    def sha256(self) -> str:
        """The hash of what the file says; only where it is complete."""
        return result_sha256(receipt_head(self.receipt), self.notices, self.columns)


def written_table(
    source: str,
    notes: Iterable[str],
    headings: Sequence[str],
    columns: Iterable[Sequence[str]],
    *,
    receipt: Mapping[str, Any] | None = None,
) -> Written:
    """Return the result in a table of texts with notes: one of these is the receipt's line.

    Headings may be stable names or those for people, in any language, and decimals may have a comma. Raises
    ResultInvalid (T180) where no receipt or no unit is there.
    """
    notices: list[str] = []
    for note in notes:
        found = None if receipt else read_line(note)
        receipt = receipt or found
        if found is None:
            notices.append(note)
    names = _names(headings)
    if receipt is None or "unit" not in names or len(set(names)) < len(names):
        raise no_result(source)
    pool = names[2] if len(names) > 2 and names[1] == "name" and not _tells(names[2], "score") else ""
    cells = {name: _canonical(name, column, name == pool) for name, column in zip(names, columns, strict=True)}
    return Written(source=source, receipt=receipt, notices=notices, columns=cells)


def written_grid(grid: Grid) -> Written:
    """Return the result in the cells of a file. Raises ResultInvalid."""
    rows = []
    for line, cells in grid.rows:
        if any(cells):
            if len(cells) < len(grid.header) or any(cells[len(grid.header) :]):
                raise lacking(grid.source, say("the end of the line"), line)
            rows.append(cells[: len(grid.header)])
    columns = list(zip(*rows, strict=True)) or [()] * len(grid.header)
    return written_table(grid.source, grid.notes, list(grid.header), columns)


def text_of(source: Readable) -> str:
    """Return the text of a file or stream in UTF-8. Raises ResultInvalid (T180), TableInvalid where it is not there."""
    content = contents(source)
    try:
        return content.decode("utf-8-sig") if isinstance(content, bytes) else content.removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise no_result(source_name(source)) from None


def no_result(source: str) -> ResultInvalid:
    """Return the error of a file in which no result is found (T180)."""
    message = say("no result with its receipt is found in it")
    hint = say(
        "name a result that `ictindex score` wrote as json, jsonl, csv, excel, parquet or arrow, without --engine: "
        "what an engine writes has no receipt"
    )
    return ResultInvalid(Problem("T180", message, Location(source), hint))


def lacking(source: str, place: str, line: int = 0) -> ResultInvalid:
    """Return the error of a result in which something is missing or of the wrong kind (T181)."""
    message = say("what stands at {place} is missing or not what a result has there", place=place)
    return ResultInvalid(Problem("T181", message, Location(source, line), say("write the result again")))


def canonical_number(text: str) -> str:
    """Return a number as it is hashed; what is no number stays as it is, and is no number of any result."""
    text = text.strip()
    text = text.replace(",", ".") if _COMMA.fullmatch(text) else text
    return plain_number(text) if NUMBER.fullmatch(text) else text


def _names(headings: Sequence[str]) -> list[str]:
    if "unit" in headings:
        return list(headings)
    names = [name_of_heading(heading) for heading in headings]
    return [headings[place] if place == 2 and not _tells(name, "score") else name for place, name in enumerate(names)]


def _tells(name: str, what: str) -> bool:
    return name == what or name.endswith(f".{what}")


def _canonical(name: str, cells: Sequence[str], is_pool: bool) -> list[str]:
    if name == "states":
        return [sorted_states(states_read(text)) for text in cells]
    if is_pool or name in ("unit", "name") or _tells(name, "level"):
        return list(cells)
    known = {text: canonical_number(text) for text in set(cells)}
    return [known[text] for text in cells]
