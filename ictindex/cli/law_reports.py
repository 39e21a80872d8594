"""`test --laws`: what became of each law of each scheme, as text, as one JSON object, or for GitHub."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from typing import Any

from ictindex.cli.printing import FINE, PROBLEMS, WRONG_USE, harmless, progress, tell, write
from ictindex.cli.reporting import print_annotation
from ictindex.errors import SchemeInvalid, UnknownName, WrongUse
from ictindex.messages import in_language, say
from ictindex.plan import Plan
from ictindex.testing.subjects import plans_of, scheme_files


def run(options: argparse.Namespace) -> int:
    """Ask the laws of every scheme that the options name, print what becomes of them, and return the exit code."""
    with tempfile.TemporaryDirectory(prefix="ictindex-") as folder:
        if "hypothesis" not in sys.modules:  # else it is another program's, and keeps its notes where that says
            os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", folder)
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    from ictindex.testing.checking import check_examples  # says where hypothesis is missing

    check_examples(options.examples)
    worst, found = FINE, list[dict[str, Any]]()
    for path in options.paths:
        try:
            for file in scheme_files(path):
                for plan in plans_of(file):
                    worst = max(worst, _asked(file, plan, options, found))
        except (UnknownName, WrongUse, SchemeInvalid) as error:  # the other paths are looked at all the same
            code = PROBLEMS if isinstance(error, SchemeInvalid) else WRONG_USE
            worst = max(worst, tell(error.problems, code, options.lang))
            found.append({"file": path, "problems": [one.to_dict(options.lang) for one in error.problems]})
    if options.format == "json":
        write(json.dumps({"schemes": found}, ensure_ascii=False, indent=1), "-")
    return worst


def _asked(file: str, plan: Plan, options: argparse.Namespace, found: list[dict[str, Any]]) -> int:
    """Ask one scheme in one variant, law by law, and print each as it comes."""
    from ictindex.testing.checking import check_laws
    from ictindex.testing.laws import LAWS
    from ictindex.testing.told import plain, problem_of, report_lines

    name = f"{file} ({plan.scheme.variant})" if plan.scheme.variant else file
    if options.format == "text":
        _say(
            say(
                "{file}: {examples} tables for each law, seed {seed}",
                file=name,
                examples=options.examples,
                seed=options.seed,
            ),
            options.lang,
        )
    reports = []
    for law in LAWS:
        with progress(f"{name}: {law.name}"):
            (report,) = check_laws(plan, laws=[law], seed=options.seed, examples=options.examples)
        reports.append(report)
        if options.format == "text":
            _say(say("{law}: {words}", law=law.name, words=law.words), options.lang, 2)
            for indent, line in report_lines(report, plan.scheme):
                _say(line, options.lang, 4 + indent)
        elif options.format == "github" and report.broken is not None:
            print_annotation(problem_of(report, plan.scheme), file, options.lang)
    broken = sum(one.outcome == "broken" for one in reports)
    asked = sum(one.outcome != "not asked" for one in reports)
    if options.format != "json":
        _say(say("{file}: {held} of {asked} laws hold", file=name, held=asked - broken, asked=asked), options.lang)
    found.append(
        {
            "file": file,
            "scheme": plan.scheme.id,
            "variant": plan.scheme.variant or None,
            "examples": options.examples,
            "seed": options.seed,
            "laws": [plain(one, options.lang) for one in reports],
        }
    )
    return PROBLEMS if broken else FINE


def _say(text: str, language: str, indent: int = 0) -> None:
    print(harmless(" " * indent + in_language(text, language)))
