"""A data set of Parquet files in parts: each a few row groups of one file, read by whoever works on it.

Nobody holds the whole data set. Whoever cuts it reads only what the files say of themselves; a worker reads its part,
some rows at a time, and finds out whether it sees the file that was meant.

Problems: U327 what is no data set of Parquet files, U328 a file that a worker does not see.
"""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

from attrs import frozen

from ictindex.errors import Location, Problem, WrongUse, reason_of
from ictindex.figures import stated_sign
from ictindex.findings import Found
from ictindex.formats.arrow import damaged, library, notes_in, understood
from ictindex.messages import say

ROWS = 262_144
"""A part has at least one row group, and else at most so many rows."""

READ = 65_536
"""A worker reads so many rows of its part at once."""

_END = 65_536
"""So many bytes at the end of a file are looked at: a Parquet file says there where everything in it lies."""


_MARK = b"PAR1"
"""The beginning of every Parquet file."""

RECORD_BATCH = "record batch"
"""What messages call one that came without a name."""


@frozen
class Rows:
    """A record batch, what messages call its source, and how many rows of the source come before it."""

    batch: Any
    source: str = RECORD_BATCH
    before: int = 0


@frozen
class Part:
    """Some row groups of one Parquet file. `first` is the number of rows before them, `seal` knows the file again."""

    path: str
    groups: tuple[int, ...]
    first: int
    rows: int
    seal: str

    def batches(self) -> Iterator[Rows]:
        """Yield the record batches of the part.

        Raises WrongUse (U328) where this machine does not see the file, or sees another one there, and TableInvalid
        (T087) where the file is damaged.
        """
        try:
            seal = seal_of(self.path)
        except OSError as error:
            message = say("a worker cannot read {file}: {reason}", file=self.path, reason=error.strerror or str(error))
            hint = say("put the data set where every machine finds it under the same path")
            raise WrongUse(Problem("U328", message, hint=hint)) from None
        if seal != self.seal:
            message = say("a worker finds another file in the place of {file}", file=self.path)
            hint = say("put the same files on every machine, and leave them alone while they are read")
            raise WrongUse(Problem("U328", message, hint=hint))
        first = self.first
        # Read ahead, a worker would have the whole row groups in memory.
        with (
            understood(self.path, damaged),
            library("parquet").ParquetFile(self.path, buffer_size=_END, pre_buffer=False) as file,
        ):
            for batch in file.iter_batches(batch_size=READ, row_groups=list(self.groups)):
                batch.validate(full=True)
                yield Rows(batch, self.path, first)
                first += len(batch)


@frozen
class DataSet:
    """The parts of a data set, and the notes that its files bring."""

    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Part]:
        return iter(self.parts)

    def __len__(self) -> int:
        return sum(part.rows for part in self.parts)

    def place_of(self, row: int) -> tuple[str, int]:
        """Return the file of a row of the data set, counted from 0, and its line in it, counted from 1."""
        at = bisect_right(self._ends, row)
        part = self.parts[at]
        return part.path, part.first + row - self._ends[at] + part.rows + 1

    @cached_property
    def _ends(self) -> list[int]:
        """How many rows there are up to the end of each part."""
        return list(accumulate(part.rows for part in self.parts))


def data_set(source: str | os.PathLike[str], *, rows: int = ROWS) -> DataSet:
    """Return a Parquet file, or all of them beneath a folder, in the order of their paths, cut into parts.

    Raises WrongUse (U327) where there is none, or one has other columns than the first.
    """
    files = _files(Path(source))
    parts: list[Part] = []
    notes: dict[str, None] = {}
    columns: set[str] | None = None
    for path in files:
        facts, schema = _footer(path)
        columns = set(schema.names) if columns is None else columns
        if set(schema.names) != columns:
            odd = min(columns ^ set(schema.names))
            message = say("this file has other columns than {first}: {column}", first=files[0], column=odd)
            raise _no_data_set(path, message, say("write all files of a data set with the same columns"))
        notes |= dict.fromkeys(stated_sign("", notes_in(schema.metadata), Found(str(path)))[1])
        parts += _parts(str(path), facts, rows)
    if not parts:
        raise _no_data_set(source, say("there are no rows in this data set"), say("name one that has units"))
    return DataSet(tuple(parts), tuple(notes))


def rows_in(piece: Any, number: int) -> Iterator[Rows]:
    """Yield the record batches of a part, or a record batch itself, each with where it stands.

    `number` is that of the piece, counted from 1: a record batch has no other name.
    """
    if isinstance(piece, Part):
        yield from piece.batches()
    else:
        yield Rows(piece, f"{RECORD_BATCH} {number}")


def seal_of(path: str | os.PathLike[str]) -> str:
    """Return what knows a Parquet file again: a hash of its size and its end. Raises OSError."""
    with Path(path).open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _END))
        return hashlib.sha256(b"%d " % size + file.read()).hexdigest()


def _files(source: Path) -> list[Path]:
    """Return the files of a data set. Names that begin with _ or . are of those who wrote it."""
    if source.is_file():
        return [source.resolve()]
    if not source.is_dir():
        raise _no_data_set(source, say("there is no such file or folder"), say("check the path and the name"))
    top = source.resolve()
    files = []
    for path in sorted(top.rglob("*.parquet")):
        names = path.relative_to(top).parts
        if any(name.startswith(("_", ".")) for name in names):
            continue
        if any("=" in name for name in names[:-1]):
            message = say("a column of this data set stands in the names of its folders: {folder}", folder=names[0])
            raise _no_data_set(source, message, say("write it with all columns in the files"))
        if path.is_file():
            files.append(path)
    if not files:
        message = say("there are no files that end with .parquet in this folder")
        raise _no_data_set(source, message, say("an engine reads Parquet: write the table as such first"))
    return files


def _footer(path: Path) -> tuple[Any, Any]:
    """Return what a Parquet file says of its row groups, and its columns."""
    pa, parquet = library(), library("parquet")
    try:
        with Path(path).open("rb") as file:
            if file.read(len(_MARK)) != _MARK:
                raise _unreadable(path, say("it does not begin as one"))
        with parquet.ParquetFile(path) as opened:
            return opened.metadata, opened.schema_arrow
    except (OSError, pa.ArrowException) as error:
        raise _unreadable(path, getattr(error, "strerror", None) or reason_of(error)) from None


def _unreadable(path: Path, reason: str) -> WrongUse:
    message = say("this is no Parquet file that can be read: {reason}", reason=reason)
    return _no_data_set(path, message, say("an engine reads Parquet: write the table as such first"))


def _parts(path: str, facts: Any, rows: int) -> Iterator[Part]:
    """Yield the parts of one file: row groups together until there would be too many rows."""
    seal = seal_of(path)
    groups: list[int] = []
    first = count = 0
    for group in range(facts.num_row_groups):
        more = facts.row_group(group).num_rows
        if groups and count + more > rows:
            yield Part(path, tuple(groups), first, count, seal)
            groups, first, count = [], first + count, 0
        groups.append(group)
        count += more
    if count:
        yield Part(path, tuple(groups), first, count, seal)


def _no_data_set(source: str | os.PathLike[str], message: str, hint: str) -> WrongUse:
    return WrongUse(Problem("U327", message, Location(str(source)), hint))
