"""Files that were damaged in the ways that files are: bytes, cells, encodings, the parts of a workbook."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np

TEXTS = (
    *("", "-", "n/a", "nan", "inf", "1e999999", "1e-999999999", "9" * 400, "1" * 33_000, "0,1", "1.234", "1,234"),
    *("1.234.567,8", "1 234", "50%", "%", "--", "=1+1", "@a", "-0", "0x10", "1_000", "٣", "½", "𝟓", "có", "x", "\x00"),
    *("\ud800", "\u202e", "\u200b", "\ufeff", '"', '""', "\n", "\r", "\t", ";", ",", "|", "#", "#DIV/0!", "Hoà", "Hòa"),
    *("2024-02-31", "00004", "70.0", "12345678901234567890", "1e308", "2e308", "5e-324", "{", "}", "{0}", "%s", "\\"),
    *("null", "[]", "unit", "name", "a" * 40_000, "\x1b[31m", "\u2028", "e" * 30),
)  # fmt: skip
"""What may stand in a cell, or between two bytes."""

NUMBERS = (b"0", b"-1", b"99999999999", b"1e999", b"4294967296", b"1048577", b"16385", b"9" * 30)

MARKUP = (
    *(b'<!DOCTYPE a [<!ENTITY x "x">]>', b"&x;", b"&#0;", b"&#xD800;", b"<x/>", b"</row>", b"\x00", b"\xff"),
    *(b'<c r="XFE1048577"><v>1</v></c>', b'<c r="A1" t="s"><v>9999999</v></c>', b'<c t="e"><v>#DIV/0!</v></c>'),
    *(b't="d"', b't="zz"', b's="99999"', b'r="A"', b'r="-5"', b'r="99999999999"', b"<v>1e999</v>", b"<v>abc</v>"),
    *(b"<f>1+1</f>", b'<f t="shared" si="0"/>', b'<mergeCell ref="A1:XFD1048576"/>', b'<mergeCell ref="foo"/>'),
)  # fmt: skip
"""What may stand in a part of a workbook."""


def damaged_bytes(chance: Random, content: bytes) -> bytes:
    """Return the content with some bytes changed, added, dropped or repeated."""
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8, 30))):
        at = chance.randrange(len(made) + 1)
        match chance.randrange(7):
            case 0 if made:
                made[chance.randrange(len(made))] = chance.randrange(256)
            case 1:
                made[at:at] = chance.randbytes(chance.choice((1, 2, 5)))
            case 2:
                del made[at : at + chance.choice((1, 2, 10, 200))]
            case 3:
                made[at:at] = made[chance.randrange(len(made) + 1) :][: chance.choice((1, 5, 50))]
            case 4:
                made[at:at] = chance.choice(TEXTS).encode("utf-8", "surrogatepass")
            case 5 if found := list(re.finditer(rb"\d+", made)):
                number = chance.choice(found)
                made[number.start() : number.end()] = chance.choice(NUMBERS)
            case 6 if chance.random() < 0.2:
                del made[at:]
    return bytes(made)


def damaged_lines(chance: Random, text: str) -> bytes:
    """Return a CSV text with some cells, lines or columns changed, in any encoding and with any separator."""
    rows = list(csv.reader(io.StringIO(text)))
    for _ in range(chance.choice((1, 1, 2, 5))):
        row = chance.choice([row for row in rows if row] or [[""]])
        at = chance.randrange(len(row))
        match chance.randrange(5):
            case 0 | 1:
                row[at] = chance.choice(TEXTS)
            case 2:
                row[at] += chance.choice(TEXTS)
            case 3:
                rows.insert(chance.randrange(len(rows) + 1), list(row))
            case 4:
                del row[at]
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=chance.choice(",,,;\t|"),
        lineterminator=chance.choice(("\n", "\r\n", "\r")),
        quoting=csv.QUOTE_ALL,
    )
    writer.writerows(rows)
    encoding = chance.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "cp1258"))
    return out.getvalue().encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")


def damaged_book(chance: Random, content: bytes) -> bytes:
    """Return a workbook with some of its parts damaged, or its bytes."""
    if chance.random() < 0.2:
        return damaged_bytes(chance, content)
    book = zipfile.ZipFile(io.BytesIO(content))
    parts = [(part.filename, book.read(part)) for part in book.infolist()]
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = chance.randrange(len(parts))
        name, text = parts[at]
        place = chance.choice([one.start() for one in re.finditer(rb'[ <>"]', text)] or [0])
        match chance.randrange(5):
            case 0:
                parts[at] = name, damaged_bytes(chance, text)
            case 1 | 2:
                parts[at] = name, text[:place] + b" " + chance.choice(MARKUP) + text[place:]
            case 3:
                values = list(re.finditer(rb">([^<]*)<", text)) or list(re.finditer(rb"()", text))
                value = chance.choice(values)
                typed = chance.choice(TEXTS).encode("utf-8", "surrogatepass")
                parts[at] = name, text[: value.start(1)] + typed + text[value.end(1) :]
            case 4 if len(parts) > 1:
                parts.pop(at)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts:
            made.writestr(name, text)
    return out.getvalue()


def damaged_json(chance: Random, content: bytes) -> bytes:
    """Return JSON lines with some values, names or lines changed."""
    lines = content.decode().splitlines()
    at = chance.randrange(len(lines))
    known = json.loads(lines[at])
    if isinstance(known, dict) and known:
        known[chance.choice([*known, *TEXTS[:20]])] = chance.choice((*TEXTS, 1e308, 10**400, True, None, [], {"a": 1}))
    odd = ('{"unit": NaN}', "[" * 100_000, '{"unit": "a", "unit": "b"}', '{"unit": "\\ud800"}', '{"cb": 1e999}', "null")
    lines[at] = chance.choice((json.dumps(known), json.dumps(known), *odd))
    return "\n".join(lines).encode("utf-8", "surrogatepass")


VALUES: tuple[Callable[[], Any], ...] = (
    *(lambda: None, lambda: True, lambda: 0.5, lambda: float("nan"), lambda: 10**400, lambda: -(10**5000)),
    *(lambda: Decimal("sNaN"), lambda: Decimal("1e999999"), lambda: Fraction(1, 3), lambda: Fraction(10**5000, 3)),
    *(lambda: b"\xff", list, dict, object, lambda: 1j, lambda: np.float32(0.1), lambda: np.str_("5"), lambda: type),
    *(lambda: np.datetime64("NaT"), lambda: date(2024, 1, 1), lambda: timedelta(1), lambda: np.array([1, 2])),
    *(lambda: np.ma.masked, lambda: np.array(5), lambda: range(3)),
)
"""What a program may hand over in place of a number."""


def damaged_columns(chance: Random, columns: dict[str, list[str]]) -> Any:
    """Return columns in memory with strange values, as columns or as records."""
    made: dict[Any, Any] = {name: list(cells) for name, cells in columns.items()}
    for _ in range(chance.choice((1, 2, 6))):
        name = chance.choice(list(made))
        cells = made[name]
        match chance.randrange(5):
            case 0 | 1 if isinstance(cells, list) and cells:
                cells[chance.randrange(len(cells))] = chance.choice(VALUES)()
            case 2:
                made[name] = chance.choice(VALUES)()
            case 3:
                made[chance.choice((None, 5, (1, 2), *TEXTS[:20]))] = chance.choice(VALUES)()
            case 4:
                kinds = ("f2", "f4", "i1", "u8", "U3", "O", "M8[D]", "c16", "S5", "?")
                made[name] = np.arange(len(next(iter(columns.values())))).astype(chance.choice(kinds))
    if chance.random() < 0.3:
        lists = {name: cells for name, cells in made.items() if isinstance(cells, list)}
        records: list[Any] = [{name: cells[at] for name, cells in lists.items() if at < len(cells)} for at in range(4)]
        return [*records, chance.choice(VALUES)()] if chance.random() < 0.3 else records
    return made
