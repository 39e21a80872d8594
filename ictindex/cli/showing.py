"""`list` and `show`: which schemes there are, and one of them as a decision's annex."""

from __future__ import annotations

import argparse
import json

from ictindex import api
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, write
from ictindex.messages import in_language, say


def add(commands: Commands) -> None:
    """Add the commands."""
    words = commands.words
    command = commands.add("list", _list, say("list the installed schemes"), example="ictindex list")
    told = say("how to print the list")
    command.add_argument("--format", choices=("table", "json"), default="table", help=words(told))

    told = say("print a scheme as a decision's annex would")
    command = commands.add("show", _show, told, example="ictindex show dti-922/2022-province")
    commands.scheme(command)
    told = say("print the YAML with every default written out and each number's status")
    command.add_argument("--expanded", action="store_true", help=words(told))
    commands.output(command)


def _list(options: argparse.Namespace) -> int:
    from ictindex.standings import grid

    schemes = api.list_schemes()
    if options.format == "json":
        from attrs import asdict

        write(json.dumps([asdict(one) for one in schemes], ensure_ascii=False, indent=1), "-")
        return FINE
    body = [[one.id, one.unit, str(one.cited), str(one.derived), str(one.assumed), one.title] for one in schemes]
    words = (say("scheme"), say("unit"), say("cited"), say("derived"), say("assumed"), say("title"))
    write(grid([in_language(word, options.lang) for word in words], body, right=(2, 3, 4)), "-")
    return FINE


def _show(options: argparse.Namespace) -> int:
    if options.expanded:
        write(api.expand_scheme(options.scheme, variant=options.variant), options.output)
    else:
        from ictindex.outline import outline

        write(outline(api.load_scheme(options.scheme, variant=options.variant)), options.output)
    return FINE
