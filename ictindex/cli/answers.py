"""What the commands that answer a question share: how they print an answer, and where."""

from __future__ import annotations

import argparse

from ictindex import questions
from ictindex.answer import Answer
from ictindex.cli.files import named
from ictindex.cli.parser import Commands
from ictindex.cli.printing import tell_written
from ictindex.cli.printing import write as _write
from ictindex.formats.answers import ANSWER_FORMATS
from ictindex.messages import say


def add_printing(commands: Commands, parser: argparse.ArgumentParser) -> None:
    """Add the options --format and --output."""
    told = say("{formats}; without it the ending of FILE decides, else text", formats=", ".join(ANSWER_FORMATS))
    parser.add_argument("--format", choices=ANSWER_FORMATS, default="", help=commands.words(told))
    commands.output(parser)


def print_answer(answer: Answer, options: argparse.Namespace) -> None:
    """Print an answer, or write it to a file, as the options of `add_printing` say."""
    path = named(options.output)
    content = questions.write_answer(answer, path, format=options.format, language=options.lang)
    if path is None:
        _write(content, "-")
    else:
        tell_written(path, options.lang)
