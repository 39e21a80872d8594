"""Exact sums of floats and of their squares: whole numbers, so that neither order nor grouping changes a bit.

A float64 is m * 2^e with a whole number m below 2^53. The m of all values with one e are added as whole numbers; for
many values that is done by numpy, on parts of 18 binary digits whose sums stay exact in float64.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ictindex.strategies.base import Array

_FEW = 256
"""So few values are added one by one in Python's whole numbers."""

_PART = 18
_ROOM = 8192
"""So many products of two parts add up exactly in a float64: 8192 · 2 · 2^36 < 2^53."""


def exact_sums(values: Array) -> tuple[Fraction, Fraction]:
    """Return the exact sum of finite floats, and that of their squares."""
    mantissas, exponents = np.frexp(values)
    whole = (mantissas * 2.0**53).astype(np.int64)
    powers = exponents.astype(np.int64) - 53
    if len(values) <= _FEW:
        low = int(powers.min(initial=0))
        shifted = [one << (power - low) for one, power in zip(whole.tolist(), powers.tolist(), strict=True)]
        return _scaled(sum(shifted), low), _scaled(sum(one * one for one in shifted), 2 * low)
    low = int(powers.min())
    total = squares = 0
    for power, (first, second) in _by_power(whole, powers).items():
        total += first << (power - low)
        squares += second << 2 * (power - low)
    return _scaled(total, low), _scaled(squares, 2 * low)


def exact_total(numbers: Array) -> tuple[Fraction, Fraction]:
    """Return the exact sum of fractions or decimals, and that of their squares."""
    whole = [Fraction(one) for one in numbers.tolist()]
    return sum(whole, Fraction(0)), sum((one * one for one in whole), Fraction(0))


def _by_power(whole: Array, powers: Array) -> dict[int, tuple[int, int]]:
    """Return, for each power of two that occurs, the sums of the whole numbers and of their squares."""
    known, places = np.unique(powers, return_inverse=True)
    sums = [[0, 0] for _ in known]
    for start in range(0, len(whole), _ROOM):
        block, at = whole[start : start + _ROOM], places[start : start + _ROOM]
        sizes = np.abs(block)
        parts = [((sizes >> (_PART * n)) & (2**_PART - 1)).astype(np.float64) for n in range(3)]
        signs = np.sign(block).astype(np.float64)
        first = [np.bincount(at, signs * part, len(known)) for part in parts]
        a, b, c = parts
        second = [np.bincount(at, part, len(known)) for part in (a * a, 2 * a * b, 2 * a * c + b * b, 2 * b * c, c * c)]
        for place, pair in enumerate(sums):
            pair[0] += sum(int(part[place]) << (_PART * n) for n, part in enumerate(first))
            pair[1] += sum(int(part[place]) << (_PART * n) for n, part in enumerate(second))
    return {int(power): (one, other) for power, (one, other) in zip(known.tolist(), sums, strict=True)}


def _scaled(whole: int, power: int) -> Fraction:
    return Fraction(whole << power) if power >= 0 else Fraction(whole, 1 << -power)
