"""Meaning checks of who says so: numbers without a status, assumptions that look cited, sources out of their time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from ictindex.citations import Citation, Statement, Status
from ictindex.documents.draft import Draft, mapping_items, name_of, words
from ictindex.documents.grammar import split_line
from ictindex.documents.policies import DEFAULT
from ictindex.documents.source import Mapping, Node, Scalar, Sequence
from ictindex.errors import Location, Problem, Severity
from ictindex.messages import joined, say
from ictindex.model import TOTAL, Row, Scheme

_PLACE_IN_A_TEXT = re.compile(
    r"(?:(?:theo|tại|trong) )?(?:điều|khoản|mục|phụ lục|trang|quyết định|công văn|thông tư|nghị định|kế hoạch)"
    r"(?: số)? [0-9IVX]",
    re.IGNORECASE,
)
_NOT_THERE = re.compile(r"\b(?:không|chưa)\b", re.IGNORECASE)
_DATE = re.compile(r"([12][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DATE_OF_DAYS = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([12][0-9]{3})")
_FEW = 3
"""So many rows without a status are told one by one; more have lost what was above them."""

_RESULTS_FOLLOW = 2
"""So many years after its edition a scheme is still being described and its results published."""


def status_problems(draft: Draft, scheme: Scheme) -> Iterable[Problem]:
    """Yield what is doubtful in the statuses and the sources of a scheme."""
    yield from _unsaid(draft, scheme)
    yield from _left_to_defaults(draft, scheme)
    yield from _like_cited(draft, draft.places[TOTAL].node)
    yield from _sources(draft, scheme)


def _unsaid(draft: Draft, scheme: Scheme) -> Iterable[Problem]:
    """One problem for each row with numbers that nobody answers for; one in all where no number has a status."""
    bare: dict[str, list[Statement]] = {}
    for one in draft.statements:
        if one.citation == Citation():
            bare.setdefault(one.at, []).append(one)
    if bare and sum(map(len, bare.values())) == len(draft.statements):
        message = say("no number of this scheme says where it comes from, so each one counts as assumed")
        hint = say("write `cited:`, `derived:` or `assumed:` beside the numbers, or once for all rows under `below:`")
        yield Problem("S206", message, draft.places[TOTAL].line, hint, Severity.WARNING)
        return
    rows = [row for row in scheme.rows() if row.code in bare]
    if len(rows) > _FEW:
        yield _many_bare(draft, rows)
    else:
        yield from (_bare(draft, row, bare[row.code]) for row in rows)


def _many_bare(draft: Draft, rows: list[Row]) -> Problem:
    named = joined((name_of(row.code) for row in rows[:_FEW]), ", ")
    parts = {"rows": named, "count": len(rows) - _FEW}
    message = say(
        "nothing says where the numbers of {rows} and {count} more rows come from: they count as assumed", **parts
    )
    hint = say("write `cited:`, `derived:` or `assumed:` once for all rows under a `below:` above them")
    return Problem("S206", message, draft.places[rows[0].code].line, hint, Severity.WARNING)


def _bare(draft: Draft, row: Row, statements: list[Statement]) -> Problem:
    keys = list(dict.fromkeys(_keyword(one.key) for one in statements))
    place = draft.places[row.code]
    where = place.of(keys[0].strip("`")) if row.code == TOTAL else place.line
    listed = joined(keys, ", ")
    name = name_of(row.code)
    message = say("nothing says where {keys} of {row} comes from, so it counts as assumed", keys=listed, row=name)
    if len(keys) > 1:
        message = say("in {row} these have no status, so they count as assumed: {keys}", row=name, keys=listed)
    hint = say("write `cited:`, `derived:` or `assumed:` in the row, or under a `below:` above it")
    return Problem("S206", message, where, hint, Severity.WARNING)


def _keyword(key: str) -> str:
    """Return the keyword of a statement's path as messages write it; a rule is the row's measure."""
    return say("the rule") if key == "rule" else f"`{key.removeprefix('below.').partition('.')[0]}`"


def _left_to_defaults(draft: Draft, scheme: Scheme) -> Iterable[Problem]:
    left = [f"`{one.key}: {one.text}`" for one in scheme.statements if one.citation is DEFAULT]
    if left:
        message = say("left to the defaults of ictindex, so assumed: {choices}", choices=", ".join(left))
        hint = say("write them at the top with their status: what the decision says, or that it says nothing")
        yield Problem("S209", message, draft.places[TOTAL].line, hint, Severity.ADVICE)


def _like_cited(draft: Draft, node: Node) -> Iterator[Problem]:
    """Yield each `assumed` whose words are a place in a document, as those of `cited` are."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _like_cited(draft, item)
    for key, value in mapping_items(node):
        if key.text == Status.ASSUMED and isinstance(value, Scalar):
            text = words(value)
            if _names_a_place(draft, text):
                message = say("`assumed: {words}` reads like the place in a source", words=text[:60])
                hint = say(
                    "if the number stands there, write `cited: ...`; if not, say why it is assumed, or like whom"
                )
                yield Problem("S207", message, value.where, hint, Severity.WARNING)
        yield from _like_cited(draft, value)


def _names_a_place(draft: Draft, text: str) -> bool:
    first = next(iter(text.split()), "")
    return not _NOT_THERE.search(text) and (first in draft.sources or _PLACE_IN_A_TEXT.match(text) is not None)


def _sources(draft: Draft, scheme: Scheme) -> Iterable[Problem]:
    citations = [*(one.citation for one in scheme.statements), *(row.citation for row in scheme.rows())]
    cited = {one.source for one in citations if one.status is Status.CITED}
    for key, about in mapping_items(draft.places[TOTAL].node.get("sources")):
        line = split_line(key.text)
        if line is None:
            continue
        for name in ("date", "until"):
            stated = about.get(name) if isinstance(about, Mapping) else None
            if stated is not None and words(stated):
                yield from _dated(scheme, line[0], name, words(stated), stated.where, line[0] in cited)


def _dated(scheme: Scheme, code: str, key: str, text: str, where: Location, cited: bool) -> Iterator[Problem]:
    year = _year(text)
    if year is None:
        yield Problem("S208", say("'{text}' is not a date", text=text), where, _date_hint(text))
    elif cited and scheme.edition and key == "date" and year > scheme.edition + _RESULTS_FOLLOW:
        parts = {"code": code, "date": text, "edition": scheme.edition}
        message = say(
            "the source '{code}' is of {date}, and the edition is of {edition}: not yet in force then", **parts
        )
        yield Problem("S226", message, where, say("correct the date or the edition"), Severity.WARNING)
    elif cited and key == "until" and year < scheme.edition:
        parts = {"code": code, "date": text, "edition": scheme.edition}
        message = say("the source '{code}' was in force until {date}, and the edition is of {edition}", **parts)
        hint = say("cite the document that was in force, or correct `until`")
        yield Problem("S226", message, where, hint, Severity.WARNING)


def _year(text: str) -> int | None:
    """Return the year of a year, a month or a day, None where there is no such date."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(one or 1) for one in found.groups())
    try:
        return date(year, month, day).year
    except ValueError:
        return None


def _date_hint(text: str) -> str:
    found = _DATE_OF_DAYS.fullmatch(text)
    if found and _year(f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"):
        return say("write year-month-day: {date}", date=f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}")
    return say("write a year, year-month or year-month-day that exists, such as 2022-05-20")
