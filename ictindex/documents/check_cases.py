"""What `check` says of a file of cases: what is wrong, what the scheme refuses, and what may stand and does no good."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ictindex.analysis.cases import CaseFile, UnitCase, run_cases, score_column
from ictindex.cells import number_text
from ictindex.documents.case_files import Compile, plan_of
from ictindex.documents.cases import read_cases
from ictindex.documents.catalog import Catalog
from ictindex.documents.draft import mapping_items
from ictindex.documents.grammar import read_number, split_line
from ictindex.documents.source import Document, Mapping, Node
from ictindex.errors import Problem, SchemeInvalid, Severity, TableInvalid
from ictindex.messages import say
from ictindex.model import Scheme


def check_cases(document: Document, catalog: Catalog, compile_file: Compile) -> list[Problem]:
    """Return every problem of a document of cases, warnings and advice too, in the order of the file.

    The cases are run as well, so that a cell which the scheme refuses is found. Whether the figures hold is not asked
    here. Raises PluginBroken where two packages claim the scheme that they name.
    """
    try:
        plan = plan_of(document, catalog, compile_file)
        cases = read_cases(document, plan.scheme)
    except SchemeInvalid as error:
        return _sorted([*document.warnings, *error.problems])
    found = [*document.warnings, *_wide(document, cases, plan.scheme)]
    for case in cases.units:
        found += [*_empty_tests(case, plan.scheme), *_unread(document, case, plan.scheme)]
    try:
        run_cases(plan, cases)
    except TableInvalid as error:
        found += error.problems
    return _sorted(found)


def _sorted(problems: list[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda one: (one.where, one.code))


def _wide(document: Document, cases: CaseFile, scheme: Scheme) -> Iterator[Problem]:
    """Advise where a score may be off by more than the last digit that is printed, and nobody says why."""
    below = _value(document.root.get("below"), "within")
    for case in cases.units:
        digits = [Fraction(1, 10 ** scheme.row(one.row).publish.decimals) for one in case.expect if one.what == "score"]
        if not digits or case.within <= max(digits):
            continue
        own = _value(_line(document, case.code), "within")
        if case.notes or (own is None and cases.notes):
            continue
        message = say(
            "a score may be off by {within} here, more than the last digit that is printed ({digit})",
            within=number_text(case.within),
            digit=number_text(max(digits)),
        )
        stated = own or below
        hint = say("say why in `notes`, or make `within` smaller")
        yield Problem("C014", message, stated.where if stated else case.where, hint, Severity.ADVICE)


def _empty_tests(case: UnitCase, scheme: Scheme) -> Iterator[Problem]:
    """Warn of a score that is expected just as it is given: no rule of the scheme is looked at."""
    given = dict(case.given)
    for one in case.expect:
        column = score_column(scheme, one.row)
        if one.what != "score" or column not in given or f"{one.row}.excluded" in given:
            continue
        if read_number(given[column]) == one.value:
            message = say("the score of {row} is expected as it is given, which tests nothing", row=one.row)
            hint = say("leave it out, or expect what follows from it: its level, its rank, the row above")
            yield Problem("C015", message, one.where, hint, Severity.WARNING)


def _unread(document: Document, case: UnitCase, scheme: Scheme) -> Iterator[Problem]:
    """Warn of a cell below a row whose score is given too: it is never looked at."""
    given = dict(case.given)
    scored = {row.code for row in scheme.rows() if score_column(scheme, row.code) in given}
    owners = {one.code: one.owner for one in scheme.inputs if one.owner}
    places = {key.text: key.where for key, _ in mapping_items(_value(_line(document, case.code), "given"))}
    for column in given:
        code = owners.get(column, column.removesuffix(".score"))
        above = (heading.code for heading in scheme.above(code))
        covering = next((one for one in (*above, *_itself(scheme, code, column)) if one in scored), None)
        if covering is not None:
            message = say(
                "the cell {column} is not looked at, since the score of {row} is given", column=column, row=covering
            )
            hint = say("leave one of the two out")
            yield Problem("C017", message, places.get(column, case.where), hint, Severity.WARNING)


def _itself(scheme: Scheme, code: str, column: str) -> tuple[str, ...]:
    """Return the row itself for an input that a given score of the same row makes idle."""
    return (code,) if column != score_column(scheme, code) else ()


def _line(document: Document, code: str) -> Node | None:
    """Return what stands under the line of that code at the top."""
    lines = ((split_line(key.text), value) for key, value in document.root.items)
    return next((value for line, value in lines if line and line[0] == code), None)


def _value(node: Node | None, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Mapping) else None
