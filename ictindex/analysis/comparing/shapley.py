"""A change divided among its causes so that their order does not matter."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
ZERO = Fraction(0)


def shapley(
    causes: Sequence[str], value: Callable[[frozenset[str]], Mapping[K, Fraction]]
) -> dict[str, dict[K, Fraction]]:
    """Return each cause's part (Shapley value) of the change of every number that `value` gives.

    `value` says what the numbers are when a set of causes has moved from before to after; a number that it leaves out
    is 0. A part is the mean of what the cause changes, over all orders in which the causes may move: so the parts add
    up to the whole change exactly.
    """
    count = len(causes)
    known = {
        frozenset(moved): value(frozenset(moved)) for size in range(count + 1) for moved in combinations(causes, size)
    }
    keys = dict.fromkeys(key for numbers in known.values() for key in numbers)
    parts: dict[str, dict[K, Fraction]] = {cause: dict.fromkeys(keys, ZERO) for cause in causes}
    for moved, numbers in known.items():
        for cause in set(causes) - moved:
            orders = math.factorial(len(moved)) * math.factorial(count - len(moved) - 1)
            weight, after = Fraction(orders, math.factorial(count)), known[moved | {cause}]
            for key in keys:
                parts[cause][key] += weight * (after.get(key, ZERO) - numbers.get(key, ZERO))
    return parts
