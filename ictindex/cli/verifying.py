"""`verify`: is a written result still what was scored, and what differs first where it is not."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from typing import Any

from ictindex import verifying
from ictindex.cli.files import keep, quietly_read, read_once
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, PROBLEMS, progress, write
from ictindex.cli.tracks import add_round, read_scored
from ictindex.errors import Problem, TableInvalid, WrongUse
from ictindex.messages import say


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("verify", _verify)
    told = say("a result that was written as csv, json, jsonl, excel, parquet or arrow")
    command.add_argument("result", metavar="RESULT", help=words(told))
    commands.table(command, option=True)
    add_round(commands, command)
    told = say("the table whose units taught what the scored ones were measured by, if there was one")
    command.add_argument("--reference", default="", metavar="TABLE", help=words(told))
    told = say("the scheme or overlay to compare with; without it the installed one that the result names")
    command.add_argument("--scheme", default=None, metavar="SCHEME", help=words(told))
    told = say("how to print the answer")
    command.add_argument("--format", choices=("text", "json"), default="text", help=words(told))
    commands.output(command)


def _verify(options: argparse.Namespace) -> int:
    _check(options)
    with progress(say("reading {file}", file=options.result), options.lang):
        written = verifying.read_result(sys.stdin.buffer if options.result == "-" else options.result)
    answer = verifying.verify_written(
        written,
        scheme=options.scheme,
        table=(lambda plan: _table(written, plan, options)) if options.table else None,
        reference=(lambda plan: _reference(plan, options)) if options.reference else None,
    )
    if options.format == "json":
        write(json.dumps(answer.to_dict(options.lang), ensure_ascii=False, indent=1), options.output, options.lang)
    else:
        write(answer.told(options.lang, most=options.max_problems), options.output, options.lang)
    return FINE if answer.same else PROBLEMS


def _table(written: Any, plan: Any, options: argparse.Namespace) -> Any:
    """Return the table; of a round, the track that the result's receipt names."""
    stated = written.receipt["options"]
    options.no_doubts = True
    options.track = stated.get("track", "") if options.round or "unverified" in stated else ""
    options.unverified = stated.get("unverified", "")
    options.without_evidence = stated.get("without_evidence", "")
    options.alone = bool(options.track) and not any(name.endswith("score.self") for name in written.columns)
    try:
        return read_scored(plan, options)
    except TableInvalid as error:
        if options.round or not options.track or error.problems[0].code != "T150":
            raise
        with contextlib.suppress(TableInvalid):  # what was declared: the answer is that the round is not given
            return quietly_read(options.table, plan, options, doubts=False)
        raise


def _reference(plan: Any, options: argparse.Namespace) -> Any:
    return quietly_read(options.reference, plan, options, doubts=False)


def _check(options: argparse.Namespace) -> None:
    """Raise WrongUse where the files cannot be meant so, before any work is done."""
    keep(options.output, options.result, options.table, options.reference, options.scheme or "", options.round)
    for name in ("round", "reference"):
        if getattr(options, name) and not options.table:
            told = say("--{option} is about a table, and none is named", option=name)
            raise WrongUse(Problem("U172", told, hint=say("give --table TABLE")))
    read_once(options.result, options.table, options.reference, options.round)
