"""`compare`: why the scores and ranks of two results differ.

Problems: U256 there is nothing to compare with, or an option is about a second table or a round that is not given.
"""

from __future__ import annotations

import argparse
from typing import Any

from ictindex import api, questions
from ictindex.cli.answers import add_printing, print_answer
from ictindex.cli.files import keep, read_once
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, progress
from ictindex.cli.tracks import TRACKS, UNVERIFIED, WITHOUT_EVIDENCE, add_round, scored
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("compare", _compare)
    commands.scheme(command)
    commands.table(command)
    told = say("the table after; without it TABLE again, under another scheme or as another track of its round")
    command.add_argument("after", metavar="AFTER", nargs="?", default="", help=words(told))
    told = say("the scheme after, if it is another: an id or a YAML file")
    command.add_argument("--scheme-after", default="", metavar="SCHEME", help=words(told))
    told = say("the variant of the scheme after")
    command.add_argument("--variant-after", default="", metavar="NAME", help=words(told))
    told = say("tell of this unit, with what each criterion did; may be given again")
    command.add_argument("--unit", action="append", default=[], metavar="UNIT", help=words(told))
    told = say("the row whose scores and ranks are compared; without it the total")
    command.add_argument("--total", default="", metavar="CODE", help=words(told))
    told = say("a CSV file of which row or column has become which: before, after")
    command.add_argument("--mapping-rows", default="", metavar="FILE", help=words(told))
    told = say("a CSV file of what became of which unit between the two: old code, new code, date, share")
    command.add_argument("--crosswalk", default="", metavar="FILE", help=words(told))
    add_round(commands, command)
    told = say("the same for AFTER")
    command.add_argument("--round-after", default="", metavar="FILE", help=words(told))
    told = say("the track that is before: declared (of one table), else final")
    command.add_argument("--track-before", choices=TRACKS, default="", help=words(told))
    told = say("the track that is after: final without it")
    command.add_argument("--track-after", choices=TRACKS, default="", help=words(told))
    told = say("what a figure counts as that nobody verified: as declared (without it), missing, or refuse")
    command.add_argument("--unverified", choices=UNVERIFIED, default="", help=words(told))
    told = say(
        "without its evidence a criterion scores: zero (without it), flag or refuse, where the scheme says nothing"
    )
    command.add_argument("--without-evidence", choices=WITHOUT_EVIDENCE, default="", help=words(told))
    add_printing(commands, command)


def _compare(options: argparse.Namespace) -> int:
    _check(options)
    before, after = _sides(options)
    plans = [api.compile_scheme(side.scheme, variant=side.variant) for side in (before, after)]
    results = [scored(plan, side) for plan, side in zip(plans, (before, after), strict=True)]
    with progress(say("comparing"), options.lang):
        answer = questions.compare(
            results[0],
            results[1],
            code=options.total,
            units=options.unit,
            mapping=options.mapping_rows or None,
            crosswalk=options.crosswalk or None,
        )
    print_answer(answer, options)
    return FINE


def _sides(options: argparse.Namespace) -> tuple[Any, Any]:
    """Return the options of either side, as `score` has them."""
    one_table = not options.after
    rounds = options.round, options.round if one_table else options.round_after
    scheme = options.scheme_after or options.scheme
    variant = options.variant_after or ("" if options.scheme_after else options.variant)
    of_round = bool(rounds[0] or options.track_before or options.track_after)
    usual = "declared" if one_table and of_round and not options.scheme_after and not options.variant_after else "final"
    tracks = (
        options.track_before or (usual if of_round else ""),
        options.track_after or ("final" if rounds[1] or (one_table and of_round) else ""),
    )
    before = _side(options, options.scheme, options.variant, options.table, rounds[0], tracks[0])
    after = _side(options, scheme, variant, options.after or options.table, rounds[1], tracks[1])
    after.no_doubts |= one_table  # they were told of it already
    return before, after


def _of_tracks(options: argparse.Namespace) -> bool:
    return bool(options.round or options.round_after or options.track_before or options.track_after)


def _side(options: argparse.Namespace, scheme: str, variant: str, table: str, lines: str, track: str) -> Any:
    given = {"scheme": scheme, "variant": variant, "table": table, "round": lines, "track": track, "alone": False}
    if not (lines or track) and _of_tracks(options):
        given |= {"unverified": "", "without_evidence": ""}  # they are about the other side
    return argparse.Namespace(**{**vars(options), **given})


def _check(options: argparse.Namespace) -> None:
    """Raise WrongUse where there are no two things to compare, before any work is done."""
    files = (options.scheme, options.scheme_after, options.table, options.after, options.round, options.round_after)
    keep(options.output, *files, options.mapping_rows, options.crosswalk)
    other = options.scheme_after or options.variant_after
    if not (options.after or other or _of_tracks(options)):
        hint = say("name the table after, --scheme-after for another scheme, or --round FILE for its tracks")
        raise WrongUse(Problem("U256", say("there is nothing to compare the table with"), hint=hint))
    if options.round_after and not options.after:
        hint = say("name the table after; --round alone is about TABLE")
        raise WrongUse(Problem("U256", say("--round-after is about a second table, and none is given"), hint=hint))
    read_once(options.table, options.after or options.table, options.round, options.round_after)
