"""The command line: each command is a thin call on the public functions.

Exit codes: 0 fine, 1 the input has problems, 2 wrong use.
"""

from __future__ import annotations

import argparse
import gc
import io
import locale
import os
import re
import signal
import sys
from collections.abc import Sequence
from functools import partial
from typing import NoReturn

from ictindex.cli.commands import LISTED
from ictindex.cli.parser import Commands, Parser, language_option
from ictindex.cli.printing import FINE, MOST, PROBLEMS, WRONG_USE, give_up_stdout, speak_vietnamese, tell
from ictindex.errors import IctIndexError, Problem, UnknownName, WrongUse, reason_of
from ictindex.messages import LANGUAGES, in_language, say
from ictindex.version import VERSION

__all__ = ["FINE", "MOST", "PROBLEMS", "WRONG_USE", "build_parser", "main", "run"]

_VIETNAMESE = re.compile(r"vi(etnamese)?(?![a-z])", re.IGNORECASE)
"""The beginning of a locale's name: vi_VN.UTF-8, or Vietnamese_Vietnam.1258 on Windows."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    sys.stdout, sys.stderr = sys.stdout or io.StringIO(), sys.stderr or io.StringIO()  # None where the caller closed it
    for stream in (sys.stdout, sys.stderr):
        speak_vietnamese(stream)
    typed = sys.argv[1:] if arguments is None else arguments
    stated, most = _stated(typed), MOST
    language = stated or _computers()
    try:
        try:
            options = build_parser(language, stated, typed[:1]).parse_args(typed)
            most = getattr(options, "max_problems", MOST)
            code: int = options.run(options)
        finally:  # help is written here too
            sys.stdout.flush()
    except (UnknownName, WrongUse) as error:
        return tell(error.problems, WRONG_USE, language)
    except IctIndexError as error:
        return tell(error.problems, PROBLEMS, language, most=most)
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        give_up_stdout()
        return FINE
    except OSError as error:  # a full disk: every other file is looked after where it is opened
        give_up_stdout()
        message = say("the work could not be finished: {reason}", reason=reason_of(error))
        hint = say("is the disk full?")
        if "tempfile" in sys.modules:
            folder = sys.modules["tempfile"].gettempdir()
            hint = say("is the disk full? temporary files lie in {folder}; TMPDIR names another one", folder=folder)
        return tell([Problem("U114", message, hint=hint)], PROBLEMS, language)
    except KeyboardInterrupt:
        print(in_language(say("stopped"), language), file=sys.stderr)
        return 130
    return code


def run() -> NoReturn:
    """Run the command that was typed, and end the process."""
    gc.set_threshold(100_000, 10, 10)  # a table makes many texts, and none of them holds another
    for name in ("SIGTERM", "SIGHUP"):  # as Ctrl-C does, they leave nothing lying about
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _ended)
    code = main()
    gc.freeze()  # the end of the process need not look through everything for what nobody holds
    sys.exit(code)


def _ended(number: int, _: object) -> NoReturn:
    """End the process as its signal says, once everything is cleared away."""
    sys.exit(128 + number)


def build_parser(
    language: str = LANGUAGES[0], stated: str = "", typed: Sequence[str] | None = None
) -> argparse.ArgumentParser:
    """Return the parser of every command, with its help in a language; `stated` is what `--lang` says of it.

    With the first word that was `typed`, only what can be asked with it: its command, or the list of all commands,
    which get their arguments when they are used.
    """

    def words(text: str) -> str:
        return in_language(text, language)

    told = say(
        "A SCHEME is an id that `ictindex list` shows, or the path of a YAML file. A TABLE `-` is standard input."
    )
    parser = Parser(
        prog="ictindex",
        language=language,
        description=words(say("Score and rank government units under published scoring schemes.")),
        epilog=words(told),
    )
    version, shown = f"ictindex {VERSION}", words(say("show the version and exit"))
    parser.add_argument("--version", action="version", version=version, help=shown)
    language_option(parser, language)
    commands = Commands(parser, language, stated)
    commands.list(typed if typed and typed[0] in LISTED else LISTED)
    if typed is None:
        commands.fill()
    return parser


def _stated(arguments: Sequence[str]) -> str:
    """Return the language that `--lang` names, which even the help must know; empty where it names none."""
    plain = partial(argparse.HelpFormatter, width=80)  # nothing of it is printed
    before = argparse.ArgumentParser(add_help=False, exit_on_error=False, formatter_class=plain)
    before.add_argument("--lang", default="")
    try:
        stated = before.parse_known_args(arguments)[0].lang
    except argparse.ArgumentError:  # `--lang` without a word, which the parser itself will say
        stated = ""
    return str(stated) if stated in LANGUAGES else ""


def _computers() -> str:
    """Return the language of the computer."""
    said = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    here = next(filter(None, said), "") or _system_locale()
    return "vi" if _VIETNAMESE.match(here) else LANGUAGES[0]


def _system_locale() -> str:
    try:
        return locale.getlocale()[0] or ""
    except ValueError:  # a locale that Python does not know
        return ""
