"""What each criterion brings to a unit's score, so that the rows of two schemes can be set side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any

from ictindex.explaining.contributing import contributed
from ictindex.matrix import Flag
from ictindex.plan import Heading, Plan
from ictindex.publication import NEGLIGIBLE
from ictindex.result import Result

Key = tuple[str, str]
"""A row by its code before and after, empty where that scheme does not have it."""


def keys_of(plan: Plan, pairs: Mapping[str, str], *, after: bool) -> dict[str, Key]:
    """Return the key of each row of one of the two schemes; `pairs` are the codes in the other by those in this one."""
    codes = [node.row.code for node in plan.nodes]
    return {code: (pairs.get(code, ""), code) if after else (code, pairs.get(code, "")) for code in codes}


def ends_of(plan: Plan, keys: Mapping[str, Key]) -> Iterator[Key]:
    """Yield the rows of a scheme that are told as one: its criteria."""
    for node in plan.nodes:
        if not isinstance(node, Heading) or node.row.parts:
            yield keys[node.row.code]


def given_headings(result: Result, unit: int, keys: Mapping[str, Key]) -> Iterator[Key]:
    """Yield the headings whose score was given for a unit: nothing is known of the rows below them."""
    matrix = result.settled.matrix
    for node in result.plan.nodes:
        if isinstance(node, Heading) and matrix.flag(node.place, unit) & Flag.GIVEN:
            yield keys[node.row.code]


def brought(
    result: Result, unit: int, code: str, per: Fraction, keys: Mapping[str, Key], ends: Collection[Key]
) -> dict[Key, Fraction]:
    """Return what each row brings to a unit's score at a row, in units of `per` points; they add up to the score.

    `ends` are the rows that are told as one, whatever is below them.
    """
    plan, found, top = result.plan, dict[Key, Fraction](), result.plan.place(code)
    parts = contributed(plan, result.settled, unit, top=top)

    def walk(place: int) -> None:
        node, worth = plan.nodes[place], _exact(parts[place].to_total)
        key = keys[node.row.code]
        if isinstance(node, Heading) and key not in ends:
            worth -= sum((_exact(parts[child].to_total) for child in node.children), Fraction(0))
            for child in node.children:
                walk(child)
            if abs(worth) <= NEGLIGIBLE:
                return  # all of it comes from the rows below
        found[key] = found.get(key, Fraction(0)) + worth / per

    walk(top)
    return found


def _exact(number: Any) -> Fraction:
    return Fraction(0 if number is None else number)
