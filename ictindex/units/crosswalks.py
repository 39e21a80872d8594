"""What became of whom: old units, the new ones that they went into, on which day, and with which share.

A unit that went into several has a share in each, and its shares add up to 1. Changes of several days are gone through
one after the other, so that a unit may be renamed first and merged later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from attrs import field, frozen

from ictindex.cells import number_text, shown
from ictindex.findings import Found, Heading
from ictindex.messages import say


@frozen(kw_only=True)
class Change:
    """A line of a crosswalk: a share of an old unit went into a new one on a day (None: no day is stated).

    `name` is the new unit's, empty where the crosswalk does not say it.
    """

    old: str
    new: str
    day: date | None = None
    share: Fraction = Fraction(1)
    name: str = ""
    line: int = field(default=0, eq=False)


Shares = Mapping[str, Fraction]
"""The new units that an old one went into, with its share in each; or the old ones of a new one."""


@frozen
class Crosswalk:
    """The changes of a crosswalk, in its order. Messages call it `source`, and its column of new units `heading`."""

    changes: tuple[Change, ...]
    source: str = ""
    heading: str = field(default="new", eq=False)

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the changes, the first one first."""
        return tuple(sorted({one.day for one in self.changes if one.day}))

    def names(self) -> Mapping[str, str]:
        """Return the names of new units that the crosswalk says; of a code that changed twice the last one."""
        ordered = sorted(self.changes, key=lambda one: one.day or date.min)
        return {one.new: one.name for one in ordered if one.name}

    def went(self, codes: Iterable[str], since: date | None = None) -> Mapping[str, Shares]:
        """Return where each unit went, through all changes after the day `since`; itself where nothing is said of it.

        The units are these and every one that the crosswalk begins with.
        """
        stages = self._stages(since)
        made: set[str] = set()
        begun = dict.fromkeys(codes)
        for stage in stages:
            begun |= dict.fromkeys(old for old in stage if old not in made)
            made |= {new for shares in stage.values() for new in shares}
        return {code: _through(code, stages) for code in begun}

    def _stages(self, since: date | None) -> list[dict[str, dict[str, Fraction]]]:
        found: dict[date, dict[str, dict[str, Fraction]]] = {}
        for one in self.changes:
            if since is None or one.day is None or one.day > since:
                stage = found.setdefault(one.day or date.min, {})
                stage.setdefault(one.old, {})[one.new] = one.share
        return [found[day] for day in sorted(found)]


def _through(code: str, stages: Iterable[Mapping[str, Shares]]) -> Shares:
    now: dict[str, Fraction] = {code: Fraction(1)}
    for stage in stages:
        after: dict[str, Fraction] = {}
        for unit, share in now.items():
            for new, part in stage.get(unit, {unit: Fraction(1)}).items():
                after[new] = after.get(new, Fraction(0)) + share * part
        now = after
    return now


def check_crosswalk(
    crosswalk: Crosswalk, found: Found, cells: Mapping[str, Heading], unread: Collection[int], lost: Collection[str]
) -> None:
    """Add what is wrong with the lines when they are seen together; `cells` are the headings by field.

    `unread` are lines of which a cell has a problem already. The shares of the old units in `lost`, of which a line
    was not read, are not added up; neither are any where that is an empty text: one line does not say whose it is.
    """
    dated = any(one.day for one in crosswalk.changes)
    for one in crosswalk.changes:
        if dated and one.day is None and one.line not in unread:
            hint = say("write it: changes are gone through in the order of their days")
            found.add("T091", say("the cell is empty"), line=one.line, cell=cells["day"], hint=hint)
    undated = {one.old for one in crosswalk.changes if dated and one.day is None}
    lines: dict[tuple[date | None, str], list[Change]] = {}
    for one in crosswalk.changes:
        before = lines.setdefault((one.day, one.old), [])
        twice = next((other for other in before if other.new == one.new), None)
        if twice is not None:
            message = say("the change {change} stands in line {line} already", change=_told(one), line=twice.line)
            found.add("T105", message, line=one.line, cell=cells["new"], hint=say("keep one of the two lines"))
        before.append(one)
    for (_, old), changes in lines.items():
        if not {old, ""} & {*lost} and old not in undated:
            _add_up(old, changes, found, cells["share"])


def _add_up(old: str, changes: Sequence[Change], found: Found, cell: Heading) -> None:
    """Add a problem where the shares of an old unit do not add up to 1."""
    total = sum((one.share for one in changes), Fraction(0))
    if total == 1:
        return
    message = say("the shares of {unit} add up to {total}, not to 1", unit=shown(old), total=number_text(total))
    hint = say("mend the shares of its lines, or add the line that is missing")
    if all(one.share == 1 for one in changes):
        hint = say("say which share of it went into each, such as 60% and 40%")
    found.add("T105", message, line=changes[-1].line, cell=cell, hint=hint)


def _told(change: Change) -> str:
    return shown(f"{change.old} → {change.new}")
