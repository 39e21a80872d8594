"""The command line's parser, and the arguments that several commands share."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from ictindex.cli.printing import MOST, WRONG_USE, harmless
from ictindex.cli.words import complaint, formatter
from ictindex.errors import did_you_mean
from ictindex.messages import LANGUAGES, in_language, joined, say


class Parser(argparse.ArgumentParser):
    """A parser that speaks the reader's language, and suggests what a misspelt command or choice may have been."""

    def __init__(self, *, language: str = LANGUAGES[0], **options: Any) -> None:
        self.language = language
        super().__init__(add_help=False, formatter_class=formatter(language), **options)
        told = in_language(say("show this help message and exit"), language)
        self.add_argument("-h", "--help", action="help", help=told)

    def error(self, message: str) -> NoReturn:
        """Print the usage and the message, and end with 2."""
        found = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        close = did_you_mean(found[1], re.findall(r"[\w-]+", found[2])) if found else ""
        problem = joined((complaint(message), close), by="; ")
        told = say("{program}: error: {problem}", program=self.prog, problem=problem)
        self.print_usage(sys.stderr)
        self.exit(WRONG_USE, f"{harmless(in_language(told, self.language))}\n")


_OPTIONAL: dict[str, Any] = {"nargs": "?", "default": ""}


class Commands:
    """The commands of the parser, each added by its module; help is in the language of the reader."""

    def __init__(self, parser: argparse.ArgumentParser, language: str, stated: str = "") -> None:
        self.language = language
        self.stated = stated  # by --lang; without it the language is the computer's
        self._commands: Any = parser.add_subparsers(
            title=self.words(say("commands")), metavar=self.words(say("COMMAND")), required=True
        )

    def words(self, text: str) -> str:
        """Return the text in the reader's language, for the help of an argument: there argparse formats with `%`."""
        return in_language(text, self.language).replace("%", "%%")

    def add(
        self, name: str, run: Callable[[argparse.Namespace], int], summary: str, *, example: str
    ) -> argparse.ArgumentParser:
        """Add a command and return its parser. `summary` begins with a small letter and has no full stop."""
        told = in_language(summary, self.language)
        parser: argparse.ArgumentParser = self._commands.add_parser(
            name,
            language=self.language,
            help=self.words(summary),
            description=f"{told[0].upper()}{told[1:]}.",
            epilog=in_language(say("example: {example}", example=example), self.language),
        )
        parser.set_defaults(run=run, lang=self.language)
        language_option(parser, self.language)
        return parser

    def number(self, text: str) -> int:
        """Return a whole number, 0 or more, as an option has it; argparse tells what is raised."""
        if not re.fullmatch("[0-9]{1,9}", text):
            told = say("'{text}' is not a whole number, 0 or more", text=text)
            raise argparse.ArgumentTypeError(in_language(told, self.language))
        return int(text)

    def scheme(self, parser: argparse.ArgumentParser) -> None:
        """Add the argument SCHEME and the option --variant."""
        told = say("an id, such as dti-922/2022-province, or a YAML file")
        parser.add_argument("scheme", metavar="SCHEME", help=self.words(told))
        told = say("a named alternative inside the scheme")
        parser.add_argument("--variant", default="", metavar="NAME", help=self.words(told))

    def table(self, parser: argparse.ArgumentParser, *, needed: bool = True, option: bool = False) -> None:
        """Add the argument TABLE, or the option --table, and the options of reading it, for `files.read_table`."""
        told = say(
            "a CSV, Excel, JSON or Parquet file: a line a unit, columns by code or name; - for CSV on stdin; "
            "or a filled-in form, or a folder of them"
        )
        if option:
            parser.add_argument("--table", default="", metavar="TABLE", help=self.words(told))
        else:
            parser.add_argument("table", metavar="TABLE", help=self.words(told), **({} if needed else _OPTIONAL))
        told = say("the sign before decimals, where the table does not show it: point (1.5) or comma (1,5)")
        parser.add_argument("--decimal", choices=("point", "comma"), default="", help=self.words(told))
        told = say("a CSV file with two columns: heading (as in the table) and code (as in the scheme)")
        parser.add_argument("--mapping", default="", metavar="FILE", help=self.words(told))
        told = say("the sheet of a workbook; without it the only one")
        parser.add_argument("--sheet", default="", metavar="NAME", help=self.words(told))
        told = say("a CSV list of the units that should be there: code, name, kind, parent, from, to")
        parser.add_argument("--units", default="", metavar="FILE", help=self.words(told))
        told = say("the day on which the list is read; without it, the units that have no end in it")
        parser.add_argument("--on", default="", metavar="DATE", help=self.words(told))
        told = say("refuse a table that lacks a unit of the list")
        parser.add_argument("--complete", action="store_true", help=self.words(told))
        told = say("do not look for figures that look wrong")
        parser.add_argument("--no-doubts", action="store_true", help=self.words(told))
        told = say("print at most so many problems of a table ({count} without it)", count=MOST)
        parser.add_argument("--max-problems", type=self.number, default=MOST, metavar="N", help=self.words(told))

    def output(self, parser: argparse.ArgumentParser) -> None:
        """Add the option --output."""
        told = say("write to FILE instead of standard output")
        parser.add_argument("-o", "--output", metavar="FILE", default="-", help=self.words(told))


def language_option(parser: argparse.ArgumentParser, language: str) -> None:
    """Add the option --lang, which may stand before or behind the command."""
    told = in_language(say("the language of messages: en or vi; without it that of your computer"), language)
    parser.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=told)
