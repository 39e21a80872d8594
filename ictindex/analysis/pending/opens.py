"""What an open criterion is: whose, why, and what it may come to."""

from __future__ import annotations

from typing import Any, Literal

from attrs import frozen

Why = Literal["unverified", "appealed", "missing", "evidence"]


@frozen
class Outcome:
    """What a criterion may come to: its exact points before anything is converted back, and the points left out of it.

    `put` is false for what stands in the table already.
    """

    points: Any
    left: Any
    put: bool = True


@frozen
class Open:
    """A criterion of one unit that is still open, by its row of the matrix: the columns that are, and why.

    The first of the `outcomes` is what it counts as now; no two are alike.
    """

    unit: int
    place: int
    figures: tuple[str, ...]
    why: tuple[Why, ...]
    outcomes: tuple[Outcome, ...]
