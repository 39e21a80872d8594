"""The one door to hypothesis: the draws that tables and schemes are made of, and the hunt for an example."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeVar

from ictindex.errors import Problem, WrongUse
from ictindex.messages import say

try:
    from hypothesis import HealthCheck, Phase, Verbosity, assume, given, seed, settings
    from hypothesis import strategies as st
    from hypothesis.errors import Flaky, Unsatisfiable
except ModuleNotFoundError:  # an extra of the package, which few need
    _HINT = say("install it: {command}", command='pip install "ictindex[testing]"')
    raise WrongUse(Problem("U135", say("hypothesis, which draws the tables, is not installed"), hint=_HINT)) from None

__all__ = ["SPARE", "Flaky", "Tape", "assume", "decimals", "hunt", "st", "tapes"]

T = TypeVar("T")
ONE, HALF = Fraction(1), Fraction(1, 2)


class Tape:
    """A string of drawn bytes, read from the left; where it ends, every choice is the first one.

    A table is drawn as one string of bytes. Hypothesis likes to repeat parts of an example in the next ones, which
    finds little in tables and costs most of the examples; in a single string it sees no parts.
    """

    def __init__(self, content: bytes, at: int = 0) -> None:
        self._content, self.at = content, at

    def cut(self, at: int) -> Tape:
        """Return the tape to be read from another place."""
        return Tape(self._content, at)

    def again(self) -> Tape:
        """Return the same tape to be read once more from here."""
        return self.cut(self.at)

    def below(self, size: int) -> int:
        """Return a whole number from 0 to below `size`, all alike."""
        wide = 2 if size > 256 else 1
        found = int.from_bytes(self._content[self.at : self.at + wide].ljust(wide, b"\0"))
        self.at += wide
        return found * size >> 8 * wide

    def choose(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return choices[self.below(len(choices))]

    def chance(self, one_in: int) -> bool:
        """Return True about once in so many times."""
        return self.below(one_in) == one_in - 1

    def decimals(self, low: Fraction, high: Fraction) -> Fraction:
        """Return a number of at most two decimals within the bounds, both included, most often a round one.

        The first is the one nearest to 0, and positive numbers stand before negative ones. Bounds with no such number
        between them give the lower one.
        """
        steps = [step for step in (ONE, HALF, Fraction(1, 10), Fraction(1, 20)) if _fits(low, high, step)]
        step = self.choose(steps or [Fraction(1, 100)])
        first, last = math.ceil(low / step), math.floor(high / step)
        if first > last:
            return low
        found = self.below(min(last - first + 1, 2**16))
        if first >= 0 or last < 0:
            return step * (first + found)
        return step * (found if found <= last else last - found)


def decimals(low: Fraction, high: Fraction) -> st.SearchStrategy[Fraction]:
    """Return a strategy of numbers of at most two decimals within the bounds, most often round ones."""
    return tapes(SPARE).map(lambda tape: tape.decimals(low, high))


SPARE = 96
"""So many bytes follow those of a table's cells, for what is rarely needed."""


def tapes(least: int, most: int = 0) -> st.SearchStrategy[Tape]:
    """Return a strategy of tapes of so many bytes; they shrink to nothing but zeros, each byte for itself."""
    return st.binary(min_size=least, max_size=most or least).map(Tape)


def _fits(low: Fraction, high: Fraction, step: Fraction) -> bool:
    return math.ceil(low / step) < math.floor(high / step)


def hunt(strategy: st.SearchStrategy[T], look: Callable[[T], None], *, start: int, examples: int) -> int:
    """Look at drawn examples; return at how many. What `look` raises is raised; nothing is shrunk (see `reducing`).

    The same `start` draws the same examples, whatever profile of hypothesis is in force, and nothing is kept in its
    database.
    """
    looked = 0

    @seed(start)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.generate,),
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(strategy)
    def example(drawn: T) -> None:
        nonlocal looked
        look(drawn)
        looked += 1

    try:
        example()
    except Unsatisfiable:  # nothing that was drawn could be looked at
        return 0
    return looked
