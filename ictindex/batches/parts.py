"""A data set of Parquet files in parts: each a few row groups of one file, read by whoever works on it.

Nobody holds the whole data set. Whoever cuts it reads only what the files say of themselves; a worker reads its part,
some rows at a time, and finds out whether it sees the file that was meant.

Problems: T011 a data set without rows, T139 (a warning) a file beside those that are read, U327 what is no data set of
Parquet files, U328 a file that a worker does not see.
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

from ictindex.errors import Location, Problem, Severity, TableInvalid, WrongUse, reason_of
from ictindex.figures import stated_sign
from ictindex.findings import Found
from ictindex.formats import opening, unreadable
from ictindex.formats.arrow import ParquetFormat, damaged, library, notes_in, opened_file, understood
from ictindex.messages import say

ROWS = 262_144
"""A part has at least one row group, and else at most so many rows."""

READ = 65_536
"""A worker reads so many rows of its part at once."""

_END = 65_536
"""So many bytes at the end of a file are looked at: a Parquet file says there where everything in it lies."""


_SUFFIX = ".parquet"
_TABLES = (".pq", ".parq", ".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".arrow", ".feather", ".json", ".jsonl")
"""Files that end so may hold units too."""

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
            message = say("a worker cannot read {file}: {reason}", file=self.path, reason=reason_of(error))
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
    """The parts of a data set, the notes that its files bring, and warnings of files beside them."""

    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    doubts: tuple[Problem, ...] = ()

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

    Raises TableInvalid where there is none, one cannot be read, or there are no rows; WrongUse (U327) where a folder
    has no such files, or one has other columns than the first.
    """
    files, doubts = _files(Path(source))
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
        message, hint = say("there are no rows in this data set"), say("name one that has units")
        raise TableInvalid(Problem("T011", message, Location(str(source)), hint))
    return DataSet(tuple(parts), tuple(notes), tuple(doubts))


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


def _files(source: Path) -> tuple[list[Path], list[Problem]]:
    """Return the files of a data set, and a warning for each that is none of it and may hold units."""
    if source.is_file():
        return [source.resolve()], []
    if not source.is_dir():
        raise unreadable(str(source), say("there is no such file or folder"), say("check the path and the name"))
    top = source.resolve()
    files: list[Path] = []
    doubts: list[Problem] = []
    for path in sorted(top.rglob("*")):
        *folders, name = path.relative_to(top).parts
        ending = path.suffix.lower()
        if any(map(_is_hidden, folders)) or ending not in (_SUFFIX, *_TABLES) or not path.is_file():
            continue  # folders with such names are of those who wrote it
        if _is_hidden(name) or ending != _SUFFIX:
            doubts.append(_left_out(path))
            continue
        if any("=" in folder for folder in folders):
            message = say("a column of this data set stands in the names of its folders: {folder}", folder=folders[0])
            raise _no_data_set(source, message, say("write it with all columns in the files"))
        files.append(path)
    if not files:
        message = say("there are no files that end with .parquet in this folder")
        raise _no_data_set(source, message, say("an engine reads Parquet: write the table as such first"))
    return files, doubts


def _is_hidden(name: str) -> bool:
    return name.startswith(("_", "."))


def _left_out(path: Path) -> Problem:
    what = say("it is no Parquet file and is not read")
    if _is_hidden(path.name):
        what = say("its name begins with _ or a point: it is not read")
    hint = say("if it holds units, write it as .parquet under a name of letters; else move it away")
    return Problem("T139", what, Location(str(path)), hint, Severity.WARNING)


def _footer(path: Path) -> tuple[Any, Any]:
    """Return what a Parquet file says of its row groups, and its columns."""
    with opening(str(path)), path.open("rb") as file:
        other = not file.read(8).startswith(ParquetFormat.beginnings)
    if other and path.suffix.lower() != _SUFFIX:
        hint = say("an engine reads Parquet: write the table as such first")
        raise _no_data_set(path, say("this is no Parquet file"), hint)
    with (
        opened_file(path, ParquetFormat()) as (schema, _),
        understood(str(path), damaged),
        library("parquet").ParquetFile(path) as opened,
    ):
        return opened.metadata, schema


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
