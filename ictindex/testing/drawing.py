"""The one door to hypothesis: the draws that tables and schemes are made of, and the hunt for a smallest example."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from ictindex.errors import Problem, WrongUse
from ictindex.messages import say

try:
    from hypothesis import HealthCheck, Phase, Verbosity, assume, given, seed, settings
    from hypothesis import strategies as st
    from hypothesis.errors import Flaky, HypothesisException, Unsatisfiable
except ModuleNotFoundError:  # an extra of the package, which few need
    _HINT = say("install it: {command}", command='pip install "ictindex[testing]"')
    raise WrongUse(Problem("U135", say("hypothesis, which draws the tables, is not installed"), hint=_HINT)) from None

__all__ = ["Draw", "Flaky", "HypothesisException", "assume", "chance", "decimals", "hunt", "number", "pick", "st"]

Draw: TypeAlias = st.DrawFn
T = TypeVar("T")
ONE, HALF = Fraction(1), Fraction(1, 2)

_FAR = 7_340_033_511_000
"""Where drawn whole numbers begin. Into small ones hypothesis mixes numbers that it finds in the source of the modules
at hand, so that one seed would draw different tables in different programs; nobody writes numbers as large as these."""


@lru_cache(maxsize=4096)  # hypothesis looks a strategy over once, when it is first drawn from
def number(low: int, high: int) -> st.SearchStrategy[int]:
    """Return a strategy of whole numbers, both ends included and all alike; it shrinks to the lowest."""
    return st.integers(_FAR, _FAR + high - low).map(lambda found: found - _FAR + low)


def pick(draw: Callable[[st.SearchStrategy[int]], int], choices: Sequence[T]) -> T:
    """Draw one of the choices, all alike; it shrinks to the first."""
    return choices[draw(number(0, len(choices) - 1))]


def chance(draw: Draw, one_in: int) -> bool:
    """Return True about once in so many draws; it shrinks to False."""
    return draw(number(0, one_in - 1)) == one_in - 1


@st.composite
def decimals(draw: Draw, low: Fraction, high: Fraction) -> Fraction:
    """Draw a number of at most two decimals within the bounds, both included, most often a round one.

    It shrinks towards 0, and to a positive number before a negative one. Bounds with no such number between them give
    the lower one.
    """
    steps = [step for step in (ONE, HALF, Fraction(1, 10), Fraction(1, 20)) if _fits(low, high, step)]
    step = pick(draw, steps or [Fraction(1, 100)])
    first, last = math.ceil(low / step), math.floor(high / step)
    if first > last:
        return low
    if first >= 0 or last < 0:
        return step * draw(number(first, last))
    found = draw(number(0, last - first))
    return step * (found if found <= last else last - found)


def _fits(low: Fraction, high: Fraction, step: Fraction) -> bool:
    return math.ceil(low / step) < math.floor(high / step)


def hunt(
    strategy: st.SearchStrategy[T],
    look: Callable[[T, Callable[[Sequence[Any]], Any]], None],
    *,
    start: int,
    examples: int,
) -> int:
    """Look at drawn examples; return at how many. What `look` raises is raised for the smallest example.

    `look` gets an example, and a function that draws one of several things. The same `start` draws the same examples,
    whatever profile of hypothesis is in force, and nothing is kept in its database.
    """
    looked = 0

    @seed(start)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(strategy, st.data())
    def example(drawn: T, data: st.DataObject) -> None:
        nonlocal looked
        look(drawn, lambda choices: pick(data.draw, choices))
        looked += 1

    try:
        example()
    except Unsatisfiable:  # nothing that was drawn could be looked at
        return 0
    return looked
