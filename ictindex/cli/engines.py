"""`score --engine`: a data set of Parquet files, scored part by part by the workers of an engine."""

from __future__ import annotations

import argparse

from ictindex import api, batching
from ictindex.cli.blocks import ABOUT_A_TABLE
from ictindex.cli.files import keep, read_reference, tell_undoubted
from ictindex.cli.printing import FINE, counted, tell, tell_written
from ictindex.errors import Location, Problem, WrongUse
from ictindex.machines import engine
from ictindex.messages import say

_WITHOUT = (*ABOUT_A_TABLE, "mapping", "block")
"""Options that nobody passes on to an engine."""


def scored_by_engine(options: argparse.Namespace) -> int:
    """Score the data set that the options name on the engine that they name. Raises WrongUse, TableInvalid."""
    _check_options(options)
    keep(options.output, options.scheme, options.table, options.reference)
    plan = api.compile_scheme(options.scheme, variant=options.variant)
    data = batching.data_set(options.table)
    tell(data.doubts, FINE, options.lang, most=options.max_problems)
    with engine(options.engine) as executor, counted(say("scoring"), options.lang) as progress:
        units = batching.score_data_set(
            plan,
            data,
            options.output,
            keep=options.keep,
            reference=read_reference(plan, options),
            executor=executor,
            decimal=options.decimal,
            progress=progress,
        )
    tell_undoubted(
        say("figures that look wrong are not looked for by an engine; `ictindex table` looks for them"), options
    )
    tell_written(options.output, options.lang, units=units)
    return FINE


def _check_options(options: argparse.Namespace) -> None:
    """Raise WrongUse (U326) for what an engine cannot do, before any work is done."""
    for name in _WITHOUT:
        given = getattr(options, name)
        if given or (name == "block" and given is not None):
            message = say("{option} does not go together with --engine", option=f"--{name.replace('_', '-')}")
            raise WrongUse(Problem("U326", message, hint=say("score the table without an engine")))
    if options.format not in ("", "parquet"):
        message = say("an engine writes Parquet, not {format}", format=options.format)
        raise WrongUse(Problem("U326", message, hint=say("leave --format out, and write to -o FILE.parquet")))
    if "-" in (options.table, options.output):
        message = say("an engine reads and writes files, no standard input or output")
        raise WrongUse(Problem("U326", message, Location(), say("name the data set, and -o FILE.parquet")))
