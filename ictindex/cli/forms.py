"""`form`: a workbook that units fill in."""

from __future__ import annotations

import argparse
import csv
import io
from typing import Any

from ictindex import api, collecting
from ictindex.cli.files import keep, named
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, progress, tell, tell_written, write
from ictindex.errors import Problem, WrongUse
from ictindex.messages import in_language, say


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("form", _form)
    command.set_defaults(form_language=commands.stated or "vi")
    commands.scheme(command)
    told = say("a CSV file with the units' codes and names, of which each form is for one")
    command.add_argument("--units", default="", metavar="LIST", help=words(told))
    told = say("the day of the list, such as 2025-07-01; without it whoever is still on it")
    command.add_argument("--on", default="", metavar="DAY", help=words(told))
    several = command.add_mutually_exclusive_group()
    told = say("the unit that the form is for: its code and its name")
    several.add_argument("--unit", nargs=2, metavar=("CODE", "NAME"), help=words(told))
    told = say("write a form for each unit of the list into the folder FILE")
    several.add_argument("--each", action="store_true", help=words(told))
    told = say("one form with a column for each unit of the list")
    several.add_argument("--many", action="store_true", help=words(told))
    told = say("print which cells the form has, as CSV, for programs that fill it in")
    several.add_argument("--cells", action="store_true", help=words(told))
    told = say("write over files that are there already, even over forms that are filled in")
    command.add_argument("--replace", action="store_true", help=words(told))
    commands.output(command)


def _form(options: argparse.Namespace) -> int:
    keep(options.output, options.scheme, options.units)
    wishes: dict[str, Any] = {"units": options.units or None, "on": options.on or None}
    wishes["language"] = options.form_language
    plan = api.compile_scheme(options.scheme, variant=options.variant)
    if options.each:
        _each(plan, options, wishes)
    elif options.cells:
        _cells(plan, options, wishes)
    else:
        path = named(options.output)
        wishes |= {"unit": options.unit, "many": options.many, "replace": options.replace}
        with progress(say("writing"), options.lang):
            content = collecting.write_form(plan, path, **wishes)
        if path is None:
            write(content, "-")
        else:
            tell_written(path, options.lang)
    if options.units:
        tell(collecting.form_doubts(plan, units=options.units, on=options.on or None), FINE, options.lang)
    return FINE


def _each(plan: Any, options: argparse.Namespace, wishes: dict[str, Any]) -> None:
    """Write a form for each unit into a folder, and say how many."""
    if options.output == "-" or not options.units:
        message = say("forms for each unit need the list of the units and a folder")
        raise WrongUse(Problem("U185", message, hint=say("name them: --units LIST --each -o FOLDER")))
    with progress(say("writing"), options.lang):
        written = collecting.write_forms(plan, options.output, replace=options.replace, **wishes)
    told = say("{count} forms are in {folder}", count=len(written), folder=options.output)
    write(in_language(told, options.lang), "-")


def _cells(plan: Any, options: argparse.Namespace, wishes: dict[str, Any]) -> None:
    """Write which cells a form has, as CSV."""
    with progress(say("writing"), options.lang):
        content = collecting.write_form(plan, **wishes)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(collecting.cell_lines(collecting.form_cells(content)))
    write(out.getvalue(), options.output, options.lang)
