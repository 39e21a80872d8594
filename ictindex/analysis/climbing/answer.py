"""The answer to "how to climb": the goal, the plan, single moves, what each rank needs, and all moves there are."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar, Literal

from attrs import frozen

from ictindex.analysis.climbing.page import sections_of, title_of
from ictindex.analysis.climbing.resting import MOST_NEXT
from ictindex.analysis.climbing.told import Aim, Closed, NextMove, Outlook, Place
from ictindex.answer import Answer, columns_of
from ictindex.pages import Page
from ictindex.plan import points_per_unit
from ictindex.publication import text


@frozen(kw_only=True)
class Climb(Answer):
    """How a unit reaches a goal with the least effort.

    `now` is where it stands, and `outlook` what it takes while nobody else moves. `moves` is everything that the
    criteria offer, `closed` are the criteria that offer nothing. `efforts` says where efforts come from: how many
    criteria have theirs from a file, from the scheme, or from nobody, so that each step counts 1. `compared`: points
    depend on other units, and what single moves add is counted with the others as they are. `expected` is what it
    takes if rivals' scores move as they did since the year before, None where no result of it was given;
    `expected_new` are the rivals that had no score then, so that they stay where they are. The page tells so many next
    moves as are `shown`, None for all; the data have them all.
    """

    kind: ClassVar[str] = "climb"
    unit: str
    name: str
    pool: str
    aim: Aim
    now: Place
    outlook: Outlook
    moves: tuple[NextMove, ...]
    closed: tuple[Closed, ...]
    efforts: Mapping[Literal["file", "scheme", "nobody"], int]
    compared: bool
    expected: Outlook | None = None
    expected_new: tuple[str, ...] = ()
    shown: int | None = MOST_NEXT

    @property
    def effort(self) -> Fraction | None:
        """The effort of the plan, None where there is none."""
        return None if self.outlook.plan is None else self.outlook.plan.effort

    def added(self, points: Fraction) -> str:
        """Return points that a move adds, on the scale and with the decimals of the published score."""
        row = self.subject.scheme.row(self.aim.code)
        least = Fraction(1, 10**row.publish.decimals)
        value = round(Fraction(points) / points_per_unit(row) / least)
        if not value and points > 0:
            return f"< {text(1, row.publish)}"
        return f"+{text(value, row.publish)}" if value > 0 else text(value, row.publish)

    def page(self) -> Page:
        """Return the answer as a page: what to do first, then what is behind it."""
        return Page(title_of(self), sections_of(self), self.subject.notices_at(self.aim.code))

    def to_columns(self) -> dict[str, list[Any]]:
        """Return a line for each move that the unit can make, in the order of the criteria."""
        return columns_of(self.moves, NextMove)
