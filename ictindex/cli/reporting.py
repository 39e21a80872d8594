"""What `check` found, as it is printed: text for people, one JSON object, or the workflow commands of GitHub."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import IO, Any, Literal

from attrs import evolve, frozen

from ictindex.cli.printing import FINE, PROBLEMS, WRONG_USE, gravest, harmless, number_of, tell
from ictindex.errors import Problem, Severity
from ictindex.messages import Text, in_language, joined, say

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}


@frozen
class Checked:
    """What was found in one file. `known` is False where there is no such file, folder or scheme.

    `doubts` says whether warnings were looked for: yes, no, or not `yet`, since errors stood in the way.
    """

    file: str
    problems: tuple[Problem, ...]
    known: bool = True
    doubts: Literal["yes", "no", "yet"] = "yes"

    def count(self, severity: Severity) -> int:
        """Return how many problems of a severity there are."""
        return number_of(problem for problem in self.problems if problem.severity is severity)

    def code(self, *, strict: bool) -> int:
        """Return the exit code; where it is strict, a warning counts as an error does."""
        if not self.known:
            return WRONG_USE
        stopping = self.count(Severity.ERROR) + strict * self.count(Severity.WARNING)
        return PROBLEMS if stopping else FINE


def print_text(checked: Checked, language: str, most: int, stream: IO[str] | None = None) -> None:
    """Print the problems of a file, one a line, and how many there are; of an unknown name on standard error.

    `stream` is where they are printed in place of standard output.
    """
    out = stream or sys.stdout
    if not checked.known:
        tell(checked.problems, WRONG_USE, language)
        return
    tell(hinted_once(checked.problems), FINE, language, out, most)
    print(harmless(f"{checked.file}: {in_language(_counts(checked), language)}"), file=out)


def hinted_once(problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems, the hint of the same doubt said only the first time: ten lines of advice stay readable."""
    said: set[tuple[str, str]] = set()
    told = []
    for problem in problems:
        key = (problem.code, problem.hint)
        again = key in said and problem.severity is not Severity.ERROR
        told.append(evolve(problem, hint="") if again else problem)
        said.add(key)
    return told


def print_github(checked: Checked, language: str, most: int) -> None:
    """Print the problems of a file as annotations of a GitHub workflow, and how many there are."""
    for problem in gravest(checked.problems, most):
        print_annotation(problem, checked.file, language)
    print(harmless(f"{checked.file}: {in_language(_counts(checked), language)}"))


def print_annotation(problem: Problem, file: str, language: str) -> None:
    """Print a problem as an annotation of a GitHub workflow; one that names no file belongs to this one."""
    where = {
        "file": problem.where.source or file,
        "line": str(problem.where.line or ""),
        "col": str(problem.where.column or ""),
        "title": problem.code,
    }
    place = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in where.items() if value)
    message, hint = in_language(problem.message, language), in_language(problem.hint, language)
    text = _escaped(f"{message} ({hint})" if hint else message)
    print(harmless(f"::{_COMMANDS[problem.severity]} {place}::{text}"))


def as_json(found: Sequence[Checked], language: str) -> str:
    """Return everything found as one JSON object: the counts of each file and of all, and every problem."""
    return json.dumps(as_data(found, language), ensure_ascii=False, indent=1)


def as_data(found: Sequence[Checked], language: str) -> dict[str, Any]:
    """Return everything found as plain data: the counts of each file and of all, and every problem."""
    files = [{"file": one.file, **_numbers([one])} for one in found]
    problems = [problem.to_dict(language) for one in found for problem in one.problems]
    return {"files": files, **_numbers(found), "problems": problems}


def _numbers(found: Sequence[Checked]) -> dict[str, Any]:
    names = {"errors": Severity.ERROR, "warnings": Severity.WARNING, "advice": Severity.ADVICE}
    return {name: sum(one.count(severity) for one in found) for name, severity in names.items()}


def _counts(checked: Checked) -> str:
    """Return `2 errors, 1 warning, 3 pieces of advice`: advice only where there is any, warnings where looked for."""
    errors, warnings, advice = (checked.count(severity) for severity in Severity)
    if not checked.problems:
        return say("no problem")
    counts: list[Text] = [say("1 error") if errors == 1 else say("{count} errors", count=errors)]
    if warnings or checked.doubts == "yes":
        counts.append(say("1 warning") if warnings == 1 else say("{count} warnings", count=warnings))
    if advice:
        counts.append(say("1 piece of advice") if advice == 1 else say("{count} pieces of advice", count=advice))
    later = ""
    if checked.doubts == "yet":
        one = say("doubts are looked for when it is mended")
        later = one if errors == 1 else say("doubts are looked for when they are mended")
    return joined((joined(counts, by=", "), later), by="; ")


def _escaped(text: str, more: str = "") -> str:
    """Return the text as a workflow command takes it; `more` are the signs that end a property."""
    for sign in f"%\r\n{more}":  # the percent sign first, since the others become one
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
