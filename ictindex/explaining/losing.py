"""At which criteria most points are lost: what a reader of a whole tree wants to know first."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ictindex.explanation import Explained
from ictindex.messages import joined, say
from ictindex.model import Group, Scheme

FEW = 3
"""So many criteria are named."""

_DIGITS = 3
"""Lost points are told with so many digits."""


def most_lost(scheme: Scheme, root: Explained) -> Iterator[str]:
    """Yield for each total of a whole tree where most is lost of it: codes of criteria, with the points lost there.

    Points count as they would in the total. A heading that does not simply add its rows up, or take their mean, is told
    as one row. Nothing is yielded for a part of a tree, nor where nothing is lost.
    """
    if root.code != scheme.root.code:
        return
    totals = {one.code for one in scheme.totals}
    tops = [row for row in (root, *root.children) if row.code in totals]
    criteria = {one.code for one in scheme.criteria}
    for top in tops:
        lost = sorted(_lost(scheme, top, 1.0, criteria), key=lambda one: -one[1])
        told = [f"{row.code} ({_short(points)})" for row, points in lost[:FEW] if _short(points) != "0"]
        if told and top.children:
            rows = joined(told, ", ")
            of_all = say("Most is lost at: {rows}", rows=rows)
            yield of_all if top is root else say("Most of {total} is lost at: {rows}", total=top.code, rows=rows)


def _lost(scheme: Scheme, row: Explained, factor: float, criteria: set[str]) -> Iterator[tuple[Explained, float]]:
    """Yield the finest rows that are known, with the points lost there, times what a point of the row is worth."""
    if row.points is None or not row.max or row.role == "bonus":
        return
    own = scheme.row(row.code)
    lost = float(row.points) if row.role == "deduct" else float(row.max) - float(row.points)
    is_finest = not row.children or row.role == "deduct" or row.code in criteria or "given" in row.flags
    if is_finest or not isinstance(own, Group) or not _adds_up(own):
        if lost > 0:
            yield row, lost * factor
        return
    if lost <= 0:
        return
    counted = [one for one in row.children if one.points is not None and one.max]
    whole, most = float(sum(one.weight for one in counted)), sum(one.max for one in counted if one.role == "max")
    for child in counted:
        worth = factor
        if own.combine.name == "mean" and whole:  # its rows are shares, by weight
            worth *= float(row.max * child.weight / child.max) / whole
        elif "rescaled" in row.flags and most:  # what does not count is converted back
            worth *= float(row.max / most)
        yield from _lost(scheme, child, worth, criteria)


def _adds_up(row: Group) -> bool:
    return row.scale is None and row.combine.name in ("sum", "capped", "mean")


def _short(points: float) -> str:
    """Return points to three digits, whole ones whole, never with an exponent."""
    if points <= 0:
        return "0"
    decimals = max(0, _DIGITS - 1 - math.floor(math.log10(points)))
    return f"{points:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{points:.0f}"
