"""A move in words: what is done, in figures, and what must be shown for it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ictindex.analysis.climbing.criterion import Criterion
from ictindex.cells import number_text
from ictindex.explanation import number_text as rounded_text
from ictindex.messages import joined, say
from ictindex.model import Evidence
from ictindex.strategies.measures import Assessed, Ratio


def figure_words(criterion: Criterion, cells: Mapping[str, Fraction], before: Fraction | None, after: Fraction) -> str:
    """Return which figures are moved from where to where; of a ratio also what becomes of it."""
    measure = criterion.leaf.measure
    if isinstance(measure, Assessed):
        return _assessed_words(criterion, cells)
    moved = joined((_figure(criterion, code, value) for code, value in cells.items()), "; ")
    if not isinstance(measure, Ratio):
        return moved
    number = _percent if criterion.leaf.row.scale is None and measure.per == 1 else rounded_text
    if before is None:
        return say("{figures}; the ratio becomes {after}", figures=moved, after=number(after))
    return say(
        "{figures}; the ratio goes from {before} to {after}", figures=moved, before=number(before), after=number(after)
    )


def chosen_words(criterion: Criterion, code: str, at: int) -> str:
    """Return from which case to which."""
    cases, cell = criterion.input(code).cases, criterion.cells[code]
    names = [f"{case.code} {case.name}".strip() for case in cases]
    if cell is None:
        return say("report {figure}: {value}", figure=_name(criterion, code), value=names[at])
    return say(
        "bring {figure} from '{before}' to '{after}'",
        figure=_name(criterion, code),
        before=names[int(cell)],
        after=names[at],
    )


def yes_no_words(criterion: Criterion, changed: Mapping[str, Fraction], reported: Mapping[str, Fraction]) -> str:
    """Return which conditions are met from now on, or no longer, and which are only reported as they are."""
    told = []
    for code, value in (*changed.items(), *reported.items()):
        name, yes = _name(criterion, code), say("yes") if value else say("no")
        if criterion.cells[code] is None:
            told.append(say("report {figure}: {value}", figure=name, value=yes))
        elif value:
            told.append(say("bring {figure} from no to yes", figure=name))
        else:
            told.append(say("bring {figure} from yes to no", figure=name))
    return joined(told, "; ")


def evidence_words(evidence: Evidence) -> str:
    """Return what must be shown, and by when."""
    if evidence.due:
        return say("{evidence}, by {due}", evidence=evidence.ask, due=evidence.due)
    return evidence.ask


def shown_words(evidence: Evidence, beside: str = "") -> str:
    """Return that the evidence is shown, behind what is done beside it."""
    return joined((beside, say("show the evidence: {evidence}", evidence=evidence_words(evidence))), "; ")


def _figure(criterion: Criterion, code: str, value: Fraction) -> str:
    before, parts = criterion.cells[code], {"figure": _name(criterion, code), "after": number_text(value)}
    unit = criterion.input(code).unit
    if before is None:
        if unit:
            return say("report {figure}: {after} {unit}", unit=unit, **parts)
        return say("report {figure}: {after}", **parts)
    parts |= {"before": number_text(before)}
    if value < before:
        if unit:
            return say("lower {figure} from {before} to {after} {unit}", unit=unit, **parts)
        return say("lower {figure} from {before} to {after}", **parts)
    if unit:
        return say("raise {figure} from {before} to {after} {unit}", unit=unit, **parts)
    return say("raise {figure} from {before} to {after}", **parts)


def _assessed_words(criterion: Criterion, cells: Mapping[str, Fraction]) -> str:
    ((code, value),) = cells.items()
    name, before = _name(criterion, code), criterion.cells[code]
    parts = {"figure": name, "after": number_text(value)}
    if before is None:
        return say("have {figure} assessed at {after}; an assessor gives the points", **parts)
    return say(
        "have {figure} assessed at {after} instead of {before}; an assessor gives the points",
        before=number_text(before),
        **parts,
    )


def _name(criterion: Criterion, code: str) -> str:
    return criterion.input(code).name or code


def _percent(share: Fraction) -> str:
    text = f"{float(share * 100):.2f}".rstrip("0").rstrip(".")
    return f"{text}%"
