"""`headroom` and `whatif`: where a unit's points are lost, and what would be if some figures were others.

Problems: U217 there is nothing to change.
"""

from __future__ import annotations

import argparse

from ictindex import api, questions
from ictindex.cli.answers import add_printing, print_answer
from ictindex.cli.files import keep, read_once, source_of
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, progress
from ictindex.cli.tracks import add_tracks, scored
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say


def add(commands: Commands) -> None:
    """Add the commands."""
    words = commands.words
    command = commands.add("headroom", _headroom)
    commands.scheme(command)
    commands.table(command)
    command.add_argument("unit", metavar="UNIT", help=words(say("the unit's code or name, as in the table")))
    told = say("the row at which losses are counted; without it, the first total")
    command.add_argument("--total", default="", metavar="CODE", help=words(told))
    add_tracks(commands, command)
    add_printing(commands, command)

    command = commands.add("whatif", _whatif)
    commands.scheme(command)
    commands.table(command)
    told = say("a CSV file or sheet of changes, with the columns unit, code and value; - for CSV on stdin")
    command.add_argument("changes", metavar="CHANGES", nargs="?", default="", help=words(told))
    told = say(
        "change one figure, such as tp-hue:A=45; the value as in a table, nothing for missing; may be given again"
    )
    command.add_argument("--set", action="append", default=[], dest="sets", metavar="UNIT:CODE=VALUE", help=words(told))
    add_tracks(commands, command)
    add_printing(commands, command)


def _headroom(options: argparse.Namespace) -> int:
    keep(options.output, options.scheme, options.table, options.round)
    result = scored(api.compile_scheme(options.scheme, variant=options.variant), options)
    with progress(say("combining the rows again"), options.lang):
        answer = questions.headroom(result, options.unit, code=options.total)
    print_answer(answer, options)
    return FINE


def _whatif(options: argparse.Namespace) -> int:
    keep(options.output, options.scheme, options.table, options.round, options.changes)
    if not options.changes and not options.sets:
        hint = say("name a file of changes, or change a figure with --set UNIT:CODE=VALUE")
        raise WrongUse(Problem("U217", say("there is nothing to change"), hint=hint))
    read_once(options.changes, options.table, options.round)
    result = scored(api.compile_scheme(options.scheme, variant=options.variant), options)
    changes = source_of(options.changes) if options.changes else ()
    with progress(say("scoring the changed table"), options.lang):
        answer = questions.whatif(result, changes, sets=options.sets)
    print_answer(answer, options)
    return FINE
