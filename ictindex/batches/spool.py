"""Files beside the work: what is known of each unit, put away block by block and looked up again in any order.

Figures lie there as they are hashed (`canonical`): nine bytes a figure, one for evidence. So the file is read for the
next pass, and for the hash of the table, without being read as CSV or Parquet again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
from attrs import evolve

from ictindex.table import Column, Table

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.intp]
Hashes = npt.NDArray[np.int64]

_SOME = 4096


class Rows:
    """Lines of bytes of one length, in a file."""

    def __init__(self, file: IO[bytes], width: int) -> None:
        self._file, self.width, self.size = file, width, 0

    def add(self, rows: Bytes) -> None:
        """Put lines behind the others."""
        self._file.write(np.ascontiguousarray(rows).tobytes())
        self.size += len(rows)

    def take(self, places: Positions) -> Bytes:
        """Return the lines at these places, in this order; neighbours are read together."""
        self._file.flush()
        found = np.empty((len(places), self.width), np.uint8)
        for start, stop in _runs(places):
            self._file.seek(int(places[start]) * self.width)
            content = self._file.read((stop - start) * self.width)
            found[start:stop] = np.frombuffer(content, np.uint8).reshape(stop - start, self.width)
        self._file.seek(0, 2)
        return found


class Texts:
    """Texts of any length, in a file; where each of them ends is in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._ends = [np.zeros(1, np.int64)]

    def add(self, texts: Sequence[str]) -> None:
        """Put texts behind the others."""
        coded = [text.encode("utf-8", "surrogatepass") for text in texts]
        self._ends.append(self._ends[-1][-1:].repeat(len(coded)) + np.cumsum(np.array([*map(len, coded)], np.int64)))
        self._ends = [one for one in self._ends if len(one)]
        self._file.write(b"".join(coded))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def take(self, places: Positions) -> list[str]:
        """Return the texts at these places, in this order."""
        self._file.flush()
        self._ends = [np.concatenate(self._ends)]
        ends, found = self._ends[0], list[str]()
        for start, stop in _runs(places):
            edges = ends[int(places[start]) : int(places[stop - 1]) + 2]
            self._file.seek(int(edges[0]))
            content = self._file.read(int(edges[-1] - edges[0]))
            cuts = pairwise((edges - edges[0]).tolist())
            found += [content[one:other].decode("utf-8", "surrogatepass") for one, other in cuts]
        self._file.seek(0, 2)
        return found


def hashes_of(texts: Sequence[str]) -> Hashes:
    """Return a number for each text, equal for equal texts, in this process alone."""
    return np.fromiter(map(hash, texts), np.int64, len(texts))


def same_hashes(parts: Sequence[Hashes]) -> Positions:
    """Return who may have the text of another: the places of hashes that are equal, in all parts together."""
    hashes = np.concatenate([*parts, np.zeros(0, np.int64)])
    ordered = np.sort(hashes)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    return np.flatnonzero(np.isin(hashes, repeated)) if len(repeated) else np.zeros(0, np.intp)


class TableSpool:
    """A table in files: its units and names as texts, its figures as lines of bytes, its pools in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: list[IO[bytes]] = []
        self.restart()

    def close(self) -> None:
        """Close the files."""
        for file in self._open:
            file.close()
        self._open = []

    def _file(self, name: str) -> IO[bytes]:
        self._open.append((self._folder / name).open("w+b"))
        return self._open[-1]

    def restart(self) -> None:
        """Forget everything."""
        self.close()
        self.units, self._names = (Texts(self._file(name)) for name in ("units", "names"))
        self.rows: Rows | None = None
        self.size = 0
        self.table: Table | None = None  # the first block: which columns there are
        self.unlike = False  # whether a name is another than the unit's code
        self._pools: list[npt.NDArray[np.int32]] = []
        self._pool_of: dict[str, int] = {}
        self._lines: list[npt.NDArray[np.int64]] = []
        self._hashes: list[npt.NDArray[np.int64]] = []

    def add(self, table: Table) -> None:
        """Put the units of a block behind the others. All blocks have the same columns."""
        if self.rows is None:
            self.table = table
            width = 9 * len(table.columns) + len(table.evidence)
            self.rows = Rows(self._file("figures"), width)
        self.units.add(table.units)
        self._names.add(table.names)
        self.unlike = self.unlike or table.units != table.names
        self._lines.append(np.array(table.origin.lines, np.int64))
        self._hashes.append(hashes_of(table.units))
        if table.pool is not None:
            known = self._pool_of
            places = [known.setdefault(pool, len(known)) for pool in table.pool]
            self._pools.append(np.array(places, np.int32))
        self.rows.add(figures_of(table))
        self.size += len(table)

    @property
    def first(self) -> Table:
        """The first block. Only asked for where there is one."""
        if self.table is None:
            raise AssertionError("nothing was read")
        return self.table

    @property
    def pool_names(self) -> list[str]:
        """The names of the pools, by number."""
        return list(self._pool_of)

    @property
    def pools(self) -> npt.NDArray[np.int32] | None:
        """The number of each unit's pool; None where there are no pools."""
        self._pools = [np.concatenate(self._pools)] if self._pools else []
        return self._pools[0] if self._pools else None

    @property
    def lines(self) -> npt.NDArray[np.int64]:
        """The number of each unit's line in its source."""
        self._lines = [np.concatenate(self._lines)] if self._lines else [np.zeros(0, np.int64)]
        return self._lines[0]

    def repeated(self) -> Iterator[Positions]:
        """Yield, some at a time, who may have the code of another unit: those whose hashes are equal."""
        places = same_hashes(self._hashes)
        for start in range(0, len(places), _SOME):
            yield places[start : start + _SOME]

    def names(self, places: Positions) -> list[str]:
        """Return the names of units."""
        return self._names.take(places)

    def pool_texts(self, places: Positions) -> list[str] | None:
        """Return the pools of units; None where there are no pools."""
        pools, names = self.pools, self.pool_names
        return None if pools is None else [names[at] for at in pools[places].tolist()]

    def take(self, places: Positions) -> Table:
        """Return the table of some units."""
        if self.rows is None:
            raise AssertionError("nothing was read")
        pool = self.pool_texts(places)
        columns, evidence = _columns_of(self.rows.take(places), self.first)
        return evolve(
            self.first,
            units=tuple(self.units.take(places)),
            names=tuple(self.names(places)),
            pool=None if pool is None else tuple(pool),
            columns=columns,
            evidence=evidence,
            evidence_texts={},
            origin=evolve(self.first.origin, lines=tuple(self.lines[places].tolist())),
        )

    def blocks(self, size: int) -> Iterator[Table]:
        """Yield the table in blocks of so many units."""
        for start in range(0, self.size, size):
            yield self.take(np.arange(start, min(start + size, self.size)))


def figures_of(table: Table) -> Bytes:
    """Return the cells of each unit as the hash of a table takes them (`canonical`)."""
    codes, shown = sorted(table.columns), sorted(table.evidence)
    rows = np.zeros((len(table), 9 * len(codes) + len(shown)), np.uint8)
    for at, code in enumerate(codes):
        column = table.columns[code]
        values = np.nan_to_num(column.values, nan=0.0) + 0.0  # there is no -0
        rows[:, 9 * at : 9 * at + 8] = values.astype("<f8").view(np.uint8).reshape(len(table), 8)
        if column.states is not None:
            rows[:, 9 * at + 8] = column.states
    for at, code in enumerate(shown, 9 * len(codes)):
        rows[:, at] = table.evidence[code]
    return rows


def _columns_of(rows: Bytes, like: Table) -> tuple[dict[str, Column], dict[str, npt.NDArray[np.bool_]]]:
    """Return the columns and the evidence in lines of bytes."""
    codes, columns = sorted(like.columns), {}
    for at, code in enumerate(codes):
        values = np.ascontiguousarray(rows[:, 9 * at : 9 * at + 8]).view("<f8").ravel().astype(np.float64)
        states = rows[:, 9 * at + 8]
        absent = states != 0
        if absent.any():
            columns[code] = Column(np.where(absent, np.nan, values), states)
        else:
            columns[code] = Column(values)
    evidence = {code: rows[:, at] != 0 for at, code in enumerate(sorted(like.evidence), 9 * len(codes))}
    return {code: columns[code] for code in like.columns}, evidence


def _runs(places: Positions) -> Iterator[tuple[int, int]]:
    """Yield from where to where neighbours follow one another."""
    if len(places):
        edges = [0, *(np.flatnonzero(np.diff(places) != 1) + 1).tolist(), len(places)]
        yield from pairwise(edges)
