"""`regroup`: the table of old units made one of the units that they became."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import date, timedelta
from typing import Any

from ictindex import api
from ictindex.cli.files import keep, named, read_table
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, harmless, progress, tell, write
from ictindex.messages import in_language, say


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("regroup", _regroup)
    commands.scheme(command)
    commands.table(command)
    told = say("a CSV file of what became of whom: old code, new code, date, share")
    command.add_argument("crosswalk", metavar="CROSSWALK", help=words(told))
    told = say("the list of the new units; without it that of --units, on the day of the last change")
    command.add_argument("--new-units", default="", metavar="FILE", help=words(told))
    told = say("divide the counts of split units into whole numbers, the largest remainders first")
    command.add_argument("--whole-counts", action="store_true", help=words(told))
    commands.output(command)


def _regroup(options: argparse.Namespace) -> int:
    keep(options.output, options.scheme, options.table, options.crosswalk, options.units, options.new_units)
    form = api.table_format(named(options.output))
    plan = api.compile_scheme(options.scheme, variant=options.variant)
    crosswalk = api.read_crosswalk(options.crosswalk)
    since = api.as_date(options.on or None)
    if options.units or plan.scheme.unit_list:
        options.on = since or _day_before(crosswalk)
    else:
        options.on = None
    table = read_table(options.table, plan, options)
    units = options.new_units or options.units or None
    found = api.regroup(table, crosswalk, scheme=plan, units=units, on=since, whole_counts=options.whole_counts)
    tell(found.report, FINE, options.lang, most=options.max_problems)
    _sum_up(found, options)
    with progress(say("writing"), options.lang):
        content = form.write_table(found.table, plan.scheme)
    write(content, options.output, options.lang, units=len(found.table))
    return FINE


def _sum_up(found: Any, options: argparse.Namespace) -> None:
    """Say of each column in how many units it could not be carried, where not every one was told."""
    lost = Counter(problem.where.cell for problem in found.report if problem.code == "T107")
    if len(found.report) > options.max_problems:
        for column, count in lost.items():
            parts = {"column": column, "count": count, "all": len(found.table)}
            line = in_language(say("{column}: not carried for {count} of {all} units", **parts), options.lang)
            print(harmless(line), file=sys.stderr)


def _day_before(crosswalk: Any) -> date | None:
    """Return the last day of the old units: a list that has both is read on it."""
    return crosswalk.days[0] - timedelta(days=1) if crosswalk.days else None
