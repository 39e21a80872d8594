"""On what machine, with what and when numbers were measured, as a sentence for the page that shows them."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np


def told(command: Sequence[str]) -> str:
    """Return the date, the machine, the versions and the command, in Markdown."""
    today = dt.datetime.now(dt.UTC).date()
    return (
        f"Measured on {today.day} {today:%B %Y} on {cores()} cores of {processor()}, {memory()} GB of memory, "
        f"{platform.system()}, Python {platform.python_version()}, numpy {np.__version__}, by `{' '.join(command)}`."
    )


def cores() -> int:
    """Return how many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor() -> str:
    """Return the processor's name and kind."""
    kind = platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return f"{line.split(':', 1)[1].strip()} ({kind})"
    return platform.processor() or kind


def memory() -> int:
    """Return the machine's memory in GB, 0 where the system does not tell."""
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    except (AttributeError, ValueError, OSError):
        return 0
