"""`statistics`: do the indicators of a scheme tell units apart, and what do they weigh in effect?"""

from __future__ import annotations

import argparse

from ictindex import api, questions
from ictindex.cli.answers import add_printing, print_answer
from ictindex.cli.files import keep
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, progress
from ictindex.cli.tracks import add_tracks, scored
from ictindex.cli.workers import add_workers, working
from ictindex.messages import say


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("statistics", _statistics)
    commands.scheme(command)
    commands.table(command)
    told = say("the total that is looked into; without it the first")
    command.add_argument("--total", default="", metavar="CODE", help=words(told))
    told = say("only what stands below this group")
    command.add_argument("--group", default="", metavar="CODE", help=words(told))
    told = say("only the units of this pool; without it all of them together")
    command.add_argument("--pool", default="", metavar="NAME", help=words(told))
    add_workers(commands, command)
    add_tracks(commands, command)
    add_printing(commands, command)


def _statistics(options: argparse.Namespace) -> int:
    keep(options.output, options.scheme, options.table, options.round)
    plan = api.compile_scheme(options.scheme, variant=options.variant)
    result = scored(plan, options)
    with working(options) as executor, progress(say("comparing indicators"), options.lang):
        answer = questions.indicator_statistics(
            result, code=options.total, group=options.group, pool=options.pool, executor=executor
        )
    print_answer(answer, options)
    return FINE
