"""The lines of a round to events: who, which figure, what happened, each cell by the scheme's own rules.

A value is typed as in a table and checked as one (T040 to T053): `1,5`, bounds, cases, yes and no.

Problems: T155 an unknown unit, T156 an empty cell that must say something, T157 an unknown code, T158 an unknown stage,
T159 a date that is none, T160 an unknown reason, T162 a decision without who or when, T167 an order that is no number,
T168 what a line cannot say, T169 an unknown decision about evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Literal

from attrs import evolve, frozen

from ictindex.cells import CELL_LIMIT, CellState, fold, shown
from ictindex.errors import did_you_mean
from ictindex.figures import figures, read_figures, signs_of
from ictindex.findings import Found
from ictindex.messages import joined, say
from ictindex.model import Scheme
from ictindex.origins import Reason
from ictindex.rounds.dates import read_when
from ictindex.rounds.events import Event, Figure, Proof, Stage, Verdict
from ictindex.rounds.lines import Line
from ictindex.rounds.places import Place, Places, Units
from ictindex.rounds.reasons import reason_words, reasons_of
from ictindex.rounds.words import PROOF, says_nothing, stage, stage_words, verdict, verdict_words
from ictindex.table import Column
from ictindex.typed import typed_cells

VALUES: tuple[Literal["old", "value"], ...] = ("old", "value")

_SEARCHED = ("T155", "T157", "T160")
"""The problems whose hints are searched for: a file of another table may have thousands."""


@frozen
class Told:
    """One line that was understood: which unit and figure, what happened, and the line itself."""

    unit: str
    place: Place
    event: Event
    line: Line


def read_events(
    lines: Iterable[Line], scheme: Scheme, units: Units, found: Found, decimal: Literal["", "point", "comma"] = ""
) -> list[Told]:
    """Return what the lines say, in the order of the file, and add what is wrong with them.

    A figure of a unit of which some line cannot be understood is left out whole: its history would have a hole.
    """
    reader = _Reader(scheme, units, found)
    told = [one for one in map(reader.told, lines) if one is not None]
    told = _with_values(told, scheme, found, decimal, reader.broken)
    return [one for one in told if (one.unit, one.place.key) not in reader.broken]


class _Reader:
    """Reads everything of a line but its values. `broken` are the figures, by unit and key, of lines with problems."""

    def __init__(self, scheme: Scheme, units: Units, found: Found) -> None:
        self.units, self.found = units, found
        self.places, self.reasons = Places(scheme), reasons_of(scheme)
        self._words = reason_words(self.reasons)
        self.broken: set[tuple[str, str]] = set()
        self._sound = True  # nothing is wrong with the line so far

    def told(self, line: Line) -> Told | None:
        """Return what the line says, None where it does not say whom and what it is about."""
        self._sound = True
        unit, place, step = self._unit(line), self._place(line), self._stage(line)
        when, sequence = self._when(line), self._sequence(line)
        reason, decided = self._reason(line), self._verdict(line, step, place)
        if step is not None and step.decides:
            self._decided(line)
        if unit is None or place is None:
            return None
        if step is None or not self._sound:
            self.broken.add((unit, place.key))
            return None
        event = Event(
            stage=step,
            when=when,
            sequence=sequence,
            by=line.text("by"),
            reason=reason,
            remark=line.text("remark"),
            proof=Proof(*(line.text(key) for key in PROOF)),
            verdict=decided,
            source=self.found.source,
            line=line.number,
        )
        return Told(unit, place, event, line)

    def _wrong(self, code: str, message: str, line: Line, key: str, hint: str = "") -> None:
        self._sound = False
        self._unsaid(code, message, line, key, hint)

    def _unit(self, line: Line) -> str | None:
        text = line.text("unit")[:CELL_LIMIT]
        if not text:
            self._wrong("T156", say("the line names no unit"), line, "unit", say("write its code or name"))
            return None
        unit = self.units.find(text)
        if unit is None and self.units.shared(text):
            message = say("several units are called {unit}", unit=shown(text))
            self._wrong("T155", message, line, "unit", say("write the code of the one that is meant"))
        elif unit is None:
            message = say("the declared table has no unit {unit}", unit=shown(text))
            hint = self._near("T155", text, self.units.known) or say("write its code or name as the table has it")
            self._wrong("T155", message, line, "unit", hint)
        elif self.units.repeated(unit):
            message = say("the unit {unit} stands in several lines of the declared table", unit=shown(text))
            self._wrong("T155", message, line, "unit", say("a round is about units that have one line"))
            return None
        return unit

    def _place(self, line: Line) -> Place | None:
        text = line.text("code")[:CELL_LIMIT]
        place = self.places.find(text) if text else None
        if place is None:
            hint = say("write the code of a figure or of a criterion: `ictindex show` lists them")
            if text:
                close = self._near("T157", text, self.places.known) or hint
                self._wrong("T157", say("the scheme has no figure {code}", code=shown(text)), line, "code", close)
            else:
                self._wrong("T156", say("the line names no figure"), line, "code", hint)
        return place

    def _stage(self, line: Line) -> Stage | None:
        text = line.text("stage")[:CELL_LIMIT]
        step = stage(text) if text else None
        if step is None:
            hint = say("the stages are: {stages}", stages=stage_words())
            if text:
                self._wrong("T158", say("unknown stage {stage}", stage=shown(text)), line, "stage", hint)
            else:
                self._wrong("T156", say("the line does not say what happened"), line, "stage", hint)
        return step

    def _when(self, line: Line) -> date | datetime | None:
        text = line.text("when")
        when = read_when(text) if text else None
        if text and when is None:
            hint = say("write 2025-03-05 or 05/03/2025, with the hour where it matters: 05/03/2025 14:30")
            self._wrong("T159", say("{text} is no date", text=shown(text)), line, "when", hint)
        return when

    def _sequence(self, line: Line) -> int | None:
        text = line.text("seq")
        if not text:
            return None
        if not re.fullmatch("[0-9]{1,15}", text):
            hint = say("number the lines 1, 2, 3, ... in the order in which they happened")
            self._wrong("T167", say("{text} is no whole number", text=shown(text)), line, "seq", hint)
            return None
        return int(text)

    def _decided(self, line: Line) -> None:
        """Add what a decision must say wherever it stands in the history of its figure: when, and by whom."""
        if not line.text("when"):
            hint = say("write it into `when` (ngày); `date` (ngày văn bản) is the date of a document")
            self._unsaid("T162", say("the line does not say when that was decided"), line, "when", hint)
            self._sound = self._sound and bool(line.text("seq"))  # else it has no place in the order of its figure
        if not line.text("by"):
            hint = say("write it into `by` (người thực hiện)")
            self._unsaid("T162", say("the line does not say who decided"), line, "by", hint)

    def _unsaid(self, code: str, message: str, line: Line, key: str, hint: str) -> None:
        """Add what is wrong with a line of which it is known all the same what happened."""
        across = code in _SEARCHED
        self.found.add(code, message, line=line.number, cell=line.place(key), hint=hint, across=across)

    def _near(self, code: str, text: str, known: Callable[[], Iterable[str]]) -> str:
        """Return what a word may have meant, for the first few of a code: each search takes a while."""
        return "" if self.found.told_enough(code) else did_you_mean(text[:80], known())

    def _reason(self, line: Line) -> Reason | None:
        text = line.text("reason")
        reason = self._words.get(fold(text)) if text else None
        if text and reason is None:
            codes = [one.code for one in self.reasons]
            listed = say("the reasons are: {reasons}", reasons=", ".join(codes))
            close = self._near("T160", text, lambda: [*codes, *(one.name for one in self.reasons)])
            hint = joined((close, listed), by="; ")
            self._unsaid("T160", say("unknown reason {reason}", reason=shown(text)), line, "reason", hint)
        return reason

    def _verdict(self, line: Line, step: Stage | None, place: Place | None) -> Verdict | None:
        text = line.text("evidence")
        decided = verdict(text) if text else None
        if text and decided is None:
            hint = say("write one of: {words}", words=verdict_words())
            message = say("{text} does not say whether the evidence is accepted", text=shown(text))
            self._wrong("T169", message, line, "evidence", hint)
        elif decided and step is not None and not step.decides:
            message = say("the unit cannot decide about its own evidence")
            hint = say("write the document into number, date, title or link, and leave `evidence` empty")
            self._wrong("T168", message, line, "evidence", hint)
        elif decided and place is not None and not place.row:
            message = say("{code} is no figure of one criterion, whose evidence could be decided", code=place.code)
            self._wrong("T168", message, line, "evidence", say("write the code of the criterion"))
        return decided


# --- values ----------------------------------------------------------------------------------------------------------


def _with_values(
    told: Sequence[Told],
    scheme: Scheme,
    found: Found,
    decimal: Literal["", "point", "comma"],
    broken: set[tuple[str, str]],
) -> list[Told]:
    """Return the lines with their values: the sign before decimals is that of the whole file, as in a table."""
    inputs = {one.code: one for one in scheme.inputs}
    cells: dict[tuple[str, Literal["old", "value"]], list[int]] = {}
    for at, one in enumerate(told):
        for which in VALUES:
            if one.line.text(which):
                cells.setdefault((one.place.key, which), []).append(at)
    columns = []
    for (_, which), places in cells.items():
        first = told[places[0]]
        made = figures(first.line.place(which), first.place.rule, [_cell(told[at].line, which) for at in places])
        columns.append(evolve(made, lines=[told[at].line.number for at in places]))
    signs = signs_of(columns, decimal, (), found)
    values: list[dict[str, Figure]] = [{} for _ in told]
    for ((key, which), places), column, sign in zip(cells.items(), columns, signs, strict=True):
        if sign is None:
            broken.update((told[at].unit, key) for at in places)
        numbers, states, complaints = read_figures(column, sign)
        for place, (code, message, hint) in complaints:
            one = told[places[place]]
            broken.add((one.unit, key))
            found.add(code, message, line=one.line.number, cell=one.line.place(which), hint=hint)
        texts = typed_cells(Column(numbers, states), inputs.get(key))
        for place, at in enumerate(places):
            state = CellState.REPORTED if states is None else CellState(int(states[place]))
            number = float(numbers[place]) if state is CellState.REPORTED else None
            values[at][which] = Figure(number, state, texts[place])
    return [
        evolve(one, event=evolve(one.event, value=said.get("value"), old=said.get("old")))
        for one, said in zip(told, values, strict=True)
    ]


def _cell(line: Line, which: str) -> Any:
    """Return what stands in a cell of values: a number where the file holds one, else what was typed."""
    return "" if says_nothing(line.text(which)) else line.cells[which]
