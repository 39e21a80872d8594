"""The columns of a source, read one after the other into what a table is made of.

Problems: T013 words in a column without a name, T030 a line without a unit, T031 a unit twice, T032 a pool that is
empty or unknown, T056 a column such as `STT` that does not count, T080 several values in a cell of words, T085 (a
warning) codes of units that are numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from ictindex.answers import is_shown
from ictindex.cells import CELL_LIMIT, Unfit, clean, fold, not_finite, shown, too_long
from ictindex.errors import Location, Problem, Severity
from ictindex.figures import Figures, RawColumn, read_figures, texts_of
from ictindex.findings import NOWHERE, Found, Heading
from ictindex.headers import Target
from ictindex.messages import say
from ictindex.model import Pools, Scheme
from ictindex.numerals import Sign
from ictindex.origins import Origin, placed
from ictindex.table import Column, Table

if TYPE_CHECKING:
    from ictindex.units.lists import Roster

_SEVERAL = (list, tuple, dict, set)


class ColumnReader:
    """Reads columns one after the other; what they hold becomes one table at the end."""

    def __init__(self, lines: Sequence[int], found: Found, *, listed: bool = False, partial: bool = False) -> None:
        self._lines = lines
        self._found = found
        self._listed = listed  # a list of units says who is who
        self._partial = partial  # lines that come before, or between, are not here
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
        """Return the table of the columns that were read. One of the units must be among them."""
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
        from ictindex.units.matching import Named, place  # few tables are held against a list

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
        """Add a problem for each cell that the format of the source refuses, or that holds several values."""
        for at, cell in enumerate(cells if {Unfit, *_SEVERAL} & set(map(type, cells)) else ()):
            if isinstance(cell, Unfit):
                code, message, hint = cell.complaint
                self._found.add(code, message, line=self._lines[at], cell=heading, hint=hint)
            elif isinstance(cell, _SEVERAL):
                facts = {"cell": shown(str(cell)), "kind": type(cell).__name__}
                message = say("{cell} is no text, but several values: {kind}", **facts)
                self._found.add("T080", message, line=self._lines[at], cell=heading, hint=say("give one text"))

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
        """Add a problem where a column such as `STT` does not count the lines: then it may hold something else.

        Those of a part have numbers of their own, whatever they are.
        """
        seen: set[str] = set()
        for at, text in enumerate(map(str.strip, texts)):
            counts = text.isdecimal() and text not in seen if self._partial else text == str(at + 1)
            if text and not counts:
                tell_miscounted(self._found, text, self._lines[at], heading)
                return
            seen.add(text)

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
                tell_twice(self._found, unit, first[unit], line, heading)
            first.setdefault(unit, line)

    def _shortened(self, heading: Heading, cells: RawColumn, texts: Sequence[str]) -> None:
        """Warn of codes that are numbers, some shorter than others: whoever made them numbers dropped their zeros."""
        if len(set(map(len, filter(None, texts)))) > 1 and not any(isinstance(cell, str) for cell in cells):
            self._doubts.append(shortened_codes(placed(self._found.source, self._found.sheet, 0, heading.text)))

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


def tell_miscounted(found: Found, cell: str, line: int, heading: Heading) -> None:
    """Add that a column such as `STT` does not count the lines (T056)."""
    message = say("{cell} does not count the lines: 1, 2, 3", cell=shown(cell))
    hint = say("the column is left out where it only counts; begin its name with # if it holds remarks")
    found.add("T056", message, line=line, cell=heading, hint=hint)


def tell_twice(found: Found, unit: str, first: int, line: int, heading: Heading = NOWHERE, file: str = "") -> None:
    """Add that a unit stands in two lines (T031), the first perhaps in another file."""
    if file:
        message = say(
            "the unit {unit} stands in line {line} of {file} already", unit=shown(unit), line=first, file=file
        )
    else:
        message = say("the unit {unit} stands in line {line} already", unit=shown(unit), line=first)
    found.add("T031", message, line=line, cell=heading, hint=say("keep one of the two lines"))


def shortened_codes(where: Location) -> Problem:
    """Return the warning of codes that are numbers of several lengths (T085)."""
    message = say("the codes of the units are numbers: zeros before them, as in 01, are lost")
    return Problem("T085", message, where, say("read the column as text where it comes from"), Severity.WARNING)
