"""What the units filled in: whose a form is, and its cells by key.

Problems: T135 a form that names no unit, T136 a unit that is not on the form's list, T137 two forms of one unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from ictindex.cells import clean, fold, shown
from ictindex.errors import Location, Problem, did_you_mean
from ictindex.forms.checking import problems_of
from ictindex.forms.opening import Form, Opened
from ictindex.forms.record import FormUnit, Spot
from ictindex.messages import say
from ictindex.model import Scheme


@frozen(kw_only=True)
class Filled:
    """What one unit filled in: who it is, and its cells by key."""

    form: Form
    unit: FormUnit
    cells: Mapping[str, Spot]

    def value(self, key: str) -> Any:
        """Return what stands in a cell; None where it is empty or the form has no such cell."""
        spot = self.cells.get(key)
        return None if spot is None else self.form.at(spot)

    def text(self, key: str) -> str:
        """Return what stands in a cell as a person reads it."""
        spot = self.cells.get(key)
        return "" if spot is None else self.form.text(spot)

    def place(self, key: str) -> Location:
        """Return the place of a cell, by what a table calls it; the form's, where it has no such cell."""
        name = next(
            (one for one in (key, f"{key.removesuffix('.evidence')}@number", *_SELF.get(key, ())) if one in self.cells),
            "",
        )
        return self.form.place(self.cells[name], key) if name else Location(self.form.source, cell=key)


_SELF = {"unit": ("@unit", "@chosen"), "name": ("@name", "@chosen", "@unit"), "pool": ("@pool",)}
"""Where else a form says who its unit is."""


def filled_in(opened: Opened, scheme: Scheme) -> tuple[list[Filled], list[Problem]]:
    """Return what the units filled in, and what is wrong with the forms themselves."""
    found: list[Filled] = []
    problems = list(opened.problems)
    for form in opened.forms:
        wrong = list(problems_of(form, scheme))
        problems += wrong
        if not wrong:
            found += _units(form, problems)
    problems += _twice(found, scheme)
    return found, problems


def _units(form: Form, problems: list[Problem]) -> Iterator[Filled]:
    """Yield what each unit of a form filled in; a form that does not say whose it is is a problem."""
    cells: dict[int, dict[str, Spot]] = {}
    for (unit, key), spot in form.record.cells.items():
        cells.setdefault(unit, {})[key] = spot
    for at, known in enumerate(form.record.units):
        if at in cells:
            yield Filled(form=form, unit=_with_pool(form, known, cells[at]), cells=cells[at])
    if form.record.units:
        return
    own = cells.get(0, {})
    named = _named(form, own, problems)
    if named is not None:
        yield Filled(form=form, unit=_with_pool(form, named, own), cells=own)


def _with_pool(form: Form, unit: FormUnit, cells: Mapping[str, Spot]) -> FormUnit:
    return evolve(unit, pool=form.text(cells["@pool"])) if not unit.pool and "@pool" in cells else unit


def _named(form: Form, cells: Mapping[str, Spot], problems: list[Problem]) -> FormUnit | None:
    """Return the unit that a form says it is of, None where it says none that is known."""
    if "@chosen" in cells:
        return _chosen(form, cells["@chosen"], problems)
    code, name = (form.text(cells[key]) if key in cells else "" for key in ("@unit", "@name"))
    if code or name:
        return FormUnit(code or name, name or code)
    spot = cells.get("@unit")
    message, hint = say("the form does not say which unit it is of"), say("write the code and the name of the unit")
    problems.append(Problem("T135", message, form.place(spot) if spot else Location(form.source), hint))
    return None


def _chosen(form: Form, spot: Spot, problems: list[Problem]) -> FormUnit | None:
    text, listed = form.text(spot), form.record.listed
    if not text:
        message, hint = say("the form does not say which unit it is of"), say("choose the unit from the list")
        problems.append(Problem("T135", message, form.place(spot), hint))
        return None
    for part in ("label", "code", "name"):
        same = [unit for unit in listed if fold(getattr(unit, part)) == fold(text)]
        if len(same) == 1:
            return same[0]
    message = say("the unit {unit} is not on the form's list", unit=shown(text))
    close = did_you_mean(text, [unit.label for unit in listed])
    problems.append(Problem("T136", message, form.place(spot), close or say("choose the unit from the list")))
    return None


def _twice(found: Sequence[Filled], scheme: Scheme) -> Iterator[Problem]:
    """Yield the units that sent more than one form, where the scheme does not put several rows together."""
    first: dict[str, Filled] = {}
    for one in found:
        other = first.setdefault(clean(one.unit.code), one)
        if other is not one and scheme.merged == "refuse":
            message = say(
                "the unit {unit} has a form already: {file}", unit=shown(one.unit.label), file=other.form.source
            )
            yield Problem("T137", message, one.place("unit"), say("keep the one that counts, move the other away"))


def is_empty_column(one: Filled) -> bool:
    """Whether nothing stands in a unit's column of a form for many."""
    return one.form.record.many and not any(one.text(key) for key in one.cells if key != "@pool")


def asked_rows(keys: Iterable[str]) -> Iterator[str]:
    """Yield the codes of the rows that ask for evidence, from the keys of their cells."""
    ending = "@number"
    return (key.removesuffix(ending) for key in keys if key.endswith(ending))
