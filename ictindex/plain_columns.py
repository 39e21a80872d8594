"""Columns of plain numbers, read from the bytes of a file at once and not text by text.

A plain number is digits, with a minus sign before them or not, and one point among them or not: at most 15 characters.
Its digits make a whole number that a float64 holds, and so does the power of ten that it is divided by; IEEE 754 rounds
the quotient to the nearest float, which is what `float` makes of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int32]

LONGEST = 15
"""So many characters a plain number has at most."""
_SHORT = 9
"""The digits of so many characters make a whole number of 32 bits."""
_BLOCK = 64
_ZERO, _MINUS, _POINT = b"0-."
_POWERS = 10.0 ** np.arange(LONGEST + 1)


class PlainColumn(Sequence[str]):
    """The cells of a column as texts, which are made when they are asked for, and their `values`, NaN where empty."""

    __slots__ = ("_body", "_ends", "_starts", "pointed", "values")

    def __init__(
        self, body: bytes, starts: Places, ends: Places, values: npt.NDArray[np.float64], pointed: npt.NDArray[np.bool_]
    ) -> None:
        self._body, self._starts, self._ends = body, starts, ends
        self.values = values
        self.pointed = pointed  # which cells have a point

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> list[str]: ...

    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return texts_between(self._body, self._starts[at], self._ends[at])
        return self._body[self._starts[at] : self._ends[at]].decode()

    def __iter__(self) -> Iterator[str]:
        for at in range(0, len(self), _BLOCK):  # whoever looks for the first of something needs no more
            yield from self[at : at + _BLOCK]


def texts_between(body: bytes, starts: Places, ends: Places) -> list[str]:
    """Return the texts that begin and end at these places."""
    return [body[start:end].decode() for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def plain_column(body: bytes, starts: Places, ends: Places) -> PlainColumn | None:
    """Return the column of the cells that begin and end at these places, None where one is neither plain nor empty."""
    letters, sizes = np.frombuffer(body, np.uint8), ends - starts
    longest = int(sizes.max(initial=0))
    if longest > LONGEST:
        return None
    number: npt.NDArray[Any] = np.zeros(len(sizes), np.int32 if longest <= _SHORT else np.int64)
    digits, points, behind = (np.zeros(len(sizes), np.uint8) for _ in range(3))
    minus = (letters.take(starts) == _MINUS) & (sizes > 0)
    for left in range(longest, 0, -1):
        there = sizes >= left
        letter = letters.take(ends - left)
        point = (letter == _POINT) & there
        letter -= np.uint8(_ZERO)
        digit = (letter < 10) & there
        if (there & ~(digit | point | (minus & (sizes == left)))).any():
            return None
        number *= digit * np.int8(9) + np.int8(1)
        number += letter * digit
        behind += points & digit
        digits |= digit
        points += point
    if (points > 1).any() or (digits < (sizes > 0)).any():
        return None
    values = number / _POWERS.take(behind)
    values[minus] *= -1.0
    values[sizes == 0] = np.nan
    return PlainColumn(body, starts, ends, values, points > 0)
