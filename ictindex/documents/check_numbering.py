"""Meaning check of numbering: a list that goes from a to c, or from I to III, has perhaps lost a line.

A forgotten case or level adds up to nothing that another check would miss: its points and its bound are just not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ictindex.documents.draft import Draft, key_of, mapping_items, name_of
from ictindex.documents.grammar import split_line
from ictindex.documents.source import Node, Scalar
from ictindex.errors import Problem, Severity
from ictindex.messages import say

_NUMBERED = re.compile(r"(|.*[._ -])(0|[1-9][0-9]{0,2}|[A-Za-z]|[IVX]+)")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_RARE = {*"fjwz"}
"""Letters that Vietnamese lists leave out."""
_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_ROMAN = tuple(f"{ten}{one}" for ten in ("", "X") for one in _ONES)[1:]
_MEASURES = ("choice", "checks", "all-of", "parts")


def numbering_problems(draft: Draft) -> Iterable[Problem]:
    """Advise where just one line is missing in the numbering of rows, of cases, or of levels."""
    for row, place in draft.places.items():
        yield from _gap(_lines(place.node), name_of(row))
        for key in (one for one in _MEASURES if one in place.node):
            yield from _gap(_lines(place.node.get(key)), key_of(key, row))
        if "levels" in place.node:
            levels = [(key.text, key) for key, _ in mapping_items(place.node.get("levels"))]
            yield from _gap(levels, key_of("levels", row))
    for code, (_, cases) in draft.lists.items():
        yield from _gap(_lines(cases), say("the list '{code}'", code=code))


def _lines(node: Node | None) -> list[tuple[str, Scalar]]:
    lines = ((split_line(key.text), key) for key, _ in mapping_items(node))
    return [(line[0], key) for line, key in lines if line]


def _gap(lines: Sequence[tuple[str, Scalar]], place: str) -> Iterator[Problem]:
    found = [(_NUMBERED.fullmatch(text), text, key) for text, key in lines]
    numbers = {match[2]: key for match, _, key in found if match}
    odd = [(text, key) for match, text, key in found if not match]
    alike = len({match[1] for match, *_ in found if match}) == 1 and len(numbers) + len(odd) == len(lines)
    if len(numbers) < 2 or len(odd) > 1 or not alike:
        return
    order = _order(list(numbers))
    missing = [one for one in order if one not in numbers and one not in _RARE]
    if len(missing) != 1 or any(missing[0] not in text for text, _ in odd):
        return
    at = order.index(missing[0])
    before, after = [one for one in order[:at] if one in numbers], [one for one in order[at:] if one in numbers]
    parts = {"place": place, "after": after[0], "missing": missing[0]}
    message = say("the lines beneath {place} begin with {after}, without {missing}", **parts)
    if before:
        message = say(
            "the lines beneath {place} go from {before} to {after}, without {missing}", before=before[-1], **parts
        )
    hint, where = say("is a line missing? if the decision numbers them so, keep it"), numbers[after[0]].where
    for text, key in odd:  # `Ix` where I is missing
        hint, where = say("is '{text}' meant to be {missing}?", text=text[:40], missing=missing[0]), key.where
    yield Problem("S227", message, where, hint, Severity.ADVICE)


def _order(numbers: Sequence[str]) -> list[str]:
    """Return the numbering up to the last of these numbers; nothing where they are of different kinds."""
    if all(one.isdigit() for one in numbers):
        values = sorted(map(int, numbers))
        return [str(one) for one in range(min(1, values[0]), values[-1] + 1)]
    if {"I", "II"} & {*numbers}:
        order: Sequence[str] = _ROMAN
    else:
        order = _LETTERS if all(one.islower() for one in numbers) else _LETTERS.upper()
    known = [at for at, one in enumerate(order) if one in numbers]
    return list(order[: known[-1] + 1]) if len(known) == len(numbers) else []
