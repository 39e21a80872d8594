"""`check` and `schema`: what is wrong with scheme documents, and the schemas of all that is read and written as JSON.

U210 there is no schema of that kind.
"""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ictindex import authoring, questions
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, MOST, write
from ictindex.cli.reporting import Checked, as_json, print_github, print_text
from ictindex.errors import Location, Problem, UnknownName, did_you_mean
from ictindex.messages import say

_GRAMMARS = ("scheme", "overlay", "result")
"""The kinds of documents that are no answers about a result."""


def add(commands: Commands) -> None:
    """Add the commands."""
    words = commands.words
    command = commands.add("check", _check)
    told = say("a YAML file, a folder with such files, or the id of an installed scheme")
    command.add_argument("files", metavar="FILE", nargs="+", help=words(told))
    told = say("end with exit code 1 at a warning too; advice never counts")
    command.add_argument("--strict", action="store_true", help=words(told))
    told = say(
        "text (without it); json: an object with `files`, `errors`, `warnings`, `advice` and `problems`, each problem "
        "with `code`, `severity`, `message`, `hint`, `source`, `line`, `column` and `cell`; github: workflow commands"
    )
    command.add_argument("--format", choices=("text", "json", "github"), default="text", help=words(told))
    told = say(
        "print at most so many problems of a file, errors before advice; json has all ({count} without it)", count=MOST
    )
    command.add_argument("--max", type=commands.number, default=MOST, metavar="N", help=words(told))

    command = commands.add("schema", _schema)
    told = say("the kind of document: scheme (without it), overlay, result, or an answer such as explanation")
    command.add_argument("--kind", default="scheme", metavar="KIND", help=words(told))
    commands.output(command)


def _check(options: argparse.Namespace) -> int:
    found: list[Checked] = []
    for file in options.files:
        for one in _checked(file):
            found.append(one)
            if options.format != "json":
                show = print_text if options.format == "text" else print_github
                show(one, options.lang, options.max)
    if options.format == "json":
        write(as_json(found, options.lang), "-")
    return max(one.code(strict=options.strict) for one in found)


def _checked(name: str) -> Iterator[Checked]:
    """Yield what is wrong with a file, or with every YAML file beneath a folder, by their names."""
    files, folder = [name], False
    with contextlib.suppress(OSError, ValueError):  # too long for a name, or not readable
        folder = Path(name).is_dir()
    if folder:
        files = [str(path) for path in sorted(Path(name).rglob("*.yaml")) if path.is_file()]
        if not files:
            hint = say("name a folder with scheme documents in it")
            problem = Problem("U116", say("there is no file that ends with .yaml in this folder"), Location(name), hint)
            yield Checked(name, (problem,), known=False)
    for file in files:
        try:
            yield Checked(file, tuple(authoring.check_scheme(file)))
        except UnknownName as error:  # the other files are looked at all the same
            yield Checked(file, error.problems, known=False)


def _grammar(kind: str) -> dict[str, Any]:
    return authoring.scheme_schema(kind=kind)


def _schema(options: argparse.Namespace) -> int:
    answers = questions.answer_kinds()
    known = (*_GRAMMARS, *sorted(answers))
    if options.kind not in known:
        hint = did_you_mean(options.kind, known) or say("known: {names}", names=", ".join(known))
        raise UnknownName(Problem("U210", say("there is no schema of the kind '{kind}'", kind=options.kind), hint=hint))
    of = questions.answer_schema if options.kind in answers else _grammar
    schema = of(options.kind)
    write(json.dumps(schema, ensure_ascii=False, indent=1), options.output, options.lang)
    return FINE
