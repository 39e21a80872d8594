"""The hashes of a table and of a result that lie in files, by the same bytes as `canonical` hashes in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from ictindex.batches.results import ResultSpool
from ictindex.batches.spool import Positions, TableSpool
from ictindex.canonical import RESULT, TABLE, canonical_json, escaped
from ictindex.decimals import Decimals, between, letters_of, lines

_BLOCK = 1024


def table_hash(spool: TableSpool) -> str:
    """Return the SHA-256 of the figures of a table, as `canonical.table_sha256` does."""
    columns, evidence = sorted(spool.first.columns), sorted(spool.first.evidence)
    digest = hashlib.sha256(canonical_json([TABLE, [columns, evidence]]) + b"\n")
    rows = spool.rows
    if rows is None:
        raise AssertionError("nothing was read")
    for places in _in_order(spool, quoted=True):
        pools = spool.pool_texts(places) or [""] * len(places)
        units, pools = escaped(spool.units.take(places)), escaped(pools)
        for unit, pool, row in zip(units, pools, rows.take(places), strict=True):
            digest.update(f'["{unit}","{pool}"]'.encode("utf-8", "surrogatepass") + b"\n" + row.tobytes())
    return digest.hexdigest()


def result_hash(spool: ResultSpool, head: Sequence[str], notices: Sequence[str], names: Sequence[str]) -> str:
    """Return the SHA-256 of a result with columns of these names, as `canonical.result_sha256` does."""
    told = [" ".join(notice.lstrip("#").split()) for notice in notices]
    ordered = sorted(names)
    digest = hashlib.sha256(canonical_json([RESULT, list(head), told, ordered])[:-1] + b",[")
    begun = False
    for places in _in_order(spool.table, quoted=False):
        cells = {column.name: column.hashed for column in spool.columns(places)}
        digest.update(b"," * begun + _page([cells[name] for name in ordered], len(places)))
        begun = True
    digest.update(b"]]")
    return digest.hexdigest()


def _page(columns: Sequence[Decimals | list[str]], size: int) -> bytes:
    """Return the rows of some units as JSON, with a comma between them."""
    page: list[Any] = between('["')
    for column in columns:
        letters = column.letters(slice(None)) if isinstance(column, Decimals) else letters_of(escaped([*column]))
        if letters is None:
            texts = [[cell or "" for cell in cells] for cells in columns]
            return b",".join(canonical_json(list(row)) for row in zip(*texts, strict=True))
        page += [*letters, *between('","')]
    return lines([*page[:-1], *between('"],')], size)[:-1]


def _in_order(spool: TableSpool, *, quoted: bool) -> Iterable[Positions]:
    """Yield the units' positions in the order of their codes, some at a time; no code is there twice.

    `quoted`: in the order of the codes as they stand in JSON, with the quotation mark at the end.
    """
    order = _order(spool, quoted=quoted)
    for start in range(0, spool.size, _BLOCK):
        yield np.arange(start, min(start + _BLOCK, spool.size)) if order is None else order[start : start + _BLOCK]


def _order(spool: TableSpool, *, quoted: bool) -> npt.NDArray[np.intp] | None:
    """Return the positions in order; None where the units stand in order already, so that nobody must hold them all."""
    last, sorted_so_far = b"", True
    for start in range(0, spool.size, _BLOCK):
        coded = _coded(spool, np.arange(start, min(start + _BLOCK, spool.size)), quoted=quoted)
        sorted_so_far = last <= coded[0] and all(one <= other for one, other in pairwise(coded))
        if not sorted_so_far:
            break
        last = coded[-1]
    if sorted_so_far:
        return None
    keys = _coded(spool, np.arange(spool.size), quoted=quoted)
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), np.intp)


def _coded(spool: TableSpool, places: Positions, *, quoted: bool) -> list[bytes]:
    """Return the units' codes as bytes, which have the order of the texts."""
    units = spool.units.take(places)
    texts = [f'{unit}"' for unit in escaped(units)] if quoted else units
    return [text.encode("utf-8", "surrogatepass") for text in texts]
