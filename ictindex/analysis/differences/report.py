"""Differences for a person: the verdict, then a tree of the rows, in a terminal or as Markdown; and as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence

from attrs import frozen

from ictindex.analysis.differences.results import Change, Differences, RowDifference, Side
from ictindex.annex.marks import rendered
from ictindex.errors import Problem, UnknownName, did_you_mean
from ictindex.markup import begun, escaped
from ictindex.messages import in_language, joined, say

FORMATS = ("text", "markdown", "json")
_WIDTH = 110
_MANY = 3
"""What is the same in so many rows is told once."""
_LONG = 60
_PLACES = 10
"""So many codes are named where something is told of many."""

Shared = list[tuple[Change, list[str]]]


def written(found: Differences, form: str, language: str) -> str:
    """Return the differences in one of the formats, in a language. Raises UnknownName where there is none such."""
    if form == "json":
        return json.dumps(found.to_dict(language), ensure_ascii=False, indent=1) + "\n"
    if form not in FORMATS:
        hint = did_you_mean(form, FORMATS) or say("known: {names}", names=", ".join(FORMATS))
        raise UnknownName(Problem("U142", say("differences cannot be written as '{format}'", format=form), hint=hint))
    lines = _markdown(found, language) if form == "markdown" else _text(found, language)
    return "\n".join(lines) + "\n"


@frozen
class _Section:
    """A heading with its lines, each at its depth in the tree; `head` says that the line names a row."""

    title: str
    lines: tuple[_Line, ...]


@frozen
class _Line:
    text: str
    depth: int = 0
    head: bool = False


def _text(found: Differences, language: str) -> Iterator[str]:
    yield from _wrapped(
        say("{before}  →  {after}", before=_named(found.before), after=_named(found.after)), "", language
    )
    yield ""
    yield from _wrapped(_conclusion(found), "", language)
    for about, texts in _grounds(found):
        yield from _wrapped(about, "", language)
        for text in texts:
            yield from _wrapped(text, "  - ", language)
    for section in _sections(found):
        yield ""
        yield in_language(section.title, language)
        for line in section.lines:
            yield from _wrapped(line.text, "  " * (line.depth + 1), language)


def _wrapped(text: str, lead: str, language: str) -> list[str]:
    """Return a text in lines behind a lead, which is not repeated."""
    behind = " " * (len(lead) + (0 if lead.strip() else 2 * bool(lead)))
    wrapper = textwrap.TextWrapper(_WIDTH, lead, behind, break_on_hyphens=False, break_long_words=False)
    return wrapper.wrap(in_language(text, language))


def _markdown(found: Differences, language: str) -> Iterator[str]:
    def told(text: str) -> str:
        return rendered(text, language, escaped)

    yield f"# {told(_named(found.before))} → {told(_named(found.after))}"
    yield ""
    yield f"**{told(_conclusion(found))}**"
    for about, texts in _grounds(found):
        yield from ("", told(about), "")
        yield from (f"- {begun(told(text))}" for text in texts)
    for section in _sections(found):
        yield from ("", f"## {told(section.title)}", "")
        for line in section.lines:
            words = told(line.text).strip()
            yield f"{'  ' * line.depth}- {f'**{words}**' if line.head else begun(words)}"


def _named(side: Side) -> str:
    """Return which scheme a side is."""
    variant = say("variant {name}", name=side.variant) if side.variant else ""
    overlay = say("with the overlay of {who}", who=side.overlay) if side.overlay else ""
    return joined((side.scheme, variant, overlay), ", ")


def _conclusion(found: Differences) -> str:
    """Return the verdict in one sentence."""
    verdict = found.verdict
    if found.empty:
        return say("Nothing is different but notes.") if found.left_out else say("Nothing is different.")
    if not verdict.scores:
        return say("Scores are NOT comparable.")
    if verdict.ranks and verdict.levels:
        return say("Scores, ranks and levels are comparable: nothing that decides them is different.")
    if verdict.levels:
        return say("Scores and levels are comparable; ranks are NOT.")
    if verdict.ranks:
        return say("Scores and ranks are comparable; levels are NOT.")
    return say("Scores are comparable; ranks and levels are NOT.")


def _grounds(found: Differences) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the reasons, what is still comparable, and the cautions, each with the words before them."""
    verdict = found.verdict
    if verdict.reasons:
        yield say("Why:"), verdict.reasons
    if verdict.unchanged:
        yield say("Still made as before, with everything below them:"), (_some(verdict.unchanged),)
    if verdict.cautions and not found.empty:
        yield say("Take care:"), verdict.cautions
    if found.left_out and not found.empty:
        yield say("Notes that changed and are left out: {count}", count=found.left_out), ()


def _sections(found: Differences) -> Iterator[_Section]:
    """Yield everything below the verdict that has something to say."""
    shared = _shared(found.rows)
    known = {(change.kind, change.words) for change, _ in shared}
    told: tuple[tuple[str, list[_Line]], ...] = (
        (say("The whole"), [_Line(change.words) for change in found.about]),
        (say("The same in several rows"), [_Line(_in_rows(change, codes)) for change, codes in shared]),
        (say("Row by row"), list(_tree(found.rows, known))),
        (say("The columns of a table"), [_Line(change.words) for change in found.inputs]),
        (say("Sources"), [_Line(change.words) for change in found.sources]),
        (say("Where numbers come from"), [_Line(text) for text in _statuses(found)]),
    )
    yield from (_Section(title, tuple(lines)) for title, lines in told if lines)


def _shared(rows: Sequence[RowDifference]) -> Shared:
    """Return the changes that several rows have in the same words, with the codes of the rows."""
    groups: dict[tuple[str, str], tuple[Change, list[str]]] = {}
    for row in rows:
        for change in row.changes:
            if change.kind not in ("added", "removed"):
                groups.setdefault((change.kind, change.words), (change, []))[1].append(row.code)
    return [(change, codes) for change, codes in groups.values() if len(codes) >= _MANY]


def _in_rows(change: Change, codes: Sequence[str]) -> str:
    return say("{what}; in {count} rows: {codes}", what=change.words, count=len(codes), codes=_some(codes))


def _tree(rows: Sequence[RowDifference], known: set[tuple[str, str]]) -> Iterator[_Line]:
    """Yield a line for each row that differs, and for the headings above it, with its changes below."""
    left = [(row, [change for change in row.changes if (change.kind, change.words) not in known]) for row in rows]
    kept: list[list[_Line]] = []
    depth = 0
    for row, changes in reversed(left):
        if changes or row.depth < depth:
            depth = row.depth
            head = _Line(_row_name(row), row.depth, head=True)
            kept.append([head, *(line for change in changes for line in _told(change, row.depth + 1))])
    for lines in reversed(kept):
        yield from lines


def _told(change: Change, depth: int) -> Iterator[_Line]:
    """Yield a change on one line, or with before and after below one another where they are long."""
    if len(change.before) < _LONG > len(change.after) or not (change.before and change.after):
        yield _Line(change.words, depth)
        return
    yield _Line(joined((change.about, change.more), ", "), depth)
    yield _Line(say("before: {words}", words=change.before), depth + 1)
    yield _Line(say("now: {words}", words=change.after), depth + 1)


def _row_name(row: RowDifference) -> str:
    if not row.before:
        return say("+ {code} {name}", code=row.after, name=row.name)
    if not row.after:
        return say("− {code} {name}", code=row.before, name=row.name)
    if row.matched_by == "name":
        return say("{before} → {code} {name} (renumbered?)", before=row.before, code=row.after, name=row.name)
    return say("{code} {name}", code=row.after, name=row.name)


def _statuses(found: Differences) -> Iterator[str]:
    for one in found.statuses:
        keys: dict[str, list[str]] = {}
        for code, key in one.places:
            codes = keys.setdefault(_KEYS.get(key.partition(".")[0], key), [])
            codes += [code] if code not in codes else []
        places = joined((say("{what} ({codes})", what=key, codes=_some(codes)) for key, codes in keys.items()), "; ")
        yield say(
            "now {after}, was {before}: {places}", after=_STATUS[one.after], before=_STATUS[one.before], places=places
        )
    if found.before.counts != found.after.counts:
        yield say("in all: {before} → {after}", before=_counted(found.before), after=_counted(found.after))


def _counted(side: Side) -> str:
    return say("{cited} cited, {derived} derived, {assumed} assumed", **dict(side.counts))


def _some(codes: Sequence[str]) -> str:
    """Return codes in a row, the first of many."""
    text = ", ".join(codes[:_PLACES])
    return say("{codes} and {count} more", codes=text, count=len(codes) - _PLACES) if len(codes) > _PLACES else text


_STATUS = {"cited": say("cited"), "derived": say("derived"), "assumed": say("assumed")}
_KEYS = {
    "max": say("points"),
    "bonus": say("points"),
    "deduct": say("points"),
    "weight": say("weights"),
    "rule": say("how rows are scored"),
    "combine": say("how headings are made of their rows"),
    "below": say("what holds for the rows below"),
    "rows": say("how many rows the source counts"),
    "criteria": say("how many rows the source counts"),
    "levels": say("levels"),
    "between-levels": say("levels"),
    "missing": say("cells without a figure"),
    "not-applicable": say("cells without a figure"),
    "publish": say("how scores are published"),
    "rank": say("how ranks are made"),
    "pools": say("pools"),
}
