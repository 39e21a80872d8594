"""Columns of decimals as whole numbers of last digits, and texts of many units written out at once.

A column is *letters*: arrays with four bytes of UTF-8 for each unit, NULs where the text is shorter than the longest.
Letters of several columns side by side, without their NULs, are the lines of a file; so ten thousand lines cost a few
operations on arrays and not a million on texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final, overload

import numpy as np
import numpy.typing as npt

Letters = npt.NDArray[np.uint32]
"""Four bytes of the text of each unit."""

Rows = slice | npt.NDArray[np.intp]
"""The units whose texts are written, in that order."""

_GROUP = 4
"""So many letters stand in one number, and so many digits are looked up at once."""
_PARTS = 10**_GROUP
_FULL, _FIRST, _UPPER, _TAIL = (table * _PARTS for table in range(4))
"""Where in the table of letters each group of digits stands: with all its zeros; without those before it, 0 as `0`, or
0 as nothing; without those behind it."""

_LARGEST = 10**17
"""Larger whole numbers of last digits are written one by one."""
_KEPT = 1 << 16
"""Letters of no more units are kept: they are written into a file, and hashed."""
_OFTEN = 8
"""Where each text stands so many times, the different ones are coded alone."""
_LONGEST = 400
"""A longer text than this would make those of all others wide."""


class Decimals(Sequence[str | None]):
    """Decimals: `keys` are whole numbers of the last of `places` digits, None where a unit `has` none.

    Where they are `bare`, zeros at their end are left out. As a sequence they are texts, which are made when the first
    is asked for.
    """

    __slots__ = ("_letters", "_texts", "bare", "has", "keys", "places")

    def __init__(
        self, keys: npt.NDArray[np.int64], has: npt.NDArray[np.bool_] | None, places: int, *, bare: bool = False
    ) -> None:
        self.keys: Final = keys
        self.has: Final = has
        self.places: Final = places
        self.bare: Final = bare
        self._texts: list[str | None] | None = None
        self._letters: dict[str, list[Letters]] = {}

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, at: int) -> str | None: ...

    @overload
    def __getitem__(self, at: slice) -> list[str | None]: ...

    def __getitem__(self, at: int | slice) -> str | list[str | None] | None:
        return self.texts[at]

    def __iter__(self) -> Iterator[str | None]:
        return iter(self.texts)

    def __eq__(self, other: object) -> bool:
        return self.texts == [*other] if isinstance(other, Decimals | list | tuple) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # equal to lists, which have none

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (self.keys, self.has, self.places, self.bare)

    @property
    def texts(self) -> list[str | None]:
        """The texts, None where there is none."""
        if self._texts is None:
            told: list[str | None] = [*(self._together() if self.even else map(self._one, self.keys.tolist()))]
            if self.has is not None:
                for at in np.flatnonzero(~self.has).tolist():
                    told[at] = None
            self._texts = told
        return self._texts

    @property
    def canonical(self) -> Decimals:
        """The same decimals without zeros at their end, as they are hashed."""
        return self if self.bare else Decimals(self.keys, self.has, self.places, bare=True)

    @property
    def even(self) -> bool:
        """Whether the numbers are small enough to be written together."""
        return bool(self.keys.min(initial=0) > -_LARGEST and self.keys.max(initial=0) < _LARGEST)

    def letters(self, rows: Rows, point: str = ".") -> list[Letters]:
        """Return the letters of some units, nothing where there is no number, with that sign before the decimals."""
        if len(self) > _KEPT:
            return self._made(rows, point)
        if point not in self._letters:
            self._letters[point] = self._made(slice(None), point)
        return [one[rows] for one in self._letters[point]]

    def _made(self, rows: Rows, point: str) -> list[Letters]:
        keys, has = self.keys[rows], None if self.has is None else self.has[rows]
        made: list[Letters] = []
        if keys.min(initial=0) < 0:
            made.append((keys < 0) * _letter("-"))
            keys = np.abs(keys)
        whole = keys // 10**self.places
        made += _whole(whole)
        if self.places:
            made += self._behind(keys - whole * 10**self.places, point)
        return made if has is None or has.all() else [one * has for one in made]

    def _behind(self, rest: npt.NDArray[np.int64], point: str) -> list[Letters]:
        """Return the letters of the sign before the decimals and of the decimals."""
        beyond = -self.places % _GROUP  # digits of the last group that are none of the number
        rest = rest * 10**beyond
        sign = (rest != 0) * _letter(point) if self.bare else np.full(len(rest), _letter(point))
        parts: list[Letters] = []
        ended: Any = self.bare  # whether only zeros follow
        for last in range(0, self.places, _GROUP):
            rest, part = _apart(rest)
            if ended is True and not part.any():  # nobody has a digit here
                continue
            letters = _table().take(part + ended * _TAIL)
            parts.append(letters if last else letters & _letter("\xff" * (_GROUP - beyond)))
            ended = ended & (part == 0)
        return [sign, *parts[::-1]] if parts else []

    def _together(self) -> Iterator[str]:
        every = slice(None)
        return iter(lines([*self.letters(every), _letter("\n")], len(self)).decode().split("\n")[:-1])

    def _one(self, key: int) -> str:
        whole, rest = divmod(abs(key), 10**self.places)
        text = f"{'-' if key < 0 else ''}{whole}" + (f".{rest:0{self.places}d}" if self.places else "")
        return text.rstrip("0").rstrip(".") if self.bare and self.places else text


def letters_of(texts: Sequence[str]) -> list[Letters] | None:
    """Return the letters of texts; None where one holds a NUL or is so long that all would be wide."""
    width = -(-max(map(len, texts), default=0) // _GROUP) * _GROUP
    if width > _LONGEST or "\0" in "".join(texts):
        return None
    distinct = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    if len(distinct) * _OFTEN < len(texts):  # levels, remarks
        places = np.fromiter(map(distinct.__getitem__, texts), np.intp, len(texts))
        return [one.take(places) for one in _coded([*distinct])]
    return _coded(texts)


def _coded(texts: Sequence[str]) -> list[Letters]:
    coded = np.array([text.encode("utf-8", "surrogatepass") for text in texts], np.bytes_)
    width = -(-coded.dtype.itemsize // _GROUP) * _GROUP
    return [*coded.astype(f"S{width}").view(np.uint32).reshape(len(texts), width // _GROUP).T]


def between(text: str) -> list[np.uint32]:
    """Return the letters of a text that stands in every line, such as the sign between two columns."""
    return [_letter(text[at : at + _GROUP]) for at in range(0, len(text), _GROUP)]


def lines(columns: Sequence[Letters | np.uint32], size: int) -> bytes:
    """Return the texts of columns of letters: those of a unit in a row, unit after unit."""
    page = np.empty((size, len(columns)), np.uint32)
    for place, column in enumerate(columns):
        page[:, place] = column
    return page.tobytes().translate(None, b"\0")


@cache
def _letter(text: str) -> np.uint32:
    return np.uint32(np.frombuffer(text.encode("latin-1").ljust(_GROUP, b"\0"), np.uint32)[0])


def _made(*parts: Any) -> Decimals:
    keys, has, places, bare = parts
    return Decimals(keys, has, places, bare=bare)


def _whole(numbers: npt.NDArray[np.int64]) -> list[Letters]:
    """Return the letters of whole numbers, 0 or more."""
    groups: list[Letters] = []
    most = int(numbers.max(initial=0))
    while not groups or most:
        numbers, part = _apart(numbers)
        groups.append(_table().take(part + (numbers == 0) * (_UPPER if groups else _FIRST)))
        most //= _PARTS
    return groups[::-1]


def _apart(numbers: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return what stands before the last group of digits, and that group. Python's `divmod` takes twice as long."""
    before = numbers // _PARTS
    return before, numbers - before * _PARTS


@cache
def _table() -> Letters:
    numbers = np.arange(_PARTS)
    digits = np.stack([numbers // 1000, numbers // 100 % 10, numbers // 10 % 10, numbers % 10], axis=1)
    full = (digits + ord("0")).astype(np.uint8)
    begun = np.maximum.accumulate(digits > 0, axis=1)
    going_on = np.maximum.accumulate(digits[:, ::-1] > 0, axis=1)[:, ::-1]
    first = full * begun
    first[0, -1] = ord("0")
    return np.concatenate([full, first, full * begun, full * going_on]).view(np.uint32).ravel()
