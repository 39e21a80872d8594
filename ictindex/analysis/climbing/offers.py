"""What a unit can do next: a criterion's moves, each with the cells that it changes, its points and its effort."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

from attrs import field, frozen

from ictindex.editing import Edit


@frozen(kw_only=True)
class Part:
    """What a move does at one criterion: the cells as they are then, the steps that it takes, and the words for it."""

    code: str
    cells: Mapping[str, Fraction]
    steps: Fraction
    words: str


@frozen(kw_only=True)
class Move:
    """One thing that a unit can do: the figures of a criterion brought from where they are to something better.

    `edits` are the cells that it changes, `words` what is done, in figures, without the criterion's own name. `points`
    are the exact points of every indicator (by its row of the matrix) that the move changes, after it. `steps` counts
    the steps, levels, yeses and pieces of evidence that lie between, a tenth of a ratio being one; `effort` is what
    they cost. `evidence` is what must be shown for it, empty where nothing is asked.

    `small`: less than one step, and everywhere below 1 % of the criterion's maximum. `assessed`: an assessor gives the
    points. `done_by` supplies the figures, `received_by` verifies them, as the scheme says, empty where it does not.
    `parts` are what it does at each criterion: several only where criteria share figures.
    """

    code: str
    words: str
    edits: tuple[Edit, ...]
    points: Mapping[int, Any]
    steps: Fraction
    effort: Fraction
    evidence: str = ""
    small: bool = False
    assessed: bool = False
    done_by: str = ""
    received_by: str = ""
    parts: tuple[Part, ...] = field(default=(), repr=False)


@frozen(kw_only=True)
class Offer:
    """Everything that one criterion offers: its moves, the least effort first, each earning more than the one before.

    Of the moves of an offer at most one is made, and no two offers change the same cell or the same indicator's points:
    criteria that share a figure are one offer, that of the first of them, whose moves are each better than all cheaper
    ones at some of them. Where points are deducted, fewer are more. `why_not` says why there is no move, empty where
    there are some. `effort_from` says who says what the criterion takes: a file of efforts, the scheme, or nobody, so
    that each step counts 1. Between two moves there may be more that are worth it: `finer.between` finds them.

    `left` are the points between what the criterion has and its maximum (where points are deducted: those that are),
    `most` is its maximum. `assessed`, `done_by` and `received_by` as of a move.
    """

    code: str
    name: str
    moves: tuple[Move, ...] = field(factory=tuple)
    why_not: str = ""
    effort_from: Literal["file", "scheme", "nobody"] = "nobody"
    left: Fraction = Fraction(0)
    most: Fraction = Fraction(0)
    assessed: bool = False
    done_by: str = ""
    received_by: str = ""
