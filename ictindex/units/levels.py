"""Which units of a list stand on the level that a scheme scores.

The word before a name, or the list's column of kinds, says the level. `Thành phố` alone does not: there are cities on
the level of provinces and cities on that of districts. What stands above, below and beside such a city says which is
meant; a city of which nothing says it is kept and told, so that no unit vanishes.

Problems: T122 (a warning) units that are kept although the list does not say that they are on the level, U186 a list
without a unit on it, U188 (a warning) units of another level that stand alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from attrs import frozen

from ictindex.cells import fold
from ictindex.errors import Location, Problem, Severity
from ictindex.messages import joined, say
from ictindex.units.lists import Roster, Unit
from ictindex.units.names import is_city, level_words

LISTED = 10
"""So many units are named in one message."""

_KNOWN = frozenset(("province", "district", "commune", "department"))
_EITHER = frozenset(("province", "district"))
"""What a city may be."""

_WORDED = frozenset(("province", "district", "commune"))
"""Levels whose units have a word for their kind before the name; departments are called anything."""

_MAY_BE_PROVINCES = frozenset(map(fold, ("hà nội", "hải phòng", "đà nẵng", "hồ chí minh", "cần thơ", "huế")))
"""Cities that are or were under the central government: one of these beside districts is asked for, not guessed at."""


@frozen
class Scored:
    """The units of a list on one level, by code. `unsure` are kept among them without the list saying that they belong.

    `apart` are units of another level that neither stand under a unit nor have one under them.
    """

    level: str
    units: Mapping[str, Unit]
    unsure: tuple[Unit, ...] = ()
    apart: tuple[Unit, ...] = ()

    def doubts(self, source: str) -> Iterator[Problem]:
        """Yield one warning for all units that are kept without certainty."""
        if self.unsure:
            message = say(
                "the list does not say whether these units are of the kind '{kind}' ({count}); they are kept: {units}",
                kind=level_words(self.level),
                count=len(self.unsure),
                units=_named(self.unsure),
            )
            hint = say("write in the list what they are: their kind, or the code of the unit above")
            yield Problem("T122", message, Location(source), hint, Severity.WARNING)

    def left_out(self, source: str) -> Iterator[Problem]:
        """Yield one warning for all units of another level that stand alone in the list."""
        if self.apart:
            message = say(
                "units of the list are of another kind than '{kind}' and are left out ({count}): {units}",
                kind=level_words(self.level),
                count=len(self.apart),
                units=_named(self.apart),
            )
            hint = say("write their kind, or the code of the unit above, where that is wrong")
            yield Problem("U188", message, Location(source), hint, Severity.WARNING)


def scored(roster: Roster, level: str) -> Scored:
    """Return the units of a list that a scheme of this level scores.

    Those on the level are taken, and cities that may be on it. A unit of which no word says a level is taken where no
    other stands under it, and it under none that is on the level.
    """
    tree = Levels(roster)
    sure: dict[str, Unit] = {}
    cities: dict[str, Unit] = {}
    unknown: dict[str, Unit] = {}
    apart: list[Unit] = []
    for code, unit in roster.units.items():
        may = tree.of(unit)
        if level in may:
            (sure if len(may) == 1 else cities)[code] = unit
        elif not may or level not in _KNOWN:
            unknown[code] = unit
        elif not unit.parent and code not in tree.below:
            apart.append(unit)
    kept = sure | cities
    open_ = {
        code: unit
        for code, unit in unknown.items()
        if code not in tree.below and not any(above.code in kept for above in roster.above(unit))
    }
    unsure = [unit for unit in cities.values() if sure or tree.beside(unit)]  # else nothing speaks against it
    if sure and level in _WORDED:
        unsure += open_.values()
    taken = kept | open_
    units = {code: unit for code, unit in roster.units.items() if code in taken}
    return Scored(level, units, tuple(unsure), tuple(apart))


def nobody(roster: Roster, level: str) -> Problem:
    """Return why a list has no unit on a level: it is of another day, or its units are of other kinds."""
    where = Location(roster.whole.source)
    tree = Levels(roster)
    may = filter(None, map(tree.of, roster.units.values()))
    kinds = Counter("city" if len(found) > 1 else next(iter(found)) for found in may)
    if not kinds:
        message = say("the list has no unit that could fill in the form on that day")
        return Problem("U186", message, where, say("look at the days of the list"))
    counts = [say("{kind}: {count}", kind=level_words(kind), count=count) for kind, count in kinds.items()]
    parts = {"kind": level_words(level), "counts": joined(counts, by=", ")}
    message = say("the list has no unit of the kind '{kind}', which the scheme scores; it has {counts}", **parts)
    hint = say("name the list of these units, or write in it what each is: its kind, or the code of the unit above")
    return Problem("U186", message, where, hint)


def _named(units: Sequence[Unit]) -> str:
    return "; ".join(unit.told for unit in units[:LISTED]) + ("; ..." if len(units) > LISTED else "")


@frozen
class Levels:
    """On which levels the units of a list may stand, by their words and by who is above, below and beside them."""

    roster: Roster

    @cached_property
    def below(self) -> Mapping[str, Sequence[Unit]]:
        """The units directly under each unit; those under none are kept under the empty code."""
        found: dict[str, list[Unit]] = {}
        for unit in self.roster.units.values():
            found.setdefault(unit.parent, []).append(unit)
        return found

    @cached_property
    def _beside(self) -> Mapping[str, frozenset[str]]:
        """The levels, but for the cities', of the units under each code."""
        return {
            code: frozenset(one.level for one in units if not is_city(one.word)) & _EITHER
            for code, units in self.below.items()
        }

    @cached_property
    def _districts(self) -> bool:
        return any(unit.level == "district" and not is_city(unit.word) for unit in self.roster.units.values())

    def of(self, unit: Unit) -> frozenset[str]:
        """Return the levels that a unit may stand on; none where no word says one."""
        if not is_city(unit.word):
            return frozenset(filter(None, (unit.level,)))
        return self._of_city(unit)

    def beside(self, unit: Unit) -> frozenset[str]:
        """Return which of the two levels that a city may have the other units beside it are on."""
        return self._beside[unit.parent]

    def _of_city(self, unit: Unit) -> frozenset[str]:
        if any(one.level == "district" for one in self.below.get(unit.code, ())):
            return frozenset(("province",))
        above, beside = self.roster.units.get(unit.parent), self.beside(unit)
        if above is not None and above.level == "province":
            return frozenset(("district",))
        if beside == {"district"} and (unit.parent or unit.key.stem not in _MAY_BE_PROVINCES):
            return beside
        if beside == {"province"} and not self._districts:
            return beside
        region = above is not None and not above.level
        return _EITHER if beside or region or not unit.parent else frozenset(("district",))
