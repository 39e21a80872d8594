"""What `headroom` answers: a line for every row, with the points lost there and how the unit stands in its pool."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar, Literal

from attrs import frozen

from ictindex.answer import Answer, columns_of
from ictindex.messages import joined, say
from ictindex.model import TOTAL
from ictindex.pages import Page


@frozen(kw_only=True)
class LostRow:
    """What a unit loses at a row of the scheme, and how it stands there in its pool.

    `kind`: `criterion` (an indicator, or one made of parts), `part` of a criterion, or `group`. `above` is the code of
    the heading above, `role` whether the points count (`max`), are a `bonus` or are taken (`deduct`). `state` says how
    the points came about: computed, given, cut, rescaled, no-evidence, missing-as-zero, not-applicable-as-zero,
    missing-left-out (for a missing figure), left-out, not-computed (below a given score) or informational; `rejected`:
    the evidence was shown and turned down. `unshown`: points are scored although the evidence that the scheme asks for
    is not shown, so whoever verifies may take them.

    `lost` are the points that full marks in this row alone would add to the total, None below a given score, where it
    is not known; nothing is lost at what does not apply. `evidence` is the part that showing the evidence would bring,
    `absence` the part of figures that are absent, `substance` the rest, which lies in the figures: the three add up to
    `lost`. `points` and `max` are the row's own.

    `rank` is the place among the `of` units of the pool that have a score here, 1 the best, equals sharing it; `median`
    and `best` are their points, `best_units` the first of the `best_count` units that have the best. All are None where
    the unit has no score here.
    """

    code: str
    name: str
    kind: Literal["criterion", "part", "group"]
    above: str
    role: Literal["max", "bonus", "deduct"]
    state: str
    rejected: bool
    unshown: bool
    points: Fraction | None
    max: Fraction
    lost: Fraction | None
    substance: Fraction | None
    evidence: Fraction | None
    absence: Fraction | None
    rank: int | None
    of: int | None
    median: Fraction | None
    best: Fraction | None
    best_units: tuple[str, ...]
    best_count: int

    @property
    def is_finest(self) -> bool:
        """Whether nothing finer is told of its points: a criterion, or a group whose score is given."""
        return self.lost is not None and (self.kind == "criterion" or (self.kind == "group" and self.state == "given"))

    @property
    def label(self) -> str:
        """The row's code and name as they are printed; the top is called the total."""
        return say("Total") if self.code == TOTAL else joined((self.code, self.name), " ")


@frozen(kw_only=True)
class Headroom(Answer):
    """Where the points of one unit are lost, the largest loss first.

    `total` is the row at which losses are counted: its points, and what full marks in everything below would add
    (`lost`, in its three parts). `published`, `rank` (None where the unit is not ranked), `ranked` (how many are) and
    `level` are what was published of it. `rows` are all rows below the total, by the points lost there; where nothing
    is known they come last. `strengths` and `weaknesses` are the codes of criteria above and below the pool's median,
    the best and the worst by rank first. `names` are those of the units that rows name as the best. `relative`: some
    rows compare units, and full marks there are the pool's best.
    """

    kind: ClassVar[str] = "headroom"

    unit: str
    name: str
    pool: str
    total: LostRow
    published: str | None
    rank: int | float | None
    ranked: int
    level: str | None
    rows: tuple[LostRow, ...]
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]
    names: Mapping[str, str]
    relative: bool

    def row(self, code: str) -> LostRow:
        """Return the row of that code. Raises KeyError."""
        found = {one.code: one for one in (*self.rows, self.total)}
        return found[code]

    def page(self) -> Page:
        """Return where points are lost, what the unit is strong and weak at, and what the numbers do not say."""
        from ictindex.analysis.headroom.telling import page_of

        return page_of(self)

    def to_columns(self) -> dict[str, list[Any]]:
        """Return the rows, the largest loss first, a list for each column."""
        return columns_of(self.rows, LostRow)
