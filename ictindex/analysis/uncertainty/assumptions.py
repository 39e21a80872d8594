"""What an analysis of uncertainty varies. These are assumptions of the analysis, never the decision's.

Problems: U270 a spread, U271 a concentration that cannot be meant; U272 a method that does not exist.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import Any, Literal

from attrs import Attribute, field, frozen

from ictindex.errors import Problem, WrongUse
from ictindex.messages import say

Normalizing = Literal["scheme", "min-max", "z-score", "rank"]
Aggregating = Literal["scheme", "arithmetic", "geometric"]
Missing = Literal["scheme", "zero", "left-out"]

NORMALIZING: tuple[Normalizing, ...] = ("scheme", "min-max", "z-score", "rank")
AGGREGATING: tuple[Aggregating, ...] = ("scheme", "arithmetic", "geometric")
MISSING: tuple[Missing, ...] = ("scheme", "zero", "left-out")

MOST = 0.5
"""The largest spread: beyond it the normal and the Dirichlet distribution say little about a share or a figure."""

LEAST_CONCENTRATION = 0.1
"""Below it, the random numbers of all shares may be too small for a float at once, and none would be the largest."""

NOTHING = 1e-9
"""A smaller spread moves no weight that a float tells apart."""

LOWEST = 0.01
"""In a geometric mean that the scheme does not have, a smaller share counts as this one: a single 0 is not the end."""


def _spread(_: Any, attribute: Attribute[float], value: Any) -> None:
    if not (isinstance(value, Real) and 0 <= float(value) <= MOST):
        message = say("{what} cannot be varied by {value}", what=attribute.name, value=value)
        raise WrongUse(Problem("U270", message, hint=say("choose a share from 0 to {most}", most=MOST)))


def _concentration(_: Any, attribute: Attribute[float | None], value: Any) -> None:
    if value is not None and not (isinstance(value, Real) and LEAST_CONCENTRATION <= float(value) < math.inf):
        message = say("{what} cannot be {value}", what=attribute.name, value=value)
        hint = say("choose a number from {least}; 100 moves a weight of 20 % by 4", least=LEAST_CONCENTRATION)
        raise WrongUse(Problem("U271", message, hint=hint))


def _choices(known: tuple[str, ...]) -> Any:
    def check(_: Any, attribute: Attribute[tuple[str, ...]], value: tuple[str, ...]) -> None:
        unknown = [one for one in value if one not in known]
        if unknown or not value or len(set(value)) < len(value):
            told = ", ".join(unknown or value)
            message = say("'{choices}' is no choice of {what}", choices=told, what=attribute.name)
            raise WrongUse(Problem("U272", message, hint=say("name each once of: {names}", names=", ".join(known))))

    return check


@frozen(kw_only=True)
class Assumptions:
    """What is varied, and how far.

    `weights`: at every heading the weights of the rows below (under a sum, their maxima) follow a Dirichlet
    distribution around the scheme's; of n equal weights each has this relative standard deviation (0: not varied).
    `concentration`, where given, is the distribution's at every heading instead: a weight of share s then has the
    standard deviation sqrt(s (1 - s) / (concentration + 1)). Without it, it is (n - 1) / weights^2 - 1.

    `normalization`, `aggregation` and `missing` are methods of which each draw takes one, all equally often, for all
    rows. Of the normalizations, `min-max` goes from the lowest unit to the highest, `z-score` gives half of the maximum
    to the mean and a sixth of it more for each standard deviation, `rank` goes by rank; all of them among the units of
    the pool. `missing` says what a missing cell means where the scheme has not refused it.

    `noise` is the relative standard deviation of reported counts, amounts and assessed points, cut at three of them and
    at what the input may hold.
    """

    weights: float = field(default=0.2, validator=_spread)
    concentration: float | None = field(default=None, validator=_concentration)
    normalization: tuple[Normalizing, ...] = field(default=("scheme",), validator=_choices(NORMALIZING))
    aggregation: tuple[Aggregating, ...] = field(default=("scheme",), validator=_choices(AGGREGATING))
    missing: tuple[Missing, ...] = field(default=("scheme",), validator=_choices(MISSING))
    noise: float = field(default=0.0, validator=_spread)

    def concentration_of(self, rows: int) -> float:
        """Return the concentration at a heading with so many weights; infinite where weights are not varied."""
        if self.concentration is not None:
            return self.concentration
        return (rows - 1) / self.weights**2 - 1 if self.weights > NOTHING else math.inf
