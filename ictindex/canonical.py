"""Canonical forms: the bytes that a scheme, a table and a result are hashed as, whatever files they stand in.

docs/receipts.md specifies them so that anybody can compute them again. Whoever changes one of them counts the number
at the end of its name up, and `FORM` with it: a receipt of another form cannot be compared.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, groupby, islice, repeat
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from ictindex.decimals import Decimals, Rows, between, letters_of, lines
from ictindex.table import Column, Table

FORM = 1
"""The number of the canonical forms, as receipts state it."""

SCHEME, TABLE, RESULT = "ictindex-scheme/1", "ictindex-table/1", "ictindex-result/1"
SHORT = 12
"""So many hexadecimal digits of a hash stand in a line, and in the head of a result."""

_BLOCK = 2048
_SIGNS = re.compile(r'[\x00-\x1f"\\]')  # what JSON writes otherwise


def canonical_json(content: Any) -> bytes:
    """Return nested lists of texts as JSON without blanks, in UTF-8, as RFC 8785 writes it."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def sha256_of(content: Any) -> str:
    """Return the SHA-256 of nested lists of texts."""
    return hashlib.sha256(canonical_json(content)).hexdigest()


def plain_number(text: str) -> str:
    """Return a decimal number without an exponent, zeros at its end and a sign before zero.

    Raises decimal.InvalidOperation where the text is no number.
    """
    told = format(Decimal(text), "f")
    if "." in told:
        told = told.rstrip("0").rstrip(".")
    return "0" if told == "-0" else told


def result_sha256(head: Sequence[str], notices: Sequence[str], columns: Mapping[str, Sequence[str] | Decimals]) -> str:
    """Return the SHA-256 of a result: what it was made from, what readers must be told, and its cells as text.

    `columns` has the cells by the column's name, an empty text where there is nothing; one of them is `unit`. Neither
    the order of the columns nor that of the units matters, nor where the lines of a notice end.
    """
    told = [" ".join(notice.lstrip("#").split()) for notice in notices]
    names = sorted(columns)
    begun = [RESULT, list(head), told, names]
    blocks = _rows_together([columns[name] for name in names], list(map(str, columns["unit"])))
    if blocks is not None:
        digest = hashlib.sha256(canonical_json(begun)[:-1] + b",[")
        for block in blocks:
            digest.update(block)
        digest.update(b"]]")
        return digest.hexdigest()
    texts = [[cell or "" for cell in columns[name]] for name in names]
    rows = sorted(zip(*texts, strict=True), key=lambda row: (row[names.index("unit")], row))
    return sha256_of([*begun, list(map(list, rows))])


def _rows_together(columns: Sequence[Sequence[str] | Decimals], units: Sequence[str]) -> list[bytes] | None:
    """Return the rows of a result in the order of their units, as JSON; None where they must be taken one by one."""
    if len(set(units)) < len(units):
        return None
    order = sorted(range(len(units)), key=units.__getitem__)
    ordered = order == list(range(len(units)))
    blocks: list[bytes] = []
    for start in range(0, len(order), _BLOCK):
        places = order[start : start + _BLOCK]
        rows: Rows = slice(start, start + len(places)) if ordered else np.array(places, np.intp)
        page: list[Any] = between('["')
        for column in columns:
            letters = (
                column.letters(rows)
                if isinstance(column, Decimals)
                else letters_of(escaped([column[place] for place in places]))
            )
            if letters is None:
                return None
            page += [*letters, *between('","')]
        block = lines([*page[:-1], *between('"],')], len(places))
        blocks.append(block if start + _BLOCK < len(order) else block[:-1])
    return blocks


def escaped(texts: list[str]) -> list[str]:
    """Return texts as they stand in JSON, between quotation marks."""
    if _SIGNS.search("".join(texts)) is None:
        return texts
    return [canonical_json(text)[1:-1].decode("utf-8", "surrogatepass") for text in texts]


def table_sha256(table: Table) -> str:
    """Return the SHA-256 of the figures of a table: whatever the order of rows and columns, the names and the file."""
    parts = [table] if table.declared is None else [table, table.declared]
    heads = [[sorted(part.columns), sorted(part.evidence)] for part in parts]
    digest = hashlib.sha256(canonical_json([TABLE, *heads]) + b"\n")
    rows = (who + b"\n" + cells for who, cells in _rows(table, parts))
    while block := b"".join(islice(rows, _BLOCK)):
        digest.update(block)
    return digest.hexdigest()


def _rows(table: Table, parts: Sequence[Table]) -> Iterator[tuple[bytes, bytes]]:
    """Yield who each row is about and its cells, in the order of both as bytes; a unit may have several rows."""
    pool = table.pool or [""] * len(table.units)
    units, pools = (escaped([*texts]) for texts in (table.units, pool))
    who = [f'["{unit}","{one}"]'.encode("utf-8", "surrogatepass") for unit, one in zip(units, pools, strict=True)]
    order = sorted(range(len(who)), key=who.__getitem__)
    blocks = (np.array(order[start : start + _BLOCK], np.intp) for start in range(0, len(order), _BLOCK))
    cells = chain.from_iterable(_bytes(parts, rows) for rows in blocks)
    rows = zip((who[row] for row in order), cells, strict=True)
    if len(set(who)) == len(who):
        yield from rows
        return
    for one, group in groupby(rows, key=itemgetter(0)):
        yield from ((one, row) for row in sorted(row for _, row in group))


def _bytes(parts: Sequence[Table], rows: npt.NDArray[np.intp]) -> Iterator[bytes]:
    """Yield the cells of each of these rows: nine bytes a figure, one for evidence."""
    width = sum(9 * len(part.columns) + len(part.evidence) for part in parts)
    page, at = np.zeros((len(rows), width), np.uint8), 0
    for part in parts:
        for code in sorted(part.columns):
            _put_figures(part.columns[code], rows, page[:, at : at + 9])
            at += 9
        for code in sorted(part.evidence):
            page[:, at] = part.evidence[code][rows]
            at += 1
    whole = page.tobytes()
    return (
        (whole[start : start + width] for start in range(0, len(rows) * width, width))
        if width
        else repeat(b"", len(rows))
    )


def _put_figures(column: Column, rows: npt.NDArray[np.intp], out: npt.NDArray[np.uint8]) -> None:
    """Put the little-endian float64 of each cell, 0 where nothing is reported, and its state behind it."""
    values = column.values[rows] + 0.0  # there is no -0
    if not np.isfinite(values).all():
        values = np.nan_to_num(values, nan=0.0)
    out[:, :8].view("<f8")[:, 0] = values
    if column.states is not None:
        out[:, 8] = column.states[rows]
