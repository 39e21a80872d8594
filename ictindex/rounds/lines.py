"""The lines of a round's file, as CSV, JSON lines or on a sheet: cells by their headings, not yet understood.

Problems: T150 a heading that must be there is not, T151 an unknown heading, or one twice, T152 a line with more or
fewer cells, T153 a line that is no JSON object of plain values, T154 a file without a line.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from attrs import frozen

from ictindex.assembling import Grid
from ictindex.cells import cell_text, clean, fold, shown
from ictindex.errors import did_you_mean
from ictindex.findings import Found, Heading
from ictindex.formats import Readable, contents, source_name, unreadable
from ictindex.formats.csv import read_grid
from ictindex.messages import joined, say
from ictindex.model import Scheme
from ictindex.rounds.words import HEADINGS, heading, known_headings

REQUIRED = ("unit", "code", "stage")
JSON_LINES = (".jsonl", ".ndjson")
POOL = "pool"


@frozen
class Number:
    """A number that the file holds as such: its point is a decimal point, whatever the cells show that were typed."""

    digits: str

    def __str__(self) -> str:
        return self.digits


@frozen
class Line:
    """One line: its number in the file, and each cell by the heading's English name."""

    number: int
    cells: Mapping[str, str | Number]
    places: Mapping[str, Heading]

    def text(self, key: str) -> str:
        """Return the text of a cell without blanks around it, empty where the line has none."""
        cell = self.cells.get(key)
        if not cell:
            return ""
        text = str(cell)
        return text if text.isascii() and text.isalnum() else clean(text)

    def place(self, key: str) -> Heading:
        """Return the heading as the file has it."""
        return self.places.get(key, Heading(key, -1))


def read_lines(source: Readable, scheme: Scheme, format_name: str = "") -> tuple[Found, Sequence[Line]]:
    """Return the lines of a file or stream, with what is wrong with them so far.

    The format is `csv` or `jsonl`; without a name, what the file's ending or its first letter says; a workbook is known
    by its content. Raises TableInvalid where it cannot be read at all.
    """
    name, content = source_name(source), contents(source)
    if format_name == "jsonl" or (not format_name and _is_json(name, content)):
        found = Found(name)
        return found, list(_objects(_decoded(content, name), scheme, found))
    if isinstance(content, bytes) and content.startswith(b"PK") and b"xl/workbook" in content:
        from ictindex.formats.excel.plain import sheet_grid

        return _grid_lines(sheet_grid(content, name, lambda cells: _is_header(cells, scheme)), scheme)
    return _grid_lines(read_grid(_named(name, content)), scheme)


def _is_header(cells: Sequence[str], scheme: Scheme) -> bool:
    return {"code", "stage"} <= {_key(clean(cell), scheme) for cell in cells}


def _named(name: str, content: bytes | str) -> IO[bytes]:
    """Return what was read already, as a stream that still has its name."""
    stream = io.BytesIO(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    stream.name = name  # as an open file has one
    return stream


def _is_json(name: str, content: bytes | str) -> bool:
    start = content[:200].decode("utf-8", "ignore") if isinstance(content, bytes) else content[:200]
    return name.lower().endswith(JSON_LINES) or start.lstrip("\ufeff \t\r\n").startswith("{")


def _decoded(content: bytes | str, name: str) -> str:
    try:
        return (content.decode("utf-8") if isinstance(content, bytes) else content).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise unreadable(name, say("the text is not UTF-8"), say("save it as UTF-8")) from None


# --- a grid: CSV, or a sheet -----------------------------------------------------------------------------------------


def _grid_lines(grid: Grid, scheme: Scheme) -> tuple[Found, Sequence[Line]]:
    found = Found(grid.source, grid.sheet, grid.letters)
    headings = [Heading(clean(str(text or "")), at) for at, text in enumerate(grid.header)]
    if not {"code", "stage"} & {_key(one.text, scheme) for one in headings}:
        message = say("this is no round: a round has a line for each event, with the columns unit, code, stage, ...")
        hint = say("give what was declared as the table, and what happened since with --round FILE")
        found.add("T150", message, line=grid.header_line, hint=hint)
        return found, []
    keys = _keys(headings, scheme, found, grid.header_line)
    places = {key: one for one, key in zip(headings, keys, strict=True) if key}
    _required(set(places), found, grid.header_line)
    if not places.keys() >= {*REQUIRED}:
        return found, []  # of every line the same would be said
    lines = []
    for number, cells in grid.rows:
        texts = [_text(cell) for cell in cells]
        if not any(map(_filled, texts)):
            continue
        if len(texts) < len(keys) or any(map(_filled, texts[len(keys) :])):
            message = say("the line has {count} cells, the header {columns}", count=len(texts), columns=len(keys))
            hint = say("a text with a comma in it needs quotation marks, and an empty cell its comma")
            found.add("T152", message, line=number, hint=hint)
            continue
        lines.append(Line(number, {key: text for key, text in zip(keys, texts, strict=False) if key}, places))
    if not lines and not found:
        found.add("T154", say("there is no line below the headings"), line=grid.header_line)
    return found, lines


def _filled(cell: str | Number) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


def _text(cell: Any) -> str | Number:
    """Return a cell as text; one that the source holds as a number stays known as such."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    return Number(cell_text(cell))


def _keys(headings: Sequence[Heading], scheme: Scheme, found: Found, line: int) -> list[str]:
    """Return what each heading stands for, empty for remarks and for what has problems."""
    keys: list[str] = []
    for one in headings:
        key = _key(one.text, scheme)
        if key is None:
            close = did_you_mean(one.text[:80], known_headings())
            hint = joined((close, say("a column of remarks begins with #")), by="; ")
            found.add("T151", say("unknown column {column}", column=shown(one.text)), line=line, cell=one, hint=hint)
        elif key and key in keys:
            message = say("the column {column} stands twice", column=shown(one.text))
            found.add("T151", message, line=line, cell=one, hint=say("keep one of them"))
            key = None
        keys.append(key or "")
    return keys


def _key(text: str, scheme: Scheme) -> str | None:
    if scheme.pools is not None and fold(text) == fold(scheme.pools.by):
        return POOL
    return heading(text)


def _required(keys: set[str], found: Found, line: int) -> None:
    for key in REQUIRED:
        if key not in keys:
            message = say("there is no column `{column}` ({name})", column=key, name=HEADINGS[key][0])
            hint = say("a round has a line for each event, with the columns unit, code, stage, ...")
            found.add("T150", message, line=line, cell=Heading(key, -1), hint=hint)


# --- JSON lines ------------------------------------------------------------------------------------------------------


def _objects(text: str, scheme: Scheme, found: Found) -> Iterator[Line]:
    known, count = _json_keys(scheme), 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        count += 1
        cells = _cells(line, known, found, number)
        if cells is not None:
            yield Line(number, cells, {})
    if not count:
        found.add("T154", say("the file is empty"))


def _json_keys(scheme: Scheme) -> set[str]:
    return {*HEADINGS, *([scheme.pools.by] if scheme.pools else [])}


def _cells(line: str, known: set[str], found: Found, number: int) -> dict[str, str | Number] | None:
    try:
        pairs = json.loads(line, object_pairs_hook=_Pairs, parse_float=Number, parse_int=Number, parse_constant=Number)
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "") or type(error).__name__
        found.add("T153", say("the line is no JSON: {reason}", reason=reason), line=number)
        return None
    if not isinstance(pairs, _Pairs):
        found.add("T153", say("the line is no JSON object"), line=number, hint=say("write one event a line, in {{ }}"))
        return None
    cells: dict[str, str | Number] = {}
    sound = True
    for key, value in pairs:
        name = POOL if key not in HEADINGS else key
        cell = Heading(key, -1)
        sound = sound and key in known and name not in cells and not isinstance(value, list)
        if key not in known:
            message = say("unknown key {key}", key=shown(key))
            found.add("T153", message, line=number, cell=cell, hint=did_you_mean(key[:80], known))
        elif name in cells:
            message = say("the key {key} stands twice", key=shown(key))
            found.add("T153", message, line=number, cell=cell, hint=say("keep one of them"))
        elif isinstance(value, list):
            message = say("the key {key} holds a list or an object", key=shown(key))
            found.add("T153", message, line=number, cell=cell, hint=say("write a text, a number, true, false or null"))
        else:
            cells[name] = _plain(value)
    missing = [key for key in REQUIRED if key not in cells] if sound else []
    for key in missing:
        found.add("T150", say("the event has no `{key}`", key=key), line=number, cell=Heading(key, -1))
    return cells if sound and not missing else None


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with every key that was written, even twice."""


def _plain(value: str | Number | bool | None) -> str | Number:
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else value
