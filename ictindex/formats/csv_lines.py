"""Lines of CSV of columns with decimals, written out together: the same text that the standard library writes.

Its writer takes every cell by itself, of which a result of ten thousand units has half a million.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from ictindex.decimals import Decimals, between, letters_of, lines

_BLOCK = 2048

Cells = Sequence[str] | Decimals


def lines_together(columns: Sequence[Cells], separator: str, point: str) -> str | None:
    """Return the lines of columns, of which some are `Decimals`; None where they must be written one by one.

    `point` is the sign before decimals.
    """
    if point == separator or len(columns) < 2 or not any(isinstance(one, Decimals) for one in columns):
        return None
    told: list[bytes] = []
    for start in range(0, len(columns[0]), _BLOCK):
        rows = slice(start, start + _BLOCK)
        page: list[Any] = []
        for column in columns:
            letters = (
                column.letters(rows, point)
                if isinstance(column, Decimals)
                else letters_of(_fields(column[rows], separator))
            )
            if letters is None:
                return None
            page += [*letters, *between(separator)]
        told.append(lines([*page[:-1], *between("\n")], len(columns[0][rows])))
    return b"".join(told).decode("utf-8", "surrogatepass")


def texts_of(cells: Cells, point: str) -> Sequence[str]:
    """Return the cells of a column as texts, empty where there is none."""
    if not isinstance(cells, Decimals):
        return cells
    texts = [text or "" for text in cells]
    return texts if point == "." else [text.replace(".", point) for text in texts]


def _fields(texts: Sequence[str], separator: str) -> Sequence[str]:
    """Return texts as they stand between separators: in quotation marks where they need them."""
    whole = "".join(texts)
    if not any(sign in whole for sign in ('"', separator, "\r", "\n")):
        return texts
    return [_field(text, separator) for text in texts]


def _field(text: str, separator: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerow((text, ""))
    return out.getvalue()[: -len(separator) - 1]
