"""One mistake at any key of any shipped scheme is reported at its place, or is proved to do no harm.

It is reported by the check, or by the cases beside the scheme: they cannot be read any more, the scheme refuses them,
or a figure of theirs does not hold. What neither of them reports must score, rank and grade every row of the cases and
of the example table as before, and `ictindex diff` must say what changed, or see that nothing did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from attrs import frozen
from mutants import Mutant, mutants
from test_schemes import IDS, example_path

from ictindex import load_scheme, read_table, score
from ictindex.analysis.cases import run_cases
from ictindex.analysis.differences.compare import differences
from ictindex.compiling import compile_scheme
from ictindex.documents.build import build_scheme, check_document
from ictindex.documents.case_files import cases_beside
from ictindex.documents.cases import read_cases
from ictindex.documents.source import Document, Scalar, read_document, read_document_file
from ictindex.documents.structure import structure_problems
from ictindex.documents.variants import variants
from ictindex.errors import IctIndexError, Problem, SchemeInvalid, Severity
from ictindex.model import Scheme
from ictindex.plugins import vocabulary
from ictindex.result import Result

# Not counted for coverage, which would double the time of eight thousand checks; other tests reach the same lines.
pytestmark = pytest.mark.no_cover

KNOWN = vocabulary()
SILENT = {  # schemes and keys of which the diff says nothing, and why it need not
    r"\S+ (.+ > )?en": "the name in English; the Vietnamese one is compared",
    r"\S+ (.+ > )?(assumed|derived)": "the status stays, since the heading above has it too; reasons are not compared",
    r"\S+ \d > below": "it held nothing but such a reason",
    r"\S+ .+ > between": "it checks the number beside it and changes nothing",
    r"\S+ revision": "without it the revision is 1, which it is",
    r"\S+ inputs > \S+ > additive": "the figures of units that merge are added up anyway",
    r"\S+ inputs > bt > notes": "the notes of rows are compared, those of columns are not",
    r"\S+ sources > \S+": "nobody cites it, and a source goes by its title",
    r"dti-\S+ \S+ > rows": "how many components the source counts inside a criterion, none of which is a row",
    r"ict-index/\S+ replaces": "it says which edition a later one is compared with",
}
EQUAL = {  # what the diff takes for a change of scores, ranks or levels, and why it is none
    r"ict-index/\S+ .+ > ratio > per": "what is compared with the lowest and the highest has no unit",
    r"dti-922/\S+ merged": "a table with units that merged is then refused, which tells of it",
    r"dti-922/\S+ 6 > missing": "an empty cell of a row without points is never refused",
}


@frozen
class Shipped:
    """A shipped scheme with its variants, what `check` says of it, and what it makes of its cases and its example."""

    name: str
    text: str
    document: Document
    said: tuple[Problem, ...]
    cases: tuple[Document, ...]
    example: Path
    schemes: Mapping[str, Scheme]
    answers: tuple[Any, ...]


@frozen
class Verdict:
    """What became of a mutant: who reported it, or the reason why it does no harm; or else what is wrong."""

    mutant: Mutant
    by: str = ""
    wrong: str = ""

    def __str__(self) -> str:
        return f"{self.mutant}: {self.wrong or self.by}"


class Reported(Exception):
    """The cases tell of the mistake."""


@cache
def shipped(name: str) -> Shipped:
    path = Path(load_scheme(name).path)
    document = read_document_file(path)
    cases = tuple(read_document_file(one) for one in cases_beside(path))
    schemes, example = built(document), example_path(load_scheme(name))
    return Shipped(
        name=name,
        text=path.read_text("utf-8"),
        document=document,
        said=tuple(check_document(document, KNOWN)),
        cases=cases,
        example=example,
        schemes=schemes,
        answers=tuple(answers(schemes, cases, example)),
    )


@cache
def verdicts(name: str) -> tuple[Verdict, ...]:
    """Return what becomes of every mutant of a shipped scheme."""
    one = shipped(name)
    return tuple(judged(one, mutant) for mutant in mutants(one.document, one.text))


def judged(one: Shipped, mutant: Mutant) -> Verdict:
    """Return what becomes of a mutant."""
    try:
        document = read_document(mutant.text, one.document.source)
    except SchemeInvalid as error:
        return at_its_place(one, mutant, error.problems) or Verdict(mutant, wrong=f"is reported elsewhere: {error}")
    if mutant.mistake in ("mistyped", "misspelt") and not mutant.key.is_line:
        told = at_its_place(one, mutant, structure_problems(document, KNOWN))  # a part of the check, and the likely one
        if told is not None:
            return told
    found = check_document(document, KNOWN)
    told = at_its_place(one, mutant, found)
    if told is not None:
        return told
    elsewhere = [str(each) for each in news(one, mutant, found) if each.severity is not Severity.ADVICE]
    if elsewhere:
        return Verdict(mutant, wrong=f"is reported elsewhere: {'; '.join(elsewhere)}")
    try:
        schemes = built(document)
        same = tuple(answers(schemes, one.cases, one.example)) == one.answers
    except Reported:
        return Verdict(mutant, by="cases")
    except IctIndexError as error:
        return Verdict(mutant, wrong=f"is reported by the example alone: {error}")
    return harmless(one, mutant, schemes) if same else Verdict(mutant, wrong="changes scores, and nobody says so")


def at_its_place(one: Shipped, mutant: Mutant, found: tuple[Problem, ...] | list[Problem]) -> Verdict | None:
    """Return that the check reports a mutant, None where no problem that is new stands at a right line."""
    if any(problem.where.line in mutant.lines for problem in news(one, mutant, found)):
        return Verdict(mutant, by="check")
    return None


def news(one: Shipped, mutant: Mutant, found: tuple[Problem, ...] | list[Problem]) -> Iterator[Problem]:
    """Yield the problems that the scheme does not have as it is; the same one with a misspelt name in it is none."""
    said = {(problem.code, _plain(problem, mutant)) for problem in one.said}
    return (problem for problem in found if (problem.code, _plain(problem, mutant)) not in said)


def _plain(problem: Problem, mutant: Mutant) -> str:
    message = re.sub(r"\bline \d+", "line", problem.message)
    return message.replace(mutant.misspelt, mutant.key.path[-1]) if mutant.mistake == "misspelt" else message


def built(document: Document) -> dict[str, Scheme]:
    """Return the scheme of a document, and each of its variants, by the variant's code."""
    return {code: build_scheme(document, KNOWN, variant=code) for code in ("", *variants(document.root))}


def answers(schemes: Mapping[str, Scheme], cases: tuple[Document, ...], example: Path) -> Iterator[Any]:
    """Yield what schemes make of the cases, then of the example. Raises Reported where the cases tell of a mistake."""
    plans = {code: compile_scheme(scheme, KNOWN) for code, scheme in schemes.items()}
    for document in cases:
        named = document.root.get("variant")
        plan = plans.get(named.text if isinstance(named, Scalar) else "", plans[""])
        try:
            report = run_cases(plan, read_cases(document, plan.scheme))
        except IctIndexError as error:
            raise Reported from error
        if report.differences:
            raise Reported
        yield from (printed(run.result) for run in report.runs)
    for plan in plans.values():
        yield printed(score(plan, read_table(example, scheme=plan)))


def printed(result: Result) -> list[Any]:
    """Return the scores, ranks and levels of every row that has points, in the order of the rows."""
    rows = [row.code for row in result.scheme.rows() if row.max]
    return [(result.published(code), result.ranks(code).tolist(), result.levels(code)) for code in rows]


def harmless(one: Shipped, mutant: Mutant, schemes: Mapping[str, Scheme]) -> Verdict:
    """Return why a mutant that answers as before does no harm."""
    found = [differences(one.schemes[code], scheme, KNOWN) for code, scheme in schemes.items() if code in one.schemes]
    told = [change.words for each in found for change in each.changes]
    verdict = [part for each in found for part in (each.verdict.scores, each.verdict.ranks, each.verdict.levels)]
    if not all(verdict):
        return listed(EQUAL, one, mutant) or Verdict(mutant, wrong=f"should change something: {'; '.join(told)}")
    if all(each.empty for each in found) and bare(tuple(one.schemes.values())) != bare(tuple(schemes.values())):
        return listed(SILENT, one, mutant) or Verdict(mutant, wrong="changes something that the diff does not tell")
    return Verdict(mutant, by="diff")


def listed(reasons: Mapping[str, str], one: Shipped, mutant: Mutant) -> Verdict | None:
    """Return the reason for a key that is listed with one."""
    key = f"{one.name} {' > '.join(mutant.key.path)}"
    reason = next((pattern for pattern in reasons if re.fullmatch(pattern, key)), None)
    return None if reason is None else Verdict(mutant, by=reason)


def bare(thing: Any) -> Any:
    """Return a part of a scheme as plain data, without where it stands in a file."""
    if attrs.has(type(thing)):
        names = (one.name for one in attrs.fields(type(thing)) if one.name not in ("line", "path", "sha256"))
        return [(name, bare(getattr(thing, name))) for name in names]
    return tuple(map(bare, thing)) if isinstance(thing, tuple) else thing


@pytest.mark.parametrize("name", IDS)
def test_a_mistake_at_any_key_is_reported_or_does_no_harm(name: str) -> None:
    assert [str(one) for one in verdicts(name) if one.wrong] == []


@pytest.mark.parametrize("name", IDS)
def test_every_key_makes_four_mistakes(name: str) -> None:
    """And a key that stands twice, or has a value of another kind, is always told by the check."""
    found = verdicts(name)
    mistakes = ("removed", "misspelt", "twice", "mistyped")
    assert [one.mutant.mistake for one in found] == [*mistakes] * (len(found) // 4)
    assert len({one.mutant.text for one in found} | {shipped(name).text}) == len(found) + 1
    assert {one.by for one in found if one.mutant.mistake in ("twice", "mistyped")} == {"check"}


@pytest.mark.parametrize("name", IDS)
def test_what_the_structure_tells_is_told_by_the_check(name: str) -> None:
    """The mutants are asked of `structure_problems` first, to save time; here some are asked of the whole check."""
    one = shipped(name)
    for mutant in [each for each in mutants(one.document, one.text) if each.mistake == "mistyped"][::20]:
        found = check_document(read_document(mutant.text, one.document.source), KNOWN)
        assert at_its_place(one, mutant, found) is not None, str(mutant)


def test_no_key_is_listed_without_need() -> None:
    used = {one.by for name in IDS for one in verdicts(name)}
    assert {*SILENT, *EQUAL} - used == set()
    assert used - {*SILENT, *EQUAL} == {"check", "cases", "diff"}
