"""The flags of one run: a row's flags exist only once something happened there."""

from __future__ import annotations

import numpy as np

from ictindex.matrix import Flag, Flags
from ictindex.strategies.base import Mask


class Marks:
    """What happened in each cell of the matrix while it is filled."""

    def __init__(self, rows: int, size: int) -> None:
        self.size = size
        self.flags: list[Flags | None] = [None] * rows
        self._leaving: set[int] = set()  # the rows at which some unit is left out

    def mark(self, place: int, where: slice, mask: Mask, flag: Flag) -> None:
        """Put a flag on the units of a block that the mask names."""
        if not mask.any():
            return
        flags = self.flags[place]
        if flags is None:
            flags = self.flags[place] = np.zeros(self.size, np.uint16)
        view = flags[where]
        np.bitwise_or(view, mask * np.uint16(flag), out=view)
        if flag & Flag.LEFT_OUT:
            self._leaving.add(place)

    def clear(self, place: int, where: slice, mask: Mask) -> None:
        """Take all flags off the units of a block that the mask names."""
        flags = self.flags[place]
        if flags is not None:
            flags[where][mask] = 0

    @property
    def leaving(self) -> bool:
        """Whether any unit is left out anywhere."""
        return bool(self._leaving)

    def left(self, place: int, where: slice) -> Mask | None:
        """Return the units of a block that are left out at a row; None where nobody is."""
        flags = self.flags[place]
        if flags is None or place not in self._leaving:
            return None
        mask: Mask = (flags[where] & Flag.LEFT_OUT) != 0
        return mask if mask.any() else None
