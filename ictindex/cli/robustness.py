"""`robustness`: how sure the ranks are, when weights, rules and figures are a little different.

Problems: U277 an option that makes no percentage; U278 a way of varying that does not exist.
"""

from __future__ import annotations

import argparse
from typing import Any

from ictindex import api, questions
from ictindex.cli.answers import add_printing, print_answer
from ictindex.cli.files import keep
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, counted
from ictindex.cli.tracks import add_tracks, scored
from ictindex.cli.workers import add_workers, working
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say

VARIABLE = ("normalization", "aggregation", "missing")


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    command = commands.add("robustness", _robustness)
    commands.scheme(command)
    commands.table(command)
    told = say("the row whose ranks are looked into; without it the first total")
    command.add_argument("--total", default="", metavar="CODE", help=words(told))
    told = say("how often everything that is varied is drawn (1000 without it)")
    command.add_argument("--draws", type=commands.number, default=1000, metavar="N", help=words(told))
    told = say("by about how many percent a weight of average size varies (20 without it; 0: not at all)")
    command.add_argument("--weights", default="20", metavar="PERCENT", help=words(told))
    told = say("by about how many percent reported figures are off (0 without it)")
    command.add_argument("--noise", default="0", metavar="PERCENT", help=words(told))
    told = say(
        "vary a method too: normalization (how figures become points), aggregation (arithmetic or geometric mean) or "
        "missing (0 points or left out); may be given again"
    )
    command.add_argument("--vary", action="append", default=[], metavar="WHAT", help=words(told))
    told = say("how many are the first ones (10 without it, or a third of few units)")
    command.add_argument("--top", type=commands.number, default=0, metavar="N", help=words(told))
    told = say("say of this unit too what its rank depends on")
    command.add_argument("--unit", default="", metavar="UNIT", help=words(told))
    told = say("so many pairs of draws say what matters most (512 without it; 0: do not ask)")
    command.add_argument("--effects", type=commands.number, default=512, metavar="N", help=words(told))
    told = say("neither leave out indicators nor remove units: only draw")
    command.add_argument("--only-draws", action="store_true", help=words(told))
    told = say("the seed of the random numbers (1 without it): the same seed gives the same numbers")
    command.add_argument("--seed", type=commands.number, default=1, metavar="N", help=words(told))
    add_workers(commands, command)
    add_tracks(commands, command)
    add_printing(commands, command)


def _robustness(options: argparse.Namespace) -> int:
    keep(options.output, options.scheme, options.table, options.round)
    assumptions = _assumptions(options)
    result = scored(api.compile_scheme(options.scheme, variant=options.variant), options)
    with working(options, threads=True) as executor, counted(say("drawing"), options.lang) as progress:
        answer = questions.uncertainty(
            result,
            code=options.total,
            assumptions=assumptions,
            draws=options.draws,
            seed=options.seed,
            top=options.top,
            unit=options.unit,
            effect_draws=options.effects,
            leave_one_out=not options.only_draws,
            reversals=not options.only_draws,
            executor=executor,
            progress=progress,
        )
    print_answer(answer, options)
    return FINE


def _assumptions(options: argparse.Namespace) -> Any:
    """Return what the options say is varied."""
    unknown = [one for one in options.vary if one not in VARIABLE]
    if unknown:
        message = say("'{what}' cannot be varied", what=unknown[0])
        hint = say("choose of: {names}; weights and figures have options of their own", names=", ".join(VARIABLE))
        raise WrongUse(Problem("U278", message, hint=hint))
    return questions.assumptions(
        weights=_share("--weights", options.weights), noise=_share("--noise", options.noise), vary=tuple(options.vary)
    )


def _share(option: str, text: str) -> float:
    """Return the share that a percentage is, written `20`, `2.5` or `2,5`, with or without its sign."""
    try:
        return float(text.strip().removesuffix("%").strip().replace(",", ".")) / 100
    except ValueError:
        message = say("{option}: '{text}' is no percentage", option=option, text=text)
        raise WrongUse(Problem("U277", message, hint=say("write a number from 0 to 50, such as 20"))) from None
