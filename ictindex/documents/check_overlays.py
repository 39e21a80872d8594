"""What is wrong with an overlay once it is laid over its scheme: what it says for nothing, and what it causes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from attrs import evolve, frozen

from ictindex.citations import Citation, Statement, Status
from ictindex.documents.draft import key_of, mapping_items, row_lines, words
from ictindex.documents.grammar import STATUS_KEYS, read_band, read_number, split_line, write_number
from ictindex.documents.overlays import LISTS, SIDE_BY_SIDE, Change, Laid
from ictindex.documents.source import Document, Mapping, Node, Sequence
from ictindex.errors import Location, Problem, Severity
from ictindex.messages import say
from ictindex.model import TOTAL, Scheme
from ictindex.registry import Vocabulary

_Statements = dict[tuple[str, str], Statement]

UNREAD = ("S260", "S261", "S264", "S266", "S267")
"""Problems of changes of which it is not sure what they change."""
_ROLES = ("max", "bonus", "deduct", "combine")
_ABOUT = {"S213": _ROLES, "S219": _ROLES, "S230": _ROLES, "S232": ("rows", "criteria", "parts")}
"""What a change must be about to have caused a problem of these codes, where one of the kind was made nearby."""


@frozen
class Compared:
    """A scheme without its overlay and with it: the nodes and names of its rows by code, and both their statements."""

    vocabulary: Vocabulary
    nodes: dict[str, Node]
    names: dict[str, str]
    before: _Statements
    after: _Statements

    @classmethod
    def of(cls, document: Document, base: Scheme, scheme: Scheme, vocabulary: Vocabulary) -> Compared:
        """Return what is compared; `document` is that of the base."""
        nodes = {TOTAL: document.root, **{code: node for code, _, node in row_lines(document.root)}}
        names = {row.code: row.name for row in base.rows()}
        return cls(vocabulary, nodes, names, _by_place(base), _by_place(scheme))


def overlay_problems(compared: Compared, overlay: Document, read: Laid) -> Iterator[Problem]:
    """Yield what an overlay says for nothing, and where it contradicts what is known of published results."""
    yield from _uncited(overlay, compared.nodes[TOTAL])
    spoken_for = any(key.text in STATUS_KEYS for key, _ in mapping_items(overlay.root.get("below")))
    for change in read.changes:
        if not spoken_for and change.code not in read.spoken:
            yield from _unsaid(compared, change)
        if _is_already_so(compared, change):
            yield _no_change(compared.vocabulary, change)
        yield from _outside(compared, change)


def _unsaid(compared: Compared, change: Change) -> Iterator[Problem]:
    """Yield the problem of a change with a number that nobody answers for."""
    key, at = change.key.text, change.code
    about = (one for (row, path), one in compared.after.items() if row == at and _concerns(compared, key, path))
    if any(one.citation == Citation() for one in about):
        name = key_of(key, "" if at == TOTAL else at)
        message = say("nothing says where {key} comes from, so it counts as assumed", key=name)
        hint = say("write `cited:`, `derived:` or `assumed:` in the change, or once in the overlay's own `below:`")
        yield Problem("S206", message, change.key.where, hint, Severity.WARNING)


def blamed(
    problems: Iterable[Problem], known: Iterable[Problem], base: Scheme, source: str, changes: tuple[Change, ...]
) -> Iterator[Problem]:
    """Yield the problems that an overlay brings; those in the scheme's own file are put at the change that caused them.

    `known` are the problems that the scheme has without it, `source` is the overlay's file. Numbers that nobody answers
    for are left to `overlay_problems`: a row's own are the scheme's affair.
    """
    before = {(one.code, one.where) for one in known}
    lines = sorted((row.line, row.code) for row in base.rows() if row.code != TOTAL)
    for problem in problems:
        if problem.code == "S206":
            continue
        if problem.where.source == source:
            yield problem
        elif (problem.code, problem.where) not in before:
            row = next((code for line, code in reversed(lines) if line <= problem.where.line), TOTAL)
            yield evolve(problem, where=_cause(problem, row, base, changes) or problem.where)


def _cause(problem: Problem, row: str, base: Scheme, changes: tuple[Change, ...]) -> Location | None:
    """Return where the likeliest change stands: of the row itself, of a row next to it, of any row."""
    children = [child.code for child in getattr(base.row(row), "children", ())]
    above = [heading.code for heading in base.above(row)]
    about = _ABOUT.get(problem.code, ())
    for codes in ([row], children, above, None):
        near = [change for change in changes if codes is None or change.code in codes]
        fitting = [change for change in near if not about or change.key.text in about]
        if fitting:
            return fitting[0].value.where
    return changes[0].value.where if changes else None


def _uncited(overlay: Document, base: Node) -> Iterator[Problem]:
    known = mapping_items(base.get("sources")) if isinstance(base, Mapping) else ()
    told = {*_sources(overlay.root), *(line[0] for key, _ in known if (line := split_line(key.text)))}
    for key, _ in mapping_items(overlay.root.get("sources")):
        line = split_line(key.text)
        if line and line[0] not in told:
            message = say("the source '{code}' is declared and nothing cites it", code=line[0])
            hint = say("write `cited: {code} ...` beside what stands in it, or delete the line", code=line[0])
            yield Problem("S270", message, key.where, hint, Severity.WARNING)


def _sources(node: Node) -> Iterator[str]:
    """Yield the code of the source that each `cited` in a node names."""
    for item in node.items if isinstance(node, Sequence) else ():
        yield from _sources(item)
    for key, value in mapping_items(node):
        if key.text == Status.CITED:
            yield from words(value).split(maxsplit=1)[:1]
        yield from _sources(value)


def _by_place(scheme: Scheme) -> _Statements:
    return {(one.at, one.key): evolve(one, line=0) for one in scheme.statements}


def _is_already_so(compared: Compared, change: Change) -> bool:
    """Return whether the scheme says the same without the change, and on the same word."""
    key, at = change.key.text, change.code
    if key == "name":
        return compared.names.get(at) == words(change.value)
    row = compared.nodes.get(at)
    found = row.get(key) if isinstance(row, Mapping) else None
    if found is None or not _same(key, found, change.value):
        return False
    about = {one for one in (*compared.before, *compared.after) if one[0] == at and _concerns(compared, key, one[1])}
    return all(compared.before.get(one) == compared.after.get(one) for one in about)


def _concerns(compared: Compared, key: str, path: str) -> bool:
    """Return whether the statement of a row with that path is made by the value under a key."""
    return path == key or path.startswith(f"{key}.") or (path == "rule" and _is_rule(compared.vocabulary, key))


def _is_rule(vocabulary: Vocabulary, key: str) -> bool:
    return key in vocabulary.measures or key in vocabulary.normalizations


def _same(key: str, found: Node, stated: Node) -> bool:
    """Return whether a value is stated as it was found; of choices side by side, whether each stated one is."""
    if key in (*SIDE_BY_SIDE, *LISTS) and isinstance(found, Mapping):
        known = {name.text: _content(value) for name, value in found.items}
        return all(
            name.text in known and known[name.text] == _content(value)
            for name, value in mapping_items(stated)
            if name.text not in STATUS_KEYS
        )
    return bool(_content(found) == _content(stated))


def _content(node: Node) -> Any:
    """Return what a node says, without who says it: numbers as numbers, lines in their order."""
    if isinstance(node, Sequence):
        return [_content(item) for item in node.items]
    if isinstance(node, Mapping):
        said = tuple((key.text, value) for key, value in node.items if key.text not in (*STATUS_KEYS, "between"))
        if [key for key, _ in said] == ["is"]:
            return _content(said[0][1])
        return [(key, _content(value)) for key, value in said]
    number = read_number(node.text)
    return words(node).strip() if number is None else (number, "%" in node.text)


def _no_change(vocabulary: Vocabulary, change: Change) -> Problem:
    at = "" if change.code == TOTAL else change.code
    message = say("{key} changes nothing: the scheme says so already", key=key_of(change.key.text, at))
    hint = say("delete it")
    if _is_rule(vocabulary, change.key.text):
        hint = say("delete it; a rule is a measure and a scale: to give it another status state both")
    return Problem("S265", message, change.key.where, hint, Severity.WARNING)


def _outside(compared: Compared, change: Change) -> Iterator[Problem]:
    """Yield numbers outside the interval that the scheme knows from published results."""
    for (at, path), one in compared.before.items():
        stated = compared.after.get((at, path))
        if at != change.code or one.between is None or stated is None or not _concerns(compared, change.key.text, path):
            continue
        number = _number(stated.text)
        if number is not None and not one.between[0] <= number <= one.between[1]:
            low, high = (_like(end, stated.text) for end in one.between)
            parts = {"key": key_of(path, "" if at == TOTAL else at), "number": stated.text, "low": low, "high": high}
            message = say("{key} is {number}, but published results put it between {low} and {high}", **parts)
            hint = say("is it mistyped? if the annex says so, the published results were made otherwise")
            yield Problem("S272", message, _at(change, path).where, hint, Severity.WARNING)


def _at(change: Change, path: str) -> Node:
    """Return the node of a change that makes the statement with that path, or the change's value around it."""
    inner = path.removeprefix(f"{change.key.text}.")
    found = change.value.get(inner) if isinstance(change.value, Mapping) else None
    return change.value if found is None else found


def _number(text: str) -> Fraction | None:
    band = read_band(text)
    return read_number(text) if band is None else band[0]


def _like(number: Fraction, text: str) -> str:
    """Return a number as a percent where the text beside it is one."""
    return f"{write_number(number * 100)}%" if "%" in text else write_number(number)
