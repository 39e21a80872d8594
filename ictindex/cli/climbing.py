"""`climb`: what a unit can do to reach a rank, a level or a score, with the least effort.

Problems: U236 an option is about a file of efforts and none is given; U237 one is about last year's table and none is.
"""

from __future__ import annotations

import argparse

from attrs import evolve

from ictindex import api, questions
from ictindex.cli.answers import add_printing, print_answer
from ictindex.cli.files import keep, quietly_read, read_once, source_of
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, progress
from ictindex.cli.tracks import add_tracks, scored
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("climb", _climb)
    commands.scheme(command)
    commands.table(command)
    command.add_argument("unit", metavar="UNIT", help=words(say("the unit's code or name, as in the table")))
    goals = command.add_mutually_exclusive_group()
    told = say("climb so many ranks (1 where no goal is given)")
    goals.add_argument("--ranks", type=commands.number, metavar="N", help=words(told))
    goals.add_argument("--to-rank", type=commands.number, metavar="N", help=words(say("climb to this rank")))
    goals.add_argument("--to-level", metavar="LEVEL", help=words(say("climb to this level, or a better one")))
    told = say("climb to this score, as it is published")
    goals.add_argument("--to-score", metavar="SCORE", help=words(told))
    told = say("the row that the goal is about; without it, the first total")
    command.add_argument("--total", default="", metavar="CODE", help=words(told))
    told = say("a CSV file or sheet of what criteria take: code, effort, feasible, at most, unit")
    command.add_argument("--efforts", default="", metavar="FILE", help=words(told))
    told = say("nothing can be done at criteria that the file of efforts does not name")
    command.add_argument("--only-listed", action="store_true", help=words(told))
    told = say("tell all next moves, not only those that bring most for their effort")
    command.add_argument("--all", action="store_true", help=words(told))
    told = say("last year's table: what if rivals move once more as they did since then")
    command.add_argument("--previous", default="", metavar="TABLE", help=words(told))
    told = say("the scheme of last year's table, if it is another: an id or a YAML file")
    command.add_argument("--previous-scheme", default="", metavar="SCHEME", help=words(told))
    add_tracks(commands, command)
    add_printing(commands, command)


def _climb(options: argparse.Namespace) -> int:
    read = (options.scheme, options.table, options.round, options.efforts, options.previous, options.previous_scheme)
    keep(options.output, *read)
    _check(options)
    plan = api.compile_scheme(options.scheme, variant=options.variant)
    efforts = questions.read_efforts(source_of(options.efforts), scheme=plan) if options.efforts else None
    if efforts is not None and options.only_listed:
        efforts = evolve(efforts, only_listed=True)
    result = scored(plan, options)
    previous = None
    if options.previous:
        before = api.compile_scheme(options.previous_scheme) if options.previous_scheme else plan
        # Last year's units may be others than those of today's list.
        told = {"doubts": False, "units": None, "on": None, "complete": False}
        previous = api.score(before, quietly_read(options.previous, before, options, **told))
    with progress(say("looking for the least effort"), options.lang):
        answer = questions.climb(
            result,
            options.unit,
            ranks=options.ranks,
            to_rank=options.to_rank,
            to_level=options.to_level,
            to_score=options.to_score,
            code=options.total,
            efforts=efforts,
            previous=previous,
        )
    print_answer(evolve(answer, shown=None) if options.all else answer, options)
    return FINE


def _check(options: argparse.Namespace) -> None:
    """Raise WrongUse where the options cannot be meant so, before any work is done."""
    if options.previous_scheme and not options.previous:
        message = say("--previous-scheme is said of no table")
        raise WrongUse(Problem("U237", message, hint=say("name last year's table with --previous TABLE")))
    if options.only_listed and not options.efforts:
        message = say("--only-listed is said of no file of efforts")
        raise WrongUse(Problem("U236", message, hint=say("name the file with --efforts FILE")))
    read_once(options.table, options.round, options.efforts, options.previous)
