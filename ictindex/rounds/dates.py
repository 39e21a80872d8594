"""When something happened: a day, or a day with its hour, as people type it."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from ictindex.units.dates import read_date

_MOMENT = re.compile(r"(\S+?)(?:[T ]([0-9]{1,2})[:hH]([0-9]{2})(?::([0-9]{2}))?)?")


def read_when(text: str) -> date | datetime | None:
    """Return the day that a text names, or the moment where it has an hour; None where it names none."""
    found = _MOMENT.fullmatch(text)
    day = read_date(found[1]) if found else None
    if found is None or day is None:
        return None
    if found[2] is None:
        return day
    try:
        return datetime.combine(day, time(int(found[2]), int(found[3]), int(found[4] or 0)))
    except ValueError:  # 25:00
        return None


def is_before(one: date | datetime, other: date | datetime) -> bool | None:
    """Whether one moment is before the other; None where that cannot be told, as for a day and an hour of it."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return None if one == other else one < other
    days = [when.date() if isinstance(when, datetime) else when for when in (one, other)]
    return None if days[0] == days[1] else days[0] < days[1]
