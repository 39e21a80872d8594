"""`list` and `show`: which schemes there are, and one of them as a decision's annex."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ictindex import api, authoring
from ictindex.cli.files import keep
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, PROBLEMS, tell, write
from ictindex.errors import Problem, WrongUse
from ictindex.messages import in_language, say

FORMATS = ("text", "markdown", "html", "json")
_ENDINGS = {".md": "markdown", ".html": "html", ".htm": "html", ".json": "json"}


def add(commands: Commands) -> None:
    """Add the commands."""
    words = commands.words
    command = commands.add("list", _list)
    told = say("how to print the list")
    command.add_argument("--format", choices=("table", "json"), default="table", help=words(told))

    command = commands.add("show", _show)
    commands.scheme(command)
    told = say("text, markdown, html (one page) or json; without it the ending of FILE decides, else text")
    command.add_argument("--format", choices=FORMATS, default="", help=words(told))
    either = command.add_mutually_exclusive_group()
    told = say("print the YAML with every default written out and each number's status")
    either.add_argument("--expanded", action="store_true", help=words(told))
    told = say("print the line of column names of a table to fill in, as CSV")
    either.add_argument("--columns", action="store_true", help=words(told))
    commands.output(command)


def _list(options: argparse.Namespace) -> int:
    from ictindex.pages import grid

    schemes, broken = api.list_schemes(), api.broken_schemes()
    if options.format == "json":
        from attrs import asdict

        write(json.dumps([asdict(one) for one in schemes], ensure_ascii=False, indent=1), "-")
    else:
        body = [[one.id, one.unit, str(one.cited), str(one.derived), str(one.assumed), one.title] for one in schemes]
        words = (say("scheme"), say("unit"), say("cited"), say("derived"), say("assumed"), say("title"))
        write(grid([in_language(word, options.lang) for word in words], body, right=(2, 3, 4)), "-")
    return tell(broken, PROBLEMS if broken else FINE, options.lang)


def _show(options: argparse.Namespace) -> int:
    keep(options.output, options.scheme)
    if options.expanded:
        if options.format:
            message = say("`--expanded` prints YAML; it has no other format")
            raise WrongUse(Problem("U141", message, hint=say("leave out --format, or --expanded")))
        write(authoring.expand_scheme(options.scheme, variant=options.variant), options.output, options.lang)
        return FINE
    if options.columns:
        if options.format:
            message = say("`--columns` prints CSV; it has no other format")
            raise WrongUse(Problem("U141", message, hint=say("leave out --format, or --columns")))
        mark = "" if options.output == "-" else "\ufeff"  # by which Excel knows a file of UTF-8
        write(mark + authoring.table_header(options.scheme, variant=options.variant), options.output, options.lang)
        return FINE
    form = options.format or _ENDINGS.get(Path(options.output).suffix.lower(), "text")
    annex = authoring.scheme_annex(options.scheme, variant=options.variant)
    write(authoring.annex_text(annex, format=form, language=options.lang), options.output, options.lang)
    return FINE
