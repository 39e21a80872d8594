"""`pending`: what can still change a ranking while figures are open, and which claims to verify first.

Problems: U262 a table that nobody verified anything of, and a round in which somebody did.
"""

from __future__ import annotations

import argparse
from typing import Any

from ictindex import api, questions, yearly
from ictindex.cli.answers import add_printing, print_answer
from ictindex.cli.files import keep, read_table
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, progress
from ictindex.cli.tracks import add_tracks, read_round, scored
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say

SHOWN = 20
"""So many lines of each list are printed without --all."""


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("pending", _pending)
    commands.scheme(command)
    commands.table(command)
    told = say("the total whose ranks are meant; without it the first")
    command.add_argument("--total", default="", metavar="CODE", help=words(told))
    told = say("list everything that can change something, not only the first {count} of each list", count=SHOWN)
    command.add_argument("--all", action="store_true", help=words(told))
    told = say("TABLE is what was declared, and nobody has verified anything yet")
    command.add_argument("--declared", action="store_true", help=words(told))
    add_tracks(commands, command)
    add_printing(commands, command)


def _pending(options: argparse.Namespace) -> int:
    keep(options.output, options.scheme, options.table, options.round)
    plan = api.compile_scheme(options.scheme, variant=options.variant)
    found = None
    if options.declared:
        result, found = _declared(plan, options)
    elif options.track or options.round:
        options.alone = True  # what was declared is one of the outcomes already
        found = read_round(plan, options)
        result = scored(plan, options, found=found)
    else:
        result = scored(plan, options)
    with progress(say("looking at what is open"), options.lang):
        answer = questions.pending(result, found, code=options.total, shown=None if options.all else SHOWN)
    print_answer(answer, options)
    return FINE


def _declared(plan: Any, options: argparse.Namespace) -> tuple[Any, Any]:
    """Return the result of a declared table of which nobody verified anything, and its round."""
    if options.track or options.round:
        message = say("`--declared` is about a table without a round")
        raise WrongUse(Problem("U262", message, hint=say("leave it out: the round says what was verified")))
    found = yearly.read_round(read_table(options.table, plan, options), scheme=plan, forms=options.table)
    return api.score(plan, found.table("final", beside=False)), found
