"""`explain`: a scheme and a table to the reasons of one unit's score."""

from __future__ import annotations

import argparse

from ictindex import api
from ictindex.cli.answers import check_printing, print_answer
from ictindex.cli.files import keep
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE
from ictindex.cli.tracks import add_tracks, scored
from ictindex.messages import say

_EXPLAINED = ("tree", "markdown", "json", "csv", "csv-vi", "excel")
"""What an explanation can be printed as."""


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("explain", _explain)
    commands.scheme(command)
    commands.table(command)
    command.add_argument("unit", metavar="UNIT", help=words(say("the unit's code or name, as in the table")))
    told = say("a row of the scheme; without it, everything")
    command.add_argument("code", metavar="CODE", nargs="?", default="", help=words(told))
    told = say(
        "tree, markdown, json, excel, or csv and csv-vi (a line for each row, with what it contributes to the total); "
        "without it the ending of FILE decides, else tree"
    )
    command.add_argument("--format", choices=_EXPLAINED, default="", help=words(told))
    told = say("say at each row of the tree where it and its numbers come from, and list the sources")
    command.add_argument("--sources", action="store_true", help=words(told))
    add_tracks(commands, command)
    commands.output(command)
    check_printing(command)


def _explain(options: argparse.Namespace) -> int:
    keep(options.output, options.scheme, options.table, options.round)
    plan = api.compile_scheme(options.scheme, variant=options.variant)
    result = scored(plan, options)
    explanation = api.explain(result, options.unit, code=options.code)
    options.format = "text" if options.format == "tree" else options.format
    print_answer(explanation.with_sources() if options.sources else explanation, options)
    return FINE
