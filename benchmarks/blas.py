"""One thread of OpenBLAS with kernels of its own choice. To be imported before numpy, which reads this once."""

from __future__ import annotations

import os
import sys

CHOSEN = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Variables that make OpenBLAS use the kernels of another processor, often slower ones."""

LATE = "numpy" in sys.modules

if not LATE:
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    for _name in CHOSEN:
        os.environ.pop(_name, None)


def told() -> str:
    """Return how the matrix products are made."""
    if LATE:
        return "OpenBLAS as the environment had it when numpy was imported"
    return f"one thread of OpenBLAS with its own choice of kernels ({' and '.join(CHOSEN)} not set)"
