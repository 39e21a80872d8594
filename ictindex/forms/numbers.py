"""Exact numbers and published scores as formulas of a spreadsheet, which computes in float64.

A float is allowed a little below a threshold or a rounding boundary, as the engine does: 9 / 10 has reached 90 %, and
2.675 is printed 2.68. `NEAR` and `LAST` are far more than a form's formulas can err and far less than figures that a
person types can differ by.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ictindex.cells import number_text
from ictindex.model import Row
from ictindex.publication import key_per_point

NEAR = 1e-14
"""A measured number that lies below a threshold by no more than this share of it has reached the threshold."""

LAST = "1E-9"
"""A score that lies below a rounding boundary by no more than this part of its last digit has reached the boundary."""

NOTHING = "1E-9"
"""Less than this share of a maximum that is left is nothing (`leftout.NOTHING`)."""

_DIGITS = 15  # what a spreadsheet reads of a number in a formula


def number(value: Fraction) -> str:
    """Return a number as a formula has it: decimals, or a quotient where decimals do not end."""
    text = number_text(value)
    if "/" in text:
        digits = max(len(str(abs(value.numerator))), len(str(value.denominator)))
        return f"({text})" if digits <= _DIGITS else repr(float(value)).upper()
    if sum(letter.isdigit() for letter in text) > _DIGITS:
        text = repr(float(value)).upper()
    return f"({text})" if value < 0 else text


def added(terms: Iterable[str]) -> str:
    """Return a sum; 0 where there is nothing to add."""
    return "+".join(terms) or "0"


def product(factor: Fraction, cell: str) -> str:
    """Return a cell times a factor."""
    return cell if factor == 1 else f"{number(factor)}*{cell}"


def lowered(mark: Fraction, *, plain: bool) -> str:
    """Return the number from which a threshold is reached; a `plain` number is the typed one and needs no allowance."""
    return number(mark) if plain or not mark else repr(float(mark) - abs(float(mark)) * NEAR).upper()


def raised(mark: Fraction, *, plain: bool) -> str:
    """Return the number up to which a threshold is not passed."""
    return number(mark) if plain or not mark else repr(float(mark) + abs(float(mark)) * NEAR).upper()


def printed(points: str, row: Row) -> str:
    """Return the published score of a cell of points, on the scale and with the decimals that the row publishes."""
    half = "+0.5" if row.publish.rounding == "half-up" else ""
    key = f"INT({points}*{number(key_per_point(row))}{half}+{LAST})"
    return f"{key}/{10**row.publish.decimals}" if row.publish.decimals else key
