"""What became of one figure, told: a line for each event, with who, when and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from ictindex.cells import CellState
from ictindex.messages import Text, either, joined, say
from ictindex.rounds.events import Claim, Event, Figure, Stage, Track
from ictindex.rounds.words import STAGE_NAMES, VERDICT_NAMES

_TOLD = {
    Track.DECLARED: frozenset({Stage.DECLARED}),
    Track.VERIFIED: frozenset({Stage.DECLARED, Stage.VERIFIED}),
    Track.FINAL: frozenset(Stage),
}
"""The stages that are told beside a figure of a track; an appeal decides nothing, and says why there is a decision."""


def history_lines(claim: Claim, track: Track = Track.FINAL) -> Iterator[Text]:
    """Yield what happened to a claim up to a track, an event a line, as texts that can be said in another language."""
    for event in claim.history:
        if event.stage not in _TOLD[track]:
            continue
        what = joined(_happened(event), ", ")
        who = joined([when_text(event.when), event.by], ", ")
        why = joined([event.reason.name if event.reason else "", event.remark], ": ")
        line = say("{stage}: {what}", stage=STAGE_NAMES[event.stage], what=what) if what else STAGE_NAMES[event.stage]
        yield joined([line, say("({who})", who=who) if who else "", why], " ")


def when_text(when: date | datetime | None) -> str:
    """Return a day or a moment as each language writes it."""
    if when is None:
        return ""
    hour = f" {when:%H:%M}" if isinstance(when, datetime) else ""
    return either(str(when), f"{when:%d/%m/%Y}{hour}")


def _happened(event: Event) -> Iterator[str]:
    if event.value is not None and event.old is not None and event.value != event.old:
        yield say("{old} → {new}", old=figure_text(event.old), new=figure_text(event.value))
    elif event.value is not None:
        yield figure_text(event.value)
    if event.verdict is not None:
        yield VERDICT_NAMES[event.verdict]
    if event.proof:
        yield str(event.proof)


def figure_text(figure: Figure) -> str:
    """Return a figure as it would be typed, or in words that there is none."""
    if figure.state is CellState.MISSING:
        return say("missing")
    return say("not applicable") if figure.state is CellState.NOT_APPLICABLE else figure.text
