"""Filled-in forms to one table: what each unit says, with the place of every figure in its own file.

Problems: T135 a form that names no unit, T136 a unit that is not on the form's list, T137 two forms of one unit, T140
(a warning) units of the form's list that sent none, T141 (a warning) a unit whose column in a form for many is empty,
T142 (a warning) a form without a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from ictindex.assembling import ReadOptions, assemble_columns
from ictindex.cells import Unfit, clean, fold, is_shown, shown
from ictindex.errors import Location, Problem, Severity, TableInvalid, did_you_mean
from ictindex.formats import source_name
from ictindex.formats.excel.values import figure_of, word_of
from ictindex.forms.checking import problems_of
from ictindex.forms.entries import case_meant
from ictindex.forms.opening import Form, Opened, open_forms
from ictindex.forms.record import FormUnit, Spot
from ictindex.forms.words import PARTS
from ictindex.headers import Found
from ictindex.messages import say
from ictindex.model import Indicator, Input, InputKind, Scheme
from ictindex.origins import Origin
from ictindex.table import Table

_TWICE = ("T031", "T098")
"""What a table says of a unit that stands twice: of forms it is told with their files."""

_SHOW = ("number", "title", "link")
"""The parts of evidence of which one is enough to have shown it."""


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


@frozen
class FormsOrigin(Origin):
    """Where the cells of a table stand that was put together from forms; `filled` are those of its units."""

    filled: tuple[Filled, ...] = field(default=(), repr=False, kw_only=True)

    def at(self, unit: int | None = None, cell: str = "") -> Location:
        """Return the place of a unit's cell in its own form; without a unit, the whole of the forms."""
        return Location(self.source, cell=cell) if unit is None else self.filled[unit].place(cell)

    def of(self, units: Iterable[int]) -> FormsOrigin:
        """Return where these units came from, in this order."""
        return evolve(self, filled=tuple(self.filled[unit] for unit in units))


@frozen(kw_only=True)
class FormClaim:
    """What one unit says of one figure, with the evidence that it shows for the criterion.

    `code` is the column of the table, `row` the criterion that the figure and the evidence belong to, empty for a
    figure that several criteria share. A criterion whose figures are all shared has a claim of its evidence alone: its
    code is `CODE.evidence`. Texts are as they were typed; what was not filled in is empty.
    """

    unit: str
    name: str
    code: str
    row: str
    value: str
    number: str = ""
    date: str = ""
    title: str = ""
    link: str = ""
    remark: str = ""
    by: str = ""
    when: str = ""
    where: Location = field(factory=Location, eq=False)


def read_forms(source: Any, scheme: Scheme, options: ReadOptions | None = None) -> Table:
    """Return the table of a filled-in form, or of all forms in a folder.

    What looks wrong, such as files that are not read and units of the form's own list without a form, becomes the
    table's doubts. Raises TableInvalid with every problem of every form.
    """
    opened = open_forms(source)
    filled, problems = _filled(opened, scheme)
    warnings = [*opened.warnings, *_empty(filled)]
    filled = [one for one in filled if not _is_empty_column(one)]
    name = source_name(source)
    table: Table | None = None
    try:
        if filled:
            table = _table(filled, scheme, name, options or ReadOptions())
    except TableInvalid as error:
        told = {problem.code for problem in problems}
        problems += [one for one in error.problems if not ("T137" in told and one.code in _TWICE)]
    if table is None and not problems:
        message, hint = say("no unit has filled in anything"), say("fill in the forms, then read them again")
        problems.append(Problem("T134", message, Location(name), hint))
    if problems or table is None:
        raise TableInvalid(problems)
    if options is None or options.units is None:
        warnings += _without_a_form(opened, filled, name)
    return evolve(table, doubts=(*table.doubts, *warnings))


def claims_of(source: Any, scheme: Scheme) -> tuple[FormClaim, ...]:
    """Return what each unit claims in a form or in a folder of forms, in the order of the files and of the scheme.

    Raises TableInvalid where a form is of another scheme, was changed, or does not say whose it is. The figures
    themselves are looked at by `read_forms` alone.
    """
    opened = open_forms(source)
    filled, problems = _filled(opened, scheme)
    if problems:
        raise TableInvalid(problems)
    return tuple(claim for one in filled if not _is_empty_column(one) for claim in _claims(one, scheme))


def _filled(opened: Opened, scheme: Scheme) -> tuple[list[Filled], list[Problem]]:
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


def _is_empty_column(one: Filled) -> bool:
    """Whether nothing stands in a unit's column of a form for many."""
    return one.form.record.many and not any(one.text(key) for key in one.cells if key != "@pool")


def _empty(filled: Sequence[Filled]) -> Iterator[Problem]:
    """Yield what is empty: a column of a form for many, which is left out, or a whole form, which counts."""
    for one in filled:
        where, unit = Location(one.form.source), shown(one.unit.label)
        if _is_empty_column(one):
            message = say("the unit {unit} has filled in nothing and is left out", unit=unit)
            yield Problem("T141", message, where, severity=Severity.WARNING)
        elif not any(one.text(key) for key in one.cells if "@" not in key):
            message = say("the form of {unit} has no figure in it: all of them count as missing", unit=unit)
            yield Problem("T142", message, where, severity=Severity.WARNING)


def _without_a_form(opened: Opened, filled: Sequence[Filled], name: str) -> Iterator[Problem]:
    """Yield that units which the forms could be chosen for have sent none."""
    listed = {unit.code: unit for form in opened.forms for unit in form.record.listed}
    lacking = [unit.label for code, unit in listed.items() if code not in {one.unit.code for one in filled}]
    if lacking and (len(filled) > 1 or len(opened.forms) > 1):
        told = "; ".join(lacking[:20])
        message = say("{count} units have sent no form: {units}", count=len(lacking), units=told)
        if len(lacking) > 20:
            message = say("{count} units have sent no form: {units}; ...", count=len(lacking), units=told)
        yield Problem("T140", message, Location(name), severity=Severity.WARNING)


def _table(filled: Sequence[Filled], scheme: Scheme, name: str, options: ReadOptions) -> Table:
    """Return the table of what the units filled in. Raises TableInvalid with the place of each cell in its form."""
    columns: dict[str, list[Any]] = {
        "unit": [one.unit.code for one in filled],
        "name": [one.unit.name for one in filled],
    }
    if scheme.pools:
        labels = {fold(f"{pool.code} {pool.name}"): pool.code for pool in scheme.pools.pools}
        columns[scheme.pools.by] = [labels.get(fold(one.unit.pool), one.unit.pool) for one in filled]
    for given in scheme.inputs:
        columns[given.code] = [_figure(one.value(given.code), given) for one in filled]
    keys = dict.fromkeys(key for one in filled for key in one.cells)
    for key in (key for key in keys if key.endswith(".excluded")):
        columns[key] = [figure_of(one.value(key)) for one in filled]
    for row in dict.fromkeys(_asked(keys)):
        columns[f"{row}.evidence"] = [_evidence(one, row) for one in filled]
    by = scheme.pools.by if scheme.pools else ""
    told = evolve(options, mapping={}, sheet="")
    try:
        table = assemble_columns(list(columns), list(columns.values()), scheme, Found(name), options=told)
    except TableInvalid as error:
        raise TableInvalid([_placed(problem, filled, by) for problem in error.problems]) from None
    doubts = tuple(_placed(problem, filled, by) for problem in table.doubts)
    return evolve(
        table,
        doubts=doubts,
        origin=FormsOrigin(name, signs=table.origin.signs, unit_list=table.origin.unit_list, filled=tuple(filled)),
    )


def _figure(value: Any, given: Input) -> Any:
    if given.kind is InputKind.CHOICE and isinstance(value, str):
        return case_meant(value, given.cases)
    return figure_of(value)


def _asked(keys: Iterable[str]) -> Iterator[str]:
    ending = "@number"
    return (key.removesuffix(ending) for key in keys if key.endswith(ending))


def _evidence(one: Filled, row: str) -> Any:
    """Return what a unit shows for a criterion, its parts in a line; empty where no part shows anything."""
    values = {part: word_of(one.value(f"{row}@{part}")) for part in PARTS}
    unfit = next((value for value in values.values() if isinstance(value, Unfit)), None)
    if unfit is not None:
        return unfit
    if not any(is_shown(values[part]) for part in _SHOW):
        return ""
    return ", ".join(clean(values[part]) for part in PARTS if is_shown(values[part]))


def _placed(problem: Problem, filled: Sequence[Filled], by: str) -> Problem:
    """Return a problem of the table with the place of the cell in the unit's form."""
    at, cell = problem.where.line, problem.where.cell
    if not 1 <= at <= len(filled):
        return problem
    return evolve(problem, where=filled[at - 1].place("pool" if cell == by else cell))


def _claims(one: Filled, scheme: Scheme) -> Iterator[FormClaim]:
    """Yield the claims of one unit."""
    who = {"unit": one.unit.code, "name": one.unit.name, "by": one.text("@by"), "when": one.text("@date")}
    rows = {row.code for row in scheme.rows() if isinstance(row, Indicator)}
    proved: set[str] = set()
    for given in scheme.inputs:
        row = given.owner if given.owner in rows else ""
        proved.add(row)
        yield FormClaim(
            code=given.code,
            row=row,
            value=_figure_text(one, given),
            remark=one.text(f"{given.code}@remark") or one.text(f"{row}@remark"),
            where=one.place(given.code),
            **who,
            **_proof(one, row),
        )
    for row in dict.fromkeys(_asked(one.cells)):
        if row not in proved:
            key = f"{row}.evidence"
            yield FormClaim(
                code=key,
                row=row,
                value="",
                remark=one.text(f"{row}@remark"),
                where=one.place(key),
                **who,
                **_proof(one, row),
            )


def _figure_text(one: Filled, given: Input) -> str:
    text = one.text(given.code)
    return case_meant(text, given.cases) if given.kind is InputKind.CHOICE else text


def _proof(one: Filled, row: str) -> dict[str, str]:
    return {part: one.text(f"{row}@{part}") for part in PARTS}
