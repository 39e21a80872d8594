"""A move in words: what is done, in figures, and what must be shown for it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from ictindex.analysis.climbing.criterion import Criterion
from ictindex.cells import fold, number_text
from ictindex.messages import joined, say
from ictindex.model import Evidence
from ictindex.plan import points_per_unit
from ictindex.strategies.measures import Assessed, Ratio
from ictindex.strategies.normalizations import Goalposts, Steps

DIGITS = 4
"""So many significant digits of a ratio that is no share are told."""


def figure_words(criterion: Criterion, cells: Mapping[str, Fraction], before: Fraction | None, after: Fraction) -> str:
    """Return which figures are moved from where to where; of a ratio also what becomes of it."""
    measure = criterion.leaf.measure
    if isinstance(measure, Assessed):
        return _assessed_words(criterion, cells)
    moved = joined((_figure(criterion, code, value) for code, value in cells.items()), "; ")
    if not isinstance(measure, Ratio):
        return moved
    told = _percent if is_percent(criterion) else _rough
    now, then = None if before is None else told(before, measure), told(after, measure)
    if now is None:
        return say("{figures}; the ratio becomes {after}", figures=moved, after=then)
    if now == then:  # too little to be seen
        return moved
    return say("{figures}; the ratio goes from {before} to {after}", figures=moved, before=now, after=then)


def is_percent(criterion: Criterion) -> bool:
    """Whether a ratio is told in percent: it is a share of a whole, or full marks take no more than 100 %."""
    measure, scale = criterion.leaf.measure, criterion.leaf.scale
    if not isinstance(measure, Ratio) or measure.per not in (1, 100):
        return False
    marks = [mark / measure.per for mark in scale.breaks()] if isinstance(scale, Steps | Goalposts) else []
    within = bool(marks) and max(marks) <= 1
    return measure.per == 100 or criterion.leaf.row.scale is None or within or criterion.weights is not None


def chosen_words(criterion: Criterion, code: str, at: int) -> str:
    """Return from which case to which."""
    cases, cell = criterion.input(code).cases, criterion.cells[code]
    names = [f"{case.code} {case.name}".strip() for case in cases]
    parts = {"figure": _name(criterion, code), "after": names[at]}
    if cell is None:
        if not parts["figure"]:
            return say("report '{after}'", after=names[at])
        return say("report {figure}: '{after}'", **parts)
    parts |= {"before": names[int(cell)]}
    if not parts["figure"]:
        return say("from '{before}' to '{after}'", before=parts["before"], after=names[at])
    return say("bring {figure} from '{before}' to '{after}'", **parts)


def yes_no_words(criterion: Criterion, changed: Mapping[str, Fraction], reported: Mapping[str, Fraction]) -> str:
    """Return which conditions are met from now on, or no longer, and which are only reported as they are."""
    told = (_yes_no(criterion, code, bool(value)) for code, value in (*changed.items(), *reported.items()))
    return joined(told, "; ")


def _yes_no(criterion: Criterion, code: str, value: bool) -> str:
    name = _name(criterion, code)
    if criterion.cells[code] is None:
        word = say("yes") if value else say("no")
        return say("report {figure}: {value}", figure=name, value=word) if name else say("report: {value}", value=word)
    if not name:
        return say("from no to yes") if value else say("from yes to no")
    if value:
        return say("bring {figure} from no to yes", figure=name)
    return say("bring {figure} from yes to no", figure=name)


def evidence_words(evidence: Evidence) -> str:
    """Return what must be shown, and by when."""
    if evidence.due:
        return say("{evidence}, by {due}", evidence=evidence.ask, due=evidence.due)
    return evidence.ask


def shown_words(evidence: Evidence, beside: str = "") -> str:
    """Return that the evidence is shown, behind what is done beside it."""
    return joined((beside, say("show the evidence: {evidence}", evidence=evidence_words(evidence))), "; ")


def _figure(criterion: Criterion, code: str, value: Fraction) -> str:
    """Return from where to where a figure goes, with its unit of measure; only a name of its own is said."""
    name, unit, before = _name(criterion, code), criterion.input(code).unit, criterion.cells[code]
    after = joined((number_text(value), unit), " ")
    if before is None:
        return say("report {figure}: {after}", figure=name, after=after) if name else say("report {after}", after=after)
    parts = {"before": number_text(before), "after": after}
    if not name:
        return say("from {before} to {after}", **parts)
    if value < before:
        return say("lower {figure} from {before} to {after}", figure=name, **parts)
    return say("raise {figure} from {before} to {after}", figure=name, **parts)


def _assessed_words(criterion: Criterion, cells: Mapping[str, Fraction]) -> str:
    """Return from where to where assessed points go, and that an assessor gives them."""
    ((code, value),) = cells.items()
    row, before = criterion.leaf.row, criterion.cells[code]
    parts = {"after": number_text(value), "most": number_text(row.max / points_per_unit(row))}
    if before is None:
        if row.publish.scale == "points":
            return say("{after} of {most} points, which an assessor gives", **parts)
        return say("{after} of {most}, which an assessor gives", **parts)
    parts |= {"before": number_text(before)}
    if row.publish.scale != "points":
        return say("from {before} to {after} of {most}, which an assessor gives", **parts)
    by = number_text(abs(value - before))
    if value < before:
        return say("from {before} to {after} of {most}: {less} points less, which an assessor gives", less=by, **parts)
    if by == "1":
        return say("from {before} to {after} of {most}: 1 more point, which an assessor gives", **parts)
    return say("from {before} to {after} of {most}: {more} more points, which an assessor gives", more=by, **parts)


def _name(criterion: Criterion, code: str) -> str:
    """Return what a figure is called, empty where that is what its criterion is called."""
    row, name = criterion.leaf.row, criterion.input(code).name
    if fold(name or code) in (fold(row.name), fold(row.code)):
        return ""
    return name or code


def _percent(number: Fraction, ratio: Ratio) -> str:
    text = f"{float(number / ratio.per * 100):.2f}".rstrip("0").rstrip(".")
    return f"{text} %"


def _rough(number: Fraction, _: Ratio) -> str:
    """Return a number with four significant digits, or all that stand before its decimals."""
    size = math.floor(math.log10(abs(number))) if number else 0
    text = f"{float(number):.{max(0, DIGITS - 1 - size)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
