"""Filled-in forms to one table: what each unit says, with the place of every figure in its own file.

Problems beside those of `filled`: T134 forms in which nothing is filled in, T140 (a warning) units of the form's list
that sent none, T141 (a warning) a unit whose column in a form for many is empty, T142 (a warning) a form without a
figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import evolve, field, frozen

from ictindex.answers import is_shown
from ictindex.assembling import ReadOptions, assemble_columns
from ictindex.cells import Unfit, clean, fold, shown
from ictindex.errors import Location, Problem, Severity, TableInvalid
from ictindex.findings import Found
from ictindex.formats import source_name
from ictindex.formats.excel.values import figure_of, word_of
from ictindex.forms.entries import case_meant
from ictindex.forms.filled import Filled, asked_rows, filled_in, is_empty_column
from ictindex.forms.opening import Opened, open_forms
from ictindex.forms.words import PARTS
from ictindex.messages import say
from ictindex.model import Input, InputKind, Scheme
from ictindex.origins import Origin
from ictindex.table import Table

_TWICE = ("T031", "T098")
"""What a table says of a unit that stands twice: of forms it is told with their files."""

_SHOW = ("number", "title", "link")
"""The parts of evidence of which one is enough to have shown it."""


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


def read_forms(source: Any, scheme: Scheme, options: ReadOptions | None = None) -> Table:
    """Return the table of a filled-in form, or of all forms in a folder.

    What looks wrong, such as files that are not read and units of the form's own list without a form, becomes the
    table's doubts. Raises TableInvalid with every problem of every form.
    """
    opened = open_forms(source)
    filled, problems = filled_in(opened, scheme)
    warnings = [*opened.warnings, *_empty(filled)]
    filled = [one for one in filled if not is_empty_column(one)]
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


def _empty(filled: Sequence[Filled]) -> Iterator[Problem]:
    """Yield what is empty: a column of a form for many, which is left out, or a whole form, which counts."""
    for one in filled:
        where, unit = Location(one.form.source), shown(one.unit.label)
        if is_empty_column(one):
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
    for row in dict.fromkeys(asked_rows(keys)):
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
    if problem.code == "T097" and problem.severity is Severity.ERROR:  # a table would need lines
        return evolve(
            problem, hint=say("add the forms of these units, or leave out `complete` (--complete) until they come")
        )
    if not 1 <= at <= len(filled):
        return problem
    return evolve(problem, where=filled[at - 1].place("pool" if cell == by else cell))
