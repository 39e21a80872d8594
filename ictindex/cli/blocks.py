"""The options of `score` for large tables: `--block`, which `streaming` does, and `--keep`, which writes less."""

from __future__ import annotations

import argparse
from typing import Any

from ictindex.cli.parser import Commands
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say

ABOUT_A_TABLE = (
    *("units", "on", "complete", "sheet", "sheet_of"),
    *("round", "track", "unverified", "without_evidence", "alone"),
)
"""Options that are about one whole table, or about files that are not read in parts."""


def add_blocks(commands: Commands, parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    words = commands.words
    told = say(
        "read, score and write so many units at a time, 0 for as many as is good: "
        "for CSV, Parquet and Arrow files that are large beside the memory"
    )
    parser.add_argument("--block", type=commands.number, default=None, metavar="N", help=words(told))
    told = say("write the points of totals only, of all headings, or (without it) of every row")
    parser.add_argument("--keep", choices=("totals", "groups", "all"), default="all", help=words(told))


def check_keep(form: Any, options: argparse.Namespace) -> None:
    """Raise WrongUse where less is to be written in a format in which that cannot be chosen."""
    if options.keep == "all":
        return
    from ictindex.formats.arrow import Columnar
    from ictindex.formats.csv import CsvFormat

    if not isinstance(form, CsvFormat | Columnar):
        message = say("--keep is not for the format '{name}'", name=form.name)
        raise WrongUse(Problem("U318", message, hint=say("write CSV, Parquet or Arrow, or leave --keep away")))
