"""`round`: how far the yearly round is, what became of one unit's figures, and the table of a track."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from ictindex import api, yearly
from ictindex.cli.files import keep, named
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, write
from ictindex.cli.tracks import TRACKS, UNVERIFIED, add_round, read_round
from ictindex.errors import Problem, WrongUse
from ictindex.messages import in_language, say
from ictindex.pages import grid


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("round", _round)
    commands.scheme(command)
    commands.table(command, needed=False)
    add_round(commands, command)
    told = say("one unit, its code or name: what became of each of its figures")
    command.add_argument("--unit", default="", metavar="UNIT", help=words(told))
    told = say("write the table of a track instead, as `score --track` scores it; -o FILE says in which format")
    command.add_argument("--track", choices=TRACKS, default="", help=words(told))
    told = say("what a figure counts as that nobody verified: as declared (without it), missing, or refuse")
    command.add_argument("--unverified", choices=UNVERIFIED, default="declared", help=words(told))
    told = say("list the reasons for which a declared figure may be changed")
    command.add_argument("--reasons", action="store_true", help=words(told))
    told = say("how to print the state")
    command.add_argument("--format", choices=("table", "json"), default="", help=words(told))
    commands.output(command)


def _round(options: argparse.Namespace) -> int:
    keep(options.output, options.scheme, options.table, options.round)
    plan = api.compile_scheme(options.scheme, variant=options.variant)
    if options.reasons:
        return _reasons(plan, options)
    if not options.table:
        message = say("no table is named")
        hint = say("name the declared TABLE with --round FILE, or a round that has the declarations too")
        raise WrongUse(Problem("U193", message, hint=hint))
    found = read_round(plan, options)
    if options.track:
        if options.unit or options.format:
            message = say("`--track` writes a table of all units, not the state of the round")
            raise WrongUse(Problem("U192", message, hint=say("leave out --unit and --format, or --track")))
        table = found.table(options.track, unverified=options.unverified, beside=False)
        form = api.table_format(named(options.output))
        write(form.write_table(table, plan.scheme), options.output, options.lang, units=len(table))
        return FINE
    report = yearly.round_report(found, unit=options.unit)
    if _as_data(options):
        write(json.dumps(report.to_dict(options.lang), ensure_ascii=False, indent=1), options.output, options.lang)
    else:
        write(report.told(options.lang), options.output, options.lang)
    return FINE


def _reasons(plan: Any, options: argparse.Namespace) -> int:
    found = yearly.reasons(plan)
    if _as_data(options):
        told = [{"code": one.code, "words": in_language(one.name, options.lang)} for one in found]
        write(json.dumps(told, ensure_ascii=False, indent=1), options.output, options.lang)
    else:
        header = [in_language(word, options.lang) for word in (say("code"), say("reason"))]
        write(grid(header, [[one.code, in_language(one.name, options.lang)] for one in found]), options.output)
    return FINE


def _as_data(options: argparse.Namespace) -> bool:
    return bool(options.format == "json" or (not options.format and Path(options.output).suffix.lower() == ".json"))
