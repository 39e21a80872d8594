"""`check` and `schema`: what is wrong with scheme documents, and their grammar for editors."""

from __future__ import annotations

import argparse
import json
import sys

from ictindex import api
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, PROBLEMS, WRONG_USE, harmless, tell, write
from ictindex.errors import Severity, UnknownName
from ictindex.messages import say


def add(commands: Commands) -> None:
    """Add the commands."""
    words = commands.words
    told = say("report every problem of scheme documents")
    command = commands.add("check", _check, told, example="ictindex check my-scheme.yaml")
    told = say("a YAML file, or the id of an installed scheme")
    command.add_argument("files", metavar="FILE", nargs="+", help=words(told))

    told = say("print the JSON Schema of scheme documents")
    command = commands.add("schema", _schema, told, example="ictindex schema -o scheme.schema.json")
    commands.output(command)


def _check(options: argparse.Namespace) -> int:
    worst = FINE
    for file in options.files:
        try:
            problems = api.check_scheme(file)
        except UnknownName as error:  # the other files are looked at all the same
            worst = tell(error.problems, WRONG_USE, options.lang)
            continue
        errors = sum(problem.severity is Severity.ERROR for problem in problems)
        worst = max(worst, tell(problems, PROBLEMS if errors else FINE, options.lang, sys.stdout))
        told = f"{_counted(errors, 'error')}, {_counted(len(problems) - errors, 'warning')}"
        print(harmless(f"{file}: {told if problems else 'no problem'}"))
    return worst


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _schema(options: argparse.Namespace) -> int:
    write(json.dumps(api.scheme_schema(), ensure_ascii=False, indent=1), options.output)
    return FINE
