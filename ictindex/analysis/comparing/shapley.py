"""A change divided among its causes so that their order does not matter, and parts printed so that they add up."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
ZERO = Fraction(0)

NEGLIGIBLE = Fraction(1, 10**40)
"""Decimals of 60 digits leave traces smaller than this; what is smaller is no change."""


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


def apportioned(parts: Sequence[Fraction], whole: int) -> list[int]:
    """Return whole numbers that add up to `whole`, each a part cut or rounded up: the largest remainders go up.

    `whole` is less than 1 away from the sum of the parts, as rounded numbers are. A part of nothing stays 0.
    """
    some = [at for at, part in enumerate(parts) if abs(part) > NEGLIGIBLE]
    numbers = [math.floor(part) if at in some else 0 for at, part in enumerate(parts)]
    left = whole - sum(numbers)
    for at in sorted(some, key=lambda one: (numbers[one] - parts[one], one))[:left]:
        numbers[at] += 1
    return numbers


def half_up(number: Fraction) -> int:
    """Return the nearest whole number, halves upward."""
    return math.floor(number + Fraction(1, 2))
