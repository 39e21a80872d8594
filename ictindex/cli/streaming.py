"""`score --block`: a file scored in blocks, and what cannot be asked of it then."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ictindex.batching import score_file
from ictindex.cli.blocks import ABOUT_A_TABLE
from ictindex.cli.files import named, read_reference, tell_doubts, tell_undoubted
from ictindex.cli.printing import FINE, harmless, progress, tell_written
from ictindex.errors import Problem, WrongUse
from ictindex.filling import BLOCK
from ictindex.messages import say


def score_blocks(plan: Any, options: argparse.Namespace) -> int:
    """Score TABLE in blocks, and write the result. Raises WrongUse where an option needs the whole table."""
    for name in ABOUT_A_TABLE:
        if getattr(options, name):
            message = say("{option} needs the whole table at once", option=f"--{name.replace('_', '-')}")
            raise WrongUse(Problem("U317", message, hint=say("leave it away, or leave --block away")))
    if options.table == "-":
        message = say("standard input cannot be read in blocks, for it cannot be gone through twice")
        raise WrongUse(Problem("U317", message, hint=say("write it to a file first, or leave --block away")))
    reference = read_reference(plan, options)
    with progress(say("scoring {file} in blocks", file=options.table), options.lang):
        done = score_file(
            plan,
            options.table,
            named(options.output),
            block=options.block or BLOCK,
            keep=options.keep,
            reference=reference,
            decimal=options.decimal,
            mapping=options.mapping or None,
            format=options.format,
            language=options.lang,
            say_text=lambda text: sys.stdout.write(harmless(text)),
        )
    tell_doubts(done.doubts, options)
    tell_undoubted(
        say("figures that look wrong are not looked for in blocks; `ictindex table` looks for them"), options
    )
    if options.output != "-":
        tell_written(options.output, options.lang, units=done.units)
    return FINE
