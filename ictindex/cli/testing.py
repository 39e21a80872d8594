"""`test`: whether a scheme gives the published figures in the cases beside it."""

from __future__ import annotations

import argparse

from ictindex import api
from ictindex.cli.parser import Commands
from ictindex.cli.printing import FINE, PROBLEMS, harmless
from ictindex.messages import in_language, say


def add(commands: Commands) -> None:
    """Add the command."""
    words = commands.words
    told = say("compare schemes with the published figures in their cases")
    command = commands.add("test", _test, told, example="ictindex test hue-1784/2020-district")
    told = say("the id of a scheme, a scheme file, a .cases.yaml file, or a folder of them")
    command.add_argument("paths", metavar="PATH", nargs="+", help=words(told))


def _test(options: argparse.Namespace) -> int:
    worst = FINE
    for path in (file for one in options.paths for file in api.find_cases(one).files):
        differences = api.run_cases(path).differences
        for one in differences:
            print(harmless(str(one)))
        told = say("{path}: {count} differences", path=path, count=len(differences))
        print(harmless(in_language(told, options.lang)))
        worst = max(worst, PROBLEMS if differences else FINE)
    return worst
