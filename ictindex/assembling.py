"""Cells to a table: typed text as every file format brings it, or Python values.

Everything that is wrong is reported at once. Problems beside those of `headers` and `cells`: T010 no heading line, T011
no units, T012 a line with more or fewer cells, T030 a line without a unit, T031 a unit twice, T032 a pool that is empty
or unknown, T056 a column such as `STT` that does not count, T060 columns in memory that make no table, T085 (a warning)
codes of units that are numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from ictindex.answers import is_shown
from ictindex.cells import (
    CELL_LIMIT,
    Unfit,
    clean,
    fold,
    not_finite,
    shown,
    too_long,
)
from ictindex.errors import Problem, Severity
from ictindex.figures import Figures, RawColumn, figures, read_figures, signs_of, stated_sign, texts_of
from ictindex.findings import Found, Heading
from ictindex.headers import Columns, Target
from ictindex.messages import say
from ictindex.model import Pools, Scheme
from ictindex.naming import ColumnMapping, mapping_of
from ictindex.numerals import Sign
from ictindex.origins import Origin, placed
from ictindex.table import Column, Table
from ictindex.units.chosen import ListReader, roster_for
from ictindex.units.lists import Roster, UnitList
from ictindex.units.matching import Named, place

__all__ = ["Grid", "RawColumn", "ReadOptions", "assemble", "assemble_columns", "table_from_columns"]


@frozen(kw_only=True)
class ReadOptions:
    """What a reader is told about a source that does not say it itself.

    `decimal` is the sign before decimals, where it cannot be seen from the cells. `sheet` is the sheet of a workbook.
    `mapping` says which code a heading of the source stands for. `units` is the list of units that the table is held
    against, as it was `on` a day; `complete`: none of them may be missing. `list_reader` reads the list that a note of
    the table or the scheme names by its path.
    """

    decimal: Literal["", "point", "comma"] = ""
    sheet: str = ""
    mapping: ColumnMapping = field(factory=ColumnMapping, converter=mapping_of)
    units: UnitList | None = None
    on: date | None = None
    complete: bool = False
    list_reader: ListReader | None = None


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
        message, hint = say("there is no line of column names"), say("begin with `unit`, then codes")
        found.add("T010", message, line=grid.header_line, hint=hint)
        found.raise_any()
    lines: list[int] = []
    kept: list[Sequence[Any]] = []
    for line, cells in grid.rows:
        if not any(map(_filled, cells)):
            continue
        if len(cells) < len(header) or any(map(_filled, cells[len(header) :])):
            _ragged(len(cells), len(header), found, line)
        else:  # empty cells too many do no harm
            lines.append(line)
            kept.append(cells[: len(header)])
    columns = list(zip(*kept, strict=True)) or [()] * len(header)
    return _checked(header, columns, lines, scheme, found, grid.header_line, grid.notes, options or ReadOptions())


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
) -> Table:
    """Return the table of columns of one length, whose rows are counted from 1.

    `found` names the source and holds the problems that were found in it so far. Raises TableInvalid with all of them
    and everything that is wrong with the cells.
    """
    lines = range(1, len(columns[0]) + 1 if columns else 1)
    return _checked(header, columns, lines, scheme, found, 0, notes, options or ReadOptions())


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
        message, hint = say("there are no units below the column names"), say("add a line for each")
        found.add("T011", message, line=header_line, hint=hint)
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
    reader = _Reader(lines, found, listed=roster is not None)
    for at, (text, target, cells) in enumerate(zip(header, targets, columns, strict=True)):
        if target and at in numbers:
            reader.read_figures(target, numbers[at], signs[at])
        elif target:
            reader.read_words(Heading(clean(text), at), target, cells, scheme)
    if roster is not None:
        reader.place(roster, scheme, complete=options.complete)
    found.raise_any()
    return reader.table(tuple(others))


class _Reader:
    """Reads columns one after the other; what they hold becomes one table at the end."""

    def __init__(self, lines: Sequence[int], found: Found, *, listed: bool = False) -> None:
        self._lines = lines
        self._found = found
        self._listed = listed  # a list of units says who is who
        self._headings: dict[str, Heading] = {}
        self._texts: dict[str, tuple[str, ...]] = {}
        self._columns: dict[str, Column] = {}
        self._declared: dict[str, Column] = {}
        self._evidence: dict[str, NDArray[np.bool_]] = {}
        self._evidence_texts: dict[str, list[str]] = {}
        self._letters: dict[str, str] = {}
        self._signs: dict[str, str] = {}
        self._list = ""
        self._doubts: list[Problem] = []

    def table(self, notes: tuple[str, ...]) -> Table:
        units = self._texts["unit"]
        names = self._texts.get("name", units)
        table = Table(
            units=units,
            names=tuple(name or unit for name, unit in zip(names, units, strict=True)),
            columns=self._columns,
            pool=self._texts.get("pool"),
            evidence=self._evidence,
            evidence_texts=self._evidence_texts,
            notes=notes,
            doubts=tuple(self._doubts),
            origin=Origin(
                self._found.source, self._found.sheet, tuple(self._lines), self._letters, self._signs, self._list
            ),
        )
        if not self._declared:
            return table
        return evolve(table, declared=evolve(table, columns={**self._columns, **self._declared}))

    def read_figures(self, target: Target, column: Figures, sign: Sign | None) -> None:
        """Read a column of figures into its place, and add what is wrong with it."""
        self._placed(column.heading, target)
        if sign and any(column.typed):
            self._signs[target.name] = sign
        values, states, complaints = read_figures(column, sign)
        for at, (code, message, hint) in complaints:
            self._found.add(code, message, line=self._lines[at], cell=column.heading, hint=hint)
        columns = self._declared if target.declared else self._columns
        # An empty cell leaves no points out.
        excluded = target.role == "excluded"
        columns[target.key] = Column(np.nan_to_num(values)) if excluded else Column(values, states)

    def read_words(self, heading: Heading, target: Target, cells: RawColumn, scheme: Scheme) -> None:
        """Read a column of words into its place, and add what is wrong with it."""
        self._placed(heading, target)
        texts = texts_of(cells)
        if target.role == "note":
            self._remarks(heading, texts)
            return
        self._fit(heading, cells)
        if target.role == "counting":
            self._count(heading, texts)
            return
        self._no_nan(heading, cells, texts)
        if target.role == "evidence":
            self._evidence[target.key] = np.array([is_shown(text) for text in texts], dtype=np.bool_)
            cleaned = {text: clean(text[:CELL_LIMIT]) for text in set(texts)}
            self._evidence_texts[target.key] = [cleaned[text] for text in texts]
        else:
            self._texts[target.role] = self._words(heading, texts)
            self._headings[target.role] = heading
            if target.role == "unit":
                self._units(heading, repeated=self._listed or scheme.merged != "refuse")
                self._shortened(heading, cells, texts)
            elif target.role == "pool" and scheme.pools:
                self._pools(heading, scheme.pools)

    def place(self, roster: Roster, scheme: Scheme, *, complete: bool) -> None:
        """Put the codes, names and pools of a list of units in place of what was typed, and add what does not fit."""
        if "unit" not in self._texts:
            return
        named = Named(
            units=self._texts["unit"],
            names=self._texts.get("name"),
            pools=self._texts.get("pool"),
            lines=self._lines,
            cells=self._headings,
        )
        found = place(named, roster, scheme, self._found, complete=complete)
        self._texts |= {"unit": found.units, "name": found.names}
        self._list = roster.whole.source
        if found.pools is not None:
            self._texts["pool"] = found.pools
        self._doubts.extend(found.doubts)

    def _placed(self, heading: Heading, target: Target) -> None:
        if self._found.letters and target.role != "note":
            self._letters[target.name] = self._found.letters[heading.column]

    def _fit(self, heading: Heading, cells: RawColumn) -> None:
        """Add a problem for each cell that the format of the source refuses."""
        for at, cell in enumerate(cells):
            if isinstance(cell, Unfit):
                code, message, hint = cell.complaint
                self._found.add(code, message, line=self._lines[at], cell=heading, hint=hint)

    def _no_nan(self, heading: Heading, cells: RawColumn, texts: Sequence[str]) -> None:
        """Add a problem for each cell that is a float NaN where a text is expected, not the text `nan`."""
        for at in [at for at, text in enumerate(texts) if text == "nan" and not isinstance(cells[at], str)]:
            code, message, hint = not_finite("nan")
            self._found.add(code, message, line=self._lines[at], cell=heading, hint=hint)

    def _words(self, heading: Heading, texts: Sequence[str]) -> tuple[str, ...]:
        for line, text in zip(self._lines, texts, strict=True):
            if len(text) > CELL_LIMIT:
                code, message, hint = too_long(text)
                self._found.add(code, message, line=line, cell=heading, hint=hint)
        return tuple(clean(text[: CELL_LIMIT + 1]) for text in texts)

    def _count(self, heading: Heading, texts: Sequence[str]) -> None:
        """Add a problem where a column such as `STT` does not count the lines: then it may hold something else."""
        for at, text in enumerate(texts):
            if text.strip() not in ("", str(at + 1)):
                message = say("{cell} does not count the lines: 1, 2, 3", cell=shown(text))
                hint = say("the column is left out where it only counts; begin its name with # if it holds remarks")
                self._found.add("T056", message, line=self._lines[at], cell=heading, hint=hint)
                return

    def _remarks(self, heading: Heading, texts: Sequence[str]) -> None:
        if not heading.text:
            for line, text in zip(self._lines, texts, strict=True):
                if text.strip():
                    message = say("{cell} stands in a column without a name", cell=shown(text))
                    hint = say("name the column, or begin its name with # if it holds remarks")
                    self._found.add("T013", message, line=line, cell=heading, hint=hint)

    def _units(self, heading: Heading, *, repeated: bool) -> None:
        first: dict[str, int] = {}
        for line, unit in zip(self._lines, self._texts["unit"], strict=True):
            if not unit:
                message, hint = say("the line names no unit"), say("write its code or name")
                self._found.add("T030", message, line=line, cell=heading, hint=hint)
            elif unit in first and not repeated:
                message = say("the unit {unit} stands in line {line} already", unit=shown(unit), line=first[unit])
                hint = say("keep one of the two lines")
                self._found.add("T031", message, line=line, cell=heading, hint=hint)
            first.setdefault(unit, line)

    def _shortened(self, heading: Heading, cells: RawColumn, texts: Sequence[str]) -> None:
        """Warn of codes that are numbers, some shorter than others: whoever made them numbers dropped their zeros."""
        if len(set(map(len, filter(None, texts)))) > 1 and not any(isinstance(cell, str) for cell in cells):
            message = say("the codes of the units are numbers: zeros before them, as in 01, are lost")
            hint = say("read the column as text where it comes from")
            where = placed(self._found.source, self._found.sheet, 0, heading.text)
            self._doubts.append(Problem("T085", message, where, hint, Severity.WARNING))

    def _pools(self, heading: Heading, pools: Pools) -> None:
        known = {fold(pool.name): pool.code for pool in pools.pools if pool.name}
        known |= {fold(pool.code): pool.code for pool in pools.pools}
        codes = []
        for line, text in zip(self._lines, self._texts["pool"], strict=True):
            code = known.get(fold(text), "") if known else text
            if not text:
                message, hint = say("the unit has no pool"), say("write its pool")
                self._found.add("T032", message, line=line, cell=heading, hint=hint)
            elif not code:
                listed = ", ".join(f"{pool.code} {pool.name}".strip() for pool in pools.pools)
                message, hint = (
                    say("unknown pool {pool}", pool=shown(text)),
                    say("the pools are: {pools}", pools=listed),
                )
                self._found.add("T032", message, line=line, cell=heading, hint=hint)
            codes.append(code)
        self._texts["pool"] = tuple(codes)
