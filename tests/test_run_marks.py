"""The flags of a run that is over are the same whoever asks, and whenever another thread asks meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ictindex.marks import Marks
from ictindex.matrix import Flag


class Interrupted(list[Any]):
    """Rows whose every reader and writer is interrupted by another thread, which asks for the same flags."""

    def __init__(self, rows: list[Any], ask: Callable[[], Any]) -> None:
        super().__init__(rows)
        self._ask, self._busy = ask, False

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        self._interrupt()
        return found

    def __setitem__(self, at: Any, one: Any) -> None:
        super().__setitem__(at, one)
        self._interrupt()

    def _interrupt(self) -> None:
        if not self._busy:
            self._busy = True
            self._ask()
            self._busy = False


@pytest.mark.parametrize("cleared", [False, True])
def test_flags_that_two_threads_ask_for_at_once_are_never_seen_half(cleared: bool) -> None:
    marks, mask = Marks(1, 11), np.arange(11) % 3 == 0
    if cleared:  # a row some of whose flags are written out already
        marks.mark(0, slice(0, 11), ~mask, Flag.CUT)
        marks.clear(0, slice(0, 11), ~mask)
    marks.mark(0, slice(0, 11), mask, Flag.MISSING_ZERO)
    marks.mark(0, slice(0, 11), mask, Flag.CUT)
    wanted = np.where(mask, Flag.MISSING_ZERO | Flag.CUT, 0).tolist()
    seen: list[Any] = []

    def ask() -> None:
        flags = marks.row(0)
        seen.append(None if flags is None else flags.tolist())

    marks._rows = Interrupted(marks._rows, ask)
    ask()
    assert len(seen) > 1 and all(one == wanted for one in seen)
