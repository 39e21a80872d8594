"""`diff`: what changed between two schemes, and whether their scores may be set side by side."""

from __future__ import annotations

import argparse
from pathlib import Path

from ictindex import authoring
from ictindex.cli.files import keep
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, write
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say

_FORMATS = ("text", "markdown", "json")
_ENDINGS = {".md": "markdown", ".json": "json"}


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("diff", _diff)
    told = say("the scheme before: an id or a YAML file, also of an overlay")
    command.add_argument("before", metavar="A", help=words(told))
    told = say("the scheme after; without it A again, in another variant")
    command.add_argument("after", metavar="B", nargs="?", default="", help=words(told))
    command.add_argument("--variant-a", default="", metavar="NAME", help=words(say("the variant of A")))
    command.add_argument("--variant-b", default="", metavar="NAME", help=words(say("the variant of B")))
    told = say("text, markdown or json; without it the ending of FILE decides, else text")
    command.add_argument("--format", choices=_FORMATS, default="", help=words(told))
    command.add_argument("--brief", action="store_true", help=words(say("leave out what notes say")))
    commands.output(command)


def _diff(options: argparse.Namespace) -> int:
    if not options.after and not (options.variant_a or options.variant_b):
        hint = say("name a second scheme, or a variant with --variant-b")
        raise WrongUse(Problem("U143", say("there is nothing to compare the scheme with"), hint=hint))
    keep(options.output, options.before, options.after)
    form = options.format or _ENDINGS.get(Path(options.output).suffix.lower(), "text")
    after = options.after or options.before
    found = authoring.diff_schemes(options.before, after, variant_a=options.variant_a, variant_b=options.variant_b)
    told = authoring.differences_text(found, format=form, language=options.lang, brief=options.brief)
    write(told, options.output, options.lang)
    return FINE
