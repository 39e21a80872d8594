"""The command line's parser, and the arguments that several commands share."""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from ictindex.cli.commands import LISTED
from ictindex.cli.printing import MOST, WRONG_USE, harmless
from ictindex.cli.words import complaint, formatter
from ictindex.errors import did_you_mean
from ictindex.messages import LANGUAGES, in_language, joined, say


class Parser(argparse.ArgumentParser):
    """A parser that speaks the reader's language, and suggests what a misspelt command or choice may have been.

    `fill` adds its arguments, when the first words are parsed.
    """

    def __init__(self, *, language: str = LANGUAGES[0], fill: Callable[[], None] | None = None, **options: Any) -> None:
        self.language = language
        self.fill = fill
        self._trying = False
        super().__init__(add_help=False, formatter_class=formatter(language), **options)
        told = in_language(say("show this help message and exit"), language)
        self.add_argument("-h", "--help", action="help", help=told)

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:
        """Add an argument, whose words argparse tries to print: how wide the terminal is does not matter then."""
        self._trying = True
        try:
            return super().add_argument(*names, **options)
        finally:
            self._trying = False

    def _get_formatter(self) -> argparse.HelpFormatter:
        return formatter(self.language)(self.prog, width=_ANY) if self._trying else super()._get_formatter()

    def filled(self) -> None:
        """Add the arguments that are still to be added."""
        fill, self.fill = self.fill, None
        if fill is not None:
            fill()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return what the words say, and the words that say nothing."""
        self.filled()
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Print the usage and the message, and end with 2."""
        found = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        close = did_you_mean(found[1], re.findall(r"[\w-]+", found[2])) if found else ""
        problem = joined((complaint(message), close), by="; ")
        told = say("{program}: error: {problem}", program=self.prog, problem=problem)
        self.print_usage(sys.stderr)
        self.exit(WRONG_USE, f"{harmless(in_language(told, self.language))}\n")


_ANY = 80
_OPTIONAL: dict[str, Any] = {"nargs": "?", "default": ""}


class Commands:
    """The commands of the parser: listed first, and filled with arguments by their module when they are used.

    Help is in the language of the reader.
    """

    def __init__(self, parser: argparse.ArgumentParser, language: str, stated: str = "") -> None:
        self.language = language
        self.stated = stated  # by --lang; without it the language is the computer's
        self._parsers: dict[str, Parser] = {}
        self._commands: Any = parser.add_subparsers(
            title=self.words(say("commands")),
            metavar=self.words(say("COMMAND")),
            required=True,
            prog=parser.prog,  # else it is cut out of the help, which is made for that
        )

    def words(self, text: str) -> str:
        """Return the text in the reader's language, for the help of an argument: there argparse formats with `%`."""
        return in_language(text, self.language).replace("%", "%%")

    def list(self, names: Iterable[str]) -> None:
        """List commands by name, without their arguments."""
        for name in names:
            self._parsers[name] = self._commands.add_parser(
                name,
                language=self.language,
                help=self.words(LISTED[name].summary),
                fill=lambda module=LISTED[name].module: self._fill(module),
            )

    def fill(self) -> None:
        """Add the arguments of every command that is listed."""
        for parser in [*self._parsers.values()]:
            parser.filled()

    def _fill(self, module: str) -> None:
        """Add the arguments of all commands of a module, of which only one may be listed."""
        own = [name for name, listed in LISTED.items() if listed.module == module]
        self.list(name for name in own if name not in self._parsers)
        for name in own:
            self._parsers[name].fill = None
        importlib.import_module(f"ictindex.cli.{module}").add(self)

    def add(self, name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        """Return the parser of a command, to which its module adds the arguments."""
        parser, told = self._parsers[name], in_language(LISTED[name].summary, self.language)
        parser.description = f"{told[0].upper()}{told[1:]}."
        parser.epilog = in_language(say("example: {example}", example=LISTED[name].example), self.language)
        parser.set_defaults(run=run, lang=self.language)
        language_option(parser, self.language)
        return parser

    def number(self, text: str) -> int:
        """Return a whole number, 0 or more, as an option has it; argparse tells what is raised."""
        if not re.fullmatch("[0-9]{1,18}", text):
            told = say("'{text}' is not a whole number, 0 or more", text=text)
            if re.fullmatch("[0-9]+", text):
                told = say("'{text}' is a number of more than 18 digits", text=text)
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
