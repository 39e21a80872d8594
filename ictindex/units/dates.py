"""Dates as people type them: `2025-07-01`, or `01/07/2025` with the day first."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")


def read_date(text: str) -> date | None:
    """Return the day that a text names, None where it names none."""
    iso, day_first = _ISO.fullmatch(text.strip()), _DAY_FIRST.fullmatch(text.strip())
    if iso:
        year, month, day = map(int, iso.groups())
    elif day_first:
        day, month, year = map(int, day_first.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:  # 31 February
        return None
