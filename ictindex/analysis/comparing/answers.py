"""What a comparison of two results says: frozen values, and its page."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar, Literal

from attrs import evolve, frozen

from ictindex.answer import Answer, plain
from ictindex.origins import Reason
from ictindex.pages import Page

Cause = Literal["own", "verification", "scheme", "others"]
CAUSES: tuple[Cause, ...] = ("own", "verification", "scheme", "others")
"""Why a score or a rank changed, in the order in which it is told."""


@frozen(kw_only=True)
class Side:
    """One of the two results: its scheme (id, title, edition, variant), the file of its figures, and its track.

    `round` is the file that says what became of the figures, empty where there is none. `units` counts its units;
    `receipt` is that of the result.
    """

    scheme: str
    title: str
    edition: int
    variant: str
    source: str
    round: str
    track: str
    units: int
    receipt: Mapping[str, Any]


@frozen(kw_only=True)
class Split:
    """A change and its parts by cause, exact: the parts add up to the whole.

    `own` are the unit's own figures as they were declared, `verification` what verifying them took or gave, `scheme`
    the change of the scheme, `others` the moves of the other units. A cause that cannot matter is 0.
    """

    whole: Fraction
    own: Fraction = Fraction(0)
    verification: Fraction = Fraction(0)
    scheme: Fraction = Fraction(0)
    others: Fraction = Fraction(0)

    def part(self, cause: Cause) -> Fraction:
        """Return the part of a cause."""
        part: Fraction = getattr(self, cause)
        return part


@frozen(kw_only=True)
class PrintedSplit:
    """A change and its parts as they are printed, with their sign: what is printed adds up too."""

    whole: str
    own: str
    verification: str
    scheme: str
    others: str

    def part(self, cause: Cause) -> str:
        """Return the part of a cause."""
        part: str = getattr(self, cause)
        return part


@frozen(kw_only=True)
class RowMove:
    """What a row brings to the score before and after, its codes (empty where one scheme lacks it), and the change.

    `reasons` are those that a round gave for changing its figures: the round after, or if there is none that before.
    """

    before: str
    after: str
    name: str
    brought_before: Fraction
    brought_after: Fraction
    printed_before: str
    printed_after: str
    change: Split
    printed: PrintedSplit
    reasons: tuple[Reason, ...] = ()


@frozen(kw_only=True)
class UnitMove:
    """One unit: its scores (exact, on `Comparison.scale`), what was published, ranks and levels, and the changes.

    `places` is the change of the rank: more is better, 3 is three places up; None where it is not ranked on both sides.
    `ranked_before` and `ranked_after` count who is ranked with it. `rows` are the criteria, those that moved the score
    most first; none where nobody asked for single units of many.
    """

    unit: str
    name: str
    pool: str
    before: Fraction
    after: Fraction
    published_before: str
    published_after: str
    printed_before: str
    printed_after: str
    score: Split
    printed: PrintedSplit
    rank_before: float | None
    rank_after: float | None
    ranked_before: int
    ranked_after: int
    places: Split | None
    printed_places: PrintedSplit | None
    level_before: str | None
    level_after: str | None
    rows: tuple[RowMove, ...] = ()

    @property
    def keeps_rank(self) -> bool:
        """Whether the rank is the same on both sides, whatever pulled at it."""
        return self.rank_before == self.rank_after

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing moved: neither the score nor any part of it, nor the rank, nor the level."""
        moved = any(self.score.part(cause) for cause in CAUSES)
        return not moved and self.keeps_rank and self.level_before == self.level_after


@frozen(kw_only=True)
class Apart:
    """A unit that cannot be compared, and why, in words."""

    unit: str
    name: str
    why: str


@frozen(kw_only=True)
class Carrying:
    """How the figures of one year were put under the scheme of the other (`under` is the edition that scored them).

    `taken` are columns that only the other year has and that were taken from it; `filled` counts, by column, cells that
    this scheme refuses to lack and that were taken too; `rescaled` are points and scores brought to another maximum.
    """

    under: Literal["before", "after"]
    taken: tuple[str, ...]
    filled: Mapping[str, int]
    rescaled: tuple[str, ...]


@frozen(kw_only=True)
class Comparison(Answer):
    """Two results compared, unit by unit, at one row (`row_before`, `row_after`: its codes; usually the total).

    `scale` is what the scores are given in: that of the scheme, or `share` of the maximum where the two schemes publish
    on different scales. `causes` can change the score, `rank_causes` the rank. `rows_before` and `rows_after` are rows
    that only one scheme has, `guessed` those that were matched by nothing but their name, `given` those whose published
    scores stand in the place of figures. `exact` says whether all numbers are exact, or decimals of 60 digits.
    """

    kind: ClassVar[str] = "comparison"
    before: Side
    after: Side
    row_before: str
    row_after: str
    row_name: str
    scale: Literal["points", "index", "percent", "share"]
    exact: bool
    causes: tuple[Cause, ...]
    rank_causes: tuple[Cause, ...]
    units: tuple[UnitMove, ...]
    apart: tuple[Apart, ...]
    rows_before: tuple[str, ...]
    rows_after: tuple[str, ...]
    guessed: tuple[str, ...]
    given: tuple[str, ...]
    carrying: tuple[Carrying, ...]

    def of(self, unit: str) -> UnitMove:
        """Return one unit's move, by its code. Raises KeyError."""
        return {one.unit: one for one in self.units}[unit]

    def page(self) -> Page:
        """Return the comparison for a person: the units asked for one by one, or all of them in a table."""
        from ictindex.analysis.comparing.telling import page_of

        return page_of(self)

    def to_columns(self) -> dict[str, list[Any]]:
        """Return a line for each unit: scores, ranks and levels on both sides, the changes and their parts."""
        lines = [_line(one, self) for one in self.units]
        names = dict.fromkeys(name for line in lines for name in line)
        return {name: [line[name] for line in lines] for name in names}


def _line(one: UnitMove, found: Comparison) -> dict[str, Any]:
    line: dict[str, Any] = {"unit": one.unit, "name": one.name, "pool": one.pool}
    line |= {"published_before": one.published_before, "published_after": one.published_after}
    line |= {"before": one.before, "after": one.after, "change": one.score.whole}
    line |= {cause: one.score.part(cause) for cause in found.causes}
    line |= {"rank_before": one.rank_before, "rank_after": one.rank_after}
    places = one.places
    line["places"] = None if places is None else places.whole
    line |= {f"places_{cause}": None if places is None else places.part(cause) for cause in found.rank_causes}
    line |= {"level_before": one.level_before, "level_after": one.level_after}
    return {name: plain(value) for name, value in line.items()}


def negated(split: Split) -> Split:
    """Return the split of the change the other way round."""
    return evolve(split, **{name: -getattr(split, name) for name in ("whole", *CAUSES)})
