"""What a form is wanted for: one unit, a unit to be chosen from a list, many units, or each unit of a list.

Problems: U185 wishes that do not go together, U186 a list without units that could fill in the form (`units.levels`),
U187 too many units for one workbook.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from ictindex.annex.rows import annex_of
from ictindex.errors import Problem, WrongUse
from ictindex.forms.book import workbook
from ictindex.forms.making import Order
from ictindex.forms.record import FormUnit
from ictindex.messages import say
from ictindex.plan import Plan
from ictindex.registry import Vocabulary
from ictindex.units.levels import nobody, scored
from ictindex.units.lists import Roster
from ictindex.units.pools import PoolFinder

MANY = 200
"""A form for many has a column for each of at most so many units."""

_LONGEST_NAME = 60


def ordered(
    plan: Plan,
    vocabulary: Vocabulary,
    *,
    language: str,
    unit: FormUnit | None = None,
    roster: Roster | None = None,
    many: bool = False,
) -> Order:
    """Return the order of one form. Raises WrongUse where the wishes do not go together."""
    if unit is not None and roster is not None:
        message = say("a form is for one unit, or for a unit of a list, not for both")
        raise WrongUse(Problem("U185", message, hint=say("give the unit, or the list")))
    if many and roster is None:
        raise WrongUse(Problem("U185", say("a form for many needs the list of the units"), hint=_NAME_A_LIST))
    if unit is not None and not unit.code.strip():
        message = say("the unit of a form needs a code")
        raise WrongUse(Problem("U185", message, hint=say("write its code, then its name")))
    units = () if roster is None else units_of(plan, roster)
    if many and len(units) > MANY:
        message = say("{count} units are too many for one workbook", count=len(units))
        hint = say("at most {most}; write a form for each unit instead", most=MANY)
        raise WrongUse(Problem("U187", message, hint=hint))
    return Order(
        plan=plan,
        annex=annex_of(plan.scheme, vocabulary),
        language=language,
        unit=unit,
        units=units,
        many=many,
    )


def units_of(plan: Plan, roster: Roster) -> tuple[FormUnit, ...]:
    """Return the units of a list that fill in the form: those of the scheme's level, with the pool that the list says.

    Raises WrongUse where there is none.
    """
    scheme = plan.scheme
    finder = PoolFinder(roster, scheme.pools) if scheme.pools else None
    found = []
    for unit in scored(roster, scheme.unit).units.values():
        pool = finder.pool(unit) if finder else None
        found.append(FormUnit(unit.code, unit.name, pool.label if pool else ""))
    if not found:
        raise WrongUse(nobody(roster, scheme.unit))
    return tuple(found)


def files_for(plan: Plan, roster: Roster) -> dict[str, FormUnit]:
    """Return the unit of each form by the name of its file. Raises WrongUse as `units_of`."""
    found: dict[str, FormUnit] = {}
    for unit in units_of(plan, roster):
        stem = name = _file_name(unit)
        number = 2
        while f"{name}.xlsx" in found:
            name, number = f"{stem}-{number}", number + 1
        found[f"{name}.xlsx"] = unit
    return found


def each_form(
    plan: Plan, vocabulary: Vocabulary, files: Mapping[str, FormUnit], *, language: str
) -> Iterator[tuple[str, bytes]]:
    """Yield the name of each file and the form of its unit."""
    annex = annex_of(plan.scheme, vocabulary)
    for name, unit in files.items():
        yield name, workbook(Order(plan=plan, annex=annex, language=language, unit=unit))


def _file_name(unit: FormUnit) -> str:
    """Return the name of a unit's file: its code and name in letters that every system takes."""
    text = unicodedata.normalize("NFD", unit.label.casefold().replace("đ", "d"))
    plain = re.sub("[^a-z0-9]+", "-", text.encode("ascii", "ignore").decode())
    return plain[:_LONGEST_NAME].strip("-") or "form"


_NAME_A_LIST = say("name it with `units` (--units FILE)")
