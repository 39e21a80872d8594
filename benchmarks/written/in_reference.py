"""The reference kernels: numpy written plainly for speed, with no scheme in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import reference
from data import Workload

from written import Answer, Peer


def _w1(work: Workload) -> Callable[[], Any]:
    return lambda: reference.w1(work.matrix, work.groups)


def _w2(work: Workload) -> Callable[[], Any]:
    return lambda: reference.w2(work.matrix, work.groups)


PEER = Peer("reference", "numpy", np.__version__, {"W1": _w1, "W2": _w2}, lambda _, made: Answer(*made))
