"""Which row of one scheme is which row of another, and which input which.

The code of a row and its name say so together; then `was`, where one scheme is the edition before the other; then a
name that stands once on each side, which is a guess and told as one; then the code alone, for a row that was renamed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

from attrs import frozen

from ictindex.analysis.differences.results import Match
from ictindex.cells import fold
from ictindex.model import TOTAL, Input, Row, Scheme

T = TypeVar("T")
NOTHING: Mapping[str, str] = {}


@frozen
class Pairs:
    """The rows and inputs of two schemes that are the same, by their codes: of the first scheme to of the second."""

    rows: Mapping[str, str]
    matched_by: Mapping[str, Match]  # by the code in the first scheme
    inputs: Mapping[str, str]


def pairs_of(before: Scheme, after: Scheme, stated: Mapping[str, str] = NOTHING) -> Pairs:
    """Return which rows and inputs of two schemes are the same. The other way round, it is the same pairs.

    `stated` says it of some codes of the first scheme: the code in the second, empty for none. It comes first.
    """
    rows, by = _rows(before, after, stated)
    return Pairs(rows, by, _inputs(before, after, rows, stated))


def follows(scheme: Scheme, other: Scheme) -> bool:
    """Return whether a scheme is a later edition of the other, so that `was` in it means the other's codes."""
    if scheme.id == other.id or other.replaces == scheme.id:
        return False
    family = scheme.id.partition("/")[0] == other.id.partition("/")[0]
    return scheme.replaces == other.id or (family and scheme.edition > other.edition)


def _rows(before: Scheme, after: Scheme, stated: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Match]]:
    old = {row.code: row for row in before.rows() if stated.get(row.code, "some")}
    new = {row.code: row for row in after.rows()}
    found: dict[str, str] = {TOTAL: TOTAL}
    by: dict[str, Match] = {TOTAL: "code"}

    def take(pairs: Iterable[tuple[str, str]], match: Match) -> None:
        taken = set(found.values())
        for one, other in pairs:
            if one in old and other in new and one not in found and other not in taken:
                found[one], by[one] = other, match
                taken.add(other)

    def name(row: Row) -> Hashable:
        return fold(row.name)

    take(stated.items(), "was")
    if follows(after, before):
        take(((row.was, row.code) for row in new.values() if row.was), "was")
    elif follows(before, after):
        take(((row.code, row.was) for row in old.values() if row.was), "was")
    take(((code, code) for code in old if code in new and name(old[code]) == name(new[code])), "code")
    take(_once(_left(old, found), _left(new, found.values()), name), "name")
    take(((code, code) for code in old), "code")
    return found, by


def _inputs(before: Scheme, after: Scheme, rows: Mapping[str, str], stated: Mapping[str, str]) -> dict[str, str]:
    """Return which inputs are the same: those of the same place in a row, those of one code, those of one name."""
    old, new = ({one.code: one for one in scheme.inputs} for scheme in (before, after))
    old = {code: one for code, one in old.items() if stated.get(code, "some")}
    found: dict[str, str] = {}

    def take(pairs: Iterable[tuple[str, str]]) -> None:
        taken = set(found.values())
        for one, other in pairs:
            if one in old and other in new and one not in found and other not in taken:
                found[one] = other
                taken.add(other)

    def name(one: Input) -> Hashable:
        return fold(one.name)

    owners = {code: one.owner for code, one in new.items()}
    moved = ((one.code, one.owner, one.code.removeprefix(one.owner)) for one in old.values() if one.owner in rows)
    places = [(code, rows[owner] + end) for code, owner, end in moved if owners.get(rows[owner] + end) == rows[owner]]
    take(stated.items())
    take(pair for pair in places if name(old[pair[0]]) == name(new[pair[1]]))
    take((code, code) for code, one in old.items() if not one.owner and not owners.get(code, "no"))
    take(_once(_left(old, found), _left(new, found.values()), name))
    take(places)
    return found


def _left(items: Mapping[str, T], taken: Iterable[str]) -> dict[str, T]:
    gone = set(taken)
    return {code: item for code, item in items.items() if code not in gone}


def _once(old: Mapping[str, T], new: Mapping[str, T], key: Callable[[T], Hashable]) -> list[tuple[str, str]]:
    """Return the pairs whose key stands exactly once on each side."""
    ours, theirs = ({code: key(item) for code, item in side.items()} for side in (old, new))
    counts = [Counter(side.values()) for side in (ours, theirs)]
    places = {text: code for code, text in theirs.items()}
    return [(code, places[text]) for code, text in ours.items() if counts[0][text] == 1 and counts[1].get(text, 0) == 1]
