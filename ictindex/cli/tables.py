"""`table`: what is wrong with a table, what looks wrong in it, and the table in another format."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from typing import Any

import numpy as np

from ictindex import api
from ictindex.cells import CellState
from ictindex.cli.files import keep, named, quietly_read
from ictindex.cli.parser import Commands
from ictindex.cli.printing import harmless, progress, write
from ictindex.cli.reporting import Checked, as_data, print_text
from ictindex.errors import IctIndexError, Problem, TableInvalid, UnknownName, WrongUse
from ictindex.messages import in_language, joined, say
from ictindex.plan import Plan
from ictindex.table import Column, Table


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("table", _table)
    commands.scheme(command)
    commands.table(command)
    told = say("last year's table of the same units: jumps against it are doubted")
    command.add_argument("--previous", default="", metavar="TABLE", help=words(told))
    told = say("the scheme of last year's table, where it is another edition")
    command.add_argument("--previous-scheme", default="", metavar="SCHEME", help=words(told))
    told = say("end with exit code 1 where anything is doubtful too")
    command.add_argument("--strict", action="store_true", help=words(told))
    told = say("text (without it), or json: as `check` gives it, and `table` with what was read")
    command.add_argument("--format", choices=("text", "json"), default="text", help=words(told))
    told = say("write the table to FILE, in the format of its ending; - for CSV on standard output")
    command.add_argument("-o", "--output", metavar="FILE", default="", help=words(told))
    told = say("write it in this format, such as csv-vi for an Excel with Vietnamese settings")
    command.add_argument("--as", dest="written_as", metavar="FORMAT", default="", help=words(told))


def _table(options: argparse.Namespace) -> int:
    _check_use(options)
    plan = api.compile_scheme(options.scheme, variant=options.variant)
    table: Table | None = None
    try:
        table = _read(plan, options)
        problems = (*_refused(plan, table), *table.doubts)
        found = Checked(options.table, problems, doubts="no" if options.no_doubts else "yes")
    except (UnknownName, WrongUse):
        raise
    except IctIndexError as error:
        found = Checked(options.table, error.problems, doubts="no" if options.no_doubts else "yet")
    if table is not None and options.output:
        with progress(say("writing"), options.lang):
            content = api.write_table(table, scheme=plan, format=_format(options))
        write(content, options.output, options.lang, units=len(table))
    # Where the table itself goes to standard output, what is said of it must not.
    out = sys.stderr if options.output == "-" else sys.stdout
    if options.format == "json":
        plain = {**as_data([found], options.lang), "table": None if table is None else _summary(table)}
        print(harmless(json.dumps(plain, ensure_ascii=False, indent=1)), file=out)
    else:
        for line in _told(table) if table is not None else ():
            print(harmless(f"{options.table}: {in_language(line, options.lang)}"), file=out)
        print_text(found, options.lang, options.max_problems, out)
    return found.code(strict=options.strict)


def _check_use(options: argparse.Namespace) -> None:
    """Raise WrongUse or UnknownName where the files cannot be meant so, before any work is done."""
    if options.output:
        _format(options)
        sources = (options.table, options.previous, options.previous_scheme, options.mapping)
        keep(options.output, options.scheme, *sources)
    elif options.written_as:
        message = say("--as is said of no file")
        raise WrongUse(Problem("U160", message, hint=say("name the file with -o FILE, or - for standard output")))
    if options.table == options.previous == "-":
        message = say("both tables are standard input")
        raise WrongUse(Problem("U115", message, hint=say("write one of them to a file")))
    if options.previous_scheme and not options.previous:
        message = say("--previous-scheme is said of no table")
        raise WrongUse(Problem("U195", message, hint=say("name last year's table with --previous TABLE")))


def _format(options: argparse.Namespace) -> str:
    return str(api.table_format(named(options.output), format=options.written_as).name)


def _read(plan: Plan, options: argparse.Namespace) -> Table:
    """Return the table with its doubts. Raises TableInvalid with everything that is wrong in it, or in last year's."""
    previous, before = None, plan
    if options.previous:
        if options.previous_scheme:
            before = api.compile_scheme(options.previous_scheme)
        # Last year's units may be others than those of today's list.
        previous = quietly_read(options.previous, before, options, doubts=False, units=None, on=None, complete=False)
    table: Table = quietly_read(options.table, plan, options, previous=previous, previous_scheme=before)
    return table


def _refused(plan: Plan, table: Table) -> tuple[Problem, ...]:
    """Return the cells that scoring would refuse: figures that the scheme wants and the table lacks."""
    try:
        api.score(plan, table)
    except TableInvalid as error:
        return error.problems
    return ()


def _summary(table: Table) -> dict[str, Any]:
    """Return what was read, as plain data: units, columns, cells by their state, the sign before decimals."""
    states = Counter(dict.fromkeys(CellState, 0))
    for key, column in table.columns.items():
        if not key.endswith(".excluded"):  # there an empty cell says that nothing is left out
            counted = np.zeros(1, np.intp) if column.states is None else np.bincount(column.states, minlength=3)
            states.update({state: int(counted[state]) for state in CellState if state < len(counted)})
            states[CellState.REPORTED] += len(column) if column.states is None else 0
    signs = {table.origin.signs[key] for key, column in table.columns.items() if _has_decimals(table, key, column)}
    return {
        "units": len(table),
        "columns": list(table.columns),
        "evidence": list(table.evidence),
        "reported": states[CellState.REPORTED],
        "missing": states[CellState.MISSING],
        "not_applicable": states[CellState.NOT_APPLICABLE],
        "decimals": sorted(signs),
        "pools": len(set(table.pool or ())),
        "sheet": table.origin.sheet or None,
        "unit_list": table.origin.unit_list or None,
    }


def _has_decimals(table: Table, key: str, column: Column) -> bool:
    return key in table.origin.signs and column.decimals != 0


def _told(table: Table) -> list[str]:
    """Return in two lines what was read."""
    facts = _summary(table)
    size = say(
        "units: {units}, columns of figures: {columns}, of evidence: {evidence}",
        units=facts["units"],
        columns=len(facts["columns"]),
        evidence=len(facts["evidence"]),
    )
    pools = say("pools: {count}", count=facts["pools"]) if facts["pools"] else ""
    sheet = say("sheet: {name}", name=facts["sheet"]) if facts["sheet"] else ""
    listed = say("list of units: {name}", name=facts["unit_list"]) if facts["unit_list"] else ""
    cells = say(
        "cells with a figure: {reported}, missing: {missing}, not applicable: {other}",
        reported=facts["reported"],
        missing=facts["missing"],
        other=facts["not_applicable"],
    )
    signs = {("point",): say("decimal point"), ("comma",): say("decimal comma")}
    both = say("decimal point and comma, by column") if len(facts["decimals"]) > 1 else ""
    typed = say("no decimals") if table.origin.signs else ""  # the numbers of a workbook show no sign
    sign = signs.get(tuple(facts["decimals"]), both or typed)
    return [joined((size, pools, sheet, listed), by="; "), joined((cells, sign), by="; ")]
