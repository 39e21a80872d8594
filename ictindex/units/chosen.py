"""Which list of units a table is held against, and on which day.

What the caller names comes first, then the table's own notes (`# units: communes.csv`, `# on: 2025-06-30`), then the
scheme. A note's path is relative to the table, a scheme's to the scheme.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from ictindex.cells import fold, shown
from ictindex.errors import Location, Problem, TableInvalid, WrongUse
from ictindex.findings import Found
from ictindex.messages import say
from ictindex.model import Scheme
from ictindex.units.dates import read_date

if TYPE_CHECKING:
    from ictindex.units.lists import Roster, UnitList

ListReader = Callable[[str], "UnitList"]
_LIST_WORDS = frozenset(map(fold, ("units", "danh sách đơn vị")))
_DAY_WORDS = frozenset(map(fold, ("on", "tại ngày")))


def roster_for(
    scheme: Scheme,
    notes: Sequence[str],
    found: Found,
    *,
    units: UnitList | None = None,
    on: date | None = None,
    complete: bool = False,
    reader: ListReader | None = None,
) -> Roster | None:
    """Return who should be in a table, None where nobody names a list.

    Raises TableInvalid where the list cannot be used, WrongUse where a day is given and no list.
    """
    day = on or next(_days(notes, found), None)
    if units is None and reader is not None:
        named = next(_named(notes), "")
        if named:
            told = say("a note above the table names it: `# units: {file}`", file=named)
            units = _read(reader, Path(found.source).parent / named, told)
        else:
            units = list_of_scheme(scheme, reader)
    if units is not None:
        return units.on(day)
    if on is not None or complete:
        message = say("no list of units is named: nothing says who there is on a day, or who is missing")
        raise WrongUse(Problem("U180", message, hint=say("name the list with `units` (--units FILE)")))
    return None


def list_of_scheme(scheme: Scheme, reader: ListReader) -> UnitList | None:
    """Return the list that a scheme names, None where it names none. Raises TableInvalid where it cannot be used."""
    if not scheme.unit_list:
        return None
    told = say("the scheme names it: `unit-list: {file}`", file=scheme.unit_list)
    return _read(reader, Path(scheme.unit_list_in).parent / scheme.unit_list, told)


def day_stated(notes: Sequence[str]) -> date | None:
    """Return the day that the notes of a table say it is of, None where they say none."""
    return next(filter(None, map(read_date, _said(notes, _DAY_WORDS))), None)


def is_about_units(note: str) -> bool:
    """Whether a note names the list of units or the day of a table, which holds for that table only."""
    return fold(note.partition(":")[0]) in _LIST_WORDS | _DAY_WORDS


def _said(notes: Sequence[str], words: frozenset[str]) -> Iterator[str]:
    for note in notes:
        key, colon, text = note.partition(":")
        if colon and fold(key) in words and text.strip():
            yield text.strip()


def _named(notes: Sequence[str]) -> Iterator[str]:
    return _said(notes, _LIST_WORDS)


def _days(notes: Sequence[str], found: Found) -> Iterator[date]:
    for text in _said(notes, _DAY_WORDS):
        day = read_date(text)
        if day is None:
            message, hint = say("{cell} is no date", cell=shown(text)), say("write 2025-07-01 or 01/07/2025")
            found.add("T094", message, hint=hint)
        else:
            yield day


def _read(reader: ListReader, path: Path, told: str) -> UnitList:
    try:
        return reader(str(path))
    except TableInvalid as error:
        if any(problem.code == "T001" for problem in error.problems):
            place = Location(str(path))
            raise TableInvalid([evolve(one, where=place, hint=told) for one in error.problems]) from None
        raise
