"""Files that are read block by block, as often as it is wanted: CSV in blocks of lines, Parquet and Arrow in batches.

Problems: U317 a format, a list of units or a column that needs the whole table at once.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, Protocol

from attrs import field, frozen

from ictindex.assembling import RawColumn, ReadOptions, even_rows, tell_no_heading
from ictindex.errors import Location, Problem, TableInvalid, WrongUse
from ictindex.findings import Found
from ictindex.formats import opening
from ictindex.formats.arrow import Columnar, columns_of, damaged, library, notes_in, opened_file, understood
from ictindex.formats.arrow_columns import NAMELESS_INDEX, refuse_nameless_index
from ictindex.formats.csv import CsvFormat
from ictindex.formats.defused import hides_formulas, restored
from ictindex.formats.delimited import Known, Top, encoding_of, read_top, rows_of, titles_unread
from ictindex.formats.even_lines import EvenLines, even_lines, has_only_units
from ictindex.formats.totals import without_totals
from ictindex.headers import Columns, Target
from ictindex.messages import say
from ictindex.model import Scheme

Block = tuple[Sequence[int], list[RawColumn]]
"""The numbers of the lines of some units, and their columns."""

_HEAD = 4 << 20
"""So many letters are enough to find the names of the columns."""


class Blocks(Protocol):
    """A file that is read block by block. `doubts` are warnings about what stands above the names of the columns."""

    @property
    def name(self) -> str:
        """What messages call the file."""
        ...

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns."""
        ...

    @property
    def header_line(self) -> int:
        """The line that they stand in."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """The notes of the table."""
        ...

    @property
    def doubts(self) -> tuple[Problem, ...]:
        """What is to be told of the file, though it can be read."""
        ...

    def read(self, found: Found, totals: Found) -> Iterator[Block]:
        """Yield the blocks from the beginning; lines that are no units are added to `totals` or `found`."""
        ...


def blocks_of(path: str, kind: Any, scheme: Scheme, options: ReadOptions, size: int) -> Blocks:
    """Return a file to be read in blocks of so many units, in a format that can be.

    Raises TableInvalid where it cannot be read at all, WrongUse (U317) where its format needs the whole file.
    """
    if isinstance(kind, CsvFormat):
        return CsvBlocks.of(path, scheme, options, size)
    if isinstance(kind, Columnar):
        with opened_file(path, kind) as (schema, _):
            names = tuple(one.name for one in schema if not NAMELESS_INDEX.fullmatch(one.name))
            return ArrowBlocks(path, names, notes_in(schema.metadata), kind, size)
    message = say("the format '{name}' cannot be read in blocks", name=kind.name)
    raise WrongUse(
        Problem("U317", message, Location(path), say("give a CSV, Parquet or Arrow file, or leave --block away"))
    )


@frozen
class CsvBlocks:
    """A CSV file in blocks of lines."""

    name: str
    header: Sequence[str]
    header_line: int
    notes: Sequence[str]
    doubts: tuple[Problem, ...]
    _encoding: str
    _top: Top = field(repr=False)
    _skip: int
    _known: Known = field(repr=False)
    _scheme: Scheme = field(repr=False)
    _options: ReadOptions = field(repr=False)
    _size: int

    @classmethod
    def of(cls, path: str, scheme: Scheme, options: ReadOptions, size: int) -> CsvBlocks:
        """Return the blocks of a file. Raises TableInvalid where it is no CSV."""
        columns, mapping = Columns(scheme), options.mapping

        def known(heading: str) -> str:
            return columns.knows(mapping.meant(heading))

        with opening(path):
            encoding = encoding_of(path)
            with Path(path).open(encoding=encoding, newline="") as file:
                head = io.StringIO(file.read(_HEAD) + file.readline(), newline="")
        top = read_top(head, path, known)
        skip = head.tell()
        line, header = next(rows_of(head, path, top), (1, []))
        if not any(heading.strip() for heading in header):
            found = Found(path)
            tell_no_heading(found, line)
            found.raise_any()
        doubts = tuple(titles_unread(top, path, line))
        header = [restored(cell) for cell in header]
        return cls(path, header, line, top.notes, doubts, encoding, top, skip, known, scheme, options, size)

    def read(self, found: Found, totals: Found) -> Iterator[Block]:
        """Yield the blocks. Raises TableInvalid where a line cannot be read, with the lines of totals before it."""
        columns = Columns(self._scheme)
        targets = columns.resolve(self.header, Found(""), 0, pooled=True, mapping=self._options.mapping)
        with opening(self.name), Path(self.name).open(encoding=self._encoding, newline="") as file:
            file.read(self._skip)
            counted = _Counted(file)
            next(rows_of(counted, self.name, self._top), None)
            before = self._top.before + counted.lines
            while piece := list(islice(file, self._size)):
                even = self._even("".join(piece), targets)
                if even is None:  # from here on line by line: a cell may run over any number of lines
                    rows = rows_of(chain(piece, file), self.name, self._top._replace(before=before))
                    yield from self._one_by_one(rows, targets, found, totals)
                    return
                yield range(before + 1, before + even.size + 1), [*map(even.cells, count(), targets)]
                before += len(piece)

    def _even(self, text: str, targets: Sequence[Target | None]) -> EvenLines | None:
        """Return the cells of lines that are cut into columns at once; None where they may not be so plain."""
        lines = None if hides_formulas(text) else even_lines(text, self._top.separator, len(self.header))
        return lines if lines is not None and has_only_units(lines, targets) else None

    def _one_by_one(
        self, rows: Iterator[tuple[int, list[str]]], targets: Sequence[Target | None], found: Found, totals: Found
    ) -> Iterator[Block]:
        try:
            whole = without_totals(map(_restored, rows), targets, self.header, totals)
            units = even_rows(whole, len(self.header), found)
            while block := list(islice(units, self._size)):
                lines, cells = zip(*block, strict=True)
                del block
                yield lines, list(zip(*cells, strict=True))
        except TableInvalid as error:
            totals.tell(error.problems)
            totals.raise_any()


@frozen
class ArrowBlocks:
    """A Parquet or Arrow file in blocks of rows, which are counted from 1."""

    name: str
    header: Sequence[str]
    notes: Sequence[str]
    _kind: Columnar
    _size: int
    header_line = 0
    doubts = ()

    def read(self, found: Found, totals: Found) -> Iterator[Block]:  # noqa: ARG002 - nobody writes totals in such files
        """Yield the blocks; what is wrong with a whole column is added with the first."""
        with opened_file(self.name, self._kind, self._size) as (schema, batches), understood(self.name, damaged):
            before = 0
            for part in _parts(batches, self._size):
                header, columns, left = columns_of(library(), schema, [part], Found("") if before else found)
                if not before:
                    refuse_nameless_index(found, header, [cell for cells in left for cell in cells])
                yield range(before + 1, before + len(part) + 1), columns
                before += len(part)


class _Counted:
    """Lines, and how many of them were taken."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self.lines = lines, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.lines += 1
        return line


def _parts(batches: Iterable[Any], size: int) -> Iterator[Any]:
    for batch in batches:
        batch.validate(full=True)
        for start in range(0, len(batch), size):
            yield batch.slice(start, size)


def _restored(row: tuple[int, list[str]]) -> tuple[int, list[str]]:
    line, cells = row
    return (line, [restored(cell) for cell in cells]) if "'" in "".join(cells) else row
