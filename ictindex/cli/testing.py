"""`test`: whether a scheme gives the published figures in the cases beside it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ictindex import authoring
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, PROBLEMS, WRONG_USE, tell, write
from ictindex.errors import Location, Problem, SchemeInvalid, UnknownName, WrongUse
from ictindex.messages import say

if TYPE_CHECKING:
    from ictindex.documents.case_files import FoundCases

EXAMPLES = 100
"""How many tables each law is asked of where nothing is said."""


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("test", _test)
    told = say("the id of a scheme, its file, a .cases.yaml file, or a folder with such files")
    command.add_argument("paths", metavar="PATH", nargs="+", help=words(told))
    told = say("list the parts of each scheme that no case touches: steps, choices, levels, policies, ...")
    command.add_argument("--coverage", action="store_true", help=words(told))
    told = say("end with exit code 1 where a scheme beneath a folder has no cases")
    command.add_argument("--strict", action="store_true", help=words(told))
    told = say(
        "text (without it); json: an object with `files`, `without_cases`, `figures` and `held`; "
        "github: workflow commands, at the lines of the figures"
    )
    command.add_argument("--format", choices=("text", "json", "github"), default="text", help=words(told))
    told = say("ask the laws that every scheme keeps, of tables drawn at random, in place of the cases")
    command.add_argument("--laws", action="store_true", help=words(told))
    told = say("with --laws: how many tables each law is asked of ({count} without it)", count=EXAMPLES)
    command.add_argument("--examples", type=commands.number, default=EXAMPLES, metavar="N", help=words(told))
    told = say("with --laws: a number that stands for other tables; the same number draws the same tables")
    command.add_argument("--seed", type=commands.number, default=0, metavar="N", help=words(told))


def _test(options: argparse.Namespace) -> int:
    if options.laws:
        from ictindex.cli import law_reports

        return law_reports.run(options)
    worst, files, without = FINE, dict[Path, None](), dict[Path, None]()
    for path in options.paths:
        try:
            found = _found(path)
        except (UnknownName, WrongUse) as error:  # the other paths are looked at all the same
            worst = tell(error.problems, WRONG_USE, options.lang)
            continue
        except SchemeInvalid as error:
            worst = max(worst, tell(error.problems, PROBLEMS, options.lang))
            continue
        files |= dict.fromkeys(found.files)
        without |= dict.fromkeys(found.without)
    from ictindex.cli import case_reports as told  # no other command pays for it

    tried, names = [], [_near(path) for path in without]
    for path in files:
        tried.append(told.tried(_near(path)))
        if options.format != "json":
            show = told.print_text if options.format == "text" else told.print_github
            show(tried[-1], options.lang, coverage=options.coverage)
    if options.format == "json":
        write(told.as_json(tried, names, options.lang, coverage=options.coverage), "-")
    else:
        told.print_whole(tried, names, options.lang)
    strict = PROBLEMS if without and options.strict else FINE
    return max(worst, strict, *(one.code for one in tried))


def _found(path: str) -> FoundCases:
    """Return the cases at a path. Raises WrongUse where a scheme that is named has none, or a folder has no scheme."""
    found = authoring.find_cases(path)
    if found.files:
        return found
    folder = Path(path).is_dir()
    if folder and not found.without:
        hint = say("name a folder with schemes, or with .cases.yaml files")
        raise WrongUse(Problem("U130", say("there are no cases in this folder"), Location(path), hint))
    if not folder:
        hint = say("write x.cases.yaml beside x.yaml: the section Cases of schemes/README.md says how")
        raise WrongUse(Problem("U131", say("this scheme has no cases beside it"), Location(path), hint))
    return found


def _near(path: Path) -> str:
    """Return a path as seen from here, where it lies beneath."""
    try:
        return os.fspath(path.resolve().relative_to(Path.cwd()))
    except (OSError, ValueError):
        return os.fspath(path)
