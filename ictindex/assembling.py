"""Cells to a table: typed text as every file format brings it, or Python values.

Everything that is wrong is reported at once. Problems beside those of `headers`, `columns` and `cells`: T010 no heading
line, T011 no units, T012 a line with more or fewer cells, T060 columns in memory that make no table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from attrs import evolve, field, frozen

from ictindex.cells import clean, shown
from ictindex.columns import ColumnReader
from ictindex.errors import Problem, WrongUse
from ictindex.figures import Figures, RawColumn, figures, signs_of, stated_sign
from ictindex.findings import Found, Heading
from ictindex.headers import Columns
from ictindex.messages import say
from ictindex.model import Scheme
from ictindex.naming import ColumnMapping, mapping_of
from ictindex.table import Table
from ictindex.units.chosen import ListReader, roster_for

if TYPE_CHECKING:
    from ictindex.units.lists import UnitList

__all__ = ["Grid", "RawColumn", "ReadOptions", "assemble", "assemble_columns", "table_from_columns"]


def check_sign(word: str) -> None:
    """Raise WrongUse (U161) where a word is no sign before decimals."""
    if word not in ("", "point", "comma"):
        message = say("'{word}' is no sign before decimals", word=word)
        raise WrongUse(Problem("U161", message, hint=say("say point or comma")))


@frozen(kw_only=True)
class ReadOptions:
    """What a reader is told about a source that does not say it itself.

    `decimal` is the sign before decimals, where it cannot be seen from the cells. `sheet` is the sheet of a workbook.
    `mapping` says which code a heading of the source stands for. `units` is the list of units that the table is held
    against, as it was `on` a day; `complete`: none of them may be missing. `list_reader` reads the list that a note of
    the table or the scheme names by its path. `before` says of a part of a source how many rows come before it: rows
    are counted from there, and what counts lines may begin anywhere. Raises WrongUse (U161) for another sign.
    """

    decimal: Literal["", "point", "comma"] = field(default="", validator=lambda _, __, word: check_sign(word))
    sheet: str = ""
    mapping: ColumnMapping = field(factory=ColumnMapping, converter=mapping_of)
    units: UnitList | None = None
    on: date | None = None
    complete: bool = False
    list_reader: ListReader | None = None
    before: int | None = None


@frozen(kw_only=True)
class Grid:
    """What a file format found: the headings, and the lines below them, each with its number in the source.

    A cell is a text where one was typed, a number where the source holds a number, None where it is empty,
    `cells.Unfit` where the format refuses it. `letters` are those of each column of a sheet.
    """

    header: Sequence[str]
    rows: Iterable[tuple[int, Sequence[Any]]]
    source: str
    sheet: str = ""
    header_line: int = 1
    letters: Sequence[str] = ()
    notes: Sequence[str] = ()


def assemble(grid: Grid, scheme: Scheme, options: ReadOptions | None = None) -> Table:
    """Return the table of a grid of cells.

    Lines of blanks are skipped. Raises TableInvalid with everything that is wrong.
    """
    header, found = grid.header, Found(grid.source, grid.sheet, grid.letters)
    if not any(heading.strip() for heading in header):
        tell_no_heading(found, grid.header_line)
        found.raise_any()
    lines: list[int] = []
    kept: list[Sequence[Any]] = []
    for line, cells in even_rows(grid.rows, len(header), found):
        lines.append(line)
        kept.append(cells)
    columns = list(zip(*kept, strict=True)) or [()] * len(header)
    return _checked(header, columns, lines, scheme, found, grid.header_line, grid.notes, options or ReadOptions())


def even_rows(
    rows: Iterable[tuple[int, Sequence[Any]]], width: int, found: Found
) -> Iterator[tuple[int, Sequence[Any]]]:
    """Yield the lines that have a cell for each heading; blank ones are skipped, others added to `found` (T012)."""
    for line, cells in rows:
        if not any(map(_filled, cells)):
            continue
        if len(cells) < width or any(map(_filled, cells[width:])):
            _ragged(len(cells), width, found, line)
        else:  # empty cells too many do no harm
            yield line, cells[:width]


def _filled(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def table_from_columns(
    scheme: Scheme,
    columns: Mapping[str, Iterable[Any]] | Iterable[Mapping[str, Any]],
    *,
    source: str = "memory",
    options: ReadOptions | None = None,
) -> Table:
    """Return the table of columns in memory (name to values), or of records (one mapping for each unit).

    Values are numbers, texts, Fraction, Decimal, booleans; None is a missing cell. The same checks apply as to a file,
    with the units counted from 1 as lines. Raises TableInvalid with everything that is wrong.
    """
    found = Found(source)
    if not isinstance(columns, Mapping):
        columns = _transposed(columns, found)
    cells: dict[str, RawColumn] = {}
    for name, values in columns.items():
        if isinstance(values, str | bytes | Mapping) or not hasattr(values, "__iter__"):
            message = say("the column {column} is one value, not a list", column=shown(str(name)))
            found.add("T060", message, hint=say("give one value a unit"))
        elif isinstance(values, np.ndarray) and values.ndim != 1:
            column = shown(str(name))
            message = say("the column {column} has {count} dimensions", column=column, count=values.ndim)
            found.add("T060", message, hint=say("give one value a unit"))
        elif isinstance(values, np.ndarray) and values.dtype.kind in "biuf":
            cells[str(name)] = values
        else:
            cells[str(name)] = list(values)
    sizes = {name: len(values) for name, values in cells.items()}
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} {size}" for name, size in list(sizes.items())[:20])
        message = say("the columns have different lengths: {lengths}", lengths=told)
        found.add("T060", message, hint=say("give one value a unit, None if missing"))
    found.raise_any()
    return assemble_columns(list(cells), list(cells.values()), scheme, found, options=options)


def assemble_columns(
    header: Sequence[str],
    columns: Sequence[RawColumn],
    scheme: Scheme,
    found: Found,
    *,
    notes: Sequence[str] = (),
    options: ReadOptions | None = None,
    lines: Sequence[int] | None = None,
    header_line: int = 0,
) -> Table:
    """Return the table of columns of one length, whose rows are counted from 1 or stand in these lines.

    `found` names the source and holds the problems that were found in it so far. Raises TableInvalid with all of them
    and everything that is wrong with the cells.
    """
    options = options or ReadOptions()
    if lines is None:
        before = options.before or 0
        lines = range(before + 1, before + 1 + (len(columns[0]) if columns else 0))
    return _checked(header, columns, lines, scheme, found, header_line, notes, options)


def _transposed(records: Iterable[Mapping[str, Any]], found: Found) -> dict[str, list[Any]]:
    try:
        rows: list[Any] = list(records)
    except TypeError:  # one value, which cannot be gone through
        rows = [records]
    strange = [type(row).__name__ for row in rows if not isinstance(row, Mapping)]
    if strange:
        message = say("this is not a record of a unit: {kind}", kind=strange[0])
        found.add("T060", message, hint=say("give a frame, a mapping of columns, or a mapping for each unit"))
        found.raise_any()
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _ragged(size: int, width: int, found: Found, line: int) -> None:
    """Say that a line has not as many cells as the header; its cells may stand in wrong columns, so none is read."""
    hint = say('a cell that has the separator in it needs quotation marks: "0,4655"')
    if size < width:
        hint = say("an empty cell needs its separator too")
    message = say("the line has {count} cells, the header {columns}", count=size, columns=width)
    found.add("T012", message, line=line, hint=hint)


def _checked(
    header: Sequence[str],
    columns: Sequence[RawColumn],
    lines: Sequence[int],
    scheme: Scheme,
    found: Found,
    header_line: int,
    notes: Sequence[str],
    options: ReadOptions,
) -> Table:
    """Return the table of columns of one length. Raises TableInvalid with what `found` holds and all that is added."""
    if not lines and not found:
        tell_no_units(found, header_line)
    roster = roster_for(
        scheme, notes, found, units=options.units, on=options.on, complete=options.complete, reader=options.list_reader
    )
    targets = Columns(scheme).resolve(header, found, header_line, pooled=roster is not None, mapping=options.mapping)
    sign, others = stated_sign(options.decimal, notes, found)
    numbers: dict[int, Figures] = {}
    for at, (text, target, cells) in enumerate(zip(header, targets, columns, strict=True)):
        if target and target.rule:
            numbers[at] = figures(Heading(clean(text), at), target.rule, cells)
    signs = dict(zip(numbers, signs_of(list(numbers.values()), sign, lines, found), strict=True))
    reader = ColumnReader(lines, found, listed=roster is not None, partial=options.before is not None)
    for at, (text, target, cells) in enumerate(zip(header, targets, columns, strict=True)):
        if target and at in numbers:
            reader.read_figures(target, numbers[at], signs[at])
        elif target:
            reader.read_words(Heading(clean(text), at), target, cells, scheme)
    if roster is not None:
        reader.place(roster, scheme, complete=options.complete)
    found.raise_any()
    return evolve(reader.table(tuple(others)), scheme=scheme.id)


def tell_no_heading(found: Found, line: int) -> None:
    """Add that there is no line of column names (T010)."""
    hint = say("begin with `unit` or `mã đơn vị`, then codes")
    found.add("T010", say("there is no line of column names"), line=line, hint=hint)


def tell_no_units(found: Found, line: int) -> None:
    """Add that no units stand below the column names (T011)."""
    found.add("T011", say("there are no units below the column names"), line=line, hint=say("add a line for each"))
