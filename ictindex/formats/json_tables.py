"""Tables in JSON: an object for each unit, each on a line of its own, or all of them in one array.

A number is taken as its digits, never through a float. Objects whose only keys begin with # hold notes. Problems: T065
text that is no JSON, T066 something else than an object for a unit, T067 a list or an object in a cell, T068 a key
twice in one object.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from ictindex.assembling import Grid, ReadOptions, assemble
from ictindex.cells import Complaint, Unfit, not_finite, shown
from ictindex.errors import TableInvalid
from ictindex.findings import Found, Heading
from ictindex.formats import Readable, contents, source_name
from ictindex.formats.delimited import invalid
from ictindex.messages import say
from ictindex.model import InputKind, Scheme
from ictindex.table import Table
from ictindex.typed import NOT_APPLICABLE, typed_columns

_NOTE = "#"
_HALF = re.compile("[\ud800-\udfff]")
_SHAPE = say("write an object for each unit on a line of its own, or an array of objects")
_BLANK = re.compile(r"[ \t\r\n]*")


class Digits:
    """A number as its digits stand in the text."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


class _Object(dict[str, Any]):
    """An object, and the keys that stand in it twice."""

    twice: tuple[str, ...] = ()


class _Broken(Exception):
    """The text is no JSON from a position on."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def _pairs(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        made.twice = tuple(key for key in made if keys.count(key) > 1)
    return made


def _not_finite(word: str) -> Unfit:
    return Unfit(word, not_finite(word))


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=Digits, parse_int=Digits, parse_constant=_not_finite)


def read_table(source: Readable, scheme: Scheme, options: ReadOptions | None = None) -> Table:
    """Return the table in a file or stream. Raises TableInvalid with everything that is wrong."""
    name = source_name(source)
    text = _text(contents(source), name)
    found = Found(name)
    notes: list[str] = []
    rows: list[tuple[int, _Object]] = []
    for line, value in _values(text, found):
        if not isinstance(value, _Object):
            what = say("a list") if isinstance(value, list) else shown(str(value))
            found.add("T066", say("{what} is no unit", what=what), line=line, hint=_SHAPE)
        elif not rows and {"scheme", "receipt"} <= value.keys():
            raise invalid("T066", say("the file is a result, not a table"), name, line, _SHAPE)
        elif value and all(key.startswith(_NOTE) for key in value):
            notes += [str(note) for note in value.values()]
        else:
            for key in value.twice:
                message = say("the key {key} stands twice in one object", key=shown(key))
                found.add("T068", message, line=line, cell=Heading(key, -1), hint=say("keep one of them"), across=True)
            rows.append((line, value))
    if not rows:
        found.raise_any()
    try:
        table = assemble(_grid(rows, name, notes), scheme, options)
    except TableInvalid as error:
        found.tell(error.problems)
    found.raise_any()
    return table


def _text(content: bytes | str, name: str) -> str:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise invalid("T002", say("the text is not UTF-8"), name, line, say("save it as UTF-8")) from None


def _values(text: str, found: Found) -> Iterator[tuple[int, Any]]:
    """Yield each value with its line; what is no JSON becomes a problem, and the next line is read."""
    start = _after_blanks(text, 0)
    if text[start : start + 1] == "[":
        yield from _elements(text, start + 1, found)
        return
    for number, line in enumerate(text.split("\n"), 1):
        at = _after_blanks(line, 0)
        if at == len(line):
            continue
        try:
            value, end = _decoded(line, at)
            if line[end:].strip():
                raise _Broken(end)
        except _Broken as error:
            if not found:
                _check_one_object(text, start, found.source)
            _no_json(line, error.at, number, found)
        else:
            yield number, value


def _elements(text: str, at: int, found: Found) -> Iterator[tuple[int, Any]]:
    """Yield the elements of an array; where it cannot be read on, a problem is added."""
    line, counted = 1, 0
    at = _after_blanks(text, at)
    try:
        while text[at : at + 1] != "]":
            line, counted = line + text.count("\n", counted, at), at
            value, at = _decoded(text, at)
            yield line, value
            at = _after_blanks(text, at)
            if text[at : at + 1] == ",":
                at = _after_blanks(text, at + 1)
            elif text[at : at + 1] != "]":
                raise _Broken(at)
        if text[at + 1 :].strip():
            raise _Broken(_after_blanks(text, at + 1))
    except _Broken as error:
        _no_json(text, error.at, line + text.count("\n", counted, error.at), found)


def _decoded(text: str, at: int) -> tuple[Any, int]:
    try:
        value, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise _Broken(error.pos) from None
    except RecursionError:
        raise _Broken(at) from None
    words = [one for pair in value.items() for one in pair] if isinstance(value, dict) else [value]
    if any(isinstance(one, str) and _HALF.search(one) for one in words):  # no text can hold half a character
        raise _Broken(at)
    return value, end


def _after_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _no_json(text: str, at: int, line: int, found: Found) -> None:
    rest = text[at:].partition("\n")[0].strip()
    message = say("the line ends before the object does")
    if rest:
        message = say("{text} is not what stands there in JSON", text=shown(rest[:20]))
    found.add("T065", message, line=line, hint=_SHAPE)


def _check_one_object(text: str, start: int, name: str) -> None:
    """Raise TableInvalid (T066) where the file is one object over several lines."""
    try:
        value, end = _decoded(text, start)
    except _Broken:
        return
    if isinstance(value, dict) and not text[end:].strip():
        if "units" in value and "scheme" in value:
            raise invalid("T066", say("the file is a result, not a table"), name, 1, _SHAPE)
        raise invalid("T066", say("the file is one object, not one for each unit"), name, 1, _SHAPE)


def _grid(rows: Sequence[tuple[int, _Object]], name: str, notes: Sequence[str]) -> Grid:
    header = list(dict.fromkeys(key for _, value in rows for key in value))
    cells = ((line, [_cell(value.get(key)) for key in header]) for line, value in rows)
    return Grid(header=header, rows=cells, source=name, header_line=rows[0][0] if rows else 1, notes=notes)


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        message = say("a list or an object stands where a figure or a text is expected")
        return Unfit("[…]", Complaint("T067", message, say("write one value a key")))
    return value


def written_lines(table: Table, scheme: Scheme) -> list[str]:
    """Return a line of JSON for each note and each unit; they read back as the same table.

    Numbers are written as they are typed; a missing cell is null.
    """
    words = {one.code for one in scheme.inputs if one.kind in (InputKind.YES_NO, InputKind.CHOICE)}
    words |= {"unit", "name"} | ({scheme.pools.by} if scheme.pools else set())
    keys, columns = [], []
    for heading, texts in typed_columns(scheme, table):
        keys.append(_text_of(heading))
        is_text = heading.endswith(".evidence") or heading.removesuffix(".self") in words
        columns.append([_value(text, is_text=is_text) for text in texts])
    lines = [f"{{{_text_of(_NOTE)}: {_text_of(note)}}}" for note in table.notes]
    for values in zip(*columns, strict=True):
        pairs = (f"{key}: {value}" for key, value in zip(keys, values, strict=True))
        lines.append(f"{{{', '.join(pairs)}}}")
    return lines


def _value(text: str, *, is_text: bool) -> str:
    if not text:
        return "null"
    return _text_of(text) if is_text or text == NOT_APPLICABLE else text


def _text_of(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
