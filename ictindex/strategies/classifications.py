"""Classifications: the level that a score earns (docs/rules.md, shapes 22-24). The best comes first."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ictindex.model import Levels
from ictindex.strategies.base import Mask


def bound(levels: Levels, position: int, whole: Fraction) -> tuple[Fraction, bool]:
    """Return the score from which a level is earned, and whether it must be exceeded.

    `whole` is the row's maximum on the scale of the score. Bands printed as whole numbers (85-100, 70-84) leave gaps:
    84.5 belongs to the lower band, to the upper one, or is rounded half up first, as the scheme says.
    """
    level = levels.levels[position]
    lower = level.lower * whole if level.of_max else level.lower
    if levels.between == "round":
        return math.ceil(lower) - Fraction(1, 2), False
    below = levels.levels[position + 1] if position + 1 < len(levels.levels) else None
    if levels.between == "upper" and below is not None and below.upper is not None:
        return below.upper * whole if below.of_max else below.upper, True
    return lower, False


def lies_between(levels: Levels, score: Fraction) -> bool:
    """Return whether a score lies above the end of one band, as it is printed, and below the next band."""
    return any(
        below.upper is not None and not below.of_max and below.upper < score < above.lower
        for above, below in itertools.pairwise(levels.levels)
    )


def key_bound(score: Fraction, strict: bool, decimals: int) -> int:
    """Return the smallest published key (score x 10^decimals) that reaches, or exceeds, a score."""
    scaled = score * Fraction(10) ** decimals
    return math.floor(scaled) + 1 if strict else math.ceil(scaled)


def first_reached(reached: Sequence[Mask]) -> npt.NDArray[np.intp]:
    """Return the position of the first level that each unit reaches, the best first; -1 where it reaches none."""
    positions = np.full(reached[0].shape, -1, np.intp)
    for position in reversed(range(len(reached))):
        positions[reached[position]] = position
    return positions
