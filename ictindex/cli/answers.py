"""What the commands that answer a question share: how they print an answer, and where."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

from ictindex import questions
from ictindex.answer import Answer
from ictindex.cli.files import named
from ictindex.cli.parser import Commands
from ictindex.cli.printing import tell_written
from ictindex.cli.printing import write as _write
from ictindex.formats.answers import ANSWER_FORMATS, answer_format
from ictindex.messages import say


def add_printing(commands: Commands, parser: argparse.ArgumentParser) -> None:
    """Add the options --format and --output. What they ask for is looked at before the command does its work."""
    told = say("{formats}; without it the ending of FILE decides, else text", formats=", ".join(ANSWER_FORMATS))
    parser.add_argument("--format", choices=ANSWER_FORMATS, default="", help=commands.words(told))
    commands.output(parser)
    check_printing(parser)


def check_printing(parser: argparse.ArgumentParser) -> None:
    """Let a command first see whether an answer can be written as its options --format and --output say."""
    parser.set_defaults(run=partial(_checked, parser.get_default("run")))


def _checked(run: Any, options: argparse.Namespace) -> int:
    answer_format(named(options.output), "text" if options.format == "tree" else options.format)
    done: int = run(options)
    return done


def print_answer(answer: Answer, options: argparse.Namespace) -> None:
    """Print an answer, or write it to a file, as the options of `add_printing` say."""
    path = named(options.output)
    content = questions.write_answer(answer, path, format=options.format, language=options.lang)
    if path is None:
        _write(content, "-")
    else:
        tell_written(path, options.lang)
