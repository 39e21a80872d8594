"""The pending ranking as an answer: the units with what they can still come to, and the queue of what decides it."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from attrs import frozen

from ictindex.analysis.pending.opens import Why
from ictindex.answer import Answer, columns_of
from ictindex.explanation import Exact
from ictindex.pages import Page

Urgency = Literal["decisive", "together", "can-wait"]


@frozen(kw_only=True)
class PendingUnit:
    """One unit: where it stands, and what it can still come to while its criteria are open, and others' are.

    `rank`, `published` and `level` are those of now. `best` and `worst` are the ranks that it can still have, `lowest`
    and `highest` its published scores, `lowest_points` and `highest_points` the exact points of these. `levels` are
    those it can still have, the best first, None standing for no level. `open` is how many of its criteria are open.
    All are None or empty for a unit that is never ranked, or has no score. `always_scored` is false where it may end
    without one. `exact`: the lowest and the highest score are each reached by some outcome, and `exact_ranks` the same
    of the ranks; else they are bounds that hold every outcome.
    """

    unit: str
    name: str
    pool: str
    rank: float | None
    best: float | None
    worst: float | None
    published: str | None
    lowest: str | None
    highest: str | None
    points: Exact
    lowest_points: Exact
    highest_points: Exact
    level: str | None
    levels: tuple[str | None, ...]
    open: int
    always_scored: bool
    exact: bool
    exact_ranks: bool

    @property
    def settled(self) -> bool:
        """Whether the unit keeps its rank whatever becomes of the open criteria."""
        return self.best == self.worst and self.always_scored


@frozen(kw_only=True)
class PendingClaim:
    """One open criterion of one unit, and what it decides.

    `figures` are the columns that are open, `why` in which ways. `points` are the criterion's exact points now,
    `lowest_points` and `highest_points` what it can come to. Everything else being as it is now: `swing` is how many
    points of the total lie between its outcomes, `ranks` how many units' ranks are others under some outcome, `level`
    whether a level is. `reach` is how many ranks it can move at most whatever becomes of all other criteria. It is
    `decisive` where it moves a rank or a level by itself, `together` where it may do so together with others, and
    `can-wait` where it cannot. `first_look`: it moves other units' scores too, and their share of it was not looked at.
    """

    unit: str
    name: str
    code: str
    criterion: str
    figures: tuple[str, ...]
    why: tuple[Why, ...]
    points: Exact
    lowest_points: Exact
    highest_points: Exact
    swing: Exact
    ranks: int
    level: bool
    reach: int
    urgency: Urgency
    first_look: bool


@frozen(kw_only=True)
class PendingAppeal:
    """One appeal about a figure of a criterion of a unit, on which nothing was decided yet.

    `figure` is the column, `now` what it is, `asked` what the unit asks it to be (None: only that its evidence counts);
    both as they would be typed. `evidence` is what the unit brings, `since` the day of the appeal, `remark` its words;
    each empty or None where the round does not know. `points` are the criterion's exact points now. If this appeal
    alone is granted, `granted` are these points, `gain` what the total wins, `becomes` the unit's rank, and `ranks` how
    many units' ranks change; None in a long list of appeals, whose later ones are not looked at.
    """

    unit: str
    name: str
    code: str
    criterion: str
    figure: str
    now: str
    asked: str | None
    evidence: str
    since: str | None
    remark: str
    points: Exact
    granted: Exact
    gain: Exact
    rank: float | None
    becomes: float | None
    ranks: int | None


@frozen(kw_only=True)
class PendingCriterion:
    """One criterion that is open for some `units`.

    For so many of them it is `decisive`, and for so many it may decide only `together` with others. `ranks` are the
    most that it changes by itself for one of them, and `swing` the most points of the total that lie between its
    outcomes.
    """

    code: str
    criterion: str
    units: int
    decisive: int
    together: int
    ranks: int
    swing: Exact


@frozen(kw_only=True)
class Pending(Answer):
    """The ranking while figures are open: what each unit can still come to, and the open criteria, most decisive first.

    `total` is the code of the row that ranks, `track` the track of a round (empty: a plain table). `units` are in the
    order of the ranking, pool by pool. `appeals` are those that are undecided, the oldest first. The `queue` has every
    open criterion: most ranks moved first, then those that move a level, then by what they may move together with
    others, then by their swing; `criteria` sums it up, a criterion a line. `compares` says that units are compared with
    one another, so that an open figure of one moves the others. A page lists the first `shown` of each list, None: all.
    """

    kind: ClassVar[str] = "pending"
    total: str
    track: str
    compares: bool
    units: tuple[PendingUnit, ...]
    appeals: tuple[PendingAppeal, ...]
    criteria: tuple[PendingCriterion, ...]
    queue: tuple[PendingClaim, ...]
    shown: int | None

    def page(self) -> Page:
        """Return the answer for the head of an evaluation team: what to verify first, then the ranking so far."""
        from ictindex.analysis.pending.page import page_of

        return page_of(self)

    def to_columns(self) -> dict[str, list[Any]]:
        """Return the units as columns: rank, best, worst, scores, how many criteria are open."""
        return columns_of(self.units, PendingUnit)
