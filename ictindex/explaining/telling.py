"""A row explained, told as a tree in the language of the reader; and the sentences that a page has of it too."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from attrs import frozen

from ictindex.choices import stated
from ictindex.citations import Citation
from ictindex.explanation import LEARNED, STATES, Explained, ExplainedEvidence, ExplainedInput, number_text
from ictindex.happened import FLAGS
from ictindex.messages import in_language, joined, say
from ictindex.pages import WHOLE_WORDS, WIDTH
from ictindex.strategies.base import Matched

_OF_HEADINGS = ("rows", "criteria", "missing", "not-applicable")
"""Statements about the decision's table rather than about one unit's points."""

Marked = Literal["none", "assumed", "sources"]
"""What the rows of a tree say of where their numbers come from."""


_NARROWEST = 48
"""A line of a tree has room for so many characters, however deep it stands."""


@frozen
class Branch:
    """One line of a tree: a text, what is drawn before it, and what before its further lines where it is broken."""

    lead: str
    further: str
    text: str

    @property
    def line(self) -> str:
        """The line as one text, unbroken."""
        return joined((self.lead, self.text), "")

    def told(self, language: str) -> list[str]:
        """Return the lines in a language, each within the width of a page."""
        width = max(WIDTH, len(self.further) + _NARROWEST)
        look: dict[str, Any] = {"initial_indent": self.lead, "subsequent_indent": self.further}
        return textwrap.wrap(in_language(self.text, language), width, **look, **WHOLE_WORDS)


def tree(
    row: Explained, marked: Marked, lead: str = "", below: str = "", cited: Citation | None = None
) -> Iterator[Branch]:
    """Yield the lines of a row and of the rows below it, drawn as a tree.

    Each row says where its numbers come from with `sources`, or with `assumed` only that some of them are assumed.
    """
    inner = below + ("│    " if row.children else "     ")
    remarks = (one for one in row.remarks if marked == "assumed" or one is not FLAGS["assumed"])
    flags = joined(remarks, ", ")
    head = joined((row.label, ": ", _points(row)), "")
    yield Branch(lead, f"{inner}  ", joined((head, "  [", flags, "]"), "") if flags else head)
    for line in (*_told(row), *(sources(row, cited) if marked == "sources" else ())):
        yield Branch(inner, f"{inner}  ", line)
    for position, child in enumerate(row.children):
        last = position == len(row.children) - 1
        ends = ("└─ ", "   ") if last else ("├─ ", "│  ")
        yield from tree(child, marked, below + ends[0], below + ends[1], row.citation)


_WIDE = 100
"""A rule in words and its calculation stand on one line where they take no more characters."""


def rule(row: Explained) -> tuple[str, ...]:
    """Return the rule with its numbers and what came of it: in words, then as a calculation, in one line or two.

    A heading tells only what its rows do not show. Where the words say all that the calculation does, they stand alone.
    """
    if row.children and not {"rescaled", "given", "cut"} & set(row.flags):
        return ()
    if row.words and row.words_alone:
        return (_outcome(row, row.words) or row.words,)
    told = tuple(filter(None, (row.words, _calculation(row))))
    return told if sum(map(len, told)) > _WIDE else tuple(filter(None, [joined(told, ": ")]))


def cell(one: ExplainedInput) -> str:
    """Return a cell as it was read, with its unit of measure, or why there is none."""
    found = f"{one.text} {one.measure}".strip() if one.state == "reported" and not _is_words(one) else one.text
    return joined((f"{one.code} {one.name}: ", found or STATES.get(one.state, one.state)), "")


def evidence(one: ExplainedEvidence) -> str:
    """Return what became of the evidence that a row asks for; nothing where the table has no word of it."""
    if one.shown is None and not one.rejected:
        return ""
    if one.rejected:
        return say("evidence, shown and rejected: {ask}", ask=one.words or one.ask)
    if one.shown:
        return say("evidence: {words}", words=one.words) if one.words else ""
    due = say("evidence not shown: {ask}, due {due}", ask=one.ask, due=one.due)
    return due if one.due else say("evidence not shown: {ask}", ask=one.ask)


def coming(row: Explained) -> str:
    """Return what would be next in the row's rule; nothing at the end, in proportion, or where evidence is lacking."""
    return "" if "no-evidence" in row.flags and not row.points else following(row.matched)


def following(one: Matched | None) -> str:
    """Return what would be next above what was reached; nothing at the end, or in proportion."""
    if one is None or not one.next or one.kind == "end":
        return ""
    facts = {"next": joined((one.next, one.next_words), " "), "points": number_text(one.next_points)}
    if one.kind == "case":
        return say("next case: {next}, worth {points}", **facts)
    facts["needs"] = number_text(one.needs)
    if one.kind == "step":
        return say("next step: {next} ({needs} away), worth {points}", **facts)
    return say("next level: {next} from {points}, {needs} away", **facts) if one.needs else ""


def learned(fit: Mapping[str, str]) -> str:
    """Return what the pool taught in one line: each number with the unit that holds it."""
    told = []
    for name, value in fit.items():
        if not name.endswith(("_unit", "_name")):
            holder = ", ".join(filter(None, (fit.get(f"{name}_name"), fit.get(f"{name}_unit"))))
            told.append(joined((LEARNED.get(name, name), f"{value} ({holder})" if holder else value), " "))
    return joined(told, ", ")


def levels(row: Explained) -> Iterator[str]:
    """Yield what stands between the row and a better level."""
    yield from (gate.told() for gate in row.verdict.refused)
    ahead = following(row.verdict.reached)
    if ahead:
        yield ahead
        yield from (gate.asked() for gate in row.verdict.gates)


def sources(row: Explained, cited: Citation | None = None) -> Iterator[str]:
    """Yield where the row comes from, and those of its numbers that rest on something else."""
    if row.citation != cited:  # a row that says nothing of its own is told by the row above
        yield row.citation.told()
    for statement in row.statements:
        if statement.citation != row.citation and statement.key not in _OF_HEADINGS:
            yield joined((stated(statement.key, statement.text), statement.citation.told()), ": ")


def _told(row: Explained) -> Iterator[str]:
    """Yield what is said of a row below its head: its rule, its cells, what the pool taught."""
    yield from levels(row)
    yield from rule(row)
    ahead = coming(row)
    if ahead:
        yield ahead
    for one in row.inputs:
        if one.code != row.code or one.state != "reported" or not row.formula:  # else the formula shows it already
            yield cell(one)
    shown = "" if row.evidence is None else evidence(row.evidence)
    if shown:
        yield shown
    yield from row.history
    if row.fit:
        yield say("of the pool: {learned}", learned=learned(row.fit))


def _calculation(row: Explained) -> str:
    """Return the formula and what came of it."""
    points = number_text(row.points)
    if not row.formula or row.points is None or row.formula == points:
        return row.formula
    return _outcome(row, row.formula) or joined((row.formula, points), ": " if row.in_words else " = ")


def _outcome(row: Explained, formula: str) -> str:
    """Return a formula, or the same in words, with what came of it where it is not what it comes to; else nothing."""
    facts = {"formula": formula, "points": number_text(row.points)}
    if row.points is not None and "rescaled" not in row.flags and "given" not in row.flags:
        if "no-denominator" in row.flags:
            return say("{formula}: divided by 0, so {points}", **facts)
        if row.rejected and "no-evidence" in row.flags and not row.points:
            return say("{formula}; evidence rejected, so {points}", **facts)
        if "no-evidence" in row.flags and not row.points:
            return say("{formula}; without evidence {points}", **facts)
        if "cut" in row.flags and not row.formula.startswith("min("):
            return say("{formula}, cut to {points}", **facts)
    return ""


def _is_words(one: ExplainedInput) -> bool:
    return not one.text[:1].isdigit() and not one.text.startswith("-")


def _points(row: Explained) -> str:
    """Return what the row earned, what was published of it, and what it adds to the row above and to the total."""
    if row.points is None:
        return say("not counted") if "left-out" in row.flags else "-"
    if not row.max:
        return say("informational")
    facts = {"points": number_text(row.points), "max": number_text(row.max)}
    taken = row.role == "deduct"
    told = [say("takes {points} of at most {max}", **facts) if taken else say("{points} of {max}", **facts)]
    if row.verdict.rank is not None or row.verdict.level is not None:
        told.append(say("published {found}", found=row.verdict.published))
        if row.verdict.rank is not None:
            told.append(say("rank {rank}", rank=row.verdict.rank))
        if row.verdict.level is not None:
            told.append(say("level {level}", level=row.verdict.level))
    own = -row.points if taken else row.points
    if row.contribution not in (None, own):
        told.append(say("contributes {points}", points=number_text(row.contribution)))
    if row.to_total not in (None, row.contribution):
        told.append(say("to the total {points}", points=number_text(row.to_total)))
    return joined(told, ", ")
