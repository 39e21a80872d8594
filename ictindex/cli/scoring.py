"""`score`: a scheme and a table to a ranking."""

from __future__ import annotations

import argparse
from typing import Any

from ictindex import api
from ictindex.cli.blocks import add_blocks, check_keep
from ictindex.cli.files import keep, named, read_reference
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, progress, write
from ictindex.cli.tracks import add_tracks, scored
from ictindex.cli.workers import add_engine
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("score", _score)
    commands.scheme(command)
    commands.table(command)
    told = say("table, csv, json, excel or another; without it the ending of FILE decides, else table")
    command.add_argument("--format", default="", help=words(told))
    told = say("in a workbook, explain this unit on a sheet of its own, or `all`; may be given again")
    command.add_argument("--sheet-of", action="append", default=[], metavar="UNIT", help=words(told))
    add_tracks(commands, command)
    told = say("use what this table's units teach (lowest, highest, ...), not the scored ones'")
    command.add_argument("--reference", default="", metavar="TABLE", help=words(told))
    add_engine(commands, command)
    add_blocks(commands, command)
    commands.output(command)


def _score(options: argparse.Namespace) -> int:
    if options.engine:
        from ictindex.cli.engines import scored_by_engine

        return scored_by_engine(options)
    _check_files(options)
    plan = api.compile_scheme(options.scheme, variant=options.variant)
    if options.block is not None:
        from ictindex.cli.streaming import score_blocks

        return score_blocks(plan, options)
    result = scored(plan, options, read_reference(plan, options))
    with progress(say("writing"), options.lang):
        form = _form(options)
        content = form.write(result.keeping(options.keep))
    write(content, options.output, options.lang, units=len(result.units))
    return FINE


def _form(options: argparse.Namespace) -> Any:
    """Return the format that the options ask for."""
    output, units = named(options.output), options.sheet_of
    return api.result_format(output, format=options.format, language=options.lang, units=units)


def _check_files(options: argparse.Namespace) -> None:
    """Raise WrongUse or UnknownName where the files cannot be meant so, before any work is done."""
    check_keep(_form(options), options)
    if options.table == options.reference == "-":
        message = say("both tables are standard input")
        raise WrongUse(Problem("U115", message, hint=say("write one of them to a file")))
    keep(options.output, options.scheme, options.table, options.reference, options.round, options.mapping)
