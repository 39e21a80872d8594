"""The events of each claim in their order, and whether one can follow the other.

The order of the lines in the file says nothing. Where the lines of a figure are numbered (`seq`), that is their order;
else it is the time, and what has none (a declaration without a date, the declared table) comes first.

Problems: T161 a reason that is missing, T163 a decision about what was never
declared, or an appeal of what was not verified, T164 an old value that is not the one in force, T165 something after
the final decision, or a declaration after the verification, T166 two events at the same time, T167 time that goes
backwards, or lines of which only some are numbered, T168 a line that says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cmp_to_key
from itertools import pairwise

from attrs import evolve

from ictindex.cells import CellState, shown
from ictindex.findings import Found
from ictindex.messages import say
from ictindex.rounds.dates import is_before
from ictindex.rounds.events import MISSING, Claim, Event, Figure, Stage, Verdict
from ictindex.rounds.places import Place
from ictindex.rounds.reading import Told
from ictindex.rounds.reasons import NEEDS_A_REMARK

First = Callable[[str, str], Event | None]
"""What the declared table says of a unit's figure, by the unit and the column; None where it has no such cell."""


def read_claims(told: Iterable[Told], declared: First, found: Found) -> dict[tuple[str, str], Claim]:
    """Return the claim of each unit's figure that the lines speak of, by unit and column; what is wrong is added."""
    lines: dict[tuple[str, str], list[Told]] = {}
    for one in told:
        lines.setdefault((one.unit, one.place.key), []).append(one)
    claims = {}
    for unit, key in sorted(lines):
        place, first = lines[unit, key][0].place, declared(unit, key)
        ordered = _ordered(lines[unit, key], found)
        if ordered is not None:
            history = _History(place, first, found)
            for one in ordered:
                history.add(one)
            claims[unit, key] = Claim(unit=unit, code=place.code, key=key, row=place.row, history=tuple(history.events))
    return claims


def _ordered(lines: list[Told], found: Found) -> list[Told] | None:
    """Return the lines of one figure in their order, None where there is none."""
    if len(lines) == 1:
        return lines
    numbered = [one for one in lines if one.event.sequence is not None]
    if numbered and len(numbered) < len(lines):
        one = next(one for one in lines if one.event.sequence is None)
        message = say("other lines about this figure are numbered, and this one is not")
        _unsound(found, "T167", message, one, "seq", say("number all of them, or none"))
        return None
    if numbered:
        ordered = sorted(lines, key=lambda one: one.event.sequence or 0)
        return ordered if _counted(ordered, found) else None
    ordered = sorted(lines, key=cmp_to_key(_compared))
    for before, after in pairwise(ordered):
        if not _compared(before, after):
            message = say(
                "this figure has two lines of the same time, the other is line {line}", line=before.line.number
            )
            hint = say("write the hours, or number its lines in the column `seq` (thứ tự)")
            _unsound(found, "T166", message, after, "when", hint)
            return None
    return ordered


def _counted(ordered: list[Told], found: Found) -> bool:
    """Whether numbered lines have a number each and no time before that of a lower number."""
    sound = True
    for before, after in pairwise(ordered):
        if before.event.sequence == after.event.sequence:
            message = say("the number stands in line {line} already", line=before.line.number)
            _unsound(found, "T166", message, after, "seq", say("number the lines in the order in which they happened"))
            sound = False
        elif before.event.when and after.event.when and is_before(after.event.when, before.event.when):
            message = say("it is numbered after line {line} and happened before it", line=before.line.number)
            _unsound(found, "T167", message, after, "when", say("correct the date, or the number"))
            sound = False
    return sound


def _compared(one: Told, other: Told) -> int:
    """Return -1 where one line is before the other, 1 where it is after it, 0 where that cannot be told."""
    when, then = one.event.when, other.event.when
    if when is None or then is None:
        return (when is not None) - (then is not None)
    before = is_before(when, then)
    return 0 if before is None else -1 if before else 1


def _unsound(found: Found, code: str, message: str, one: Told, key: str, hint: str = "") -> None:
    found.add(code, message, line=one.line.number, cell=one.line.place(key), hint=hint)


class _History:
    """The events of one figure of one unit while they are put one after the other."""

    def __init__(self, place: Place, first: Event | None, found: Found) -> None:
        self.place, self.given, self.found = place, place.given, found
        self.events: list[Event] = [] if first is None else [first]
        self.now: Figure | None = None if first is None else first.value or MISSING

    def add(self, one: Told) -> None:
        """Put an event behind the others; where it cannot follow, say so."""
        event = one.event
        last = next((known for known in self.events if known.stage is Stage.FINAL), None)
        if last is not None:
            message = say("the figure was closed by the final decision in line {line}", line=last.line)
            _unsound(self.found, "T165", message, one, "stage", say("correct that decision, or take this line out"))
        elif event.stage is Stage.DECLARED:
            event = self._declared(one)
        elif event.stage is Stage.APPEALED:
            self._appealed(one)
        else:
            self._decided(one)
        self.events.append(event)
        if event.stage is not Stage.APPEALED and event.value is not None:
            self.now = event.value

    def _declared(self, one: Told) -> Event:
        event = one.event
        if any(known.stage.decides for known in self.events):
            message = say("the unit declares what was verified already")
            _unsound(
                self.found, "T165", message, one, "stage", say("what a unit says after the verification is `appealed`")
            )
        if event.value is None and self.now is None and not self.given:
            event = evolve(event, value=MISSING)  # nothing was reported, and that was said
        elif event.value is None and not event.proof:
            message = say("the line says neither a value nor evidence")
            _unsound(self.found, "T168", message, one, "value", _STRUCK)
        self.now = self.now or MISSING
        return event

    def _appealed(self, one: Told) -> None:
        if not any(known.stage.decides for known in self.events):
            message = say("the unit appeals what was not verified")
            _unsound(
                self.found, "T163", message, one, "stage", say("a unit that corrects itself before that is `declared`")
            )

    def _decided(self, one: Told) -> None:
        event = one.event
        if event.value is None:
            self._untouched(one)
        if self.now is None:
            if event.value is not None or not self.given:  # a criterion has evidence without a score of its own
                message = say("the unit never declared this figure")
                hint = say("give what it declared: in the declared table, or as a line before this one")
                if self.place.figures:
                    hint = say("the figures of the criterion are {codes}", codes=", ".join(self.place.figures))
                _unsound(self.found, "T163", message, one, "stage", hint)
        elif event.value is not None and event.value != self.now:
            self._changed(one, self.now)
        elif event.value is not None and event.old is not None and event.old != self.now:
            self._another(one, self.now)
        if event.verdict is Verdict.REJECTED:
            self._reasoned(one, say("evidence is rejected without a reason"))

    def _untouched(self, one: Told) -> None:
        event = one.event
        if event.old is not None:
            message = say("the line has an old value and no new one")
            _unsound(self.found, "T168", message, one, "value", _STRUCK)
        elif event.verdict is None:
            message = say("the line decides nothing")
            hint = say("repeat the value to say that it is right, or write what was decided about the evidence")
            _unsound(self.found, "T168", message, one, "value", hint)

    def _changed(self, one: Told, now: Figure) -> None:
        if (one.event.old or MISSING) != now:
            self._another(one, now)
        self._reasoned(one, say("the value is changed without a reason"))

    def _another(self, one: Told, now: Figure) -> None:
        force = shown(now.text) if now.state is not CellState.MISSING else say("none")
        if one.event.old is None:
            message = say("the old value is not given; in force is {value}", value=force)
        else:
            old = one.event.old
            typed = shown(old.text) if old.state is not CellState.MISSING else say("none")
            message = say("the old value is {old}, but in force is {value}", old=typed, value=force)
        hint = say("was the declaration edited after it was verified? Look at both, and write the value that was seen")
        _unsound(self.found, "T164", message, one, "old", hint)

    def _reasoned(self, one: Told, message: str) -> None:
        if one.event.reason is None and not one.line.text("reason"):
            _unsound(
                self.found, "T161", message, one, "reason", say("`ictindex round SCHEME --reasons` lists the reasons")
            )
        elif one.event.reason in NEEDS_A_REMARK and not one.event.remark:
            told = say("the reason is another one, and no remark says which")
            _unsound(self.found, "T161", told, one, "remark", say("say it in the column `remark`"))


_STRUCK = say("write `empty` (trống) as the value where the figure is meant to be missing")
