"""Units x inputs: the figures of one round, with a state for every cell.

`assemble` makes a table of typed text, as every file format brings it; `table_from_columns` of Python values. Both
report everything that is wrong at once. Problems beside those of `headers` and `cells`: T010 no heading line, T011 no
units, T012 a line with more or fewer cells, T030 a line without a unit, T031 a unit twice, T032 a pool that is empty
or unknown, T060 columns in memory that make no table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import cmp_using, evolve, field, fields, frozen
from numpy.typing import NDArray

from ictindex.cells import (
    CELL_LIMIT,
    CellRule,
    CellState,
    Floats,
    States,
    cell_text,
    clean,
    fold,
    is_shown,
    read_cells,
    read_numbers,
    shown,
    too_long,
)
from ictindex.headers import Columns, Found, Target
from ictindex.messages import say
from ictindex.model import Pools, Scheme

__all__ = ["CellState", "Column", "Table", "assemble", "table_from_columns"]

MOST_DECIMALS = 6
"""A column with more decimals than this has no known number of decimals."""


def _same(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f" and other.dtype.kind == "f"))


def _same_flags(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return one.keys() == other.keys() and all(_same(one[code], other[code]) for code in one)


def _sealed(array: Any, dtype: type) -> NDArray[Any]:
    """Return the array itself where nobody can write to it, else a read-only copy."""
    made: NDArray[Any] = np.asarray(array, dtype=dtype)
    if made.flags.writeable or made.base is not None:
        made = made.copy()
        made.flags.writeable = False
    return made


def _sealed_values(array: Any) -> Floats:
    return _sealed(array, np.float64)


def _sealed_states(array: Any) -> States | None:
    return None if array is None else _sealed(array, np.uint8)


def _sealed_flags(flags: Mapping[str, Any]) -> Mapping[str, NDArray[np.bool_]]:
    return MappingProxyType({code: _sealed(shown, np.bool_) for code, shown in flags.items()})


def _read_only(columns: Mapping[str, Column]) -> Mapping[str, Column]:
    return MappingProxyType(dict(columns))


@frozen
class Column:
    """One column, a cell for each unit.

    `values` is NaN where nothing is reported; a choice is its position in the input's cases, yes is 1 and no is 0.
    `states` holds a CellState for each cell, or is None where all are reported. Both are read-only.
    """

    values: Floats = field(converter=_sealed_values, eq=cmp_using(eq=_same))
    states: States | None = field(default=None, converter=_sealed_states, eq=cmp_using(eq=_same))

    @cached_property
    def decimals(self) -> int | None:
        """How many decimals (0 to 6) are enough for every reported value, None where more are needed.

        With k decimals every value is the float nearest to a whole number over 10^k, so integers stand for it exactly.
        """
        reported = self.values if self.states is None else self.values[self.states == CellState.REPORTED]
        for decimals in range(MOST_DECIMALS + 1):
            scale = 10.0**decimals
            whole = np.rint(reported * scale)
            # Below 2^53 both parts are exact, so the quotient is the float that the typed decimals became.
            if bool((np.abs(whole) <= 2.0**53).all()) and bool((whole / scale == reported).all()):
                return decimals
        return None

    @cached_property
    def largest(self) -> float:
        """The largest absolute value of a reported cell; 0 where nothing is reported."""
        return float(np.max(np.abs(self.values), initial=0.0, where=~np.isnan(self.values)))

    def __len__(self) -> int:
        return len(self.values)

    def __reduce__(self) -> tuple[Any, ...]:  # numpy forgets on pickling that an array is read-only
        return Column, (self.values, self.states)


@frozen(kw_only=True)
class Table:
    """The figures of the units that are scored together.

    `columns` are kept by input code, by `CODE.score` for a score given at a row (the column of an assessed row stays
    under its own code), and by `CODE.excluded` for points left out as not applicable. `pool` names each unit's pool,
    by code where the scheme lists them. `evidence` says per row code which units showed it. `declared` holds the same
    units with their self-declared figures in place of the verified ones. `lines` are the units' lines in `source`.
    """

    units: tuple[str, ...]
    names: tuple[str, ...]
    columns: Mapping[str, Column] = field(converter=_read_only)
    pool: tuple[str, ...] | None = None
    evidence: Mapping[str, NDArray[np.bool_]] = field(
        factory=dict, converter=_sealed_flags, eq=cmp_using(eq=_same_flags)
    )
    declared: Table | None = None
    notes: tuple[str, ...] = ()
    source: str = ""
    lines: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.units)

    def __reduce__(self) -> tuple[Any, ...]:  # a read-only mapping cannot be pickled; the maker seals it again
        state = {one.name: getattr(self, one.name) for one in fields(Table)}
        return _remade, ({**state, "columns": dict(self.columns), "evidence": dict(self.evidence)},)


def _remade(state: dict[str, Any]) -> Table:
    return Table(**state)


def assemble(
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    scheme: Scheme,
    source: str,
    *,
    header_line: int = 1,
    notes: Sequence[str] = (),
) -> Table:
    """Return the table of typed text: `rows` are the lines after the header, each with its line number.

    Lines of blanks are skipped. Raises TableInvalid with everything that is wrong.
    """
    found = Found(source)
    if not any(heading.strip() for heading in header):
        message, hint = say("there is no line of column names"), say("begin with `unit`, then codes")
        found.add("T010", message, line=header_line, hint=hint)
        found.raise_any()
    lines: list[int] = []
    kept: list[Sequence[str]] = []
    for line, cells in rows:
        if not any(map(str.strip, cells)):
            continue
        if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
            _ragged(len(cells), len(header), found, line)
        else:  # empty cells too many do no harm
            lines.append(line)
            kept.append(cells[: len(header)])
    columns = list(zip(*kept, strict=True)) or [()] * len(header)
    return _checked(header, columns, lines, scheme, found, header_line, notes)


def table_from_columns(
    scheme: Scheme,
    columns: Mapping[str, Iterable[Any]] | Iterable[Mapping[str, Any]],
    *,
    source: str = "memory",
) -> Table:
    """Return the table of columns in memory (name to values), or of records (one mapping for each unit).

    Values are numbers, texts, Fraction, Decimal, booleans; None is a missing cell. The same checks apply as to a file,
    with the units counted from 1 as lines. Raises TableInvalid with everything that is wrong.
    """
    found = Found(source)
    if not isinstance(columns, Mapping):
        columns = _transposed(columns)
    cells: dict[str, Sequence[str] | NDArray[Any]] = {}
    for name, values in columns.items():
        if isinstance(values, str | bytes | Mapping) or not hasattr(values, "__iter__"):
            message = say("the column {column} is one value, not a list", column=shown(str(name)))
            found.add("T060", message, hint=say("give one value a unit"))
        elif isinstance(values, np.ndarray) and values.ndim != 1:
            column = shown(str(name))
            message = say("the column {column} has {count} dimensions", column=column, count=values.ndim)
            found.add("T060", message, hint=say("give one value a unit"))
        elif isinstance(values, np.ndarray) and values.dtype.kind in "iuf":
            cells[str(name)] = values
        else:
            cells[str(name)] = [cell_text(value) for value in values]
    sizes = {name: len(values) for name, values in cells.items()}
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{name} {size}" for name, size in list(sizes.items())[:20])
        message = say("the columns have different lengths: {lengths}", lengths=told)
        found.add("T060", message, hint=say("give one value a unit, None if missing"))
    found.raise_any()
    lines = list(range(1, max(sizes.values(), default=0) + 1))
    return _checked(list(cells), list(cells.values()), lines, scheme, found, 0, ())


def _transposed(records: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    rows = list(records)
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _ragged(size: int, width: int, found: Found, line: int) -> None:
    """Say that a line has not as many cells as the header; its cells may stand in wrong columns, so none is read."""
    hint = say("a text with a comma in it needs quotation marks, and a number a decimal point: 0.4655")
    if size < width:
        hint = say("an empty cell needs its comma too")
    message = say("the line has {count} cells, the header {columns}", count=size, columns=width)
    found.add("T012", message, line=line, hint=hint)


def _checked(
    header: Sequence[str],
    columns: Sequence[Sequence[str] | NDArray[Any]],
    lines: Sequence[int],
    scheme: Scheme,
    found: Found,
    header_line: int,
    notes: Sequence[str],
) -> Table:
    """Return the table of columns of one length. Raises TableInvalid with what `found` holds and all that is added."""
    if not lines and not found:
        message, hint = say("there are no units below the column names"), say("add a line for each")
        found.add("T011", message, line=header_line, hint=hint)
    targets = Columns(scheme).resolve(header, found, header_line)
    reader = _Reader(lines, found)
    for heading, target, cells in zip(header, targets, columns, strict=True):
        if target:
            reader.read(clean(heading), target, cells, scheme)
    found.raise_any()
    return reader.table(tuple(notes), found.source)


class _Reader:
    """Reads columns one after the other; what they hold becomes one table at the end."""

    def __init__(self, lines: Sequence[int], found: Found) -> None:
        self._lines = lines
        self._found = found
        self._texts: dict[str, tuple[str, ...]] = {}
        self._columns: dict[str, Column] = {}
        self._declared: dict[str, Column] = {}
        self._evidence: dict[str, NDArray[np.bool_]] = {}

    def table(self, notes: tuple[str, ...], source: str) -> Table:
        units = self._texts["unit"]
        names = self._texts.get("name", units)
        table = Table(
            units=units,
            names=tuple(name or unit for name, unit in zip(names, units, strict=True)),
            columns=self._columns,
            pool=self._texts.get("pool"),
            evidence=self._evidence,
            notes=notes,
            source=source,
            lines=tuple(self._lines),
        )
        if not self._declared:
            return table
        return evolve(table, declared=evolve(table, columns={**self._columns, **self._declared}))

    def read(self, heading: str, target: Target, cells: Sequence[str] | NDArray[Any], scheme: Scheme) -> None:
        """Read one column into its place, and add what is wrong with it."""
        if target.rule:
            columns = self._declared if target.declared else self._columns
            columns[target.key] = self._numbers(heading, target.role, cells, target.rule)
            return
        texts = [cell_text(cell) for cell in cells] if isinstance(cells, np.ndarray) else cells
        if target.role == "note":
            self._remarks(heading, texts)
        elif target.role == "evidence":
            self._evidence[target.key] = np.array([is_shown(text) for text in texts], dtype=np.bool_)
        else:
            self._texts[target.role] = self._words(heading, texts)
            if target.role == "unit":
                self._units(heading, repeated=scheme.merged != "refuse")
            elif target.role == "pool" and scheme.pools:
                self._pools(heading, scheme.pools)

    def _numbers(self, heading: str, role: str, cells: Sequence[str] | NDArray[Any], rule: CellRule) -> Column:
        values = read_numbers(cells, rule) if isinstance(cells, np.ndarray) else None
        states = None
        if values is None:
            texts = [cell_text(cell) for cell in cells] if isinstance(cells, np.ndarray) else cells
            values, states, complaints = read_cells(texts, rule)
            for at, (code, message, hint) in complaints:
                self._found.add(code, message, line=self._lines[at], cell=heading, hint=hint)
        if role == "excluded":  # an empty cell leaves no points out
            return Column(np.nan_to_num(values))
        return Column(values, states)

    def _words(self, heading: str, texts: Sequence[str]) -> tuple[str, ...]:
        for line, text in zip(self._lines, texts, strict=True):
            if len(text) > CELL_LIMIT:
                code, message, hint = too_long(text)
                self._found.add(code, message, line=line, cell=heading, hint=hint)
        return tuple(clean(text[: CELL_LIMIT + 1]) for text in texts)

    def _remarks(self, heading: str, texts: Sequence[str]) -> None:
        if not heading:
            for line, text in zip(self._lines, texts, strict=True):
                if text.strip():
                    message = say("{cell} stands in a column without a name", cell=shown(text))
                    hint = say("name the column, or begin its name with # if it holds remarks")
                    self._found.add("T013", message, line=line, hint=hint)

    def _units(self, heading: str, *, repeated: bool) -> None:
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

    def _pools(self, heading: str, pools: Pools) -> None:
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
