"""What `test` found, as it is printed: text for people, one JSON object, or the workflow commands of GitHub."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from ictindex import authoring
from ictindex.analysis.cases import CaseReport
from ictindex.analysis.coverage import Coverage
from ictindex.analysis.coverage.gaps import gap_lines, gaps, summary
from ictindex.analysis.reasons import reasons
from ictindex.cli.printing import FINE, MOST, PROBLEMS, gravest, harmless, tell
from ictindex.cli.reporting import print_annotation
from ictindex.errors import Problem, SchemeInvalid, TableInvalid
from ictindex.messages import in_language, say


@frozen
class Tried:
    """One file of cases: what became of its figures, or why they could not be looked at."""

    file: str
    report: CaseReport | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def code(self) -> int:
        """The exit code."""
        return FINE if self.report is not None and not self.report.differences else PROBLEMS

    @property
    def coverage(self) -> Coverage | None:
        """Which parts of the scheme the cases touch; None where they could not be looked at."""
        return None if self.report is None else authoring.case_coverage(self.report)


def tried(file: str) -> Tried:
    """Return what becomes of a file of cases."""
    try:
        return Tried(file, authoring.run_cases(file))
    except (SchemeInvalid, TableInvalid) as error:
        return Tried(file, problems=error.problems)


def print_text(one: Tried, language: str, *, coverage: bool) -> None:
    """Print the figures of a file that differ, each with why, how many hold, and what the cases touch."""
    if one.report is None:
        tell(one.problems, PROBLEMS, language, sys.stdout)
        _say(say("{file}: the cases cannot be looked at", file=one.file), language)
        return
    for difference, reason in reasons(one.report):
        print(harmless(difference.problem.told(language)))
        for line in () if reason is None else reason.lines():
            _say(line, language, indent=4)
    _say(_held(one, one.report), language)
    if one.report.loose:
        loose = say(
            "scores that hold only because `within` allows more than the last digit: {count}", count=one.report.loose
        )
        _say(loose, language, indent=2)
    found = authoring.case_coverage(one.report)
    _say(summary(found), language, indent=2)
    if coverage:
        for line in _gaps(one.report, found):
            _say(line, language, indent=2)


def _gaps(report: CaseReport, coverage: Coverage) -> Iterator[str]:
    """Yield what no case touches, with its lines in the scheme's file."""
    found = gaps(coverage, report.plan.scheme)
    if not found:
        yield say("every part of the scheme is touched by a case")
        return
    yield say("no case touches, by the lines of {file}:", file=coverage.path)
    yield from gap_lines(found)


def print_github(one: Tried, language: str, *, coverage: bool) -> None:
    """Print the figures of a file that differ as annotations of a GitHub workflow, and how many hold."""
    problems = one.problems
    if one.report is not None:
        problems = tuple(difference.problem for difference in one.report.differences)
    for problem in gravest(problems, MOST):
        print_annotation(problem, one.file, language)
    if one.report is None:
        _say(say("{file}: the cases cannot be looked at", file=one.file), language)
        return
    _say(_held(one, one.report), language)
    if coverage:
        _say(summary(authoring.case_coverage(one.report)), language, indent=2)


def print_whole(found: Sequence[Tried], without: Sequence[str], language: str) -> None:
    """Print the schemes that have no cases, and how many figures hold in all, where there is more than one file."""
    for file in without:
        _say(say("{file}: no cases", file=file), language)
    reports = [one.report for one in found if one.report is not None]
    if len(found) + len(without) < 2:
        return
    held, figures = sum(one.held for one in reports), sum(one.figures for one in reports)
    facts = {"held": held, "figures": figures, "broken": len(found) - len(reports)}
    told = say("in all, {held} of {figures} figures hold", **facts)
    if facts["broken"]:
        told = say("in all, {held} of {figures} figures hold; files that cannot be looked at: {broken}", **facts)
    _say(told, language)


def as_json(found: Sequence[Tried], without: Sequence[str], language: str, *, coverage: bool) -> str:
    """Return everything that was found as one JSON object."""
    files = [_plain(one, language, coverage=coverage) for one in found]
    reports = [one.report for one in found if one.report is not None]
    whole = {
        "files": files,
        "without_cases": list(without),
        "figures": sum(one.figures for one in reports),
        "held": sum(one.held for one in reports),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _plain(one: Tried, language: str, *, coverage: bool) -> dict[str, Any]:
    plain: dict[str, Any] = {"file": one.file, "problems": [one.to_dict(language) for one in one.problems]}
    report, found = one.report, one.coverage
    if report is None or found is None:
        return plain
    told = found.to_dict(language)
    if not coverage:
        del told["list"]
    plain |= {"scheme": report.cases.scheme, "variant": report.cases.variant or None}
    plain |= {"cases": len(report.cases.units), "figures": report.figures, "held": report.held, "loose": report.loose}
    plain["differences"] = [
        {
            **difference.to_dict(language),
            "reason": None if reason is None else reason.to_dict(language),
        }
        for difference, reason in reasons(report)
    ]
    return plain | {"coverage": told}


def _held(one: Tried, report: CaseReport) -> str:
    ranked = () if report.cases.ranking is None else report.cases.ranking.units
    count = len(report.cases.units) + len(ranked)
    facts = {"file": one.file, "held": report.held, "figures": report.figures, "count": count}
    if count == 1:
        return say("{file}: {held} of {figures} figures hold, in 1 case", **facts)
    return say("{file}: {held} of {figures} figures hold, in {count} cases", **facts)


def _say(text: str, language: str, indent: int = 0) -> None:
    print(harmless(" " * indent + in_language(text, language)))
