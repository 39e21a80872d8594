"""The units of a table held against a list: who they are, which are missing, and the pool that each is in.

A code that lost the zeros before it, and a name that one unit only has, are taken for the unit of the list. Problems:
T096 a unit that is not in the list, T097 units that are missing (a warning, unless the table must be complete), T098 a
unit that stands twice, T099 a unit outside its days, T100 a code with the name of another unit, T101 a name of several
units, T102 a pool that is not the list's, T103 codes that lost their zeros (a warning).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import field, frozen

from ictindex.cells import clean, fold, shown
from ictindex.errors import Problem, Severity, did_you_mean, word_meant
from ictindex.findings import Found, Heading
from ictindex.messages import say
from ictindex.model import Scheme
from ictindex.origins import placed
from ictindex.units.levels import Levels, Scored, scored
from ictindex.units.lists import Roster, Unit
from ictindex.units.names import is_city, level_words, name_key, same_name
from ictindex.units.pools import PoolFinder

LISTED = 10
"""So many missing units are named; the rest are counted."""


@frozen(kw_only=True)
class Named:
    """The columns of a table that say who its units are; `names` and `pools` are None where it has no such column.

    `lines` are those of the units in the source, `cells` the headings by role.
    """

    units: Sequence[str]
    names: Sequence[str] | None = None
    pools: Sequence[str] | None = None
    lines: Sequence[int]
    cells: Mapping[str, Heading]


@frozen
class Placed:
    """The units as the list has them: codes, names, pools where the scheme has any, and warnings."""

    units: tuple[str, ...]
    names: tuple[str, ...]
    pools: tuple[str, ...] | None
    doubts: tuple[Problem, ...]


def place(named: Named, roster: Roster, scheme: Scheme, found: Found, *, complete: bool = False) -> Placed:
    """Return the units of a table as a list has them, its names first; what does not fit is added to `found`.

    Where the table is `complete`, a unit of the list that it lacks is an error, else a warning.
    """
    work = _Placing(named, roster, scheme, found)
    units = [work.unit(at) for at in range(len(named.units))]
    work.doubled(units)
    work.names_agree(units)
    work.missing(units, complete=complete)
    typed = named.names or [""] * len(units)
    return Placed(
        tuple(unit.code if unit else text for unit, text in zip(units, named.units, strict=True)),
        tuple(
            (unit.name if unit else "") or name or text
            for name, unit, text in zip(typed, units, named.units, strict=True)
        ),
        work.pools(units),
        tuple(work.doubts()),
    )


@frozen
class _Placing:
    """One table and one list, while they are held against each other."""

    named: Named
    roster: Roster
    scheme: Scheme
    found: Found
    _level: Scored = field(init=False)
    _levels: Levels = field(init=False)
    _zeros: list[tuple[int, Unit]] = field(init=False, factory=list)
    _absent: list[Unit] = field(init=False, factory=list)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_level", scored(self.roster, self.scheme.unit))
        object.__setattr__(self, "_levels", Levels(self.roster))

    @property
    def _scored(self) -> Mapping[str, Unit]:
        return self._level.units

    def unit(self, at: int) -> Unit | None:
        """Return the unit of a row, None where it has a problem."""
        text = clean(self.named.units[at])
        if not text:
            return None
        if text in self._scored:
            return self._scored[text]
        same = self._alike(at, text)
        if len(same) == 1:
            return same[0]
        ended = self._ended(text)
        if same:
            self._several(at, same)
        elif text in self.roster.units:
            self._other_level(at, self.roster.units[text])
        elif ended:
            self._outside(at, ended)
        else:
            self._unknown(at, text)
        return None

    def _alike(self, at: int, text: str) -> Sequence[Unit]:
        """Return the units that a text may mean which is no code: one without its zeros, or a name."""
        if text in self.roster.whole.periods:
            return ()
        bare = [unit for unit in self.roster.without_zeros(text) if unit.code in self._scored]
        if len(bare) == 1:
            self._zeros.append((at, bare[0]))
        named = [unit for unit in self.roster.named(text) if unit.code in self._scored]
        return bare or self._nearby(at, named)

    def _ended(self, text: str) -> Sequence[Unit]:
        """Return the lines of a unit that is in the list, but not on the day."""
        if text in self.roster.units or self.roster.named(text):
            return ()
        return self.roster.whole.periods.get(text) or (
            *self.roster.whole.without_zeros(text),
            *self.roster.whole.named(text),
        )

    def _nearby(self, at: int, same: Sequence[Unit]) -> Sequence[Unit]:
        """Return which of several units of one name stands in the pool of the row."""
        pool = self.named.pools[at] if self.named.pools else ""
        if len(same) < 2 or not pool:
            return same
        near = [unit for unit in same if any(_is(one, pool) for one in self.roster.above(unit))]
        return near or same

    def _misfit(self, code: str, message: str, at: int, hint: str, role: str = "unit") -> None:
        self.found.add(code, message, line=self.named.lines[at], cell=self.named.cells[role], hint=hint, across=True)

    def _other_level(self, at: int, unit: Unit) -> None:
        hint = say("the scheme scores units of the kind '{kind}'", kind=level_words(self.scheme.unit))
        may = self._levels.of(unit)
        if unit.kind and not is_city(unit.kind):
            message = say("{unit} is in the list as {kind}", unit=shown(unit.told), kind=shown(unit.kind))
        elif len(may) == 1:
            parts = {"unit": shown(unit.told), "kind": level_words(*may)}
            message = say(
                "{unit} is taken for a unit of the kind '{kind}' by its name and its place in the list", **parts
            )
            hint = say(
                "the scheme scores units of the kind '{kind}'; where it is one, write in the list its kind, or the "
                "code of the unit above",
                kind=level_words(self.scheme.unit),
            )
        else:
            message = say("{unit} is no unit that is scored here", unit=shown(unit.told))
        self._misfit("T096", message, at, hint)

    def _outside(self, at: int, periods: Sequence[Unit]) -> None:
        unit, day = periods[-1], self.roster.day
        later = [one for one in periods if day and one.first and one.first > day]
        hint = say("regroup the table into the new units, or say on which day it stands")
        if later:
            message = say("{unit} exists from {day} on", unit=shown(later[0].told), day=str(later[0].first))
            hint = say("say on which day the table stands, or mend the list")
        else:
            message = say("{unit} has ended on {day}", unit=shown(unit.told), day=str(unit.last))
        self._misfit("T099", message, at, hint)

    def _several(self, at: int, same: Iterable[Unit]) -> None:
        listed = ", ".join(_in_full(unit, self.roster) for unit in list(same)[:LISTED])
        message = say("{text} stands for several units: {units}", text=shown(self.named.units[at]), units=listed)
        self._misfit("T101", message, at, say("write the code that is meant"))

    def _unknown(self, at: int, text: str) -> None:
        hint = "" if self.found.told_enough("T096") else self._meant(at, text)  # each search takes a while
        self._misfit("T096", say("{unit} is not in the list of units", unit=shown(text)), at, hint)

    def _meant(self, at: int, text: str) -> str:
        """Return which unit was meant: by the name beside the code, the name in another kind, the code, the name."""
        name = self.named.names[at] if self.named.names else ""
        close = [unit for unit in self.roster.named(name) if unit.code in self._scored] if name else []
        stem = name_key(text).stem
        close = close or [unit for unit in self._scored.values() if unit.key.stem == stem]
        if close:
            return say("did you mean '{name}'?", name=close[0].told)
        code = word_meant(did_you_mean(text[:80], self._scored))
        if code:
            return say("did you mean '{name}'?", name=self._scored[code].told)
        names = {unit.key.stem: unit for unit in self._scored.values()}
        near = word_meant(did_you_mean(stem[:80], names)) if stem else ""
        source = self.roster.whole.source
        listed = say("the list is {file}", file=source) if source else say("look for it in the list that was given")
        return say("did you mean '{name}'?", name=names[near].told) if near else listed

    def doubled(self, units: Sequence[Unit | None]) -> None:
        """Add each unit that stands twice, under one text or two, unless the scheme merges such rows."""
        first: dict[str, int] = {}
        for at, unit in enumerate(units):
            if unit is None:
                continue
            before = first.setdefault(unit.code, at)
            if before != at and self.scheme.merged == "refuse":
                line = self.named.lines[before]
                message = say("the unit {unit} stands in line {line} already", unit=shown(unit.told), line=line)
                self._misfit("T098", message, at, say("keep one of the two lines"))

    def names_agree(self, units: Sequence[Unit | None]) -> None:
        """Add each unit whose name in the table is not the one in the list."""
        for at, (unit, name) in enumerate(zip(units, self.named.names or [], strict=False)):
            if unit is None or not name or not unit.name or name == self.named.units[at]:
                continue
            if name_key(name).fits(unit.key):
                continue
            others = [one for one in self.roster.named(name) if one.code in self._scored]
            before = [one for one in self.roster.whole.periods[unit.code] if one.key.fits(name_key(name))]
            hint = say("mend the code or the name")
            if before:
                hint = say("it has that name on other days: say on which day the table stands")
            if len(others) == 1:
                hint = say("the list has that name under the code {code}", code=shown(others[0].code))
            message = say(
                "the code {code} is {unit} in the list, the table says {name}",
                code=shown(unit.code),
                unit=shown(unit.name),
                name=shown(name),
            )
            self._misfit("T100", message, at, hint, role="name")

    def missing(self, units: Sequence[Unit | None], *, complete: bool) -> None:
        """Note the units of the list that the table lacks; where it must be complete, add them as a problem."""
        there = {unit.code for unit in units if unit}
        self._absent.extend(unit for code, unit in self._scored.items() if code not in there)
        if complete and self._absent:
            self.found.add("T097", self._lacking(), hint=say("add a line for each"))

    def _lacking(self) -> str:
        named = "; ".join(unit.told for unit in self._absent[:LISTED])
        parts = {"count": len(self._absent), "all": len(self._scored), "units": named}
        if len(self._absent) > LISTED:
            return say("{count} of {all} units of the list are missing, among them {units}", **parts)
        return say("{count} of {all} units of the list are missing: {units}", **parts)

    def pools(self, units: Sequence[Unit | None]) -> tuple[str, ...] | None:
        """Return the pool of each unit: the list's, checked against the table's where it has the column."""
        if self.scheme.pools is None:
            return None
        finder, by = PoolFinder(self.roster, self.scheme.pools), self.scheme.pools.by
        known = [finder.pool(unit) if unit else None for unit in units]
        if self.named.pools is None:
            if not any(known) and all(units):  # a unit that is not in the list has no pool for a reason of its own
                hint = say("add it, with the pool of each unit, or name units above in the list of units")
                message = say("there is no column {column}: units are compared within it", column=shown(by))
                self.found.add("T025", message, cell=Heading(by, -1), hint=hint)
            for at, (unit, pool) in enumerate(zip(units, known, strict=True)):
                if unit and not pool and any(known):
                    message = say("the list does not say in which {column} {unit} is", column=by, unit=shown(unit.told))
                    self._misfit("T102", message, at, say("write the code of the unit above it in the list"))
            return tuple(pool.label if pool else "" for pool in known)
        labels = []
        for at, (unit, pool, text) in enumerate(zip(units, known, self.named.pools, strict=True)):
            labels.append(pool.label if pool and text else text)
            if unit and pool and text and not pool.called(text):
                message = say(
                    "{unit} is in {pool} by the list, the table says {text}",
                    unit=shown(unit.told),
                    pool=shown(pool.label),
                    text=shown(text),
                )
                self._misfit("T102", message, at, say("mend the table or the list"), role="pool")
        return tuple(labels)

    def doubts(self) -> Iterable[Problem]:
        """Yield the warnings."""
        yield from self._level.doubts(self.roster.whole.source)
        if self._zeros:
            at, unit = self._zeros[0]
            message = say(
                "codes have lost the zeros before them ({count} in all), such as {text} for {code}; they were taken "
                "for the units of the list",
                count=len(self._zeros),
                text=shown(self.named.units[at]),
                code=shown(unit.told),
            )
            hint = say("keep codes as text: in Excel, give the column the format Text before typing")
            cell, letters = self.named.cells["unit"], self.found.letters
            letter = letters[cell.column] if 0 <= cell.column < len(letters) else ""
            place = placed(self.found.source, self.found.sheet, self.named.lines[at], cell.text, letter)
            yield Problem("T103", message, place, hint, Severity.WARNING)
        if self._absent:
            place = placed(self.found.source, self.found.sheet, 0, "")
            hint = say("ranks are made among the units that are there")
            yield Problem("T097", self._lacking(), place, hint, Severity.WARNING)


def _is(unit: Unit, text: str) -> bool:
    """Whether a text, a code or a name, means a unit."""
    return fold(text) == fold(unit.code) or bool(unit.name and same_name(text, unit.name))


def _in_full(unit: Unit, roster: Roster) -> str:
    above = next(iter(roster.above(unit)), None)
    return f"{unit.told} ({above.name or above.code})" if above else unit.told
