"""Claims and their histories: what a unit says one figure is, and what became of it.

What a track says of a claim is a pure function of its history:

* **declared**: the unit's last declaration.
* **verified**: what the department found when it verified last, or left as it was. Of a claim that nobody verified it
  says what `Unverified` names: that it stands as declared, or that it is missing, or nothing at all.
* **final**: the final decision, else what the verified track says.

An appeal changes nothing by itself: what it asks for, and the evidence that it brings, count once a verification or a
final decision takes them up.
"""

from __future__ import annotations

import enum
from datetime import date, datetime

from attrs import field, frozen

from ictindex.answers import is_shown
from ictindex.cells import CellState
from ictindex.origins import Reason


class Stage(enum.StrEnum):
    """What kind of event a line of a round is."""

    DECLARED = "declared"  # by the unit
    VERIFIED = "verified"  # by the department
    APPEALED = "appealed"  # by the unit
    FINAL = "final"  # the decision that closes the claim

    @property
    def decides(self) -> bool:
        """Whether it is the department's or the final word, not the unit's."""
        return self in (Stage.VERIFIED, Stage.FINAL)


class Track(enum.StrEnum):
    """Which figures of a round are meant."""

    DECLARED = "declared"
    VERIFIED = "verified"
    FINAL = "final"


class Verdict(enum.StrEnum):
    """What was decided about the evidence of a criterion."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Unverified(enum.StrEnum):
    """What a claim that nobody verified counts as on the verified and the final track."""

    DECLARED = "declared"  # it stands as declared, and the result says how many do
    MISSING = "missing"  # as if nothing had been declared: the scheme's rule for missing figures applies
    REFUSE = "refuse"  # a problem for each


@frozen
class Figure:
    """What a figure is: a number where one is reported, and its text as it would be typed.

    A choice is the position of its case, yes is 1 and no is 0. Figures are equal where number and state are.
    """

    number: float | None
    state: CellState = CellState.REPORTED
    text: str = field(default="", eq=False)


MISSING = Figure(None, CellState.MISSING)


@frozen
class Proof:
    """The evidence that was shown: the document's number, date, title and link, each empty where it was not given.

    A date alone shows no document, and neither does a word such as `không`.
    """

    number: str = ""
    date: str = ""
    title: str = ""
    link: str = ""

    def __bool__(self) -> bool:
        return any(map(is_shown, (self.number, self.title, self.link)))

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.number, self.date, self.title, self.link)))


@frozen(kw_only=True)
class Event:
    """One thing that happened to a claim: one line of the file.

    `value` is what the figure is from then on, None where the event leaves it as it was. Of an appeal it is what the
    unit asks for. `old` is the value in force as whoever decided saw it. `verdict` is what was decided about the
    evidence. `source` and `line` say where it stands; line 0 is a cell of the declared table.
    """

    stage: Stage
    value: Figure | None = None
    old: Figure | None = None
    when: date | datetime | None = None
    sequence: int | None = None
    by: str = ""
    reason: Reason | None = None
    remark: str = ""
    proof: Proof = field(factory=Proof)
    verdict: Verdict | None = None
    source: str = field(default="", eq=False)
    line: int = field(default=0, eq=False)


_COUNTED = {
    Track.DECLARED: frozenset({Stage.DECLARED}),
    Track.VERIFIED: frozenset({Stage.DECLARED, Stage.VERIFIED}),
    Track.FINAL: frozenset({Stage.DECLARED, Stage.VERIFIED, Stage.FINAL}),
}
"""The stages that a track looks at."""


@frozen(kw_only=True)
class Claim:
    """One figure of one unit with its history, the oldest event first.

    `code` is the code that it goes by in a round, `key` its column in a table, and `row` the criterion that its
    evidence is for, empty for a figure that several criteria share.
    """

    unit: str
    code: str
    key: str
    row: str
    history: tuple[Event, ...]

    def value(self, track: Track, unverified: Unverified = Unverified.DECLARED) -> Figure | None:
        """Return what a track says the figure is; None where its value was never spoken of, or nothing may be said."""
        if unverified is not Unverified.DECLARED and self.unverified(track):
            return MISSING if unverified is Unverified.MISSING else None
        event = self.deciding(track)
        return None if event is None else event.value

    def deciding(self, track: Track) -> Event | None:
        """Return the event that says what the figure is on a track: the last one with a value that the track sees."""
        return next((one for one in reversed(self._seen(track)) if one.value is not None), None)

    def unverified(self, track: Track) -> bool:
        """Whether the verified or final track has nothing to go by but the unit's own word."""
        return track is not Track.DECLARED and not any(one.stage.decides for one in self._seen(track))

    def verdict(self, track: Track) -> Verdict | None:
        """Return the last decision about the evidence that a track sees; None where there is none."""
        return next((one.verdict for one in reversed(self._seen(track)) if one.verdict), None)

    def shown(self) -> tuple[Proof, ...]:
        """Return the evidence that the unit declared with the figure; what an appeal brings must first be decided."""
        return tuple(one.proof for one in self.history if one.stage is Stage.DECLARED and one.proof)

    def reasons(self, track: Track) -> tuple[Reason, ...]:
        """Return why the figure or its evidence was decided otherwise than declared, as far as a track sees."""
        return tuple(dict.fromkeys(one.reason for one in self._seen(track) if one.stage.decides and one.reason))

    @property
    def appealed(self) -> bool:
        """Whether the unit appealed and nothing was decided since."""
        return bool(self.history) and self.history[-1].stage is Stage.APPEALED

    @property
    def closed(self) -> bool:
        """Whether the final decision was made."""
        return bool(self.history) and self.history[-1].stage is Stage.FINAL

    def _seen(self, track: Track) -> tuple[Event, ...]:
        return tuple(one for one in self.history if one.stage in _COUNTED[track])
