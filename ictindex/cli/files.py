"""The files that commands read and write: a table from a file or standard input, and no output over an input."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ictindex import api
from ictindex.cli.printing import harmless, number_of, progress
from ictindex.cli.reporting import hinted_once
from ictindex.errors import IctIndexError, Problem, WrongUse
from ictindex.formats import unreadable
from ictindex.formats.writing import spare
from ictindex.messages import in_language, say

FEW = 10
"""So many doubts of a table are told beside a result."""


def read_table(source: str, plan: Any, options: argparse.Namespace) -> Any:
    """Return the table in a file, or on standard input for `-`, read as the options of `Commands.table` say.

    What looks wrong in it is told on standard error, the first few lines of it.
    """
    table = quietly_read(source, plan, options)
    tell_doubts(table.doubts, options)
    return table


def read_reference(plan: Any, options: argparse.Namespace) -> Any:
    """Return the result of the table of --reference; None without one."""
    return api.score(plan, read_table(options.reference, plan, options)) if options.reference else None


def quietly_read(source: str, plan: Any, options: argparse.Namespace, **more: Any) -> Any:
    """Return the table as `read_table` does, and tell nothing; `more` is for `api.read_table`.

    Raises WrongUse (U115) where the command would write over the table, its mapping or its list of units.
    """
    output = getattr(options, "output", "-")
    keep(output, source, options.mapping, options.units)
    table = _read(source, plan, options, more)
    keep(output, table.origin.unit_list)  # the table or the scheme may name the list
    return table


def _read(source: str, plan: Any, options: argparse.Namespace, more: Mapping[str, Any]) -> Any:
    told = {
        "scheme": plan,
        "decimal": options.decimal,
        "sheet": options.sheet,
        "mapping": options.mapping or None,
        "units": options.units or None,
        "on": options.on or None,
        "complete": options.complete,
        "doubts": not options.no_doubts,
        **more,
    }
    if source != "-":
        with progress(say("reading {file}", file=source), options.lang):
            return api.read_table(source, **told)
    with progress(say("reading standard input"), options.lang):
        return api.read_table(source_of(source), **told)


def source_of(name: str) -> Any:
    """Return what to read: standard input for `-`, which must be open (TableInvalid), else the file of that name."""
    if name != "-":
        return name
    if sys.stdin is None:
        hint = say("name a file, or pipe a table into the command")
        raise unreadable("<stdin>", say("standard input is closed"), hint)
    return sys.stdin.buffer


def read_once(*sources: str) -> None:
    """Raise WrongUse (U115) where more than one of the files that are read is standard input."""
    if sources.count("-") > 1:
        message = say("two files are both standard input")
        raise WrongUse(Problem("U115", message, hint=say("write one of them to a file")))


def tell_doubts(doubts: Sequence[Problem], options: argparse.Namespace) -> None:
    """Print the first few doubts of a table on standard error, and how many there are beside."""
    most = min(FEW, options.max_problems)
    for doubt in hinted_once(doubts[:most]):
        print(harmless(doubt.told(options.lang)), file=sys.stderr)
    left = number_of(doubts[most:])
    if left:
        more = say("and {count} more doubts; `ictindex table` shows all of them", count=left)
        print(in_language(more, options.lang), file=sys.stderr)


def tell_undoubted(told: str, options: argparse.Namespace) -> None:
    """Say on standard error that nobody looked for figures that look wrong, unless nobody was asked to."""
    if not options.no_doubts:
        print(in_language(told, options.lang), file=sys.stderr)


def keep(output: str, *sources: str) -> None:
    """Raise WrongUse where the output would be written over a file that is read, or into a folder of forms that is."""
    if output == "-":
        return
    bases = tuple(_base(source) for source in sources)
    spare(output, *sources, *bases)


def _base(source: str) -> str:
    """Return the file of the scheme that an overlay is laid over, empty where the source is something else."""
    if Path(source).suffix.lower() in {".yaml", ".yml"}:
        with contextlib.suppress(IctIndexError):  # whoever reads it says what is wrong
            overlay = api.load_scheme(source).overlay
            return overlay.base_path if overlay else ""
    return ""


def named(output: str) -> str | None:
    """Return the path of an output, None for standard output."""
    return None if output == "-" else output
