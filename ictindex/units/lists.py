"""A list of units, and who is on it on one day.

Every code is a text. A unit may stand in the list several times, for periods that do not overlap: its name or the unit
above it changed. Both ends of a period are included.

Problems: T092 a code twice in one period, T093 a unit above that is not in the list, T095 a period that ends before it
begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

from attrs import field, frozen

from ictindex.cells import shown
from ictindex.errors import did_you_mean
from ictindex.findings import Found, Heading
from ictindex.messages import say
from ictindex.units.names import NameKey, kind_in, level_of, name_key, word_before

DEEPEST = 10
"""So many units stand above one another at most: a list in which there are more goes in a circle."""


@frozen(kw_only=True)
class Unit:
    """A line of a list: a unit under one name during one period.

    `parent` is the code of the unit above, such as a commune's district or province; empty at the top. `first` and
    `last` are the first and the last day, None where the list has none.
    """

    code: str
    name: str = ""
    kind: str = ""
    parent: str = ""
    first: date | None = None
    last: date | None = None
    line: int = field(default=0, eq=False)

    @cached_property
    def key(self) -> NameKey:
        """The name as it is compared; its kind is the list's where the name has none before it."""
        key = name_key(self.name)
        return key if key.kind else NameKey(word_before(self.kind), key.stem)

    @cached_property
    def word(self) -> str:
        """The word that says the unit's kind: the list's, or the one before its name; empty where none does."""
        return self.kind or kind_in(self.name)

    @property
    def level(self) -> str:
        """The level that the word for its kind says; a city's is `levels.scored`'s to find out."""
        return level_of(self.word, under=bool(self.parent))

    @property
    def told(self) -> str:
        """The code and the name, for messages."""
        return f"{self.code} {self.name}".strip()

    def on(self, day: date | None) -> bool:
        """Whether the unit exists on a day; without one, whether the list knows no end of it."""
        if day is None:
            return self.last is None
        return (self.first or date.min) <= day <= (self.last or date.max)

    def meets(self, other: Unit) -> bool:
        """Whether the two periods have a day in common."""
        start = max(self.first or date.min, other.first or date.min)
        return start <= min(self.last or date.max, other.last or date.max)


@frozen
class UnitList:
    """The units of a list, in its order. `source` is what messages call it."""

    units: tuple[Unit, ...]
    source: str = ""

    def on(self, day: date | None = None) -> Roster:
        """Return who is on the list on a day; without one, who is still on it, because no end is stated."""
        return Roster(self, day)

    @cached_property
    def periods(self) -> Mapping[str, tuple[Unit, ...]]:
        """The lines of each code."""
        found: dict[str, tuple[Unit, ...]] = {}
        for unit in self.units:
            found[unit.code] = (*found.get(unit.code, ()), unit)
        return found

    def named(self, name: str) -> tuple[Unit, ...]:
        """Return the lines that a name may mean; a word before it, such as `Xã`, rules out those of another kind."""
        key = name_key(name)
        return tuple(unit for unit in self._stems.get(key.stem, ()) if unit.key.fits(key))

    def without_zeros(self, code: str) -> tuple[Unit, ...]:
        """Return the lines whose code differs from this one in the zeros before it only."""
        found = self._bare.get(code.lstrip("0"), ()) if code.strip("0") and code.isdigit() else ()
        return tuple(unit for unit in found if unit.code != code)

    @cached_property
    def _stems(self) -> Mapping[str, Sequence[Unit]]:
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            found.setdefault(unit.key.stem, []).append(unit)
        return found

    @cached_property
    def _bare(self) -> Mapping[str, Sequence[Unit]]:
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            found.setdefault(unit.code.lstrip("0"), []).append(unit)
        return found


@frozen
class Roster:
    """Who is on a list on one day."""

    whole: UnitList
    day: date | None = None

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """The units by code, in the order of the list."""
        return {unit.code: unit for unit in self.whole.units if unit.on(self.day)}

    def named(self, name: str) -> tuple[Unit, ...]:
        """Return the units that a name may mean (`UnitList.named`)."""
        return tuple(unit for unit in self.whole.named(name) if unit.on(self.day))

    def without_zeros(self, code: str) -> tuple[Unit, ...]:
        """Return the units whose code differs from this one in the zeros before it only."""
        return tuple(unit for unit in self.whole.without_zeros(code) if unit.on(self.day))

    def above(self, unit: Unit) -> Iterator[Unit]:
        """Yield the units above one, the nearest first."""
        for _ in range(DEEPEST):
            found = self.units.get(unit.parent)
            if found is None:
                return
            yield found
            unit = found


def check_units(units: UnitList, found: Found, cells: Mapping[str, Heading]) -> None:
    """Add what is wrong with the lines of a list when they are seen together; `cells` are the headings by field."""
    for unit in units.units:
        if unit.first and unit.last and unit.last < unit.first:
            message = say("the unit ends on {last}, before it begins on {first}", first=unit.first, last=unit.last)
            found.add("T095", message, line=unit.line, cell=cells["last"], hint=say("mend one of the two dates"))
    for code, lines in units.periods.items():
        for at, unit in enumerate(lines):
            before = next((one for one in lines[:at] if one.meets(unit)), None)
            if before is not None:
                message = say("the code {code} stands in line {line} already", code=shown(code), line=before.line)
                hint = say("one code names one unit at a time: give the periods, or keep one of the lines")
                found.add("T092", message, line=unit.line, cell=cells["code"], hint=hint)
    for unit in units.units:
        if unit.parent:
            _check_parent(unit, units, found, cells["parent"])


def _check_parent(unit: Unit, units: UnitList, found: Found, cell: Heading) -> None:
    above = units.periods.get(unit.parent, ())
    if not above:
        message = say("the unit above, {code}, is not in the list", code=shown(unit.parent))
        hint = "" if found.told_enough("T093") else _meant(unit.parent, units)  # each search takes a while
        found.add("T093", message, line=unit.line, cell=cell, hint=hint, across=True)
    elif not any(one.meets(unit) for one in above):
        message = say("the unit above, {unit}, does not exist in these days", unit=shown(above[0].told))
        found.add("T093", message, line=unit.line, cell=cell, hint=say("mend the dates of one of the two"))
    elif _circles(unit, units):
        message = say("the unit above, {unit}, stands below it as well", unit=shown(above[0].told))
        found.add("T093", message, line=unit.line, cell=cell, hint=say("write the code of the unit that it belongs to"))


def _circles(unit: Unit, units: UnitList) -> bool:
    """Whether going up from a unit never ends."""
    for _ in range(DEEPEST):
        above = next((one for one in units.periods.get(unit.parent, ()) if one.meets(unit)), None)
        if above is None:
            return False
        unit = above
    return True


def _meant(code: str, units: UnitList) -> str:
    """Return which code was meant: one with its zeros, the code of that name, or one that looks like it."""
    bare = code.lstrip("0")
    zeros = [one for one in units.periods if bare and code.isdigit() and one.lstrip("0") == bare]
    if len(zeros) == 1:
        return say("write {code}: a code keeps the zeros before it", code=shown(zeros[0]))
    key = name_key(code)
    named = {unit.code: unit for unit in units.units if unit.key.stem == key.stem and unit.key.fits(key)}
    if len(named) == 1:
        return say("write the code {code}, not the name", code=shown(next(iter(named))))
    added = say("add a line for it, or leave the cell empty")
    return did_you_mean(code[:80], units.periods) or added
