"""Changes as people type them to edits of a table: each text means what it means in the table itself.

A unit is named by its code or name, a cell by the heading that its column may have, and a value is typed as in a cell
of that column (T040 to T053). Everything that is wrong is reported at once. Problems: T210 a unit that is unknown or
not named, T211 a column that is unknown or not named, T212 what cannot be changed so, T213 two values of one cell;
U218 an option --set that is not `UNIT:CODE=VALUE`, U219 a change in memory that is no triple.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Literal

from attrs import evolve, field, frozen

from ictindex.analysis.whatif.units import Units
from ictindex.answers import is_shown
from ictindex.cells import CELL_LIMIT, CellState, cell_text, clean, number_text, shown
from ictindex.editing import Edit
from ictindex.errors import Problem, TableInvalid, WrongUse, did_you_mean
from ictindex.figures import Figures, figures, read_figures, signs_of
from ictindex.findings import NOWHERE, Found, Heading
from ictindex.headers import Columns, Target
from ictindex.messages import one_of, say
from ictindex.model import Indicator, walk
from ictindex.numerals import Sign
from ictindex.result import Result
from ictindex.texts import said
from ictindex.units.dates import codes_behind

Decimal = Literal["", "point", "comma"]

_MOST_SIGNS = 20
"""So many colons and equals signs of an option --set, the first ones, may be those that take it apart."""

_UNNAMED = say("the change names no column")
_LISTED = say("write a code: `ictindex show` lists the columns of a table")


@frozen
class Typed:
    """One change as it was typed: the unit, the column and the new value, with its line and headings in a list."""

    unit: str
    code: str
    value: Any
    line: int = 0
    places: Mapping[str, Heading] = field(factory=dict)

    def place(self, key: str) -> Heading:
        """Return the heading of the cell that is wrong; without a list, the column that is changed."""
        return self.places.get(key, Heading(clean(str(self.code)[:CELL_LIMIT]), -1) if self.code else NOWHERE)


@frozen
class TypedChanges:
    """The changes of one list, and what is wrong with them so far."""

    found: Found
    changes: tuple[Typed, ...]


@frozen
class Read:
    """A change that was understood: the edit, and the change with the list that it came from."""

    edit: Edit
    target: Target
    typed: Typed
    found: Found


def changes_of(triples: Iterable[Any], source: str = "changes") -> TypedChanges:
    """Return changes in memory, each a unit, a column and a value; they are counted from 1 as lines.

    Raises WrongUse where they are no triples.
    """
    told = []
    for at, one in enumerate(triples, 1):
        parts = tuple(one) if isinstance(one, Iterable) and not isinstance(one, str) else ()
        if len(parts) != 3:
            message = say("change {number} is no unit, column and value", number=at)
            raise WrongUse(Problem("U219", message, hint=say("give triples such as ('tp-hue', 'A', 45)")))
        told.append(Typed(said(parts[0]), said(parts[1]), parts[2], at))
    return TypedChanges(Found(source), tuple(told))


def changes_of_options(texts: Sequence[str], result: Result) -> TypedChanges:
    """Return the changes of options such as `tp-hue:A=45`, counted from 1 as lines.

    A name may hold a colon or an equals sign: the longest unit that exists is meant, with a column that does. Raises
    WrongUse where a text has no colon with an equals sign after it.
    """
    units, columns = Units(result.table), Columns(result.scheme)
    wrong: list[Problem] = []
    told: list[Typed] = []
    for at, text in enumerate(texts, 1):
        reading = _taken_apart(text, units, columns)
        if reading is None:
            message = say("'{text}' is not UNIT:CODE=VALUE", text=text)
            hint = say('write such as --set tp-hue:A=45; in quotation marks where blanks are in it: "Huế:A=45"')
            wrong.append(Problem("U218", message, hint=hint))
        else:
            told.append(Typed(*reading, at))
    if wrong:
        raise WrongUse(wrong)
    return TypedChanges(Found("--set"), tuple(told))


def _taken_apart(text: str, units: Units, columns: Columns) -> tuple[str, str, str] | None:
    """Return the unit, column and value that a text means, None where no colon has an equals sign behind it."""
    colons, signs = ([at for at, one in enumerate(text) if one == sign][:_MOST_SIGNS] for sign in ":=")
    ways = [(colon, equals) for colon in colons for equals in signs if colon < equals]
    if not ways:
        return None
    longest_first = [colon for colon in reversed(colons) if units.find(text[:colon])]
    named = [way for colon in longest_first for way in ways if way[0] == colon]
    known = (way for way in named if columns.column(text[way[0] + 1 : way[1]]))
    colon, equals = next(chain(known, named, ways))
    return text[:colon].strip(), text[colon + 1 : equals].strip(), text[equals + 1 :]


def read_changes(result: Result, lists: Sequence[TypedChanges], decimal: Decimal = "") -> list[Read]:
    """Return the edits that the changes mean, each cell once, in the order of the table and its columns.

    `decimal` is the sign before decimals where the values do not show it; without it the one of the table holds. Raises
    TableInvalid with everything that is wrong in all of the lists.
    """
    reader = _Reader(result)
    read = [one for told in lists for one in reader.read(told, decimal)]
    once = list(reader.once(read))
    problems = [problem for told in lists for problem in told.found.problems()]
    if problems:
        raise TableInvalid(problems)
    return once


class _Reader:
    def __init__(self, result: Result) -> None:
        self.table, self.columns, self.units = result.table, Columns(result.scheme), Units(result.table)
        self.known = tuple(self.columns.known())

    def read(self, told: TypedChanges, decimal: Decimal) -> list[Read]:
        """Return what the changes of a list mean, and add what is wrong with them to it."""
        found = told.found
        placed: list[tuple[Typed, int, Target]] = []
        for one in told.changes:
            unit, target = self._unit(one, found), self._target(one, found)
            if unit is not None and target is not None:
                placed.append((one, unit, target))
        read = [_evidence(one, unit, target, found) for one, unit, target in placed if target.role == "evidence"]
        cells: dict[str, list[tuple[Typed, int, Target]]] = {}
        for each in placed:
            if each[2].role != "evidence":
                cells.setdefault(each[2].key, []).append(each)
        columns = [_figures(those) for those in cells.values()]
        signs = self._signs(columns, list(cells), decimal, found)
        for column, those, sign in zip(columns, cells.values(), signs, strict=True):
            if sign is not None or not column.rule.numeric:
                read += self._edits(column, those, sign, found)
        return read

    def once(self, read: Sequence[Read]) -> Iterator[Read]:
        """Yield each cell once, in the order of the table; add a problem where it has two values."""
        order = sorted(read, key=lambda one: (one.edit.unit, one.edit.column))
        last: Read | None = None
        for one in order:
            if last is None or (one.edit.unit, one.edit.column) != (last.edit.unit, last.edit.column):
                yield one
                last = one
            elif not _same(one.edit, last.edit):
                message = say(
                    "{code} of {unit} has two values", code=one.edit.column, unit=self.table.units[one.edit.unit]
                )
                hint = say("keep one of them; the other is in {place}", place=_place(last))
                one.found.add("T213", message, line=one.typed.line, cell=one.typed.place("value"), hint=hint)

    def _unit(self, one: Typed, found: Found) -> int | None:
        text = clean(one.unit[:CELL_LIMIT])
        units = self.units.find(text) if text else ()
        if len(units) == 1:
            return units[0]
        message: str = say("the change names no unit")
        hint: str = say("write its code or name")
        if units:
            message = say("several units are called {unit}", unit=shown(text))
            hint = say("write the code of the one that is meant")
        elif text:
            message = say("the table has no unit {unit}", unit=shown(text))
            # A list of another table may have thousands, and each search takes a while.
            close = "" if found.told_enough("T210") else did_you_mean(text[:80], self.units.known)
            hint = close or say("write its code or name as the table has it")
        found.add("T210", message, line=one.line, cell=one.place("unit"), hint=hint, across=True)
        return None

    def _target(self, one: Typed, found: Found) -> Target | None:
        text, told = clean(one.code[:CELL_LIMIT]), Found("", searching=False)
        target = self.columns.column(text, told) if text else None
        if target is not None and target.role in ("data", "excluded", "evidence") and not target.declared:
            return target
        if target is not None and text and not text.startswith("#"):
            fixed = say("{column} is no figure that is scored, so it cannot be changed", column=shown(text))
            found.add("T212", fixed, line=one.line, cell=one.place("code"), hint=_LISTED)
            return None
        # Several things may have that name, or the words beside a code may not be its own.
        about = [problem for problem in told.problems() if problem.code != "T021"]
        if about:
            found.add("T211", about[0].message, line=one.line, cell=one.place("code"), hint=about[0].hint)
            return None
        message = say("the table can have no column {column}", column=shown(text)) if text else _UNNAMED
        close = ""
        if behind := codes_behind(text):
            meant = one_of([code for code in behind if code in self.known] or behind)
            close = say(
                "a spreadsheet made a date of the code: format the column as text, and type {code} again", code=meant
            )
        elif text and not found.told_enough("T211"):
            close = did_you_mean(text[:80], self.known)
        found.add("T211", message, line=one.line, cell=one.place("code"), hint=close or _LISTED, across=True)
        return None

    def _signs(
        self, columns: Sequence[Figures], keys: Sequence[str], decimal: Decimal, found: Found
    ) -> list[Sign | None]:
        """Return the sign before the decimals of each column: where the list shows none, the table's own."""
        if decimal or any(column.shown.signs for column in columns):
            return signs_of(columns, decimal, (), found)
        usual = [self._usual(key) if column.shown.unclear else None for column, key in zip(columns, keys, strict=True)]
        open_columns = [column for column, sign in zip(columns, usual, strict=True) if sign is None]
        asked = iter(signs_of(open_columns, "", (), found))
        return [next(asked) if sign is None else sign for sign in usual]

    def _usual(self, key: str) -> Sign | None:
        """Return the sign before decimals of a column of the table, or of all columns that show one."""
        signs = self.table.origin.signs
        own = signs.get(key) or (next(iter(signs.values())) if len(set(signs.values())) == 1 else None)
        return own if own in ("point", "comma") else None  # type: ignore[return-value]

    def _edits(
        self, column: Figures, those: Sequence[tuple[Typed, int, Target]], sign: Sign | None, found: Found
    ) -> Iterator[Read]:
        """Yield the edits of one column, and add what is wrong with its values."""
        values, states, complaints = read_figures(column, sign)
        wrong = dict(complaints)
        for at, (one, unit, target) in enumerate(those):
            if at in wrong:
                code, message, hint = wrong[at]
                hint = self._points_meant(target) if code == "T042" and target.key.endswith(".score") else hint
                found.add(code, message, line=one.line, cell=one.place("value"), hint=hint)
                continue
            state = CellState.REPORTED if states is None else CellState(int(states[at]))
            if target.role == "excluded" and state is not CellState.REPORTED:
                yield Read(Edit(unit, target.key, 0.0), target, one, found)  # an empty cell leaves no points out
            else:
                yield Read(Edit(unit, target.key, float(values[at]), state), target, one, found)

    def _points_meant(self, target: Target) -> str:
        """Return what a given score takes, where a percent was typed; what is below it may take one."""
        code = target.key.removesuffix(".score")
        high = "" if target.rule is None or target.rule.high is None else number_text(target.rule.high)
        below = (one for one in walk(self.columns.scheme.row(code)) if isinstance(one, Indicator))
        figures = one_of(dict.fromkeys(figure for one in below for figure in one.inputs))
        facts = {"code": code, "high": high}
        if figures:
            return say("{code} takes 0 to {high} points; or change {figures}", **facts, figures=figures)
        return say("{code} takes 0 to {high} points", **facts)


def _place(one: Read) -> str:
    return f"{one.found.source}:{one.typed.line}"


def _same(one: Edit, other: Edit) -> bool:
    return one.state == other.state and (one.state is not CellState.REPORTED or one.value == other.value)


def _evidence(one: Typed, unit: int, target: Target, found: Found) -> Read:
    """Return the edit of evidence: any words show it, save those that say that there is none."""
    return Read(Edit(unit, target.name, float(is_shown(cell_text(one.value)))), target, one, found)


def _figures(those: Sequence[tuple[Typed, int, Target]]) -> Figures:
    """Return the values of one column, each with its line."""
    first, _, target = those[0]
    if target.rule is None:
        raise AssertionError("a column of figures has a rule")
    cells = ["" if one.value is None else one.value for one, _, _ in those]
    return evolve(figures(first.place("value"), target.rule, cells), lines=[one.line for one, _, _ in those])
