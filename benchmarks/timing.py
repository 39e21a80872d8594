"""Times of calls beside each other: rounds in a random order, medians, spread, and ratios within a round."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Times:
    """The seconds that one call took in each round that it was part of, the first round first."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median, in seconds."""
        return statistics.median(self.seconds)

    @property
    def quartiles(self) -> tuple[float, float]:
        """The seconds between which the middle half of the runs lies."""
        if len(self.seconds) < 2:
            return self.median, self.median
        low, _, high = statistics.quantiles(self.seconds, n=4, method="inclusive")
        return low, high

    def to(self, other: Times) -> float:
        """Return the median of the ratios to another call in the same rounds."""
        return statistics.median(a / b for a, b in zip(self.seconds, other.seconds, strict=False))


@dataclass(frozen=True)
class Fresh:
    """A call that is given something new each time, made while the clock stands still."""

    make: Callable[[], Any]
    call: Callable[[Any], Any]

    def __call__(self) -> Any:
        """Make what the call needs, and call."""
        return self.call(self.make())


def once(call: Callable[[], Any]) -> float:
    """Return the seconds of one run."""
    if isinstance(call, Fresh):
        made, fresh = call.make(), call.call
        start = time.perf_counter()
        fresh(made)
        return time.perf_counter() - start
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def rounds(
    calls: Mapping[str, Callable[[], Any]], *, seed: int, box: float, least: int = 3, most: int = 25
) -> dict[str, Times]:
    """Return the times of each call, run in rounds whose order is drawn anew from the seed.

    Every call runs once before the rounds, to warm up, and that tells how many rounds fit into its `box` of seconds:
    at least `least`, at most `most`. A slow call leaves after its last round; the first call stays to the end, so that
    each of the others can be compared with it.
    """
    chance = random.Random(seed)  # noqa: S311 - an order, no secret
    shares = {name: max(least, min(most, int(box / max(once(call), 1e-9)))) for name, call in calls.items()}
    first = next(iter(calls))
    shares[first] = max(shares.values())
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(shares[first]):
        names = [name for name in calls if turn < shares[name]]
        for name in chance.sample(names, len(names)):
            seconds[name].append(once(calls[name]))
    return {name: Times(tuple(each)) for name, each in seconds.items()}
