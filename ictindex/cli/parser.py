"""The command line's parser, and the arguments that several commands share."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from typing import Any, NoReturn

from ictindex.cli.printing import harmless
from ictindex.errors import did_you_mean
from ictindex.messages import LANGUAGES, in_language, say


class Parser(argparse.ArgumentParser):
    """A parser that suggests what a misspelt command or choice may have been."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and the message, and end with 2."""
        found = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        close = did_you_mean(found[1], re.findall(r"[\w-]+", found[2])) if found else ""
        super().error(harmless(f"{message}; {close}" if close else message))


class Commands:
    """The commands of the parser, each added by its module; help is in the language of the reader."""

    def __init__(self, parser: argparse.ArgumentParser, language: str) -> None:
        self.language = language
        self._commands: Any = parser.add_subparsers(
            title=self.words(say("commands")), metavar=self.words(say("COMMAND")), required=True
        )

    def words(self, text: str) -> str:
        """Return the text in the reader's language; argparse takes a percent sign for a format."""
        return in_language(text, self.language).replace("%", "%%")

    def add(
        self, name: str, run: Callable[[argparse.Namespace], int], summary: str, *, example: str
    ) -> argparse.ArgumentParser:
        """Add a command and return its parser. `summary` begins with a small letter and has no full stop."""
        told = self.words(summary)
        parser: argparse.ArgumentParser = self._commands.add_parser(
            name,
            help=told,
            description=f"{told[0].upper()}{told[1:]}.",
            epilog=self.words(say("example: {example}", example=example)),
        )
        parser.set_defaults(run=run, lang=self.language)
        language_option(parser, self.language)
        return parser

    def scheme(self, parser: argparse.ArgumentParser) -> None:
        """Add the argument SCHEME and the option --variant."""
        told = say("an id, such as dti-922/2022-province, or a YAML file")
        parser.add_argument("scheme", metavar="SCHEME", help=self.words(told))
        told = say("a named alternative inside the scheme")
        parser.add_argument("--variant", default="", metavar="NAME", help=self.words(told))

    def table(self, parser: argparse.ArgumentParser) -> None:
        """Add the argument TABLE."""
        told = say("a CSV file: a `unit` column, then inputs or row codes; - for stdin")
        parser.add_argument("table", metavar="TABLE", help=self.words(told))

    def output(self, parser: argparse.ArgumentParser) -> None:
        """Add the option --output."""
        told = say("write to FILE instead of standard output")
        parser.add_argument("-o", "--output", metavar="FILE", default="-", help=self.words(told))


def language_option(parser: argparse.ArgumentParser, language: str) -> None:
    """Add the option --lang, which may stand before or behind the command."""
    told = in_language(say("the language of messages: en or vi; without it that of your computer"), language)
    parser.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=told)
