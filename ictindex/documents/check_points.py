"""Meaning check of points that were meant as shares of the maximum: `1/4` beside `max` is a quarter of one point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ictindex.documents.draft import Draft, mapping_items
from ictindex.documents.grammar import STATUS_KEYS, read_number, write_number
from ictindex.documents.rules import written
from ictindex.documents.source import Node
from ictindex.errors import Problem, Severity
from ictindex.messages import say
from ictindex.model import Scheme

_LISTS = ("choice", "checks", "steps", "steps-down")


def point_problems(draft: Draft, scheme: Scheme) -> Iterable[Problem]:
    """Yield cases and steps that earn less than a point in a list in which others are shares of the maximum."""
    for row in scheme.indicators:
        if row.max > 1:
            for key in _LISTS:
                yield from _shares(row.code, draft.places[row.code].node.get(key))
    for code, (_, cases) in draft.lists.items():
        yield from _shares(f"${code}", cases)


def _shares(name: str, node: Node | None) -> Iterator[Problem]:
    lines = [(value, written(value)) for key, value in mapping_items(node) if key.text not in STATUS_KEYS]
    if not any(text.endswith("max") for _, text in lines):
        return
    for value, text in lines:
        number = read_number(text)
        if number is not None and 0 < number < 1 and not text.endswith("%"):
            parts = {"text": text, "row": name, "points": write_number(number)}
            message = say("`{text}` of {row} is {points} points, and beside it stand shares of the maximum", **parts)
            hint = say(
                "write `{text} max` for that share; if it is meant so, write the others in points too", text=text
            )
            yield Problem("S285", message, value.where, hint, Severity.WARNING)
