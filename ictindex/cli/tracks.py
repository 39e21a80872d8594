"""The options that ask for a track of a round, and the table that they mean."""

from __future__ import annotations

import argparse
from typing import Any

from attrs import evolve

from ictindex import api, yearly
from ictindex.cli.files import quietly_read, read_once, read_table, source_of, tell_doubts
from ictindex.cli.parser import Commands
from ictindex.cli.printing import progress
from ictindex.errors import Problem, TableInvalid, WrongUse
from ictindex.messages import say

TRACKS = ("declared", "verified", "final")
UNVERIFIED = ("declared", "missing", "refuse")
WITHOUT_EVIDENCE = ("zero", "flag", "refuse")


def add_round(commands: Commands, parser: argparse.ArgumentParser) -> None:
    """Add the option --round, for commands that take a declared table or a round."""
    told = say("what happened to the figures of TABLE since they were declared (CSV, Excel or JSON lines); - for stdin")
    parser.add_argument("--round", default="", metavar="FILE", help=commands.words(told))


def add_tracks(commands: Commands, parser: argparse.ArgumentParser) -> None:
    """Add the options of commands that score a track."""
    words = commands.words
    add_round(commands, parser)
    told = say("score what was declared, verified or is final; TABLE is a round, or the declared table of --round")
    parser.add_argument("--track", choices=TRACKS, default="", help=words(told))
    told = say("what a figure counts as that nobody verified: as declared (without it), missing, or refuse")
    parser.add_argument("--unverified", choices=UNVERIFIED, default="", help=words(told))
    told = say(
        "without its evidence a criterion scores: zero (without it), flag or refuse, where the scheme says nothing"
    )
    parser.add_argument("--without-evidence", choices=WITHOUT_EVIDENCE, default="", help=words(told))
    told = say("score the track alone, not the declared figures beside it")
    parser.add_argument("--alone", action="store_true", help=words(told))


def scored(plan: Any, options: argparse.Namespace, reference: Any = None, *, found: Any = None) -> Any:
    """Return the result of the table that the options of `add_tracks` mean; `found` is the round, where it is read.

    Where what was declared cannot be scored beside it, the problems end with the way to score without it.
    """
    table = read_scored(plan, options, found)
    try:
        return api.score(plan, table, reference=reference, keep="all")
    except TableInvalid as error:
        beside = bool(options.track or options.round) and table.declared is not None
        if not beside or not all(one.where.cell.endswith(".self") for one in error.problems):
            raise
        message = say("this is wrong with what was declared, which is scored beside the track")
        more = Problem("U191", message, hint=say("mend it, or add --alone to score the track without it"))
        raise TableInvalid([*error.problems, more]) from None


def read_scored(plan: Any, options: argparse.Namespace, found: Any = None) -> Any:
    """Return the table that the options of `add_tracks` mean: TABLE itself, or a track of a round."""
    if not (options.track or options.round):
        for name in ("unverified", "without_evidence", "alone"):
            if getattr(options, name):
                option = f"--{name.replace('_', '-')}"
                message = say("{option} is about a round, and no round is given", option=option)
                raise WrongUse(Problem("U191", message, hint=say("give --track, or --round FILE")))
        return read_table(options.table, plan, options)
    found = read_round(plan, options) if found is None else found
    with progress(say("reading {file}", file=options.round or options.table), options.lang):
        table = found.table(
            options.track or "final",
            unverified=options.unverified or "declared",
            without_evidence=options.without_evidence or "zero",
            beside=not options.alone,
        )
    if not options.no_doubts:
        table = evolve(table, doubts=api.check_table(table, scheme=plan))
        tell_doubts(table.doubts, options)
    return table


def read_round(plan: Any, options: argparse.Namespace) -> Any:
    """Return the round in TABLE, or in --round FILE beside the declared TABLE."""
    read_once(options.table, options.round)
    if not options.round and options.table != "-" and not yearly.holds_events(options.table):
        table = quietly_read(options.table, plan, options, doubts=False)
        return yearly.read_round(table, scheme=plan, forms=options.table)
    source = options.round or options.table
    stream = source_of(source)
    declared = quietly_read(options.table, plan, options, doubts=False) if options.round else None
    forms = options.table if options.round and options.table != "-" else None
    with progress(say("reading {file}", file=source), options.lang):
        return yearly.read_round(stream, scheme=plan, declared=declared, forms=forms, decimal=options.decimal)
