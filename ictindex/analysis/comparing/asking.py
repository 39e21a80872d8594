"""What is asked of a comparison: which row, which units, and what a mapping says; and what cannot be asked.

Problems: U250 a row that both results do not have, U251 no unit in common, U252 too many units for a relative scheme,
U253 a result scored with a reference, U254 codes that a mapping does not get right, U255 which of several totals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ictindex.analysis.comparing.answers import Apart
from ictindex.analysis.comparing.standing import Field
from ictindex.analysis.differences.pairs import Pairs
from ictindex.analysis.rescoring import refuse_merged
from ictindex.errors import Location, Problem, UnknownName, WrongUse, did_you_mean
from ictindex.findings import MANY
from ictindex.messages import say
from ictindex.model import TOTAL, Row, Scheme
from ictindex.naming import ColumnMapping
from ictindex.result import Result

MOST = 200
"""Under a relative scheme each unit needs runs of its own: so many are compared without being asked for by name."""

NO_PARTNER = "#"
"""What stands in a mapping for a code that has no partner."""


def check_result(result: Result) -> None:
    """Raise WrongUse (U200, U253) where a result cannot be compared with another."""
    refuse_merged(result)
    if result.options.get("reference"):
        message = say("a result was scored with what another table's units teach, so the others' moves are not in it")
        raise WrongUse(Problem("U253", message, hint=say("score both tables without a reference")))


def check_number(units: Sequence[str], asked: Sequence[str]) -> None:
    """Raise WrongUse (U252) for more units than each can have runs of its own, unless they are asked for."""
    if len(units) > MOST and not asked:
        message = say("{count} units are too many: under these schemes each needs runs of its own", count=len(units))
        hint = say("name the units to be compared with --unit, up to a few hundred")
        raise WrongUse(Problem("U252", message, hint=hint))


def stated_of(mapping: ColumnMapping | None, before: Scheme, after: Scheme) -> dict[str, str]:
    """Return what a mapping says; every code that one of the schemes does not have is a problem."""
    known = [{*(row.code for row in one.rows()), *(given.code for given in one.inputs)} for one in (before, after)]
    stated, problems = dict[str, str](), list[Problem]()
    for entry in mapping or ():
        old, new = entry.heading.strip(), "" if entry.code == NO_PARTNER else entry.code
        for word, codes, scheme in ((old, known[0], before), (new, known[1], after)):
            if word and word not in codes:
                message = say("{scheme} has no row and no column '{code}'", scheme=scheme.id, code=word)
                close = len(problems) < MANY and did_you_mean(word[:80], codes)  # each search takes a while
                hint = close or say("write codes: that before, that after (# for none)")
                source = "" if mapping is None else mapping.source
                problems.append(Problem("U254", message, Location(source, entry.line), hint))
        stated[old] = new
    if problems:
        raise UnknownName(problems)
    return stated


def rows_of(before: Result, after: Result, pairs: Pairs, code: str) -> tuple[Row, Row]:
    """Return the row to be compared, as each scheme has it. Raises UnknownName, WrongUse (U250, U255)."""
    rows = _asked(before, after, pairs, code) if code else _totals(before, after, pairs)
    for row in rows:
        if not row.max or getattr(getattr(row, "combine", None), "name", "") == "none":
            message = say("the row '{code}' has no score", code=row.code)
            raise WrongUse(Problem("U250", message, hint=say("choose a row that has one")))
    return rows


def _asked(before: Result, after: Result, pairs: Pairs, code: str) -> tuple[Row, Row]:
    back = back_of(pairs.rows)
    new = code if code in back else pairs.rows.get(code, "")
    if not new:
        known = {row.code for one in (before, after) for row in one.scheme.rows()}
        hint: str = say("it has no partner in the other scheme: name the partner in a mapping of rows")
        if code not in known:
            hint = did_you_mean(code, known) or say("`ictindex show` prints the rows of a scheme with their codes")
        raise UnknownName(Problem("U250", say("both results do not have the row '{code}'", code=code), hint=hint))
    return before.scheme.row(back[new]), after.scheme.row(new)


def _totals(before: Result, after: Result, pairs: Pairs) -> tuple[Row, Row]:
    """Return the first total of both."""
    one, other = before.scheme.totals, after.scheme.totals
    if len(one) != len(other):
        message = say("one result has {before} totals and the other {after}", before=len(one), after=len(other))
        codes = ", ".join(row.code for row in other if row.code in pairs.rows.values())
        raise WrongUse(Problem("U255", message, hint=say("say which row to compare: {codes}", codes=codes or TOTAL)))
    new = pairs.rows.get(one[0].code)
    return (one[0], after.scheme.row(new)) if new in {row.code for row in other} else (one[0], other[0])


def chosen_of(
    before: Result, after: Result, units: Sequence[str], fields: Sequence[Field]
) -> tuple[list[str], list[Apart]]:
    """Return the units to be compared, in the order of the second result, and those that cannot be."""
    names = dict(zip(before.units, before.names, strict=True)) | dict(zip(after.units, after.names, strict=True))
    both = set(before.units) & set(after.units)
    if not both:
        message = say("no unit is in both results: units are matched by their codes")
        hint = say("give a crosswalk of their codes, or make one table of the other's units with `ictindex regroup`")
        raise WrongUse(Problem("U251", message, hint=hint))
    wanted = [_code(before, after, unit) for unit in units] or [*after.units, *before.units]
    chosen, apart = list[str](), list[Apart]()
    for unit in dict.fromkeys(wanted):
        why = ""
        if unit not in both:
            why = (
                say("it is in the first result only")
                if unit in before.units
                else say("it is in the second result only")
            )
        for field in fields:
            if not why and not field.has(unit):
                reason = field.refused.get(unit, "")
                why = say("{scheme} does not take its other figures: {why}", scheme=field.plan.scheme.id, why=reason)
        if why:
            apart.append(Apart(unit=unit, name=names[unit], why=why))
        else:
            chosen.append(unit)
    return chosen, apart


def _code(before: Result, after: Result, unit: str) -> str:
    """Return the code of a unit that is asked for by its code or its name. Raises UnknownName."""
    try:
        return after.units[after.position(unit)]
    except UnknownName as error:
        try:
            return before.units[before.position(unit)]
        except UnknownName:
            raise error from None


def back_of(pairs: Mapping[str, str]) -> dict[str, str]:
    """Return pairs the other way round."""
    return {new: old for old, new in pairs.items()}
