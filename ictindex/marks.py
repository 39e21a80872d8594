"""The flags of one run: a row's flags exist only once something happened there, and somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ictindex.matrix import Flag, Flags
from ictindex.strategies.base import Mask

_LEFT_OUT: int = Flag.LEFT_OUT.value


class Marks:
    """What happened in each cell of the matrix while it is filled.

    Few ask where something happened: it is kept as a bit a unit, a sixteenth of the memory, until the row's flags are
    asked for. Only who is left out is needed at once, by the heading above.
    """

    def __init__(self, rows: int, size: int) -> None:
        self.size = size
        self._rows: list[Flags | None] = [None] * rows
        self._late: dict[int, list[tuple[int, slice, npt.NDArray[np.uint8]]]] = {}  # flag, block, packed bits
        self._gone: dict[int, Mask] = {}  # who is left out, at the rows where somebody is

    @property
    def flags(self) -> RowFlags:
        """The flags of every row, None where nothing happened."""
        return RowFlags(self)

    def row(self, place: int) -> Flags | None:
        """Return the flags of a row, one for each unit; None where nothing happened."""
        blocks, written = self._late.get(place), self._rows[place]
        if blocks is None:
            return written
        flags = np.zeros(self.size, np.uint16) if written is None else written.copy()
        for flag, where, packed in blocks:
            view = flags[where]
            np.bitwise_or(view, np.unpackbits(packed, count=len(view)) * np.uint16(flag), out=view)
        self._rows[place] = flags  # whole, and before the blocks go: another thread may be asking
        self._late.pop(place, None)
        return flags

    def mark(self, place: int, where: slice, mask: Mask, flag: Flag) -> bool:
        """Put a flag on the units of a block that the mask names; return whether it names any."""
        if not np.count_nonzero(mask):
            return False
        bits = flag.value
        self._late.setdefault(place, []).append((bits, where, np.packbits(mask)))
        if bits & _LEFT_OUT:
            if place not in self._gone:
                self._gone[place] = np.zeros(self.size, np.bool_)
            gone = self._gone[place][where]
            np.logical_or(gone, mask, out=gone)
        return True

    def clear(self, place: int, where: slice, mask: Mask) -> None:
        """Take all flags off the units of a block that the mask names."""
        flags = self.row(place)
        if flags is not None:
            flags[where][mask] = 0
        if place in self._gone:
            self._gone[place][where][mask] = False

    @property
    def leaving(self) -> bool:
        """Whether any unit is left out anywhere."""
        return bool(self._gone)

    def left(self, place: int, where: slice) -> Mask | None:
        """Return the units of a block that are left out at a row; None where nobody is."""
        if place not in self._gone:
            return None
        mask: Mask = self._gone[place][where]
        return mask if np.count_nonzero(mask) else None

    def __len__(self) -> int:
        return len(self._rows)


class RowFlags(Sequence["Flags | None"]):
    """The flags of every row of a run that is over, each made when it is first asked for."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

    def __len__(self) -> int:
        return len(self._marks)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        return self._marks.row(place % len(self))
