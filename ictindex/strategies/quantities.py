"""Sums of inputs times fixed factors: what the two parts of a ratio are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from operator import itemgetter
from typing import Any

import numpy as np

from ictindex.model import Quantity
from ictindex.strategies.base import Arithmetic, Array, common, short_text

_MOST_DECIMALS = 6


def ten(decimals: int | None) -> int | None:
    """Return ten to the power of a number of decimals; None: unknown."""
    return None if decimals is None else 10**decimals


def bind_quantity(quantity: Quantity, maths: Arithmetic) -> Callable[[Sequence[Array], Array, Array], Any]:
    """Return (cells, out, scratch) -> the quantity of each unit; the cells themselves where there is one plain term."""
    factors = [maths.number(factor) for _, factor in quantity.terms]
    constant = maths.number(quantity.constant)
    plain = len(factors) == 1 and factors[0] == 1 and not quantity.constant

    def total(cells: Sequence[Array], out: Array, scratch: Array) -> Any:
        if plain:
            return cells[0]
        out[...] = constant
        for cell, factor in zip(cells, factors, strict=True):
            np.multiply(cell, factor, out=scratch)
            np.add(out, scratch, out=out)
        return out

    return total


def bind_quantity_one(quantity: Quantity, at: Sequence[int]) -> Callable[[Sequence[float]], float]:
    """Return one unit's cells -> its quantity; `at` says where the cell of each term stands among them."""
    constant = float(quantity.constant)
    terms = [(cell, float(factor)) for cell, (_, factor) in zip(at, quantity.terms, strict=True)]
    if len(terms) == 1 and terms[0][1] == 1 and not quantity.constant:
        return itemgetter(at[0])

    def total(cells: Sequence[float]) -> float:
        out = constant
        for cell, factor in terms:
            out += cells[cell] * factor
        return out

    return total


def quantity_grain(quantity: Quantity, decimals: Sequence[int | None]) -> int | None:
    """Return n where the quantity is a multiple of 1/n, given the decimals of each input; None: unknown."""
    powers = [ten(one) for one in decimals]
    return common(
        quantity.constant.denominator,
        *(power and power * factor.denominator for (_, factor), power in zip(quantity.terms, powers, strict=True)),
    )


def quantity_formula(quantity: Quantity, cells: Mapping[str, str]) -> str:
    """Return the sum with its numbers, for a person; in brackets where it has several terms."""
    terms = [cells[code] if factor == 1 else f"{cells[code]} × {short_text(factor)}" for code, factor in quantity.terms]
    if quantity.constant or not terms:
        terms.append(short_text(quantity.constant))
    return terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"


def quantity_of(quantity: Quantity, cells: Mapping[str, str]) -> Fraction:
    """Return the exact sum of cells as they are told."""
    return sum((Fraction(cells[code]) * factor for code, factor in quantity.terms), quantity.constant)


def percent_text(share: Any, *marks: Fraction | None) -> str:
    """Return a share in percent for a person: two decimals, and more where it would look like a mark that it is not."""
    told = ""
    for decimals in range(2, _MOST_DECIMALS + 1):
        told = f"{float(share) * 100:z.{decimals}f}".rstrip("0").rstrip(".")
        if all(Fraction(told) != mark * 100 or share == mark for mark in marks if mark is not None):
            break
    return told
