"""A pytest plugin: files of cases are test files, and the laws are tests of scheme files.

    pytest -p ictindex.testing.plugin schemes/
    pytest -p ictindex.testing.plugin --ictindex-laws schemes/

or `pytest_plugins = ["ictindex.testing.plugin"]` in the conftest.py at the top. It is no entry point of pytest, so it
does nothing unasked: an installed library must not change other people's test runs, and a plugin that pytest loads by
itself is imported before coverage is measured.

Options, each with a line for the configuration file: `--ictindex-laws` (`ictindex_laws`), `--ictindex-examples=N`
(`ictindex_examples`), `--ictindex-seed=N` (`ictindex_seed`), `--ictindex-lang=vi` (`ictindex_lang`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ictindex import authoring
from ictindex.analysis.cases import CaseReport
from ictindex.analysis.reasons import reasons
from ictindex.errors import IctIndexError, Problem, WrongUse
from ictindex.messages import LANGUAGES, in_language, joined
from ictindex.plan import Plan
from ictindex.testing.subjects import is_cases_file, is_scheme_file, plans_of
from ictindex.testing.told import Line, problem_of, report_lines

RANKING = "ranking"
"""The name of the test of a published ranking."""


class Broken(Exception):
    """A test of this plugin fails: the lines say why, and no traceback says more."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = tuple(lines)
        super().__init__("; ".join(line for _, line in self.lines))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, and their lines of the configuration file."""
    group = parser.getgroup("ictindex", "scoring schemes")
    laws = "also ask the laws of scheme files, one test a law"
    group.addoption("--ictindex-laws", action="store_true", default=None, help=laws)
    parser.addini("ictindex_laws", laws, type="bool", default=False)
    for name, default, told in (
        ("examples", "100", "how many tables each law is asked of"),
        ("seed", "0", "a number that stands for other tables"),
        ("lang", LANGUAGES[0], f"the language of failures: {' or '.join(LANGUAGES)}"),
    ):
        group.addoption(f"--ictindex-{name}", metavar=name.upper(), help=f"{told} (without it {default})")
        parser.addini(f"ictindex_{name}", told, default=default)


def pytest_configure(config: pytest.Config) -> None:
    """Say at once where hypothesis is missing or an option makes no sense."""
    try:
        if _option(config, "laws"):
            from ictindex.testing.checking import check_examples

            check_examples(_number(config, "examples"))
            _number(config, "seed")
    except WrongUse as error:
        raise pytest.UsageError(str(error)) from None
    if _option(config, "lang") not in LANGUAGES:
        raise pytest.UsageError(f"--ictindex-lang is one of {', '.join(LANGUAGES)}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect files of cases and, where the laws are asked, schemes."""
    if is_cases_file(file_path):
        return CasesFile.from_parent(parent, path=file_path)
    if _option(parent.config, "laws") and is_scheme_file(file_path):
        return SchemeFile.from_parent(parent, path=file_path)
    return None


def _option(config: pytest.Config, name: str) -> Any:
    """Return what the command line says, else the configuration file."""
    typed = config.getoption(f"ictindex_{name}")
    return config.getini(f"ictindex_{name}") if typed is None else typed


def _number(config: pytest.Config, name: str) -> int:
    typed = str(_option(config, name))
    if not typed.isdecimal():
        raise pytest.UsageError(f"--ictindex-{name} is a whole number, not {typed!r}")
    return int(typed)


class _Item(pytest.Item):
    """A test whose failure is told in lines."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the lines, in the language that was asked for."""
        if not isinstance(excinfo.value, Broken):
            return super().repr_failure(excinfo, style)
        language = _option(self.config, "lang")
        return "\n".join(" " * indent + in_language(line, language) for indent, line in excinfo.value.lines)


class _File(pytest.File):
    """A file whose problems are told one a line."""

    def collect(self) -> Iterator[_Item]:
        """Yield the tests of the file. Raises CollectError where it cannot be used."""
        try:
            yield from self.items()
        except IctIndexError as error:
            language = _option(self.config, "lang")
            raise self.CollectError("\n".join(problem.told(language) for problem in error.problems)) from None

    def items(self) -> Iterator[_Item]:
        """Yield the tests of the file."""
        raise NotImplementedError


def _said(problem: Problem) -> str:
    """Return a problem as a text that can be said in another language."""
    return joined([f"{problem.where}: {problem.code}", problem.message], by=" ")


# --- cases ---------------------------------------------------------------------------------------------------------


class CasesFile(_File):
    """A file of cases: a test for each unit, and one for the ranking."""

    def items(self) -> Iterator[_Item]:
        """Yield the tests; the cases are scored here, together, since units are compared with one another."""
        report = authoring.run_cases(self.path)
        for case in report.cases.units:
            yield CaseItem.from_parent(self, name=case.code, report=report, line=case.where.line, ranking=False)
        if report.cases.ranking is not None:
            line = report.cases.ranking.units[0].where.line
            yield CaseItem.from_parent(self, name=RANKING, report=report, line=line, ranking=True)


class CaseItem(_Item):
    """The published figures of one unit, or the published ranks."""

    def __init__(self, *, report: CaseReport, line: int, ranking: bool, **more: Any) -> None:
        super().__init__(**more)
        self.report, self.line, self.ranking = report, line, ranking

    def runtest(self) -> None:
        """Fail with every figure that differs, and why."""
        lines: list[Line] = []
        for difference, reason in reasons(self.report):
            if difference.run.ranking == self.ranking and (self.ranking or difference.case.code == self.name):
                lines.append((0, _said(difference.problem)))
                lines += [(4, line) for line in (() if reason is None else reason.lines())]
        if lines:
            raise Broken(lines)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the case stands."""
        return self.path, self.line - 1, f"{self.report.cases.scheme}: {self.name}"


# --- laws ----------------------------------------------------------------------------------------------------------


class SchemeFile(_File):
    """A scheme: a test for each law, of the scheme as it stands and of each of its variants."""

    def items(self) -> Iterator[_Item]:
        """Yield the tests."""
        from ictindex.testing.laws import LAWS

        for plan in plans_of(str(self.path)):
            for law in LAWS:
                variant = plan.scheme.variant
                name = f"{law.name}[{variant}]" if variant else law.name
                yield LawItem.from_parent(self, name=name, plan=plan, law=law.name)


class LawItem(_Item):
    """One law of one scheme. A law that is not asked is skipped, with the reason."""

    def __init__(self, *, plan: Plan, law: str, **more: Any) -> None:
        super().__init__(**more)
        self.plan, self.law = plan, law

    def runtest(self) -> None:
        """Fail with the smallest table that breaks the law."""
        from ictindex.testing.checking import check_laws

        examples, seed = _number(self.config, "examples"), _number(self.config, "seed")
        (report,) = check_laws(self.plan, laws=[self.law], examples=examples, seed=seed)
        if report.outcome == "not asked":
            pytest.skip(in_language(report.words, _option(self.config, "lang")))
        if report.broken is not None:
            problem = problem_of(report, self.plan.scheme)
            raise Broken([(0, _said(problem)), *list(report_lines(report, self.plan.scheme))[1:]])

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the scheme."""
        return self.path, 0, f"{self.plan.scheme.id}: {self.name}"
